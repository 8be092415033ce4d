import Glibc
import PortabilityModel
import Testing

@testable import PortabilityReport

private let hostileValues = [
    "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' onload='alert(1)", "javascript:alert(1)",
    "</style></title></details></table><img src=x onerror=alert(1)>", "<!--", "]]>", "&lt;b&gt;", "&#x3c;b&#x3e;",
    "\u{202E}gnp.exe", "\u{2066}\u{2067}\u{2069}", "a\u{0}b\u{1B}[2J\u{7F}", "\u{200B}\u{FEFF}\u{AD}",
    "\u{E0041}\u{E0042}",
    "\u{FFFE}\u{FFFF}\u{1FFFE}", "\u{85}\u{9B}", "{count} {file}", "\r\n\n\r", "%00%2e%2e", "`${7*7}`",
]

@Suite("Records on the page")
struct RecordTests {
    /// A summary with one dataset of the records given.
    private func summary(
        _ entity: String, _ records: [SampleRecord], language: Language = .en,
        category: PortabilityModel.Category = .usage,
        held: Int64? = nil
    ) -> ArchiveSummary {
        var dataset = sampleDataset("set", entity, category, records: held ?? Int64(records.count))
        dataset.rows = sampleRows(entity, records, isComplete: held == nil)
        return sampleSummary(language, datasets: [dataset])
    }

    /// The part of a page that shows the records.
    private func data(_ html: String) -> String {
        let start = html[html.range(from: "<h2 id=\"data\">")...]
        return String(start[..<start.range(from: "<h2 id=\"processing\">")]).replacingNoBreakSpaces
    }

    // MARK: What people typed

    @Test("Nothing that a person ever typed can run or hide, wherever a record holds it", arguments: hostileValues)
    func escaped(value: String) {
        let text = Sample.text(value)
        let pages = [
            summary(
                "person",
                [SampleRecord(["given_name": text, "personal_identity_code": text], others: [(value, .string, value)])]),
            summary(
                "usage_event",
                (0..<8).map { _ in
                    SampleRecord(
                        ["event": text, "details": text], others: [("x", .json, value), (value + "y", .string, value)])
                }),
            summary(
                "invoice",
                [
                    SampleRecord([
                        "number": text, "document_type": text, "issue_date": text, "currency": text,
                        "notes": [["text": text]],
                        "seller": ["name": text, "legal_id": text, "address": ["street": text, "country": text]],
                        "payment_means": [["account": text, "bic": text]], "totals": ["net": text, "payable": text],
                        "tax_breakdown": [["tax_amount": text, "rate": text]],
                        "lines": [
                            ["name": text, "description": text, "quantity": text, "unit": text, "net_amount": text]
                        ],
                        "attachments": [["document": text]], "original": text,
                    ])
                ], category: .invoicing),
        ]
        for summary in pages {
            for isFull in [false, true] {
                let html = page(summary, fullPrint: isFull)
                #expect(HTMLCheck(html).faults.isEmpty)
                #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("<!--"))
            }
        }
    }

    @Test("What cannot be seen is shown by its code, what people need to write stays")
    func invisible() {
        let html = page(
            summary("person", [SampleRecord(["given_name": "a\u{202E}b\u{0}c\u{200B}", "family_name": "👩‍👧 नमस्ते‍ שלום"])]))
        #expect(html.contains("a<span class=\"sign\">U+202E</span>b<span class=\"sign\">U+0000</span>c"))
        #expect(html.contains("<span class=\"sign\">U+200B</span>"))
        #expect(html.contains("<bdi>👩‍👧 नमस्ते‍ שלום</bdi>"))
    }

    @Test("Every naughty string stays text", arguments: [Language.fi, .en])
    func naughtyStrings(language: Language) throws {
        let strings = try Self.naughtyStrings().filter { !$0.isEmpty }
        #expect(strings.count > 400)
        let records = strings.map { SampleRecord(["event": .text($0)], others: [("value", .string, $0)]) }
        let html = page(summary("usage_event", records, language: language), fullPrint: true)
        #expect(HTMLCheck(html).faults.isEmpty)
        #expect(
            !html.contains("<script") && !html.contains("<img") && !html.contains("<svg>")
                && !html.contains("<a href=\"java"))
    }

    /// The strings of `blns.json`, by a reader of that one file: an array of strings.
    private static func naughtyStrings() throws -> [String] {
        let folder = String(#filePath.dropLast("PortabilityReportTests/RecordTests.swift".count)) + "Data/"
        let file = try #require(fopen(folder + "naughty-strings/blns.json", "rb"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        var strings: [String] = []
        var scalars: String.UnicodeScalarView?
        var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalars != nil else {
                if scalar == "\"" { scalars = .init() }
                continue
            }
            if scalar == "\"" {
                strings.append(String(scalars ?? .init()))
                scalars = nil
            } else if scalar == "\\", let escaped = rest.popFirst() {
                switch escaped {
                case "n": scalars?.append("\n")
                case "t": scalars?.append("\t")
                case "u":
                    let code = UInt32(String(rest.prefix(4)), radix: 16) ?? 0xFFFD
                    rest = rest.dropFirst(4)
                    scalars?.append(Unicode.Scalar(code) ?? "\u{FFFD}")
                default: scalars?.append(escaped)
                }
            } else {
                scalars?.append(scalar)
            }
        }
        return strings
    }

    @Test("Whatever the records are made of, the page is well-formed")
    func randomRecords() {
        var state: UInt64 = 0x5eed
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let pieces = hostileValues + ["ö", "漢字", "שלום", "131052-308T", " ", "a", "1.5", "2026-01-02", "true"]
        func text() -> String { "x" + (0..<below(4)).map { _ in pieces[below(pieces.count)] }.joined() }
        func sample(_ fields: [Field], depth: Int) -> [(String, Sample)] {
            fields.compactMap { field -> (String, Sample)? in
                guard below(3) == 0 else { return nil }
                func one() -> Sample? {
                    guard case .group(let inner) = field.type else { return .text(text()) }
                    let members = depth < 4 ? sample(inner, depth: depth + 1) : []
                    return members.isEmpty ? nil : .group(members)
                }
                if !field.isList { return one().map { (field.name, $0) } }
                let elements = (0..<1 + below(3)).compactMap { _ in one() }
                return elements.isEmpty ? nil : (field.name, .list(elements))
            }
        }
        for round in 0..<120 {
            let entity = Catalogue.standard.entities[below(Catalogue.standard.entities.count)]
            let records = (0..<1 + below(12)).map { _ in
                var record = SampleRecord([:], others: (0..<below(3)).map { ("o\($0)" + text(), .string, text()) })
                record.fields = sample(entity.fields, depth: 0)
                return record
            }
            let summary = summary(entity.name, records, language: Language.allCases[below(3)])
            #expect(
                HTMLCheck(page(summary, fullPrint: round % 2 == 0)).faults.isEmpty, "\(entity.name), round \(round)")
        }
    }

    // MARK: Identity codes and secrets

    @Test("Personal identity codes are masked wherever they stand; a business ID is not", arguments: Language.allCases)
    func identityCodes(language: Language) {
        let code = "131052-308T"
        let records = [
            SampleRecord(
                ["given_name": "Maija", "personal_identity_code": .text(code), "family_name": .text("(\(code))")],
                others: [("note", .string, "hetu \(code), kiitos")])
        ]
        let html = page(summary("person", records, language: language))
        #expect(!html.contains(code) && !html.contains("308T"))
        #expect(html.contains("hetu ******-****, kiitos"))
        let invoice = SampleRecord([
            "number": "1", "seller": ["name": "A", "legal_id": "1854047-8", "electronic_address": "003718540478"],
            "buyer": [
                "name": "B", "legal_id": "19521013-4444X", "identifiers": [["value": "20017"]],
                "address": ["street": .text("c/o \(code)")],
            ],
        ])
        let document = page(summary("invoice", [invoice], language: language, category: .invoicing))
        #expect(document.contains("1854047-8") && document.contains("003718540478"))
        #expect(!document.contains("19521013") && !document.contains(code))
        var readmeSummary = summary("person", records, language: language)
        readmeSummary.requestID = code
        #expect(!readmeText(readmeSummary).contains(code))
    }

    @Test("A code that lies across the place where a value is cut does not show in part")
    func codeAtTheCut() {
        for shift in 590...601 {
            let value = String(repeating: "a", count: shift) + " 131052-308T " + String(repeating: "b", count: 2000)
            let html = page(summary("person", [SampleRecord(["given_name": .text(value)])]))
            #expect(!html.contains("131052") && !html.contains("308T"))
        }
    }

    @Test("Only what cannot be a person’s number is shown of a field for such numbers")
    func numbers() {
        let codes = IdentityCodes()
        func shown(_ text: String) -> String { String(decoding: codes.masked(number: Array(text.utf8)), as: UTF8.self) }
        for number in ["1854047-8", "18540478", "003718540478", "00371854047801", "20017", "A-77"] {
            #expect(shown(number) == number)
        }
        for number in [
            "131052-308T", "1854047-9 x", "556016-0680", "01017012345", "123456789", "38001085718", "AB123456C",
        ] {
            #expect(shown(number).allSatisfy { $0 == "*" || $0 == "-" }, "\(number)")
        }
    }

    // MARK: Tables

    @Test("Values are written in the reader’s language, with the labels of code lists")
    func values() {
        let record = SampleRecord([
            "direction": "paid", "paid_on": "2026-11-02", "paid_at": "2026-11-02T09:04:05.25+02:00",
            "amount": "-1234567.50",
            "currency": "EUR", "invoice_number": "000123456789012345678",
        ])
        let expected: [(Language, [String])] = [
            (.fi, ["maksettu", "2.11.2026", "2.11.2026 9.04.05 (UTC+2)", "−1 234 567,50", "000123456789012345678"]),
            (.sv, ["betald", "2.11.2026", "2.11.2026 9.04.05 (UTC+2)", "−1 234 567,50", "000123456789012345678"]),
            (
                .en,
                [
                    "paid", "2 November 2026", "2 November 2026 09:04:05 (UTC+2)", "−1,234,567.50",
                    "000123456789012345678",
                ]
            ),
        ]
        for (language, values) in expected {
            let html = data(page(summary("payment", [record], language: language, category: .payment)))
            for value in values {
                #expect(html.contains(">\(value)<") || html.contains("<bdi>\(value)</bdi>"), "\(value)")
            }
        }
        let person = SampleRecord(["is_contact_person": "true"])
        #expect(data(page(summary("person", [person], language: .fi))).contains("<dd>kyllä</dd>"))
        #expect(data(page(summary("person", [person], language: .sv))).contains("<dd>ja</dd>"))
    }

    @Test("Only fields with a value have a column; what is the same throughout is said once")
    func columns() {
        let records = (0..<6).map {
            SampleRecord(["event": .text("click \($0)"), "user_id": "u-1", "http_status": $0 == 2 ? "404" : "200"])
        }
        let html = data(page(summary("usage_event", records)))
        #expect(html.components(of: "<th scope=\"col\"").count == 3)
        #expect(
            html.contains(">Event</th>") && html.contains(">HTTP status code</th>")
                && !html.contains("Referring address"))
        #expect(html.components(of: "u-1").count == 2)
        #expect(html.range(from: DataTexts.sameForAll.en) < html.range(from: "<table"))
        #expect(html.contains("<summary>Show the data: 6 records</summary>"))
        // The name that a field has in the file stands with its explanation.
        #expect(html.contains("<code>http_status</code>"))
    }

    @Test("Nested groups, lists and extras are readable")
    func nested() {
        let record = SampleRecord(
            ["subject_line": "Hello", "recipients": ["a@example.com", "b@example.com"], "body": "One\nTwo"],
            others: [("priority", .integer, "3"), ("flagged", .boolean, "true")])
        let html = data(page(summary("communication", [record], category: .communication)))
        #expect(html.contains("<li>a@example.com</li><li>b@example.com</li>"))
        #expect(html.contains("One<br>Two"))
        #expect(html.contains("<dt>priority</dt><dd>3</dd>") && html.contains("<dt>flagged</dt><dd>yes</dd>"))
    }

    @Test("A large dataset shows the newest, counts all, and names the file", arguments: Language.allCases)
    func newest(language: Language) {
        let records = (0..<20).map { SampleRecord(["event": .text("click \($0)")]) }
        var summary = summary("usage_event", records, language: language, held: 1_000_000)
        summary.datasets[0].rows?.dates = ("2024-01-31", "2026-11-02")
        summary.datasets[0].rows?.months = [("2024-01", 400_000), ("2024-03", 600_000)]
        let html = data(page(summary))
        let note = DataTexts.newest.filled(
            language,
            [
                "shown": "20", "records": ValueTexts.records.text(1_000_000, language), "file": "FILE",
            ]
        ).replacingNoBreakSpaces
        let parts = note.components(of: "FILE")
        #expect(html.contains(parts[0]))
        #expect(html.contains("<a href=\"data/usage/set.json\">"))
        #expect(html.contains(language.date("2024-01-31")) && html.contains(language.date("2026-11-02")))
        #expect(!html.contains("click 20"))
    }

    @Test("A value is cut at the stated length and says so; a value of 10 MB costs no more than that")
    func longValue() {
        let long = String(repeating: "å<aaaaaaa", count: 1_000_000)
        let html = page(summary("person", [SampleRecord(["given_name": .text(long)])]))
        #expect(html.contains(DataTexts.cut.en))
        #expect(html.contains("at most 600 characters"))
        #expect(html.utf8.count < 100_000)
        #expect(HTMLCheck(html).faults.isEmpty)
    }

    @Test("What there is no room for is left out and told: of lists, records, datasets and the page")
    func limits() throws {
        let wide = Sample.list((0..<30).map { .text("address \($0) \u{202E}") })
        let record = SampleRecord(["recipients": wide, "body": .text(String(repeating: "\u{0}", count: 90))])
        var datasets: [ArchiveSummary.Dataset] = []
        for number in 0..<10 {
            var dataset = sampleDataset("m\(number)", "communication", .communication, records: 15)
            dataset.rows = sampleRows("communication", Array(repeating: record, count: 15))
            datasets.append(dataset)
        }
        func html(_ limits: PageLimits) throws -> String {
            var bytes: [UInt8] = []
            try withoutActuallyEscaping({ (piece: Span<UInt8>) in bytes.append(piece) }) { sink in
                try PageWriter(
                    sampleSummary(datasets: datasets), isFullPrint: false, limits: limits, out: HTMLOutput(sink)
                ).write()
            }
            let html = String(decoding: bytes, as: UTF8.self)
            #expect(HTMLCheck(html).faults.isEmpty)
            return html
        }
        var limits = PageLimits()
        limits.elements = 4
        limits.records = 12
        let narrow = try html(limits)
        #expect(narrow.contains("and 26 more; all are in the file"))
        #expect(narrow.contains("Shown here are the first (12)"))
        limits.elements = 40
        limits.record = 1000
        #expect(try html(limits).contains(DataTexts.recordCut.en))
        limits.dataset = 4000
        #expect(try html(limits).contains("This page has no room for more: here are 4\u{A0}records"))
        limits.all = 20_000
        let last = data(try html(limits))
        #expect(last.utf8.count < 60_000 && last.contains("here are 0 records"))
    }

    @Test("The page for the screen has at most 10 MiB, whatever the records are")
    func bounded() {
        let wide = Sample.list(Array(repeating: .text(String(repeating: "\u{202E}", count: 700)), count: 50))
        let record = SampleRecord(["recipients": wide])
        let rows = sampleRows("communication", Array(repeating: record, count: 10))
        let datasets = (0..<15).map {
            var dataset = sampleDataset("m\($0)", "communication", .communication, records: 10)
            dataset.rows = rows
            return dataset
        }
        let size = page(sampleSummary(datasets: datasets)).utf8.count
        #expect(size > 6 << 20 && size < 10 << 20)
    }

    @Test("A full print reads every record again and hands the page on in pieces")
    func fullPrint() throws {
        var summary = summary("usage_event", [SampleRecord(["event": "newest"])], held: 4000)
        let layout = try #require(summary.datasets[0].rows?.layout)
        summary.datasets[0].rows?.all = { take in
            for batch in 0..<40 {
                try take(
                    sampleBatch(layout, (0..<100).map { SampleRecord(["event": .text("event-\(batch * 100 + $0)-")]) }))
            }
        }
        var pieces: [Int] = []
        var html: [UInt8] = []
        try writeIndexHTML(summary, fullPrint: true) {
            pieces.append($0.count)
            html.append($0)
        }
        let text = String(decoding: html, as: UTF8.self)
        let check = HTMLCheck(text)
        let texts = Set(check.texts)
        #expect((0..<4000).allSatisfy { texts.contains("event-\($0)-") })
        #expect(!text.contains("newest (") && check.faults.isEmpty)
        #expect(pieces.count > 2 && (pieces.max() ?? 0) < 128 << 10)
        // On the screen the same archive shows the newest only.
        #expect(page(summary).contains("newest (1)") && !page(summary).contains("event-1-"))
        #expect(!text.contains("<details class=\"records\">") && text.contains("<details class=\"records\" open>"))
    }

    @Test("A fault of the reader or of the file stops the page")
    func faults() {
        struct Full: Error {}
        var summary = summary("usage_event", [SampleRecord(["event": "x"])], held: 2)
        summary.datasets[0].rows?.all = { _ in throw Full() }
        #expect(throws: Full.self) { try writeIndexHTML(summary, fullPrint: true) { _ in } }
        #expect(throws: Full.self) { try writeIndexHTML(summary, fullPrint: false) { _ in throw Full() } }
    }

    // MARK: Use over time

    @Test("Use over time is a picture with a table beside it", arguments: Language.allCases)
    func chart(language: Language) {
        var summary = summary("usage_event", [SampleRecord(["event": "x"])], language: language, held: 30)
        summary.datasets[0].rows?.months = [("2025-11", 10), ("2026-02", 20)]
        let html = data(page(summary))
        #expect(html.contains("<svg role=\"img\" aria-labelledby=\"s1 m1\""))
        #expect(html.contains("<title id=\"s1\">") && html.contains("<desc id=\"m1\">"))
        #expect(html.components(of: "<rect ").count == 3)
        // The higher bar is as high as the drawing allows, the other half of that; months without records are told.
        #expect(html.contains("height=\"120.000\"/>") && html.contains("height=\"60.000\"/>"))
        for month in ["2025-11", "2025-12", "2026-01", "2026-02"] {
            #expect(html.contains(">\(language.month(month))<"))
        }
        #expect(HTMLCheck(page(summary)).faults.isEmpty)
    }

    @Test("Many months become years; one month, or months that are none, need no picture")
    func manyMonths() {
        let months = (0..<60).map { index in
            let month = index % 12 + 1
            return (month: "\(2020 + index / 12)-\(month < 10 ? "0" : "")\(month)", count: Int64(1))
        }
        let html = Chart(months, label: "x", language: .en, id: 1).markup.html
        #expect(html.components(of: "<rect ").count == 6 && html.contains("x by year"))
        #expect(Chart([("2020-01", 0), ("2020-02", 0)], label: "x", language: .en, id: 1).markup.isEmpty)
        #expect(Chart([("?", 1), ("0001-99", 3)], label: "x", language: .en, id: 1).markup.html.contains("?"))
        #expect(
            Chart([("0001-01", 1), ("9999-12", 3)], label: "x", language: .en, id: 1).markup.html.utf8.count < 10_000)
    }

    // MARK: Invoices

    private static func invoice(_ number: String, payable: String, currency: String = "EUR") -> SampleRecord {
        SampleRecord([
            "number": .text(number), "document_type": "invoice", "issue_date": "2026-03-01", "due_date": "2026-03-15",
            "currency": .text(currency),
            "seller": [
                "name": "Seller Oy", "legal_id": "1854047-8",
                "address": ["street": "Street 1", "city": "Espoo", "country": "FI"],
            ],
            "buyer": ["name": "Maija Meikäläinen", "address": ["postal_code": "00100", "city": "Helsinki"]],
            "payment_means": [["account": "FI2112345600000785", "finnish_reference": "1232"]],
            "totals": ["net": "100.00", "tax": "25.50", "payable": .text(payable)],
            "tax_breakdown": [["taxable_amount": "100.00", "tax_amount": "25.50", "rate": "25.5"]],
            "lines": [
                [
                    "name": "Subscription", "quantity": "1", "unit": "mo", "net_amount": "100.00",
                    "price": ["net": "100"],
                ]
            ],
            "original": "data/documents/set-000001.xml",
        ])
    }

    @Test("An invoice looks like an invoice: parties, dates, lines, taxes, total, how to pay, the original")
    func invoice() {
        let html = data(page(summary("invoice", [Self.invoice("10023", payable: "125.50")], category: .invoicing)))
        let order = [
            "10023", "1 March 2026", "125.50 EUR</span>", "Seller Oy", "Street 1", "Espoo", "Finland",
            "Maija Meikäläinen",
            "00100 Helsinki", "15 March 2026", "Subscription", "1 mo", "100.00 EUR", "25.5 %", "Payable",
            "125.50 EUR</dd>",
            "FI2112345600000785", "1232", "data/documents/set-000001.xml",
        ]
        var rest = html[...]
        for text in order {
            let found = rest.range(from: text)
            #expect(found < rest.endIndex, "\(text)")
            rest = rest[found...]
        }
        #expect(!html.contains("<table class=\"rows\">"))
        #expect(html.contains(InvoiceTexts.allFields.en))
    }

    @Test("A sum is claimed only where it is true: all records, every amount known, one currency at a time")
    func sums() {
        let records = [
            Self.invoice("1", payable: "0.1"), Self.invoice("2", payable: "0.20"),
            Self.invoice("3", payable: "5", currency: "SEK"),
        ]
        let html = data(page(summary("invoice", records, category: .invoicing)))
        #expect(html.contains("Invoice, 2: payable in all 0.30 EUR."))
        #expect(html.contains("Invoice, 1: payable in all 5 SEK."))
        // Not all are here.
        #expect(!data(page(summary("invoice", records, category: .invoicing, held: 4))).contains("payable in all"))
        // One does not tell its amount.
        let unknown = records + [SampleRecord(["number": "4", "document_type": "invoice", "currency": "EUR"])]
        #expect(!data(page(summary("invoice", unknown, category: .invoicing))).contains("payable in all"))
        var sum = DecimalSum()
        sum.add("-0.05")
        sum.add("0.001")
        #expect(sum.isExact && sum.text == "-0.049")
        sum.add("1e5")
        #expect(!sum.isExact)
    }
}
