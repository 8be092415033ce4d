public import PortabilityModel

/// The financial years of a company: those that were given one by one, and the day on which all others end.
public struct FinancialYears: Hashable, Sendable {
    /// Year by year where it is irregular: a first year, a change of the year's end. Ascending, without overlap.
    public let periods: [ClosedRange<CivilDate>]
    /// Month and day on which every other financial year ends; nil if only ``periods`` are known.
    public let end: MonthDay?

    /// A day of every year. 29 February means the last day of February.
    public struct MonthDay: Hashable, Sendable {
        public let month: Int
        public let day: Int

        /// Reads `MM-DD`; nil if it is not that, or no year has such a day.
        public init?(_ text: String) {
            guard text.utf8.count == 5, let date = CivilDate("2000-" + text) else { return nil }
            (month, day) = (date.month, date.day)
        }

        init(month: Int, day: Int) { (self.month, self.day) = (month, day) }

        func date(in year: Int) -> CivilDate {
            let isLeapDay = month == 2 && day == 29
            return CivilDate(
                unchecked: (year, month, isLeapDay ? CivilDate.length(ofMonth: 2, in: year) : day))
        }
    }

    /// The calendar year, which is the financial year of most.
    public static let calendarYears = FinancialYears(end: MonthDay(month: 12, day: 31))

    /// Makes it from explicit periods and the end of the others.
    ///
    /// - Throws: `configuration` if periods are not ascending, or overlap, or neither is given.
    public init(periods: [ClosedRange<CivilDate>] = [], end: MonthDay? = nil) throws {
        for (earlier, later) in zip(periods, periods.dropFirst()) where later.lowerBound <= earlier.upperBound {
            throw PortabilityError(
                .configuration, "financial years overlap, or are not in order",
                remedy: "List them from the earliest to the latest, each beginning after the end of the one before")
        }
        guard !periods.isEmpty || end != nil else {
            throw PortabilityError(
                .configuration, "no financial year is given",
                remedy: "Give the day on which financial years end, as 12-31, or a list of their first and last days")
        }
        self.periods = periods
        self.end = end
    }

    private init(end: MonthDay) {
        periods = []
        self.end = end
    }

    /// The last day of the financial year that a day belongs to; nil if it is not known.
    ///
    /// A regular year that an explicit one cuts short ends on the day before that one begins.
    public func end(ofYearWith date: CivilDate) -> CivilDate? {
        if let period = periods.first(where: { $0.contains(date) }) { return period.upperBound }
        guard let end else { return nil }
        let inYear = end.date(in: date.year)
        let regular = inYear >= date ? inYear : end.date(in: date.year + 1)
        let next = periods.first { $0.lowerBound > date }?.lowerBound
        return next.map { min(regular, $0.adding(days: -1)) } ?? regular
    }
}

/// How long data are kept (GDPR Article 13(2)(a), 15(1)(d)): a period from which a date follows, or a criterion.
public enum RetentionRule: Hashable, Sendable {
    /// In words only, where no date can be computed.
    case criterion(LocalizedText)
    /// So long after the record's own date.
    case after(Term)
    /// At least so many years from the end of the calendar year in which the financial year of the record ended.
    case afterCalendarYear(years: Int)
    /// At least so many years from the end of the financial year of the record.
    case afterFinancialYear(years: Int)
    /// The processor keeps as the controller instructs (GDPR Article 28(3)(a) and (g)).
    case asInstructed

    /// Vouchers by the Finnish Accounting Act (1336/1997), chapter 2, section 10: six years from the end of the year
    /// in which the financial year ended.
    public static let finnishVouchers = RetentionRule.afterCalendarYear(years: 6)
    /// Books and financial statements by the same section: ten years from the end of the financial year.
    public static let finnishBooks = RetentionRule.afterFinancialYear(years: 10)

    /// True if ``end(for:financialYears:)`` needs to know financial years.
    public var needsFinancialYears: Bool {
        switch self {
        case .afterCalendarYear, .afterFinancialYear: true
        case .criterion, .after, .asInstructed: false
        }
    }

    /// Until when a record of a date is kept; nil where no date follows from the rule, or its financial year is not
    /// known.
    public func end(for date: CivilDate, financialYears: FinancialYears?) -> RetentionEnd? {
        switch self {
        case .criterion, .asInstructed: nil
        case .after(let term): .until(term.last(after: date))
        case .afterCalendarYear(let years):
            financialYears?.end(ofYearWith: date).map { .atLeastUntil($0.endOfCalendarYear.adding(years: years)) }
        case .afterFinancialYear(let years):
            financialYears?.end(ofYearWith: date).map { .atLeastUntil($0.adding(years: years)) }
        }
    }
}

/// The end of a retention period.
public enum RetentionEnd: Hashable, Sendable {
    /// Kept through this day, then deleted.
    case until(CivilDate)
    /// The law forbids to delete before this day has passed; "at least until".
    case atLeastUntil(CivilDate)

    /// The last day.
    public var date: CivilDate {
        switch self {
        case .until(let date), .atLeastUntil(let date): date
        }
    }

    /// True for "at least until".
    public var isMinimum: Bool {
        if case .atLeastUntil = self { true } else { false }
    }
}
