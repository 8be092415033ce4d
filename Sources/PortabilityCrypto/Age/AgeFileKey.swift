import Crypto
import CryptoExtras
import FoundationEssentials
import Glibc
import PortabilityEnvelope
import PortabilityModel

/// The key of one file, 16 bytes, and the ways to it (C2SP age.md, "File key" and "Native recipient types").
struct AgeFileKey {
    let key: SymmetricKey

    private static let bytes = 16
    /// The key, encrypted and authenticated.
    private static let wrapped = bytes + 16
    private static let x25519Label = Array("age-encryption.org/v1/X25519".utf8)
    private static let sshLabel = Array("age-encryption.org/v1/ssh-ed25519".utf8)
    private static let scryptLabel = Array("age-encryption.org/v1/scrypt".utf8)
    /// age itself refuses more.
    private static let greatestWorkFactor = 22

    /// A new key.
    init(random: inout some RandomNumberGenerator) {
        key = SymmetricKey(data: randomBytes(Self.bytes, &random))
    }

    private init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    /// The key that authenticates the header.
    private var macKey: SymmetricKey { derive([], "header") }

    /// The key that the content is encrypted with.
    func payloadKey(nonce: [UInt8]) -> SymmetricKey { derive(nonce, "payload") }

    private func derive(_ salt: [UInt8], _ info: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, salt: salt, info: Array(info.utf8), outputByteCount: 32)
    }

    // MARK: writing

    /// The header of a file that this audience can open.
    ///
    /// - Throws: `configuration` for a public key or a work factor that cannot be used; `limit` if there is not memory
    ///   enough.
    func header(for audience: AgeAudience, random: inout some RandomNumberGenerator) throws -> AgeHeader {
        var stanzas: [AgeStanza] = []
        switch audience {
        case .recipients(let recipients):
            guard !recipients.isEmpty else {
                throw PortabilityError(.configuration, "there is nobody to encrypt for", remedy: "Name a recipient")
            }
            for recipient in recipients { stanzas.append(try stanza(for: recipient, random: &random)) }
        case .passphrase(let passphrase, let workFactor):
            guard (1...Self.greatestWorkFactor).contains(workFactor) else {
                throw PortabilityError(
                    .configuration, "the work factor is not from 1 to \(Self.greatestWorkFactor)",
                    remedy: "Take 18, as age itself does")
            }
            let salt = randomBytes(16, &random)
            let wrapKey = try Self.scrypt(passphrase, salt, workFactor)
            stanzas = [
                AgeStanza(
                    ["scrypt", base64(salt), "\(workFactor)"],
                    body: try wrap(wrapKey))
            ]
        }
        var header = AgeHeader(stanzas: stanzas)
        header.mac = Array(HMAC<SHA256>.authenticationCode(for: header.authenticated, using: macKey))
        return header
    }

    private func stanza(
        for recipient: AgeRecipient, random: inout some RandomNumberGenerator
    ) throws -> AgeStanza {
        let refused = PortabilityError(
            .configuration, "a recipient's public key is no point of the curve, or one that keeps nothing secret",
            remedy: "Ask the recipient for the key again")
        let ephemeral = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: randomBytes(32, &random))
        let share = Array(ephemeral.publicKey.rawRepresentation)
        let encodedShare = base64(share)
        switch recipient {
        case .x25519(let key):
            guard let secret = Self.agree(ephemeral, key) else { throw refused }
            let wrapKey = Self.wrapKey(secret, salt: share + key, Self.x25519Label)
            return AgeStanza([recipient.kind, encodedShare], body: try wrap(wrapKey))
        case .sshEd25519(let key):
            guard let curveKey = Edwards25519.montgomery(key), let secret = Self.agree(ephemeral, curveKey),
                let tweaked = Self.tweak(secret, SSHPublicKey(ed25519: key))
            else { throw refused }
            let wrapKey = Self.wrapKey(tweaked, salt: share + curveKey, Self.sshLabel)
            return AgeStanza(
                [recipient.kind, Self.tag(SSHPublicKey(ed25519: key)), encodedShare], body: try wrap(wrapKey))
        }
    }

    private func wrap(_ wrapKey: SymmetricKey) throws -> [UInt8] {
        let box = try key.withUnsafeBytes { try ChaChaPoly.seal($0, using: wrapKey, nonce: Self.zeroNonce()) }
        return Array(box.ciphertext) + Array(box.tag)
    }

    // MARK: reading

    /// Finds the key with what is at hand, and authenticates the header with it.
    ///
    /// - Throws: `verification` with the part (``AgePart``) as the field; what the asker of the passphrase throws;
    ///   `limit` if a passphrase needs more memory than there is.
    init(opening header: AgeHeader, with keys: AgeKeys) throws {
        guard let found = try Self.unwrap(header, keys) else {
            throw PortabilityError(
                .verification, "no key at hand opens the encrypted file: it was made for others",
                remedy: "Give the identity that it was encrypted for with --identity",
                at: .init(field: AgePart.fileKey))
        }
        self = found
        guard HMAC<SHA256>.isValidAuthenticationCode(header.mac, authenticating: header.authenticated, using: macKey)
        else { throw AgePart.failure(AgePart.mac, "its header is not what the sender wrote") }
    }

    private static func unwrap(_ header: AgeHeader, _ keys: AgeKeys) throws -> AgeFileKey? {
        if header.stanzas.contains(where: { $0.kind == "scrypt" }) {
            guard header.stanzas.count == 1 else {
                throw AgePart.failure(AgePart.header, "beside a passphrase there is another way to open it")
            }
            return try unwrap(scrypt: header.stanzas[0], keys)
        }
        guard !keys.keys.isEmpty else {
            throw PortabilityError(
                .verification, "the file is encrypted, and no key was given",
                remedy: "Give the identity that it was encrypted for with --identity",
                at: .init(field: AgePart.fileKey))
        }
        // Those that need nobody's help come first.
        var locked: [AgeKey] = []
        for key in keys.keys {
            if case .locked = key.kind { locked.append(key) }
            if let found = try unwrap(header, key) { return found }
        }
        for case .locked(let publicKey, let unlock) in locked.map(\.kind) {
            let isMeant = publicKey.map { key in
                header.stanzas.contains {
                    $0.arguments.count > 1 && $0.kind == key.algorithm && $0.arguments[1] == tag(key)
                }
            }
            guard isMeant ?? true else { continue }
            for key in try unlock() { if let found = try unwrap(header, key) { return found } }
        }
        return nil
    }

    private static func unwrap(_ header: AgeHeader, _ key: AgeKey) throws -> AgeFileKey? {
        switch key.kind {
        case .x25519(let secret):
            let identity = try secret.withBytes { try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0) }
            let own = Array(identity.publicKey.rawRepresentation)
            for stanza in header.stanzas where stanza.kind == "X25519" {
                let share = try share(stanza, arguments: 2)
                guard let agreed = agree(identity, share) else { throw weakShare }
                if let found = open(stanza, wrapKey(agreed, salt: share + own, x25519Label)) { return found }
            }
        case .sshEd25519(let seed):
            let (publicKey, identity) = try seed.withBytes { seed in
                (
                    SSHPublicKey(
                        ed25519: Array(
                            try Curve25519.Signing.PrivateKey(rawRepresentation: seed).publicKey.rawRepresentation)),
                    // RFC 8032, section 5.1.5.
                    try Curve25519.KeyAgreement.PrivateKey(
                        rawRepresentation: Array(SHA512.hash(data: seed).prefix(32)))
                )
            }
            let own = Array(identity.publicKey.rawRepresentation)
            for stanza in header.stanzas where stanza.kind == "ssh-ed25519" {
                let share = try share(stanza, arguments: 3)
                guard stanza.arguments[1] == tag(publicKey) else { continue }
                guard let agreed = agree(identity, share), let tweaked = tweak(agreed, publicKey) else {
                    throw weakShare
                }
                if let found = open(stanza, wrapKey(tweaked, salt: share + own, sshLabel)) { return found }
            }
        case .locked: break
        }
        return nil
    }

    private static func unwrap(scrypt stanza: AgeStanza, _ keys: AgeKeys) throws -> AgeFileKey? {
        guard stanza.arguments.count == 3, let salt = Base64.decode(stanza.arguments[1].utf8), salt.count == 16,
            stanza.body.count == wrapped
        else { throw AgePart.failure(AgePart.header, "its stanza for a passphrase is not well formed") }
        let digits = Array(stanza.arguments[2].utf8)
        guard digits.allSatisfy({ (48...57).contains($0) }), digits.first != 48 else {
            throw AgePart.failure(AgePart.header, "the work factor of its passphrase is no number")
        }
        guard let workFactor = Int(stanza.arguments[2]), workFactor <= greatestWorkFactor else {
            throw AgePart.failure(
                AgePart.header,
                "the work factor of its passphrase is above \(greatestWorkFactor), which age refuses too")
        }
        guard let passphrase = try keys.passphrase() else {
            throw PortabilityError(
                .verification, "the file is encrypted with a passphrase, and none was given",
                remedy: "Run it at a terminal, or give --passphrase-fd", at: .init(field: AgePart.fileKey))
        }
        guard let found = open(stanza, try Self.scrypt(passphrase, salt, workFactor)) else {
            throw PortabilityError(
                .verification, "the passphrase is not the one that the file was encrypted with",
                remedy: "Mind upper case and keyboard layout", at: .init(field: AgePart.fileKey))
        }
        return found
    }

    /// The ephemeral key of the sender, the last argument.
    private static func share(_ stanza: AgeStanza, arguments: Int) throws -> [UInt8] {
        // The length of the body is checked before anything is decrypted, so that one body cannot fit many keys.
        guard stanza.arguments.count == arguments, let last = stanza.arguments.last,
            let share = Base64.decode(last.utf8), share.count == 32, stanza.body.count == wrapped
        else { throw AgePart.failure(AgePart.header, "a stanza of the kind \(stanza.kind) is not well formed") }
        return share
    }

    private static var weakShare: PortabilityError {
        AgePart.failure(AgePart.header, "a stanza holds a key that keeps nothing secret")
    }

    private static func open(_ stanza: AgeStanza, _ wrapKey: SymmetricKey) -> AgeFileKey? {
        guard
            let box = try? ChaChaPoly.SealedBox(
                nonce: zeroNonce(), ciphertext: stanza.body.prefix(bytes), tag: stanza.body.suffix(16)),
            let plain = try? ChaChaPoly.open(box, using: wrapKey)
        else { return nil }
        return AgeFileKey(Array(plain))
    }

    // MARK: both

    /// X25519; nil if the result is zero, which it is for points of a small order.
    private static func agree(_ own: Curve25519.KeyAgreement.PrivateKey, _ other: [UInt8]) -> [UInt8]? {
        guard let point = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: other),
            let secret = try? own.sharedSecretFromKeyAgreement(with: point)
        else { return nil }
        let bytes = secret.withUnsafeBytes { Array($0) }
        return bytes.contains { $0 != 0 } ? bytes : nil
    }

    /// Binds the secret to the key in OpenSSH's form, as age's own program does.
    private static func tweak(_ secret: [UInt8], _ sshKey: SSHPublicKey) -> [UInt8]? {
        let tweak = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: [UInt8]()), salt: sshKey.blob, info: sshLabel,
            outputByteCount: 32)
        guard
            let scalar = tweak.withUnsafeBytes({
                try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: Array($0))
            })
        else { return nil }
        return agree(scalar, secret)
    }

    /// Tells whose stanza it is: base64 of the first 32 bits of the digest of the key in OpenSSH's form.
    private static func tag(_ sshKey: SSHPublicKey) -> String {
        base64(SHA256Digest.of(sshKey.blob).prefix(4))
    }

    private static func wrapKey(_ secret: [UInt8], salt: [UInt8], _ label: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), salt: salt, info: label, outputByteCount: 32)
    }

    private static func scrypt(
        _ passphrase: AgePassphrase, _ salt: [UInt8], _ workFactor: Int
    ) throws -> SymmetricKey {
        let memory = 128 * 8 << workFactor
        let failure = PortabilityError(
            .limit, "the passphrase needs \(memory >> 20) MiB of memory, which there are not",
            remedy: "Open it on a larger machine")
        let (pages, page) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
        if pages > 0, page > 0, memory / page >= pages { throw failure }
        do {
            return try KDF.Scrypt.deriveKey(
                from: passphrase.bytes.withBytes { Array($0) }, salt: scryptLabel + salt, outputByteCount: 32,
                rounds: 1 << workFactor,
                blockSize: 8, parallelism: 1)
        } catch {
            throw failure
        }
    }

    /// Every wrapping key is used once.
    private static func zeroNonce() throws -> ChaChaPoly.Nonce {
        try ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12))
    }
}

private func base64(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: Base64.encode(bytes), as: UTF8.self)
}

func randomBytes(_ count: Int, _ random: inout some RandomNumberGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
}
