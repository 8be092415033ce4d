import PortabilityModel

/// JSON Schema of a request file (YAML).
enum RequestSchema {
    static func document() -> [UInt8] {
        let category = SchemaPart.choice(Category.allCases.map(\.rawValue))
        let value: SchemaNode = .members(["type": .strings(["string", "integer"])])
        return SchemaPart.document(
            id: "urn:portability:1:request", title: "Request",
            description: "A person's request for data, as recorded by the organisation that received it.",
            SchemaPart.object([
                "id": SchemaPart.pattern("[A-Za-z0-9._\\-]+"),
                "right": SchemaPart.choice(Right.allCases.map(\.rawValue)),
                "received": SchemaPart.timestamp,
                "channel": SchemaPart.choice(["email", "letter", "web", "phone", "in-person", "other"]),
                "language": SchemaPart.choice(Language.allCases.map(\.rawValue)),
                "identifiers": .members([
                    "type": "object", "minProperties": .integer(1),
                    "additionalProperties": .members([
                        "anyOf": .array([value, SchemaPart.list(value, atLeast: 1)])
                    ]),
                ]),
                "identity_check?": SchemaPart.object([
                    "method": SchemaPart.choice([
                        "session", "known-email", "strong-authentication", "in-person", "already-known",
                    ]),
                    "level": SchemaPart.text, "at": SchemaPart.timestamp, "by": SchemaPart.text,
                ]),
                "signature?": SchemaPart.object(["form": SchemaPart.text, "received": SchemaPart.date]),
                "formats?": SchemaPart.list(SchemaPart.choice(Format.allCases.map(\.rawValue)), atLeast: 1),
                "include?": SchemaPart.list(category),
                "exclude?": SchemaPart.list(category),
                "csv_dialect?": SchemaPart.choice(["excel", "service"]),
                "instruction?": SchemaPart.text,
            ]))
    }
}
