import Glibc
import PortabilityModel

/// A folder that comes into being complete or not at all: filled under a temporary name, brought to the disk, renamed.
///
/// A run that is killed leaves its temporary folder without a lock; the next one for the same target takes it away.
struct NewFolder {
    /// The temporary path.
    let path: String
    private let target: String
    private let replace: Bool
    private let descriptor: Int32
    private var isOpen = true

    private static let what = "the dossier cannot be written"

    /// - Parameter isReplaceable: says of an existing folder whether it may be replaced.
    init(target: String, replace: Bool, isReplaceable: (String) throws -> Bool) throws {
        var target = target
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        Self.recover(target)
        var status = stat()
        if lstat(target, &status) == 0 {
            guard replace else { throw outputFailure(Self.what, EEXIST, target) }
            guard status.st_mode & S_IFMT == S_IFDIR, try isReplaceable(target) else {
                throw PortabilityError(
                    .output, "the target is not a dossier, or has more in it than a dossier",
                    remedy: "Choose another name", at: .init(file: target))
            }
        } else if errno != ENOENT {
            throw outputFailure(Self.what, errno, target)
        }
        self.target = target
        self.replace = replace
        let parent = folderOf(target)
        let prefix = ".\(nameOf(target)).partial-"
        Self.sweep(parent, prefix)
        let name = "\(prefix)\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        path = join(parent, name)
        guard mkdir(path, 0o700) == 0 else { throw outputFailure(Self.what, errno, target) }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            rmdir(path)
            throw outputFailure(Self.what, code, target)
        }
    }

    /// Writes a file of bytes at hand.
    mutating func add(
        _ name: String, _ bytes: [UInt8], _ kind: Dossier.Kind, _ digest: DigestFactory
    ) throws -> Dossier.Entry {
        let file = try create(name)
        defer { close(file) }
        try write(bytes.span, to: file)
        return try finish(file, name, kind, bytes: Int64(bytes.count), sha256: sha256(bytes, digest), digest)
    }

    /// Copies a file, and reads the copy again.
    mutating func copy(_ item: Dossier.Item, to name: String, _ digest: DigestFactory) throws -> Dossier.Entry {
        let input = try InputFile(item.path)
        let file = try create(name)
        defer { close(file) }
        var state = digest()
        var bytes: Int64 = 0
        try input.forEachPiece { piece in
            state.update(piece)
            bytes += Int64(piece.count)
            try write(piece, to: file)
        }
        return try finish(file, name, item.kind, bytes: bytes, sha256: hexadecimal(state.value()), digest)
    }

    private func create(_ name: String) throws -> Int32 {
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw outputFailure(Self.what, errno, target) }
        return file
    }

    private func write(_ bytes: Span<UInt8>, to file: Int32) throws {
        try bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw outputFailure(Self.what, errno, target) }
                done += count
            }
        }
    }

    private func finish(
        _ file: Int32, _ name: String, _ kind: Dossier.Kind, bytes: Int64, sha256: String, _ digest: DigestFactory
    ) throws -> Dossier.Entry {
        guard fsync(file) == 0 else { throw outputFailure(Self.what, errno, target) }
        guard try digestOfFile(join(path, name), digest) == (bytes, sha256) else {
            throw PortabilityError(
                .verification, "a copy in the dossier is not what was read", remedy: "Check the disk",
                at: .init(file: target, field: kind.rawValue))
        }
        return Dossier.Entry(kind: kind, name: name, bytes: bytes, sha256: sha256)
    }

    /// Brings the folder to the disk and gives it its name.
    mutating func commit() throws {
        guard fsync(descriptor) == 0 else { throw outputFailure(Self.what, errno, target) }
        if replace, access(target, F_OK) == 0 {
            let old = Self.replaced(target)
            guard rename(target, old) == 0 else { throw outputFailure(Self.what, errno, target) }
            guard rename(path, target) == 0 else {
                let code = errno
                rename(old, target)
                throw outputFailure(Self.what, code, target)
            }
            Self.remove(old)
        } else {
            // Fails if a folder with something in it has appeared; an empty one is no loss.
            guard rename(path, target) == 0 else { throw outputFailure(Self.what, errno, target) }
        }
        isOpen = false
        close(descriptor)
        let parent = open(folderOf(target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that may be written to but not read cannot be synchronised.
        guard parent >= 0 else { return }
        defer { close(parent) }
        guard fsync(parent) == 0 else {
            throw outputFailure("the dossier is in place, but its name may not be on the disk", errno, target)
        }
    }

    /// Takes the temporary folder away.
    mutating func abandon() {
        guard isOpen else { return }
        isOpen = false
        Self.remove(path)
        close(descriptor)
    }

    /// Where the old folder is while the new one gets its name.
    private static func replaced(_ target: String) -> String { join(folderOf(target), ".\(nameOf(target)).replaced") }

    /// Ends what a run began that was killed between its two renames.
    private static func recover(_ target: String) {
        let old = replaced(target)
        guard access(old, F_OK) == 0 else { return }
        if access(target, F_OK) == 0 { remove(old) } else { rename(old, target) }
    }

    /// Removes a folder of files.
    private static func remove(_ folder: String) {
        for name in (try? namesIn(folder)) ?? [] { unlink(join(folder, name)) }
        rmdir(folder)
    }

    private static func sweep(_ parent: String, _ prefix: String) {
        for name in (try? namesIn(parent)) ?? [] where name.hasPrefix(prefix) {
            let path = join(parent, name)
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
                flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            remove(path)
        }
    }
}
