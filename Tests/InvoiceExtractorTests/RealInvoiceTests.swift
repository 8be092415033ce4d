import PortabilityModel
import Testing

/// Invoices that others published, of all three syntaxes.
@Suite struct RealInvoiceTests {
    @Test(arguments: [
        "finvoice/soap-framed-iso-8859-15", "finvoice/operator-converted", "xrechnung/01.01a-INVOICE_ubl",
        "en16931/ubl-tc434-example1", "en16931/ubl-tc434-creditnote1", "en16931/CII_business_example_02",
    ])
    func isReadAsItsGoldenDumpSays(_ name: String) async throws {
        let parts = name.split(separator: "/").map(String.init)
        let reading = try await read(
            source(path: "{folder}/\(parts[1]).xml", kinds: ["folder"]), in: dataFolder,
            subject: [Identifier(kind: "folder", value: parts[0])])
        #expect(reading.records.count == 1)
        let golden = try String(decoding: bytes(of: "\(dataFolder)/golden/\(parts[1]).txt"), as: UTF8.self)
        #expect(reading.records[0].lines.joined(separator: "\n") + "\n" == golden)
    }

    @Test(arguments: 1...10)
    func bothSyntaxesOfAPairGiveOneInvoice(_ number: Int) async throws {
        let name = "01.\(number < 10 ? "0" : "")\(number)a-INVOICE"
        let reading = try await read(
            source(path: "{folder}/\(name)_*.xml", kinds: ["folder"]), in: dataFolder,
            subject: [Identifier(kind: "folder", value: "xrechnung")])
        #expect(reading.records.map { $0["syntax"] } == ["ubl", "cii"])
        let syntax = ["syntax=", "syntax_version="]
        let invoices = reading.records.map { record in
            record.lines.filter { line in !syntax.contains { line.hasPrefix($0) } }
        }
        #expect(invoices[0] == invoices[1])
        #expect(invoices[0].count > 50)
        #expect(reading.findings == [])
    }

    @Test func nothingIsLostAndOnlyTheOddIsUnmapped() async throws {
        var unmapped: Set<String> = []
        var records = 0
        for folder in ["finvoice", "xrechnung", "en16931"] {
            let reading = try await read(
                source(path: "{folder}/*.xml", kinds: ["folder"]), in: dataFolder,
                subject: [Identifier(kind: "folder", value: folder)])
            #expect(!reading.findings.contains { $0.losesRecords })
            #expect(Int64(reading.records.count) == reading.end.records[0])
            #expect(Int64(reading.records.count) == reading.end.filesRead)
            unmapped.formUnion(reading.findings(.unmapped).compactMap(\.place.field))
            records += reading.records.count
        }
        #expect(records == 30)
        // EN 16931 has one base quantity of a price; one of the reference invoices gives the gross price another.
        let gross = """
            CrossIndustryInvoice/SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem/\
            SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/BasisQuantity
            """
        #expect(unmapped == [gross, "\(gross)/@unitCode"])
    }
}
