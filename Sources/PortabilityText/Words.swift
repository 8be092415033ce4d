/// Bytes looked at eight at a time, in ordinary 64-bit registers.
///
/// A mark is the top bit of a byte. The lowest mark of each result is exact; a borrow may add false marks above it, so
/// callers look at the lowest only.
@usableFromInline
enum Words {
    @usableFromInline static let ones: UInt64 = 0x0101_0101_0101_0101
    @usableFromInline static let highs: UInt64 = 0x8080_8080_8080_8080

    @inlinable @inline(__always)
    static func load(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Marks the bytes that JSON must escape: `"`, `\` and everything below U+0020.
    @inlinable @inline(__always)
    static func escapes(_ word: UInt64) -> UInt64 {
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5c5c_5c5c_5c5c_5c5c
        return
            (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            | ((word &- 0x2020_2020_2020_2020) & ~word)) & highs
    }

    /// Marks the bytes that a JSON string cannot simply run over: those of ``escapes(_:)`` and all from 0x80 up.
    @inlinable @inline(__always)
    static func stops(_ word: UInt64) -> UInt64 { escapes(word) | (word & highs) }

    /// Index of the byte with the lowest mark.
    @inlinable @inline(__always)
    static func first(_ marks: UInt64) -> Int { marks.trailingZeroBitCount &>> 3 }
}

/// The ASCII characters that the parsers name.
@usableFromInline
enum ASCII {
    @usableFromInline static let tab: UInt8 = 0x09
    @usableFromInline static let lineFeed: UInt8 = 0x0a
    @usableFromInline static let carriageReturn: UInt8 = 0x0d
    @usableFromInline static let space: UInt8 = 0x20
    @usableFromInline static let quote: UInt8 = 0x22
    @usableFromInline static let hash: UInt8 = 0x23
    @usableFromInline static let plus: UInt8 = 0x2b
    @usableFromInline static let comma: UInt8 = 0x2c
    @usableFromInline static let minus: UInt8 = 0x2d
    @usableFromInline static let dot: UInt8 = 0x2e
    @usableFromInline static let zero: UInt8 = 0x30
    @usableFromInline static let nine: UInt8 = 0x39
    @usableFromInline static let colon: UInt8 = 0x3a
    @usableFromInline static let openBracket: UInt8 = 0x5b
    @usableFromInline static let backslash: UInt8 = 0x5c
    @usableFromInline static let closeBracket: UInt8 = 0x5d
    @usableFromInline static let openBrace: UInt8 = 0x7b
    @usableFromInline static let closeBrace: UInt8 = 0x7d

    @inlinable @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

    /// The whitespace of XML and JSON.
    @inlinable @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == space || byte == lineFeed || byte == tab || byte == carriageReturn
    }
}
