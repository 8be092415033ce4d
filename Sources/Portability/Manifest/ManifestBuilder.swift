import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import PortabilityReport
import PortabilityScope
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
    var extracted: Int64
    var exported: Int64
    /// Records left out one by one.
    var withheld: [(ground: Ground, count: Int64)]
    /// What the rules did, field by field.
    let rules: [(rule: FieldDecisions.Rule, count: Int64)]
    /// What was found in free text.
    let text: [(finding: ScopeLedger.TextFinding, count: Int64)]
    let documentsWithheld: [Ground: Int64]
    /// Digests of files and of the redacted ones that went in for them.
    let documentsReplaced: [(original: String, given: String)]
    var rows: ArchiveSummary.Rows?
    let lines: SpooledEntry?
    let kept: ArchiveSummary.Kept?
    var contentDigest: [UInt8]?
    var files: [PayloadFile]

    /// Counts of records that balance.
    var ledger: JSONValue {
        .members([
            "extracted": .integer(extracted), "exported": .integer(exported),
            "withheld": .object(withheld.map { ($0.ground.rawValue, .integer($0.count)) }),
        ])
    }

    /// What was done to fields, for all classes together, and inside free text; what changed nothing is not told.
    var fieldOutcomes: [ArchiveSummary.FieldOutcome] {
        var outcomes: [ArchiveSummary.FieldOutcome] = []
        func add(_ path: String, _ action: FieldAction, _ ground: Ground, _ count: Int64) {
            if let same = outcomes.firstIndex(where: { $0.path == path && $0.action == action && $0.ground == ground })
            {
                outcomes[same].count += count
            } else {
                outcomes.append(.init(path: path, action: action, ground: ground, count: count))
            }
        }
        for (rule, count) in rules where count > 0 { add(rule.path, rule.action, rule.ground, count) }
        for (finding, count) in text {
            if let ground = finding.ground { add("\(finding.field) (text)", finding.action, ground, count) }
        }
        return outcomes
    }
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
    let attestations: [Attestation]
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
    let nothingHeld: ArchiveSummary.NothingHeld?
    let missingBy: String?
    let review: ReviewFile?
    /// The set that the archive is a volume of.
    var set: JSONValue?

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
                    }),
                "class": plan.userClass.map { .string($0.id) },
            ]),
            "values": .members([
                "absent": .string("absent, null and the empty string are one value and are left out"),
                "csv_formula_guard": .string(
                    "in CSV, a text that begins with = @ ' TAB or CR, or with + or - and is neither a number nor a "
                        + "telephone number, has one ' put before it; take it off to get the value"),
            ]),
            "sources": .array(sources.map(source)), "datasets": .array(datasets.map(dataset)),
            "documents": .members(["count": .integer(documentCount), "bytes": .integer(documentBytes)]),
            "set": set,
            "free_text": .object(plan.freeText.map { ($0.kind, .string($0.action.rawValue)) }),
            "nothing_held": nothingHeld.map { held in
                .array(
                    held.searches.map {
                        .members([
                            "source": .string($0.source), "searched_at": .string($0.at),
                            "by": .array($0.kinds.map(JSONValue.string)),
                        ])
                    })
            },
            "missing_by": missingBy.map(JSONValue.string),
            "review": review?.reviewer.map {
                .members([
                    "by": .string($0.by), "at": .string($0.at), "approved_by": $0.approvedBy.map(JSONValue.string),
                    "approved_at": $0.approvedAt.map(JSONValue.string),
                ])
            },
            "purposes": .array(
                configuration.purposes.map {
                    .members([
                        "id": .string($0.id), "text": .string($0.text[request.language]),
                        "basis": .string($0.basis.rawValue), "basis_iri": .string($0.basis.iri),
                        "marketing": .boolean($0.isMarketing), "iri": $0.iri.map(JSONValue.string),
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
            "contact": (controller.contact?[request.language]).map(JSONValue.string),
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
                .members([
                    "form": .string($0.form), "received": $0.received.map(JSONValue.string),
                    "evidence": $0.evidence.map(evidence),
                ])
            },
            "instruction": request.instruction.map(JSONValue.string),
            "requester": request.requester.map {
                .members(["relation": .string($0.relation.rawValue), "evidence": $0.evidence.map(evidence)])
            },
            "delivery": request.delivery.map {
                .members(["to": .string($0.to.rawValue), "channel": .string($0.channel.rawValue)])
            },
            "period": request.period.map {
                .members(["from": $0.from.map(JSONValue.string), "to": $0.to.map(JSONValue.string)])
            },
            "supplements": request.supplements.map(JSONValue.string),
        ])
    }

    private func evidence(_ evidence: ExportRequest.Evidence) -> JSONValue {
        .members(["document": .string(evidence.document), "sha256": evidence.sha256.map(JSONValue.string)])
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
            "attestations": source.attestations.isEmpty ? nil : .array(source.attestations.map(attestation)),
            "no_personal_data": (source.declaration.noPersonalData?[request.language]).map(JSONValue.string),
        ])
    }

    private func attestation(_ attestation: Attestation) -> JSONValue {
        .members([
            "places": .array(attestation.places.map(JSONValue.string)), "role": .string(attestation.role),
            "date": .string(attestation.date), "result": .string(attestation.result.rawValue),
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
            "records": dataset.ledger,
            "rules": .array(
                dataset.rules.map { rule, count in
                    .members([
                        "field": .string(rule.path), "action": .string(rule.action.rawValue),
                        "ground": .string(rule.ground.rawValue), "class": rule.recordClass.map(JSONValue.string),
                        "count": .integer(count),
                    ])
                }),
            "fields_withheld": .array(
                dataset.fieldOutcomes.filter { $0.action != .keep && !$0.path.hasSuffix(" (text)") }.map {
                    .members([
                        "field": .string($0.path), "action": .string($0.action.rawValue),
                        "ground": .string($0.ground.rawValue), "count": .integer($0.count),
                    ])
                }),
            "text_findings": .array(
                dataset.text.map { finding, count in
                    .members([
                        "field": .string(finding.field), "kind": .string(finding.kind),
                        "action": .string(finding.action.rawValue),
                        "ground": finding.ground.map { .string($0.rawValue) }, "count": .integer(count),
                    ])
                }),
            "documents_withheld": .object(
                Ground.allCases.compactMap { ground in
                    dataset.documentsWithheld[ground].map { (ground.rawValue, .integer($0)) }
                }),
            "documents_replaced": dataset.documentsReplaced.isEmpty
                ? nil
                : .array(
                    dataset.documentsReplaced.map {
                        .members(["original_sha256": .string($0.original), "given_sha256": .string($0.given)])
                    }),
            "classes": declaration.classes.map {
                .members(["field": .string($0.field), "names": .array($0.names.map(JSONValue.string))])
            },
            "special_categories": declaration.specialCategories.isEmpty
                ? nil : .array(declaration.specialCategories.map { .string($0.rawValue) }),
            "may_concern_children": declaration.mayConcernChildren ? .boolean(true) : nil,
            "kept_until": dataset.kept.map {
                .members([
                    "first": .string($0.first), "last": .string($0.last), "at_least": .boolean($0.isAtLeast),
                ])
            },
            "excluded_columns": .array(
                declaration.exclusions.map {
                    .members([
                        "column": .string($0.column), "ground": .string($0.ground.rawValue),
                        "note": ($0.note?[request.language]).map(JSONValue.string),
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
