import Glibc
import PortabilityModel
import Testing
import UsageLogExtractor

@Suite("Usage logs: files")
struct FileTests {
    private static let crafted =
        String(#filePath.dropLast("UsageLogExtractorTests/FileTests.swift".count)) + "Data/gzip-crafted/"

    private func crafted(_ name: String) throws -> [UInt8] {
        let file = try #require(fopen(Self.crafted + name, "rb"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    /// Lines of the crafted files name nobody; `a` and `n` serve as the user.
    private func source(user: String, is value: String) -> Source {
        var source = Source()
        source.match = [.init(kind: "user_id", path: user, isUnique: true)]
        source.subject = ["user_id": [value]]
        source.fields = [("user", user)]
        return source
    }

    @Test("Files are read in the order of their paths' bytes, whatever folder they are in")
    func order() async throws {
        let folder = Folder()
        for name in ["b.jsonl", "a/z.jsonl", "a.jsonl", "a/b/c/deep.jsonl", "ä.jsonl", "B.jsonl", ".hidden.jsonl"] {
            folder.write("logs/" + name, #"{"user":1042,"event":"\#(name)"}"#)
        }
        var source = Source()
        source.fields = [("event", "event")]
        source.exclusions = ["user"]
        source.path = "logs/**/*.jsonl"
        #expect(
            try await source.extract(folder).outlines()
                == [
                    "B.jsonl", "a.jsonl", "a/b/c/deep.jsonl", "a/z.jsonl", "b.jsonl", "ä.jsonl",
                ].map { "event=" + $0 })
        source.path = "logs/[a-b].jsonl"
        #expect(try await source.extract(folder).outlines() == ["event=a.jsonl", "event=b.jsonl"])
        source.path = "logs/*/?.jsonl"
        #expect(try await source.extract(folder).outlines() == ["event=a/z.jsonl"])
        source.path = folder.path + "/logs/a/*.jsonl"
        #expect(try await source.extract(folder).outlines() == ["event=a/z.jsonl"])
        source.path = "logs/b.jsonl"
        #expect(try await source.extract(folder).outlines() == ["event=b.jsonl"])
    }

    @Test("Symbolic links are followed only below the base directory, and never in circles")
    func links() async throws {
        let outside = Folder()
        outside.write("secret.jsonl", #"{"user":1042,"event":"outside"}"#)
        let folder = Folder()
        folder.write("real/a.jsonl", #"{"user":1042,"event":"inside"}"#)
        symlink(outside.path + "/secret.jsonl", folder.path + "/x.jsonl")
        symlink(outside.path, folder.path + "/away")
        symlink("real/a.jsonl", folder.path + "/b.jsonl")
        symlink("..", folder.path + "/real/up")
        symlink("nowhere", folder.path + "/gone.jsonl")
        var source = Source()
        for path in ["**/*.jsonl", "*/*.jsonl", "*.jsonl", "away/*.jsonl", "real/up/real/*.jsonl"] {
            source.path = path
            source.isOptional = true
            let records = try await source.extract(folder).outlines()
            #expect(records.allSatisfy { $0.contains("inside") }, "\(path)")
            #expect(records.count == ["**/*.jsonl": 2, "away/*.jsonl": 0][path] ?? 1, "\(path)")
        }
    }

    @Test("No file is an error, unless the source is optional")
    func noFile() async throws {
        let folder = Folder()
        await #expect(throws: PortabilityError(.unavailable, "")) { try await Source().open(folder) }
        var source = Source()
        source.isOptional = true
        let keeper = Keeper()
        let end = try await source.extract(folder, into: keeper)
        #expect(end.records == [0] && end.filesRead == 0)
        source.limits.files = 1
        folder.write("a.jsonl", "")
        folder.write("b.jsonl", "")
        await #expect(throws: PortabilityError(.limit, "")) { try await source.open(folder) }
    }

    @Test("gzip is told by content, members one after another are read as one file")
    func gzip() async throws {
        let folder = Folder()
        folder.write("a.jsonl", try crafted("four-members.jsonl.gz"))
        folder.write("b.jsonl.gz", #"{"n":2500}"#)
        let keeper = Keeper()
        let end = try await source(user: "n", is: "2500").extract(folder, into: keeper)
        #expect(end.records == [2])
        #expect(end.filesRead == 2)
        #expect(keeper.heads().map(\.head.file) == [0, 1])
        #expect(keeper.heads()[0].head.position > 100_000)
        #expect(keeper.findings.allSatisfy { $0.kind == .unmapped })
    }

    @Test(
        "A fault of gzip is told, what came before it is kept, and other files are read",
        arguments: [
            ("truncated", Finding.Kind.truncated), ("bad-crc", .truncated), ("trailing-garbage", .truncated),
            ("bomb-one-line", .tooLarge),
        ])
    func gzipFaults(name: String, kind: Finding.Kind) async throws {
        let folder = Folder()
        folder.write("a.jsonl.gz", try crafted(name + ".jsonl.gz"))
        folder.write("b.jsonl", #"{"a":1}"#)
        let keeper = try await source(user: "a", is: "1").extract(folder)
        let faults = keeper.findings.filter { $0.kind == kind && $0.place.line == nil }
        #expect(faults.map(\.place.fileOrdinal) == [1])
        #expect(faults.allSatisfy { $0.losesRecords })
        #expect(keeper.heads().contains { $0.head.file == 1 })
        if name == "trailing-garbage" { #expect(keeper.heads().count == 2) }
    }

    @Test("Malformed lines are counted and located, and do not stop the reading")
    func malformed() async throws {
        let folder = Folder()
        folder.write(
            "a.jsonl",
            #"{"user":1042,"event":"one"}"# + "\n" + #"{"user":1042,"event":"# + "\n" + "not json\n" + "[1,2]\n"
                + "   \n\n"
                + #"{"user":1042,"x":\#(String(repeating: "[", count: 200))\#(String(repeating: "]", count: 200))}"#
                + "\n"
                + #"{"user":1042,"event":"two"}"#)
        let keeper = try await Source().extract(folder)
        #expect(keeper.outlines() == ["event=one user=1042", "event=two user=1042"])
        let bad = keeper.findings.filter { $0.kind == .malformed }
        #expect(bad.map(\.place.line) == [2, 3, 4, 7])
        #expect(bad.map(\.place.byte) == [49, 50, 59, 214])
        #expect(bad.map(\.place.column) == [22, 1, 1, 145])
        #expect(bad.allSatisfy { $0.losesRecords && $0.place.fileOrdinal == 1 && $0.place.source == "usage" })
        #expect(bad.allSatisfy { !$0.message.contains("1042") && !"\($0.place)".contains("1042") })
    }

    @Test("Of many malformed lines a hundred are located and the rest counted; a declared number is tolerated")
    func manyMalformed() async throws {
        let folder = Folder()
        folder.write("a.jsonl", String(repeating: "bad\n", count: 250))
        var source = Source()
        source.tolerated = 249
        var findings = try await source.extract(folder).findings
        #expect(findings.count == 101)
        #expect(findings.reduce(0) { $0 + $1.count } == 250)
        #expect(findings.allSatisfy { $0.losesRecords })
        source.tolerated = 250
        findings = try await source.extract(folder).findings
        #expect(!findings.contains { $0.losesRecords })
    }

    @Test("A line above the limit is told and skipped, whatever its size")
    func tooLong() async throws {
        let folder = Folder()
        folder.write(
            "a.jsonl",
            #"{"user":1042,"event":"a"}"# + "\n" + #"{"user":1042,"event":""# + String(repeating: "x", count: 3 << 20)
                + "\"}\n"
                + #"{"user":1042,"event":"b"}"# + "\n")
        var source = Source()
        source.limits.lineBytes = 1000
        let keeper = try await source.extract(folder)
        #expect(keeper.outlines() == ["event=a user=1042", "event=b user=1042"])
        #expect(keeper.findings.map(\.kind) == [.tooLarge])
        #expect(keeper.findings[0].place.line == 2)
        source.limits.lineBytes = 16 << 20
        #expect(try await source.extract(folder).outlines().count == 3)
    }

    @Test("Invalid UTF-8 and halves of surrogate pairs are replaced and counted, the line is kept")
    func invalidText() async throws {
        let folder = Folder()
        let line =
            Array(#"{"user":1042,"event":"p"#.utf8) + [0xe4] + Array(#"iv"#.utf8) + [0xe4]
            + Array(#"","x":"\ud800"}"#.utf8)
        folder.write("a.jsonl", line + [0x0a] + Array(#"{"user":7,"event":""#.utf8) + [0xff] + Array("\"}\n".utf8))
        let keeper = try await Source().extract(folder)
        #expect(keeper.outlines() == ["event=p\u{fffd}iv\u{fffd} user=1042 +x (string) \u{fffd}"])
        #expect(keeper.findings.filter { $0.kind == .invalidText }.map(\.count) == [2, 1])
        #expect(!keeper.findings.contains { $0.losesRecords })
    }

    @Test("A byte order mark at the beginning of a file is not part of its first line")
    func byteOrderMark() async throws {
        #expect(try await Source().outlines("\u{feff}" + #"{"user":1042}"# + "\n").count == 1)
    }

    @Test(
        "A file without permission, a pipe and a folder do not stop the reading of others",
        .disabled(if: getuid() == 0, "root may read everything"))
    func permission() async throws {
        let folder = Folder()
        folder.write("a.jsonl", #"{"user":1042}"#)
        folder.write("b.jsonl", #"{"user":1042}"#)
        chmod(folder.path + "/a.jsonl", 0)
        let keeper = try await Source().extract(folder)
        #expect(keeper.outlines().count == 1)
        #expect(keeper.findings.map(\.kind) == [.unreadable])
    }

    @Test("What is no regular file is told, and never waited for")
    func notAFile() async throws {
        let folder = Folder()
        mkfifo(folder.path + "/a.jsonl", 0o600)
        mkdir(folder.path + "/c.jsonl", 0o700)
        folder.write("b.jsonl", #"{"user":1042}"#)
        let keeper = try await Source().extract(folder)
        #expect(keeper.outlines().count == 1)
        #expect(keeper.findings.map(\.kind) == [.unreadable])
        #expect(keeper.findings[0].place.fileOrdinal == 1)
        let session = try await Source().open(folder)
        #expect(try await session.check().map(\.kind) == [.unreadable])
    }

    @Test("A file that is written to, or cut, while it is read makes the result partial", arguments: [true, false])
    func changes(isCut: Bool) async throws {
        let folder = Folder()
        let line = #"{"user":1042,"event":"\#(String(repeating: "x", count: 1000))"}"# + "\n"
        // Much more than is read before the first batch.
        folder.write("a.jsonl", String(repeating: line, count: 40_000))
        let path = folder.path + "/a.jsonl"
        var source = Source()
        source.threads = 2
        source.batchLimits.rows = 100
        let keeper = Keeper(onPush: { if isCut { truncate(path, 2_000_000) } else { folder.append("a.jsonl", "{}\n") } }
        )
        let end = try await source.extract(folder, into: keeper)
        #expect(keeper.findings.filter { $0.losesRecords && $0.kind == .truncated }.count == 1)
        #expect(isCut ? end.records[0] < 40_000 : end.records[0] == 40_000)
    }

    @Test("A file that a log rotation cuts to nothing before it is read is read as it is")
    func empty() async throws {
        let folder = Folder()
        folder.write("a.jsonl", "")
        let keeper = try await Source().extract(folder)
        #expect(keeper.batches.isEmpty && keeper.findings.isEmpty)
    }

    @Test("Batches keep to their limits, and the count at the end is theirs")
    func batches() async throws {
        let folder = Folder()
        folder.write("a.jsonl", (0..<1000).map { #"{"user":1042,"event":"e\#($0)"}"# + "\n" }.joined())
        var source = Source()
        source.batchLimits.rows = 64
        let keeper = Keeper()
        let end = try await source.extract(folder, into: keeper)
        #expect(end.records == [1000])
        #expect(keeper.batches.map(\.records.count) == [Int](repeating: 64, count: 15) + [40])
        #expect(keeper.outlines().enumerated().allSatisfy { $1 == "event=e\($0) user=1042" })
    }

    @Test("Cancelling stops within a block; an error of the sink passes")
    func cancelling() async throws {
        let folder = Folder()
        folder.write("a.jsonl", String(repeating: #"{"user":1042}"# + "\n", count: 200_000))
        var source = Source()
        source.batchLimits.rows = 10
        let running = source
        let task = Task.detached {
            try await running.extract(folder, into: Keeper(onPush: { withUnsafeCurrentTask { $0?.cancel() } }))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        await #expect(throws: PortabilityError(.scopeViolation, "")) {
            try await running.extract(folder, into: Refuser())
        }
    }
}

/// Refuses every batch.
private final class Refuser: RecordSink {
    func push(_ batch: consuming RecordBatch) async throws { throw PortabilityError(.scopeViolation, "refused") }
    func document(_ document: Document, dataset: Int) async throws -> String? { nil }
    func report(_ finding: Finding) async {}
}
