public import PortabilityModel

/// What an export will read and what it will leave out, known before a record is read. Holds no personal data.
public struct ExportPlan: Sendable {
    /// What becomes of a dataset.
    public enum Decision: Hashable, Sendable {
        case read
        /// Left out by rule.
        case withheld(Ground)
        /// Not searched: there is no identifier by which it could be.
        case notRead(Ground)
    }

    public struct Dataset: Sendable {
        /// The source's id.
        public var source: String
        public var dataset: DatasetDeclaration
        public var label: LocalizedText
        public var meaning: LocalizedText
        public var decision: Decision
        /// Fields that no record will show.
        public var withheldFields: [(path: String, ground: Ground)]
        /// About how many records; nil if the source cannot tell cheaply.
        public var estimate: Int64?
    }

    public struct KnownIdentifier: Sendable {
        public var kind: String
        public var values: Int
        /// True if the request gave it, false if it was found.
        public var isGiven: Bool
    }

    public var request: String
    public var right: Right
    public var identifiers: [KnownIdentifier]
    /// Identifiers not used because others share them: how many, by kind.
    public var shared: [String: Int]
    public var datasets: [Dataset]
}

/// What a source says when it is checked.
public struct SourceCheck: Sendable {
    public var id: String
    public var kind: String
    public var findings: [Finding] = []
    public var error: PortabilityError?
}

/// What came of an export. Holds no personal data.
public struct ExportResult: Sendable {
    public enum Status: String, Sendable {
        /// Everything that was asked for and may go out is in the archive.
        case complete
        /// A source failed or lost records; the archive says which.
        case partial
    }

    /// One dataset's counts.
    public struct Dataset: Sendable {
        public var id: String
        public var source: String
        public var status: String
        public var records: Int64
        /// SHA-256 of the dataset's JSON Lines form, lowercase hexadecimal; nil if it is not in the archive.
        public var contentDigest: String?
    }

    public var status: Status
    public var path: String
    /// Size of the archive in bytes.
    public var bytes: Int64
    /// SHA-256 of the archive, lowercase hexadecimal.
    public var sha256: String
    public var records: Int64
    public var datasets: [Dataset]
    /// What was noticed, by source.
    public var findings: [Finding]
    /// The errors of sources that failed.
    public var errors: [PortabilityError]
}
