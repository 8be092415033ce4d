import Portability
import PortabilityModel
import Testing

@Suite("The Data Privacy Vocabulary")
struct VocabularyTests {
    @Test(
        "knows a term by prefix and by IRI, and only as what it is",
        arguments: [
            ("dpv:ServiceProvision", DataPrivacyVocabulary.Kind.purpose, "https://w3id.org/dpv#ServiceProvision"),
            ("https://w3id.org/dpv#DirectMarketing", .purpose, "https://w3id.org/dpv#DirectMarketing"),
            ("eu-gdpr:A6-1-b", .legalBasis, "https://w3id.org/dpv/legal/eu/gdpr#A6-1-b"),
            ("eu-gdpr:A46-2-c", .transferTool, "https://w3id.org/dpv/legal/eu/gdpr#A46-2-c"),
            ("eu-gdpr:A77", .right, "https://w3id.org/dpv/legal/eu/gdpr#A77"),
            ("pd:EmailAddress", .personalData, "https://w3id.org/dpv/pd#EmailAddress"),
        ])
    func terms(text: String, kind: DataPrivacyVocabulary.Kind, iri: String) {
        #expect(DataPrivacyVocabulary.iri(text, kind) == iri)
        for other in DataPrivacyVocabulary.Kind.allCases where other != kind {
            #expect(DataPrivacyVocabulary.iri(text, other) == nil)
        }
    }

    @Test("does not know what its authors do not")
    func unknown() {
        for text in [
            "ServiceProvision", "dpv:serviceprovision", "dpv:", ":ServiceProvision", "", "https://w3id.org/dpv#",
            "https://w3id.org/dpv#ServiceProvision ", "pd:ServiceProvision",
        ] {
            #expect(DataPrivacyVocabulary.iri(text, .purpose) == nil, "\(text)")
            #expect(!DataPrivacyVocabulary.contains(text), "\(text)")
        }
    }

    @Test("has every term that archives name: legal bases and the categories of the catalogue")
    func emitted() {
        for basis in LegalBasis.allCases { #expect(DataPrivacyVocabulary.iri(basis.iri, .legalBasis) != nil) }
        var count = 0
        func check(_ iris: [String]) {
            for iri in iris where iri.hasPrefix("https://w3id.org/") {
                #expect(DataPrivacyVocabulary.contains(iri), "\(iri)")
                count += 1
            }
        }
        func check(_ fields: [Field]) {
            for field in fields {
                check(field.iris)
                if case .group(let inner) = field.type { check(inner) }
            }
        }
        for entity in Catalogue.standard.entities {
            check(entity.iris)
            check(entity.fields)
        }
        #expect(count > 100)
    }
}
