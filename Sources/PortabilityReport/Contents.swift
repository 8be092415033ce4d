import PortabilityCalendar
import PortabilityModel

/// What page and README.txt both say of an archive, computed once from its summary.
struct Contents {
    let summary: ArchiveSummary
    let language: Language
    /// With records, or incomplete; by category.
    let held: [(category: Category, datasets: [ArchiveSummary.Dataset])]
    /// Searched in full, without a record found; what was found and left out is no such dataset.
    let empty: [ArchiveSummary.Dataset]
    let failed: [ArchiveSummary.Dataset]
    let partial: [ArchiveSummary.Dataset]
    let absences: [Absence]
    let records: Int64
    /// Recipients of categories that are held, with these categories.
    let recipients: [Recipient]

    /// Something that is left out by rule.
    struct Absence {
        enum What {
            case dataset(isRead: Bool)
            case field(path: String, action: FieldAction, values: Int64)
            case records(Int64)
            case documents(Int64)
            case column(String, note: String?)
        }
        var label: String
        var what: What
        var ground: Ground
    }

    init(_ summary: ArchiveSummary) {
        self.summary = summary
        language = summary.language
        processing = summary.processing ?? ProcessingInformation(summary, automatedDecisions: nil)
        var held: [ArchiveSummary.Dataset] = []
        var empty: [ArchiveSummary.Dataset] = []
        var failed: [ArchiveSummary.Dataset] = []
        var partial: [ArchiveSummary.Dataset] = []
        var absences: [Absence] = []
        for dataset in summary.datasets {
            let label = dataset.label[summary.language]
            switch dataset.outcome {
            case .exported where dataset.records == 0:
                if !dataset.leavesOutRecords { empty.append(dataset) }
            case .exported: held.append(dataset)
            case .partial:
                held.append(dataset)
                partial.append(dataset)
            case .failed: failed.append(dataset)
            case .withheld(let ground):
                absences.append(Absence(label: label, what: .dataset(isRead: true), ground: ground))
                continue
            case .notRead(let ground):
                absences.append(Absence(label: label, what: .dataset(isRead: false), ground: ground))
                continue
            }
            for field in dataset.fields where field.count > 0 && field.action != .keep {
                let path = Self.label(ofField: field.path, entity: dataset.declaration.entity, summary.language)
                absences.append(
                    Absence(
                        label: label, what: .field(path: path, action: field.action, values: field.count),
                        ground: field.ground))
            }
            for (ground, count) in dataset.withheldRecords where count > 0 {
                absences.append(Absence(label: label, what: .records(count), ground: ground))
            }
            for (ground, count) in dataset.withheldDocuments where count > 0 {
                absences.append(Absence(label: label, what: .documents(count), ground: ground))
            }
            for exclusion in dataset.declaration.exclusions {
                absences.append(
                    Absence(
                        label: label, what: .column(exclusion.column, note: exclusion.note?[summary.language]),
                        ground: exclusion.ground))
            }
        }
        self.held = Category.allCases.compactMap { category in
            let datasets = held.filter { $0.declaration.category == category }
            return datasets.isEmpty ? nil : (category, datasets)
        }
        self.empty = empty
        self.failed = failed
        self.partial = partial
        self.absences = absences
        records = held.reduce(0) { $0 + $1.records }
        recipients = Self.recipients(of: summary)
    }

    /// Those who receive data of the categories that are held, each with these categories only (GDPR Article
    /// 15(1)(c)).
    private static func recipients(of summary: ArchiveSummary) -> [Recipient] {
        let held = Set(
            summary.datasets.filter { $0.records > 0 || $0.leavesOutRecords }.map(\.declaration.category))
        if held.isEmpty { return [] }
        return summary.recipients.compactMap { recipient in
            if recipient.categories.isEmpty { return recipient }
            var recipient = recipient
            recipient.categories.removeAll { !held.contains($0) }
            return recipient.categories.isEmpty ? nil : recipient
        }
    }

    /// The sentence that stands for recipients where none can be named; nil where some can.
    var noRecipients: LocalizedText? {
        if summary.recipients.isEmpty { return PageTexts.recipientsNone }
        if !recipients.isEmpty { return nil }
        return records == 0 && summary.documentCount == 0
            ? PageProcessingTexts.nothingReceived : PageProcessingTexts.nobodyReceived
    }

    /// The day of the oldest of the records (`YYYY-MM-DD`); nil if it cannot be told for sure.
    private var oldest: String? {
        var days: [String] = []
        for dataset in held.flatMap(\.datasets) where dataset.records > 0 {
            guard let rows = dataset.rows, rows.isComplete || rows.dates != nil else { return nil }
            if let earliest = rows.dates?.earliest { days.append(earliest) }
            if rows.isComplete, let earliest = rows.earliestDay(in: summary.timeZone) { days.append(earliest) }
        }
        // Dates of equal form compare as texts.
        return days.min()
    }

    /// Whether the reader is the person whom the data are about.
    var isToSubject: Bool { summary.right == .access || summary.right == .portability }

    /// True if something may be missing by fault, whoever says so.
    var isPartial: Bool { summary.isPartial || !failed.isEmpty || !partial.isEmpty }

    /// Sources that were not read in full.
    var incompleteSources: [ArchiveSummary.Source] {
        summary.sources.filter { $0.status == .partial || $0.status == .failed }
    }

    /// The day of an RFC 3339 time by the controller's clocks.
    func date(_ text: String) -> String { language.date(text.inZone(summary.timeZone)) }

    /// An RFC 3339 time by the controller's clocks, with their offset.
    func moment(_ text: String) -> String { language.moment(text.inZone(summary.timeZone)) }

    /// Findings by kind, in the order of the closed list.
    func counts(_ findings: [Finding], where isWanted: (Finding) -> Bool = { _ in true }) -> [(Finding.Kind, Int64)] {
        Finding.Kind.allCases.compactMap { kind in
            let count = findings.reduce(Int64(0)) { $1.kind == kind && isWanted($1) ? $0 + $1.count : $0 }
            return count > 0 ? (kind, count) : nil
        }
    }

    /// E-mail address and telephone number in one line.
    var contact: String {
        [summary.controller.email, summary.controller.telephone].compactMap(\.self).joined(separator: ", ")
    }

    /// When what is missing follows; nil if the archive is complete or nobody said.
    var missingBy: String? {
        guard isPartial, let date = summary.missingBy else { return nil }
        return PageProcessingTexts.missingBy.filled(language, ["date": language.date(date)])
    }

    /// What is told of the processing; made of the declarations where the engine did not.
    let processing: ProcessingInformation

    /// The five sentences that come first.
    var opening: [Markup] {
        [what, here, notHere, received, turn]
    }

    /// The heading of the page and of README.txt.
    var title: LocalizedText {
        if summary.nothingHeld != nil { return unsearched.isEmpty ? NothingTexts.title : NothingTexts.titleFound }
        if isRefused { return OpeningTexts.titleRefused }
        return summary.isRepresented && isToSubject ? OpeningTexts.titleRepresented : OpeningTexts.title(summary.right)
    }

    /// Whether nothing can be moved because the right does not cover what there is.
    var isRefused: Bool {
        guard summary.right == .portability, summary.nothingHeld == nil, records == 0, summary.documentCount == 0,
            !isPartial
        else { return false }
        return absences.contains { absence in
            guard case .dataset = absence.what else { return false }
            return [.basis, .origin, .means, .notParty].contains(absence.ground)
        }
    }

    /// Where it was looked for the person, if nothing is held.
    var searched: [ArchiveSummary.NothingHeld.Search] {
        summary.nothingHeld?.searches.filter { !$0.kinds.isEmpty } ?? []
    }

    /// Sources that hold no kind of identifier by which the person is known.
    var unsearched: [ArchiveSummary.NothingHeld.Search] {
        summary.nothingHeld?.searches.filter(\.kinds.isEmpty) ?? []
    }

    /// That nothing was found, and in how many sources. `{sources}` is filled.
    var nothingFound: String {
        (unsearched.isEmpty ? NothingTexts.held : NothingTexts.found)
            .filled(language, ["sources": NothingTexts.sources.text(Int64(searched.count), language)])
    }

    /// Why something is left out, in the reader's terms.
    func reason(_ ground: Ground) -> LocalizedText {
        ground.text(
            under: summary.right, isParty: summary.userClass?.isParty ?? true, isRepresented: summary.isRepresented)
    }

    private var whatText: LocalizedText {
        let isEmpty = summary.nothingHeld != nil
        if isRefused { return OpeningTexts.refused }
        if summary.transmittedTo != nil, !isEmpty { return OpeningTexts.direct(summary.right) }
        return summary.isRepresented && isToSubject
            ? OpeningTexts.represented(isEmpty: isEmpty) : OpeningTexts.what(summary.right, isEmpty: isEmpty)
    }

    private var what: Markup {
        Markup(
            whatText, language,
            [
                "controller": "<strong>\(summary.controller.name)</strong>",
                "received": "<span class=\"nowrap\">\(date(summary.received))</span>",
                "recipient": "<strong>\(summary.transmittedTo ?? "")</strong>",
            ])
    }

    private var here: Markup {
        if summary.nothingHeld != nil { return Markup(text: nothingFound) }
        if isRefused { return Markup(OpeningTexts.refusedHere, language) }
        if records == 0 && summary.documentCount == 0 {
            let searched = Int64(empty.count + partial.count)
            // Whatever was searched had records, or nothing was.
            if searched == 0 { return Markup(PageTexts.nothing, language) }
            return Markup(
                OpeningTexts.nothingHere(isPartial: isPartial), language,
                ["sets": Markup(text: ValueTexts.sets.text(searched, language))])
        }
        var what = [ValueTexts.records.text(records, language)]
        if summary.documentCount > 0 { what.append(ValueTexts.documents.text(summary.documentCount, language)) }
        let categories = held.map { ValueTexts.categoryInside($0.category)[language] }
        let sentence = Markup(
            OpeningTexts.here, language,
            ["what": Markup(text: language.list(what)), "categories": Markup(text: language.list(categories))])
        guard let oldest else { return sentence }
        let date: Markup = "<span class=\"nowrap\">\(language.date(oldest))</span>"
        return "\(sentence) \(Markup(OpeningTexts.since, language, ["date": date]))"
    }

    private var notHere: Markup {
        if summary.nothingHeld != nil { return Markup(NothingTexts.notHeld, language) }
        var sets: Int64 = 0
        var fields: Int64 = 0
        var records: Int64 = 0
        var documents: Int64 = 0
        for absence in absences {
            switch absence.what {
            case .dataset: sets += 1
            case .field, .column: fields += 1
            case .records(let count): records += count
            case .documents(let count): documents += count
            }
        }
        let left = [
            (sets, ValueTexts.sets), (records, ValueTexts.records), (documents, ValueTexts.documents),
            (fields, PageTexts.fields),
        ].filter { $0.0 > 0 }.map { $0.1.text($0.0, language) }
        let sentence = Markup(
            OpeningTexts.notHere(isPartial: isPartial, leavesOut: !left.isEmpty), language,
            ["left": Markup(text: language.list(left))])
        return missingBy.map { "\(sentence) \($0)" } ?? sentence
    }

    private var received: Markup {
        if summary.nothingHeld != nil {
            return Markup(unsearched.isEmpty ? NothingTexts.received : NothingTexts.receivedFound, language)
        }
        if let none = noRecipients { return Markup(none, language) }
        // Who stands for a mere category cannot be said to have received anything.
        let named = recipients.filter { $0.categoryGround == nil }
        if named.isEmpty { return Markup(PageProcessingTexts.onlyCategories, language) }
        var names = named.prefix(4).map(\.name)
        let others = named.count - names.count
        if others > 0 { names.append(PageProcessingTexts.otherRecipients.text(Int64(others), language)) }
        // A name that ends in a full stop ends the sentence too.
        var list = language.list(names)
        if list.hasSuffix(".") { list.removeLast() }
        let isOutside = named.contains { !Countries.isInEconomicArea($0.country) }
        return Markup(
            isOutside ? PageProcessingTexts.receivedOutside : PageProcessingTexts.received, language,
            ["recipients": Markup(text: list)])
    }

    private var turn: Markup {
        Markup(
            OpeningTexts.turn(summary.right), language,
            ["contact": contactLinks, "authority": Markup(text: processing.authority.name[language])])
    }

    /// The same as ``contact``, as links.
    var contactLinks: Markup {
        var links = Markup.mail(summary.controller.email)
        if let telephone = summary.controller.telephone { links += ", \(Markup.telephone(telephone))" }
        return links
    }

    /// A field as a person would name it, from a path with dots, which `(text)` may follow for what was found inside
    /// free text; the path itself if the catalogue does not have it.
    private static func label(ofField path: String, entity: String, _ language: Language) -> String {
        let mark = " (text)"
        if path.hasSuffix(mark) {
            let field = label(ofField: String(path.dropLast(mark.count)), entity: entity, language)
            return "\(field) (\(PageProcessingTexts.inText[language]))"
        }
        let other = "other."
        if path.hasPrefix(other) { return "\(DataTexts.extras[language]) › \(path.dropFirst(other.count))" }
        guard var fields = Catalogue.standard.entity(named: entity)?.fields else { return path }
        var labels: [String] = []
        for name in path.split(separator: ".") {
            guard let field = fields.first(where: { $0.name == name }) else { return path }
            labels.append(field.label[language])
            if case .group(let inner) = field.type { fields = inner } else { fields = [] }
        }
        return labels.joined(separator: " › ")
    }
}

extension ArchiveSummary.Dataset {
    /// Whether records or documents were found and left out.
    fileprivate var leavesOutRecords: Bool {
        withheldRecords.contains { $0.count > 0 } || withheldDocuments.contains { $0.count > 0 }
    }
}

extension ArchiveSummary.Rows {
    /// The earliest day among the dates and times of the shown records; when a person was born is no such date.
    fileprivate func earliestDay(in zone: TimeZoneRules?) -> String? {
        var earliest: String?
        func take(_ batch: RecordBatch, _ token: TapeToken) {
            switch token.kind.value {
            case .date?, .timestamp?, .localTimestamp?: break
            default: return
            }
            let text = batch.text(token).inZone(zone)
            let day = String(text.prefix(10))
            if CivilDate(day) != nil, earliest.map({ day < $0 }) ?? true { earliest = day }
        }
        func take(_ view: RecordView) {
            view.forEachField { index, content in
                let field = view.layout.groups[view.group].fields[index]
                if field.definition.name == "birth_date" { return }
                switch content() {
                case .value(let token): take(view.batch, token)
                case .values(let tokens): for token in tokens { take(view.batch, token) }
                case .group(let inner): take(inner)
                case .groups(let inner): for one in inner { take(one) }
                }
            }
            for other in view.others { take(view.batch, other.value) }
        }
        for batch in shown {
            for record in batch.records.indices { take(RecordView(batch: batch, record: record, layout: layout)) }
        }
        return earliest
    }
}
