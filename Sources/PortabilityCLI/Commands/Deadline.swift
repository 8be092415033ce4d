import ArgumentParser
import Glibc
import Portability
import PortabilityCalendar
import PortabilityModel

struct Deadline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadline", abstract: "Say by when a request must be answered.",
        discussion: """
            One month from receipt (GDPR Article 12(3)), three with --extended, by Regulation (EEC, Euratom) 1182/71: \
            to the day of the same number, or the last of its month, and on to the next working day from a Saturday, \
            a Sunday or a public holiday. With --request, the request's clock events count too, and a handover or \
            switching shows the contract's term. Prints the date alone; what explains it goes to stderr.
            """)

    @Argument(
        help: ArgumentHelp(
            "When the request was received: a date, a time with its offset, or - to read many, one on each line.",
            discussion: "Not with --request, which says when.", valueName: "date"))
    var date: String?

    @Flag(help: "The person was told of the extension: three months from receipt.")
    var extended = false

    @Option(
        name: .shortAndLong,
        help: "The configuration (YAML): country, time zone, further holidays, the contract's term.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        name: .shortAndLong, help: "The request (YAML or JSON), instead of a date.",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var request: String?

    @Option(
        help: ArgumentHelp(
            "Whose public holidays count: two letters of ISO 3166-1. Default: the configuration's, else FI.",
            valueName: "code"))
    var country: String?

    @Option(
        help: ArgumentHelp(
            "The controller's time zone, for a time of day. Default: the configuration's, else that of the country "
                + "if it is FI.", valueName: "zone"))
    var timeZone: String?

    @Flag(help: "Explain on stderr how the date came about.")
    var explain = false

    @Option(
        help: ArgumentHelp(
            "Say on stderr how many days are left on this day; a query still open has stopped the clock until then.",
            valueName: "date"))
    var today: String?

    func validate() throws {
        if date == nil, request == nil {
            throw ValidationError("Say when the request was received: a date, or --request FILE.")
        }
        if date != nil, request != nil {
            throw ValidationError("Give either a date or --request, not both: the request says when it was received.")
        }
    }

    func run() async throws {
        let settings = try config.map { path in try readInput { try Configuration.load(path: path) } }
        let day = try today.map { text in
            guard let day = CivilDate(text) else {
                throw PortabilityError(.configuration, "--today is not a date", remedy: "Write it as 2026-11-02")
            }
            return day
        }
        if let request {
            let request = try readInput { try ExportRequest.load(path: request) }
            let received = try moment(request.received, at: .init(field: "received"))
            let events = try request.events.enumerated().map { index, event in
                ClockEvent(
                    event.kind, at: try moment(event.at, at: .init(record: Int64(index + 1), field: "events")),
                    isNecessary: event.isNecessary)
            }
            let rules = try rules(settings, for: [received] + events.map(\.at))
            let deadline = try rules.deadline(
                for: request.right, receivedAt: received, events: events, isExtended: extended, asOf: day)
            guard let due = deadline.due else {
                throw PortabilityError(
                    .configuration, "no term is configured for \(request.right.rawValue), and the law sets none",
                    remedy: "Add the contract's term to the configuration, and give it with --config")
            }
            tell(deadline, day)
            warn(deadline)
            Terminal.out(due.description)
        } else {
            let receipts = try receipts().enumerated().map { index, text in
                try moment(text, at: date == "-" ? .init(line: Int64(index + 1)) : .init())
            }
            let rules = try rules(settings, for: receipts)
            var dates = ""
            var last: ResponseDeadline?
            for received in receipts {
                let deadline = try rules.deadline(
                    for: .access, receivedAt: received, isExtended: extended, asOf: day)
                tell(deadline, day)
                dates += "\(deadline.due?.description ?? "")\n"
                last = deadline
            }
            if let last { warn(last) }
            Terminal.out(dates)
        }
    }

    /// What the options and the configuration say; the time zone is not read for dates alone.
    private func rules(_ settings: Configuration?, for moments: [Moment]) throws -> DeadlineRules {
        let country = country ?? settings?.controller.country ?? "FI"
        guard country.utf8.count == 2, country.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw PortabilityError(
                .configuration, "the country is not two capital letters",
                remedy: "Give it as in ISO 3166-1: FI, SE, DE")
        }
        let extra = try (settings?.extraHolidays ?? []).map { text in
            guard let date = CivilDate(text) else {
                throw PortabilityError(
                    .configuration, "a holiday of the configuration is not a date", remedy: "Write it as 2026-06-19",
                    at: .init(field: "holidays"))
            }
            return date
        }
        // Finland lies in one time zone; a country that lies in several says nothing about the controller's.
        let zone = timeZone ?? settings?.timeZone ?? (country == "FI" ? "Europe/Helsinki" : nil)
        let needsZone = moments.contains { if case .instant = $0 { true } else { false } }
        let holidays = HolidayCalendar(country: country, extra: extra)
        return DeadlineRules(
            holidays: holidays, timeZone: needsZone ? try zone.map { try TimeZoneRules(named: $0) } : nil,
            contractTerm: settings?.contractTermDays.map { .days($0) })
    }

    private func moment(_ text: String, at place: PortabilityError.Place) throws -> Moment {
        do {
            return try Moment(text)
        } catch let error as PortabilityError {
            throw error.within(place)
        }
    }

    /// The argument, or the lines of stdin.
    private func receipts() throws -> [String] {
        guard let date, date == "-" else { return date.map { [$0] } ?? [] }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw PortabilityError(.unavailable, "stdin cannot be read", errno: errno)
            }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= 1 << 20 else {
                throw PortabilityError(
                    .configuration, "stdin holds more than 1 MiB of dates", remedy: "Give them in parts")
            }
        }
        if bytes.last == 10 { bytes.removeLast() }
        guard !bytes.isEmpty else {
            throw PortabilityError(.configuration, "stdin holds no date", remedy: "Write one on each line")
        }
        return bytes.split(separator: 10, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        }
    }

    private func tell(_ deadline: ResponseDeadline, _ day: CivilDate?) {
        if explain {
            for step in deadline.steps { Terminal.error(step.description) }
        }
        for note in deadline.notes {
            switch note {
            case .clockStopped: Terminal.error("note: \(note)")
            case .noPause where !explain: Terminal.error("note: \(note)")
            // The other notes are among the steps, or what was asked for, or are said once for all dates.
            default: continue
            }
        }
        guard let day, let left = deadline.daysLeft(on: day) else { return }
        let days = abs(left) == 1 ? "one day" : "\(abs(left)) days"
        Terminal.error("\(days) \(left < 0 ? "late" : "left") on \(day)")
    }
}

/// Says what is the same for all dates of a run.
private func warn(_ deadline: ResponseDeadline) {
    for note in deadline.notes {
        if case .weekendsOnly = note { Terminal.error("note: \(note)") }
    }
}

extension ClockEvent {
    fileprivate init(_ kind: ExportRequest.Event.Kind, at moment: Moment, isNecessary: Bool) {
        let own: Kind =
            switch kind {
            case .identityAsked: .identityAsked
            case .identityReceived: .identityReceived
            case .clarificationAsked: .clarificationAsked
            case .clarificationReceived: .clarificationReceived
            case .extensionNotified: .extensionNotified
            }
        self.init(own, at: moment, isNecessary: isNecessary)
    }
}
