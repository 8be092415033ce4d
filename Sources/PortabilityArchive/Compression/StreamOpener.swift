import CZlib
import Glibc
import PortabilityModel

/// Takes back the end of a deflate stream, so that another can follow and both are one.
///
/// The last block of a stream is told apart by one bit in its header (RFC 1951, 3.2.3), and where a header lies only an
/// inflater can tell: zlib's, which stops at every block and names the bit. What it unpacks is compared with the plain
/// text, so a stream that is passed on is known to be right.
final class StreamOpener {
    private let stream: UnsafeMutablePointer<z_stream>
    private let unpacked: UnsafeMutableBufferPointer<UInt8>

    init() throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard portability_inflateInit2(stream, -15) == Z_OK else {
            stream.deallocate()
            throw PortabilityError(.output, "zlib cannot be set up for want of memory")
        }
        unpacked = .allocate(capacity: Compression.blockSize)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        unpacked.deallocate()
    }

    /// Bits of `data_type` after a call with `Z_BLOCK`: bits of the last byte that are not used, whether the block is
    /// the last, whether it has ended.
    private static let unusedBits: Int32 = 7
    private static let isLastBlock: Int32 = 64
    private static let isAtBoundary: Int32 = 128

    /// Opens the stream at the front of `packed`, and ends it with an empty block without compression, after which
    /// another begins at a whole byte (RFC 1951, 3.2.4).
    ///
    /// - Parameters:
    ///   - count: the bytes of the stream.
    ///   - plain: what it must be the stream of, at most ``Compression/blockSize`` bytes.
    /// - Returns: the bytes there are then; nil if it is not that stream or they do not fit.
    func open(_ packed: UnsafeMutableBufferPointer<UInt8>, count: Int, plain: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let text = plain.baseAddress, let back = unpacked.baseAddress, count <= packed.count,
            plain.count <= unpacked.count, inflateReset(stream) == Z_OK
        else { return nil }
        stream.pointee.next_in = packed.baseAddress
        stream.pointee.avail_in = UInt32(count)
        stream.pointee.next_out = back
        stream.pointee.avail_out = UInt32(plain.count)
        var lastHeader = 0
        var end = 0
        while true {
            guard inflate(stream, Z_BLOCK) == Z_OK, stream.pointee.data_type & Self.isAtBoundary != 0 else {
                return nil
            }
            end = (count - Int(stream.pointee.avail_in)) * 8 - Int(stream.pointee.data_type & Self.unusedBits)
            if stream.pointee.data_type & Self.isLastBlock != 0 { break }
            lastHeader = end
        }
        guard stream.pointee.avail_out == 0, end <= count * 8, count * 8 - end < 8,
            memcmp(back, text, plain.count) == 0
        else { return nil }
        packed[lastHeader / 8] &= ~(1 << UInt8(lastHeader % 8))
        // Behind the end, the three bits of the header and those up to the next whole byte are zero.
        let whole = (end + 3 + 7) / 8
        guard whole + 4 <= packed.count else { return nil }
        if end % 8 != 0 { packed[end / 8] &= 1 << UInt8(end % 8) - 1 }
        for index in (end + 7) / 8..<whole { packed[index] = 0 }
        packed[whole] = 0
        packed[whole + 1] = 0
        packed[whole + 2] = 0xff
        packed[whole + 3] = 0xff
        return whole + 4
    }
}
