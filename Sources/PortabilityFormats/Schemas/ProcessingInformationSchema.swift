import PortabilityModel

/// JSON Schema of an archive's `processing-information.json`.
enum ProcessingInformationSchema {
    static func document() -> [UInt8] {
        SchemaPart.document(
            id: "urn:portability:1:processing-information", title: "Processing information",
            description:
                "What Article 15(1)(a) to (h) and 15(2) of Regulation (EU) 2016/679 ask to be told, for each category of "
                + "data that the person has, and the complaint and judicial remedy of Article 12(4).",
            SchemaPart.object([
                "language": SchemaPart.choice(Language.allCases.map(\.rawValue)),
                "controller": controller,
                "policy": SchemaPart.object([
                    "register": SchemaPart.text, "name": SchemaPart.text, "date": SchemaPart.date,
                    "url?": SchemaPart.text, "sha256?": SchemaPart.sha256,
                ]),
                "categories": SchemaPart.list(category),
                "automated_decisions": SchemaPart.object([
                    "reviewed?": SchemaPart.date, "text": SchemaPart.text,
                    "decisions": SchemaPart.list(
                        SchemaPart.object([
                            "id": SchemaPart.text, "name": SchemaPart.text, "logic": SchemaPart.text,
                            "consequences": SchemaPart.text, "datasets": texts,
                        ])),
                ]),
                "complaint": SchemaPart.object([
                    "article": SchemaPart.choice(["77"]), "iri": iri, "text": SchemaPart.text,
                    "authorities": SchemaPart.list(authority, atLeast: 1),
                ]),
                "judicial_remedy": SchemaPart.object([
                    "article": SchemaPart.choice(["79"]), "iri": iri, "text": SchemaPart.text,
                ]),
            ]))
    }

    private static var texts: SchemaNode { SchemaPart.list(SchemaPart.text) }
    private static var country: SchemaNode { SchemaPart.pattern("[A-Z]{2}") }
    /// A term of the Data Privacy Vocabulary.
    private static var iri: SchemaNode { SchemaPart.pattern("https://w3id\\.org/dpv[A-Za-z0-9/#_\\-]*") }
    private static var presence: SchemaNode { SchemaPart.choice(["here", "partial", "withheld", "failed"]) }

    private static var controller: SchemaNode {
        SchemaPart.object([
            "name": SchemaPart.text, "business_id": SchemaPart.text, "address": SchemaPart.text, "country": country,
            "email": SchemaPart.text, "telephone?": SchemaPart.text, "contact?": SchemaPart.text,
        ])
    }

    private static var authority: SchemaNode {
        SchemaPart.object([
            "name": SchemaPart.text, "country": country, "address": SchemaPart.text, "url": SchemaPart.text,
            "email?": SchemaPart.text, "telephone?": SchemaPart.text,
        ])
    }

    private static var category: SchemaNode {
        SchemaPart.object([
            "category": SchemaPart.choice(Category.allCases.map(\.rawValue)),
            "label": SchemaPart.text, "records": SchemaPart.count, "presence": presence,
            "consists_of": SchemaPart.list(part, atLeast: 1),
            "purposes": SchemaPart.list(purpose, atLeast: 1),
            "recipients": SchemaPart.list(recipient), "recipients_text?": SchemaPart.text,
            "retention": SchemaPart.list(retention, atLeast: 1),
            "rights": SchemaPart.list(right),
            "sources": SchemaPart.list(source, atLeast: 1),
            "automated_decisions": texts,
            "special_categories": SchemaPart.list(
                SchemaPart.object([
                    "id": SchemaPart.choice(SpecialCategory.allCases.map(\.rawValue)), "text": SchemaPart.text,
                ])),
            "may_concern_children": SchemaPart.flag,
        ])
    }

    private static var part: SchemaNode {
        SchemaPart.object([
            "dataset": SchemaPart.text, "label": SchemaPart.text, "meaning": SchemaPart.text,
            "records": SchemaPart.count, "presence": presence, "presence_text": SchemaPart.text,
            "grounds": SchemaPart.list(
                SchemaPart.object([
                    "ground": SchemaPart.choice(Ground.allCases.map(\.rawValue)), "text": SchemaPart.text,
                ])),
            "purposes": texts, "means": SchemaPart.choice(Means.allCases.map(\.rawValue)),
        ])
    }

    private static var purpose: SchemaNode {
        SchemaPart.object([
            "id": SchemaPart.text, "text": SchemaPart.text, "iri?": iri,
            "basis": SchemaPart.choice(LegalBasis.allCases.map(\.rawValue)), "basis_text": SchemaPart.text,
            "basis_iri": SchemaPart.choice(LegalBasis.allCases.map(\.iri)), "interest?": SchemaPart.text,
            "marketing": SchemaPart.flag,
        ])
    }

    private static var recipient: SchemaNode {
        SchemaPart.object([
            "name": SchemaPart.text, "country": country, "country_name": SchemaPart.text, "role": SchemaPart.text,
            "category_ground?": SchemaPart.text, "third_country": SchemaPart.flag,
            "transfer?": SchemaPart.object([
                "tool?": SchemaPart.text, "iri?": iri, "article?": SchemaPart.text, "text": SchemaPart.text,
            ]),
        ])
    }

    private static var retention: SchemaNode {
        SchemaPart.object([
            "dataset": SchemaPart.text, "label": SchemaPart.text, "text": SchemaPart.text, "stated": SchemaPart.flag,
            "dates?": SchemaPart.object([
                "first": SchemaPart.date, "last": SchemaPart.date, "at_least": SchemaPart.flag,
                "text": SchemaPart.text,
            ]),
        ])
    }

    private static var right: SchemaNode {
        SchemaPart.object([
            "article": SchemaPart.choice(["16", "17", "18", "20", "21(1)", "21(2)", "7(3)", "22"]), "iri": iri,
            "name": SchemaPart.text, "extent": SchemaPart.choice(["full", "in-part", "none"]),
            "text": SchemaPart.text, "datasets": texts, "purposes": texts,
        ])
    }

    private static var source: SchemaNode {
        SchemaPart.object([
            "origin": SchemaPart.choice(Origin.Kind.allCases.map(\.rawValue)),
            "provided_by?": SchemaPart.choice(Origin.Provider.allCases.map(\.rawValue)), "text": SchemaPart.text,
            "datasets": texts,
        ])
    }
}
