public import PortabilityModel
import PortabilityText
import Synchronization

/// Decides which originals and attachments of one dataset go into the archive (design §6).
///
/// A file shows everything: it goes in only where nothing of its record is masked or withheld for this right, and where
/// it can be looked through or was reviewed. A file is written before its record is judged, so the gate lets it wait:
/// ``strike(_:_:)`` takes it out again when its record turns out to be changed.
public final class DocumentGate: Sendable {
    /// What becomes of a file when it comes.
    public enum Admission: Sendable {
        /// Into the archive, if its record passes unchanged.
        case withRecord
        /// Into the archive, whatever becomes of its record: it was reviewed, or declared to be harmless.
        case always
        /// A reviewer's redacted file goes in, in its place.
        case replaced(by: String)
        case withheld
    }

    private struct State {
        /// Paths of files that go in unconditionally.
        var settled: Set<[UInt8]> = []
        var struck: Set<[UInt8]> = []
        var withheld: [Ground: Int64] = [:]
        var replaced: [(original: String, given: String)] = []
    }

    private let dataset: DatasetDeclaration
    private let context: ScopeContext
    private let detectors: TextDetectors
    private let scans: Bool
    private let keepsAll: Bool
    private let isEntered: Bool
    private let state = Mutex(State())

    public init(dataset: DatasetDeclaration, context: ScopeContext) {
        self.dataset = dataset
        self.context = context
        isEntered = dataset.origin == Origin(kind: .provided, by: .subject)
        scans = context.freeText.scans(context.right)
        keepsAll = dataset.rules.contains {
            $0.target == .documents && $0.action == .keep && ($0.rights.isEmpty || $0.rights.contains(context.right))
        }
        detectors = TextDetectors(names: dataset.keepsStaffNames ? [] : [context.labels.names])
    }

    /// Judges a file by what it is. O(bytes) if its text is looked through.
    public func admit(_ document: Document) -> Admission {
        if keepsAll { return .always }
        // The original is the record itself: its text is looked through there, field by field.
        if document.role == .original { return .withRecord }
        guard scans else { return .withRecord }
        if isText(document.bytes), !hasHits(document.bytes) { return .withRecord }
        var digest = context.digest()
        digest.update(document.bytes.span)
        let key = ReviewItem.Key(
            dataset: dataset.id, recordID: document.recordID, field: "(document)", digest: hexadecimal(digest.value()))
        let reviews = DetectedKind.allCases.contains { context.freeText[context.right, $0] == .review }
        let decided = context.review.decide(key, remembers: reviews) {
            ReviewItem(key: key, hits: [], excerpt: document.originalName ?? "")
        }
        switch decided?.decision {
        case .keep: return .always
        case .replace: if let file = decided?.replacement { return .replaced(by: file) }
        case .mask, .withhold, nil: break
        }
        count(decided == nil ? .notRedactable : .reviewed)
        return .withheld
    }

    /// Remembers that a file goes in whatever becomes of its record.
    public func settle(_ path: String) { state.withLock { _ = $0.settled.insert(Array(path.utf8)) } }

    /// Notes that a redacted file went in for another; digests as lowercase hexadecimal.
    public func note(original: String, given: String) { state.withLock { $0.replaced.append((original, given)) } }

    /// Counts a file that does not go in.
    public func count(_ ground: Ground) { state.withLock { $0.withheld[ground, default: 0] += 1 } }

    /// Takes files out again because of their record; those that were taken out.
    func strike(_ paths: Set<[UInt8]>, _ ground: Ground) -> Set<[UInt8]> {
        state.withLock { state in
            let gone = paths.subtracting(state.settled)
            let new = gone.subtracting(state.struck)
            state.struck.formUnion(new)
            if !new.isEmpty { state.withheld[ground, default: 0] += Int64(new.count) }
            return gone
        }
    }

    /// Whether a file was taken out again.
    public func isStruck(_ path: String) -> Bool { state.withLock { $0.struck.contains(Array(path.utf8)) } }

    /// Files that did not go in.
    public var withheld: [Ground: Int64] { state.withLock { $0.withheld } }

    /// Files for which a redacted one went in.
    public var replaced: [(original: String, given: String)] { state.withLock { $0.replaced } }

    private func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }

    private func hasHits(_ bytes: [UInt8]) -> Bool {
        var hits: [Detection] = []
        detectors.scan(bytes.span, into: &hits)
        return hits.contains { hit in
            let value = bytes.span.extracting(hit.range)
            if hit.kind != .identityCode, context.own.contains(value, as: hit.kind) { return false }
            switch context.freeText[context.right, hit.kind] {
            case _ where hit.kind == .name || hit.kind == .identityCode: return true
            case .keep: return false
            case .mask: return !isEntered
            case .review: return true
            }
        }
    }
}
