import Glibc
import PortabilityModel

/// A file in a folder of its own that only this user can enter; both go with the value.
final class TemporaryFile: Sendable {
    private let folder: String
    let path: String

    /// - Throws: `unavailable` if it cannot be written.
    init(_ name: String, _ bytes: [UInt8]) throws(PortabilityError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/portability-XXXXXX".utf8CString)
        guard template.withUnsafeMutableBufferPointer({ buffer in buffer.baseAddress.flatMap { mkdtemp($0) } }) != nil
        else {
            throw PortabilityError(
                .unavailable, "no folder for temporary files can be made",
                remedy: "Set TMPDIR to one that can be written",
                errno: errno)
        }
        folder = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        path = "\(folder)/\(name)"
        try writeFile(path, bytes)
    }

    deinit {
        unlink(path)
        rmdir(folder)
    }
}

/// Makes a new file that only this user can read.
func writeFile(_ path: String, _ bytes: [UInt8]) throws(PortabilityError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
        throw PortabilityError(.unavailable, "the file cannot be made", at: .init(file: path), errno: errno)
    }
    try fill(descriptor, bytes, path: path)
}

/// Writes a new file and closes it; one that cannot be written is taken away.
private func fill(_ descriptor: Int32, _ bytes: [UInt8], path: String) throws(PortabilityError) {
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, bytes.count - written) }
        if count < 0, errno == EINTR { continue }
        if count <= 0 { break }
        written += count
    }
    let isWritten = written == bytes.count && fsync(descriptor) == 0
    let code = errno
    close(descriptor)
    if !isWritten {
        unlink(path)
        throw PortabilityError(.unavailable, "the file cannot be written", at: .init(file: path), errno: code)
    }
}

/// Puts a file in the place of another in one step; only this user can read it.
func replaceFile(_ path: String, _ bytes: [UInt8]) throws(PortabilityError) {
    // A new file under a name that nobody has, and nobody's to write but ours.
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = template.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { mkstemp($0) } ?? -1
    }
    guard descriptor >= 0 else {
        throw PortabilityError(.unavailable, "the file cannot be made", at: .init(file: path), errno: errno)
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let fresh = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    try fill(descriptor, bytes, path: fresh)
    guard rename(fresh, path) == 0 else {
        let code = errno
        unlink(fresh)
        throw PortabilityError(.unavailable, "the file cannot be replaced", at: .init(file: path), errno: code)
    }
    let folder = open(folderOf(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
        fsync(folder)
        close(folder)
    }
}

/// Reads a small file whole.
func readFile(_ path: String, limit: Int) throws(PortabilityError) -> [UInt8] {
    let place = PortabilityError.Place(file: path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
        throw PortabilityError(
            errno == EACCES ? .denied : .unavailable, "the file cannot be opened", remedy: "Check the path", at: place,
            errno: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw PortabilityError(.unavailable, "it is not a regular file", remedy: "Check the path", at: place)
    }
    guard status.st_size <= limit else {
        throw PortabilityError(.limit, "the file is larger than \(limit) bytes", at: place)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0 {
            if errno == EINTR { continue }
            throw PortabilityError(.unavailable, "the file cannot be read", at: place, errno: errno)
        }
        if count == 0 { return bytes }
        bytes.append(contentsOf: buffer[..<count])
        if bytes.count > limit {
            throw PortabilityError(.limit, "the file is larger than \(limit) bytes", at: place)
        }
    }
}

/// Refuses a file that others than its owner can read or change: it may hold the tap's secrets.
func checkSecrecy(of path: String, named name: String) throws(PortabilityError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
        throw PortabilityError(
            .unavailable, "there is no such file", remedy: "Correct the path", at: .init(file: name, field: "config"),
            errno: errno)
    }
    guard status.st_mode & 0o077 == 0 else {
        throw PortabilityError(
            .denied, "the tap's configuration, which may hold secrets, can be read or changed by others than its owner",
            remedy: "Take the rights of others away: chmod 0600", at: .init(file: name, field: "config"))
    }
}

func folderOf(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// A path relative to a folder, or itself if it is absolute.
func joined(_ folder: String, _ path: String) -> String {
    path.hasPrefix("/") ? path : folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
}
