import Crypto
public import PortabilityEnvelope
public import PortabilityModel

extension SSHPublicKey {
    /// The fingerprint, as `ssh-keygen -l` prints it: `SHA256:` and 43 characters.
    public var fingerprint: String { Self.fingerprint(sha256: SHA256Digest.of(blob)) }
}

extension SSHSignature {
    /// Whether the signature is of these bytes, by the key that it names.
    public func isValid(for message: [UInt8]) -> Bool {
        guard let ed25519 = publicKey.ed25519,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: ed25519)
        else { return false }
        return key.isValidSignature(
            signature,
            for: Self.signedBytes(namespace: namespace, hash: hash, digest: Self.digest(of: message, hash)))
    }

    static func digest(of message: [UInt8], _ hash: Hash) -> [UInt8] {
        switch hash {
        case .sha256: Array(SHA256.hash(data: message))
        case .sha512: Array(SHA512.hash(data: message))
        }
    }
}

/// What signs: a private key at hand, or one that an agent keeps. Printing it shows nothing.
///
/// Ed25519 signs the same bytes alike each time (RFC 8032), so that a signed archive is as reproducible as any.
public struct SSHSigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    private enum Half: Sendable {
        case held(Curve25519.Signing.PrivateKey)
        case kept(SSHAgent)
    }
    private let half: Half
    public let publicKey: SSHPublicKey

    /// A key at hand.
    ///
    /// - Throws: `malformed` if the halves are not of one key.
    public init(seed: SecretBytes, publicKey: SSHPublicKey) throws {
        let key = seed.withBytes { try? Curve25519.Signing.PrivateKey(rawRepresentation: $0) }
        guard let key, Array(key.publicKey.rawRepresentation) == publicKey.ed25519 else {
            throw PortabilityError(
                .malformed, "the two halves of the private key are not of one key", remedy: "Restore the file")
        }
        half = .held(key)
        self.publicKey = publicKey
    }

    /// A key that an agent keeps.
    ///
    /// - Throws: `unavailable` if the agent cannot be reached or does not have the key; `unsupported` for other keys
    ///   than Ed25519.
    public init(publicKey: SSHPublicKey, agent: SSHAgent) throws {
        guard publicKey.ed25519 != nil else {
            throw PortabilityError(
                .unsupported, "the public key is \(publicKey.kind); only Ed25519 keys are supported",
                remedy: "Make one: ssh-keygen -t ed25519 -f FILE")
        }
        guard try agent.holds(publicKey) else {
            throw PortabilityError(
                .unavailable, "the SSH agent does not have the key", remedy: "Add it: ssh-add FILE")
        }
        half = .kept(agent)
        self.publicKey = publicKey
    }

    /// Signs.
    ///
    /// - Parameters:
    ///   - message: all that is signed.
    ///   - namespace: for what.
    /// - Throws: what the agent says; `verification` if it answers with a signature that is none.
    public func sign(_ message: [UInt8], namespace: String) throws -> SSHSignature {
        let hash = SSHSignature.Hash.sha512
        let bytes = SSHSignature.signedBytes(
            namespace: namespace, hash: hash, digest: SSHSignature.digest(of: message, hash))
        let value: [UInt8]
        switch half {
        case .held(let key): value = Array(try key.signature(for: bytes))
        case .kept(let agent): value = try agent.sign(bytes, with: publicKey)
        }
        let signature = SSHSignature(publicKey: publicKey, namespace: namespace, hash: hash, signature: value)
        guard signature.isValid(for: message) else {
            throw PortabilityError(
                .verification, "the signature that was made is not valid", remedy: "Check the agent and the key")
        }
        return signature
    }

    public var description: String { "signing key (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
