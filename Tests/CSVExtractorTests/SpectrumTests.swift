import CSVExtractor
import PortabilityModel
import PortabilityTesting
import PortabilityText
import Testing

/// The objects of a flat JSON text, an array of them or one, as names and texts.
private func objects(in json: [UInt8]) throws -> [[String: String]] {
    var tokenizer = JSONTokenizer(depth: 8)
    let fault = tokenizer.tokenize(json.span)
    #expect(fault == nil)
    var objects: [[String: String]] = []
    var index = tokenizer[0].kind == .array ? 1 : 0
    func text(_ token: Int) -> String {
        var text: [UInt8] = []
        _ = tokenizer.appendValue(of: tokenizer[token], in: json.span, into: &text)
        return String(decoding: text, as: UTF8.self)
    }
    let last = Int(tokenizer[0].next)
    while index < last {
        let end = Int(tokenizer[index].next)
        var object: [String: String] = [:]
        index += 1
        while index < end {
            object[text(index)] = text(index + 1)
            index = Int(tokenizer[index + 1].next)
        }
        objects.append(object)
    }
    return objects
}

@Suite("CSV: the files of csv-spectrum")
struct SpectrumTests {
    @Test(
        "Every file is read as its JSON says, declared or found out",
        arguments: [
            "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines",
            "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
        ], [true, false])
    func spectrum(name: String, isDeclared: Bool) async throws {
        let expected = try objects(in: bytes(of: dataFolder + "csv-spectrum/json/\(name).json"))
        #expect(!expected.isEmpty)
        let csv = bytes(of: dataFolder + "csv-spectrum/csvs/\(name).csv")
        let first = String(decoding: csv.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)
        var source = Source()
        source.exclusions = []
        source.match = [.init(kind: "customer", column: first, isUnique: true)]
        source.subject = ["customer": expected.compactMap { $0[first] }]
        if !isDeclared {
            source.dialect.delimiter = nil
            source.encoding = .sniff
        }
        let reading = try await source.read(csv)
        let found = reading.records().map { record in
            Dictionary(uniqueKeysWithValues: record.values.map { (String($0.path.dropFirst(6)), $0.text) })
        }
        #expect(found == expected.map { $0.filter { !$0.value.isEmpty } })
        #expect(reading.findings.filter { $0.losesRecords }.isEmpty)
        #expect(reading.oddities.count { $0.message.contains("assumed") } == (isDeclared ? 0 : 2))
    }
}
