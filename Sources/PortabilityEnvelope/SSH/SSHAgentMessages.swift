import PortabilityModel

/// Messages to and from a program that keeps keys (draft-ietf-sshm-ssh-agent), each without the length before it.
public enum SSHAgentMessages {
    /// A longer answer is none that an agent gives.
    public static let largest = 256 << 10

    private static let failure: UInt8 = 5

    /// Asks for the list of keys.
    public static let requestIdentities: [UInt8] = [11]

    /// Asks for a signature.
    public static func signRequest(key: SSHPublicKey, data: [UInt8]) -> [UInt8] {
        var writer = SSHWriter()
        writer.raw([13])
        writer.string(key.blob)
        writer.string(data)
        writer.uint32(0)
        return writer.bytes
    }

    /// The blobs of the keys that the agent holds.
    ///
    /// - Throws: `malformed`, `denied` if the agent says no.
    public static func identities(in answer: [UInt8]) throws -> [[UInt8]] {
        try answer.withUnsafeBytes { bytes in
            var reader = try reader(bytes, expecting: 12)
            let count = try reader.uint32("the number of keys")
            guard count <= 4096 else { throw reader.wrong("the agent's answer lists more than 4096 keys") }
            var blobs: [[UInt8]] = []
            for _ in 0..<count {
                blobs.append(Array(try reader.string("a key")))
                _ = try reader.string("a comment")
            }
            try reader.end()
            return blobs
        }
    }

    /// The 64 bytes of an Ed25519 signature.
    ///
    /// - Throws: `malformed`, `denied` if the agent says no.
    public static func signature(in answer: [UInt8]) throws -> [UInt8] {
        try answer.withUnsafeBytes { bytes in
            var reader = try reader(bytes, expecting: 14)
            let value = try reader.string("the signature")
            try reader.end()
            return try SSHSignature.value(value, of: "agent's answer")
        }
    }

    private static func reader(_ bytes: UnsafeRawBufferPointer, expecting type: UInt8) throws -> SSHReader {
        var reader = SSHReader(bytes, of: "agent's answer")
        let found = try reader.bytes(1, "its type")[0]
        if found == failure {
            throw PortabilityError(
                .denied, "the SSH agent refuses", remedy: "Unlock it, or confirm when it asks; then run again")
        }
        guard found == type else { throw reader.wrong("the agent's answer is not the one that was asked for") }
        return reader
    }
}
