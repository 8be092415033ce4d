import Glibc
import PortabilityModel

/// The system calls through which everything is written, so that a full disk can be tried on any machine.
///
/// Each closure answers as the Linux kernel does: a result of at least zero, or the negative `errno`. They may write
/// less than asked for and may be interrupted (`EINTR`); the callers go on.
public struct OutputSystem: Sendable {
    /// Opens a file without a name in a folder, for reading and writing by its owner only.
    public var openUnnamed: @Sendable (_ folder: String) -> Int32
    /// Creates a file that must not exist, for reading and writing by its owner only.
    public var create: @Sendable (_ path: String) -> Int32
    /// Writes at the end of what was written before.
    public var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
    /// Reads at an offset.
    public var read: @Sendable (_ descriptor: Int32, _ into: UnsafeMutableRawBufferPointer, _ offset: Int64) -> Int
    /// Brings a file's or folder's content to the disk.
    public var synchronize: @Sendable (_ descriptor: Int32) -> Int32
    /// Has the system begin to bring a file's content to the disk, without waiting. A hint: nothing depends on it.
    public var beginWriting: @Sendable (_ descriptor: Int32) -> Void
    /// Gives a file another name, in place of whatever has that name.
    public var rename: @Sendable (_ from: String, _ to: String) -> Int32
    /// Gives a file a second name, which must not be taken.
    public var link: @Sendable (_ from: String, _ to: String) -> Int32
    /// Removes a name.
    public var unlink: @Sendable (_ path: String) -> Int32

    /// The operating system's own calls.
    public static let live = OutputSystem(
        openUnnamed: { folder in
            // O_TMPFILE is a macro Swift cannot import: __O_TMPFILE | O_DIRECTORY; the first is the same on all
            // processors that Swift runs Linux on.
            answer(Glibc.open(folder, 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o600))
        },
        create: { path in
            answer(Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600))
        },
        write: { descriptor, bytes in
            let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            return count < 0 ? -Int(errno) : count
        },
        read: { descriptor, bytes, offset in
            let count = pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
            return count < 0 ? -Int(errno) : count
        },
        synchronize: { answer(fsync($0)) },
        // Linux begins to write what it is told not to keep.
        beginWriting: { _ = posix_fadvise($0, 0, 0, POSIX_FADV_DONTNEED) },
        rename: { answer(Glibc.rename($0, $1)) },
        link: { answer(Glibc.link($0, $1)) },
        unlink: { answer(Glibc.unlink($0)) })

    private static func answer(_ result: Int32) -> Int32 { result < 0 ? -errno : result }

    /// Writes all of `bytes`.
    ///
    /// - Throws: ``PortabilityError`` with code `output`.
    func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, what: String, at place: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            if count == -Int(EINTR) { continue }
            // A file system that takes no byte and gives no reason would be asked forever.
            guard count > 0 else { throw outputFailure("cannot write \(what)", count < 0 ? -count : Int(EIO), place) }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads up to `into.count` bytes at `offset`; less only at the end of the file.
    ///
    /// - Throws: ``PortabilityError`` with code `output`.
    func readFully(
        _ into: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int64, what: String, place: String
    ) throws -> Int {
        var filled = 0
        while filled < into.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: into[filled...])
            let count = read(descriptor, rest, offset + Int64(filled))
            if count == -Int(EINTR) { continue }
            guard count >= 0 else { throw outputFailure("cannot read back \(what)", -count, place) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Calls until the answer is another one than "interrupted".
    func uninterrupted(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result != -EINTR { return result }
        }
    }
}

/// An error of code `output` from a failed system call.
func outputFailure(_ message: String, _ errno: Int, _ place: String) -> PortabilityError {
    let code = Int32(truncatingIfNeeded: errno)
    let (reason, remedy) = explain(code)
    return PortabilityError(
        .output, "\(message): \(reason)", remedy: remedy, at: PortabilityError.Place(file: place), errno: code)
}

/// What a failed system call means, and what a person can do about it.
func explain(_ code: Int32) -> (reason: String, remedy: String?) {
    switch code {
    case ENOSPC: ("no space left", "Free space there or write to another folder")
    case EDQUOT: ("the disk quota is used up", "Free space there or write to another folder")
    case EFBIG: ("the file is larger than the file system or the limit of the process allows", "Write elsewhere")
    case EIO: ("input/output error", "Check the disk, then run again")
    case EACCES, EPERM: ("permission denied", "Give this user the right, or write to another folder")
    case EROFS: ("the file system is read-only", "Write to another folder")
    case ENOENT: ("no such file or folder", "Create the folder first")
    case ENOTDIR: ("a part of the path is not a folder", "Correct the path")
    case EISDIR: ("there is a folder of that name", "Name a file")
    case EEXIST: ("the file exists", "Choose another name, or allow it with --replace")
    case ELOOP: ("there is a symbolic link", "Name the file itself")
    case ENAMETOOLONG: ("the name is too long", "Choose a shorter name")
    case EMFILE, ENFILE: ("too many open files", "Raise the limit of open files or run fewer exports at once")
    default: ("system error \(code)", nil)
    }
}
