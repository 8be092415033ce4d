/// A secret key of the organisation's for files that we keep beside its data, such as an index of a log.
///
/// The seam that keeps cryptography out of the rooms that parse foreign bytes: `PortabilityCrypto` implements it.
public protocol PageSealing: Sendable {
    /// HMAC-SHA-256 (RFC 2104) of a message: 32 bytes.
    func authenticate(_ message: Span<UInt8>) -> [UInt8]
    /// What seals the pages of one file.
    ///
    /// - Parameter id: 16 random bytes that no other file has.
    func pages(of id: [UInt8]) -> any SealedPages
}

/// Seals the pages of one file, each under its number: what was sealed can be read and made with the key only, and a page
/// that is altered, moved, or taken from another file does not open.
public protocol SealedPages: Sendable {
    /// The page, ``sealedPageOverhead`` bytes longer.
    ///
    /// - Parameter number: used once in the life of the file.
    func seal(_ page: Span<UInt8>, number: UInt64) throws -> [UInt8]
    /// What was sealed; nil if it is not as it was sealed under this number.
    func open(_ sealed: Span<UInt8>, number: UInt64) -> [UInt8]?
}

/// Bytes that a sealed page is longer than what it holds.
public let sealedPageOverhead = 16
