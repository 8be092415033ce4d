import FixedWidth
import Foundation
import Portability
import PortabilityModel
import PortabilityTesting
import Testing

@Suite("A file of fixed width")
struct FixedWidthTests {
    /// A folder with a configuration and the old system's file, removed with the value.
    private final class Folder: Sendable {
        let path = NSTemporaryDirectory() + "fixed-width-\(UUID().uuidString)"

        init(_ lines: [String]) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try write("calls.txt", lines.joined())
            let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../data/portability.yaml").standardized
            try write("portability.yaml", String(contentsOf: sample, encoding: .utf8))
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        }

        /// The extractor as the configuration makes it.
        var extractor: any Extractor {
            get throws {
                let registry = try ExtractorRegistry.standard.adding(.fixedWidth)
                return try Configuration.load(path: "\(path)/portability.yaml", registry: registry).sources[0].extractor
            }
        }
    }

    private static func line(_ number: Int) -> String {
        func fill(_ text: String, _ width: Int) -> String {
            text.padding(toLength: width, withPad: " ", startingAt: 0)
        }
        let duration = number == 4 ? "Kanari" : "\(number * 30)"
        return "C" + fill("\(70000 + number)", 8) + fill(number % 2 == 0 ? "100042" : "100043", 8)
            + fill("2026-10-01T09:\(10 + number):00", 19) + fill("inbound", 8) + fill(duration, 6)
            + fill("+35840123450\(number)", 16) + "\r\n"
    }

    private static let lines = (1...9).map(line)
    private static let trailer = "T9\r\n"

    private func user(_ value: String) -> SubjectKeys { SubjectKeys([Identifier(kind: "user_id", value: value)]) }

    @Test("It keeps the contract of extractors")
    func conformance() async throws {
        let folder = try Folder(Self.lines + [Self.trailer])
        let cut = try Folder(Array(Self.lines[..<5]))
        let repeated = try Folder(Self.lines[..<6] + Self.lines[3...] + [Self.trailer])
        let none = try Folder([])
        try FileManager.default.removeItem(atPath: none.path + "/calls.txt")
        let fixture = ExtractorConformance.Fixture(
            baseDirectory: folder.path, subject: user("100042"), foreign: user("100043"), unknown: user("999999"),
            counts: ["calls": 4], documents: 0, secrets: ["Kanari", "+35840123450"],
            faults: [
                .refused: .broken(baseDirectory: none.path) { try none.extractor },
                .timeOut: .notApplicable("a local file answers"),
                .cutInTheMiddle: .broken(baseDirectory: cut.path) { try cut.extractor },
                .pageRepeated: .broken(baseDirectory: repeated.path) { try repeated.extractor },
                .pageLoop: .notApplicable("a file is read from its beginning to its end"),
            ])
        let report = await ExtractorConformance(try folder.extractor, fixture: fixture).check()
        #expect(report.passed, "\(report)")
    }

    @Test("Columns become fields, and what is no number an `other` field")
    func mapping() async throws {
        let folder = try Folder(Self.lines + [Self.trailer])
        let session = try await folder.extractor.open(
            ExtractionContext(source: "exchange", baseDirectory: folder.path, catalogue: .standard))
        let sink = CollectingSink()
        _ = try await session.extract(ExtractionRequest(datasets: ["calls"], subject: user("100042")), into: sink)
        await session.close()
        let entity = try #require(Catalogue.standard.entity(named: "communication"))
        let calls = sink.records(of: entity)
        #expect(calls.map(\.id) == ["70002", "70004", "70006", "70008"])
        #expect(calls[0]["sent_at_local"] == "2026-10-01T09:12:00")
        #expect(calls[0]["duration_seconds"] == "60")
        #expect(calls[1]["duration_seconds"] == nil)
        #expect(calls[1]["other:duration_seconds"] == "Kanari")
        #expect(sink.findings.map(\.kind) == [.mistyped])
    }

    @Test("A column that is not written as two bytes is refused with its place")
    func wrongColumn() throws {
        let folder = try Folder([Self.trailer])
        let text = try String(contentsOfFile: folder.path + "/portability.yaml", encoding: .utf8)
        try folder.write("portability.yaml", text.replacingOccurrences(of: "2-9", with: "9-2"))
        let error = #expect(throws: PortabilityError.self) { try folder.extractor }
        #expect(error?.place.line != nil)
        #expect(error?.message == "a column is written as its first and last byte")
    }
}
