import PortabilityModel
import PortabilityText

/// Reads the rows of one CSV table, pulling bytes as it needs them.
private final class CSVTableReader {
    private enum State { case cellStart, plain, quoted, quoteInQuoted, carriageReturn }

    private let source: TableSource
    private let delimiter: UInt8
    private let columns: Int
    private let limit: Int
    private var chunk: [UInt8] = []
    private var at = 0
    /// Byte of the file at the chunk's begin.
    private var chunkStart: Int64 = 0
    private var line: Int64 = 1
    private var rowLine: Int64 = 1
    private var rowByte: Int64 = 0
    /// The cells' text, NUL after each, so that no two of them make one UTF-8 sequence.
    private(set) var row: [UInt8] = []
    private var ends: [Int] = []

    /// Opens a table and reads its header row.
    init(_ source: TableSource, _ table: CSVPlan.Table, delimiter: UInt8, limit: Int) throws {
        self.source = source
        self.delimiter = delimiter
        self.columns = table.columns.count
        self.limit = limit
        try skipByteOrderMark()
        guard try next() else { throw error("the file has no header row") }
        for (index, column) in table.columns.enumerated() where !cell(index).elementsEqual(column.name.utf8) {
            throw error("the header row does not have the columns of the table")
        }
    }

    /// A cell of the row.
    func cell(_ index: Int) -> ArraySlice<UInt8> { row[range(index)] }

    /// Where a cell lies in ``row``.
    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1] + 1)..<ends[index] }

    /// The error for something wrong in the row.
    func error(_ message: StaticString, _ code: PortabilityError.Code = .malformed) -> PortabilityError {
        DecodingFault(message: message, offset: 0, code: code).error(line: rowLine, start: rowByte)
    }

    private func errorHere(_ message: StaticString, _ code: PortabilityError.Code = .malformed) -> PortabilityError {
        DecodingFault(message: message, offset: at, code: code).error(line: line, start: chunkStart)
    }

    private func refill() throws -> Bool {
        while true {
            guard let next = try source.next() else { return false }
            chunkStart += Int64(chunk.count)
            chunk = next
            at = 0
            if !chunk.isEmpty { return true }
        }
    }

    private func skipByteOrderMark() throws {
        var start: [UInt8] = []
        while start.count < 3, try refill() { start += chunk }
        chunk = start
        chunkStart = 0
        at = start.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    /// Reads the next row; false at the end of the file.
    func next() throws -> Bool {
        row.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        rowLine = line
        rowByte = chunkStart + Int64(at)
        var state = State.cellStart
        var isBegun = false
        while true {
            if at == chunk.count, try !refill() {
                if !isBegun { return false }
                throw errorHere("the file ends in the middle of a row")
            }
            isBegun = true
            switch state {
            case .cellStart:
                state = chunk[at] == UInt8(ascii: "\"") ? .quoted : .plain
                if state == .quoted { at += 1 }
            case .plain:
                copy(
                    to: Marks.first(chunk.span, at..<chunk.count) { [delimiter] in
                        Marks.equal($0, delimiter) | Marks.equal($0, UInt8(ascii: "\""))
                            | Marks.equal($0, UInt8(ascii: "\n")) | Marks.equal($0, UInt8(ascii: "\r"))
                    })
                if at == chunk.count { break }
                if chunk[at] == UInt8(ascii: "\"") { throw errorHere("a quote inside a cell without quotes") }
                if try endCell(&state) { return true }
            case .quoted:
                copy(to: Marks.first(chunk.span, at..<chunk.count) { Marks.equal($0, UInt8(ascii: "\"")) })
                if at == chunk.count { break }
                at += 1
                state = .quoteInQuoted
            case .quoteInQuoted:
                if chunk[at] == UInt8(ascii: "\"") {
                    row.append(UInt8(ascii: "\""))
                    at += 1
                    state = .quoted
                } else if try endCell(&state) {
                    return true
                }
            case .carriageReturn:
                guard chunk[at] == UInt8(ascii: "\n") else { throw errorHere("CR without LF in a cell without quotes") }
                if try endCell(&state) { return true }
            }
            if row.count > limit { throw error("a row is larger than the limit", .limit) }
        }
    }

    /// Copies the chunk up to an index.
    private func copy(to end: Int) {
        for index in at..<end where chunk[index] == UInt8(ascii: "\n") { line += 1 }
        row.append(chunk.span.extracting(at..<end))
        at = end
    }

    /// Reads what stands after a cell; true if it ends the row.
    private func endCell(_ state: inout State) throws -> Bool {
        switch chunk[at] {
        case delimiter:
            guard ends.count + 1 < columns else { throw errorHere("a row with too many cells") }
            ends.append(row.count)
            row.append(0)
            state = .cellStart
        case UInt8(ascii: "\r"): state = .carriageReturn
        case UInt8(ascii: "\n"):
            ends.append(row.count)
            row.append(0)
            line += 1
            at += 1
            guard ends.count == columns else { throw error("a row with too few cells") }
            guard isValidUTF8(row.span) else { throw error("bytes that are not UTF-8") }
            return true
        default: throw errorHere("text after the closing quote of a cell")
        }
        at += 1
        return false
    }
}

/// Reads the tables of a dataset in CSV side by side, and joins their rows to records.
///
/// Relies on the order that the encoder has: child rows in the order of their records, and within one by index.
struct CSVDatasetDecoder: ~Copyable, RecordSource {
    private let layout: EntityLayout
    private let plan: CSVPlan
    private let dialect: CSVDialect
    /// One per table; nil for a table that is absent or at its end.
    private var tables: [CSVTableReader?]
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
        plan = CSVPlan(layout)
        builder = BatchBuilder(dataset: dataset, limits: limits)
        indices = Array(repeating: 0, count: plan.tables.count)
        tables = Array(repeating: nil, count: plan.tables.count)
        for source in sources {
            guard let index = plan.tables.firstIndex(where: { $0.path == source.path }), tables[index] == nil else {
                throw PortabilityError(.malformed, "a table that the entity does not have")
            }
            tables[index] = try CSVTableReader(
                source, plan.tables[index], delimiter: dialect.delimiter, limit: encodedLimit(limits))
        }
        guard tables[0] != nil else { throw PortabilityError(.malformed, "the dataset's own table is missing") }
        for index in tables.indices.dropFirst() { try advance(index) }
    }

    /// The next records, nil at the end.
    mutating func next() throws -> RecordBatch? {
        while !builder.isFull, let main = tables[0] {
            guard try main.next() else {
                tables[0] = nil
                for case let child? in tables { throw child.error("a row that belongs to no record") }
                break
            }
            try readRecord(main)
        }
        return builder.count == 0 ? nil : builder.take()
    }

    /// Goes to a child table's next row.
    private mutating func advance(_ table: Int) throws {
        if let reader = tables[table], try !reader.next() { tables[table] = nil }
    }

    private mutating func readRecord(_ main: CSVTableReader) throws {
        readText(main, 0)
        id = value
        let id = id
        builder.beginRecord(id: id.span, subject: [UInt8]().span)
        _ = try readGroup(0, main)
        try readOthers()
        try builder.endRecord()
    }

    /// Reads the fields of a group from a row and the tables of its lists; false if there are none.
    private mutating func readGroup(_ group: Int, _ row: CSVTableReader) throws -> Bool {
        var hasFields = false
        for (field, target) in plan.targets[group].enumerated() {
            switch target {
            case .column(let column, let kind):
                if try readValue(row, column, kind) {
                    emit(field, kind)
                    hasFields = true
                }
            case .group(let nested):
                builder.beginGroup(field)
                if try readGroup(nested, row) { hasFields = true }
                builder.endGroup()
            case .values(let table, let kind):
                builder.beginList(field)
                while let element = try nextElement(of: table) {
                    guard try readValue(element, plan.tables[table].keyColumns, kind) else {
                        throw element.error("a list element without a value")
                    }
                    emit(field, kind)
                    hasFields = true
                    try advance(table)
                }
                builder.endList()
            case .groups(let table, let nested):
                builder.beginList(field)
                while let element = try nextElement(of: table) {
                    builder.beginGroup(field)
                    guard try readGroup(nested, element) else {
                        throw element.error("a list element without a value")
                    }
                    builder.endGroup()
                    hasFields = true
                    try advance(table)
                }
                builder.endList()
            }
        }
        return hasFields
    }

    private mutating func emit(_ field: Int, _ kind: ValueKind) {
        // A span of a property would keep all of self from being changed.
        let value = value
        builder.value(field, kind, value.span)
    }

    /// The table's row, if it is the next element of the list in the current record and the current outer elements.
    private mutating func nextElement(of table: Int) throws -> CSVTableReader? {
        let levels = plan.tables[table].levels
        guard let row = tables[table], isOfRecord(row) else {
            indices[table] = 0
            return nil
        }
        for (column, level) in levels.dropLast().enumerated()
        where !isIndex(row.cell(column + 1), indices[level]) {
            indices[table] = 0
            return nil
        }
        indices[table] += 1
        guard isIndex(row.cell(levels.count), indices[table]) else {
            throw row.error("a list element that is not the next one")
        }
        return row
    }

    /// True if a child row carries the current record's id.
    private mutating func isOfRecord(_ row: CSVTableReader) -> Bool {
        readText(row, 0)
        return value == id
    }

    private func isIndex(_ cell: ArraySlice<UInt8>, _ index: Int) -> Bool {
        var rest = index
        for byte in cell.reversed() {
            if rest == 0 || byte != UInt8(ascii: "0") + UInt8(rest % 10) { return false }
            rest /= 10
        }
        return rest == 0 && !cell.isEmpty
    }

    private mutating func readOthers() throws {
        var last: [UInt8]?
        while let row = tables[plan.other], isOfRecord(row) {
            readText(row, 1)
            let name = value
            if let last, !precedes(last.span, name.span) {
                throw row.error("`other` fields that are not in the order of their names")
            }
            guard let type = OtherType(Array(row.cell(2)).span) else {
                throw row.error("a type that `other` fields do not have")
            }
            readText(row, 3)
            let value = value
            guard values.isCanonical(type, value.span) else {
                throw row.error("a value that `other` fields do not have")
            }
            builder.other(name.span, type.kind, value.span)
            last = name
            try advance(plan.other)
        }
    }

    /// Reads a cell into `value`; false if it is empty.
    private mutating func readValue(_ row: CSVTableReader, _ column: Int, _ kind: ValueKind) throws -> Bool {
        if FormulaGuard.applies(to: kind) {
            readText(row, column)
        } else {
            value.removeAll(keepingCapacity: true)
            value.append(contentsOf: row.cell(column))
            if kind == .decimal && dialect.decimalComma { try readDecimalComma(row) }
        }
        if value.isEmpty {
            if !row.cell(column).isEmpty { throw row.error("a formula guard without a value") }
            return false
        }
        let value = value
        guard values.isCanonical(kind, value.span) else { throw row.error("a value that is not of its column's type") }
        return true
    }

    private mutating func readDecimalComma(_ row: CSVTableReader) throws {
        for index in value.indices {
            if value[index] == UInt8(ascii: ".") { throw row.error("a decimal with a point where a comma is declared") }
            if value[index] == UInt8(ascii: ",") { value[index] = UInt8(ascii: ".") }
        }
    }

    /// Reads a cell of text into `value` and undoes the formula guard.
    private mutating func readText(_ row: CSVTableReader, _ column: Int) {
        let cell = row.cell(column)
        value.removeAll(keepingCapacity: true)
        value.append(contentsOf: cell.first == UInt8(ascii: "'") ? cell.dropFirst() : cell)
    }
}
