import Glibc
import PortabilityCalendar
import PortabilityFormats
public import PortabilityModel

/// Every schema of a catalogue, with paths that start at the folder `schemas`.
public func catalogueSchemas(_ catalogue: Catalogue = .standard) -> [(path: String, bytes: [UInt8])] {
    generateSchemas(catalogue)
}

/// Writes small files that hold no personal data below a folder, which is made if it is not there.
///
/// - Throws: `output`, naming the file.
public func writeFiles(_ files: [(path: String, bytes: [UInt8])], to folder: String) throws {
    for file in files {
        let path = joinPath(folder, file.path)
        var parent = ""
        for part in folderOf(path).split(separator: "/", omittingEmptySubsequences: false) {
            parent += parent.isEmpty && part.isEmpty ? "/" : (parent.isEmpty || parent == "/" ? "" : "/") + part
            if mkdir(parent, 0o755) != 0, errno != EEXIST {
                throw PortabilityError(.output, "the folder cannot be made", at: .init(file: parent), errno: errno)
            }
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw PortabilityError(.output, "the file cannot be written", at: .init(file: path), errno: errno)
        }
        defer { close(descriptor) }
        var offset = 0
        while offset < file.bytes.count {
            let count = file.bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw PortabilityError(.output, "the file cannot be written", at: .init(file: path), errno: errno)
            }
            offset += count
        }
    }
}

/// A moment as RFC 3339 UTC.
public func timestamp(_ seconds: Int64) -> String { rfc3339(seconds) }
