import PortabilityModel

/// JSON Schema of a request file (YAML or JSON).
enum RequestSchema {
    static func document() -> [UInt8] {
        let category = SchemaPart.choice(Category.allCases.map(\.rawValue))
        let id = SchemaNode.members(["type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9._\\-]{0,63}$"])
        let word = SchemaNode.members(["type": "string", "pattern": "^[a-z0-9\\-]{1,40}$"])
        let moment = SchemaPart.pattern("\(ValuePattern.timestamp)|\(ValuePattern.date)")
        let day = SchemaPart.pattern("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
        let evidence = SchemaPart.object(["document": word, "sha256?": SchemaPart.sha256])
        return SchemaPart.document(
            id: "urn:portability:1:request", title: "Request",
            description: "A person's request for data, as recorded by the organisation that received it.",
            SchemaPart.object([
                "id": id,
                "right": SchemaPart.choice(Right.allCases.map(\.rawValue)),
                "received": moment,
                "channel?": SchemaPart.choice(SchemaPart.channels),
                "language?": SchemaPart.choice(Language.allCases.map(\.rawValue)),
                "requester?": SchemaPart.object([
                    "relation": SchemaPart.choice(["guardian", "attorney", "estate", "controller", "other"]),
                    "evidence?": evidence,
                ]),
                "identifiers": .members([
                    "type": "object", "minProperties": .integer(1),
                    "additionalProperties": SchemaPart.oneOrMany(.members(["type": .strings(["string", "integer"])])),
                ]),
                "identity_check": SchemaPart.object([
                    "method": SchemaPart.choice(SchemaPart.identityMethods),
                    "level?": word, "at?": moment, "by?": word,
                ]),
                "signature?": SchemaPart.object(["form": word, "received?": moment, "evidence?": evidence]),
                "residence?": SchemaPart.pattern("[A-Z]{2}"),
                "delivery?": SchemaPart.object([
                    "to": SchemaPart.choice(["subject", "requester", "service", "controller"]),
                    "name?": .members(["type": "string", "minLength": .integer(1), "maxLength": .integer(100)]),
                    "channel": SchemaPart.choice(SchemaPart.channels),
                ]),
                "formats?": SchemaPart.oneOrMany(SchemaPart.choice(Format.allCases.map(\.rawValue))),
                "include?": SchemaPart.oneOrMany(category),
                "exclude?": SchemaPart.oneOrMany(category),
                "period?": SchemaPart.object(["from?": day, "to?": day]).adding(["minProperties": .integer(1)]),
                "csv_dialect?": SchemaPart.choice(["excel", "service"]),
                "instruction?": id,
                "events?": SchemaPart.oneOrMany(
                    SchemaPart.object([
                        "kind": SchemaPart.choice([
                            "identity-asked", "identity-received", "clarification-asked", "clarification-received",
                            "extension-notified",
                        ]),
                        "at": moment, "necessary?": SchemaPart.flag,
                        "reason?": SchemaPart.choice(["complexity", "number"]),
                    ])),
                "supplements?": SchemaPart.sha256,
                "missing_by?": day,
            ]))
    }
}
