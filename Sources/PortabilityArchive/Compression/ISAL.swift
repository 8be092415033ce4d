import CISAL
import Glibc

/// ISA-L's deflate.
final class ISALDeflater: BlockDeflater {
    /// The one level in use. Measured on JSON Lines, level 2 is smaller than level 1 at the same speed, and a tenth
    /// larger than zlib's level 6; level 3 takes more than twice the time for a hundredth less.
    static let level = 2
    /// The version of the headers this was compiled with: the library cannot be asked for its own.
    static let version = "\(ISAL_MAJOR_VERSION).\(ISAL_MINOR_VERSION)"

    private let stream: UnsafeMutablePointer<isal_zstream>
    private let levelBuffer: UnsafeMutablePointer<UInt8>
    /// ISAL_DEF_LVL2_EXTRA_LARGE, a macro Swift cannot import: head, hash table and 128 Ki tokens.
    private static let levelBufferSize = 4 * 1024 + 2 * 32 * 1024 + 4 * 128 * 1024

    init() {
        stream = .allocate(capacity: 1)
        levelBuffer = .allocate(capacity: Self.levelBufferSize)
        levelBuffer.initialize(repeating: 0, count: Self.levelBufferSize)
    }

    deinit {
        stream.deallocate()
        levelBuffer.deallocate()
    }

    func deflate(
        _ plain: UnsafeBufferPointer<UInt8>, dictionary: UnsafeBufferPointer<UInt8>, isLast: Bool,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        var (plain, dictionary, output) = (plain, dictionary, output)
        let room = output.count
        if dictionary.isEmpty, plain.count > 1 {
            // Without a dictionary, ISA-L on x86-64 (igzip_icf_body_h1_gr_bt.asm, 2.30 to 2.32) enters the third byte of
            // the text in its hash table under a number it takes from the address of the stream, so the bytes vary from
            // one run to the next. With one it never comes there: hence the first byte goes ahead in a deflate block of
            // its own, not compressed (RFC 1951, 3.2.4), and is the dictionary of the others.
            let head: [UInt8] = [0, 1, 0, 0xFE, 0xFF, plain[0]]
            guard output.count > head.count else { return nil }
            _ = output.update(fromContentsOf: head)
            output = UnsafeMutableBufferPointer(rebasing: output[head.count...])
            dictionary = UnsafeBufferPointer(rebasing: plain[..<1])
            plain = UnsafeBufferPointer(rebasing: plain[1...])
        }
        isal_deflate_init(stream)
        stream.pointee.level = UInt32(Self.level)
        stream.pointee.level_buf = levelBuffer
        stream.pointee.level_buf_size = UInt32(Self.levelBufferSize)
        if !dictionary.isEmpty {
            let status = isal_deflate_set_dict(
                stream, UnsafeMutablePointer(mutating: dictionary.baseAddress), UInt32(dictionary.count))
            guard status == COMP_OK else { return nil }
        }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: plain.baseAddress)
        stream.pointee.avail_in = UInt32(plain.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        stream.pointee.end_of_stream = isLast ? 1 : 0
        stream.pointee.flush = UInt16(isLast ? NO_FLUSH : SYNC_FLUSH)
        guard isal_deflate(stream) == COMP_OK else { return nil }
        let state = stream.pointee.internal_state.state
        guard stream.pointee.avail_in == 0, state == (isLast ? ZSTATE_END : ZSTATE_NEW_HDR) else { return nil }
        return room - Int(stream.pointee.avail_out)
    }
}

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
