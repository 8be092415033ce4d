import PortabilityModel

/// A place in a record: the names from the record down.
struct RecordPath: Sendable, Hashable {
    let names: [[UInt8]]

    /// - Throws: `configuration` if a name is empty.
    init(_ text: String, at place: PortabilityError.Place) throws(PortabilityError) {
        names = text.split(separator: ".", omittingEmptySubsequences: false).map { Array($0.utf8) }
        if names.contains([]) {
            throw PortabilityError(
                .configuration, "a path in the record is empty or has an empty name", at: place)
        }
    }

    /// A member of the record itself, whatever its name.
    init(member: [UInt8]) { names = [member] }

    var text: String { names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".") }
    var top: String { String(decoding: names[0], as: UTF8.self) }
}

/// What the configuration says of one dataset, looked up against the catalogue once.
struct RecordPlan: Sendable {
    /// A catalogue field and the path that it takes its value from.
    struct Slot: Sendable {
        /// The groups from the record down to the field's own, as field indices.
        var groups: [Int]
        var field: Int
        var kind: ValueKind
        var isList: Bool
        /// The field's path in the catalogue.
        var name: String
        var path: RecordPath
    }

    struct Match: Sendable {
        var kind: String
        /// Index among the kinds that the dataset declares.
        var index: Int
        var isUnique: Bool
        var path: RecordPath
    }

    /// What becomes of a name, and of those below it.
    struct Node: Sendable {
        /// By name.
        var children: [ArraySlice<UInt8>: Int] = [:]
        var slots: [Int] = []
        var isExcluded = false
        /// Exported as the record's id.
        var isKey = false
    }

    var id: String
    var stream: String
    var layout: EntityLayout
    var slots: [Slot]
    var matches: [Match]
    var recordID: [RecordPath]
    var tenant: RecordPath?
    var tenantKind: String?
    var filter: (path: RecordPath, values: [[UInt8]])?
    /// Node 0 is the record.
    var nodes: [Node]

    /// - Throws: `configuration`, with the nearest name where one is unknown.
    init(
        _ dataset: SingerConfiguration.Dataset, _ declaration: DatasetDeclaration, in source: SourceDeclaration,
        catalogue: Catalogue
    ) throws(PortabilityError) {
        let place = PortabilityError.Place(source: source.id, dataset: dataset.id)
        guard let entity = catalogue.entity(named: declaration.entity) else {
            throw PortabilityError(
                .configuration, "the catalogue has no entity `\(declaration.entity)`",
                remedy: suggestion(declaration.entity, catalogue.entities.map(\.name)), at: place)
        }
        id = dataset.id
        stream = dataset.stream
        layout = EntityLayout(entity)
        slots = []
        for (field, path) in dataset.fields {
            let inside = place.with(field: field)
            let slot = try Self.slot(field, RecordPath(path, at: inside), in: layout, at: inside)
            if slots.contains(where: { $0.name == slot.name }) {
                throw PortabilityError(
                    .configuration, "the field is mapped twice", remedy: "Leave one of the paths to it out", at: inside)
            }
            slots.append(slot)
        }
        matches = []
        for match in dataset.match {
            let inside = place.with(field: "match.\(match.kind)")
            guard let index = declaration.subjectKinds.firstIndex(of: match.kind) else {
                throw PortabilityError(.configuration, "the dataset does not declare the identifier", at: inside)
            }
            matches.append(
                Match(
                    kind: match.kind, index: index, isUnique: match.isUnique,
                    path: try RecordPath(match.path, at: inside)))
        }
        if matches.isEmpty {
            throw PortabilityError(
                .configuration, "nothing says whose the records are",
                remedy: "Add `match: { <identifier>: <field> }`", at: place.with(field: "match"))
        }
        recordID = []
        for path in dataset.recordID { recordID.append(try RecordPath(path, at: place.with(field: "record_id"))) }
        tenantKind = declaration.tenantKind
        if let kind = declaration.tenantKind {
            guard let path = dataset.tenant else {
                throw PortabilityError(
                    .configuration, "nothing tells the tenant `\(kind)` of a record",
                    remedy: "Add `tenant:` with the field to the dataset", at: place.with(field: "tenant"))
            }
            tenant = try RecordPath(path, at: place.with(field: "tenant"))
        }
        if let filter = dataset.filter {
            self.filter = (
                try RecordPath(filter.path, at: place.with(field: "where")), filter.values.map { Array($0.utf8) }
            )
        }
        nodes = [Node()]
        for (index, slot) in slots.enumerated() { nodes[node(at: slot.path)].slots.append(index) }
        for exclusion in declaration.exclusions + source.exclusions {
            guard let column = exclusion.column(in: stream) else { continue }
            nodes[node(at: try RecordPath(column, at: place.with(field: "exclude")))].isExcluded = true
        }
        for path in recordID { nodes[node(at: path)].isKey = true }
    }

    private mutating func node(at path: RecordPath) -> Int {
        var index = 0
        for name in path.names {
            if let child = child(name[...], of: index) {
                index = child
            } else {
                nodes.append(Node())
                nodes[index].children[name[...]] = nodes.count - 1
                index = nodes.count - 1
            }
        }
        return index
    }

    /// The node of a name below another; nil if the configuration does not name it.
    func child(_ name: ArraySlice<UInt8>, of node: Int) -> Int? {
        nodes[node].children[name]
    }

    /// The longest key and the widest record that a stream may announce.
    static let keyLimit = 64
    static let fieldLimit = 100_000

    /// - Throws: `limit` if a stream announces more fields, or a key of more, than records have.
    static func check(fields: Int, keyProperties: Int) throws(PortabilityError) {
        if keyProperties > keyLimit {
            throw PortabilityError(
                .limit, "a stream's key has more than \(keyLimit) fields", remedy: "Look what the tap announces")
        }
        if fields > fieldLimit {
            throw PortabilityError(
                .limit, "a stream has more than \(fieldLimit) fields", remedy: "Look what the tap announces")
        }
    }

    /// The same plan for records whose key the stream tells, if the configuration does not.
    func with(keyProperties: [[UInt8]]) -> RecordPlan {
        if !recordID.isEmpty { return self }
        var copy = self
        copy.recordID = keyProperties.map { RecordPath(member: $0) }
        for path in copy.recordID { copy.nodes[copy.node(at: path)].isKey = true }
        return copy
    }

    /// All paths that the configuration names, with what each is for.
    var paths: [(use: String, path: RecordPath)] {
        matches.map { ("match.\($0.kind)", $0.path) } + slots.map { ($0.name, $0.path) }
            + recordID.map { ("record_id", $0) } + (tenant.map { [("tenant", $0)] } ?? [])
            + (filter.map { [("where", $0.path)] } ?? [])
    }

    private static func slot(
        _ name: String, _ path: RecordPath, in layout: EntityLayout, at place: PortabilityError.Place
    ) throws(PortabilityError) -> Slot {
        var group = layout.groups[0]
        var groups: [Int] = []
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for (depth, part) in parts.enumerated() {
            guard let index = group.index(of: part) else {
                throw PortabilityError(
                    .configuration, "the entity `\(layout.entity.name)` has no field `\(name)`",
                    remedy: suggestion(part, group.fields.map(\.name)), at: place)
            }
            let field = group.fields[index]
            guard let kind = field.kind else {
                if depth == parts.count - 1 {
                    throw PortabilityError(
                        .configuration, "`\(name)` is a group, which takes no value of its own", at: place)
                }
                if field.isList {
                    throw PortabilityError(
                        .configuration, "`\(part)` is a list of groups, which a record's values cannot be mapped to",
                        at: place)
                }
                groups.append(index)
                group = layout.groups[field.group]
                continue
            }
            if depth < parts.count - 1 {
                throw PortabilityError(.configuration, "`\(part)` has no fields of its own", at: place)
            }
            return Slot(groups: groups, field: index, kind: kind, isList: field.isList, name: name, path: path)
        }
        throw PortabilityError(.configuration, "a field has no name", at: place)
    }
}

extension DatasetDeclaration.Exclusion {
    /// The path in a stream's records that is excluded; nil if it is the stream itself.
    ///
    /// Of a source all streams are meant, unless the stream's name and a dot stand before the path.
    func column(in stream: String) -> String? {
        if column == stream { return nil }
        return column.hasPrefix(stream + ".") ? String(column.dropFirst(stream.count + 1)) : column
    }
}

extension PortabilityError.Place {
    func with(field: String) -> PortabilityError.Place {
        var place = self
        place.field = field
        return place
    }
}

/// "Did you mean …", if a name is near enough to be meant.
func suggestion(_ word: String, _ candidates: [String]) -> String? {
    nearest(word, in: candidates).map { "Did you mean `\($0)`?" }
}

/// True if the bytes are the same.
@inline(__always)
func isEqual(_ left: Span<UInt8>, _ right: [UInt8]) -> Bool {
    if left.count != right.count { return false }
    for index in right.indices where left[index] != right[index] { return false }
    return true
}
