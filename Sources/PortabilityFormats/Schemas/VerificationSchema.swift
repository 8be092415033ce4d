/// JSON Schema of what `verify --json` writes.
enum VerificationSchema {
    static func document() -> [UInt8] {
        SchemaPart.document(
            id: "urn:portability:1:verification", title: "Verification",
            description:
                "What verifying archives, or bags made by others, showed. A newer minor version of the format may "
                + "have further members.",
            SchemaPart.object([
                "format": SchemaPart.choice(["portability-verification"]),
                "format_version": SchemaPart.pattern("1\\.[0-9]+"),
                "tool": SchemaPart.object(["name": SchemaPart.text, "version": SchemaPart.text]),
                "depth": depth,
                "intact": SchemaPart.flag,
                "archives": SchemaPart.list(archive, atLeast: 1),
                "set?": SchemaPart.object([
                    "whole": SchemaPart.flag, "given": SchemaPart.count, "volumes?": SchemaPart.count,
                    "findings": SchemaPart.list(finding),
                ]),
            ]))
    }

    private static var depth: SchemaNode { SchemaPart.choice(["sizes", "completeness", "full"]) }
    private static var words: SchemaNode { SchemaPart.list(SchemaPart.text) }

    private static var archive: SchemaNode {
        SchemaPart.object([
            "path": SchemaPart.text,
            "kind": SchemaPart.choice(["archive", "bag"]),
            "container": SchemaPart.choice(["zip", "folder"]),
            "depth": depth,
            "state": SchemaPart.choice(["intact", "content-intact-container-rewritten", "not-intact"]),
            "bagit_version?": SchemaPart.pattern("[0-9]+\\.[0-9]+"),
            "algorithms": words,
            "unknown_algorithms": words,
            "counts": SchemaPart.object([
                "payload_files": SchemaPart.count, "payload_bytes": SchemaPart.count, "tag_files": SchemaPart.count,
                "records": SchemaPart.count,
            ]),
            "findings": SchemaPart.list(finding),
            "container_findings": SchemaPart.list(finding),
            "warnings": SchemaPart.list(finding),
            "not_compared": words,
            "fetch": SchemaPart.object([
                "files": SchemaPart.count, "absent": SchemaPart.count,
                "list": SchemaPart.list(
                    SchemaPart.object([
                        "url": SchemaPart.text, "path": SchemaPart.text, "bytes?": SchemaPart.count,
                        "present": SchemaPart.flag,
                    ])),
            ]),
            "signature": SchemaPart.object([
                "status": SchemaPart.choice(["none", "unchecked", "valid", "invalid"]),
                "fingerprint?": SchemaPart.text, "principals?": SchemaPart.text,
            ]),
        ])
    }

    private static var finding: SchemaNode {
        SchemaPart.object([
            "kind": SchemaPart.pattern("[a-z\\-]+"), "path?": SchemaPart.text, "ordinal?": SchemaPart.count,
            "offset?": SchemaPart.count, "message": SchemaPart.text,
        ])
    }
}
