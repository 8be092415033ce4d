import Glibc
import ManualExtractor
import PortabilityCrypto
import PortabilityModel
import Testing

/// A record as a test looks at it.
struct TestRecord {
    var id: String
    var subject: String
    var tenant: String
    var dataset: Int
    var file: Int
    var values: [String: String]

    subscript(field: String) -> String? { values[field] }
}

/// Takes everything an extractor pushes; gives a path to documents if it takes them.
actor TestSink: RecordSink {
    private let layout = EntityLayout(Catalogue.standard.entity(named: "document")!)
    private(set) var records: [TestRecord] = []
    private(set) var documents: [Document] = []
    private(set) var findings: [Finding] = []
    private(set) var batches = 0
    private let takesDocuments: Bool

    init(takesDocuments: Bool = true) { self.takesDocuments = takesDocuments }

    func push(_ batch: consuming RecordBatch) async throws {
        let batch = batch
        batches += 1
        for head in batch.records {
            var values: [String: String] = [:]
            for index in head.tokens {
                let token = batch.tokens[index]
                values[layout.groups[0].fields[Int(token.field)].name] = batch.text(token)
            }
            records.append(
                TestRecord(
                    id: batch.text(head.id), subject: batch.text(head.subject), tenant: batch.text(head.tenant),
                    dataset: batch.dataset, file: Int(head.file), values: values))
        }
    }

    func document(_ document: Document, dataset: Int) async throws -> String? {
        documents.append(document)
        return takesDocuments ? "data/documents/\(documents.count)" : nil
    }

    func report(_ finding: Finding) async { findings.append(finding) }
}

/// What came of a reading.
struct Reading {
    var records: [TestRecord]
    var documents: [Document]
    var findings: [Finding]
    var batches: Int
    var end: ExtractionEnd

    /// Whether the result may lack something.
    var isPartial: Bool { findings.contains(where: \.losesRecords) }
    func findings(_ kind: Finding.Kind) -> [Finding] { findings.filter { $0.kind == kind } }
}

/// A source of papers, by customer number.
struct Papers {
    var path = "papers/{customer_number}"
    var attestation = ManualConfiguration.Need.optional
    var attestationFile: String?
    var datasets = [ManualConfiguration.Dataset(id: "papers")]
    var tenant: String?

    var extractor: ManualExtractor {
        let declared = datasets.map { dataset in
            DatasetDeclaration(
                id: dataset.id, entity: "document", category: .communication,
                role: tenant == nil ? .controller : .processor, origin: Origin(kind: .provided, by: .subject),
                means: .manual, purposes: ["service"], subjectKinds: ["customer_number"], tenantKind: tenant,
                order: .position)
        }
        return ManualExtractor(
            configuration: ManualConfiguration(
                declaration: SourceDeclaration(
                    id: "archive", kind: "manual", role: tenant == nil ? .controller : .processor, datasets: declared),
                path: path, attestation: attestation, attestationFile: attestationFile, datasets: datasets),
            digest: SHA256Digest.factory)
    }

    /// Opens, reads and closes.
    func read(
        _ folder: TestFolder, customers: [String] = ["20042"], datasets: [String]? = nil,
        received: String? = "2026-11-02T09:14:00+02:00", limits: SourceLimits = SourceLimits(),
        batchLimits: BatchLimits = BatchLimits(), takesDocuments: Bool = true, wantsDocuments: Bool = true
    ) async throws -> Reading {
        let session = try await open(folder, limits: limits, batchLimits: batchLimits)
        let sink = TestSink(takesDocuments: takesDocuments)
        let end = try await session.extract(
            ExtractionRequest(
                datasets: datasets ?? self.datasets.map(\.id),
                subject: SubjectKeys(customers.map { Identifier(kind: "customer_number", value: $0) }),
                wantsDocuments: wantsDocuments, received: received), into: sink)
        await session.close()
        return await Reading(
            records: sink.records, documents: sink.documents, findings: sink.findings, batches: sink.batches, end: end)
    }

    func open(
        _ folder: TestFolder, limits: SourceLimits = SourceLimits(), batchLimits: BatchLimits = BatchLimits()
    ) async throws -> any ExtractionSession {
        try await extractor.open(
            ExtractionContext(
                source: "archive", baseDirectory: folder.path, catalogue: .standard, batchLimits: batchLimits,
                limits: limits))
    }
}

/// The least that a description says.
func description(_ about: String = "20042", kind: String = "letter", others: String = "none", more: String = "")
    -> String
{
    "about: \(about)\nkind: \(kind)\ntitle: A paper\nothers: \(others)\n\(more)"
}

/// An attestation.
func attestation(_ result: String, about: String = "20042", date: String = "2026-11-03") -> String {
    "about: \(about)\nplaces: [Archive room, Front office]\nrole: privacy officer\ndate: \(date)\nresult: \(result)\n"
}

let pdf = Array("%PDF-1.4\n%%EOF\n".utf8)
let png: [UInt8] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
]

/// A folder that is gone when it is released.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/papers-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw PortabilityError(.unavailable, "no test folder") }
        path = String(cString: made)
    }

    deinit { Self.remove(path) }

    /// Writes a file, making the folders above it.
    @discardableResult
    func write(_ name: String, _ content: [UInt8]) throws -> TestFolder {
        makeFolder(name.split(separator: "/").dropLast().joined(separator: "/"))
        guard let file = fopen("\(path)/\(name)", "wb") else { throw PortabilityError(.output, "no test file") }
        defer { fclose(file) }
        guard fwrite(content, 1, content.count, file) == content.count else {
            throw PortabilityError(.output, "no test file")
        }
        return self
    }

    @discardableResult
    func write(_ name: String, _ content: String) throws -> TestFolder { try write(name, Array(content.utf8)) }

    /// A scan with its description, in a customer's folder.
    @discardableResult
    func scan(_ name: String, _ text: String = description(), of customer: String = "20042") throws -> TestFolder {
        let ending = name.split(separator: ".").last ?? ""
        try write("papers/\(customer)/\(name)", ending == "png" ? png : pdf + Array(name.utf8))
        return try write("papers/\(customer)/\(name.dropLast(ending.count))yaml", text)
    }

    func makeFolder(_ name: String) {
        var folder = path
        for part in name.split(separator: "/") {
            folder += "/\(part)"
            mkdir(folder, 0o700)
        }
    }
    /// Descriptors of this process that are open on anything in the folder.
    var openDescriptors: Int {
        guard let folder = opendir("/proc/self/fd") else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var target = [UInt8](repeating: 0, count: 4096)
            let length = target.withUnsafeMutableBytes { buffer in
                buffer.withMemoryRebound(to: CChar.self) { readlink("/proc/self/fd/\(name)", $0.baseAddress!, 4096) }
            }
            if String(decoding: target.prefix(max(0, length)), as: UTF8.self).hasPrefix(path) { count += 1 }
        }
        return count
    }

    func makePipe(_ name: String) { mkfifo("\(path)/\(name)", 0o600) }
    func rename(_ name: String, to other: String) { Glibc.rename("\(path)/\(name)", "\(path)/\(other)") }
    func link(_ name: String, to target: String) { symlink(target, "\(path)/\(name)") }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name == "." || name == ".." { continue }
                if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
            }
            closedir(folder)
        }
        rmdir(path)
    }
}
