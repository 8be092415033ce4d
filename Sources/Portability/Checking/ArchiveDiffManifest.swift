import PortabilityArchive
import PortabilityFormats
import PortabilityModel
import PortabilityText

/// One of two archives that are compared: found intact, its manifest read.
final class DiffArchive {
    let path: String
    let reader: ZipReader
    let manifest: JSONValue
    let right: Right?
    let datasets: [DiffDataset]
    private let entries: [String: ZipReader.Entry]
    private var documentDigests: [String: String]?

    /// Findings of these kinds are about texts beside the data; the manifest is read with care in any case.
    private static let descriptions = Set(
        [VerificationFinding.Kind.manifestJSON, .processingInformation, .dataPackage].map(\.rawValue))

    /// - Throws: `verification` if anything is wrong with the data of the archive, `unavailable`, `denied`,
    ///   `unsupported`.
    init(path: String, keys: ArchiveKeys, catalogue: Catalogue) throws {
        self.path = path
        do {
            let report = try ArchiveFileReader.verify(path: path, keys: keys, catalogue: catalogue)
            // What only describes the data need not be right for the data to be compared.
            if let first = report.findings.first(where: { !Self.descriptions.contains($0.kind) }) {
                let place = first.path.map { " in \($0)" } ?? ""
                throw PortabilityError(
                    .verification, "the archive is damaged: \(first.message)\(place)",
                    remedy: "`portability verify` lists what is wrong; compare intact archives")
            }
            reader = try ZipReader(openArchiveBytes(path: path, keys: keys))
            manifest = try ArchiveFileReader.manifest(of: reader)
        } catch {
            var error = asPortabilityError(error)
            // Bytes that cannot be read back are damage, whichever layer finds it.
            if error.code == .malformed { error.code = .verification }
            throw error.within(.init(file: path))
        }
        entries = Dictionary(reader.entries.map { ($0.name, $0) }) { first, _ in first }
        right = manifest["request"]?["right"]?.string.flatMap(Right.init(rawValue:))
        var ids: Set<String> = []
        datasets = (manifest["datasets"]?.array ?? []).map { DiffDataset($0) }.filter { ids.insert($0.id).inserted }
    }

    var description: ArchiveDifference.Archive {
        .init(
            requestID: manifest["request"]?["id"]?.string ?? "", right: right,
            created: manifest["created"]?.string ?? "", status: manifest["status"]?.string ?? "")
    }

    func dataset(_ id: String) -> DiffDataset? { datasets.first { $0.id == id } }

    /// Whether the request that the manifest repeats is a reason for a ground that only a request can give.
    func requestSupports(_ ground: Ground, category: String) -> Bool {
        let request = manifest["request"]
        switch ground {
        case .notRequested:
            let included = request?["include"]?.array?.compactMap(\.string) ?? []
            let excluded = request?["exclude"]?.array?.compactMap(\.string) ?? []
            return excluded.contains(category) || !(included.isEmpty || included.contains(category))
        case .outsidePeriod:
            switch request?["period"] {
            case nil, .null: return false
            default: return true
            }
        default: return true
        }
    }

    /// Opens the records of a dataset, in the format that is read fastest.
    func records(of dataset: DiffDataset, layout: EntityLayout) throws -> RecordCursor? {
        for format in [Format.jsonl, .json, .xml, .csv] {
            let files = dataset.files.filter { $0["format"]?.string == format.rawValue }
            guard let main = files.first(where: { $0["table"]?.string == "" }) else { continue }
            var tables: [TableSource] = []
            for file in files {
                guard let name = file["path"]?.string, let entry = entries[name] else {
                    throw PortabilityError(
                        .verification, "the manifest names a file that is not there",
                        at: .init(dataset: dataset.id, file: path))
                }
                let stream = try reader.stream(entry)
                let table = (file["table"]?.string ?? "").split(separator: ".").map(String.init)
                tables.append(TableSource(path: table) { try stream.next() })
            }
            let language = ArchiveFileReader.language(of: manifest)
            let source = try DatasetReader(
                format: format, layout: layout, csv: main["dialect"]?.string == "excel" ? .excel(language) : .service,
                tables: tables)
            return RecordCursor(
                source, layout: layout, replaced: DocumentOrigin(of: dataset, in: self)?.base.replaced ?? [:])
        }
        return nil
    }

    /// The digest of a document by its path, as the bag states it.
    func documentDigest(_ document: String) throws -> String? {
        if documentDigests == nil {
            var digests: [String: String] = [:]
            if let entry = entries["manifest-sha256.txt"] {
                guard entry.size <= 256 << 20 else {
                    throw PortabilityError(.limit, "manifest-sha256.txt is larger than 256 MiB", at: .init(file: path))
                }
                var bytes: [UInt8] = []
                try reader.read(entry) { bytes.append($0) }
                for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > 66 {
                    let name = String(decoding: line.dropFirst(66), as: UTF8.self)
                    if name.hasPrefix("data/documents/") {
                        digests[name] = String(decoding: line.prefix(64), as: UTF8.self)
                    }
                }
            }
            documentDigests = digests
        }
        return documentDigests?[document]
    }
}

/// A dataset as a manifest describes it, with what its rules can still explain.
final class DiffDataset {
    /// A rule that was applied, and how many differences it has not explained yet.
    struct Rule {
        var field: String
        var action: FieldAction
        var ground: Ground?
        var recordClass: String?
        /// For free text: what was found.
        var detected: String?
        var left: Int64
    }

    let id: String
    let entity: String
    let category: String
    let status: String
    let ground: Ground?
    let exported: Int64
    let contentDigest: String?
    let files: [JSONValue]
    /// Rules on fields.
    var rules: [Rule] = []
    /// Hits in free text that were not kept.
    var findings: [Rule] = []
    /// Records left out.
    var records: [Rule] = []
    /// Documents left out.
    var documents: [Rule] = []
    /// Digests of redacted files, with those of the originals that they stand for.
    var replaced: [[UInt8]: [UInt8]] = [:]
    /// The same as ``documents`` once more, for the fields that name documents.
    var references: [Rule] = []

    /// True if its records are in the archive.
    var isPresent: Bool { files.contains { $0["table"]?.string == "" } }

    init(_ value: JSONValue) {
        id = value["id"]?.string ?? ""
        entity = value["entity"]?.string ?? ""
        category = value["category"]?.string ?? ""
        status = value["status"]?.string ?? ""
        ground = value["ground"]?.string.flatMap(Ground.init(rawValue:))
        exported = value["records"]?["exported"]?.integer ?? 0
        contentDigest = value["content_sha256"]?.string
        files = value["files"]?.array ?? []
        var whole: [Rule] = []
        for entry in value["rules"]?.array ?? [] {
            guard let rule = Self.rule(entry), rule.action != .keep else { continue }
            switch rule.field {
            case "(record)": whole.append(rule)
            case "(text)": findings.append(rule)
            default: rules.append(rule)
            }
        }
        // Archives of the first versions, and whatever the list of rules does not repeat.
        for entry in value["fields_withheld"]?.array ?? [] {
            guard let rule = Self.rule(entry, otherwise: .withhold), rule.action != .keep else { continue }
            let isKnown = (rules + whole + findings).contains {
                $0.field == rule.field && $0.action == rule.action && $0.ground == rule.ground
            }
            if !isKnown { rules.append(rule) }
        }
        for entry in value["text_findings"]?.array ?? [] {
            guard var rule = Self.rule(entry, otherwise: .mask), rule.action != .keep else { continue }
            rule.detected = entry["kind"]?.string
            if rule.ground == nil { rule.ground = .others }
            findings.append(rule)
        }
        records = Self.counts(value["records"]?["withheld"])
        if records.isEmpty {
            records = whole
        } else {
            for index in records.indices {
                let same = whole.filter { $0.ground == records[index].ground }
                if same.count == 1 { records[index].recordClass = same[0].recordClass }
            }
        }
        documents = Self.counts(value["documents_withheld"])
        references = documents
        for entry in value["documents_replaced"]?.array ?? [] {
            guard let original = entry["original_sha256"]?.string, let given = entry["given_sha256"]?.string else {
                continue
            }
            replaced[Array(given.utf8)] = Array(original.utf8)
        }
    }

    private static func rule(_ value: JSONValue, otherwise: FieldAction? = nil) -> Rule? {
        guard let field = value["field"]?.string, let count = value["count"]?.integer else { return nil }
        let action: FieldAction
        switch value["action"]?.string {
        case nil:
            guard let otherwise else { return nil }
            action = otherwise
        // A pseudonym is to a key what a role is to a name: the same within an archive, another in the next.
        case "pseudonym": action = .label
        case let word?:
            guard let known = FieldAction(rawValue: word) else { return nil }
            action = known
        }
        return Rule(
            field: field, action: action, ground: value["ground"]?.string.flatMap(Ground.init(rawValue:)),
            recordClass: value["class"]?.string, left: count)
    }

    private static func counts(_ value: JSONValue?) -> [Rule] {
        (value?.members ?? []).sorted { $0.key < $1.key }.compactMap { key, count in
            guard let ground = Ground(rawValue: key), let count = count.integer, count > 0 else { return nil }
            return Rule(field: "", action: .withhold, ground: ground, left: count)
        }
    }
}
