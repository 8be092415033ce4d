/// Well-formed UTF-8 by table 3-7 of the Unicode Standard.
@usableFromInline
enum UTF8Sequence {
    /// Looks at the sequence that begins at `index`, which is below `count`.
    ///
    /// - Returns: its length, 1 to 4, if it is well-formed; else minus the length of its maximal subpart, 1 to 3.
    @usableFromInline
    static func measure(_ base: UnsafeRawPointer, _ index: Int, _ count: Int) -> Int {
        let lead = base.load(fromByteOffset: index, as: UInt8.self)
        if lead < 0x80 { return 1 }
        var lower: UInt8 = 0x80
        var upper: UInt8 = 0xbf
        let length: Int
        switch lead {
        case 0xc2...0xdf: length = 2
        case 0xe0:
            length = 3
            lower = 0xa0
        case 0xed:
            length = 3
            upper = 0x9f
        case 0xe1...0xef: length = 3
        case 0xf0:
            length = 4
            lower = 0x90
        case 0xf4:
            length = 4
            upper = 0x8f
        case 0xf1...0xf3: length = 4
        default: return -1
        }
        for step in 1..<length {
            if index + step >= count { return -step }
            let byte = base.load(fromByteOffset: index + step, as: UInt8.self)
            if byte < lower || byte > upper { return -step }
            lower = 0x80
            upper = 0xbf
        }
        return length
    }

    /// The first byte at or after `index` that is not ASCII, or `count`.
    @inlinable @inline(__always)
    static func skipASCII(_ base: UnsafeRawPointer, _ index: Int, _ count: Int) -> Int {
        var index = index
        while index &+ 8 <= count {
            let marks = Words.load(base, index) & Words.highs
            if marks != 0 { return index &+ Words.first(marks) }
            index &+= 8
        }
        while index < count, base.load(fromByteOffset: index, as: UInt8.self) < 0x80 { index &+= 1 }
        return index
    }
}

/// Copies text, replacing invalid UTF-8 by U+FFFD, one for each maximal subpart, as the WHATWG Encoding Standard does.
///
/// - Returns: the number of replacements.
public func appendRepaired(_ text: Span<UInt8>, into out: inout [UInt8]) -> Int {
    text.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return 0 }
        let count = bytes.count
        var replaced = 0
        var clean = 0
        var index = UTF8Sequence.skipASCII(base, 0, count)
        while index < count {
            let length = UTF8Sequence.measure(base, index, count)
            if length > 0 {
                index += length
            } else {
                out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[clean..<index]))
                out.append(contentsOf: [0xef, 0xbf, 0xbd] as [UInt8])
                replaced += 1
                index -= length
                clean = index
            }
            index = UTF8Sequence.skipASCII(base, index, count)
        }
        out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[clean...]))
        return replaced
    }
}

/// True if the bytes are well-formed UTF-8.
public func isValidUTF8(_ text: Span<UInt8>) -> Bool {
    text.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return true }
        var index = UTF8Sequence.skipASCII(base, 0, bytes.count)
        while index < bytes.count {
            let length = UTF8Sequence.measure(base, index, bytes.count)
            if length < 0 { return false }
            index = UTF8Sequence.skipASCII(base, index + length, bytes.count)
        }
        return true
    }
}
