#if PostgreSQL
    import Glibc
    import PortabilityModel
    import PostgreSQLExtractor
    import TestServers
    import Testing

    extension PostgreSQLTests {
        @Suite struct Connections {
            private static let password = "pw-\(secret)"

            private func source(
                _ server: PostgreSQLConfiguration.Server, passfile: String? = nil
            ) throws -> PostgreSQLExtractor {
                try PostgreSQLExtractor(PostgreSQLConfiguration(configuration(), server: server, passfile: passfile))
            }

            /// Opens a session and closes it again.
            private func connect(_ extractor: PostgreSQLExtractor, baseDirectory: String = "/nonexistent") async throws
            {
                var context = context()
                context.baseDirectory = baseDirectory
                try await extractor.open(context).close()
            }

            /// A role with a password that is asked for on TCP.
            private func makeRole() throws {
                try server.run("DROP ROLE IF EXISTS asked; CREATE ROLE asked LOGIN PASSWORD '\(Self.password)'")
            }

            /// A file that is removed at the end of the body.
            private func withFile(
                _ text: String, mode: mode_t = 0o600, _ body: (_ folder: String, _ path: String) async throws -> Void
            ) async throws {
                var template = Array("/tmp/postgresql-file-XXXXXX".utf8CString)
                let folder = try #require(
                    template.withUnsafeMutableBufferPointer {
                        $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
                    })
                let path = "\(folder)/file"
                defer {
                    unlink(path)
                    rmdir(folder)
                }
                let file = try #require(fopen(path, "w"))
                fputs(text, file)
                fclose(file)
                chmod(path, mode)
                try await body(folder, path)
            }

            @Test(arguments: [
                "postgresql://reader:\(secret)@db.example.com/shop",
                "postgres://db.example.com/shop?password=\(secret)",
                "host=db.example.com password=\(secret)", "postgresql://db/shop?sslpassword=\(secret)",
                "postgresql://reader:%53\(secret)@db", "postgresql://\(secret)@[db/shop", "\(secret)",
                "postgresql://db/shop?\(secret)=1",
            ])
            func aURIWithAPasswordIsRefusedWithoutRepeatingIt(uri: String) async throws {
                let error = await refusal { _ = try source(.uri(uri)) }
                #expect(error?.code == .configuration)
                #expect(error?.place.field == "uri")
                let text = error.map { "\($0)" } ?? ""
                #expect(!text.contains(secret) && !text.contains("example.com"))
            }

            @Test(arguments: [
                "postgresql://reader@db.example.com:5432/shop?sslmode=verify-full&sslrootcert=/etc/ca.crt",
                "postgresql:///shop?service=shop", "host=/run/postgresql dbname=shop",
            ])
            func aURIWithoutAPasswordIsTaken(uri: String) throws {
                _ = try source(.uri(uri))
            }

            @Test func thePasswordComesFromAFile() async throws {
                try makeRole()
                let uri = "postgresql://asked@127.0.0.1:\(try server.port)/postgres"
                try await withFile("127.0.0.1:*:*:asked:\(Self.password)\n") { folder, path in
                    try await connect(source(.uri(uri), passfile: path))
                    // Relative to the configuration's folder.
                    try await connect(source(.uri(uri), passfile: "file"), baseDirectory: folder)
                }
            }

            @Test func aWrongPassword() async throws {
                try makeRole()
                let uri = "postgresql://asked@127.0.0.1:\(try server.port)/postgres"
                try await withFile("127.0.0.1:*:*:asked:\(secret)\n") { _, path in
                    let error = await refusal { try await connect(source(.uri(uri), passfile: path)) }
                    #expect(error?.code == .denied)
                    #expect(error?.message.contains("28P01") == true)
                    let text = error.map { "\($0)" } ?? ""
                    #expect(!text.contains(secret) && !text.contains("asked") && !text.contains("127.0.0.1"))
                }
            }

            @Test func noPassword() async throws {
                try makeRole()
                let uri = "postgresql://asked@127.0.0.1:\(try server.port)/postgres"
                try await withFile("") { _, path in
                    let error = await refusal { try await connect(source(.uri(uri), passfile: path)) }
                    #expect(error?.code == .denied)
                    #expect(error?.remedy?.contains("passfile") == true)
                }
            }

            @Test func aPasswordFileThatOthersMayRead() async throws {
                let uri = try server.uri()
                try await withFile("*:*:*:*:\(secret)\n", mode: 0o644) { _, path in
                    let error = await refusal { try await connect(source(.uri(uri), passfile: path)) }
                    #expect(error?.code == .configuration)
                    #expect(error?.remedy?.contains("chmod 600") == true)
                }
                let missing = await refusal { try await connect(source(.uri(uri), passfile: "/nonexistent/file")) }
                #expect(missing?.code == .configuration)
            }

            @Test func aServiceFile() async throws {
                try await withFile(
                    "[shop]\nhost=\(try server.folder)\nport=\(try server.port)\nuser=admin\ndbname=postgres\n"
                ) { _, path in
                    // Only this test uses services, and tests run one after another.
                    setenv("PGSERVICEFILE", path, 1)
                    defer { unsetenv("PGSERVICEFILE") }
                    try await connect(source(.service("shop")))
                    let error = await refusal { try await connect(source(.service("elsewhere"))) }
                    #expect(error?.code == .configuration)
                    #expect(error?.place.field == "service")
                }
            }

            // MARK: TLS

            @Test func aCertificateOfAKnownAuthorityForTheRightHost() async throws {
                try makeRole()
                let (port, folder) = (try server.port, try server.folder)
                try await withFile("*:*:*:asked:\(Self.password)\n") { _, path in
                    func uri(_ host: String, _ mode: String, _ root: String) -> PostgreSQLConfiguration.Server {
                        .uri("postgresql://asked@\(host):\(port)/postgres?sslmode=\(mode)&sslrootcert=\(root)")
                    }
                    let known = "\(folder)/server.crt"
                    try await connect(source(uri("localhost", "verify-full", known), passfile: path))
                    try await connect(source(uri("127.0.0.1", "verify-ca", known), passfile: path))
                    for (host, root) in [("127.0.0.1", known), ("localhost", "/etc/ssl/certs/ca-certificates.crt")] {
                        let error = await refusal {
                            try await connect(source(uri(host, "verify-full", root), passfile: path))
                        }
                        #expect(error?.code == .denied)
                        #expect(error?.remedy?.contains("sslrootcert") == true)
                    }
                    let missing = await refusal {
                        try await connect(source(uri("localhost", "verify-full", "/nonexistent"), passfile: path))
                    }
                    #expect(missing?.code == .denied)
                }
            }

            @Test func theConnectionIsEncrypted() async throws {
                try makeRole()
                let uri = "postgresql://asked@localhost:\(try server.port)/postgres?sslmode=require"
                try await withFile("*:*:*:asked:\(Self.password)\n") { _, path in
                    let session = try await source(.uri(uri), passfile: path).open(context())
                    let state = try server.run(
                        """
                        SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                        WHERE application_name = 'portability'
                        """)
                    await session.close()
                    #expect(state == "t")
                }
            }

            // MARK: Servers that are not ready

            @Test func aServerThatIsStartingUpIsAskedAgain() async throws {
                let starting = try RefusingServer(state: "57P03", text: secret)
                let source = try PostgreSQLExtractor(
                    PostgreSQLConfiguration(
                        configuration(), server: .uri("postgresql://x@/x?host=\(starting.folder)&sslmode=disable"),
                        connectSeconds: 1))
                let error = await refusal { _ = try await source.open(context()) }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("starting up") == true)
                #expect(error.map { "\($0)" }?.contains(secret) == false)
                #expect(starting.attempts > 1)
            }

            @Test func aRefusalForGoodIsNotAskedAgain() async throws {
                let refusing = try RefusingServer(state: "28000", text: secret)
                let source = try source(.uri("postgresql://x@/x?host=\(refusing.folder)&sslmode=disable"))
                let error = await refusal { _ = try await source.open(context()) }
                #expect(error?.code == .denied)
                #expect(refusing.attempts == 1)
            }

            @Test func aServerThatNeverAnswers() async throws {
                let silent = try RefusingServer(state: nil, text: "")
                let source = try PostgreSQLExtractor(
                    PostgreSQLConfiguration(
                        configuration(), server: .uri("postgresql://x@/x?host=\(silent.folder)"), connectSeconds: 0.3))
                let error = await refusal { _ = try await source.open(context()) }
                #expect(error?.code == .unavailable)
                #expect(error?.remedy?.contains("connect_seconds") == true)
            }
        }
    }
#endif
