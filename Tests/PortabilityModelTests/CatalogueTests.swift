import Foundation
import PortabilityModel
import Testing

/// Every entity of the catalogue and every field, with the path that the dictionary gives it.
private struct Walk {
    var entities: [Entity] { Catalogue.standard.entities }

    var fields: [(path: String, field: Field)] {
        var found: [(path: String, field: Field)] = []
        func visit(_ fields: [Field], _ path: String) {
            for field in fields {
                let own = "\(path).\(field.name)"
                found.append((own, field))
                if case .group(let nested) = field.type { visit(nested, own) }
            }
        }
        for entity in entities { visit(entity.fields, entity.name) }
        return found
    }

    /// Every list of sibling fields.
    var groups: [(path: String, fields: [Field])] {
        entities.map { ($0.name, $0.fields) }
            + fields.compactMap { path, field in
                if case .group(let nested) = field.type { (path, nested) } else { nil }
            }
    }

    var texts: [(path: String, text: LocalizedText)] {
        entities.flatMap { [($0.name, $0.label), ($0.name, $0.meaning)] }
            + fields.flatMap { path, field in
                [(path, field.label), (path, field.meaning)] + field.codes.map { ("\(path)=\($0.value)", $0.label) }
            }
    }

    var iris: [(path: String, iri: String)] {
        entities.flatMap { entity in entity.iris.map { (entity.name, $0) } }
            + fields.flatMap { path, field in field.iris.map { (path, $0) } }
    }
}

@Suite("The catalogue")
struct CatalogueTests {
    private let walk = Walk()

    @Test("holds the entities that the design names, under permanent ordinals")
    func ordinals() {
        let names = [
            "account", "person", "organisation", "contact_point", "address", "preference", "communication", "device",
            "session", "usage_event", "consultation", "customer", "product", "payment", "invoice",
            "profile_attribute", "document", "credential", "marketing_prohibition", "former_name", "subscription",
            "consent", "note", "correction",
        ]
        #expect(walk.entities.map(\.name) == names)
        #expect(walk.entities.map(\.ordinal) == Array(1...names.count))
    }

    @Test("gives every field a name of its own that is a plain identifier")
    func names() {
        for (path, fields) in walk.groups {
            let names = fields.map(\.name)
            #expect(Set(names).count == names.count, "\(path)")
            #expect(!fields.isEmpty, "\(path)")
            for name in names {
                #expect(name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(path).\(name)")
            }
        }
    }

    @Test("leaves the names free that every record, query and child table uses")
    func reservedNames() {
        for entity in walk.entities {
            let names = entity.fields.map(\.name)
            #expect(Set(names).isDisjoint(with: ["record_id", "subject", "tenant", "other"]), "\(entity.name)")
        }
        for (path, fields) in walk.groups {
            for field in fields where field.isList {
                #expect(!fields.contains { $0.name == "\(field.name)_index" }, "\(path).\(field.name)")
            }
        }
    }

    @Test("nests no deeper than eight levels")
    func depth() {
        for entity in walk.entities {
            let layout = EntityLayout(entity)
            #expect(layout.groups.allSatisfy { $0.path.count < 8 }, "\(entity.name)")
        }
    }

    @Test("has every text in three languages, without stray spaces")
    func texts() {
        for (path, text) in walk.texts {
            for language in Language.allCases {
                let words = text[language]
                #expect(!words.isEmpty, "\(path) \(language)")
                #expect(words == words.trimmingCharacters(in: .whitespacesAndNewlines), "\(path) \(language)")
                #expect(!words.contains("  "), "\(path) \(language)")
            }
        }
    }

    /// Words that languages share, and names.
    private static let shared: Set<String> = [
        "BIC", "Person", "Organisation", "Bank", "Text", "Period", "original", "Finvoice", "UBL 2.1",
        "UN/CEFACT CII D16B",
    ]

    @Test("translates: a text is the same in two languages only where the word is")
    func translations() {
        for (path, text) in walk.texts {
            let words = Language.allCases.map { text[$0] }
            for word in words where !Self.shared.contains(word) {
                #expect(words.filter { $0 == word }.count == 1, "\(path): \(word)")
            }
        }
    }

    @Test("labels fields so that a person can tell them apart")
    func distinctLabels() {
        for (path, fields) in walk.groups {
            for language in Language.allCases {
                let labels = fields.map { $0.label[language] }
                #expect(Set(labels).count == labels.count, "\(path) \(language)")
            }
        }
    }

    @Test("points only to vocabularies it says it uses, and to DPV terms that exist")
    func iris() throws {
        let data = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Data/dpv/iris.txt")
        let known = Set(try String(contentsOf: data, encoding: .utf8).split(separator: "\n").map(String.init))
        #expect(known.count > 200)
        for (path, iri) in walk.iris {
            if iri.hasPrefix("https://w3id.org/dpv/") {
                #expect(known.contains(iri), "\(path): \(iri)")
            } else {
                let form = /(https:\/\/schema\.org\/|http:\/\/www\.w3\.org\/2006\/vcard\/ns#)[A-Za-z0-9\-]+/
                #expect(iri.wholeMatch(of: form) != nil, "\(path): \(iri)")
            }
        }
        for basis in LegalBasis.allCases { #expect(known.contains(basis.iri), "\(basis)") }
    }

    @Test("writes business terms as EN 16931 does")
    func businessTerms() {
        let terms = walk.fields.compactMap { path, field in field.businessTerm.map { (path, $0) } }
        #expect(terms.count > 50)
        for (path, term) in terms {
            #expect(
                term.wholeMatch(of: /(B[TG]-[0-9]+(-[0-9]+)?)(, B[TG]-[0-9]+(-[0-9]+)?)*/) != nil, "\(path): \(term)")
        }
    }

    @Test("gives codes only to text, each once")
    func codes() {
        for (path, field) in walk.fields where !field.codes.isEmpty {
            if case .value(.string) = field.type {} else { Issue.record("\(path) has codes but is no text") }
            let values = field.codes.map(\.value)
            #expect(Set(values).count == values.count, "\(path)")
        }
    }

    @Test(
        "marks what is delicate",
        arguments: [
            ("person.personal_identity_code", Sensitivity.nationalID), ("organisation.iban", .financial),
            ("payment.payer_iban", .financial), ("communication.body", .free), ("note.body", .free),
            ("invoice.buyer.legal_id", .nationalID), ("usage_event.ip_address", .personal),
        ])
    func sensitivity(path: String, expected: Sensitivity) {
        #expect(walk.fields.first { $0.path == path }?.field.sensitivity == expected)
    }

    @Test(
        "marks what may be about others",
        arguments: [
            "communication.staff_name", "communication.body", "consultation.by_name", "note.staff_name",
            "customer.name", "customer.email", "payment.payer_name", "person.registered_by", "invoice.seller.name",
        ])
    func thirdParties(path: String) {
        #expect(walk.fields.first { $0.path == path }?.field.thirdParty == true)
    }

    @Test("has no field for a secret: a credential is its existence and its dates")
    func secrets() {
        #expect(walk.fields.allSatisfy { $0.field.sensitivity != .secret })
        #expect(
            Catalogue.standard.entity(named: "credential")?.fields.map(\.name) == [
                "user_id", "kind", "name", "created_at", "changed_at", "last_used_at", "expires_at", "revoked_at",
            ])
    }

    @Test("is found by name")
    func lookup() {
        #expect(Catalogue.standard.entity(named: "usage_event")?.ordinal == 10)
        #expect(Catalogue.standard.entity(named: "invoices") == nil)
    }
}
