import PortabilityModel
import PortabilityText
import Testing

@testable import PortabilityExchange

@Suite struct ExactDecimalTests {
    private func number(_ text: String) -> ExactDecimal { ExactDecimal(text.utf8)! }
    private func text(_ number: ExactDecimal?) -> String? {
        number.map { String(decoding: $0.spelled(), as: UTF8.self) }
    }

    @Test func sumsAndProductsAreExact() {
        #expect(text(number("0.1") + number("0.2")) == "0.3")
        #expect(text(number("-0.1") + number("0.1")) == "0.0")
        #expect(text(number("1") - number("0.01")) == "0.99")
        #expect(text(number("-5") - number("7.5")) == "-12.5")
        #expect(text(number("99999999999999999999.99") + number("0.01")) == "100000000000000000000.00")
        #expect(
            text(number("123456789012345678901234567890") * number("1000000007"))
                == "123456789876543201987654320198641975230")
        #expect(number("1.50") == number("1.5"))
        #expect(number("-0") == number("0.00"))
        #expect(number("1") != number("-1"))
    }

    @Test(
        "Halves go away from zero",
        arguments: [
            ("0.005", "0.01"), ("0.0049999", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1.005", "1.01"),
            ("-1.125", "-1.13"), ("999.995", "1000.00"), ("1.2", "1.2"),
        ])
    func rounding(_ given: String, _ rounded: String) {
        #expect(text(number(given).rounded(to: 2)) == rounded)
    }

    @Test func quotients() {
        #expect(text(number("1").divided(by: number("3"), scale: 4)) == "0.3333")
        #expect(text(number("2").divided(by: number("3"), scale: 4)) == "0.6667")
        #expect(text(number("-7").divided(by: number("2"), scale: 0)) == "-4")
        #expect(text(number("1").divided(by: number("0.003"), scale: 2)) == "333.33")
        #expect(text(number("10").divided(by: number("0.5"), scale: 2)) == "20.00")
        #expect(number("1").divided(by: .zero, scale: 2) == nil)
    }

    @Test func isNoNumber() {
        for text in ["", "-", ".", "1e5", "1,5", "--1", "1.2.3", String(repeating: "9", count: 61)] {
            #expect(ExactDecimal(text.utf8) == nil)
        }
    }

    @Test("Agrees with 128-bit integers on generated numbers")
    func agrees() {
        var state: UInt64 = 42
        func next() -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(bitPattern: state) >> Int64(state >> 58)
        }
        for _ in 0..<2000 {
            let (left, right) = (Int128(next()), Int128(next()))
            let (one, other) = (number("\(left)"), number("\(right)"))
            #expect(text(one + other) == "\(left + right)")
            #expect(text(one - other) == "\(left - right)")
            #expect(text(one * other) == "\(left * right)")
            if right != 0 {
                let (quotient, rest) = left.quotientAndRemainder(dividingBy: right)
                let up = rest.magnitude * 2 >= right.magnitude
                let sign: Int128 = (left < 0) == (right < 0) ? 1 : -1
                #expect(text(one.divided(by: other, scale: 0)) == "\(quotient + (up ? sign : 0))")
            }
        }
    }
}

/// Figures of invoices that follow from each other, or do not.
@Suite struct InvoicesTotalsTests {
    private let sound: PlainRecord = [
        ("number", "7"), ("issue_date", "2026-11-22"), ("currency", "EUR"),
        ("totals.lines", "200.00"), ("totals.allowances", "20.00"), ("totals.charges", "5.00"),
        ("totals.net", "185.00"), ("totals.tax", "47.18"), ("totals.gross", "232.18"), ("totals.paid", "32.18"),
        ("totals.rounding", "0.02"), ("totals.payable", "200.02"),
    ]

    private func record(_ changes: [String: String] = [:]) throws -> [ExchangeNote] {
        var assembled: PlainRecord = sound.map { ($0.0, changes[$0.0] ?? $0.1) }
        for (name, value) in [
            ("tax_breakdown.taxable_amount", "185.00"), ("tax_breakdown.tax_amount", "47.18"),
            ("tax_breakdown.category", "S"), ("tax_breakdown.rate", "25.5"),
        ] { assembled.append((name, changes[name] ?? value)) }
        return try notes(assembled.filter { !$0.1.isEmpty }, changes)
    }

    /// Groups with several fields are put together here, since every path opens an element of its own.
    private func notes(_ plain: PlainRecord, _ changes: [String: String]) throws -> [ExchangeNote] {
        var assembler = RecordAssembler(layout: invoiceLayout)
        func set(_ node: Int, _ group: Int, _ name: String, _ value: String) {
            guard let field = invoiceLayout.groups[group].index(of: name) else { preconditionFailure(name) }
            assembler.set(node, field, Array((changes[name] ?? value).utf8).span)
        }
        func list(_ name: String, _ values: [(String, String)], _ prefix: String = "") {
            guard let field = invoiceLayout.groups[0].index(of: name) else { preconditionFailure(name) }
            let group = invoiceLayout.groups[0].fields[field].group
            let node = assembler.appendGroup(0, field)
            for (name, value) in values {
                let value = changes["\(prefix)\(name)"] ?? value
                if value.isEmpty { continue }
                if name.hasPrefix("price.") {
                    guard let price = invoiceLayout.groups[group].index(of: "price") else { preconditionFailure() }
                    set(
                        assembler.group(node, price), invoiceLayout.groups[group].fields[price].group,
                        String(name.dropFirst(6)), value)
                } else {
                    set(node, group, name, value)
                }
            }
        }
        list(
            "lines",
            [
                ("id", "1"), ("quantity", "3"), ("unit_code", "C62"), ("net_amount", "100.00"), ("tax_category", "S"),
                ("tax_rate", "25.5"), ("name", "a"), ("price.net", "333.333"), ("price.base_quantity", "10"),
            ], "line.")
        list(
            "lines",
            [
                ("id", "2"), ("quantity", "1"), ("unit_code", "C62"), ("net_amount", "100.00"), ("tax_category", "S"),
                ("tax_rate", "25.50"), ("name", "b"), ("price.net", "100"),
            ], "other line.")
        list(
            "allowances_charges",
            [("is_charge", "false"), ("amount", "20.00"), ("tax_category", "S"), ("tax_rate", "25.5")], "allowance.")
        list(
            "allowances_charges",
            [("is_charge", "true"), ("amount", "5.00"), ("tax_category", "S"), ("tax_rate", "25.5")], "charge.")
        for (path, value) in plain {
            let parts = path.split(separator: ".").map(String.init)
            guard let field = invoiceLayout.groups[0].index(of: parts[0]) else { preconditionFailure(path) }
            if parts.count == 1 {
                assembler.set(0, field, Array(value.utf8).span)
            } else {
                set(assembler.group(0, field), invoiceLayout.groups[0].fields[field].group, parts[1], value)
            }
        }
        var builder = BatchBuilder(dataset: 0)
        builder.beginRecord(id: [0x31].span, subject: [0x31].span)
        assembler.emit(into: &builder)
        try builder.endRecord()
        return try makeInvoices(UBLMaker(), of: [builder.take()]).notes
    }

    private func wrong(_ changes: [String: String]) throws -> [String] {
        try record(changes).filter { $0.kind == .inconsistent }.map(\.term)
    }

    @Test("Nothing is said of figures that follow, with prices per ten and VAT that ends in half a cent")
    func soundFigures() throws { #expect(try wrong([:]) == []) }

    @Test("Each wrong figure is told by its term, and what follows from it by the figure that is there")
    func wrongFigures() throws {
        #expect(try wrong(["line.net_amount": "100.01", "totals.lines": "200.01"]) == ["BT-131", "BT-109", "BT-116"])
        #expect(try wrong(["totals.lines": "200.01"]) == ["BT-106", "BT-109"])
        #expect(try wrong(["totals.allowances": "19.00"]) == ["BT-107", "BT-109"])
        #expect(try wrong(["totals.charges": "6.00"]) == ["BT-108", "BT-109"])
        #expect(try wrong(["totals.net": "185.01"]) == ["BT-109", "BT-112"])
        #expect(try wrong(["tax_breakdown.tax_amount": "47.17"]) == ["BT-117", "BT-110"])
        #expect(
            try wrong(["tax_breakdown.taxable_amount": "185.50", "tax_breakdown.tax_amount": "47.30"]).contains(
                "BT-116"))
        #expect(try wrong(["totals.gross": "232.19"]) == ["BT-112", "BT-115"])
        #expect(try wrong(["totals.payable": "200.00"]) == ["BT-115"])
    }

    @Test("47.175 of VAT is 47.18, not 47.17")
    func halfCent() throws {
        #expect(try !wrong([:]).contains("BT-117"))
        #expect(try wrong(["tax_breakdown.tax_amount": "47.17", "totals.tax": "47.17"]).contains("BT-117"))
    }

    @Test("A total that the record has not is added up, written and noted")
    func addedUp() throws {
        let notes = try record(["totals.lines": "", "totals.payable": ""])
        #expect(
            notes.filter { $0.kind == .missing }.map(\.term).filter { ["BT-106", "BT-115"].contains($0) }
                == ["BT-106", "BT-115"])
        #expect(!notes.contains { $0.kind == .inconsistent || $0.kind == .refused })
    }
}
