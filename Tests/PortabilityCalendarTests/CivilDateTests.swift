import PortabilityCalendar
import Testing

/// A date of a test, which is known to exist.
func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text), "\(text) is not a date") }

@Suite("Civil dates")
struct CivilDateTests {
    @Test(
        "A date is read and printed as YYYY-MM-DD", arguments: ["0000-01-01", "1970-01-01", "2024-02-29", "9999-12-31"])
    func spelling(text: String) throws {
        #expect(try day(text).description == text)
    }

    @Test(
        "What is no date is not read",
        arguments: [
            "", "2026", "2026-1-1", "2026-01-1", "26-01-01", "2026/01/01", "20260101", "2026-00-10", "2026-13-01",
            "2026-01-00", "2026-01-32", "2026-04-31", "2025-02-29", "1900-02-29", "+2026-01-01", "-026-01-01",
            "2026-01-01 ", " 2026-01-01", "2026-01-01T00:00:00Z", "２０２６-01-01", "2026-01-0x",
        ])
    func notDates(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test(
        "Days are counted from 1970-01-01",
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11016), ("2026-01-31", 20484),
            ("0000-03-01", -719468),
            ("9999-12-31", 2_932_896),
        ] as [(String, Int64)])
    func dayNumbers(text: String, number: Int64) throws {
        #expect(try day(text).daysSince1970 == number)
        #expect(CivilDate(daysSince1970: number).description == text)
    }

    @Test("Every day of 800 years follows the one before, by a count on the fingers")
    func everyDay() {
        var (year, month, date) = (1600, 1, 1)
        var number = CivilDate(year: year, month: month, day: date).map(\.daysSince1970) ?? 0
        // 1600-01-01 was a Saturday.
        var weekday = 6
        let ordinary = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        while year < 2400 {
            let counted = CivilDate(daysSince1970: number)
            if counted.year != year || counted.month != month || counted.day != date
                || counted.weekday.rawValue != weekday || counted.daysSince1970 != number
            {
                Issue.record("\(year)-\(month)-\(date) was taken for \(counted), a \(counted.weekday)")
                return
            }
            let isLeap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
            date += 1
            if date > ordinary[month - 1] + (month == 2 && isLeap ? 1 : 0) { (month, date) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            weekday = weekday % 7 + 1
            number += 1
        }
        #expect(number == CivilDate(year: 2400, month: 1, day: 1)?.daysSince1970)
    }

    @Test(
        "Months are added to the day of the same number, or the last of a shorter month",
        arguments: [
            ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-01-28", 1, "2026-02-28"),
            ("2026-08-31", 1, "2026-09-30"), ("2026-11-30", 3, "2027-02-28"), ("2026-12-15", 1, "2027-01-15"),
            ("2026-03-31", -1, "2026-02-28"), ("2026-01-15", -1, "2025-12-15"), ("2024-02-29", 12, "2025-02-28"),
        ])
    func months(from: String, count: Int, to: String) throws {
        #expect(try day(from).adding(months: count) == day(to))
    }

    @Test("No count of days, months or years is too large for the arithmetic", arguments: [Int.min, Int.max])
    func absurdCounts(count: Int) throws {
        let date = try day("2026-01-31")
        let isLater = count > 0
        #expect((date.adding(days: count) > date) == isLater)
        #expect((date.adding(months: count) > date) == isLater)
        #expect((date.adding(years: count) > date) == isLater)
        #expect((CivilDate(daysSince1970: Int64(count)).adding(days: count) > date) == isLater)
    }

    @Test("Dates are in order of time")
    func order() throws {
        let dates = try ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01", "2027-01-01"].map(day)
        #expect(dates.reversed().sorted() == dates)
        #expect(try day("2026-01-31").days(until: day("2026-03-02")) == 30)
    }
}

@Suite("Moments")
struct MomentTests {
    @Test(
        "An RFC 3339 time is an instant",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-02T09:14:00+02:00", 1_793_603_640),
            ("2026-11-02t07:14:00z", 1_793_603_640),
            ("2026-11-02 07:14:00.999Z", 1_793_603_640), ("2026-11-02T04:14:00-0300", 1_793_603_640),
            ("2026-11-02T09:14:00+02", 1_793_603_640), ("1969-12-31T23:59:59Z", -1),
            ("2016-12-31T23:59:60Z", 1_483_228_799),
        ] as [(String, Int64)])
    func instants(text: String, seconds: Int64) throws {
        #expect(try Moment(text) == .instant(seconds))
    }

    @Test("A date is a day, whatever the time zone")
    func dates() throws {
        #expect(try Moment("2026-01-31").date(in: nil) == day("2026-01-31"))
    }

    @Test("A time of day needs a time zone")
    func noTimeZone() throws {
        let moment = try Moment("2026-01-31T23:00:00Z")
        #expect(throws: configurationError) { try moment.date(in: nil) }
    }

    @Test(
        "What names no instant is refused",
        arguments: [
            "", "tomorrow", "2026-11-02T09:14:00", "2026-11-02T09:14Z", "2026-11-02T24:00:00Z", "2026-11-02T09:60:00Z",
            "2026-11-02T09:14:60Z", "2026-11-02T09:14:00.Z", "2026-11-02T09:14:00+2:00", "2026-11-02T09:14:00+24:00",
            "2026-11-02T09:14:00+02:60", "2026-11-02T09:14:00 +02:00", "2026-11-02T09:14:00Z ", "2026-02-30T09:14:00Z",
            "2026-11-02T09:14:00." + String(repeating: "0", count: 100) + "Z",
        ])
    func notInstants(text: String) {
        #expect(throws: configurationError) { try Moment(text) }
    }
}
