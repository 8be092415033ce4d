import PortabilityCalendar
import PortabilityModel
import Testing

@testable import PortabilityReport

/// What the page says of this person, of this archive and of this search must be true of them.
@Suite("Nothing on the page claims more than is known")
struct TruthTests {
    /// The first sentences of a page.
    private func opening(_ summary: ArchiveSummary) -> String {
        let html = page(summary)
        let opening = html[html.range(from: "<dl class=\"opening\">")...]
        return String(opening[..<opening.range(from: "</dl>")]).replacingNoBreakSpaces
    }

    /// A section of a page, from its heading to the next.
    private func section(_ id: String, of summary: ArchiveSummary) -> String {
        let html = page(summary)
        let start = html[html.range(from: "<h2 id=\"\(id)\">")...]
        return String(start[..<start.range(from: "\n</section>\n<section aria-labelledby")]).replacingNoBreakSpaces
    }

    // MARK: Recipients

    private func recipient(_ name: String, _ categories: [PortabilityModel.Category]) -> Recipient {
        Recipient(
            name: name, country: "US", role: LocalizedText(fi: "x", sv: "x", en: "x"), transferTool: "A46-2-c",
            categories: categories)
    }

    @Test("Recipients are those of the categories that are held, with these categories only")
    func recipients() {
        var summary = sampleSummary()
        summary.recipients = [
            recipient("Mailwind Inc.", [.registration, .communication]), recipient("Statistics LLC", [.usage]),
        ]
        #expect(opening(summary).contains("Data have been given to Mailwind Inc. Some of them are outside"))
        let table = section("recipients", of: summary)
        #expect(table.contains("Registration details") && !table.contains("Communication"))
        #expect(!page(summary).contains("Statistics LLC"))
        // What was found and left out is held too.
        var clicks = sampleDataset("clicks", "usage_event", .usage, records: 0)
        clicks.withheldRecords = [(.outsidePeriod, 1)]
        summary.datasets.append(clicks)
        #expect(page(summary).contains("Statistics LLC"))
    }

    @Test("Who stands for a mere category has received nothing that is known", arguments: Language.allCases)
    func categoriesOfRecipients(language: Language) {
        var summary = sampleSummary(language)
        var authorities = recipient("Authorities", [])
        authorities.categoryGround = LocalizedText(fi: "ei vielä", sv: "inte än", en: "none so far")
        summary.recipients.append(authorities)
        #expect(!opening(summary).contains(PageProcessingTexts.otherRecipients.one[language] + "."))
        #expect(!opening(summary).contains("Authorities"))
        summary.recipients.removeFirst()
        #expect(opening(summary).contains(PageProcessingTexts.onlyCategories[language]))
        let table = section("recipients", of: summary)
        #expect(table.contains("Authorities") && !table.contains(PageTexts.allCategories[language]))
    }

    @Test("Data that nobody received, and a package without data, name no recipient", arguments: Language.allCases)
    func noRecipients(language: Language) {
        var summary = sampleSummary(language)
        summary.recipients = [recipient("Statistics LLC", [.usage])]
        #expect(opening(summary).contains(PageProcessingTexts.nobodyReceived[language]))
        summary = sampleSummary(
            language, right: .portability,
            datasets: [sampleDataset("person", "person", .registration, records: 0, outcome: .withheld(.notParty))])
        #expect(opening(summary).contains(PageProcessingTexts.nothingReceived[language]))
        #expect(!opening(summary).contains("Mailwind") && !section("recipients", of: summary).contains("Mailwind"))
    }

    // MARK: What was found

    @Test("What was found and left out is not said not to have been found", arguments: Language.allCases)
    func foundAndLeftOut(language: Language) {
        var letters = sampleDataset("letters", "communication", .communication, records: 0, label: "Letters")
        letters.withheldRecords = [(.outsidePeriod, 3)]
        let notes = sampleDataset("notes", "note", .communication, records: 0, label: "Notes")
        let here = section("here", of: sampleSummary(language, datasets: [letters, notes]))
        #expect(here.contains(PageTexts.emptyTitle[language]))
        #expect(here.contains("Notes") && !here.contains("Letters"))
        // Nor counted among what was searched in vain.
        let sets = ValueTexts.sets.text(1, language).replacingNoBreakSpaces
        #expect(opening(sampleSummary(language, datasets: [letters, notes])).contains(sets))
    }

    @Test("Nothing held: a source that cannot be searched is not said to have been", arguments: Language.allCases)
    func unsearched(language: Language) {
        var summary = sampleSummary(language, datasets: [])
        summary.sources[0].status = .notRead
        let label = LocalizedText(fi: "Laskut", sv: "Fakturor", en: "Invoices")
        let searched = ArchiveSummary.NothingHeld.Search(
            source: "register", labels: [], at: "2026-11-09T08:04:00Z", kinds: ["email"])
        let unsearched = ArchiveSummary.NothingHeld.Search(
            source: "billing", labels: [label], at: "2026-11-09T08:04:00Z", kinds: [])
        summary.nothingHeld = .init(searches: [searched])
        #expect(opening(summary).contains(NothingTexts.sources.text(1, language).replacingNoBreakSpaces))
        #expect(page(summary).contains("<h1>\(NothingTexts.title[language])</h1>"))
        summary.nothingHeld = .init(searches: [searched, unsearched])
        let html = page(summary)
        #expect(html.contains("<h1>\(NothingTexts.titleFound[language])</h1>"))
        #expect(opening(summary).contains(NothingTexts.sources.text(1, language).replacingNoBreakSpaces))
        #expect(opening(summary).contains(NothingTexts.receivedFound[language]))
        let section = section("searched", of: summary)
        #expect(section.range(from: NothingTexts.unsearchedTitle[language]) < section.range(from: "billing"))
        #expect(section.contains(label[language]))
        for word in ["överallt", "wherever", "kaikista paikoista", ValueTexts.status(.notRead)[language]] {
            #expect(!html.contains(word) && !readmeText(summary).contains(word), "\(word)")
        }
        #expect(HTMLCheck(html).faults.isEmpty)
    }

    @Test("A package refused as a whole says so, and what can be asked instead", arguments: Language.allCases)
    func refused(language: Language) {
        let datasets = [
            sampleDataset("person", "person", .registration, records: 0, outcome: .withheld(.notParty)),
            sampleDataset("customers", "person", .registration, records: 0, outcome: .notRead(.processor)),
        ]
        var summary = sampleSummary(language, right: .portability, datasets: datasets)
        summary.userClass = UserClass(id: "employee", label: LocalizedText(fi: "x", sv: "y", en: "z"), isParty: false)
        #expect(page(summary).contains("<h1>\(OpeningTexts.titleRefused[language])</h1>"))
        #expect(readmeText(summary).hasPrefix(OpeningTexts.titleRefused[language]))
        let opening = opening(summary)
        #expect(opening.contains(OpeningTexts.refusedHere[language]) && opening.contains("15"))
        let sets = ValueTexts.sets.text(0, language).replacingNoBreakSpaces
        #expect(!opening.contains(sets))
        // Only the company may ask for its whole account.
        let account = [Language.fi: "koko tilin", .sv: "hela kontot", .en: "whole account"][language] ?? ""
        #expect(!page(summary).contains(account))
        summary.userClass?.isParty = true
        #expect(page(summary).contains(account))
        // What was given is no refusal.
        summary.datasets[0] = sampleDataset("person", "person", .registration, records: 1)
        #expect(!page(summary).contains(OpeningTexts.refusedHere[language]))
    }

    // MARK: Who reads

    @Test("Whoever asks for another person is not told that the data are theirs", arguments: Language.allCases)
    func represented(language: Language) {
        let dataset = sampleDataset(
            "person", "person", .registration, records: 1,
            fields: [.init(path: "given_name", action: .withhold, ground: .outsidePeriod, count: 1)])
        let other = sampleDataset("notes", "note", .communication, records: 0, outcome: .notRead(.notRequested))
        for right in [Right.access, .portability] {
            var summary = sampleSummary(language, right: right, datasets: [dataset, other])
            let asked = ["pyysit", "Et pyytänyt", "pyytämäsi", "du bad", "Du bad", "you asked", "did not ask"]
            #expect(asked.contains { page(summary).contains($0) })
            summary.isRepresented = true
            let html = page(summary)
            #expect(html.contains("<h1>\(OpeningTexts.titleRepresented[language])</h1>"))
            for word in asked { #expect(!html.contains(word), "\(word)") }
            #expect(
                opening(summary).contains(
                    [Language.fi: "sinä tarkoittaa häntä", .sv: "avser du personen", .en: "you means that person"][
                        language] ?? ""))
        }
    }

    @Test(
        "To whom the package goes directly is named, by page and README", arguments: Language.allCases, Right.allCases)
    func transmitted(language: Language, right: Right) {
        var summary = sampleSummary(language, right: right)
        #expect(!readmeText(summary).contains("Otherservice"))
        summary.transmittedTo = "Otherservice<Oy>"
        #expect(opening(summary).contains("<strong>Otherservice&lt;Oy&gt;</strong>"))
        #expect(section("who", of: summary).contains(PageProcessingTexts.transmittedTerm[language]))
        #expect(readmeText(summary).contains("Otherservice<Oy>"))
        let article = [Language.fi: "20 artiklan 2 kohta", .sv: "artikel 20.2", .en: "Article 20(2)"][language] ?? ""
        #expect(opening(summary).contains(article) == (right == .portability))
    }

    @Test(
        "An organisation is addressed as one, and given no reason from Articles 15 and 20 of the GDPR",
        arguments: Language.allCases, [Right.switching, .handover])
    func organisations(language: Language, right: Right) {
        var datasets = Ground.allCases.map {
            sampleDataset($0.rawValue, "note", .communication, records: 0, outcome: .withheld($0))
        }
        datasets += IndexHTMLTests.everyOutcome
        datasets[datasets.count - 1].rows = sampleRows("person", [])
        var summary = sampleSummary(language, right: right, datasets: datasets)
        summary.userClass = UserClass(id: "x", label: LocalizedText(fi: "x", sv: "y", en: "z"), isParty: true)
        summary.supplements = "R-1"
        summary.isPartial = true
        summary.recipients[0].transferTool = nil
        let texts = [page(summary), readmeText(summary)].map(\.replacingNoBreakSpaces)
        let words: [String] =
            switch language {
            case .fi:
                [
                    "sinu", "sinä", "olet ", "voit ", "pyydä ", "pyysit ", "mielestäsi", "tietosi", "itse toimittanut",
                    "20 artikla", "tyhjä taulukko, tuo ", "Avaa ", "Pura ",
                ]
            case .sv: [" du ", " dig ", " din ", " ditt ", " dina ", "Du ", "artikel 20", "artikel 15.4"]
            case .en: ["yourself have", "Article 20", "Article 15(4)", "you provided", "party to the contract"]
            }
        for text in texts {
            for word in words { #expect(!text.contains(word), "\(word)") }
        }
        #expect(texts[0].contains(OpeningTexts.turnOrganisation[language]))
        #expect(texts[0].contains("2023/2854") == (right == .switching))
        for ground in [Ground.basis, .origin, .means, .notParty, .others, .reviewed] {
            #expect(ground.provision(under: right) == nil && ground.provision(under: .portability) != nil)
        }
        #expect(Ground.secret.provision(under: right) == "32")
    }

    @Test("The oldest date is that of any shown date or time, as the controller’s clocks had it")
    func oldest() throws {
        var clicks = sampleDataset("clicks", "usage_event", .usage, records: 5)
        clicks.rows = sampleRows("usage_event", [], isComplete: false)
        clicks.rows?.dates = ("2023-01-13", "2026-01-01")
        var person = sampleDataset("person", "person", .registration, records: 1)
        person.rows = sampleRows(
            "person",
            [SampleRecord(["birth_date": "1952-10-13"], others: [("since", .timestamp, "2019-02-24T22:30:00Z")])])
        var summary = sampleSummary(datasets: [person, clicks])
        #expect(opening(summary).contains("24 February 2019"))
        summary.timeZone = try TimeZoneRules(named: "Europe/Helsinki")
        #expect(opening(summary).contains("The oldest is from <span class=\"nowrap\">25 February 2019"))
        // Records of which only some are here, and no date of which is known, may be older: nothing is said.
        summary.datasets[0].rows?.isComplete = false
        #expect(!opening(summary).contains("The oldest"))
        summary.datasets[0].rows = nil
        #expect(!opening(summary).contains("The oldest"))
    }

    // MARK: Identity codes

    @Test("A reference of eleven digits is no identity code; one with a separator is, and in free text either")
    func references() {
        // The first passes the check of an Estonian, the second that of a Finnish code.
        let reference = "38001085718"
        let code = "131052-308T"
        func shown(_ field: String, _ value: String) -> String {
            var dataset = sampleDataset("payments", "payment", .invoicing, records: 1)
            dataset.rows = sampleRows("payment", [SampleRecord([field: .text(value)])])
            return section("data", of: sampleSummary(datasets: [dataset]))
        }
        #expect(shown("reference", reference).contains(reference))
        #expect(!shown("reference", code).contains("308T") && shown("reference", code).contains("******-****"))
        var note = sampleDataset("notes", "note", .communication, records: 1)
        note.rows = sampleRows("note", [SampleRecord(["body": .text("kood \(reference)")])])
        #expect(!section("data", of: sampleSummary(datasets: [note])).contains(reference))
    }

    // MARK: Times

    @Test("Times are those of the controller’s zone, which is named once; without a zone UTC is said")
    func times() throws {
        var dataset = sampleDataset("payments", "payment", .invoicing, records: 1)
        dataset.rows = sampleRows("payment", [SampleRecord(["paid_at": "2026-07-01T21:04:05.25Z"])])
        var summary = sampleSummary(.fi, datasets: [dataset])
        #expect(section("data", of: summary).contains("1.7.2026 21.04.05 (UTC)"))
        #expect(section("about", of: summary).contains("9.11.2026 klo 8.05 (UTC)"))
        #expect(readmeText(summary).replacingNoBreakSpaces.contains("9.11.2026 klo 8.05 (UTC)"))
        summary.timeZone = try TimeZoneRules(named: "Europe/Helsinki")
        let data = section("data", of: summary)
        #expect(data.contains("2.7.2026 0.04.05<") && data.components(of: "Europe/Helsinki").count == 2)
        #expect(section("about", of: summary).contains("9.11.2026 klo 10.05 (UTC+2)"))
        #expect(readmeText(summary).contains("9.11.2026 klo 10.05 (UTC+2)"))
        #expect(readmeText(summary).split(separator: " ").allSatisfy { !$0.hasPrefix("(UTC)") })
    }

    @Test(
        "A time is moved to the zone’s clocks, the fraction of a second as it is; what is no time stays",
        arguments: [
            ("2026-11-22T12:00:00Z", "2026-11-22T14:00:00+02:00"),
            ("2026-12-31T22:00:00.125Z", "2027-01-01T00:00:00.125+02:00"),
            ("2026-07-01T00:00:00-09:30", "2026-07-01T12:30:00+03:00"),
            ("1900-01-01T00:00:00Z", "1900-01-01T01:39:49+01:39"),
            ("2026-11-22", "2026-11-22"), ("2026-11-22T12:00:00", "2026-11-22T12:00:00"), ("", ""),
            ("2026-02-30T12:00:00Z", "2026-02-30T12:00:00Z"), ("2026-11-22T12:00:60Z", "2026-11-22T12:00:60Z"),
            ("9999-12-31T23:00:00Z", "9999-12-31T23:00:00Z"), ("2026-11-22T12:00:00Zx", "2026-11-22T12:00:00Zx"),
        ])
    func zones(time: String, local: String) throws {
        #expect(time.inZone(try TimeZoneRules(named: "Europe/Helsinki")) == local)
        #expect(time.inZone(nil) == time)
    }
}
