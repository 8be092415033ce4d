import Glibc
import PortabilityModel
import SourceFiles

/// The lines that one look through the files found for many subjects, in a file without a name, and where in it stand
/// those of each.
///
/// It is written by one task, and then read. In memory are the files' ends and, for each value that was looked for, at
/// most some kilobytes; the file holds the lines and the lists of their places.
final class LineStore: @unchecked Sendable {
    // Unchecked: whoever writes shares it only when it is finished.

    /// Bytes of a list of places that are kept in memory.
    private static let listPiece = 1 << 12
    private static let writtenPiece = 1 << 20

    /// Where the lines of one value stand: differences of ascending positions in the file, seven bits a byte, the
    /// least significant first, the eighth bit set in all but the last.
    fileprivate struct List {
        var written: [(position: Int64, count: Int)] = []
        var bytes: [UInt8] = []
        var last: Int64 = 0
    }

    private let descriptor: Int32
    /// By match: the number of each value's list.
    private let numbers: [[[UInt8]: Int]]
    /// The first is of the lines that matter to everybody.
    private var lists: [List]
    fileprivate private(set) var ends: [FileEnd] = []
    private var written: Int64 = 0
    private var buffer: [UInt8] = []

    /// - Parameters:
    ///   - values: By match, those looked for.
    ///   - scratch: A folder; the file in it is only for the account that runs this, and gone when the store is.
    /// - Throws: `output`.
    init(_ values: [[[UInt8]]], scratch: String) throws(PortabilityError) {
        var lists = 1
        numbers = values.map { values in
            var numbers: [[UInt8]: Int] = [:]
            for value in values where numbers[value] == nil {
                numbers[value] = lists
                lists += 1
            }
            return numbers
        }
        self.lists = [List](repeating: List(), count: lists)
        descriptor = try Self.unnamedFile(in: scratch)
    }

    deinit { Glibc.close(descriptor) }

    private static func unnamedFile(in folder: String) throws(PortabilityError) -> Int32 {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let path = folder + "/.portability-" + String(random.next(), radix: 16)
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor >= 0 {
                unlink(path)
                return descriptor
            }
            if errno != EEXIST { break }
        }
        throw failure("no file without a name can be made in the folder where the archives go", errno)
    }

    private static func failure(_ message: String, _ code: Int32) -> PortabilityError {
        PortabilityError(
            .output, message, remedy: "Make room in the folder where the archives go, then run again", errno: code)
    }

    /// True if all lines of a subject are here.
    ///
    /// - Parameter values: The subject's, by match.
    func covers(_ values: [[[UInt8]]]) -> Bool {
        zip(values, numbers).allSatisfy { values, numbers in values.allSatisfy { numbers[$0] != nil } }
    }

    // MARK: Writing

    /// The number of the list of a value; nil if nobody looks for it.
    func number(_ value: [UInt8], match: Int) -> Int? { numbers[match][value] }

    /// Keeps a line.
    ///
    /// - Parameter owners: The numbers of the lists it belongs into, 0 for everybody's.
    func add(_ line: FoundLine, _ bytes: UnsafeBufferPointer<UInt8>, file: Int, owners: [Int]) throws(PortabilityError)
    {
        let position = written + Int64(buffer.count)
        StoredLine(
            file: file, number: line.number, offset: line.offset, length: line.isTooLong ? nil : bytes.count
        ).append(to: &buffer)
        buffer.append(contentsOf: bytes)
        for owner in owners {
            // Two identifiers of one line may have one value.
            if lists[owner].last == position + 1 { continue }
            var difference = position + 1 - lists[owner].last
            lists[owner].last = position + 1
            while difference >= 0x80 {
                lists[owner].bytes.append(UInt8(truncatingIfNeeded: difference) | 0x80)
                difference >>= 7
            }
            lists[owner].bytes.append(UInt8(difference))
        }
        for owner in owners where lists[owner].bytes.count >= Self.listPiece {
            lists[owner].written.append((written + Int64(buffer.count), lists[owner].bytes.count))
            buffer += lists[owner].bytes
            lists[owner].bytes.removeAll(keepingCapacity: true)
        }
        if buffer.count >= Self.writtenPiece { try flush() }
    }

    func add(_ end: FileEnd) { ends.append(end) }

    /// Says that nothing more comes.
    func finish() throws(PortabilityError) {
        try flush()
        buffer = []
    }

    private func flush() throws(PortabilityError) {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                bytes.baseAddress.map { pwrite(descriptor, $0 + done, bytes.count - done, off_t(written) + done) } ?? 0
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure("the lines that were found cannot be kept in the folder for temporary files", errno)
            }
            done += count
        }
        written += Int64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }

    // MARK: Reading

    /// Reads some bytes that were written, all of them.
    fileprivate func read(_ position: Int64, _ count: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(position) + done)
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    failure = got < 0 ? errno : EIO
                    break
                }
                done += got
            }
        }
        if failure != 0 { throw Self.failure("the lines that were kept cannot be read", failure) }
        return bytes
    }

    /// As many bytes as there are, up to a number.
    fileprivate func available(_ position: Int64, _ count: Int) -> Int { Int(min(Int64(count), written - position)) }

    /// The lists of a subject's lines.
    fileprivate func places(_ values: [[[UInt8]]]) -> [PlaceReader] {
        var wanted: Set<Int> = [0]
        for (values, numbers) in zip(values, numbers) {
            for value in values {
                if let number = numbers[value] { wanted.insert(number) }
            }
        }
        return wanted.sorted().map { PlaceReader(lists[$0]) }
    }
}

/// What stands before the bytes of a line in a ``LineStore``.
private struct StoredLine {
    static let size = 24

    var file: Int
    var number: Int64
    var offset: Int64
    /// nil if it is too long and has no bytes.
    var length: Int?

    init(file: Int, number: Int64, offset: Int64, length: Int?) {
        self.file = file
        self.number = number
        self.offset = offset
        self.length = length
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        file = Int(bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
        let length = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        self.length = length == .max ? nil : Int(length)
        number = bytes.loadUnaligned(fromByteOffset: 8, as: Int64.self)
        offset = bytes.loadUnaligned(fromByteOffset: 16, as: Int64.self)
    }

    func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (UInt32(file), length.map { UInt32($0) } ?? .max, number, offset)) {
            bytes.append(contentsOf: $0)
        }
    }
}

/// Reads a list of places from its beginning.
private struct PlaceReader {
    private let list: LineStore.List
    private var piece = 0
    private var bytes: [UInt8] = []
    private var index = 0
    private var last: Int64 = 0
    /// The next place; nil after the last.
    private(set) var next: Int64?

    init(_ list: LineStore.List) { self.list = list }

    mutating func advance(_ store: LineStore) throws {
        if index == bytes.count {
            index = 0
            if piece < list.written.count {
                bytes = try store.read(list.written[piece].position, list.written[piece].count)
            } else {
                bytes = piece == list.written.count ? list.bytes : []
            }
            piece += 1
            if bytes.isEmpty {
                next = nil
                return
            }
        }
        var difference: Int64 = 0
        var shift: Int64 = 0
        while true {
            let byte = bytes[index]
            index += 1
            difference |= Int64(byte & 0x7f) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        last += difference
        next = last - 1
    }
}

/// Hands over a subject's lines out of a ``LineStore``.
final class StoredFeed: LineFeed {
    /// Bytes that are read at once, if so many of the subject's lines stand together, and if not.
    private static let large = 1 << 18
    private static let small = 1 << 12
    /// Lines that are handed over at once.
    private static let handful = 512

    private let store: LineStore
    private var lists: [PlaceReader]
    private var nextEnd = 0
    /// What was read of the store, and where it stands there.
    private var window: [UInt8] = []
    private var windowStart: Int64 = 0
    /// Places that come next.
    private var places: [Int64] = []
    private var place = 0
    private var isBegun = false

    /// - Parameter values: The subject's, by match.
    init(_ store: LineStore, values: [[[UInt8]]]) {
        self.store = store
        lists = store.places(values)
    }

    func next() throws -> FeedStep? {
        try Task.checkCancellation()
        if !isBegun {
            isBegun = true
            for index in lists.indices { try lists[index].advance(store) }
        }
        var found = FoundLines(file: 0, bytes: [], lines: [])
        while found.lines.count < Self.handful {
            if place == places.count { try gather() }
            if place == places.count { break }
            let line = try header(at: places[place])
            if found.lines.isEmpty {
                if nextEnd < store.ends.count, store.ends[nextEnd].file < line.file { break }
                found.file = line.file
            } else if line.file != found.file {
                break
            }
            let start = found.bytes.count
            if let length = line.length {
                try appendBytes(at: places[place] + Int64(StoredLine.size), length, to: &found.bytes)
            }
            found.lines.append(
                FoundLine(
                    number: line.number, offset: line.offset, start: start, length: line.length ?? 0,
                    isTooLong: line.length == nil))
            place += 1
        }
        if !found.lines.isEmpty { return .lines(found) }
        if nextEnd == store.ends.count { return nil }
        nextEnd += 1
        return .end(store.ends[nextEnd - 1])
    }

    /// Merges the next places of the lists; a line may be in several.
    private func gather() throws {
        places.removeAll(keepingCapacity: true)
        place = 0
        while places.count < Self.handful {
            guard let least = lists.lazy.compactMap(\.next).min() else { return }
            places.append(least)
            for index in lists.indices where lists[index].next == least { try lists[index].advance(store) }
        }
    }

    private func header(at position: Int64) throws -> StoredLine {
        try load(position, StoredLine.size)
        let start = Int(position - windowStart)
        return window.withUnsafeBytes { bytes in
            StoredLine(UnsafeRawBufferPointer(rebasing: bytes[start..<start + StoredLine.size]))
        }
    }

    private func appendBytes(at position: Int64, _ count: Int, to bytes: inout [UInt8]) throws {
        try load(position, count)
        let start = Int(position - windowStart)
        bytes += window[start..<start + count]
    }

    /// Makes sure that some bytes are in the window.
    private func load(_ position: Int64, _ count: Int) throws {
        if position >= windowStart, position + Int64(count) <= windowStart + Int64(window.count) { return }
        // As far as the next places are near each other.
        var end = position + Int64(Self.small)
        var ahead = place
        while ahead < places.count, places[ahead] <= end, end - position < Int64(Self.large) {
            end = max(end, places[ahead] + Int64(Self.small))
            ahead += 1
        }
        window = try store.read(position, max(count, store.available(position, Int(end - position))))
        windowStart = position
    }

    func close() { window = [] }
}
