import Crypto
public import PortabilityModel

/// Seals pages of files by AES-256-GCM (NIST SP 800-38D) of swift-crypto.
///
/// Each file has a key of its own, derived (RFC 5869) from the organisation's secret with the file's random id as salt;
/// the nonce is the page's number, so that none comes twice under a key. Printing it shows nothing.
public struct PageKey: PageSealing, CustomStringConvertible, CustomReflectable {
    private let key: DerivedKey

    /// Derives a key from the organisation's secret, with what it is for as `info`: see ``DerivedKey``.
    ///
    /// - Throws: `configuration` if the secret is shorter than 32 bytes.
    public init(secret: [UInt8], info: String) throws { key = try DerivedKey(secret: secret, info: info) }

    public func authenticate(_ message: Span<UInt8>) -> [UInt8] { key.authenticate(message) }

    public func pages(of id: [UInt8]) -> any SealedPages { FilePages(key: key.derived(salt: id, info: "pages")) }

    public var description: String { "key (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The pages of one file.
private struct FilePages: SealedPages, CustomStringConvertible, CustomReflectable {
    let key: SymmetricKey

    func seal(_ page: Span<UInt8>, number: UInt64) throws -> [UInt8] {
        try page.withUnsafeBufferPointer { page in
            let box = try AES.GCM.seal(UnsafeRawBufferPointer(page), using: key, nonce: Self.nonce(number))
            var sealed: [UInt8] = []
            sealed.reserveCapacity(page.count + sealedPageOverhead)
            sealed.append(contentsOf: box.ciphertext)
            sealed.append(contentsOf: box.tag)
            return sealed
        }
    }

    func open(_ sealed: Span<UInt8>, number: UInt64) -> [UInt8]? {
        guard sealed.count >= sealedPageOverhead else { return nil }
        return sealed.withUnsafeBufferPointer { sealed in
            let bytes = UnsafeRawBufferPointer(sealed)
            let end = bytes.count - sealedPageOverhead
            guard
                let box = try? AES.GCM.SealedBox(
                    nonce: Self.nonce(number), ciphertext: UnsafeRawBufferPointer(rebasing: bytes[..<end]),
                    tag: UnsafeRawBufferPointer(rebasing: bytes[end...])),
                let page = try? AES.GCM.open(box, using: key)
            else { return nil }
            return Array(page)
        }
    }

    /// Twelve bytes, most significant first.
    private static func nonce(_ number: UInt64) throws -> AES.GCM.Nonce {
        try AES.GCM.Nonce(
            data: [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) })
    }

    var description: String { "key (hidden)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
