import Glibc
import InvoiceExtractor
import PortabilityModel

/// A digest that is quick and good enough to tell test files apart.
struct TestDigest: StreamingDigest {
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

/// A record as an engine gets it.
struct TestRecord: Equatable {
    var id: String
    var subject: String
    var subjectKind: Int
    var tenant: String
    var file: Int
    var position: UInt64
    /// One line a value: path, `=`, value; elements of lists numbered from 1; `other` fields behind `other:`.
    var lines: [String]

    /// The value of a field, nil if it is absent.
    subscript(path: String) -> String? {
        lines.first { $0.hasPrefix("\(path)=") }.map { String($0.dropFirst(path.count + 1)) }
    }
}

/// Takes everything an extractor pushes.
actor TestSink: RecordSink {
    private let layout = EntityLayout(Catalogue.invoice)
    private(set) var records: [TestRecord] = []
    private(set) var documents: [Document] = []
    private(set) var findings: [Finding] = []
    private let givesDocuments: Bool

    init(givesDocuments: Bool = true) { self.givesDocuments = givesDocuments }

    func push(_ batch: consuming RecordBatch) async throws {
        let batch = batch
        for head in batch.records {
            records.append(
                TestRecord(
                    id: batch.text(head.id), subject: batch.text(head.subject), subjectKind: Int(head.subjectKind),
                    tenant: batch.text(head.tenant), file: Int(head.file), position: head.position,
                    lines: lines(of: head, in: batch)))
        }
    }

    func document(_ document: Document, dataset: Int) async throws -> String? {
        guard givesDocuments else { return nil }
        documents.append(document)
        return "data/documents/test-\(documents.count)"
    }

    func report(_ finding: Finding) async { findings.append(finding) }

    private func lines(of head: RecordHead, in batch: RecordBatch) -> [String] {
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
                let field = layout.groups[group].fields[Int(token.field)]
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
}

/// A source with one dataset over a folder.
func source(
    path: String, direction: InvoiceConfiguration.Direction = .received,
    match: [InvoiceConfiguration.Match] = [], kinds: [String] = ["customer_number"], tenant: String? = nil,
    keepOriginals: Bool = false, attachments: Bool = true, exclusions: [DatasetDeclaration.Exclusion] = [],
    threads: Int? = nil
) -> InvoiceExtractor {
    let dataset = DatasetDeclaration(
        id: "invoices", entity: "invoice", category: .invoicing, role: tenant == nil ? .controller : .processor,
        origin: Origin(kind: .provided, by: .customer), purposes: ["service"], subjectKinds: kinds,
        tenantKind: tenant, order: .position)
    return InvoiceExtractor(
        configuration: InvoiceConfiguration(
            declaration: SourceDeclaration(
                id: "billing", kind: "invoices", role: dataset.role, datasets: [dataset], exclusions: exclusions),
            datasets: [
                InvoiceConfiguration.Dataset(
                    id: "invoices", path: path, direction: direction, match: match, keepOriginals: keepOriginals,
                    attachments: attachments)
            ]), digest: { TestDigest() }, threads: threads)
}

/// What came of reading one dataset.
struct Reading {
    var records: [TestRecord]
    var documents: [Document]
    var findings: [Finding]
    var end: ExtractionEnd

    /// Findings of a kind.
    func findings(_ kind: Finding.Kind) -> [Finding] { findings.filter { $0.kind == kind } }
}

/// Opens, reads and closes.
func read(
    _ extractor: InvoiceExtractor, in folder: String, subject: [Identifier], limits: SourceLimits = SourceLimits(),
    batchLimits: BatchLimits = BatchLimits(), givesDocuments: Bool = true
) async throws -> Reading {
    let context = ExtractionContext(
        source: "billing", baseDirectory: folder, catalogue: Catalogue(version: "1.0", entities: [Catalogue.invoice]),
        batchLimits: batchLimits, limits: limits)
    let session = try await extractor.open(context)
    let sink = TestSink(givesDocuments: givesDocuments)
    let end = try await session.extract(
        ExtractionRequest(datasets: ["invoices"], subject: SubjectKeys(subject)), into: sink)
    await session.close()
    return await Reading(records: sink.records, documents: sink.documents, findings: sink.findings, end: end)
}

/// Where the test data of invoices lie.
let dataFolder: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Data/invoices"
}()

/// The bytes of a file.
func bytes(of path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw PortabilityError(.unavailable, "no test file") }
    defer { fclose(file) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { all += buffer[..<count] }
    return all
}

/// A folder that is gone when it is released.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/invoices-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw PortabilityError(.unavailable, "no test folder") }
        path = String(cString: made)
    }

    deinit { Self.remove(path) }

    /// Writes a file, making the folders above it.
    @discardableResult
    func write(_ name: String, _ content: [UInt8]) throws -> TestFolder {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            mkdir(folder, 0o700)
        }
        guard let file = fopen("\(path)/\(name)", "wb") else { throw PortabilityError(.output, "no test file") }
        defer { fclose(file) }
        guard fwrite(content, 1, content.count, file) == content.count else {
            throw PortabilityError(.output, "no test file")
        }
        return self
    }

    @discardableResult
    func write(_ name: String, _ content: String) throws -> TestFolder { try write(name, Array(content.utf8)) }

    func makeFolder(_ name: String) { mkdir("\(path)/\(name)", 0o700) }
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

/// Reads everything in a folder of the test, under a path with the identifier `all`.
func readAll(
    _ folder: TestFolder, limits: SourceLimits = SourceLimits(), keepOriginals: Bool = false,
    givesDocuments: Bool = true
) async throws -> Reading {
    try await read(
        source(path: "{folder}/*", kinds: ["folder"], keepOriginals: keepOriginals), in: folder.path,
        subject: [Identifier(kind: "folder", value: "all")], limits: limits, givesDocuments: givesDocuments)
}

/// Reads one document.
func readOne(_ content: [UInt8], limits: SourceLimits = SourceLimits()) async throws -> Reading {
    try await readAll(TestFolder().write("all/1.xml", content), limits: limits)
}

func readOne(_ content: String, limits: SourceLimits = SourceLimits()) async throws -> Reading {
    try await readOne(Array(content.utf8), limits: limits)
}

/// A UBL invoice with the least it needs, and what a test adds before its totals and to its one line.
func ublInvoice(
    number: String = "1", buyer: String = "Ostaja Oy", buyerID: String = "1001", head: String = "", line: String = ""
) -> String {
    """
    <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
        xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
        xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
      <cbc:ID>\(number)</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate>
      <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
      <cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Myyjä Oy</cbc:RegistrationName>
        </cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
      <cac:AccountingCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID>\(buyerID)</cbc:ID></cac:PartyIdentification>
        <cac:PartyLegalEntity><cbc:RegistrationName>\(buyer)</cbc:RegistrationName></cac:PartyLegalEntity>
        </cac:Party></cac:AccountingCustomerParty>
      \(head)
      <cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="EUR">1.00</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal>
      <cac:InvoiceLine><cbc:ID>1</cbc:ID>\(line)</cac:InvoiceLine>
    </Invoice>
    """
}

/// A Finvoice message with the least it needs, and what a test adds.
func finvoice(
    number: String = "1", seller: String = "", details: String = "", rows: String = "", rest: String = ""
) -> String {
    """
    <Finvoice Version="3.0">
    <SellerPartyDetails><SellerPartyIdentifier>1234567-1</SellerPartyIdentifier>
    <SellerOrganisationName>Myyjä Oy</SellerOrganisationName></SellerPartyDetails>\(seller)
    <BuyerPartyDetails><BuyerPartyIdentifier>7654321-2</BuyerPartyIdentifier>
    <BuyerOrganisationName>Ostaja Oy</BuyerOrganisationName></BuyerPartyDetails>
    <InvoiceDetails><InvoiceTypeCode>INV01</InvoiceTypeCode><InvoiceNumber>\(number)</InvoiceNumber>
    <InvoiceDate Format="CCYYMMDD">20260301</InvoiceDate>
    <InvoiceTotalVatIncludedAmount AmountCurrencyIdentifier="EUR">12,40</InvoiceTotalVatIncludedAmount>\(details)</InvoiceDetails>
    <InvoiceRow><ArticleName>Työ</ArticleName></InvoiceRow>\(rows)\(rest)
    </Finvoice>
    """
}
