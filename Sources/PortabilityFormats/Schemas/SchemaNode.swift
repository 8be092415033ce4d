/// A JSON document in the making, members in the order they are written.
indirect enum SchemaNode: Sendable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([SchemaNode])
    case object([(key: String, value: SchemaNode)])

    /// An object without the members that are nil.
    static func members(_ members: KeyValuePairs<String, SchemaNode?>) -> SchemaNode {
        .object(members.compactMap { key, value in value.map { (key, $0) } })
    }

    static func strings(_ texts: [String]) -> SchemaNode { .array(texts.map { SchemaNode.string($0) }) }

    /// The same object with further members at its end.
    func adding(_ further: KeyValuePairs<String, SchemaNode?>) -> SchemaNode {
        guard case .object(let own) = self else { return self }
        return .object(own + further.compactMap { key, value in value.map { (key, $0) } })
    }

    /// The document, indented by two spaces, with a line feed at its end: the same bytes for the same document.
    func document() -> [UInt8] {
        var out: [UInt8] = []
        write(to: &out, indent: 0)
        out.append(UInt8(ascii: "\n"))
        return out
    }

    private func write(to out: inout [UInt8], indent: Int) {
        switch self {
        case .string(let text): Self.write(text, to: &out)
        case .integer(let number): out.append(contentsOf: String(number).utf8)
        case .boolean(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .array(let elements):
            Self.writeList(elements, "[", "]", to: &out, indent: indent) { element, out in
                element.write(to: &out, indent: indent + 1)
            }
        case .object(let members):
            Self.writeList(members, "{", "}", to: &out, indent: indent) { member, out in
                Self.write(member.key, to: &out)
                out.append(contentsOf: ": ".utf8)
                member.value.write(to: &out, indent: indent + 1)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], _ open: String, _ close: String, to out: inout [UInt8], indent: Int,
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        out.append(contentsOf: open.utf8)
        for (index, element) in elements.enumerated() {
            out.append(contentsOf: (index == 0 ? "\n" : ",\n").utf8)
            out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * (indent + 1)))
            write(element, &out)
        }
        if !elements.isEmpty {
            out.append(UInt8(ascii: "\n"))
            out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indent))
        }
        out.append(contentsOf: close.utf8)
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var clean = 0
            for (index, byte) in bytes.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                out.append(contentsOf: bytes[clean..<index])
                clean = index + 1
                out.append(UInt8(ascii: "\\"))
                if byte < 0x20 {
                    let digits = String(byte, radix: 16)
                    out.append(contentsOf: "u00\(digits.utf8.count == 1 ? "0" : "")\(digits)".utf8)
                } else {
                    out.append(byte)
                }
            }
            out.append(contentsOf: bytes[clean...])
        }
        out.append(UInt8(ascii: "\""))
    }
}

extension SchemaNode: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
}
