import PortabilityModel

/// How a value that somebody once typed is written into the page: as text and nothing else.
///
/// `& < > " '` are escaped. What a reader cannot see but a machine obeys (controls, marks of writing direction,
/// invisible letters, tags) is shown by its code, as `U+202E`. A value that may hold writing from right to left is
/// isolated, so that its direction ends where it ends.
enum ValueText {
    /// Appends a value.
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - limit: How many Unicode scalars are written.
    /// - Returns: Whether that was all.
    static func append(_ text: Span<UInt8>, limit: Int, into out: inout [UInt8]) -> Bool {
        // The first letter written from right to left is U+0590, whose first byte is 0xD6.
        let isIsolated = contains(text) { $0 >= 0xD6 }
        if isIsolated { out += Array("<bdi>".utf8) }
        var index = 0
        var count = 0
        while index < text.count, count < limit {
            count += 1
            let byte = text[index]
            if byte < 0x80 {
                index += 1
                append(ascii: byte, followedByLineFeed: index < text.count && text[index] == 0x0A, into: &out)
                continue
            }
            let (scalar, length) = decode(text, index)
            if isHidden(scalar) {
                appendCode(scalar, into: &out)
            } else {
                for offset in index..<index + length { out.append(text[offset]) }
            }
            index += length
        }
        if isIsolated { out += Array("</bdi>".utf8) }
        return index >= text.count
    }

    private static func contains(_ text: Span<UInt8>, where isWanted: (UInt8) -> Bool) -> Bool {
        for index in text.indices where isWanted(text[index]) { return true }
        return false
    }

    private static func append(ascii byte: UInt8, followedByLineFeed: Bool, into out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "&"): out += Array("&amp;".utf8)
        case UInt8(ascii: "<"): out += Array("&lt;".utf8)
        case UInt8(ascii: ">"): out += Array("&gt;".utf8)
        case UInt8(ascii: "\""): out += Array("&quot;".utf8)
        case UInt8(ascii: "'"): out += Array("&#39;".utf8)
        case 0x0A: out += Array("<br>".utf8)
        case 0x09: out.append(0x20)
        case 0x0D: if !followedByLineFeed { out += Array("<br>".utf8) }
        case 0x00...0x1F, 0x7F: appendCode(UInt32(byte), into: &out)
        default: out.append(byte)
        }
    }

    private static func appendCode(_ scalar: UInt32, into out: inout [UInt8]) {
        let digits = String(scalar, radix: 16, uppercase: true)
        let padding = String(repeating: "0", count: max(0, 4 - digits.count))
        out += Array("<span class=\"sign\">U+\(padding)\(digits)</span>".utf8)
    }

    /// The scalar at an index and the number of its bytes; U+FFFD and 1 where the text is not valid.
    private static func decode(_ text: Span<UInt8>, _ index: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(text[index])
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first < 0xF5, index + length <= text.count else { return (0xFFFE, 1) }
        var scalar = first & (0xFF >> UInt32(length + 1))
        for offset in 1..<length {
            let byte = UInt32(text[index + offset])
            guard byte & 0xC0 == 0x80 else { return (0xFFFE, 1) }
            scalar = scalar << 6 | byte & 0x3F
        }
        return (scalar, length)
    }

    /// Whether a scalar beyond ASCII is shown by its code. Joiners and the first sixteen variation selectors are not:
    /// scripts and emoji need them.
    static func isHidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x80...0x9F, 0xAD, 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B,
            0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFDD0...0xFDEF, 0xFEFF, 0xFFA0,
            0xFFF0...0xFFFB, 0xE0000...0xE0FFF:
            true
        default: scalar & 0xFFFE == 0xFFFE
        }
    }
}
