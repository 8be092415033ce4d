import PortabilityArchive
import PortabilityModel
import Testing

@Suite("Zip reader")
struct ZipReaderTests {
    private func inspect(_ bytes: [UInt8], limits: ReadLimits = ReadLimits()) throws -> [VerificationFinding] {
        let folder = try TestFolder()
        try write(bytes, toFile: folder.file("a.zip"))
        let (reader, findings) = try ZipReader.inspect(path: folder.file("a.zip"), limits: limits)
        return findings + (reader?.contentFindings() ?? [])
    }

    private func kinds(_ findings: [VerificationFinding]) -> [String] { findings.map(\.kind.rawValue) }

    @Test("keeps to its limits")
    func limits() throws {
        let entries = try [spool([UInt8](repeating: 0, count: 9000), as: "zeros"), spool([1, 2], as: "data/second")]
        let bytes = try archive(entries)
        #expect(try inspect(bytes).isEmpty)
        for limits in [
            ReadLimits(entries: 1), ReadLimits(nameLength: 10), ReadLimits(entrySize: 8999),
            ReadLimits(totalSize: 9001), ReadLimits(ratio: 10, ratioFloor: 8999),
        ] {
            #expect(try kinds(inspect(bytes, limits: limits)) == ["limit"])
        }
        // What is beyond the limits is not read, even where all findings are asked for.
        let folder = try TestFolder()
        try write(bytes, toFile: folder.file("a.zip"))
        for limits in [ReadLimits(entrySize: 8999), ReadLimits(totalSize: 9001)] {
            let reader = try #require(ZipReader.inspect(path: folder.file("a.zip"), limits: limits).reader)
            var pieces = 0
            #expect(failure { try reader.read(reader.entries[0]) { _ in pieces += 1 } }?.code == .unavailable)
            #expect(pieces == 0)
        }
        #expect(try inspect(bytes, limits: ReadLimits(entries: 2, nameLength: 11, entrySize: 9000)).isEmpty)
        #expect(try inspect(bytes, limits: ReadLimits(totalSize: 9002, ratio: 10, ratioFloor: 9000)).isEmpty)
    }

    @Test("lists no more findings than the limit")
    func manyFindings() throws {
        let sound = try archive((0..<50).map { try spool([1], as: "data/\($0)") })
        // Every entry says in the directory that it is a symbolic link.
        var bytes = sound
        for index in bytes.indices.dropLast(46) where bytes[index...].starts(with: [0x50, 0x4B, 1, 2]) {
            bytes[index + 41] = 0xA1
        }
        #expect(try kinds(inspect(bytes)).filter { $0 == "not-a-file" }.count == 50)
        let few = try inspect(bytes, limits: ReadLimits(findings: 10))
        #expect(few.count == 11)
        #expect(few.last?.kind == .limit)
    }

    @Test("sees bits set where deflate leaves them open, at the end of the stream")
    func paddingAtEnd() throws {
        var found = 0
        for count in 100..<140 {
            var random = FixedRandom(seed: 40)
            let entry = try spool(random.lines(count), as: "a", .zlib())
            let last = 30 + 1 + Int(entry.compressedSize) - 1
            var bytes = try archive([entry])
            bytes[last] ^= 0x80
            let (content, container) = try check(bytes)
            // Where no bit was open, the change hits the stream itself.
            #expect(!content.isEmpty || !container.isEmpty)
            if content.isEmpty { found += 1 }
        }
        #expect(found > 10)
    }

    @Test("sees bits set where deflate leaves them open, between blocks", arguments: [Compression.fast, .zlib()])
    func paddingBetweenBlocks(_ compression: Compression) throws {
        var found = 0
        for seed in 0..<8 {
            var random = FixedRandom(seed: UInt64(seed))
            let entry = try spool(random.lines(Compression.blockSize + 1000), as: "a", compression)
            var bytes = try archive([entry])
            // The empty block that ends the first mebibyte.
            let marker = try #require(
                (0..<Int(entry.compressedSize)).last { bytes[(31 + $0)...].starts(with: [0, 0, 0xFF, 0xFF]) })
            #expect(try check(bytes) == ([], []))
            bytes[31 + marker - 1] ^= 0x80
            let (content, container) = try check(bytes)
            #expect(!content.isEmpty || !container.isEmpty)
            if content.isEmpty { found += 1 }
        }
        #expect(found >= 4)
    }

    private func check(_ bytes: [UInt8]) throws -> ([String], [String]) {
        let folder = try TestFolder()
        try write(bytes, toFile: folder.file("a.zip"))
        let reader = try ZipReader(path: folder.file("a.zip"))
        var container = kinds(reader.containerFindings())
        let content = kinds(reader.contentFindings())
        for entry in reader.entries where content.isEmpty {
            if try !reader.read(entry, { _ in }).hasZeroPadding { container.append("padding") }
        }
        return (content, container)
    }

    @Test("sees a byte put between entries, before or after them")
    func strayBytes() throws {
        let entries = try [spool([1, 2, 3], as: "a", .stored), spool([4, 5], as: "b", .stored)]
        let sound = try archive(entries)
        // 31 bytes of header and 3 of content; then the second entry, and the directory at 67.
        var before = sound
        before.insert(0, at: 0)
        #expect(try kinds(inspect(before)) == ["prefix-data"])
        var after = sound
        after.append(0)
        #expect(try kinds(inspect(after)) == ["trailing-data"])
        var comment = sound
        comment[comment.count - 2] = 1
        comment.append(65)
        #expect(try inspect(comment).isEmpty)
        let folder = try TestFolder()
        try write(comment, toFile: folder.file("a.zip"))
        #expect(try kinds(ZipReader(path: folder.file("a.zip")).containerFindings()) == ["not-canonical"])
    }

    @Test("refuses a directory with more bytes or entries than it counts")
    func hiddenEntry() throws {
        let bytes = try archive([spool([1], as: "a", .stored), spool([2], as: "b", .stored)])
        var changed = bytes
        // The end record counts one entry of the two.
        changed[bytes.count - 14] = 1
        changed[bytes.count - 12] = 1
        #expect(try kinds(inspect(changed)).contains("directory"))
        // And three of the two.
        changed[bytes.count - 14] = 3
        changed[bytes.count - 12] = 3
        #expect(try kinds(inspect(changed)) == ["directory"])
    }

    @Test("refuses entries that share bytes")
    func overlap() throws {
        let sound = try archive([spool([1, 2, 3], as: "a", .stored), spool([1, 2, 3], as: "b", .stored)])
        // The directory header of the second entry leads to the first.
        let second = try #require(sound.indices.dropLast(46).last { sound[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        var bytes = sound
        bytes[second + 42] = 0
        #expect(try kinds(inspect(bytes)).contains("overlap"))
        #expect(try kinds(inspect(bytes)).contains("gap"))
    }

    @Test("refuses a second end record in the comment")
    func twoEnds() throws {
        let inner = try archive([spool([9], as: "inner")])
        var bytes = try archive([spool([1, 2, 3], as: "outer")])
        bytes[bytes.count - 2] = UInt8(inner.count)
        bytes += inner
        #expect(try kinds(inspect(bytes)).contains("directory"))
    }

    @Test("survives any damage")
    func fuzz() throws {
        let folder = try TestFolder()
        var random = FixedRandom(seed: 50)
        let entries = try [
            spool(random.lines(3000), as: "data/a.jsonl"), spool(random.bytes(40), as: "data/b.bin"),
            spool([], as: "data/c.csv"),
        ]
        let limits = [ZipLimits(), ZipLimits(size: 10, offset: 10, entries: 1)]
        let sources = try limits.map { try archive(entries, limits: $0) }
        var refused = 0
        for round in 0..<1500 {
            var bytes = sources[round % 2]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                // The structure is at the end, so most of the damage is done there.
                let reach = Bool.random(using: &random) ? min(bytes.count, 400) : bytes.count
                let index = bytes.count - 1 - Int.random(in: 0..<reach, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[index] = 0xFF
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                default: bytes.remove(at: index)
                }
            }
            try write(bytes, toFile: folder.file("a.zip"))
            let (reader, structure) = try ZipReader.inspect(path: folder.file("a.zip"))
            let content = structure + (reader?.contentFindings() ?? [])
            let container = reader?.containerFindings(zip64: limits[round % 2]) ?? []
            if !content.isEmpty { refused += 1 }
            // What nothing is found in is what was written.
            #expect(!content.isEmpty || !container.isEmpty || bytes == sources[round % 2], "round \(round)")
        }
        #expect(refused > 1000)
    }
}
