import PortabilityModel

/// The plain bytes of a spooled entry, pulled piece by piece.
///
/// Used by one thread at a time. Holds one packed and one plain piece.
public final class SpooledStream {
    private let entry: SpooledEntry
    private let inflater: Inflater?
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private let output: UnsafeMutableBufferPointer<UInt8>
    private var offset: Int64 = 0
    private var check = CRC32Check()

    public init(_ entry: SpooledEntry) {
        self.entry = entry
        inflater = entry.method == .deflate ? Inflater() : nil
        buffer = .allocate(capacity: SpooledEntry.pieceSize)
        output = .allocate(capacity: SpooledEntry.pieceSize)
    }

    deinit {
        buffer.deallocate()
        output.deallocate()
    }

    /// The next piece; nil at the end, after size and CRC-32 were found right.
    ///
    /// - Throws: ``PortabilityError`` with code `output` if the spool does not hold what was written to it.
    public func next() throws -> [UInt8]? {
        let piece: [UInt8]?
        if let inflater {
            piece = try unpack(inflater)
        } else {
            piece = offset < entry.compressedSize ? Array(try fill()) : nil
        }
        guard let piece else {
            guard check.size == entry.size, check.crc32 == entry.crc32 else { throw entry.lostError }
            return nil
        }
        check.update(piece.span)
        return piece
    }

    private func unpack(_ inflater: Inflater) throws -> [UInt8]? {
        while true {
            let produced: Int
            do {
                produced = try inflater.inflate(into: output)
            } catch {
                throw entry.lostError
            }
            if produced > 0 { return Array(output[..<produced]) }
            if inflater.isComplete {
                guard inflater.unused == 0, offset == entry.compressedSize else { throw entry.lostError }
                return nil
            }
            guard offset < entry.compressedSize else { throw entry.lostError }
            inflater.feed(UnsafeBufferPointer(rebasing: try fill()))
        }
    }

    private func fill() throws -> Slice<UnsafeMutableBufferPointer<UInt8>> {
        let wanted = Int(min(Int64(buffer.count), entry.compressedSize - offset))
        let count = try entry.spool.read(
            at: entry.start + offset, into: UnsafeMutableBufferPointer(rebasing: buffer[..<wanted]))
        guard count > 0 else { throw entry.lostError }
        offset += Int64(count)
        return buffer[..<count]
    }
}
