import PortabilityModel
import SQLCore

/// What could be added to a configuration so that something is unknown no longer, ready to be pasted. What only the
/// organisation knows is marked `TODO`, which no configuration may hold.
public struct CoverageProposal: Sendable {
    public let source: String
    /// What it is for, and where it belongs.
    public let place: String
    /// The line of the configuration file after which it is to be pasted; nil if that cannot be told.
    public let line: Int?
    /// Whole lines with their line feeds, indented for that place.
    public let yaml: String
}

extension PortabilityEngine {
    /// Proposals for all that is unknown.
    ///
    /// - Parameter path: the configuration's file, so that places in it can be told.
    public func proposals(for coverages: [SourceCoverage], configuration path: String) throws -> [CoverageProposal] {
        let bytes = try readFile(path, limit: 4 << 20)
        let root = try YAMLValue.read(String(decoding: bytes, as: UTF8.self), file: path)
        var taken = Set(configuration.sources.flatMap { $0.extractor.declaration.datasets.map(\.id) })
        taken.formUnion(taken.map { "\($0)-documents" })
        return coverages.flatMap { coverage in
            ProposalMaker(
                coverage: coverage, datasets: configuration.sources.flatMap { $0.extractor.declaration.datasets },
                node: root.node["sources"]?[coverage.id], identifiers: configuration.identifiers.map(\.name),
                catalogue: catalogue
            ).proposals(taken: &taken)
        }
    }
}

/// Makes the proposals for one source.
private struct ProposalMaker {
    let coverage: SourceCoverage
    let datasets: [DatasetDeclaration]
    /// The source in the file.
    let node: DocumentNode?
    let identifiers: [String]
    let catalogue: Catalogue

    func proposals(taken: inout Set<String>) -> [CoverageProposal] {
        var drafts: [(table: String, draft: DatasetDraft)] = []
        var ofSource: [(name: String, isTable: Bool, remarks: [String])] = []
        var ofDatasets: [(id: String, items: [CoverageItem])] = []
        let graph = coverage.schema.map(SchemaGraph.init)
        let spelling = SQLSpelling(kind: coverage.kind)
        for container in coverage.containers where container.unknown > 0 {
            if container.isUnknown {
                if let graph, let spelling, let table = graph.schema.tables.first(where: { $0.name == container.name })
                {
                    var drafter = DatasetDrafter(graph, spelling, catalogue, taken: taken)
                    let draft = drafter.draft(of: table, identifiers: identifiers)
                    taken.insert(draft.id)
                    if draft.query != nil {
                        drafts.append((container.name, draft))
                        continue
                    }
                }
                ofSource.append((container.name, true, []))
                continue
            }
            for item in container.items where item.use == .unknown {
                if let id = item.candidate, item.name != nil {
                    if let index = ofDatasets.firstIndex(where: { $0.id == id }) {
                        ofDatasets[index].items.append(item)
                    } else {
                        ofDatasets.append((id, [item]))
                    }
                } else {
                    ofSource.append((name(item), item.name == nil, []))
                }
            }
        }
        var proposals: [CoverageProposal] = []
        if !ofSource.isEmpty {
            proposals.append(
                proposal("sources.\(coverage.id).exclude", Place(node, key: "exclude", beside: "kind")) {
                    ofSource.flatMap { entry in
                        [
                            "- \(entry.isTable ? "table" : "column"): \(YAMLText.scalar(entry.name))",
                            "  ground: TODO   # \(grounds)",
                        ]
                    }
                })
        }
        for (id, items) in ofDatasets {
            let dataset = node?["datasets"]?.list?.first { $0["id"]?.text == id }
            proposals.append(
                proposal("dataset \(id), exclude", Place(dataset, key: "exclude", beside: "id")) {
                    items.flatMap { item in
                        remarks(item, id).map { "# \($0)" } + [
                            "- column: \(YAMLText.scalar(name(item)))", "  ground: TODO   # \(grounds)",
                        ]
                    }
                })
        }
        if !drafts.isEmpty {
            proposals.append(
                proposal("sources.\(coverage.id).datasets", Place(node, key: "datasets", beside: "kind")) {
                    drafts.flatMap { table, draft in
                        [
                            "# If nothing in it is about a person, write instead, under `exclude:` of \(coverage.id):",
                            "#   - table: \(YAMLText.scalar(table))", "#     ground: …   # \(grounds)",
                        ] + draft.lines(indentation: 0)
                    }
                })
        }
        return proposals
    }

    private var grounds: String { SourceReader.grounds.map(\.rawValue).joined(separator: ", ") }

    /// As an exclusion names it: with the table where there are tables.
    private func name(_ item: CoverageItem) -> String {
        coverage.schema == nil ? item.name ?? item.container : item.path
    }

    /// How it could be given out instead.
    private func remarks(_ item: CoverageItem, _ id: String) -> [String] {
        guard coverage.schema != nil, let column = item.name else { return [] }
        let covers = "if all of it comes out there, write `covers: [\(YAMLText.scalar(item.path))]` instead."
        if item.isRead == true {
            return ["The query of \(id) reads \(item.path) in a condition or an expression:", "  \(covers)"].map(
                YAMLText.comment)
        }
        let entity = datasets.first { $0.id == id }.flatMap { catalogue.entity(named: $0.entity) }
        let field = ColumnMeaning.of(column, table: NameWords.of(item.container))?.field
        let alias = field.flatMap { name in entity?.fields.contains { $0.name == name } ?? false ? name : nil }
        let selected = (SQLSpelling(kind: coverage.kind)?.name(column) ?? column)
        var lines = [
            "To give \(item.path) out instead, add `\(selected)\(alias.map { $0 == column ? "" : " AS \($0)" } ?? "")` to the "
                + "SELECT of \(id) or of another dataset."
        ]
        // The store does not tell what a query reads within expressions.
        if item.isRead == nil { lines.append("Or, where a query gives it in an expression: \(covers)") }
        return lines.map(YAMLText.comment)
    }

    private func proposal(_ name: String, _ place: Place, _ lines: () -> [String]) -> CoverageProposal {
        let margin = String(repeating: " ", count: place.indentation)
        var text = lines().map { "\(margin)\($0)\n" }.joined()
        if let key = place.newKey {
            text = "\(String(repeating: " ", count: place.keyIndentation))\(key):\n" + text
        }
        return CoverageProposal(source: coverage.id, place: name, line: place.line, yaml: text)
    }

    /// Where an element is to be added to a list.
    private struct Place {
        var line: Int?
        /// Spaces before the elements.
        var indentation = 6
        /// The key, if the list is not there yet.
        var newKey: String?
        var keyIndentation = 4

        init(_ mapping: DocumentNode?, key: String, beside sibling: String) {
            guard let mapping, let members = mapping.members, mapping.style != .flow else { return }
            func member(_ name: String) -> DocumentNode.Member? { members.first { $0.key == name } }
            if let member = member(key) {
                guard let list = member.value.list, !list.isEmpty, member.value.style != .flow,
                    member.value.mark.line > member.mark.line
                else { return }
                (line, indentation) = (member.mark.line, member.value.mark.column - 1)
            } else if let mark = member(sibling)?.mark {
                line = mark.line
                newKey = key
                keyIndentation = mark.column - 1
                indentation = keyIndentation + 2
            }
        }
    }
}
