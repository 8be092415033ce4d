import PortabilityArchive
import PortabilityFormats
import PortabilityModel
import PortabilityText

/// One archive, open for reading: its container's structure was checked, and its format is one that this build reads.
///
/// The manifest was checked against the bag's tag manifest. What else is read from it is right only as far as
/// ``ArchiveFileReader/verify(path:catalogue:)`` or the reader of an entry says so.
final class OpenArchive: Sendable {
    /// As it was given; what messages call it.
    let path: String
    let zip: ZipReader
    let manifest: JSONValue
    /// As the tag manifest states it, lowercase hexadecimal.
    let manifestDigest: String
    private let entries: [String: ZipReader.Entry]
    private let tagDigests: [String: String]

    /// Opens an archive, plain or encrypted.
    ///
    /// - Throws: `unavailable`, `denied`, `malformed`, `verification`, `limit`; `unsupported` for a newer format.
    init(path: String, keys: ArchiveKeys = ArchiveKeys()) throws {
        self.path = path
        zip = try ZipReader(try openArchiveBytes(path: path, keys: keys))
        let entries = Dictionary(zip.entries.map { ($0.name, $0) }) { first, _ in first }
        self.entries = entries
        guard let tagManifest = entries[Self.tagManifestName], entries["manifest.json"] != nil else {
            throw PortabilityError(
                .verification, "the archive has no manifest.json that a tag manifest speaks for",
                remedy: "It was not written by this program, or is not whole")
        }
        // What is of a newer format is said to be so, whatever else it may lack.
        manifest = try ArchiveFileReader.manifest(of: zip)
        tagDigests = try VerifiedStream.digests(
            listedIn: VerifiedStream(zip, tagManifest, sha256: nil).bytes(limit: Self.tagFileLimit))
        manifestDigest = tagDigests["manifest.json"] ?? ""
        _ = try tagFile("manifest.json")
        let isNewer = manifest["format_version"]?.string != "1.0"
        var broken = ManifestRules.faults(manifest).first?.message
        if broken == nil, let fault = try SchemaChecker.faults(inManifest: manifest, isLenient: isNewer).first {
            broken = "\(fault.place.isEmpty ? "the document" : fault.place): \(fault.message)"
        }
        if let broken {
            throw PortabilityError(
                .verification, "manifest.json is not one of this format: \(broken)",
                remedy: "Get the archive again from where it came from", at: .init(file: "manifest.json"))
        }
    }

    /// The largest file beside the payload that is read into memory, in bytes.
    static let tagFileLimit: Int64 = 256 << 20

    /// The bytes of a file beside the payload, checked against the tag manifest; nil if there is none of that name.
    ///
    /// - Throws: `verification` if its digest is not the stated one; `malformed`, `limit`, `unavailable`.
    func tagFile(_ name: String) throws -> [UInt8]? {
        try tagStream(name)?.bytes(limit: Self.tagFileLimit)
    }

    /// The same, to be read piece by piece. For the tag manifest and its signature nothing inside the archive speaks.
    func tagStream(_ name: String) throws -> VerifiedStream? {
        let isListed = name != Self.tagManifestName && name != BagVerifier.signatureName
        return try entries[name].map {
            try VerifiedStream(zip, $0, sha256: isListed ? tagDigests[name] ?? "" : nil)
        }
    }

    private static let tagManifestName = "tagmanifest-sha256.txt"

    /// What the manifest of the payload states of the files under a folder, by name.
    ///
    /// - Throws: as ``tagFile(_:)``.
    func payloadDigests(under folder: String) throws -> [String: String] {
        try VerifiedStream.digests(listedIn: tagFile("manifest-sha256.txt") ?? []).filter { $0.key.hasPrefix(folder) }
    }

    /// The fields of an entity, as the archive describes them; of one that does not, as the catalogue does.
    ///
    /// - Throws: `malformed` or `verification` for a description that is none.
    func layout(of entity: String, catalogue: Catalogue) throws -> EntityLayout? {
        let name = "schemas/fields/\(entity).json"
        guard let stream = try tagStream(name) else { return catalogue.entity(named: entity).map(EntityLayout.init) }
        do {
            let layout = try readLayoutDescription(stream.bytes(limit: 16 << 20), catalogue: catalogue)
            guard layout.entity.name == entity else {
                throw PortabilityError(.verification, "the description of the fields is of another entity")
            }
            return layout
        } catch let error as PortabilityError {
            throw error.within(.init(file: name))
        }
    }

    /// The entry of that name.
    func entry(_ name: String) -> ZipReader.Entry? { entries[name] }

    /// The language that the archive was made in, which the `excel` dialect depends on.
    var language: Language { ArchiveFileReader.language(of: manifest) }
}

/// All archives of one answer: one, or the volumes of a set. What is converted or imported is read through this.
struct ArchiveSet: Sendable {
    /// In the order of their numbers.
    let volumes: [OpenArchive]
    let datasets: [ArchivedDataset]

    /// Opens archives that belong together.
    ///
    /// - Throws: as ``OpenArchive``; `verification` if they are not one set, or not all of it.
    init(paths: [String], keys: ArchiveKeys = ArchiveKeys(), catalogue: Catalogue = .standard) throws {
        try self.init(volumes: paths.map { try OpenArchive(path: $0, keys: keys) }, catalogue: catalogue)
    }

    init(volumes: [OpenArchive], catalogue: Catalogue) throws {
        (self.volumes, datasets) = try Self.joined(volumes, catalogue: catalogue)
    }
}

/// One dataset of an archive or of a set of volumes.
struct ArchivedDataset: Sendable {
    /// Where some of its records are.
    struct Part: Sendable {
        let archive: OpenArchive
        /// The dataset's object in that archive's manifest.
        let manifest: JSONValue
    }

    let id: String
    let category: Category
    /// The dataset's object in the manifest, with the counts of the whole dataset.
    let manifest: JSONValue
    let parts: [Part]
    /// nil if the archive does not say what its fields are, and this version does not know the entity.
    let layout: EntityLayout?

    init(_ manifest: JSONValue, parts: [Part], catalogue: Catalogue) throws {
        guard let id = manifest["id"]?.string,
            let category = manifest["category"]?.string.flatMap(Category.init(rawValue:))
        else {
            throw PortabilityError(
                .verification, "a dataset of manifest.json has no id or no known category",
                remedy: "Get the archive again from where it came from", at: .init(file: "manifest.json"))
        }
        self.id = id
        self.category = category
        self.manifest = manifest
        self.parts = parts
        layout = try Self.layout(manifest["entity"]?.string ?? "", of: parts, catalogue)
    }

    /// All volumes of a set must mean the same by an entity.
    private static func layout(
        _ entity: String, of parts: [Part], _ catalogue: Catalogue
    ) throws -> EntityLayout? {
        var first: EntityLayout?
        for part in parts {
            let layout = try part.archive.layout(of: entity, catalogue: catalogue)
            guard let known = first else {
                first = layout
                continue
            }
            guard layout.map(layoutDescription) == layoutDescription(known) else {
                throw PortabilityError(
                    .verification, "the volumes describe the fields of an entity differently",
                    remedy: "Get all volumes from one place, of one date", at: .init(field: entity))
            }
        }
        return first ?? catalogue.entity(named: entity).map(EntityLayout.init)
    }

    /// The formats that all records are there in.
    var formats: [Format] {
        Format.allCases.filter { format in
            !parts.isEmpty
                && parts.allSatisfy { part in
                    (part.manifest["files"]?.array ?? []).contains {
                        $0["format"]?.string == format.rawValue && $0["table"]?.string == ""
                    }
                }
        }
    }

    /// All records in order, read from the format that is read fastest; nil if the dataset has no files.
    ///
    /// - Throws: `malformed`, `verification`; `unsupported` if the fields are not known.
    func records(limits: BatchLimits = BatchLimits()) throws -> ArchivedRecords? {
        let held = formats
        guard let format = [Format.jsonl, .json, .csv, .xml].first(where: held.contains) else { return nil }
        guard let layout else {
            throw PortabilityError(
                .unsupported, "this version does not know the entity of the dataset",
                remedy: "Install a newer version of portability", at: .init(dataset: id))
        }
        return ArchivedRecords(id: id, parts: parts, format: format, layout: layout, limits: limits)
    }
}

/// The records of a dataset, pulled batch by batch. Every file that is read must have the digest that the manifest
/// states; that is known at its end, so what came before is right only if no error is thrown.
struct ArchivedRecords: ~Copyable {
    private let id: String
    private let parts: [ArchivedDataset.Part]
    private let format: Format
    private let layout: EntityLayout
    private let limits: BatchLimits
    private var next = 0
    private var reader: DatasetReader?

    init(
        id: String, parts: [ArchivedDataset.Part], format: Format, layout: EntityLayout, limits: BatchLimits
    ) {
        self.id = id
        self.parts = parts
        self.format = format
        self.layout = layout
        self.limits = limits
        reader = nil
    }

    /// The next records, nil at the end.
    ///
    /// - Throws: `malformed` with line and byte, `verification`, `limit`, `unavailable`.
    mutating func nextBatch() throws -> RecordBatch? {
        do {
            while true {
                if let batch = try reader?.next() { return batch }
                guard next < parts.count else { return nil }
                reader = try open(parts[next])
                next += 1
            }
        } catch let error as PortabilityError {
            throw error.within(.init(dataset: id))
        }
    }

    private func open(_ part: ArchivedDataset.Part) throws -> DatasetReader {
        let files = (part.manifest["files"]?.array ?? []).filter { $0["format"]?.string == format.rawValue }
        var dialect = CSVDialect.service
        let tables = try files.map { file in
            guard let path = file["path"]?.string, let entry = part.archive.entry(path) else {
                throw PortabilityError(
                    .verification, "the manifest names a file that is not there",
                    remedy: "Get the archive again from where it came from",
                    at: .init(file: file["path"]?.string))
            }
            if file["dialect"]?.string == "excel" { dialect = .excel(part.archive.language) }
            let stream = try VerifiedStream(part.archive.zip, entry, sha256: file["sha256"]?.string ?? "")
            let table = (file["table"]?.string ?? "").split(separator: ".").map(String.init)
            return TableSource(path: table) { try stream.next() }
        }
        return try DatasetReader(format: format, layout: layout, csv: dialect, limits: limits, tables: tables)
    }
}

extension ArchiveFileReader {
    /// The language of an archive's texts and of its `excel` dialect: a converted one says so itself.
    static func language(of manifest: JSONValue) -> Language {
        (manifest["language"] ?? manifest["request"]?["language"])?.string.flatMap(Language.init(rawValue:)) ?? .en
    }
}
