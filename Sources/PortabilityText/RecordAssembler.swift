public import PortabilityModel

/// Collects one record's values in any order and emits them onto the tape in catalogue order.
///
/// For sources whose order of values is not the catalogue's: columns of a query, elements of a document. Values are
/// converted to the canonical spelling of their field; what does not fit is carried as text among the `other` fields
/// and counted. Its memory is that of the largest record so far and is used again.
public struct RecordAssembler: ~Copyable {
    /// A group of the record that is being assembled; 0 is the record itself.
    public typealias Node = Int

    /// A value, a nested group, or the place of a list element that did not fit.
    private struct Entry {
        var next: Int32 = -1
        /// The nested group, -1 for a value.
        var node: Int32 = -1
        var kind: ValueKind
        var isClean: Bool
        var value: Range<Int>
    }

    private struct Group {
        /// Index in the layout's groups.
        var group: Int
        /// The enclosing node, its field, and the 1-based place in a list (0 if it is none): what a path is made of.
        var parent: Node
        var field: Int
        var place: Int
        /// Where its fields' chains are in ``heads``.
        var slots: Int
    }

    private struct Other {
        var name: Range<Int>
        /// 2 if the name is that of a field which has its value, so that it may not be used without a number.
        var ordinal: Int
        var kind: ValueKind
        var isClean: Bool
        var value: Range<Int>
    }

    private let layout: EntityLayout
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    private var nodes: [Group] = []
    /// First and last entry of each field of each node, -1 if it has none.
    private var heads: [Int32] = []
    private var tails: [Int32] = []
    private var others: [Other] = []
    private var tokenizer = JSONTokenizer()

    /// Values of this record that did not fit the type of their field.
    public private(set) var mistyped = 0
    /// Places of this record's text that were not valid UTF-8 (or lone surrogates in JSON), replaced by U+FFFD.
    public private(set) var invalidText = 0

    /// Makes an assembler for records of one entity, ready for the first.
    public init(layout: EntityLayout) {
        self.layout = layout
        reset()
    }

    /// Forgets the record and begins the next.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        others.removeAll(keepingCapacity: true)
        mistyped = 0
        invalidText = 0
        // A record of nothing but `other` fields leaves the rest as it was.
        if nodes.count == 1, entries.isEmpty { return }
        entries.removeAll(keepingCapacity: true)
        nodes.removeAll(keepingCapacity: true)
        heads.removeAll(keepingCapacity: true)
        tails.removeAll(keepingCapacity: true)
        _ = addNode(group: 0, parent: 0, field: 0, place: 0)
    }

    private mutating func addNode(group: Int, parent: Node, field: Int, place: Int) -> Node {
        nodes.append(Group(group: group, parent: parent, field: field, place: place, slots: heads.count))
        let count = layout.groups[group].fields.count
        heads.append(contentsOf: repeatElement(-1, count: count))
        tails.append(contentsOf: repeatElement(-1, count: count))
        return nodes.count - 1
    }

    private func definition(_ node: Node, _ field: Int) -> EntityLayout.Field {
        layout.groups[nodes[node].group].fields[field]
    }

    // Without a copy of the definition, which would count references to its name for every value.
    private func kind(_ node: Node, _ field: Int) -> ValueKind? { layout.groups[nodes[node].group].fields[field].kind }
    private func isList(_ node: Node, _ field: Int) -> Bool { layout.groups[nodes[node].group].fields[field].isList }

    private mutating func append(_ entry: Entry, to node: Node, _ field: Int) {
        let slot = nodes[node].slots + field
        let index = Int32(entries.count)
        entries.append(entry)
        if tails[slot] < 0 { heads[slot] = index } else { entries[Int(tails[slot])].next = index }
        tails[slot] = index
    }

    private func length(_ node: Node, _ field: Int) -> Int {
        var count = 0
        var entry = heads[nodes[node].slots + field]
        while entry >= 0 {
            count += 1
            entry = entries[Int(entry)].next
        }
        return count
    }

    /// The node of a single group, made at the first call; of a list of groups the last element.
    ///
    /// - Precondition: The field is a group.
    public mutating func group(_ parent: Node, _ field: Int) -> Node {
        let last = tails[nodes[parent].slots + field]
        if last >= 0 { return Int(entries[Int(last)].node) }
        return appendGroup(parent, field)
    }

    /// A new element of a list of groups.
    ///
    /// - Precondition: The field is a list of groups.
    public mutating func appendGroup(_ parent: Node, _ field: Int) -> Node {
        precondition(kind(parent, field) == nil, "\(definition(parent, field).name) is no group")
        let last = tails[nodes[parent].slots + field]
        let place = last < 0 ? 1 : nodes[Int(entries[Int(last)].node)].place + 1
        let node = addNode(
            group: layout.groups[nodes[parent].group].fields[field].group, parent: parent, field: field,
            place: isList(parent, field) ? place : 0)
        append(Entry(node: Int32(node), kind: .string, isClean: true, value: 0..<0), to: parent, field)
        return node
    }

    /// True if the field has a value, or a group that was begun.
    public func isSet(_ node: Node, _ field: Int) -> Bool {
        var entry = heads[nodes[node].slots + field]
        while entry >= 0 {
            let found = entries[Int(entry)]
            if found.node >= 0 || !found.value.isEmpty { return true }
            entry = found.next
        }
        return false
    }

    /// Gives a field a value in the source's spelling.
    ///
    /// A list field gets one element more. An empty text is absent. What does not fit the field's type goes to `other`
    /// under the field's path, and so does a second value of a field that is no list (as `path#2`).
    ///
    /// - Precondition: The field is no group.
    public mutating func set(_ node: Node, _ field: Int, _ source: Span<UInt8>) {
        if source.isEmpty { return }
        guard let kind = kind(node, field) else {
            preconditionFailure("\(definition(node, field).name) is a group")
        }
        if !isList(node, field), isSet(node, field) {
            carry(path(node, field, place: 0), ordinal: 2, kind, source)
            return
        }
        let start = bytes.count
        if let isClean = convert(kind, source) {
            append(Entry(kind: kind, isClean: isClean, value: start..<bytes.count), to: node, field)
            return
        }
        mistyped += 1
        var place = 0
        if isList(node, field) {
            place = length(node, field) + 1
            append(Entry(kind: kind, isClean: true, value: 0..<0), to: node, field)
        }
        carry(path(node, field, place: place), ordinal: 1, .string, source)
    }

    /// Gives a field a value that is in canonical spelling already, such as the path of a document.
    ///
    /// - Precondition: The field is no group; `value` is canonical for its kind and valid UTF-8.
    public mutating func setCanonical(_ node: Node, _ field: Int, _ value: Span<UInt8>) {
        if value.isEmpty { return }
        guard let kind = kind(node, field) else {
            preconditionFailure("\(definition(node, field).name) is a group")
        }
        if !isList(node, field), isSet(node, field) {
            carry(path(node, field, place: 0), ordinal: 2, kind, value)
            return
        }
        let start = bytes.count
        bytes.append(value)
        append(Entry(kind: kind, isClean: isJSONClean(value), value: start..<bytes.count), to: node, field)
    }

    /// Adds an `other` field. An empty value is absent; of a repeated name the second becomes `name#2`.
    ///
    /// The tape gets only what every format reads back alike: integers within ±2^53, booleans, JSON objects and
    /// arrays; everything else, and what does not fit `kind`, as text.
    public mutating func other(_ name: Span<UInt8>, _ kind: ValueKind, _ source: Span<UInt8>) {
        if source.isEmpty { return }
        let start = bytes.count
        invalidText += appendRepaired(name, into: &bytes)
        carry(start..<bytes.count, ordinal: 1, kind, source)
    }

    /// Appends a value to ``bytes`` in canonical spelling and tells whether it is clean for JSON; nil, and nothing
    /// appended, if it does not fit.
    private mutating func convert(_ kind: ValueKind, _ source: Span<UInt8>) -> Bool? {
        switch kind {
        case .string, .reference:
            let start = bytes.count
            invalidText += appendRepaired(source, into: &bytes)
            return isJSONClean(bytes.span.extracting(start..<bytes.count))
        case .json:
            if tokenizer.tokenize(source) != nil { return nil }
            invalidText += tokenizer.appendCanonical(0, in: source, into: &bytes)
            return false
        case .integer, .decimal, .boolean, .date, .time, .timestamp, .localTimestamp, .duration:
            return Canonical.append(kind, from: source, into: &bytes) ? true : nil
        }
    }

    private mutating func carry(_ name: Range<Int>, ordinal: Int, _ kind: ValueKind, _ source: Span<UInt8>) {
        let start = bytes.count
        var kind = kind
        var isClean = convert(kind, source)
        if isClean == nil {
            kind = .string
            isClean = convert(kind, source)
        }
        switch kind {
        case .boolean, .string: break
        case .integer:
            if !isSafeInteger(bytes.span.extracting(start..<bytes.count)) { kind = .string }
        case .json:
            let first = bytes[start]
            if first != ASCII.openBrace && first != ASCII.openBracket {
                bytes.removeLast(bytes.count - start)
                scalar(source, &kind)
                isClean = isJSONClean(bytes.span.extracting(start..<bytes.count))
            }
        case .decimal, .date, .time, .timestamp, .localTimestamp, .duration, .reference: kind = .string
        }
        if bytes.count == start { return }
        others.append(
            Other(name: name, ordinal: ordinal, kind: kind, isClean: isClean ?? false, value: start..<bytes.count))
    }

    /// Appends the value of a JSON text that is neither object nor array and was tokenized last; `null` is absent.
    private mutating func scalar(_ source: Span<UInt8>, _ kind: inout ValueKind) {
        let token = tokenizer[0]
        kind = .string
        switch token.kind {
        case .string: _ = tokenizer.appendValue(of: token, in: source, into: &bytes)
        case .true, .false:
            kind = .boolean
            bytes.append(source.extracting(token.range))
        case .number:
            let start = bytes.count
            let text = source.extracting(token.range)
            if Canonical.integer(text, into: &bytes), isSafeInteger(bytes.span.extracting(start..<bytes.count)) {
                kind = .integer
            } else {
                bytes.removeLast(bytes.count - start)
                if !Canonical.decimal(text, into: &bytes) { bytes.append(text) }
            }
        case .null, .object, .array, .key: break
        }
    }

    /// Appends a field's path to ``bytes``: names joined by dots, elements of lists with their 1-based place.
    private mutating func path(_ node: Node, _ field: Int, place: Int) -> Range<Int> {
        var steps: [(name: String, place: Int)] = [(definition(node, field).name, place)]
        var node = node
        while node != 0 {
            let group = nodes[node]
            steps.append((definition(group.parent, group.field).name, group.place))
            node = group.parent
        }
        let start = bytes.count
        for (index, step) in steps.reversed().enumerated() {
            if index > 0 { bytes.append(ASCII.dot) }
            bytes.append(contentsOf: step.name.utf8)
            if step.place > 0 { bytes.append(contentsOf: "[\(step.place)]".utf8) }
        }
        return start..<bytes.count
    }

    /// Puts the record's values onto the tape, between `beginRecord` and `endRecord`.
    public mutating func emit(into builder: inout BatchBuilder) {
        emit(0, into: &builder)
        if others.isEmpty { return }
        numberRepeatedNames()
        let span = bytes.span
        for other in others {
            builder.other(
                span.extracting(other.name), other.kind, span.extracting(other.value), clean: other.isClean)
        }
    }

    /// Recursion ends with the catalogue's own depth, which is not the input's to choose.
    private func emit(_ node: Node, into builder: inout BatchBuilder) {
        let group = nodes[node]
        let fields = layout.groups[group.group].fields
        for field in fields.indices {
            var entry = heads[group.slots + field]
            if entry < 0 { continue }
            let isList = fields[field].isList
            if isList { builder.beginList(field) }
            while entry >= 0 {
                let found = entries[Int(entry)]
                if found.node >= 0 {
                    builder.beginGroup(field)
                    emit(Int(found.node), into: &builder)
                    builder.endGroup()
                } else {
                    builder.value(
                        field, found.kind, bytes.span.extracting(found.value), clean: found.isClean)
                }
                entry = found.next
            }
            if isList { builder.endList() }
        }
    }

    /// Sorts ``others`` by name and gives repeated names `#2`, `#3`, … in the order they came.
    private mutating func numberRepeatedNames() {
        sortOthers()
        var isNumbered = false
        var index = 0
        let names = others.map(\.name)
        while index < names.count {
            var ordinal = max(1, others[index].ordinal)
            var next = index
            while next < names.count, compare(names[next], names[index]) == 0 {
                ordinal = max(ordinal, others[next].ordinal)
                if ordinal > 1 {
                    var name: Range<Int>
                    repeat {
                        let start = bytes.count
                        bytes.append(contentsOf: bytes[names[index]])
                        bytes.append(contentsOf: "#\(ordinal)".utf8)
                        name = start..<bytes.count
                        ordinal += 1
                    } while isTaken(name, in: names)
                    others[next].name = name
                    isNumbered = true
                } else {
                    ordinal += 1
                }
                next += 1
            }
            index = next
        }
        if isNumbered { sortOthers() }
    }

    private mutating func sortOthers() {
        var isSorted = true
        for index in others.indices.dropFirst() where compare(others[index - 1].name, others[index].name) >= 0 {
            isSorted = false
        }
        if isSorted { return }
        // The place of the value breaks ties: it tells which came first.
        var sorted: [Other] = []
        swap(&sorted, &others)
        sorted.sort { left, right in
            let order = compare(left.name, right.name)
            return order == 0 ? left.value.lowerBound < right.value.lowerBound : order < 0
        }
        swap(&sorted, &others)
    }

    private func isTaken(_ name: Range<Int>, in sorted: [Range<Int>]) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if compare(sorted[middle], name) < 0 { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && compare(sorted[low], name) == 0
    }

    private func compare(_ left: Range<Int>, _ right: Range<Int>) -> Int { compareBytes(bytes.span, left, right) }
}

/// Less than, equal to or greater than zero as the left bytes come before, are or come after the right ones.
func compareBytes(_ bytes: Span<UInt8>, _ left: Range<Int>, _ right: Range<Int>) -> Int {
    var (leftIndex, rightIndex) = (left.lowerBound, right.lowerBound)
    while leftIndex < left.upperBound, rightIndex < right.upperBound {
        let (leftByte, rightByte) = (bytes[leftIndex], bytes[rightIndex])
        if leftByte != rightByte { return Int(leftByte) - Int(rightByte) }
        leftIndex += 1
        rightIndex += 1
    }
    return left.count - right.count
}

/// True for canonical integers from -2^53 to 2^53, which every reader of JSON takes exactly.
public func isSafeInteger(_ canonical: Span<UInt8>) -> Bool {
    let isNegative = !canonical.isEmpty && canonical[0] == ASCII.minus
    let digits = canonical.count - (isNegative ? 1 : 0)
    if digits < 16 { return true }
    if digits > 16 { return false }
    var number: Int64 = 0
    for index in (isNegative ? 1 : 0)..<canonical.count { number = number * 10 + Int64(canonical[index] - ASCII.zero) }
    return number <= 1 << 53
}
