import PortabilityModel
import PortabilityScope

extension PortabilityEngine {
    /// Reads all sources side by side.
    func gather(
        _ plan: ExportPlan, received: String, known: KnownSubject, sources: [OpenSource],
        surroundings: DatasetWriter.Surroundings, progress: ProgressCounter, events: ExportEvents?
    ) async throws -> [SourceRun.Outcome?] {
        let limits = configuration.batchLimits
        let (encoders, layouts) = (encoders, layouts)
        return try await withThrowingTaskGroup(of: (Int, SourceRun.Outcome).self) { group in
            for (index, source) in sources.enumerated() {
                let planned = plan.datasets.filter {
                    $0.source == source.run.declaration.id && $0.decision == .read
                }
                let wanted = planned.map(\.dataset)
                let duplicates = Dictionary(uniqueKeysWithValues: planned.map { ($0.dataset.id, $0.duplicates) })
                guard let session = source.session, !wanted.isEmpty else { continue }
                let subject = known.keys(for: source.run.declaration)
                let run = source.run
                group.addTask {
                    events?.send(.sourceStarted(run.declaration.id))
                    let outcome = try await run.extract(
                        wanted, subject: subject, session: session, received: received, progress: progress
                    ) { declaration in
                        try DatasetPipeline(
                            declaration, layout: layouts[declaration.entity]!, documentLayout: layouts["document"],
                            subject: subject, limits: limits, surroundings: surroundings,
                            duplicates: duplicates[declaration.id] ?? [], executor: encoders)
                    }
                    events?.send(
                        .sourceEnded(
                            run.declaration.id, status: outcome.error == nil ? "read" : "failed",
                            records: outcome.datasets.reduce(0) { $0 + ($1.outcome?.result.exported ?? 0) }))
                    return (index, outcome)
                }
            }
            var outcomes = [SourceRun.Outcome?](repeating: nil, count: sources.count)
            do {
                for try await (index, outcome) in group { outcomes[index] = outcome }
            } catch {
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .success(let (_, outcome)) = result { outcome.discard() }
                }
                for outcome in outcomes { outcome?.discard() }
                throw error
            }
            return outcomes
        }
    }
}

/// What was gathered, before it is put together.
struct Gathered: Sendable {
    let plan: ExportPlan
    let known: KnownSubject
    /// Per source of the configuration.
    let openErrors: [PortabilityError?]
    let outcomes: [SourceRun.Outcome?]
    /// True if the identifiers lead to nobody.
    let isNothingHeld: Bool
    /// Per source of the configuration: what it holds beyond what the configuration knows.
    let drift: [[Finding]]

    /// - Throws: `notIdentified` if a source holds something after all; the error of a source that could not be read.
    func checkNothingHeld(_ sources: [ConfiguredSource]) throws {
        for (source, outcome) in zip(sources, outcomes) {
            guard let outcome else { continue }
            if let error = outcome.error { throw error }
            let losing = outcome.findings.filter(\.losesRecords)
            let malformed = losing.filter { $0.kind == .malformed }.reduce(0) { $0 + $1.count }
            if let first = losing.first,
                malformed > source.toleratedMalformed || losing.contains(where: { $0.kind != .malformed })
            {
                throw PortabilityError(
                    .unavailable, "a source could not be read whole, so nobody can say that it holds nothing",
                    remedy: "Mend it, then run again", at: first.place)
            }
            for dataset in outcome.datasets where (dataset.outcome?.result.extracted ?? 0) > 0 {
                throw PortabilityError(
                    .notIdentified, "there are records under an identifier of the request that leads to no subject",
                    remedy: "Find out whose they are; nothing held cannot be said",
                    at: .init(dataset: dataset.declaration.id))
            }
        }
    }

    /// Gives all spools back.
    func discard() { for outcome in outcomes { outcome?.discard() } }
}
