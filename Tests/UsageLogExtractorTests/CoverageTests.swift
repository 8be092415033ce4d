import PortabilityModel
import Testing
import UsageLogExtractor

extension CoverageItem {
    /// As `container.name (type): use`.
    fileprivate var outline: String {
        let use =
            switch use {
            case .exported(let dataset, let field): "\(dataset).\(field ?? "key")"
            case .excluded(let ground, let heldIn): "excluded \(ground.rawValue)" + (heldIn.map { " in " + $0 } ?? "")
            case .unknown: "unknown" + (candidate.map { " for " + $0 } ?? "")
            }
        return container + (name.map { "." + $0 } ?? "") + (type.map { " (\($0))" } ?? "") + ": " + use
    }
}

extension Source {
    fileprivate func coverage(_ text: String, _ depth: CoverageDepth = .data) async throws -> [String] {
        let folder = Folder()
        folder.write("log.jsonl", text)
        return try await coverage(folder, depth)
    }

    fileprivate func coverage(_ folder: Folder, _ depth: CoverageDepth = .data) async throws -> [String] {
        let session = try await open(folder)
        let items = try #require(try await session.coverage(depth))
        await session.close()
        return items.map(\.outline)
    }

    fileprivate mutating func exclude(table: String, _ ground: Ground = .notPersonal) {
        sourceExclusions.append(.init(column: table, ground: ground, isContainer: true))
    }
}

@Suite("Usage logs: what becomes of all that they hold")
struct CoverageTests {
    @Test("All names of all people's lines are listed, with what becomes of them")
    func names() async throws {
        var source = Source()
        source.recordID = "id"
        let items = try await source.coverage(
            #"{"user":7,"ui":{"page":"/","x":{"y":1}},"id":"e1","cookie":"ck_7"}"# + "\n"
                + #"{"user":1042,"event":"a","ts":null,"cookie":{"a":1}}"# + "\n" + #"{"cookie":"ck_1","zeta":1}"#)
        #expect(
            items == [
                "lines.user: events.user", "lines.ui.page: events.ui.page", "lines.ui.x.y: events.other",
                "lines.id: events.key", "lines.cookie: excluded secret", "lines.event: events.event",
                "lines.ts: events.at", "lines.cookie.a: excluded secret", "lines.zeta: events.other",
            ])
    }

    @Test("Without reading the data only what the configuration names is told")
    func schema() async throws {
        #expect(
            try await Source().coverage("not json", .schema) == [
                "lines.ts: events.at", "lines.event: events.event", "lines.http.status: events.status",
                "lines.ui.element: events.ui.element", "lines.ui.page: events.ui.page", "lines.user: events.user",
                "lines.cookie: excluded secret",
            ])
        var source = Source()
        source.format = .common
        source.match = [.init(kind: "ip", path: "remote_addr", isUnique: false)]
        source.fields = [("at", "time"), ("status", "status")]
        source.exclusions = ["remote_user"]
        #expect(
            try await source.coverage("", .schema) == [
                "lines.remote_addr: events.other", "lines.remote_logname: events.other",
                "lines.remote_user: excluded secret", "lines.time: events.at", "lines.request: events.other",
                "lines.method: events.other", "lines.path: events.other", "lines.protocol: events.other",
                "lines.status: events.status", "lines.bytes_sent: events.other",
            ])
    }

    @Test("Lines that no dataset takes are unknown by their filter, without a value, until the source excludes them")
    func untaken() async throws {
        var source = Source()
        source.exclusions = []
        source.datasets = [
            .init(id: "logins", fields: [("event", "event")], filter: .init(path: "event", values: ["login"])),
            .init(id: "errors", fields: [("event", "event")], filter: .init(path: "http.status", values: ["500"])),
        ]
        let text = #"{"user":7,"event":"login"}"# + "\n" + #"{"user":7,"event":"maija@example.org","new":1}"# + "\n"
        let read = ["lines.user: logins.other", "lines.event: logins.event"]
        #expect(
            try await source.coverage(text)
                == read + [
                    "lines-not-taken.event (1 line): unknown for logins",
                    "lines-not-taken.http.status (1 line): unknown for logins",
                ])
        source.exclude(table: "lines-not-taken")
        #expect(
            try await source.coverage(text + text)
                == read + [
                    "lines-not-taken.event (2 lines): excluded not-personal-data",
                    "lines-not-taken.http.status (2 lines): excluded not-personal-data",
                ])
    }

    @Test("A path that one dataset leaves out and another gives is told as given")
    func severalDatasets() async throws {
        var source = Source()
        source.datasets = [
            .init(id: "all", fields: [("user", "user")]),
            .init(id: "pages", fields: [("event", "cookie")], filter: .init(path: "event", values: ["page"])),
        ]
        source.exclusions = []
        #expect(
            try await source.coverage(#"{"user":7,"event":"x","cookie":"c"}"#) == [
                "lines.user: all.user", "lines.event: all.other", "lines.cookie: all.other",
            ])
        #expect(
            try await source.coverage(
                #"{"user":7,"event":"x","cookie":"c"}"# + "\n" + #"{"user":7,"event":"page","cookie":"c"}"#
            )
            .last == "lines.cookie: pages.event")
    }

    @Test(
        "Lines without any identifier are unknown with all their names: one may be an identifier that nobody declared")
    func anonymous() async throws {
        var source = Source()
        let text =
            #"{"user":7}"# + "\n" + #"{"event":"cron","mail":"a@b.example"}"# + "\n" + #"{"user":[1],"event":"x"}"#
        #expect(
            try await source.coverage(text) == [
                "lines.user: events.user", "lines-without-identifier (2 lines): unknown",
                "lines-without-identifier.event: unknown", "lines-without-identifier.mail: unknown",
                "lines-without-identifier.user: unknown",
            ])
        source.sourceExclusions = [.init(column: "lines-without-identifier.mail", ground: .duplicate, heldIn: "mails")]
        #expect(try await source.coverage(text)[3] == "lines-without-identifier.mail: excluded held-elsewhere in mails")
        source.exclude(table: "lines-without-identifier")
        #expect(try await source.coverage(text).filter { $0.contains("unknown") }.isEmpty)
    }

    @Test("What could not be read is unknown, by number")
    func unread() async throws {
        let folder = Folder()
        folder.write(
            "a.jsonl",
            #"{"user":7}"# + "\nnot json\n[1]\n" + #"{"user":1042,"x":"\#(String(repeating: "x", count: 200))"}"#)
        folder.write("b.jsonl.gz", [0x1f, 0x8b, 8, 0, 0])
        var source = Source()
        source.limits.lineBytes = 100
        #expect(
            try await source.coverage(folder) == [
                "lines.user: events.user", "lines-not-read (3 lines): unknown", "files-not-read (1 file): unknown",
            ])
        // Two lines are malformed, one is too long.
        source.tolerated = 2
        #expect(
            try await source.coverage(folder) == [
                "lines.user: events.user", "lines-not-read.tolerated (2 lines): excluded not-personal-data",
                "lines-not-read (1 line): unknown", "files-not-read (1 file): unknown",
            ])
        source.tolerated = 1
        #expect(try await source.coverage(folder)[1] == "lines-not-read (3 lines): unknown")
    }

    @Test("Names that may be a person's value are not told, and too many names are unknown together")
    func values() async throws {
        let names = [
            "maija.meikalainen@example.org", "040 123 4567", "12", "Maija Meikäläinen", "ok_name",
            String(repeating: "n", count: 65),
        ]
        #expect(
            try await Source().coverage(names.map { #"{"user":7,"by":{"\#($0)":1}}"# + "\n" }.joined()) == [
                "lines.user: events.user", "lines.by.*: events.other", "lines.by.ok_name: events.other",
            ])
        let many = (0..<6000).map { number in
            let letters = String(number, radix: 20).map {
                String(UnicodeScalar(UInt8(97 + Int(String($0), radix: 20)!)))
            }.joined()
            return #"{"user":7,"n\#(letters)":1}"# + "\n"
        }.joined()
        let items = try await Source().coverage(many)
        #expect(items.count == 4097)
        #expect(items.last == "lines (more than 4096 names): unknown for events")
        var source = Source()
        source.exclude(table: "lines", .others)
        #expect(try await source.coverage(many).last == "lines (more than 4096 names): excluded rights-of-others")
    }

    @Test("What the source excludes is left out of every dataset's records")
    func sourceExclusions() async throws {
        var source = Source()
        source.exclusions = []
        source.sourceExclusions = [
            .init(column: "trace", ground: .notPersonal), .init(column: "cookie", ground: .secret),
            .init(column: "lines-without-identifier", ground: .notPersonal, isContainer: true),
        ]
        let line = #"{"user":1042,"trace":{"id":1},"cookie":"ck_1","x":1}"#
        #expect(try await source.outlines(line) == ["user=1042 +x (integer) 1"])
        #expect(
            try await source.coverage(line) == [
                "lines.user: events.user", "lines.trace.id: excluded not-personal-data",
                "lines.cookie: excluded secret",
                "lines.x: events.other",
            ])
    }

    @Test("A log without lines holds nothing; reading it is cancelled like any other")
    func ends() async throws {
        #expect(try await Source().coverage("") == [])
        let folder = Folder()
        folder.write("a.jsonl", #"{"user":1}"#)
        let session = try await Source().open(folder)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await session.coverage(.data)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
