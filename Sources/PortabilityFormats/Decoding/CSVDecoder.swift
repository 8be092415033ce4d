import PortabilityModel
import PortabilityText

/// Reads the rows of one CSV table, pulling bytes as it needs them.
private struct CSVTableReader {
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
    /// True if there is a row.
    private(set) var hasRow = false

    /// A table that is absent.
    init() {
        source = TableSource { nil }
        (delimiter, columns, limit) = (0, 0, 0)
    }

    /// Opens a table and reads its header row.
    init(_ source: TableSource, _ table: TablePlan.Table, delimiter: UInt8, limit: Int) throws {
        self.source = source
        self.delimiter = delimiter
        self.columns = table.columns.count
        self.limit = limit
        try skipByteOrderMark()
        try advance()
        guard hasRow else { throw error("the file has no header row") }
        for (index, column) in table.columns.enumerated()
        where !isCell(index, Array(column.name.utf8)) {
            throw error("the header row does not have the columns of the table")
        }
    }

    private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1] + 1)..<ends[index] }

    /// A cell without its formula guard.
    private func textRange(_ index: Int) -> Range<Int> {
        let range = range(index)
        return !range.isEmpty && row[range.lowerBound] == UInt8(ascii: "'")
            ? range.lowerBound + 1..<range.upperBound : range
    }

    func isEmpty(_ index: Int) -> Bool { range(index).isEmpty }

    /// Replaces `value` by a cell.
    func copyCell(_ index: Int, to value: inout [UInt8]) {
        value.removeAll(keepingCapacity: true)
        value.append(row.span.extracting(range(index)))
    }

    /// Replaces `value` by a cell of text, its formula guard undone.
    func copyText(_ index: Int, to value: inout [UInt8]) {
        value.removeAll(keepingCapacity: true)
        value.append(row.span.extracting(textRange(index)))
    }

    func isCell(_ index: Int, _ expected: [UInt8]) -> Bool { equal(row.span.extracting(range(index)), expected) }

    /// True if a cell of text, its formula guard undone, is the expected one.
    func isText(_ index: Int, _ expected: [UInt8]) -> Bool { equal(row.span.extracting(textRange(index)), expected) }

    /// True if a cell is the number, in canonical spelling.
    func isNumber(_ index: Int, _ expected: Int) -> Bool {
        var rest = expected
        for byte in row[range(index)].reversed() {
            if rest == 0 || byte != UInt8(ascii: "0") + UInt8(rest % 10) { return false }
            rest /= 10
        }
        return rest == 0
    }

    /// The type that a cell names.
    func otherType(_ index: Int) -> OtherType? { OtherType(row.span.extracting(range(index))) }

    /// The error for something wrong in the row.
    func error(_ message: StaticString, _ code: PortabilityError.Code = .malformed) -> PortabilityError {
        DecodingFault(message: message, offset: 0, code: code).error(line: rowLine, start: rowByte)
    }

    private func errorHere(_ message: StaticString, _ code: PortabilityError.Code = .malformed) -> PortabilityError {
        DecodingFault(message: message, offset: at, code: code).error(line: line, start: chunkStart)
    }

    private mutating func refill() throws -> Bool {
        while true {
            guard let next = try source.next() else { return false }
            chunkStart += Int64(chunk.count)
            chunk = next
            at = 0
            if !chunk.isEmpty { return true }
        }
    }

    private mutating func skipByteOrderMark() throws {
        var start: [UInt8] = []
        while start.count < 3, try refill() { start += chunk }
        chunk = start
        chunkStart = 0
        at = start.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    /// Reads the next row, if there is one.
    mutating func advance() throws {
        hasRow = false
        hasRow = try readRow()
    }

    private mutating func readRow() throws -> Bool {
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
                let end = Marks.first(chunk.span, at..<chunk.count) { Marks.equal($0, UInt8(ascii: "\"")) }
                for index in at..<end where chunk[index] == UInt8(ascii: "\n") { line += 1 }
                copy(to: end)
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
    private mutating func copy(to end: Int) {
        let chunk = chunk
        row.append(chunk.span.extracting(at..<end))
        at = end
    }

    /// Reads what stands after a cell; true if it ends the row.
    private mutating func endCell(_ state: inout State) throws -> Bool {
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
        tables[0].copyText(0, to: &id)
        let id = id
        builder.beginRecord(id: id.span, subject: [UInt8]().span)
        _ = try readGroup(0, of: 0)
        try readOthers()
        try builder.endRecord()
        try tables[0].advance()
    }

    /// Reads the fields of a group from a row and the tables of its lists; false if there are none.
    private mutating func readGroup(_ group: Int, of row: Int) throws -> Bool {
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
                if try readGroup(nested, of: row) { hasFields = true }
                builder.endGroup()
            case .values(let table, let kind):
                builder.beginList(field)
                while try isAtElement(of: table) {
                    guard try readValue(table, plan.tables[table].keyColumns, kind) else {
                        throw tables[table].error("a list element without a value")
                    }
                    emit(field, kind)
                    hasFields = true
                    try tables[table].advance()
                }
                builder.endList()
            case .groups(let table, let nested):
                builder.beginList(field)
                while try isAtElement(of: table) {
                    builder.beginGroup(field)
                    guard try readGroup(nested, of: table) else {
                        throw tables[table].error("a list element without a value")
                    }
                    builder.endGroup()
                    hasFields = true
                    try tables[table].advance()
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

    /// True if the table's row is the list's next element in the current record and the current outer elements.
    private mutating func isAtElement(of table: Int) throws -> Bool {
        let levels = plan.tables[table].levels
        var isInside = isOfRecord(table)
        for (column, level) in levels.dropLast().enumerated() where isInside {
            isInside = tables[table].isNumber(column + 1, indices[level])
        }
        guard isInside else {
            indices[table] = 0
            return false
        }
        indices[table] += 1
        guard tables[table].isNumber(levels.count, indices[table]) else {
            throw tables[table].error("a list element that is not the next one")
        }
        return true
    }

    /// True if a child table has a row with the current record's id.
    private func isOfRecord(_ table: Int) -> Bool { tables[table].hasRow && tables[table].isText(0, id) }

    private mutating func readOthers() throws {
        var last: [UInt8]?
        let other = plan.other
        while isOfRecord(other) {
            var name: [UInt8] = []
            tables[other].copyText(1, to: &name)
            if let last, !precedes(last.span, name.span) {
                throw tables[other].error("`other` fields that are not in the order of their names")
            }
            guard let type = tables[other].otherType(2) else {
                throw tables[other].error("a type that `other` fields do not have")
            }
            tables[other].copyText(3, to: &value)
            let value = value
            guard values.isCanonical(type, value.span) else {
                throw tables[other].error("a value that `other` fields do not have")
            }
            builder.other(name.span, type.kind, value.span)
            last = name
            try tables[other].advance()
        }
    }

    /// Reads a cell into `value`; false if it is empty.
    private mutating func readValue(_ table: Int, _ column: Int, _ kind: ValueKind) throws -> Bool {
        if FormulaGuard.applies(to: kind) {
            tables[table].copyText(column, to: &value)
        } else {
            tables[table].copyCell(column, to: &value)
            if kind == .decimal && dialect.decimalComma { try readDecimalComma(table) }
        }
        if value.isEmpty {
            if !tables[table].isEmpty(column) { throw tables[table].error("a formula guard without a value") }
            return false
        }
        let value = value
        guard values.isCanonical(kind, value.span) else {
            throw tables[table].error("a value that is not of its column's type")
        }
        return true
    }

    private mutating func readDecimalComma(_ table: Int) throws {
        for index in value.indices {
            if value[index] == UInt8(ascii: ".") {
                throw tables[table].error("a decimal with a point where a comma is declared")
            }
            if value[index] == UInt8(ascii: ",") { value[index] = UInt8(ascii: ".") }
        }
    }
}
