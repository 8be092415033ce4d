import Glibc
public import PortabilityText

/// A file, plain or gzip (told by its first bytes, never by its name), read with read(2) from its beginning to the size
/// that it had when it was opened.
public struct StreamedFile: ~Copyable {
    private static let block = 1 << 20

    private let descriptor: Int32
    private let before: stat
    private var rest: Int64
    private var inflater: GzipInflater?
    private var isAtEnd = false

    /// Opens a file. Never waits for one that is no regular file, and follows no symbolic link that
    /// ``SourceFolder/find(_:limit:)`` did not.
    ///
    /// - Parameter ratio: How many times as large as its compressed size it may be.
    public init(_ file: FoundFile, in folder: SourceFolder, ratio: Int) throws(FileFault) {
        let (descriptor, status) = try folder.open(file)
        var magic: [UInt8] = [0, 0]
        let count = pread(descriptor, &magic, 2, 0)
        if count < 0 {
            let code = errno
            close(descriptor)
            throw .unreadable(errno: code)
        }
        self.descriptor = descriptor
        before = status
        rest = Int64(status.st_size)
        if GzipInflater.recognises(magic.span.extracting(0..<count)) {
            inflater = GzipInflater(ratio: ratio)
        } else {
            inflater = nil
        }
    }

    deinit { close(descriptor) }

    /// Puts the next bytes of the (inflated) file into a buffer.
    ///
    /// - Precondition: The buffer is not empty.
    /// - Returns: how many, 0 at the end.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
        if isAtEnd { return 0 }
        let buffer = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Self.block))
        if inflater == nil {
            let count = try Self.read(descriptor, buffer, Int(min(Int64(buffer.count), rest)))
            rest -= Int64(count)
            if count == 0 { try finish() }
            return count
        }
        while true {
            let count: Int
            do throws(GzipFault) {
                count = try inflater?.inflate(into: buffer) ?? 0
            } catch {
                throw .gzip(error)
            }
            if count > 0 { return count }
            let size = Int(min(rest, Int64(Self.block)))
            let file = descriptor
            let fed = try inflater?.fill(upTo: size) { (bytes) throws(FileFault) -> Int in
                try Self.read(file, bytes, size)
            }
            rest -= Int64(fed ?? 0)
            if fed ?? 0 == 0 {
                try finish()
                return 0
            }
        }
    }

    /// Puts the next bytes of the (inflated) file into a splitter.
    ///
    /// - Returns: how many, 0 at the end.
    public mutating func fill(_ splitter: inout LineSplitter) throws(FileFault) -> Int {
        try splitter.fill { (bytes) throws(FileFault) -> Int in try read(into: bytes) }
    }

    private static func read(
        _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ size: Int
    ) throws(FileFault) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, size)
            if count >= 0 { return count }
            if errno != EINTR { throw .unreadable(errno: errno) }
        }
    }

    private mutating func finish() throws(FileFault) {
        isAtEnd = true
        if rest > 0 { throw .shrank }
        do throws(GzipFault) { try inflater?.finish() } catch { throw .gzip(error) }
    }

    /// Throws if the file is not what it was when it was opened.
    public func checkUnchanged() throws(FileFault) {
        var after = stat()
        guard fstat(descriptor, &after) == 0 else { throw .unreadable(errno: errno) }
        if after.st_size < before.st_size { throw .shrank }
        if after.st_size != before.st_size || after.st_mtim.tv_sec != before.st_mtim.tv_sec
            || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec
        {
            throw .changed
        }
    }
}
