import Glibc

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

    /// The names that are known beforehand.
    private let known: XMLNames
    /// Names of documents that are remembered for the next.
    private static let nameLimit = 1 << 14

    init(names: XMLNames) {
        known = names
        self.names = names
    }

    /// Forgets the document and keeps the memory.
    mutating func reset() {
        if names.count - known.count > Self.nameLimit { names = known }
        entries.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    // MARK: Building

    mutating func append(_ kind: Kind, name: Int32, parent: Node) -> Node {
        let node = Int32(entries.count)
        if parent >= 0 {
            if kind == .element { dropBlankText(of: parent) }
            let last = entries[parent].lastChild
            if last < 0 { entries[parent].firstChild = node } else { entries[Int(last)].next = node }
            entries[parent].lastChild = node
        }
        let place = UInt32(bytes.count)
        entries.append(Entry(name: name, parent: Int32(parent), textStart: place, textEnd: place, kind: kind))
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
    mutating func appendText(_ text: UnsafeBufferPointer<UInt8>, to node: Node) {
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
        let child = append(.text, name: XMLNames.text, parent: node)
        bytes.append(contentsOf: text)
        entries[child].textEnd = UInt32(bytes.count)
    }

    /// Gives an attribute its value.
    mutating func setText(_ node: Node, _ value: UnsafeBufferPointer<UInt8>) {
        entries[node].textStart = UInt32(bytes.count)
        bytes.append(contentsOf: value)
        entries[node].textEnd = UInt32(bytes.count)
    }

    /// Gives an attribute its value as libxml2 tells it. In attribute values the parser leaves `&` spelled `&#38;` as long as it
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

    /// The text of a node, after ``markContent()`` without the white space around it.
    func text(_ node: Node) -> Range<Int> { Int(entries[node].textStart)..<Int(entries[node].textEnd) }

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

    /// Takes the white space around all texts off, and marks every node that holds, or is above, text. O(size).
    mutating func markContent() {
        for node in entries.indices.reversed() {
            var (start, end) = (entries[node].textStart, entries[node].textEnd)
            while start < end, isXMLSpace(bytes[Int(start)]) { start += 1 }
            while start < end, isXMLSpace(bytes[Int(end) - 1]) { end -= 1 }
            entries[node].textStart = start
            entries[node].textEnd = end
            if start < end { entries[node].hasContent = true }
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

    /// Against documents whose names were chosen to have one hash.
    private static let seed = UInt64.random(in: .min ... .max)

    private var bytes: [UInt8] = []
    /// Where each name ends; the next begins there.
    private var ends: [Int] = []
    private var hashes: [UInt64] = []
    /// Open addressing; -1 is free.
    private var table: [Int32]

    init() {
        table = Array(repeating: -1, count: 4096)
        _ = intern("#text")
    }

    var count: Int { ends.count }

    private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    /// The name, with `@` if it is an attribute's.
    func spelled(_ number: Int32) -> [UInt8] { Array(bytes[range(Int(number))]) }

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
        let hash = Self.hash(name, isAttribute)
        var slot = Int(truncatingIfNeeded: hash >> 32) & (table.count - 1)
        while table[slot] >= 0 {
            let number = Int(table[slot])
            if hashes[number] == hash, isEqual(number, name, isAttribute) { return table[slot] }
            slot = (slot + 1) & (table.count - 1)
        }
        let number = Int32(ends.count)
        if isAttribute { bytes.append(0x40) }
        bytes.append(contentsOf: name)
        ends.append(bytes.count)
        hashes.append(hash)
        table[slot] = number
        if ends.count * 2 > table.count { grow() }
        return number
    }

    private func isEqual(_ number: Int, _ name: UnsafeBufferPointer<UInt8>, _ isAttribute: Bool) -> Bool {
        let known = range(number)
        let sign = isAttribute ? 1 : 0
        guard known.count == name.count + sign, let base = name.baseAddress else { return false }
        return bytes.withUnsafeBytes { bytes in
            guard let all = bytes.baseAddress else { return false }
            if isAttribute != (bytes[known.lowerBound] == 0x40) { return false }
            return memcmp(all + known.lowerBound + sign, base, name.count) == 0
        }
    }

    private static func hash(_ name: UnsafeBufferPointer<UInt8>, _ isAttribute: Bool) -> UInt64 {
        let bytes = UnsafeRawBufferPointer(name)
        var hash = seed &+ UInt64(bytes.count) &+ (isAttribute ? 1 << 32 : 0)
        func mix(_ word: UInt64) {
            let product = (hash ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
            hash = product.high ^ product.low
        }
        if bytes.count < 8 {
            var word: UInt64 = 0
            for byte in bytes { word = word << 8 | UInt64(byte) }
            mix(word)
            return hash
        }
        var index = 0
        while index + 8 < bytes.count {
            mix(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        mix(bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
        return hash
    }

    private mutating func grow() {
        table = Array(repeating: -1, count: table.count * 2)
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash >> 32) & (table.count - 1)
            while table[slot] >= 0 { slot = (slot + 1) & (table.count - 1) }
            table[slot] = Int32(number)
        }
    }
}
