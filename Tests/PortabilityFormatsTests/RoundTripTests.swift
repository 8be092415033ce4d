import Foundation
import PortabilityFormats
import PortabilityModel
import PortabilityText
import Testing

/// Whatever a record holds, every format gives it back, so that the content digest is the same in all of them.
@Suite struct RoundTripTests {
    /// Layouts nested up to eight deep, records full of nasty text.
    @Test(arguments: 1...40)
    func randomRecordsComeBack(seed: Int) throws {
        var generator = Generator(seed: UInt64(seed), depth: 1 + seed % 8)
        let layout = generator.layout()
        let records = generator.records(12, of: layout)
        let whole = try batch(records)
        let lines = encode([whole], layout, Form(format: .jsonl))[0].bytes
        #expect(lines.count(where: { $0 == UInt8(ascii: "\n") }) == records.count)
        for form in Form.all {
            let files = encode([whole], layout, form)
            let piece = generator.random.pick([1, 2, 3, 7, 64, 1 << 16])
            #expect(try linesReadBack(files, layout, form, piece: piece) == lines, "\(form)")
        }
    }

    @Test(arguments: 41...60)
    func bytesDoNotDependOnBatches(seed: Int) throws {
        var generator = Generator(seed: UInt64(seed), depth: 4)
        let layout = generator.layout()
        let records = generator.records(20, of: layout)
        for form in Form.all {
            let whole = encode([try batch(records)], layout, form)
            #expect(encode(try records.map { try batch([$0]) }, layout, form) == whole, "\(form)")
            let cut = generator.random.below(records.count)
            #expect(encode([try batch(records[..<cut]), try batch(records[cut...])], layout, form) == whole, "\(form)")
        }
    }

    /// Records that are encoded once make both JSON Lines and the JSON file.
    @Test(arguments: 61...70)
    func joinedLinesAreTheJSONFile(seed: Int) throws {
        var generator = Generator(seed: UInt64(seed), depth: 2)
        let layout = generator.layout()
        let records = generator.records(seed == 61 ? 0 : 10, of: layout)
        let encoder = RecordJSONEncoder(layout)
        var joiner = JSONFileJoiner()
        var file: [UInt8] = []
        joiner.begin(into: &file)
        var rest = records[...]
        while !rest.isEmpty {
            var lines: [UInt8] = []
            encoder.append(try batch(rest.prefix(3)), to: &lines)
            joiner.append(jsonl: lines.span, into: &file)
            rest = rest.dropFirst(3)
        }
        joiner.end(into: &file)
        #expect(file == encode([try batch(records)], layout, Form(format: .json))[0].bytes)
    }

    /// Every entity of the catalogue, with all its groups and lists.
    @Test(arguments: Catalogue.standard.entities.map(\.name))
    func catalogueComesBack(entity: String) throws {
        let layout = EntityLayout(try #require(Catalogue.standard.entity(named: entity)))
        var generator = Generator(seed: 5, depth: 1)
        let whole = try batch(generator.records(10, of: layout))
        let lines = encode([whole], layout, Form(format: .jsonl))[0].bytes
        for form in Form.all {
            #expect(try linesReadBack(encode([whole], layout, form), layout, form) == lines, "\(form)")
        }
        let header = encode([], layout, Form(format: .csv))[0].text.split(separator: "\r\n")[0].split(separator: ",")
        #expect(Set(header).count == header.count)
    }

    /// The flag is a hint: without it the bytes are the same.
    @Test func cleanFlagDoesNotMatter() throws {
        var generator = Generator(seed: 99, depth: 3)
        let layout = generator.layout()
        var whole = try batch(generator.records(50, of: layout))
        let files = Form.all.map { encode([whole], layout, $0) }
        for index in whole.tokens.indices { whole.tokens[index].flags = 0 }
        #expect(Form.all.map { encode([whole], layout, $0) } == files)
    }

    @Test(arguments: [1000, 2048, 2049, 65_535, 65_536, 65_537, 300_000])
    func longValuesComeBack(size: Int) throws {
        let layout = PortabilityFormatsTests.layout([field("a", .string), field("b", .string), field("c", .string)])
        let texts = ["x", "\u{1}", "\"\n,&<\u{ffff}", "ä€"].map { piece in
            String(repeating: piece, count: size / piece.utf8.count)
        }
        let records = texts.enumerated().map { index, text in
            TestRecord(
                id: "\(index)", fields: (0...2).map { ($0, .value(.string, text)) }, other: [(text, .string, text)])
        }
        let whole = try batch(records)
        let lines = encode([whole], layout, Form(format: .jsonl))[0].bytes
        for form in Form.all {
            #expect(try linesReadBack(encode([whole], layout, form), layout, form) == lines, "\(form)")
        }
    }

    static let naughtyStrings: [String] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Data/naughty-strings/blns.json").standardizedFileURL
        guard let bytes = FileManager.default.contents(atPath: file.path) else { return [] }
        let text = [UInt8](bytes)
        var tokenizer = JSONTokenizer()
        guard tokenizer.tokenize(text.span) == nil else { return [] }
        return (1..<tokenizer.count).map { index in
            var value: [UInt8] = []
            _ = tokenizer.appendValue(of: tokenizer[index], in: text.span, into: &value)
            return String(decoding: value, as: UTF8.self)
        }
    }()

    @Test(arguments: Form.all)
    func naughtyStringsInEveryTextField(form: Form) throws {
        let strings = Self.naughtyStrings.filter { !$0.isEmpty }
        try #require(Self.naughtyStrings.count == 515)
        let layout = PortabilityFormatsTests.layout([
            field("text", .string), field("raw", .json), field("file", .reference), field("list", .string, list: true),
            field("group", [field("text", .string)]),
            field("groups", list: true, [field("text", .string), field("list", .json, list: true)]),
        ])
        let records = strings.enumerated().map { index, text in
            var escaped: [UInt8] = []
            appendJSONEscaped(Array(text.utf8).span, into: &escaped)
            let json = "\"\(String(decoding: escaped, as: UTF8.self))\""
            return TestRecord(
                id: text + "#\(index)",
                fields: [
                    (0, .value(.string, text)), (1, .value(.json, json)), (2, .value(.reference, text)),
                    (3, .list([.value(.string, text), .value(.string, text)])),
                    (4, .group([(0, .value(.string, text))])),
                    (5, .list([.group([(0, .value(.string, text)), (1, .list([.value(.json, json)]))])])),
                ], other: [(text, .string, text), (text + "#2", .json, "[\(json)]")])
        }
        let whole = try batch(records)
        let lines = encode([whole], layout, Form(format: .jsonl))[0].bytes
        #expect(try linesReadBack(encode([whole], layout, form), layout, form) == lines)
        let decoded = try #require(String(validating: lines, as: UTF8.self)).split(separator: "\n")
        #expect(decoded.count == strings.count)
    }
}
