import PortabilityModel

/// What a right covers, computed from the declarations (design §6), never hand-listed.
struct ScopeRules: Sendable {
    let right: Right
    let include: [Category]
    let exclude: [Category]
    let purposes: [Purpose]
    let portableLegitimateInterest: Bool

    init(request: ExportRequest, configuration: Configuration) {
        right = request.right
        include = request.include
        exclude = request.exclude
        purposes = configuration.purposes
        portableLegitimateInterest = configuration.portableLegitimateInterest
    }

    /// Why the dataset stays out; nil if it goes in.
    func ground(for dataset: DatasetDeclaration) -> Ground? {
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
            var bases: [LegalBasis] = [.contract, .consent]
            if portableLegitimateInterest { bases.append(.legitimateInterest) }
            return hasBasis(dataset, bases) ? nil : .basis
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

/// Which fields of a dataset are withheld: computed once, applied to the tape of every batch.
struct FieldMask: Sendable {
    /// Per group of the layout, per field: index into ``rules``, or -1 to keep.
    private(set) var decisions: [[Int]]
    /// The fields withheld, with their grounds, in catalogue order.
    private(set) var rules: [(path: String, ground: Ground)] = []

    init(layout: EntityLayout, dataset: DatasetDeclaration) {
        decisions = layout.groups.map { Array(repeating: -1, count: $0.fields.count) }
        for (groupIndex, group) in layout.groups.enumerated() {
            for (fieldIndex, field) in group.fields.enumerated() {
                let path = (group.path + [field.name]).joined(separator: ".")
                let declared = dataset.withheldFields.first { $0.path == path }?.ground
                guard let ground = declared ?? (field.definition.sensitivity == .secret ? .secret : nil) else {
                    continue
                }
                decisions[groupIndex][fieldIndex] = rules.count
                rules.append((path, ground))
            }
        }
    }

    /// True if every field is kept, so that the tape can pass as it is.
    var keepsAll: Bool { rules.isEmpty }

    /// Removes withheld fields from a batch; adds to `counts` how many values each rule took out. O(tokens).
    func apply(to batch: inout RecordBatch, layout: EntityLayout, counts: inout [Int64]) {
        var tokens: [TapeToken] = []
        tokens.reserveCapacity(batch.tokens.count)
        // Where a begin stands in the new tape, and which group encloses what follows it.
        var open: [(begin: Int, group: Int)] = []
        for recordIndex in batch.records.indices {
            let range = batch.records[recordIndex].tokens
            let first = tokens.count
            var index = range.lowerBound
            open.removeAll(keepingCapacity: true)
            var group = 0
            while index < range.upperBound {
                let token = batch.tokens[index]
                switch token.kind {
                case .groupEnd, .listEnd:
                    guard let last = open.popLast() else { break }
                    group = last.group
                    let inside = tokens.count - last.begin - 1
                    if inside == 0 {
                        tokens.removeLast()
                    } else {
                        tokens[last.begin].length = UInt32(inside)
                        tokens.append(token)
                    }
                case .otherName:
                    tokens.append(token)
                default:
                    let isOther = token.field == TapeToken.otherField
                    let insideList =
                        open.last.map { tokens[$0.begin].kind == .listBegin } ?? false
                    if !isOther, !insideList {
                        let rule = decisions[group][Int(token.field)]
                        if rule >= 0 {
                            counts[rule] += 1
                            if token.kind == .groupBegin || token.kind == .listBegin { index += Int(token.length) + 1 }
                            index += 1
                            continue
                        }
                    }
                    tokens.append(token)
                    if token.kind == .listBegin {
                        open.append((tokens.count - 1, group))
                    } else if token.kind == .groupBegin {
                        open.append((tokens.count - 1, group))
                        group = layout.groups[group].fields[Int(token.field)].group
                    }
                }
                index += 1
            }
            batch.records[recordIndex].firstToken = UInt32(first)
            batch.records[recordIndex].tokenCount = UInt32(tokens.count - first)
        }
        batch.tokens = tokens
    }
}
