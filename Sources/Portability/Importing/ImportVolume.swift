import PortabilityArchive
import PortabilityImport
import PortabilityModel
import PortabilityText

/// One archive file that is imported, with what is kept of it whole.
///
/// The chain is that of BagIt: the tag manifest vouches for `manifest.json` and `manifest-sha256.txt`, and that for the
/// documents.
struct ImportVolume {
    let archive: OpenArchive
    /// From 1.
    let number: Int
    /// Of the file as it was given.
    let file: FileDigest
    let manifest: [UInt8]
    let processingInformation: [UInt8]?
    /// Names and digests of the documents that the payload manifest lists.
    private let listed: [String: String]

    init(path: String, keys: ArchiveKeys) throws {
        file = try fileDigest(path)
        archive = try OpenArchive(path: path, keys: keys)
        manifest = try archive.tagFile("manifest.json") ?? []
        processingInformation = try archive.tagFile("processing-information.json")
        listed = try archive.payloadDigests(under: "data/documents/")
        number = archive.manifest["set"]?["volume"]?.integer.flatMap { Int(exactly: $0) } ?? 1
    }

    /// The documents that this file holds, by name.
    ///
    /// - Throws: `verification` if they are not those that the payload manifest lists.
    func documents() throws -> [ImportedArchive.Document] {
        let entries = archive.zip.entries.filter { $0.name.hasPrefix("data/documents/") && !$0.isFolder }
        guard entries.count == listed.count else { throw Self.listError }
        return try entries.map { entry in
            guard let digest = listed[entry.name] else { throw Self.listError }
            return .init(path: entry.name, bytes: entry.size, sha256: digest)
        }
    }

    private static let listError = PortabilityError(
        .verification, "the documents in the archive are not those that manifest-sha256.txt lists",
        remedy: "Get the archive again from where it came from")
}
