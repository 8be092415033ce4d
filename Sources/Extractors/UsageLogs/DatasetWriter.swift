import PortabilityModel
import PortabilityText
import SourceFiles

/// Holds the ``DatasetTape`` of a dataset, since a list cannot hold values that cannot be copied. Used by one task.
final class DatasetWriter {
    var tape: DatasetTape

    init(_ tape: consuming DatasetTape) { self.tape = tape }
}

/// Writes the records of one dataset.
struct DatasetTape: ~Copyable {
    struct Entry {
        var node: PathTree.Index
        /// The token of the value.
        var token: Int
        /// True for an object whose members are entries themselves.
        var isOpened: Bool
    }

    /// What the tape says of a record beside its values.
    struct Head {
        var id: [UInt8]
        var subject: [UInt8]
        var subjectKind: Int
        var tenant: [UInt8]?
        var file: Int
        var position: UInt64
    }

    /// Index in the plan.
    let dataset: Int
    private let plan: Plan.Dataset
    private let datasets: Int
    private let sharedSlots: [Int]
    private var builder: BatchBuilder
    /// For `other` fields, which it sorts and numbers.
    private var others: RecordAssembler
    /// The value's token of each field, -1 if there is none.
    private var slots: [Int]
    private var scratch: [UInt8] = []
    private(set) var count: Int64 = 0
    private(set) var mistyped: [Int: Int64] = [:]
    private(set) var invalidText: Int64 = 0
    private(set) var unmapped = UnmappedNames()

    init(dataset: Int, plan: Plan, ordinal: Int, limits: BatchLimits) {
        self.dataset = dataset
        self.plan = plan.datasets[dataset]
        datasets = plan.datasets.count
        sharedSlots = plan.sharedSlots(dataset)
        builder = BatchBuilder(dataset: ordinal, limits: limits)
        others = RecordAssembler(layout: plan.datasets[dataset].layout)
        slots = [Int](repeating: -1, count: sharedSlots.count)
    }

    var isFull: Bool { builder.isFull }
    var isEmpty: Bool { builder.count == 0 }
    mutating func take() -> RecordBatch { builder.take() }

    /// Writes one record; true if the batch is full then.
    mutating func write(
        _ present: [Entry], of tree: borrowing PathTree, _ tokenizer: inout JSONTokenizer, text: Span<UInt8>,
        head: Head
    ) throws -> Bool {
        for index in slots.indices { slots[index] = -1 }
        var hasOthers = false
        let names = tree.bytes
        // Moved out, so that its span can be used while the builder changes.
        var scratch: [UInt8] = []
        swap(&scratch, &self.scratch)
        defer { swap(&scratch, &self.scratch) }
        for entry in present {
            let role = tree.roles[Int(entry.node) * datasets + dataset]
            if role >= 0 {
                if slots[Int(role)] < 0 {
                    slots[Int(role)] = entry.token
                    continue
                }
            } else if role != PathTree.Role.unmapped || entry.isOpened {
                continue
            }
            let path = tree.nodes[Int(entry.node)].path
            if carry(entry.token, as: names.span.extracting(path), &tokenizer, text, &scratch) {
                hasOthers = true
                if role < 0 { unmapped.note(names.span.extracting(path)) }
            }
        }
        if let tenant = head.tenant {
            builder.beginRecord(
                id: head.id.span, subject: head.subject.span, subjectKind: head.subjectKind, tenant: tenant.span,
                file: head.file, position: head.position)
        } else {
            builder.beginRecord(
                id: head.id.span, subject: head.subject.span, subjectKind: head.subjectKind, file: head.file,
                position: head.position)
        }
        for step in plan.steps {
            switch step {
            case .begin(let field): builder.beginGroup(field)
            case .end: builder.endGroup()
            case .constant(let field, let kind, let index):
                let value = plan.constants[index]
                builder.value(field, kind, value.span)
            case .value(let field, let kind, let isList, let slot):
                let token = slots[sharedSlots[slot]]
                if token < 0 { continue }
                if isList {
                    if putList(field, kind, token, slot, &tokenizer, text, &scratch) { hasOthers = true }
                } else if !put(field, kind, token, &tokenizer, text, &scratch) {
                    mistyped[slot, default: 0] += 1
                    hasOthers = true
                    let path = plan.fields[slot].field
                    _ = carry(token, as: path.span, &tokenizer, text, &scratch)
                }
            }
        }
        if hasOthers {
            others.emit(into: &builder)
            invalidText += Int64(others.invalidText)
            others.reset()
        }
        try builder.endRecord()
        count += 1
        return builder.isFull
    }

    /// Adds a value to the `other` fields; false if it is absent.
    private mutating func carry(
        _ index: Int, as name: Span<UInt8>, _ tokenizer: inout JSONTokenizer, _ text: Span<UInt8>,
        _ scratch: inout [UInt8]
    ) -> Bool {
        let token = tokenizer[index]
        let raw = text.extracting(token.range)
        switch token.kind {
        case .null, .key: return false
        case .string:
            if raw.isEmpty { return false }
            if token.isEscaped {
                scratch.removeAll(keepingCapacity: true)
                invalidText += Int64(tokenizer.appendValue(of: token, in: text, into: &scratch))
                others.other(name, .string, scratch.span)
            } else {
                others.other(name, .string, raw)
            }
        case .number: others.other(name, token.hasFraction ? .decimal : .integer, raw)
        case .true, .false: others.other(name, .boolean, raw)
        case .object, .array: others.other(name, .json, raw)
        }
        return true
    }

    /// Puts a value onto the tape; false, and nothing put, if it does not fit. Null and empty are absent.
    private mutating func put(
        _ field: Int, _ kind: ValueKind, _ index: Int, _ tokenizer: inout JSONTokenizer, _ text: Span<UInt8>,
        _ scratch: inout [UInt8]
    ) -> Bool {
        let token = tokenizer[index]
        if token.kind == .null || token.length == 0 { return true }
        if kind == .json {
            scratch.removeAll(keepingCapacity: true)
            invalidText += Int64(tokenizer.appendCanonical(index, in: text, into: &scratch))
            builder.value(field, kind, scratch.span)
            return true
        }
        if token.kind == .object || token.kind == .array { return false }
        let raw = text.extracting(token.range)
        if kind == .string || kind == .reference {
            if token.isEscaped {
                scratch.removeAll(keepingCapacity: true)
                invalidText += Int64(tokenizer.appendValue(of: token, in: text, into: &scratch))
                builder.value(field, kind, scratch.span)
            } else {
                builder.value(field, kind, raw, clean: true)
            }
            return true
        }
        if kind == .integer, token.kind == .number, !token.hasFraction, raw[0] != UInt8(ascii: "-"), raw.count < 4096 {
            // A JSON number without sign is in canonical spelling already.
            builder.value(field, kind, raw, clean: true)
            return true
        }
        scratch.removeAll(keepingCapacity: true)
        let fits: Bool
        if token.isEscaped {
            var plain: [UInt8] = []
            _ = tokenizer.appendValue(of: token, in: text, into: &plain)
            fits = Canonical.append(kind, from: plain.span, into: &scratch)
        } else {
            fits = Canonical.append(kind, from: raw, into: &scratch)
        }
        if fits { builder.value(field, kind, scratch.span, clean: true) }
        return fits
    }

    /// Puts an array, or a single value, onto the tape as a list; true if something of it went to the `other` fields.
    private mutating func putList(
        _ field: Int, _ kind: ValueKind, _ index: Int, _ slot: Int, _ tokenizer: inout JSONTokenizer,
        _ text: Span<UInt8>, _ scratch: inout [UInt8]
    ) -> Bool {
        builder.beginList(field)
        var hasMisfits = false
        var place = 0
        let isArray = tokenizer[index].kind == .array
        let end = Int(tokenizer[index].next)
        var element = isArray ? index + 1 : index
        while element < end {
            place += 1
            if !put(field, kind, element, &tokenizer, text, &scratch) {
                mistyped[slot, default: 0] += 1
                hasMisfits = true
                let path = plan.fields[slot].field + "[\(place)]".utf8
                _ = carry(element, as: path.span, &tokenizer, text, &scratch)
            }
            element = Int(tokenizer[element].next)
        }
        builder.endList()
        return hasMisfits
    }

    /// What was noticed, fields in the configured order.
    func findings(source: String) -> [Finding] {
        let place = PortabilityError.Place(source: source, dataset: plan.id)
        var findings: [Finding] = []
        for (slot, field) in plan.fields.enumerated() {
            guard let count = mistyped[slot] else { continue }
            findings.append(
                Finding(
                    .mistyped, "values that do not fit the field's type are carried as `other` fields",
                    at: place.with(field: String(decoding: field.field, as: UTF8.self)), count: count))
        }
        findings += unmapped.findings(at: place)
        if invalidText > 0 {
            findings.append(
                Finding(
                    .invalidText, "halves of surrogate pairs were replaced by U+FFFD", at: place, count: invalidText))
        }
        return findings
    }
}

/// Names of the log that the configuration neither maps nor excludes.
struct UnmappedNames {
    /// Names that are told one by one.
    private static let limit = 1000

    private var names: [(name: [UInt8], count: Int64)] = []
    private var indices: [[UInt8]: Int] = [:]
    private var untold: Int64 = 0
    /// Where the next name is expected, since most lines repeat the names of the one before.
    private var expected = 0

    /// Notes that a record has a name.
    mutating func note(_ name: Span<UInt8>) {
        if expected >= names.count { expected = 0 }
        if expected < names.count, isName(expected, name) {
            names[expected].count += 1
            expected += 1
            return
        }
        let key = name.withUnsafeBufferPointer { Array($0) }
        if let index = indices[key] {
            names[index].count += 1
            expected = index + 1
        } else if names.count < Self.limit, isTellable(key) {
            indices[key] = names.count
            names.append((key, 1))
            expected = names.count
        } else {
            untold += 1
        }
    }

    private func isName(_ index: Int, _ name: Span<UInt8>) -> Bool {
        let count = names[index].name.count
        if count != name.count { return false }
        return names[index].name.withUnsafeBytes { known in
            name.withUnsafeBytes { other in
                guard let left = known.baseAddress, let right = other.baseAddress else { return true }
                return isEqual(left, right, count)
            }
        }
    }

    func findings(at place: PortabilityError.Place) -> [Finding] {
        var findings = names.map { name, count in
            Finding(
                .unmapped, "a name of the log that is not mapped is carried as an `other` field",
                at: place.with(field: String(decoding: name, as: UTF8.self)), count: count)
        }
        if untold > 0 {
            findings.append(
                Finding(
                    .unmapped, "further names of the log that are not mapped are carried as `other` fields", at: place,
                    count: untold))
        }
        return findings
    }
}
