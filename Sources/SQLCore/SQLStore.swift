public import PortabilityModel

/// One read-only connection to a store with one consistent view that lasts until it is closed: all that a store adds to
/// ``SQLSession``, beside its types and its dialect.
///
/// Everything but ``cancel()`` is called from one task, one call after another, on a thread that may block.
public protocol SQLConnection: Sendable {
    associatedtype Statement: SQLStatement

    /// Prepares a query with its values. Nothing is run before the first row is asked for.
    ///
    /// - Throws: `drift` if a table or column is missing, `configuration` if the query is not one that may be run,
    ///   `unavailable` and `denied` as the store says. No message repeats a bound value.
    func statement(_ rendering: SQLQuery.Rendering) throws -> Statement

    /// Frees a statement, also in the middle of its rows and whatever the state of the session.
    func finish(_ statement: Statement)

    /// Runs a body that reads rows; the store may work on it for the given time (nil: the configured time of a
    /// statement), after which it fails with `limit`.
    func access<Result>(seconds: Double?, _ body: () throws -> Result) throws -> Result

    /// Throws `unavailable` if what was read may not be one state of the store.
    func checkUnchanged() throws(PortabilityError)

    /// The tables and views as they are now, in the order of their names' bytes; those that may not be read too, as far
    /// as the store tells of them.
    func schema() throws -> SQLSchema

    /// Stops what runs now and everything that would run after it, which then throws `CancellationError`. From any
    /// thread.
    func cancel()

    /// Ends the view and closes the connection. All statements are finished before.
    func close()
}

extension SQLConnection {
    public func checkUnchanged() throws(PortabilityError) {}
}

/// A prepared query. Used only inside ``SQLConnection/access(seconds:_:)``, but for its descriptions.
public protocol SQLStatement: AnyObject {
    /// Names of the result's columns.
    var columns: [String] { get }
    /// The column of a table that each column of the result is, as it stands; nil for an expression, and wherever the
    /// store cannot tell.
    var origins: [SQLSchema.Column?] { get }
    /// Names of the tables and views that it reads; nil if the store does not tell.
    var tables: [String]? { get }
    /// The columns that it reads anywhere, in conditions too; nil if the store does not tell.
    var reads: Set<SQLSchema.Column>? { get }

    /// What the store told of while it ran the query, known when the last row was read; no personal data.
    func findings(at place: PortabilityError.Place) -> [Finding]

    /// Goes to the next row; false at the end.
    func step() throws -> Bool
    /// Reads rows until the batch is full; false at the end of the rows.
    func read(into mapper: inout SQLRowMapper, _ builder: inout BatchBuilder) throws -> Bool
    /// The text of a column of the row at hand: nil if it is NULL or empty; `isSuitable` is false if it is neither
    /// integer nor text (nor, where the store has such types, a uuid, date or decimal, which have one spelling).
    func identifier(_ column: Int) throws -> (value: String?, isSuitable: Bool)
    /// The integer of a column of the row at hand.
    func integer(_ column: Int) -> Int64
}

extension SQLStatement {
    public var tables: [String]? { nil }
    public var reads: Set<SQLSchema.Column>? { nil }
}

/// What a store holds: tables, columns, keys.
public struct SQLSchema: Sendable {
    /// A column of a table, as an address.
    public struct Column: Sendable, Hashable {
        /// As the configuration writes it: with the schema (`sales.customers`) only if the table is not found without.
        public var table: String
        public var name: String

        public init(table: String, name: String) {
            self.table = table
            self.name = name
        }
    }

    public struct Field: Sendable {
        public var name: String
        /// The store's own name of the type.
        public var type: String

        public init(name: String, type: String) {
            self.name = name
            self.type = type
        }
    }

    public struct ForeignKey: Sendable {
        public var columns: [String]
        public var table: String
        /// Columns of the other table.
        public var references: [String]

        public init(columns: [String], table: String, references: [String]) {
            self.columns = columns
            self.table = table
            self.references = references
        }
    }

    public struct Table: Sendable {
        /// See ``Column/table``.
        public var name: String
        public var isView: Bool
        public var columns: [Field]
        public var primaryKey: [String]
        public var foreignKeys: [ForeignKey]

        public init(
            name: String, isView: Bool = false, columns: [Field], primaryKey: [String] = [],
            foreignKeys: [ForeignKey] = []
        ) {
            self.name = name
            self.isView = isView
            self.columns = columns
            self.primaryKey = primaryKey
            self.foreignKeys = foreignKeys
        }
    }

    public var tables: [Table]

    public init(tables: [Table]) { self.tables = tables }

    /// A table by its name, ASCII letters in either case.
    public func table(_ name: String) -> Table? {
        let key = SQLColumns.lower(name)
        return tables.first { SQLColumns.lower($0.name) == key }
    }
}

extension SQLStatement {
    public func findings(at place: PortabilityError.Place) -> [Finding] { [] }
}
