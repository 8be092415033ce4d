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

    /// Extracts the datasets, those that are read together in one pass.
    ///
    /// - Throws: only what forbids any archive (``isFatal(_:)``); everything else is in the outcome.
    func extract(
        _ datasets: [DatasetDeclaration], subject: SubjectKeys, session: any ExtractionSession, received: String,
        progress: ProgressCounter, makePipeline: @Sendable (DatasetDeclaration) throws -> DatasetPipeline
    ) async throws -> Outcome {
        var outcome = Outcome()
        let passes = source.readsTogether ? [datasets] : datasets.map { [$0] }
        for pass in passes where !pass.isEmpty {
            let pipelines = try pass.map(makePipeline)
            let sink = SourceSink(source: declaration.id, channels: pipelines, progress: progress)
            do {
                let end = try await withTaskCancellationHandler {
                    try await onThread {
                        try await session.extract(
                            ExtractionRequest(
                                datasets: pass.map(\.id), subject: subject, received: received),
                            into: sink)
                    }
                } onCancel: {
                    sink.giveUp()
                }
                try Task.checkPortabilityCancellation()
                var finished: [Outcome.Dataset] = []
                for (index, pipeline) in pipelines.enumerated() {
                    let result = try await pipeline.finish()
                    finished.append(.init(declaration: pipeline.declaration, outcome: result))
                    guard end.records.count == pass.count, end.records[index] == result.result.extracted else {
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
                outcome.findings += sink.findings
            } catch {
                for pipeline in pipelines { await pipeline.abandon() }
                let error = asPortabilityError(error)
                if Self.isFatal(error) {
                    outcome.discard()
                    throw error.within(.init(source: declaration.id))
                }
                outcome.findings += sink.findings
                outcome.error = outcome.error ?? error
                outcome.datasets += pass.map { .init(declaration: $0, outcome: nil) }
            }
        }
        return outcome
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
