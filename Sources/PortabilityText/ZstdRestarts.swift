/// Inflates a zstd file (RFC 8878) from its beginning or from the beginning of one of its frames, and notes on the way
/// where frames begin.
public struct ZstdRestartReader: ~Copyable, @unchecked Sendable {
    private static let capacity = 1 << 17

    private var decoder = ZstdDecoder()
    /// The memory and the part of it that was read and not used.
    private let memory: UnsafeMutablePointer<UInt8>
    private var next = 0
    private var end = 0
    private let spacing: Int64
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
    }

    deinit { memory.deallocate() }

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
            if next == end, !decoder.isFull {
                let count = try more(UnsafeMutableRawBufferPointer(start: memory, count: Self.capacity), fileOffset)
                precondition(count >= 0 && count <= Self.capacity, "more was read than there is room for")
                if count == 0 {
                    if !decoder.isBetweenFrames { throw ZstdFault.truncated }
                    return 0
                }
                next = 0
                end = count
                fileOffset += Int64(count)
            }
            let step = decoder.decode(memory, &next, end, into: buffer)
            textOffset += Int64(step.produced)
            if let fault = step.fault { throw fault }
            if step.isFrameEnd { note() }
            if step.produced > 0 { return step.produced }
        }
    }

    /// Notes that the file can be restarted here, if the last such place is far enough.
    private mutating func note() {
        if lastRestart != .min, lastRestart == .max || textOffset - lastRestart < spacing { return }
        lastRestart = textOffset
        restarts.append(
            InflationRestart(text: textOffset, file: fileOffset - Int64(end - next), isMember: true))
    }

    /// The restarts that were found since this was called before.
    public mutating func takeRestarts() -> [InflationRestart] {
        if restarts.isEmpty { return [] }
        var taken: [InflationRestart] = []
        swap(&taken, &restarts)
        return taken
    }
}
