import PortabilityModel
import PortabilityText
import Testing

private func field(_ name: String, _ type: FieldType, list: Bool = false) -> Field {
    Field(name, type, list: list, fi: name, sv: name, en: name)
}

/// An order: number, count, a seller with an address, lines with tags, notes.
private let layout = EntityLayout(
    Entity(
        name: "order", ordinal: 1, label: LocalizedText(fi: "", sv: "", en: ""),
        meaning: LocalizedText(fi: "", sv: "", en: ""),
        fields: [
            field("number", .value(.string)), field("count", .value(.integer)),
            field(
                "seller",
                .group([
                    field("name", .value(.string)), field("address", .group([field("city", .value(.string))])),
                ])),
            field(
                "lines",
                .group([field("quantity", .value(.decimal)), field("tags", .value(.string), list: true)]), list: true),
            field("paid_on", .value(.date), list: true), field("extra", .value(.json)),
        ]))

/// The tape of a record as text, for comparison: `{field=value …}`.
func outline(_ batch: RecordBatch, _ record: Int = 0) -> String {
    var parts: [String] = []
    for token in batch.tokens[batch.records[record].tokens] {
        switch token.kind {
        case .groupBegin: parts.append("\(token.field){")
        case .groupEnd: parts.append("}")
        case .listBegin: parts.append("\(token.field)[")
        case .listEnd: parts.append("]")
        case .otherName: parts.append(batch.text(token) + ":")
        default:
            let kind = token.field == TapeToken.otherField ? (token.kind.value?.name ?? "") + " " : "\(token.field)="
            parts.append(kind + batch.text(token))
        }
    }
    return parts.joined(separator: " ")
}

extension RecordAssembler {
    fileprivate mutating func set(_ node: Int, _ field: Int, _ text: String) { set(node, field, Array(text.utf8).span) }
    fileprivate mutating func other(_ name: String, _ kind: ValueKind, _ text: String) {
        other(Array(name.utf8).span, kind, Array(text.utf8).span)
    }
    fileprivate mutating func outlined() throws -> String {
        var builder = BatchBuilder(dataset: 0)
        builder.beginRecord(id: [0x31].span, subject: [0x32].span)
        emit(into: &builder)
        try builder.endRecord()
        return outline(builder.take())
    }
}

@Suite("Record assembler")
struct RecordAssemblerTests {
    @Test("Values set in any order come out in catalogue order")
    func order() throws {
        var assembler = RecordAssembler(layout: layout)
        let second: Int
        let first = assembler.appendGroup(0, 3)
        second = assembler.appendGroup(0, 3)
        assembler.set(second, 0, "2.50")
        assembler.set(0, 4, "20260228")
        assembler.set(0, 4, "2026-03-01")
        assembler.set(first, 1, "b")
        assembler.set(first, 1, "a")
        assembler.set(first, 0, "1")
        let seller = assembler.group(0, 2)
        let address = assembler.group(seller, 1)
        assembler.set(address, 0, "Esbo")
        #expect(assembler.group(0, 2) == seller)
        assembler.set(seller, 0, "Öy")
        assembler.set(0, 0, "N-1")
        #expect(assembler.isSet(0, 0) && !assembler.isSet(0, 1) && assembler.isSet(0, 3))
        #expect(
            try assembler.outlined()
                == "0=N-1 2{ 0=Öy 1{ 0=Esbo } } 3[ 3{ 0=1 1[ 1=b 1=a ] } 3{ 0=2.50 } ] 4[ 4=2026-02-28 4=2026-03-01 ]")
        #expect(assembler.mistyped == 0 && assembler.invalidText == 0)
    }

    @Test("What does not fit its field is carried under its path, with 1-based places in lists")
    func misfits() throws {
        var assembler = RecordAssembler(layout: layout)
        assembler.set(0, 1, "many")
        _ = assembler.appendGroup(0, 3)
        let line = assembler.appendGroup(0, 3)
        assembler.set(line, 0, "two")
        assembler.set(0, 4, "2026-01-01")
        assembler.set(0, 4, "yesterday")
        assembler.set(0, 4, "2026-01-03")
        assembler.set(0, 5, "{bad")
        #expect(assembler.mistyped == 4)
        #expect(
            try assembler.outlined()
                == "4[ 4=2026-01-01 4=2026-01-03 ] count: string many extra: string {bad lines[2].quantity: string two paid_on[2]: string yesterday"
        )
    }

    @Test("Second values of single fields and repeated other names are numbered, around names already taken")
    func repeated() throws {
        var assembler = RecordAssembler(layout: layout)
        assembler.set(0, 1, "1")
        assembler.set(0, 1, "2")
        assembler.set(0, 1, "3")
        assembler.other("b", .string, "first")
        assembler.other("a", .string, "x")
        assembler.other("b", .string, "second")
        assembler.other("b#2", .string, "taken")
        assembler.other("b", .string, "third")
        #expect(
            try assembler.outlined()
                == "1=1 a: string x b: string first b#2: string taken b#3: string second b#4: string third count#2: integer 2 count#3: integer 3"
        )
    }

    @Test("Other values have only kinds that every format reads back alike")
    func otherKinds() throws {
        var assembler = RecordAssembler(layout: layout)
        assembler.other("a", .integer, "9007199254740992")
        assembler.other("b", .integer, "9007199254740993")
        assembler.other("c", .decimal, "+1.50")
        assembler.other("d", .boolean, "1")
        assembler.other("e", .timestamp, "2026-01-01 00:00:00+00")
        assembler.other("f", .json, #"{ "k" : [ 1 ] }"#)
        assembler.other("g", .json, #" "te\u0078t" "#)
        assembler.other("h", .json, " 12 ")
        assembler.other("i", .json, "1.5e1")
        assembler.other("j", .json, "null")
        assembler.other("k", .json, "true")
        assembler.other("l", .integer, "a dozen")
        assembler.other("m", .string, "")
        #expect(
            try assembler.outlined()
                == #"a: integer 9007199254740992 b: string 9007199254740993 c: string 1.50 d: boolean true e: string 2026-01-01T00:00:00Z f: json {"k":[1]} g: string text h: integer 12 i: string 15 k: boolean true l: string a dozen"#
        )
    }

    @Test("Invalid UTF-8 is replaced and counted; empty values are absent; a reset forgets everything")
    func textAndReset() throws {
        var assembler = RecordAssembler(layout: layout)
        assembler.set(0, 0, [0x61, 0xe4, 0x62].span)
        assembler.set(0, 1, "")
        _ = assembler.group(0, 2)
        #expect(assembler.invalidText == 1)
        #expect(try assembler.outlined() == "0=a\u{fffd}b")
        assembler.reset()
        #expect(assembler.invalidText == 0 && !assembler.isSet(0, 0) && !assembler.isSet(0, 2))
        assembler.setCanonical(0, 0, Array("data/documents/x-000001.pdf".utf8).span)
        #expect(try assembler.outlined() == "0=data/documents/x-000001.pdf")
    }

    @Test("The clean flag tells encoders the truth")
    func cleanFlags() throws {
        var assembler = RecordAssembler(layout: layout)
        assembler.set(0, 0, "with \"quotes\"")
        assembler.set(0, 1, "7")
        assembler.other("x", .string, "plain")
        assembler.other("y", .string, "line\nend")
        var builder = BatchBuilder(dataset: 0)
        builder.beginRecord(id: [0x31].span, subject: [0x32].span)
        assembler.emit(into: &builder)
        try builder.endRecord()
        let batch = builder.take()
        for token in batch.tokens where token.isClean {
            #expect(!batch.bytes[token.range].contains { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c })
        }
        #expect(batch.tokens.filter(\.isClean).count == 2)
    }
}
