import PortabilityModel
import SingerExtractor
import TestServers
import Testing

@Suite(.onOwnThreads) struct MappingTests {
    @Test func giveTheSubjectsRecordsAndNobodyElses() async throws {
        let source = Source(printing: [
            schema(), record(#"{"id":6,"name":"Matti"}"#), record(#"{"id":7,"name":"Aino"}"#),
            record(#"{"id":77,"name":"Kaisa"}"#), state,
        ])
        let keeper = try await source.extract()
        #expect(keeper.outlines() == ["7: name=Aino"])
        #expect(!keeper.isPartial)
    }

    @Test func keepEveryDigitOfNumbers() async throws {
        var source = Source(printing: [
            schema(["id", "balance", "tiny", "huge", "price"]),
            record(
                #"{"id":7,"balance":99999999999999999999999999999999999999,"tiny":1E-100,"#
                    + #""huge":-0.10000000000000000000000000000000000001,"price":1.50}"#), state,
        ])
        source.datasets = [Source.dataset(fields: [("balance", "balance")])]
        #expect(
            try await source.extract().outlines() == [
                "7: balance=99999999999999999999999999999999999999 "
                    + "+huge=(string) -0.10000000000000000000000000000000000001 +price=(string) 1.50 "
                    + "+tiny=(string) 0.\(String(repeating: "0", count: 99))1"
            ])
    }

    @Test func mapNestedFieldsListsAndObjectsAndCarryTheRest() async throws {
        var source = Source(printing: [
            schema(["id", "home", "labels", "raw", "extra"]),
            record(
                #"{"id":7,"home":{"line":"Kägeluddsvägen \u0031","town":"Esbo","floor":3},"labels":["a","b",null],"#
                    + #""raw":{"k":[1,2.50]},"extra":{"deep":{"er":true},"none":null,"empty":""}}"#), state,
        ])
        source.datasets = [
            Source.dataset(fields: [
                ("address.street", "home.line"), ("address.city", "home.town"), ("tags", "labels"), ("details", "raw"),
            ])
        ]
        let keeper = try await source.extract()
        #expect(
            keeper.outlines() == [
                "7: address{ street=Kägeluddsvägen 1 city=Esbo } tags[ tags=a tags=b ] details={\"k\":[1,2.50]} "
                    + "+extra.deep.er=(boolean) true +home.floor=(integer) 3"
            ])
        #expect(keeper.findings.filter { $0.kind == .unmapped }.map(\.place.field) == ["extra", "home"])
    }

    @Test func carryWhatDoesNotFitAsText() async throws {
        var source = Source(printing: [
            schema(["id", "since", "visits", "name"]),
            record(#"{"id":7,"since":"yesterday","visits":"many","name":{"first":"Aino"}}"#), state,
        ])
        source.datasets = [Source.dataset(fields: [("since", "since"), ("visits", "visits"), ("name", "name")])]
        let keeper = try await source.extract()
        #expect(
            keeper.outlines() == [
                "7: +name=(json) {\"first\":\"Aino\"} +since=(string) yesterday +visits=(string) many"
            ])
        #expect(keeper.findings.map(\.kind) == [.mistyped, .mistyped, .mistyped])
    }

    @Test func leaveOutWhatIsExcluded() async throws {
        var source = Source(printing: [
            schema(["id", "name", "password", "meta", "_sdc_file"]),
            record(#"{"id":7,"name":"Aino","password":"x","meta":{"token":"y","lang":"fi"},"_sdc_file":"/srv"}"#),
            state,
        ])
        source.exclusions = ["password", "meta.token"]
        source.sourceExclusions = ["customer._sdc_file", "other.name"]
        #expect(try await source.extract().outlines() == ["7: name=Aino +meta.lang=(string) fi"])
    }

    @Test func tellNoNamesThatMayBeValues() async throws {
        let names = ["shoe_size", "aino@example.com", "131052-308T", "Aino Virtanen", "0401234567", "a12345"]
        let values = names.map { "\"\($0)\":1" }.joined(separator: ",")
        let keeper = try await Source(printing: [
            schema(["id", "name"] + names), record("{\"id\":7,\(values)}"), state,
        ]).extract()
        #expect(keeper.findings.map(\.place.field) == ["shoe_size", nil])
        #expect(keeper.findings.map(\.count) == [1, 5])
        #expect(keeper.outlines()[0].contains("+aino@example.com=(integer) 1"), "they are in the archive all the same")
    }

    @Test func readTypesInAnyCase() async throws {
        let source = Source(printing: [
            schema().replacing("SCHEMA", with: "schema"),
            #"{"type":"ACTIVATE_VERSION","stream":"customer","version":1}"#,
            record(#"{"id":"7","name":"Aino"}"#).replacing("RECORD", with: "Record"), state,
        ])
        let keeper = try await source.extract()
        #expect(keeper.outlines() == ["7: name=Aino"])
        #expect(keeper.findings == [])
    }

    @Test func ofEqualNamesTheLastCounts() async throws {
        let source = Source(printing: [
            schema(), record(#"{"id":7,"id":8,"name":"Matti"}"#), record(#"{"id":8,"name":"x","name":"Aino","id":7}"#),
            state,
        ])
        #expect(try await source.extract().outlines() == ["7: name=Aino"])
    }

    @Test func theFirstUniqueIdentifierDecides() async throws {
        var source = Source(printing: [
            schema(["row", "id", "email"], key: ["row"]), record(#"{"row":1,"id":8,"email":"a@example.com"}"#),
            record(#"{"row":2,"id":null,"email":"a@example.com"}"#),
            record(#"{"row":3,"id":7,"email":"b@example.com"}"#),
            record(#"{"row":4,"email":["a@example.com"]}"#), state,
        ])
        source.datasets = [
            Source.dataset(
                match: [
                    .init(kind: "email", path: "email", isUnique: false),
                    .init(kind: "customer_number", path: "id", isUnique: true),
                ], fields: [])
        ]
        source.subject = ["customer_number": ["7"], "email": ["a@example.com"]]
        let keeper = try await source.extract()
        #expect(keeper.ids() == ["2", "3"])
        #expect(keeper.findings.contains { $0.kind == .nonconforming && $0.losesRecords }, "row 4 is nobody's")
    }

    @Test func giveRecordsOfTheSubjectsTenantOnly() async throws {
        var source = Source(printing: [
            schema(["row", "id", "company"], key: ["row"]), record(#"{"row":1,"id":7,"company":"A"}"#),
            record(#"{"row":2,"id":7,"company":"B"}"#), record(#"{"row":3,"id":7}"#), state,
        ])
        source.role = .processor
        source.tenantKind = "company"
        source.datasets = [Source.dataset(fields: [], tenant: "company")]
        source.subject["company"] = ["B"]
        let keeper = try await source.extract()
        #expect(keeper.ids() == ["2"])
        #expect(keeper.batches.map { $0.text($0.records[0].tenant) } == ["B"])
    }

    @Test func readTwoStreamsAndTwoDatasetsOfOneStreamInOneRun() async throws {
        var source = Source(printing: [
            schema(["id", "name", "kind"]), record(#"{"id":7,"name":"home","kind":"h"}"#),
            schema(["no", "id", "name"], stream: "order", key: ["no"]),
            record(#"{"no":1,"id":7,"name":"order 1"}"#, stream: "order"),
            record(#"{"id":7,"name":"work","kind":"w"}"#),
            record(#"{"id":7,"name":"lost","kind":"x"}"#), record(#"{"no":2,"id":8}"#, stream: "order"), state,
        ])
        source.exclusions = ["kind"]
        source.datasets = [
            Source.dataset(id: "homes", filter: .init(path: "kind", values: ["h"])),
            Source.dataset(id: "offices", filter: .init(path: "kind", values: ["w", "o"])),
            Source.dataset(id: "orders", stream: "order"),
        ]
        let keeper = try await source.extract()
        #expect(keeper.outlines(0) == ["7: name=home"])
        #expect(keeper.outlines(1) == ["7: name=work"])
        #expect(keeper.outlines(2) == ["1: name=order 1 +id=(integer) 7"])
        let untaken = keeper.findings.filter { $0.kind == .unmapped && $0.losesRecords }
        #expect(untaken.map(\.count) == [1, 1], "the record that neither dataset takes is counted for both")
    }

    @Test func joinKeysOfSeveralFieldsUnambiguously() async throws {
        var source = Source(printing: [
            schema(["id", "a", "b"], key: ["a", "b"]), record(#"{"id":7,"a":"x/y","b":1}"#),
            record(#"{"id":7,"a":"x","b":"y/1"}"#), record(#"{"id":7,"a":"~","b":2.50}"#), state,
        ])
        source.datasets = [Source.dataset(fields: [])]
        #expect(try await source.extract().ids() == ["x~1y/1", "x/y~11", "~0/2.50"])
    }

    @Test func computeKeysWhereThereAreNone() async throws {
        var source = Source(printing: [
            schema(["id", "name"], key: []), record(#"{"id":7,"name":"a"}"#), record(#"{"id":7,"name":"a"}"#),
            record(#"{"id":7,"name":"b"}"#), state,
        ])
        let first = try await source.extract()
        #expect(first.ids().count == 3)
        #expect(Set(first.ids()).count == 3, "two records that are alike are two records")
        #expect(first.ids().allSatisfy { $0.utf8.count == 32 })
        #expect(try await source.extract().ids() == first.ids(), "the same run after run")
        source.datasets = [Source.dataset(recordID: ["missing"])]
        let keeper = try await source.extract()
        #expect(Set(keeper.ids()).count == 3)
        #expect(keeper.findings.contains { $0.kind == .drift && $0.place.field == "record_id" && !$0.losesRecords })
        #expect(keeper.findings.contains { $0.kind == .nonconforming && $0.count == 3 })
    }

    @Test func takeARecordThatIsGivenTwiceOnce() async throws {
        let source = Source(printing: [
            schema(), record(#"{"id":7,"name":"old"}"#), record(#"{"id":7, "name":"old"}"#),
            record(#"{"id":7,"name":"new"}"#), record(#"{"id":7,"name":"new"}"#), state,
        ])
        let keeper = try await source.extract()
        #expect(keeper.outlines() == ["7: name=old", "7#2: name=new"])
        #expect(keeper.findings.map(\.count) == [2, 1])
        #expect(!keeper.isPartial)
    }

    @Test func replaceTextThatIsNotUnicode() async throws {
        let source = Source()
        source.script(
            """
            echo '\(schema())'
            printf '{"type":"RECORD","stream":"customer","record":{"id":7,"name":"A\\377ino \\\\ud800"}}\\n'
            echo '\(state)'
            """)
        let keeper = try await source.extract()
        #expect(keeper.outlines() == ["7: name=A\u{fffd}ino \u{fffd}"])
        #expect(keeper.findings.map(\.kind) == [.invalidText])
        #expect(keeper.findings.map(\.count) == [2])
    }

    @Test(arguments: [
        ("names", "customer", "name"), ("name", "nothing", nil), ("address", "customer", nil),
        ("name.x", "customer", nil),
    ])
    func refuseFieldsThatTheCatalogueDoesNotHave(field: String, entity: String, suggestion: String?) async throws {
        var source = Source()
        source.datasets = [Source.dataset(fields: [(field, "name")])]
        let broken = source
        if entity == "customer" {
            let error = await #expect(throws: PortabilityError(.configuration, "")) { try await broken.open() }
            if let suggestion { #expect(error?.remedy == "Did you mean `\(suggestion)`?") }
        } else {
            source.datasets = [Source.dataset(fields: [("name", "a..b")])]
            let broken = source
            await #expect(throws: PortabilityError(.configuration, "")) { try await broken.open() }
        }
    }

    @Test func countMessagesOfUnknownTypes() async throws {
        let keeper = try await Source(printing: [
            schema(), #"{"type":"x-anything"}"#, #"{"type":"NOTE","text":"Virtanen"}"#, state,
        ]).extract()
        #expect(keeper.findings.map(\.count) == [2])
        #expect(!keeper.isPartial)
        let lost = try await Source(printing: [
            schema(), #"{"type":"RECORDS","stream":"customer","record":{"id":7}}"#, state,
        ]).extract()
        #expect(lost.findings.map(\.count) == [1])
        #expect(lost.isPartial)
    }

    @Test func bePartialIfRecordsAreOfAStreamThatWasNeverAnnounced() async throws {
        let stranger = record(#"{"id":7,"name":"Aino"}"#, stream: "Virtanen")
        let keeper = try await Source(printing: [schema(), stranger, stranger, state]).extract()
        #expect(keeper.findings.map(\.count) == [2])
        #expect(keeper.isPartial)
        #expect(!keeper.findings.contains { $0.message.contains("Virtanen") })
        let announced = try await Source(printing: [schema(), schema(stream: "Virtanen"), stranger, state]).extract()
        #expect(announced.findings == [])
    }

    @Test func giveNoMarkedKeyTwice() async throws {
        func row(_ key: String, _ name: String) -> String { record(#"{"id":7,"key":"\#(key)","name":"\#(name)"}"#) }
        for order in [["A", "A#2", "A", "A"], ["A", "A", "A#2", "A"], ["A#2", "A", "A", "A"]] {
            let rows = order.enumerated().map { row($1, "name \($0)") }
            let ids = try await Source(printing: [schema(["id", "key", "name"], key: ["key"])] + rows + [state])
                .extract().ids()
            #expect(ids.count == 4)
            #expect(Set(ids).count == 4, "\(ids)")
        }
    }

    @Test(arguments: [#""a@example.com""#, "[]", #"[{"email":"a@example.com"}]"#, "5", "true"])
    func giveRecordsWhosePathEndsTooEarlyToNobody(contact: String) async throws {
        var source = Source(printing: [
            schema(["row", "contact", "id"], key: ["row"]), record(#"{"row":1,"contact":\#(contact),"id":7}"#),
            record(#"{"row":2,"contact":null,"id":7}"#), record(#"{"row":3,"contact":{"other":1},"id":7}"#), state,
        ])
        let unique = SingerConfiguration.Match(kind: "email", path: "contact.email", isUnique: true)
        let number = SingerConfiguration.Match(kind: "customer_number", path: "id", isUnique: false)
        source.datasets = [Source.dataset(match: [unique, number], fields: [])]
        source.subject["email"] = ["b@example.com"]
        let keeper = try await source.extract()
        #expect(keeper.ids() == ["2", "3"])
        #expect(keeper.findings.filter(\.losesRecords).map(\.count) == [1])

        source.datasets = [
            Source.dataset(match: [number], fields: [], filter: .init(path: "contact.email", values: ["x"]))
        ]
        let filtered = try await source.extract()
        #expect(filtered.ids() == [])
        #expect(filtered.findings.filter { $0.kind == .nonconforming && $0.losesRecords }.map(\.count) == [1])

        source.role = .processor
        source.tenantKind = "company"
        source.datasets = [Source.dataset(match: [number], fields: [], tenant: "contact.company")]
        source.subject["company"] = ["B"]
        let owned = try await source.extract()
        #expect(owned.ids() == [])
        #expect(owned.findings.filter(\.losesRecords).map(\.count) == [1])
    }

    @Test func refuseKeysAndSchemasThatNoRecordHas() async throws {
        let names = (0..<60_000).map { "k\($0)" }
        #expect(await Source(printing: [schema(key: names), state]).failure()?.code == .limit)
        let wide = (0..<100_001).map { "k\($0)" }
        #expect(await Source(printing: [schema(wide), state]).failure()?.code == .limit)
        #expect(try await !Source(printing: [schema(["id"] + names), state]).extract().isPartial)
    }

    @Test func tellAThousandNamesAndCountTheOthers() async throws {
        let letters = Array("abcdefghij")
        let names = (0..<1500).map { "x" + String($0).map { String(letters[$0.wholeNumberValue!]) }.joined() }
        let values = names.map { "\"\($0)\":1" }.joined(separator: ",")
        let keeper = try await Source(printing: [
            schema(["id", "name"] + names), record("{\"id\":7,\(values)}"), state,
        ]).extract()
        #expect(keeper.findings.count == 1001)
        #expect(keeper.findings.last?.count == 500)
    }
}
