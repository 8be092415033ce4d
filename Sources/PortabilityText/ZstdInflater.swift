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

/// Decodes the frames of a zstd file (RFC 8878), one after another, and knows whether it is in one.
struct ZstdDecoder: ~Copyable, @unchecked Sendable {
    /// The largest window of a frame, 128 MiB, as a power of two: what the tool `zstd` takes without being asked.
    private static let windowLog: Int32 = 27

    struct Step {
        var produced: Int
        /// True if a frame ended.
        var isFrameEnd = false
        var fault: ZstdFault?
    }

    private let context: OpaquePointer?
    private var isInFrame = false
    private var frames = 0
    /// True if the last output was filled, so that more may be waiting.
    private(set) var isFull = false

    /// True if the file may end here.
    var isBetweenFrames: Bool { !isInFrame && frames > 0 }

    init() {
        // Fails only for want of memory.
        context = ZSTD_createDCtx()
        if let context { _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog) }
    }

    deinit { _ = ZSTD_freeDCtx(context) }

    /// Decodes some of the bytes of `memory` from `next` to `end`, and puts `next` behind what was used of them.
    mutating func decode(
        _ memory: UnsafeMutablePointer<UInt8>, _ next: inout Int, _ end: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Step {
        guard let context else { return Step(produced: 0, fault: .window) }
        var input = ZSTD_inBuffer(src: memory, size: end, pos: next)
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        let result = ZSTD_decompressStream(context, &output, &input)
        var step = Step(produced: output.pos)
        isFull = output.pos == output.size
        if ZSTD_isError(result) != 0 {
            step.fault = fault(result)
        } else if result == 0 {
            step.isFrameEnd = isInFrame || input.pos > next
            if step.isFrameEnd { frames += 1 }
            isInFrame = false
            isFull = false
        } else {
            isInFrame = true
        }
        next = input.pos
        return step
    }

    private func fault(_ result: Int) -> ZstdFault {
        switch ZSTD_getErrorCode(result) {
        case ZSTD_error_prefix_unknown: frames == 0 ? .malformed : .trailingGarbage
        case ZSTD_error_checksum_wrong: .checksum
        case ZSTD_error_frameParameter_windowTooLarge: .window
        case ZSTD_error_dictionary_wrong, ZSTD_error_dictionary_corrupted: .dictionary
        default: .malformed
        }
    }
}

/// Inflates zstd files (RFC 8878) of one or many frames. Frames to be skipped are skipped.
public struct ZstdInflater: ~Copyable, Inflater, @unchecked Sendable {
    private var decoder = ZstdDecoder()
    private var intake: InflaterIntake<ZstdFault>

    public var bytesIn: Int64 { intake.bytesIn }
    public var bytesOut: Int64 { intake.bytesOut }

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
        intake = InflaterIntake(ratio: ratio, floor: floor, margin: 0)
    }

    public mutating func fill<Failure>(
        upTo size: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int { try intake.fill(upTo: size, read) }

    public mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(ZstdFault) -> Int {
        try intake.check()
        var count = 0
        while count < buffer.count, intake.next < intake.end || decoder.isFull {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let step = decoder.decode(intake.memory, &intake.next, intake.end, into: room)
            count += step.produced
            let isAllowed = intake.give(step.produced)
            if let fault = step.fault { return try intake.stop(fault, count) }
            if !isAllowed { return try intake.stop(.ratio, count) }
        }
        return count
    }

    public func finish() throws(ZstdFault) {
        try intake.check()
        if !decoder.isBetweenFrames { throw .truncated }
    }
}
