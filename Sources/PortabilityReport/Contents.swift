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
            case field(path: String, values: Int64)
            case column(String, note: String?)
        }
        var label: String
        var what: What
        var ground: Ground
    }

    init(_ summary: ArchiveSummary) {
        self.summary = summary
        language = summary.language
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
            for field in dataset.fields where field.count > 0 {
                let path = Self.label(ofField: field.path, entity: dataset.declaration.entity, summary.language)
                absences.append(
                    Absence(label: label, what: .field(path: path, values: field.count), ground: field.ground))
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

    /// The five sentences that come first.
    var opening: [Markup] {
        let here: Markup
        if records == 0 && summary.documentCount == 0 {
            let searched = Int64(empty.count + partial.count)
            here = Markup(
                OpeningTexts.nothingHere(isPartial: isPartial), language,
                ["sets": Markup(text: ValueTexts.sets.text(searched, language))])
        } else {
            let sets = Int64(held.reduce(0) { $0 + $1.datasets.count })
            var what = [
                "\(ValueTexts.records.text(records, language)) (\(ValueTexts.sets.text(sets, language)))"
            ]
            if summary.documentCount > 0 { what.append(ValueTexts.documents.text(summary.documentCount, language)) }
            let categories = held.map { ValueTexts.categoryInside($0.category)[language] }
            here = Markup(
                OpeningTexts.here, language,
                ["what": Markup(text: language.list(what)), "categories": Markup(text: language.list(categories))])
        }
        var sets: Int64 = 0
        for absence in absences { if case .dataset = absence.what { sets += 1 } }
        let fields = Int64(absences.count) - sets
        var left: [String] = []
        if sets > 0 { left.append(ValueTexts.sets.text(sets, language)) }
        if fields > 0 { left.append(PageTexts.fields.text(fields, language)) }
        return [
            Markup(
                OpeningTexts.who(summary.right), language,
                ["controller": "<strong>\(summary.controller.name)</strong>"]),
            Markup(
                OpeningTexts.asked(summary.right), language,
                [
                    "received": "<span class=\"nowrap\">\(language.date(summary.received))</span>",
                    "request": "<span class=\"nowrap\">\(summary.requestID)</span>",
                ]),
            here,
            Markup(
                OpeningTexts.notHere(isPartial: isPartial, leavesOut: !left.isEmpty), language,
                ["left": Markup(text: language.list(left))]),
            Markup(
                OpeningTexts.turn(summary.right), language,
                ["contact": contactLinks, "authority": Markup(text: summary.authority.name[language])]),
        ]
    }

    /// The same as ``contact``, as links.
    var contactLinks: Markup {
        var links = Markup.mail(summary.controller.email)
        if let telephone = summary.controller.telephone { links += ", \(Markup.telephone(telephone))" }
        return links
    }

    /// A field as a person would name it, from a path with dots; the path itself if the catalogue does not have it.
    private static func label(ofField path: String, entity: String, _ language: Language) -> String {
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
