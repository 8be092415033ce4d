/// How the entries of an archive are packed.
///
/// All deflate choices produce one raw deflate stream (RFC 1951) per entry, made of blocks of ``blockSize`` bytes of
/// plain text. Blocks are cut by offset, and each is packed in one call with fresh state, with the last 32 KiB before it
/// as dictionary where the codec can have one, so the bytes depend on the plain text, the codec and its version, and on
/// nothing else: not on threads, not on how the bytes arrived.
public enum Compression: Hashable, Sendable {
    /// Our own ``TextDeflater``: six to eight times as fast as zlib at level 6, for files of about the same size (measured
    /// on JSON, CSV and XML). The bytes are the same on every machine.
    case fast
    /// libdeflate: smaller than zlib at level 9 in less than half of its time. The bytes are the same on every machine
    /// that has the same version of libdeflate.
    case small
    /// zlib at the level 1 (fastest) to 9 (smallest); a level outside is taken as the nearest one inside. The bytes
    /// are the same on every machine that has the same version of zlib.
    case zlib(level: Int = 6)
    /// Not packed.
    case stored

    /// Plain bytes per block: 1 MiB.
    public static let blockSize = 1 << 20

    /// The farthest a deflate match can reach back: 32 KiB (RFC 1951, 3.2.5).
    static let dictionarySize = 32 << 10

    /// Codec, version and level, such as `zlib 1.2.13 level 6`: what must be equal for two archives to be equal byte
    /// by byte.
    public var codecName: String {
        switch self {
        case .fast: "portability-deflate \(TextDeflater.version)"
        case .small: "libdeflate \(LibdeflateDeflater.version) level \(LibdeflateDeflater.level)"
        case .zlib(let level): "zlib \(ZlibDeflater.version) level \(ZlibDeflater.usable(level))"
        case .stored: "stored"
        }
    }

    /// True for ``stored``.
    var isStored: Bool { self == .stored }
}

/// The methods of packing that an archive may use (APPNOTE.TXT 4.4.5).
public enum ZipMethod: UInt16, Hashable, Sendable {
    /// The plain bytes.
    case stored = 0
    /// A raw deflate stream.
    case deflate = 8
}

/// Packs one block of plain text.
protocol BlockDeflater: AnyObject {
    /// Packs `plain` with fresh state into `output`.
    ///
    /// - Returns: the bytes written: whole bytes that continue a stream, with the end of the stream if `isLast`; nil
    ///   if they do not fit.
    func deflate(
        _ plain: UnsafeBufferPointer<UInt8>, dictionary: UnsafeBufferPointer<UInt8>, isLast: Bool,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) -> Int?
}

/// The compressor state of one thread: the codecs it has needed so far, and room for one packed block.
final class BlockPacker {
    private var fast: TextDeflater?
    private var small: LibdeflateDeflater?
    private var zlib: [Int: ZlibDeflater] = [:]
    private let scratch: UnsafeMutableBufferPointer<UInt8>

    init() {
        scratch = .allocate(capacity: Self.room(forPlain: Compression.blockSize))
    }

    deinit { scratch.deallocate() }

    /// Room for packing `count` bytes. A function of the count alone, because a codec may decide by the room it has.
    private static func room(forPlain count: Int) -> Int { count + count / 64 + 1024 }

    /// One block of a raw deflate stream, never longer than the same block unpacked plus five bytes for each 64 KiB.
    ///
    /// - Throws: ``PortabilityError`` with code `output` if a codec cannot be set up, for want of memory.
    func pack(
        _ plain: UnsafeBufferPointer<UInt8>, dictionary: UnsafeBufferPointer<UInt8>, isLast: Bool,
        with compression: Compression
    ) throws -> [UInt8] {
        let deflater: any BlockDeflater
        switch compression {
        case .stored: return Array(plain)
        case .fast: deflater = text()
        case .small: deflater = try libdeflate()
        case .zlib(let level): deflater = try zlib(level: ZlibDeflater.usable(level))
        }
        let output = UnsafeMutableBufferPointer(rebasing: scratch[..<Self.room(forPlain: plain.count)])
        let count = deflater.deflate(plain, dictionary: dictionary, isLast: isLast, into: output)
        guard let count, count <= Self.unpackedSize(of: plain.count) else {
            return Self.unpacked(plain, isLast: isLast)
        }
        return Array(UnsafeBufferPointer(rebasing: output[..<count]))
    }

    private func text() -> TextDeflater {
        if let fast { return fast }
        let made = TextDeflater()
        fast = made
        return made
    }

    private func libdeflate() throws -> LibdeflateDeflater {
        if let small { return small }
        let made = try LibdeflateDeflater()
        small = made
        return made
    }

    private func zlib(level: Int) throws -> ZlibDeflater {
        if let made = zlib[level] { return made }
        let made = try ZlibDeflater(level: level)
        zlib[level] = made
        return made
    }

    /// The most plain bytes in one deflate block without compression (RFC 1951, 3.2.4).
    private static let unpackedLimit = 65535

    private static func unpackedSize(of count: Int) -> Int {
        count + 5 * max(1, (count + unpackedLimit - 1) / unpackedLimit)
    }

    /// The bytes as deflate blocks without compression.
    private static func unpacked(_ plain: UnsafeBufferPointer<UInt8>, isLast: Bool) -> [UInt8] {
        var packed: [UInt8] = []
        packed.reserveCapacity(unpackedSize(of: plain.count))
        var start = 0
        repeat {
            let end = min(start + unpackedLimit, plain.count)
            let count = UInt16(end - start)
            packed.append(isLast && end == plain.count ? 1 : 0)
            packed.append(UInt8(truncatingIfNeeded: count))
            packed.append(UInt8(truncatingIfNeeded: count >> 8))
            packed.append(UInt8(truncatingIfNeeded: ~count))
            packed.append(UInt8(truncatingIfNeeded: ~count >> 8))
            packed.append(contentsOf: plain[start..<end])
            start = end
        } while start < plain.count
        return packed
    }
}
