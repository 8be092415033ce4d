/// Writes the content lines of vCards (RFC 6350, section 3).
struct VCardWriter {
    private(set) var bytes: [UInt8] = []
    /// True once a character was replaced that a card cannot hold.
    private(set) var hasReplaced = false

    mutating func begin() { line("BEGIN:VCARD", "VERSION:4.0", "PRODID:-//portability//1.0//EN") }

    mutating func end() { line("END:VCARD") }

    private mutating func line(_ lines: String...) {
        for line in lines { fold(line) }
    }

    /// A property with one text value.
    ///
    /// - Parameter property: the name with its parameters, such as `TEL;PREF=1`.
    mutating func text(_ property: String, _ value: String) { fold("\(property):\(escape(value, ";"))") }

    /// A property whose value has components, such as a name or an address; absent ones are empty.
    mutating func components(_ property: String, _ values: [String?]) {
        fold("\(property):\(values.map { $0.map { escape($0, ";") } ?? "" }.joined(separator: ";"))")
    }

    /// A property whose value is not text: no escapes.
    mutating func raw(_ property: String, _ value: String) { fold("\(property):\(value)") }

    /// RFC 6350, section 3.4: backslash, comma, semicolon and line feed are escaped; other control characters cannot
    /// be in a card.
    private mutating func escape(_ value: String, _ separator: Unicode.Scalar) -> String {
        var escaped = ""
        var previous: Unicode.Scalar = " "
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case ",": escaped += "\\,"
            case separator: escaped += "\\;"
            // A line ends once, however it is written.
            case "\n": escaped += previous == "\r" ? "" : "\\n"
            case "\r": escaped += "\\n"
            case "\t": escaped.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                escaped.unicodeScalars.append("\u{FFFD}")
                hasReplaced = true
            default: escaped.unicodeScalars.append(scalar)
            }
            previous = scalar
        }
        return escaped
    }

    /// RFC 6350, section 3.2: lines of at most 75 bytes; a line that goes on begins with a space. No character is cut.
    private mutating func fold(_ line: String) {
        var room = 75
        for scalar in line.unicodeScalars {
            let width = UTF8.width(scalar)
            if width > room {
                bytes += [0x0D, 0x0A, 0x20]
                room = 74
            }
            bytes += Array(String(scalar).utf8)
            room -= width
        }
        bytes += [0x0D, 0x0A]
    }
}
