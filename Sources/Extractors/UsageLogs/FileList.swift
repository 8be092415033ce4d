import Glibc
import PortabilityModel

/// The files that a glob matches, in the order in which they are read.
struct FileList {
    /// Real paths, free of symbolic links, sorted by the bytes of the paths that the glob matched.
    var paths: [String] = []

    /// Looks the files up.
    ///
    /// A symbolic link is followed only to where the base directory (of an absolute pattern: the folder before its
    /// first wildcard) still is above it, and `**` follows none. Names that begin with a dot need a pattern that does.
    ///
    /// - Throws: `configuration` for `..`, `limit` for too many files, `unavailable` for a base directory that is not
    ///   there.
    init(pattern: String, base: String, limit: Int, place: PortabilityError.Place) throws {
        var components = pattern.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !components.isEmpty, !components.contains("..") else {
            throw PortabilityError(
                .configuration, "the path of a log source is empty or goes up with `..`",
                remedy: "Give a path below the folder of the configuration, or an absolute one",
                at: place.with(field: "path"))
        }
        var root = base.isEmpty ? "." : base
        if pattern.hasPrefix("/") {
            root = ""
            while components.count > 1, !Self.isWild(components[0]) { root += "/" + components.removeFirst() }
            if root.isEmpty { root = "/" }
        }
        guard let real = Self.realPath(root) else {
            throw PortabilityError(
                .unavailable, "the folder of the log files cannot be reached", at: place.with(field: "path"),
                errno: errno)
        }
        var search = Search(
            root: real.hasSuffix("/") ? real : real + "/", limit: limit, place: place, components: components)
        try search.run()
        paths = search.found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.map(\.real)
    }

    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func isWild(_ component: String) -> Bool { component.utf8.contains { "*?[\\".utf8.contains($0) } }

    private struct Search {
        let root: String
        let limit: Int
        let place: PortabilityError.Place
        let components: [String]
        var found: [(name: String, real: String)] = []
        /// Folders and files found by more than one way through `**`.
        var seen: Set<String> = []

        mutating func run() throws {
            // A stack instead of recursion, since the depth of folders is the source's to choose.
            var open: [(name: String, component: Int)] = [("", 0)]
            while let (name, index) = open.popLast() {
                try Task.checkCancellation()
                if !seen.insert("\(index) \(name)").inserted { continue }
                let component = components[index]
                let isLast = index == components.count - 1
                if component == "**" {
                    if !isLast { open.append((name, index + 1)) }
                    for entry in try entries(of: name) where !entry.name.hasPrefix(".") {
                        if entry.isFolder {
                            open.append((name + entry.name + "/", index))
                        } else if isLast {
                            try take(name + entry.name)
                        }
                    }
                    continue
                }
                let names =
                    FileList.isWild(component)
                    ? try entries(of: name).map(\.name).filter { fnmatch(component, $0, FNM_PERIOD) == 0 }
                    : [component]
                for entry in names {
                    if isLast {
                        try take(name + entry)
                    } else if isFolder(name + entry) {
                        open.append((name + entry + "/", index + 1))
                    }
                }
            }
        }

        /// Notes a file, if it is one and the root is above it.
        private mutating func take(_ name: String) throws {
            var status = stat()
            // What cannot be looked at (a link to nowhere, a folder without permission) is no match.
            guard stat(root + name, &status) == 0, status.st_mode & S_IFMT != S_IFDIR,
                let real = FileList.realPath(root + name), real.hasPrefix(root)
            else { return }
            if !seen.insert("file " + name).inserted { return }
            if found.count == limit {
                throw PortabilityError(
                    .limit, "more than \(limit) files match", remedy: "Narrow the path, or raise the limit `files`",
                    at: place.with(field: "path"))
            }
            found.append((name, real))
        }

        private func isFolder(_ name: String) -> Bool {
            var status = stat()
            guard stat(root + name, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                let real = FileList.realPath(root + name)
            else { return false }
            return (real + "/").hasPrefix(root)
        }

        /// Names in a folder; folders are real ones, not links to them.
        private func entries(of name: String) throws -> [(name: String, isFolder: Bool)] {
            guard let folder = opendir(root + name) else {
                throw PortabilityError(
                    errno == EACCES ? .denied : .unavailable, "a folder of log files cannot be listed",
                    remedy: "Give the user that runs the export permission to read it", at: place.with(field: "path"),
                    errno: errno)
            }
            defer { closedir(folder) }
            var entries: [(name: String, isFolder: Bool)] = []
            while let entry = readdir(folder) {
                let text = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if text == "." || text == ".." { continue }
                var status = stat()
                let isFolder = lstat(root + name + text, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
                entries.append((text, isFolder))
            }
            return entries
        }
    }
}

extension PortabilityError.Place {
    func with(field: String) -> PortabilityError.Place {
        var copy = self
        copy.field = field
        return copy
    }
}
