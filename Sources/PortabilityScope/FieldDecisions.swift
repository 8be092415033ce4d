public import PortabilityModel
import PortabilityText

/// What becomes of each field of a dataset's records under a right: computed once for each record class, shown before
/// a row is read, applied to the tape of every batch.
///
/// How it is decided, first match first:
/// 1. secrets are withheld;
/// 2. a declared rule for the field, or for a group around it;
/// 3. free text is looked through for other people's identifiers;
/// 4. what the subject's own side of an invoice says is the subject's;
/// 5. another person's data (the catalogue marks the fields): kept for a customer or controller, who answers for them;
///    kept where the subject entered them and still controls them (WP242); else as the dataset's rule for `others`
///    says, and masked if there is none;
/// 6. everything else is kept.
///
/// An identification number of another is judged by its value too: a personal identity code is withheld whole whatever
/// the rules say, unless the archive goes to the controller of the data; a business id follows the rules.
public struct FieldDecisions: Sendable {
    /// A decision that does something.
    public struct Rule: Sendable, Hashable {
        /// Names with dots; `other` for all fields that the catalogue does not know.
        public var path: String
        public var action: FieldAction
        public var ground: Ground
        /// The record class that it holds for; nil if the dataset has none.
        public var recordClass: String?
    }

    /// What the walk over the tape does with a field.
    enum Step: Equatable, Sendable {
        case keep
        /// Free text: looked through.
        case scan
        /// A rule of ``rules``.
        case rule(Int)
        /// An identification number: the first rule if it is a person's code, else the second, or kept if that is -1.
        case identification(Int, otherwise: Int)
    }

    /// One class's table.
    struct Table: Sendable {
        /// Per group of the layout, per field.
        let steps: [[Step]]
        /// The ground on which whole records of the class are left out.
        let recordGround: Ground?
        /// What becomes of fields that the catalogue does not know.
        let other: Step
        // Asked for every record.
        let scans: Bool
        let keepsAll: Bool

        init(steps: [[Step]], recordGround: Ground?, other: Step) {
            self.steps = steps
            self.recordGround = recordGround
            self.other = other
            scans = other == .scan || steps.contains { $0.contains(.scan) }
            keepsAll = other == .keep && steps.allSatisfy { $0.allSatisfy { $0 == .keep } }
        }
    }

    /// The rules of all classes, in catalogue order.
    public private(set) var rules: [Rule] = []
    /// Grounds on which whole records are left out, with the class.
    public private(set) var recordRules: [(recordClass: String?, ground: Ground)] = []
    /// One per class of ``DatasetDeclaration/classes``, or the only one.
    private(set) var tables: [Table] = []
    /// Per group, per field: by which mask it is hidden.
    let masks: [[DetectedKind?]]
    /// Per group, per field: whether it holds a name.
    let names: [[Bool]]
    /// Whether a field refers to a file.
    let refers: Bool

    /// True if free text is looked through.
    public var scans: Bool { tables.contains { $0.scans } }
    /// True if records of every class pass as they are.
    public var keepsAll: Bool { recordRules.isEmpty && tables.allSatisfy { $0.keepsAll } }

    /// Decides. O(classes × fields).
    ///
    /// - Parameters:
    ///   - scansText: whether free text is looked through under this right.
    ///   - duplicates: paths of the subject's own identity codes that stand verbatim in another dataset already.
    /// - Throws: `configuration` if a rule cannot be applied.
    public init(
        layout: EntityLayout, dataset: DatasetDeclaration, right: Right, scansText: Bool, duplicates: Set<String> = []
    ) throws {
        masks = layout.groups.map { group in group.fields.map { MaskKind.of($0.definition) } }
        names = layout.groups.map { group in
            group.fields.map { $0.kind == .string && ($0.name == "name" || $0.name.hasSuffix("_name")) }
        }
        refers = layout.groups.contains { $0.fields.contains { $0.kind == .reference } }
        let classes: [String?] = dataset.classes?.names ?? [nil]
        for recordClass in classes {
            var maker = Maker(
                layout: layout, dataset: dataset, right: right, recordClass: recordClass, scansText: scansText,
                duplicates: duplicates, rules: rules)
            let table = try maker.table()
            rules = maker.rules
            if let ground = table.recordGround { recordRules.append((recordClass, ground)) }
            tables.append(table)
        }
    }

    /// Fields that are masked more under access than under portability, which no configuration may ask for: the right
    /// of access covers at least what the right to data portability does.
    public static func contradictions(
        layout: EntityLayout, dataset: DatasetDeclaration
    ) throws -> [(path: String, recordClass: String?)] {
        let access = try FieldDecisions(layout: layout, dataset: dataset, right: .access, scansText: true)
        let portability = try FieldDecisions(layout: layout, dataset: dataset, right: .portability, scansText: true)
        var found: [(path: String, recordClass: String?)] = []
        for (index, recordClass) in (dataset.classes?.names.map(Optional.some) ?? [nil]).enumerated() {
            for (groupIndex, group) in layout.groups.enumerated() {
                for (fieldIndex, field) in group.fields.enumerated() {
                    let more = access.strictness(index, groupIndex, fieldIndex)
                    if more > portability.strictness(index, groupIndex, fieldIndex) {
                        found.append(((group.path + [field.name]).joined(separator: "."), recordClass))
                    }
                }
            }
            if access.tables[index].recordGround != nil, portability.tables[index].recordGround == nil {
                found.append(("(record)", recordClass))
            }
        }
        return found
    }

    private func strictness(_ table: Int, _ group: Int, _ field: Int) -> FieldAction {
        switch tables[table].steps[group][field] {
        case .keep, .scan: .keep
        case .rule(let index), .identification(_, otherwise: let index): index < 0 ? .keep : rules[index].action
        }
    }
}

/// Makes the table of one class.
private struct Maker {
    let layout: EntityLayout
    let dataset: DatasetDeclaration
    let right: Right
    let recordClass: String?
    let scansText: Bool
    let duplicates: Set<String>
    var rules: [FieldDecisions.Rule]

    mutating func table() throws -> FieldDecisions.Table {
        var steps: [[FieldDecisions.Step]] = layout.groups.map { Array(repeating: .keep, count: $0.fields.count) }
        for (groupIndex, group) in layout.groups.enumerated() {
            for (fieldIndex, field) in group.fields.enumerated() {
                let path = (group.path + [field.name]).joined(separator: ".")
                steps[groupIndex][fieldIndex] =
                    try field.kind == nil ? groupStep(path) : step(for: field, at: path)
            }
        }
        var other: FieldDecisions.Step = scansText ? .scan : .keep
        if let rule = declared("other") {
            switch rule.action {
            case .keep: other = .keep
            case .withhold: other = add("other", .withhold, rule.ground)
            case .mask, .label: throw unfit("other", rule.action)
            }
        }
        let whole = dataset.rules.first { $0.target == .record && fits($0) }
        if let whole, whole.action != .withhold { throw unfit("(record)", whole.action) }
        return FieldDecisions.Table(steps: steps, recordGround: whole?.ground, other: other)
    }

    /// A group is left out whole by a rule of its own; all other rules are those of its fields.
    private mutating func groupStep(_ path: String) throws -> FieldDecisions.Step {
        let own = dataset.rules.first { $0.target == .field(path) && fits($0) }
        guard let own, own.action == .withhold else { return .keep }
        return add(path, .withhold, own.ground)
    }

    private mutating func step(for field: EntityLayout.Field, at path: String) throws -> FieldDecisions.Step {
        let definition = field.definition
        if definition.sensitivity == .secret { return add(path, .withhold, .secret) }
        let goesToController = right == .switching || right == .handover
        let isAnothers = definition.thirdParty && !isOwnSide(path)
        if let rule = declared(path) {
            let isText = field.kind == .string
            if rule.action == .label && !isText { throw unfit(path, .label) }
            if rule.action == .mask && (!isText || definition.sensitivity == .free) { throw unfit(path, .mask) }
            return judged(field, path, rule.action, rule.ground, isAnothers && !goesToController)
        }
        if definition.sensitivity == .free, field.kind == .string || field.kind == .json {
            return scansText ? .scan : .keep
        }
        if definition.sensitivity == .nationalID, !definition.thirdParty {
            return duplicates.contains(path) ? add(path, .mask, .duplicate) : .keep
        }
        guard isAnothers, !goesToController, definition.sensitivity != .free else { return .keep }
        if dataset.origin == Origin(kind: .provided, by: .subject) {
            return judged(field, path, .keep, .others, true)
        }
        let rule = dataset.rules.first { $0.target == .others && fits($0) }
        var action = rule?.action ?? .mask
        // A date or an amount has no readable part.
        if field.kind != .string, action == .mask || action == .label { action = .withhold }
        return judged(field, path, action, rule?.ground ?? .others, true)
    }

    /// The step of an action; another's identification number is judged by its value too.
    private mutating func judged(
        _ field: EntityLayout.Field, _ path: String, _ action: FieldAction, _ ground: Ground, _ isAnothers: Bool
    ) -> FieldDecisions.Step {
        let plain = add(path, action, ground)
        guard isAnothers, field.definition.sensitivity == .nationalID, action != .withhold,
            case .rule(let code) = add(path, .withhold, .identityCode)
        else { return plain }
        if case .rule(let index) = plain { return .identification(code, otherwise: index) }
        return .identification(code, otherwise: -1)
    }

    private mutating func add(_ path: String, _ action: FieldAction, _ ground: Ground) -> FieldDecisions.Step {
        if action == .keep { return .keep }
        rules.append(FieldDecisions.Rule(path: path, action: action, ground: ground, recordClass: recordClass))
        return .rule(rules.count - 1)
    }

    /// The first rule that names the field, or a group around it.
    private func declared(_ path: String) -> FieldRule? {
        dataset.rules.first { rule in
            guard case .field(let target) = rule.target, fits(rule) else { return false }
            return target == path || path.hasPrefix(target + ".")
        }
    }

    private func fits(_ rule: FieldRule) -> Bool {
        (rule.rights.isEmpty || rule.rights.contains(right))
            && (rule.classes.isEmpty || recordClass.map(rule.classes.contains) ?? false)
    }

    private func isOwnSide(_ path: String) -> Bool {
        guard let own = dataset.ownParty else { return false }
        return path == own || path.hasPrefix(own + ".")
    }

    private func unfit(_ path: String, _ action: FieldAction) -> PortabilityError {
        PortabilityError(
            .configuration, "the rule `\(action.rawValue)` cannot be applied to this field",
            remedy: "A number, date or whole free text can be kept or withheld only; what stands inside free text is "
                + "ruled by `free_text`", at: .init(dataset: dataset.id, field: path))
    }
}
