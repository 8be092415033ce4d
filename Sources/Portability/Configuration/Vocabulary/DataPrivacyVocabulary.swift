import PortabilityModel

/// The terms of the Data Privacy Vocabulary 2.3 (W3C community group report) that configurations and archives name.
public enum DataPrivacyVocabulary {
    /// What a term stands for.
    public enum Kind: Sendable, CaseIterable {
        case purpose, legalBasis, transferTool, right, personalData, justification
    }

    /// The vocabularies by the prefixes that their authors give them.
    private static let namespaces = [
        "dpv": "https://w3id.org/dpv#", "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "pd": "https://w3id.org/dpv/pd#", "justifications": "https://w3id.org/dpv/justifications#",
    ]

    private static func lists(_ kind: Kind) -> [(prefix: String, names: String)] {
        switch kind {
        case .purpose: [("dpv", VocabularyTerms.purposes)]
        case .legalBasis: [("dpv", VocabularyTerms.bases), ("eu-gdpr", VocabularyTerms.articleBases)]
        case .transferTool: [("eu-gdpr", VocabularyTerms.transferTools)]
        case .right: [("eu-gdpr", VocabularyTerms.rights)]
        case .personalData: [("pd", VocabularyTerms.categories)]
        case .justification:
            [("eu-gdpr", VocabularyTerms.articleJustifications), ("justifications", VocabularyTerms.justifications)]
        }
    }

    /// All terms of a kind as `prefix:Name`, in the order of the vocabulary.
    public static func terms(_ kind: Kind) -> [String] {
        lists(kind).flatMap { list in
            Self.names(list.names).map { "\(list.prefix):\($0)" }
        }
    }

    private static func names(_ list: String) -> [Substring] {
        list.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map(Substring.init)
    }

    private static let known = Dictionary(
        uniqueKeysWithValues: Kind.allCases.map { kind in
            (kind, lists(kind).map { (prefix: $0.prefix, names: Set(names($0.names))) })
        })

    /// The IRI of a term written as `prefix:Name` or as its IRI; nil if the kind has no such term.
    public static func iri(_ text: String, _ kind: Kind) -> String? {
        for (prefix, names) in known[kind] ?? [] {
            let namespace = namespaces[prefix] ?? ""
            for beginning in ["\(prefix):", namespace] where text.hasPrefix(beginning) {
                let name = text.dropFirst(beginning.count)
                if names.contains(name) { return namespace + name }
            }
        }
        return nil
    }

    /// Whether an IRI is a term of any kind.
    public static func contains(_ iri: String) -> Bool {
        Kind.allCases.contains { Self.iri(iri, $0) != nil }
    }

    /// The term that is nearest to what was written, as `prefix:Name`.
    static func nearestTerm(_ text: String, _ kind: Kind) -> String? {
        let known = terms(kind)
        for (prefix, namespace) in namespaces.sorted(by: { $0.value.count > $1.value.count })
        where text.hasPrefix(namespace) {
            return nearest("\(prefix):\(text.dropFirst(namespace.count))", in: known)
        }
        if text.contains(":") { return nearest(text, in: known) }
        // Without a prefix: by the name alone.
        let names = known.map { String($0.drop { $0 != ":" }.dropFirst()) }
        return nearest(text, in: names).flatMap { name in known.first { $0.hasSuffix(":\(name)") } }
    }
}
