import PortabilityModel
import Testing

@testable import PortabilityReport

@Suite("Texts in three languages")
struct TextTests {
    /// Every text that does not depend on an archive.
    static let all: [LocalizedText] =
        LegalTexts.rights.flatMap { [$0.name, $0.meaning] }
        + LegalBasis.allCases.map(LegalTexts.basis)
        + Category.allCases.map(ValueTexts.category)
        + Finding.Kind.allCases.map(ValueTexts.finding)
        + Attestation.Result.allCases.map(HandSearchTexts.result)
        + [
            HandSearchTexts.title, HandSearchTexts.introduction, HandSearchTexts.caption,
            HandSearchTexts.withoutPersonalData, HandSearchTexts.placesColumn, HandSearchTexts.roleColumn,
            HandSearchTexts.dateColumn, HandSearchTexts.resultColumn,
        ]
        + [.complete, .partial, .failed, .notRead].map(ValueTexts.status)
        + Format.allCases.map { FileTexts.format($0).use }
        + Ground.allCases.map(\.text)
        + OpeningTexts.labels
        + Right.allCases.flatMap {
            [
                OpeningTexts.title($0), OpeningTexts.what($0, isEmpty: false), OpeningTexts.turn($0),
                PageTexts.rightsOfPersons($0), LegalTexts.right($0),
            ]
        }
        + [true, false].flatMap { flag in
            [OpeningTexts.nothingHere(isPartial: flag)]
                + [true, false].map { OpeningTexts.notHere(isPartial: flag, leavesOut: $0) }
        }
        + Ground.allCases.flatMap { ground in
            Right.allCases.flatMap { right in
                [true, false].map { ground.text(under: right, isParty: $0, isRepresented: !$0) }
            }
        }
        + [true, false].map(OpeningTexts.represented) + Right.allCases.map(OpeningTexts.direct)
        + [
            OpeningTexts.titleRepresented, OpeningTexts.titleRefused, OpeningTexts.turnOrganisation,
            OpeningTexts.refused, OpeningTexts.refusedHere, NothingTexts.titleFound, NothingTexts.found,
            NothingTexts.receivedFound, NothingTexts.unsearchedTitle, NothingTexts.unsearched,
            PageProcessingTexts.introductionOrganisation, PageProcessingTexts.whoTitleRepresented,
            PageProcessingTexts.transmittedTerm, PageProcessingTexts.transmitted, PageProcessingTexts.nobodyReceived,
            PageProcessingTexts.nothingReceived, PageProcessingTexts.onlyCategories, DataTexts.zone,
        ]
        + [
            OpeningTexts.here, PageTexts.partialMeaning, PageTexts.documentsText, PageTexts.more, PageTexts.policyOf,
            PageTexts.requestOf, PageTexts.rightsIntroduction, PageTexts.complaint, PageTexts.remedy,
            PageTexts.privacyShield, FileTexts.useIntroduction, FileTexts.spreadsheet, FileTexts.check,
            FileTexts.checkContent, ReadmeTexts.open, ReadmeTexts.partial, ReadmeTexts.from,
        ]

    @Test("No language is missing or a copy of another, and all have the same placeholders")
    func complete() {
        #expect(Self.all.count > 80)
        for text in Self.all {
            #expect(Set(Language.allCases.map { text[$0] }).count == 3 || text.en.count < 12, "\(text.en)")
            let names = Language.allCases.map { language in
                text.pieces(language).filter { if case .name = $0 { true } else { false } }.map { "\($0)" }.sorted()
            }
            #expect(names[0] == names[1] && names[1] == names[2], "\(text.en)")
            for language in Language.allCases {
                #expect(!text[language].isEmpty)
                #expect(!text[language].contains("  "), "\(text[language])")
            }
        }
    }

    @Test(
        "Numbers are grouped as each language groups them",
        arguments: [
            (Int64(0), "0", "0"), (999, "999", "999"), (1000, "1\u{A0}000", "1,000"),
            (1_234_567, "1\u{A0}234\u{A0}567", "1,234,567"),
            (Int64.min, "−9\u{A0}223\u{A0}372\u{A0}036\u{A0}854\u{A0}775\u{A0}808", "−9,223,372,036,854,775,808"),
        ])
    func numbers(value: Int64, nordic: String, english: String) {
        #expect(Language.fi.number(value) == nordic)
        #expect(Language.sv.number(value) == nordic)
        #expect(Language.en.number(value) == english)
    }

    @Test("Sizes have decimal units and at most one decimal")
    func sizes() {
        let expected: [(Int64, String, String)] = [
            (0, "0 t", "0 B"), (999, "999 t", "999 B"), (1000, "1 kt", "1 kB"), (1250, "1,3 kt", "1.3 kB"),
            (12_345, "12 kt", "12 kB"), (999_999, "1 Mt", "1 MB"), (267_901_043, "267 Mt", "267 MB"),
            (1_500_000_000, "1,5 Gt", "1.5 GB"), (Int64.max, "9 223 372 Tt", "9,223,372 TB"),
        ]
        for (bytes, finnish, english) in expected {
            #expect(Language.fi.size(bytes).replacingNoBreakSpaces == finnish)
            #expect(Language.en.size(bytes).replacingNoBreakSpaces == english)
        }
    }

    @Test("Dates are written as each language writes them; what is no date stays as it is")
    func dates() {
        #expect(Language.fi.date("2026-11-02") == "2.11.2026")
        #expect(Language.sv.date("2026-11-02T09:14:00+02:00") == "2.11.2026")
        #expect(Language.en.date("2026-11-02") == "2 November 2026")
        for text in ["", "2026", "2026-13-01", "2026-01-32", "2026-1-01", "20x6-01-01", "2026-01-01x"] {
            #expect(Language.en.date(text) == text)
        }
        #expect(Language.fi.moment("2026-11-02T08:05:00Z") == "2.11.2026 klo 8.05 (UTC)")
        #expect(Language.sv.moment("2026-11-02T08:05:00Z") == "2.11.2026 kl. 8.05 (UTC)")
        #expect(Language.en.moment("2026-11-02T08:05:00.25Z") == "2 November 2026 at 08:05 (UTC)")
        // An offset other than UTC is not passed off as UTC; without one there is only the day.
        #expect(Language.en.moment("2026-11-02T08:05:00+02:00") == "2 November 2026 at 08:05 (UTC+2)")
        #expect(Language.fi.moment("2026-11-02T08:05:00.5-03:30") == "2.11.2026 klo 8.05 (UTC\u{2212}3:30)")
        #expect(Language.en.moment("2026-11-02T08:05:00") == "2 November 2026")
    }

    @Test("Articles are cited as each language cites them")
    func articles() {
        #expect(
            LegalTexts.article("6(1)(b)", .fi).replacingNoBreakSpaces == "6 artiklan 1 kohdan b alakohta")
        #expect(LegalTexts.article("6(1)(b)", .sv) == "artikel 6.1 b")
        #expect(LegalTexts.article("6(1)(b)", .en) == "Article 6(1)(b)")
        #expect(LegalTexts.article("20(4)", .fi).replacingNoBreakSpaces == "20 artiklan 4 kohta")
        #expect(LegalTexts.article("77", .sv) == "artikel 77")
    }

    @Test("One and many")
    func counted() {
        #expect(ValueTexts.records.text(1, .fi) == "1\u{A0}merkintä")
        #expect(ValueTexts.records.text(0, .fi) == "0\u{A0}merkintää")
        #expect(ValueTexts.records.text(2, .sv) == "2\u{A0}poster")
        #expect(Language.sv.list(["a", "b", "c"]) == "a, b och c")
        #expect(Language.en.list(["a"]) == "a")
        #expect(Language.en.list([]) == "")
    }

    @Test("A brace in a value is not taken for a placeholder")
    func placeholders() {
        let text = LocalizedText(fi: "{a} ja {b}", sv: "{a} och {b}", en: "{a} and {b}")
        #expect(text.filled(.en, ["a": "{b}", "b": "x"]) == "{b} and x")
        #expect(Markup(text, .en, ["a": Markup(text: "<{b}>"), "b": "<br>"]).html == "&lt;{b}&gt; and <br>")
    }

    @Test("Every transfer tool of the Regulation has a name; the Privacy Shield is known in every spelling")
    func transferTools() {
        for term in ["A45-3", "A46-2-a", "A46-2-b", "A46-2-c", "A46-2-d", "A46-2-e", "A46-2-f", "A46-3-a", "A46-3-b"]
            + "abcdefg".map({ "A49-1-\($0)" })
        {
            #expect(LegalTexts.transferTool(term) != nil, "\(term)")
        }
        #expect(LegalTexts.transferTool("A46-9") == nil)
        for tool in ["Privacy Shield", "privacy-shield", "EU–US PRIVACY SHIELD (2016)"] {
            #expect(LegalTexts.isPrivacyShield(tool))
        }
        #expect(!LegalTexts.isPrivacyShield("A45-3"))
    }
}
