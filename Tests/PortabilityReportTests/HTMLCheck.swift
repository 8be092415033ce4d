/// A strict reader of the page: what it does not know is a fault. Stricter than a browser on purpose.
struct HTMLCheck {
    /// What is wrong, in order; empty if nothing is.
    private(set) var faults: [String] = []
    /// The texts between tags, without those of the style sheet.
    private(set) var texts: [String] = []
    private var ids: Set<String> = []
    private var targets: [String] = []

    private static let void: Set<String> = ["meta", "br", "wbr", "rect", "line"]
    private static let known: [String: Set<String>] = [
        "html": ["lang"], "head": [], "meta": ["charset", "name", "content", "http-equiv"], "title": ["id"],
        "style": [], "body": [], "header": [], "main": [], "footer": [], "nav": ["aria-label"],
        "section": ["class", "aria-labelledby"], "h1": [], "h2": ["id"], "h3": ["id"], "h4": ["id"], "p": ["class"],
        "div": ["class", "role", "tabindex", "aria-labelledby"], "span": ["class"], "strong": [], "bdi": [],
        "br": [], "wbr": [], "code": [], "pre": [], "a": ["href", "rel"], "ul": ["class"], "li": ["class"],
        "dl": ["class"], "dt": ["class"], "dd": ["class"], "details": ["class", "open"], "summary": [],
        "table": ["class"], "caption": ["id"], "thead": [], "tbody": [], "tr": [],
        "th": ["scope", "class"], "td": ["class", "data-label"], "figure": ["class"],
        "figcaption": [], "svg": ["role", "aria-labelledby", "viewBox"], "desc": ["id"],
        "line": ["class", "x1", "y1", "x2", "y2"], "rect": ["x", "y", "width", "height"],
        "text": ["x", "y", "text-anchor"],
    ]

    init(_ html: String) {
        let prologue = "<!DOCTYPE html>\n"
        guard html.hasPrefix(prologue) else {
            faults = ["no document type"]
            return
        }
        var open: [String] = []
        var rest = Array(html.utf8)[prologue.utf8.count...]
        while let byte = rest.first {
            guard byte == UInt8(ascii: "<") else {
                let text = rest.prefix { $0 != UInt8(ascii: "<") }
                rest = rest.dropFirst(text.count)
                if open.last != "style" {
                    check(text: text)
                    let trimmed = String(decoding: text, as: UTF8.self).split(separator: "\n").joined(separator: " ")
                    if !trimmed.isEmpty { texts.append(trimmed) }
                }
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else {
                faults.append("a tag without an end")
                return
            }
            let tag = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            if tag.hasPrefix("/") {
                let last = open.popLast()
                if last != String(tag.dropFirst()) {
                    faults.append("</\(tag.dropFirst())> closes \(last ?? "nothing")")
                }
                continue
            }
            // The line elements of a drawing end in themselves.
            let name = check(tag: tag.hasSuffix("/") ? String(tag.dropLast()) : tag)
            if !Self.void.contains(name) { open.append(name) }
        }
        if !open.isEmpty { faults.append("not closed: \(open.joined(separator: " "))") }
        for target in targets where !ids.contains(target) { faults.append("#\(target) leads nowhere") }
    }

    private mutating func check(tag: String) -> String {
        let name = String(tag.prefix { $0 != " " })
        guard let allowed = Self.known[name] else {
            faults.append("<\(name)>")
            return name
        }
        var seen: Set<String> = []
        var rest = tag.dropFirst(name.count)
        while !rest.isEmpty {
            guard rest.first == " " else {
                faults.append("attributes of <\(name)>: \(rest.prefix(40))")
                return name
            }
            rest = rest.dropFirst()
            let key = String(rest.prefix { $0 != "=" && $0 != " " })
            rest = rest.dropFirst(key.count)
            if !allowed.contains(key) || !seen.insert(key).inserted { faults.append("<\(name) \(key)>") }
            guard rest.first == "=" else { continue }
            guard rest.dropFirst().first == "\"", let end = rest.dropFirst(2).firstIndex(of: "\"") else {
                faults.append("<\(name) \(key)> without quotation marks")
                return name
            }
            let value = String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end])
            rest = rest[rest.index(after: end)...]
            check(attribute: key, of: name, value: value)
        }
        return name
    }

    private mutating func check(attribute: String, of name: String, value: String) {
        check(text: Array(value.utf8)[...])
        switch attribute {
        case "id": if value.contains(" ") || !ids.insert(value).inserted { faults.append("id \(value)") }
        case "href":
            if value.hasPrefix("#") { targets.append(String(value.dropFirst())) }
            let scheme = value.prefix { $0 != ":" }
            if scheme.count < value.count, !["https", "http", "mailto", "tel"].contains(String(scheme)) {
                faults.append("href \(value)")
            }
        case "aria-labelledby": targets += value.split(separator: " ").map(String.init)
        default: break
        }
    }

    private mutating func check(text: ArraySlice<UInt8>) {
        let string = String(decoding: text, as: UTF8.self)
        var rest = string[...]
        while let start = rest.firstIndex(of: "&") {
            let reference = rest[start...].prefix(6)
            if !["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(where: { reference.hasPrefix($0) }) {
                faults.append("a bare &")
            }
            rest = rest[rest.index(after: start)...]
        }
        for scalar in string.unicodeScalars where Self.isHidden(scalar.value) {
            faults.append("U+\(String(scalar.value, radix: 16, uppercase: true))")
        }
    }

    /// What a reader would not see: written down here anew, so that the page is not measured by its own rule.
    private static func isHidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0A, 0x09: false
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF,
            0xFFF9...0xFFFB, 0xFFFE, 0xFFFF, 0xE0000...0xE0FFF:
            true
        default: false
        }
    }
}
