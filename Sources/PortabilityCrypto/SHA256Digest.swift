import Crypto
public import PortabilityModel

/// SHA-256 (FIPS 180-4) by swift-crypto.
public struct SHA256Digest: StreamingDigest {
    private var state = SHA256()

    public init() {}

    public mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
    }

    public func value() -> [UInt8] { state.finalize().withUnsafeBytes { Array($0) } }

    /// Makes fresh digests.
    public static let factory: DigestFactory = { SHA256Digest() }

    /// The digest of bytes at hand.
    public static func of(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
