import PortabilityModel
import SingerExtractor
import TestServers
import Testing

/// What real taps printed, read again.
@Suite(.onOwnThreads) struct CaptureTests {
    private func source(_ capture: String, _ datasets: [SingerConfiguration.Dataset], subject: String) -> Source {
        var source = Source()
        source.script("cat \(testData(capture))")
        source.datasets = datasets
        source.subject = ["customer_number": [subject]]
        return source
    }

    private func match(_ path: String) -> [SingerConfiguration.Match] {
        [.init(kind: "customer_number", path: path, isUnique: true)]
    }

    @Test func postgres() async throws {
        let source = source(
            "tap-postgres.jsonl",
            [
                Source.dataset(
                    id: "customers", stream: "public-customer", match: match("customer_id"),
                    fields: [("name", "first_name"), ("address.street", "address"), ("address.city", "city")]),
                Source.dataset(
                    id: "invoices", stream: "public-invoice", match: match("customer_id"),
                    fields: [("balance", "total")]),
            ], subject: "2")
        let keeper = try await source.extract()
        #expect(
            keeper.outlines(0) == [
                "2: name=Leonie address{ street=Theodor-Heuss-Straße 34 city=Stuttgart } +country=(string) Germany "
                    + "+email=(string) leonekohler@surfeu.de +last_name=(string) Köhler +phone=(string) +49 0711 2842222 "
                    + "+postal_code=(string) 70174 +support_rep_id=(integer) 5"
            ])
        #expect(keeper.ids(1) == ["1", "12", "67", "196", "219", "241", "293"])
        #expect(keeper.outlines(1)[0].hasPrefix("1: balance=1.98 "))
        #expect(!keeper.isPartial)
    }

    @Test func jsonl() async throws {
        var source = source(
            "tap-jsonl.jsonl",
            [Source.dataset(match: match("CustomerId"), fields: [("name", "FirstName")], recordID: ["CustomerId"])],
            subject: "1")
        source.exclusions = ["_sdc_last_modified", "_sdc_filename", "_sdc_stream"]
        let keeper = try await source.extract()
        #expect(keeper.outlines().count == 1)
        #expect(keeper.outlines()[0].hasPrefix("1: name=Luís +Address=(string) Av. Brigadeiro Faria Lima, 2170 "))
        #expect(!keeper.outlines()[0].contains("_sdc"))
        #expect(!keeper.isPartial)
    }

    @Test func csv() async throws {
        let source = source(
            "tap-csv.jsonl",
            [
                Source.dataset(id: "customers", match: match("CustomerId"), fields: [("name", "FirstName")]),
                Source.dataset(
                    id: "invoices", stream: "invoice", match: match("CustomerId"), fields: [("balance", "Total")]),
            ], subject: "12")
        let keeper = try await source.extract()
        #expect(keeper.ids(0) == ["12"])
        #expect(keeper.ids(1).count == 7)
        #expect(keeper.outlines(1).allSatisfy { $0.contains("balance=") })
    }

    /// The record before the one on which the tap died is exact, and is given to nobody as all there is.
    @Test func aTapThatDied() async throws {
        let source = source(
            "tap-postgres.died.jsonl",
            [
                Source.dataset(
                    stream: "public-customer", match: match("customer_id"),
                    fields: [("name", "name"), ("balance", "balance"), ("since", "born")])
            ], subject: "1")
        let keeper = try await source.extract()
        #expect(
            keeper.outlines() == [
                "1: name=Aino Virtanen since=1980-01-01 balance=99999999999999999999999999999999999999 "
                    + "+tiny=(string) 0.\(String(repeating: "0", count: 99))1"
            ])
        source.script("cat \(testData("tap-postgres.died.jsonl")); exit 1")
        #expect(await source.failure()?.code == .unavailable)
    }

    @Test func theSameOutputGivesTheSameRecords() async throws {
        func run(_ limits: BatchLimits) async throws -> [String] {
            var source = source(
                "tap-postgres.jsonl",
                [Source.dataset(stream: "public-invoice", match: match("customer_id"), fields: [("balance", "total")])],
                subject: "3")
            source.batchLimits = limits
            return try await source.extract().outlines()
        }
        let whole = try await run(BatchLimits())
        #expect(whole.count == 7)
        for rows in [1, 2, 6, 7, 8] { #expect(try await run(BatchLimits(rows: rows)) == whole) }
    }
}
