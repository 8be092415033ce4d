public import PortabilityModel
import PortabilityText

/// What `sources coverage` says: of every source what it holds, and what becomes of it.
public struct CoverageReport: Sendable {
    public let sources: [SourceCoverage]
    /// What could be written so that nothing is unknown.
    public let proposals: [CoverageProposal]

    public init(_ sources: [SourceCoverage], proposals: [CoverageProposal] = []) {
        self.sources = sources
        self.proposals = proposals
    }

    /// True if nothing is unknown, every source was looked into, and nothing is named that is not there.
    public var isComplete: Bool { sources.allSatisfy(\.isComplete) }

    /// As a JSON document of the schema `coverage.schema.json`.
    public func json() -> [UInt8] {
        JSONValue.members([
            "format": .string("portability-coverage"), "format_version": .string("1.0"),
            "complete": .boolean(isComplete), "sources": .array(sources.map(source)),
            "proposals": .array(
                proposals.map {
                    .members([
                        "source": .string($0.source), "place": .string($0.place),
                        "after_line": $0.line.map { .integer($0) }, "yaml": .string($0.yaml),
                    ])
                }),
        ]).formatted()
    }

    private func source(_ source: SourceCoverage) -> JSONValue {
        .members([
            "id": .string(source.id), "kind": .string(source.kind), "state": .string(source.state.rawValue),
            "complete": .boolean(source.isComplete),
            "reason": source.reason.map { .string($0[.en]) },
            "error": source.error.map {
                .members(["code": .string($0.code.description), "message": .string($0.message)])
            },
            "counts": .object(
                CoverageItem.Word.allCases.map { word in
                    (word.rawValue, .integer(source.items.count { $0.word == word }))
                }),
            "items": .array(source.items.map(item)),
            "indexes": source.indexes.flatMap(indexes),
            "findings": .array(
                source.findings.map {
                    .members([
                        "message": .string($0.message), "dataset": $0.place.dataset.map(JSONValue.string),
                        "field": $0.place.field.map(JSONValue.string),
                    ])
                }),
        ])
    }

    /// nil if there are none, as of most sources.
    private func indexes(_ report: IndexReport) -> JSONValue? {
        if report.count + report.orphans == 0 { return nil }
        return .members([
            "count": .integer(report.count + report.orphans), "bytes": .integer(Int(report.bytes + report.orphanBytes)),
            "current": .integer(report.files.count { $0.state == .current }),
            "stale": .integer(report.files.count { $0.state == .stale }), "without_log": .integer(report.orphans),
        ])
    }

    private func item(_ item: CoverageItem) -> JSONValue {
        var dataset: String?
        var field: String?
        var ground: Ground?
        var heldIn: String?
        switch item.use {
        case .exported(let id, let name): (dataset, field) = (id, name)
        case .excluded(let why, let other): (ground, heldIn) = (why, other)
        case .unknown: break
        }
        return .members([
            "container": .string(item.container), "name": item.name.map(JSONValue.string),
            "type": item.type.map(JSONValue.string), "use": .string(item.word.rawValue),
            "dataset": dataset.map(JSONValue.string), "field": field.map(JSONValue.string),
            "ground": ground.map { .string($0.rawValue) }, "held_in": heldIn.map(JSONValue.string),
            "candidate": item.candidate.map(JSONValue.string), "read": item.isRead.map(JSONValue.boolean),
        ])
    }
}

extension CoverageItem {
    /// What becomes of it, in a word.
    public enum Word: String, Sendable, CaseIterable {
        case exported, key, excluded, unknown
    }

    public var word: Word {
        switch use {
        case .exported(_, field: nil): .key
        case .exported: .exported
        case .excluded: .excluded
        case .unknown: .unknown
        }
    }
}
