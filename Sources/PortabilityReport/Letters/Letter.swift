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
    /// Whether such a letter is of use under a right. The letters that rest on Article 12 of the General Data Protection
    /// Regulation go to persons. A customer that switches gets those that chapter VI of Regulation (EU) 2023/2854 (Data
    /// Act) knows. A controller gives instructions and gets a receipt and a cover: what becomes of its instruction is
    /// settled by the contract (Article 28(3)).
    public func applies(to right: Right) -> Bool {
        switch right {
        case .access, .portability: self != .handoverCover
        case .handover: self == .acknowledgement || self == .handoverCover
        case .switching:
            switch self {
            case .acknowledgement, .identityQuery, .clarification, .extension, .refusal, .handoverCover: true
            case .delivery, .partialDelivery, .nothingHeld, .processorOnly, .forwardingNotice: false
            }
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
        func date(_ text: String?) -> String {
            text.map { language.date($0.inZone(facts.timeZone)) } ?? LetterTexts.dateBlank[language]
        }
        values = [
            "controller": facts.controller.name, "register": facts.policy.register, "request": facts.requestID,
            "received": date(facts.received), "due": date(facts.due), "first": date(facts.firstMonthEnds),
            "missing": date(facts.missingBy),
            "instruction": facts.instruction ?? LetterTexts.instructionBlank[language],
            "contact": [facts.controller.email, facts.controller.telephone].compactMap(\.self).joined(separator: ", "),
            "searched": facts.searchedAt.map { language.moment($0.inZone(facts.timeZone)) }
                ?? LetterTexts.dateBlank[language],
            "alternative": date(facts.due), "receiver": facts.transmittedTo ?? "",
            "transmitted": date(facts.transmittedOn),
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
        if let addressee = facts.addressee {
            paper.lines([
                addressee.name ?? LetterTexts.nameBlank[language], addressee.contact ?? "",
                "\(LetterTexts.customer[language]) \(addressee.tenant)",
            ])
        }
        paper.lines([facts.date.map { language.date($0) } ?? LetterTexts.dateBlank[language]])
        paper.lines([subject(kind).filled(language, values)])
        paper.lines([(isToOrganisation(kind) ? LetterTexts.greetingToOrganisation : LetterTexts.greeting)[language]])
    }

    private func subject(_ kind: LetterKind) -> LocalizedText {
        switch (kind, facts.right) {
        case (.refusal, .switching): SwitchingTexts.refusalSubject
        case (.identityQuery, .switching): SwitchingTexts.identitySubject
        case (.extension, .switching): SwitchingTexts.extensionSubject
        case (.delivery, _) where facts.isRepresented: RepresentativeTexts.deliverySubject
        case (.partialDelivery, _) where facts.isRepresented: RepresentativeTexts.partialSubject
        case (.nothingHeld, _) where facts.isRepresented: RepresentativeTexts.nothingHeldSubject
        case (.processorOnly, _) where facts.isRepresented: RepresentativeTexts.processorSubject
        default: LetterTexts.subject(kind, facts.right)
        }
    }

    /// What was asked, and in whose name.
    private mutating func received() {
        guard facts.right == .access || facts.right == .portability else {
            return say(LetterTexts.receivedOrganisation(facts.right))
        }
        if facts.isRepresented {
            say(RepresentativeTexts.received(facts.right), RepresentativeTexts.meant)
        } else {
            say(LetterTexts.received(facts.right))
        }
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
        guard !facts.leftOut.isEmpty || facts.documentsLeftOut > 0 else { return say(LetterTexts.nothingLeftOut) }
        say(LetterTexts.leftOut)
        var items = Ground.allCases.compactMap { ground -> String? in
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
        }
        if facts.documentsLeftOut > 0 {
            let what = ValueTexts.documents.text(facts.documentsLeftOut, language)
            items.append("\(what): \(reason(.notRedactable, text: LetterTexts.documentsLeftOut))")
        }
        paper.items(items)
        accessStays()
    }

    /// What portability does not cover can still be had by access.
    private mutating func accessStays() {
        let isNarrower =
            facts.leftOut.contains { $0.ground.isOfPortability } || facts.grounds.contains(where: \.isOfPortability)
        if facts.right == .portability, isNarrower { say(LetterTexts.accessStays) }
    }

    /// The ground as a sentence, with its article.
    private func reason(_ ground: Ground, text: LocalizedText? = nil) -> String {
        let article = SwitchingTexts.article(ground, facts.right).map { LegalTexts.article($0, language) }
        var said = text ?? SwitchingTexts.reason(ground, facts.right) ?? ground.text
        if ground == .processor, !facts.isParty { said = LetterTexts.companysData }
        return said[language] + (article.map { " (\($0))." } ?? ".")
    }

    private mutating func archive() {
        guard let archive = facts.archive else { return say(LetterTexts.archiveBlank) }
        for file in archive.files {
            let name = file.name ?? LetterTexts.fileBlank[language]
            paper.verbatim([
                "\(LetterTexts.file[language]) \(name)", "\(LetterTexts.size[language]) \(language.size(file.bytes))",
                "SHA-256:",
                file.sha256,
            ])
        }
        if archive.isSet {
            paper.paragraph(PackageTexts.checkSet.filled(language, ["count": count(archive.volumes)]))
        } else {
            say(LetterTexts.check)
        }
        let quoted = archive.files[0].name ?? LetterTexts.fileBlank[language]
        paper.verbatim([
            "Windows:  certutil -hashfile \(quoted) SHA256", "macOS:    shasum -a 256 \(quoted)",
            "Linux:    sha256sum \(quoted)",
        ])
        guard let signature = archive.signature else { return }
        let published = signature.publishedAt ?? PackageTexts.addressBlank[language]
        paper.paragraph(PackageTexts.signed.filled(language, ["published": published]))
        paper.verbatim([signature.fingerprint])
    }

    /// What the package is if it is not one plain zip, and how it is decrypted.
    private mutating func form() {
        guard let archive = facts.archive else { return }
        if archive.isSet {
            paper.paragraph(PackageTexts.set.filled(language, ["count": count(archive.volumes)]))
        }
        guard let encryption = archive.encryption else { return }
        say(PackageTexts.encrypted(encryption, isSet: archive.isSet))
        let name = archive.files[0].name
        let opened = name.map { $0.hasSuffix(".age") ? String($0.dropLast(4)) : "\($0).zip" } ?? "1.zip"
        let key = encryption == .keys ? "-i \(PackageTexts.keyBlank[language]) " : ""
        paper.verbatim(["age -d \(key)-o \(opened) \(name ?? LetterTexts.fileBlank[language])"])
    }

    private func count(_ files: [LetterFacts.Archive.File]) -> String { language.number(Int64(files.count)) }

    /// How a person opens it.
    private mutating func open() {
        guard
            let text = PackageTexts.open(
                isEncrypted: facts.archive?.encryption != nil, isSet: facts.archive?.isSet ?? false)
        else { return say(LetterTexts.open) }
        say(text, PackageTexts.keep)
    }

    private mutating func contents() {
        guard let archive = facts.archive else { return }
        if facts.isEmpty { return say(LetterTexts.contentsNothing) }
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
            if facts.right == .switching { say(SwitchingTexts.periods) }
            return
        }
        received()
        say(LetterTexts.month)
        say(
            LetterTexts.free,
            facts.isRepresented ? RepresentativeTexts.identityMayFollow : LetterTexts.identityMayFollow)
        if facts.isRepresented { say(LetterTexts.represented) }
        say(LetterTexts.policyTells)
    }

    private mutating func identityQuery() {
        received()
        if facts.right == .switching {
            say(SwitchingTexts.identityWhy)
            paper.items(SwitchingTexts.identityWays.map { $0[language] })
            return say(SwitchingTexts.identityNever)
        }
        say(facts.isRepresented ? RepresentativeTexts.identityWhy : LetterTexts.identityWhy)
        say(LetterTexts.identityHow)
        paper.items(LetterTexts.identityWays.map { $0[language] })
        say(LetterTexts.identityNever)
        say(LetterTexts.identityClock)
        if facts.isRepresented { say(LetterTexts.represented) }
    }

    private mutating func clarification() {
        received()
        if facts.right == .switching {
            say(SwitchingTexts.clarificationWhy)
            paper.items(SwitchingTexts.clarificationPoints.map { $0[language] })
            return say(SwitchingTexts.clarificationFree)
        }
        say(facts.isRepresented ? RepresentativeTexts.clarificationWhy : LetterTexts.clarificationWhy)
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
        received()
        if facts.right == .switching {
            say(SwitchingTexts.extension, SwitchingTexts.extensionWithin)
            return say(SwitchingTexts.remedies)
        }
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
        if facts.isRepresented {
            say(
                RepresentativeTexts.asked(facts.right), facts.isEmpty ? nil : LetterTexts.ready,
                RepresentativeTexts.meant)
        } else {
            say(LetterTexts.asked(facts.right), facts.isEmpty ? nil : LetterTexts.ready)
        }
        if isPartial { missing() }
        contents()
        if facts.transmittedTo != nil {
            say(
                facts.right == .portability ? LetterTexts.transmitted : LetterTexts.transmittedOnRequest,
                LetterTexts.transmittedCopy)
            form()
        } else {
            say(LetterTexts.handOver)
            form()
            open()
        }
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
        received()
        let isInPart = facts.refusal == nil && facts.archive != nil && !facts.isEmpty
        if facts.right == .switching {
            say(isInPart ? SwitchingTexts.refusedInPart : SwitchingTexts.refused)
            let reasons = Ground.allCases.filter(facts.grounds.contains).map { reason($0) }
            paper.items(reasons.isEmpty ? [LetterTexts.reasonBlank[language]] : reasons)
            return say(SwitchingTexts.remedies)
        }
        say(
            facts.refusal == nil && facts.isEmpty ? LetterTexts.nothingGiven : nil,
            isInPart ? LetterTexts.refusedInPart : LetterTexts.refused)
        var reasons: [String] = []
        if let refusal = facts.refusal { reasons.append(LetterTexts.refusal(refusal)[language]) }
        for ground in Ground.allCases where facts.grounds.contains(ground) { reasons.append(reason(ground)) }
        if reasons.isEmpty { reasons.append(LetterTexts.reasonBlank[language]) }
        paper.items(reasons)
        if facts.refusal == nil { accessStays() }
        if facts.refusal != nil { say(LetterTexts.burden) }
        if facts.grounds.contains(.restrictedByLaw) { say(LetterTexts.ombudsman) }
        say(LetterTexts.again)
        remedies()
    }

    private mutating func nothingHeld() {
        received()
        say(facts.isRepresented ? RepresentativeTexts.nothingHeld : LetterTexts.nothingHeld)
        if !facts.searched.isEmpty {
            say(LetterTexts.searched)
            paper.items(facts.searched.map { $0[language] })
        }
        say(LetterTexts.otherIdentifiers)
        say(LetterTexts.mayBeProcessor, LetterTexts.askSender)
        remedies()
    }

    private mutating func processorOnly() {
        received()
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
        form()
        archive()
        leftOut()
        say(isHandover ? LetterTexts.youAnswer : LetterTexts.yoursToUse)
        say(facts.archive?.isPlainZip ?? true ? LetterTexts.coverOpen : PackageTexts.coverOpen)
    }

    private mutating func forwardingNotice() {
        say(LetterTexts.forwarding(facts.right))
        say(LetterTexts.forwardedRequest)
        say(LetterTexts.youMustAnswer)
        say(LetterTexts.instructUs)
        say(LetterTexts.weToldThePerson)
    }
}

extension LetterFacts {
    /// True if there is a package with nothing in it.
    fileprivate var isEmpty: Bool { archive.map { $0.records == 0 && $0.documents == 0 } ?? false }
}

extension LetterFacts.Archive {
    fileprivate var isSet: Bool { !volumes.isEmpty }
    fileprivate var isPlainZip: Bool { !isSet && encryption == nil }
    /// The files that are handed over.
    fileprivate var files: [File] { isSet ? volumes : [File(name: name, bytes: bytes, sha256: sha256)] }
}

extension Ground {
    /// Whether it keeps something out of portability only, so that access gives it.
    fileprivate var isOfPortability: Bool {
        switch self {
        case .basis, .origin, .means, .notParty: true
        default: false
        }
    }
}
