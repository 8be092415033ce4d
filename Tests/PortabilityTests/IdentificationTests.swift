import Portability
import PortabilityModel
import Testing

private func person(_ user: String?, _ customer: String? = nil, email: String? = nil) -> SubjectKeys {
    var identifiers: [Identifier] = []
    if let user { identifiers.append(Identifier(kind: "user_id", value: user)) }
    if let customer { identifiers.append(Identifier(kind: "customer_number", value: customer)) }
    if let email { identifiers.append(Identifier(kind: "email", value: email)) }
    return SubjectKeys(identifiers)
}

@Suite("Identifying")
struct IdentificationTests {
    /// Users 1, 2 and 3 are colleagues in C1; 4 is alone in C4; 1 and 4 share an address.
    private let people = [
        person("1", "C1", email: "common@example.fi"), person("2", "C1", email: "two@example.fi"), person("3", "C1"),
        person("4", "C4", email: "common@example.fi"),
    ]

    private func plan(_ identifiers: [Identifier], right: Right = .access) async throws -> ExportPlan {
        let register = source(
            "register",
            [dataset("person"), dataset("mail", subject: "email"), dataset("firm", subject: "customer_number")],
            people: people)
        return try await PortabilityEngine(configuration: configuration([register])).plan(
            request(identifiers, right: right))
    }

    private func user(_ value: String) -> Identifier { Identifier(kind: "user_id", value: value) }
    private func customer(_ value: String) -> Identifier { Identifier(kind: "customer_number", value: value) }
    private func email(_ value: String) -> Identifier { Identifier(kind: "email", value: value) }

    @Test("a unique identifier leads to the others of the same person, and to nobody else's")
    func widens() async throws {
        let plan = try await plan([user("2")])
        #expect(plan.identifiers.map(\.kind) == ["customer_number", "email", "user_id"])
        #expect(plan.identifiers.map(\.values) == [1, 1, 1])
        #expect(plan.identifiers.map(\.isGiven) == [false, false, true])
        #expect(plan.shared.isEmpty)
    }

    @Test("an address that another person has too is not used to select records")
    func sharedAddress() async throws {
        let plan = try await plan([user("1")])
        #expect(plan.shared == ["email": 1])
        #expect(plan.datasets.map(\.decision) == [.read, .notRead(.noIdentifier), .read])
    }

    @Test("nobody: stop")
    func none() async throws {
        await #expect(throws: PortabilityError(.notIdentified, "")) { try await plan([user("99")]) }
        await #expect(throws: PortabilityError(.notIdentified, "")) { try await plan([email("no@example.fi")]) }
    }

    @Test("identifiers of different people: nobody has both")
    func contradiction() async throws {
        await #expect(throws: PortabilityError(.notIdentified, "")) { try await plan([user("1"), customer("C4")]) }
        await #expect(throws: PortabilityError(.ambiguous, "")) { try await plan([user("1"), user("2")]) }
    }

    @Test("several people: stop, say how many and what would settle it, and show none of their data")
    func ambiguous() async throws {
        for (identifier, count, remedy) in [
            (customer("C1"), 3, "user_id"), (email("common@example.fi"), 2, "user_id or customer_number"),
        ] {
            do {
                _ = try await plan([identifier])
                Issue.record("it was settled")
            } catch let error as PortabilityError {
                #expect(error.code == .ambiguous)
                #expect(error.message.hasPrefix("\(count) subjects"))
                #expect(error.remedy == "Add an identifier that settles it: \(remedy)")
                #expect(!error.description.contains("example.fi") && !error.description.contains("C1"))
            }
        }
    }

    @Test("an address is never an identity by itself, even if only one person has it")
    func addressAlone() async throws {
        do {
            _ = try await plan([email("two@example.fi")])
            Issue.record("it was settled")
        } catch let error as PortabilityError {
            #expect(error.code == .ambiguous)
            #expect(error.message.hasPrefix("1 candidate"))
        }
    }

    @Test("for a customer that takes everything along, its people are members, not rivals")
    func account() async throws {
        let plan = try await plan([customer("C1")], right: .switching)
        #expect(plan.identifiers.first { $0.kind == "user_id" }?.values == 3)
        #expect(plan.identifiers.first { $0.kind == "customer_number" }?.values == 1)
    }

    @Test("what a processor-role source tells never resolves a controller-role source")
    func tenantWall() async throws {
        let register = source("register", [dataset("firm", subject: "customer_number")], people: [person("5")])
        let invoices = source(
            "invoices", [dataset("issued", role: .processor)], role: .processor, people: [person("5", "C9")])
        let plan = try await PortabilityEngine(configuration: configuration([register, invoices])).plan(
            request([user("5")]))
        #expect(plan.identifiers.map(\.kind) == ["user_id"])
        #expect(plan.datasets.map(\.decision) == [.notRead(.noIdentifier), .withheld(.processor)])
    }

    @Test("a stranger's number beside one's own is a typing error, not two people's data in one archive")
    func strangersNumber() async throws {
        // 6 acts for a company, whose number his row does not tell; his address and device rows name nobody else.
        let people = [person("6", email: "six@example.fi"), person("4", "C4"), person("6")]
        let register = source(
            "register", [dataset("person"), dataset("firm", subject: "customer_number")], people: people)
        let engine = PortabilityEngine(configuration: configuration([register]))
        for right in [Right.access, .portability, .switching] {
            await #expect(throws: PortabilityError(.notIdentified, "")) {
                try await engine.plan(request([user("6"), customer("C4")], right: right))
            }
        }
    }

    @Test("an address of the request that leads to somebody else only stops the export")
    func strangersAddress() async throws {
        await #expect(throws: PortabilityError(.notIdentified, "")) {
            try await plan([user("4"), email("two@example.fi")])
        }
        #expect(try await plan([user("4"), email("unknown@example.fi")]).identifiers.map(\.kind).contains("email"))
    }

    @Test("a company's number confirms one of its people, but selects nothing that is the company's")
    func companysNumber() async throws {
        let people = [person("6"), person("7"), person("6", "C8"), person("7", "C8")]
        let register = source(
            "register", [dataset("person"), dataset("firm", subject: "customer_number")], people: people)
        // The register finds 6 by his own key without the company: only the company's number leads to the pair.
        var byKey = register
        byKey.resolveOnly = { known, row in
            known["user_id"].isEmpty ? true : row["customer_number"].isEmpty || !known["customer_number"].isEmpty
        }
        let plan = try await PortabilityEngine(configuration: configuration([byKey])).plan(
            request([user("6"), customer("C8")]))
        #expect(plan.shared == ["customer_number": 1])
        #expect(plan.datasets.map(\.decision) == [.read, .notRead(.noIdentifier)])
    }

    @Test("switching and handover need the account", arguments: [Right.switching, .handover])
    func needsAccount(right: Right) async throws {
        let register = source("register", [dataset("person")], people: [person("6")])
        let invoices = source("invoices", [dataset("issued", role: .processor)], role: .processor)
        let engine = PortabilityEngine(configuration: configuration([register, invoices]))
        do {
            _ = try await engine.plan(request([user("6")], right: right))
            Issue.record("it was settled")
        } catch let error as PortabilityError {
            #expect(error.code == .notIdentified)
            #expect(error.remedy?.contains("customer_number") == true)
        }
    }

    @Test("identifiers do not print")
    func redaction() {
        let keys = person("1", "C1", email: "common@example.fi")
        for text in ["\(keys)", String(reflecting: keys), "\(keys.all)", String(reflecting: user("4711"))] {
            #expect(!text.contains("example.fi") && !text.contains("C1") && !text.contains("4711"))
        }
        var dumped = ""
        dump(keys, to: &dumped)
        #expect(!dumped.contains("example.fi"))
    }
}
