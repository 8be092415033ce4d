import Glibc
public import PortabilityModel

/// A bag in a folder of the disk, which may be hostile and may change meanwhile.
///
/// No symbolic link is followed, below the folder itself; nothing that is not a regular file is opened; every file is
/// looked up part by part from the folder, so that what is moved away meanwhile leads nowhere.
public final class FolderContents: BagContents {
    /// The deepest nesting of folders.
    public static let depthLimit = 64

    public let files: [BagFile]
    public let findings: [VerificationFinding]
    public let lacksPayloadFolder: Bool
    private let root: Int32
    /// Device and number of each file, by ``BagFile/index``.
    private let identities: [Identity]

    private struct Identity: Hashable, Sendable {
        let device: UInt64
        let number: UInt64

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    /// Lists a folder.
    ///
    /// - Throws: `unavailable` or `denied` if the folder itself cannot be read.
    public init(path: String, limits: ReadLimits = ReadLimits()) throws {
        let opened = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else {
            let code = errno
            throw PortabilityError(
                code == EACCES || code == EPERM ? .denied : .unavailable,
                "cannot open the folder: \(explain(code).reason)", remedy: "Check the path and the permissions",
                at: .init(file: path), errno: code)
        }
        root = opened
        var listing = Listing(limits: limits)
        listing.list(opened, prefix: [], depth: 0)
        listing.found.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        files = listing.found.enumerated().map { index, file in
            BagFile(
                name: file.name, ordinal: index + 1, size: file.size, isReadable: true, index: index, offset: nil)
        }
        identities = listing.found.map(\.identity)
        findings = listing.findings.list
        lacksPayloadFolder = !listing.hasPayloadFolder
    }

    deinit { close(root) }

    private struct Listing {
        let limits: ReadLimits
        var found: [(name: String, size: Int64, identity: Identity)] = []
        var findings: BoundedFindings
        var hasPayloadFolder = false
        private var isFull = false

        init(limits: ReadLimits) {
            self.limits = limits
            findings = BoundedFindings(limit: limits.findings)
        }

        /// Lists the folder behind a descriptor, which stays open.
        mutating func list(_ folder: Int32, prefix: [UInt8], depth: Int) {
            let shown = prefix.isEmpty ? nil : EntryName.printable(prefix)
            // A stream of its own, for it takes the descriptor away and the root is still needed.
            let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard copy >= 0, let stream = fdopendir(copy) else {
                if copy >= 0 { close(copy) }
                findings.add(VerificationFinding(.unreadable, "the folder cannot be read", path: shown))
                return
            }
            defer { closedir(stream) }
            var names: [[UInt8]] = []
            while true {
                errno = 0
                guard let entry = readdir(stream) else { break }
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
                if name == [0x2E] || name == [0x2E, 0x2E] { continue }
                guard names.count + found.count < limits.entries else {
                    if !isFull { findings.add(VerificationFinding(.limit, "the folder has too many files")) }
                    isFull = true
                    break
                }
                names.append(name)
            }
            if errno != 0 {
                findings.add(VerificationFinding(.unreadable, "the folder cannot be read", path: shown))
            }
            for name in names { look(at: name, in: folder, prefix: prefix, depth: depth) }
        }

        private mutating func look(at name: [UInt8], in folder: Int32, prefix: [UInt8], depth: Int) {
            let path = prefix + name
            let shown = EntryName.printable(path)
            func report(_ kind: VerificationFinding.Kind, _ message: String) {
                findings.add(VerificationFinding(kind, message, path: shown))
            }
            var status = stat()
            let terminated = name.map { CChar(bitPattern: $0) } + [0]
            guard fstatat(folder, terminated, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                return report(.unreadable, "the file cannot be looked at")
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                guard let text = String(validating: path, as: UTF8.self) else {
                    return report(.nameEncoding, "the name is not UTF-8")
                }
                found.append((text, Int64(status.st_size), Identity(status)))
            case S_IFDIR:
                if path == Array("data".utf8) { hasPayloadFolder = true }
                guard depth < FolderContents.depthLimit else {
                    return report(.limit, "folders are nested too deeply")
                }
                let child = openat(folder, terminated, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
                guard child >= 0 else { return report(.unreadable, "the folder cannot be opened") }
                defer { close(child) }
                list(child, prefix: path + [UInt8(ascii: "/")], depth: depth + 1)
            case S_IFLNK: report(.notAFile, "it is a symbolic link, which is not followed")
            default: report(.notAFile, "it is neither a file nor a folder")
            }
        }
    }

    private static let pieceSize = 256 << 10

    public func read(_ file: BagFile, _ body: (Span<UInt8>) throws -> Void) throws {
        let descriptor = try openFile(file)
        defer { close(descriptor) }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.pieceSize)
        defer { buffer.deallocate() }
        var total: Int64 = 0
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw UnreadableFile(
                    finding: file.finding(.unreadable, "the file cannot be read: \(explain(code).reason)"))
            }
            if count == 0 { break }
            total += Int64(count)
            guard total <= file.size else { throw UnreadableFile(finding: Self.changed(file)) }
            try body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[..<count]).span)
        }
        guard total == file.size else { throw UnreadableFile(finding: Self.changed(file)) }
    }

    /// A folder has no bytes of its own.
    public func containerFindings(digest: DigestFactory) -> [VerificationFinding] { [] }

    private static func changed(_ file: BagFile) -> VerificationFinding {
        file.finding(.unreadable, "the file was changed while the folder was read")
    }

    private func openFile(_ file: BagFile) throws -> Int32 {
        let parts = file.name.utf8.split(separator: UInt8(ascii: "/"))
        var folder = root
        defer { if folder != root { close(folder) } }
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let name = part.map { CChar(bitPattern: $0) } + [0]
            let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (isLast ? O_NONBLOCK : O_DIRECTORY)
            let next = openat(folder, name, flags)
            guard next >= 0 else {
                throw UnreadableFile(
                    finding: file.finding(.unreadable, "the file cannot be opened: \(explain(errno).reason)"))
            }
            if !isLast {
                if folder != root { close(folder) }
                folder = next
                continue
            }
            var status = stat()
            guard fstat(next, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                Identity(status) == identities[file.index]
            else {
                close(next)
                throw UnreadableFile(finding: Self.changed(file))
            }
            return next
        }
        throw UnreadableFile(finding: file.finding(.unreadable, "the file has no name"))
    }
}
