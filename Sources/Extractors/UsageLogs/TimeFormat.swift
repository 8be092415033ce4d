/// How a server writes the time of a request, read exactly or not at all.
struct TimeFormat: Equatable, Sendable {
    private enum Element: Equatable {
        case year, month, monthName, day, spacedDay, hour, minute, second
        /// `±HHMM`, `±HH:MM` or `Z`.
        case offset
        /// Digits after the second's point.
        case fraction(Int)
        /// Since 1970 in UTC, with so many digits for parts of a second.
        case epoch(Int)
        case literal(UInt8)
    }

    private var elements: [Element]
    /// True if the elements tell one moment and its offset; else the text is carried as it is written.
    private var isExact = true

    private init(_ elements: [Element]) {
        self.elements = elements
        isExact = Self.isExact(elements)
    }

    /// `10/Oct/2000:13:55:36 -0700`
    static let common = TimeFormat(strftime: "%d/%b/%Y:%H:%M:%S %z") ?? TimeFormat([])
    /// `2000-10-10T13:55:36-07:00`
    static let iso8601 = TimeFormat(strftime: "%Y-%m-%dT%H:%M:%S%z") ?? TimeFormat([])
    /// `971211336.000`, nginx's `$msec`.
    static let seconds = TimeFormat([.epoch(0), .literal(UInt8(ascii: ".")), .fraction(3)])

    /// What stands between the braces of Apache's `%{…}t`; nil for a form that cannot be taken apart.
    init?(apache text: String) {
        var text = text
        for prefix in ["begin:", "end:"] where text.hasPrefix(prefix) { text.removeFirst(prefix.utf8.count) }
        switch text {
        case "": self = .common
        case "sec": self.init([.epoch(0)])
        case "msec": self.init([.epoch(3)])
        case "usec": self.init([.epoch(6)])
        case "msec_frac": self.init([.fraction(3)])
        case "usec_frac": self.init([.fraction(6)])
        default: self.init(strftime: text)
        }
    }

    private init?(strftime text: String) {
        var elements: [Element] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return nil }
                elements.append(.literal(byte))
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "Y"): elements.append(.year)
            case UInt8(ascii: "m"): elements.append(.month)
            case UInt8(ascii: "b"), UInt8(ascii: "h"): elements.append(.monthName)
            case UInt8(ascii: "d"): elements.append(.day)
            case UInt8(ascii: "e"): elements.append(.spacedDay)
            case UInt8(ascii: "H"): elements.append(.hour)
            case UInt8(ascii: "M"): elements.append(.minute)
            case UInt8(ascii: "S"): elements.append(.second)
            case UInt8(ascii: "z"): elements.append(.offset)
            case UInt8(ascii: "s"): elements.append(.epoch(0))
            case UInt8(ascii: "F"):
                elements += [.year, .literal(UInt8(ascii: "-")), .month, .literal(UInt8(ascii: "-")), .day]
            case UInt8(ascii: "T"):
                elements += [.hour, .literal(UInt8(ascii: ":")), .minute, .literal(UInt8(ascii: ":")), .second]
            case UInt8(ascii: "%"): elements.append(.literal(UInt8(ascii: "%")))
            default: return nil
            }
        }
        self.init(elements)
    }

    /// Goes on with a fixed text and a further format.
    mutating func append(literal: [UInt8], _ other: TimeFormat) {
        self = TimeFormat(elements + literal.map { .literal($0) } + other.elements)
    }

    /// True if each part is there once, and nothing beside them; or seconds since 1970.
    private static func isExact(_ elements: [Element]) -> Bool {
        func count(_ wanted: (Element) -> Bool) -> Int { elements.count(where: wanted) }
        let fractions = count { if case .fraction = $0 { true } else { false } }
        let epochs = elements.compactMap { if case .epoch(let digits) = $0 { digits } else { nil } }
        let calendar = [
            count { $0 == .year }, count { $0 == .month || $0 == .monthName }, count { $0 == .day || $0 == .spacedDay },
            count { $0 == .hour }, count { $0 == .minute }, count { $0 == .second }, count { $0 == .offset },
        ]
        if let digits = epochs.first {
            return epochs.count == 1 && calendar.allSatisfy { $0 == 0 } && fractions <= (digits == 0 ? 1 : 0)
        }
        return calendar.allSatisfy { $0 == 1 } && fractions <= 1
    }

    private static let months: [UInt32] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    /// Reads a time that begins at `start`.
    ///
    /// - Parameters:
    ///   - isWanted: False if only the form matters.
    ///   - out: Takes the time in canonical spelling, with the offset that was written; nothing is appended if the
    ///     format is not exact.
    /// - Returns: where it ends; -1 if it does not have the form.
    func read(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int, isWanted: Bool = true, into out: inout [UInt8]
    ) -> Int {
        var index = start
        var (year, month, day, hour, minute, second, offset) = (0, 0, 0, 0, 0, 0, 0)
        var isWest = false
        var fraction = 0..<0
        func digits(_ width: Int) -> Int {
            if index &+ width > count { return -1 }
            var number = 0
            for place in index..<index &+ width {
                let digit = base[place] &- 0x30
                if digit > 9 { return -1 }
                number = number &* 10 &+ Int(digit)
            }
            index &+= width
            return number
        }
        for element in elements {
            switch element {
            case .literal(let byte):
                if index == count || base[index] != byte { return -1 }
                index &+= 1
            case .year:
                year = digits(4)
                if year < 0 { return -1 }
            case .month:
                month = digits(2)
                if month < 0 { return -1 }
            case .monthName:
                if index &+ 3 > count { return -1 }
                let name = UInt32(base[index]) << 16 | UInt32(base[index &+ 1]) << 8 | UInt32(base[index &+ 2])
                guard let found = Self.months.firstIndex(of: name) else { return -1 }
                month = found + 1
                index &+= 3
            case .day:
                day = digits(2)
                if day < 0 { return -1 }
            case .spacedDay:
                if index < count, base[index] == 0x20 {
                    index &+= 1
                    day = digits(1)
                } else {
                    day = digits(2)
                }
                if day < 0 { return -1 }
            case .hour:
                hour = digits(2)
                if hour < 0 { return -1 }
            case .minute:
                minute = digits(2)
                if minute < 0 { return -1 }
            case .second:
                second = digits(2)
                if second < 0 { return -1 }
            case .fraction(let width):
                fraction = index..<index &+ width
                if digits(width) < 0 { return -1 }
            case .offset:
                if index == count { return -1 }
                if base[index] == UInt8(ascii: "Z") {
                    index &+= 1
                    continue
                }
                guard base[index] == UInt8(ascii: "+") || base[index] == UInt8(ascii: "-") else { return -1 }
                isWest = base[index] == UInt8(ascii: "-")
                index &+= 1
                let hours = digits(2)
                if index < count, base[index] == UInt8(ascii: ":") { index &+= 1 }
                let minutes = digits(2)
                if hours < 0 || minutes < 0 { return -1 }
                offset = hours &* 100 &+ minutes
            case .epoch(let width):
                var end = index
                while end < count, base[end] &- 0x30 < 10, end &- index <= 17 { end &+= 1 }
                // Beyond 17 digits it is no time of this world.
                if end &- index > 17 || end &- index <= width { return -1 }
                var rest = digits(end &- index &- width)
                if width > 0 {
                    fraction = index..<index &+ width
                    _ = digits(width)
                }
                (second, rest) = (rest % 60, rest / 60)
                (minute, rest) = (rest % 60, rest / 60)
                (hour, rest) = (rest % 24, rest / 24)
                if rest > 2_932_896 { return -1 }
                (year, month, day) = Self.civil(rest)
            }
        }
        if !isExact || !isWanted { return index }
        Self.append(year, 4, to: &out)
        out.append(UInt8(ascii: "-"))
        Self.append(month, 2, to: &out)
        out.append(UInt8(ascii: "-"))
        Self.append(day, 2, to: &out)
        out.append(UInt8(ascii: "T"))
        Self.append(hour, 2, to: &out)
        out.append(UInt8(ascii: ":"))
        Self.append(minute, 2, to: &out)
        out.append(UInt8(ascii: ":"))
        Self.append(second, 2, to: &out)
        if !fraction.isEmpty {
            out.append(UInt8(ascii: "."))
            for place in fraction { out.append(base[place]) }
        }
        if offset == 0, !isWest {
            out.append(UInt8(ascii: "Z"))
        } else {
            out.append(UInt8(ascii: isWest ? "-" : "+"))
            Self.append(offset / 100, 2, to: &out)
            out.append(UInt8(ascii: ":"))
            Self.append(offset % 100, 2, to: &out)
        }
        return index
    }

    private static func append(_ number: Int, _ width: Int, to out: inout [UInt8]) {
        var divisor = width == 4 ? 1000 : 10
        while divisor > 0 {
            out.append(0x30 &+ UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// The day in the Gregorian calendar, from the number of days since 1970-01-01.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        // In years that begin in March a leap day is the last day of its year (H. Richards, 2013).
        let julian = days + 2_440_588
        let shifted = julian + 1401 + (4 * julian + 274_277) / 146_097 * 3 / 4 - 38
        let quarter = 4 * shifted + 3
        let rest = quarter % 1461 / 4
        let place = 5 * rest + 2
        let month = (place / 153 + 2) % 12 + 1
        return (quarter / 1461 - 4716 + (14 - month) / 12, month, place % 153 / 5 + 1)
    }
}
