import PortabilityEnvelope
import PortabilityModel
import PortabilityReport

/// Which key the organisation signs archives with, and where people find it.
public struct SigningDeclaration: Sendable, Hashable {
    /// `SHA256:` and 43 characters.
    public var fingerprint: String
    /// The address of the page on which the public key is published, `https://…`.
    public var publishedAt: String
    /// Who signs, as the file of allowed signers names it: an address such as `privacy@example.fi`.
    public var principal: String
    /// Whether every archive must be signed.
    public var isRequired: Bool

    public init(fingerprint: String, publishedAt: String, principal: String, isRequired: Bool = false) {
        self.fingerprint = fingerprint
        self.publishedAt = publishedAt
        self.principal = principal
        self.isRequired = isRequired
    }

    /// Whether a text can stand as a signer in a file of allowed signers and in a command, and means nobody else: no
    /// pattern, no quotes, nothing that a shell would read.
    static func isPrincipal(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || "@._+-".utf8.contains($0)
        }
        guard let first = text.unicodeScalars.first, isPlain else { return false }
        return first.properties.isAlphabetic || ("0"..."9").contains(first) ? text.utf8.count <= 254 : false
    }
}

extension Configuration {
    static func readSigning(_ value: YAMLValue) throws -> SigningDeclaration {
        let map = try value.mapping(["fingerprint", "published_at", "principal", "required"])
        let fingerprint = try map.required("fingerprint")
        guard SSHPublicKey.isFingerprint(try fingerprint.text()) else {
            throw fingerprint.error(
                "this is no fingerprint of a key", remedy: "Copy it, from SHA256: on, from: ssh-keygen -lf FILE.pub")
        }
        let address = try map.required("published_at")
        let host = try address.text().utf8.dropFirst("https://".utf8.count)
        guard try address.text().hasPrefix("https://"), let first = host.first, first != UInt8(ascii: "/"),
            host.count <= 2000, host.allSatisfy({ 0x21...0x7E ~= $0 && !"\"'<>\\`".utf8.contains($0) })
        else {
            throw address.error(
                "the key is published at an address that begins with https://",
                remedy: "Write https://www.example.fi/portability-key, for example")
        }
        let principal = try map.required("principal")
        guard SigningDeclaration.isPrincipal(try principal.text()) else {
            throw principal.error(
                "a signer's name holds only letters, digits and @ . _ + -, and begins with a letter or digit",
                remedy: "Write privacy@example.fi, for example")
        }
        return SigningDeclaration(
            fingerprint: try fingerprint.text(), publishedAt: try address.text(), principal: try principal.text(),
            isRequired: try map["required"]?.boolean() ?? false)
    }

    /// What an archive says of who signed it; nil if nobody does.
    ///
    /// - Throws: `refused` if archives must be signed, and there is no key; `configuration` if the key is not the
    ///   organisation's.
    func signer(_ key: SigningKey?) throws -> ArchiveSummary.Signer? {
        guard let key else {
            guard signing?.isRequired != true else {
                throw PortabilityError(
                    .refused, "the configuration requires archives to be signed, and there is no key",
                    remedy: "Name it: --sign-key FILE", at: .init(field: "signing.required"))
            }
            return nil
        }
        guard let signing else {
            return ArchiveSummary.Signer(
                fingerprint: key.fingerprint,
                principal: SigningDeclaration.isPrincipal(controller.email) ? controller.email : "signer",
                publishedAt: nil)
        }
        guard signing.fingerprint == key.fingerprint else {
            throw PortabilityError(
                .configuration, "the key to sign with is not the one that the configuration names",
                remedy: "Sign with that key, or write the new fingerprint, \(key.fingerprint), once it is published",
                at: .init(field: "signing.fingerprint"))
        }
        return ArchiveSummary.Signer(
            fingerprint: key.fingerprint, principal: signing.principal, publishedAt: signing.publishedAt)
    }
}
