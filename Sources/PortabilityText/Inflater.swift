/// Inflates a compressed file.
///
/// Feed it a block, call ``inflate(into:)`` until that gives 0, feed the next, and call ``finish()`` at the end.
public protocol Inflater<Fault>: ~Copyable {
    /// Why a file cannot be inflated to its end.
    associatedtype Fault: Error

    /// Bytes fed, and bytes given out.
    var bytesIn: Int64 { get }
    var bytesOut: Int64 { get }

    /// Takes in what `read` puts into the buffer it is given, of `size` bytes.
    ///
    /// - Precondition: All output of the bytes before was taken; `size` is at most a gigabyte.
    /// - Returns: what `read` returned, the number of bytes.
    mutating func fill<Failure>(
        upTo size: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int

    /// Puts inflated bytes into a buffer.
    ///
    /// What was inflated before a fault is given out first; the fault is thrown by the call after.
    /// - Returns: how many; 0 if more must be fed.
    mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(Fault) -> Int

    /// Says that the file is at its end.
    ///
    /// - Throws: what is wrong with it, also that it ends too early.
    mutating func finish() throws(Fault)
}

extension Inflater where Self: ~Copyable {
    /// Takes in the next bytes of the file.
    ///
    /// - Precondition: All output of the bytes before was taken.
    public mutating func feed(_ bytes: Span<UInt8>) {
        _ = fill(upTo: bytes.count) { buffer in
            bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
            return bytes.count
        }
    }
}

/// What an inflater was fed and has not used, and the account of what went in and came out.
struct InflaterIntake<Fault: Error>: ~Copyable {
    /// Bytes before the input that may be written to.
    private let margin: Int
    private(set) var memory: UnsafeMutablePointer<UInt8>
    private var capacity = 1 << 16
    /// The part of the memory that was fed and not used.
    var next = 0
    private(set) var end = 0
    private(set) var fault: Fault?
    private let ratioLimit: Int64
    private let ratioFloor: Int64
    private(set) var bytesIn: Int64 = 0
    private(set) var bytesOut: Int64 = 0

    /// - Parameters:
    ///   - ratio: How many times as large as its input the output may become.
    ///   - floor: Bytes of output below which the ratio is not looked at.
    init(ratio: Int, floor: Int64, margin: Int) {
        ratioLimit = Int64(max(1, ratio))
        ratioFloor = floor
        self.margin = margin
        memory = .allocate(capacity: capacity + margin)
    }

    deinit { memory.deallocate() }

    /// See ``Inflater/fill(upTo:_:)``.
    mutating func fill<Failure>(
        upTo size: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        precondition(next == end || fault != nil, "the inflater was fed before it was emptied")
        precondition(size <= 1 << 30, "a block of more than a gigabyte")
        if size > capacity {
            memory.deallocate()
            capacity = size
            memory = .allocate(capacity: capacity + margin)
        }
        let count = try read(UnsafeMutableRawBufferPointer(start: memory + margin, count: size))
        precondition(count >= 0 && count <= size, "more was read than there is room for")
        next = margin
        end = next + count
        bytesIn += Int64(count)
        return count
    }

    /// Notes bytes that are given out; false if they are more than the limit.
    mutating func give(_ count: Int) -> Bool {
        bytesOut += Int64(count)
        return bytesOut <= ratioFloor || bytesOut / ratioLimit <= bytesIn - Int64(end - next)
    }

    /// Throws what stopped it before.
    func check() throws(Fault) {
        if let fault { throw fault }
    }

    /// Stops it for good: at once if nothing was inflated before, else by the next call.
    mutating func stop(_ fault: Fault, _ count: Int) throws(Fault) -> Int {
        self.fault = fault
        if count == 0 { throw fault }
        return count
    }
}
