import Glibc
import PortabilityModel

extension Configuration {
    /// Reads the organisation's secret, from which pseudonyms are derived. It is read when it is needed and kept by
    /// nobody.
    ///
    /// - Throws: `configuration` if no file is configured; `unavailable` if there is none; `denied` if others than its
    ///   owner can read it; `malformed` if it has fewer than 32 bytes. Errors name the file, never what is in it.
    public func readSecret() throws -> [UInt8] {
        guard let secretFile else {
            throw PortabilityError(
                .configuration, "no secret is configured, from which pseudonyms could be derived",
                remedy: "Add `secret_file:` with the path of a file of 32 random bytes or more")
        }
        return try SecretFile.read(secretFile)
    }
}

enum SecretFile {
    /// As many bytes as the key of HMAC-SHA-256 should have at least (RFC 2104, section 3).
    static let minimumBytes = 32

    static func read(_ path: String) throws -> [UInt8] {
        try checkPermissions(path)
        let bytes: [UInt8]
        do {
            bytes = try readFile(path, limit: 1 << 16)
        } catch let error as PortabilityError {
            throw PortabilityError(
                .configuration, "the organisation's secret cannot be read: \(error.message)",
                remedy: "Make it: (umask 077; head -c 32 /dev/urandom > FILE)", at: .init(file: path))
        }
        guard bytes.count >= minimumBytes else {
            throw PortabilityError(
                .malformed, "the secret has fewer than \(minimumBytes) bytes",
                remedy: "Make one of random bytes: head -c 32 /dev/urandom > FILE", at: .init(file: path))
        }
        return bytes
    }

    /// Refuses a file that others than its owner can read or change. That there is none is no fault yet: it is needed
    /// only when it is read.
    static func checkPermissions(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        guard status.st_mode & 0o077 == 0 else {
            throw PortabilityError(
                .denied, "the secret can be read or changed by others than its owner",
                remedy: "Take the rights of others away: chmod 0600", at: .init(file: path))
        }
    }
}
