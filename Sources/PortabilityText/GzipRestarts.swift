import CZlib
import Glibc

/// A place in a compressed file from which it can be inflated without what stands before it: the beginning of a gzip
/// member or a zstd frame; or, by the technique of zlib's example `zran.c`, the beginning of a deflate block with the
/// 32 KiB of text before it.
public struct InflationRestart: Sendable, Hashable {
    /// Offset in the inflated text.
    public var text: Int64
    /// Offset in the file of the first byte that was not used wholly before.
    public var file: Int64
    /// How many bits of the byte before are unused yet, 0 to 7.
    public var bits: UInt8
    /// True at the beginning of a member or frame, of which the header comes first.
    public var isMember: Bool
    /// The text before, at most 32 KiB; empty at the beginning of a member or frame.
    public var window: [UInt8]

    public init(text: Int64, file: Int64, bits: UInt8 = 0, isMember: Bool, window: [UInt8] = []) {
        self.text = text
        self.file = file
        self.bits = bits
        self.isMember = isMember
        self.window = window
    }
}

/// Inflates a gzip file (RFC 1952) from its beginning or from a ``InflationRestart``, and notes on the way where it could be
/// restarted.
///
/// From a restart the checksum of the member that it stands in cannot be checked, since it is of the whole member.
public struct GzipRestartReader: ~Copyable, @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutablePointer<UInt8>
    private static let capacity = 1 << 16
    private let spacing: Int64
    private var isReady: Bool
    private var isInMember: Bool
    /// True in the rest of a member that was not read from its beginning: the trailer is not zlib's to read.
    private var isRaw = false
    /// Bytes of a trailer that are still to be passed over.
    private var trailer = 0
    private var members: Int
    private var lastRestart: Int64 = .min
    /// Bytes of the file that were taken in, and bytes of text that were given out, counted from their beginnings.
    public private(set) var fileOffset: Int64 = 0
    public private(set) var textOffset: Int64 = 0
    private var restarts: [InflationRestart] = []

    /// Begins at the beginning of a file.
    ///
    /// - Parameter spacing: Bytes of text that lie between two restarts at least.
    public init(spacing: Int64) {
        self.spacing = spacing
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(capacity: Self.capacity)
        isReady = portability_inflateInit2(stream, 15 + 16) == Z_OK
        isInMember = false
        members = 0
    }

    /// Begins at a restart; notes no others.
    public init(_ restart: InflationRestart) {
        spacing = .max
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(capacity: Self.capacity)
        fileOffset = restart.file
        textOffset = restart.text
        if restart.isMember {
            isReady = portability_inflateInit2(stream, 15 + 16) == Z_OK
            isInMember = false
            members = restart.file == 0 ? 0 : 1
            return
        }
        isReady = portability_inflateInit2(stream, -15) == Z_OK
        isInMember = true
        isRaw = true
        members = 1
        if restart.bits > 0 {
            // The byte before has to be read again for its upper bits.
            fileOffset -= 1
            primed = restart.bits
        }
        restart.window.withUnsafeBufferPointer { window in
            if isReady, window.count > 0 {
                isReady = inflateSetDictionary(stream, window.baseAddress, UInt32(window.count)) == Z_OK
            }
        }
    }

    /// Bits of the next byte that are to be given to zlib before all others.
    private var primed: UInt8 = 0

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Puts the next bytes of text into a buffer.
    ///
    /// - Parameter more: Puts the bytes of the file that begin at an offset into a buffer; 0 at the end of the file.
    /// - Returns: how many; 0 at the end.
    /// - Throws: ``GzipFault`` as ``GzipInflater`` does but for the ratio, and what `more` throws.
    public mutating func read(
        into buffer: UnsafeMutableRawBufferPointer, more: (UnsafeMutableRawBufferPointer, Int64) throws -> Int
    ) throws -> Int {
        guard let output = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        let room = min(buffer.count, 1 << 30)
        while true {
            if stream.pointee.avail_in == 0 {
                let count = try more(UnsafeMutableRawBufferPointer(start: input, count: Self.capacity), fileOffset)
                precondition(count >= 0 && count <= Self.capacity, "more was read than there is room for")
                if count == 0 {
                    if isInMember || trailer > 0 || members == 0 || primed > 0 { throw GzipFault.truncated }
                    return 0
                }
                stream.pointee.next_in = input
                stream.pointee.avail_in = UInt32(count)
                fileOffset += Int64(count)
            }
            if primed > 0 {
                let byte = Int32(stream.pointee.next_in.pointee)
                stream.pointee.next_in += 1
                stream.pointee.avail_in -= 1
                guard isReady, inflatePrime(stream, Int32(primed), byte >> (8 - Int32(primed))) == Z_OK else {
                    throw GzipFault.malformed
                }
                primed = 0
            }
            if trailer > 0 {
                let passed = min(trailer, Int(stream.pointee.avail_in))
                stream.pointee.next_in += passed
                stream.pointee.avail_in -= UInt32(passed)
                trailer -= passed
                if trailer > 0 { continue }
            }
            if !isInMember {
                while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0, members > 0 {
                    stream.pointee.next_in += 1
                    stream.pointee.avail_in -= 1
                }
                if stream.pointee.avail_in == 0 { continue }
                if stream.pointee.next_in.pointee != 0x1f {
                    throw members > 0 ? GzipFault.trailingGarbage : GzipFault.malformed
                }
                guard isReady, inflateReset2(stream, 15 + 16) == Z_OK else { throw GzipFault.malformed }
                isRaw = false
                isInMember = true
                note(isMember: true)
            }
            stream.pointee.next_out = output
            stream.pointee.avail_out = UInt32(room)
            let result = CZlib.inflate(stream, spacing == .max ? Z_NO_FLUSH : Z_BLOCK)
            let count = room - Int(stream.pointee.avail_out)
            textOffset += Int64(count)
            switch result {
            case Z_STREAM_END:
                isInMember = false
                members += 1
                if isRaw { trailer = 8 }
            case Z_OK:
                // Between two blocks, of which the first was not the last.
                if spacing != .max, stream.pointee.data_type & 0xc0 == 0x80 { note(isMember: false) }
            case Z_BUF_ERROR: break
            default: throw dataFault()
            }
            if count > 0 { return count }
        }
    }

    /// The restarts that were found since this was called before.
    public mutating func takeRestarts() -> [InflationRestart] {
        if restarts.isEmpty { return [] }
        var taken: [InflationRestart] = []
        swap(&taken, &restarts)
        return taken
    }

    /// Notes that the file can be restarted here, if the last such place is far enough.
    private mutating func note(isMember: Bool) {
        if lastRestart != .min, textOffset - lastRestart < spacing { return }
        var restart = InflationRestart(
            text: textOffset, file: fileOffset - Int64(stream.pointee.avail_in), isMember: isMember)
        if !isMember {
            restart.bits = UInt8(truncatingIfNeeded: stream.pointee.data_type & 7)
            var length: UInt32 = 0
            var isKnown = false
            restart.window = [UInt8](unsafeUninitializedCapacity: 1 << 15) { window, count in
                isKnown = inflateGetDictionary(stream, window.baseAddress, &length) == Z_OK
                count = isKnown ? Int(length) : 0
            }
            if !isKnown { return }
        }
        lastRestart = textOffset
        restarts.append(restart)
    }

    private func dataFault() -> GzipFault {
        guard let message = stream.pointee.msg else { return .malformed }
        if strcmp(message, "incorrect data check") == 0 || strcmp(message, "incorrect length check") == 0 {
            return .checksum
        }
        let isHeader = strcmp(message, "incorrect header check") == 0
        return isHeader && members > 0 ? .trailingGarbage : .malformed
    }
}

/// Deflates a window of a ``InflationRestart`` by zlib.
public func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(UInt(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
        let result = compress2(buffer.baseAddress, &length, bytes, UInt(bytes.count), 6)
        precondition(result == Z_OK, "there is room for the worst case")
        count = Int(length)
    }
}

/// The bytes that ``deflated(_:)`` was given; nil if there are more than `limit`, or they were never deflated.
public func inflated(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    var length = UInt(limit)
    var result = Z_OK
    let inflated = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        result = uncompress(buffer.baseAddress, &length, bytes, UInt(bytes.count))
        count = result == Z_OK ? Int(length) : 0
    }
    return result == Z_OK ? inflated : nil
}
