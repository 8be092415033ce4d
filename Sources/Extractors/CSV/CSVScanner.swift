import Glibc
import PortabilityText

/// The signs of a dialect, once all are known.
struct CSVSigns: Hashable {
    var delimiter: UInt8
    var quote: UInt8?
    var escape: UInt8?
    var comment: UInt8?
    var trims: Bool
}

/// Cuts a stream into rows and rows into cells (RFC 4180, read leniently), in memory that is bounded by the longest
/// allowed row and one block.
///
/// Fill it, then take rows with ``next()`` until that gives nil; at the end call ``finish()`` and take the rest. Lines end
/// with LF, CR LF or CR. Empty lines and comments are no rows.
struct CSVScanner: ~Copyable, @unchecked Sendable {
    /// What is odd about a row.
    struct Flags: OptionSet {
        let rawValue: UInt8
        /// After a closing quote stands text.
        static let tail = Flags(rawValue: 1)
        /// In a cell without quotes around it stands a quote.
        static let strayQuote = Flags(rawValue: 2)
        /// Between a closing quote and the cell's end stand spaces.
        static let padding = Flags(rawValue: 4)
        /// It is longer than the limit, or has too many cells; it was skipped and its cells cannot be had.
        static let tooLarge = Flags(rawValue: 8)
        /// The file ends within quotes.
        static let isOpen = Flags(rawValue: 16)
        /// It has more than one line.
        static let manyLines = Flags(rawValue: 32)
    }

    /// Where a row is.
    struct Row {
        /// Of its first line, 1-based.
        var line: Int64
        /// 0-based, in the stream that was filled in.
        var offset: Int64
        var flags: Flags
        /// Bytes without the line's end; 0 if it was skipped.
        var length: Int
        var cellCount: Int
        /// Of a row of many lines: the most delimiters that stand on one of them, in quotes and outside, if that line
        /// may be a row that a missing quote has swallowed. It may if it begins within quotes that have a delimiter on
        /// it, or if it is the first and has all of its delimiters in quotes.
        var swallowed: Int
    }

    /// A cell, by its place in the row.
    struct Cell {
        var start: Int32
        var end: Int32
        /// True if its bytes are not its value: quotes or escapes in them have to be taken away.
        var isCoded: Bool
        /// True if it is in quotes.
        var isQuoted: Bool
    }

    private enum State { case row, cell, plain, quoted, escaped, quotedEscaped, closed, comment }

    private static let cellLimit = 1 << 16

    let signs: CSVSigns
    private let limit: Int
    private let block: Int
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    /// By byte: 0 for what no state stops at.
    private let classes: UnsafeMutablePointer<UInt8>
    private let cells: UnsafeMutablePointer<Cell>
    /// The bytes of the row that was handed out, or is being read, begin at `start`.
    private var start = 0
    private var scan = 0
    private var end = 0
    private var cellCount = 0
    /// Of the line at hand: cells before it, delimiters within the quotes of its first cell, and the row's ``Row/swallowed`` so far.
    private var lineCells = 0
    private var quotedDelimiters = 0
    private var swallowed = 0
    private var state = State.row
    private var cellStart = 0
    private var valueEnd = 0
    private var isCoded = false
    private var flags: Flags = []
    private var line: Int64
    private var rowLine: Int64 = 1
    /// Of `memory`'s beginning in the stream.
    private var base: Int64
    private var rowOffset: Int64 = 0
    /// Where the last CR was, in the stream.
    private var lastReturn: Int64 = -2
    private var isSkipping = false
    private var isFinished = false

    /// - Parameters:
    ///   - limit: Bytes a row may have, at most 2 GiB.
    ///   - offset: Of the first byte that will be filled in.
    ///   - line: Its line, 1-based.
    init(signs: CSVSigns, limit: Int, block: Int = 1 << 20, offset: Int64 = 0, line: Int64 = 1) {
        self.signs = signs
        self.limit = min(limit, Int(Int32.max) - 2 * block)
        self.block = block
        self.line = line
        base = offset
        capacity = 2 * block
        memory = .allocate(byteCount: capacity, alignment: 16)
        cells = .allocate(capacity: Self.cellLimit)
        classes = .allocate(capacity: 256)
        classes.initialize(repeating: 0, count: 256)
        for byte in [signs.delimiter, signs.quote, signs.escape, Sign.lineFeed, Sign.carriageReturn] {
            if let byte { classes[Int(byte)] = 1 }
        }
    }

    deinit {
        memory.deallocate()
        cells.deallocate()
        classes.deallocate()
    }

    /// Takes in what `read` puts into the buffer it is given; rows handed out before are gone.
    mutating func fill<Failure>(_ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int) throws(Failure) -> Int {
        if isSkipping { start = scan }
        if start > 0 {
            memory.copyMemory(from: memory + start, byteCount: end - start)
            base += Int64(start)
            scan -= start
            end -= start
            cellStart -= start
            valueEnd -= start
            start = 0
        }
        if capacity - end < block {
            let larger = max(end + block, min(capacity * 2, limit + 2 * block))
            let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
            moved.copyMemory(from: memory, byteCount: end)
            memory.deallocate()
            memory = moved
            capacity = larger
        }
        let count = try read(UnsafeMutableRawBufferPointer(start: memory + end, count: capacity - end))
        precondition(count >= 0 && count <= capacity - end, "more was read than there is room for")
        end += count
        return count
    }

    /// Says that nothing more comes.
    mutating func finish() { isFinished = true }

    /// The next row; nil if more must be filled in, or after ``finish()`` if that was all.
    mutating func next() -> Row? {
        let bytes = memory.assumingMemoryBound(to: UInt8.self)
        let (delimiter, classes, end) = (signs.delimiter, classes, end)
        var index = scan
        while index < end {
            let byte = bytes[index]
            switch state {
            case .row:
                if byte == Sign.lineFeed || byte == Sign.carriageReturn {
                    // An empty line, or the second half of a line's end.
                    endLine(byte, at: index)
                    index += 1
                    continue
                }
                begin(at: index)
                state = byte == signs.comment ? .comment : .cell
            case .cell:
                if byte == signs.quote {
                    isCoded = false
                    cellStart = index
                    index += 1
                    state = .quoted
                } else if signs.trims, byte == Sign.space || byte == Sign.tab, byte != delimiter {
                    index += 1
                } else {
                    isCoded = false
                    cellStart = index
                    state = .plain
                }
            case .plain:
                while index < end, classes[Int(bytes[index])] == 0 { index += 1 }
                if index == end { break }
                let byte = bytes[index]
                if byte == delimiter {
                    append(cellStart, index, isCoded: isCoded, isQuoted: false)
                    index += 1
                    state = .cell
                } else if byte == Sign.lineFeed || byte == Sign.carriageReturn {
                    append(cellStart, index, isCoded: isCoded, isQuoted: false)
                    if let row = take(at: index, byte) { return row }
                    index += 1
                } else if byte == signs.quote, byte != signs.escape {
                    flags.insert(.strayQuote)
                    index += 1
                } else {
                    isCoded = true
                    index += 1
                    state = .escaped
                }
            case .quoted:
                while index < end, classes[Int(bytes[index])] == 0 { index += 1 }
                if index == end { break }
                let byte = bytes[index]
                if byte == signs.quote {
                    valueEnd = index
                    state = .closed
                } else if byte == signs.escape {
                    isCoded = true
                    state = .quotedEscaped
                } else if byte == delimiter {
                    if cellCount == lineCells { quotedDelimiters += 1 }
                } else {
                    breakLine(byte, at: index)
                }
                index += 1
            case .escaped, .quotedEscaped:
                if byte == Sign.lineFeed || byte == Sign.carriageReturn { breakLine(byte, at: index) }
                state = state == .escaped ? .plain : .quoted
                index += 1
            case .closed:
                if byte == delimiter {
                    closeCell(at: index)
                    index += 1
                    state = .cell
                } else if byte == Sign.lineFeed || byte == Sign.carriageReturn {
                    closeCell(at: index)
                    if let row = take(at: index, byte) { return row }
                    index += 1
                } else if byte == signs.quote, index == valueEnd + 1 {
                    isCoded = true
                    index += 1
                    state = .quoted
                } else if byte == Sign.space || byte == Sign.tab {
                    index += 1
                } else {
                    flags.insert(.tail)
                    isCoded = true
                    state = .plain
                }
            case .comment:
                while index < end, bytes[index] != Sign.lineFeed, bytes[index] != Sign.carriageReturn { index += 1 }
                if index < end { state = .row }
            }
        }
        scan = index
        if state == .row || state == .comment { start = index }
        if isFinished { return takeLast() }
        if index - start > limit, !isSkipping {
            isSkipping = true
            flags.insert(.tooLarge)
        }
        return nil
    }

    private mutating func endLine(_ byte: UInt8, at index: Int) {
        let offset = base + Int64(index)
        if byte == Sign.lineFeed {
            if lastReturn != offset - 1 { line += 1 }
        } else {
            lastReturn = offset
            line += 1
        }
    }

    /// Notes the end of a line that is none of the row.
    private mutating func breakLine(_ byte: UInt8, at index: Int) {
        noteDelimiters(outside: cellCount - lineCells)
        flags.insert(.manyLines)
        endLine(byte, at: index)
        lineCells = cellCount
        quotedDelimiters = 0
    }

    private mutating func noteDelimiters(outside: Int) {
        if quotedDelimiters == 0 || (outside > 0 && !flags.contains(.manyLines)) { return }
        swallowed = max(swallowed, quotedDelimiters + outside)
    }

    private mutating func begin(at index: Int) {
        start = index
        lineCells = 0
        quotedDelimiters = 0
        swallowed = 0
        rowLine = line
        rowOffset = base + Int64(index)
        cellCount = 0
        flags = []
        isSkipping = false
    }

    @inline(__always)
    private mutating func append(_ start: Int, _ end: Int, isCoded: Bool, isQuoted: Bool) {
        if isSkipping { return }
        if cellCount == Self.cellLimit {
            isSkipping = true
            flags.insert(.tooLarge)
            return
        }
        var end = end
        if signs.trims, !isQuoted {
            let bytes = memory.assumingMemoryBound(to: UInt8.self)
            while end > start, bytes[end - 1] == Sign.space || bytes[end - 1] == Sign.tab { end -= 1 }
        }
        cells[cellCount] = Cell(
            start: Int32(truncatingIfNeeded: start - self.start), end: Int32(truncatingIfNeeded: end - self.start),
            isCoded: isCoded, isQuoted: isQuoted)
        cellCount += 1
    }

    private mutating func closeCell(at index: Int) {
        if index > valueEnd + 1, !signs.trims { flags.insert(.padding) }
        if isCoded {
            append(cellStart, valueEnd + 1, isCoded: true, isQuoted: true)
        } else {
            append(cellStart + 1, valueEnd, isCoded: false, isQuoted: true)
        }
    }

    /// Ends the row before the line's end at `index`.
    private mutating func take(at index: Int, _ byte: UInt8) -> Row? {
        endLine(byte, at: index)
        scan = index + 1
        state = .row
        return row(end: index)
    }

    private mutating func row(end: Int) -> Row? {
        let isSkipped = isSkipping || end - start > limit
        if isSkipped { flags.insert(.tooLarge) }
        if flags.contains(.manyLines) { noteDelimiters(outside: cellCount - 1 - lineCells) }
        let row = Row(
            line: rowLine, offset: rowOffset, flags: flags, length: isSkipped ? 0 : end - start,
            cellCount: isSkipped ? 0 : cellCount, swallowed: flags.contains(.manyLines) ? swallowed : 0)
        isSkipping = false
        return row
    }

    private mutating func takeLast() -> Row? {
        let last = state
        state = .row
        switch last {
        case .row, .comment: return nil
        case .cell: append(end, end, isCoded: false, isQuoted: false)
        case .plain, .escaped: append(cellStart, end, isCoded: isCoded, isQuoted: false)
        case .closed: closeCell(at: end)
        case .quoted, .quotedEscaped: flags.insert(.isOpen)
        }
        return row(end: end)
    }

    /// The bytes of a row as it stands in the file, valid until the scanner is filled again.
    func bytes(of row: Row) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: memory.assumingMemoryBound(to: UInt8.self) + start, count: row.length)
    }

    /// A cell of the row that was handed out last, valid until the next is taken.
    @inline(__always)
    func cell(_ index: Int) -> Cell { cells[index] }

    /// The bytes of a cell: its value, or what ``decode(_:into:)`` makes one of.
    @inline(__always)
    func bytes(of cell: Cell) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            start: memory.assumingMemoryBound(to: UInt8.self) + start + Int(cell.start),
            count: Int(cell.end - cell.start))
    }

    /// Appends the value of a coded cell: without the quotes around it, doubled quotes once, escapes taken away. Of what
    /// stands after the closing quote, everything.
    func decode(_ cell: Cell, into out: inout [UInt8]) {
        let bytes = bytes(of: cell)
        var index = 0
        var isQuoted = false
        if bytes.first == signs.quote, signs.quote != nil {
            isQuoted = true
            index = 1
        }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isQuoted, byte == signs.quote {
                if index < bytes.count, bytes[index] == byte {
                    out.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
            } else if byte == signs.escape {
                if index < bytes.count { out.append(bytes[index]) }
                index += 1
            } else {
                out.append(byte)
            }
        }
    }
}
