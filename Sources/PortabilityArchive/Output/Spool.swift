import Glibc
import PortabilityModel

/// Makes spools: where they lie, and from what size on they go to the disk.
public struct SpoolFactory: Sendable {
    /// The folder of the files without names; the output's folder, so that the disk that must hold the archive is the
    /// one that is measured.
    public let folder: String
    /// The most bytes a spool keeps in memory before it moves to a file.
    public let memoryLimit: Int
    let system: OutputSystem

    /// Makes a factory; creates nothing.
    public init(folder: String, memoryLimit: Int = 64 << 10, system: OutputSystem = .live) {
        self.folder = folder.isEmpty ? "." : folder
        self.memoryLimit = memoryLimit
        self.system = system
    }

    /// A new, empty spool.
    public func make() -> Spool { Spool(factory: self) }
}

/// Bytes put aside: in memory while they are few, else in a file that has no name, which the system removes when it is
/// closed or the process ends, however it ends.
///
/// Append and read from any thread, one call at a time is served.
public final class Spool: @unchecked Sendable {
    // Unchecked: every property is read and written under the lock.
    private let monitor = Monitor()
    private let factory: SpoolFactory
    private var memory: [UInt8] = []
    private var descriptor: Int32 = -1
    private var size: Int64 = 0
    private var isClosed = false

    fileprivate init(factory: SpoolFactory) { self.factory = factory }

    deinit { close() }

    /// The number of bytes in it.
    public var count: Int64 { monitor.withLock { size } }

    /// True while no file was needed.
    public var isInMemory: Bool { monitor.withLock { descriptor < 0 } }

    /// Adds bytes at the end.
    ///
    /// - Throws: ``PortabilityError`` with code `output` if the disk refuses them or the spool is closed.
    public func append(_ bytes: Span<UInt8>) throws {
        try bytes.withUnsafeBufferPointer { try append($0) }
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try monitor.withLock {
            guard !isClosed else { throw closedError }
            if descriptor < 0, memory.count + bytes.count <= factory.memoryLimit {
                memory.append(contentsOf: bytes)
            } else {
                if descriptor < 0 { try moveToFile() }
                try factory.system.writeAll(
                    UnsafeRawBufferPointer(bytes), to: descriptor, what: Self.what, at: factory.folder)
            }
            size += Int64(bytes.count)
        }
    }

    /// Reads the bytes from `offset` on into `buffer`; less than it holds only at the end.
    ///
    /// - Returns: the number of bytes read.
    /// - Throws: ``PortabilityError`` with code `output` if the disk fails or the spool is closed.
    public func read(at offset: Int64, into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
        try monitor.withLock {
            guard !isClosed else { throw closedError }
            if descriptor < 0 {
                guard offset < Int64(memory.count) else { return 0 }
                let count = min(buffer.count, memory.count - Int(offset))
                memory.withUnsafeBufferPointer { source in
                    _ = buffer.update(fromContentsOf: source[Int(offset)..<Int(offset) + count])
                }
                return count
            }
            return try factory.system.readFully(
                UnsafeMutableRawBufferPointer(buffer), from: descriptor, at: offset, what: Self.what,
                place: factory.folder)
        }
    }

    /// Gives back memory, descriptor and disk space now. Calling it again does nothing.
    public func close() {
        monitor.withLock {
            isClosed = true
            memory = []
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    private static let what = "a temporary file of the archive"

    private var closedError: PortabilityError {
        PortabilityError(.output, "a part of the archive was already given up")
    }

    private func moveToFile() throws {
        let system = factory.system
        var opened = system.uninterrupted { system.openUnnamed(factory.folder) }
        // File systems without unnamed files (NFS, old overlays) say so in one of these ways.
        if [-EOPNOTSUPP, -EISDIR, -EINVAL, -ENOENT, -ENOSYS].contains(opened) { opened = openUnlinked() }
        guard opened >= 0 else {
            throw outputFailure("cannot create \(Self.what)", Int(-opened), factory.folder)
        }
        descriptor = opened
        try memory.withUnsafeBytes { try system.writeAll($0, to: opened, what: Self.what, at: factory.folder) }
        memory = []
    }

    /// A file that loses its name at once. Killed in between, the name is one that ``OutputFile/sweep(folder:system:)``
    /// knows.
    private func openUnlinked() -> Int32 {
        let system = factory.system
        for _ in 0..<16 {
            let path = TemporaryName.spool(in: factory.folder)
            let opened = system.uninterrupted { system.create(path) }
            if opened == -EEXIST { continue }
            if opened >= 0 { _ = system.uninterrupted { system.unlink(path) } }
            return opened
        }
        return -EEXIST
    }
}

/// The names of files that are not finished.
enum TemporaryName {
    static let prefix = ".portability-"
    static let partialSuffix = ".partial"
    static let spoolSuffix = ".spool"

    static func partial() -> String { prefix + random() + partialSuffix }

    static func partial(in folder: String) -> String { join(folder, partial()) }

    static func spool(in folder: String) -> String { join(folder, prefix + random() + spoolSuffix) }

    static func isOurs(_ name: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        guard name.hasSuffix(partialSuffix) || name.hasSuffix(spoolSuffix) else { return false }
        let middle = name.dropFirst(prefix.count).prefix { $0 != "." }
        return middle.utf8.count == 32 && middle.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
