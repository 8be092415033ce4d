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
    /// The organisation's staff, by file or by look-ups of the sources; nil if there is no list.
    public var staff: StaffList?
    /// What becomes of identifiers of other people that are found in free text.
    public var freeText = FreeTextProfile()
    /// File that holds the organisation's secret, from which pseudonyms are derived; nil if there is none.
    public var secretFile: String?
    /// The journal that every export is written to; nil if none is kept.
    public var journalFile: String?
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

extension Configuration {
    /// Checks what does not depend on how the configuration came to be.
    ///
    /// - Throws: `configuration`: a dataset without purpose, an unknown purpose or identifier, a marketing purpose on
    ///   processor-role or invoice data, an id that stands twice, an unknown entity or field.
    public func validate(catalogue: Catalogue = .standard) throws {
        var datasetIDs = Set<String>()
        var sourceIDs = Set<String>()
        let purposeIDs = purposes.map(\.id)
        let kinds = identifiers.map(\.name)
        for source in sources {
            let declaration = source.extractor.declaration
            let place = PortabilityError.Place(source: declaration.id)
            guard sourceIDs.insert(declaration.id).inserted else {
                throw PortabilityError(.configuration, "two sources have the same id", at: place)
            }
            if declaration.role == .processor, source.tenantKind == nil {
                throw PortabilityError(
                    .configuration, "a processor-role source names no tenant",
                    remedy: "Add `tenant:` with the kind of identifier that names the controller", at: place)
            }
            for dataset in declaration.datasets {
                let place = PortabilityError.Place(source: declaration.id, dataset: dataset.id)
                guard !dataset.id.isEmpty, dataset.id.utf8.count <= 60,
                    dataset.id.utf8.allSatisfy({
                        ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45
                    })
                else {
                    throw PortabilityError(
                        .configuration, "a dataset's id may hold only a-z, 0-9 and -, at most 60", at: place)
                }
                // The id of an invoice dataset names the list of its documents too.
                let own = dataset.entity == "invoice" ? [dataset.id, "\(dataset.id)-documents"] : [dataset.id]
                guard own.allSatisfy({ datasetIDs.insert($0).inserted }) else {
                    throw PortabilityError(
                        .configuration, "two datasets have the same id", remedy: "Rename one: the id is a file name",
                        at: place)
                }
                guard !reservedNames.contains(dataset.id) else {
                    throw PortabilityError(
                        .configuration, "the dataset's id is a name that some systems keep for devices",
                        remedy: "Rename it: the id is a file name", at: place)
                }
                guard let entity = catalogue.entity(named: dataset.entity) else {
                    let names = catalogue.entities.map(\.name)
                    throw PortabilityError(
                        .configuration, "there is no such entity in the catalogue",
                        remedy: nearest(dataset.entity, in: names).map { "Did you mean `\($0)`?" }
                            ?? "Known: \(names.joined(separator: ", "))", at: place)
                }
                guard !dataset.purposes.isEmpty else {
                    throw PortabilityError(
                        .configuration, "the dataset has no purpose",
                        remedy: "Add `purposes: [...]` with ids from `purposes`", at: place)
                }
                for id in dataset.purposes {
                    guard let purpose = purpose(id) else {
                        throw PortabilityError(
                            .configuration, "the dataset names the purpose `\(id)`, which is not declared",
                            remedy: nearest(id, in: purposeIDs).map { "Did you mean `\($0)`?" }
                                ?? "Declare it under `purposes`", at: place)
                    }
                    if purpose.isMarketing, dataset.role == .processor || dataset.entity == "invoice" {
                        throw PortabilityError(
                            .configuration, "invoice data may not have the marketing purpose `\(id)`",
                            remedy: "Remove the purpose: data from invoices are not used for direct marketing",
                            at: place)
                    }
                }
                if dataset.origin.kind == .provided, dataset.origin.by == nil {
                    throw PortabilityError(
                        .configuration, "the dataset does not say who provided its data",
                        remedy: "Write `origin: { provided: subject }`, or colleague, customer, third-party", at: place)
                }
                for kind in dataset.subjectKinds where !kinds.contains(kind) {
                    throw PortabilityError(
                        .configuration, "the dataset uses the identifier `\(kind)`, which is not declared",
                        remedy: nearest(kind, in: kinds).map { "Did you mean `\($0)`?" }
                            ?? "Declare it under `identifiers`", at: place)
                }
                let layout = EntityLayout(entity)
                for field in dataset.withheldFields where layout.position(ofPath: field.path) == nil {
                    throw PortabilityError(
                        .configuration, "the field to withhold is not a field of `\(entity.name)`",
                        at: .init(source: declaration.id, dataset: dataset.id, field: field.path))
                }
            }
        }
    }
}

/// File names that Windows keeps for devices, whatever their ending.
private let reservedNames: Set<String> = Set(
    ["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] })

extension EntityLayout {
    /// Group and field index of a dotted path.
    func position(ofPath path: String) -> (group: Int, field: Int)? {
        var group = 0
        let names = path.split(separator: ".").map(String.init)
        for (depth, name) in names.enumerated() {
            guard let field = groups[group].index(of: name) else { return nil }
            if depth == names.count - 1 { return (group, field) }
            guard groups[group].fields[field].group >= 0 else { return nil }
            group = groups[group].fields[field].group
        }
        return nil
    }
}
