import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
public import PortabilityImport
public import PortabilityModel
import PortabilityText

/// Loads archives into a database, or their documents into a folder.
///
/// Nothing of an archive is trusted: what is imported is compared with the checksums in it on its way, and of an
/// archive that does not hold what it says, nothing is imported, nor of the others of the same run.
public struct ArchiveImporter: Sendable {
    private let keys: ArchiveKeys
    private let catalogue: Catalogue

    /// Makes an importer.
    ///
    /// - Parameter keys: what opens archives that are encrypted.
    public init(keys: ArchiveKeys = ArchiveKeys(), catalogue: Catalogue = .standard) {
        self.keys = keys
        self.catalogue = catalogue
    }

    /// Imports archives into a database, all of them or none.
    ///
    /// - Parameters:
    ///   - paths: archives; volumes of one set are put together, and may come in any order.
    ///   - database: a new file, readable by its owner only, or one that was made by an earlier import.
    ///   - person: who the archives are about, as the receiver calls that person; empty if the database is about one
    ///     person only.
    /// - Throws: `verification` or `unsupported` if an archive is not what it says; `refused` if the file is another
    ///   program's, or the archive another person's; `output`, `unavailable`, `denied`, `malformed`, `limit`,
    ///   `cancelled`. The database is then as it was, and not there if it was not.
    public func importRecords(
        of paths: [String], into database: String, person: String = ""
    ) throws -> ImportSummary {
        let sets = try open(paths)
        OutputFile.sweep(folder: OutputFile.folder(of: database))
        var status = stat()
        if lstat(database, &status) == 0 {
            return try ImportDatabase.write(path: database, isNew: false) { try add(sets, to: $0, person: person) }
        }
        let file = try OutputFile(path: database)
        do {
            let summary = try ImportDatabase.write(path: file.temporaryPath, isNew: true) {
                try add(sets, to: $0, person: person)
            }
            try file.commit()
            return summary
        } catch let error as PortabilityError {
            throw error.within(.init(file: database))
        }
    }

    /// True if a target is a folder: one that is there, or a name that ends with a slash. Else it is a database.
    public static func isFolder(_ target: String) -> Bool {
        var status = stat()
        return target.hasSuffix("/") || stat(target, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Writes the documents of archives below a folder by their names in the archive, `data/documents/…`, all of them
    /// or none. What is there with the same bytes is left.
    ///
    /// - Parameters:
    ///   - paths: archives or volumes.
    ///   - folder: is made if it is not there; the one above it must be.
    /// - Throws: as ``importRecords(of:into:person:)``; `refused` if another file of the same name is there.
    public func importDocuments(of paths: [String], into folder: String) throws -> ImportSummary {
        let sources = try open(paths)
        let target = try DocumentFolder(path: folder)
        for volume in sources.lazy.flatMap(\.volumes) {
            do {
                for document in try volume.documents() {
                    guard let entry = volume.archive.entry(document.path) else { continue }
                    try target.add(entry, of: volume.archive.zip, sha256: document.sha256)
                }
            } catch let error as PortabilityError {
                throw Self.judged(error).within(.init(file: volume.archive.path))
            }
        }
        try target.commit()
        var summary = ImportSummary()
        summary.documents = .init(added: target.added, unchanged: target.unchanged)
        return summary
    }

    /// An archive or a set of volumes, checked as far as what is read first goes.
    private struct Source {
        let set: ArchiveSet
        let volumes: [ImportVolume]
    }

    private func open(_ paths: [String]) throws -> [Source] {
        var groups: [(id: String?, volumes: [ImportVolume])] = []
        for path in paths {
            let volume: ImportVolume
            do {
                volume = try ImportVolume(path: path, keys: keys)
            } catch let error as PortabilityError {
                throw Self.judged(error).within(.init(file: path))
            }
            let id = volume.archive.manifest["set"]?["id"]?.string
            if id != nil, let index = groups.firstIndex(where: { $0.id == id }) {
                // The same volume twice is one.
                if !groups[index].volumes.contains(where: { $0.file.sha256 == volume.file.sha256 }) {
                    groups[index].volumes.append(volume)
                }
            } else {
                groups.append((id, [volume]))
            }
        }
        return try groups.map { group in
            let volumes = group.volumes.sorted { $0.number < $1.number }
            do {
                let set = try ArchiveSet(volumes: volumes.map(\.archive), catalogue: catalogue)
                return Source(set: set, volumes: volumes)
            } catch let error as PortabilityError {
                throw Self.judged(error).within(.init(file: volumes.first?.archive.path))
            }
        }
    }

    private func add(_ sources: [Source], to importer: Importer, person: String) throws {
        for source in sources {
            do {
                try add(source, to: importer, person: person)
            } catch let error as PortabilityError {
                throw error.within(.init(file: source.volumes.first?.archive.path))
            }
        }
    }

    private func add(_ source: Source, to importer: Importer, person: String) throws {
        let isNew = try importer.begin(describe(source, person: person))
        for dataset in source.set.datasets {
            let described = try describe(dataset)
            if isNew { try importer.begin(described, layout: described.contentSHA256 == nil ? nil : dataset.layout) }
            do {
                try readRecords(of: dataset, described) { batch in if isNew { try importer.add(batch) } }
            } catch let error as PortabilityError {
                throw Self.judged(error).within(.init(dataset: dataset.id))
            }
        }
        if isNew { try importer.checkPerson() }
    }

    /// An archive whose bytes cannot be read, or burst a limit, is not what it says it is.
    private static func judged(_ error: PortabilityError) -> PortabilityError {
        guard error.code == .malformed || error.code == .limit else { return error }
        return PortabilityError(
            .verification, error.message, remedy: error.remedy ?? "Get the archive again from where it came from",
            at: error.place, errno: error.errno)
    }

    /// Reads a dataset's records and compares their content digest and number with the manifest.
    private func readRecords(
        of dataset: ArchivedDataset, _ described: ImportedDataset, _ body: (RecordBatch) throws -> Void
    ) throws {
        guard var records = try dataset.records(), let layout = dataset.layout else {
            guard described.exported == 0 else {
                throw PortabilityError(
                    .verification, "the archive does not hold the records in a form that can be read back",
                    remedy: "Import the archive that this one was converted from")
            }
            return
        }
        let encoder = RecordJSONEncoder(layout)
        var digest = SHA256Digest()
        var lines: [UInt8] = []
        var count: Int64 = 0
        while let batch = try records.nextBatch() {
            try Task.checkPortabilityCancellation()
            lines.removeAll(keepingCapacity: true)
            encoder.append(batch, to: &lines)
            digest.update(lines.span)
            count += Int64(batch.records.count)
            try body(batch)
        }
        guard count == described.exported, hexadecimal(digest.value()) == described.contentSHA256 else {
            throw PortabilityError(
                .verification, "the records are not those that manifest.json states",
                remedy: "Get the archive again from where it came from")
        }
    }

    private func describe(_ source: Source, person: String) throws -> ImportedArchive {
        let first = source.volumes[0]
        let manifest = first.archive.manifest
        func text(_ object: String, _ key: String) -> String { manifest[object]?[key]?.string ?? "" }
        let name = text("controller", "name")
        let businessID = text("controller", "business_id")
        var documents: [ImportedArchive.Document] = []
        for volume in source.volumes { documents += try volume.documents() }
        documents.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        guard zip(documents, documents.dropFirst()).allSatisfy({ $0.path != $1.path }) else {
            throw PortabilityError(.verification, "two volumes hold a document of the same name")
        }
        let key = businessID.isEmpty ? name : businessID
        var identity = SHA256Digest()
        func add(_ parts: String...) {
            for part in parts { identity.update(Array("\(part.utf8.count):\(part)".utf8).span) }
        }
        add("portability", key, text("request", "id"), text("request", "right"))
        for dataset in source.set.datasets.sorted(by: { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }) {
            let described = try describe(dataset)
            add(
                dataset.id, described.entity, described.status, "\(described.exported)",
                described.contentSHA256 ?? "")
        }
        for document in documents { add(document.path, document.sha256) }
        return ImportedArchive(
            contentSHA256: hexadecimal(identity.value()), person: person, controllerKey: key, controller: name,
            requestID: text("request", "id"), right: text("request", "right"),
            status: manifest["status"]?.string ?? "", created: manifest["created"]?.string ?? "",
            language: first.archive.language.rawValue,
            formatVersion: manifest["format_version"]?.string ?? "",
            catalogueVersion: manifest["catalogue_version"]?.string,
            tool: [text("tool", "name"), text("tool", "version")].filter { !$0.isEmpty }.joined(separator: " "),
            convertedFrom: manifest["converted_from"]?.compact(), setID: manifest["set"]?["id"]?.string,
            files: source.volumes.map {
                .init(
                    volume: $0.number, sha256: $0.file.sha256, bytes: $0.file.bytes, manifest: $0.manifest,
                    processingInformation: $0.processingInformation)
            },
            documents: documents)
    }

    private func describe(_ dataset: ArchivedDataset) throws -> ImportedDataset {
        let manifest = dataset.manifest
        guard let entity = manifest["entity"]?.string, let exported = manifest["records"]?["exported"]?.integer,
            exported >= 0
        else {
            throw PortabilityError(
                .verification, "a dataset of manifest.json has no entity or no count of records",
                remedy: "Get the archive again from where it came from",
                at: .init(dataset: dataset.id, file: "manifest.json"))
        }
        var described = ImportedDataset(
            id: dataset.id, entity: entity, category: dataset.category.rawValue,
            status: manifest["status"]?.string ?? "", exported: exported)
        described.label = manifest["label"]?.string
        described.source = manifest["source"]?.string
        described.role = manifest["role"]?.string
        described.origin = manifest["origin"]?.string
        described.providedBy = manifest["provided_by"]?.string
        described.means = manifest["means"]?.string
        described.purposes = manifest["purposes"]?.compact()
        described.retention = manifest["retention"]?.string
        described.ground = manifest["ground"]?.string
        described.extracted = manifest["records"]?["extracted"]?.integer
        described.withheld = manifest["records"]?["withheld"]?.compact()
        described.contentSHA256 = manifest["content_sha256"]?.string
        return described
    }
}
