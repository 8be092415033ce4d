import PortabilityModel
import PortabilityText
import Yams

/// What is wrong with a file that somebody wrote by hand. Never holds what stands in it: a slip of the hand puts a
/// person's data into any place, also into that of a key.
struct HandWrittenFault: Error {
    var message: String
    var line: Int64?
    /// A key that is known.
    var key: String?
}

/// A small YAML file of known keys, each with one value or a list of values.
struct HandWrittenFile {
    private let values: [String: [String]]
    private let lines: [String: Int64]

    /// Bytes that such a file may have.
    static let limit = 64 << 10

    init(_ bytes: [UInt8], keys: [String], lists: [String] = []) throws(HandWrittenFault) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HandWrittenFault(message: "is not valid UTF-8; save it as UTF-8")
        }
        var values: [String: [String]] = [:]
        var lines: [String: Int64] = [:]
        for (key, value) in try Self.mapping(text) {
            let line = key.mark.map { Int64($0.line) }
            guard let name = key.scalar?.string, keys.contains(name) else {
                throw HandWrittenFault(
                    message: "has a key that is not known here; known: \(keys.joined(separator: ", "))", line: line)
            }
            let nodes = value.sequence.map { lists.contains(name) ? Array($0) : [value] } ?? [value]
            values[name] = []
            for node in nodes {
                // A null or an empty text is no value.
                guard case .scalar(let scalar) = node else {
                    throw HandWrittenFault(message: "has no plain value", line: line, key: name)
                }
                let isNull = scalar.style == .plain && ["null", "Null", "NULL", "~"].contains(scalar.string)
                guard !isNull, scalar.string.contains(where: { !$0.isWhitespace }), !scalar.string.contains("\0") else {
                    throw HandWrittenFault(message: "has no value", line: line, key: name)
                }
                values[name, default: []].append(scalar.string)
            }
            lines[name] = line
        }
        self.values = values
        self.lines = lines
    }

    private static func mapping(_ text: String) throws(HandWrittenFault) -> [(Node, Node)] {
        // Before anything is parsed: keys of aliases within aliases never come to an end.
        if mayUseAliases(text) {
            throw HandWrittenFault(message: "has an anchor or alias (& or *); put quotes around the value")
        }
        do {
            // Nodes refer to their anchors weakly: only while the parser lives can it be seen that there was one.
            let parser = try Parser(yaml: text)
            return try withExtendedLifetime(parser) {
                guard let node = try parser.singleRoot(), case .mapping(let mapping) = node else {
                    throw HandWrittenFault(message: "holds no `key: value` lines")
                }
                for node in [node]
                    + mapping.flatMap({ [$0.key, $0.value] + ($0.value.sequence.map(Array.init) ?? []) })
                where node.anchor != nil {
                    throw HandWrittenFault(
                        message: "has an anchor or alias (& or *); put quotes around the value",
                        line: node.mark.map { Int64($0.line) })
                }
                return mapping.map { ($0.key, $0.value) }
            }
        } catch let fault as HandWrittenFault {
            throw fault
        } catch YamlError.duplicatedKeysInMapping(_, let context) {
            throw HandWrittenFault(message: "has a key twice", line: Int64(context.mark.line))
        } catch YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _)
        {
            throw HandWrittenFault(message: "is not well-formed YAML", line: Int64(mark.line))
        } catch {
            throw HandWrittenFault(message: "is not well-formed YAML")
        }
    }

    func fault(_ message: String, _ key: String) -> HandWrittenFault {
        HandWrittenFault(message: message, line: lines[key], key: key)
    }

    subscript(key: String) -> String? { values[key]?.first }

    func required(_ key: String) throws(HandWrittenFault) -> String {
        guard let value = self[key] else { throw HandWrittenFault(message: "lacks a key", key: key) }
        return value
    }

    func list(_ key: String) throws(HandWrittenFault) -> [String] {
        guard let values = values[key], !values.isEmpty else {
            throw HandWrittenFault(message: "lacks a key", key: key)
        }
        return values
    }

    /// One of a closed list of words.
    func word(_ key: String, of known: [String]) throws(HandWrittenFault) -> String {
        let value = try required(key)
        guard known.contains(value) else {
            throw fault("has a word that is not known here; known: \(known.joined(separator: ", "))", key)
        }
        return value
    }
}
