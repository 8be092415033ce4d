import PortabilityModel
import Testing
import UsageLogExtractor

/// A log of a web server, with the subject's lines told by address.
private func webLog(_ format: UsageLogConfiguration.Format = .combined) -> Source {
    var source = Source()
    source.format = format
    source.path = "*.log"
    source.match = [.init(kind: "ip", path: "remote_addr", isUnique: false)]
    source.subject = ["ip": ["192.0.2.1"]]
    source.fields = []
    source.exclusions = []
    return source
}

extension Source {
    /// The outlines of the records of one file of lines.
    fileprivate func records(_ lines: String...) async throws -> [String] {
        let folder = Folder()
        folder.write("access.log", lines.map { $0 + "\n" }.joined())
        return try await extract(folder).outlines()
    }

    fileprivate func findings(_ bytes: [UInt8]) async throws -> [Finding] {
        let folder = Folder()
        folder.write("access.log", bytes)
        return try await extract(folder).findings.filter { $0.kind != .unmapped }
    }

    fileprivate func refusal() async -> PortabilityError? {
        let folder = Folder()
        folder.write("access.log", "")
        do {
            _ = try await open(folder)
            return nil
        } catch { return error as? PortabilityError }
    }
}

private let line =
    #"192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif?x=1 HTTP/1.0" 200 2326 "#
    + #""http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)""#

@Suite("Usage logs: lines of web servers")
struct WebLogTests {
    @Test("A combined line: every part has its name, the time its offset, the numbers their type")
    func combined() async throws {
        #expect(
            try await webLog().records(line) == [
                "+bytes_sent (integer) 2326 +method (string) GET +path (string) /a.gif?x=1 +protocol (string) HTTP/1.0 "
                    + "+referer (string) http://www.example.com/start.html +remote_addr (string) 192.0.2.1 "
                    + "+remote_user (string) frank +status (integer) 200 +time (string) 2000-10-10T13:55:36-07:00 "
                    + "+user_agent (string) Mozilla/4.08 [en] (Win98; I ;Nav)"
            ])
        var source = webLog()
        source.fields = [("at", "time"), ("status", "status"), ("ui.page", "path"), ("user", "remote_user")]
        source.exclusions = ["user_agent", "referer", "bytes_sent", "method", "protocol"]
        #expect(
            try await source.records(line) == [
                "at=2000-10-10T13:55:36-07:00 status=200 ui{ page=/a.gif?x=1 } user=frank +remote_addr (string) 192.0.2.1"
            ])
    }

    @Test("The common format is the combined one without its two last parts, and does not take longer lines")
    func common() async throws {
        let short = String(line.prefix(while: { $0 != "h" }).dropLast(2))
        let records = try await webLog(.common).records(short, line)
        #expect(records.count == 1)
        #expect(records[0].contains("+status (integer) 200") && !records[0].contains("referer"))
        #expect(try await webLog(.combined).records(short).isEmpty)
    }

    @Test("Apache's and nginx's notation of one format give the same records")
    func notations() async throws {
        let apache = #"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %{sid}C %D"#
        let nginx =
            #"$remote_addr $remote_logname $remote_user [$time_local] "$request" $status ${body_bytes_sent} "#
            + #""$http_referer" "$http_user_agent" $cookie_sid $request_time_us"#
        let text = line + " abc 1500"
        let records = try await webLog(.pattern(apache)).records(text)
        #expect(records.count == 1)
        #expect(records[0].contains("+cookie_sid (string) abc"))
        #expect(records[0].contains("+request_time_us (integer) 1500"))
        let others = try await webLog(.pattern(nginx)).records(text)
        // nginx has no such variables of its own: texts.
        #expect(others == records.map { $0.replacing("request_time_us (integer)", with: "request_time_us (string)") })
    }

    @Test(
        "Each directive and variable has its field",
        arguments: [
            (
                #"%a|%{c}a|%A|%B|%{remote}p|%p"#, "192.0.2.1|::1|::2|0|5|443",
                "bytes_sent=0 peer_addr=::1 remote_addr=192.0.2.1 remote_port=5 server_addr=::2 server_port=443"
            ),
            (
                #"%h|%m|%U%q|%H|%s|%>s"#, "192.0.2.1|PUT|/a?b=c|HTTP/2.0|301|200",
                "method=PUT path=/a?b=c protocol=HTTP/2.0 remote_addr=192.0.2.1 status=301 status_2=200"
            ),
            (
                #"%h|%{X-Forwarded-For}i|%{Set-Cookie}o|%{UID}e|%{n-1}n|%{tid}P|%{ms}T"#, "192.0.2.1|::3|a=b|7|x|8|9",
                "env_UID=7 note_n_1=x remote_addr=192.0.2.1 request_time_ms=9 sent_set_cookie=a=b thread=8 "
                    + "x_forwarded_for=::3"
            ),
            (
                #"%400,501{User-Agent}i|%!200,304{Referer}i|%h|%%|%{X}^ti"#, "-|x|192.0.2.1|%|t",
                "referer=x remote_addr=192.0.2.1 trailer_x=t"
            ),
            (
                "$remote_addr|$request_id|$request_time|$upstream_addr|$args", "192.0.2.1|5d|0.250|::4, ::5|q",
                "log_id=5d query=q remote_addr=192.0.2.1 request_time=0.250 upstream_addr=::4, ::5"
            ),
            ("$host$$remote_addr", "", ""),
            ("$host % $remote_addr", "a.example % 192.0.2.1", "host=a.example remote_addr=192.0.2.1"),
        ])
    func names(pattern: String, line: String, fields: String) async throws {
        if line.isEmpty {
            #expect(await webLog(.pattern(pattern)).refusal()?.code == .configuration)
            return
        }
        let records = try await webLog(.pattern(pattern)).records(line)
        let plain = records.map { record in
            record.split(separator: "+").map { part in
                let words = part.split(separator: " ", maxSplits: 2)
                return words[0] + "=" + words[2].trimmingSuffix(" ")
            }.joined(separator: " ")
        }
        #expect(plain == [fields])
    }

    @Test(
        "Times become canonical where the pattern tells all of them, and stay as they are written elsewhere",
        arguments: [
            ("%t", "[10/Oct/2000:13:55:36 +0000]", "2000-10-10T13:55:36Z"),
            ("%t", "[29/Feb/2024:23:59:60 +0200]", "2024-02-29T23:59:60+02:00"),
            ("[$time_local]", "[01/Jan/0999:00:00:00 -0000]", "0999-01-01T00:00:00-00:00"),
            ("$time_iso8601", "2026-07-01T12:00:00+03:00", "2026-07-01T12:00:00+03:00"),
            ("$msec", "971211336.042", "2000-10-10T20:55:36.042Z"),
            ("%{sec}t", "951827696", "2000-02-29T12:34:56Z"), ("%{msec}t", "951827696005", "2000-02-29T12:34:56.005Z"),
            ("%{begin:usec}t", "1", ""), ("%{usec}t", "1000001", "1970-01-01T00:00:01.000001Z"),
            (
                "%{%Y-%m-%dT%H:%M:%S}t.%{usec_frac}t%{%z}t", "2026-07-01T12:00:00.123456+0530",
                "2026-07-01T12:00:00.123456+05:30"
            ),
            (
                "%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t", "10/Oct/2000 13:55:36.007 -0700",
                "2000-10-10T13:55:36.007-07:00"
            ),
            ("%{%s}t", "0", "1970-01-01T00:00:00Z"), ("%{%F %T}t", "2026-07-01 12:00:00", "2026-07-01 12:00:00"),
            ("%{%e.%m.%Y}t", " 1.07.2026", " 1.07.2026"), ("%{%c}t", "Thu Jan  1", "Thu Jan  1"),
            ("%t", "[10/Okt/2000:13:55:36 +0000]", ""), ("%t", "[10/Oct/2000:13:55:36]", ""),
            ("$time_iso8601", "yesterday", ""),
        ])
    func times(pattern: String, written: String, canonical: String) async throws {
        let records = try await webLog(
            .pattern(
                "%h \(pattern)".replacing("%h $", with: "$remote_addr $")
                    .replacing("%h [$", with: "$remote_addr [$"))
        ).records("192.0.2.1 " + written)
        #expect(
            records == (canonical.isEmpty ? [] : ["+remote_addr (string) 192.0.2.1 +time (string) \(canonical)"]))
    }

    @Test("A day that does not exist has the pattern's form, but is no time: it is carried as it was read")
    func impossibleTime() async throws {
        var source = webLog(.pattern("%h %t"))
        source.fields = [("at", "time")]
        source.exclusions = ["remote_addr"]
        #expect(
            try await source.records("192.0.2.1 [31/Feb/2024:00:00:00 +0000]", "192.0.2.1 [01/Mar/2024:00:00:00 +0000]")
                == ["+at (string) 2024-02-31T00:00:00Z", "at=2024-03-01T00:00:00Z"])
    }

    @Test(
        "Escapes of both servers are taken away; what is no UTF-8 is replaced and counted",
        arguments: [
            (#"a\"b\\c\td\ne"#, "a\"b\\c\td\ne", 0), (#"\x22\x5C\x5cx41"#, #""\\x41"#, 0),
            (#"p\xc3\xa4iv\xc3\xa4"#, "päivä", 0),
            (#"p\xe4iv"#, "p\u{fffd}iv", 1), (#"\x00\x1F\v\b\f\r"#, "\u{0}\u{1f}\u{b}\u{8}\u{c}\r", 0),
            (#"\q \x4 \xzz \u00e4 \ud800 \u12"#, #"\q \x4 \xzz ä \ud800 \u12"#, 0), ("päivä 日本", "päivä 日本", 0),
            (#"\xed\xa0\x80"#, "\u{fffd}\u{fffd}\u{fffd}", 3), (#"\x2d"#, "-", 0), ("-", nil, 0), ("", nil, 0),
            ("--", "--", 0),
        ] as [(String, String?, Int)])
    func escapes(written: String, value: String?, replaced: Int) async throws {
        var source = webLog(.pattern(#"%h "%{Referer}i""#))
        source.fields = [("event", "referer")]
        source.exclusions = ["remote_addr"]
        let text = "192.0.2.1 \"\(written)\""
        #expect(try await source.records(text) == [value.map { "event=" + $0 } ?? ""])
        let findings = try await source.findings(Array(text.utf8))
        #expect(findings.reduce(0) { $0 + ($1.kind == .invalidText ? $1.count : 0) } == Int64(replaced))
        #expect(!findings.contains { $0.losesRecords })
    }

    @Test("An escaped value identifies as what it means")
    func escapedIdentifier() async throws {
        var source = webLog(.pattern(#"%h "%{sid}C""#))
        source.match = [.init(kind: "cookie_id", path: "cookie_sid", isUnique: false)]
        source.subject = ["cookie_id": ["a\"b"]]
        source.exclusions = ["cookie_sid"]
        #expect(
            try await source.records(#"::1 "a\"b""#, #"::2 "a\x22b""#, #"::3 "a'b""#, #"::4 "a\\"b""#)
                == ["+remote_addr (string) ::1", "+remote_addr (string) ::2"])
    }

    @Test("A request line that is not three words is kept whole")
    func requests() async throws {
        var source = webLog(.pattern(#"%h "%r""#))
        source.exclusions = ["remote_addr"]
        #expect(
            try await source.records(
                #"192.0.2.1 "GET / HTTP/1.1""#, #"192.0.2.1 "GET /a b HTTP/1.1""#, #"192.0.2.1 "GET /""#,
                #"192.0.2.1 "\x16\x03\x01""#, #"192.0.2.1 "GET  HTTP/1.1""#, #"192.0.2.1 " / HTTP/1.1""#,
                #"192.0.2.1 "-""#,
                #"192.0.2.1 "GET /\" HTTP/1.1""#)
                == [
                    "+method (string) GET +path (string) / +protocol (string) HTTP/1.1",
                    "+request (string) GET /a b HTTP/1.1", "+request (string) GET /",
                    "+request (string) \u{16}\u{3}\u{1}", "+request (string) GET  HTTP/1.1",
                    "+request (string)  / HTTP/1.1",
                    "", "+method (string) GET +path (string) /\" +protocol (string) HTTP/1.1",
                ])
    }

    @Test(
        "Lines that do not fit, or fit in two ways, are told with their place and reason, and nobody's",
        arguments: [
            ("", nil), ("  ", nil), (line, nil), (String(line.dropLast()), 1), (line + " more", 1),
            (String(line.dropFirst(9)), 1), (line.replacing("] ", with: "]  "), 1),
            (line.replacing("Oct", with: "oct"), 1),
            (line.replacing("frank", with: "Frank N. Stein"), nil), (line.replacing("- frank", with: "x y"), nil),
            (line.replacing(" 200 ", with: " 200 200 "), 1), (line.replacing("en", with: "e\"n"), 1),
            (line.replacing("en", with: "e\u{0}n"), 1), (line.replacing("frank", with: "fra\tnk"), 1),
            (line.replacing("192.0.2.1", with: "\u{0}\u{0}192.0.2.1"), 1), (#"{"remote_addr":"192.0.2.1"}"#, 1),
            (line.replacing("Win98", with: #"\"#), nil), (line.dropLast() + #"\""#, 1),
        ] as [(String, Int64?)])
    func misfits(text: String, place: Int64?) async throws {
        let findings = try await webLog().findings(Array(text.utf8))
        #expect(findings.map(\.kind) == (place == nil ? [] : [.malformed]))
        #expect(findings.allSatisfy { $0.place.line == place && $0.losesRecords && !$0.message.contains("192") })
    }

    @Test("Where a header without quotes holds spaces, the line is not taken for another's")
    func ambiguous() async throws {
        let source = webLog(.pattern("%{X-Forwarded-For}i %h %l %u %t"))
        let findings = try await source.findings(Array("::1, 192.0.2.1 ::2 - - [10/Oct/2000:13:55:36 -0700]".utf8))
        #expect(findings.map(\.message) == ["the line could be cut by the pattern in more than one way"])
        #expect(try await source.records("::1 192.0.2.1 - - [10/Oct/2000:13:55:36 -0700]").count == 1)
    }

    @Test("Line ends of all kinds, a byte order mark, gzip and over-long lines are as in logs of JSON")
    func lines() async throws {
        var source = webLog(.pattern("%h %s"))
        source.limits.lineBytes = 40
        let long = "192.0.2.1 " + String(repeating: "2", count: 40)
        let text = "\u{feff}192.0.2.1 200\r\n\n\r\n192.0.2.1 201\n" + long + "\n192.0.2.1 20\r2\n192.0.2.1 203"
        let folder = Folder()
        folder.write("access.log", text)
        let keeper = try await source.extract(folder)
        #expect(keeper.outlines().map { $0.suffix(3) } == ["200", "201", "203"])
        #expect(keeper.heads().map(\.head.position) == [0, 21, 101])
        let findings = keeper.findings.filter { $0.kind != .unmapped }
        #expect(findings.map(\.kind) == [.tooLarge, .malformed])
        #expect(findings.map(\.place.line) == [5, 6])
        #expect(findings[1].place.column == 13)
    }

    @Test("Of many misfits a hundred are located and the rest counted; a declared number is tolerated")
    func manyMisfits() async throws {
        var source = webLog()
        source.tolerated = 249
        let text = Array(String(repeating: "bad\n", count: 250).utf8)
        #expect(try await source.findings(text).count == 101)
        #expect(try await source.findings(text).allSatisfy { $0.losesRecords })
        source.tolerated = 250
        #expect(try await source.findings(text).allSatisfy { !$0.losesRecords })
        #expect(try await source.findings(text).last?.message.contains("pattern") == true)
    }

    @Test("Filters, keys and several datasets work on the fields of a pattern")
    func datasets() async throws {
        var source = webLog(.pattern("%h %L %s %U"))
        source.datasets = [
            .init(
                id: "pages", fields: [("status", "status")], recordID: "log_id",
                filter: .init(path: "status", values: ["200"])),
            .init(id: "errors", fields: [("ui.page", "path")], filter: .init(path: "status", values: ["404", "500"])),
        ]
        source.exclusions = ["remote_addr"]
        let folder = Folder()
        folder.write("access.log", "192.0.2.1 A 200 /a\n192.0.2.1 B 404 /b\n192.0.2.1 A 200 /c\n192.0.2.1 C 301 /d\n")
        let keeper = try await source.extract(folder)
        #expect(keeper.ids(0) == ["A", "A#2"])
        #expect(keeper.outlines(1) == ["ui{ page=/b } +log_id (string) B +status (integer) 404"])
        #expect(keeper.findings.contains { $0.kind == .unmapped && $0.losesRecords && $0.count == 1 })
    }

    @Test("Identical lines have keys of their own, and those of a log read again are the same")
    func keys() async throws {
        let folder = Folder()
        folder.write("access.log", "192.0.2.1 200\n192.0.2.1 200\n")
        let ids = try await webLog(.pattern("%h %s")).extract(folder).ids()
        #expect(Set(ids).count == 2)
        #expect(try await webLog(.pattern("$remote_addr $status")).extract(folder).ids() == ids)
    }

    @Test("Patterns and names that cannot be meant are refused, with the nearest name")
    func refusals() async throws {
        for pattern in [
            "", "text", "%h%l", "%h %{Referer", "%h %", "%h %Z", "%h %{x}h", "%h\n%l", "$", "$remote_addr$status",
            "${remote_addr", "${a-b}", "%h " + String(repeating: "x", count: 5000),
        ] {
            let error = await webLog(.pattern(pattern)).refusal()
            #expect(error?.code == .configuration && error?.place.field == "format", "\(pattern)")
        }
        var source = webLog()
        source.fields = [("event", "user-agent")]
        #expect(await source.refusal()?.remedy == "Did you mean `user_agent`?")
        source = webLog()
        source.exclusions = ["refferer"]
        #expect(await source.refusal()?.remedy == "Did you mean `referer`?")
        source = webLog()
        source.match[0].path = "ip"
        #expect(await source.refusal()?.place.field == "match.ip")
        #expect(await webLog().refusal() == nil)
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> Substring { hasSuffix(suffix) ? dropLast(suffix.count) : self }
}

/// Writes values as the servers do, from their descriptions.
private enum ServerEscape: CaseIterable {
    /// `ap_escape_logitem`: `\b`, `\n`, `\r`, `\t`, `\v`, `\\`, `\"`; other bytes that are not printable ASCII as `\xhh`.
    case apache
    /// ngx_http_log_module: `"`, `\` and bytes outside of 32 to 126 as `\xHH`.
    case nginx

    func escaped(_ value: [UInt8]) -> String {
        var out = ""
        for byte in value {
            let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16)
            switch (self, byte) {
            case (.apache, 0x08): out += #"\b"#
            case (.apache, 0x0a): out += #"\n"#
            case (.apache, 0x0d): out += #"\r"#
            case (.apache, 0x09): out += #"\t"#
            case (.apache, 0x0b): out += #"\v"#
            case (.apache, 0x22): out += #"\""#
            case (.apache, 0x5c): out += #"\\"#
            case (.apache, 0..<0x20), (.apache, 0x7f...): out += #"\x"# + digits
            case (.nginx, 0x22), (.nginx, 0x5c), (.nginx, 0..<0x20), (.nginx, 0x7f...):
                out += #"\x"# + digits.uppercased()
            default: out.unicodeScalars.append(UnicodeScalar(byte))
            }
        }
        return out
    }
}

extension WebLogTests {
    @Test("Random values read back equal, as each server writes them", arguments: [0, 1])
    func roundTrip(server: Int) async throws {
        let escape = ServerEscape.allCases[server]
        var random = SplitMix(seed: 4711 + UInt64(server))
        let alphabet = Array("\"\\\\-[] xX41ä日\u{0}\u{1}\t\r\n\u{b}\u{7f}'%$|/=;,u".unicodeScalars)
        func text() -> String {
            var text = ""
            for _ in 0..<random.below(12) { text.unicodeScalars.append(alphabet[random.below(alphabet.count)]) }
            return text
        }
        let pattern: (String, String) = (
            #"%h %l %u %t "%{Referer}i" %>s "%{User-Agent}i""#,
            #"$remote_addr - $remote_user [$time_local] "$http_referer" $status "$http_user_agent""#
        )
        var lines: [String] = []
        var expected: [String] = []
        for number in 0..<1500 {
            let (referer, agent) = (text(), text())
            // A name may hold spaces, but not what the time begins with.
            let user = text().replacing("[", with: "(")
            let written = [user, referer, agent].map { $0.isEmpty ? "-" : escape.escaped(Array($0.utf8)) }
            lines.append(
                "192.0.2.1 - \(written[0]) [10/Oct/2000:13:55:36 +0000] \"\(written[1])\" \(100 + number % 900) \"\(written[2])\""
            )
            func part(_ name: String, _ value: String) -> String {
                value.isEmpty || value == "-" ? "" : " \(name)=" + value
            }
            expected.append(
                "event=" + "\(100 + number % 900)" + part("status", "") + part("user", user) + part("system", agent)
                    + part("+referer (string)", referer).replacing(")=", with: ") "))
        }
        var source = webLog(.pattern(server == 0 ? pattern.0 : pattern.1))
        source.fields = [("event", "status"), ("user", "remote_user"), ("system", "user_agent")]
        source.exclusions = ["remote_addr", "time"]
        let folder = Folder()
        folder.write("access.log", lines.map { $0 + "\n" }.joined())
        let keeper = try await source.extract(folder)
        #expect(keeper.findings.allSatisfy { $0.kind == .unmapped })
        let records = keeper.outlines()
        #expect(records.count == 1500)
        let wrong = zip(records, expected).first { $0 != $1 }
        #expect(wrong == nil)
    }

    @Test("Random bytes, and lines with a byte changed, are read or told as malformed, and never stop the reading")
    func noise() async throws {
        var random = SplitMix(seed: 99)
        var bytes: [UInt8] = []
        for _ in 0..<3000 {
            var line = Array(line.utf8)
            switch random.below(3) {
            case 0: line = (0..<random.below(200)).map { _ in UInt8(random.below(256)) }.filter { $0 != 0x0a }
            case 1: line[random.below(line.count)] = UInt8(random.below(256))
            default: line.removeSubrange(random.below(line.count)...)
            }
            bytes += line.filter { $0 != 0x0a } + [0x0a]
        }
        let folder = Folder()
        folder.write("access.log", bytes)
        let keeper = try await webLog().extract(folder)
        let malformed = keeper.findings.filter { $0.kind == .malformed }.reduce(0) { $0 + $1.count }
        let records = Int64(keeper.outlines().count)
        // What is another address's, or blank, is neither.
        #expect(malformed > 1500 && records > 500 && malformed + records <= 3000)
    }
}
