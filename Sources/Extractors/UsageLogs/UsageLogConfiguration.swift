public import PortabilityModel

/// What a usage-log source is: which files, whose lines, and what becomes of a line.
public struct UsageLogConfiguration: Sendable {
    /// How the files are written. Plain, gzip or zstd is told by their first bytes, never by their names.
    public enum Format: Sendable, Hashable {
        /// One JSON object (RFC 8259) a line.
        case jsonLines
        /// The NCSA common log format of web servers, as Apache and nginx write it.
        case common
        /// The same with referrer and browser.
        case combined
        /// As the text says in the notation of Apache's `LogFormat` (mod_log_config) or nginx's `log_format`.
        case pattern(String)
    }

    /// An identifier that lines carry.
    public struct Match: Sendable {
        /// The kind of identifier.
        public var kind: String
        /// Where it stands in a line: names joined by dots, or the name of a pattern's field.
        public var path: String
        /// True if the kind names one person. See ``UsageLogExtractor`` for what that decides.
        public var isUnique: Bool

        public init(kind: String, path: String, isUnique: Bool) {
            self.kind = kind
            self.path = path
            self.isUnique = isUnique
        }
    }

    /// Which lines a dataset takes: those in which a path has one of some values.
    public struct Filter: Sendable {
        public var path: String
        public var values: [String]

        public init(path: String, values: [String]) {
            self.path = path
            self.values = values
        }
    }

    /// A dataset that is made from the lines. All datasets of a source are read in one pass.
    ///
    /// Paths that the dataset's declaration excludes are left out with everything below them; what is neither mapped
    /// nor excluded becomes an `other` field.
    public struct Dataset: Sendable {
        /// The id in the declaration.
        public var id: String
        /// Catalogue fields (groups joined by dots) and the path in a line that each takes its value from.
        public var fields: [(field: String, path: String)]
        /// Where a line has a key of its own; nil if it has none.
        public var recordID: String?
        /// nil takes every line.
        public var filter: Filter?
        /// Catalogue fields that have the same value in every record.
        public var constants: [(field: String, value: String)]

        public init(
            id: String, fields: [(field: String, path: String)], recordID: String? = nil, filter: Filter? = nil,
            constants: [(field: String, value: String)] = []
        ) {
            self.id = id
            self.fields = fields
            self.recordID = recordID
            self.filter = filter
            self.constants = constants
        }
    }

    public var declaration: SourceDeclaration
    /// Files, relative to the base directory: `*`, `?`, `[…]` within a name, `**` for any number of folders.
    public var path: String
    public var format: Format
    public var match: [Match]
    public var datasets: [Dataset]
    /// True if it is no error that no file matches.
    public var isOptional: Bool
    /// Lines that may be malformed before records count as lost.
    public var toleratedMalformedLines: Int64
    /// Threads that read the files; nil for one on each processor. The records, findings and counts are the same
    /// whatever the number.
    public var threads: Int?

    public init(
        declaration: SourceDeclaration, path: String, format: Format = .jsonLines, match: [Match],
        datasets: [Dataset], isOptional: Bool = false, toleratedMalformedLines: Int64 = 0
    ) {
        self.declaration = declaration
        self.path = path
        self.format = format
        self.match = match
        self.datasets = datasets
        self.isOptional = isOptional
        self.toleratedMalformedLines = toleratedMalformedLines
    }
}
