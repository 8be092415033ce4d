import PortabilityModel

/// `index.html` of a converted archive: what it was converted from, and what is in it.
///
/// One HTML5 file that loads nothing and runs nothing, complete without following a link. Its size is bounded: at most
/// 2000 sets of data, 100 files of a form and ``ConversionSummary/noteLimit`` kinds of notes of a form are shown, the rest
/// are counted. No value of a record stands in it.
public func conversionPage(_ summary: ConversionSummary) -> [UInt8] {
    let codes = IdentityCodes()
    return codes.masked(ConversionPage(summary: summary).page.bytes)
}

private struct ConversionPage {
    let summary: ConversionSummary

    private var language: Language { summary.language }
    private func text(_ localized: LocalizedText) -> String { localized[language] }

    static let datasetLimit = 2000
    static let fileLimit = 100

    var page: Markup {
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
            <title>\(text(ConversionTexts.title)) – \(summary.controller)</title>
            <style>\(Style.sheet)</style>
            </head>
            <body>
            <header>
            <p class="from">\(summary.controller)</p>
            <h1>\(text(ConversionTexts.title))</h1>
            <p class="muted">\(text(PageTexts.request)) \(summary.requestID) · \(text(PageTexts.created)) \
            \(language.date(summary.created))</p>
            </header>
            <main>

            """
        page += opening
        page += section("origin", ConversionTexts.originTitle, origin)
        page += section("here", ConversionTexts.hereTitle, here)
        for form in summary.forms.enumerated() {
            page += section(
                "form-\(number: form.offset + 1)", LocalizedText(ConversionSummary.title(ofForm: form.element.name)),
                self.form(form.element))
        }
        if !summary.formats.isEmpty { page += section("use", FileTexts.useTitle, use) }
        page += section("check", FileTexts.checkTitle, check)
        page += "</main>\n<footer><p class=\"muted\">\(summary.tool)</p></footer>\n</body>\n</html>\n"
        return page
    }

    private func section(_ id: Markup, _ title: LocalizedText, _ body: Markup) -> Markup {
        """
        <section aria-labelledby="\(id)">
        <h2 id="\(id)">\(text(title))</h2>
        \(body)</section>

        """
    }

    private var opening: Markup {
        var what: [String] = []
        if !summary.formats.isEmpty || summary.forms.isEmpty { what.append(text(ConversionTexts.whatText)) }
        if summary.formats.isEmpty, !summary.forms.isEmpty { what.append(text(ConversionTexts.whatForms)) }
        if summary.isPartial { what.append(text(ConversionTexts.partial)) }
        let page = Markup.file("original/index.html", label: "original/index.html")
        let why = Markup(
            ConversionTexts.whyText, language, ["controller": Markup(text: summary.controller), "file": page])
        return """
            <dl class="opening">
            <div><dt>\(text(ConversionTexts.what))</dt><dd>\(what.joined(separator: " "))</dd></div>
            <div><dt>\(text(ConversionTexts.why))</dt><dd>\(why)</dd></div>
            </dl>

            """
    }

    private var origin: Markup {
        var table = Table(
            caption: Markup(text: text(ConversionTexts.originCaption)),
            columns: [
                .init(heading: text(PageTexts.request)), .init(heading: text(PageTexts.created)),
                .init(heading: text(PageTexts.tool)), .init(heading: text(ConversionTexts.sizeColumn), isNumber: true),
                .init(heading: text(ConversionTexts.digestColumn)),
            ])
        table.rows = summary.origins.map { origin in
            [
                "<strong>\(origin.requestID)</strong>", Markup(text: language.moment(origin.created)),
                Markup(text: origin.tool), "<span class=\"nowrap\">\(language.size(origin.bytes))</span>",
                "<code>\(origin.sha256)</code>",
            ]
        }
        return table.markup + (summary.keepsSignature ? "<p>\(text(ConversionTexts.signed))</p>\n" : "")
    }

    private var here: Markup {
        let shown = summary.datasets.filter { !$0.files.isEmpty }
        var body: Markup = ""
        if shown.isEmpty {
            body += "<p>\(text(ConversionTexts.nothing))</p>\n"
        } else {
            var table = Table(
                caption: Markup(text: text(ConversionTexts.hereCaption)),
                columns: [
                    .init(heading: text(ConversionTexts.datasetColumn)),
                    .init(heading: text(ConversionTexts.recordsColumn), isNumber: true),
                    .init(heading: text(ConversionTexts.filesColumn)),
                ])
            table.rows = shown.prefix(Self.datasetLimit).map { dataset in
                [
                    name(dataset.label, isProcessor: dataset.isProcessor),
                    Markup(text: language.number(dataset.records)),
                    files(dataset.files),
                ]
            }
            body += table.markup + more(shown.count - Self.datasetLimit)
        }
        let absent = summary.datasets.filter(\.isAbsent)
        if !absent.isEmpty {
            let list = absent.prefix(Self.datasetLimit).map { labelled($0.label) }
            body += "<p>\(Markup(ConversionTexts.absent, language, ["list": .joined(list, by: ", ")]))</p>\n"
        }
        if summary.documents > 0 {
            let documents = Markup(text: ValueTexts.documents.text(summary.documents, language))
            body += "<p>\(Markup(ConversionTexts.documents, language, ["documents": documents]))</p>\n"
        }
        return body
    }

    /// What the organisation calls something, in its own language.
    private func labelled(_ label: String) -> Markup {
        summary.originalLanguage == language
            ? Markup(text: label) : "<span lang=\"\(summary.originalLanguage.rawValue)\">\(label)</span>"
    }

    private func name(_ label: String, isProcessor: Bool) -> Markup {
        "<strong>\(labelled(label))</strong>"
            + (isProcessor ? "<span class=\"meaning\">\(text(ConversionTexts.onBehalf))</span>" : "")
    }

    private func files(_ files: [ConversionSummary.File]) -> Markup {
        var list: Markup = "<ul class=\"plain\">"
        for file in files.prefix(Self.fileLimit) {
            let rows = file.rows.map { ", \(ValueTexts.rows.text($0, language))" } ?? ""
            list += """
                <li>\(Markup.file(file.path, label: file.path)) \
                <span class="muted nowrap">\(language.size(file.bytes))\(rows)</span></li>
                """
        }
        let rest = files.count - Self.fileLimit
        if rest > 0 {
            list += "<li>\(ConversionTexts.moreFiles.filled(language, ["count": language.number(Int64(rest))]))</li>"
        }
        return list + "</ul>"
    }

    private func more(_ count: Int) -> Markup {
        if count <= 0 { return "" }
        return "<p class=\"muted\">\(PageTexts.more.filled(language, ["count": language.number(Int64(count))]))</p>\n"
    }

    private func form(_ form: ConversionSummary.Form) -> Markup {
        var body: Markup = "<p>\(text(ConversionTexts.use(form.name)))</p>\n"
        if form.datasets.isEmpty { return body + "<p>\(text(ConversionTexts.noFiles))</p>\n" }
        let datasets = form.datasets.map { dataset -> Markup in
            let records = ValueTexts.records.text(dataset.records, language)
            let behalf = dataset.isProcessor ? "; \(text(ConversionTexts.onBehalf))" : ""
            return "<li>\(labelled(dataset.label)): \(records)\(behalf)</li>"
        }
        body += """
            <h3>\(text(ConversionTexts.fromDatasets))</h3>
            <ul>\(Markup.joined(datasets))</ul>
            <h3>\(text(ConversionTexts.fileList))</h3>
            \(files(form.files))
            <h3>\(text(ConversionTexts.notesTitle))</h3>

            """
        if form.notes.isEmpty { return body + "<p>\(text(ConversionTexts.noNotes))</p>\n" }
        for kind in ConversionTexts.noteKinds {
            let notes = form.notes.filter { $0.kind == kind }
            if notes.isEmpty { continue }
            let items = notes.map { "<li>\(item($0, of: form))</li>\n" as Markup }
            body += """
                <p>\(text(ConversionTexts.note(kind)))</p>
                <ul>
                \(Markup.joined(items))</ul>

                """
        }
        if form.moreNotes > 0 {
            let count = language.number(form.moreNotes)
            body += "<p class=\"muted\">\(ConversionTexts.moreNotes.filled(language, ["count": count]))</p>\n"
        }
        return body + "<p class=\"muted\">\(text(ConversionTexts.notesListed))</p>\n"
    }

    /// What a note is about, and how often it is so.
    private func item(_ note: ConversionSummary.Note, of form: ConversionSummary.Form) -> Markup {
        // A standard's own term is what a reader looks up; a path says no more than the label.
        let isPath = note.term.utf8.contains { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
        var item: Markup = note.label.map { "\($0)" } ?? "<code>\(note.term)</code>"
        if note.label != nil, !isPath { item += " (<code>\(note.term)</code>)" }
        var places: [Markup] = []
        if form.datasets.count > 1 { places.append(labelled(note.dataset)) }
        places.append(Markup(text: ValueTexts.records.text(note.records, language)))
        if let file = note.file, form.files.count > 1 {
            places.append(
                note.files > 1
                    ? Markup(
                        ConversionTexts.fileAndMore, language,
                        ["file": Markup(text: file), "count": Markup(text: language.number(note.files - 1))])
                    : Markup(text: file))
        }
        return item + " <span class=\"muted\">– \(Markup.joined(places, by: ", "))</span>"
    }

    private var use: Markup {
        let dictionary = Markup.file("schemas/dictionary.csv", label: "schemas/dictionary.csv")
        var body: Markup = """
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

    private var check: Markup {
        let same: Markup =
            summary.formats.isEmpty && !summary.forms.isEmpty
            ? ""
            : """
            <p>\(text(ConversionTexts.same))</p>
            <pre><code>\(ConversionTexts.sameCommand)</code></pre>

            """
        return """
            <p>\(text(FileTexts.check))</p>
            <pre><code>\(FileTexts.checkCommands.joined(separator: "\n"))</code></pre>
            <p>\(text(FileTexts.checkResult))</p>
            <pre><code>\(FileTexts.checkCommandsOfMacOS.joined(separator: "\n"))</code></pre>
            \(same)
            """
    }
}
