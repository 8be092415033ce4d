public import PortabilityCalendar
public import PortabilityModel

/// The letters of an officer's day.
public enum LetterKind: String, Sendable, CaseIterable {
    /// The request has come; by when it is answered.
    case acknowledgement
    /// More is needed to know who asks (Article 12(6)).
    case identityQuery = "identity-query"
    /// What is asked for? (recital 63)
    case clarification
    /// The answer takes up to two months longer (Article 12(3)).
    case `extension`
    /// The package is ready.
    case delivery
    /// The package is ready, and something is missing by fault.
    case partialDelivery = "partial-delivery"
    /// The request, or a part of it, is refused (Article 12(4) and (5)).
    case refusal
    /// Nothing is held as controller.
    case nothingHeld = "nothing-held"
    /// We are the processor only: the controller answers.
    case processorOnly = "processor-only"
    /// Goes with data to the controller on whose instruction they were gathered (Article 28(3)(e)).
    case handoverCover = "handover-cover"
    /// Tells a controller that a request has come which is its to answer (Article 28(3)(e)).
    case forwardingNotice = "forwarding-notice"
}

/// What a letter is made from: the configuration, a request and its receipt. Nothing in it is personal data, but what
/// an officer adds: names and addresses are left as blanks in brackets. Only a forwarding notice, which no data subject
/// gets, names its ``addressee``.
public struct LetterFacts: Sendable {
    /// Why a request is refused as such, whatever it asks for (Article 12(5), 12(2) with 11).
    public enum Refusal: String, Sendable, CaseIterable {
        case manifestlyUnfounded = "manifestly-unfounded"
        /// Excessive, in particular because it is repeated.
        case excessive
        /// The person could not be identified (Articles 11(2) and 12(2)).
        case notIdentified = "not-identified"
    }

    /// The controller to which a forwarding notice goes.
    public struct Addressee: Sendable {
        /// As the source tells it; nil leaves a blank. It can be a sole trader's own name.
        public var name: String?
        /// The controller's key in the source, such as a customer number.
        public var tenant: String
        /// Where the notice reaches it.
        public var contact: String?

        public init(name: String?, tenant: String, contact: String?) {
            self.name = name
            self.tenant = tenant
            self.contact = contact
        }
    }

    /// Why an answer takes longer (Article 12(3)).
    public enum ExtensionReason: String, Sendable, CaseIterable { case complexity, number }

    /// The archive that goes with the letter.
    public struct Archive: Sendable {
        /// One file of several.
        public struct File: Sendable {
            /// Without its folder; nil leaves a blank.
            public var name: String?
            public var bytes: Int64
            /// Lowercase hexadecimal.
            public var sha256: String

            public init(name: String? = nil, bytes: Int64, sha256: String) {
                self.name = name
                self.bytes = bytes
                self.sha256 = sha256
            }
        }

        /// What opens the files, which are in the format of age.
        public enum Encryption: Sendable, CaseIterable { case keys, passphrase }

        public struct Signature: Sendable {
            /// `SHA256:…`.
            public var fingerprint: String
            /// The address of the public key; nil leaves a blank.
            public var publishedAt: String?

            public init(fingerprint: String, publishedAt: String? = nil) {
                self.fingerprint = fingerprint
                self.publishedAt = publishedAt
            }
        }

        /// The file's name without its folder; nil leaves a blank.
        public var name: String?
        public var bytes: Int64
        /// Lowercase hexadecimal.
        public var sha256: String
        public var formats: [Format]
        public var records: Int64
        public var documents: Int64
        /// With records, or withheld, in the model's order.
        public var categories: [Category]
        /// Labels of datasets and the records of each, for the controller's books.
        public var ledger: [(label: LocalizedText, records: Int64)] = []
        /// The files that the archive was cut into, in their order; empty if it is one. Nobody gets a file of the name,
        /// size and digest above then.
        public var volumes: [File] = []
        /// nil if the files are plain zips.
        public var encryption: Encryption?
        /// nil if the archive is not signed.
        public var signature: Signature?

        public init(
            name: String? = nil, bytes: Int64, sha256: String, formats: [Format], records: Int64, documents: Int64,
            categories: [Category]
        ) {
            self.name = name
            self.bytes = bytes
            self.sha256 = sha256
            self.formats = formats
            self.records = records
            self.documents = documents
            self.categories = categories
        }
    }

    /// Something that was left out by rule: how many records and fields on a ground.
    public struct LeftOut: Sendable {
        public var label: LocalizedText
        public var ground: Ground
        /// Records; 0 for a dataset that was not searched.
        public var records: Int64
        /// Values of fields that were left out or masked.
        public var values: Int64

        public init(label: LocalizedText, ground: Ground, records: Int64, values: Int64) {
            self.label = label
            self.ground = ground
            self.records = records
            self.values = values
        }
    }

    public var controller: Controller
    /// The register's name and the published policy.
    public var policy: Policy
    /// The authority of the country where the person lives, if it is known, else the controller's.
    public var authority: Authority
    /// The controller's authority, if another one is named first.
    public var controllersAuthority: Authority?
    public var language: Language
    public var requestID: String
    public var right: Right
    /// A date, or an RFC 3339 time.
    public var received: String
    /// The day of the letter, `YYYY-MM-DD`; nil leaves a blank.
    public var date: String?
    /// By when the request is answered, `YYYY-MM-DD`; nil where no term is set. In an extension of a switch: the end of
    /// the alternative transitional period (Data Act, Article 25(4)).
    public var due: String?
    /// The first month's end, `YYYY-MM-DD`: until when an extension may be told.
    public var firstMonthEnds: String?
    public var extensionReason: ExtensionReason?
    /// True if somebody asks for the subject: the letter then speaks to that person.
    public var isRepresented = false
    /// False if the subject uses the service for a company and is no party to its contract.
    public var isParty = true
    /// The service to which the package goes directly, by name (Article 20(2)).
    public var transmittedTo: String?
    /// When it was sent there, `YYYY-MM-DD`; nil leaves a blank.
    public var transmittedOn: String?
    /// To whom a forwarding notice goes.
    public var addressee: Addressee?
    /// In which times are told; nil tells them as they are given.
    public var timeZone: TimeZoneRules?
    /// The id of the controller's instruction, for a handover.
    public var instruction: String?
    public var archive: Archive?
    public var leftOut: [LeftOut] = []
    /// Originals and attachments that were left out.
    public var documentsLeftOut: Int64 = 0
    /// Labels of what is missing by fault.
    public var missing: [LocalizedText] = []
    /// By when it is supplied, `YYYY-MM-DD`; nil leaves a blank.
    public var missingBy: String?
    /// The grounds on which the request, or a part of it, is refused.
    public var grounds: [Ground] = []
    public var refusal: Refusal?
    /// Labels of what was searched, for "nothing held".
    public var searched: [LocalizedText] = []
    /// When the search ended, RFC 3339 UTC.
    public var searchedAt: String?

    public init(
        controller: Controller, policy: Policy, authority: Authority, language: Language, requestID: String,
        right: Right, received: String
    ) {
        self.controller = controller
        self.policy = policy
        self.authority = authority
        self.language = language
        self.requestID = requestID
        self.right = right
        self.received = received
    }
}
