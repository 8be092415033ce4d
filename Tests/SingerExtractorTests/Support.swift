import Glibc
import PortabilityModel
import SingerExtractor
import Synchronization

/// A folder of its own for a test, removed with the value.
final class Folder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/singer-tests-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }

    deinit {
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func write(_ name: String, _ text: String, mode: mode_t = 0o600) {
        let file = fopen(path + "/" + name, "wb")!
        fwrite(text, 1, text.utf8.count, file)
        fclose(file)
        chmod(path + "/" + name, mode)
    }

    func read(_ name: String) -> String? {
        guard let file = fopen(path + "/" + name, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }

    /// Processes that were started in the folder and are not gone after a while.
    var processes: Int {
        for _ in 0..<200 {
            if livingProcesses == 0 { return 0 }
            usleep(10_000)
        }
        return livingProcesses
    }

    private var livingProcesses: Int {
        guard let folder = opendir("/proc") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/\(name)/cwd", &target, 4096)
            let link = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
            if String(decoding: link, as: UTF8.self) == path { count += 1 }
        }
        return count
    }

    func mode(_ name: String) -> mode_t {
        var status = stat()
        stat(path + "/" + name, &status)
        return status.st_mode & 0o777
    }
}

/// Files under `Tests/Data/singer`.
func testData(_ name: String) -> String {
    String(#filePath.dropLast("SingerExtractorTests/Support.swift".count)) + "Data/singer/" + name
}

/// FNV-1a, four times: a digest that is well enough for tests.
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
    let onPush: @Sendable () async throws -> Void

    init(onPush: @escaping @Sendable () async throws -> Void = {}) { self.onPush = onPush }

    func push(_ batch: consuming RecordBatch) async throws {
        let batch = batch
        kept.withLock { $0.batches.append(batch) }
        try await onPush()
    }
    func document(_ document: Document, dataset: Int) async throws -> String? { nil }
    func report(_ finding: Finding) async { kept.withLock { $0.findings.append(finding) } }

    var findings: [Finding] { kept.withLock { $0.findings } }
    var batches: [RecordBatch] { kept.withLock { $0.batches } }
    /// True if the engine would call the result partial.
    var isPartial: Bool { findings.contains(where: \.losesRecords) }

    /// The records of a dataset, each as `id: field=value …` with the catalogue's names; `+name=(kind) value` for others.
    func outlines(_ dataset: Int = 0) -> [String] {
        let layout = EntityLayout(testEntity)
        return batches.filter { $0.dataset == dataset }.flatMap { batch in
            batch.records.map { record in
                var groups = [0]
                var parts = [batch.text(record.id) + ":"]
                var other = ""
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
                    case .otherName: other = batch.text(token)
                    default:
                        parts.append(
                            token.field == TapeToken.otherField
                                ? "+\(other)=(\(token.kind.value!.name)) \(batch.text(token))"
                                : "\(name())=\(batch.text(token))")
                    }
                }
                return parts.joined(separator: " ")
            }
        }
    }

    func ids(_ dataset: Int = 0) -> [String] {
        batches.filter { $0.dataset == dataset }.flatMap { batch in batch.records.map { batch.text($0.id) } }
    }
}

private func field(_ name: String, _ type: FieldType, list: Bool = false) -> Field {
    Field(name, type, list: list, fi: name, sv: name, en: name)
}

private let noText = LocalizedText(fi: "", sv: "", en: "")

let testEntity = Entity(
    name: "customer", ordinal: 1, label: noText, meaning: noText,
    fields: [
        field("name", .value(.string)), field("since", .value(.date)), field("balance", .value(.decimal)),
        field("visits", .value(.integer)),
        field("address", .group([field("street", .value(.string)), field("city", .value(.string))])),
        field("tags", .value(.string), list: true), field("details", .value(.json)),
    ])

/// A Singer source whose tap is a script of the test; one dataset `customers` of the stream `customer` unless told
/// otherwise.
struct Source {
    var folder = Folder()
    var command: [String] = ["/bin/sh", "tap.sh"]
    var datasets: [SingerConfiguration.Dataset] = [Source.dataset()]
    var exclusions: [String] = []
    var sourceExclusions: [String] = []
    var role = Role.controller
    var tenantKind: String?
    var limits = SourceLimits()
    var batchLimits = BatchLimits()
    var subject: [String: [String]] = ["customer_number": ["7"]]
    var change: @Sendable (inout SingerConfiguration) -> Void = { _ in }

    static func dataset(
        id: String = "customers", stream: String = "customer",
        match: [SingerConfiguration.Match] = [.init(kind: "customer_number", path: "id", isUnique: true)],
        fields: [(field: String, path: String)] = [("name", "name")], recordID: [String] = [], tenant: String? = nil,
        filter: SingerConfiguration.Filter? = nil
    ) -> SingerConfiguration.Dataset {
        SingerConfiguration.Dataset(
            id: id, stream: stream, match: match, fields: fields, recordID: recordID, tenant: tenant, filter: filter)
    }

    /// A source whose tap prints these lines and ends well.
    init(printing lines: [String] = []) {
        folder.write("out.jsonl", lines.map { $0 + "\n" }.joined())
        script("cat out.jsonl")
    }

    /// Writes the tap.
    func script(_ text: String) { folder.write("tap.sh", text + "\n") }

    func extractor() -> SingerExtractor {
        let declared = datasets.map { dataset in
            DatasetDeclaration(
                id: dataset.id, entity: "customer", category: .profile, role: role, origin: Origin(kind: .observed),
                purposes: ["service"], subjectKinds: dataset.match.map(\.kind), tenantKind: tenantKind,
                order: .position, exclusions: exclusions.map { .init(column: $0, ground: .secret) })
        }
        var configuration = SingerConfiguration(
            declaration: SourceDeclaration(
                id: "crm", kind: "singer", role: role, datasets: declared,
                exclusions: sourceExclusions.map { .init(column: $0, ground: .notPersonal) }),
            command: command, discovers: false, timeoutSeconds: 60, silenceSeconds: 60, datasets: datasets)
        change(&configuration)
        return SingerExtractor(configuration: configuration, digest: { TestDigest() })
    }

    func open() async throws -> any ExtractionSession {
        try await extractor().open(
            ExtractionContext(
                source: "crm", baseDirectory: folder.path,
                catalogue: Catalogue(version: "1.0", entities: [testEntity]), batchLimits: batchLimits, limits: limits))
    }

    /// Opens, extracts all datasets and closes.
    @discardableResult
    func extract(into keeper: any RecordSink) async throws -> ExtractionEnd {
        let session = try await open()
        var keys = SubjectKeys()
        for (kind, values) in subject {
            for value in values { keys.insert(Identifier(kind: kind, value: value)) }
        }
        let end = try await session.extract(
            ExtractionRequest(datasets: datasets.map(\.id), subject: keys), into: keeper)
        await session.close()
        return end
    }

    func extract() async throws -> Keeper {
        let keeper = Keeper()
        try await extract(into: keeper)
        return keeper
    }

    /// The error that extraction ends with.
    func failure(_ keeper: Keeper = Keeper()) async -> PortabilityError? {
        do {
            try await extract(into: keeper)
            return nil
        } catch {
            return error as? PortabilityError
        }
    }
}

/// Messages of a stream `customer` with the key `id`.
func schema(
    _ properties: [String] = ["id", "name"], stream: String = "customer", key: [String] = ["id"], more: String = ""
) -> String {
    let list = properties.map { #""\#($0)":{}"# }.joined(separator: ",")
    let keys = key.map { "\"\($0)\"" }.joined(separator: ",")
    return
        #"{"type":"SCHEMA","stream":"\#(stream)","schema":{"properties":{\#(list)}},"key_properties":[\#(keys)]\#(more)}"#
}

func record(_ text: String, stream: String = "customer") -> String {
    #"{"type":"RECORD","stream":"\#(stream)","record":\#(text)}"#
}

let state = #"{"type":"STATE","value":{"bookmarks":{"customer":5}}}"#

/// True if a process of that number is gone, or a zombie that its parent has yet to wait for, within ten seconds: a kill
/// takes effect in its own time.
func hasEnded(_ process: pid_t) -> Bool {
    for _ in 0..<1000 {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return true }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
        if text.isEmpty || text.contains(") Z ") { return true }
        usleep(10_000)
    }
    return false
}
