public import PortabilityModel

/// What a right covers, computed from the declarations (design §6), never hand-listed.
public struct ScopeRules: Sendable {
    public let right: Right
    /// Empty means all.
    public let include: [Category]
    public let exclude: [Category]
    public let purposes: [Purpose]
    /// Whether data under legitimate interest go into a portability archive (WP242: good practice, no duty).
    public let portableLegitimateInterest: Bool
    /// Whether the subject is a party to the contract. For an employee of a customer the contract is no basis that
    /// Article 20(1)(a) knows.
    public let isParty: Bool

    public init(
        right: Right, include: [Category] = [], exclude: [Category] = [], purposes: [Purpose],
        portableLegitimateInterest: Bool = false, isParty: Bool = true
    ) {
        self.right = right
        self.include = include
        self.exclude = exclude
        self.purposes = purposes
        self.portableLegitimateInterest = portableLegitimateInterest
        self.isParty = isParty
    }

    /// Why the dataset stays out; nil if it goes in.
    public func ground(for dataset: DatasetDeclaration) -> Ground? {
        // That a password or token exists, and since when, is told under the right of access only (design §6).
        if right != .access, dataset.entity == "credential" { return .secret }
        if let ground = legalGround(for: dataset) { return ground }
        if exclude.contains(dataset.category) || !(include.isEmpty || include.contains(dataset.category)) {
            return .notRequested
        }
        return nil
    }

    private func legalGround(for dataset: DatasetDeclaration) -> Ground? {
        switch right {
        case .access:
            return dataset.role == .controller ? nil : .processor
        case .handover:
            return dataset.role == .processor ? nil : .controller
        case .portability:
            if dataset.role == .processor { return .processor }
            if dataset.means == .manual { return .means }
            let isOwn =
                dataset.origin.kind == .observed
                || (dataset.origin.kind == .provided && dataset.origin.by == .subject)
            if !isOwn { return .origin }
            var bases: [LegalBasis] = isParty ? [.contract, .consent] : [.consent]
            if portableLegitimateInterest { bases.append(.legitimateInterest) }
            if hasBasis(dataset, bases) { return nil }
            return hasBasis(dataset, [.contract]) ? .notParty : .basis
        case .switching:
            if dataset.means == .manual { return .means }
            if dataset.origin.kind != .observed && dataset.origin.kind != .provided { return .origin }
            return hasBasis(dataset, [.contract]) ? nil : .basis
        }
    }

    private func hasBasis(_ dataset: DatasetDeclaration, _ bases: [LegalBasis]) -> Bool {
        dataset.purposes.contains { id in purposes.contains { $0.id == id && bases.contains($0.basis) } }
    }
}
