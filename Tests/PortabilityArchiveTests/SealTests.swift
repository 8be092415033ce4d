import PortabilityModel
import Testing

@testable import PortabilityArchive

/// As long as a SHA-256, as quick as CRC-32, and like it different for any two files that differ in one bit.
private struct CRCDigest: StreamingDigest {
    private var crc32: UInt32 = 0

    mutating func update(_ bytes: Span<UInt8>) {
        crc32 = bytes.withUnsafeBufferPointer { CRC32.update(crc32, with: $0) }
    }

    func value() -> [UInt8] {
        var value: [UInt8] = []
        for _ in 0..<8 { value.put(crc32) }
        return value
    }
}

@Suite("Seal")
struct SealTests {
    /// Archives with all that ours can have: deflate by both codecs, of one block and of two, a stored entry, an empty
    /// one, one that is stored because deflate made it larger; with and without ZIP64.
    private static let archives = made(withTwoBlocks: true)

    private static func made(withTwoBlocks: Bool) -> [(bytes: [UInt8], limits: ZipLimits)] {
        var random = FixedRandom(seed: 60)
        let period = random.bytes(50)
        let long = (0..<(withTwoBlocks ? Compression.blockSize : 0) + 90).map { period[$0 % period.count] }
        do {
            let entries = try [
                spool(Array("Open index.html".utf8), as: "README.txt"), spool(random.lines(700), as: "data/a.jsonl"),
                spool(random.lines(700), as: "data/b.csv", .zlib()), spool([], as: "data/c.xml"),
                spool(random.bytes(40), as: "data/documents/1.bin"),
                spool(long, as: "data/d.json", .zlib(level: 9)),
                spool(random.lines(60), as: "data/e.json", .stored),
            ]
            return try [ZipLimits(), ZipLimits(size: 50, offset: 50, entries: 1)].map {
                (try archive(entries, limits: $0, digest: { CRCDigest() }), $0)
            }
        } catch {
            return []
        }
    }

    /// True if opening the archive or its seal shows that it is not as it was written.
    private func isSeen(_ bytes: [UInt8]) -> Bool {
        let (reader, findings) = ZipReader.inspect(ArchiveFile(MemoryBytes(bytes: bytes)))
        guard let reader, findings.isEmpty else { return true }
        return reader.sealFinding(digest: { CRCDigest() }) != nil
    }

    @Test("is there and right in what was written")
    func intact() throws {
        #expect(Self.archives.count == 2)
        for (bytes, limits) in Self.archives {
            let reader = try ZipReader(ArchiveFile(MemoryBytes(bytes: bytes)))
            #expect(reader.containerFindings(zip64: limits, digest: { CRCDigest() }).isEmpty)
            #expect(reader.contentFindings().isEmpty)
            #expect(bytes.count < 6000)
        }
    }

    @Test("tells of every flipped bit, whatever else is seen")
    func flips() throws {
        var (bytes, limits) = Self.archives[1]
        var bySealAlone = 0
        for place in bytes.indices {
            for bit in 0..<8 {
                bytes[place] ^= 1 << bit
                let (reader, findings) = ZipReader.inspect(ArchiveFile(MemoryBytes(bytes: bytes)))
                if let reader, findings.isEmpty {
                    if reader.sealFinding(digest: { CRCDigest() }) == nil {
                        Issue.record("bit \(bit) of byte \(place)")
                    }
                    if bit == 0, reader.layoutFindings(zip64: limits).isEmpty { bySealAlone += 1 }
                }
                bytes[place] ^= 1 << bit
            }
        }
        // Inside the packed bytes nothing else of the container looks.
        #expect(bySealAlone > 1000)
    }

    @Test("is missed at every length the file is cut to", arguments: [0, 1])
    func cuts(_ index: Int) throws {
        let (bytes, _) = Self.archives[index]
        for count in bytes.indices {
            let file = ArchiveFile(MemoryBytes(bytes: Array(bytes.prefix(count))))
            #expect(failure { try ZipReader(file) } != nil, "cut at \(count)")
        }
    }

    @Test("tells of every byte put in or taken out", arguments: [0, 1])
    func insertions(_ index: Int) throws {
        let (bytes, _) = Self.archives[index]
        for place in 0...bytes.count {
            for inserted in [0, bytes[min(place, bytes.count - 1)]] as [UInt8] {
                var changed = bytes
                changed.insert(inserted, at: place)
                if !isSeen(changed) { Issue.record("\(inserted) at \(place)") }
            }
            guard place < bytes.count else { break }
            var changed = bytes
            changed.remove(at: place)
            if !isSeen(changed) { Issue.record("without byte \(place)") }
        }
    }

    @Test("does not help who changes content and seals it anew", arguments: [0, 1])
    func resealed(_ index: Int) throws {
        let (sound, limits) = Self.made(withTwoBlocks: false)[index]
        func contents(_ reader: ZipReader) throws -> [[UInt8]] {
            try reader.entries.map { entry in
                var all: [UInt8] = []
                try reader.read(entry) { piece in piece.withUnsafeBufferPointer { all.append(contentsOf: $0) } }
                return all
            }
        }
        let expected = try contents(ZipReader(ArchiveFile(MemoryBytes(bytes: sound))))
        var harmless = 0
        for place in sound.indices.dropLast(ZipSeal.digitCount) {
            var bytes = sound
            bytes[place] ^= 1 << (place % 8)
            let sealed = Array(bytes.dropLast(ZipSeal.digitCount))
            bytes = sealed + Array(hexadecimal(digest(sealed, { CRCDigest() })).utf8)
            let (opened, findings) = ZipReader.inspect(ArchiveFile(MemoryBytes(bytes: bytes)))
            guard let reader = opened, findings.isEmpty, reader.layoutFindings(zip64: limits).isEmpty else { continue }
            #expect(reader.sealFinding(digest: { CRCDigest() }) == nil)
            guard reader.contentFindings().isEmpty else { continue }
            // A bit that no decoder looks at, or the time that all entries of an archive have.
            harmless += 1
            #expect(try contents(reader) == expected, "byte \(place)")
        }
        #expect(harmless < 40)
    }

    @Test("is not looked for in what is too short for it, and is no proof when it is spelt otherwise")
    func otherSpellings() throws {
        let (sound, _) = Self.archives[0]
        let digits = Array(sound.suffix(ZipSeal.digitCount))
        for comment in [
            [], Array("sha256:".utf8), Array("SHA256:".utf8) + digits,
            Array("sha256:".utf8) + digits.map { (97...102).contains($0) ? $0 - 32 : $0 } + Array(" ".utf8),
            Array("sha256:".utf8) + [UInt8](repeating: UInt8(ascii: "F"), count: 64), Array("sha512:".utf8) + digits,
        ] {
            let reader = try ZipReader(ArchiveFile(MemoryBytes(bytes: commented(sound, comment))))
            #expect(reader.sealFinding(digest: { CRCDigest() })?.message.contains("does not end with") == true)
        }
        let tiny = try ZipReader(
            ArchiveFile(MemoryBytes(bytes: [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18))))
        #expect(tiny.sealFinding(digest: { CRCDigest() })?.kind == .seal)
    }
}
