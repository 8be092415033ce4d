public import PortabilityModel

/// A file with a private key in the format of OpenSSH (PROTOCOL.key, `openssh-key-v1`). Holds a secret: printing it shows
/// nothing.
public struct OpenSSHPrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
    static let label = "OPENSSH PRIVATE KEY"
    private static let magic = Array("openssh-key-v1\0".utf8)
    /// More rounds than anybody waits for; each doubles nothing but the time.
    private static let mostRounds = 4096

    /// The public half, as the file names it.
    public let publicKey: SSHPublicKey
    /// The cipher's name if a passphrase protects the key, such as `aes256-ctr`; nil if none does.
    public let cipher: String?
    /// The 32 bytes that the key is made of (RFC 8032, section 5.1.5); nil if a passphrase protects them.
    public let seed: SecretBytes?

    /// Reads the content of a file.
    ///
    /// - Throws: `malformed` with line or byte, `limit`; `unsupported` if it is a key, but not one that signs here.
    public init(parsing text: UnsafeRawBufferPointer) throws {
        try Self.refuseOthers(text)
        let content = try SSHArmour.decode(text, label: Self.label, what: "private key")
        self = try content.withBytes { bytes in
            var reader = SSHReader(bytes, of: "private key")
            guard try reader.bytes(Self.magic.count, "its preamble").elementsEqual(Self.magic) else {
                throw reader.wrong("the private key does not begin with openssh-key-v1")
            }
            let cipher = try reader.word("the cipher", atMost: 64)
            let derivation = try reader.word("the key derivation", atMost: 64)
            let options = try reader.string("the options of the key derivation", atMost: 1024)
            guard try reader.uint32("the number of keys") == 1 else {
                throw reader.wrong("the file holds another number of keys than one")
            }
            let publicKey = try SSHPublicKey(blob: Array(reader.string("the public key", atMost: 32 << 10)))
            let secret = try reader.string("the secret part")
            if cipher == "none" {
                guard derivation == "none", options.isEmpty else {
                    throw reader.wrong("the private key derives a key that it does not use")
                }
                try reader.end()
                return try OpenSSHPrivateKey(
                    publicKey: publicKey, cipher: nil, seed: Self.seed(in: secret, of: publicKey))
            }
            // Ciphers that authenticate have their tag after the secret part.
            guard reader.remaining <= 16 else { throw reader.wrong("the private key goes on after its end") }
            guard derivation == "bcrypt" else {
                throw PortabilityError(
                    .unsupported, "the private key is protected by a passphrase in a way that is not known",
                    remedy: "Rewrite it: ssh-keygen -p -f FILE")
            }
            var parameters = SSHReader(options, of: "private key")
            _ = try parameters.string("the salt", atMost: 256)
            guard 1...Self.mostRounds ~= (try parameters.uint32("the rounds")) else {
                throw PortabilityError(
                    .limit, "the private key asks for more than \(Self.mostRounds) rounds of key derivation",
                    remedy: "Rewrite it with fewer: ssh-keygen -p -a 100 -f FILE")
            }
            try parameters.end()
            try Self.requireEd25519(publicKey)
            return OpenSSHPrivateKey(publicKey: publicKey, cipher: cipher, seed: nil)
        }
    }

    private init(publicKey: SSHPublicKey, cipher: String?, seed: SecretBytes?) {
        self.publicKey = publicKey
        self.cipher = cipher
        self.seed = seed
    }

    private static func requireEd25519(_ key: SSHPublicKey) throws {
        guard key.ed25519 != nil else {
            throw PortabilityError(
                .unsupported, "the private key is \(key.kind); only Ed25519 keys are supported",
                remedy: "Make one: ssh-keygen -t ed25519 -f FILE")
        }
    }

    /// The secret part that no cipher protects.
    private static func seed(in secret: UnsafeRawBufferPointer, of publicKey: SSHPublicKey) throws -> SecretBytes {
        try requireEd25519(publicKey)
        var reader = SSHReader(secret, of: "private key")
        guard secret.count % 8 == 0, try reader.uint32("its check") == reader.uint32("its check") else {
            throw reader.wrong("the secret part of the private key is damaged")
        }
        guard try reader.word("the algorithm", atMost: 64) == SSHPublicKey.ed25519Name,
            let expected = publicKey.ed25519,
            try reader.string("the public key", atMost: 32).elementsEqual(expected)
        else { throw reader.wrong("the two halves of the private key are not of one key") }
        let pair = try reader.string("the secret key", atMost: 64)
        guard pair.count == 64, pair[32...].elementsEqual(expected) else {
            throw reader.wrong("the two halves of the private key are not of one key")
        }
        _ = try reader.string("the comment", atMost: 4096)
        // OpenSSH fills blocks of 8 bytes, libssh blocks of 16.
        let padding = try reader.bytes(min(reader.remaining, 16), "the padding")
        guard reader.remaining == 0, padding.count < 16, padding.enumerated().allSatisfy({ $1 == UInt8($0 + 1) }) else {
            throw reader.wrong("the secret part of the private key does not end as it must")
        }
        return SecretBytes(copying: UnsafeRawBufferPointer(rebasing: pair[..<32]))
    }

    /// Says of keys in other forms what they are.
    private static func refuseOthers(_ text: UnsafeRawBufferPointer) throws {
        func begins(_ prefix: String) -> Bool { text.starts(with: prefix.utf8) }
        if begins("-----BEGIN \(label)-----") { return }
        if begins("-----BEGIN ") && text.prefix(64).contains(where: { $0 == 10 })
            && String(decoding: text.prefix { $0 != 10 }, as: UTF8.self).contains("PRIVATE KEY-----")
            || begins("PuTTY-User-Key-File-")
        {
            throw PortabilityError(
                .unsupported, "the private key is not in the format of OpenSSH, which all its Ed25519 keys are in",
                remedy: "Make one: ssh-keygen -t ed25519 -f FILE")
        }
    }

    public var description: String { "private key (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
