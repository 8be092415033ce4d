import Glibc
public import PortabilityModel

/// A file that only grows and tells what happened on every request, each line chained to the one before.
///
/// ## The file
///
/// JSON Lines, one event a line. A line has its `sequence` (from 0), the time `at` which it was written, the `event`
/// with its members, at last its own `sha256` (of the line's bytes before `,"sha256"`) and, near its beginning, as
/// `previous` the `sha256` of the line before (64 zeros on the first). So a change in any byte shows in its own line,
/// and a line that is removed, put elsewhere or repeated shows in the next. The first event is `opened` and names the
/// format.
///
/// ## What was cut off
///
/// A crash or a full disk can leave a line without its end. Nothing is ever taken away or written over: the next append
/// finds the fragment and goes on behind it, on the same line, with the ASCII character CAN (0x18, "disregard what
/// comes before") and an event `torn` that records the fragment's length and digest. Only then follows the event that is
/// to be recorded. Each line that has its line feed is thus whole, and one that is not was altered; nothing is appended
/// to a journal whose last two lines are not in order. The file may be made append-only (`chattr +a`).
///
/// ## What it cannot show
///
/// Whoever may write the file can cut lines off at its end, or write the whole file anew with right digests. Both are
/// seen only by someone who has noted the head (the count and the digest of the last line) elsewhere:
/// ``verify(expecting:count:visit:)`` takes them. Each dossier notes the head.
public struct Journal: Sendable {
    static let formatName = "portability-journal"
    static let formatVersion = "1.0"

    /// How far a journal reaches: what to note elsewhere.
    public struct Head: Sendable, Hashable {
        /// The number of lines.
        public var count: Int64
        /// The digest of the last one.
        public var sha256: String
    }

    public let path: String
    let digest: DigestFactory

    /// A journal at a path; the file is made by the first ``append(_:at:)``.
    ///
    /// - Parameter digest: makes SHA-256 digests.
    public init(path: String, digest: @escaping DigestFactory) {
        self.path = path
        self.digest = digest
    }

    /// Writes events at the end and brings them to the disk.
    ///
    /// Any number of processes and threads may do so at a time: each holds the file's lock (`flock`) for as long as it
    /// takes. Blocks for that time, at most half a minute.
    ///
    /// - Parameters:
    ///   - events: None of them is written unless all are right. All stand together.
    ///   - at: the present time, RFC 3339.
    /// - Returns: the new head.
    /// - Throws: `refused` for an event that must not be recorded; `verification` if the end of the file is not what
    ///   this program wrote; `output` if the file cannot be written, locked or brought to the disk.
    @discardableResult
    public func append(_ events: [JournalEvent], at: String) throws -> Head {
        guard let at = EvidenceText.time(at) else {
            throw PortabilityError(
                .refused, "the time of a journal line is not one", remedy: "Give a time with its offset",
                at: .init(field: "at"))
        }
        for event in events {
            try event.validate()
            // Those two say something about the file, which only the journal knows.
            try require(event.name != .opened && event.name != .torn, "event", "an event that happened")
        }
        let (descriptor, size) = try openAndLock()
        defer { close(descriptor) }
        let end = try readEnd(descriptor, size: size)

        var head = end.head
        var bytes: [UInt8] = []
        func add(_ event: JournalEvent) {
            let line = JournalLine(sequence: head.count, previous: head.sha256, at: at, event: event).encoded(digest)
            bytes += line.bytes
            head = Head(count: head.count + 1, sha256: line.sha256)
        }
        if !end.fragment.isEmpty {
            bytes.append(JournalLine.cancel)
            var torn = JournalEvent(.torn, request: nil)
            torn.fragment = .init(bytes: Int64(end.fragment.count), sha256: sha256(end.fragment, digest))
            add(torn)
        }
        if !end.isOpened { add(JournalEvent(.opened, request: nil)) }
        for event in events { add(event) }
        guard !bytes.isEmpty else { return head }
        try write(bytes, to: descriptor)
        try check(fsync(descriptor), "the event may not be on the disk")
        if size == 0 { try synchronizeFolder() }
        return head
    }

    /// Writes one event; see ``append(_:at:)-([JournalEvent],_)``.
    @discardableResult
    public func append(_ event: JournalEvent, at: String) throws -> Head { try append([event], at: at) }

    // MARK: The file

    /// Opens the file, alone among all writers, and tells its size.
    private func openAndLock() throws -> (Int32, size: Int) {
        for _ in 0..<16 {
            let descriptor = open(
                path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0o600)
            try check(descriptor, "the journal cannot be opened")
            do {
                var status = stat()
                try check(fstat(descriptor, &status), "the journal cannot be opened")
                guard status.st_mode & S_IFMT == S_IFREG else {
                    throw PortabilityError(
                        .output, "the journal is not a regular file", remedy: "Name a regular file or a new one",
                        at: .init(file: path))
                }
                try lock(descriptor, LOCK_EX, path)
                // While we waited, the file may have been moved away.
                var named = stat()
                try check(fstat(descriptor, &status), "the journal cannot be read")
                if lstat(path, &named) == 0, named.st_ino == status.st_ino, named.st_dev == status.st_dev {
                    return (descriptor, Int(status.st_size))
                }
            } catch {
                close(descriptor)
                throw error
            }
            close(descriptor)
        }
        throw PortabilityError(
            .output, "the journal is being moved while it is written", remedy: "Try again", at: .init(file: path))
    }

    private struct End {
        var head = JournalLine.origin
        /// What was cut off after the last line feed.
        var fragment: [UInt8] = []
        var isOpened = false
    }

    /// Reads the last lines and proves that they are in order.
    private func readEnd(_ descriptor: Int32, size: Int) throws -> End {
        guard size > 0 else { return End() }
        // Two whole lines and a fragment almost always lie within the last few kilobytes.
        for reach in [16 << 10, 3 * JournalLine.limit] {
            let start = max(0, size - reach)
            let bytes = try read(descriptor, start..<size)
            let feeds = bytes.indices.filter { bytes[$0] == 10 }
            if feeds.count < 3 && start > 0 { continue }
            var end = End()
            end.fragment = Array(bytes[(feeds.last.map { $0 + 1 } ?? 0)...])
            guard end.fragment.count <= JournalLine.limit else { break }
            guard let last = feeds.last else {
                guard isFragmentOfOpening(end.fragment) else { break }
                return end
            }
            let line = try proved(bytes[(feeds.dropLast().last.map { $0 + 1 } ?? 0)..<last])
            end.head = Head(count: line.line.sequence + 1, sha256: line.sha256)
            end.isOpened = try line.line.event.name != .torn || start > 0 || isOpened(bytes, feeds)
            var before = JournalLine.origin
            if let second = feeds.dropLast().last {
                let line = try proved(bytes[(feeds.dropLast(2).last.map { $0 + 1 } ?? 0)..<second])
                before = Head(count: line.line.sequence + 1, sha256: line.sha256)
            }
            guard line.line.sequence == before.count, line.line.previous == before.sha256 else { break }
            return end
        }
        throw altered(nil)
    }

    /// Whether any line but those of cut-off writes is there.
    private func isOpened(_ bytes: [UInt8], _ feeds: [Int]) throws -> Bool {
        var begin = 0
        for feed in feeds {
            if try proved(bytes[begin..<feed]).line.event.name != .torn { return true }
            begin = feed + 1
        }
        return false
    }

    private func proved(_ bytes: ArraySlice<UInt8>) throws -> (line: JournalLine, sha256: String) {
        do {
            let (line, own) = try JournalLine.read(bytes, digest)
            return (line, own)
        } catch let error as PortabilityError where error.code == .unsupported {
            throw error.within(.init(file: path))
        } catch let error as PortabilityError {
            throw altered(error)
        }
    }

    private func altered(_ cause: PortabilityError?) -> PortabilityError {
        PortabilityError(
            .verification,
            "nothing is added: the end of the file is not that of an unaltered journal"
                + (cause.map { " (\($0.message))" } ?? ""),
            remedy: "Look at it with `portability receipts verify --journal`; if it is to be left behind, begin a new "
                + "file", at: .init(file: path))
    }

    /// Whether a file without any line feed can be a journal whose very first write was cut off, and not someone's
    /// text.
    private func isFragmentOfOpening(_ bytes: [UInt8]) -> Bool {
        let opening = Array("{\"sequence\":0,\"previous\":\"\(JournalLine.origin.sha256)\",\"at\":\"".utf8)
        // A crash can leave the size of a file without its bytes.
        if bytes.allSatisfy({ $0 == 0 }) { return true }
        return zip(bytes, opening).allSatisfy { $0 == $1 }
    }

    private func read(_ descriptor: Int32, _ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < bytes.count {
            let count = bytes[filled...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(range.lowerBound + filled))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("the journal cannot be read") }
            filled += count
        }
        return bytes
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // What was written of it stays, and is recorded as torn by the next append.
            guard count > 0 else { throw failure("the event is not recorded: the journal cannot be written") }
            done += count
        }
    }

    /// Brings the new file's name to the disk.
    private func synchronizeFolder() throws {
        let folder = open(folderOf(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that may be written to but not read cannot be synchronised; the file itself is on the disk.
        guard folder >= 0 else { return }
        defer { close(folder) }
        try check(fsync(folder), "the event is recorded, but the journal's name may not be on the disk")
    }

    private func check(_ result: Int32, _ message: String) throws {
        if result < 0 { throw failure(message) }
    }

    private func failure(_ message: String) -> PortabilityError {
        outputFailure(message, errno, path)
    }
}
