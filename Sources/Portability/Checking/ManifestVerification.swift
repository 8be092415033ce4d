import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel
import PortabilityText
import Synchronization

/// Compares what `manifest.json` and its companions say with what the bag holds.
struct ManifestVerification {
    private let own: OwnManifest
    private let bag: BagVerifier
    private let depth: VerificationDepth
    private let catalogue: Catalogue
    private let tally = Tally()
    private(set) var findings: [VerificationFinding] = []
    /// Files of entities that this version does not know: their checksums are right, their records were not read.
    private(set) var notCompared: [String] = []
    private var files: [ListedFile] = []
    /// False for a format that this version does not read.
    private var isReadable = false

    /// Records that were compared, counted on several threads.
    private final class Tally: Sendable {
        let records = Mutex(Int64(0))
    }

    /// A file that the manifest names.
    private struct ListedFile {
        let path: String
        let bytes: Int64?
        let sha256: String?
    }

    init(_ own: OwnManifest, bag: BagVerifier, depth: VerificationDepth, catalogue: Catalogue) {
        self.own = own
        self.bag = bag
        self.depth = depth
        self.catalogue = catalogue
    }

    var records: Int64 { tally.records.withLock { $0 } }

    private mutating func report(_ kind: VerificationFinding.Kind, _ message: String, _ path: String = "manifest.json")
    {
        findings.append(VerificationFinding(kind, message, path: path))
    }

    // MARK: without reading the data

    mutating func checkWithoutContent() {
        guard let manifest = own.manifest else {
            if let problem = own.problem { findings.append(problem) }
            return
        }
        guard manifest["format"]?.string == "portability", let version = manifest["format_version"]?.string else {
            return report(.manifestJSON, "the file is not a manifest of this format")
        }
        let parts = version.split(separator: ".").map { Int($0) }
        guard parts.count == 2, parts[0] == 1, let minor = parts[1] else {
            return report(
                .newerFormat,
                "the archive has a newer format than this build reads (version 1); install a newer version")
        }
        isReadable = true
        listFiles(manifest)
        compareSizes()
        guard depth != .sizes else { return }
        checkSchemas(manifest, isLenient: minor > 0)
        comparePayload()
        for fault in ManifestRules.faults(manifest) { report(fault.isLedger ? .ledger : .manifestJSON, fault.message) }
        checkDocuments(manifest)
    }

    private mutating func listFiles(_ manifest: JSONValue) {
        let own = (manifest["datasets"]?.array ?? []) + (manifest["exchange"]?.array ?? [])
        var seen: Set<String> = []
        for file in own.flatMap({ $0["files"]?.array ?? [] }) {
            guard let path = file["path"]?.string else { continue }
            if !seen.insert(path).inserted {
                report(.manifestJSON, "a file is named twice", EntryNameText.printable(path))
                continue
            }
            files.append(ListedFile(path: path, bytes: file["bytes"]?.integer, sha256: file["sha256"]?.string))
        }
    }

    private mutating func compareSizes() {
        for listed in files {
            if let file = bag.file(listed.path), let bytes = listed.bytes, bytes != file.size {
                report(.size, "the size is not the one in manifest.json", EntryNameText.printable(listed.path))
            }
        }
    }

    private mutating func checkSchemas(_ manifest: JSONValue, isLenient: Bool) {
        do {
            for fault in try SchemaChecker.faults(inManifest: manifest, isLenient: isLenient) {
                report(.manifestJSON, "\(fault.place.isEmpty ? "the document" : fault.place): \(fault.message)")
            }
            let name = "processing-information.json"
            switch own.processingInformation {
            case .absent: break
            case .malformed: report(.processingInformation, "the file is not well-formed JSON", name)
            case .value(let value):
                for fault in try SchemaChecker.faults(inProcessingInformation: value, isLenient: isLenient) {
                    report(
                        .processingInformation,
                        "\(fault.place.isEmpty ? "the document" : fault.place): \(fault.message)",
                        name)
                }
            }
        } catch {
            report(.manifestJSON, "the file cannot be compared with its schema")
        }
    }

    /// Every file of the payload must be named, and every file that is named must be there.
    private mutating func comparePayload() {
        let named = Set(files.map(\.path))
        for listed in files where bag.file(listed.path) == nil {
            report(.missing, "manifest.json names a file that is not there", EntryNameText.printable(listed.path))
        }
        for file in bag.files
        where isPayload(file.name) && !file.name.hasPrefix("data/documents/") && !named.contains(file.name) {
            report(.unlisted, "manifest.json does not name this file", file.printableName)
        }
        guard case .value(let package) = own.dataPackage else {
            if case .malformed = own.dataPackage {
                report(.dataPackage, "the file is not well-formed JSON", "datapackage.json")
            }
            return
        }
        var described: Set<String> = []
        for resource in package["resources"]?.array ?? [] {
            guard let path = resource["path"]?.string, described.insert(path).inserted else {
                report(.dataPackage, "a resource has no path, or the path of another", "datapackage.json")
                continue
            }
            guard let file = bag.file(path) else {
                report(
                    .dataPackage, "datapackage.json describes a file that is not there", EntryNameText.printable(path))
                continue
            }
            if let bytes = resource["bytes"]?.integer, bytes != file.size {
                report(.dataPackage, "the size is not the one in datapackage.json", file.printableName)
            }
        }
        for file in bag.files where isPayload(file.name) && !described.contains(file.name) {
            report(.dataPackage, "datapackage.json does not describe this file", file.printableName)
        }
    }

    private func isPayload(_ name: String) -> Bool { name.utf8.starts(with: "data/".utf8) }

    private mutating func checkDocuments(_ manifest: JSONValue) {
        let documents = bag.files.filter { $0.name.hasPrefix("data/documents/") }
        let stated = manifest["documents"]
        if stated?["count"]?.integer != Int64(documents.count)
            || stated?["bytes"]?.integer != documents.reduce(0, { $0 &+ $1.size })
        {
            report(.ledger, "the number or size of the documents is not the one in manifest.json")
        }
    }

    // MARK: digests

    /// Compares the digests of the files, once they were read.
    mutating func checkDigests(_ digests: [String: [UInt8]]) {
        guard isReadable, depth == .full else { return }
        for listed in files {
            if let digest = digests[listed.path], hexadecimal(digest) != listed.sha256 {
                report(.digest, "the digest is not the one in manifest.json", EntryNameText.printable(listed.path))
            }
        }
        guard case .value(let package) = own.dataPackage else { return }
        for resource in package["resources"]?.array ?? [] {
            guard let path = resource["path"]?.string, let digest = digests[path] else { continue }
            if resource["hash"]?.string != "sha256:\(hexadecimal(digest))" {
                report(.dataPackage, "the digest is not the one in datapackage.json", EntryNameText.printable(path))
            }
        }
    }

    // MARK: records

    /// The fields of the archive's entities, as it describes them itself: it may be of a newer version.
    private mutating func layouts() -> [String: EntityLayout] {
        var layouts: [String: EntityLayout] = [:]
        for (entity, description) in own.descriptions.sorted(by: { $0.key < $1.key }) {
            let path = EntryNameText.printable("\(OwnManifest.descriptionFolder)\(entity).json")
            do {
                let layout = try readLayoutDescription(description, catalogue: catalogue)
                if layout.entity.name == entity {
                    layouts[entity] = layout
                } else {
                    report(.manifestJSON, "the file describes another entity than its name says", path)
                }
            } catch {
                let error = asPortabilityError(error)
                report(.manifestJSON, error.message + (error.place.field.map { " (\($0))" } ?? ""), path)
            }
        }
        return layouts
    }

    /// What reads the records of every dataset in every format.
    mutating func readings() -> [BagReading] {
        guard isReadable, let manifest = own.manifest else { return [] }
        let language = ArchiveFileReader.language(of: manifest)
        let layouts = layouts()
        var readings: [BagReading] = []
        var taken: Set<String> = []
        for dataset in manifest["datasets"]?.array ?? [] {
            let layout = dataset["entity"]?.string.flatMap { entity in
                layouts[entity] ?? catalogue.entity(named: entity).map(EntityLayout.init)
            }
            let files = dataset["files"]?.array ?? []
            for format in Format.allCases {
                let own = files.filter { $0["format"]?.string == format.rawValue && $0["path"]?.string != nil }
                guard let main = own.first(where: { $0["table"]?.string == "" }), let path = main["path"]?.string
                else { continue }
                let names = own.compactMap { $0["path"]?.string }
                // A file that is named twice has its finding.
                guard names.allSatisfy({ taken.insert($0).inserted }) else { continue }
                guard let layout else {
                    notCompared.append(EntryNameText.printable(path))
                    continue
                }
                readings.append(
                    RecordsReading(
                        format: format, layout: layout,
                        dialect: main["dialect"]?.string == "excel" ? .excel(language) : .service,
                        tables: own.map { ($0["table"]?.string ?? "").split(separator: ".").map(String.init) },
                        path: EntryNameText.printable(path), size: bag.file(path)?.size ?? 0,
                        rows: main["rows"]?.integer ?? -1, content: dataset["content_sha256"]?.string
                    ).reading(names: names) { [tally] count in tally.records.withLock { $0 += count } })
            }
        }
        return readings
    }
}

/// Reads the files of a dataset in one format back into records, strictly, which is the check against its schema:
/// types, canonical spellings, the order of the fields, what is required. Then compares their content digest.
private struct RecordsReading: Sendable {
    let format: Format
    let layout: EntityLayout
    let dialect: CSVDialect
    /// What table each file is.
    let tables: [[String]]
    let path: String
    let size: Int64
    let rows: Int64
    let content: String?

    func reading(names: [String], _ count: @escaping @Sendable (Int64) -> Void) -> BagReading {
        BagReading(names: names) { pipes in
            do {
                return try compare(pipes, count)
            } catch is UnreadableFile {
                // Told with the file.
                return []
            } catch {
                let error = asPortabilityError(error)
                if error.code == .cancelled { throw error }
                let place = error.place.isEmpty ? "" : " (\(error.place))"
                return [VerificationFinding(.content, error.message + place, path: path)]
            }
        }
    }

    private func compare(_ pipes: [FilePipe], _ counted: (Int64) -> Void) throws -> [VerificationFinding] {
        let sources = zip(tables, pipes).map { table, pipe in TableSource(path: table) { try pipe.next() } }
        var source = try DatasetReader(format: format, layout: layout, csv: dialect, tables: sources)
        let digesting = ContentDigesting(layout)
        defer { digesting.abandon() }
        var count: Int64 = 0
        while let batch = try source.next() {
            count += Int64(batch.records.count)
            digesting.add(batch)
        }
        let (digest, bytes) = try digesting.finish()
        if hexadecimal(digest) != content {
            return [VerificationFinding(.content, "the content digest is not the manifest's", path: path)]
        }
        if count != rows {
            return [VerificationFinding(.content, "the number of records is not the manifest's", path: path)]
        }
        if let canonical = canonicalSize(records: count, lines: bytes), canonical != size {
            return [
                VerificationFinding(
                    .content, "the file has spaces or escapes that the format does not have", path: path)
            ]
        }
        counted(count)
        return []
    }

    /// The size of the file if every record is spelled as the content digest demands. What may be spelled otherwise is
    /// longer: the records are the same, so a file of this size is the same too.
    private func canonicalSize(records: Int64, lines: Int64) -> Int64? {
        switch format {
        case .jsonl: lines
        // `[` LF, a comma after every record but the last, `]` LF.
        case .json: lines + max(0, records - 1) + 4
        case .csv, .xml: nil
        }
    }
}

/// The content digest of records, computed on a thread of its own while the next ones are read.
private final class ContentDigesting: Sendable {
    private let batches = BoundedQueue<RecordBatch>(capacity: 4)
    private let thread: WorkThreads
    private let result: Result

    private final class Result: Sendable {
        let value = Mutex<(digest: [UInt8], bytes: Int64)?>(nil)
    }

    init(_ layout: EntityLayout) {
        let (batches, result) = (batches, Result())
        self.result = result
        thread = WorkThreads(count: 1, otherwise: { batches.abandon() }) {
            let encoder = RecordJSONEncoder(layout)
            var digest = SHA256Digest()
            var lines: [UInt8] = []
            var bytes: Int64 = 0
            // The queue is never finished with an error.
            while let batch = try? batches.next() {
                lines.removeAll(keepingCapacity: true)
                encoder.append(batch, to: &lines)
                digest.update(lines.span)
                bytes += Int64(lines.count)
            }
            result.value.withLock { $0 = (digest.value(), bytes) }
        }
    }

    func add(_ batch: RecordBatch) { batches.push(batch) }

    /// - Returns: the digest, and how many bytes of JSON Lines the records are.
    /// - Throws: `limit` if the system gave no thread.
    func finish() throws -> (digest: [UInt8], bytes: Int64) {
        batches.finish()
        thread.wait()
        guard let value = result.value.withLock({ $0 }) else {
            throw PortabilityError(.limit, "the system gives no more threads")
        }
        return value
    }

    func abandon() {
        batches.abandon()
        batches.finish()
    }
}

/// Names of an archive as they may be shown.
enum EntryNameText {
    static func printable(_ name: String) -> String {
        let shown = name.utf8.prefix(80).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: shown, as: UTF8.self) + (name.utf8.count > 80 ? "..." : "")
    }
}
