import PortabilityModel
import PortabilityText

/// What the lines of a web server's log consist of: fields of known names with fixed text between them.
///
/// Made from a declaration in the notation of Apache's `LogFormat` (mod_log_config) or of nginx's `log_format`
/// (ngx_http_log_module). How a line is cut by it stands at ``PatternSplitter``.
struct LinePattern: Sendable {
    /// What is known of a field's text before it is read.
    enum Shape: Sendable, Equatable {
        /// Anything.
        case text
        /// Never holds a space, by its nature.
        case word
        /// A word that is a number, if it is one.
        case number
        /// `METHOD path protocol`.
        case request
        /// Index in ``times``.
        case time(Int)

        /// True if the field's value is the text that stands there, without its escapes.
        var isWhole: Bool {
            switch self {
            case .text, .word, .number: true
            case .request, .time: false
            }
        }
    }

    struct Part: Sendable {
        var shape: Shape
        /// Index in ``names``; of a request line that of `request`, before `method`, `path` and `protocol`.
        var name: Int
        /// The fixed text after it, in ``literals``; empty before the end of the line.
        var end = 0..<0
        /// The first byte of that; before the end of the line a line feed, which no line holds.
        var stop: UInt8 = 0x0a
        /// True between quotes, where a quote that is no part of the value is escaped.
        var isQuoted = false
        /// A byte that would leave open where this field or one before it ends, so that no value may hold it; 0 for
        /// none.
        var barred: UInt8 = 0
    }

    private(set) var parts: [Part] = []
    private(set) var names: [String] = []
    private(set) var times: [TimeFormat] = []
    private(set) var literals: [UInt8] = []
    /// The fixed text before the first field.
    private(set) var lead = 0..<0

    static let common = #"%h %l %u %t "%r" %>s %b"#
    static let combined = common + #" "%{Referer}i" "%{User-Agent}i""#

    /// Of lines without fields.
    init() {}

    /// Reads a declaration.
    ///
    /// - Throws: `configuration`.
    init(_ text: String, at place: PortabilityError.Place) throws {
        var reader = PatternNotation(text, place: place)
        let pieces = try reader.pieces()
        var fixed: [UInt8] = []
        var last: PatternNotation.Item?
        for piece in pieces {
            switch piece {
            case .literal(let bytes): fixed += bytes
            case .item(let item):
                if fixed.isEmpty, item.isQuery, last?.isPath == true {
                    last = nil
                    continue
                }
                if case .time(let format) = item.content, let before = parts.last, case .time(let index) = before.shape
                {
                    // Apache writes a time with fractions as several items.
                    times[index].append(literal: fixed, format)
                    fixed = []
                    continue
                }
                if fixed.isEmpty, !parts.isEmpty {
                    throw PortabilityError(
                        .configuration, "two fields of the pattern stand next to each other",
                        remedy: "Put something between them, in the log and in the pattern", at: place)
                }
                end(with: fixed)
                fixed = []
                add(item)
                last = item
            }
        }
        if parts.isEmpty {
            throw PortabilityError(
                .configuration, "the pattern names no field",
                remedy: "Write it as Apache's LogFormat or nginx's log_format does: `%h …` or `$remote_addr …`",
                at: place)
        }
        end(with: fixed)
        settle()
        guard parts.count <= 256, literals.count <= 4096 else {
            throw PortabilityError(.configuration, "the pattern is too long", at: place)
        }
    }

    /// Ends the last field, or begins the line, with a fixed text.
    private mutating func end(with bytes: [UInt8]) {
        let range = literals.count..<literals.count + bytes.count
        literals += bytes
        if parts.isEmpty { lead = range } else { parts[parts.count - 1].end = range }
    }

    private mutating func add(_ item: PatternNotation.Item) {
        let name = names.count
        switch item.content {
        case .request:
            for name in [item.name, "method", "path", "protocol"] { names.append(unused(name)) }
            parts.append(Part(shape: .request, name: name))
        case .time(let format):
            names.append(unused(item.name))
            parts.append(Part(shape: .time(times.count), name: name))
            times.append(format)
        case .text, .word, .number:
            names.append(unused(item.name))
            let shape: Shape = item.content == .word ? .word : item.content == .number ? .number : .text
            parts.append(Part(shape: shape, name: name))
        }
    }

    /// The name, or with `_2`, `_3` and so on if it is taken.
    private func unused(_ name: String) -> String {
        var candidate = name
        var ordinal = 1
        while names.contains(candidate) {
            ordinal += 1
            candidate = "\(name)_\(ordinal)"
        }
        return candidate
    }

    /// Finds out which fields stand between quotes, and which bytes leave open where a field ends.
    ///
    /// A field ends where the text after it stands for the first time. If it may hold that text itself, something of
    /// it is left to the fields after it; these therefore must not hold it, up to where a quote or a time makes sure
    /// again where the line is. So no value is ever taken for another's: a line that can be cut in two ways fits in none.
    private mutating func settle() {
        var isQuoted = literals[lead].count { $0 == UInt8(ascii: "\"") } % 2 == 1
        var open: UInt8 = 0
        for index in parts.indices {
            let part = parts[index]
            parts[index].isQuoted = isQuoted
            let stop = part.end.isEmpty ? 0x0a : literals[part.end.lowerBound]
            parts[index].stop = stop
            let isSure: Bool
            switch part.shape {
            case .time:
                isSure = true
                open = 0
            case .text, .request: isSure = isQuoted && stop == UInt8(ascii: "\"")
            case .word, .number: isSure = true
            }
            if case .time = part.shape {
            } else if open != 0 {
                parts[index].barred = open
            } else if part.shape == .word || part.shape == .number {
                parts[index].barred = UInt8(ascii: " ")
            }
            // It ends there anyway.
            if part.end.count == 1, parts[index].barred == stop { parts[index].barred = 0 }
            if !isSure, open == 0 { open = stop }
            for byte in literals[part.end] where byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
                open = 0
            }
        }
    }

    /// Throws if the pattern has no field of a name.
    func check(_ path: String, at place: PortabilityError.Place) throws {
        if names.contains(path) { return }
        throw PortabilityError(
            .configuration, "the lines have no field `\(path)`",
            remedy: nearest(path, in: names).map { "Did you mean `\($0)`?" }
                ?? "The pattern has \(names.map { "`\($0)`" }.joined(separator: ", "))", at: place)
    }
}
