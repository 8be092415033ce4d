import PortabilityModel
import PortabilityText
import SourceFiles

/// Reads the rows of files: decides whose each is, and has what belongs to the subject written.
struct CSVRows: ~Copyable {
    private let plan: CSVPlan
    private let dialect: CSVConfiguration.Dialect
    private let writers: [CSVWriter]
    /// By dataset of the plan and match: the subject's values.
    private let subject: [[[[UInt8]]]]
    private var keys: RecordKeys
    var tally: CSVTally

    private var scratch: [UInt8] = []
    /// Of the row at hand, once it was made.
    private var computedKey: [UInt8]?

    // Of the file at hand.
    private var file = 0
    private var form: CSVForm
    private var cells: CellReader
    private var table: CSVTable?
    private var columns: [CSVColumns] = []
    private var datasets: [Int] = []
    /// True if the rows cannot be given to anybody.
    private(set) var isBarren = false

    init(
        plan: CSVPlan, dialect: CSVConfiguration.Dialect, writers: [CSVWriter], subject: SubjectKeys, source: String,
        digest: @escaping DigestFactory
    ) {
        self.plan = plan
        self.dialect = dialect
        self.writers = writers
        self.subject = plan.datasets.map { dataset in
            dataset.matches.map { match in subject[match.kind].map { Array($0.utf8) } }
        }
        keys = RecordKeys(source: source, datasets: writers.count, digest: digest)
        tally = CSVTally(source: source)
        form = CSVForm(signs: CSVSigns(delimiter: Sign.comma, trims: false), encoding: .utf8)
        cells = CellReader(form, null: nil)
    }

    /// Begins a file that some datasets of the plan read.
    mutating func begin(_ file: Int, _ form: CSVForm, datasets: [Int]) {
        self.file = file
        self.datasets = datasets
        cells = CellReader(form, null: dialect.null)
        table = nil
        columns = []
        isBarren = false
        self.form = form
    }

    /// Ends the file.
    ///
    /// - Returns: false if it has no rows at all.
    mutating func end() -> Bool {
        tally.assumedCells += cells.assumed
        tally.invalidText += cells.invalidText
        tally.repeatedKeys = keys.repeated
        return table != nil || isBarren
    }

    /// Reads one row.
    ///
    /// - Returns: true if a dataset's batch is full and has to be taken.
    mutating func read(_ row: CSVScanner.Row, of scanner: borrowing CSVScanner) throws -> Bool {
        guard let table else {
            begin(row, of: scanner)
            return try dialect.hasHeader || table == nil ? false : read(row, of: scanner)
        }
        let wanted = table.names.count
        if row.flags.contains(.isOpen) {
            tally.bad(.open, row, file: file)
            return false
        }
        if row.flags.contains(.tooLarge) {
            tally.bad(.tooLarge, row, file: file)
            return false
        }
        if row.cellCount != wanted {
            if row.cellCount == 1, wanted > 1, Self.isBlank(scanner.cell(0), of: scanner) { return false }
            let isShort = row.cellCount < table.leastCells
            let isLong =
                row.cellCount > wanted
                && (wanted..<row.cellCount).contains { scanner.cell($0).start < scanner.cell($0).end }
            if isShort || isLong {
                tally.bad(row.flags.contains(.manyLines) ? .torn : .ragged, row, file: file)
                // What a missing quote has swallowed may be another's.
                if row.flags.contains(.manyLines) { return false }
            }
        }
        // With one column there is no delimiter by which a line could be known as a row.
        if row.flags.contains(.manyLines), !dialect.trustsLines, wanted > 1,
            row.swallowed >= max(1, table.leastCells - 1)
        {
            tally.bad(.swallowed, row, file: file)
            return false
        }
        if !row.flags.isEmpty {
            if row.flags.isSuperset(of: [.tail, .manyLines]) {
                tally.bad(.torn, row, file: file)
                return false
            }
            tally.odd(row.flags)
        }
        var isOwn = false
        var isTaken = false
        var isFull = false
        computedKey = nil
        for index in columns.indices {
            guard let match = owner(row, of: scanner, columns[index]) else { continue }
            isOwn = true
            if !takes(row, of: scanner, columns[index]) { continue }
            isTaken = true
            for (ordinal, writer) in writers.enumerated() where writer.dataset == columns[index].dataset {
                try write(row, of: scanner, table, columns[index], match: match, ordinal, writer)
                if writer.isFull { isFull = true }
            }
        }
        if isOwn, !isTaken { tally.untaken += 1 }
        return isFull
    }

    /// Takes the first row as header, or as what tells the number of columns.
    private mutating func begin(_ row: CSVScanner.Row, of scanner: borrowing CSVScanner) {
        if isBarren { return }
        guard let header = Self.table(of: row, in: scanner, &cells, hasHeader: dialect.hasHeader) else {
            tally.bad(.header, row, file: file)
            isBarren = true
            return
        }
        table = header
        tally.assumed(form)
        columns = datasets.map { CSVColumns(plan.datasets[$0], index: $0, table: header) }
        isBarren = Self.note(columns, header, plan, in: &tally)
    }

    /// The columns as the first row tells them; nil if it cannot be read.
    static func table(
        of row: CSVScanner.Row, in scanner: borrowing CSVScanner, _ cells: inout CellReader, hasHeader: Bool
    ) -> CSVTable? {
        if !row.flags.isDisjoint(with: [.tooLarge, .isOpen]) { return nil }
        if row.flags.isSuperset(of: [.tail, .manyLines]) { return nil }
        if !hasHeader { return CSVTable(header: nil, count: row.cellCount) }
        var names: [[UInt8]] = []
        for index in 0..<row.cellCount {
            var text: [UInt8] = []
            cells.read(scanner.cell(index), of: scanner, into: &text)
            var name: [UInt8] = []
            _ = appendRepaired(text.span, into: &name)
            names.append(name)
        }
        return CSVTable(header: names, count: names.count)
    }

    /// Notes which columns of the configuration a file lacks; true if nobody's rows can be told in it.
    static func note(_ columns: [CSVColumns], _ table: CSVTable, _ plan: CSVPlan, in tally: inout CSVTally) -> Bool {
        var isBarren = true
        for columns in columns {
            let dataset = plan.datasets[columns.dataset]
            let isLost = columns.matches.allSatisfy { $0 < 0 }
            if !isLost { isBarren = false }
            for (column, isMatch) in dataset.named where table.index(of: column) == nil {
                tally.missing(column, dataset.id, losesRecords: isLost && isMatch)
            }
        }
        return isBarren
    }

    private static func isBlank(_ cell: CSVScanner.Cell, of scanner: borrowing CSVScanner) -> Bool {
        !cell.isQuoted && scanner.bytes(of: cell).allSatisfy { $0 == Sign.space || $0 == Sign.tab }
    }

    /// The match by which the row is the subject's; nil if it is not.
    @inline(__always)
    private mutating func owner(
        _ row: CSVScanner.Row, of scanner: borrowing CSVScanner, _ columns: CSVColumns
    ) -> Int? {
        let dataset = columns.dataset
        var namesSomeone = false
        for match in columns.matches.indices {
            let column = columns.matches[match]
            if column < 0 || column >= row.cellCount { continue }
            let cell = scanner.cell(column)
            if cell.start == cell.end { continue }
            let isUnique = plan.datasets[dataset].matches[match].isUnique
            if !isUnique, namesSomeone { return nil }
            if cells.isAny(subject[dataset][match], cell, of: scanner, scratch: &scratch) { return match }
            if isUnique {
                if cells.isEmpty(cell, of: scanner, scratch: &scratch) { continue }
                if !subject[dataset][match].isEmpty { return nil }
                namesSomeone = true
            }
        }
        return nil
    }

    /// True if the dataset's filter lets the row pass.
    private mutating func takes(
        _ row: CSVScanner.Row, of scanner: borrowing CSVScanner, _ columns: CSVColumns
    ) -> Bool {
        guard let filter = plan.datasets[columns.dataset].filter else { return true }
        guard columns.filter >= 0, columns.filter < row.cellCount else { return false }
        return cells.isAny(filter.values, scanner.cell(columns.filter), of: scanner, scratch: &scratch)
    }

    private mutating func write(
        _ row: CSVScanner.Row, of scanner: borrowing CSVScanner, _ table: CSVTable, _ columns: CSVColumns, match: Int,
        _ ordinal: Int, _ writer: CSVWriter
    ) throws {
        func text(_ column: Int, _ cells: inout CellReader) -> [UInt8] {
            guard column >= 0, column < row.cellCount else { return [] }
            var raw: [UInt8] = []
            cells.read(scanner.cell(column), of: scanner, into: &raw)
            var text: [UInt8] = []
            _ = appendRepaired(raw.span, into: &text)
            return text
        }
        let own = text(columns.recordID, &cells)
        let bytes = scanner.bytes(of: row)
        if bytes.contains(0) { tally.nul() }
        if own.isEmpty, computedKey == nil { computedKey = keys.computed(bytes.span) }
        let head = CSVWriter.Head(
            id: own.isEmpty ? computedKey ?? [] : keys.own(own, dataset: ordinal),
            subject: text(columns.matches[match], &cells),
            subjectKind: plan.datasets[columns.dataset].matches[match].kindIndex,
            tenant: plan.datasets[columns.dataset].tenant == nil ? nil : text(columns.tenant, &cells), file: file,
            position: UInt64(row.offset))
        do {
            try writer.write(row, of: scanner, &cells, table, columns, head: head)
        } catch let error as PortabilityError where error.code == .limit {
            tally.bad(.tooLarge, row, file: file)
        }
    }
}
