import PortabilityModel

/// What the records that are shown have, so that a table needs no column without a value, and none with the same value
/// throughout.
struct ColumnCensus {
    private struct Column {
        var count: Int64 = 0
        /// Where the first value is; nil for a group or a list, and once another value was seen.
        var constant: (batch: RecordBatch, token: TapeToken)?
    }
    private var columns: [Column]
    private let layout: EntityLayout
    private(set) var rows: Int64 = 0
    private(set) var hasOthers = false
    private var hasLongText = false
    private var groupLists: Set<Int> = []

    init(_ layout: EntityLayout) {
        self.layout = layout
        columns = Array(repeating: Column(), count: layout.groups[0].fields.count)
    }

    mutating func take(_ view: RecordView) {
        rows += 1
        view.forEachField { index, content in
            columns[index].count += 1
            guard case .value(let token) = content() else {
                columns[index].constant = nil
                groupLists.insert(index)
                return
            }
            if token.length > 100 { hasLongText = true }
            if columns[index].count == 1, rows == 1 {
                // A batch of its own: the one at hand may be large, and must not be kept.
                let bytes = Array(view.batch.bytes[token.range])
                var own = token
                own.offset = 0
                columns[index].constant = (
                    RecordBatch(dataset: 0, bytes: bytes, tokens: [], records: []), own
                )
            } else if let constant = columns[index].constant,
                !view.batch.bytes[token.range].elementsEqual(constant.batch.bytes)
            {
                columns[index].constant = nil
            }
        }
        if !view.others.isEmpty { hasOthers = true }
    }

    private func isShown(_ index: Int) -> Bool {
        columns[index].count > 0 && layout.groups[0].fields[index].definition.sensitivity != .secret
    }

    /// Fields whose value is the same in all of three or more records, unless that is true of all fields.
    var constants: [(field: Int, batch: RecordBatch, token: TapeToken)] {
        guard rows >= 3 else { return [] }
        let same = columns.indices.compactMap { index -> (field: Int, batch: RecordBatch, token: TapeToken)? in
            guard isShown(index), columns[index].count == rows, let constant = columns[index].constant else {
                return nil
            }
            return (index, constant.batch, constant.token)
        }
        return same.count < columns.indices.count(where: isShown) ? same : []
    }

    /// The other fields that have a value, the one that dates the records first.
    func shown(date: String?) -> [Int] {
        let constant = Set(constants.map(\.field))
        var shown = columns.indices.filter { isShown($0) && !constant.contains($0) }
        if let date, let index = layout.groups[0].index(of: date), let position = shown.firstIndex(of: index) {
            shown.remove(at: position)
            shown.insert(index, at: 0)
        }
        return shown
    }

    /// Whether records are better read one by one than as rows of a table.
    var isWide: Bool {
        rows < 3 || hasLongText || groupLists.count > 1
            || columns.indices.count(where: isShown) - constants.count + (hasOthers ? 1 : 0) > 9
    }
}
