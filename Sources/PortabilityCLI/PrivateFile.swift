import Glibc
import PortabilityModel

/// Writes a file that only its owner can read, whole or not at all: under a name of its own first.
func writePrivateFile(_ bytes: [UInt8], to path: String, replace: Bool) throws {
    func failure(_ code: Int32) -> PortabilityError {
        PortabilityError(
            .output, code == EEXIST ? "there is a file of that name already" : "the file cannot be written",
            remedy: code == EEXIST ? "Give --replace to replace it" : "Check the folder and its permissions",
            at: .init(file: path), errno: code)
    }
    if !replace, access(path, F_OK) == 0 { throw failure(EEXIST) }
    let partial = "\(path).partial-\(getpid())"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(errno) }
    var done = 0
    var code: Int32 = 0
    while done < bytes.count, code == 0 {
        let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { done += count } else if count == 0 || errno != EINTR { code = count == 0 ? EIO : errno }
    }
    if close(descriptor) != 0, code == 0 { code = errno }
    // A link fails if a file has appeared in the meantime; a rename replaces it.
    if code == 0, (replace ? rename(partial, path) : link(partial, path)) != 0 { code = errno }
    unlink(partial)
    if code != 0 { throw failure(code) }
}
