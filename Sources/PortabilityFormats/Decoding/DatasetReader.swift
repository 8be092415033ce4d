public import PortabilityModel

/// One file of a dataset, to be read.
public struct TableSource {
    /// As in ``EncodedTable/path``: empty for the dataset's own file.
    public var path: [String]
    /// The next piece of the file, of any size; nil at its end.
    public var next: () throws -> [UInt8]?

    public init(path: [String] = [], next: @escaping () throws -> [UInt8]?) {
        self.path = path
        self.next = next
    }
}

/// Records that are pulled batch by batch.
protocol RecordSource: ~Copyable {
    /// The next records, nil at the end.
    mutating func next() throws -> RecordBatch?
}

/// Reads back the records that an encoder wrote.
///
/// Strict: what an encoder of this format could not have written is `malformed`; only spaces and needless escapes in
/// JSON, and needless quotes in CSV, are let pass. The heads of the records hold the id alone.
public struct DatasetReader: ~Copyable {
    private var records: any RecordSource & ~Copyable

    /// Opens a dataset.
    ///
    /// - Parameters:
    ///   - csv: the dialect of CSV; other formats do not look at it.
    ///   - dataset: the index that the batches carry.
    ///   - tables: the dataset's file; in CSV also those of its lists and `other` that are in the archive.
    /// - Throws: `malformed` if tables are missing, are too many or have other columns; what a source throws.
    public init(
        format: Format, layout: EntityLayout, csv: CSVDialect = .service, dataset: Int = 0,
        limits: BatchLimits = BatchLimits(), tables: [TableSource]
    ) throws {
        if format == .csv {
            records = try CSVDatasetDecoder(
                layout: layout, dialect: csv, dataset: dataset, limits: limits, sources: tables)
            return
        }
        guard tables.count == 1, tables[0].path.isEmpty else {
            throw PortabilityError(.malformed, "a dataset in \(format.rawValue) is one file")
        }
        if format == .xml {
            let decoder = XMLDecoder(layout: layout, dataset: dataset, limits: limits)
            records = FileReader(decoder: decoder, source: tables[0])
        } else {
            let decoder = JSONRecordsDecoder(
                isArray: format == .json, layout: layout, dataset: dataset, limits: limits)
            records = FileReader(decoder: decoder, source: tables[0])
        }
    }

    /// The next records, nil at the end.
    ///
    /// - Throws: `malformed` with line and byte, `limit`, and what a source throws.
    public mutating func next() throws -> RecordBatch? { try records.next() }
}

/// Feeds a decoder from its file.
private struct FileReader<Decoder: DatasetDecoder & ~Copyable>: ~Copyable, RecordSource {
    var decoder: Decoder
    let source: TableSource
    private var isAtEnd = false

    init(decoder: consuming Decoder, source: TableSource) {
        self.decoder = decoder
        self.source = source
    }

    mutating func next() throws -> RecordBatch? {
        while !isAtEnd {
            if let bytes = try source.next() {
                try decoder.feed(bytes.span)
            } else {
                try decoder.finish()
                isAtEnd = true
            }
            if let batch = decoder.take() { return batch }
        }
        return nil
    }
}

/// Reads records from JSON Lines that are handed over piece by piece, where the bytes cannot be pulled.
public struct RecordLineReader: ~Copyable {
    private var decoder: JSONRecordsDecoder

    public init(layout: EntityLayout, dataset: Int = 0, limits: BatchLimits = BatchLimits()) {
        decoder = JSONRecordsDecoder(isArray: false, layout: layout, dataset: dataset, limits: limits)
    }

    /// Takes a piece; gives the records that are complete, if there are enough for a batch.
    ///
    /// - Throws: `malformed`, `limit`.
    public mutating func feed(_ bytes: Span<UInt8>) throws -> RecordBatch? {
        try decoder.feed(bytes)
        return decoder.take()
    }

    /// The last records.
    ///
    /// - Throws: `malformed` if the last line is not complete.
    public mutating func finish() throws -> RecordBatch? {
        try decoder.finish()
        return decoder.take()
    }
}
