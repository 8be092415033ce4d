import Glibc

/// Cuts a stream into lines, in memory that is bounded by the longest allowed line and one block.
///
/// Feed it, then take lines with ``next()`` until that gives nil; at the end call ``finish()`` and take the rest. A
/// line ends with LF; a CR before the LF is no part of it; the last line need not have an end.
public struct LineSplitter: ~Copyable, @unchecked Sendable {
    /// Where a line is.
    public struct Line: Sendable, Hashable {
        /// 1-based.
        public var number: Int64
        /// 0-based offset of its first byte in the stream.
        public var offset: Int64
        /// True if the line is longer than the limit; it was skipped and its bytes cannot be had.
        public var isTooLong: Bool
        fileprivate var start: Int
        fileprivate var count: Int

        /// Bytes, without the line's end; 0 if it is too long.
        public var length: Int { count }
    }

    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private let limit: Int
    private let block: Int
    /// What was fed and not handed out yet.
    private var start = 0
    private var end = 0
    /// Where to go on looking for the end of the line.
    private var scanned = 0
    /// Of the line that begins at ``start``.
    private var number: Int64 = 1
    private var offset: Int64 = 0
    /// Bytes already thrown away of a line that is too long.
    private var skipped: Int64 = 0
    private var isSkipping = false
    private var isFinished = false

    /// Makes a splitter.
    ///
    /// - Parameters:
    ///   - limit: Bytes a line may have.
    ///   - block: Bytes that are read at a time.
    public init(limit: Int, block: Int = 1 << 20) {
        self.limit = limit
        self.block = block
        capacity = 2 * block
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// Takes in what `read` puts into the buffer it is given; lines handed out before are gone.
    ///
    /// - Parameter read: Fills a buffer of at least a block's size and returns the number of bytes.
    /// - Returns: what `read` returned.
    public mutating func fill<Failure>(
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        if start > 0 {
            memory.copyMemory(from: memory + start, byteCount: end - start)
            scanned -= start
            end -= start
            start = 0
        }
        if capacity - end < block {
            let larger = max(end + block, min(capacity * 2, limit + 2 * block))
            let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
            moved.copyMemory(from: memory, byteCount: end)
            memory.deallocate()
            memory = moved
            capacity = larger
        }
        let count = try read(UnsafeMutableRawBufferPointer(start: memory + end, count: capacity - end))
        precondition(count >= 0 && count <= capacity - end, "more was read than there is room for")
        end += count
        return count
    }

    /// Takes in bytes; lines handed out before are gone. Take all lines out between calls.
    public mutating func feed(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = fill { buffer in
                    let count = min(buffer.count, rest.count)
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
                    return count
                }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Says that nothing more comes.
    public mutating func finish() { isFinished = true }

    /// The next line; nil if more must be fed, or after ``finish()`` if that was all.
    public mutating func next() -> Line? {
        if let found = memchr(memory + scanned, Int32(ASCII.lineFeed), end - scanned) {
            let stop = UnsafeMutableRawPointer(found) - memory
            return takeLine(to: stop, next: stop + 1)
        }
        scanned = end
        if isSkipping || end - start > limit + 1 {
            isSkipping = true
            skipped += Int64(end - start)
            start = 0
            end = 0
            scanned = 0
        }
        if isFinished, isSkipping || end > start { return takeLine(to: end, next: end) }
        return nil
    }

    private mutating func takeLine(to stop: Int, next: Int) -> Line {
        var count = stop - start
        if count > 0, memory.load(fromByteOffset: stop - 1, as: UInt8.self) == ASCII.carriageReturn { count -= 1 }
        let isTooLong = isSkipping || count > limit
        let line = Line(
            number: number, offset: offset, isTooLong: isTooLong, start: start, count: isTooLong ? 0 : count)
        number += 1
        offset += skipped + Int64(next - start)
        start = next
        scanned = next
        skipped = 0
        isSkipping = false
        return line
    }

    /// The bytes of a line, valid until the splitter is fed again.
    public func bytes(of line: Line) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: (memory + line.start).assumingMemoryBound(to: UInt8.self), count: line.count)
    }
}
