import Glibc
import SourceFiles

/// What a thread found in a part of a file's text: lines that may matter, and the pieces of lines at both ends, which
/// whoever has the parts before and after joins.
struct TextPart: Sendable {
    /// A line that may matter.
    struct Line: Sendable {
        /// Where it begins in ``TextPart/bytes``.
        var start: Int
        var length: Int
        var isTooLong: Bool
        /// Where it begins, counted from the beginning of the part.
        var offset: Int64
        /// Line ends of the part before it.
        var number: Int64
    }

    /// The piece before the first line end (everything if there is none), the lines, the piece after the last line end.
    var bytes: [UInt8] = []
    var headCount = 0
    var tailStart = 0
    var lines: [Line] = []
    var lineEnds: Int64 = 0
    /// Bytes of text.
    var length: Int64 = 0
    /// Why the text ends here.
    var fault: FileFault?
    /// True if nothing of the file's text comes after it.
    var isLast = false
}

/// Looks through the text of a file, which is put into its buffer piece by piece, and makes ``TextPart``s of it.
/// For one thread at a time.
final class TextScanner {
    /// Bytes put into the buffer at a time. A piece and what a sieve needs stay in the cache of a core.
    static let piece = 1 << 17
    /// Bytes of one line after which a part ends.
    private static let longPiece = 1 << 20
    /// Bytes of lines after which a part ends.
    private static let fullPart = 1 << 18

    private let lineLimit: Int
    private var sieve: FeedSieve
    private var marks: [LineMark] = []
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    /// Bytes at the buffer's beginning that belong to a line without an end.
    private var held = 0
    private var part = TextPart()

    init(_ question: FeedQuestion) {
        lineLimit = question.lineLimit
        sieve = FeedSieve(question)
        capacity = Self.piece + (1 << 14)
        memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit { memory.deallocate() }

    /// True if the part has become large and should be taken.
    var isFull: Bool { held >= Self.longPiece || part.bytes.count >= Self.fullPart }

    /// Looks through what `read` puts into the buffer it is given.
    ///
    /// - Parameter limit: Bytes that the buffer has at the most.
    /// - Returns: what `read` returned, the number of bytes.
    func scan<Failure>(
        upTo limit: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        let wanted = min(limit, Self.piece)
        if capacity - held < wanted {
            let larger = max(held + wanted, 2 * capacity)
            let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 64)
            moved.copyMemory(from: memory, byteCount: held)
            memory.deallocate()
            memory = moved
            capacity = larger
        }
        let count = try read(UnsafeMutableRawBufferPointer(start: memory + held, count: wanted))
        precondition(count >= 0 && count <= wanted, "more was read than there is room for")
        take(count)
        return count
    }

    private func take(_ count: Int) {
        let end = held + count
        let start = part.length - Int64(held)
        part.length += Int64(count)
        var from = 0
        if part.lineEnds == 0 {
            // Nothing is held before the first line end.
            guard let found = memchr(memory, 0x0a, count) else {
                append(0..<count)
                return
            }
            from = UnsafeMutableRawPointer(found) - memory
            append(0..<from)
            part.headCount = part.bytes.count
            part.lineEnds = 1
            from += 1
        }
        if let last = lastLineEnd(max(from, held)..<end) {
            let block = UnsafeRawBufferPointer(start: memory + from, count: last + 1 - from)
            marks.removeAll(keepingCapacity: true)
            let lines = sieve.sift(block, isFirstOfFile: false, into: &marks)
            for mark in marks {
                let isTooLong = mark.length > lineLimit
                part.lines.append(
                    TextPart.Line(
                        start: part.bytes.count, length: isTooLong ? 0 : mark.length, isTooLong: isTooLong,
                        offset: start + Int64(from + mark.start), number: part.lineEnds + Int64(mark.line)))
                if !isTooLong { append(from + mark.start..<from + mark.start + mark.length) }
            }
            part.lineEnds += Int64(lines)
            from = last + 1
        }
        held = end - from
        if from > 0 { memmove(memory, memory + from, held) }
    }

    private func lastLineEnd(_ range: Range<Int>) -> Int? {
        var place = range.upperBound
        while place > range.lowerBound {
            place -= 1
            if memory.load(fromByteOffset: place, as: UInt8.self) == 0x0a { return place }
        }
        return nil
    }

    private func append(_ range: Range<Int>) {
        part.bytes.append(contentsOf: UnsafeRawBufferPointer(start: memory + range.lowerBound, count: range.count))
    }

    /// What was found since the last part was taken.
    func takePart(fault: FileFault? = nil, isLast: Bool) -> TextPart {
        part.tailStart = part.bytes.count
        append(0..<held)
        if part.lineEnds == 0 {
            part.headCount = part.bytes.count
            part.tailStart = part.headCount
        }
        held = 0
        part.fault = fault
        part.isLast = isLast
        var taken = TextPart()
        swap(&taken, &part)
        return taken
    }
}

/// Joins the parts of a file in order. For one thread at a time.
struct PartJoiner: ~Copyable {
    private let lineLimit: Int
    private var sieve: FeedSieve
    private var marks: [LineMark] = []
    /// The file's ordinal.
    private var file = 0
    /// Lines that have ended.
    private var lines: Int64 = 0
    /// Bytes of text in the parts so far.
    private(set) var bytes: Int64 = 0
    /// The line that has begun and not ended, without what is beyond the limit, and its length and place.
    private var open: [UInt8] = []
    private var openLength: Int64 = 0
    private var openOffset: Int64 = 0

    init(_ question: FeedQuestion) {
        lineLimit = question.lineLimit
        sieve = FeedSieve(question)
    }

    mutating func begin(file: Int) {
        self.file = file
        lines = 0
        bytes = 0
        openLength = 0
        openOffset = 0
        open.removeAll(keepingCapacity: true)
    }

    /// The lines that end in the file's next part.
    mutating func join(_ part: consuming TextPart) -> FoundLines {
        let before = bytes
        bytes += part.length
        hold(part.bytes[..<part.headCount])
        var found = FoundLines(file: file, bytes: [], lines: [])
        if part.lineEnds == 0 { return found }
        found.bytes = part.bytes
        end(into: &found)
        for line in part.lines {
            found.lines.append(
                FoundLine(
                    number: lines + line.number, offset: before + line.offset, start: line.start, length: line.length,
                    isTooLong: line.isTooLong))
        }
        lines += part.lineEnds - 1
        let tail = part.bytes[part.tailStart...]
        openOffset = bytes - Int64(tail.count)
        hold(tail)
        return found
    }

    /// The last line, if it has no end.
    mutating func finish() -> FoundLines {
        var found = FoundLines(file: file, bytes: [], lines: [])
        if openLength > 0 { end(into: &found) }
        return found
    }

    private mutating func hold(_ piece: ArraySlice<UInt8>) {
        openLength += Int64(piece.count)
        // One byte more than the limit may be the CR of the line's end.
        open.append(contentsOf: piece.prefix(lineLimit + 2 - min(open.count, lineLimit + 2)))
    }

    /// Adds the line that has begun, if it may matter, and begins the next.
    private mutating func end(into found: inout FoundLines) {
        marks.removeAll(keepingCapacity: true)
        if openLength > Int64(lineLimit) + 1 {
            marks.append(LineMark(start: 0, length: lineLimit + 1, line: 0))
        } else {
            open.append(0x0a)
            _ = open.withUnsafeBytes { sieve.sift($0, isFirstOfFile: lines == 0, into: &marks) }
        }
        if let mark = marks.first {
            let isTooLong = mark.length > lineLimit
            found.lines.append(
                FoundLine(
                    number: lines + 1, offset: openOffset, start: found.bytes.count,
                    length: isTooLong ? 0 : mark.length, isTooLong: isTooLong))
            if !isTooLong { found.bytes.append(contentsOf: open[..<mark.length]) }
        }
        lines += 1
        openLength = 0
        open.removeAll(keepingCapacity: open.count <= 1 << 16)
    }
}
