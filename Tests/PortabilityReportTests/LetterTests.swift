import PortabilityCalendar
import PortabilityModel
import Testing

@testable import PortabilityReport

@Suite("Letters")
struct LetterTests {
    private typealias Sample = ProcessingSample
    private static let digest = String(repeating: "0123456789abcdef", count: 4)
    private static let everyKindAndLanguage = LetterKind.allCases.flatMap { kind in
        Language.allCases.map { (kind, $0) }
    }

    private static func facts(_ language: Language, right: Right = .access) -> LetterFacts {
        var facts = LetterFacts(
            controller: Sample.controller, policy: Sample.policy, authority: Sample.swedishAuthority,
            language: language, requestID: "R-2026-0001", right: right, received: "2026-11-02T09:14:00+02:00")
        facts.controllersAuthority = Sample.finnishAuthority
        facts.date = "2026-11-03"
        facts.due = "2026-12-02"
        facts.firstMonthEnds = "2026-12-04"
        facts.extensionReason = .complexity
        facts.instruction = "I-77"
        facts.archive = LetterFacts.Archive(
            name: "R-2026-0001.zip", bytes: 1_250_000, sha256: digest, formats: [.json, .csv], records: 1234,
            documents: 5, categories: [.registration, .invoicing])
        facts.leftOut = [
            LetterFacts.LeftOut(label: Sample.text("messages"), ground: .others, records: 2, values: 0),
            LetterFacts.LeftOut(label: Sample.text("notes"), ground: .others, records: 0, values: 7),
        ]
        facts.missing = [Sample.text("server log")]
        facts.missingBy = "2026-12-15"
        facts.grounds = [.others, .restrictedByLaw]
        facts.searched = [Sample.text("accounts")]
        facts.searchedAt = "2026-11-03T10:00:00Z"
        return facts
    }

    /// The letter on one line, as its text reads whatever the line breaks.
    private static func flat(_ kind: LetterKind, _ facts: LetterFacts) -> String {
        letter(kind, facts).split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
    }

    private static func right(for kind: LetterKind) -> Right { kind == .handoverCover ? .handover : .access }

    @Test("Lines have at most 72 columns, paragraphs one empty line between them", arguments: everyKindAndLanguage)
    func form(kind: LetterKind, language: Language) {
        let text = letter(kind, Self.facts(language, right: Self.right(for: kind)))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n") && !text.contains("\n\n\n"))
        for line in lines {
            // A command with the archive's name is not broken.
            #expect(line.count <= 72 || line.hasPrefix("    "), "\(line)")
            #expect(line.last != " ", "\(line)")
        }
        #expect(!text.unicodeScalars.contains { $0 == "\t" || $0 == "\r" || $0 == "\u{A0}" })
        #expect(!text.contains("{") && !text.contains("}"))
    }

    @Test(
        "Every letter names the request, who writes, whom to ask, and leaves name and signature blank",
        arguments: everyKindAndLanguage)
    func head(kind: LetterKind, language: Language) {
        let facts = Self.facts(language, right: Self.right(for: kind))
        let text = Self.flat(kind, facts)
        #expect(text.hasPrefix("Sample Service Ab Example Street 1"))
        #expect(text.contains("R-2026-0001") && text.contains("privacy@example.com"))
        #expect(text.contains(language.date("2026-11-03").replacingNoBreak))
        #expect(text.contains(language == .fi ? "[nimi]" : language == .sv ? "[namn]" : "[name]"))
        #expect(text.contains(LetterTexts.signerBlank[language]))
    }

    @Test(
        "What refuses or leaves out names the authorities and the judicial remedy (Article 12(4), 77, 79)",
        arguments: [
            LetterKind.refusal, .delivery, .partialDelivery, .nothingHeld, .processorOnly, .extension,
        ], Language.allCases)
    func remedies(kind: LetterKind, language: Language) {
        let text = Self.flat(kind, Self.facts(language))
        let term = [
            Language.fi: ["tehdä valitus valvontaviranomaiselle", "oikeussuojakeinoihin"],
            .sv: ["lämna in ett klagomål till en tillsynsmyndighet", "rättsmedel"],
            .en: ["lodge a complaint with a supervisory authority", "judicial remedy"],
        ]
        for words in term[language] ?? [] { #expect(text.contains(words), "\(words)") }
        let first = text.firstRange(of: Sample.swedishAuthority.name[language])
        let second = text.firstRange(of: Sample.finnishAuthority.name[language])
        #expect(first != nil && second != nil)
        if let first, let second { #expect(first.lowerBound < second.lowerBound) }
        #expect(text.contains("https://www.imy.se") && text.contains("https://tietosuoja.fi"))
        #expect(text.contains("77"))
        #expect(text.contains("79"))
    }

    @Test("An answer to come says by when", arguments: Language.allCases)
    func deadline(language: Language) {
        let due = language.date("2026-12-02")
        for kind in [LetterKind.acknowledgement, .identityQuery, .clarification, .extension] {
            #expect(Self.flat(kind, Self.facts(language)).contains(due), "\(kind)")
        }
    }

    @Test("An extension says why, until when, and that it is told within the first month", arguments: Language.allCases)
    func prolongation(language: Language) {
        var facts = Self.facts(language)
        #expect(Self.flat(.extension, facts).contains(language.date("2026-12-04")))
        let complex = Self.flat(.extension, facts)
        facts.extensionReason = .number
        let many = Self.flat(.extension, facts)
        facts.extensionReason = nil
        #expect(complex != many && many != Self.flat(.extension, facts))
    }

    @Test("A query for identity never asks for a copy of a document", arguments: Language.allCases)
    func identity(language: Language) {
        let text = Self.flat(.identityQuery, Self.facts(language))
        let warning = LetterTexts.identityNever[language]
        #expect(text.contains(warning))
        #expect(LetterTexts.identityWays.allSatisfy { text.contains($0[language]) })
    }

    @Test("A delivery tells how to get, open and check it, and what was left out", arguments: Language.allCases)
    func delivery(language: Language) {
        let text = letter(.delivery, Self.facts(language))
        #expect(text.contains("\n    \(Self.digest)\n"))
        #expect(
            text.contains("sha256sum R-2026-0001.zip") && text.contains("certutil -hashfile R-2026-0001.zip SHA256"))
        #expect(text.contains("index.html") && text.contains("processing-information.json"))
        let flat = Self.flat(.delivery, Self.facts(language))
        #expect(flat.contains(Ground.others.text[language]))
        #expect(flat.contains(LegalTexts.article("15(4)", language).replacingNoBreak))
        #expect(flat.contains(Sample.text("messages")[language]) && flat.contains(Sample.text("notes")[language]))
        var plain = Self.facts(language)
        plain.leftOut = []
        #expect(Self.flat(.delivery, plain).contains(LetterTexts.nothingLeftOut[language]))
    }

    /// Every kind of package that is not one plain zip.
    private static let packages = [
        (LetterFacts.Archive.Encryption?.none, true), (.keys, false), (.passphrase, false), (.keys, true),
        (.passphrase, true),
    ]

    @Test(
        "Of a package in volumes every file is listed, and of an encrypted one it is said how it is decrypted",
        arguments: packages, Language.allCases)
    func forms(form: (encryption: LetterFacts.Archive.Encryption?, isSet: Bool), language: Language) {
        for (kind, right) in [
            (LetterKind.delivery, Right.access), (.partialDelivery, .portability), (.handoverCover, .handover),
        ] {
            var facts = Self.facts(language, right: right)
            let ending = form.encryption == nil ? "zip" : "zip.age"
            facts.archive?.name = "R-1.\(ending)"
            facts.archive?.encryption = form.encryption
            let digests = ["a", "b", "c"].map { String(repeating: $0, count: 64) }
            if form.isSet {
                facts.archive?.volumes = digests.enumerated().map {
                    .init(name: "R-1-00\($0 + 1).\(ending)", bytes: 1000, sha256: $1)
                }
            }
            let text = letter(kind, facts)
            let flat = Self.flat(kind, facts)
            #expect(text.contains(Self.digest) != form.isSet, "\(kind)")
            #expect(digests.allSatisfy { text.contains("\n    \($0)\n") } == form.isSet)
            let first = form.isSet ? "R-1-001" : "R-1"
            #expect(text.contains("sha256sum \(first).\(ending)\n"))
            if form.isSet {
                #expect(text.contains(" R-1-003.\(ending)\n") && !text.contains(" R-1.\(ending)"))
                #expect(flat.contains(PackageTexts.set.filled(language, ["count": "3"]).replacingNoBreak))
            }
            #expect(!flat.contains(LetterTexts.open[language].replacingNoBreak))
            #expect(!flat.contains(LetterTexts.coverOpen[language].replacingNoBreak))
            switch form.encryption {
            case .keys:
                let key = PackageTexts.keyBlank[language]
                #expect(text.contains("\n    age -d -i \(key) -o \(first).zip \(first).zip.age\n"))
            case .passphrase: #expect(text.contains("\n    age -d -o \(first).zip \(first).zip.age\n"))
            case nil: #expect(!text.contains("age -d"))
            }
            let word = [Language.fi: "salattu", .sv: "krypterad", .en: "encrypted"][language] ?? "?"
            #expect(flat.contains(word) == (form.encryption != nil))
            #expect(!text.contains("{"))
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 72 || $0.hasPrefix("    ") })
        }
    }

    @Test("A signed package's letter names the key and where it is published", arguments: Language.allCases)
    func signature(language: Language) {
        var facts = Self.facts(language)
        let word = [Language.fi: "allekirjoitettu", .sv: "signerat", .en: "signed"][language] ?? "?"
        #expect(!Self.flat(.delivery, facts).contains(word))
        facts.archive?.signature = .init(fingerprint: "SHA256:abc", publishedAt: "https://www.example.com/key")
        let text = letter(.delivery, facts)
        #expect(text.contains("\n    SHA256:abc\n") && text.contains("https://www.example.com/key"))
        #expect(Self.flat(.delivery, facts).contains(word))
        facts.archive?.signature?.publishedAt = nil
        #expect(letter(.delivery, facts).contains(PackageTexts.addressBlank[language]))
    }

    @Test("A partial delivery says what is missing and by when it follows", arguments: Language.allCases)
    func partial(language: Language) {
        let text = Self.flat(.partialDelivery, Self.facts(language))
        #expect(text.contains("- \(Sample.text("server log")[language])"))
        #expect(text.contains(language.date("2026-12-15")))
        #expect(!Self.flat(.delivery, Self.facts(language)).contains(Sample.text("server log")[language]))
    }

    @Test("A refusal gives each ground with its article, and the way to the ombudsman", arguments: Language.allCases)
    func refusal(language: Language) {
        let text = Self.flat(.refusal, Self.facts(language))
        for ground in [Ground.others, .restrictedByLaw] { #expect(text.contains(ground.text[language])) }
        #expect(text.contains(LegalTexts.article("15(4)", language).replacingNoBreak))
        #expect(text.contains(LetterTexts.ombudsman[language].replacingNoBreak))
        var silent = Self.facts(language)
        silent.grounds = []
        #expect(Self.flat(.refusal, silent).contains("- \(LetterTexts.reasonBlank[language])"))
        #expect(!Self.flat(.refusal, silent).contains("1050/2018"))
    }

    @Test(
        "A refusal under Article 12(5) or 11 says so, and leaves what shows it to be filled in",
        arguments: LetterFacts.Refusal.allCases, Language.allCases)
    func unfounded(refusal: LetterFacts.Refusal, language: Language) {
        var facts = Self.facts(language)
        facts.grounds = []
        facts.refusal = refusal
        let text = Self.flat(.refusal, facts)
        #expect(text.contains(LetterTexts.refusal(refusal)[language].replacingNoBreak))
        #expect(text.contains(LetterTexts.burden[language]))
        #expect(text.contains(LetterTexts.refused[language].replacingNoBreak))
    }

    @Test(
        "Nothing held is nothing as controller; the sender of the invoice is the one to ask",
        arguments: Language.allCases)
    func nothing(language: Language) {
        let text = Self.flat(.nothingHeld, Self.facts(language))
        #expect(text.contains("- \(Sample.text("accounts")[language])"))
        #expect(text.contains(language.moment("2026-11-03T10:00:00Z").replacingNoBreak))
        #expect(text.contains(LetterTexts.askSender[language]))
        #expect(text.contains(LetterTexts.mayBeProcessor[language]))
    }

    @Test("A handover names the instruction; the controller is told that it answers", arguments: Language.allCases)
    func handover(language: Language) {
        var facts = Self.facts(language, right: .handover)
        facts.archive?.ledger = [(Sample.text("invoices"), 26)]
        let text = Self.flat(.handoverCover, facts)
        #expect(text.contains("- \(Sample.text("invoices")[language]): 26"))
        #expect(text.contains("I-77") && text.contains(Self.digest))
        #expect(text.contains(LetterTexts.youAnswer[language].replacingNoBreak))
        #expect(text.contains(Sample.text("server log")[language]))
    }

    @Test("A forwarding notice asks for an instruction", arguments: Language.allCases)
    func forwarding(language: Language) {
        let text = Self.flat(.forwardingNotice, Self.facts(language))
        #expect(text.contains(LetterTexts.instructUs[language].replacingNoBreak))
        #expect(text.contains(LetterTexts.forwardedRequest[language]))
    }

    @Test("The right decides what was asked, and which letters there are")
    func rights() {
        #expect(Self.flat(.acknowledgement, Self.facts(.en)).contains("Article 15"))
        #expect(Self.flat(.acknowledgement, Self.facts(.en, right: .portability)).contains("Article 20"))
        let switching = Self.flat(.acknowledgement, Self.facts(.en, right: .switching))
        #expect(switching.contains("Data Act") && !switching.contains("Article 12(3)"))
        #expect(LetterKind.allCases.filter { $0.applies(to: .handover) } == [.acknowledgement, .handoverCover])
        #expect(LetterKind.allCases.filter { !$0.applies(to: .access) } == [.handoverCover])
        #expect(
            LetterKind.allCases.filter { $0.applies(to: .switching) } == [
                .acknowledgement, .identityQuery, .clarification, .extension, .refusal, .handoverCover,
            ])
    }

    @Test("A file that was left out is told, with its reason and article", arguments: Language.allCases)
    func documentsLeftOut(language: Language) {
        let told = [(LetterKind.delivery, Right.access, "15(4)"), (.partialDelivery, .portability, "20(4)")]
        for (kind, right, article) in told + [(.handoverCover, .handover, "28(3)")] {
            var facts = Self.facts(language, right: right)
            facts.leftOut = []
            facts.documentsLeftOut = 1
            let text = Self.flat(kind, facts)
            #expect(!text.contains(LetterTexts.nothingLeftOut[language]))
            #expect(text.contains(LetterTexts.documentsLeftOut[language]), "\(kind)")
            #expect(text.contains(LegalTexts.article(article, language).replacingNoBreak), "\(kind)")
        }
    }

    @Test(
        "Where portability gives nothing, letters say so, point to access, and do not send a user to her employer's account",
        arguments: Language.allCases)
    func nothingPortable(language: Language) {
        var facts = Self.facts(language, right: .portability)
        facts.archive?.records = 0
        facts.archive?.documents = 0
        facts.isParty = false
        facts.grounds = [.notParty, .processor]
        facts.leftOut = [
            LetterFacts.LeftOut(label: Sample.text("invoices"), ground: .processor, records: 0, values: 0),
            LetterFacts.LeftOut(label: Sample.text("account"), ground: .notParty, records: 0, values: 0),
        ]
        let refusal = Self.flat(.refusal, facts)
        let delivery = Self.flat(.delivery, facts)
        #expect(refusal.contains(LetterTexts.refused[language].replacingNoBreak))
        #expect(!refusal.contains(LetterTexts.refusedInPart[language].replacingNoBreak))
        #expect(refusal.contains(LetterTexts.nothingGiven[language]))
        #expect(!Self.flat(.refusal, Self.facts(language)).contains(LetterTexts.nothingGiven[language]))
        #expect(delivery.contains(LetterTexts.contentsNothing[language]))
        #expect(!delivery.contains(LetterTexts.ready[language]))
        for text in [refusal, delivery] {
            #expect(text.contains(LetterTexts.accessStays[language].replacingNoBreak))
            #expect(text.contains(LetterTexts.companysData[language]))
            #expect(!text.contains(Ground.processor.text[language]))
        }
        #expect(!Self.flat(.refusal, Self.facts(language)).contains(LetterTexts.accessStays[language].replacingNoBreak))
    }

    @Test("Who asks for another person is not told that the data are her own", arguments: Language.allCases)
    func represented(language: Language) {
        let own: [LetterKind: [String]] = [
            .acknowledgement: ["omiin henkilötietoihisi", "dina personuppgifter", "your personal data"],
            .identityQuery: ["pyyntö on sinun", "begäran är din", "request is yours"],
            .clarification: ["sinua koskevia", "uppgifter om dig", "data about you"],
            .delivery: ["käsittelemme henkilötietojasi", "personuppgifter om dig", "data about you"],
            .nothingHeld: ["Emme käsittele henkilötietojasi", "uppgifter om dig som", "personal data about you"],
        ]
        for (kind, words) in own.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let word = words[Language.allCases.firstIndex(of: language) ?? 0]
            var facts = Self.facts(language)
            // Words of the law, and of what every letter says, are explained once.
            #expect(Self.flat(kind, facts).contains(word), "\(kind)")
            facts.isRepresented = true
            let text = Self.flat(kind, facts)
            #expect(text.contains(RepresentativeTexts.meant[language]), "\(kind)")
            if kind != .clarification { #expect(!text.contains(word), "\(kind)") }
        }
    }

    @Test("A direct transmission names the service and the day, and cites Article 20(2)", arguments: Language.allCases)
    func transmission(language: Language) {
        var facts = Self.facts(language, right: .portability)
        facts.transmittedTo = "Another Service Oy"
        #expect(Self.flat(.delivery, facts).contains(LetterTexts.dateBlank[language]))
        facts.transmittedOn = "2026-11-20"
        let text = Self.flat(.delivery, facts)
        #expect(text.contains("Another Service Oy") && text.contains(language.date("2026-11-20")))
        #expect(text.contains(LegalTexts.article("20(2)", language).replacingNoBreak))
        #expect(!text.contains(LetterTexts.handOver[language]))
        facts.right = .access
        #expect(!Self.flat(.delivery, facts).contains(LegalTexts.article("20(2)", language).replacingNoBreak))
    }

    @Test(
        "A customer that switches is told of the Data Act, not of data subjects' rights",
        arguments: LetterKind.allCases.filter { $0.applies(to: .switching) }, Language.allCases)
    func switching(kind: LetterKind, language: Language) {
        var facts = Self.facts(language, right: .switching)
        facts.leftOut = Ground.allCases.map {
            LetterFacts.LeftOut(label: Sample.text("calls"), ground: $0, records: 0, values: 0)
        }
        facts.grounds = Ground.allCases
        let text = Self.flat(kind, facts)
        for ground in [Ground.basis, .origin, .means, .notParty, .noIdentifier] {
            #expect(!text.contains(ground.text[language]), "\(ground)")
        }
        for article in ["12(3)", "12(4)", "12(6)", "15(1)", "15(4)", "20(1)", "20(4)", "77"] {
            #expect(!text.contains(LegalTexts.article(article, language).replacingNoBreak), "\(article)")
        }
        let law = [Language.fi: "atasäädö", .sv: "ataförordningen", .en: "Data Act"]
        #expect(text.contains(law[language] ?? "?"))
        #expect(text.contains(language == .fi ? "[nimi]" : language == .sv ? "[namn]" : "[name]"))
    }

    @Test("A forwarding notice is addressed to its controller; without one it has no address block")
    func addressee() {
        var facts = Self.facts(.en)
        facts.addressee = LetterFacts.Addressee(name: "Sample Trader", tenant: "20043", contact: "trader@example.com")
        let text = letter(.forwardingNotice, facts)
        #expect(text.contains("\n\nSample Trader\ntrader@example.com\nCustomer: 20043\n\n"))
        #expect(!letter(.forwardingNotice, Self.facts(.en)).contains("Customer:"))
        facts.addressee = LetterFacts.Addressee(name: nil, tenant: "20043", contact: nil)
        #expect(letter(.forwardingNotice, facts).contains("\n\n[name]\nCustomer: 20043\n\n"))
    }

    @Test("Times are those of the controller's zone", arguments: Language.allCases)
    func zone(language: Language) throws {
        var facts = Self.facts(language)
        facts.searchedAt = "2026-11-03T22:30:00Z"
        facts.timeZone = try TimeZoneRules(named: "Europe/Helsinki")
        let text = Self.flat(.nothingHeld, facts)
        #expect(text.contains(language.date("2026-11-04")) && text.contains("UTC+2"))
        facts.received = "2026-11-02T22:30:00Z"
        #expect(Self.flat(.acknowledgement, facts).contains(language.date("2026-11-03")))
    }

    @Test("Without facts a letter has blanks, not holes", arguments: everyKindAndLanguage)
    func blanks(kind: LetterKind, language: Language) {
        let bare = LetterFacts(
            controller: Sample.controller, policy: Sample.policy, authority: Sample.finnishAuthority,
            language: language, requestID: "R-1", right: Self.right(for: kind), received: "2026-11-02")
        let text = letter(kind, bare)
        #expect(text.contains(LetterTexts.dateBlank[language]))
        #expect(!text.contains(" .") && !text.contains("()") && !text.contains(": ."))
    }

    @Test("Controls in a configured text cannot move a terminal")
    func controls() {
        var facts = Self.facts(.en)
        facts.controller.name = "Evil\u{1B}[2J\u{202E}Oy"
        let text = letter(.delivery, facts)
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
    }

    @Test("Every text is there in three languages, with the same placeholders")
    func texts() {
        let texts =
            [
                LetterTexts.dateBlank, LetterTexts.signerBlank, LetterTexts.instructionBlank, LetterTexts.fileBlank,
                LetterTexts.missingBlank, LetterTexts.reasonBlank, LetterTexts.greeting, LetterTexts.regards,
                LetterTexts.greetingToOrganisation, LetterTexts.questions, LetterTexts.policy, LetterTexts.month,
                LetterTexts.free, LetterTexts.identityMayFollow, LetterTexts.represented, LetterTexts.policyTells,
                LetterTexts.contractTerm, LetterTexts.contractWithoutTerm, LetterTexts.identityWhy,
                LetterTexts.identityHow, LetterTexts.identityNever, LetterTexts.identityClock,
                LetterTexts.clarificationWhy, LetterTexts.clarificationCategories, LetterTexts.clarificationFree,
                LetterTexts.clarificationDue, LetterTexts.extension, LetterTexts.extensionComplexity,
                LetterTexts.extensionNumber, LetterTexts.extensionReasonBlank, LetterTexts.extensionWithin,
                LetterTexts.contents, LetterTexts.contentsWithoutCategories, LetterTexts.handOver, LetterTexts.open,
                LetterTexts.check, LetterTexts.archiveBlank, LetterTexts.processingInside, LetterTexts.nothingLeftOut,
                LetterTexts.leftOut, LetterTexts.furtherRights, LetterTexts.partial, LetterTexts.supplement,
                LetterTexts.refused, LetterTexts.refusedInPart, LetterTexts.burden, LetterTexts.ombudsman,
                LetterTexts.again, LetterTexts.remediesTitle, LetterTexts.controllersAuthority,
                LetterTexts.remedyArticles, LetterTexts.nothingHeld, LetterTexts.searched,
                LetterTexts.otherIdentifiers, LetterTexts.mayBeProcessor, LetterTexts.askSender, LetterTexts.processor,
                LetterTexts.mayNotName, LetterTexts.weHelp, LetterTexts.handover, LetterTexts.switching,
                LetterTexts.youAnswer, LetterTexts.yoursToUse, LetterTexts.coverOpen, LetterTexts.forwardedRequest,
                LetterTexts.youMustAnswer, LetterTexts.instructUs, LetterTexts.weToldThePerson, LetterTexts.ready,
                LetterTexts.nothingGiven, LetterTexts.contentsNothing, LetterTexts.transmitted,
                LetterTexts.transmittedOnRequest,
                LetterTexts.transmittedCopy, LetterTexts.nameBlank, LetterTexts.customer, LetterTexts.documentsLeftOut,
                LetterTexts.companysData, LetterTexts.accessStays, RepresentativeTexts.deliverySubject,
                RepresentativeTexts.partialSubject, RepresentativeTexts.nothingHeldSubject,
                RepresentativeTexts.processorSubject, RepresentativeTexts.meant, RepresentativeTexts.identityMayFollow,
                RepresentativeTexts.identityWhy, RepresentativeTexts.clarificationWhy, RepresentativeTexts.nothingHeld,
                SwitchingTexts.refusalSubject, SwitchingTexts.identitySubject, SwitchingTexts.extensionSubject,
                SwitchingTexts.periods, SwitchingTexts.identityWhy, SwitchingTexts.identityNever,
                SwitchingTexts.clarificationWhy, SwitchingTexts.clarificationFree, SwitchingTexts.extension,
                SwitchingTexts.extensionWithin, SwitchingTexts.refused, SwitchingTexts.refusedInPart,
                SwitchingTexts.remedies, PackageTexts.keyBlank, PackageTexts.addressBlank, PackageTexts.set,
                PackageTexts.encryptedForKey, PackageTexts.encryptedByPassphrase, PackageTexts.setForKey,
                PackageTexts.setByPassphrase, PackageTexts.openDecrypted, PackageTexts.openSet,
                PackageTexts.openDecryptedSet, PackageTexts.keep, PackageTexts.coverOpen, PackageTexts.checkSet,
                PackageTexts.signed,
            ] + LetterTexts.identityWays + LetterTexts.clarificationPoints
            + LetterFacts.Refusal.allCases.map(LetterTexts.refusal)
            + [Right.access, .portability].flatMap {
                [
                    LetterTexts.received($0), LetterTexts.asked($0), LetterTexts.forwarding($0),
                    RepresentativeTexts.received($0), RepresentativeTexts.asked($0),
                ]
            }
            + SwitchingTexts.identityWays + SwitchingTexts.clarificationPoints
            + Ground.allCases.compactMap { SwitchingTexts.reason($0, .switching) }
            + [Right.switching, .handover].map(LetterTexts.receivedOrganisation)
            + LetterKind.allCases.flatMap { kind in
                [Right.access, .handover].map { LetterTexts.subject(kind, $0) }
            }
        expectTranslated(texts)
    }
}

extension String {
    /// As a letter shows it.
    fileprivate var replacingNoBreak: String { replacing("\u{A0}", with: " ") }
}
