public import PortabilityModel
public import SQLCore

/// What the configuration says of one SQLite source.
public struct SQLiteConfiguration: Sendable {
    public var sql: SQLConfiguration
    /// The database file; a relative path starts from the context's base directory.
    public var path: String
    /// Seconds to wait for another program's lock.
    public var busySeconds: Double

    public init(_ sql: SQLConfiguration, path: String, busySeconds: Double = 5) {
        self.sql = sql
        self.path = path
        self.busySeconds = busySeconds
    }
}

/// Reads records from an SQLite database by queries.
///
/// One session is one read-only connection with one read transaction, identify included. Nothing is written, neither
/// into the database nor beside it: no `-wal`, no `-shm`, no change of times. While a session lasts, a database with a
/// rollback journal keeps its writers waiting; a database in WAL mode does not.
///
/// Values: INTEGER and TEXT as they are, REAL with the fewest digits that give the same number again, BLOB in base64
/// as the `other` field `<column>_base64`, NULL absent; then converted by the type of the catalogue's field. Columns
/// are matched by name (`address.city` for nested groups), columns without a field become `other` fields.
public struct SQLiteExtractor: Extractor {
    public var declaration: SourceDeclaration { queries.declaration }
    private let configuration: SQLiteConfiguration
    private let queries: SQLQueries

    /// Checks the configuration; the database is not touched.
    ///
    /// - Throws: as ``SQLQueries/init(_:dialect:)``.
    public init(_ configuration: SQLiteConfiguration) throws(PortabilityError) {
        self.configuration = configuration
        queries = try SQLQueries(configuration.sql, dialect: .sqlite)
    }

    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        let path = configuration.path
        return try queries.open(context) {
            try SQLiteConnection(
                path: path.hasPrefix("/") ? path : "\(context.baseDirectory)/\(path)",
                busySeconds: configuration.busySeconds, statementSeconds: configuration.sql.statementSeconds,
                recordBytes: context.batchLimits.recordBytes)
        }
    }
}
