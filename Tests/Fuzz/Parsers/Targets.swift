@testable import InvoiceExtractor
@testable import PortabilityArchive
import PortabilityFormats
import PortabilityModel
import PortabilityText

/// Every parser of foreign bytes that needs no cryptography package, by name.
///
/// Each takes any bytes and ends without a crash; where there is a way back, what was read is written and read again,
/// and must be the same.
let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "json": readJSON,
    "records-json": { readRecords($0, .json) },
    "records-jsonl": { readRecords($0, .jsonl) },
    "records-csv": { readRecords($0, .csv) },
    "records-xml": { readRecords($0, .xml) },
    "pack": packText, "zip": readZip, "bag": readBag, "fields": readFields,
    "age-header": readAgeHeader, "age-armor": readAgeArmor, "age-keys": readAgeKeys,
    "ssh-signature": readSSHSignature, "ssh-keys": readSSHKeys, "allowed-signers": readAllowedSigners,
    "finvoice": readInvoices, "ubl": readInvoices, "cii": readInvoices, "log-lines": siftLines,
    "log-parts": joinParts, "log-index": readLogIndex, "gzip": inflateGzip, "zstd": inflateZstd,
]

/// An input as a file.
struct MemoryBytes: ArchiveBytes {
    let bytes: [UInt8]
    var size: Int64 { Int64(bytes.count) }

    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(PortabilityError) -> Int {
        guard offset < size else { return 0 }
        let count = min(buffer.count, bytes.count - Int(offset))
        for index in 0..<count { buffer[index] = bytes[Int(offset) + index] }
        return count
    }
}

/// A JSON text's canonical spelling is its own canonical spelling.
@Sendable private func readJSON(_ bytes: [UInt8]) {
    var canonical: [UInt8] = []
    guard Canonical.json(bytes.span, into: &canonical) else { return }
    var again: [UInt8] = []
    guard Canonical.json(canonical.span, into: &again), again == canonical else {
        finding("the canonical spelling of a JSON text has another one")
    }
    guard let value = try? JSONValue(parsing: bytes) else { return }
    guard (try? JSONValue(parsing: value.formatted())) != nil else {
        finding("a JSON value that was read cannot be written and read")
    }
}

private let layouts = Catalogue.standard.entities.map(EntityLayout.init)

/// The first byte chooses the entity, and its highest bit CSV's dialect; records that can be read give the same content digest when they are written in
/// the same format and read again.
@Sendable private func readRecords(_ input: [UInt8], _ format: Format) {
    guard let first = input.first else { return }
    let layout = layouts[Int(first & 0x7F) % layouts.count]
    let dialect: CSVDialect = first & 0x80 == 0 ? .service : .excel(.fi)
    guard let (lines, files) = copy([.init(path: [], bytes: Array(input.dropFirst()))], format, layout, dialect) else {
        return
    }
    guard let (again, _) = copy(files, format, layout, dialect) else { finding("what was written cannot be read") }
    if lines != again { finding("what was written is read as something else") }
}

private struct TableBytes {
    var path: [String]
    var bytes: [UInt8]
}

/// Reads tables and writes them again; nil if they cannot be read.
private func copy(
    _ tables: [TableBytes], _ format: Format, _ layout: EntityLayout, _ dialect: CSVDialect
) -> (lines: [UInt8], tables: [TableBytes])? {
    var lines: [UInt8] = []
    var encoder = makeEncoder(format: format, dataset: "fuzz", layout: layout, csv: dialect)
    let recordEncoder = RecordJSONEncoder(layout)
    do {
        var reader = try DatasetReader(
            format: format, layout: layout, csv: dialect, limits: BatchLimits(),
            tables: tables.map { table in
                var rest: [UInt8]? = table.bytes
                return TableSource(path: table.path) {
                    defer { rest = nil }
                    return rest
                }
            })
        encoder.begin()
        while let batch = try reader.next() {
            recordEncoder.append(batch, to: &lines)
            encoder.encode(batch)
        }
        encoder.end()
    } catch {
        return nil
    }
    let written = encoder.tables.filter { $0.path.isEmpty || $0.rows > 0 }
    return (lines, written.map { TableBytes(path: $0.path, bytes: $0.bytes) })
}

/// Stands in for a digest: no seal is ever right.
struct NoDigest: StreamingDigest {
    mutating func update(_ bytes: Span<UInt8>) {}
    func value() -> [UInt8] { [UInt8](repeating: 0, count: 32) }
}

/// An archive is opened, and every entry read.
@Sendable private func readZip(_ input: [UInt8]) {
    var limits = ReadLimits()
    limits.totalSize = 4 << 20
    limits.entrySize = 1 << 20
    limits.findings = 20
    let (reader, findings) = ZipReader.inspect(ArchiveFile(MemoryBytes(bytes: input)), limits: limits)
    guard let reader else {
        if findings.isEmpty { finding("an archive cannot be opened, and nothing says why") }
        return
    }
    _ = reader.contentFindings()
    _ = reader.containerFindings(digest: { NoDigest() })
}

/// The tag files of a bag, one behind the other with NUL between.
private struct MemoryBag: BagContents {
    static let names = [
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "fetch.txt", "data/a",
    ]
    let texts: [[UInt8]]
    let files: [BagFile]
    var findings: [VerificationFinding] { [] }
    var lacksPayloadFolder: Bool { false }

    init(_ input: [UInt8]) {
        let parts = input.split(separator: 0, maxSplits: Self.names.count - 1, omittingEmptySubsequences: false)
            .map { Array($0) }
        texts = parts
        files = parts.indices.map {
            BagFile(
                name: Self.names[$0], ordinal: $0 + 1, size: Int64(parts[$0].count), isReadable: true, index: $0,
                offset: nil)
        }
    }

    func read(_ file: BagFile, _ body: (Span<UInt8>) throws -> Void) throws {
        let text = texts[file.index]
        try body(text.span)
    }
    func containerFindings(digest: DigestFactory) -> [VerificationFinding] { [] }
}

/// A bag by each rule; nothing that has no digest of its files is ever right.
@Sendable private func readBag(_ input: [UInt8]) {
    for rules in [BagVerifier.Rules.portability, .anyBag] {
        var limits = ReadLimits()
        limits.findings = 20
        var verifier = BagVerifier(
            MemoryBag(input), rules: rules,
            algorithms: [DigestAlgorithm(name: "sha256", length: 32, make: { NoDigest() })], limits: limits)
        verifier.checkTagFiles()
        guard (try? verifier.readFiles(workers: 1)) != nil else { continue }
        _ = verifier.finished()
    }
}

/// The fields that an archive says an entity has; those of the catalogue stay what they are.
@Sendable private func readFields(_ input: [UInt8]) {
    guard let layout = try? readLayoutDescription(input, catalogue: .standard) else { return }
    guard (try? readLayoutDescription(layoutDescription(layout), catalogue: .standard)) != nil else {
        finding("a description that is written cannot be read")
    }
}

private let invoiceRules = InvoiceRules.compiled(for: Catalogue.invoice)

/// A sieve for nobody: it leaves out what is certain to be invoices and nothing else.
private let invoiceSieve = InvoiceSieve([], depth: 64)

@Sendable private func readInvoices(_ input: [UInt8]) {
    let limits = XMLLimits(depth: 64, seconds: 5)
    let reader = InvoiceReader(rules: invoiceRules, watched: [], limits: limits)
    let (transmission, first) = Transmission.begin(input, with: reader)
    let memory = InvoiceSieve.Memory()
    let isLeftOut = input.withUnsafeBufferPointer { invoiceSieve?.mayMatter($0, memory) == false }
    for (index, document) in transmission.documents.enumerated() {
        let outcome = index == 0 ? first : transmission.outcome(of: document, with: reader)
        guard case .invoice = outcome else {
            if isLeftOut { finding("a file that is left out holds something else than invoices") }
            continue
        }
        var builder = BatchBuilder(dataset: 0, limits: BatchLimits())
        builder.beginRecord(id: [0x31].span, subject: [0x31].span, subjectKind: 0)
        reader.assembler.emit(into: &builder)
        guard (try? builder.endRecord()) != nil else { continue }
        var lines: [UInt8] = []
        RecordJSONEncoder(reader.layout).append(builder.take(), to: &lines)
        var records = RecordLineReader(layout: reader.layout)
        do {
            _ = try records.feed(lines.span)
            _ = try records.finish()
        } catch {
            finding("an invoice that was read is no record")
        }
    }
}
