import PortabilityModel

/// JSON Schema of an archive's `manifest.json`.
enum ManifestSchema {
    static func document() -> [UInt8] {
        SchemaPart.document(
            id: "urn:portability:1:manifest", title: "Manifest",
            description:
                "What is in the archive, from where, as of when, why, under which rule, and what is not in it.",
            SchemaPart.object([
                "format": SchemaPart.choice(["portability"]),
                "format_version": SchemaPart.pattern("1\\.[0-9]+"),
                "catalogue_version": SchemaPart.pattern("[0-9]+\\.[0-9]+"),
                "status": SchemaPart.choice(["complete", "partial"]),
                "created": SchemaPart.timestamp,
                "language?": SchemaPart.choice(Language.allCases.map(\.rawValue)),
                "tool": SchemaPart.object([
                    "name": SchemaPart.text, "version": SchemaPart.text, "codec": SchemaPart.text,
                ]),
                "controller": controller,
                "policy": SchemaPart.object([
                    "register": SchemaPart.text, "name": SchemaPart.text, "date": SchemaPart.date,
                    "url?": SchemaPart.text, "sha256?": SchemaPart.sha256,
                ]),
                "request": request,
                "subject": SchemaPart.object([
                    "identifiers": SchemaPart.list(
                        SchemaPart.object([
                            "kind": SchemaPart.text, "values": SchemaPart.count,
                            "how": SchemaPart.choice(["given", "found"]),
                        ])),
                    "class?": SchemaPart.text,
                ]),
                "values": SchemaPart.object(["absent": SchemaPart.text, "csv_formula_guard": SchemaPart.text]),
                "sources": SchemaPart.list(source),
                "datasets": SchemaPart.list(dataset),
                "documents": SchemaPart.object(["count": SchemaPart.count, "bytes": SchemaPart.count]),
                "set?": set,
                "free_text": .members([
                    "type": "object", "additionalProperties": SchemaPart.choice(["keep", "mask", "review"]),
                ]),
                "nothing_held?": SchemaPart.list(
                    SchemaPart.object([
                        "source": SchemaPart.text, "searched_at": SchemaPart.timestamp,
                        "by": SchemaPart.list(SchemaPart.text),
                    ])),
                "missing_by?": SchemaPart.date,
                "review?": SchemaPart.object([
                    "by": SchemaPart.text, "at": SchemaPart.text, "approved_by?": SchemaPart.text,
                    "approved_at?": SchemaPart.text,
                ]),
                "purposes": SchemaPart.list(
                    SchemaPart.object([
                        "id": SchemaPart.text, "text": SchemaPart.text,
                        "basis": SchemaPart.choice(LegalBasis.allCases.map(\.rawValue)),
                        "basis_iri": SchemaPart.choice(LegalBasis.allCases.map(\.iri)),
                        "marketing": SchemaPart.flag, "iri?": SchemaPart.text,
                    ])),
                "exchange?": SchemaPart.list(exchange, atLeast: 1),
                "converted_from?": SchemaPart.list(origin, atLeast: 1),
            ]))
    }

    /// The set that the archive is a volume of: all its datasets with the counts of the whole, and where their records
    /// and the documents are.
    private static var set: SchemaNode {
        SchemaPart.object([
            "id": SchemaPart.sha256, "volume": SchemaPart.count, "volumes": SchemaPart.count,
            "volume_bytes": SchemaPart.count,
            "datasets": SchemaPart.list(
                SchemaPart.object([
                    "id": SchemaPart.pattern("[a-z0-9\\-]+"),
                    "records": SchemaPart.object([
                        "extracted": SchemaPart.count, "exported": SchemaPart.count,
                        "withheld": SchemaPart.counts(of: Ground.allCases.map(\.rawValue)),
                    ]),
                    "content_sha256": SchemaPart.sha256,
                    "parts": SchemaPart.list(
                        SchemaPart.object([
                            "volume": SchemaPart.count, "records": SchemaPart.count,
                            "content_sha256": SchemaPart.sha256,
                        ]), atLeast: 1),
                ])),
            "documents": SchemaPart.list(
                SchemaPart.object([
                    "volume": SchemaPart.count, "count": SchemaPart.count, "bytes": SchemaPart.count,
                    "first": SchemaPart.text, "last": SchemaPart.text,
                ])),
        ])
    }

    /// A form that other systems read, and what of the records it cannot say.
    private static var exchange: SchemaNode {
        SchemaPart.object([
            "form": SchemaPart.pattern("[a-z\\-]+"),
            "datasets": SchemaPart.list(
                SchemaPart.object([
                    "id": SchemaPart.pattern("[a-z0-9\\-]+"), "records": SchemaPart.count,
                    "role": SchemaPart.choice(Role.allCases.map(\.rawValue)),
                ])),
            "files": SchemaPart.list(
                SchemaPart.object([
                    "path": SchemaPart.pattern("data/[A-Za-z0-9._/\\-]+"), "bytes": SchemaPart.count,
                    "sha256": SchemaPart.sha256, "media_type": SchemaPart.text,
                ])),
            "notes": SchemaPart.list(
                SchemaPart.object([
                    "kind": SchemaPart.choice(["missing", "dropped", "inconsistent", "refused"]),
                    "dataset": SchemaPart.text, "record": SchemaPart.count, "file?": SchemaPart.text,
                    "term": SchemaPart.text, "message": SchemaPart.text,
                ])),
            "notes_not_listed?": SchemaPart.count,
        ])
    }

    /// An archive that this one was converted from.
    private static var origin: SchemaNode {
        SchemaPart.object([
            "sha256": SchemaPart.sha256, "bytes": SchemaPart.count, "request_id": SchemaPart.text,
            "created": SchemaPart.timestamp,
            "tool": SchemaPart.object([
                "name": SchemaPart.text, "version": SchemaPart.text, "codec": SchemaPart.text,
            ]),
            "manifest_sha256": SchemaPart.sha256,
        ])
    }

    private static var ground: SchemaNode { SchemaPart.choice(Ground.allCases.map(\.rawValue)) }

    private static var controller: SchemaNode {
        SchemaPart.object([
            "name": SchemaPart.text, "business_id": SchemaPart.text, "address": SchemaPart.text,
            "country": SchemaPart.pattern("[A-Z]{2}"), "email": SchemaPart.text, "telephone?": SchemaPart.text,
            "contact?": SchemaPart.text,
        ])
    }

    private static var request: SchemaNode {
        SchemaPart.object([
            "id": SchemaPart.text,
            "right": SchemaPart.choice(Right.allCases.map(\.rawValue)),
            "received": SchemaPart.text,
            "channel": SchemaPart.choice(SchemaPart.channels),
            "language": SchemaPart.choice(Language.allCases.map(\.rawValue)),
            "formats": SchemaPart.list(SchemaPart.choice(Format.allCases.map(\.rawValue)), atLeast: 1),
            "include": SchemaPart.list(SchemaPart.choice(Category.allCases.map(\.rawValue))),
            "exclude": SchemaPart.list(SchemaPart.choice(Category.allCases.map(\.rawValue))),
            "identity_check": SchemaPart.object([
                "method": SchemaPart.choice(SchemaPart.identityMethods), "level?": SchemaPart.text,
                "at?": SchemaPart.text, "by?": SchemaPart.text,
            ]),
            "signature?": SchemaPart.object([
                "form": SchemaPart.text, "received?": SchemaPart.text, "evidence?": evidence,
            ]),
            "instruction?": SchemaPart.text,
            "requester?": SchemaPart.object(["relation": SchemaPart.text, "evidence?": evidence]),
            "delivery?": SchemaPart.object([
                "to": SchemaPart.text, "channel": SchemaPart.choice(SchemaPart.channels),
            ]),
            "period?": SchemaPart.object(["from?": SchemaPart.date, "to?": SchemaPart.date]),
            "supplements?": SchemaPart.sha256,
        ])
    }

    private static var evidence: SchemaNode {
        SchemaPart.object(["document": SchemaPart.text, "sha256?": SchemaPart.sha256])
    }

    private static var action: SchemaNode { SchemaPart.choice(FieldAction.allCases.map(\.rawValue)) }

    private static var source: SchemaNode {
        SchemaPart.object([
            "id": SchemaPart.text,
            "kind": SchemaPart.text,
            "role": SchemaPart.choice(Role.allCases.map(\.rawValue)),
            "status": SchemaPart.choice(["complete", "partial", "failed", "not-read"]),
            "as_of?": SchemaPart.timestamp,
            "files": SchemaPart.count,
            "bytes": SchemaPart.count,
            "tolerated_malformed?": SchemaPart.count,
            "error?": SchemaPart.object(["code": SchemaPart.text, "message": SchemaPart.text]),
            "findings": SchemaPart.list(
                SchemaPart.object([
                    "kind": SchemaPart.choice(Finding.Kind.allCases.map(\.rawValue)),
                    "message": SchemaPart.text, "count": SchemaPart.count, "loses_records": SchemaPart.flag,
                    "dataset?": SchemaPart.text, "file_number?": SchemaPart.count, "record?": SchemaPart.count,
                    "line?": SchemaPart.count, "byte?": SchemaPart.count, "field?": SchemaPart.text,
                ])),
            "attestations?": SchemaPart.list(
                SchemaPart.object([
                    "places": SchemaPart.list(SchemaPart.text, atLeast: 1), "role": SchemaPart.text,
                    "date": SchemaPart.date,
                    "result": SchemaPart.choice(Attestation.Result.allCases.map(\.rawValue)),
                ]), atLeast: 1),
            "no_personal_data?": SchemaPart.text,
        ])
    }

    private static var dataset: SchemaNode {
        SchemaPart.object([
            "id": SchemaPart.pattern("[a-z0-9\\-]+"),
            "entity": SchemaPart.pattern("[a-z_]+"),
            "label": SchemaPart.text,
            "category": SchemaPart.choice(Category.allCases.map(\.rawValue)),
            "source": SchemaPart.text,
            "role": SchemaPart.choice(Role.allCases.map(\.rawValue)),
            "origin": SchemaPart.choice(Origin.Kind.allCases.map(\.rawValue)),
            "provided_by?": SchemaPart.choice(Origin.Provider.allCases.map(\.rawValue)),
            "means": SchemaPart.choice(Means.allCases.map(\.rawValue)),
            "purposes": SchemaPart.list(SchemaPart.text),
            "retention?": SchemaPart.text,
            "status": SchemaPart.choice(["exported", "withheld", "not-read", "failed", "partial"]),
            "ground?": ground,
            "records": SchemaPart.object([
                "extracted": SchemaPart.count, "exported": SchemaPart.count,
                "withheld": .members([
                    "type": "object", "propertyNames": ground, "additionalProperties": SchemaPart.count,
                ]),
            ]),
            "rules": SchemaPart.list(
                SchemaPart.object([
                    "field": SchemaPart.text, "action": action, "ground": ground, "class?": SchemaPart.text,
                    "count": SchemaPart.count,
                ])),
            "fields_withheld": SchemaPart.list(
                SchemaPart.object([
                    "field": SchemaPart.text, "action": action, "ground": ground, "count": SchemaPart.count,
                ])),
            "text_findings": SchemaPart.list(
                SchemaPart.object([
                    "field": SchemaPart.text, "kind": SchemaPart.text, "action": action, "ground?": ground,
                    "count": SchemaPart.count,
                ])),
            "documents_withheld": .members([
                "type": "object", "propertyNames": ground, "additionalProperties": SchemaPart.count,
            ]),
            "documents_replaced?": SchemaPart.list(
                SchemaPart.object(["original_sha256": SchemaPart.sha256, "given_sha256": SchemaPart.sha256])),
            "classes?": SchemaPart.object(["field": SchemaPart.text, "names": SchemaPart.list(SchemaPart.text)]),
            "special_categories?": SchemaPart.list(SchemaPart.choice(SpecialCategory.allCases.map(\.rawValue))),
            "may_concern_children?": SchemaPart.flag,
            "kept_until?": SchemaPart.object([
                "first": SchemaPart.date, "last": SchemaPart.date, "at_least": SchemaPart.flag,
            ]),
            "excluded_columns": SchemaPart.list(
                SchemaPart.object([
                    "column": SchemaPart.text, "ground": ground, "note?": SchemaPart.text,
                ])),
            "content_sha256?": SchemaPart.sha256,
            "files": SchemaPart.list(
                SchemaPart.object([
                    "path": SchemaPart.pattern("data/[A-Za-z0-9._/\\-]+"),
                    "format": SchemaPart.choice(Format.allCases.map(\.rawValue)),
                    "table": .members(["type": "string"]),
                    "rows": SchemaPart.count, "bytes": SchemaPart.count, "sha256": SchemaPart.sha256,
                    "dialect?": SchemaPart.choice(["excel", "service"]),
                ])),
        ])
    }
}
