import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import PortabilityScope
import PortabilityText

extension PortabilityEngine {
    /// Who is asked for, and what will be read.
    struct Prepared: Sendable {
        let known: KnownSubject
        let plan: ExportPlan
        /// True if the identifiers lead to nobody, and the officer says that they are right.
        let isNothingHeld: Bool
    }

    /// What else the sources say.
    struct Notes: Sendable {
        var staff: [StaffMember] = []
        var own = OwnValues()
    }

    /// - Parameter settled: whom the request asks for, if that was settled on these sources already.
    func prepare(
        _ request: ExportRequest, _ sources: [OpenSource], confirmsNothingHeld: Bool, known settled: KnownSubject? = nil
    ) async throws -> (Notes, Prepared) {
        var isNothingHeld = false
        let known: KnownSubject
        do {
            if let settled { known = settled } else { known = try await identify(request, sources) }
        } catch let error as PortabilityError where error.code == .notIdentified && confirmsNothingHeld {
            guard request.right == .access || request.right == .portability else { throw error }
            known = try await unknown(request, sources, because: error)
            isNothingHeld = true
        }
        let answers = try await ask(sources, known, forClasses: !isNothingHeld && !configuration.userClasses.isEmpty)
        let userClass = isNothingHeld ? nil : try classify(answers)
        let plan = try makePlan(request, known: known, userClass: userClass, sources: sources)
        return (
            notes(known, answers, request.language), Prepared(known: known, plan: plan, isNothingHeld: isNothingHeld)
        )
    }

    /// That nothing is held can be said only if every source was searched, and no identifier of the request leads to
    /// anybody.
    private func unknown(
        _ request: ExportRequest, _ sources: [OpenSource], because reason: PortabilityError
    ) async throws -> KnownSubject {
        if let error = sources.compactMap(\.error).first { throw error }
        let given = SubjectKeys(request.identifiers)
        for source in sources where source.run.declaration.role == .controller {
            guard let session = source.session, !source.run.declaration.resolves.isEmpty else { continue }
            for identifier in given.all {
                let rows = try await source.run.onThread { try await session.resolve(SubjectKeys([identifier])) }
                if !rows.isEmpty { throw reason }
            }
        }
        return KnownSubject(controller: given, given: given.kinds)
    }

    func lookUp(
        _ kind: LookUp, in source: OpenSource, _ keys: SubjectKeys
    ) async throws -> [[String: String]] {
        guard let session = source.session else { return [] }
        return try await source.run.onThread { try await session.lookUp(kind, keys) }
    }

    /// What a source says of a subject before its records are read.
    private struct Answers: Sendable {
        let source: String
        var classes: [[String: String]] = []
        var staff: [[String: String]] = []
        var own: [[String: String]] = []
    }

    /// Asks every source of the controller, each for everything at once.
    private func ask(
        _ sources: [OpenSource], _ known: KnownSubject, forClasses asksClasses: Bool
    ) async throws -> [Answers] {
        let asksStaff = configuration.staff?.asksSources ?? false
        var answers: [Answers] = []
        for source in sources where source.run.declaration.role == .controller {
            guard let session = source.session else { continue }
            let keys = known.keys(for: source.run.declaration)
            answers.append(
                try await source.run.onThread {
                    var answer = Answers(source: source.run.declaration.id)
                    if asksClasses { answer.classes = try await session.lookUp(.classify, keys) }
                    if asksStaff { answer.staff = try await session.lookUp(.staff, known.controller) }
                    answer.own = try await session.lookUp(.own, keys)
                    return answer
                })
        }
        return answers
    }

    /// The class of users that the subject belongs to. Who is in several is a party only if all of them are.
    private func classify(_ answers: [Answers]) throws -> UserClass? {
        var found: [UserClass] = []
        for answer in answers {
            for row in answer.classes {
                guard let id = row["class"] else { continue }
                guard let userClass = configuration.userClasses.first(where: { $0.id == id }) else {
                    throw PortabilityError(
                        .configuration, "a source tells a class of users that is not declared",
                        remedy: "Declare it under `user_classes`; known: "
                            + configuration.userClasses.map(\.id).joined(separator: ", "),
                        at: .init(source: answer.source, field: "class"))
                }
                found.append(userClass)
            }
        }
        return found.first { !$0.isParty } ?? found.first
    }

    private func notes(_ known: KnownSubject, _ answers: [Answers], _ language: Language) -> Notes {
        var notes = Notes(staff: configuration.staff?.members.map { $0.told(in: language) } ?? [])
        for identifier in known.controller.all {
            for kind in DetectedKind.allCases where identifier.kind.contains(kind.name) {
                notes.own.insert(identifier.value, as: kind)
            }
        }
        for answer in answers {
            notes.staff += answer.staff.compactMap { StaffMember($0)?.told(in: language) }
            for row in answer.own {
                for (column, value) in row {
                    let kind = DetectedKind(name: column.split(separator: "_").joined(separator: "-"))
                    if let kind { notes.own.insert(value, as: kind) }
                }
            }
        }
        return notes
    }

    /// Labels of one archive; without a secret there are none.
    func labels(_ staff: [StaffMember], request: ExportRequest, created: Int64) throws -> Labels {
        guard configuration.secretFile != nil else {
            // Without labels the names of staff would stay where they are not the person's to know.
            guard configuration.staff == nil else {
                throw PortabilityError(
                    .configuration, "there is a list of staff, but no secret from which their labels are made",
                    remedy: "Name a file with at least 32 random bytes: `secret_file:`")
            }
            return Labels()
        }
        let key = try DerivedKey(
            secret: configuration.readSecret(), info: "portability labels 1\n\(request.id)\n\(created)")
        return Labels(staff: staff) { key.authenticate($0) }
    }

    /// Finds out before anything is read whether every rule can be applied.
    func checkScopes(_ plan: ExportPlan, _ scope: ScopeContext) throws {
        for dataset in plan.datasets where dataset.decision == .read {
            guard let layout = layouts[dataset.dataset.entity] else { continue }
            _ = try RecordScope(
                layout: layout, dataset: dataset.dataset, context: scope, duplicates: dataset.duplicates)
        }
    }

    func identify(_ request: ExportRequest, _ sources: [OpenSource]) async throws -> KnownSubject {
        // Without a register that can be asked nobody knows who is meant, so its failure is not a partial result.
        if let failed = sources.first(where: { $0.error != nil && !$0.run.declaration.resolves.isEmpty }),
            let error = failed.error
        {
            throw error
        }
        let sessions = sources.compactMap { source in
            source.session.map { (run: source.run, session: ThreadBound(run: source.run, session: $0)) }
        }
        let accounts = configuration.sources.compactMap(\.tenantKind)
        let accountKinds = configuration.identifiers.map(\.name).filter(accounts.contains)
        return try await Identification(
            kinds: configuration.identifiers, right: request.right, accountKinds: accountKinds
        ).run(
            given: request.identifiers,
            sources: sessions.map { (declaration: $0.run.declaration, session: $0.session) })
    }

    /// A session whose look-ups run on the source's thread.
    private struct ThreadBound: ExtractionSession {
        let run: SourceRun
        let session: any ExtractionSession

        func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys] {
            try await run.onThread { try await session.resolve(known) }
        }
        func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
            try await session.extract(request, into: sink)
        }
        func close() async {}
    }

    /// Whether a source may have to be read for a subject: whatever else is found out, not without this.
    func mayRead(_ source: SourceDeclaration, for request: ExportRequest, _ known: KnownSubject) -> Bool {
        // Who is taken for a party is told the most.
        let scope = ScopeRules(
            right: request.right, include: request.include, exclude: request.exclude,
            purposes: configuration.purposes,
            portableLegitimateInterest: configuration.portableLegitimateInterest, isParty: true)
        let keys = known.keys(for: source)
        return source.datasets.contains { dataset in
            scope.ground(for: dataset) == nil && dataset.subjectKinds.contains { !keys[$0].isEmpty }
        }
    }

    private func makePlan(
        _ request: ExportRequest, known: KnownSubject, userClass: UserClass?, sources: [OpenSource]
    ) throws -> ExportPlan {
        // Whoever belongs to no declared class is not taken for a party.
        let isParty = configuration.userClasses.isEmpty || userClass?.isParty ?? false
        let scope = ScopeRules(
            right: request.right, include: request.include, exclude: request.exclude,
            purposes: configuration.purposes,
            portableLegitimateInterest: configuration.portableLegitimateInterest, isParty: isParty)
        let scansText = configuration.freeText.scans(request.right)
        var datasets: [ExportPlan.Dataset] = []
        var showsOwnCode = false
        for source in sources {
            let keys = known.keys(for: source.run.declaration)
            for dataset in source.run.declaration.datasets {
                guard let layout = layouts[dataset.entity] else { continue }
                let decision: ExportPlan.Decision
                if let ground = scope.ground(for: dataset) {
                    decision = .withheld(ground)
                } else if dataset.subjectKinds.allSatisfy({ keys[$0].isEmpty }) {
                    decision = .notRead(.noIdentifier)
                } else if let kind = dataset.tenantKind, keys[kind].isEmpty {
                    decision = .notRead(.noIdentifier)
                } else {
                    decision = .read
                }
                // The subject's own identity code stands verbatim in one dataset (Data Protection Act §29).
                let codes = dataset.role == .controller ? ownIdentityCodes[dataset.entity] ?? [] : []
                let duplicates: Set<String> = showsOwnCode ? codes : []
                if decision == .read, !codes.isEmpty { showsOwnCode = true }
                let fields = try decisions.decisions(
                    layout: layout, dataset: dataset, right: request.right, scansText: scansText,
                    duplicates: duplicates)
                datasets.append(
                    ExportPlan.Dataset(
                        source: source.run.declaration.id, dataset: dataset,
                        label: dataset.label ?? layout.entity.label, meaning: layout.entity.meaning,
                        decision: decision, rules: fields.rules, recordRules: fields.recordRules,
                        scansText: fields.scans, duplicates: duplicates, estimate: nil))
            }
        }
        return ExportPlan(
            request: request.id, right: request.right,
            identifiers: known.controller.kinds.map { kind in
                ExportPlan.KnownIdentifier(
                    kind: kind, values: known.controller[kind].count, isGiven: known.given.contains(kind))
            }, shared: known.shared, datasets: datasets,
            withoutPersonalData: sources.compactMap { source in
                source.run.declaration.noPersonalData.map { (source.run.declaration.id, $0) }
            }, userClass: userClass, isParty: isParty,
            freeText: scansText
                ? DetectedKind.allCases.map { ($0.name, configuration.freeText[request.right, $0]) } : [])
    }
}

extension EntityLayout {
    /// Paths of the fields that hold the subject's own national identification number.
    var ownIdentityCodes: Set<String> {
        Set(
            groups.flatMap { group in
                group.fields.filter { $0.definition.sensitivity == .nationalID && !$0.definition.thirdParty }
                    .map { (group.path + [$0.name]).joined(separator: ".") }
            })
    }
}
