import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel

/// What the files of one dataset have in common.
struct FormatFileOptions: Sendable {
    var formats: [Format]
    var dialect: CSVDialect
    var assembler: ArchiveAssembler
}

/// Writes the records of one dataset in several formats at once, and computes what its ledger must say.
///
/// The bytes depend on the records and their order only, not on how they came in batches.
final class FormatFiles {
    /// One file, packed.
    struct File: Sendable {
        let format: Format
        /// Names from the record to the list; empty for the dataset's own file.
        let table: [String]
        let rows: Int64
        let entry: SpooledEntry
    }

    /// What was written.
    struct Result: Sendable {
        var files: [File]
        var records: Int64
        /// SHA-256 of the records as JSON Lines.
        var contentDigest: [UInt8]

        func discard() { for file in files { file.entry.close() } }
    }

    private struct Output {
        let format: Format
        var encoder: any DatasetEncoder
        /// One per table of the encoder; nil until the table has a row.
        var entries: [EntryWriter?]
    }

    private let dataset: String
    private let category: Category
    private let options: FormatFileOptions
    private let lineEncoder: RecordJSONEncoder
    private var lines: [UInt8] = []
    private var joined: [UInt8] = []
    private var joiner = JSONFileJoiner()
    private var jsonEntries: [(format: Format, writer: EntryWriter)] = []
    private var outputs: [Output] = []
    private var digest = SHA256Digest()
    private var records: Int64 = 0

    /// Opens the files.
    ///
    /// - Throws: `output` for a name that cannot be a file's.
    init(dataset: String, category: Category, layout: EntityLayout, options: FormatFileOptions) throws {
        self.dataset = dataset
        self.category = category
        self.options = options
        lineEncoder = RecordJSONEncoder(layout)
        for format in options.formats {
            switch format {
            case .json, .jsonl:
                let writer = try open(format, table: [])
                if format == .json {
                    joiner.begin(into: &joined)
                    try writer.append(joined)
                }
                jsonEntries.append((format, writer))
            case .csv, .xml:
                var encoder = makeEncoder(format: format, dataset: dataset, layout: layout, csv: options.dialect)
                encoder.begin()
                let entries = [EntryWriter?](repeating: nil, count: encoder.tables.count)
                outputs.append(Output(format: format, encoder: encoder, entries: entries))
            }
        }
    }

    private func open(_ format: Format, table: [String]) throws -> EntryWriter {
        let name = EncodedTable(path: table).fileName(dataset: dataset, format: format)
        return try options.assembler.open("data/\(category.rawValue)/\(name)")
    }

    /// Takes a batch.
    ///
    /// - Throws: `output`, `cancelled`.
    func write(_ batch: RecordBatch) throws {
        records += Int64(batch.records.count)
        lines.removeAll(keepingCapacity: true)
        lineEncoder.append(batch, to: &lines)
        digest.update(lines.span)
        for entry in jsonEntries {
            if entry.format == .jsonl {
                try entry.writer.append(lines)
            } else {
                joined.removeAll(keepingCapacity: true)
                joiner.append(jsonl: lines.span, into: &joined)
                try entry.writer.append(joined)
            }
        }
        for index in outputs.indices {
            outputs[index].encoder.encode(batch)
            try drain(&outputs[index])
        }
    }

    private func drain(_ output: inout Output) throws {
        for table in output.encoder.tables.indices {
            if output.encoder.tables[table].rows == 0, !output.encoder.tables[table].path.isEmpty { continue }
            if output.entries[table] == nil {
                output.entries[table] = try open(output.format, table: output.encoder.tables[table].path)
            }
            try output.entries[table]?.append(output.encoder.tables[table].bytes)
            output.encoder.tables[table].bytes.removeAll(keepingCapacity: true)
        }
    }

    /// Ends all files.
    ///
    /// - Throws: `ledger` if an encoder wrote another number of records than there were; `output`.
    func finish() throws -> Result {
        var files: [File] = []
        do {
            for entry in jsonEntries {
                if entry.format == .json {
                    joined.removeAll(keepingCapacity: true)
                    joiner.end(into: &joined)
                    try entry.writer.append(joined)
                }
                files.append(File(format: entry.format, table: [], rows: records, entry: try entry.writer.finish()))
            }
            for index in outputs.indices {
                outputs[index].encoder.end()
                try drain(&outputs[index])
                for (table, entry) in outputs[index].entries.enumerated() {
                    guard let entry else { continue }
                    let encoded = outputs[index].encoder.tables[table]
                    files.append(
                        File(
                            format: outputs[index].format, table: encoded.path, rows: encoded.rows,
                            entry: try entry.finish()))
                }
            }
            guard files.allSatisfy({ !$0.table.isEmpty || $0.rows == records }) else {
                throw PortabilityError(
                    .ledger, "the encoders wrote another number of records than were read",
                    remedy: "This is a fault of the program; the archive was not written", at: .init(dataset: dataset))
            }
        } catch {
            for file in files { file.entry.close() }
            throw error
        }
        let order = options.formats
        files.sort { left, right in
            let (l, r) = (order.firstIndex(of: left.format) ?? 0, order.firstIndex(of: right.format) ?? 0)
            return l != r ? l < r : left.table.joined(separator: ".") < right.table.joined(separator: ".")
        }
        return Result(files: files, records: records, contentDigest: digest.value())
    }

    /// Gives everything up.
    func discard() {
        for entry in jsonEntries { entry.writer.discard() }
        for output in outputs { for entry in output.entries { entry?.discard() } }
    }
}
