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
public struct GzipInflater: ~Copyable, @unchecked Sendable {
    private let state: UnsafeMutablePointer<inflate_state>
    private var input: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var consumed = 0
    private var available = 0
    private var isInMember = false
    private var members = 0
    private var fault: GzipFault?
    private let ratioLimit: Int
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
    public init(ratio: Int = 200, floor: Int64 = 64 << 20) {
        ratioLimit = ratio
        ratioFloor = floor
        state = .allocate(capacity: 1)
        capacity = 1 << 16
        input = .allocate(capacity: capacity)
        isal_inflate_init(state)
    }

    deinit {
        state.deallocate()
        input.deallocate()
    }

    /// Takes in the next bytes of the file.
    ///
    /// - Precondition: All output of the bytes before was taken.
    public mutating func feed(_ bytes: Span<UInt8>) {
        precondition(available == 0 || fault != nil, "the inflater was fed before it was emptied")
        if bytes.count > capacity {
            input.deallocate()
            capacity = bytes.count
            input = .allocate(capacity: capacity)
        }
        bytes.withUnsafeBufferPointer { bytes in
            if let base = bytes.baseAddress { input.update(from: base, count: bytes.count) }
        }
        consumed = 0
        available = bytes.count
        bytesIn += Int64(bytes.count)
    }

    /// Puts inflated bytes into a buffer.
    ///
    /// What was inflated before a fault is given out first; the fault is thrown by the call after.
    /// - Returns: how many; 0 if more must be fed.
    public mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(GzipFault) -> Int {
        if let fault { throw fault }
        guard let output = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), !buffer.isEmpty else { return 0 }
        let room = min(buffer.count, 1 << 30)
        var count = 0
        while true {
            if !isInMember {
                while available > 0, input[consumed] == 0, members > 0 {
                    consumed += 1
                    available -= 1
                }
                if available == 0 { return count }
                if input[consumed] != 0x1f { return try stop(members > 0 ? .trailingGarbage : .malformed, count) }
                isal_inflate_reset(state)
                state.pointee.crc_flag = UInt32(ISAL_GZIP)
                isInMember = true
            }
            state.pointee.next_in = input + consumed
            state.pointee.avail_in = UInt32(available)
            state.pointee.next_out = output + count
            state.pointee.avail_out = UInt32(room - count)
            let result = isal_inflate(state)
            let produced = room - count - Int(state.pointee.avail_out)
            count += produced
            bytesOut += Int64(produced)
            // Zero or less where the decoder gives back bytes of this block that it had looked ahead at.
            let used = available - Int(state.pointee.avail_in)
            consumed += used
            available -= used
            if bytesOut > ratioFloor, bytesOut / Int64(ratioLimit) > bytesIn - Int64(available) {
                return try stop(.ratio, count)
            }
            switch result {
            case ISAL_DECOMP_OK, ISAL_END_INPUT, ISAL_OUT_OVERFLOW: break
            case ISAL_INCORRECT_CHECKSUM: return try stop(.checksum, count)
            case ISAL_INVALID_WRAPPER where members > 0 && produced == 0: return try stop(.trailingGarbage, count)
            default: return try stop(.malformed, count)
            }
            if state.pointee.block_state == ISAL_BLOCK_FINISH {
                isInMember = false
                members += 1
                if count == room { return count }
                continue
            }
            if count == room || available == 0 { return count }
            if used == 0 && produced == 0 { return try stop(.malformed, count) }
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
        if isInMember || members == 0 { throw .truncated }
    }
}
