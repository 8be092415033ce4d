import PortabilityArchive
import PortabilityCrypto
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

/// What verifying an archive showed.
public struct VerificationReport: Sendable {
    /// One thing that is wrong.
    public struct Finding: Sendable {
        /// A short, stable word.
        public var kind: String
        /// The file in the archive, nil for the archive itself.
        public var path: String?
        public var message: String
    }
    /// What is wrong with the content; empty for an intact archive.
    public var findings: [Finding]
    /// What differs from the container that this project writes, while the content may be intact.
    public var containerFindings: [Finding]
    /// Payload files, and their plain bytes.
    public var files: Int
    public var bytes: Int64
    /// Records whose content digest was computed again and compared.
    public var records: Int64
    /// Files whose checksums are right, but whose records this version does not know how to read.
    public var notCompared: [String]

    /// True if the content is what the manifest says.
    public var isIntact: Bool { findings.isEmpty }
    /// True if someone packed the bag anew: the content is intact, the container is not ours.
    public var isRewritten: Bool { findings.isEmpty && !containerFindings.isEmpty }
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
        guard entry.size <= 256 << 20 else { throw PortabilityError(.limit, "manifest.json is larger than 256 MiB") }
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

    /// Checks an archive: container, bag, manifest, and the content digest of every dataset in every format.
    ///
    /// - Throws: `unavailable` or `denied` if the file cannot be read, `cancelled`; what is wrong with the archive is
    ///   in the report.
    public static func verify(path: String, catalogue: Catalogue = .standard) throws -> VerificationReport {
        var contents = ContentVerifier()
        let report = try BagVerifier.verify(path: path, digest: SHA256Digest.factory) { entry, bytes in
            try Task.checkPortabilityCancellation()
            contents.visit(entry.name, bytes)
        }
        func plain(_ finding: VerificationFinding) -> VerificationReport.Finding {
            .init(kind: finding.kind.rawValue, path: finding.path, message: finding.message)
        }
        var findings = report.findings.map(plain)
        contents.endOfArchive()
        if findings.isEmpty { try contents.compareRest(ZipReader(path: path)) }
        contents.finish(digests: report.digests, findings: &findings)
        var records = contents.records
        var notCompared: [String] = []
        if findings.isEmpty {
            let reader = try ZipReader(path: path)
            var comparison = DatasetComparison(
                reader: reader, manifest: try manifest(of: reader), catalogue: catalogue)
            try comparison.run()
            findings += comparison.findings
            records += comparison.records
            notCompared = comparison.notCompared
        }
        return VerificationReport(
            findings: findings, containerFindings: report.containerFindings.map(plain), files: report.payloadFiles,
            bytes: report.payloadBytes, records: records, notCompared: notCompared)
    }
}
