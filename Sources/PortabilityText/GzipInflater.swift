import CZlib
import Glibc

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
/// It is zlib that inflates. ISA-L 2.30 was tried, being faster, but fed in small pieces it lost bytes of sound files
/// in the tests of this type.
public struct GzipInflater: ~Copyable, @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var isReady: Bool
    private var isInMember = false
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
    public init(ratio: Int = 200, floor: Int64 = 64 << 20) {
        ratioLimit = Int64(max(1, ratio))
        ratioFloor = floor
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        capacity = 1 << 16
        input = .allocate(capacity: capacity)
        // 15 bits of window, and 16 for the gzip wrapper. Fails only for want of memory.
        isReady = portability_inflateInit2(stream, 15 + 16) == Z_OK
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

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
        precondition(stream.pointee.avail_in == 0 || fault != nil, "the inflater was fed before it was emptied")
        precondition(size <= 1 << 30, "a block of more than a gigabyte")
        if size > capacity {
            input.deallocate()
            capacity = size
            input = .allocate(capacity: capacity)
        }
        let count = try read(UnsafeMutableRawBufferPointer(start: input, count: size))
        precondition(count >= 0 && count <= size, "more was read than there is room for")
        stream.pointee.next_in = input
        stream.pointee.avail_in = UInt32(count)
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
            if !isInMember {
                while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0, members > 0 {
                    stream.pointee.next_in += 1
                    stream.pointee.avail_in -= 1
                }
                if stream.pointee.avail_in == 0 { return count }
                if stream.pointee.next_in.pointee != 0x1f {
                    return try stop(members > 0 ? .trailingGarbage : .malformed, count)
                }
                guard isReady, inflateReset(stream) == Z_OK else { return try stop(.malformed, count) }
                isInMember = true
            }
            stream.pointee.next_out = output + count
            stream.pointee.avail_out = UInt32(room - count)
            let result = CZlib.inflate(stream, Z_NO_FLUSH)
            let produced = room - count - Int(stream.pointee.avail_out)
            count += produced
            bytesOut += Int64(produced)
            if bytesOut > ratioFloor, bytesOut / ratioLimit > bytesIn - Int64(stream.pointee.avail_in) {
                return try stop(.ratio, count)
            }
            switch result {
            case Z_STREAM_END:
                isInMember = false
                members += 1
            case Z_OK: break
            case Z_BUF_ERROR: return count
            default: return try stop(dataFault(), count)
            }
        }
        return count
    }

    /// Which fault zlib's complaint about the data is.
    private func dataFault() -> GzipFault {
        guard let message = stream.pointee.msg else { return .malformed }
        if strcmp(message, "incorrect data check") == 0 || strcmp(message, "incorrect length check") == 0 {
            return .checksum
        }
        let isHeader = strcmp(message, "incorrect header check") == 0
        return isHeader && members > 0 ? .trailingGarbage : .malformed
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
