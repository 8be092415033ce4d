import PortabilityArchive
import PortabilityModel
import Testing

@Suite("Zip reader")
struct ZipReaderTests {
    private func inspect(_ bytes: [UInt8], limits: ReadLimits = ReadLimits()) throws -> [VerificationFinding] {
        let (reader, findings) = ZipReader.inspect(ArchiveFile(MemoryBytes(bytes: bytes)), limits: limits)
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
        #expect(try inspect(bytes, limits: ReadLimits(totalSize: 9002, ratio: 10, ratioFloor: 9002)).isEmpty)
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
        // No comment and another comment harm no one, but are not ours.
        for comment in [[], [65]] as [[UInt8]] {
            let other = commented(sound, comment)
            #expect(try inspect(other).isEmpty)
            let reader = try ZipReader(ArchiveFile(MemoryBytes(bytes: other)))
            #expect(kinds(reader.containerFindings(digest: quickDigest)) == ["not-canonical", "seal"])
        }
    }

    @Test("refuses a directory with more bytes or entries than it counts")
    func hiddenEntry() throws {
        let bytes = try commented(archive([spool([1], as: "a", .stored), spool([2], as: "b", .stored)]))
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
            let container = reader?.containerFindings(zip64: limits[round % 2], digest: quickDigest) ?? []
            if !content.isEmpty { refused += 1 }
            // What nothing is found in is what was written.
            #expect(!content.isEmpty || !container.isEmpty || bytes == sources[round % 2], "round \(round)")
        }
        #expect(refused > 1000)
    }
}
