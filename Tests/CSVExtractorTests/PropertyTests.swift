import CSVExtractor
import PortabilityModel
import PortabilityTesting
import Testing

/// Writes tables in every dialect that a source may declare.
private struct TableWriter {
    var dialect: CSVConfiguration.Dialect
    var encoding: CSVConfiguration.Encoding
    var lineEnd: String
    var hasMark: Bool

    init(_ dice: inout Dice) {
        dialect = CSVConfiguration.Dialect(
            delimiter: dice.pick([0x2c, 0x3b, 0x09, 0x7c, 0x5e]), quote: dice.pick([0x22, 0x22, 0x27]),
            escape: dice.pick([nil, nil, 0x5c]), hasHeader: dice.roll(4) > 0)
        encoding = dice.pick([.utf8, .utf8, .utf16LE, .utf16BE, .windows1252, .latin1, .latin9])
        lineEnd = dice.pick(["\n", "\r\n", "\r"])
        hasMark = dice.roll(2) == 0 && [.utf8, .utf16LE, .utf16BE].contains(encoding)
    }

    /// A text of signs that are hard to read back, all of which the encoding has.
    func text(_ dice: inout Dice) -> String {
        var signs = [
            "a", "b", " ", "0", "1042", "ä", "é", ",", ";", "\t", "|", "^", "\"", "'", "\\", "\n", "\r", "\r\n", "#",
        ]
        switch encoding {
        case .utf8, .utf16LE, .utf16BE, .sniff: signs += ["€", "日本", "😀", "\u{0}"]
        case .windows1252, .latin1: signs += ["€", "Ÿ", "“"]
        case .latin9: signs += ["€", "Ž"]
        }
        return (0..<dice.roll(6)).map { _ in dice.pick(signs) }.joined()
    }

    private func cell(_ text: String, _ dice: inout Dice) -> String {
        let quote = String(UnicodeScalar(dialect.quote!))
        let special = [String(UnicodeScalar(dialect.delimiter!)), quote, "\\", "\n", "\r"]
        let isPlain = !special.contains { sign in text.unicodeScalars.contains { String($0) == sign || sign == "\r\n" }
        }
        if isPlain, dice.roll(3) > 0 { return text }
        var inside = ""
        for scalar in text.unicodeScalars {
            let sign = String(scalar)
            if let escape = dialect.escape.map({ String(UnicodeScalar($0)) }), sign == escape || sign == quote {
                inside += sign == quote && dice.roll(2) == 0 ? quote + quote : escape + sign
            } else {
                inside += sign == quote ? quote + quote : sign
            }
        }
        return quote + inside + quote
    }

    func write(_ rows: [[String]], _ dice: inout Dice) -> [UInt8] {
        var text = ""
        for row in rows {
            let cells = row.map { cell($0, &dice) }
            text += cells.joined(separator: String(UnicodeScalar(dialect.delimiter!))) + lineEnd
        }
        switch encoding {
        case .utf8, .sniff: return (hasMark ? [0xef, 0xbb, 0xbf] : []) + Array(text.utf8)
        case .utf16LE, .utf16BE:
            let units = (hasMark ? [0xfeff] : []) + Array(text.utf16)
            return units.flatMap { unit in
                encoding == .utf16BE ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)]
            }
        case .windows1252, .latin1, .latin9:
            let high: [UnicodeScalar: UInt8] =
                encoding == .latin9 ? ["€": 0xa4, "Ž": 0xb4] : ["€": 0x80, "Ÿ": 0x9f, "“": 0x93]
            return text.unicodeScalars.map { high[$0] ?? UInt8($0.value) }
        }
    }
}

@Suite("CSV: tables written at random are read back")
struct PropertyTests {
    @Test("Every cell of every row comes back, in every dialect and encoding", arguments: 0..<300)
    func readBack(seed: Int) async throws {
        var dice = Dice(UInt64(seed))
        let writer = TableWriter(&dice)
        let width = 2 + dice.roll(5)
        let names = ["customer"] + (2...width).map { "name \($0)" }
        let rows = (0..<dice.roll(30)).map { _ in
            [dice.pick(["1042", "1042", "7", "10421"])] + (2...width).map { _ in writer.text(&dice) }
        }
        var source = Source()
        source.dialect = writer.dialect
        // Cells are written soundly here, and some hold lines that look like rows.
        source.dialect.trustsLines = true
        source.encoding = writer.encoding
        let hasHeader = writer.dialect.hasHeader
        let columns = hasHeader ? names : (1...width).map { "column_\($0)" }
        source.match = [.init(kind: "customer", column: columns[0], isUnique: true)]
        source.exclusions = [columns[0]]
        let reading = try await source.read(writer.write(hasHeader ? [names] + rows : rows, &dice))
        let found = reading.records().map { record in columns.dropFirst().map { record["other:" + $0] ?? "" } }
        #expect(found == rows.filter { $0[0] == "1042" }.map { Array($0.dropFirst()) })
        #expect(!reading.findings.contains { $0.losesRecords && $0.kind != .truncated })
        let positions = reading.records().map(\.position)
        #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
        #expect(Set(reading.records().map(\.id)).count == found.count)
    }

    @Test("Quotes that stand where they should not never give a person what is another's", arguments: 0..<300)
    func strayQuotes(seed: Int) async throws {
        var dice = Dice(UInt64(2000 + seed))
        let width = 2 + dice.roll(4)
        let place = dice.roll(width)
        var names = (1...width).map { "name \($0)" }
        names[place] = "customer"
        var text = names.joined(separator: ",") + "\n"
        for row in 0..<12 {
            let isOwn = dice.roll(3) == 0
            var cells = (1...width).map { isOwn ? "own \(row) \($0)" : "secret \(row) \($0)" }
            cells[place] = isOwn ? "1042" : "7"
            for index in cells.indices where dice.roll(6) == 0 {
                var signs = Array(cells[index])
                signs.insert("\"", at: dice.pick([0, 0, signs.count, dice.roll(signs.count)]))
                cells[index] = String(signs)
            }
            text += cells.joined(separator: ",") + "\n"
        }
        let reading = try await Source().read(text)
        for record in reading.records() {
            for value in record.values { #expect(!value.text.contains("secret"), "\(text)") }
        }
    }

    @Test("Bytes at random never crash it, and never give a record that has not the subject's key", arguments: 0..<300)
    func noise(seed: Int) async throws {
        var dice = Dice(UInt64(1000 + seed))
        let pieces: [[UInt8]] =
            ["1042", ",", ",", "\"", "\"", "\n", "\r", "a", ";", "\\", "\0", "é", " ", "7"].map {
                Array($0.utf8)
            } + [[0xff], [0xfe], [0xc3]]
        var text = Array("customer,x\n".utf8)
        if dice.roll(4) == 0 { text = [[0xff, 0xfe], [0xfe, 0xff], []][dice.roll(3)] }
        for _ in 0..<dice.roll(200) { text += dice.pick(pieces) }
        var source = Source()
        source.encoding = dice.pick(CSVConfiguration.Encoding.allCases)
        source.dialect.delimiter = dice.pick([nil, UInt8(ascii: ",")])
        source.dialect.escape = dice.pick([nil, UInt8(ascii: "\\")])
        source.limits.lineBytes = dice.pick([10, 100, 16 << 20])
        let reading = try await source.read(text)
        #expect(reading.records().allSatisfy { $0.subject == "1042" })
        #expect(reading.end.records == [Int64(reading.records().count)])
    }
}
