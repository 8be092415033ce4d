import Foundation
import Portability
import PortabilityModel
import Synchronization
import Testing

@Suite("What the sources hold beyond what the configuration knows")
struct CoverageTests {
    private func item(_ container: String, _ name: String?, _ use: CoverageItem.Use, _ candidate: String? = nil)
        -> CoverageItem
    { CoverageItem(container: container, name: name, use: use, candidate: candidate) }

    private func exported(_ name: String, by dataset: String) -> CoverageItem {
        item("users", name, .exported(dataset: dataset, field: name), dataset)
    }

    private func told(
        _ id: String, store: String? = nil, _ items: [CoverageItem]?, noPersonalData: LocalizedText? = nil
    ) -> FakeExtractor {
        var extractor = source(id, [dataset("\(id)-people")], rows: ["\(id)-people": rows(2)])
        extractor.declaration.store = store
        extractor.declaration.noPersonalData = noPersonalData
        extractor.coverage = { _ in items }
        return extractor
    }

    private func coverage(_ extractors: [FakeExtractor]) async throws -> [SourceCoverage] {
        try await PortabilityEngine(configuration: configuration(extractors)).coverage()
    }

    @Test("is proved only of sources that tell all, and of those that hold no personal data")
    func states() async throws {
        var closed = told("closed", [])
        closed.fault = .cannotOpen(.unavailable)
        let found = try await coverage([
            told("whole", [exported("name", by: "whole-people")]), told("silent", nil),
            told("gap", [item("users", "shoe_size", .unknown, "gap-people")]), closed,
            told("none", nil, noPersonalData: someText),
        ])
        #expect(found.map(\.state) == [.probed, .notProbed, .probed, .failed, .noPersonalData])
        #expect(found.map(\.isComplete) == [true, false, false, false, true])
        #expect(found[2].unknown.map(\.path) == ["users.shoe_size"])
        #expect(found[3].error?.code == .unavailable)
        #expect(!CoverageReport(found).isComplete)
        #expect(CoverageReport([found[0], found[4]]).isComplete)
    }

    @Test("is proved of one store by all sources that read it, each part told once")
    func sharedStore() async throws {
        let unknown = item("users", "shoe_size", .unknown)
        let candidate = item("users", "shoe_size", .unknown, "b-people")
        let name = exported("name", by: "a-people")
        let found = try await coverage([
            told("a", store: "x", [name, unknown, item("t", nil, .unknown)]),
            told("b", store: "x", [item("users", "name", .unknown), candidate, item("t", nil, .unknown)]),
            told("c", store: "y", [unknown]), told("d", [unknown]), told("e", [unknown]),
        ])
        #expect(found[0].items == [name, item("t", nil, .unknown)])
        #expect(found[1].items == [candidate])
        #expect(found[2...].map(\.items) == [[unknown], [unknown], [unknown]])
    }

    @Test("is told by the next export, which is no less complete for it")
    func drift() async throws {
        let folder = try Folder()
        let extractor = told(
            "register",
            [
                exported("name", by: "register-people"), item("users", "shoe_size", .unknown, "register-people"),
                item("laces", "id", .unknown), item("laces", "colour", .unknown), item("codes", nil, .unknown),
                item("codes2", "a", .excluded(.notPersonal, heldIn: nil)),
            ])
        let engine = PortabilityEngine(configuration: configuration([extractor]))
        let result = try await engine.export(request(), to: folder.file("a.zip"))
        #expect(result.status == .complete)
        #expect(result.findings.map(\.kind) == [.drift, .drift, .drift])
        #expect(result.findings.map(\.place.field) == ["users.shoe_size", "laces", "codes"])
        #expect(result.findings.allSatisfy { !$0.losesRecords })
        #expect(result.findings[0].place.dataset == "register-people")
    }

    @Test("is asked for quickly, and only of sources that are read")
    func asked() async throws {
        let folder = try Folder()
        let depths = Mutex<[String]>([])
        var read = told("register", [])
        read.coverage = { depth in
            depths.withLock { $0.append("read \(depth)") }
            return []
        }
        var other = source("other", [dataset("other-people", subject: "customer_number")])
        other.coverage = { _ in
            depths.withLock { $0.append("other") }
            return []
        }
        let engine = PortabilityEngine(configuration: configuration([read, other]))
        _ = try await engine.export(request(), to: folder.file("a.zip"))
        #expect(depths.withLock { $0 } == ["read schema"])
    }

    @Test("is counted where there is too much of it to be listed")
    func much() async throws {
        let folder = try Folder()
        let extractor = told(
            "register", (0..<500).map { item("users", "column \($0)", .unknown, "register-people") })
        let engine = PortabilityEngine(configuration: configuration([extractor]))
        let findings = try await engine.export(request(), to: folder.file("a.zip")).findings
        #expect(findings.count == 51)
        #expect(findings.reduce(0) { $0 + $1.count } == 500)
    }

    @Test("does not stop an export if it cannot be told, and says so")
    func failure() async throws {
        let folder = try Folder()
        var extractor = told("register", nil)
        extractor.coverage = { _ in throw PortabilityError(.denied, "the catalogue may not be read") }
        let engine = PortabilityEngine(configuration: configuration([extractor]))
        let result = try await engine.export(request(), to: folder.file("a.zip"))
        #expect(result.status == .complete)
        #expect(result.records == 2)
        #expect(result.findings.map(\.kind) == [.drift])
        #expect(result.findings.first?.message.contains("the catalogue may not be read") == true)

        extractor.coverage = { _ in throw CancellationError() }
        await #expect(throws: PortabilityError(.cancelled, "")) {
            try await PortabilityEngine(configuration: configuration([extractor]))
                .export(request(), to: folder.file("b.zip"))
        }
        #expect(folder.names == ["a.zip"])
    }
}

@Suite("What is left to be decided")
struct UnfinishedTests {
    private func refusal(_ source: String) throws -> PortabilityError? {
        let text = """
            portability: 1
            controller: { name: T, business_id: "1854047-8", address: A, country: FI, email: a@example.fi }
            policy: { register: R, name: S, date: 2017-09-08 }
            time_zone: Europe/Helsinki
            authority: { name: {fi: T, sv: D, en: O}, address: Helsinki, url: https://tietosuoja.fi }
            purposes:
              service: { text: {fi: a, sv: b, en: c}, basis: 6(1)(b) }
            identifiers:
              user_id: { unique: true }
            sources:
              register:
                kind: sqlite
                path: register.sqlite
                role: controller
            \(source)
                datasets:
                  - id: person
                    entity: person
                    category: registration
                    origin: { provided: subject }
                    purposes: [service]
                    subject: user_id
                    query: SELECT 'TODO' AS name, user_id AS record_id, user_id AS subject FROM users
            """
        let folder = try Folder()
        do {
            _ = try Configuration.load(path: folder.write(text, to: "portability.yaml"))
            return nil
        } catch let error as PortabilityError {
            #expect(error.code == .configuration)
            return error
        }
    }

    @Test("is refused with its place and what may stand there, wherever it is")
    func marks() throws {
        let error = try refusal(
            "    exclude:\n      - table: a\n        ground: secret\n      - table: b\n        ground: TODO")
        #expect(error?.place.line == 19)
        #expect(error?.place.field == "sources.register.exclude[1].ground")
        #expect(error?.remedy?.contains("not-personal-data, held-elsewhere, secret") == true)
        // Keys that are not known are no excuse, nor is what would be refused for another reason later on.
        #expect(try refusal("    shoe: { size: [TODO] }")?.place.field == "sources.register.shoe.size[0]")
    }

    @Test("is not taken for what is merely spelled so")
    func spelling() throws {
        #expect(try refusal("    exclude:\n      - { table: \"TODO\", ground: not-personal-data }") == nil)
        #expect(try refusal("    exclude:\n      - { table: TODO_LIST, ground: not-personal-data }") == nil)
    }

    @Test("includes where data are held that are held elsewhere")
    func references() throws {
        #expect(try refusal("    exclude: [{ table: a, ground: held-elsewhere, see: person }]") == nil)
        #expect(try refusal("    exclude: [{ table: a, ground: held-elsewhere, note: in the ledger }]") == nil)
        #expect(
            try refusal("    exclude: [{ table: a, ground: held-elsewhere }]")?.message.contains("nothing says where")
                == true)
        let error = try refusal("    exclude: [{ table: a, ground: held-elsewhere, see: persons }]")
        #expect(error?.message.contains("`persons`") == true)
        #expect(error?.remedy == "Did you mean `person`?")
        #expect(error?.place.source == "register")
        #expect(error?.place.line != nil)
        #expect(
            try refusal("    exclude: [{ column: secret, ground: secret }]")?.remedy?.contains("table.column") == true)
    }
}
