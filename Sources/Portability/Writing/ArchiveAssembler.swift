import PortabilityArchive
import PortabilityCrypto
import PortabilityModel

/// Makes the signature of a tag manifest, as it stands in `tagmanifest-sha256.txt.sig`.
struct ArchiveSigner: Sendable {
    let sign: @Sendable (_ tagManifest: [UInt8]) throws -> [UInt8]
}

/// A sink that passes the bytes on in another form, and has something to add at their end.
protocol EnvelopeSink: ArchiveSink {
    /// All bytes were written.
    ///
    /// - Throws: what the sink behind it throws.
    func finish() throws
}

/// What is done to an archive beyond writing it: who signs it, and for whom it is encrypted.
struct ArchiveProtection: Sendable {
    var signer: ArchiveSigner?
    /// Puts an envelope around the sink that an archive goes to.
    var envelope: (@Sendable (any ArchiveSink) throws -> any EnvelopeSink)?
}

/// Puts an archive together in the format's order (design: page, texts, manifests of the bag, payload, schemas).
///
/// Who makes an archive, an export, a conversion or a volume of either, makes it here.
struct ArchiveAssembler: Sendable {
    let compression: Compression
    let pool: CompressionPool
    let spools: SpoolFactory
    /// Seconds since 1970; the time of every entry.
    let created: Int64
    var protection = ArchiveProtection()

    /// What goes in.
    struct Contents {
        /// What stands before the bag's own files, in order, `index.html` first.
        var before: [SpooledEntry]
        /// Labels and values of `bag-info.txt`, without `Payload-Oxum`.
        var bagInfo: [(label: String, value: String)]
        /// Everything under `data/`, in order; each is closed as soon as it is written.
        var payload: [SpooledEntry]
        /// Everything under `schemas/`, in order.
        var after: [SpooledEntry]
    }

    /// A small file, packed.
    ///
    /// - Throws: `output`.
    func spool(_ name: String, _ bytes: [UInt8]) throws -> SpooledEntry {
        let writer = try open(name)
        try writer.append(bytes)
        return try writer.finish()
    }

    /// A file that is written piece by piece.
    ///
    /// - Throws: `output` for a name that breaks the rules.
    func open(_ name: String) throws -> EntryWriter {
        try EntryWriter(
            name: name, compression: compression, pool: pool, spools: spools, digest: SHA256Digest.factory)
    }

    /// An archive whose files are all there, packed, and only have to be written.
    struct Prepared {
        fileprivate let before: [SpooledEntry]
        fileprivate let payload: [SpooledEntry]
        fileprivate let after: [SpooledEntry]

        /// Bytes of the archive, without an envelope.
        var size: Int64 { ZipWriter.size(of: before + payload + after) }

        /// Gives up everything but the payload.
        func closeTags() { for entry in before + after { entry.close() } }
    }

    /// Makes the files of the bag for the rest of the archive.
    ///
    /// - Throws: `output`, what the signer throws; everything but the payload is closed then.
    func prepare(_ contents: Contents) throws -> Prepared {
        var before = contents.before
        do {
            let payload = contents.payload
            before.append(try spool("bagit.txt", BagWriter.declaration))
            before.append(
                try spool(
                    "bag-info.txt",
                    BagWriter.info(
                        contents.bagInfo, payloadBytes: payload.reduce(0) { $0 + $1.size },
                        payloadFiles: payload.count)))
            before.append(
                try spool(
                    "manifest-sha256.txt", BagWriter.manifest(payload.map { (name: $0.name, sha256: $0.sha256) })))
            let tagManifest = try BagWriter.manifest(
                (before + contents.after).map { (name: $0.name, sha256: $0.sha256) })
            before.append(try spool("tagmanifest-sha256.txt", tagManifest))
            if let signer = protection.signer {
                before.append(try spool(BagVerifier.signatureName, signer.sign(tagManifest)))
            }
            return Prepared(before: before, payload: payload, after: contents.after)
        } catch {
            for entry in before + contents.after { entry.close() }
            throw error
        }
    }

    /// Writes the archive, and closes all entries that it was given.
    ///
    /// - Throws: `output`, `cancelled`; what the signer throws.
    func write(_ contents: Contents, into sink: any ArchiveSink) throws {
        do {
            try write(try prepare(contents), into: sink)
        } catch {
            for entry in contents.payload { entry.close() }
            throw error
        }
    }

    /// Writes the archive, and closes all its entries.
    ///
    /// - Throws: `output`, `cancelled`.
    func write(_ prepared: Prepared, into sink: any ArchiveSink) throws {
        let (before, payload, after) = (prepared.before, prepared.payload, prepared.after)
        defer { for entry in before + payload + after { entry.close() } }
        let envelope = try protection.envelope?(sink)
        var zip = ZipWriter(
            sink: envelope ?? sink, time: ZipTime(unixSeconds: created), digest: SHA256Digest.factory)
        for entry in before { try zip.add(entry) }
        for entry in payload {
            try Task.checkPortabilityCancellation()
            try zip.add(entry)
            entry.close()
        }
        for entry in after { try zip.add(entry) }
        try zip.finish()
        try envelope?.finish()
        try Task.checkPortabilityCancellation()
    }

    /// The most bytes that an archive of so many bytes comes to with its envelope: what the envelope of nothing comes
    /// to, and 16 bytes for each 64 KiB begun, as `age` has them.
    ///
    /// - Throws: what the envelope throws.
    func envelopedSize(_ size: Int64) throws -> Int64 {
        guard let make = protection.envelope else { return size }
        let counter = CountingSink()
        try make(counter).finish()
        return size + counter.count + 16 * (size / 65536 + 1)
    }

    private final class CountingSink: ArchiveSink {
        private(set) var count: Int64 = 0
        func write(_ bytes: Span<UInt8>) { count += Int64(bytes.count) }
    }
}
