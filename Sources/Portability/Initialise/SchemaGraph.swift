import SQLCore

/// Which tables of a store seem to hold people, and over which keys the others belong to one: read off names and keys
/// alone.
struct SchemaGraph {
    /// A table of which each row is a person, or somebody's account.
    struct Person {
        let table: SQLSchema.Table
        /// The column that tells them apart.
        let key: String
        /// False if the table declares no key and the column was guessed.
        let isDeclared: Bool
        /// The kind of identifier that the key is.
        let identifier: String
    }

    /// A step from a table's columns to those of another.
    struct Step {
        let from: String
        let columns: [String]
        let to: String
        let references: [String]
        /// False if nothing but names says so.
        let isDeclared: Bool
    }

    /// How the rows of a table come to belong to a person.
    struct Path {
        let person: Person
        let steps: [Step]
    }

    let schema: SQLSchema
    let people: [Person]
    private let steps: [String: [Step]]

    init(_ schema: SQLSchema) {
        self.schema = schema
        let tables = schema.tables.filter { !$0.isView }
        let steps = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, Self.steps(of: $0, tables)) })
        self.steps = steps
        let candidates = Set(tables.filter { Self.weight($0) >= 3 }.map(\.name))
        var people: [Person] = []
        for table in tables where candidates.contains(table.name) {
            // What belongs to a customer, say an order with the customer's address, is no person of its own.
            let isOwned = (steps[table.name] ?? []).contains { $0.to != table.name && candidates.contains($0.to) }
            guard Self.isNamedForPeople(table) || !isOwned, let key = Self.key(of: table) else { continue }
            var identifier = Self.identifier(key.name, of: table)
            if people.contains(where: { $0.identifier == identifier }) {
                identifier = NameWords.identifier(
                    NameWords.singular(NameWords.of(table.name)) + NameWords.of(key.name), separator: "_",
                    otherwise: "key")
            }
            people.append(Person(table: table, key: key.name, isDeclared: key.isDeclared, identifier: identifier))
        }
        self.people = people
    }

    func person(_ table: String) -> Person? { people.first { $0.table.name == table } }

    /// Steps that lead on from a table, in the schema's order, declared ones first.
    func steps(from table: String) -> [Step] { steps[table] ?? [] }

    /// The shortest ways from a table to the people that its rows belong to; none leads through one person to another.
    func paths(from table: String) -> [Path] {
        var found: [Path] = []
        var reached: Set<String> = [table]
        var front: [[Step]] = [[]]
        while !front.isEmpty, found.isEmpty {
            var next: [[Step]] = []
            for path in front {
                for step in steps(from: path.last?.to ?? table) where !reached.contains(step.to) {
                    if let person = person(step.to) {
                        if !found.contains(where: { $0.person.table.name == step.to }) {
                            found.append(Path(person: person, steps: path + [step]))
                        }
                    } else {
                        reached.insert(step.to)
                        next.append(path + [step])
                    }
                }
            }
            front = next
        }
        return found
    }

    // MARK: Guesses

    /// How much the columns say that a row is a person.
    static func weight(_ table: SQLSchema.Table) -> Int {
        let words = NameWords.of(table.name)
        let linked = Set(table.foreignKeys.flatMap(\.columns) + table.primaryKey)
        var seen = Set<String>()
        var weight = isNamedForPeople(table) ? 2 : 0
        for column in table.columns where !linked.contains(column.name) {
            guard let meaning = ColumnMeaning.of(column.name, table: words) else { continue }
            // A second telephone number says no more than the first.
            if let field = meaning.field, !seen.insert(field).inserted { continue }
            weight += meaning.weight
        }
        return weight
    }

    /// Columns that seem to say something of a person, in a table that leads to none.
    static func personalColumns(_ table: SQLSchema.Table) -> [String] {
        let words = NameWords.of(table.name)
        return table.columns.map(\.name).filter { name in
            ColumnMeaning.of(name, table: words).map { $0.weight > 0 && $0.field != "name" } ?? false
        }
    }

    /// By the last word of the name: `app_users`, `Customer`, `ASIAKKAAT`.
    static func isNamedForPeople(_ table: SQLSchema.Table) -> Bool {
        guard let last = NameWords.singular(NameWords.of(table.name)).last else { return false }
        return [
            "user", "customer", "person", "people", "member", "client", "contact", "subscriber", "account", "employee",
            "staff", "patient", "student", "pupil", "guest", "visitor", "resident", "tenant", "donor", "applicant",
            "citizen", "driver", "passenger", "participant", "player", "author", "owner", "lead", "kund", "elev",
            "gast",
        ].contains(last)
            || [
                "asiaka", "asiakk", "henkilo", "kayttaja", "tyontekij", "jasen", "potila", "oppila", "opiskelij",
                "opettaj", "tilaaja", "asuka", "vierailij", "kunder", "anvandar", "medlem", "anstalld", "patienter",
                "personer", "personal", "studerande", "elever", "gaster",
            ].contains(where: last.hasPrefix)
    }

    private static func key(of table: SQLSchema.Table) -> (name: String, isDeclared: Bool)? {
        if table.primaryKey.count == 1 { return (table.primaryKey[0], true) }
        guard table.primaryKey.isEmpty else { return nil }
        let endings: Set = ["id", "nro", "nr", "no", "num", "number", "numero", "nummer", "tunnus", "key", "code"]
        let linked = Set(table.foreignKeys.flatMap(\.columns))
        return table.columns.first { column in
            let words = NameWords.of(column.name)
            let isLike = words.last.map { last in
                endings.contains(last) || endings.contains { $0.count > 2 && last.hasSuffix($0) }
            }
            return (isLike ?? false) && !linked.contains(column.name)
                && ColumnMeaning.of(column.name, table: NameWords.of(table.name)) == nil
        }.map { ($0.name, false) }
    }

    private static func identifier(_ key: String, of table: SQLSchema.Table) -> String {
        let words = NameWords.of(key)
        let isBare = ["id", "key", "nro", "nr", "no", "number", "uuid", "guid", "pk"].contains(words.joined())
        return NameWords.identifier(
            isBare ? NameWords.singular(NameWords.of(table.name)) + words : words, separator: "_", otherwise: "key")
    }

    /// Declared foreign keys, and columns in none whose name is that of another table's key.
    private static func steps(of table: SQLSchema.Table, _ tables: [SQLSchema.Table]) -> [Step] {
        var steps: [Step] = table.foreignKeys.compactMap { key in
            guard
                let other = tables.first(where: { $0.name == key.table })
                    ?? tables.first(where: { $0.name.lowercased() == key.table.lowercased() })
            else { return nil }
            let references = key.references.isEmpty ? other.primaryKey : key.references
            guard references.count == key.columns.count, !references.isEmpty else { return nil }
            return Step(
                from: table.name, columns: key.columns, to: other.name, references: references, isDeclared: true)
        }
        let linked = Set(table.foreignKeys.flatMap(\.columns))
        for column in table.columns where !linked.contains(column.name) {
            let words = NameWords.of(column.name)
            for other in tables where other.name != table.name {
                guard let key = key(of: other)?.name else { continue }
                let keyWords = NameWords.of(key)
                let singular = NameWords.singular(NameWords.of(other.name))
                // `id` alone is every table's; with the table's name before it is its own.
                let isMatch =
                    keyWords.count > 1 || keyWords.first.map { $0.count > 4 } ?? false
                    ? words == keyWords : words == singular + keyWords
                let isOwnKey =
                    table.primaryKey == [column.name]
                    || key == column.name && table.primaryKey.isEmpty
                        && Self.key(of: table)?.name == column.name
                guard isMatch, !isOwnKey, !steps.contains(where: { $0.to == other.name && $0.columns == [column.name] })
                else { continue }
                steps.append(
                    Step(from: table.name, columns: [column.name], to: other.name, references: [key], isDeclared: false)
                )
                break
            }
        }
        return steps
    }
}
