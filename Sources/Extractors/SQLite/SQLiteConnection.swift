import GRDB
import GRDBSQLite
import Glibc
import PortabilityModel
import SQLCore
import Synchronization

/// One read-only connection to a database with one read transaction, which lasts until it is closed: every query sees
/// the same state.
///
/// GRDB owns the connection and the queue it is used on. Rows are stepped through SQLite's own functions, so that
/// values are copied from SQLite's memory without a `String` or an array in between.
final class SQLiteConnection: SQLConnection {
    /// What SQLite's callbacks look at.
    final class Watch: Sendable {
        let isCancelled = Atomic(false)
        /// Nanoseconds of the monotonic clock; 0 for none.
        let deadline = Atomic<UInt64>(0)
        /// What the statement that is being prepared reads. The name of a column is empty where only rows are counted.
        let reads = Mutex<Set<SQLSchema.Column>>([])
        /// Whether the schema is being read, for which SQLite has no way but pragmas.
        let readsSchema = Atomic(false)

        static var now: UInt64 {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }

        var isLate: Bool {
            let deadline = deadline.load(ordering: .relaxed)
            return deadline != 0 && Self.now > deadline
        }
        var mustStop: Bool { isCancelled.load(ordering: .relaxed) || isLate }

        func allow(seconds: Double) {
            let span = UInt64(max(0, min(seconds, 1e9)) * 1e9)
            deadline.store(Self.now + span, ordering: .relaxed)
        }
    }

    private let file: SQLiteFile
    private let queue: DatabaseQueue
    private let watch: Watch
    private let statementSeconds: Double
    /// Prepared statements that nobody has, by their text: a session that serves many subjects asks the same queries of
    /// each. One transaction lasts, so that no schema changes under them.
    /// Used on the connection's queue only.
    nonisolated(unsafe) private var idle: [String: SQLiteStatement] = [:]
    private static let idleLimit = 256

    /// Opens the file and begins the transaction.
    ///
    /// - Throws: `unavailable`, `denied`, `malformed`.
    init(
        path: String, busySeconds: Double, statementSeconds: Double, recordBytes: Int
    ) throws {
        let file = try SQLiteFile(path: path)
        let watch = Watch()
        watch.allow(seconds: statementSeconds)
        var configuration = Configuration()
        configuration.label = "portability"
        configuration.readonly = true
        configuration.foreignKeysEnabled = false
        // A misspelt "column" is an error, not the text "column".
        configuration.acceptsDoubleQuotedStringLiterals = false
        // The transaction outlives the closures in which GRDB gives access to the connection.
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { database in
            if file.mode == .alone { try Self.readAlone(database.sqliteConnection) }
            try Self.prepare(database.sqliteConnection, watch, recordBytes: recordBytes)
        }
        do {
            let queue = try DatabaseQueue(path: file.uri, configuration: configuration)
            do {
                try queue.unsafeRead { try Self.begin($0.sqliteConnection, watch) }
            } catch {
                try? queue.close()
                throw error
            }
            self.queue = queue
        } catch {
            file.release()
            throw Self.failure(error, watch).within(.init(file: path))
        }
        self.file = file
        self.watch = watch
        self.statementSeconds = statementSeconds
    }

    /// Stops what runs now and everything that would run after it. From any thread.
    func cancel() {
        watch.isCancelled.store(true, ordering: .relaxed)
        queue.interrupt()
    }

    /// Ends the transaction and closes the connection. All statements are to be finished before.
    func close() {
        queue.unsafeRead { _ in
            for statement in idle.values { statement.finish() }
            idle = [:]
        }
        // The end of a transaction that only read cannot lose anything.
        try? queue.close()
        file.release()
    }

    /// Throws `unavailable` if what was read may not be one state of the database.
    func checkUnchanged() throws(PortabilityError) { try file.checkUnchanged() }

    /// Prepares a query and binds its values. The statement is to be finished.
    ///
    /// - Throws: `drift` if a table or column is missing, `configuration` if the query is not one that may be run.
    func statement(_ rendering: SQLQuery.Rendering) throws -> SQLiteStatement {
        try onQueue { connection throws in
            if let known = idle.removeValue(forKey: rendering.text) {
                try known.bind(rendering)
                return known
            }
            watch.reads.withLock { $0.removeAll() }
            return try SQLiteStatement(rendering, connection, reads: watch.reads.withLock { $0 })
        }
    }

    /// Frees a statement, whatever the state of the session, or keeps it for when the same query comes again.
    func finish(_ statement: SQLiteStatement) {
        queue.unsafeRead { _ in
            if statement.reset(), idle.count < Self.idleLimit, idle[statement.text] == nil {
                idle[statement.text] = statement
            } else {
                statement.finish()
            }
        }
    }

    func schema() throws -> SQLSchema {
        try onQueue { connection throws in
            watch.readsSchema.store(true, ordering: .relaxed)
            defer { watch.readsSchema.store(false, ordering: .relaxed) }
            // Shadow tables belong to virtual ones, and hold the same again in another form.
            let list = try Self.pragma("table_list", ["schema", "name", "type"], connection).filter {
                $0[0] == "main" && $0[2] != "shadow" && !$0[1].hasPrefix("sqlite_")
            }.sorted { $0[1].utf8.lexicographicallyPrecedes($1[1].utf8) }
            return SQLSchema(
                tables: try list.map { table throws in
                    // A column that a virtual table hides is an argument, not data.
                    let columns: [[String]]
                    do {
                        columns = try Self.pragma(
                            "table_xinfo", of: table[1], ["name", "type", "pk", "hidden"], connection
                        )
                        .filter { $0[3] != "1" }
                    } catch let error as SQLiteResult where table[2] == "virtual" && !error.isInterrupt {
                        // Made by an extension that is not here: nobody can tell what is in it.
                        columns = []
                    }
                    return SQLSchema.Table(
                        name: table[1], isView: table[2] == "view",
                        columns: columns.map { .init(name: $0[0], type: $0[1]) },
                        primaryKey: columns.filter { $0[2] != "0" }
                            .sorted { (Int($0[2]) ?? 0) < (Int($1[2]) ?? 0) }.map { $0[0] },
                        foreignKeys: try Self.foreignKeys(of: table[1], connection))
                })
        }
    }

    private static func foreignKeys(
        of table: String, _ connection: OpaquePointer
    ) throws -> [SQLSchema.ForeignKey] {
        var keys: [(id: String, key: SQLSchema.ForeignKey)] = []
        for row in try pragma("foreign_key_list", of: table, ["id", "table", "from", "to"], connection) {
            if keys.last?.id != row[0] { keys.append((row[0], .init(columns: [], table: row[1], references: []))) }
            keys[keys.count - 1].key.columns.append(row[2])
            // Without a name the other table's primary key is meant.
            if !row[3].isEmpty { keys[keys.count - 1].key.references.append(row[3]) }
        }
        return keys.map(\.key)
    }

    /// The rows of a pragma, cut down to the named columns, NULL as empty text.
    private static func pragma(
        _ name: String, of argument: String? = nil, _ columns: [String], _ connection: OpaquePointer
    ) throws -> [[String]] {
        let quoted = argument.map {
            "(\"\($0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\")"
        }
        let statement = try SQLiteStatement(
            SQLQuery.Rendering(text: "PRAGMA \(name)\(quoted ?? "")", bindings: []), connection, reads: [])
        defer { statement.finish() }
        let indices = columns.compactMap { statement.columns.firstIndex(of: $0) }
        var rows: [[String]] = []
        while try statement.step() {
            rows.append(try indices.map { try statement.identifier($0).value ?? "" })
        }
        return rows
    }

    func access<Result>(seconds: Double?, _ body: () throws -> Result) throws -> Result {
        try onQueue(seconds: seconds) { _ throws in try body() }
    }

    /// Runs a body on the connection's queue, blocking, within the time limit.
    private func onQueue<Result>(seconds: Double? = nil, _ body: (OpaquePointer) throws -> Result) throws -> Result {
        if watch.isCancelled.load(ordering: .relaxed) { throw CancellationError() }
        return try queue.unsafeRead { database in
            guard let connection = database.sqliteConnection else {
                throw PortabilityError(.unavailable, "the database was closed already")
            }
            watch.allow(seconds: seconds ?? statementSeconds)
            do {
                return try body(connection)
            } catch let code as SQLiteResult {
                throw code.isInterrupt ? interruption() : try fault(code)
            }
        }
    }

    private func interruption() -> any Error {
        if watch.isCancelled.load(ordering: .relaxed) { return CancellationError() }
        return PortabilityError(
            .limit, "the query took too long",
            remedy: "Give its tables an index on the identifier, or raise statement_seconds")
    }

    private func fault(_ result: SQLiteResult) throws -> PortabilityError {
        // A file that changes under an unlocked reader may look damaged.
        if result.isDamage { try file.checkUnchanged() }
        return result.error
    }

    private static func failure(_ error: any Error, _ watch: Watch) -> PortabilityError {
        switch error {
        case let error as PortabilityError: error
        case let result as SQLiteResult: result.error
        case let error as DatabaseError:
            SQLiteResult(code: error.extendedResultCode.rawValue, message: "", isPreparing: false).error
        default: PortabilityError(.unavailable, "the database cannot be opened")
        }
    }

    /// Has the index of the `-wal` kept in memory, and the `-wal` left alone when the connection is closed. (The
    /// database itself is open for reading only.)
    private static func readAlone(_ connection: OpaquePointer?) throws {
        try run("PRAGMA locking_mode = EXCLUSIVE", connection)
        var persists: Int32 = 1
        let code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_PERSIST_WAL, &persists)
        guard code == SQLITE_OK else { throw SQLiteResult(code: code, message: "", isPreparing: false) }
    }

    /// Settings that must stand before the first page is read.
    private static func prepare(_ connection: OpaquePointer?, _ watch: Watch, recordBytes: Int) throws {
        sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Int32(clamping: recordBytes))
        sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_limit(connection, SQLITE_LIMIT_WORKER_THREADS, 0)
        sqlite3_limit(connection, SQLITE_LIMIT_TRIGGER_DEPTH, 0)
        sqlite3_enable_load_extension(connection, 0)
        sqlite3_progress_handler(
            connection, 4000,
            { Unmanaged<Watch>.fromOpaque($0.unsafelyUnwrapped).takeUnretainedValue().mustStop ? 1 : 0 },
            Unmanaged.passUnretained(watch).toOpaque())
        for text in [
            // Functions and virtual tables named by the schema of a foreign file are not run unless harmless.
            "PRAGMA trusted_schema = OFF", "PRAGMA query_only = ON", "PRAGMA cell_size_check = ON",
            // Never mapped: a file that shrinks under a mapping kills the process.
            "PRAGMA mmap_size = 0",
            // Kibibytes. Sorting beyond it goes to a nameless temporary file instead of memory without bound.
            "PRAGMA cache_size = -8192", "PRAGMA temp_store = FILE",
        ] {
            try run(text, connection)
        }
    }

    /// Begins the transaction, and closes the door behind it.
    private static func begin(_ connection: OpaquePointer?, _ watch: Watch) throws {
        try run("BEGIN", connection)
        // BEGIN alone takes no snapshot; the first read does.
        try run("SELECT count(*) FROM sqlite_schema", connection)
        sqlite3_set_authorizer(
            connection,
            { context, action, first, second, database, _ in
                Unmanaged<Watch>.fromOpaque(context.unsafelyUnwrapped).takeUnretainedValue()
                    .authorize(action, first, second, database)
            }, Unmanaged.passUnretained(watch).toOpaque())
    }

    private static func run(_ text: String, _ connection: OpaquePointer?) throws {
        let code = sqlite3_exec(connection, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteResult(code: code, message: "", isPreparing: false) }
    }
}

extension SQLiteConnection.Watch {
    /// Lets a statement select, read and call functions, and nothing else.
    fileprivate func authorize(
        _ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?,
        _ database: UnsafePointer<CChar>?
    ) -> Int32 {
        switch action {
        case SQLITE_SELECT, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_READ:
            if let first {
                let column = SQLSchema.Column(
                    table: String(cString: first), name: second.map { String(cString: $0) } ?? "")
                reads.withLock { _ = $0.insert(column) }
            }
            return SQLITE_OK
        case SQLITE_FUNCTION:
            let name = second.map { String(cString: $0) }
            return name == "load_extension" || name == "fts3_tokenizer" ? SQLITE_DENY : SQLITE_OK
        case SQLITE_PRAGMA:
            // Full-text indexes ask for these two themselves.
            let name = first.map { String(cString: $0) }
            if second == nil, name == "data_version" || name == "page_size" { return SQLITE_OK }
            let isAboutSchema = ["table_list", "table_xinfo", "foreign_key_list"].contains(name)
            return isAboutSchema && readsSchema.load(ordering: .relaxed) ? SQLITE_OK : SQLITE_DENY
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
            // What virtual tables prepare when they are described; the connection can run none of it.
            return readsSchema.load(ordering: .relaxed) ? SQLITE_OK : SQLITE_DENY
        default: return SQLITE_DENY
        }
    }
}

/// A result code that is a failure.
struct SQLiteResult: Error {
    /// Extended result code.
    var code: Int32
    /// SQLite's own text. Only what it says of a statement that is being prepared is looked at: before values are
    /// bound and rows are read it can quote nothing but the query and the schema.
    var message: String
    var isPreparing: Bool

    var isInterrupt: Bool { code & 0xFF == SQLITE_INTERRUPT }
    var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR, SQLITE_SCHEMA].contains(code & 0xFF) }

    var error: PortabilityError {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
            PortabilityError(
                .unavailable, "the database is locked by another program",
                remedy: "Try again, or raise busy_seconds")
        case SQLITE_CANTOPEN:
            PortabilityError(
                .unavailable, "the database cannot be opened (SQLite code \(code))",
                remedy: "Try again while no other program opens or closes it")
        case SQLITE_READONLY:
            PortabilityError(
                .unavailable, "the database was left in the middle of a write and needs recovery (SQLite code \(code))",
                remedy: "Open it once with the program that it belongs to")
        case SQLITE_PERM:
            PortabilityError(
                .denied, "the database may not be read", remedy: "Give this user the right to read the file")
        case SQLITE_NOTADB:
            PortabilityError(
                .malformed, "the file is not an SQLite database, or it is encrypted",
                remedy: "Correct the path of the source")
        case SQLITE_CORRUPT:
            PortabilityError(
                .malformed, "the database is damaged",
                remedy: "Check it with PRAGMA integrity_check, and restore a sound copy")
        case SQLITE_IOERR:
            PortabilityError(.unavailable, "the database cannot be read (SQLite code \(code))")
        case SQLITE_FULL:
            PortabilityError(
                .unavailable, "there is no room for the temporary files of the query",
                remedy: "Free space in the folder for temporary files")
        case SQLITE_TOOBIG:
            PortabilityError(
                .limit, "a value is larger than the limit of a record",
                remedy: "Raise the limit `record_bytes`, or leave the large column out of the query")
        case SQLITE_NOMEM: PortabilityError(.limit, "SQLite has no memory left for the query")
        case SQLITE_AUTH:
            PortabilityError(
                .configuration, "the query does something other than reading tables",
                remedy: "Leave out PRAGMA, ATTACH, extensions and writes", at: .init(field: "query"))
        case SQLITE_SCHEMA:
            PortabilityError(
                .drift, "the tables were changed while they were read", remedy: "Try again")
        default: isPreparing ? preparationError : runError
        }
    }

    private var runError: PortabilityError {
        PortabilityError(
            .drift, "the query failed while it ran (SQLite code \(code))",
            remedy: "Run the query in the sqlite3 shell to see which expression fails", at: .init(field: "query"))
    }

    private var preparationError: PortabilityError {
        for (prefix, what) in [("no such table: ", "table"), ("no such column: ", "column")]
        where message.hasPrefix(prefix) {
            let name = String(message.dropFirst(prefix.count))
            return PortabilityError(
                .drift, "the database has no \(what) \(name)",
                remedy: "Compare the query with the database's tables", at: .init(field: name))
        }
        let known = [
            "near ", "no such function: ", "ambiguous column name: ", "wrong number of arguments to function ",
            "incomplete input", "unrecognized token: ", "misuse of ", "no such collation sequence: ",
        ]
        let reason = known.contains { message.hasPrefix($0) } ? message : "SQLite code \(code)"
        return PortabilityError(
            .configuration, "SQLite does not accept the query: \(reason)", remedy: "Correct the query",
            at: .init(field: "query"))
    }
}

/// A prepared statement.
final class SQLiteStatement: SQLStatement {
    let columns: [String]
    let origins: [SQLSchema.Column?]
    let tables: [String]?
    let reads: Set<SQLSchema.Column>?
    /// The query's text, by which it is known again.
    fileprivate let text: String
    private var statement: OpaquePointer?
    /// True once a row could not be read.
    private var hasFailed = false

    fileprivate init(
        _ rendering: SQLQuery.Rendering, _ connection: OpaquePointer, reads: @autoclosure () -> Set<SQLSchema.Column>
    ) throws {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, rendering.text, -1, 0, &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw SQLiteResult(
                code: code, message: String(cString: sqlite3_errmsg(connection)), isPreparing: true)
        }
        self.statement = statement
        text = rendering.text
        let reads = reads()
        self.reads = reads
        tables = Set(reads.map(\.table)).sorted()
        columns = (0..<sqlite3_column_count(statement)).map { index in
            sqlite3_column_name(statement, index).map { String(cString: $0) } ?? ""
        }
        origins = (0..<sqlite3_column_count(statement)).map { index in
            guard let table = sqlite3_column_table_name(statement, index),
                let name = sqlite3_column_origin_name(statement, index)
            else { return nil }
            return SQLSchema.Column(table: String(cString: table), name: String(cString: name))
        }
        guard sqlite3_stmt_readonly(statement) != 0 else {
            finish()
            throw SQLiteResult(code: SQLITE_AUTH, message: "", isPreparing: true)
        }
        try bind(rendering)
    }

    /// Binds values, each anew.
    fileprivate func bind(_ rendering: SQLQuery.Rendering) throws {
        for (index, binding) in rendering.bindings.enumerated() {
            let position = Int32(index + 1)
            let code: Int32
            switch binding {
            case .integer(let value): code = sqlite3_bind_int64(statement, position, value)
            case .text(var value):
                code = value.withUTF8 { bytes in
                    sqlite3_bind_text64(
                        statement, position,
                        UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self),
                        UInt64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
                }
            // The dialect has no arrays.
            case .list: code = SQLITE_MISMATCH
            }
            guard code == SQLITE_OK else {
                finish()
                throw SQLiteResult(code: code, message: "", isPreparing: false)
            }
        }
    }

    /// Has SQLite copy what is bound.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Frees the statement; nothing may be asked of it afterwards.
    func finish() {
        sqlite3_finalize(statement)
        statement = nil
    }

    /// Makes ready for other values; false if the statement is to be finished.
    fileprivate func reset() -> Bool {
        guard !hasFailed, statement != nil else { return false }
        return sqlite3_reset(statement) == SQLITE_OK && sqlite3_clear_bindings(statement) == SQLITE_OK
    }

    /// Goes to the next row; false at the end.
    func step() throws -> Bool {
        let code = sqlite3_step(statement)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        hasFailed = true
        throw SQLiteResult(
            code: sqlite3_extended_errcode(sqlite3_db_handle(statement)), message: "", isPreparing: false)
    }

    /// Reads rows until the batch is full; false at the end of the rows.
    func read(into mapper: inout SQLRowMapper, _ builder: inout BatchBuilder) throws -> Bool {
        let wanted = mapper.columns.wanted
        let statement = statement
        while !builder.isFull {
            guard try step() else { return false }
            for column in wanted {
                let index = Int32(truncatingIfNeeded: column)
                switch sqlite3_column_type(statement, index) {
                case SQLITE_INTEGER: mapper.integer(column, sqlite3_column_int64(statement, index), into: &builder)
                case SQLITE_FLOAT: mapper.real(column, sqlite3_column_double(statement, index), into: &builder)
                case SQLITE_TEXT:
                    // The text must be asked for before its length, or the length may be that of UTF-16.
                    let start = try nonnull(sqlite3_column_text(statement, index))
                    let count = Int(sqlite3_column_bytes(statement, index))
                    mapper.text(column, .string, UnsafeBufferPointer(start: start, count: count).span, into: &builder)
                case SQLITE_BLOB:
                    let start = sqlite3_column_blob(statement, index)
                    let count = Int(sqlite3_column_bytes(statement, index))
                    let bytes = UnsafeBufferPointer(
                        start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
                    mapper.blob(column, bytes.span)
                default: break
                }
            }
            try mapper.endRow(into: &builder)
        }
        return true
    }

    /// The text of a column of the row at hand, nil if it is NULL, empty, or neither integer nor text.
    func identifier(_ column: Int) throws -> (value: String?, isSuitable: Bool) {
        let index = Int32(truncatingIfNeeded: column)
        switch sqlite3_column_type(statement, index) {
        case SQLITE_NULL: return (nil, true)
        case SQLITE_INTEGER: return (String(sqlite3_column_int64(statement, index)), true)
        case SQLITE_TEXT:
            let start = try nonnull(sqlite3_column_text(statement, index))
            let count = Int(sqlite3_column_bytes(statement, index))
            if count == 0 { return (nil, true) }
            let text = String(validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
            return (text, text != nil)
        default: return (nil, false)
        }
    }

    /// The integer of a column of the row at hand.
    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(truncatingIfNeeded: column)) }

    /// SQLite gives no pointer when it has no memory for a conversion.
    private func nonnull(_ pointer: UnsafePointer<UInt8>?) throws -> UnsafePointer<UInt8> {
        guard let pointer else { throw SQLiteResult(code: SQLITE_NOMEM, message: "", isPreparing: false) }
        return pointer
    }
}
