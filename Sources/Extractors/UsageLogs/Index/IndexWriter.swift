import PortabilityModel
import SourceFiles

/// Writes the pages of an index.
final class IndexWriter {
    private let output: NewSidecar
    private let pages: any SealedPages
    private let id: [UInt8]
    private var buffer: [UInt8] = []
    private var nextPage: UInt64 = 1

    init(_ output: NewSidecar, keys: IndexKeys) throws {
        self.output = output
        var random = SystemRandomNumberGenerator()
        id = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        pages = keys.sealing.pages(of: id)
        buffer.reserveCapacity(64 * IndexFormat.pageSize)
        // Its place is taken; it is written when all is known.
        buffer += [UInt8](repeating: 0, count: IndexFormat.pageSize)
    }

    /// The number that the next page gets.
    var page: UInt64 { nextPage }

    /// Adds a page; what it does not fill is zeros.
    func add(_ payload: [UInt8]) throws {
        var payload = payload
        payload += [UInt8](repeating: 0, count: IndexFormat.payload - payload.count)
        try append(pages.seal(payload.span, number: nextPage))
        nextPage += 1
    }

    /// Seals the window of a restart.
    func sealed(window: [UInt8], ordinal: Int) throws -> [UInt8] {
        try pages.seal(window.span, number: IndexFormat.windowNumber + UInt64(ordinal))
    }

    /// Adds bytes that are sealed already, after all pages.
    func append(_ bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= 64 * IndexFormat.pageSize { try flush() }
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { try output.append($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes the header, which makes the file one that can be opened.
    func finish(_ header: IndexHeader) throws {
        try flush()
        var header = header
        header.fileSize = output.count
        let sealed = try pages.seal(header.bytes.span, number: 0)
        let first = IndexFormat.magic + id + sealed
        try first.withUnsafeBytes { try output.write($0, at: 0) }
    }
}

/// Makes pages of entries of a fixed size.
struct EntryPages: ~Copyable {
    private var payload: [UInt8] = []
    private(set) var section = IndexHeader.Section()

    /// Adds an entry.
    mutating func add(_ bytes: [UInt8], to writer: IndexWriter) throws {
        if payload.count + bytes.count > IndexFormat.payload { try end(writer) }
        payload += bytes
    }

    /// Writes the page that was begun.
    mutating func end(_ writer: IndexWriter) throws {
        if payload.isEmpty { return }
        if section.pages == 0 { section.first = writer.page }
        try writer.add(payload)
        section.pages += 1
        payload.removeAll(keepingCapacity: true)
    }
}

/// Makes the pages that say where blocks begin, how long they are, and what they hold.
struct BlockPages: ~Copyable {
    private var payload: [UInt8] = []
    private(set) var section = IndexHeader.Section()
    private(set) var count: UInt64 = 0

    mutating func add(
        offset: Int64, line: Int64, length: Int64, lines: UInt32, digest: UInt64, to writer: IndexWriter
    ) throws {
        if payload.isEmpty {
            put(offset, 8)
            put(line, 8)
        }
        put(length, 5)
        put(lines, 3)
        put(digest, 8)
        count += 1
        if payload.count + 16 > IndexFormat.payload { try end(writer) }
    }

    mutating func end(_ writer: IndexWriter) throws {
        if payload.isEmpty { return }
        if section.pages == 0 { section.first = writer.page }
        try writer.add(payload)
        section.pages += 1
        payload.removeAll(keepingCapacity: true)
    }

    private mutating func put(_ value: some FixedWidthInteger, _ count: Int) {
        for byte in 0..<count { payload.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}

/// Makes the pages of postings, and the fences above them.
///
/// A page of postings: how many bytes are used (2), the first hash (4) and block (4); then of each posting the distance of
/// its hash to the one before as a variable-length number (LEB128), and the block: if the distance is 0 the distance to
/// the block before in the same manner, else the block itself in as many bytes as the last block needs.
struct PostingPages: ~Copyable {
    private let width: Int
    private var payload: [UInt8] = []
    private var hash: UInt32 = 0
    private var block: UInt32 = 0
    private(set) var section = IndexHeader.Section()
    private(set) var count: UInt64 = 0
    /// The first hash of each page.
    private var fences: [UInt32] = []

    init(blocks: UInt64) { width = Self.width(blocks: blocks) }

    /// Bytes of a block's number.
    static func width(blocks: UInt64) -> Int { max(1, (64 - blocks.leadingZeroBitCount + 7) / 8) }

    mutating func add(hash nextHash: UInt32, block nextBlock: UInt32, to writer: IndexWriter) throws {
        count += 1
        if !payload.isEmpty {
            // A posting takes ten bytes at the most.
            if payload.count + 10 > IndexFormat.payload {
                try end(writer)
            } else {
                let distance = nextHash - hash
                putVariable(distance)
                if distance == 0 {
                    putVariable(nextBlock - block)
                } else {
                    put(nextBlock, width)
                }
            }
        }
        if payload.isEmpty {
            fences.append(nextHash)
            put(UInt16(0), 2)
            put(nextHash, 4)
            put(nextBlock, 4)
        }
        hash = nextHash
        block = nextBlock
    }

    private mutating func end(_ writer: IndexWriter) throws {
        if payload.isEmpty { return }
        payload[0] = UInt8(truncatingIfNeeded: payload.count)
        payload[1] = UInt8(truncatingIfNeeded: payload.count >> 8)
        if section.pages == 0 { section.first = writer.page }
        try writer.add(payload)
        section.pages += 1
        payload.removeAll(keepingCapacity: true)
    }

    /// Writes what is left, and the fences.
    mutating func finish(_ writer: IndexWriter) throws -> [IndexHeader.Section] {
        try end(writer)
        var levels: [IndexHeader.Section] = []
        var values = fences
        while values.count > 1 {
            var pages = EntryPages()
            for value in values {
                try pages.add((0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }, to: writer)
            }
            try pages.end(writer)
            levels.append(pages.section)
            values = stride(from: 0, to: values.count, by: IndexFormat.fencesPerPage).map { values[$0] }
        }
        return levels
    }

    private mutating func put(_ value: some FixedWidthInteger, _ count: Int) {
        for byte in 0..<count { payload.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }

    private mutating func putVariable(_ value: UInt32) {
        var value = value
        while value >= 0x80 {
            payload.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        payload.append(UInt8(truncatingIfNeeded: value))
    }
}
