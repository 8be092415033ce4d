/// What a JSON token is.
@frozen
public enum JSONKind: UInt8, Sendable {
    case object, array
    /// The name of a member; the token after it is the value.
    case key
    case string, number, `true`, `false`, null
}

/// One token of a JSON text: sixteen bytes that say what it is and where it stands.
@frozen
public struct JSONToken: Sendable {
    /// Where it begins: of strings and keys the byte after the quote, of objects and arrays the bracket.
    public var offset: UInt32
    /// Bytes: of strings and keys without the quotes, of objects and arrays with both brackets.
    public var length: UInt32
    /// Index of the first token that is no part of this one. For a key that of its value.
    public var next: UInt32
    public var kind: JSONKind
    @usableFromInline var flags: UInt8

    @inlinable
    init(offset: Int, length: Int, next: Int, kind: JSONKind, flags: UInt8) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
        self.next = UInt32(truncatingIfNeeded: next)
        self.kind = kind
        self.flags = flags
    }

    @usableFromInline static let escapedFlag: UInt8 = 1
    @usableFromInline static let fractionFlag: UInt8 = 2
    @usableFromInline static let supersededFlag: UInt8 = 4

    /// True if a string or key holds a backslash. Without it, its bytes are its value and need no escape in JSON.
    @inlinable public var isEscaped: Bool { flags & 1 != 0 }
    /// True if a number has a fraction or an exponent.
    @inlinable public var hasFraction: Bool { flags & 2 != 0 }
    /// True if a key is followed by an equal one in the same object, which counts instead of it.
    ///
    /// Known only after ``JSONTokenizer/markSuperseded(in:of:)``.
    @inlinable public var isSuperseded: Bool { flags & 4 != 0 }
    @inlinable public var range: Range<Int> { Int(offset)..<Int(offset) &+ Int(length) }
}

/// Why a text is not JSON, and where.
public struct JSONFault: Hashable, Sendable {
    public enum Reason: Sendable {
        /// Against the grammar.
        case syntax
        /// Ends in the middle.
        case incomplete
        /// Bytes in a string that are not UTF-8.
        case invalidUTF8
        /// Nested deeper than the limit.
        case depth
        /// More tokens than the limit, or 4 GiB and more.
        case size
    }
    public var reason: Reason
    /// 0-based offset of the byte at which it was seen.
    public var offset: Int

    public init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

/// Splits JSON texts (RFC 8259) into flat arrays of tokens.
///
/// Strict: what RFC 8259 does not allow is refused, and strings are checked to be UTF-8. It does not recurse, and it
/// uses its memory again for the next text. Equal keys in one object are let pass (RFC 8259, 4); see
/// ``markSuperseded(in:of:)``.
public struct JSONTokenizer: ~Copyable, @unchecked Sendable {
    @usableFromInline var tokens: UnsafeMutablePointer<JSONToken>
    @usableFromInline var capacity: Int
    @usableFromInline var filled = 0
    /// Number of tokens of the last text.
    @inlinable public var count: Int { filled }
    let depthLimit: Int
    let tokenLimit: Int

    /// Makes a tokenizer.
    ///
    /// - Parameters:
    ///   - depth: How deep objects and arrays may be nested.
    ///   - tokens: How many tokens, of sixteen bytes, a text may have.
    public init(depth: Int = 128, tokens: Int = 4 << 20) {
        capacity = 256
        self.tokens = .allocate(capacity: capacity)
        depthLimit = depth
        tokenLimit = min(tokens, Int(UInt32.max) - 1)
    }

    deinit { tokens.deallocate() }

    /// A token of the last text.
    @inlinable
    public subscript(index: Int) -> JSONToken {
        precondition(index >= 0 && index < count, "no such token")
        return tokens[index]
    }

    /// The tokens of the last text, valid until the tokenizer is used again.
    @inlinable
    public func withTokens<Result>(_ body: (UnsafeBufferPointer<JSONToken>) -> Result) -> Result {
        body(UnsafeBufferPointer(start: tokens, count: count))
    }

    /// Tokenizes one text.
    ///
    /// - Returns: nil if it is JSON; else the tokens are undefined.
    public mutating func tokenize(_ text: Span<UInt8>) -> JSONFault? {
        text.withUnsafeBytes { tokenize($0) }
    }

    /// The same over raw bytes.
    public mutating func tokenize(_ bytes: UnsafeRawBufferPointer) -> JSONFault? {
        guard let base = bytes.baseAddress else { return JSONFault(reason: .incomplete, offset: 0) }
        let end = bytes.count
        if end >= Int(UInt32.max) { return JSONFault(reason: .size, offset: 0) }
        var tokens = self.tokens
        var capacity = self.capacity
        var count = 0
        var depth = 0
        // Index of the innermost open container. While a container is open, `next` of its token holds the one around
        // it, so that no stack is needed.
        var open = -1
        var index = 0

        defer {
            self.tokens = tokens
            self.capacity = capacity
            filled = count
        }

        @inline(__always) func byte(_ index: Int) -> UInt8 { base.load(fromByteOffset: index, as: UInt8.self) }
        func fault(_ at: Int) -> JSONFault {
            JSONFault(reason: at >= end ? .incomplete : .syntax, offset: min(at, end))
        }

        values: while true {
            if count &+ 2 > capacity {
                if count + 2 > tokenLimit { return JSONFault(reason: .size, offset: index) }
                let larger = min(capacity * 2, tokenLimit)
                let moved = UnsafeMutablePointer<JSONToken>.allocate(capacity: larger)
                moved.moveInitialize(from: tokens, count: count)
                tokens.deallocate()
                tokens = moved
                capacity = larger
            }
            while index < end, ASCII.isSpace(byte(index)) { index &+= 1 }
            if index == end { return fault(index) }
            var isMember = false
            switch byte(index) {
            case ASCII.quote:
                var flags: UInt8 = 0
                let stop = Self.endOfString(base, index &+ 1, end, &flags)
                if stop < 0 { return Self.stringFault(base, ~stop, end) }
                tokens[count] = JSONToken(
                    offset: index &+ 1, length: stop &- index &- 1, next: count &+ 1, kind: .string, flags: flags)
                count &+= 1
                index = stop &+ 1
            case ASCII.openBrace:
                if depth == depthLimit { return JSONFault(reason: .depth, offset: index) }
                depth &+= 1
                tokens[count] = JSONToken(offset: index, length: 0, next: open, kind: .object, flags: 0)
                open = count
                count &+= 1
                index &+= 1
                while index < end, ASCII.isSpace(byte(index)) { index &+= 1 }
                if index == end { return fault(index) }
                isMember = byte(index) != ASCII.closeBrace
            case ASCII.openBracket:
                if depth == depthLimit { return JSONFault(reason: .depth, offset: index) }
                depth &+= 1
                tokens[count] = JSONToken(offset: index, length: 0, next: open, kind: .array, flags: 0)
                open = count
                count &+= 1
                index &+= 1
                while index < end, ASCII.isSpace(byte(index)) { index &+= 1 }
                if index == end { return fault(index) }
                if byte(index) != ASCII.closeBracket { continue values }
            case ASCII.minus, ASCII.zero...ASCII.nine:
                let start = index
                var flags: UInt8 = 0
                if byte(index) == ASCII.minus {
                    index &+= 1
                    if index == end { return fault(index) }
                }
                if byte(index) == ASCII.zero {
                    index &+= 1
                } else {
                    if !ASCII.isDigit(byte(index)) { return fault(index) }
                    repeat { index &+= 1 } while index < end && ASCII.isDigit(byte(index))
                }
                if index < end, byte(index) == ASCII.dot {
                    flags = JSONToken.fractionFlag
                    index &+= 1
                    if index == end || !ASCII.isDigit(byte(index)) { return fault(index) }
                    repeat { index &+= 1 } while index < end && ASCII.isDigit(byte(index))
                }
                if index < end, byte(index) | 0x20 == UInt8(ascii: "e") {
                    flags = JSONToken.fractionFlag
                    index &+= 1
                    if index < end, byte(index) == ASCII.plus || byte(index) == ASCII.minus { index &+= 1 }
                    if index == end || !ASCII.isDigit(byte(index)) { return fault(index) }
                    repeat { index &+= 1 } while index < end && ASCII.isDigit(byte(index))
                }
                tokens[count] = JSONToken(
                    offset: start, length: index &- start, next: count &+ 1, kind: .number, flags: flags)
                count &+= 1
            case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
                guard let (kind, length) = Self.literal(base, index, end) else {
                    return Self.literalFault(base, index, end)
                }
                tokens[count] = JSONToken(offset: index, length: length, next: count &+ 1, kind: kind, flags: 0)
                count &+= 1
                index &+= length
            default: return fault(index)
            }

            // A value has ended, or a container has just begun.
            while true {
                if isMember {
                    if index == end || byte(index) != ASCII.quote { return fault(index) }
                    var flags: UInt8 = 0
                    let stop = Self.endOfString(base, index &+ 1, end, &flags)
                    if stop < 0 { return Self.stringFault(base, ~stop, end) }
                    // Room for it: the top of the loop makes place for two tokens, and only one was taken.
                    tokens[count] = JSONToken(
                        offset: index &+ 1, length: stop &- index &- 1, next: count &+ 1, kind: .key, flags: flags)
                    count &+= 1
                    index = stop &+ 1
                    while index < end, ASCII.isSpace(byte(index)) { index &+= 1 }
                    if index == end || byte(index) != ASCII.colon { return fault(index) }
                    index &+= 1
                    continue values
                }
                while index < end, ASCII.isSpace(byte(index)) { index &+= 1 }
                if open < 0 {
                    return index == end ? nil : JSONFault(reason: .syntax, offset: index)
                }
                if index == end { return fault(index) }
                let isObject = tokens[open].kind == .object
                if byte(index) == ASCII.comma, open != count &- 1 {
                    index &+= 1
                    if !isObject { continue values }
                    while index < end, ASCII.isSpace(byte(index)) { index &+= 1 }
                    isMember = true
                } else if byte(index) == (isObject ? ASCII.closeBrace : ASCII.closeBracket) {
                    index &+= 1
                    let outer = Int(Int32(bitPattern: tokens[open].next))
                    tokens[open].next = UInt32(truncatingIfNeeded: count)
                    tokens[open].length = UInt32(truncatingIfNeeded: index &- Int(tokens[open].offset))
                    open = outer
                    depth &-= 1
                } else {
                    return fault(index)
                }
            }
        }
    }

    /// Begins, in place of the last tokens, those of an object that another reader finds in a text of another syntax.
    ///
    /// Add its members with ``addMember(_:_:_:isEscaped:hasFraction:)``, then call ``endObject(length:)``. The text
    /// then serves like a JSON text to all that works on tokens.
    @inlinable
    public mutating func beginObject() {
        tokens[0] = JSONToken(offset: 0, length: 0, next: 1, kind: .object, flags: 0)
        filled = 1
    }

    /// Adds a member with a scalar value.
    ///
    /// - Parameters:
    ///   - name: Where its name stands in the text; as `value` of a string, what JSON would put between the quotes.
    ///   - value: Where its value stands: valid UTF-8 that needs no escape in JSON, or is escaped.
    ///   - isEscaped: True if a string has backslashes that JSON's rules take away.
    @inlinable
    public mutating func addMember(
        _ name: Range<Int>, _ value: Range<Int>, _ kind: JSONKind = .string, isEscaped: Bool = false,
        hasFraction: Bool = false
    ) {
        if filled &+ 2 > capacity { grow() }
        tokens[filled] = JSONToken(
            offset: name.lowerBound, length: name.count, next: filled &+ 1, kind: .key, flags: 0)
        tokens[filled &+ 1] = JSONToken(
            offset: value.lowerBound, length: value.count, next: filled &+ 2, kind: kind,
            flags: (isEscaped ? JSONToken.escapedFlag : 0) | (hasFraction ? JSONToken.fractionFlag : 0))
        filled &+= 2
    }

    /// Ends the object; `length` is that of the whole text.
    @inlinable
    public mutating func endObject(length: Int) {
        tokens[0].length = UInt32(truncatingIfNeeded: length)
        tokens[0].next = UInt32(truncatingIfNeeded: filled)
    }

    @usableFromInline
    mutating func grow() {
        let moved = UnsafeMutablePointer<JSONToken>.allocate(capacity: capacity * 2)
        moved.moveInitialize(from: tokens, count: filled)
        tokens.deallocate()
        tokens = moved
        capacity *= 2
    }

    /// The index of the closing quote of a string whose first byte is at `index`; the complement of the index of the
    /// offending byte (or of `end`) if there is none.
    @inline(__always)
    private static func endOfString(
        _ base: UnsafeRawPointer, _ index: Int, _ end: Int, _ flags: inout UInt8
    ) -> Int {
        var index = index
        while true {
            if index &+ 8 <= end {
                let marks = Words.stops(Words.load(base, index))
                if marks == 0 {
                    index &+= 8
                    continue
                }
                index &+= Words.first(marks)
            } else if index == end {
                return ~end
            }
            let byte = base.load(fromByteOffset: index, as: UInt8.self)
            if byte == ASCII.quote { return index }
            if byte >= 0x80 {
                let length = UTF8Sequence.measure(base, index, end)
                if length < 0 { return ~index }
                index &+= length
            } else if byte == ASCII.backslash {
                flags |= JSONToken.escapedFlag
                let length = escapeLength(base, index, end)
                if length == 0 { return ~index }
                index &+= length
            } else if byte < 0x20 {
                return ~index
            } else {
                index &+= 1
            }
        }
    }

    /// Length of the escape that begins at `index`, 2 or 6; 0 if it is none.
    private static func escapeLength(_ base: UnsafeRawPointer, _ index: Int, _ end: Int) -> Int {
        if index + 1 >= end { return 0 }
        switch base.load(fromByteOffset: index + 1, as: UInt8.self) {
        case ASCII.quote, ASCII.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            return hexadecimalUnit(base, index + 2, end) == nil ? 0 : 6
        default: return 0
        }
    }

    private static func literal(_ base: UnsafeRawPointer, _ index: Int, _ end: Int) -> (JSONKind, Int)? {
        guard index &+ 4 <= end else { return nil }
        let word = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt32.self))
        switch word {
        case 0x6575_7274: return (.true, 4)
        case 0x6c6c_756e: return (.null, 4)
        case 0x736c_6166:
            guard index &+ 5 <= end, base.load(fromByteOffset: index + 4, as: UInt8.self) == UInt8(ascii: "e") else {
                return nil
            }
            return (.false, 5)
        default: return nil
        }
    }

    private static func literalFault(_ base: UnsafeRawPointer, _ index: Int, _ end: Int) -> JSONFault {
        for word in ["true", "false", "null"] {
            let letters = word.utf8
            if end - index < letters.count,
                zip(letters, UnsafeRawBufferPointer(start: base + index, count: end - index))
                    .allSatisfy({ $0 == $1 })
            {
                return JSONFault(reason: .incomplete, offset: end)
            }
        }
        return JSONFault(reason: .syntax, offset: index)
    }

    private static func stringFault(_ base: UnsafeRawPointer, _ index: Int, _ end: Int) -> JSONFault {
        if index >= end { return JSONFault(reason: .incomplete, offset: end) }
        let byte = base.load(fromByteOffset: index, as: UInt8.self)
        return JSONFault(reason: byte >= 0x80 ? .invalidUTF8 : .syntax, offset: index)
    }
}

/// The value of the four hexadecimal digits at `index`; nil if they are not four.
@inline(__always)
func hexadecimalUnit(_ base: UnsafeRawPointer, _ index: Int, _ end: Int) -> UInt16? {
    if index + 4 > end { return nil }
    var unit: UInt16 = 0
    for step in 0..<4 {
        let byte = base.load(fromByteOffset: index + step, as: UInt8.self)
        let digit: UInt8
        switch byte {
        case ASCII.zero...ASCII.nine: digit = byte - ASCII.zero
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
        default: return nil
        }
        unit = unit << 4 | UInt16(digit)
    }
    return unit
}
