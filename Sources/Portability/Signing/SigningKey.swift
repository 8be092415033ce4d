import Glibc
import PortabilityCrypto
import PortabilityEnvelope
public import PortabilityModel

/// The key with which an organisation signs archives: Ed25519, as `ssh-keygen -t ed25519` makes it. Printing it shows
/// nothing.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// What the signatures of archives are for, so that none of another purpose is taken for one.
    public static let namespace = "portability"
    /// A larger file is no key.
    private static let largestFile = 64 << 10

    private let key: SSHSigningKey

    /// The fingerprint of the public half, as `ssh-keygen -l` prints it: `SHA256:` and 43 characters.
    public var fingerprint: String { key.publicKey.fingerprint }

    /// The public half as a line of a file `.pub`.
    public var publicKey: String { key.publicKey.line }

    /// Reads a key.
    ///
    /// - Parameters:
    ///   - path: a private key in the format of OpenSSH, which nobody but its owner can read; or a public key, if an
    ///     agent keeps the private one.
    ///   - agent: the socket of that agent, as `SSH_AUTH_SOCK` names it.
    ///   - passphrase: is asked for the passphrase if there is one.
    /// - Throws: `configuration` for a file that is no such key, or that others can read; `verification` for a wrong
    ///   passphrase; `unavailable` if the agent cannot be reached or does not have the key; what `passphrase` throws.
    public static func load(
        path: String, agent: String? = nil, passphrase: () throws -> SecretBytes
    ) throws -> SigningKey {
        do {
            let (file, status) = try read(path)
            let key = try file.withBytes { text in
                text.starts(with: "-----BEGIN".utf8) || text.starts(with: "PuTTY".utf8)
                    ? try privateKey(text, status, passphrase: passphrase) : try keptKey(text, agent: agent)
            }
            return SigningKey(key: key)
        } catch let error as PortabilityError {
            var told = error.within(.init(file: path))
            if [.malformed, .limit, .unsupported].contains(error.code) { told.code = .configuration }
            throw told
        }
    }

    private static func privateKey(
        _ text: UnsafeRawBufferPointer, _ status: stat, passphrase: () throws -> SecretBytes
    ) throws -> SSHSigningKey {
        guard status.st_mode & 0o077 == 0 else {
            throw PortabilityError(
                .configuration, "the private key can be read or changed by others than its owner",
                remedy: "Take the rights of others away: chmod 0600 FILE; if others have seen it, make another key")
        }
        let file = try OpenSSHPrivateKey(parsing: text)
        let seed = try file.seed ?? file.unlocked(text, passphrase: passphrase())
        return try SSHSigningKey(seed: seed, publicKey: file.publicKey)
    }

    private static func keptKey(_ text: UnsafeRawBufferPointer, agent: String?) throws -> SSHSigningKey {
        let line = Array(text.prefix { $0 != 10 && $0 != 13 })
        let key: SSHPublicKey
        do {
            key = try SSHPublicKey(line: line)
        } catch {
            throw PortabilityError(
                .configuration, "the file is neither a private key in the format of OpenSSH nor a public key",
                remedy: "Make a key: ssh-keygen -t ed25519 -f FILE")
        }
        guard let agent, !agent.isEmpty else {
            throw PortabilityError(
                .configuration, "the file is a public key, and there is no SSH agent that could have the private one",
                remedy: "Name the private key; or start ssh-agent and add it: ssh-add FILE")
        }
        return try SSHSigningKey(publicKey: key, agent: SSHAgent(path: agent))
    }

    /// The bytes of a file, which go into memory that is overwritten later.
    private static func read(_ path: String) throws -> (SecretBytes, stat) {
        func failure(_ message: String, _ remedy: String, _ code: Int32? = nil) -> PortabilityError {
            PortabilityError(.configuration, message, remedy: remedy, errno: code)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw failure("the key cannot be opened", "Check the path and the permissions", errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw failure("the key is not a regular file", "Check the path")
        }
        let bytes = try SecretBytes(capacity: largestFile + 1) { room in
            var filled = 0
            while filled < room.count {
                let count = Glibc.read(descriptor, room.baseAddress! + filled, room.count - filled)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw failure("the key cannot be read", "Check the disk", errno) }
                if count == 0 { break }
                filled += count
            }
            return filled
        }
        guard bytes.count <= largestFile else { throw failure("the file is too large for a key", "Check the path") }
        return (bytes, status)
    }

    /// Signs the tag manifest of an archive.
    ///
    /// - Throws: what the agent says.
    func signature(of tagManifest: [UInt8]) throws -> [UInt8] {
        try key.sign(tagManifest, namespace: Self.namespace).text
    }

    /// What the assembler signs with.
    var signer: ArchiveSigner { ArchiveSigner { try signature(of: $0) } }

    public var description: String { "signing key \(fingerprint) (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
