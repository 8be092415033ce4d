import PortabilityCalendar
import PortabilityModel
import PortabilityScope
import PortabilityText

/// A retention rule with the words for it.
struct DeclaredRetention: Sendable {
    var text: LocalizedText
    var rule: RetentionRule
}

/// The parts of the file that say what the law wants to know of the controller and its processing.
extension Configuration {
    // MARK: Purposes and recipients

    /// Terms of which the vocabulary says that they are kinds of marketing.
    private static let marketingTerms = [
        "Advertising", "DirectMarketing", "Marketing", "PersonalisedAdvertising", "RecruitmentAdvertising",
        "RecruitmentTargetedAdvertising", "SocialMediaMarketing", "TargetedAdvertising",
    ]

    static func readPurpose(_ id: String, _ value: YAMLValue) throws -> Purpose {
        let map = try value.mapping(["text", "basis", "marketing", "iri", "interest"])
        let basis = try map.required("basis").choice(LegalBasis.self)
        let iri = try map["iri"].map { try readTerm($0, .purpose, example: "dpv:ServiceProvision") }
        let isMarketingTerm = marketingTerms.contains { iri == "https://w3id.org/dpv#\($0)" }
        let isMarketing = try map["marketing"]?.boolean()
        if isMarketingTerm, isMarketing == false {
            throw value.error(
                "the purpose's term is marketing, and `marketing: false` says that it is not",
                remedy: "Write `marketing: true`, or name another term")
        }
        if let interest = map["interest"], basis != .legitimateInterest {
            throw interest.error(
                "an interest is stated for a purpose that does not rest on one",
                remedy: "Legitimate interests are those of basis 6(1)(f) (Article 13(1)(d)); leave it out")
        }
        return Purpose(
            id: id, text: try map.required("text").localized(), basis: basis,
            isMarketing: isMarketing ?? isMarketingTerm, iri: iri, interest: try map["interest"]?.localized())
    }

    /// A term of the Data Privacy Vocabulary, as its IRI.
    private static func readTerm(
        _ value: YAMLValue, _ kind: DataPrivacyVocabulary.Kind, example: String
    ) throws -> String {
        let text = try value.text()
        if let iri = DataPrivacyVocabulary.iri(text, kind) { return iri }
        throw value.error(
            "this is no term of that kind in the Data Privacy Vocabulary 2.3",
            remedy: DataPrivacyVocabulary.nearestTerm(text, kind).map { "Did you mean `\($0)`?" }
                ?? "Write \(example), for example (https://w3id.org/dpv)")
    }

    /// Countries of the European Economic Area, to which transfers need no tool.
    private static let economicArea: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
        "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ]

    static func readRecipient(_ value: YAMLValue, warnings: inout [String]) throws -> Recipient {
        let map = try value.mapping([
            "name", "country", "role", "transfer", "clauses", "certified", "categories", "category_ground",
        ])
        let name = try map.required("name").text()
        let country = try readCountry(map.required("country"))
        if map["transfer"] == nil, !economicArea.contains(country) {
            throw value.error(
                "a recipient outside the European Economic Area has no transfer tool",
                remedy: "Add `transfer:` with the safeguard, for example A46-2-c (standard contractual clauses)")
        }
        var tool: String?
        if let transfer = map["transfer"] {
            tool = try readTransferTool(transfer)
            let clauses = try map["clauses"]?.text()
            if let warning = warning(
                of: tool ?? "", to: country, clauses: clauses, isCertified: try map["certified"]?.boolean() ?? false)
            {
                warnings.append("recipient \(name): \(warning)")
            }
        }
        if let clauses = map["clauses"], tool != "A46-2-c" {
            throw clauses.error(
                "clauses are named where no standard clauses cover the transfer",
                remedy: "Write `transfer: A46-2-c`, or leave `clauses` out")
        }
        return Recipient(
            name: name, country: country, role: try map.required("role").localized(), transferTool: tool,
            categories: try map["categories"]?.list().map { try $0.choice(Category.self) } ?? [],
            categoryGround: try map["category_ground"]?.localized())
    }

    /// The short name of a transfer tool. The Privacy Shield is read as it is written, to be warned about.
    private static func readTransferTool(_ value: YAMLValue) throws -> String {
        let text = try value.text()
        if isPrivacyShield(text) { return text }
        let term = text.contains(":") ? text : "eu-gdpr:\(text)"
        if let iri = DataPrivacyVocabulary.iri(term, .transferTool) {
            return String(iri.drop { $0 != "#" }.dropFirst())
        }
        throw value.error(
            "there is no such transfer tool",
            remedy: DataPrivacyVocabulary.nearestTerm(term, .transferTool)
                .map { "Did you mean `\($0.dropFirst("eu-gdpr:".count))`?" }
                ?? "Write A46-2-c for standard contractual clauses, A45-3 for an adequacy decision")
    }

    private static func isPrivacyShield(_ text: String) -> Bool {
        let letters = text.lowercased().filter { $0.isLetter }
        return letters.contains("privacyshield")
    }

    private static func warning(of tool: String, to country: String, clauses: String?, isCertified: Bool) -> String? {
        if isPrivacyShield(tool) {
            return "the Privacy Shield is invalid since 16 July 2020 (C-311/18); name another transfer tool"
        }
        if tool == "A46-2-c", clauses != "2021/914" {
            return clauses == nil
                ? "it is not said which standard contractual clauses are in force; those before decision (EU) 2021/914 "
                    + "ended on 27 December 2022; with the present ones, add `clauses: 2021/914`"
                : "standard contractual clauses older than decision (EU) 2021/914 ended on 27 December 2022; agree on "
                    + "the present ones"
        }
        if tool == "A45-3", country == "US", !isCertified {
            return "the adequacy decision of 2023 covers only recipients in the United States that are certified under "
                + "the Data Privacy Framework; look it up, then add `certified: true`"
        }
        return nil
    }

    // MARK: Authorities

    static func readAuthority(_ value: YAMLValue, needsCountry: Bool = false) throws -> Authority {
        let map = try value.mapping(["country", "name", "address", "url", "email", "telephone"])
        let country = needsCountry ? try map.required("country") : map["country"]
        return Authority(
            country: try country.map { try readCountry($0) }, name: try map.required("name").localized(),
            address: try map.required("address").text(), url: try map.required("url").text(),
            email: try map["email"]?.text(), telephone: try map["telephone"]?.text())
    }

    static func readAuthorities(_ value: YAMLValue?) throws -> [Authority] {
        var countries = Set<String>()
        return try value?.list().map { element in
            let authority = try readAuthority(element, needsCountry: true)
            guard countries.insert(authority.country ?? "").inserted else {
                throw element.error("two authorities are of the same country", remedy: "Leave one of them out")
            }
            return authority
        } ?? []
    }

    // MARK: Retention

    static func readRetention(_ value: YAMLValue?, hasFinancialYears: Bool) throws -> [String: DeclaredRetention] {
        var rules: [String: DeclaredRetention] = [:]
        for (id, value) in try value?.entries() ?? [] {
            rules[id] = try readRetentionRule(value, hasFinancialYears: hasFinancialYears)
        }
        return rules
    }

    private static func readRetentionRule(_ value: YAMLValue, hasFinancialYears: Bool) throws -> DeclaredRetention {
        guard value.hasKey("text") else {
            let text = try value.localized()
            return DeclaredRetention(text: text, rule: .criterion(text))
        }
        let map = try value.mapping(["text", "years", "months", "days", "after", "criterion", "instructed"])
        let text = try map.required("text").localized()
        func isSet(_ key: String) throws -> Bool {
            guard let flag = map[key] else { return false }
            guard try flag.boolean() else { throw flag.error("only `\(key): true` says something; leave it out") }
            return true
        }
        let years = try map["years"]?.integer(1...200)
        let months = try map["months"]?.integer(1...2400)
        let days = try map["days"]?.integer(1...73_000)
        let terms = [years.map(Term.years), months.map(Term.months), days.map(Term.days)].compactMap { $0 }
        let (isCriterion, isInstructed) = (try isSet("criterion"), try isSet("instructed"))
        guard terms.count + (isCriterion ? 1 : 0) + (isInstructed ? 1 : 0) == 1 else {
            throw value.error(
                "a retention rule is one of a period, a criterion, and instructions",
                remedy: "Give one of `years`, `months`, `days`, `criterion: true`, `instructed: true`")
        }
        guard let term = terms.first else {
            if let after = map["after"] {
                throw after.error("no period runs under this rule", remedy: "Leave `after` out")
            }
            return DeclaredRetention(text: text, rule: isCriterion ? .criterion(text) : .asInstructed)
        }
        let after = try map.required("after", because: "Say from when the period runs: `after: record`")
        let beginning = try after.choice(RetentionBeginning.self)
        if beginning == .record { return DeclaredRetention(text: text, rule: .after(term)) }
        guard let years else {
            throw after.error(
                "a period from the end of a financial year is counted in years", remedy: "Write `years: 6`")
        }
        guard hasFinancialYears else {
            throw after.error(
                "the rule counts from financial years, and none are told",
                remedy: "Add `financial_year: { ends: \"12-31\" }` with the day on which yours end")
        }
        return DeclaredRetention(
            text: text,
            rule: beginning == .financialYear ? .afterFinancialYear(years: years) : .afterCalendarYear(years: years))
    }

    private enum RetentionBeginning: String, CaseIterable {
        case record, financialYear = "financial-year", calendarYear = "calendar-year-of-financial-year"
    }

    static func readFinancialYears(_ value: YAMLValue) throws -> FinancialYears {
        let map = try value.mapping(["ends", "periods"])
        let end = try map["ends"].map { ends in
            guard let day = FinancialYears.MonthDay(try ends.text()) else {
                throw ends.error("the day on which financial years end is written as MM-DD", remedy: "Write \"12-31\"")
            }
            return day
        }
        let periods = try map["periods"]?.list().map { element in
            let period = try element.mapping(["from", "to"])
            let from = try readDay(period.required("from"))
            let to = try readDay(period.required("to"))
            guard from <= to else { throw element.error("the financial year ends before it begins") }
            // Accounting Act (1336/1997), chapter 1, section 4: 12 months; 18 when business begins or ends.
            guard to < from.adding(months: 18) else {
                throw element.error("the financial year is longer than 18 months")
            }
            return from...to
        }
        do {
            return try FinancialYears(periods: periods ?? [], end: end)
        } catch let error as PortabilityError {
            throw value.error(error.message, remedy: error.remedy)
        }
    }

    private static func readDay(_ value: YAMLValue) throws -> CivilDate {
        guard let date = CivilDate(try readDate(value)) else { throw value.error("a date is written as YYYY-MM-DD") }
        return date
    }

    // MARK: Users, decisions, staff, free text

    static func readUserClasses(_ value: YAMLValue?) throws -> [UserClass] {
        try value?.entries().map { id, value in
            let map = try value.mapping(["party", "label"])
            let isParty = try map.required(
                "party", because: "Say with `party: true` or `false` whether such a user is a party to the contract")
            return UserClass(
                id: try checkName(id, value), label: try map.required("label").localized(),
                isParty: try isParty.boolean())
        } ?? []
    }

    static func readDecisions(_ value: YAMLValue) throws -> AutomatedDecisions {
        let map = try value.mapping(["reviewed", "none", "decisions"])
        let reviewed = try readDate(
            map.required("reviewed", because: "Say when it was last looked at: `reviewed: 2026-06-01`"))
        let isNone = try map["none"]?.boolean() ?? false
        let decisions =
            try map["decisions"]?.list().map { element -> AutomatedDecision in
                let decision = try element.mapping(["id", "name", "logic", "consequences", "datasets"])
                let id = try decision.required("id")
                return AutomatedDecision(
                    id: try checkName(id.text(), id), name: try decision.required("name").localized(),
                    logic: try decision.required("logic").localized(),
                    consequences: try decision.required("consequences").localized(),
                    datasets: try decision["datasets"]?.list().map { try $0.text() } ?? [])
            } ?? []
        guard isNone == decisions.isEmpty else {
            throw value.error(
                isNone
                    ? "it says that there are none, and lists some"
                    : "it lists no decision and does not say that there are none",
                remedy: "Write `none: true`, or a list under `decisions`")
        }
        return AutomatedDecisions(decisions: decisions, reviewed: reviewed)
    }

    static func readStaff(_ value: YAMLValue?, asksSources: Bool, baseDirectory: String) throws -> StaffList? {
        guard let value else { return asksSources ? StaffList(members: [], asksSources: true) : nil }
        let file = try value.mapping(["file"]).required("file")
        let name = try file.text()
        let bytes: [UInt8]
        do {
            bytes = try readFile(joinPath(baseDirectory, name), limit: 16 << 20)
        } catch let error as PortabilityError {
            throw file.error("the list of staff cannot be read: \(error.message)", remedy: error.remedy)
        }
        return StaffList(members: try StaffFile.read(bytes, file: name), asksSources: asksSources)
    }

    static func readFreeText(_ value: YAMLValue) throws -> FreeTextProfile {
        let map = try value.mapping(Right.allCases.map(\.rawValue))
        var profile = FreeTextProfile()
        for right in Right.allCases {
            guard let part = map[right.rawValue] else { continue }
            var actions: [DetectedKind: FreeTextProfile.Action] = [:]
            if part.isMapping {
                let kinds = try part.mapping(DetectedKind.allCases.map(\.name))
                for kind in DetectedKind.allCases {
                    actions[kind] = try kinds[kind.name]?.choice(FreeTextProfile.Action.self)
                }
            } else {
                let action = try part.choice(FreeTextProfile.Action.self)
                for kind in DetectedKind.allCases { actions[kind] = action }
            }
            profile.actions[right] = actions
        }
        return profile
    }
}
