import Glibc
public import Logging
import PortabilityArchive
import PortabilityCalendar
import PortabilityCrypto
import PortabilityEnvelope
import PortabilityEvidence
import PortabilityFormats
public import PortabilityModel
import PortabilityReport
import PortabilityScope
import PortabilityText

/// Settings of an engine that have nothing to do with the organisation.
public struct EngineOptions: Sendable {
    /// How entries are packed.
    public enum Compression: String, Sendable, CaseIterable {
        /// ISA-L: fast, the same bytes on one processor family.
        case fast
        /// zlib level 6: the same bytes everywhere.
        case zlib
    }
    public var compression: Compression = .fast
    /// Threads that encode and threads that pack, each; 0 packs on the encoding threads.
    public var workers: Int
    /// Seconds since 1970-01-01 UTC.
    public var now: @Sendable () -> Int64
    /// Below `info` only; never personal data.
    public var logger: Logger
    /// Names this build in manifests.
    public var toolVersion: String = PortabilityEngine.version
    /// Injects faults of disk and file system in tests.
    var system: OutputSystem = .live

    public init(
        workers: Int = activeProcessors(),
        logger: Logger = Logger(label: "portability") { _ in SwiftLogNoOpLogHandler() },
        now: @escaping @Sendable () -> Int64 = { systemTime() }
    ) {
        self.workers = workers
        self.logger = logger
        self.now = now
    }
}

/// The system's clock, seconds since 1970-01-01 UTC.
public func systemTime() -> Int64 { Int64(time(nil)) }

/// The number of processors this process may use.
public func activeProcessors() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

/// Gathers a subject's records from all sources and writes them into one archive.
///
/// One engine serves any number of concurrent exports; it holds no state but its threads. Every call can be cancelled:
/// spools, connections and the temporary file are then gone.
///
/// ```swift
/// let engine = PortabilityEngine(configuration: try .load(path: "portability.yaml"))
/// let result = try await engine.export(try .load(path: "request.yaml"), to: "R-1.zip")
/// ```
public final class PortabilityEngine: Sendable {
    /// The version of this program.
    public static let version = "1.0.0"

    public let configuration: Configuration
    public let options: EngineOptions
    let catalogue: Catalogue
    /// The catalogue's layouts by entity.
    let layouts: [String: EntityLayout]
    let pool: CompressionPool
    let encoders: BlockingExecutor

    /// Makes an engine. Opens nothing but its threads.
    public init(
        configuration: Configuration, catalogue: Catalogue = .standard, options: EngineOptions = EngineOptions()
    ) {
        self.configuration = configuration
        self.catalogue = catalogue
        layouts = Dictionary(uniqueKeysWithValues: catalogue.entities.map { ($0.name, EntityLayout($0)) })
        self.options = options
        pool = CompressionPool(workers: options.workers)
        encoders = BlockingExecutor(threads: max(1, options.workers))
    }

    deinit { pool.shutdown() }

    var compression: Compression {
        switch options.compression {
        case .fast: .fast
        case .zlib: .zlib(level: 6)
        }
    }

    /// What an export would read and leave out, without reading a record.
    ///
    /// - Throws: as ``export(_:to:replace:created:events:)``, except for the output.
    public func plan(_ request: ExportRequest) async throws -> ExportPlan {
        try request.validate(identifiers: configuration.identifiers)
        return try await withOpenSources { sources in
            let (notes, prepared) = try await prepare(request, sources, confirmsNothingHeld: false)
            var plan = prepared.plan
            // What would stop the export is told now.
            let scope = ScopeContext(
                right: request.right, freeText: configuration.freeText,
                labels: try labels(notes.staff, request: request, created: 0), digest: SHA256Digest.factory)
            try checkScopes(plan, scope)
            let known = prepared.known
            for index in plan.datasets.indices where plan.datasets[index].decision == .read {
                let planned = plan.datasets[index]
                guard let source = sources.first(where: { $0.run.declaration.id == planned.source }),
                    let session = source.session
                else { continue }
                let keys = known.keys(for: source.run.declaration)
                plan.datasets[index].estimate = try await source.run.onThread {
                    try await session.estimate(planned.dataset.id, for: keys)
                }
            }
            return plan
        }
    }

    /// The controllers for whom data on the person may be processed, so that a notice can be sent to each (GDPR Article
    /// 28(3)(e)). Internal: the person is never told their names by us.
    ///
    /// - Throws: as ``plan(_:)``; identifiers that lead to nobody in a register are looked up as they are.
    public func route(_ request: ExportRequest) async throws -> [RouteEntry] {
        try request.validate(identifiers: configuration.identifiers)
        return try await withOpenSources { sources in
            let known: KnownSubject
            do {
                known = try await identify(request, sources)
            } catch let error as PortabilityError where error.code == .notIdentified {
                known = KnownSubject(
                    controller: SubjectKeys(request.identifiers), given: SubjectKeys(request.identifiers).kinds)
            }
            var entries: [RouteEntry] = []
            for source in sources where source.run.declaration.role == .processor {
                if let error = source.error { throw error }
                for row in try await lookUp(.route, in: source, known.keys(for: source.run.declaration)) {
                    guard let tenant = row["tenant"] else { continue }
                    entries.append(
                        RouteEntry(
                            source: source.run.declaration.id, tenant: tenant, name: row["name"],
                            contact: row["contact"]))
                }
            }
            return entries.sorted { ($0.source, $0.tenant) < ($1.source, $1.tenant) }
        }
    }

    /// Opens every source and checks that its datasets can be read.
    ///
    /// - Throws: `cancelled` only; what a source says is in the result.
    public func checkSources() async throws -> [SourceCheck] {
        try await withOpenSources { sources in
            var checks: [SourceCheck] = []
            for source in sources {
                var check = SourceCheck(id: source.run.declaration.id, kind: source.run.declaration.kind)
                do {
                    if let error = source.error { throw error }
                    guard let session = source.session else { continue }
                    check.findings = try await source.run.onThread { try await session.check() }
                } catch {
                    let error = asPortabilityError(error)
                    if error.code == .cancelled { throw error }
                    check.error = error
                }
                checks.append(check)
            }
            return checks
        }
    }

    /// Exports.
    ///
    /// - Parameters:
    ///   - request: who is asked for, under which right, in which formats.
    ///   - path: the archive's final name. Until everything is written and synced there is no file of that name.
    ///   - options: how it is to be made.
    ///   - events: receives what happens.
    /// - Returns: what was done; look at ``ExportResult/status``.
    /// - Throws: `PortabilityError`: `identityNotChecked`, `notIdentified`, `ambiguous`, `refused`, `reviewNeeded`,
    ///   `configuration`, `scopeViolation`, `ledger`, `output`, `cancelled`. A source that fails does not throw: the
    ///   result is partial.
    public func export(
        _ request: ExportRequest, to path: String, options: ExportOptions = ExportOptions(),
        events: ExportEvents? = nil
    ) async throws -> ExportResult {
        defer { events?.end() }
        do {
            return try await run(request, to: path, export: options, events: events)
        } catch {
            let error = asPortabilityError(error)
            self.options.logger.notice(
                "export ended without an archive",
                metadata: ["request": "\(request.id)", "code": "\(error.code)"])
            throw error
        }
    }

    private func run(
        _ request: ExportRequest, to path: String, export: ExportOptions, events: ExportEvents?
    ) async throws -> ExportResult {
        try request.validate(identifiers: configuration.identifiers)
        let signer = try configuration.signer(export.signingKey)
        if export.replace { try refuseToReplaceOther(path) }
        let volumes = try volumeOutput(export, path)
        let earlier = export.replace ? try export.receiptPath.flatMap(earlierReceipt) : nil
        OutputFile.sweep(folder: OutputFile.folder(of: path), system: options.system)
        let output = try OutputFile(
            path: path, replace: export.replace, digest: SHA256Digest.factory, system: options.system)
        let receiptOutput = try export.receiptPath.map {
            try OutputFile(path: $0, replace: export.replace, system: options.system)
        }
        let created = export.created ?? options.now()
        if export.created == nil { try request.checkDates(now: created) }
        let evidence = try EvidenceMaker(
            engine: self, request: request, created: created, review: export.review, signingKey: signer?.fingerprint)
        try evidence.check()
        let book = try reviewBook(export.review, for: request)
        let folder = OutputFile.folder(of: path)
        let progress = ProgressCounter(events: events)
        let (gathered, surroundings) = try await withOpenSources { sources in
            let (notes, prepared) = try await prepare(
                request, sources, confirmsNothingHeld: export.confirmsNothingHeld)
            events?.send(
                .identified(
                    kinds: Dictionary(
                        uniqueKeysWithValues: prepared.known.controller.kinds.map {
                            ($0, prepared.known.controller[$0].count)
                        })))
            var scope = ScopeContext(
                right: request.right, freeText: configuration.freeText,
                labels: try labels(notes.staff, request: request, created: created), own: notes.own, review: book,
                digest: SHA256Digest.factory)
            scope.period = (request.period?.from, request.period?.to)
            try checkScopes(prepared.plan, scope)
            let drift = try await drift(sources, prepared.plan)
            let surroundings = DatasetWriter.Surroundings(
                formats: Format.allCases.filter { request.formats.contains($0) }, compression: compression,
                pool: pool, spools: SpoolFactory(folder: folder, system: options.system),
                dialect: request.effectiveDialect == .excel ? .excel(request.language) : .service, scope: scope,
                printsAll: export.printsAll, mayBeCut: volumes != nil)
            let gathered = Gathered(
                plan: prepared.plan, known: prepared.known, openErrors: sources.map(\.error),
                outcomes: try await gather(
                    prepared.plan, received: request.received, known: prepared.known, sources: sources,
                    surroundings: surroundings, progress: progress, events: events),
                isNothingHeld: prepared.isNothingHeld, drift: drift)
            return (gathered, surroundings)
        }
        defer { gathered.discard() }
        try Task.checkPortabilityCancellation()
        if gathered.isNothingHeld { try gathered.checkNothingHeld(configuration.sources) }
        try stopForReview(book, request: request, export: export)
        events?.send(.packing)
        var packager = Packager(
            engine: self, request: request, gathered: gathered, created: created, surroundings: surroundings,
            evidence: evidence, deadline: evidence.deadline)
        packager.signer = signer
        packager.protection.signer = export.signingKey?.signer
        if let encryption = export.encryption { packager.encrypt(encryption) }
        let result = try await withTaskExecutorPreference(encoders) {
            let (result, outputs) = try packager.pack(into: output, volumes: volumes)
            try evidence.settle(result.receipt, archives: outputs, receipt: receiptOutput, earlier: earlier)
            return result
        }
        events?.send(
            .finished(status: result.status.rawValue, records: result.records, bytes: result.bytes))
        options.logger.info(
            "export finished",
            metadata: [
                "request": "\(request.id)", "status": "\(result.status.rawValue)", "records": "\(result.records)",
                "bytes": "\(result.bytes)",
            ])
        return result
    }

    // MARK: review

    private func reviewBook(_ file: ReviewFile?, for request: ExportRequest) throws -> ReviewBook {
        guard let file else { return ReviewBook() }
        guard file.request == request.id, file.right == request.right else {
            throw PortabilityError(
                .refused, "the review is of another request",
                remedy: "Decisions hold for the request that they were made for; review this one")
        }
        return ReviewBook(file.items)
    }

    /// No archive is made while somebody has to look at something.
    private func stopForReview(_ book: ReviewBook, request: ExportRequest, export: ExportOptions) throws {
        let pending = book.pending
        guard !pending.isEmpty else { return }
        let count = Int64(pending.count) + book.beyond
        var path: String?
        if let wanted = export.reviewListPath {
            // What was decided stays decided, where it is still the same.
            let list = ReviewFile(
                request: request.id, right: request.right, reviewer: export.review?.reviewer,
                items: book.used + pending, beyond: book.beyond)
            path = try list.write(near: wanted)
        }
        throw PortabilityError(
            .reviewNeeded, "\(count) places may show other people's data and must be looked at first",
            remedy: path == nil
                ? "Ask for the list with --review-list" : "Fill in the decisions, then run again with --reviewed",
            at: .init(file: path))
    }

    /// What volumes are written to; nil if the archive is to be one.
    private func volumeOutput(_ export: ExportOptions, _ path: String) throws -> VolumeOutput? {
        guard let size = export.volumeSize else { return nil }
        guard !export.replace, !export.printsAll else {
            throw PortabilityError(
                .configuration,
                export.replace
                    ? "volumes replace nothing: a whole set cannot be exchanged in one step"
                    : "a page with all records to be printed is one, and cannot be cut into volumes",
                remedy: export.replace
                    ? "Remove the earlier archive or volumes yourself, and leave out --replace"
                    : "Leave out --print full or --volume-size", at: .init(field: "volume-size"))
        }
        // The names that could be taken are looked at before anything is read.
        for name in VolumeName(path).existing() {
            throw PortabilityError(
                .output, "there are volumes of an earlier export", remedy: "Remove them, or choose another name",
                at: .init(file: name), errno: EEXIST)
        }
        let system = options.system
        return VolumeOutput(size: size.bytes) { number in
            try OutputFile(path: VolumeName(path).path(number), digest: SHA256Digest.factory, system: system)
        }
    }

    /// Only an archive may be replaced by an archive: a slip of the hand must not cost a configuration or a log.
    private func refuseToReplaceOther(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: EncryptedFile.ageVersionLine.count)
        let count = head.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        let isArchive =
            head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) || EncryptedFile.isAge(head)
        guard count == 0 || count >= 4 && isArchive else {
            throw PortabilityError(
                .output, "the target exists and is no archive, so it is not replaced",
                remedy: "Choose another name, or remove the file yourself", at: .init(file: path))
        }
    }

    /// The id of the receipt that stands at a path: it stays proof of what was done, and is put aside before another one
    /// takes its name.
    private func earlierReceipt(_ path: String) throws -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        do {
            return try Receipt.prove(path: path, SHA256Digest.factory).id
        } catch {
            throw PortabilityError(
                .output, "the receipt's target exists and is no intact receipt, so it is not replaced",
                remedy: "Choose another name, or remove the file yourself", at: .init(file: path))
        }
    }

    // MARK: sources

    /// A source that was opened, or the reason why it could not be.
    struct OpenSource: Sendable {
        let run: SourceRun
        let session: (any ExtractionSession)?
        let error: PortabilityError?
    }

    /// Opens all sources side by side, and closes them whatever happens.
    func withOpenSources<Value: Sendable>(
        _ body: ([OpenSource]) async throws -> Value
    ) async throws -> Value {
        let runs = configuration.sources.map(SourceRun.init)
        let opened = await withTaskGroup(of: (Int, OpenSource).self) { group in
            for (index, run) in runs.enumerated() {
                let context = ExtractionContext(
                    source: run.declaration.id, baseDirectory: configuration.baseDirectory, catalogue: catalogue,
                    batchLimits: configuration.batchLimits, limits: configuration.sourceLimits)
                group.addTask {
                    do {
                        let session = try await run.onThread { try await run.source.extractor.open(context) }
                        return (index, OpenSource(run: run, session: session, error: nil))
                    } catch {
                        return (index, OpenSource(run: run, session: nil, error: asPortabilityError(error)))
                    }
                }
            }
            var opened: [(Int, OpenSource)] = []
            for await source in group { opened.append(source) }
            return opened.sorted { $0.0 < $1.0 }.map(\.1)
        }
        let result: Result<Value, any Error>
        do {
            try Task.checkPortabilityCancellation()
            if let fatal = opened.compactMap(\.error).first(where: SourceRun.isFatal) { throw fatal }
            result = .success(try await body(opened))
        } catch {
            result = .failure(error)
        }
        for source in opened {
            guard let session = source.session else { continue }
            await withTaskExecutorPreference(source.run.executor) { await session.close() }
        }
        return try result.get()
    }

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

    private func prepare(
        _ request: ExportRequest, _ sources: [OpenSource], confirmsNothingHeld: Bool
    ) async throws -> (Notes, Prepared) {
        var isNothingHeld = false
        let known: KnownSubject
        do {
            known = try await identify(request, sources)
        } catch let error as PortabilityError where error.code == .notIdentified && confirmsNothingHeld {
            guard request.right == .access || request.right == .portability else { throw error }
            known = try await unknown(request, sources, because: error)
            isNothingHeld = true
        }
        let userClass = isNothingHeld ? nil : try await classify(known, sources)
        let plan = try makePlan(request, known: known, userClass: userClass, sources: sources)
        return (
            try await notes(known, sources, request.language),
            Prepared(known: known, plan: plan, isNothingHeld: isNothingHeld)
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

    private func lookUp(
        _ kind: LookUp, in source: OpenSource, _ keys: SubjectKeys
    ) async throws -> [[String: String]] {
        guard let session = source.session else { return [] }
        return try await source.run.onThread { try await session.lookUp(kind, keys) }
    }

    /// The class of users that the subject belongs to. Who is in several is a party only if all of them are.
    private func classify(_ known: KnownSubject, _ sources: [OpenSource]) async throws -> UserClass? {
        if configuration.userClasses.isEmpty { return nil }
        var found: [UserClass] = []
        for source in sources where source.run.declaration.role == .controller {
            for row in try await lookUp(.classify, in: source, known.keys(for: source.run.declaration)) {
                guard let id = row["class"] else { continue }
                guard let userClass = configuration.userClasses.first(where: { $0.id == id }) else {
                    throw PortabilityError(
                        .configuration, "a source tells a class of users that is not declared",
                        remedy: "Declare it under `user_classes`; known: "
                            + configuration.userClasses.map(\.id).joined(separator: ", "),
                        at: .init(source: source.run.declaration.id, field: "class"))
                }
                found.append(userClass)
            }
        }
        return found.first { !$0.isParty } ?? found.first
    }

    private func notes(
        _ known: KnownSubject, _ sources: [OpenSource], _ language: Language
    ) async throws -> Notes {
        var notes = Notes(staff: configuration.staff?.members.map { $0.told(in: language) } ?? [])
        for identifier in known.controller.all {
            for kind in DetectedKind.allCases where identifier.kind.contains(kind.name) {
                notes.own.insert(identifier.value, as: kind)
            }
        }
        for source in sources where source.run.declaration.role == .controller {
            if configuration.staff?.asksSources ?? false {
                notes.staff += try await lookUp(.staff, in: source, known.controller).compactMap {
                    StaffMember($0)?.told(in: language)
                }
            }
            for row in try await lookUp(.own, in: source, known.keys(for: source.run.declaration)) {
                for (column, value) in row {
                    let kind = DetectedKind(name: column.split(separator: "_").joined(separator: "-"))
                    if let kind { notes.own.insert(value, as: kind) }
                }
            }
        }
        return notes
    }

    /// Labels of one archive; without a secret there are none.
    private func labels(_ staff: [StaffMember], request: ExportRequest, created: Int64) throws -> Labels {
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
    private func checkScopes(_ plan: ExportPlan, _ scope: ScopeContext) throws {
        for dataset in plan.datasets where dataset.decision == .read {
            guard let layout = layouts[dataset.dataset.entity] else { continue }
            _ = try RecordScope(
                layout: layout, dataset: dataset.dataset, context: scope, duplicates: dataset.duplicates)
        }
    }

    private func identify(_ request: ExportRequest, _ sources: [OpenSource]) async throws -> KnownSubject {
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
                let codes = dataset.role == .controller ? layout.ownIdentityCodes : []
                let duplicates: Set<String> = showsOwnCode ? codes : []
                if decision == .read, !codes.isEmpty { showsOwnCode = true }
                let fields = try FieldDecisions(
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

    /// Reads all sources side by side.
    private func gather(
        _ plan: ExportPlan, received: String, known: KnownSubject, sources: [OpenSource],
        surroundings: DatasetWriter.Surroundings, progress: ProgressCounter, events: ExportEvents?
    ) async throws -> [SourceRun.Outcome?] {
        let limits = configuration.batchLimits
        let (encoders, layouts) = (encoders, layouts)
        return try await withThrowingTaskGroup(of: (Int, SourceRun.Outcome?).self) { group in
            for (index, source) in sources.enumerated() {
                let planned = plan.datasets.filter {
                    $0.source == source.run.declaration.id && $0.decision == .read
                }
                let wanted = planned.map(\.dataset)
                let duplicates = Dictionary(uniqueKeysWithValues: planned.map { ($0.dataset.id, $0.duplicates) })
                guard let session = source.session, !wanted.isEmpty else {
                    group.addTask { (index, nil) }
                    continue
                }
                let subject = known.keys(for: source.run.declaration)
                let run = source.run
                group.addTask {
                    events?.send(.sourceStarted(run.declaration.id))
                    let outcome = try await run.extract(
                        wanted, subject: subject, session: session, received: received, progress: progress
                    ) { declaration in
                        try DatasetPipeline(
                            declaration, layout: layouts[declaration.entity]!, documentLayout: layouts["document"],
                            subject: subject, limits: limits, surroundings: surroundings,
                            duplicates: duplicates[declaration.id] ?? [], executor: encoders)
                    }
                    events?.send(
                        .sourceEnded(
                            run.declaration.id, status: outcome.error == nil ? "read" : "failed",
                            records: outcome.datasets.reduce(0) { $0 + ($1.outcome?.result.exported ?? 0) }))
                    return (index, outcome)
                }
            }
            var outcomes = [SourceRun.Outcome?](repeating: nil, count: sources.count)
            do {
                for try await (index, outcome) in group { outcomes[index] = outcome }
            } catch {
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .success(let (_, outcome)) = result { outcome?.discard() }
                }
                for outcome in outcomes { outcome?.discard() }
                throw error
            }
            return outcomes
        }
    }
}

/// What was gathered, before it is put together.
struct Gathered: Sendable {
    let plan: ExportPlan
    let known: KnownSubject
    /// Per source of the configuration.
    let openErrors: [PortabilityError?]
    let outcomes: [SourceRun.Outcome?]
    /// True if the identifiers lead to nobody.
    let isNothingHeld: Bool
    /// Per source of the configuration: what it holds beyond what the configuration knows.
    let drift: [[Finding]]

    /// - Throws: `notIdentified` if a source holds something after all; the error of a source that could not be read.
    func checkNothingHeld(_ sources: [ConfiguredSource]) throws {
        for (source, outcome) in zip(sources, outcomes) {
            guard let outcome else { continue }
            if let error = outcome.error { throw error }
            let losing = outcome.findings.filter(\.losesRecords)
            let malformed = losing.filter { $0.kind == .malformed }.reduce(0) { $0 + $1.count }
            if let first = losing.first,
                malformed > source.toleratedMalformed || losing.contains(where: { $0.kind != .malformed })
            {
                throw PortabilityError(
                    .unavailable, "a source could not be read whole, so nobody can say that it holds nothing",
                    remedy: "Mend it, then run again", at: first.place)
            }
            for dataset in outcome.datasets where (dataset.outcome?.result.extracted ?? 0) > 0 {
                throw PortabilityError(
                    .notIdentified, "there are records under an identifier of the request that leads to no subject",
                    remedy: "Find out whose they are; nothing held cannot be said",
                    at: .init(dataset: dataset.declaration.id))
            }
        }
    }

    /// Gives all spools back.
    func discard() { for outcome in outcomes { outcome?.discard() } }
}

extension EntityLayout {
    /// Paths of the fields that hold the subject's own national identification number.
    fileprivate var ownIdentityCodes: Set<String> {
        Set(
            groups.flatMap { group in
                group.fields.filter { $0.definition.sensitivity == .nationalID && !$0.definition.thirdParty }
                    .map { (group.path + [$0.name]).joined(separator: ".") }
            })
    }
}
