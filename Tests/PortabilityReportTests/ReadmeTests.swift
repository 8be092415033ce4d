import PortabilityModel
import Testing

@testable import PortabilityReport

@Suite("README.txt")
struct ReadmeTests {
    @Test("Lines have at most 76 characters and end in LF", arguments: Language.allCases, Right.allCases)
    func lines(language: Language, right: Right) {
        var summary = sampleSummary(language, right: right, datasets: IndexHTMLTests.everyOutcome)
        summary.isPartial = true
        summary.documentCount = 12
        let text = readmeText(summary)
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        #expect(!text.contains("\r") && !text.contains("\t"))
        for line in text.split(separator: "\n") {
            #expect(line.count <= 76, "\(line)")
            #expect(line.last != " ")
        }
        #expect(!text.contains("{") && !text.contains("}"))
    }

    @Test("It begins with index.html and ends with how to verify", arguments: Language.allCases)
    func order(language: Language) {
        let text = readmeText(sampleSummary(language))
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[2].contains("index.html"))
        #expect(
            lines.suffix(12).contains("    unzip NAME.zip -d archive")
                && lines.contains("    sha256sum -c manifest-sha256.txt")
                && lines.contains("    sha256sum -c tagmanifest-sha256.txt"))
        #expect(lines.last == "    sed '1d;$d;s/,$//' FILE | sha256sum")
    }

    @Test("Folders, datasets and counts are named")
    func contents() {
        let text = readmeText(sampleSummary()).replacingNoBreakSpaces
        #expect(
            text.contains("\ndata/registration/      Registration details\n  person                Person, 1 record\n"))
    }

    @Test("An incomplete archive says so near the top", arguments: Language.allCases)
    func partial(language: Language) {
        var summary = sampleSummary(language)
        #expect(!readmeText(summary).contains(language == .fi ? "VAJAA" : language == .sv ? "OFULLST" : "INCOMPLETE"))
        summary.isPartial = true
        let top = readmeText(summary).split(separator: "\n").prefix(5).joined()
        #expect(top.contains(language == .fi ? "VAJAA" : language == .sv ? "OFULLST" : "INCOMPLETE"))
    }

    @Test("A hostile name cannot add a line or command a terminal")
    func hostile() {
        var summary = sampleSummary()
        let plain = readmeText(summary).split(separator: "\n", omittingEmptySubsequences: false).count
        summary.datasets[0].label.en = "\u{1B}[2J\r\nrm -rf\n\n\u{9B}x"
        let text = readmeText(summary)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == plain)
        #expect(text.unicodeScalars.allSatisfy { !$0.isUnprintable })
    }
}
