import PortabilityModel
import SourceFiles

/// What was noticed in rows and files, counted; the first hundred bad rows with their place.
struct CSVTally {
    enum Fault: Int, CaseIterable {
        case ragged, torn, swallowed, open, tooLarge, header

        var message: String {
            switch self {
            case .ragged: "the row has more or fewer cells than there are columns"
            case .torn:
                "a row of several lines is not well-formed: a quote may be missing in it, so that it was not given out"
            case .swallowed:
                """
                a quoted cell holds a line that may be a row of its own: a quote may be missing, so that nothing of it \
                was given out (`multiline: trusted` in the dialect accepts such cells)
                """
            case .open: "the file ends within quotes; what follows the quote was not read"
            case .tooLarge: "the row is larger than the limit and was not read"
            case .header: "the names of the columns cannot be read, so that the file was not"
            }
        }
        var kind: Finding.Kind { self == .tooLarge ? .tooLarge : .malformed }
    }

    private static let located = 100

    private let source: String
    private var bad: [Finding] = []
    private var further = [Int64](repeating: 0, count: Fault.allCases.count)
    private var odd: [String: Int64] = [:]
    private var missing: [String: (finding: Finding, order: Int)] = [:]
    private var assumptions: [String: Int64] = [:]
    /// Rows of the subject that no dataset of their file takes.
    var untaken: Int64 = 0
    var repeatedKeys: Int64 = 0
    var invalidText: Int64 = 0
    var assumedCells: Int64 = 0

    init(source: String) { self.source = source }

    mutating func bad(_ fault: Fault, _ row: CSVScanner.Row, file: Int) {
        if bad.count >= Self.located {
            further[fault.rawValue] += 1
            return
        }
        bad.append(
            Finding(
                fault.kind, fault.message,
                at: PortabilityError.Place(
                    source: source, fileOrdinal: file + 1, line: row.line, byte: row.offset)))
    }

    /// Notes what is odd about a row that can be read.
    mutating func odd(_ flags: CSVScanner.Flags) {
        if flags.contains(.tail) { odd["text after a closing quote was taken as part of its cell", default: 0] += 1 }
        if flags.contains(.strayQuote) {
            odd["quotes within cells that have none around them were taken as they are", default: 0] += 1
        }
        if flags.contains(.padding) { odd["spaces after a closing quote were left out", default: 0] += 1 }
    }

    mutating func nul() { odd["cells of the subject's rows hold NUL characters", default: 0] += 1 }

    /// Notes that a file lacks a column that the configuration names.
    mutating func missing(_ column: [UInt8], _ dataset: String, losesRecords: Bool) {
        let name = String(decoding: column, as: UTF8.self)
        let message =
            losesRecords
            ? "files without this column, which tells whose the rows are, were not read"
            : "files lack this column, which the configuration names"
        let key = dataset + "\0" + name + "\0" + message
        if missing[key] != nil {
            missing[key]?.finding.count += 1
            return
        }
        missing[key] = (
            Finding(
                .drift, message, at: PortabilityError.Place(source: source, dataset: dataset, field: name),
                losesRecords: losesRecords),
            missing.count
        )
    }

    /// Notes what was assumed of a file.
    mutating func assumed(_ form: CSVForm) {
        if form.assumesDelimiter {
            let sign =
                form.signs.delimiter == Sign.tab ? "tab" : String(decoding: [form.signs.delimiter], as: UTF8.self)
            assumptions["no delimiter is declared; `\(sign)` was assumed", default: 0] += 1
        }
        if form.assumesEncoding {
            let assumption = CSVConfiguration.Encoding.assumption(form.encoding)
            assumptions["no encoding is declared; \(assumption)", default: 0] += 1
        }
    }

    /// All findings: bad rows in the order of the rows, then what was counted.
    func findings() -> [Finding] {
        let place = PortabilityError.Place(source: source)
        var findings = bad
        for fault in Fault.allCases where further[fault.rawValue] > 0 {
            findings.append(
                Finding(fault.kind, "further: " + fault.message, at: place, count: further[fault.rawValue]))
        }
        findings += missing.values.sorted { $0.order < $1.order }.map(\.finding)
        for counts in [assumptions, odd] {
            for (message, count) in counts.sorted(by: { $0.key < $1.key }) {
                findings.append(Finding(.nonconforming, message, at: place, count: count))
            }
        }
        if untaken > 0 {
            findings.append(
                Finding(
                    .unmapped, "rows of the subject that no dataset's `where` takes are not in the archive", at: place,
                    count: untaken, losesRecords: true))
        }
        if repeatedKeys > 0 {
            findings.append(
                Finding(
                    .nonconforming,
                    "keys of the rows came more than once; the later records' were marked #2, #3 and so on", at: place,
                    count: repeatedKeys))
        }
        if assumedCells > 0 {
            findings.append(
                Finding(
                    .nonconforming, "cells that are not valid UTF-8 were read as windows-1252", at: place,
                    count: assumedCells))
        }
        if invalidText > 0 {
            findings.append(
                Finding(
                    .invalidText, "text that is not valid in the encoding was replaced by U+FFFD", at: place,
                    count: invalidText))
        }
        return findings
    }
}
