import Glibc
import PortabilityModel
import Synchronization
import Testing

@testable import PortabilityArchive

/// Archive bytes whose every read is decided by the test.
private struct GuardedBytes: ArchiveBytes {
    let bytes: [UInt8]
    /// Called with the offset; what it throws is thrown.
    let guardRead: @Sendable (Int64) throws(PortabilityError) -> Void
    /// The most bytes of one read; real files may give less than asked for.
    var most = Int.max

    var size: Int64 { Int64(bytes.count) }

    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(PortabilityError) -> Int {
        try guardRead(offset)
        let part = UnsafeMutableBufferPointer(rebasing: buffer.prefix(most))
        return try MemoryBytes(bytes: bytes).read(part, at: offset)
    }
}

@Suite("Reading entries")
struct EntryReadingTests {
    private static let texts: [[UInt8]] = {
        var random = FixedRandom(seed: 70)
        return [
            random.lines(300_000), random.bytes(200_000), [], random.lines(64 << 10), random.lines(128 << 10), [7],
        ]
    }()

    private static func archive() throws -> [UInt8] {
        try PortabilityArchiveTests.archive(
            texts.enumerated().map { try spool($1, as: "data/\($0)", $0 == 3 ? .stored : .fast) })
    }

    private func content(of entry: ZipReader.Entry, in reader: ZipReader) throws -> [UInt8] {
        var all: [UInt8] = []
        try reader.read(entry) { piece in piece.withUnsafeBufferPointer { all.append(contentsOf: $0) } }
        return all
    }

    @Test("gives the same bytes pushed, pulled and lent")
    func ways() throws {
        let reader = try ZipReader(ArchiveFile(MemoryBytes(bytes: Self.archive())))
        for (entry, text) in zip(reader.entries, Self.texts) {
            #expect(try content(of: entry, in: reader) == text)
            var pulled: [UInt8] = []
            let stream = try reader.stream(entry)
            while let piece = try stream.next() {
                #expect(!piece.isEmpty)
                pulled += piece
            }
            #expect(pulled == text)
            #expect(try stream.next() == nil)
            var lent: [UInt8] = []
            let other = try reader.stream(entry)
            while try other.withNext({ piece in piece.withUnsafeBufferPointer { lent.append(contentsOf: $0) } }) != nil
            {}
            #expect(lent == text)
        }
    }

    @Test("reads many entries side by side, and one entry many times at once")
    func concurrent() async throws {
        let folder = try TestFolder()
        try write(Self.archive(), toFile: folder.file("a.zip"))
        let reader = try ZipReader(path: folder.file("a.zip"))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for round in 0..<24 {
                group.addTask {
                    var all: [UInt8] = []
                    try reader.read(reader.entries[round % 3]) { piece in
                        piece.withUnsafeBufferPointer { all.append(contentsOf: $0) }
                    }
                    return all == Self.texts[round % 3]
                }
            }
            for try await same in group { #expect(same) }
        }
        var streams = try reader.entries.map { try reader.stream($0) }
        var found = [[UInt8]](repeating: [], count: streams.count)
        while !streams.isEmpty {
            for (index, stream) in streams.enumerated().reversed() {
                if let piece = try stream.next() {
                    found[index] += piece
                } else if found[index] == Self.texts[index] {
                    // Only the last ones are taken away, so that places stay.
                    if index == streams.count - 1 { streams.removeLast() }
                } else {
                    Issue.record("entry \(index)")
                    streams = []
                    break
                }
            }
        }
    }

    @Test("takes bytes as they come, however few at a time")
    func shortReads() throws {
        let bytes = GuardedBytes(bytes: try Self.archive(), guardRead: { _ in }, most: 777)
        let reader = try ZipReader(ArchiveFile(bytes))
        for (entry, text) in zip(reader.entries, Self.texts) { #expect(try content(of: entry, in: reader) == text) }
    }

    @Test(
        "ends in the source's own error, whichever read fails",
        arguments: [PortabilityError.Code.unavailable, .denied, .verification, .malformed])
    func failingSource(_ code: PortabilityError.Code) throws {
        let bytes = try Self.archive()
        for failAt in 1... {
            let calls = Mutex(0)
            let source = GuardedBytes(bytes: bytes) { (_: Int64) throws(PortabilityError) in
                let call = calls.withLock { count in
                    count += 1
                    return count
                }
                if call == failAt { throw PortabilityError(code, "the tape is torn", remedy: "Mend it") }
            }
            let error = failure {
                let reader = try ZipReader(ArchiveFile(source))
                for entry in reader.entries { try reader.read(entry) { _ in } }
                let stream = try reader.stream(reader.entries[0])
                while try stream.next() != nil {}
                if let finding = reader.sealFinding(digest: quickDigest) { throw finding.error }
            }
            guard let error else {
                #expect(failAt > 10)
                break
            }
            #expect(error.message == "the tape is torn")
            let isChanged = code == .verification || code == .malformed
            // The seal's finding is all that is left of the last one.
            #expect(error.code == code || error.code == (isChanged ? .verification : .unavailable))
            // Where all findings are asked for, it is one of them.
            calls.withLock { $0 = 0 }
            let (reader, found) = ZipReader.inspect(ArchiveFile(source))
            let all = found + (reader?.contentFindings() ?? [])
            #expect(all.count <= 1)
            for finding in all { #expect(finding.kind == (isChanged ? .envelope : .unreadable)) }
        }
    }

    @Test("ends in an error where the source is shorter than it said, or gives more than it was asked for")
    func lyingSource() throws {
        struct Lying: ArchiveBytes {
            let bytes: [UInt8]
            let size: Int64
            var excess = 0

            func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(PortabilityError) -> Int {
                try MemoryBytes(bytes: bytes).read(buffer, at: offset) + excess
            }
        }
        let bytes = try Self.archive()
        for source in [
            Lying(bytes: bytes, size: Int64(bytes.count) + 1), Lying(bytes: bytes, size: Int64(bytes.count), excess: 1),
            Lying(bytes: bytes, size: Int64(bytes.count), excess: -1_000_000),
        ] {
            #expect(failure { try ZipReader(ArchiveFile(source)) }?.code == .unavailable)
        }
        #expect(failure { try ZipReader(ArchiveFile(Lying(bytes: bytes, size: -5))) }?.code == .malformed)
    }

    @Test("keeps to the time it is given, in the directory and in the content")
    func time() throws {
        let passed = Mutex(Duration.zero)
        let clock = ReadClock { passed.withLock { $0 } }
        // Each read of the source takes a second.
        let source = GuardedBytes(bytes: try Self.archive(), guardRead: { _ in passed.withLock { $0 += .seconds(1) } })
        let file = ArchiveFile(source)
        #expect(throws: Never.self) { try ZipReader(file, limits: ReadLimits(time: .seconds(60)), clock: clock) }
        let opening = passed.withLock { $0 }
        #expect(opening > .seconds(3))
        // In the directory.
        let early = failure { try ZipReader(file, limits: ReadLimits(time: .seconds(2)), clock: clock) }
        #expect(early?.code == .limit)
        #expect(early?.message.contains("longer than the limit of 2 s") == true)
        let (closed, found) = ZipReader.inspect(file, limits: ReadLimits(time: .seconds(2)), clock: clock)
        #expect(closed == nil)
        #expect(found.map(\.kind) == [.limit])
        // In the content: just enough for the directory.
        let limits = ReadLimits(time: opening)
        let reader = try ZipReader(file, limits: limits, clock: clock)
        #expect(
            failure { for entry in reader.entries { try reader.read(entry) { _ in } } }?.code == .limit)
        #expect(failure { try reader.stream(reader.entries[1]).next() }?.code == .limit)
        #expect(reader.contentFindings().map(\.kind) == [.limit])
        #expect(reader.sealFinding(digest: quickDigest)?.kind == .limit)
        // What others do meanwhile does not count.
        let patient = try ZipReader(file, limits: ReadLimits(time: .seconds(60)), clock: clock)
        for entry in patient.entries {
            try patient.read(entry) { _ in passed.withLock { $0 += .seconds(3600) } }
        }
    }

    @Test("stops within a stream that goes on without giving a byte")
    func endlessBlocks() throws {
        // Empty blocks without compression, five bytes each.
        let blocks = Array(repeatElement([0, 0, 0, 0xFF, 0xFF] as [UInt8], count: 200_000).joined())
        var zip = CraftedZip()
        zip.entries[1].data = blocks + [3, 0]
        zip.entries[1].both {
            $0.method = 8
            $0.size = 0
            $0.crc32 = 0
            $0.compressedSize = UInt32(blocks.count + 2)
        }
        let passed = Mutex(Duration.zero)
        let clock = ReadClock { passed.withLock { $0 } }
        let source = GuardedBytes(bytes: zip.bytes, guardRead: { _ in passed.withLock { $0 += .seconds(1) } })
        let reader = try ZipReader(ArchiveFile(source), limits: ReadLimits(time: .seconds(12)), clock: clock)
        #expect(failure { try reader.read(reader.entries[1]) { _ in } }?.code == .limit)
        let patient = try ZipReader(ArchiveFile(source), clock: clock)
        #expect(try content(of: patient.entries[1], in: patient).isEmpty)
    }
}
