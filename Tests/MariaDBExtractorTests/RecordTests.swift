#if MariaDB
    import MariaDBExtractor
    import PortabilityModel
    import SQLCore
    import TestServers
    import Testing

    extension MariaDBExtractorTests {
        @Test("go onto the catalogue's fields by their types")
        func fields() async throws {
            let database = try Database(
                """
                CREATE TABLE t (id BIGINT PRIMARY KEY, user INT, name TEXT, number DECIMAL(20,0), amount DECIMAL(9,3),
                    flag BOOLEAN, day DATE, clock TIME, moment TIMESTAMP(3) NULL, local DATETIME, span TIME(1),
                    payload JSON, city VARCHAR(20));
                INSERT INTO t VALUES
                    (1, 1, 'Äijö 😀', 42, 0.1, 1, '2024-02-29', '12:30', '2024-01-02 03:04:05.6', '2024-01-02 03:04:05',
                     '12:30:01.5', '{"b": 1, "a": [1.50]}', 'Oulu'),
                    (2, 1, '', -7, 12.34, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                    (3, 1, NULL, NULL, NULL, 2, NULL, '-00:00:01', NULL, NULL, '00:00:00', NULL, NULL),
                    (4, 2, 'of another user', 1, 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
                """)
            let found = try await extract(
                extractor(
                    database.address,
                    """
                    SELECT id AS record_id, user AS subject, city AS "address.city", day, flag, name, number, amount, moment,
                        local, payload, clock, span
                    FROM t WHERE user IN (:user_id) ORDER BY id
                    """))
            #expect(
                found.records == [
                    "1 1 string=Äijö 😀 integer=42 decimal=0.100 boolean=true date=2024-02-29 time=12:30:00 "
                        + "timestamp=2024-01-02T03:04:05.600Z local-timestamp=2024-01-02T03:04:05 duration=PT12H30M1.5S "
                        + #"json={"b":1,"a":[1.50]} { string=Oulu }"#,
                    "2 1 integer=-7 decimal=12.340 boolean=false",
                    "3 1 duration=PT0S !clock string=-PT1S !flag string=2",
                ])
            #expect(found.findings.map(\.kind) == [.mistyped, .mistyped])
            #expect(found.batches.flatMap(\.records).allSatisfy { $0.idKind == .integer })
        }

        @Test("with dates that have a zero in them keep the server's spelling, and are counted")
        func zeroDates() async throws {
            let database = try Database(
                """
                SET sql_mode = 'ALLOW_INVALID_DATES';
                CREATE TABLE t (id INT, day DATE, moment TIMESTAMP NULL, local DATETIME(2), other DATE);
                INSERT INTO t VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00'),
                    (2, '2024-00-00', NULL, '2024-05-00 10:11:12.13', '0000-00-00'), (3, '2024-01-01', NULL, NULL, NULL),
                    (4, '0000-01-01', NULL, NULL, NULL), (5, '2023-02-30', NULL, NULL, '2023-02-30');
                """)
            let found = try await extract(
                extractor(
                    database.address,
                    "SELECT id AS record_id, :user_id AS subject, day, moment, local, other AS birth FROM t ORDER BY id"
                ))
            #expect(
                found.records == [
                    "1 1 !birth string=0000-00-00 !day string=0000-00-00 !local string=0000-00-00 00:00:00.00 "
                        + "!moment string=0000-00-00 00:00:00",
                    "2 1 !birth string=0000-00-00 !day string=2024-00-00 !local string=2024-05-00 10:11:12.13",
                    "3 1 date=2024-01-01", "4 1 date=0000-01-01",
                    "5 1 !birth string=2023-02-30 !day string=2023-02-30",
                ])
            let counts = found.findings.filter { $0.kind == .mistyped }.map { "\($0.place.field ?? "") \($0.count)" }
            #expect(counts == ["day 3", "moment 1", "local 2", "birth 3"])
        }

        @Test("have text that is not valid UTF-8 repaired and reported")
        func invalidText() async throws {
            let database = try Database(
                """
                CREATE TABLE old (id INT, name CHAR(40) CHARACTER SET latin1) ENGINE=MyISAM;
                INSERT INTO old VALUES (1, 'A\u{e4}B'), (2, 'good');
                CREATE TABLE t (id INT, name CHAR(10) CHARACTER SET utf8mb4) ENGINE=MyISAM;
                FLUSH TABLES;
                """)
            // As it happens when a table's files are brought over from a server with other settings.
            let files = "\(database.server.folder)/data/\(database.name)"
            for ending in ["MYD", "MYI"] {
                let copied = try MariaDBServer.output(
                    ["cp", "\(files)/old.\(ending)", "\(files)/t.\(ending)"], input: "")
                #expect(copied.status == 0)
            }
            try database.run("FLUSH TABLES")
            let found = try await extract(
                extractor(database.address, "SELECT id AS record_id, :user_id AS subject, name FROM t ORDER BY id"))
            #expect(found.records == ["1 1 string=A\u{FFFD}B", "2 1 string=good"])
            #expect(found.findings.map { "\($0.kind) \($0.place.field ?? "") \($0.count)" } == ["invalidText name 1"])
        }

        @Test("keep a text of megabytes whole, and are refused above the limit of a record")
        func hugeText() async throws {
            let database = try Database("CREATE TABLE t (v LONGTEXT); INSERT INTO t VALUES (REPEAT('ä', 4000000));")
            let source = try extractor(database.address, "SELECT 1 AS record_id, :user_id AS subject, v AS name FROM t")
            let found = try await extract(source)
            let batch = try #require(found.batches.first)
            let token = try #require(batch.tokens.first)
            #expect(token.length == 8_000_000)
            #expect(Array(batch.bytes[token.range]) == Array(String(repeating: "ä", count: 4_000_000).utf8))
            let error = await failure { _ = try await extract(source, limits: BatchLimits(recordBytes: 1_000_000)) }
            #expect(error?.code == .limit)
            #expect(error?.place.source == "register" && error?.place.dataset == "things")
        }

        @Test("are not cut by the server without a word")
        func nothingCut() async throws {
            let server = try MariaDBServer(settings: [
                "--group-concat-max-len=8", "--max-allowed-packet=1048576", "--max-join-size=100",
            ])
            let database = try Database(
                "SET GLOBAL sql_select_limit = 2; SET max_join_size = DEFAULT, sql_big_selects = 1; "
                    + "CREATE TABLE t (id INT, v TEXT); INSERT INTO t SELECT seq, REPEAT('x', 20000) FROM seq_1_to_40;",
                server: server)
            // The session lifts the limits that it may lift.
            let whole = try await extract(
                extractor(database.address, "SELECT id AS record_id, :user_id AS subject FROM t ORDER BY id"))
            #expect(whole.records.count == 40)
            let joined = try await extract(
                extractor(
                    database.address, "SELECT 1 AS record_id, :user_id AS subject, GROUP_CONCAT(v) AS name FROM t"))
            #expect(joined.batches.first?.tokens.first?.length == 800_039)
            // And says so where it may not: a function's result above max_allowed_packet is NULL.
            let source = try extractor(
                database.address, "SELECT 1 AS record_id, :user_id AS subject, REPEAT(v, 100) AS name FROM t LIMIT 1")
            let error1 = await failure { _ = try await extract(source) }
            #expect(error1?.code == .limit)
            let cut = try extractor(
                database.address, "SELECT 1 AS record_id, :user_id AS subject, LENGTH(GROUP_CONCAT(v)) AS number FROM t"
            )
            try database.run("INSERT INTO t SELECT id + 100, REPEAT(v, 3) FROM t")
            let error2 = await failure { _ = try await extract(cut, limits: BatchLimits(recordBytes: 1 << 20)) }
            #expect(error2?.code == .limit)
        }

        @Test("are found by identifiers of any spelling, and by nothing that is written in them")
        func hostileValues() async throws {
            let database = try Database(
                #"""
                CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, user VARCHAR(40) COLLATE utf8mb4_bin);
                INSERT INTO t(user) VALUES ('1'), ('''; DROP TABLE t; --'), ('a"b'), ('?'), (':user_id'), ('%'), ('äö€😀'),
                    ('\\'), ('\\'' OR 1 -- '), ('NULL'), ('a\0b');
                """#)
            let source = try extractor(
                database.address, "SELECT id AS record_id, user AS subject FROM t WHERE user IN (:user_id) ORDER BY id")
            let values = [
                "'; DROP TABLE t; --", "a\"b", "?", ":user_id", "%", "äö€😀", "\\", "\\' OR 1 -- ", "NULL", "a\0b",
            ]
            for (index, value) in values.enumerated() {
                #expect(try await extract(source, user(value)).records == ["\(index + 2) \(value)"])
            }
            #expect(try await extract(source, user("' OR '1'='1", "_", "\0", "\\'")).records == [])
            #expect(try await extract(source, user(["1"] + values)).records.count == 11)
        }

        @Test("number a hundred thousand and come in batches within the limits")
        func manyRows() async throws {
            let database = try Database(
                "CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t SELECT seq FROM seq_1_to_100000;")
            let source = try extractor(
                database.address, "SELECT id AS record_id, :user_id AS subject, id AS number FROM t ORDER BY id")
            let found = try await extract(source, limits: BatchLimits(rows: 1000, bytes: 10_000))
            #expect(found.records.count == 100_000)
            #expect(found.batches.allSatisfy { $0.records.count <= 1000 && $0.bytes.count <= 11_000 })
            #expect(found.records.last == "100000 1 integer=100000")
        }

        @Test("of big keys are told apart to the last digit, whatever the type of the column")
        func bigKeys() async throws {
            let database = try Database(
                """
                CREATE TABLE t (id BIGINT UNSIGNED PRIMARY KEY, user BIGINT UNSIGNED, KEY (user));
                INSERT INTO t VALUES (1, 9007199254740992), (2, 9007199254740993), (3, 18446744073709551615);
                """)
            let source = try extractor(
                database.address, "SELECT id AS record_id, user AS subject FROM t WHERE user IN (:user_id) ORDER BY id")
            #expect(try await extract(source, user("9007199254740993")).records == ["2 9007199254740993"])
            #expect(
                try await extract(source, user("9007199254740992", "18446744073709551615")).records == [
                    "1 9007199254740992", "3 18446744073709551615",
                ])
            let one = try extractor(
                database.address, "SELECT id AS record_id, user AS subject FROM t WHERE user = :user_id ORDER BY id")
            #expect(try await extract(one, user("9007199254740993")).records == ["2 9007199254740993"])
        }

        @Test("are compared as the collation says unless the query asks for bytes: the subject shows it")
        func collation() async throws {
            let database = try Database(
                "CREATE TABLE t (id VARCHAR(9) PRIMARY KEY, user VARCHAR(9)); "
                    + "INSERT INTO t VALUES ('1', 'abc'), ('2', 'ABC'), ('3', 'abc '), ('4', 'äbc');")
            // What another's record would be: its subject is not the one that was asked for, and the engine stops there.
            let loose = try extractor(
                database.address, "SELECT id AS record_id, user AS subject FROM t WHERE user IN (:user_id) ORDER BY id")
            #expect(try await extract(loose, user("abc")).records == ["1 abc", "2 ABC", "3 abc ", "4 äbc"])
            let strict = try extractor(
                database.address,
                "SELECT id AS record_id, user AS subject FROM t WHERE user COLLATE utf8mb4_nopad_bin IN (:user_id) "
                    + "ORDER BY BINARY id")
            #expect(try await extract(strict, user("abc")).records == ["1 abc"])
        }

        @Test("of a number are found by a text that begins with it: the subject shows it")
        func numberPrefix() async throws {
            let database = try Database("CREATE TABLE t (id INT PRIMARY KEY, user INT); INSERT INTO t VALUES (1, 7);")
            let source = try extractor(
                database.address, "SELECT id AS record_id, user AS subject FROM t WHERE user IN (:user_id) ORDER BY id")
            // The engine compares `7` with `7x`, and stops.
            #expect(try await extract(source, user("7x")).records == ["1 7"])
            #expect(try await extract(source, user("8", "x")).records == [])
        }

        @Test("come in the order of the bytes of a text key only if the query says so")
        func order() async throws {
            let database = try Database(
                "CREATE TABLE t (id VARCHAR(9)); INSERT INTO t VALUES ('a'), ('B'), ('ä'), ('z'), ('😀');")
            func ids(_ order: String) async throws -> [String] {
                let source = try extractor(
                    database.address, "SELECT id AS record_id, :user_id AS subject FROM t ORDER BY \(order)")
                return try await extract(source).records.map { String($0.split(separator: " ")[0]) }
            }
            // ä and a are one letter to the default collation, and B stands behind them.
            #expect(Set(try await ids("id").prefix(2)) == ["a", "ä"])
            #expect(try await ids("BINARY id") == ["B", "a", "z", "ä", "😀"])
            #expect(try await ids("id COLLATE utf8mb4_bin") == ["B", "a", "z", "ä", "😀"])
        }

        @Test("are joined by || as in the other stores, and quoted by \" and ' as in MariaDB")
        func dialect() async throws {
            let server = try MariaDBServer(settings: [
                "--sql-mode=ANSI,NO_BACKSLASH_ESCAPES", "--default-time-zone=+05:00",
            ])
            let database = try Database("CREATE TABLE t (moment TIMESTAMP);", server: server)
            try database.run("SET time_zone = '+00:00'; INSERT INTO t VALUES ('2024-06-01 12:00:00')")
            let found = try await extract(
                extractor(
                    database.address,
                    #"SELECT 1 AS record_id, :user_id AS subject, 'a' || "b" || '\'' AS name, moment FROM t"#))
            #expect(found.records == ["1 1 string=ab' timestamp=2024-06-01T12:00:00Z"])
        }
    }
#endif
