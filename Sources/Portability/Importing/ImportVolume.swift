import PortabilityArchive
import PortabilityCrypto
import PortabilityImport
import PortabilityModel
import PortabilityText

/// One archive file that is imported: with its own digest, and those of its tag files that matter here compared.
///
/// The chain is that of BagIt: `tagmanifest-sha256.txt` vouches for `manifest.json` and `manifest-sha256.txt`, and that
/// for the documents.
struct ImportVolume {
    let archive: OpenArchive
    /// From 1.
    let number: Int
    /// Of the file as it was given.
    let sha256: String
    let bytes: Int64
    let manifest: [UInt8]
    let processingInformation: [UInt8]?
    /// Payload names and their digests.
    private let payload: [String: String]

    init(path: String, keys: ArchiveKeys) throws {
        (sha256, bytes) = try Self.digest(of: path)
        let archive = try OpenArchive(path: path, keys: keys)
        self.archive = archive
        guard let tags = try Self.read("tagmanifest-sha256.txt", of: archive) else {
            throw Self.missing("tagmanifest-sha256.txt")
        }
        let known = try Self.list(tags, "tagmanifest-sha256.txt")
        func checked(_ name: String) throws -> [UInt8]? {
            guard let bytes = try Self.read(name, of: archive) else { return nil }
            guard known[name] == hexadecimal(SHA256Digest.of(bytes)) else {
                throw PortabilityError(
                    .verification, "a checksum is not the one in tagmanifest-sha256.txt",
                    remedy: "Get the archive again from where it came from", at: .init(file: name))
            }
            return bytes
        }
        guard let manifest = try checked("manifest.json") else { throw Self.missing("manifest.json") }
        guard let list = try checked("manifest-sha256.txt") else { throw Self.missing("manifest-sha256.txt") }
        self.manifest = manifest
        processingInformation = try checked("processing-information.json")
        for entry in archive.zip.entries where entry.name.hasPrefix("schemas/fields/") { _ = try checked(entry.name) }
        payload = try Self.list(list, "manifest-sha256.txt")
        number = archive.manifest["set"]?["volume"]?.integer.flatMap { Int(exactly: $0) } ?? 1
    }

    /// The documents that this file holds, by name.
    ///
    /// - Throws: `verification` if manifest-sha256.txt does not name one.
    func documents() throws -> [ImportedArchive.Document] {
        try archive.zip.entries.filter { $0.name.hasPrefix("data/documents/") && !$0.isFolder }.map { entry in
            guard let digest = payload[entry.name] else {
                throw PortabilityError(
                    .verification, "manifest-sha256.txt does not name a document",
                    remedy: "Get the archive again from where it came from", at: .init(file: entry.name))
            }
            return .init(path: entry.name, bytes: entry.size, sha256: digest)
        }
    }

    private static func missing(_ name: String) -> PortabilityError {
        PortabilityError(
            .verification, "the archive lacks a file that every archive has",
            remedy: "Get the archive again from where it came from", at: .init(file: name))
    }

    private static let tagLimit: Int64 = 256 << 20

    private static func read(_ name: String, of archive: OpenArchive) throws -> [UInt8]? {
        guard let entry = archive.entry(name) else { return nil }
        guard entry.size <= tagLimit else {
            throw PortabilityError(.limit, "the file is larger than 256 MiB", at: .init(file: name))
        }
        var bytes: [UInt8] = []
        try archive.zip.read(entry) { bytes.append($0) }
        return bytes
    }

    /// Lines of a digest, spaces and a name. Names with escapes are none of an archive of ours.
    private static func list(_ bytes: [UInt8], _ name: String) throws -> [String: String] {
        var digests: [String: String] = [:]
        for line in bytes.split(separator: 10) {
            guard line.count > 66, line[line.startIndex + 64] == 32,
                let start = line[(line.startIndex + 64)...].firstIndex(where: { $0 != 32 })
            else {
                throw PortabilityError(
                    .verification, "a list of checksums has a line that is none",
                    remedy: "Get the archive again from where it came from", at: .init(file: name))
            }
            let path = String(decoding: line[start...], as: UTF8.self)
            digests[path] = String(decoding: line.prefix(64), as: UTF8.self)
        }
        return digests
    }

    private static func digest(of path: String) throws -> (sha256: String, bytes: Int64) {
        let file = try PlainFile(path: path)
        var digest = SHA256Digest()
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 << 10)
        defer { buffer.deallocate() }
        var offset: Int64 = 0
        while true {
            try Task.checkPortabilityCancellation()
            let count = try file.read(buffer, at: offset)
            if count == 0 { return (hexadecimal(digest.value()), offset) }
            digest.update(UnsafeBufferPointer(rebasing: buffer[..<count]).span)
            offset += Int64(count)
        }
    }
}
