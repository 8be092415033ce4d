import PortabilityModel
import SourceFiles

/// What becomes of each stream and field of a tap.
struct TapCoverage {
    var plans: [RecordPlan]
    var declaration: SourceDeclaration

    /// Streams in the catalogue's order, their fields in the schema's.
    func items(_ catalogue: TapCatalogue) -> [CoverageItem] {
        catalogue.streams.flatMap { stream -> [CoverageItem] in
            let readers = plans.filter { reads($0, stream) }
            let fields = stream.fields
            if fields.isEmpty {
                return [
                    CoverageItem(
                        container: told(stream.id), name: nil,
                        use: readers.first.map { .exported(dataset: $0.id, field: "other") }
                            ?? sourceExclusion(stream, nil) ?? .unknown, candidate: readers.first?.id)
                ]
            }
            return fields.map { field in
                CoverageItem(
                    container: told(stream.id), name: told(field.name), type: field.type,
                    use: use(of: field, in: stream, readers), candidate: readers.first?.id)
            }
        }
    }

    /// A name as it may be told: some taps make names of streams and fields out of the data.
    private func told(_ name: String) -> String { isTellable(name.utf8) ? name : "*" }

    /// By stream's id, the fields that no dataset reads, so that the tap need not give them.
    func unread(_ streams: [TapCatalogue.Stream]) -> [String: Set<String>] {
        var unread: [String: Set<String>] = [:]
        for stream in streams {
            let readers = plans.filter { reads($0, stream) }
            unread[stream.id] = Set(
                stream.fields.map(\.name).filter { name in
                    readers.allSatisfy { plan in
                        isExcluded(name, in: plan) && !plan.paths.contains { $0.path.top == name }
                    }
                })
        }
        return unread
    }

    private func reads(_ plan: RecordPlan, _ stream: TapCatalogue.Stream) -> Bool {
        plan.stream == stream.id || plan.stream == stream.name
    }

    private func isExcluded(_ name: String, in plan: RecordPlan) -> Bool {
        plan.child(Array(name.utf8)[...], of: 0).map { plan.nodes[$0].isExcluded } ?? false
    }

    private func use(
        of field: TapCatalogue.Field, in stream: TapCatalogue.Stream, _ readers: [RecordPlan]
    ) -> CoverageItem.Use {
        if field.isAvailable {
            // A field of the catalogue before `other`, and that before the key.
            for plan in readers where !isExcluded(field.name, in: plan) {
                if let slot = plan.slots.first(where: { $0.path.top == field.name }) {
                    return .exported(dataset: plan.id, field: slot.path.names.count == 1 ? slot.name : "other")
                }
            }
            for plan in readers where !isExcluded(field.name, in: plan) {
                let isKey =
                    plan.recordID.contains { $0.top == field.name }
                    || plan.recordID.isEmpty && stream.keyProperties.contains(field.name)
                return .exported(dataset: plan.id, field: isKey ? nil : "other")
            }
        }
        for plan in readers {
            let own = declaration.datasets.first { $0.id == plan.id }?.exclusions ?? []
            if let found = own.first(where: { isMeant($0, stream, field.name) }) {
                return .excluded(found.ground, heldIn: found.heldIn)
            }
        }
        if let excluded = sourceExclusion(stream, field.name) { return excluded }
        let selects = readers.first { plan in plan.paths.contains { $0.path.top == field.name } }
        if let selects, field.isAvailable { return .exported(dataset: selects.id, field: nil) }
        return .unknown
    }

    private func sourceExclusion(_ stream: TapCatalogue.Stream, _ name: String?) -> CoverageItem.Use? {
        declaration.exclusions.first { exclusion in
            [stream.id, stream.name].contains(exclusion.column) || name.map { isMeant(exclusion, stream, $0) } ?? false
        }.map { .excluded($0.ground, heldIn: $0.heldIn) }
    }

    private func isMeant(
        _ exclusion: DatasetDeclaration.Exclusion, _ stream: TapCatalogue.Stream, _ name: String
    ) -> Bool {
        [stream.id, stream.name].contains { exclusion.column(in: $0) == name }
    }
}
