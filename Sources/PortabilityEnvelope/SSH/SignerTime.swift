import Glibc

/// A time as `valid-after`, `valid-before` and `-Overify-time` of ssh-keygen have it: `YYYYMMDD`, `YYYYMMDDHHMM` or
/// `YYYYMMDDHHMMSS`, in local time, or in UTC with `Z` or `UTC` at the end.
public struct SignerTime: Sendable, Hashable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let hour: Int
    public let minute: Int
    public let second: Int
    public let isUTC: Bool

    /// nil if it is written in another way, or there is no such day or hour.
    public init?(_ text: some StringProtocol) {
        let word = text.uppercased()
        isUTC = word.hasSuffix("Z") || word.hasSuffix("UTC")
        let digits = Array(word.utf8.dropLast(word.hasSuffix("UTC") ? 3 : isUTC ? 1 : 0))
        guard [8, 12, 14].contains(digits.count), digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        func number(_ from: Int, _ count: Int) -> Int {
            from + count > digits.count ? 0 : digits[from..<from + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        year = number(0, 4)
        month = number(4, 2)
        day = number(6, 2)
        hour = number(8, 2)
        minute = number(10, 2)
        second = number(12, 2)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1970, 1...12 ~= month, 1...days[month - 1] ~= day, hour < 24, minute < 60, second < 60 else {
            return nil
        }
    }

    /// Seconds since 1970-01-01 UTC.
    ///
    /// Local times are read as ssh-keygen reads them, so that both give the same answer: without daylight saving time,
    /// in summer too.
    public var unixSeconds: Int64 {
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        parts.tm_sec = Int32(second)
        return Int64(isUTC ? timegm(&parts) : mktime(&parts))
    }
}
