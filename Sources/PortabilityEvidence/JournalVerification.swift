import Glibc
import PortabilityModel

extension Journal {
    /// A line that was proved.
    public struct Entry: Sendable, Hashable {
        /// 1-based.
        public var line: Int64
        /// RFC 3339.
        public var at: String
        public var event: JournalEvent
        /// The line as it stands, without what was cut off before it and without its line feed. It proves itself.
        public var bytes: [UInt8]
    }

    /// What reading a whole journal showed.
    public struct Report: Sendable {
        /// Something at a line of the journal.
        public struct Finding: Sendable, Hashable {
            /// 1-based.
            public var line: Int64
            /// What it is, no personal data.
            public var message: String
        }
        /// How far the journal is in order.
        public var head: Head
        /// The first thing that breaks the chain, or a head that is not the expected one; nil if all is in order.
        /// What follows it is not looked at, because it proves nothing.
        public var fault: Finding?
        /// What is odd, but no sign that anything was altered: a clock that went back, a write that was cut off.
        public var notes: [Finding]
        /// Notes beyond the first hundred are counted only.
        public var noteCount: Int
    }

    /// Reads the journal from its first line and proves every byte: each line's form and digest, the chain, the
    /// sequence.
    ///
    /// Takes the lines that were there when it began; writers are not held up. Memory is bounded by the longest line.
    ///
    /// - Parameters:
    ///   - head: the digest of a last line, as noted elsewhere. It must stand in the chain; where, `count` says.
    ///   - count: the number of lines with which `head` was noted, or at least so many must there be without it.
    ///   - visit: gets each line that is in order.
    /// - Throws: `unavailable` or `denied` if the file cannot be read, and what `visit` throws.
    public func verify(
        expecting head: String? = nil, count: Int64? = nil, visit: (Entry) throws -> Void = { _ in }
    ) throws -> Report {
        var file = try JournalFile(path: path)
        defer { file.close() }
        var report = Report(head: JournalLine.origin, fault: nil, notes: [], noteCount: 0)
        func note(_ message: String) {
            report.noteCount += 1
            if report.notes.count < 100 { report.notes.append(.init(line: report.head.count + 1, message: message)) }
        }
        func fault(_ message: String) { report.fault = .init(line: report.head.count + 1, message: message) }

        var latest = ""
        var isOpened = false
        var hasMetHead = head == JournalLine.origin.sha256 && count ?? 0 == 0
        reading: while true {
            switch try file.nextLine() {
            case .end: break reading
            case .tooLong:
                fault("the line is longer than any line of a journal")
                break reading
            case .cutOff:
                fault(
                    "the last line has no end: a write was cut off (the next event will record it), or the file was "
                        + "altered")
                break reading
            case .line(let bytes):
                let line: JournalLine
                let own: String
                do {
                    (line, own) = try JournalLine.read(bytes[...], digest)
                } catch let error as PortabilityError {
                    fault("\(error.message)\(error.place.field.map { " (\($0))" } ?? "")")
                    break reading
                }
                guard line.previous == report.head.sha256, line.sequence == report.head.count else {
                    fault("the line does not follow the one before: lines were removed, added or put elsewhere")
                    break reading
                }
                let isOpening = line.event.name == .opened
                guard isOpening != isOpened || line.event.name == .torn else {
                    fault(isOpening ? "the journal begins a second time" : "the journal does not begin as one")
                    break reading
                }
                isOpened = isOpened || isOpening
                if line.event.name == .torn { note("a write was cut off before this line, which records it") }
                if let before = Instant(latest), let now = Instant(line.at), now < before {
                    note("the time is earlier than that of a line before: a clock was set back")
                } else {
                    latest = line.at
                }
                try visit(
                    Entry(
                        line: report.head.count + 1, at: line.at, event: line.event,
                        bytes: bytes.split(separator: JournalLine.cancel).last.map(Array.init) ?? bytes))
                report.head = Head(count: report.head.count + 1, sha256: own)
                if own == head, count == nil || count == report.head.count { hasMetHead = true }
            }
        }
        if report.fault == nil {
            if report.head.count == 0 {
                fault("the file has no line, which no journal is")
            } else if let count, report.head.count < count {
                fault("the journal has fewer lines than were noted: it was cut off at its end, or is another one")
            } else if head != nil, !hasMetHead {
                fault("the journal does not have the line that was noted: it was cut off or written anew")
            }
        }
        return report
    }
}

/// A journal as it was when it was opened, line by line.
private struct JournalFile {
    enum Piece {
        case line([UInt8])
        /// Bytes after the last line feed.
        case cutOff
        case tooLong
        case end
    }
    private let path: String
    private let descriptor: Int32
    private var rest: Int
    private var buffer: [UInt8] = []
    private var next = 0

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw readFailure("the journal cannot be opened", errno, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw PortabilityError(
                .unavailable, "the journal is not a regular file", remedy: "Check the path", at: .init(file: path))
        }
        // Without the lock a line that is being written could look cut off.
        do {
            try lock(descriptor, LOCK_SH, path)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        defer { flock(descriptor, LOCK_UN) }
        rest = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    func close() { Glibc.close(descriptor) }

    mutating func nextLine() throws -> Piece {
        var searched = next
        while true {
            if let feed = buffer[searched...].firstIndex(of: 10) {
                defer { next = feed + 1 }
                return .line(Array(buffer[next..<feed]))
            }
            searched = buffer.count
            if rest == 0 { return next == buffer.count ? .end : .cutOff }
            guard buffer.count - next <= 3 * JournalLine.limit else { return .tooLong }
            if next > 0 {
                buffer.removeFirst(next)
                searched -= next
                next = 0
            }
            try fill()
        }
    }

    private mutating func fill() throws {
        let size = min(64 << 10, rest)
        let before = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: size))
        let count = buffer[before...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno != EINTR { throw readFailure("the journal cannot be read", errno, path) }
        buffer.removeLast(size - max(count, 0))
        rest = count == 0 ? 0 : rest - max(count, 0)
    }
}
