/// JSON Schema of one line of a journal.
enum JournalSchema {
    static func document() -> [UInt8] {
        SchemaPart.document(
            id: "urn:portability:1:journal-line", title: "Journal line",
            description: "One event of a journal (JSON Lines). sha256 is that of the line's bytes before the comma "
                + "that precedes it; previous is the sha256 of the line before. Where a write was cut off, what is "
                + "before the last character U+0018 of a line is to be disregarded.",
            .members(["oneOf": .array(events.map(line))]))
    }

    /// Events with their members; those that end in `?` are optional.
    private static let events: [(name: String, members: [String])] = [
        ("opened", ["format", "format_version"]), ("torn", ["fragment"]),
        ("received", ["request", "happened", "channel?", "by?"]),
        ("identity-asked", ["request", "happened", "channel?", "by?"]),
        ("identity-received", ["request", "happened", "channel?", "by?"]),
        ("clarification-asked", ["request", "happened", "channel?", "by?"]),
        ("clarification-received", ["request", "happened", "channel?", "by?"]),
        ("extension-notified", ["request", "happened", "channel?", "by?", "until"]),
        ("reviewed", ["request", "happened", "by", "approver?", "review"]),
        ("exported", ["request", "receipt", "archive_sha256"]),
        ("delivered", ["request", "happened", "channel", "by", "receipt?"]),
        ("refused", ["request", "happened", "channel?", "by?", "approver?", "ground", "article"]),
        ("withdrawn", ["request", "happened", "channel?", "by?"]), ("purged", ["request?", "purged"]),
    ]

    private static func line(_ event: (name: String, members: [String])) -> SchemaNode {
        var properties: [(key: String, value: SchemaNode)] = [
            ("sequence", SchemaPart.count), ("previous", SchemaPart.sha256), ("at", SchemaPart.timestamp),
            ("event", SchemaPart.choice([event.name])),
        ]
        var required = properties.map(\.key)
        for member in event.members {
            let isOptional = member.hasSuffix("?")
            let name = isOptional ? String(member.dropLast()) : member
            properties.append((name, schema(of: name)))
            if !isOptional { required.append(name) }
        }
        properties.append(("sha256", SchemaPart.sha256))
        required.append("sha256")
        return .members([
            "type": "object", "properties": .object(properties), "required": .strings(required),
            "additionalProperties": false,
        ])
    }

    private static func schema(of member: String) -> SchemaNode {
        switch member {
        case "format": SchemaPart.choice(["portability-journal"])
        case "format_version": SchemaPart.pattern("1\\.[0-9]+")
        case "request": SchemaPart.requestID
        case "happened": SchemaPart.moment
        case "channel":
            SchemaPart.choice([
                "email", "secure-email", "letter", "web", "phone", "in-person", "transfer", "other",
            ])
        case "by", "approver": SchemaPart.word
        case "until": SchemaPart.date
        case "ground":
            SchemaPart.choice([
                "manifestly-unfounded", "excessive", "not-identified", "processor-role", "rights-of-others",
                "not-covered", "national-law",
            ])
        case "article": SchemaPart.pattern("[0-9]{1,3}(\\([0-9a-z]{1,3}\\))*")
        case "review":
            SchemaPart.object([
                "sha256": SchemaPart.sha256, "kept": SchemaPart.count, "masked": SchemaPart.count,
                "withheld": SchemaPart.count,
            ])
        case "purged": SchemaPart.counts(of: ["archives", "requests", "reviews", "letters", "dossiers"])
        case "fragment": SchemaPart.object(["bytes": SchemaPart.count, "sha256": SchemaPart.sha256])
        default: SchemaPart.sha256
        }
    }
}
