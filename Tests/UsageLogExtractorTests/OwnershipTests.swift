import PortabilityModel
import Testing
import UsageLogExtractor

@Suite("Usage logs: whose a line is")
struct OwnershipTests {
    @Test(
        "Unique identifiers decide, cookies only where there are none, and all are compared whole",
        arguments: [
            (#"{"user":"1042"}"#, true), (#"{"user":1042}"#, true), (#"{"user":"10\u0034\u0032"}"#, true),
            (#"{"user":1042,"cookie":"ck_7"}"#, true), (#"{"cookie":"ck_1"}"#, true),
            (#"{"user":null,"cookie":"ck_1"}"#, true),
            (#"{"user":"","cookie":"ck_1"}"#, true), (#"{"user":7,"cookie":"ck_1"}"#, false),
            (#"{"user":10421}"#, false), (#"{"user":"x1042"}"#, false), (#"{"user":1042.0}"#, false),
            (#"{"cookie":"ck_11"}"#, false), (#"{"note":"user 1042 ck_1"}"#, false), (#"{"x":{"user":1042}}"#, false),
            (#"{"user":[1042],"cookie":"ck_1"}"#, false), (#"{"user":{"id":1042},"cookie":"ck_1"}"#, false),
            (#"{}"#, false),
        ])
    func rule(line: String, isOurs: Bool) async throws {
        let records = try await Source().outlines(line + "\n")
        #expect(records.count == (isOurs ? 1 : 0))
    }

    @Test("The record tells which identifier matched")
    func head() async throws {
        let folder = Folder()
        folder.write("a.jsonl", "\n" + #"{"cookie":"ck_1"}"# + "\n" + #"{"user":1042}"# + "\n")
        folder.write("b.jsonl", #"{"user":"1042"}"#)
        let keeper = try await Source().extract(folder)
        let heads = keeper.heads()
        #expect(heads.map { $0.batch.text($0.head.subject) } == ["ck_1", "1042", "1042"])
        #expect(heads.map(\.head.subjectKind) == [1, 0, 0])
        #expect(heads.map(\.head.file) == [0, 0, 1])
        #expect(heads.map(\.head.position) == [1, 19, 0])
        #expect(heads.allSatisfy { $0.head.tenant.isEmpty })
    }

    @Test("The first unique identifier that the subject has decides")
    func severalUnique() async throws {
        var source = Source()
        source.match.insert(.init(kind: "customer_number", path: "customer", isUnique: true), at: 1)
        source.subject["customer_number"] = ["C1"]
        #expect(try await source.outlines(#"{"user":1042,"customer":"C2"}"#).count == 1)
        #expect(try await source.outlines(#"{"user":7,"customer":"C1"}"#).isEmpty)
        #expect(try await source.outlines(#"{"customer":"C1"}"#).count == 1)
        #expect(try await source.outlines(#"{"customer":"C2","cookie":"ck_1"}"#).isEmpty)
        // A customer's account without known users: all lines of the customer.
        source.subject = ["customer_number": ["C1"], "cookie_id": ["ck_1"]]
        #expect(try await source.outlines(#"{"user":7,"customer":"C1"}"#).count == 1)
        #expect(try await source.outlines(#"{"user":7,"cookie":"ck_1"}"#).isEmpty)
    }

    @Test("Lines with a structure for an identifier are given to nobody, and that is told")
    func structured() async throws {
        let folder = Folder()
        folder.write("a.jsonl", #"{"user":[1042]}"#)
        let findings = try await Source().extract(folder).findings
        #expect(findings.map(\.kind) == [.nonconforming])
        #expect(findings[0].losesRecords)
    }

    @Test("Processor data carry the tenant")
    func tenant() async throws {
        var source = Source()
        source.match.append(.init(kind: "customer_number", path: "customer", isUnique: true))
        source.tenantKind = "customer_number"
        let folder = Folder()
        folder.write("a.jsonl", #"{"user":1042,"customer":"C2"}"# + "\n" + #"{"user":1042}"#)
        let heads = try await source.extract(folder).heads()
        #expect(heads.map { $0.batch.text($0.head.tenant) } == ["C2", ""])
    }

    @Test("Random lines: the same lines are found as by looking at each value by itself")
    func differential() async throws {
        var random = SplitMix(seed: 1042)
        let users: [String?] = [
            nil, "1042", "7", "\"1042\"", #""10\u00342""#, "\"7\"", "null", "\"\"", "10420", "1042.0", "\"1042 \"",
        ]
        let cookies: [String?] = [nil, #""ck_1""#, #""\u0063k_1""#, #""ck_2""#, "1"]
        var text = ""
        var expected: [Int] = []
        for line in 0..<3000 {
            var members: [String] = [#""n":\#(line)"#]
            var user: String?
            var cookie: String?
            for _ in 0...random.below(2) {
                if let value = users[random.below(users.count)] {
                    members.append((random.below(2) == 0 ? #""user""# : #""us\u0065r" "#) + ":" + value)
                    user = value
                }
                if let value = cookies[random.below(cookies.count)] {
                    members.append(#""cookie": "# + value)
                    cookie = value
                }
                members.append(#""x":{"user":1042,"cookie":"ck_1"}"#)
            }
            members = random.below(2) == 0 ? members : [members[0]] + members[1...]
            text += "{" + members.joined(separator: ",") + "}\n"
            let names = user != nil && user != "null" && user != "\"\""
            let isUser = ["1042", "\"1042\"", #""10\u00342""#].contains(user ?? "")
            let isCookie = [#""ck_1""#, #""\u0063k_1""#].contains(cookie ?? "")
            if isUser || (!names && isCookie) { expected.append(line) }
        }
        var source = Source()
        source.fields = [("status", "n")]
        let records = try await source.outlines(text)
        let found = records.map { Int($0.split(separator: " ")[0].dropFirst("status=".count)) }
        #expect(found == expected)
        #expect(expected.count > 500 && expected.count < 2500)
    }
}

/// The generator of the property tests: the same numbers in every run (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including `limit`.
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
