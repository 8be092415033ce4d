/// A day of the proleptic Gregorian calendar, without time or time zone.
///
/// A value of its own instead of Foundation's `Date` and `Calendar`: a time limit is counted in days, and neither
/// locale nor time zone of the process may move it.
public struct CivilDate: Hashable, Sendable {
    /// Day of the week, numbered as in ISO 8601: Monday is 1.
    public enum Weekday: Int, Sendable, CaseIterable {
        case monday = 1, tuesday, wednesday, thursday, friday, saturday, sunday
    }

    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to the length of the month.
    public let day: Int

    /// Nil if there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.length(ofMonth: month, in: year) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Reads `YYYY-MM-DD` and nothing else (RFC 3339, `full-date`); nil if it is not that, or there is no such day.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, let date = CivilDate(bytes[...]) else { return nil }
        self = date
    }

    /// The day that is so many days after 1970-01-01. Counts beyond 2^56, about 200 million million years, are taken as
    /// that many.
    public init(daysSince1970 count: Int64) {
        // Days are counted from 0000-03-01, so that the leap day ends the year; 146 097 days make 400 years.
        let shifted = Int(min(max(count, -1 << 56), 1 << 56)) + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted.flooredRemainder(146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    }

    /// Reads the ten bytes of `YYYY-MM-DD`.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == 10 else { return nil }
        let start = bytes.startIndex
        guard bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
            let year = bytes.number(start..<start + 4), let month = bytes.number(start + 5..<start + 7),
            let day = bytes.number(start + 8..<start + 10)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Negative before 1970-01-01.
    public var daysSince1970: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.flooredQuotient(400)
        let yearOfEra = shiftedYear.flooredRemainder(400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return Int64(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
    }

    public var weekday: Weekday {
        // 1970-01-01 was a Thursday.
        let number = Int(daysSince1970) + 3
        return Weekday.allCases[number.flooredRemainder(7)]
    }

    /// Days from this day to another one, negative if that is earlier.
    public func days(until other: CivilDate) -> Int { Int(other.daysSince1970 - daysSince1970) }

    /// The day that is so many days later, or earlier if the count is negative. Counts of more than a million years
    /// are taken as a million years, so that no configuration can overflow.
    public func adding(days count: Int) -> CivilDate {
        let limit = Self.largestYears * 366
        return CivilDate(daysSince1970: daysSince1970 + Int64(min(max(count, -limit), limit)))
    }

    /// The day of the same number so many months later (earlier if negative), or the last day of that month if it has
    /// no such day. Counts of more than a million years are taken as a million years.
    public func adding(months count: Int) -> CivilDate {
        let limit = Self.largestYears * 12
        let months = year * 12 + month - 1 + min(max(count, -limit), limit)
        let (newYear, newMonth) = (months.flooredQuotient(12), months.flooredRemainder(12) + 1)
        let newDay = min(day, Self.length(ofMonth: newMonth, in: newYear))
        return CivilDate(unchecked: (newYear, newMonth, newDay))
    }

    /// The day of the same number so many years later, 28 February for 29 February where there is none.
    public func adding(years count: Int) -> CivilDate {
        adding(months: min(max(count, -Self.largestYears), Self.largestYears) * 12)
    }

    /// The 31st of December of this day's year.
    public var endOfCalendarYear: CivilDate { CivilDate(unchecked: (year, 12, 31)) }

    /// Days of a month, 1 to 12.
    public static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// For days that are known to exist.
    init(unchecked parts: (year: Int, month: Int, day: Int)) { (year, month, day) = parts }

    private static let largestYears = 1_000_000
}

extension CivilDate: Comparable {
    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

extension CivilDate: CustomStringConvertible {
    /// `YYYY-MM-DD`.
    public var description: String {
        let digits = String(year.magnitude)
        let sign = year < 0 ? "-" : ""
        return
            "\(sign)\(String(repeating: "0", count: max(0, 4 - digits.utf8.count)))\(digits)-\(two(month))-\(two(day))"
    }
}

extension CivilDate.Weekday: CustomStringConvertible {
    /// In English, with a capital.
    public var description: String {
        switch self {
        case .monday: "Monday"
        case .tuesday: "Tuesday"
        case .wednesday: "Wednesday"
        case .thursday: "Thursday"
        case .friday: "Friday"
        case .saturday: "Saturday"
        case .sunday: "Sunday"
        }
    }
}

/// A number of at least two digits.
func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

extension Int {
    /// Division that rounds down, so that days before 1970 are no special case.
    func flooredQuotient(_ divisor: Int) -> Int { self / divisor - (self % divisor < 0 ? 1 : 0) }
    /// What is left of it, from 0 to `divisor - 1`.
    func flooredRemainder(_ divisor: Int) -> Int { self % divisor < 0 ? self % divisor + divisor : self % divisor }
}

extension ArraySlice<UInt8> {
    /// The number that the digits of a range make; nil if anything else stands there.
    func number(_ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.lowerBound >= startIndex, range.upperBound <= endIndex else { return nil }
        var number = 0
        for index in range {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }
}
