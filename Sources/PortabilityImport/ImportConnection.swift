import GRDB
import GRDBSQLite
import PortabilityModel

/// A result code of SQLite that is a failure.
struct SQLiteFailure: Error {
    /// Extended result code.
    let code: Int32
    /// SQLite's own text, of statements that are being prepared and of constraints only: those hold names and no
    /// values.
    var reason: String?

    var error: PortabilityError {
        switch code & 0xFF {
        case SQLITE_FULL:
            PortabilityError(
                .output, "no space left for the database", remedy: "Free space there or write to another folder")
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
            PortabilityError(
                .output, "the database is in use by another program", remedy: "Close it there and run again")
        case SQLITE_READONLY, SQLITE_PERM:
            PortabilityError(
                .output, "the database may not be written to", remedy: "Give this user the right, or name another file")
        case SQLITE_CANTOPEN:
            PortabilityError(
                .output, "the database cannot be opened (SQLite code \(code))",
                remedy: "Check the rights to the file and its folder")
        case SQLITE_IOERR:
            PortabilityError(
                .output, "the database cannot be written (SQLite code \(code))",
                remedy: "Check the disk, the free space and the limits of the process, then run again")
        case SQLITE_NOTADB, SQLITE_CORRUPT:
            PortabilityError(
                .output, "the database is damaged, or no SQLite database",
                remedy: "Check it with PRAGMA integrity_check, or import into a new file")
        case SQLITE_CONSTRAINT, SQLITE_MISMATCH:
            PortabilityError(
                .verification, "a record is not what its schema says (SQLite: \(reason ?? "code \(code)"))",
                remedy: "Get the archive again from where it came from")
        case SQLITE_TOOBIG:
            PortabilityError(.limit, "a value is larger than SQLite can hold")
        case SQLITE_NOMEM: PortabilityError(.limit, "SQLite has no memory left")
        default:
            PortabilityError(
                .output, "the database does not take the records (SQLite: \(reason ?? "code \(code)"))",
                remedy: "It may have been changed by hand; import into a new file")
        }
    }
}

/// SQLite's functions on a connection that GRDB owns, so that values go from a batch's memory to SQLite without a
/// `String` or an array in between. Used within GRDB's closure only.
struct ImportConnection {
    private let connection: OpaquePointer?

    init(_ database: Database) { connection = database.sqliteConnection }

    /// Settings that must stand before the first page is read.
    func prepare() throws {
        sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_limit(connection, SQLITE_LIMIT_WORKER_THREADS, 0)
        sqlite3_enable_load_extension(connection, 0)
        for text in [
            // SQLite before 3.41 does not let a check of a table call json_valid otherwise. No function that is there
            // reaches out of the database: extensions are off.
            "PRAGMA trusted_schema = ON", "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0",
            // Kibibytes. What does not fit goes to the file, or to a nameless temporary one, not to memory.
            "PRAGMA cache_size = -16384", "PRAGMA temp_store = FILE",
            // What is imported keeps its references by construction; a table of another program's making that
            // deletes or inserts along with ours is none of ours.
            "PRAGMA foreign_keys = OFF", "PRAGMA recursive_triggers = OFF",
        ] {
            try run(text)
        }
    }

    /// Runs a text of ours.
    func run(_ text: String) throws {
        let code = sqlite3_exec(connection, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw preparationFailure }
    }

    private var preparationFailure: SQLiteFailure {
        SQLiteFailure(
            code: sqlite3_extended_errcode(connection), reason: sqlite3_errmsg(connection).map { String(cString: $0) })
    }

    func prepare(_ text: String) throws -> ImportStatement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw preparationFailure }
        return ImportStatement(statement)
    }

    /// The first column of the first row; nil if there is none.
    func integer(_ text: String, _ values: [ImportValue] = []) throws -> Int64? {
        let statement = try prepare(text)
        try statement.bind(values)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// All rows, as text.
    func rows(_ text: String, _ values: [ImportValue] = []) throws -> [[String]] {
        let statement = try prepare(text)
        try statement.bind(values)
        var rows: [[String]] = []
        while try statement.step() { rows.append(statement.texts()) }
        return rows
    }

    /// Runs a statement with values.
    func execute(_ text: String, _ values: [ImportValue]) throws {
        let statement = try prepare(text)
        try statement.bind(values)
        _ = try statement.step()
    }

    var lastRow: Int64 { sqlite3_last_insert_rowid(connection) }
    var isInTransaction: Bool { sqlite3_get_autocommit(connection) == 0 }
    static var version: Int32 { sqlite3_libversion_number() }
}

/// A value for the few rows that are not records.
enum ImportValue {
    case integer(Int64?)
    case text(String?)
    case bytes([UInt8]?)
}

/// A prepared statement, freed with the object.
final class ImportStatement {
    private let statement: OpaquePointer

    fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

    deinit { sqlite3_finalize(statement) }

    /// Has SQLite copy what is bound.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    @inline(__always)
    private func check(_ code: Int32) throws {
        if code != SQLITE_OK { throw SQLiteFailure(code: code) }
    }

    @inline(__always)
    func bind(_ parameter: Int32, _ value: Int64) throws {
        try check(sqlite3_bind_int64(statement, parameter, value))
    }

    /// Binds text, which must stay where it is until the row is stepped.
    @inline(__always)
    func bind(_ parameter: Int32, text: UnsafeBufferPointer<UInt8>) throws {
        let start = text.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
        try check(
            sqlite3_bind_text64(statement, parameter, start, UInt64(text.count), nil, UInt8(SQLITE_UTF8)))
    }

    /// Binds bytes that SQLite copies.
    private func bind(_ parameter: Int32, copying bytes: [UInt8]) throws {
        // A byte more: the address of no bytes may be null, which would be NULL and not the empty text.
        try (bytes + [0]).withUnsafeBytes { terminated in
            let start = terminated.baseAddress?.assumingMemoryBound(to: CChar.self)
            try check(
                sqlite3_bind_text64(
                    statement, parameter, start, UInt64(bytes.count), Self.transient, UInt8(SQLITE_UTF8)))
        }
    }

    func bind(_ values: [ImportValue]) throws {
        for (index, value) in values.enumerated() {
            let parameter = Int32(index + 1)
            switch value {
            case .integer(let value?): try bind(parameter, value)
            case .text(let value?): try bind(parameter, copying: Array(value.utf8))
            case .bytes(let value?): try bind(parameter, copying: value)
            case .integer, .text, .bytes: try check(sqlite3_bind_null(statement, parameter))
            }
        }
    }

    /// Goes to the next row; false at the end.
    func step() throws -> Bool {
        let code = sqlite3_step(statement)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else { throw failure(code) }
        return false
    }

    /// Inserts the row that was bound, and unbinds it.
    @inline(__always)
    func insert() throws {
        let code = sqlite3_step(statement)
        guard code == SQLITE_DONE else { throw failure(code) }
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    private func failure(_ code: Int32) -> SQLiteFailure {
        let connection = sqlite3_db_handle(statement)
        let isConstraint = code & 0xFF == SQLITE_CONSTRAINT
        return SQLiteFailure(
            code: sqlite3_extended_errcode(connection),
            reason: isConstraint ? sqlite3_errmsg(connection).map { String(cString: $0) } : nil)
    }

    /// Readies the statement for other values.
    func reset() {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func texts() -> [String] {
        (0..<sqlite3_column_count(statement)).map { column in
            guard let start = sqlite3_column_text(statement, column) else { return "" }
            let count = Int(sqlite3_column_bytes(statement, column))
            return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
        }
    }
}
