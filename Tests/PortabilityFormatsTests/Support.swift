import PortabilityFormats
import PortabilityModel
import PortabilityText
import Testing

/// A record as a test writes it down.
struct TestRecord: Sendable {
    indirect enum Node: Sendable {
        case value(ValueKind, String)
        case group([(Int, Node)])
        case list([Node])
    }
    var id: String
    var fields: [(Int, Node)] = []
    var other: [(String, ValueKind, String)] = []
}

extension BatchBuilder {
    mutating func add(_ record: TestRecord) throws {
        beginRecord(id: Array(record.id.utf8).span, subject: Array("subject".utf8).span)
        for (field, node) in record.fields { add(field, node) }
        for (name, kind, text) in record.other {
            other(Array(name.utf8).span, kind, Array(text.utf8).span, clean: isClean(text))
        }
        try endRecord()
    }

    private func isClean(_ text: String) -> Bool { isJSONClean(Array(text.utf8).span) }

    private mutating func add(_ field: Int, _ node: TestRecord.Node) {
        switch node {
        case .value(let kind, let text): value(field, kind, Array(text.utf8).span, clean: isClean(text))
        case .group(let fields):
            beginGroup(field)
            for (nested, node) in fields { add(nested, node) }
            endGroup()
        case .list(let elements):
            beginList(field)
            for element in elements { add(field, element) }
            endList()
        }
    }
}

func batch(_ records: some Sequence<TestRecord>) throws -> RecordBatch {
    var builder = BatchBuilder(dataset: 0)
    for record in records { try builder.add(record) }
    return builder.take()
}

func field(_ name: String, _ kind: ValueKind, list: Bool = false) -> Field {
    Field(name, .value(kind), list: list, fi: name, sv: name, en: name)
}

func field(_ name: String, list: Bool = false, _ fields: [Field]) -> Field {
    Field(name, .group(fields), list: list, fi: name, sv: name, en: name)
}

func layout(_ fields: [Field], entity: String = "thing") -> EntityLayout {
    let text = LocalizedText(fi: "", sv: "", en: "")
    return EntityLayout(Entity(name: entity, ordinal: 1, label: text, meaning: text, fields: fields))
}

/// A form that a dataset can be written in.
struct Form: Sendable, CustomTestStringConvertible {
    var format: Format
    var csv = CSVDialect.service
    /// The name that the independent reader has for the dialect.
    var dialect = "service"

    var testDescription: String { format == .csv ? "csv \(dialect)" : format.rawValue }

    static let all = [
        Form(format: .json), Form(format: .jsonl), Form(format: .xml), Form(format: .csv),
        Form(format: .csv, csv: .excel(.fi), dialect: "excel-fi"),
        Form(format: .csv, csv: .excel(.sv), dialect: "excel-sv"),
        Form(format: .csv, csv: .excel(.en), dialect: "excel-en"),
    ]
}

struct EncodedFile: Equatable {
    var path: [String]
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The files of a dataset, without tables that have no rows.
func encode(_ batches: [RecordBatch], _ layout: EntityLayout, _ form: Form) -> [EncodedFile] {
    var encoder = makeEncoder(format: form.format, dataset: "things", layout: layout, csv: form.csv)
    var files = encoder.tables.map { EncodedFile(path: $0.path, bytes: []) }
    func drain() {
        for index in files.indices {
            files[index].bytes += encoder.tables[index].bytes
            encoder.tables[index].bytes = []
        }
    }
    encoder.begin()
    drain()
    for batch in batches {
        encoder.encode(batch)
        drain()
    }
    encoder.end()
    drain()
    return files.indices.filter { $0 == 0 || encoder.tables[$0].rows > 0 }.map { files[$0] }
}

/// A source that gives a file in pieces.
func source(_ file: EncodedFile, piece: Int) -> TableSource {
    var at = 0
    return TableSource(path: file.path) {
        if at == file.bytes.count { return nil }
        let end = min(at + piece, file.bytes.count)
        defer { at = end }
        return Array(file.bytes[at..<end])
    }
}

/// Reads files back, and gives them as JSON Lines.
func linesReadBack(
    _ files: [EncodedFile], _ layout: EntityLayout, _ form: Form, piece: Int = 1 << 16,
    limits: BatchLimits = BatchLimits()
) throws -> [UInt8] {
    var reader = try DatasetReader(
        format: form.format, layout: layout, csv: form.csv, limits: limits,
        tables: files.map { source($0, piece: piece) })
    let encoder = RecordJSONEncoder(layout)
    var lines: [UInt8] = []
    while let batch = try reader.next() { encoder.append(batch, to: &lines) }
    return lines
}

/// The generator of the property tests: the same numbers in every run (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// Random layouts, and random records for them, full of what breaks readers and writers.
struct Generator {
    var random: SplitMix
    private let depth: Int

    init(seed: UInt64, depth: Int) {
        random = SplitMix(seed: seed)
        self.depth = depth
    }

    mutating func layout() -> EntityLayout { PortabilityFormatsTests.layout(fields(level: 1)) }

    private mutating func fields(level: Int) -> [Field] {
        (0..<1 + random.below(level == 1 ? 7 : 3)).map { index in
            let name = random.pick(["f", "field_", "record", "name", "value", "a_long_field_name_"]) + String(index)
            let isList = random.chance(35)
            // One branch goes all the way down.
            if level < depth && (index == 0 || random.chance(25)) {
                return field(name, list: isList, fields(level: level + 1))
            }
            return field(name, random.pick(Array(ValueKind.allCases)), list: isList)
        }
    }

    mutating func records(_ count: Int, of layout: EntityLayout) -> [TestRecord] {
        (0..<count).map { number in
            var record = TestRecord(id: (random.chance(40) ? text() : "id") + "-\(number)")
            record.fields = fields(of: 0, layout, mustHaveOne: false)
            if random.chance(50) {
                var names = Set((0..<1 + random.below(4)).map { _ in random.chance(10) ? "" : text() })
                names.insert("plain")
                record.other = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { name in
                    let kind = random.pick(Array(ValueKind.allCases))
                    return (name, kind, value(kind))
                }
            }
            return record
        }
    }

    private mutating func fields(
        of group: Int, _ layout: EntityLayout, mustHaveOne: Bool
    ) -> [(Int, TestRecord.Node)] {
        let fields = layout.groups[group].fields
        var present = fields.indices.filter { _ in random.chance(60) }
        if present.isEmpty && mustHaveOne { present = [random.below(fields.count)] }
        return present.map { index in
            let field = fields[index]
            if !field.isList { return (index, node(field, layout)) }
            return (index, .list((0..<1 + random.below(3)).map { _ in node(field, layout) }))
        }
    }

    private mutating func node(_ field: EntityLayout.Field, _ layout: EntityLayout) -> TestRecord.Node {
        if let kind = field.kind { return .value(kind, value(kind)) }
        return .group(fields(of: field.group, layout, mustHaveOne: true))
    }

    static let texts = [
        "ä", "Å", "Öljy", "Čáhcesuolu", "ŋŧđžš", "Đ", "𝄞", "👩‍👩‍👧‍👦", "🇫🇮", "e\u{301}", "\u{200d}", "\u{202e}", "\u{feff}",
        "\u{0}", "\u{1}", "\u{8}", "\u{b}", "\u{c}", "\u{1f}", "\u{7f}", "\u{85}", "\u{2028}", "\u{fffe}", "\u{ffff}",
        "\u{fffd}", "\u{1fffe}", "\u{10ffff}", "\r", "\n", "\r\n", "\t", " ", "  ", "\"", "\"\"", "\\", "'", "''", ",",
        ";", "=1+1", "+358 40 1234567", "+1", "-1.5", "-1,5", "+cmd|' /C calc'!A0", "-", "+", "@SUM(A1)", "&", "<b>",
        "]]>", "&amp;", "&#13;", "</record>", "</record>\n", "{}", "[1]", "null", "true", "\\u0041", "%", "/",
        "\u{fb01}",
        "x", "a longer piece of text without anything special in it", "\u{ef}",
    ]

    mutating func text() -> String {
        let pieces = random.chance(5) ? 300 : 1 + random.below(5)
        return (0..<pieces).map { _ in random.pick(Self.texts) }.joined()
    }

    private mutating func digits(_ count: Int) -> String {
        String(
            (0..<count).map { $0 == 0 ? Character(String(1 + random.below(9))) : Character(String(random.below(10))) })
    }

    private mutating func integer() -> String {
        let edges = [
            "0", "9007199254740991", "9007199254740992", "9007199254740993", "9999999999999999", "10000000000000000",
            "1",
        ]
        let text = random.chance(50) ? random.pick(edges) : digits(1 + random.below(random.chance(20) ? 100 : 18))
        return text != "0" && random.chance(30) ? "-" + text : text
    }

    private mutating func json(level: Int = 0) -> String {
        switch random.below(level > 3 ? 5 : 8) {
        case 0: return integer()
        case 1: return "-1.50e+10"
        case 2: return random.pick(["true", "false", "null", "{}", "[]", "\"\""])
        case 3, 4:
            var escaped: [UInt8] = []
            appendJSONEscaped(Array(text().utf8).span, into: &escaped)
            return "\"\(String(decoding: escaped, as: UTF8.self))\""
        case 5: return "[\((0..<random.below(3)).map { _ in json(level: level + 1) }.joined(separator: ","))]"
        default:
            return "{\((0..<random.below(3)).map { "\"k\($0)\":" + json(level: level + 1) }.joined(separator: ","))}"
        }
    }

    mutating func value(_ kind: ValueKind) -> String {
        switch kind {
        case .string: text()
        case .integer: integer()
        case .decimal: random.chance(30) ? integer() : integer() + "." + digits(1 + random.below(100)) + "0"
        case .boolean: random.pick(["true", "false"])
        case .date: random.pick(["2024-02-29", "0001-01-01", "-0044-03-15", "12024-12-31", "0000-01-01"])
        case .time: random.pick(["00:00:00", "23:59:59.999999999", "23:59:60"])
        case .timestamp:
            random.pick([
                "2024-02-29T12:00:00Z", "2016-12-31T23:59:60Z", "2024-06-30T15:30:00.120+05:45",
                "1999-12-31T23:59:59-00:00", "2024-01-01T00:00:00.1234567890123456789-11:00",
            ])
        case .localTimestamp: random.pick(["2024-03-31T03:30:00", "-0001-01-01T00:00:00.5"])
        case .duration: random.pick(["PT0S", "P1Y2M3DT4H5M6.789S", "-P1D", "PT36H", "P1M", "PT0.000001S"])
        case .json: json()
        case .reference: random.pick(["data/documents/invoice-000001.pdf", "data/documents/x-999999.xml"])
        }
    }
}
