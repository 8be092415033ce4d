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
/// Zeros between and after members are padding and let pass, as gzip itself does.
///
/// The deflate streams are inflated by ISA-L or by zlib; headers and trailers are read here, as ISA-L 2.30 in its own
/// gzip mode, fed in small pieces, lost bytes of sound files.
public struct GzipInflater: ~Copyable, Inflater, @unchecked Sendable {
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
    private var intake: InflaterIntake<GzipFault>
    private var place = Place.between
    private var flags: UInt8 = 0
    /// Little-endian numbers of headers and trailers, as their bytes come.
    private var number: UInt64 = 0
    private var headerCRC: UInt32 = 0
    private var bodyCRC: UInt32 = 0
    private var bodyLength: UInt32 = 0
    private var members = 0

    public var bytesIn: Int64 { intake.bytesIn }
    public var bytesOut: Int64 { intake.bytesOut }

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
        self.engine = DeflateReader(engine)
        intake = InflaterIntake(ratio: ratio, floor: floor, margin: DeflateReader.margin)
    }

    public mutating func fill<Failure>(
        upTo size: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int { try intake.fill(upTo: size, read) }

    public mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(GzipFault) -> Int {
        try intake.check()
        guard let output = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        let room = min(buffer.count, 1 << 30)
        var count = 0
        while count < room {
            guard case .body = place else {
                if intake.next == intake.end { return count }
                let byte = intake.memory[intake.next]
                intake.next += 1
                if let fault = take(byte) { return try intake.stop(fault, count) }
                continue
            }
            let step = engine.inflate(
                intake.memory, &intake.next, intake.end, into: output + count, room - count)
            if step.produced > 0 {
                bodyCRC = crc32_gzip_refl(bodyCRC, output + count, UInt64(step.produced))
                bodyLength &+= UInt32(truncatingIfNeeded: step.produced)
                count += step.produced
                if !intake.give(step.produced) { return try intake.stop(.ratio, count) }
            }
            switch step.end {
            case .more: if step.produced == 0 { return count }
            case .complete:
                place = .trailer(0)
                number = 0
            case .invalid: return try intake.stop(.malformed, count)
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

    public func finish() throws(GzipFault) {
        try intake.check()
        guard case .between = place, members > 0 else { throw .truncated }
    }
}
