/// What is the same letter in names: capital or small, composed (NFC) or with its marks apart (NFD).
///
/// A letter is folded to units: its small base letter and its combining marks, each a UTF-16 code unit. Small letters
/// are those of Unicode's locale-independent mapping of one letter to one. Marks are taken apart in Latin letters, and
/// in those of Greek and Cyrillic with the commonest marks.
enum Folding {
    /// The units of the letter or digit that begins at `index` and is `length` bytes long; 0 for those it has not.
    @inline(__always)
    static func units(_ text: TextBytes, _ index: Int, _ length: Int) -> (UInt16, UInt16, UInt16) {
        if length == 1 {
            let byte = text[index]
            return (UInt16(ASCII.isLetter(byte) ? byte | 0x20 : byte), 0, 0)
        }
        let scalar = scalar(text, index, length)
        let place =
            switch scalar {
            case first..<firstEnd: Int(scalar - first)
            case second..<secondEnd: Int(scalar - second + firstEnd - first)
            default: -1
            }
        if place < 0 {
            return scalar < 0x10000
                ? (UInt16(scalar), 0, 0) : (UInt16(0xd7c0 + scalar >> 10), UInt16(0xdc00 + scalar & 0x3ff), 0)
        }
        let entry = table[place]
        return (entry.0, entry.1, entry.2)
    }

    /// True if the letter that begins at `index` is a capital.
    static func isCapital(_ text: TextBytes, _ index: Int) -> Bool {
        let byte = text[index]
        if byte < 0x80 { return byte &- 0x41 < 26 }
        let length = text.letterOrDigit(at: index)
        guard length > 1, let scalar = Unicode.Scalar(scalar(text, index, length)) else { return false }
        return scalar.properties.isUppercase || scalar.properties.generalCategory == .titlecaseLetter
    }

    private static func scalar(_ text: TextBytes, _ index: Int, _ length: Int) -> UInt32 {
        var value = UInt32(text[index]) & (0x7f >> UInt32(length))
        for step in 1..<length { value = value << 6 | UInt32(text[index + step] & 0x3f) }
        return value
    }

    // Latin-1 letters to Cyrillic, and Latin Extended Additional.
    private static let first: UInt32 = 0xc0
    private static let firstEnd: UInt32 = 0x530
    private static let second: UInt32 = 0x1e00
    private static let secondEnd: UInt32 = 0x1f00

    private static let table: [(UInt16, UInt16, UInt16)] = {
        let parts = decompositions()
        return (Array(first..<firstEnd) + Array(second..<secondEnd)).map { value in
            guard let scalar = Unicode.Scalar(value) else { return (UInt16(value), 0, 0) }
            var folded = Array(scalar.properties.lowercaseMapping.unicodeScalars)
            if folded.count == 1 {
                switch folded[0] {
                case "\u{17f}": folded = ["s"]
                case "ς": folded = ["σ"]
                default: folded = parts[String(folded[0])] ?? folded
                }
            }
            let units = folded.map { UInt16($0.value) } + [0, 0]
            return (units[0], units[1], units[2])
        }
    }()

    /// Small letters with one or two marks, keyed by themselves, which for strings means any form of them, and taken
    /// apart in canonical order.
    private static func decompositions() -> [String: [Unicode.Scalar]] {
        let marks =
            (Array(0x300...0x30c) + [0x30f, 0x311, 0x31b] + Array(0x323...0x328) + [0x32d, 0x32e, 0x330, 0x331])
            .compactMap { Unicode.Scalar($0 as UInt32) }
        var parts: [String: [Unicode.Scalar]] = [:]
        func add(_ bases: String, _ marks: [Unicode.Scalar]) {
            for base in bases.unicodeScalars {
                for mark in marks {
                    let whole = (parts[String(base)] ?? [base]) + [mark]
                    let key = String(base) + String(mark)
                    let ordered = whole[1...].sorted {
                        $0.properties.canonicalCombiningClass < $1.properties.canonicalCombiningClass
                    }
                    if parts[key] == nil { parts[key] = whole[..<1] + ordered }
                }
            }
        }
        add("abcdefghijklmnopqrstuvwxyzæøſʒ", marks)
        add("âăêôơưåäöüõȧȯēōçḷṛśšṣạẹọ", marks)
        add("иеіугкчаожзыэѵ", marks.filter { [0x300, 0x301, 0x304, 0x306, 0x308, 0x30b].contains($0.value) })
        add("αεηιουω", marks.filter { [0x301, 0x308].contains($0.value) })
        return parts
    }
}
