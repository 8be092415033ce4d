import PortabilityModel
import PortabilityText
import SourceFiles

/// What a log holds, whosever it is: which names the lines have and what becomes of each, and how many lines no
/// dataset reads. Counts and names only, no values.
struct Survey: ~Copyable {
    /// The containers of a log's ``CoverageItem``s; a source's `exclude` names them as `table`.
    enum Container: String, CaseIterable {
        /// Lines that a dataset takes.
        case lines
        /// Lines in which none of the identifiers in `match` stands: nobody can be told to be in them, and an
        /// identifier may be in them that nobody declared.
        case anonymous = "lines-without-identifier"
        /// Lines with an identifier that no dataset's `where` takes.
        case untaken = "lines-not-taken"
        case unreadLines = "lines-not-read"
        case unreadFiles = "files-not-read"
    }

    /// True if an exclusion of the source names lines that nothing is exported of, and no path in those that are read.
    static func isContainer(_ exclusion: DatasetDeclaration.Exclusion) -> Bool {
        exclusion.isContainer
            || Container.allCases.contains { $0 != .lines && exclusion.column.hasPrefix($0.rawValue + ".") }
    }

    /// Names that are told; a log with more uses values as names.
    private static let limit = 4096

    /// What becomes of a name, the best for the person first.
    private enum Fate: Comparable {
        case field(dataset: Int, slot: Int), key(dataset: Int), other(dataset: Int), excluded(dataset: Int)
        case nothing
    }

    private struct Name {
        var text: String
        var fate: Fate
        var isAnonymous: Bool
    }

    private let plan: Plan
    private var names: [Name] = []
    private var indices: [String: Int] = [:]
    /// True for nodes of the tree, one for each dataset and one for lines without identifier, that were noted.
    private var noted: [Bool] = []
    private var generation = -1
    private var isOverLimit = false
    private(set) var anonymous: Int64 = 0
    private(set) var untaken: Int64 = 0

    init(plan: Plan) { self.plan = plan }

    /// Notes a line.
    ///
    /// - Parameter taken: By dataset: whether it takes the line.
    mutating func note(
        _ present: [DatasetTape.Entry], of tree: borrowing PathTree, hasIdentifier: Bool, taken: [Bool]
    ) {
        if !hasIdentifier {
            anonymous += 1
        } else if !taken.contains(true) {
            untaken += 1
            return
        }
        let datasets = plan.datasets.count
        if generation != tree.generation {
            generation = tree.generation
            noted.removeAll(keepingCapacity: true)
        }
        let missing = tree.nodes.count * (datasets + 1) - noted.count
        if missing > 0 { noted.append(contentsOf: repeatElement(false, count: missing)) }
        for entry in present {
            let start = Int(entry.node) * (datasets + 1)
            if !hasIdentifier {
                if noted[start + datasets] || entry.isOpened { continue }
                noted[start + datasets] = true
                add(entry.node, of: tree, .nothing, isAnonymous: true)
                continue
            }
            for dataset in 0..<datasets where taken[dataset] && !noted[start + dataset] {
                noted[start + dataset] = true
                let role = tree.roles[Int(entry.node) * datasets + dataset]
                switch role {
                case PathTree.Role.unmapped: if !entry.isOpened { add(entry.node, of: tree, .other(dataset: dataset)) }
                case PathTree.Role.excluded: add(entry.node, of: tree, .excluded(dataset: dataset))
                case PathTree.Role.covered:
                    let key = plan.datasets[dataset].recordID
                    if key >= 0, plan.probes[key] == tree.path(entry.node) {
                        add(entry.node, of: tree, .key(dataset: dataset))
                    }
                default: add(entry.node, of: tree, .field(dataset: dataset, slot: Int(role)))
                }
            }
        }
    }

    /// Adds a name, or betters what is known to become of it.
    private mutating func add(
        _ node: PathTree.Index, of tree: borrowing PathTree, _ fate: Fate, isAnonymous: Bool = false
    ) {
        let text = told(node, of: tree)
        let key = (isAnonymous ? "?" : ".") + text
        if let index = indices[key] {
            names[index].fate = min(names[index].fate, fate)
        } else if names.count < Self.limit {
            indices[key] = names.count
            names.append(Name(text: text, fate: fate, isAnonymous: isAnonymous))
        } else {
            isOverLimit = true
        }
    }

    /// A path as it may be told: the configuration's own, or with `*` for names that may be a person's value.
    private func told(_ node: PathTree.Index, of tree: borrowing PathTree) -> String {
        let path = tree.path(node)
        if plan.knows(path) { return String(decoding: path, as: UTF8.self) }
        var names: [String] = []
        var node = node
        while node > 0 {
            let name = tree.bytes[tree.nodes[Int(node)].name]
            names.append(isTellable(name) ? String(decoding: name, as: UTF8.self) : "*")
            node = tree.nodes[Int(node)].parent
        }
        return names.reversed().joined(separator: ".")
    }

    /// What was found, names in the order in which they came.
    ///
    /// - Parameter tolerated: Malformed lines that the configuration says are nobody's.
    func items(_ findings: borrowing LineFindings, unreadFiles: Int64, tolerated: Int64 = 0) -> [CoverageItem] {
        var items: [CoverageItem] = []
        for name in names where !name.isAnonymous {
            items.append(
                CoverageItem(container: Container.lines.rawValue, name: name.text, use: use(name.fate, name.text)))
        }
        if isOverLimit {
            items.append(item(.lines, nil, "more than \(Self.limit) names", candidate: plan.datasets.first?.id))
        }
        if anonymous > 0 {
            items.append(item(.anonymous, nil, lines(anonymous)))
            for name in names where name.isAnonymous { items.append(item(.anonymous, name.text, nil)) }
        }
        if untaken > 0 {
            // The values of a filter may be a person's; its path is the configuration's own.
            var filters: [String] = []
            for dataset in plan.datasets where dataset.filter >= 0 {
                let path = String(decoding: plan.probes[dataset.filter], as: UTF8.self)
                if !filters.contains(path) { filters.append(path) }
            }
            for path in filters {
                items.append(item(.untaken, path, lines(untaken), candidate: plan.datasets.first?.id))
            }
        }
        var unread = findings.longLines
        if findings.badLines > 0, findings.badLines <= tolerated {
            items.append(
                CoverageItem(
                    container: Container.unreadLines.rawValue, name: "tolerated", type: lines(findings.badLines),
                    use: .excluded(.notPersonal, heldIn: nil)))
        } else {
            unread += findings.badLines
        }
        if unread > 0 { items.append(item(.unreadLines, nil, lines(unread))) }
        if unreadFiles > 0 {
            items.append(item(.unreadFiles, nil, unreadFiles == 1 ? "1 file" : "\(unreadFiles) files"))
        }
        return items
    }

    private func lines(_ count: Int64) -> String { count == 1 ? "1 line" : "\(count) lines" }

    /// What nothing is exported of: left out by the source's `exclude`, or unknown.
    private func item(_ container: Container, _ name: String?, _ type: String?, candidate: String? = nil)
        -> CoverageItem
    {
        let exclusion = plan.exclusions.first { exclusion in
            exclusion.isContainer
                ? exclusion.column == container.rawValue
                : name.map { exclusion.column == "\(container.rawValue).\($0)" } ?? false
        }
        return CoverageItem(
            container: container.rawValue, name: name, type: type,
            use: exclusion.map { .excluded($0.ground, heldIn: $0.heldIn) } ?? .unknown, candidate: candidate)
    }

    private func use(_ fate: Fate, _ name: String) -> CoverageItem.Use {
        switch fate {
        case .field(let dataset, let slot):
            let dataset = plan.datasets[dataset]
            return .exported(
                dataset: dataset.id, field: String(decoding: dataset.fields[slot].field, as: UTF8.self))
        case .key(let dataset): return .exported(dataset: plan.datasets[dataset].id, field: nil)
        case .other(let dataset): return .exported(dataset: plan.datasets[dataset].id, field: "other")
        case .excluded(let dataset): return plan.exclusion(of: name, dataset: dataset)
        case .nothing: return .unknown
        }
    }
}
