import PortabilityArchive
import PortabilityCrypto
import PortabilityModel

/// The plain bytes of an entry, pulled piece by piece, and compared at their end with the digest that somebody states.
final class VerifiedStream {
    private let stream: EntryStream
    private let name: String
    private let expected: String?
    private var digest = SHA256Digest()
    private var isAtEnd = false

    /// - Parameter sha256: lowercase hexadecimal; nil if nobody says what it must be.
    /// - Throws: `malformed` for an entry that cannot be read.
    init(_ zip: ZipReader, _ entry: ZipReader.Entry, sha256: String?) throws {
        stream = try zip.stream(entry)
        name = entry.name
        expected = sha256
    }

    /// The next piece, nil at the end.
    ///
    /// - Throws: `verification` if the bytes are not the stated ones; `malformed`, `limit`, `unavailable`.
    func next() throws -> [UInt8]? {
        if isAtEnd { return nil }
        do {
            if let piece = try stream.next() {
                digest.update(piece.span)
                return piece
            }
        } catch let error as PortabilityError {
            throw error.within(.init(file: name))
        }
        isAtEnd = true
        if let expected, hexadecimal(digest.value()) != expected {
            throw PortabilityError(
                .verification, "the file's SHA-256 is not the stated one",
                remedy: "Get the archive again from where it came from", at: .init(file: name))
        }
        return nil
    }

    /// All bytes.
    ///
    /// - Throws: as ``next()``; `limit` if there are more than `limit`.
    func bytes(limit: Int64) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try next() {
            bytes += piece
            guard bytes.count <= limit else {
                throw PortabilityError(
                    .limit, "the file is larger than the limit of \(limit) bytes", at: .init(file: name))
            }
        }
        return bytes
    }

    /// The digests that a manifest of a bag lists, by name; lines that are none are passed over.
    static func digests(listedIn bytes: [UInt8]) -> [String: String] {
        var digests: [String: String] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > 66 {
            digests[String(decoding: line.dropFirst(66), as: UTF8.self)] = String(
                decoding: line.prefix(64), as: UTF8.self)
        }
        return digests
    }
}
