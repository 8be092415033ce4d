public import PortabilityCalendar
public import PortabilityModel
import PortabilityScope
import PortabilityText

/// A gap in a configuration: something that the law wants told or settled and that is not, or that should be looked at.
public struct LintFinding: Sendable, Hashable {
    public enum Severity: String, Sendable, CaseIterable {
        /// What the law asks for cannot be told, or told only in part.
        case error
        /// Lawful to run, but to be looked at.
        case warning
    }
    public var severity: Severity
    /// A word that stays the same from version to version: `retention`, `recipients`.
    public var code: String
    /// The place in the configuration as a path of keys: `purposes.service.text.sv`.
    public var place: String
    /// One sentence without a full stop.
    public var message: String
    public var remedy: String

    public init(_ severity: Severity, _ code: String, at place: String, _ message: String, remedy: String) {
        self.severity = severity
        self.code = code
        self.place = place
        self.message = message
        self.remedy = remedy
    }

    /// Findings as a JSON document: `{"findings": [...], "errors": n, "warnings": n}`.
    public static func json(_ findings: [LintFinding]) -> [UInt8] {
        JSONValue.members([
            "findings": .array(
                findings.map {
                    .members([
                        "severity": .string($0.severity.rawValue), "code": .string($0.code),
                        "place": .string($0.place), "message": .string($0.message), "remedy": .string($0.remedy),
                    ])
                }), "errors": .integer(findings.count { $0.severity == .error }),
            "warnings": .integer(findings.count { $0.severity == .warning }),
        ]).formatted()
    }
}

extension Configuration {
    /// Whether everything that Articles 12(4) and 15(1)(a) to (h) and (2) want told is there for every category in use,
    /// and what is lawful but should be looked at. Errors first, each in the configuration's order. Deterministic.
    ///
    /// - Parameters:
    ///   - date: Today: the review of automated decisions may not be older than two years.
    public func lint(on date: CivilDate, catalogue: Catalogue = .standard) -> [LintFinding] {
        var lint = Lint(configuration: self, catalogue: catalogue, today: date)
        lint.run()
        return lint.findings.filter { $0.severity == .error } + lint.findings.filter { $0.severity == .warning }
    }
}

/// One run over a configuration.
private struct Lint {
    let configuration: Configuration
    let catalogue: Catalogue
    let today: CivilDate
    var findings: [LintFinding] = []

    private var datasets: [(path: String, dataset: DatasetDeclaration)] {
        configuration.sources.flatMap { source in
            source.extractor.declaration.datasets.map {
                ("sources.\(source.extractor.declaration.id).datasets.\($0.id)", $0)
            }
        }
    }

    mutating func run() {
        do {
            try configuration.validate(catalogue: catalogue)
        } catch let error as PortabilityError {
            let place = error.place.isEmpty ? "(configuration)" : "\(error.place)"
            fault("invalid", place, error.message, error.remedy ?? "Mend it: nothing can be exported before")
        } catch {
            fault("invalid", "(configuration)", "the configuration cannot be used", "Mend it")
        }
        controller()
        authorities()
        purposes()
        recipients()
        for (path, dataset) in datasets { check(dataset, at: path) }
        decisions()
        freeText()
        remark()
        for warning in configuration.warnings { pass(on: warning) }
    }

    private mutating func fault(_ code: String, _ place: String, _ message: String, _ remedy: String) {
        findings.append(LintFinding(.error, code, at: place, message, remedy: remedy))
    }
    private mutating func warn(_ code: String, _ place: String, _ message: String, _ remedy: String) {
        findings.append(LintFinding(.warning, code, at: place, message, remedy: remedy))
    }

    /// A text that a person reads must be there in each language, since the person chooses it.
    private mutating func text(_ text: LocalizedText, _ code: String, _ place: String, _ what: String) {
        for language in Language.allCases where text[language].isBlank {
            fault(
                code, "\(place).\(language.rawValue)", "\(what) has no text in the language \(language.rawValue)",
                "Write it in fi, sv and en")
        }
    }

    // MARK: Who answers

    private mutating func controller() {
        let controller = configuration.controller
        for (key, value) in [("name", controller.name), ("address", controller.address), ("email", controller.email)]
        where value.isBlank {
            fault(
                "controller", "controller.\(key)", "the controller has no \(key)", "Write it: the person must know it")
        }
        if controller.contact.map({ contact in Language.allCases.contains { contact[$0].isBlank } }) ?? true {
            warn(
                "contact", "controller.contact", "no contact for register matters is named",
                "Name the office or role that answers requests")
        }
        if configuration.policy.sha256 == nil {
            warn(
                "policy", "policy", "the policy's text is not held by its digest",
                "Add `file:` with the published text, so that it can be told which one applied")
        }
    }

    /// (f), Article 12(4), 77.
    private mutating func authorities() {
        let all =
            [("authority", configuration.authority)]
            + configuration.otherAuthorities.enumerated().map { ("authorities[\($0.offset)]", $0.element) }
        for (place, authority) in all {
            text(authority.name, "authority", "\(place).name", "the supervisory authority")
            for (key, value) in [("address", authority.address), ("url", authority.url)] where value.isBlank {
                fault(
                    "authority", "\(place).\(key)", "the supervisory authority has no \(key)",
                    "Write it: a person must be able to lodge a complaint")
            }
        }
    }

    // MARK: (a) Purposes

    private mutating func purposes() {
        let used = Set(datasets.flatMap(\.dataset.purposes))
        for purpose in configuration.purposes {
            let place = "purposes.\(purpose.id)"
            text(purpose.text, "purpose", "\(place).text", "the purpose `\(purpose.id)`")
            if let interest = purpose.interest {
                text(interest, "interest", "\(place).interest", "the interest of `\(purpose.id)`")
            } else if purpose.basis == .legitimateInterest {
                warn(
                    "interest", place, "it is not said which legitimate interest `\(purpose.id)` pursues",
                    "Add `interest:` in fi, sv and en (Articles 13(1)(d), 14(2)(b))")
            }
            if purpose.iri == nil {
                warn(
                    "purpose-iri", place, "the purpose `\(purpose.id)` has no term of the Data Privacy Vocabulary",
                    "Add `iri:`, for example dpv:ServiceProvision")
            }
            if !used.contains(purpose.id) {
                warn(
                    "unused-purpose", place, "no dataset has the purpose `\(purpose.id)`",
                    "Give it to the datasets that serve it, or remove it")
            }
        }
        let marketing = configuration.purposes.filter { $0.isMarketing && used.contains($0.id) }
        if let first = marketing.first, !datasets.contains(where: { $0.dataset.entity == "marketing_prohibition" }) {
            warn(
                "marketing-prohibition", "purposes.\(first.id)",
                "data serve marketing, and no dataset tells who has forbidden it (Article 21(2) and (3))",
                "Add a dataset of the entity `marketing_prohibition`")
        }
    }

    // MARK: (c) Recipients

    private mutating func recipients() {
        guard !configuration.recipients.isEmpty else {
            fault(
                "recipients", "recipients", "no recipient is declared",
                "Name those who receive data, as who runs the servers (Article 15(1)(c))")
            return
        }
        for (index, recipient) in configuration.recipients.enumerated() {
            let place = "recipients[\(index)]"
            if recipient.name.isBlank { fault("recipient", "\(place).name", "a recipient has no name", "Name it") }
            text(recipient.role, "recipient", "\(place).role", "what a recipient does")
            if let ground = recipient.categoryGround {
                text(ground, "recipient", "\(place).category_ground", "the ground for not naming recipients")
            } else if recipient.name.namesACategory {
                warn(
                    "recipient-category", "\(place).name", "this recipient seems to be a category, not a name",
                    "Name the recipients, or say with `category_ground:` why they cannot be named (C-154/21)")
            }
            if recipient.transferTool == nil, !economicArea.contains(recipient.country) {
                fault(
                    "transfer", place, "a recipient outside the European Economic Area has no transfer tool",
                    "Add `transfer:` with the safeguard, for example A46-2-c (Article 15(2))")
            }
        }
        let used = Set(datasets.filter { $0.dataset.role == .controller }.map(\.dataset.category))
        for category in PortabilityModel.Category.allCases where used.contains(category) {
            let isReceived = configuration.recipients.contains {
                $0.categories.isEmpty || $0.categories.contains(category)
            }
            if !isReceived {
                warn(
                    "recipients-of-category", "recipients",
                    "data of the category \(category.rawValue) have no recipient, and the person is told so",
                    "Check that nobody else has them, whoever runs the servers included")
            }
        }
    }

    // MARK: (b), (d), (g) Datasets

    private mutating func check(_ dataset: DatasetDeclaration, at path: String) {
        if let label = dataset.label { text(label, "label", "\(path).label", "the dataset `\(dataset.id)`") }
        if let retention = dataset.retention {
            text(retention, "retention", "\(path).retention", "how long `\(dataset.id)` is kept")
            if dataset.retentionRule == nil {
                warn(
                    "retention-rule", "\(path).retention",
                    "how long `\(dataset.id)` is kept is a text only, from which no date follows",
                    "Use a rule of `retention` with years, months or days, or `criterion: true`")
            }
        } else {
            fault(
                "retention", "\(path).retention", "it is not said how long `\(dataset.id)` is kept",
                "Add `retention:` with the period or the criterion (Article 15(1)(d))")
        }
        if dataset.purposes.isEmpty {
            fault(
                "purpose", "\(path).purposes", "it is not said what `\(dataset.id)` is processed for",
                "Add `purposes: [...]` (Article 15(1)(a))")
        }
        if dataset.origin.kind == .provided, dataset.origin.by == nil {
            fault(
                "origin", "\(path).origin", "it is not said who provided `\(dataset.id)`",
                "Write `origin: { provided: subject }`, or another source (Article 15(1)(g))")
        }
        guard let entity = catalogue.entity(named: dataset.entity) else { return }
        others(dataset, EntityLayout(entity), path)
    }

    /// Fields of other people that no rule names: what becomes of them is the program's default.
    private mutating func others(_ dataset: DatasetDeclaration, _ layout: EntityLayout, _ path: String) {
        guard dataset.role == .controller, dataset.origin != Origin(kind: .provided, by: .subject),
            !dataset.rules.contains(where: { $0.target == .others || $0.target == .record })
        else { return }
        // Free text is looked through instead.
        let open = layout.paths(where: { $0.thirdParty && $0.sensitivity != .free }).filter { path in
            !dataset.isOwn(path)
                && !dataset.rules.contains {
                    if case .field(let named) = $0.target {
                        path == named || path.hasPrefix(named + ".")
                    } else {
                        false
                    }
                }
        }
        guard let first = open.first else { return }
        let more = open.count > 1 ? " and \(open.count - 1) more" : ""
        warn(
            "others", "\(path).rules",
            "fields of `\(dataset.id)` may be other people's (`\(first)`\(more)), and no rule names them: they are masked "
                + "by default",
            "Add a rule: `{ others: true, action: mask, ground: rights-of-others }`, or keep or withhold (Article 15(4))"
        )
    }

    /// Free text that is looked through without anybody having said what becomes of a hit.
    private mutating func freeText() {
        guard (configuration.freeText.actions[.access] ?? [:]).isEmpty else { return }
        let texts = datasets.map(\.dataset).filter { dataset in
            dataset.role == .controller
                && catalogue.entity(named: dataset.entity).map {
                    !EntityLayout($0).paths(where: { $0.sensitivity == .free }).isEmpty
                } == true
        }
        guard let first = texts.first else { return }
        let others = texts.count > 1 ? " and \(texts.count - 1) more datasets hold" : " holds"
        warn(
            "free-text", "free_text",
            "`\(first.id)`\(others) free text, and no profile says what becomes of other people's identifiers in it: "
                + "they are masked by default",
            "Add `free_text: { access: { … } }`")
    }

    // MARK: (h) Automated decisions

    private mutating func decisions() {
        guard let decisions = configuration.automatedDecisions else {
            fault(
                "automated-decisions", "automated_decisions", "nothing is said of automated decisions",
                "Write `automated_decisions: { reviewed: DATE, none: true }`, or list them (Article 15(1)(h))")
            return
        }
        let place = "automated_decisions.reviewed"
        if let reviewed = CivilDate(decisions.reviewed) {
            if reviewed > today {
                fault(
                    "automated-decisions-review", place, "the review of automated decisions lies in the future",
                    "Write the day on which it was done")
            } else if reviewed.adding(months: 24) < today {
                fault(
                    "automated-decisions-review", place,
                    "automated decisions were reviewed more than two years ago",
                    "Look whether decisions are made by automated means alone, and write the day")
            }
        } else {
            fault(
                "automated-decisions-review", place, "it is not said when automated decisions were reviewed",
                "Write the day as YYYY-MM-DD")
        }
        for decision in decisions.decisions {
            let place = "automated_decisions.\(decision.id)"
            text(decision.name, "automated-decisions", "\(place).name", "the decision")
            text(decision.logic, "automated-decisions", "\(place).logic", "the logic of the decision")
            text(
                decision.consequences, "automated-decisions", "\(place).consequences", "what follows from the decision")
        }
    }

    // MARK: What should be looked at

    private mutating func remark() {
        let declared = datasets.map(\.dataset)
        if configuration.userClasses.isEmpty, configuration.purposes.contains(where: { $0.basis == .contract }) {
            warn(
                "user-classes", "user_classes",
                "every user counts as a party to the contract; an employee of a customer company is none "
                    + "(Article 20(1)(a))",
                "Declare `user_classes`, and `classify:` in a source, if companies are customers")
        }
        let labels = declared.contains { $0.rules.contains { $0.action == .label } }
        if configuration.secretFile == nil, configuration.staff != nil || labels {
            warn(
                "secret-file", "secret_file",
                "there is no secret from which the labels that stand for names are derived",
                "Add `secret_file:` with a file of at least 32 random bytes, mode 0600")
        }
        if configuration.secretFile != nil {
            do {
                _ = try configuration.readSecret()
            } catch {
                let error = asPortabilityError(error)
                fault("secret-file", "secret_file", error.message, error.remedy ?? "")
            }
        }
        let writes = declared.contains { $0.category == .communication && $0.role == .controller }
        if configuration.staff == nil, writes {
            warn(
                "staff", "staff", "there is no list of staff, so that their names in free text are not found",
                "Add `staff: { file: … }`, or a `staff:` query to a source (C-579/21)")
        }
        if configuration.journalFile == nil {
            warn(
                "journal", "journal", "no journal is kept of what was exported, delivered and purged",
                "Add `journal:` with a file (Articles 5(2) and 30)")
        }
        if configuration.contractTermDays == nil, declared.contains(where: { $0.role == .processor }) {
            warn(
                "contract-term", "contract_term_days", "no term is agreed for handovers and switching",
                "Add `contract_term_days:`; the controller has one month to answer the person")
        }
    }

    /// What the reader of the configuration has noticed.
    private mutating func pass(on warning: String) {
        let code =
            warning.hasPrefix("signature_required")
            ? "signature-gate"
            : warning.hasPrefix("consent_by_browser_settings")
                ? "browser-consent" : warning.hasPrefix("recipient ") ? "transfer" : "configuration"
        let place = warning.prefix { $0 != ":" }
        let message = warning.dropFirst(place.count).drop { $0 == ":" || $0 == " " }
        warn(
            code, message.isEmpty ? "(configuration)" : String(place), message.isEmpty ? warning : String(message),
            "See the README on configuration")
    }
}

/// Countries of the European Economic Area, to which transfers need no tool of Chapter V.
private let economicArea: Set<String> = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
]

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// True for what names a kind of recipient instead of one: authorities, subcontractors, partners.
    fileprivate var namesACategory: Bool {
        let words = lowercased().split { !$0.isLetter }
        let kinds = [
            "viranomaiset", "alihankkijat", "kumppanit", "yhteistyökumppanit", "palveluntarjoajat", "muut",
            "myndigheter", "underleverantörer", "samarbetspartner", "tjänsteleverantörer", "andra",
            "authorities", "subcontractors", "processors", "partners", "providers", "suppliers", "others", "affiliates",
        ]
        return words.contains { word in kinds.contains { $0 == word } }
    }
}

extension DatasetDeclaration {
    /// Whether a path lies on the subject's own side.
    fileprivate func isOwn(_ path: String) -> Bool {
        ownParty.map { path == $0 || path.hasPrefix($0 + ".") } ?? false
    }
}

extension EntityLayout {
    /// Paths of fields, in the catalogue's order; what lies in a group that fits is not listed one by one.
    fileprivate func paths(where fits: (PortabilityModel.Field) -> Bool) -> [String] {
        var found: [String] = []
        for group in groups {
            for field in group.fields where fits(field.definition) {
                let path = (group.path + [field.name]).joined(separator: ".")
                if !found.contains(where: { path.hasPrefix($0 + ".") }) { found.append(path) }
            }
        }
        return found
    }
}
