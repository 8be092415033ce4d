import Glibc
public import PortabilityModel

/// A file that a pattern found: anything but a folder, also a pipe or a device, of which ``FileFault/notAFile`` is told
/// when it is to be read.
public struct FoundFile: Sendable, Hashable {
    /// Where it was found, below the folder, with `/` between names. Its bytes order the reading; it may hold personal
    /// data and belongs into no message.
    public var path: [UInt8]
    /// Where it is read: ``path``, or what a symbolic link on the way to it led to, free of links.
    public var target: [UInt8]
}

/// What a search found, and what it met that it did not follow.
public struct FoundFiles: Sendable {
    /// Sorted by the bytes of their paths, each once.
    public var files: [FoundFile] = []
    /// Symbolic links that fit the pattern and were not followed.
    public var links = 0
    /// Folders that could not be read, or that are too deep.
    public var unreadable = 0
    /// Why the first of them could not.
    public var errno: Int32 = 0
    /// True if there are more files than the limit, which ended the search.
    public var isOverLimit = false
}

/// A folder that is held open, below which files are found and read.
///
/// Everything is opened name by name from the descriptor, each with `O_NOFOLLOW`: whoever can write to the folder cannot
/// lead the reader out of it, also not by a link that is made between finding and reading.
public final class SourceFolder: Sendable {
    /// What becomes of symbolic links.
    public enum Links: Sendable {
        /// None is followed; those that fit the pattern are counted.
        case counted
        /// One is followed if what it leads to is below the folder (`**` follows none, so that nothing goes in
        /// circles); the others that fit the pattern are counted.
        case followedBelow
    }

    /// `O_PATH` of Linux (on x86-64, arm64 and riscv64), which the header gives to GNU sources only: a folder that is
    /// passed through need not be listable.
    private static let pathOnly: Int32 = 0o1000_0000
    /// Folders within folders that are looked into.
    private static let depth = 128

    private let descriptor: Int32
    private let links: Links
    /// The real path, with a slash at its end; empty if no link is followed.
    private let root: [UInt8]

    /// Opens the folder that paths start from.
    ///
    /// - Throws: `unavailable`, `denied`.
    public init(path: String, links: Links = .counted) throws(PortabilityError) {
        self.links = links
        let path = path.isEmpty ? "." : path
        var real: [UInt8] = []
        if links == .followedBelow {
            guard let resolved = Self.realPath(Array(path.utf8)) else { throw Self.error(errno) }
            real = resolved.last == 0x2f ? resolved : resolved + [0x2f]
        }
        root = real
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw Self.error(errno) }
    }

    deinit { close(descriptor) }

    /// The folder that a pattern's search starts from, and the pattern as it reads from there.
    ///
    /// A relative pattern starts from `base`. An absolute one starts from the root, following no link; or, if links
    /// are followed below the folder, from the last folder before its first wildcard, wherever that really is.
    ///
    /// - Throws: `unavailable`, `denied`.
    public static func start(
        of pattern: PathPattern, base: String, links: Links
    ) throws(PortabilityError) -> (folder: SourceFolder, pattern: PathPattern) {
        if !pattern.isAbsolute { return (try SourceFolder(path: base, links: links), pattern) }
        if links == .counted { return (try SourceFolder(path: "/", links: links), pattern) }
        let (folders, rest) = pattern.split()
        let path = "/" + String(decoding: folders, as: UTF8.self)
        return (try SourceFolder(path: path, links: links), rest)
    }

    private static func error(_ code: Int32) -> PortabilityError {
        let message = "the folder of the source cannot be opened"
        if code == EACCES || code == EPERM {
            return PortabilityError(
                .denied, message, remedy: "Let the account that runs this read the folder and its files", errno: code)
        }
        return PortabilityError(
            .unavailable, message, remedy: "Check the path in the configuration", errno: code)
    }

    /// True if the fixed folders at the beginning of the pattern are there and can be read, free of links.
    public func hasBase(of pattern: PathPattern) -> Bool {
        guard let descriptor = openFolder(pattern.split().folders, O_RDONLY) else { return false }
        close(descriptor)
        return true
    }

    /// Finds the files that fit the pattern.
    ///
    /// - Parameter limit: How many files there may be.
    /// - Throws: `CancellationError`.
    public func find(_ pattern: PathPattern, limit: Int) throws -> FoundFiles {
        var search = Search(folder: self, limit: limit, wandersTwice: pattern.components.count { $0 == .folders } > 1)
        try search.run(pattern.components[...], from: descriptor)
        var found = search.found
        // Names come sorted; paths are, unless a folder's name begins another.
        let isSorted = zip(found.files, found.files.dropFirst()).allSatisfy { Self.precedes($0.path, $1.path) }
        if !isSorted { found.files.sort { Self.precedes($0.path, $1.path) } }
        return found
    }

    /// Opens a folder below this one, name by name; nil (and `errno`) if that is not possible without following a link.
    func openFolder(_ path: [UInt8], _ flags: Int32 = SourceFolder.pathOnly) -> Int32? {
        let names = path.split(separator: 0x2f)
        var current = openat(descriptor, ".", (names.isEmpty ? flags : Self.pathOnly) | O_DIRECTORY | O_CLOEXEC)
        for (index, name) in names.enumerated() where current >= 0 {
            let kind = index == names.count - 1 ? flags : Self.pathOnly
            let next = Self.open(Array(name), in: current, kind | O_DIRECTORY)
            let code = errno
            close(current)
            current = next
            errno = code
        }
        return current < 0 ? nil : current
    }

    static func open(_ name: [UInt8], in folder: Int32, _ flags: Int32) -> Int32 {
        withCString(name) { openat(folder, $0, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) } ?? -1
    }

    static func withCString<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result? {
        (bytes + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.map(body) }
        }
    }

    private static func realPath(_ path: [UInt8]) -> [UInt8]? {
        guard let resolved = withCString(path, { realpath($0, nil) }) ?? nil else { return nil }
        defer { free(resolved) }
        return Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
    }

    // MARK: Finding

    enum Kind { case missing, file, folder, link, other }

    private static func kind(_ name: [UInt8], in folder: Int32) -> Kind {
        var status = stat()
        let result = withCString(name) { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) }
        if result != 0 { return .missing }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// The names in a folder, sorted by their bytes.
    struct Listing {
        struct Entry {
            /// Where its name is in ``Listing/names``.
            var range: Range<Int>
            /// Nil where the file system does not tell.
            var kind: Kind?
        }

        /// All names one behind the other: only what is found gets memory of its own.
        var names: [UInt8] = []
        var entries: [Entry] = []
    }

    /// What is in a folder; nil (and `errno`) if it cannot be read.
    static func list(_ folder: Int32) -> Listing? {
        // A descriptor of its own: reading moves its position.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return nil }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return nil
        }
        defer { closedir(stream) }
        var listing = Listing()
        errno = 0
        while let entry = readdir(stream) {
            let start = listing.names.count
            withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                let count = bytes.baseAddress.map { strnlen($0, bytes.count) } ?? 0
                listing.names.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
            errno = 0
            let name = listing.names[start...]
            if name == [0x2e] || name == [0x2e, 0x2e] {
                listing.names.removeLast(name.count)
                continue
            }
            let kind: Kind? =
                switch Int(entry.pointee.d_type) {
                case Int(DT_REG): .file
                case Int(DT_DIR): .folder
                case Int(DT_LNK): .link
                case Int(DT_UNKNOWN): nil
                default: .other
                }
            listing.entries.append(Listing.Entry(range: start..<listing.names.count, kind: kind))
        }
        if errno != 0 { return nil }
        sort(&listing)
        return listing
    }

    /// Fewer names are sorted by comparing them.
    private static let manyNames = 256

    /// Sorts names by their bytes.
    ///
    /// Names of one folder often begin alike: they are sorted by the eight bytes behind that, byte by byte from the
    /// last to the first, and by the rest only where these are the same. Names hold no NUL, so that a shorter one comes
    /// first.
    private static func sort(_ listing: inout Listing) {
        let (names, entries) = (listing.names, listing.entries)
        guard let first = entries.first?.range else { return }
        var common = first.count
        for entry in entries {
            let range = entry.range
            var length = 0
            while length < min(common, range.count),
                names[range.lowerBound + length] == names[first.lowerBound + length]
            {
                length += 1
            }
            common = length
        }
        var keys: [(key: UInt64, index: Int)] = []
        keys.reserveCapacity(entries.count)
        /// Bits in which a key differs from the first.
        var different: UInt64 = 0
        for (index, entry) in entries.enumerated() {
            let range = entry.range
            var key: UInt64 = 0
            for place in range.lowerBound + common..<range.lowerBound + common + 8 {
                key = key << 8 | (place < range.upperBound ? UInt64(names[place]) : 0)
            }
            keys.append((key, index))
            different |= key ^ keys[0].key
        }
        func precedes(_ left: (key: UInt64, index: Int), _ right: (key: UInt64, index: Int)) -> Bool {
            if left.key != right.key { return left.key < right.key }
            return names[entries[left.index].range].lexicographicallyPrecedes(names[entries[right.index].range])
        }
        if keys.count < manyNames {
            keys.sort(by: precedes)
        } else {
            var moved = keys
            for shift in stride(from: 0, to: 64, by: 8) where different >> UInt64(shift) & 0xff != 0 {
                var places = [Int](repeating: 0, count: 257)
                for key in keys { places[Int(key.key >> UInt64(shift) & 0xff) + 1] += 1 }
                for byte in 0..<256 { places[byte + 1] += places[byte] }
                for key in keys {
                    let byte = Int(key.key >> UInt64(shift) & 0xff)
                    moved[places[byte]] = key
                    places[byte] += 1
                }
                swap(&keys, &moved)
            }
            var start = 0
            while start < keys.count {
                var end = start + 1
                while end < keys.count, keys[end].key == keys[start].key { end += 1 }
                if end - start > 1 { keys[start..<end].sort(by: precedes) }
                start = end
            }
        }
        for (place, key) in keys.enumerated() { listing.entries[place] = entries[key.index] }
    }

    /// True if the left path comes before the right one, by their bytes.
    public static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else {
                    return left.count < right.count
                }
                let order = memcmp(leftBase, rightBase, min(left.count, right.count))
                return order == 0 ? left.count < right.count : order < 0
            }
        }
    }

    private struct Search {
        let folder: SourceFolder
        let limit: Int
        /// True if there is more than one way to a file.
        let wandersTwice: Bool
        var found = FoundFiles()
        /// Where the search is: names as found, and as they are without links.
        private var path: [[UInt8]] = []
        private var target: [[UInt8]] = []
        /// ``path`` with a slash behind each name, and whether ``target`` is another.
        private var below: [UInt8] = []
        private var isLinked = false
        private var seen: Set<[UInt8]> = []

        init(folder: SourceFolder, limit: Int, wandersTwice: Bool) {
            self.folder = folder
            self.limit = limit
            self.wandersTwice = wandersTwice
        }

        /// Recursion ends with the depth of folders.
        mutating func run(_ components: ArraySlice<PathPattern.Component>, from current: Int32) throws {
            guard let component = components.first, !found.isOverLimit else { return }
            let rest = components.dropFirst()
            if path.count > SourceFolder.depth {
                fail(ENAMETOOLONG)
                return
            }
            if let literal = component.literal {
                try enter(literal[...], nil, rest, from: current)
                return
            }
            try Task.checkCancellation()
            if component == .folders {
                if wandersTwice, !seen.insert(joined(path) + [0, UInt8(truncatingIfNeeded: components.count)]).inserted
                {
                    return
                }
                try run(rest, from: current)
            }
            guard let listing = SourceFolder.list(current) else {
                fail(errno)
                return
            }
            for entry in listing.entries {
                let name = listing.names[entry.range]
                switch component {
                case .folders:
                    if name.first != 0x2e,
                        entry.kind ?? SourceFolder.kind(Array(name), in: current) == .folder
                    {
                        try descend(Array(name), target + [Array(name)], components, from: current)
                    }
                case .name(let tokens):
                    if PathPattern.matches(tokens, name) { try enter(name, entry.kind, rest, from: current) }
                }
            }
        }

        private mutating func enter(
            _ name: ArraySlice<UInt8>, _ kind: Kind?, _ rest: ArraySlice<PathPattern.Component>, from current: Int32
        ) throws {
            switch kind ?? SourceFolder.kind(Array(name), in: current) {
            case .missing: return
            case .link: try follow(Array(name), rest)
            case .folder: if !rest.isEmpty { try descend(Array(name), target + [Array(name)], rest, from: current) }
            case .file, .other: if rest.isEmpty { take(name, nil) }
            }
        }

        /// Goes where a link leads to, if that is allowed.
        private mutating func follow(_ name: [UInt8], _ rest: ArraySlice<PathPattern.Component>) throws {
            guard folder.links == .followedBelow,
                let real = SourceFolder.realPath(folder.root + joined(target + [name])),
                (real + [0x2f]).starts(with: folder.root)
            else {
                found.links += 1
                return
            }
            let names = real.dropFirst(folder.root.count).split(separator: 0x2f).map(Array.init)
            guard let last = names.last else {
                // The folder itself.
                if !rest.isEmpty { try descend(name, [], rest, from: folder.descriptor) }
                return
            }
            guard let parent = folder.openFolder(joined(Array(names.dropLast()))) else {
                found.links += 1
                return
            }
            defer { close(parent) }
            switch SourceFolder.kind(last, in: parent) {
            case .missing, .link: found.links += 1
            case .folder: if !rest.isEmpty { try descend(name, names, rest, from: parent) }
            case .file, .other: if rest.isEmpty { take(name[...], names) }
            }
        }

        /// - Parameter real: Where the file is, without links; nil if it is ``target`` and its name.
        private mutating func take(_ name: ArraySlice<UInt8>, _ real: [[UInt8]]?) {
            let place = below + name
            if wandersTwice, !seen.insert(place).inserted { return }
            if found.files.count >= limit {
                found.isOverLimit = true
                return
            }
            let target = real.map(joined) ?? (isLinked ? joined(target + [Array(name)]) : place)
            found.files.append(FoundFile(path: place, target: target))
        }

        /// - Parameter real: Where the folder is, without links; its last name is in `current`.
        private mutating func descend(
            _ name: [UInt8], _ real: [[UInt8]], _ rest: ArraySlice<PathPattern.Component>, from current: Int32
        ) throws {
            let next = SourceFolder.open(real.last ?? [0x2e], in: current, SourceFolder.pathOnly | O_DIRECTORY)
            if next < 0 {
                fail(Glibc.errno)
                return
            }
            defer { close(next) }
            let before = (target, below.count, isLinked)
            path.append(name)
            target = real
            below += name + [0x2f]
            isLinked = path != target
            defer {
                path.removeLast()
                target = before.0
                below.removeLast(below.count - before.1)
                isLinked = before.2
            }
            try run(rest, from: next)
        }

        private mutating func fail(_ code: Int32) {
            if found.unreadable == 0 { found.errno = code }
            found.unreadable += 1
        }

        private func joined(_ names: [[UInt8]]) -> [UInt8] { Array(names.joined(separator: [0x2f])) }
    }

    // MARK: Reading

    /// Opens a file to be read, never waiting for one that is no regular file.
    ///
    /// - Returns: a descriptor that the caller closes.
    func open(_ file: FoundFile) throws(FileFault) -> (descriptor: Int32, status: stat) {
        let names = file.target.split(separator: 0x2f).map(Array.init)
        guard let name = names.last, let folder = openFolder(Array(names.dropLast().joined(separator: [0x2f]))) else {
            throw .unreadable(errno: file.target.isEmpty ? ENOENT : errno)
        }
        let descriptor = Self.open(name, in: folder, O_RDONLY)
        let code = errno
        close(folder)
        if descriptor < 0 { throw .unreadable(errno: code) }
        var status = stat()
        if fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG {
            close(descriptor)
            throw .notAFile
        }
        return (descriptor, status)
    }

    /// What came of reading a file whole.
    public enum Content: Sendable {
        case bytes([UInt8])
        /// It is larger than the limit and was not read.
        case tooLarge
        /// It could not be read, or changed while it was read.
        case fault(FileFault)
    }

    /// Reads a file whole, as it is: nothing is inflated.
    ///
    /// - Parameter limit: Bytes it may have.
    public func read(_ file: FoundFile, limit: Int) -> Content {
        var reader = FolderReader(self)
        do throws(FolderReader.Failure) {
            return .bytes(try reader.read(file, limit: limit) { Array($0) })
        } catch {
            switch error {
            case .tooLarge: return .tooLarge
            case .fault(let fault): return .fault(fault)
            }
        }
    }
}

/// Reads files of a folder whole, one behind the other, on one thread.
///
/// What is in its memory is used again: the file's bytes, and the folder of the last one, which stays open as long as
/// files come from it.
public struct FolderReader: ~Copyable {
    /// Why a file was not read.
    public enum Failure: Error {
        /// It is larger than the limit.
        case tooLarge
        case fault(FileFault)
    }

    /// Bytes that are kept for the next file; more are given back.
    private static let keptBytes = 1 << 20

    private let folder: SourceFolder
    /// The folder that is open, and its path.
    private var parent: Int32 = -1
    private var parentPath: [UInt8] = []
    /// The name of a file, with a NUL behind it.
    private var name: [CChar] = []
    private var buffer = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

    public init(_ folder: SourceFolder) { self.folder = folder }

    deinit {
        if parent >= 0 { close(parent) }
        buffer.deallocate()
    }

    /// Reads a file and hands out its bytes, as they are: nothing is inflated.
    ///
    /// - Parameters:
    ///   - limit: Bytes it may have.
    ///   - body: Is given the bytes, which are there until it returns.
    /// - Throws: ``Failure``.
    public mutating func read<Result>(
        _ file: FoundFile, limit: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) throws(Failure) -> Result {
        let descriptor = try open(file)
        defer { close(descriptor) }
        var before = stat()
        guard fstat(descriptor, &before) == 0, before.st_mode & S_IFMT == S_IFREG else { throw .fault(.notAFile) }
        let size = Int(before.st_size)
        if size > limit { throw .tooLarge }
        // One byte more than there should be, so that growth shows.
        if buffer.count <= size {
            buffer.deallocate()
            buffer = .allocate(capacity: max(size + 1, 64 << 10))
        }
        defer {
            if buffer.count > Self.keptBytes {
                buffer.deallocate()
                buffer = UnsafeMutableBufferPointer(start: nil, count: 0)
            }
        }
        var count = 0
        while count < size || count == 0 {
            let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size + 1 - count)
            if got == 0 { break }
            if got < 0 {
                if errno == EINTR { continue }
                throw .fault(.unreadable(errno: errno))
            }
            count += got
        }
        var after = stat()
        guard fstat(descriptor, &after) == 0, count == size, after.st_size == before.st_size,
            after.st_mtim.tv_sec == before.st_mtim.tv_sec, after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
        else { throw .fault(.changed) }
        return body(UnsafeBufferPointer(rebasing: buffer[..<count]))
    }

    private mutating func open(_ file: FoundFile) throws(Failure) -> Int32 {
        let slash = file.target.lastIndex(of: 0x2f) ?? -1
        let isThere = parent >= 0 && parentPath.count == max(slash, 0) && file.target.starts(with: parentPath)
        if !isThere {
            if parent >= 0 { close(parent) }
            parentPath = Array(file.target[..<max(slash, 0)])
            parent = folder.openFolder(parentPath) ?? -1
            if parent < 0 { throw .fault(.unreadable(errno: errno)) }
        }
        name.removeAll(keepingCapacity: true)
        for index in slash + 1..<file.target.count { name.append(CChar(bitPattern: file.target[index])) }
        if name.isEmpty { throw .fault(.unreadable(errno: ENOENT)) }
        name.append(0)
        let descriptor = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw .fault(.unreadable(errno: errno)) }
        return descriptor
    }
}
