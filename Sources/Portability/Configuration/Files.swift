import Glibc
import PortabilityModel

/// Reads a small file whole.
///
/// - Throws: `unavailable`, `denied`, `limit`, each naming the file.
func readFile(_ path: String, limit: Int) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
        let code = errno
        switch code {
        case EACCES, EPERM:
            throw PortabilityError(
                .denied, "the file cannot be opened: no permission", remedy: "Give this user the right to read it",
                at: .init(file: path), errno: code)
        case ENOENT, ENOTDIR:
            throw PortabilityError(
                .unavailable, "there is no such file", remedy: "Check the path", at: .init(file: path), errno: code)
        default:
            throw PortabilityError(
                .unavailable, "the file cannot be opened (errno \(code))", at: .init(file: path), errno: code)
        }
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw PortabilityError(
            .unavailable, "it is not a regular file", remedy: "Check the path", at: .init(file: path))
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0 {
            if errno == EINTR { continue }
            throw PortabilityError(.unavailable, "the file cannot be read", at: .init(file: path), errno: errno)
        }
        if count == 0 { return bytes }
        bytes.append(contentsOf: buffer[..<count])
        guard bytes.count <= limit else {
            throw PortabilityError(.limit, "the file is larger than \(limit) bytes", at: .init(file: path))
        }
    }
}

/// The folder of a path, `.` if it names none.
func folderOf(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// A path relative to a folder, or itself if it is absolute.
func joinPath(_ folder: String, _ path: String) -> String {
    path.hasPrefix("/") ? path : folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
}
