#if MariaDB
    import PortabilityModel

    /// A failure of the server or of the client library, by number. Its text is looked at only for what a query's own text
    /// says, and never passed on: it repeats values.
    struct MariaDBFault: Error {
        /// What was being done.
        enum Stage {
            case connecting, settingUp, preparing, running
        }

        var number: UInt32
        var stage: Stage
        /// The server's text; only for ``Stage/preparing``, when no value was sent yet.
        var text = ""

        /// A query that was stopped by another connection.
        var isInterruption: Bool { number == 1317 || number == 1969 || number == 1927 }
        /// The connection is gone.
        var isLoss: Bool { [2006, 2013, 2026, 2055, 1927, 1053, 5013, 5014, 1158, 1159, 1160, 1161].contains(number) }

        var error: PortabilityError {
            // Numbers: MariaDB Server, error code reference; 2000 to 2999 and from 5000 on are the client library's.
            switch number {
            case 1044, 1045, 1698, 1130, 1129, 1820, 1862, 4151:
                PortabilityError(
                    .denied, "the server refuses this user (\(code))",
                    remedy: "Check user, password file and the user's rights: GRANT SELECT on the database suffices")
            case 1142, 1143, 1227, 1370, 1345, 1449:
                PortabilityError(
                    .denied, "the user may not read what the query reads (\(code))",
                    remedy: "GRANT SELECT on the table or view to this user", at: .init(field: "query"))
            case 1049, 1046:
                PortabilityError(
                    .configuration, "the server has no such database", remedy: "Correct the database's name",
                    at: .init(field: "database"))
            case 1040, 1203, 1226:
                PortabilityError(
                    .unavailable, "the server takes no more connections (\(code))",
                    remedy: "Try again later, or raise max_connections or the user's limits")
            case 2002, 2003, 2005, 2001, 2004:
                PortabilityError(
                    .unavailable, "the server cannot be reached (\(code))",
                    remedy: "Check host, port or socket, and that the server runs")
            case _ where stage == .connecting && [2012, 2013, 2055, 2020, 2027, 1153].contains(number):
                PortabilityError(
                    .unavailable, "the server did not answer the connection (\(code))",
                    remedy: "Check that a MariaDB server listens there, or raise connect_seconds")
            case 2026 where stage == .connecting, 1835, 3159:
                PortabilityError(
                    .denied, "there is no encrypted connection that can be trusted (\(code))",
                    remedy: "Check the server's certificate and host name, `tls` and `ca`", at: .init(field: "tls"))
            case 2059, 2061, 5010, 1524, 1251, 2049:
                PortabilityError(
                    .denied, "the server asks for a way of authentication that is not used here (\(code))",
                    remedy: "Give the user mysql_native_password or ed25519, or `tls: verify`")
            case 1146, 1051, 1109:
                named(
                    "table",
                    PortabilityError(
                        .drift, "a table or view that the query reads is not there",
                        remedy: "Compare the query with the database's tables", at: .init(field: "query")))
            case 1054:
                named(
                    "column",
                    PortabilityError(
                        .drift, "a column that the query reads is not there",
                        remedy: "Compare the query with the database's tables", at: .init(field: "query")))
            case 1356:
                PortabilityError(
                    .drift, "a view that the query reads is broken, or its definer may not read it",
                    remedy: "Run SHOW CREATE VIEW, and correct the view", at: .init(field: "query"))
            case 1305, 1630, 1128:
                PortabilityError(
                    .drift, "a function that the query calls is not there",
                    remedy: "Compare the query with the database's functions", at: .init(field: "query"))
            case 1412:
                PortabilityError(
                    .unavailable, "the definition of a table was changed after the session had begun",
                    remedy: "Try again")
            case 1205:
                PortabilityError(
                    .unavailable, "another client keeps a table locked",
                    remedy: "Try again when its change is done, or raise lock_seconds")
            case 1213:
                PortabilityError(.unavailable, "the server ended the query because of a deadlock", remedy: "Try again")
            case 1317, 1969:
                PortabilityError(
                    .unavailable, "somebody, or a limit of the server, ended the query",
                    remedy: "Try again; look for who kills queries")
            case _ where isLoss:
                PortabilityError(
                    .unavailable, "the connection to the server was lost (\(code))",
                    remedy: "Try again when the server runs; its log says why it ended the connection")
            case 1792:
                PortabilityError(
                    .configuration, "the query writes", remedy: "Sources are only read; leave out functions that write",
                    at: .init(field: "query"))
            case 1153, 2020:
                PortabilityError(
                    .limit, "a row is larger than the limit of a record, or than the server's max_allowed_packet",
                    remedy: "Raise the limit `record_bytes` or max_allowed_packet, or leave the large column out")
            case 1021, 1114, 1030, 1037, 1038, 1041, 3, 28, 135:
                PortabilityError(
                    .unavailable, "the server has no room or memory left for the query (\(code))",
                    remedy: "Free space for its temporary files, or give the tables an index on the identifier")
            case 1034, 1035, 1033, 1194, 1195, 1712, 126, 127, 145:
                PortabilityError(
                    .malformed, "a table is damaged (\(code))", remedy: "Run CHECK TABLE, and repair or restore it")
            case 2027:
                PortabilityError(
                    .malformed, "the server's answer is not what its protocol says",
                    remedy: "Check that it is a MariaDB server, and that nothing changes the bytes on the way")
            case 2008: PortabilityError(.limit, "there is no memory left for the query")
            case 1267, 1270, 1271:
                PortabilityError(
                    .configuration, "the query compares texts of different collations",
                    remedy: "Say which: COLLATE utf8mb4_bin compares by bytes", at: .init(field: "query"))
            case 1064 where stage == .preparing:
                PortabilityError(
                    .configuration, "MariaDB does not accept the query: its syntax is wrong\(line)",
                    remedy: "Correct the query", at: .init(field: "query"))
            default:
                switch stage {
                case .connecting:
                    PortabilityError(
                        .unavailable, "the server cannot be connected to (\(code))",
                        remedy: "Try the mariadb client with the same address and user")
                case .settingUp:
                    PortabilityError(
                        .unsupported, "the server does not take the session's settings (\(code))",
                        remedy: "MariaDB 10.3 or later is needed")
                case .preparing:
                    PortabilityError(
                        .configuration, "MariaDB does not accept the query (\(code))",
                        remedy: "Run the query in the mariadb client, which says why", at: .init(field: "query"))
                case .running:
                    PortabilityError(
                        .drift, "the query failed while it ran (\(code))",
                        remedy: "Run the query in the mariadb client to see which expression fails",
                        at: .init(field: "query"))
                }
            }
        }

        private var code: String {
            number >= 2000 && number < 3000 || number >= 5000 ? "client \(number)" : "error \(number)"
        }

        /// The error with the name that is missing, which a query being prepared has from the configuration.
        private func named(_ what: String, _ error: PortabilityError) -> PortabilityError {
            guard stage == .preparing else { return error }
            let parts = text.split(separator: "'", omittingEmptySubsequences: false)
            guard parts.count >= 3, !parts[1].isEmpty else { return error }
            let name = String(parts[1])
            return PortabilityError(
                .drift, "the database has no \(what) \(name)", remedy: "Compare the query with the database's tables",
                at: .init(field: name))
        }

        /// The line of the query that its syntax error is on.
        private var line: String {
            guard let mark = text.utf8.lastIndex(of: UInt8(ascii: " ")), text[..<mark].hasSuffix("at line"),
                let number = Int(text[text.index(after: mark)...])
            else { return "" }
            return ", at line \(number) of the query"
        }
    }
#endif
