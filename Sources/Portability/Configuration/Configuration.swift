public import PortabilityCalendar
public import PortabilityModel
public import PortabilityScope

/// All that an organisation declares: who it is, what it processes for what, and where its data lie.
///
/// A value: several configurations can be in use at once.
public struct Configuration: Sendable {
    public var controller: Controller
    public var policy: Policy
    public var authority: Authority
    /// Authorities of other countries, for people who live there (Article 77: habitual residence).
    public var otherAuthorities: [Authority] = []
    /// IANA time zone of the controller.
    public var timeZone: String
    /// Days that are no working days beside those of the controller's country, `YYYY-MM-DD` (Regulation 1182/71).
    public var extraHolidays: [String] = []
    /// Days within which switching and handover are answered, by contract; nil if none is agreed.
    public var contractTermDays: Int?
    /// In the configuration's order.
    public var purposes: [Purpose]
    public var recipients: [Recipient]
    public var identifiers: [IdentifierKind]
    /// Whether data under legitimate interest go into a portability archive (WP242: good practice, no duty).
    public var portableLegitimateInterest: Bool
    /// Classes of users that the law treats differently; empty: every user is a party to the contract.
    public var userClasses: [UserClass] = []
    /// Decisions made by automated means alone; nil if the configuration says nothing, which `lint` reports.
    public var automatedDecisions: AutomatedDecisions?
    /// Rules by id: how dates of deletion are computed.
    public var retentionRules: [String: RetentionRule] = [:]
    /// The controller's financial years, from which periods of bookkeeping law are counted; nil if they are not told.
    public var financialYears: FinancialYears?
    /// The organisation's staff, by file or by look-ups of the sources; nil if there is no list.
    public var staff: StaffList?
    /// What becomes of identifiers of other people that are found in free text.
    public var freeText = FreeTextProfile()
    /// File that holds the organisation's secret, from which pseudonyms are derived; nil if there is none.
    public var secretFile: String?
    /// The journal that every export is written to; nil if none is kept.
    public var journalFile: String?
    /// The key that archives are signed with; nil if the configuration names none.
    public var signing: SigningDeclaration?
    public var sources: [ConfiguredSource]
    public var batchLimits: BatchLimits
    public var sourceLimits: SourceLimits
    /// The folder that relative paths start from.
    public var baseDirectory: String
    /// SHA-256 of the configuration file, lowercase hexadecimal.
    public var digest: String
    /// What is lawful to run but should be looked at.
    public var warnings: [String]

    /// Makes a configuration in code; ``load(path:registry:)`` reads one from YAML.
    public init(
        controller: Controller, policy: Policy, authority: Authority, timeZone: String, purposes: [Purpose],
        recipients: [Recipient] = [], identifiers: [IdentifierKind], portableLegitimateInterest: Bool = false,
        sources: [ConfiguredSource], batchLimits: BatchLimits = BatchLimits(),
        sourceLimits: SourceLimits = SourceLimits(), baseDirectory: String, digest: String = "",
        warnings: [String] = []
    ) {
        self.controller = controller
        self.policy = policy
        self.authority = authority
        self.timeZone = timeZone
        self.purposes = purposes
        self.recipients = recipients
        self.identifiers = identifiers
        self.portableLegitimateInterest = portableLegitimateInterest
        self.sources = sources
        self.batchLimits = batchLimits
        self.sourceLimits = sourceLimits
        self.baseDirectory = baseDirectory
        self.digest = digest
        self.warnings = warnings
    }

    /// The declaration of an identifier kind.
    public func identifier(_ name: String) -> IdentifierKind? { identifiers.first { $0.name == name } }
    /// The purpose of an id.
    public func purpose(_ id: String) -> Purpose? { purposes.first { $0.id == id } }
}

/// A source with its extractor.
public struct ConfiguredSource: Sendable {
    public var extractor: any Extractor
    /// True if all datasets are read in one pass (logs, folders); false if each has a query of its own.
    public var readsTogether: Bool
    /// The identifier kind that names the tenant, for processor-role sources.
    public var tenantKind: String?
    /// Malformed lines or files that are accepted before the result is partial.
    public var toleratedMalformed: Int64

    public init(
        extractor: any Extractor, readsTogether: Bool, tenantKind: String? = nil, toleratedMalformed: Int64 = 0
    ) {
        self.extractor = extractor
        self.readsTogether = readsTogether
        self.tenantKind = tenantKind
        self.toleratedMalformed = toleratedMalformed
    }
}
