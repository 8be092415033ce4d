import Foundation
import Portability
import PortabilityModel
import Synchronization
import Testing

/// What a kind of one's own was told.
private struct Told: Sendable {
    var path = ""
    var pages = 0
    var columns: [String] = []
    var prefixes: [String] = []
    var isLenient = false
    var parts: [String] = []
}

@Suite("Kinds of source of one's own")
struct RegistryTests {
    private enum Style: String, CaseIterable { case plain, quoted }

    /// A kind that hands on what it read.
    private func kind(_ name: String = "segment-file", into told: Told.Box? = nil) -> ExtractorRegistry.Kind {
        ExtractorRegistry.Kind(
            name: name, keys: ["path", "pages", "lenient", "style", "parts", "title"],
            datasetKeys: ["columns", "prefixes"]
        ) { source in
            let datasets = try source.datasets(order: .position)
            _ = try source.settings.choice("style", of: Style.self)
            if try source.settings.text("path").hasSuffix("/") {
                throw source.settings.error("the path is a folder", remedy: "Name a file", at: "path")
            }
            told?.value.withLock { told in
                told.path = (try? source.settings.text("path")) ?? ""
                told.pages = (try? source.settings.integer("pages", in: 1...9, default: 7)) ?? 0
                told.isLenient = (try? source.settings.boolean("lenient", default: false)) ?? false
                told.columns = ((try? datasets[0].settings.pairs("columns")) ?? []).map { "\($0.key)<\($0.value)" }
                told.prefixes = (try? datasets[0].settings.texts("prefixes")) ?? []
                told.parts = ((try? source.settings.mappings("parts", keys: ["name"])) ?? []).compactMap {
                    try? $0.text("name")
                }
            }
            return ConfiguredSource(
                extractor: FakeExtractor(
                    declaration: try source.declaration(datasets, resolves: ["user_id"], adds: ["user_id"]), rows: [:]),
                readsTogether: false, tenantKind: source.tenantKind)
        }
    }

    private func text(_ source: String) -> String {
        """
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
          segments:
            kind: segment-file
            role: controller
        \(source)
            datasets:
              - id: segments
                entity: profile_attribute
                category: profile
                origin: inferred
                purposes: [service]
                subject: user_id
                exclude: [{ column: score, ground: secret }]
                columns: { name: 2, value: 3 }
                prefixes: [a, b]
        """
    }

    private func load(_ source: String, _ registry: ExtractorRegistry) throws -> Configuration {
        let folder = try Folder()
        return try Configuration.load(path: folder.write(text(source), to: "portability.yaml"), registry: registry)
    }

    private static let good = """
            path: segments.tsv
            style: plain
            lenient: true
            parts: [{ name: one }, { name: two }]
        """

    @Test("can be named in a configuration file, with keys of their own and everything that all sources have")
    func added() throws {
        let told = Told.Box()
        let configuration = try load(Self.good, try .standard.adding(kind(into: told)))
        let declaration = configuration.sources[0].extractor.declaration
        #expect(declaration.id == "segments")
        #expect(declaration.kind == "segment-file")
        #expect(declaration.resolves == ["user_id"])
        #expect(declaration.datasets.map(\.entity) == ["profile_attribute"])
        #expect(declaration.datasets[0].subjectKinds == ["user_id"])
        #expect(declaration.datasets[0].exclusions.map(\.column) == ["score"])
        told.value.withLock { told in
            #expect(told.path == "segments.tsv")
            #expect(told.pages == 7)
            #expect(told.isLenient)
            #expect(told.columns == ["name<2", "value<3"])
            #expect(told.prefixes == ["a", "b"])
            #expect(told.parts == ["one", "two"])
        }
    }

    @Test("name file, line and key where something is wrong with what they read")
    func errors() throws {
        let registry = try ExtractorRegistry.standard.adding(kind())
        func refusal(_ source: String) -> PortabilityError? {
            do {
                _ = try load(source, registry)
            } catch {
                return error as? PortabilityError
            }
            return nil
        }
        let folder = refusal("    path: here/\n    style: plain")
        #expect(folder?.message == "the path is a folder")
        #expect(folder?.place.line == 14)
        #expect(folder?.place.field == "sources.segments.path")
        #expect(refusal("    style: plain")?.message == "the key `path` is missing")
        #expect(refusal("    path: a\n    style: plai")?.remedy?.contains("`plain`") == true)
        #expect(refusal("    path: a\n    style: plain\n    page: 3")?.remedy?.contains("`pages`") == true)
    }

    @Test("do not stand in for those that are built in, nor for each other")
    func replacing() throws {
        let registry = try ExtractorRegistry.standard.adding(kind())
        for name in ExtractorRegistry.standard.names + ["segment-file", "Segment file", ""] {
            #expect(throws: PortabilityError(.configuration, "")) { try registry.adding(kind(name)) }
        }
        #expect(registry.names == ExtractorRegistry.standard.names + ["segment-file"])
    }

    @Test("are unknown to a configuration that is read without them")
    func unknown() throws {
        #expect(throws: PortabilityError(.configuration, "")) { try load(Self.good, .standard) }
    }

    @Test("are shown in the reference as they are in the sample", arguments: ["FixedWidthFile", "FixedWidthKind"])
    func reference(file: String) throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        func text(_ path: String) throws -> String { try String(contentsOfFile: "/\(root)/\(path)", encoding: .utf8) }
        let sample = try text("samples/custom-extractor/Sources/FixedWidth/\(file).swift")
        let article = try text("Sources/Portability/Portability.docc/WritingAnExtractor.md")
        #expect(article.contains("```swift\n\(sample)```"))
    }

    @Test("declare the id and role that the file gives them")
    func wrongDeclaration() throws {
        let kind = ExtractorRegistry.Kind(name: "segment-file", keys: ["path", "style", "lenient", "parts"]) { source in
            var declaration = try source.declaration(source.datasets(order: .position))
            declaration.id = "another"
            return ConfiguredSource(
                extractor: FakeExtractor(declaration: declaration, rows: [:]), readsTogether: false)
        }
        #expect(throws: PortabilityError(.configuration, "")) { try load(Self.good, .standard.adding(kind)) }
    }
}

extension Told {
    fileprivate final class Box: Sendable {
        let value = Mutex(Told())
    }
}
