import PortabilityModel
import PortabilityText

/// What was noticed in lines, counted; the first hundred bad lines with their place.
struct LineFindings {
    enum Reason {
        case notAnObject, syntax, depth, size
        /// Of lines that a pattern describes.
        case pattern, cut, control, ambiguous, time

        init(_ reason: JSONFault.Reason) {
            switch reason {
            case .syntax, .incomplete, .invalidUTF8: self = .syntax
            case .depth: self = .depth
            case .size: self = .size
            }
        }

        var message: String {
            switch self {
            case .notAnObject: "the line is JSON but no object"
            case .syntax: "the line is not JSON"
            case .depth: "the line is nested deeper than the limit"
            case .size: "the line has more values than the limit"
            case .pattern: "the line does not fit the pattern"
            case .cut: "the line ends before the pattern does"
            case .control: "the line holds a control character"
            case .ambiguous: "the line could be cut by the pattern in more than one way"
            case .time: "the line's time does not have the pattern's form"
            }
        }
    }

    private static let located = 100

    let source: String
    /// True if a pattern describes the lines, false if they are JSON.
    let isPattern: Bool
    private(set) var bad: [Finding] = []
    private(set) var badLines: Int64 = 0
    private(set) var longLines: Int64 = 0
    private var unlocatedMalformed: Int64 = 0
    private var unlocatedLong: Int64 = 0
    /// Places where text was not valid and U+FFFD put instead, in the subject's records.
    var invalidText: Int64 = 0
    /// Lines of the subject that no dataset of the source takes.
    var untaken: Int64 = 0
    /// Records whose own key another record had before.
    var repeatedKeys: Int64 = 0
    /// Lines of nobody, as where an identifier should be stood an object or an array.
    var structuredIdentifiers: Int64 = 0

    init(source: String, isPattern: Bool) {
        self.source = source
        self.isPattern = isPattern
    }

    mutating func malformed(_ reason: Reason, _ line: FoundLine, offset: Int, file: Int) {
        badLines += 1
        if bad.count >= Self.located {
            unlocatedMalformed += 1
            return
        }
        bad.append(
            Finding(
                .malformed, reason.message,
                at: PortabilityError.Place(
                    source: source, fileOrdinal: file + 1, line: line.number, column: offset + 1,
                    byte: line.offset + Int64(offset))))
    }

    mutating func tooLong(_ line: FoundLine, file: Int) {
        longLines += 1
        if bad.count >= Self.located {
            unlocatedLong += 1
            return
        }
        bad.append(
            Finding(
                .tooLarge, "the line is longer than the limit and was not read",
                at: PortabilityError.Place(
                    source: source, fileOrdinal: file + 1, line: line.number, byte: line.offset)))
    }

    /// All findings, in the order of the lines.
    ///
    /// - Parameter tolerated: Malformed lines up to which no records count as lost.
    func all(tolerated: Int64) -> [Finding] {
        let place = PortabilityError.Place(source: source)
        var findings = bad
        if unlocatedMalformed > 0 {
            findings.append(
                Finding(
                    .malformed,
                    isPattern ? "more lines that do not fit the pattern" : "more lines that are not JSON objects",
                    at: place, count: unlocatedMalformed))
        }
        if unlocatedLong > 0 {
            findings.append(
                Finding(.tooLarge, "more lines longer than the limit", at: place, count: unlocatedLong))
        }
        if badLines <= tolerated {
            for index in findings.indices where findings[index].kind == .malformed {
                findings[index].losesRecords = false
            }
        }
        if structuredIdentifiers > 0 {
            findings.append(
                Finding(
                    .nonconforming, "lines with an object or a list where an identifier should be were given to nobody",
                    at: place, count: structuredIdentifiers, losesRecords: true))
        }
        if untaken > 0 {
            findings.append(
                Finding(
                    .unmapped, "lines of the subject that no dataset's `where` takes are not in the archive", at: place,
                    count: untaken, losesRecords: true))
        }
        if repeatedKeys > 0 {
            findings.append(
                Finding(
                    .nonconforming,
                    "keys of the log came more than once; the later records' were marked #2, #3 and so on",
                    at: place, count: repeatedKeys))
        }
        if invalidText > 0 {
            findings.append(
                Finding(
                    .invalidText, "text that is not valid UTF-8 was replaced by U+FFFD", at: place,
                    count: invalidText))
        }
        return findings
    }
}
