/// What happens during a batch. Holds no personal data.
public enum BatchEvent: Sendable {
    /// A source is being read once for all requests.
    case searching(String)
    /// Something happens to one request, by its id.
    case request(String, ExportEvent)
    /// So many of so many requests are done. Coalesced: only the newest is kept.
    case progress(done: Int, of: Int)
    /// A request is done: its archive and the line on it are on the disk, or there will be none.
    case finished(BatchResult)
}

/// The events of one batch, as an asynchronous sequence for one reader.
///
/// Progress is coalesced and never piles up; a change of state is never dropped. What happens to single requests on
/// their way is told only if it is asked for. The sequence ends with the batch.
public final class BatchEvents: AsyncSequence, Sendable {
    public typealias Element = BatchEvent

    /// Whether ``BatchEvent/request(_:_:)`` is sent.
    public let tellsEachRequest: Bool
    private let queue = EventQueue<BatchEvent>()

    public init(tellsEachRequest: Bool = false) { self.tellsEachRequest = tellsEachRequest }

    func send(_ event: BatchEvent) {
        if case .progress = event { queue.send(progress: event) } else { queue.send(event) }
    }

    func end() { queue.end() }

    /// Reads the events. One reader at a time.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let queue: EventQueue<BatchEvent>

        public mutating func next() async -> BatchEvent? { await queue.next() }

        public mutating func next(isolation: isolated (any Actor)?) async throws(Never) -> BatchEvent? {
            await queue.next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(queue: queue) }
}
