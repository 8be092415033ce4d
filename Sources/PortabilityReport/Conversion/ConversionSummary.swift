public import PortabilityModel

/// What the page and README.txt of a converted archive say.
public struct ConversionSummary: Sendable {
    /// An archive in the chain that leads to this one.
    public struct Origin: Sendable {
        public var requestID: String
        /// RFC 3339.
        public var created: String
        public var tool: String
        public var bytes: Int64
        /// Of the whole file, lowercase hexadecimal.
        public var sha256: String

        public init(requestID: String, created: String, tool: String, bytes: Int64, sha256: String) {
            self.requestID = requestID
            self.created = created
            self.tool = tool
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    public struct File: Sendable {
        public var path: String
        public var bytes: Int64
        /// nil for files that have no rows.
        public var rows: Int64?

        public init(path: String, bytes: Int64, rows: Int64?) {
            self.path = path
            self.bytes = bytes
            self.rows = rows
        }
    }

    public struct Dataset: Sendable {
        public var id: String
        /// As the organisation calls it, in the original's language.
        public var label: String
        /// nil if this version does not know it.
        public var category: Category?
        /// True if the organisation holds it on behalf of another.
        public var isProcessor: Bool
        public var records: Int64
        public var files: [File]
        /// True if the original did not have it either.
        public var isAbsent: Bool

        public init(
            id: String, label: String, category: Category?, isProcessor: Bool, records: Int64, files: [File],
            isAbsent: Bool
        ) {
            self.category = category
            self.id = id
            self.label = label
            self.isProcessor = isProcessor
            self.records = records
            self.files = files
            self.isAbsent = isAbsent
        }
    }

    /// A form that other systems read.
    public struct Form: Sendable {
        public struct Dataset: Sendable {
            public var label: String
            public var isProcessor: Bool
            public var records: Int64

            public init(label: String, isProcessor: Bool, records: Int64) {
                self.label = label
                self.isProcessor = isProcessor
                self.records = records
            }
        }

        /// As `--to` has it.
        public var name: String
        public var datasets: [Dataset]
        public var files: [File]
        /// What is to be told, by kind, dataset and term.
        public var notes: [Note]
        /// How many more things are to be told than ``notes`` say.
        public var moreNotes: Int64

        public init(name: String, datasets: [Dataset], files: [File], notes: [Note], moreNotes: Int64) {
            self.name = name
            self.datasets = datasets
            self.files = files
            self.notes = notes
            self.moreNotes = moreNotes
        }
    }

    /// What a form needs and records do not have, or the other way round. Holds no value.
    public struct Note: Sendable {
        /// `missing`, `dropped`, `inconsistent` or `refused`.
        public var kind: String
        /// As the organisation calls the dataset, in the original's language.
        public var dataset: String
        /// The standard's own term, or the path of the catalogue's field.
        public var term: String
        /// What the catalogue calls the term, in the page's language; nil if it does not know it.
        public var label: String?
        public var records: Int64
        /// The first file that it concerns, and how many there are.
        public var file: String?
        public var files: Int64

        public init(
            kind: String, dataset: String, term: String, label: String?, records: Int64, file: String?, files: Int64
        ) {
            self.kind = kind
            self.dataset = dataset
            self.term = term
            self.label = label
            self.records = records
            self.file = file
            self.files = files
        }
    }

    /// The most ``Form/notes`` of a form that the page shows.
    public static let noteLimit = 60

    public var language: Language
    public var originalLanguage: Language
    public var requestID: String
    public var controller: String
    /// RFC 3339.
    public var created: String
    public var tool: String
    public var isPartial: Bool
    /// The newest last.
    public var origins: [Origin]
    public var formats: [Format]
    public var datasets: [Dataset]
    public var documents: Int64
    public var forms: [Form]
    /// True if the original was signed.
    public var keepsSignature: Bool

    public init(
        language: Language, originalLanguage: Language, requestID: String, controller: String, created: String,
        tool: String, isPartial: Bool, origins: [Origin], formats: [Format], datasets: [Dataset], documents: Int64,
        forms: [Form], keepsSignature: Bool
    ) {
        self.language = language
        self.originalLanguage = originalLanguage
        self.requestID = requestID
        self.controller = controller
        self.created = created
        self.tool = tool
        self.isPartial = isPartial
        self.origins = origins
        self.formats = formats
        self.datasets = datasets
        self.documents = documents
        self.forms = forms
        self.keepsSignature = keepsSignature
    }

    /// The name of a form's standard.
    public static func title(ofForm name: String) -> String {
        switch name {
        case "finvoice": "Finvoice 3.0"
        case "ubl": "UBL 2.1 (EN 16931)"
        case "vcard": "vCard 4.0"
        case "helsinki-profile": "Helsinki Profile GDPR API"
        default: name
        }
    }
}
