import PortabilityModel
import PortabilityText

/// What records are, in which order, and how they are counted.
extension Examination {
    mutating func checkEmission(_ pass: Run.Pass) {
        if pass.kept.batches.contains(where: { !ids.indices.contains($0.dataset) }) {
            fail(.emission, "a batch is of a dataset that was not asked for")
        }
        for dataset in declaration.datasets {
            for record in baseline[dataset.id] ?? [] {
                texts.formUnion(record.texts)
                for fault in record.faults { fail(.emission, fault, dataset: dataset.id) }
                if !dataset.subjectKinds.indices.contains(record.subjectKind) {
                    fail(.emission, "a record is of a kind of subject that is not declared", dataset: dataset.id)
                }
                if record.recordClass >= max(1, dataset.classes?.names.count ?? 0) {
                    fail(.emission, "a record is of a class that is not declared", dataset: dataset.id)
                }
            }
        }
    }

    mutating func checkOrder() {
        for dataset in declaration.datasets {
            let records = baseline[dataset.id] ?? []
            if Set(records.map(\.id)).count != records.count {
                fail(.order, "two records have the same id", dataset: dataset.id)
            }
            if records.contains(where: { $0.id.isEmpty || String(validating: $0.id, as: UTF8.self) == nil }) {
                fail(.order, "a record has no id, or one that is not valid UTF-8", dataset: dataset.id)
            }
            for record in records where record.idKind == .integer {
                var canonical: [UInt8] = []
                if !Canonical.integer(record.id.span, into: &canonical) || canonical != record.id {
                    fail(.order, "an id that is a number is not spelled as one", dataset: dataset.id)
                }
            }
            for (record, next) in zip(records, records.dropFirst()) {
                switch dataset.order {
                case .recordID:
                    if precedes((record.id, record.idKind), (next.id, next.idKind)) { continue }
                    fail(
                        .order, "records are not strictly ascending by id, integers as numbers and text as bytes",
                        dataset: dataset.id)
                case .position:
                    if (record.file, record.position) < (next.file, next.position) { continue }
                    fail(.order, "records are not strictly ascending by file and position", dataset: dataset.id)
                }
            }
        }
    }

    /// Each dataset alone, in one session and in the other order.
    mutating func checkSelections() async {
        guard wants(.emission) || wants(.trueCount) else { return }
        var alone = plan()
        alone.passes = ids.map { [$0] }
        let separate = await run("each dataset alone", alone)
        judge(separate, "one after another in one session")
        if ids.count > 1 {
            var reversed = plan()
            reversed.passes = [ids.reversed()]
            judge(await run("the datasets in reverse", reversed), "all in reverse order")
        }
        var undeclared = plan()
        undeclared.passes = [["no-such-dataset-is-declared"]]
        let none = await run("a dataset that is not declared", undeclared)
        if !(none.error is PortabilityError) {
            fail(.emission, "asked for a dataset that is not declared, a session \(none.outcome)")
        }
    }

    private mutating func judge(_ run: Run, _ manner: String) {
        if !run.isComplete || run.isLate {
            fail(.emission, "asked for the datasets \(manner), a session \(run.outcome)")
        } else if let id = firstDifference(run) {
            fail(.emission, "asked for the datasets \(manner), a session gives other records", dataset: id)
        }
    }

    mutating func checkCounts() {
        for (name, pass) in ended {
            guard let end = pass.end else { continue }
            var pushed = [Int64](repeating: 0, count: pass.datasets.count)
            for batch in pass.kept.batches where pushed.indices.contains(batch.dataset) {
                pushed[batch.dataset] += Int64(batch.records.count)
            }
            if end.records.count != pushed.count {
                fail(.trueCount, "in \(name), \(pushed.count) datasets were asked for and \(end.records.count) counted")
            }
            for (index, id) in pass.datasets.enumerated()
            where end.records.indices.contains(index) && end.records[index] != pushed[index] {
                fail(
                    .trueCount, "in \(name), \(pushed[index]) records were pushed and \(end.records[index]) stated",
                    dataset: id)
            }
            if let asOf = end.asOf {
                var canonical: [UInt8] = []
                let text = Array(asOf.utf8)
                if !Canonical.timestamp(text.span, into: &canonical) || canonical != text || text.last != 0x5a {
                    fail(.trueCount, "the time of the state that was read is no RFC 3339 time in UTC")
                }
            }
            if end.filesRead < 0 || end.bytesRead < 0 { fail(.trueCount, "a count of files or bytes is negative") }
        }
    }

    mutating func checkBatchLimits() async {
        guard wants(.batchLimits) else { return }
        let rows = largest.count
        let bytes = records(of: largest.id)
        var limits = [0, 1, rows - 1, rows, rows + 1].map { BatchLimits(rows: $0) }
        limits += [0, 1, bytes - 1, bytes, bytes + 1].map { BatchLimits(bytes: $0) }
        for limits in limits {
            let name =
                limits.rows == BatchLimits().rows
                ? "batches of \(limits.bytes) bytes" : "batches of \(limits.rows) records"
            var plan = plan()
            plan.limits = limits
            let run = await run(name, plan)
            guard run.isComplete, !run.isLate, let pass = run.passes.first else {
                fail(.batchLimits, "with \(name), a session \(run.outcome)")
                continue
            }
            if let id = firstDifference(run) {
                fail(.batchLimits, "with \(name), the records are others", dataset: id)
            }
            for batch in pass.kept.batches {
                let id = ids.indices.contains(batch.dataset) ? ids[batch.dataset] : nil
                if batch.records.isEmpty { fail(.batchLimits, "with \(name), a batch is empty", dataset: id) }
                let isAbove =
                    batch.records.count > max(1, limits.rows) || batch.bytesBeforeLast >= max(1, limits.bytes)
                if isAbove { fail(.batchLimits, "with \(name), a batch is above its limits", dataset: id) }
            }
        }
        await checkRecordLimit()
    }

    /// No record fits into one byte: every one has an id and a subject.
    private mutating func checkRecordLimit() async {
        var plan = plan()
        plan.limits = BatchLimits(recordBytes: 1)
        let run = await run("a limit of one byte a record", plan)
        let count = run.passes.reduce(0) { $0 + $1.kept.records }
        let all = baseline.values.reduce(0) { $0 + $1.count }
        if run.isLate || run.isComplete && count < all {
            fail(.batchLimits, "with records above the limit of one record, a session \(run.outcome)")
        }
    }

    /// The bytes of a dataset's records.
    private func records(of id: String) -> Int {
        (baseline[id] ?? []).reduce(0) { $0 + $1.id.count + $1.subject.count + $1.tenant.count + $1.content.count }
    }

    mutating func checkDocuments(isRepeatable: Bool) async {
        guard wants(.documents) else { return }
        if baselineOffers.isEmpty { note("no document was given, so that none was judged") }
        for (index, id) in ids.enumerated() { checkReferences(index, id) }
        for offer in baselineOffers {
            let id = ids.indices.contains(offer.dataset) ? ids[offer.dataset] : nil
            if id == nil { fail(.documents, "a document is of a dataset that was not asked for") }
            if let name = offer.originalName, name.isEmpty || name.contains("/") || name.contains("\\") {
                fail(.documents, "a document's original name is empty or a path", dataset: id)
            }
            if let type = offer.mediaType, type.split(separator: "/", omittingEmptySubsequences: false).count != 2 {
                fail(.documents, "a document's media type has not the form `type/subtype`", dataset: id)
            }
            if offer.bytes.isEmpty { fail(.documents, "a document has no bytes", dataset: id) }
        }
        var refused = plan()
        refused.givesDocuments = false
        compareWithoutDocuments(
            await run("a sink that takes no documents", refused), "that the sink does not take", isRepeatable)
        var unwanted = plan()
        unwanted.wantsDocuments = false
        let run = await run("a request without documents", unwanted)
        compareWithoutDocuments(run, "that nobody wants", isRepeatable)
        if run.passes.contains(where: { !$0.kept.offers.isEmpty }) {
            fail(.documents, "documents are given although the request wants none")
        }
    }

    private mutating func checkReferences(_ index: Int, _ id: String) {
        let offers = baselineOffers.filter { $0.dataset == index }
        let records = baseline[id] ?? []
        var given: [String: String] = [:]
        for offer in offers { given[offer.path ?? ""] = offer.recordID }
        var referred: Set<String> = []
        for record in records {
            for path in record.references.map({ String(decoding: $0, as: UTF8.self) }) {
                guard let owner = given[path] else {
                    fail(.documents, "a record refers to a path that the sink did not answer", dataset: id)
                    continue
                }
                if !owner.utf8.elementsEqual(record.id) {
                    fail(.documents, "a record refers to a document that was given for another", dataset: id)
                }
                referred.insert(path)
            }
        }
        if referred.count < offers.count {
            fail(.documents, "a document was given to which no record refers", dataset: id)
        }
    }

    private mutating func compareWithoutDocuments(_ run: Run, _ manner: String, _ isRepeatable: Bool) {
        guard run.isComplete, let pass = run.passes.first else {
            return fail(.documents, "with documents \(manner), a session \(run.outcome)")
        }
        for (id, records) in records(of: pass) {
            if records.contains(where: { !$0.references.isEmpty }) {
                fail(.documents, "a record refers to a document \(manner)", dataset: id)
            }
            if isRepeatable, records.map(\.id) != (baseline[id] ?? []).map(\.id) {
                fail(.documents, "with documents \(manner), there are other records", dataset: id)
            }
        }
    }
}

extension RecordBatch {
    /// Bytes that stood in the batch when its last record was begun.
    fileprivate var bytesBeforeLast: Int {
        guard let last = records.last else { return 0 }
        return
            ([last.id, last.subject].map(\.range) + tokens[last.tokens].filter { $0.kind.value != nil }.map(\.range))
            .map(\.lowerBound).min() ?? 0
    }
}
