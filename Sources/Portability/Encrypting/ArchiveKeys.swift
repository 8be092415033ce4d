import PortabilityArchive
import PortabilityCrypto
import PortabilityEnvelope
public import PortabilityModel
import Synchronization

/// What opens archives that are encrypted. Holds secrets: printing it shows nothing.
public struct ArchiveKeys: Sendable, CustomStringConvertible, CustomReflectable {
    let age: AgeKeys

    /// No keys: archives that are not encrypted.
    public init() { age = AgeKeys() }

    /// Keys from files, and a passphrase.
    ///
    /// Nobody is asked for a passphrase before it is needed, nor for the same one twice.
    ///
    /// - Parameters:
    ///   - identities: files with secret keys: of age, as `age-keygen` writes them, also if age itself encrypted them with
    ///     a passphrase; or of OpenSSH, of the kind `ssh-ed25519`.
    ///   - identityPassphrase: gives the passphrase of the file that it is given the path of; nil if nobody can be asked.
    ///   - passphrase: gives the passphrase of an archive that was encrypted with one; nil if nobody can be asked.
    /// - Throws: `configuration` for a file that cannot be read or holds no key that can be used.
    public init(
        identities: [String],
        identityPassphrase: @escaping @Sendable (_ path: String) throws -> SecretBytes? = { _ in nil },
        passphrase: @escaping @Sendable () throws -> SecretBytes? = { nil }
    ) throws {
        let passphrase = Once { try passphrase().map(AgePassphrase.init) }
        age = AgeKeys(
            try identities.flatMap { try Self.read($0, identityPassphrase) }, passphrase: { try passphrase.value() })
    }

    private static let largestFile = 1 << 20

    private static func read(
        _ path: String, _ ask: @escaping @Sendable (String) throws -> SecretBytes?
    ) throws -> [AgeKey] {
        do {
            let bytes = try readFile(path, limit: largestFile)
            if EncryptedFile.isAge(bytes) || AgeArmor.isArmor(bytes) { return [locked(bytes, path, ask)] }
            guard bytes.starts(with: Array("-----BEGIN ".utf8)) else {
                return try AgeIdentity.file(bytes).map(AgeKey.init)
            }
            return [try sshKey(bytes, path, ask)]
        } catch let error as PortabilityError {
            var told = error.within(.init(file: path))
            told.code = .configuration
            throw told
        }
    }

    /// A file of identities that age itself encrypted.
    private static func locked(
        _ bytes: [UInt8], _ path: String, _ ask: @escaping @Sendable (String) throws -> SecretBytes?
    ) -> AgeKey {
        let keys = Once {
            do {
                let opener = AgeKeys { try needed(ask(path)) }
                let reader = try AgeReader(unarmored(HeldBytes(bytes), head: bytes), keys: opener)
                return try AgeIdentity.file(reader.bytes(Int(reader.size), at: 0)).map(AgeKey.init)
            } catch let error as PortabilityError {
                throw error.within(.init(file: path))
            }
        }
        return AgeKey(opening: nil) { try keys.value() }
    }

    private static func sshKey(
        _ bytes: [UInt8], _ path: String, _ ask: @escaping @Sendable (String) throws -> SecretBytes?
    ) throws -> AgeKey {
        let file = try bytes.withUnsafeBytes { try OpenSSHPrivateKey(parsing: $0) }
        if let seed = file.seed { return AgeKey(sshEd25519Seed: seed) }
        let keys = Once {
            do {
                let passphrase = try needed(ask(path))
                let seed = try bytes.withUnsafeBytes { try file.unlocked($0, passphrase: passphrase.bytes) }
                return [AgeKey(sshEd25519Seed: seed)]
            } catch let error as PortabilityError {
                throw error.within(.init(file: path))
            }
        }
        return AgeKey(opening: file.publicKey) { try keys.value() }
    }

    private static func needed(_ passphrase: SecretBytes?) throws -> AgePassphrase {
        guard let passphrase else {
            throw PortabilityError(
                .verification, "the identity is protected by a passphrase, and none was given",
                remedy: "Run it at a terminal, or give --identity-passphrase-fd")
        }
        return try AgePassphrase(passphrase)
    }

    public var description: String { "keys (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Something that is found out when it is first asked for. Who asks meanwhile waits.
private final class Once<Value: Sendable>: Sendable {
    private let known = Mutex<Value?>(nil)
    private let find: @Sendable () throws -> Value

    init(_ find: @escaping @Sendable () throws -> Value) { self.find = find }

    func value() throws -> Value {
        try known.withLock { known in
            if let known { return known }
            let found = try find()
            known = found
            return found
        }
    }
}

/// An encrypted file on the disk.
private struct EncryptedFileBytes: EnvelopeBytes {
    let file: PlainFile

    var size: Int64 { file.size }

    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(PortabilityError) -> Int {
        try file.read(buffer, at: offset)
    }
}

/// What is in an encrypted file.
private struct DecryptedBytes: ArchiveBytes {
    let reader: AgeReader

    var size: Int64 { reader.size }

    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(PortabilityError) -> Int {
        try reader.read(buffer, at: offset)
    }
}

/// The bytes without their armor, if they are in one.
private func unarmored(_ bytes: any EnvelopeBytes, head: [UInt8]) throws -> any EnvelopeBytes {
    AgeArmor.isArmor(head) ? try AgeArmor(bytes) : bytes
}

/// Opens the file of an archive; one that is encrypted is decrypted in memory as it is read, and never on a disk.
///
/// - Throws: `unavailable`, `denied`; of an encrypted file `verification` if it is damaged, cut off or not for these
///   keys, `unsupported` for another version of the age format, `limit`, and what the asker of a passphrase throws.
func openArchiveBytes(path: String, keys: ArchiveKeys) throws -> ArchiveFile {
    let file = try PlainFile(path: path)
    let bytes = EncryptedFileBytes(file: file)
    do {
        let head = try bytes.bytes(2 << 10, at: 0)
        guard head.starts(with: Array("age-encryption.org/".utf8)) || AgeArmor.isArmor(head) else {
            return ArchiveFile(file)
        }
        return ArchiveFile(DecryptedBytes(reader: try AgeReader(unarmored(bytes, head: head), keys: keys.age)))
    } catch let error as PortabilityError {
        throw error.within(.init(file: path))
    }
}
