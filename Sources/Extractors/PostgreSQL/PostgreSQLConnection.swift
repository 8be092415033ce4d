#if PostgreSQL
    import CLibPQ
    import PortabilityModel
    import SQLCore
    import Synchronization

    /// One connection with one transaction, `REPEATABLE READ READ ONLY`, which lasts until it is closed: every query
    /// sees the state of the moment when it was opened.
    ///
    /// Every statement is prepared and run within a savepoint of its own. A refusal or a cancelled query fails a
    /// transaction of PostgreSQL; so it fails up to that savepoint only, and the snapshot lives on. Going back to a
    /// savepoint also gives up the locks on tables, so that a long export does not keep an `ALTER TABLE` waiting that
    /// concerns a dataset read long ago.
    ///
    /// `@unchecked`: everything but ``cancel()`` is called from one task, one call after another (``SQLConnection``),
    /// and that only reaches ``PostgreSQLWatch``, which is made for it.
    final class PostgreSQLConnection: SQLConnection, @unchecked Sendable {
        private let link: PostgreSQLLink
        private let watch: PostgreSQLWatch
        private let statementSeconds: Double
        private var types = PostgreSQLTypes()
        private var statements = 0
        /// True if a table that was read had been emptied or rewritten since the snapshot.
        private var wasRewritten = false
        /// True if the parts of a table, its columns or a view that was read are others than in the snapshot.
        private var wasRedefined = false
        /// Why it is not known whether a table is that of the snapshot.
        private var unknown: PortabilityError?

        /// Connects, begins the transaction and takes its snapshot.
        ///
        /// - Throws: `unavailable`, `denied`, `configuration`.
        init(
            _ target: PostgreSQLTarget, connectSeconds: Double, lockSeconds: Double, statementSeconds: Double,
            recordBytes: Int
        ) throws {
            // Bytes of `bytea` take two characters each on their way.
            link = try PostgreSQLLink(target, seconds: connectSeconds, rowBytes: recordBytes * 2 + 16 << 20)
            watch = link.watch
            self.statementSeconds = statementSeconds
            try translating { try Self.begin(link, lockSeconds: lockSeconds) }
        }

        private static func begin(_ link: PostgreSQLLink, lockSeconds: Double) throws {
            let version = PQserverVersion(link.connection)
            guard version >= 120_000 else {
                throw PortabilityError(
                    .unavailable, "the server is older than PostgreSQL 12", remedy: "Read from a newer server")
            }
            // For this transaction only, so that a pooler may lie in between. Time limits of the role are not ours:
            // while the encoders are behind, the server has to wait.
            var settings = [
                "TimeZone = 'UTC'", "DateStyle = 'ISO, YMD'", "IntervalStyle = 'iso_8601'", "extra_float_digits = 3",
                "bytea_output = 'hex'", "xmloption = 'content'", "standard_conforming_strings = on",
                "array_nulls = on", "row_security = off", "default_transaction_read_only = on",
                "statement_timeout = 0", "idle_in_transaction_session_timeout = 0",
                "lock_timeout = \(Int(max(1, min(lockSeconds, 1e6) * 1000)))",
            ]
            // Such a database holds bytes of any encoding, and a single wrong one would fail the query if the server
            // were to send UTF-8. They come as they are, and what is invalid is replaced and counted here.
            if PQparameterStatus(link.connection, "server_encoding").map({ String(cString: $0) }) == "SQL_ASCII" {
                settings.append("client_encoding = 'SQL_ASCII'")
            }
            if version >= 170_000 { settings.append("transaction_timeout = 0") }
            try link.run(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
                    + settings.map { "SET LOCAL \($0);" }.joined())
            if version >= 140_000 {
                // Lets the server notice that we are gone while it sorts; not every system it runs on can.
                do {
                    try link.run(
                        "SAVEPOINT portability_gone; SET LOCAL client_connection_check_interval = 2000;"
                            + "RELEASE SAVEPOINT portability_gone")
                } catch let fault as PostgreSQLFault where !fault.endsSession {
                    try link.run("ROLLBACK TO SAVEPOINT portability_gone; RELEASE SAVEPOINT portability_gone")
                }
            }
            // The first query takes the snapshot.
            try link.run("SELECT 1")
        }

        func cancel() { watch.cancel() }

        func close() { link.close() }

        /// Runs a body with the usual time, in the words of errors that callers know.
        private func translating<Result>(seconds: Double? = nil, _ body: () throws -> Result) throws -> Result {
            link.allow(seconds: seconds ?? statementSeconds)
            do {
                return try body()
            } catch let fault as PostgreSQLFault {
                if watch.isCancelled.load(ordering: .relaxed) { throw CancellationError() }
                throw fault.error
            } catch is PostgreSQLLink.Late {
                throw PortabilityError(
                    .limit, "the query took too long",
                    remedy: "Give its tables an index on the identifier, or raise statement_seconds")
            }
        }

        /// Runs a body within a savepoint, and goes back to it whatever came of the body.
        private func bracketed<Result>(_ body: () throws -> Result) throws -> Result {
            try link.run("SAVEPOINT portability")
            do {
                let result = try body()
                try rollBack()
                return result
            } catch {
                try? rollBack()
                throw error
            }
        }

        private func rollBack(also command: String = "") throws {
            var attempts = 0
            while true {
                do {
                    try link.run("ROLLBACK TO SAVEPOINT portability; RELEASE SAVEPOINT portability;\(command)")
                    return
                } catch let fault as PostgreSQLFault where fault.state == "57014" && attempts < 3 {
                    // A request to stop the query before may arrive late.
                    attempts += 1
                }
            }
        }

        // MARK: Statements

        private typealias Prepared = (PostgreSQLStatement.Description, [SQLSchema.Column?])

        func statement(_ rendering: SQLQuery.Rendering) throws -> PostgreSQLStatement {
            try link.checkUsableForCaller()
            return try translating { () throws -> PostgreSQLStatement in
                statements += 1
                let name = "portability_\(statements)"
                let (description, columns) = try bracketed { () throws -> Prepared in
                    try link.prepare(name, rendering.text)
                    let description = try link.describe(name)
                    try types.learn(description.types + description.parameters, link)
                    return (description, try origins(description))
                }
                do {
                    return try PostgreSQLStatement(name, rendering, description, origins: columns, types, self, link)
                } catch {
                    _ = try? link.run("DEALLOCATE \(name)")
                    throw error
                }
            }
        }

        /// Starts the rows of a statement.
        func begin(_ statement: PostgreSQLStatement) throws {
            try link.run("SAVEPOINT portability")
        }

        func finish(_ statement: PostgreSQLStatement) {
            statement.clear()
            if !link.isUsable || watch.isCancelled.load(ordering: .relaxed) { return }
            link.allow(seconds: statementSeconds)
            // What cannot be undone here shows at the next use of the connection.
            if !statement.hasBegun {
                _ = try? link.run("DEALLOCATE \(statement.name)")
                return
            }
            if statement.isRunning {
                link.stop()
            } else if statement.isAtEnd {
                do {
                    try translating { try noteRewritten() }
                } catch {
                    unknown = error as? PortabilityError
                }
            }
            try? rollBack(also: "DEALLOCATE \(statement.name)")
        }

        func access<Result>(seconds: Double?, _ body: () throws -> Result) throws -> Result {
            try link.checkUsableForCaller()
            return try translating(seconds: seconds, body)
        }

        // MARK: One state

        /// Looks, while the locks of a statement keep it so, whether its tables are those of the snapshot.
        ///
        /// `TRUNCATE` and what rewrites a table leave a snapshot that is older with an empty table
        /// (https://www.postgresql.org/docs/current/mvcc-caveats.html): records would be missing and nothing would
        /// tell. The file of a table changes by it, which the catalogue as of the snapshot does not know yet; nor does
        /// it know a table that was made anew.
        private func noteRewritten() throws {
            let rows = try link.run(
                """
                SELECT 1 FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
                WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'
                AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                    WHERE d.datname = pg_catalog.current_database())
                AND CASE WHEN c.oid IS NULL THEN pg_catalog.pg_get_indexdef(l.relation) IS NULL
                ELSE c.relkind IN ('r', 'm') AND c.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
                    AND pg_catalog.pg_relation_filenode(c.oid) IS DISTINCT FROM c.relfilenode END LIMIT 1
                """)
            if !rows.isEmpty { wasRewritten = true }
            // A query is planned by the definitions of now, whatever the snapshot. The rows of the catalogue that the
            // snapshot sees tell in xmax which transaction replaced them or took them away; one that the snapshot
            // holds to have ended before did not commit.
            let replaced = try link.run(
                """
                WITH locked AS (SELECT l.relation FROM pg_catalog.pg_locks AS l
                    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'
                    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                        WHERE d.datname = pg_catalog.current_database())),
                moment AS (SELECT s, pg_catalog.txid_snapshot_xmin(s) AS first,
                    (pg_catalog.txid_snapshot_xmin(s) % 4294967296)::pg_catalog.text::pg_catalog.xid AS short
                    FROM pg_catalog.txid_current_snapshot() AS s),
                ended AS (
                    SELECT xmax AS id FROM pg_catalog.pg_rewrite WHERE ev_class IN (SELECT relation FROM locked)
                    UNION ALL SELECT xmax FROM pg_catalog.pg_inherits WHERE inhparent IN (SELECT relation FROM locked)
                    UNION ALL SELECT xmax FROM pg_catalog.pg_attribute
                        WHERE attrelid IN (SELECT relation FROM locked) AND attnum > 0)
                SELECT 1 FROM ended, moment WHERE id <> '0'::pg_catalog.xid AND NOT
                    pg_catalog.txid_visible_in_snapshot(first + pg_catalog.age(short) - pg_catalog.age(id), s) LIMIT 1
                """)
            if !replaced.isEmpty { wasRedefined = true }
        }

        func checkUnchanged() throws(PortabilityError) {
            if let unknown { throw unknown }
            if wasRewritten {
                throw PortabilityError(
                    .unavailable,
                    "a table was emptied, rewritten or made anew while the export ran (as by TRUNCATE or ALTER TABLE)",
                    remedy: "Try again when nobody changes tables")
            }
            if wasRedefined {
                throw PortabilityError(
                    .unavailable,
                    "a view, a column or the parts of a table changed while the export ran",
                    remedy: "Try again when nobody changes tables and views")
            }
        }

        // MARK: Schema

        /// Names of the tables and views that a statement reads, those under a view too: those that the server locks to
        /// prepare it.
        func tables(of query: String) -> [String]? {
            try? translating {
                try bracketed {
                    let name = "portability_tables"
                    try link.prepare(name, query)
                    defer { _ = try? link.run("DEALLOCATE \(name)") }
                    return try link.run(
                        """
                        SELECT DISTINCT \(Self.tableName) COLLATE "C" FROM pg_catalog.pg_locks AS l
                        JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
                        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                        WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'
                        AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND \(Self.isForeign) ORDER BY 1
                        """
                    ).compactMap { $0[0] }
                }
            }
        }

        /// A table as the configuration writes it.
        private static let tableName = """
            CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN c.relname::pg_catalog.text
            ELSE n.nspname::pg_catalog.text || '.' || c.relname::pg_catalog.text END
            """

        /// Not one of PostgreSQL's own.
        private static let isForeign = """
            n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
            """

        /// The columns that the server says the result's columns are.
        private func origins(_ description: PostgreSQLStatement.Description) throws -> [SQLSchema.Column?] {
            let known = description.origins.filter { $0.table != 0 }
            if known.isEmpty { return description.origins.map { _ in nil } }
            let rows = try link.ask(
                """
                SELECT o.relation, o.attnum, \(Self.tableName), a.attname
                FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int2[]))
                    AS o (relation, attnum)
                JOIN pg_catalog.pg_class AS c ON c.oid = o.relation
                JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.relation AND a.attnum = o.attnum
                """,
                [
                    PostgreSQLArray.literal(known.map { String($0.table) }),
                    PostgreSQLArray.literal(known.map { String($0.column) }),
                ])
            var names: [[String]: SQLSchema.Column] = [:]
            for row in rows {
                guard let table = row[0], let number = row[1], let name = row[2], let column = row[3] else { continue }
                names[[table, number]] = SQLSchema.Column(table: name, name: column)
            }
            return description.origins.map { names[[String($0.table), String($0.column)]] }
        }

        func schema() throws -> SQLSchema {
            try link.checkUsableForCaller()
            return try translating { try bracketed { try readSchema() } }
        }

        /// Partitions are told as the table that they are parts of. What the role may not read is told too: it is there,
        /// and somebody has to say what becomes of it.
        private func readSchema() throws -> SQLSchema {
            let isTold = "c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND \(Self.isForeign)"
            let columns = try link.run(
                """
                SELECT c.oid, \(Self.tableName) COLLATE "C", c.relkind IN ('v', 'm'), a.attname,
                pg_catalog.format_type(a.atttypid, a.atttypmod)
                FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE \(isTold)
                ORDER BY 2, c.oid, a.attnum
                """)
            var tables: [SQLSchema.Table] = []
            var indices: [String: Int] = [:]
            for row in columns {
                guard let id = row[0], let name = row[1], let column = row[3], let type = row[4] else { continue }
                let index = indices[id] ?? tables.count
                if index == tables.count {
                    indices[id] = index
                    tables.append(SQLSchema.Table(name: name, isView: row[2] == "t", columns: []))
                }
                tables[index].columns.append(.init(name: column, type: type))
            }
            let keys = try link.run(
                """
                SELECT k.conrelid, k.contype, k.oid, a.attname, f.name, b.attname FROM pg_catalog.pg_constraint AS k
                CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey))
                    WITH ORDINALITY AS p (here, there, place)
                JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = p.here
                LEFT JOIN LATERAL (SELECT \(Self.tableName) FROM pg_catalog.pg_class AS c
                    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = k.confrelid) AS f (name)
                    ON true
                LEFT JOIN pg_catalog.pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = p.there
                WHERE k.contype IN ('p', 'f') AND k.conparentid = 0 ORDER BY k.conrelid, k.contype, k.conname COLLATE "C", k.oid, p.place
                """)
            var last: String?
            for row in keys {
                guard let id = row[0], let index = indices[id], let column = row[3] else { continue }
                if row[1] == "p" {
                    tables[index].primaryKey.append(column)
                    continue
                }
                guard let table = row[4], let reference = row[5] else { continue }
                if last != row[2] {
                    tables[index].foreignKeys.append(.init(columns: [], table: table, references: []))
                    last = row[2]
                }
                tables[index].foreignKeys[tables[index].foreignKeys.count - 1].columns.append(column)
                tables[index].foreignKeys[tables[index].foreignKeys.count - 1].references.append(reference)
            }
            return SQLSchema(tables: tables)
        }
    }

    extension PostgreSQLLink {
        /// As ``checkUsable()``, in the words of errors that callers know.
        func checkUsableForCaller() throws {
            do {
                try checkUsable()
            } catch let fault as PostgreSQLFault {
                throw fault.error
            }
        }
    }
#endif
