import Glibc
import PortabilityModel
import SingerExtractor
import TestServers
import Testing

/// What a tap says of itself, what is selected of it, and what becomes of each field.
@Suite(.onOwnThreads) struct CatalogueTests {
    /// A tap that gives a catalogue, keeps the one that it is given, and prints a record.
    private func source(_ catalogue: String) -> Source {
        var source = Source(printing: [schema(), record(#"{"id":7,"name":"Aino"}"#), state])
        source.folder.write("discovered.json", catalogue)
        source.script(
            """
            echo "$1" >>calls
            if [ "$1" = --discover ]; then cat discovered.json; exit; fi
            cp "$2" given.json; stat -c %a "$2" "$(dirname "$2")" >modes; echo "$2" >path
            cat out.jsonl
            """)
        source.change = { $0.discovers = true }
        return source
    }

    private let legacy = """
        {"streams":[
          {"stream":"customer","tap_stream_id":"customer","schema":{"type":"object","properties":{"id":{},"name":{}}}},
          {"stream":"order","tap_stream_id":"order","schema":{"selected":true,"properties":{"no":{}}}}]}
        """

    @Test func selectTheStreamsThatDatasetsReadAndNoOthers() async throws {
        let source = source(legacy)
        #expect(try await source.extract().ids() == ["7"])
        #expect(
            source.folder.read("given.json")
                == #"{"streams":[{"stream":"customer","tap_stream_id":"customer","#
                + #""schema":{"type":"object","properties":{"id":{},"name":{}},"selected":true},"#
                + #""metadata":[{"breadcrumb":[],"metadata":{"selected":true,"replication-method":"FULL_TABLE"}},"#
                + #"{"breadcrumb":["properties","id"],"metadata":{"inclusion":"available","selected":true}},"#
                + #"{"breadcrumb":["properties","name"],"metadata":{"inclusion":"available","selected":true}}],"#
                + #""replication_method":"FULL_TABLE"},"#
                + #"{"stream":"order","tap_stream_id":"order","schema":{"selected":false,"properties":{"no":{}}},"#
                + #""metadata":[{"breadcrumb":[],"metadata":{"selected":false}},"#
                + #"{"breadcrumb":["properties","no"],"metadata":{"inclusion":"available"}}]}]}"#)
    }

    @Test func showTheCatalogueToNobodyAndTakeItAway() async throws {
        let source = source(legacy)
        _ = try await source.extract()
        #expect(source.folder.read("modes") == "600\n700\n")
        let path = try #require(source.folder.read("path"))
        #expect(Folder.isThere(String(path.dropLast())) == false)
    }

    @Test func askForTheCatalogueOnceASession() async throws {
        let source = source(legacy)
        let session = try await source.open()
        _ = try await session.check()
        _ = try await session.coverage(.schema)
        _ = try await session.extract(
            ExtractionRequest(
                datasets: ["customers"], subject: SubjectKeys([Identifier(kind: "customer_number", value: "7")])),
            into: Keeper())
        await session.close()
        #expect(source.folder.read("calls") == "--discover\n--catalog\n")
    }

    @Test func leaveOutOfTheTapWhatNobodyReads() async throws {
        var source = source(
            """
            {"streams":[{"tap_stream_id":"customer","schema":{"properties":{"id":{},"name":{},"secret":{},"bad":{}}},
            "metadata":[{"breadcrumb":[],"metadata":{"forced-replication-method":"INCREMENTAL"}},
            {"breadcrumb":["properties","id"],"metadata":{"inclusion":"automatic"}},
            {"breadcrumb":["properties","name"],"metadata":{"inclusion":"available","selected":false}},
            {"breadcrumb":["properties","secret"],"metadata":{"inclusion":"available"}},
            {"breadcrumb":["properties","bad"],"metadata":{"inclusion":"unsupported"}}]}]}
            """)
        source.exclusions = ["secret", "id"]
        _ = try await source.extract()
        let given = try #require(source.folder.read("given.json"))
        #expect(given.contains(#"["properties","id"],"metadata":{"inclusion":"automatic","selected":true}"#))
        #expect(given.contains(#"["properties","name"],"metadata":{"inclusion":"available","selected":false}"#))
        #expect(given.contains(#"["properties","secret"],"metadata":{"inclusion":"available","selected":false}"#))
        #expect(given.contains(#"["properties","bad"],"metadata":{"inclusion":"unsupported"}"#))
        #expect(!given.contains("FULL_TABLE"), "the tap forces another method")
    }

    @Test func leaveTheMethodToATapThatGoesOn() async throws {
        var source = source(legacy)
        source.change = {
            $0.discovers = true
            $0.stateFile = "state.json"
            $0.resumes = true
        }
        _ = try await source.extract()
        #expect(source.folder.read("given.json")?.contains("FULL_TABLE") == false)
    }

    @Test func takeTheCatalogueFromAFile() async throws {
        var source = source("{}")
        source.folder.write("mine.json", legacy)
        source.change = { $0.catalogueFile = "mine.json" }
        #expect(try await source.extract().ids() == ["7"])
        #expect(source.folder.read("calls") == "--catalog\n")
        #expect(source.folder.read("mine.json") == legacy, "it is not changed")
    }

    @Test(arguments: [
        ("echo '[]'", PortabilityError.Code.malformed), ("echo Virtanen", .malformed),
        ("cat discovered.json; exit 1", .unavailable),
        ("echo '{\"streams\":[{}]}'", .malformed), ("echo '{\"streams\":[]}'", .drift), ("yes", .limit),
    ])
    func sayWhatIsWrongWithTheCatalogue(script: String, code: PortabilityError.Code) async throws {
        var source = source(legacy)
        source.script(script)
        source.limits.documentBytes = 1 << 20
        let error = await source.failure()
        #expect(error?.code == code)
        #expect(error?.description.contains("Virtanen") == false)
    }

    @Test func suggestTheStreamThatIsMeant() async throws {
        var source = source(legacy)
        source.datasets = [Source.dataset(stream: "custommer")]
        #expect(await source.failure()?.remedy == "Did you mean `customer`?")
        let session = try await source.open()
        await #expect(throws: PortabilityError(.drift, "")) { try await session.check() }
    }

    @Test func findStreamsByTheNameOfMessagesOrOfTheCatalogue() async throws {
        let two = """
            {"streams":[{"stream":"customer","tap_stream_id":"a-customer","schema":{"properties":{"id":{},"name":{}}}},
            {"stream":"customer","tap_stream_id":"b-customer","schema":{"properties":{"id":{},"name":{}}}}]}
            """
        var source = source(two)
        #expect(await source.failure()?.code == .configuration)
        source.datasets = [Source.dataset(stream: "b-customer")]
        #expect(try await source.extract().ids() == ["7"])
    }

    @Test func checkFieldsWithoutReadingRecords() async throws {
        var source = source(legacy)
        source.datasets = [
            Source.dataset(
                match: [.init(kind: "customer_number", path: "number", isUnique: true)], fields: [("name", "nmae")])
        ]
        let findings = try await source.open().check()
        #expect(findings.map(\.place.field) == ["match.customer_number", "name"])
        #expect(findings.map(\.losesRecords) == [true, false])
        #expect(source.folder.read("calls") == "--discover\n")
    }

    // MARK: coverage

    @Test func tellWhatBecomesOfEveryField() async throws {
        var source = source(
            """
            {"streams":[{"tap_stream_id":"customer","key_properties":["id"],"schema":{"properties":{
            "id":{"type":"integer"},"name":{"type":["null","string"]},"shoe_size":{"type":"number"},
            "born":{"type":["string","null"],"format":"date"},"password":{},"blob":{},"internal":{}}},
            "metadata":[{"breadcrumb":["properties","blob"],"metadata":{"inclusion":"unsupported"}}]},
            {"tap_stream_id":"order","schema":{"properties":{"no":{}}}},
            {"tap_stream_id":"log","schema":{"properties":{"line":{}}}},
            {"tap_stream_id":"empty","schema":{}}]}
            """)
        source.exclusions = ["password"]
        source.sourceExclusions = ["log", "customer.internal"]
        let items = try #require(try await source.open().coverage(.schema))
        func item(
            _ container: String, _ name: String?, _ type: String?, _ use: CoverageItem.Use, isRead: Bool
        ) -> CoverageItem {
            CoverageItem(container: container, name: name, type: type, use: use, candidate: isRead ? "customers" : nil)
        }
        #expect(
            items == [
                item("customer", "id", "integer", .exported(dataset: "customers", field: nil), isRead: true),
                item("customer", "name", "string", .exported(dataset: "customers", field: "name"), isRead: true),
                item("customer", "shoe_size", "number", .exported(dataset: "customers", field: "other"), isRead: true),
                item("customer", "born", "string date", .exported(dataset: "customers", field: "other"), isRead: true),
                item("customer", "password", nil, .excluded(.secret, heldIn: nil), isRead: true),
                item("customer", "blob", nil, .unknown, isRead: true),
                item("customer", "internal", nil, .excluded(.notPersonal, heldIn: nil), isRead: true),
                item("order", "no", nil, .unknown, isRead: false),
                item("log", "line", nil, .excluded(.notPersonal, heldIn: nil), isRead: false),
                item("empty", nil, nil, .unknown, isRead: false),
            ])
        #expect(source.folder.read("calls") == "--discover\n", "no record was read")
    }

    @Test func tellNoNamesOfFieldsThatMayBeValues() async throws {
        let long = String(repeating: "x", count: 101)
        let source = source(
            """
            {"streams":[{"tap_stream_id":"customer","schema":{"properties":{"id":{"type":"aino@example.com"},
            "aino@example.com":{},"\(long)":{}}}},{"tap_stream_id":"131052-308T","schema":{}}]}
            """)
        let items = try #require(try await source.open().coverage(.schema))
        #expect(items.map { "\($0.container).\($0.name ?? "")" } == ["customer.id", "customer.*", "customer.*", "*."])
        #expect(items.map(\.type) == [nil, nil, nil, nil])
    }

    @Test func readAWideCatalogueAndRefuseOneThatNoRecordHas() async throws {
        func wide(_ count: Int, key: Int) -> String {
            let names = (0..<count).map { "\"k\($0)\"" }
            let metadata = names.map { #"{"breadcrumb":["properties",\#($0)],"metadata":{"inclusion":"unsupported"}}"# }
            return
                #"{"streams":[{"tap_stream_id":"customer","key_properties":[\#(names.prefix(key).joined(separator: ","))],"#
                + #""schema":{"properties":{\#(names.map { $0 + ":{}" }.joined(separator: ","))}},"#
                + #""metadata":[\#(metadata.joined(separator: ","))]}]}"#
        }
        let good = source(wide(20_000, key: 64))
        #expect(try await good.open().coverage(.schema)?.count == 20_000)
        let bad = source(wide(100, key: 65))
        let refused = try await bad.open()
        await #expect(throws: PortabilityError(.limit, "")) { try await refused.coverage(.schema) }
        withExtendedLifetime(bad.folder) {}
    }

    @Test func readTheSchemasOfATapThatHasNoCatalogue() async throws {
        let source = Source(printing: [
            schema(), record(#"{"id":7,"name":"Aino"}"#), schema(["no"], stream: "order", key: ["no"]), schema(), state,
        ])
        #expect(try await source.open().coverage(.schema) == nil)
        let items = try #require(try await source.open().coverage(.data))
        #expect(items.map { "\($0.container).\($0.name ?? "")" } == ["customer.id", "customer.name", "order.no"])
        #expect(items.map { $0.use == .unknown } == [false, false, true])
    }

    @Test func readTheCatalogueOfARealTap() async throws {
        var source = Source()
        source.script("cat \(testData("tap-postgres.catalog.json"))")
        source.change = { $0.discovers = true }
        source.datasets = [
            Source.dataset(
                stream: "public-customer",
                match: [.init(kind: "customer_number", path: "customer_id", isUnique: true)],
                fields: [("name", "first_name")])
        ]
        let items = try #require(try await source.open().coverage(.schema))
        let customer = items.filter { $0.container == "public-customer" }
        #expect(customer.count == 13)
        #expect(customer[0].use == .exported(dataset: "customers", field: nil))
        #expect(customer.allSatisfy { $0.use != .unknown })
        #expect(items.filter { $0.use == .unknown }.map(\.container).contains("public-invoice_line"))
        #expect(Set(items.map(\.container)) == ["public-customer", "public-invoice", "public-invoice_line"])
    }
}

extension Folder {
    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
