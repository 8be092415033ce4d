import PortabilityCalendar
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

    /// Date and time to the minute of an RFC 3339 text, with its offset: `2.11.2026 klo 8.05 (UTC+2)`. A text without
    /// a time or an offset gives its date.
    func moment(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard Self.parts(text) != nil, bytes.count >= 17, bytes[13] == 0x3A, let hour = Self.digits(bytes[11..<13]),
            let minute = Self.digits(bytes[14..<16]), hour < 24, minute < 60, let zone = Self.offset(text)
        else { return date(text) }
        let minutes = minute < 10 ? "0\(minute)" : "\(minute)"
        switch self {
        case .fi: return "\(date(text)) klo \(hour).\(minutes) (\(zone))"
        case .sv: return "\(date(text)) kl. \(hour).\(minutes) (\(zone))"
        case .en: return "\(date(text)) at \(hour < 10 ? "0" : "")\(hour):\(minutes) (\(zone))"
        }
    }

    /// `UTC` or `UTC+2`, from the offset that ends an RFC 3339 text; nil if none does.
    static func offset(_ text: String) -> String? {
        if text.hasSuffix("Z") { return "UTC" }
        let end = Array(text.utf8.suffix(6))
        guard end.count == 6, end[0] == 0x2B || end[0] == 0x2D, end[3] == 0x3A, let hours = digits(end[1..<3]),
            let minutes = digits(end[4..<6]), hours < 24, minutes < 60
        else { return nil }
        if hours == 0 && minutes == 0 { return "UTC" }
        let rest = minutes == 0 ? "" : minutes < 10 ? ":0\(minutes)" : ":\(minutes)"
        return "UTC\(end[0] == 0x2D ? "\u{2212}" : "+")\(hours)\(rest)"
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

    fileprivate static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}

extension String {
    /// An RFC 3339 time as the clocks of a time zone showed it, with their offset: `2026-11-22T14:00:00+02:00` of
    /// `2026-11-22T12:00:00Z` in Europe/Helsinki. Without a zone, and for a text that is no such time, the text itself.
    func inZone(_ zone: TimeZoneRules?) -> String { zone.flatMap(converted) ?? self }

    /// The same; nil for a text that is no such time.
    func converted(to zone: TimeZoneRules) -> String? {
        let bytes = Array(utf8)
        guard bytes.count >= 20, bytes[10] == 0x54, bytes[13] == 0x3A, bytes[16] == 0x3A,
            let day = CivilDate(String(prefix(10))), let hour = Language.digits(bytes[11..<13]),
            let minute = Language.digits(bytes[14..<16]), let second = Language.digits(bytes[17..<19]),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let fraction = bytes[19...].prefix { $0 != 0x5A && $0 != 0x2B && $0 != 0x2D }
        let end = bytes[fraction.endIndex...]
        var east = 0
        if end.count != 1 || end.first != 0x5A {
            guard end.count == 6, end[end.startIndex + 3] == 0x3A,
                let hours = Language.digits(end[end.startIndex + 1..<end.startIndex + 3]),
                let minutes = Language.digits(end[end.startIndex + 4..<end.startIndex + 6]), hours < 24, minutes < 60
            else { return nil }
            east = (hours * 60 + minutes) * (end.first == 0x2D ? -60 : 60)
        }
        let instant = day.daysSince1970 * 86_400 + Int64(hour * 3600 + minute * 60 + second - east)
        let offset = zone.offset(at: instant)
        let date = zone.date(at: instant)
        let clock = Int(instant + Int64(offset) - date.daysSince1970 * 86_400)
        guard (1...9999).contains(date.year), (0..<86_400).contains(clock) else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutesEast = abs(offset) / 60
        return "\(date)T\(two(clock / 3600)):\(two(clock / 60 % 60)):\(two(clock % 60))"
            + String(decoding: fraction, as: UTF8.self)
            + "\(offset < 0 ? "-" : "+")\(two(minutesEast / 60)):\(two(minutesEast % 60))"
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
        let text = self[language]
        // Bytes are looked at: to find characters costs more than all the rest.
        let bytes = text.utf8
        var rest = bytes[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].firstIndex(of: UInt8(ascii: "}"))
        {
            if open > rest.startIndex { pieces.append(.text(String(text[rest.startIndex..<open]))) }
            pieces.append(.name(String(text[bytes.index(after: open)..<close])))
            rest = rest[bytes.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(text[rest.startIndex...]))) }
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
