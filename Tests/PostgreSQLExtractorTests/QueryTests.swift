#if PostgreSQL
    import PortabilityModel
    import PostgreSQLExtractor
    import SQLCore
    import TestServers
    import Testing

    extension PostgreSQLTests {
        @Suite struct Queries {
            private static let people = """
                CREATE TABLE people (id int PRIMARY KEY, user_id int, name text);
                INSERT INTO people VALUES (1, 7, 'a'), (2, 8, 'b'), (3, 7, 'c'), (4, 9, 'd');
                """

            private func records(_ database: String, _ query: String, _ subject: SubjectKeys) async throws -> [String] {
                try await extract(try extractor(database, query), subject).records
            }

            // MARK: Identifiers

            @Test func aListOfIdentifiersIsBoundAsOneArray() async throws {
                let name = try database(Self.people)
                let query =
                    "SELECT id AS record_id, user_id AS subject FROM people WHERE user_id IN (:user_id) ORDER BY 1"
                #expect(try await records(name, query, user("7", "9")) == ["1 7", "3 7", "4 9"])
            }

            @Test(arguments: [
                "\"", "\\", "a,b", "{}", "NULL", "'; DROP TABLE t; --", " ", "ä€😀", "{\"a\":1}", "$1", "\n",
            ])
            func anyTextIsBoundAsItIs(value: String) async throws {
                let name = try database("CREATE TABLE t (x text)")
                let quoted = value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
                try server.run("INSERT INTO t VALUES ('\(quoted)'), ('other')", database: name)
                for condition in ["x IN (:user_id)", "x = :user_id", "x = ANY(:user_id)"] {
                    #expect(
                        try await records(
                            name, "SELECT 1 AS record_id, x AS subject FROM t WHERE \(condition)", user(value))
                            == ["1 \(value)"])
                }
                #expect(
                    try await records(
                        name, "SELECT 1 AS record_id, x AS subject FROM t WHERE x NOT IN (:user_id)", user(value))
                        == ["1 other"])
            }

            @Test func anIdentifierThatIsNoValueOfTheColumnsTypeMatchesNothing() async throws {
                let name = try database(
                    Self.people
                        + """
                        CREATE TABLE things (id uuid, owner int2, price numeric, day date);
                        INSERT INTO things VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 7, 1.5, '2024-01-02');
                        """)
                for (column, value) in [
                    ("id", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), ("owner", "7"), ("price", "1.5"),
                    ("day", "2024-01-02"),
                ] {
                    let query = "SELECT 1 AS record_id, \(column) AS subject FROM things WHERE \(column) IN (:user_id)"
                    for nonsense in ["x", "70000000000000000000", "07", "1e", "", "7; --", "a0eebc99", "2024-02-30"] {
                        #expect(try await records(name, query, user(nonsense)).isEmpty)
                        #expect(try await records(name, query, user(nonsense, value)) == ["1 \(value)"])
                    }
                }
            }

            @Test func aSingleIdentifierOfAnotherTypeIsAFaultOfTheQuery() async throws {
                let name = try database(Self.people)
                let error = await refusal {
                    _ = try await records(
                        name, "SELECT id AS record_id, user_id AS subject FROM people WHERE user_id = :user_id",
                        user(secret))
                }
                #expect(error?.code == .configuration)
                #expect(error?.remedy?.contains("IN (:name)") == true)
                #expect(error.map { "\($0)" }?.contains(secret) == false)
            }

            @Test func aParameterWithoutAType() async throws {
                let error = await refusal {
                    _ = try await records(
                        try database(), "SELECT 1 AS record_id, 1 AS subject WHERE :user_id IS NOT NULL", user("1"))
                }
                #expect(error?.code == .configuration)
                #expect(error?.remedy?.contains("::text") == true)
            }

            @Test func candidatesAreRowsOfIdentifiersOfAnySuitableType() async throws {
                let name = try database(
                    """
                    CREATE TABLE users (user_id uuid, customer_number numeric, email char(20));
                    INSERT INTO users VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 12345678901234567890, 'a@b.fi'),
                        ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', NULL, 'a@b.fi');
                    """)
                let source = try extractor(
                    name,
                    identify: ["SELECT user_id, customer_number, email FROM users WHERE email IN (:email) ORDER BY 1"])
                let candidates = try await withSession(source) {
                    try await $0.resolve(SubjectKeys([Identifier(kind: "email", value: "a@b.fi")]))
                }
                #expect(
                    candidates.map { $0["user_id"] } == [
                        ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"], ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12"],
                    ])
                #expect(candidates.map { $0["customer_number"] } == [["12345678901234567890"], []])
                #expect(candidates.map { $0["email"] } == [["a@b.fi"], ["a@b.fi"]])
            }

            @Test(arguments: ["1.5::float8", "true", "now()", "ARRAY[1]", "'\\x00'::bytea", "'NaN'::numeric"])
            func othersTellNothingApart(expression: String) async throws {
                let source = try extractor(try database(), identify: ["SELECT \(expression) AS user_id"])
                let error = await refusal { _ = try await withSession(source) { try await $0.resolve(user("1")) } }
                #expect(error?.code == .drift)
            }

            // MARK: Batches and order

            @Test(arguments: [1, 2, 3, 4, 5, 1024])
            func everyRowIsInOneBatch(rows: Int) async throws {
                let collector = try await extract(
                    try extractor(
                        try database(), "SELECT i AS record_id, 1 AS subject FROM generate_series(1, 4) AS i"),
                    limits: BatchLimits(rows: rows))
                #expect(collector.records == ["1 1", "2 1", "3 1", "4 1"])
                #expect(collector.batches.allSatisfy { $0.records.count <= rows })
            }

            @Test func textIsOrderedByItsBytesWhereTheQuerySaysSo() async throws {
                let name = try database(
                    "CREATE TABLE t (x text); INSERT INTO t VALUES ('b'), ('B'), ('a'), ('Ä'), ('')")
                #expect(
                    try await records(
                        name, "SELECT x AS record_id, 1 AS subject FROM t WHERE x <> '' ORDER BY x COLLATE \"C\"",
                        user("1"))
                        == ["B 1", "a 1", "b 1", "Ä 1"])
            }

            @Test func moreThanTheBufferHolds() async throws {
                let collector = try await extract(
                    try extractor(
                        try database(),
                        "SELECT i AS record_id, 1 AS subject, repeat('x', i) AS name FROM generate_series(1, 3000) AS i"
                    ))
                #expect(collector.records.count == 3000)
                #expect(collector.records.last == "3000 1 string=" + String(repeating: "x", count: 3000))
            }

            // MARK: What is there

            @Test func tablesColumnsAndKeys() async throws {
                let name = try database(
                    """
                    CREATE TABLE people (id int PRIMARY KEY, name varchar(40));
                    CREATE SCHEMA shop;
                    CREATE TABLE shop.orders (number int, line int, buyer int REFERENCES people, at date NOT NULL,
                        dropped int, PRIMARY KEY (number, line)) ;
                    ALTER TABLE shop.orders DROP COLUMN dropped;
                    CREATE TABLE shop.notes (number int, line int, FOREIGN KEY (number, line) REFERENCES shop.orders);
                    CREATE TABLE events (at date, what jsonb, who int REFERENCES people) PARTITION BY RANGE (at);
                    CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
                    CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
                    CREATE VIEW buyers AS SELECT * FROM people;
                    CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n FROM people;
                    CREATE TABLE secrets (x int); CREATE TABLE partly (open int, closed int);
                    CREATE SCHEMA hidden; CREATE TABLE hidden.t (x int);
                    DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN;
                    GRANT USAGE ON SCHEMA shop TO looker;
                    GRANT SELECT ON people, shop.orders, shop.notes, events, buyers, counts, hidden.t TO looker;
                    GRANT SELECT (open) ON partly TO looker;
                    """)
                let source = try extractor(name, user: "looker")
                let session = try await source.open(context())
                let schema = try await #require(session as? any SQLSchemaSession).schema()
                await session.close()
                #expect(
                    schema.tables.map(\.name) == [
                        "buyers", "counts", "events", "hidden.t", "partly", "people", "secrets", "shop.notes",
                        "shop.orders",
                    ], "what the role may not read is there too")
                #expect(schema.tables.filter(\.isView).map(\.name) == ["buyers", "counts"])
                #expect(schema.table("partly")?.columns.map(\.name) == ["open", "closed"])
                #expect(schema.table("people")?.columns.map(\.type) == ["integer", "character varying(40)"])
                let orders = try #require(schema.table("shop.orders"))
                #expect(orders.columns.map(\.name) == ["number", "line", "buyer", "at"])
                #expect(orders.primaryKey == ["number", "line"])
                #expect(orders.foreignKeys.map(\.table) == ["people"])
                let notes = try #require(schema.table("shop.notes"))
                #expect(notes.foreignKeys.map(\.columns) == [["number", "line"]])
                #expect(notes.foreignKeys.map(\.references) == [["number", "line"]])
                #expect(notes.foreignKeys.map(\.table) == ["shop.orders"])
                #expect(schema.table("events")?.foreignKeys.map(\.columns) == [["who"]])
            }

            @Test func columnsOfAQueryAreTracedToTheirTables() async throws {
                let name = try database(
                    Self.people
                        + "CREATE SCHEMA shop; CREATE TABLE shop.orders (buyer int, shoe_size int);"
                        + "CREATE VIEW named AS SELECT id AS number, name FROM people;")
                let source = try extractor(
                    name,
                    """
                    SELECT p.id AS record_id, user_id AS subject, upper(p.name) AS name, o.shoe_size AS x, v.name AS y
                    FROM people AS p LEFT JOIN shop.orders AS o ON o.buyer = p.id LEFT JOIN named AS v ON v.number = p.id
                    WHERE user_id IN (:user_id)
                    """)
                let items = try #require(try await withSession(source) { try await $0.coverage(.schema) })
                func use(_ container: String, _ name: String) -> CoverageItem? {
                    items.first { $0.container == container && $0.name == name }
                }
                guard case .exported = use("shop.orders", "shoe_size")?.use else {
                    Issue.record("the column of the joined table is not traced")
                    return
                }
                guard case .unknown = use("people", "name")?.use else {
                    Issue.record("a column within an expression is not one that is exported")
                    return
                }
                #expect(use("people", "name")?.candidate == "things")
            }
        }
    }
#endif
