import PortabilityModel
import Testing
import UsageLogExtractor

@Suite("Usage logs: what becomes of a line")
struct MappingTests {
    @Test("Mapped paths become fields in catalogue order, the rest becomes other fields by name")
    func fields() async throws {
        let records = try await Source().outlines(
            #"{"zeta":1,"event":"ui.click","user":1042,"ui":{"page":"/a","element":"save","x":1.50},"ts":"2026-01-02 03:04:05+02","http":{"status":200,"method":"GET"},"app":{"v":{"minor":2}},"list":[ 1, {"a":"\u00e4"} ],"yes":true,"no":null,"empty":"","cookie":"ck_9"}"#
        )
        #expect(
            records == [
                "at=2026-01-02T03:04:05+02:00 event=ui.click status=200 ui{ element=save page=/a } user=1042 "
                    + #"+app.v.minor (integer) 2 +http.method (string) GET +list (json) [1,{"a":"ä"}] "#
                    + "+ui.x (string) 1.50 +yes (boolean) true +zeta (integer) 1"
            ])
    }

    @Test("Escapes in names and values, spaces and equal names (the last counts) make no difference")
    func spellings() async throws {
        let records = try await Source().outlines(
            #"  { "\u0075ser" : "10\u00342" , "event":"a\u0062\"c\n" , "user2": 1 } "# + "\n"
                + #"{"user":7,"ui":{"page":"old","gone":1},"event":"e","user":"1042","ui":{"element":"x"}}"# + "\r\n"
                + #"{"user":"1042","event":"mine","user":7}"# + "\n")
        #expect(
            records == [
                "event=ab\"c\n user=1042 +user2 (integer) 1", "event=e ui{ element=x } user=1042",
            ])
    }

    @Test("Values that do not fit are carried under the field's path and counted")
    func mistyped() async throws {
        let folder = Folder()
        folder.write(
            "a.jsonl",
            #"{"user":1042,"ts":"yesterday","http":{"status":"2e2"},"ui":{"element":["a"]},"event":{"k":1}}"# + "\n")
        let keeper = try await Source().extract(folder)
        #expect(
            keeper.outlines() == [
                #"user=1042 +at (string) yesterday +event (json) {"k":1} +status (string) 2e2 +ui.element (json) ["a"]"#
            ])
        #expect(
            keeper.findings.filter { $0.kind == .mistyped }.map(\.place.field) == [
                "at", "event", "status", "ui.element",
            ])
        #expect(!keeper.findings.contains { $0.losesRecords })
    }

    @Test("Lists, JSON fields, constants and a path that two fields share")
    func kinds() async throws {
        var source = Source()
        source.fields = [
            ("tags", "tags"), ("details", "context"), ("ok", "ok"), ("user", "user"), ("event", "user"),
        ]
        source.constants = [("system", "web")]
        let records = try await source.outlines(
            #"{"user":1042,"tags":["a",null,"b\t",3,["x"]],"context":{ "a" : 1, "b":{} },"ok":true}"# + "\n"
                + #"{"user":1042,"tags":"one","context":"text","ok":0}"# + "\n" + #"{"user":1042,"tags":[]}"# + "\n")
        #expect(
            records == [
                #"event=1042 tags[ tags=a tags=b\#t tags=3 ] ok=true details={"a":1,"b":{}} user=1042 system=web +tags[5] (json) ["x"]"#,
                #"event=1042 tags[ tags=one ] ok=false details="text" user=1042 system=web"#,
                "event=1042 user=1042 system=web",
            ])
    }

    @Test("A name with a dot is the path with that dot, and names that meet are numbered")
    func dottedNames() async throws {
        let records = try await Source().outlines(
            #"{"user":1042,"http.status":404,"a.b":1,"a":{"b":2}}"# + "\n")
        #expect(records == ["status=404 user=1042 +a.b (integer) 1 +a.b#2 (integer) 2"])
    }

    @Test("Numbers beyond 2^53 and decimals are text among the other fields; numbers keep their digits in fields")
    func numbers() async throws {
        let records = try await Source().outlines(
            #"{"user":1042,"http":{"status":123456789012345678901},"a":9007199254740993,"b":1.5e3,"c":-0,"d":-7}"#
                + "\n")
        #expect(
            records == [
                "status=123456789012345678901 user=1042 +a (string) 9007199254740993 +b (string) 1500 +c (integer) 0 +d (integer) -7"
            ])
    }

    @Test("Excluded paths are left out with all below them")
    func excluded() async throws {
        var source = Source()
        source.exclusions = ["cookie", "debug", "ui.secret"]
        let records = try await source.outlines(
            #"{"user":1042,"debug":{"a":1,"b":{"c":2}},"ui":{"secret":"x","page":"p"},"cookie":"c"}"# + "\n")
        #expect(records == ["ui{ page=p } user=1042"])
    }

    @Test("Unmapped names are reported once each with their count, names that may be values only as a number")
    func unmapped() async throws {
        let folder = Folder()
        folder.write(
            "a.jsonl",
            #"{"user":1042,"b":1,"a":{"x":1}}"# + "\n" + #"{"user":1042,"b":1,"anna@example.com":1,"19700101":2}"#
                + "\n"
                + #"{"user":7,"not-ours":1}"# + "\n")
        let keeper = try await Source().extract(folder)
        let found = keeper.findings.filter { $0.kind == .unmapped }
        #expect(found.map(\.place.field) == ["b", "a.x", nil])
        #expect(found.map(\.count) == [2, 1, 2])
    }

    @Test("Distinct names without end do not grow memory without end, and mapped ones are still recognised")
    func manyNames() async throws {
        let lines = (0..<300).map { line in
            "{" + (0..<50).map { #""k\#(line)_\#($0)":1,"# }.joined() + #""user":1042,"http":{"status":\#(line)}}"#
        }
        let folder = Folder()
        folder.write("a.jsonl", lines.joined(separator: "\n"))
        let keeper = try await Source().extract(folder)
        #expect(keeper.outlines().count == 300)
        #expect(
            keeper.outlines().enumerated().allSatisfy { $1.hasPrefix("status=\($0) user=1042 +k\($0)_0 (integer) 1") })
        #expect(keeper.findings.filter { $0.kind == .unmapped }.count <= 1001)
    }

    @Test("Record ids come from the line's own key, or tell identical lines apart")
    func recordIDs() async throws {
        let folder = Folder()
        folder.write(
            "a.jsonl",
            #"{"user":1042,"id":"e-1"}"# + "\n" + #"{"user":1042,"x":1}"# + "\n" + #"{"user":1042,"x":1}"# + "\n"
                + #"{"user":1042, "x":1}"# + "\n" + #"{"user":1042,"x":1}"# + "\n")
        var source = Source()
        source.recordID = "id"
        let ids = try await source.extract(folder).ids()
        #expect(ids[0] == "e-1")
        #expect(Set(ids).count == 5)
        #expect(ids[1...].allSatisfy { $0.utf8.count == 32 })
        let again = try await source.extract(folder).ids()
        #expect(again == ids)
        // The key does not depend on the file's name or the place in it.
        let other = Folder()
        other.write("renamed.jsonl", "\n\n" + #"{"user":1042,"x":1}"# + "\n")
        let otherIDs = try await source.extract(other).ids()
        #expect(otherIDs == [ids[1]])
    }

    @Test("A key that the log repeats, next to the first or far from it, does not give two records one id")
    func repeatedKeys() async throws {
        let folder = Folder()
        let many = (0..<3000).map { "{\"user\":1042,\"id\":\"n\($0)\"}\n" }.joined()
        folder.write("a.jsonl", "{\"user\":1042,\"id\":\"e\"}\n{\"user\":1042,\"id\":\"e\",\"x\":1}\n" + many)
        folder.write(
            "b.jsonl", "{\"user\":7,\"id\":\"n5\"}\n{\"user\":1042,\"id\":\"e\"}\n{\"user\":1042,\"id\":\"n5\"}\n")
        var source = Source()
        source.recordID = "id"
        let keeper = try await source.extract(folder)
        let ids = keeper.ids()
        #expect(ids.count == 3004)
        #expect(Set(ids).count == 3004)
        #expect(ids[1] == "e#2")
        #expect(ids.suffix(2) == ["e#3", "n5#2"])
        #expect(keeper.findings.first { $0.kind == .nonconforming }?.count == 3)
        #expect(keeper.findings.allSatisfy { !$0.losesRecords })
        // A mark never meets a key that the log has itself.
        let other = Folder()
        other.write("a.jsonl", ["A", "A", "A#2", "A", "A#2"].map { "{\"user\":1042,\"id\":\"\($0)\"}\n" }.joined())
        let marked = try await source.extract(other).ids()
        #expect(Set(marked).count == 5)
    }

    @Test("Several datasets are made in one pass, by the value at a path")
    func filters() async throws {
        var source = Source()
        source.datasets = [
            .init(
                id: "logins", fields: [("event", "event"), ("user", "user")],
                filter: .init(path: "event", values: ["login", "logout"])),
            .init(
                id: "errors", fields: [("status", "http.status"), ("user", "user")],
                filter: .init(path: "http.status", values: ["500"])),
        ]
        let folder = Folder()
        folder.write(
            "a.jsonl",
            #"{"user":1042,"event":"login"}"# + "\n" + #"{"user":1042,"event":"click","http":{"status":500}}"# + "\n"
                + #"{"user":1042,"event":"logout","http":{"status":500}}"# + "\n" + #"{"user":1042,"event":"click"}"#
                + "\n")
        let keeper = Keeper()
        let end = try await source.extract(folder, into: keeper)
        #expect(end.records == [2, 2])
        #expect(keeper.outlines(0) == ["event=login user=1042", "event=logout user=1042 +http.status (integer) 500"])
        #expect(
            keeper.outlines(1) == [
                "status=500 user=1042 +event (string) click", "status=500 user=1042 +event (string) logout",
            ])
    }

    @Test("A configuration that names what is not there is refused, with the nearest name")
    func configurationErrors() async throws {
        let folder = Folder()
        folder.write("a.jsonl", "{}\n")
        func refusal(_ change: (inout Source) -> Void) async -> PortabilityError? {
            var source = Source()
            change(&source)
            do {
                _ = try await source.open(folder)
                return nil
            } catch { return error as? PortabilityError }
        }
        let misspelt = await refusal { $0.fields = [("ui.elemnt", "x")] }
        #expect(misspelt?.code == .configuration)
        #expect(misspelt?.remedy?.contains("`element`") == true)
        #expect(misspelt?.place.field == "ui.elemnt")
        #expect(await refusal { $0.fields = [("ui", "x")] }?.code == .configuration)
        #expect(await refusal { $0.fields = [("event.x", "x")] }?.code == .configuration)
        #expect(await refusal { $0.fields = [("event", "x"), ("event", "y")] }?.code == .configuration)
        #expect(await refusal { $0.fields = [("event", "a..b")] }?.code == .configuration)
        #expect(await refusal { $0.constants = [("status", "many")] }?.code == .configuration)
        #expect(await refusal { $0.match = [] }?.code == .configuration)
        #expect(await refusal { $0.tenantKind = "customer_number" }?.code == .configuration)
        #expect(await refusal { $0.path = "../*.jsonl" }?.code == .configuration)
        #expect(await refusal { _ in } == nil)
    }
}
