import PortabilityCalendar
import PortabilityModel
import Testing

@Suite("Retention")
struct RetentionTests {
    private func years(_ periods: [(String, String)] = [], end: String? = nil) throws -> FinancialYears {
        try FinancialYears(
            periods: periods.map { try day($0.0)...day($0.1) },
            end: end.map { try #require(FinancialYears.MonthDay($0)) })
    }

    @Test("An invoice of a broken financial year is kept at least until the end of the sixth calendar year")
    func vouchers() throws {
        // The issue: 15.8.2019, financial year 1.7.2019 to 30.6.2020.
        let explicit = try years([("2019-07-01", "2020-06-30")])
        let regular = try years(end: "06-30")
        let until = RetentionEnd.atLeastUntil(try day("2026-12-31"))
        #expect(RetentionRule.finnishVouchers.end(for: try day("2019-08-15"), financialYears: explicit) == until)
        #expect(RetentionRule.finnishVouchers.end(for: try day("2019-08-15"), financialYears: regular) == until)
        #expect(until.isMinimum)
        // Within one financial year, the day makes no difference; a day later it does.
        #expect(RetentionRule.finnishVouchers.end(for: try day("2020-06-30"), financialYears: regular) == until)
        #expect(
            RetentionRule.finnishVouchers.end(for: try day("2020-07-01"), financialYears: regular)?.date
                == (try day("2027-12-31")))
    }

    @Test("The Chamber of Commerce's example: a year that ended on 30.4.2017")
    func chamberOfCommerce() throws {
        let years = try years(end: "04-30")
        let date = try day("2016-09-01")
        #expect(RetentionRule.finnishVouchers.end(for: date, financialYears: years)?.date == (try day("2023-12-31")))
        #expect(RetentionRule.finnishBooks.end(for: date, financialYears: years)?.date == (try day("2027-04-30")))
    }

    @Test("With calendar years, vouchers are kept for six years after the record's own")
    func calendarYears() throws {
        for text in ["2019-01-01", "2019-12-31"] {
            #expect(
                RetentionRule.finnishVouchers.end(for: try day(text), financialYears: .calendarYears)?.date
                    == (try day("2025-12-31")))
        }
    }

    @Test("Explicit years go before the regular end, and cut it short where they begin")
    func changeOfYear() throws {
        // From the calendar year to a year that ends in June, by a long year of 18 months.
        let years = try years([("2020-01-01", "2021-06-30"), ("2021-07-01", "2022-06-30")], end: "12-31")
        #expect(years.end(ofYearWith: try day("2019-03-01")) == (try day("2019-12-31")))
        #expect(years.end(ofYearWith: try day("2020-12-31")) == (try day("2021-06-30")))
        #expect(years.end(ofYearWith: try day("2022-01-01")) == (try day("2022-06-30")))
        let short = try self.years([("2020-07-01", "2021-06-30")], end: "12-31")
        #expect(short.end(ofYearWith: try day("2020-03-01")) == (try day("2020-06-30")))
    }

    @Test("A year that ends with February ends on its last day")
    func february() throws {
        let years = try years(end: "02-29")
        #expect(years.end(ofYearWith: try day("2023-03-01")) == (try day("2024-02-29")))
        #expect(years.end(ofYearWith: try day("2024-03-01")) == (try day("2025-02-28")))
    }

    @Test("Without the financial year there is no date, and none from a criterion or an instruction")
    func noDate() throws {
        let date = try day("2019-08-15")
        #expect(RetentionRule.finnishVouchers.end(for: date, financialYears: nil) == nil)
        #expect(
            try RetentionRule.finnishBooks.end(for: date, financialYears: years([("2020-01-01", "2020-12-31")])) == nil)
        let text = LocalizedText(fi: "kunnes", sv: "tills", en: "until")
        for rule in [RetentionRule.criterion(text), .asInstructed] {
            #expect(rule.end(for: date, financialYears: .calendarYears) == nil)
            #expect(!rule.needsFinancialYears)
        }
    }

    @Test(
        "A period after the record's own date",
        arguments: [
            (Term.years(2), "2024-02-29", "2026-02-28"), (.months(6), "2025-08-31", "2026-02-28"),
            (.days(90), "2026-01-01", "2026-04-01"),
        ])
    func after(term: Term, from: String, until: String) throws {
        #expect(RetentionRule.after(term).end(for: try day(from), financialYears: nil) == .until(try day(until)))
    }

    @Test("Financial years that overlap, stand in disorder or are missing are refused")
    func badYears() throws {
        #expect(throws: configurationError) { try years([("2020-01-01", "2020-12-31"), ("2020-12-31", "2021-06-30")]) }
        #expect(throws: configurationError) { try years([("2021-01-01", "2021-12-31"), ("2020-01-01", "2020-12-31")]) }
        #expect(throws: configurationError) { try years() }
        for text in ["2-28", "02-30", "13-01", "0228", "12-31 ", ""] {
            #expect(FinancialYears.MonthDay(text) == nil)
        }
    }
}
