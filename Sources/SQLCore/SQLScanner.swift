import PortabilityModel

/// Cuts the text of a query into the few kinds of token that finding parameters needs.
struct SQLScanner {
    enum Token: Equatable {
        /// A bare word: keyword, name or number.
        case word
        /// `:name`; the range is that of the name with its colon.
        case parameter
        /// A quoted string or identifier.
        case quoted
        /// A placeholder of the store's own (`?`, `?1`, `@name`, `$1`).
        case foreignParameter
        case symbol(UInt8)
    }

    let text: [UInt8]
    let dialect: SQLDialect
    private(set) var position = 0

    init(_ text: [UInt8], dialect: SQLDialect) {
        self.text = text
        self.dialect = dialect
    }

    /// The next token, past white space and comments; nil at the end.
    mutating func next() throws(PortabilityError) -> (token: Token, range: Range<Int>)? {
        try skipBlank()
        guard position < text.count else { return nil }
        let start = position
        let byte = text[position]
        switch byte {
        case UInt8(ascii: "'"):
            try skipQuoted(to: byte, backslash: dialect.escapesBackslash)
            return (.quoted, start..<position)
        case UInt8(ascii: "\""):
            try skipQuoted(to: byte, backslash: dialect.escapesBackslash)
            return (.quoted, start..<position)
        case UInt8(ascii: "`") where dialect.quotesBackticks:
            try skipQuoted(to: byte, backslash: false)
            return (.quoted, start..<position)
        case UInt8(ascii: "[") where dialect.quotesBrackets:
            while position < text.count, text[position] != UInt8(ascii: "]") { position += 1 }
            guard position < text.count else { throw unterminated("quoted name", start) }
            position += 1
            return (.quoted, start..<position)
        case UInt8(ascii: "$") where dialect.quotesDollars:
            if let delimiter = dollarDelimiter() {
                try skipDollarQuoted(delimiter)
                return (.quoted, start..<position)
            }
            position += 1
            skipWord()
            return (.foreignParameter, start..<position)
        case UInt8(ascii: "?") where dialect.hasOtherParameters, UInt8(ascii: "@") where dialect.hasOtherParameters,
            UInt8(ascii: "$") where dialect.hasOtherParameters:
            position += 1
            skipWord()
            return (.foreignParameter, start..<position)
        case UInt8(ascii: ":"):
            position += 1
            if position < text.count, text[position] == UInt8(ascii: ":") {
                position += 1
                return (.symbol(byte), start..<position)
            }
            guard position < text.count, Self.beginsName(text[position]) else {
                return (.symbol(byte), start..<position)
            }
            while position < text.count, Self.continuesName(text[position]) { position += 1 }
            return (.parameter, start..<position)
        case _ where Self.isWord(byte):
            skipWord()
            if dialect.quotesDollars, position - start == 1, byte | 0x20 == UInt8(ascii: "e"), position < text.count,
                text[position] == UInt8(ascii: "'")
            {
                try skipQuoted(to: UInt8(ascii: "'"), backslash: true)
                return (.quoted, start..<position)
            }
            return (.word, start..<position)
        case 0:
            throw error("the query holds a NUL character", at: start)
        default:
            position += 1
            return (.symbol(byte), start..<position)
        }
    }

    /// An error at a byte of the query, told as line and column of the query.
    func error(_ message: String, at offset: Int, remedy: String? = nil) -> PortabilityError {
        let before = text[..<min(offset, text.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
        return PortabilityError(
            .configuration, "\(message), at line \(line), column \(column) of the query", remedy: remedy,
            at: .init(field: "query"))
    }

    private func unterminated(_ what: String, _ start: Int) -> PortabilityError {
        error("a \(what) of the query has no end", at: start)
    }

    private mutating func skipBlank() throws(PortabilityError) {
        while position < text.count {
            let byte = text[position]
            let following = position + 1 < text.count ? text[position + 1] : 0
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D:
                position += 1
            case UInt8(ascii: "-") where following == byte && beginsDashComment():
                skipLine()
            case UInt8(ascii: "#") where dialect.hashComments:
                skipLine()
            case UInt8(ascii: "/") where following == UInt8(ascii: "*"):
                try skipBlockComment()
            default:
                return
            }
        }
    }

    private func beginsDashComment() -> Bool {
        guard dialect.hashComments else { return true }
        return position + 2 >= text.count || text[position + 2] <= 0x20
    }

    private mutating func skipLine() {
        while position < text.count, text[position] != 0x0A { position += 1 }
    }

    private mutating func skipBlockComment() throws(PortabilityError) {
        let start = position
        position += 2
        // MariaDB runs what stands in such a comment.
        if dialect.hashComments, position < text.count,
            text[position] == UInt8(ascii: "!") || text[position] == UInt8(ascii: "M")
        {
            throw error("the query holds an executable comment", at: start, remedy: "Write it as an ordinary comment")
        }
        var depth = 1
        while position + 1 < text.count {
            if text[position] == UInt8(ascii: "*"), text[position + 1] == UInt8(ascii: "/") {
                position += 2
                depth -= 1
                if depth == 0 { return }
            } else if dialect.nestsComments, text[position] == UInt8(ascii: "/"),
                text[position + 1] == UInt8(ascii: "*")
            {
                position += 2
                depth += 1
            } else {
                position += 1
            }
        }
        throw unterminated("comment", start)
    }

    private mutating func skipQuoted(to quote: UInt8, backslash: Bool) throws(PortabilityError) {
        let start = position
        position += 1
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == quote {
                guard position < text.count, text[position] == quote else { return }
                position += 1
            } else if backslash, byte == UInt8(ascii: "\\") {
                position += 1
            }
        }
        throw unterminated(quote == UInt8(ascii: "'") ? "string" : "quoted name", start)
    }

    private func dollarDelimiter() -> ArraySlice<UInt8>? {
        var end = position + 1
        while end < text.count, Self.continuesName(text[end]) || text[end] >= 0x80 { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: "$") else { return nil }
        if end > position + 1, Self.isDigit(text[position + 1]) { return nil }
        return text[position...end]
    }

    private mutating func skipDollarQuoted(_ delimiter: ArraySlice<UInt8>) throws(PortabilityError) {
        let start = position
        position += delimiter.count
        while position + delimiter.count <= text.count {
            if text[position..<position + delimiter.count].elementsEqual(delimiter) {
                position += delimiter.count
                return
            }
            position += 1
        }
        throw unterminated("string", start)
    }

    private mutating func skipWord() {
        while position < text.count, Self.isWord(text[position]) || text[position] == UInt8(ascii: "$") {
            position += 1
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func beginsName(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
    }
    private static func continuesName(_ byte: UInt8) -> Bool { beginsName(byte) || isDigit(byte) }
    private static func isWord(_ byte: UInt8) -> Bool { continuesName(byte) || byte >= 0x80 }
}
