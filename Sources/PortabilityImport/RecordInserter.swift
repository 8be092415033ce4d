import PortabilityModel

/// Walks tapes and inserts their rows.
///
/// Statements are prepared once per entity; values are bound where they lie in the batch.
final class RecordInserter {
    /// Where a field's value goes.
    private enum Target {
        case column(ImportStatement, Int32, ValueKind)
        case group(Int)
        case groups(table: Int, group: Int)
        case values(table: Int, ImportStatement, Int32, ValueKind)
    }

    /// The rows of a table that are open.
    private struct Level {
        /// Parameter of an index column, and whose table's counter stands there.
        var indices: [(parameter: Int32, table: Int)]
        var archiveParameter: Int32
    }

    private struct Frame {
        var group: Int
        /// The table whose row the group is; -1 for a group within its row.
        var table: Int
        /// The list that is open, -1 if none.
        var list: Int
        var isValues: Bool
    }

    let tables: ImportTables
    private let statements: [ImportStatement]
    private let targets: [[Target]]
    private let levels: [Level]
    private let findDocument: ImportStatement
    private var counters: [Int64]
    private var frames: [Frame] = []
    private var archive: Int64 = 0
    private var dataset: Int64 = 0
    private var record: Int64
    private var ordinal: Int64 = 0
    /// Rows inserted into each table.
    private(set) var rows: [Int64]

    init(_ tables: ImportTables, _ connection: ImportConnection) throws {
        self.tables = tables
        let statements = try tables.tables.indices.map { try connection.prepare(tables.insert($0)) }
        self.statements = statements
        var table = Array(repeating: 0, count: tables.plan.targets.count)
        for case .groups(let index, let group) in tables.plan.targets.joined() { table[group] = index }
        var resolved: [[Target]] = []
        for (group, targets) in tables.plan.targets.enumerated() {
            // Groups follow the groups that they are in.
            let own = table[group]
            resolved.append(
                targets.map { target in
                    switch target {
                    case .column(let column, let kind):
                        return .column(statements[own], tables.parameter(table: own, column: column), kind)
                    case .group(let nested):
                        table[nested] = own
                        return .group(nested)
                    case .groups(let list, let nested): return .groups(table: list, group: nested)
                    case .values(let list, let kind):
                        let column = tables.plan.tables[list].columns.count - 1
                        return .values(
                            table: list, statements[list], tables.parameter(table: list, column: column), kind)
                    }
                })
        }
        targets = resolved
        levels = tables.tables.indices.map { index in
            Level(
                indices: tables.plan.tables[index].levels.enumerated().map {
                    (tables.parameter(table: index, column: $0.offset + 1), $0.element)
                },
                archiveParameter: index > 0 && tables.tables[index].hasReferences ? 2 : 0)
        }
        findDocument = try connection.prepare("SELECT 1 FROM \"_documents\" WHERE \"archive\" = ? AND \"path\" = ?")
        counters = Array(repeating: 0, count: statements.count)
        rows = counters
        record =
            try connection.integer("SELECT max(\"_record\") FROM \(ImportTables.quote(tables.entity))") ?? 0
    }

    func begin(archive: Int64, dataset: Int64) {
        self.archive = archive
        self.dataset = dataset
        ordinal = 0
    }

    /// Inserts the rows of a batch.
    ///
    /// - Throws: `verification`, `output`, each with the record's place in its dataset.
    func insert(_ batch: RecordBatch) throws {
        try batch.bytes.withUnsafeBufferPointer { bytes in
            for head in batch.records {
                ordinal += 1
                do {
                    try insert(head, batch.tokens.span, bytes)
                } catch let failure as SQLiteFailure {
                    throw failure.error.within(.init(record: ordinal))
                } catch let error as PortabilityError {
                    throw error.within(.init(record: ordinal))
                }
            }
        }
    }

    private func insert(
        _ head: RecordHead, _ tokens: Span<TapeToken>, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws {
        record += 1
        frames.removeAll(keepingCapacity: true)
        frames.append(Frame(group: 0, table: 0, list: -1, isValues: false))
        let own = statements[0]
        try own.bind(1, record)
        try own.bind(2, archive)
        try own.bind(3, dataset)
        try own.bind(4, ordinal)
        try own.bind(5, text: slice(bytes, head.id.range))
        let other = statements[tables.plan.other]
        for index in head.tokens {
            let token = tokens[index]
            if let kind = token.kind.value {
                if token.field == TapeToken.otherField {
                    try bindName(of: kind, to: other)
                    try bind(other, 4, kind, token, bytes)
                    try insertRow(tables.plan.other)
                    continue
                }
                let group = frames[frames.count - 1].group
                switch targets[group][Int(token.field)] {
                case .column(let statement, let parameter, let kind):
                    try bind(statement, parameter, kind, token, bytes)
                case .values(let table, let statement, let parameter, let kind):
                    try beginRow(table)
                    try bind(statement, parameter, kind, token, bytes)
                    try insertRow(table)
                case .group, .groups: throw Self.shapeError
                }
                continue
            }
            switch token.kind {
            case .groupBegin:
                let group = frames[frames.count - 1].group
                switch targets[group][Int(token.field)] {
                case .group(let nested):
                    frames.append(Frame(group: nested, table: -1, list: -1, isValues: false))
                case .groups(let table, let nested):
                    try beginRow(table)
                    frames.append(Frame(group: nested, table: table, list: -1, isValues: false))
                case .column, .values: throw Self.shapeError
                }
            case .groupEnd:
                let frame = frames.removeLast()
                if frame.table > 0 { try insertRow(frame.table) }
            case .listBegin:
                switch targets[frames[frames.count - 1].group][Int(token.field)] {
                case .groups(let table, _), .values(let table, _, _, _): counters[table] = 0
                case .column, .group: throw Self.shapeError
                }
            case .otherName:
                try other.bind(1, record)
                try other.bind(2, text: slice(bytes, token.range))
            default: break
            }
        }
        try insertRow(0)
    }

    /// A tape that is not of the layout, which no reader of ours makes.
    private static let shapeError = PortabilityError(.drift, "a record does not have the shape of its entity")

    @inline(__always)
    private func slice(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }

    private func beginRow(_ table: Int) throws {
        counters[table] += 1
        let statement = statements[table]
        try statement.bind(1, record)
        let level = levels[table]
        if level.archiveParameter > 0 { try statement.bind(level.archiveParameter, archive) }
        for index in level.indices { try statement.bind(index.parameter, counters[index.table]) }
    }

    private func insertRow(_ table: Int) throws {
        try statements[table].insert()
        rows[table] += 1
    }

    private func bindName(of kind: ValueKind, to statement: ImportStatement) throws {
        let name = Self.names[Int(kind.rawValue)]
        try statement.bind(3, text: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// ``ValueKind/name`` by raw value, where no memory has to be made for them.
    private static let names: [StaticString] = [
        "", "string", "integer", "decimal", "boolean", "date", "time", "timestamp", "local-timestamp", "duration",
        "json", "reference",
    ]

    @inline(__always)
    private func bind(
        _ statement: ImportStatement, _ parameter: Int32, _ kind: ValueKind, _ token: TapeToken,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws {
        let text = slice(bytes, token.range)
        switch kind {
        case .integer:
            if let number = Self.integer(text) {
                try statement.bind(parameter, number)
            } else {
                try statement.bind(parameter, text: text)
            }
        case .boolean: try statement.bind(parameter, text.first == UInt8(ascii: "t") ? 1 : 0)
        case .reference:
            try checkDocument(text)
            try statement.bind(parameter, text: text)
        default: try statement.bind(parameter, text: text)
        }
    }

    private func checkDocument(_ path: UnsafeBufferPointer<UInt8>) throws {
        try findDocument.bind(1, archive)
        try findDocument.bind(2, text: path)
        defer { findDocument.reset() }
        guard try findDocument.step() else {
            throw PortabilityError(
                .verification, "a record names a document that is not in the archive",
                remedy: "Get the archive again from where it came from")
        }
    }

    /// The value of a canonical integer, nil if it does not fit 64 bits.
    @inline(__always)
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let first = text.first, text.count <= 20 else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        var value: Int64 = 0
        for byte in text.dropFirst(isNegative ? 1 : 0) {
            let digit = Int64(byte &- UInt8(ascii: "0"))
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflows) = product.subtractingReportingOverflow(digit)
            if overflow || overflows { return nil }
            value = next
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }
}
