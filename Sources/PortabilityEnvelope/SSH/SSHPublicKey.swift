import PortabilityModel

/// A public key of OpenSSH.
public struct SSHPublicKey: Hashable, Sendable {
    /// The name of the one algorithm that signatures are made and checked with (RFC 8709).
    public static let ed25519Name = "ssh-ed25519"

    /// The key as it goes over the wire (RFC 4253, section 6.6), of which the fingerprint is made.
    public let blob: [UInt8]
    /// What the blob names itself, such as `ssh-ed25519`.
    public let algorithm: String
    /// The 32 bytes of an Ed25519 key (RFC 8709, section 4); nil for another algorithm.
    public let ed25519: [UInt8]?

    /// Makes the key of 32 bytes.
    public init(ed25519 key: [UInt8]) {
        precondition(key.count == 32, "an Ed25519 key has 32 bytes")
        var writer = SSHWriter()
        writer.string(Self.ed25519Name.utf8)
        writer.string(key)
        blob = writer.bytes
        algorithm = Self.ed25519Name
        ed25519 = key
    }

    /// Reads a blob. What is in one of another algorithm than Ed25519 is not looked at.
    ///
    /// - Throws: `malformed`.
    public init(blob: [UInt8]) throws {
        self.blob = blob
        (algorithm, ed25519) = try blob.withUnsafeBytes { bytes in
            var reader = SSHReader(bytes, of: "public key")
            let algorithm = try reader.word("its algorithm", atMost: 64)
            guard algorithm == Self.ed25519Name else {
                guard reader.remaining > 0, Self.isKnown(algorithm) else {
                    throw reader.wrong("the public key is of no known algorithm")
                }
                return (algorithm, nil)
            }
            let key = try reader.string("the key", atMost: 32)
            guard key.count == 32 else { throw reader.wrong("the Ed25519 key has not 32 bytes") }
            try reader.end()
            return (algorithm, Array(key))
        }
    }

    /// Reads a line as in a file `.pub`: algorithm, base 64, and a comment that nobody looks at.
    ///
    /// - Throws: `malformed`.
    public init(line: [UInt8]) throws {
        let words = line.split(maxSplits: 2, whereSeparator: { $0 == 0x20 || $0 == 0x09 })
        guard words.count >= 2 else { throw Self.noKey }
        try self.init(algorithm: words[0], base64: words[1])
    }

    init(algorithm name: ArraySlice<UInt8>, base64: ArraySlice<UInt8>) throws {
        guard base64.count <= 32 << 10, let blob = Base64.decode(base64, padded: true) else { throw Self.noKey }
        try self.init(blob: blob)
        guard algorithm.utf8.elementsEqual(name) else {
            throw PortabilityError(
                .malformed, "the public key is not of the algorithm that its line names",
                remedy: "Copy the whole line of the file .pub")
        }
    }

    private static let noKey = PortabilityError(
        .malformed, "there is no public key on the line",
        remedy: "Write it as in the file .pub: ssh-ed25519, then base 64")

    /// The line of a file `.pub`, without a comment and without a line end.
    public var line: String { "\(algorithm) \(String(decoding: Base64.encode(blob, padded: true), as: UTF8.self))" }

    /// Whether it is the name of an algorithm that OpenSSH has or had.
    static func isKnown(_ name: some StringProtocol) -> Bool {
        let plain = [
            "ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
            "ssh-ed448",
        ]
        let hardware = ["sk-ssh-ed25519", "sk-ecdsa-sha2-nistp256"]
        let certified = "-cert-v01@openssh.com"
        if name.hasSuffix(certified) {
            let base = String(name.dropLast(certified.count))
            return plain.contains(base) || hardware.contains(base) || base.hasPrefix("rsa-sha2-")
        }
        return plain.contains(String(name)) || hardware.contains { name == "\($0)@openssh.com" }
    }

    /// What a message calls the kind of key.
    public var kind: String { Self.kind(of: algorithm) }

    /// What a message calls the kind of key of an algorithm.
    static func kind(of algorithm: String) -> String {
        if algorithm.contains("-cert-") { return "a certificate" }
        if algorithm.hasPrefix("sk-") { return "a key on a hardware token" }
        if algorithm.hasPrefix("ecdsa") { return "an ECDSA key" }
        switch algorithm {
        case "ssh-rsa": return "an RSA key"
        case "ssh-dss": return "a DSA key"
        case ed25519Name: return "an Ed25519 key"
        default: return "a key of another algorithm"
        }
    }

    /// The text of a fingerprint, as `ssh-keygen -l` prints it.
    ///
    /// - Parameter sha256: the SHA-256 of ``blob``.
    public static func fingerprint(sha256: [UInt8]) -> String {
        "SHA256:\(String(decoding: Base64.encode(sha256), as: UTF8.self))"
    }

    /// Whether a text is a fingerprint that some key can have.
    public static func isFingerprint(_ text: String) -> Bool {
        let prefix = "SHA256:"
        guard text.hasPrefix(prefix) else { return false }
        return Base64.decode(text.utf8.dropFirst(prefix.utf8.count))?.count == 32
    }
}
