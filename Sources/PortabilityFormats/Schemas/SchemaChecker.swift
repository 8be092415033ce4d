package import PortabilityText

/// Where a document is not what its schema says.
package struct SchemaFault: Sendable {
    /// Such as `datasets[3].files[0].rows`; empty for the document itself.
    package let place: String
    /// Without any value of the document.
    package let message: String
}

/// Compares documents with the schemas that this project writes (JSON Schema 2020-12, as far as they use it).
package struct SchemaChecker {
    /// What of the standard is understood; a test holds that our schemas use nothing else.
    package static let keywords: Set<String> = [
        "$schema", "$id", "title", "description", "type", "enum", "pattern", "minLength", "minimum", "properties",
        "required", "additionalProperties", "propertyNames", "items", "minItems", "anyOf",
    ]

    private let schema: JSONValue
    private let limit: Int
    /// True to let pass what a newer minor version of the format may have: further members and further words.
    private let isLenient: Bool
    private var faults: [SchemaFault] = []
    private var patterns: [String: Regex<AnyRegexOutput>] = [:]

    private init(schema: JSONValue, isLenient: Bool, limit: Int) {
        self.schema = schema
        self.isLenient = isLenient
        self.limit = limit
    }

    /// What is wrong with a `manifest.json`.
    package static func faults(
        inManifest document: JSONValue, isLenient: Bool = false, limit: Int = 100
    ) throws -> [SchemaFault] {
        try faults(in: document, schema: ManifestSchema.document(), isLenient: isLenient, limit: limit)
    }

    /// What is wrong with a `processing-information.json`.
    package static func faults(
        inProcessingInformation document: JSONValue, isLenient: Bool = false, limit: Int = 100
    ) throws -> [SchemaFault] {
        try faults(in: document, schema: ProcessingInformationSchema.document(), isLenient: isLenient, limit: limit)
    }

    /// What is wrong with a document, at most so much of it.
    package static func faults(
        in document: JSONValue, schema: [UInt8], isLenient: Bool = false, limit: Int = 100
    ) throws -> [SchemaFault] {
        var checker = SchemaChecker(schema: try JSONValue(parsing: schema), isLenient: isLenient, limit: limit)
        try checker.check(document, checker.schema, "")
        return checker.faults
    }

    private mutating func report(_ place: String, _ message: String) {
        if faults.count < limit { faults.append(SchemaFault(place: place, message: message)) }
    }

    private mutating func check(_ value: JSONValue, _ schema: JSONValue, _ place: String) throws {
        guard faults.count < limit, let members = schema.members else { return }
        for (keyword, rule) in members {
            switch (keyword, rule) {
            case ("type", .string(let type)):
                guard value.isOf(type: type) else { return report(place, "it is not of the type \(type)") }
            case ("enum", .array(let choices)):
                let isThere = choices.contains { $0.string != nil && $0.string == value.string }
                if !isThere, !isLenient || value.string == nil {
                    report(place, "it is none of the words that it may be")
                }
            case ("pattern", .string(let pattern)):
                if let text = value.string, try !matches(text, pattern) {
                    report(place, "it is not spelled as it must be")
                }
            case ("minLength", _):
                if let text = value.string, text.isEmpty { report(place, "it is empty") }
            case ("minimum", _):
                if let number = value.integer, number < rule.integer ?? 0 { report(place, "it is too small") }
            case ("minItems", _):
                if let list = value.array, list.count < Int(rule.integer ?? 0) {
                    report(place, "it has too few elements")
                }
            case ("items", _):
                for (index, element) in (value.array ?? []).enumerated() {
                    try check(element, rule, "\(place)[\(index)]")
                }
            case ("anyOf", .array(let choices)): try checkAny(value, choices, place)
            case ("required", .array(let names)):
                for name in names.compactMap(\.string) where value[name] == nil {
                    report(place, "\(name) is missing")
                }
            case ("properties", .object(let properties)):
                for (name, schema) in properties {
                    if let member = value[name] { try check(member, schema, place.isEmpty ? name : "\(place).\(name)") }
                }
            case ("propertyNames", _):
                for (name, _) in value.members ?? [] { try check(.string(name), rule, place) }
            case ("additionalProperties", _): try checkFurther(value, rule, schema, place)
            default: break
            }
        }
        if let all = value.members {
            var seen: Set<String> = []
            for (name, _) in all where !seen.insert(name).inserted { report(place, "a member is there twice") }
        }
    }

    private mutating func checkAny(_ value: JSONValue, _ choices: [JSONValue], _ place: String) throws {
        let before = faults
        for choice in choices {
            faults = []
            try check(value, choice, place)
            if faults.isEmpty {
                faults = before
                return
            }
        }
        faults = before
        report(place, "it is nothing that it may be")
    }

    private mutating func checkFurther(
        _ value: JSONValue, _ rule: JSONValue, _ schema: JSONValue, _ place: String
    ) throws {
        let known = Set((schema["properties"]?.members ?? []).map(\.key))
        for (name, member) in value.members ?? [] where !known.contains(name) {
            if case .boolean(let isAllowed) = rule {
                if !isAllowed, !isLenient { report(place, "it has a member that the format does not have") }
            } else {
                try check(member, rule, place.isEmpty ? "a member" : "\(place), a member")
            }
        }
    }

    private mutating func matches(_ text: String, _ pattern: String) throws -> Bool {
        let regex = try patterns[pattern] ?? Regex(pattern).matchingSemantics(.unicodeScalar)
        patterns[pattern] = regex
        return try regex.wholeMatch(in: text) != nil
    }
}

extension JSONValue {
    fileprivate func isOf(type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .boolean: type == "boolean"
        case .number(let text): type == "number" || type == "integer" && Int64(text) != nil
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }
}
