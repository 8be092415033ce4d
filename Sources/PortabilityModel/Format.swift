/// A machine-readable form of a dataset.
public enum Format: String, Sendable, CaseIterable {
    case json, jsonl, csv, xml

    /// IANA media type.
    public var mediaType: String {
        switch self {
        case .json: "application/json"
        case .jsonl: "application/jsonl"
        case .csv: "text/csv"
        case .xml: "application/xml"
        }
    }
}

/// One file that an encoder writes: a dataset's own, or that of a child table.
public struct EncodedTable: Sendable {
    /// Names from the record to the group or list, empty for the dataset's own table; `["other"]` for `other` fields.
    public var path: [String]
    /// Bytes not yet taken by the engine.
    public var bytes: [UInt8] = []
    /// Rows written so far.
    public var rows: Int64 = 0

    public init(path: [String]) { self.path = path }

    /// `<dataset>[.<group>…].<format>`.
    public func fileName(dataset: String, format: Format) -> String {
        ([dataset] + path + [format.rawValue]).joined(separator: ".")
    }
}

/// Writes the records of one dataset in one format. A value over byte arrays: no I/O, no waiting.
///
/// The engine calls ``begin()``, then ``encode(_:)`` for each batch, then ``end()``, and between calls takes the bytes
/// out of ``tables``. A table with no rows is left out of the archive unless its path is empty.
public protocol DatasetEncoder: Sendable {
    /// The files, the dataset's own first.
    var tables: [EncodedTable] { get set }
    /// What stands before the first record.
    mutating func begin()
    /// All records of a batch.
    mutating func encode(_ batch: RecordBatch)
    /// What stands after the last record.
    mutating func end()
}

/// Reads back what an encoder wrote.
///
/// Push style: the caller feeds bytes of one table and takes batches out.
public protocol DatasetDecoder: ~Copyable {
    /// Reads a piece of the file.
    /// - Throws: `malformed` with line and byte, `limit`.
    mutating func feed(_ bytes: Span<UInt8>) throws
    /// The file is at its end.
    mutating func finish() throws
    /// Records read so far, handed out; nil if there are none.
    mutating func take() -> RecordBatch?
}
