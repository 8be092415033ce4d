import PortabilityModel
import PortabilityText
import Testing

@testable import PortabilityReport

@Suite("Processing information")
struct ProcessingInformationTests {
    private typealias Sample = ProcessingSample

    private func held(
        _ category: PortabilityModel.Category, _ information: ProcessingInformation = Sample.information()
    ) throws -> ProcessingInformation.Held {
        try #require(information.held.first { $0.category == category })
    }

    private func right(
        _ article: String, _ held: ProcessingInformation.Held
    ) throws -> ProcessingInformation.ApplicableRight {
        try #require(held.rights.first { $0.article == article })
    }

    private func only(_ datasets: ArchiveSummary.Dataset...) throws -> ProcessingInformation.Held {
        try #require(Sample.information(datasets).held.first)
    }

    @Test("names the categories that the person has, those left out and those that failed, and no others")
    func categories() {
        let held = Sample.information().held
        #expect(held.map(\.category) == [.registration, .communication, .usage, .payment, .preference, .profile])
        #expect(held.map(\.presence) == [.here, .partial, .failed, .here, .withheld, .here])
        #expect(held[1].parts.map(\.grounds) == [[], [.others]])
        #expect(held[4].parts[0].grounds == [.restrictedByLaw])
    }

    @Test("documents that were left out make a category partial, with the ground")
    func documents() throws {
        var dataset = Sample.dataset("bills", .invoicing, [Sample.service])
        dataset.withheldDocuments = [(.notRedactable, 2)]
        let held = try only(dataset)
        #expect(held.presence == .partial && held.parts[0].grounds == [.notRedactable])
    }

    @Test("is silent on what was not asked for, and on what is processed for others")
    func silence() {
        let information = Sample.information([
            Sample.dataset("a", .usage, [Sample.service], outcome: .withheld(.notRequested)),
            Sample.dataset("b", .device, [Sample.service], outcome: .notRead(.noIdentifier)),
            Sample.dataset("c", .invoicing, [Sample.service], role: .processor),
        ])
        #expect(information.held.isEmpty)
    }

    @Test("tells a controller what is processed on its behalf, without a person's rights")
    func handover() throws {
        let information = Sample.information(
            [
                Sample.dataset("c", .invoicing, [Sample.service], role: .processor),
                Sample.dataset("d", .profile, [Sample.service], records: 0, outcome: .withheld(.controller)),
            ], right: .handover)
        #expect(information.held.map(\.category) == [.invoicing])
        #expect(try held(.invoicing, information).rights.isEmpty)
    }

    @Test("no letter of Article 15(1) is empty for any category, in any language", arguments: Language.allCases)
    func letters(language: Language) throws {
        let json = Sample.information().json(language)
        let categories = try #require(json["categories"]?.array)
        #expect(categories.count == 6)
        for category in categories {
            for key in ["consists_of", "purposes", "recipients", "retention", "rights", "sources"] {
                #expect(category[key]?.array?.isEmpty == false, "\(key)")
            }
        }
        #expect(json["complaint"]?["authorities"]?.array?.isEmpty == false)
        #expect(json["judicial_remedy"]?["text"]?.string?.isEmpty == false)
        #expect(json["automated_decisions"]?["reviewed"]?.string == "2026-06-01")
        try everyText(json)
    }

    /// No text is empty, and no placeholder is left.
    private func everyText(_ value: JSONValue) throws {
        if let members = value.members { for member in members { try everyText(member.value) } }
        if let values = value.array { for value in values { try everyText(value) } }
        if let text = value.string { #expect(!text.isEmpty && !text.contains("{"), "\(text)") }
    }

    @Test("(a) purposes come with basis, IRIs and the legitimate interest pursued")
    func purposes() throws {
        let json = Sample.information().json(.en)
        let communication = try #require(json["categories"]?.array?[1])
        let purposes = try #require(communication["purposes"]?.array)
        #expect(purposes.map { $0["id"]?.string } == ["relations", "marketing", "newsletter"])
        #expect(purposes[0]["interest"]?.string == "keeping in touch with customers")
        #expect(purposes[0]["iri"]?.string == "https://w3id.org/dpv#CustomerRelationshipManagement")
        #expect(purposes[0]["basis_iri"]?.string == "https://w3id.org/dpv/legal/eu/gdpr#A6-1-f")
        #expect(purposes[2]["basis_text"]?.string == "consent")
    }

    @Test("(c) recipients are named, with country and the transfer tool spelled out")
    func recipients() throws {
        let json = Sample.information().json(.en)
        let recipients = try #require(json["categories"]?.array?[1]["recipients"]?.array)
        #expect(recipients.map { $0["name"]?.string } == ["Host Oy", "Mailwind Inc."])
        #expect(recipients[0]["third_country"]?.boolean == false && recipients[0]["transfer"] == nil)
        #expect(recipients[1]["country_name"]?.string == "United States")
        let transfer = try #require(recipients[1]["transfer"])
        #expect(transfer["article"]?.string == "46(2)(c)")
        #expect(transfer["text"]?.string?.hasPrefix("Standard data protection clauses") == true)
        let payment = try #require(json["categories"]?.array?[3]["recipients"]?.array)
        #expect(payment[1]["category_ground"]?.string == "it is not known beforehand which office asks")
    }

    @Test("(c) that there is no recipient is said only where recipients are declared at all")
    func noRecipients() {
        let dataset = Sample.dataset("account", .registration, [Sample.service])
        func text(_ recipients: [Recipient]) -> String? {
            let summary = Sample.summary([dataset], recipients: recipients)
            let json = ProcessingInformation(summary, automatedDecisions: nil).json(.en)
            return json["categories"]?.array?[0]["recipients_text"]?.string
        }
        #expect(text([]) == "Not stated; ask us")
        #expect(text([Sample.recipients[1]]) == "These data are not disclosed to anyone else")
        #expect(text([Sample.recipients[0]]) == nil)
    }

    @Test("a transfer without a tool of the Regulation is not passed off as covered")
    func transferNotStated() {
        let recipient = Recipient(
            name: "X", country: "US", role: Sample.text("x"), transferTool: "Privacy Shield")
        let summary = Sample.summary(
            [Sample.dataset("account", .registration, [Sample.service])], recipients: [recipient])
        let json = ProcessingInformation(summary, automatedDecisions: nil).json(.en)
        let transfer = json["categories"]?.array?[0]["recipients"]?.array?[0]["transfer"]
        #expect(transfer?["text"]?.string == "The basis for the transfer is not stated; ask us")
        #expect(transfer?["article"] == nil)
    }

    @Test("(d) periods are told with their dates, a duty to keep as at least until")
    func retention() throws {
        let retention = try held(.payment).retention[0]
        #expect(retention.dates(.en) == "At least until 31 December 2026")
        #expect(retention.dates(.fi) == "Vähintään 31.12.2026 asti")
        #expect(retention.dates(.sv) == "Minst till 31.12.2026")
        let range = ArchiveSummary.Kept(first: "2026-12-31", last: "2030-12-31", isAtLeast: false)
        #expect(
            ProcessingTexts.kept(range, .en)
                == "Until 31 December 2026 to 31 December 2030, depending on the record")
        let silent = try only(Sample.dataset("a", .usage, [Sample.service], retention: nil))
        #expect(silent.retention[0].isStated == false)
    }

    @Test("(e) no erasure while the law obliges to keep")
    func erasure() throws {
        let locked = try right("17", held(.payment))
        #expect(locked.extent == .none && locked.datasets.isEmpty)
        #expect(locked.text.en.contains("label of vouchers (at least until 31 December 2026)"))
        #expect(try right("17", held(.registration)).extent == .full)
        let mixed = try only(
            Sample.dataset("a", .payment, [Sample.service]), Sample.dataset("b", .payment, [Sample.bookkeeping]))
        #expect(try right("17", mixed).extent == .inPart)
        #expect(try right("17", mixed).datasets == ["a"])
    }

    @Test("(e) portability: contract or consent, provided by oneself or observed, automated, as a party")
    func portability() throws {
        let registration = try right("20", held(.registration))
        #expect(registration.extent == .inPart && registration.datasets == ["account"])
        #expect(registration.text.en.contains("label of colleague"))
        #expect(try right("20", held(.profile)).extent == .none)
        #expect(try right("20", held(.usage)).extent == .full)
        let paper = try only(Sample.dataset("a", .registration, [Sample.service], means: .manual))
        #expect(try right("20", paper).extent == .none)
        var summary = Sample.summary([Sample.dataset("a", .registration, [Sample.service])])
        summary.userClass = UserClass(id: "employee", label: Sample.text("employee"), isParty: false)
        let employee = ProcessingInformation(summary, automatedDecisions: nil)
        let refused = try right("20", held(.registration, employee))
        #expect(refused.extent == .none && refused.text.en.contains(Ground.notParty.text.en))
        var secret = Sample.dataset("a", .registration, [Sample.service])
        secret.declaration.entity = "credential"
        let hidden = try right("20", only(secret))
        #expect(hidden.extent == .none && hidden.text.en.contains(Ground.secret.text.en))
    }

    @Test("(e) objection only against legitimate interests or a public task; against direct marketing always")
    func objection() throws {
        let communication = try held(.communication)
        #expect(try right("21(1)", communication).extent == .inPart)
        #expect(try right("21(1)", communication).purposes == ["relations"])
        #expect(try right("21(2)", communication).extent == .full)
        #expect(try right("21(2)", communication).purposes == ["marketing"])
        let registration = try held(.registration)
        #expect(try right("21(1)", registration).extent == .none)
        #expect(!registration.rights.contains { $0.article == "21(2)" })
        #expect(try right("21(1)", held(.profile)).extent == .full)
    }

    @Test("(e) withdrawal only where there is consent")
    func withdrawal() throws {
        #expect(try right("7(3)", held(.communication)).purposes == ["newsletter"])
        #expect(try right("7(3)", held(.registration)).extent == .none)
    }

    @Test("(e) rectification and restriction always")
    func always() {
        for held in Sample.information().held {
            for article in ["16", "18"] {
                #expect(held.rights.first { $0.article == article }?.extent == .full)
            }
        }
    }

    @Test("(f) the authority of the person's country comes first, the controller's beside it")
    func authority() {
        let athome = Sample.information(residence: "FI")
        #expect(athome.authority.country == "FI" && athome.controllersAuthority == nil)
        let abroad = Sample.information(residence: "SE")
        #expect(abroad.authority.country == "SE" && abroad.controllersAuthority?.country == "FI")
        let unknown = Sample.information(residence: "PT")
        #expect(unknown.authority.country == "FI" && unknown.controllersAuthority == nil)
        let names = abroad.json(.sv)["complaint"]?["authorities"]?.array?.map { $0["name"]?.string }
        #expect(names == ["Integritetsskyddsmyndigheten", "Dataombudsmannens byrå"])
    }

    @Test("(g) the source says by whom, public sources included")
    func sources() throws {
        let json = Sample.information([
            Sample.dataset("a", .registration, [Sample.service]),
            Sample.dataset(
                "b", .registration, [Sample.service], origin: Origin(kind: .provided, by: .publicSource)),
        ]).json(.en)
        let sources = try #require(json["categories"]?.array?[0]["sources"]?.array)
        #expect(sources.map { $0["provided_by"]?.string } == ["subject", "public-source"])
        #expect(sources[1]["text"]?.string?.contains("publicly accessible source") == true)
    }

    @Test("(h) automated decisions with logic and consequences, or none with the day of the review")
    func decisions() throws {
        let information = Sample.information()
        #expect(try held(.profile, information).decisions.map(\.id) == ["credit"])
        #expect(try held(.registration, information).decisions.isEmpty)
        #expect(try right("22", held(.profile, information)).extent == .full)
        let told = try #require(information.json(.en)["automated_decisions"]?["decisions"]?.array?.first)
        #expect(told["logic"]?.string == "payment delays of a year are counted")
        #expect(told["consequences"]?.string == "the service is prepaid above the limit")
        let none = Sample.information(decisions: AutomatedDecisions(decisions: [], reviewed: "2026-06-01"))
        #expect(none.decisionsText(.en).contains("no automated individual decisions"))
        #expect(none.decisionsText(.en).contains("1 June 2026"))
        let elsewhere = Sample.information([Sample.dataset("account", .registration, [Sample.service])])
        #expect(elsewhere.decisionsText(.en).hasPrefix("None of our automated individual decisions"))
        #expect(Sample.information(decisions: nil).decisionsText(.en) == "Not stated; ask us")
    }

    @Test("special categories and children are told as declared")
    func declared() throws {
        let communication = try held(.communication)
        #expect(communication.specialCategories == [.health] && communication.mayConcernChildren)
        let registration = try held(.registration)
        #expect(registration.specialCategories.isEmpty && !registration.mayConcernChildren)
    }

    @Test("is the same bytes each time")
    func deterministic() {
        #expect(Sample.information().json(.fi).formatted() == Sample.information().json(.fi).formatted())
    }

    @Test("every text is there in three languages, with the same placeholders")
    func texts() {
        let texts =
            [
                ProcessingTexts.notStated, ProcessingTexts.noRecipients, ProcessingTexts.transferNotStated,
                ProcessingTexts.copyOfSafeguards, ProcessingTexts.erasure, ProcessingTexts.erasureOfMarketing,
                ProcessingTexts.kept, ProcessingTexts.neededForTask, ProcessingTexts.portability,
                ProcessingTexts.covers, ProcessingTexts.doesNotCover, ProcessingTexts.objection,
                ProcessingTexts.noObjection, ProcessingTexts.objectionOnlyMarketing, ProcessingTexts.marketing,
                ProcessingTexts.withdrawal, ProcessingTexts.noConsent, ProcessingTexts.decision,
                ProcessingTexts.noDecision, ProcessingTexts.complaint, ProcessingTexts.remedy,
                ProcessingTexts.children, ProcessingTexts.marketingName,
            ] + LegalBasis.allCases.compactMap(ProcessingTexts.erasure)
            + SpecialCategory.allCases.map(ProcessingTexts.specialCategory)
            + ProcessingInformation.Presence.allCases.map(ProcessingTexts.presence)
        expectTranslated(texts)
    }
}

/// No language is missing or a copy of another, and all have the same placeholders.
func expectTranslated(_ texts: [LocalizedText]) {
    for text in texts {
        #expect(Set(Language.allCases.map { text[$0] }).count == 3, "\(text.en)")
        let names = Language.allCases.map { language in
            text.pieces(language).filter { if case .name = $0 { true } else { false } }.map { "\($0)" }.sorted()
        }
        #expect(names[0] == names[1] && names[1] == names[2], "\(text.en)")
        for language in Language.allCases {
            #expect(!text[language].isEmpty && !text[language].contains("  "), "\(text[language])")
        }
    }
}
