import PortabilityModel
import PortabilityText

/// Reads JSON Lines, and JSON files as ``JSONFileJoiner`` makes them: one record per line.
struct JSONRecordsDecoder: ~Copyable, DatasetDecoder {
    private enum State {
        /// Before `[`.
        case opening
        /// A record, or in an empty file `]`.
        case firstRecord
        case record
        /// After a record without a comma.
        case closing
        case done
    }

    private let isArray: Bool
    private let limit: Int
    private var state: State
    private var pending = PendingBytes()
    private var reader: JSONRecordReader
    private var builder: BatchBuilder

    init(isArray: Bool, layout: EntityLayout, dataset: Int, limits: BatchLimits) {
        self.isArray = isArray
        state = isArray ? .opening : .record
        limit = encodedLimit(limits)
        reader = JSONRecordReader(layout)
        builder = BatchBuilder(dataset: dataset, limits: limits)
    }

    mutating func feed(_ bytes: Span<UInt8>) throws {
        pending.append(bytes)
        while let line = pending.nextLine(where: { _, _ in true }) {
            do {
                try read(line.lowerBound..<line.upperBound - 1)
            } catch let fault as DecodingFault {
                throw pending.error(fault)
            }
            pending.consume(line)
        }
        if pending.count > limit {
            throw pending.error(
                DecodingFault(message: "a record is larger than the limit", offset: 0, code: .limit))
        }
    }

    private mutating func read(_ line: Range<Int>) throws {
        if !isArray {
            try readRecord(line)
            return
        }
        let all = pending.bytes
        let bytes = all.span
        switch state {
        case .opening:
            guard equal(bytes.extracting(line), "[") else {
                throw DecodingFault(message: "the file does not begin with `[` on a line of its own", offset: 0)
            }
            state = .firstRecord
        case .firstRecord, .record:
            if state == .firstRecord && equal(bytes.extracting(line), "]") {
                state = .done
            } else {
                let hasComma = !line.isEmpty && bytes[line.upperBound - 1] == UInt8(ascii: ",")
                try readRecord(line.lowerBound..<line.upperBound - (hasComma ? 1 : 0))
                state = hasComma ? .record : .closing
            }
        case .closing:
            guard equal(bytes.extracting(line), "]") else {
                throw DecodingFault(message: "neither a comma before this record nor the end of the list", offset: 0)
            }
            state = .done
        case .done:
            throw DecodingFault(message: "the file goes on after its end", offset: 0)
        }
    }

    private mutating func readRecord(_ line: Range<Int>) throws {
        let bytes = pending.bytes
        try reader.read(bytes.span.extracting(line), into: &builder)
    }

    mutating func finish() throws {
        if !pending.isEmpty || (isArray && state != .done) {
            throw pending.error(DecodingFault(message: "the file ends in the middle", offset: pending.count))
        }
    }

    mutating func take() -> RecordBatch? { builder.count == 0 ? nil : builder.take() }
}

/// Reads the JSON of one record back onto the tape.
///
/// Field order and types have to be those of the layout; spaces and needless escapes are let pass.
struct JSONRecordReader: ~Copyable {
    /// What is needed of a field: a copy of the layout's own takes its texts along.
    private struct Shape {
        let kind: ValueKind?
        let isList: Bool
        let group: Int
        /// Where the name lies in ``names``.
        let name: Range<Int>
    }

    private let shapes: [[Shape]]
    /// The names of all fields, one after the other.
    private let names: [UInt8]
    private var tokenizer = JSONTokenizer()
    private var values = ValueReader()
    private var scratch: [UInt8] = []

    init(_ layout: EntityLayout) {
        var names: [UInt8] = []
        shapes = layout.groups.map { group in
            group.fields.map { field in
                let start = names.count
                names.append(contentsOf: field.name.utf8)
                return Shape(
                    kind: field.kind, isList: field.isList, group: field.group, name: start..<names.count)
            }
        }
        self.names = names
    }

    mutating func read(_ text: Span<UInt8>, into builder: inout BatchBuilder) throws {
        if let fault = tokenizer.tokenize(text) { throw DecodingFault(fault) }
        guard tokenizer[0].kind == .object, tokenizer.count >= 3, tokenizer[2].kind == .string,
            equal(text.extracting(tokenizer[1].range), "record_id")
        else { throw DecodingFault(message: "a record does not begin with its record_id", offset: 0) }
        try unescape(tokenizer[2], text)
        builder.beginRecord(id: scratch.span, subject: [UInt8]().span)
        do {
            try readGroup(0, from: 3, to: tokenizer.count, text, &builder)
        } catch {
            builder.cancelRecord()
            throw error
        }
        try builder.endRecord()
    }

    /// Reads the members of an object, which are the fields of a group.
    private mutating func readGroup(
        _ group: Int, from first: Int, to end: Int, _ text: Span<UInt8>, _ builder: inout BatchBuilder
    ) throws {
        let shapes = shapes[group]
        let names = names
        var key = first
        var next = 0
        while key < end {
            let token = tokenizer[key]
            let name = text.extracting(token.range)
            if group == 0 && name.count == 5 && equal(name, "other") {
                try readOther(key + 1, text, &builder)
                key = Int(tokenizer[key + 1].next)
                guard key == end else { throw fault("a field after `other`", tokenizer[key]) }
                return
            }
            while next < shapes.count, !equal(name, names.span.extracting(shapes[next].name)) { next += 1 }
            guard next < shapes.count else {
                throw fault("a field that the entity does not have, or not in catalogue order", token)
            }
            try readField(shapes[next], next, key + 1, text, &builder)
            next += 1
            key = Int(tokenizer[key + 1].next)
        }
    }

    private mutating func readField(
        _ field: Shape, _ index: Int, _ value: Int, _ text: Span<UInt8>, _ builder: inout BatchBuilder
    ) throws {
        if !field.isList {
            try readValue(field, index, value, text, &builder)
            return
        }
        let token = tokenizer[value]
        guard token.kind == .array, Int(token.next) > value + 1 else { throw fault("not a list of values", token) }
        builder.beginList(index)
        var element = value + 1
        while element < Int(token.next) {
            try readValue(field, index, element, text, &builder)
            element = Int(tokenizer[element].next)
        }
        builder.endList()
    }

    private mutating func readValue(
        _ field: Shape, _ index: Int, _ value: Int, _ text: Span<UInt8>, _ builder: inout BatchBuilder
    ) throws {
        let token = tokenizer[value]
        guard let kind = field.kind else {
            guard token.kind == .object, Int(token.next) > value + 1 else {
                throw fault("not an object with fields", token)
            }
            builder.beginGroup(index)
            try readGroup(field.group, from: value + 1, to: Int(token.next), text, &builder)
            builder.endGroup()
            return
        }
        switch (kind, token.kind) {
        case (.json, _):
            try canonicalise(value, text)
            builder.value(index, .json, scratch.span)
        case (.boolean, .true), (.boolean, .false), (.integer, .number):
            try check(kind, text.extracting(token.range), token)
            builder.value(index, kind, text.extracting(token.range), clean: true)
        case (.boolean, _): throw fault("not a boolean", token)
        case (_, .string):
            if token.isEscaped {
                try unescape(token, text)
                let value = scratch
                try check(kind, value.span, token)
                builder.value(index, kind, value.span)
            } else {
                try check(kind, text.extracting(token.range), token)
                builder.value(index, kind, text.extracting(token.range), clean: true)
            }
        default: throw fault("a value that is not of its field's type", token)
        }
    }

    private mutating func readOther(_ value: Int, _ text: Span<UInt8>, _ builder: inout BatchBuilder) throws {
        let object = tokenizer[value]
        guard object.kind == .object, Int(object.next) > value + 1 else {
            throw fault("not an object with fields", object)
        }
        var last: [UInt8]?
        var key = value + 1
        while key < Int(object.next) {
            try unescape(tokenizer[key], text)
            let name = scratch
            if let last, !precedes(last.span, name.span) {
                throw fault("`other` fields that are not in the order of their names", tokenizer[key])
            }
            let token = tokenizer[key + 1]
            let type: OtherType
            switch token.kind {
            case .string:
                type = .string
                try unescape(token, text)
            case .number, .true, .false:
                type = token.kind == .number ? .integer : .boolean
                scratch.removeAll(keepingCapacity: true)
                scratch.append(text.extracting(token.range))
            case .object, .array:
                type = .json
                try canonicalise(key + 1, text)
            case .key, .null: throw fault("a value that `other` fields do not have", token)
            }
            let value = scratch
            guard values.isCanonical(type, value.span) else {
                throw fault("a value that `other` fields do not have", token)
            }
            builder.other(name.span, type.kind, value.span)
            key = Int(tokenizer[key + 1].next)
            last = name
        }
    }

    private mutating func check(_ kind: ValueKind, _ value: Span<UInt8>, _ token: JSONToken) throws {
        if !values.isCanonical(kind, value) { throw fault("a value that is not of its field's type", token) }
    }

    private mutating func unescape(_ token: JSONToken, _ text: Span<UInt8>) throws {
        scratch.removeAll(keepingCapacity: true)
        if tokenizer.appendValue(of: token, in: text, into: &scratch) > 0 { throw fault("a lone surrogate", token) }
    }

    private mutating func canonicalise(_ value: Int, _ text: Span<UInt8>) throws {
        scratch.removeAll(keepingCapacity: true)
        if tokenizer.appendCanonical(value, in: text, into: &scratch) > 0 {
            throw fault("a lone surrogate", tokenizer[value])
        }
    }

    private func fault(_ message: StaticString, _ token: JSONToken) -> DecodingFault {
        DecodingFault(message: message, offset: Int(token.offset))
    }
}

extension DecodingFault {
    fileprivate init(_ fault: JSONFault) {
        offset = fault.offset
        switch fault.reason {
        case .syntax: message = "not JSON"
        case .incomplete: message = "JSON that ends in the middle"
        case .invalidUTF8: message = "bytes that are not UTF-8"
        case .depth:
            message = "JSON that is nested too deep"
            code = .limit
        case .size:
            message = "a record with too many values"
            code = .limit
        }
    }
}
