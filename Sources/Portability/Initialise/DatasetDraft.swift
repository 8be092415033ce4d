import PortabilityModel
import SQLCore

/// A dataset that a table could become: a query with all of its columns, and what is left to be decided.
struct DatasetDraft {
    /// Free of all ids that are taken.
    let id: String
    /// Nil if no entity's name is near that of the table.
    let entity: String?
    /// The kind of identifier that it is selected by; nil if no key leads to a person.
    let subject: String?
    /// Nil if there is nothing that rows could be told apart or selected by.
    let query: [String]?
    /// What should be looked at.
    let remarks: [String]
    /// Columns that hold passwords or keys, as `table.column`.
    let secrets: [String]

    /// The lines of the dataset as an element of `datasets:`, without line feeds.
    func lines(indentation: Int) -> [String] {
        let margin = String(repeating: " ", count: indentation)
        var lines = remarks.map { "\(margin)# \($0)" }
        lines.append("\(margin)- id: \(id)")
        func add(_ text: String) { lines.append("\(margin)  \(text)") }
        if let entity {
            add("entity: \(entity)")
        } else {
            add("entity: TODO   # none has a name like that; `portability schema` lists them")
        }
        add("category: TODO")
        add("origin: TODO")
        add("purposes: [TODO]")
        add("subject: \(subject ?? "TODO")")
        if !secrets.isEmpty {
            add("exclude:")
            for name in secrets {
                add("  - column: \(YAMLText.scalar(name))")
                add("    ground: secret")
            }
        }
        if let query, query.allSatisfy(YAMLText.isFoldable) {
            add("query: >")
            for line in query { add("  \(line)") }
        } else if let query {
            add("query: \(YAMLText.quoted(query.joined(separator: " ")))")
        } else {
            add("query: TODO")
        }
        return lines
    }
}

/// Makes drafts of datasets out of a schema's tables.
struct DatasetDrafter {
    let graph: SchemaGraph
    let spelling: SQLSpelling
    let catalogue: Catalogue
    private var taken: Set<String>

    init(_ graph: SchemaGraph, _ spelling: SQLSpelling, _ catalogue: Catalogue, taken: Set<String> = []) {
        self.graph = graph
        self.spelling = spelling
        self.catalogue = catalogue
        self.taken = taken
    }

    /// Datasets of a table of people: who they are, how they are reached, where they live.
    mutating func drafts(of person: SchemaGraph.Person) -> [DatasetDraft] {
        let table = person.table
        var parts: [(suffix: String, entity: String, columns: [SQLSchema.Field])] = []
        var rest = table.columns
        for (suffix, name, needed) in [
            ("contact", "contact_point", ["email", "telephone"]), ("address", "address", ["street"]),
        ] {
            guard let entity = catalogue.entity(named: name) else { continue }
            let fitting = rest.filter { column in
                guard let field = meaning(column, table)?.field else { return false }
                return field != "language" && entity.fields.contains { $0.name == field }
                    && !["kind", "contact_name", "name"].contains(field)
            }
            guard fitting.contains(where: { needed.contains(meaning($0, table)?.field ?? "") }) else { continue }
            parts.append((suffix, name, fitting))
            let names = Set(fitting.map(\.name))
            rest.removeAll { names.contains($0.name) }
        }
        var remarks: [String] = []
        if !person.isDeclared { remarks.append("The table declares no key: that \(person.key) is one is a guess.") }
        for step in graph.steps(from: table.name) where step.to != table.name {
            if graph.person(step.to) != nil {
                remarks.append(
                    "\(step.columns.joined(separator: ", ")) leads to \(step.to): if both are one person, say so in `identify`."
                )
            }
        }
        let selected = [SchemaGraph.Step]()
        var drafts = [
            draft(
                table, rest, entity: "person", subject: (person.identifier, person.key, selected), suffix: nil,
                remarks: remarks, key: [person.key])
        ]
        for part in parts {
            drafts.append(
                draft(
                    table, part.columns, entity: part.entity, subject: (person.identifier, person.key, selected),
                    suffix: part.suffix, remarks: [], key: [person.key], secrets: false))
        }
        return drafts
    }

    /// Datasets of a table whose rows belong to people.
    mutating func drafts(of table: SQLSchema.Table, over paths: [SchemaGraph.Path]) -> [DatasetDraft] {
        paths.enumerated().map { index, path in
            var remarks = path.steps.filter { !$0.isDeclared }.map {
                "That \($0.from).\($0.columns.joined(separator: ", ")) means a row of \($0.to) is a guess by its name."
            }
            let others = graph.steps(from: table.name).filter { step in
                step.to == path.steps[0].to && step.columns != path.steps[0].columns
            }
            for other in others {
                remarks.append(
                    "\(other.columns.joined(separator: ", ")) leads to \(other.to) too: rows found only by it are not "
                        + "in this dataset.")
            }
            // The last step is needed only if it does not go to the key itself.
            var steps = path.steps
            var column = path.person.key
            if let last = steps.last, last.references == [path.person.key] {
                column = last.columns[0]
                steps.removeLast()
            }
            return draft(
                table, table.columns, entity: Self.entity(of: table.name),
                subject: (path.person.identifier, column, steps),
                suffix: index == 0
                    ? nil
                    : "by-\(NameWords.identifier(NameWords.of(path.person.table.name), separator: "-", otherwise: "table"))",
                remarks: remarks, key: table.primaryKey, secrets: index == 0)
        }
    }

    /// The dataset of a table in a configuration that knows some kinds of identifier: selected by the nearest column
    /// that is called like one of them.
    mutating func draft(of table: SQLSchema.Table, identifiers: [String]) -> DatasetDraft {
        var reached: Set<String> = [table.name]
        var front: [(table: SQLSchema.Table, steps: [SchemaGraph.Step])] = [(table, [])]
        while !front.isEmpty {
            var next: [(table: SQLSchema.Table, steps: [SchemaGraph.Step])] = []
            for (other, steps) in front {
                for identifier in identifiers {
                    guard let column = other.columns.first(where: { $0.name.lowercased() == identifier }) else {
                        continue
                    }
                    return draft(
                        table, table.columns, entity: Self.entity(of: table.name),
                        subject: (identifier, column.name, steps), suffix: nil,
                        remarks: steps.filter { !$0.isDeclared }.map {
                            "That \($0.from).\($0.columns.joined(separator: ", ")) means a row of \($0.to) is a guess by its name."
                        }, key: table.primaryKey)
                }
                for step in graph.steps(from: other.name) where reached.insert(step.to).inserted {
                    if let target = graph.schema.tables.first(where: { $0.name == step.to }) {
                        next.append((target, steps + [step]))
                    }
                }
            }
            front = next
        }
        return draft(
            table, table.columns, entity: Self.entity(of: table.name), subject: nil, suffix: nil,
            remarks: ["No key leads from this table to an identifier: say by what a person's rows are found."],
            key: table.primaryKey)
    }

    // MARK: Parts

    /// A query over a table and those that lead to the subject.
    private mutating func draft(
        _ table: SQLSchema.Table, _ columns: [SQLSchema.Field], entity: String?,
        subject: (identifier: String, column: String, steps: [SchemaGraph.Step])?, suffix: String?, remarks: [String],
        key: [String], secrets withSecrets: Bool = true
    ) -> DatasetDraft {
        var remarks = remarks
        let secrets = columns.filter { ColumnMeaning.isSecret($0.name) }.map(\.name)
        let isJoined = !(subject?.steps.isEmpty ?? true)
        func column(_ name: String, of alias: String) -> String {
            isJoined ? "\(alias).\(spelling.name(name))" : spelling.name(name)
        }
        var keyColumns = table.columns.filter { key.contains($0.name) }.sorted {
            (key.firstIndex(of: $0.name) ?? 0) < (key.firstIndex(of: $1.name) ?? 0)
        }.map { (expression: column($0.name, of: "t"), type: $0.type) }
        if keyColumns.isEmpty, spelling.store == .sqlite {
            keyColumns = [(isJoined ? "t.rowid" : "rowid", "integer")]
            remarks.append("The table has no key: rows are told apart by their number, which may change (VACUUM).")
        }
        if keyColumns.isEmpty { remarks.append("The table has no key: find columns that tell its rows apart.") }
        var query: [String]?
        if let subject, !keyColumns.isEmpty {
            let (expression, order) = spelling.key(keyColumns)
            let subjectColumn = column(subject.column, of: isJoined ? "j\(subject.steps.count)" : "t")
            var from = "FROM \(spelling.table(table.name))\(isJoined ? " t" : "")"
            var alias = "t"
            for (index, step) in subject.steps.enumerated() {
                let other = "j\(index + 1)"
                let conditions = zip(step.references, step.columns).map { reference, column in
                    "\(other).\(spelling.name(reference)) = \(alias).\(spelling.name(column))"
                }
                from += " JOIN \(spelling.table(step.to)) \(other) ON \(conditions.joined(separator: " AND "))"
                alias = other
            }
            var items = ["\(expression) AS record_id", "\(subjectColumn) AS subject"]
            // What is the record's id or the person's identifier already is not given twice, unless it has a field.
            let keys = (keyColumns.count == 1 ? key : []) + (isJoined ? [] : [subject.column])
            let fields = Set(entity.flatMap(catalogue.entity)?.fields.map(\.name) ?? [])
            let given = columns.filter { column in
                !secrets.contains(column.name)
                    && (!keys.contains(column.name) || fields.contains(column.name.lowercased()))
            }
            items += selections(of: given, table, entity) { column($0, of: "t") }
            query =
                Self.wrapped("SELECT ", items)
                + [from, "WHERE \(subjectColumn) IN (:\(subject.identifier)) ORDER BY \(order)"]
        }
        return DatasetDraft(
            id: freeID(table.name, suffix: suffix), entity: entity, subject: subject?.identifier, query: query,
            remarks: remarks.map(YAMLText.comment),
            secrets: withSecrets ? secrets.map { "\(table.name).\($0)" } : [])
    }

    /// The columns under the names of the catalogue's fields where they fit; no name twice.
    private func selections(
        of columns: [SQLSchema.Field], _ table: SQLSchema.Table, _ entity: String?, _ spell: (String) -> String
    ) -> [String] {
        let fields =
            entity.flatMap(catalogue.entity)?.fields.filter { if case .value = $0.type { true } else { false } } ?? []
        let values = Set(fields.map(\.name))
        var used: Set<String> = ["record_id", "subject", "tenant", "record_class"]
        // A column that is called like a field is that field, before any that only means the same.
        let own = Set(columns.map { $0.name.lowercased() }.filter(values.contains))
        return columns.map { column in
            let words = NameWords.of(column.name)
            let lower = column.name.lowercased()
            var name = lower
            if !own.contains(lower) {
                let snake = words.joined(separator: "_")
                if values.contains(snake), !own.contains(snake) {
                    name = snake
                } else if let field = self.field(column, table, among: values), !own.contains(field) {
                    name = field
                }
            }
            if !used.insert(name).inserted {
                let prefix = NameWords.identifier(NameWords.of(table.name), separator: "_", otherwise: "table")
                let stem = used.contains(lower) ? "\(prefix)_\(words.joined(separator: "_"))" : lower
                name = stem
                var number = 2
                while !used.insert(name).inserted {
                    name = "\(stem)_\(number)"
                    number += 1
                }
            }
            let text = spell(column.name)
            return name == lower ? text : "\(text) AS \(spelling.name(name))"
        }
    }

    /// The field that a column's name means, among those that there are.
    private func field(_ column: SQLSchema.Field, _ table: SQLSchema.Table, among fields: Set<String>) -> String? {
        let words = NameWords.singular(NameWords.of(table.name))
        let name = NameWords.of(column.name).joined()
        // In a table of addresses or numbers the column alone does not say of which kind they are.
        for (field, tables, columns) in [
            ("email", ["email", "sahkopostit", "epost"], ["address", "osoite", "adress"]),
            ("telephone", ["phone", "telephone", "puhelimet", "telefon"], ["number", "numero", "nummer"]),
        ] where fields.contains(field) && words.contains(where: tables.contains) && columns.contains(name) {
            return field
        }
        guard let field = meaning(column, table)?.field else { return nil }
        if fields.contains(field) { return field }
        return field == "name" && fields.contains("full_name") ? "full_name" : nil
    }

    private func meaning(_ column: SQLSchema.Field, _ table: SQLSchema.Table) -> ColumnMeaning? {
        ColumnMeaning.of(column.name, table: NameWords.of(table.name))
    }

    private mutating func freeID(_ table: String, suffix: String?) -> String {
        var id = NameWords.identifier(NameWords.of(table), separator: "-", otherwise: "table")
        if let suffix { id += "-\(suffix)" }
        let stem = id
        var number = 2
        if reservedNames.contains(stem) { id = "\(stem)-data" }
        while taken.contains(id) {
            id = "\(stem)-\(number)"
            number += 1
        }
        taken.formUnion([id, "\(id)-documents"])
        return id
    }

    /// Items after a word, separated by commas, in lines that are not too long.
    private static func wrapped(_ word: String, _ items: [String]) -> [String] {
        var lines: [String] = []
        var line = word
        for (index, item) in items.enumerated() {
            let text = index == items.count - 1 ? item : "\(item), "
            if line.count + text.count > 100, line != word {
                lines.append(String(line.reversed().drop { $0 == " " }.reversed()))
                line = ""
            }
            line += text
        }
        lines.append(line)
        return lines
    }

    /// The entity whose name is near that of a table.
    private static func entity(of table: String) -> String? {
        let words = NameWords.singular(NameWords.of(table))
        guard let last = words.last else { return nil }
        // Names of two words first: an access log is no log of use.
        if let pair = entities.first(where: { $0.names.contains(words.suffix(2).joined()) }) { return pair.entity }
        return entities.first { $0.names.contains(last) }?.entity
    }

    private static let entities: [(entity: String, names: Set<String>)] = [
        ("address", ["address", "osoite", "osoitteet", "adress", "adresser"]),
        (
            "contact_point",
            ["email", "phone", "telephone", "contactpoint", "sahkopostit", "puhelimet", "epost", "telefon"]
        ),
        ("preference", ["setting", "preference", "option", "asetukset", "installningar"]),
        (
            "communication",
            [
                "message", "communication", "call", "ticket", "mail", "chat", "viestit", "puhelut", "meddelanden",
                "samtal",
            ]
        ),
        ("note", ["note", "comment", "remark", "muistiinpanot", "kommentit", "anteckningar"]),
        ("device", ["device", "laite", "laitteet", "enheter"]),
        ("session", ["session", "istunnot"]),
        ("usage_event", ["event", "activity", "visit", "click", "log", "loki", "tapahtumat", "logg", "handelser"]),
        ("consultation", ["accesslog", "auditlog", "consultation"]),
        (
            "subscription",
            ["subscription", "membership", "contract", "tilaukset", "sopimukset", "prenumerationer", "avtal"]
        ),
        ("payment", ["payment", "transaction", "maksut", "suoritukset", "betalningar"]),
        ("invoice", ["invoice", "bill", "lasku", "laskut", "faktura", "fakturor"]),
        ("product", ["product", "line", "item", "rivi", "rivit", "laskurivit", "rader", "tuotteet", "produkter"]),
        ("consent", ["consent", "suostumus", "suostumukset", "samtycke", "samtycken"]),
        ("marketing_prohibition", ["prohibition", "optout", "unsubscription", "kiellot"]),
        ("credential", ["credential", "password", "apikey", "token", "tunnukset"]),
        ("former_name", ["formername", "namehistory", "nameshistory"]),
        ("profile_attribute", ["segment", "score", "profile", "attribute", "tag"]),
        (
            "organisation",
            ["company", "organisation", "organization", "firm", "business", "yritys", "yritykset", "foretag"]
        ),
        ("account", ["account", "login", "tili", "tilit", "konto", "konton"]),
    ]
}

/// Text that is put into a configuration.
enum YAMLText {
    /// A value: as it is where nothing in it means anything to YAML, or else in quotes.
    static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { (65...90).contains($0) || (97...122).contains($0) || $0 == 47 } ?? false
            && text.utf8.allSatisfy {
                (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || "._-/".utf8.contains($0)
            }
        let means = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "todo"]
        return isPlain && !means.contains(text.lowercased()) ? text : quoted(text)
    }

    /// In double quotes (YAML 1.2, 7.3.1).
    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            default:
                if scalar.value < 32 || (127...159).contains(scalar.value) || scalar.value == 0x2028
                    || scalar.value == 0x2029 || scalar.value == 0xFEFF
                {
                    let digits = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    /// Whether a line may stand in a folded block as it is: no control character, no space at its ends.
    static func isFoldable(_ line: String) -> Bool {
        line.unicodeScalars.allSatisfy {
            $0.value >= 32 && !(127...159).contains($0.value) && ![0x2028, 0x2029, 0xFEFF].contains($0.value)
        } && line.first != " " && line.last != " "
    }

    /// A comment on one line.
    static func comment(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }
}
