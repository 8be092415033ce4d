/// What differs between stores in the text of a query: how it is quoted, and how a parameter is written.
///
/// A value, not a protocol: a store adds a connection and its types, and describes its SQL with one of these.
public struct SQLDialect: Sendable {
    /// How a parameter stands in the text that the store gets.
    public enum Placeholder: Sendable {
        /// `?1`, `?2`: a value used twice is bound once (SQLite).
        case numbered
        /// `$1`, `$2`: a value used twice is bound once (PostgreSQL).
        case dollar
        /// `?`: every use is bound (MariaDB).
        case positional
    }

    /// The name used in messages.
    public var name: String
    public var placeholder: Placeholder
    /// True if `IN (:name)` becomes `= ANY($1)` with one array; false if it becomes `IN (?1,?2,…)`.
    public var bindsLists: Bool
    /// True if the elements of an `IN` list that are spelled as integers are bound as integers too: to SQLite `'7'` and
    /// `7` are equal only where the column's affinity makes them so, and a column may have none.
    public var bindsIntegers: Bool
    /// `[name]` quotes an identifier.
    public var quotesBrackets: Bool
    /// `` `name` `` quotes an identifier.
    public var quotesBackticks: Bool
    /// `$tag$ … $tag$` quotes a string, and `E'…'` is a string with backslash escapes.
    public var quotesDollars: Bool
    /// A backslash escapes the next character in every string.
    public var escapesBackslash: Bool
    /// `/* … */` may be nested.
    public var nestsComments: Bool
    /// `#` begins a comment that ends with the line, and `--` does so only before white space.
    public var hashComments: Bool
    /// `?`, `@name` and `$name` are the store's own parameters, which nothing would bind.
    public var hasOtherParameters: Bool
    /// Most values that can be bound to one statement.
    public var maximumBindings: Int

    public init(
        name: String, placeholder: Placeholder, bindsLists: Bool, bindsIntegers: Bool, quotesBrackets: Bool,
        quotesBackticks: Bool, quotesDollars: Bool, escapesBackslash: Bool, nestsComments: Bool, hashComments: Bool,
        hasOtherParameters: Bool, maximumBindings: Int
    ) {
        self.name = name
        self.placeholder = placeholder
        self.bindsLists = bindsLists
        self.bindsIntegers = bindsIntegers
        self.quotesBrackets = quotesBrackets
        self.quotesBackticks = quotesBackticks
        self.quotesDollars = quotesDollars
        self.escapesBackslash = escapesBackslash
        self.nestsComments = nestsComments
        self.hashComments = hashComments
        self.hasOtherParameters = hasOtherParameters
        self.maximumBindings = maximumBindings
    }

    /// SQLite; 32766 is its default limit on parameters since 3.32.
    public static let sqlite = SQLDialect(
        name: "SQLite", placeholder: .numbered, bindsLists: false, bindsIntegers: true, quotesBrackets: true,
        quotesBackticks: true,
        quotesDollars: false, escapesBackslash: false, nestsComments: false, hashComments: false,
        hasOtherParameters: true, maximumBindings: 32766)

    /// PostgreSQL; 65535 is the limit of its wire protocol.
    public static let postgresql = SQLDialect(
        name: "PostgreSQL", placeholder: .dollar, bindsLists: true, bindsIntegers: false, quotesBrackets: false,
        quotesBackticks: false,
        quotesDollars: true, escapesBackslash: false, nestsComments: true, hashComments: false,
        hasOtherParameters: false, maximumBindings: 65535)

    /// MariaDB; 65535 is the limit of its wire protocol.
    public static let mariadb = SQLDialect(
        name: "MariaDB", placeholder: .positional, bindsLists: false, bindsIntegers: false, quotesBrackets: false,
        quotesBackticks: true,
        quotesDollars: false, escapesBackslash: true, nestsComments: false, hashComments: true,
        hasOtherParameters: true, maximumBindings: 65535)
}
