import PortabilityModel
import SourceFiles

/// What is in an index, and where. Numbers are little-endian.
///
/// ```text
/// 0      magic, 16 bytes; random id of the file, 16 bytes
/// 32     header, sealed as page 0, up to byte 4096
/// 4096 n page n, sealed: 4080 bytes and a tag of 16
///        blocks    page by page: text offset and line number of the first; of each its length, lines and digest
///        restarts  where compressed text can be inflated from, 32 bytes each
///        postings  sorted by hash: what value stands in which block
///        fences    the first hash of each page of postings, and of each page of fences, up to one page
/// then   windows of the restarts, each sealed
/// ```
///
/// Pages are sealed (``SealedPages``) by a key that is made of the organisation's secret and the file's id: without it the
/// file tells nothing but its size, and with another key, cut, altered or mixed with another index it does not open. What
/// is looked for is a keyed hash of an identifier's kind and value. As many of its bits are kept as tell each posting from
/// about 64 others: one look-up in 64 leads to a block in vain, which costs ten microseconds, and the next hash is mostly
/// told by one byte.
///
/// SQLite was considered in its place. It authenticates no page, so that its file would have to be digested whole before
/// each use, which takes longer than what it is used for; and a row of two numbers takes three times as many bytes.
enum IndexFormat {
    static let version: UInt32 = 1
    static let magic = Array("portability-idx\n".utf8)
    static let pageSize = 4096
    static let payload = pageSize - sealedPageOverhead
    static let headerStart = 32
    static let headerPayload = pageSize - headerStart - sealedPageOverhead
    /// Bytes of text after which a block ends with the line.
    static let blockSize = 4096
    static let blocksPerPage = (payload - 16) / 16
    static let fencesPerPage = payload / 4
    static let restartsPerPage = payload / 32
    /// Bytes of text between two restarts of a compressed log.
    static let restartSpacing: Int64 = 1 << 20
    /// The base-2 logarithm of how many hashes there could be for each posting.
    static let spareHashBits = 6
    /// In the number of a block's lines: the block is one line that is longer than the limit, and has no digest.
    static let tooLong: UInt32 = 0x80_0000
    /// Bytes of a sealed window, of which 32 KiB take less even if they cannot be deflated.
    static let windowLimit = 1 << 16
    /// Added to a restart's ordinal, so that no window has a page's number.
    static let windowNumber: UInt64 = 1 << 63
    /// Nanoseconds that must lie between a log's last change and its indexing. A second change within the time that the
    /// file system's clock takes to move on would leave the log's times as they are.
    static let quietTime: Int64 = 2_000_000_000
}

/// How the text of a log is stored.
enum LogForm: UInt8 { case plain, gzip, zstd }

/// By what a log is known to be as it was when it was indexed.
///
/// Size and time of modification are what a change shows in; but whoever may write the file can
/// set the time back (`touch`, `cp -p`, `rsync -t`), so that the time of the inode's change counts too, which nobody can
/// set, and which inode it is. The price is that a log which is given other rights or another name is indexed anew. The
/// device is left out, as it may have another number whenever the machine starts.
struct LogStamp: Equatable {
    var size: Int64 = 0
    var modified: Int64 = 0
    var modifiedNanoseconds: Int64 = 0
    var changed: Int64 = 0
    var changedNanoseconds: Int64 = 0
    var inode: UInt64 = 0

    init() {}

    init(_ stamp: OpenFile.Stamp) {
        size = stamp.size
        modified = stamp.modified
        modifiedNanoseconds = stamp.modifiedNanoseconds
        changed = stamp.changed
        changedNanoseconds = stamp.changedNanoseconds
        inode = stamp.inode
    }

    /// True if the last change is so long ago that another would show in the times.
    func isQuiet(at time: Int64) -> Bool {
        changed &* 1_000_000_000 &+ changedNanoseconds <= time - IndexFormat.quietTime
    }
}

/// What an index says of itself.
struct IndexHeader: Equatable {
    /// Pages that belong together.
    struct Section: Equatable {
        var first: UInt64 = 0
        var pages: UInt64 = 0
    }

    /// Authenticates what of the configuration decides which lines matter.
    var configuration: [UInt8] = []
    /// Authenticates the log's name.
    var name: [UInt8] = []
    /// The log as it was when it was read.
    var stamp = LogStamp()
    /// When reading began, nanoseconds since 1970.
    var indexed: Int64 = 0
    var form = LogForm.plain
    var textBytes: Int64 = 0
    var lines: Int64 = 0
    var blocks: UInt64 = 0
    var postings: UInt64 = 0
    /// How many bits of the hashes are kept.
    var hashBits: UInt32 = 32
    var restarts: UInt64 = 0
    var blockPages = Section()
    var restartPages = Section()
    var postingPages = Section()
    /// From the postings up.
    var fences: [Section] = []
    /// Where the windows begin.
    var windows: Int64 = 0
    /// Size of the index.
    var fileSize: Int64 = 0

    /// More levels than any file can have.
    private static let levels = 6

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        put(IndexFormat.version)
        put(UInt32(form.rawValue))
        put(hashBits)
        bytes += configuration
        bytes += name
        put(stamp.size)
        put(stamp.modified)
        put(stamp.modifiedNanoseconds)
        put(stamp.changed)
        put(stamp.changedNanoseconds)
        put(stamp.inode)
        for value in [indexed, textBytes, lines, windows, fileSize] { put(value) }
        for value in [blocks, postings, restarts] { put(value) }
        let none = [Section](repeating: Section(), count: Self.levels - fences.count)
        for section in [blockPages, restartPages, postingPages] + fences + none {
            put(section.first)
            put(section.pages)
        }
        bytes += [UInt8](repeating: 0, count: IndexFormat.headerPayload - bytes.count)
        return bytes
    }

    init() {}

    /// nil if it is of another version, or says of the file what cannot be.
    init?(_ bytes: [UInt8]) {
        var place = 0
        func take<Value: FixedWidthInteger>(_ type: Value.Type) -> Value {
            defer { place += MemoryLayout<Value>.size }
            return Value(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: type) })
        }
        func section() -> Section { Section(first: take(UInt64.self), pages: take(UInt64.self)) }
        guard bytes.count == IndexFormat.headerPayload, take(UInt32.self) == IndexFormat.version,
            let form = LogForm(rawValue: UInt8(truncatingIfNeeded: take(UInt32.self)))
        else { return nil }
        self.form = form
        hashBits = take(UInt32.self)
        configuration = Array(bytes[place..<place + 32])
        name = Array(bytes[place + 32..<place + 64])
        place += 64
        stamp.size = take(Int64.self)
        stamp.modified = take(Int64.self)
        stamp.modifiedNanoseconds = take(Int64.self)
        stamp.changed = take(Int64.self)
        stamp.changedNanoseconds = take(Int64.self)
        stamp.inode = take(UInt64.self)
        indexed = take(Int64.self)
        textBytes = take(Int64.self)
        lines = take(Int64.self)
        windows = take(Int64.self)
        fileSize = take(Int64.self)
        blocks = take(UInt64.self)
        postings = take(UInt64.self)
        restarts = take(UInt64.self)
        blockPages = section()
        restartPages = section()
        postingPages = section()
        fences = (0..<Self.levels).map { _ in section() }.filter { $0.pages > 0 }
        if !isPossible { return nil }
    }

    /// True if all that it tells of is within the file and the text, so that no place that is reckoned from it is too
    /// large for a number.
    private var isPossible: Bool {
        guard fileSize >= 0, textBytes >= 0, lines >= 0, windows >= 0, windows <= fileSize else { return false }
        guard form != .plain || textBytes == stamp.size else { return false }
        let pages = UInt64(fileSize) / UInt64(IndexFormat.pageSize)
        let isInside = ([blockPages, restartPages, postingPages] + fences).allSatisfy {
            $0.first <= pages && $0.pages <= pages - $0.first
        }
        return isInside && blocks <= blockPages.pages * UInt64(IndexFormat.blocksPerPage)
            && restarts <= restartPages.pages * UInt64(IndexFormat.restartsPerPage)
    }
}

/// The keys of all indexes of a source, made of one.
struct IndexKeys: Sendable {
    let sealing: any PageSealing
    /// By match: hashes values.
    let values: [SipHash]
    /// Digests blocks.
    let blocks: SipHash
    /// Stands for lines that matter to everybody.
    let everybody: UInt32
    /// Authenticates the configuration, see ``IndexHeader/configuration``.
    let configuration: [UInt8]

    init(_ sealing: any PageSealing, configuration: UsageLogConfiguration, limits: SourceLimits) {
        self.sealing = sealing
        func key(_ purpose: String) -> SipHash {
            let message = Array(purpose.utf8)
            return SipHash(key: sealing.authenticate(message.span))
        }
        values = configuration.match.map { key("value \($0.kind)") }
        blocks = key("block")
        everybody = UInt32(truncatingIfNeeded: key("everybody")(UnsafeRawBufferPointer(start: nil, count: 0)) >> 32)
        var text = ["configuration", "\(limits.lineBytes)", "\(limits.depth)", "\(limits.inflationRatio)"]
        switch configuration.format {
        case .jsonLines: text.append("json-lines")
        case .common: text.append("common")
        case .combined: text.append("combined")
        case .pattern(let pattern): text += ["pattern", pattern]
        }
        for match in configuration.match { text += [match.kind, match.path] }
        // Each with its length before it, so that no two lists are written alike.
        let message = text.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) }
        self.configuration = sealing.authenticate(message.span)
    }

    /// The hash of a value.
    @inline(__always)
    func hash(_ match: Int, _ value: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(truncatingIfNeeded: values[match](value) >> 32)
    }

    /// Authenticates the name of a log, without its folders.
    func name(of file: FoundFile) -> [UInt8] {
        let name = file.target.split(separator: 0x2f).last ?? []
        let message = Array("name ".utf8) + name
        return sealing.authenticate(message.span)
    }
}
