public import PortabilityModel

extension ProcessingInformation {
    /// What is to be told of the data that an archive's summary names.
    ///
    /// A category is told if records of it are in the archive, if records, fields or whole datasets of it were left out
    /// by rule, or if it could not be read. What was searched and not found is not told, nor what the person did not
    /// ask for. To a person only what is held as controller is told; what is processed for others is theirs to tell. To
    /// a controller only what is processed on its behalf is told.
    ///
    /// - Parameters:
    ///   - automatedDecisions: As configured; only those that use data told here are passed on.
    ///   - authorities: Of other countries.
    ///   - residence: Where the person lives, ISO 3166-1 alpha-2; nil if it is not known.
    public init(
        _ summary: ArchiveSummary, automatedDecisions: AutomatedDecisions?, authorities: [Authority] = [],
        residence: String? = nil
    ) {
        let named = namedAuthorities(
            own: summary.authority, others: authorities, controllersCountry: summary.controller.country,
            residence: residence)
        self.init(controller: summary.controller, policy: summary.policy, authority: named.first)
        controllersAuthority = named.second
        statesRecipients = !summary.recipients.isEmpty
        isToSubject = summary.right == .access || summary.right == .portability
        let role: Role? =
            switch summary.right {
            case .access, .portability: .controller
            case .handover: .processor
            case .switching: nil
            }
        self.automatedDecisions = automatedDecisions
        held = Category.allCases.compactMap { category in
            let told = summary.datasets.compactMap { dataset -> Told? in
                guard dataset.declaration.category == category, role == nil || dataset.declaration.role == role else {
                    return nil
                }
                return Told(dataset, purposes: summary.purposes)
            }
            return told.isEmpty
                ? nil
                : Held(
                    category, told, summary: summary, automatedDecisions: automatedDecisions, isToSubject: isToSubject)
        }
        let relevant = Set(held.flatMap { $0.decisions.map(\.id) })
        self.automatedDecisions?.decisions.removeAll { !relevant.contains($0.id) }
        hasOtherDecisions = (automatedDecisions?.decisions.count ?? 0) > relevant.count
    }
}

/// The authority that is named first, and the controller's own if it is another one (Article 77: habitual residence,
/// place of work, or where the infringement happened).
public func namedAuthorities(
    own: Authority, others: [Authority], controllersCountry: String, residence: String?
) -> (first: Authority, second: Authority?) {
    guard let residence, residence != own.country ?? controllersCountry,
        let local = others.first(where: { $0.country == residence })
    else { return (own, nil) }
    return (local, own)
}

/// A dataset that is told, with what follows from its declaration. It is large, and stands in many lists.
final class Told {
    let dataset: ArchiveSummary.Dataset
    let part: ProcessingInformation.Part
    let purposes: [Purpose]

    /// Nil if there is nothing to tell: nothing found, not searched, not asked for.
    init?(_ dataset: ArchiveSummary.Dataset, purposes: [Purpose]) {
        var grounds: [Ground] = []
        for withheld in dataset.withheldRecords + dataset.withheldDocuments
        where withheld.count > 0 && !grounds.contains(withheld.ground) { grounds.append(withheld.ground) }
        let presence: ProcessingInformation.Presence
        switch dataset.outcome {
        case .exported:
            guard dataset.records > 0 || !grounds.isEmpty else { return nil }
            presence = grounds.isEmpty ? .here : dataset.records > 0 ? .partial : .withheld
        case .partial: presence = .partial
        case .failed: presence = .failed
        case .withheld(.notRequested), .notRead: return nil
        case .withheld(let ground):
            grounds = [ground]
            presence = .withheld
        }
        let declaration = dataset.declaration
        self.dataset = dataset
        self.purposes = purposes.filter { declaration.purposes.contains($0.id) }
        part = ProcessingInformation.Part(
            dataset: declaration.id, label: dataset.label, meaning: dataset.meaning, records: dataset.records,
            presence: presence, grounds: grounds, purposes: self.purposes.map(\.id), origin: declaration.origin,
            means: declaration.means)
    }

    var id: String { part.dataset }
    func has(_ basis: LegalBasis) -> Bool { purposes.contains { $0.basis == basis } }
}

extension ProcessingInformation.Held {
    init(
        _ category: PortabilityModel.Category, _ told: [Told], summary: ArchiveSummary,
        automatedDecisions: AutomatedDecisions?, isToSubject: Bool
    ) {
        self.init(category: category, records: told.reduce(0) { $0 + $1.part.records })
        parts = told.map(\.part)
        labels = told.map(\.part.label)
        let presences = Set(parts.map(\.presence))
        presence = presences.count == 1 ? parts[0].presence : .partial
        purposes = summary.purposes.filter { purpose in told.contains { $0.part.purposes.contains(purpose.id) } }
        recipients = summary.recipients.filter { $0.categories.isEmpty || $0.categories.contains(category) }
        retention = told.map { told in
            var retention = ProcessingInformation.Retention(
                dataset: told.id, label: told.part.label,
                text: told.dataset.declaration.retention ?? ProcessingTexts.notStated, kept: told.dataset.kept)
            retention.isStated = told.dataset.declaration.retention != nil
            return retention
        }
        for origin in told.map(\.part.origin) where !origins.contains(origin) { origins.append(origin) }
        decisions =
            automatedDecisions?.decisions.filter { decision in
                decision.datasets.isEmpty || told.contains { decision.datasets.contains($0.id) }
            } ?? []
        specialCategories = SpecialCategory.allCases.filter { special in
            told.contains { $0.dataset.declaration.specialCategories.contains(special) }
        }
        mayConcernChildren = told.contains { $0.dataset.declaration.mayConcernChildren }
        if isToSubject {
            rights =
                SubjectRights(
                    told: told, purposes: purposes, decisions: decisions, statesDecisions: automatedDecisions != nil,
                    isParty: summary.userClass?.isParty ?? true
                ).all
        }
    }
}
