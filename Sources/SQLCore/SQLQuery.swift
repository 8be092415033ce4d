public import PortabilityModel

/// A configured query: one reading statement with named parameters, one for each kind of identifier it needs.
///
/// `:user_id` stands for the subject's identifiers of the kind `user_id`. Values are always bound, never written into
/// the text. In `IN (:user_id)` the kind may have any number of values; elsewhere exactly one. Parameters are looked
/// for outside strings, quoted names and comments; `::` is PostgreSQL's cast.
///
/// Values are bound as text, and a column compares them by its own type. SQLite compares by the column's affinity, and
/// not every column and expression has one: so `IN (:user_id)` binds there what is spelled as an integer both as text
/// and as integer, and finds the records either way. Outside `IN` a query says `CAST(:user_id AS INTEGER)`.
public struct SQLQuery: Sendable {
    /// A query ready to be run.
    public struct Rendering: Sendable {
        public var text: String
        /// What is bound, in the placeholders' order.
        public var bindings: [Binding]

        public init(text: String, bindings: [Binding]) {
            self.text = text
            self.bindings = bindings
        }
    }

    /// A bound value. Printing it shows nothing of it.
    public enum Binding: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
        CustomReflectable
    {
        case text(String)
        case integer(Int64)
        /// An array, where the dialect has them.
        case list([String])

        public var description: String {
            switch self {
            case .text, .integer: "(hidden)"
            case .list(let values): "(\(values.count) hidden)"
            }
        }
        public var debugDescription: String { description }
        public var customMirror: Mirror { Mirror(self, children: []) }
    }

    private enum Piece: Sendable {
        case text(Range<Int>)
        /// A parameter; `isElement` if it is an element of an `IN` list.
        case parameter(Int, isElement: Bool)
        /// `IN (:name)` or `NOT IN (:name)` as a whole.
        case membership(Int, isNegated: Bool)
        /// A parameter that is an array: `ANY(:name)`.
        case array(Int)
    }

    public let dialect: SQLDialect
    /// The kinds of identifier it needs, in the order of their first use.
    public let parameters: [String]
    private let bytes: [UInt8]
    private let pieces: [Piece]

    /// Reads the text of a query.
    ///
    /// - Throws: ``PortabilityError/Code/configuration``, with line and column of the query, if it is not one single
    ///   `SELECT`, `WITH` or `VALUES` statement, if a quote or comment has no end, or if it has placeholders of the
    ///   store's own.
    public init(_ text: String, dialect: SQLDialect) throws(PortabilityError) {
        let bytes = Array(text.utf8)
        var scanner = SQLScanner(bytes, dialect: dialect)
        var tokens: [(token: SQLScanner.Token, range: Range<Int>)] = []
        var end: Int?
        while let found = try scanner.next() {
            guard end == nil else {
                throw scanner.error(
                    "the query has more than one statement", at: found.range.lowerBound,
                    remedy: "Make a dataset of each statement")
            }
            if found.token == .symbol(UInt8(ascii: ";")) {
                end = found.range.lowerBound
            } else {
                tokens.append(found)
            }
        }
        try Self.checkReadsOnly(tokens, scanner)

        var names: [String] = []
        var pieces: [Piece] = []
        var copied = 0
        func keyword(_ index: Int) -> String? {
            guard tokens.indices.contains(index), tokens[index].token == .word else { return nil }
            return Self.upper(bytes[tokens[index].range])
        }
        func symbol(_ index: Int, _ character: Unicode.Scalar) -> Bool {
            tokens.indices.contains(index) && tokens[index].token == .symbol(UInt8(ascii: character))
        }
        for index in tokens.indices where tokens[index].token == .parameter {
            let range = tokens[index].range
            let name = String(decoding: bytes[range].dropFirst(), as: UTF8.self)
            let parameter = names.firstIndex(of: name) ?? names.count
            if parameter == names.count { names.append(name) }

            if symbol(index - 1, "("), keyword(index - 2) == "IN", symbol(index + 1, ")"), dialect.bindsLists {
                let isNegated = keyword(index - 3) == "NOT"
                pieces.append(.text(copied..<tokens[isNegated ? index - 3 : index - 2].range.lowerBound))
                pieces.append(.membership(parameter, isNegated: isNegated))
                copied = tokens[index + 1].range.upperBound
            } else if dialect.bindsLists, symbol(index - 1, "("), symbol(index + 1, ")"),
                ["ANY", "SOME", "ALL"].contains(keyword(index - 2))
            {
                pieces.append(.text(copied..<range.lowerBound))
                pieces.append(.array(parameter))
                copied = range.upperBound
            } else {
                pieces.append(.text(copied..<range.lowerBound))
                pieces.append(
                    .parameter(parameter, isElement: Self.isListElement(index, tokens, keyword, symbol)))
                copied = range.upperBound
            }
        }
        // The last token's end, so that neither a semicolon nor a comment stands behind the statement.
        pieces.append(.text(copied..<max(copied, tokens.last?.range.upperBound ?? 0)))
        self.dialect = dialect
        self.parameters = names
        self.bytes = bytes
        self.pieces = pieces
    }

    /// The kinds of identifier it needs and the subject has no value of, in the order of their use. If there are any,
    /// the query is not run.
    public func missing(in keys: SubjectKeys) -> [String] { parameters.filter { keys[$0].isEmpty } }

    /// The text and bindings for a subject.
    ///
    /// - Throws: ``PortabilityError/Code/configuration`` if a kind has no value, or several where the query takes one;
    ///   ``PortabilityError/Code/limit`` if there are more values than the store binds.
    public func render(_ keys: SubjectKeys) throws(PortabilityError) -> Rendering {
        try render { keys[$0] }
    }

    /// The text with one empty value for each parameter, to be prepared but not run.
    public func renderForPreparation() throws(PortabilityError) -> Rendering { try render { _ in [""] } }

    private func render(_ identifiers: (String) -> [String]) throws(PortabilityError) -> Rendering {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 64)
        var bindings: [Binding] = []
        // Placeholder numbers of each parameter: as one value, as elements of a list, and as an array.
        var values: [Int?] = Array(repeating: nil, count: parameters.count)
        var elements: [Range<Int>?] = Array(repeating: nil, count: parameters.count)
        var arrays: [Int?] = values
        func place(_ number: Int) {
            switch dialect.placeholder {
            case .numbered: out.append(contentsOf: "?\(number)".utf8)
            case .dollar: out.append(contentsOf: "$\(number)".utf8)
            case .positional: out.append(UInt8(ascii: "?"))
            }
        }
        func placeArray(_ parameter: Int) throws(PortabilityError) {
            let list = identifiers(parameters[parameter])
            guard !list.isEmpty else { throw missing(parameter) }
            if let known = arrays[parameter], dialect.placeholder != .positional { return place(known) }
            bindings.append(.list(list))
            arrays[parameter] = bindings.count
            place(bindings.count)
        }
        for piece in pieces {
            switch piece {
            case .text(let range):
                out.append(contentsOf: bytes[range])
            case .array(let parameter):
                try placeArray(parameter)
            case .membership(let parameter, let isNegated):
                out.append(contentsOf: (isNegated ? "<> ALL(" : "= ANY(").utf8)
                try placeArray(parameter)
                out.append(UInt8(ascii: ")"))
            case .parameter(let parameter, let isElement):
                let list = identifiers(parameters[parameter])
                guard !list.isEmpty else { throw missing(parameter) }
                guard isElement || list.count == 1 else {
                    let name = parameters[parameter]
                    throw PortabilityError(
                        .configuration, "the query takes one value for :\(name), and there are \(list.count)",
                        remedy: "Write IN (:\(name)) in the query", at: .init(field: "query"))
                }
                let range: Range<Int>
                if let known = isElement ? elements[parameter] : values[parameter].map({ $0..<$0 + 1 }),
                    dialect.placeholder != .positional
                {
                    range = known
                } else {
                    let first = bindings.count + 1
                    bindings.append(contentsOf: list.map { .text($0) })
                    if isElement, dialect.bindsIntegers {
                        bindings.append(contentsOf: list.compactMap { Self.integer($0).map { .integer($0) } })
                    }
                    range = first..<bindings.count + 1
                    if isElement { elements[parameter] = range } else { values[parameter] = first }
                }
                for number in range {
                    if number > range.lowerBound { out.append(UInt8(ascii: ",")) }
                    place(number)
                }
            }
        }
        let count = bindings.count
        guard count <= dialect.maximumBindings else {
            throw PortabilityError(
                .limit, "the query would bind \(count) values, and \(dialect.name) takes \(dialect.maximumBindings)",
                remedy: "Select the records by a kind of identifier of which the subject has fewer",
                at: .init(field: "query"))
        }
        return Rendering(text: String(decoding: out, as: UTF8.self), bindings: bindings)
    }

    private func missing(_ parameter: Int) -> PortabilityError {
        PortabilityError(
            .configuration, "there is no identifier of the kind \(parameters[parameter])",
            remedy: "A dataset that is selected by a kind the subject does not have must not be run",
            at: .init(field: "query"))
    }

    /// Words that write, lock or make tables. `REPLACE` is also a function; as a statement it cannot do without INTO.
    private static let refused: Set<String> = ["INSERT", "UPDATE", "DELETE", "MERGE", "INTO"]

    private static func checkReadsOnly(
        _ tokens: [(token: SQLScanner.Token, range: Range<Int>)], _ scanner: SQLScanner
    ) throws(PortabilityError) {
        var depth = 0
        var isFirst = true
        for (index, (token, range)) in tokens.enumerated() {
            switch token {
            case .symbol(UInt8(ascii: "(")): depth += 1
            case .symbol(UInt8(ascii: ")")):
                depth -= 1
                if depth < 0 { throw scanner.error("a parenthesis closes what none opens", at: range.lowerBound) }
            case .foreignParameter:
                throw scanner.error(
                    "the query has a placeholder that nothing would fill", at: range.lowerBound,
                    remedy: "Write a parameter as :name, with a kind of identifier as its name")
            case .word:
                let word = upper(scanner.text[range])
                if isFirst, word != "SELECT", word != "WITH", word != "VALUES" {
                    throw scanner.error(
                        "the query is not a SELECT, WITH or VALUES statement", at: range.lowerBound,
                        remedy: "Sources are only read")
                }
                isFirst = false
                let qualifies = index > 0 && tokens[index - 1].token == .symbol(UInt8(ascii: "."))
                if refused.contains(word), !qualifies {
                    throw scanner.error(
                        "the query says \(word)", at: range.lowerBound,
                        remedy: "Sources are only read; a column of that name is written in quotes")
                }
            case .quoted, .parameter, .symbol:
                if isFirst {
                    throw scanner.error(
                        "the query is not a SELECT, WITH or VALUES statement", at: range.lowerBound,
                        remedy: "Sources are only read")
                }
            }
        }
        if isFirst { throw scanner.error("the query is empty", at: 0) }
        if depth != 0 { throw scanner.error("a parenthesis is not closed", at: scanner.text.count) }
    }

    /// True if a parameter stands alone between the commas and parentheses of `IN ( … )`.
    private static func isListElement(
        _ index: Int, _ tokens: [(token: SQLScanner.Token, range: Range<Int>)], _ keyword: (Int) -> String?,
        _ symbol: (Int, Unicode.Scalar) -> Bool
    ) -> Bool {
        guard symbol(index + 1, ",") || symbol(index + 1, ")") else { return false }
        guard symbol(index - 1, ",") || symbol(index - 1, "(") else { return false }
        var depth = 0
        var before = index - 1
        while before >= 0 {
            if symbol(before, ")") {
                depth += 1
            } else if symbol(before, "(") {
                if depth == 0 { return keyword(before - 1) == "IN" }
                depth -= 1
            } else if depth == 0, let word = keyword(before), word == "SELECT" || word == "VALUES" || word == "FROM" {
                return false
            }
            before -= 1
        }
        return false
    }

    /// The integer that a text is the one spelling of.
    private static func integer(_ text: String) -> Int64? {
        guard let number = Int64(text), String(number) == text else { return nil }
        return number
    }

    private static func upper(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { $0 &- UInt8(ascii: "a") < 26 ? $0 & 0xDF : $0 }, as: UTF8.self)
    }
}
