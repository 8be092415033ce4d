import PortabilityCalendar
public import PortabilityModel
import PortabilityScope
import PortabilityText

extension Configuration {
    /// Checks what does not depend on how the configuration came to be.
    ///
    /// - Throws: `configuration`: a dataset without purpose, an unknown purpose or identifier, a marketing purpose on
    ///   processor-role or invoice data, an id that stands twice, an unknown entity or field; a rule that cannot be
    ///   applied, or that takes more from an access archive than from a portability archive; a retention rule of which
    ///   no date can be computed.
    public func validate(catalogue: Catalogue = .standard) throws {
        try checkUserClasses()
        try checkFreeText()
        var datasetIDs = Set<String>()
        var sourceIDs = Set<String>()
        for source in sources {
            let declaration = source.extractor.declaration
            let place = PortabilityError.Place(source: declaration.id)
            guard sourceIDs.insert(declaration.id).inserted else {
                throw PortabilityError(.configuration, "two sources have the same id", at: place)
            }
            if declaration.role == .processor, source.tenantKind == nil {
                throw PortabilityError(
                    .configuration, "a processor-role source names no tenant",
                    remedy: "Add `tenant:` with the kind of identifier that names the controller", at: place)
            }
            if declaration.noPersonalData != nil, !declaration.datasets.isEmpty {
                throw PortabilityError(
                    .configuration, "a source that is said to hold no personal data has datasets",
                    remedy: "Remove the datasets, or what says that there are no personal data", at: place)
            }
            for dataset in declaration.datasets {
                let check = DatasetCheck(
                    configuration: self, dataset: dataset,
                    place: PortabilityError.Place(source: declaration.id, dataset: dataset.id))
                try check.id(among: &datasetIDs)
                let entity = try check.entity(of: catalogue)
                try check.purposes()
                try check.subjects()
                try check.retention(entity)
                try check.classes(entity)
                try check.rules(entity)
            }
        }
        try checkExclusions(datasets: datasetIDs)
        try checkDecisions(datasets: datasetIDs)
    }

    /// What is said to be held elsewhere says where, and what is named is there.
    private func checkExclusions(datasets: Set<String>) throws {
        for source in sources.map(\.extractor.declaration) {
            try check(source.exclusions, at: .init(source: source.id, field: "exclude"), datasets)
            for dataset in source.datasets {
                let place = PortabilityError.Place(source: source.id, dataset: dataset.id, field: "exclude")
                try check(dataset.exclusions, at: place, datasets)
            }
        }
    }

    private func check(
        _ exclusions: [DatasetDeclaration.Exclusion], at place: PortabilityError.Place, _ datasets: Set<String>
    ) throws {
        for exclusion in exclusions {
            if let id = exclusion.heldIn, !datasets.contains(id) {
                throw PortabilityError(
                    .configuration,
                    "the exclusion of `\(exclusion.column)` refers to the dataset `\(id)`, which is not there",
                    remedy: nearest(id, in: datasets.sorted()).map { "Did you mean `\($0)`?" }
                        ?? "Name a dataset of a source", at: place)
            }
            if exclusion.ground == .duplicate, exclusion.heldIn == nil, exclusion.note == nil {
                throw PortabilityError(
                    .configuration, "`\(exclusion.column)` is excluded as held elsewhere, and nothing says where",
                    remedy: "Add `see:` with the id of the dataset that has it, or a `note:`", at: place)
            }
        }
    }

    private func checkUserClasses() throws {
        var ids = Set<String>()
        for userClass in userClasses where !ids.insert(userClass.id).inserted {
            throw PortabilityError(
                .configuration, "a class of users is declared twice", at: .init(field: "user_classes"))
        }
    }

    /// Article 15 gives at least what Article 20 gives: what is kept for portability is kept for access.
    private func checkFreeText() throws {
        for kind in DetectedKind.allCases
        where freeText[.portability, kind] == .keep && freeText[.access, kind] != .keep {
            throw PortabilityError(
                .configuration,
                "hits of the kind `\(kind.name)` in free text would be kept for portability but not for access",
                remedy: "Keep them for access too, or mask them for both", at: .init(field: "free_text"))
        }
    }

    private func checkDecisions(datasets: Set<String>) throws {
        var ids = Set<String>()
        for decision in automatedDecisions?.decisions ?? [] {
            let place = PortabilityError.Place(field: "automated_decisions")
            guard ids.insert(decision.id).inserted else {
                throw PortabilityError(.configuration, "an automated decision is declared twice", at: place)
            }
            for id in decision.datasets where !datasets.contains(id) {
                throw PortabilityError(
                    .configuration,
                    "the automated decision `\(decision.id)` names the dataset `\(id)`, which is not there",
                    remedy: nearest(id, in: datasets.sorted()).map { "Did you mean `\($0)`?" }
                        ?? "Name a dataset of a source", at: place)
            }
        }
    }
}

/// What is checked of one dataset.
private struct DatasetCheck {
    let configuration: Configuration
    let dataset: DatasetDeclaration
    let place: PortabilityError.Place

    func error(_ message: String, remedy: String? = nil, key: String? = nil) -> PortabilityError {
        var place = place
        place.field = key
        return PortabilityError(.configuration, message, remedy: remedy, at: place)
    }

    func id(among ids: inout Set<String>) throws {
        guard !dataset.id.isEmpty, dataset.id.utf8.count <= 60,
            dataset.id.utf8.allSatisfy({ ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45 })
        else { throw error("a dataset's id may hold only a-z, 0-9 and -, at most 60") }
        // The id of a dataset with files names the list of these too.
        let hasFiles = dataset.entity == "invoice" || dataset.entity == "document"
        let own = hasFiles ? [dataset.id, "\(dataset.id)-documents"] : [dataset.id]
        guard own.allSatisfy({ ids.insert($0).inserted }) else {
            throw error("two datasets have the same id", remedy: "Rename one: the id is a file name")
        }
        guard !reservedNames.contains(dataset.id) else {
            throw error(
                "the dataset's id is a name that some systems keep for devices",
                remedy: "Rename it: the id is a file name")
        }
    }

    func entity(of catalogue: Catalogue) throws -> Entity {
        if let entity = catalogue.entity(named: dataset.entity) { return entity }
        let names = catalogue.entities.map(\.name)
        throw error(
            "there is no such entity in the catalogue",
            remedy: nearest(dataset.entity, in: names).map { "Did you mean `\($0)`?" }
                ?? "Known: \(names.joined(separator: ", "))")
    }

    func purposes() throws {
        guard !dataset.purposes.isEmpty else {
            throw error("the dataset has no purpose", remedy: "Add `purposes: [...]` with ids from `purposes`")
        }
        for id in dataset.purposes {
            guard let purpose = configuration.purpose(id) else {
                throw error(
                    "the dataset names the purpose `\(id)`, which is not declared",
                    remedy: nearest(id, in: configuration.purposes.map(\.id)).map { "Did you mean `\($0)`?" }
                        ?? "Declare it under `purposes`")
            }
            if purpose.isMarketing, dataset.role == .processor || dataset.entity == "invoice" {
                throw error(
                    "invoice data may not have the marketing purpose `\(id)`",
                    remedy: "Remove the purpose: data from invoices are not used for direct marketing")
            }
        }
        if dataset.origin.kind == .provided, dataset.origin.by == nil {
            throw error(
                "the dataset does not say who provided its data",
                remedy: "Write `origin: { provided: subject }`, or colleague, customer, third-party")
        }
    }

    func subjects() throws {
        let kinds = configuration.identifiers.map(\.name)
        for kind in dataset.subjectKinds where !kinds.contains(kind) {
            throw error(
                "the dataset uses the identifier `\(kind)`, which is not declared",
                remedy: nearest(kind, in: kinds).map { "Did you mean `\($0)`?" } ?? "Declare it under `identifiers`")
        }
    }

    /// The date that a dataset's records have, and the rule that counts from it.
    func retention(_ entity: Entity) throws {
        if let name = dataset.recordDate {
            let dates = entity.fields.filter(\.isDate).map(\.name)
            guard dates.contains(name) else {
                let isField = entity.fields.contains { $0.name == name }
                throw error(
                    isField
                        ? "the field that dates a record holds no date" : "the field that dates a record is not there",
                    remedy: nearest(name, in: dates).map { "Did you mean `\($0)`?" }
                        ?? (dates.isEmpty
                            ? "The entity has no date: leave `date` out"
                            : "Dates of `\(entity.name)`: \(dates.joined(separator: ", "))"),
                    key: "date")
            }
        }
        guard let id = dataset.retentionRule else { return }
        guard let rule = configuration.retentionRules[id] else {
            throw error(
                "there is no such retention rule",
                remedy: nearest(id, in: configuration.retentionRules.keys.sorted()).map { "Did you mean `\($0)`?" }
                    ?? "Declare it under `retention`", key: "retention")
        }
        if rule.needsFinancialYears, configuration.financialYears == nil {
            throw error(
                "the retention rule `\(id)` counts from financial years, and none are told",
                remedy: "Add `financial_year: { ends: \"12-31\" }` with the day on which yours end", key: "retention")
        }
        switch rule {
        case .after, .afterCalendarYear, .afterFinancialYear:
            guard dataset.recordDate != nil else {
                throw error(
                    "the retention rule `\(id)` counts from a date, and the dataset does not say which",
                    remedy: "Add `date:` with the field that dates its records", key: "retention")
            }
        case .criterion, .asInstructed: break
        }
    }

    func classes(_ entity: Entity) throws {
        guard let classes = dataset.classes else { return }
        var values = Set<String>()
        for (value, _) in classes.values where !values.insert(value).inserted {
            throw error("a value decides for two record classes", remedy: "Leave one of them out", key: "class")
        }
        guard !classes.names.isEmpty else {
            throw error("there is no record class", remedy: "Add `values: { … }`", key: "class")
        }
        let layout = EntityLayout(entity)
        guard let (group, index) = layout.position(ofPath: classes.field) else {
            throw error(
                "the field that tells record classes apart is not a field of `\(entity.name)`",
                remedy: near(classes.field, in: layout), key: "class")
        }
        let field = layout.groups[group].fields[index]
        var outer = group
        var isRepeated = field.isList
        while outer >= 0 {
            isRepeated = isRepeated || layout.groups[outer].isList
            outer = layout.groups[outer].parent
        }
        guard let kind = field.kind, [.string, .boolean, .integer].contains(kind), !isRepeated else {
            throw error(
                "the field that tells record classes apart is not one short value",
                remedy: "Name a field of text, whole numbers or true and false that is no list", key: "class")
        }
    }

    // MARK: Rules

    func rules(_ entity: Entity) throws {
        // Only rules can be wrong, or take more under one right than under another.
        if dataset.rules.isEmpty { return }
        let layout = EntityLayout(entity)
        let names = dataset.classes?.names ?? []
        for rule in dataset.rules {
            for name in rule.classes where !names.contains(name) {
                throw error(
                    "a rule names a record class that is not declared",
                    remedy: nearest(name, in: names).map { "Did you mean `\($0)`?" }
                        ?? (names.isEmpty
                            ? "Declare classes with `class: { field, values }`"
                            : "Known: \(names.joined(separator: ", "))"),
                    key: "rules")
            }
            try target(rule, layout)
        }
        for right in Right.allCases {
            do {
                _ = try FieldDecisions(layout: layout, dataset: dataset, right: right, scansText: true)
            } catch let error as PortabilityError {
                throw self.error("\(error.message): \(error.place.field ?? "")", remedy: error.remedy, key: "rules")
            }
        }
        try accessIsWidest(layout)
    }

    private func target(_ rule: FieldRule, _ layout: EntityLayout) throws {
        var field: EntityLayout.Field?
        switch rule.target {
        case .field(let path):
            // What no field was found for is one thing, beside the catalogue's fields.
            if path == "other" { break }
            guard let (group, index) = layout.position(ofPath: path) else {
                throw error(
                    "a rule is for a field that `\(layout.entity.name)` does not have", remedy: near(path, in: layout),
                    key: "rules")
            }
            field = layout.groups[group].fields[index]
        case .others: break
        case .record:
            guard rule.action == .withhold else {
                throw error("a rule for whole records can only withhold them", key: "rules")
            }
        case .documents:
            guard rule.action == .keep || rule.action == .withhold else {
                throw error(
                    "a rule for files can only keep or withhold them", remedy: "Nothing in a file can be masked",
                    key: "rules")
            }
        }
        guard rule.action == .label else { return }
        guard case .field = rule.target, field?.kind == .string else {
            throw error(
                "a rule puts a role label on what is no field of text",
                remedy: "Name the field that holds the name of a member of staff", key: "rules")
        }
        guard configuration.staff != nil else {
            throw error(
                "a rule puts a role label on a name, and there is no list of staff",
                remedy: "Add `staff: { file: … }`, or a `staff` query to a source", key: "rules")
        }
        guard configuration.secretFile != nil else {
            throw error(
                "a rule puts a role label on a name, and there is no secret to number labels by",
                remedy: "Add `secret_file:` with the path of a file of 32 random bytes or more", key: "rules")
        }
    }

    /// Article 20 covers less than Article 15 and never more, so that no rule may take from an access archive what it
    /// leaves in a portability archive.
    private func accessIsWidest(_ layout: EntityLayout) throws {
        let portability = ScopeRules(
            right: .portability, purposes: configuration.purposes,
            portableLegitimateInterest: configuration.portableLegitimateInterest)
        guard portability.ground(for: dataset) == nil else { return }
        if let found = try FieldDecisions.contradictions(layout: layout, dataset: dataset).first {
            throw tooMuch(found.path == "(record)" ? "records" : found.path)
        }
        func files(_ right: Right) -> FieldAction {
            dataset.rules.first { $0.target == .documents && ($0.rights.isEmpty || $0.rights.contains(right)) }?.action
                ?? .keep
        }
        if files(.access) > files(.portability) { throw tooMuch("files") }
    }

    private func tooMuch(_ what: String) -> PortabilityError {
        error(
            "the rules take more from an access archive than from a portability archive (\(what))",
            remedy: "Leave `right` out, or name both rights", key: "rules")
    }

    private func near(_ path: String, in layout: EntityLayout) -> String? {
        let known = layout.groups.flatMap { group in
            group.fields.map { (group.path + [$0.name]).joined(separator: ".") }
        }
        return nearest(path, in: known).map { "Did you mean `\($0)`?" }
    }
}

extension Field {
    /// True for one value that names a day.
    fileprivate var isDate: Bool {
        guard !isList, case .value(let kind) = type else { return false }
        return [.date, .timestamp, .localTimestamp].contains(kind)
    }
}

/// File names that Windows keeps for devices, whatever their ending.
let reservedNames: Set<String> = Set(
    ["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] })

extension EntityLayout {
    /// Group and field index of a dotted path.
    func position(ofPath path: String) -> (group: Int, field: Int)? {
        var group = 0
        let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for (depth, name) in names.enumerated() {
            guard let field = groups[group].index(of: name) else { return nil }
            if depth == names.count - 1 { return (group, field) }
            guard groups[group].fields[field].group >= 0 else { return nil }
            group = groups[group].fields[field].group
        }
        return nil
    }
}
