import PortabilityModel

/// A piece of HTML.
///
/// Only literals of this program are taken as markup; whatever is interpolated as a `String` is escaped. So no text
/// from a configuration can become an element, an attribute or a script.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    /// UTF-8.
    private(set) var bytes: [UInt8]

    init(stringLiteral value: String) { bytes = Array(value.utf8) }
    init(stringInterpolation: Interpolation) { bytes = stringInterpolation.bytes }

    /// Text, escaped.
    init(text: String) {
        bytes = []
        Self.append(text, to: &bytes)
    }

    /// A text with its placeholders replaced by markup.
    init(_ text: LocalizedText, _ language: Language, _ values: [String: Markup] = [:]) {
        bytes = []
        for piece in text.pieces(language) {
            switch piece {
            case .text(let part): Self.append(part, to: &bytes)
            case .name(let name): if let value = values[name] { bytes += value.bytes }
            }
        }
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// The same as a text.
    var html: String { String(decoding: bytes, as: UTF8.self) }

    static func += (left: inout Markup, right: Markup) { left.bytes += right.bytes }
    static func + (left: Markup, right: Markup) -> Markup {
        var sum = left
        sum += right
        return sum
    }

    static func joined(_ pieces: [Markup], by separator: Markup = "") -> Markup {
        var all: Markup = ""
        for (index, piece) in pieces.enumerated() {
            if index > 0 { all += separator }
            all += piece
        }
        return all
    }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }
        mutating func appendLiteral(_ literal: String) { bytes.append(contentsOf: literal.utf8) }
        mutating func appendInterpolation(_ text: String) { Markup.append(text, to: &bytes) }
        mutating func appendInterpolation(_ markup: Markup) { bytes += markup.bytes }
        mutating func appendInterpolation(number: Int) { bytes.append(contentsOf: String(number).utf8) }
        /// A length of a drawing, from thousandths: `12.5`.
        mutating func appendInterpolation(thousandths: Int) {
            let fraction = String(thousandths % 1000 + 1000).dropFirst()
            bytes.append(contentsOf: "\(thousandths / 1000).\(fraction)".utf8)
        }
    }

    /// Longest text taken from outside, in Unicode scalars; what is longer is cut and ends in `…`.
    static let longestText = 2000

    /// Appends a text, escaped for element content and quoted attributes. Characters that HTML forbids, and those that
    /// change the direction of what follows, become U+FFFD.
    static func append(_ text: String, to html: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in
            if isPlain(bytes) { html.append(contentsOf: bytes) } else { appendEscaped(bytes, to: &html) }
        }
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

    private static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to html: inout [UInt8]) {
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
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            case _ where keep.utf8.contains(byte): encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
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
