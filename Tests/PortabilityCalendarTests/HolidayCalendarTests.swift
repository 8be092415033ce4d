import PortabilityCalendar
import PortabilityModel
import Testing

let configurationError = PortabilityError(.configuration, "")
let finland = HolidayCalendar(country: "FI")

@Suite("Public holidays")
struct HolidayCalendarTests {
    @Test("Easter Sunday is on the days of the almanac")
    func easter() throws {
        let almanac = [
            "2020-04-12", "2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05",
            "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2031-04-13", "2032-03-28", "2033-04-17",
            "2034-04-09", "2035-03-25", "2036-04-13",
            // The earliest and the latest that there can be, and the last year of a century.
            "1818-03-22", "1943-04-25", "2038-04-25", "2285-03-22", "2000-04-23", "1900-04-15", "2100-03-28",
        ]
        for text in almanac {
            let date = try day(text)
            #expect(HolidayCalendar.easterSunday(in: date.year) == date)
        }
    }

    @Test("Finland in 2026, as the almanac of the University of Helsinki prints it")
    func finland2026() throws {
        let holidays = finland.holidays(in: 2026)
        #expect(
            holidays.map(\.date.description) == [
                "2026-01-01", "2026-01-06", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-01", "2026-05-14",
                "2026-05-24", "2026-06-20", "2026-10-31", "2026-12-06", "2026-12-25", "2026-12-26",
            ])
        #expect(holidays.map(\.name.fi)[2] == "pitkäperjantai")
        #expect(holidays.map(\.name.sv)[8] == "midsommardagen")
        #expect(holidays.map(\.name.en)[9] == "All Saints' Day")
    }

    @Test("Thirteen holidays in every year; Midsummer Day and All Saints' Day are Saturdays, Ascension Day a Thursday")
    func everyYear() throws {
        for year in 1992...2100 {
            let holidays = finland.holidays(in: year)
            // In 2008 Ascension Day fell on the first of May.
            let coincide = holidays.count == 12
            #expect(
                holidays.count == 13
                    || coincide && HolidayCalendar.easterSunday(in: year).description.hasSuffix("03-23"))
            for holiday in holidays {
                switch holiday.name.en {
                case "Midsummer Day", "All Saints' Day": #expect(holiday.date.weekday == .saturday)
                case "Ascension Day": #expect(holiday.date.weekday == .thursday)
                case "Good Friday": #expect(holiday.date.weekday == .friday)
                case "Easter Sunday", "Whit Sunday": #expect(holiday.date.weekday == .sunday)
                case "Easter Monday": #expect(holiday.date.weekday == .monday)
                default: continue
                }
            }
        }
    }

    @Test("Midsummer Eve and Christmas Eve are working days, unless they are given as extra days")
    func eves() throws {
        let (midsummer, christmas) = try (day("2026-06-19"), day("2026-12-24"))
        #expect(finland.dayOff(midsummer) == nil)
        #expect(finland.dayOff(christmas) == nil)
        let wider = HolidayCalendar(country: "FI", extra: [christmas, midsummer, christmas])
        #expect(wider.extra == [midsummer, christmas])
        #expect(wider.workingDay(onOrAfter: midsummer) == (try day("2026-06-22")))
        #expect(wider.workingDay(onOrAfter: christmas) == (try day("2026-12-28")))
    }

    @Test("Of a country without rules, only Saturdays, Sundays and the days given are off")
    func otherCountries() throws {
        let first = try day("2026-01-01")
        for country in ["SE", nil] {
            let bare = HolidayCalendar(country: country)
            #expect(!bare.knowsHolidays)
            #expect(bare.dayOff(first) == nil)
            #expect(bare.dayOff(try day("2026-01-03")) == .saturday)
            #expect(bare.dayOff(try day("2026-01-04")) == .sunday)
            let given = HolidayCalendar(country: country, extra: [first])
            #expect(given.knowsHolidays)
            #expect(given.workingDay(onOrAfter: first) == (try day("2026-01-02")))
        }
    }

    @Test("A holiday on a weekend is named as a holiday")
    func holidayOnWeekend() throws {
        let independence = try #require(finland.holiday(on: day("2026-12-06")))
        #expect(independence.date.weekday == .sunday)
        #expect(finland.dayOff(independence.date) == .holiday(independence.name))
    }

    @Test("Working days are counted from the day after")
    func workingDays() throws {
        // Thursday before Easter: the next working days are Tuesday, Wednesday and Thursday.
        #expect(finland.adding(workingDays: 3, to: try day("2026-04-02")) == (try day("2026-04-09")))
        #expect(finland.adding(workingDays: 0, to: try day("2026-04-03")) == (try day("2026-04-03")))
    }
}
