#if MariaDB
    import PortabilityModel
    import SQLCore

    /// One connection with one read-only transaction, which lasts until it is closed: every query sees the same state.
    final class MariaDBConnection: SQLConnection {
        /// Seconds that reading the rest of an abandoned result may take before the query is killed. Killing it costs a
        /// connection, which takes some milliseconds; what is left of a small result is read sooner.
        private static let drainSeconds = 0.05
        /// Seconds that the server may take over a statement of our own.
        private static let ownSeconds = 60.0
        /// The first version with limits on idle transactions, which have to be lifted.
        private static let minimumVersion: UInt = 100_300

        private let link: MariaDBLink
        private let watch: MariaDBWatch
        private let statementSeconds: Double
        private let database: String
        private let tables: MariaDBTables
        /// The statement that sets what the server, or a function that a query called, may have set otherwise.
        private let settings: String

        /// Connects, pins the session and takes the snapshot.
        ///
        /// - Throws: `unavailable`, `denied`, `configuration`, `unsupported`.
        init(_ configuration: MariaDBConfiguration, _ context: ExtractionContext) throws {
            let address = configuration.address.resolved(in: context.baseDirectory)
            let recordBytes = context.batchLimits.recordBytes
            let options = MariaDBLink.Options(
                address: address, password: try address.password(), connectSeconds: configuration.connectSeconds,
                packetBytes: max(recordBytes, 1 << 16))
            let link: MariaDBLink
            do {
                link = try MariaDBLink(options)
            } catch {
                throw error.error
            }
            let threadID = link.threadID
            let watch = MariaDBWatch(descriptor: link.descriptor) { all in
                guard let second = try? MariaDBLink(options) else { return false }
                defer { second.close() }
                do throws(MariaDBFault) {
                    try second.run("KILL \(all ? "CONNECTION" : "QUERY") \(threadID)")
                } catch {
                    // 1094: there is no such connection any more.
                    return error.number == 1094
                }
                return true
            }
            guard watch.start() else {
                link.close()
                throw PortabilityError(.unavailable, "the system has no thread left to watch over time limits")
            }
            do {
                guard watch.begin(seconds: Self.ownSeconds) else { throw CancellationError() }
                defer { _ = watch.end() }
                guard link.isMariaDB, link.serverVersion >= Self.minimumVersion else {
                    throw PortabilityError(
                        .unsupported, "the server is not MariaDB 10.3 or later",
                        remedy: "Export its tables to files and use `kind: csv`, or read a MariaDB replica")
                }
                settings = Self.settings(lockSeconds: configuration.lockSeconds, recordBytes: recordBytes)
                do throws(MariaDBFault) {
                    database = try Self.begin(link, settings)
                } catch {
                    throw error.error
                }
                guard !database.isEmpty else {
                    throw PortabilityError(
                        .configuration, "the connection has no database", remedy: "Add `database: name`",
                        at: .init(field: "database"))
                }
            } catch {
                watch.stop()
                link.close()
                throw error
            }
            self.link = link
            self.watch = watch
            statementSeconds = configuration.sql.statementSeconds
            tables = MariaDBTables()
        }

        /// Settings that the server may have otherwise, as one statement.
        private static func settings(lockSeconds: Double, recordBytes: Int) -> String {
            let lockSeconds = max(0, Int(min(lockSeconds.rounded(.up), 86_400)))
            let settings = [
                // As the dialect reads a query. Standard SQL's || joins texts, as it does in the other stores.
                "sql_mode = 'PIPES_AS_CONCAT,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
                "time_zone = '+00:00'", "lc_time_names = 'en_US'", "div_precision_increment = 4",
                // Counts the time that the server waits for us; the watch counts only its own.
                "max_statement_time = 0",
                "lock_wait_timeout = \(lockSeconds)", "innodb_lock_wait_timeout = \(max(1, lockSeconds))",
                // Encoders may be slow, and other sources are read in between.
                "net_write_timeout = 86400", "net_read_timeout = 86400", "wait_timeout = 86400",
                "idle_transaction_timeout = 0", "idle_readonly_transaction_timeout = 0",
                // Nothing is cut or left out without a word.
                "group_concat_max_len = \(max(1 << 20, recordBytes))", "sql_select_limit = 18446744073709551615",
                "sql_big_selects = 1", "max_error_count = 65535",
                // What was read stays in no cache, and nothing is pushed out of it.
                "query_cache_type = OFF",
            ]
            return "SET NAMES utf8mb4, \(settings.map { "SESSION \($0)" }.joined(separator: ", "))"
        }

        /// The settings and the transaction. Gives the database's name.
        private static func begin(_ link: MariaDBLink, _ settings: String) throws(MariaDBFault) -> String {
            try link.run(settings, .settingUp)
            try link.run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", .settingUp)
            try link.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", .settingUp)
            return try link.run("SELECT DATABASE()", .settingUp).first?.first ?? ""
        }

        // MARK: Statements

        func statement(_ rendering: SQLQuery.Rendering) throws -> MariaDBStatement {
            let texts = try rendering.bindings.map { binding throws(PortabilityError) in
                switch binding {
                case .text(let text): Array(text.utf8)
                case .integer(let value): Array(String(value).utf8)
                case .list: throw PortabilityError(.configuration, "MariaDB has no arrays", at: .init(field: "query"))
                }
            }
            return try watched(seconds: statementSeconds) {
                // A function that the query before called may have set its session otherwise.
                try link.run(settings, .settingUp)
                let rows = try link.prepare(rendering.text)
                do {
                    try rows.bind(texts)
                    try tables.note(rows.columns, link)
                } catch {
                    rows.close()
                    throw error
                }
                return MariaDBStatement(rows, database: database, link: link, watch: watch)
            }
        }

        func finish(_ statement: MariaDBStatement) {
            if statement.rows.isRunning {
                if !watch.isCancelled, watch.begin(seconds: Self.drainSeconds) {
                    // Ends with the last row, or with an error when the watch has killed the query.
                    while (try? statement.rows.fetch()) == true {}
                    if watch.end() { settle() }
                } else {
                    watch.shutDown()
                }
            }
            watch.setRunning(false)
            statement.rows.close()
        }

        func access<Result>(seconds: Double?, _ body: () throws -> Result) throws -> Result {
            try watched(seconds: seconds ?? statementSeconds, body)
        }

        /// Runs a body during which the server works for us.
        private func watched<Result>(seconds: Double, _ body: () throws -> Result) throws -> Result {
            guard watch.begin(seconds: seconds) else { throw CancellationError() }
            do {
                let result = try body()
                guard !watch.end() else {
                    settle()
                    throw Self.late
                }
                return result
            } catch {
                let isLate = watch.end()
                if watch.isCancelled { throw CancellationError() }
                guard let fault = error as? MariaDBFault else { throw error }
                if isLate {
                    settle()
                    throw Self.late
                }
                throw fault.error
            }
        }

        private static var late: PortabilityError {
            PortabilityError(
                .limit, "the query took too long",
                remedy: "Give its tables an index on the identifier, or raise statement_seconds")
        }

        /// Takes up a kill that came when its query was over, so that the next query is not hit.
        private func settle() {
            for _ in 0..<3 {
                do throws(MariaDBFault) {
                    try link.run("DO 0")
                    return
                } catch {
                    if !error.isInterruption { return }
                }
            }
        }

        // MARK: The store

        func checkUnchanged() throws(PortabilityError) {
            do {
                try watched(seconds: Self.ownSeconds) { try tables.check(link) }
            } catch let error as PortabilityError {
                throw error
            } catch {
                throw PortabilityError(.cancelled, "the export was cancelled")
            }
        }

        func schema() throws -> SQLSchema {
            try watched(seconds: statementSeconds) { try MariaDBSchema.read(link, database: database) }
        }

        func cancel() { watch.cancel() }

        func close() {
            watch.stop()
            link.close()
        }
    }
#endif
