/// True if the text needs no escape in JSON: it holds no `"`, no `\` and nothing below U+0020.
///
/// Does not look at whether it is valid UTF-8.
public func isJSONClean(_ text: Span<UInt8>) -> Bool {
    text.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return true }
        return skipClean(base, 0, bytes.count) == bytes.count
    }
}

/// Appends valid UTF-8 with the escapes of the canonical form, without quotes around it.
///
/// Escaped are `"`, `\` and U+0000 to U+001F, as `\b \t \n \f \r` or else as lowercase `\u00xx`; nothing else is
/// (RFC 8259, 7, demands just these).
public func appendJSONEscaped(_ text: Span<UInt8>, into out: inout [UInt8]) {
    text.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        var clean = 0
        while true {
            let stop = skipClean(base, clean, bytes.count)
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[clean..<stop]))
            if stop == bytes.count { return }
            appendEscape(of: bytes[stop], into: &out)
            clean = stop + 1
        }
    }
}

/// The first byte at or after `index` that must be escaped, or `count`.
@inline(__always)
private func skipClean(_ base: UnsafeRawPointer, _ index: Int, _ count: Int) -> Int {
    var index = index
    while index &+ 8 <= count {
        let marks = Words.escapes(Words.load(base, index))
        if marks != 0 { return index &+ Words.first(marks) }
        index &+= 8
    }
    while index < count {
        let byte = base.load(fromByteOffset: index, as: UInt8.self)
        if byte < 0x20 || byte == ASCII.quote || byte == ASCII.backslash { break }
        index &+= 1
    }
    return index
}

private func appendEscape(of byte: UInt8, into out: inout [UInt8]) {
    out.append(ASCII.backslash)
    switch byte {
    case 0x08: out.append(UInt8(ascii: "b"))
    case 0x09: out.append(UInt8(ascii: "t"))
    case 0x0a: out.append(UInt8(ascii: "n"))
    case 0x0c: out.append(UInt8(ascii: "f"))
    case 0x0d: out.append(UInt8(ascii: "r"))
    case 0x00...0x1f:
        let low = byte & 15
        out.append(contentsOf: [
            UInt8(ascii: "u"), ASCII.zero, ASCII.zero, ASCII.zero + (byte >> 4),
            low < 10 ? ASCII.zero + low : UInt8(ascii: "a") - 10 + low,
        ])
    default: out.append(byte)
    }
}
