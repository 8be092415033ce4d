import CISAL
import CZlib
import Glibc

/// Inflates raw deflate streams (RFC 1951), one after another, by ISA-L or by zlib.
struct DeflateReader: ~Copyable, @unchecked Sendable {
    /// Bytes before the input that may be written to: ISA-L reads up to eight bytes more than the stream has, which it
    /// may have had from an input before, and which are given back.
    static let margin = 8

    enum End {
        /// All input was used, or there is no more room.
        case more
        case complete
        case invalid
    }

    private let isal: UnsafeMutablePointer<inflate_state>?
    private let zlib: UnsafeMutablePointer<z_stream>?
    private var isReady = true

    init(_ engine: GzipInflater.Engine) {
        switch engine {
        case .isal:
            let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
            // So that no stream, whatever it refers back to, can bring to light what was in this memory before.
            memset(state, 0, MemoryLayout<inflate_state>.size)
            isal_inflate_init(state)
            isal = state
            zlib = nil
        case .zlib:
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            // 15 bits of window, without a wrapper. Fails only for want of memory.
            isReady = portability_inflateInit2(stream, -15) == Z_OK
            zlib = stream
            isal = nil
        }
    }

    deinit {
        isal?.deallocate()
        if let zlib {
            inflateEnd(zlib)
            zlib.deallocate()
        }
    }

    /// Begins a stream.
    mutating func begin() {
        if let isal { isal_inflate_reset(isal) }
        if let zlib, isReady { isReady = inflateReset(zlib) == Z_OK }
    }

    /// Inflates some of the bytes of `memory` from `next` to `end`, and puts `next` behind what was used of them.
    ///
    /// With ``End/more`` and nothing produced, all input was used.
    mutating func inflate(
        _ memory: UnsafeMutablePointer<UInt8>, _ next: inout Int, _ end: Int, into output: UnsafeMutablePointer<UInt8>,
        _ room: Int
    ) -> (produced: Int, end: End) {
        if let isal {
            isal.pointee.next_in = memory + next
            isal.pointee.avail_in = UInt32(end - next)
            isal.pointee.next_out = output
            isal.pointee.avail_out = UInt32(room)
            let result = isal_inflate(isal)
            let produced = room - Int(isal.pointee.avail_out)
            next = end - Int(isal.pointee.avail_in)
            if result != ISAL_DECOMP_OK { return (produced, .invalid) }
            if isal.pointee.block_state == ISAL_BLOCK_FINISH {
                giveBack(isal, memory, &next)
                return (produced, .complete)
            }
            // A stream on which it stands still would be read for ever.
            return (produced, produced == 0 && next < end ? .invalid : .more)
        }
        guard let zlib, isReady else { return (0, .invalid) }
        zlib.pointee.next_in = memory + next
        zlib.pointee.avail_in = UInt32(end - next)
        zlib.pointee.next_out = output
        zlib.pointee.avail_out = UInt32(room)
        let result = CZlib.inflate(zlib, Z_NO_FLUSH)
        next = end - Int(zlib.pointee.avail_in)
        let produced = room - Int(zlib.pointee.avail_out)
        switch result {
        case Z_STREAM_END: return (produced, .complete)
        case Z_OK, Z_BUF_ERROR: return (produced, .more)
        default: return (produced, .invalid)
        }
    }

    /// Puts the bytes that were read beyond the end of the stream before what is left of the input.
    private func giveBack(
        _ state: UnsafeMutablePointer<inflate_state>, _ memory: UnsafeMutablePointer<UInt8>, _ next: inout Int
    ) {
        let bits = Int(state.pointee.read_in_length)
        if bits < 8 { return }
        // The bits before the next whole byte are padding.
        var rest = state.pointee.read_in >> UInt64(bits & 7)
        let count = bits / 8
        precondition(count <= Self.margin && next >= count, "more was read ahead than can be")
        next -= count
        for index in 0..<count {
            memory[next + index] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
    }
}
