import PortabilityArchive
import PortabilityModel
import Synchronization

/// One dataset on its way into the archive: the channel that its extractor fills, and the task that empties it.
final class DatasetPipeline: Sendable {
    let declaration: DatasetDeclaration
    let channel = BatchChannel(capacity: 3)
    private let task: Task<DatasetWriter.Result, any Error>
    private let documents: Mutex<DocumentState>
    private let makeDocuments: @Sendable () throws -> DocumentState
    /// Whether documents of this dataset may be given out at all.
    private let givesDocuments: Bool

    private struct DocumentState {
        /// Used under the lock of the source's one task only; the mutex makes that visible to the compiler.
        nonisolated(unsafe) var writer: DocumentWriter?
        var pipeline: DatasetPipeline?
    }

    /// Begins.
    ///
    /// - Parameter documentLayout: the layout of the entity `document`; nil if no documents are wanted.
    init(
        _ declaration: DatasetDeclaration, layout: EntityLayout, documentLayout: EntityLayout?, subject: SubjectKeys,
        limits: BatchLimits, surroundings: DatasetWriter.Surroundings, executor: BlockingExecutor
    ) {
        self.declaration = declaration
        // An original shows everything: it goes in only where nothing of the record is withheld (design §6).
        let mask = FieldMask(layout: layout, dataset: declaration)
        givesDocuments = documentLayout != nil && mask.keepsAll
        documents = Mutex(DocumentState())
        makeDocuments = {
            guard let documentLayout else { return DocumentState() }
            let described = DocumentWriter.declaration(for: declaration)
            return DocumentState(
                writer: DocumentWriter(
                    dataset: described, layout: documentLayout, subject: subject, limits: limits,
                    surroundings: surroundings),
                pipeline: DatasetPipeline(
                    described, layout: documentLayout, documentLayout: nil, subject: subject, limits: limits,
                    surroundings: surroundings, executor: executor))
        }
        let channel = channel
        task = Task(executorPreference: executor) {
            let writer = try DatasetWriter(
                dataset: declaration, layout: layout, subject: subject, surroundings: surroundings)
            do {
                while let batch = await channel.next() { try writer.write(batch) }
                try Task.checkPortabilityCancellation()
                return try writer.finish()
            } catch {
                writer.discard()
                channel.fail(asPortabilityError(error))
                throw error
            }
        }
    }

    /// Takes a document; see ``RecordSink/document(_:dataset:)``.
    func write(_ document: Document) async throws -> String? {
        guard givesDocuments else { return nil }
        let (path, batch, pipeline) = try documents.withLock { state in
            if state.writer == nil { state = try makeDocuments() }
            guard let writer = state.writer else { return (nil, nil, nil) as (String?, RecordBatch?, DatasetPipeline?) }
            let written = try writer.write(document)
            return (written.path, written.batch, state.pipeline)
        }
        if let batch { try await pipeline?.channel.push(batch) }
        return path
    }

    /// What a dataset became.
    struct Outcome: Sendable {
        var result: DatasetWriter.Result
        var documents: Documents?

        struct Documents: Sendable {
            var declaration: DatasetDeclaration
            var result: DatasetWriter.Result
            var entries: [SpooledEntry]
            var spool: Spool
            var bytes: Int64
        }
    }

    /// No more batches come: waits until all is encoded and spooled.
    func finish() async throws -> Outcome {
        let (rest, pipeline) = documents.withLock { ($0.writer?.rest(), $0.pipeline) }
        var documentsOutcome: Outcome.Documents?
        if let pipeline {
            if let rest { try await pipeline.channel.push(rest) }
            let described = try await pipeline.finish()
            documentsOutcome = documents.withLock { state in
                state.writer.map {
                    .init(
                        declaration: pipeline.declaration, result: described.result, entries: $0.entries,
                        spool: $0.shared, bytes: $0.bytes)
                }
            }
        }
        channel.close()
        return Outcome(result: try await task.value, documents: documentsOutcome)
    }

    /// Gives up what was written so far and waits until nothing of it is left.
    func abandon() async {
        task.cancel()
        channel.close()
        channel.fail(PortabilityError(.cancelled, "the dataset was given up"))
        if let result = try? await task.value { for file in result.files { file.entry.close() } }
        let (pipeline, spool) = documents.withLock { ($0.pipeline, $0.writer?.shared) }
        spool?.close()
        await pipeline?.abandon()
    }
}

/// Any error as the project's.
func asPortabilityError(_ error: any Error) -> PortabilityError {
    if let error = error as? PortabilityError { return error }
    if error is CancellationError { return PortabilityError(.cancelled, "the export was cancelled") }
    return PortabilityError(
        .unavailable, "an extractor failed with an error of its own kind (\(type(of: error)))",
        remedy: "Extractors throw PortabilityError; report it to whoever wrote this one")
}
