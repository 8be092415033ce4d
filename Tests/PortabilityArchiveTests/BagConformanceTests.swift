import Glibc
import PortabilityArchive
import PortabilityModel
import Testing

/// The conformance suite of the Library of Congress, each case as a folder and as a zip with a base folder.
@Suite("Bags of the conformance suite")
struct BagConformanceTests {
    /// A case's path, such as `v1.0/valid/basicBag`.
    static let cases: [String] = {
        let found = shell("cd '\(dataFolder)/bagit-conformance' && find . -mindepth 3 -maxdepth 3 -type d")
        return found.output.split(separator: "\n").map { String($0.dropFirst(2)) }.sorted()
    }()

    static func cases(_ kinds: String...) -> [String] {
        cases.filter { name in kinds.contains { name.split(separator: "/")[1] == $0 } }
    }

    private func report(_ name: String) throws -> BagVerifier.Report {
        var verifier = BagVerifier(
            try FolderContents(path: "\(dataFolder)/bagit-conformance/\(name)"), rules: .anyBag,
            algorithms: testAlgorithms)
        verifier.checkTagFiles()
        try verifier.readFiles(workers: 2)
        return verifier.finished()
    }

    private func zipped(_ name: String) throws -> BagVerifier.Report {
        let folder = try TestFolder()
        let parts = name.split(separator: "/")
        let parent = "\(dataFolder)/bagit-conformance/\(parts[0])/\(parts[1])"
        #expect(shell("cd '\(parent)' && zip -qr '\(folder.file("a.zip"))' '\(parts[2])'").status == 0)
        return try verified(folder.file("a.zip"), .anyBag)
    }

    private func words(_ findings: [VerificationFinding]) -> [String] {
        findings.map { "\($0.kind.rawValue) \($0.path ?? "")" }
    }

    @Test("are all here")
    func all() {
        #expect(Self.cases.count == 60)
        #expect(Self.cases("valid").count + Self.cases("invalid").count > 30)
    }

    @Test("are found valid where they are", arguments: cases("valid"))
    func valid(_ name: String) throws {
        #expect(try words(report(name).findings) == [], "\(name)")
        #expect(try words(zipped(name).findings) == [], "\(name) zipped")
        let tags = [
            "v0.97/valid/bag-with-leading-dot-slash-in-manifest", "v0.96/valid/bag-with-leading-dot-slash-in-manifest",
        ]
        #expect(try report(name).warnings.map(\.kind) == (tags.contains(name) ? [.pathSpelling] : []))
    }

    @Test(
        "are found invalid where they are, on every system", arguments: cases("invalid", "linux-only", "windows-only"))
    func invalid(_ name: String) throws {
        #expect(try !report(name).findings.isEmpty)
        #expect(try !zipped(name).findings.isEmpty)
    }

    @Test(
        "are found invalid for the reason that the case is about",
        arguments: [
            ("v0.97/invalid/out-of-scope-file-paths-using-dot-notation", ["dangerous-name manifest-md5.txt"]),
            ("v0.97/invalid/out-of-scope-file-paths-using-dot-notation-for-fetch", ["fetch fetch.txt"]),
            ("v0.97/invalid/extra-file-in-bag", ["bag-information bag-info.txt", "unlisted data/bar"]),
            ("v0.97/invalid/bom-in-bagit.txt", ["bag-declaration bagit.txt"]),
            ("v0.97/invalid/missing-bagit.txt", ["missing bagit.txt"]),
            ("v0.97/invalid/missing-baginfo", ["missing bag-info.txt"]),
            ("v0.97/invalid/invalid-version-number", ["bag-declaration bagit.txt"]),
            ("v0.97/invalid/baginfo-missing-encoding", ["bag-declaration bagit.txt"]),
            ("v0.97/invalid/same-filename-listed-twice-with-different-hashes", ["manifest manifest-sha256.txt"]),
            ("v1.0/invalid/same-filename-listed-twice-with-different-hashes", ["manifest manifest-sha256.txt"]),
            ("v1.0/invalid/same-filename-listed-twice-with-the-same-hash", ["manifest manifest-sha256.txt"]),
            ("v1.0/invalid/notAllManifestsListAllFiles", ["unlisted data/missingFromManifest.txt"]),
            ("v1.0/invalid/bagit-with-invalid-whitespace", ["bag-declaration bagit.txt"]),
            ("v0.97/linux-only/out-of-scope-file-paths-using-absolute-path", ["dangerous-name manifest-md5.txt"]),
            ("v0.97/linux-only/out-of-scope-file-paths-using-absolute-path-for-fetch", ["fetch fetch.txt"]),
            ("v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username", ["dangerous-name manifest-md5.txt"]),
            ("v0.97/windows-only/out-of-scope-file-paths-using-unc", ["dangerous-name manifest-md5.txt"]),
            ("v0.97/windows-only/out-of-scope-file-paths-using-absolute-path-for-fetch", ["fetch fetch.txt"]),
        ])
    func reason(_ name: String, _ expected: [String]) throws {
        let found = try words(report(name).findings)
        for word in expected { #expect(found.contains(word), "\(name): \(found)") }
    }

    /// The suite means these to be accepted with a warning. Where files of the case are not in the suite itself, for
    /// its own systems could not hold them, they are missing.
    @Test(
        "are reported where the suite wants a warning",
        arguments: [
            ("made-with-md5sum-tools", [], Array(repeating: "path-spelling", count: 4)),
            ("relative-path", [], ["path-spelling"]),
            ("same-filename-listed-twice-with-the-same-hash", ["unlisted debug"], ["duplicate-line"]),
            (
                "same-filename-listed-twice-with-different-normalization", ["unlisted README"],
                ["duplicate-line", "path-spelling"]
            ),
            ("duplicate-file-with-different-case", ["missing data/HELLO.txt"], ["clashing-names"]),
            ("special-system-files", ["missing data/.DS_Store", "bag-information bag-info.txt"], []),
        ])
    func warnings(_ name: String, _ findings: [String], _ warnings: [String]) throws {
        let report = try report("v0.97/warning/\(name)")
        #expect(words(report.findings) == findings)
        #expect(report.warnings.map(\.kind.rawValue).sorted() == warnings)
    }

    @Test("tell their version, encoding, algorithms and what is to be fetched")
    func told() throws {
        let holey = try report("v0.97/valid/holey-bag")
        #expect(holey.fetch.count == 5)
        #expect(holey.fetch.allSatisfy { $0.isPresent && $0.bytes == nil && $0.address.hasPrefix("http://localhost") })
        #expect(holey.version == "0.97")
        #expect(try report("v0.97/valid/UTF-16-encoded-tag-files").encoding == "UTF-16")
        #expect(try report("v0.97/valid/UTF-16-encoded-tag-files").information.last?.value == "58.2")
        #expect(try report("v0.97/valid/uncommon-metadata-separators").algorithms == ["sha224"])
        #expect(try report("v1.0/invalid/bagit-with-invalid-whitespace").algorithms == ["sha256", "sha512"])
        let repeated = try report("v0.97/valid/duplicate-metadata-entries").information
        #expect(repeated.filter { $0.label.lowercased() == "case-insensitivity-test" }.map(\.value) == ["1", "2", "3"])
        #expect(try report("v0.93/valid/basic-bag").information.contains { $0.label == "Packing-Date" })
    }

    @Test("are incomplete if a file that is to be fetched is not there")
    func fetch() throws {
        let folder = try TestFolder()
        let source = "\(dataFolder)/bagit-conformance/v0.97/valid/holey-bag"
        #expect(
            shell("cp -r '\(source)' '\(folder.file("bag"))' && rm '\(folder.file("bag/data/test2.txt"))'").status == 0)
        var verifier = BagVerifier(
            try FolderContents(path: folder.file("bag")), rules: .anyBag, depth: .completeness,
            algorithms: testAlgorithms)
        verifier.checkTagFiles()
        let report = verifier.finished()
        #expect(words(report.findings) == ["not-fetched data/test2.txt"])
        #expect(report.fetch.filter { !$0.isPresent }.map(\.path) == ["data/test2.txt"])
    }
}
