#if PostgreSQL
    import PortabilityModel
    import PortabilityTesting
    import PostgreSQLExtractor
    import SQLCore
    import TestServers
    import Testing

    extension PostgreSQLTests {
        @Suite struct Contract {
            private func register(
                _ database: String, notes: String? = nil, seconds: Double = 60
            ) throws -> PostgreSQLExtractor {
                func dataset(_ id: String, _ entity: String) -> DatasetDeclaration {
                    DatasetDeclaration(
                        id: id, entity: entity, category: .registration, role: .controller,
                        origin: Origin(kind: .provided, by: .subject), purposes: ["service"],
                        subjectKinds: ["user_id"], order: .recordID)
                }
                return try PostgreSQLExtractor(
                    PostgreSQLConfiguration(
                        SQLConfiguration(
                            declaration: SourceDeclaration(
                                id: "register", kind: "postgresql", role: .controller,
                                datasets: [dataset("notes", "note"), dataset("payments", "payment")],
                                resolves: ["user_id", "email"], adds: ["user_id", "email"]),
                            identify: ["SELECT user_id, email FROM users WHERE user_id IN (:user_id)"],
                            datasets: [
                                "notes": notes ?? """
                                    SELECT note_id AS record_id, user_id AS subject, written_at, body FROM notes
                                    WHERE user_id IN (:user_id) ORDER BY note_id COLLATE "C"
                                    """,
                                "payments": """
                                SELECT payment_id AS record_id, user_id AS subject, paid_on, amount, secret_code
                                FROM payments WHERE user_id IN (:user_id) ORDER BY payment_id
                                """,
                            ], statementSeconds: seconds),
                        server: .uri(server.uri(database: database)), connectSeconds: 5))
            }

            private func user(_ id: String) -> SubjectKeys {
                SubjectKeys([Identifier(kind: "user_id", value: id)])
            }

            @Test func everyPointOfTheContractIsKept() async throws {
                let name = try database(
                    """
                    CREATE TABLE users (user_id int PRIMARY KEY, email text);
                    INSERT INTO users VALUES (100042, 'maija@example.com'), (100043, 'matti@example.com');
                    CREATE TABLE notes (note_id text PRIMARY KEY, user_id int, written_at timestamptz, body text);
                    INSERT INTO notes SELECT 'n-' || i, 100042 + i % 2, timestamptz '2026-03-01 12:00+00',
                        'note number ' || i || repeat(' of a long text', 200) FROM generate_series(1, 80) AS i;
                    CREATE TABLE payments (payment_id int PRIMARY KEY, user_id int, paid_on date, amount text,
                        secret_code text);
                    INSERT INTO payments SELECT i, 100042 + i % 2, '2026-03-01',
                        CASE i WHEN 8 THEN 'Kanarialintu' ELSE i || '.50' END, 'code of ' || i
                        FROM generate_series(1, 80) AS i;
                    """)
                let select =
                    "SELECT note_id AS record_id, user_id AS subject, body FROM notes WHERE user_id IN (:user_id)"
                let order = "ORDER BY record_id COLLATE \"C\""
                let fixture = ExtractorConformance.Fixture(
                    subject: user("100042"), foreign: user("100043"), unknown: user("999999"),
                    counts: ["notes": 40, "payments": 40], documents: 0,
                    secrets: ["Kanarialintu", "maija@example.com", "code of", "100042"],
                    resources: {
                        // The server ends a session a moment after it was closed.
                        _ = try? await eventually { try exports() == [] }
                        return (try? exports().count) ?? -1
                    },
                    faults: [
                        .refused: .broken { try register("nowhere") },
                        .timeOut: .broken {
                            try register(name, notes: "\(select) AND pg_sleep(5) IS NOT NULL \(order)", seconds: 0.2)
                        },
                        .cutInTheMiddle: .broken {
                            try register(
                                name,
                                notes: """
                                    SELECT note_id AS record_id, user_id AS subject,
                                    CASE WHEN row_number() OVER (ORDER BY note_id COLLATE "C") < 30 THEN body
                                    ELSE pg_terminate_backend(pg_backend_pid())::text END AS body
                                    FROM notes WHERE user_id IN (:user_id) \(order)
                                    """)
                        },
                        .pageRepeated: .broken {
                            try register(name, notes: "\(select) UNION ALL \(select) \(order)")
                        },
                        .pageLoop: .broken {
                            try register(
                                name,
                                notes: """
                                    SELECT note_id AS record_id, user_id AS subject, body
                                    FROM (SELECT generate_series(1, 1000000000) AS page) AS pages
                                    CROSS JOIN LATERAL (SELECT note_id, user_id, body, page FROM notes
                                        WHERE user_id IN (:user_id) ORDER BY note_id COLLATE "C") AS again
                                    """)
                        },
                    ])
                let report = await ExtractorConformance(try register(name), fixture: fixture).check()
                #expect(report.passed, "\(report)")
            }
        }
    }
#endif
