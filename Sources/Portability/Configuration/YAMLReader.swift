import PortabilityModel
import PortabilityText
import Yams

/// A YAML node that knows where it stands, so that every error names file, line, column and key.
struct YAMLValue {
    let node: Node
    let file: String
    /// Keys from the root, joined by dots.
    let path: String
    /// True for requests, where a key can be a person's data in the wrong place: unknown keys are then not repeated.
    var hidesKeys = false

    /// Reads a whole document. Anchors and aliases are refused: a configuration needs none, and they are how a small
    /// file becomes a huge one.
    static func read(_ text: String, file: String, limit: Int = 4 << 20, hidesKeys: Bool = false) throws -> YAMLValue {
        guard text.utf8.count <= limit else {
            throw PortabilityError(.limit, "the file is larger than \(limit) bytes", at: .init(file: file))
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
            let parser = try Parser(yaml: joiningSurrogates(text), resolver: .basic)
            guard let node = try parser.singleRoot() else {
                throw PortabilityError(.configuration, "the file is empty", at: .init(file: file))
            }
            let value = YAMLValue(node: node, file: file, path: "", hidesKeys: hidesKeys)
            try withExtendedLifetime(parser) { try value.refuseAliases(node, depth: 0) }
            return value
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

    /// A text in which the escapes of JSON that YAML has not are written out: two for one character beyond U+FFFF, as
    /// most programs write it. A text that does not begin as a JSON object stays as it is.
    private static func joiningSurrogates(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }) == UInt8(ascii: "{") else {
            return text
        }
        func unit(_ place: Int) -> UInt32? {
            guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u")
            else { return nil }
            return UInt32(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16)
        }
        var joined: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if let high = unit(place), 0xd800..<0xdc00 ~= high, let low = unit(place + 6), 0xdc00..<0xe000 ~= low,
                let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
            {
                joined += Array(String(Character(scalar)).utf8)
                place += 12
            } else {
                // What follows a backslash is no beginning of an escape.
                let count = bytes[place] == UInt8(ascii: "\\") && place + 1 < bytes.count ? 2 : 1
                joined += bytes[place..<place + count]
                place += count
            }
        }
        return String(decoding: joined, as: UTF8.self)
    }

    private func refuseAliases(_ node: Node, depth: Int) throws {
        if depth > 32 { throw error("the file is nested deeper than 32 levels", at: node) }
        // Aliases are already resolved here; there is none without an anchor before it.
        if node.anchor != nil { throw error("anchors and aliases are not accepted", at: node) }
        switch node {
        case .alias: throw error("anchors and aliases are not accepted", at: node)
        case .mapping(let mapping):
            for (key, value) in mapping {
                try refuseAliases(key, depth: depth + 1)
                try refuseAliases(value, depth: depth + 1)
            }
        case .sequence(let sequence): for value in sequence { try refuseAliases(value, depth: depth + 1) }
        case .scalar: break
        }
    }

    func error(_ message: String, remedy: String? = nil, at other: Node? = nil) -> PortabilityError {
        let mark = (other ?? node).mark
        return PortabilityError(
            .configuration, message, remedy: remedy,
            at: .init(
                file: file, line: mark.map { Int64($0.line) }, column: mark?.column,
                field: path.isEmpty ? nil : path))
    }

    /// The error with file, line and column of the source, dataset and key that it names, for what is found out only
    /// after the file was read.
    func locating(_ error: PortabilityError) -> PortabilityError {
        var place = PortabilityError.Place(file: file)
        if error.place.line == nil, let id = error.place.source, let source = node["sources"]?[id] {
            let dataset = source["datasets"]?.sequence?.first { $0["id"]?.string == error.place.dataset }
            let outer = dataset ?? source
            let mark = (error.place.field.flatMap { outer[$0] } ?? outer).mark
            place.line = mark.map { Int64($0.line) }
            place.column = mark?.column
        }
        return error.within(place)
    }

    private func child(_ node: Node, _ key: String) -> YAMLValue {
        YAMLValue(
            node: node, file: file, path: path.isEmpty || key.hasPrefix("[") ? path + key : "\(path).\(key)",
            hidesKeys: hidesKeys)
    }

    /// The value as a mapping with none but the given keys.
    func mapping(_ allowed: [String]) throws -> YAMLMapping {
        guard case .mapping(let mapping) = node else {
            throw error(
                "a mapping is expected here", remedy: "Give `key: value` pairs: \(allowed.joined(separator: ", "))")
        }
        var values: [String: YAMLValue] = [:]
        for (key, value) in mapping {
            guard let name = key.string else { throw error("a key must be text", at: key) }
            guard allowed.contains(name) else {
                var remedy = "Known keys here: \(allowed.joined(separator: ", "))"
                if let near = nearest(name, in: allowed) { remedy = "Did you mean `\(near)`? " + remedy }
                throw error(
                    hidesKeys ? "there is no such key here" : "there is no key `\(name)` here", remedy: remedy, at: key)
            }
            values[name] = child(value, name)
        }
        return YAMLMapping(own: self, values: values)
    }

    /// The value as a mapping with any keys, in the file's order.
    func entries() throws -> [(key: String, value: YAMLValue)] {
        guard case .mapping(let mapping) = node else { throw error("a mapping is expected here") }
        return try mapping.enumerated().map { index, pair in
            guard let name = pair.key.string else { throw error("a key must be text", at: pair.key) }
            return (name, child(pair.value, hidesKeys ? "[\(index)]" : name))
        }
    }

    /// The elements of a list; a single value counts as a list of one.
    func list() throws -> [YAMLValue] {
        if case .sequence(let sequence) = node {
            return sequence.enumerated().map { child($1, "[\($0)]") }
        }
        return [self]
    }

    /// True for a mapping.
    var isMapping: Bool { if case .mapping = node { true } else { false } }

    /// True for a mapping that has a key.
    func hasKey(_ key: String) -> Bool { node.mapping?.keys.contains { $0.string == key } ?? false }

    /// Scalar text as written, so that `007`, `6(1)(b)` and dates stay what they are.
    func text() throws -> String {
        guard case .scalar(let scalar) = node else { throw error("a single value is expected here") }
        let isNull = scalar.style == .plain && ["null", "Null", "NULL", "~"].contains(scalar.string)
        if scalar.string.isEmpty || isNull {
            throw error("a value is missing here", remedy: "Write the value after the colon")
        }
        return scalar.string
    }

    /// The value on one line, whatever it is, so that two values can be compared.
    func flatText() throws -> String {
        if isMapping { return "{\(try entries().map { "\($0.key): \(try $0.value.flatText())" }.sorted())}" }
        if case .sequence = node { return "\(try list().map { try $0.flatText() })" }
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
