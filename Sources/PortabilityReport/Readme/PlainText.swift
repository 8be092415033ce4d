/// Text in lines of at most 76 characters.
struct PlainText {
    static let width = 76
    private var lines: [String] = []

    /// UTF-8, every line ended by LF, no empty line at the end.
    var bytes: [UInt8] {
        var lines = lines
        while lines.last == "" { lines.removeLast() }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    mutating func title(_ text: String) { underlined(text, with: "=") }
    mutating func heading(_ text: String) { underlined(text, with: "-") }

    mutating func paragraph(_ text: String) {
        wrap(text, first: "", rest: "")
        space()
    }

    /// A term and what is said of it: on one line where both have room, else the explanation below, indented.
    mutating func item(_ term: String, _ text: String, indent: Int = 0) {
        let margin = String(repeating: " ", count: indent)
        let term = Self.clean(term)
        let tab = 24
        if indent + term.count + 2 <= tab {
            let padding = String(repeating: " ", count: tab - indent - term.count)
            wrap(text, first: margin + term + padding, rest: String(repeating: " ", count: tab))
        } else {
            wrap(term, first: margin, rest: margin)
            wrap(text, first: String(repeating: " ", count: tab), rest: String(repeating: " ", count: tab))
        }
    }

    /// Lines to be copied as they are.
    mutating func commands(_ commands: [String]) {
        for command in commands { lines.append("    " + command) }
        space()
    }

    mutating func space() { lines.append("") }

    private mutating func underlined(_ text: String, with character: String) {
        let first = lines.count
        wrap(text, first: "", rest: "")
        let longest = lines[first...].map(\.count).max() ?? 0
        lines.append(String(repeating: character, count: min(longest, Self.width)))
        space()
    }

    /// Breaks at spaces only; a no-break space holds.
    private mutating func wrap(_ text: String, first: String, rest: String) {
        var line = first
        var length = first.count
        var isEmpty = true
        for word in Self.clean(text).split(separator: " ") {
            let count = word.count
            if !isEmpty, length + 1 + count > Self.width {
                lines.append(line)
                line = rest
                length = rest.count
                isEmpty = true
            }
            if !isEmpty { line += " " }
            line += word
            length += isEmpty ? count : 1 + count
            isEmpty = false
        }
        if !isEmpty { lines.append(line) }
    }

    /// One line, nothing that a terminal would obey.
    private static func clean(_ text: String) -> String {
        if text.utf8.count <= Markup.longestText, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            return text
        }
        var clean = ""
        for scalar in text.unicodeScalars.prefix(Markup.longestText) {
            switch scalar {
            case "\t", "\n", "\r", "\u{2028}", "\u{2029}": clean += " "
            case _ where scalar.isUnprintable: clean += "\u{FFFD}"
            default: clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }
}
