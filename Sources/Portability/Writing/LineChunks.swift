import Glibc
import PortabilityArchive
import PortabilityModel

/// Records that were put aside as JSON Lines, pulled a few whole lines at a time.
///
/// Which lines come together depends on their lengths alone.
struct LineChunks {
    private let stream: SpooledStream
    private var buffer: [UInt8] = []
    private var start = 0
    /// How many bytes were given out.
    private(set) var position: Int64 = 0

    /// - Parameter position: where to begin: the end of a line, in plain bytes.
    /// - Throws: `output` if the spool does not hold what was written to it.
    init(_ entry: SpooledEntry, from position: Int64 = 0) throws {
        stream = SpooledStream(entry)
        while self.position < position {
            guard let piece = try stream.next() else { throw Self.lostError }
            let skipped = Int(min(Int64(piece.count), position - self.position))
            buffer = Array(piece[skipped...])
            self.position += Int64(skipped)
        }
    }

    /// The next lines with their ends: as many as have room in `limit` bytes, but at least one; nil at the end.
    ///
    /// - Throws: `output` if the spool does not hold what was written to it.
    mutating func next(limit: Int) throws -> [UInt8]? {
        var end = start
        var scanned = start
        while end - start < limit {
            if let lineEnd = endOfLine(from: scanned) {
                if end > start, lineEnd - start > limit { break }
                end = lineEnd
                scanned = lineEnd
                continue
            }
            scanned = buffer.count
            guard let piece = try stream.next() else {
                guard end == buffer.count else { throw Self.lostError }
                break
            }
            buffer.removeFirst(start)
            (end, scanned, start) = (end - start, scanned - start, 0)
            buffer += piece
        }
        if end == start { return nil }
        defer {
            position += Int64(end - start)
            start = end
        }
        return Array(buffer[start..<end])
    }

    /// Gives back what ``next(limit:)`` gave last, whole.
    mutating func putBack(_ lines: [UInt8]) {
        start -= lines.count
        position -= Int64(lines.count)
    }

    private func endOfLine(from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, 10, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base + 1
        }
    }

    private static var lostError: PortabilityError {
        PortabilityError(
            .output, "a temporary file of the archive does not hold what was written to it",
            remedy: "Check the disk, then run again")
    }
}
