import PortabilityModel

/// The page that a person opens first: what is in the archive, what is not and why, who has received data, the records
/// themselves, how they are processed, the person's rights, and how to use and check the files (GDPR Articles 12(1),
/// 12(4), 13 to 15).
///
/// One HTML5 file in the summary's language, UTF-8. It loads nothing and runs nothing; its policy (CSP) forbids both.
///
/// For the screen its size is bounded at 10 MiB: the newest records of each dataset are shown, values are cut at 600
/// characters, lists at 4000 entries in all; whatever was cut is counted, and the file that holds it is named. With a
/// full print every record is read and written and values are cut at 20 000 characters only; the memory needed does
/// not grow with the number of records.
/// - Parameters:
///   - summary: What the archive is.
///   - fullPrint: Whether every record is shown, where the summary lets them be read.
///   - sink: Takes the page piece by piece.
/// - Throws: what `sink` throws, and what reading the records throws.
public func writeIndexHTML(
    _ summary: ArchiveSummary, fullPrint: Bool, into sink: (Span<UInt8>) throws -> Void
) throws {
    try withoutActuallyEscaping(sink) { sink in
        try PageWriter(summary, isFullPrint: fullPrint, out: HTMLOutput(sink)).write()
    }
}

/// The page for the screen as one piece, see ``writeIndexHTML(_:fullPrint:into:)``.
public func indexHTML(_ summary: ArchiveSummary) throws -> [UInt8] {
    var page: [UInt8] = []
    try writeIndexHTML(summary, fullPrint: false) { page.append($0) }
    return page
}

/// Puts the page together.
final class PageWriter {
    let contents: Contents
    let isFullPrint: Bool
    let limits: PageLimits
    let out: HTMLOutput
    let writer: RecordWriter
    /// Numbers of the datasets that have a section, by their ids.
    private(set) var anchors: [String: Int] = [:]
    /// Where the records begin, in bytes written.
    private(set) var dataStart = 0
    /// Entries and bytes of lists that may still be written.
    private var room: Int
    private var listBytes: Int

    init(_ summary: ArchiveSummary, isFullPrint: Bool, limits: PageLimits? = nil, out: HTMLOutput) {
        let limits = limits ?? (isFullPrint ? .fullPrint : .screen)
        contents = Contents(summary)
        self.isFullPrint = isFullPrint
        self.limits = limits
        self.out = out
        writer = RecordWriter(out: out, language: summary.language, limits: limits, zone: summary.timeZone)
        room = limits.entries
        listBytes = limits.lists
        for (_, datasets) in contents.held {
            for dataset in datasets where anchors.count < limits.entries / 8 {
                anchors[dataset.declaration.id] = anchors.count + 1
            }
        }
    }

    var summary: ArchiveSummary { contents.summary }
    var language: Language { contents.language }

    func text(_ localized: LocalizedText) -> String { localized[language] }

    private struct Section {
        var id: Markup
        var title: LocalizedText
        var write: () throws -> Void
    }

    /// Writes the whole page.
    func write() throws {
        let sections = self.sections
        try head()
        try opening()
        if contents.isPartial { try out.write(warning()) }
        try out.write("<nav aria-label=\"\(text(PageTexts.contents))\"><ul>")
        for section in sections { try out.write("<li><a href=\"#\(section.id)\">\(text(section.title))</a></li>") }
        try out.write("</ul></nav>\n")
        for section in sections {
            try out.write(
                "<section aria-labelledby=\"\(section.id)\">\n<h2 id=\"\(section.id)\">\(text(section.title))</h2>\n")
            try section.write()
            try out.write("</section>\n")
        }
        try out.write("</main>\n<footer><p class=\"muted\">\(summary.tool)</p></footer>\n</body>\n</html>\n")
        try out.finish()
    }

    private var sections: [Section] {
        var who = contents.isToSubject ? PageProcessingTexts.whoTitle : PageProcessingTexts.whoTitleOrganisation
        if contents.isToSubject, summary.isRepresented { who = PageProcessingTexts.whoTitleRepresented }
        var sections = [Section(id: "who", title: who) { try self.out.write(self.who()) }]
        if let volumes = summary.volumes {
            sections.append(
                Section(id: "volumes", title: VolumeTexts.title) { try self.out.write(self.volumes(volumes)) })
        }
        if summary.nothingHeld != nil {
            sections.append(
                Section(id: "searched", title: NothingTexts.searchedTitle) {
                    try self.out.write(self.searched())
                })
            sections.append(
                Section(id: "processor", title: NothingTexts.processorTitle) {
                    try self.out.write("<p>\(self.text(NothingTexts.processor))</p>\n")
                })
        } else {
            sections.append(
                Section(id: "here", title: PageTexts.hereTitle) { try self.out.write(self.here()) })
            sections.append(
                Section(id: "absent", title: PageTexts.absentTitle) { try self.out.write(self.absent()) })
            sections.append(
                Section(id: "recipients", title: PageTexts.recipientsTitle) {
                    try self.out.write(self.recipients())
                })
            if !contents.held.isEmpty {
                sections.append(
                    Section(id: "data", title: DataTexts.title) {
                        self.dataStart = self.out.count
                        try self.writeData()
                    })
            }
            if !contents.processing.held.isEmpty {
                sections.append(
                    Section(id: "processing", title: PageProcessingTexts.title) {
                        try self.out.write(self.processing())
                    })
            }
        }
        let rights = contents.isToSubject ? PageTexts.rightsTitle : PageTexts.rightsOfPersonsTitle
        sections.append(Section(id: "rights", title: rights) { try self.out.write(self.rights()) })
        sections.append(Section(id: "use", title: FileTexts.useTitle) { try self.out.write(self.use()) })
        sections.append(Section(id: "check", title: FileTexts.checkTitle) { try self.out.write(self.check()) })
        sections.append(Section(id: "about", title: PageTexts.aboutTitle) { try self.out.write(self.about()) })
        return sections
    }

    private func head() throws {
        var status: Markup = ""
        if contents.isPartial {
            let by = contents.missingBy.map { "\($0) " } ?? ""
            status = """
                <p class="status"><strong>\(text(PageTexts.incomplete)).</strong> \
                \(by)<a href="#incomplete">\(text(PageProcessingTexts.missingMore))</a></p>

                """
        }
        if let note = contents.volumeNote {
            status += """
                <p class="status"><strong>\(note.number)</strong> \
                <a href="#volumes">\(text(VolumeTexts.title))</a></p>

                """
        }
        try out.write(
            """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Style.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="robots" content="noindex">
            <meta name="color-scheme" content="light dark">
            <title>\(text(contents.title)) – \(summary.controller.name)</title>
            <style>\(Style.sheet)</style>
            </head>
            <body>
            <header>
            <p class="from">\(summary.controller.name)</p>
            <h1>\(text(contents.title))</h1>
            <p class="muted">\(text(PageTexts.created)) \(contents.date(summary.created))</p>
            \(status)</header>
            <main>

            """)
    }

    private func opening() throws {
        try out.write("<dl class=\"opening\">\n")
        var labels = OpeningTexts.labels
        if !contents.isToSubject { labels[labels.count - 1] = OpeningTexts.turnOrganisation }
        for (label, sentence) in zip(labels, contents.opening) {
            try out.write("<div><dt>\(text(label))</dt><dd>\(sentence)</dd></div>\n")
        }
        try out.write("</dl>\n")
    }

    // MARK: Lists

    /// The entries that there is room for, and a note on the rest.
    func cut<Item>(_ items: [Item]) -> (items: ArraySlice<Item>, note: Markup) {
        let count = listBytes > 0 ? min(room, items.count) : 0
        room -= count
        return (items.prefix(count), more(items.count - count))
    }

    /// A note on entries that there is no room for.
    private func more(_ count: Int) -> Markup {
        if count == 0 { return "" }
        let rest = language.number(Int64(count))
        return "<p class=\"muted\">\(Markup(PageTexts.more, language, ["count": Markup(text: rest)]))</p>\n"
    }

    /// A list of declared things, as far as there is room.
    func list<Item>(_ items: [Item], name: Markup = "", _ entry: (Item) -> Markup) -> Markup {
        if items.isEmpty { return "" }
        let (shown, note) = cut(items)
        var list: Markup = name.isEmpty ? "<ul>\n" : "<ul class=\"\(name)\">\n"
        var written = 0
        for item in shown where listBytes > 0 {
            let entry = entry(item)
            listBytes -= entry.bytes.count
            written += 1
            list += "<li>\(entry)</li>\n"
        }
        list += "</ul>\n"
        return (written == 0 ? "" : list) + (written == shown.count ? note : more(items.count - written))
    }

    /// A table of declared things, as far as there is room.
    func table<Item>(_ table: Table, of items: [Item], _ row: (Item) -> [Markup]) -> Markup {
        if items.isEmpty { return "" }
        var table = table
        let (shown, note) = cut(items)
        for item in shown where listBytes > 0 {
            let cells = row(item)
            listBytes -= cells.reduce(64 * cells.count) { $0 + $1.bytes.count }
            table.rows.append(cells)
        }
        let isWhole = table.rows.count == shown.count
        return (table.rows.isEmpty ? "" : table.markup) + (isWhole ? note : more(items.count - table.rows.count))
    }

    func article(_ reference: String) -> Markup {
        "<span class=\"article\">\(LegalTexts.article(reference, language))</span>"
    }

    func details(_ pairs: [(LocalizedText, Markup?)]) -> Markup {
        var list: Markup = "<dl class=\"details\">\n"
        for (label, value) in pairs {
            if let value, !value.isEmpty { list += "<div><dt>\(text(label))</dt><dd>\(value)</dd></div>\n" }
        }
        list += "</dl>\n"
        return list
    }
}
