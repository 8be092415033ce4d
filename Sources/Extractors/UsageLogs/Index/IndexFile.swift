import PortabilityModel
import PortabilityText
import SourceFiles

/// Why an index is not believed. The log is then looked through as if there were none.
enum IndexDisbelief: Error, Hashable {
    /// It cannot be read.
    case unreadable(FileFault)
    /// It is not one, or of a version that this build does not know.
    case unknown
    /// It was not made with this key, or is damaged, cut or forged.
    case unsealed
    /// It was made for another configuration.
    case configuration
    /// It is another log's, or the log is not as it was.
    case stale
    /// The text of a block is not what was indexed.
    case text

    /// What it is, for whoever runs the export.
    var message: String {
        switch self {
        case .unreadable: "the index of a log cannot be read"
        case .unknown: "the index of a log is none, or of another version"
        case .unsealed: "the index of a log was made with another key, or is damaged"
        case .configuration: "the index of a log was made for another configuration"
        case .stale: "the index of a log is older than the log, or another's"
        case .text: "the index of a log does not agree with the log's text"
        }
    }
}

/// An index that is open for reading, and was found to be the log's. For one thread at a time.
final class IndexFile {
    /// A piece of the log's text.
    struct Block {
        var offset: Int64
        /// Number of the first line.
        var line: Int64
        var length: Int64
        /// True if it is one line that is longer than the limit.
        var isTooLong: Bool
        var digest: UInt64
    }

    /// Of the blocks of a log, the part up to which it is quicker to read them one by one than to look through it.
    private static let share: UInt64 = 4

    private let file: OpenFile
    let header: IndexHeader
    private let pages: any SealedPages
    private let keys: IndexKeys
    /// The last page read of each kind.
    private var blockPage: (number: UInt64, payload: [UInt8])?
    private var fencePages: [UInt64: [UInt8]] = [:]
    private var knownRestarts: [Restart]?

    /// Opens an index without asking what it is of.
    init(_ file: OpenFile, keys: IndexKeys) throws(IndexDisbelief) {
        self.file = file
        self.keys = keys
        let page = try Self.read(file, at: 0, count: IndexFormat.pageSize)
        let magic = IndexFormat.magic
        guard page.count == IndexFormat.pageSize, page.starts(with: magic) else { throw .unknown }
        pages = keys.sealing.pages(of: Array(page[magic.count..<IndexFormat.headerStart]))
        guard let payload = pages.open(Array(page[IndexFormat.headerStart...]).span, number: 0) else {
            throw .unsealed
        }
        guard let header = IndexHeader(payload) else { throw .unknown }
        self.header = header
        if header.fileSize != file.size { throw .unsealed }
    }

    /// Opens the index of a log.
    convenience init(_ file: OpenFile, of found: FoundFile, _ log: OpenFile, keys: IndexKeys) throws(IndexDisbelief) {
        try self.init(file, keys: keys)
        if header.configuration != keys.configuration { throw .configuration }
        let stamp = LogStamp(log.stamp)
        guard header.stamp == stamp, header.name == keys.name(of: found), stamp.isQuiet(at: header.indexed) else {
            throw .stale
        }
    }

    private static func read(_ file: OpenFile, at offset: Int64, count: Int) throws(IndexDisbelief) -> [UInt8] {
        var fault: FileFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileFault) {
                filled = try file.readFully(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                fault = error
            }
        }
        if let fault { throw .unreadable(fault) }
        return bytes
    }

    /// What a page holds.
    func page(_ number: UInt64) throws(IndexDisbelief) -> [UInt8] {
        guard number < UInt64(header.fileSize) / UInt64(IndexFormat.pageSize) else { throw .unsealed }
        let sealed = try Self.read(
            file, at: Int64(number) * Int64(IndexFormat.pageSize), count: IndexFormat.pageSize)
        guard let payload = pages.open(sealed.span, number: number), payload.count == IndexFormat.payload else {
            throw .unsealed
        }
        return payload
    }

    // MARK: Postings

    /// The blocks in which a value of some hashes stands, or something for everybody, in order; nil if they are so many
    /// that the log is better looked through.
    func blocks(of hashes: [UInt32]) throws(IndexDisbelief) -> [UInt32]? {
        var found: [UInt32] = []
        let limit = Int(clamping: max(64, header.blocks / Self.share))
        let shift = 32 - min(32, header.hashBits)
        for hash in Set((hashes + [keys.everybody]).map { $0 >> shift }).sorted() {
            try addBlocks(of: hash, to: &found)
            if found.count > limit { return nil }
        }
        found.sort()
        var last: UInt32?
        found.removeAll { block in
            defer { last = block }
            return block == last
        }
        if let last = found.last, UInt64(last) >= header.blocks { throw .unsealed }
        return found
    }

    private func addBlocks(of hash: UInt32, to found: inout [UInt32]) throws(IndexDisbelief) {
        var leaf = try firstLeaf(of: hash)
        while leaf < header.postingPages.pages {
            let payload = try page(header.postingPages.first + leaf)
            guard let isOver = scan(payload, for: hash, into: &found) else { throw .unsealed }
            if isOver { return }
            leaf += 1
        }
    }

    /// The first page of postings that may hold a hash: the last that begins with a lower one, or the first of all.
    private func firstLeaf(of hash: UInt32) throws(IndexDisbelief) -> UInt64 {
        var index: UInt64 = 0
        for (level, section) in header.fences.enumerated().reversed() {
            guard index < section.pages else { throw .unsealed }
            let number = section.first + index
            let payload: [UInt8]
            if let known = fencePages[number] {
                payload = known
            } else {
                payload = try page(number)
                if fencePages.count >= 64 { fencePages.removeAll() }
                fencePages[number] = payload
            }
            let below = level == 0 ? header.postingPages.pages : header.fences[level - 1].pages
            let first = index * UInt64(IndexFormat.fencesPerPage)
            guard first < below else { throw .unsealed }
            var low = 0
            var high = Int(min(UInt64(IndexFormat.fencesPerPage), below - first))
            while low < high {
                let middle = (low + high) / 2
                let fence = payload.withUnsafeBytes {
                    UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 4 * middle, as: UInt32.self))
                }
                if fence < hash { low = middle + 1 } else { high = middle }
            }
            index = first + UInt64(max(0, low - 1))
        }
        return index
    }

    /// Adds the blocks of a hash in a page of postings.
    ///
    /// - Returns: true if no page after it can hold the hash; nil if the page is not what a page is.
    private func scan(_ payload: [UInt8], for wanted: UInt32, into found: inout [UInt32]) -> Bool? {
        let width = PostingPages.width(blocks: header.blocks)
        return payload.withUnsafeBytes { bytes -> Bool? in
            let end = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt16.self)))
            guard end >= 10, end <= bytes.count else { return nil }
            var hash = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
            var block = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: UInt32.self))
            var place = 10
            func variable() -> UInt32? {
                var value: UInt32 = 0
                var shift: UInt32 = 0
                while place < end, shift < 32 {
                    let byte = bytes[place]
                    place += 1
                    value |= UInt32(byte & 0x7f) &<< shift
                    if byte < 0x80 { return value }
                    shift += 7
                }
                return nil
            }
            while true {
                if hash == wanted { found.append(block) }
                if hash > wanted { return true }
                if place == end { return false }
                guard let distance = variable() else { return nil }
                if distance == 0 {
                    guard let step = variable() else { return nil }
                    block = block &+ step
                } else {
                    guard place + width <= end else { return nil }
                    hash = hash &+ distance
                    block = 0
                    for byte in 0..<width { block |= UInt32(bytes[place + byte]) &<< UInt32(8 * byte) }
                    place += width
                }
            }
        }
    }

    // MARK: Blocks

    /// Where a block is.
    func block(_ number: UInt32) throws(IndexDisbelief) -> Block {
        let perPage = UInt64(IndexFormat.blocksPerPage)
        let index = UInt64(number) / perPage
        guard UInt64(number) < header.blocks, index < header.blockPages.pages else { throw .unsealed }
        let payload: [UInt8]
        if let known = blockPage, known.number == index {
            payload = known.payload
        } else {
            payload = try page(header.blockPages.first + index)
            blockPage = (index, payload)
        }
        let block = payload.withUnsafeBytes { bytes in
            func word(_ start: Int) -> UInt64 {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            }
            // Length in the lower five bytes, lines in the upper three.
            func length(_ word: UInt64) -> Int64 { Int64(word & 0xff_ffff_ffff) }
            func lines(_ word: UInt64) -> UInt32 { UInt32(word >> 40) }
            var block = Block(
                offset: Int64(bitPattern: word(0)), line: Int64(bitPattern: word(8)), length: 0, isTooLong: false,
                digest: 0)
            let place = Int(UInt64(number) % perPage)
            for before in 0..<place {
                let entry = word(16 + 16 * before)
                block.offset &+= length(entry)
                block.line &+= Int64(lines(entry) & ~IndexFormat.tooLong)
            }
            let entry = word(16 + 16 * place)
            block.length = length(entry)
            block.isTooLong = lines(entry) & IndexFormat.tooLong != 0
            block.digest = word(24 + 16 * place)
            return block
        }
        guard block.offset >= 0, block.offset <= header.textBytes, block.length <= header.textBytes - block.offset,
            block.line > 0, block.line <= header.lines
        else { throw .unsealed }
        return block
    }

    // MARK: Restarts

    /// Where to begin to inflate text at an offset.
    func restart(before offset: Int64) throws(IndexDisbelief) -> InflationRestart {
        let all = try restartEntries()
        var low = 0
        var high = all.count
        while low < high {
            let middle = (low + high) / 2
            if all[middle].text <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { throw .unsealed }
        let entry = all[low - 1]
        if entry.length == 0 {
            return InflationRestart(text: entry.text, file: entry.file, bits: entry.bits, isMember: entry.isMember)
        }
        guard entry.start >= 0, entry.start <= header.fileSize - header.windows,
            entry.length <= IndexFormat.windowLimit
        else { throw .unsealed }
        let sealed = try Self.read(file, at: header.windows + entry.start, count: entry.length)
        guard let packed = pages.open(sealed.span, number: IndexFormat.windowNumber + UInt64(low - 1)),
            let window = inflated(packed, limit: 1 << 15)
        else { throw .unsealed }
        return InflationRestart(
            text: entry.text, file: entry.file, bits: entry.bits, isMember: entry.isMember, window: window)
    }

    /// Where the text of the last restart before an offset begins.
    func restartText(before offset: Int64) throws(IndexDisbelief) -> Int64 {
        try restartEntries().last { $0.text <= offset }?.text ?? 0
    }

    private struct Restart {
        var text: Int64
        var file: Int64
        var start: Int64
        var length: Int
        var bits: UInt8
        var isMember: Bool
    }
    private func restartEntries() throws(IndexDisbelief) -> [Restart] {
        if let knownRestarts { return knownRestarts }
        var all: [Restart] = []
        var payload: [UInt8] = []
        for index in 0..<Int(clamping: header.restarts) {
            let place = index % IndexFormat.restartsPerPage
            if place == 0 {
                payload = try page(header.restartPages.first + UInt64(index / IndexFormat.restartsPerPage))
            }
            all.append(
                payload.withUnsafeBytes { bytes in
                    func take<Value: FixedWidthInteger>(_ start: Int, _ type: Value.Type) -> Value {
                        Value(littleEndian: bytes.loadUnaligned(fromByteOffset: 32 * place + start, as: type))
                    }
                    return Restart(
                        text: take(0, Int64.self), file: take(8, Int64.self), start: take(16, Int64.self),
                        length: Int(take(24, UInt32.self)), bits: UInt8(truncatingIfNeeded: take(28, UInt16.self) & 7),
                        isMember: take(30, UInt16.self) == 1)
                })
        }
        knownRestarts = all
        return all
    }
}

extension IndexFile {
    /// True if another index, made of the same log at another time, says the same.
    func isSame(as other: IndexFile) throws(IndexDisbelief) -> Bool {
        var header = other.header
        header.indexed = self.header.indexed
        if header != self.header { return false }
        for number in 1..<max(1, UInt64(header.windows) / UInt64(IndexFormat.pageSize)) {
            if try page(number) != other.page(number) { return false }
        }
        for entry in try restartEntries() {
            if try restart(before: entry.text) != other.restart(before: entry.text) { return false }
        }
        return true
    }
}

extension OpenFile {
    /// Reads as many bytes as the buffer has; fewer only at the end of the file.
    func readFully(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileFault) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), at: offset + Int64(filled))
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}
