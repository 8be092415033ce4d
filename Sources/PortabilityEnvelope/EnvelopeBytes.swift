public import PortabilityModel

/// Bytes of a file that can be read at any place.
public protocol EnvelopeBytes: Sendable {
    /// How many there are.
    var size: Int64 { get }
    /// Reads at least one and at most as many bytes as the buffer holds, from `offset` on; 0 at the end.
    ///
    /// - Throws: ``PortabilityError``, which says why they cannot be had.
    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(PortabilityError) -> Int
}

extension EnvelopeBytes {
    /// Bytes from `offset` on: `count`, or fewer if the file ends before.
    ///
    /// - Throws: as ``read(_:at:)``.
    public func bytes(_ count: Int, at offset: Int64) throws(PortabilityError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: PortabilityError?
        var filled = 0
        bytes.withUnsafeMutableBufferPointer { buffer in
            do throws(PortabilityError) { filled = try fill(buffer, at: offset) } catch { failure = error }
        }
        if let failure { throw failure }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Fills the buffer from `offset` on, as far as there are bytes.
    ///
    /// - Returns: how many were read.
    /// - Throws: as ``read(_:at:)``.
    public func fill(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64
    ) throws(PortabilityError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try read(
                UnsafeMutableBufferPointer(rebasing: buffer[filled...]), at: offset + Int64(filled))
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}

/// Bytes at hand.
public struct HeldBytes: EnvelopeBytes {
    private let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var size: Int64 { Int64(bytes.count) }

    public func read(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64
    ) throws(PortabilityError) -> Int {
        guard offset >= 0, offset < size else { return 0 }
        return buffer.update(fromContentsOf: bytes[Int(offset)...].prefix(buffer.count))
    }
}
