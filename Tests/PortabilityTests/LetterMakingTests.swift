import Portability
import PortabilityCalendar
import PortabilityEvidence
import PortabilityModel
import PortabilityReport
import Testing

@Suite("What a letter is made from")
struct LetterMakingTests {
    private static func text(_ text: String) -> LocalizedText {
        LocalizedText(fi: "\(text) fi", sv: "\(text) sv", en: text)
    }

    private struct Declared: Extractor {
        var declaration: SourceDeclaration
        func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
            throw PortabilityError(.unsupported, "nothing is opened here")
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration(
            controller: Controller(
                name: "Testi Oy", businessID: "1854047-8", address: "Testikatu 1", country: "FI",
                email: "a@example.com"),
            policy: Policy(register: "Register", name: "Policy", date: "2017-09-08"),
            authority: Authority(
                country: "FI", name: text("ombudsman"), address: "Helsinki", url: "https://fi.example"),
            timeZone: "Europe/Helsinki", purposes: [Purpose(id: "service", text: text("service"), basis: .contract)],
            identifiers: [IdentifierKind(name: "user_id", isUnique: true, isSingle: true)],
            sources: [
                ConfiguredSource(
                    extractor: Declared(
                        declaration: SourceDeclaration(
                            id: "register", kind: "sqlite", role: .controller,
                            datasets: [
                                DatasetDeclaration(
                                    id: "account", entity: "account", label: text("your account"),
                                    category: .registration, role: .controller,
                                    origin: Origin(kind: .provided, by: .subject), purposes: ["service"],
                                    subjectKinds: ["user_id"], order: .recordID)
                            ])), readsTogether: false)
            ], baseDirectory: "/")
        configuration.otherAuthorities = [
            Authority(country: "SE", name: text("IMY"), address: "Stockholm", url: "https://se.example")
        ]
        return configuration
    }

    private static func request(_ right: Right = .access) -> ExportRequest {
        ExportRequest(
            id: "R-1", right: right, received: "2026-01-31", language: .sv,
            identifiers: [Identifier(kind: "user_id", value: "17")],
            identityCheck: ExportRequest.IdentityCheck(method: .session))
    }

    private static func receipt(_ status: Receipt.Status, request: String = "R-1") -> Receipt {
        let digest = String(repeating: "ab", count: 32)
        return Receipt(
            status: status, request: request, right: .access, formats: [.json], received: "2026-01-31",
            created: "2026-02-10T08:00:00Z", finished: "2026-02-10T08:01:00Z",
            tool: .init(name: "portability", version: "1", codec: "zlib"),
            controller: .init(name: "Testi Oy", businessID: "1854047-8"),
            policy: .init(name: "Policy", date: "2017-09-08"), configurationSHA256: digest,
            archive: .init(bytes: 1234, sha256: digest),
            sources: [.init(id: "register", status: .complete, asOf: "2026-02-10T08:00:30Z")],
            datasets: [
                .init(
                    id: "account", entity: "account", category: .registration, role: .controller, status: .exported,
                    extracted: 5, exported: status == .nothingHeld ? 0 : 3,
                    withheld: status == .nothingHeld ? [] : [.init(ground: .others, count: 2)],
                    fields: [.init(field: "name", action: .masked, ground: .others, count: 4)])
            ],
            missing: status == .partial ? [.init(id: "account", expected: "2026-02-20")] : [])
    }

    private func facts(
        _ kind: LetterKind, _ request: ExportRequest = request(), receipt: Receipt? = nil, on date: String,
        _ change: (inout LetterOptions) -> Void = { _ in }
    ) throws -> LetterFacts {
        var options = LetterOptions(date: try #require(CivilDate(date)))
        change(&options)
        return try Self.configuration.letterFacts(for: kind, request, receipt: receipt, options: options)
    }

    @Test("The deadline is computed, in the request's language unless another is asked for")
    func deadline() throws {
        let facts = try facts(.acknowledgement, on: "2026-02-02")
        // The 28th of February 2026 is a Saturday.
        #expect(facts.due == "2026-03-02" && facts.firstMonthEnds == "2026-03-02")
        #expect(facts.language == .sv && facts.date == "2026-02-02")
        #expect(try self.facts(.acknowledgement, on: "2026-02-02") { $0.language = .fi }.language == .fi)
    }

    @Test("An extension gives three months from receipt, and is refused after the first one")
    func prolongation() throws {
        let facts = try facts(.extension, on: "2026-03-02") { $0.extensionReason = .number }
        #expect(facts.due == "2026-04-30" && facts.firstMonthEnds == "2026-03-02")
        #expect(facts.extensionReason == .number)
        #expect(throws: PortabilityError(.refused, "")) { try self.facts(.extension, on: "2026-03-03") }
    }

    @Test("The reason of an extension comes from the request's event")
    func reason() throws {
        var request = Self.request()
        request.events = [.init(kind: .extensionNotified, at: "2026-02-20", reason: .complexity)]
        #expect(try facts(.extension, request, on: "2026-02-20").extensionReason == .complexity)
    }

    @Test("A receipt gives the archive, what was left out and what is missing, by the labels a person knows")
    func receipt() throws {
        let facts = try facts(.partialDelivery, receipt: Self.receipt(.partial), on: "2026-02-11") {
            $0.archiveName = "R-1.zip"
        }
        #expect(facts.archive?.name == "R-1.zip" && facts.archive?.bytes == 1234 && facts.archive?.records == 3)
        #expect(facts.archive?.categories == [.registration])
        #expect(facts.leftOut.map(\.label.en) == ["your account"])
        #expect(facts.leftOut.map(\.records) == [2] && facts.leftOut.map(\.values) == [4])
        #expect(facts.missing.map(\.en) == ["your account"] && facts.missingBy == "2026-02-20")
        let later = try self.facts(.partialDelivery, receipt: Self.receipt(.partial), on: "2026-02-11") {
            $0.expected = CivilDate("2026-02-25")
        }
        #expect(later.missingBy == "2026-02-25")
        let nothing = try self.facts(.nothingHeld, receipt: Self.receipt(.nothingHeld), on: "2026-02-11")
        #expect(nothing.searched.map(\.en) == ["your account"] && nothing.searchedAt == "2026-02-10T08:00:30Z")
    }

    @Test(
        "No letter tells what the receipt does not",
        arguments: [
            (LetterKind.delivery, Receipt.Status.partial), (.delivery, .nothingHeld), (.partialDelivery, .complete),
            (.nothingHeld, .complete),
        ])
    func contradiction(kind: LetterKind, status: Receipt.Status) {
        #expect(throws: PortabilityError(.configuration, "")) {
            try facts(kind, receipt: Self.receipt(status), on: "2026-02-11")
        }
    }

    @Test("A letter about a package needs its receipt, and no other's")
    func wrongReceipt() {
        #expect(throws: PortabilityError(.configuration, "")) { try facts(.delivery, on: "2026-02-11") }
        #expect(throws: PortabilityError(.configuration, "")) {
            try facts(.delivery, receipt: Self.receipt(.complete, request: "R-2"), on: "2026-02-11")
        }
    }

    @Test("A controller is told of the data that are its own, with their counts")
    func handover() throws {
        var request = Self.request(.handover)
        request.instruction = "I-7"
        var receipt = Self.receipt(.complete)
        receipt.right = .handover
        receipt.datasets[0].role = .processor
        receipt.datasets.append(
            .init(
                id: "own", entity: "account", category: .registration, role: .controller, status: .withheld,
                ground: .controller))
        let facts = try facts(.handoverCover, request, receipt: receipt, on: "2026-02-11")
        #expect(facts.leftOut.map(\.ground) == [.others] && facts.instruction == "I-7")
        #expect(facts.archive?.ledger.map(\.label.en) == ["your account"])
        #expect(facts.archive?.ledger.map(\.records) == [3])
    }

    @Test("A refusal takes the grounds of the officer, else those of the receipt")
    func grounds() throws {
        #expect(try facts(.refusal, receipt: Self.receipt(.complete), on: "2026-02-11").grounds == [.others])
        let own = try facts(.refusal, on: "2026-02-11") { $0.grounds = [.restrictedByLaw] }
        #expect(own.grounds == [.restrictedByLaw])
    }

    @Test("The authority of the person's country comes first")
    func residence() throws {
        var request = Self.request()
        request.residence = "SE"
        let facts = try facts(.acknowledgement, request, on: "2026-02-02")
        #expect(facts.authority.country == "SE" && facts.controllersAuthority?.country == "FI")
    }

    @Test("A letter that a right does not know is refused")
    func rights() {
        #expect(throws: PortabilityError(.configuration, "")) {
            try facts(.extension, Self.request(.handover), on: "2026-02-02")
        }
    }

    @Test("A switch gets the letters of the Data Act; its longer period is the officer's to set")
    func switching() throws {
        for kind in [LetterKind.identityQuery, .clarification, .refusal] {
            #expect(try facts(kind, Self.request(.switching), on: "2026-02-02").right == .switching)
        }
        #expect(try facts(.extension, Self.request(.switching), on: "2026-02-02").due == nil)
        let set = try facts(.extension, Self.request(.switching), on: "2026-02-02") {
            $0.expected = CivilDate("2026-06-30")
        }
        #expect(set.due == "2026-06-30")
    }

    @Test("Files that the receipt says were left out are told")
    func documents() throws {
        var receipt = Self.receipt(.complete)
        receipt.documents = .init(given: 1, withheld: 2)
        #expect(try facts(.delivery, receipt: receipt, on: "2026-02-11").documentsLeftOut == 2)
    }

    @Test("A receipt of a user who is no party to the contract says so")
    func party() throws {
        var receipt = Self.receipt(.complete)
        #expect(try facts(.refusal, receipt: receipt, on: "2026-02-11").isParty)
        receipt.datasets[0].ground = .notParty
        #expect(try !facts(.refusal, receipt: receipt, on: "2026-02-11").isParty)
    }

    @Test("A letter knows who asks, to which service the package goes, and the controller's zone")
    func delivery() throws {
        var request = Self.request()
        request.requester = .init(relation: .guardian)
        request.delivery = .init(to: .service, name: "Another Service Oy", channel: .other)
        let facts = try facts(.acknowledgement, request, on: "2026-02-02") {
            $0.transmitted = CivilDate("2026-02-12")
        }
        #expect(facts.isRepresented && facts.timeZone?.name == "Europe/Helsinki")
        #expect(facts.transmittedTo == "Another Service Oy" && facts.transmittedOn == "2026-02-12")
        request.delivery = .init(to: .requester, channel: .letter)
        #expect(try self.facts(.acknowledgement, request, on: "2026-02-02").transmittedTo == nil)
    }

    @Test("The person's identifiers stand in no letter")
    func noIdentifiers() throws {
        var request = Self.request()
        request.identifiers = [Identifier(kind: "user_id", value: "Zyx-987654")]
        for kind in LetterKind.allCases where kind.applies(to: .access) {
            let status: Receipt.Status =
                kind == .partialDelivery ? .partial : kind == .nothingHeld ? .nothingHeld : .complete
            let facts = try facts(kind, request, receipt: Self.receipt(status), on: "2026-02-02")
            #expect(!letter(kind, facts).contains("Zyx"))
        }
    }
}
