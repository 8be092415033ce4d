/// An entity's fields, flattened for walking a tape: group 0 is the record itself, every nested group follows.
///
/// A token's `field` is an index into the fields of the group that encloses it.
public final class EntityLayout: Sendable {
    /// A field within its group.
    public struct Field: Sendable {
        public let name: String
        /// nil for a group.
        public let kind: ValueKind?
        public let isList: Bool
        /// Index of the nested group in ``EntityLayout/groups``; -1 for a value.
        public let group: Int
        /// The catalogue's field.
        public let definition: PortabilityModel.Field
    }

    /// A group of fields.
    public struct Group: Sendable {
        public let fields: [Field]
        /// Names from the record down to this group, empty for the record.
        public let path: [String]
        /// The enclosing group, -1 for the record.
        public let parent: Int
        /// True if the group itself, as a field of its parent, is a list.
        public let isList: Bool

        /// The index of a field, nil if there is none of that name. O(number of fields).
        public func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
    }

    public let entity: Entity
    public let groups: [Group]

    /// Flattens an entity. O(number of fields).
    public init(_ entity: Entity) {
        self.entity = entity
        var groups: [Group?] = []
        func flatten(_ fields: [PortabilityModel.Field], path: [String], parent: Int, isList: Bool) -> Int {
            let own = groups.count
            groups.append(nil)
            var flat: [Field] = []
            for field in fields {
                switch field.type {
                case .value(let kind):
                    flat.append(
                        Field(name: field.name, kind: kind, isList: field.isList, group: -1, definition: field))
                case .group(let nested):
                    let index = flatten(nested, path: path + [field.name], parent: own, isList: field.isList)
                    flat.append(
                        Field(name: field.name, kind: nil, isList: field.isList, group: index, definition: field))
                }
            }
            groups[own] = Group(fields: flat, path: path, parent: parent, isList: isList)
            return own
        }
        _ = flatten(entity.fields, path: [], parent: -1, isList: false)
        self.groups = groups.compactMap { $0 }
    }
}
