import PortabilityArchive
import PortabilityCrypto
import PortabilityEnvelope
import PortabilityEvidence
public import PortabilityModel
import Synchronization

/// For whom an archive is encrypted, in the age v1 format (C2SP age.md). Holds secrets: printing it shows nothing.
///
/// An encrypted archive is a file for whoever reads `age` files; the zip inside is the same as without. Two files of the
/// same zip are never alike.
public struct ArchiveEncryption: Sendable, CustomStringConvertible, CustomReflectable {
    private let audience: AgeAudience
    /// How many recipients of each kind there are, as the file names the kinds: `X25519`, `ssh-ed25519`, `scrypt`.
    let recipients: [String: Int]

    /// Whom it is for, in one piece and in no order, so that two can be told apart. Nothing of a passphrase.
    var canonicalBytes: [UInt8] {
        switch audience {
        case .recipients(let keys):
            keys.map(\.canonicalBytes).sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
        case .passphrase: Array("scrypt".utf8)
        }
    }

    /// Encrypts for public keys.
    ///
    /// - Parameter recipients: each is `age1…`, a line of OpenSSH's `ssh-ed25519 AAAA…`, or the path of a file with one
    ///   of these on each line. Whoever has the secret key of any of them can open the archive.
    /// - Throws: `configuration` for a key that cannot be used or a file that cannot be read.
    public init(recipients: [String]) throws {
        var keys: [AgeRecipient] = []
        for recipient in try recipients.flatMap(Self.read) where !keys.contains(recipient) { keys.append(recipient) }
        guard !keys.isEmpty else {
            throw PortabilityError(.configuration, "there is nobody to encrypt for", remedy: "Name a recipient")
        }
        audience = .recipients(keys)
        self.recipients = keys.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    }

    /// Encrypts with a passphrase.
    ///
    /// - Parameter passphrase: several words; whoever gets the file can try as many as they like, a second each.
    /// - Throws: `configuration` if it is empty.
    public init(passphrase: SecretBytes) throws {
        audience = .passphrase(try AgePassphrase(passphrase))
        recipients = ["scrypt": 1]
    }

    private static func read(_ recipient: String) throws -> [AgeRecipient] {
        // A secret key by mistake is told to be one; it is no path, and must not be repeated in a message.
        let isKey = ["age1", "age-secret-key-", "ssh-", "ecdsa-", "sk-"].contains {
            recipient.lowercased().hasPrefix($0)
        }
        if isKey { return [try AgeRecipient(recipient)] }
        do {
            return try AgeRecipient.file(readFile(recipient, limit: 1 << 20))
        } catch let error as PortabilityError {
            throw PortabilityError(
                .configuration, error.code == .configuration ? error.message : "a file of recipients cannot be read",
                remedy: error.code == .configuration
                    ? error.remedy : "Give age1…, \"ssh-ed25519 AAAA…\" or the path of a file of such keys",
                at: error.within(.init(file: recipient)).place, errno: error.errno)
        }
    }

    /// The zips that were written, each in a file of its own, in order.
    final class Record: Sendable {
        /// What is inside of one encrypted file.
        struct Zip: Sendable, Hashable {
            let bytes: Int64
            /// Lowercase hexadecimal.
            let sha256: String
        }
        private let finished = Mutex<[Zip]>([])

        var zips: [Zip] { finished.withLock { $0 } }

        fileprivate func append(_ zip: Zip) { finished.withLock { $0.append(zip) } }
    }

    /// What a receipt says of it.
    func receipt(_ record: Record) -> Receipt.Archive.Encryption {
        Receipt.Archive.Encryption(
            recipients: Receipt.Archive.Encryption.RecipientKind.allCases.compactMap { kind in
                recipients[kind.rawValue].map { .init(kind: kind, count: Int64($0)) }
            }, zips: record.zips.map { .init(bytes: $0.bytes, sha256: $0.sha256) })
    }

    /// Puts an encrypted file around each archive that is written.
    func envelope(_ record: Record) -> @Sendable (any ArchiveSink) throws -> any EnvelopeSink {
        { [audience] sink in try AgeEnvelope(audience, around: sink, record) }
    }

    private final class AgeEnvelope: EnvelopeSink {
        private let writer: AgeWriter
        private let record: Record
        private var digest = SHA256Digest()
        private var count: Int64 = 0

        init(_ audience: AgeAudience, around sink: any ArchiveSink, _ record: Record) throws {
            var random = SystemRandomNumberGenerator()
            writer = try AgeWriter(for: audience, random: &random) { try sink.write($0) }
            self.record = record
        }

        func write(_ bytes: Span<UInt8>) throws {
            digest.update(bytes)
            count += Int64(bytes.count)
            try writer.write(bytes)
        }

        func finish() throws {
            try writer.finish()
            // Who only asks for the size of an envelope writes nothing into it.
            if count > 0 { record.append(Record.Zip(bytes: count, sha256: hexadecimal(digest.value()))) }
        }
    }

    public var description: String { "encryption (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension AgeRecipient {
    fileprivate var canonicalBytes: [UInt8] {
        switch self {
        case .x25519(let key): Array(kind.utf8) + key
        case .sshEd25519(let key): Array(kind.utf8) + key
        }
    }
}
