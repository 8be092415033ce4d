public import PortabilityModel

/// Proof, for the organisation, of what was done on a request, without the person in it.
///
/// It holds ids, times, counts, typed grounds, what the configuration says, and digests. It holds no identifier, no
/// value and no free text. Digests are chosen with that in mind, because whoever can guess a text can confirm the guess
/// by its digest:
/// - of the **archive** as a whole: it has every record, every time and every count in it, and cannot be guessed;
/// - none of a **dataset**: one record that is a name and a language could be found by trying names;
/// - of the **request** only a keyed one (HMAC-SHA-256), by a key that the caller keeps: a request file is an id, a date
///   and one identifier from a small set. Without a key there is none;
/// - of the **configuration** and the **policy**: they hold nothing personal;
/// - of a **signed document** that was received as evidence: a scan or a signed file, not a short text;
/// - of the **review file**: it holds the times, reasons and digests of every decision.
///
/// A receipt's id is the SHA-256 of its own bytes without the line that says the id, so that anyone can check that it
/// was not altered: `sed '/^  "receipt_id": /d' FILE | sha256sum`. A forger can write a new receipt with a new id; that
/// it was there at the time is what the chained ``Journal`` shows.
public struct Receipt: Sendable, Hashable {
    public enum Status: String, Sendable, CaseIterable {
        case complete, partial
        /// Every source was searched and holds nothing as controller.
        case nothingHeld = "nothing-held"
    }

    public struct Tool: Sendable, Hashable {
        public var name: String
        public var version: String
        /// The compressor and its version, on which the archive's bytes depend.
        public var codec: String

        public init(name: String, version: String, codec: String) {
            self.name = name
            self.version = version
            self.codec = codec
        }
    }

    public struct Controller: Sendable, Hashable {
        public var name: String
        public var businessID: String

        public init(name: String, businessID: String) {
            self.name = name
            self.businessID = businessID
        }
    }

    /// The published policy under which the data are held.
    public struct Policy: Sendable, Hashable {
        public var name: String
        /// `YYYY-MM-DD`.
        public var date: String
        public var sha256: String?

        public init(name: String, date: String, sha256: String? = nil) {
            self.name = name
            self.date = date
            self.sha256 = sha256
        }
    }

    /// How it was checked who asks (GDPR Article 12(6)).
    public struct IdentityCheck: Sendable, Hashable {
        /// A word, such as `strong-authentication`.
        public var method: String
        public var level: String?
        /// A date or RFC 3339 time.
        public var at: String?
        /// The role that checked, never a name.
        public var by: String?

        public init(method: String, level: String? = nil, at: String? = nil, by: String? = nil) {
            self.method = method
            self.level = level
            self.at = at
            self.by = by
        }
    }

    /// When the answer is due (GDPR Article 12(3)).
    public struct Deadline: Sendable, Hashable {
        /// `YYYY-MM-DD`, the first month's end or the extended one.
        public var due: String
        public var isExtended: Bool

        public init(due: String, isExtended: Bool = false) {
            self.due = due
            self.isExtended = isExtended
        }
    }

    /// The archive, or the volumes that it was cut into.
    public struct Archive: Sendable, Hashable {
        /// One file of several.
        public struct Volume: Sendable, Hashable {
            public var bytes: Int64
            public var sha256: String

            public init(bytes: Int64, sha256: String) {
                self.bytes = bytes
                self.sha256 = sha256
            }
        }
        /// What is known of files that are encrypted: for how many, never for whom.
        public struct Encryption: Sendable, Hashable {
            /// What kind of key opens the files, as their format (age v1) names it.
            public enum RecipientKind: String, Sendable, CaseIterable {
                case x25519 = "X25519"
                case sshEd25519 = "ssh-ed25519"
                /// A passphrase.
                case scrypt
            }
            public struct Recipients: Sendable, Hashable {
                public var kind: RecipientKind
                public var count: Int64

                public init(kind: RecipientKind, count: Int64) {
                    self.kind = kind
                    self.count = count
                }
            }
            /// The zip inside an encrypted file.
            public struct Zip: Sendable, Hashable {
                public var bytes: Int64
                public var sha256: String

                public init(bytes: Int64, sha256: String) {
                    self.bytes = bytes
                    self.sha256 = sha256
                }
            }
            /// Each kind once.
            public var recipients: [Recipients]
            /// In the order of the files, so that what is inside can be proved too.
            public var zips: [Zip]

            public init(recipients: [Recipients], zips: [Zip]) {
                self.recipients = recipients
                self.zips = zips
            }
        }
        /// Of all volumes together.
        public var bytes: Int64
        /// Of the file, or of all volumes one after the other.
        public var sha256: String
        /// In the order of their numbers; empty for an archive that is one file.
        public var volumes: [Volume]
        /// nil if they are plain zips.
        public var encryption: Encryption?

        public init(bytes: Int64, sha256: String, volumes: [Volume] = [], encryption: Encryption? = nil) {
            self.bytes = bytes
            self.sha256 = sha256
            self.volumes = volumes
            self.encryption = encryption
        }

        /// The files that were given.
        var files: [Volume] { volumes.isEmpty ? [Volume(bytes: bytes, sha256: sha256)] : volumes }
    }

    public struct Source: Sendable, Hashable {
        public enum Status: String, Sendable, CaseIterable {
            case complete, partial, failed, notRead = "not-read"
        }
        public struct Findings: Sendable, Hashable {
            public var kind: Finding.Kind
            public var count: Int64

            public init(kind: Finding.Kind, count: Int64) {
                self.kind = kind
                self.count = count
            }
        }
        /// The id in the configuration.
        public var id: String
        public var status: Status
        /// RFC 3339; nil if it was not read.
        public var asOf: String?
        public var files: Int64
        public var bytes: Int64
        /// Each kind once.
        public var findings: [Findings]

        public init(
            id: String, status: Status, asOf: String? = nil, files: Int64 = 0, bytes: Int64 = 0,
            findings: [Findings] = []
        ) {
            self.id = id
            self.status = status
            self.asOf = asOf
            self.files = files
            self.bytes = bytes
            self.findings = findings
        }
    }

    /// What was done with the records of one dataset.
    public struct Dataset: Sendable, Hashable {
        public enum Status: String, Sendable, CaseIterable {
            case exported, partial, withheld, notRead = "not-read", failed
        }
        public struct Withheld: Sendable, Hashable {
            public var ground: Ground
            public var count: Int64

            public init(ground: Ground, count: Int64) {
                self.ground = ground
                self.count = count
            }
        }
        /// A field that was left out or made unreadable in some records.
        public struct FieldDecision: Sendable, Hashable {
            public enum Action: String, Sendable, CaseIterable {
                case withheld, masked
                /// A label or pseudonym stands for it.
                case labelled
            }
            /// The catalogue's path.
            public var field: String
            public var action: Action
            public var ground: Ground
            public var count: Int64

            public init(field: String, action: Action, ground: Ground, count: Int64) {
                self.field = field
                self.action = action
                self.ground = ground
                self.count = count
            }
        }
        public var id: String
        public var entity: String
        public var category: Category
        public var role: Role
        public var status: Status
        /// Why it was withheld or not read as a whole.
        public var ground: Ground?
        /// Records: `extracted` = `exported` + the sum of `withheld`.
        public var extracted: Int64
        public var exported: Int64
        /// Each ground once.
        public var withheld: [Withheld]
        public var fields: [FieldDecision]

        public init(
            id: String, entity: String, category: Category, role: Role, status: Status, ground: Ground? = nil,
            extracted: Int64 = 0, exported: Int64 = 0, withheld: [Withheld] = [], fields: [FieldDecision] = []
        ) {
            self.id = id
            self.entity = entity
            self.category = category
            self.role = role
            self.status = status
            self.ground = ground
            self.extracted = extracted
            self.exported = exported
            self.withheld = withheld
            self.fields = fields
        }
    }

    public struct Documents: Sendable, Hashable {
        public var given: Int64
        public var withheld: Int64

        public init(given: Int64 = 0, withheld: Int64 = 0) {
            self.given = given
            self.withheld = withheld
        }
    }

    /// What a partial archive lacks.
    public struct Missing: Sendable, Hashable {
        /// The dataset's id, or the source's if the source failed as a whole.
        public var id: String
        /// `YYYY-MM-DD`, when it is expected to be supplied.
        public var expected: String?

        public init(id: String, expected: String? = nil) {
            self.id = id
            self.expected = expected
        }
    }

    public var status: Status
    /// The request's id, which holds no personal data (``EvidenceText/isID(_:)``).
    public var request: String
    public var right: Right
    public var formats: [Format]
    /// When the request was received, a date or RFC 3339 time.
    public var received: String
    /// The archive's creation time and the time when it had its name, RFC 3339.
    public var created: String
    public var finished: String
    public var tool: Tool
    public var controller: Controller
    public var policy: Policy
    public var configurationSHA256: String
    /// HMAC-SHA-256 of the request file by a key of the caller's, never a plain digest.
    public var requestHMAC: String?
    public var identityCheck: IdentityCheck?
    /// Of the document that bears the signature.
    public var signatureSHA256: String?
    /// The id of the controller's instruction, for a handover.
    public var instruction: String?
    public var deadline: Deadline?
    public var reviewSHA256: String?
    /// The id of the receipt that this archive completes.
    public var supplements: String?
    /// The fingerprint of the key that the archive is signed with, `SHA256:…`; nil if it is not signed.
    public var signingKey: String?
    public var archive: Archive
    public var sources: [Source]
    public var datasets: [Dataset]
    public var documents: Documents
    public var missing: [Missing]

    public init(
        status: Status, request: String, right: Right, formats: [Format], received: String, created: String,
        finished: String, tool: Tool, controller: Controller, policy: Policy, configurationSHA256: String,
        requestHMAC: String? = nil, identityCheck: IdentityCheck? = nil, signatureSHA256: String? = nil,
        instruction: String? = nil, deadline: Deadline? = nil, reviewSHA256: String? = nil,
        supplements: String? = nil, archive: Archive, sources: [Source], datasets: [Dataset],
        documents: Documents = Documents(), missing: [Missing] = []
    ) {
        self.status = status
        self.request = request
        self.right = right
        self.formats = formats
        self.received = received
        self.created = created
        self.finished = finished
        self.tool = tool
        self.controller = controller
        self.policy = policy
        self.configurationSHA256 = configurationSHA256
        self.requestHMAC = requestHMAC
        self.identityCheck = identityCheck
        self.signatureSHA256 = signatureSHA256
        self.instruction = instruction
        self.deadline = deadline
        self.reviewSHA256 = reviewSHA256
        self.supplements = supplements
        self.archive = archive
        self.sources = sources
        self.datasets = datasets
        self.documents = documents
        self.missing = missing
    }

    /// Refuses what a receipt must not hold. Callers may ask before they export, with an archive of no bytes.
    ///
    /// - Throws: `refused` with the field, never with its text; `ledger` if the counts of a dataset do not balance.
    public func validate() throws {
        let id = "letters, digits, point, _ and -, at most 64, and no personal data"
        let word = "a word of a-z, 0-9 and -, at most 40: a role, not a name"
        let digest = "a digest as 64 hexadecimal digits"
        let moment = "a date or a time with its offset"
        try require(EvidenceText.isID(request), "request", id)
        try require(instruction.map(EvidenceText.isID) ?? true, "instruction", id)
        try require(EvidenceText.moment(received) != nil, "received", moment)
        try require(EvidenceText.time(created) != nil, "created", moment)
        try require(EvidenceText.time(finished) != nil, "finished", moment)
        if let check = identityCheck {
            try require(EvidenceText.isWord(check.method), "identity_check.method", word)
            try require(check.level.map(EvidenceText.isWord) ?? true, "identity_check.level", word)
            try require(check.by.map(EvidenceText.isWord) ?? true, "identity_check.by", word)
            try require(check.at.map { EvidenceText.moment($0) != nil } ?? true, "identity_check.at", moment)
        }
        for (field, value) in [
            ("configuration_sha256", configurationSHA256), ("archive.sha256", archive.sha256),
            ("policy.sha256", policy.sha256), ("request_hmac_sha256", requestHMAC),
            ("signature_sha256", signatureSHA256), ("review_sha256", reviewSHA256), ("supplements", supplements),
        ] { try require(value.map(EvidenceText.isDigest) ?? true, field, digest) }
        for volume in archive.volumes { try require(EvidenceText.isDigest(volume.sha256), "archive.volumes", digest) }
        if !archive.volumes.isEmpty {
            guard archive.bytes == archive.volumes.reduce(0, { $0 &+ $1.bytes }) else {
                throw PortabilityError(
                    .ledger, "the sizes of the volumes are not that of the archive", at: .init(field: "archive.volumes")
                )
            }
        }
        if let encryption = archive.encryption {
            for zip in encryption.zips { try require(EvidenceText.isDigest(zip.sha256), "archive.encryption", digest) }
            let inside = encryption.zips.reduce(0) { $0 &+ $1.bytes }
            // What is encrypted is longer than what is in it.
            guard !encryption.zips.isEmpty, encryption.zips.allSatisfy({ isCount($0.bytes) }), inside < archive.bytes
            else {
                throw PortabilityError(
                    .ledger, "the zips are not those of the encrypted files", at: .init(field: "archive.encryption"))
            }
        }
        for (field, value) in [("policy.date", policy.date), ("deadline.due", deadline?.due)] {
            try require(value.map { EvidenceText.date($0) != nil } ?? true, field, "a date")
        }
        try require(
            signingKey.map(EvidenceText.isFingerprint) ?? true, "signing_key", "a fingerprint: SHA256: and base 64")
        for source in sources {
            try require(
                source.asOf.map { EvidenceText.time($0) != nil } ?? true, "sources.as_of", moment)
        }
        for missing in missing {
            try require(
                missing.expected.map { EvidenceText.date($0) != nil } ?? true, "missing.expected", "a date")
        }
        for dataset in datasets {
            for field in dataset.fields {
                try require(EvidenceText.isFieldPath(field.field), "datasets.fields.field", "a field of the catalogue")
            }
            let counts = [dataset.extracted, dataset.exported] + dataset.withheld.map(\.count)
            try require(counts.allSatisfy(isCount), "datasets.records", "counts from 0 to 2^53")
            let withheld = dataset.withheld.reduce(0) { $0 + $1.count }
            guard dataset.extracted == dataset.exported + withheld else {
                throw PortabilityError(
                    .ledger, "the counts of records extracted, exported and withheld do not balance",
                    at: .init(dataset: dataset.id))
            }
        }
    }
}
