import PortabilityModel

/// A piece of HTML.
///
/// Only literals of this program are taken as markup; whatever is interpolated as a `String` is escaped. So no text
/// from a configuration can become an element, an attribute or a script.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    private(set) var html: String

    init(stringLiteral value: String) { html = value }
    init(stringInterpolation: Interpolation) { html = stringInterpolation.html }

    /// Text, escaped.
    init(text: String) { html = Self.escaped(text) }

    /// A text with its placeholders replaced by markup.
    init(_ text: LocalizedText, _ language: Language, _ values: [String: Markup] = [:]) {
        html = ""
        for piece in text.pieces(language) {
            switch piece {
            case .text(let part): html += Self.escaped(part)
            case .name(let name): html += values[name]?.html ?? ""
            }
        }
    }

    var isEmpty: Bool { html.isEmpty }

    static func += (left: inout Markup, right: Markup) { left.html += right.html }
    static func + (left: Markup, right: Markup) -> Markup { "\(left)\(right)" }

    static func joined(_ pieces: [Markup], by separator: Markup = "") -> Markup {
        var all: Markup = ""
        for (index, piece) in pieces.enumerated() {
            if index > 0 { all += separator }
            all += piece
        }
        return all
    }

    struct Interpolation: StringInterpolationProtocol {
        var html: String

        init(literalCapacity: Int, interpolationCount: Int) {
            html = ""
            html.reserveCapacity(literalCapacity + interpolationCount * 16)
        }
        mutating func appendLiteral(_ literal: String) { html += literal }
        mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
        mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
        mutating func appendInterpolation(number: Int) { html += String(number) }
        /// A length of a drawing, from thousandths: `12.5`.
        mutating func appendInterpolation(thousandths: Int) {
            let fraction = String(thousandths % 1000 + 1000).dropFirst()
            html += "\(thousandths / 1000).\(fraction)"
        }
    }

    /// Longest text taken from outside, in Unicode scalars; what is longer is cut and ends in `…`.
    static let longestText = 2000

    /// Escapes for element content and quoted attributes. Characters that HTML forbids, and those that change the
    /// direction of what follows, become U+FFFD.
    static func escaped(_ text: String) -> String {
        var text = text
        let html = text.withUTF8 { bytes in isPlain(bytes) ? nil : escaped(bytes) }
        return html.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// Whether a text stands in HTML as it is: ASCII without markup and controls, and not too long. Many do.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count <= longestText
            && text.allSatisfy { byte in
                switch byte {
                case 0x22, 0x26, 0x27, 0x3C, 0x3E: false
                case 0x09, 0x0A, 0x20...0x7E: true
                default: false
                }
            }
    }

    private static func escaped(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var html: [UInt8] = []
        html.reserveCapacity(text.count + 64)
        var index = 0
        var count = 0
        while index < text.count {
            if count == longestText {
                html.append(contentsOf: "…".utf8)
                break
            }
            count += 1
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "&"): html.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): html.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): html.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): html.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): html.append(contentsOf: "&#39;".utf8)
            case 0x09, 0x0A, 0x20...0x7E: html.append(byte)
            case 0x00...0x7F: html.append(contentsOf: "\u{FFFD}".utf8)
            default:
                // A `String` holds well-formed UTF-8: the first byte tells how many follow.
                let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                var scalar = UInt32(byte) & (0x7F >> UInt32(length))
                for offset in 1..<length { scalar = scalar << 6 | UInt32(text[index + offset] & 0x3F) }
                if ValueText.isHidden(scalar) {
                    html.append(contentsOf: "\u{FFFD}".utf8)
                } else {
                    html.append(contentsOf: text[index..<index + length])
                }
                index += length - 1
            }
            index += 1
        }
        return html
    }
}

extension Unicode.Scalar {
    /// Controls but TAB and LF, and what else a reader cannot see, see ``ValueText/isHidden(_:)``.
    var isUnprintable: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F: true
        default: value >= 0x80 && ValueText.isHidden(value)
        }
    }
}

/// Links. Nothing is loaded: a link is followed only by a person's hand.
extension Markup {
    /// A file of the archive, relative to the page. A path that is not plainly inside the archive is text.
    static func file(_ path: String, label: String) -> Markup {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isInside = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        if !isInside { return Markup(text: label) }
        // Long names may break before a dot.
        let pieces = label.split(separator: ".", omittingEmptySubsequences: false).map { Markup(text: String($0)) }
        return "<a href=\"\(percentEncoded(path, keep: "/"))\">\(.joined(pieces, by: "<wbr>."))</a>"
    }

    /// An address on the web; anything but http and https is text.
    static func web(_ address: String) -> Markup {
        guard address.hasPrefix("https://") || address.hasPrefix("http://") else { return Markup(text: address) }
        return "<a href=\"\(address)\" rel=\"noopener noreferrer\">\(address)</a>"
    }

    static func mail(_ address: String) -> Markup {
        "<a href=\"mailto:\(percentEncoded(address, keep: "@+"))\">\(address)</a>"
    }

    static func telephone(_ number: String) -> Markup {
        let digits = String(number.unicodeScalars.filter { ("0"..."9").contains($0) || $0 == "+" }.map(Character.init))
        return digits.isEmpty ? Markup(text: number) : "<a href=\"tel:\(digits)\">\(number)</a>"
    }

    private static func percentEncoded(_ text: String, keep: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF")
        var encoded = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~".unicodeScalars.contains(scalar) || (byte < 0x80 && keep.unicodeScalars.contains(scalar))
            if isPlain {
                encoded.unicodeScalars.append(scalar)
            } else {
                encoded += "%"
                encoded.append(hexadecimal[Int(byte >> 4)])
                encoded.append(hexadecimal[Int(byte & 15)])
            }
        }
        return encoded
    }
}

/// A table whose rows become blocks, each cell beside its heading, where the screen is narrow.
struct Table {
    struct Column {
        var heading: String
        var isNumber = false
    }

    var caption: Markup
    var columns: [Column]
    /// A class of the style sheet, for the widths of columns.
    var name: Markup = "list"
    /// One cell for each column; the first names the row.
    var rows: [[Markup]] = []

    var markup: Markup {
        var html: Markup = """
            <div class="wide"><table class="\(name)"><caption>\(caption)</caption>
            <thead><tr>
            """
        for column in columns {
            let number: Markup = column.isNumber ? " class=\"number\"" : ""
            html += "<th scope=\"col\"\(number)>\(column.heading)</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for row in rows {
            html += "<tr>"
            for (index, cell) in row.enumerated() {
                if index == 0 {
                    html += "<th scope=\"row\">\(cell)</th>"
                } else if cell.isEmpty {
                    html += "<td class=\"none\"></td>"
                } else {
                    let number: Markup = columns[index].isNumber ? " class=\"number\"" : ""
                    html +=
                        "<td\(number) data-label=\"\(columns[index].heading)\"><div>\(cell)</div></td>"
                }
            }
            html += "</tr>\n"
        }
        html += "</tbody></table></div>\n"
        return html
    }
}
