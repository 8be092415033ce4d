import CSVExtractor
import Glibc
import PortabilityModel
import PortabilityTesting
import PortabilityText

/// A folder of its own for a test, removed with the value.
final class Folder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/csv-tests-XXXXXX".utf8CString)
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
}

/// The test data of the package.
let dataFolder = String(#filePath.dropLast("CSVExtractorTests/Support.swift".count)) + "Data/"

func bytes(of path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
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

func field(_ name: String, _ type: FieldType, list: Bool = false) -> Field {
    Field(name, type, list: list, fi: name, sv: name, en: name)
}

private let noText = LocalizedText(fi: "", sv: "", en: "")

let testEntity = Entity(
    name: "order", ordinal: 1, label: noText, meaning: noText,
    fields: [
        field("date", .value(.date)), field("quantity", .value(.integer)), field("price", .value(.decimal)),
        field("address", .group([field("street", .value(.string)), field("city", .value(.string))])),
        field("tags", .value(.string), list: true), field("is_paid", .value(.boolean)), field("note", .value(.string)),
    ])

/// A source over a folder, with one dataset `orders` unless told otherwise.
struct Source {
    var folder = "."
    var path = "**/*.csv*"
    var dialect = CSVConfiguration.Dialect(delimiter: UInt8(ascii: ","))
    var encoding = CSVConfiguration.Encoding.utf8
    var match: [CSVConfiguration.Match] = [
        .init(kind: "customer", column: "customer", isUnique: true)
    ]
    var fields: [CSVConfiguration.FieldMapping] = []
    var exclusions: [String] = ["customer"]
    var sourceExclusions: [DatasetDeclaration.Exclusion] = []
    var recordID: String?
    var filter: CSVConfiguration.Filter?
    var datasets: [CSVConfiguration.Dataset]?
    var tenantKind: String?
    var tenant: String?
    var isOptional = false
    var limits = SourceLimits()
    var batchLimits = BatchLimits()
    var subject: [String: [String]] = ["customer": ["1042"]]

    func extractor() -> CSVExtractor {
        let datasets =
            datasets ?? [
                CSVConfiguration.Dataset(
                    id: "orders", path: path, match: match, fields: fields, recordID: recordID, tenant: tenant,
                    filter: filter)
            ]
        let declared = datasets.map { dataset in
            DatasetDeclaration(
                id: dataset.id, entity: "order", category: .usage, role: .controller, origin: Origin(kind: .observed),
                purposes: ["service"], subjectKinds: dataset.match.map(\.kind), tenantKind: tenantKind,
                order: .position,
                exclusions: exclusions.map { DatasetDeclaration.Exclusion(column: $0, ground: .secret) })
        }
        return CSVExtractor(
            configuration: CSVConfiguration(
                declaration: SourceDeclaration(
                    id: "exports", kind: "csv", role: .controller, datasets: declared, exclusions: sourceExclusions),
                folder: folder, dialect: dialect, encoding: encoding, datasets: datasets, isOptional: isOptional),
            digest: { TestDigest() })
    }

    var keys: SubjectKeys {
        var keys = SubjectKeys()
        for (kind, values) in subject {
            for value in values { keys.insert(Identifier(kind: kind, value: value)) }
        }
        return keys
    }

    func open(_ folder: Folder) async throws -> any ExtractionSession {
        try await extractor().open(
            ExtractionContext(
                source: "exports", baseDirectory: folder.path,
                catalogue: Catalogue(version: "1.0", entities: [testEntity]), batchLimits: batchLimits, limits: limits))
    }

    /// Opens, extracts all datasets and closes.
    @discardableResult
    func extract(_ folder: Folder, into sink: any RecordSink) async throws -> ExtractionEnd {
        let session = try await open(folder)
        let end = try await session.extract(
            ExtractionRequest(datasets: extractor().declaration.datasets.map(\.id), subject: keys), into: sink)
        await session.close()
        return end
    }

    func read(_ folder: Folder) async throws -> Reading {
        let sink = CollectingSink()
        let end = try await extract(folder, into: sink)
        return Reading(sink: sink, end: end)
    }

    /// What one file's bytes give.
    func read(_ bytes: [UInt8]) async throws -> Reading {
        let folder = Folder()
        folder.write("a.csv", bytes)
        return try await read(folder)
    }

    func read(_ text: String) async throws -> Reading { try await read(Array(text.utf8)) }
}

/// What came of an extraction.
struct Reading {
    let sink: CollectingSink
    let end: ExtractionEnd

    var findings: [Finding] { sink.findings }
    /// Findings but those that tell which columns are not mapped.
    var oddities: [Finding] { findings.filter { $0.kind != .unmapped || $0.losesRecords } }
    func records(_ dataset: Int = 0) -> [CollectingSink.Record] { sink.records(dataset, of: testEntity) }
    /// Each record as `path=value …`, `other` fields by their name only.
    func outlines(_ dataset: Int = 0) -> [String] {
        records(dataset).map { record in
            record.values.map { value in
                (value.path.hasPrefix("other:") ? String(value.path.dropFirst(6)) : value.path) + "=" + value.text
            }.joined(separator: " ")
        }
    }
}

/// Numbers that look random and are the same on every run (SplitMix64).
struct Dice {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func roll(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[roll(elements.count)] }
}
