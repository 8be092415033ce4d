import PortabilityModel

/// JSON Schema of a receipt.
enum ReceiptSchema {
    static func document() -> [UInt8] {
        SchemaPart.document(
            id: "urn:portability:1:receipt", title: "Receipt",
            description: "Proof, for the organisation, of what was done on a request, without personal data. "
                + "receipt_id is the SHA-256 of the file without the line that says it.",
            SchemaPart.object([
                "format": SchemaPart.choice(["portability-receipt"]),
                "format_version": SchemaPart.pattern("1\\.[0-9]+"),
                "receipt_id": SchemaPart.sha256,
                "status": SchemaPart.choice(["complete", "partial", "nothing-held"]),
                "request": SchemaPart.requestID,
                "right": SchemaPart.choice(Right.allCases.map(\.rawValue)),
                "formats": SchemaPart.list(SchemaPart.choice(Format.allCases.map(\.rawValue))),
                "received": SchemaPart.moment,
                "created": SchemaPart.timestamp,
                "finished": SchemaPart.timestamp,
                "tool": SchemaPart.object([
                    "name": SchemaPart.text, "version": SchemaPart.text, "codec": SchemaPart.text,
                ]),
                "controller": SchemaPart.object(["name": SchemaPart.text, "business_id": SchemaPart.text]),
                "policy": SchemaPart.object([
                    "name": SchemaPart.text, "date": SchemaPart.date, "sha256?": SchemaPart.sha256,
                ]),
                "configuration_sha256": SchemaPart.sha256,
                "request_hmac_sha256?": SchemaPart.sha256,
                "identity_check?": SchemaPart.object([
                    "method": SchemaPart.word, "level?": SchemaPart.word, "at?": SchemaPart.moment,
                    "by?": SchemaPart.word,
                ]),
                "signature_sha256?": SchemaPart.sha256,
                "instruction?": SchemaPart.requestID,
                "deadline?": SchemaPart.object(["due": SchemaPart.date, "extended": SchemaPart.flag]),
                "review_sha256?": SchemaPart.sha256,
                "supplements?": SchemaPart.sha256,
                "signing_key?": SchemaPart.pattern("SHA256:[A-Za-z0-9+/]{43}"),
                "archive": SchemaPart.object([
                    "bytes": SchemaPart.count, "sha256": SchemaPart.sha256,
                    "volumes?": SchemaPart.list(
                        SchemaPart.object(["bytes": SchemaPart.count, "sha256": SchemaPart.sha256]), atLeast: 2),
                    "encryption?": SchemaPart.object([
                        "format": SchemaPart.choice(["age-encryption.org/v1"]),
                        "recipients": SchemaPart.counts(of: ["X25519", "ssh-ed25519", "scrypt"]),
                        "zips": SchemaPart.list(
                            SchemaPart.object(["bytes": SchemaPart.count, "sha256": SchemaPart.sha256])),
                    ]),
                ]),
                "sources": SchemaPart.list(source),
                "datasets": SchemaPart.list(dataset),
                "documents": SchemaPart.object(["given": SchemaPart.count, "withheld": SchemaPart.count]),
                "missing": SchemaPart.list(
                    SchemaPart.object(["id": SchemaPart.text, "expected?": SchemaPart.date])),
            ]))
    }

    private static var ground: SchemaNode { SchemaPart.choice(Ground.allCases.map(\.rawValue)) }

    private static var source: SchemaNode {
        SchemaPart.object([
            "id": SchemaPart.text,
            "status": SchemaPart.choice(["complete", "partial", "failed", "not-read"]),
            "as_of?": SchemaPart.timestamp,
            "files": SchemaPart.count,
            "bytes": SchemaPart.count,
            "findings": SchemaPart.counts(of: Finding.Kind.allCases.map(\.rawValue)),
        ])
    }

    private static var dataset: SchemaNode {
        SchemaPart.object([
            "id": SchemaPart.text,
            "entity": SchemaPart.text,
            "category": SchemaPart.choice(Category.allCases.map(\.rawValue)),
            "role": SchemaPart.choice(Role.allCases.map(\.rawValue)),
            "status": SchemaPart.choice(["exported", "partial", "withheld", "not-read", "failed"]),
            "ground?": ground,
            "records": SchemaPart.object([
                "extracted": SchemaPart.count, "exported": SchemaPart.count,
                "withheld": SchemaPart.counts(of: Ground.allCases.map(\.rawValue)),
            ]),
            "fields": SchemaPart.list(
                SchemaPart.object([
                    "field": SchemaPart.text, "action": SchemaPart.choice(["withheld", "masked", "labelled"]),
                    "ground": ground, "count": SchemaPart.count,
                ])),
        ])
    }
}
