public import PortabilityModel
import Synchronization

/// The decisions on the fields of each dataset, made once for each right and kept, since many exports need the same.
///
/// What is kept is known by everything that decides, not by the dataset's id alone. May be used by many exports at once.
public final class DecisionStore: Sendable {
    private struct Key: Hashable {
        var dataset: String
        var entity: String
        var origin: Origin
        var rules: [FieldRule]
        var classes: [String]?
        var ownParty: String?
        var right: Right
        var scansText: Bool
        var duplicates: Set<String>
    }

    private let made = Mutex<[Key: FieldDecisions]>([:])

    public init() {}

    /// What becomes of the fields of a dataset; see ``FieldDecisions/init(layout:dataset:right:scansText:duplicates:)``.
    ///
    /// - Throws: `configuration` if a rule cannot be applied.
    public func decisions(
        layout: EntityLayout, dataset: DatasetDeclaration, right: Right, scansText: Bool, duplicates: Set<String>
    ) throws -> FieldDecisions {
        let key = Key(
            dataset: dataset.id, entity: dataset.entity, origin: dataset.origin, rules: dataset.rules,
            classes: dataset.classes?.names, ownParty: dataset.ownParty, right: right, scansText: scansText,
            duplicates: duplicates)
        if let known = made.withLock({ $0[key] }) { return known }
        let decisions = try FieldDecisions(
            layout: layout, dataset: dataset, right: right, scansText: scansText, duplicates: duplicates)
        made.withLock { $0[key] = decisions }
        return decisions
    }
}
