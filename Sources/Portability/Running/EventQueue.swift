import Synchronization

/// Events on their way to one reader: of progress only the newest is kept, and no change of state is dropped.
final class EventQueue<Event: Sendable>: Sendable {
    private struct State {
        var states: [Event] = []
        var progress: Event?
        var waiting: CheckedContinuation<Event?, Never>?
        var isEnded = false
    }
    private let state = Mutex(State())

    /// Sends a change of state.
    func send(_ event: Event) {
        state.withLock { state in
            if let waiting = state.waiting {
                state.waiting = nil
                waiting.resume(returning: event)
            } else {
                // Progress that was not read yet is older than this change of state.
                if let progress = state.progress { state.states.append(progress) }
                state.progress = nil
                state.states.append(event)
            }
        }
    }

    /// Sends progress, in place of what was not read yet.
    func send(progress: Event) {
        state.withLock { state in
            if let waiting = state.waiting {
                state.waiting = nil
                waiting.resume(returning: progress)
            } else {
                state.progress = progress
            }
        }
    }

    func end() {
        state.withLock { state in
            state.isEnded = true
            state.waiting?.resume(returning: nil)
            state.waiting = nil
        }
    }

    /// The next event; nil at the end, or if the reader is cancelled.
    func next() async -> Event? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    if !state.states.isEmpty {
                        continuation.resume(returning: state.states.removeFirst())
                    } else if let progress = state.progress {
                        state.progress = nil
                        continuation.resume(returning: progress)
                    } else if state.isEnded || Task.isCancelled {
                        continuation.resume(returning: nil)
                    } else {
                        state.waiting = continuation
                    }
                }
            }
        } onCancel: {
            state.withLock { state in
                state.waiting?.resume(returning: nil)
                state.waiting = nil
            }
        }
    }
}
