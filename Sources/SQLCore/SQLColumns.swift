public import PortabilityModel

/// Where each column of a query's result goes: into the record's head, a field of the catalogue, or `other`.
///
/// Columns are matched by name, ASCII letters in either case. `record_id` and `subject` are required, `tenant` is
/// where the dataset declares a kind of tenant, `record_class` is optional. A dotted name (`address.city`) is a field
/// of a nested group that is not a list. Every other column goes to `other` under its own name, unless the dataset
/// excludes it.
public struct SQLColumns: Sendable {
    enum Target: Sendable {
        case recordID, subject, tenant, recordClass, excluded, other, field
    }

    /// What the mapper needs to know of a column, without references: it is looked at for every value.
    struct Place: Sendable {
        var target: Target
        /// For a field: its kind, its index in its group, the group's index in ``paths``, and whether it is a list.
        var kind = ValueKind.string
        var field = 0
        var path = 0
        var isList = false
    }

    /// The result's column names, in order.
    public let names: [String]
    /// Columns that go to `other`, in order.
    public let unmapped: [String]
    /// Indices of the columns that are read at all (those that are not excluded), in the order in which the mapper
    /// takes their values: the head's first, then fields in catalogue order, then the others.
    public let wanted: [Int]
    let places: [Place]
    /// Indices of the fields that lead from the record to each group that columns are in; the first is the record.
    let paths: [[Int]]
    let layout: EntityLayout

    /// Plans the columns of a result.
    ///
    /// - Throws: ``PortabilityError/Code/drift`` if a required column is missing or a column that can be only one is
    ///   there twice. Columns are named, never values.
    public init(_ names: [String], layout: EntityLayout, dataset: DatasetDeclaration) throws(PortabilityError) {
        var places: [Place] = []
        var paths: [[Int]] = [[]]
        var seen: [String: Int] = [:]
        var unmapped: [String] = []
        let excluded = Set(dataset.exclusions.map { Self.lower($0.column) })
        for name in names {
            let key = Self.lower(name)
            var place: Place
            var isSingle = true
            switch key {
            case "record_id": place = Place(target: .recordID)
            case "subject": place = Place(target: .subject)
            case "tenant" where dataset.tenantKind != nil: place = Place(target: .tenant)
            case "record_class": place = Place(target: .recordClass)
            case _ where excluded.contains(key):
                place = Place(target: .excluded)
                isSingle = false
            default:
                if let found = Self.find(key, in: layout) {
                    let path = paths.firstIndex(of: found.groups) ?? paths.count
                    if path == paths.count { paths.append(found.groups) }
                    place = Place(
                        target: .field, kind: found.kind, field: found.field, path: path, isList: found.isList)
                    isSingle = !found.isList
                } else {
                    place = Place(target: .other)
                    isSingle = false
                    if !unmapped.contains(name) { unmapped.append(name) }
                }
            }
            if isSingle, seen[key] != nil {
                throw PortabilityError(
                    .drift, "the query returns the column \(name) twice",
                    remedy: "Give one of them another name with AS",
                    at: .init(dataset: dataset.id, field: name))
            }
            seen[key] = places.count
            places.append(place)
        }
        var required = ["record_id", "subject"]
        if dataset.tenantKind != nil { required.append("tenant") }
        for name in required where seen[name] == nil {
            throw PortabilityError(
                .drift, "the query returns no column \(name)", remedy: "Name one with AS \(name)",
                at: .init(dataset: dataset.id, field: name))
        }
        self.names = names
        self.unmapped = unmapped
        self.places = places
        self.paths = paths
        wanted = Self.order(places, paths)
        self.layout = layout
    }

    private static func order(_ places: [Place], _ paths: [[Int]]) -> [Int] {
        /// Where a column stands; a field's group stands where its own field does.
        func key(_ column: Int) -> [Int] {
            let place = places[column]
            return switch place.target {
            case .field: [1] + paths[place.path] + [place.field]
            case .other: [2]
            case .recordID, .subject, .tenant, .recordClass, .excluded: [0]
            }
        }
        return places.indices.filter { places[$0].target != .excluded }
            .map { (column: $0, key: key($0)) }
            .sorted { left, right in
                left.key == right.key ? left.column < right.column : left.key.lexicographicallyPrecedes(right.key)
            }
            .map(\.column)
    }

    /// One finding for each column that no field of the catalogue takes.
    public func findings(at place: PortabilityError.Place) -> [Finding] {
        unmapped.map { name in
            var place = place
            place.field = name
            return Finding(
                .unmapped, "the catalogue's \(layout.entity.name) has no field of this name; carried as other field",
                at: place)
        }
    }

    /// The kind of the field that a column goes to; nil if it goes to none.
    public func kind(of column: Int) -> ValueKind? {
        places[column].target == .field ? places[column].kind : nil
    }

    /// True if a column goes to a field that is a list of values.
    public func isList(_ column: Int) -> Bool { places[column].target == .field && places[column].isList }

    /// True if a result column has that name.
    public func contains(_ name: String) -> Bool {
        let key = Self.lower(name)
        return names.contains { Self.lower($0) == key }
    }

    /// The value field that a dotted name leads to, through groups that are not lists.
    private static func find(
        _ name: String, in layout: EntityLayout
    ) -> (groups: [Int], field: Int, kind: ValueKind, isList: Bool)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        var group = 0
        var path: [Int] = []
        for (position, part) in parts.enumerated() {
            guard let index = layout.groups[group].index(of: String(part)) else { return nil }
            let field = layout.groups[group].fields[index]
            if position == parts.count - 1 {
                return field.kind.map { (path, index, $0, field.isList) }
            }
            guard field.kind == nil, !field.isList else { return nil }
            path.append(index)
            group = field.group
        }
        return nil
    }

    static func lower(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
