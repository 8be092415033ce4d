#if MariaDB
    public import PortabilityModel
    public import SQLCore

    /// What the configuration says of one MariaDB source.
    public struct MariaDBConfiguration: Sendable {
        public var sql: SQLConfiguration
        public var address: MariaDBAddress
        /// Seconds that a connection may take.
        public var connectSeconds: Double
        /// Seconds to wait for another client's lock on a table.
        public var lockSeconds: Double

        public init(
            _ sql: SQLConfiguration, address: MariaDBAddress, connectSeconds: Double = 10, lockSeconds: Double = 10
        ) {
            self.sql = sql
            self.address = address
            self.connectSeconds = connectSeconds
            self.lockSeconds = lockSeconds
        }
    }

    /// Reads records from a MariaDB database by queries, over MariaDB Connector/C.
    ///
    /// One session is one connection with one `START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY` at REPEATABLE READ,
    /// identify included: every query sees the same state of all InnoDB tables, and nobody is kept waiting for it but who
    /// changes the definition of a table that was read. Tables of engines without transactions have no snapshot; if one
    /// whose columns a query gives as they stand is written while the session lasts, the session fails.
    ///
    /// The session is pinned to UTC, utf8mb4 and an SQL mode of its own, whatever the server's settings: `"` and `'` quote
    /// strings, a backslash escapes, `||` joins texts. Rows are fetched one by one through the binary protocol; values are
    /// always bound.
    ///
    /// Values: integers (BIT too) and DECIMAL exactly, FLOAT and DOUBLE with the fewest digits that give the same number
    /// again, DATETIME as a local timestamp and TIMESTAMP as one in UTC, TIME as a time of day, or as a duration if it is
    /// none or the field asks for one, text of every character set, JSON, ENUM, SET, UUID and INET as text, everything
    /// binary and GEOMETRY in base64 as the `other` field `<column>_base64`, NULL absent. Dates with a zero in them
    /// (`0000-00-00`) have no canonical spelling and are carried as text.
    public struct MariaDBExtractor: Extractor {
        public var declaration: SourceDeclaration { queries.declaration }
        private let configuration: MariaDBConfiguration
        private let queries: SQLQueries

        /// Checks the configuration; the server is not touched.
        ///
        /// - Throws: as ``SQLQueries/init(_:dialect:)``, and as ``MariaDBAddress/check()``.
        public init(_ configuration: MariaDBConfiguration) throws(PortabilityError) {
            do {
                try configuration.address.check()
            } catch {
                throw error.within(.init(source: configuration.sql.declaration.id))
            }
            self.configuration = configuration
            queries = try SQLQueries(configuration.sql, dialect: .mariadb)
        }

        /// Connects and takes the snapshot.
        ///
        /// - Throws: `unavailable`, `denied`, `configuration`, `unsupported`.
        public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
            try queries.open(context) {
                try MariaDBConnection(configuration, context)
            }
        }
    }
#endif
