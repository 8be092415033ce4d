import Foundation
import Portability
import PortabilityModel

/// A folder that is gone when the test ends.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "portability-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }
}

func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

let someText = LocalizedText(fi: "teksti", sv: "text", en: "text")

func dataset(
    _ id: String, entity: String = "person", category: PortabilityModel.Category = .registration,
    role: Role = .controller, origin: Origin = Origin(kind: .provided, by: .subject), means: Means = .automated,
    purposes: [String] = ["service"], subject: String = "user_id", order: DatasetDeclaration.Order = .recordID,
    rules: [FieldRule] = [FieldRule(.documents, .keep)]
) -> DatasetDeclaration {
    DatasetDeclaration(
        id: id, entity: entity, category: category, role: role, origin: origin, means: means, purposes: purposes,
        subjectKinds: [subject], tenantKind: role == .processor ? "customer_number" : nil, order: order,
        rules: rules)
}

func source(
    _ id: String, _ datasets: [DatasetDeclaration], role: Role = .controller, rows: [String: [FakeExtractor.Row]] = [:],
    people: [SubjectKeys] = []
) -> FakeExtractor {
    FakeExtractor(
        declaration: SourceDeclaration(
            id: id, kind: "fake", role: role, datasets: datasets,
            resolves: people.isEmpty ? [] : ["user_id", "customer_number", "email"]),
        rows: rows, people: people)
}

func configuration(_ extractors: [any Extractor], together: Bool = false) -> Configuration {
    Configuration(
        controller: Controller(
            name: "Testi Oy", businessID: "1854047-8", address: "Testikatu 1, Espoo", country: "FI",
            email: "info@example.fi"),
        policy: Policy(register: "Testirekisteri", name: "Tietosuojaseloste", date: "2026-01-01"),
        authority: Authority(
            name: LocalizedText(
                fi: "Tietosuojavaltuutetun toimisto", sv: "Dataombudsmannens byrå",
                en: "Office of the Data Protection Ombudsman"),
            address: "Helsinki", url: "https://tietosuoja.fi"),
        timeZone: "Europe/Helsinki",
        purposes: [
            Purpose(id: "service", text: someText, basis: .contract),
            Purpose(id: "marketing", text: someText, basis: .legitimateInterest, isMarketing: true),
            Purpose(id: "development", text: someText, basis: .legitimateInterest),
        ],
        identifiers: [
            IdentifierKind(name: "user_id", isUnique: true, isSingle: true),
            IdentifierKind(name: "customer_number", isUnique: true, isSingle: true),
            IdentifierKind(name: "email", isUnique: false, isSingle: false),
        ],
        sources: extractors.map {
            ConfiguredSource(
                extractor: $0, readsTogether: together,
                tenantKind: $0.declaration.role == .processor ? "customer_number" : nil)
        },
        baseDirectory: "/")
}

func request(
    _ identifiers: [Identifier] = [Identifier(kind: "user_id", value: "7")], right: Right = .access,
    formats: [Format] = [.json, .csv, .xml], id: String = "R-1"
) -> ExportRequest {
    ExportRequest(
        id: id, right: right, received: "2026-11-02", language: .fi, identifiers: identifiers,
        identityCheck: .init(method: .inPerson, at: "2026-11-02T10:00:00Z", by: "privacy-officer"), formats: formats,
        instruction: right == .handover ? "I-1" : nil)
}

func rows(_ count: Int, subject: String = "7", tenant: String = "") -> [FakeExtractor.Row] {
    (0..<count).map {
        FakeExtractor.Row(
            id: $0 + 1, subject: subject, tenant: tenant, name: "Päivi \($0) Mäki 🙂",
            note: $0 % 3 == 0 ? "=1+\($0)\r\n\u{1}\"x\"" : nil)
    }
}

/// A generator with a fixed seed (SplitMix64), so that a failing case can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
