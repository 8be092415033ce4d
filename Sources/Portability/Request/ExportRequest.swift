public import PortabilityModel

/// A request of a person (or of a customer, or of a controller), with what must be recorded before data go out.
public struct ExportRequest: Sendable {
    /// How and by whom it was checked that the requester is who they say (GDPR Article 12(6)).
    public struct IdentityCheck: Sendable {
        public enum Method: String, Sendable, CaseIterable {
            case session, knownEmail = "known-email", strongAuthentication = "strong-authentication"
            case inPerson = "in-person", alreadyKnown = "already-known"
        }
        public var method: Method
        public var level: String?
        /// RFC 3339.
        public var at: String?
        /// The role that checked, not a name.
        public var by: String?

        public init(method: Method, level: String? = nil, at: String? = nil, by: String? = nil) {
            self.method = method
            self.level = level
            self.at = at
            self.by = by
        }
    }

    /// A document kept as evidence: what it is, and its digest; never its content.
    public struct Evidence: Sendable {
        /// What it is, as `power-of-attorney`; `[a-z0-9-]`, no personal data, and never a copy of an identity document.
        public var document: String
        /// SHA-256 of the document, lowercase hexadecimal.
        public var sha256: String?

        public init(document: String, sha256: String? = nil) {
            self.document = document
            self.sha256 = sha256
        }
    }

    /// Somebody who asks for the subject.
    public struct Requester: Sendable {
        public enum Relation: String, Sendable, CaseIterable {
            case guardian, attorney, estate, controller, other
        }
        public var relation: Relation
        public var evidence: Evidence?

        public init(relation: Relation, evidence: Evidence? = nil) {
            self.relation = relation
            self.evidence = evidence
        }
    }

    /// A signature, kept as evidence; never a condition (GDPR sets no form for requests).
    public struct Signature: Sendable {
        public var form: String
        public var received: String?
        public var evidence: Evidence?

        public init(form: String, received: String? = nil, evidence: Evidence? = nil) {
            self.form = form
            self.received = received
            self.evidence = evidence
        }
    }

    /// To whom the archive goes.
    public struct Delivery: Sendable {
        public enum Receiver: String, Sendable, CaseIterable {
            case subject, requester, service, controller
        }
        public var to: Receiver
        /// The other service's or controller's name, for direct transmission (Article 20(2)).
        public var name: String?
        public var channel: Channel

        public init(to: Receiver, name: String? = nil, channel: Channel) {
            self.to = to
            self.name = name
            self.channel = channel
        }
    }

    /// The days, both included, from which records are wanted.
    public struct Period: Sendable {
        /// `YYYY-MM-DD`; nil: from the beginning.
        public var from: String?
        /// `YYYY-MM-DD`; nil: until now.
        public var to: String?

        public init(from: String? = nil, to: String? = nil) {
            self.from = from
            self.to = to
        }
    }

    /// Something that moves the clock of Article 12(3).
    public struct Event: Sendable {
        public enum Kind: String, Sendable, CaseIterable {
            case identityAsked = "identity-asked", identityReceived = "identity-received"
            case clarificationAsked = "clarification-asked", clarificationReceived = "clarification-received"
            case extensionNotified = "extension-notified"
        }
        public var kind: Kind
        /// RFC 3339, or a date.
        public var at: String
        /// Whether asking was necessary; only then the clock pauses.
        public var isNecessary: Bool
        /// Why the period was extended: complexity or number of requests.
        public var reason: ExtensionReason?

        public enum ExtensionReason: String, Sendable, CaseIterable { case complexity, number }

        public init(kind: Kind, at: String, isNecessary: Bool = false, reason: ExtensionReason? = nil) {
            self.kind = kind
            self.at = at
            self.isNecessary = isNecessary
            self.reason = reason
        }
    }

    public enum Channel: String, Sendable, CaseIterable {
        case email, letter, web, phone, inPerson = "in-person", other
    }

    /// Decimal sign, delimiter and byte order mark of the CSV files.
    public enum CSVDialectName: String, Sendable, CaseIterable {
        case excel, service
    }

    /// `[A-Za-z0-9._-]`, 1 to 64; holds no personal data, because it stands in file names, logs and receipts.
    public var id: String
    public var right: Right
    /// RFC 3339 or a date.
    public var received: String
    public var channel: Channel
    public var language: Language
    public var identifiers: [Identifier]
    public var identityCheck: IdentityCheck?
    public var signature: Signature?
    public var formats: [Format]
    /// Empty means all.
    public var include: [Category]
    public var exclude: [Category]
    public var csvDialect: CSVDialectName?
    /// The controller's instruction, for a handover.
    public var instruction: String?
    /// Who asks, if it is not the subject.
    public var requester: Requester?
    public var delivery: Delivery?
    public var period: Period?
    /// In the order in which they happened.
    public var events: [Event] = []
    /// Where the subject lives, ISO 3166-1 alpha-2: decides which authority is named first.
    public var residence: String?
    /// The id of the receipt that this export completes: its SHA-256, lowercase hexadecimal.
    public var supplements: String?
    /// By when what is missing from a partial archive will follow, `YYYY-MM-DD`; nil: the deadline.
    public var missingBy: String?

    public init(
        id: String, right: Right, received: String, channel: Channel = .other, language: Language = .en,
        identifiers: [Identifier], identityCheck: IdentityCheck?, signature: Signature? = nil,
        formats: [Format] = [.json], include: [Category] = [], exclude: [Category] = [],
        csvDialect: CSVDialectName? = nil, instruction: String? = nil
    ) {
        self.id = id
        self.right = right
        self.received = received
        self.channel = channel
        self.language = language
        self.identifiers = identifiers
        self.identityCheck = identityCheck
        self.signature = signature
        self.formats = formats
        self.include = include
        self.exclude = exclude
        self.csvDialect = csvDialect
        self.instruction = instruction
    }

    /// The dialect in force: what the request says, else `excel` for access, because a person opens it there.
    public var effectiveDialect: CSVDialectName { csvDialect ?? (right == .access ? .excel : .service) }
}
