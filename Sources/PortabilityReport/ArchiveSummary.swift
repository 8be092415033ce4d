public import PortabilityCalendar
public import PortabilityModel

/// All that the human layer says of an archive. Made by the engine from what was written, never from what was planned.
public struct ArchiveSummary: Sendable {
    /// What became of a dataset.
    public enum Outcome: Sendable {
        /// In the archive.
        case exported
        /// In the archive, but records may be missing.
        case partial
        /// Left out by rule.
        case withheld(Ground)
        /// Not searched by rule.
        case notRead(Ground)
        /// It could not be read; nothing of it is in the archive.
        case failed
    }

    /// One file of a dataset.
    public struct File: Sendable {
        public var path: String
        public var format: Format
        /// Names from the record down to the child table, empty for the dataset's own.
        public var table: [String]
        public var rows: Int64
        public var bytes: Int64

        public init(path: String, format: Format, table: [String], rows: Int64, bytes: Int64) {
            self.path = path
            self.format = format
            self.table = table
            self.rows = rows
            self.bytes = bytes
        }
    }

    /// One dataset.
    public struct Dataset: Sendable {
        public var declaration: DatasetDeclaration
        public var label: LocalizedText
        /// What its records are.
        public var meaning: LocalizedText
        public var outcome: Outcome
        public var records: Int64
        /// What became of fields by rule, with the number of values; fields that were kept are not listed.
        public var fields: [FieldOutcome]
        /// Records that were left out one by one.
        public var withheldRecords: [(ground: Ground, count: Int64)] = []
        /// Originals and attachments that were left out.
        public var withheldDocuments: [(ground: Ground, count: Int64)] = []
        public var files: [File]
        /// Records to show; nil if the dataset has none in the archive.
        public var rows: Rows?
        /// Until when the records are kept, computed; nil if only a criterion can be told.
        public var kept: Kept?

        public init(
            declaration: DatasetDeclaration, label: LocalizedText, meaning: LocalizedText, outcome: Outcome,
            records: Int64, fields: [FieldOutcome], files: [File]
        ) {
            self.declaration = declaration
            self.label = label
            self.meaning = meaning
            self.outcome = outcome
            self.records = records
            self.fields = fields
            self.files = files
        }
    }

    /// What a rule did to a field.
    public struct FieldOutcome: Sendable {
        /// Names with dots; `other.NAME`, or a path and `(text)` for what was found inside free text.
        public var path: String
        public var action: FieldAction
        public var ground: Ground
        public var count: Int64

        public init(path: String, action: FieldAction, ground: Ground, count: Int64) {
            self.path = path
            self.action = action
            self.ground = ground
            self.count = count
        }
    }

    /// Records of a dataset, as they stand in the archive, to be shown on the page.
    public struct Rows: Sendable {
        public var layout: EntityLayout
        /// The newest records, newest first; all of them, in the dataset's order, if ``isComplete``.
        public var shown: [RecordBatch]
        public var isComplete: Bool
        /// Records by month (`YYYY-MM`) of the field that dates them, ascending, without gaps being filled.
        public var months: [(month: String, count: Int64)] = []
        /// The earliest and the latest date (`YYYY-MM-DD`).
        public var dates: (earliest: String, latest: String)?
        /// Reads all records again, in the dataset's order; nil unless a full print was asked for.
        public var all: (@Sendable (_ take: (borrowing RecordBatch) throws -> Void) throws -> Void)?

        public init(layout: EntityLayout, shown: [RecordBatch], isComplete: Bool) {
            self.layout = layout
            self.shown = shown
            self.isComplete = isComplete
        }
    }

    /// Until when records are kept: of the one that goes first, and of the one that goes last (`YYYY-MM-DD`).
    public struct Kept: Sendable {
        public var first: String
        public var last: String
        /// True for a duty to keep, after which data may still be needed.
        public var isAtLeast: Bool

        public init(first: String, last: String, isAtLeast: Bool) {
            self.first = first
            self.last = last
            self.isAtLeast = isAtLeast
        }
    }

    /// Who signed the archive, and where the key is found with which anyone can check that.
    public struct Signer: Sendable, Hashable {
        /// `SHA256:` and 43 characters.
        public var fingerprint: String
        /// Who signs, as a file of allowed signers names it.
        public var principal: String
        /// The web address at which the public key is published; nil if the configuration names none.
        public var publishedAt: String?

        public init(fingerprint: String, principal: String, publishedAt: String?) {
            self.fingerprint = fingerprint
            self.principal = principal
            self.publishedAt = publishedAt
        }
    }

    /// That nothing is held as controller, and how that is known.
    public struct NothingHeld: Sendable {
        public struct Search: Sendable {
            public var source: String
            /// What it holds, as the configuration's labels tell it.
            public var labels: [LocalizedText]
            /// RFC 3339 UTC.
            public var at: String
            /// The kinds of identifier by which it was searched.
            public var kinds: [String]

            public init(source: String, labels: [LocalizedText], at: String, kinds: [String]) {
                self.source = source
                self.labels = labels
                self.at = at
                self.kinds = kinds
            }
        }
        public var searches: [Search]

        public init(searches: [Search]) { self.searches = searches }
    }

    /// One source.
    public struct Source: Sendable {
        public enum Status: String, Sendable { case complete, partial, failed, notRead = "not-read" }
        public var id: String
        public var status: Status
        /// As of when it was read, RFC 3339 UTC.
        public var asOf: String?
        public var findings: [Finding]
        /// What went wrong, if it failed.
        public var error: String?
        /// Searches made by hand for this request.
        public var attestations: [Attestation] = []
        /// Why it holds no personal data; nil for every source that may hold some.
        public var noPersonalData: LocalizedText?

        public init(id: String, status: Status, asOf: String?, findings: [Finding], error: String?) {
            self.id = id
            self.status = status
            self.asOf = asOf
            self.findings = findings
            self.error = error
        }
    }

    /// The volumes that the archive was cut into, as one of them tells it.
    public struct Volumes: Sendable {
        /// What is in one volume.
        public struct Contents: Sendable {
            /// Datasets with their records in this volume.
            public var datasets: [(label: LocalizedText, records: Int64)]
            public var documents: Int64

            public init(datasets: [(label: LocalizedText, records: Int64)], documents: Int64) {
                self.datasets = datasets
                self.documents = documents
            }
        }
        /// This one, from 1.
        public var number: Int
        /// All of them, in order.
        public var contents: [Contents]

        public init(number: Int, contents: [Contents]) {
            self.number = number
            self.contents = contents
        }
    }

    public var language: Language
    public var right: Right
    public var requestID: String
    public var received: String
    /// RFC 3339 UTC.
    public var created: String
    public var isPartial: Bool
    public var controller: Controller
    public var policy: Policy
    public var authority: Authority
    public var purposes: [Purpose]
    public var recipients: [Recipient]
    public var formats: [Format]
    /// In the order of the configuration.
    public var datasets: [Dataset]
    public var sources: [Source]
    public var documentCount: Int64
    /// Name and version of the program.
    public var tool: String
    /// Article 15(1)(a) to (h) and 15(2), for the categories that this person has.
    public var processing: ProcessingInformation?
    /// Set if nothing is held as controller.
    public var nothingHeld: NothingHeld?
    /// By when what is missing will follow, `YYYY-MM-DD`; only for a partial archive.
    public var missingBy: String?
    /// The id of the receipt that this archive completes.
    public var supplements: String?
    /// True if somebody asked for the subject.
    public var isRepresented = false
    /// The other service or controller to which the archive goes directly, by name (Article 20(2)).
    public var transmittedTo: String?
    /// The controller's time zone, in which times are shown; nil shows them in UTC and says so.
    public var timeZone: TimeZoneRules?
    /// The class of users to which the subject belongs.
    public var userClass: UserClass?
    /// Who signed; nil if nobody did.
    public var signer: Signer?
    /// Set if the archive is one volume of several; ``datasets`` are then those of this volume.
    public var volumes: Volumes?

    public init(
        language: Language, right: Right, requestID: String, received: String, created: String, isPartial: Bool,
        controller: Controller, policy: Policy, authority: Authority, purposes: [Purpose], recipients: [Recipient],
        formats: [Format], datasets: [Dataset], sources: [Source], documentCount: Int64, tool: String
    ) {
        self.language = language
        self.right = right
        self.requestID = requestID
        self.received = received
        self.created = created
        self.isPartial = isPartial
        self.controller = controller
        self.policy = policy
        self.authority = authority
        self.purposes = purposes
        self.recipients = recipients
        self.formats = formats
        self.datasets = datasets
        self.sources = sources
        self.documentCount = documentCount
        self.tool = tool
    }
}
