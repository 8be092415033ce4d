import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel

/// Writes records of a dataset into its files: one for each format, in CSV one for each table.
///
/// Runs on one task; the bytes it makes depend only on the records and their order.
final class RecordFiles {
    private struct JSONOutput {
        let format: Format
        var joiner = JSONFileJoiner()
        let writer: EntryWriter
        var pending: [UInt8] = []
    }

    private struct Output {
        let format: Format
        var encoder: any DatasetEncoder
        /// One per table of the encoder; nil until the table has a row.
        var entries: [EntryWriter?]
    }

    /// What has to be put back if records are taken back.
    private struct Before {
        var joiners: [JSONFileJoiner]
        var encoders: [any DatasetEncoder]
        var records: Int64
    }

    private let dataset: DatasetDeclaration
    /// The number of the part of the dataset; nil for a dataset that is not cut.
    private let part: Int?
    private let surroundings: DatasetWriter.Surroundings
    private var jsonOutputs: [JSONOutput] = []
    private var outputs: [Output] = []
    private var before: Before?
    private var records: Int64 = 0

    init(
        dataset: DatasetDeclaration, part: Int? = nil, layout: EntityLayout, surroundings: DatasetWriter.Surroundings
    ) throws {
        self.dataset = dataset
        self.part = part
        self.surroundings = surroundings
        for format in surroundings.formats {
            switch format {
            case .json, .jsonl:
                var output = JSONOutput(format: format, writer: try open(format, table: []))
                if format == .json {
                    var begin: [UInt8] = []
                    output.joiner.begin(into: &begin)
                    try output.writer.append(begin)
                }
                jsonOutputs.append(output)
            case .csv, .xml:
                var encoder = makeEncoder(
                    format: format, dataset: dataset.id, layout: layout, csv: surroundings.dialect)
                encoder.begin()
                outputs.append(
                    Output(
                        format: format, encoder: encoder,
                        entries: Array(repeating: nil, count: encoder.tables.count)))
            }
        }
    }

    private func open(_ format: Format, table: [String]) throws -> EntryWriter {
        let name = EncodedTable(path: table).fileName(dataset: stem, format: format)
        return try EntryWriter(
            name: "data/\(dataset.category.rawValue)/\(name)", compression: surroundings.compression,
            pool: surroundings.pool, spools: surroundings.spools, digest: SHA256Digest.factory)
    }

    /// The dataset's id, and in a set of volumes the number of the part, so that no two volumes have files of the same
    /// name.
    private var stem: String {
        guard let part else { return dataset.id }
        return "\(dataset.id).\(paddedNumber(part))"
    }

    /// Writes records.
    ///
    /// - Parameter lines: the same records as JSON Lines.
    /// - Throws: `output`.
    func write(_ batch: RecordBatch, lines: [UInt8]) throws {
        encode(batch, lines: lines)
        try keep()
    }

    /// Encodes records, which are then either written with ``keep()`` or given up with ``takeBack()``.
    ///
    /// - Parameter canTakeBack: whether the latter is possible.
    /// - Returns: the plain bytes that they come to in all files.
    @discardableResult
    func encode(_ batch: RecordBatch, lines: [UInt8], canTakeBack: Bool = false) -> Int64 {
        before =
            canTakeBack
            ? Before(joiners: jsonOutputs.map(\.joiner), encoders: outputs.map(\.encoder), records: records) : nil
        records += Int64(batch.records.count)
        var bytes = 0
        for index in jsonOutputs.indices {
            if jsonOutputs[index].format == .jsonl {
                jsonOutputs[index].pending = lines
            } else {
                var pending = exchange(&jsonOutputs[index].pending, with: [])
                jsonOutputs[index].joiner.append(jsonl: lines.span, into: &pending)
                jsonOutputs[index].pending = pending
            }
            bytes += jsonOutputs[index].pending.count
        }
        for index in outputs.indices {
            outputs[index].encoder.encode(batch)
            bytes += outputs[index].encoder.tables.reduce(0) { $0 + $1.bytes.count }
        }
        return Int64(bytes)
    }

    /// Writes what was encoded.
    ///
    /// - Throws: `output`.
    func keep() throws {
        before = nil
        for index in jsonOutputs.indices {
            try jsonOutputs[index].writer.append(jsonOutputs[index].pending)
            clearPending(index)
        }
        for index in outputs.indices { try drain(&outputs[index]) }
    }

    /// Gives up what was encoded.
    func takeBack() {
        guard let before else { return }
        self.before = nil
        records = before.records
        for index in jsonOutputs.indices {
            jsonOutputs[index].joiner = before.joiners[index]
            clearPending(index)
        }
        for index in outputs.indices { outputs[index].encoder = before.encoders[index] }
    }

    private func clearPending(_ index: Int) {
        // The memory of JSON Lines is the caller's, who fills it again.
        if jsonOutputs[index].format == .jsonl {
            jsonOutputs[index].pending = []
        } else {
            jsonOutputs[index].pending.removeAll(keepingCapacity: true)
        }
    }

    private func drain(_ output: inout Output) throws {
        for table in output.encoder.tables.indices {
            let isMain = output.encoder.tables[table].path.isEmpty
            if output.encoder.tables[table].rows == 0 && !isMain { continue }
            if output.entries[table] == nil {
                output.entries[table] = try open(output.format, table: output.encoder.tables[table].path)
            }
            try output.entries[table]?.append(output.encoder.tables[table].bytes)
            output.encoder.tables[table].bytes.removeAll(keepingCapacity: true)
        }
    }

    /// The most files that there may be.
    var limit: Int { jsonOutputs.count + outputs.reduce(0) { $0 + $1.entries.count } }

    /// The packed bytes of all files if they ended here but for their last lines.
    ///
    /// - Throws: `output`.
    func packedSize() throws -> Int64 {
        let writers = jsonOutputs.map(\.writer) + outputs.flatMap { $0.entries.compactMap(\.self) }
        return try writers.reduce(0) { $0 + (try $1.packedSize()) }
    }

    /// Ends all files, and gives them in the order of the formats.
    ///
    /// - Throws: `ledger` if an encoder wrote another number of records than it was given; `output`.
    func finish() throws -> [DatasetWriter.Result.File] {
        var files: [DatasetWriter.Result.File] = []
        for index in jsonOutputs.indices {
            if jsonOutputs[index].format == .json {
                var end: [UInt8] = []
                jsonOutputs[index].joiner.end(into: &end)
                try jsonOutputs[index].writer.append(end)
            }
            files.append(
                .init(
                    format: jsonOutputs[index].format, table: [], rows: records,
                    entry: try jsonOutputs[index].writer.finish()))
        }
        for index in outputs.indices {
            outputs[index].encoder.end()
            try drain(&outputs[index])
            for (table, entry) in outputs[index].entries.enumerated() {
                guard let entry else { continue }
                let encoded = outputs[index].encoder.tables[table]
                files.append(
                    .init(
                        format: outputs[index].format, table: encoded.path, rows: encoded.rows,
                        entry: try entry.finish()))
            }
        }
        guard files.allSatisfy({ !$0.table.isEmpty || $0.rows == records }) else {
            throw PortabilityError(
                .ledger, "the encoders wrote another number of records than were judged",
                remedy: "This is a fault of the program; the archive was not written", at: .init(dataset: dataset.id))
        }
        let order = surroundings.formats
        files.sort { left, right in
            let (l, r) = (order.firstIndex(of: left.format) ?? 0, order.firstIndex(of: right.format) ?? 0)
            return l != r ? l < r : left.table.joined(separator: ".") < right.table.joined(separator: ".")
        }
        return files
    }

    /// Gives everything up.
    func discard() {
        for output in jsonOutputs { output.writer.discard() }
        for output in outputs { for entry in output.entries { entry?.discard() } }
    }
}

/// A number of volumes and parts as file names have it: three digits, more only beyond 999.
func paddedNumber(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
}
