import Glibc
import PortabilityModel
import Synchronization
import UsageLogExtractor

/// A folder of its own for a test, removed with the value.
final class Folder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/usage-log-tests-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }

    deinit { remove(path) }

    private func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) {
            var names: [String] = []
            while let entry = readdir(folder) {
                names.append(
                    withUnsafeBytes(of: &entry.pointee.d_name) {
                        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                    }
                )
            }
            closedir(folder)
            for name in names where name != "." && name != ".." { remove(path + "/" + name) }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    func write(_ name: String, _ bytes: [UInt8]) {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o755)
        }
        let file = fopen(path + "/" + name, "wb")!
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

    func append(_ name: String, _ text: String) {
        let file = fopen(path + "/" + name, "ab")!
        fwrite(text, 1, text.utf8.count, file)
        fclose(file)
    }
}

/// A digest that shows what was hashed well enough for tests: FNV-1a, four times.
struct TestDigest: StreamingDigest {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func update(_ bytes: Span<UInt8>) {
        for index in bytes.indices { state = (state ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
    }

    func value() -> [UInt8] {
        (0..<4).flatMap { part -> [UInt8] in
            let mixed = (state ^ UInt64(part)) &* 0x9e37_79b9_7f4a_7c15
            return (0..<8).map { UInt8(truncatingIfNeeded: mixed >> (8 * $0)) }
        }
    }
}

/// Keeps everything it is given.
final class Keeper: RecordSink {
    struct Kept {
        var batches: [RecordBatch] = []
        var findings: [Finding] = []
    }
    let kept = Mutex(Kept())
    let onPush: @Sendable () -> Void

    init(onPush: @escaping @Sendable () -> Void = {}) { self.onPush = onPush }

    func push(_ batch: consuming RecordBatch) async throws {
        let batch = batch
        kept.withLock { $0.batches.append(batch) }
        onPush()
    }
    func document(_ document: Document, dataset: Int) async throws -> String? { nil }
    func report(_ finding: Finding) async { kept.withLock { $0.findings.append(finding) } }

    var findings: [Finding] { kept.withLock { $0.findings } }
    var batches: [RecordBatch] { kept.withLock { $0.batches } }

    /// The records of a dataset, each as `{field=value …}` with the catalogue's names.
    func outlines(_ dataset: Int = 0, of entity: Entity = testEntity) -> [String] {
        let layout = EntityLayout(entity)
        return batches.filter { $0.dataset == dataset }.flatMap { batch in
            batch.records.map { record in
                var groups = [0]
                var parts: [String] = []
                for token in batch.tokens[record.tokens] {
                    func name() -> String { layout.groups[groups.last!].fields[Int(token.field)].name }
                    switch token.kind {
                    case .groupBegin:
                        parts.append(name() + "{")
                        groups.append(layout.groups[groups.last!].fields[Int(token.field)].group)
                    case .groupEnd:
                        groups.removeLast()
                        parts.append("}")
                    case .listBegin: parts.append(name() + "[")
                    case .listEnd: parts.append("]")
                    case .otherName: parts.append("+" + batch.text(token))
                    default:
                        if token.field == TapeToken.otherField {
                            parts.append("(\(token.kind.value!.name)) " + batch.text(token))
                        } else {
                            parts.append(name() + "=" + batch.text(token))
                        }
                    }
                }
                return parts.joined(separator: " ")
            }
        }
    }

    func heads(_ dataset: Int = 0) -> [(batch: RecordBatch, head: RecordHead)] {
        batches.filter { $0.dataset == dataset }.flatMap { batch in batch.records.map { (batch, $0) } }
    }

    func ids(_ dataset: Int = 0) -> [String] { heads(dataset).map { $0.batch.text($0.head.id) } }
}

func field(_ name: String, _ type: FieldType, list: Bool = false) -> Field {
    Field(name, type, list: list, fi: name, sv: name, en: name)
}

private let noText = LocalizedText(fi: "", sv: "", en: "")

let testEntity = Entity(
    name: "event", ordinal: 1, label: noText, meaning: noText,
    fields: [
        field("at", .value(.timestamp)), field("event", .value(.string)), field("status", .value(.integer)),
        field("ui", .group([field("element", .value(.string)), field("page", .value(.string))])),
        field("tags", .value(.string), list: true), field("ok", .value(.boolean)), field("details", .value(.json)),
        field("user", .value(.string)), field("system", .value(.string)),
    ])

/// A log source over a folder, with one dataset `events` unless told otherwise.
struct Source {
    var path = "*.jsonl*"
    var format = UsageLogConfiguration.Format.jsonLines
    var match: [UsageLogConfiguration.Match] = [
        .init(kind: "user_id", path: "user", isUnique: true), .init(kind: "cookie_id", path: "cookie", isUnique: false),
    ]
    var fields: [(field: String, path: String)] = [
        ("at", "ts"), ("event", "event"), ("status", "http.status"), ("ui.element", "ui.element"),
        ("ui.page", "ui.page"),
        ("user", "user"),
    ]
    var exclusions: [String] = ["cookie"]
    var sourceExclusions: [DatasetDeclaration.Exclusion] = []
    var recordID: String?
    var constants: [(field: String, value: String)] = []
    var datasets: [UsageLogConfiguration.Dataset]?
    var tenantKind: String?
    var isOptional = false
    var tolerated: Int64 = 0
    var threads: Int?
    var limits = SourceLimits()
    var batchLimits = BatchLimits()
    var subject: [String: [String]] = ["user_id": ["1042"], "cookie_id": ["ck_1"]]
    var indexing: LogIndexing?
    var note: @Sendable (Finding) -> Void = { _ in }

    func extractor() -> UsageLogExtractor {
        let datasets =
            datasets ?? [
                UsageLogConfiguration.Dataset(id: "events", fields: fields, recordID: recordID, constants: constants)
            ]
        let declared = datasets.map { dataset in
            DatasetDeclaration(
                id: dataset.id, entity: "event", category: .usage, role: .controller, origin: Origin(kind: .observed),
                purposes: ["service"], subjectKinds: match.map(\.kind), tenantKind: tenantKind, order: .position,
                exclusions: exclusions.map { DatasetDeclaration.Exclusion(column: $0, ground: .secret) })
        }
        var configuration = UsageLogConfiguration(
            declaration: SourceDeclaration(
                id: "usage", kind: "usage-log", role: .controller, datasets: declared,
                exclusions: sourceExclusions),
            path: path, format: format, match: match, datasets: datasets, isOptional: isOptional,
            toleratedMalformedLines: tolerated)
        configuration.threads = threads
        return UsageLogExtractor(configuration: configuration, digest: { TestDigest() }, indexing: indexing)
    }

    func open(_ folder: Folder) async throws -> any ExtractionSession {
        try await extractor().open(
            ExtractionContext(
                source: "usage", baseDirectory: folder.path,
                catalogue: Catalogue(version: "1.0", entities: [testEntity]), batchLimits: batchLimits, limits: limits,
                note: note))
    }

    /// Opens, extracts all datasets and closes.
    @discardableResult
    func extract(_ folder: Folder, into keeper: any RecordSink) async throws -> ExtractionEnd {
        let session = try await open(folder)
        var keys = SubjectKeys()
        for (kind, values) in subject {
            for value in values { keys.insert(Identifier(kind: kind, value: value)) }
        }
        let end = try await session.extract(
            ExtractionRequest(datasets: extractor().declaration.datasets.map(\.id), subject: keys), into: keeper)
        await session.close()
        return end
    }

    func extract(_ folder: Folder) async throws -> Keeper {
        let keeper = Keeper()
        try await extract(folder, into: keeper)
        return keeper
    }

    /// The outlines of what one file's text gives.
    func outlines(_ text: String) async throws -> [String] {
        let folder = Folder()
        folder.write("log.jsonl", text)
        return try await extract(folder).outlines()
    }
}
