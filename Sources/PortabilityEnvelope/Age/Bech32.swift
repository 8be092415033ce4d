/// Bech32 (BIP 173) as age uses it: without the limit of 90 letters.
public enum Bech32 {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    /// No key that we read has more.
    private static let longest = 1 << 10

    /// A text in lower case: the prefix, the digit one, the bytes and six letters of checksum.
    public static func encode(prefix: String, _ bytes: [UInt8]) -> String {
        let words = regroup(bytes, from: 8, to: 5, padded: true) ?? []
        let expanded = expand(Array(prefix.utf8))
        let checksum = polymod(expanded + words + [0, 0, 0, 0, 0, 0]) ^ 1
        let last = (0..<6).map { UInt8(checksum >> (5 * (5 - UInt32($0))) & 31) }
        return prefix + "1" + String(decoding: (words + last).map { alphabet[Int($0)] }, as: UTF8.self)
    }

    /// Prefix (in lower case) and bytes; nil if the text is none, is of both cases, or has a wrong letter in it.
    public static func decode(_ text: String) -> (prefix: String, bytes: [UInt8])? {
        let given = Array(text.utf8)
        guard given.count <= longest, given.allSatisfy({ (33...126).contains($0) }) else { return nil }
        let lower = given.map { (65...90).contains($0) ? $0 | 32 : $0 }
        let hasUpper = lower != given
        if hasUpper && given.contains(where: { (97...122).contains($0) }) { return nil }
        guard let one = lower.lastIndex(of: UInt8(ascii: "1")), one > 0, lower.count - one > 6 else { return nil }
        var words: [UInt8] = []
        for letter in lower[(one + 1)...] {
            guard let word = alphabet.firstIndex(of: letter) else { return nil }
            words.append(UInt8(word))
        }
        guard polymod(expand(Array(lower[..<one])) + words) == 1,
            let bytes = regroup(words.dropLast(6), from: 5, to: 8, padded: false)
        else { return nil }
        return (String(decoding: lower[..<one], as: UTF8.self), bytes)
    }

    private static func expand(_ prefix: [UInt8]) -> [UInt8] { prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 } }

    private static func polymod(_ words: [UInt8]) -> UInt32 {
        let generators: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var sum: UInt32 = 1
        for word in words {
            let top = sum >> 25
            sum = (sum & 0x1ff_ffff) << 5 ^ UInt32(word)
            for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 { sum ^= generator }
        }
        return sum
    }

    /// The same bits in words of another size; nil if without padding bits are left over that are not zero, or a word.
    private static func regroup(
        _ words: some Sequence<UInt8>, from: UInt32, to: UInt32, padded: Bool
    ) -> [UInt8]? {
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for word in words {
            bits = (bits << from | UInt32(word)) & 0xfff
            held += from
            while held >= to {
                held -= to
                out.append(UInt8(truncatingIfNeeded: bits >> held & (1 << to - 1)))
            }
        }
        if padded {
            if held > 0 { out.append(UInt8(truncatingIfNeeded: bits << (to - held) & (1 << to - 1))) }
        } else if held >= from || bits & (1 << held - 1) != 0 {
            return nil
        }
        return out
    }
}
