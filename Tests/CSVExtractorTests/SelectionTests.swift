import CSVExtractor
import PortabilityModel
import PortabilityTesting
import Testing

@Suite("CSV: whose rows, and what becomes of them")
struct SelectionTests {
    @Test("The first unique identifier of which the subject has values decides; others only where there is none")
    func ownership() async throws {
        var source = Source()
        source.match = [
            .init(kind: "card", column: "card", isUnique: false),
            .init(kind: "customer", column: "customer", isUnique: true),
            .init(kind: "user", column: "user", isUnique: true),
        ]
        source.subject = ["customer": ["1042"], "card": ["c1", "c2"]]
        source.exclusions = []
        let reading = try await source.read(
            """
            n,customer,user,card
            1,1042,,
            2,7,,c1
            3,,u1,c1
            4,,,c2
            5,1042,u1,c9
            6,,,
            7,,,c9
            8,10420,,
            9," 1042",,
            """)
        #expect(reading.records().map { $0["other:n"] } == ["1", "4", "5"])
        #expect(reading.records().map(\.subject) == ["1042", "c2", "1042"])
        #expect(try await source.read("n,customer,user,card\n1,,u1,c1\n").records().isEmpty)
        source.subject["user"] = ["u1"]
        #expect(try await source.read("n,customer,user,card\n1,,u1,c9\n2,7,u1,\n").records().count == 1)
    }

    @Test("Columns become fields, other fields, or nothing")
    func mapping() async throws {
        var source = Source()
        source.fields = [
            .init(field: "address.city", column: "City"), .init(field: "date", column: "Date"),
            .init(field: "note", column: "City"), .init(field: "tags", column: "Tags", separator: "; "),
            .init(field: "quantity", column: "Qty"), .init(field: "is_paid", column: "Paid"),
        ]
        source.exclusions = ["customer", "Secret"]
        source.sourceExclusions = [.init(column: "Internal", ground: .notPersonal)]
        source.recordID = "No"
        let reading = try await source.read(
            """
            No,customer,City,Date,Tags,Qty,Paid,Secret,Internal,Rest
            A-1,1042,Åbo,2024-02-29,"a; b; ; c",007,t,x,y,z
            A-2,1042,,2024-02-30,d,1.5,,,,
            """)
        #expect(
            reading.outlines() == [
                "date=2024-02-29 quantity=7 address.city=Åbo tags[1]=a tags[2]=b tags[3]=c is_paid=true note=Åbo Rest=z",
                "tags[1]=d date=2024-02-30 quantity=1.5",
            ])
        #expect(reading.records().map(\.id) == ["A-1", "A-2"])
        #expect(
            reading.findings.map { "\($0.kind) \($0.place.field ?? "") \($0.count)" }
                == ["mistyped date 1", "mistyped quantity 1", "unmapped Rest 1"])
        #expect(reading.findings.allSatisfy { $0.place.dataset == "orders" && !$0.losesRecords })
    }

    @Test("A decimal comma is read as declared, and nothing is guessed")
    func decimalComma() async throws {
        var source = Source()
        source.fields = [.init(field: "price", column: "price")]
        source.dialect.delimiter = UInt8(ascii: ";")
        source.dialect.hasDecimalComma = true
        let text = "customer;price\n1042;12,50\n1042;-,5\n1042;7\n1042;12.50\n1042;1.234,50\n1042;1 234,5\n1042;1,2,3\n"
        var reading = try await source.read(text)
        #expect(
            reading.records().map { $0["price"] ?? "other " + ($0["other:price"] ?? "") }
                == ["12.50", "-0.5", "7", "other 12.50", "other 1.234,50", "other 1 234,5", "other 1,2,3"])
        #expect(reading.findings.map(\.kind) == [.mistyped])
        #expect(reading.findings.map(\.count) == [4])
        source.dialect.hasDecimalComma = false
        reading = try await source.read(text)
        #expect(reading.records().map { $0["price"] } == [nil, nil, "7", "12.50", nil, nil, nil])
    }

    @Test("A filter takes rows; rows of the subject that none takes are missed")
    func filters() async throws {
        var source = Source()
        source.exclusions = ["customer", "kind"]
        func dataset(_ id: String, _ values: [String]) -> CSVConfiguration.Dataset {
            .init(id: id, path: "a.csv", match: source.match, fields: [], filter: .init(column: "kind", values: values))
        }
        source.datasets = [dataset("orders", ["order", "return"]), dataset("visits", ["visit", "return"])]
        let reading = try await source.read(
            "customer,kind,n\n1042,order,1\n1042,return,2\n1042,visit,3\n1042,call,4\n7,call,5\n1042,,6\n")
        #expect(reading.outlines(0) == ["n=1", "n=2"])
        #expect(reading.outlines(1) == ["n=2", "n=3"])
        #expect(reading.records(0)[1].id == reading.records(1)[0].id)
        #expect(reading.end.records == [2, 2])
        #expect(reading.findings.filter { $0.losesRecords }.map(\.count) == [2])
    }

    @Test("Keys: a row's own, marked if it comes again; else computed, and every row has one of its own")
    func keys() async throws {
        var source = Source()
        let same = "customer,id,x\n1042,a,1\n1042,,2\n1042,a,3\n1042,,2\n1042,a#2,4\n"
        source.recordID = "id"
        let reading = try await source.read(same)
        let ids = reading.records().map(\.id)
        #expect(ids[0] == "a" && ids[2] == "a#2" && ids[4] == "a#2#2")
        #expect(ids[1].count == 32 && ids[3].count == 32 && ids[1] != ids[3])
        #expect(reading.findings.contains { $0.message.contains("more than once") && $0.count == 2 })
        let again = try await source.read(same)
        #expect(again.records().map(\.id) == ids)
        // The key is of the row as it stands in the file: quotes that say the same make another.
        source.recordID = nil
        let quoted = try await source.read("customer,x\n1042,a\n1042,\"a\"\n")
        #expect(quoted.outlines() == ["x=a", "x=a"])
        #expect(Set(quoted.records().map(\.id)).count == 2)
    }

    @Test("The tenant comes from its column, or from the one that is matched")
    func tenants() async throws {
        var source = Source()
        source.tenantKind = "company"
        source.tenant = "owner"
        let text = "customer,owner\n1042,77\n1042,78\n1042,\n"
        #expect(try await source.read(text).records().map(\.tenant) == ["77", "78", ""])
        source.tenant = nil
        await #expect(throws: PortabilityError(.configuration, "")) { try await source.read(text) }
        source.match.append(.init(kind: "company", column: "owner", isUnique: false))
        #expect(try await source.read(text).records().map(\.tenant) == ["77", "78", ""])
    }

    @Test("Without a header columns are named by their place")
    func noHeader() async throws {
        var source = Source()
        source.dialect.hasHeader = false
        source.match = [.init(kind: "customer", column: "column_2", isUnique: true)]
        source.exclusions = []
        let reading = try await source.read("a,1042\nb,7\nc,1042,d\n")
        #expect(reading.outlines() == ["column_1=a column_2=1042", "column_1=c column_2=1042 column_3=d"])
        #expect(reading.oddities.map(\.kind) == [.malformed])
    }

    @Test(
        "What the configuration gets wrong is told before anything is read",
        arguments: [
            "address", "address.street.x", "prize", "tags.x", "note;split", "", "date;twice",
        ])
    func configurationFaults(field: String) async throws {
        var source = Source()
        let parts = field.split(separator: ";", omittingEmptySubsequences: false)
        source.fields = [
            .init(field: String(parts[0]), column: "x", separator: parts.last == "split" ? "," : nil)
        ]
        if parts.last == "twice" { source.fields += source.fields }
        await #expect(throws: PortabilityError(.configuration, "")) { try await source.read("customer,x\n") }
    }

    @Test(
        "Dialects and paths that cannot be are refused",
        arguments: ["../*.csv", "/tmp/*.csv", "{customer}.csv", "**", "", "same", "line", "high"])
    func refused(what: String) async throws {
        var source = Source()
        switch what {
        case "same": source.dialect.escape = source.dialect.quote
        case "line": source.dialect.delimiter = UInt8(ascii: "\n")
        case "high": source.dialect.quote = 0xa7
        default: source.path = what
        }
        await #expect(throws: PortabilityError(.configuration, "")) { try await source.read("customer,x\n") }
    }
}
