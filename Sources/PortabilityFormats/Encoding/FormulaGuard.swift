import PortabilityModel

/// What of a cell the formula guard looks at.
enum FormulaGuard {
    /// True for columns of text, which may hold anything and are guarded; other kinds have a spelling that no
    /// spreadsheet runs.
    static func applies(to kind: ValueKind?) -> Bool { kind == .string || kind == .reference }

    /// True if a spreadsheet would take the text for a formula, or if it begins with the guard itself.
    ///
    /// A formula begins with `=`, `@`, TAB or CR, or with `+` or `-` and is neither a plain number
    /// (`[+-]?[0-9]+([.,][0-9]+)?`) nor a telephone number (`\+[0-9][0-9 ()\-]{4,}`).
    @inline(__always)
    static func isNeeded(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.lowerBound < range.upperBound else { return false }
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "'"), 0x09, 0x0d: return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return !isPlainNumber(bytes, range) && !isTelephoneNumber(bytes, range)
        default: return false
        }
    }

    private static func isPlainNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound + 1
        let whole = digits(bytes, &at, range.upperBound)
        if at == range.upperBound { return whole > 0 }
        guard whole > 0, bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ",") else { return false }
        at += 1
        return digits(bytes, &at, range.upperBound) > 0 && at == range.upperBound
    }

    private static func digits(_ bytes: Span<UInt8>, _ at: inout Int, _ end: Int) -> Int {
        let start = at
        while at < end, isDigit(bytes[at]) { at += 1 }
        return at - start
    }

    private static func isTelephoneNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        guard range.count >= 6, bytes[start] == UInt8(ascii: "+"), isDigit(bytes[start + 1]) else { return false }
        for index in start + 2..<range.upperBound {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "-"): break
            case let byte: if !isDigit(byte) { return false }
            }
        }
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
