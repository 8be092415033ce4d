/// A length of time as laws and contracts state it.
public enum Term: Hashable, Sendable {
    case days(Int)
    case months(Int)
    case years(Int)

    /// The last day of a term that runs from an event on a day, by the day of the same number, clamped to the end of
    /// its month.
    public func last(after event: CivilDate) -> CivilDate {
        switch self {
        case .days(let count): event.adding(days: count)
        case .months(let count): event.adding(months: count)
        case .years(let count): event.adding(years: count)
        }
    }
}

extension Term: CustomStringConvertible {
    /// In English: `one month`, `30 days`.
    public var description: String {
        let (count, unit) =
            switch self {
            case .days(let count): (count, "day")
            case .months(let count): (count, "month")
            case .years(let count): (count, "year")
            }
        return count == 1 ? "one \(unit)" : "\(count) \(unit)s"
    }
}

/// A period of Union law by Regulation (EEC, Euratom) 1182/71.
///
/// The day of the event does not count (Article 3(1)). A period in months or years ends with the last hour of the day
/// of the same number as the event's, or of the last day of the month if it has no such day (Article 3(2)(c)). Days
/// off within it count (Article 3(3)); if its last day is a public holiday, Sunday or Saturday, it ends with the
/// following working day (Article 3(4)).
public struct TimeLimit: Hashable, Sendable {
    /// The day of the event, which does not count.
    public let event: CivilDate
    public let term: Term

    public init(_ term: Term, after event: CivilDate) {
        self.event = event
        self.term = term
    }

    /// The last day before Article 3(4) is looked at.
    public var last: CivilDate { term.last(after: event) }

    /// True if the month in which it ends has no day of the event's number.
    public var isClamped: Bool {
        if case .days = term { return false }
        return last.day != event.day
    }

    /// The last day, a working day.
    public func end(in calendar: HolidayCalendar) -> CivilDate { calendar.workingDay(onOrAfter: last) }
}
