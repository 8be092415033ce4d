import Glibc
import PortabilityModel

/// A folder that is held open, below which files are found and read without ever following a symbolic link.
final class Folder: Sendable {
    private let descriptor: Int32

    /// Opens the folder that relative paths start from.
    ///
    /// - Throws: `unavailable`, `denied`.
    init(path: String) throws(PortabilityError) {
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw Self.error(errno, "the folder of the source cannot be opened") }
    }

    deinit { close(descriptor) }

    static func error(_ code: Int32, _ message: String) -> PortabilityError {
        if code == EACCES || code == EPERM {
            return PortabilityError(
                .denied, message, remedy: "Let the account that runs this read the folder and its files", errno: code)
        }
        return PortabilityError(
            .unavailable, message, remedy: "Check the path in the configuration", errno: code)
    }

    /// What a search met that it did not follow.
    struct Found {
        var files: [[UInt8]] = []
        /// Symbolic links that fit the pattern.
        var links = 0
        /// Folders that could not be read.
        var unreadable = 0
        var isOverLimit = false
    }

    /// True if the fixed folders at the beginning of the pattern are there.
    func hasBase(of pattern: PathPattern) -> Bool {
        guard let descriptor = openFolder(pattern.components.prefix(pattern.fixedFolders).compactMap(\.literal)) else {
            return false
        }
        close(descriptor)
        return true
    }

    /// The files that fit the pattern, sorted by the bytes of their paths.
    func find(_ pattern: PathPattern, limit: Int) throws -> Found {
        var found = Found()
        var path: [[UInt8]] = []
        try search(pattern.components[...], from: descriptor, path: &path, limit: limit, into: &found)
        found.files.sort { $0.lexicographicallyPrecedes($1) }
        return found
    }

    private func openFolder(_ names: [[UInt8]]) -> Int32? {
        var current = dup(descriptor)
        for name in names where current >= 0 {
            let next = Self.open(name, in: current, O_RDONLY | O_DIRECTORY)
            close(current)
            current = next
        }
        return current < 0 ? nil : current
    }

    private static func open(_ name: [UInt8], in folder: Int32, _ flags: Int32) -> Int32 {
        (name + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { name in
                guard let base = name.baseAddress else { return -1 }
                return openat(folder, base, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
            }
        }
    }

    private func search(
        _ components: ArraySlice<PathPattern.Component>, from folder: Int32, path: inout [[UInt8]], limit: Int,
        into found: inout Found
    ) throws {
        guard let component = components.first else { return }
        let rest = components.dropFirst()
        if path.count > 128 {
            found.unreadable += 1
            return
        }
        if let literal = component.literal {
            try enter(literal, rest, from: folder, path: &path, limit: limit, into: &found)
            return
        }
        try Task.checkCancellation()
        if case .folders = component {
            try search(rest, from: folder, path: &path, limit: limit, into: &found)
        }
        guard let names = Self.list(folder) else {
            found.unreadable += 1
            return
        }
        for (name, isFolder) in names {
            switch component {
            case .folders:
                guard name.first != 0x2e, isFolder else { continue }
                try descend(name, components, from: folder, path: &path, limit: limit, into: &found)
            case .name(let tokens):
                guard PathPattern.matches(tokens, name) else { continue }
                try enter(name, rest, from: folder, path: &path, limit: limit, into: &found)
            }
        }
    }

    private func enter(
        _ name: [UInt8], _ rest: ArraySlice<PathPattern.Component>, from folder: Int32, path: inout [[UInt8]],
        limit: Int, into found: inout Found
    ) throws {
        switch Self.kind(name, in: folder) {
        case .missing: return
        case .link: found.links += 1
        case .folder:
            if !rest.isEmpty { try descend(name, rest, from: folder, path: &path, limit: limit, into: &found) }
        case .file:
            guard rest.isEmpty else { return }
            if found.files.count >= limit {
                found.isOverLimit = true
                return
            }
            found.files.append(Array((path + [name]).joined(separator: [0x2f])))
        case .other: if rest.isEmpty { found.unreadable += 1 }
        }
    }

    private func descend(
        _ name: [UInt8], _ rest: ArraySlice<PathPattern.Component>, from folder: Int32, path: inout [[UInt8]],
        limit: Int, into found: inout Found
    ) throws {
        let next = Self.open(name, in: folder, O_RDONLY | O_DIRECTORY)
        if next < 0 {
            found.unreadable += 1
            return
        }
        defer { close(next) }
        path.append(name)
        defer { path.removeLast() }
        try search(rest, from: next, path: &path, limit: limit, into: &found)
    }

    private enum Kind { case missing, file, folder, link, other }

    private static func kind(_ name: [UInt8], in folder: Int32) -> Kind {
        var status = stat()
        let result = (name + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { name in
                name.baseAddress.map { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) } ?? -1
            }
        }
        if result != 0 { return .missing }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// The names in a folder, sorted by bytes; nil if it cannot be read.
    private static func list(_ folder: Int32) -> [(name: [UInt8], isFolder: Bool)]? {
        // A descriptor of its own: reading moves its position.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return nil }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return nil
        }
        defer { closedir(stream) }
        var names: [(name: [UInt8], isFolder: Bool)] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            if name == [0x2e] || name == [0x2e, 0x2e] { continue }
            let type = Int(entry.pointee.d_type)
            let isFolder = type == Int(DT_DIR) || (type == Int(DT_UNKNOWN) && kind(name, in: folder) == .folder)
            names.append((name, isFolder))
            errno = 0
        }
        if errno != 0 { return nil }
        return names.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// What came of reading a file.
    enum Content {
        case bytes([UInt8])
        case tooLarge
        case unreadable(Int32)
        /// Its size or time changed while it was read.
        case changed
    }

    /// Reads a file whole.
    func read(_ path: [UInt8], limit: Int) -> Content {
        let names = path.split(separator: 0x2f).map(Array.init)
        guard let name = names.last, let folder = openFolder(names.dropLast()) else { return .unreadable(ENOENT) }
        let file = Self.open(name, in: folder, O_RDONLY)
        let code = errno
        close(folder)
        if file < 0 { return .unreadable(code) }
        defer { close(file) }
        var before = stat()
        guard fstat(file, &before) == 0, before.st_mode & S_IFMT == S_IFREG else { return .unreadable(EINVAL) }
        if Int(before.st_size) > limit { return .tooLarge }
        var bytes: [UInt8] = []
        let wanted = Int(before.st_size) + 1
        var failure: Int32 = 0
        bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while count < wanted {
                let got = Glibc.read(file, buffer.baseAddress.map { $0 + count }, wanted - count)
                if got == 0 { break }
                if got < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    break
                }
                count += got
            }
        }
        if failure != 0 { return .unreadable(failure) }
        var after = stat()
        guard fstat(file, &after) == 0, bytes.count == Int(before.st_size), after.st_size == before.st_size,
            after.st_mtim.tv_sec == before.st_mtim.tv_sec, after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
        else { return .changed }
        return .bytes(bytes)
    }
}
