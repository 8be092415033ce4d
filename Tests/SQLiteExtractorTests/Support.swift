import GRDB
import Glibc
import PortabilityModel
import SQLCore
import SQLiteExtractor
import Synchronization

/// A folder of its own that is removed at the end.
final class Folder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/sqlite-extractor-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer {
            $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
    }

    deinit {
        chmod(path, 0o700)
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    subscript(name: String) -> String { "\(path)/\(name)" }

    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Name, size and time of change of everything in the folder and of the folder itself.
    var listing: [String] {
        ([""] + names).map { name in
            var status = stat()
            stat("\(path)/\(name)", &status)
            return "\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_mode)"
        }
    }

    /// A database made by the given statements, closed again.
    @discardableResult
    func database(named name: String = "test.sqlite", _ statements: String) throws -> String {
        let queue = try DatabaseQueue(path: self[name])
        try queue.writeWithoutTransaction { try $0.execute(sql: statements) }
        try queue.close()
        return self[name]
    }

    func write(_ name: String, _ bytes: [UInt8]) {
        let file = fopen(self[name], "w")
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    func read(_ name: String) -> [UInt8] {
        var status = stat()
        stat(self[name], &status)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let file = fopen(self[name], "r")
        _ = fread(&bytes, 1, bytes.count, file)
        fclose(file)
        return bytes
    }
}

private func field(_ name: String, _ kind: ValueKind) -> Field {
    Field(name, .value(kind), fi: name, sv: name, en: name)
}

private let text = LocalizedText(fi: "asia", sv: "sak", en: "thing")

/// A catalogue with one entity that has a field of every kind of value.
let catalogue = Catalogue(
    version: "1.0",
    entities: [
        Entity(
            name: "thing", ordinal: 1, label: text, meaning: text,
            fields: [
                field("name", .string), field("number", .integer), field("amount", .decimal), field("flag", .boolean),
                field("day", .date), field("moment", .timestamp), field("local", .localTimestamp),
                field("payload", .json),
                Field(
                    "address", .group([field("city", .string)]), fi: "osoite", sv: "adress", en: "address"),
            ])
    ])

func declaration(
    _ id: String = "things", exclusions: [DatasetDeclaration.Exclusion] = []
) -> DatasetDeclaration {
    DatasetDeclaration(
        id: id, entity: "thing", category: .registration, role: .controller, origin: Origin(kind: .observed),
        purposes: ["service"], subjectKinds: ["user_id"], order: .recordID, exclusions: exclusions)
}

/// An extractor of one dataset called `things`.
func extractor(
    _ path: String, _ query: String = "SELECT 1 AS record_id, 1 AS subject", identify: [String] = [],
    exclusions: [DatasetDeclaration.Exclusion] = [], seconds: Double = 300, busySeconds: Double = 0.1
) throws -> SQLiteExtractor {
    try SQLiteExtractor(
        SQLiteConfiguration(
            SQLConfiguration(
                declaration: SourceDeclaration(
                    id: "register", kind: "sqlite", role: .controller, datasets: [declaration(exclusions: exclusions)],
                    resolves: ["user_id", "email"], adds: ["user_id", "customer_number"]),
                identify: identify, datasets: ["things": query], statementSeconds: seconds),
            path: path, busySeconds: busySeconds))
}

func context(_ limits: BatchLimits = BatchLimits()) -> ExtractionContext {
    ExtractionContext(source: "register", baseDirectory: "/nonexistent", catalogue: catalogue, batchLimits: limits)
}

func user(_ values: String...) -> SubjectKeys {
    SubjectKeys(values.map { Identifier(kind: "user_id", value: $0) })
}

/// Keeps what is pushed.
final class Collector: RecordSink {
    private let state = Mutex<(batches: [RecordBatch], findings: [Finding])>(([], []))
    private let onPush: @Sendable (Int) async throws -> Void

    init(onPush: @escaping @Sendable (Int) async throws -> Void = { _ in }) { self.onPush = onPush }

    var batches: [RecordBatch] { state.withLock { $0.batches } }
    var findings: [Finding] { state.withLock { $0.findings } }

    func push(_ batch: consuming RecordBatch) async throws {
        let batch = batch
        let count = state.withLock { state in
            state.batches.append(batch)
            return state.batches.count
        }
        try await onPush(count)
    }
    func document(_ document: Document, dataset: Int) async throws -> String? { nil }
    func report(_ finding: Finding) async { state.withLock { $0.findings.append(finding) } }

    /// Every record: its id, its subject, its tokens.
    var records: [String] {
        batches.flatMap { batch in
            batch.records.map { head in
                let tokens = batch.tokens[head.tokens].map { token in
                    switch token.kind {
                    case .groupBegin: "{"
                    case .groupEnd: "}"
                    case .otherName: "!\(batch.text(token))"
                    default: "\(token.kind.value?.name ?? "?")=\(batch.text(token))"
                    }
                }
                return ([batch.text(head.id), batch.text(head.subject)] + tokens).joined(separator: " ")
            }
        }
    }
}

/// Opens, runs a body, closes.
func withSession<Result: Sendable>(
    _ extractor: SQLiteExtractor, _ context: ExtractionContext = context(),
    _ body: @Sendable (any ExtractionSession) async throws -> Result
) async throws -> Result {
    let session = try await extractor.open(context)
    do {
        let result = try await body(session)
        await session.close()
        return result
    } catch {
        await session.close()
        throw error
    }
}

/// All records that an extractor of one dataset has for user 1.
func extract(
    _ extractor: SQLiteExtractor, _ subject: SubjectKeys = user("1"), limits: BatchLimits = BatchLimits()
) async throws -> Collector {
    let collector = Collector()
    let end = try await withSession(extractor, context(limits)) {
        try await $0.extract(ExtractionRequest(datasets: ["things"], subject: subject), into: collector)
    }
    precondition(end.records == [Int64(collector.records.count)])
    return collector
}

/// Descriptors of this process that are open on files below a path.
func openDescriptors(_ path: String) -> Int {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        var target = [CChar](repeating: 0, count: 4096)
        if readlink("/proc/self/fd/\(name)", &target, 4095) > 0,
            String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).hasPrefix(path)
        {
            count += 1
        }
    }
    return count
}
