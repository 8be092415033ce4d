import PortabilityModel
import PortabilityText

/// Reads XML as ``XMLEncoder`` writes it.
///
/// Not a general XML reader: no document type, no comments, no other references than the five of XML and numbers, and
/// no spaces but the line ends between records.
struct XMLDecoder: ~Copyable, DatasetDecoder {
    private enum State { case declaration, root, records, done }

    private let limit: Int
    private var state = State.declaration
    private var pending = PendingBytes()
    private var reader: XMLRecordReader
    private var builder: BatchBuilder
    private let entity: [UInt8]

    init(layout: EntityLayout, dataset: Int, limits: BatchLimits) {
        limit = encodedLimit(limits)
        reader = XMLRecordReader(layout)
        builder = BatchBuilder(dataset: dataset, limits: limits)
        entity = Array("\" entity=\"\(layout.entity.name)\">\n".utf8)
    }

    private static let declaration = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
    private static let root = Array("<dataset xmlns=\"\(XMLEncoder.namespace)\" name=\"".utf8)
    private static let recordEnd = Array("</record>".utf8)
    private static let rootEnd = Array("</dataset>".utf8)

    mutating func feed(_ bytes: Span<UInt8>) throws {
        pending.append(bytes)
        while let range = nextPiece() {
            do {
                try read(range)
            } catch let fault as DecodingFault {
                throw pending.error(fault)
            }
            pending.consume(range)
        }
        if pending.count > limit {
            throw pending.error(
                DecodingFault(message: "a record is larger than the limit", offset: 0, code: .limit))
        }
    }

    /// In text every `<` is a reference, so that `</record>` and LF are a record's end and nothing else.
    private mutating func nextPiece() -> Range<Int>? {
        if state != .records { return pending.nextLine(where: { _, _ in true }) }
        return pending.nextLine(where: { bytes, end in
            ends(bytes, end, Self.recordEnd) || ends(bytes, end, Self.rootEnd)
        })
    }

    private mutating func read(_ range: Range<Int>) throws {
        let bytes = pending.bytes
        let text = bytes.span.extracting(range)
        switch state {
        case .declaration:
            guard equal(text, Self.declaration) else {
                throw DecodingFault(message: "not the XML declaration of this format", offset: 0)
            }
            state = .root
        case .root:
            guard isRoot(text) else {
                throw DecodingFault(message: "not the root element of this format and entity", offset: 0)
            }
            state = .records
        case .records:
            if equal(text, "</dataset>\n") {
                state = .done
            } else {
                try reader.read(text, into: &builder)
            }
        case .done: throw DecodingFault(message: "the file goes on after its end", offset: 0)
        }
    }

    private func isRoot(_ text: Span<UInt8>) -> Bool {
        guard text.count > Self.root.count + entity.count,
            equal(text.extracting(0..<Self.root.count), Self.root),
            equal(text.extracting(last: entity.count), entity)
        else { return false }
        for index in Self.root.count..<text.count - entity.count {
            switch text[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            default: return false
            }
        }
        return true
    }

    mutating func finish() throws {
        if !pending.isEmpty || state != .done {
            throw pending.error(DecodingFault(message: "the file ends in the middle", offset: pending.count))
        }
    }

    mutating func take() -> RecordBatch? { builder.count == 0 ? nil : builder.take() }
}

/// True if the bytes before `end` are the given ones.
private func ends(_ bytes: borrowing Span<UInt8>, _ end: Int, _ tail: [UInt8]) -> Bool {
    if end < tail.count { return false }
    for index in tail.indices where bytes[end - tail.count + index] != tail[index] { return false }
    return true
}

/// Reads one `record` element back onto the tape.
private struct XMLRecordReader: ~Copyable {
    private let layout: EntityLayout
    private let names: [[[UInt8]]]
    private var values = ValueReader()
    /// The value that was read last.
    private var value: [UInt8] = []
    private var at = 0

    init(_ layout: EntityLayout) {
        self.layout = layout
        names = layout.groups.map { $0.fields.map { Array($0.name.utf8) } }
    }

    private static let recordID = Array("record_id".utf8)
    private static let other = Array("other".utf8)
    private static let name = Array("name".utf8)
    private static let type = Array("type".utf8)
    private static let otherValue = Array("value".utf8)

    mutating func read(_ text: Span<UInt8>, into builder: inout BatchBuilder) throws {
        guard isValidUTF8(text) else { throw DecodingFault(message: "bytes that are not UTF-8", offset: 0) }
        at = 0
        try expect("<record>", text)
        try readElement(Self.recordID, isText: true, text)
        builder.beginRecord(id: value.span, subject: [UInt8]().span)
        do {
            _ = try readGroup(0, text, &builder)
            try readOthers(text, &builder)
            try expect("</record>\n", text)
            guard at == text.count else { throw fault("text after a record") }
        } catch {
            builder.cancelRecord()
            throw error
        }
        try builder.endRecord()
    }

    /// Reads the fields of a group that are there; false if there are none.
    private mutating func readGroup(
        _ group: Int, _ text: Span<UInt8>, _ builder: inout BatchBuilder
    ) throws -> Bool {
        let start = at
        for index in layout.groups[group].fields.indices {
            let name = names[group][index]
            guard isOpening(name, text) else { continue }
            let field = layout.groups[group].fields[index]
            if !field.isList {
                try readField(field, index, name, text, &builder)
                continue
            }
            builder.beginList(index)
            repeat {
                try readField(field, index, name, text, &builder)
            } while isOpening(name, text)
            builder.endList()
        }
        return at > start
    }

    private mutating func readField(
        _ field: EntityLayout.Field, _ index: Int, _ name: [UInt8], _ text: Span<UInt8>,
        _ builder: inout BatchBuilder
    ) throws {
        if let kind = field.kind {
            try readElement(name, isText: XMLText.mayBeEncoded(kind), text)
            let value = value
            guard values.isCanonical(kind, value.span) else { throw fault("a value that is not of its field's type") }
            builder.value(index, kind, value.span)
            return
        }
        try expectOpening(name, text)
        builder.beginGroup(index)
        guard try readGroup(field.group, text, &builder) else { throw fault("an element without fields") }
        builder.endGroup()
        try expectClosing(name, text)
    }

    private mutating func readOthers(_ text: Span<UInt8>, _ builder: inout BatchBuilder) throws {
        var last: [UInt8]?
        while isOpening(Self.other, text) {
            try expectOpening(Self.other, text)
            try readElement(Self.name, isText: true, text)
            let name = value
            if let last, !precedes(last.span, name.span) {
                throw fault("`other` fields that are not in the order of their names")
            }
            try readElement(Self.type, isText: false, text)
            guard let type = OtherType(value.span) else { throw fault("a type that `other` fields do not have") }
            try readElement(Self.otherValue, isText: true, text)
            let value = value
            guard values.isCanonical(type, value.span) else {
                throw fault("a value that `other` fields do not have")
            }
            builder.other(name.span, type.kind, value.span)
            try expectClosing(Self.other, text)
            last = name
        }
    }

    /// True if a start tag of the name stands here, with or without an attribute.
    private func isOpening(_ name: [UInt8], _ text: Span<UInt8>) -> Bool {
        let end = at + 1 + name.count
        guard end < text.count, text[at] == UInt8(ascii: "<") else { return false }
        for index in name.indices where text[at + 1 + index] != name[index] { return false }
        return text[end] == UInt8(ascii: ">") || text[end] == UInt8(ascii: " ")
    }

    private mutating func expectOpening(_ name: [UInt8], _ text: Span<UInt8>) throws {
        guard isOpening(name, text), text[at + 1 + name.count] == UInt8(ascii: ">") else {
            throw fault("not the start tag that the entity has here")
        }
        at += name.count + 2
    }

    private mutating func expectClosing(_ name: [UInt8], _ text: Span<UInt8>) throws {
        try expect("</", text)
        guard at + name.count <= text.count, equal(text.extracting(at..<at + name.count), name) else {
            throw fault("not the end tag that belongs here")
        }
        at += name.count
        try expect(">", text)
    }

    private mutating func expect(_ literal: StaticString, _ text: Span<UInt8>) throws {
        let end = at + literal.utf8CodeUnitCount
        guard end <= text.count, equal(text.extracting(at..<end), literal) else {
            throw fault("not what the format has here")
        }
        at = end
    }

    /// Reads an element that holds text into `value`.
    private mutating func readElement(_ name: [UInt8], isText: Bool, _ text: Span<UInt8>) throws {
        guard isOpening(name, text) else { throw fault("not the start tag that the entity has here") }
        at += name.count + 1
        let isEncoded = text[at] == UInt8(ascii: " ")
        if isEncoded {
            guard isText else { throw fault("an attribute that the element cannot have") }
            try expect(" encoding=\"json\">", text)
        } else {
            at += 1
        }
        value.removeAll(keepingCapacity: true)
        try readText(text)
        if isEncoded {
            var plain: [UInt8] = []
            let encoded = value
            guard values.appendUnescaped(encoded.span, into: &plain) else { throw fault("text that is not encoded") }
            value = plain
        }
        try expectClosing(name, text)
    }

    /// Appends character data up to the next tag to `value`.
    private mutating func readText(_ text: Span<UInt8>) throws {
        while true {
            let stop = Marks.first(text, at..<text.count) { word in
                Marks.control(word) | Marks.equal(word, 0xef) | XMLText.escapes(word)
            }
            value.append(text.extracting(at..<stop))
            at = stop
            guard at < text.count else { throw fault("an element that ends in the middle") }
            switch text[at] {
            case UInt8(ascii: "<"): return
            case UInt8(ascii: "&"): try readReference(text)
            case 0x09, 0x0a:
                value.append(text[at])
                at += 1
            case 0xef where !XMLText.isNoncharacter(text, at, text.count):
                value.append(0xef)
                at += 1
            default: throw fault("a character that cannot stand in XML text")
            }
        }
    }

    private mutating func readReference(_ text: Span<UInt8>) throws {
        let end = Marks.first(text, at..<min(at + 12, text.count)) { Marks.equal($0, UInt8(ascii: ";")) }
        guard end < text.count, text[end] == UInt8(ascii: ";") else { throw fault("an open reference") }
        let name = text.extracting(at + 1..<end)
        let scalar: Unicode.Scalar? =
            if equal(name, "amp") {
                "&"
            } else if equal(name, "lt") {
                "<"
            } else if equal(name, "gt") {
                ">"
            } else if equal(name, "quot") {
                "\""
            } else if equal(name, "apos") {
                "'"
            } else {
                characterReference(name)
            }
        guard let scalar else { throw fault("a reference that the format does not have") }
        value.append(contentsOf: Array(String(scalar).utf8))
        at = end + 1
    }

    /// The character of `#10` or `#x0a`, if XML 1.0 allows it.
    private func characterReference(_ name: Span<UInt8>) -> Unicode.Scalar? {
        guard name.count >= 2, name[0] == UInt8(ascii: "#") else { return nil }
        let isHexadecimal = name[1] == UInt8(ascii: "x")
        let start = isHexadecimal ? 2 : 1
        let radix: UInt32 = isHexadecimal ? 16 : 10
        guard start < name.count else { return nil }
        var number: UInt32 = 0
        for index in start..<name.count {
            let digit: UInt8
            switch name[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = name[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f") where isHexadecimal: digit = name[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F") where isHexadecimal: digit = name[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            number = number * radix + UInt32(digit)
            if number > 0x10ffff { return nil }
        }
        switch number {
        case 0x09, 0x0a, 0x0d, 0x20...0xd7ff, 0xe000...0xfffd, 0x10000...0x10ffff: return Unicode.Scalar(number)
        default: return nil
        }
    }

    private func fault(_ message: StaticString) -> DecodingFault { DecodingFault(message: message, offset: at) }
}
