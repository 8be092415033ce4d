import PortabilityCalendar
import PortabilityModel
import Testing

@Suite("The clock of Article 12(3)")
struct ResponseDeadlineTests {
    private func rules(term: Term? = nil) throws -> DeadlineRules {
        DeadlineRules(
            holidays: finland, timeZone: try TimeZoneRules(named: "Europe/Helsinki", bytes: helsinki.bytes),
            contractTerm: term)
    }

    /// The deadline of an access request; events as `kind moment`, with `!` for a query that was necessary.
    private func deadline(
        _ received: String, _ events: [String] = [], extended: Bool = false, asOf: String? = nil
    ) throws -> ResponseDeadline {
        try rules().deadline(
            for: .access, receivedAt: Moment(received), events: events.map(event), isExtended: extended,
            asOf: asOf.map(day))
    }

    private func event(_ text: String) throws -> ClockEvent {
        let parts = text.split(separator: " ").map(String.init)
        let kind = try #require(ClockEvent.Kind(rawValue: parts[0].replacing("!", with: "")))
        return ClockEvent(kind, at: try Moment(parts[1]), isNecessary: parts[0].hasSuffix("!"))
    }

    @Test("Without events: one month, and the steps that lead there")
    func plain() throws {
        let deadline = try deadline("2026-01-31")
        #expect(deadline.due == (try day("2026-03-02")))
        #expect(deadline.basis == .article12)
        #expect(!deadline.isExtended)
        #expect(deadline.notes.isEmpty)
        #expect(
            deadline.steps == [
                .received(try day("2026-01-31")),
                .termAdded(.months(1), basis: .article12, to: try day("2026-02-28"), isClamped: true),
                .passedOver(try day("2026-02-28"), .saturday), .passedOver(try day("2026-03-01"), .sunday),
            ])
        #expect(deadline.daysLeft(on: try day("2026-02-28")) == 2)
        #expect(deadline.daysLeft(on: try day("2026-03-02")) == 0)
        #expect(deadline.daysLeft(on: try day("2026-03-04")) == -2)
    }

    @Test("A time of day counts as the day it was at the controller's")
    func timeOfDay() throws {
        let deadline = try deadline("2026-08-30T21:30:00Z")
        #expect(deadline.receipt == (try day("2026-08-31")))
        #expect(deadline.due == (try day("2026-09-30")))
    }

    @Test("Extended: three months from receipt")
    func extended() throws {
        let asked = try deadline("2026-01-31", extended: true)
        let told = try deadline("2026-01-31", ["extension-notified 2026-02-20"])
        for deadline in [asked, told] {
            #expect(deadline.due == (try day("2026-04-30")))
            #expect(deadline.isExtended)
            #expect(deadline.notes == [.extended])
        }
    }

    @Test("The extension is notified on the last day of the first month at the latest, which a Saturday moves on")
    func extensionInTime() throws {
        #expect(try deadline("2026-01-31", ["extension-notified 2026-03-02"]).isExtended)
        // Half past one in the night of the third, in Helsinki.
        #expect(throws: configurationError) {
            try deadline("2026-01-31", ["extension-notified 2026-03-02T23:30:00Z"])
        }
        #expect(throws: configurationError) { try deadline("2026-08-07", ["extension-notified 2026-09-08"]) }
        #expect(throws: configurationError) {
            try deadline("2026-08-07", ["extension-notified 2026-08-10", "extension-notified 2026-08-11"])
        }
    }

    @Test("A pause moves the end of the first month too, and with it the last day for the extension")
    func extensionAfterPause() throws {
        let query = ["identity-asked! 2026-08-07", "identity-received 2026-08-17"]
        // Ten days: 17 September.
        #expect(try deadline("2026-08-07", query + ["extension-notified 2026-09-17"]).due == (try day("2026-11-17")))
        #expect(throws: configurationError) { try deadline("2026-08-07", query + ["extension-notified 2026-09-18"]) }
        // While an answer is awaited, the first month cannot end; an answer after the notice does not help it.
        #expect(
            try deadline("2026-08-07", ["identity-asked! 2026-08-07", "extension-notified 2026-09-30"]).isExtended)
        #expect(throws: configurationError) {
            try deadline(
                "2026-08-07",
                [
                    "extension-notified 2026-09-08", "clarification-asked! 2026-09-10",
                    "clarification-received 2026-09-20",
                ])
        }
    }

    @Test("A necessary identity query that was asked at once stops the clock until the answer")
    func identity() throws {
        // Friday; asked on Wednesday, the third working day.
        let deadline = try deadline("2026-08-07", ["identity-asked! 2026-08-12", "identity-received 2026-08-15"])
        #expect(deadline.pausedDays == 3)
        #expect(deadline.due == (try day("2026-09-10")))
        #expect(deadline.openPause == nil)
        #expect(
            deadline.steps.last
                == .paused(
                    .identity, from: try day("2026-08-12"), until: try day("2026-08-15"), days: 3,
                    to: try day("2026-09-10")))
    }

    @Test("The pause is added before the date moves on to a working day")
    func pauseBeforeWeekend() throws {
        // Without: Saturday 28 February, so Monday. One day later is Sunday: the same Monday.
        let deadline = try deadline("2026-01-31", ["identity-asked! 2026-02-02", "identity-received 2026-02-03"])
        #expect(deadline.due == (try day("2026-03-02")))
        #expect(deadline.pausedDays == 1)
    }

    @Test("A query that was not necessary, or not asked at once, does not stop the clock")
    func noPause() throws {
        let asked = try day("2026-08-10")
        let needless = try deadline("2026-08-07", ["identity-asked 2026-08-10", "identity-received 2026-08-20"])
        #expect(needless.due == (try day("2026-09-07")))
        #expect(needless.notes == [.noPause(.identity, asked: asked, .notNecessary)])

        let late = try deadline("2026-08-07", ["clarification-asked! 2026-08-13", "clarification-received 2026-08-20"])
        #expect(late.due == (try day("2026-09-07")))
        #expect(
            late.notes
                == [.noPause(.clarification, asked: try day("2026-08-13"), .notAtOnce(latest: try day("2026-08-12")))])
    }

    @Test("A second query counts from the answer that was not enough")
    func followUp() throws {
        let deadline = try deadline(
            "2026-08-07",
            [
                "identity-asked! 2026-08-07", "identity-received 2026-08-21", "identity-asked! 2026-08-24",
                "identity-received 2026-08-26",
            ])
        #expect(deadline.pausedDays == 16)
        #expect(deadline.due == (try day("2026-09-23")))
    }

    @Test("Days on which two queries were open count once")
    func overlap() throws {
        let deadline = try deadline(
            "2026-08-07",
            [
                "identity-asked! 2026-08-07", "clarification-asked! 2026-08-10", "identity-received 2026-08-12",
                "clarification-received 2026-08-17",
            ])
        #expect(deadline.pausedDays == 10)
        #expect(deadline.due == (try day("2026-09-17")))
        let within = try self.deadline(
            "2026-08-07",
            [
                "identity-asked! 2026-08-07", "clarification-asked! 2026-08-10", "clarification-received 2026-08-11",
                "identity-received 2026-08-17",
            ])
        #expect(within.pausedDays == 10)
    }

    @Test("While an answer is awaited, the date moves from day to day")
    func openPause() throws {
        let events = ["identity-asked! 2026-08-10"]
        let pause = ResponseDeadline.OpenPause(query: .identity, since: try day("2026-08-10"))
        let unknown = try deadline("2026-08-07", events)
        #expect(unknown.due == (try day("2026-09-07")))
        #expect(unknown.openPause == pause)
        #expect(unknown.notes == [.clockStopped(pause)])
        #expect(try deadline("2026-08-07", events, asOf: "2026-08-20").due == (try day("2026-09-17")))
        #expect(try deadline("2026-08-07", events, asOf: "2026-08-01").due == (try day("2026-09-07")))
    }

    @Test("A query after the end of the period stops nothing")
    func afterEnd() throws {
        let deadline = try deadline(
            "2026-08-07",
            [
                "identity-asked! 2026-08-07", "identity-received 2026-08-07", "identity-asked 2026-08-10",
                "identity-received 2026-09-18", "identity-asked! 2026-09-21", "identity-received 2026-09-25",
            ])
        #expect(deadline.due == (try day("2026-09-07")))
        #expect(deadline.notes.last == .noPause(.identity, asked: try day("2026-09-21"), .afterEnd))
    }

    @Test(
        "Events that cannot have happened so are refused",
        arguments: [
            ["identity-asked! 2026-08-06"], ["identity-received 2026-08-10"],
            ["identity-asked! 2026-08-12", "identity-received 2026-08-10"],
            ["identity-asked! 2026-08-10", "clarification-received 2026-08-12"],
            ["identity-asked! 2026-08-10", "identity-asked! 2026-08-12"],
            ["identity-asked! 2026-08-10", "identity-received 2026-08-12", "identity-received 2026-08-13"],
            ["identity-asked! 2026-08-10T12:00:00Z", "identity-received 2026-08-10T11:00:00Z"],
            ["extension-notified 2026-08-06"],
        ])
    func impossible(events: [String]) {
        #expect(throws: configurationError) { try deadline("2026-08-07", events) }
    }

    @Test("On the day of receipt, the time of day decides what was before it")
    func beforeReceiptOnTheSameDay() throws {
        #expect(throws: configurationError) {
            try deadline("2026-08-07T12:00:00Z", ["identity-asked! 2026-08-07T11:59:59Z"])
        }
        #expect(try deadline("2026-08-07T12:00:00Z", ["identity-asked! 2026-08-07"]).openPause != nil)
    }

    @Test("Events may stand in any order")
    func unordered() throws {
        let events = ["identity-received 2026-08-15", "identity-asked! 2026-08-12"]
        #expect(try deadline("2026-08-07", events) == deadline("2026-08-07", events.reversed()))
    }

    @Test("Handover and switching take the contract's term, which neither queries nor days off move")
    func contract() throws {
        for right in [Right.handover, .switching] {
            // 30 days after 7 August is Sunday, 6 September.
            let deadline = try rules(term: .days(30)).deadline(
                for: right, receivedAt: Moment("2026-08-07"), events: [event("identity-asked! 2026-08-07")],
                asOf: day("2026-08-20"))
            #expect(deadline.due == (try day("2026-09-06")))
            #expect(deadline.basis == .contract)
            #expect(deadline.pausedDays == 0)
            #expect(deadline.notes == [.noPause(.identity, asked: try day("2026-08-07"), .contract)])
        }
    }

    @Test("Without a configured term, handover and switching have no date, and never an extension")
    func noContractTerm() throws {
        let deadline = try rules().deadline(for: .handover, receivedAt: Moment("2026-08-07"))
        #expect(deadline.due == nil)
        #expect(deadline.notes == [.noContractTerm])
        #expect(deadline.daysLeft(on: try day("2026-08-08")) == nil)
        #expect(throws: configurationError) {
            try rules(term: .months(1)).deadline(for: .switching, receivedAt: Moment("2026-08-07"), isExtended: true)
        }
    }

    @Test("Where no holidays are known, the deadline says so")
    func weekendsOnly() throws {
        let rules = DeadlineRules(holidays: HolidayCalendar(country: "SE"))
        let deadline = try rules.deadline(for: .portability, receivedAt: Moment("2026-12-01"))
        #expect(deadline.due == (try day("2027-01-01")))
        #expect(deadline.notes == [.weekendsOnly(country: "SE")])
    }

    @Test("The steps read as an explanation")
    func explanation() throws {
        let deadline = try deadline(
            "2026-03-03",
            ["identity-asked 2026-03-04", "clarification-asked! 2026-03-04", "clarification-received 2026-03-05"])
        #expect(
            deadline.steps.map(\.description) == [
                "received on 2026-03-03, a Tuesday; the day itself does not count (Regulation 1182/71, Article 3(1))",
                "one month from receipt (GDPR Article 12(3)): 2026-04-03 (Regulation 1182/71, Article 3(2)(c))",
                "the question about identity of 2026-03-04 did not stop the clock: it was not declared necessary",
                "the clock stood still for clarification from 2026-03-04 to 2026-03-05: 1 day, so 2026-04-04",
                "2026-04-04 is a Saturday: the period ends with the next working day (Regulation 1182/71, Article 3(4))",
                "2026-04-05 is Easter Sunday: the period ends with the next working day (Regulation 1182/71, Article 3(4))",
                "2026-04-06 is Easter Monday: the period ends with the next working day (Regulation 1182/71, Article 3(4))",
            ])
    }
}
