import Glibc
import PortabilityModel

/// Unpacks entries of an archive into a new folder, which comes into being complete or not at all.
///
/// Nothing outside of that folder is ever touched, whatever the entries are called and whatever others do meanwhile:
/// every part of a name is opened from the folder before it, links are not followed, and what is written must not be
/// there yet. Files are readable by their owner only (`0600`, folders `0700`), whatever the archive says. No file gets
/// larger than its entry states.
///
/// The files go to a folder of a recognisable temporary name beside the target; ``commit()`` gives it its name. A run
/// that is killed leaves that folder behind. Calls come from one thread at a time.
public final class FolderWriter {
    /// The path that the folder will have.
    public let path: String
    private let system: OutputSystem
    private let limits: ReadLimits
    /// The folder that the target lies in.
    private let parent: Int32
    private let name: String
    private let temporaryName: String
    private var root: Int32 = -1
    private var names = EntryNames()
    /// Relative paths of what was made, in the order it was made.
    private var folders: [String] = []
    private var files: [String] = []
    private var knownFolders: Set<String> = []

    /// The plain bytes written so far.
    public private(set) var byteCount: Int64 = 0
    /// The number of files written so far.
    public var fileCount: Int { files.count }
    /// True once the folder stands under its name.
    public private(set) var isInPlace = false

    /// Creates the temporary folder.
    ///
    /// - Parameters:
    ///   - path: the path of the finished folder; nothing may be there.
    ///   - limits: the longest names and the deepest folders.
    ///   - system: the system calls that bring bytes to the disk.
    /// - Throws: ``PortabilityError`` with code `output` if something is there, a link too, or the folder that it is to
    ///   lie in cannot be written to.
    public init(path: String, limits: ReadLimits = ReadLimits(), system: OutputSystem = .live) throws {
        var trimmed = Substring(path)
        while trimmed.count > 1, trimmed.last == "/" { trimmed = trimmed.dropLast() }
        self.path = String(trimmed)
        self.limits = limits
        self.system = system
        name = String(trimmed.split(separator: "/").last ?? "")
        guard !name.isEmpty, name != ".", name != ".." else {
            throw PortabilityError(
                .output, "the folder to unpack to has no name of its own", remedy: "Name a new folder",
                at: PortabilityError.Place(file: path))
        }
        let folder = OutputFile.folder(of: self.path)
        parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw outputFailure("cannot open the folder to write to", Int(errno), folder) }
        temporaryName = TemporaryName.partial()
        var status = stat()
        do {
            if fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { throw Self.existsError(self.path) }
            guard mkdirat(parent, temporaryName, 0o700) == 0 else {
                throw outputFailure("cannot create the folder", Int(errno), self.path)
            }
            root = try Self.openFolder(temporaryName, in: parent, path: self.path)
        } catch {
            if root < 0 { _ = unlinkat(parent, temporaryName, AT_REMOVEDIR) }
            close(parent)
            throw error
        }
    }

    deinit {
        abandon()
        close(parent)
    }

    /// Unpacks an entry; a folder is made.
    ///
    /// - Parameters:
    ///   - entry: one of the reader's entries.
    ///   - name: the name to give it, relative to the folder; nil for the entry's own.
    /// - Throws: ``PortabilityError``: `output` if the name is dangerous or taken or the disk refuses the bytes, else
    ///   as ``ZipReader/read(_:_:)``. The folder is given up then.
    public func add(_ entry: ZipReader.Entry, of reader: ZipReader, as name: String? = nil) throws {
        do {
            try write(entry, of: reader, as: name ?? entry.name)
        } catch {
            abandon()
            throw error
        }
    }

    /// Brings everything to the disk and gives the folder its name.
    ///
    /// - Throws: ``PortabilityError`` with code `output`, also if something has appeared under that name; nothing is
    ///   left behind then, unless the message says that the folder is in place.
    public func commit() throws {
        try checkOpen()
        do {
            for folder in folders {
                let opened = try openFolder(folder)
                defer { close(opened) }
                try check(synchronize(opened), "cannot bring the folder to the disk")
            }
            try check(synchronize(root), "cannot bring the folder to the disk")
            // Made only if nothing is there; only an empty folder can be replaced by another.
            try check(mkdirat(parent, name, 0o700) == 0 ? 0 : -errno, "cannot give the folder its name")
            guard renameat(parent, temporaryName, parent, name) == 0 else {
                let code = errno
                _ = unlinkat(parent, name, AT_REMOVEDIR)
                throw outputFailure("cannot give the folder its name", Int(code), path)
            }
        } catch {
            abandon()
            throw error
        }
        isInPlace = true
        close(root)
        root = -1
        try check(
            synchronize(parent), "the folder is in place, but its name may be lost if the machine fails now")
    }

    /// Removes what was written. Calling it again, or after ``commit()``, does nothing.
    public func abandon() {
        guard root >= 0 else { return }
        for file in files { remove(file, flags: 0) }
        for folder in folders.reversed() { remove(folder, flags: AT_REMOVEDIR) }
        close(root)
        root = -1
        _ = unlinkat(parent, temporaryName, AT_REMOVEDIR)
    }

    // MARK: Inside

    private func write(_ entry: ZipReader.Entry, of reader: ZipReader, as name: String) throws {
        try checkOpen()
        let bytes = Array(name.utf8)
        let place = EntryName.printable(bytes)
        if let problem = EntryName.problem(withForeign: bytes, lengthLimit: limits.nameLength) {
            throw PortabilityError(
                .output, "a file cannot have this name: \(problem)", remedy: "Give it another name",
                at: PortabilityError.Place(file: place))
        }
        var parts = name.split(separator: "/").map(String.init)
        guard parts.count - 1 <= limits.depth else {
            throw PortabilityError(
                .limit, "the file lies in more folders than the limit of \(limits.depth)",
                at: PortabilityError.Place(file: place))
        }
        guard names.insert(name, isFolder: entry.isFolder) == nil else {
            throw PortabilityError(
                .output, "the name meets that of another file or folder on some system",
                remedy: "Give one of them another name", at: PortabilityError.Place(file: place))
        }
        let last = entry.isFolder ? nil : parts.removeLast()
        let folder = try makeFolders(parts)
        defer { close(folder) }
        guard let last else { return }
        let file = openat(folder, last, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw outputFailure("cannot create a file", Int(errno), place) }
        defer { close(file) }
        files.append(name)
        try reader.read(entry) { piece in
            try piece.withUnsafeBufferPointer {
                try system.writeAll(UnsafeRawBufferPointer($0), to: file, what: "a file", at: place)
            }
            byteCount += Int64(piece.count)
        }
        try check(synchronize(file), "cannot bring a file to the disk")
    }

    /// Makes the folders that are not there yet, and opens the last.
    private func makeFolders(_ parts: [String]) throws -> Int32 {
        var current = try Self.openFolder(".", in: root, path: path)
        var made = ""
        for part in parts {
            let above = current
            defer { close(above) }
            made += made.isEmpty ? part : "/" + part
            if !knownFolders.contains(made) {
                guard mkdirat(above, part, 0o700) == 0 else {
                    throw outputFailure("cannot create a folder", Int(errno), EntryName.printable(Array(made.utf8)))
                }
                knownFolders.insert(made)
                folders.append(made)
            }
            current = try Self.openFolder(part, in: above, path: path)
        }
        return current
    }

    /// Opens a folder below the root, part by part.
    private func openFolder(_ relative: String) throws -> Int32 {
        var current = try Self.openFolder(".", in: root, path: path)
        for part in relative.split(separator: "/") {
            let above = current
            defer { close(above) }
            current = try Self.openFolder(String(part), in: above, path: path)
        }
        return current
    }

    private static func openFolder(_ name: String, in folder: Int32, path: String) throws -> Int32 {
        let opened = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw outputFailure("cannot open a folder that was made", Int(errno), path) }
        return opened
    }

    private func remove(_ relative: String, flags: Int32) {
        let parts = relative.split(separator: "/")
        guard let last = parts.last, let folder = try? openFolder(parts.dropLast().joined(separator: "/")) else {
            return
        }
        _ = unlinkat(folder, String(last), flags)
        close(folder)
    }

    private func synchronize(_ descriptor: Int32) -> Int32 { system.uninterrupted { system.synchronize(descriptor) } }

    private func check(_ result: Int32, _ message: String) throws {
        guard result < 0 else { return }
        throw result == -EEXIST ? Self.existsError(path) : outputFailure(message, Int(-result), path)
    }

    private func checkOpen() throws {
        if root < 0 {
            throw PortabilityError(
                .output, "the folder is already committed or abandoned", at: PortabilityError.Place(file: path))
        }
    }

    private static func existsError(_ path: String) -> PortabilityError {
        PortabilityError(
            .output, "the target exists", remedy: "Name a new folder", at: PortabilityError.Place(file: path),
            errno: EEXIST)
    }
}
