import Glibc
import PortabilityFormats
import PortabilityModel
import PortabilityText
import Testing

/// `Tests/Data/format-1/vectors.json`: how each kind of value, JSON string, CSV cell and XML element is spelled in
/// format version 1, for readers and writers in any language. A later version may not spell them otherwise.
@Suite("The vectors of format version 1")
struct FormatVectorTests {
    static let vectors: JSONValue? = {
        let path = String(#filePath.dropLast("PortabilityFormatsTests/FormatVectorTests.swift".count))
        guard let file = fopen(path + "Data/format-1/vectors.json", "rb") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&buffer, 1, buffer.count, file)
        return try? JSONValue(parsing: Array(buffer[..<count]))
    }()

    /// The rows of a part, each as its texts; an empty one for null.
    static func rows(_ part: String) -> [[String]] {
        (vectors?[part]?.array ?? []).map { row in (row.array ?? []).map { $0.string ?? "" } }
    }

    private let layout = PortabilityFormatsTests.layout([field("title", .string)])

    private func encoded(_ text: String, _ format: Format) throws -> String {
        let record = TestRecord(id: "1", fields: [(0, .value(.string, text))])
        return encode([try batch([record])], layout, Form(format: format))[0].text
    }

    @Test("There are some of each part")
    func complete() {
        for part in ["values", "json_strings", "csv_cells", "xml_elements"] { #expect(Self.rows(part).count > 5) }
        #expect(Set(Self.rows("values").map { $0[0] }) == Set(ValueKind.allCases.map(\.name)))
    }

    @Test("Values", arguments: rows("values"))
    func values(row: [String]) throws {
        let kind = try #require(ValueKind.allCases.first { $0.name == row[0] })
        guard kind != .string, kind != .reference else { return }
        var canonical: [UInt8] = []
        let fits = Canonical.append(kind, from: Array(row[1].utf8).span, into: &canonical)
        #expect(fits == !row[2].isEmpty)
        #expect(String(decoding: canonical, as: UTF8.self) == row[2])
        guard fits else { return }
        // The spelling is its own.
        var again: [UInt8] = []
        #expect(Canonical.append(kind, from: canonical.span, into: &again) && again == canonical)
    }

    @Test("Strings in JSON", arguments: rows("json_strings"))
    func strings(row: [String]) throws {
        #expect(try encoded(row[0], .jsonl) == "{\"record_id\":\"1\",\"title\":\"\(row[1])\"}\n")
    }

    @Test("Cells of CSV", arguments: rows("csv_cells"))
    func cells(row: [String]) throws {
        #expect(try encoded(row[0], .csv).utf8.elementsEqual("record_id,title\r\n1,\(row[1])\r\n".utf8))
    }

    @Test("Elements of XML", arguments: rows("xml_elements"))
    func elements(row: [String]) throws {
        #expect(try encoded(row[0], .xml).contains("<record><record_id>1</record_id>\(row[1])</record>"))
    }
}
