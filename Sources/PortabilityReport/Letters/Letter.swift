public import PortabilityModel

/// A letter as editable plain text: UTF-8, lines of at most 72 columns, LF.
///
/// What the program does not know, and need not know, is a blank in brackets: the addressee's name, who signs. A
/// person's name, identity code or any other value never stands in it. Deterministic.
public func letter(_ kind: LetterKind, _ facts: LetterFacts) -> String {
    var writer = LetterWriter(facts)
    writer.write(kind)
    return writer.paper.text
}

extension LetterKind {
    /// Whether such a letter is of use under a right: a customer or controller gets receipts and covers, and the
    /// letters that rest on Article 12 go to persons.
    public func applies(to right: Right) -> Bool {
        switch right {
        case .access, .portability: self != .handoverCover
        case .switching, .handover: self == .acknowledgement || self == .handoverCover
        }
    }
}

/// Writes one letter.
struct LetterWriter {
    let facts: LetterFacts
    let language: Language
    private(set) var paper = LetterPaper()
    private let values: [String: String]

    init(_ facts: LetterFacts) {
        self.facts = facts
        language = facts.language
        let language = facts.language
        func date(_ text: String?) -> String { text.map { language.date($0) } ?? LetterTexts.dateBlank[language] }
        values = [
            "controller": facts.controller.name, "register": facts.policy.register, "request": facts.requestID,
            "received": date(facts.received), "due": date(facts.due), "first": date(facts.firstMonthEnds),
            "missing": date(facts.missingBy),
            "instruction": facts.instruction ?? LetterTexts.instructionBlank[language],
            "contact": [facts.controller.email, facts.controller.telephone].compactMap(\.self).joined(separator: ", "),
            "searched": facts.searchedAt.map { language.moment($0) } ?? LetterTexts.dateBlank[language],
            "policy": LetterTexts.policy.filled(
                language, ["name": facts.policy.name, "date": language.date(facts.policy.date)]),
        ]
    }

    mutating func write(_ kind: LetterKind) {
        head(kind)
        switch kind {
        case .acknowledgement: acknowledgement()
        case .identityQuery: identityQuery()
        case .clarification: clarification()
        case .extension: prolongation()
        case .delivery: delivery(isPartial: false)
        case .partialDelivery: delivery(isPartial: true)
        case .refusal: refusal()
        case .nothingHeld: nothingHeld()
        case .processorOnly: processorOnly()
        case .handoverCover: handoverCover()
        case .forwardingNotice: forwardingNotice()
        }
        foot()
    }

    // MARK: What all letters share

    private mutating func head(_ kind: LetterKind) {
        let controller = facts.controller
        paper.lines([controller.name, controller.address])
        paper.lines([facts.date.map { language.date($0) } ?? LetterTexts.dateBlank[language]])
        paper.lines([LetterTexts.subject(kind, facts.right).filled(language, values)])
        paper.lines([(isToOrganisation(kind) ? LetterTexts.greetingToOrganisation : LetterTexts.greeting)[language]])
    }

    private mutating func foot() {
        say(LetterTexts.questions)
        paper.lines([LetterTexts.regards[language], LetterTexts.signerBlank[language], facts.controller.name])
    }

    private func isToOrganisation(_ kind: LetterKind) -> Bool {
        kind == .handoverCover || kind == .forwardingNotice || facts.right == .handover || facts.right == .switching
    }

    private mutating func say(_ texts: LocalizedText?...) {
        paper.paragraph(texts.compactMap { $0?.filled(language, values) })
    }

    /// What can be done against the answer: complaint (Article 77) and judicial remedy (Article 79), which Article 12(4)
    /// wants named.
    private mutating func remedies() {
        paper.heading(LetterTexts.remediesTitle[language])
        paper.paragraph(ProcessingTexts.complaint[language])
        authority(facts.authority)
        if let second = facts.controllersAuthority {
            say(LetterTexts.controllersAuthority)
            authority(second)
        }
        paper.paragraph(ProcessingTexts.remedy[language])
        say(LetterTexts.remedyArticles)
    }

    private mutating func authority(_ authority: Authority) {
        let contact = [authority.url, authority.email, authority.telephone].compactMap(\.self)
        paper.lines([authority.name[language], authority.address] + [contact.joined(separator: ", ")])
    }

    private mutating func leftOut() {
        guard !facts.leftOut.isEmpty else { return say(LetterTexts.nothingLeftOut) }
        say(LetterTexts.leftOut)
        paper.items(
            Ground.allCases.compactMap { ground in
                let parts = facts.leftOut.filter { $0.ground == ground }
                guard !parts.isEmpty else { return nil }
                var labels: [String] = []
                for part in parts where !labels.contains(part.label[language]) { labels.append(part.label[language]) }
                let records = parts.reduce(0) { $0 + $1.records }
                let fields = parts.reduce(0) { $0 + $1.values }
                var counts: [String] = []
                if records > 0 { counts.append(ValueTexts.records.text(records, language)) }
                if fields > 0 { counts.append(LetterTexts.values.text(fields, language)) }
                let what = language.list(labels) + (counts.isEmpty ? "" : " (\(language.list(counts)))")
                return "\(what): \(reason(ground))"
            })
    }

    /// The ground as a sentence, with its article.
    private func reason(_ ground: Ground) -> String {
        let article = ground.article(under: facts.right).map { LegalTexts.article($0, language) }
        return ground.text[language] + (article.map { " (\($0))." } ?? ".")
    }

    private mutating func archive() {
        guard let archive = facts.archive else { return say(LetterTexts.archiveBlank) }
        let name = archive.name ?? LetterTexts.fileBlank[language]
        paper.verbatim([
            "\(LetterTexts.file[language]) \(name)", "\(LetterTexts.size[language]) \(language.size(archive.bytes))",
            "SHA-256:",
            archive.sha256,
        ])
        say(LetterTexts.check)
        let quoted = archive.name ?? LetterTexts.fileBlank[language]
        paper.verbatim([
            "Windows:  certutil -hashfile \(quoted) SHA256", "macOS:    shasum -a 256 \(quoted)",
            "Linux:    sha256sum \(quoted)",
        ])
    }

    private mutating func contents() {
        guard let archive = facts.archive else { return }
        var counts = [ValueTexts.records.text(archive.records, language)]
        if archive.documents > 0 { counts.append(ValueTexts.documents.text(archive.documents, language)) }
        let categories = archive.categories.map { ValueTexts.categoryInside($0)[language] }
        let text = categories.isEmpty ? LetterTexts.contentsWithoutCategories : LetterTexts.contents
        paper.paragraph(
            text.filled(language, ["counts": language.list(counts), "categories": language.list(categories)]))
    }

    // MARK: One by one

    private mutating func acknowledgement() {
        if facts.right == .switching || facts.right == .handover {
            say(LetterTexts.receivedOrganisation(facts.right))
            say(facts.due == nil ? LetterTexts.contractWithoutTerm : LetterTexts.contractTerm)
            return
        }
        say(LetterTexts.received(facts.right))
        say(LetterTexts.month)
        say(LetterTexts.free, LetterTexts.identityMayFollow)
        if facts.isRepresented { say(LetterTexts.represented) }
        say(LetterTexts.policyTells)
    }

    private mutating func identityQuery() {
        say(LetterTexts.received(facts.right))
        say(LetterTexts.identityWhy)
        say(LetterTexts.identityHow)
        paper.items(LetterTexts.identityWays.map { $0[language] })
        say(LetterTexts.identityNever)
        say(LetterTexts.identityClock)
        if facts.isRepresented { say(LetterTexts.represented) }
    }

    private mutating func clarification() {
        say(LetterTexts.received(facts.right))
        say(LetterTexts.clarificationWhy)
        paper.items(
            LetterTexts.clarificationPoints.map { $0[language] }
                + [
                    LetterTexts.clarificationCategories.filled(
                        language,
                        [
                            "categories": language.list(
                                Category.allCases.map { ValueTexts.categoryInside($0)[language] })
                        ])
                ])
        say(LetterTexts.clarificationFree, LetterTexts.clarificationDue)
    }

    private mutating func prolongation() {
        say(LetterTexts.received(facts.right))
        say(LetterTexts.extension)
        switch facts.extensionReason {
        case .complexity: say(LetterTexts.extensionComplexity)
        case .number: say(LetterTexts.extensionNumber)
        case nil: say(LetterTexts.extensionReasonBlank)
        }
        say(LetterTexts.extensionWithin)
        remedies()
    }

    private mutating func delivery(isPartial: Bool) {
        say(LetterTexts.answered(facts.right))
        if isPartial { missing() }
        contents()
        say(LetterTexts.handOver)
        say(LetterTexts.open)
        archive()
        if facts.right == .access { say(LetterTexts.processingInside) }
        leftOut()
        say(LetterTexts.furtherRights)
        remedies()
    }

    private mutating func missing() {
        say(LetterTexts.partial)
        paper.items(facts.missing.isEmpty ? [LetterTexts.missingBlank[language]] : facts.missing.map { $0[language] })
        say(LetterTexts.supplement)
    }

    private mutating func refusal() {
        say(LetterTexts.received(facts.right))
        say(facts.refusal == nil && facts.archive != nil ? LetterTexts.refusedInPart : LetterTexts.refused)
        var reasons: [String] = []
        if let refusal = facts.refusal { reasons.append(LetterTexts.refusal(refusal)[language]) }
        for ground in Ground.allCases where facts.grounds.contains(ground) { reasons.append(reason(ground)) }
        if reasons.isEmpty { reasons.append(LetterTexts.reasonBlank[language]) }
        paper.items(reasons)
        if facts.refusal != nil { say(LetterTexts.burden) }
        if facts.grounds.contains(.restrictedByLaw) { say(LetterTexts.ombudsman) }
        say(LetterTexts.again)
        remedies()
    }

    private mutating func nothingHeld() {
        say(LetterTexts.received(facts.right))
        say(LetterTexts.nothingHeld)
        if !facts.searched.isEmpty {
            say(LetterTexts.searched)
            paper.items(facts.searched.map { $0[language] })
        }
        say(LetterTexts.otherIdentifiers)
        say(LetterTexts.mayBeProcessor, LetterTexts.askSender)
        remedies()
    }

    private mutating func processorOnly() {
        say(LetterTexts.received(facts.right))
        say(LetterTexts.processor)
        say(LetterTexts.askSender, LetterTexts.mayNotName)
        say(LetterTexts.weHelp)
        remedies()
    }

    private mutating func handoverCover() {
        let isHandover = facts.right == .handover
        say(isHandover ? LetterTexts.handover : LetterTexts.switching)
        contents()
        paper.items(
            (facts.archive?.ledger ?? []).map {
                "\($0.label[language]): \(ValueTexts.records.text($0.records, language))"
            })
        if !facts.missing.isEmpty { missing() }
        archive()
        leftOut()
        say(isHandover ? LetterTexts.youAnswer : LetterTexts.yoursToUse)
        say(LetterTexts.coverOpen)
    }

    private mutating func forwardingNotice() {
        say(LetterTexts.forwarding(facts.right))
        say(LetterTexts.forwardedRequest)
        say(LetterTexts.youMustAnswer)
        say(LetterTexts.instructUs)
        say(LetterTexts.weToldThePerson)
    }
}
