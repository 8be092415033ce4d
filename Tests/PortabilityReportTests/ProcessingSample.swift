import PortabilityModel

@testable import PortabilityReport

/// An invented organisation with all that the processing information and the letters draw on.
enum ProcessingSample {
    static func text(_ text: String) -> LocalizedText {
        LocalizedText(fi: "\(text) (fi)", sv: "\(text) (sv)", en: text)
    }

    static let controller = Controller(
        name: "Sample Service Ab", businessID: "1854047-8", address: "Example Street 1, 02150 Espoo", country: "FI",
        email: "privacy@example.com", telephone: "+358 000 000 000", contact: "Register matters")
    static let policy = Policy(register: "User register", name: "Policy of the sample service", date: "2017-09-08")
    static let finnishAuthority = Authority(
        country: "FI",
        name: LocalizedText(
            fi: "Tietosuojavaltuutetun toimisto", sv: "Dataombudsmannens byrå",
            en: "Office of the Data Protection Ombudsman"), address: "P.O. Box 800, 00531 Helsinki",
        url: "https://tietosuoja.fi", email: "ombudsman@example.com")
    static let swedishAuthority = Authority(
        country: "SE",
        name: LocalizedText(
            fi: "Ruotsin tietosuojaviranomainen", sv: "Integritetsskyddsmyndigheten",
            en: "Swedish Authority for Privacy Protection"), address: "Box 8114, 104 20 Stockholm",
        url: "https://www.imy.se")

    static let service = Purpose(id: "service", text: text("providing the service"), basis: .contract)
    static let relations = Purpose(
        id: "relations", text: text("customer relations"), basis: .legitimateInterest,
        iri: "https://w3id.org/dpv#CustomerRelationshipManagement", interest: text("keeping in touch with customers"))
    static let marketing = Purpose(
        id: "marketing", text: text("marketing"), basis: .legitimateInterest, isMarketing: true)
    static let newsletter = Purpose(id: "newsletter", text: text("the newsletter"), basis: .consent)
    static let bookkeeping = Purpose(id: "bookkeeping", text: text("bookkeeping"), basis: .legalObligation)
    static let purposes = [service, relations, marketing, newsletter, bookkeeping]

    static let recipients = [
        Recipient(name: "Host Oy", country: "FI", role: text("runs the servers")),
        Recipient(
            name: "Mailwind Inc.", country: "US", role: text("sends e-mail"), transferTool: "A46-2-c",
            categories: [.communication]),
        Recipient(
            name: "Tax authorities", country: "FI", role: text("where the law demands"), categories: [.payment],
            categoryGround: text("it is not known beforehand which office asks")),
    ]
    static let decisions = AutomatedDecisions(
        decisions: [
            AutomatedDecision(
                id: "credit", name: text("credit limit"), logic: text("payment delays of a year are counted"),
                consequences: text("the service is prepaid above the limit"), datasets: ["score"])
        ], reviewed: "2026-06-01")

    static func dataset(
        _ id: String, _ category: PortabilityModel.Category, _ purposes: [Purpose], records: Int64 = 3,
        outcome: ArchiveSummary.Outcome = .exported, origin: Origin = Origin(kind: .provided, by: .subject),
        role: Role = .controller, means: Means = .automated,
        retention: LocalizedText? = text("as long as you are ours"),
        kept: ArchiveSummary.Kept? = nil, special: [SpecialCategory] = [], children: Bool = false,
        withheldRecords: [(ground: Ground, count: Int64)] = []
    ) -> ArchiveSummary.Dataset {
        var dataset = ArchiveSummary.Dataset(
            declaration: DatasetDeclaration(
                id: id, entity: "person", category: category, role: role, origin: origin, means: means,
                purposes: purposes.map(\.id), subjectKinds: ["user_id"], order: .recordID, retention: retention,
                specialCategories: special, mayConcernChildren: children),
            label: text("label of \(id)"), meaning: text("meaning of \(id)"), outcome: outcome, records: records,
            fields: [], files: [])
        dataset.kept = kept
        dataset.withheldRecords = withheldRecords
        return dataset
    }

    static let datasets = [
        dataset("account", .registration, [service]),
        dataset("colleague", .registration, [service], origin: Origin(kind: .provided, by: .colleague)),
        dataset("letters", .communication, [newsletter], special: [.health], children: true),
        dataset("messages", .communication, [relations, marketing], withheldRecords: [(.others, 2)]),
        dataset(
            "vouchers", .payment, [service, bookkeeping], origin: Origin(kind: .derived),
            kept: ArchiveSummary.Kept(first: "2026-12-31", last: "2026-12-31", isAtLeast: true)),
        dataset("score", .profile, [relations], origin: Origin(kind: .inferred)),
        dataset("log", .usage, [service], records: 0, outcome: .failed, origin: Origin(kind: .observed)),
        dataset("secrets", .preference, [service], records: 0, outcome: .withheld(.restrictedByLaw)),
        dataset("nothing", .device, [service], records: 0),
        dataset("invoices", .invoicing, [service], role: .processor),
    ]

    static func summary(
        _ datasets: [ArchiveSummary.Dataset] = datasets, right: Right = .access,
        recipients: [Recipient] = recipients
    ) -> ArchiveSummary {
        ArchiveSummary(
            language: .en, right: right, requestID: "R-2026-0001", received: "2026-11-02T09:14:00+02:00",
            created: "2026-11-09T08:05:00Z", isPartial: false, controller: controller, policy: policy,
            authority: finnishAuthority, purposes: purposes, recipients: recipients, formats: [.json],
            datasets: datasets, sources: [], documentCount: 0, tool: "portability 1.0.0")
    }

    static func information(
        _ datasets: [ArchiveSummary.Dataset] = datasets, right: Right = .access, residence: String? = nil,
        decisions: AutomatedDecisions? = decisions
    ) -> ProcessingInformation {
        ProcessingInformation(
            summary(datasets, right: right), automatedDecisions: decisions, authorities: [swedishAuthority],
            residence: residence)
    }
}
