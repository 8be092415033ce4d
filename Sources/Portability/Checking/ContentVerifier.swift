import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import PortabilityText

/// Computes the content digests of JSON and JSON Lines files as their bytes pass by, and compares digests and counts
/// with the manifest.
///
/// The manifest stands before the data, so one pass is enough.
struct ContentVerifier {
    private struct Expected {
        let content: String?
        let rows: Int64
        let sha256: String
        let format: String
        let isMain: Bool
    }

    private var current: String?
    private var manifestBytes: [UInt8] = []
    private var manifestError: VerificationReport.Finding?
    private var expected: [String: Expected] = [:]
    private var hasManifest = false
    private var lines: ContentDigest?
    private var problems: [VerificationReport.Finding] = []
    private var compared: Set<String> = []

    /// Records whose content digest was compared.
    private(set) var records: Int64 = 0

    mutating func visit(_ name: String, _ bytes: Span<UInt8>) {
        if current != name {
            endEntry()
            current = name
            if let file = expected[name], file.isMain, file.format == "json" || file.format == "jsonl" {
                lines = ContentDigest(isArray: file.format == "json")
            }
        }
        if name == "manifest.json", manifestBytes.count <= 256 << 20 { manifestBytes.append(bytes) }
        lines?.update(bytes)
    }

    private mutating func endEntry() {
        guard let name = current else { return }
        if name == "manifest.json" {
            do {
                read(try ArchiveFileReader.checkVersion(JSONValue(parsing: manifestBytes)))
                hasManifest = true
            } catch {
                problems.append(
                    .init(kind: "manifest", path: name, message: asPortabilityError(error).message))
            }
            manifestBytes = []
        }
        if let digest = lines { compare(digest, of: name) }
        lines = nil
        current = nil
    }

    private mutating func compare(_ digest: ContentDigest, of name: String) {
        compared.insert(name)
        if let file = expected[name] {
            if !digest.isWellFormed {
                problems.append(.init(kind: "content", path: name, message: "the file is not one record on each line"))
            } else if hexadecimal(digest.value) != file.content {
                problems.append(
                    .init(kind: "content", path: name, message: "the content digest is not the manifest's"))
            } else if digest.records != file.rows {
                problems.append(
                    .init(kind: "content", path: name, message: "the number of records is not the manifest's"))
            } else {
                records += digest.records
            }
        }
    }

    /// Compares the JSON files that came before the manifest, as they do in no archive of ours: reads them again.
    mutating func compareRest(_ reader: ZipReader) throws {
        let entries = Dictionary(reader.entries.map { ($0.name, $0) }) { first, _ in first }
        for (path, file) in expected.sorted(by: { $0.key < $1.key })
        where file.isMain && (file.format == "json" || file.format == "jsonl") && !compared.contains(path) {
            guard let entry = entries[path] else { continue }
            var digest = ContentDigest(isArray: file.format == "json")
            try reader.read(entry) { digest.update($0) }
            compare(digest, of: path)
        }
    }

    private mutating func read(_ manifest: JSONValue) {
        for dataset in manifest["datasets"]?.array ?? [] {
            checkLedger(dataset)
            for file in dataset["files"]?.array ?? [] {
                guard let path = file["path"]?.string else { continue }
                expected[path] = Expected(
                    content: dataset["content_sha256"]?.string, rows: file["rows"]?.integer ?? -1,
                    sha256: file["sha256"]?.string ?? "",
                    format: file["format"]?.string ?? "", isMain: file["table"]?.string == "")
            }
        }
    }

    /// A dataset's counts must balance, and every format's own file must have as many rows as records were exported.
    private mutating func checkLedger(_ dataset: JSONValue) {
        let records = dataset["records"]
        let exported = records?["exported"]?.integer ?? -1
        var withheld: Int64 = 0
        if case .object(let grounds)? = records?["withheld"] {
            withheld = grounds.reduce(0) { $0 &+ ($1.value.integer ?? 0) }
        }
        let rows = (dataset["files"]?.array ?? []).filter { $0["table"]?.string == "" }.map { $0["rows"]?.integer }
        if exported < 0 || records?["extracted"]?.integer != exported &+ withheld
            || !rows.allSatisfy({ $0 == exported })
        {
            problems.append(
                .init(kind: "ledger", path: "manifest.json", message: "the counts of a dataset do not agree"))
        }
    }

    /// All entries have passed: the last one ends.
    mutating func endOfArchive() { endEntry() }

    /// Compares what is left.
    mutating func finish(digests: [String: [UInt8]], findings: inout [VerificationReport.Finding]) {
        if !hasManifest && problems.isEmpty {
            problems.append(
                .init(
                    kind: "manifest", path: nil, message: "the archive has no manifest.json before its data"))
        }
        for (path, file) in expected.sorted(by: { $0.key < $1.key }) {
            guard let digest = digests[path] else {
                problems.append(
                    .init(kind: "missing", path: path, message: "the manifest names a file that is not there"))
                continue
            }
            if hexadecimal(digest) != file.sha256 {
                problems.append(.init(kind: "digest", path: path, message: "the digest is not the manifest's"))
            }
        }
        if hasManifest {
            for path in digests.keys.sorted()
            where path.hasPrefix("data/") && !path.hasPrefix("data/documents/") && expected[path] == nil {
                problems.append(
                    .init(kind: "unlisted", path: path, message: "manifest.json does not name this file"))
            }
        }
        findings += problems
    }
}

/// The digest of a JSON or JSON Lines file's records, each followed by a line feed.
private struct ContentDigest {
    private let isArray: Bool
    private var digest = SHA256Digest()
    private(set) var records: Int64 = 0
    private(set) var isWellFormed = true
    /// The state between lines of an array.
    private enum Place { case opening, records, closed }
    private var place: Place
    /// The last line, not yet known to be complete.
    private var line: [UInt8] = []

    init(isArray: Bool) {
        self.isArray = isArray
        place = isArray ? .opening : .records
    }

    var value: [UInt8] { digest.value() }

    mutating func update(_ bytes: Span<UInt8>) {
        if !isArray {
            digest.update(bytes)
            bytes.withUnsafeBufferPointer { buffer in
                for byte in buffer where byte == 10 { records += 1 }
            }
            return
        }
        bytes.withUnsafeBufferPointer { buffer in
            var start = 0
            while start < buffer.count, let base = buffer.baseAddress {
                guard let found = memchr(base + start, 10, buffer.count - start) else {
                    line.append(contentsOf: buffer[start...])
                    return
                }
                let end = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                if line.isEmpty {
                    take(UnsafeBufferPointer(rebasing: buffer[start..<end]))
                } else {
                    line.append(contentsOf: buffer[start..<end])
                    let whole = line
                    line.removeAll(keepingCapacity: true)
                    whole.withUnsafeBufferPointer { take($0) }
                }
                start = end + 1
            }
        }
    }

    private mutating func take(_ text: UnsafeBufferPointer<UInt8>) {
        switch place {
        case .opening:
            isWellFormed = isWellFormed && text.elementsEqual([UInt8(ascii: "[")])
            place = .records
        case .records:
            if text.elementsEqual([UInt8(ascii: "]")]) {
                place = .closed
            } else {
                let record = text.last == UInt8(ascii: ",") ? UnsafeBufferPointer(rebasing: text.dropLast()) : text
                digest.update(record.span)
                digest.update([10].span)
                records += 1
            }
        case .closed: isWellFormed = false
        }
    }
}
