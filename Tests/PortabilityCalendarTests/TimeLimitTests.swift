import PortabilityCalendar
import PortabilityModel
import Testing

@Suite("Time limits by Regulation 1182/71")
struct TimeLimitTests {
    @Test(
        "One month from receipt in Finland",
        arguments: [
            // The issue: 28 February is a Saturday.
            ("2026-01-31", "2026-03-02"),
            ("2026-08-07", "2026-09-07"),
            // 13 September is a Sunday.
            ("2026-08-13", "2026-09-14"),
            // EDPB Guidelines 01/2022: 5 March to 5 April, 31 August to 30 September.
            ("2024-03-05", "2024-04-05"), ("2026-08-31", "2026-09-30"),
            // Clamped, and a leap year.
            ("2024-01-31", "2024-02-29"), ("2027-01-29", "2027-03-01"), ("2026-05-31", "2026-06-30"),
            // Good Friday to Easter Monday; Easter Monday itself.
            ("2026-03-03", "2026-04-07"), ("2026-03-06", "2026-04-07"),
            // Christmas Day on a Friday, St Stephen's Day, a Sunday.
            ("2026-11-25", "2026-12-28"),
            // Independence Day on a Monday.
            ("2027-11-06", "2027-12-07"),
            // Midsummer Eve is a working day, Midsummer Day a Saturday.
            ("2026-05-19", "2026-06-19"), ("2026-05-20", "2026-06-22"),
            // Into the next year: New Year's Day on a Friday.
            ("2026-12-01", "2027-01-04"), ("2026-12-06", "2027-01-07"),
            // Ascension Day; the first of May on a Friday.
            ("2026-04-14", "2026-05-15"), ("2026-04-01", "2026-05-04"),
        ])
    func oneMonth(received: String, due: String) throws {
        #expect(TimeLimit(.months(1), after: try day(received)).end(in: finland) == (try day(due)))
    }

    @Test(
        "Three months from receipt, not two from the end of the first",
        arguments: [
            ("2026-01-31", "2026-04-30"), ("2026-11-30", "2027-03-01"), ("2026-10-06", "2027-01-07"),
            ("2026-03-25", "2026-06-25"),
        ])
    func threeMonths(received: String, due: String) throws {
        #expect(TimeLimit(.months(3), after: try day(received)).end(in: finland) == (try day(due)))
    }

    @Test("Every day of 2020 to 2035, by walking from day to day")
    func everyDay() throws {
        // Nothing here is computed from a day number: months are walked, and holidays stand in a list.
        let easter = try [
            "2020-04-12", "2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05",
            "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2031-04-13", "2032-03-28", "2033-04-17",
            "2034-04-09", "2035-03-25", "2036-04-13",
        ].map(day)
        var walk = Walk(year: 2020, month: 1, day: 1, weekday: 3)
        var calendar = walk.days(until: 2037)
        var easters = 0
        for index in calendar.indices {
            let (year, month, date) = (calendar[index].year, calendar[index].month, calendar[index].day)
            if let sunday = easter.first(where: { $0.year == year }), sunday.month == month, sunday.day == date {
                easters += 1
                for shift in [-2, 0, 1, 39, 49] { calendar[index + shift].isOff = true }
            }
            if [(1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26)].contains(where: { $0 == (month, date) }) {
                calendar[index].isOff = true
            }
            if calendar[index].weekday >= 6 { calendar[index].isOff = true }
        }
        #expect(easters == 17)
        for months in [1, 3] {
            var compared = 0
            for (index, start) in calendar.enumerated() where start.year <= 2035 {
                // Walk over so many ends of months, then to the same number or the month's last day.
                var place = index
                for _ in 0..<months {
                    repeat { place += 1 } while calendar[place].day != 1
                }
                while calendar[place].day < start.day, calendar[place + 1].day != 1 { place += 1 }
                while calendar[place].isOff { place += 1 }
                let received = try #require(CivilDate(year: start.year, month: start.month, day: start.day))
                let due = TimeLimit(.months(months), after: received).end(in: finland)
                let expected = calendar[place]
                if (due.year, due.month, due.day) != (expected.year, expected.month, expected.day) {
                    Issue.record("\(received) + \(months): \(due), not \(expected)")
                }
                compared += 1
            }
            #expect(compared == 5844)
        }
    }

    /// A calendar made by walking.
    private struct Walk {
        struct Day {
            var year, month, day, weekday: Int
            var isOff = false
        }
        var today: Day

        init(year: Int, month: Int, day: Int, weekday: Int) {
            today = Day(year: year, month: month, day: day, weekday: weekday)
        }

        mutating func days(until year: Int) -> [Day] {
            var days: [Day] = []
            while today.year < year {
                days.append(today)
                let lengths = [31, today.year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
                today.weekday = today.weekday == 7 ? 1 : today.weekday + 1
                today.day += 1
                if today.day > lengths[today.month - 1] { (today.month, today.day) = (today.month + 1, 1) }
                if today.month > 12 { (today.year, today.month) = (today.year + 1, 1) }
            }
            return days
        }
    }
}
