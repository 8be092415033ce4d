public import PortabilityModel

/// By when a request must be answered, and how that date came about.
public struct ResponseDeadline: Hashable, Sendable {
    /// What sets the date.
    public enum Basis: String, Sendable {
        /// One month, or three, by GDPR Article 12(3).
        case article12 = "article-12-3"
        /// What was agreed: handover and switching have no month of the GDPR.
        case contract
    }

    /// The clock stands still for an answer that has not come.
    public struct OpenPause: Hashable, Sendable {
        public var query: ClockEvent.Query
        /// The day on which the person was asked.
        public var since: CivilDate

        public init(query: ClockEvent.Query, since: CivilDate) {
            self.query = query
            self.since = since
        }
    }

    /// Why a query did not stop the clock.
    public enum NoPauseReason: Hashable, Sendable {
        /// It was not declared necessary.
        case notNecessary
        /// It was not asked at once: it would have had to be on this day at the latest.
        case notAtOnce(latest: CivilDate)
        /// The period was over.
        case afterEnd
        /// The period is a contract's, which Article 12(6) does not move.
        case contract
    }

    /// What a person should know beside the date, for texts in any language.
    public enum Note: Hashable, Sendable {
        /// The period is three months instead of one.
        case extended
        /// An answer is awaited; the date moves with every further day.
        case clockStopped(OpenPause)
        /// A query that did not stop the clock.
        case noPause(ClockEvent.Query, asked: CivilDate, NoPauseReason)
        /// The right has no statutory period, and no contract's term is configured.
        case noContractTerm
        /// No public holidays are known for the country: the date may be earlier than the law allows.
        case weekendsOnly(country: String?)
    }

    /// One step on the way to the date.
    public enum Step: Hashable, Sendable {
        /// The day of receipt, which does not count (Regulation 1182/71, Article 3(1)).
        case received(CivilDate)
        /// The term ran to the day of the same number, or to the last of its month (Article 3(2)(c)).
        case termAdded(Term, basis: Basis, to: CivilDate, isClamped: Bool)
        /// The clock stood still; `until` is nil if the answer is still awaited.
        case paused(ClockEvent.Query, from: CivilDate, until: CivilDate?, days: Int, to: CivilDate)
        /// A query did not stop the clock.
        case notPaused(ClockEvent.Query, asked: CivilDate, NoPauseReason)
        /// A day off, passed over (Article 3(4)).
        case passedOver(CivilDate, HolidayCalendar.DayOff)
    }

    public let right: Right
    /// In the controller's time zone.
    public let receipt: CivilDate
    /// The last day; nil if no contract's term is configured.
    public let due: CivilDate?
    public let basis: Basis
    public let isExtended: Bool
    /// Calendar days for which the clock stood still.
    public let pausedDays: Int
    /// Not nil while the clock stands still.
    public let openPause: OpenPause?
    public let notes: [Note]
    /// In the order in which the date was computed.
    public let steps: [Step]

    /// Days from a day to the last one: 0 on the last day, negative once it has passed, nil without a date.
    public func daysLeft(on date: CivilDate) -> Int? { due.map { date.days(until: $0) } }
}

/// What time limits are computed from: the controller's country, time zone and contracts.
public struct DeadlineRules: Sendable {
    public var holidays: HolidayCalendar
    /// Needed only for moments that are instants.
    public var timeZone: TimeZoneRules?
    /// The term of handovers and switchings; nil if none was agreed.
    public var contractTerm: Term?
    /// Working days from the receipt, or from the person's last answer, within which a query must be asked if it is to
    /// stop the clock.
    ///
    /// EDPB Guidelines 01/2022 on the right of access (chapter 5.3) let the time be suspended for an identity query or
    /// a clarification under recital 63 "provided the controller has asked for additional information without undue
    /// delay", and their example reacts immediately. Neither the Regulation nor the guidelines give a number. Three
    /// working days leave time to open the post and to look up who asks, and are short enough that nobody can gain a
    /// month by asking on the last day. A later query may still be asked; it just does not move the date.
    public var promptWorkingDays: Int

    public init(
        holidays: HolidayCalendar, timeZone: TimeZoneRules? = nil, contractTerm: Term? = nil, promptWorkingDays: Int = 3
    ) {
        self.holidays = holidays
        self.timeZone = timeZone
        self.contractTerm = contractTerm
        self.promptWorkingDays = promptWorkingDays
    }

    /// The time limit of a request.
    ///
    /// Access and portability: one month from receipt by Regulation 1182/71 (``TimeLimit``); if extended, three months
    /// **from receipt**, not two from the end of the first. Each day for which a query stopped the clock moves the
    /// last day by one, before it is moved on to a working day. A query stops it from the day it was asked to the day
    /// the answer came, if it was declared necessary and asked at once (``promptWorkingDays``); days on which two
    /// queries were open count once.
    ///
    /// Handover and switching: the contract's term from receipt, as many days or months as agreed. Regulation 1182/71
    /// does not govern contracts, so that the day is not moved on from a day off, and no query moves it.
    ///
    /// - Parameters:
    ///   - isExtended: Computes the extended period though no event says that the person was told.
    ///   - asOf: Until when a query that is not answered has stopped the clock so far; without it, such a query adds no
    ///     day yet.
    /// - Throws: `configuration` for events that cannot have happened so (before the receipt, an answer without a
    ///   question, a question that stands open twice), an extension notified after the first month, or one of a right
    ///   that has none.
    public func deadline(
        for right: Right, receivedAt receipt: Moment, events: [ClockEvent] = [], isExtended: Bool = false,
        asOf: CivilDate? = nil
    ) throws -> ResponseDeadline {
        let received = try receipt.date(in: timeZone)
        let history = try History(events, receipt: receipt, received: received, rules: self)
        let isExtended = isExtended || history.extensionNotified != nil
        switch right {
        case .access, .portability:
            if let notified = history.extensionNotified { try check(extensionNotified: notified, received, history) }
            var run = Run(Term.months(isExtended ? 3 : 1), after: received, basis: .article12)
            run.pause(history.queries, until: asOf, rules: self)
            run.passOver(holidays)
            var notes: [ResponseDeadline.Note] = isExtended ? [.extended] : []
            notes += run.notes
            if !holidays.knowsHolidays { notes.append(.weekendsOnly(country: holidays.country)) }
            return ResponseDeadline(
                right: right, receipt: received, due: run.last, basis: .article12, isExtended: isExtended,
                pausedDays: run.pausedDays, openPause: run.openPause, notes: notes, steps: run.steps)
        case .switching, .handover:
            guard !isExtended else {
                throw PortabilityError(
                    .configuration, "the extension of Article 12(3) does not apply to \(right.rawValue)",
                    remedy: "Leave the extension out: the contract's term counts", at: .init(field: "events"))
            }
            guard let contractTerm else {
                return ResponseDeadline(
                    right: right, receipt: received, due: nil, basis: .contract, isExtended: false, pausedDays: 0,
                    openPause: nil, notes: [.noContractTerm], steps: [.received(received)])
            }
            var run = Run(contractTerm, after: received, basis: .contract)
            for query in history.queries { run.skip(query, .contract) }
            return ResponseDeadline(
                right: right, receipt: received, due: run.last, basis: .contract, isExtended: false, pausedDays: 0,
                openPause: nil, notes: run.notes, steps: run.steps)
        }
    }

    /// The person must have been told within the first month, as the clock stood on that day.
    private func check(extensionNotified day: CivilDate, _ received: CivilDate, _ history: History) throws {
        var month = Run(Term.months(1), after: received, basis: .article12)
        let before = history.queries.filter { $0.asked <= day }.map { query in
            var query = query
            if let answered = query.answered, answered > day { query.answered = nil }
            return query
        }
        month.pause(before, until: day, rules: self)
        month.passOver(holidays)
        guard day <= month.last else {
            throw PortabilityError(
                .configuration,
                "the extension was notified on \(day), after the first month had ended on \(month.last)",
                remedy: "An extension is void unless the person is told of it within one month of receipt "
                    + "(Article 12(3)); remove the event and answer by the first month's date",
                at: .init(field: "events"))
        }
    }
}

/// The events of a request, checked and paired.
private struct History {
    struct Query {
        var query: ClockEvent.Query
        var asked: CivilDate
        var answered: CivilDate?
        var isNecessary: Bool
        /// The last day on which it would have been asked at once.
        var latest: CivilDate
    }

    /// By the day on which they were asked.
    private(set) var queries: [Query] = []
    private(set) var extensionNotified: CivilDate?

    init(_ events: [ClockEvent], receipt: Moment, received: CivilDate, rules: DeadlineRules) throws {
        func error(_ number: Int, _ message: String, _ remedy: String) -> PortabilityError {
            PortabilityError(
                .configuration, message, remedy: remedy, at: .init(record: Int64(number), field: "events"))
        }
        func isEarlier(_ left: Moment, than right: Moment) -> Bool {
            if case .instant(let left) = left, case .instant(let right) = right { return left < right }
            return false
        }
        // By day; on one day in the order of the list, because a bare date does not say when on that day.
        let dated = try events.enumerated().map { (number: $0 + 1, event: $1, day: try $1.at.date(in: rules.timeZone)) }
            .sorted { ($0.day, $0.number) < ($1.day, $1.number) }
        var open: [ClockEvent.Query: (index: Int, at: Moment)] = [:]
        var reference: [ClockEvent.Query: CivilDate] = [:]
        for (number, event, day) in dated {
            guard day >= received, !isEarlier(event.at, than: receipt) else {
                throw error(
                    number, "the event \(event.kind.rawValue) lies before the receipt of the request",
                    "Correct the event's time, or the request's `received`")
            }
            switch event.kind {
            case .identityAsked, .clarificationAsked:
                guard let query = event.kind.query else { continue }
                guard open[query] == nil else {
                    throw error(
                        number, "the event \(event.kind.rawValue) stands twice without an answer between",
                        "Leave reminders out: the first question counts")
                }
                open[query] = (queries.count, event.at)
                queries.append(
                    Query(
                        query: query, asked: day, isNecessary: event.isNecessary,
                        latest: rules.holidays.adding(
                            workingDays: rules.promptWorkingDays, to: reference[query] ?? received)))
            case .identityReceived, .clarificationReceived:
                guard let query = event.kind.query, let question = open.removeValue(forKey: query),
                    !isEarlier(event.at, than: question.at)
                else {
                    throw error(
                        number, "the event \(event.kind.rawValue) has no question before it",
                        "Add when it was asked, or correct the times")
                }
                queries[question.index].answered = day
                reference[query] = day
            case .extensionNotified:
                guard extensionNotified == nil else {
                    throw error(
                        number, "the event \(event.kind.rawValue) stands twice",
                        "A period can be extended once: keep the first")
                }
                extensionNotified = day
            }
        }
    }
}

/// A period on its way to its last day.
private struct Run {
    private(set) var steps: [ResponseDeadline.Step]
    private(set) var notes: [ResponseDeadline.Note] = []
    private(set) var last: CivilDate
    private(set) var pausedDays = 0
    private(set) var openPause: ResponseDeadline.OpenPause?

    init(_ term: Term, after received: CivilDate, basis: ResponseDeadline.Basis) {
        let limit = TimeLimit(term, after: received)
        last = limit.last
        steps = [
            .received(received), .termAdded(term, basis: basis, to: last, isClamped: limit.isClamped),
        ]
    }

    mutating func skip(_ query: History.Query, _ reason: ResponseDeadline.NoPauseReason) {
        steps.append(.notPaused(query.query, asked: query.asked, reason))
        notes.append(.noPause(query.query, asked: query.asked, reason))
    }

    /// Adds the days of the queries, which are in the order in which they were asked.
    mutating func pause(_ queries: [History.Query], until asOf: CivilDate?, rules: DeadlineRules) {
        var counted: CivilDate?
        for query in queries {
            if !query.isNecessary {
                skip(query, .notNecessary)
            } else if query.asked > query.latest {
                skip(query, .notAtOnce(latest: query.latest))
            } else if query.asked > rules.holidays.workingDay(onOrAfter: last) {
                skip(query, .afterEnd)
            } else {
                let from = max(query.asked, counted ?? query.asked)
                let until = max(query.answered ?? asOf ?? from, from)
                let days = from.days(until: until)
                counted = until
                pausedDays += days
                last = last.adding(days: days)
                steps.append(.paused(query.query, from: query.asked, until: query.answered, days: days, to: last))
                if query.answered == nil, openPause == nil {
                    let pause = ResponseDeadline.OpenPause(query: query.query, since: query.asked)
                    openPause = pause
                    notes.append(.clockStopped(pause))
                }
            }
        }
    }

    /// Article 3(4) of Regulation 1182/71.
    mutating func passOver(_ holidays: HolidayCalendar) {
        while let reason = holidays.dayOff(last) {
            steps.append(.passedOver(last, reason))
            last = last.adding(days: 1)
        }
    }
}

extension ResponseDeadline.Step: CustomStringConvertible {
    /// In English, one sentence without a full stop.
    public var description: String {
        switch self {
        case .received(let date):
            return "received on \(date), a \(date.weekday); the day itself does not count "
                + "(Regulation 1182/71, Article 3(1))"
        case .termAdded(let term, .contract, let date, _):
            return "\(term) from receipt by contract: \(date)"
        case .termAdded(let term, .article12, let date, let isClamped):
            let clamp = isClamped ? ", the last day of a month that has no day of that number" : ""
            return "\(term) from receipt (GDPR Article 12(3)): \(date)\(clamp) (Regulation 1182/71, Article 3(2)(c))"
        case .paused(let query, let from, let until, let days, let date):
            let end = until.map { "to \($0)" } ?? "on, not answered"
            return "the clock stood still for \(query.rawValue) from \(from) \(end): \(days) "
                + "\(days == 1 ? "day" : "days"), so \(date)"
        case .notPaused(let query, let asked, let reason):
            return "the question about \(query.rawValue) of \(asked) did not stop the clock: \(reason)"
        case .passedOver(let date, let reason):
            return "\(date) is \(reason): the period ends with the next working day (Regulation 1182/71, Article 3(4))"
        }
    }
}

extension ResponseDeadline.NoPauseReason: CustomStringConvertible {
    /// In English.
    public var description: String {
        switch self {
        case .notNecessary: "it was not declared necessary"
        case .notAtOnce(let latest): "it was not asked at once, by \(latest)"
        case .afterEnd: "the period had ended"
        case .contract: "a contract's term does not stop for it"
        }
    }
}

extension ResponseDeadline.Note: CustomStringConvertible {
    /// In English, one sentence without a full stop.
    public var description: String {
        switch self {
        case .extended:
            "extended: three months from receipt; the person must be told within the first month, with the reasons"
        case .clockStopped(let pause):
            "the clock stands still since \(pause.since): the answer about \(pause.query.rawValue) is awaited"
        case .noPause(let query, let asked, let reason):
            "the question about \(query.rawValue) of \(asked) did not stop the clock: \(reason)"
        case .noContractTerm:
            "no statutory period applies, and no term is configured"
        case .weekendsOnly(let country):
            "no public holidays are known\(country.map { " for \($0)" } ?? ""): only Saturdays and Sundays were passed "
                + "over, so that the date may be earlier than the law allows"
        }
    }
}
