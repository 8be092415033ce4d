/// Plain text in lines of at most 72 columns, as mail programs quote without breaking them.
struct LetterPaper {
    static let width = 72
    private var blocks: [String] = []

    /// Paragraphs with one empty line between them, ended by LF.
    var text: String { blocks.joined(separator: "\n\n") + "\n" }

    mutating func paragraph(_ text: String) { add([Self.wrap(text)]) }
    mutating func paragraph(_ sentences: [String]) { paragraph(sentences.joined(separator: " ")) }

    /// Lines of one block, each wrapped by itself.
    mutating func lines(_ lines: [String]) { add(lines.map { Self.wrap($0) }) }

    /// Points of a list.
    mutating func items(_ items: [String]) { add(items.map { Self.wrap($0, first: "- ", rest: "  ") }) }

    /// A line to be copied as it is.
    mutating func verbatim(_ lines: [String]) {
        add(lines.map { "    " + Self.clean($0).replacing("\u{A0}", with: " ") })
    }

    mutating func heading(_ text: String) { add([Self.wrap(text)]) }

    private mutating func add(_ lines: [String]) {
        let filled = lines.filter { !$0.isEmpty }
        if !filled.isEmpty { blocks.append(filled.joined(separator: "\n")) }
    }

    /// Breaks at spaces only. A no-break space holds while lines are broken and is a plain one in the text, which is
    /// made to be edited.
    private static func wrap(_ text: String, first: String = "", rest: String = "") -> String {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in clean(text).split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = rest
                isEmpty = true
            }
            line += isEmpty ? word : " " + word
            isEmpty = false
        }
        if !isEmpty { lines.append(line) }
        return lines.joined(separator: "\n").replacing("\u{A0}", with: " ")
    }

    /// One line, nothing that a terminal would obey.
    private static func clean(_ text: String) -> String {
        var clean = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: clean += " "
            case .format, .surrogate, .privateUse, .unassigned: clean += "\u{FFFD}"
            default: clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }
}
