public import PortabilityEnvelope
public import PortabilityModel

/// A passphrase. Printing it shows nothing.
public struct AgePassphrase: Sendable, CustomStringConvertible, CustomReflectable {
    /// As it was typed.
    public let bytes: SecretBytes

    /// - Throws: `configuration` if it is empty.
    public init(_ bytes: SecretBytes) throws {
        guard bytes.count > 0 else {
            throw PortabilityError(.configuration, "the passphrase is empty", remedy: "Give one of several words")
        }
        self.bytes = bytes
    }

    public var description: String { "passphrase (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Who can open a file that is encrypted.
public enum AgeAudience: Sendable {
    /// Whoever has the secret key of one of these.
    case recipients([AgeRecipient])
    /// Whoever knows the passphrase. The work factor is the base-2 logarithm of scrypt's N (RFC 7914): 18, as age
    /// itself takes, costs about a second and 256 MiB of memory, for each guess too.
    case passphrase(AgePassphrase, workFactor: Int = 18)
}

/// A secret key that opens files. Printing it shows nothing.
public struct AgeKey: Sendable, CustomStringConvertible, CustomReflectable {
    enum Kind: Sendable {
        case x25519(SecretBytes)
        /// The seed of the secret key (RFC 8032, section 5.1.5).
        case sshEd25519(SecretBytes)
        /// Keys that have to be unlocked first; if the public key is known, only for a file that is meant for it.
        case locked(publicKey: SSHPublicKey?, unlock: @Sendable () throws -> [AgeKey])
    }

    let kind: Kind

    /// A key of age's own kind.
    public init(_ identity: AgeIdentity) { kind = .x25519(identity.secret) }

    /// A key of OpenSSH's kind `ssh-ed25519`.
    ///
    /// - Parameter sshEd25519Seed: the 32 bytes that the key is made of.
    public init(sshEd25519Seed seed: SecretBytes) { kind = .sshEd25519(seed) }

    /// Keys that a passphrase protects.
    ///
    /// - Parameters:
    ///   - publicKey: the one whose secret half they are; nil if that is not known.
    ///   - unlock: gives the keys; called only for a file that they may open.
    public init(opening publicKey: SSHPublicKey?, unlock: @escaping @Sendable () throws -> [AgeKey]) {
        kind = .locked(publicKey: publicKey, unlock: unlock)
    }

    public var description: String { "key (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What opens a file. Printing it shows nothing.
public struct AgeKeys: Sendable, CustomStringConvertible, CustomReflectable {
    public var keys: [AgeKey]
    /// Gives the passphrase; called only for a file that was encrypted with one. nil if nobody can be asked.
    public var passphrase: @Sendable () throws -> AgePassphrase?

    public init(_ keys: [AgeKey] = [], passphrase: @escaping @Sendable () throws -> AgePassphrase? = { nil }) {
        self.keys = keys
        self.passphrase = passphrase
    }

    public var description: String { "keys (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
