import Glibc
import PortabilityModel
import SourceFiles

/// Cuts the text of a log into blocks, and finds out what stands in each.
///
/// A block ends with the line in which it becomes ``IndexFormat/blockSize`` long. A line that is longer than the limit is
/// a block of its own; nobody reads it.
struct BlockCutter: ~Copyable, @unchecked Sendable {
    private static let piece = 1 << 18

    private let lineLimit: Int
    private let keys: IndexKeys
    private var terms: LineTerms
    private var sorter: PostingSorter
    private(set) var pages = BlockPages()

    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    /// In the memory: where the block begins, the line, what has not been looked at, and the end.
    private var blockStart = 0
    private var lineStart = 0
    private var scanned = 0
    private var end = 0
    /// Bytes that were thrown away of a line that is too long.
    private var skipped: Int64 = 0
    private var isSkipping = false
    /// Of the block.
    private var offset: Int64 = 0
    private var firstLine: Int64 = 1
    private var linesInBlock: UInt32 = 0

    init(terms: consuming LineTerms, keys: IndexKeys, lineLimit: Int, sorter: consuming PostingSorter) {
        self.terms = terms
        self.keys = keys
        self.lineLimit = lineLimit
        self.sorter = sorter
        capacity = 2 * Self.piece
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// Bytes and lines of the text so far, up to the last block.
    var textBytes: Int64 { offset }
    var lines: Int64 { firstLine - 1 }

    /// Takes in what `read` puts into a buffer.
    mutating func fill(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) throws -> Int {
        if blockStart > 0 {
            memory.copyMemory(from: memory + blockStart, byteCount: end - blockStart)
            lineStart -= blockStart
            scanned -= blockStart
            end -= blockStart
            blockStart = 0
        }
        if capacity - end < Self.piece {
            let larger = max(end + Self.piece, 2 * capacity)
            let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
            moved.copyMemory(from: memory, byteCount: end)
            memory.deallocate()
            memory = moved
            capacity = larger
        }
        let count = try read(UnsafeMutableRawBufferPointer(start: memory + end, count: Self.piece))
        end += count
        return count
    }

    /// Cuts what was taken in.
    mutating func cut(_ writer: IndexWriter, _ makeSpill: () throws -> SpillFile) throws {
        while let found = memchr(memory + scanned, 0x0a, end - scanned) {
            let stop = UnsafeMutableRawPointer(found) - memory
            try take(to: stop, next: stop + 1, writer, makeSpill)
        }
        scanned = end
        if isSkipping || end - lineStart > lineLimit + 1 {
            if !isSkipping { try endBlock(at: lineStart, writer, makeSpill) }
            isSkipping = true
            skipped += Int64(end - lineStart)
            blockStart = 0
            lineStart = 0
            scanned = 0
            end = 0
        }
    }

    /// Ends the last line, if it has no end, and the last block.
    mutating func finish(_ writer: IndexWriter, _ makeSpill: () throws -> SpillFile) throws {
        if isSkipping || end > lineStart { try take(to: end, next: end, writer, makeSpill) }
        try endBlock(at: lineStart, writer, makeSpill)
        try pages.end(writer)
    }

    /// Postings, of which some are alike.
    var postings: Int { sorter.count }

    /// Gives each posting once, by hash and block.
    mutating func drain(_ body: (UInt64) throws -> Void) throws { try sorter.drain(body) }

    private mutating func take(
        to stop: Int, next: Int, _ writer: IndexWriter, _ makeSpill: () throws -> SpillFile
    ) throws {
        var count = stop - lineStart
        if count > 0, memory.load(fromByteOffset: stop - 1, as: UInt8.self) == 0x0d { count -= 1 }
        if isSkipping || count > lineLimit {
            if !isSkipping { try endBlock(at: lineStart, writer, makeSpill) }
            let length = skipped + Int64(next - lineStart)
            guard length < 1 << 40 else { throw IndexRefusal.unsuitable }
            sorter.add(hash: keys.everybody, block: try blockNumber())
            try pages.add(
                offset: offset, line: firstLine, length: length, lines: IndexFormat.tooLong | 1, digest: 0, to: writer)
            offset += length
            firstLine += 1
            skipped = 0
            isSkipping = false
            blockStart = next
        } else {
            let block = try blockNumber()
            terms.read(
                UnsafeBufferPointer(start: (memory + lineStart).assumingMemoryBound(to: UInt8.self), count: count),
                isFirst: firstLine + Int64(linesInBlock) == 1)
            for hash in terms.hashes { sorter.add(hash: hash, block: block) }
            linesInBlock += 1
        }
        lineStart = next
        scanned = next
        if lineStart - blockStart >= IndexFormat.blockSize { try endBlock(at: lineStart, writer, makeSpill) }
    }

    private func blockNumber() throws -> UInt32 {
        guard pages.count < UInt32.max else { throw IndexRefusal.unsuitable }
        return UInt32(pages.count)
    }

    private mutating func endBlock(
        at place: Int, _ writer: IndexWriter, _ makeSpill: () throws -> SpillFile
    ) throws {
        let count = place - blockStart
        if count == 0 { return }
        let digest = keys.blocks(UnsafeRawBufferPointer(start: memory + blockStart, count: count))
        try pages.add(
            offset: offset, line: firstLine, length: Int64(count), lines: linesInBlock, digest: digest, to: writer)
        offset += Int64(count)
        firstLine += Int64(linesInBlock)
        linesInBlock = 0
        blockStart = place
        if sorter.isFull { try sorter.putAside(makeSpill) }
    }
}
