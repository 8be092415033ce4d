import PortabilityModel

/// Records over time: a bar for each month, or each year where there are many months, and the same figures in a table.
struct Chart {
    private let bars: [(period: String, count: Int64)]
    private let isByYear: Bool
    private let label: String
    private let language: Language
    private let id: Int

    init(_ months: [(month: String, count: Int64)], label: String, language: Language, id: Int) {
        self.label = label
        self.language = language
        self.id = id
        let filled = Self.filled(months)
        isByYear = filled.count > 36
        bars = isByYear ? Self.years(filled) : filled
    }

    /// Every month from the first to the last, at most 200 years of them; as given, if a month is none.
    private static func filled(_ months: [(month: String, count: Int64)]) -> [(period: String, count: Int64)] {
        func number(_ month: String) -> Int? {
            let parts = month.split(separator: "-").compactMap { Int($0) }
            return parts.count == 2 && (1...12).contains(parts[1]) ? parts[0] * 12 + parts[1] - 1 : nil
        }
        let numbers = months.map { number($0.month) }
        guard let first = numbers.first ?? nil, let last = numbers.last ?? nil, !numbers.contains(nil),
            first <= last, last - first < 2400
        else { return months.prefix(2400).map { ($0.month, $0.count) } }
        var counts = Array(repeating: Int64(0), count: last - first + 1)
        for (month, given) in zip(months, numbers) {
            if let given, counts.indices.contains(given - first) { counts[given - first] += month.count }
        }
        return counts.enumerated().map { index, count in
            let number = first + index
            let month = number % 12 + 1
            return ("\(number / 12)-\(month < 10 ? "0" : "")\(month)", count)
        }
    }

    private static func years(_ months: [(period: String, count: Int64)]) -> [(period: String, count: Int64)] {
        var years: [(period: String, count: Int64)] = []
        for (month, count) in months {
            let year = String(month.prefix { $0 != "-" })
            if years.last?.period == year {
                years[years.count - 1].count += count
            } else {
                years.append((year, count))
            }
        }
        return years
    }

    // The drawing is 400 wide; the axis lies at 150.
    private static let width = 400
    private static let base = 150
    private static let height = 120

    var markup: Markup {
        guard let first = bars.first, let last = bars.last, let most = bars.max(by: { $0.count < $1.count }),
            most.count > 0
        else { return "" }
        let title = (isByYear ? DataTexts.chartTitleYears : DataTexts.chartTitle).filled(language, ["label": label])
        let meaning = DataTexts.chartMeaning.filled(
            language,
            [
                "from": language.month(first.period), "to": language.month(last.period),
                "most": language.number(most.count), "when": language.month(most.period),
            ])
        var drawing: Markup = """
            <figure class="chart">
            <figcaption>\(title)</figcaption>
            <svg role="img" aria-labelledby="s\(number: id) m\(number: id)" viewBox="0 0 400 180">
            <title id="s\(number: id)">\(title)</title><desc id="m\(number: id)">\(meaning)</desc>
            <line class="axis" x1="0" y1="30" x2="400" y2="30"/><text x="0" y="22">\(language.number(most.count))</text>

            """
        // In thousandths of a unit, so that no floating point decides how the page reads.
        let step = Self.width * 1000 / bars.count
        for (index, bar) in bars.enumerated() where bar.count > 0 {
            let height = max(1000, Int(Int128(Self.height) * 1000 * Int128(bar.count) / Int128(most.count)))
            let x = index * step + step / 10
            drawing += """
                <rect x="\(thousandths: x)" y="\(thousandths: Self.base * 1000 - height)" \
                width="\(thousandths: step * 8 / 10)" height="\(thousandths: height)"/>

                """
        }
        drawing += """
            <line class="axis" x1="0" y1="150" x2="400" y2="150"/>
            <text x="0" y="172">\(language.month(first.period))</text>\
            <text x="400" y="172" text-anchor="end">\(language.month(last.period))</text>
            </svg>

            """
        var table = Table(
            caption: Markup(text: title),
            columns: [
                Table.Column(heading: (isByYear ? DataTexts.yearColumn : DataTexts.monthColumn)[language]),
                Table.Column(heading: PageTexts.recordsColumn[language], isNumber: true),
            ], name: "figures")
        for bar in bars {
            table.rows.append([Markup(text: language.month(bar.period)), Markup(text: language.number(bar.count))])
        }
        let open: Markup = bars.count <= 24 ? " open" : ""
        drawing += """
            <details class="figures"\(open)><summary>\(DataTexts.chartTable[language])</summary>
            \(table.markup)</details>
            </figure>

            """
        return drawing
    }
}
