import Glibc
import PortabilityModel

/// A file of lines that only grows, readable by its owner only. What a crash cut off at its end is taken away before
/// anything is added.
final class AppendOnlyFile {
    /// The whole lines that were there, without their ends.
    let lines: [String]
    private let path: String
    private let descriptor: Int32
    private let limit: Int

    /// Opens or creates the file.
    ///
    /// - Parameters:
    ///   - what: what it is, for errors.
    ///   - isExclusive: whether it is locked (`flock`) for as long as this object lives.
    ///   - beginning: how every line begins; what stands at the end and begins otherwise is somebody else's, and stays.
    ///   - limit: the most bytes that it may have to be read.
    /// - Throws: `output`.
    init(
        path: String, what: String, beginning: String = "", isExclusive: Bool = false, limit: Int = 1 << 30
    ) throws {
        self.path = path
        self.limit = limit
        func failure(_ message: String, _ remedy: String = "Check the folder and its permissions") -> PortabilityError {
            PortabilityError(.output, message, remedy: remedy, at: .init(file: path), errno: errno)
        }
        let opened = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0o600)
        guard opened >= 0 else { throw failure("\(what) cannot be opened") }
        do {
            var status = stat()
            guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw failure("\(what) is not a regular file", "Move it away, or choose another folder")
            }
            if isExclusive, flock(opened, LOCK_EX | LOCK_NB) != 0 {
                throw failure(
                    "another batch is writing into this folder", "Wait for its end, or choose another folder")
            }
            guard status.st_size <= limit else { throw failure("\(what) is larger than \(limit) bytes") }
            let bytes = try readFile(path, limit: limit)
            let whole = bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0
            let cut = String(decoding: bytes[whole...], as: UTF8.self)
            guard cut.hasPrefix(beginning) || beginning.hasPrefix(cut) else {
                throw failure("\(what) is not one that a batch wrote", "Move it away, or choose another folder")
            }
            guard whole == bytes.count || ftruncate(opened, off_t(whole)) == 0 else {
                throw failure("what a crash left at the end of \(what) cannot be taken away")
            }
            lines = bytes[..<whole].split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            close(opened)
            throw error
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Adds lines, and brings them to the disk.
    ///
    /// - Throws: `output`; the lines may then be there in part, or not be on the disk.
    func append(_ lines: [String]) throws {
        guard !lines.isEmpty else { return }
        var bytes: [UInt8] = []
        for line in lines {
            bytes += Array(line.utf8)
            bytes.append(10)
        }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(count == 0 ? EIO : errno) }
            done += count
        }
        guard fsync(descriptor) == 0 else { throw failure(errno) }
    }

    private func failure(_ code: Int32) -> PortabilityError {
        PortabilityError(
            .output, "the file cannot be written", remedy: "Free space there, then run again", at: .init(file: path),
            errno: code)
    }
}
