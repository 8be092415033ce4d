import PortabilityModel
import PortabilityText
import Yams

/// A value of a YAML or JSON document that knows where it stands, so that every error names file, line, column and key.
struct YAMLValue {
    let node: DocumentNode
    let file: String
    /// Keys from the root, joined by dots.
    let path: String
    /// True for requests, where a key can be a person's data in the wrong place: unknown keys are then not repeated.
    var hidesKeys = false

    /// Reads a whole document. Anchors and aliases are refused: a configuration needs none, and they are how a small
    /// file becomes a huge one.
    ///
    /// A JSON object is read by the rules of JSON, and what has a name that ends in `.json` must be JSON.
    static func read(_ text: String, file: String, limit: Int = 4 << 20, hidesKeys: Bool = false) throws -> YAMLValue {
        guard text.utf8.count <= limit else {
            throw PortabilityError(.limit, "the file is larger than \(limit) bytes", at: .init(file: file))
        }
        let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
        let begin = text.utf8.starts(with: byteOrderMark) ? byteOrderMark.count : 0
        let bytes = Array(text.utf8)[begin...]
        if file.hasSuffix(".json") || DocumentNode.isJSONObject(bytes) {
            let node = try DocumentNode.read(
                json: bytes, "file", at: .init(file: file, byte: Int64(begin)), limit: limit, hidesKeys: hidesKeys)
            return YAMLValue(node: node, file: file, path: "", hidesKeys: hidesKeys)
        }
        // Before anything is parsed: keys of aliases within aliases never come to an end.
        if mayUseAliases(text) {
            throw PortabilityError(
                .configuration, "anchors and aliases are not accepted",
                remedy: "Write the value out where it is used; put quotes around a word that begins with & or *",
                at: .init(file: file))
        }
        do {
            // Nodes refer to their anchors weakly: only while the parser lives can it be seen that there was one.
            // Without the rules that tell numbers from words: everything here is text until it is asked for.
            let parser = try Parser(yaml: text, resolver: .basic)
            guard let node = try parser.singleRoot() else {
                throw PortabilityError(.configuration, "the file is empty", at: .init(file: file))
            }
            return try withExtendedLifetime(parser) {
                YAMLValue(node: try Self.node(node, file: file), file: file, path: "", hidesKeys: hidesKeys)
            }
        } catch let error as YamlError {
            var place = PortabilityError.Place(file: file)
            switch error {
            case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
                place.line = Int64(mark.line)
                place.column = mark.column
            case .duplicatedKeysInMapping(let keys, let context):
                place.line = Int64(context.mark.line)
                place.column = context.mark.column
                if !hidesKeys { place.field = keys.sorted().joined(separator: ", ") }
                throw PortabilityError(
                    .configuration, "a key stands twice in one mapping", remedy: "Remove one of the two", at: place)
            default: break
            }
            throw PortabilityError(
                .configuration, "the file is not well-formed YAML",
                remedy: "Look at the indentation, colons and quotes at that place", at: place)
        }
    }

    /// The node of a YAML node, that has neither anchors nor aliases.
    private static func node(_ node: Node, file: String, depth: Int = 0) throws -> DocumentNode {
        let mark = DocumentNode.Mark(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        func error(_ message: String) -> PortabilityError {
            PortabilityError(
                .configuration, message, at: .init(file: file, line: Int64(mark.line), column: mark.column))
        }
        if depth > DocumentNode.depthLimit {
            throw error("the file is nested deeper than \(DocumentNode.depthLimit) levels")
        }
        // Aliases are already resolved here; there is none without an anchor before it.
        if node.anchor != nil { throw error("anchors and aliases are not accepted") }
        switch node {
        case .alias: throw error("anchors and aliases are not accepted")
        case .scalar(let scalar):
            return DocumentNode(
                content: .scalar(scalar.string), style: scalar.style == .plain ? .plain : .quoted, mark: mark)
        case .sequence(let sequence):
            let values = try sequence.map { try Self.node($0, file: file, depth: depth + 1) }
            return DocumentNode(content: .list(values), style: sequence.style == .flow ? .flow : .block, mark: mark)
        case .mapping(let mapping):
            let members = try mapping.map { key, value in
                let name = try Self.node(key, file: file, depth: depth + 1)
                guard let text = name.text else {
                    throw PortabilityError(
                        .configuration, "a key must be text",
                        at: .init(file: file, line: Int64(name.mark.line), column: name.mark.column))
                }
                return DocumentNode.Member(
                    key: text, mark: name.mark, value: try Self.node(value, file: file, depth: depth + 1))
            }
            return DocumentNode(content: .mapping(members), style: mapping.style == .flow ? .flow : .block, mark: mark)
        }
    }

    func error(_ message: String, remedy: String? = nil, at other: DocumentNode.Mark? = nil) -> PortabilityError {
        let mark = other ?? node.mark
        return PortabilityError(
            .configuration, message, remedy: remedy,
            at: .init(
                file: file, line: Int64(mark.line), column: mark.column, field: path.isEmpty ? nil : path))
    }

    /// The error with file, line and column of the source, dataset and key that it names, for what is found out only
    /// after the file was read.
    func locating(_ error: PortabilityError) -> PortabilityError {
        var place = PortabilityError.Place(file: file)
        if error.place.line == nil, let id = error.place.source, let source = node["sources"]?[id] {
            let dataset = source["datasets"]?.list?.first { $0["id"]?.text == error.place.dataset }
            let outer = dataset ?? source
            let mark = (error.place.field.flatMap { outer[$0] } ?? outer).mark
            place.line = Int64(mark.line)
            place.column = mark.column
        }
        return error.within(place)
    }

    private func child(_ node: DocumentNode, _ key: String) -> YAMLValue {
        YAMLValue(
            node: node, file: file, path: path.isEmpty || key.hasPrefix("[") ? path + key : "\(path).\(key)",
            hidesKeys: hidesKeys)
    }

    /// The value as a mapping with none but the given keys.
    func mapping(_ allowed: [String]) throws -> YAMLMapping {
        guard let members = node.members else {
            throw error(
                "a mapping is expected here", remedy: "Give `key: value` pairs: \(allowed.joined(separator: ", "))")
        }
        var values: [String: YAMLValue] = [:]
        for member in members {
            let name = member.key
            guard allowed.contains(name) else {
                var remedy = "Known keys here: \(allowed.joined(separator: ", "))"
                if let near = nearest(name, in: allowed) { remedy = "Did you mean `\(near)`? " + remedy }
                throw error(
                    hidesKeys ? "there is no such key here" : "there is no key `\(name)` here", remedy: remedy,
                    at: member.mark)
            }
            values[name] = child(member.value, name)
        }
        return YAMLMapping(own: self, values: values)
    }

    /// The value as a mapping with any keys, in the file's order.
    func entries() throws -> [(key: String, value: YAMLValue)] {
        guard let members = node.members else { throw error("a mapping is expected here") }
        return members.enumerated().map { index, member in
            (member.key, child(member.value, hidesKeys ? "[\(index)]" : member.key))
        }
    }

    /// The elements of a list; a single value counts as a list of one.
    func list() throws -> [YAMLValue] {
        guard let list = node.list else { return [self] }
        return list.enumerated().map { child($1, "[\($0)]") }
    }

    /// True for a mapping.
    var isMapping: Bool { node.members != nil }

    /// True for a mapping that has a key.
    func hasKey(_ key: String) -> Bool { node[key] != nil }

    /// Scalar text as written, so that `007`, `6(1)(b)` and dates stay what they are.
    func text() throws -> String {
        guard let text = node.text else { throw error("a single value is expected here") }
        if text.isEmpty || isNull {
            throw error("a value is missing here", remedy: "Write the value after the colon")
        }
        return text
    }

    /// True for `null`, and for nothing without quotes around it.
    var isNull: Bool { node.style == .plain && ["", "null", "Null", "NULL", "~"].contains(node.text) }

    /// The value on one line, whatever it is, so that two values can be compared.
    func flatText() throws -> String {
        if isMapping { return "{\(try entries().map { "\($0.key): \(try $0.value.flatText())" }.sorted())}" }
        if node.list != nil { return "\(try list().map { try $0.flatText() })" }
        return try text()
    }

    func integer(_ range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(try text()), range.contains(number) else {
            throw error("a whole number from \(range.lowerBound) to \(range.upperBound) is expected here")
        }
        return number
    }

    func boolean() throws -> Bool {
        switch try text() {
        case "true": return true
        case "false": return false
        default: throw error("`true` or `false` is expected here")
        }
    }

    /// One of a closed set.
    func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) throws -> Choice
    where Choice.RawValue == String {
        let word = try text()
        if let choice = Choice(rawValue: word) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        var remedy = "Known: \(known.joined(separator: ", "))"
        if let near = nearest(word, in: known) { remedy = "Did you mean `\(near)`? " + remedy }
        throw error("this value is not one of those that are known here", remedy: remedy)
    }

    /// A text in the three languages, or one that is the same in all.
    func localizedOrPlain() throws -> LocalizedText { isMapping ? try localized() : LocalizedText(try text()) }

    func localized() throws -> LocalizedText {
        let map = try mapping(["fi", "sv", "en"])
        return LocalizedText(
            fi: try map.required("fi").text(), sv: try map.required("sv").text(), en: try map.required("en").text())
    }
}

/// A mapping whose keys were checked.
struct YAMLMapping {
    let own: YAMLValue
    let values: [String: YAMLValue]

    subscript(key: String) -> YAMLValue? { values[key] }

    func required(_ key: String, because reason: String? = nil) throws -> YAMLValue {
        if let value = values[key] { return value }
        throw own.error(
            "the key `\(key)` is missing", remedy: reason ?? "Add `\(key): …` here")
    }
}
