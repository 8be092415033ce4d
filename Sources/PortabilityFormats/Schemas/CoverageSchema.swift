import PortabilityModel

/// JSON Schema of what `sources coverage --json` prints.
enum CoverageSchema {
    static func document() -> [UInt8] {
        SchemaPart.document(
            id: "urn:portability:1:coverage", title: "Coverage of the sources",
            description:
                "What every configured source holds, and what becomes of each part of it in exports: exported, "
                + "used as a key, excluded on a ground, or unknown. Names of tables, columns and fields; no data.",
            SchemaPart.object([
                "format": SchemaPart.choice(["portability-coverage"]),
                "format_version": SchemaPart.pattern("1\\.[0-9]+"),
                "complete": SchemaPart.flag,
                "sources": SchemaPart.list(source),
                "proposals": SchemaPart.list(
                    SchemaPart.object([
                        "source": SchemaPart.text, "place": SchemaPart.text, "after_line?": SchemaPart.count,
                        "yaml": SchemaPart.text,
                    ])),
            ]))
    }

    private static let uses = ["exported", "key", "excluded", "unknown"]

    private static var source: SchemaNode {
        SchemaPart.object([
            "id": SchemaPart.text,
            "kind": SchemaPart.text,
            "state": SchemaPart.choice(["probed", "not-probed", "failed", "no-personal-data"]),
            "complete": SchemaPart.flag,
            "reason?": SchemaPart.text,
            "error?": SchemaPart.object(["code": SchemaPart.text, "message": SchemaPart.text]),
            "counts": SchemaPart.counts(of: uses),
            "items": SchemaPart.list(item),
            "indexes?": SchemaPart.object([
                "count": SchemaPart.count, "bytes": SchemaPart.count, "current": SchemaPart.count,
                "stale": SchemaPart.count, "without_log": SchemaPart.count,
            ]),
            "findings": SchemaPart.list(
                SchemaPart.object([
                    "message": SchemaPart.text, "dataset?": SchemaPart.text, "field?": SchemaPart.text,
                ])),
        ])
    }

    private static var item: SchemaNode {
        SchemaPart.object([
            "container": SchemaPart.text,
            "name?": SchemaPart.text,
            "type?": SchemaPart.text,
            "use": SchemaPart.choice(uses),
            "dataset?": SchemaPart.text,
            "field?": SchemaPart.text,
            "ground?": SchemaPart.choice(Ground.allCases.map(\.rawValue)),
            "held_in?": SchemaPart.text,
            "candidate?": SchemaPart.text,
            "read?": SchemaPart.flag,
        ])
    }
}
