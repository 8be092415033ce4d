/// Base64 (RFC 4648, section 4), canonical and nothing else: no line ends, no white space, no bits left over.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The six bits of each letter, 255 for what is none.
    static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    /// The text of bytes.
    ///
    /// - Parameter padded: whether `=` fills the last four letters.
    public static func encode(_ bytes: some Collection<UInt8>, padded: Bool = false) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(alphabet[Int(bits >> held & 63)])
            }
        }
        if held > 0 { text.append(alphabet[Int(bits << (6 - held) & 63)]) }
        while padded && text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return text
    }

    /// The bytes of a text; nil if it is not the one spelling of any bytes.
    ///
    /// - Parameter padded: whether `=` must fill the last four letters; else there must be none.
    public static func decode(_ text: some Collection<UInt8>, padded: Bool = false) -> [UInt8]? {
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { buffer, count in
            let decoded = decode(text, into: UnsafeMutableRawBufferPointer(buffer), padded: padded)
            isWhole = decoded != nil
            count = decoded ?? 0
        }
        return isWhole ? bytes : nil
    }

    /// Writes the bytes of a text, at most three for four letters, and says how many they are; nil if it is not the one
    /// spelling of any bytes, or they do not fit.
    public static func decode(
        _ text: some Collection<UInt8>, into bytes: UnsafeMutableRawBufferPointer, padded: Bool = false
    ) -> Int? {
        var letters = text.count
        if padded {
            guard letters % 4 == 0 else { return nil }
            letters -= text.suffix(2).count { $0 == UInt8(ascii: "=") }
        }
        guard letters % 4 != 1, letters / 4 * 3 + letters % 4 * 3 / 4 <= bytes.count else { return nil }
        var count = 0
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for letter in text.prefix(letters) {
            let value = values[Int(letter)]
            guard value != 255 else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes[count] = UInt8(truncatingIfNeeded: bits >> held)
                count += 1
            }
        }
        guard bits & (1 << held - 1) == 0 else { return nil }
        return text.dropFirst(letters).allSatisfy { $0 == UInt8(ascii: "=") } ? count : nil
    }
}
