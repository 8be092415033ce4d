import PortabilityModel
import PortabilityText

extension DocumentNode {
    /// Reads a JSON text strictly (RFC 8259): numbers stay as they are spelled, two escapes may stand for one character
    /// beyond U+FFFF. A key that stands twice in one object is refused, and so is half of such a character.
    ///
    /// - Parameters:
    ///   - what: what it is, for errors: `file`, `line`.
    ///   - place: where it begins: its file, and what it has of line and byte; by default the first of each.
    ///   - limit: the most bytes that it may have. It may have a sixteenth as many values and keys, and always 65,536.
    ///   - hidesKeys: whether a key that stands twice stays unnamed.
    /// - Throws: `configuration` or `limit` with line, column and byte, never a value.
    static func read(
        json bytes: ArraySlice<UInt8>, _ what: String, at place: PortabilityError.Place, limit: Int, hidesKeys: Bool
    ) throws -> DocumentNode {
        guard bytes.count <= limit else {
            throw PortabilityError(.limit, "the \(what) is larger than \(limit) bytes", at: place)
        }
        let most = max(1 << 16, limit / 16)
        var tokenizer = JSONTokenizer(depth: depthLimit, tokens: most)
        let fault = tokenizer.tokenize(bytes.span)
        var reader = Reader(bytes: bytes, begin: place, hidesKeys: hidesKeys)
        if let fault { throw reader.error(fault, in: what, limit: most) }
        return try reader.node(0, tokenizer)
    }

    /// Whether a text is a JSON object by its grammar, whatever is wrong with it otherwise.
    static func isJSONObject(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) == UInt8(ascii: "{") else { return false }
        var tokenizer = JSONTokenizer(depth: depthLimit)
        return switch tokenizer.tokenize(bytes.span)?.reason {
        case .syntax, .incomplete: false
        case nil, .invalidUTF8, .depth, .size: true
        }
    }

    /// Makes nodes of tokens, in their order.
    private struct Reader {
        let bytes: ArraySlice<UInt8>
        let begin: PortabilityError.Place
        let hidesKeys: Bool
        /// Lines that ended before ``seen``, and where the last of them did.
        private var lines = 0
        private var lineStart = 0
        private var seen = 0

        init(bytes: ArraySlice<UInt8>, begin: PortabilityError.Place, hidesKeys: Bool) {
            self.bytes = bytes
            self.begin = begin
            self.hidesKeys = hidesKeys
        }

        mutating func node(_ index: Int, _ tokenizer: borrowing JSONTokenizer) throws -> DocumentNode {
            let token = tokenizer[index]
            let mark = mark(at: start(token))
            switch token.kind {
            case .object:
                var members: [Member] = []
                var names: Set<String> = []
                var key = index + 1
                while key < Int(token.next) {
                    let mark = self.mark(at: start(tokenizer[key]))
                    let name = try text(tokenizer[key], tokenizer)
                    guard names.insert(name).inserted else {
                        throw error(
                            "a key stands twice in one object", remedy: "Remove one of the two",
                            at: start(tokenizer[key]), field: hidesKeys ? nil : name)
                    }
                    members.append(Member(key: name, mark: mark, value: try node(key + 1, tokenizer)))
                    key = Int(tokenizer[key + 1].next)
                }
                return DocumentNode(content: .mapping(members), style: .flow, mark: mark)
            case .array:
                var values: [DocumentNode] = []
                var element = index + 1
                while element < Int(token.next) {
                    values.append(try node(element, tokenizer))
                    element = Int(tokenizer[element].next)
                }
                return DocumentNode(content: .list(values), style: .flow, mark: mark)
            case .key, .string:
                return DocumentNode(content: .scalar(try text(token, tokenizer)), style: .quoted, mark: mark)
            case .number, .true, .false, .null:
                return DocumentNode(content: .scalar(try text(token, tokenizer)), style: .plain, mark: mark)
            }
        }

        private mutating func text(_ token: JSONToken, _ tokenizer: borrowing JSONTokenizer) throws -> String {
            var value: [UInt8] = []
            guard tokenizer.appendValue(of: token, in: bytes.span, into: &value) == 0 else {
                throw error(
                    "an escape stands for one half of a character",
                    remedy: "Write both halves, or the character itself", at: start(token))
            }
            return String(decoding: value, as: UTF8.self)
        }

        /// The first byte of a token, with its quote.
        private func start(_ token: JSONToken) -> Int {
            token.kind == .key || token.kind == .string ? Int(token.offset) - 1 : Int(token.offset)
        }

        /// Where a byte is that is not before the last one that was asked for.
        private mutating func mark(at offset: Int) -> Mark {
            while seen < offset {
                if bytes[bytes.startIndex + seen] == 10 {
                    lines += 1
                    lineStart = seen + 1
                }
                seen += 1
            }
            return Mark(line: Int(begin.line ?? 1) + lines, column: offset - lineStart + 1)
        }

        private mutating func error(
            _ message: String, _ code: PortabilityError.Code = .configuration, remedy: String?, at offset: Int,
            field: String? = nil
        ) -> PortabilityError {
            let mark = mark(at: offset)
            var place = begin
            place.line = Int64(mark.line)
            place.column = mark.column
            place.byte = (begin.byte ?? 0) + Int64(offset)
            place.field = field
            return PortabilityError(code, message, remedy: remedy, at: place)
        }

        mutating func error(_ fault: JSONFault, in what: String, limit: Int) -> PortabilityError {
            switch fault.reason {
            case .syntax:
                error(
                    "the \(what) is not well-formed JSON",
                    remedy: "Look at the quotes, commas and brackets at that place", at: fault.offset)
            case .incomplete:
                error(
                    "the \(what) is not well-formed JSON: it ends too early",
                    remedy: "Look for a quote or a bracket that is not closed", at: fault.offset)
            case .invalidUTF8: error("the \(what) is not valid UTF-8", remedy: "Save it as UTF-8", at: fault.offset)
            case .depth:
                error("the \(what) is nested deeper than \(depthLimit) levels", remedy: nil, at: fault.offset)
            case .size:
                error("the \(what) has more than \(limit) values and keys", .limit, remedy: nil, at: fault.offset)
            }
        }
    }
}
