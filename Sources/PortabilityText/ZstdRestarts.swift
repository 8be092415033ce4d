import CZstd

/// Inflates a zstd file (RFC 8878) from its beginning or from the beginning of one of its frames, and notes on the way
/// where frames begin.
public struct ZstdRestartReader: ~Copyable, @unchecked Sendable {
    /// As of ``ZstdInflater``.
    private static let windowLog: Int32 = 27
    private static let capacity = 1 << 17

    private let context: OpaquePointer?
    private let memory: UnsafeMutablePointer<UInt8>
    private var input: ZSTD_inBuffer
    private let spacing: Int64
    private var isInFrame = false
    private var isFull = false
    private var frames = 0
    private var lastRestart: Int64 = .min
    private var restarts: [InflationRestart] = []
    /// Bytes of the file that were taken in, and bytes of text that were given out, counted from their beginnings.
    public private(set) var fileOffset: Int64
    public private(set) var textOffset: Int64

    /// Begins at the beginning of a file.
    ///
    /// - Parameter spacing: Bytes of text that lie between two restarts at least.
    public init(spacing: Int64) {
        self.init(spacing: spacing, text: 0, file: 0)
        note()
    }

    /// Begins at a restart; notes no others.
    public init(_ restart: InflationRestart) {
        self.init(spacing: .max, text: restart.text, file: restart.file)
        lastRestart = .max
    }

    private init(spacing: Int64, text: Int64, file: Int64) {
        self.spacing = spacing
        textOffset = text
        fileOffset = file
        memory = .allocate(capacity: Self.capacity)
        input = ZSTD_inBuffer(src: memory, size: 0, pos: 0)
        context = ZSTD_createDCtx()
        if let context { _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog) }
    }

    deinit {
        _ = ZSTD_freeDCtx(context)
        memory.deallocate()
    }

    /// Puts the next bytes of text into a buffer.
    ///
    /// - Parameter more: Puts the bytes of the file that begin at an offset into a buffer; 0 at the end of the file.
    /// - Returns: how many; 0 at the end.
    /// - Throws: ``ZstdFault`` as ``ZstdInflater`` does but for the ratio, and what `more` throws.
    public mutating func read(
        into buffer: UnsafeMutableRawBufferPointer, more: (UnsafeMutableRawBufferPointer, Int64) throws -> Int
    ) throws -> Int {
        if buffer.isEmpty { return 0 }
        while true {
            if input.pos == input.size, !isFull {
                let count = try more(UnsafeMutableRawBufferPointer(start: memory, count: Self.capacity), fileOffset)
                precondition(count >= 0 && count <= Self.capacity, "more was read than there is room for")
                if count == 0 {
                    if isInFrame || frames == 0 { throw ZstdFault.truncated }
                    return 0
                }
                input = ZSTD_inBuffer(src: memory, size: count, pos: 0)
                fileOffset += Int64(count)
            }
            var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            let before = input.pos
            let result = ZSTD_decompressStream(context, &output, &input)
            textOffset += Int64(output.pos)
            isFull = output.pos == output.size
            if ZSTD_isError(result) != 0 { throw ZstdInflater.fault(result, isFirst: frames == 0) }
            if result == 0 {
                if isInFrame || input.pos > before {
                    frames += 1
                    note()
                }
                isInFrame = false
                isFull = false
            } else {
                isInFrame = true
            }
            if output.pos > 0 { return output.pos }
        }
    }

    /// Notes that the file can be restarted here, if the last such place is far enough.
    private mutating func note() {
        if lastRestart != .min, lastRestart == .max || textOffset - lastRestart < spacing { return }
        lastRestart = textOffset
        restarts.append(
            InflationRestart(text: textOffset, file: fileOffset - Int64(input.size - input.pos), isMember: true))
    }

    /// The restarts that were found since this was called before.
    public mutating func takeRestarts() -> [InflationRestart] {
        if restarts.isEmpty { return [] }
        var taken: [InflationRestart] = []
        swap(&taken, &restarts)
        return taken
    }
}
