import PortabilityModel

/// Makes a JSON file out of JSON Lines, so that records are encoded once for digest, `.jsonl` and `.json`.
///
/// The file is `[` LF, the records joined by `,` LF, LF `]` LF; without records `[` LF `]` LF.
public struct JSONFileJoiner: Sendable {
    private var hasRecords = false

    public init() {}

    /// Appends what stands before the first record.
    public mutating func begin(into out: inout [UInt8]) {
        hasRecords = false
        Self.appendBegin(to: &out)
    }

    static func appendBegin(to out: inout [UInt8]) { out.append(contentsOf: "[\n".utf8) }

    /// Appends whole records, given as JSON Lines.
    public mutating func append(jsonl: Span<UInt8>, into out: inout [UInt8]) {
        var at = 0
        if out.isEmpty { out.reserveCapacity(jsonl.count + jsonl.count / 32) }
        while at < jsonl.count {
            let end = Marks.first(jsonl, at..<jsonl.count) { Marks.equal($0, UInt8(ascii: "\n")) }
            if hasRecords { out.append(contentsOf: [UInt8(ascii: ","), UInt8(ascii: "\n")]) }
            out.append(jsonl.extracting(at..<end))
            hasRecords = true
            at = end + 1
        }
    }

    /// Appends what stands after the last record.
    public mutating func end(into out: inout [UInt8]) {
        Self.appendEnd(hasRecords: hasRecords, to: &out)
    }

    static func appendEnd(hasRecords: Bool, to out: inout [UInt8]) {
        out.append(contentsOf: hasRecords ? "\n]\n".utf8 : "]\n".utf8)
    }
}

/// JSON Lines: each record and LF.
struct JSONLinesEncoder: DatasetEncoder {
    var tables = [EncodedTable(path: [])]
    private let records: RecordJSONEncoder

    init(layout: EntityLayout) { records = RecordJSONEncoder(layout) }

    mutating func begin() {}

    mutating func encode(_ batch: RecordBatch) {
        records.append(batch, to: &tables[0].bytes)
        tables[0].rows += Int64(batch.records.count)
    }

    mutating func end() {}
}

/// One JSON array of records.
struct JSONFileEncoder: DatasetEncoder {
    var tables = [EncodedTable(path: [])]
    private let records: RecordJSONEncoder

    init(layout: EntityLayout) { records = RecordJSONEncoder(layout) }

    mutating func begin() { JSONFileJoiner.appendBegin(to: &tables[0].bytes) }

    mutating func encode(_ batch: RecordBatch) {
        records.append(
            batch, before: tables[0].rows == 0 ? "" : ",\n", between: ",\n", after: "", to: &tables[0].bytes)
        tables[0].rows += Int64(batch.records.count)
    }

    mutating func end() { JSONFileJoiner.appendEnd(hasRecords: tables[0].rows > 0, to: &tables[0].bytes) }
}
