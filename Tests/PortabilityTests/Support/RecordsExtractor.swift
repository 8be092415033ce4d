import PortabilityModel
import PortabilityText

/// A source that gives records as a test made them, for entities that need not be in any catalogue.
struct RecordsExtractor: Extractor {
    var declaration: SourceDeclaration
    /// By dataset.
    var batches: [String: [RecordBatch]]
    /// Bytes of documents of the first dataset.
    var documents: [[UInt8]] = []

    func open(_ context: ExtractionContext) async throws -> any ExtractionSession { Session(extractor: self) }

    private struct Session: ExtractionSession {
        let extractor: RecordsExtractor

        func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys] { [] }

        func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
            var counts: [Int64] = []
            for (index, id) in request.datasets.enumerated() {
                if index == 0 {
                    for (number, bytes) in extractor.documents.enumerated() {
                        _ = try await sink.document(
                            Document(
                                recordID: "document-\(number)", role: .attachment, originalName: "a.pdf",
                                mediaType: "application/pdf", bytes: bytes), dataset: index)
                    }
                }
                var count: Int64 = 0
                for batch in extractor.batches[id] ?? [] {
                    var batch = batch
                    batch.dataset = index
                    count += Int64(batch.records.count)
                    try await sink.push(batch)
                }
                counts.append(count)
            }
            return ExtractionEnd(records: counts)
        }

        func close() async {}
    }
}

/// Random entities, and records of them full of what breaks readers and writers. The same in every run.
struct RecordMaker {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed) }

    private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
    private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// An entity with every kind of value, and groups and lists down to `depth`.
    mutating func entity(_ name: String, ordinal: Int, depth: Int) -> Entity {
        Entity(
            name: name, ordinal: ordinal, label: LocalizedText(fi: "\(name) fi", sv: "\(name) sv", en: "\(name) en"),
            meaning: LocalizedText("What \(name) means"), iris: ["https://example.org/\(name)"],
            fields: ValueKind.allCases.map { Self.field("kind_\($0.rawValue)", .value($0)) }
                + ValueKind.allCases.map { Self.field("list_\($0.rawValue)", .value($0), list: true) }
                + fields(level: 1, depth: depth))
    }

    static func field(_ name: String, _ type: FieldType, list: Bool = false) -> Field {
        Field(
            name, type, list: list, fi: "\(name) suomeksi", sv: "\(name) på svenska", en: "\(name) in English",
            meaning: LocalizedText("The meaning of \(name)"), term: "BT-1", sensitivity: .personal, thirdParty: true,
            codes: [.init("A", fi: "yksi", sv: "ett", en: "one")])
    }

    private mutating func fields(level: Int, depth: Int) -> [Field] {
        (0..<2 + below(3)).map { index in
            let name = pick(["f", "record", "value", "other", "record_id"]) + "_\(level)_\(index)"
            if level < depth, index == 0 || chance(30) {
                return Self.field(name, .group(fields(level: level + 1, depth: depth)), list: chance(60))
            }
            return Self.field(name, .value(pick(Array(ValueKind.allCases))), list: chance(40))
        }
    }

    /// Batches of records, the lists and groups of which may be missing.
    mutating func batches(_ counts: [Int], of layout: EntityLayout, texts: [String] = []) throws -> [RecordBatch] {
        var position: UInt64 = 0
        return try counts.map { count in
            var builder = BatchBuilder(dataset: 0)
            for _ in 0..<count {
                position += 1
                let own = Int(position - 1) < texts.count ? texts[Int(position - 1)] : nil
                let id = Array("\(own ?? text())#\(position)".utf8)
                builder.beginRecord(id: id.span, subject: Array("7".utf8).span, position: position)
                add(to: &builder, 0, layout, mustHaveOne: false, text: own)
                if own != nil || chance(60) {
                    var names = Set((0..<4).map { _ in text() })
                    if let own, !own.isEmpty { names.insert(own) }
                    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                        let kind = pick(Array(ValueKind.allCases))
                        builder.other(Array(name.utf8).span, kind, Array(value(kind).utf8).span)
                    }
                }
                try builder.endRecord()
            }
            return builder.take()
        }
    }

    private mutating func add(
        to builder: inout BatchBuilder, _ group: Int, _ layout: EntityLayout, mustHaveOne: Bool, text: String?
    ) {
        let fields = layout.groups[group].fields
        var present = fields.indices.filter { _ in chance(60) }
        if present.isEmpty && mustHaveOne { present = [below(fields.count)] }
        for index in present {
            let field = fields[index]
            if field.isList { builder.beginList(index) }
            for _ in 0..<(field.isList ? 1 + below(3) : 1) {
                if let kind = field.kind {
                    let value = kind == .string && text?.isEmpty == false ? text ?? "" : value(kind)
                    builder.value(index, kind, Array(value.utf8).span)
                } else {
                    builder.beginGroup(index)
                    add(to: &builder, field.group, layout, mustHaveOne: true, text: text)
                    builder.endGroup()
                }
            }
            if field.isList { builder.endList() }
        }
    }

    private static let nasty = [
        "ä", "Čáhcesuolu", "👩‍👩‍👧‍👦", "e\u{301}", "\u{202e}", "\u{feff}", "\u{0}", "\u{1}", "\u{8}", "\u{b}", "\u{1f}",
        "\u{7f}",
        "\u{85}", "\u{2028}", "\u{fffe}", "\u{ffff}", "\u{fffd}", "\u{10ffff}", "\r", "\n", "\r\n", "\t", " ", "\"",
        "\\",
        "'", "''", ",", ";", "=1+1", "+358 40 1234567", "-1,5", "+cmd|' /C calc'!A0", "@SUM(A1)", "&", "<b>", "]]>",
        "&#13;", "</record>\n", "{}", "[1]", "null", "true", "12.5", "2024-02-30", "plain", "\u{ef}",
    ]

    private mutating func text() -> String {
        (0..<(chance(3) ? 200 : 1 + below(5))).map { _ in pick(Self.nasty) }.joined()
    }

    private mutating func digits(_ count: Int) -> String {
        String(1 + below(9)) + (1..<max(1, count)).map { _ in String(below(10)) }.joined()
    }

    private mutating func value(_ kind: ValueKind) -> String {
        switch kind {
        case .string: text()
        case .integer: pick(["0", "-1", "9007199254740992", "9007199254740993", "-" + digits(60), digits(3)])
        case .decimal: pick(["0.00", "-0.5", digits(60) + "." + digits(60) + "0", digits(2)])
        case .boolean: pick(["true", "false"])
        case .date: pick(["2024-02-29", "0000-01-01", "-0044-03-15", "12024-12-31"])
        case .time: pick(["00:00:00", "23:59:60", "23:59:59.999999999"])
        case .timestamp: pick(["2016-12-31T23:59:60Z", "2024-06-30T15:30:00.120+05:45", "-0001-01-01T00:00:00-11:00"])
        case .localTimestamp: pick(["2024-03-31T03:30:00", "-0001-01-01T00:00:00.5"])
        case .duration: pick(["PT0S", "P1Y2M3DT4H5M6.789S", "-P1D"])
        case .json: json()
        case .reference: pick(["data/documents/x-000001.pdf", text()])
        }
    }

    private mutating func json() -> String {
        var escaped: [UInt8] = []
        appendJSONEscaped(Array(text().utf8).span, into: &escaped)
        let string = "\"\(String(decoding: escaped, as: UTF8.self))\""
        return pick([
            "null", "true", "-1.50e+10", digits(60), string, "[]", "{}", "[1,\(string),{\"a\":[null]}]",
            "{\"k\":\(string),\"\":0}",
        ])
    }
}
