import PortabilityModel
import Testing

@testable import PortabilityReport

@Suite("Who signed, on the page and in README.txt")
struct SignatureTests {
    private static let signer = ArchiveSummary.Signer(
        fingerprint: "SHA256:wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiqA", principal: "privacy@example.com",
        publishedAt: "https://www.example.com/portability-key")

    private func summary(_ language: Language, _ signer: ArchiveSummary.Signer?) -> ArchiveSummary {
        var summary = sampleSummary(language)
        summary.signer = signer
        return summary
    }

    @Test("The command stands on one line, as it is typed", arguments: Language.allCases)
    func command(language: Language) {
        let lines = readmeText(summary(language, Self.signer)).split(separator: "\n").map(String.init)
        let command =
            "    ssh-keygen -Y verify -f ../allowed_signers -I privacy@example.com -n portability "
            + "-s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt"
        #expect(lines.count { $0 == command } == 1)
        // The chain is complete: signature, then the tag manifest, then the manifest.
        let after = lines[(lines.firstIndex(of: command) ?? 0)...].filter { $0.hasPrefix("    ") }
        #expect(
            Array(after) == [
                command, "    sha256sum -c tagmanifest-sha256.txt", "    sha256sum -c manifest-sha256.txt",
            ])
        #expect(lines.allSatisfy { $0 == command || $0.count <= 76 })
    }

    @Test("Both say where the key is published, and its fingerprint", arguments: Language.allCases)
    func whereTheKeyIs(language: Language) {
        let signed = summary(language, Self.signer)
        for text in [readmeText(signed), page(signed)] {
            #expect(text.contains("https://www.example.com/portability-key"))
            #expect(text.contains(Self.signer.fingerprint))
            #expect(text.contains("tagmanifest-sha256.txt.sig"))
            for name in ["controller", "address", "principal", "fingerprint"] { #expect(!text.contains("{\(name)}")) }
        }
    }

    @Test("Where no address is known, the reader is sent to the organisation", arguments: Language.allCases)
    func withoutAddress(language: Language) {
        var signer = Self.signer
        signer.publishedAt = nil
        let text = readmeText(summary(language, signer))
        #expect(!text.contains("https://www.example.com/portability-key"))
        #expect(text.contains("privacy@example.com, +358"))
    }

    @Test("An unsigned archive says nothing of signatures", arguments: Language.allCases)
    func unsigned(language: Language) {
        for text in [readmeText(summary(language, nil)), page(summary(language, nil))] {
            #expect(!text.contains("ssh-keygen") && !text.contains("tagmanifest-sha256.txt.sig"))
        }
    }

    @Test("What the configuration says is text on the page, never markup")
    func escaped() {
        var signer = Self.signer
        signer.publishedAt = "https://example.com/<script>"
        #expect(!page(summary(.en, signer)).contains("<script>"))
    }
}
