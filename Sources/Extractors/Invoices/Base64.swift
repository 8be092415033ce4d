/// Base64 of RFC 4648 §4 with line ends and spaces in between, as XML Schema's `base64Binary` allows.
enum Base64 {
    /// Decodes; nil if a character is none of the alphabet's or the length cannot be.
    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count / 4 * 3 + 3)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for index in 0..<text.count {
            let byte = text[index]
            if isXMLSpace(byte) { continue }
            if byte == 0x3d {
                padding += 1
                continue
            }
            let value = values[Int(byte)]
            if value == 0xff || padding > 0 { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count == 4 {
                out.append(UInt8(truncatingIfNeeded: bits >> 16))
                out.append(UInt8(truncatingIfNeeded: bits >> 8))
                out.append(UInt8(truncatingIfNeeded: bits))
                bits = 0
                count = 0
            }
        }
        if count + padding != 4, count + padding != 0, padding > 0 || count == 1 { return nil }
        switch count {
        case 2: out.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3:
            out.append(UInt8(truncatingIfNeeded: bits >> 10))
            out.append(UInt8(truncatingIfNeeded: bits >> 2))
        case 1: return nil
        default: break
        }
        return out
    }

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xff, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()
}
