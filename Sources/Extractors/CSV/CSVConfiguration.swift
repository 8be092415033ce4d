public import PortabilityModel

/// What a source of CSV files is: a folder of exports from any system, how they are written, and what becomes of a row.
public struct CSVConfiguration: Sendable {
    /// How the files are written. What is nil is found out from each file's beginning, and what was assumed is told as a
    /// finding.
    public struct Dialect: Sendable {
        /// The sign between cells, ASCII; nil looks for `,`, `;`, TAB and `|`.
        public var delimiter: UInt8?
        /// The sign around cells, ASCII, doubled within them; nil means that there is none.
        public var quote: UInt8?
        /// The sign before one that is to be taken as it is, in quotes and outside; nil means that there is none.
        public var escape: UInt8?
        /// The sign at the beginning of lines that are no rows; nil means that there is none.
        public var comment: UInt8?
        /// True if the first row holds the names of the columns. Otherwise they are `column_1`, `column_2` and so on.
        public var hasHeader: Bool
        /// True if decimal numbers have a comma.
        public var hasDecimalComma: Bool
        /// True if spaces and tabs around cells (outside their quotes) are none of their content.
        public var trims: Bool
        /// What stands, without quotes, in a cell that has no value, beside nothing.
        public var null: String?
        /// True if a quoted cell may hold a line with as many delimiters as a row has. Otherwise such a row is taken for
        /// one in which a quote is missing, and for several persons' data in one.
        public var trustsLines: Bool

        public init(
            delimiter: UInt8? = nil, quote: UInt8? = UInt8(ascii: "\""), escape: UInt8? = nil, comment: UInt8? = nil,
            hasHeader: Bool = true, hasDecimalComma: Bool = false, trims: Bool = false, null: String? = nil,
            trustsLines: Bool = false
        ) {
            self.delimiter = delimiter
            self.quote = quote
            self.escape = escape
            self.comment = comment
            self.hasHeader = hasHeader
            self.hasDecimalComma = hasDecimalComma
            self.trims = trims
            self.null = null
            self.trustsLines = trustsLines
        }
    }

    /// How characters are written. A byte order mark tells in every case.
    public enum Encoding: String, Sendable, CaseIterable {
        /// UTF-16 if the mark or the zeros of the beginning say so, else UTF-8; a cell that is not valid in it is read as
        /// Windows-1252. What was assumed is told as a finding.
        case sniff
        case utf8 = "utf-8"
        case utf16LE = "utf-16le"
        case utf16BE = "utf-16be"
        case windows1252 = "windows-1252"
        /// Read as Windows-1252, as browsers do.
        case latin1 = "iso-8859-1"
        case latin9 = "iso-8859-15"
    }

    /// An identifier that rows carry.
    public struct Match: Sendable {
        /// The kind of identifier.
        public var kind: String
        /// The name of the column.
        public var column: String
        /// True if the kind names one person. See ``CSVExtractor`` for what that decides.
        public var isUnique: Bool

        public init(kind: String, column: String, isUnique: Bool) {
            self.kind = kind
            self.column = column
            self.isUnique = isUnique
        }
    }

    /// A field of the entity and the column that it takes its value from.
    public struct FieldMapping: Sendable {
        /// The catalogue's name, groups joined by dots.
        public var field: String
        public var column: String
        /// What parts the values of a list in one cell; nil if a cell holds one value.
        public var separator: String?

        public init(field: String, column: String, separator: String? = nil) {
            self.field = field
            self.column = column
            self.separator = separator
        }
    }

    /// Which rows a dataset takes: those in which a column has one of some values.
    public struct Filter: Sendable {
        public var column: String
        public var values: [String]

        public init(column: String, values: [String]) {
            self.column = column
            self.values = values
        }
    }

    /// A dataset that is made from the rows of some of the files.
    ///
    /// Columns that the declaration excludes (its dataset's or its source's exclusions) are left out; what is neither
    /// mapped nor excluded, nor the record's key, becomes an `other` field under its name.
    public struct Dataset: Sendable {
        /// The id in the declaration.
        public var id: String
        /// Files below the folder: `*`, `?`, `[…]` within a name, `**` for any number of folders.
        public var path: String
        public var match: [Match]
        public var fields: [FieldMapping]
        /// The column of a key of the rows' own; nil if they have none.
        public var recordID: String?
        /// The column of the tenant; nil takes the one that ``match`` gives for its kind.
        public var tenant: String?
        /// nil takes every row.
        public var filter: Filter?

        public init(
            id: String, path: String, match: [Match], fields: [FieldMapping], recordID: String? = nil,
            tenant: String? = nil, filter: Filter? = nil
        ) {
            self.id = id
            self.path = path
            self.match = match
            self.fields = fields
            self.recordID = recordID
            self.tenant = tenant
            self.filter = filter
        }
    }

    public var declaration: SourceDeclaration
    /// The folder of the exports, relative to the base directory.
    public var folder: String
    public var dialect: Dialect
    public var encoding: Encoding
    public var datasets: [Dataset]
    /// True if it is no error that no file matches a dataset's path.
    public var isOptional: Bool

    public init(
        declaration: SourceDeclaration, folder: String, dialect: Dialect = Dialect(), encoding: Encoding = .sniff,
        datasets: [Dataset], isOptional: Bool = false
    ) {
        self.declaration = declaration
        self.folder = folder
        self.dialect = dialect
        self.encoding = encoding
        self.datasets = datasets
        self.isOptional = isOptional
    }
}
