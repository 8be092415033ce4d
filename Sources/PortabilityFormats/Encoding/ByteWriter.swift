/// Appends bytes to an array by way of a block of fixed size, so that the usual append is one comparison and a copy of
/// sixteen bytes.
///
/// All unsafe code of the encoders is in this file. Every method checks the room that it needs; sources are checked
/// against their span.
struct ByteWriter: ~Copyable {
    /// Bytes of a value that are escaped between two checks of room; an escape is at most six bytes long.
    static let escapeRun = 2048
    /// Room that is kept after the end, because short copies store whole blocks.
    private static let slack = 32

    private var out: [UInt8]
    private let base: UnsafeMutableRawPointer
    private var next: UnsafeMutableRawPointer
    private let end: UnsafeMutableRawPointer

    /// Makes a writer with nothing in it.
    ///
    /// - Parameter block: bytes gathered before they go to the array, at least 16 KiB.
    init(block: Int = 64 << 10) {
        let capacity = max(block, 16 << 10)
        out = []
        base = .allocate(byteCount: capacity + Self.slack, alignment: 64)
        next = base
        end = base + capacity
    }

    deinit { base.deallocate() }

    /// Continues after the given bytes.
    ///
    /// - Parameter expected: about how many bytes will be added; makes room for them if nothing is there yet.
    mutating func resume(_ bytes: consuming [UInt8], expecting expected: Int) {
        next = base
        out = bytes
        if out.isEmpty { out.reserveCapacity(expected) }
    }

    /// Hands out all bytes.
    mutating func take() -> [UInt8] {
        flush()
        return exchange(&out, with: [])
    }

    @inline(never)
    private mutating func flush() {
        out.append(contentsOf: UnsafeRawBufferPointer(start: base, count: next - base))
        next = base
    }

    @inline(__always)
    private mutating func ensure(_ count: Int) {
        if end - next < count { flush() }
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        ensure(1)
        next.storeBytes(of: byte, as: UInt8.self)
        next += 1
    }

    /// Appends a piece of a pool.
    ///
    /// Pieces of up to 32 bytes are copied in whole blocks where the pool is long enough, which costs less than the
    /// call of `memcpy`.
    @inline(__always)
    mutating func append(_ pool: Span<UInt8>, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= pool.count)
        pool.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            let source = start + range.lowerBound
            let count = range.count
            if count <= 32 && range.lowerBound &+ 32 <= bytes.count {
                ensure(32)
                next.storeBytes(of: source.loadUnaligned(as: Block.self), as: Block.self)
                if count > 16 {
                    (next + 16).storeBytes(of: (source + 16).loadUnaligned(as: Block.self), as: Block.self)
                }
                next += count
            } else {
                appendLong(source, count)
            }
        }
    }

    private typealias Block = SIMD16<UInt8>

    /// Appends a span.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) { append(bytes, 0..<bytes.count) }

    /// Appends an ASCII literal.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        appendLong(UnsafeRawPointer(text.utf8Start), text.utf8CodeUnitCount)
    }

    private mutating func appendLong(_ source: UnsafeRawPointer, _ count: Int) {
        if count > end - base {
            flush()
            out.append(contentsOf: UnsafeRawBufferPointer(start: source, count: count))
        } else {
            ensure(count)
            next.copyMemory(from: source, byteCount: count)
            next += count
        }
    }

    /// Appends an unsigned number in decimal.
    mutating func append(decimal number: Int) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Appends a piece of a pool, calling `escape` for each byte that `marks` marks.
    ///
    /// - Parameters:
    ///   - marks: marks the bytes to escape in eight bytes at once; see ``Marks``.
    ///   - escape: appends at most six bytes for the marked byte, with ``put(_:)`` alone.
    @inline(__always)
    mutating func append(
        _ pool: Span<UInt8>, _ range: Range<Int>, escaping marks: (UInt64) -> UInt64,
        with escape: (UInt8, inout ByteWriter) -> Void
    ) {
        precondition(range.lowerBound >= 0 && range.upperBound <= pool.count)
        pool.withUnsafeBytes { bytes in
            var at = range.lowerBound
            while at < range.upperBound {
                let stop = min(range.upperBound, at &+ Self.escapeRun)
                ensure(Self.escapeRun * 6)
                while at < stop {
                    let word = Marks.load(bytes, at)
                    next.storeBytes(of: word.littleEndian, as: UInt64.self)
                    let clean = min(marks(word).trailingZeroBitCount &>> 3, stop &- at)
                    next += clean
                    at &+= clean
                    if clean < 8 && at < stop {
                        escape(bytes[at], &self)
                        at &+= 1
                    }
                }
            }
        }
    }

    /// Stores a byte for which there is room: only inside the `escape` of ``append(_:_:escaping:with:)``.
    @inline(__always)
    mutating func put(_ byte: UInt8) {
        next.storeBytes(of: byte, as: UInt8.self)
        next += 1
    }

    /// Stores an ASCII literal of at most six bytes for which there is room: only inside an `escape`.
    @inline(__always)
    mutating func put(_ text: StaticString) {
        next.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        next += text.utf8CodeUnitCount
    }
}

/// One writer per table, in a fixed block of memory.
struct ByteWriters: ~Copyable {
    private let writers: UnsafeMutablePointer<ByteWriter>
    let count: Int

    /// Makes writers; the first has a large block, the others a small one.
    init(count: Int) {
        self.count = count
        writers = .allocate(capacity: count)
        for index in 0..<count {
            (writers + index).initialize(to: ByteWriter(block: index == 0 ? 64 << 10 : 16 << 10))
        }
    }

    deinit {
        writers.deinitialize(count: count)
        writers.deallocate()
    }

    subscript(index: Int) -> ByteWriter {
        @inline(__always)
        unsafeAddress {
            precondition(index >= 0 && index < count)
            return UnsafePointer(writers + index)
        }
        @inline(__always)
        nonmutating unsafeMutableAddress {
            precondition(index >= 0 && index < count)
            return writers + index
        }
    }
}

/// Bytes looked at eight at a time: a mark is the top bit of a byte.
///
/// The lowest mark of a result is exact; borrows may add false marks above it, so only the lowest counts.
enum Marks {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The eight bytes at an index, the first the lowest; zeros behind the end.
    @inline(__always)
    static func load(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
        if index &+ 8 <= bytes.count {
            return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        }
        var word: UInt64 = 0
        for tail in stride(from: bytes.count - 1, through: index, by: -1) { word = word << 8 | UInt64(bytes[tail]) }
        return word
    }

    /// Marks the bytes that equal `byte`.
    @inline(__always)
    static func equal(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference & highs
    }

    /// Marks the bytes below U+0020.
    @inline(__always)
    static func control(_ word: UInt64) -> UInt64 { (word &- (ones &* 0x20)) & ~word & highs }

    /// Index in a range of a pool of the first byte that `marks` marks, or the range's end.
    @inline(__always)
    static func first(_ pool: Span<UInt8>, _ range: Range<Int>, _ marks: (UInt64) -> UInt64) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= pool.count)
        return pool.withUnsafeBytes { bytes in
            var at = range.lowerBound
            while at < range.upperBound {
                let found = marks(load(bytes, at))
                if found != 0 { return min(at &+ found.trailingZeroBitCount &>> 3, range.upperBound) }
                at &+= 8
            }
            return range.upperBound
        }
    }
}
