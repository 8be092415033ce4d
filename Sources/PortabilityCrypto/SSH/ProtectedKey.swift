import CLibSSH
import Glibc
public import PortabilityEnvelope
public import PortabilityModel

extension OpenSSHPrivateKey {
    /// Ciphers of OpenSSH that libssh decrypts.
    private static let ciphers = [
        "aes128-cbc", "aes128-ctr", "aes192-cbc", "aes192-ctr", "aes256-cbc", "aes256-ctr", "3des-cbc",
    ]

    /// The secret part of a key that a passphrase protects.
    ///
    /// libssh decrypts it: OpenSSH derives the cipher's key with bcrypt_pbkdf, which no Swift package has.
    ///
    /// - Parameters:
    ///   - text: the content of the file that this key was read from.
    ///   - passphrase: never in a message.
    /// - Throws: `verification` if the passphrase is not the right one; `unsupported` for other ciphers.
    public func unlocked(
        _ text: UnsafeRawBufferPointer, passphrase: SecretBytes
    ) throws -> SecretBytes {
        if let seed { return seed }
        guard let cipher, Self.ciphers.contains(cipher) else {
            throw PortabilityError(
                .unsupported, "the private key is protected with a cipher that is not supported",
                remedy: "Rewrite it: ssh-keygen -p -Z aes256-ctr -f FILE")
        }
        guard let seed = try Self.decrypt(text, passphrase) else {
            throw PortabilityError(
                .verification, "the passphrase does not open the private key",
                remedy: "Check the passphrase, and that the file is whole")
        }
        return seed
    }

    /// nil if libssh cannot decrypt it.
    private static func decrypt(
        _ text: UnsafeRawBufferPointer, _ passphrase: SecretBytes
    ) throws -> SecretBytes? {
        // As texts of C: whoever has a zero byte in one has another passphrase than ssh-keygen takes.
        guard !passphrase.withBytes({ $0.contains(0) }), !text.contains(0) else { return nil }
        func terminated(_ bytes: UnsafeRawBufferPointer) -> SecretBytes {
            SecretBytes(capacity: bytes.count + 1) { copy in
                copy.copyMemory(from: bytes)
                copy[bytes.count] = 0
                return bytes.count + 1
            }
        }
        let file = terminated(text)
        let secret = passphrase.withBytes(terminated)
        // It would write of failures to standard error.
        ssh_set_log_level(Int32(SSH_LOG_NOLOG))
        var key: ssh_key?
        let status = file.withBytes { file in
            secret.withBytes { secret in
                ssh_pki_import_privkey_base64(
                    file.assumingMemoryBound(to: CChar.self).baseAddress,
                    secret.assumingMemoryBound(to: CChar.self).baseAddress, nil, nil, &key)
            }
        }
        guard status == SSH_OK, let key else { return nil }
        defer { ssh_key_free(key) }
        var plain: UnsafeMutablePointer<CChar>?
        guard ssh_pki_export_privkey_base64(key, nil, nil, nil, &plain) == SSH_OK, let plain else { return nil }
        let count = strlen(plain)
        defer {
            explicit_bzero(plain, count)
            ssh_string_free_char(plain)
        }
        return try OpenSSHPrivateKey(parsing: UnsafeRawBufferPointer(start: plain, count: count)).seed
    }
}
