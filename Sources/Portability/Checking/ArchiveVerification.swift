import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel
import PortabilityText

/// One verification of one archive.
struct ArchiveVerification {
    private let path: String
    private let signatures: SignaturePolicy?
    private let depth: VerificationDepth
    private let workers: Int
    private let catalogue: Catalogue
    private let limits = ReadLimits()

    init(
        path: String, signatures: SignaturePolicy?, depth: VerificationDepth, workers: Int, catalogue: Catalogue
    ) {
        self.path = path
        self.signatures = signatures
        self.depth = depth
        self.workers = workers
        self.catalogue = catalogue
    }

    func run(keys: ArchiveKeys) throws -> VerificationReport {
        if isFolder(path) { return try verify(FolderContents(path: path, limits: limits), in: .folder) }
        let (reader, structure) = ZipReader.inspect(try openArchiveBytes(path: path, keys: keys), limits: limits)
        guard let reader else {
            var report = VerificationReport(path: path, kind: .bag, container: .zip, depth: depth)
            report.findings = structure.map(VerificationReport.Finding.init)
            return report
        }
        return try verify(ZipContents(reader, structure: structure), in: .zip)
    }

    private func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func verify(_ contents: any BagContents, in container: VerificationReport.Container) throws
        -> VerificationReport
    {
        let own = OwnManifest(contents, limits: limits)
        let rules: BagVerifier.Rules = own.isOurs ? .portability : .anyBag
        var bag = BagVerifier(
            contents, rules: rules, depth: bagDepth, algorithms: BagDigests.all, limits: limits)
        bag.checkTagFiles()
        var manifest: ManifestVerification?
        var readings: [BagReading] = []
        if own.isOurs {
            var checks = ManifestVerification(own, bag: bag, depth: depth, catalogue: catalogue)
            checks.checkWithoutContent()
            if depth == .full { readings = checks.readings() }
            manifest = checks
        }
        try bag.readFiles(readings, workers: workers) { Task.isCancelled }
        try Task.checkPortabilityCancellation()
        let found = bag.finished()
        manifest?.checkDigests(found.digests)
        var report = report(found, manifest, own, container)
        let (signature, wrong) = SignatureCheck.run(
            tagManifest: contents.bytes(of: "tagmanifest-sha256.txt", limit: limits.tagFileSize),
            signature: contents.bytes(of: BagVerifier.signatureName, limit: limits.tagFileSize), policy: signatures)
        report.signature = signature
        if let wrong { report.findings.append(wrong) }
        return report
    }

    private var bagDepth: BagVerifier.Depth {
        switch depth {
        case .sizes: .sizes
        case .completeness: .completeness
        case .full: .full
        }
    }

    private func report(
        _ found: BagVerifier.Report, _ manifest: ManifestVerification?, _ own: OwnManifest,
        _ container: VerificationReport.Container
    ) -> VerificationReport {
        var report = VerificationReport(
            path: path, kind: own.isOurs ? .archive : .bag, container: container, depth: depth)
        let findings = found.findings + (manifest?.findings ?? [])
        report.findings = findings.prefix(limits.findings).map(VerificationReport.Finding.init)
        if findings.count > limits.findings {
            report.findings.append(
                .init(kind: "limit", path: nil, message: "there are more findings, which are not listed"))
        }
        report.containerFindings = found.containerFindings.map(VerificationReport.Finding.init)
        report.warnings = found.warnings.map(VerificationReport.Finding.init)
        report.bagVersion = found.version
        report.files = found.payloadFiles
        report.bytes = found.payloadBytes
        report.tagFiles = found.tagFiles
        report.records = manifest?.records ?? 0
        report.algorithms = found.algorithms
        report.unknownAlgorithms = found.unknownAlgorithms
        report.notCompared = manifest?.notCompared ?? []
        report.fetch = found.fetch.map {
            .init(address: $0.address, path: $0.path, bytes: $0.bytes, isPresent: $0.isPresent)
        }
        return report
    }
}

/// The tag files that say whether a bag is an archive of this project, read before anything is known to be right.
struct OwnManifest {
    let isOurs: Bool
    /// nil if there is none, or if it is no JSON.
    let manifest: JSONValue?
    /// Why there is none.
    private(set) var problem: VerificationFinding?
    let processingInformation: Document
    let dataPackage: Document
    /// What the archive says of the fields of its entities, by entity.
    let descriptions: [String: [UInt8]]

    /// A JSON document that an archive must have.
    enum Document {
        case value(JSONValue)
        case malformed(Int64?)
        /// Missing or unreadable, which the bag's manifests tell.
        case absent
    }

    init(_ contents: any BagContents, limits: ReadLimits) {
        func bytes(_ name: String) -> [UInt8]? { contents.bytes(of: name, limit: limits.tagFileSize) }
        func document(_ name: String) -> Document {
            guard let bytes = bytes(name) else { return .absent }
            do {
                return .value(try JSONValue(parsing: bytes))
            } catch {
                return .malformed(asPortabilityError(error).place.byte)
            }
        }
        // An archive that lost its manifest is still one of ours.
        let isSigned = bytes("bag-info.txt").map {
            String(decoding: $0, as: UTF8.self).utf8.starts(with: "Bag-Software-Agent: portability ".utf8)
        }
        switch document("manifest.json") {
        case .value(let value):
            isOurs = value["format"]?.string == "portability" || isSigned == true
            manifest = value
        case .malformed(let byte):
            isOurs = isSigned == true
            manifest = nil
            problem = VerificationFinding(
                .manifestJSON, "the file is not well-formed JSON" + (byte.map { " (byte \($0))" } ?? ""),
                path: "manifest.json")
        case .absent:
            isOurs = isSigned == true
            manifest = nil
            problem = VerificationFinding(
                .manifestJSON, "there is no manifest.json that can be read", path: "manifest.json")
        }
        processingInformation = isOurs ? document("processing-information.json") : .absent
        dataPackage = isOurs ? document("datapackage.json") : .absent
        descriptions = isOurs ? Self.descriptions(in: contents) : [:]
    }

    static let descriptionFolder = "schemas/fields/"
    /// Bytes of all descriptions together; those of the whole catalogue are about 1 MB.
    private static let descriptionLimit: Int64 = 64 << 20

    private static func descriptions(in contents: any BagContents) -> [String: [UInt8]] {
        var descriptions: [String: [UInt8]] = [:]
        var size: Int64 = 0
        for file in contents.files where file.name.hasPrefix(descriptionFolder) && file.name.hasSuffix(".json") {
            size += file.size
            guard file.isReadable, size <= descriptionLimit else { continue }
            var bytes: [UInt8] = []
            guard (try? contents.read(file) { bytes.append($0) }) != nil else { continue }
            descriptions[String(file.name.dropFirst(descriptionFolder.count).dropLast(5))] = bytes
        }
        return descriptions
    }
}

extension BagContents {
    /// A small file's bytes; nil if there is none that can be read.
    fileprivate func bytes(of name: String, limit: Int64) -> [UInt8]? {
        guard let file = files.first(where: { $0.name == name }), file.isReadable, file.size <= limit else {
            return nil
        }
        var bytes: [UInt8] = []
        guard (try? read(file) { bytes.append($0) }) != nil else { return nil }
        return bytes
    }
}

extension VerificationFinding.Kind {
    /// `manifest.json` cannot be used, or is not what its schema says.
    static let manifestJSON = Self(rawValue: "manifest-json")
    /// `processing-information.json` is not what its schema says.
    static let processingInformation = Self(rawValue: "processing-information")
    /// `datapackage.json` does not agree with the archive.
    static let dataPackage = Self(rawValue: "datapackage")
    /// The counts of a dataset do not balance.
    static let ledger = Self(rawValue: "ledger")
    /// Records are not as their schema says, or not those of the manifest.
    static let content = Self(rawValue: "content")
    /// The archive has a format that this version does not read.
    static let newerFormat = Self(rawValue: "newer-format")
}
