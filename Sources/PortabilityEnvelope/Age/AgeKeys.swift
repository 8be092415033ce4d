public import PortabilityModel

/// Somebody for whom a file is encrypted.
public enum AgeRecipient: Sendable, Hashable {
    /// A public key of age's own kind, `age1…`: 32 bytes (RFC 7748).
    case x25519([UInt8])
    /// A public key of OpenSSH's kind `ssh-ed25519`: 32 bytes (RFC 8032).
    case sshEd25519([UInt8])

    /// The kind, as the stanzas of a file name it.
    public var kind: String {
        switch self {
        case .x25519: "X25519"
        case .sshEd25519: "ssh-ed25519"
        }
    }

    /// Reads a public key: `age1…`, or a line of OpenSSH's `ssh-ed25519 AAAA… comment`.
    ///
    /// - Throws: `configuration`; the message says what it is if it is of a kind that is not supported.
    public init(_ text: String) throws {
        if text.hasPrefix("ssh-") || text.hasPrefix("ecdsa-") || text.hasPrefix("sk-") {
            self = .sshEd25519(try Self.sshKey(text))
            return
        }
        if text.lowercased().hasPrefix("age-secret-key-") {
            throw Self.failure("it is an identity, which must stay secret", "Give the public key: age-keygen -y FILE")
        }
        if text.hasPrefix("age1"), text.dropFirst(4).contains("1") {
            throw Self.failure(
                "it is of a plugin or of a post-quantum kind", "Give a key that begins with age1 and has 62 letters")
        }
        guard let (prefix, bytes) = Bech32.decode(text), prefix == "age", bytes.count == 32, text.hasPrefix("age1")
        else {
            throw Self.failure(
                "it is no public key of age or OpenSSH, or was copied with a mistake",
                "Give age1… or \"ssh-ed25519 AAAA…\"")
        }
        self = .x25519(bytes)
    }

    /// Reads a file of public keys, one a line; empty lines and lines that begin with `#` count for nothing.
    ///
    /// - Throws: `configuration` with the line.
    public static func file(_ bytes: [UInt8]) throws -> [AgeRecipient] {
        var recipients: [AgeRecipient] = []
        for (number, line) in keyLines(bytes) {
            do {
                recipients.append(try AgeRecipient(line))
            } catch let error as PortabilityError {
                throw error.within(.init(line: number))
            }
        }
        guard !recipients.isEmpty else { throw failure("there is none in the file", "Put one on each line") }
        return recipients
    }

    private static func sshKey(_ line: String) throws -> [UInt8] {
        let key: SSHPublicKey
        do {
            key = try SSHPublicKey(line: Array(line.utf8))
        } catch {
            throw failure("it is no public key of OpenSSH, or was copied with a mistake", "Copy the whole line")
        }
        guard let ed25519 = key.ed25519 else {
            throw failure("it is \(key.kind), which is not supported", "Give an ssh-ed25519 or an age1… key")
        }
        return ed25519
    }

    private static func failure(_ why: String, _ remedy: String) -> PortabilityError {
        PortabilityError(.configuration, "a recipient's public key cannot be used: \(why)", remedy: remedy)
    }
}

/// A secret key of age's own kind. Printing it shows nothing.
public struct AgeIdentity: Sendable, CustomStringConvertible, CustomReflectable {
    /// The secret, 32 bytes (RFC 7748).
    public let secret: SecretBytes

    /// Reads `AGE-SECRET-KEY-1…`.
    ///
    /// - Throws: `configuration`.
    public init(_ text: String) throws {
        guard let (prefix, bytes) = Bech32.decode(text), prefix == "age-secret-key-", bytes.count == 32,
            text.hasPrefix("AGE-")
        else {
            let isOther = text.hasPrefix("AGE-PLUGIN-") || text.hasPrefix("AGE-SECRET-KEY-PQ-")
            throw PortabilityError(
                .configuration,
                isOther
                    ? "an identity is of a plugin or of a post-quantum kind, which are not supported"
                    : "an identity is no secret key of age, or was copied with a mistake",
                remedy: "Give one that begins with AGE-SECRET-KEY-1, or an OpenSSH key file of the kind ed25519")
        }
        secret = SecretBytes(bytes)
    }

    /// Reads a file of identities as `age-keygen` writes it: one a line; empty lines and lines that begin with `#` count
    /// for nothing.
    ///
    /// - Throws: `configuration` with the line.
    public static func file(_ bytes: [UInt8]) throws -> [AgeIdentity] {
        var identities: [AgeIdentity] = []
        for (number, line) in keyLines(bytes) {
            do {
                identities.append(try AgeIdentity(line))
            } catch let error as PortabilityError {
                throw error.within(.init(line: number))
            }
        }
        guard !identities.isEmpty else {
            throw PortabilityError(
                .configuration, "the file holds no identity", remedy: "Make one with age-keygen -o FILE")
        }
        return identities
    }

    public var description: String { "identity (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Lines with keys on them, with their numbers.
private func keyLines(_ bytes: [UInt8]) -> [(number: Int64, text: String)] {
    bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated().compactMap { index, line in
        let text = line.last == 13 ? line.dropLast() : line
        guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
        return (Int64(index + 1), String(decoding: text, as: UTF8.self))
    }
}
