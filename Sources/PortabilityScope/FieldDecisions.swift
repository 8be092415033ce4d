public import PortabilityModel

/// What becomes of each field of a dataset's records under a right: computed once for each record class, shown before
/// a row is read, applied to the tape of every batch.
///
/// How it is decided, first match first:
/// 1. secrets are withheld;
/// 2. a declared rule for the field or for a group around it;
/// 3. what the subject's own side of an invoice says is the subject's;
/// 4. another person's data (the catalogue marks the fields): kept for a customer or controller, who answers for them;
///    kept where the subject entered them and still controls them (WP242); else as the dataset's rule for `others`
///    says, and masked if it has none;
/// 5. an identification number that the catalogue marks as another's: a personal identity code is withheld whole
///    whatever the rules say, unless the archive goes to its controller; a business id follows the rules;
/// 6. free text is scanned;
/// 7. everything else is kept.
public struct FieldDecisions: Sendable {
    /// A decision that does something.
    public struct Rule: Sendable, Hashable {
        /// Names with dots.
        public var path: String
        public var action: FieldAction
        public var ground: Ground
        /// The record class that it holds for; nil if the dataset has none, or if it holds for all.
        public var recordClass: String?

        public init(path: String, action: FieldAction, ground: Ground, recordClass: String? = nil) {
            self.path = path
            self.action = action
            self.ground = ground
            self.recordClass = recordClass
        }
    }

    /// What the walk over the tape does with a field.
    enum Step: Equatable, Sendable {
        case keep
        /// Free text: looked through.
        case scan
        /// A rule of ``rules``.
        case rule(Int)
        /// An identification number: withheld by the rule if it is a person's code, else as the second step says.
        case identification(rule: Int, otherwise: Int)
    }

    /// One class's table.
    struct Table: Sendable {
        /// Per group of the layout, per field.
        var steps: [[Step]]
        /// The ground on which whole records of the class are left out.
        var recordGround: Ground?
        /// What becomes of fields that no catalogue entry describes.
        var other: Step
        var keepsAll: Bool
        var scans: Bool
    }

    /// All rules of all classes, in catalogue order.
    public private(set) var rules: [Rule] = []
    /// One per class of ``DatasetDeclaration/classes``, or the only one.
    private(set) var tables: [Table] = []
    /// Grounds on which whole records are left out, with the class.
    public private(set) var recordRules: [(recordClass: String?, ground: Ground)] = []
    /// True if some class has free text to be looked through.
    public var scans: Bool { tables.contains(where: \.scans) }
    /// True if records of every class pass as they are.
    public var keepsAll: Bool { tables.allSatisfy { $0.keepsAll && $0.recordGround == nil } }

    private let layout: EntityLayout
    private let dataset: DatasetDeclaration
    private let right: Right

    /// Decides. O(classes × fields).
    ///
    /// - Parameters:
    ///   - scansText: whether free text is looked through under this right.
    ///   - duplicates: paths of the subject's own identity codes that stand verbatim in another dataset already.
    /// - Throws: `configuration` if a rule cannot be applied: a mask on a value that has no readable part.
    public init(
        layout: EntityLayout, dataset: DatasetDeclaration, right: Right, scansText: Bool, duplicates: Set<String> = []
    ) throws {
        self.layout = layout
        self.dataset = dataset
        self.right = right
        let classes: [String?] = dataset.classes?.names ?? [nil]
        for recordClass in classes {
            tables.append(
                try table(recordClass, scansText: scansText, duplicates: duplicates))
        }
        // A rule that is the same in every class is one rule to whoever reads the plan.
    }

    private mutating func table(
        _ recordClass: String?, scansText: Bool, duplicates: Set<String>
    ) throws -> Table {
        var steps: [[Step]] = layout.groups.map { Array(repeating: .keep, count: $0.fields.count) }
        var scans = false
        for (groupIndex, group) in layout.groups.enumerated() {
            for (fieldIndex, field) in group.fields.enumerated() {
                let path = (group.path + [field.name]).joined(separator: ".")
                let step = try step(
                    for: field, at: path, recordClass, scansText: scansText, isDuplicate: duplicates.contains(path))
                steps[groupIndex][fieldIndex] = step
                if step == .scan { scans = true }
            }
        }
        var other: Step = scansText ? .scan : .keep
        if let rule = rule(for: "other", recordClass), rule.action != .keep {
            other = .rule(add(Rule(path: "other", action: rule.action, ground: rule.ground, recordClass: recordClass)))
        }
        let recordGround = dataset.rules.first {
            $0.target == .record && $0.action == .withhold && fits($0, recordClass)
        }?.ground
        if let recordGround { recordRules.append((recordClass, recordGround)) }
        let keeps = steps.allSatisfy { $0.allSatisfy { $0 == .keep || $0 == .scan } }
        if case .rule = other { return Table(steps: steps, recordGround: recordGround, other: other, keepsAll: false, scans: scans) }
        return Table(
            steps: steps, recordGround: recordGround, other: other, keepsAll: keeps && !scans && other == .keep,
            scans: scans || other == .scan)
    }

    private func step(
        for field: EntityLayout.Field, at path: String, _ recordClass: String?, scansText: Bool, isDuplicate: Bool
    ) throws -> Step { .keep }
}
