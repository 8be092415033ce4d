import PortabilityFormats
import PortabilityModel
import Testing

/// Files that no encoder wrote: one error that says where, never a crash.
@Suite struct MalformedTests {
    static let layout = PortabilityFormatsTests.layout([
        field("text", .string), field("number", .integer), field("amount", .decimal), field("flag", .boolean),
        field("day", .date), field("raw", .json), field("list", .string, list: true),
        field("lines", list: true, [field("text", .string), field("taxes", .decimal, list: true)]),
    ])

    func error(
        _ form: Form, _ files: [([String], String)], piece: Int = 3, limits: BatchLimits = BatchLimits()
    ) -> PortabilityError? {
        let files = files.map { EncodedFile(path: $0.0, bytes: Array($0.1.utf8)) }
        do {
            _ = try linesReadBack(files, Self.layout, form, piece: piece, limits: limits)
            return nil
        } catch let error as PortabilityError {
            return error
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #""#, #"1"#, #"{"record_id":1}"#, #"{"text":"a","record_id":"1"}"#, #"{"record_id":"1""#,
        #"{"record_id":"1"}x"#, #"{"record_id":"1","unknown":"a"}"#, #"{"record_id":"1","number":1,"text":"a"}"#,
        #"{"record_id":"1","text":"a","text":"b"}"#, #"{"record_id":"1","text":""}"#, #"{"record_id":"1","text":null}"#,
        #"{"record_id":"1","text":1}"#, #"{"record_id":"1","text":"\ud800"}"#, #"{"record_id":"\udc00"}"#,
        #"{"record_id":"1","number":1.0}"#, #"{"record_id":"1","number":"x"}"#, #"{"record_id":"1","number":-0}"#,
        #"{"record_id":"1","number":1e3}"#, #"{"record_id":"1","amount":1.5}"#, #"{"record_id":"1","amount":"1e3"}"#,
        #"{"record_id":"1","flag":"true"}"#, #"{"record_id":"1","day":"2023-02-29"}"#,
        #"{"record_id":"1","raw":"\ud800"}"#, #"{"record_id":"1","list":[]}"#, #"{"record_id":"1","list":"a"}"#,
        #"{"record_id":"1","list":[["a"]]}"#, #"{"record_id":"1","lines":[{}]}"#, #"{"record_id":"1","lines":{}}"#,
        #"{"record_id":"1","lines":[{"taxes":[]}]}"#, #"{"record_id":"1","other":{}}"#, #"{"record_id":"1","other":1}"#,
        #"{"record_id":"1","other":{"b":1,"a":1}}"#, #"{"record_id":"1","other":{"a":1,"a":1}}"#,
        #"{"record_id":"1","other":{"a":null}}"#, #"{"record_id":"1","other":{"a":1.5}}"#,
        #"{"record_id":"1","other":{"a":9007199254740993}}"#, #"{"record_id":"1","other":{"a":""}}"#,
        #"{"record_id":"1","other":{"a":1},"text":"a"}"#, #"{"record_id":"1","text":"a"# + "\u{1}\"}",
    ])
    func jsonRecords(record: String) {
        for (form, file) in [
            (Form(format: .jsonl), "{\"record_id\":\"0\"}\n\(record)\n"),
            (Form(format: .json), "[\n\(record)\n]\n"),
        ] {
            let error = error(form, [([], file)])
            #expect(error?.code == .malformed)
            #expect(error?.place.line == 2)
            #expect((error?.place.byte ?? 0) >= (form.format == .json ? 2 : 18))
        }
    }

    @Test(arguments: [
        "", "[", "[\n", "[\n{\"record_id\":\"1\"}\n", "[\n{\"record_id\":\"1\"},\n]\n", "[\n]", "[\n]\n]\n",
        "[\n{\"record_id\":\"1\"}\n{\"record_id\":\"2\"}\n]\n", "[\n{\"record_id\":\"1\"},\n",
        "{\"record_id\":\"1\"}\n",
        "[{\"record_id\":\"1\"}]\n", "[\n,\n]\n", "[\n\n]\n",
    ])
    func jsonFiles(file: String) {
        #expect(error(Form(format: .json), [([], file)])?.code == .malformed)
    }

    @Test func jsonIsToldWhere() {
        let error = error(Form(format: .jsonl), [([], "{\"record_id\":\"1\"}\n{\"record_id\":\"2\",\"day\":\"x\"}\n")])
        #expect(error?.place == PortabilityError.Place(line: 2, byte: 42))
        #expect(error?.description.contains("\"x\"") == false)
    }

    /// Spaces and needless escapes change nothing.
    @Test func jsonMayBeSpacedAndEscaped() throws {
        let file = EncodedFile(
            path: [],
            bytes: Array(#" { "record_id" : "\u0031", "text":"\/\ud83d\ude00\u00e4", "raw" : { "a" : 1 } } "#.utf8) + [
                10
            ])
        #expect(
            try linesReadBack([file], Self.layout, Form(format: .jsonl))
                == Array(#"{"record_id":"1","text":"/😀ä","raw":{"a":1}}"#.utf8) + [10])
    }

    private static let xmlHead =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dataset xmlns=\"urn:portability:1\" name=\"things\" entity=\"thing\">\n"

    @Test(arguments: [
        "", "<record_id>1</record_id", "<record_id>1</record_ix>", "<record_id>1</record_id><unknown>a</unknown>",
        "<record_id>1</record_id><number>1</number><text>a</text>",
        "<record_id>1</record_id><text>a</text><text>b</text>", "<record_id>1</record_id><text></text>",
        "<record_id>1</record_id><text/>", "<record_id>1</record_id><text>a<b/></text>",
        "<record_id>1</record_id><text x=\"1\">a</text>", "<record_id>1</record_id><text encoding=\"base64\">a</text>",
        "<record_id>1</record_id><number encoding=\"json\">1</number>",
        "<record_id>1</record_id><text encoding=\"json\">\\</text>",
        "<record_id>1</record_id><text encoding=\"json\">\"</text>",
        "<record_id>1</record_id><text encoding=\"json\">\\ud800</text>", "<record_id>1</record_id><text>&nbsp;</text>",
        "<record_id>1</record_id><text>&#0;</text>", "<record_id>1</record_id><text>&#xd800;</text>",
        "<record_id>1</record_id><text>&#x110000;</text>", "<record_id>1</record_id><text>&#99999999999999;</text>",
        "<record_id>1</record_id><text>&#;</text>", "<record_id>1</record_id><text>&#x;</text>",
        "<record_id>1</record_id><text>&</text>", "<record_id>1</record_id><text>a>b</text>",
        "<record_id>1</record_id><text>a\rb</text>", "<record_id>1</record_id><text>a\u{1}b</text>",
        "<record_id>1</record_id><text>\u{fffe}</text>", "<record_id>1</record_id><number>1.0</number>",
        "<record_id>1</record_id><number> 1</number>", "<record_id>1</record_id><raw>{ }</raw>",
        "<record_id>1</record_id><raw>{</raw>", "<record_id>1</record_id><lines></lines>",
        "<record_id>1</record_id> <text>a</text>", "<record_id>1</record_id><!-- --><text>a</text>",
        "<record_id>1</record_id><text><![CDATA[a]]></text>", "<record_id>1</record_id><?pi?>",
        "<record_id>1</record_id><other></other>",
        "<record_id>1</record_id><other><name>a</name><type>date</type><value>1</value></other>",
        "<record_id>1</record_id><other><name>a</name><type>integer</type><value>a</value></other>",
        "<record_id>1</record_id><other><name>a</name><type>integer</type><value>9007199254740993</value></other>",
        "<record_id>1</record_id><other><name>a</name><type>json</type><value>1</value></other>",
        "<record_id>1</record_id><other><name>a</name><type>string</type></other>",
        "<record_id>1</record_id><other><name>b</name><type>string</type><value>1</value></other>"
            + "<other><name>a</name><type>string</type><value>1</value></other>",
    ])
    func xmlRecords(record: String) {
        let error = error(Form(format: .xml), [([], "\(Self.xmlHead)<record>\(record)</record>\n</dataset>\n")])
        #expect(error?.code == .malformed)
        #expect(error?.place.line == 3)
        #expect((error?.place.byte ?? 0) >= Int64(Self.xmlHead.utf8.count))
    }

    @Test(arguments: [
        "", "<dataset>\n</dataset>\n", Self.xmlHead, Self.xmlHead + "</dataset>", Self.xmlHead + "</dataset>\n\n",
        Self.xmlHead.replacing("thing\"", with: "person\"") + "</dataset>\n",
        Self.xmlHead.replacing("portability:1", with: "portability:2") + "</dataset>\n",
        Self.xmlHead.replacing("<dataset", with: "<!DOCTYPE dataset [<!ENTITY a \"b\">]><dataset") + "</dataset>\n",
        Self.xmlHead + "<record><record_id>1</record_id></record></dataset>\n",
        Self.xmlHead + "x<record><record_id>1</record_id></record>\n</dataset>\n",
    ])
    func xmlFiles(file: String) {
        #expect(error(Form(format: .xml), [([], file)])?.code == .malformed)
    }

    private static let header = "record_id,text,number,amount,flag,day,raw\r\n"
    private static let lines = "record_id,lines_index,text\r\n"

    @Test(arguments: [
        "", "record_id,text\r\n", "\(header)1,a", "\(header)1,a,,,,,\r", "\(header)1,,,,,\r\n", "\(header)1,,,,,,,\r\n",
        "\(header)1,a\"b,,,,,\r\n", "\(header)1,\"a\"b,,,,,\r\n", "\(header)1,\"a,,,,,\r\n", "\(header)1,a\rb,,,,,\r\n",
        "\(header)1,',,,,,\r\n", "\(header)1,,x,,,,\r\n", "\(header)1,,'1,,,,\r\n", "\(header)1,,,\"1,5\",,,\r\n",
        "\(header)1,,,,TRUE,,\r\n", "\(header)1,,,,,,{\r\n", "\(header)1,,,,,,{ }\r\n", "\(header)\r\n",
    ])
    func csvTables(file: String) {
        #expect(error(Form(format: .csv), [([], file)])?.code == .malformed)
    }

    @Test(arguments: [
        (["lines"], "\(lines)2,1,a\r\n"), (["lines"], "\(lines)1,2,a\r\n"), (["lines"], "\(lines)1,01,a\r\n"),
        (["lines"], "\(lines)1,1,\r\n"), (["lines"], "\(lines)1,1,a\r\n1,1,b\r\n"),
        (["lines"], "\(lines)1,1,a\r\n1,3,b\r\n"),
        (["lines"], "\(lines)1,,a\r\n"), (["unknown"], "a\r\n"), ([], "\(header)1,,,,,,\r\n"),
        (["lines", "taxes"], "record_id,lines_index,lines.taxes_index,value\r\n1,1,1,1\r\n"),
        (["other"], "record_id,name,type,value\r\n1,a,date,1\r\n"),
        (["other"], "record_id,name,type,value\r\n1,a,string,\r\n"),
        (["other"], "record_id,name,type,value\r\n1,b,string,1\r\n1,a,string,1\r\n"),
        (["other"], "record_id,name,type,value\r\n1,a,integer,1.5\r\n"),
    ])
    func csvChildTables(path: [String], file: String) {
        let files = [([], "\(Self.header)1,a,,,,,\r\n"), (path, file)]
        #expect(error(Form(format: .csv), files)?.code == .malformed)
    }

    @Test func csvIsToldWhere() {
        let error = error(Form(format: .csv), [([], "\(Self.header)1,\"a\nb\",,,,,\r\n2,,x,,,,\r\n")])
        #expect(error?.place == PortabilityError.Place(line: 4, byte: 57))
    }

    @Test func csvMayBeQuotedAndHaveBareLineFeeds() throws {
        let file = EncodedFile(path: [], bytes: Array("\(Self.header)\"1\",\"a\",\"5\",,,,\n".utf8))
        #expect(
            try linesReadBack([file], Self.layout, Form(format: .csv))
                == Array("{\"record_id\":\"1\",\"text\":\"a\",\"number\":5}\n".utf8))
    }

    @Test func decimalPointIsRefusedWhereACommaIsDeclared() {
        let file = Self.header.replacing(",", with: ";") + "1;;;1.500;;;\r\n"
        #expect(error(Form(format: .csv, csv: .excel(.fi)), [([], file)])?.code == .malformed)
        #expect(error(Form(format: .csv, csv: .excel(.en)), [([], file)]) == nil)
    }

    @Test func invalidUTF8IsRefused() throws {
        for form in Form.all {
            let record = TestRecord(id: "1", fields: [(0, .value(.string, "QQ"))])
            var files = encode([try batch([record])], Self.layout, form)
            for bytes: [UInt8] in [[0xc3, 0x28], [0xff, 0xff], [0x41, 0xc3], [0xc0, 0x80]] {
                files[0].bytes = files[0].bytes.replacing(Array("QQ".utf8), with: bytes)
                #expect(throws: PortabilityError(.malformed, "")) {
                    try linesReadBack(files, Self.layout, form)
                }
                files[0].bytes = files[0].bytes.replacing(bytes, with: Array("QQ".utf8))
            }
        }
    }

    /// Two cells must not make one character.
    @Test func charactersDoNotReachAcrossCells() throws {
        let bytes = Array("\(Self.header)".utf8) + [0x31, 0x2c, 0xc3, 0x2c, 0xa4] + Array(",,,,\r\n".utf8)
        #expect(throws: PortabilityError(.malformed, "")) {
            try linesReadBack([EncodedFile(path: [], bytes: bytes)], Self.layout, Form(format: .csv))
        }
    }

    @Test(arguments: Form.all)
    func endlessRecordsAreRefused(form: Form) throws {
        let limits = BatchLimits(recordBytes: 1000)
        let record = TestRecord(id: "1", fields: [(0, .value(.string, String(repeating: "x", count: 1 << 20 | 7000)))])
        var files = encode([try batch([record])], Self.layout, form)
        #expect(throws: PortabilityError(.limit, "")) {
            try linesReadBack(files, Self.layout, form, limits: limits)
        }
        // Even if the end never comes.
        files[0].bytes.removeLast(200)
        #expect(throws: PortabilityError(.limit, "")) {
            try linesReadBack(files, Self.layout, form, piece: 1 << 18, limits: limits)
        }
    }

    @Test func deepJSONIsRefused() {
        let nested = String(repeating: "[", count: 100_000)
        let code = error(Form(format: .jsonl), [([], "{\"record_id\":\"1\",\"raw\":\(nested)\n")], piece: 1 << 16)?.code
        #expect(code == .limit)
    }

    /// A file cut anywhere is either noticed or holds whole records only, which the ledger then misses.
    @Test(arguments: Form.all)
    func truncatedFiles(form: Form) throws {
        var generator = Generator(seed: 7, depth: 3)
        let layout = generator.layout()
        let files = encode([try batch(generator.records(3, of: layout))], layout, form)
        for index in files.indices {
            let size = files[index].bytes.count
            for cut in stride(from: 0, to: size, by: max(1, size / 400)) {
                var broken = files
                broken[index].bytes.removeLast(size - cut)
                do {
                    _ = try linesReadBack(broken, layout, form, piece: 100)
                    #expect(form.format == .jsonl || form.format == .csv)
                    #expect(cut == 0 || broken[index].bytes.last == UInt8(ascii: "\n"))
                } catch let error as PortabilityError {
                    #expect(error.code == .malformed)
                }
            }
        }
    }

    /// Bytes changed at random: an error or other records, nothing else.
    @Test(arguments: Form.all)
    func garbledFiles(form: Form) throws {
        var generator = Generator(seed: 11, depth: 4)
        let layout = generator.layout()
        let files = encode([try batch(generator.records(3, of: layout))], layout, form)
        let nasty = Array("\"\\,;<>&\r\n'[]{}:=0 \u{0}\u{ff}".utf8)
        var refused = 0
        for _ in 0..<600 {
            var broken = files
            let index = generator.random.below(files.count)
            for _ in 0..<1 + generator.random.below(3) {
                let at = generator.random.below(broken[index].bytes.count)
                switch generator.random.below(3) {
                case 0: broken[index].bytes[at] = generator.random.pick(nasty)
                case 1: broken[index].bytes.insert(generator.random.pick(nasty), at: at)
                default: broken[index].bytes.remove(at: at)
                }
            }
            do {
                let lines = try linesReadBack(broken, layout, form, piece: 50)
                // What is read is in canonical form.
                let again = EncodedFile(path: [], bytes: lines)
                #expect(try linesReadBack([again], layout, Form(format: .jsonl)) == lines)
            } catch let error as PortabilityError {
                #expect(error.code == .malformed)
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    @Test func sourcesThatFailAreHeard() throws {
        for form in Form.all {
            let failing = TableSource { throw PortabilityError(.unavailable, "the archive cannot be read") }
            #expect(throws: PortabilityError(.unavailable, "")) {
                var reader = try DatasetReader(
                    format: form.format, layout: Self.layout, csv: form.csv, tables: [failing])
                _ = try reader.next()
            }
        }
    }

    @Test func onlyCSVHasSeveralFiles() {
        let file = EncodedFile(path: ["lines"], bytes: [])
        for format in Format.allCases {
            #expect(throws: PortabilityError(.malformed, "")) {
                try linesReadBack([file], Self.layout, Form(format: format))
            }
        }
    }
}
