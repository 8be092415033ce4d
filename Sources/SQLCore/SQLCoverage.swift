import PortabilityModel

/// What becomes of every column of a store: whether a query gives it out, the configuration leaves it out, or nobody
/// said anything of it.
///
/// A column counts as exported if the store says that a column of the result *is* it, or if the configuration says so
/// (`covers`). A column in a condition or an expression does not: that it was read proves nothing about what came out.
struct SQLCoverage {
    /// A dataset's query as the store prepared it.
    struct Reading {
        let dataset: DatasetDeclaration
        let columns: SQLColumns
        let origins: [SQLSchema.Column?]
        let tables: [String]?
        let reads: Set<SQLSchema.Column>?

        init(_ dataset: DatasetDeclaration, _ columns: SQLColumns, _ statement: some SQLStatement) {
            self.dataset = dataset
            self.columns = columns
            origins = statement.origins
            tables = statement.tables
            reads = statement.reads
        }
    }

    private let schema: SQLSchema
    private let names: SQLSchemaNames
    private let declaration: SourceDeclaration
    private let readings: [Reading]
    /// Per reading: the tables that it is known to read.
    private let tablesRead: [Set<Int>]

    init(_ schema: SQLSchema, _ declaration: SourceDeclaration, _ readings: [Reading]) {
        let names = SQLSchemaNames(schema)
        self.schema = schema
        self.names = names
        self.declaration = declaration
        self.readings = readings
        tablesRead = readings.map { reading in
            Set((reading.tables ?? []).compactMap(names.table))
                .union(reading.origins.compactMap { $0.flatMap { names.column($0)?.table } })
                .union(reading.dataset.covers.flatMap { names.columns($0).map(\.table) })
        }
    }

    // MARK: Items

    /// Every column of every table, in the schema's order. A view is there only if a query's column is said to be the
    /// view's: else what it shows is told of the tables below it.
    var items: [CoverageItem] {
        var uses: [SQLSchemaNames.Place: (use: CoverageItem.Use, rank: Rank)] = [:]
        func note(_ use: CoverageItem.Use, _ rank: Rank, of place: SQLSchemaNames.Place) {
            if let known = uses[place], known.rank.rawValue >= rank.rawValue { return }
            uses[place] = (use, rank)
        }
        var views = Set<Int>()
        for (reading, tables) in zip(readings, tablesRead) {
            for (index, origin) in reading.origins.enumerated() {
                guard let place = origin.flatMap(names.column) else { continue }
                if schema.tables[place.table].isView { views.insert(place.table) }
                guard let (use, rank) = use(of: index, in: reading) else { continue }
                note(use, rank, of: place)
            }
            for name in reading.dataset.covers {
                for place in names.columns(name) {
                    note(.exported(dataset: reading.dataset.id, field: Self.expression), .exported, of: place)
                }
            }
            for exclusion in reading.dataset.exclusions {
                for place in places(exclusion, in: reading, tables) {
                    note(.excluded(exclusion.ground, heldIn: exclusion.heldIn), .excluded, of: place)
                }
            }
        }
        for exclusion in declaration.exclusions {
            for place in places(exclusion) {
                note(.excluded(exclusion.ground, heldIn: exclusion.heldIn), .excluded, of: place)
            }
        }
        return schema.tables.indices.filter { !schema.tables[$0].isView || views.contains($0) }.flatMap { index in
            let table = schema.tables[index]
            let candidate = tablesRead.firstIndex { $0.contains(index) }.map { readings[$0] }
            if table.columns.isEmpty { return [self.item(ofWhole: index, candidate)] }
            return table.columns.indices.map { column in
                let field = table.columns[column]
                let use = uses[.init(table: index, column: column)]?.use ?? .unknown
                return CoverageItem(
                    container: table.name, name: field.name, type: field.type.isEmpty ? nil : field.type, use: use,
                    candidate: candidate?.dataset.id,
                    isRead: candidate?.reads.map {
                        $0.contains { names.column($0) == .init(table: index, column: column) }
                    })
            }
        }
    }

    /// A table of which the store tells no columns.
    private func item(ofWhole table: Int, _ candidate: Reading?) -> CoverageItem {
        let exclusion = declaration.exclusions.first { $0.isContainer && names.table($0.column) == table }
        return CoverageItem(
            container: schema.tables[table].name, name: nil,
            use: exclusion.map { .excluded($0.ground, heldIn: $0.heldIn) } ?? .unknown, candidate: candidate?.dataset.id
        )
    }

    /// What outdoes what, if several datasets say something of one column.
    private enum Rank: Int { case key, excluded, exported }

    /// Stands for the field where a column goes as part of an expression.
    private static let expression = "(expression)"

    /// What a column of the result makes of the table's column that it is; nil if nothing of it comes out.
    private func use(of index: Int, in reading: Reading) -> (CoverageItem.Use, Rank)? {
        let dataset = reading.dataset
        let name = SQLColumns.lower(reading.columns.names[index])
        switch reading.columns.places[index].target {
        case .recordID, .subject, .tenant: return (.exported(dataset: dataset.id, field: nil), .key)
        // It decides about a record, and is in none.
        case .recordClass: return nil
        case .excluded:
            guard let exclusion = dataset.exclusions.first(where: { SQLColumns.lower($0.column) == name }) else {
                return nil
            }
            return (.excluded(exclusion.ground, heldIn: exclusion.heldIn), .excluded)
        case .field, .other:
            let field = reading.columns.places[index].target == .other ? "other" : name
            if let ground = groundOfWithholding(field, in: reading) {
                return (.excluded(ground, heldIn: nil), .excluded)
            }
            return (.exported(dataset: dataset.id, field: field), .exported)
        }
    }

    /// The ground on which no archive whatever has the field; nil if some archive has it.
    private func groundOfWithholding(_ field: String, in reading: Reading) -> Ground? {
        let layout = reading.columns.layout
        let path = field.split(separator: ".").map(String.init)
        var group = 0
        for name in path {
            guard let index = layout.groups[group].index(of: name) else { break }
            if layout.groups[group].fields[index].definition.sensitivity == .secret { return .secret }
            guard layout.groups[group].fields[index].group >= 0 else { break }
            group = layout.groups[group].fields[index].group
        }
        let wholes = (1...path.count).map { FieldRule.Target.field(path.prefix($0).joined(separator: ".")) }
        for target in [FieldRule.Target.record] + wholes {
            guard let rule = reading.dataset.rules.first(where: { $0.target == target }) else { continue }
            if rule.action == .withhold, rule.classes.isEmpty, rule.rights.isEmpty { return rule.ground }
        }
        return nil
    }

    // MARK: Exclusions

    private func places(
        _ exclusion: DatasetDeclaration.Exclusion, in reading: Reading, _ tables: Set<Int>
    ) -> [SQLSchemaNames.Place] {
        let whole = names.columns(exclusion.column)
        // Where the store does not tell which tables a query reads, a column with its table is believed.
        if !whole.isEmpty { return reading.tables == nil ? whole : whole.filter { tables.contains($0.table) } }
        return names.bare(exclusion.column).filter { tables.contains($0.table) }
    }

    private func places(_ exclusion: DatasetDeclaration.Exclusion) -> [SQLSchemaNames.Place] {
        guard exclusion.isContainer else { return names.columns(exclusion.column) }
        guard let table = names.table(exclusion.column) else { return [] }
        return schema.tables[table].columns.indices.map { .init(table: table, column: $0) }
    }

    /// What the configuration says of columns and tables that are not there, or that the query does not read.
    func stale(source: String) -> [Finding] {
        var findings: [Finding] = []
        func report(_ message: String, _ dataset: String?, _ name: String) {
            findings.append(
                Finding(.drift, message, at: .init(source: source, dataset: dataset, field: name)))
        }
        for (reading, tables) in zip(readings, tablesRead) {
            let dataset = reading.dataset
            for exclusion in dataset.exclusions where !reading.columns.contains(exclusion.column) {
                if places(exclusion, in: reading, tables).isEmpty {
                    report(
                        "an excluded column is in none of the tables that the query reads", dataset.id, exclusion.column
                    )
                }
            }
            for name in dataset.covers {
                let found = names.columns(name)
                let isRead = reading.reads.map { reads in
                    reads.contains { names.column($0).map(found.contains) ?? false }
                }
                if found.isEmpty {
                    report("a column that the dataset says to cover is not there", dataset.id, name)
                } else if isRead == false {
                    report("a column that the dataset says to cover is not read by its query", dataset.id, name)
                }
            }
        }
        for exclusion in declaration.exclusions {
            if exclusion.isContainer ? names.table(exclusion.column) == nil : names.columns(exclusion.column).isEmpty {
                report(
                    "an excluded \(exclusion.isContainer ? "table" : "column") is not there", nil, exclusion.column)
            }
        }
        return findings
    }
}

/// The names of a schema, to be looked up: as they are, or else with ASCII letters in either case.
struct SQLSchemaNames {
    struct Place: Hashable {
        let table: Int
        let column: Int
    }

    private var exactTables: [String: Int] = [:]
    private var lowerTables: [String: [Int]] = [:]
    private var exactColumns: [String: Place] = [:]
    private var lowerColumns: [String: [Place]] = [:]
    private var bareColumns: [String: [Place]] = [:]

    init(_ schema: SQLSchema) {
        for (index, table) in schema.tables.enumerated() {
            exactTables[table.name] = index
            lowerTables[SQLColumns.lower(table.name), default: []].append(index)
            for (number, column) in table.columns.enumerated() {
                let place = Place(table: index, column: number)
                let name = "\(table.name).\(column.name)"
                exactColumns[name] = place
                lowerColumns[SQLColumns.lower(name), default: []].append(place)
                bareColumns[SQLColumns.lower(column.name), default: []].append(place)
            }
        }
    }

    func table(_ name: String) -> Int? { exactTables[name] ?? lowerTables[SQLColumns.lower(name)]?.first }

    /// What `table.column` names.
    func columns(_ name: String) -> [Place] {
        exactColumns[name].map { [$0] } ?? lowerColumns[SQLColumns.lower(name)] ?? []
    }

    /// The columns of that name, of every table.
    func bare(_ name: String) -> [Place] { bareColumns[SQLColumns.lower(name)] ?? [] }

    func column(_ column: SQLSchema.Column) -> Place? { columns("\(column.table).\(column.name)").first }
}
