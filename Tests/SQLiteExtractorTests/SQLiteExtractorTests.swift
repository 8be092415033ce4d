import GRDB
import PortabilityModel
import SQLCore
import SQLiteExtractor
import Testing

@Suite("Records of an SQLite database")
struct SQLiteExtractorTests {
    let folder = Folder()

    @Test("have values of every storage class, converted by the catalogue's type")
    func types() async throws {
        let path = try folder.database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, user INTEGER, name TEXT, number INTEGER, amount, flag BOOLEAN, day,
                moment, local, payload, city);
            INSERT INTO t VALUES
                (1, 1, 'Äijö 😀', 42, 0.1, 1, '2024-02-29', '2024-01-02T03:04:05+02:00', '2024-01-02 03:04:05',
                 '{"b": 1, "a": [1.50]}', 'Oulu'),
                (2, 1, '', -7, '12.340', 0, NULL, NULL, NULL, NULL, NULL),
                (3, 1, 5, 'five', 'ten', 2, '2023-02-29', 'now', 'now', '{', NULL),
                (4, 2, 'of another user', 1, 1, 1, NULL, NULL, NULL, NULL, NULL);
            """)
        let source = try extractor(
            path,
            """
            SELECT id AS record_id, user AS subject, city AS "address.city", day, flag, name, number, amount, moment,
                local, payload
            FROM t WHERE user IN (:user_id) ORDER BY id
            """)
        let found = try await extract(source)
        #expect(
            found.records == [
                "1 1 string=Äijö 😀 integer=42 decimal=0.1 boolean=true date=2024-02-29 "
                    + "timestamp=2024-01-02T03:04:05+02:00 local-timestamp=2024-01-02T03:04:05 "
                    + #"json={"b":1,"a":[1.50]} { string=Oulu }"#,
                "2 1 integer=-7 decimal=12.340 boolean=false",
                "3 1 string=5 !amount string=ten !day string=2023-02-29 !flag string=2 !local string=now "
                    + "!moment string=now !number string=five !payload string={",
            ])
        #expect(found.findings.map(\.kind) == Array(repeating: .mistyped, count: 7))
        #expect(found.batches.flatMap(\.records).allSatisfy { $0.idKind == .integer })
    }

    @Test("carry columns that no field takes, unless they are excluded")
    func otherColumns() async throws {
        let path = try folder.database(
            """
            CREATE TABLE t (id TEXT PRIMARY KEY, user, shoe_size, weight, secret, photo);
            INSERT INTO t VALUES ('ä', 1, 44, 70.5, 'hash', x'00ff');
            """)
        let query = "SELECT id AS record_id, user AS subject, * FROM t WHERE user IN (:user_id) ORDER BY id"
        let source = try extractor(
            path, query,
            exclusions: [.init(column: "secret", ground: .secret), .init(column: "id", ground: .duplicate)])
        let found = try await extract(source, user("1"))
        #expect(
            found.records == ["ä 1 !photo_base64 string=AP8= !shoe_size integer=44 !user integer=1 !weight string=70.5"]
        )
        #expect(found.batches.first?.records.first?.idKind == .text)
        #expect(
            found.findings.filter { $0.kind == .unmapped }.map(\.place.field) == [
                "user", "shoe_size", "weight", "photo",
            ])
        #expect(found.findings.allSatisfy { $0.place.source == "register" && $0.place.dataset == "things" })
        #expect(!found.findings.contains { $0.losesRecords })
    }

    @Test("are given in the query's order and with the subject they carry, for the engine to judge")
    func orderAndScope() async throws {
        let path = try folder.database("CREATE TABLE t (id, user); INSERT INTO t VALUES (2, 1), (1, 9);")
        let source = try extractor(path, "SELECT id AS record_id, user AS subject FROM t WHERE :user_id > '' ")
        #expect(try await extract(source).records == ["2 1", "1 9"])
    }

    @Test("keep a text of megabytes whole, and are refused above the limit of a record")
    func hugeText() async throws {
        let path = try folder.database(
            "CREATE TABLE t (name); INSERT INTO t VALUES (replace(hex(zeroblob(3000000)), '00', 'ä'));")
        let source = try extractor(path, "SELECT 1 AS record_id, :user_id AS subject, name FROM t")
        let found = try await extract(source)
        let batch = try #require(found.batches.first)
        let token = try #require(batch.tokens.first)
        #expect(token.length == 6_000_000)
        #expect(Array(batch.bytes[token.range]) == Array(String(repeating: "ä", count: 3_000_000).utf8))
        let error = await #expect(throws: PortabilityError.self) {
            try await extract(source, limits: BatchLimits(recordBytes: 1_000_000))
        }
        #expect(error?.code == .limit)
    }

    @Test("with text that is not valid UTF-8 are repaired and reported")
    func invalidText() async throws {
        let path = try folder.database(
            """
            CREATE TABLE t (id, name TEXT, x TEXT);
            INSERT INTO t VALUES (1, CAST(x'41ff42' AS TEXT), 'a'), (2, 'good', CAST(x'c3' AS TEXT)),
                (3, 'a' || char(0) || 'b', NULL);
            """)
        let source = try extractor(
            path, "SELECT id AS record_id, :user_id AS subject, name, x FROM t ORDER BY id")
        let found = try await extract(source)
        #expect(
            found.records == [
                "1 1 string=A\u{FFFD}B !x string=a", "2 1 string=good !x string=\u{FFFD}", "3 1 string=a\0b",
            ])
        let repaired = found.findings.filter { $0.kind == .invalidText }
        #expect(repaired.map(\.place.field) == ["name", "x"])
        #expect(repaired.map(\.count) == [1, 1])
    }

    @Test("come from databases in UTF-16 as well")
    func utf16() async throws {
        let path = try folder.database(
            "PRAGMA encoding = 'UTF-16be'; CREATE TABLE t (n); INSERT INTO t VALUES ('Hyvää €😀');")
        let source = try extractor(path, "SELECT 1 AS record_id, :user_id AS subject, n AS name FROM t WHERE n > ''")
        #expect(try await extract(source).records == ["1 1 string=Hyvää €😀"])
    }

    @Test("are found by identifiers of any spelling, and by nothing that is written in them")
    func hostileValues() async throws {
        let path = try folder.database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, user TEXT);
            INSERT INTO t(user) VALUES ('1'), ('''; DROP TABLE t; --'), ('a"b'), ('?1'), (':user_id'), ('%'), ('äö€😀');
            """)
        let source = try extractor(
            path, "SELECT id AS record_id, user AS subject FROM t WHERE user IN (:user_id) ORDER BY id")
        let values = ["'; DROP TABLE t; --", "a\"b", "?1", ":user_id", "%", "äö€😀"]
        for (index, value) in values.enumerated() {
            #expect(try await extract(source, user(value)).records == ["\(index + 2) \(value)"])
        }
        #expect(try await extract(source, user("' OR '1'='1", "_", "\0")).records == [])
        let all = SubjectKeys((["1"] + values).map { Identifier(kind: "user_id", value: $0) })
        #expect(try await extract(source, all).records.count == 7)
    }

    @Test("number a hundred thousand and come in batches within the limits")
    func manyRows() async throws {
        let path = try folder.database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, name);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO t SELECT i, 'name number ' || i FROM n;
            """)
        let source = try extractor(path, "SELECT id AS record_id, :user_id AS subject, name FROM t ORDER BY id")
        let found = try await extract(source, limits: BatchLimits(rows: 1000, bytes: 20_000))
        #expect(found.batches.allSatisfy { $0.records.count <= 1000 && $0.bytes.count <= 20_000 + 100 })
        #expect(found.records.count == 100_000)
        #expect(found.records.last == "100000 1 string=name number 100000")
    }

    @Test("of several datasets are told apart, all from the same state of the database")
    func oneTransaction() async throws {
        let path = try folder.database(
            "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2);")
        let writer = try DatabaseQueue(path: path)
        try await writer.write { try $0.execute(sql: "INSERT INTO t VALUES (3)") }
        let query = "SELECT id AS record_id, :user_id AS subject FROM t ORDER BY id"
        let source = try SQLiteExtractor(
            SQLiteConfiguration(
                SQLConfiguration(
                    declaration: SourceDeclaration(
                        id: "register", kind: "sqlite", role: .controller,
                        datasets: [declaration("a"), declaration("b")]),
                    identify: ["SELECT count(*) AS user_id FROM t WHERE :user_id > ''"],
                    datasets: ["a": query, "b": query]), path: path))
        let collector = Collector { _ in
            try await writer.write { try $0.execute(sql: "INSERT INTO t(id) SELECT max(id) + 1 FROM t") }
        }
        let end = try await withSession(source) { session in
            try await writer.write { try $0.execute(sql: "INSERT INTO t(id) SELECT max(id) + 1 FROM t") }
            #expect(try await session.resolve(user("1")).map { $0["user_id"] } == [["3"]])
            return try await session.extract(
                ExtractionRequest(datasets: ["b", "a"], subject: user("1")), into: collector)
        }
        #expect(end.records == [3, 3])
        #expect(collector.batches.map(\.dataset) == [0, 1])
        #expect(try await writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 6)
        try writer.close()
    }

    @Test("cannot be asked for without the identifier that the query needs")
    func noIdentifier() async throws {
        let path = try folder.database("CREATE TABLE t (id)")
        let source = try extractor(path, "SELECT id AS record_id, id AS subject FROM t WHERE id = :email")
        let error = await #expect(throws: PortabilityError.self) { try await extract(source) }
        #expect(error?.code == .configuration)
        #expect(error?.place.dataset == "things")
    }
}

@Suite("Looking identifiers up in SQLite")
struct SQLiteResolveTests {
    let folder = Folder()
    let tables = """
        CREATE TABLE users (user_id INTEGER PRIMARY KEY, customer_number TEXT, email TEXT);
        INSERT INTO users VALUES (1, 'C1', 'a@x'), (2, NULL, 'a@x'), (3, 'C3', 'c@x');
        """

    @Test("gives one candidate per row, and runs only what all parameters are known for")
    func candidates() async throws {
        let path = try folder.database(tables)
        let source = try extractor(
            path,
            identify: [
                "SELECT user_id, customer_number FROM users WHERE email = :email",
                "SELECT user_id FROM users WHERE user_id = :user_id",
            ])
        let found = try await withSession(source) {
            try await $0.resolve(SubjectKeys([Identifier(kind: "email", value: "a@x")]))
        }
        #expect(found.map { $0.all.map(\.value) } == [["C1", "1"], ["2"]])
        #expect(found[0].kinds == ["customer_number", "user_id"])
        #expect(try await withSession(source) { try await $0.resolve(user("3")) }.map { $0["user_id"] } == [["3"]])
        #expect(try await withSession(source) { try await $0.resolve(SubjectKeys()) }.isEmpty)
    }

    @Test("refuses columns that are no kind of identifier")
    func unknownColumn() async throws {
        let path = try folder.database(tables)
        let source = try extractor(path, identify: ["SELECT user_id AS id FROM users WHERE email = :email"])
        let error = await #expect(throws: PortabilityError.self) {
            try await withSession(source) {
                try await $0.resolve(SubjectKeys([Identifier(kind: "email", value: "a@x")]))
            }
        }
        #expect(error?.code == .drift)
        #expect(error?.place == .init(source: "register", field: "identify[1]"))
        #expect(error?.description.contains("a@x") == false)
    }

    @Test("counts without reading")
    func estimate() async throws {
        let path = try folder.database(tables)
        let query =
            "SELECT user_id AS record_id, user_id AS subject FROM users WHERE user_id IN (:user_id) ORDER BY 1 -- all"
        let source = try extractor(path, query)
        #expect(try await withSession(source) { try await $0.estimate("things", for: user("1", "3", "7")) } == 2)
        #expect(try await withSession(source) { try await $0.estimate("things", for: SubjectKeys()) } == 0)
    }
}

@Suite("Checking an SQLite source")
struct SQLiteCheckTests {
    let folder = Folder()

    @Test("names columns without a field and exclusions of columns that are gone")
    func findings() async throws {
        let path = try folder.database("CREATE TABLE t (id, user, name, shoe_size, hash)")
        let source = try extractor(
            path, "SELECT id AS record_id, user AS subject, name, shoe_size FROM t WHERE user IN (:user_id)",
            identify: ["SELECT user AS user_id FROM t WHERE name = :email"],
            exclusions: [
                .init(column: "hash", ground: .secret), .init(column: "pin", ground: .secret),
                .init(column: "NAME", ground: .others),
            ])
        let findings = try await withSession(source) { try await $0.check() }
        #expect(findings.map(\.kind) == [.unmapped, .drift])
        #expect(findings.map(\.place.field) == ["shoe_size", "pin"])
    }

    @Test("names tables and columns that are gone")
    func drift() async throws {
        let path = try folder.database("CREATE TABLE t (id, user)")
        for (query, field) in [
            ("SELECT id AS record_id, user AS subject, email FROM t", "email"),
            ("SELECT id AS record_id, \"user_id\" AS subject FROM t", "user_id"),
            ("SELECT id AS record_id, user AS subject FROM people", "people"),
            ("SELECT id, user AS subject FROM t", "record_id"),
        ] {
            let source = try extractor(path, query)
            let findings = try await withSession(source) { try await $0.check() }
            #expect(findings.map(\.kind) == [.drift])
            #expect(findings.first?.place == .init(source: "register", dataset: "things", field: field))
            #expect(findings.first?.losesRecords == true)
            let error = await #expect(throws: PortabilityError.self) { try await extract(source) }
            #expect(error?.code == .drift)
            #expect(error?.place == .init(source: "register", dataset: "things", field: field))
        }
    }

    @Test("refuses queries that are wrong or do more than read tables")
    func refused() async throws {
        let path = try folder.database("CREATE TABLE t (id, user)")
        for query in [
            "SELECT FROM t", "SELECT nofunction(id) FROM t", "SELECT load_extension('x')",
            "SELECT * FROM pragma_table_info('t')", "SELECT fts3_tokenizer('simple')",
        ] {
            let source = try extractor(path, query)
            let error = await #expect(throws: PortabilityError.self) {
                try await withSession(source) { try await $0.check() }
            }
            #expect(error?.code == .configuration)
            #expect(error?.place.dataset == "things")
        }
    }

    @Test("refuses configurations that do not fit together")
    func configuration() {
        let source = SourceDeclaration(id: "s", kind: "sqlite", role: .controller, datasets: [declaration("a")])
        for queries in [[:], ["a": "SELECT 1", "b": "SELECT 1"], ["a": "DELETE FROM t"]] {
            #expect(throws: PortabilityError(.configuration, "")) {
                try SQLiteExtractor(
                    SQLiteConfiguration(SQLConfiguration(declaration: source, datasets: queries), path: "x"))
            }
        }
    }
}
