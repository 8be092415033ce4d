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

    /// Writes the archive, and closes all entries that it was given.
    ///
    /// - Throws: `output`, `cancelled`; what the signer throws.
    func write(_ contents: Contents, into sink: any ArchiveSink) throws {
        var before = contents.before
        defer { for entry in before + contents.payload + contents.after { entry.close() } }
        let payload = contents.payload
        before.append(try spool("bagit.txt", BagWriter.declaration))
        before.append(
            try spool(
                "bag-info.txt",
                BagWriter.info(
                    contents.bagInfo, payloadBytes: payload.reduce(0) { $0 + $1.size }, payloadFiles: payload.count)))
        before.append(
            try spool(
                "manifest-sha256.txt", BagWriter.manifest(payload.map { (name: $0.name, sha256: $0.sha256) })))
        let tagManifest = try BagWriter.manifest(
            (before + contents.after).map { (name: $0.name, sha256: $0.sha256) })
        before.append(try spool("tagmanifest-sha256.txt", tagManifest))
        if let signer = protection.signer {
            before.append(try spool(BagVerifier.signatureName, signer.sign(tagManifest)))
        }
        let envelope = try protection.envelope?(sink)
        var zip = ZipWriter(
            sink: envelope ?? sink, time: ZipTime(unixSeconds: created), digest: SHA256Digest.factory)
        for entry in before { try zip.add(entry) }
        for entry in payload {
            try Task.checkPortabilityCancellation()
            try zip.add(entry)
            entry.close()
        }
        for entry in contents.after { try zip.add(entry) }
        try zip.finish()
        try envelope?.finish()
        try Task.checkPortabilityCancellation()
    }
}
