#if PostgreSQL
    import Glibc
    import PortabilityModel
    import PostgreSQLExtractor
    import TestServers
    import Testing

    extension PostgreSQLTests {
        @Suite struct Failures {
            private static let people = """
                CREATE TABLE people (id int PRIMARY KEY, user_id int NOT NULL, name text NOT NULL);
                INSERT INTO people SELECT i, 1, '\(secret)' || i FROM generate_series(1, 20000) AS i;
                """
            private static let query = """
                SELECT id AS record_id, user_id AS subject, name FROM people WHERE user_id IN (:user_id) ORDER BY id
                """

            /// The failure of an extraction, of which no part may repeat a value of the data.
            private func failure(
                _ database: String, _ query: String, _ subject: SubjectKeys = user("1"), user role: String = "admin",
                seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation
            ) async throws -> PortabilityError {
                let error = await refusal {
                    _ = try await extract(try extractor(database, query, user: role, seconds: seconds), subject)
                }
                let found = try #require(error, sourceLocation: sourceLocation)
                #expect(!"\(found)".contains(secret), sourceLocation: sourceLocation)
                #expect(found.place.source == "register", sourceLocation: sourceLocation)
                return found
            }

            // MARK: What runs on the server

            @Test func cancellingTheTaskStopsTheQueryOnTheServer() async throws {
                let name = try database()
                let sleeping = try extractor(
                    name, "SELECT 1 AS record_id, 1 AS subject, pg_sleep(600) IS NULL AS flag")
                let task = Task { _ = try await extract(sleeping) }
                #expect(try await eventually { try exports() == ["active"] })
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await eventually { try exports() == [] })
            }

            @Test func cancellingBetweenBatchesStopsTheQueryOnTheServer() async throws {
                let name = try database(Self.people)
                let task = Task {
                    let collector = Collector { _ in try await Task.sleep(for: .seconds(600)) }
                    _ = try await extract(
                        try extractor(name, Self.query), into: collector, limits: BatchLimits(rows: 10))
                }
                #expect(try await eventually { try exports() != [] })
                try await Task.sleep(for: .milliseconds(100))
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await eventually { try exports() == [] })
            }

            @Test func aFailureOfTheSinkLeavesNothingRunning() async throws {
                struct Full: Error {}
                let name = try database(Self.people)
                let collector = Collector { _ in throw Full() }
                await #expect(throws: Full.self) {
                    _ = try await extract(
                        try extractor(
                            name,
                            """
                            SELECT i AS record_id, 1 AS subject FROM generate_series(1, 100000000) AS i
                            """), into: collector, limits: BatchLimits(rows: 10))
                }
                #expect(try await eventually { try exports() == [] })
            }

            @Test func aQueryThatWasGivenUpLeavesTheSnapshotUsable() async throws {
                let name = try database(Self.people)
                let slow = try extractor(name, "SELECT i AS record_id, 1 AS subject FROM generate_series(1, 3) AS i")
                try await withSession(slow) { session in
                    let broken = Collector { _ in throw CancellationError() }
                    let request = ExtractionRequest(datasets: ["things"], subject: user("1"))
                    await #expect(throws: CancellationError.self) {
                        _ = try await session.extract(request, into: broken)
                    }
                    // The same transaction, on the same connection.
                    let collector = Collector()
                    let end = try await session.extract(request, into: collector)
                    #expect(end.records == [3])
                }
            }

            @Test func anEstimateThatTakesTooLongIsNoneAndHarmless() async throws {
                let name = try database()
                let query = """
                    SELECT i AS record_id, 1 AS subject FROM generate_series(1, 2) AS i
                    WHERE NOT :user_id = 'slow' OR pg_sleep(600) IS NULL
                    """
                let (slow, quick, states) = try await withSession(try extractor(name, query)) { session in
                    let slow = try await session.estimate("things", for: user("slow"))
                    return (slow, try await session.estimate("things", for: user("1")), try exports())
                }
                #expect(slow == nil)
                #expect(quick == 2)
                #expect(states == ["idle in transaction"])
            }

            @Test func theTimeOfAStatementEndsIt() async throws {
                let error = try await failure(
                    try database(), "SELECT 1 AS record_id, 1 AS subject, pg_sleep(600) IS NULL AS flag", seconds: 0.2)
                #expect(error.code == .limit)
                #expect(error.remedy?.contains("statement_seconds") == true)
                #expect(try await eventually { try exports() == [] })
            }

            @Test func waitingForTheEncodersIsNoTimeOfTheStatement() async throws {
                let name = try database(Self.people)
                let collector = Collector { _ in try await Task.sleep(for: .milliseconds(300)) }
                let found = try await extract(
                    try extractor(name, Self.query + " LIMIT 40", seconds: 0.25), into: collector,
                    limits: BatchLimits(rows: 20))
                #expect(found.records.count == 40)
            }

            // MARK: One state, only read

            @Test func everyQuerySeesTheStateAtTheOpening() async throws {
                let name = try database(Self.people)
                let source = try extractor(name, Self.query, identify: ["SELECT user_id FROM people WHERE id = 20001"])
                try await withSession(source) { session in
                    try server.run(
                        "INSERT INTO people VALUES (20001, 1, 'new'); DELETE FROM people WHERE id < 100",
                        database: name)
                    #expect(try await session.resolve(user("1")).isEmpty)
                    let collector = Collector()
                    let end = try await session.extract(
                        ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
                    #expect(end.records == [20000])
                }
            }

            @Test(arguments: [
                "TRUNCATE people", "ALTER TABLE people ALTER COLUMN id TYPE bigint",
                "CREATE TABLE copy AS TABLE people; DROP TABLE people; ALTER TABLE copy RENAME TO people",
            ])
            func aTableThatIsRewrittenMeanwhileIsNoCompleteExport(change: String) async throws {
                let name = try database(Self.people)
                try await withSession(try extractor(name, Self.query)) { session in
                    try server.run(change, database: name)
                    let error = await refusal {
                        _ = try await session.extract(
                            ExtractionRequest(datasets: ["things"], subject: user("1")), into: Collector())
                    }
                    #expect(error?.code == .unavailable)
                    #expect(error?.message.contains("rewritten") == true)
                }
            }

            @Test(arguments: [
                "DROP TABLE part", "ALTER TABLE parts DETACH PARTITION part", "DROP TABLE child",
                "ALTER TABLE child NO INHERIT parent",
                "CREATE OR REPLACE VIEW goods AS SELECT id, user_id, name FROM people WHERE id < 2",
                "ALTER TABLE people RENAME name TO old; ALTER TABLE people ADD name text",
            ])
            func whatIsDefinedAnewMeanwhileIsNoCompleteExport(change: String) async throws {
                let name = try database(
                    Self.people + """
                        CREATE TABLE parts (id int, user_id int, name text) PARTITION BY RANGE (id);
                        CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (30000);
                        CREATE TABLE parent (id int, user_id int, name text);
                        CREATE TABLE child () INHERITS (parent);
                        CREATE VIEW goods AS SELECT id, user_id, name FROM people;
                        BEGIN; CREATE OR REPLACE VIEW goods AS SELECT id, user_id, name FROM parts; ROLLBACK;
                        """)
                let query = """
                    SELECT id AS record_id, user_id AS subject, name FROM (TABLE goods UNION ALL
                    SELECT id, user_id, name FROM parts UNION ALL SELECT id, user_id, name FROM parent) AS x
                    WHERE user_id IN (:user_id) ORDER BY id
                    """
                try await withSession(try extractor(name, query)) { session in
                    try server.run(change, database: name)
                    let error = await refusal {
                        _ = try await session.extract(
                            ExtractionRequest(datasets: ["things"], subject: user("1")), into: Collector())
                    }
                    #expect(error?.code == .unavailable)
                    #expect(error?.message.contains("changed while") == true)
                }
                // Nor does the replacement count that was rolled back.
                try await withSession(try extractor(name, query)) { session in
                    _ = try await session.extract(
                        ExtractionRequest(datasets: ["things"], subject: user("1")), into: Collector())
                }
            }

            @Test func aNewIndexMeanwhileIsNoChange() async throws {
                let name = try database(Self.people)
                try await withSession(try extractor(name, Self.query)) { session in
                    try server.run("CREATE INDEX ON people (user_id); ANALYZE people", database: name)
                    let end = try await session.extract(
                        ExtractionRequest(datasets: ["things"], subject: user("1")), into: Collector())
                    #expect(end.records == [20000])
                }
            }

            @Test func aFunctionThatWritesFails() async throws {
                let name = try database(
                    Self.people
                        + """
                        CREATE FUNCTION note() RETURNS int LANGUAGE sql AS
                            $$ INSERT INTO people VALUES (0, 0, '\(secret)') RETURNING id $$;
                        """)
                let error = try await failure(name, "SELECT note() AS record_id, 1 AS subject")
                #expect(error.code == .configuration)
                #expect(error.message.contains("writes"))
                #expect(try server.run("SELECT count(*) FROM people", database: name) == "20000")
            }

            @Test(arguments: [
                "set_config('transaction_read_only', 'off', false)", "nextval('numbers')::text",
            ])
            func theTransactionStaysReadOnly(expression: String) async throws {
                let name = try database("CREATE SEQUENCE numbers")
                _ = try await failure(name, "SELECT 1 AS record_id, 1 AS subject, \(expression) AS name")
            }

            @Test(arguments: [
                ("transaction_isolation", "repeatable read"), ("transaction_read_only", "on"),
                ("default_transaction_read_only", "on"), ("TimeZone", "UTC"), ("statement_timeout", "0"),
                ("idle_in_transaction_session_timeout", "0"), ("lock_timeout", "300ms"), ("row_security", "off"),
                ("application_name", "portability"), ("client_encoding", "UTF8"),
                // The server notices by itself that nobody waits for a query any more.
                ("client_connection_check_interval", "2s"),
            ])
            func theSessionIsPinned(setting: String, value: String) async throws {
                let found = try await extract(
                    try extractor(
                        "postgres", "SELECT 1 AS record_id, 1 AS subject, current_setting('\(setting)') AS name"))
                #expect(found.records == ["1 1 string=\(value)"])
            }

            // MARK: The server goes away

            @Test func aServerThatIsNotThere() async throws {
                let source = try PostgreSQLExtractor(
                    PostgreSQLConfiguration(
                        configuration(), server: .uri("postgresql://someone@/\(secret)?host=/nonexistent")))
                let error = await refusal { _ = try await source.open(context()) }
                #expect(error?.code == .unavailable)
                #expect(error.map { "\($0)" }?.contains(secret) == false)
            }

            @Test func aSessionThatIsEndedInTheMiddle() async throws {
                let name = try database(Self.people)
                let collector = Collector { count in
                    if count == 2 {
                        try server.run(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portability'"
                        )
                    }
                }
                let query = """
                    SELECT i AS record_id, 1 AS subject, repeat('\(secret)', 100) AS name
                    FROM generate_series(1, 1000000) AS i
                    """
                let error = await refusal {
                    _ = try await extract(try extractor(name, query), into: collector)
                }
                #expect(error?.code == .unavailable)
                #expect(error.map { "\($0)" }?.contains(secret) == false)
            }

            @Test func aServerThatCrashesInTheMiddleAndIsThereAgain() async throws {
                let name = try database(Self.people)
                let collector = Collector { count in
                    if count == 2 {
                        let process = try server.run(
                            "SELECT pid FROM pg_stat_activity WHERE application_name = 'portability'")
                        kill(try #require(pid_t(process)), SIGKILL)
                    }
                }
                let query = """
                    SELECT i AS record_id, 1 AS subject, repeat('x', 1000) AS name
                    FROM generate_series(1, 1000000) AS i
                    """
                let error = await refusal {
                    _ = try await extract(try extractor(name, query), into: collector)
                }
                #expect(error?.code == .unavailable)
                // It recovers, and refuses everybody meanwhile: an export that begins then waits for it. One that begins
                // before the server has noticed is ended like all others.
                var after: Collector?
                for _ in 0..<20 where after == nil {
                    do {
                        after = try await extract(try extractor(name, Self.query))
                    } catch let error as PortabilityError where error.message.contains("was lost") {
                        continue
                    }
                }
                #expect(try await eventually { (try? server.run("SELECT 1")) != nil })
                #expect(after?.records.count == 20000)
            }

            @Test func aSessionThatIsEndedBetweenTwoQueries() async throws {
                let name = try database(Self.people)
                try await withSession(try extractor(name, Self.query)) { session in
                    try server.run(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portability'")
                    let error = await refusal {
                        _ = try await session.extract(
                            ExtractionRequest(datasets: ["things"], subject: user("1")), into: Collector())
                    }
                    #expect(error?.code == .unavailable)
                    // No other connection takes its place: it would see another state.
                    let again = await refusal { _ = try await session.check() }
                    #expect(again?.code == .unavailable)
                }
            }

            @Test func aQueryThatAnAdministratorCancels() async throws {
                let name = try database()
                let sleeping = try extractor(
                    name, "SELECT 1 AS record_id, 1 AS subject, pg_sleep(600) IS NULL AS flag")
                let task = Task { await refusal { _ = try await extract(sleeping) } }
                #expect(try await eventually { try exports() == ["active"] })
                try server.run(
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'portability'")
                let error = await task.value
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("administrator") == true)
            }

            // MARK: Drift

            @Test func aViewThatIsDropped() async throws {
                let name = try database(
                    Self.people + "CREATE SCHEMA shop; CREATE VIEW shop.buyers AS SELECT * FROM people;")
                let source = try extractor(name, "SELECT id AS record_id, user_id AS subject FROM shop.buyers")
                #expect(try await withSession(source) { try await $0.check() }.filter { $0.losesRecords }.isEmpty)
                try server.run("DROP VIEW shop.buyers", database: name)
                let error = try await failure(name, "SELECT id AS record_id, user_id AS subject FROM shop.buyers")
                #expect(error.code == .drift)
                #expect(error.message == "the database has no table shop.buyers")
                let findings = try await withSession(source) { try await $0.check() }
                #expect(findings.contains { $0.kind == .drift && $0.losesRecords })
            }

            @Test func aColumnThatIsRenamed() async throws {
                let name = try database(Self.people + "ALTER TABLE people RENAME COLUMN name TO full_name")
                let error = try await failure(
                    name, "SELECT id AS record_id, user_id AS subject, p.name FROM people AS p")
                #expect(error.code == .drift)
                #expect(error.message == "the database has no column p.name")
            }

            @Test func aColumnWhoseTypeChanges() async throws {
                let name = try database(
                    Self.people + "ALTER TABLE people ALTER COLUMN user_id TYPE jsonb USING to_jsonb(user_id)")
                let error = try await failure(
                    name, "SELECT id AS record_id, user_id AS subject FROM people WHERE user_id + 0 = 1")
                #expect(error.code == .drift)
            }

            @Test func aValueThatNoLongerConverts() async throws {
                let name = try database(Self.people)
                let error = try await failure(
                    name, "SELECT id AS record_id, user_id AS subject, name::int AS number FROM people")
                #expect(error.code == .drift)
                #expect(error.remedy?.contains("::text") == true)
            }

            @Test func aQueryThatIsNoSQL() async throws {
                let error = try await failure(try database(), "SELECT 1 AS record_id, 1 AS subject FORM people")
                #expect(error.code == .configuration)
                #expect(error.message.contains("near F"))
            }

            @Test func wordsOfTheServerAreNeverRepeated() async throws {
                let name = try database(
                    """
                    CREATE FUNCTION loud() RETURNS int LANGUAGE plpgsql AS
                        $$ BEGIN RAISE NOTICE '\(secret)'; RAISE EXCEPTION '\(secret)' USING ERRCODE = 'P0001',
                        TABLE = '\(secret)', COLUMN = '\(secret)', HINT = '\(secret)'; END $$
                    """)
                let error = try await failure(name, "SELECT loud() AS record_id, 1 AS subject")
                #expect(error.code == .drift)
                #expect(error.message.contains("P0001"))
            }

            // MARK: Refusals

            @Test func aTableThatTheRoleMayNotRead() async throws {
                let name = try database(Self.people)
                try server.run("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN")
                let error = try await failure(name, Self.query, user: "reader")
                #expect(error.code == .denied)
                #expect(error.remedy?.contains("GRANT SELECT") == true)
            }

            @Test func rowsThatAPolicyHidesAreNotSilentlyMissing() async throws {
                let name = try database(Self.people)
                try server.run(
                    """
                    DROP ROLE IF EXISTS tenant; CREATE ROLE tenant LOGIN; GRANT SELECT ON people TO tenant;
                    ALTER TABLE people ENABLE ROW LEVEL SECURITY;
                    CREATE POLICY few ON people USING (id < 10);
                    """, database: name)
                let error = try await failure(name, Self.query, user: "tenant")
                #expect(error.code == .denied)
                #expect(error.remedy?.contains("BYPASSRLS") == true)
                try server.run("REVOKE SELECT ON people FROM tenant", database: name)
            }

            @Test func aLockedTable() async throws {
                let name = try database(Self.people)
                let locker = Task.detached {
                    try server.run(
                        "BEGIN; LOCK TABLE people; SELECT pg_sleep(600)", database: name, user: "admin")
                }
                #expect(
                    try await eventually {
                        try server.run("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'") != "0"
                    })
                let error = try await failure(name, Self.query)
                #expect(error.code == .unavailable)
                #expect(error.remedy?.contains("lock_seconds") == true)
                try server.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%'"
                        + " AND pid <> pg_backend_pid()")
                _ = try? await locker.value
            }

            @Test func tooManyConnections() async throws {
                let name = try database()
                try server.run("DROP ROLE IF EXISTS crowd; CREATE ROLE crowd LOGIN CONNECTION LIMIT 0")
                let source = try extractor(name, user: "crowd", connectSeconds: 0.3)
                let error = await refusal { _ = try await source.open(context()) }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("too many connections") == true)
            }

            @Test func aDatabaseThatDoesNotExist() async throws {
                let source = try extractor("nowhere")
                let error = await refusal { _ = try await source.open(context()) }
                #expect(error?.code == .unavailable)
                #expect(error?.message == "the server has no database of that name")
            }

            @Test func aRowAboveTheLimitIsNotTakenIn() async throws {
                let name = try database()
                let collector = Collector()
                let error = await refusal {
                    _ = try await extract(
                        try extractor(
                            name, "SELECT 1 AS record_id, 1 AS subject, repeat('\(secret)', 10000000) AS name"),
                        into: collector, limits: BatchLimits(recordBytes: 1 << 20))
                }
                #expect(error?.code == .limit)
                #expect(error?.remedy?.contains("record_bytes") == true)
                #expect(try await eventually { try exports() == [] })
            }
        }
    }
#endif
