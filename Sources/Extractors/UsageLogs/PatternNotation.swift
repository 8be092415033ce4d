import PortabilityModel

/// Reads a log pattern in Apache's or nginx's notation.
///
/// It is nginx's if it names a variable (`$name`, `${name}`), else Apache's. Where both can log a thing, its field has
/// the same name in both.
struct PatternNotation {
    enum Content: Equatable {
        case text, word, number, request
        case time(TimeFormat)
    }

    struct Item: Equatable {
        var name: String
        var content: Content
        /// True for `%t`, which writes brackets around the time.
        var isBracketed = false
        /// True for `%q`, which directly after `%U` is the rest of the path.
        var isQuery = false
        var isPath = false

        init(_ name: String, _ content: Content) {
            self.name = name
            self.content = content
        }
    }

    enum Piece: Equatable {
        case literal([UInt8])
        case item(Item)
    }

    private let text: [UInt8]
    private let place: PortabilityError.Place
    private var index = 0
    private var literal: [UInt8] = []
    private var read: [Piece] = []

    init(_ text: String, place: PortabilityError.Place) {
        self.text = Array(text.utf8)
        self.place = place
    }

    /// - Throws: `configuration`.
    mutating func pieces() throws -> [Piece] {
        let isNginx = text.indices.dropLast().contains { index in
            text[index] == UInt8(ascii: "$") && (Self.isWord(text[index + 1]) || text[index + 1] == UInt8(ascii: "{"))
        }
        while let byte = peek {
            index += 1
            switch byte {
            case UInt8(ascii: "\\"): escape()
            case UInt8(ascii: "%") where !isNginx:
                if take(UInt8(ascii: "%")) { literal.append(byte) } else { put(try directive()) }
            case UInt8(ascii: "$") where isNginx: put(try variable())
            case 0..<0x20 where byte != 0x09:
                throw fault("the pattern has a line end or a control character", "Write it in one line")
            default: literal.append(byte)
            }
        }
        if !literal.isEmpty { read.append(.literal(literal)) }
        return read
    }

    private var peek: UInt8? { index < text.count ? text[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        if peek != byte { return false }
        index += 1
        return true
    }

    private mutating func put(_ item: Item) {
        if item.isBracketed { literal.append(UInt8(ascii: "[")) }
        if !literal.isEmpty { read.append(.literal(literal)) }
        literal = item.isBracketed ? [UInt8(ascii: "]")] : []
        read.append(.item(item))
    }

    /// `\"`, `\\` and `\t` as in both servers' configuration files, so that a pattern may be copied as it stands there.
    private mutating func escape() {
        if take(UInt8(ascii: "\"")) {
            literal.append(UInt8(ascii: "\""))
        } else if take(UInt8(ascii: "t")) {
            literal.append(0x09)
        } else {
            _ = take(UInt8(ascii: "\\"))
            literal.append(UInt8(ascii: "\\"))
        }
    }

    /// What stands between braces, without them; nil if none begin here.
    private mutating func braces() throws -> String? {
        if !take(UInt8(ascii: "{")) { return nil }
        let start = index
        while let byte = peek {
            index += 1
            if byte == UInt8(ascii: "}") { return String(decoding: text[start..<index - 1], as: UTF8.self) }
        }
        throw fault("a brace of the pattern is not closed", nil)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: "_")
    }

    private func fault(_ message: String, _ remedy: String?) -> PortabilityError {
        PortabilityError(.configuration, message, remedy: remedy, at: place)
    }

    /// A name as a path's: letters, digits and `_`; lower-case, as names of headers do not tell case apart.
    private static func name(_ text: String, isLowered: Bool = true) -> String {
        let bytes = (isLowered ? text.lowercased() : text).utf8.map { isWord($0) ? $0 : UInt8(ascii: "_") }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Apache

    private static let directives: [UInt8: (String, Content)] = [
        UInt8(ascii: "A"): ("server_addr", .word), UInt8(ascii: "B"): ("bytes_sent", .number),
        UInt8(ascii: "D"): ("request_time_us", .number), UInt8(ascii: "H"): ("protocol", .word),
        UInt8(ascii: "I"): ("bytes_received", .number), UInt8(ascii: "L"): ("log_id", .word),
        UInt8(ascii: "O"): ("bytes_sent_total", .number), UInt8(ascii: "R"): ("handler", .word),
        UInt8(ascii: "S"): ("bytes_transferred", .number), UInt8(ascii: "U"): ("path", .text),
        UInt8(ascii: "V"): ("server_name", .word), UInt8(ascii: "X"): ("connection_status", .word),
        UInt8(ascii: "b"): ("bytes_sent", .number), UInt8(ascii: "f"): ("filename", .text),
        UInt8(ascii: "h"): ("remote_addr", .word), UInt8(ascii: "k"): ("connection_requests", .number),
        UInt8(ascii: "l"): ("remote_logname", .word), UInt8(ascii: "m"): ("method", .word),
        UInt8(ascii: "q"): ("query", .text), UInt8(ascii: "r"): ("request", .request),
        UInt8(ascii: "s"): ("status", .number), UInt8(ascii: "u"): ("remote_user", .text),
        UInt8(ascii: "v"): ("server_name", .word),
    ]

    /// What stands after a `%`.
    private mutating func directive() throws -> Item {
        // Conditions on the status, and which of several requests of a redirection: neither changes what it is.
        while let byte = peek,
            byte == UInt8(ascii: "!") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "<")
                || byte == UInt8(ascii: ">") || (0x30...0x39).contains(byte)
        {
            index += 1
        }
        let parameter = try braces()
        let isTrailer = take(UInt8(ascii: "^"))
        guard let letter = peek else { throw fault("the pattern ends in the middle of a directive", nil) }
        index += 1
        if isTrailer {
            guard let parameter, letter == UInt8(ascii: "t"), let second = peek, "io".utf8.contains(second) else {
                throw unknown("^" + String(UnicodeScalar(letter)), parameter)
            }
            index += 1
            return Item((second == UInt8(ascii: "i") ? "trailer_" : "sent_trailer_") + Self.name(parameter), .text)
        }
        switch (letter, parameter) {
        case (UInt8(ascii: "t"), nil):
            var item = Item("time", .time(.common))
            item.isBracketed = true
            return item
        case (UInt8(ascii: "t"), let parameter?):
            return Item("time", TimeFormat(apache: parameter).map { .time($0) } ?? .text)
        case (UInt8(ascii: "a"), nil): return Item("remote_addr", .word)
        case (UInt8(ascii: "a"), "c"): return Item("peer_addr", .word)
        case (UInt8(ascii: "h"), "c"): return Item("peer_addr", .word)
        case (UInt8(ascii: "T"), nil), (UInt8(ascii: "T"), "s"): return Item("request_time", .number)
        case (UInt8(ascii: "T"), "ms"), (UInt8(ascii: "T"), "us"):
            return Item("request_time_\(parameter ?? "")", .number)
        case (UInt8(ascii: "p"), nil), (UInt8(ascii: "p"), "canonical"), (UInt8(ascii: "p"), "local"):
            return Item("server_port", .number)
        case (UInt8(ascii: "p"), "remote"): return Item("remote_port", .number)
        case (UInt8(ascii: "P"), nil), (UInt8(ascii: "P"), "pid"): return Item("pid", .number)
        case (UInt8(ascii: "P"), "tid"), (UInt8(ascii: "P"), "hextid"): return Item("thread", .word)
        case (UInt8(ascii: "L"), "c"): return Item("connection_log_id", .word)
        case (UInt8(ascii: "i"), let parameter?): return Item(Self.name(parameter), .text)
        case (UInt8(ascii: "o"), let parameter?): return Item("sent_" + Self.name(parameter), .text)
        case (UInt8(ascii: "C"), let parameter?):
            return Item("cookie_" + Self.name(parameter, isLowered: false), .text)
        case (UInt8(ascii: "e"), let parameter?): return Item("env_" + Self.name(parameter, isLowered: false), .text)
        case (UInt8(ascii: "n"), let parameter?): return Item("note_" + Self.name(parameter, isLowered: false), .text)
        default:
            guard parameter == nil, let (name, content) = Self.directives[letter] else {
                throw unknown(String(UnicodeScalar(letter)), parameter)
            }
            var item = Item(name, content)
            item.isQuery = letter == UInt8(ascii: "q")
            item.isPath = letter == UInt8(ascii: "U")
            return item
        }
    }

    private func unknown(_ letter: String, _ parameter: String?) -> PortabilityError {
        fault(
            "the pattern has the directive `%\(parameter.map { "{\($0)}" } ?? "")\(letter)`, which is not known",
            "Known are those of Apache's mod_log_config and mod_logio; see the page on the configuration")
    }

    // MARK: nginx

    /// Variables with names other than the fields', and those whose texts have a form. All others are texts of any
    /// form, with the variable's name: modules and `map` add as many as they like.
    private static let variables: [String: (String, Content)] = [
        "args": ("query", .text), "body_bytes_sent": ("bytes_sent", .number),
        "bytes_sent": ("bytes_sent_total", .number),
        "connection": ("connection", .number), "connection_requests": ("connection_requests", .number),
        "document_uri": ("path", .text), "host": ("host", .word), "hostname": ("hostname", .word),
        "msec": ("time", .time(.seconds)), "pid": ("pid", .number), "pipe": ("pipe", .word),
        "query_string": ("query", .text), "realip_remote_addr": ("peer_addr", .word),
        "remote_addr": ("remote_addr", .word), "remote_port": ("remote_port", .number),
        "remote_user": ("remote_user", .text), "request": ("request", .request), "request_id": ("log_id", .word),
        "request_length": ("bytes_received", .number), "request_method": ("method", .word),
        "request_time": ("request_time", .number), "request_uri": ("path", .text), "scheme": ("scheme", .word),
        "server_addr": ("server_addr", .word), "server_name": ("server_name", .word),
        "server_port": ("server_port", .number), "server_protocol": ("protocol", .word), "status": ("status", .number),
        "time_iso8601": ("time", .time(.iso8601)), "time_local": ("time", .time(.common)), "uri": ("path", .text),
    ]

    /// What stands after a `$`.
    private mutating func variable() throws -> Item {
        let name: String
        if let braced = try braces() {
            name = braced.lowercased()
        } else {
            let start = index
            while let byte = peek, Self.isWord(byte) { index += 1 }
            name = String(decoding: text[start..<index], as: UTF8.self).lowercased()
        }
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isWord) else {
            throw fault("the pattern has a `$` without the name of a variable", nil)
        }
        if let (field, content) = Self.variables[name] { return Item(field, content) }
        if name.hasPrefix("http_"), name.utf8.count > 5 { return Item(String(name.dropFirst(5)), .text) }
        if name.hasPrefix("sent_http_"), name.utf8.count > 10 { return Item("sent_" + name.dropFirst(10), .text) }
        return Item(name, .text)
    }
}
