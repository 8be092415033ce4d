import PortabilityModel

/// The page that a person opens first: what is in the archive, what is not and why, who has received data, the
/// person's rights, and how to use and check the files (GDPR Articles 12(1), 12(4), 13 to 15).
///
/// One HTML5 file in the summary's language, UTF-8. It loads nothing and runs nothing; its policy (CSP) forbids both.
/// Its size is bounded: lists are cut at 4000 entries in all and say so, texts at ``Markup/longestText`` scalars.
public func indexHTML(_ summary: ArchiveSummary) -> [UInt8] {
    var page = Page(contents: Contents(summary))
    return Array(page.build().html.utf8)
}

/// Puts the page together.
struct Page {
    let contents: Contents
    /// Entries of lists that may still be written.
    private var room = 4000

    init(contents: Contents) { self.contents = contents }

    private var summary: ArchiveSummary { contents.summary }
    private var language: Language { contents.language }

    private func text(_ localized: LocalizedText) -> String { localized[language] }

    mutating func build() -> Markup {
        let title = text(OpeningTexts.title(summary.right))
        let sections: [(id: Markup, title: String, body: Markup)] = [
            ("here", text(PageTexts.hereTitle), here()),
            ("absent", text(PageTexts.absentTitle), absent()),
            ("recipients", text(PageTexts.recipientsTitle), recipients()),
            rights(),
            ("use", text(FileTexts.useTitle), use()),
            ("check", text(FileTexts.checkTitle), check()),
            ("about", text(PageTexts.aboutTitle), about()),
        ]
        var page: Markup = """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Style.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="robots" content="noindex">
            <meta name="color-scheme" content="light dark">
            <title>\(title) – \(summary.controller.name)</title>
            <style>\(Style.sheet)</style>
            </head>
            <body>
            <header>
            <p class="from">\(summary.controller.name)</p>
            <h1>\(title)</h1>
            <p class="muted">\(text(PageTexts.created)) \(language.date(summary.created))</p>
            </header>
            <main>
            <dl class="opening">

            """
        for (label, sentence) in zip(OpeningTexts.labels, contents.opening) {
            page += "<dt>\(text(label))</dt><dd>\(sentence)</dd>\n"
        }
        page += "</dl>\n"
        if contents.isPartial { page += warning() }
        page += "<nav aria-label=\"\(text(PageTexts.contents))\"><ul>"
        for section in sections { page += "<li><a href=\"#\(section.id)\">\(section.title)</a></li>" }
        page += "</ul></nav>\n"
        for section in sections {
            page += """
                <section aria-labelledby="\(section.id)">
                <h2 id="\(section.id)">\(section.title)</h2>
                \(section.body)</section>

                """
        }
        page += "</main>\n<footer><p class=\"muted\">\(summary.tool)</p></footer>\n</body>\n</html>\n"
        return page
    }

    /// The entries that there is room for, and a note on the rest.
    private mutating func cut<Item>(_ items: [Item]) -> (items: ArraySlice<Item>, note: Markup) {
        let count = min(room, items.count)
        room -= count
        if count == items.count { return (items[...], "") }
        let rest = language.number(Int64(items.count - count))
        let note = Markup(PageTexts.more, language, ["count": Markup(text: rest)])
        return (items.prefix(count), "<p class=\"muted\">\(note)</p>\n")
    }

    private func article(_ reference: String) -> Markup {
        "<span class=\"article\">\(LegalTexts.article(reference, language))</span>"
    }

    // MARK: What is missing by fault

    private mutating func warning() -> Markup {
        var box: Markup = """
            <section class="box warning" aria-labelledby="incomplete">
            <h2 id="incomplete">\(text(PageTexts.partialTitle))</h2>
            <p>\(Markup(PageTexts.partialMeaning, language, ["contact": contents.contactLinks]))</p>

            """
        let sets =
            contents.failed.map { ($0.label, PageTexts.failed) }
            + contents.partial.map { ($0.label, PageTexts.mayLack) }
        if !sets.isEmpty {
            let (shown, note) = cut(sets)
            box += "<p>\(text(PageTexts.partialSets))</p>\n<ul>\n"
            for (label, what) in shown { box += "<li><strong>\(text(label))</strong>: \(text(what))</li>\n" }
            box += "</ul>\n\(note)"
        }
        if !contents.incompleteSources.isEmpty {
            let (shown, note) = cut(contents.incompleteSources)
            box += "<p>\(text(PageTexts.partialSources))</p>\n<ul>\n"
            for source in shown {
                box += "<li><strong>\(source.id)</strong>: \(text(ValueTexts.status(source.status)))"
                box += findings(source.findings) { $0.losesRecords }
                box += "</li>\n"
            }
            box += "</ul>\n\(note)"
        }
        box += "</section>\n"
        return box
    }

    private func findings(_ findings: [Finding], where isWanted: (Finding) -> Bool = { _ in true }) -> Markup {
        let counts = contents.counts(findings, where: isWanted)
        if counts.isEmpty { return "" }
        var list: Markup = "<ul class=\"plain\">"
        for (kind, count) in counts {
            list += "<li>\(text(ValueTexts.finding(kind))): \(language.number(count))</li>"
        }
        list += "</ul>"
        return list
    }

    // MARK: What is here

    private mutating func here() -> Markup {
        var body: Markup = ""
        if contents.held.isEmpty {
            body += "<p>\(text(PageTexts.nothing))</p>\n"
        } else {
            body += "<p>\(text(PageTexts.hereIntroduction))</p>\n"
        }
        for (category, datasets) in contents.held {
            let (shown, note) = cut(datasets)
            let records = ValueTexts.records.text(datasets.reduce(0) { $0 + $1.records }, language)
            let sets = ValueTexts.sets.text(Int64(datasets.count), language)
            body += "<h3>\(text(ValueTexts.category(category)))</h3>\n"
            var table = Table(
                caption: "\(sets), \(records) – <code>data/\(category.rawValue)/</code>",
                columns: [
                    Table.Column(heading: text(PageTexts.data)),
                    Table.Column(heading: text(PageTexts.recordsColumn), isNumber: true),
                    Table.Column(heading: text(PageTexts.purposeColumn)),
                    Table.Column(heading: text(PageTexts.originColumn)),
                    Table.Column(heading: text(PageTexts.retentionColumn)),
                    Table.Column(heading: text(PageTexts.filesColumn)),
                ], name: "datasets")
            for dataset in shown {
                table.rows.append([
                    name(of: dataset), Markup(text: language.number(dataset.records)),
                    purposes(of: dataset.declaration), origin(of: dataset.declaration),
                    Markup(text: text(dataset.declaration.retention ?? PageTexts.retentionUnknown)),
                    files(of: dataset),
                ])
            }
            body += table.markup
            body += note
        }
        if summary.documentCount > 0 {
            let count = ValueTexts.documents.text(summary.documentCount, language)
            body += "<p>\(PageTexts.documentsText.filled(language, ["documents": count]))</p>\n"
        }
        if !contents.empty.isEmpty {
            let (shown, note) = cut(contents.empty)
            body +=
                "<h3>\(text(PageTexts.emptyTitle))</h3>\n<p>\(text(PageTexts.emptyText))</p>\n<ul class=\"columns\">\n"
            for dataset in shown { body += "<li>\(text(dataset.label))</li>\n" }
            body += "</ul>\n\(note)"
        }
        return body
    }

    private func name(of dataset: ArchiveSummary.Dataset) -> Markup {
        var cell: Markup = "<strong>\(text(dataset.label))</strong>"
        if case .partial = dataset.outcome { cell += " <span class=\"badge\">\(text(PageTexts.incomplete))</span>" }
        let meaning = text(dataset.meaning)
        if !meaning.isEmpty, meaning != text(dataset.label) { cell += "<span class=\"meaning\">\(meaning)</span>" }
        return cell
    }

    private func purposes(of declaration: DatasetDeclaration) -> Markup {
        if declaration.purposes.isEmpty { return Markup(text: text(PageTexts.purposeUnknown)) }
        var list: Markup = "<ul class=\"plain\">"
        for id in declaration.purposes.prefix(20) {
            guard let purpose = summary.purposes.first(where: { $0.id == id }) else {
                list += "<li>\(id)</li>"
                continue
            }
            let basis = text(LegalTexts.basis(purpose.basis))
            let article = article(purpose.basis.rawValue)
            let marketing = purpose.isMarketing ? "; " + text(PageTexts.marketing) : ""
            list += """
                <li>\(text(purpose.text)) <span class="muted">(\(basis), \
                \(article)\(marketing))</span></li>
                """
        }
        list += "</ul>"
        return list
    }

    private func origin(of declaration: DatasetDeclaration) -> Markup {
        var lines = [ValueTexts.origin(declaration.origin, toSubject: contents.isToSubject)]
        if declaration.means == .manual { lines.append(PageTexts.manual) }
        if declaration.role == .processor { lines.append(PageTexts.processed) }
        return .joined(lines.map { Markup(text: text($0)) }, by: "<br>")
    }

    private mutating func files(of dataset: ArchiveSummary.Dataset) -> Markup {
        let (shown, note) = cut(dataset.files)
        if shown.isEmpty { return note.isEmpty ? "–" : note }
        var list: Markup = "<ul class=\"plain files\">"
        for file in shown {
            let label = String(file.path.split(separator: "/").last ?? "")
            let link = Markup.file(file.path, label: label.isEmpty ? file.path : label)
            list += "<li>\(link) <span class=\"muted\">\(language.size(file.bytes))</span></li>"
        }
        list += "</ul>"
        return list + note
    }

    // MARK: What is not here

    private mutating func absent() -> Markup {
        if contents.absences.isEmpty && contents.failed.isEmpty {
            return "<p>\(text(contents.isPartial ? PageTexts.absentOnlyFaults : PageTexts.absentNothing))</p>\n"
        }
        var table = Table(
            caption: Markup(text: text(PageTexts.absentCaption)),
            columns: [
                Table.Column(heading: text(PageTexts.data)), Table.Column(heading: text(PageTexts.whatColumn)),
                Table.Column(heading: text(PageTexts.whyColumn)),
            ])
        let (failed, failedNote) = cut(contents.failed)
        for dataset in failed {
            table.rows.append([
                "<strong>\(text(dataset.label))</strong>", Markup(text: text(PageTexts.wholeFailed)),
                Markup(text: text(PageTexts.faultReason)),
            ])
        }
        let (absences, note) = cut(contents.absences)
        for absence in absences {
            let what: Markup
            var why = reason(absence.ground)
            switch absence.what {
            case .dataset(let isRead):
                what = Markup(text: text(isRead ? PageTexts.wholeWithheld : PageTexts.wholeNotRead))
            case .field(let path, let values):
                what = "\(path) <span class=\"muted\">(\(ValueTexts.values.text(values, language)))</span>"
            case .column(let column, let note):
                what = "\(text(PageTexts.column)) <code>\(column)</code>"
                if let note { why += "<br>\(note)" }
            }
            table.rows.append(["<strong>\(absence.label)</strong>", what, why])
        }
        return "<p>\(text(PageTexts.absentIntroduction))</p>\n" + table.markup + failedNote + note
    }

    private func reason(_ ground: Ground) -> Markup {
        var reason: Markup = "\(text(ground.text))"
        if let reference = ground.article(under: summary.right) {
            reason += " <span class=\"muted\">(\(text(LegalTexts.gdpr)), \(article(reference)))</span>"
        }
        return reason
    }

    // MARK: Recipients

    private mutating func recipients() -> Markup {
        if summary.recipients.isEmpty { return "<p>\(text(PageTexts.recipientsNone))</p>\n" }
        var table = Table(
            caption: Markup(text: text(PageTexts.recipientsCaption)),
            columns: [
                Table.Column(heading: text(PageTexts.recipientColumn)),
                Table.Column(heading: text(PageTexts.countryColumn)),
                Table.Column(heading: text(PageTexts.taskColumn)),
                Table.Column(heading: text(PageTexts.receivedColumn)),
                Table.Column(heading: text(PageTexts.transferColumn)),
            ])
        let (shown, note) = cut(summary.recipients)
        for recipient in shown {
            let categories = recipient.categories.map { text(ValueTexts.category($0)) }.joined(separator: ", ")
            table.rows.append([
                "<strong>\(recipient.name)</strong>", Markup(text: Countries.name(recipient.country, language)),
                Markup(text: text(recipient.role)),
                Markup(text: categories.isEmpty ? text(PageTexts.allCategories) : categories),
                transfer(to: recipient),
            ])
        }
        return table.markup + note
    }

    private func transfer(to recipient: Recipient) -> Markup {
        guard let tool = recipient.transferTool else {
            return Countries.isInEconomicArea(recipient.country)
                ? Markup(text: text(PageTexts.withinArea))
                : "<span class=\"badge\">\(text(PageTexts.transferUnknown))</span>"
        }
        if LegalTexts.isPrivacyShield(tool) {
            return "\(tool)<br><span class=\"flag\">\(text(PageTexts.privacyShield))</span>"
        }
        guard let known = LegalTexts.transferTool(tool) else { return Markup(text: tool) }
        return """
            \(text(known.name)) <span class="muted">(\(text(LegalTexts.gdpr)), \(article(known.article)))</span>
            """
    }

    // MARK: Rights

    private func rights() -> (id: Markup, title: String, body: Markup) {
        guard contents.isToSubject else {
            let body: Markup = "<p>\(text(PageTexts.rightsOfPersons(summary.right)))</p>\n"
            return ("rights", text(PageTexts.rightsOfPersonsTitle), body + authority())
        }
        var body: Markup =
            "<p>\(Markup(PageTexts.rightsIntroduction, language, ["contact": contents.contactLinks]))</p>\n<ul>\n"
        for right in LegalTexts.rights {
            let article = article(right.article)
            body += """
                <li><strong>\(text(right.name))</strong> <span class="muted">(\(article))</span>: \
                \(text(right.meaning))</li>

                """
        }
        body += """
            </ul>
            <h3>\(text(PageTexts.complaintTitle))</h3>
            <p>\(text(PageTexts.complaint))</p>
            \(authority())<h3>\(text(PageTexts.remedyTitle))</h3>
            <p>\(text(PageTexts.remedy))</p>

            """
        return ("rights", text(PageTexts.rightsTitle), body)
    }

    private func authority() -> Markup {
        let authority = summary.authority
        return details([
            (PageTexts.authority, Markup(text: text(authority.name))),
            (PageTexts.address, Markup(text: authority.address)),
            (PageTexts.website, .web(authority.url)),
            (PageTexts.email, authority.email.map(Markup.mail)),
            (PageTexts.telephone, authority.telephone.map(Markup.telephone)),
        ])
    }

    private func details(_ pairs: [(LocalizedText, Markup?)]) -> Markup {
        var list: Markup = "<dl class=\"details\">\n"
        for (label, value) in pairs {
            if let value, !value.isEmpty { list += "<dt>\(text(label))</dt><dd>\(value)</dd>\n" }
        }
        list += "</dl>\n"
        return list
    }

    // MARK: Files

    private func use() -> Markup {
        var body: Markup = "<p>\(text(FileTexts.useIntroduction))</p>\n<dl class=\"details\">\n"
        for format in Format.allCases where summary.formats.contains(format) {
            let (name, use) = FileTexts.format(format)
            body += "<dt>\(name)</dt><dd>\(text(use))</dd>\n"
        }
        body += "</dl>\n"
        if summary.formats.contains(.csv) {
            body += """
                <div class="box caution">
                <h3>\(text(FileTexts.spreadsheetTitle))</h3>
                <p>\(text(FileTexts.spreadsheet))</p>
                </div>

                """
        }
        return body
    }

    private func check() -> Markup {
        var body: Markup = """
            <p>\(text(FileTexts.check))</p>
            <pre><code>\(FileTexts.checkCommands.joined(separator: "\n"))</code></pre>
            <p>\(text(FileTexts.checkResult))</p>
            <pre><code>\(FileTexts.checkCommandsOfMacOS.joined(separator: "\n"))</code></pre>

            """
        if summary.formats.contains(.json) {
            body += """
                <p>\(text(FileTexts.checkContent))</p>
                <pre><code>\(FileTexts.contentCommand)</code></pre>

                """
        }
        return body
    }

    // MARK: About

    private mutating func about() -> Markup {
        let controller = summary.controller
        let policy = summary.policy
        let who: LocalizedText
        switch summary.right {
        case .access, .portability: who = PageTexts.controller
        case .switching: who = PageTexts.provider
        case .handover: who = PageTexts.processor
        }
        var body = details([
            (who, Markup(text: controller.name)),
            (PageTexts.businessID, Markup(text: controller.businessID)),
            (PageTexts.address, Markup(text: address(of: controller))),
            (PageTexts.contact, controller.contact.map { Markup(text: $0) }),
            (PageTexts.email, .mail(controller.email)),
            (PageTexts.telephone, controller.telephone.map(Markup.telephone)),
            (PageTexts.register, Markup(text: policy.register)),
            (
                PageTexts.policy,
                Markup(
                    text: PageTexts.policyOf.filled(
                        language, ["policy": policy.name, "date": language.date(policy.date)]))
            ),
            (PageTexts.website, policy.address.map(Markup.web)),
            (PageTexts.policyDigest, policy.sha256.map { "<code>\($0)</code>" }),
            (
                PageTexts.request,
                Markup(
                    text: PageTexts.requestOf.filled(
                        language, ["request": summary.requestID, "date": language.date(summary.received)]))
            ),
            (PageTexts.created, Markup(text: language.moment(summary.created))),
            (PageTexts.tool, Markup(text: summary.tool)),
        ])
        if !summary.sources.isEmpty {
            var table = Table(
                caption: Markup(text: text(PageTexts.sourcesCaption)),
                columns: [
                    Table.Column(heading: text(PageTexts.sourceColumn)),
                    Table.Column(heading: text(PageTexts.stateColumn)),
                    Table.Column(heading: text(PageTexts.asOfColumn)),
                    Table.Column(heading: text(PageTexts.remarksColumn)),
                ])
            let (shown, note) = cut(summary.sources)
            for source in shown {
                let remarks = findings(source.findings)
                table.rows.append([
                    "<strong>\(source.id)</strong>", Markup(text: text(ValueTexts.status(source.status))),
                    Markup(text: source.asOf.map(language.moment) ?? "–"),
                    remarks.isEmpty ? Markup(text: text(PageTexts.noRemarks)) : remarks,
                ])
            }
            body += "<h3>\(text(PageTexts.sourcesTitle))</h3>\n"
            body += table.markup
            body += note
        }
        return body
    }

    private func address(of controller: Controller) -> String {
        let country = Countries.name(controller.country, language)
        return controller.address.hasSuffix(country) ? controller.address : "\(controller.address), \(country)"
    }
}
