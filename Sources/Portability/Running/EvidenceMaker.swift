import Glibc
import PortabilityArchive
import PortabilityCalendar
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import PortabilityScope

/// Makes the receipt of one export, and the journal's line on it.
struct EvidenceMaker: Sendable {
    let engine: PortabilityEngine
    let request: ExportRequest
    /// Seconds since 1970.
    let created: Int64
    let review: ReviewFile?
    /// When the answer is due; nil if that cannot be told here.
    let deadline: ResponseDeadline?
    /// The fingerprint of the key that signs the archive; nil if none does.
    let signingKey: String?

    /// - Throws: `configuration` for events that cannot have happened so.
    init(
        engine: PortabilityEngine, request: ExportRequest, created: Int64, review: ReviewFile?,
        signingKey: String? = nil
    ) throws {
        self.engine = engine
        self.request = request
        self.created = created
        self.review = review
        self.signingKey = signingKey
        deadline = try Self.deadline(of: request, engine)
    }

    private var configuration: Configuration { engine.configuration }

    /// Finds out before anything is read whether a receipt can be written.
    ///
    /// - Throws: `refused` if the request holds what a receipt must not; `configuration` for impossible events.
    func check() throws {
        try receipt(
            status: .complete, archive: .init(bytes: 0, sha256: String(repeating: "0", count: 64)), sources: [],
            datasets: [], documents: .init(), missing: []
        ).validate()
    }

    /// When the answer is due; nil if the country's time zone is not known to this machine, or no term is agreed.
    ///
    /// - Throws: `configuration` for events that cannot have happened so.
    private static func deadline(
        of request: ExportRequest, _ engine: PortabilityEngine
    ) throws -> ResponseDeadline? {
        let isInstant = request.received.utf8.count > 10
        if isInstant, engine.timeZone == nil { return nil }
        let rules = try engine.configuration.deadlineRules(timeZone: engine.timeZone)
        return try rules.deadline(
            for: request.right, receivedAt: Moment(request.received), events: request.clockEvents())
    }

    func receipt(
        status: Receipt.Status, archive: Receipt.Archive, sources: [Receipt.Source], datasets: [Receipt.Dataset],
        documents: Receipt.Documents, missing: [Receipt.Missing]
    ) -> Receipt {
        let controller = configuration.controller
        let policy = configuration.policy
        let due = deadline
        var receipt = Receipt(
            status: status, request: request.id, right: request.right,
            formats: Format.allCases.filter { request.formats.contains($0) }, received: request.received,
            created: rfc3339(created), finished: rfc3339(max(created, engine.options.now())),
            tool: .init(
                name: "portability", version: engine.options.toolVersion, codec: engine.compression.codecName),
            controller: .init(name: controller.name, businessID: controller.businessID),
            policy: .init(name: policy.name, date: policy.date, sha256: policy.sha256),
            configurationSHA256: configuration.digest.isEmpty
                ? String(repeating: "0", count: 64) : configuration.digest,
            identityCheck: request.identityCheck.map {
                .init(method: $0.method.rawValue, level: $0.level, at: $0.at, by: $0.by)
            },
            signatureSHA256: request.signature?.evidence?.sha256, instruction: request.instruction,
            deadline: due.flatMap { due in
                due.due.map { Receipt.Deadline(due: $0.description, isExtended: due.isExtended) }
            },
            reviewSHA256: review?.sha256, supplements: request.supplements, archive: archive, sources: sources,
            datasets: datasets, documents: documents, missing: missing)
        receipt.signingKey = signingKey
        return receipt
    }

    /// Gives the archive its name, or all volumes theirs, after the receipt and before its line in the journal: no
    /// archive can go out without its proof.
    ///
    /// - Throws: `output`: there is then neither archive nor receipt, unless the message says that they are in place; and
    ///   what the journal throws.
    ///
    /// - Parameters:
    ///   - archives: the archive, or the volumes in their order.
    ///   - earlier: the id of the receipt that has the name now; it is kept as `NAME.<id>.receipt.json`.
    func settle(_ receipt: Receipt, archives: [OutputFile], receipt file: OutputFile?, earlier: String?) throws {
        for archive in archives { try archive.synchronize() }
        do {
            if let file {
                if let earlier { try putAside(file.path, earlier) }
                try write(receipt, into: file)
                try file.commit()
            }
            // The first volume last: where it stands, all of them do.
            for archive in archives.reversed() { try archive.commit() }
        } catch {
            if archives.count > 1 { for archive in archives { archive.withdraw() } }
            if let file, file.isInPlace, !archives.contains(where: \.isInPlace) { unlink(file.path) }
            throw error
        }
        do {
            try engine.record(try journalEvents(receipt))
        } catch {
            var told = asPortabilityError(error)
            told.message = "archive and receipt are in place, but the journal does not say so: \(told.message)"
            throw told
        }
    }

    /// Writes the receipt's document.
    ///
    /// - Throws: `output`.
    func write(_ receipt: Receipt, into file: OutputFile) throws {
        let bytes = try receipt.document(SHA256Digest.factory)
        try file.write(bytes.span)
    }

    private func putAside(_ path: String, _ id: String) throws {
        let ending = ".receipt.json"
        let stem = path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
        let kept = "\(stem).\(id.prefix(12))\(ending)"
        guard link(path, kept) == 0 || errno == EEXIST else {
            throw PortabilityError(
                .output, "the earlier receipt cannot be put aside", remedy: "Move it away yourself",
                at: .init(file: path), errno: errno)
        }
    }

    /// What the journal is to say of the export.
    func journalEvents(_ receipt: Receipt) throws -> [JournalEvent] {
        guard configuration.journalFile != nil else { return [] }
        var events: [JournalEvent] = []
        if let review, let reviewer = review.reviewer, let sha256 = review.sha256 {
            let decided = review.items
            events.append(
                .reviewed(
                    request: request.id, happened: reviewer.at, by: reviewer.by, approver: reviewer.approvedBy,
                    JournalEvent.Review(
                        sha256: sha256, kept: Int64(decided.count { $0.decision == .keep }),
                        masked: Int64(decided.count { $0.decision == .mask || $0.decision == .replace }),
                        withheld: Int64(decided.count { $0.decision == .withhold }))))
        }
        let id = try receipt.id(SHA256Digest.factory)
        events.append(.exported(request: request.id, receipt: id, archive: receipt.archive.sha256))
        return events
    }
}

extension PortabilityEngine {
    /// The configured journal.
    var journal: Journal? { configuration.journalFile.map { Journal(path: $0, digest: SHA256Digest.factory) } }

    /// Finds out whether the journal goes on, and begins a new one.
    ///
    /// - Throws: `verification`, `output` for a journal that is broken or cannot be written to.
    func checkJournal() throws { try record([]) }

    /// Writes events into the journal, if there is one. All stand together.
    ///
    /// - Throws: what ``Journal/append(_:at:)`` throws.
    func record(_ events: [JournalEvent]) throws {
        guard let journal else { return }
        try journal.append(events, at: rfc3339(options.now()))
    }
}

extension ExportRequest {
    /// The events of the clock, in the calendar's words.
    ///
    /// - Throws: `configuration` for a time that is none.
    func clockEvents() throws -> [ClockEvent] {
        try events.map { event in
            ClockEvent(
                ClockEvent.Kind(rawValue: event.kind.rawValue) ?? .extensionNotified, at: try Moment(event.at),
                isNecessary: event.isNecessary)
        }
    }
}

extension Configuration {
    /// What time limits are computed from.
    func deadlineRules(timeZone: TimeZoneRules?) throws -> DeadlineRules {
        DeadlineRules(
            holidays: HolidayCalendar(country: controller.country, extra: extraHolidays.compactMap { CivilDate($0) }),
            timeZone: timeZone, contractTerm: contractTermDays.map { .days($0) })
    }
}
