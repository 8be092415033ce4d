import PortabilityModel
import Glibc
import PortabilityText
import Testing

@testable import PortabilityExchange

/// The same numbers in every run (SplitMix64).
private struct FixedRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

/// Records that no invoicing system would make.
@Suite struct InvoicesNastyTests {
    private static let texts = [
        "a", "]]>", "<b>&amp;\"'", "\u{0}\u{1}\u{8}\u{b}\u{1f}", "\u{fffe}\u{ffff}x", "\r\n\t x \r", " ", "  ",
        "ä€😀\u{301}",
        "#ABC#text", "RF18539007547034", "12345672", "FI2112345600000785", "003723456780", "0216", "NDEAFIHH", "EUR",
        "eur", "XX", "381", "INV01", "<!DOCTYPE x>", "-->", "xml:", "SHA", "IBAN", "Original", "--", "NA", "C62",
        String(repeating: "word ", count: 300), String(repeating: "ä", count: 600), "line\nline\nline", "S", "AE",
        "deliverer",
        "2026-1", "Oy Ab", String(repeating: "7", count: 36), "::attachments", "id-of-it::attachments",
        "\u{7f}\u{85}\u{2028}",
    ]
    private static let decimals = [
        "0", "1", "-1", "0.01", "0.005", "-0.50", "999999999999999.99999", "1234567890123456", "25.5", "1.123456789",
        "10.00", "100", "0.0000001", String(repeating: "9", count: 80), "7.50000",
    ]

    /// Fills a group with whatever its fields take; `fullness` percent of the fields are there.
    private func fill(
        _ assembler: inout RecordAssembler, _ node: Int, group: Int, fullness: Int, _ random: inout FixedRandom
    ) {
        for (index, field) in invoiceLayout.groups[group].fields.enumerated() {
            if Int.random(in: 0..<100, using: &random) >= fullness { continue }
            for _ in 0..<(field.isList ? Int.random(in: 1...3, using: &random) : 1) {
                guard let kind = field.kind else {
                    let inner = field.isList ? assembler.appendGroup(node, index) : assembler.group(node, index)
                    fill(&assembler, inner, group: field.group, fullness: fullness, &random)
                    continue
                }
                let text =
                    switch kind {
                    case .decimal: Self.decimals.randomElement(using: &random) ?? ""
                    case .integer: ["1", "2", "0", "-5", "99999999999999999999"].randomElement(using: &random) ?? ""
                    case .date: ["2026-11-22", "0001-01-01", "9999-12-31"].randomElement(using: &random) ?? ""
                    case .boolean: Bool.random(using: &random) ? "true" : "false"
                    case .timestamp: "2026-11-22T12:00:00Z"
                    default: Self.texts.randomElement(using: &random) ?? ""
                    }
                assembler.set(node, index, Array(text.utf8).span)
            }
        }
    }

    /// What a form cannot be without, so that there is a file to judge.
    private func give(_ values: [(String, String)], to assembler: inout RecordAssembler) {
        for (path, text) in values {
            var node = 0
            var group = 0
            let names = path.split(separator: ".").map(String.init)
            for (depth, name) in names.enumerated() {
                guard let field = invoiceLayout.groups[group].index(of: name) else { continue }
                if depth == names.count - 1 {
                    assembler.set(node, field, Array(text.utf8).span)
                } else {
                    node = assembler.group(node, field)
                    group = invoiceLayout.groups[group].fields[field].group
                }
            }
        }
    }

    private static let skeleton = [
        ("number", "1"), ("issue_date", "2026-11-22"), ("due_date", "2026-12-01"), ("currency", "EUR"),
        ("seller.name", "Oy Ab"), ("buyer.name", "Ada"), ("totals.net", "1.00"), ("totals.gross", "1.00"),
        ("totals.payable", "1.00"), ("payment_means.account", "FI2112345600000785"), ("payment_means.amount", "1.00"),
        ("payment_means.due_date", "2026-12-01"), ("payment_means.date", "2026-12-01"),
        ("payment_means.account_scheme", "IBAN"), ("payment_means.currency", "EUR"), ("lines.net_amount", "1.00"),
        ("national_type_code", "INV01"), ("type_text", "LASKU"), ("origin_code", "Copy"),
    ]

    private func batches(seed: UInt64, count: Int, hasSkeleton: Bool) throws -> [RecordBatch] {
        var random = FixedRandom(state: seed)
        var batches: [RecordBatch] = []
        var builder = BatchBuilder(dataset: 0, limits: BatchLimits(rows: 7))
        for index in 0..<count {
            var assembler = RecordAssembler(layout: invoiceLayout)
            if hasSkeleton { give(Self.skeleton, to: &assembler) }
            fill(&assembler, 0, group: 0, fullness: [5, 30, 60, 95][index % 4], &random)
            builder.beginRecord(id: Array("\(index)".utf8).span, subject: [0x31].span)
            assembler.emit(into: &builder)
            try builder.endRecord()
            if builder.isFull { batches.append(builder.take()) }
        }
        if builder.count > 0 { batches.append(builder.take()) }
        return batches
    }

    @Test("Every file is well-formed, is read back, and each record has a file or a refusal", arguments: [true, false])
    func wellFormed(_ hasSkeleton: Bool) async throws {
        let batches = try batches(seed: 20_261_122, count: 200, hasSkeleton: hasSkeleton)
        for maker in [UBLMaker(), FinvoiceMaker()] as [any ExchangeMaker] {
            let output = try makeInvoices(maker, of: batches)
            let refused = Set(output.notes.filter { $0.kind == .refused }.map(\.record))
            #expect(output.files.count + refused.count == 200)
            if hasSkeleton { #expect(output.files.count > 50) }
            for file in output.files { #expect(InvoicesSchema.isWellFormed(file.bytes)) }
            #expect(try await readBack(output).count == output.files.count)
            #expect(output.files.map(\.name) == output.files.map(\.name).sorted())
        }
    }

    @Test("Every Finvoice file is valid by the schema")
    func validFinvoice() throws {
        let schema = try #require(InvoicesSchema(path: "\(testData)/exchange/Finvoice3.0.xsd"))
        let batches = try batches(seed: 1_000_003, count: 600, hasSkeleton: true)
        let output = try makeInvoices(FinvoiceMaker(), of: batches)
        #expect(output.files.count > 200)
        var faults: [String] = []
        for file in output.files {
            if let fault = schema.fault(in: file.bytes) { faults.append("\(file.name): \(fault)") }
        }
        #expect(faults == [])
    }

    @Test("The schema of the tests finds what is wrong")
    func schemaJudges() throws {
        let schema = try #require(InvoicesSchema(path: "\(testData)/exchange/Finvoice3.0.xsd"))
        #expect(schema.fault(in: Array("<Finvoice Version=\"3.0\"/>".utf8)) != nil)
        #expect(schema.fault(in: Array("<Finvoice".utf8)) == "not well-formed")
    }

    @Test("Whatever is in a record is in the file or in a note")
    func nothingIsSilent() throws {
        var builder = BatchBuilder(dataset: 0)
        var assembler = RecordAssembler(layout: invoiceLayout)
        give(Self.skeleton, to: &assembler)
        var count = 0
        mark(&assembler, 0, group: 0, &count)
        #expect(count > 500)
        builder.beginRecord(id: [0x31].span, subject: [0x31].span)
        assembler.emit(into: &builder)
        try builder.endRecord()
        let batch = builder.take()
        let silent: Set<String> = ["direction", "syntax", "syntax_version", "original", "document_type"]
        for maker in [UBLMaker(), FinvoiceMaker()] as [any ExchangeMaker] {
            let output = try makeInvoices(maker, of: [batch])
            #expect(output.notes.filter { $0.kind == .refused } == [])
            var lost: Set<String> = []
            let noted = Set(output.notes.filter { $0.kind == .dropped }.map(\.term))
            for line in lines(of: [batch])[0] where line.contains("=mark") {
                let value = String(line.drop { $0 != "=" }.dropFirst())
                let path = plainPath(line)
                if !output.text.contains(value), !noted.contains(path), !silent.contains(path) { lost.insert(path) }
            }
            #expect(lost == [])
        }
    }

    /// Gives each field of text that is free a text of its own.
    private func mark(_ assembler: inout RecordAssembler, _ node: Int, group: Int, _ count: inout Int) {
        for (index, field) in invoiceLayout.groups[group].fields.enumerated() {
            guard let kind = field.kind else {
                let inner = field.isList ? assembler.appendGroup(node, index) : assembler.group(node, index)
                mark(&assembler, inner, group: field.group, &count)
                continue
            }
            guard kind == .string, field.isList || !assembler.isSet(node, index) else { continue }
            count += 1
            assembler.set(node, index, Array("mark\(10_000 + count)".utf8).span)
        }
    }

    @Test("What XML cannot hold is replaced, and noted")
    func controls() async throws {
        let output = try make(
            UBLMaker(),
            [("invoices", "invoice", [minimal + [("notes.text", "a\u{0}b\u{1f}c\u{ffff}d\te\u{fffd}")]])])
        #expect(output.text.contains("<cbc:Note>a\u{fffd}b\u{fffd}c\u{fffd}d\te\u{fffd}</cbc:Note>"))
        #expect(
            output.notes.contains {
                $0.kind == .dropped && $0.term == "notes.text" && $0.message.contains("U+FFFD")
            })
    }

    private var minimal: PlainRecord {
        [
            ("number", "1"), ("issue_date", "2026-11-22"), ("currency", "EUR"), ("lines.net_amount", "1.00"),
            ("totals.payable", "1.00"),
        ]
    }

    @Test("Thirty thousand lines leave memory while they are written, and come out as from one piece")
    func manyLines() throws {
        final class CountingOutput: ExchangeOutput {
            var largest = 0
            var total = 0
            var lines = 0
            var notes = 0
            func begin(_ name: String, mediaType: String) {}
            func append(_ bytes: [UInt8]) {
                largest = max(largest, bytes.count)
                total += bytes.count
                bytes.withUnsafeBytes { buffer in
                    guard var place = buffer.baseAddress else { return }
                    let end = place + buffer.count
                    while let found = memchr(place, 0x3c, end - place) {
                        place = UnsafeRawPointer(found)
                        if end - place >= 17, memcmp(place, "<cac:InvoiceLine>", 17) == 0 { lines += 1 }
                        place += 1
                    }
                }
            }
            func end() {}
            func note(_ note: ExchangeNote) { notes += 1 }
        }
        var assembler = RecordAssembler(layout: invoiceLayout)
        give(
            [("number", "1"), ("issue_date", "2026-11-22"), ("currency", "EUR"), ("totals.payable", "1")],
            to: &assembler)
        let field = try #require(invoiceLayout.groups[0].index(of: "lines"))
        let group = invoiceLayout.groups[0].fields[field].group
        let fields = try ["name", "net_amount", "quantity"].map {
            try #require(invoiceLayout.groups[group].index(of: $0))
        }
        for index in 0..<30_000 {
            let line = assembler.appendGroup(0, field)
            for (field, text) in zip(fields, ["Item \(index)", "1.00", "1"]) {
                assembler.set(line, field, Array(text.utf8).span)
            }
        }
        var builder = BatchBuilder(dataset: 0)
        builder.beginRecord(id: [0x31].span, subject: [0x31].span)
        assembler.emit(into: &builder)
        try builder.endRecord()
        let output = CountingOutput()
        var maker = UBLMaker()
        try maker.begin(
            ExchangeDataset(id: "invoices", layout: invoiceLayout, role: .controller, language: .en), into: output)
        try maker.take(builder.take(), into: output)
        #expect(output.lines == 30_000)
        try maker.end(into: output)
        #expect(output.total > 6 << 20)
        #expect(output.largest < 2 << 20)
        // One note a term, however many lines.
        #expect(output.notes < 40)
    }
}
