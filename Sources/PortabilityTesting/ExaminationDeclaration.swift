import PortabilityModel

/// What is said before anything is read: fixture, declaration, identification, estimates, coverage.
extension Examination {
    mutating func checkFaultsAreTold() {
        for fault in ExtractorConformance.Fault.allCases where wants(fault.point) {
            guard let source = fixture.faults[fault] else {
                fail(fault.point, "the fixture has no such source; if it cannot happen, say `.notApplicable` and why")
                continue
            }
            if case .notApplicable(let reason) = source.means {
                if reason.allSatisfy(\.isWhitespace) {
                    fail(fault.point, "is said not to apply, without a reason")
                } else {
                    note("\(fault.rawValue) does not apply: \(reason)")
                }
            }
        }
    }

    mutating func checkFixture() {
        for id in ids {
            let count = baseline[id]?.count ?? 0
            if let expected = fixture.counts[id] {
                if expected != count {
                    fail(.fixture, "the subject has \(count) records where the fixture says \(expected)", dataset: id)
                }
            } else if count == 0 {
                fail(.fixture, "the subject has no records; if that is so, say `counts: [\"\(id)\": 0]`", dataset: id)
            }
        }
        for id in fixture.counts.keys.sorted() where !ids.contains(id) {
            fail(.fixture, "the fixture counts records of a dataset that is not declared", dataset: id)
        }
        if largest.count < 2 { fail(.fixture, "no dataset has two records, so that no order and no batches show") }
        if let expected = fixture.documents, expected != baselineOffers.count {
            fail(.fixture, "there are \(baselineOffers.count) documents where the fixture says \(expected)")
        }
    }

    mutating func checkDeclaration() {
        let again = extractor.declaration
        if String(describing: again) != String(describing: declaration) {
            fail(.declaration, "two reads of the declaration differ")
        }
        if declaration.id.isEmpty || declaration.kind.isEmpty { fail(.declaration, "the source has no id or no kind") }
        if let reason = declaration.noPersonalData {
            if [reason.fi, reason.sv, reason.en].contains(where: { $0.allSatisfy(\.isWhitespace) }) {
                fail(.declaration, "is said to hold no personal data, without a reason in every language")
            }
            if !declaration.datasets.isEmpty {
                fail(.declaration, "is said to hold no personal data, and has datasets")
            }
        } else if declaration.datasets.isEmpty, declaration.resolves.isEmpty {
            fail(
                .declaration, "has no datasets, looks no identifiers up, and does not say why it holds no personal data"
            )
        }
        if Set(ids).count != ids.count { fail(.declaration, "two datasets have the same id") }
        for dataset in declaration.datasets { check(dataset) }
    }

    private mutating func check(_ dataset: DatasetDeclaration) {
        let isName =
            !dataset.id.isEmpty
            && dataset.id.utf8.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
            }
        if !isName { fail(.declaration, "the id is not made of a-z, 0-9 and -", dataset: dataset.id) }
        guard let entity = fixture.catalogue.entity(named: dataset.entity) else {
            return fail(
                .declaration, "the catalogue has no entity `\(dataset.entity)`", dataset: dataset.id)
        }
        if dataset.purposes.isEmpty { fail(.declaration, "the dataset has no purpose", dataset: dataset.id) }
        if dataset.subjectKinds.isEmpty || Set(dataset.subjectKinds).count != dataset.subjectKinds.count {
            fail(.declaration, "the kinds of subject are none, or one comes twice", dataset: dataset.id)
        }
        if dataset.role == .processor, dataset.tenantKind == nil {
            fail(.declaration, "data that are processed for others have no kind of tenant", dataset: dataset.id)
        }
        if dataset.role != declaration.role {
            fail(.declaration, "the dataset's role is not the source's", dataset: dataset.id)
        }
        if (dataset.origin.kind == .provided) != (dataset.origin.by != nil) {
            fail(.declaration, "who provided the data is told exactly if they were provided", dataset: dataset.id)
        }
        if let date = dataset.recordDate, !entity.fields.contains(where: { $0.name == date }) {
            fail(.declaration, "the field that dates a record is no field of the entity", dataset: dataset.id)
        }
    }

    /// What `resolve` answers, for sources that say they can.
    mutating func checkIdentification() async {
        guard wants(.declaration) || wants(.silence), !declaration.resolves.isEmpty else { return }
        let (subject, unknown) = (fixture.subject, fixture.unknown)
        let answers = Answers<[[SubjectKeys]]>()
        var plan = plan()
        plan.passes = []
        plan.work = { session in answers.set([try await session.resolve(subject), try await session.resolve(unknown)]) }
        let run = await run("looking identifiers up", plan)
        guard let found = answers.value, run.error == nil else {
            return fail(.declaration, "identifiers cannot be looked up: a session \(run.outcome)")
        }
        let known = Set(declaration.resolves + declaration.adds)
        for kind in Set(found.joined().flatMap(\.kinds)).subtracting(known).sorted() {
            fail(.declaration, "`resolve` answers the kind `\(kind)`, which is not declared")
        }
        if found[1].contains(where: { !$0.isEmpty }) {
            fail(.declaration, "`resolve` finds somebody for the unknown subject")
        }
    }

    mutating func checkEstimates() async {
        guard wants(.estimates) else { return }
        for (name, subject) in [("the subject", fixture.subject), ("the unknown subject", fixture.unknown)] {
            let answers = Answers<[Int64?]>()
            let ids = ids
            var plan = plan(subject)
            plan.work = { session in
                var estimates: [Int64?] = []
                for id in ids { estimates.append(try await session.estimate(id, for: subject)) }
                answers.set(estimates)
            }
            let run = await run("estimates", plan)
            guard let estimates = answers.value, run.error == nil else {
                fail(.estimates, "for \(name), a session that is asked for estimates \(run.outcome)")
                continue
            }
            for (id, estimate) in zip(ids, estimates) where estimate ?? 0 < 0 {
                fail(.estimates, "the estimate for \(name) is negative", dataset: id)
            }
        }
    }

    mutating func checkCoverage() async {
        guard wants(.coverage) || wants(.silence) else { return }
        var isTold = false
        for depth in [CoverageDepth.schema, .data] {
            let answers = Answers<([Finding], [CoverageItem]?)>()
            var plan = plan()
            plan.passes = []
            plan.work = { session in answers.set((try await session.check(), try await session.coverage(depth))) }
            let run = await run("the check and the coverage", plan)
            guard let (findings, items) = answers.value, run.error == nil else {
                fail(.coverage, "the sound source cannot be checked: a session \(run.outcome)")
                continue
            }
            for finding in findings { utterances.append(("the check", "\(finding.message) \(finding.place)")) }
            if findings.contains(where: \.losesRecords) {
                fail(.coverage, "the check of the sound source finds that records are lost")
            }
            guard let items else { continue }
            isTold = true
            check(items)
        }
        if !isTold { note("the source does not tell its coverage") }
    }

    private mutating func check(_ items: [CoverageItem]) {
        var seen: Set<String> = []
        var last: String?
        for item in items {
            utterances.append(("the coverage", "\(item.container) \(item.name ?? "") \(item.type ?? "")"))
            if item.container != last, !seen.insert(item.container).inserted {
                fail(.coverage, "the items of `\(item.container)` do not come in one piece")
            }
            last = item.container
            if case .exported(let id, _) = item.use, !ids.contains(id) {
                fail(.coverage, "an item is exported by a dataset that is not declared", dataset: id)
            }
            if let id = item.candidate, !ids.contains(id) {
                fail(.coverage, "the dataset that an item could be added to is not declared", dataset: id)
            }
        }
    }
}
