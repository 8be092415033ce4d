import PortabilityModel

/// What page and README.txt both say of an archive, computed once from its summary.
struct Contents {
    let summary: ArchiveSummary
    let language: Language
    /// With records, or incomplete; by category.
    let held: [(category: Category, datasets: [ArchiveSummary.Dataset])]
    /// Searched in full, without a record.
    let empty: [ArchiveSummary.Dataset]
    let failed: [ArchiveSummary.Dataset]
    let partial: [ArchiveSummary.Dataset]
    let absences: [Absence]
    let records: Int64

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
            case .exported where dataset.records == 0: empty.append(dataset)
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
                        label: label, what: .column(exclusion.column, note: exclusion.note), ground: exclusion.ground))
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
    }

    /// Whether the reader is the person whom the data are about.
    var isToSubject: Bool { summary.right == .access || summary.right == .portability }

    /// True if something may be missing by fault, whoever says so.
    var isPartial: Bool { summary.isPartial || !failed.isEmpty || !partial.isEmpty }

    /// Sources that were not read in full.
    var incompleteSources: [ArchiveSummary.Source] {
        summary.sources.filter { $0.status == .partial || $0.status == .failed }
    }

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

    private var what: Markup {
        Markup(
            OpeningTexts.what(summary.right, isEmpty: summary.nothingHeld != nil), language,
            [
                "controller": "<strong>\(summary.controller.name)</strong>",
                "received": "<span class=\"nowrap\">\(language.date(summary.received))</span>",
            ])
    }

    private var here: Markup {
        if let nothing = summary.nothingHeld {
            let sources = NothingTexts.sources.text(Int64(nothing.searches.count), language)
            return Markup(NothingTexts.held, language, ["sources": Markup(text: sources)])
        }
        if records == 0 && summary.documentCount == 0 {
            let searched = Int64(empty.count + partial.count)
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
        // Dates of equal form compare as texts.
        let first = held.flatMap(\.datasets).compactMap { $0.rows?.dates?.earliest }.min()
        guard let first else { return sentence }
        let date: Markup = "<span class=\"nowrap\">\(language.date(first))</span>"
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
        if summary.nothingHeld != nil { return Markup(NothingTexts.received, language) }
        if summary.recipients.isEmpty { return Markup(PageTexts.recipientsNone, language) }
        var names = summary.recipients.prefix(4).map(\.name)
        let others = summary.recipients.count - names.count
        if others > 0 { names.append(PageProcessingTexts.otherRecipients.text(Int64(others), language)) }
        // A name that ends in a full stop ends the sentence too.
        var list = language.list(names)
        if list.hasSuffix(".") { list.removeLast() }
        let isOutside = summary.recipients.contains { !Countries.isInEconomicArea($0.country) }
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
