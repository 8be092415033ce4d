import PortabilityText

/// Character encodings that files come in. Everything is decoded to UTF-8 here, so that no parser needs a converter and
/// no declaration can make it use one.
public enum TextEncoding: Hashable, Sendable {
    case utf8
    case utf16(bigEndian: Bool)
    /// ISO-8859-1, read as Windows-1252 as browsers do (WHATWG Encoding Standard): 0x80 to 0x9F are letters and signs
    /// that no lawful ISO-8859-1 text holds.
    case latin1
    /// ISO-8859-15.
    case latin9
    case windows1252
    /// US-ASCII; every byte above 0x7F is no text in it.
    case ascii

    /// The encoding of that name (case does not matter); nil if it is not one of these.
    public init?(name: some Collection<UInt8>) {
        let folded = String(decoding: name.map { $0 >= 0x61 && $0 <= 0x7a ? $0 - 0x20 : $0 }, as: UTF8.self)
        switch folded {
        case "UTF-8", "UTF8": self = .utf8
        case "UTF-16", "UTF-16LE": self = .utf16(bigEndian: false)
        case "UTF-16BE": self = .utf16(bigEndian: true)
        case "ISO-8859-1", "ISO8859-1", "ISO_8859-1", "LATIN1", "LATIN-1": self = .latin1
        case "ISO-8859-15", "ISO8859-15", "ISO_8859-15", "LATIN-9", "LATIN9": self = .latin9
        case "WINDOWS-1252", "CP1252": self = .windows1252
        case "US-ASCII", "ASCII": self = .ascii
        default: return nil
        }
    }

    /// Appends text in this encoding as UTF-8; returns how many places were not valid in it and became U+FFFD.
    public func decode(_ text: Span<UInt8>, into out: inout [UInt8]) -> Int {
        switch self {
        case .utf8: return appendRepaired(text, into: &out)
        case .utf16(let bigEndian): return Self.decodeUTF16(text, bigEndian: bigEndian, into: &out)
        case .latin1, .windows1252, .latin9, .ascii:
            var replaced = 0
            out.reserveCapacity(out.count + text.count + text.count / 16)
            var index = 0
            while index < text.count {
                let start = index
                while index < text.count, text[index] < 0x80 { index += 1 }
                text.extracting(start..<index).withUnsafeBufferPointer { out.append(contentsOf: $0) }
                if index == text.count { break }
                let scalar = scalar(text[index])
                if scalar == 0xfffd { replaced += 1 }
                Self.append(scalar, to: &out)
                index += 1
            }
            return replaced
        }
    }

    private func scalar(_ byte: UInt8) -> UInt32 {
        switch self {
        case .ascii: return 0xfffd
        case .latin9:
            switch byte {
            case 0xa4: return 0x20ac
            case 0xa6: return 0x160
            case 0xa8: return 0x161
            case 0xb4: return 0x17d
            case 0xb8: return 0x17e
            case 0xbc: return 0x152
            case 0xbd: return 0x153
            case 0xbe: return 0x178
            default: return UInt32(byte)
            }
        case .utf8, .utf16, .latin1, .windows1252:
            return byte < 0xa0 ? Self.windows1252Letters[Int(byte) - 0x80] : UInt32(byte)
        }
    }

    /// 0x80 to 0x9F of Windows-1252; the five that are not assigned stay control characters.
    private static let windows1252Letters: [UInt32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
        0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
        0x17e, 0x178,
    ]

    private static func append(_ scalar: UInt32, to out: inout [UInt8]) {
        switch scalar {
        case 0..<0x80: out.append(UInt8(scalar))
        case 0x80..<0x800:
            out.append(0xc0 | UInt8(scalar >> 6))
            out.append(0x80 | UInt8(scalar & 0x3f))
        case 0x800..<0x1_0000:
            out.append(0xe0 | UInt8(scalar >> 12))
            out.append(0x80 | UInt8((scalar >> 6) & 0x3f))
            out.append(0x80 | UInt8(scalar & 0x3f))
        default:
            out.append(0xf0 | UInt8(scalar >> 18))
            out.append(0x80 | UInt8((scalar >> 12) & 0x3f))
            out.append(0x80 | UInt8((scalar >> 6) & 0x3f))
            out.append(0x80 | UInt8(scalar & 0x3f))
        }
    }

    private static func decodeUTF16(_ text: Span<UInt8>, bigEndian: Bool, into out: inout [UInt8]) -> Int {
        var replaced = 0
        var index = 0
        func unit(_ index: Int) -> UInt32 {
            let (first, second) = (UInt32(text[index]), UInt32(text[index + 1]))
            return bigEndian ? first << 8 | second : second << 8 | first
        }
        while index + 1 < text.count {
            let high = unit(index)
            index += 2
            guard high >= 0xd800, high < 0xe000 else {
                append(high, to: &out)
                continue
            }
            if high < 0xdc00, index + 1 < text.count, case let low = unit(index), low >= 0xdc00, low < 0xe000 {
                append(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), to: &out)
                index += 2
            } else {
                append(0xfffd, to: &out)
                replaced += 1
            }
        }
        if index < text.count {
            append(0xfffd, to: &out)
            replaced += 1
        }
        return replaced
    }

    /// How many bytes of UTF-16 the given UTF-8 has, which was decoded from it.
    public static func utf16Length(of utf8: some Collection<UInt8>) -> Int {
        var units = 0
        for byte in utf8 where byte & 0xc0 != 0x80 { units += byte >= 0xf0 ? 2 : 1 }
        return units * 2
    }
}
