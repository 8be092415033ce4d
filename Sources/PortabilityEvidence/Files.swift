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
