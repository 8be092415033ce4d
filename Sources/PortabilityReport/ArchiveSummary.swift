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
        /// Fields that were withheld from its records, with ground and number of values.
        public var withheldFields: [(path: String, ground: Ground, count: Int64)]
        public var files: [File]

        public init(
            declaration: DatasetDeclaration, label: LocalizedText, meaning: LocalizedText, outcome: Outcome,
            records: Int64, withheldFields: [(path: String, ground: Ground, count: Int64)], files: [File]
        ) {
            self.declaration = declaration
            self.label = label
            self.meaning = meaning
            self.outcome = outcome
            self.records = records
            self.withheldFields = withheldFields
            self.files = files
        }
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

        public init(id: String, status: Status, asOf: String?, findings: [Finding], error: String?) {
            self.id = id
            self.status = status
            self.asOf = asOf
            self.findings = findings
            self.error = error
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
