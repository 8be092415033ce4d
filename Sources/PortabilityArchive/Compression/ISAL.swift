import CISAL
import Glibc

/// Unpacks one raw deflate stream (RFC 1951), piece by piece, with ISA-L.
final class Inflater {
    /// The bytes are no deflate stream.
    struct InvalidStream: Error {}

    private let state: UnsafeMutablePointer<inflate_state>

    init() {
        state = .allocate(capacity: 1)
        // So that no stream, whatever it refers back to, can bring to light what was in this memory before.
        memset(state, 0, MemoryLayout<inflate_state>.size)
        isal_inflate_init(state)
    }

    deinit { state.deallocate() }

    /// True once the stream has ended and all of it was given out.
    var isComplete: Bool { state.pointee.block_state == ISAL_BLOCK_FINISH }

    /// After the end: how many of the bytes that were fed do not belong to the stream.
    var unused: Int { Int(state.pointee.avail_in) + Int(state.pointee.read_in_length / 8) }

    /// Gives more packed bytes, when ``inflate(into:)`` has given 0. They must stay there until it gives 0 again.
    func feed(_ input: UnsafeBufferPointer<UInt8>) {
        state.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        state.pointee.avail_in = UInt32(input.count)
    }

    /// Unpacks until the output is full, the input used up or the stream complete.
    ///
    /// - Returns: the number of bytes unpacked; 0 only if more input is needed or the stream is complete.
    func inflate(into output: UnsafeMutableBufferPointer<UInt8>) throws(InvalidStream) -> Int {
        while true {
            let before = state.pointee.avail_in
            state.pointee.next_out = output.baseAddress
            state.pointee.avail_out = UInt32(output.count)
            guard isal_inflate(state) == ISAL_DECOMP_OK else { throw InvalidStream() }
            let produced = output.count - Int(state.pointee.avail_out)
            if produced > 0 || isComplete || state.pointee.avail_in == 0 { return produced }
            guard state.pointee.avail_in < before else { throw InvalidStream() }
        }
    }
}

/// CRC-32 as zip, gzip and PNG use it (RFC 1952, 8).
enum CRC32 {
    /// The checksum of the bytes that gave `previous`, followed by `bytes`.
    static func update(_ previous: UInt32, with bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        guard let base = bytes.baseAddress else { return previous }
        return crc32_gzip_refl(previous, base, UInt64(bytes.count))
    }

    /// The checksum of `bytes`.
    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 { update(0, with: bytes) }
}
