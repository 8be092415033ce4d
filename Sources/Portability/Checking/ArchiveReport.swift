import PortabilityArchive
public import PortabilityModel
import PortabilityText

/// What an archive says of itself, as a table for a person.
public struct ArchiveDescription: Sendable {
    public struct Dataset: Sendable {
        public var id: String
        public var label: String
        public var category: String
        public var status: String
        public var ground: String?
        public var records: Int64
        public var files: [String]
    }

    public var requestID: String
    public var right: String
    public var status: String
    public var created: String
    public var controller: String
    public var tool: String
    public var datasets: [Dataset]
    public var documents: Int64
    /// Names and plain sizes, in the archive's order.
    public var entries: [(name: String, bytes: Int64)]
}

/// Reading archives: nothing here needs an engine or a configuration.
public enum ArchiveFileReader {
    /// Reads the manifest of an archive.
    ///
    /// - Throws: `unavailable`, `denied`, `malformed`, `verification`, `limit`; `unsupported` for a newer format.
    ///
    /// - Parameter keys: what opens an encrypted archive.
    public static func describe(path: String, keys: ArchiveKeys = ArchiveKeys()) throws -> ArchiveDescription {
        let reader = try ZipReader(openArchiveBytes(path: path, keys: keys))
        let manifest = try manifest(of: reader)
        let datasets = (manifest["datasets"]?.array ?? []).map { dataset in
            ArchiveDescription.Dataset(
                id: dataset["id"]?.string ?? "", label: dataset["label"]?.string ?? "",
                category: dataset["category"]?.string ?? "", status: dataset["status"]?.string ?? "",
                ground: dataset["ground"]?.string, records: dataset["records"]?["exported"]?.integer ?? 0,
                files: (dataset["files"]?.array ?? []).compactMap { $0["path"]?.string })
        }
        return ArchiveDescription(
            requestID: manifest["request"]?["id"]?.string ?? "", right: manifest["request"]?["right"]?.string ?? "",
            status: manifest["status"]?.string ?? "", created: manifest["created"]?.string ?? "",
            controller: manifest["controller"]?["name"]?.string ?? "",
            tool: "\(manifest["tool"]?["name"]?.string ?? "") \(manifest["tool"]?["version"]?.string ?? "")",
            datasets: datasets, documents: manifest["documents"]?["count"]?.integer ?? 0,
            entries: reader.entries.map { ($0.name, $0.size) })
    }

    /// The manifest's JSON, after its format was found to be one that this build reads.
    static func manifest(of reader: ZipReader) throws -> JSONValue {
        guard let entry = reader.entries.first(where: { $0.name == "manifest.json" }) else {
            throw PortabilityError(
                .verification, "the archive has no manifest.json", remedy: "It was not written by this program")
        }
        guard entry.size <= 32 << 20 else { throw PortabilityError(.limit, "manifest.json is larger than 32 MiB") }
        var bytes: [UInt8] = []
        try reader.read(entry) { bytes.append($0) }
        do {
            return try checkVersion(JSONValue(parsing: bytes))
        } catch let error as PortabilityError {
            throw error.within(.init(file: "manifest.json"))
        }
    }

    static func checkVersion(_ manifest: JSONValue) throws -> JSONValue {
        guard manifest["format"]?.string == "portability", let version = manifest["format_version"]?.string else {
            throw PortabilityError(
                .verification, "manifest.json is not one of this format", at: .init(field: "format"))
        }
        guard version.split(separator: ".").first == "1" else {
            throw PortabilityError(
                .unsupported, "the archive has a newer format than this build reads (version 1)",
                remedy: "Install a newer version of portability", at: .init(field: "format_version"))
        }
        return manifest
    }

    /// Checks an archive, or a bag made by others: container, bag, manifest, and the records of every dataset in every
    /// format.
    ///
    /// - Parameters:
    ///   - path: a zip or a folder.
    ///   - keys: what opens an encrypted archive.
    ///   - signatures: who must have signed it; nil if nobody needs to have.
    ///   - workers: how many files are read at a time; nil for as many as there are processors.
    /// - Throws: `unavailable` or `denied` if the file cannot be read, `verification` if it cannot be decrypted,
    ///   `cancelled` if the task was; what is wrong with the archive is in the report.
    public static func verify(
        path: String, keys: ArchiveKeys = ArchiveKeys(), signatures: SignaturePolicy? = nil,
        depth: VerificationDepth = .full, workers: Int? = nil, catalogue: Catalogue = .standard
    ) throws -> VerificationReport {
        let verification = ArchiveVerification(
            path: path, signatures: signatures, depth: depth, workers: workers ?? activeProcessors(),
            catalogue: catalogue)
        return try verification.run(keys: keys)
    }

    /// Checks archives that belong together, each as ``verify(path:keys:signatures:depth:workers:catalogue:)`` does.
    ///
    /// - Throws: as for one.
    public static func verify(
        paths: [String], keys: ArchiveKeys = ArchiveKeys(), signatures: SignaturePolicy? = nil,
        depth: VerificationDepth = .full, workers: Int? = nil, catalogue: Catalogue = .standard
    ) throws -> VerificationSummary {
        var summary = VerificationSummary(
            archives: try paths.map {
                try verify(
                    path: $0, keys: keys, signatures: signatures, depth: depth, workers: workers, catalogue: catalogue)
            })
        compareVolumes(&summary, keys: keys)
        return summary
    }

    /// Holds what volumes say of their set against each other. What cannot be opened was told already, and so were
    /// folders and bags of others, which are no volumes.
    private static func compareVolumes(_ summary: inout VerificationSummary, keys: ArchiveKeys) {
        let zipped = summary.archives.indices.filter {
            summary.archives[$0].kind == .archive && summary.archives[$0].container == .zip
        }
        let readable = zipped.filter { (try? OpenArchive(path: summary.archives[$0].path, keys: keys)) != nil }
        guard let report = try? volumes(paths: readable.map { summary.archives[$0].path }, keys: keys) else { return }
        if readable.count == 1, summary.archives.count == 1, let place = report.volumes[0].place, place.of > 1 {
            summary.archives[0].warnings.append(
                .init(
                    kind: "set-volume", path: nil,
                    message: "this is volume \(place.number) of \(place.of) of a set; the others were not checked"))
        }
        let places = report.volumes.compactMap(\.place)
        guard readable.count > 1, !places.isEmpty else { return }
        let stated = Set(places.map(\.of))
        summary.set = .init(
            given: readable.count, volumes: stated.count == 1 ? stated.first : nil, findings: report.findings)
    }
}
