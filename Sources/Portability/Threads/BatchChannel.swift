import PortabilityModel
import Synchronization

/// A bounded queue of batches between one extractor and one dataset's encoders. A push suspends while it is full: that
/// is the back-pressure that keeps memory flat.
final class BatchChannel: Sendable {
    private struct State {
        var batches: [RecordBatch] = []
        var producers: [(id: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
        var consumer: CheckedContinuation<RecordBatch?, Never>?
        var isClosed = false
        var failure: PortabilityError?
        var nextID: UInt64 = 0
    }
    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Puts a batch in, waiting while the queue is full.
    /// - Throws: the consumer's failure, or `cancelled`.
    func push(_ batch: RecordBatch) async throws {
        try await waitForRoom()
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            if let consumer = state.consumer {
                state.consumer = nil
                consumer.resume(returning: batch)
            } else {
                state.batches.append(batch)
            }
        }
    }

    private func waitForRoom() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                state.withLock { state in
                    if let failure = state.failure {
                        continuation.resume(throwing: failure)
                    } else if Task.isCancelled {
                        continuation.resume(throwing: PortabilityError(.cancelled, "the export was cancelled"))
                    } else if state.batches.count < capacity {
                        continuation.resume()
                    } else {
                        state.producers.append((id, continuation))
                    }
                }
            }
        } onCancel: {
            state.withLock { state in
                if let index = state.producers.firstIndex(where: { $0.id == id }) {
                    state.producers.remove(at: index).continuation.resume(
                        throwing: PortabilityError(.cancelled, "the export was cancelled"))
                }
            }
        }
    }

    /// The next batch; nil when the channel is closed and empty.
    func next() async -> RecordBatch? {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if !state.batches.isEmpty {
                    let batch = state.batches.removeFirst()
                    if !state.producers.isEmpty { state.producers.removeFirst().continuation.resume() }
                    continuation.resume(returning: batch)
                } else if state.isClosed {
                    continuation.resume(returning: nil)
                } else {
                    state.consumer = continuation
                }
            }
        }
    }

    /// No more batches will come.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.consumer?.resume(returning: nil)
            state.consumer = nil
        }
    }

    /// The consumer has given up: whoever pushes, now or later, gets the error.
    func fail(_ error: PortabilityError) {
        state.withLock { state in
            if state.failure == nil { state.failure = error }
            for producer in state.producers { producer.continuation.resume(throwing: error) }
            state.producers.removeAll()
            state.batches.removeAll()
        }
    }
}
