import Portability
import PortabilityCalendar
import PortabilityModel
import Testing

@Suite("Lint")
struct LintTests {
    private static let today = CivilDate("2026-11-02")

    private static func text(_ text: String) -> LocalizedText {
        LocalizedText(fi: "\(text) fi", sv: "\(text) sv", en: "\(text) en")
    }

    private struct Declared: Extractor {
        var declaration: SourceDeclaration
        func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
            throw PortabilityError(.unsupported, "nothing is opened here")
        }
    }

    private static func dataset(
        _ id: String, _ entity: String, _ category: PortabilityModel.Category, _ purposes: [String],
        origin: Origin = Origin(kind: .provided, by: .subject)
    ) -> DatasetDeclaration {
        DatasetDeclaration(
            id: id, entity: entity, category: category, role: .controller, origin: origin, purposes: purposes,
            subjectKinds: ["user_id"], order: .recordID, retention: text("as long as needed"), retentionRule: "needed")
    }

    /// A configuration without a gap; each test makes one.
    private static func complete(
        _ change: (inout [DatasetDeclaration]) -> Void = { _ in }, settle: (inout Configuration) -> Void = { _ in }
    ) -> Configuration {
        var datasets = [
            dataset("contacts", "contact_point", .registration, ["service"]),
            dataset("prohibitions", "marketing_prohibition", .preference, ["marketing"]),
        ]
        change(&datasets)
        var configuration = Configuration(
            controller: Controller(
                name: "Testi Oy", businessID: "1854047-8", address: "Testikatu 1", country: "FI",
                email: "a@example.com", contact: "Register matters"),
            policy: Policy(
                register: "Register", name: "Policy", date: "2017-09-08", sha256: String(repeating: "0", count: 64)),
            authority: Authority(name: text("authority"), address: "Helsinki", url: "https://tietosuoja.fi"),
            timeZone: "Europe/Helsinki",
            purposes: [
                Purpose(id: "service", text: text("service"), basis: .contract, iri: "https://w3id.org/dpv#X"),
                Purpose(
                    id: "marketing", text: text("marketing"), basis: .legitimateInterest, isMarketing: true,
                    iri: "https://w3id.org/dpv#DirectMarketing", interest: text("growth")),
            ],
            recipients: [Recipient(name: "Host Oy", country: "FI", role: text("runs the servers"))],
            identifiers: [IdentifierKind(name: "user_id", isUnique: true, isSingle: true)],
            sources: [
                ConfiguredSource(
                    extractor: Declared(
                        declaration: SourceDeclaration(
                            id: "register", kind: "sqlite", role: .controller, datasets: datasets)),
                    readsTogether: false)
            ], baseDirectory: "/")
        configuration.retentionRules = ["needed": .criterion(text("as long as needed"))]
        configuration.automatedDecisions = AutomatedDecisions(decisions: [], reviewed: "2026-06-01")
        configuration.userClasses = [UserClass(id: "sole-trader", label: text("sole trader"), isParty: true)]
        configuration.journalFile = "journal"
        settle(&configuration)
        return configuration
    }

    private func findings(_ configuration: Configuration) throws -> [LintFinding] {
        configuration.lint(on: try #require(Self.today))
    }

    /// The codes that a change of the configuration brings.
    private func codes(
        _ severity: LintFinding.Severity, _ settle: (inout Configuration) -> Void
    ) throws -> [String] {
        try findings(Self.complete(settle: settle)).filter { $0.severity == severity }.map(\.code)
    }

    /// The codes that a change of the datasets brings.
    private func codes(
        _ severity: LintFinding.Severity, datasets: (inout [DatasetDeclaration]) -> Void
    ) throws -> [String] {
        try findings(Self.complete(datasets)).filter { $0.severity == severity }.map(\.code)
    }

    @Test("A configuration without gaps has no findings")
    func complete() throws {
        #expect(try findings(Self.complete()) == [])
    }

    @Test("(a) a purpose needs its text in every language, and so does the interest pursued")
    func purposes() throws {
        for language in Language.allCases {
            let findings = try findings(
                Self.complete(settle: {
                    switch language {
                    case .fi: $0.purposes[0].text.fi = " "
                    case .sv: $0.purposes[0].text.sv = ""
                    case .en: $0.purposes[0].text.en = ""
                    }
                }))
            #expect(findings.map(\.code) == ["purpose"])
            #expect(findings.map(\.place) == ["purposes.service.text.\(language.rawValue)"])
        }
        #expect(try codes(.error) { $0.purposes[1].interest?.sv = "" } == ["interest"])
        #expect(try codes(.warning) { $0.purposes[1].interest = nil } == ["interest"])
        #expect(try codes(.warning) { $0.purposes[0].iri = nil } == ["purpose-iri"])
        #expect(
            try codes(.warning) {
                $0.purposes.append(
                    Purpose(id: "idle", text: Self.text("idle"), basis: .consent, iri: "https://w3id.org/dpv#Y"))
            } == ["unused-purpose"])
    }

    @Test("(c) recipients must be declared, named, and covered when they are outside the EEA")
    func recipients() throws {
        #expect(try codes(.error) { $0.recipients = [] } == ["recipients"])
        #expect(try codes(.warning) { $0.recipients[0].categories = [.registration] } == ["recipients-of-category"])
        #expect(try codes(.error) { $0.recipients[0].role.en = "" } == ["recipient"])
        #expect(try codes(.error) { $0.recipients[0].name = "" } == ["recipient"])
        #expect(try codes(.error) { $0.recipients[0].country = "US" } == ["transfer"])
        #expect(try codes(.warning) { $0.recipients[0].name = "Viranomaiset / Authorities" } == ["recipient-category"])
        #expect(
            try codes(.warning) {
                $0.recipients[0].name = "Authorities"
                $0.recipients[0].categoryGround = Self.text("it is not known which")
            } == [])
    }

    @Test("(d) every dataset says how long it is kept")
    func retention() throws {
        #expect(try codes(.error, datasets: { $0[0].retention = nil }) == ["retention"])
        #expect(try codes(.error, datasets: { $0[0].retention?.fi = "" }) == ["retention"])
        #expect(try codes(.warning, datasets: { $0[0].retentionRule = nil }) == ["retention-rule"])
    }

    @Test("(f) the authority can be found, in every country")
    func authority() throws {
        #expect(try codes(.error) { $0.authority.name.sv = "" } == ["authority"])
        #expect(
            try codes(.error) {
                $0.otherAuthorities = [Authority(country: "SE", name: Self.text("IMY"), address: "", url: "")]
            } == ["authority", "authority"])
    }

    @Test("(g) a dataset says by whom its data were provided")
    func origin() throws {
        let codes = try codes(.error, datasets: { $0[0].origin = Origin(kind: .provided) })
        #expect(codes.contains("origin"))
    }

    @Test("(h) automated decisions are stated, with logic, and reviewed within two years")
    func decisions() throws {
        #expect(try codes(.error) { $0.automatedDecisions = nil } == ["automated-decisions"])
        func reviewed(_ date: String) throws -> [String] {
            try codes(.error) { $0.automatedDecisions?.reviewed = date }
        }
        #expect(try reviewed("2024-11-02") == [])
        #expect(try reviewed("2024-11-01") == ["automated-decisions-review"])
        #expect(try reviewed("2026-11-03") == ["automated-decisions-review"])
        #expect(try reviewed("lately") == ["automated-decisions-review"])
        #expect(
            try codes(.error) {
                $0.automatedDecisions?.decisions = [
                    AutomatedDecision(
                        id: "credit", name: Self.text("credit"), logic: LocalizedText(fi: "a", sv: "", en: "c"),
                        consequences: Self.text("prepayment"))
                ]
            } == ["automated-decisions"])
    }

    @Test("What cannot be exported at all is an error")
    func invalid() throws {
        let findings = try findings(
            Self.complete {
                $0[0].purposes = ["nowhere"]
            })
        #expect(findings.first?.code == "invalid")
        #expect(findings.first?.severity == .error)
    }

    @Test("Marketing wants to know who has forbidden it")
    func marketing() throws {
        #expect(
            try codes(
                .warning,
                datasets: { $0[1] = Self.dataset("consents", "consent", .preference, ["marketing"]) }
            )
            .contains("marketing-prohibition"))
    }

    @Test("Other people's fields and free text that no rule names are pointed out")
    func others() throws {
        func invoices(_ rules: [FieldRule]) throws -> [String] {
            try codes(
                .warning,
                datasets: {
                    var dataset = Self.dataset(
                        "bills", "invoice", .invoicing, ["service"], origin: Origin(kind: .derived))
                    dataset.rules = rules
                    $0.append(dataset)
                })
        }
        #expect(try invoices([]).contains("others"))
        #expect(try !invoices([FieldRule(.others, .mask)]).contains("others"))
        let notes: (inout [DatasetDeclaration]) -> Void = {
            $0.append(Self.dataset("notes", "note", .registration, ["service"]))
        }
        #expect(try codes(.warning, datasets: notes).contains("free-text"))
    }

    @Test("Journal, contact, policy, classes of users, staff and terms are asked for")
    func remarks() throws {
        #expect(try codes(.warning) { $0.journalFile = nil } == ["journal"])
        #expect(try codes(.warning) { $0.controller.contact = nil } == ["contact"])
        #expect(try codes(.warning) { $0.policy.sha256 = nil } == ["policy"])
        #expect(try codes(.warning) { $0.userClasses = [] } == ["user-classes"])
        #expect(
            try codes(.warning, datasets: { $0[0].category = .communication }) == ["staff"])
    }

    @Test("What the reader warned of is among the findings")
    func warnings() throws {
        let findings = try findings(
            Self.complete(settle: {
                $0.warnings = [
                    "signature_required: no form", "consent_by_browser_settings: no consent",
                    "recipient X: the Privacy Shield is invalid", "something else",
                ]
            }))
        #expect(findings.map(\.severity) == Array(repeating: .warning, count: 4))
        #expect(findings.map(\.code) == ["signature-gate", "browser-consent", "transfer", "configuration"])
        #expect(findings.map(\.message)[2] == "the Privacy Shield is invalid")
        #expect(findings.map(\.place)[2] == "recipient X")
    }

    @Test("Every finding says where and how to mend it; errors come first")
    func shape() throws {
        let findings = try findings(
            Self.complete {
                $0[0].retention = nil
            } settle: {
                $0.journalFile = nil
                $0.recipients = []
            })
        #expect(findings.map(\.severity) == [.error, .error, .warning])
        #expect(findings.allSatisfy { !$0.place.isEmpty && !$0.message.isEmpty && !$0.remedy.isEmpty })
        let json = String(decoding: LintFinding.json(findings), as: UTF8.self)
        #expect(json.contains("\"errors\": 2") && json.contains("\"warnings\": 1"))
    }
}
