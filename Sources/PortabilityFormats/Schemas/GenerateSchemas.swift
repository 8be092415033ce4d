public import PortabilityModel

/// Everything that the repository's folder `schemas` holds, generated from a catalogue, in English.
///
/// Deterministic: the same catalogue gives the same bytes.
public func generateSchemas(_ catalogue: Catalogue) -> [(path: String, bytes: [UInt8])] {
    var files = schemaFiles(of: catalogue.entities, formats: Format.allCases, dialect: .service, language: .en)
    files.append(("request.schema.json", RequestSchema.document()))
    files.append(("receipt.schema.json", ReceiptSchema.document()))
    files.append(("journal.schema.json", JournalSchema.document()))
    files.append(("coverage.schema.json", CoverageSchema.document()))
    files.append(("verification.schema.json", VerificationSchema.document()))
    for entity in catalogue.entities {
        let schema = TableSchema(EntityLayout(entity))
        for (index, table) in schema.plan.tables.enumerated() {
            let name = ([entity.name] + table.path).joined(separator: ".")
            let node = schema.csv(index, dialect: .service, language: .en, resource: nil)
            files.append(("table/\(name).json", node.document()))
        }
    }
    return files
}

/// What an archive holds under `schemas/`: the schemas of its formats and the dictionary, for the entities inside.
///
/// Paths begin with `schemas/`. Table Schemas are not among them: `datapackage.json` has those of the tables that
/// there are.
///
/// - Parameters:
///   - dialect: How the dictionary, a CSV file, is written.
///   - language: Of titles and descriptions; the dictionary has all three.
public func archiveSchemas(
    of entities: [Entity], formats: [Format], dialect: CSVDialect, language: Language
) -> [(path: String, bytes: [UInt8])] {
    schemaFiles(of: entities, formats: formats, dialect: dialect, language: language)
        .map { ("schemas/\($0.path)", $0.bytes) }
}

private func schemaFiles(
    of entities: [Entity], formats: [Format], dialect: CSVDialect, language: Language
) -> [(path: String, bytes: [UInt8])] {
    var files: [(path: String, bytes: [UInt8])] = [
        ("dictionary.csv", DataDictionary.csv(entities, dialect: dialect)),
        ("manifest.schema.json", ManifestSchema.document()),
        ("processing-information.schema.json", ProcessingInformationSchema.document()),
    ]
    for entity in entities {
        files.append(("fields/\(entity.name).json", layoutDescription(entity)))
        if formats.contains(.json) || formats.contains(.jsonl) {
            files.append(
                ("json/\(entity.name).schema.json", JSONSchema(entity: entity, language: language).document()))
        }
        if formats.contains(.xml) {
            files.append(("xml/\(entity.name).xsd", XMLSchema(entity: entity, language: language).document()))
        }
    }
    return files
}
