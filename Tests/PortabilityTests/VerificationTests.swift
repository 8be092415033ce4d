import Foundation
import Portability
import PortabilityArchive
import PortabilityModel
import Testing

@Suite("Verifying")
struct VerificationTests {
    private func archive(_ folder: Folder) async throws -> String {
        let engine = PortabilityEngine(
            configuration: configuration([source("register", [dataset("person")], rows: ["person": rows(4)])]))
        let path = folder.file("a.zip")
        _ = try await engine.export(request(), to: path, options: .init(created: 1_700_000_000))
        return path
    }

    /// The files of an archive with their bytes.
    private func contents(_ path: String) throws -> [String: [UInt8]] {
        let reader = try ZipReader(path: path)
        var files: [String: [UInt8]] = [:]
        for entry in reader.entries {
            var plain: [UInt8] = []
            try reader.read(entry) { plain.append($0) }
            files[entry.name] = plain
        }
        return files
    }

    @Test("every flipped bit is found")
    func flippedBits() async throws {
        let folder = try Folder()
        let good = try bytes(of: await archive(folder))
        let path = folder.file("bad.zip")
        var generator = SeededGenerator(3)
        for _ in 0..<300 {
            var bad = good
            let place = Int.random(in: 0..<bad.count, using: &generator)
            bad[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            try Data(bad).write(to: URL(fileURLWithPath: path))
            #expect(try ArchiveFileReader.verify(path: path).state != .intact, "byte \(place)")
        }
    }

    @Test("the answer does not depend on the number of threads", arguments: [1, 2, 7])
    func threads(workers: Int) async throws {
        let folder = try Folder()
        let path = try await archive(folder)
        #expect(try ArchiveFileReader.verify(path: path, workers: workers).records == 12)
        var bad = try bytes(of: path)
        for place in stride(from: 2000, to: bad.count, by: 997) { bad[place] ^= 8 }
        try Data(bad).write(to: URL(fileURLWithPath: path))
        let alone = try ArchiveFileReader.verify(path: path, workers: 1).findings.map { "\($0)" }
        #expect(try ArchiveFileReader.verify(path: path, workers: workers).findings.map { "\($0)" } == alone)
        #expect(alone.count > 1)
    }

    @Test("a task that is cancelled gets no answer")
    func cancelled() async throws {
        let folder = try Folder()
        let path = try await archive(folder)
        let work = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try ArchiveFileReader.verify(path: path)
        }
        await #expect(throws: PortabilityError(.cancelled, "")) { try await work.value }
    }

    @Test("several archives are each verified")
    func several() async throws {
        let folder = try Folder()
        let path = try await archive(folder)
        try Data(try bytes(of: path).prefix(3000)).write(to: URL(fileURLWithPath: folder.file("half.zip")))
        let summary = try ArchiveFileReader.verify(paths: [path, folder.file("half.zip")], depth: .completeness)
        #expect(summary.archives.map(\.state) == [.intact, .notIntact])
        #expect(summary.archives.map(\.path) == [path, folder.file("half.zip")])
        #expect(!summary.isIntact)
    }

    @Test("the JSON of an archive is compared wherever the manifest stands")
    func anyOrder() async throws {
        let folder = try Folder()
        let path = try await archive(folder)
        try python(
            """
            import sys, zipfile
            source = zipfile.ZipFile(sys.argv[1])
            with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as target:
                for name in reversed(source.namelist()):
                    target.writestr(name, source.read(name))
            """, path, folder.file("reversed.zip"))
        let report = try ArchiveFileReader.verify(path: folder.file("reversed.zip"))
        #expect(report.isIntact)
        #expect(report.isRewritten)
        #expect(report.records == 12, "four records in each of three formats")
    }

    @Test("a manifest whose counts do not balance is found, though every checksum was made to fit")
    func lyingCounts() async throws {
        let folder = try Folder()
        let path = try await archive(folder)
        for (name, count) in [("exported", 7), ("extracted", 9)] {
            try python(
                """
                import hashlib, json, sys, zipfile
                source = zipfile.ZipFile(sys.argv[1])
                files = {name: source.read(name) for name in source.namelist()}
                manifest = json.loads(files["manifest.json"])
                manifest["datasets"][0]["records"][sys.argv[3]] = int(sys.argv[4])
                files["manifest.json"] = json.dumps(manifest).encode()
                lines = files["tagmanifest-sha256.txt"].decode().splitlines()
                files["tagmanifest-sha256.txt"] = "".join(
                    hashlib.sha256(files[line[66:]]).hexdigest() + "  " + line[66:] + chr(10) for line in lines).encode()
                with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as target:
                    for name, content in files.items():
                        target.writestr(name, content)
                """, path, folder.file("lies.zip"), name, "\(count)")
            let report = try ArchiveFileReader.verify(path: folder.file("lies.zip"))
            #expect(report.findings.map(\.kind) == ["ledger"], "\(name)")
        }
    }

    private func python(_ arguments: String...) throws {
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3", "-c"] + arguments
        try python.run()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
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
