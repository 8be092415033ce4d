import PortabilityModel
import PortabilityText
import SourceFiles

/// What the configuration comes to, looked up against the catalogue once.
struct Plan: Sendable {
    /// One step of writing a record, in catalogue order.
    enum Step: Sendable {
        case begin(field: Int)
        case end
        case value(field: Int, kind: ValueKind, isList: Bool, slot: Int)
        case constant(field: Int, kind: ValueKind, index: Int)
    }

    struct Dataset: Sendable {
        var id: String
        var layout: EntityLayout
        var steps: [Step]
        /// Canonical values, by the index in a step.
        var constants: [[UInt8]]
        /// Paths of the fields in the catalogue and in the line, by slot.
        var fields: [(field: [UInt8], path: [UInt8])]
        /// What is left out; what the dataset excludes comes before what the source does.
        var excluded: [DatasetDeclaration.Exclusion]
        /// Probes, -1 for none.
        var filter: Int
        var filterValues: [[UInt8]]
        var recordID: Int
        var tenant: Int
        /// By match: the index among the declared kinds of identifier.
        var subjectKinds: [Int]
    }

    struct Match: Sendable {
        var kind: String
        var isUnique: Bool
        var probe: Int
    }

    /// Paths that decide about a line: identifiers, filters, keys.
    var probes: [[UInt8]] = []
    var matches: [Match] = []
    var datasets: [Dataset] = []
    /// What the source leaves out.
    let exclusions: [DatasetDeclaration.Exclusion]
    /// What lines consist of that are not JSON.
    let pattern: LinePattern?

    /// - Throws: `configuration`, with the nearest name where one is unknown.
    init(_ configuration: UsageLogConfiguration, catalogue: Catalogue, source: String) throws {
        let place = PortabilityError.Place(source: source)
        exclusions = configuration.declaration.exclusions
        switch configuration.format {
        case .jsonLines: pattern = nil
        case .common: pattern = try LinePattern(LinePattern.common, at: place.with(field: "format"))
        case .combined: pattern = try LinePattern(LinePattern.combined, at: place.with(field: "format"))
        case .pattern(let text): pattern = try LinePattern(text, at: place.with(field: "format"))
        }
        for match in configuration.match {
            matches.append(
                Match(
                    kind: match.kind, isUnique: match.isUnique,
                    probe: try probe(match.path, at: place.with(field: "match.\(match.kind)"))))
        }
        if matches.isEmpty {
            throw PortabilityError(
                .configuration, "nothing says whose the lines are",
                remedy: "Add `match: { <identifier>: <path> }`", at: place.with(field: "match"))
        }
        for dataset in configuration.datasets {
            var inside = place
            inside.dataset = dataset.id
            guard let declaration = configuration.declaration.datasets.first(where: { $0.id == dataset.id }) else {
                throw PortabilityError(.configuration, "the dataset is not declared", at: inside)
            }
            guard let entity = catalogue.entity(named: declaration.entity) else {
                throw PortabilityError(
                    .configuration, "the catalogue has no entity `\(declaration.entity)`",
                    remedy: suggestion(declaration.entity, catalogue.entities.map(\.name)), at: inside)
            }
            datasets.append(try makeDataset(dataset, declaration, EntityLayout(entity), at: inside))
        }
    }

    private mutating func probe(_ path: String, at place: PortabilityError.Place) throws -> Int {
        try check(path, at: place)
        let bytes = Array(path.utf8)
        if let known = probes.firstIndex(of: bytes) { return known }
        probes.append(bytes)
        return probes.count - 1
    }

    private mutating func makeDataset(
        _ dataset: UsageLogConfiguration.Dataset, _ declaration: DatasetDeclaration, _ layout: EntityLayout,
        at place: PortabilityError.Place
    ) throws -> Dataset {
        enum Value {
            case slot(Int)
            case constant(Int)
        }
        var values: [[Int]: Value] = [:]
        func locate(_ field: String) throws -> [Int] {
            let indices = try Self.locate(field, in: layout, at: place.with(field: field))
            if values[indices] != nil {
                throw PortabilityError(
                    .configuration, "the field is mapped twice", remedy: "Leave one of the paths to it out",
                    at: place.with(field: field))
            }
            return indices
        }
        for (slot, mapping) in dataset.fields.enumerated() {
            values[try locate(mapping.field)] = .slot(slot)
            try check(mapping.path, at: place.with(field: mapping.field))
        }
        var constants: [[UInt8]] = []
        for constant in dataset.constants {
            let indices = try locate(constant.field)
            values[indices] = .constant(constants.count)
            var canonical: [UInt8] = []
            let kind = Self.kind(at: indices, in: layout)
            guard Canonical.append(kind, from: Array(constant.value.utf8).span, into: &canonical) else {
                throw PortabilityError(
                    .configuration, "the constant is no \(kind.name)", at: place.with(field: constant.field))
            }
            constants.append(canonical)
        }

        var steps: [Step] = []
        var open: [Int] = []
        for (indices, value) in values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let groups = indices.dropLast()
            while !groups.starts(with: open) {
                open.removeLast()
                steps.append(.end)
            }
            for group in groups.dropFirst(open.count) {
                open.append(group)
                steps.append(.begin(field: group))
            }
            let field = indices[indices.count - 1]
            let kind = Self.kind(at: indices, in: layout)
            switch value {
            case .slot(let slot):
                steps.append(
                    .value(field: field, kind: kind, isList: Self.isList(at: indices, in: layout), slot: slot))
            case .constant(let index):
                steps.append(.constant(field: field, kind: kind, index: index))
            }
        }
        steps.append(contentsOf: open.map { _ in .end })

        let subjectKinds = try matches.map { match in
            guard let index = declaration.subjectKinds.firstIndex(of: match.kind) else {
                throw PortabilityError(
                    .configuration, "the dataset does not declare the identifier `\(match.kind)`", at: place)
            }
            return index
        }
        var tenant = -1
        if let kind = declaration.tenantKind {
            guard let match = matches.first(where: { $0.kind == kind }) else {
                throw PortabilityError(
                    .configuration, "no path tells the tenant `\(kind)` of a line",
                    remedy: "Add `\(kind)` to `match`", at: place)
            }
            tenant = match.probe
        }
        let excluded = declaration.exclusions + exclusions.filter { !Survey.isContainer($0) }
        for exclusion in excluded { try check(exclusion.column, at: place.with(field: "exclude")) }
        return Dataset(
            id: dataset.id, layout: layout, steps: steps, constants: constants,
            fields: dataset.fields.map { (Array($0.field.utf8), Array($0.path.utf8)) },
            excluded: excluded,
            filter: try dataset.filter.map { try probe($0.path, at: place.with(field: "where")) } ?? -1,
            filterValues: dataset.filter?.values.map { Array($0.utf8) } ?? [],
            recordID: try dataset.recordID.map { try probe($0, at: place.with(field: "record_id")) } ?? -1,
            tenant: tenant, subjectKinds: subjectKinds)
    }

    /// Throws if a path cannot be one of a line.
    private func check(_ path: String, at place: PortabilityError.Place) throws {
        if path.split(separator: ".", omittingEmptySubsequences: false).contains("") {
            throw PortabilityError(.configuration, "a path in the line is empty or has an empty name", at: place)
        }
        try pattern?.check(path, at: place)
    }

    /// The field indices from the record down to a value.
    private static func locate(
        _ field: String, in layout: EntityLayout, at place: PortabilityError.Place
    ) throws -> [Int] {
        var group = layout.groups[0]
        var indices: [Int] = []
        let names = field.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for (depth, name) in names.enumerated() {
            guard let index = group.index(of: name) else {
                throw PortabilityError(
                    .configuration, "the entity `\(layout.entity.name)` has no field `\(field)`",
                    remedy: suggestion(name, group.fields.map(\.name)), at: place)
            }
            indices.append(index)
            let found = group.fields[index]
            if (depth == names.count - 1) != (found.kind != nil) {
                throw PortabilityError(
                    .configuration,
                    found.kind == nil
                        ? "`\(field)` is a group, which takes no value of its own"
                        : "`\(name)` has no fields of its own",
                    at: place)
            }
            if found.kind == nil {
                if found.isList {
                    throw PortabilityError(
                        .configuration, "`\(name)` is a list of groups, which a line's values cannot be mapped to",
                        at: place)
                }
                group = layout.groups[found.group]
            }
        }
        return indices
    }

    private static func field(at indices: [Int], in layout: EntityLayout) -> EntityLayout.Field {
        var group = layout.groups[0]
        for index in indices.dropLast() { group = layout.groups[group.fields[index].group] }
        return group.fields[indices[indices.count - 1]]
    }

    private static func kind(at indices: [Int], in layout: EntityLayout) -> ValueKind {
        field(at: indices, in: layout).kind ?? .string
    }

    private static func isList(at indices: [Int], in layout: EntityLayout) -> Bool {
        field(at: indices, in: layout).isList
    }

    /// What the tree of names has to know.
    var rules: PathTree.Rules {
        var rules = PathTree.Rules()
        for (index, probe) in probes.enumerated() { rules.probes[probe] = Int16(index) }
        let none = [Int16](repeating: PathTree.Role.unmapped, count: datasets.count)
        for (index, dataset) in datasets.enumerated() {
            for exclusion in dataset.excluded {
                rules.roles[Array(exclusion.column.utf8), default: none][index] = PathTree.Role.excluded
            }
            if dataset.recordID >= 0 {
                // It is exported as the record's id.
                rules.roles[probes[dataset.recordID], default: none][index] = PathTree.Role.covered
            }
            // Two fields may take one path; the first has the role, the others follow it.
            for (slot, field) in dataset.fields.enumerated().reversed() {
                rules.roles[field.path, default: none][index] = Int16(slot)
            }
        }
        return rules
    }

    /// By match: the values of a subject.
    func values(of subject: SubjectKeys) -> [[[UInt8]]] {
        matches.map { match in subject[match.kind].map { Array($0.utf8) } }
    }

    /// The fields of the pattern by which a line may be the subject's; nil if one is made of a part of another.
    ///
    /// - Parameter subject: The subject's values, by match.
    func keys(of subject: [[[UInt8]]]) -> [PatternSplitter.Key]? {
        guard let pattern else { return nil }
        var keys: [PatternSplitter.Key] = []
        for (match, values) in zip(matches, subject) {
            let path = String(decoding: probes[match.probe], as: UTF8.self)
            guard let name = pattern.names.firstIndex(of: path),
                let part = pattern.parts.firstIndex(where: { $0.name == name }), pattern.parts[part].shape.isWhole
            else { return nil }
            keys.append(PatternSplitter.Key(part: part, values: ValueSet(values)))
        }
        return keys
    }

    /// What becomes of all that the configuration and the pattern name.
    var declared: [CoverageItem] {
        var paths = pattern?.names ?? []
        func add(_ path: some Sequence<UInt8>) {
            let text = String(decoding: Array(path), as: UTF8.self)
            if !paths.contains(text) { paths.append(text) }
        }
        for dataset in datasets {
            for field in dataset.fields { add(field.path) }
        }
        for probe in probes { add(probe) }
        for dataset in datasets {
            for exclusion in dataset.excluded { add(exclusion.column.utf8) }
        }
        var survey = Survey(plan: self)
        var tree = PathTree(rules: rules, datasets: datasets.count)
        let present = paths.map { path in
            var node: PathTree.Index = 0
            for name in path.split(separator: ".", omittingEmptySubsequences: false) {
                node = tree.find(Array(name.utf8).span, below: node, after: -1)
            }
            return DatasetTape.Entry(node: node, token: 0, isOpened: false)
        }
        survey.note(present, of: tree, hasIdentifier: true, taken: datasets.map { _ in true })
        return survey.items(LineFindings(source: "", isPattern: false), unreadFiles: 0)
    }

    /// True if the configuration names a path, or one around it as a whole.
    func knows(_ path: [UInt8]) -> Bool {
        if pattern != nil || probes.contains(path) { return true }
        return datasets.contains { dataset in
            dataset.fields.contains { $0.path == path }
                || dataset.excluded.contains { $0.column.utf8.elementsEqual(path) }
        }
    }

    /// Why a dataset leaves a path out.
    func exclusion(of path: String, dataset: Int) -> CoverageItem.Use {
        let found = datasets[dataset].excluded.first { path == $0.column || path.hasPrefix($0.column + ".") }
        return found.map { .excluded($0.ground, heldIn: $0.heldIn) } ?? .unknown
    }

    /// By slot: the slot whose path it shares.
    func sharedSlots(_ dataset: Int) -> [Int] {
        let fields = datasets[dataset].fields
        return fields.map { field in fields.firstIndex { $0.path == field.path } ?? 0 }
    }
}

/// "Did you mean …", if a name is near enough to be meant.
private func suggestion(_ word: String, _ candidates: [String]) -> String? {
    nearest(word, in: candidates).map { "Did you mean `\($0)`?" }
}
