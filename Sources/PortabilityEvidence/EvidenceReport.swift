import PortabilityModel
import PortabilityText

extension EvidenceCheck.Report {
    /// The report for programs: one JSON document.
    public func document() -> [UInt8] {
        JSONValue.members([
            "sound": .boolean(isSound),
            "journal": journal.map { journal in
                .members([
                    "lines": .integer(journal.head.count), "head": .string(journal.head.sha256),
                    "notes": .array(
                        journal.notes.map {
                            .members(["line": .integer($0.line), "message": .string($0.message)])
                        }),
                ])
            },
            "receipts": .array(
                receipts.map {
                    .members([
                        "file": .string($0.path), "receipt_id": .string($0.id),
                        "request": .string($0.receipt.request), "status": .string($0.receipt.status.rawValue),
                    ])
                }),
            "archives": .array(archives.map(JSONValue.string)),
            "decrypted": .array(decrypted.map(JSONValue.string)),
            "findings": .array(
                findings.map {
                    .members([
                        "file": .string($0.file), "line": $0.line.map { .integer($0) },
                        "message": .string($0.message),
                    ])
                }),
        ]).formatted()
    }
}
