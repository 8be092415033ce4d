#if MariaDB
    import Glibc
    import MariaDBExtractor
    import PortabilityModel
    import SQLCore
    import TestServers
    import Testing

    @Suite("The address of a MariaDB server", .onOwnThreads)
    struct MariaDBAddressTests {
        private let folder = Folder()

        @Test(
            "is read out of a URI",
            arguments: [
                (
                    "mariadb://anna@db.example.org:3307/shop",
                    MariaDBAddress(host: "db.example.org", port: 3307, user: "anna", database: "shop")
                ),
                ("mysql://db.example.org/shop", MariaDBAddress(host: "db.example.org", database: "shop")),
                (
                    "mariadb://a%40b@[2001:db8::1]:1/%C3%A4",
                    MariaDBAddress(host: "2001:db8::1", port: 1, user: "a@b", database: "ä")
                ),
                (
                    "mariadb://root@localhost/d?socket=/run/s%20s",
                    MariaDBAddress(socket: "/run/s s", user: "root", database: "d")
                ),
                ("mariadb:///d", MariaDBAddress(database: "d")),
            ])
        func uri(_ text: String, _ expected: MariaDBAddress) throws {
            #expect(try MariaDBAddress(uri: text) == expected)
        }

        @Test(
            "is refused, and not repeated, if it has a password or is malformed",
            arguments: [
                "mariadb://anna:GEHEIM@host/d", "mariadb://anna:GE/HEIM@host/d", "mariadb://anna:GE@HEIM@host/d",
                "mariadb://anna:@host/d", "mariadb://host/d?password=GEHEIM",
                "mariadb://host/d?socket=/s&password=GEHEIM",
                "postgresql://anna:GEHEIM@host/d", "mariadb://host:GEHEIM/d", "mariadb://host/d/GEHEIM",
                "mariadb://[GEHEIM/d",
                "mariadb://%GEHEIM/d", "mariadb://%FFGEHEIM/d", "GEHEIM", "mariadb://other/d?socket=GEHEIM",
            ])
        func refused(_ text: String) {
            let error = #expect(throws: PortabilityError.self) { try MariaDBAddress(uri: text) }
            #expect(error?.code == .configuration && error?.remedy != nil)
            #expect(error.map { !"\($0)".contains("GE") } == true)
        }

        @Test(
            "has parts that go together",
            arguments: [
                (MariaDBAddress(host: "h", socket: "/s", database: "d"), "socket"),
                (MariaDBAddress(host: "h", port: 0, database: "d"), "port"), (MariaDBAddress(host: "h"), "database"),
                (MariaDBAddress(database: "d", optionFile: "o", passwordFile: "p"), "password_file"),
                (MariaDBAddress(database: "d", tls: .off, ca: "c"), "ca"),
                (MariaDBAddress(host: "", database: "d"), "host"),
            ])
        func parts(_ address: MariaDBAddress, _ field: String) {
            let error = #expect(throws: PortabilityError.self) { try extractor(address) }
            #expect(error?.code == .configuration && error?.place.field == field && error?.place.source == "register")
        }

        @Test("takes the password from a file that nobody else may read")
        func passwords() async throws {
            let database = try Database("CREATE TABLE t (id INT); INSERT INTO t VALUES (1);")
            let name = "pw_\(database.name)"
            try database.user(name, password: "päss #\"word", "GRANT SELECT ON \(database.name).* TO \(name)")
            let query = "SELECT id AS record_id, :user_id AS subject FROM t"
            var address = database.address
            address.user = name
            func code(_ address: MariaDBAddress) async -> PortabilityError? {
                await failure { try await extract(extractor(address, query)) }
            }
            #expect(await code(address)?.code == .denied)
            address.passwordFile = folder.file("good", "päss #\"word\n")
            #expect(try await extract(extractor(address, query)).records == ["1 1"])
            for (file, expected) in [
                (folder.file("open", "päss #\"word", mode: 0o640), PortabilityError.Code.denied),
                (folder.file("wrong", "GEHEIM"), .denied), (folder.file("two", "GEHEIM\nGEHEIM"), .configuration),
                (folder.file("empty", "\n"), .configuration), (folder.path + "/missing", .configuration),
                (folder.path, .configuration),
                (folder.file("long", String(repeating: "GEHEIM", count: 1000)), .configuration),
            ] {
                address.passwordFile = file
                let error = await code(address)
                #expect(error?.code == expected)
                #expect(error.map { !"\($0)".contains("GEHEIM") && !"\($0)".contains("päss") } == true)
            }

            let options = """
                [client]
                user = \(name)
                password = 'päss #"word'
                socket = \(database.server.socket)
                database = \(database.name)
                local-infile = 1

                """
            var byFile = MariaDBAddress(optionFile: folder.file("my.cnf", options), tls: .off)
            #expect(try await extract(extractor(byFile, query)).records == ["1 1"])
            byFile.optionFile = folder.file("open.cnf", options, mode: 0o644)
            #expect(await code(byFile)?.code == .denied)
            // What the file says of encryption does not weaken what the source says.
            byFile.optionFile = folder.file("weak.cnf", options + "ssl-verify-server-cert = 0\nssl-enforce = 0\n")
            byFile.tls = .verify
            let weak = await code(byFile)
            #expect(weak?.code == .denied && weak?.place.field == "tls")
        }

        @Test(
            "tells who is refused, and nothing of anybody",
            arguments: [
                ("SELECT hidden AS record_id, 1 AS subject FROM t", PortabilityError.Code.denied),
                ("SELECT id AS record_id, 1 AS subject FROM secret", .denied),
                ("SELECT id AS record_id, 1 AS subject FROM t WHERE", .configuration),
                ("SELECT id AS record_id, 1 AS subject FROM t WHERE nobody(:user_id)", .drift),
                ("SELECT id AS record_id, 1 AS subject FROM t WHERE ST_GeomFromText(:user_id) = 1", .configuration),
                // A function whose error is the value that it was given.
                ("SELECT id AS record_id, 1 AS subject FROM t WHERE f(:user_id) = 1", .drift),
            ])
        func refusals(_ query: String, _ code: PortabilityError.Code) async throws {
            let database = try Database(
                """
                CREATE TABLE t (id INT, hidden INT); INSERT INTO t VALUES (1, 2); CREATE TABLE secret (id INT);
                DELIMITER |
                CREATE FUNCTION f(x TEXT) RETURNS INT
                BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = x; RETURN 1; END|
                DELIMITER ;
                """)
            let name = "r_\(database.name)"
            try database.user(
                name,
                "GRANT SELECT (id) ON \(database.name).t TO \(name); GRANT EXECUTE ON \(database.name).* TO \(name)")
            var address = database.address
            address.user = name
            let error = await failure { try await extract(extractor(address, query), user("KANARIA")) }
            #expect(error?.code == code)
            #expect(error?.remedy != nil && error?.place.source == "register" && error?.place.dataset == "things")
            #expect(error.map { !"\($0)".contains("KANARIA") } == true)
        }

        @Test("is encrypted and checked as the source says")
        func tls() async throws {
            // An authority, a certificate of it for the server, and one that nobody trusts.
            let script = """
                cd "$1" && openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority &&
                openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost &&
                printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' >names &&
                openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem &&
                openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 2 -subj /CN=other &&
                chmod 755 . && chmod 644 *
                """
            let made = try MariaDBServer.output(["sh", "-c", script, "sh", folder.path], input: "")
            try #require(made.status == 0, "\(made.output)")
            let port = try freePort()
            let server = try MariaDBServer(settings: [
                "--port=\(port)", "--ssl-ca=\(folder.path)/ca.pem", "--ssl-cert=\(folder.path)/server.pem",
                "--ssl-key=\(folder.path)/server.key",
            ])
            let database = try Database("CREATE TABLE t (id INT); INSERT INTO t VALUES (1);", server: server)
            try database.user("anna", "GRANT SELECT ON *.* TO anna REQUIRE SSL")
            let query =
                "SELECT id AS record_id, :user_id AS subject, v AS name FROM "
                + "(SELECT 1 AS id, VARIABLE_VALUE AS v FROM information_schema.session_status "
                + "WHERE VARIABLE_NAME = 'Ssl_cipher') AS s"
            var address = MariaDBAddress(host: "127.0.0.1", port: port, user: "anna", database: database.name)
            func records(_ tls: MariaDBAddress.TLS?, _ ca: String? = nil) async throws -> [String] {
                address.tls = tls
                address.ca = ca.map { "\(folder.path)/\($0)" }
                return try await extract(extractor(address, query)).records
            }
            #expect(try await records(.required).first?.hasPrefix("1 1 string=TLS_") == true)
            #expect(try await records(.verify, "ca.pem").first?.hasPrefix("1 1 string=TLS_") == true)
            #expect(try await records(nil, "ca.pem").first?.hasPrefix("1 1 string=TLS_") == true)
            let foreign = await failure { try await records(.verify, "other.pem") }
            #expect(foreign?.code == .denied && foreign?.place.field == "tls")
            let unknown = await failure { try await records(.verify) }
            #expect(unknown?.code == .denied && unknown?.place.field == "tls")
            let plain = await failure { try await records(.off) }
            #expect(plain?.code == .denied)
            // A server killed under an encrypted connection ends in an error, not in a signal.
            try database.run("CREATE TABLE big AS SELECT seq AS id, REPEAT('x', 200) AS v FROM seq_1_to_100000")
            address.tls = .required
            let source = try extractor(address, "SELECT id AS record_id, :user_id AS subject, v AS name FROM big")
            let collector = Collector { count in if count == 2 { server.kill() } }
            let killed = await failure {
                try await withSession(source) {
                    try await $0.extract(ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
                }
            }
            #expect(killed?.code == .unavailable)
        }

        @Test("asks for encryption that a server without it does not give")
        func noTLS() async throws {
            let port = try freePort()
            let server = try MariaDBServer(settings: ["--port=\(port)", "--skip-ssl"])
            let database = try Database("CREATE TABLE t (id INT); INSERT INTO t VALUES (1);", server: server)
            try database.user("anna", "GRANT SELECT ON *.* TO anna")
            let query = "SELECT id AS record_id, :user_id AS subject FROM t"
            var address = MariaDBAddress(host: "127.0.0.1", port: port, user: "anna", database: database.name)
            #expect(try await extract(extractor(address, query)).records == ["1 1"])
            address.tls = .required
            let error = await failure { try await extract(extractor(address, query)) }
            #expect(error?.code == .denied && error?.place.field == "tls")
        }
    }

    /// A TCP port of this machine that nothing listens on.
    private func freePort() throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                getsockname(listener, $0, &length)
            }
            return Int(UInt16(bigEndian: $0.pointee.sin_port))
        }
    }
#endif
