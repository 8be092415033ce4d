import Crypto
import PortabilityModel

/// A key of the organisation's, made for one purpose (RFC 5869), that authenticates texts (RFC 2104) by swift-crypto.
///
/// Printing it shows nothing.
public struct DerivedKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: SymmetricKey

    /// Derives a key: HKDF-SHA-256 over the secret, without salt, with what it is for as `info`.
    ///
    /// - Throws: `configuration` if the secret is shorter than 32 bytes.
    public init(secret: [UInt8], info: String) throws {
        guard secret.count >= 32 else {
            throw PortabilityError(
                .configuration, "the secret is shorter than 32 bytes",
                remedy: "Make one with `head -c 32 /dev/urandom > FILE`, mode 0600")
        }
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Array(info.utf8), outputByteCount: 32)
    }

    /// HMAC-SHA-256 of a message.
    public func authenticate(_ message: Span<UInt8>) -> [UInt8] {
        message.withUnsafeBufferPointer { bytes in
            var code = HMAC<SHA256>(key: key)
            code.update(data: UnsafeRawBufferPointer(bytes))
            return Array(code.finalize())
        }
    }

    /// A key made from this one, for a narrower purpose: HKDF-SHA-256.
    func derived(salt: [UInt8], info: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, salt: salt, info: Array(info.utf8), outputByteCount: 32)
    }

    public var description: String { "key (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
