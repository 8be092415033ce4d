/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits, fast on short texts, that nobody without the key
/// can tell from chance.
struct SipHash: Sendable {
    private let low: UInt64
    private let high: UInt64

    /// - Parameter key: At least 16 bytes, of which the first 16 count, least significant first.
    init(key: [UInt8]) {
        func word(_ start: Int) -> UInt64 {
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(key[start + $1]) << (8 * UInt64($1)) }
        }
        low = word(0)
        high = word(8)
    }

    @inline(__always)
    func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var v0 = low ^ 0x736f_6d65_7073_6575
        var v1 = high ^ 0x646f_7261_6e64_6f6d
        var v2 = low ^ 0x6c79_6765_6e65_7261
        var v3 = high ^ 0x7465_6462_7974_6573

        @inline(__always) func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
            word &<< count | word &>> (64 &- count)
        }
        @inline(__always) func round() {
            v0 = v0 &+ v1
            v1 = rotated(v1, 13) ^ v0
            v0 = rotated(v0, 32)
            v2 = v2 &+ v3
            v3 = rotated(v3, 16) ^ v2
            v0 = v0 &+ v3
            v3 = rotated(v3, 21) ^ v0
            v2 = v2 &+ v1
            v1 = rotated(v1, 17) ^ v2
            v2 = rotated(v2, 32)
        }

        let count = bytes.count
        var index = 0
        while index &+ 8 <= count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            v3 ^= word
            round()
            round()
            v0 ^= word
            index &+= 8
        }
        var last = UInt64(truncatingIfNeeded: count) &<< 56
        var shift: UInt64 = 0
        while index < count {
            last |= UInt64(bytes[index]) &<< shift
            shift &+= 8
            index &+= 1
        }
        v3 ^= last
        round()
        round()
        v0 ^= last
        v2 ^= 0xff
        round()
        round()
        round()
        round()
        return v0 ^ v1 ^ v2 ^ v3
    }
}
