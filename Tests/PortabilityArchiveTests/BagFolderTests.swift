import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import Testing

/// A bag in a folder, made by a test.
private struct BagFolder {
    let folder: TestFolder
    var path: String { folder.file("bag") }

    /// A bag of the given payload; manifests are made by the system's own programs.
    init(_ payload: [String: String] = ["a.txt": "a", "b/c.txt": "c"], algorithms: [String] = ["sha256"]) throws {
        folder = try TestFolder()
        for (name, text) in payload {
            let file = "\(folder.file("bag"))/data/\(name)"
            #expect(shell("mkdir -p \"$(dirname '\(file)')\"").status == 0)
            try PortabilityArchiveTests.write(Array(text.utf8), toFile: file)
        }
        try write("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        try write("bag-info.txt", "Payload-Oxum: \(payload.values.reduce(0) { $0 + $1.utf8.count }).\(payload.count)\n")
        try list(algorithms)
    }

    func write(_ name: String, _ text: String) throws {
        try PortabilityArchiveTests.write(Array(text.utf8), toFile: "\(path)/\(name)")
    }

    func list(_ algorithms: [String] = ["sha256"]) throws {
        for algorithm in algorithms {
            let script = """
                cd '\(path)' && find data -type f -exec \(algorithm)sum {} + > manifest-\(algorithm).txt &&
                find . -type f -not -path './data/*' -not -name 'tagmanifest*' -printf '%P\\n' | sort |
                xargs \(algorithm)sum > ../t && mv ../t tagmanifest-\(algorithm).txt
                """
            #expect(shell(script).status == 0)
        }
    }

    func report(_ depth: BagVerifier.Depth = .full, limits: ReadLimits = ReadLimits()) throws -> BagVerifier.Report {
        var verifier = BagVerifier(
            try FolderContents(path: path, limits: limits), rules: .anyBag, depth: depth, algorithms: testAlgorithms,
            limits: limits)
        verifier.checkTagFiles()
        try verifier.readFiles(workers: 2)
        return verifier.finished()
    }

    func findings(_ depth: BagVerifier.Depth = .full) throws -> [String] {
        try report(depth).findings.map { "\($0.kind.rawValue) \($0.path ?? "")" }.sorted()
    }
}

@Suite("Bag in a folder")
struct BagFolderTests {
    @Test("is verified with every algorithm of its manifests", arguments: BagDigests.all.map(\.name))
    func algorithms(_ name: String) throws {
        let bag = try BagFolder(algorithms: [name])
        #expect(try bag.report().algorithms == [name])
        #expect(try bag.findings() == [])
        try bag.write("data/a.txt", "b")
        #expect(try bag.findings() == ["digest data/a.txt"])
    }

    @Test("tells everything that is wrong in one run")
    func everything() throws {
        let bag = try BagFolder(["a": "1", "b": "2", "c": "3", "d": "4"])
        let script = "cd '\(bag.path)/data' && mv a renamed && rm b && echo -n x > c && echo more > extra"
        #expect(shell(script).status == 0)
        try bag.write("root.txt", "")
        #expect(
            try bag.findings() == [
                "bag-information bag-info.txt", "digest data/c", "missing data/a", "missing data/b",
                "unlisted data/extra", "unlisted data/renamed", "unlisted root.txt",
            ])
    }

    @Test("shows at each depth what can be seen there")
    func depths() throws {
        let bag = try BagFolder(["a": "1", "b": "2"])
        try bag.write("data/a", "3")
        #expect(try bag.findings(.sizes) == [])
        #expect(try bag.findings(.completeness) == [])
        #expect(try bag.findings(.full) == ["digest data/a"])
        try bag.write("more.txt", "")
        #expect(try bag.findings(.sizes) == [])
        #expect(try bag.findings(.completeness) == ["unlisted more.txt"])
        try bag.write("data/b", "22")
        #expect(try bag.findings(.sizes) == ["bag-information bag-info.txt"])
        try bag.write("bag-info.txt", "")
        #expect(try bag.findings(.sizes) == ["not-verified bag-info.txt"])
    }

    @Test("is followed nowhere: links and special files are refused, and nothing outside is read")
    func hostile() throws {
        let bag = try BagFolder()
        let script = """
            cd '\(bag.path)' && ln -s /etc/passwd data/link && ln -s / data/folder && mkfifo data/pipe &&
            ln -s ../outside more
            """
        #expect(shell(script).status == 0)
        #expect(
            try bag.findings() == [
                "not-a-file data/folder", "not-a-file data/link", "not-a-file data/pipe", "not-a-file more",
            ])
    }

    @Test("is not deeper and does not have more files than the limits")
    func limits() throws {
        let bag = try BagFolder()
        let deep = Array(repeating: "x", count: 70).joined(separator: "/")
        #expect(shell("mkdir -p '\(bag.path)/data/\(deep)'").status == 0)
        #expect(try bag.findings().count == 1)
        #expect(try bag.report().findings[0].kind == .limit)
        #expect(try bag.report(limits: ReadLimits(entries: 3)).findings.contains { $0.kind == .limit })
        let findings = try bag.report(limits: ReadLimits(findings: 1)).findings
        #expect(findings.count <= 2)
    }

    @Test("with a name that is no UTF-8 says so")
    func names() throws {
        let bag = try BagFolder()
        #expect(shell("cd '\(bag.path)/data' && touch \"$(printf 'p\\344\\344t\\366s')\"").status == 0)
        #expect(try bag.findings() == ["name-encoding data/p??t?s"])
    }

    @Test("whose names went through another Unicode form is the same bag")
    func forms() throws {
        let bag = try BagFolder(["pa\u{0308}a\u{0308}to\u{0308}s.txt": "1"])
        #expect(
            shell("cd '\(bag.path)/data' && mv * \"$(printf 'p\\303\\244\\303\\244t\\303\\266s.txt')\"").status == 0)
        #expect(try bag.findings() == [])
        #expect(try bag.report().warnings.map(\.kind) == [.pathSpelling])
    }

    @Test("must list every file in every manifest from 1.0 on, and in one before")
    func allManifests() throws {
        let bag = try BagFolder(algorithms: ["sha256", "md5"])
        #expect(shell("cd '\(bag.path)' && sed -i '/a.txt/d' manifest-md5.txt").status == 0)
        #expect(try bag.findings(.completeness) == ["unlisted data/a.txt"])
        try bag.write("bagit.txt", "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
        #expect(try bag.findings(.completeness) == [])
        #expect(shell("cd '\(bag.path)' && sed -i '/a.txt/d' manifest-sha256.txt").status == 0)
        #expect(try bag.findings(.completeness) == ["unlisted data/a.txt"])
    }

    @Test("with an algorithm that is not known is verified by the others, if there are any")
    func unknownAlgorithm() throws {
        let bag = try BagFolder()
        let script = "cd '\(bag.path)' && sed 's/^...../12345/' manifest-sha256.txt > manifest-blake2b.txt && rm tagm*"
        #expect(shell(script).status == 0)
        #expect(try bag.findings() == [])
        #expect(try bag.report().unknownAlgorithms == ["blake2b"])
        #expect(try bag.report().warnings.map(\.kind) == [.unknownAlgorithm, .tagFilesUnprotected])
        #expect(shell("rm '\(bag.path)/manifest-sha256.txt'").status == 0)
        #expect(try bag.findings() == ["not-verified "])
    }

    @Test(
        "has no list that leads out of it, on any system",
        arguments: [
            "../x", "data/../../x", "/etc/passwd", "~/x", "~root/x", "C:\\x", "c:/x", "\\\\server\\x", "data/./x",
            "data//x", "data/..", "data\\x",
        ])
    func dangerous(_ path: String) throws {
        let bag = try BagFolder()
        let line = "\(String(repeating: "0", count: 64))  \(path)\n"
        let manifest = String(decoding: try bytes(ofFile: "\(bag.path)/manifest-sha256.txt"), as: UTF8.self)
        try bag.write("manifest-sha256.txt", manifest + line)
        #expect(try bag.findings(.completeness) == ["dangerous-name manifest-sha256.txt"])
        try bag.write("manifest-sha256.txt", manifest)
        try bag.write("fetch.txt", "https://example.org/x - \(path)\n")
        #expect(try bag.findings(.completeness) == ["fetch fetch.txt"])
    }

    @Test(
        "has a list of what to fetch that can be used",
        arguments: [
            ("data/a.txt\n", ["fetch fetch.txt"]), ("https://example.org/x\n", ["fetch fetch.txt"]),
            ("https://example.org/x 1k data/a.txt\n", ["fetch fetch.txt"]),
            ("no-scheme - data/a.txt\n", ["fetch fetch.txt"]),
            ("https://example.org/x - README\n", ["fetch fetch.txt"]),
            ("https://example.org/x 12 data/new\n", ["fetch data/new"]), ("https://example.org/x 1 data/a.txt\r\n", []),
            ("https://a/ - data/a.txt\nhttps://b/ - data/a.txt\n", ["fetch fetch.txt"]),
        ])
    func fetchLines(_ text: String, _ findings: [String]) throws {
        let bag = try BagFolder()
        try bag.write("fetch.txt", text)
        #expect(try bag.findings(.completeness) == findings)
    }

    @Test("decodes percent signs as its version does")
    func percent() throws {
        let bag = try BagFolder(["a%b": "1"])
        #expect(shell("cd '\(bag.path)' && sed -i 's/a%b/a%25b/' manifest-sha256.txt").status == 0)
        #expect(try bag.findings(.completeness) == [])
        try bag.write("bagit.txt", "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
        #expect(try bag.findings(.completeness) == ["missing data/a%25b", "unlisted data/a%b"])
    }

    @Test("that is not there cannot be opened")
    func absent() throws {
        let folder = try TestFolder()
        #expect(failure { try FolderContents(path: folder.file("none")) }?.code == .unavailable)
    }
}
