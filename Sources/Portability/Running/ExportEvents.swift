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

    private let queue = EventQueue<ExportEvent>()
    /// Who gets the events instead of the reader.
    private let forward: (@Sendable (ExportEvent) -> Void)?

    public init() { forward = nil }

    /// Passes all events on as they come.
    init(to forward: @escaping @Sendable (ExportEvent) -> Void) { self.forward = forward }

    func send(_ event: ExportEvent) {
        if let forward { return forward(event) }
        if case .progress = event { queue.send(progress: event) } else { queue.send(event) }
    }

    func end() { queue.end() }

    /// Reads the events. One reader at a time.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let queue: EventQueue<ExportEvent>

        public mutating func next() async -> ExportEvent? { await queue.next() }

        public mutating func next(isolation: isolated (any Actor)?) async throws(Never) -> ExportEvent? {
            await queue.next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(queue: queue) }
}
