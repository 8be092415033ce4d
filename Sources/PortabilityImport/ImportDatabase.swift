import GRDB
import Glibc
public import PortabilityModel

/// A database of imported archives: one transaction, in which all archives of a run become rows, or none.
///
/// The database has a typed, strict table for each entity, named as in the catalogue, and a table for each of its
/// lists, named as the child tables in CSV. See the documentation catalogue, Importing.
public enum ImportDatabase {
    /// Runs an import.
    ///
    /// - Parameters:
    ///   - path: the database. An empty file becomes one if `isNew`; else it must be one that was made here.
    ///   - isNew: whether the file is the caller's own, who throws it away after an error. It is then written without
    ///     a journal and is not brought to the disk.
    ///   - body: makes the rows, within the transaction.
    /// - Throws: `output`; `refused` if the file is another program's; `unsupported` if a newer version made it; what
    ///   the body throws. An existing database is then as it was.
    public static func write(
        path: String, isNew: Bool, _ body: (Importer) throws -> Void
    ) throws -> ImportSummary {
        guard ImportConnection.version >= 3_037_000 else {
            throw PortabilityError(
                .unsupported, "the SQLite library of this machine is older than 3.37, and has no strict tables",
                remedy: "Install a newer one")
        }
        if !isNew { try checkHeader(path) }
        var configuration = Configuration()
        configuration.label = "portability-import"
        configuration.foreignKeysEnabled = false
        configuration.acceptsDoubleQuotedStringLiterals = false
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try ImportConnection($0).prepare() }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let result = Result { try queue.writeWithoutTransaction { try run($0, isNew: isNew, body) } }
            // Nothing that is committed is lost if this fails; a new file is not brought to the disk yet.
            try? queue.close()
            return try result.get()
        } catch {
            throw isNew ? failure(error) : failure(error).within(.init(file: path))
        }
    }

    private static func run(
        _ database: Database, isNew: Bool, _ body: (Importer) throws -> Void
    ) throws -> ImportSummary {
        let connection = ImportConnection(database)
        if isNew {
            // Whole file or no file: its maker throws it away after an error.
            try connection.run("PRAGMA journal_mode = OFF")
            try connection.run("PRAGMA synchronous = OFF")
        } else {
            try connection.run("PRAGMA synchronous = FULL")
        }
        try connection.run("BEGIN IMMEDIATE")
        do {
            if isNew {
                for text in ImportSchema.statements { try connection.run(text) }
                try connection.run("PRAGMA application_id = \(ImportSchema.applicationID)")
                try connection.run("PRAGMA user_version = \(ImportSchema.version)")
            } else {
                try check(
                    application: connection.integer("PRAGMA application_id") ?? 0,
                    version: connection.integer("PRAGMA user_version") ?? 0)
            }
            let importer = Importer(connection)
            try body(importer)
            let summary = try importer.finish()
            try connection.run("COMMIT")
            return summary
        } catch {
            // SQLite may have rolled back already, as it does when the disk is full.
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            throw error
        }
    }

    /// Looks at the header alone: to open another program's database could already change it, where it was left in
    /// the middle of a write.
    private static func checkHeader(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw PortabilityError(
                .output, errno == ELOOP ? "the target is a symbolic link" : "the database cannot be opened",
                remedy: "Name the file itself, which this user may read and write", at: .init(file: path),
                errno: errno)
        }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 100)
        let count = header.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == 100, header.starts(with: "SQLite format 3\0".utf8) else {
            throw foreignError.within(.init(file: path))
        }
        func number(_ offset: Int) -> Int64 {
            header[offset..<offset + 4].reduce(0) { $0 << 8 | Int64($1) }
        }
        do {
            try check(application: number(68), version: number(60))
        } catch let error as PortabilityError {
            throw error.within(.init(file: path))
        }
    }

    private static func check(application: Int64, version: Int64) throws {
        guard application == Int64(ImportSchema.applicationID), version > 0 else { throw foreignError }
        guard version <= Int64(ImportSchema.version) else {
            throw PortabilityError(
                .unsupported, "the database was made by a newer version of portability",
                remedy: "Install that version, or import into a new file")
        }
    }

    private static let foreignError = PortabilityError(
        .refused, "the file is there and is no database that was imported here; it is left alone",
        remedy: "Name a new file, or one that import made")

    private static func failure(_ error: any Error) -> PortabilityError {
        switch error {
        case let error as PortabilityError: error
        case let failure as SQLiteFailure: failure.error
        case let error as DatabaseError: SQLiteFailure(code: error.extendedResultCode.rawValue).error
        default: PortabilityError(.output, "the database cannot be written")
        }
    }
}

/// Makes rows of archives, within a transaction.
public final class Importer {
    private let connection: ImportConnection
    private var inserters: [String: RecordInserter] = [:]
    private var current: RecordInserter?
    private var archive: Int64 = 0
    private var summary = ImportSummary()
    private var rows: [String: Int64] = [:]
    private var insertDataset: ImportStatement?

    init(_ connection: ImportConnection) { self.connection = connection }

    /// Begins an archive.
    ///
    /// - Returns: false if the same content was imported before. Its records are then counted as unchanged, and
    ///   nothing of it may be added.
    /// - Throws: `refused` if it was imported as of another person.
    public func begin(_ new: ImportedArchive) throws -> Bool {
        let known = try connection.rows(
            "SELECT \"id\", \"person\" FROM \"_archives\" WHERE \"content_sha256\" = ?", [.text(new.contentSHA256)])
        if let known = known.first {
            guard known[1] == new.person else {
                throw PortabilityError(
                    .refused, "the archive was imported before, under another name of the person",
                    remedy: "Name the person as before")
            }
            summary.archivesUnchanged += 1
            summary.unchanged +=
                try connection.integer(
                    "SELECT sum(\"exported\") FROM \"_datasets\" WHERE \"archive\" = CAST(? AS INTEGER)",
                    [.text(known[0])]) ?? 0
            return false
        }
        try connection.execute(
            """
            INSERT INTO "_archives" ("content_sha256", "person", "controller_key", "controller", "request_id",
              "right", "status", "created", "language", "format_version", "catalogue_version", "tool",
              "converted_from", "set_id") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(new.contentSHA256), .text(new.person), .text(new.controllerKey), .text(new.controller),
                .text(new.requestID), .text(new.right), .text(new.status), .text(new.created), .text(new.language),
                .text(new.formatVersion), .text(new.catalogueVersion), .text(new.tool), .bytes(new.convertedFrom),
                .text(new.setID),
            ])
        archive = connection.lastRow
        summary.archivesAdded += 1
        for file in new.files {
            try connection.execute(
                "INSERT INTO \"_archive_files\" VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .integer(archive), .integer(Int64(file.volume)), .text(file.sha256), .integer(file.bytes),
                    .bytes(file.manifest), .bytes(file.processingInformation),
                ])
        }
        let insert = try connection.prepare("INSERT INTO \"_documents\" VALUES (?, ?, ?, ?)")
        for document in new.documents {
            try insert.bind([
                .integer(archive), .text(document.path), .integer(document.bytes), .text(document.sha256),
            ])
            try insert.insert()
        }
        return true
    }

    /// Begins a dataset of the archive.
    ///
    /// - Parameter layout: nil if it has no records, and the archive does not say what its fields are.
    /// - Throws: `verification`, `output`.
    public func begin(_ dataset: ImportedDataset, layout: EntityLayout?) throws {
        try connection.execute(
            """
            INSERT INTO "_datasets" ("archive", "dataset", "entity", "label", "category", "source", "role", "origin",
              "provided_by", "means", "purposes", "retention", "status", "ground", "extracted", "exported", "withheld",
              "content_sha256") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(archive), .text(dataset.id), .text(dataset.entity), .text(dataset.label),
                .text(dataset.category), .text(dataset.source), .text(dataset.role), .text(dataset.origin),
                .text(dataset.providedBy), .text(dataset.means), .bytes(dataset.purposes), .text(dataset.retention),
                .text(dataset.status), .text(dataset.ground), .integer(dataset.extracted),
                .integer(dataset.exported), .bytes(dataset.withheld), .text(dataset.contentSHA256),
            ])
        let row = connection.lastRow
        current = nil
        guard let layout else { return }
        let inserter = try inserter(for: layout)
        inserter.begin(archive: archive, dataset: row)
        current = inserter
    }

    /// Adds records to the dataset that was begun last.
    ///
    /// - Throws: `verification`, `output`, with the record's place in the dataset.
    public func add(_ batch: RecordBatch) throws {
        guard let current else { throw PortabilityError(.drift, "records of a dataset that has no fields") }
        try current.insert(batch)
        summary.added += Int64(batch.records.count)
    }

    /// Throws `refused` if the archive that was begun last and an earlier one of the same controller and person both
    /// describe persons, and none of them is the same.
    public func checkPerson() throws {
        guard try connection.integer("SELECT 1 FROM \"_tables\" WHERE \"name\" = 'person'") != nil else { return }
        let mine: [ImportValue] = [.integer(archive)]
        let others = """
            FROM "_archives" AS a JOIN "_archives" AS b ON b."id" <> a."id" AND b."person" = a."person"
              AND b."controller_key" = a."controller_key"
            JOIN "person" AS p ON p."_archive" = a."id" JOIN "person" AS q ON q."_archive" = b."id"
            WHERE a."id" = ?
            """
        guard try connection.integer("SELECT 1 \(others) LIMIT 1", mine) != nil,
            try connection.integer("SELECT 1 \(others) AND q.\"record_id\" = p.\"record_id\" LIMIT 1", mine) == nil
        else { return }
        throw PortabilityError(
            .refused, "the archive is about another person than those of the same controller in the database",
            remedy: "Say whom each archive is about with --person, or use a database for each person")
    }

    private func inserter(for layout: EntityLayout) throws -> RecordInserter {
        let tables = try ImportTables(layout)
        let entity = layout.entity.name
        // Another archive may describe the entity with more fields or fewer.
        if let known = inserters[entity], Self.isSame(known.tables, tables) { return known }
        if let known = inserters[entity] { count(known) }
        for index in tables.tables.indices { try ensure(tables, index) }
        let inserter = try RecordInserter(tables, connection)
        inserters[entity] = inserter
        return inserter
    }

    private static func isSame(_ left: ImportTables, _ right: ImportTables) -> Bool {
        left.tables.count == right.tables.count
            && zip(left.tables, right.tables).allSatisfy { left, right in
                left.name == right.name && left.columns.map(\.name) == right.columns.map(\.name)
            }
    }

    /// Makes a table, or adds the columns that it does not have yet.
    ///
    /// A reference that comes later has no declared foreign key, as SQLite cannot add one of two columns; it is
    /// checked on its way in as all are.
    private func ensure(_ tables: ImportTables, _ index: Int) throws {
        let table = tables.tables[index]
        let known = try connection.rows(
            "SELECT \"content\" FROM \"_tables\" WHERE \"name\" = ?", [.text(table.name)])
        var kinds: [String: String] = [:]
        if let known = known.first {
            guard known[0] == table.content.rawValue else { throw Self.contradiction }
            for row in try connection.rows(
                "SELECT \"name\", \"kind\" FROM \"_columns\" WHERE \"table\" = ?", [.text(table.name)])
            {
                kinds[row[0]] = row[1]
            }
        } else {
            try connection.run(tables.create(index))
            try connection.execute(
                "INSERT INTO \"_tables\" VALUES (?, ?, ?, ?)",
                [.text(table.name), .text(tables.entity), .text(table.path), .text(table.content.rawValue)])
        }
        guard table.content != .other else { return }
        let isNew = known.isEmpty
        var position = Int64(kinds.count)
        for column in table.columns.dropFirst(table.keys) {
            guard let kind = column.kind else { continue }
            if let there = kinds[column.name] {
                guard there == kind.name else { throw Self.contradiction }
                continue
            }
            if !isNew {
                try connection.run(
                    "ALTER TABLE \(ImportTables.quote(table.name)) ADD COLUMN "
                        + ImportTables.declaration(column.name, kind))
            }
            position += 1
            try connection.execute(
                "INSERT INTO \"_columns\" VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(table.name), .integer(position), .text(column.name), .text(kind.name),
                    .text(column.label?.fi), .text(column.label?.sv), .text(column.label?.en),
                ])
        }
    }

    private static let contradiction = PortabilityError(
        .verification, "the archive describes a field otherwise than an archive that was imported before",
        remedy: "Import it into a new file")

    private func count(_ inserter: RecordInserter) {
        for (table, rows) in zip(inserter.tables.tables, inserter.rows) where rows > 0 {
            self.rows[table.name, default: 0] += rows
        }
    }

    /// Makes indexes and views, and counts.
    func finish() throws -> ImportSummary {
        current = nil
        for (_, inserter) in inserters.sorted(by: { $0.key < $1.key }) {
            try connection.run(inserter.tables.createIndex)
            try connection.run(inserter.tables.createView)
            count(inserter)
        }
        inserters = [:]
        summary.tables = rows.sorted { $0.key < $1.key }.map { .init(name: $0.key, added: $0.value) }
        return summary
    }
}
