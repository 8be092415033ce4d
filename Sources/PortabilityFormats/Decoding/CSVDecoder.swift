import PortabilityModel
import PortabilityText

/// Reads the rows of one CSV table, pulling bytes as it needs them.
///
/// Cells are not copied: they are told by where they lie in the bytes read so far, counted from the begin of the row,
/// for those bytes move when there are more to read.
private final class CSVTableReader {
    private enum State { case cellStart, plain, quoted, quoteInQuoted, carriageReturn }

    /// What a cell holds, without its quotes.
    struct Cell {
        var start = 0
        var end = 0
        /// True if there are doubled quotes in it.
        var isEscaped = false
        var isEmpty: Bool { start == end }
    }

    /// How far the row was looked through.
    private struct Place {
        var at: Int
        var state = State.cellStart
        var cell = Cell()
        var cells = 0
    }

    private let source: TableSource
    private let delimiter: UInt8
    private let columns: Int
    private let limit: Int
    /// What was read, from a little before the row on.
    private(set) var bytes: [UInt8] = []
    /// Where the row begins, and where the next.
    private var start = 0
    private var next = 0
    /// Bytes of the file before those that are here.
    private var dropped: Int64 = 0
    private var line: Int64 = 1
    private var rowLine: Int64 = 1
    /// One for each column.
    private let cells: UnsafeMutableBufferPointer<Cell>
    /// True if there is a row.
    private(set) var hasRow = false

    /// A table that is absent.
    init() {
        source = TableSource { nil }
        (delimiter, columns, limit) = (0, 0, 0)
        cells = .allocate(capacity: 0)
    }

    /// Opens a table and reads its header row.
    init(_ source: TableSource, _ table: TablePlan.Table, delimiter: UInt8, limit: Int) throws {
        self.source = source
        self.delimiter = delimiter
        self.columns = table.columns.count
        self.limit = limit
        cells = .allocate(capacity: table.columns.count)
        cells.initialize(repeating: Cell())
        while bytes.count < 3, let piece = try source.next() { bytes += piece }
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { next = 3 }
        try advance()
        guard hasRow else { throw error("the file has no header row") }
        for (index, column) in table.columns.enumerated()
        where !isCell(index, Array(column.name.utf8)) {
            throw error("the header row does not have the columns of the table")
        }
    }

    deinit { cells.deallocate() }

    // MARK: cells

    func cell(_ index: Int) -> Cell {
        precondition(index >= 0 && index < columns)
        return cells[index]
    }

    /// Where a cell lies in ``bytes``.
    func range(_ cell: Cell) -> Range<Int> { start + cell.start..<start + cell.end }

    /// Replaces `value` by a cell, its quotes single; of text the formula guard is undone.
    func copy(_ cell: Cell, isText: Bool = false, to value: inout [UInt8]) {
        value.removeAll(keepingCapacity: true)
        let bytes = bytes
        var range = range(cell)
        if isText, !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "'") {
            range = range.lowerBound + 1..<range.upperBound
        }
        while cell.isEscaped {
            let quote = Marks.first(bytes.span, range) { Marks.equal($0, UInt8(ascii: "\"")) }
            if quote == range.upperBound { break }
            value.append(bytes.span.extracting(range.lowerBound...quote))
            range = quote + 2..<range.upperBound
        }
        value.append(bytes.span.extracting(range))
    }

    func isCell(_ index: Int, _ expected: [UInt8]) -> Bool {
        var value: [UInt8] = []
        copy(cell(index), to: &value)
        return value == expected
    }

    /// True if a cell of text, its formula guard undone, is the expected one.
    func isText(_ index: Int, _ expected: [UInt8]) -> Bool {
        let cell = cell(index)
        var range = range(cell)
        if cell.isEscaped {
            var value: [UInt8] = []
            copy(cell, isText: true, to: &value)
            return value == expected
        }
        let bytes = bytes
        if !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "'") {
            range = range.lowerBound + 1..<range.upperBound
        }
        return equal(bytes.span.extracting(range), expected)
    }

    /// True if a cell is the number, in canonical spelling.
    func isNumber(_ index: Int, _ expected: Int) -> Bool {
        var rest = expected
        for byte in bytes[range(cell(index))].reversed() {
            if rest == 0 || byte != UInt8(ascii: "0") + UInt8(rest % 10) { return false }
            rest /= 10
        }
        return rest == 0
    }

    /// The type that a cell names.
    func otherType(_ index: Int) -> OtherType? {
        let bytes = bytes
        return OtherType(bytes.span.extracting(range(cell(index))))
    }

    // MARK: errors

    /// The error for something wrong in the row.
    func error(_ message: StaticString, _ code: PortabilityError.Code = .malformed) -> PortabilityError {
        DecodingFault(message: message, offset: start, code: code).error(line: rowLine, start: dropped)
    }

    private func error(at index: Int, _ message: StaticString) -> PortabilityError {
        DecodingFault(message: message, offset: index).error(line: line, start: dropped)
    }

    // MARK: rows

    /// Reads the next row, if there is one.
    func advance() throws {
        hasRow = false
        hasRow = try readRow()
    }

    private func readRow() throws -> Bool {
        start = next
        rowLine = line
        var place = Place(at: start)
        while true {
            if place.at < bytes.count {
                let bytes = bytes
                let isWhole = try scan(bytes.span, &place)
                if place.at - start > limit { throw error("a row is larger than the limit", .limit) }
                if isWhole {
                    guard place.cells == columns else { throw error("a row with too few cells") }
                    guard isValidUTF8(bytes.span.extracting(start..<place.at)) else {
                        throw error("bytes that are not UTF-8")
                    }
                    next = place.at
                    return true
                }
            }
            guard let piece = try source.next() else {
                if place.at == start { return false }
                throw error(at: place.at, "the file ends in the middle of a row")
            }
            dropped += Int64(start)
            place.at -= start
            if start == bytes.count {
                bytes = piece
            } else {
                bytes.removeSubrange(..<start)
                bytes += piece
            }
            start = 0
        }
    }

    /// Looks through the bytes that are here; true if the row ends in them.
    private func scan(_ bytes: Span<UInt8>, _ place: inout Place) throws -> Bool {
        let start = start
        let delimiter = delimiter
        var state = place.state
        var cell = place.cell
        var at = place.at
        defer {
            place.state = state
            place.cell = cell
            place.at = at
        }
        while at < bytes.count {
            switch state {
            case .cellStart:
                let isQuoted = bytes[at] == UInt8(ascii: "\"")
                state = isQuoted ? .quoted : .plain
                if isQuoted { at += 1 }
                cell = Cell(start: at - start)
                continue
            case .plain:
                at = Marks.first(bytes, at..<bytes.count) {
                    Marks.equal($0, delimiter) | Marks.equal($0, UInt8(ascii: "\""))
                        | Marks.equal($0, UInt8(ascii: "\n")) | Marks.equal($0, UInt8(ascii: "\r"))
                }
                if at == bytes.count { return false }
                if bytes[at] == UInt8(ascii: "\"") { throw error(at: at, "a quote inside a cell without quotes") }
                cell.end = at - start
            case .quoted:
                let end = Marks.first(bytes, at..<bytes.count) { Marks.equal($0, UInt8(ascii: "\"")) }
                for index in at..<end where bytes[index] == UInt8(ascii: "\n") { line += 1 }
                at = end
                if end == bytes.count { return false }
                cell.end = end - start
                at += 1
                state = .quoteInQuoted
                continue
            case .quoteInQuoted:
                if bytes[at] == UInt8(ascii: "\"") {
                    cell.isEscaped = true
                    at += 1
                    state = .quoted
                    continue
                }
            case .carriageReturn:
                guard bytes[at] == UInt8(ascii: "\n") else {
                    throw error(at: at, "CR without LF in a cell without quotes")
                }
            }
            // What stands after a cell.
            switch bytes[at] {
            case delimiter:
                guard place.cells + 1 < columns else { throw error(at: at, "a row with too many cells") }
                cells[place.cells] = cell
                place.cells += 1
                state = .cellStart
            case UInt8(ascii: "\r"): state = .carriageReturn
            case UInt8(ascii: "\n"):
                cells[place.cells] = cell
                place.cells += 1
                line += 1
                at += 1
                return true
            default: throw error(at: at, "text after the closing quote of a cell")
            }
            at += 1
        }
        return false
    }
}

/// Reads the tables of a dataset in CSV side by side, and joins their rows to records.
///
/// Relies on the order that the encoder has: child rows in the order of their records, and within one by index.
struct CSVDatasetDecoder: ~Copyable, RecordSource {
    private let layout: EntityLayout
    private let plan: TablePlan
    private let dialect: CSVDialect
    private var tables: [CSVTableReader]
    private var builder: BatchBuilder
    private var values = ValueReader()
    /// The current element of each list.
    private var indices: [Int]
    private var id: [UInt8] = []
    private var value: [UInt8] = []

    init(
        layout: EntityLayout, dialect: CSVDialect, dataset: Int, limits: BatchLimits, sources: [TableSource]
    ) throws {
        self.layout = layout
        self.dialect = dialect
        plan = TablePlan(layout)
        builder = BatchBuilder(dataset: dataset, limits: limits)
        indices = Array(repeating: 0, count: plan.tables.count)
        tables = plan.tables.map { _ in CSVTableReader() }
        var found = Set<Int>()
        for source in sources {
            guard let index = plan.tables.firstIndex(where: { $0.path == source.path }), found.insert(index).inserted
            else { throw PortabilityError(.malformed, "a table that the entity does not have, or has already") }
            tables[index] = try CSVTableReader(
                source, plan.tables[index], delimiter: dialect.delimiter, limit: encodedLimit(limits))
        }
        guard found.contains(0) else { throw PortabilityError(.malformed, "the dataset's own table is missing") }
        for index in found { try tables[index].advance() }
    }

    /// The next records, nil at the end.
    mutating func next() throws -> RecordBatch? {
        while !builder.isFull, tables[0].hasRow { try readRecord() }
        if !tables[0].hasRow {
            for child in tables where child.hasRow { throw child.error("a row that belongs to no record") }
        }
        return builder.count == 0 ? nil : builder.take()
    }

    private mutating func readRecord() throws {
        let main = tables[0]
        main.copy(main.cell(0), isText: true, to: &id)
        let id = id
        builder.beginRecord(id: id.span, subject: [UInt8]().span)
        _ = try readGroup(0, of: main, main.bytes)
        try readOthers()
        try builder.endRecord()
        try main.advance()
    }

    /// Reads the fields of a group from a row and the tables of its lists; false if there are none.
    ///
    /// - Parameter bytes: where the row's cells lie.
    private mutating func readGroup(_ group: Int, of row: CSVTableReader, _ bytes: [UInt8]) throws -> Bool {
        var hasFields = false
        let targets = plan.targets[group]
        for field in targets.indices {
            switch targets[field] {
            case .column(let column, let kind):
                if try readValue(row, bytes.span, column, field, kind) { hasFields = true }
            case .group(let nested):
                builder.beginGroup(field)
                if try readGroup(nested, of: row, bytes) { hasFields = true }
                builder.endGroup()
            case .values(let table, let kind):
                let child = tables[table]
                builder.beginList(field)
                while try isAtElement(of: table) {
                    let bytes = child.bytes
                    guard try readValue(child, bytes.span, plan.tables[table].keyColumns, field, kind) else {
                        throw child.error("a list element without a value")
                    }
                    hasFields = true
                    try child.advance()
                }
                builder.endList()
            case .groups(let table, let nested):
                let child = tables[table]
                builder.beginList(field)
                while try isAtElement(of: table) {
                    builder.beginGroup(field)
                    guard try readGroup(nested, of: child, child.bytes) else {
                        throw child.error("a list element without a value")
                    }
                    builder.endGroup()
                    hasFields = true
                    try child.advance()
                }
                builder.endList()
            }
        }
        return hasFields
    }

    /// True if the table's row is the list's next element in the current record and the current outer elements.
    private mutating func isAtElement(of table: Int) throws -> Bool {
        let child = tables[table]
        let levels = plan.tables[table].levels
        var isInside = isOfRecord(child)
        for (column, level) in levels.dropLast().enumerated() where isInside {
            isInside = child.isNumber(column + 1, indices[level])
        }
        guard isInside else {
            indices[table] = 0
            return false
        }
        indices[table] += 1
        guard child.isNumber(levels.count, indices[table]) else {
            throw child.error("a list element that is not the next one")
        }
        return true
    }

    /// True if a child table has a row with the current record's id.
    private func isOfRecord(_ child: CSVTableReader) -> Bool { child.hasRow && child.isText(0, id) }

    private mutating func readOthers() throws {
        let other = tables[plan.other]
        guard isOfRecord(other) else { return }
        var name: [UInt8] = []
        var last: [UInt8] = []
        var isFirst = true
        repeat {
            other.copy(other.cell(1), isText: true, to: &name)
            guard isFirst || precedes(last.span, name.span) else {
                throw other.error("`other` fields that are not in the order of their names")
            }
            guard let type = other.otherType(2) else {
                throw other.error("a type that `other` fields do not have")
            }
            other.copy(other.cell(3), isText: true, to: &value)
            let value = value
            guard values.isCanonical(type, value.span) else {
                throw other.error("a value that `other` fields do not have")
            }
            builder.other(name.span, type.kind, value.span)
            swap(&last, &name)
            isFirst = false
            try other.advance()
        } while isOfRecord(other)
    }

    /// Reads a cell into a field; false if it is empty.
    private mutating func readValue(
        _ row: CSVTableReader, _ bytes: Span<UInt8>, _ column: Int, _ field: Int, _ kind: ValueKind
    ) throws -> Bool {
        let cell = row.cell(column)
        if cell.isEmpty { return false }
        let isText = FormulaGuard.applies(to: kind)
        if cell.isEscaped || kind == .decimal && dialect.decimalComma {
            row.copy(cell, isText: isText, to: &value)
            if kind == .decimal && dialect.decimalComma { try readDecimalComma(row) }
            let value = value
            try put(value.span, field, kind, row)
        } else {
            var range = row.range(cell)
            if isText, bytes[range.lowerBound] == UInt8(ascii: "'") {
                range = range.lowerBound + 1..<range.upperBound
            }
            try put(bytes.extracting(range), field, kind, row)
        }
        return true
    }

    @inline(__always)
    private mutating func put(_ text: Span<UInt8>, _ field: Int, _ kind: ValueKind, _ row: CSVTableReader) throws {
        if text.isEmpty { throw row.error("a formula guard without a value") }
        guard values.isCanonical(kind, text) else { throw row.error("a value that is not of its column's type") }
        builder.value(field, kind, text)
    }

    private mutating func readDecimalComma(_ row: CSVTableReader) throws {
        for index in value.indices {
            if value[index] == UInt8(ascii: ".") {
                throw row.error("a decimal with a point where a comma is declared")
            }
            if value[index] == UInt8(ascii: ",") { value[index] = UInt8(ascii: ".") }
        }
    }
}
