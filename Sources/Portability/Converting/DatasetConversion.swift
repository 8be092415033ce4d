import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel
import PortabilityText

/// One dataset of the new archive.
struct ConvertedDataset: Sendable {
    let dataset: ArchivedDataset
    var files: [FormatFiles.File] = []
    var records: Int64 = 0

    func discard() { for file in files { file.entry.close() } }
}

/// Reads the records of a dataset on one thread and writes them on another, and compares what passed with the manifest.
struct DatasetConversion: Sendable {
    let dataset: ArchivedDataset
    let plan: ConversionPlan

    /// - Throws: `malformed`, `limit`, `verification` for records that are not what the manifest says; `unsupported` for
    ///   a dataset whose records are in no format; `output`, `cancelled`.
    func run() async throws -> ConvertedDataset {
        guard !plan.files.formats.isEmpty, let records = try dataset.openRecords(), let layout = dataset.layout else {
            return ConvertedDataset(dataset: dataset)
        }
        let channel = BatchChannel(capacity: 4)
        async let writing = write(from: channel, layout: layout)
        do {
            try await read(records, into: channel)
            channel.close()
        } catch {
            channel.close()
            (try? await writing)?.discard()
            throw error
        }
        let written = try await writing
        do {
            try dataset.check(records: written.records, contentDigest: written.contentDigest)
        } catch {
            written.discard()
            throw error
        }
        return ConvertedDataset(dataset: dataset, files: written.files, records: written.records)
    }

    private func read(_ records: consuming ArchivedRecords, into channel: BatchChannel) async throws {
        var records = records
        while let batch = try records.nextBatch() {
            try Task.checkPortabilityCancellation()
            plan.progress.add(records: Int64(batch.records.count), bytes: Int64(batch.bytes.count))
            try await channel.push(batch)
        }
    }

    private func write(from channel: BatchChannel, layout: EntityLayout) async throws -> FormatFiles.Result {
        var opened: FormatFiles?
        do {
            let files = try FormatFiles(
                dataset: dataset.id, category: dataset.category, layout: layout, options: plan.files)
            opened = files
            while let batch = await channel.next() { try files.write(batch) }
            return try files.finish()
        } catch {
            let error = asPortabilityError(error)
            channel.fail(error)
            opened?.discard()
            throw error
        }
    }
}

extension ArchivedDataset {
    /// The records; nil if the dataset has none, or was left out of the archive as a whole.
    ///
    /// - Throws: `unsupported` if it has records, but in no format that can be read back; what ``records(limits:)``
    ///   throws.
    func openRecords() throws -> ArchivedRecords? {
        if let records = try self.records() { return records }
        guard exported == 0 else {
            throw PortabilityError(
                .unsupported, "the archive holds the records of a dataset in no format that can be read back",
                remedy: "Convert the archive that this one was converted from", at: .init(dataset: id))
        }
        return nil
    }

    /// Records that the manifest says are in the archive.
    var exported: Int64 { manifest["records"]?["exported"]?.integer ?? 0 }

    /// Compares what was read with the ledger.
    ///
    /// - Throws: `verification`.
    func check(records: Int64, contentDigest: [UInt8]) throws {
        func wrong(_ message: String) -> PortabilityError {
            PortabilityError(
                .verification, message, remedy: "Get the archive again from where it came from",
                at: .init(dataset: id))
        }
        guard records == exported else { throw wrong("the number of records is not the manifest's") }
        guard hexadecimal(contentDigest) == manifest["content_sha256"]?.string else {
            throw wrong("the content digest is not the manifest's")
        }
    }
}

/// Copies the documents, byte for byte.
struct DocumentCopy: Sendable {
    static let folder = "data/documents/"

    struct Result: Sendable {
        /// Sorted by name; all in one spool, there may be a hundred thousand.
        var entries: [SpooledEntry]
        let spool: Spool
    }

    let plan: ConversionPlan

    /// - Throws: `verification` if they are not all there, or others than the manifests say; `malformed`, `limit`,
    ///   `output`, `cancelled`.
    func run() throws -> Result {
        let spool = plan.files.assembler.spools.make()
        do {
            var entries: [SpooledEntry] = []
            var names: Set<String> = []
            for volume in plan.source.volumes {
                let copied = try copy(volume, to: spool)
                for entry in copied where !names.insert(entry.name).inserted {
                    throw wrong("two volumes have a document of the same name", in: volume)
                }
                entries += copied
            }
            entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            return Result(entries: entries, spool: spool)
        } catch {
            spool.close()
            throw error
        }
    }

    private func copy(_ volume: OpenArchive, to spool: Spool) throws -> [SpooledEntry] {
        var digests = try volume.payloadDigests(under: Self.folder)
        var copied: [SpooledEntry] = []
        for entry in volume.zip.entries where entry.name.hasPrefix(Self.folder) && !entry.isFolder {
            try Task.checkPortabilityCancellation()
            guard let sha256 = digests.removeValue(forKey: entry.name) else {
                throw wrong("a document is there that no manifest lists", in: volume)
            }
            let stream = try VerifiedStream(volume.zip, entry, sha256: sha256)
            copied.append(try plan.files.assembler.pack(stream, as: entry.name).moved(to: spool))
        }
        let stated = volume.manifest["documents"]
        guard digests.isEmpty, stated?["count"]?.integer == Int64(copied.count),
            stated?["bytes"]?.integer == copied.reduce(0, { $0 + $1.size })
        else { throw wrong("the documents are not those that the manifest counts", in: volume) }
        return copied
    }

    private func wrong(_ message: String, in volume: OpenArchive) -> PortabilityError {
        PortabilityError(
            .verification, message, remedy: "Get the archive again from where it came from",
            at: .init(file: volume.path))
    }
}

extension ArchiveAssembler {
    /// Packs what a stream holds, once its digest was found right.
    ///
    /// - Throws: as the stream, `output`.
    func pack(_ stream: VerifiedStream, as name: String) throws -> SpooledEntry {
        let writer = try open(name)
        do {
            while let piece = try stream.next() { try writer.append(piece) }
            return try writer.finish()
        } catch {
            writer.discard()
            throw error
        }
    }
}
