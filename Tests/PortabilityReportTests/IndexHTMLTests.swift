import PortabilityModel
import Testing

@testable import PortabilityReport

@Suite("The overview page")
struct IndexHTMLTests {
    static let hostile = "<script>alert(1)</script>\" onload='x' & \u{1B}[31m\u{202E}\u{0}"

    @Test("Nothing a configuration holds becomes markup")
    func hostileTextsAreEscaped() {
        let text = LocalizedText(fi: Self.hostile, sv: Self.hostile, en: Self.hostile)
        var summary = sampleSummary(datasets: [
            sampleDataset(
                "person", "person", .registration, records: 1, label: Self.hostile,
                exclusions: [.init(column: Self.hostile, ground: .notPersonal, note: text)]),
            sampleDataset("notes", "note", .communication, records: 0, outcome: .failed, label: Self.hostile),
        ])
        summary.requestID = Self.hostile
        summary.received = Self.hostile
        summary.created = Self.hostile
        summary.tool = Self.hostile
        summary.controller = Controller(
            name: Self.hostile, businessID: Self.hostile, address: Self.hostile, country: Self.hostile,
            email: Self.hostile, telephone: Self.hostile, contact: text)
        summary.policy = Policy(
            register: Self.hostile, name: Self.hostile, date: Self.hostile, address: "https://" + Self.hostile,
            sha256: Self.hostile)
        summary.authority = Authority(
            name: text, address: Self.hostile, url: "https://" + Self.hostile, email: Self.hostile,
            telephone: Self.hostile)
        summary.purposes = [Purpose(id: "service", text: text, basis: .contract)]
        summary.recipients = [
            Recipient(name: Self.hostile, country: Self.hostile, role: text, transferTool: Self.hostile)
        ]
        summary.datasets[0].declaration.retention = text
        summary.datasets[0].files[0].path = Self.hostile
        summary.sources = [
            .init(id: Self.hostile, status: .failed, asOf: Self.hostile, findings: [], error: Self.hostile)
        ]

        let html = page(summary)

        #expect(!html.contains("<script"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;"))
        // No quotation mark of a text closes an attribute.
        #expect(!html.contains("onload='") && !html.contains("\" onload"))
        #expect(!html.unicodeScalars.contains { $0.isUnprintable })
        #expect(Self.tagsAreBalanced(html))
    }

    @Test("An address that is no web address is text, and a file outside the archive is no link")
    func hostileAddressesAreNoLinks() {
        var summary = sampleSummary()
        summary.authority.url = "javascript:alert(1)"
        summary.policy.address = "data:text/html,x"
        summary.datasets[0].files = ["../etc/passwd", "/etc/passwd", "//example.com/x", "javascript:alert(1)"].map {
            ArchiveSummary.File(path: $0, format: .json, table: [], rows: 0, bytes: 0)
        }
        let links = Self.attributes("href", in: page(summary))
        #expect(
            links.filter { !$0.hasPrefix("#") && !$0.hasPrefix("mailto:") && !$0.hasPrefix("tel:") }
                == ["javascript%3Aalert%281%29", "schemas/dictionary.csv"])
    }

    @Test("The page loads nothing and runs nothing", arguments: Language.allCases, Right.allCases)
    func loadsNothing(language: Language, right: Right) {
        var summary = sampleSummary(language, right: right)
        summary.isPartial = true
        let html = page(summary)
        for forbidden in [
            "<script", "<link", "<img", "<iframe", "<object", "<embed", "<base", "<form", " src=", "srcset", "url(",
            "@import", "http-equiv=\"refresh\"", " style=",
        ] {
            #expect(!html.contains(forbidden), "\(forbidden)")
        }
        let policy =
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; "
            + "style-src &#39;unsafe-inline&#39;; "
        #expect(html.contains(policy))
        let outside = Self.attributes("href", in: html).filter { $0.contains("://") }
        #expect(outside == ["https://tietosuoja.fi"])
    }

    @Test("Valid structure: language, one h1, headings without gaps, tables with captions and scopes")
    func structure() {
        for language in Language.allCases {
            let html = page(sampleSummary(language, datasets: Self.everyOutcome))
            #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(language.rawValue)\">"))
            #expect(html.contains("<meta charset=\"utf-8\">"))
            #expect(html.contains("<meta name=\"viewport\""))
            let levels = Self.headingLevels(html)
            #expect(levels.first == 1 && levels.filter { $0 == 1 }.count == 1)
            for (previous, next) in zip(levels, levels.dropFirst()) { #expect(next <= previous + 1) }
            let tables = html.components(of: "<table").count - 1
            #expect(tables > 0 && html.components(of: "<caption>").count - 1 == tables)
            #expect(!html.contains("<th>") && !html.contains("<td><"))
            #expect(html.components(of: "<th ").dropFirst().allSatisfy { $0.hasPrefix("scope=") })
            #expect(Self.tagsAreBalanced(html))
        }
    }

    @Test("Nothing is left unfilled or untranslated", arguments: Right.allCases)
    func placeholdersAreFilled(right: Right) {
        for language in Language.allCases {
            var summary = sampleSummary(language, right: right, datasets: Self.everyOutcome)
            summary.isPartial = true
            summary.documentCount = 3
            let html = page(summary)
            let body = html[html.range(from: "<body>")...]
            #expect(!body.contains("{") && !body.contains("}"))
        }
        let pages = Language.allCases.map { page(sampleSummary($0, right: right, datasets: Self.everyOutcome)) }
        #expect(Set(pages).count == 3)
    }

    @Test("The five sentences come first: what it is, what is here, what is not, who received data, what to do")
    func opening() {
        var summary = sampleSummary(datasets: [
            sampleDataset("person", "person", .registration, records: 1),
            sampleDataset("events", "usage_event", .usage, records: 1_234_567),
            sampleDataset("notes", "note", .communication, records: 0, outcome: .withheld(.others)),
        ])
        summary.documentCount = 2
        summary.datasets[0].rows = sampleRows("person", [SampleRecord(["given_name": "Maija"])])
        var rows = sampleRows("usage_event", [])
        rows.dates = ("2024-03-01", "2026-11-01")
        summary.datasets[1].rows = rows
        let html = page(summary).replacingNoBreakSpaces
        let opening = html[html.range(from: "<dl class=\"opening\">")...]
        let first = String(opening[..<opening.range(from: "</dl>")])
        #expect(first.contains("the data that <strong>Sample Service Ab</strong> processes about you"))
        #expect(first.contains("<span class=\"nowrap\">2 November 2026</span>"))
        #expect(first.contains("1,234,568 records and 2 documents: registration details and use of the service"))
        #expect(first.contains("The oldest is from <span class=\"nowrap\">1 March 2024</span>"))
        #expect(first.contains("Left out of the package: 1 set of data"))
        #expect(first.contains("given to Mailwind Inc. Some of them are outside the European Economic Area"))
        #expect(first.contains("mailto:privacy@example.com"))
        #expect(first.contains("Office of the Data Protection Ombudsman"))
        #expect(first.components(of: "<dd>").count == 6)
        #expect(html.range(from: "<dl class=\"opening\">") < html.range(from: "<nav"))
    }

    @Test("No record found is said plainly", arguments: Language.allCases)
    func noRecords(language: Language) {
        let summary = sampleSummary(language, datasets: [sampleDataset("person", "person", .registration, records: 0)])
        let html = page(summary)
        #expect(html.contains(PageTexts.nothing[language]))
        #expect(html.contains(PageTexts.emptyTitle[language]))
        #expect(html.contains(PageTexts.absentNothing[language]))
    }

    @Test("A dataset shows label, explanation, count, file, purpose, basis, source and retention")
    func datasetRow() {
        var summary = sampleSummary()
        let retention = "As long as the contract lasts"
        summary.datasets[0].declaration.retention = LocalizedText(fi: retention, sv: retention, en: retention)
        let html = page(summary).replacingNoBreakSpaces
        for text in [
            "<a href=\"#d1\">Person</a>", "<h4 id=\"d1\">Person</h4>",
            "The person: name, language and position in the customer company.",
            "Providing the service", "contract", "Article 6(1)(b)", "You gave them yourself", retention,
            "<a href=\"data/registration/person.json\">person<wbr>.json</a>", "1.2 kB",
        ] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test("Every ground is explained in every language", arguments: Language.allCases)
    func groundsAreExplained(language: Language) {
        for ground in Ground.allCases {
            let withheld = sampleDataset("a", "note", .communication, records: 0, outcome: .withheld(ground))
            let notRead = sampleDataset("b", "note", .communication, records: 0, outcome: .notRead(ground))
            let field = sampleDataset(
                "c", "person", .registration, records: 2,
                fields: [.init(path: "given_name", action: .withhold, ground: ground, count: 2)])
            let column = sampleDataset(
                "d", "person", .registration, records: 2, exclusions: [.init(column: "legacy_code", ground: ground)])
            for dataset in [withheld, notRead, field, column] {
                let html = page(sampleSummary(language, datasets: [dataset]))
                let isExplained = html.contains(Markup(text: ground.text[language]).html)
                #expect(isExplained, "\(ground) in \(dataset.declaration.id)")
            }
        }
    }

    @Test("A withheld field is named by its label, with the number of values; none withheld, none named")
    func withheldFields() {
        let dataset = sampleDataset(
            "person", "person", .registration, records: 3,
            fields: [
                .init(path: "given_name", action: .withhold, ground: .others, count: 3),
                .init(path: "family_name", action: .withhold, ground: .others, count: 0),
            ])
        let html = page(sampleSummary(datasets: [dataset])).replacingNoBreakSpaces
        #expect(html.contains("Given name <span class=\"muted\">(left out, 3 values)</span>"))
        #expect(!html.contains("Family name"))
    }

    @Test("An incomplete archive warns at the top and names what is incomplete", arguments: Language.allCases)
    func partialWarning(language: Language) {
        var summary = sampleSummary(
            language,
            datasets: [
                sampleDataset("events", "usage_event", .usage, records: 5, outcome: .partial, label: "Clicks"),
                sampleDataset("calls", "communication", .communication, records: 0, outcome: .failed, label: "Calls"),
            ])
        summary.isPartial = true
        summary.sources = [
            .init(
                id: "usage", status: .partial, asOf: nil,
                findings: [
                    Finding(.malformed, "not JSON", count: 1600), Finding(.malformed, "cut off", count: 7),
                    Finding(.mistyped, "no number", count: 3),
                ], error: nil),
            .init(id: "phone", status: .failed, asOf: nil, findings: [], error: "permission denied at /srv/phone"),
            .init(id: "register", status: .complete, asOf: nil, findings: [], error: nil),
        ]
        let html = page(summary)
        let box = html[html.range(from: "<section class=\"box warning\"")...]
        let warning = String(box[..<box.range(from: "</section>")])
        #expect(warning.contains(PageTexts.partialTitle[language]))
        #expect(warning.contains("<strong>Clicks</strong>: \(PageTexts.mayLack[language])"))
        #expect(warning.contains("<strong>Calls</strong>: \(PageTexts.failed[language])"))
        #expect(warning.contains("<strong>usage</strong>") && warning.contains("<strong>phone</strong>"))
        #expect(!warning.contains("register"))
        #expect(warning.contains("\(ValueTexts.finding(.malformed)[language]): \(language.number(1607))"))
        #expect(!warning.contains(ValueTexts.finding(.mistyped)[language]))
        // What only the organisation's own people understand stays out of the page.
        #expect(!html.contains("permission denied") && !html.contains("not JSON"))
        #expect(html.range(from: "class=\"opening\"") < html.range(from: "<section class=\"box warning\""))
        #expect(html.range(from: "<section class=\"box warning\"") < html.range(from: "<h2 id=\"here\""))
        #expect(readmeText(summary).contains("index.html"))
    }

    @Test("A complete archive has no warning", arguments: Language.allCases)
    func noWarning(language: Language) {
        let summary = sampleSummary(language)
        #expect(!page(summary).contains("class=\"box warning\""))
        #expect(!page(summary).contains(PageTexts.partialTitle[language]))
    }

    @Test("Recipients are named with country and transfer tool; the Privacy Shield is flagged")
    func recipients() {
        var summary = sampleSummary()
        let role = LocalizedText(fi: "x", sv: "x", en: "x")
        summary.recipients += [
            Recipient(name: "Clickstream LLC", country: "US", role: role, transferTool: "EU-US Privacy-Shield"),
            Recipient(name: "Kone Oy", country: "FI", role: role),
            Recipient(name: "Far Away Ltd", country: "ZA", role: role),
        ]
        let html = page(summary)
        #expect(html.contains("Mailwind Inc.") && html.contains("United States"))
        #expect(html.contains("Standard data protection clauses adopted by the Commission"))
        #expect(html.contains("Article 46(2)(c)"))
        #expect(html.components(of: "C-311/18").count == 2)
        #expect(html.contains("EU-US Privacy-Shield"))
        #expect(html.components(of: PageTexts.withinArea.en).count == 2)
        #expect(html.components(of: PageTexts.transferUnknown.en).count == 2)
    }

    @Test("Rights, complaint and judicial remedy are told to the person, not to an organisation")
    func rights() {
        for language in Language.allCases {
            for right in [Right.access, .portability] {
                let html = page(sampleSummary(language, right: right))
                for item in LegalTexts.rights { #expect(html.contains(item.name[language])) }
                #expect(html.contains(PageTexts.complaint[language]) && html.contains(PageTexts.remedy[language]))
            }
            for right in [Right.switching, .handover] {
                let html = page(sampleSummary(language, right: right))
                #expect(html.contains(PageTexts.rightsOfPersons(right)[language]))
                #expect(!html.contains(PageTexts.remedy[language]))
            }
        }
    }

    @Test("The spreadsheet warning stands where there is CSV")
    func spreadsheets() {
        var summary = sampleSummary()
        #expect(page(summary).contains(FileTexts.spreadsheet.en))
        summary.formats = [.json]
        #expect(!page(summary).contains(FileTexts.spreadsheet.en))
        #expect(!readmeText(summary).contains("CSV"))
    }

    @Test("The size is bounded, and what was cut is counted")
    func bounded() {
        let long = String(repeating: "å", count: 100_000)
        var summary = sampleSummary(
            datasets: (0..<6000).map {
                sampleDataset("d\($0)", "person", .registration, records: 0, label: $0 == 0 ? long : nil)
            })
        let html = page(summary)
        #expect(html.utf8.count < 1_000_000)
        #expect(html.contains("…"))
        #expect(html.contains("And 2,000 more"))
        summary.datasets = (0..<6000).map { sampleDataset("d\($0)", "person", .registration, records: 1) }
        #expect(page(summary).utf8.count < 4_000_000)
        #expect(page(summary).contains("And 2,000 more"))
    }

    @Test("The same summary gives the same bytes")
    func deterministic() throws {
        let summary = sampleSummary(datasets: Self.everyOutcome)
        #expect(try indexHTML(summary) == indexHTML(summary))
        #expect(page(summary) == String(decoding: try indexHTML(summary), as: UTF8.self))
        #expect(readme(summary) == readme(summary))
    }

    static let everyOutcome = [
        sampleDataset("person", "person", .registration, records: 1),
        sampleDataset("address", "address", .registration, records: 0),
        sampleDataset("events", "usage_event", .usage, records: 9, outcome: .partial),
        sampleDataset("calls", "communication", .communication, records: 0, outcome: .failed),
        sampleDataset("notes", "note", .communication, records: 0, outcome: .withheld(.others)),
        sampleDataset("issued", "invoice", .invoicing, records: 0, outcome: .notRead(.processor)),
        sampleDataset(
            "credentials", "credential", .registration, records: 2,
            fields: [.init(path: "name", action: .withhold, ground: .secret, count: 2)],
            exclusions: [.init(column: "internal", ground: .notPersonal)]),
    ]

    /// The values of an attribute, in order.
    static func attributes(_ name: String, in html: String) -> [String] {
        html.components(of: " \(name)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    static func headingLevels(_ html: String) -> [Int] {
        html.components(of: "<h").dropFirst().compactMap { piece in
            guard let level = piece.first?.wholeNumberValue, (1...6).contains(level) else { return nil }
            return level
        }
    }

    /// Whether every element that is opened is closed, in order.
    static func tagsAreBalanced(_ html: String) -> Bool {
        var open: [Substring] = []
        for piece in html.components(of: "<").dropFirst() {
            let name = piece.prefix { $0.isLetter || $0.isNumber || $0 == "/" }
            if ["", "meta", "br", "wbr"].contains(name) { continue }
            if name.hasPrefix("/") {
                if open.popLast() != name.dropFirst() { return false }
            } else {
                open.append(name)
            }
        }
        return open.isEmpty
    }
}

extension String {
    /// The text cut at every occurrence of a separator.
    func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }

    var replacingNoBreakSpaces: String { String(map { $0 == "\u{A0}" ? " " : $0 }) }
}

extension StringProtocol {
    /// Where a text begins; the end if it is not there.
    func range(from text: String) -> Index { self.firstRange(of: text)?.lowerBound ?? endIndex }
}
