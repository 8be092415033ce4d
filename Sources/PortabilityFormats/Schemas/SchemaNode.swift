/// A JSON document in the making, members in the order they are written.
enum SchemaNode: Sendable {
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
        case .integer(let number): out.append(String(number))
        case .boolean(let value): out.append(value ? "true" : "false")
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                Self.beginElement(index, to: &out, indent: indent + 1)
                element.write(to: &out, indent: indent + 1)
            }
            if !elements.isEmpty { Self.beginLine(to: &out, indent: indent) }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                Self.beginElement(index, to: &out, indent: indent + 1)
                Self.write(member.key, to: &out)
                out.append(": ")
                member.value.write(to: &out, indent: indent + 1)
            }
            if !members.isEmpty { Self.beginLine(to: &out, indent: indent) }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func beginElement(_ index: Int, to out: inout [UInt8], indent: Int) {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        beginLine(to: &out, indent: indent)
    }

    private static func beginLine(to out: inout [UInt8], indent: Int) {
        out.append(UInt8(ascii: "\n"))
        out.append(indent: indent)
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        out.append(text, where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) { byte, out in
            out.append(UInt8(ascii: "\\"))
            if byte < 0x20 {
                let digits = String(byte, radix: 16)
                out.append(digits.utf8.count == 1 ? "u000" : "u00")
                out.append(digits)
            } else {
                out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}

extension SchemaNode: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
}
