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
        #expect(section("recipients", of: summary).contains("Authorities"))
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
