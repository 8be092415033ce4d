import PortabilityModel

/// A finished entry, packed and put aside until its archive is put together.
///
/// A value that refers to its spool: copies share it, and ``close()`` ends all of them. It is given up by itself with
/// the last copy.
public struct SpooledEntry: Sendable {
    /// The name in the archive.
    public let name: String
    /// How it is packed.
    public let method: ZipMethod
    /// CRC-32 of the plain bytes.
    public let crc32: UInt32
    /// The number of plain bytes.
    public let size: Int64
    /// The number of packed bytes.
    public let compressedSize: Int64
    /// The digest of the plain bytes, from the factory the writer was given.
    public let sha256: [UInt8]
    let spool: Spool
    /// Where its packed bytes begin in the spool.
    var start: Int64 = 0
    /// False if the spool holds other entries too.
    var ownsSpool = true

    /// True if it lies in memory, false if in a file.
    public var isInMemory: Bool { spool.isInMemory }

    /// Gives back its memory, file descriptor and disk space now.
    public func close() {
        if ownsSpool { spool.close() }
    }

    /// The same entry for many archives: ``close()`` then does nothing, and the spool is given up with the last copy.
    public func shared() -> SpooledEntry {
        var shared = self
        shared.ownsSpool = false
        return shared
    }

    /// The same entry with its packed bytes moved to the end of a spool that many entries share, so that thousands of
    /// small ones cost neither memory nor file descriptors. This entry is closed; the shared spool stays the caller's.
    ///
    /// - Throws: ``PortabilityError`` with code `output`.
    public func moved(to shared: Spool) throws -> SpooledEntry {
        var moved = SpooledEntry(
            name: name, method: method, crc32: crc32, size: size, compressedSize: compressedSize, sha256: sha256,
            spool: shared)
        moved.start = shared.count
        moved.ownsSpool = false
        try readPacked { try shared.append($0) }
        close()
        return moved
    }

    /// Hands the packed bytes over, in order and in pieces.
    ///
    /// - Throws: ``PortabilityError`` with code `output` if they cannot be read back, or what `body` throws.
    public func readPacked(_ body: (Span<UInt8>) throws -> Void) throws {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(
            capacity: Int(min(max(compressedSize, 1), Int64(Self.pieceSize))))
        defer { buffer.deallocate() }
        let wanted = Int64(buffer.count)
        var offset: Int64 = 0
        while offset < compressedSize {
            let count = try spool.read(
                at: start + offset,
                into: UnsafeMutableBufferPointer(rebasing: buffer[..<Int(min(wanted, compressedSize - offset))]))
            guard count > 0 else { throw lostError }
            try body(UnsafeBufferPointer(rebasing: buffer[..<count]).span)
            offset += Int64(count)
        }
    }

    /// Hands the plain bytes over, in order and in pieces, and checks them against size and CRC-32.
    ///
    /// - Throws: ``PortabilityError`` with code `output` if they cannot be read back as they were written, or what
    ///   `body` throws.
    public func read(_ body: (Span<UInt8>) throws -> Void) throws {
        let stream = SpooledStream(self)
        while let piece = try stream.next() { try body(piece.span) }
    }

    static let pieceSize = 256 << 10

    var lostError: PortabilityError {
        PortabilityError(
            .output, "a temporary file of the archive does not hold what was written to it",
            remedy: "Check the disk, then run again", at: PortabilityError.Place(file: name))
    }
}

/// Counts and sums what passes by.
struct CRC32Check {
    private(set) var crc32: UInt32 = 0
    private(set) var size: Int64 = 0

    mutating func update(_ bytes: Span<UInt8>) {
        crc32 = bytes.withUnsafeBufferPointer { CRC32.update(crc32, with: $0) }
        size += Int64(bytes.count)
    }
}
