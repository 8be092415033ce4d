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
