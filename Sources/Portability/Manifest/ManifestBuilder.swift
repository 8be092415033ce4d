import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import PortabilityReport
import PortabilityText

/// One file of the payload, as it was written.
struct PayloadFile: Sendable {
    let path: String
    let format: Format
    let table: [String]
    let rows: Int64
    let size: Int64
    let sha256: [UInt8]
}

/// One dataset of the archive, as it was written (or was not).
struct WrittenDataset: Sendable {
    enum Status: String, Sendable {
        case exported, partial, withheld, notRead = "not-read", failed
    }
    let source: String
    let declaration: DatasetDeclaration
    let label: LocalizedText
    let meaning: LocalizedText
    let status: Status
    let ground: Ground?
    let extracted: Int64
    let exported: Int64
    let fieldsWithheld: [(path: String, ground: Ground, count: Int64)]
    let contentDigest: [UInt8]?
    let files: [PayloadFile]
}

/// One source, as it was read.
struct WrittenSource: Sendable {
    let declaration: SourceDeclaration
    let status: ArchiveSummary.Source.Status
    let asOf: String?
    let files: Int64
    let bytes: Int64
    let tolerated: Int64
    let error: PortabilityError?
    let findings: [Finding]
}

/// Builds `manifest.json` from what was written, so that it cannot disagree with the archive.
struct ManifestBuilder {
    let configuration: Configuration
    let request: ExportRequest
    let plan: ExportPlan
    let created: String
    let toolVersion: String
    let codec: String
    let catalogueVersion: String
    let isPartial: Bool
    let sources: [WrittenSource]
    let datasets: [WrittenDataset]
    let documentCount: Int64
    let documentBytes: Int64

    func build() -> JSONValue {
        .members([
            "format": .string("portability"), "format_version": .string("1.0"),
            "catalogue_version": .string(catalogueVersion),
            "status": .string(isPartial ? "partial" : "complete"), "created": .string(created),
            "tool": .members([
                "name": .string("portability"), "version": .string(toolVersion), "codec": .string(codec),
            ]),
            "controller": controller, "policy": policy, "request": requestValue,
            "subject": .members([
                "identifiers": .array(
                    plan.identifiers.map {
                        .members([
                            "kind": .string($0.kind), "values": .integer($0.values),
                            "how": .string($0.isGiven ? "given" : "found"),
                        ])
                    })
            ]),
            "values": .members([
                "absent": .string("absent, null and the empty string are one value and are left out"),
                "csv_formula_guard": .string(
                    "in CSV, a text that begins with = @ ' TAB or CR, or with + or - and is neither a number nor a "
                        + "telephone number, has one ' put before it; take it off to get the value"),
            ]),
            "sources": .array(sources.map(source)), "datasets": .array(datasets.map(dataset)),
            "documents": .members(["count": .integer(documentCount), "bytes": .integer(documentBytes)]),
            "purposes": .array(
                configuration.purposes.map {
                    .members([
                        "id": .string($0.id), "text": .string($0.text[request.language]),
                        "basis": .string($0.basis.rawValue), "basis_iri": .string($0.basis.iri),
                        "marketing": .boolean($0.isMarketing),
                    ])
                }),
        ])
    }

    private var controller: JSONValue {
        let controller = configuration.controller
        return .members([
            "name": .string(controller.name), "business_id": .string(controller.businessID),
            "address": .string(controller.address), "country": .string(controller.country),
            "email": .string(controller.email), "telephone": controller.telephone.map(JSONValue.string),
            "contact": controller.contact.map(JSONValue.string),
        ])
    }

    private var policy: JSONValue {
        let policy = configuration.policy
        return .members([
            "register": .string(policy.register), "name": .string(policy.name), "date": .string(policy.date),
            "url": policy.address.map(JSONValue.string), "sha256": policy.sha256.map(JSONValue.string),
        ])
    }

    private var requestValue: JSONValue {
        .members([
            "id": .string(request.id), "right": .string(request.right.rawValue),
            "received": .string(request.received), "channel": .string(request.channel.rawValue),
            "language": .string(request.language.rawValue),
            "formats": .array(Format.allCases.filter { request.formats.contains($0) }.map { .string($0.rawValue) }),
            "include": .array(request.include.map { .string($0.rawValue) }),
            "exclude": .array(request.exclude.map { .string($0.rawValue) }),
            "identity_check": request.identityCheck.map {
                .members([
                    "method": .string($0.method.rawValue), "level": $0.level.map(JSONValue.string),
                    "at": $0.at.map(JSONValue.string), "by": $0.by.map(JSONValue.string),
                ])
            },
            "signature": request.signature.map {
                .members(["form": .string($0.form), "received": $0.received.map(JSONValue.string)])
            },
            "instruction": request.instruction.map(JSONValue.string),
        ])
    }

    private func source(_ source: WrittenSource) -> JSONValue {
        .members([
            "id": .string(source.declaration.id), "kind": .string(source.declaration.kind),
            "role": .string(source.declaration.role.rawValue), "status": .string(source.status.rawValue),
            "as_of": source.asOf.map(JSONValue.string), "files": .integer(source.files),
            "bytes": .integer(source.bytes),
            "tolerated_malformed": source.tolerated > 0 ? .integer(source.tolerated) : nil,
            "error": source.error.map {
                .members(["code": .string($0.code.description), "message": .string($0.message)])
            },
            "findings": .array(source.findings.map(finding)),
        ])
    }

    private func finding(_ finding: Finding) -> JSONValue {
        let place = finding.place
        return .members([
            "kind": .string(finding.kind.rawValue), "message": .string(finding.message),
            "count": .integer(finding.count), "loses_records": .boolean(finding.losesRecords),
            "dataset": place.dataset.map(JSONValue.string),
            "file_number": place.fileOrdinal.map { .integer($0) }, "record": place.record.map { .integer($0) },
            "line": place.line.map { .integer($0) }, "byte": place.byte.map { .integer($0) },
            "field": place.field.map(JSONValue.string),
        ])
    }

    private func dataset(_ dataset: WrittenDataset) -> JSONValue {
        let declaration = dataset.declaration
        return .members([
            "id": .string(declaration.id), "entity": .string(declaration.entity),
            "label": .string(dataset.label[request.language]), "category": .string(declaration.category.rawValue),
            "source": .string(dataset.source), "role": .string(declaration.role.rawValue),
            "origin": .string(declaration.origin.kind.rawValue),
            "provided_by": declaration.origin.by.map { .string($0.rawValue) },
            "means": .string(declaration.means.rawValue),
            "purposes": .array(declaration.purposes.map(JSONValue.string)),
            "retention": declaration.retention.map { .string($0[request.language]) },
            "status": .string(dataset.status.rawValue), "ground": dataset.ground.map { .string($0.rawValue) },
            "records": .members([
                "extracted": .integer(dataset.extracted), "exported": .integer(dataset.exported),
                "withheld": .object([]),
            ]),
            "fields_withheld": .array(
                dataset.fieldsWithheld.map {
                    .members([
                        "field": .string($0.path), "ground": .string($0.ground.rawValue), "count": .integer($0.count),
                    ])
                }),
            "excluded_columns": .array(
                declaration.exclusions.map {
                    .members([
                        "column": .string($0.column), "ground": .string($0.ground.rawValue),
                        "note": $0.note.map(JSONValue.string),
                    ])
                }),
            "content_sha256": dataset.contentDigest.map { .string(hexadecimal($0)) },
            "files": .array(
                dataset.files.map {
                    .members([
                        "path": .string($0.path), "format": .string($0.format.rawValue),
                        "table": .string($0.table.joined(separator: ".")), "rows": .integer($0.rows),
                        "bytes": .integer($0.size), "sha256": .string(hexadecimal($0.sha256)),
                        "dialect": $0.format == .csv ? .string(request.effectiveDialect.rawValue) : nil,
                    ])
                }),
        ])
    }
}

/// Builds `processing-information.json`: what Article 15(1)(a) to (h) and 15(2) ask to be told, for the categories that
/// are in the archive.
func processingInformation(
    _ configuration: Configuration, datasets: [WrittenDataset], language: Language
) -> JSONValue {
    let held = Category.allCases.filter { category in
        datasets.contains { $0.declaration.category == category && ($0.exported > 0 || $0.ground != nil) }
    }
    return .members([
        "controller": .string(configuration.controller.name),
        "policy": .members([
            "name": .string(configuration.policy.name), "date": .string(configuration.policy.date),
        ]),
        "categories": .array(
            held.map { category in
                let own = datasets.filter { $0.declaration.category == category }
                let purposes = configuration.purposes.filter { purpose in
                    own.contains { $0.declaration.purposes.contains(purpose.id) }
                }
                let origins = Set(
                    own.map { dataset in
                        dataset.declaration.origin.kind.rawValue
                            + (dataset.declaration.origin.by.map { ":\($0.rawValue)" } ?? "")
                    })
                var periods: [String] = []
                for text in own.compactMap({ $0.declaration.retention?[language] }) where !periods.contains(text) {
                    periods.append(text)
                }
                return .members([
                    "category": .string(category.rawValue), "records": .integer(own.reduce(0) { $0 + $1.exported }),
                    "purposes": .array(
                        purposes.map {
                            .members([
                                "id": .string($0.id), "text": .string($0.text[language]),
                                "basis": .string($0.basis.rawValue), "basis_iri": .string($0.basis.iri),
                            ])
                        }),
                    "recipients": .array(
                        configuration.recipients.filter { $0.categories.isEmpty || $0.categories.contains(category) }
                            .map {
                                .members([
                                    "name": .string($0.name), "country": .string($0.country),
                                    "role": .string($0.role[language]),
                                    "transfer": $0.transferTool.map(JSONValue.string),
                                ])
                            }),
                    "retention": .array(periods.map(JSONValue.string)),
                    "sources": .array(origins.sorted().map(JSONValue.string)),
                ])
            }),
        "rights": .array(
            [
                "https://w3id.org/dpv/legal/eu/gdpr#A15", "https://w3id.org/dpv/legal/eu/gdpr#A16",
                "https://w3id.org/dpv/legal/eu/gdpr#A17", "https://w3id.org/dpv/legal/eu/gdpr#A18",
                "https://w3id.org/dpv/legal/eu/gdpr#A20", "https://w3id.org/dpv/legal/eu/gdpr#A21",
                "https://w3id.org/dpv/legal/eu/gdpr#A77",
            ].map(JSONValue.string)),
        "complaint": .members([
            "authority": .string(configuration.authority.name[language]),
            "address": .string(configuration.authority.address), "url": .string(configuration.authority.url),
            "email": configuration.authority.email.map(JSONValue.string),
            "telephone": configuration.authority.telephone.map(JSONValue.string),
        ]),
    ])
}
