#if PostgreSQL
    public import PortabilityModel
    public import SQLCore

    /// What the configuration says of one PostgreSQL source.
    ///
    /// A password is nowhere in it: it stands in a password file (``passfile``, or libpq's own `~/.pgpass`), in the
    /// service file, or is not needed (peer, certificate, Kerberos).
    public struct PostgreSQLConfiguration: Sendable {
        /// How the server is named.
        public enum Server: Sendable {
            /// A connection URI (`postgresql://user@host:port/database?sslmode=verify-full`), or libpq's list of
            /// `keyword=value`.
            case uri(String)
            /// The name of a section of the service file (`PGSERVICEFILE`, `~/.pg_service.conf`).
            case service(String)
        }

        public var sql: SQLConfiguration
        public var server: Server
        /// The password file; a relative path starts from the context's base directory. Nil: where libpq looks for it.
        public var passfile: String?
        /// Seconds in which a session must be there, with the attempts that a server which is starting up refuses.
        public var connectSeconds: Double
        /// Seconds to wait for another session's lock on a table.
        public var lockSeconds: Double

        /// - Throws: ``PortabilityError/Code/configuration`` if the URI cannot be read, or holds a password. The text
        ///   of the error repeats nothing of it.
        public init(
            _ sql: SQLConfiguration, server: Server, passfile: String? = nil, connectSeconds: Double = 10,
            lockSeconds: Double = 10
        ) throws(PortabilityError) {
            if case .uri(let uri) = server {
                do {
                    try PostgreSQLTarget.check(uri)
                } catch {
                    throw error.within(.init(source: sql.declaration.id, field: "uri"))
                }
            }
            self.sql = sql
            self.server = server
            self.passfile = passfile
            self.connectSeconds = connectSeconds
            self.lockSeconds = lockSeconds
        }
    }

    /// Reads records from a PostgreSQL database by queries.
    ///
    /// One session is one connection with one transaction, `REPEATABLE READ READ ONLY`: identification, look-ups and
    /// all datasets see the database as it was when the session was opened. The server refuses writes, also those of
    /// functions that a query calls; what a role may do beside tables (`dblink`, `lo_export`) is for its grants to
    /// rule. The session is pinned to UTC and to ISO spellings, whatever is set for the role.
    ///
    /// Rows that a row-level security policy would hide are not silently missing: a query of a table with such a
    /// policy fails for a role that is not exempt.
    ///
    /// Values come in the canonical spelling: integers, `numeric` and floating-point numbers exactly, times in UTC, `bytea`
    /// in base64 as the `other` field `<column>_base64`, arrays as JSON or as the elements of a list field. Infinities,
    /// NaN, times with a zone but without a date, intervals of mixed signs, ranges, composites, `money` and types of
    /// extensions are carried as text as the server writes them, and counted. NULL and empty text are absent.
    public struct PostgreSQLExtractor: Extractor {
        public var declaration: SourceDeclaration { queries.declaration }
        private let configuration: PostgreSQLConfiguration
        private let queries: SQLQueries

        /// Checks the configuration; the server is not asked.
        ///
        /// - Throws: as ``SQLQueries/init(_:dialect:)``.
        public init(_ configuration: PostgreSQLConfiguration) throws(PortabilityError) {
            self.configuration = configuration
            queries = try SQLQueries(configuration.sql, dialect: .postgresql)
        }

        public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
            try queries.open(context) {
                try PostgreSQLConnection(
                    PostgreSQLTarget(configuration, baseDirectory: context.baseDirectory),
                    connectSeconds: configuration.connectSeconds, lockSeconds: configuration.lockSeconds,
                    statementSeconds: configuration.sql.statementSeconds,
                    recordBytes: context.batchLimits.recordBytes)
            }
        }
    }
#endif
