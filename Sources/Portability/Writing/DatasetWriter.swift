import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel
import PortabilityReport
import PortabilityScope
import Synchronization

/// Takes a dataset's batches, judges every record once, and writes it in every format.
///
/// Runs on one task; the bytes it makes depend only on the records and their order.
final class DatasetWriter {
    /// Shared surroundings of all datasets of an export.
    struct Surroundings: Sendable {
        let formats: [Format]
        let compression: Compression
        let pool: CompressionPool
        let spools: SpoolFactory
        let dialect: CSVDialect
        /// What writes records as JSON Lines, by entity.
        let recordEncoders: [String: RecordJSONEncoder]
        let scope: ScopeContext
        /// Whether all records are put aside to be printed on the page.
        var printsAll = false
        /// Whether the archive may have to be cut into volumes, for which the records are read again.
        var mayBeCut = false

        /// Whether all records are put aside as JSON Lines, beside the archive's own files.
        var keepsLines: Bool { printsAll || mayBeCut && !formats.contains(.jsonl) }
    }

    /// What came of a dataset.
    struct Result: Sendable {
        struct File: Sendable {
            let format: Format
            let table: [String]
            let rows: Int64
            let entry: SpooledEntry
        }
        var extracted: Int64
        var exported: Int64
        var ledger: ScopeLedger
        var contentDigest: [UInt8]
        var files: [File]
        var rows: ArchiveSummary.Rows?
        /// All records as JSON Lines, for the page and for volumes; not part of the archive.
        var lines: SpooledEntry?
    }

    private let dataset: DatasetDeclaration
    private let layout: EntityLayout
    private let surroundings: Surroundings
    private var scope: RecordScope
    private var rows: RowCollector
    private var allowed: [KeySet]
    private var tenants: KeySet
    private var lineEntry: EntryWriter?

    private let recordEncoder: RecordJSONEncoder
    private var contentDigest = SHA256Digest()
    private var lines: [UInt8] = []
    private let files: RecordFiles

    private var extracted: Int64 = 0
    private var exported: Int64 = 0
    private var lastID: [UInt8] = []
    private var lastIDKind: RecordIDKind?
    private var lastPosition: (file: UInt32, offset: UInt64)?

    init(
        dataset: DatasetDeclaration, layout: EntityLayout, subject: SubjectKeys, scope: RecordScope,
        surroundings: Surroundings
    ) throws {
        self.dataset = dataset
        self.layout = layout
        self.surroundings = surroundings
        self.scope = scope
        rows = RowCollector(dateField: dataset.recordDate.flatMap { layout.groups[0].index(of: $0) })
        allowed = dataset.subjectKinds.map { KeySet(subject[$0]) }
        tenants = KeySet(dataset.tenantKind.map { subject[$0] } ?? [])
        recordEncoder = surroundings.recordEncoders[layout.entity.name] ?? RecordJSONEncoder(layout)
        files = try RecordFiles(dataset: dataset, layout: layout, surroundings: surroundings)
        if surroundings.keepsLines {
            lineEntry = try EntryWriter(
                name: "\(dataset.id).jsonl", compression: surroundings.compression, pool: surroundings.pool,
                spools: surroundings.spools, digest: SHA256Digest.factory)
        }
    }

    /// Takes a batch.
    ///
    /// - Throws: `scopeViolation` if a record is of another subject or tenant or out of order; `output`.
    func write(_ batch: consuming RecordBatch) throws {
        try judge(batch)
        try scope.apply(to: &batch)
        exported += Int64(batch.records.count)
        rows.take(batch)
        lines.removeAll(keepingCapacity: true)
        recordEncoder.append(batch, to: &lines)
        contentDigest.update(lines.span)
        try lineEntry?.append(lines)
        try files.write(batch, lines: lines)
    }

    /// Compares every record's subject, tenant and place with what was asked for. The extractor is not believed.
    private func judge(_ batch: borrowing RecordBatch) throws {
        for record in batch.records {
            extracted += 1
            let kind = Int(record.subjectKind)
            guard kind < allowed.count, allowed[kind].contains(batch.bytes[record.subject.range]) else {
                throw violation(
                    "a record of another subject was delivered",
                    "The query or the extractor must select by the subject's identifiers only")
            }
            if dataset.role == .processor {
                guard tenants.contains(batch.bytes[record.tenant.range]) else {
                    throw violation(
                        "a record of another tenant was delivered",
                        "The query or the extractor must select by the tenant's key")
                }
            }
            switch dataset.order {
            case .recordID: try checkID(batch, record)
            case .position:
                let position = (file: record.file, offset: record.position)
                if let lastPosition, position <= lastPosition {
                    throw violation(
                        "records are not in the order of files and offsets", "This is a fault of the extractor")
                }
                lastPosition = position
            }
        }
    }

    private func checkID(_ batch: borrowing RecordBatch, _ record: RecordHead) throws {
        let id = batch.bytes[record.id.range]
        if let lastIDKind {
            let ascends =
                switch (lastIDKind, record.idKind) {
                case (.integer, .integer): integerPrecedes(lastID[...], id)
                case (.text, .text): lastID.lexicographicallyPrecedes(id)
                default: false
                }
            guard ascends else {
                throw violation(
                    "rows are not strictly ascending by record_id",
                    "Add `ORDER BY record_id` to the query (bytewise for text), and make sure the key is unique")
            }
        }
        lastIDKind = record.idKind
        lastID.removeAll(keepingCapacity: true)
        lastID.append(contentsOf: id)
    }

    private func violation(_ message: String, _ remedy: String) -> PortabilityError {
        PortabilityError(.scopeViolation, message, remedy: remedy, at: .init(dataset: dataset.id, record: extracted))
    }

    /// Ends all files.
    ///
    /// - Throws: `ledger` if an encoder wrote another number of records than were judged; `output`.
    func finish() throws -> Result {
        let files = try files.finish()
        let withheld = scope.ledger.withheld.values.reduce(0, +)
        guard extracted == exported + withheld, files.allSatisfy({ !$0.table.isEmpty || $0.rows == exported }) else {
            throw PortabilityError(
                .ledger, "the encoders wrote another number of records than were judged",
                remedy: "This is a fault of the program; the archive was not written", at: .init(dataset: dataset.id))
        }
        return Result(
            extracted: extracted, exported: exported, ledger: scope.ledger, contentDigest: contentDigest.value(),
            files: files, rows: rows.rows(layout: layout), lines: try lineEntry?.finish())
    }

    /// Gives everything up.
    func discard() {
        lineEntry?.discard()
        files.discard()
    }
}

/// Keys that records may carry. Most records of a dataset carry the same one, so the one found last is tried first.
private struct KeySet {
    private let keys: Set<[UInt8]>
    private var last: [UInt8]?

    init(_ keys: some Sequence<String>) { self.keys = Set(keys.map { Array($0.utf8) }) }

    mutating func contains(_ key: ArraySlice<UInt8>) -> Bool {
        if let last, key.elementsEqual(last) { return true }
        let key = Array(key)
        guard keys.contains(key) else { return false }
        last = key
        return true
    }
}

/// Whether one canonical integer is smaller than another, of any length.
func integerPrecedes(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    let leftNegative = left.first == 45
    let rightNegative = right.first == 45
    if leftNegative != rightNegative { return leftNegative }
    let (l, r) = (leftNegative ? left.dropFirst() : left, rightNegative ? right.dropFirst() : right)
    let smaller = l.count != r.count ? l.count < r.count : l.lexicographicallyPrecedes(r)
    let equal = l.count == r.count && l.elementsEqual(r)
    return equal ? false : smaller != leftNegative
}
