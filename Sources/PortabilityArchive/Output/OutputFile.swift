import Glibc
public import PortabilityModel

/// A file that comes into being complete or not at all.
///
/// The bytes go to a file of a recognisable temporary name in the target's folder, readable by its owner only and
/// locked (`flock`) as long as this object lives. ``commit()`` brings them to the disk and gives the file its name in
/// one step. A run that is killed leaves the temporary file behind without a lock; ``sweep(folder:system:)`` removes
/// such files, and never one that is being written.
///
/// Calls may come from any thread, one at a time is served.
public final class OutputFile: ArchiveSink, @unchecked Sendable {
    // Unchecked: the variables are read and written under the lock.
    private let monitor = Monitor()
    private let system: OutputSystem
    /// The path it will have.
    public let path: String
    private let folder: String
    /// Where the bytes are until ``commit()``. What is written there by other means than ``write(_:)``, as a database is,
    /// is brought to the disk and named along with the rest.
    public let temporaryPath: String
    private let replace: Bool
    private var descriptor: Int32
    private var hasName = false
    /// What file it is, by which it is known again under its name.
    private var identity: (device: dev_t, inode: ino_t)?
    private var buffer: [UInt8] = []
    private var written: Int64 = 0
    private var digest: (any StreamingDigest)?

    private static let bufferSize = 256 << 10
    private static let what = "the archive"

    /// Creates the temporary file.
    ///
    /// - Parameters:
    ///   - path: the path of the finished file.
    ///   - replace: whether an existing file may be replaced. A symbolic link, a folder or a device never is.
    ///   - digest: makes a digest of the whole file; nil for none.
    ///   - system: the system calls.
    /// - Throws: ``PortabilityError`` with code `output` if the target is there and may not be replaced, or the folder
    ///   cannot be written to.
    public init(
        path: String, replace: Bool = false, digest: DigestFactory? = nil, system: OutputSystem = .live
    ) throws {
        let folder = Self.folder(of: path)
        try Self.checkTarget(path, replace: replace)
        self.system = system
        self.path = path
        self.folder = folder
        self.replace = replace
        self.digest = digest?()
        (descriptor, temporaryPath) = try Self.createTemporary(in: folder, system: system, target: path)
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit { abandon() }

    /// The number of bytes written so far.
    public var count: Int64 { monitor.withLock { written } }

    /// The digest of the bytes written so far; nil if none was asked for.
    public var digestValue: [UInt8]? { monitor.withLock { digest?.value() } }

    /// True once the file stands under its name.
    public var isInPlace: Bool { monitor.withLock { hasName } }

    /// Adds bytes.
    ///
    /// - Throws: ``PortabilityError`` with code `output` if the disk refuses them, or the file is committed or
    ///   abandoned.
    public func write(_ bytes: Span<UInt8>) throws {
        try monitor.withLock {
            try checkOpen()
            digest?.update(bytes)
            try bytes.withUnsafeBufferPointer { bytes in
                if buffer.count + bytes.count > Self.bufferSize { try flush() }
                if bytes.count >= Self.bufferSize {
                    try system.writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, what: Self.what, at: path)
                } else {
                    buffer.append(contentsOf: bytes)
                }
            }
            written += Int64(bytes.count)
        }
    }

    /// Brings the bytes to the disk, without giving the file its name yet.
    ///
    /// - Throws: ``PortabilityError`` with code `output`; there is then no temporary file any more.
    public func synchronize() throws {
        try monitor.withLock {
            try checkOpen()
            do {
                try flush()
                try check(
                    system.uninterrupted { system.synchronize(descriptor) }, "cannot bring the archive to the disk")
            } catch {
                abandonHere()
                throw error
            }
        }
    }

    /// Hands all bytes to the system, which begins to bring them to the disk, and gives back the memory that they had.
    /// For a file that waits for others before it is brought to the disk with ``synchronize()``.
    ///
    /// - Throws: ``PortabilityError`` with code `output`; there is then no temporary file any more.
    public func flushAhead() throws {
        try monitor.withLock {
            try checkOpen()
            do { try flush() } catch {
                abandonHere()
                throw error
            }
            buffer = []
            system.beginWriting(descriptor)
        }
    }

    /// Brings the bytes to the disk and gives the file its name.
    ///
    /// After an error there is no temporary file and, unless the message says that the file is in place, no target.
    ///
    /// - Throws: ``PortabilityError`` with code `output`, also if a target has appeared that may not be replaced.
    public func commit() throws {
        try synchronize()
        try giveName()
        try Self.synchronize(folder: folder, system: system)
    }

    /// Gives the file its name, which ``synchronize(folder:system:)`` brings to the disk. Everything was brought to the
    /// disk with ``synchronize()`` before.
    ///
    /// After an error there is neither a temporary file nor a target.
    ///
    /// - Throws: ``PortabilityError`` with code `output`, also if a target has appeared that may not be replaced.
    public func giveName() throws {
        try monitor.withLock {
            try checkOpen()
            do {
                try Self.checkTarget(path, replace: replace)
                if replace {
                    try check(
                        system.uninterrupted { system.rename(temporaryPath, path) }, "cannot give the archive its name")
                } else {
                    try nameWithoutReplacing()
                }
            } catch {
                abandonHere()
                throw error
            }
            hasName = true
            identity = Self.status(of: descriptor).map { ($0.st_dev, $0.st_ino) }
            Glibc.close(descriptor)
            descriptor = -1
            buffer = []
        }
    }

    /// Brings the names of a folder to the disk.
    ///
    /// - Throws: ``PortabilityError`` with code `output`.
    public static func synchronize(folder: String, system: OutputSystem = .live) throws {
        let opened = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that may be written to but not read cannot be synchronised; the files themselves are on the disk.
        guard opened >= 0 else { return }
        defer { Glibc.close(opened) }
        let result = system.uninterrupted { system.synchronize(opened) }
        if result < 0 {
            throw outputFailure(
                "the archive is in place, but its name may be lost if the machine fails now", Int(-result), folder)
        }
    }

    /// Removes the temporary file. Calling it again, or after ``commit()``, does nothing.
    public func abandon() { monitor.withLock { abandonHere() } }

    /// Takes the file away again after ``commit()``, because another file that belongs to it did not get its name. Does
    /// nothing if the name is another file's by now.
    public func withdraw() {
        monitor.withLock {
            guard hasName, let identity else { return }
            var named = stat()
            guard lstat(path, &named) == 0, named.st_ino == identity.inode, named.st_dev == identity.device else {
                return
            }
            _ = system.uninterrupted { system.unlink(path) }
            hasName = false
        }
    }

    /// Removes temporary files that runs left behind which no longer live.
    ///
    /// - Returns: the number of files removed.
    @discardableResult
    public static func sweep(folder: String, system: OutputSystem = .live) -> Int {
        let folder = folder.isEmpty ? "." : folder
        guard let directory = opendir(folder) else { return 0 }
        defer { closedir(directory) }
        var dead = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard TemporaryName.isOurs(name) else { continue }
            if removeIfDead(TemporaryName.join(folder, name), system: system) { dead += 1 }
        }
        return dead
    }

    /// The bytes that this user can still write in a folder.
    ///
    /// - Throws: ``PortabilityError`` with code `output` if the folder is not there.
    public static func availableBytes(at folder: String) throws -> Int64 {
        let folder = folder.isEmpty ? "." : folder
        var status = statvfs()
        while statvfs(folder, &status) != 0 {
            if errno == EINTR { continue }
            throw outputFailure("cannot ask for the free space of the output folder", Int(errno), folder)
        }
        let (bytes, overflow) = Int64(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int64(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }

    /// The folder that a path lies in.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    // MARK: Inside

    private func checkOpen() throws {
        if descriptor < 0 {
            throw PortabilityError(
                .output, "the archive is already committed or abandoned", at: PortabilityError.Place(file: path))
        }
    }

    private func check(_ result: Int32, _ message: String) throws {
        if result < 0 { throw outputFailure(message, Int(-result), path) }
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { try system.writeAll($0, to: descriptor, what: Self.what, at: path) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func abandonHere() {
        guard descriptor >= 0 else { return }
        _ = system.uninterrupted { system.unlink(temporaryPath) }
        Glibc.close(descriptor)
        descriptor = -1
        buffer = []
    }

    /// Gives the file its name if no one has it: by a second name, which fails if it is taken. Where the file system
    /// has no second names, by an empty file under that name first, which no one else can create, and which is then
    /// replaced.
    private func nameWithoutReplacing() throws {
        let linked = system.uninterrupted { system.link(temporaryPath, path) }
        if linked >= 0 {
            _ = system.uninterrupted { system.unlink(temporaryPath) }
            return
        }
        guard [-EPERM, -EOPNOTSUPP, -ENOSYS, -EMLINK].contains(linked) else {
            throw linked == -EEXIST
                ? Self.existsError(path) : outputFailure("cannot give the archive its name", Int(-linked), path)
        }
        let placeholder = system.uninterrupted { system.create(path) }
        guard placeholder >= 0 else {
            throw placeholder == -EEXIST
                ? Self.existsError(path) : outputFailure("cannot give the archive its name", Int(-placeholder), path)
        }
        Glibc.close(placeholder)
        let renamed = system.uninterrupted { system.rename(temporaryPath, path) }
        if renamed < 0 {
            _ = system.uninterrupted { system.unlink(path) }
            throw outputFailure("cannot give the archive its name", Int(-renamed), path)
        }
    }

    private static func createTemporary(
        in folder: String, system: OutputSystem, target: String
    ) throws -> (Int32, String) {
        for _ in 0..<16 {
            let path = TemporaryName.partial(in: folder)
            let descriptor = system.uninterrupted { system.create(path) }
            if descriptor == -EEXIST { continue }
            guard descriptor >= 0 else {
                throw outputFailure("cannot create the archive", Int(-descriptor), target)
            }
            // A sweep may have come between the creation and the lock; then the file is lost and another is made.
            if lock(descriptor), let status = status(of: descriptor), status.st_nlink > 0 { return (descriptor, path) }
            _ = system.uninterrupted { system.unlink(path) }
            Glibc.close(descriptor)
        }
        throw PortabilityError(
            .output, "cannot create and lock a temporary file", remedy: "Write to a folder on a local disk",
            at: PortabilityError.Place(file: target))
    }

    private static func lock(_ descriptor: Int32) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno != EINTR { return false }
        }
        return true
    }

    private static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    private static func removeIfDead(_ path: String, system: OutputSystem) -> Bool {
        let descriptor = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        guard let status = status(of: descriptor), status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            lock(descriptor)
        else { return false }
        // Between opening and locking the file may have been committed under its real name; only the temporary name
        // is taken away, and only if it still is this file's.
        var named = stat()
        guard lstat(path, &named) == 0, named.st_ino == status.st_ino, named.st_dev == status.st_dev else {
            return false
        }
        return system.uninterrupted { system.unlink(path) } >= 0
    }

    private static func checkTarget(_ path: String, replace: Bool) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT, !path.isEmpty, !path.hasSuffix("/") { return }
            throw outputFailure(
                "cannot write the archive", path.isEmpty ? Int(ENOENT) : path.hasSuffix("/") ? Int(EISDIR) : Int(errno),
                path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PortabilityError(
                .output, "the target is a symbolic link, a folder or a special file",
                remedy: "Name a regular file or a new one", at: PortabilityError.Place(file: path))
        }
        if !replace { throw existsError(path) }
    }

    private static func existsError(_ path: String) -> PortabilityError {
        PortabilityError(
            .output, "the target exists", remedy: "Choose another name, or allow it with --replace",
            at: PortabilityError.Place(file: path), errno: EEXIST)
    }
}
