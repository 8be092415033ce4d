import Glibc
import PortabilityArchive
import PortabilityModel
import Testing

@Suite("Zip writer")
struct ZipWriterTests {
    private static func entries(pool: CompressionPool = CompressionPool(workers: 0)) throws -> [SpooledEntry] {
        var random = FixedRandom(seed: 20)
        return try [
            spool(Array("read me".utf8), as: "README.txt", .fast, pool: pool),
            spool([], as: "data/usage/empty.jsonl", .fast, pool: pool),
            spool(random.lines(2_300_000), as: "data/usage/events.jsonl", .fast, pool: pool),
            spool(random.lines(70_000), as: "data/usage/events.csv", .zlib(), pool: pool),
            spool(random.bytes(1_100_000), as: "data/documents/1.pdf", .fast, pool: pool),
            spool(random.lines(50_000), as: "data/stored.xml", .stored, pool: pool),
            spool(random.lines(2_200_000), as: "data/usage/events.xml", .small, pool: pool),
        ]
    }

    /// Runs every tool that a recipient may have on an archive; each must be installed and find nothing wrong.
    private static func judge(_ archive: [UInt8], entries: Int, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let folder = try TestFolder()
        try write(archive, toFile: folder.file("a.zip"))
        let python =
            "import zipfile; z = zipfile.ZipFile('a.zip'); assert z.testzip() is None; print(len(z.namelist()))"
        for command in [
            "unzip -tqq a.zip", "7z t -bso0 a.zip", "test $(bsdtar -tf a.zip | wc -l) = \(entries)",
            "bsdtar -xOf a.zip > /dev/null", "test $(python3 -c \"\(python)\") = \(entries)",
        ] {
            let (status, output) = shell("cd '\(folder.path)' && \(command)")
            #expect(status == 0, "\(command): \(output)", sourceLocation: sourceLocation)
        }
        let reader = try ZipReader(path: folder.file("a.zip"))
        #expect(reader.entries.count == entries, sourceLocation: sourceLocation)
        #expect(reader.contentFindings().isEmpty, sourceLocation: sourceLocation)
    }

    @Test("writes archives that unzip, 7z, bsdtar, Python and our own reader find sound")
    func judged() throws {
        try Self.judge(archive(Self.entries()), entries: 7)
    }

    @Test("writes the same bytes with any number of threads")
    func deterministic() throws {
        let expected = try archive(Self.entries())
        for workers in [1, 2, 4] {
            #expect(try archive(Self.entries(pool: CompressionPool(workers: workers))) == expected)
        }
    }

    @Test("writes nothing but what the format needs")
    func canonicalBytes() throws {
        let entry = try spool(Array("abc".utf8), as: "a", .stored)
        let bytes = try archive([entry])
        let expected: [UInt8] = [
            // Local header: version 20, no flags, stored, 1980-01-01 00:00, CRC-32, sizes, name, no extra field.
            0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0, 3, 0, 0, 0,
            1, 0, 0, 0, 0x61, 0x61, 0x62, 0x63,
            // Directory: made by Unix, a regular file rw-r--r--, at offset 0.
            0x50, 0x4B, 1, 2, 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0, 3, 0, 0, 0,
            1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xA4, 0x81, 0, 0, 0, 0, 0x61,
            // End: one entry, 47 bytes of directory at 34.
            0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 47, 0, 0, 0, 34, 0, 0, 0, 71, 0,
        ]
        #expect(bytes.dropLast(71) == expected[...])
        // And the seal, for which the test's digest stands.
        let sealed = Array(bytes.dropLast(64))
        #expect(sealed.suffix(7).elementsEqual("sha256:".utf8))
        #expect(bytes.suffix(64).elementsEqual(hexadecimal(digest(sealed, quickDigest)).utf8))
    }

    @Test("ends with a seal that can be checked with head, tail and sha256sum")
    func seal() throws {
        let folder = try TestFolder()
        for limits in [ZipLimits(), ZipLimits(size: 1, offset: 1, entries: 1)] {
            try write(archive(Self.entries(), limits: limits, digest: sha256), toFile: folder.file("a.zip"))
            let (status, output) = shell(
                "cd '\(folder.path)' && test $(tail -c 64 a.zip) = $(head -c -64 a.zip | sha256sum | cut -c 1-64)"
                    + " && unzip -z a.zip | tail -n 1")
            #expect(status == 0)
            #expect(output.hasPrefix("sha256:"))
            let reader = try ZipReader(path: folder.file("a.zip"))
            #expect(reader.sealFinding(digest: sha256) == nil)
            #expect(reader.sealFinding(digest: quickDigest)?.kind == .seal)
        }
    }

    @Test("refuses a digest for the seal that is none")
    func noDigest() throws {
        struct Short: StreamingDigest {
            mutating func update(_ bytes: Span<UInt8>) {}
            func value() -> [UInt8] { [1, 2] }
        }
        var writer = ZipWriter(sink: MemorySink(), digest: { Short() })
        #expect(failure { try writer.finish() }?.code == .output)
    }

    @Test(
        "uses ZIP64 by size, offset or number, and only then",
        arguments: [
            ZipLimits(size: 1000), ZipLimits(offset: 1000), ZipLimits(entries: 3), ZipLimits(offset: 40),
            ZipLimits(size: 1, offset: 1, entries: 1), ZipLimits(size: 0, offset: 0, entries: 0),
        ])
    func zip64(_ limits: ZipLimits) throws {
        let entries = try Self.entries()
        let plainly = try archive(entries)
        let long = try archive(entries, limits: limits)
        #expect(long.count > plainly.count)
        try Self.judge(long, entries: 7)
        let folder = try TestFolder()
        try write(long, toFile: folder.file("long.zip"))
        let reader = try ZipReader(path: folder.file("long.zip"))
        #expect(reader.containerFindings(zip64: limits, digest: quickDigest).isEmpty)
        #expect(!reader.layoutFindings().isEmpty)
    }

    @Test("has exactly the limit's edge", arguments: [(2, false), (3, true), (4, true)])
    func zip64Edge(_ count: Int, _ isLong: Bool) throws {
        let entries = try (0..<count).map { try spool([1], as: "data/\($0)", .stored) }
        let bytes = try archive(entries, limits: ZipLimits(entries: 3))
        #expect(try (bytes.count > archive(entries).count) == isLong)
    }

    @Test("writes more entries than a zip without ZIP64 can count")
    func manyEntries() throws {
        let sink = MemorySink()
        var writer = ZipWriter(sink: sink, digest: quickDigest)
        let pool = CompressionPool(workers: 0)
        for number in 0..<65_600 {
            try writer.add(spool([UInt8(truncatingIfNeeded: number)], as: "data/d/\(number)", .stored, pool: pool))
        }
        try writer.finish()
        #expect(writer.position == Int64(sink.bytes.count))
        try Self.judge(sink.bytes, entries: 65_600)
        let folder = try TestFolder()
        try write(sink.bytes, toFile: folder.file("a.zip"))
        #expect(try ZipReader(path: folder.file("a.zip")).containerFindings(digest: quickDigest).isEmpty)
        #expect(
            failure { try ZipReader(path: folder.file("a.zip"), limits: ReadLimits(entries: 65_599)) }?.code == .limit)
    }

    @Test("gives every entry the time it is told, in UTC and even seconds, whatever the time zone")
    func times() throws {
        let folder = try TestFolder()
        let entry = try spool([1], as: "a")
        let cases: [(Int64, String)] = [
            (0, "(1980, 1, 1, 0, 0, 0)"), (315_532_801, "(1980, 1, 1, 0, 0, 0)"),
            (951_782_399, "(2000, 2, 28, 23, 59, 58)"), (951_782_400, "(2000, 2, 29, 0, 0, 0)"),
            (1_709_251_199, "(2024, 2, 29, 23, 59, 58)"), (1_735_689_600, "(2025, 1, 1, 0, 0, 0)"),
            (4_102_444_800, "(2100, 1, 1, 0, 0, 0)"), (4_107_542_400, "(2100, 3, 1, 0, 0, 0)"),
            (.max, "(2107, 12, 31, 23, 59, 58)"),
        ]
        for (seconds, expected) in cases {
            try write(archive([entry], time: ZipTime(unixSeconds: seconds)), toFile: folder.file("a.zip"))
            let script = "import zipfile; print(zipfile.ZipFile('a.zip').infolist()[0].date_time)"
            let output = shell("cd '\(folder.path)' && TZ=Asia/Tokyo python3 -c \"\(script)\"").output
            #expect(output == expected + "\n")
        }
    }

    @Test(
        "refuses names that are unsafe or cannot be on some system",
        arguments: [
            "", "/a", "../a", "a/../b", "a/..", "./a", "a//b", "a/", "a b", "ä", "a\\b", "C:", "C:/a", "a\n", "a\0b",
            "CON", "con.txt", "data/Nul", "data/lpt1.csv", "COM9/x", "a.", "a./b", "...", "a*", "-?",
            String(repeating: "a", count: 241),
        ])
    func dangerousNames(_ name: String) throws {
        let error = failure { try spool([1], as: name) }
        #expect(error?.code == .output)
        #expect(error?.place.file?.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } == true)
    }

    @Test(
        "takes all other names",
        arguments: ["a", "data/a-b_c.1", "COM", "COM10", "console.txt", ".hidden", "-x", "a/b/c/d"])
    func goodNames(_ name: String) throws {
        #expect(try spool([1], as: name).name == name)
    }

    @Test(
        "refuses names that meet",
        arguments: [
            ["a", "a"], ["data/a", "data/A"], ["a", "a/b"], ["a/b", "a"], ["A/b", "a"], ["a/b/c", "a/B"],
        ])
    func clashes(_ names: [String]) throws {
        var writer = ZipWriter(sink: MemorySink(), digest: quickDigest)
        for name in names.dropLast() { try writer.add(spool([1], as: name)) }
        #expect(failure { try writer.add(spool([1], as: names[names.count - 1])) }?.code == .output)
    }

    @Test("refuses an entry after its end, and an entry that was given up")
    func ends() throws {
        var writer = ZipWriter(sink: MemorySink(), digest: quickDigest)
        let entry = try spool([1], as: "a")
        try writer.finish()
        #expect(failure { try writer.add(entry) }?.code == .output)
        #expect(failure { try writer.finish() }?.code == .output)
        var other = ZipWriter(sink: MemorySink(), digest: quickDigest)
        entry.close()
        #expect(failure { try other.add(entry) }?.code == .output)
    }

    @Test("leaves no archive behind when the disk is full at any write", arguments: [0, 2])
    func fullDisk(_ workers: Int) throws {
        let pool = CompressionPool(workers: workers)
        var random = FixedRandom(seed: 21)
        let noise = random.bytes(1_500_000)
        var failures = 0
        for call in 1... {
            let folder = try TestFolder()
            let system = OutputSystem.failing(Fault(failAt: call, errno: ENOSPC))
            let spools = SpoolFactory(folder: folder.path, system: system)
            let error = failure {
                let output = try OutputFile(path: folder.file("a.zip"), system: system)
                var writer = ZipWriter(sink: output, digest: quickDigest)
                for name in ["data/1", "data/2"] {
                    let entry = try EntryWriter(
                        name: name, compression: .fast, pool: pool, spools: spools, digest: quickDigest)
                    try entry.append(noise)
                    try writer.add(entry.finish())
                }
                try writer.finish()
                try output.commit()
            }
            guard let error else {
                #expect(folder.content == ["a.zip"])
                break
            }
            failures += 1
            #expect(error.code == .output)
            #expect(error.errno == ENOSPC)
            #expect(folder.content == (error.message.contains("in place") ? ["a.zip"] : []))
        }
        #expect(failures > 15)
    }
}
