import PortabilityModel

/// A detached signature in the format of OpenSSH (PROTOCOL.sshsig), made with Ed25519.
public struct SSHSignature: Sendable, Hashable {
    /// What is signed first of all (PROTOCOL.sshsig, "MAGIC_PREAMBLE").
    private static let magic = Array("SSHSIG".utf8)
    static let label = "SSH SIGNATURE"

    /// The hash of the message that is signed in its place.
    public enum Hash: String, Sendable, CaseIterable {
        case sha256, sha512
        /// Bytes of its value.
        public var size: Int { self == .sha256 ? 32 : 64 }
    }

    /// Who says to have signed; that proves nothing until somebody knows the key.
    public var publicKey: SSHPublicKey
    /// What the signature is for, so that none is taken for one of another purpose.
    public var namespace: String
    public var hash: Hash
    /// 64 bytes (RFC 8032).
    public var signature: [UInt8]

    public init(publicKey: SSHPublicKey, namespace: String, hash: Hash, signature: [UInt8]) {
        self.publicKey = publicKey
        self.namespace = namespace
        self.hash = hash
        self.signature = signature
    }

    /// Reads the text of a signature, such as `ssh-keygen -Y sign` writes it.
    ///
    /// - Throws: `malformed` with line or byte, `limit`; `unsupported` for another version or algorithm.
    public init(parsing text: [UInt8]) throws {
        let content = try text.withUnsafeBytes {
            try SSHArmour.decode($0, label: Self.label, what: "signature")
        }
        self = try content.withBytes { bytes in
            var reader = SSHReader(bytes, of: "signature")
            guard try reader.bytes(Self.magic.count, "its preamble").elementsEqual(Self.magic) else {
                throw reader.wrong("the signature does not begin with SSHSIG")
            }
            guard try reader.uint32("its version") == 1 else {
                throw PortabilityError(
                    .unsupported, "the signature is of another version of the format than 1",
                    remedy: "Install a newer version of portability")
            }
            let key = try SSHPublicKey(blob: Array(reader.string("the public key", atMost: 32 << 10)))
            let namespace = try reader.word("the namespace")
            guard !namespace.isEmpty else { throw reader.wrong("the signature has no namespace") }
            guard try reader.string("what is reserved").isEmpty else {
                throw reader.wrong("the signature holds something where nothing is allowed yet")
            }
            guard let hash = Hash(rawValue: try reader.word("the hash", atMost: 32)) else {
                throw reader.wrong("the signature is over a hash other than sha256 and sha512")
            }
            let signed = try reader.string("the value", atMost: 32 << 10)
            try reader.end()
            try Self.requireEd25519(key.algorithm, "the signature")
            return SSHSignature(
                publicKey: key, namespace: namespace, hash: hash,
                signature: try Self.value(signed, of: "signature"))
        }
    }

    /// The 64 bytes in what goes over the wire (RFC 8709, section 6).
    static func value(_ bytes: UnsafeRawBufferPointer, of subject: String) throws -> [UInt8] {
        var reader = SSHReader(bytes, of: subject)
        try requireEd25519(try reader.word("its algorithm", atMost: 64), "the signature")
        let value = try reader.string("the value", atMost: 64)
        guard value.count == 64 else { throw reader.wrong("the Ed25519 signature has not 64 bytes") }
        try reader.end()
        return Array(value)
    }

    private static func requireEd25519(_ algorithm: String, _ what: String) throws {
        guard algorithm == SSHPublicKey.ed25519Name else {
            throw PortabilityError(
                .unsupported, "\(what) was made with \(SSHPublicKey.kind(of: algorithm)); only Ed25519 is supported",
                remedy: "Check it with ssh-keygen -Y verify")
        }
    }

    /// The signature as text.
    public var text: [UInt8] {
        var value = SSHWriter()
        value.string(SSHPublicKey.ed25519Name.utf8)
        value.string(signature)
        var writer = SSHWriter()
        writer.raw(Self.magic)
        writer.uint32(1)
        writer.string(publicKey.blob)
        writer.string(namespace.utf8)
        writer.string([])
        writer.string(hash.rawValue.utf8)
        writer.string(value.bytes)
        return SSHArmour.encode(writer.bytes, label: Self.label)
    }

    /// What is signed: the hash of a message, and for what.
    ///
    /// - Parameter digest: the message's, of `hash`.
    public static func signedBytes(namespace: String, hash: Hash, digest: [UInt8]) -> [UInt8] {
        var writer = SSHWriter()
        writer.raw(magic)
        writer.string(namespace.utf8)
        writer.string([])
        writer.string(hash.rawValue.utf8)
        writer.string(digest)
        return writer.bytes
    }
}
