public import PortabilityEvidence
public import PortabilityModel
public import PortabilityScope

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
        /// What becomes of its fields, for records of each class.
        public var rules: [FieldDecisions.Rule]
        /// Records that are left out whole, by class.
        public var recordRules: [(recordClass: String?, ground: Ground)]
        /// True if its free text is looked through for other people's identifiers.
        public var scansText: Bool
        /// Paths of the subject's own identity code, which another dataset shows already.
        var duplicates: Set<String> = []
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
    /// Sources that hold no personal data, as declared, with the reason.
    public var withoutPersonalData: [(source: String, reason: LocalizedText)]
    /// The class of users that the subject belongs to; nil if it is not known or makes no difference.
    public var userClass: UserClass?
    /// Whether the contract is a basis for what is processed about the subject.
    public var isParty: Bool
    /// What becomes of what is found in free text.
    public var freeText: [(kind: String, action: FreeTextProfile.Action)]
}

/// A controller for whom data on the person may be processed. Internal: never told to the person.
public struct RouteEntry: Sendable {
    /// The source that knows of it.
    public var source: String
    /// The key of the controller.
    public var tenant: String
    public var name: String?
    /// Where a notice reaches it.
    public var contact: String?
}

/// How an export is to be made, beside the request.
public struct ExportOptions: Sendable {
    /// Whether an existing archive and receipt may be replaced.
    public var replace = false
    /// The creation time, seconds since 1970; nil asks the clock. Equal inputs and equal times give equal bytes.
    public var created: Int64?
    /// Whether the page shows all records instead of the newest.
    public var printsAll = false
    /// That the identifiers are right, though they lead to nobody: makes the archive that says that nothing is held.
    public var confirmsNothingHeld = false
    /// What reviewers decided.
    public var review: ReviewFile?
    /// Where the list of what somebody must look at goes, if there is any; nil writes none.
    public var reviewListPath: String?
    /// Where the receipt goes; nil writes none. It is in the result in any case.
    public var receiptPath: String?
    /// For whom the archive is encrypted; nil leaves it a plain zip. Its name should then end with `.zip.age`.
    public var encryption: ArchiveEncryption?
    /// Signs the archive; nil leaves it unsigned.
    public var signingKey: SigningKey?
    /// The most bytes that one file may have, see ``VolumeSize``; nil for any number. What is larger is cut into
    /// volumes, each an archive of its own: for `R.zip` these are `R-001.zip` and so on, and no `R.zip`. Volumes
    /// replace nothing, so ``replace`` does not go with it, and neither does ``printsAll``.
    public var volumeSize: VolumeSize?

    public init(replace: Bool = false, created: Int64? = nil) {
        self.replace = replace
        self.created = created
    }
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
        /// Every source was searched, and none holds anything as controller.
        case nothingHeld = "nothing-held"
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

    /// One file that was written.
    public struct Volume: Sendable {
        public var path: String
        public var bytes: Int64
        /// Lowercase hexadecimal.
        public var sha256: String
        /// True if one record or one document alone is larger than was asked for.
        public var isTooLarge: Bool
    }

    public var status: Status
    /// The archive, or its first volume.
    public var path: String
    /// Size of the archive, or of all volumes together, in bytes.
    public var bytes: Int64
    /// SHA-256 of the archive, or of all volumes one after the other, lowercase hexadecimal.
    public var sha256: String
    /// The archive, or the volumes that it was cut into.
    public var volumes: [Volume]
    public var records: Int64
    public var datasets: [Dataset]
    /// What was noticed, by source.
    public var findings: [Finding]
    /// The errors of sources that failed.
    public var errors: [PortabilityError]
    /// The proof for the organisation: no personal data.
    public var receipt: Receipt
}
