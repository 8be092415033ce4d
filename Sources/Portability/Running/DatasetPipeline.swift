import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import PortabilityScope
import Synchronization

/// One dataset on its way into the archive: the channel that its extractor fills, and the work that empties it.
///
/// A dataset of one small batch, as most that are held on a person, is written by whoever ends it, without a change of
/// threads; a larger one by a task of its own, while the extractor reads the next batch.
final class DatasetPipeline: Sendable {
    let declaration: DatasetDeclaration
    private let channel = BatchChannel(capacity: 3)
    private let executor: BlockingExecutor
    private let work: @Sendable () async throws -> DatasetWriter.Result
    private let progress = Mutex(Progress())
    private let gate: DocumentGate
    private let documents = Mutex(DocumentState())
    private let makeWriter: @Sendable () -> DocumentWriter?
    private let makeDescriptions: @Sendable () throws -> DatasetPipeline?

    /// Bytes of values up to which the only batch of a dataset may wait until all of its source is read.
    private static let smallBytes = 32 << 10

    private struct Progress {
        var hasBatch = false
        /// Nil while there is no more than one small batch.
        var task: Task<DatasetWriter.Result, any Error>?
    }

    private struct DocumentState {
        /// Used under the lock of the source's one task only; the mutex makes that visible to the compiler.
        nonisolated(unsafe) var writer: DocumentWriter?
    }

    /// Makes ready.
    ///
    /// - Parameters:
    ///   - documentLayout: the layout of the entity `document`; nil if no documents are wanted.
    ///   - duplicates: see ``FieldDecisions``.
    ///   - executor: where the task of a dataset of many batches runs.
    /// - Throws: `configuration` if a rule of the dataset cannot be applied.
    init(
        _ declaration: DatasetDeclaration, layout: EntityLayout, documentLayout: EntityLayout?, subject: SubjectKeys,
        limits: BatchLimits, surroundings: DatasetWriter.Surroundings, duplicates: Set<String> = [],
        executor: BlockingExecutor
    ) throws {
        self.declaration = declaration
        self.executor = executor
        let gate = DocumentGate(dataset: declaration, context: surroundings.scope)
        self.gate = gate
        let scope = try RecordScope(
            layout: layout, dataset: declaration, context: surroundings.scope, duplicates: duplicates, documents: gate)
        let described = DocumentWriter.declaration(for: declaration)
        makeWriter = {
            documentLayout.map {
                DocumentWriter(
                    dataset: described, layout: $0, subject: subject, limits: limits, gate: gate,
                    surroundings: surroundings)
            }
        }
        makeDescriptions = {
            try documentLayout.map {
                try DatasetPipeline(
                    described, layout: $0, documentLayout: nil, subject: subject, limits: limits,
                    surroundings: surroundings, executor: executor)
            }
        }
        let channel = channel
        work = {
            let writer = try DatasetWriter(
                dataset: declaration, layout: layout, subject: subject, scope: scope, surroundings: surroundings)
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

    /// Takes a batch, waiting while there is no room. Called by one task at a time.
    ///
    /// - Throws: what writing an earlier batch threw, or `cancelled`.
    func push(_ batch: RecordBatch) async throws {
        progress.withLock { progress in
            if progress.task == nil, progress.hasBatch || batch.bytes.count > Self.smallBytes {
                progress.task = Task(executorPreference: executor) { [work] in try await work() }
            }
            progress.hasBatch = true
        }
        try await channel.push(batch)
    }

    /// Takes a document; see ``RecordSink/document(_:dataset:)``.
    func write(_ document: Document) throws -> String? {
        try documents.withLock { state in
            if state.writer == nil { state.writer = makeWriter() }
            guard let writer = state.writer else { return nil }
            switch gate.decided(document) ?? gate.admit(document) {
            case .withheld: return nil
            case .withRecord:
                let path = try writer.write(document, bytes: document.bytes)
                gate.wait(path, document)
                return path
            case .always:
                let path = try writer.write(document, bytes: document.bytes)
                gate.settle(path)
                return path
            case .replaced(let file):
                let bytes = try readFile(file, limit: 256 << 20)
                let path = try writer.write(document, bytes: bytes)
                gate.settle(path)
                gate.note(
                    original: hexadecimal(SHA256Digest.of(document.bytes)), given: hexadecimal(SHA256Digest.of(bytes)))
                return path
            }
        }
    }

    /// What a dataset became.
    struct Outcome: Sendable {
        var result: DatasetWriter.Result
        var documents: Documents?
        /// Files that did not go in.
        var documentsWithheld: [Ground: Int64]
        /// Digests of originals for which a redacted file went in, and of that file.
        var documentsReplaced: [(original: String, given: String)]

        struct Documents: Sendable {
            var declaration: DatasetDeclaration
            var result: DatasetWriter.Result
            var entries: [SpooledEntry]
            var spool: Spool
        }
    }

    private var task: Task<DatasetWriter.Result, any Error>? { progress.withLock { $0.task } }

    /// No more batches come: waits until a task has written what it was given, so that of all datasets that are read one
    /// after another no more than one has an encoder's memory.
    func settle() async {
        channel.close()
        _ = await task?.result
    }

    /// Writes what is left, if it is not written.
    func finish() async throws -> Outcome {
        channel.close()
        let result = if let task { try await task.value } else { try await work() }
        // Only now every record is judged, and with it its documents.
        let (entries, batches, spool) = try documents.withLock { state in
            (state.writer?.entries() ?? [], try state.writer?.descriptions() ?? [], state.writer?.shared)
        }
        var outcome = Outcome(
            result: result, documentsWithheld: gate.withheld, documentsReplaced: gate.replaced)
        guard let spool, !entries.isEmpty, let pipeline = try makeDescriptions() else { return outcome }
        for batch in batches { try await pipeline.push(batch) }
        let described = try await pipeline.finish()
        outcome.documents = .init(
            declaration: pipeline.declaration, result: described.result, entries: entries, spool: spool)
        return outcome
    }

    /// Gives up what was written so far and waits until nothing of it is left.
    func abandon() async {
        let task = task
        task?.cancel()
        channel.close()
        channel.fail(PortabilityError(.cancelled, "the dataset was given up"))
        if let result = try? await task?.value { result.discard() }
        documents.withLock { $0.writer?.shared.close() }
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
