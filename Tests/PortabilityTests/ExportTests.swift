import Foundation
import Portability
import PortabilityEvidence
import PortabilityModel
import Testing

@Suite("An export")
struct ExportTests {
    @Test("writes an archive that verifies, and says what it did")
    func complete() async throws {
        let folder = try Folder()
        let engine = PortabilityEngine(
            configuration: configuration([source("register", [dataset("person")], rows: ["person": rows(10)])]))
        let result = try await engine.export(
            request(), to: folder.file("a.zip"), options: .init(created: 1_800_000_000))
        #expect(result.status == .complete)
        #expect(result.records == 10)
        #expect(result.bytes == Int64(try bytes(of: folder.file("a.zip")).count))
        let report = try ArchiveFileReader.verify(path: folder.file("a.zip"))
        #expect(report.findings.isEmpty)
        #expect(report.containerFindings.isEmpty)
        #expect(report.records == 30, "ten records compared in each of three formats")
        let description = try ArchiveFileReader.describe(path: folder.file("a.zip"))
        #expect(description.status == "complete")
        #expect(description.datasets.map(\.records) == [10])
        #expect(description.created == "2027-01-15T08:00:00Z")
        #expect(folder.names == ["a.zip"])
    }

    @Test("is for its owner's eyes only")
    func mode() async throws {
        let folder = try Folder()
        let engine = PortabilityEngine(
            configuration: configuration([source("register", [dataset("person")], rows: ["person": rows(1)])]))
        _ = try await engine.export(request(), to: folder.file("a.zip"))
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("a.zip"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("of nothing is an archive too, which says that nothing was found")
    func empty() async throws {
        let folder = try Folder()
        let engine = PortabilityEngine(
            configuration: configuration([source("register", [dataset("person")], rows: [:])]))
        let result = try await engine.export(request(), to: folder.file("a.zip"))
        #expect(result.status == .complete)
        #expect(result.records == 0)
        #expect(try ArchiveFileReader.verify(path: folder.file("a.zip")).isIntact)
    }

    @Test("does not replace an archive unless told to")
    func replace() async throws {
        let folder = try Folder()
        let path = try folder.write("precious", to: "a.zip")
        let engine = PortabilityEngine(
            configuration: configuration([source("register", [dataset("person")], rows: ["person": rows(1)])]))
        await #expect(throws: PortabilityError(.output, "")) { try await engine.export(request(), to: path) }
        #expect(try String(decoding: bytes(of: path), as: UTF8.self) == "precious")
        await #expect(throws: PortabilityError(.output, ""), "not an archive") {
            try await engine.export(request(), to: path, options: .init(replace: true))
        }
        #expect(try String(decoding: bytes(of: path), as: UTF8.self) == "precious")
        let archive = folder.file("b.zip")
        _ = try await engine.export(request(formats: [.xml]), to: archive)
        let before = try bytes(of: archive).count
        let result = try await engine.export(request(), to: archive, options: .init(replace: true))
        #expect(result.bytes != Int64(before))
        #expect(try ArchiveFileReader.verify(path: archive).isIntact)
    }

    @Test("has the same bytes whatever the threads, batches, delays and formats asked in another order")
    func determinism() async throws {
        let folder = try Folder()
        var first: [UInt8]?
        var generator = SeededGenerator(11)
        for (index, workers) in [0, 1, 2, 4, 2, 2].enumerated() {
            var sources = [
                source(
                    "register", [dataset("person"), dataset("friends")],
                    rows: ["person": rows(500), "friends": rows(40)]),
                source("logs", [dataset("others")], rows: ["others": rows(333)]),
            ]
            for place in sources.indices {
                sources[place].batchSize = Int.random(in: 1...120, using: &generator)
                sources[place].documentBytes = 50
                let seed = generator.next()
                sources[place].delay = { batch in (seed &* UInt64(batch + 1)) % (index == 0 ? 1 : 400) }
            }
            let engine = PortabilityEngine(
                configuration: configuration(sources, together: index % 2 == 1),
                options: EngineOptions(workers: workers))
            let path = folder.file("\(index).zip")
            _ = try await engine.export(
                request(formats: index % 2 == 0 ? [.json, .csv, .xml, .jsonl] : [.xml, .jsonl, .csv, .json]), to: path,
                options: .init(created: 1_700_000_000))
            let made = try bytes(of: path)
            // Compared outside the macro, which would otherwise describe every byte.
            let isSame = made == first ?? made
            #expect(isSame, "run \(index) with \(workers) workers")
            first = first ?? made
        }
    }

    @Test("carries documents as received, under names without personal data")
    func documents() async throws {
        let folder = try Folder()
        var extractor = source("register", [dataset("person")], rows: ["person": rows(1500)])
        extractor.documentBytes = 700
        let engine = PortabilityEngine(configuration: configuration([extractor]))
        let result = try await engine.export(request(formats: [.json]), to: folder.file("a.zip"))
        #expect(result.datasets.map(\.id) == ["person", "person-documents"])
        #expect(result.datasets.map(\.records) == [1500, 1500])
        let description = try ArchiveFileReader.describe(path: folder.file("a.zip"))
        #expect(description.documents == 1500)
        let names = description.entries.map(\.name).filter { $0.hasPrefix("data/documents/") }
        #expect(names.first == "data/documents/person-000001.pdf")
        #expect(names.count == 1500)
        #expect(try ArchiveFileReader.verify(path: folder.file("a.zip")).isIntact)
    }

    @Test("gives no file that nobody has looked through, and counts it")
    func withheldDocuments() async throws {
        let folder = try Folder()
        var extractor = source("register", [dataset("person", rules: [])], rows: ["person": rows(3)])
        extractor.documentBytes = 10
        let engine = PortabilityEngine(configuration: configuration([extractor]))
        let result = try await engine.export(request(), to: folder.file("a.zip"))
        #expect(result.receipt.documents.given == 0)
        #expect(result.receipt.documents.withheld == 3)
        #expect(try ArchiveFileReader.describe(path: folder.file("a.zip")).documents == 0)
    }

    @Test("tells what happens: no change of state is dropped, and the sequence ends")
    func events() async throws {
        let folder = try Folder()
        let engine = PortabilityEngine(
            configuration: configuration([source("register", [dataset("person")], rows: ["person": rows(200)])]))
        let events = ExportEvents()
        async let export = engine.export(request(), to: folder.file("a.zip"), events: events)
        var seen: [ExportEvent] = []
        for await event in events { seen.append(event) }
        let result = try await export
        let states = seen.filter { if case .progress = $0 { false } else { true } }
        #expect(
            states == [
                .identified(kinds: ["user_id": 1]), .sourceStarted("register"),
                .sourceEnded("register", status: "read", records: 200), .packing,
                .finished(status: "complete", records: 200, bytes: result.bytes),
            ])
    }
}
