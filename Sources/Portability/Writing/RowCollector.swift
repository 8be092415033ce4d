import PortabilityModel
import PortabilityReport

/// Keeps the newest records of a dataset for the page, and counts records by month, as the batches pass by.
///
/// Holds at most ``limit`` records, each cut to ``largestRecord`` tokens and values of ``longestValue`` bytes; O(records)
/// in time, with a copy only of those that may be among the newest.
struct RowCollector {
    private struct Kept {
        let date: [UInt8]
        let sequence: Int64
        let record: RecordBatch
    }

    static let limit = 40
    static let largestRecord = 2000
    static let longestValue = 8192
    /// Months that are counted one by one; a log of forged dates must not fill the memory.
    static let months = 1200

    private let dateField: Int?
    /// Ascending by date and sequence.
    private var newest: [Kept] = []
    private var total: Int64 = 0
    private var monthCounts: [[UInt8]: Int64] = [:]
    private var month: [UInt8] = []
    private var monthCount: Int64 = 0
    private var earliest: [UInt8] = []
    private var latest: [UInt8] = []

    /// - Parameter dateField: index of the field at the top level that dates records.
    init(dateField: Int?) { self.dateField = dateField }

    mutating func take(_ batch: borrowing RecordBatch) {
        var candidates: [(date: ArraySlice<UInt8>, index: Int)] = []
        for index in batch.records.indices {
            let date = date(of: batch.records[index], in: batch)
            if !date.isEmpty { count(date) }
            if newest.count == Self.limit, let oldest = newest.first, date.lexicographicallyPrecedes(oldest.date) {
                continue
            }
            candidates.append((date, index))
        }
        if candidates.count > Self.limit {
            candidates.sort { left, right in
                left.date.lexicographicallyPrecedes(right.date)
                    || !right.date.lexicographicallyPrecedes(left.date) && left.index < right.index
            }
            candidates.removeFirst(candidates.count - Self.limit)
        }
        for candidate in candidates { keep(batch, candidate.index, Array(candidate.date)) }
        total += Int64(batch.records.count)
    }

    private mutating func keep(_ batch: borrowing RecordBatch, _ index: Int, _ date: [UInt8]) {
        let sequence = total + Int64(index)
        let place =
            newest.lastIndex { !date.lexicographicallyPrecedes($0.date) && ($0.date != date || $0.sequence < sequence) }
            .map { $0 + 1 } ?? 0
        if newest.count == Self.limit && place == 0 { return }
        newest.insert(Kept(date: date, sequence: sequence, record: copy(batch, index)), at: place)
        if newest.count > Self.limit { newest.removeFirst() }
    }

    private func date(of record: RecordHead, in batch: borrowing RecordBatch) -> ArraySlice<UInt8> {
        guard let dateField else { return [] }
        var index = record.tokens.lowerBound
        while index < record.tokens.upperBound {
            let token = batch.tokens[index]
            if Int(token.field) == dateField, token.kind.value != nil { return batch.bytes[token.range] }
            if Int(token.field) >= dateField { return [] }
            let isBegin = token.kind == .groupBegin || token.kind == .listBegin
            index += isBegin ? Int(token.length) + 2 : 1
        }
        return []
    }

    /// Adds a record to its month and to the span. Years before 0 or after 9999 have another form, and are passed over.
    private mutating func count(_ date: ArraySlice<UInt8>) {
        let day = date.prefix(10)
        guard day.count == 10, day[day.startIndex + 4] == 45, day[day.startIndex + 7] == 45 else { return }
        if earliest.isEmpty || day.lexicographicallyPrecedes(earliest) { earliest = Array(day) }
        if latest.isEmpty || latest.lexicographicallyPrecedes(day) { latest = Array(day) }
        if day.prefix(7).elementsEqual(month) {
            monthCount += 1
            return
        }
        addMonth()
        month = Array(day.prefix(7))
        monthCount = 1
    }

    private mutating func addMonth() {
        if month.isEmpty { return }
        if monthCounts.count < Self.months || monthCounts[month] != nil { monthCounts[month, default: 0] += monthCount }
        monthCount = 0
    }

    /// One record as a batch of its own. Of very long lists only the first elements are shown.
    private func copy(_ batch: borrowing RecordBatch, _ index: Int) -> RecordBatch {
        var head = batch.records[index]
        var bytes: [UInt8] = []
        var tokens: [TapeToken] = []
        func take(_ range: ByteRange) -> ByteRange {
            let copied = ByteRange(offset: bytes.count, length: Int(range.length))
            bytes += batch.bytes[range.range]
            return copied
        }
        var open: [Int] = []
        var token = head.tokens.lowerBound
        while token < head.tokens.upperBound {
            var copied = batch.tokens[token]
            let isBegin = copied.kind == .groupBegin || copied.kind == .listBegin
            let isElement = open.last.map { tokens[$0].kind == .listBegin } ?? false
            let span = isBegin ? Int(copied.length) + 2 : 1
            if copied.kind == .groupEnd || copied.kind == .listEnd {
                guard let begin = open.popLast() else { break }
                let inside = tokens.count - begin - 1
                if inside == 0 {
                    tokens.removeLast()
                } else {
                    tokens[begin].length = UInt32(inside)
                    tokens.append(copied)
                }
                token += 1
                continue
            }
            if isElement, tokens.count + span > Self.largestRecord {
                token += span
                continue
            }
            if isBegin {
                open.append(tokens.count)
            } else {
                let length = min(Int(copied.length), Self.longestValue)
                let range = characters(batch, Int(copied.offset), length, of: Int(copied.length))
                copied.offset = UInt32(bytes.count)
                copied.length = UInt32(range.count)
                bytes += batch.bytes[range]
            }
            tokens.append(copied)
            token += 1
        }
        head.id = take(head.id)
        head.subject = .none
        head.tenant = .none
        head.firstToken = 0
        head.tokenCount = UInt32(tokens.count)
        return RecordBatch(dataset: 0, bytes: bytes, tokens: tokens, records: [head])
    }

    /// The first so many bytes of a value, without half a character at the end.
    private func characters(_ batch: borrowing RecordBatch, _ offset: Int, _ length: Int, of all: Int) -> Range<Int> {
        var end = offset + length
        while length < all, end > offset, batch.bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return offset..<end
    }

    /// What the page shows; nil if there was no record.
    mutating func rows(layout: EntityLayout) -> ArchiveSummary.Rows? {
        addMonth()
        month = []
        guard total > 0 else { return nil }
        let isComplete = total <= Int64(Self.limit)
        let sorted =
            isComplete ? newest.sorted { $0.sequence < $1.sequence } : newest.reversed()
        var rows = ArchiveSummary.Rows(layout: layout, shown: sorted.map(\.record), isComplete: isComplete)
        rows.months = monthCounts.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }.sorted { $0.0 < $1.0 }
        if !earliest.isEmpty {
            rows.dates = (String(decoding: earliest, as: UTF8.self), String(decoding: latest, as: UTF8.self))
        }
        return rows
    }
}

extension ArchiveSummary.Rows {
    /// The same with no more than so many records to show.
    func newest(_ limit: Int) -> ArchiveSummary.Rows {
        guard shown.count > limit else { return self }
        var rows = self
        rows.shown = Array((isComplete ? shown.reversed() : shown).prefix(limit))
        rows.isComplete = false
        return rows
    }
}
