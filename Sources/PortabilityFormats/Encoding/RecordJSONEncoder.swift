public import PortabilityModel

/// Writes records as JSON Lines: the form of which the content digest is taken (RFC 8259, one record and LF each).
public struct RecordJSONEncoder: Sendable {
    private struct FieldPlan: Sendable {
        /// Where `,"name":` begins in the pool; for text, the quote that opens it follows at once.
        var key: Int32
        var keyLength: Int16
        var form: FieldForm
        /// Index of the nested group's first field.
        var nested: Int32
    }

    private let fields: [FieldPlan]
    private let pool: [UInt8]

    /// Makes an encoder for records of one entity.
    public init(_ layout: EntityLayout) {
        let bases = layout.groupBases
        var pool: [UInt8] = []
        var fields: [FieldPlan] = []
        for group in layout.groups {
            for field in group.fields {
                let form = FieldForm(field.kind)
                let key = pool.count
                pool.append(contentsOf: ",\"\(field.name)\":".utf8)
                if form == .text && !field.isList { pool.append(UInt8(ascii: "\"")) }
                fields.append(
                    FieldPlan(
                        key: Int32(key), keyLength: Int16(pool.count - key), form: form,
                        nested: field.group < 0 ? -1 : Int32(bases[field.group])))
            }
        }
        // Keys are then copied in whole blocks.
        pool.append(contentsOf: repeatElement(0, count: 32))
        self.fields = fields
        self.pool = pool
    }

    /// Appends every record of a batch, each followed by LF. No record holds another LF.
    public func append(_ batch: RecordBatch, to out: inout [UInt8]) {
        append(batch, before: "", between: "\n", after: "\n", to: &out)
    }

    /// Appends every record of a batch with something before the first, between each two and after the last.
    func append(
        _ batch: RecordBatch, before: StaticString, between: StaticString, after: StaticString, to out: inout [UInt8]
    ) {
        if batch.records.isEmpty { return }
        var writer = ByteWriter()
        let key = fields.isEmpty ? 0 : pool.count / fields.count
        writer.resume(
            exchange(&out, with: []),
            expecting: batch.bytes.count + batch.tokens.count * (key + 2) + batch.records.count * 32)
        let bytes = batch.bytes.span
        let tokens = batch.tokens.span
        var frames: [Frame] = []
        for index in batch.records.indices {
            let head = batch.records[index]
            writer.append(index == 0 ? before : between)
            writer.append("{\"record_id\":\"")
            Self.appendEscaped(bytes, head.id.range, &writer)
            writer.append(UInt8(ascii: "\""))
            appendFields(tokens, head.tokens, bytes, &frames, &writer)
            writer.append(UInt8(ascii: "}"))
        }
        writer.append(after)
        out = writer.take()
    }

    private struct Frame {
        var base: Int
        var inList: Bool
    }

    @inline(__always)
    private func appendFields(
        _ tokens: Span<TapeToken>, _ range: Range<Int>, _ bytes: Span<UInt8>, _ frames: inout [Frame],
        _ writer: inout ByteWriter
    ) {
        let fields = fields.span
        let pool = pool.span
        var base = 0
        var inList = false
        var isFirst = false
        var hasOther = false
        for index in range {
            let token = tokens[index]
            if token.kind.rawValue < TokenKind.groupBegin.rawValue {
                if token.field == TapeToken.otherField {
                    appendOther(token, bytes, &writer)
                    continue
                }
                let field = fields[base &+ Int(token.field)]
                if inList {
                    if !isFirst { writer.append(UInt8(ascii: ",")) }
                    if field.form == .text { writer.append(UInt8(ascii: "\"")) }
                } else {
                    appendKey(field, pool, isFirst, &writer)
                }
                isFirst = false
                switch field.form {
                case .text:
                    if token.isClean {
                        writer.append(bytes, token.range)
                    } else {
                        Self.appendEscaped(bytes, token.range, &writer)
                    }
                    writer.append(UInt8(ascii: "\""))
                case .integer:
                    if isSafeInteger(bytes, token.range) {
                        writer.append(bytes, token.range)
                    } else {
                        Self.appendQuoted(bytes, token.range, &writer)
                    }
                case .raw, .group:
                    writer.append(bytes, token.range)
                }
                continue
            }
            switch token.kind {
            case .groupBegin:
                let field = fields[base &+ Int(token.field)]
                if !inList {
                    appendKey(field, pool, isFirst, &writer)
                } else if !isFirst {
                    writer.append(UInt8(ascii: ","))
                }
                writer.append(UInt8(ascii: "{"))
                frames.append(Frame(base: base, inList: inList))
                base = Int(field.nested)
                inList = false
                isFirst = true
            case .groupEnd:
                writer.append(UInt8(ascii: "}"))
                let frame = frames.removeLast()
                base = frame.base
                inList = frame.inList
                isFirst = false
            case .listBegin:
                appendKey(fields[base &+ Int(token.field)], pool, isFirst, &writer)
                writer.append(UInt8(ascii: "["))
                inList = true
                isFirst = true
            case .listEnd:
                writer.append(UInt8(ascii: "]"))
                inList = false
                isFirst = false
            default:
                writer.append(hasOther ? ",\"" : ",\"other\":{\"")
                hasOther = true
                Self.appendEscaped(bytes, token.range, &writer)
                writer.append("\":")
            }
        }
        if hasOther { writer.append(UInt8(ascii: "}")) }
    }

    @inline(__always)
    private func appendKey(
        _ field: FieldPlan, _ pool: Span<UInt8>, _ isFirst: Bool, _ writer: inout ByteWriter
    ) {
        let start = Int(field.key)
        writer.append(pool, (isFirst ? start &+ 1 : start)..<start &+ Int(field.keyLength))
    }

    @inline(__always)
    private func appendOther(_ token: TapeToken, _ bytes: Span<UInt8>, _ writer: inout ByteWriter) {
        switch OtherType(token.kind, bytes, token.range) {
        case .string:
            if token.isClean {
                writer.append(UInt8(ascii: "\""))
                writer.append(bytes, token.range)
                writer.append(UInt8(ascii: "\""))
            } else {
                Self.appendQuoted(bytes, token.range, &writer)
            }
        case .integer, .boolean, .json: writer.append(bytes, token.range)
        }
    }

    @inline(never)
    private static func appendQuoted(_ bytes: Span<UInt8>, _ range: Range<Int>, _ writer: inout ByteWriter) {
        writer.append(UInt8(ascii: "\""))
        appendEscaped(bytes, range, &writer)
        writer.append(UInt8(ascii: "\""))
    }

    @inline(never)
    private static func appendEscaped(_ bytes: Span<UInt8>, _ range: Range<Int>, _ writer: inout ByteWriter) {
        writer.append(
            bytes, range,
            escaping: {
                Marks.equal($0, UInt8(ascii: "\"")) | Marks.equal($0, UInt8(ascii: "\\")) | Marks.control($0)
            },
            with: putJSONEscape)
    }
}

/// Stores the escape of a byte that cannot stand in a JSON string; see ``ByteWriter/append(_:_:escaping:with:)``.
func putJSONEscape(_ byte: UInt8, _ writer: inout ByteWriter) {
    switch byte {
    case UInt8(ascii: "\""): writer.put("\\\"")
    case UInt8(ascii: "\\"): writer.put("\\\\")
    case 0x08: writer.put("\\b")
    case 0x09: writer.put("\\t")
    case 0x0a: writer.put("\\n")
    case 0x0c: writer.put("\\f")
    case 0x0d: writer.put("\\r")
    default:
        writer.put("\\u00")
        writer.put(UInt8(ascii: "0") &+ (byte >> 4))
        let low = byte & 15
        writer.put(low < 10 ? UInt8(ascii: "0") &+ low : UInt8(ascii: "a") &- 10 &+ low)
    }
}

extension EntityLayout {
    /// Where each group's fields begin when the fields of all groups are laid one after the other.
    var groupBases: [Int] {
        var bases: [Int] = []
        var next = 0
        for group in groups {
            bases.append(next)
            next += group.fields.count
        }
        return bases
    }
}
