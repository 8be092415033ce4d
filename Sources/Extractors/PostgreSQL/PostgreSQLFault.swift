#if PostgreSQL
    import PortabilityModel

    /// A refusal of the server, by its code (https://www.postgresql.org/docs/current/errcodes-appendix.html).
    ///
    /// The server's own words are never passed on: they quote values of rows and of parameters.
    struct PostgreSQLFault: Error {
        /// Five characters; empty if the connection was lost.
        var state: String
        /// What the configured query says at the place that the server complains of.
        var word: String?
        var isPreparing = false

        static let lost = PostgreSQLFault(state: "")

        /// True if the connection is of no more use.
        var endsSession: Bool {
            state.isEmpty || state.hasPrefix("08") || ["57P01", "57P02", "57P03", "57P05", "25P03"].contains(state)
        }

        /// True if the same attempt to connect may well succeed a moment later.
        var isTransient: Bool { ["57P01", "57P02", "57P03", "53300"].contains(state) }

        private var place: PortabilityError.Place { .init(field: "query") }

        var error: PortabilityError {
            switch state {
            case "", "57P01", "57P02", "57P05", "25P03", "25P04":
                PortabilityError(
                    .unavailable, "the connection to the server was lost\(state.isEmpty ? "" : " (\(state))")",
                    remedy: "Try again when the server runs undisturbed")
            case "57P03":
                PortabilityError(
                    .unavailable, "the server is starting up, shutting down or recovering",
                    remedy: "Try again later, or raise connect_seconds")
            case "53300":
                PortabilityError(
                    .unavailable, "the server has too many connections",
                    remedy: "Try again later, or raise the role's CONNECTION LIMIT or max_connections")
            case "53100", "53200":
                PortabilityError(
                    .unavailable, "the server has no room left for the query (\(state))",
                    remedy: "Free space or memory on the server")
            case "53400", "54000", "54001", "54011", "54023":
                PortabilityError(
                    .limit, "the query passes a limit of the server (\(state))",
                    remedy: "Simplify the query, give its tables an index, or raise temp_file_limit", at: place)
            case "57014":
                PortabilityError(
                    .unavailable, "the server stopped the query: an administrator cancelled it",
                    remedy: "Try again, or ask who cancels queries there")
            case "55P03":
                PortabilityError(
                    .unavailable, "a table is locked by another session",
                    remedy: "Try again when the other session has ended, or raise lock_seconds")
            case "40001", "40P01", "40002":
                PortabilityError(
                    .unavailable, "the server gave the query up because of others (\(state))",
                    remedy: "Try again; on a standby, set hot_standby_feedback or read from the primary")
            case "42501":
                PortabilityError(
                    .denied,
                    "the role may not read what the query reads, or a row-level security policy would hide rows",
                    remedy: "GRANT SELECT on the tables and USAGE on their schema; where policies are, let the role "
                        + "BYPASSRLS or read a view whose owner may")
            case "28000", "28P01":
                PortabilityError(
                    .denied, "the server refuses the role (\(state))",
                    remedy: "Correct the role, its password file or pg_hba.conf")
            case "3D000":
                PortabilityError(
                    .unavailable, "the server has no database of that name", remedy: "Correct the database's name")
            case "42P01":
                PortabilityError(
                    .drift, "the database has no table\(word.map { " \($0)" } ?? " that the query reads")",
                    remedy: "Compare the query with the database's tables and search_path",
                    at: .init(field: word ?? "query"))
            case "42703":
                PortabilityError(
                    .drift, "the database has no column\(word.map { " \($0)" } ?? " that the query reads")",
                    remedy: "Compare the query with the database's tables", at: .init(field: word ?? "query"))
            case "3F000", "42704", "42883", "42804", "42846", "42725":
                PortabilityError(
                    .drift,
                    "a schema, type, function or operator that the query needs is missing\(near) (\(state))",
                    remedy: "Compare the types of the columns with the query; compare identifiers as text "
                        + "(column::text IN (:name))", at: place)
            case "0A000":
                PortabilityError(
                    .drift, "the tables were changed while they were read, or the query asks what the server cannot do",
                    remedy: "Try again", at: place)
            case "25006":
                PortabilityError(
                    .configuration, "the query writes, locks rows or takes a number of a sequence",
                    remedy: "Sources are only read; leave that function out", at: place)
            case "42P18", "42P08":
                PortabilityError(
                    .configuration, "the server cannot tell the type of a parameter\(near)",
                    remedy: "Write the type: :name::text", at: place)
            case "22P05":
                PortabilityError(
                    .malformed, "a text cannot be converted between the database's encoding and UTF-8",
                    remedy: "Correct the text, or leave the column out")
            case "22021":
                PortabilityError(
                    .malformed, "a text is not valid in the database's encoding", remedy: "Correct it in the database")
            // Parameters were found to fit before (PostgreSQLStatement): it is a value of the data.
            case _ where state.hasPrefix("22") && !isPreparing:
                PortabilityError(
                    .drift, "a value cannot be converted or computed as the query asks (\(state))",
                    remedy: "Convert only values that fit, and compare identifiers as text (column::text IN (:name))",
                    at: place)
            case "XX001", "XX002":
                PortabilityError(
                    .malformed, "the database is damaged (\(state))",
                    remedy: "Check it with pg_amcheck, and restore a sound copy")
            case _ where state.hasPrefix("08"):
                PortabilityError(
                    .unavailable, "the connection to the server was lost (\(state))", remedy: "Try again")
            case _ where isPreparing:
                PortabilityError(
                    .configuration, "the server does not accept the query\(near) (\(state))",
                    remedy: "Correct the query; psql shows what is wrong with it", at: place)
            default:
                PortabilityError(
                    .drift, "the query failed while it ran (\(state))",
                    remedy: "Run the query in psql to see which expression fails", at: place)
            }
        }

        private var near: String { word.map { ", near \($0)" } ?? "" }

        /// The word of a query at a place that the server names in characters, counted from 1.
        static func word(of query: String, at position: Int) -> String? {
            let scalars = query.unicodeScalars
            guard position >= 1,
                var index = scalars.index(scalars.startIndex, offsetBy: position - 1, limitedBy: scalars.endIndex)
            else { return nil }
            let start = index
            var isQuoted = false
            while index < scalars.endIndex {
                let scalar = scalars[index]
                if scalar == "\"" {
                    isQuoted.toggle()
                } else if !isQuoted, scalar != ".", scalar != "_", !scalar.properties.isAlphabetic,
                    !("0"..."9" ~= scalar)
                {
                    break
                }
                index = scalars.index(after: index)
            }
            let word = String(scalars[start..<index])
            return word.isEmpty ? nil : word
        }
    }
#endif
