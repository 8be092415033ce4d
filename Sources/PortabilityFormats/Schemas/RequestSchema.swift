import PortabilityModel

/// JSON Schema of a request file (YAML).
enum RequestSchema {
    static func document() -> [UInt8] {
        let category = SchemaPart.choice(Category.allCases.map(\.rawValue))
        return SchemaPart.document(
            id: "urn:portability:1:request", title: "Request",
            description: "A person's request for data, as recorded by the organisation that received it.",
            SchemaPart.object([
                "id": .members(["type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9._\\-]{0,63}$"]),
                "right": SchemaPart.choice(Right.allCases.map(\.rawValue)),
                "received": SchemaPart.pattern("\(ValuePattern.timestamp)|\(ValuePattern.date)"),
                "channel?": SchemaPart.choice(SchemaPart.channels),
                "language?": SchemaPart.choice(Language.allCases.map(\.rawValue)),
                "identifiers": .members([
                    "type": "object", "minProperties": .integer(1),
                    "additionalProperties": SchemaPart.oneOrMany(.members(["type": .strings(["string", "integer"])])),
                ]),
                "identity_check": SchemaPart.object([
                    "method": SchemaPart.choice(SchemaPart.identityMethods),
                    "level?": SchemaPart.text, "at?": SchemaPart.timestamp, "by?": SchemaPart.text,
                ]),
                "signature?": SchemaPart.object([
                    "form": SchemaPart.text,
                    "received?": SchemaPart.pattern("\(ValuePattern.timestamp)|\(ValuePattern.date)"),
                ]),
                "formats?": SchemaPart.oneOrMany(SchemaPart.choice(Format.allCases.map(\.rawValue))),
                "include?": SchemaPart.list(category),
                "exclude?": SchemaPart.list(category),
                "csv_dialect?": SchemaPart.choice(["excel", "service"]),
                "instruction?": SchemaPart.text,
            ]))
    }
}
