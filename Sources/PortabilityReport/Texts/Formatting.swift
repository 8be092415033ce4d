import PortabilityModel

/// How numbers, sizes and dates are written for a person. No locale database: three languages, few rules.
extension Language {
    private static let noBreakSpace = "\u{A0}"

    /// A whole number, digits in groups of three: `1 234` (with no-break spaces) in Finnish and Swedish, `1,234` in
    /// English.
    func number(_ value: Int64) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "\u{2212}" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += self == .en ? "," : Self.noBreakSpace }
            text.append(digit)
        }
        return text
    }

    /// A size in bytes with decimal prefixes (1 kB = 1000 bytes), rounded to at most one decimal.
    func size(_ bytes: Int64) -> String {
        let units: [String]
        switch self {
        case .fi: units = ["t", "kt", "Mt", "Gt", "Tt"]
        case .sv, .en: units = ["B", "kB", "MB", "GB", "TB"]
        }
        var unit = 0
        var scale: Int64 = 1
        while unit + 1 < units.count, bytes / scale >= 1000 {
            unit += 1
            scale *= 1000
        }
        if unit == 0 { return number(bytes) + Self.noBreakSpace + units[0] }
        let tenth = scale / 10
        var tenths = bytes / tenth + (bytes % tenth >= tenth / 2 ? 1 : 0)
        if tenths >= 10_000, unit + 1 < units.count {
            tenths = 10
            unit += 1
        }
        var text = number(tenths / 10)
        if tenths < 100, tenths % 10 != 0 { text += (self == .en ? "." : ",") + String(tenths % 10) }
        return text + Self.noBreakSpace + units[unit]
    }

    /// The date at the beginning of an RFC 3339 text: `2.11.2026` in Finnish and in the Swedish of Finland,
    /// `2 November 2026` in English. A text that is no date comes back as it is.
    func date(_ text: String) -> String {
        guard let (year, month, day) = Self.parts(text) else { return text }
        if self == .en { return "\(day) \(Self.englishMonths[month - 1]) \(year)" }
        return "\(day).\(month).\(year)"
    }

    /// Date and time to the minute of an RFC 3339 text in UTC.
    func moment(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard Self.parts(text) != nil, bytes.count >= 16, bytes.last == 0x5A, bytes[13] == 0x3A,
            let hour = Self.digits(bytes[11..<13]), let minute = Self.digits(bytes[14..<16]), hour < 24, minute < 60
        else { return date(text) }
        let minutes = minute < 10 ? "0\(minute)" : "\(minute)"
        switch self {
        case .fi: return "\(date(text)) klo \(hour).\(minutes) (UTC)"
        case .sv: return "\(date(text)) kl. \(hour).\(minutes) (UTC)"
        case .en: return "\(date(text)) at \(hour < 10 ? "0" : "")\(hour):\(minutes) (UTC)"
        }
    }

    /// `a, b and c`.
    func list(_ items: [String]) -> String {
        guard items.count > 1 else { return items.first ?? "" }
        let and: String
        switch self {
        case .fi: and = " ja "
        case .sv: and = " och "
        case .en: and = " and "
        }
        return items.dropLast().joined(separator: ", ") + and + items[items.count - 1]
    }

    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private static func parts(_ text: String) -> (year: Int, month: Int, day: Int)? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes.count == 10 || bytes[10] == 0x54,
            let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]), let day = digits(bytes[8..<10]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return (year, month, day)
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}

extension LocalizedText {
    /// The text with `{name}` replaced, in one pass: braces in a value stay as they are.
    func filled(_ language: Language, _ values: [String: String]) -> String {
        var text = ""
        for piece in pieces(language) {
            switch piece {
            case .text(let part): text += part
            case .name(let name): text += values[name] ?? ""
            }
        }
        return text
    }

    /// A part of a text with placeholders.
    enum Piece: Equatable {
        case text(String)
        case name(String)
    }

    /// The text cut at its placeholders `{name}`.
    func pieces(_ language: Language) -> [Piece] {
        var pieces: [Piece] = []
        var rest = self[language][...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            pieces.append(.name(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }
}

/// A number with its noun.
struct Counted: Sendable {
    var one: LocalizedText
    var many: LocalizedText

    /// `1 record`, `1,234 records`.
    func text(_ count: Int64, _ language: Language) -> String {
        language.number(count) + "\u{A0}" + (count == 1 ? one : many)[language]
    }
}
