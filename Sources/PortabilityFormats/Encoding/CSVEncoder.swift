import PortabilityModel

/// CSV: the dataset's own table and one per list, and `other`.
struct CSVEncoder: DatasetEncoder {
    private struct FieldPlan: Sendable {
        enum Role: UInt8 {
            /// A column that no spreadsheet could run.
            case plain
            /// A column of text.
            case text
            /// A column of decimals, written with a comma.
            case decimalComma
            case group
        }
        var role: Role
        var isList: Bool
        /// For a list, its table.
        var table: Int32
        /// For a single value, its column.
        var column: Int32
        /// For groups, the index of the nested group's first field.
        var nested: Int32
    }

    private struct Frame {
        var base: Int
        var table: Int
        var inList: Bool
    }

    /// Where a table stands while it is written.
    private struct Row {
        /// The column last begun.
        var column = 0
        /// The current element of the list.
        var index = 0
        /// Rows begun in this batch.
        var rows: Int64 = 0
    }

    var tables: [EncodedTable]
    private let plan: TablePlan
    private let dialect: CSVDialect
    private let fields: [FieldPlan]
    /// What the last batch made of each table, for the next one to have room.
    private var lastSizes: [Int]

    init(layout: EntityLayout, dialect: CSVDialect) {
        plan = TablePlan(layout)
        self.dialect = dialect
        tables = plan.tables.map { EncodedTable(path: $0.path) }
        lastSizes = Array(repeating: 0, count: plan.tables.count)
        let bases = layout.groupBases
        func role(_ kind: ValueKind) -> FieldPlan.Role {
            if FormulaGuard.applies(to: kind) { return .text }
            return kind == .decimal && dialect.decimalComma ? .decimalComma : .plain
        }
        fields = plan.targets.joined().map { target in
            switch target {
            case .column(let column, let kind):
                FieldPlan(role: role(kind), isList: false, table: -1, column: Int32(column), nested: -1)
            case .group(let group):
                FieldPlan(role: .group, isList: false, table: -1, column: -1, nested: Int32(bases[group]))
            case .groups(let table, let group):
                FieldPlan(
                    role: .group, isList: true, table: Int32(table), column: -1, nested: Int32(bases[group]))
            case .values(let table, let kind):
                FieldPlan(role: role(kind), isList: true, table: Int32(table), column: -1, nested: -1)
            }
        }
    }

    mutating func begin() { tables[0].bytes.append(contentsOf: header(of: 0)) }

    mutating func end() {}

    /// The byte order mark, if the dialect has one, and the names of the columns.
    private func header(of table: Int) -> [UInt8] {
        var bytes: [UInt8] = dialect.bom ? [0xef, 0xbb, 0xbf] : []
        let names = plan.tables[table].columns.map(\.name)
        bytes.append(contentsOf: names.joined(separator: String(UnicodeScalar(dialect.delimiter))).utf8)
        bytes.append(contentsOf: "\r\n".utf8)
        return bytes
    }

    mutating func encode(_ batch: RecordBatch) {
        let writers = ByteWriters(count: tables.count)
        for index in tables.indices {
            writers[index].resume(exchange(&tables[index].bytes, with: []), expecting: lastSizes[index])
        }
        var rows = Array(repeating: Row(), count: tables.count)
        var frames: [Frame] = []
        let tokens = batch.tokens.span
        let bytes = batch.bytes.span
        for index in batch.records.indices {
            let head = batch.records[index]
            appendID(bytes, head.id.range, &writers[0])
            rows[0].column = 0
            rows[0].rows += 1
            appendFields(tokens, head, bytes, writers, &rows, &frames)
            endRow(0, rows[0].column, &writers[0])
        }
        for index in tables.indices {
            tables[index].bytes = writers[index].take()
            lastSizes[index] = tables[index].bytes.count + tables[index].bytes.count / 16
            tables[index].rows += rows[index].rows
        }
    }

    @inline(__always)
    private func appendFields(
        _ tokens: Span<TapeToken>, _ head: RecordHead, _ bytes: Span<UInt8>, _ writers: borrowing ByteWriters,
        _ rows: inout [Row], _ frames: inout [Frame]
    ) {
        let fields = fields.span
        var base = 0
        var table = 0
        var inList = false
        for index in head.tokens {
            let token = tokens[index]
            if token.kind.rawValue < TokenKind.groupBegin.rawValue {
                if token.field == TapeToken.otherField {
                    appendOther(tokens[index - 1].range, token, bytes, &writers[plan.other])
                    continue
                }
                let field = fields[base &+ Int(token.field)]
                if inList {
                    beginRow(table, head, bytes, writers, &rows)
                    writers[table].append(dialect.delimiter)
                    appendCell(bytes, token.range, field.role, &writers[table])
                    writers[table].append("\r\n")
                } else {
                    let column = Int(field.column)
                    skip(from: rows[table].column, to: column, &writers[table])
                    rows[table].column = column
                    appendCell(bytes, token.range, field.role, &writers[table])
                }
                continue
            }
            switch token.kind {
            case .groupBegin:
                frames.append(Frame(base: base, table: table, inList: inList))
                if inList { beginRow(table, head, bytes, writers, &rows) }
                base = Int(fields[base &+ Int(token.field)].nested)
                inList = false
            case .groupEnd:
                let frame = frames.removeLast()
                if frame.inList { endRow(table, rows[table].column, &writers[table]) }
                base = frame.base
                table = frame.table
                inList = frame.inList
            case .listBegin:
                table = Int(fields[base &+ Int(token.field)].table)
                rows[table].index = 0
                inList = true
            case .listEnd:
                table = plan.tables[table].parent
                inList = false
            default:
                beginOther(head, bytes, writers, &rows)
            }
        }
    }

    /// Writes the key of a list's next row.
    private func beginRow(
        _ table: Int, _ head: RecordHead, _ bytes: Span<UInt8>, _ writers: borrowing ByteWriters, _ rows: inout [Row]
    ) {
        appendHeader(table, writers, &rows)
        rows[table].index += 1
        let levels = plan.tables[table].levels
        rows[table].column = levels.count
        appendID(bytes, head.id.range, &writers[table])
        for level in levels {
            writers[table].append(dialect.delimiter)
            writers[table].append(decimal: rows[level].index)
        }
    }

    private func beginOther(
        _ head: RecordHead, _ bytes: Span<UInt8>, _ writers: borrowing ByteWriters, _ rows: inout [Row]
    ) {
        appendHeader(plan.other, writers, &rows)
        appendID(bytes, head.id.range, &writers[plan.other])
        writers[plan.other].append(dialect.delimiter)
    }

    @inline(__always)
    private func appendHeader(_ table: Int, _ writers: borrowing ByteWriters, _ rows: inout [Row]) {
        if rows[table].rows == 0 && tables[table].rows == 0 { writers[table].append(header(of: table).span) }
        rows[table].rows += 1
    }

    @inline(__always)
    private func appendOther(
        _ name: Range<Int>, _ token: TapeToken, _ bytes: Span<UInt8>, _ writer: inout ByteWriter
    ) {
        appendCell(bytes, name, .text, &writer)
        writer.append(dialect.delimiter)
        writer.append(OtherType(token.kind, bytes, token.range).name)
        writer.append(dialect.delimiter)
        appendCell(bytes, token.range, .text, &writer)
        writer.append("\r\n")
    }

    @inline(__always)
    private func skip(from column: Int, to target: Int, _ writer: inout ByteWriter) {
        var column = column
        while column < target {
            writer.append(dialect.delimiter)
            column &+= 1
        }
    }

    @inline(__always)
    private func endRow(_ table: Int, _ column: Int, _ writer: inout ByteWriter) {
        skip(from: column, to: plan.tables[table].columns.count - 1, &writer)
        writer.append("\r\n")
    }

    /// The first cell of a row: quoted also where it would be taken for a byte order mark.
    @inline(__always)
    private func appendID(_ bytes: Span<UInt8>, _ range: Range<Int>, _ writer: inout ByteWriter) {
        if range.isEmpty || bytes[range.lowerBound] == 0xef {
            appendQuoted(bytes, range, isGuarded: false, &writer)
        } else {
            appendCell(bytes, range, .text, &writer)
        }
    }

    @inline(__always)
    private func appendCell(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ role: FieldPlan.Role, _ writer: inout ByteWriter
    ) {
        guard range.lowerBound < range.upperBound else { return }
        if role == .decimalComma {
            appendDecimal(bytes, range, &writer)
            return
        }
        let isGuarded = role == .text && FormulaGuard.isNeeded(bytes, range)
        if isGuarded || needsQuotes(bytes, range) {
            appendGuarded(bytes, range, isGuarded, &writer)
        } else {
            writer.append(bytes, range)
        }
    }

    @inline(__always)
    private func needsQuotes(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        bytes[range.lowerBound] == UInt8(ascii: " ") || bytes[range.upperBound &- 1] == UInt8(ascii: " ")
            || holdsSpecial(bytes, range)
    }

    /// True if the text holds a delimiter, a quote, CR or LF.
    @inline(__always)
    private func holdsSpecial(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let delimiter = dialect.delimiter
        return Marks.first(bytes, range) {
            Marks.equal($0, delimiter) | Marks.equal($0, UInt8(ascii: "\"")) | Marks.equal($0, UInt8(ascii: "\n"))
                | Marks.equal($0, UInt8(ascii: "\r"))
        } < range.upperBound
    }

    @inline(never)
    private func appendGuarded(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ isGuarded: Bool, _ writer: inout ByteWriter
    ) {
        if holdsSpecial(bytes, range) || bytes[range.upperBound - 1] == UInt8(ascii: " ")
            || (!isGuarded && bytes[range.lowerBound] == UInt8(ascii: " "))
        {
            appendQuoted(bytes, range, isGuarded: isGuarded, &writer)
        } else {
            if isGuarded { writer.append(UInt8(ascii: "'")) }
            writer.append(bytes, range)
        }
    }

    @inline(never)
    private func appendQuoted(
        _ bytes: Span<UInt8>, _ range: Range<Int>, isGuarded: Bool, _ writer: inout ByteWriter
    ) {
        writer.append(UInt8(ascii: "\""))
        if isGuarded { writer.append(UInt8(ascii: "'")) }
        writer.append(bytes, range, escaping: { Marks.equal($0, UInt8(ascii: "\"")) }) { _, writer in
            writer.put("\"\"")
        }
        writer.append(UInt8(ascii: "\""))
    }

    private func appendDecimal(_ bytes: Span<UInt8>, _ range: Range<Int>, _ writer: inout ByteWriter) {
        let point = Marks.first(bytes, range) { Marks.equal($0, UInt8(ascii: ".")) }
        writer.append(bytes, range.lowerBound..<point)
        if point < range.upperBound {
            writer.append(UInt8(ascii: ","))
            writer.append(bytes, point + 1..<range.upperBound)
        }
    }
}
