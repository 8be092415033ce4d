import Crypto
public import PortabilityModel

/// The algorithms that manifests of bags are checked with (RFC 8493, 2.4).
///
/// MD5 and SHA-1 protect nobody against a forger; bags made by others have them, and they find damage.
public enum BagDigests {
    /// In the order of their names.
    public static let all: [DigestAlgorithm] = [
        DigestAlgorithm(name: "md5", length: 16) { HashDigest<Insecure.MD5>() },
        DigestAlgorithm(name: "sha1", length: 20) { HashDigest<Insecure.SHA1>() },
        DigestAlgorithm(name: "sha224", length: 28) { SHA224Digest() },
        DigestAlgorithm(name: "sha256", length: 32) { SHA256Digest() },
        DigestAlgorithm(name: "sha384", length: 48) { HashDigest<SHA384>() },
        DigestAlgorithm(name: "sha512", length: 64) { HashDigest<SHA512>() },
    ]
}

/// A hash function of swift-crypto.
struct HashDigest<Function: HashFunction & Sendable>: StreamingDigest {
    private var state = Function()

    mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
    }

    func value() -> [UInt8] { Array(state.finalize()) }
}

/// SHA-224 (FIPS 180-4, 6.3), which swift-crypto does not have: to check old bags, never to protect anything.
struct SHA224Digest: StreamingDigest {
    private var state: [UInt32] = [
        0xc105_9ed8, 0x367c_d507, 0x3070_dd17, 0xf70e_5939, 0xffc0_0b31, 0x6858_1511, 0x64f9_8fa7, 0xbefa_4fa4,
    ]
    private var pending: [UInt8] = []
    private var count: UInt64 = 0

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]

    mutating func update(_ bytes: Span<UInt8>) {
        count &+= UInt64(bytes.count)
        bytes.withUnsafeBufferPointer { pending.append(contentsOf: $0) }
        absorbBlocks()
    }

    func value() -> [UInt8] {
        var last = self
        last.pending.append(0x80)
        while last.pending.count % 64 != 56 { last.pending.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            last.pending.append(UInt8(truncatingIfNeeded: (count &* 8) >> UInt64(shift)))
        }
        last.absorbBlocks()
        return last.state.prefix(7).flatMap { word in
            stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    private mutating func absorbBlocks() {
        let whole = pending.count / 64 * 64
        var schedule = [UInt32](repeating: 0, count: 64)
        for start in stride(from: 0, to: whole, by: 64) { absorb(at: start, &schedule) }
        pending.removeFirst(whole)
    }

    private mutating func absorb(at start: Int, _ w: inout [UInt32]) {
        for index in 0..<16 {
            let byte = start + index * 4
            w[index] =
                UInt32(pending[byte]) << 24 | UInt32(pending[byte + 1]) << 16 | UInt32(pending[byte + 2]) << 8
                | UInt32(pending[byte + 3])
        }
        for index in 16..<64 {
            let (a, b) = (w[index - 15], w[index - 2])
            let low = Self.turn(a, 7) ^ Self.turn(a, 18) ^ (a >> 3)
            let high = Self.turn(b, 17) ^ Self.turn(b, 19) ^ (b >> 10)
            w[index] = w[index - 16] &+ low &+ w[index - 7] &+ high
        }
        var s = state
        for index in 0..<64 {
            let sum1 = Self.turn(s[4], 6) ^ Self.turn(s[4], 11) ^ Self.turn(s[4], 25)
            let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
            let first = s[7] &+ sum1 &+ choice &+ Self.constants[index] &+ w[index]
            let sum0 = Self.turn(s[0], 2) ^ Self.turn(s[0], 13) ^ Self.turn(s[0], 22)
            let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
            s = [first &+ sum0 &+ majority, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
        }
        for index in 0..<8 { state[index] &+= s[index] }
    }

    private static func turn(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
}
