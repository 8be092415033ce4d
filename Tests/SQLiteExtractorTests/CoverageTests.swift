import PortabilityModel
import SQLCore
import SQLiteExtractor
import Testing

@Suite("What becomes of every column of an SQLite database")
struct SQLiteCoverageTests {
    let folder = Folder()

    /// What becomes of each column, as `table.column: what`.
    private func uses(
        _ statements: String, _ queries: [String: String],
        _ change: (inout DatasetDeclaration) -> Void = { _ in },
        exclusions: [DatasetDeclaration.Exclusion] = [], _ depth: CoverageDepth = .schema
    ) async throws -> [String] {
        let source = try source(statements, queries, change, exclusions)
        let items = try #require(try await withSession(source) { try await $0.coverage(depth) })
        return items.map { item in
            switch item.use {
            case .exported(let dataset, let field): "\(item.path): \(dataset) \(field ?? "key")"
            case .excluded(let ground, let other): "\(item.path): \(ground.rawValue)\(other.map { " in \($0)" } ?? "")"
            case .unknown: "\(item.path): unknown\(item.candidate.map { " to \($0)" } ?? "")"
            }
        }
    }

    private func source(
        _ statements: String, _ queries: [String: String], _ change: (inout DatasetDeclaration) -> Void,
        _ exclusions: [DatasetDeclaration.Exclusion]
    ) throws -> SQLiteExtractor {
        let path = try folder.database(named: "\(folder.names.count).sqlite", statements)
        let datasets = queries.keys.sorted().map { id in
            var dataset = declaration(id)
            change(&dataset)
            return dataset
        }
        return try SQLiteExtractor(
            SQLiteConfiguration(
                SQLConfiguration(
                    declaration: SourceDeclaration(
                        id: "register", kind: "sqlite", role: .controller, datasets: datasets, exclusions: exclusions),
                    identify: ["SELECT secret AS user_id FROM others"], datasets: queries), path: path))
    }

    private let users = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, number INTEGER, secret TEXT);"
    private let others = "CREATE TABLE others (secret TEXT);"

    @Test("is exported where a column of the result is that column, a key where it only selects, or unknown")
    func basics() async throws {
        #expect(
            try await uses(
                users + others,
                ["people": "SELECT id AS record_id, id AS subject, name, number AS shoe FROM users WHERE secret > ''"])
                == [
                    "others.secret: unknown", "users.id: people key", "users.name: people name",
                    "users.number: people other", "users.secret: unknown to people",
                ])
    }

    @Test("is not proved by conditions, expressions and columns that decide of a record only")
    func unproved() async throws {
        for column in [
            "CASE number WHEN 1 THEN 'one' END AS name", "name || number AS name", "max(number) OVER () AS name",
            "(SELECT count(number) FROM users) AS name", "number AS record_class", "+number AS name",
            "CAST(number AS TEXT) AS name",
        ] {
            let found = try await uses(
                users, ["people": "SELECT id AS record_id, id AS subject, \(column) FROM users ORDER BY number"])
            #expect(found.contains("users.number: unknown to people"), "\(column)")
        }
    }

    @Test("is seen through subqueries, joins, views, aliases and compound selects")
    func seenThrough() async throws {
        let view = "CREATE VIEW view (a, b, c) AS SELECT id, name, number FROM users;"
        for query in [
            "SELECT i AS record_id, i AS subject, n AS name FROM (SELECT id AS i, name AS n FROM users)",
            "WITH w(i, n) AS (SELECT id, name FROM users) SELECT i AS record_id, i AS subject, n AS name FROM w",
            "SELECT u.id AS record_id, v.id AS subject, v.name FROM users u JOIN users v ON v.id = u.id",
            "SELECT a AS record_id, a AS subject, b AS name FROM view",
            "SELECT id AS record_id, id AS subject, (SELECT name) AS name FROM users UNION ALL SELECT 1, 1, 'x' LIMIT 9",
        ] {
            let found = try await uses(users + view, ["people": query])
            #expect(found.contains("users.id: people key"), "\(query)")
            #expect(!found.contains { $0.hasPrefix("view") }, "a view holds nothing of its own")
            #expect(found.contains("users.number: unknown to people"), "\(query)")
            #expect(found.contains("users.name: people name"), "\(query)")
        }
    }

    @Test("is settled by saying that an expression covers it, or that it is left out and why")
    func settled() async throws {
        let query = "SELECT id AS record_id, id AS subject, iif(number, 'a', 'b') AS name FROM users"
        #expect(
            try await uses(users, ["people": query], { $0.covers = ["USERS.number"] }).contains(
                "users.number: people (expression)"))
        #expect(
            try await uses(
                users + others, ["people": query],
                { $0.exclusions = [.init(column: "Secret", ground: .secret)] }
            ).filter { $0.contains("secret") } == ["others.secret: unknown", "users.secret: secret"])
        #expect(
            try await uses(
                users + others, ["people": query],
                exclusions: [
                    .init(column: "others", ground: .duplicate, heldIn: "people", isContainer: true),
                    .init(column: "users.name", ground: .notPersonal),
                ])
                == [
                    "others.secret: held-elsewhere in people", "users.id: people key",
                    "users.name: not-personal-data", "users.number: unknown to people",
                    "users.secret: unknown to people",
                ])
    }

    @Test("is excluded where a rule withholds it from every archive, and exported where one archive has it")
    func rules() async throws {
        let query = ["people": "SELECT id AS record_id, id AS subject, name FROM users"]
        func name(_ rule: FieldRule) async throws -> String? {
            try await uses(users, query, { $0.rules = [rule] }).first { $0.hasPrefix("users.name") }
        }
        #expect(try await name(FieldRule(.field("name"), .withhold, ground: .staff)) == "users.name: staff-name")
        #expect(try await name(FieldRule(.record, .withhold, ground: .others)) == "users.name: rights-of-others")
        #expect(
            try await name(FieldRule(.field("name"), .withhold, ground: .staff, rights: [.portability]))
                == "users.name: people name")
        #expect(
            try await name(FieldRule(.field("name"), .withhold, ground: .staff, classes: ["a"]))
                == "users.name: people name")
        #expect(try await name(FieldRule(.field("name"), .mask, ground: .staff)) == "users.name: people name")
    }

    @Test("is exported if one of several datasets gives it, whatever the others do")
    func severalDatasets() async throws {
        #expect(
            try await uses(
                users,
                [
                    "a": "SELECT id AS record_id, id AS subject FROM users",
                    "b": "SELECT id AS record_id, id AS subject, number, name, secret FROM users",
                    "c": "SELECT id AS record_id, id AS subject, name FROM users",
                ], { $0.exclusions = [.init(column: "secret", ground: .secret)] })
                == ["users.id: a key", "users.name: b name", "users.number: b number", "users.secret: secret"])
    }

    @Test("is found out for generated columns and virtual tables, and not for what those are kept in")
    func unusualTables() async throws {
        let statements = """
            CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT AS (a || 'x') VIRTUAL, c TEXT AS (a || 'y') STORED);
            CREATE VIRTUAL TABLE boxes USING rtree (box, low, high);
            CREATE VIRTUAL TABLE words USING fts5 (body);
            PRAGMA writable_schema = ON;
            INSERT INTO sqlite_schema VALUES ('table', 'maps', 'maps', 0, 'CREATE VIRTUAL TABLE maps USING absent (x)');
            """
        let query = ["things": "SELECT rowid AS record_id, id AS subject, b AS name FROM t"]
        #expect(
            try await uses(statements, query) == [
                "boxes.box: unknown", "boxes.low: unknown", "boxes.high: unknown", "maps: unknown",
                "t.id: things key", "t.a: unknown to things", "t.b: things name", "t.c: unknown to things",
                "words.body: unknown",
            ])
        let excluded = ["boxes", "maps", "words"].map {
            DatasetDeclaration.Exclusion(column: $0, ground: .notPersonal, isContainer: true)
        }
        let found = try await uses(statements, query, exclusions: excluded).filter { $0.hasSuffix(": unknown") }
        #expect(found.isEmpty)
    }

    @Test("of a table that a dataset can no longer read is unknown")
    func driftedDataset() async throws {
        #expect(
            try await uses(users, ["people": "SELECT id AS record_id, id AS subject, gone FROM users"]).allSatisfy {
                $0.hasSuffix(": unknown")
            })
    }

    @Test("is out of date where the configuration names what is not there, or what the query does not read")
    func stale() async throws {
        let source = try source(
            users + others,
            ["people": "SELECT id AS record_id, id AS subject, iif(number, 'a', 'b') AS name FROM users"],
            {
                $0.covers = ["users.number", "users.size", "users.secret"]
                $0.exclusions = [
                    .init(column: "others.secret", ground: .secret), .init(column: "pin", ground: .secret),
                ]
            },
            [
                .init(column: "users", ground: .notPersonal, isContainer: true),
                // Once a table: must not leave out the columns of that name.
                .init(column: "secret", ground: .notPersonal, isContainer: true),
                .init(column: "users.pin", ground: .secret),
            ])
        let findings = try await withSession(source) { try await $0.check() }
        #expect(findings.allSatisfy { $0.kind == .drift && !$0.losesRecords && $0.place.source == "register" })
        #expect(
            findings.map { "\($0.place.dataset ?? "-") \($0.place.field ?? "-")" } == [
                "people others.secret", "people pin", "people users.size", "people users.secret", "- secret",
                "- users.pin",
            ])
    }

    @Test("cannot be left out by a name without its table, which would leave out what is not there yet")
    func bareName() throws {
        #expect(throws: PortabilityError(.configuration, "")) {
            try source(users, [:], { _ in }, [.init(column: "secret", ground: .secret)])
        }
    }

    @Test("is found out without reading a row, in the state that the session has")
    func snapshot() async throws {
        let path = try folder.database(named: "wal.sqlite", "PRAGMA journal_mode = WAL; \(users)")
        let source = try extractor(path, "SELECT id AS record_id, id AS subject, name FROM users")
        try await withSession(source) { session in
            let before = try await session.coverage(.schema)
            try folder.database(named: "wal.sqlite", "ALTER TABLE users ADD COLUMN shoe_size TEXT")
            #expect(try await session.coverage(.data) == before)
        }
        let after = try await withSession(source) { try await $0.coverage(.schema) }
        #expect(after?.last?.path == "users.shoe_size")
    }

    @Test("ends when it is cancelled")
    func cancelled() async throws {
        let path = try folder.database(users)
        let source = try extractor(path, "SELECT id AS record_id, id AS subject, name FROM users")
        try await withSession(source) { session in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await session.coverage(.schema)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}

extension CoverageItem {
    fileprivate var path: String { name.map { "\(container).\($0)" } ?? container }
}
