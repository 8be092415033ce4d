#if MariaDB
    import Glibc
    import MariaDBExtractor
    import PortabilityModel
    import SQLCore
    import Synchronization
    import TestServers

    /// The server that most tests share; each has a database of its own.
    private let shared = Result { try MariaDBServer() }
    private let databases = Atomic(0)

    /// A new, empty database.
    struct Database: Sendable {
        let server: MariaDBServer
        let name: String

        init(_ statements: String = "", server: MariaDBServer? = nil) throws {
            self.server = try server ?? shared.get()
            name = "d\(databases.add(1, ordering: .relaxed).newValue)"
            try self.server.run("CREATE DATABASE \(name) CHARACTER SET utf8mb4; USE \(name);\n\(statements)")
        }

        @discardableResult
        func run(_ text: String, user: String = "root", arguments: [String] = []) throws -> String {
            try server.run(text, database: name, user: user, arguments: arguments)
        }

        /// A user who may connect, and what the statements grant.
        func user(_ name: String, password: String = "", _ grants: String = "") throws {
            try run("CREATE OR REPLACE USER '\(name)'@'%' IDENTIFIED BY '\(password)'; \(grants)")
        }

        var address: MariaDBAddress { MariaDBAddress(socket: server.socket, user: "root", database: name) }

        /// Queries that run on this database now, but for the one that asks.
        func running() throws -> [String] {
            try run(
                """
                SELECT info FROM information_schema.processlist
                WHERE db = '\(name)' AND info IS NOT NULL AND id <> CONNECTION_ID()
                """
            ).split(separator: "\n").map(String.init)
        }

        /// Ends connections to this database.
        func kill(where condition: String) throws {
            let list = try run(
                """
                SELECT id FROM information_schema.processlist
                WHERE db = '\(name)' AND id <> CONNECTION_ID() AND \(condition)
                """)
            for id in list.split(separator: "\n") { try run("KILL \(id)") }
        }

        /// Connections to this database, but for the one that asks.
        func connections() throws -> Int {
            try Int(
                run(
                    "SELECT count(*) FROM information_schema.processlist WHERE db = '\(name)' AND id <> CONNECTION_ID()"
                ).split(separator: "\n")[0]) ?? -1
        }
    }

    /// A folder of its own that is removed at the end.
    final class Folder: Sendable {
        let path: String

        init() {
            var template = Array("/tmp/mariadb-files-XXXXXX".utf8CString)
            path = template.withUnsafeMutableBufferPointer {
                $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
            }
        }

        deinit { _ = try? MariaDBServer.output(["rm", "-rf", path], input: "") }

        /// Writes a file and gives its path.
        func file(_ name: String, _ text: String, mode: mode_t = 0o600) -> String {
            let path = "\(path)/\(name)"
            let file = fopen(path, "w")
            fputs(text, file)
            fclose(file)
            chmod(path, mode)
            return path
        }
    }

    private func field(_ name: String, _ kind: ValueKind) -> Field {
        Field(name, .value(kind), fi: name, sv: name, en: name)
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
                    field("flag", .boolean),
                    field("day", .date), field("clock", .time), field("moment", .timestamp),
                    field("local", .localTimestamp), field("span", .duration), field("payload", .json),
                    Field(
                        "address", .group([field("city", .string)]), fi: "osoite", sv: "adress", en: "address"),
                ])
        ])

    /// An extractor of datasets called `things`, `more1`, `more2`, ….
    func extractor(
        _ address: MariaDBAddress, _ query: String = "SELECT 1 AS record_id, 1 AS subject", more: [String] = [],
        identify: [String] = [], seconds: Double = 300, lockSeconds: Double = 10, connectSeconds: Double = 10
    ) throws -> MariaDBExtractor {
        let ids = ["things"] + more.indices.map { "more\($0 + 1)" }
        let datasets = ids.map {
            DatasetDeclaration(
                id: $0, entity: "thing", category: .registration, role: .controller, origin: Origin(kind: .observed),
                purposes: ["service"], subjectKinds: ["user_id"], order: .recordID)
        }
        return try MariaDBExtractor(
            MariaDBConfiguration(
                SQLConfiguration(
                    declaration: SourceDeclaration(
                        id: "register", kind: "mariadb", role: .controller, datasets: datasets,
                        resolves: ["user_id", "email"], adds: ["user_id", "email", "customer_number"]),
                    identify: identify,
                    datasets: Dictionary(uniqueKeysWithValues: zip(ids, [query] + more)),
                    statementSeconds: seconds),
                address: address, connectSeconds: connectSeconds, lockSeconds: lockSeconds))
    }

    func context(_ limits: BatchLimits = BatchLimits()) -> ExtractionContext {
        ExtractionContext(source: "register", baseDirectory: "/nonexistent", catalogue: catalogue, batchLimits: limits)
    }

    func user(_ values: String...) -> SubjectKeys { user(values) }

    func user(_ values: [String]) -> SubjectKeys {
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
                        case .otherName: "!\(batch.text(token))"
                        default: "\(token.kind.value?.name ?? "?")=\(batch.text(token))"
                        }
                    }
                    return ([batch.text(head.id), batch.text(head.subject)] + tokens).joined(separator: " ")
                }
            }
        }
    }

    /// Opens, runs a body, closes.
    func withSession<Result: Sendable>(
        _ extractor: MariaDBExtractor, _ context: ExtractionContext = context(),
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

    /// All records that an extractor has for a subject.
    func extract(
        _ extractor: MariaDBExtractor, _ subject: SubjectKeys = user("1"), limits: BatchLimits = BatchLimits(),
        datasets: [String] = ["things"]
    ) async throws -> Collector {
        let collector = Collector()
        let end = try await withSession(extractor, context(limits)) {
            try await $0.extract(ExtractionRequest(datasets: datasets, subject: subject), into: collector)
        }
        precondition(end.records.reduce(0, +) == Int64(collector.records.count))
        return collector
    }

    /// The error that a body throws, as a person reads it; nil if it throws none.
    func failure<Result>(_ body: () async throws -> Result) async -> PortabilityError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? PortabilityError
        }
    }
#endif
