import PortabilityModel
import Testing

@testable import PortabilityReport

@Suite("The page and README.txt of a converted archive")
struct ConversionTests {
    private func note(_ kind: String, _ term: String, _ label: String?, files: Int64 = 15) -> ConversionSummary.Note {
        .init(
            kind: kind, dataset: "Laskut", term: term, label: label, records: files, file: "invoices-000001.xml",
            files: files)
    }

    private func form(_ notes: [ConversionSummary.Note], more: Int64 = 0) -> ConversionSummary.Form {
        .init(
            name: "ubl", datasets: [.init(label: "Laskut", isProcessor: false, records: 15)],
            files: (1...15).map { .init(path: "data/ubl/invoices-\($0).xml", bytes: 1000, rows: nil) }, notes: notes,
            moreNotes: more)
    }

    private func summary(
        _ language: Language = .en, formats: [Format] = [], forms: [ConversionSummary.Form] = [],
        datasets: [ConversionSummary.Dataset] = []
    ) -> ConversionSummary {
        .init(
            language: language, originalLanguage: .fi, requestID: "R-2026-0001", controller: "Oy Ab",
            created: "2026-11-22T10:00:00Z", tool: "portability 1.0.0", isPartial: false,
            origins: [
                .init(
                    requestID: "R-2026-0001", created: "2026-11-22T10:00:00Z", tool: "portability 1.0.0", bytes: 1000,
                    sha256: String(repeating: "0", count: 64))
            ], formats: formats, datasets: datasets, documents: 0, forms: forms, keepsSignature: false)
    }

    private func page(_ summary: ConversionSummary) -> String {
        String(decoding: conversionPage(summary), as: UTF8.self).replacingNoBreakSpaces
    }

    private func readme(_ summary: ConversionSummary) -> String {
        String(decoding: conversionReadme(summary), as: UTF8.self).replacingNoBreakSpaces
    }

    @Test(
        "Notes are told once for each field, by its name and in the page's language",
        arguments: [
            (
                Language.fi, "Nämä jätettiin pois, lyhennettiin",
                "<li>Viivakoodi <span class=\"muted\">– 15 merkintää, invoices-000001.xml ja 14 muuta</span></li>"
            ),
            (
                .sv, "Dessa utelämnades, förkortades",
                "<li>Viivakoodi <span class=\"muted\">– 15 poster, invoices-000001.xml och 14 till</span></li>"
            ),
            (
                .en, "These were left out, cut",
                "<li>Viivakoodi <span class=\"muted\">– 15 records, invoices-000001.xml and 14 more</span></li>"
            ),
        ])
    func notes(_ language: Language, _ sentence: String, _ item: String) {
        let notes = [
            note("missing", "BT-31", "VAT"), note("dropped", "virtual_barcode", "Viivakoodi"),
            note("dropped", "message.id", nil, files: 1),
        ]
        let html = page(summary(language, forms: [form(notes)]))
        #expect(html.contains(sentence) && html.contains(item))
        // A standard's own term stands beside the name, the path of a field only where it has none.
        #expect(html.contains("VAT (<code>BT-31</code>)"))
        #expect(!html.contains("virtual_barcode") && html.contains("<li><code>message.id</code>"))
        #expect(html.split(separator: "<li>VAT").count == 2)
        #expect(html.contains("manifest.json") && !html.contains("{" + "count}"))
    }

    @Test("A page without notes says so, one with more than it shows counts the rest")
    func rest() {
        #expect(page(summary(forms: [form([])])).contains("all of them found a place"))
        let html = page(summary(forms: [form([note("dropped", "x", nil)], more: 1234)]))
        #expect(html.contains("There are 1,234 more notes."))
    }

    @Test("README.txt names the folders of the datasets")
    func folders() {
        func dataset(_ id: String, _ category: PortabilityModel.Category?) -> ConversionSummary.Dataset {
            .init(
                id: id, label: "L", category: category, isProcessor: false, records: 1,
                files: [.init(path: "data/x/\(id).json", bytes: 1, rows: 1)], isAbsent: false)
        }
        let text = readme(
            summary(
                formats: [.json],
                datasets: [dataset("invoices", .invoicing), dataset("person", .registration), dataset("new", nil)]))
        let named = text.split(separator: "\n").filter {
            $0.hasPrefix("data/") || $0.hasPrefix("  person") || $0.hasPrefix("  invoices") || $0.hasPrefix("  new")
        }
        #expect(
            named == [
                "data/registration/      Registration details", "  person                L, 1 record",
                "data/invoicing/         Invoicing", "  invoices              L, 1 record",
                "  new                   L, 1 record",
            ])
    }

    @Test("Where there are only forms, nothing is said of comparing contents")
    func comparison() {
        let forms = summary(forms: [form([])])
        #expect(!readme(forms).contains("portability diff") && !page(forms).contains("portability diff"))
        let both = summary(formats: [.json], forms: [form([])])
        #expect(readme(both).contains("portability diff") && page(both).contains("portability diff"))
    }
}
