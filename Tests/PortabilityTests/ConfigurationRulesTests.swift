import Foundation
import Portability
import PortabilityCalendar
import PortabilityModel
import PortabilityScope
import PortabilityText
import Testing

/// A configuration in YAML with room for further keys.
private struct Sample {
    var top = ""
    var purposes = ""
    var source = ""
    var dataset = ""
    var recipient = ""
    var entity = "communication"
    var origin = "{ provided: subject }"
    var purpose = "service"

    var text: String {
        """
        portability: 1
        controller: { name: Testi Oy, business_id: "1854047-8", address: Testikatu 1, country: FI, email: a@example.fi }
        policy: { register: Rekisteri, name: Seloste, date: 2017-09-08 }
        time_zone: Europe/Helsinki
        authority: { country: FI, name: {fi: T, sv: D, en: O}, address: Helsinki, url: https://tietosuoja.fi }
        \(top)
        purposes:
          service: { text: {fi: a, sv: b, en: c}, basis: 6(1)(b) }
          interest: { text: {fi: a, sv: b, en: c}, basis: 6(1)(f) }
        \(purposes)
        identifiers:
          user_id: { unique: true }
        recipients: [\(recipient)]
        sources:
          register:
            kind: sqlite
            path: register.sqlite
            role: controller
        \(source)
            datasets:
              - id: data
                entity: \(entity)
                category: communication
                origin: \(origin)
                purposes: [\(purpose)]
                subject: user_id
                query: SELECT user_id AS record_id, user_id AS subject FROM users WHERE user_id IN (:user_id)
        \(dataset)
        """
    }

    func load(beside files: [String: String] = [:], mode: Int? = nil) throws -> Configuration {
        let folder = try Folder()
        for (name, content) in files {
            let path = try folder.write(content, to: name)
            if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path) }
        }
        return try Configuration.load(path: folder.write(text, to: "portability.yaml"))
    }

    /// The dataset as it is declared.
    func declared() throws -> DatasetDeclaration {
        try #require(try load().sources.first?.extractor.declaration.datasets.first)
    }

    func refusal(beside files: [String: String] = [:], mode: Int? = nil) throws -> PortabilityError {
        let error = #expect(throws: PortabilityError.self) { _ = try load(beside: files, mode: mode) }
        #expect(error?.code == .configuration)
        return try #require(error)
    }

    /// The dataset's further lines, indented.
    static func dataset(_ lines: String, entity: String = "communication", top: String = "") -> Sample {
        var sample = Sample()
        sample.dataset = lines.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n")
        sample.entity = entity
        sample.top = top
        return sample
    }
}

private let texts = "{fi: a, sv: b, en: c}"

@Suite("What a configuration says of purposes, recipients and authorities")
struct DeclarationTests {
    @Test("Purposes carry terms of the vocabulary and the interest that is pursued")
    func purposes() throws {
        var sample = Sample()
        sample.purposes = """
              mail: { text: \(texts), basis: 6(1)(f), iri: dpv:DirectMarketing, interest: \(texts) }
              books: { text: \(texts), basis: 6(1)(c), iri: "https://w3id.org/dpv#LegalCompliance" }
            """
        let configuration = try sample.load()
        let mail = try #require(configuration.purpose("mail"))
        #expect(mail.iri == "https://w3id.org/dpv#DirectMarketing")
        #expect(mail.interest?.en == "c")
        #expect(mail.isMarketing, "the term says so, though the key does not")
        #expect(configuration.purpose("books")?.iri == "https://w3id.org/dpv#LegalCompliance")
    }

    @Test(
        "Terms that are none, or not of purposes, name the nearest",
        arguments: [
            ("dpv:ServiceProvison", "dpv:ServiceProvision"), ("ServiceProvision", "dpv:ServiceProvision"),
            ("https://w3id.org/dpv#LegalComplianse", "dpv:LegalCompliance"),
        ])
    func wrongTerms(written: String, near: String) throws {
        var sample = Sample()
        sample.purposes = "  x: { text: \(texts), basis: 6(1)(b), iri: \"\(written)\" }"
        let error = try sample.refusal()
        #expect(error.remedy == "Did you mean `\(near)`?")
        #expect(error.place.field == "purposes.x.iri")
        sample.purposes = "  x: { text: \(texts), basis: 6(1)(b), iri: eu-gdpr:A6-1-b }"
        #expect(try sample.refusal().place.field == "purposes.x.iri")
    }

    @Test("An interest belongs to legitimate interests only, and marketing is not talked away")
    func contradictions() throws {
        var sample = Sample()
        sample.purposes = "  x: { text: \(texts), basis: 6(1)(b), interest: \(texts) }"
        #expect(try sample.refusal().place.field == "purposes.x.interest")
        sample.purposes = "  x: { text: \(texts), basis: 6(1)(f), iri: dpv:TargetedAdvertising, marketing: false }"
        #expect(try sample.refusal().message.contains("marketing"))
    }

    @Test(
        "Transfers without force are warned about, each with its reason",
        arguments: [
            ("US", "transfer: Privacy Shield", "C-311/18"), ("US", "transfer: privacy-shield", "C-311/18"),
            ("US", "transfer: A46-2-c", "2021/914"), ("IN", "transfer: A46-2-c, clauses: 2010/87", "27 December 2022"),
            ("US", "transfer: A45-3", "certified"), ("US", "transfer: A45-3, certified: false", "certified"),
        ])
    func warned(country: String, transfer: String, reason: String) throws {
        var sample = Sample()
        sample.recipient = "{ name: Pilvi, country: \(country), role: \(texts), \(transfer) }"
        let warnings = try sample.load().warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains(reason) == true, "\(warnings)")
        #expect(warnings.first?.hasPrefix("recipient Pilvi: ") == true)
    }

    @Test(
        "Transfers in force are not",
        arguments: [
            "transfer: A46-2-c, clauses: 2021/914", "transfer: A45-3, certified: true", "transfer: A46-2-b",
            "transfer: eu-gdpr:A49-1-b",
        ])
    func inForce(transfer: String) throws {
        var sample = Sample()
        sample.recipient = "{ name: Pilvi, country: US, role: \(texts), \(transfer), category_ground: \(texts) }"
        let configuration = try sample.load()
        #expect(configuration.warnings.isEmpty)
        #expect(configuration.recipients.first?.transferTool?.hasPrefix("A4") == true)
        #expect(configuration.recipients.first?.categoryGround?.sv == "b")
    }

    @Test("A transfer tool that there is not names the nearest; clauses belong to clauses")
    func wrongTools() throws {
        var sample = Sample()
        sample.recipient = "{ name: Pilvi, country: US, role: \(texts), transfer: A46-2-x }"
        #expect(try sample.refusal().remedy?.hasPrefix("Did you mean `A46-2-") == true)
        sample.recipient = "{ name: Pilvi, country: US, role: \(texts), transfer: A46-2-b, clauses: 2021/914 }"
        #expect(try sample.refusal().place.field?.hasSuffix("clauses") == true)
    }

    @Test("A gate of signatures and consent by browser settings are warned about and do nothing")
    func gates() throws {
        var sample = Sample()
        sample.top = "signature_required: true\nconsent_by_browser_settings: true"
        let warnings = try sample.load().warnings
        #expect(warnings.map { $0.prefix { $0 != ":" } } == ["signature_required", "consent_by_browser_settings"])
        #expect(warnings.last?.contains("C-673/17") == true)
        sample.top = "signature_required: false"
        #expect(try sample.load().warnings.isEmpty)
    }

    @Test("Authorities of other countries say of which, each once")
    func authorities() throws {
        var sample = Sample()
        let authority = "{ country: SE, name: \(texts), address: Stockholm, url: https://www.imy.se }"
        sample.top = "authorities: [\(authority)]\nholidays: [2026-12-07]\ncontract_term_days: 30"
        let configuration = try sample.load()
        #expect(configuration.authority.country == "FI")
        #expect(configuration.otherAuthorities.map(\.country) == ["SE"])
        #expect(configuration.extraHolidays == ["2026-12-07"])
        #expect(configuration.contractTermDays == 30)
        sample.top = "authorities: [\(authority), \(authority)]"
        #expect(try sample.refusal().message.contains("same country"))
        sample.top = "authorities: [\(authority.replacing("country: SE, ", with: ""))]"
        #expect(try sample.refusal().message.contains("country"))
        sample.top = "holidays: [24.12.2026]"
        #expect(try sample.refusal().place.field == "holidays[0]")
    }

    @Test("Automated decisions are listed, or there are none; either way they were looked at on a day")
    func decisions() throws {
        var sample = Sample()
        sample.top = "automated_decisions: { reviewed: 2026-06-01, none: true }"
        #expect(try sample.load().automatedDecisions?.decisions.isEmpty == true)
        let decision = "{ id: credit, name: \(texts), logic: \(texts), consequences: \(texts), datasets: [data] }"
        sample.top = "automated_decisions: { reviewed: 2026-06-01, decisions: [\(decision)] }"
        let decisions = try #require(try sample.load().automatedDecisions)
        #expect(decisions.decisions.map(\.id) == ["credit"])
        #expect(decisions.reviewed == "2026-06-01")
        sample.top = "automated_decisions: { none: true }"
        #expect(try sample.refusal().message.contains("reviewed"))
        sample.top = "automated_decisions: { reviewed: 2026-06-01 }"
        #expect(try sample.refusal().place.field == "automated_decisions")
        sample.top = "automated_decisions: { reviewed: 2026-06-01, none: true, decisions: [\(decision)] }"
        #expect(try sample.refusal().place.field == "automated_decisions")
        sample.top =
            "automated_decisions: { reviewed: 2026-06-01, decisions: [\(decision.replacing("data]", with: "dota]"))] }"
        #expect(try sample.refusal().remedy == "Did you mean `data`?")
    }

    @Test("Classes of users need a source that tells them")
    func userClasses() throws {
        var sample = Sample()
        sample.top = "user_classes: { employee: { party: false, label: \(texts) } }"
        #expect(try sample.refusal().message.contains("of which class"))
        sample.source = "    classify: [ SELECT 'employee' AS class FROM users WHERE user_id IN (:user_id) ]"
        let configuration = try sample.load()
        #expect(configuration.userClasses.map(\.id) == ["employee"])
        #expect(configuration.userClasses.map(\.isParty) == [false])
        sample.top = "user_classes: { employee: { label: \(texts) } }"
        #expect(try sample.refusal().remedy?.contains("party") == true)
    }

    @Test("Controllers to forward to are asked of sources that are processed for others")
    func route() throws {
        var sample = Sample()
        sample.source = "    route: [ 'SELECT customer AS tenant FROM clients WHERE email IN (:user_id)' ]"
        #expect(try sample.refusal().place.field == "sources.register.route")
    }
}

@Suite("How long a configuration keeps data")
struct RetentionDeclarationTests {
    private static let vouchers =
        "retention: { rule: { text: \(texts), years: 6, after: calendar-year-of-financial-year } }"

    private func rule(_ text: String) throws -> RetentionRule? {
        var sample = Sample()
        sample.top = "retention: { rule: \(text) }\nfinancial_year: { ends: \"12-31\" }"
        return try sample.load().retentionRules["rule"]
    }

    @Test("is said in words, or as a period from which a date follows")
    func rules() throws {
        let words = LocalizedText(fi: "a", sv: "b", en: "c")
        #expect(try rule(texts) == .criterion(words))
        #expect(try rule("{ text: \(texts), criterion: true }") == .criterion(words))
        #expect(try rule("{ text: \(texts), instructed: true }") == .asInstructed)
        #expect(try rule("{ text: \(texts), months: 24, after: record }") == .after(.months(24)))
        #expect(
            try rule("{ text: \(texts), years: 6, after: calendar-year-of-financial-year }") == .finnishVouchers)
        #expect(try rule("{ text: \(texts), years: 10, after: financial-year }") == .finnishBooks)
    }

    @Test(
        "is one of these, whole",
        arguments: [
            "{ text: \(texts) }", "{ text: \(texts), years: 6 }",
            "{ text: \(texts), years: 6, months: 1, after: record }",
            "{ text: \(texts), criterion: true, instructed: true }", "{ text: \(texts), criterion: false }",
            "{ text: \(texts), criterion: true, after: record }",
            "{ text: \(texts), months: 6, after: financial-year }",
            "{ text: \(texts), years: 0, after: record }", "{ years: 6, after: record }",
        ])
    func wrong(text: String) {
        #expect(throws: PortabilityError(.configuration, "")) { _ = try rule(text) }
    }

    @Test("in years of accounts needs the financial years")
    func financialYears() throws {
        var sample = Sample.dataset("retention: rule\ndate: sent_at", top: Self.vouchers)
        #expect(try sample.refusal().message.contains("financial years"))
        sample.top += "\nfinancial_year: { ends: \"12-31\", periods: [ { from: 2019-07-01, to: 2020-06-30 } ] }"
        let configuration = try sample.load()
        let end = configuration.retentionRules["rule"]?.end(
            for: try #require(CivilDate("2019-08-15")), financialYears: configuration.financialYears)
        #expect(end == .atLeastUntil(try #require(CivilDate("2026-12-31"))))
        for wrong in [
            "{ ends: \"31.12.\" }", "{ }", "{ periods: [ { from: 2020-06-30, to: 2019-07-01 } ] }",
            "{ periods: [ { from: 2019-07-01, to: 2021-06-30 } ] }",
            "{ periods: [ { from: 2019-07-01, to: 2020-06-30 }, { from: 2020-06-30, to: 2021-06-29 } ] }",
        ] {
            sample.top = "\(Self.vouchers)\nfinancial_year: \(wrong)"
            _ = try sample.refusal()
        }
    }

    @Test("needs to know which field dates a record")
    func recordDate() throws {
        let top = "retention: { rule: { text: \(texts), months: 24, after: record } }"
        #expect(try Sample.dataset("retention: rule", top: top).refusal().message.contains("does not say which"))
        #expect(try Sample.dataset("retention: rule\ndate: sent_at", top: top).declared().recordDate == "sent_at")
        for wrong in ["sent", "body", "sent_at.day"] {
            #expect(try Sample.dataset("date: \(wrong)").refusal().place.field?.contains("date") == true)
        }
        #expect(try Sample.dataset("date: sent_att").refusal().remedy == "Did you mean `sent_at`?")
    }
}

@Suite("Rules for fields")
struct FieldRuleDeclarationTests {
    @Test("are read in their order, those of the short form first")
    func order() throws {
        let dataset = try Sample.dataset(
            """
            withhold: [ { field: sender, ground: rights-of-others } ]
            class: { field: direction, values: { inbound: own, outbound: theirs }, otherwise: own }
            rules:
              - { field: recipients, action: mask, ground: rights-of-others, class: theirs }
              - { others: true, action: keep, right: [access, portability] }
              - { record: true, action: withhold, ground: restricted-by-law, class: [theirs] }
            special_categories: [health]
            children: true
            """
        ).declared()
        #expect(dataset.rules.map(\.target) == [.field("sender"), .field("recipients"), .others, .record])
        #expect(dataset.rules.map(\.action) == [.withhold, .mask, .keep, .withhold])
        #expect(dataset.rules.map(\.ground) == [.others, .others, .others, .restrictedByLaw])
        #expect(dataset.rules.map(\.classes) == [[], ["theirs"], [], ["theirs"]])
        #expect(dataset.rules.map(\.rights) == [[], [], [.access, .portability], []])
        #expect(dataset.classes?.names == ["own", "theirs"])
        #expect(dataset.specialCategories == [.health])
        #expect(dataset.mayConcernChildren)
    }

    @Test(
        "that cannot be applied are refused, with what would do",
        arguments: [
            ("rules: [ { field: boddy, action: keep } ]", "Did you mean `body`?"),
            ("rules: [ { field: body, action: mask } ]", "Say why: `ground: rights-of-others`, for example"),
            ("rules: [ { action: keep } ]", "Give one of"),
            ("rules: [ { field: body, others: true, action: keep } ]", "Give one of"),
            ("rules: [ { field: sent_at, action: mask, ground: rights-of-others } ]", "kept or withheld only"),
            ("rules: [ { field: body, action: mask, ground: rights-of-others } ]", "ruled by `free_text`"),
            ("rules: [ { field: body, action: withhold, ground: not-requested } ]", "Grounds for a field"),
            ("rules: [ { field: body, action: hide, ground: rights-of-others } ]", "Known: keep"),
            ("rules: [ { field: staff_name, action: label } ]", "Add `staff:"),
            ("rules: [ { others: true, action: keep, class: own } ]", "Declare classes"),
            ("rules: [ { documents: true, action: mask, ground: secret } ]", "Nothing in a file can be masked"),
            ("class: { field: directon, values: { a: b } }", "Did you mean `direction`?"),
            ("class: { field: sent_at, values: { a: b } }", "Name a field of text"),
            ("class: { field: recipients, values: { a: b } }", "Name a field of text"),
            ("special_categories: [helth]", "Did you mean `health`?"),
        ])
    func refused(lines: String, remedy: String) throws {
        let error = try Sample.dataset(lines).refusal()
        #expect(error.remedy?.contains(remedy) == true, "\(error)")
        #expect(error.place.line != nil)
    }

    @Test("name record classes that are declared")
    func classes() throws {
        let error = try Sample.dataset(
            """
            class: { field: direction, values: { inbound: own, outbound: theirs } }
            rules: [ { field: sender, action: mask, ground: rights-of-others, class: thiers } ]
            """
        ).refusal()
        #expect(error.remedy == "Did you mean `theirs`?")
    }

    @Test(
        "never take more from an access archive than from a portability archive",
        arguments: [
            "[ { field: sender, action: mask, ground: rights-of-others, right: access } ]",
            "[ { field: body, action: keep, right: portability }, { field: body, action: withhold, ground: secret } ]",
            "[ { record: true, action: withhold, ground: restricted-by-law, right: access } ]",
            "[ { documents: true, action: withhold, ground: secret, right: access } ]",
        ])
    func accessIsWidest(rules: String) throws {
        #expect(try Sample.dataset("rules: \(rules)").refusal().message.contains("more from an access archive"))
    }

    @Test("may take more from a portability archive, and do as they like where there is none")
    func portabilityIsNarrower() throws {
        let rule = "{ field: sender, action: mask, ground: rights-of-others, right: RIGHT }"
        _ = try Sample.dataset("rules: [ \(rule.replacing("RIGHT", with: "portability")) ]").load()
        var sample = Sample.dataset("rules: [ \(rule.replacing("RIGHT", with: "access")) ]")
        sample.origin = "derived"
        _ = try sample.load()
    }

    @Test("Names of staff stay in messages, and become labels elsewhere, unless it is said otherwise")
    func staffNames() throws {
        #expect(try Sample.dataset("").declared().keepsStaffNames)
        #expect(try !Sample.dataset("", entity: "note").declared().keepsStaffNames)
        #expect(try !Sample.dataset("staff_names: label").declared().keepsStaffNames)
        #expect(try Sample.dataset("staff_names: keep", entity: "note").declared().keepsStaffNames)
    }

    @Test("A note on what is left out is one text, or one for each language")
    func notes() throws {
        func note(_ value: String) throws -> LocalizedText? {
            try Sample.dataset("exclude: [ { column: secret, ground: secret, note: \(value) } ]").declared()
                .exclusions.first?.note
        }
        #expect(try note("never read") == LocalizedText("never read"))
        #expect(try note("{ fi: a, sv: b, en: c }") == LocalizedText(fi: "a", sv: "b", en: "c"))
        let missing = try Sample.dataset("exclude: [ { column: secret, ground: secret, note: { fi: a } } ]").refusal()
        #expect(missing.message.contains("`sv`"))
    }

    @Test("The contact for register matters is one text, or one for each language")
    func contact() throws {
        func contact(_ value: String) throws -> LocalizedText? {
            let folder = try Folder()
            let text = Sample().text.replacing("a@example.fi }", with: "a@example.fi, contact: \(value) }")
            return try Configuration.load(path: folder.write(text, to: "portability.yaml")).controller.contact
        }
        #expect(try contact("The office") == LocalizedText("The office"))
        #expect(try contact("{ fi: a, sv: b, en: c }") == LocalizedText(fi: "a", sv: "b", en: "c"))
    }

    @Test("The subject's own side of an invoice follows from its direction")
    func ownParty() throws {
        for (direction, party) in [("issued", "seller"), ("received", "buyer")] {
            let head = Sample().text.prefix(upTo: try #require(Sample().text.range(of: "sources:")).lowerBound)
            let text = """
                \(head)sources:
                  billing:
                    kind: invoices
                    role: controller
                    datasets:
                      - id: invoices
                        entity: invoice
                        category: invoicing
                        origin: derived
                        purposes: [service]
                        path: "{user_id}/*.xml"
                        direction: \(direction)
                """
            let folder = try Folder()
            let configuration = try Configuration.load(path: folder.write(text, to: "portability.yaml"))
            #expect(configuration.sources.first?.extractor.declaration.datasets.first?.ownParty == party)
        }
    }
}

@Suite("Free text, staff and the secret")
struct FreeTextDeclarationTests {
    @Test("Hits in free text are kept, masked or looked at, by right and kind")
    func freeText() throws {
        var sample = Sample()
        sample.top = "free_text: { access: { name: review, email: keep }, portability: mask, handover: review }"
        let profile = try sample.load().freeText
        #expect(profile[.access, .name] == .review)
        #expect(profile[.access, .email] == .keep)
        #expect(profile[.access, .iban] == .mask)
        #expect(profile[.portability, .name] == .mask)
        #expect(profile[.switching, .name] == .keep)
        #expect(profile[.handover, .iban] == .review)
        let plain = try Sample().load().freeText
        #expect(DetectedKind.allCases.allSatisfy { plain[.access, $0] == .mask && plain[.handover, $0] == .keep })
    }

    @Test(
        "Text that portability keeps, access keeps",
        arguments: [
            "{ portability: keep }", "{ access: review, portability: keep }", "{ portability: { iban: keep } }",
        ])
    func accessIsWidest(profile: String) throws {
        var sample = Sample()
        sample.top = "free_text: \(profile)"
        #expect(try sample.refusal().message.contains("but not for access"))
    }

    @Test("The list of staff is read from a file, from sources, or both")
    func staff() throws {
        var sample = Sample()
        #expect(try sample.load().staff == nil)
        sample.top = "staff: { file: staff.csv }"
        let file = "\u{FEFF}role,name,id\r\nsupport agent,\"Malli, Kerttu\",s1\r\n\r\n developer , Sten \"\"\r\n"
        #expect(throws: PortabilityError.self) { _ = try sample.load(beside: ["staff.csv": file]) }
        let list = try sample.load(beside: ["staff.csv": file.replacing(" \"\"", with: ",")]).staff
        #expect(list?.members.map(\.name) == ["Malli, Kerttu", "Sten"])
        #expect(list?.members.map(\.role) == ["support agent", "developer"])
        #expect(list?.members.map(\.id) == ["s1", nil])
        #expect(list?.asksSources == false)
        let languages = "name,role,role_fi,role_sv\nSten,developer,kehittäjä,\n"
        let sten = try sample.load(beside: ["staff.csv": languages]).staff?.members.first
        #expect(Language.allCases.map { sten?.told(in: $0).role } == ["kehittäjä", "developer", "developer"])
        sample.top = ""
        sample.source = "    staff: [ 'SELECT name, role FROM staff' ]"
        sample.dataset = "        rules: [ { field: staff_name, action: label } ]"
        #expect(try sample.refusal().remedy?.contains("secret_file") == true)
        sample.top = "secret_file: secret.key"
        let configuration = try sample.load()
        #expect(configuration.staff?.asksSources == true)
        #expect(configuration.staff?.members.isEmpty == true)
        let rule = configuration.sources.first?.extractor.declaration.datasets.first?.rules.first
        #expect(rule?.action == .label)
        #expect(rule?.ground == .staff)
    }

    @Test(
        "A list of staff that is not one names the line and nobody",
        arguments: [
            ("", "empty"), ("name\nMalli\n", "`role`"), ("name;role\nMalli;x\n", "none of"),
            ("name,role\nMalli,x,y\n", "as many fields"), ("name,role\nMalli,\n", "missing"),
            ("name,role\n\"Malli,x\n", "quote"), ("name,role\nMal\"li,x\n", "quote"),
            ("name,role,name\n", "one column"),
        ])
    func badStaff(file: String, what: String) throws {
        var sample = Sample()
        sample.top = "staff: { file: staff.csv }"
        let error = try sample.refusal(beside: ["staff.csv": file])
        #expect(error.message.contains(what), "\(error)")
        #expect(!"\(error)".contains("Malli"))
    }

    @Test("A list of staff that is not there says so")
    func noStaff() throws {
        var sample = Sample()
        sample.top = "staff: { file: staff.csv }"
        #expect(try sample.refusal().place.field == "staff.file")
    }

    @Test("The secret is its owner's alone, and long enough")
    func secret() throws {
        var sample = Sample()
        sample.top = "secret_file: secret.key\njournal: log/journal.jsonl"
        let secret = String(repeating: "k", count: 32)
        #expect(try sample.refusal(beside: ["secret.key": secret], mode: 0o640).remedy?.contains("0600") == true)
        let folder = try Folder()
        let path = try folder.write(secret, to: "secret.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let configuration = try Configuration.load(path: folder.write(sample.text, to: "portability.yaml"))
        #expect(configuration.journalFile == folder.file("log/journal.jsonl"))
        #expect(try configuration.readSecret() == Array(secret.utf8))
        _ = try folder.write("too short a secret", to: "secret.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let error = #expect(throws: PortabilityError.self) { _ = try configuration.readSecret() }
        #expect(error?.code == .malformed)
        #expect(error.map { "\($0)".contains("too short a") } == false)
        #expect(throws: PortabilityError(.configuration, "")) { _ = try Sample().load().readSecret() }
    }
}
