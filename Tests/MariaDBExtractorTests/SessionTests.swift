#if MariaDB
    import Glibc
    import MariaDBExtractor
    import PortabilityModel
    import SQLCore
    import Synchronization
    import TestServers
    import Testing

    /// Waits until something is so, for half a minute at most.
    private func eventually(_ condition: () throws -> Bool) async throws -> Bool {
        for _ in 0..<300 {
            if try condition() { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    @Suite("A session with a MariaDB server", .onOwnThreads)
    struct MariaDBSessionTests {
        private let rows =
            "CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t SELECT seq, REPEAT('x', 200) FROM"
        private let query = "SELECT id AS record_id, :user_id AS subject, v AS name FROM t ORDER BY id"

        @Test("sees one state from the identification to the last record")
        func snapshot() async throws {
            let database = try Database(
                """
                CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(40)); INSERT INTO users VALUES (1, 'a@example.org');
                CREATE TABLE t (id INT PRIMARY KEY, user INT); INSERT INTO t VALUES (1, 1);
                CREATE TABLE untouched (id INT PRIMARY KEY, user INT); INSERT INTO untouched VALUES (7, 1);
                """)
            let source = try extractor(
                database.address, "SELECT id AS record_id, user AS subject FROM t WHERE user IN (:user_id) ORDER BY id",
                more: ["SELECT id AS record_id, user AS subject FROM untouched WHERE user IN (:user_id) ORDER BY id"],
                identify: ["SELECT id AS user_id FROM users WHERE email IN (:email)"])
            let collector = Collector { _ in
                try database.run("INSERT IGNORE INTO t VALUES (3, 1); INSERT IGNORE INTO untouched VALUES (9, 1)")
            }
            try await withSession(source) { session in
                // The snapshot is taken when the session begins, not when a table is first read.
                try database.run("INSERT INTO t VALUES (2, 1); DELETE FROM untouched; UPDATE users SET email = 'b'")
                let email = SubjectKeys([Identifier(kind: "email", value: "a@example.org")])
                #expect(try await session.resolve(email).map { $0["user_id"] } == [["1"]])
                let end = try await session.extract(
                    ExtractionRequest(datasets: ["things", "more1"], subject: user("1")), into: collector)
                #expect(end.records == [1, 1])
            }
            #expect(collector.records == ["1 1", "7 1"])
            #expect(try database.run("SELECT count(*) FROM t") == "3\n")
        }

        @Test(
            "fails rather than show a table as empty that was emptied or made anew since it began",
            arguments: [
                "TRUNCATE t", "DROP TABLE t; CREATE TABLE t (id INT PRIMARY KEY, v TEXT)",
                "ALTER TABLE t ADD COLUMN w INT FIRST", "OPTIMIZE TABLE t",
            ])
        func rebuilt(_ statement: String) async throws {
            let database = try Database("CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a');")
            let collector = Collector()
            let error = await failure {
                try await withSession(extractor(database.address, query)) {
                    try database.run(statement)
                    return try await $0.extract(
                        ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
                }
            }
            // A column that is added does not change what the old rows are, and may be no fault.
            #expect(error?.code == .unavailable || collector.records == ["1 1 string=a"])
        }

        @Test("writes nothing, whatever a query calls")
        func readsOnly() async throws {
            let database = try Database(
                """
                CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1); CREATE SEQUENCE s;
                DELIMITER |
                CREATE FUNCTION f() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO t VALUES (2); RETURN 1; END|
                DELIMITER ;
                """)
            for expression in ["f()", "NEXT VALUE FOR s"] {
                let source = try extractor(
                    database.address, "SELECT \(expression) AS record_id, :user_id AS subject FROM t")
                let error1 = await failure { _ = try await extract(source) }
                #expect(error1?.code == .configuration)
            }
            #expect(try database.run("SELECT count(*) FROM t; SELECT PREVIOUS VALUE FOR s") == "1\nNULL\n")
            for statement in ["SELECT id AS record_id, 1 AS subject FROM t FOR UPDATE", "SELECT 1 INTO OUTFILE 'x'"] {
                #expect(throws: PortabilityError(.configuration, "")) { try extractor(database.address, statement) }
            }
        }

        @Test("that is cancelled while the server works ends, and nothing goes on there")
        func cancelWhileRunning() async throws {
            let database = try Database("CREATE TABLE t (id INT); INSERT INTO t VALUES (1);")
            let source = try extractor(
                database.address, "SELECT id AS record_id, :user_id AS subject, SLEEP(600) AS number FROM t")
            let task = Task { try await extract(source) }
            let isSo1 = try await eventually { try !database.running().isEmpty }
            #expect(isSo1)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try database.running() == [])
            let isSo2 = try await eventually { try database.connections() == 0 }
            #expect(isSo2)
        }

        @Test("that is cancelled between two batches leaves no query behind")
        func cancelBetween() async throws {
            let database = try Database("\(rows) seq_1_to_200000")
            let source = try extractor(database.address, query)
            let task = Mutex<Task<Void, any Error>?>(nil)
            let collector = Collector { count in
                guard count == 2 else { return }
                // The server has more rows than fit the socket: the query still runs.
                let running = try database.running()
                #expect(running.count == 1)
                task.withLock { $0?.cancel() }
            }
            let gate = AsyncStream<Void>.makeStream()
            let reading = Task {
                for await _ in gate.stream {}
                try await withSession(source) {
                    _ = try await $0.extract(
                        ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
                }
            }
            task.withLock { $0 = reading }
            gate.continuation.finish()
            await #expect(throws: CancellationError.self) { try await reading.value }
            #expect(collector.batches.count == 2)
            let isSo3 = try await eventually { try database.running().isEmpty && database.connections() == 0 }
            #expect(isSo3)
        }

        @Test("goes on in the same snapshot after a dataset that was given up in the middle of its rows")
        func abandonedRows() async throws {
            struct Enough: Error {}
            let database = try Database(
                "\(rows) seq_1_to_300000; CREATE TABLE s (id INT PRIMARY KEY); INSERT INTO s VALUES (1);")
            let source = try extractor(
                database.address, query, more: ["SELECT id AS record_id, :user_id AS subject FROM s ORDER BY id"])
            try await withSession(source) { session in
                let first = Collector { _ in throw Enough() }
                await #expect(throws: Enough.self) {
                    try await session.extract(ExtractionRequest(datasets: ["things"], subject: user("1")), into: first)
                }
                #expect(try database.running() == [])
                try database.run("INSERT INTO s VALUES (2)")
                for _ in 0..<2 {
                    let second = Collector()
                    let end = try await session.extract(
                        ExtractionRequest(datasets: ["more1"], subject: user("1")), into: second)
                    #expect(end.records == [1])
                }
                let whole = Collector()
                let end = try await session.extract(
                    ExtractionRequest(datasets: ["things"], subject: user("1")), into: whole)
                #expect(end.records == [300_000])
            }
        }

        @Test("lets the server work on a statement for so long and no longer, and can be used afterwards")
        func statementLimit() async throws {
            let database = try Database("CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);")
            let source = try extractor(
                database.address, "SELECT id AS record_id, :user_id AS subject, SLEEP(600) AS number FROM t",
                more: ["SELECT id AS record_id, :user_id AS subject FROM t"], seconds: 0.3)
            try await withSession(source) { session in
                let error = await failure {
                    _ = try await session.extract(
                        ExtractionRequest(datasets: ["things"], subject: user("1")), into: Collector())
                }
                #expect(error?.code == .limit && error?.place.dataset == "things")
                #expect(try database.running() == [])
                let collector = Collector()
                _ = try await session.extract(
                    ExtractionRequest(datasets: ["more1"], subject: user("1")), into: collector)
                #expect(collector.records == ["1 1"])
            }
        }

        @Test("does not count the time that the encoders take against the server")
        func backPressure() async throws {
            let server = try MariaDBServer(settings: ["--net-write-timeout=1", "--max-statement-time=1"])
            let database = try Database("SET max_statement_time = 0; \(rows) seq_1_to_100000", server: server)
            let source = try extractor(database.address, query, seconds: 2)
            let collector = Collector { count in if count == 2 { try await Task.sleep(for: .seconds(3)) } }
            let end = try await withSession(source) {
                try await $0.extract(ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
            }
            #expect(end.records == [100_000])
        }

        @Test("counts records for an estimate, or gives up in time")
        func estimate() async throws {
            let database = try Database(
                "CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t SELECT seq FROM seq_1_to_1234;")
            let source = try extractor(
                database.address, "SELECT id AS record_id, :user_id AS subject FROM t ORDER BY id -- all of them",
                more: ["SELECT id AS record_id, :user_id AS subject FROM t WHERE SLEEP(1) = 0"])
            try await withSession(source) { session async throws in
                #expect(try await session.estimate("things", for: user("1")) == 1234)
                #expect(try await session.estimate("more1", for: user("1")) == nil)
                #expect(try await session.estimate("things", for: user("1")) == 1234)
                #expect(try database.running() == [])
            }
        }

        @Test("waits for a lock as long as it is told")
        func lock() async throws {
            let database = try Database("CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);")
            let source = try extractor(
                database.address, "SELECT id AS record_id, :user_id AS subject FROM t", lockSeconds: 1)
            let holder = Task.detached {
                try database.run("LOCK TABLES t WRITE; SELECT 'locked', SLEEP(600)")
            }
            let isSo4 = try await eventually { try database.running().contains { $0.contains("locked") } }
            #expect(isSo4)
            let error = await failure { _ = try await extract(source) }
            #expect(error?.code == .unavailable && error?.remedy?.contains("lock_seconds") == true)
            try database.kill(where: "info LIKE 'SELECT ''locked%'")
            _ = try? await holder.value
            #expect(try await extract(source).records == ["1 1"])
        }

        @Test("fails when the server is killed while rows are read, and does not claim to be complete")
        func serverKilled() async throws {
            let server = try MariaDBServer()
            let database = try Database("\(rows) seq_1_to_200000", server: server)
            let collector = Collector { count in if count == 2 { server.kill() } }
            let error = await failure {
                try await withSession(extractor(database.address, query)) {
                    _ = try await $0.extract(
                        ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
                }
            }
            #expect(error?.code == .unavailable && error?.place.dataset == "things")
            // And before it is read at all.
            let gone = await failure { _ = try await extract(extractor(database.address, query)) }
            #expect(gone?.code == .unavailable && gone?.place.source == "register")
        }

        @Test("fails when its connection is killed between two datasets")
        func connectionKilled() async throws {
            let database = try Database("CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a');")
            let source = try extractor(database.address, query, more: [query])
            let collector = Collector { _ in try database.kill(where: "TRUE") }
            let error = await failure {
                try await withSession(source) {
                    _ = try await $0.extract(
                        ExtractionRequest(datasets: ["things", "more1"], subject: user("1")), into: collector)
                }
            }
            #expect(error?.code == .unavailable && error?.place.dataset == "more1")
        }

        @Test("does not wait for ever for a server that says nothing")
        func silentServer() async throws {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(listener) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, length)
                    listen(listener, 1)
                    getsockname(listener, $0, &length)
                }
            }
            let place = MariaDBAddress(
                host: "127.0.0.1", port: Int(UInt16(bigEndian: address.sin_port)), user: "root", database: "d")
            let error = await failure { _ = try await extractor(place, connectSeconds: 1).open(context()) }
            #expect(error?.code == .unavailable && error?.remedy?.contains("connect_seconds") == true)
        }

        @Test("is told what the server warned of, by number, and fails if it may have left something out unsaid")
        func warnings() async throws {
            let database = try Database()
            func query(_ expressions: String, _ rows: Int) -> String {
                "SELECT seq AS record_id, :user_id AS subject, \(expressions) FROM seq_1_to_\(rows) ORDER BY seq"
            }
            let told = try await extract(
                extractor(
                    database.address, query("1 / (seq - 1) AS amount, CAST(CONCAT('x', seq) AS INT) AS number", 3)))
            #expect(
                told.findings.filter { $0.kind == .nonconforming }.map { "\($0.message.suffix(12)) \($0.count)" } == [
                    "(error 1292) 3", "(error 1365) 1",
                ])
            #expect(!told.findings.contains { $0.message.contains("x1") || $0.losesRecords })
            // A value that is left out after so many others is not unsaid: the server says so to the end.
            for rows in [2000, 70_000] {
                let last =
                    "CAST(CONCAT('x', seq) AS INT) AS number, IF(seq = \(rows), REPEAT('x', 1 << 30), '') AS name"
                let error = await failure { _ = try await extract(extractor(database.address, query(last, rows))) }
                #expect(error?.code == .limit)
            }
        }

        @Test("is the same for every query, whatever a function sets that one of them calls")
        func settings() async throws {
            let database = try Database(
                """
                CREATE TABLE t (id INT PRIMARY KEY, v TEXT, at TIMESTAMP NULL);
                SET time_zone = '+00:00'; INSERT INTO t VALUES (1, 'a', '2024-06-01 12:00:00'), (2, 'b', NULL);
                DELIMITER |
                CREATE FUNCTION f() RETURNS INT NO SQL BEGIN
                    SET SESSION sql_select_limit = 1, time_zone = '+09:00', sql_mode = 'ANSI', max_error_count = 0,
                        character_set_results = latin1;
                    RETURN 1; END|
                DELIMITER ;
                """)
            let source = try extractor(
                database.address, "SELECT f() AS record_id, :user_id AS subject",
                more: [#"SELECT id AS record_id, :user_id AS subject, "ä" AS name, at AS moment FROM t ORDER BY id"#])
            let collector = Collector()
            try await withSession(source) {
                _ = try await $0.extract(
                    ExtractionRequest(datasets: ["things", "more1"], subject: user("1")), into: collector)
            }
            #expect(collector.records == ["1 1", "1 1 string=ä timestamp=2024-06-01T12:00:00Z", "2 1 string=ä"])
        }

        @Test("does not take something else that listens for a server", arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n"])
        func garbage(_ answer: String) async throws {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(listener) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, length)
                    listen(listener, 1)
                    getsockname(listener, $0, &length)
                }
            }
            async let answering: Void = {
                let client = accept(listener, nil, nil)
                _ = answer.withCString { send(client, $0, strlen($0), Int32(truncatingIfNeeded: Int(MSG_NOSIGNAL))) }
                close(client)
            }()
            let place = MariaDBAddress(
                host: "127.0.0.1", port: Int(UInt16(bigEndian: address.sin_port)), user: "root", database: "d")
            let error = await failure { _ = try await extractor(place, connectSeconds: 2).open(context()) }
            await answering
            #expect(error?.code == .unavailable && error?.message.contains("did not answer") == true)
        }

        @Test("tells that a table without transactions was written while it was read")
        func noSnapshot() async throws {
            let database = try Database(
                "CREATE TABLE t (id INT PRIMARY KEY, v TEXT) ENGINE=MyISAM; INSERT INTO t VALUES (1, 'a'), (2, 'b');")
            let source = try extractor(database.address, query)
            #expect(try await extract(source).records.count == 2)
            let collector = Collector { _ in try database.run("INSERT INTO t VALUES (3, 'c')") }
            let error = await failure {
                try await withSession(source) {
                    _ = try await $0.extract(
                        ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
                }
            }
            #expect(error?.code == .unavailable && error?.place.field == "t")
        }

        @Test("reads what it checks: queries, look-ups, columns that are not there")
        func check() async throws {
            let database = try Database("CREATE TABLE t (id INT PRIMARY KEY, user INT, shoe_size INT);")
            let good = "SELECT id AS record_id, user AS subject, shoe_size FROM t WHERE user IN (:user_id) ORDER BY id"
            let source = try extractor(
                database.address, good,
                more: [
                    "SELECT id AS record_id, user AS subject FROM missing WHERE user = :user_id",
                    "SELECT id AS record_id, hat AS subject FROM t WHERE user = :user_id",
                ], identify: ["SELECT user AS user_id FROM t WHERE id = :user_id"])
            let findings = try await withSession(source) { try await $0.check() }
            #expect(
                findings.filter { $0.kind == .drift && $0.losesRecords }.map {
                    "\($0.place.dataset ?? "") \($0.message)"
                } == [
                    "more1 the database has no table \(database.name).missing", "more2 the database has no column hat",
                ])
            #expect(findings.contains { $0.kind == .unmapped && $0.place.field == "shoe_size" })
            #expect(try await extract(source).records == [])
        }

        @Test(
            "fails with what is broken in the database, and where",
            arguments: [
                ("DROP VIEW v", PortabilityError.Code.drift), ("DROP TABLE t", .drift),
                ("ALTER TABLE t DROP COLUMN v", .drift), ("CREATE OR REPLACE VIEW v AS SELECT 1 AS one", .drift),
                ("REVOKE SELECT ON v FROM USER_NAME", .denied), ("DROP USER USER_NAME", .denied),
                ("DROP DATABASE DATABASE_NAME", .configuration),
            ])
        func broken(_ statement: String, _ code: PortabilityError.Code) async throws {
            let database = try Database(
                "CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a'); "
                    + "CREATE VIEW v AS SELECT * FROM t;")
            let name = "reader_\(database.name)"
            try database.user(name, "GRANT SELECT ON \(database.name).v TO \(name)")
            var address = database.address
            address.user = name
            let source = try extractor(
                address, "SELECT id AS record_id, :user_id AS subject, v AS name FROM v ORDER BY id")
            #expect(try await extract(source).records == ["1 1 string=a"])
            func named(_ mark: String, _ value: String, _ text: String) -> String {
                text.split(separator: mark, omittingEmptySubsequences: false).joined(separator: value)
            }
            try database.run(named("DATABASE_NAME", database.name, named("USER_NAME", name, statement)))
            let error = await failure { _ = try await extract(source) }
            #expect(error?.code == code)
            #expect(error?.place.source == "register" && error?.remedy != nil)
        }

        @Test("describes tables, types, keys and where a query's columns come from")
        func schema() async throws {
            let database = try Database(
                """
                CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(40));
                CREATE TABLE orders (user INT, number INT, total DECIMAL(9,2), PRIMARY KEY (number, user),
                    CONSTRAINT owner FOREIGN KEY (user) REFERENCES users (id));
                CREATE VIEW v AS SELECT * FROM users; CREATE SEQUENCE s;
                CREATE TABLE secret (password TEXT);
                """)
            try database.user(
                "clerk\(database.name)", password: "",
                ["users", "orders", "v"].map { "GRANT SELECT ON \(database.name).\($0) TO clerk\(database.name);" }
                    .joined())
            var address = database.address
            address.user = "clerk\(database.name)"
            for address in [database.address, address] {
                let source = try extractor(
                    address,
                    "SELECT o.number AS record_id, u.id AS subject, email AS name, total + 1 AS amount "
                        + "FROM users AS u JOIN orders AS o ON o.user = u.id WHERE u.id IN (:user_id) ORDER BY 1")
                let session = try await source.open(context())
                let schema = try await (session as? any SQLSchemaSession)?.schema()
                let items = try await session.coverage(.schema)
                await session.close()
                let tables = try #require(schema).tables.filter { $0.name != "secret" }
                #expect(tables.map(\.name) == ["orders", "users", "v"])
                #expect(tables.map(\.isView) == [false, false, true])
                #expect(
                    tables[0].columns.map { "\($0.name) \($0.type)" } == [
                        "user int(11)", "number int(11)", "total decimal(9,2)",
                    ])
                #expect(tables[0].primaryKey == ["number", "user"])
                let uses = try #require(items).filter { $0.container != "secret" && $0.container != "v" }
                    .map { "\($0.container).\($0.name ?? "") \($0.use)" }
                #expect(uses.map { $0.split(separator: "(")[0] }.contains { $0.hasPrefix("users.email exported") })
                if address.user == "root" {
                    #expect(
                        tables[0].foreignKeys.map { "\($0.columns) \($0.table) \($0.references)" } == [
                            #"["user"] users ["id"]"#
                        ])
                    #expect(schema?.table("secret") != nil)
                } else {
                    #expect(schema?.table("secret") == nil)
                }
            }
        }
    }
#endif
