import PortabilityModel

/// Text in which OpenSSH wraps binary content: `-----BEGIN LABEL-----`, base 64 in lines, `-----END LABEL-----`.
///
/// Strict: nothing stands before it or after it but line ends, no line is empty or has white space, all but the last are
/// of one length; lines end with LF or CR LF, all alike.
enum SSHArmour {
    /// As many bytes as such a text may have; a signature or a key is far smaller.
    static let largest = 64 << 10

    /// The content of an armoured text.
    ///
    /// - Throws: `malformed` with the line, `limit`.
    static func decode(_ text: UnsafeRawBufferPointer, label: String, what: String) throws -> SecretBytes {
        guard text.count <= largest else {
            throw PortabilityError(.limit, "the \(what) is larger than \(largest >> 10) KiB")
        }
        var line: Int64 = 0
        func wrong(_ message: String) -> PortabilityError {
            PortabilityError(.malformed, message, remedy: "Get the \(what) again", at: .init(line: max(1, line)))
        }
        let (begin, end) = ("-----BEGIN \(label)-----", "-----END \(label)-----")
        var hasEnded = false
        var usesCarriageReturns = false
        var width: Int?
        var isLast = false
        var content = 0
        let joined = try SecretBytes(capacity: text.count) { joined in
            var rest = text[...]
            while let first = rest.first {
                line += 1
                let stop = rest.firstIndex(of: 10) ?? rest.endIndex
                var current = rest[rest.startIndex..<stop]
                rest = stop == rest.endIndex ? rest[stop...] : rest[(stop + 1)...]
                let hasCarriageReturn = current.last == 13
                if hasCarriageReturn { current = current.dropLast() }
                if hasEnded {
                    guard current.isEmpty else { throw wrong("there is something after the end of the \(what)") }
                    continue
                }
                if line == 1 {
                    guard current.elementsEqual(begin.utf8) else {
                        throw wrong("the \(what) does not begin with \(begin)")
                    }
                    usesCarriageReturns = hasCarriageReturn
                    continue
                }
                if first == UInt8(ascii: "-") {
                    guard current.elementsEqual(end.utf8) else {
                        throw wrong("the \(what) does not end with \(end)")
                    }
                    hasEnded = true
                    continue
                }
                guard !current.isEmpty, !isLast, current.count <= width ?? current.count,
                    hasCarriageReturn == usesCarriageReturns
                else { throw wrong("the line is none of the base 64 of the \(what)") }
                isLast = current.count < width ?? current.count
                width = width ?? current.count
                UnsafeMutableRawBufferPointer(rebasing: joined[content..<content + current.count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: current))
                content += current.count
            }
            guard hasEnded else { throw wrong("the \(what) ends before its last line, \(end)") }
            return content
        }
        var isWhole = false
        let decoded = joined.withBytes { joined in
            SecretBytes(capacity: joined.count) { bytes in
                let count = Self.decodeBase64(joined, into: bytes)
                isWhole = count != nil
                return count ?? 0
            }
        }
        guard isWhole else {
            line = 2
            throw wrong("the \(what) is no valid base 64")
        }
        return decoded
    }

    /// Wraps content as ssh-keygen does: 70 characters on a line.
    static func encode(_ content: [UInt8], label: String) -> [UInt8] {
        var text = Array("-----BEGIN \(label)-----\n".utf8)
        let body = Base64.encode(content, padded: true)
        for start in stride(from: 0, to: body.count, by: 70) {
            text += body[start..<min(start + 70, body.count)]
            text.append(10)
        }
        return text + Array("-----END \(label)-----\n".utf8)
    }

    /// As ``Base64/decode(_:padded:)`` with padding, but into memory that is overwritten later.
    private static func decodeBase64(
        _ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var letters = text[...]
        guard letters.count % 4 == 0 else { return nil }
        if letters.last == UInt8(ascii: "=") { letters = letters.dropLast() }
        if letters.last == UInt8(ascii: "=") { letters = letters.dropLast() }
        guard letters.count % 4 != 1 else { return nil }
        var (bits, held): (UInt32, UInt32) = (0, 0)
        var count = 0
        for letter in letters {
            let value = Base64.values[Int(letter)]
            if value >= 64 { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes[count] = UInt8(truncatingIfNeeded: bits >> held)
                count += 1
                bits &= (1 << held) - 1
            }
        }
        return bits == 0 ? count : nil
    }
}
