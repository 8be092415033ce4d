public import PortabilityText
import Synchronization

/// One place that somebody has to look at: a value, and what was found in it.
public struct ReviewItem: Sendable {
    /// What a reviewer decides.
    public enum Decision: String, Sendable, CaseIterable {
        case keep
        /// What was found is masked, the rest stays.
        case mask
        /// The whole value is left out.
        case withhold
        /// A file is replaced by a redacted one.
        case replace
    }

    /// What a decision binds to: it holds only where record, field and value are the same.
    public struct Key: Hashable, Sendable {
        public var dataset: String
        public var recordID: String
        /// Names with dots; `other.NAME`; `(document)` for a file.
        public var field: String
        /// SHA-256 of the value, lowercase hexadecimal.
        public var digest: String

        public init(dataset: String, recordID: String, field: String, digest: String) {
            self.dataset = dataset
            self.recordID = recordID
            self.field = field
            self.digest = digest
        }
    }

    public var key: Key
    /// What was found, with its place in the value's bytes.
    public var hits: [Detection]
    /// The value, cut at ``ReviewList/longestExcerpt`` bytes: a reviewer must see what is decided on. Personal data.
    public var excerpt: String
    public var decision: Decision?
    /// The redacted file, for ``Decision/replace``.
    public var replacement: String?

    public init(
        key: Key, hits: [Detection], excerpt: String, decision: Decision? = nil, replacement: String? = nil
    ) {
        self.key = key
        self.hits = hits
        self.excerpt = excerpt
        self.decision = decision
        self.replacement = replacement
    }
}

/// What was decided in reviews, and what is still to be looked at.
///
/// Shared by the datasets of one export; its calls may come from any thread.
public final class ReviewBook: Sendable {
    private struct State {
        var pending: [ReviewItem.Key: ReviewItem] = [:]
        var used: [ReviewItem.Key: ReviewItem] = [:]
        var beyond: Int64 = 0
    }

    private let decided: [ReviewItem.Key: ReviewItem]
    private let state = Mutex(State())
    /// Pending items that are listed; more are counted.
    static let longestList = 5000

    public init(_ decided: [ReviewItem] = []) {
        self.decided = Dictionary(
            decided.filter { $0.decision != nil }.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The decision on a value; nil if there is none, and the item is then remembered as pending if that is wanted.
    public func decide(_ key: ReviewItem.Key, remembers: Bool = true, _ item: () -> ReviewItem) -> ReviewItem? {
        if let made = decided[key] {
            var shown = item()
            shown.decision = made.decision
            shown.replacement = made.replacement
            let used = shown
            state.withLock { $0.used[key] = used }
            return made
        }
        guard remembers else { return nil }
        let isKnown = state.withLock { $0.pending[key] != nil }
        if isKnown { return nil }
        let item = item()
        state.withLock { state in
            if state.pending.count < Self.longestList { state.pending[key] = item } else { state.beyond += 1 }
        }
        return nil
    }

    /// What nobody has decided on, by dataset, record, field and digest.
    public var pending: [ReviewItem] {
        state.withLock { $0.pending.values.sorted { Self.precedes($0.key, $1.key) } }
    }

    /// False if there is nothing that ``decide(_:remembers:_:)`` could find, so that no digest need be made.
    var hasDecisions: Bool { !decided.isEmpty }

    /// How many pending items are not listed.
    public var beyond: Int64 { state.withLock { $0.beyond } }

    /// The decisions that this export used.
    public var used: [ReviewItem] {
        state.withLock { $0.used.values.sorted { Self.precedes($0.key, $1.key) } }
    }

    /// All decisions that were given, used or not.
    public var given: [ReviewItem] { decided.values.sorted { Self.precedes($0.key, $1.key) } }

    private static func precedes(_ left: ReviewItem.Key, _ right: ReviewItem.Key) -> Bool {
        (left.dataset, left.recordID, left.field, left.digest) < (
            right.dataset, right.recordID, right.field, right.digest
        )
    }
}
