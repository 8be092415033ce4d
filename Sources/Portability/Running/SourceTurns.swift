import PortabilityModel
import Synchronization

/// What many exports share that read one opened source: its session serves one call at a time, in the order in which
/// they were asked for, and an export that is given up cannot stop what the others still need.
final class SourceTurns: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var cancel: (@Sendable () -> Void)?
        var isCancelled = false
    }
    private let state = Mutex(State())

    /// Runs work of the source, alone.
    ///
    /// A session that is cancelled is of no use any more, so the work is not cancelled with the task that asks for it,
    /// but by ``cancel()``.
    ///
    /// - Throws: `cancelled` if the caller was cancelled while it waited; what the work throws.
    func run<Value: Sendable>(
        on executor: BlockingExecutor, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        await take()
        defer { give() }
        try Task.checkPortabilityCancellation()
        let task = Task(executorPreference: executor) { try await work() }
        let isCancelled = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
        defer { state.withLock { $0.cancel = nil } }
        return try await task.value
    }

    /// Stops what runs now, and all that is still to come.
    func cancel() {
        let cancel = state.withLock { state in
            state.isCancelled = true
            return state.cancel
        }
        cancel?()
    }

    private func take() async {
        await withCheckedContinuation { continuation in
            let isMine = state.withLock { state in
                if state.isTaken {
                    state.waiting.append(continuation)
                    return false
                }
                state.isTaken = true
                return true
            }
            if isMine { continuation.resume() }
        }
    }

    private func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
