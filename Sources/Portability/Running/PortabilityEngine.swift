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
        /// Our own deflate: fast, about the size of zlib level 6, the same bytes everywhere.
        case fast
        /// zlib level 6: the same bytes everywhere where zlib is the same.
        case zlib
        /// libdeflate level 7: smaller than zlib level 9, the same bytes everywhere where libdeflate is the same.
        case small
    }
    public var compression: Compression = .fast
    /// Threads that encode and threads that pack, each; 0 packs on the encoding threads.
    public var workers: Int
    /// Seconds since 1970-01-01 UTC.
    public var now: @Sendable () -> Int64
    /// Below `info` only; never personal data.
    public var logger: Logger
    /// Takes what concerns the running and no archive, such as an index of a log that was not believed. No personal data.
    /// Called on any thread.
    public var note: @Sendable (Finding) -> Void = { _ in }
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
    /// Paths of the fields of each entity that hold the subject's own national identification number.
    let ownIdentityCodes: [String: Set<String>]
    /// What writes records of each entity as JSON Lines.
    let recordEncoders: [String: RecordJSONEncoder]
    let pool: CompressionPool
    let encoders: BlockingExecutor
    let schemas: SchemaStore
    let decisions = DecisionStore()
    /// Nil if this machine does not know the configuration's time zone.
    let timeZone: TimeZoneRules?

    /// Makes an engine. Starts its threads and reads the rules of the time zone, opens nothing else.
    public init(
        configuration: Configuration, catalogue: Catalogue = .standard, options: EngineOptions = EngineOptions()
    ) {
        self.configuration = configuration
        self.catalogue = catalogue
        layouts = Dictionary(uniqueKeysWithValues: catalogue.entities.map { ($0.name, EntityLayout($0)) })
        ownIdentityCodes = layouts.mapValues(\.ownIdentityCodes)
        recordEncoders = layouts.mapValues { RecordJSONEncoder($0) }
        self.options = options
        pool = CompressionPool(workers: options.workers)
        encoders = BlockingExecutor(threads: max(1, options.workers))
        schemas = SchemaStore(compression: Self.compression(options), pool: pool)
        timeZone = try? TimeZoneRules(named: configuration.timeZone)
    }

    deinit { pool.shutdown() }

    var compression: Compression { Self.compression(options) }

    private static func compression(_ options: EngineOptions) -> Compression {
        switch options.compression {
        case .fast: .fast
        case .zlib: .zlib(level: 6)
        case .small: .small
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
                labels: try labels(notes.staff, request: request, created: 0), digest: SHA256Digest.factory,
                decisions: decisions)
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
            OutputFile.sweep(folder: OutputFile.folder(of: path), system: self.options.system)
            let run = try ExportRun(self, request, to: path, options, events: events)
            try checkJournal()
            let reading = try await withOpenSources { try await run.read($0) }
            let packed = try await run.pack(reading)
            try await run.settle(packed)
            return packed.result
        } catch {
            let error = asPortabilityError(error)
            self.options.logger.notice(
                "export ended without an archive",
                metadata: ["request": "\(request.id)", "code": "\(error.code)"])
            throw error
        }
    }
}
