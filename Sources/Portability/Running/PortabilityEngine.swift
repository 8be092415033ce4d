import Glibc
public import Logging
import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
public import PortabilityModel

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
            let known = try await identify(request, sources)
            var plan = try makePlan(request, known: known, sources: sources)
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
    ///   - replace: whether an existing file may be replaced.
    ///   - created: the creation time, seconds since 1970; nil asks the clock. Equal inputs and equal times give equal
    ///     bytes.
    ///   - events: receives what happens.
    /// - Returns: what was done; look at ``ExportResult/status``.
    /// - Throws: `PortabilityError`: `identityNotChecked`, `notIdentified`, `ambiguous`, `refused`, `configuration`,
    ///   `scopeViolation`, `ledger`, `output`, `cancelled`. A source that fails does not throw: the result is partial.
    public func export(
        _ request: ExportRequest, to path: String, replace: Bool = false, created: Int64? = nil,
        events: ExportEvents? = nil
    ) async throws -> ExportResult {
        defer { events?.end() }
        do {
            return try await run(request, to: path, replace: replace, created: created, events: events)
        } catch {
            let error = asPortabilityError(error)
            options.logger.notice(
                "export ended without an archive",
                metadata: ["request": "\(request.id)", "code": "\(error.code)"])
            throw error
        }
    }

    private func run(
        _ request: ExportRequest, to path: String, replace: Bool, created: Int64?, events: ExportEvents?
    ) async throws -> ExportResult {
        try request.validate(identifiers: configuration.identifiers)
        if replace { try refuseToReplaceOther(path) }
        OutputFile.sweep(folder: OutputFile.folder(of: path), system: options.system)
        let output = try OutputFile(
            path: path, replace: replace, digest: SHA256Digest.factory, system: options.system)
        let created = created ?? options.now()
        let folder = OutputFile.folder(of: path)
        let spools = SpoolFactory(folder: folder, system: options.system)
        let surroundings = DatasetWriter.Surroundings(
            formats: Format.allCases.filter { request.formats.contains($0) }, compression: compression, pool: pool,
            spools: spools, dialect: request.effectiveDialect == .excel ? .excel(request.language) : .service)
        let progress = ProgressCounter(events: events)
        let gathered = try await withOpenSources { sources in
            let known = try await identify(request, sources)
            events?.send(
                .identified(
                    kinds: Dictionary(
                        uniqueKeysWithValues: known.controller.kinds.map { ($0, known.controller[$0].count) })))
            let plan = try makePlan(request, known: known, sources: sources)
            return Gathered(
                plan: plan, known: known, openErrors: sources.map(\.error),
                outcomes: try await gather(
                    plan, known: known, sources: sources, surroundings: surroundings, progress: progress,
                    events: events))
        }
        defer { gathered.discard() }
        try Task.checkPortabilityCancellation()
        events?.send(.packing)
        let packager = Packager(
            engine: self, request: request, gathered: gathered, created: created, surroundings: surroundings)
        let result = try await withTaskExecutorPreference(encoders) { try packager.pack(into: output) }
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

    /// Only an archive may be replaced by an archive: a slip of the hand must not cost a configuration or a log.
    private func refuseToReplaceOther(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 4)
        let count = head.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        let isArchive = head == [0x50, 0x4B, 3, 4] || head == [0x50, 0x4B, 5, 6]
        guard count == 0 || count == 4 && isArchive else {
            throw PortabilityError(
                .output, "the target exists and is no archive, so it is not replaced",
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
    private func withOpenSources<Value: Sendable>(
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
        _ request: ExportRequest, known: KnownSubject, sources: [OpenSource]
    ) throws -> ExportPlan {
        let rules = ScopeRules(request: request, configuration: configuration)
        var datasets: [ExportPlan.Dataset] = []
        for source in sources {
            let keys = known.keys(for: source.run.declaration)
            for dataset in source.run.declaration.datasets {
                guard let layout = layouts[dataset.entity] else { continue }
                let entity = layout.entity
                let mask = FieldMask(layout: layout, dataset: dataset)
                let decision: ExportPlan.Decision
                if let ground = rules.ground(for: dataset) {
                    decision = .withheld(ground)
                } else if dataset.subjectKinds.allSatisfy({ keys[$0].isEmpty }) {
                    decision = .notRead(.noIdentifier)
                } else if let kind = dataset.tenantKind, keys[kind].isEmpty {
                    decision = .notRead(.noIdentifier)
                } else {
                    decision = .read
                }
                datasets.append(
                    ExportPlan.Dataset(
                        source: source.run.declaration.id, dataset: dataset, label: dataset.label ?? entity.label,
                        meaning: entity.meaning, decision: decision, withheldFields: mask.rules, estimate: nil))
            }
        }
        return ExportPlan(
            request: request.id, right: request.right,
            identifiers: known.controller.kinds.map { kind in
                ExportPlan.KnownIdentifier(
                    kind: kind, values: known.controller[kind].count, isGiven: known.given.contains(kind))
            }, shared: known.shared, datasets: datasets)
    }

    /// Reads all sources side by side.
    private func gather(
        _ plan: ExportPlan, known: KnownSubject, sources: [OpenSource], surroundings: DatasetWriter.Surroundings,
        progress: ProgressCounter, events: ExportEvents?
    ) async throws -> [SourceRun.Outcome?] {
        let limits = configuration.batchLimits
        let (encoders, layouts) = (encoders, layouts)
        return try await withThrowingTaskGroup(of: (Int, SourceRun.Outcome?).self) { group in
            for (index, source) in sources.enumerated() {
                let wanted = plan.datasets.filter {
                    $0.source == source.run.declaration.id && $0.decision == .read
                }.map(\.dataset)
                guard let session = source.session, !wanted.isEmpty else {
                    group.addTask { (index, nil) }
                    continue
                }
                let subject = known.keys(for: source.run.declaration)
                let run = source.run
                group.addTask {
                    events?.send(.sourceStarted(run.declaration.id))
                    let outcome = try await run.extract(
                        wanted, subject: subject, session: session, wantsDocuments: true, progress: progress
                    ) { declaration in
                        DatasetPipeline(
                            declaration, layout: layouts[declaration.entity]!, documentLayout: layouts["document"],
                            subject: subject, limits: limits, surroundings: surroundings, executor: encoders)
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

    /// Gives all spools back.
    func discard() { for outcome in outcomes { outcome?.discard() } }
}
