import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityModel

/// The folder `data/documents` below a folder of the receiver's, to which documents are added: all of a run, or none.
///
/// Every part of a name is opened from the folder before it, and links are not followed. The documents are written into
/// a folder of their own beside the others, `0600` in `0700`, and compared with the checksums of their archive. When
/// all are on the disk, that folder gets its name in one step; where documents are there already, each new one gets a
/// second name there, which is never taken from another file, and a failure takes back those of this run.
final class DocumentFolder {
    private let path: String
    private let data: Int32
    private let stage: Int32
    private let stageName: String
    /// The documents of earlier runs; -1 if there are none.
    private let existing: Int32
    /// Folders that were made on the way to this one.
    private var made: [String] = []
    private var staged: [String: String] = [:]
    private var isDone = false

    /// Documents that were written, and that were there with the same bytes.
    private(set) var added: Int64 = 0
    private(set) var unchanged: Int64 = 0

    /// Opens the folder, or makes it.
    ///
    /// - Throws: `output`.
    init(path: String) throws {
        var trimmed = Substring(path)
        while trimmed.utf8.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
        var made: [String] = []
        var opened: [Int32] = []
        do {
            if mkdir(self.path, 0o700) == 0 {
                made.append(self.path)
            } else if errno != EEXIST {
                throw Self.failure("cannot create the folder", errno, self.path)
            }
            let root = open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard root >= 0 else { throw Self.failure("cannot open the folder", errno, self.path) }
            opened.append(root)
            if mkdirat(root, "data", 0o700) == 0 {
                made.append(self.path + "/data")
            } else if errno != EEXIST {
                throw Self.failure("cannot create a folder", errno, self.path + "/data")
            }
            data = try Self.folder("data", in: root, self.path + "/data")
            opened.append(data)
            var status = stat()
            if fstatat(data, "documents", &status, AT_SYMLINK_NOFOLLOW) == 0 {
                existing = try Self.folder("documents", in: data, self.path + "/data/documents")
                opened.append(existing)
            } else {
                existing = -1
            }
            var generator = SystemRandomNumberGenerator()
            let random = hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
            stageName = ".portability-\(random).partial"
            guard mkdirat(data, stageName, 0o700) == 0 else {
                throw Self.failure("cannot create a folder", errno, self.path + "/data")
            }
            stage = try Self.folder(stageName, in: data, self.path + "/data")
            close(root)
        } catch {
            for descriptor in opened { close(descriptor) }
            for folder in made.reversed() { rmdir(folder) }
            throw error
        }
        self.made = made
    }

    deinit {
        abandon()
        if existing >= 0 { close(existing) }
        close(stage)
        close(data)
    }

    /// Writes a document, unless it is there with the same bytes.
    ///
    /// - Throws: `refused` if another file of that name is there; `verification` if the bytes are not those of the
    ///   checksum; `output`; what reading it throws.
    func add(_ entry: ZipReader.Entry, of reader: ZipReader, sha256: String) throws {
        let name = try Self.name(of: entry)
        if let other = staged[name] {
            guard other == sha256 else { throw Self.taken(entry.name) }
            try Self.verify(entry, of: reader, sha256: sha256)
            unchanged += 1
            return
        }
        if existing >= 0 {
            let file = openat(existing, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            if file >= 0 {
                defer { close(file) }
                guard try Self.digest(of: file, entry.name) == sha256 else { throw Self.taken(entry.name) }
                try Self.verify(entry, of: reader, sha256: sha256)
                unchanged += 1
                return
            }
            guard errno == ENOENT else { throw Self.taken(entry.name) }
        }
        let file = openat(stage, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("cannot create a document", errno, entry.name) }
        defer { close(file) }
        staged[name] = sha256
        try Self.verify(entry, of: reader, sha256: sha256) { piece in
            try piece.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else {
                        throw Self.failure("cannot write a document", count < 0 ? errno : EIO, entry.name)
                    }
                    rest = rest.dropFirst(count)
                }
            }
        }
        guard fsync(file) == 0 else { throw Self.failure("cannot bring a document to the disk", errno, entry.name) }
        added += 1
    }

    /// Gives what was written its names.
    ///
    /// - Throws: `output`, `refused`; nothing of this run is there then.
    func commit() throws {
        guard fsync(stage) == 0 else { throw Self.failure("cannot bring the folder to the disk", errno, path) }
        if staged.isEmpty {
            abandon()
            return
        }
        if existing < 0 {
            // Made only if nothing is there; only an empty folder can be replaced by another.
            guard mkdirat(data, "documents", 0o700) == 0 else { throw Self.taken("data/documents") }
            guard renameat(data, stageName, data, "documents") == 0 else {
                let code = errno
                unlinkat(data, "documents", AT_REMOVEDIR)
                throw Self.failure("cannot give the folder its name", code, path)
            }
        } else {
            var named: [String] = []
            for name in staged.keys.sorted() {
                guard linkat(stage, name, existing, name, 0) == 0 else {
                    let code = errno
                    for name in named { unlinkat(existing, name, 0) }
                    throw code == EEXIST
                        ? Self.taken("data/documents/" + name)
                        : Self.failure("cannot give a document its name", code, path)
                }
                named.append(name)
            }
            _ = fsync(existing)
            removeStage()
        }
        isDone = true
        _ = fsync(data)
    }

    private func abandon() {
        guard !isDone else { return }
        isDone = true
        removeStage()
        for folder in made.reversed() { rmdir(folder) }
    }

    private func removeStage() {
        for name in staged.keys { unlinkat(stage, name, 0) }
        unlinkat(data, stageName, AT_REMOVEDIR)
    }

    /// The name below `data/documents`: one part, of the characters that names in an archive have.
    private static func name(of entry: ZipReader.Entry) throws -> String {
        let name = String(entry.name.dropFirst("data/documents/".count))
        guard let first = name.utf8.first, first != UInt8(ascii: "."), name.utf8.count <= 255,
            name.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            })
        else {
            throw PortabilityError(
                .verification, "a document has a name that no archive gives one",
                remedy: "Get the archive again from where it came from")
        }
        return name
    }

    private static func verify(
        _ entry: ZipReader.Entry, of reader: ZipReader, sha256: String, _ body: (Span<UInt8>) throws -> Void = { _ in }
    ) throws {
        let stream = try VerifiedStream(reader, entry, sha256: sha256)
        while let piece = try stream.next() {
            try Task.checkPortabilityCancellation()
            try body(piece.span)
        }
    }

    private static func digest(of file: Int32, _ name: String) throws -> String {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw taken(name) }
        var digest = SHA256Digest()
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
        defer { buffer.deallocate() }
        while true {
            let count = read(file, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot read a document that is there", errno, name) }
            if count == 0 { return hexadecimal(digest.value()) }
            digest.update(UnsafeBufferPointer(rebasing: buffer[..<count]).span)
        }
    }

    private static func folder(_ name: String, in parent: Int32, _ path: String) throws -> Int32 {
        let opened = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw failure("cannot open a folder", errno, path) }
        return opened
    }

    private static func taken(_ name: String) -> PortabilityError {
        PortabilityError(
            .refused, "another file of the same name is there; it is left alone",
            remedy: "Name another folder for this archive", at: .init(file: name))
    }

    private static func failure(_ message: String, _ code: Int32, _ path: String) -> PortabilityError {
        let (reason, remedy): (String, String?) =
            switch code {
            case ENOSPC: ("no space left", "Free space there or write to another folder")
            case EDQUOT: ("the disk quota is used up", "Free space there or write to another folder")
            case EACCES, EPERM: ("permission denied", "Give this user the right, or write to another folder")
            case EROFS: ("the file system is read-only", "Write to another folder")
            case ENOENT: ("no such folder", "Create the folder above it first")
            case ENOTDIR, ELOOP: ("it is a file or a symbolic link", "Name another folder")
            default: ("system error \(code)", nil)
            }
        return PortabilityError(.output, "\(message): \(reason)", remedy: remedy, at: .init(file: path), errno: code)
    }
}
