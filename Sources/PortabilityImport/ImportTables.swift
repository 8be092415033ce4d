import PortabilityModel

/// The SQL tables of an entity: those of its ``TablePlan``, by the same names as the child tables in CSV, with the
/// columns that tell where a record came from.
struct ImportTables {
    /// What the rows of a table are.
    enum Content: String {
        case records, groups, values, other
    }

    struct Column {
        let name: String
        /// nil for a key or provenance column.
        let kind: ValueKind?
        let label: LocalizedText?
    }

    struct Table {
        let name: String
        let path: String
        let parent: String?
        let content: Content
        /// Keys and provenance first; ``TablePlan/Table/columns`` without `record_id` of child tables after them.
        let columns: [Column]
        let hasReferences: Bool
        let keys: Int
    }

    let entity: String
    let plan: TablePlan
    let tables: [Table]

    /// Lays the tables out.
    ///
    /// - Throws: `verification` if a name is none that the catalogue could have, as only an archive's own description
    ///   of a newer entity can hold.
    init(_ layout: EntityLayout) throws {
        entity = layout.entity.name
        plan = TablePlan(layout)
        let plan = plan
        let entity = entity
        try Self.check(entity)
        guard !entity.hasPrefix("sqlite_"), !entity.hasPrefix("current_") else { throw Self.nameError }
        for group in layout.groups { for field in group.fields { try Self.check(field.name) } }
        func name(_ index: Int) -> String { ([entity] + plan.tables[index].path).joined(separator: ".") }
        tables = plan.tables.indices.map { index in
            let table = plan.tables[index]
            let hasReferences = table.columns.contains { $0.kind == .reference }
            var columns: [Column] = ["_record"].map(Self.key)
            let content: Content
            if index == 0 {
                columns += ["_archive", "_dataset", "_ordinal", "record_id"].map(Self.key)
                content = .records
            } else if index == plan.other {
                content = .other
            } else {
                let values = plan.targets.joined().contains {
                    if case .values(index, _) = $0 { true } else { false }
                }
                content = values ? .values : .groups
                if hasReferences { columns.append(Self.key("_archive")) }
            }
            let keys = columns.count
            columns += table.columns.dropFirst().map {
                Column(name: $0.name, kind: $0.kind, label: $0.definition?.label)
            }
            return Table(
                name: name(index), path: table.path.joined(separator: "."),
                parent: table.parent < 0 ? nil : name(table.parent), content: content, columns: columns,
                hasReferences: hasReferences, keys: keys)
        }
        guard Set(tables.map(\.name)).count == tables.count,
            tables.allSatisfy({ table in Set(table.columns.map(\.name)).count == table.columns.count })
        else { throw Self.nameError }
    }

    private static func key(_ name: String) -> Column { Column(name: name, kind: nil, label: nil) }

    private static let nameError = PortabilityError(
        .verification, "the archive describes an entity or a field by a name that cannot be one",
        remedy: "Get the archive again from where it came from")

    private static func check(_ name: String) throws {
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            name.utf8.count <= 128,
            name.utf8.allSatisfy({
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
            })
        else { throw nameError }
    }

    /// The place of a column of the plan among a statement's parameters, from 1.
    func parameter(table: Int, column: Int) -> Int32 { Int32(tables[table].keys + column) }

    // MARK: SQL

    /// An identifier between quotes.
    static func quote(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// How a column of a kind is declared.
    ///
    /// Only `ANY` of a strict table keeps a value as it was bound: an integer of 64 bits is an integer, and a longer
    /// one stays exact as text.
    static func declaration(_ name: String, _ kind: ValueKind) -> String {
        let quoted = quote(name)
        return switch kind {
        case .integer: "\(quoted) ANY CHECK (typeof(\(quoted)) IN ('integer', 'text', 'null'))"
        case .boolean: "\(quoted) INTEGER CHECK (\(quoted) IN (0, 1))"
        case .json: "\(quoted) TEXT CHECK (\(quoted) IS NULL OR json_valid(\(quoted)))"
        default: "\(quoted) TEXT"
        }
    }

    func create(_ index: Int) -> String {
        let table = tables[index]
        let fields = table.columns.dropFirst(table.keys)
        var parts: [String]
        switch table.content {
        case .records:
            parts = [
                "\"_record\" INTEGER PRIMARY KEY",
                "\"_archive\" INTEGER NOT NULL REFERENCES \"_archives\" (\"id\") ON DELETE CASCADE",
                "\"_dataset\" INTEGER NOT NULL REFERENCES \"_datasets\" (\"id\") ON DELETE CASCADE",
                "\"_ordinal\" INTEGER NOT NULL CHECK (\"_ordinal\" > 0)",
                "\"record_id\" TEXT NOT NULL",
            ]
            parts += fields.map { Self.declaration($0.name, $0.kind ?? .string) }
        case .other:
            parts = [
                "\"_record\" INTEGER NOT NULL REFERENCES \(Self.quote(entity)) (\"_record\") ON DELETE CASCADE",
                "\"name\" TEXT NOT NULL", "\"type\" TEXT NOT NULL",
                "\"value\" ANY NOT NULL CHECK (typeof(\"value\") IN ('integer', 'text'))",
                "PRIMARY KEY (\"_record\", \"name\")",
            ]
        case .groups, .values:
            let indices = fields.filter { $0.kind == nil }.map { Self.quote($0.name) }
            parts = ["\"_record\" INTEGER NOT NULL"]
            if table.hasReferences { parts.append("\"_archive\" INTEGER NOT NULL") }
            parts += fields.map { column in
                column.kind.map { Self.declaration(column.name, $0) }
                    ?? "\(Self.quote(column.name)) INTEGER NOT NULL CHECK (\(Self.quote(column.name)) > 0)"
            }
            let keys = (["\"_record\""] + indices).joined(separator: ", ")
            let outer = (["\"_record\""] + indices.dropLast()).joined(separator: ", ")
            parts.append("PRIMARY KEY (\(keys))")
            parts.append(
                "FOREIGN KEY (\(outer)) REFERENCES \(Self.quote(table.parent ?? entity)) (\(outer)) ON DELETE CASCADE")
        }
        for column in fields where column.kind == .reference {
            parts.append(
                "FOREIGN KEY (\"_archive\", \(Self.quote(column.name))) REFERENCES \"_documents\" (\"archive\", \"path\")"
            )
        }
        let options = table.content == .records ? "STRICT" : "WITHOUT ROWID, STRICT"
        return "CREATE TABLE \(Self.quote(table.name)) (\n  \(parts.joined(separator: ",\n  "))\n) \(options)"
    }

    /// Finds a record of a dataset by its id; made after the rows of a first import, in one sorted pass.
    var createIndex: String {
        "CREATE INDEX IF NOT EXISTS \(Self.quote("_" + entity + "_key")) ON \(Self.quote(entity)) "
            + "(\"_dataset\", \"record_id\")"
    }

    /// The newest version of each record: see the documentation catalogue, Importing.
    var createView: String {
        """
        CREATE VIEW IF NOT EXISTS \(Self.quote("current_" + entity)) AS
        SELECT r.* FROM \(Self.quote(entity)) AS r
        JOIN "_datasets" AS d ON d."id" = r."_dataset" JOIN "_archives" AS a ON a."id" = d."archive"
        WHERE NOT EXISTS (
          SELECT 1 FROM "_archives" AS b CROSS JOIN "_datasets" AS e CROSS JOIN \(Self.quote(entity)) AS n
          WHERE b."controller_key" = a."controller_key" AND b."person" = a."person"
            AND (b."created", b."id") > (a."created", a."id")
            AND e."archive" = b."id" AND e."dataset" = d."dataset"
            AND n."_dataset" = e."id" AND n."record_id" = r."record_id")
        """
    }

    func insert(_ index: Int) -> String {
        let table = tables[index]
        let names = table.columns.map { Self.quote($0.name) }.joined(separator: ", ")
        let marks = repeatElement("?", count: table.columns.count).joined(separator: ", ")
        return "INSERT INTO \(Self.quote(table.name)) (\(names)) VALUES (\(marks))"
    }
}

/// The tables that are there whatever is imported.
enum ImportSchema {
    /// `Port` in ASCII, at byte 68 of the file.
    static let applicationID: Int32 = 0x506F_7274
    /// `user_version`: grows when a table of this list, or the way entities become tables, changes.
    static let version: Int32 = 1

    static let statements = [
        """
        CREATE TABLE "_archives" (
          "id" INTEGER PRIMARY KEY,
          "content_sha256" TEXT NOT NULL UNIQUE,
          "person" TEXT NOT NULL,
          "controller_key" TEXT NOT NULL,
          "controller" TEXT NOT NULL,
          "request_id" TEXT NOT NULL,
          "right" TEXT NOT NULL,
          "status" TEXT NOT NULL,
          "created" TEXT NOT NULL,
          "language" TEXT,
          "format_version" TEXT NOT NULL,
          "catalogue_version" TEXT,
          "tool" TEXT,
          "converted_from" TEXT CHECK ("converted_from" IS NULL OR json_valid("converted_from")),
          "set_id" TEXT
        ) STRICT
        """,
        """
        CREATE TABLE "_archive_files" (
          "archive" INTEGER NOT NULL REFERENCES "_archives" ("id") ON DELETE CASCADE,
          "volume" INTEGER NOT NULL CHECK ("volume" > 0),
          "sha256" TEXT NOT NULL,
          "bytes" INTEGER NOT NULL,
          "manifest" TEXT NOT NULL CHECK (json_valid("manifest")),
          "processing_information" TEXT CHECK ("processing_information" IS NULL OR json_valid("processing_information")),
          PRIMARY KEY ("archive", "volume")
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE "_datasets" (
          "id" INTEGER PRIMARY KEY,
          "archive" INTEGER NOT NULL REFERENCES "_archives" ("id") ON DELETE CASCADE,
          "dataset" TEXT NOT NULL,
          "entity" TEXT NOT NULL,
          "label" TEXT,
          "category" TEXT NOT NULL,
          "source" TEXT,
          "role" TEXT,
          "origin" TEXT,
          "provided_by" TEXT,
          "means" TEXT,
          "purposes" TEXT CHECK ("purposes" IS NULL OR json_valid("purposes")),
          "retention" TEXT,
          "status" TEXT NOT NULL,
          "ground" TEXT,
          "extracted" INTEGER,
          "exported" INTEGER NOT NULL,
          "withheld" TEXT CHECK ("withheld" IS NULL OR json_valid("withheld")),
          "content_sha256" TEXT,
          UNIQUE ("archive", "dataset")
        ) STRICT
        """,
        """
        CREATE TABLE "_documents" (
          "archive" INTEGER NOT NULL REFERENCES "_archives" ("id") ON DELETE CASCADE,
          "path" TEXT NOT NULL,
          "bytes" INTEGER NOT NULL,
          "sha256" TEXT NOT NULL,
          PRIMARY KEY ("archive", "path")
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE "_tables" (
          "name" TEXT PRIMARY KEY,
          "entity" TEXT NOT NULL,
          "path" TEXT NOT NULL,
          "content" TEXT NOT NULL CHECK ("content" IN ('records', 'groups', 'values', 'other'))
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE "_columns" (
          "table" TEXT NOT NULL REFERENCES "_tables" ("name"),
          "position" INTEGER NOT NULL,
          "name" TEXT NOT NULL,
          "kind" TEXT NOT NULL,
          "label_fi" TEXT,
          "label_sv" TEXT,
          "label_en" TEXT,
          PRIMARY KEY ("table", "name")
        ) WITHOUT ROWID, STRICT
        """,
    ]
}
