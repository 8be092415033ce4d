import CZlib
import PortabilityModel

/// zlib's deflate.
final class ZlibDeflater: BlockDeflater {
    /// The version of the library in use.
    static let version = String(cString: zlibVersion())

    /// The nearest level that zlib has.
    static func usable(_ level: Int) -> Int { min(max(level, 1), 9) }

    private let stream: UnsafeMutablePointer<z_stream>

    init(level: Int) throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard portability_deflateInit2(stream, Int32(level), -15, 8, Z_DEFAULT_STRATEGY) == Z_OK else {
            stream.deallocate()
            throw PortabilityError(.output, "zlib cannot be set up for want of memory")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func deflate(
        _ plain: UnsafeBufferPointer<UInt8>, dictionary: UnsafeBufferPointer<UInt8>, isLast: Bool,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        guard deflateReset(stream) == Z_OK else { return nil }
        if !dictionary.isEmpty {
            guard deflateSetDictionary(stream, dictionary.baseAddress, UInt32(dictionary.count)) == Z_OK else {
                return nil
            }
        }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: plain.baseAddress)
        stream.pointee.avail_in = UInt32(plain.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = CZlib.deflate(stream, isLast ? Z_FINISH : Z_SYNC_FLUSH)
        guard status == (isLast ? Z_STREAM_END : Z_OK), stream.pointee.avail_in == 0, stream.pointee.avail_out > 0
        else { return nil }
        return output.count - Int(stream.pointee.avail_out)
    }
}

extension CRC32 {
    /// The checksum of two runs of bytes one after the other, from their checksums and the length of the second.
    static func combine(_ first: UInt32, _ second: UInt32, secondCount: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_combine(UInt(first), UInt(second), secondCount))
    }
}

/// Unpacks one raw deflate stream (RFC 1951), piece by piece, and watches the bits that mean nothing.
///
/// A deflate stream has bits that no decoder looks at: up to the next byte after the last block, and before each block
/// without compression. They are zero in an honest stream; ``hasZeroPadding`` tells.
final class RawInflater {
    /// What a call did.
    struct Step {
        /// Bytes taken from the input.
        var consumed: Int
        /// Bytes written to the output.
        var produced: Int
        /// True if the stream is complete.
        var isComplete: Bool
    }

    /// The bytes are no deflate stream.
    struct InvalidStream: Error {}

    private let stream: UnsafeMutablePointer<z_stream>
    private var lastByte: UInt8 = 0
    /// How many bits of ``lastByte`` are not used yet, while the header of the next block is still to be looked at.
    private var bitsBeforeHeader: Int? = 0
    private(set) var hasZeroPadding = true

    init() throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard portability_inflateInit2(stream, -15) == Z_OK else {
            stream.deallocate()
            throw PortabilityError(.limit, "zlib cannot be set up for want of memory")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Makes ready for another stream.
    func reset() {
        inflateReset(stream)
        lastByte = 0
        bitsBeforeHeader = 0
        hasZeroPadding = true
    }

    /// Unpacks until the input is used up, the output is full or the stream is complete.
    func inflate(
        _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
    ) throws(InvalidStream) -> Step {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        var isComplete = false
        while !isComplete {
            let before = input.count - Int(stream.pointee.avail_in)
            lookAtHeader(next: before < input.count ? input[before] : nil)
            let outBefore = stream.pointee.avail_out
            let status = CZlib.inflate(stream, Z_BLOCK)
            let consumed = input.count - Int(stream.pointee.avail_in)
            if consumed > before { lastByte = input[consumed - 1] }
            switch status {
            case Z_STREAM_END: isComplete = true
            case Z_OK, Z_BUF_ERROR: break
            default: throw InvalidStream()
            }
            let flags = stream.pointee.data_type
            let isAtBoundary = !isComplete && flags & 128 != 0
            if isAtBoundary {
                let unused = Int(flags & 7)
                if flags & 64 != 0 {
                    if lastByte.bits(above: 8 - unused) != 0 { hasZeroPadding = false }
                    bitsBeforeHeader = nil
                } else {
                    bitsBeforeHeader = unused
                }
            }
            let stood = consumed == before && outBefore == stream.pointee.avail_out
            if !isComplete, stood && !isAtBoundary || stream.pointee.avail_out == 0 && stream.pointee.avail_in == 0 {
                break
            }
            if !isComplete, status == Z_BUF_ERROR { break }
        }
        return Step(
            consumed: input.count - Int(stream.pointee.avail_in),
            produced: output.count - Int(stream.pointee.avail_out), isComplete: isComplete)
    }

    /// Checks the padding of a block without compression, whose three header bits come next.
    private func lookAtHeader(next: UInt8?) {
        guard let unused = bitsBeforeHeader else { return }
        if unused >= 3 {
            bitsBeforeHeader = nil
            let header = lastByte.bits(above: 8 - unused)
            if (header >> 1) & 3 == 0, header >> 3 != 0 { hasZeroPadding = false }
        } else if let next {
            bitsBeforeHeader = nil
            let header = Int(lastByte.bits(above: 8 - unused)) | Int(next) << unused
            if (header >> 1) & 3 == 0, Int(next) >> (3 - unused) != 0 { hasZeroPadding = false }
        }
    }
}

extension UInt8 {
    /// The bits from `position` up, moved down to bit 0.
    fileprivate func bits(above position: Int) -> UInt8 { position >= 8 ? 0 : self >> UInt8(position) }
}
