import PortabilityModel
import PortabilityText

/// A record as it was pushed, without regard to how it lay in its batch.
struct ObservedRecord: Hashable, Sendable {
    var id: [UInt8]
    var idKind: RecordIDKind
    var subjectKind: Int
    var subject: [UInt8]
    var tenant: [UInt8]
    var recordClass: Int
    var file: UInt32
    var position: UInt64
    /// Kind, field and bytes of every token.
    var content: [UInt8] = []
    /// Paths of documents that it refers to.
    var references: [[UInt8]] = []
    /// Longer texts, which no error or finding may repeat.
    var texts: [[UInt8]] = []
    /// What is wrong with its tape; names fields, never values.
    var faults: [String] = []
}

/// Reads records off a batch and says what is wrong with their tape.
struct TapeJudge {
    private let layout: EntityLayout
    private let batch: RecordBatch
    private var record: ObservedRecord

    /// Texts shorter than this could stand in a message by chance.
    static let tellingLength = 12

    /// The records of a batch.
    static func records(of batch: RecordBatch, _ layout: EntityLayout) -> [ObservedRecord] {
        batch.records.map { head in
            var judge = TapeJudge(head, batch, layout)
            judge.read(head)
            return judge.record
        }
    }

    private init(_ head: RecordHead, _ batch: RecordBatch, _ layout: EntityLayout) {
        self.layout = layout
        self.batch = batch
        func bytes(_ range: ByteRange) -> [UInt8] {
            range.range.upperBound <= batch.bytes.count ? Array(batch.bytes[range.range]) : []
        }
        record = ObservedRecord(
            id: bytes(head.id), idKind: head.idKind, subjectKind: Int(head.subjectKind), subject: bytes(head.subject),
            tenant: bytes(head.tenant), recordClass: Int(head.recordClass), file: head.file, position: head.position)
    }

    private mutating func read(_ head: RecordHead) {
        guard head.tokens.upperBound <= batch.tokens.count,
            [head.id, head.subject, head.tenant].allSatisfy({ $0.range.upperBound <= batch.bytes.count }),
            batch.tokens[head.tokens].allSatisfy({ isStructure($0.kind) || $0.range.upperBound <= batch.bytes.count })
        else { return fault("a record points outside its batch") }
        fields(head.tokens, group: 0)
    }

    private func isStructure(_ kind: TokenKind) -> Bool {
        [.groupBegin, .groupEnd, .listBegin, .listEnd].contains(kind)
    }

    private mutating func fault(_ message: String) {
        if !record.faults.contains(message) { record.faults.append(message) }
    }

    private mutating func note(_ token: TapeToken) {
        record.content += [token.kind.rawValue, UInt8(token.field >> 8), UInt8(token.field & 255)]
        if isStructure(token.kind) { return }
        record.content += withUnsafeBytes(of: token.length.bigEndian) { Array($0) }
        record.content += batch.bytes[token.range]
    }

    private mutating func fields(_ range: Range<Int>, group: Int) {
        var index = range.lowerBound
        var last = -1
        while index < range.upperBound {
            let token = batch.tokens[index]
            if token.field == TapeToken.otherField {
                guard group == 0 else { return fault("an `other` field stands inside a group") }
                return others(index..<range.upperBound)
            }
            let number = Int(token.field)
            guard layout.groups[group].fields.indices.contains(number) else {
                return fault("a value is of a field that the entity `\(layout.entity.name)` does not have")
            }
            let field = layout.groups[group].fields[number]
            let path = (layout.groups[group].path + [field.name]).joined(separator: ".")
            if number <= last { fault("the field `\(path)` is not in the catalogue's order, or comes twice") }
            last = number
            if field.isList {
                guard token.kind == .listBegin, let inner = inner(index, range, .listEnd) else {
                    return fault("the field `\(path)` is a list, and is not written as one")
                }
                note(token)
                elements(inner, field, path)
                index = inner.upperBound
                note(batch.tokens[index])
                index += 1
            } else {
                guard let next = element(index, range, field, path) else { return }
                index = next
            }
        }
    }

    /// The tokens between a begin and its end; nil if they are not well-formed, or there are none.
    private mutating func inner(_ begin: Int, _ outer: Range<Int>, _ end: TokenKind) -> Range<Int>? {
        let upper = begin + 1 + Int(batch.tokens[begin].length)
        guard upper > begin + 1, upper < outer.upperBound, batch.tokens[upper].kind == end else { return nil }
        return begin + 1..<upper
    }

    private mutating func elements(_ range: Range<Int>, _ field: EntityLayout.Field, _ path: String) {
        var index = range.lowerBound
        while index < range.upperBound, let next = element(index, range, field, path) { index = next }
    }

    /// A value or a group; the index behind it, nil if the rest cannot be read.
    private mutating func element(
        _ index: Int, _ range: Range<Int>, _ field: EntityLayout.Field, _ path: String
    ) -> Int? {
        let token = batch.tokens[index]
        guard let kind = field.kind else {
            guard token.kind == .groupBegin, let inner = inner(index, range, .groupEnd) else {
                fault("the field `\(path)` is a group, and is not written as one, or is empty")
                return nil
            }
            note(token)
            fields(inner, group: field.group)
            note(batch.tokens[inner.upperBound])
            return inner.upperBound + 1
        }
        guard token.kind == TokenKind(kind) else {
            fault("the field `\(path)` is of the type \(kind.name), and its value of another")
            return nil
        }
        value(token, kind, of: "the field `\(path)`")
        note(token)
        return index + 1
    }

    private mutating func value(_ token: TapeToken, _ kind: ValueKind, of name: String) {
        let bytes = Array(batch.bytes[token.range])
        if bytes.isEmpty { fault("\(name) has an empty value, which is to be left out") }
        if String(validating: bytes, as: UTF8.self) == nil { fault("\(name) has a value that is not valid UTF-8") }
        var canonical: [UInt8] = []
        if kind == .string {
            if bytes.count >= Self.tellingLength { record.texts.append(bytes) }
        } else if kind == .reference {
            record.references.append(bytes)
        } else if !Canonical.append(kind, from: bytes.span, into: &canonical) || canonical != bytes {
            fault("\(name) has a value that is not in the canonical spelling of the type \(kind.name)")
        }
        if token.isClean, bytes.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c }) {
            fault("\(name) has a value that is marked as clean and is not")
        }
    }

    private mutating func others(_ range: Range<Int>) {
        var index = range.lowerBound
        var last: [UInt8] = []
        while index < range.upperBound {
            guard index + 1 < range.upperBound, batch.tokens[index].kind == .otherName,
                batch.tokens[index + 1].field == TapeToken.otherField,
                let kind = batch.tokens[index + 1].kind.value
            else { return fault("the `other` fields are not pairs of name and value at the record's end") }
            let name = Array(batch.bytes[batch.tokens[index].range])
            if name.isEmpty || String(validating: name, as: UTF8.self) == nil {
                fault("an `other` field has no name, or one that is not valid UTF-8")
            }
            if !last.lexicographicallyPrecedes(name) { fault("`other` fields are not sorted by name, or not unique") }
            last = name
            value(batch.tokens[index + 1], kind, of: "an `other` field")
            note(batch.tokens[index])
            note(batch.tokens[index + 1])
            index += 2
        }
    }
}
