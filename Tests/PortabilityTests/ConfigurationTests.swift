import Foundation
import Portability
import PortabilityModel
import Testing

@Suite("A configuration file")
struct ConfigurationTests {
    private static let good = """
        portability: 1
        controller: { name: Testi Oy, business_id: "1854047-8", address: Testikatu 1, country: FI, email: a@example.fi }
        policy: { register: Rekisteri, name: Seloste, date: 2017-09-08 }
        time_zone: Europe/Helsinki
        authority: { name: {fi: T, sv: D, en: O}, address: Helsinki, url: https://tietosuoja.fi }
        purposes:
          service: { text: {fi: a, sv: b, en: c}, basis: 6(1)(b) }
          ads: { text: {fi: a, sv: b, en: c}, basis: 6(1)(f), marketing: true }
        identifiers:
          user_id: { unique: true }
          customer_number: { unique: true }
        sources:
          register:
            kind: sqlite
            path: register.sqlite
            role: controller
            datasets:
              - id: person
                entity: person
                category: registration
                origin: { provided: subject }
                purposes: [service]
                subject: user_id
                query: SELECT user_id AS record_id, user_id AS subject FROM users WHERE user_id IN (:user_id)
        """

    private func load(_ text: String) throws -> Configuration {
        let folder = try Folder()
        return try Configuration.load(path: folder.write(text, to: "portability.yaml"))
    }

    private func refusal(_ text: String) throws -> PortabilityError {
        do {
            _ = try load(text)
        } catch let error as PortabilityError {
            #expect(error.code == .configuration)
            return error
        }
        Issue.record("it was accepted")
        return PortabilityError(.configuration, "")
    }

    @Test("is read with all that it declares")
    func good() throws {
        let configuration = try load(Self.good)
        #expect(configuration.controller.businessID == "1854047-8")
        #expect(configuration.purposes.map(\.basis) == [.contract, .legitimateInterest])
        #expect(configuration.sources.map(\.extractor.declaration.id) == ["register"])
        #expect(configuration.digest.count == 64)
    }

    @Test("names place, key and the nearest key that there is")
    func unknownKey() throws {
        let error = try refusal(Self.good.replacing("category: registration", with: "catgory: registration"))
        #expect(error.place.line == 20)
        #expect(error.place.field == "sources.register.datasets[0]")
        #expect(error.remedy?.hasPrefix("Did you mean `category`?") == true)
    }

    @Test(
        "fails closed: role, origin, purpose and the provider must be said",
        arguments: [
            ("    role: controller\n", "role"), ("        origin: { provided: subject }\n", "origin"),
            ("        purposes: [service]\n", "purposes"), ("        category: registration\n", "category"),
        ])
    func missing(line: String, key: String) throws {
        let error = try refusal(Self.good.replacing(line, with: ""))
        #expect(error.message == "the key `\(key)` is missing")
    }

    @Test("an origin that says provided must say by whom")
    func provider() throws {
        let error = try refusal(Self.good.replacing("{ provided: subject }", with: "provided"))
        #expect(error.remedy?.contains("provided: subject") == true)
    }

    @Test("a processor-role source must name the tenant")
    func tenant() throws {
        #expect(
            try refusal(Self.good.replacing("role: controller", with: "role: processor")).message.contains("tenant"))
    }

    @Test("invoice data may not serve marketing")
    func marketing() throws {
        let invoices = Self.good.replacing("entity: person", with: "entity: invoice")
            .replacing("purposes: [service]", with: "purposes: [service, ads]")
        #expect(try refusal(invoices).message.contains("marketing"))
    }

    @Test("unknown words name the nearest known one")
    func nearestWords() throws {
        let cases = [
            ("kind: sqlite", "kind: sqlit", "sqlite"), ("entity: person", "entity: persom", "person"),
            ("purposes: [service]", "purposes: [servise]", "service"),
            ("category: registration", "category: registraton", "registration"),
            ("subject: user_id", "subject: userid", "user_id"),
        ]
        for (right, wrong, near) in cases {
            let error = try refusal(Self.good.replacing(right, with: wrong))
            #expect(error.remedy?.contains("Did you mean `\(near)`?") == true, "\(wrong): \(error)")
        }
    }

    @Test("check digits of a Finnish business id are checked")
    func businessID() throws {
        #expect(try refusal(Self.good.replacing("1854047-8", with: "1854047-9")).message.contains("check digit"))
    }

    @Test("a transfer out of the EEA needs a tool, and the Privacy Shield is warned about")
    func transfers() throws {
        let recipient =
            "recipients:\n  - { name: Cloud Inc, country: US, role: {fi: a, sv: b, en: c}TOOL }\nidentifiers:"
        let without = Self.good.replacing("identifiers:", with: recipient.replacing("TOOL", with: ""))
        #expect(try refusal(without).message.contains("transfer tool"))
        let shield = Self.good.replacing(
            "identifiers:", with: recipient.replacing("TOOL", with: ", transfer: Privacy Shield"))
        #expect(try load(shield).warnings.count == 1)
    }

    @Test("broken YAML, aliases, doubled keys and another version are told with their place")
    func hostile() throws {
        #expect(try refusal(Self.good + "\n  bad: [").place.line != nil)
        #expect(try refusal("a: &x [1]\nb: *x").message.contains("aliases"))
        #expect(try refusal(Self.good.replacing("portability: 1", with: "portability: 2")).message.contains("version"))
        #expect(
            try refusal(Self.good.replacing("time_zone: Europe", with: "policy: x\ntime_zone: Europe")).place.line
                != nil)
        #expect(try refusal("").message.contains("empty"))
        // Keys are texts: what YAML would tell apart as a number and a word is one key.
        let doubled = try refusal("portability: 1\npurposes:\n  1: {}\n  \"1\": {}\n")
        #expect(doubled.message.contains("twice"))
        #expect(doubled.place.line == 3)
    }

    @Test("keys made of aliases within aliases are refused before they are compared", .timeLimit(.minutes(1)))
    func aliasBomb() throws {
        let text = "a: &a0 [\(Array(repeating: "x", count: 10).joined(separator: ", "))]\n"
        let bomb = (1...11).reduce(text) { text, level in
            text + "b\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        #expect(try refusal(bomb + "? *a11\n: 1\n").message.contains("aliases"))
        // What is no anchor and no alias goes through to where it is read.
        #expect(try refusal("a: R & D, b * c\nq: SELECT u.*, count(*) FROM t\n").message.contains("aliases") == false)
    }

    @Test("a query that writes is refused")
    func writingQuery() throws {
        let text = Self.good.replacing("query: SELECT user_id AS record_id", with: "query: DELETE FROM users --")
        _ = try refusal(text)
    }
}
