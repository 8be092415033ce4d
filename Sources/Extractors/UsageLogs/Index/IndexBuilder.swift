import PortabilityModel
import PortabilityText
import SourceFiles

/// Why a log gets no index, though every export can read it.
enum IndexRefusal: Error, Hashable {
    /// It was changed so short a time ago that a further change might not show.
    case changing
    /// It cannot be read to its end; every export tells so.
    case faulty(FileFault)
    /// Its text inflates to nearly the allowed multiple of its size, has a line of a terabyte, or is stored in a way of
    /// which no part can be read alone.
    case unsuitable
}

/// Makes the index of one log.
struct IndexBuilder: Sendable {
    let plan: Plan
    let keys: IndexKeys
    let limits: SourceLimits
    /// Postings that are sorted in memory.
    let sortedAtOnce: Int
    /// Nanoseconds since 1970.
    let now: @Sendable () -> Int64

    /// Reads a log and writes its index.
    ///
    /// - Returns: what the index says of itself.
    /// - Throws: ``IndexRefusal``; `output`; `CancellationError`.
    func build(_ log: OpenFile, named file: FoundFile, into output: NewSidecar) throws -> IndexHeader {
        var header = IndexHeader()
        header.indexed = now()
        header.stamp = LogStamp(log.stamp)
        guard header.stamp.isQuiet(at: header.indexed) else { throw IndexRefusal.changing }
        header.configuration = keys.configuration
        header.name = keys.name(of: file)
        let writer = try IndexWriter(output, keys: keys)
        var text = LogText(log, limits: limits)
        header.form = text.form
        var windows = WindowStore()
        let makeSpill = { try output.spill() }
        var cutter = BlockCutter(
            terms: LineTerms(plan: plan, keys: keys, limits: limits), keys: keys, lineLimit: limits.lineBytes,
            sorter: PostingSorter(capacity: sortedAtOnce))
        while true {
            try Task.checkCancellation()
            let count: Int
            do {
                count = try cutter.fill { try text.read(into: $0) }
            } catch let fault as FileFault {
                throw IndexRefusal.faulty(fault)
            } catch let fault as GzipFault {
                throw IndexRefusal.faulty(.gzip(fault))
            } catch let fault as ZstdFault {
                throw IndexRefusal.faulty(.zstd(fault))
            }
            for restart in text.takeRestarts() { try windows.add(restart, writer, makeSpill) }
            if count == 0 { break }
            try cutter.cut(writer, makeSpill)
        }
        try cutter.finish(writer, makeSpill)
        do throws(FileFault) { try log.checkUnchanged() } catch { throw IndexRefusal.faulty(error) }
        header.textBytes = cutter.textBytes
        header.lines = cutter.lines
        header.blocks = cutter.pages.count
        header.blockPages = cutter.pages.section
        header.restarts = UInt64(windows.entries.count)
        header.restartPages = try windows.writeEntries(writer)
        var postings = PostingPages(blocks: header.blocks)
        header.hashBits = Self.hashBits(postings: cutter.postings)
        let shift = 32 - header.hashBits
        // Hashes that are alike but for the bits that are not kept.
        var group: [UInt32] = []
        var hash: UInt32 = 0
        func endGroup() throws {
            group.sort()
            var last: UInt32?
            for block in group where block != last {
                try postings.add(hash: hash, block: block, to: writer)
                last = block
            }
            group.removeAll(keepingCapacity: true)
        }
        try cutter.drain { posting in
            let next = UInt32(truncatingIfNeeded: posting >> 32) >> shift
            if next != hash { try endGroup() }
            hash = next
            group.append(UInt32(truncatingIfNeeded: posting))
        }
        try endGroup()
        header.fences = try postings.finish(writer)
        header.postingPages = postings.section
        header.postings = postings.count
        header.windows = Int64(writer.page) * Int64(IndexFormat.pageSize)
        try windows.writeWindows(writer)
        try writer.finish(header)
        return header
    }
}

extension IndexBuilder {
    private static func hashBits(postings: Int) -> UInt32 {
        let needed = Int.bitWidth - postings.leadingZeroBitCount + IndexFormat.spareHashBits
        return UInt32(min(32, max(16, needed)))
    }
}

/// Restarts of a compressed log while its index is made: their windows, 32 KiB of text each, wait in a file without a
/// name, deflated and sealed.
private struct WindowStore {
    struct Entry {
        var text: Int64
        var file: Int64
        var bits: UInt8
        var isMember: Bool
        /// Where the window begins among the windows.
        var start: Int64
        var length: UInt32
    }
    private(set) var entries: [Entry] = []
    private var spill: SpillFile?

    mutating func add(_ restart: InflationRestart, _ writer: IndexWriter, _ makeSpill: () throws -> SpillFile) throws {
        var entry = Entry(
            text: restart.text, file: restart.file, bits: restart.bits, isMember: restart.isMember,
            start: spill?.count ?? 0, length: 0)
        if !restart.window.isEmpty {
            let file: SpillFile
            if let spill { file = spill } else { file = try makeSpill() }
            spill = file
            let sealed = try writer.sealed(window: deflated(restart.window), ordinal: entries.count)
            entry.length = UInt32(sealed.count)
            try sealed.withUnsafeBytes { try file.append($0) }
        }
        entries.append(entry)
    }

    func writeEntries(_ writer: IndexWriter) throws -> IndexHeader.Section {
        var pages = EntryPages()
        for entry in entries {
            var bytes: [UInt8] = []
            func put(_ value: some FixedWidthInteger) {
                withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
            }
            put(entry.text)
            put(entry.file)
            put(entry.start)
            put(entry.length)
            put(UInt16(entry.bits))
            put(UInt16(entry.isMember ? 1 : 0))
            try pages.add(bytes, to: writer)
        }
        try pages.end(writer)
        return pages.section
    }

    func writeWindows(_ writer: IndexWriter) throws {
        guard let spill else { return }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var offset: Int64 = 0
        while offset < spill.count {
            let count = try buffer.withUnsafeMutableBytes { try spill.read(into: $0, at: offset) }
            if count == 0 { break }
            try writer.append(Array(buffer[..<count]))
            offset += Int64(count)
        }
    }
}
