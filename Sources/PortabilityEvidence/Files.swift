import Glibc
import PortabilityModel

/// The folder of a path, `.` if it names none.
func folderOf(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The last part of a path.
func nameOf(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
}

func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}

/// An error for a failed system call.
func outputFailure(_ message: String, _ code: Int32, _ path: String) -> PortabilityError {
    let (reason, remedy): (String, String?) =
        switch code {
        case ENOSPC, EDQUOT, EFBIG: ("no space is left", "Make room")
        case EACCES, EPERM: ("no permission", "Give this user the right to write it")
        case EROFS: ("the file system is read-only", "Choose another folder")
        case ENOENT, ENOTDIR: ("there is no such folder", "Check the path")
        case ELOOP: ("it is a symbolic link", "Name the file itself")
        case EISDIR: ("it is a folder", "Name a file")
        case EEXIST, ENOTEMPTY: ("it exists", "Choose another name, or allow it with --replace")
        default: ("errno \(code)", nil)
        }
    return PortabilityError(.output, "\(message): \(reason)", remedy: remedy, at: .init(file: path), errno: code)
}

/// An error for a file that cannot be read.
func readFailure(_ message: String, _ code: Int32, _ path: String) -> PortabilityError {
    let isDenied = code == EACCES || code == EPERM
    let reason =
        switch code {
        case EACCES, EPERM: "no permission"
        case ENOENT, ENOTDIR: "there is no such file"
        case ELOOP: "it is a symbolic link"
        default: "errno \(code)"
        }
    return PortabilityError(
        isDenied ? .denied : .unavailable, "\(message): \(reason)", remedy: "Check the path and the permissions",
        at: .init(file: path), errno: code)
}

/// A regular file, opened for reading.
struct InputFile: ~Copyable {
    let descriptor: Int32
    let path: String
    let status: stat

    /// - Parameter followsLinks: whether the last part of the path may be a symbolic link.
    /// - Throws: `unavailable` or `denied`.
    init(_ path: String, followsLinks: Bool = true) throws {
        let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (followsLinks ? 0 : O_NOFOLLOW)
        let descriptor = open(path, flags)
        guard descriptor >= 0 else { throw readFailure("the file cannot be opened", errno, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw PortabilityError(
                .unavailable, "it is not a regular file", remedy: "Check the path", at: .init(file: path))
        }
        self.descriptor = descriptor
        self.path = path
        self.status = status
    }

    deinit { close(descriptor) }

    /// Hands the rest of the file out in pieces.
    func forEachPiece(_ body: (Span<UInt8>) throws -> Void) throws {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw readFailure("the file cannot be read", errno, path) }
            if count == 0 { return }
            try body(buffer.span.extracting(0..<count))
        }
    }

    /// The rest of the file.
    ///
    /// - Throws: `limit` if it is longer.
    func whole(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachPiece { piece in
            guard bytes.count + piece.count <= limit else {
                throw PortabilityError(.limit, "the file is larger than \(limit) bytes", at: .init(file: path))
            }
            piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

func readWhole(_ path: String, limit: Int) throws -> [UInt8] { try InputFile(path).whole(limit: limit) }

/// The size and the digest of a file.
func digestOfFile(_ path: String, _ digest: DigestFactory) throws -> (bytes: Int64, sha256: String) {
    var state = digest()
    var bytes: Int64 = 0
    try InputFile(path).forEachPiece {
        state.update($0)
        bytes += Int64($0.count)
    }
    return (bytes, hexadecimal(state.value()))
}

func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The names in a folder, sorted by their bytes.
///
/// - Throws: `unavailable` or `denied`.
func namesIn(_ folder: String) throws -> [String] {
    guard let directory = opendir(folder) else { throw readFailure("the folder cannot be read", errno, folder) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Waits for a journal's lock, at most half a minute: a process that is stopped while it holds it must not stop others.
func lock(_ descriptor: Int32, _ kind: Int32, _ path: String) throws {
    for _ in 0..<30_000 {
        if flock(descriptor, kind | LOCK_NB) == 0 { return }
        if errno == EINTR { continue }
        guard errno == EWOULDBLOCK else { throw outputFailure("the journal cannot be locked", errno, path) }
        usleep(1000)
    }
    throw PortabilityError(
        .output, "another process keeps the journal locked", remedy: "End it, or wait", at: .init(file: path))
}
