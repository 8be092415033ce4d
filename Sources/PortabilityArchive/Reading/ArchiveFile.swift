import Glibc
public import PortabilityModel

/// Bytes that can be read at any place, such as those inside an encrypted file. Several threads may read at once.
public protocol ArchiveBytes: Sendable {
    /// How many there are.
    var size: Int64 { get }
    /// Reads at least one and at most as many bytes as the buffer holds, from `offset` on; 0 at the end.
    ///
    /// - Throws: ``PortabilityError``, which says why they cannot be had.
    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(PortabilityError) -> Int
}

/// A file that is read at offsets, from any number of threads at once if its source allows it. Never memory-mapped: a file that shrinks under a mapping kills the process.
public final class ArchiveFile: Sendable {
    private let source: any ArchiveBytes
    /// The size when it was opened.
    public let size: Int64

    /// Reads bytes that come from elsewhere.
    public init(_ source: any ArchiveBytes) {
        self.source = source
        size = max(0, source.size)
    }

    /// Opens a file by its name.
    ///
    /// - Throws: ``PortabilityError`` with code `unavailable` or `denied`.
    public convenience init(path: String) throws {
        try self.init(PlainFile(path: path))
    }

    /// Fills `buffer` from `offset` on.
    ///
    /// - Throws: ``Unreadable`` if the file cannot be read or ends before.
    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(Unreadable) {
        var filled = 0
        while filled < buffer.count {
            let place = offset + Int64(filled)
            let count: Int
            do {
                count = try source.read(UnsafeMutableBufferPointer(rebasing: buffer[filled...]), at: place)
            } catch {
                throw Unreadable(error, at: place)
            }
            guard count > 0, count <= buffer.count - filled else {
                throw Unreadable(
                    finding: VerificationFinding(
                        .unreadable, "the archive cannot be read: it ends before it should", offset: place))
            }
            filled += count
        }
    }

    /// `count` bytes from `offset` on.
    func bytes(_ count: Int, at offset: Int64) throws(Unreadable) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: Unreadable?
        bytes.withUnsafeMutableBufferPointer { buffer in
            do throws(Unreadable) { try read(buffer, at: offset) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Why bytes cannot be had.
    struct Unreadable: Error {
        let finding: VerificationFinding
        /// What the source has thrown.
        var cause: PortabilityError?

        init(finding: VerificationFinding) { self.finding = finding }

        init(_ error: PortabilityError, at offset: Int64) {
            // A source that finds its own bytes changed is not one that cannot be read.
            let isChanged = error.code == .verification || error.code == .malformed
            finding = VerificationFinding(isChanged ? .envelope : .unreadable, error.message, offset: offset)
            cause = error
        }

        /// As it is thrown to the caller: with the source's own advice.
        var error: PortabilityError { cause ?? finding.error }
    }
}

/// A regular file on the disk.
public final class PlainFile: ArchiveBytes {
    private let descriptor: Int32
    /// The size when it was opened.
    public let size: Int64

    /// Opens a file by its name.
    ///
    /// - Throws: ``PortabilityError`` with code `unavailable` or `denied`.
    public init(path: String) throws {
        // Not blocking, so that a named pipe does not hold us before we can refuse it.
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else {
            let code = errno
            let isDenied = code == EACCES || code == EPERM
            throw PortabilityError(
                isDenied ? .denied : .unavailable, "cannot open the archive: \(explain(code).reason)",
                remedy: "Check the path and the permissions", at: PortabilityError.Place(file: path), errno: code)
        }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw PortabilityError(
                .unavailable, "the archive is not a regular file", remedy: "Name the zip file itself",
                at: PortabilityError.Place(file: path))
        }
        descriptor = opened
        size = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    public func read(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64
    ) throws(PortabilityError) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            let code = errno
            if code == EINTR { continue }
            throw PortabilityError(
                .unavailable, "the archive cannot be read: \(explain(code).reason)",
                remedy: "Check the disk, then run again", errno: code)
        }
    }
}

/// Reads a range of a file from its beginning to its end, in few calls.
struct ForwardReader {
    private let file: ArchiveFile
    private let end: Int64
    private var buffer: [UInt8] = []
    private var start = 0
    private var next: Int64

    init(_ file: ArchiveFile, from offset: Int64, to end: Int64) {
        self.file = file
        self.end = end
        next = offset
    }

    /// The offset of the byte that comes next.
    var position: Int64 { next - Int64(buffer.count - start) }

    /// The bytes that are left.
    var remaining: Int64 { end - position }

    /// The next `count` bytes; nil if there are not so many.
    mutating func take(_ count: Int) throws(ArchiveFile.Unreadable) -> [UInt8]? {
        guard Int64(count) <= remaining else { return nil }
        if buffer.count - start < count {
            let fresh = Int(min(Int64(max(count, 64 << 10)), end - next))
            buffer = Array(buffer[start...]) + (try file.bytes(fresh, at: next))
            start = 0
            next += Int64(fresh)
        }
        defer { start += count }
        return Array(buffer[start..<start + count])
    }
}
