import GRDB
import Glibc
import PortabilityImport
import PortabilityModel
import Testing

/// An entity of a name, with text fields of these names.
private func entity(_ name: String, _ fields: [Field]) -> EntityLayout {
    EntityLayout(
        Entity(name: name, ordinal: 99, label: LocalizedText(name), meaning: LocalizedText(name), fields: fields))
}

private func field(_ name: String, _ kind: ValueKind = .string, list: Bool = false) -> Field {
    Field(name, .value(kind), list: list, fi: name, sv: name, en: name)
}

/// Records of one text field.
private func records(_ values: [(id: String, text: String)]) throws -> [RecordBatch] {
    var builder = BatchBuilder(dataset: 0)
    for value in values {
        let id = Array(value.id.utf8)
        builder.beginRecord(id: id.span, subject: id.span)
        builder.value(0, .string, Array(value.text.utf8).span)
        try builder.endRecord()
    }
    return [builder.take()]
}

private func bytes(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { return all }
        all += buffer[..<count]
    }
}

@Suite("A database keeps what was imported, once, and each archive's own")
struct ImportDatabaseTests {
    let folder = TemporaryFolder()
    var path: String { folder.file("data.sqlite") }
    let layout = entity("thing", [field("text")])

    @Test("The same content again changes no byte and is counted as unchanged")
    func idempotent() throws {
        let batches = try records([("1", "a"), ("2", "b")])
        let first = try load(path, archive("x"), [("things", layout, batches)])
        #expect(first.added == 2 && first.unchanged == 0 && first.archivesAdded == 1)
        let before = bytes(path)
        let second = try load(path, archive("x"), isNew: false, [("things", layout, batches)])
        #expect(second.added == 0 && second.unchanged == 2 && second.archivesUnchanged == 1)
        #expect(second.tables.isEmpty)
        #expect(bytes(path) == before)
    }

    @Test("A newer archive stands beside the older one, and current_ shows the newest version of each record")
    func history() throws {
        try load(path, archive("old"), [("things", layout, try records([("1", "a"), ("2", "b")]))])
        try load(
            path, archive("new", created: "2027-01-01T00:00:00Z"), isNew: false,
            [("things", layout, try records([("2", "B"), ("3", "c")]))])
        // An older one that comes later is not the newest.
        try load(
            path, archive("oldest", created: "2020-01-01T00:00:00Z"), isNew: false,
            [("things", layout, try records([("1", "0"), ("4", "d")]))])
        try expectSound(path)
        try reading(path) { database in
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM thing")
            #expect(count == 6)
            let current = try String.fetchAll(
                database, sql: "SELECT record_id || text FROM current_thing ORDER BY record_id")
            #expect(current == ["1a", "2B", "3c", "4d"])
        }
    }

    @Test("Records of other controllers, persons and datasets are never versions of each other")
    func apart() throws {
        let one = try records([("1", "a")])
        try load(path, archive("a"), [("things", layout, one), ("others", layout, one)])
        try load(
            path, archive("b", controller: "7654321-0", created: "2027-01-01T00:00:00Z"), isNew: false,
            [("things", layout, one)])
        try load(
            path, archive("c", person: "grandmother", created: "2028-01-01T00:00:00Z"), isNew: false,
            [("things", layout, one)])
        try reading(path) { database in
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM current_thing")
            #expect(count == 4)
        }
    }

    @Test("An archive about another person is refused until it is said who that is")
    func otherPerson() throws {
        let person = entity("person", [field("text")])
        try load(path, archive("a"), [("person", person, try records([("u-1", "a")]))])
        let before = bytes(path)
        let other = [("person", person, try records([("u-2", "b")]))]
        #expect(throws: PortabilityError(.refused, "")) { try load(path, archive("b"), isNew: false, other) }
        #expect(bytes(path) == before)
        try load(path, archive("b", person: "other"), isNew: false, other)
        #expect(throws: PortabilityError(.refused, "")) { try load(path, archive("b"), isNew: false, other) }
        try load(
            path, archive("c", created: "2027-01-01T00:00:00Z"), isNew: false,
            [("person", person, try records([("u-1", "A"), ("u-3", "colleague")]))])
    }

    @Test("What throws in the middle leaves an existing database as it was")
    func rollback() throws {
        try load(path, archive("a"), [("things", layout, try records([("1", "a")]))])
        let before = bytes(path)
        #expect(throws: PortabilityError(.cancelled, "")) {
            try ImportDatabase.write(path: path, isNew: false) { importer in
                _ = try importer.begin(archive("b"))
                let dataset = ImportedDataset(
                    id: "new", entity: "new", category: "usage", status: "exported", exported: 1)
                try importer.begin(dataset, layout: entity("new", [field("text")]))
                for batch in try records([("1", "a")]) { try importer.add(batch) }
                throw PortabilityError(.cancelled, "stopped")
            }
        }
        #expect(bytes(path) == before)
    }

    @Test("A database of another program is refused and left alone", arguments: ["sqlite", "text", "empty", "link"])
    func foreign(kind: String) throws {
        switch kind {
        case "sqlite":
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: "CREATE TABLE mine (a)") }
            try queue.close()
        case "link":
            try load(folder.file("real"), archive("a"), [])
            symlink("real", path)
        default:
            let file = try #require(fopen(path, "w"))
            if kind == "text" { fputs(String(repeating: "not a database ", count: 20), file) }
            fclose(file)
        }
        let before = bytes(path)
        #expect {
            try ImportDatabase.write(path: path, isNew: false) { _ in Issue.record("it was opened") }
        } throws: { error in
            let code = (error as? PortabilityError)?.code
            return code == .refused || kind == "link" && code == .output
        }
        #expect(bytes(path) == before)
    }

    @Test("A database of a newer version is not touched")
    func newer() throws {
        try load(path, archive("a"), [])
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "PRAGMA user_version = 2") }
        try queue.close()
        #expect(throws: PortabilityError(.unsupported, "")) {
            try ImportDatabase.write(path: path, isNew: false) { _ in Issue.record("it was opened") }
        }
    }

    @Test("The file says what it is")
    func header() throws {
        try load(path, archive("a"), [])
        try reading(path) { database in
            let id = try Int.fetchOne(database, sql: "PRAGMA application_id")
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version")
            #expect(id == 0x506F_7274 && version == 1)
        }
    }

    @Test("Fields that an archive of a newer version has become columns, and older records lack them")
    func newFields() throws {
        try load(path, archive("a"), [("things", layout, try records([("1", "a")]))])
        let grown = entity(
            "thing", [field("text"), field("number", .integer), field("tags", list: true), field("file", .reference)])
        var builder = BatchBuilder(dataset: 0)
        let id = Array("2".utf8)
        builder.beginRecord(id: id.span, subject: id.span)
        builder.value(0, .string, Array("b".utf8).span)
        builder.value(1, .integer, Array("5".utf8).span)
        builder.beginList(2)
        for tag in ["x", "y"] { builder.value(2, .string, Array(tag.utf8).span) }
        builder.endList()
        builder.value(3, .reference, Array("data/documents/a.pdf".utf8).span)
        try builder.endRecord()
        try load(
            path, archive("b", created: "2027-01-01T00:00:00Z", documents: ["data/documents/a.pdf"]), isNew: false,
            [("things", grown, [builder.take()])])
        // And the older one goes on.
        try load(path, archive("c"), isNew: false, [("things", layout, try records([("3", "c")]))])
        try expectSound(path)
        try reading(path) { database in
            let rows = try String.fetchAll(
                database,
                sql: "SELECT text || coalesce(number, '-') || coalesce(file, '-') FROM thing ORDER BY record_id")
            #expect(rows == ["a--", "b5data/documents/a.pdf", "c--"])
            let tags = try String.fetchAll(
                database, sql: #"SELECT value FROM "thing.tags" JOIN thing USING (_record) ORDER BY tags_index"#)
            #expect(tags == ["x", "y"])
            let columns = try String.fetchAll(
                database, sql: "SELECT name || ' ' || kind FROM _columns WHERE \"table\" = 'thing' ORDER BY position")
            #expect(columns == ["text string", "number integer", "file reference"])
        }
    }

    @Test("A field that changes its kind from archive to archive is refused")
    func contradiction() throws {
        try load(path, archive("a"), [("things", layout, try records([("1", "a")]))])
        #expect(throws: PortabilityError(.verification, "")) {
            try load(path, archive("b"), isNew: false, [("things", entity("thing", [field("text", .integer)]), [])])
        }
    }

    @Test(
        "Names that no catalogue has are refused before they come near SQL",
        arguments: ["x\"; DROP TABLE _archives; --", "_archives", "sqlite_sequence", "current_thing", "", "Thing", "ä"])
    func hostileNames(name: String) throws {
        #expect(throws: PortabilityError(.verification, "")) {
            try load(path, archive("a"), [("things", entity(name, [field("text")]), [])])
        }
        let other = folder.file("other.sqlite")
        if name.hasPrefix("sqlite") || name.hasPrefix("current") { return }
        #expect(throws: PortabilityError(.verification, "")) {
            try load(other, archive("a"), [("things", entity("thing", [field(name)]), [])])
        }
    }

    @Test("A document that is named but not in the archive is found")
    func missingDocument() throws {
        let layout = entity("thing", [field("file", .reference)])
        var builder = BatchBuilder(dataset: 0)
        let id = Array("1".utf8)
        builder.beginRecord(id: id.span, subject: id.span)
        builder.value(0, .reference, Array("data/documents/b.pdf".utf8).span)
        try builder.endRecord()
        let batch = builder.take()
        #expect {
            try load(path, archive("a", documents: ["data/documents/a.pdf"]), [("things", layout, [batch])])
        } throws: { error in
            let error = error as? PortabilityError
            return error?.code == .verification && error?.place.record == 1
        }
    }

    @Test("Deleting an archive deletes what came with it, and nothing else")
    func cascade() throws {
        let nested = entity("thing", [field("text"), field("tags", list: true)])
        var builder = BatchBuilder(dataset: 0)
        let id = Array("1".utf8)
        builder.beginRecord(id: id.span, subject: id.span)
        builder.beginList(1)
        builder.value(1, .string, id.span)
        builder.endList()
        builder.other(id.span, .string, id.span)
        try builder.endRecord()
        let batch = builder.take()
        try load(path, archive("a", documents: ["data/documents/a.pdf"]), [("things", nested, [batch])])
        try load(path, archive("b"), isNew: false, [("things", nested, [batch])])
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            try database.execute(sql: "DELETE FROM _archives WHERE content_sha256 = 'a'")
            for table in ["thing", "thing.tags", "thing.other", "_datasets", "_archive_files"] {
                let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM \"\(table)\"")
                #expect(count == 1, "\(table)")
            }
            let documents = try Int.fetchOne(database, sql: "SELECT count(*) FROM _documents")
            #expect(documents == 0)
        }
        try queue.close()
        try expectSound(path)
    }
}
