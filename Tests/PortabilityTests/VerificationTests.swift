import Foundation
import Portability
import PortabilityModel
import Testing

@Suite("Verifying")
struct VerificationTests {
    private func archive(_ folder: Folder) async throws -> String {
        let engine = PortabilityEngine(
            configuration: configuration([source("register", [dataset("person")], rows: ["person": rows(4)])]))
        let path = folder.file("a.zip")
        _ = try await engine.export(request(), to: path, created: 1_700_000_000)
        return path
    }

    @Test("a flipped bit anywhere in the payload or the tag files is found")
    func flippedBits() async throws {
        let folder = try Folder()
        let good = try bytes(of: await archive(folder))
        var generator = SeededGenerator(3)
        for _ in 0..<150 {
            var bad = good
            let place = Int.random(in: 0..<bad.count, using: &generator)
            bad[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            let path = folder.file("bad.zip")
            try Data(bad).write(to: URL(fileURLWithPath: path))
            let report = try ArchiveFileReader.verify(path: path)
            #expect(!report.findings.isEmpty || !report.containerFindings.isEmpty, "byte \(place)")
        }
    }

    @Test("half an archive, an empty file and something else are refused", arguments: [0, 10, 5000])
    func cut(length: Int) async throws {
        let folder = try Folder()
        let good = try bytes(of: await archive(folder))
        let path = folder.file("cut.zip")
        try Data(good.prefix(length)).write(to: URL(fileURLWithPath: path))
        #expect(!(try ArchiveFileReader.verify(path: path).isIntact))
        #expect(throws: PortabilityError.self) { try ArchiveFileReader.describe(path: path) }
    }

    @Test("a file that is not there is said to be not there")
    func missing() {
        #expect(throws: PortabilityError(.unavailable, "")) { try ArchiveFileReader.verify(path: "/nonexistent/a.zip") }
    }
}
