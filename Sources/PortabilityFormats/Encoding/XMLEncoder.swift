import PortabilityModel

/// XML 1.0: one element per record, one per field, in the namespace of format version 1.
struct XMLEncoder: DatasetEncoder {
    private struct FieldPlan: Sendable {
        /// Where `<name>` begins in the pool; `</name>` follows.
        var tag: Int32
        var nameLength: Int16
        var isText: Bool
        /// For groups, the index of the nested group's first field.
        var nested: Int32

        @inline(__always) var open: Range<Int> { Int(tag)..<Int(tag) &+ Int(nameLength) &+ 2 }
        @inline(__always) var close: Range<Int> { open.upperBound..<open.upperBound &+ Int(nameLength) &+ 3 }
    }

    var tables = [EncodedTable(path: [])]
    private let head: String
    private let fields: [FieldPlan]
    private let pool: [UInt8]

    /// The namespace of format version 1.
    static let namespace = "urn:portability:1"

    static func head(dataset: String, entity: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <dataset xmlns="\(namespace)" name="\(dataset)" entity="\(entity)">

        """
    }

    init(dataset: String, layout: EntityLayout) {
        head = Self.head(dataset: dataset, entity: layout.entity.name)
        let bases = layout.groupBases
        var pool: [UInt8] = []
        var fields: [FieldPlan] = []
        for group in layout.groups {
            for field in group.fields {
                fields.append(
                    FieldPlan(
                        tag: Int32(pool.count), nameLength: Int16(field.name.utf8.count),
                        isText: field.kind.map(XMLText.mayBeEncoded) ?? false,
                        nested: field.group < 0 ? -1 : Int32(bases[field.group])))
                pool.append(contentsOf: "<\(field.name)></\(field.name)>".utf8)
            }
        }
        // Tags are then copied in whole blocks.
        pool.append(contentsOf: repeatElement(0, count: 32))
        self.pool = pool
        self.fields = fields
    }

    mutating func begin() { tables[0].bytes.append(contentsOf: head.utf8) }

    mutating func end() { tables[0].bytes.append(contentsOf: "</dataset>\n".utf8) }

    mutating func encode(_ batch: RecordBatch) {
        var writer = ByteWriter()
        let tags = fields.isEmpty ? 0 : pool.count / fields.count
        writer.resume(
            exchange(&tables[0].bytes, with: []),
            expecting: batch.bytes.count + batch.tokens.count * (tags + 8) + batch.records.count * 64)
        let bytes = batch.bytes.span
        let tokens = batch.tokens.span
        var bases: [Int] = []
        for index in batch.records.indices {
            let head = batch.records[index]
            writer.append("<record><record_id")
            XMLText.append(bytes, head.id.range, &writer)
            writer.append("</record_id>")
            appendFields(tokens, head.tokens, bytes, &bases, &writer)
            writer.append("</record>\n")
        }
        tables[0].bytes = writer.take()
        tables[0].rows += Int64(batch.records.count)
    }

    @inline(__always)
    private func appendFields(
        _ tokens: Span<TapeToken>, _ range: Range<Int>, _ bytes: Span<UInt8>, _ bases: inout [Int],
        _ writer: inout ByteWriter
    ) {
        let fields = fields.span
        let pool = pool.span
        var base = 0
        for index in range {
            let token = tokens[index]
            if token.kind.rawValue < TokenKind.groupBegin.rawValue {
                if token.field == TapeToken.otherField {
                    appendOther(token, bytes, &writer)
                    continue
                }
                let field = fields[base &+ Int(token.field)]
                let open = field.open
                if field.isText {
                    writer.append(pool, open.lowerBound..<open.upperBound &- 1)
                    XMLText.append(bytes, token.range, &writer)
                } else {
                    writer.append(pool, open)
                    writer.append(bytes, token.range)
                }
                writer.append(pool, field.close)
                continue
            }
            switch token.kind {
            case .groupBegin:
                let field = fields[base &+ Int(token.field)]
                writer.append(pool, field.open)
                bases.append(base)
                base = Int(field.nested)
            case .groupEnd:
                base = bases.removeLast()
                writer.append(pool, fields[base &+ Int(token.field)].close)
            case .otherName:
                writer.append("<other><name")
                XMLText.append(bytes, token.range, &writer)
                writer.append("</name>")
            default:
                // A list is its elements one after the other.
                break
            }
        }
    }

    @inline(__always)
    private func appendOther(_ token: TapeToken, _ bytes: Span<UInt8>, _ writer: inout ByteWriter) {
        writer.append("<type>")
        writer.append(OtherType(token.kind, bytes, token.range).name)
        writer.append("</type><value")
        XMLText.append(bytes, token.range, &writer)
        writer.append("</value></other>")
    }
}

/// Text in XML, with the declared encoding of what XML 1.0 (2.2, Char) forbids.
enum XMLText {
    /// True for the kinds whose text may hold any character, and whose element may therefore carry `encoding`.
    static func mayBeEncoded(_ kind: ValueKind) -> Bool { kind == .string || kind == .reference || kind == .json }

    /// Appends the rest of a start tag, from the `encoding` attribute if the text needs it, and the text.
    @inline(__always)
    static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, _ writer: inout ByteWriter) {
        let special = Marks.first(bytes, range) { word in
            Marks.control(word) | Marks.equal(word, 0xef) | escapes(word)
        }
        if special == range.upperBound {
            writer.append(UInt8(ascii: ">"))
            writer.append(bytes, range)
        } else {
            appendSpecial(bytes, range, special, &writer)
        }
    }

    /// Marks `&`, `<` and `>`.
    @inline(__always)
    static func escapes(_ word: UInt64) -> UInt64 {
        // `<` and `>` differ in one bit.
        Marks.equal(word, UInt8(ascii: "&")) | Marks.equal(word | 0x0202_0202_0202_0202, UInt8(ascii: ">"))
    }

    @inline(never)
    private static func appendSpecial(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ special: Int, _ writer: inout ByteWriter
    ) {
        if holdsForbidden(bytes, special..<range.upperBound) {
            writer.append(" encoding=\"json\">")
            appendEncoded(bytes, range, &writer)
            return
        }
        writer.append(UInt8(ascii: ">"))
        writer.append(
            bytes, range, escaping: { escapes($0) | Marks.equal($0, UInt8(ascii: "\r")) }, with: putReference)
    }

    private static func putReference(_ byte: UInt8, _ writer: inout ByteWriter) {
        switch byte {
        case UInt8(ascii: "&"): writer.put("&amp;")
        case UInt8(ascii: "<"): writer.put("&lt;")
        case UInt8(ascii: ">"): writer.put("&gt;")
        default: writer.put("&#13;")
        }
    }

    /// True if the text holds a character that XML 1.0 cannot carry: below U+0020 but TAB, LF and CR, U+FFFE, U+FFFF.
    private static func holdsForbidden(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        while at < range.upperBound {
            at = Marks.first(bytes, at..<range.upperBound) { Marks.control($0) | Marks.equal($0, 0xef) }
            if at == range.upperBound { return false }
            switch bytes[at] {
            case 0x09, 0x0a, 0x0d: break
            case 0xef: if isNoncharacter(bytes, at, range.upperBound) { return true }
            default: return true
            }
            at += 1
        }
        return false
    }

    /// True if U+FFFE or U+FFFF stands there.
    @inline(__always)
    static func isNoncharacter(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Bool {
        at + 2 < end && bytes[at] == 0xef && bytes[at + 1] == 0xbf && bytes[at + 2] >= 0xbe
    }

    private static func nextNoncharacter(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while true {
            at = Marks.first(bytes, at..<end) { Marks.equal($0, 0xef) }
            if at == end || isNoncharacter(bytes, at, end) { return at }
            at += 1
        }
    }

    /// The text as in a JSON string, U+FFFE and U+FFFF escaped as well, with the references of XML.
    private static func appendEncoded(_ bytes: Span<UInt8>, _ range: Range<Int>, _ writer: inout ByteWriter) {
        var at = range.lowerBound
        while at < range.upperBound {
            let stop = nextNoncharacter(bytes, at, range.upperBound)
            writer.append(
                bytes, at..<stop,
                escaping: {
                    Marks.equal($0, UInt8(ascii: "\"")) | Marks.equal($0, UInt8(ascii: "\\")) | Marks.control($0)
                        | escapes($0)
                },
                with: { byte, writer in
                    switch byte {
                    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"): putReference(byte, &writer)
                    default: putJSONEscape(byte, &writer)
                    }
                })
            if stop == range.upperBound { return }
            writer.append(bytes[stop + 2] == 0xbe ? "\\ufffe" : "\\uffff")
            at = stop + 3
        }
    }
}
