import PortabilityModel
import PortabilityText
import SourceFiles

/// Turns the cells of one file into text.
struct CellReader {
    /// nil for UTF-8 in which a cell that is not valid is Windows-1252.
    let encoding: TextEncoding?
    let null: [UInt8]?
    /// Cells that were read as Windows-1252 since they are not valid UTF-8.
    private(set) var assumed: Int64 = 0
    /// Signs that the declared encoding does not have. What is not valid UTF-8 is counted where it is replaced.
    private(set) var invalidText: Int64 = 0
    private var raw: [UInt8] = []

    init(_ form: CSVForm, null: String?) {
        encoding = form.isUTF16 ? .utf8 : form.encoding
        self.null = null.map { Array($0.utf8) }
    }

    /// Puts the text of a cell into `out`, empty if it has no value. UTF-8, but for what is not valid in it.
    mutating func read(_ cell: CSVScanner.Cell, of scanner: borrowing CSVScanner, into out: inout [UInt8]) {
        out.removeAll(keepingCapacity: true)
        let bytes = scanner.bytes(of: cell)
        if let null, !cell.isQuoted, bytes.elementsEqual(null) { return }
        if !cell.isCoded {
            decode(bytes.span, into: &out)
            return
        }
        raw.removeAll(keepingCapacity: true)
        scanner.decode(cell, into: &raw)
        var text: [UInt8] = []
        swap(&text, &raw)
        decode(text.span, into: &out)
        swap(&text, &raw)
    }

    private mutating func decode(_ text: Span<UInt8>, into out: inout [UInt8]) {
        switch encoding {
        case .utf8?: out.append(text)
        case let encoding?: invalidText += Int64(encoding.decode(text, into: &out))
        case nil:
            if isValidUTF8(text) {
                out.append(text)
            } else {
                assumed += 1
                _ = TextEncoding.windows1252.decode(text, into: &out)
            }
        }
    }

    /// True if a cell has one of some values, given in UTF-8.
    mutating func isAny(
        _ values: [[UInt8]], _ cell: CSVScanner.Cell, of scanner: borrowing CSVScanner, scratch: inout [UInt8]
    ) -> Bool {
        let bytes = scanner.bytes(of: cell)
        if !cell.isCoded, null == nil, encoding == .utf8 || Self.isASCII(bytes) {
            for value in values where value.count == bytes.count && value.elementsEqual(bytes) { return true }
            return false
        }
        let before = (assumed, invalidText)
        read(cell, of: scanner, into: &scratch)
        (assumed, invalidText) = before
        return values.contains(scratch)
    }

    /// True if a cell has no value, such as one with the dialect's word for that.
    mutating func isEmpty(_ cell: CSVScanner.Cell, of scanner: borrowing CSVScanner, scratch: inout [UInt8]) -> Bool {
        if !cell.isCoded, null == nil { return cell.start == cell.end }
        let before = (assumed, invalidText)
        read(cell, of: scanner, into: &scratch)
        (assumed, invalidText) = before
        return scratch.isEmpty
    }

    private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var marks: UInt8 = 0
        for byte in bytes { marks |= byte }
        return marks < 0x80
    }
}

/// The columns of one file.
struct CSVTable {
    /// Names, each once: a repeated one is marked `#2`, `#3`; one that is missing is `column_` and its place.
    var names: [[UInt8]] = []
    /// By column: whether the file gives it a name.
    var isNamed: [Bool] = []

    /// - Parameter cells: The cells of the header, or nil and the number of columns.
    init(header cells: [[UInt8]]?, count: Int) {
        guard let cells else {
            names = (0..<count).map(Self.name)
            isNamed = [Bool](repeating: true, count: count)
            return
        }
        var taken: Set<[UInt8]> = Set(cells)
        var seen: Set<[UInt8]> = []
        for (index, cell) in cells.enumerated() {
            isNamed.append(!cell.isEmpty)
            let own = cell.isEmpty ? Self.name(index) : cell
            var name = own
            // A name that stands in the header is its first column's.
            if cell.isEmpty ? !taken.insert(own).inserted : !seen.insert(own).inserted {
                var ordinal = 2
                repeat {
                    name = own + Array("#\(ordinal)".utf8)
                    ordinal += 1
                } while !taken.insert(name).inserted
            }
            names.append(name)
        }
    }

    /// What a column without a name is called; `index` is 0-based.
    static func name(_ index: Int) -> [UInt8] { Array("column_\(index + 1)".utf8) }

    func index(of name: [UInt8]) -> Int? { names.firstIndex(of: name) }

    /// How many cells a row has to have: columns without a name at the end may be missing.
    var leastCells: Int {
        var count = names.count
        while count > 0, !isNamed[count - 1] { count -= 1 }
        return count
    }
}

/// What becomes of the columns of one file in one dataset.
struct CSVColumns {
    enum Use {
        case field(Int)
        case other
        case excluded
        case key
    }

    /// Index in the plan.
    let dataset: Int
    /// By match of the dataset, -1 where the file has no such column.
    let matches: [Int]
    let recordID: Int
    let tenant: Int
    let filter: Int
    /// By column; a column may be the source of several fields.
    let uses: [[Use]]

    init(_ dataset: CSVPlan.Dataset, index: Int, table: CSVTable) {
        self.dataset = index
        func place(_ column: [UInt8]?) -> Int { column.flatMap(table.index) ?? -1 }
        matches = dataset.matches.map { place($0.column) }
        recordID = place(dataset.recordID)
        tenant = place(dataset.tenant)
        filter = place(dataset.filter?.column)
        let key = recordID
        uses = table.names.enumerated().map { column, name in
            let fields = dataset.fields.indices.filter { dataset.fields[$0].column == name }
            if !fields.isEmpty { return fields.map { .field($0) } }
            if dataset.excluded.contains(where: { $0.column == name }) { return [.excluded] }
            return [column == key ? .key : .other]
        }
    }
}
