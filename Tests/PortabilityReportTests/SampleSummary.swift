import PortabilityModel
import Testing

@testable import PortabilityReport

/// A summary of an invented archive, to be varied by each test.
func sampleSummary(
    _ language: Language = .en, right: Right = .access, datasets: [ArchiveSummary.Dataset]? = nil
) -> ArchiveSummary {
    ArchiveSummary(
        language: language, right: right, requestID: "R-2026-0001", received: "2026-11-02T09:14:00+02:00",
        created: "2026-11-09T08:05:00Z", isPartial: false,
        controller: Controller(
            name: "Sample Service Ab", businessID: "1854047-8", address: "Example Street 1, 02150 Espoo", country: "FI",
            email: "privacy@example.com", telephone: "+358 000 000 000",
            contact: LocalizedText(fi: "Rekisteriasiat", sv: "Registerärenden", en: "Register matters")),
        policy: Policy(
            register: "User register", name: "Policy of the sample service", date: "2017-09-08",
            sha256: String(repeating: "0123456789abcdef", count: 4)),
        authority: Authority(
            name: LocalizedText(
                fi: "Tietosuojavaltuutetun toimisto", sv: "Dataombudsmannens byrå",
                en: "Office of the Data Protection Ombudsman"), address: "P.O. Box 800, 00531 Helsinki",
            url: "https://tietosuoja.fi"),
        purposes: [
            Purpose(
                id: "service",
                text: LocalizedText(fi: "Palvelu", sv: "Tjänsten", en: "Providing the service"), basis: .contract)
        ],
        recipients: [
            Recipient(
                name: "Mailwind Inc.", country: "US",
                role: LocalizedText(fi: "Sähköposti", sv: "E-post", en: "Sending e-mail"), transferTool: "A46-2-c",
                categories: [.registration, .communication])
        ],
        formats: [.json, .csv, .xml],
        datasets: datasets ?? [sampleDataset("person", "person", .registration, records: 1)],
        sources: [
            ArchiveSummary.Source(
                id: "register", status: .complete, asOf: "2026-11-09T08:04:00Z", findings: [], error: nil)
        ], documentCount: 0, tool: "portability 1.0.0")
}

func sampleDataset(
    _ id: String, _ entity: String, _ category: PortabilityModel.Category, records: Int64,
    outcome: ArchiveSummary.Outcome = .exported, label: String? = nil,
    fields: [ArchiveSummary.FieldOutcome] = [],
    exclusions: [DatasetDeclaration.Exclusion] = []
) -> ArchiveSummary.Dataset {
    let label = label.map { LocalizedText(fi: $0, sv: $0, en: $0) }
    let known = Catalogue.standard.entity(named: entity)
    let unknown = LocalizedText(fi: entity, sv: entity, en: entity)
    return ArchiveSummary.Dataset(
        declaration: DatasetDeclaration(
            id: id, entity: entity, category: category, role: .controller,
            origin: Origin(kind: .provided, by: .subject), purposes: ["service"], subjectKinds: ["user_id"],
            order: .recordID, exclusions: exclusions),
        label: label ?? known?.label ?? unknown, meaning: known?.meaning ?? unknown, outcome: outcome,
        records: records, fields: fields,
        files: [
            ArchiveSummary.File(
                path: "data/\(category.rawValue)/\(id).json", format: .json, table: [], rows: records, bytes: 1234)
        ])
}

/// The page as a text. That it cannot be made fails the test.
func page(_ summary: ArchiveSummary, fullPrint: Bool = false) -> String {
    var bytes: [UInt8] = []
    #expect(throws: Never.self) { try writeIndexHTML(summary, fullPrint: fullPrint) { bytes.append($0) } }
    return String(decoding: bytes, as: UTF8.self)
}
func readmeText(_ summary: ArchiveSummary) -> String { String(decoding: readme(summary), as: UTF8.self) }
