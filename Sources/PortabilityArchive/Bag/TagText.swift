/// The text of a tag file: its lines, in UTF-8 whatever the encoding was.
struct TagText {
    /// One line, without its end.
    struct Line {
        /// 1-based.
        let number: Int
        let bytes: ArraySlice<UInt8>
    }

    /// Why a file is no text.
    enum Problem: Error {
        case unknownEncoding
        case notInEncoding
    }

    let bytes: [UInt8]
    /// True if it began with a byte order mark, which UTF-8 should not have.
    let hadMark: Bool
    /// True if every line ends with a line feed alone.
    let hasPlainLineEnds: Bool

    /// Reads a text.
    ///
    /// - Parameter encoding: a name of IANA's registry; upper and lower case are the same.
    init(_ raw: [UInt8], encoding: String) throws(Problem) {
        var decoded: [UInt8]
        var hadMark = false
        switch encoding.uppercased() {
        case "UTF-8", "UTF8":
            hadMark = raw.starts(with: [0xEF, 0xBB, 0xBF])
            decoded = hadMark ? Array(raw.dropFirst(3)) : raw
            guard isUTF8(decoded.span) else { throw .notInEncoding }
        case "US-ASCII", "ASCII":
            guard raw.allSatisfy({ $0 < 0x80 }) else { throw .notInEncoding }
            decoded = raw
        case "ISO-8859-1", "LATIN1", "LATIN-1":
            decoded = []
            decoded.reserveCapacity(raw.count)
            for byte in raw {
                if byte < 0x80 {
                    decoded.append(byte)
                } else {
                    decoded.append(0xC0 | byte >> 6)
                    decoded.append(0x80 | byte & 0x3F)
                }
            }
        case "UTF-16": decoded = try Self.utf16(raw, isLittle: nil)
        case "UTF-16LE": decoded = try Self.utf16(raw, isLittle: true)
        case "UTF-16BE": decoded = try Self.utf16(raw, isLittle: false)
        default: throw .unknownEncoding
        }
        bytes = decoded
        self.hadMark = hadMark
        hasPlainLineEnds = !decoded.contains(UInt8(ascii: "\r")) && (decoded.last ?? 10) == 10
    }

    /// - Parameter isLittle: the order of bytes; nil for what the mark says, big without one (RFC 2781, 4.3).
    private static func utf16(_ raw: [UInt8], isLittle: Bool?) throws(Problem) -> [UInt8] {
        guard raw.count % 2 == 0 else { throw .notInEncoding }
        var units: [UInt16] = []
        units.reserveCapacity(raw.count / 2)
        let hasLittleMark = raw.starts(with: [0xFF, 0xFE])
        let hasMark = hasLittleMark || raw.starts(with: [0xFE, 0xFF])
        let little = isLittle ?? hasLittleMark
        for index in stride(from: isLittle == nil && hasMark ? 2 : 0, to: raw.count, by: 2) {
            let (first, second) = (UInt16(raw[index]), UInt16(raw[index + 1]))
            units.append(little ? second << 8 | first : first << 8 | second)
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw .notInEncoding }
        return Array(text.utf8)
    }

    /// The lines; each ends with LF, CR or both (RFC 8493, 2.1.3), the last may end with the file.
    var lines: [Line] {
        var lines: [Line] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 10 || byte == 13 else {
                index += 1
                continue
            }
            lines.append(Line(number: lines.count + 1, bytes: bytes[start..<index]))
            index += byte == 13 && index + 1 < bytes.count && bytes[index + 1] == 10 ? 2 : 1
            start = index
        }
        if start < bytes.count { lines.append(Line(number: lines.count + 1, bytes: bytes[start...])) }
        return lines
    }
}

/// True if the bytes are UTF-8.
private func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
        // Long runs of ASCII are what such files are made of.
        buffer.allSatisfy { $0 < 0x80 } || String(validating: buffer, as: UTF8.self) != nil
    }
}

func isLinearSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

extension ArraySlice<UInt8> {
    /// Without the spaces and tabs at both ends.
    var trimmed: ArraySlice<UInt8> {
        var slice = drop(while: isLinearSpace)
        while let last = slice.last, isLinearSpace(last) { slice = slice.dropLast() }
        return slice
    }
}
