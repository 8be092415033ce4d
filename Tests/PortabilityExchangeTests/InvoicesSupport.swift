import Glibc
import InvoiceExtractor
import PortabilityExchange
import PortabilityModel

/// A digest that is quick and good enough to tell test files apart.
private struct TestDigest: StreamingDigest {
    private var lanes: [UInt64] = [0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4, 0x9e37_79b9_7f4a_7c15, 1]

    mutating func update(_ bytes: Span<UInt8>) {
        for index in 0..<bytes.count {
            for lane in 0..<4 {
                lanes[lane] = (lanes[lane] ^ (UInt64(bytes[index]) &+ UInt64(lane))) &* 0x0000_0100_0000_01b3
            }
        }
    }

    func value() -> [UInt8] { lanes.flatMap { lane in (0..<8).map { UInt8(truncatingIfNeeded: lane >> ($0 * 8)) } } }
}

private actor BatchSink: RecordSink {
    private(set) var batches: [RecordBatch] = []

    func push(_ batch: consuming RecordBatch) async throws { batches.append(batch) }
    func document(_ document: PortabilityModel.Document, dataset: Int) async throws -> String? {
        "data/documents/invoices-000001.bin"
    }
    func report(_ finding: Finding) async {}
}

let invoiceLayout = EntityLayout(Catalogue.invoice)

/// Where the test data lie.
let testData: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Data"
}()

/// Reads the invoices of a folder, in the order of their names.
func readInvoices(_ pattern: String = "*.xml", in folder: String) async throws -> [RecordBatch] {
    let parts = folder.split(separator: "/").map(String.init)
    let dataset = DatasetDeclaration(
        id: "invoices", entity: "invoice", category: .invoicing, role: .controller,
        origin: Origin(kind: .provided, by: .customer), purposes: ["service"], subjectKinds: ["folder"],
        order: .position)
    let extractor = InvoiceExtractor(
        configuration: InvoiceConfiguration(
            declaration: SourceDeclaration(id: "billing", kind: "invoices", role: .controller, datasets: [dataset]),
            datasets: [
                InvoiceConfiguration.Dataset(
                    id: "invoices", path: "{folder}/\(pattern)", direction: .received, keepOriginals: false)
            ]), digest: { TestDigest() })
    let session = try await extractor.open(
        ExtractionContext(
            source: "billing", baseDirectory: "/" + parts.dropLast().joined(separator: "/"),
            catalogue: Catalogue(version: "1.0", entities: [Catalogue.invoice]), batchLimits: BatchLimits(),
            limits: SourceLimits()))
    let sink = BatchSink()
    _ = try await session.extract(
        ExtractionRequest(
            datasets: ["invoices"], subject: SubjectKeys([Identifier(kind: "folder", value: parts[parts.count - 1])])),
        into: sink)
    await session.close()
    return await sink.batches
}

/// Gives batches of invoices to a maker.
func makeInvoices(_ maker: some ExchangeMaker, of batches: [RecordBatch], language: Language = .en) throws
    -> MemoryOutput
{
    var maker = maker
    let output = MemoryOutput()
    try maker.begin(
        ExchangeDataset(id: "invoices", layout: invoiceLayout, role: .controller, language: language), into: output)
    for batch in batches { try maker.take(batch, into: output) }
    try maker.end(into: output)
    try maker.finish(into: output)
    return output
}

/// A folder that is gone when it is released.
final class InvoiceFolder: Sendable {
    let path: String

    init(_ files: [(name: String, mediaType: String, bytes: [UInt8])]) throws {
        var template = Array("/tmp/exchange-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw PortabilityError(.unavailable, "no test folder") }
        path = String(cString: made)
        for file in files {
            guard let handle = fopen("\(path)/\(file.name)", "wb") else { throw PortabilityError(.output, "no file") }
            fwrite(file.bytes, 1, file.bytes.count, handle)
            fclose(handle)
        }
    }

    deinit {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { unlink("\(path)/\(name)") }
            }
            closedir(folder)
        }
        rmdir(path)
    }
}

/// What a maker made, read by this project's own reader: a record for each file.
func readBack(_ output: MemoryOutput) async throws -> [InvoiceLines] {
    let folder = try InvoiceFolder(output.files)
    return lines(of: try await readInvoices(in: folder.path))
}

/// A record as lines `path=value`, elements of lists numbered from 1.
typealias InvoiceLines = [String]

func lines(of batches: [RecordBatch]) -> [InvoiceLines] {
    batches.flatMap { batch in batch.records.map { lines(of: $0, in: batch) } }
}

private func lines(of head: RecordHead, in batch: RecordBatch) -> InvoiceLines {
    var lines: [String] = []
    var index = head.tokens.lowerBound

    func values(until end: Int, group: Int, prefix: String) {
        while index < end {
            let token = batch.tokens[index]
            if token.kind == .otherName {
                lines.append("other:\(batch.text(token))=\(batch.text(batch.tokens[index + 1]))")
                index += 2
                continue
            }
            let field = invoiceLayout.groups[group].fields[Int(token.field)]
            let path = prefix + field.name
            switch token.kind {
            case .groupBegin:
                let end = index + 1 + Int(token.length)
                index += 1
                values(until: end, group: field.group, prefix: "\(path).")
                index += 1
            case .listBegin:
                let end = index + 1 + Int(token.length)
                index += 1
                var place = 1
                while index < end {
                    let element = batch.tokens[index]
                    if element.kind == .groupBegin {
                        let inner = index + 1 + Int(element.length)
                        index += 1
                        values(until: inner, group: field.group, prefix: "\(path)[\(place)].")
                        index += 1
                    } else {
                        lines.append("\(path)[\(place)]=\(batch.text(element))")
                        index += 1
                    }
                    place += 1
                }
                index += 1
            default:
                lines.append("\(path)=\(batch.text(token))")
                index += 1
            }
        }
    }

    values(until: head.tokens.upperBound, group: 0, prefix: "")
    return lines
}

/// The path of a line without the places in lists, as notes have it.
func plainPath(_ line: String) -> String {
    let path = line.split(separator: "=", maxSplits: 1)[0]
    var out = ""
    var isInside = false
    for character in path {
        if character == "[" {
            isInside = true
        } else if character == "]" {
            isInside = false
        } else if !isInside {
            out.append(character)
        }
    }
    return out.hasPrefix("other:") ? "other" : out
}

/// Paths of values that one record has and another has not.
func lost(_ original: InvoiceLines, in copy: InvoiceLines) -> Set<String> {
    Set(Set(original).subtracting(copy).map(plainPath))
}
