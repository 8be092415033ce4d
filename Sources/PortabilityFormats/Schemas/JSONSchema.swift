import PortabilityModel

/// JSON Schema 2020-12 of an entity's records.
struct JSONSchema {
    static let dialect = "https://json-schema.org/draft/2020-12/schema"

    let entity: Entity
    let language: Language

    /// The schema of a dataset's JSON file; a line of its JSON Lines file is a `#/$defs/record`.
    func document() -> [UInt8] {
        var definitions: [(key: String, value: SchemaNode)] = [("record", record)]
        for kind in ValueKind.allCases where isUsed(kind, in: entity.fields) {
            definitions.append((kind.name, Self.definition(of: kind)))
        }
        return SchemaNode.members([
            "$schema": .string(Self.dialect),
            "$id": .string("urn:portability:1:json:\(entity.name)"),
            "title": .string(entity.label[language]),
            "description": .string(FieldText.sentence(entity.meaning[language])),
            "$comment": entity.iris.isEmpty ? nil : .string(entity.iris.joined(separator: " ")),
            "type": "array",
            "items": .members(["$ref": "#/$defs/record"]),
            "$defs": .object(definitions),
        ]).document()
    }

    private func isUsed(_ kind: ValueKind, in fields: [Field]) -> Bool {
        fields.contains { field in
            switch field.type {
            case .value(let own): own == kind
            case .group(let nested): isUsed(kind, in: nested)
            }
        } || kind == .string
    }

    private var record: SchemaNode {
        let id = FieldText(FieldText.recordID, language)
        let other = FieldText(FieldText.other, language)
        var properties: [(key: String, value: SchemaNode)] = [
            ("record_id", annotated(["$ref": "#/$defs/string"], id, FieldText.recordID))
        ]
        properties += entity.fields.map { ($0.name, schema(of: $0)) }
        properties.append(
            (
                "other",
                .members([
                    "title": .string(other.title),
                    "description": other.description.map { .string($0) },
                    "type": "object",
                    "minProperties": .integer(1),
                    "additionalProperties": .members([
                        "type": .strings(["string", "integer", "boolean", "object", "array"]),
                        "minLength": .integer(1),
                        "minimum": .integer(-(1 << 53)),
                        "maximum": .integer(1 << 53),
                    ]),
                ])
            ))
        return .members([
            "type": "object",
            "properties": .object(properties),
            "required": .strings(["record_id"]),
            "additionalProperties": false,
        ])
    }

    private func schema(of field: Field) -> SchemaNode {
        let text = FieldText(field, language)
        switch (field.type, field.isList) {
        case (.value(let kind), false):
            return annotated(["$ref": .string("#/$defs/\(kind.name)")], text, field)
        case (.value(let kind), true):
            return annotated(
                [
                    "type": "array", "minItems": .integer(1),
                    "items": .members(["$ref": .string("#/$defs/\(kind.name)")]),
                ], text, field)
        case (.group(let fields), false):
            return annotated(
                [
                    "type": "object", "minProperties": .integer(1), "properties": properties(of: fields),
                    "additionalProperties": false,
                ], text, field)
        case (.group(let fields), true):
            let item: SchemaNode = .members([
                "type": "object", "minProperties": .integer(1), "properties": properties(of: fields),
                "additionalProperties": false,
            ])
            return annotated(["type": "array", "minItems": .integer(1), "items": item], text, field)
        }
    }

    private func properties(of fields: [Field]) -> SchemaNode {
        .object(fields.map { (key: $0.name, value: schema(of: $0)) })
    }

    private func annotated(
        _ schema: KeyValuePairs<String, SchemaNode?>, _ text: FieldText, _ field: Field
    ) -> SchemaNode {
        SchemaNode.members([
            "title": .string(text.title),
            "description": text.description.map { .string($0) },
            "$comment": field.iris.isEmpty ? nil : .string(field.iris.joined(separator: " ")),
        ]).adding(schema)
    }

    private static func definition(of kind: ValueKind) -> SchemaNode {
        switch kind {
        case .string: .members(["type": "string", "minLength": .integer(1)])
        case .integer:
            .members([
                "type": .strings(["integer", "string"]),
                "minimum": .integer(-(1 << 53)),
                "maximum": .integer(1 << 53),
                "pattern": .string(ValuePattern.anchored(ValuePattern.largeInteger)),
            ])
        case .boolean: .members(["type": "boolean"])
        case .json: true
        case .decimal, .date, .time, .timestamp, .localTimestamp, .duration, .reference:
            .members([
                "type": "string", "pattern": ValuePattern.of(kind).map { .string(ValuePattern.anchored($0)) },
            ])
        }
    }
}
