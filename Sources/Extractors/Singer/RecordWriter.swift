import PortabilityModel
import PortabilityText
import SourceFiles

/// Writes the records of one dataset, of a stream's records those that are the subject's. Used by one task.
final class RecordWriter {
    private(set) var plan: RecordPlan
    private let configured: RecordPlan
    private let source: [UInt8]
    private let digest: DigestFactory
    /// False for a dataset that was not asked for, of which is only told whether it would take a record.
    let isWanted: Bool
    /// By match: the subject's values. Unique kinds first, each in the configured order.
    private let matches: [(match: RecordPlan.Match, values: [[UInt8]])]
    private let tenants: [[UInt8]]
    private var builder: BatchBuilder
    private var assembler: RecordAssembler
    private var repeated = RepeatedRecords()
    private var content: [UInt8] = []
    private var plain: [UInt8] = []
    private var key: [UInt8] = []
    private var name: [UInt8] = []
    private var owner: [UInt8] = []
    private var tenant: [UInt8] = []

    private(set) var count: Int64 = 0
    private var mistyped: [Int: Int64] = [:]
    private var invalidText: Int64 = 0
    private var unmapped: [[UInt8]: Int64] = [:]
    private var unmappedBeyond: Int64 = 0
    private var identical: Int64 = 0
    private var differing: Int64 = 0
    private var keyless: Int64 = 0
    private var structuredIdentifiers: Int64 = 0

    /// The record's top-level names that the stream's schema has: names of programs, which may be told.
    var schemaNames: Set<[UInt8]> = []

    /// - Parameter ordinal: the dataset's place in the request; nil if it was not asked for.
    init(
        _ plan: RecordPlan, ordinal: Int?, subject: SubjectKeys, context: ExtractionContext,
        digest: @escaping DigestFactory
    ) {
        self.plan = plan
        configured = plan
        source = Array(context.source.utf8)
        self.digest = digest
        let matches = plan.matches.map { match in (match, subject[match.kind].map { Array($0.utf8) }) }
        self.matches = matches.filter { $0.0.isUnique } + matches.filter { !$0.0.isUnique }
        tenants = plan.tenantKind.map { subject[$0].map { Array($0.utf8) } } ?? []
        isWanted = ordinal != nil
        builder = BatchBuilder(dataset: ordinal ?? 0, limits: context.batchLimits)
        assembler = RecordAssembler(layout: plan.layout)
    }

    var isFull: Bool { builder.isFull }
    var isEmpty: Bool { builder.count == 0 }
    func take() -> RecordBatch { builder.take() }

    /// Takes over what a SCHEMA says.
    func take(keyProperties: [[UInt8]], names: Set<[UInt8]>) {
        plan = configured.with(keyProperties: keyProperties)
        schemaNames = names
    }

    /// What a record is to the dataset.
    enum Verdict { case another, untaken, taken }

    /// Writes a record if it is the subject's.
    ///
    /// - Parameters:
    ///   - record: The token of the record, an object.
    ///   - position: Where its line begins in the tap's output.
    func write(
        _ record: Int, _ tokenizer: inout JSONTokenizer, text: Span<UInt8>, position: Int64
    ) throws -> Verdict {
        guard let match = owner(of: record, tokenizer, text) else { return .another }
        if let path = plan.tenant {
            let found = scalar(path, of: record, tokenizer, text, &tenant)
            if case .structured = found { structuredIdentifiers += 1 }
            guard case .scalar = found, tenants.contains(tenant) else { return .another }
        }
        if let filter = plan.filter {
            let found = scalar(filter.path, of: record, tokenizer, text, &plain)
            if case .structured = found, isWanted {
                structuredIdentifiers += 1
                return .another
            }
            guard case .scalar = found, filter.values.contains(plain) else { return .untaken }
        }
        guard isWanted else { return .taken }
        content.removeAll(keepingCapacity: true)
        let surrogates = tokenizer.appendCanonical(record, in: text, into: &content)
        guard identify(record, tokenizer, text) else { return .taken }
        invalidText += Int64(surrogates)
        assembler.reset()
        name.removeAll(keepingCapacity: true)
        walk(record, node: 0, isCovered: false, depth: 0, &tokenizer, text)
        let key = key
        let owner = owner
        let tenant = tenant
        if plan.tenant == nil {
            builder.beginRecord(
                id: key.span, subject: owner.span, subjectKind: match, position: UInt64(position))
        } else {
            builder.beginRecord(
                id: key.span, subject: owner.span, subjectKind: match, tenant: tenant.span,
                position: UInt64(position))
        }
        assembler.emit(into: &builder)
        try builder.endRecord()
        invalidText += Int64(assembler.invalidText)
        count += 1
        return .taken
    }

    // MARK: whose, and which

    /// The kind of identifier by which a record is the subject's, with the value in ``owner``; nil if it is not.
    ///
    /// The first unique kind of which the subject has values and the record one decides; a record without any unique
    /// identifier is the subject's if another fits.
    private func owner(of record: Int, _ tokenizer: borrowing JSONTokenizer, _ text: Span<UInt8>) -> Int? {
        var namesSomeone = false
        for (match, values) in matches {
            if !match.isUnique, namesSomeone { return nil }
            switch scalar(match.path, of: record, tokenizer, text, &owner) {
            case .absent: continue
            case .structured:
                structuredIdentifiers += 1
                return nil
            case .scalar:
                if values.contains(owner) { return match.index }
                if match.isUnique {
                    if !values.isEmpty { return nil }
                    namesSomeone = true
                }
            }
        }
        return nil
    }

    private enum Found {
        case absent, scalar
        /// A list or an object stands where a value should, or the path meets a list or a value on its way.
        case structured
    }

    /// Puts the text at a path into `out`. Of equal names in an object the last counts. Null and empty are absent.
    private func scalar(
        _ path: RecordPath, of record: Int, _ tokenizer: borrowing JSONTokenizer, _ text: Span<UInt8>,
        _ out: inout [UInt8]
    ) -> Found {
        var index = record
        for part in path.names {
            let token = tokenizer[index]
            guard token.kind == .object else {
                return token.kind == .null || token.kind == .string && token.length == 0 ? .absent : .structured
            }
            guard let value = tokenizer.member(part, of: index, in: text) else { return .absent }
            index = value
        }
        let token = tokenizer[index]
        switch token.kind {
        case .null, .key: return .absent
        case .object, .array: return .structured
        case .string, .number, .true, .false:
            if token.length == 0 { return .absent }
            out.removeAll(keepingCapacity: true)
            _ = tokenizer.appendValue(of: token, in: text, into: &out)
            return .scalar
        }
    }

    /// Makes the record's id, in ``key``; false if the same record came before.
    ///
    /// The values of the key's fields, joined by `/` if they are several, with `~` as `~0` and `/` as `~1` in each (as
    /// in RFC 6901). Where a field of the key is missing, and where there is no key: 128 bits of SHA-256 over the
    /// source's id, a zero byte, the stream, a zero byte, the record as canonical JSON, and its ordinal among identical
    /// ones (eight bytes, most significant first).
    private func identify(_ record: Int, _ tokenizer: borrowing JSONTokenizer, _ text: Span<UInt8>) -> Bool {
        key.removeAll(keepingCapacity: true)
        var isWhole = !plan.recordID.isEmpty
        for (index, path) in plan.recordID.enumerated() {
            guard case .scalar = scalar(path, of: record, tokenizer, text, &plain) else {
                isWhole = false
                break
            }
            if index > 0 { key.append(UInt8(ascii: "/")) }
            if plan.recordID.count == 1 {
                key += plain
            } else {
                for byte in plain {
                    switch byte {
                    case UInt8(ascii: "~"): key += "~0".utf8
                    case UInt8(ascii: "/"): key += "~1".utf8
                    default: key.append(byte)
                    }
                }
            }
        }
        let contentDigest = RepeatedRecords.Digest(hash(0))
        guard isWhole else {
            if !plan.recordID.isEmpty { keyless += 1 }
            let before = repeated.count(contentDigest)
            key = Array(hexadecimal(Array(hash(UInt64(before)).prefix(16))).utf8)
            return true
        }
        let own = digestOfKey()
        switch repeated.note(key: own, content: contentDigest) {
        case .new: return true
        case .same:
            identical += 1
            return false
        case .other(var ordinal):
            differing += 1
            // A record may have been given the marked key by its source.
            let length = key.count
            while true {
                key += "#\(ordinal)".utf8
                if repeated.claim(digestOfKey(), content: contentDigest) { break }
                key.removeLast(key.count - length)
                ordinal += 1
            }
            repeated.settle(own, at: ordinal)
            return true
        }
    }

    private func digestOfKey() -> RepeatedRecords.Digest {
        var state = digest()
        let text = key
        state.update(text.span)
        return RepeatedRecords.Digest(state.value())
    }

    private func hash(_ ordinal: UInt64) -> [UInt8] {
        var state = digest()
        let head = source + [0] + Array(plan.stream.utf8) + [0]
        let body = content
        let tail = (0..<8).map { UInt8(truncatingIfNeeded: ordinal >> (56 - 8 * UInt64($0))) }
        state.update(head.span)
        state.update(body.span)
        state.update(tail.span)
        return state.value()
    }

    // MARK: values

    /// Objects deeper than this that the configuration does not look into are carried as they are.
    private static let depth = 16
    /// Names that are told one by one: a hostile tap has a new one in every record.
    private static let unmappedLimit = 1000

    /// Puts the members of an object into the assembler.
    private func walk(
        _ object: Int, node: Int?, isCovered: Bool, depth: Int, _ tokenizer: inout JSONTokenizer, _ text: Span<UInt8>
    ) {
        var index = object + 1
        let end = Int(tokenizer[object].next)
        while index < end {
            let token = tokenizer[index]
            let value = index + 1
            index = Int(tokenizer[value].next)
            if token.isSuperseded { continue }
            let length = name.count
            if length > 0 { name.append(UInt8(ascii: ".")) }
            let start = name.count
            _ = tokenizer.appendValue(of: token, in: text, into: &name)
            let child = node.flatMap { plan.child(name[start...], of: $0) }
            put(value, child, isCovered: isCovered, depth: depth, &tokenizer, text)
            name.removeLast(name.count - length)
        }
    }

    private func put(
        _ value: Int, _ node: Int?, isCovered: Bool, depth: Int, _ tokenizer: inout JSONTokenizer, _ text: Span<UInt8>
    ) {
        var isCovered = isCovered
        var looksInside = depth < Self.depth
        if let node {
            let known = plan.nodes[node]
            if known.isExcluded { return }
            for slot in known.slots { set(slot, value, &tokenizer, text) }
            isCovered = isCovered || known.isKey || !known.slots.isEmpty
            looksInside = looksInside || !known.children.isEmpty
            if isCovered, known.children.isEmpty { return }
        } else if isCovered {
            return
        }
        let token = tokenizer[value]
        if token.kind == .object, Int(token.next) > value + 1, looksInside {
            walk(value, node: node, isCovered: isCovered, depth: depth + 1, &tokenizer, text)
        } else if !isCovered, carry(value, as: name, &tokenizer, text) {
            let top = Array(name.prefix { $0 != UInt8(ascii: ".") })
            if unmapped.count < Self.unmappedLimit || unmapped[top] != nil, schemaNames.contains(top),
                isTellable(top)
            {
                unmapped[top, default: 0] += 1
            } else {
                unmappedBeyond += 1
            }
        }
    }

    /// Gives a field the value of a token; a list field that of each element.
    private func set(_ slot: Int, _ value: Int, _ tokenizer: inout JSONTokenizer, _ text: Span<UInt8>) {
        let target = plan.slots[slot]
        var group = 0
        for field in target.groups { group = assembler.group(group, field) }
        guard target.isList, tokenizer[value].kind == .array else {
            set(slot, target, group, value, place: 0, &tokenizer, text)
            return
        }
        var place = 0
        var element = value + 1
        while element < Int(tokenizer[value].next) {
            place += 1
            set(slot, target, group, element, place: place, &tokenizer, text)
            element = Int(tokenizer[element].next)
        }
    }

    private func set(
        _ slot: Int, _ target: RecordPlan.Slot, _ group: Int, _ value: Int, place: Int,
        _ tokenizer: inout JSONTokenizer, _ text: Span<UInt8>
    ) {
        let token = tokenizer[value]
        if token.kind == .null || token.length == 0 && token.kind == .string { return }
        let before = assembler.mistyped
        if target.kind == .json {
            var canonical: [UInt8] = []
            _ = tokenizer.appendCanonical(value, in: text, into: &canonical)
            assembler.set(group, target.field, canonical.span)
        } else if token.kind == .object || token.kind == .array {
            mistyped[slot, default: 0] += 1
            let path = Array((place > 0 ? "\(target.name)[\(place)]" : target.name).utf8)
            _ = carry(value, as: path, &tokenizer, text)
        } else if token.isEscaped {
            let plain = unescaped(token, tokenizer, text)
            assembler.set(group, target.field, plain.span)
        } else {
            assembler.set(group, target.field, text.extracting(token.range))
        }
        if assembler.mistyped > before { mistyped[slot, default: 0] += 1 }
    }

    private func unescaped(
        _ token: JSONToken, _ tokenizer: borrowing JSONTokenizer, _ text: Span<UInt8>
    ) -> [UInt8] {
        var plain: [UInt8] = []
        _ = tokenizer.appendValue(of: token, in: text, into: &plain)
        return plain
    }

    /// Adds a value to the `other` fields; false if it is absent.
    private func carry(
        _ value: Int, as path: [UInt8], _ tokenizer: inout JSONTokenizer, _ text: Span<UInt8>
    ) -> Bool {
        let name = path.span
        let token = tokenizer[value]
        let raw = text.extracting(token.range)
        switch token.kind {
        case .null, .key: return false
        case .string:
            if raw.isEmpty { return false }
            if token.isEscaped {
                let plain = unescaped(token, tokenizer, text)
                assembler.other(name, .string, plain.span)
            } else {
                assembler.other(name, .string, raw)
            }
        case .number: assembler.other(name, token.hasFraction ? .decimal : .integer, raw)
        case .true, .false: assembler.other(name, .boolean, raw)
        case .object, .array: assembler.other(name, .json, raw)
        }
        return true
    }

    // MARK: what was noticed

    /// Findings, fields in the order of the configuration and of their names' bytes.
    func findings() -> [Finding] {
        guard isWanted else { return [] }
        let place = PortabilityError.Place(source: String(decoding: source, as: UTF8.self), dataset: plan.id)
        var findings: [Finding] = []
        func note(_ kind: Finding.Kind, _ message: String, _ count: Int64, losesRecords: Bool? = nil) {
            if count == 0 { return }
            findings.append(Finding(kind, message, at: place, count: count, losesRecords: losesRecords))
        }
        for (slot, target) in plan.slots.enumerated() {
            guard let count = mistyped[slot] else { continue }
            findings.append(
                Finding(
                    .mistyped, "values that do not fit the field's type are carried as `other` fields",
                    at: place.with(field: target.name), count: count))
        }
        for (name, count) in unmapped.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            findings.append(
                Finding(
                    .unmapped, "a field of the stream that is not mapped is carried as an `other` field",
                    at: place.with(field: String(decoding: name, as: UTF8.self)), count: count))
        }
        note(
            .unmapped, "further fields that are not mapped are carried as `other` fields",
            unmappedBeyond)
        note(
            .nonconforming,
            "records with an object, a list or a path that ends too early where an identifier should be were given to "
                + "nobody",
            structuredIdentifiers, losesRecords: true)
        note(.nonconforming, "the tap gave the same record more than once; it is in the archive once", identical)
        note(
            .nonconforming,
            "the tap gave different records under one key; all are in the archive, the later marked #2, #3 and so on",
            differing)
        note(.nonconforming, "records without a value in their key got a computed one", keyless)
        note(.invalidText, "text that is not valid Unicode was replaced by U+FFFD", invalidText)
        return findings
    }

    /// Drift of the stream's schema from what the configuration names.
    func drift(from names: Set<[UInt8]>, source: String) -> [Finding] {
        isWanted ? MessageReader.drift(of: plan, from: names, source: source) : []
    }

    /// Counts places that were repaired in a line before it was read.
    func noteRepaired(_ count: Int) { invalidText += Int64(count) }
}

extension JSONTokenizer {
    /// The token of a member's value, of equal names the last; nil if there is none.
    func member(_ name: [UInt8], of object: Int, in text: Span<UInt8>) -> Int? {
        var found: Int?
        var index = object + 1
        let end = Int(self[object].next)
        while index < end {
            let key = self[index]
            if key.isEscaped {
                var plain: [UInt8] = []
                _ = appendValue(of: key, in: text, into: &plain)
                if plain == name { found = index + 1 }
            } else if isEqual(text.extracting(key.range), name) {
                found = index + 1
            }
            index = Int(self[index + 1].next)
        }
        return found
    }
}
