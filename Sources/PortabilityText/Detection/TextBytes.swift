extension ASCII {
    static let apostrophe: UInt8 = 0x27
    static let openParenthesis: UInt8 = 0x28
    static let closeParenthesis: UInt8 = 0x29
    static let slash: UInt8 = 0x2f
    static let at: UInt8 = 0x40
    static let underscore: UInt8 = 0x5f

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
}

/// The text that the detectors read, with what they ask of a place in it. Places outside the text read as NUL.
struct TextBytes {
    let base: UnsafeRawPointer
    let count: Int

    @inline(__always)
    subscript(_ index: Int) -> UInt8 {
        // One comparison for both ends: a negative index is a large unsigned one.
        UInt(bitPattern: index) < UInt(bitPattern: count) ? base.load(fromByteOffset: index, as: UInt8.self) : 0
    }

    /// The length of the letter, mark or digit that begins at `index`, or 0 if something else does.
    @inline(__always)
    func letterOrDigit(at index: Int) -> Int {
        let byte = self[index]
        if byte < 0x80 { return ASCII.isAlphanumeric(byte) ? 1 : 0 }
        return foreignLetter(at: index)
    }

    /// The length of the letter, mark or digit that ends before `index`, or 0 if something else does.
    @inline(__always)
    func letterOrDigit(before index: Int) -> Int {
        let byte = self[index - 1]
        if byte < 0x80 { return ASCII.isAlphanumeric(byte) ? 1 : 0 }
        return foreignLetter(before: index)
    }

    /// The length of the sequence beyond ASCII that begins at `index` if it may be part of a word, else 0.
    ///
    /// Punctuation, symbols and spaces are told from letters by their blocks: Latin-1 signs, U+2000 to U+2BFF, the marks
    /// of CJK, and the pictographs beyond U+1F000. Malformed sequences and U+FFFD are no letters.
    func foreignLetter(at index: Int) -> Int {
        let length = UTF8Sequence.measure(base, index, count)
        if length < 2 { return 0 }
        let second = self[index + 1]
        switch self[index] {
        case 0xc2: return 0
        case 0xc3: return second == 0x97 || second == 0xb7 ? 0 : 2
        case 0xe2: return second >= 0xb0 ? 3 : 0
        case 0xe3: return second == 0x80 ? 0 : 3
        case 0xef: return second >= 0xb8 && !(second == 0xbc || second == 0xbd) ? 0 : 3
        case 0xf0: return second == 0x9f ? 0 : 4
        default: return length
        }
    }

    /// The length of the sequence beyond ASCII that ends before `index` if it may be part of a word, else 0.
    func foreignLetter(before index: Int) -> Int {
        var start = index - 1
        while start > 0, index - start < 4, self[start] & 0xc0 == 0x80 { start -= 1 }
        if start < 0 || self[start] < 0xc2 { return 0 }
        return foreignLetter(at: start) == index - start ? index - start : 0
    }

    /// The length of the white space that begins at `index`, or 0: ASCII's, and the no-break and typographic spaces.
    @inline(__always)
    func space(at index: Int) -> Int {
        let byte = self[index]
        if byte < 0x80 { return ASCII.isSpace(byte) ? 1 : 0 }
        if byte == 0xc2 { return self[index + 1] == 0xa0 ? 2 : 0 }
        if byte == 0xe2, self[index + 1] == 0x80 {
            let third = self[index + 2]
            return third >= 0x80 && third <= 0x8a || third == 0xaf ? 3 : 0
        }
        return 0
    }

    /// The length of the hyphen, dash or minus sign that begins at `index`, or 0.
    @inline(__always)
    func hyphen(at index: Int) -> Int {
        let byte = self[index]
        if byte == ASCII.minus { return 1 }
        if byte != 0xe2 { return 0 }
        let second = self[index + 1]
        let third = self[index + 2]
        return second == 0x80 && third >= 0x90 && third <= 0x94 || second == 0x88 && third == 0x92 ? 3 : 0
    }

    /// The number of digits from `index`, counted to `limit` only.
    @inline(__always)
    func digits(at index: Int, limit: Int) -> Int {
        var end = index
        while end - index < limit, ASCII.isDigit(self[end]) { end += 1 }
        return end - index
    }

    /// The value of so many digits from `index`.
    @inline(__always)
    func number(at index: Int, digits: Int) -> Int {
        var value = 0
        for place in index..<(index + digits) { value = value * 10 + Int(self[place] &- ASCII.zero) }
        return value
    }
}
