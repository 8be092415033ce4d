import PortabilityModel

extension JSONTokenizer {
    /// Appends the value of a string or key: its escapes undone, lone surrogates replaced by U+FFFD.
    ///
    /// - Parameters:
    ///   - token: A string or key of the last text.
    ///   - text: That text.
    /// - Returns: the number of lone surrogates.
    public func appendValue(of token: JSONToken, in text: Span<UInt8>, into out: inout [UInt8]) -> Int {
        let piece = text.extracting(token.range)
        if token.isEscaped { return piece.withUnsafeBytes { unescape($0, into: &out) } }
        out.append(piece)
        return 0
    }

    /// Marks in every object of a value the keys that are followed by an equal one, so that the last counts.
    public mutating func markSuperseded(in text: Span<UInt8>, of value: Int) {
        let end = Int(self[value].next)
        var keys: [Int] = []
        var index = value
        while index < end {
            if tokens[index].kind == .object {
                keys.removeAll(keepingCapacity: true)
                var key = index + 1
                while key < Int(tokens[index].next) {
                    keys.append(key)
                    key = Int(tokens[key + 1].next)
                }
                if keys.count > 1 { markSuperseded(keys, in: text) }
            }
            index += 1
        }
    }

    private mutating func markSuperseded(_ keys: [Int], in text: Span<UInt8>) {
        // The keys' values one after another, since escaped keys have to be compared by value.
        var values: [UInt8] = []
        var entries: [(key: Int, start: Int, end: Int)] = []
        entries.reserveCapacity(keys.count)
        for key in keys {
            let start = values.count
            _ = appendValue(of: tokens[key], in: text, into: &values)
            entries.append((key, start, values.count))
        }
        func order(_ left: (key: Int, start: Int, end: Int), _ right: (key: Int, start: Int, end: Int)) -> Int {
            let (leftCount, rightCount) = (left.end - left.start, right.end - right.start)
            if leftCount != rightCount { return leftCount - rightCount }
            for step in 0..<leftCount where values[left.start + step] != values[right.start + step] {
                return Int(values[left.start + step]) - Int(values[right.start + step])
            }
            return 0
        }
        entries.sort { left, right in
            let order = order(left, right)
            return order == 0 ? left.key < right.key : order < 0
        }
        for place in 1..<entries.count where order(entries[place - 1], entries[place]) == 0 {
            tokens[entries[place - 1].key].flags |= JSONToken.supersededFlag
        }
    }

    /// Appends the canonical text of a value: no spaces, strings with the canonical escapes, numbers as they were
    /// spelled, members in their order, of equal keys only the last.
    ///
    /// - Parameters:
    ///   - value: Index of a token of the last text, not of a key.
    ///   - text: That text.
    /// - Returns: the number of lone surrogates, replaced by U+FFFD.
    public mutating func appendCanonical(_ value: Int, in text: Span<UInt8>, into out: inout [UInt8]) -> Int {
        let end = Int(self[value].next)
        if end > value + 1 { markSuperseded(in: text, of: value) }
        var surrogates = 0
        var scratch: [UInt8] = []
        var closing: [(end: Int, bracket: UInt8)] = []
        var needsComma = false
        var index = value
        while true {
            while let last = closing.last, last.end == index {
                out.append(last.bracket)
                closing.removeLast()
                needsComma = true
            }
            if index == end { return surrogates }
            let token = tokens[index]
            if token.isSuperseded {
                index = Int(tokens[index + 1].next)
                continue
            }
            if needsComma { out.append(ASCII.comma) }
            needsComma = token.kind != .key
            switch token.kind {
            case .object:
                out.append(ASCII.openBrace)
                closing.append((Int(token.next), ASCII.closeBrace))
                needsComma = false
            case .array:
                out.append(ASCII.openBracket)
                closing.append((Int(token.next), ASCII.closeBracket))
                needsComma = false
            case .key, .string:
                out.append(ASCII.quote)
                if token.isEscaped {
                    scratch.removeAll(keepingCapacity: true)
                    surrogates += appendValue(of: token, in: text, into: &scratch)
                    appendJSONEscaped(scratch.span, into: &out)
                } else {
                    out.append(text.extracting(token.range))
                }
                out.append(ASCII.quote)
                if token.kind == .key { out.append(ASCII.colon) }
            case .number, .true, .false, .null:
                out.append(text.extracting(token.range))
            }
            index += 1
        }
    }
}

/// Undoes the escapes of the inside of a JSON string that the tokenizer let pass.
private func unescape(_ bytes: UnsafeRawBufferPointer, into out: inout [UInt8]) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    let end = bytes.count
    var surrogates = 0
    var clean = 0
    var index = 0
    while index < end {
        if bytes[index] != ASCII.backslash {
            index += 1
            continue
        }
        out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[clean..<index]))
        let letter = bytes[index + 1]
        index += 2
        switch letter {
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "n"): out.append(0x0a)
        case UInt8(ascii: "f"): out.append(0x0c)
        case UInt8(ascii: "r"): out.append(0x0d)
        case UInt8(ascii: "u"):
            let unit = hexadecimalUnit(base, index, end) ?? 0
            index += 4
            var scalar = Unicode.Scalar(unit)
            if unit & 0xfc00 == 0xd800, index + 6 <= end, bytes[index] == ASCII.backslash,
                bytes[index + 1] == UInt8(ascii: "u"), let low = hexadecimalUnit(base, index + 2, end),
                low & 0xfc00 == 0xdc00
            {
                scalar = Unicode.Scalar(0x10000 + (UInt32(unit & 0x3ff) << 10 | UInt32(low & 0x3ff)))
                index += 6
            }
            if scalar == nil { surrogates += 1 }
            out.append(contentsOf: UTF8.encode(scalar ?? "\u{fffd}") ?? UTF8.encodedReplacementCharacter)
        default: out.append(letter)
        }
        clean = index
    }
    out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[clean...]))
    return surrogates
}
