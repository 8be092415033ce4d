import PortabilityModel
import Synchronization

/// How one run differs from the usual one.
struct RunPlan: Sendable {
    enum Cancellation: Sendable, Equatable {
        case none, beforeOpen, beforeExtract
        /// From another thread, at some time.
        case after(Duration)
    }
    /// What is done with the session instead of extracting.
    typealias Work = @Sendable (any ExtractionSession) async throws -> Void

    var extractor: any Extractor
    var baseDirectory: String
    var subject: SubjectKeys
    /// Passes over the source, one after another in one session, each with the datasets it asks for.
    var passes: [[String]]
    var limits = BatchLimits()
    var wantsDocuments = true
    var givesDocuments = true
    var behaviour = ProbeSink.Behaviour.takes
    var cancellation = Cancellation.none
    var work: Work?
}

/// What came of it.
struct Run: Sendable {
    /// One pass: what was asked for, what came, how it ended.
    struct Pass: Sendable {
        var datasets: [String]
        var kept: ProbeSink.Kept
        var end: ExtractionEnd?
    }
    var passes: [Pass] = []
    var error: (any Error)?
    /// True if the run was still not over after it had been cancelled.
    var hangs = false
    /// True if it had to be cancelled because it took too long.
    var isLate = false

    var findings: [Finding] { passes.flatMap(\.kept.findings) }
    /// True if every pass ended and nothing tells of lost records.
    var isComplete: Bool { error == nil && !hangs && !findings.contains(where: \.losesRecords) }

    /// What went wrong, in words that hold no value.
    var outcome: String {
        if hangs { return "hangs, also when it is cancelled" }
        if isLate { return "does not end" }
        switch error {
        case let error as PortabilityError: return "throws \(error.code)"
        case let error?: return "throws an error of the type \(type(of: error))"
        case nil: return isComplete ? "ends" : "ends with a finding of lost records"
        }
    }
}

/// Cancels a task that may not be there yet.
private final class Handle: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var waiter: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    func set(_ task: Task<Void, Never>) {
        state.withLock { state in
            state.task = task
            defer { state.waiter = nil }
            return state.waiter
        }?.resume()
    }

    /// Returns when the task is known.
    func ready() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.task == nil { state.waiter = continuation }
                return state.task != nil
            }
            if isReady { continuation.resume() }
        }
    }

    func cancel() { state.withLock { $0.task }?.cancel() }
}

/// Takes the first result of two that race for it.
private final class Race: Sendable {
    private let continuation: Mutex<CheckedContinuation<Bool, Never>?>
    init(_ continuation: CheckedContinuation<Bool, Never>) { self.continuation = Mutex(continuation) }

    func decide(_ value: Bool) {
        continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }?.resume(returning: value)
    }
}

/// Where a run stands, to be looked at also if it never ends.
private final class Progress: Sendable {
    private struct State {
        var run = Run()
        var sinks: [ProbeSink] = []
    }
    private let state = Mutex(State())

    func begin(_ datasets: [String], _ sink: ProbeSink) {
        state.withLock { state in
            state.run.passes.append(Run.Pass(datasets: datasets, kept: sink.kept))
            state.sinks.append(sink)
        }
    }

    func end(_ end: ExtractionEnd) { state.withLock { $0.run.passes[$0.run.passes.count - 1].end = end } }
    func fail(_ error: any Error) { state.withLock { $0.run.error = error } }
    func expire() { state.withLock { $0.run.isLate = true } }

    var run: Run {
        state.withLock { state in
            for index in state.sinks.indices { state.run.passes[index].kept = state.sinks[index].kept }
            return state.run
        }
    }
}

extension ExtractorConformance.Fixture {
    /// Runs a session from opening to closing on a thread of its own; cancels it when it takes too long, and gives up
    /// when it does not end even then.
    func run(_ plan: RunPlan) async -> Run {
        let executor = BlockingExecutor(threads: 1)
        let handle = Handle()
        let progress = Progress()
        let task = Task(executorPreference: executor) {
            await handle.ready()
            await session(plan, progress) { handle.cancel() }
        }
        handle.set(task)
        if case .after(let time) = plan.cancellation {
            Task {
                try? await Task.sleep(for: time)
                task.cancel()
            }
        }
        let patience = patience
        let watch = Task {
            try await Task.sleep(for: .seconds(patience))
            progress.expire()
            task.cancel()
        }
        let hasEnded = await withCheckedContinuation { continuation in
            let race = Race(continuation)
            let limit = Task {
                try await Task.sleep(for: .seconds(patience * 2))
                race.decide(false)
            }
            Task {
                await task.value
                limit.cancel()
                race.decide(true)
            }
        }
        watch.cancel()
        var run = progress.run
        run.hangs = !hasEnded
        return run
    }

    private func session(_ plan: RunPlan, _ progress: Progress, cancel: @escaping @Sendable () -> Void) async {
        let declaration = plan.extractor.declaration
        let context = ExtractionContext(
            source: declaration.id, baseDirectory: plan.baseDirectory, catalogue: catalogue, batchLimits: plan.limits,
            limits: limits)
        do {
            if plan.cancellation == .beforeOpen { cancel() }
            let session = try await plan.extractor.open(context)
            if plan.cancellation == .beforeExtract { cancel() }
            do {
                try await plan.work?(session)
                for datasets in plan.passes {
                    let sink = ProbeSink(
                        plan.behaviour, givesDocuments: plan.givesDocuments,
                        ids: datasets, declaration: declaration, subject: plan.subject, cancel: cancel)
                    progress.begin(datasets, sink)
                    defer { sink.end() }
                    progress.end(
                        try await session.extract(
                            ExtractionRequest(
                                datasets: datasets, subject: plan.subject, wantsDocuments: plan.wantsDocuments),
                            into: sink))
                }
            } catch {
                progress.fail(error)
            }
            await session.close()
        } catch {
            progress.fail(error)
        }
    }
}
