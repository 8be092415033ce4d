/// Pieces that the schemas of manifest and request share (JSON Schema 2020-12).
enum SchemaPart {
    static let text: SchemaNode = .members(["type": "string", "minLength": .integer(1)])
    static let count: SchemaNode = .members(["type": "integer", "minimum": .integer(0)])
    static let flag: SchemaNode = .members(["type": "boolean"])
    static let sha256: SchemaNode = pattern(ValuePattern.sha256)
    static let date: SchemaNode = pattern(ValuePattern.date)
    static let timestamp: SchemaNode = pattern(ValuePattern.timestamp)

    /// A date, or a time with its offset.
    static let moment: SchemaNode = pattern("\(ValuePattern.timestamp)|\(ValuePattern.date)")
    /// The id of a request or an instruction.
    static let requestID: SchemaNode = pattern("[A-Za-z0-9_][A-Za-z0-9._\\-]{0,63}")
    /// A role or another short word, never a name.
    static let word: SchemaNode = pattern("[a-z0-9\\-]{1,40}")

    /// Counts by name.
    static func counts(of names: [String]) -> SchemaNode {
        .members(["type": "object", "propertyNames": choice(names), "additionalProperties": count])
    }

    static let channels = ["email", "letter", "web", "phone", "in-person", "other"]
    static let identityMethods = [
        "session", "known-email", "strong-authentication", "in-person", "already-known",
    ]

    static func pattern(_ pattern: String) -> SchemaNode {
        .members(["type": "string", "pattern": .string(ValuePattern.anchored(pattern))])
    }

    static func choice(_ values: [String]) -> SchemaNode { .members(["enum": .strings(values)]) }

    static func list(_ item: SchemaNode, atLeast least: Int64 = 0) -> SchemaNode {
        .members(["type": "array", "minItems": least > 0 ? .integer(least) : nil, "items": item])
    }

    /// One value, or a list of them.
    static func oneOrMany(_ item: SchemaNode) -> SchemaNode {
        .members(["anyOf": .array([item, list(item, atLeast: 1)])])
    }

    /// An object with the given members and no others; names that end in `?` are optional.
    static func object(_ members: KeyValuePairs<String, SchemaNode>) -> SchemaNode {
        var properties: [(key: String, value: SchemaNode)] = []
        var required: [String] = []
        for (name, schema) in members {
            if name.hasSuffix("?") {
                properties.append((String(name.dropLast()), schema))
            } else {
                properties.append((name, schema))
                required.append(name)
            }
        }
        return .members([
            "type": "object",
            "properties": .object(properties),
            "required": required.isEmpty ? nil : .strings(required),
            "additionalProperties": false,
        ])
    }

    /// A document with its head.
    static func document(id: String, title: String, description: String, _ schema: SchemaNode) -> [UInt8] {
        guard case .object(let members) = schema else { return schema.document() }
        return SchemaNode.object(
            [
                ("$schema", .string(JSONSchema.dialect)), ("$id", .string(id)), ("title", .string(title)),
                ("description", .string(description)),
            ] + members
        ).document()
    }
}
