import PortabilityModel

extension PortabilityEngine {
    /// A source that was opened, or the reason why it could not be.
    struct OpenSource: Sendable {
        let run: SourceRun
        let session: (any ExtractionSession)?
        let error: PortabilityError?
    }

    /// Opens all sources side by side, and closes them whatever happens.
    ///
    /// - Parameter areShared: whether many exports read them at a time; they are then not cancelled with the task of one
    ///   of them, but with the one that calls this.
    func withOpenSources<Value: Sendable>(
        areShared: Bool = false, _ body: @Sendable ([OpenSource]) async throws -> Value
    ) async throws -> Value {
        let runs = configuration.sources.map { SourceRun($0, isShared: areShared) }
        return try await withTaskCancellationHandler {
            try await withOpen(runs, body)
        } onCancel: {
            for run in runs { run.turns?.cancel() }
        }
    }

    private func withOpen<Value: Sendable>(
        _ runs: [SourceRun], _ body: ([OpenSource]) async throws -> Value
    ) async throws -> Value {
        let opened = await withTaskGroup(of: (Int, OpenSource).self) { group in
            for (index, run) in runs.enumerated() {
                let context = ExtractionContext(
                    source: run.declaration.id, baseDirectory: configuration.baseDirectory, catalogue: catalogue,
                    batchLimits: configuration.batchLimits, limits: configuration.sourceLimits, note: options.note)
                group.addTask {
                    do {
                        let session = try await run.onThread { try await run.source.extractor.open(context) }
                        return (index, OpenSource(run: run, session: session, error: nil))
                    } catch {
                        return (index, OpenSource(run: run, session: nil, error: asPortabilityError(error)))
                    }
                }
            }
            var opened: [(Int, OpenSource)] = []
            for await source in group { opened.append(source) }
            return opened.sorted { $0.0 < $1.0 }.map(\.1)
        }
        let result: Result<Value, any Error>
        do {
            try Task.checkPortabilityCancellation()
            if let fatal = opened.compactMap(\.error).first(where: SourceRun.isFatal) { throw fatal }
            result = .success(try await body(opened))
        } catch {
            result = .failure(error)
        }
        for source in opened {
            guard let session = source.session else { continue }
            await withTaskExecutorPreference(source.run.executor) { await session.close() }
        }
        return try result.get()
    }
}
