import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import Synchronization
import Testing

let testAlgorithms = BagDigests.all

func verified(
    _ path: String, _ rules: BagVerifier.Rules = .portability, depth: BagVerifier.Depth = .full
) throws -> BagVerifier.Report {
    try BagVerifier.verify(path: path, rules: rules, depth: depth, algorithms: testAlgorithms, workers: 2)
}

/// The files of a small bag, to be changed by a test before they are packed.
private struct Bag {
    var files: [(name: String, bytes: [UInt8])]

    init() throws {
        var random = FixedRandom(seed: 30)
        let payload = [
            ("data/usage/events.jsonl", random.lines(40_000)), ("data/documents/1.pdf", random.bytes(3000)),
            ("data/usage/empty.csv", []),
        ]
        let information = try BagWriter.info(
            [("Source-Organization", "Esimerkki Oy"), ("Bagging-Software", "portability\nwith a line\r\n\tend")],
            payloadBytes: 43_000, payloadFiles: 3)
        let manifest = try BagWriter.manifest(payload.map { ($0.0, digest($0.1, sha256)) })
        let tags: [(String, [UInt8])] = [
            ("README.txt", Array("Open index.html".utf8)), ("bagit.txt", BagWriter.declaration),
            ("bag-info.txt", information), ("manifest-sha256.txt", manifest),
        ]
        let tagManifest = try BagWriter.manifest(tags.map { ($0.0, digest($0.1, sha256)) })
        files = tags + [("tagmanifest-sha256.txt", tagManifest), ("tagmanifest-sha256.txt.sig", [1, 2, 3])] + payload
    }

    subscript(name: String) -> [UInt8]? {
        get { files.first { $0.name == name }?.bytes }
        set {
            if let index = files.firstIndex(where: { $0.name == name }) {
                if let newValue { files[index].bytes = newValue } else { files.remove(at: index) }
            } else if let newValue {
                files.append((name, newValue))
            }
        }
    }

    /// Replaces text in a file and brings the tag manifest up to date.
    mutating func edit(_ name: String, _ change: (String) -> String) throws {
        self[name] = Array(change(String(decoding: self[name] ?? [], as: UTF8.self)).utf8)
        let tags = files.filter { !BagWriter.isPayload($0.name) && !$0.name.hasPrefix("tagmanifest") }
        self["tagmanifest-sha256.txt"] = try BagWriter.manifest(tags.map { ($0.name, digest($0.bytes, sha256)) })
    }

    func write(to path: String) throws {
        try PortabilityArchiveTests.write(
            archive(files.map { try spool($0.bytes, as: $0.name) }, digest: sha256), toFile: path)
    }

    func report(_ rules: BagVerifier.Rules = .portability) throws -> BagVerifier.Report {
        let folder = try TestFolder()
        try write(to: folder.file("a.zip"))
        return try verified(folder.file("a.zip"), rules)
    }

    /// The findings as `kind path`.
    func findings(_ rules: BagVerifier.Rules = .portability) throws -> [String] {
        try report(rules).findings.map { "\($0.kind.rawValue) \($0.path ?? "")" }.sorted()
    }
}

@Suite("Bag")
struct BagTests {
    @Test("that is intact has no findings")
    func intact() throws {
        let bag = try Bag()
        let report = try bag.report()
        #expect(report.findings.isEmpty)
        #expect(report.containerFindings.isEmpty)
        #expect(report.payloadBytes == 43_000)
        #expect(report.payloadFiles == 3)
        #expect(report.digests.count == bag.files.count)
        for (name, bytes) in bag.files { #expect(report.digests[name] == digest(bytes, sha256)) }
        #expect(report.information.map(\.label) == ["Source-Organization", "Bagging-Software", "Payload-Oxum"])
        #expect(report.information.map(\.value) == ["Esimerkki Oy", "portability with a line end", "43000.3"])
    }

    @Test("is one for sha256sum")
    func sha256sum() throws {
        let folder = try TestFolder()
        try Bag().write(to: folder.file("a.zip"))
        let (status, output) = shell(
            "cd '\(folder.path)' && unzip -q a.zip && cat manifest-sha256.txt tagmanifest-sha256.txt | sha256sum -c --strict"
        )
        #expect(status == 0)
        #expect(output.split(separator: "\n").count == 7)
        #expect(output.split(separator: "\n").allSatisfy { $0.hasSuffix(": OK") })
    }

    @Test("hands its content to who reads along", arguments: [1, 4])
    func readAlong(workers: Int) throws {
        let folder = try TestFolder()
        let bag = try Bag()
        try bag.write(to: folder.file("a.zip"))
        let (reader, _) = try ZipReader.inspect(path: folder.file("a.zip"))
        let contents = ZipContents(try #require(reader), structure: [])
        let seen = Mutex<[[UInt8]]>([])
        let names = ["data/usage/events.jsonl", "data/usage/empty.csv"]
        let along = BagReading(names: names) { pipes in
            for pipe in pipes {
                var bytes: [UInt8] = []
                while let piece = try pipe.next() { bytes += piece }
                seen.withLock { $0.append(bytes) }
            }
            return [VerificationFinding(.digest, "as found by the reading")]
        }
        // What is not read to its end is verified all the same.
        let idle = BagReading(names: ["data/documents/1.pdf"]) { _ in [] }
        var verifier = BagVerifier(contents, rules: .portability, algorithms: testAlgorithms)
        verifier.checkTagFiles()
        try verifier.readFiles([along, idle], workers: workers)
        #expect(seen.withLock { $0 } == names.map { bag[$0] })
        #expect(verifier.finished().findings.map(\.message) == ["as found by the reading"])
        #expect(verifier.finished().digests.count == bag.files.count)

        struct Enough: Error {}
        var failing = BagVerifier(contents, rules: .portability, algorithms: testAlgorithms)
        failing.checkTagFiles()
        #expect(throws: Enough.self) {
            try failing.readFiles([BagReading(names: names) { _ in throw Enough() }], workers: workers)
        }
    }

    @Test("stops when it is told to", arguments: [1, 3])
    func cancelled(workers: Int) throws {
        let folder = try TestFolder()
        try Bag().write(to: folder.file("a.zip"))
        let (reader, _) = try ZipReader.inspect(path: folder.file("a.zip"))
        var verifier = BagVerifier(
            ZipContents(try #require(reader), structure: []), rules: .anyBag, algorithms: testAlgorithms)
        verifier.checkTagFiles()
        let isAsked = Atomic(false)
        let waits = BagReading(names: ["data/usage/events.jsonl"]) { _ in
            while !isAsked.load(ordering: .relaxed) { usleep(1000) }
            return []
        }
        #expect(throws: PortabilityError(.cancelled, "")) {
            try verifier.readFiles([waits], workers: workers) {
                isAsked.store(true, ordering: .relaxed)
                return true
            }
        }
    }

    @Test("that was changed says where")
    func changed() throws {
        var bag = try Bag()
        bag["data/documents/1.pdf"]?[100] ^= 1
        #expect(try bag.findings() == ["digest data/documents/1.pdf"])

        bag = try Bag()
        bag["README.txt"]?.append(33)
        #expect(try bag.findings() == ["digest README.txt"])

        bag = try Bag()
        bag["manifest-sha256.txt"]?[0] ^= 3
        #expect(try bag.findings().contains("digest manifest-sha256.txt"))
    }

    @Test("with a file more or less says which")
    func moreOrLess() throws {
        var bag = try Bag()
        bag["data/usage/empty.csv"] = nil
        #expect(try bag.findings() == ["bag-information bag-info.txt", "missing data/usage/empty.csv"])

        bag = try Bag()
        bag["data/extra.csv"] = []
        #expect(try bag.findings() == ["bag-information bag-info.txt", "unlisted data/extra.csv"])

        bag = try Bag()
        bag["extra.txt"] = [1]
        #expect(try bag.findings() == ["unlisted extra.txt"])

        bag = try Bag()
        bag["README.txt"] = nil
        #expect(try bag.findings() == ["missing README.txt"])

        bag = try Bag()
        bag["tagmanifest-sha256.txt.sig"] = nil
        #expect(try bag.findings().isEmpty)
    }

    @Test(
        "lacks none of its own files",
        arguments: ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"])
    func ownFiles(_ name: String) throws {
        var bag = try Bag()
        bag[name] = nil
        #expect(try bag.findings().contains("missing \(name)"))
    }

    @Test("declares its version and the size of its payload")
    func tagFiles() throws {
        var bag = try Bag()
        try bag.edit("bagit.txt") { _ in "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n" }
        #expect(try bag.findings() == ["bag-declaration bagit.txt"])

        for change in ["43000.4", "43001.3", "", "43000.3\nPayload-Oxum: 43000.3"] {
            bag = try Bag()
            try bag.edit("bag-info.txt") { _ in "A: b\n  c\nPayload-Oxum: \(change)\n" }
            #expect(try bag.findings() == ["bag-information bag-info.txt"])
        }
        bag = try Bag()
        try bag.edit("bag-info.txt") { _ in "A: b\r\n  c\r\nPayload-Oxum: 43000.3\r\n" }
        #expect(try bag.report(.anyBag).findings.isEmpty)
        #expect(try bag.report(.anyBag).information.map(\.value) == ["b c", "43000.3"])
        #expect(try bag.findings() == ["not-canonical bag-info.txt"])
    }

    @Test(
        "has only manifest lines that can be used",
        arguments: [
            "nonsense", "00  data/usage/empty.csv", String(repeating: "0", count: 64) + "data/x",
            String(repeating: "g", count: 64) + "  data/x", String(repeating: "0", count: 64) + "  README.txt",
            String(repeating: "0", count: 64) + "  data/usage/empty.csv", String(repeating: "0", count: 64) + "  ",
        ])
    func manifestLines(_ line: String) throws {
        var bag = try Bag()
        try bag.edit("manifest-sha256.txt") { $0 + line + "\n" }
        #expect(try bag.findings() == ["manifest manifest-sha256.txt"])
    }

    @Test("reads the manifests of other writers: capital digits, tabs, percent signs, CRLF")
    func otherManifests() throws {
        var bag = try Bag()
        try bag.edit("manifest-sha256.txt") { text in
            text.split(separator: "\n").map { line in
                line.prefix(64).uppercased() + "\t" + line.dropFirst(66) + "\r\n"
            }.joined()
        }
        #expect(try bag.findings(.anyBag).isEmpty)
        #expect(try bag.findings() == ["not-canonical manifest-sha256.txt", "not-canonical manifest-sha256.txt"])
        try bag.edit("manifest-sha256.txt") { $0 + String(repeating: "0", count: 64) + "  data/100%25%0A.csv\n" }
        #expect(try bag.findings(.anyBag) == ["missing data/100%?.csv"])
    }

    @Test("that was unpacked and packed again is intact in another container")
    func packedAgain() throws {
        let folder = try TestFolder()
        try Bag().write(to: folder.file("a.zip"))
        #expect(shell("cd '\(folder.path)' && mkdir b && cd b && unzip -q ../a.zip && zip -qr ../b.zip .").status == 0)
        let report = try verified(folder.file("b.zip"))
        #expect(report.findings.isEmpty)
        #expect(!report.containerFindings.isEmpty)
        #expect(report.containerFindings.allSatisfy { $0.kind == .notCanonical || $0.kind == .seal })
    }

    @Test("writes its manifest in the order of the names' bytes")
    func order() throws {
        let names = ["data/b", "data/B", "data/a/z", "data/a-b", "data/a.b", "data/10", "data/9"]
        let text = try BagWriter.manifest(names.map { ($0, [0xAB]) })
        let lines = ["data/10", "data/9", "data/B", "data/a-b", "data/a.b", "data/a/z", "data/b"]
        #expect(String(decoding: text, as: UTF8.self) == lines.map { "ab  \($0)\n" }.joined())
        #expect(failure { try BagWriter.manifest([("data/a\nb", [])]) }?.code == .output)
        #expect(failure { try BagWriter.info([("a:b", "")], payloadBytes: 0, payloadFiles: 0) }?.code == .output)
        #expect(
            failure { try BagWriter.info([("payload-oxum", "")], payloadBytes: 0, payloadFiles: 0) }?.code == .output)
    }

    @Test("notices a change of any bit of its archive")
    func everyBit() throws {
        let folder = try TestFolder()
        var bag = try Bag()
        bag.files.removeAll { $0.name.hasPrefix("data/") }
        try bag.edit("manifest-sha256.txt") { _ in "" }
        try bag.edit("bag-info.txt") { _ in "Payload-Oxum: 0.0\n" }
        try bag.write(to: folder.file("a.zip"))
        let sound = try bytes(ofFile: folder.file("a.zip"))
        #expect(try verified(folder.file("a.zip")).containerFindings.isEmpty)
        for bit in 0..<sound.count * 8 {
            var changed = sound
            changed[bit / 8] ^= UInt8(1) << UInt8(bit % 8)
            try write(changed, toFile: folder.file("b.zip"))
            let report = try verified(folder.file("b.zip"))
            if report.findings.isEmpty, report.containerFindings.isEmpty { Issue.record("bit \(bit)") }
        }
        for count in sound.indices {
            try write(Array(sound.prefix(count)), toFile: folder.file("b.zip"))
            #expect(failure { try ZipReader(path: folder.file("b.zip")) } != nil, "cut at \(count)")
        }
    }
}
