import PortabilityModel

/// A JSON document for the archive's tag files: ordered, with numbers as text.
package enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    /// A number as it is spelled.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    package static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// An object without the members that are nil.
    package static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { key, value in value.map { (key, $0) } })
    }

    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    package var members: [(key: String, value: JSONValue)]? {
        if case .object(let members) = self { members } else { nil }
    }
    package var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }

    /// The document with two spaces of indentation and a line feed at its end: the same bytes for the same value.
    package func formatted() -> [UInt8] {
        var out: [UInt8] = []
        write(into: &out, indent: 0)
        out.append(10)
        return out
    }

    private func write(into out: inout [UInt8], indent: Int) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .boolean(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): out.append(contentsOf: text.utf8)
        case .string(let text): Self.write(text, into: &out)
        case .array(let values):
            if values.isEmpty { return out.append(contentsOf: "[]".utf8) }
            out.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.newLine(&out, indent + 1)
                value.write(into: &out, indent: indent + 1)
            }
            Self.newLine(&out, indent)
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            if members.isEmpty { return out.append(contentsOf: "{}".utf8) }
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.newLine(&out, indent + 1)
                Self.write(member.key, into: &out)
                out.append(UInt8(ascii: ":"))
                out.append(UInt8(ascii: " "))
                member.value.write(into: &out, indent: indent + 1)
            }
            Self.newLine(&out, indent)
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func newLine(_ out: inout [UInt8], _ indent: Int) {
        out.append(10)
        out.append(contentsOf: repeatElement(32, count: indent * 2))
    }

    private static func write(_ text: String, into out: inout [UInt8]) {
        var text = text
        out.append(ASCII.quote)
        text.withUTF8 { appendJSONEscaped($0.span, into: &out) }
        out.append(ASCII.quote)
    }

    /// The document on one line, without spaces and without a line feed.
    package func compact() -> [UInt8] {
        var out: [UInt8] = []
        writeCompact(into: &out)
        return out
    }

    private func writeCompact(into out: inout [UInt8]) {
        switch self {
        case .array(let values):
            out.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                value.writeCompact(into: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(member.key, into: &out)
                out.append(UInt8(ascii: ":"))
                member.value.writeCompact(into: &out)
            }
            out.append(UInt8(ascii: "}"))
        default: write(into: &out, indent: 0)
        }
    }
}

extension JSONValue {
    /// Reads a JSON document strictly (RFC 8259).
    ///
    /// - Throws: `malformed` with the byte.
    package init(parsing bytes: [UInt8]) throws {
        var tokenizer = JSONTokenizer(depth: 64)
        if let fault = tokenizer.tokenize(bytes.span) {
            throw PortabilityError(
                .malformed, "the file is not well-formed JSON", at: .init(byte: Int64(fault.offset)))
        }
        func text(_ token: JSONToken) -> String {
            var value: [UInt8] = []
            _ = tokenizer.appendValue(of: token, in: bytes.span, into: &value)
            return String(decoding: value, as: UTF8.self)
        }
        func read(_ index: Int) -> JSONValue {
            let token = tokenizer[index]
            switch token.kind {
            case .object:
                var members: [(key: String, value: JSONValue)] = []
                var key = index + 1
                while key < Int(token.next) {
                    members.append((text(tokenizer[key]), read(key + 1)))
                    key = Int(tokenizer[key + 1].next)
                }
                return .object(members)
            case .array:
                var values: [JSONValue] = []
                var element = index + 1
                while element < Int(token.next) {
                    values.append(read(element))
                    element = Int(tokenizer[element].next)
                }
                return .array(values)
            case .key, .string: return .string(text(token))
            case .number: return .number(String(decoding: bytes[token.range], as: UTF8.self))
            case .true: return .boolean(true)
            case .false: return .boolean(false)
            case .null: return .null
            }
        }
        self = read(0)
    }
}
