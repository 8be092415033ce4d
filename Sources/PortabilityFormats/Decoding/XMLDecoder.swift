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
    /// What is needed of a field: a copy of the layout's own takes its texts along.
    private struct Shape {
        let kind: ValueKind?
        let isList: Bool
        let group: Int
        let isText: Bool
        let tag: Tag
    }

    /// Where `<name>` begins in the tags; `</name>` follows.
    private struct Tag {
        let start: Int
        let length: Int

        /// Without `>`, behind which an attribute may stand.
        var opening: Range<Int> { start..<start + length + 1 }
        var closing: Range<Int> { start + length + 2..<start + 2 * length + 5 }
    }

    private let shapes: [[Shape]]
    private let tags: [UInt8]
    private let recordID: Tag
    private let other: (element: Tag, name: Tag, type: Tag, value: Tag)
    private var values = ValueReader()
    /// Where the value that was read last lies in the text; nil if it is spelt otherwise there, and in ``value``.
    private var place: Range<Int>?
    private var value: [UInt8] = []
    private var at = 0

    init(_ layout: EntityLayout) {
        var tags: [UInt8] = []
        func tag(_ name: String) -> Tag {
            let start = tags.count
            tags.append(contentsOf: "<\(name)></\(name)>".utf8)
            return Tag(start: start, length: name.utf8.count)
        }
        shapes = layout.groups.map { group in
            group.fields.map { field in
                Shape(
                    kind: field.kind, isList: field.isList, group: field.group,
                    isText: field.kind.map(XMLText.mayBeEncoded) ?? false, tag: tag(field.name))
            }
        }
        recordID = tag("record_id")
        other = (tag("other"), tag("name"), tag("type"), tag("value"))
        self.tags = tags
    }

    mutating func read(_ text: Span<UInt8>, into builder: inout BatchBuilder) throws {
        guard isValidUTF8(text) else { throw DecodingFault(message: "bytes that are not UTF-8", offset: 0) }
        at = 0
        try expect("<record>", text)
        try readElement(recordID, isText: true, text)
        if let place {
            builder.beginRecord(id: text.extracting(place), subject: [UInt8]().span)
        } else {
            builder.beginRecord(id: value.span, subject: [UInt8]().span)
        }
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
        let shapes = shapes[group]
        for index in shapes.indices {
            let shape = shapes[index]
            guard isOpening(shape.tag, text) else { continue }
            if !shape.isList {
                try readField(shape, index, text, &builder)
                continue
            }
            builder.beginList(index)
            repeat {
                try readField(shape, index, text, &builder)
            } while isOpening(shape.tag, text)
            builder.endList()
        }
        return at > start
    }

    private mutating func readField(
        _ shape: Shape, _ index: Int, _ text: Span<UInt8>, _ builder: inout BatchBuilder
    ) throws {
        if let kind = shape.kind {
            try readElement(shape.tag, isText: shape.isText, text)
            if let place {
                try put(text.extracting(place), kind, index, &builder)
            } else {
                let value = value
                try put(value.span, kind, index, &builder)
            }
            return
        }
        try expectOpening(shape.tag, text)
        builder.beginGroup(index)
        guard try readGroup(shape.group, text, &builder) else { throw fault("an element without fields") }
        builder.endGroup()
        try expectClosing(shape.tag, text)
    }

    @inline(__always)
    private mutating func put(
        _ text: Span<UInt8>, _ kind: ValueKind, _ index: Int, _ builder: inout BatchBuilder
    ) throws {
        guard values.isCanonical(kind, text) else { throw fault("a value that is not of its field's type") }
        builder.value(index, kind, text)
    }

    private mutating func readOthers(_ text: Span<UInt8>, _ builder: inout BatchBuilder) throws {
        var last: [UInt8]?
        while isOpening(other.element, text) {
            try expectOpening(other.element, text)
            try readElement(other.name, isText: true, text)
            takeValue(text)
            let name = value
            if let last, !precedes(last.span, name.span) {
                throw fault("`other` fields that are not in the order of their names")
            }
            try readElement(other.type, isText: false, text)
            takeValue(text)
            guard let type = OtherType(value.span) else { throw fault("a type that `other` fields do not have") }
            try readElement(other.value, isText: true, text)
            takeValue(text)
            let value = value
            guard values.isCanonical(type, value.span) else {
                throw fault("a value that `other` fields do not have")
            }
            builder.other(name.span, type.kind, value.span)
            try expectClosing(other.element, text)
            last = name
        }
    }

    /// Puts the value that was read last into ``value``.
    private mutating func takeValue(_ text: Span<UInt8>) {
        guard let place else { return }
        value.removeAll(keepingCapacity: true)
        value.append(text.extracting(place))
    }

    @inline(__always)
    private func holds(_ part: Range<Int>, _ text: Span<UInt8>) -> Bool {
        at + part.count <= text.count && equal(text.extracting(at..<at + part.count), tags.span.extracting(part))
    }

    /// True if a start tag of the name stands here, with or without an attribute.
    private func isOpening(_ tag: Tag, _ text: Span<UInt8>) -> Bool {
        let end = at + tag.length + 1
        guard end < text.count, text[end] == UInt8(ascii: ">") || text[end] == UInt8(ascii: " ") else { return false }
        return holds(tag.opening, text)
    }

    private mutating func expectOpening(_ tag: Tag, _ text: Span<UInt8>) throws {
        guard isOpening(tag, text), text[at + 1 + tag.length] == UInt8(ascii: ">") else {
            throw fault("not the start tag that the entity has here")
        }
        at += tag.length + 2
    }

    private mutating func expectClosing(_ tag: Tag, _ text: Span<UInt8>) throws {
        guard holds(tag.closing, text) else { throw fault("not the end tag that belongs here") }
        at += tag.length + 3
    }

    private mutating func expect(_ literal: StaticString, _ text: Span<UInt8>) throws {
        let end = at + literal.utf8CodeUnitCount
        guard end <= text.count, equal(text.extracting(at..<end), literal) else {
            throw fault("not what the format has here")
        }
        at = end
    }

    /// Reads an element that holds text; it then lies at ``place`` or in ``value``.
    private mutating func readElement(_ tag: Tag, isText: Bool, _ text: Span<UInt8>) throws {
        guard isOpening(tag, text) else { throw fault("not the start tag that the entity has here") }
        at += tag.length + 1
        let isEncoded = text[at] == UInt8(ascii: " ")
        if isEncoded {
            guard isText else { throw fault("an attribute that the element cannot have") }
            try expect(" encoding=\"json\">", text)
        } else {
            at += 1
        }
        let stop = Self.plainEnd(text, at)
        if !isEncoded, stop < text.count, text[stop] == UInt8(ascii: "<") {
            place = at..<stop
            at = stop
        } else {
            place = nil
            value.removeAll(keepingCapacity: true)
            try readText(text)
            if isEncoded {
                var plain: [UInt8] = []
                let encoded = value
                guard values.appendUnescaped(encoded.span, into: &plain) else {
                    throw fault("text that is not encoded")
                }
                value = plain
            }
        }
        try expectClosing(tag, text)
    }

    /// Up to where the text stands for itself.
    @inline(__always)
    private static func plainEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
        Marks.first(text, start..<text.count) { word in
            Marks.control(word) | Marks.equal(word, 0xef) | XMLText.escapes(word)
        }
    }

    /// Appends character data up to the next tag to `value`.
    private mutating func readText(_ text: Span<UInt8>) throws {
        while true {
            let stop = Self.plainEnd(text, at)
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
