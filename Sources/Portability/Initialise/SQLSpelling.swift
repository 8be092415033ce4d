import PortabilityModel
import SQLCore

/// How a store wants its queries written, as far as drafts of queries need to know.
struct SQLSpelling {
    enum Store { case sqlite, postgresql, mariadb }
    let store: Store

    /// Of a kind of source; nil if it is read by no queries.
    init?(kind: String) {
        switch kind {
        case "sqlite": store = .sqlite
        case "postgresql": store = .postgresql
        case "mariadb": store = .mariadb
        default: return nil
        }
    }

    /// A column's name, in quotes where it needs them.
    func name(_ name: String) -> String {
        let isPlain =
            !name.isEmpty && !Self.reserved.contains(name.lowercased())
            && name.utf8.enumerated().allSatisfy { index, byte in
                (97...122).contains(byte) || byte == 95 || (48...57).contains(byte) && index > 0
                    // PostgreSQL makes small letters of capitals that are in no quotes.
                    || (65...90).contains(byte) && store != .postgresql
            }
        if isPlain { return name }
        let quote: Character = store == .mariadb ? "`" : "\""
        return
            "\(quote)\(name.split(separator: quote, omittingEmptySubsequences: false).joined(separator: "\(quote)\(quote)"))\(quote)"
    }

    /// A table's name as the schema has it: with its own schema before a point where the store has such.
    func table(_ table: String) -> String {
        guard store != .sqlite, let point = table.firstIndex(of: ".") else { return name(table) }
        return "\(name(String(table[..<point]))).\(name(String(table[table.index(after: point)...])))"
    }

    /// The expression of a `record_id`, and what rows are sorted by so that they ascend by it: whole numbers as such,
    /// text by its bytes.
    func key(_ columns: [(expression: String, type: String)]) -> (expression: String, order: String) {
        if columns.count == 1, Self.isInteger(columns[0].type) {
            return (columns[0].expression, columns[0].expression)
        }
        let text = columns.map { column in
            switch store {
            case .sqlite, .postgresql: "CAST(\(column.expression) AS TEXT)"
            case .mariadb: "CAST(\(column.expression) AS CHAR)"
            }
        }
        let whole: String
        switch store {
        case .sqlite: whole = text.joined(separator: " || '-' || ")
        case .postgresql, .mariadb:
            whole = text.count == 1 ? text[0] : "concat_ws('-', \(text.joined(separator: ", ")))"
        }
        switch store {
        case .sqlite: return (whole, whole)
        case .postgresql: return (whole, "\(whole) COLLATE \"C\"")
        case .mariadb: return (whole, "CAST(\(whole) AS BINARY)")
        }
    }

    /// Whether a type is one of whole numbers, by the store's name of it.
    static func isInteger(_ type: String) -> Bool {
        let word = type.lowercased().split { $0 == " " || $0 == "(" }.first.map(String.init) ?? ""
        return [
            "integer", "int", "bigint", "smallint", "tinyint", "mediumint", "int2", "int4", "int8", "serial",
            "bigserial", "smallserial",
        ].contains(word)
    }

    /// Words that one of the stores gives a meaning of its own.
    private static let reserved: Set<String> = Set(
        """
        add all alter analyse analyze and any array as asc asymmetric authorization autoincrement before begin between \
        binary both by call cascade case cast change character check collate column commit concurrently condition \
        constraint continue convert create cross current_date current_role current_time current_timestamp current_user \
        cursor database databases dec decimal declare default deferrable delayed delete desc describe distinct div do \
        double drop each else elseif enclosed end escape escaped except exists exit explain false fetch float for force \
        foreign freeze from full fulltext glob grant group groups having high_priority if ignore ilike in index infile \
        initially inner inout insert int integer intersect interval into is isnull iterate join key keys kill lag \
        lateral lead leading leave left like limit lines load localtime localtimestamp lock long loop match mod natural \
        not notnull null numeric of offset on only option or order out outer over overlaps partition placing pragma \
        precision primary procedure purge raise range rank read real recursive references regexp release rename repeat \
        replace require resignal restrict return returning revoke right rlike row rows schema schemas select \
        session_user set show signal similar smallint some sql starting symmetric system table tablesample tables \
        temporary then to trailing transaction trigger true undo union unique unlock unsigned update usage use user \
        using values varchar variadic varying verbose when where while window with write xor zerofill
        """.split(separator: " ").map(String.init))
}
