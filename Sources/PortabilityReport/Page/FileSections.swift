import PortabilityModel

/// How to use and check the files, and how the package came about.
extension PageWriter {
    func use() -> Markup {
        let dictionary = Markup.file("schemas/dictionary.csv", label: "schemas/dictionary.csv")
        var body: Markup = """
            <p>\(text(FileTexts.useIntroduction))</p>
            <p>\(Markup(FileTexts.dictionary, language, ["file": dictionary]))</p>
            <dl class="details">

            """
        for format in Format.allCases where summary.formats.contains(format) {
            let (name, use) = FileTexts.format(format)
            body += "<div><dt>\(name)</dt><dd>\(text(use))</dd></div>\n"
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

    func check() -> Markup {
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
        return body + signature()
    }

    /// Who signed the package, and how to check that.
    private func signature() -> Markup {
        guard let signer = summary.signer else { return "" }
        let (paragraphs, command, result) = SignatureTexts.instructions(
            signer, controller: summary.controller.name, contact: contents.contact, language)
        var body: Markup = "<h3>\(text(SignatureTexts.title))</h3>\n"
        for paragraph in paragraphs { body += "<p>\(paragraph)</p>\n" }
        body += """
            <pre><code>\(command)</code></pre>
            <p>\(result)</p>
            <pre><code>\(SignatureTexts.chain.joined(separator: "\n"))</code></pre>

            """
        return body
    }

    func about() -> Markup {
        let policy = summary.policy
        var body = details([
            (PageTexts.register, Markup(text: policy.register)),
            (
                PageTexts.policy,
                Markup(
                    text: PageTexts.policyOf.filled(
                        language, ["policy": policy.name, "date": language.date(policy.date)]))
            ),
            (PageTexts.website, policy.address.map(Markup.web)),
            (PageTexts.policyDigest, policy.sha256.map { "<code>\($0)</code>" }),
            (PageTexts.created, Markup(text: contents.moment(summary.created))),
            (PageTexts.tool, Markup(text: summary.tool)),
        ])
        // Where nothing is held, what was searched is told above; the sources’ records were not read.
        if summary.nothingHeld != nil { return body + withoutPersonalData() }
        let sources = summary.sources.filter { $0.noPersonalData == nil }
        if sources.isEmpty { return body + withoutPersonalData() }
        let table = Table(
            caption: Markup(text: text(PageTexts.sourcesCaption)),
            columns: [
                Table.Column(heading: text(PageTexts.sourceColumn)),
                Table.Column(heading: text(PageTexts.stateColumn)),
                Table.Column(heading: text(PageTexts.asOfColumn)),
                Table.Column(heading: text(PageTexts.remarksColumn)),
            ])
        body += "<h3>\(text(PageTexts.sourcesTitle))</h3>\n"
        body += self.table(table, of: sources) { source in
            let remarks = findings(source.findings)
            return [
                "<strong>\(source.id)</strong>", Markup(text: text(ValueTexts.status(source.status))),
                Markup(text: source.asOf.map(contents.moment) ?? "–"),
                remarks.isEmpty ? Markup(text: text(PageTexts.noRemarks)) : remarks,
            ]
        }
        return body + handSearches() + withoutPersonalData()
    }

    /// Searches by hand, of what is kept in rooms: where, by which role, when, with which result.
    func handSearches() -> Markup {
        let searches = summary.sources.flatMap(\.attestations)
        if searches.isEmpty { return "" }
        let table = Table(
            caption: Markup(text: text(HandSearchTexts.caption)),
            columns: [
                Table.Column(heading: text(HandSearchTexts.placesColumn)),
                Table.Column(heading: text(HandSearchTexts.roleColumn)),
                Table.Column(heading: text(HandSearchTexts.dateColumn)),
                Table.Column(heading: text(HandSearchTexts.resultColumn)),
            ])
        let rows = self.table(table, of: searches) { search in
            [
                Markup(text: search.places.joined(separator: ", ")), Markup(text: search.role),
                "<span class=\"nowrap\">\(language.date(search.date))</span>",
                Markup(text: text(HandSearchTexts.result(search.result))),
            ]
        }
        return "<h3>\(text(HandSearchTexts.title))</h3>\n<p>\(text(HandSearchTexts.introduction))</p>\n" + rows
    }

    /// Sources that were not read because no personal data are in them.
    private func withoutPersonalData() -> Markup {
        let sources = summary.sources.filter { $0.noPersonalData != nil }
        if sources.isEmpty { return "" }
        let reasons = list(sources) { source in
            "<strong>\(source.id)</strong>: \(source.noPersonalData.map(text) ?? "")"
        }
        return "<h3>\(text(HandSearchTexts.withoutPersonalData))</h3>\n" + reasons
    }
}
