import Glibc
public import PortabilityText

/// A file that is held open and read from any of several threads, from its beginning to the size that it had when it
/// was opened.
public final class OpenFile: Sendable {
    /// How a file is compressed, told by its first bytes and never by its name.
    public enum Compression: Sendable, Hashable {
        /// RFC 1952.
        case gzip
        /// RFC 8878.
        case zstd
    }

    /// What tells a file from others, and from itself at another time. Times in seconds and nanoseconds since 1970.
    public struct Stamp: Sendable, Hashable {
        public var size: Int64
        public var modified: Int64
        public var modifiedNanoseconds: Int64
        /// When its contents or its owner, name or rights were last changed.
        public var changed: Int64
        public var changedNanoseconds: Int64
        public var device: UInt64
        public var inode: UInt64

        init(_ status: stat) {
            size = Int64(status.st_size)
            modified = Int64(status.st_mtim.tv_sec)
            modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
            changed = Int64(status.st_ctim.tv_sec)
            changedNanoseconds = Int64(status.st_ctim.tv_nsec)
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    private let descriptor: Int32
    /// As of when it was opened.
    public let stamp: Stamp
    /// nil if it is plain.
    public let compression: Compression?

    /// Bytes, as they stand in the file system.
    public var size: Int64 { stamp.size }

    /// Opens a file. Never waits for one that is no regular file, and follows no symbolic link that
    /// ``SourceFolder/find(_:limit:)`` did not.
    public init(_ file: FoundFile, in folder: SourceFolder) throws(FileFault) {
        let (descriptor, status) = try folder.open(file)
        var start: [UInt8] = [0, 0, 0, 0]
        let count = pread(descriptor, &start, start.count, 0)
        if count < 0 {
            let code = errno
            close(descriptor)
            throw .unreadable(errno: code)
        }
        self.descriptor = descriptor
        stamp = Stamp(status)
        let known = start.span.extracting(0..<count)
        compression =
            GzipInflater.recognises(known) ? .gzip : ZstdInflater.recognises(known) ? .zstd : nil
    }

    deinit { close(descriptor) }

    /// Reads some bytes.
    ///
    /// - Returns: how many; 0 if the buffer is empty or the file ends before `offset`.
    public func read(
        into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(FileFault) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw .unreadable(errno: errno) }
        }
    }

    /// Throws if the file is not what it was when it was opened.
    public func checkUnchanged() throws(FileFault) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno: errno) }
        let after = Stamp(status)
        if after.size < stamp.size { throw .shrank }
        if after.size != stamp.size || after.modified != stamp.modified
            || after.modifiedNanoseconds != stamp.modifiedNanoseconds
        {
            throw .changed
        }
    }
}

/// The text of a file, plain or compressed, from its beginning on.
public struct StreamedFile: ~Copyable {
    private static let block = 1 << 20
    /// Of a compressed file; what is read and what becomes of it stay in the cache of a core together.
    private static let compressedBlock = 1 << 17

    private let file: OpenFile
    private let ratio: Int
    private var offset: Int64 = 0
    private var gzip: GzipInflater?
    private var zstd: ZstdInflater?
    /// True if zlib has to say what ISA-L could not read, from the beginning.
    private var isRepeated = false
    /// Bytes of text that were given out before that began, and are not to be given out again.
    private var givenBefore: Int64 = 0
    private var isAtEnd = false

    /// - Parameter ratio: How many times as large as its compressed size it may be.
    public init(_ file: OpenFile, ratio: Int) {
        self.file = file
        self.ratio = ratio
        gzip = file.compression == .gzip ? GzipInflater(ratio: ratio) : nil
        zstd = file.compression == .zstd ? ZstdInflater(ratio: ratio) : nil
    }

    /// Opens a file, see ``OpenFile``.
    public init(_ file: FoundFile, in folder: SourceFolder, ratio: Int) throws(FileFault) {
        self.init(try OpenFile(file, in: folder), ratio: ratio)
    }

    /// Puts the next bytes of the text into a buffer.
    ///
    /// - Precondition: The buffer is not empty.
    /// - Returns: how many, 0 at the end.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
        if isAtEnd { return 0 }
        let buffer = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Self.block))
        if file.compression == nil {
            let wanted = Int(min(Int64(buffer.count), file.size - offset))
            let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: offset)
            offset += Int64(count)
            if count == 0 { try finish() }
            return count
        }
        while true {
            let count = try inflate(into: buffer)
            if count > 0 { return count }
            if try feed() == 0 {
                try finish()
                return 0
            }
        }
    }

    /// Inflates what was fed; 0 if that is used up.
    private mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
        do throws(ZstdFault) {
            if let count = try zstd?.inflate(into: buffer) { return count }
        } catch {
            throw .zstd(error)
        }
        while true {
            let count: Int
            do throws(GzipFault) {
                count = try gzip?.inflate(into: buffer) ?? 0
            } catch {
                if error != .malformed || isRepeated { throw .gzip(error) }
                isRepeated = true
                givenBefore = gzip?.bytesOut ?? 0
                gzip = GzipInflater(ratio: ratio, engine: .zlib)
                offset = 0
                return 0
            }
            if givenBefore == 0 || count == 0 { return count }
            let known = Int(min(givenBefore, Int64(count)))
            givenBefore -= Int64(known)
            if known < count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[known..<count])
                buffer.copyMemory(from: rest)
                return count - known
            }
        }
    }

    /// Feeds the next bytes of a compressed file; how many.
    private mutating func feed() throws(FileFault) -> Int {
        let (file, offset) = (file, offset)
        let size = Int(min(file.size - offset, Int64(Self.compressedBlock)))
        let fill = { (bytes: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int in
            try file.read(into: bytes, at: offset)
        }
        let fromGzip = try gzip?.fill(upTo: size, fill)
        let fromZstd = try zstd?.fill(upTo: size, fill)
        let count = fromGzip ?? fromZstd ?? 0
        self.offset += Int64(count)
        return count
    }

    /// Puts the next bytes of the text into a splitter.
    ///
    /// - Returns: how many, 0 at the end.
    public mutating func fill(_ splitter: inout LineSplitter) throws(FileFault) -> Int {
        try splitter.fill { (bytes) throws(FileFault) -> Int in try read(into: bytes) }
    }

    private mutating func finish() throws(FileFault) {
        isAtEnd = true
        if offset < file.size { throw .shrank }
        do throws(GzipFault) { try gzip?.finish() } catch { throw .gzip(error) }
        do throws(ZstdFault) { try zstd?.finish() } catch { throw .zstd(error) }
    }

    /// Throws if the file is not what it was when it was opened.
    public func checkUnchanged() throws(FileFault) { try file.checkUnchanged() }
}
