/// The tables that an entity has where nothing nests, as in CSV and SQL: its own, one per list, and `other`.
///
/// Single groups are flattened into their table with dots. A list is a table of its own with `record_id`, one index
/// column per level, and the list's fields, or `value` for a list of values.
public struct TablePlan: Sendable {
    /// A column of a table.
    public struct Column: Sendable {
        /// Names from the table's own group to the field, joined by dots.
        public let name: String
        /// nil for an index column.
        public let kind: ValueKind?
        /// What the column is in the catalogue; nil for keys, and for the columns of `other`.
        public let definition: Field?

        init(name: String, kind: ValueKind?, definition: Field? = nil) {
            self.name = name
            self.kind = kind
            self.definition = definition
        }
    }

    /// A table.
    public struct Table: Sendable {
        /// Names from the record to the list; empty for the dataset's own table, `["other"]` for the last.
        public let path: [String]
        public fileprivate(set) var columns: [Column]
        /// The table that holds the list; -1 for the dataset's own table.
        public let parent: Int
        /// The tables of the lists around this one and this one itself, outermost first: one per index column.
        public let levels: [Int]
        /// `record_id` and the index columns.
        public var keyColumns: Int { 1 + levels.count }
    }

    /// What a field of the layout becomes.
    public enum Target: Sendable {
        case column(Int, ValueKind)
        /// The fields of a group in the same table.
        case group(Int)
        /// A list of groups, with the group, or of values, with the kind.
        case groups(table: Int, group: Int)
        case values(table: Int, ValueKind)
    }

    /// The dataset's own table, lists in catalogue order, `other`.
    public private(set) var tables: [Table]
    /// For each group of the layout, for each of its fields.
    public private(set) var targets: [[Target]]

    /// The index of the table of `other` fields.
    public var other: Int { tables.count - 1 }

    /// Lays an entity out. O(number of fields).
    public init(_ layout: EntityLayout) {
        tables = [Table(path: [], columns: [Column(name: "record_id", kind: .string)], parent: -1, levels: [])]
        targets = Array(repeating: [], count: layout.groups.count)
        addFields(of: 0, prefix: "", to: 0, layout)
        tables.append(
            Table(
                path: ["other"],
                columns: ["record_id", "name", "type", "value"].map { Column(name: $0, kind: .string) },
                parent: 0, levels: []))
    }

    private mutating func addFields(of group: Int, prefix: String, to table: Int, _ layout: EntityLayout) {
        for field in layout.groups[group].fields {
            let name = prefix + field.name
            switch (field.kind, field.isList) {
            case (let kind?, false):
                targets[group].append(.column(tables[table].columns.count, kind))
                tables[table].columns.append(Column(name: name, kind: kind, definition: field.definition))
            case (nil, false):
                targets[group].append(.group(field.group))
                addFields(of: field.group, prefix: name + ".", to: table, layout)
            case (let kind?, true):
                let list = addList(named: field.name, in: group, of: table, layout)
                targets[group].append(.values(table: list, kind))
                tables[list].columns.append(Column(name: "value", kind: kind, definition: field.definition))
            case (nil, true):
                let list = addList(named: field.name, in: group, of: table, layout)
                targets[group].append(.groups(table: list, group: field.group))
                addFields(of: field.group, prefix: "", to: list, layout)
            }
        }
    }

    private mutating func addList(
        named name: String, in group: Int, of table: Int, _ layout: EntityLayout
    ) -> Int {
        let index = tables.count
        let levels = tables[table].levels + [index]
        let path = layout.groups[group].path + [name]
        tables.append(Table(path: path, columns: [], parent: table, levels: levels))
        tables[index].columns = [Column(name: "record_id", kind: .string)]
        for level in levels {
            let name = tables[level].path.joined(separator: ".") + "_index"
            tables[index].columns.append(Column(name: name, kind: nil))
        }
        return index
    }
}
