public import PortabilityModel

/// From the spelling of a source to the canonical one.
///
/// All functions append the canonical spelling and return true, or append nothing and return false if the text is no
/// value of that kind. ASCII whitespace around typed values is not looked at (as in XML Schema's `collapse`). Nothing
/// is rounded or guessed.
public enum Canonical {
    /// Digits that a number may have, which keeps an exponent from becoming a gigabyte of zeros.
    public static let digitLimit = 4096

    /// How booleans may be spelled beside `true` and `false`.
    public struct BooleanSpellings: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// `1` and `0`, as in XML Schema and SQLite.
        public static let digits = BooleanSpellings(rawValue: 1)
        /// `t` and `f`, as PostgreSQL writes them.
        public static let letters = BooleanSpellings(rawValue: 2)
    }

    /// Appends the canonical spelling of `text` as `kind`; false, and nothing appended, if it does not fit.
    ///
    /// Text (``ValueKind/string``, ``ValueKind/reference``) always fits; invalid UTF-8 becomes U+FFFD. Booleans may
    /// have all spellings.
    public static func append(_ kind: ValueKind, from text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        switch kind {
        case .string, .reference:
            _ = appendRepaired(text, into: &out)
            return true
        case .integer: return integer(text, into: &out)
        case .decimal: return decimal(text, into: &out)
        case .boolean: return boolean(text, allowing: [.digits, .letters], into: &out)
        case .date: return date(text, into: &out)
        case .time: return time(text, into: &out)
        case .timestamp: return timestamp(text, into: &out)
        case .localTimestamp: return localTimestamp(text, into: &out)
        case .duration: return duration(text, into: &out)
        case .json: return json(text, into: &out)
        }
    }

    /// `-?(0|[1-9][0-9]*)`. Takes a sign and leading zeros; no fraction, no exponent.
    public static func integer(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        TextCursor.reading(text) { cursor in
            let isNegative = cursor.takeSign()
            let digits = cursor.takeDigits()
            guard !digits.isEmpty, digits.count <= digitLimit, cursor.isAtEnd else { return false }
            var start = digits.lowerBound
            while start < digits.upperBound - 1, cursor.base[start] == ASCII.zero { start += 1 }
            if isNegative, cursor.base[start] != ASCII.zero { out.append(ASCII.minus) }
            cursor.append(start..<digits.upperBound, to: &out)
            return true
        }
    }

    /// An integer's spelling, optionally `.` and digits. Takes a sign, leading zeros, a missing whole or fractional
    /// part (`.5`, `5.`) and an exponent, which is expanded exactly; trailing zeros stay.
    public static func decimal(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        TextCursor.reading(text) { cursor in
            let isNegative = cursor.takeSign()
            let whole = cursor.takeDigits()
            var fraction = cursor.index..<cursor.index
            if cursor.take(ASCII.dot) { fraction = cursor.takeDigits() }
            guard !whole.isEmpty || !fraction.isEmpty else { return false }
            var exponent = 0
            if cursor.take(UInt8(ascii: "e")) || cursor.take(UInt8(ascii: "E")) {
                let down = cursor.takeSign()
                let digits = cursor.takeDigits()
                guard !digits.isEmpty else { return false }
                for index in digits where exponent <= 2 * digitLimit {
                    exponent = exponent * 10 + Int(cursor.base[index] - ASCII.zero)
                }
                if down { exponent = -exponent }
            }
            guard cursor.isAtEnd else { return false }

            // The digits without the point, and how many of them stand before it.
            let count = whole.count + fraction.count
            guard count <= digitLimit else { return false }
            func digit(_ index: Int) -> UInt8 {
                if index < 0 || index >= count { return ASCII.zero }
                return cursor.base[
                    index < whole.count ? whole.lowerBound + index : fraction.lowerBound + index - whole.count]
            }
            let point = whole.count + exponent
            let places = max(0, count - point)
            guard max(point, 1) + places <= digitLimit else { return false }
            let isZero = !(0..<count).contains { digit($0) != ASCII.zero }
            if isNegative && !isZero { out.append(ASCII.minus) }
            var first = 0
            while first < point - 1, digit(first) == ASCII.zero { first += 1 }
            if point <= 0 { out.append(ASCII.zero) }
            for index in first..<max(first, point) { out.append(digit(index)) }
            if places > 0 {
                out.append(ASCII.dot)
                for index in point..<point + places { out.append(digit(index)) }
            }
            return true
        }
    }

    /// `true` or `false`; other spellings as allowed.
    public static func boolean(
        _ text: Span<UInt8>, allowing spellings: BooleanSpellings = [], into out: inout [UInt8]
    ) -> Bool {
        TextCursor.reading(text) { cursor in
            let value: Bool
            if cursor.take("true") {
                value = true
            } else if cursor.take("false") {
                value = false
            } else if spellings.contains(.digits), cursor.take("1") {
                value = true
            } else if spellings.contains(.digits), cursor.take("0") {
                value = false
            } else if spellings.contains(.letters), cursor.take("t") {
                value = true
            } else if spellings.contains(.letters), cursor.take("f") {
                value = false
            } else {
                return false
            }
            guard cursor.isAtEnd else { return false }
            out.append(contentsOf: value ? "true".utf8 : "false".utf8)
            return true
        }
    }

    /// JSON text without spaces; see ``JSONTokenizer/appendCanonical(_:in:into:)``.
    ///
    /// Makes a tokenizer of its own; callers with many values keep one.
    public static func json(_ text: Span<UInt8>, depth: Int = 128, into out: inout [UInt8]) -> Bool {
        var tokenizer = JSONTokenizer(depth: depth)
        if tokenizer.tokenize(text) != nil { return false }
        _ = tokenizer.appendCanonical(0, in: text, into: &out)
        return true
    }
}

/// Reads a short text from left to right.
struct TextCursor {
    let base: UnsafePointer<UInt8>
    let end: Int
    var index: Int

    /// Calls `body` with a cursor over the text without the whitespace around it. An empty text fits nothing.
    @inline(__always)
    static func reading(_ text: Span<UInt8>, _ body: (inout TextCursor) -> Bool) -> Bool {
        text.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            var start = 0
            var end = buffer.count
            while start < end, ASCII.isSpace(base[start]) { start += 1 }
            while end > start, ASCII.isSpace(base[end - 1]) { end -= 1 }
            if start == end { return false }
            var cursor = TextCursor(base: base, end: end, index: start)
            return body(&cursor)
        }
    }

    var isAtEnd: Bool { index == end }
    var rest: Int { end - index }

    func peek() -> UInt8? { index < end ? base[index] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < end, base[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard rest >= count else { return false }
        for step in 0..<count where base[index + step] != word.utf8Start[step] { return false }
        index += count
        return true
    }

    /// Takes `+` or `-`, if one is there; true for `-`.
    mutating func takeSign() -> Bool {
        if take(ASCII.minus) { return true }
        _ = take(ASCII.plus)
        return false
    }

    mutating func takeDigits() -> Range<Int> {
        let start = index
        while index < end, ASCII.isDigit(base[index]) { index += 1 }
        return start..<index
    }

    /// The value of exactly two digits, nil if they are not there.
    mutating func takePair() -> Int? {
        guard rest >= 2, ASCII.isDigit(base[index]), ASCII.isDigit(base[index + 1]) else { return nil }
        defer { index += 2 }
        return Int(base[index] - ASCII.zero) * 10 + Int(base[index + 1] - ASCII.zero)
    }

    func append(_ range: Range<Int>, to out: inout [UInt8]) {
        out.append(contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}
