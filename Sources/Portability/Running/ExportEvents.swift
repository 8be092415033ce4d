import Synchronization

/// What happens during an export. Holds no personal data.
public enum ExportEvent: Sendable, Equatable {
    /// The subject is settled; these kinds of identifier are known, with how many values.
    case identified(kinds: [String: Int])
    /// A source is being read.
    case sourceStarted(String)
    /// A source was read, or failed.
    case sourceEnded(String, status: String, records: Int64)
    /// So many records, and bytes of values, so far. Coalesced: only the newest is kept.
    case progress(records: Int64, bytes: Int64)
    /// All sources are read; the archive is being put together.
    case packing
    /// The archive stands under its final name.
    case finished(status: String, records: Int64, bytes: Int64)
}

/// The events of one export, as an asynchronous sequence for one reader.
///
/// Progress is coalesced and never piles up; a change of state is never dropped. The sequence ends with the export.
public final class ExportEvents: AsyncSequence, Sendable {
    public typealias Element = ExportEvent

    private struct State {
        var states: [ExportEvent] = []
        var progress: ExportEvent?
        var waiting: CheckedContinuation<ExportEvent?, Never>?
        var isEnded = false
    }
    private let state = Mutex(State())

    public init() {}

    func send(_ event: ExportEvent) {
        state.withLock { state in
            if let waiting = state.waiting {
                state.waiting = nil
                waiting.resume(returning: event)
            } else if case .progress = event {
                state.progress = event
            } else {
                // Progress that was not read yet is older than this change of state.
                if let progress = state.progress { state.states.append(progress) }
                state.progress = nil
                state.states.append(event)
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

    /// Reads the events. One reader at a time.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let events: ExportEvents

        public mutating func next() async -> ExportEvent? { await events.next() }

        public mutating func next(isolation: isolated (any Actor)?) async throws(Never) -> ExportEvent? {
            await events.next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(events: self) }

    private func next() async -> ExportEvent? {
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
