import PortabilityCalendar
import PortabilityModel

/// One dataset on the page: how much there is and since when, a picture of use over time, the records, the meaning of
/// the fields, the files.
extension PageWriter {
    func writeData() throws {
        let zone = summary.timeZone.map { " " + DataTexts.zone.filled(language, ["zone": $0.name]) } ?? ""
        try out.write("<p>\(text(DataTexts.introduction) + zone)</p>\n")
        let cut = Markup(
            DataTexts.cutNote, language,
            [
                "count": Markup(text: language.number(Int64(limits.value))),
                "mark": "<span class=\"cut\">\(text(DataTexts.cut))</span>",
            ])
        try out.write("<p class=\"muted\">\(cut) \(text(DataTexts.identityNote))</p>\n")
        for (category, datasets) in contents.held {
            try out.write("<h3>\(text(ValueTexts.category(category)))</h3>\n")
            // What the overview had no room for has no section either.
            for dataset in datasets {
                guard let id = anchors[dataset.declaration.id] else { continue }
                try write(dataset, id: id)
            }
        }
    }

    private func write(_ dataset: ArchiveSummary.Dataset, id: Int) throws {
        try out.write(
            """
            <section class="dataset" aria-labelledby="d\(number: id)">
            <h4 id="d\(number: id)">\(text(dataset.label))\(incompleteBadge(dataset))</h4>

            """)
        let meaning = text(dataset.meaning)
        if !meaning.isEmpty, meaning != text(dataset.label) {
            try out.write("<p class=\"muted\">\(meaning)</p>\n")
        }
        var facts: Markup = "\(span(of: dataset))"
        if let kept = dataset.kept { facts += " \(self.kept(kept))" }
        try out.write("<p>\(facts)</p>\n")
        if let rows = dataset.rows {
            if dataset.declaration.category == .usage, rows.months.count > 1 {
                try out.write(Chart(rows.months, label: text(dataset.label), language: language, id: id).markup)
            }
            try write(rows, of: dataset, id: id)
        } else if let file = mainFile(of: dataset) {
            try out.write("<p>\(Markup(DataTexts.onlyInFile, language, ["file": file]))</p>\n")
        }
        try out.write(files(of: dataset))
        try out.write("</section>\n")
    }

    func incompleteBadge(_ dataset: ArchiveSummary.Dataset) -> Markup {
        guard case .partial = dataset.outcome else { return "" }
        return " <span class=\"badge\">\(text(PageTexts.incomplete))</span>"
    }

    /// How many records, and from when to when.
    func span(of dataset: ArchiveSummary.Dataset) -> String {
        let records = ValueTexts.records.text(dataset.records, language)
        guard let dates = dataset.rows?.dates else { return DataTexts.spanNone.filled(language, ["records": records]) }
        let text = dates.earliest == dates.latest ? DataTexts.spanOne : DataTexts.span
        return text.filled(
            language,
            ["records": records, "from": language.date(dates.earliest), "to": language.date(dates.latest)])
    }

    func kept(_ kept: ArchiveSummary.Kept) -> String {
        let first = language.date(kept.first)
        let last = language.date(kept.last)
        if first == last {
            return (kept.isAtLeast ? DataTexts.keptAtLeast : DataTexts.keptUntil).filled(language, ["date": first])
        }
        return (kept.isAtLeast ? DataTexts.keptRangeAtLeast : DataTexts.keptRange)
            .filled(language, ["first": first, "last": last])
    }

    /// A link to the dataset's own file, in the format that people open most easily.
    private func mainFile(of dataset: ArchiveSummary.Dataset) -> Markup? {
        let own = dataset.files.filter { $0.table.isEmpty }
        let preferred = [Format.csv, .json, .xml, .jsonl].lazy.compactMap { format in
            own.first { $0.format == format }
        }.first
        return preferred.map { .file($0.path, label: $0.path) }
    }

    private func files(of dataset: ArchiveSummary.Dataset) -> Markup {
        let (shown, note) = cut(dataset.files)
        if shown.isEmpty { return note }
        var list: Markup = "<p class=\"files\">\(text(DataTexts.files)) "
        for (index, file) in shown.enumerated() {
            let name = String(file.path.split(separator: "/").last ?? "")
            if index > 0 { list += ", " }
            list += """
                <span>\(Markup.file(file.path, label: name.isEmpty ? file.path : name)) \
                <span class="muted">(\(language.size(file.bytes)))</span></span>
                """
        }
        list += "</p>\n"
        return list + note
    }

    // MARK: Records

    private func write(_ rows: ArchiveSummary.Rows, of dataset: ArchiveSummary.Dataset, id: Int) throws {
        let all = isFullPrint ? rows.all : nil
        let isInvoice = dataset.declaration.entity == "invoice"
        var most = limits.records
        if isInvoice { most = most == .max ? .max : most / 2 }
        let held = rows.shown.reduce(0) { $0 + $1.records.count }
        let count = all == nil ? min(held, most) : Int(clamping: dataset.records)
        if count == 0, all == nil {
            if let file = mainFile(of: dataset) {
                try out.write("<p>\(Markup(DataTexts.onlyInFile, language, ["file": file]))</p>\n")
            }
            return
        }
        func forEach(_ body: (RecordView) throws -> Bool) throws {
            var left = count
            func take(_ batch: borrowing RecordBatch) throws {
                let batch = copy batch
                for record in batch.records.indices {
                    if all == nil, left == 0 { return }
                    left -= 1
                    if try !body(RecordView(batch: batch, record: record, layout: rows.layout)) {
                        left = 0
                        return
                    }
                }
            }
            if let all {
                try all(take)
            } else {
                for batch in rows.shown where left > 0 { try take(batch) }
            }
        }
        if all == nil, Int64(count) < dataset.records || count < held, let file = mainFile(of: dataset) {
            let note = Markup(
                rows.isComplete ? DataTexts.first : DataTexts.newest, language,
                [
                    "shown": Markup(text: language.number(Int64(count))),
                    "records": Markup(text: ValueTexts.records.text(dataset.records, language)), "file": file,
                ])
            try out.write("<p>\(note)</p>\n")
        }
        if isInvoice {
            try writeInvoices(rows, of: dataset, isWhole: all != nil || rows.isComplete, forEach)
        } else {
            try writeTable(rows, of: dataset, id: id, forEach)
        }
    }

    /// Says how many records there was room for, if it was not for all.
    func noteEnd(_ written: Int64, of dataset: ArchiveSummary.Dataset) throws {
        guard let file = mainFile(of: dataset) else { return }
        let shown = ValueTexts.records.text(written, language)
        let note = Markup(DataTexts.noRoom, language, ["shown": Markup(text: shown), "file": file])
        try out.write("<p class=\"cut\">\(note)</p>\n")
    }

    /// Whether the page has room for another record of a dataset whose records begin at a position.
    func hasRoom(from start: Int) -> Bool {
        limits.dataset == .max || (out.count - start < limits.dataset && out.count - dataStart < limits.all)
    }

    private func writeTable(
        _ rows: ArchiveSummary.Rows, of dataset: ArchiveSummary.Dataset, id: Int,
        _ forEach: ((RecordView) throws -> Bool) throws -> Void
    ) throws {
        var census = ColumnCensus(rows.layout)
        try forEach {
            census.take($0)
            return true
        }
        let fields = rows.layout.groups[0].fields
        let constants = census.constants
        let columns = census.shown(date: dataset.declaration.recordDate)
        if !constants.isEmpty {
            try out.write("<div class=\"same\"><p>\(text(DataTexts.sameForAll))</p>\n<dl>")
            for constant in constants {
                let field = fields[constant.field]
                try out.write("<div><dt>\(field.definition.label[language])</dt><dd>")
                try writer.value(constant.token, of: field, in: constant.batch)
                try out.write("</dd></div>")
            }
            try out.write("</dl></div>\n")
        }
        // A few records are read at once; many are opened by whoever wants to.
        let isOpen: Markup = isFullPrint || census.rows <= 5 ? " open" : ""
        let shown = ValueTexts.records.text(census.rows, language)
        try out.write(
            "<details class=\"records\"\(isOpen)><summary>\(text(DataTexts.recordsTitle)): \(shown)</summary>\n")
        let start = out.count
        var written: Int64 = 0
        var isWhole = true
        func write(_ view: RecordView, _ body: () throws -> Void) throws -> Bool {
            if !hasRoom(from: start) {
                isWhole = false
                return false
            }
            try writer.record(body)
            written += 1
            return true
        }
        if census.isWide {
            let skipped = Set(constants.map(\.field))
            try forEach { view in
                try write(view) {
                    try out.write("<dl class=\"record\">")
                    try writer.fields(of: view, skipping: skipped)
                    if !view.others.isEmpty {
                        try out.write("<div><dt>\(text(DataTexts.extras))</dt><dd>")
                        try writer.others(of: view)
                        try out.write("</dd></div>")
                    }
                    try out.write("</dl>\(writer.cutNote)\n")
                }
            }
        } else {
            try beginTable(of: dataset, id: id, headings: columns.map { fields[$0] }, hasOthers: census.hasOthers)
            let cells = columns.map { index -> Cell in
                let number: Markup = fields[index].kind == .decimal ? " class=\"number\"" : ""
                return Cell(
                    column: index,
                    begin: "<td\(number) data-label=\"\(fields[index].definition.label[language])\"><div>")
            }
            var places = [Int?](repeating: nil, count: fields.count)
            try forEach { view in
                try write(view) { try row(view, cells: cells, hasOthers: census.hasOthers, places: &places) }
            }
            try out.write("</tbody></table></div>\n")
        }
        if !isWhole { try noteEnd(written, of: dataset) }
        try out.write("</details>\n")
        try writeMeanings(columns.map { fields[$0] } + constants.map { fields[$0.field] }, hasOthers: census.hasOthers)
    }

    private func beginTable(
        of dataset: ArchiveSummary.Dataset, id: Int, headings: [EntityLayout.Field], hasOthers: Bool
    ) throws {
        try out.write(
            """
            <div class="wide" role="region" tabindex="0" aria-labelledby="c\(number: id)">\
            <table class="rows"><caption id="c\(number: id)">\(text(dataset.label))</caption>
            <thead><tr>
            """)
        for heading in headings {
            let number: Markup = heading.kind == .decimal ? " class=\"number\"" : ""
            try out.write(
                "<th scope=\"col\"\(number)>\(heading.definition.label[language])</th>")
        }
        if hasOthers { try out.write("<th scope=\"col\">\(text(DataTexts.extras))</th>") }
        try out.write("</tr></thead>\n<tbody>\n")
    }

    /// A column of a table of records.
    private struct Cell {
        let column: Int
        /// What a cell with a value begins with.
        let begin: Markup
    }

    /// - Parameter places: room for where the content of each field of the entity is.
    private func row(_ view: RecordView, cells: [Cell], hasOthers: Bool, places: inout [Int?]) throws {
        view.forEachPlace { field, place in places[field] = place }
        try out.write("<tr>")
        for (position, cell) in cells.enumerated() {
            let place = exchange(&places[cell.column], with: nil)
            if position == 0 {
                try out.write("<th scope=\"row\">")
            } else {
                try out.write(place == nil ? "<td class=\"none\">" : cell.begin)
            }
            if let place, !writer.isFull {
                try writer.content(
                    view.content(at: place), of: view.layout.groups[0].fields[cell.column], in: view.batch)
            }
            if place == nil, position == 0 { try out.write("–") }
            if position == cells.count - 1, !hasOthers { try out.write(writer.cutNote) }
            try out.write(position == 0 ? "</th>" : place == nil ? "</td>" : "</div></td>")
        }
        if hasOthers {
            try out.write("<td data-label=\"\(text(DataTexts.extras))\"><div>")
            try writer.others(of: view)
            try out.write("\(writer.cutNote)</div></td>")
        }
        try out.write("</tr>\n")
    }

    /// The explanations of fields, with the names that they have in the files.
    func writeMeanings(_ fields: [EntityLayout.Field], hasOthers: Bool) throws {
        if fields.isEmpty { return }
        let open: Markup = isFullPrint ? " open" : ""
        try out.write(
            "<details class=\"meanings\"\(open)><summary>\(text(DataTexts.fieldsTitle))</summary>\n<dl class=\"record\">"
        )
        for field in fields {
            let definition = field.definition
            let meaning = definition.meaning[language]
            try out.write("<div><dt>\(definition.label[language])</dt><dd>")
            if meaning != definition.label[language] { try out.write("\(meaning) ") }
            try out.write(
                "<span class=\"muted\">\(text(DataTexts.fieldName)) <code>\(definition.name)</code></span></dd></div>")
        }
        if hasOthers {
            try out.write(
                """
                <div><dt>\(text(DataTexts.extras))</dt><dd>\(text(DataTexts.extrasMeaning)) \
                <span class="muted">\(text(DataTexts.fieldName)) <code>other</code></span></dd></div>
                """)
        }
        try out.write("</dl></details>\n")
    }
}
