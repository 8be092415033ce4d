public import PortabilityModel
import PortabilityText

/// What came of one request of a batch. Holds no personal data.
public struct BatchResult: Sendable {
    public enum Status: String, Sendable, CaseIterable {
        case complete, partial, failed
    }
    /// The request's id; nil if the request cannot be read, or its id is none.
    public var request: String?
    /// Where the request comes from, see ``BatchRequest/origin``.
    public var origin: String
    public var status: Status
    /// True if an earlier run wrote the archive, and this one kept it.
    public var isKept = false
    /// Why there is no archive.
    public var error: PortabilityError?
    /// The archive; nil if there is none.
    public var path: String?
    public var records: Int64 = 0
    /// Size of the archive.
    public var bytes: Int64 = 0
    /// SHA-256 of the archive, lowercase hexadecimal.
    public var sha256: String?
    /// From when the request's turn came until its archive was written, wall time.
    public var seconds: Double = 0

    public init(request: String?, origin: String, status: Status) {
        self.request = request
        self.origin = origin
        self.status = status
    }

    /// One line of JSON, without its end.
    public var json: String {
        let milliseconds = Int64((seconds * 1000).rounded())
        let fraction = String(milliseconds % 1000)
        let value = JSONValue.members([
            "request": request.map(JSONValue.string) ?? .null, "origin": .string(origin),
            "status": .string(status.rawValue), "code": error.map { .string($0.code.description) },
            "error": error.map { .string($0.description) }, "records": sha256.map { _ in .integer(records) },
            "bytes": sha256.map { _ in .integer(bytes) }, "sha256": sha256.map(JSONValue.string),
            "kept": isKept ? .boolean(true) : nil,
            "seconds": .number(
                "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)"),
        ])
        return String(decoding: value.compact(), as: UTF8.self)
    }
}

/// What came of a batch.
public struct BatchSummary: Sendable {
    /// Requests by what came of them.
    public var counts: [BatchResult.Status: Int] = [:]
    /// Archives that an earlier run wrote.
    public var kept = 0
    /// Failures by their code.
    public var failures: [PortabilityError.Code: Int] = [:]
    public var records: Int64 = 0
    /// Of the archives that this run wrote.
    public var bytes: Int64 = 0

    mutating func add(_ result: BatchResult) {
        counts[result.status, default: 0] += 1
        if let error = result.error { failures[error.code, default: 0] += 1 }
        if result.isKept { kept += 1 }
        records += result.records
        if !result.isKept { bytes += result.bytes }
    }
}
