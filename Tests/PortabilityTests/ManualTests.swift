import Foundation
import Portability
import PortabilityArchive
import PortabilityModel
import Testing

@Suite("Manual material, and sources without personal data")
struct ManualTests {
    private static let text = """
        portability: 1
        controller: { name: Testi Oy, business_id: "1854047-8", address: Testikatu 1, country: FI, email: a@example.fi }
        policy: { register: Rekisteri, name: Seloste, date: 2017-09-08 }
        time_zone: Europe/Helsinki
        authority: { name: {fi: T, sv: D, en: O}, address: Helsinki, url: https://tietosuoja.fi }
        purposes:
          service: { text: {fi: a, sv: b, en: c}, basis: 6(1)(b) }
        identifiers:
          user_id: { unique: true }
        sources:
          archive:
            kind: manual
            role: controller
            path: papers/{user_id}
            attestation: required
            attestation_file: searches/{user_id}.yaml
            datasets:
              - id: papers
                entity: document
                category: communication
                origin: { provided: subject }
                purposes: [service]
                rules:
                  - { documents: true, action: keep }
          monitoring:
            kind: none
            reason: { fi: Vain kuormalukuja, sv: Endast belastning, en: Only load }
        """

    /// A configuration over a folder with one scan of user 7 that is harmless and one that shows others.
    private func load(_ text: String = ManualTests.text, in folder: Folder) throws -> Configuration {
        for name in ["papers", "papers/7", "searches"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        }
        for (name, others) in [("a", "none"), ("b", "present")] {
            _ = try folder.write("%PDF-1.4 \(name)%%EOF", to: "papers/7/\(name).pdf")
            _ = try folder.write(
                "about: 7\nkind: letter\ntitle: Kirje\nothers: \(others)\n", to: "papers/7/\(name).yaml")
        }
        return try Configuration.load(path: folder.write(text, to: "portability.yaml"))
    }

    private func attest(_ folder: Folder, date: String = "2026-11-03", result: String = "found") throws {
        _ = try folder.write(
            "about: 7\nplaces: [Arkisto, Toimisto]\nrole: tietosuojavastaava\ndate: \(date)\nresult: \(result)\n",
            to: "papers/7/attestation.yaml")
    }

    /// 2026-11-09T08:00:00Z.
    private let now: Int64 = 1_794_211_200

    private func export(
        _ configuration: Configuration, in folder: Folder, right: Right = .access, review: ReviewFile? = nil
    ) async throws -> ExportResult {
        var options = ExportOptions(replace: true)
        options.review = review
        options.created = now
        var engine = EngineOptions(workers: 1)
        let time = now
        engine.now = { time }
        return try await PortabilityEngine(configuration: configuration, options: engine)
            .export(request(right: right), to: folder.file("a.zip"), options: options)
    }

    private func entry(_ name: String, _ folder: Folder) throws -> [UInt8]? {
        let reader = try ZipReader(path: folder.file("a.zip"))
        guard let entry = reader.entries.first(where: { $0.name == name }) else { return nil }
        var bytes: [UInt8] = []
        try reader.read(entry) { piece in piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }
        return bytes
    }

    private func manifest(_ folder: Folder) throws -> [String: Any] {
        let bytes = try #require(try entry("manifest.json", folder))
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func source(_ id: String, _ folder: Folder) throws -> [String: Any] {
        let sources = try #require(try manifest(folder)["sources"] as? [[String: Any]])
        return try #require(sources.first { $0["id"] as? String == id })
    }

    @Test("Under access the papers go out, and manifest and page tell of the search")
    func access() async throws {
        let folder = try Folder()
        let configuration = try load(in: folder)
        try attest(folder)
        let result = try await export(configuration, in: folder)
        #expect(result.status == .complete)
        #expect(result.datasets.map(\.records) == [2, 1])
        let told = try #require(try source("archive", folder)["attestations"] as? [[String: Any]])
        #expect(told.count == 1)
        #expect(told[0]["places"] as? [String] == ["Arkisto", "Toimisto"])
        #expect(told[0]["role"] as? String == "tietosuojavastaava")
        #expect(told[0]["date"] as? String == "2026-11-03")
        #expect(told[0]["result"] as? String == "found")
        let page = String(decoding: try #require(try entry("index.html", folder)), as: UTF8.self)
        for text in ["Arkisto, Toimisto", "tietosuojavastaava", "3.11.2026", "monitoring", "Vain kuormalukuja"] {
            #expect(page.contains(text), "\(text)")
        }
        // The scan that shows others is told of, and is not there.
        #expect(try entry("data/documents/papers-000001.pdf", folder) == Array("%PDF-1.4 a%%EOF".utf8))
        #expect(try entry("data/documents/papers-000002.pdf", folder) == nil)
        let datasets = try #require(try manifest(folder)["datasets"] as? [[String: Any]])
        #expect(datasets[0]["documents_withheld"] as? [String: Int] == ["not-redactable": 1])
        #expect(datasets[0]["means"] as? String == "manual")
    }

    @Test("Without a rule that keeps files, no scan goes out unreviewed")
    func unreviewed() async throws {
        let folder = try Folder()
        let text = Self.text.replacing("        rules:\n          - { documents: true, action: keep }\n", with: "")
        #expect(text != Self.text)
        let configuration = try load(text, in: folder)
        try attest(folder)
        let result = try await export(configuration, in: folder)
        #expect(result.status == .complete)
        let datasets = try #require(try manifest(folder)["datasets"] as? [[String: Any]])
        #expect(datasets.count == 1)
        #expect(datasets[0]["documents_withheld"] as? [String: Int] == ["not-redactable": 2])
    }

    @Test("Portability leaves manual material out by rule, whoever attests what")
    func portability() async throws {
        let folder = try Folder()
        let result = try await export(load(in: folder), in: folder, right: .portability)
        #expect(result.status == .complete)
        let datasets = try #require(try manifest(folder)["datasets"] as? [[String: Any]])
        #expect(datasets.map { $0["ground"] as? String } == ["not-automated"])
        #expect(try source("archive", folder)["attestations"] == nil)
    }

    @Test(
        "A required attestation that is missing, old, belied, or from after the export makes the archive partial",
        arguments: [nil, ("2026-11-01", "found"), ("2026-11-03", "nothing-found"), ("2026-11-11", "found")]
            as [(String, String)?])
    func partial(attestation: (String, String)?) async throws {
        let folder = try Folder()
        let configuration = try load(in: folder)
        if let attestation { try attest(folder, date: attestation.0, result: attestation.1) }
        let result = try await export(configuration, in: folder)
        #expect(result.status == .partial)
        #expect(result.findings.map(\.kind) == [.unattested])
        #expect(result.datasets.map(\.status) == ["partial", "partial"])
        #expect(result.datasets.map(\.records) == [2, 1])
        let source = try source("archive", folder)
        #expect(source["status"] as? String == "partial")
        #expect(source["attestations"] == nil)
    }

    @Test("A source without personal data is told with its reason everywhere, and nothing is read of it")
    func noPersonalData() async throws {
        let folder = try Folder()
        let configuration = try load(in: folder)
        try attest(folder)
        _ = try await export(configuration, in: folder)
        let told = try source("monitoring", folder)
        #expect(told["no_personal_data"] as? String == "Vain kuormalukuja")
        #expect(told["status"] as? String == "not-read")
        let engine = PortabilityEngine(configuration: configuration)
        let plan = try await engine.plan(request())
        #expect(plan.withoutPersonalData.map(\.source) == ["monitoring"])
        #expect(plan.withoutPersonalData.map(\.reason.sv) == ["Endast belastning"])
        #expect(plan.datasets.map(\.estimate) == [2])
        let checks = try await engine.checkSources()
        #expect(checks.map(\.id) == ["archive", "monitoring"])
        #expect(checks.allSatisfy { $0.error == nil && $0.findings.isEmpty })
        let none = try #require(configuration.sources.last?.extractor)
        let session = try await none.open(
            ExtractionContext(source: "monitoring", baseDirectory: "/", catalogue: .standard))
        let items = try await session.coverage(.schema)
        #expect(
            items == [CoverageItem(container: "monitoring", name: nil, use: .excluded(.notPersonal, heldIn: nil))])
    }

    @Test("A source that is said to hold no personal data has no datasets")
    func contradiction() throws {
        var liar = PortabilityTests.source("liar", [dataset("person")])
        liar.declaration.noPersonalData = someText
        #expect(throws: PortabilityError(.configuration, "")) { try configuration([liar]).validate() }
        liar.declaration.datasets = []
        #expect(throws: Never.self) { try configuration([liar]).validate() }
    }

    @Test(
        "What the configuration says wrong is told with its place",
        arguments: [
            ("    attestation: required\n", "", "sources.archive"),
            ("required", "sometimes", "sources.archive.attestation"),
            ("path: papers/{user_id}", "path: papers", "sources.archive.path"),
            ("entity: document", "entity: person", "sources.archive.datasets[0].entity"),
            ("entity: document", "entity: document\n        means: automated", "sources.archive.datasets[0].means"),
            ("entity: document", "entity: document\n        kinds: [leter]", "sources.archive.datasets[0].kinds[0]"),
            ("reason: { fi: Vain kuormalukuja, sv: Endast belastning, en: Only load }", "", "sources.monitoring"),
            ("kind: none", "kind: none\n    tenant: user_id", "sources.monitoring.tenant"),
            ("kind: none", "kind: none\n    datasets: []", "sources.monitoring"),
        ])
    func refused(old: String, new: String, place: String) throws {
        let text = Self.text.replacing(old, with: new)
        let folder = try Folder()
        do {
            _ = try load(text, in: folder)
            Issue.record("it was accepted")
        } catch let error as PortabilityError {
            #expect(error.code == .configuration)
            #expect(error.place.field == place)
            #expect(error.place.line != nil)
        }
    }

    @Test("Two datasets of a source cannot take the same kinds", arguments: ["", "[letter, note]"])
    func sharedKinds(kinds: String) throws {
        let more = """
                  - id: more
                    entity: document
                    category: communication
                    origin: { provided: subject }
                    purposes: [service]
            \(kinds.isEmpty ? "" : "        kinds: \(kinds)\n")
            """
        let first = kinds.isEmpty ? "" : "        kinds: [letter]\n"
        let text = Self.text.replacing(
            "        category: communication\n", with: first + "        category: communication\n"
        )
        .replacing("  monitoring:", with: more + "\n  monitoring:")
        #expect(throws: PortabilityError(.configuration, "")) { try load(text, in: Folder()) }
        #expect(throws: Never.self) {
            try load(
                text.replacing("kinds: [letter]", with: "kinds: [contract]")
                    .replacing("id: more\n", with: "id: more\n" + (kinds.isEmpty ? "        kinds: [note]\n" : "")),
                in: Folder())
        }
    }
}
