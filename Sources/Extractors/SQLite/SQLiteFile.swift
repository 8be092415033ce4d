import GRDBSQLite
import Glibc
import PortabilityModel
import Synchronization

/// A database file on disk, and the way to open it that leaves nothing beside it.
///
/// SQLite makes two files beside a database in WAL mode, `-wal` and `-shm`, even for a reader, and a reader may write
/// into the second. What is done instead depends on what is there:
///
/// | state | way |
/// |---|---|
/// | rollback journal | ordinary shared lock; it makes no files |
/// | WAL, `-wal` missing, or empty and no `-shm`: the database was closed properly | `immutable`: no lock, no files. Writers are not kept off, so a change of the file is looked for at the end |
/// | WAL with `-shm`: in use, or left by a crash | `readonly_shm`: takes part in the locking without writing into `-shm`; if nobody else uses it, SQLite reads the `-wal` into memory of its own |
/// | WAL with content, `-shm` missing: a copy, or left by a crash | VFS `unix-none` and exclusive locking mode: the index of the `-wal` is kept in memory, no files, no lock. A change is looked for at the end |
struct SQLiteFile: Sendable {
    enum Mode: Sendable {
        case locked, immutable, shared, alone
    }

    /// What tells one state of a file from another.
    struct Stamp: Hashable, Sendable {
        var device: UInt
        var inode: UInt
        var size: Int
        var seconds: Int
        var nanoseconds: Int

        init(_ status: stat) {
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
            size = Int(status.st_size)
            seconds = Int(status.st_mtim.tv_sec)
            nanoseconds = Int(status.st_mtim.tv_nsec)
        }
    }

    /// Without symbolic links, as SQLite looks for `-wal` beside the file itself.
    let path: String
    let mode: Mode
    private let stamps: [Stamp?]

    /// Looks at the file.
    ///
    /// - Throws: `unavailable`, `denied`, `malformed`.
    init(path given: String) throws(PortabilityError) {
        let place = PortabilityError.Place(file: given)
        guard let resolved = realpath(given, nil) else { throw Self.failure(errno, place) }
        path = String(cString: resolved)
        free(resolved)
        // SQLite would wait for ever for the other end of a pipe.
        guard let status = try Self.status(path, place), status.st_mode & S_IFMT == S_IFREG else {
            throw PortabilityError(
                .malformed, "the database is not a regular file", remedy: "Correct the path of the source",
                at: place)
        }
        guard access(path, R_OK) == 0 else { throw Self.failure(errno, place) }

        let usesWAL = try Self.usesWAL(path, place)
        let log = try Self.status(path + "-wal", place)
        let hasIndex = try Self.status(path + "-shm", place) != nil
        if !usesWAL {
            mode = .locked
        } else if let log, hasIndex || log.st_size > 0 {
            mode = hasIndex ? .shared : .alone
        } else {
            mode = .immutable
        }
        switch mode {
        case .locked, .shared: stamps = []
        case .immutable: stamps = [Stamp(status)]
        case .alone: stamps = [Stamp(status), log.map { Stamp($0) }]
        }
        if mode == .alone {
            Self.readAlone.withLock { $0[Self.identity(status), default: 0] += 1 }
        } else if mode == .shared, Self.readAlone.withLock({ $0[Self.identity(status)] != nil }) {
            throw PortabilityError(
                .unavailable, "the database was put into use while another export reads it",
                remedy: "Try again when the other export has ended", at: place)
        }
    }

    /// The name under which SQLite opens it.
    var uri: String {
        var uri = "file://"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                uri += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        switch mode {
        case .locked: uri += "?mode=ro"
        case .immutable: uri += "?mode=ro&immutable=1"
        case .shared: uri += "?mode=ro&readonly_shm=1"
        case .alone: uri += "?mode=ro&vfs=unix-none"
        }
        return uri
    }

    /// Throws `unavailable` if the file was changed since it was looked at and nothing kept writers off.
    func checkUnchanged() throws(PortabilityError) {
        for (stamp, name) in zip(stamps, [path, path + "-wal"]) {
            let status = try Self.status(name, .init(file: path))
            guard status.map({ Stamp($0) }) == stamp else {
                throw PortabilityError(
                    .unavailable, "the database was changed while it was read",
                    remedy: "Try again while no other program writes to it", at: .init(file: path))
            }
        }
    }

    /// To be called once when the file is closed.
    func release() {
        guard mode == .alone, let stamp = stamps.first ?? nil else { return }
        let identity = [stamp.device, stamp.inode]
        Self.readAlone.withLock { counts in
            let count = counts[identity, default: 0] - 1
            counts[identity] = count > 0 ? count : nil
        }
    }

    /// Files that are open without a lock in ``Mode/alone``. Closing one of them takes away the locks that this process
    /// holds on the file otherwise (POSIX `fcntl` locks belong to process and file), so it may not hold any; the locks
    /// are the process's, and so must this be.
    private static let readAlone = Mutex<[[UInt]: Int]>([:])

    private static func identity(_ status: stat) -> [UInt] { [UInt(status.st_dev), UInt(status.st_ino)] }

    private static func status(
        _ path: String, _ place: PortabilityError.Place
    ) throws(PortabilityError) -> stat? {
        var status = stat()
        if stat(path, &status) == 0 { return status }
        if errno == ENOENT { return nil }
        throw failure(errno, place)
    }

    private static func failure(_ code: Int32, _ place: PortabilityError.Place) -> PortabilityError {
        switch code {
        case ENOENT, ENOTDIR:
            PortabilityError(
                .unavailable, "the database does not exist", remedy: "Correct the path of the source", at: place,
                errno: code)
        case EACCES, EPERM:
            PortabilityError(
                .denied, "the database may not be read", remedy: "Give this user the right to read the file",
                at: place, errno: code)
        default:
            PortabilityError(
                .unavailable, "the database cannot be read", remedy: "Correct the path of the source", at: place,
                errno: code)
        }
    }

    /// True if the header says WAL (file format version 2, https://www.sqlite.org/fileformat2.html#the_database_header).
    ///
    /// The header is read through SQLite: closing a descriptor of our own would take away the locks that other
    /// sessions of this process hold on the file (POSIX `fcntl` locks belong to process and file).
    private static func usesWAL(
        _ path: String, _ place: PortabilityError.Place
    ) throws(PortabilityError) -> Bool {
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(path, &connection, flags, nil) == SQLITE_OK else {
            throw failure(connection.map { sqlite3_system_errno($0) } ?? 0, place)
        }
        var file: UnsafeMutablePointer<sqlite3_file>?
        var header = [UInt8](repeating: 0, count: 100)
        let code = withUnsafeMutablePointer(to: &file) {
            sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, $0)
        }
        guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods, let read = methods.pointee.xRead else {
            throw failure(0, place)
        }
        let result = header.withUnsafeMutableBytes { read(file, $0.baseAddress, Int32($0.count), 0) }
        let isWhole = result == SQLITE_OK
        guard isWhole || result & 0xFF == SQLITE_IOERR else { throw failure(0, place) }
        guard isWhole, header.starts(with: "SQLite format 3\0".utf8) else {
            throw PortabilityError(
                .malformed, "the file is not an SQLite database, or it is encrypted",
                remedy: "Correct the path of the source", at: place)
        }
        return header[19] == 2
    }
}
