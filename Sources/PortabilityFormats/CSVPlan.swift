import PortabilityModel

/// The tables that an entity has in CSV: its own, one per list, and `other`.
///
/// Single groups are flattened into their table with dots. A list is a table of its own with `record_id`, one index
/// column per level, and the list's fields, or `value` for a list of values.
struct CSVPlan: Sendable {
    struct Column: Sendable {
        var name: String
        /// nil for an index column.
        var kind: ValueKind?
    }

    struct Table: Sendable {
        /// Names from the record to the list; empty for the dataset's own table, `["other"]` for the last.
        var path: [String]
        var columns: [Column]
        /// The table that holds the list; -1 for the dataset's own table.
        var parent: Int
        /// The tables of the lists around this one and this one itself, outermost first: one per index column.
        var levels: [Int]
        /// `record_id` and the index columns.
        var keyColumns: Int { 1 + levels.count }
    }

    /// What a field of the layout becomes.
    enum Target: Sendable {
        case column(Int, ValueKind)
        /// The fields of a group in the same table.
        case group(Int)
        /// A list of groups, with the group, or of values, with the kind.
        case groups(table: Int, group: Int)
        case values(table: Int, ValueKind)
    }

    /// The dataset's own table, lists in catalogue order, `other`.
    private(set) var tables: [Table]
    /// For each group of the layout, for each of its fields.
    private(set) var targets: [[Target]]

    var other: Int { tables.count - 1 }

    init(_ layout: EntityLayout) {
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
                tables[table].columns.append(Column(name: name, kind: kind))
            case (nil, false):
                targets[group].append(.group(field.group))
                addFields(of: field.group, prefix: name + ".", to: table, layout)
            case (let kind?, true):
                let list = addList(named: field.name, in: group, of: table, layout)
                targets[group].append(.values(table: list, kind))
                tables[list].columns.append(Column(name: "value", kind: kind))
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

/// What of a cell the formula guard looks at.
enum FormulaGuard {
    /// True for columns of text, which may hold anything and are guarded; other kinds have a spelling that no
    /// spreadsheet runs.
    static func applies(to kind: ValueKind?) -> Bool { kind == .string || kind == .reference }

    /// True if a spreadsheet would take the text for a formula, or if it begins with the guard itself.
    ///
    /// A formula begins with `=`, `@`, TAB or CR, or with `+` or `-` and is neither a plain number
    /// (`[+-]?[0-9]+([.,][0-9]+)?`) nor a telephone number (`\+[0-9][0-9 ()\-]{4,}`).
    @inline(__always)
    static func isNeeded(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.lowerBound < range.upperBound else { return false }
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "'"), 0x09, 0x0d: return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return !isPlainNumber(bytes, range) && !isTelephoneNumber(bytes, range)
        default: return false
        }
    }

    private static func isPlainNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound + 1
        let whole = digits(bytes, &at, range.upperBound)
        if at == range.upperBound { return whole > 0 }
        guard whole > 0, bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ",") else { return false }
        at += 1
        return digits(bytes, &at, range.upperBound) > 0 && at == range.upperBound
    }

    private static func digits(_ bytes: Span<UInt8>, _ at: inout Int, _ end: Int) -> Int {
        let start = at
        while at < end, isDigit(bytes[at]) { at += 1 }
        return at - start
    }

    private static func isTelephoneNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        guard range.count >= 6, bytes[start] == UInt8(ascii: "+"), isDigit(bytes[start + 1]) else { return false }
        for index in start + 2..<range.upperBound {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "-"): break
            case let byte: if !isDigit(byte) { return false }
            }
        }
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
