import PortabilityFormats
import PortabilityModel
import Testing

/// What each format makes of one record, byte for byte.
@Suite struct SpellingTests {
    static let layout = PortabilityFormatsTests.layout(
        [
            field("title", .string), field("count", .integer), field("amount", .decimal), field("paid", .boolean),
            field("day", .date), field("hour", .time), field("sent", .timestamp), field("local", .localTimestamp),
            field("length", .duration), field("raw", .json), field("file", .reference),
            field("tags", .string, list: true),
            field("seller", [field("name", .string), field("address", [field("city", .string)])]),
            field(
                "lines", list: true,
                [
                    field("quantity", .decimal), field("item", [field("name", .string)]),
                    field("taxes", list: true, [field("rate", .decimal), field("codes", .string, list: true)]),
                ]),
        ], entity: "sale")

    static let full = TestRecord(
        id: "7",
        fields: [
            (0, .value(.string, "Päiväkahvi")), (1, .value(.integer, "-12")), (2, .value(.decimal, "1234.50")),
            (3, .value(.boolean, "true")), (4, .value(.date, "-0044-03-15")), (5, .value(.time, "23:59:60")),
            (6, .value(.timestamp, "2016-12-31T23:59:60+02:00")), (7, .value(.localTimestamp, "2024-03-31T03:30:00.5")),
            (8, .value(.duration, "P1Y2M3DT4H5M6.7S")), (9, .value(.json, #"{"a":[1,null,"ä"]}"#)),
            (10, .value(.reference, "data/documents/sale-000001.pdf")),
            (11, .list([.value(.string, "a"), .value(.string, "b,c")])),
            (12, .group([(0, .value(.string, "Oy")), (1, .group([(0, .value(.string, "Oulu"))]))])),
            (
                13,
                .list([
                    .group([
                        (0, .value(.decimal, "2")), (1, .group([(0, .value(.string, "Kuppi"))])),
                        (
                            2,
                            .list([
                                .group([(0, .value(.decimal, "25.5"))]),
                                .group([(1, .list([.value(.string, "S")]))]),
                            ])
                        ),
                    ]),
                    .group([(0, .value(.decimal, "0.10"))]),
                ])
            ),
        ],
        other: [
            ("Amount", .decimal, "1.0"), ("big", .integer, "9007199254740993"), ("flag", .boolean, "false"),
            ("list", .json, "[1]"), ("number", .integer, "-9007199254740992"), ("scalar", .json, "1"),
            ("text", .string, "t"),
        ])

    func encoded(_ records: [TestRecord], _ form: Form) throws -> [EncodedFile] {
        encode([try batch(records)], Self.layout, form)
    }

    @Test func jsonLines() throws {
        let files = try encoded([Self.full, TestRecord(id: "8")], Form(format: .jsonl))
        #expect(
            files.map(\.text) == [
                #"{"record_id":"7","title":"Päiväkahvi","count":-12,"amount":"1234.50","paid":true,"day":"-0044-03-15","#
                    + #""hour":"23:59:60","sent":"2016-12-31T23:59:60+02:00","local":"2024-03-31T03:30:00.5","#
                    + #""length":"P1Y2M3DT4H5M6.7S","raw":{"a":[1,null,"ä"]},"file":"data/documents/sale-000001.pdf","#
                    + #""tags":["a","b,c"],"seller":{"name":"Oy","address":{"city":"Oulu"}},"lines":[{"quantity":"2","#
                    + #""item":{"name":"Kuppi"},"taxes":[{"rate":"25.5"},{"codes":["S"]}]},{"quantity":"0.10"}],"#
                    + #""other":{"Amount":"1.0","big":"9007199254740993","flag":false,"list":[1],"#
                    + #""number":-9007199254740992,"scalar":"1","text":"t"}}"# + "\n" + #"{"record_id":"8"}"# + "\n"
            ])
    }

    @Test func json() throws {
        #expect(try encoded([], Form(format: .json)).map(\.text) == ["[\n]\n"])
        #expect(
            try encoded([TestRecord(id: "1")], Form(format: .json)).map(\.text) == ["[\n{\"record_id\":\"1\"}\n]\n"])
        #expect(
            try encoded([TestRecord(id: "1"), TestRecord(id: "2")], Form(format: .json)).map(\.text) == [
                "[\n{\"record_id\":\"1\"},\n{\"record_id\":\"2\"}\n]\n"
            ])
    }

    /// README.txt promises that `sed '1d;$d;s/,$//'` of the JSON file is the JSON Lines file.
    @Test func jsonFileIsJSONLinesWithCommas() throws {
        let records = [Self.full, TestRecord(id: "8", fields: [(0, .value(.string, "ends in a comma,\n"))])]
        let lines = try encoded(records, Form(format: .jsonl))[0].text.split(separator: "\n")
        let file = try encoded(records, Form(format: .json))[0].text.split(separator: "\n")
        #expect(file.dropFirst().dropLast().map { $0.hasSuffix(",") ? $0.dropLast() : $0 } == lines)
    }

    @Test func csv() throws {
        let files = try encoded([Self.full, TestRecord(id: "8")], Form(format: .csv))
        #expect(
            files.map(\.path) == [
                [], ["tags"], ["lines"], ["lines", "taxes"], ["lines", "taxes", "codes"], ["other"],
            ])
        #expect(
            files.map(\.text) == [
                "record_id,title,count,amount,paid,day,hour,sent,local,length,raw,file,seller.name,seller.address.city\r\n"
                    + "7,Päiväkahvi,-12,1234.50,true,-0044-03-15,23:59:60,2016-12-31T23:59:60+02:00,"
                    + #"2024-03-31T03:30:00.5,P1Y2M3DT4H5M6.7S,"{""a"":[1,null,""ä""]}",data/documents/sale-000001.pdf,"#
                    + "Oy,Oulu\r\n8,,,,,,,,,,,,,\r\n",
                "record_id,tags_index,value\r\n7,1,a\r\n7,2,\"b,c\"\r\n",
                "record_id,lines_index,quantity,item.name\r\n7,1,2,Kuppi\r\n7,2,0.10,\r\n",
                "record_id,lines_index,lines.taxes_index,rate\r\n7,1,1,25.5\r\n7,1,2,\r\n",
                "record_id,lines_index,lines.taxes_index,lines.taxes.codes_index,value\r\n7,1,2,1,S\r\n",
                "record_id,name,type,value\r\n7,Amount,string,1.0\r\n7,big,string,9007199254740993\r\n"
                    + "7,flag,boolean,false\r\n7,list,json,[1]\r\n7,number,integer,-9007199254740992\r\n"
                    + "7,scalar,string,1\r\n7,text,string,t\r\n",
            ])
    }

    @Test(arguments: [(Language.fi, "1234,50"), (.sv, "1234,50"), (.en, "1234.50")])
    func csvForSpreadsheets(language: Language, decimal: String) throws {
        let record = TestRecord(
            id: "7", fields: [(0, .value(.string, "a;b,c")), (2, .value(.decimal, "1234.50"))],
            other: [("x", .decimal, "1.5")])
        let files = try encoded([record], Form(format: .csv, csv: .excel(language)))
        #expect(
            files.map(\.text) == [
                "\u{feff}record_id;title;count;amount;paid;day;hour;sent;local;length;raw;file;seller.name;"
                    + "seller.address.city\r\n7;\"a;b,c\";;\(decimal);;;;;;;;;;\r\n",
                "\u{feff}record_id;name;type;value\r\n7;x;string;1.5\r\n",
            ])
    }

    @Test func xml() throws {
        let files = try encoded([Self.full, TestRecord(id: "8")], Form(format: .xml))
        #expect(
            files.map(\.text) == [
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <dataset xmlns="urn:portability:1" name="things" entity="sale">
                <record><record_id>7</record_id><title>Päiväkahvi</title><count>-12</count><amount>1234.50</amount>\
                <paid>true</paid><day>-0044-03-15</day><hour>23:59:60</hour><sent>2016-12-31T23:59:60+02:00</sent>\
                <local>2024-03-31T03:30:00.5</local><length>P1Y2M3DT4H5M6.7S</length><raw>{"a":[1,null,"ä"]}</raw>\
                <file>data/documents/sale-000001.pdf</file><tags>a</tags><tags>b,c</tags>\
                <seller><name>Oy</name><address><city>Oulu</city></address></seller>\
                <lines><quantity>2</quantity><item><name>Kuppi</name></item><taxes><rate>25.5</rate></taxes>\
                <taxes><codes>S</codes></taxes></lines><lines><quantity>0.10</quantity></lines>\
                <other><name>Amount</name><type>string</type><value>1.0</value></other>\
                <other><name>big</name><type>string</type><value>9007199254740993</value></other>\
                <other><name>flag</name><type>boolean</type><value>false</value></other>\
                <other><name>list</name><type>json</type><value>[1]</value></other>\
                <other><name>number</name><type>integer</type><value>-9007199254740992</value></other>\
                <other><name>scalar</name><type>string</type><value>1</value></other>\
                <other><name>text</name><type>string</type><value>t</value></other></record>
                <record><record_id>8</record_id></record>
                </dataset>

                """
            ])
    }

    @Test(arguments: Form.all)
    func emptyDatasetHasItsMainFileOnly(form: Form) throws {
        let files = try encoded([], form)
        #expect(files.map(\.path) == [[]])
        #expect(try linesReadBack(files, Self.layout, form).isEmpty)
    }

    static let small = PortabilityFormatsTests.layout([field("a", .string), field("n", .integer)])

    private func line(_ text: String, _ form: Form, _ kind: ValueKind = .string) throws -> String {
        let record = TestRecord(id: "1", fields: [(kind == .string ? 0 : 1, .value(kind, text))])
        return encode([try batch([record])], Self.small, form)[0].text
    }

    @Test(arguments: [
        ("\"", #"\""#), ("\\", #"\\"#), ("\u{0}", #"\u0000"#), ("\u{8}", #"\b"#), ("\t", #"\t"#), ("\n", #"\n"#),
        ("\u{b}", #"\u000b"#), ("\u{c}", #"\f"#), ("\r", #"\r"#), ("\u{1f}", #"\u001f"#), ("\u{7f}", "\u{7f}"),
        ("/", "/"), ("\u{2028}", "\u{2028}"), ("👩‍👧", "👩‍👧"), ("\u{ffff}", "\u{ffff}"),
        ("twelve long\nletters, and\ttabs after", #"twelve long\nletters, and\ttabs after"#),
    ])
    func jsonEscapes(text: String, escaped: String) throws {
        #expect(
            try line(text, Form(format: .jsonl)) == "{\"record_id\":\"1\",\"a\":\"\(escaped)\"}\n")
    }

    @Test(arguments: [
        ("9007199254740992", false), ("9007199254740993", true), ("-9007199254740992", false),
        ("-9007199254740993", true), ("0", false), ("-1", false), ("999999999999999", false),
        (String(repeating: "9", count: 100), true),
    ])
    func integersBeyondDoublesAreStrings(text: String, isString: Bool) throws {
        let value = isString ? "\"\(text)\"" : text
        #expect(try line(text, Form(format: .jsonl), .integer) == "{\"record_id\":\"1\",\"n\":\(value)}\n")
    }

    @Test(arguments: [
        // Quotes only where they are needed.
        ("a", "a"), ("a b", "a b"), ("a,b", #""a,b""#), ("a;b", "a;b"), ("a\"b", #""a""b""#), ("a\rb", "\"a\rb\""),
        ("a\nb", "\"a\nb\""), (" a", #"" a""#), ("a ", #""a ""#), ("a\tb", "a\tb"), ("\u{feff}a", "\u{feff}a"),
        // The guard against formulas.
        ("=1+1", "'=1+1"), ("@a", "'@a"), ("\ta", "'\ta"), ("\ra", "\"'\ra\""), ("'a", "''a"), ("'", "''"),
        ("+1", "+1"), ("-1.5", "-1.5"), ("-1,5", #""-1,5""#), ("+1.", "'+1."), ("-.5", "'-.5"), ("-1.5.2", "'-1.5.2"),
        ("+358 40 123-45 (6)", "+358 40 123-45 (6)"), ("+12345", "+12345"), ("+1 2+3", "'+1 2+3"), ("-a", "'-a"),
        ("+", "'+"), ("-", "'-"), ("-358 40 123", "'-358 40 123"), ("+1 (2)", "+1 (2)"), ("+1 (2", "'+1 (2"),
        ("+ 123456", "'+ 123456"),
        ("=\"a\"", #""'=""a""""#), ("=a ", #""'=a ""#), ("1=1", "1=1"), (" =1", #"" =1""#),
    ])
    func csvCells(text: String, cell: String) throws {
        #expect(try line(text, Form(format: .csv)) == "record_id,a,n\r\n1,\(cell),\r\n")
        let file = EncodedFile(path: [], bytes: Array(try line(text, Form(format: .csv)).utf8))
        let lines = Array(try line(text, Form(format: .jsonl)).utf8)
        #expect(try linesReadBack([file], Self.small, Form(format: .csv), piece: 1) == lines)
    }

    @Test(arguments: [("-5", "-5"), ("=1", "'=1"), ("\u{feff}1", "\"\u{feff}1\""), ("a,b", "\"a,b\""), ("", "\"\"")])
    func csvRecordIDs(id: String, cell: String) throws {
        let layout = PortabilityFormatsTests.layout([field("a", .string, list: true)])
        let file = encode([try batch([TestRecord(id: id)])], layout, Form(format: .csv))
        #expect(file.map(\.text) == ["record_id\r\n\(cell)\r\n"])
    }

    @Test(arguments: [
        ("a&b<c>d", ">a&amp;b&lt;c&gt;d"), ("a\rb", ">a&#13;b"), ("a\t\nb", ">a\t\nb"), ("\"'", ">\"'"),
        ("]]>", ">]]&gt;"), ("\u{7f}\u{85}", ">\u{7f}\u{85}"), ("\u{fffd}\u{1fffe}ﬁ", ">\u{fffd}\u{1fffe}ﬁ"),
        ("\u{0}", #" encoding="json">\u0000"#), ("a\u{b}&\"\\\n", #" encoding="json">a\u000b&amp;\"\\\n"#),
        ("\u{fffe}<\u{ffff}", #" encoding="json">\ufffe&lt;\uffff"#), ("\u{ffff}", #" encoding="json">\uffff"#),
    ])
    func xmlText(text: String, element: String) throws {
        let file = try line(text, Form(format: .xml))
        #expect(file.hasSuffix("\n<record><record_id>1</record_id><a\(element)</a></record>\n</dataset>\n"))
    }

    @Test func fileNames() {
        #expect(EncodedTable(path: []).fileName(dataset: "sales", format: .json) == "sales.json")
        #expect(
            EncodedTable(path: ["lines", "taxes"]).fileName(dataset: "sales", format: .csv) == "sales.lines.taxes.csv")
    }

    @Test func layoutIsDescribed() {
        let layout = PortabilityFormatsTests.layout([
            field("a", .localTimestamp), field("b", list: true, [field("c", .string, list: true)]),
        ])
        func label(_ name: String) -> String { #""label":{"fi":"\#(name)","sv":"\#(name)","en":"\#(name)"}"# }
        #expect(
            String(decoding: layoutDescription(layout), as: UTF8.self)
                == #"{"entity":"thing","fields":[{"name":"a","kind":"local-timestamp","list":false,\#(label("a"))},"#
                + #"{"name":"b","kind":"group","list":true,"fields":[{"name":"c","kind":"string","list":true,"#
                + #"\#(label("c"))}],\#(label("b"))}],"ordinal":1,\#(label("")),"meaning":{"fi":"","sv":"","en":""}}"#
                + "\n")
    }

    /// What an archive says of its fields is read back whole, with a catalogue that knows them and with one that does
    /// not.
    @Test(arguments: Catalogue.standard.entities.map(\.name))
    func descriptionsComeBack(entity: String) throws {
        let layout = EntityLayout(try #require(Catalogue.standard.entity(named: entity)))
        let description = layoutDescription(layout)
        for catalogue in [Catalogue.standard, Catalogue(version: "1.0", entities: [])] {
            let read = try readLayoutDescription(description, catalogue: catalogue)
            #expect(layoutDescription(read) == description)
        }
    }

    @Test func rowsAreCounted() throws {
        var encoder = makeEncoder(format: .csv, dataset: "sales", layout: Self.layout)
        encoder.begin()
        encoder.encode(try batch([Self.full]))
        encoder.encode(try batch([TestRecord(id: "8"), Self.full]))
        encoder.end()
        #expect(encoder.tables.map(\.rows) == [3, 4, 4, 4, 2, 14])
    }
}
