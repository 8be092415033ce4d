import PortabilityModel

/// How canonical values are written for a person. A value that is not spelled canonically comes back as it is.
extension Language {
    /// A decimal number: decimal comma in Finnish and Swedish, digits in groups of three. Every digit is kept.
    func decimal(_ text: String) -> String {
        var rest = text[...]
        let isNegative = rest.hasPrefix("-")
        if isNegative { rest.removeFirst() }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isDigit) })
        else { return text }
        var whole = ""
        for (index, digit) in parts[0].enumerated() {
            if index > 0, (parts[0].count - index) % 3 == 0 { whole += self == .en ? "," : "\u{A0}" }
            whole.append(digit)
        }
        let fraction = parts.count == 2 ? (self == .en ? "." : ",") + parts[1] : ""
        return (isNegative ? "\u{2212}" : "") + whole + fraction
    }

    /// A date, or date and time to the second with the offset that the source gave: `2.11.2026 9.14.05 (UTC+2)`.
    func timestamp(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let day = date(text)
        guard day != text, bytes.count >= 19, bytes[10] == 0x54 else { return day }
        let clock = time(String(decoding: bytes[11..<19], as: UTF8.self))
        var rest = bytes[19...]
        if rest.first == 0x2E { rest = rest.dropFirst().drop(while: Self.isDigit) }
        let offset = String(decoding: rest, as: UTF8.self)
        switch offset {
        case "": return "\(day) \(clock)"
        case "Z", "+00:00": return "\(day) \(clock) (UTC)"
        default:
            guard rest.count == 6 else { return text }
            let sign = offset.hasPrefix("-") ? "\u{2212}" : "+"
            let hours = offset.dropFirst().prefix(2)
            let minutes = offset.suffix(2)
            let short = hours.hasPrefix("0") ? hours.dropFirst() : hours
            return "\(day) \(clock) (UTC\(sign)\(short)\(minutes == "00" ? "" : ":" + minutes))"
        }
    }

    /// `9.14.05` in Finnish and Swedish, `09:14:05` in English; without the fraction of a second.
    func time(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count >= 8, bytes[2] == 0x3A, bytes[5] == 0x3A else { return text }
        let clock = String(decoding: bytes[..<8], as: UTF8.self)
        if self == .en { return clock }
        let dotted = clock.split(separator: ":").joined(separator: ".")
        return dotted.hasPrefix("0") ? String(dotted.dropFirst()) : dotted
    }

    /// `2 h 5 min 30 s`, from an ISO 8601 duration.
    func duration(_ text: String) -> String {
        guard text.hasPrefix("P"), text.utf8.count > 1 else { return text }
        var parts: [String] = []
        var digits = ""
        var isTime = false
        for character in text.dropFirst() {
            switch character {
            case "T": isTime = true
            case "0"..."9", ".": digits.append(character)
            default:
                guard !digits.isEmpty, let unit = unit(character, isTime: isTime) else { return text }
                parts.append("\(decimal(digits))\u{A0}\(unit)")
                digits = ""
            }
        }
        return parts.isEmpty || !digits.isEmpty ? text : parts.joined(separator: " ")
    }

    private func unit(_ letter: Character, isTime: Bool) -> String? {
        let units: LocalizedText
        switch (letter, isTime) {
        case ("Y", false): units = LocalizedText(fi: "v", sv: "år", en: "y")
        case ("M", false): units = LocalizedText(fi: "kk", sv: "mån", en: "mo")
        case ("W", false): units = LocalizedText(fi: "vk", sv: "v", en: "wk")
        case ("D", false): units = LocalizedText(fi: "pv", sv: "d", en: "d")
        case ("H", true): units = LocalizedText(fi: "t", sv: "tim", en: "h")
        case ("M", true): units = LocalizedText(fi: "min", sv: "min", en: "min")
        case ("S", true): units = LocalizedText(fi: "s", sv: "s", en: "s")
        default: return nil
        }
        return units[self]
    }

    /// `11/2026` in Finnish and Swedish, `November 2026` in English, from `2026-11`; a year stays as it is.
    func month(_ text: String) -> String {
        let parts = text.split(separator: "-")
        guard parts.count == 2, let month = Int(parts[1]), (1...12).contains(month) else { return text }
        if self == .en { return date("\(text)-01").split(separator: " ").dropFirst().joined(separator: " ") }
        return "\(month)/\(parts[0])"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// Exact sums of decimal numbers.
struct DecimalSum {
    private var units: Int128 = 0
    private var scale = 0
    /// False if a number was no decimal or too long to be added exactly.
    private(set) var isExact = true

    mutating func add(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard isExact, (1...2).contains(parts.count), text.utf8.count <= 30 else {
            isExact = false
            return
        }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard var value = Int128(String(parts[0]) + fraction) else {
            isExact = false
            return
        }
        let common = max(scale, fraction.count)
        for _ in fraction.count..<common { isExact = Self.shift(&value) && isExact }
        for _ in scale..<common { isExact = Self.shift(&units) && isExact }
        scale = common
        let (sum, overflow) = units.addingReportingOverflow(value)
        units = sum
        if overflow { isExact = false }
    }

    /// Multiplies by ten; false if that was too much.
    private static func shift(_ value: inout Int128) -> Bool {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        value = product
        return !overflow
    }

    /// The sum in canonical spelling.
    var text: String {
        var digits = String(units.magnitude)
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        let whole = digits.dropLast(scale)
        return (units < 0 ? "-" : "") + whole + (scale > 0 ? "." + digits.suffix(scale) : "")
    }
}
