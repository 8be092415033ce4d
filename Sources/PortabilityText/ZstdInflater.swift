import CZstd

/// Why a zstd file cannot be inflated to its end.
public enum ZstdFault: Error, Hashable, Sendable {
    /// It ends in the middle of a frame.
    case truncated
    /// Headers or compressed data are not what RFC 8878 says.
    case malformed
    /// The checksum of a frame is wrong.
    case checksum
    /// After the last frame stand bytes that are no frame.
    case trailingGarbage
    /// It inflates to more than the allowed multiple of its size.
    case ratio
    /// A frame needs more memory than is allowed.
    case window
    /// A frame needs a dictionary, which is not in the file.
    case dictionary
}

/// Inflates zstd files (RFC 8878) of one or many frames. Frames to be skipped are skipped.
///
/// Feed it a block, call ``inflate(into:)`` until that gives 0, feed the next, and call ``finish()`` at the end.
public struct ZstdInflater: ~Copyable, @unchecked Sendable {
    /// The largest window of a frame, 128 MiB, as a power of two: what the tool `zstd` takes without being asked.
    private static let windowLog: Int32 = 27

    private let context: OpaquePointer?
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var input: ZSTD_inBuffer
    private var isInFrame = false
    /// True if the last output was filled, so that more may be waiting.
    private var isFull = false
    private var frames = 0
    private var fault: ZstdFault?
    private let ratioLimit: Int64
    private let ratioFloor: Int64
    /// Bytes fed, and bytes given out.
    public private(set) var bytesIn: Int64 = 0
    public private(set) var bytesOut: Int64 = 0

    /// True if a file that begins with these bytes is zstd: with a frame, or one to be skipped.
    public static func recognises(_ start: Span<UInt8>) -> Bool {
        if start.count < 4 { return false }
        if start[0] == 0x28 && start[1] == 0xb5 && start[2] == 0x2f && start[3] == 0xfd { return true }
        return start[0] & 0xf0 == 0x50 && start[1] == 0x2a && start[2] == 0x4d && start[3] == 0x18
    }

    /// Makes an inflater for one file.
    ///
    /// - Parameters:
    ///   - ratio: How many times as large as its input the output may become.
    ///   - floor: Bytes of output below which the ratio is not looked at.
    public init(ratio: Int = 200, floor: Int64 = 64 << 20) {
        ratioLimit = Int64(max(1, ratio))
        ratioFloor = floor
        capacity = 1 << 16
        memory = .allocate(capacity: capacity)
        input = ZSTD_inBuffer(src: memory, size: 0, pos: 0)
        // Fails only for want of memory.
        context = ZSTD_createDCtx()
        if let context { _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog) }
    }

    deinit {
        _ = ZSTD_freeDCtx(context)
        memory.deallocate()
    }

    /// Takes in the next bytes of the file.
    ///
    /// - Precondition: All output of the bytes before was taken.
    public mutating func feed(_ bytes: Span<UInt8>) {
        _ = fill(upTo: bytes.count) { buffer in
            bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
            return bytes.count
        }
    }

    /// Takes in what `read` puts into the buffer it is given, of `size` bytes.
    ///
    /// - Precondition: All output of the bytes before was taken.
    /// - Returns: what `read` returned, the number of bytes.
    public mutating func fill<Failure>(
        upTo size: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        precondition(input.pos == input.size || fault != nil, "the inflater was fed before it was emptied")
        if size > capacity {
            memory.deallocate()
            capacity = size
            memory = .allocate(capacity: capacity)
        }
        let count = try read(UnsafeMutableRawBufferPointer(start: memory, count: size))
        precondition(count >= 0 && count <= size, "more was read than there is room for")
        input = ZSTD_inBuffer(src: memory, size: count, pos: 0)
        bytesIn += Int64(count)
        return count
    }

    /// Puts inflated bytes into a buffer.
    ///
    /// What was inflated before a fault is given out first; the fault is thrown by the call after.
    /// - Returns: how many; 0 if more must be fed.
    public mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(ZstdFault) -> Int {
        if let fault { throw fault }
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        while output.pos < output.size, input.pos < input.size || isFull {
            let before = (input.pos, output.pos)
            let result = ZSTD_decompressStream(context, &output, &input)
            bytesOut += Int64(output.pos - before.1)
            isFull = output.pos == output.size
            if ZSTD_isError(result) != 0 { return try stop(Self.fault(result, isFirst: frames == 0), output.pos) }
            if bytesOut > ratioFloor, bytesOut / ratioLimit > bytesIn - Int64(input.size - input.pos) {
                return try stop(.ratio, output.pos)
            }
            if result == 0 {
                if isInFrame || input.pos > before.0 { frames += 1 }
                isInFrame = false
                isFull = false
            } else {
                isInFrame = true
            }
        }
        return output.pos
    }

    static func fault(_ result: Int, isFirst: Bool) -> ZstdFault {
        switch ZSTD_getErrorCode(result) {
        case ZSTD_error_prefix_unknown: isFirst ? .malformed : .trailingGarbage
        case ZSTD_error_checksum_wrong: .checksum
        case ZSTD_error_frameParameter_windowTooLarge: .window
        case ZSTD_error_dictionary_wrong, ZSTD_error_dictionary_corrupted: .dictionary
        default: .malformed
        }
    }

    private mutating func stop(_ fault: ZstdFault, _ count: Int) throws(ZstdFault) -> Int {
        self.fault = fault
        if count == 0 { throw fault }
        return count
    }

    /// Says that the file is at its end.
    ///
    /// - Throws: what is wrong with it, ``ZstdFault/truncated`` if a frame has no end.
    public func finish() throws(ZstdFault) {
        if let fault { throw fault }
        if isInFrame || frames == 0 { throw .truncated }
    }
}
