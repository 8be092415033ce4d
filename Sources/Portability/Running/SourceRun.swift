import PortabilityArchive
import PortabilityModel
import Synchronization

/// One opened source and what is read from it, on a thread of its own.
final class SourceRun: Sendable {
    let source: ConfiguredSource
    let declaration: SourceDeclaration
    let executor: BlockingExecutor
    /// Nil if one export has the source to itself.
    let turns: SourceTurns?
    /// What the source holds by its schema, once it was asked.
    let schema = Mutex<SourceCoverage?>(nil)

    init(_ source: ConfiguredSource, isShared: Bool = false) {
        self.source = source
        declaration = source.extractor.declaration
        executor = BlockingExecutor(threads: 1)
        turns = isShared ? SourceTurns() : nil
    }

    /// Runs work of the source on its thread.
    func onThread<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            if let turns { return try await turns.run(on: executor, work) }
            return try await withTaskExecutorPreference(executor) { try await work() }
        } catch {
            throw asPortabilityError(error).within(.init(source: declaration.id))
        }
    }

    /// What reading the source came to.
    struct Outcome: Sendable {
        struct Dataset: Sendable {
            var declaration: DatasetDeclaration
            /// nil if it could not be read.
            var outcome: DatasetPipeline.Outcome?
        }
        var datasets: [Dataset] = []
        var findings: [Finding] = []
        var error: PortabilityError?
        var asOf: String?
        var filesRead: Int64 = 0
        var bytesRead: Int64 = 0
        var attestations: [Attestation] = []

        /// Gives the spools back.
        func discard() { for dataset in datasets { dataset.outcome?.discard() } }
    }

    /// Errors after which no archive may be written at all: the rest of it could not be trusted either.
    static func isFatal(_ error: PortabilityError) -> Bool {
        switch error.code {
        case .scopeViolation, .output, .ledger, .cancelled, .configuration, .refused, .reviewNeeded: true
        default: false
        }
    }

    /// Datasets that are read in one pass.
    private struct Pass: Sendable {
        let datasets: [DatasetDeclaration]
        let pipelines: [DatasetPipeline]
        let sink: SourceSink
    }

    /// Extracts the datasets, those that are read together in one pass, and all passes in one turn of the source.
    ///
    /// - Throws: only what forbids any archive (``isFatal(_:)``); everything else is in the outcome.
    func extract(
        _ datasets: [DatasetDeclaration], subject: SubjectKeys, session: any ExtractionSession, received: String,
        progress: ProgressCounter, makePipeline: (DatasetDeclaration) throws -> DatasetPipeline
    ) async throws -> Outcome {
        let passes = try (source.readsTogether ? [datasets] : datasets.map { [$0] }).filter { !$0.isEmpty }.map {
            let pipelines = try $0.map(makePipeline)
            return Pass(
                datasets: $0, pipelines: pipelines,
                sink: SourceSink(source: declaration.id, channels: pipelines, progress: progress))
        }
        let ends: [Result<ExtractionEnd, PortabilityError>]
        do {
            ends = try await withTaskCancellationHandler {
                try await onThread { [declaration] in
                    var ends: [Result<ExtractionEnd, PortabilityError>] = []
                    for pass in passes {
                        do {
                            try pass.sink.checkWanted()
                            let request = ExtractionRequest(
                                datasets: pass.datasets.map(\.id), subject: subject, received: received)
                            ends.append(.success(try await session.extract(request, into: pass.sink)))
                        } catch {
                            let error = asPortabilityError(error).within(.init(source: declaration.id))
                            ends.append(.failure(error))
                            if Self.isFatal(error) { break }
                        }
                        for pipeline in pass.pipelines { await pipeline.settle() }
                    }
                    return ends
                }
            } onCancel: {
                for pass in passes { pass.sink.giveUp() }
            }
        } catch {
            for pass in passes { await abandon(pass) }
            throw error
        }
        var outcome = Outcome()
        for (index, end) in ends.enumerated() {
            do {
                try Task.checkPortabilityCancellation()
                try await finish(passes[index], try end.get(), &outcome)
            } catch {
                await abandon(passes[index])
                let error = asPortabilityError(error)
                if Self.isFatal(error) {
                    for pass in passes[(index + 1)...] { await abandon(pass) }
                    outcome.discard()
                    throw error.within(.init(source: declaration.id))
                }
                outcome.error = outcome.error ?? error
                outcome.datasets += passes[index].datasets.map { .init(declaration: $0, outcome: nil) }
            }
            outcome.findings += passes[index].sink.findings
        }
        return outcome
    }

    /// Waits until what a pass delivered is written, and counts it.
    private func finish(_ pass: Pass, _ end: ExtractionEnd, _ outcome: inout Outcome) async throws {
        var finished: [Outcome.Dataset] = []
        for (index, pipeline) in pass.pipelines.enumerated() {
            let result = try await pipeline.finish()
            finished.append(.init(declaration: pipeline.declaration, outcome: result))
            guard end.records.count == pass.datasets.count, end.records[index] == result.result.extracted else {
                throw PortabilityError(
                    .ledger, "the extractor states another number of records than it delivered",
                    remedy: "This is a fault of the extractor; the archive was not written",
                    at: .init(source: declaration.id, dataset: pipeline.declaration.id))
            }
        }
        outcome.datasets += finished
        outcome.asOf = end.asOf ?? outcome.asOf
        outcome.filesRead += end.filesRead
        outcome.bytesRead += end.bytesRead
        outcome.attestations += end.attestations
    }

    private func abandon(_ pass: Pass) async {
        for pipeline in pass.pipelines { await pipeline.abandon() }
    }
}

extension DatasetWriter.Result {
    /// Gives the spools back.
    func discard() {
        for file in files { file.entry.close() }
        lines?.close()
    }
}

extension DatasetPipeline.Outcome {
    /// Gives the spools back.
    func discard() {
        result.discard()
        documents?.result.discard()
        documents?.spool.close()
    }
}
