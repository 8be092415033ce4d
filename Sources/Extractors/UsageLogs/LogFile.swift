import Glibc
import PortabilityText

/// Why a file, or the rest of it, was not read.
enum FileFault: Error {
    case unreadable(errno: Int32)
    case notAFile
    /// It became shorter than it was when it was opened.
    case shrank
    case changed
    case gzip(GzipFault)
}

/// One log file, plain or gzip, read with read(2) up to the size it had when it was opened.
struct LogFile: ~Copyable {
    private static let block = 1 << 20

    private let descriptor: Int32
    private let before: stat
    private var rest: Int64
    private var inflater: GzipInflater?
    private var isAtEnd = false

    /// Opens a file. Never waits for one that is no regular file.
    init(path: String, ratio: Int) throws(FileFault) {
        let (descriptor, status, isGzip) = try Self.open(path)
        self.descriptor = descriptor
        before = status
        rest = Int64(status.st_size)
        if isGzip {
            inflater = GzipInflater(ratio: ratio)
        } else {
            inflater = nil
        }
    }

    private static func open(_ path: String) throws(FileFault) -> (descriptor: Int32, status: stat, isGzip: Bool) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        if descriptor < 0 { throw .unreadable(errno: errno) }
        var status = stat()
        if fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG {
            close(descriptor)
            throw .notAFile
        }
        var magic: [UInt8] = [0, 0]
        let count = pread(descriptor, &magic, 2, 0)
        if count < 0 {
            let code = errno
            close(descriptor)
            throw .unreadable(errno: code)
        }
        return (descriptor, status, GzipInflater.recognises(magic.span.extracting(0..<count)))
    }

    deinit { close(descriptor) }

    /// Puts the next bytes of the (inflated) file into a splitter.
    ///
    /// - Returns: how many, 0 at the end.
    mutating func fill(_ splitter: inout LineSplitter) throws(FileFault) -> Int {
        if isAtEnd { return 0 }
        if inflater == nil {
            let room = rest
            let (file, block) = (descriptor, Self.block)
            let count = try splitter.fill { (bytes) throws(FileFault) -> Int in
                try Self.read(file, bytes, min(block, bytes.count, Int(min(room, 1 << 30))))
            }
            rest -= Int64(count)
            if count == 0 { try finish() }
            return count
        }
        while true {
            let count = try inflate(into: &splitter)
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

    private mutating func inflate(into splitter: inout LineSplitter) throws(FileFault) -> Int {
        var result: Result<Int, GzipFault> = .success(0)
        let count = splitter.fill { bytes in
            do throws(GzipFault) {
                let piece = UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(Self.block))
                let count = try inflater?.inflate(into: piece) ?? 0
                result = .success(count)
                return count
            } catch {
                result = .failure(error)
                return 0
            }
        }
        if case .failure(let fault) = result { throw .gzip(fault) }
        return count
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
    func checkUnchanged() throws(FileFault) {
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
