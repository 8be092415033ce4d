import Glibc
import PortabilityModel

/// A file of our own that stands beside a source's file, in the same folder, and is called as that with an ending more.
extension SourceFolder {
    /// Opens the file beside another; follows no link.
    ///
    /// - Returns: nil if there is none.
    public func sidecar(of file: FoundFile, ending: [UInt8]) throws(FileFault) -> OpenFile? {
        do throws(FileFault) {
            return try OpenFile(FoundFile(path: file.path + ending, target: file.target + ending), in: self)
        } catch {
            // A name that is too long for an ending is no name of an index.
            if error == .unreadable(errno: ENOENT) || error == .unreadable(errno: ENAMETOOLONG) { return nil }
            throw error
        }
    }

    /// Begins a file that will stand beside another.
    ///
    /// - Throws: `output`.
    public func newSidecar(of file: FoundFile, ending: [UInt8]) throws -> NewSidecar {
        let folder = try parent(of: file)
        let path = Array(file.target.prefix((file.target.lastIndex(of: 0x2f) ?? -1) + 1))
        return try NewSidecar(folder: folder, path: path, name: Self.name(of: file) + ending)
    }

    /// Removes the file beside another, or does nothing if there is none.
    ///
    /// - Throws: `output`.
    public func removeSidecar(of file: FoundFile, ending: [UInt8]) throws {
        let folder = try parent(of: file)
        defer { close(folder) }
        let removed = Self.withCString(Self.name(of: file) + ending) { unlinkat(folder, $0, 0) } ?? -1
        if removed != 0, errno != ENOENT, errno != ENAMETOOLONG {
            throw NewSidecar.failure("cannot remove an index", errno)
        }
    }

    /// Removes what killed runs left of files that would have stood beside another, and nothing that is being written.
    ///
    /// - Throws: `output`.
    public func sweepSidecars(beside file: FoundFile) throws {
        let folder = try parent(of: file)
        defer { close(folder) }
        guard let stream = fdopendir(dup(folder)) else { return }
        defer { closedir(stream) }
        rewinddir(stream)
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            guard name.starts(with: NewSidecar.prefix) else { continue }
            let opened =
                Self.withCString(name) { openat(folder, $0, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) } ?? -1
            if opened < 0 { continue }
            defer { close(opened) }
            if flock(opened, LOCK_EX | LOCK_NB) == 0 { _ = Self.withCString(name) { unlinkat(folder, $0, 0) } }
        }
    }

    private static func name(of file: FoundFile) -> [UInt8] {
        file.target.split(separator: 0x2f).last.map(Array.init) ?? []
    }

    private func parent(of file: FoundFile) throws -> Int32 {
        let names = file.target.split(separator: 0x2f).dropLast()
        guard let folder = openFolder(Array(names.joined(separator: [0x2f])), O_RDONLY) else {
            throw NewSidecar.failure("the folder of a log cannot be opened", errno)
        }
        return folder
    }
}

/// A sidecar in the making: it stands under its name whole, or not at all. Its owner alone can read it.
public final class NewSidecar: @unchecked Sendable {
    // Unchecked: used by one task.
    private let folder: Int32
    private let name: [UInt8]
    private let temporary: [UInt8]
    /// The path of the folder below that of the source, with a slash at its end.
    private let path: [UInt8]
    private var descriptor: Int32
    private var isNamed = false
    /// Bytes written at the end so far.
    public private(set) var count: Int64 = 0

    /// How temporary names begin: with a dot, so that no pattern finds them.
    static let prefix = Array(".portability-index-".utf8)

    /// Takes over the folder's descriptor.
    init(folder: Int32, path: [UInt8], name: [UInt8]) throws {
        self.folder = folder
        self.path = path
        self.name = name
        var attempt = 0
        while true {
            let random = UInt64.random(in: .min ... .max)
            let candidate = Self.prefix + Array(String(random, radix: 36).utf8)
            let opened =
                SourceFolder.withCString(candidate) {
                    openat(folder, $0, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
                } ?? -1
            if opened >= 0 {
                // Locked as long as it is being written, so that it can be told from what a killed run left.
                _ = flock(opened, LOCK_EX | LOCK_NB)
                descriptor = opened
                temporary = candidate
                return
            }
            attempt += 1
            if errno != EEXIST || attempt > 16 {
                let code = errno
                close(folder)
                throw Self.failure("cannot create an index", code)
            }
        }
    }

    deinit {
        if !isNamed { _ = SourceFolder.withCString(temporary) { unlinkat(folder, $0, 0) } }
        close(descriptor)
        close(folder)
    }

    /// Adds bytes at the end.
    ///
    /// - Throws: `output`.
    public func append(_ bytes: UnsafeRawBufferPointer) throws {
        try write(bytes, at: count)
        count += Int64(bytes.count)
    }

    /// Writes bytes at a place.
    ///
    /// - Throws: `output`.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        var done = 0
        while done < bytes.count {
            let written = pwrite(
                descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + off_t(done))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.failure("cannot write an index", written < 0 ? errno : EIO) }
            done += written
        }
    }

    /// Where it can be read as long as it has not its name.
    public var file: FoundFile { FoundFile(path: path + temporary, target: path + temporary) }

    /// Brings the bytes to the disk and gives the file its name in place of whatever has it; a link of that name is
    /// replaced, not followed.
    ///
    /// - Throws: `output`.
    public func commit() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure("cannot bring an index to the disk", errno) }
        let renamed = SourceFolder.withCString(temporary) { from in
            SourceFolder.withCString(name) { renameat(folder, from, folder, $0) }
        }
        guard renamed == .some(0) else { throw Self.failure("cannot give an index its name", errno) }
        isNamed = true
    }

    /// A file without a name in the same folder, for what is too much for memory.
    ///
    /// - Throws: `output`.
    public func spill() throws -> SpillFile {
        let other = try NewSidecar(folder: duplicated(), path: path, name: [])
        return SpillFile(other)
    }

    private func duplicated() throws -> Int32 {
        let copy = fcntl(folder, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw Self.failure("cannot open the folder again", errno) }
        return copy
    }

    /// Takes the temporary name away at once.
    fileprivate func hide() { _ = SourceFolder.withCString(temporary) { unlinkat(folder, $0, 0) } }

    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let got = pread(
                descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset) + off_t(filled)
            )
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw Self.failure("cannot read back what was put aside", errno) }
            if got == 0 { break }
            filled += got
        }
        return filled
    }

    static func failure(_ what: String, _ code: Int32) -> PortabilityError {
        let remedy: String? =
            switch code {
            case EACCES, EPERM: "Let the account that indexes write to the folder of the logs"
            case EROFS: "The folder of the logs is on a read-only file system; index where it can be written"
            case ENOSPC, EDQUOT: "Free space there"
            case EISDIR: "Remove the folder that has the index's name"
            default: nil
            }
        return PortabilityError(.output, "\(what) (errno \(code))", remedy: remedy, errno: code)
    }
}

/// Bytes put aside in a file without a name.
public struct SpillFile: Sendable {
    private let file: NewSidecar

    init(_ file: NewSidecar) {
        self.file = file
        file.hide()
    }

    public var count: Int64 { file.count }

    /// - Throws: `output`.
    public func append(_ bytes: UnsafeRawBufferPointer) throws { try file.append(bytes) }

    /// Fewer bytes than asked for only at the end.
    ///
    /// - Throws: `output`.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        try file.read(into: buffer, at: offset)
    }
}
