import GRDB
import Glibc
import PortabilityImport
import PortabilityModel
import Testing

/// A folder for one test, removed with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/portability-import-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        path = made ?? "/nonexistent"
    }

    deinit {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink("\(path)/\(name)")
            }
            closedir(directory)
        }
        rmdir(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

func archive(
    _ content: String, person: String = "", controller: String = "1234567-8",
    created: String = "2026-11-22T12:00:00Z", documents: [String] = []
) -> ImportedArchive {
    ImportedArchive(
        contentSHA256: content, person: person, controllerKey: controller, controller: "Esimerkki Oy",
        requestID: "R-1", right: "access", status: "complete", created: created, language: "fi",
        formatVersion: "1.0", catalogueVersion: "1.1", tool: "portability", convertedFrom: nil, setID: nil,
        files: [
            .init(
                volume: 1, sha256: content, bytes: 1, manifest: Array("{}".utf8), processingInformation: nil)
        ],
        documents: documents.map { .init(path: $0, bytes: 1, sha256: "00") })
}

/// Imports one archive with one dataset per batch.
@discardableResult
func load(
    _ path: String, _ new: ImportedArchive, isNew: Bool = true,
    _ datasets: [(id: String, layout: EntityLayout, batches: [RecordBatch])]
) throws -> ImportSummary {
    if isNew { close(open(path, O_CREAT | O_EXCL | O_RDWR, 0o600)) }
    return try ImportDatabase.write(path: path, isNew: isNew) { importer in
        guard try importer.begin(new) else { return }
        for dataset in datasets {
            let count = dataset.batches.reduce(0) { $0 + $1.records.count }
            var described = ImportedDataset(
                id: dataset.id, entity: dataset.layout.entity.name, category: "usage", status: "exported",
                exported: Int64(count))
            described.contentSHA256 = "00"
            try importer.begin(described, layout: dataset.layout)
            for batch in dataset.batches { try importer.add(batch) }
        }
        try importer.checkPerson()
    }
}

/// Reads the database as any other program would.
func reading<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read(body)
}

/// That nothing is wrong with the file or with a reference in it.
func expectSound(_ path: String) throws {
    try reading(path) { database in
        let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check")
        let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
        #expect(integrity == ["ok"])
        #expect(dangling.isEmpty)
    }
}

/// Numbers that are the same in every run.
struct Generator {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}

/// A record as a tree, from a tape or from tables, to be compared.
indirect enum Tree: Equatable {
    case value(String)
    case list([Tree])
    case group([String: Tree])
}

/// Records of any entity, with every field there now and then, full of what goes wrong elsewhere.
struct RecordMaker {
    static let nasties = [
        "'", "\"; DROP TABLE person; --", "NULL", "\n", "\\", "ä", "e\u{301}", "🧾", "007", "1e5", " 1", "x'00'",
        "\u{202e}", "=1+1", "0x10", "1.0", "-0", "true",
    ]
    static let values: [ValueKind: [String]] = [
        .string: nasties,
        .integer: [
            "0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
            "-9223372036854775809", "123456789012345678901234567890", "18446744073709551616",
        ],
        .decimal: ["0.10", "1.00", "-12345678901234567890.123456789", "0", "1.5"],
        .boolean: ["true", "false"],
        .date: ["2026-02-28", "-0044-03-15", "12026-01-01"],
        .time: ["23:59:60", "00:00:00.123456789"],
        .timestamp: ["2026-11-22T12:00:00+02:00", "2026-11-22T12:00:00.000001Z"],
        .localTimestamp: ["2026-11-22T12:00:00"],
        .duration: ["PT0S", "P1Y2M3DT4.5S"],
        .json: ["{\"a\":[1,2.50,null]}", "[]", "\"\\u0000\"", "123456789012345678901234567890"],
        .reference: ["data/documents/invoices-000001.pdf", "data/documents/invoices-000002.bin"],
    ]

    var generator: Generator
    let layout: EntityLayout
    /// Of each record, what is expected to be read back.
    var trees: [Tree] = []

    init(_ layout: EntityLayout, seed: UInt64) {
        self.layout = layout
        generator = Generator(state: seed)
    }

    mutating func batch(_ count: Int, full: Bool = false) throws -> RecordBatch {
        var builder = BatchBuilder(dataset: 0)
        for index in 0..<count {
            let id = Array("r-\(trees.count)-\(index % 3 == 0 ? "ä'\"" : "x")".utf8)
            builder.beginRecord(id: id.span, subject: id.span)
            var tree = group(0, full: full, into: &builder)
            tree["record_id"] = .value(String(decoding: id, as: UTF8.self))
            var others: [String: Tree] = [:]
            let names = Set((0..<generator.next(4)).map { _ in Self.nasties[generator.next(Self.nasties.count)] })
            for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                let kind = [ValueKind.string, .integer, .boolean, .json][generator.next(4)]
                let text = value(kind)
                builder.other(Array(name.utf8).span, kind, Array(text.utf8).span)
                others[name] = .value("\(kind.name):\(text)")
            }
            if !others.isEmpty { tree["other"] = .group(others) }
            try builder.endRecord()
            trees.append(.group(tree))
        }
        return builder.take()
    }

    private mutating func value(_ kind: ValueKind) -> String {
        let known = Self.values[kind] ?? []
        return known[generator.next(known.count)]
    }

    private mutating func group(_ index: Int, full: Bool, into builder: inout BatchBuilder) -> [String: Tree] {
        var tree: [String: Tree] = [:]
        for (position, field) in layout.groups[index].fields.enumerated() where full || generator.next(3) > 0 {
            let count = field.isList ? 1 + generator.next(3) : 1
            if field.isList { builder.beginList(position) }
            var items: [Tree] = []
            for _ in 0..<count {
                if let kind = field.kind {
                    let text = value(kind)
                    builder.value(position, kind, Array(text.utf8).span)
                    items.append(.value(text))
                } else {
                    builder.beginGroup(position)
                    let nested = group(field.group, full: full, into: &builder)
                    builder.endGroup()
                    if !nested.isEmpty { items.append(.group(nested)) }
                }
            }
            if field.isList { builder.endList() }
            if items.isEmpty { continue }
            tree[field.name] = field.isList ? .list(items) : items[0]
        }
        return tree
    }
}

/// Puts records together again from the tables, knowing nothing but the names of tables and columns and the layout.
struct TableReader {
    let database: Database
    let layout: EntityLayout

    private func quoted(_ name: String) -> String { "\"\(name)\"" }

    func records() throws -> [Tree] {
        let entity = layout.entity.name
        return try Row.fetchAll(database, sql: "SELECT * FROM \(quoted(entity)) ORDER BY _record").map { row in
            var tree = try group(0, prefix: "", row: row, keys: [("_record", row["_record"])])
            tree["record_id"] = .value(row["record_id"])
            var others: [String: Tree] = [:]
            for other in try Row.fetchAll(
                database, sql: "SELECT * FROM \(quoted(entity + ".other")) WHERE _record = ?",
                arguments: [row["_record"]])
            {
                let type: String = other["type"]
                let kind = ValueKind.allCases.first { $0.name == type } ?? .string
                others[other["name"]] = .value("\(type):\(text(other, "value", kind) ?? "")")
            }
            if !others.isEmpty { tree["other"] = .group(others) }
            return .group(tree)
        }
    }

    private func text(_ row: Row, _ column: String, _ kind: ValueKind) -> String? {
        switch (row[column] as DatabaseValue).storage {
        case .null: nil
        case .int64(let number): kind == .boolean ? (number == 1 ? "true" : "false") : String(number)
        case .string(let text): text
        default: "neither integer nor text"
        }
    }

    private func group(
        _ index: Int, prefix: String, row: Row, keys: [(String, Int64)]
    ) throws -> [String: Tree] {
        var tree: [String: Tree] = [:]
        for field in layout.groups[index].fields {
            let name = prefix + field.name
            switch (field.kind, field.isList) {
            case (let kind?, false): tree[field.name] = text(row, name, kind).map(Tree.value)
            case (nil, false):
                let nested = try group(field.group, prefix: name + ".", row: row, keys: keys)
                if !nested.isEmpty { tree[field.name] = .group(nested) }
            case (let kind, true):
                let path = (layout.groups[index].path + [field.name]).joined(separator: ".")
                let column = path + "_index"
                let condition = keys.map { "\(quoted($0.0)) = \($0.1)" }.joined(separator: " AND ")
                let rows = try Row.fetchAll(
                    database,
                    sql: "SELECT * FROM \(quoted("\(layout.entity.name).\(path)")) WHERE \(condition) "
                        + "ORDER BY \(quoted(column))")
                #expect(rows.map { $0[column] as Int64 } == (0..<rows.count).map { Int64($0) + 1 })
                let items: [Tree] = try rows.map { row in
                    if let kind { return .value(text(row, "value", kind) ?? "") }
                    return .group(
                        try group(field.group, prefix: "", row: row, keys: keys + [(column, row[column])]))
                }
                if !items.isEmpty { tree[field.name] = .list(items) }
            }
        }
        return tree
    }
}
