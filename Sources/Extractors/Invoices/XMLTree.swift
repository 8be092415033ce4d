/// One XML document as flat arrays: elements, attributes and texts in document order, names interned, no objects.
///
/// Everything that holds text can be marked as taken, so that at the end what no one took can be found and named.
struct XMLTree {
    /// Index of an element, attribute or text; 0 is the root element.
    typealias Node = Int

    enum Kind: UInt8 { case element, attribute, text }

    struct Entry {
        /// Index of the name in ``XMLNames``.
        var name: Int32
        var parent: Int32
        var firstChild: Int32 = -1
        var lastChild: Int32 = -1
        var next: Int32 = -1
        var textStart: UInt32
        var textEnd: UInt32
        var line: UInt32
        var kind: Kind
        var isTaken = false
        /// Set by ``markContent()``: the node or something in it holds text.
        var hasContent = false
        /// Set by ``markRemainders()``: the node or something in it holds text that was not taken.
        var hasRemainder = false
    }

    private(set) var entries: [Entry] = []
    private(set) var bytes: [UInt8] = []
    var names: XMLNames

    init(names: XMLNames) { self.names = names }

    /// Forgets the document and keeps the memory.
    mutating func reset() {
        entries.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    // MARK: Building

    mutating func append(_ kind: Kind, name: Int32, parent: Node, line: UInt32) -> Node {
        let node = Int32(entries.count)
        entries.append(
            Entry(
                name: name, parent: Int32(parent), textStart: UInt32(bytes.count), textEnd: UInt32(bytes.count),
                line: line, kind: kind))
        if parent >= 0 {
            if kind == .element { dropBlankText(of: parent) }
            let last = entries[parent].lastChild
            if last < 0 { entries[parent].firstChild = node } else { entries[Int(last)].next = node }
            entries[parent].lastChild = node
        }
        entries[Int(node)].textStart = UInt32(bytes.count)
        entries[Int(node)].textEnd = UInt32(bytes.count)
        return Int(node)
    }

    /// The white space that indents a child is no text.
    private mutating func dropBlankText(of node: Node) {
        let entry = entries[node]
        let range = Int(entry.textStart)..<Int(entry.textEnd)
        guard !range.isEmpty, range.upperBound == bytes.count, bytes[range].allSatisfy(isXMLSpace) else { return }
        bytes.removeLast(range.count)
        entries[node].textEnd = entry.textStart
    }

    /// Adds text to an element: to its own if it is contiguous, else as a text of its own behind the children.
    mutating func appendText(_ text: UnsafeBufferPointer<UInt8>, to node: Node, line: UInt32) {
        let last = entries[node].lastChild
        if last >= 0, entries[Int(last)].kind == .text, Int(entries[Int(last)].textEnd) == bytes.count {
            bytes.append(contentsOf: text)
            entries[Int(last)].textEnd = UInt32(bytes.count)
            return
        }
        let isFirst = entries[node].textStart == entries[node].textEnd
        if last < 0 || entries[Int(last)].kind == .attribute, isFirst || Int(entries[node].textEnd) == bytes.count {
            if isFirst { entries[node].textStart = UInt32(bytes.count) }
            bytes.append(contentsOf: text)
            entries[node].textEnd = UInt32(bytes.count)
            return
        }
        if text.allSatisfy(isXMLSpace) { return }
        let child = append(.text, name: XMLNames.text, parent: node, line: line)
        bytes.append(contentsOf: text)
        entries[child].textEnd = UInt32(bytes.count)
    }

    /// Gives an attribute its value. In attribute values the parser leaves `&` spelled `&#38;` as long as it
    /// substitutes no entities.
    mutating func setAttribute(_ node: Node, _ value: UnsafeBufferPointer<UInt8>) {
        entries[node].textStart = UInt32(bytes.count)
        let ampersand: StaticString = "&#38;"
        var index = 0
        while index < value.count {
            if value[index] == 0x26, index + 5 <= value.count,
                (0..<5).allSatisfy({ value[index + $0] == ampersand.utf8Start[$0] })
            {
                bytes.append(0x26)
                index += 5
            } else {
                bytes.append(value[index])
                index += 1
            }
        }
        entries[node].textEnd = UInt32(bytes.count)
    }

    // MARK: Reading

    func parent(_ node: Node) -> Node { Int(entries[node].parent) }
    func kind(_ node: Node) -> Kind { entries[node].kind }
    func name(_ node: Node) -> Int32 { entries[node].name }

    /// The text of a node without the white space around it.
    func text(_ node: Node) -> Range<Int> {
        var range = Int(entries[node].textStart)..<Int(entries[node].textEnd)
        while let first = range.first, isXMLSpace(bytes[first]) { range = range.dropFirst() }
        while let last = range.last, isXMLSpace(bytes[last]) { range = range.dropLast() }
        return range
    }

    func firstChild(_ node: Node) -> Node? {
        let child = entries[node].firstChild
        return child < 0 ? nil : Int(child)
    }

    func next(_ node: Node) -> Node? {
        let next = entries[node].next
        return next < 0 ? nil : Int(next)
    }

    /// The first child of that name.
    func child(_ node: Node, _ name: Int32) -> Node? {
        var child = firstChild(node)
        while let found = child {
            if entries[found].name == name { return found }
            child = next(found)
        }
        return nil
    }

    func equal(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<range.count where bytes[range.lowerBound + index] != text.utf8Start[index] { return false }
        return true
    }

    func equal(_ left: Range<Int>, _ right: Range<Int>) -> Bool { bytes[left].elementsEqual(bytes[right]) }

    // MARK: Accounting

    /// Marks every node that holds, or is above, text. O(size).
    mutating func markContent() {
        for node in entries.indices.reversed() {
            if !text(node).isEmpty { entries[node].hasContent = true }
            let parent = Int(entries[node].parent)
            if entries[node].hasContent, parent >= 0 { entries[parent].hasContent = true }
        }
    }

    func hasContent(_ node: Node) -> Bool { entries[node].hasContent }
    func hasRemainder(_ node: Node) -> Bool { entries[node].hasRemainder }

    mutating func take(_ node: Node) { entries[node].isTaken = true }
    func isTaken(_ node: Node) -> Bool { entries[node].isTaken }

    /// Takes a node and everything in it.
    mutating func takeAll(_ node: Node) {
        entries[node].isTaken = true
        var child = firstChild(node)
        while let found = child {
            takeAll(found)
            child = next(found)
        }
    }

    /// Marks every node that holds, or is above, text that was not taken. O(number of nodes).
    mutating func markRemainders() {
        for node in entries.indices.reversed() {
            if !entries[node].isTaken, !text(node).isEmpty { entries[node].hasRemainder = true }
            let parent = Int(entries[node].parent)
            if entries[node].hasRemainder, parent >= 0 { entries[parent].hasRemainder = true }
        }
    }
}

/// XML's white space: space, tab, line feed, carriage return.
func isXMLSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }

/// Local names of elements and attributes, each with a number. Attributes begin with `@`.
struct XMLNames: Sendable {
    /// The name of texts that stand between elements.
    static let text: Int32 = 0

    private(set) var spelled: [[UInt8]] = []
    /// Open addressing over ``spelled``; -1 is free.
    private var table: [Int32]
    private var mask: Int

    init() {
        table = Array(repeating: -1, count: 4096)
        mask = 4095
        _ = intern("#text")
    }

    var count: Int { spelled.count }

    /// The number of a name, new if it was not known.
    mutating func intern(_ name: String) -> Int32 {
        var name = name
        let isAttribute = name.utf8.first == 0x40
        return name.withUTF8 { bytes in
            intern(
                isAttribute ? UnsafeBufferPointer(rebasing: bytes.dropFirst()) : bytes, isAttribute: isAttribute)
        }
    }

    mutating func intern(_ name: UnsafeBufferPointer<UInt8>, isAttribute: Bool) -> Int32 {
        var hash: UInt64 = isAttribute ? 0x40 : 0xcbf2_9ce4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & mask
        while table[slot] >= 0 {
            let known = spelled[Int(table[slot])]
            if isAttribute {
                if known.count == name.count + 1, known[0] == 0x40, known.dropFirst().elementsEqual(name) {
                    return table[slot]
                }
            } else if known.elementsEqual(name) {
                return table[slot]
            }
            slot = (slot + 1) & mask
        }
        let number = Int32(spelled.count)
        spelled.append((isAttribute ? [0x40] : []) + name)
        table[slot] = number
        if spelled.count * 2 > table.count { grow() }
        return number
    }

    private mutating func grow() {
        let known = spelled
        table = Array(repeating: -1, count: table.count * 2)
        mask = table.count - 1
        for (number, name) in known.enumerated() {
            let isAttribute = name.first == 0x40
            var hash: UInt64 = isAttribute ? 0x40 : 0xcbf2_9ce4_8422_2325
            for byte in isAttribute ? name.dropFirst() : name[...] {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            }
            var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & mask
            while table[slot] >= 0 { slot = (slot + 1) & mask }
            table[slot] = Int32(number)
        }
    }
}
