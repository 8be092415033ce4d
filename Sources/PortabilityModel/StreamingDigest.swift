/// A digest that is fed bytes piece by piece.
///
/// The seam that keeps cryptography out of the rooms that parse foreign bytes: `PortabilityCrypto` implements it.
public protocol StreamingDigest: Sendable {
    /// Adds bytes.
    mutating func update(_ bytes: Span<UInt8>)
    /// The digest of all bytes so far. Does not change the state.
    func value() -> [UInt8]
}

/// Makes a fresh SHA-256 (FIPS 180-4) each time it is called.
public typealias DigestFactory = @Sendable () -> any StreamingDigest

/// Lowercase hexadecimal of bytes.
public func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// An algorithm that names itself, such as those of a bag's manifests.
public struct DigestAlgorithm: Sendable {
    /// In lowercase letters and digits, as in `manifest-sha256.txt`.
    public let name: String
    /// The length of a digest in bytes.
    public let length: Int
    /// Makes a fresh digest.
    public let make: @Sendable () -> any StreamingDigest

    public init(name: String, length: Int, make: @escaping @Sendable () -> any StreamingDigest) {
        self.name = name
        self.length = length
        self.make = make
    }
}
