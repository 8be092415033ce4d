public import PortabilityImport
import PortabilityText

extension ImportSummary {
    /// The summary for programs: one JSON object, and LF.
    public func json() -> [UInt8] {
        if let documents {
            return JSONValue.members([
                "documents": .members([
                    "added": .integer(documents.added), "unchanged": .integer(documents.unchanged),
                ])
            ]).formatted()
        }
        return JSONValue.members([
            "added": .integer(added), "unchanged": .integer(unchanged),
            "archives": .members(["added": .integer(archivesAdded), "unchanged": .integer(archivesUnchanged)]),
            "tables": .array(
                tables.map { .members(["name": .string($0.name), "added": .integer($0.added)]) }),
        ]).formatted()
    }
}
