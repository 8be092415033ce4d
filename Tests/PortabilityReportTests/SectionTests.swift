import PortabilityModel
import Testing

@testable import PortabilityReport

@Suite("Sections of the page")
struct SectionTests {
    /// A section of a page, from its heading to the next.
    private func section(_ id: String, of html: String) -> String {
        let start = html[html.range(from: "<h2 id=\"\(id)\">")...]
        return String(start[..<start.range(from: "\n</section>\n<section aria-labelledby")]).replacingNoBreakSpaces
    }

    @Test("Who we are and what was asked: by whom, as which kind of user, completing which receipt")
    func who() {
        var summary = sampleSummary()
        #expect(!section("who", of: page(summary)).contains("behalf"))
        summary.isRepresented = true
        summary.supplements = "R-2026-0001.1"
        let label = LocalizedText(fi: "Työntekijä", sv: "Anställd", en: "Employee")
        summary.userClass = UserClass(id: "employee", label: label, isParty: false)
        let who = section("who", of: page(summary))
        for text in [
            "Sample Service Ab", "1854047-8", "Example Street 1", "R-2026-0001, received on 2 November 2026",
            "Article 15",
            "Another person made the request on your behalf.", "Employee: the party to the contract is the company",
            "R-2026-0001.1",
        ] {
            #expect(who.contains(text), "\(text)")
        }
        #expect(readmeText(summary).contains("R-2026-0001.1"))
    }

    @Test("A partial archive says at the top what is missing and by when", arguments: Language.allCases)
    func missingBy(language: Language) {
        var summary = sampleSummary(language, datasets: IndexHTMLTests.everyOutcome)
        summary.missingBy = "2026-12-12"
        let html = page(summary)
        let by = PageProcessingTexts.missingBy.filled(language, ["date": language.date("2026-12-12")])
        let header = html[html.range(from: "<header>")..<html.range(from: "</header>")]
        #expect(header.contains(by) && header.contains("href=\"#incomplete\""))
        #expect(html[html.range(from: "<section class=\"box warning\"")...].contains(by))
        let date = language.date("2026-12-12")
        #expect(readmeText(summary).split(separator: "\n").prefix(8).joined(separator: " ").contains(date))
        // A complete archive has nothing to follow.
        summary = sampleSummary(language)
        summary.missingBy = "2026-12-12"
        #expect(!page(summary).contains(by))
    }

    @Test(
        "Searches by hand: where, by which role, when, with which result; and what was not searched, and why not",
        arguments: Language.allCases)
    func searchesByHand(language: Language) {
        func about(_ summary: ArchiveSummary) -> String {
            let html = page(summary)
            #expect(HTMLCheck(html).faults.isEmpty)
            return String(html[html.range(from: "<h2 id=\"about\">")...]).replacingNoBreakSpaces
        }
        var summary = sampleSummary(language)
        for title in [HandSearchTexts.title, HandSearchTexts.withoutPersonalData] {
            #expect(!about(summary).contains(title[language]))
        }
        summary.sources[0].attestations = [
            Attestation(
                places: ["Archive <2>", "Front office"], role: "privacy officer", date: "2026-11-05", result: .found),
            Attestation(places: ["Cellar"], role: "janitor", date: "2026-11-06", result: .nothingFound),
        ]
        var none = ArchiveSummary.Source(id: "monitoring", status: .notRead, asOf: nil, findings: [], error: nil)
        none.noPersonalData = LocalizedText(fi: "Vain kuorma", sv: "Endast belastning", en: "Only load")
        summary.sources.append(none)
        let told = about(summary)
        for text in [
            HandSearchTexts.title[language], "Archive &lt;2&gt;, Front office", "privacy officer",
            language.date("2026-11-05").replacingNoBreakSpaces, HandSearchTexts.result(.found)[language],
            HandSearchTexts.result(.nothingFound)[language], HandSearchTexts.withoutPersonalData[language],
            "<strong>monitoring</strong>: \(none.noPersonalData?[language] ?? "")",
        ] {
            #expect(told.contains(text), "\(text)")
        }
        // It is not among the sources that could have been read.
        #expect(!told.contains(ValueTexts.status(.notRead)[language]))
        // Where nothing is held, the searches stand with the other searches.
        summary.nothingHeld = .init(searches: [])
        let searched = section("searched", of: page(summary))
        #expect(searched.contains(HandSearchTexts.title[language]) && searched.contains("Cellar"))
        #expect(about(summary).contains("monitoring") && !about(summary).contains("Cellar"))
    }

    @Test(
        "Nothing held: as controller, each source, when, by which identifiers, and whom else to ask",
        arguments: Language.allCases)
    func nothingHeld(language: Language) {
        var summary = sampleSummary(language, datasets: [])
        let label = LocalizedText(fi: "Tilit", sv: "Konton", en: "Accounts")
        summary.nothingHeld = .init(searches: [
            .init(
                source: "register", labels: [label], at: "2026-11-09T08:04:00Z",
                kinds: ["email", "user_id", "loyalty_card"]),
            .init(source: "usage", labels: [], at: "2026-11-09T08:05:00Z", kinds: ["cookie_id"]),
        ])
        let html = page(summary)
        #expect(html.contains("<h1>\(NothingTexts.title[language])</h1>"))
        let searched = section("searched", of: html)
        for text in [
            "register", "usage", label[language], language.moment("2026-11-09T08:05:00Z").replacingNoBreakSpaces,
            NothingTexts.kind("email")[language], NothingTexts.kind("cookie_id")[language], "loyalty_card",
        ] {
            #expect(searched.contains(text), "\(text)")
        }
        #expect(html.contains(NothingTexts.processor[language]) && html.contains(NothingTexts.notHeld[language]))
        #expect(html.contains(PageTexts.complaint[language]) && html.contains(PageTexts.remedy[language]))
        #expect(
            !html.contains("id=\"data\"") && !html.contains("id=\"absent\"") && !html.contains("class=\"box warning\""))
        #expect(HTMLCheck(html).faults.isEmpty)
        let readme = readmeText(summary)
        #expect(readme.hasPrefix(NothingTexts.title[language]))
    }

    @Test("What was done to fields, records and documents is counted, each with its ground and article")
    func absences() {
        var dataset = sampleDataset(
            "m", "communication", .communication, records: 9,
            fields: [
                .init(path: "body (text)", action: .mask, ground: .others, count: 4),
                .init(path: "staff_name", action: .label, ground: .staff, count: 12),
                .init(path: "other.internal", action: .withhold, ground: .reviewed, count: 1),
                .init(path: "sender", action: .keep, ground: .others, count: 9),
            ])
        dataset.withheldRecords = [(.outsidePeriod, 3)]
        dataset.withheldDocuments = [(.notRedactable, 2)]
        var summary = sampleSummary(datasets: [dataset])
        let absent = section("absent", of: page(summary))
        for text in [
            "Message text (inside the text) <span class=\"muted\">(masked in part, 4 values)</span>",
            "(a role instead of the name, 12 values)", "Extras › internal <span class=\"muted\">(left out, 1 value)",
            ">3 records<", ">2 documents<", "Article 15(4)", Ground.outsidePeriod.text.en,
        ] {
            #expect(absent.contains(text), "\(text)")
        }
        #expect(!absent.contains("9 values"))
        summary.right = .portability
        #expect(section("absent", of: page(summary)).contains("Article 20(4)"))
        let opening = page(summary).replacingNoBreakSpaces
        #expect(opening.contains("Left out of the package: 3 records, 2 documents and 3 single fields"))
    }

    @Test("What the law restricts is told with the way to the ombudsman", arguments: Language.allCases)
    func restricted(language: Language) {
        let dataset = sampleDataset("n", "note", .communication, records: 0, outcome: .withheld(.restrictedByLaw))
        let html = page(sampleSummary(language, datasets: [dataset]))
        #expect(html.contains(PageProcessingTexts.ombudsmanTitle[language]) && html.contains("1050/2018"))
        #expect(!page(sampleSummary(language)).contains("1050/2018"))
    }

    @Test("Processing is told by category: purposes, data, recipients, periods, source, decisions")
    func processing() {
        var dataset = sampleDataset("person", "person", .registration, records: 1)
        let retention = LocalizedText(fi: "6 vuotta", sv: "6 år", en: "Six years")
        dataset.declaration.retention = retention
        dataset.kept = .init(first: "2026-12-31", last: "2026-12-31", isAtLeast: true)
        dataset.declaration.specialCategories = [.health]
        dataset.declaration.mayConcernChildren = true
        var summary = sampleSummary(datasets: [dataset])
        let name = LocalizedText(fi: "Luottopäätös", sv: "Kreditbeslut", en: "Credit decision")
        let decision = AutomatedDecision(
            id: "d", name: name, logic: retention, consequences: name, datasets: ["person"])
        summary.processing = ProcessingInformation(
            summary, automatedDecisions: AutomatedDecisions(decisions: [decision], reviewed: "2026-06-01"))
        let html = section("processing", of: page(summary))
        for text in [
            "(a) Purpose", "Providing the service", "(b) Which data", "Person", "(c) Recipients", "(d) Storage period",
            "Six years", "31 December 2026", "(e) Your rights", "(g) Source", "You gave them yourself", "(h) Automated",
            "Credit decision", "1 June 2026", "data concerning health",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        summary.processing = ProcessingInformation(
            summary, automatedDecisions: AutomatedDecisions(decisions: [], reviewed: "2026-06-01"))
        #expect(section("processing", of: page(summary)).contains("1 June 2026"))
    }

    @Test("The authority where the person lives comes first, the controller’s own beside it")
    func authorities() {
        var summary = sampleSummary()
        var swedish = summary.authority
        swedish.country = "SE"
        swedish.name = LocalizedText(fi: "IMY", sv: "IMY", en: "Swedish authority")
        summary.processing = ProcessingInformation(
            summary, automatedDecisions: nil, authorities: [swedish], residence: "SE")
        let html = page(summary)
        let rights = section("rights", of: html)
        #expect(rights.range(from: "Swedish authority") < rights.range(from: "Office of the Data Protection Ombudsman"))
        #expect(html[..<html.range(from: "<nav")].contains("Swedish authority"))
    }

    @Test("A mere category of recipients stands with the reason why no name is given")
    func categoryOfRecipients() {
        var summary = sampleSummary()
        let ground = LocalizedText(fi: "syy", sv: "skäl", en: "they are not known yet")
        summary.recipients[0].categoryGround = ground
        #expect(section("recipients", of: page(summary)).contains("because: they are not known yet"))
        summary.recipients = []
        #expect(page(summary).contains(PageTexts.recipientsNone.en))
    }

    @Test("The dictionary is named, and long numbers in spreadsheets are warned of", arguments: Language.allCases)
    func files(language: Language) {
        let html = page(sampleSummary(language))
        #expect(html.contains("<a href=\"schemas/dictionary.csv\">"))
        #expect(html.contains(FileTexts.spreadsheet[language]))
        #expect(readmeText(sampleSummary(language)).contains("schemas/dictionary.csv"))
    }

    /// Pages on which every text of the program stands, and whose values hold no word.
    private func texts(_ language: Language, right: Right) -> Set<String> {
        var pages: [ArchiveSummary] = []
        for outcome in [true, false] {
            var summary = sampleSummary(language, right: right, datasets: outcome ? IndexHTMLTests.everyOutcome : [])
            summary.isRepresented = true
            summary.supplements = "1"
            summary.missingBy = "2026-12-12"
            summary.documentCount = 3
            summary.policy.name = "1"
            summary.policy.register = "1"
            summary.controller.contact = nil
            if outcome {
                summary.datasets[0].rows = sampleRows("person", [SampleRecord(["is_contact_person": "true"])])
                summary.datasets[0].rows?.dates = ("2026-01-01", "2026-02-02")
                summary.datasets[0].withheldRecords = Ground.allCases.map { ($0, 1) }
                summary.datasets[2].rows = sampleRows(
                    "usage_event", [SampleRecord(["http_status": "1"], others: [("1", .string, "1")])],
                    isComplete: false)
                summary.datasets[2].rows?.months = [("2026-01", 1), ("2026-02", 1)]
            } else {
                summary.nothingHeld = .init(searches: [
                    .init(source: "1", labels: [], at: "2026-01-01T00:00:00Z", kinds: ["user_id", "email"])
                ])
            }
            pages.append(summary)
        }
        return Set(pages.flatMap { HTMLCheck(page($0)).texts })
    }

    @Test(
        "No text is missing in a language: what stands on two pages is a name, a number or a term",
        arguments: Right.allCases)
    func languages(right: Right) {
        let all = Language.allCases.map { texts($0, right: right) }
        #expect(all.allSatisfy { $0.count > 120 })
        for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            for text in all[first].intersection(all[second]).sorted() {
                let words = text.split { !$0.isLetter }.filter {
                    $0.count > 3 && $0.dropFirst().allSatisfy(\.isLowercase)
                }
                // What the sample, not the program, says; and commands.
                let isOfTheSample = ["Sample Service", "Example Street", "0123456789", "sha256", "data/"].contains {
                    text.contains($0)
                }
                #expect(words.count < 3 || isOfTheSample, Comment(rawValue: text))
            }
        }
    }
}
