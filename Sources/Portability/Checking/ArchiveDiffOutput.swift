public import PortabilityModel
import PortabilityText

extension ArchiveDifference {
    /// The differences as a JSON document for programs, the same bytes for the same archives.
    ///
    /// - Parameter language: adds the text of each ground in that language; nil leaves it out.
    public func json(explaining language: Language? = nil) -> [UInt8] {
        JSONValue.members([
            "a": Self.json(a), "b": Self.json(b), "explained": .boolean(isExplained),
            "differences": .members([
                "explained": .integer(count(of: .explained)), "unexplained": .integer(count(of: .unexplained)),
                "access_masks_more": .integer(count(of: .accessMasksMore)),
            ]),
            "datasets_compared": .integer(datasetsCompared), "datasets_equal": .integer(datasetsEqual),
            "records_compared": .integer(recordsCompared), "warnings": .array(warnings.map(JSONValue.string)),
            "groups": .array(groups.map { json($0, language) }),
        ]).formatted()
    }

    private static func json(_ archive: Archive) -> JSONValue {
        .members([
            "request": .string(archive.requestID), "right": archive.right.map { .string($0.rawValue) },
            "created": .string(archive.created), "status": .string(archive.status),
        ])
    }

    private func json(_ group: Group, _ language: Language?) -> JSONValue {
        let decision = group.decision
        return .members([
            "dataset": .string(decision.dataset), "kind": .string(decision.kind.rawValue),
            "verdict": .string(decision.verdict.rawValue), "side": .string(decision.side.rawValue),
            "field": decision.field.map(JSONValue.string), "action": decision.action.map { .string($0.rawValue) },
            "ground": decision.ground.map { .string($0.rawValue) },
            "article": article(of: decision).map(JSONValue.string),
            "text": language.flatMap { language in decision.ground.map { .string($0.text[language]) } },
            "class": decision.recordClass.map(JSONValue.string), "detected": decision.detected.map(JSONValue.string),
            "reason": decision.reason.map { .string($0.rawValue) }, "count": .integer(group.count),
            "records": group.records.map { .integer($0) },
            "listed": .array(
                group.listed.map {
                    .members([
                        "record_a": $0.recordInA.map { .integer($0) }, "record_b": $0.recordInB.map { .integer($0) },
                        "field": $0.field.map(JSONValue.string), "record_id": $0.recordID.map(JSONValue.string),
                    ])
                }),
        ])
    }
}
