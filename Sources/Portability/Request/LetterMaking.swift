public import PortabilityCalendar
public import PortabilityEvidence
public import PortabilityModel
public import PortabilityReport

/// What an officer decides about a letter, beside what configuration, request and receipt say.
public struct LetterOptions: Sendable {
    /// The day of the letter.
    public var date: CivilDate
    /// Nil: the request's.
    public var language: Language?
    /// For a refusal; empty: those of the receipt.
    public var grounds: [Ground] = []
    public var refusal: LetterFacts.Refusal?
    public var extensionReason: LetterFacts.ExtensionReason?
    /// By when what is missing is supplied; nil: as the request or the receipt says.
    public var expected: CivilDate?
    /// When the package was sent to another service; nil leaves a blank.
    public var transmitted: CivilDate?
    /// The archive's file name; nil leaves a blank.
    public var archiveName: String?

    public init(date: CivilDate) { self.date = date }
}

extension Configuration {
    /// What a letter says, gathered from this configuration, a request and its receipt.
    ///
    /// - Throws: `configuration` if there is no such letter under the request's right, if it needs a receipt, or if the
    ///   receipt is another request's or tells something else than the letter would; `refused` for an extension that
    ///   would be told after the first month; what the computation of the deadline throws.
    public func letterFacts(
        for kind: LetterKind, _ request: ExportRequest, receipt: Receipt?, options: LetterOptions,
        catalogue: Catalogue = .standard
    ) throws -> LetterFacts {
        guard kind.applies(to: request.right) else {
            let kinds = LetterKind.allCases.filter { $0.applies(to: request.right) }.map(\.rawValue)
            throw PortabilityError(
                .configuration, "there is no letter \(kind.rawValue) for a request of \(request.right.rawValue)",
                remedy: "There are \(kinds.joined(separator: ", "))")
        }
        try check(receipt, for: kind, of: request)
        let named = namedAuthorities(
            own: authority, others: otherAuthorities, controllersCountry: controller.country,
            residence: request.residence)
        var facts = LetterFacts(
            controller: controller, policy: policy, authority: named.first,
            language: options.language ?? request.language, requestID: request.id, right: request.right,
            received: request.received)
        facts.controllersAuthority = named.second
        facts.date = options.date.description
        facts.isRepresented = request.requester.map { $0.relation != .controller } ?? false
        facts.instruction = request.instruction
        facts.timeZone = try? TimeZoneRules(named: timeZone)
        if let delivery = request.delivery, delivery.to == .service || delivery.to == .controller {
            facts.transmittedTo = delivery.name
        }
        facts.transmittedOn = options.transmitted?.description
        facts.extensionReason =
            options.extensionReason
            ?? request.events.last { $0.kind == .extensionNotified }?.reason
            .flatMap { LetterFacts.ExtensionReason(rawValue: $0.rawValue) }
        try setDates(of: &facts, for: kind, request, on: options.date)
        // The contract's term is what the alternative transitional period replaces.
        if kind == .extension, request.right == .switching { facts.due = options.expected?.description }
        facts.grounds = options.grounds
        facts.refusal = options.refusal
        if let receipt { add(receipt, to: &facts, for: kind, archive: options.archiveName, catalogue) }
        facts.missingBy = options.expected?.description ?? request.missingBy ?? facts.missingBy ?? facts.due
        return facts
    }

    /// Nobody is told that all is there when it is not, nor the other way round.
    private func check(_ receipt: Receipt?, for kind: LetterKind, of request: ExportRequest) throws {
        let status: Receipt.Status?
        switch kind {
        case .delivery: status = .complete
        case .partialDelivery: status = .partial
        case .nothingHeld: status = .nothingHeld
        default: status = nil
        }
        guard let receipt else {
            guard status == nil, kind != .handoverCover else {
                throw PortabilityError(
                    .configuration, "the letter \(kind.rawValue) is made from the receipt of an export",
                    remedy: "Give it with --receipt")
            }
            return
        }
        guard receipt.request == request.id, receipt.right == request.right else {
            throw PortabilityError(
                .configuration, "the receipt is another request's", remedy: "Give the receipt of \(request.id)")
        }
        if let status, receipt.status != status {
            let fitting: LetterKind =
                switch receipt.status {
                case .complete: .delivery
                case .partial: .partialDelivery
                case .nothingHeld: .nothingHeld
                }
            throw PortabilityError(
                .configuration, "the receipt says \(receipt.status.rawValue), which the letter would not",
                remedy: "Write the letter \(fitting.rawValue)")
        }
    }

    private func setDates(
        of facts: inout LetterFacts, for kind: LetterKind, _ request: ExportRequest, on date: CivilDate
    ) throws {
        let received = try Moment(request.received)
        let events = try request.clockEvents()
        let moments = [received] + events.map(\.at)
        let needsZone = moments.contains { if case .instant = $0 { true } else { false } }
        let rules = try deadlineRules(timeZone: needsZone ? TimeZoneRules(named: timeZone) : nil)
        guard request.right == .access || request.right == .portability else {
            facts.due = try rules.deadline(for: request.right, receivedAt: received, events: events).due?.description
            return
        }
        let first = try rules.deadline(
            for: request.right, receivedAt: received, events: events.filter { $0.kind != .extensionNotified },
            asOf: date)
        facts.firstMonthEnds = first.due?.description
        facts.due = try rules.deadline(
            for: request.right, receivedAt: received, events: events, isExtended: kind == .extension, asOf: date
        ).due?.description
        if kind == .extension, let end = first.due, date > end {
            throw PortabilityError(
                .refused, "an extension cannot be told any more: the first month ended on \(end)",
                remedy: "Answer now (Article 12(3))")
        }
    }

    private func add(
        _ receipt: Receipt, to facts: inout LetterFacts, for kind: LetterKind, archive name: String?,
        _ catalogue: Catalogue
    ) {
        let label = { (id: String) in self.label(of: id, catalogue) }
        facts.archive = LetterFacts.Archive(
            name: name, bytes: receipt.archive.bytes, sha256: receipt.archive.sha256, formats: receipt.formats,
            records: receipt.datasets.reduce(0) { $0 + $1.exported }, documents: receipt.documents.given,
            categories: Category.allCases.filter { category in
                receipt.datasets.contains { $0.category == category && $0.exported > 0 }
            })
        facts.archive?.volumes = receipt.archive.volumes.enumerated().map { index, volume in
            LetterFacts.Archive.File(
                name: name.map { VolumeName($0).path(index + 1) }, bytes: volume.bytes, sha256: volume.sha256)
        }
        facts.archive?.encryption = receipt.archive.encryption.map { encryption in
            encryption.recipients.contains { $0.kind == .scrypt } ? .passphrase : .keys
        }
        // A key that was changed since is published where the officer knows.
        facts.archive?.signature = receipt.signingKey.map { key in
            LetterFacts.Archive.Signature(
                fingerprint: key, publishedAt: signing?.fingerprint == key ? signing?.publishedAt : nil)
        }
        facts.archive?.ledger = receipt.datasets.filter { $0.exported > 0 }.map { (label($0.id), $0.exported) }
        facts.documentsLeftOut = receipt.documents.withheld
        facts.isParty = !receipt.datasets.contains { $0.ground == .notParty }
        // A controller is told of its own data only; what we hold as controller is no concern of its.
        let concerned = receipt.datasets.filter { receipt.right != .handover || $0.role == .processor }
        for dataset in concerned {
            var counts: [Ground: (records: Int64, values: Int64)] = [:]
            if let ground = dataset.ground { counts[ground] = (0, 0) }
            for withheld in dataset.withheld { counts[withheld.ground, default: (0, 0)].records += withheld.count }
            for field in dataset.fields where field.count > 0 {
                counts[field.ground, default: (0, 0)].values += field.count
            }
            for ground in Ground.allCases {
                guard let count = counts[ground] else { continue }
                facts.leftOut.append(
                    LetterFacts.LeftOut(
                        label: label(dataset.id), ground: ground, records: count.records, values: count.values))
            }
        }
        facts.missing = receipt.missing.map { label($0.id) }
        facts.missingBy = receipt.missing.compactMap(\.expected).max()
        if kind == .refusal, facts.grounds.isEmpty, facts.refusal == nil {
            facts.grounds = Ground.allCases.filter { ground in facts.leftOut.contains { $0.ground == ground } }
        }
        if kind == .nothingHeld {
            facts.searched = receipt.datasets.filter { $0.role == .controller && $0.status == .exported }
                .map { label($0.id) }
            facts.searchedAt = receipt.sources.compactMap(\.asOf).max() ?? receipt.finished
        }
    }

    /// What a person would call a dataset; the id itself for a source that failed as a whole.
    private func label(of id: String, _ catalogue: Catalogue) -> LocalizedText {
        for source in sources {
            guard let dataset = source.extractor.declaration.datasets.first(where: { $0.id == id }) else { continue }
            if let label = dataset.label ?? catalogue.entity(named: dataset.entity)?.label { return label }
        }
        // The list of documents that an invoice dataset brings.
        let suffix = "-documents"
        if id.hasSuffix(suffix), let documents = catalogue.entity(named: "document")?.label {
            let invoices = label(of: String(id.dropLast(suffix.count)), catalogue)
            return LocalizedText(
                fi: "\(documents.fi) (\(invoices.fi))", sv: "\(documents.sv) (\(invoices.sv))",
                en: "\(documents.en) (\(invoices.en))")
        }
        return LocalizedText(fi: id, sv: id, en: id)
    }
}
