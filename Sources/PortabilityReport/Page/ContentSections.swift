import PortabilityModel

/// What is here, what is not, what is missing by fault, who has received data.
extension PageWriter {
    // MARK: What is missing by fault

    func warning() -> Markup {
        let by = contents.missingBy.map { " <strong>\($0)</strong>" as Markup } ?? ""
        let meaning = Markup(PageTexts.partialMeaning, language, ["contact": contents.contactLinks])
        var box: Markup = """
            <section class="box warning" aria-labelledby="incomplete">
            <h2 id="incomplete">\(text(PageTexts.partialTitle))</h2>
            <p>\(meaning)\(by)</p>

            """
        let sets =
            contents.failed.map { ($0.label, PageTexts.failed) }
            + contents.partial.map { ($0.label, PageTexts.mayLack) }
        if !sets.isEmpty {
            box += "<p>\(text(PageTexts.partialSets))</p>\n"
            box += list(sets) { label, what in "<strong>\(text(label))</strong>: \(text(what))" }
        }
        if !contents.incompleteSources.isEmpty {
            box += "<p>\(text(PageTexts.partialSources))</p>\n"
            box += list(contents.incompleteSources) { source in
                let findings = findings(source.findings) { $0.losesRecords }
                return "<strong>\(source.id)</strong>: \(text(ValueTexts.status(source.status)))\(findings)"
            }
        }
        box += "</section>\n"
        return box
    }

    func findings(_ findings: [Finding], where isWanted: (Finding) -> Bool = { _ in true }) -> Markup {
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

    func here() -> Markup {
        var body: Markup = ""
        if contents.held.isEmpty {
            body += "<p>\(text(PageTexts.nothing))</p>\n"
        } else {
            body += "<p>\(text(PageTexts.hereIntroduction))</p>\n"
            let table = Table(
                caption: Markup(
                    text: text(
                        contents.isToSubject ? DataTexts.overviewCaption : DataTexts.overviewCaptionOrganisation)),
                columns: [
                    Table.Column(heading: text(PageTexts.data)),
                    Table.Column(heading: text(PageTexts.recordsColumn), isNumber: true),
                    Table.Column(heading: text(DataTexts.sinceColumn)),
                    Table.Column(heading: text(PageTexts.meaningColumn)),
                ], name: "overview")
            body += self.table(table, of: contents.held.flatMap(\.datasets)) { dataset in
                let label = text(dataset.label)
                let link: Markup =
                    anchors[dataset.declaration.id].map { "<a href=\"#d\(number: $0)\">\(label)</a>" }
                    ?? Markup(text: label)
                let meaning = text(dataset.meaning)
                return [
                    "\(link)\(incompleteBadge(dataset))", Markup(text: language.number(dataset.records)),
                    dates(of: dataset), Markup(text: meaning == label ? "" : meaning),
                ]
            }
        }
        if summary.documentCount > 0 {
            let count = ValueTexts.documents.text(summary.documentCount, language)
            body += "<p>\(PageTexts.documentsText.filled(language, ["documents": count]))</p>\n"
        }
        if !contents.empty.isEmpty {
            body += "<h3>\(text(PageTexts.emptyTitle))</h3>\n<p>\(text(PageTexts.emptyText))</p>\n"
            body += list(contents.empty, name: "columns") { Markup(text: text($0.label)) }
        }
        return body
    }

    private func dates(of dataset: ArchiveSummary.Dataset) -> Markup {
        guard let dates = dataset.rows?.dates else { return "" }
        let first: Markup = "<span class=\"nowrap\">\(language.date(dates.earliest))</span>"
        if dates.earliest == dates.latest { return first }
        return "\(first) – <span class=\"nowrap\">\(language.date(dates.latest))</span>"
    }

    // MARK: What is not here

    func absent() -> Markup {
        if contents.absences.isEmpty && contents.failed.isEmpty {
            return "<p>\(text(contents.isPartial ? PageTexts.absentOnlyFaults : PageTexts.absentNothing))</p>\n"
        }
        let rows =
            contents.failed.map { dataset -> [Markup] in
                [
                    "<strong>\(text(dataset.label))</strong>", Markup(text: text(PageTexts.wholeFailed)),
                    Markup(text: text(PageTexts.faultReason)),
                ]
            }
            + contents.absences.map { absence -> [Markup] in
                let (what, note) = self.what(absence.what)
                return ["<strong>\(absence.label)</strong>", what, reason(absence.ground) + note]
            }
        let table = Table(
            caption: Markup(text: text(PageTexts.absentCaption)),
            columns: [
                Table.Column(heading: text(PageTexts.data)), Table.Column(heading: text(PageTexts.whatColumn)),
                Table.Column(heading: text(PageTexts.whyColumn)),
            ])
        var body: Markup = "<p>\(text(PageTexts.absentIntroduction))</p>\n"
        body += self.table(table, of: rows) { $0 }
        if contents.isToSubject, contents.absences.contains(where: { $0.ground == .restrictedByLaw }) {
            body += """
                <div class="box caution">
                <h3>\(text(PageProcessingTexts.ombudsmanTitle))</h3>
                <p>\(Markup(PageProcessingTexts.ombudsman, language, ["authority": authorityInLine]))</p>
                </div>

                """
        }
        return body
    }

    /// What is left out, and what is to be added to the reason.
    private func what(_ what: Contents.Absence.What) -> (what: Markup, note: Markup) {
        switch what {
        case .dataset(let isRead):
            return (Markup(text: text(isRead ? PageTexts.wholeWithheld : PageTexts.wholeNotRead)), "")
        case .field(let path, let action, let values):
            let done: LocalizedText
            switch action {
            case .mask: done = PageProcessingTexts.fieldMasked
            case .label: done = PageProcessingTexts.fieldLabelled
            case .withhold, .keep: done = PageProcessingTexts.fieldWithheld
            }
            let count = ValueTexts.values.text(values, language)
            return ("\(path) <span class=\"muted\">(\(text(done)), \(count))</span>", "")
        case .records(let count): return (Markup(text: ValueTexts.records.text(count, language)), "")
        case .documents(let count): return (Markup(text: ValueTexts.documents.text(count, language)), "")
        case .column(let column, let note):
            return (
                "\(text(PageTexts.column)) <code>\(column)</code>", note.map { "<br>\($0)" as Markup } ?? ""
            )
        }
    }

    private func reason(_ ground: Ground) -> Markup {
        var reason: Markup = "\(text(contents.reason(ground)))"
        if let reference = ground.provision(under: summary.right) {
            reason += " <span class=\"muted\">(\(text(LegalTexts.gdpr)), \(article(reference)))</span>"
        }
        return reason
    }

    private var authorityInLine: Markup {
        let authority = contents.processing.authority
        var line: Markup = "\(text(authority.name))"
        if let email = authority.email { line += ", \(Markup.mail(email))" }
        line += ", \(Markup.web(authority.url))"
        return line
    }

    // MARK: Recipients

    func recipients() -> Markup {
        if let none = contents.noRecipients { return "<p>\(text(none))</p>\n" }
        let table = Table(
            caption: Markup(text: text(PageTexts.recipientsCaption)),
            columns: [
                Table.Column(heading: text(PageTexts.recipientColumn)),
                Table.Column(heading: text(PageTexts.countryColumn)),
                Table.Column(heading: text(PageTexts.taskColumn)),
                Table.Column(heading: text(PageTexts.receivedColumn)),
                Table.Column(heading: text(PageTexts.transferColumn)),
            ])
        return self.table(table, of: contents.recipients) { recipient in
            var categories = recipient.categories.map { text(ValueTexts.category($0)) }.joined(separator: ", ")
            // What a mere category of recipients has received is not known, if anything.
            if categories.isEmpty { categories = recipient.categoryGround == nil ? text(PageTexts.allCategories) : "–" }
            var name: Markup = "<strong>\(recipient.name)</strong>"
            if let ground = recipient.categoryGround {
                name += "<span class=\"meaning\">\(text(PageProcessingTexts.categoryOnly)) \(text(ground))</span>"
            }
            return [
                name, Markup(text: Countries.name(recipient.country, language)), Markup(text: text(recipient.role)),
                Markup(text: categories),
                transfer(to: recipient),
            ]
        }
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
}
