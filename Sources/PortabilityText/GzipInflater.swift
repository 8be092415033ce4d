import CISAL

/// Why a gzip file cannot be inflated to its end.
public enum GzipFault: Error, Hashable, Sendable {
    /// It ends in the middle of a member.
    case truncated
    /// Header or compressed data are not what RFC 1951 and 1952 say.
    case malformed
    /// The checksum or the length of a member is wrong.
    case checksum
    /// After the last member stand bytes that are neither zeros nor a member.
    case trailingGarbage
    /// It inflates to more than the allowed multiple of its size.
    case ratio
}

/// Inflates gzip files (RFC 1952) of one or many members.
///
/// Feed it a block, call ``inflate(into:)`` until that gives 0, feed the next, and call ``finish()`` at the end.
/// Zeros between and after members are padding and let pass, as gzip itself does.
///
/// The deflate streams are inflated by ISA-L or by zlib; headers and trailers are read here, as ISA-L 2.30 in its own
/// gzip mode, fed in small pieces, lost bytes of sound files.
public struct GzipInflater: ~Copyable, @unchecked Sendable {
    /// What inflates.
    public enum Engine: Sendable, CaseIterable {
        /// ISA-L, two to three times as fast.
        case isal
        /// zlib, which says what is sound where the two differ.
        case zlib
    }

    private enum Place {
        /// Before a member, or after the last.
        case between
        /// In a header: the fixed bytes, the extra field's length and bytes, name, comment, checksum.
        case fixed(Int)
        case extraLength(Int)
        case extra(Int)
        case name, comment
        case check(Int)
        case body
        /// In the checksum and the length after the body.
        case trailer(Int)
    }

    private enum Flag {
        static let check: UInt8 = 2
        static let extra: UInt8 = 4
        static let name: UInt8 = 8
        static let comment: UInt8 = 16
        static let reserved: UInt8 = 0xe0
    }

    private static let magic: [UInt8] = [0x1f, 0x8b, 8]

    private var engine: DeflateReader
    /// The memory and the part of it that was fed and not used, after a margin for bytes that are given back.
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var next = 0
    private var end = 0
    private var place = Place.between
    private var flags: UInt8 = 0
    /// Little-endian numbers of headers and trailers, as their bytes come.
    private var number: UInt64 = 0
    private var headerCRC: UInt32 = 0
    private var bodyCRC: UInt32 = 0
    private var bodyLength: UInt32 = 0
    private var members = 0
    private var fault: GzipFault?
    private let ratioLimit: Int64
    private let ratioFloor: Int64
    /// Bytes fed, and bytes given out.
    public private(set) var bytesIn: Int64 = 0
    public private(set) var bytesOut: Int64 = 0

    /// True if a file that begins with these bytes is gzip.
    public static func recognises(_ start: Span<UInt8>) -> Bool {
        start.count >= 2 && start[0] == 0x1f && start[1] == 0x8b
    }

    /// Makes an inflater for one file.
    ///
    /// - Parameters:
    ///   - ratio: How many times as large as its input the output may become.
    ///   - floor: Bytes of output below which the ratio is not looked at.
    public init(ratio: Int = 200, floor: Int64 = 64 << 20, engine: Engine = .isal) {
        ratioLimit = Int64(max(1, ratio))
        ratioFloor = floor
        self.engine = DeflateReader(engine)
        capacity = 1 << 16
        memory = .allocate(capacity: capacity + DeflateReader.margin)
    }

    deinit { memory.deallocate() }

    /// Takes in the next bytes of the file.
    ///
    /// - Precondition: All output of the bytes before was taken.
    public mutating func feed(_ bytes: Span<UInt8>) {
        _ = fill(upTo: bytes.count) { buffer in
            bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
            return bytes.count
        }
    }

    /// Takes in what `read` puts into the buffer it is given, of `size` bytes.
    ///
    /// - Precondition: All output of the bytes before was taken; `size` is at most a gigabyte.
    /// - Returns: what `read` returned, the number of bytes.
    public mutating func fill<Failure>(
        upTo size: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        precondition(next == end || fault != nil, "the inflater was fed before it was emptied")
        precondition(size <= 1 << 30, "a block of more than a gigabyte")
        if size > capacity {
            memory.deallocate()
            capacity = size
            memory = .allocate(capacity: capacity + DeflateReader.margin)
        }
        let count = try read(UnsafeMutableRawBufferPointer(start: memory + DeflateReader.margin, count: size))
        precondition(count >= 0 && count <= size, "more was read than there is room for")
        next = DeflateReader.margin
        end = next + count
        bytesIn += Int64(count)
        return count
    }

    /// Puts inflated bytes into a buffer.
    ///
    /// What was inflated before a fault is given out first; the fault is thrown by the call after.
    /// - Returns: how many; 0 if more must be fed.
    public mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(GzipFault) -> Int {
        if let fault { throw fault }
        guard let output = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        let room = min(buffer.count, 1 << 30)
        var count = 0
        while count < room {
            guard case .body = place else {
                if next == end { return count }
                let byte = memory[next]
                next += 1
                if let fault = take(byte) { return try stop(fault, count) }
                continue
            }
            let step = engine.inflate(memory, &next, end, into: output + count, room - count)
            if step.produced > 0 {
                bodyCRC = crc32_gzip_refl(bodyCRC, output + count, UInt64(step.produced))
                bodyLength &+= UInt32(truncatingIfNeeded: step.produced)
                count += step.produced
                bytesOut += Int64(step.produced)
                if bytesOut > ratioFloor, bytesOut / ratioLimit > bytesIn - Int64(end - next) {
                    return try stop(.ratio, count)
                }
            }
            switch step.end {
            case .more: if step.produced == 0 { return count }
            case .complete:
                place = .trailer(0)
                number = 0
            case .invalid: return try stop(.malformed, count)
            }
        }
        return count
    }

    /// Takes in a byte that stands outside the deflate streams; gives what is wrong with it.
    private mutating func take(_ byte: UInt8) -> GzipFault? {
        if case .between = place {
            if byte == 0, members > 0 { return nil }
            headerCRC = 0
            place = .fixed(0)
        }
        switch place {
        case .fixed, .extraLength, .extra, .name, .comment:
            headerCRC = withUnsafePointer(to: byte) { crc32_gzip_refl(headerCRC, $0, 1) }
        case .between, .check, .body, .trailer: break
        }
        switch place {
        case .fixed(let index):
            if index < 2, byte != Self.magic[index] { return members > 0 ? .trailingGarbage : .malformed }
            if index == 2, byte != Self.magic[index] { return .malformed }
            if index == 3 {
                flags = byte
                if flags & Flag.reserved != 0 { return .malformed }
            }
            place = .fixed(index + 1)
            if index == 9 { enter(after: 0) }
        case .extraLength(let index):
            number = index == 0 ? UInt64(byte) : number | UInt64(byte) << 8
            place = index == 0 ? .extraLength(1) : .extra(Int(number))
            if index == 1, number == 0 { enter(after: Flag.extra) }
        case .extra(let rest):
            place = .extra(rest - 1)
            if rest == 1 { enter(after: Flag.extra) }
        case .name: if byte == 0 { enter(after: Flag.name) }
        case .comment: if byte == 0 { enter(after: Flag.comment) }
        case .check(let index):
            if byte != UInt8(truncatingIfNeeded: headerCRC >> (8 * UInt32(index))) { return .malformed }
            place = .check(1)
            if index == 1 { enter(after: Flag.check) }
        case .trailer(let index):
            number |= UInt64(byte) << (8 * UInt64(index))
            place = .trailer(index + 1)
            if index == 7 {
                if number != UInt64(bodyCRC) | UInt64(bodyLength) << 32 { return .checksum }
                members += 1
                place = .between
            }
        case .between, .body: break
        }
        return nil
    }

    /// Goes on to the next part of the header that is there; 0 is before all.
    private mutating func enter(after part: UInt8) {
        if part < Flag.extra, part != Flag.check, flags & Flag.extra != 0 {
            place = .extraLength(0)
        } else if part < Flag.name, part != Flag.check, flags & Flag.name != 0 {
            place = .name
        } else if part < Flag.comment, part != Flag.check, flags & Flag.comment != 0 {
            place = .comment
        } else if part != Flag.check, flags & Flag.check != 0 {
            place = .check(0)
        } else {
            engine.begin()
            bodyCRC = 0
            bodyLength = 0
            place = .body
        }
    }

    private mutating func stop(_ fault: GzipFault, _ count: Int) throws(GzipFault) -> Int {
        self.fault = fault
        if count == 0 { throw fault }
        return count
    }

    /// Says that the file is at its end.
    ///
    /// - Throws: what is wrong with it, ``GzipFault/truncated`` if a member has no end.
    public func finish() throws(GzipFault) {
        if let fault { throw fault }
        guard case .between = place, members > 0 else { throw .truncated }
    }
}
