#if PostgreSQL
    import Glibc
    import PortabilityModel
    import PostgreSQLExtractor
    import SQLCore
    import Synchronization
    import TestServers

    /// A value that stands in the data, and may stand in no error.
    let secret = "Salaisuus-7731"

    var server: PostgreSQLServer { get throws { try PostgreSQLServer.shared.get() } }

    /// A database of its own, made by the given statements.
    func database(_ statements: String = "", options: String = "") throws -> String {
        let name = "d\(next.add(1, ordering: .relaxed).newValue)"
        try server.run("CREATE DATABASE \(name) \(options)")
        try server.run(statements, database: name)
        return name
    }

    private let next = Atomic(0)

    private func field(_ name: String, _ kind: ValueKind, isList: Bool = false) -> Field {
        Field(name, .value(kind), list: isList, fi: name, sv: name, en: name)
    }

    private let text = LocalizedText(fi: "asia", sv: "sak", en: "thing")

    /// A catalogue with one entity that has a field of every kind of value.
    let catalogue = Catalogue(
        version: "1.0",
        entities: [
            Entity(
                name: "thing", ordinal: 1, label: text, meaning: text,
                fields: [
                    field("name", .string), field("number", .integer), field("amount", .decimal),
                    field("flag", .boolean), field("day", .date), field("hour", .time), field("moment", .timestamp),
                    field("local", .localTimestamp), field("span", .duration), field("payload", .json),
                    field("tags", .string, isList: true), field("counts", .integer, isList: true),
                    Field("address", .group([field("city", .string)]), fi: "osoite", sv: "adress", en: "address"),
                ])
        ])

    /// A configuration with one dataset called `things`.
    func configuration(
        _ query: String = "SELECT 1 AS record_id, 1 AS subject", identify: [String] = [], seconds: Double = 60
    ) -> SQLConfiguration {
        SQLConfiguration(
            declaration: SourceDeclaration(
                id: "register", kind: "postgresql", role: .controller,
                datasets: [
                    DatasetDeclaration(
                        id: "things", entity: "thing", category: .registration, role: .controller,
                        origin: Origin(kind: .observed), purposes: ["service"], subjectKinds: ["user_id"],
                        order: .recordID)
                ], resolves: ["user_id", "email"], adds: ["user_id", "customer_number"]),
            identify: identify, datasets: ["things": query], statementSeconds: seconds)
    }

    func extractor(
        _ database: String, _ query: String = "SELECT 1 AS record_id, 1 AS subject", identify: [String] = [],
        user: String = "admin", seconds: Double = 60, lockSeconds: Double = 0.3, connectSeconds: Double = 10
    ) throws -> PostgreSQLExtractor {
        try PostgreSQLExtractor(
            PostgreSQLConfiguration(
                configuration(query, identify: identify, seconds: seconds),
                server: .uri(server.uri(database: database, user: user)), connectSeconds: connectSeconds,
                lockSeconds: lockSeconds))
    }

    func context(_ limits: BatchLimits = BatchLimits()) -> ExtractionContext {
        ExtractionContext(
            source: "register", baseDirectory: "/nonexistent", catalogue: catalogue, batchLimits: limits)
    }

    func user(_ values: String...) -> SubjectKeys {
        SubjectKeys(values.map { Identifier(kind: "user_id", value: $0) })
    }

    /// Keeps what is pushed.
    final class Collector: RecordSink {
        private let state = Mutex<(batches: [RecordBatch], findings: [Finding])>(([], []))
        private let onPush: @Sendable (Int) async throws -> Void

        init(onPush: @escaping @Sendable (Int) async throws -> Void = { _ in }) { self.onPush = onPush }

        var batches: [RecordBatch] { state.withLock { $0.batches } }
        var findings: [Finding] { state.withLock { $0.findings } }

        func push(_ batch: consuming RecordBatch) async throws {
            let batch = batch
            let count = state.withLock { state in
                state.batches.append(batch)
                return state.batches.count
            }
            try await onPush(count)
        }
        func document(_ document: Document, dataset: Int) async throws -> String? { nil }
        func report(_ finding: Finding) async { state.withLock { $0.findings.append(finding) } }

        /// Every record: its id, its subject, its tokens.
        var records: [String] {
            batches.flatMap { batch in
                batch.records.map { head in
                    let tokens = batch.tokens[head.tokens].map { token in
                        switch token.kind {
                        case .groupBegin: "{"
                        case .groupEnd: "}"
                        case .listBegin: "["
                        case .listEnd: "]"
                        case .otherName: "!\(batch.text(token))"
                        default: "\(token.kind.value?.name ?? "?")=\(batch.text(token))"
                        }
                    }
                    return ([batch.text(head.id), batch.text(head.subject)] + tokens).joined(separator: " ")
                }
            }
        }

        /// Findings of a kind as `column count`.
        func findings(_ kind: Finding.Kind) -> [String] {
            findings.filter { $0.kind == kind }.map { "\($0.place.field ?? "?") \($0.count)" }
        }
    }

    /// Opens, runs a body, closes.
    func withSession<Result: Sendable>(
        _ extractor: PostgreSQLExtractor, _ context: ExtractionContext = context(),
        _ body: @Sendable (any ExtractionSession) async throws -> Result
    ) async throws -> Result {
        let session = try await extractor.open(context)
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    /// All records that an extractor of one dataset has.
    func extract(
        _ extractor: PostgreSQLExtractor, _ subject: SubjectKeys = user("1"), into collector: Collector = Collector(),
        limits: BatchLimits = BatchLimits()
    ) async throws -> Collector {
        let end = try await withSession(extractor, context(limits)) {
            try await $0.extract(ExtractionRequest(datasets: ["things"], subject: subject), into: collector)
        }
        precondition(end.records == [Int64(collector.records.count)])
        return collector
    }

    /// The error that a body throws, nil if it throws none or another.
    func refusal(_ body: () async throws -> Void) async -> PortabilityError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? PortabilityError
        }
    }

    /// What the server says of the sessions of exports: their states, sorted.
    func exports() throws -> [String] {
        try server.run("SELECT state FROM pg_stat_activity WHERE application_name = 'portability' ORDER BY 1")
            .split(separator: "\n").map(String.init)
    }

    /// Waits until something is so; false after a minute, which even a busy machine does not need.
    func eventually(_ condition: () throws -> Bool) async throws -> Bool {
        for _ in 0..<3000 {
            if try condition() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
#endif
