extension Canonical {
    /// `YYYY-MM-DD`. Takes also `CCYYMMDD`, a sign and more than four digits of year (ISO 8601 expanded).
    ///
    /// A year before 0 has a `-`, a year after 9999 no sign (XML Schema 1.1); year 0 exists. The calendar is the
    /// proleptic Gregorian one.
    public static func date(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        TextCursor.reading(text) { cursor in
            guard let date = CalendarDate(&cursor, allowsBasic: true), cursor.isAtEnd else { return false }
            date.append(to: &out)
            return true
        }
    }

    /// `HH:MM:SS[.fraction]`, the fraction with the digits the source gave.
    public static func time(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        TextCursor.reading(text) { cursor in
            guard let time = ClockTime(&cursor), cursor.isAtEnd else { return false }
            time.append(to: &out, from: cursor)
            return true
        }
    }

    /// `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)` (RFC 3339) with the offset the source gave.
    ///
    /// Takes also a space or `t` for `T`, `z`, and offsets as `±HH` and `±HHMM`. `+00:00` becomes `Z`; `-00:00`, which
    /// says that the local offset is unknown (RFC 3339, 4.3), stays. A leap second stays `:60`; it must be the last
    /// second of a day in UTC.
    public static func timestamp(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        TextCursor.reading(text) { cursor in
            if isPlainTimestamp(cursor.base + cursor.index, cursor.rest) {
                cursor.append(cursor.index..<cursor.end, to: &out)
                return true
            }
            guard let date = CalendarDate(&cursor), cursor.takeTimeMark(), let time = ClockTime(&cursor),
                let offset = UTCOffset(&cursor), cursor.isAtEnd, time.isPossible(at: offset)
            else { return false }
            date.append(to: &out)
            out.append(UInt8(ascii: "T"))
            time.append(to: &out, from: cursor)
            offset.append(to: &out)
            return true
        }
    }

    /// True for a timestamp in canonical spelling, as most are; false says nothing.
    ///
    /// Looks at the bytes in place instead of reading them one by one. Leaves days after the 28th, leap seconds and
    /// years before 1000 to the general way.
    private static func isPlainTimestamp(_ base: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count >= 20, count <= 64 else { return false }
        @inline(__always) func pair(_ index: Int) -> Int {
            let (tens, ones) = (base[index] &- ASCII.zero, base[index + 1] &- ASCII.zero)
            return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : 100
        }
        let (month, day) = (pair(5), pair(8))
        guard pair(0) >= 10, pair(0) < 100, pair(2) < 100, base[4] == ASCII.minus, base[7] == ASCII.minus,
            base[10] == UInt8(ascii: "T"), base[13] == ASCII.colon, base[16] == ASCII.colon, month >= 1, month <= 12,
            day >= 1, day <= 28, pair(11) < 24, pair(14) < 60, pair(17) < 60
        else { return false }
        var index = 19
        if base[index] == ASCII.dot {
            index += 1
            let start = index
            while index < count, ASCII.isDigit(base[index]) { index += 1 }
            if index == start { return false }
        }
        if index + 1 == count { return base[index] == UInt8(ascii: "Z") }
        guard index + 6 == count, base[index] == ASCII.plus || base[index] == ASCII.minus, pair(index + 1) < 24,
            base[index + 3] == ASCII.colon, pair(index + 4) < 60
        else { return false }
        return base[index] == ASCII.minus || pair(index + 1) + pair(index + 4) > 0
    }

    /// `YYYY-MM-DDTHH:MM:SS[.fraction]` without an offset; a text with an offset does not fit.
    public static func localTimestamp(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        TextCursor.reading(text) { cursor in
            guard let date = CalendarDate(&cursor), cursor.takeTimeMark(), let time = ClockTime(&cursor),
                cursor.isAtEnd
            else { return false }
            date.append(to: &out)
            out.append(UInt8(ascii: "T"))
            time.append(to: &out, from: cursor)
            return true
        }
    }

    /// An ISO 8601 duration: years and months, days, and hours, minutes and seconds, three parts that are never
    /// converted into each other.
    ///
    /// Within a part there is one spelling: `P14M` is `P1Y2M`, `P1W` is `P7D`, `PT90S` is `PT1M30S`. Zero parts are left
    /// out; a duration of nothing is `PT0S`. Only seconds may have a fraction, which keeps its digits. A `-` stands
    /// before the `P`.
    public static func duration(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        TextCursor.reading(text) { cursor in
            guard let duration = Duration(&cursor) else { return false }
            duration.append(to: &out, from: cursor)
            return true
        }
    }
}

extension TextCursor {
    fileprivate mutating func takeTimeMark() -> Bool {
        take(UInt8(ascii: "T")) || take(ASCII.space) || take(UInt8(ascii: "t"))
    }

    /// Takes `.` or `,` and digits; nil if there is a mark and no digit, an empty range if there is no mark.
    fileprivate mutating func takeFraction() -> Range<Int>? {
        guard take(ASCII.dot) || take(ASCII.comma) else { return index..<index }
        let digits = takeDigits()
        return digits.isEmpty ? nil : digits
    }
}

/// Appends a number that is not negative with at least `width` digits.
private func appendPadded(_ number: Int64, _ width: Int, to out: inout [UInt8]) {
    var digits: [UInt8] = []
    var rest = number
    while rest > 0 || digits.count < width {
        digits.append(ASCII.zero + UInt8(rest % 10))
        rest /= 10
    }
    out.append(contentsOf: digits.reversed())
}

/// Two digits without the detour.
private func appendPair(_ number: Int, to out: inout [UInt8]) {
    out.append(ASCII.zero + UInt8(number / 10))
    out.append(ASCII.zero + UInt8(number % 10))
}

struct CalendarDate {
    var year: Int64
    var month: Int
    var day: Int

    init?(_ cursor: inout TextCursor, allowsBasic: Bool = false) {
        let hasSign = cursor.peek() == ASCII.minus || cursor.peek() == ASCII.plus
        let isNegative = cursor.takeSign()
        let digits = cursor.takeDigits()
        // Years beyond 16 digits would not fit the arithmetic, and are beyond the age of anything.
        guard digits.count >= 4, digits.count <= 16 else { return nil }
        var number: Int64 = 0
        for index in digits { number = number * 10 + Int64(cursor.base[index] - ASCII.zero) }
        if allowsBasic, !hasSign, digits.count == 8, cursor.isAtEnd {
            (year, month, day) = (number / 10000, Int(number / 100 % 100), Int(number % 100))
        } else {
            guard cursor.take(ASCII.minus), let month = cursor.takePair(), cursor.take(ASCII.minus),
                let day = cursor.takePair()
            else { return nil }
            (self.year, self.month, self.day) = (isNegative ? -number : number, month, day)
        }
        guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return nil }
    }

    static func days(in month: Int, of year: Int64) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    func append(to out: inout [UInt8]) {
        if year < 0 { out.append(ASCII.minus) }
        appendPadded(abs(year), 4, to: &out)
        out.append(ASCII.minus)
        appendPair(month, to: &out)
        out.append(ASCII.minus)
        appendPair(day, to: &out)
    }
}

struct ClockTime {
    var hour: Int
    var minute: Int
    var second: Int
    /// Digits in the text it was read from.
    var fraction: Range<Int>

    init?(_ cursor: inout TextCursor) {
        guard let hour = cursor.takePair(), cursor.take(ASCII.colon), let minute = cursor.takePair(),
            cursor.take(ASCII.colon), let second = cursor.takePair(), let fraction = cursor.takeFraction(),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        (self.hour, self.minute, self.second, self.fraction) = (hour, minute, second, fraction)
    }

    /// False for a leap second that is not at the end of a day in UTC (RFC 3339, 5.7).
    func isPossible(at offset: UTCOffset) -> Bool {
        if second < 60 { return true }
        let minutes = hour * 60 + minute - offset.minutes
        return (minutes + 2880) % 1440 == 1439
    }

    func append(to out: inout [UInt8], from cursor: TextCursor) {
        appendPair(hour, to: &out)
        out.append(ASCII.colon)
        appendPair(minute, to: &out)
        out.append(ASCII.colon)
        appendPair(second, to: &out)
        if !fraction.isEmpty {
            out.append(ASCII.dot)
            cursor.append(fraction, to: &out)
        }
    }
}

struct UTCOffset {
    var isNegative: Bool
    var hour: Int
    var minute: Int

    init?(_ cursor: inout TextCursor) {
        if cursor.take(UInt8(ascii: "Z")) || cursor.take(UInt8(ascii: "z")) {
            (isNegative, hour, minute) = (false, 0, 0)
            return
        }
        guard cursor.peek() == ASCII.plus || cursor.peek() == ASCII.minus else { return nil }
        isNegative = cursor.takeSign()
        guard let hour = cursor.takePair(), hour < 24 else { return nil }
        self.hour = hour
        minute = 0
        if cursor.isAtEnd { return }
        _ = cursor.take(ASCII.colon)
        guard let minute = cursor.takePair(), minute < 60 else { return nil }
        self.minute = minute
    }

    /// Minutes east of UTC.
    var minutes: Int { (isNegative ? -1 : 1) * (hour * 60 + minute) }

    func append(to out: inout [UInt8]) {
        if !isNegative, hour == 0, minute == 0 {
            out.append(UInt8(ascii: "Z"))
            return
        }
        out.append(isNegative ? ASCII.minus : ASCII.plus)
        appendPair(hour, to: &out)
        out.append(ASCII.colon)
        appendPair(minute, to: &out)
    }
}

private struct Duration {
    var isNegative: Bool
    var months: Int64 = 0
    var days: Int64 = 0
    var seconds: Int64 = 0
    /// Digits in the text it was read from.
    var fraction = 0..<0

    init?(_ cursor: inout TextCursor) {
        isNegative = cursor.takeSign()
        guard cursor.take(UInt8(ascii: "P")) else { return nil }
        // Each designator at most once and in this order; weeks are an ISO 8601 form that may stand with the others.
        let designators = Array("YMWDTHMS".utf8)
        var place = 0
        var parts = 0
        var isTime = false
        while !cursor.isAtEnd {
            if cursor.take(UInt8(ascii: "T")) {
                if isTime { return nil }
                isTime = true
                place = 5
                parts = 0
                continue
            }
            let digits = cursor.takeDigits()
            guard !digits.isEmpty, digits.count <= 18, let fraction = cursor.takeFraction(),
                let letter = cursor.peek()
            else { return nil }
            let range = isTime ? place..<8 : place..<4
            guard let found = designators[range].firstIndex(of: letter) else { return nil }
            cursor.index += 1
            place = found + 1
            parts += 1
            if !fraction.isEmpty {
                guard letter == UInt8(ascii: "S"), isTime else { return nil }
                self.fraction = fraction
            }
            var number: Int64 = 0
            for index in digits { number = number * 10 + Int64(cursor.base[index] - ASCII.zero) }
            let fits =
                switch found {
                case 0: Self.add(number, times: 12, to: &months)
                case 1: Self.add(number, times: 1, to: &months)
                case 2: Self.add(number, times: 7, to: &days)
                case 3: Self.add(number, times: 1, to: &days)
                case 5: Self.add(number, times: 3600, to: &seconds)
                case 6: Self.add(number, times: 60, to: &seconds)
                default: Self.add(number, times: 1, to: &seconds)
                }
            if !fits { return nil }
        }
        if parts == 0 { return nil }
    }

    private static func add(_ number: Int64, times factor: Int64, to sum: inout Int64) -> Bool {
        let (product, tooLarge) = number.multipliedReportingOverflow(by: factor)
        let (total, overflow) = sum.addingReportingOverflow(product)
        sum = total
        return !tooLarge && !overflow
    }

    func append(to out: inout [UInt8], from cursor: TextCursor) {
        let hasFraction = fraction.contains { cursor.base[$0] != ASCII.zero }
        if months == 0, days == 0, seconds == 0, !hasFraction {
            out.append(contentsOf: "PT0S".utf8)
            return
        }
        if isNegative { out.append(ASCII.minus) }
        out.append(UInt8(ascii: "P"))
        func part(_ number: Int64, _ letter: Unicode.Scalar) {
            if number == 0 { return }
            appendPadded(number, 1, to: &out)
            out.append(UInt8(ascii: letter))
        }
        part(months / 12, "Y")
        part(months % 12, "M")
        part(days, "D")
        if seconds == 0 && !hasFraction { return }
        out.append(UInt8(ascii: "T"))
        part(seconds / 3600, "H")
        part(seconds / 60 % 60, "M")
        if hasFraction {
            appendPadded(seconds % 60, 1, to: &out)
            out.append(ASCII.dot)
            cursor.append(fraction, to: &out)
            out.append(UInt8(ascii: "S"))
        } else {
            part(seconds % 60, "S")
        }
    }
}
