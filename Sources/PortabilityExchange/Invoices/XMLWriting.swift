/// Writes the elements of a document, indented, and can take back what it wrote.
struct XMLWriting {
    private(set) var bytes: [UInt8] = []
    private var depth = 0
    /// True behind a start tag that still takes attributes.
    private var isTagOpen = false
    /// True if the element that was begun last has only text so far.
    private var hasElements = false

    /// A place to go back to.
    struct Mark {
        fileprivate var count: Int
        fileprivate var depth: Int
        fileprivate var isTagOpen: Bool
        fileprivate var hasElements: Bool
    }

    var mark: Mark { Mark(count: bytes.count, depth: depth, isTagOpen: isTagOpen, hasElements: hasElements) }

    /// Takes back everything since a mark.
    ///
    /// - Precondition: Nothing was taken out since.
    mutating func rewind(to mark: Mark) {
        bytes.removeLast(bytes.count - mark.count)
        depth = mark.depth
        isTagOpen = mark.isTagOpen
        hasElements = mark.hasElements
    }

    /// Hands out what was written so far, which can then no longer be taken back.
    mutating func take() -> [UInt8] {
        closeTag()
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    mutating func declaration() {
        bytes.append(contentsOf: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".utf8)
    }

    private mutating func closeTag() {
        if isTagOpen { bytes.append(UInt8(ascii: ">")) }
        isTagOpen = false
    }

    private mutating func newLine() {
        bytes.append(0x0a)
        for _ in 0..<depth { bytes.append(contentsOf: [0x20, 0x20]) }
    }

    mutating func begin(_ name: some Collection<UInt8>) {
        closeTag()
        newLine()
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name)
        depth += 1
        isTagOpen = true
        hasElements = false
    }

    /// - Precondition: Right behind ``begin(_:)`` or another attribute.
    mutating func attribute(_ name: some Collection<UInt8>, _ value: some Collection<UInt8>) {
        bytes.append(0x20)
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: "=\"".utf8)
        Self.escape(value, inAttribute: true, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func text(_ value: some Collection<UInt8>) {
        closeTag()
        Self.escape(value, inAttribute: false, into: &bytes)
    }

    mutating func end(_ name: some Collection<UInt8>) {
        depth -= 1
        if isTagOpen {
            bytes.append(contentsOf: "/>".utf8)
            isTagOpen = false
        } else {
            if hasElements { newLine() }
            bytes.append(contentsOf: "</".utf8)
            bytes.append(contentsOf: name)
            bytes.append(UInt8(ascii: ">"))
        }
        hasElements = true
        if depth == 0 { bytes.append(0x0a) }
    }

    private static func escape(_ value: some Collection<UInt8>, inAttribute: Bool, into out: inout [UInt8]) {
        for byte in value {
            switch byte {
            case UInt8(ascii: "&"): out.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): out.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): out.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): out.append(contentsOf: inAttribute ? "&quot;".utf8 : "\"".utf8)
            // A reader makes a line feed of a bare carriage return, and spaces of both in an attribute.
            case 0x0d: out.append(contentsOf: "&#13;".utf8)
            case 0x0a where inAttribute: out.append(contentsOf: "&#10;".utf8)
            case 0x09 where inAttribute: out.append(contentsOf: "&#9;".utf8)
            default: out.append(byte)
            }
        }
    }

    /// The text with U+FFFD for every character that XML 1.0 §2.2 has no place for; nil if there is none.
    static func repaired(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        var out: [UInt8]?
        var index = value.startIndex
        while index < value.endIndex {
            let byte = value[index]
            let isControl = byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d
            // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
            let isNoncharacter =
                byte == 0xef && index + 2 < value.endIndex && value[index + 1] == 0xbf && value[index + 2] >= 0xbe
            if isControl || isNoncharacter {
                if out == nil { out = Array(value[value.startIndex..<index]) }
                out?.append(contentsOf: [0xef, 0xbf, 0xbd])
                index += isControl ? 1 : 3
            } else {
                out?.append(byte)
                index += 1
            }
        }
        return out
    }
}
