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
    public enum Admission: Sendable, Equatable {
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
        /// Records of which a file was withheld: their originals may hold it too.
        var tainted: Set<String> = []
        /// By path: what a reviewer would decide on if the file's record turns out to be changed.
        var reviewable: [[UInt8]: ReviewItem] = [:]
    }

    private let dataset: DatasetDeclaration
    private let context: ScopeContext
    private let detectors: TextDetectors
    private let hides: Bool
    private let reviews: Bool
    private let keepsAll: Bool
    private let isEntered: Bool
    private let state = Mutex(State())

    public init(dataset: DatasetDeclaration, context: ScopeContext) {
        self.dataset = dataset
        self.context = context
        isEntered = dataset.origin == Origin(kind: .provided, by: .subject)
        hides = context.freeText.hides(context.right)
        reviews = DetectedKind.allCases.contains { context.freeText[context.right, $0] == .review }
        keepsAll = dataset.rules.contains {
            $0.target == .documents && $0.action == .keep && ($0.rights.isEmpty || $0.rights.contains(context.right))
        }
        detectors = TextDetectors(names: dataset.keepsStaffNames ? [] : [context.labels.names])
    }

    /// Judges a file by what it is. O(bytes) if its text is looked through.
    ///
    /// Attachments of a record come before its original: what is withheld among them stands in the original too, and so
    /// does what comments and processing instructions say, which no field of the record shows.
    public func admit(_ document: Document) -> Admission {
        if keepsAll, !document.showsOthers { return .always }
        guard hides else { return .withRecord }
        switch document.role {
        case .original:
            let isTainted = state.withLock { $0.tainted.contains(document.recordID) }
            if !isTainted, !hasHiddenText(document.bytes) { return .withRecord }
        case .attachment, .scan:
            if !document.showsOthers, isPlainText(document), !hasHits(document.bytes.span) { return .withRecord }
        }
        let item = item(document)
        let decided = context.review.decide(item.key, remembers: reviews) { item }
        switch decided?.decision {
        case .keep: return .always
        case .replace: if let file = decided?.replacement { return .replaced(by: file) }
        case .mask, .withhold, nil: break
        }
        if document.role == .attachment { state.withLock { _ = $0.tainted.insert(document.recordID) } }
        count(decided == nil ? .notRedactable : .reviewed)
        return .withheld
    }

    /// What a reviewer already decided on an original, whose record may be changed; nil if nothing is decided.
    public func decided(_ document: Document) -> Admission? {
        guard document.role == .original, hides, context.review.hasDecisions else { return nil }
        let decided = context.review.decide(item(document).key, remembers: false) { item(document) }
        switch decided?.decision {
        case .keep: return .always
        case .replace: return (decided?.replacement).map { .replaced(by: $0) }
        case .mask, .withhold, nil: return nil
        }
    }

    /// Notes a file that waits for its record, so that a reviewer can be asked if it must not go in as it is.
    public func wait(_ path: String, _ document: Document) {
        guard reviews, document.role == .original else { return }
        let item = item(document)
        state.withLock { $0.reviewable[Array(path.utf8)] = item }
    }

    private func item(_ document: Document) -> ReviewItem {
        var digest = context.digest()
        digest.update(document.bytes.span)
        return ReviewItem(
            key: .init(
                dataset: dataset.id, recordID: document.recordID, field: "(document)",
                digest: hexadecimal(digest.value())), hits: [], excerpt: document.originalName ?? "")
    }

    /// Remembers that a file goes in whatever becomes of its record.
    public func settle(_ path: String) { state.withLock { _ = $0.settled.insert(Array(path.utf8)) } }

    /// Notes that a redacted file went in for another; digests as lowercase hexadecimal.
    public func note(original: String, given: String) { state.withLock { $0.replaced.append((original, given)) } }

    /// Counts a file that does not go in.
    public func count(_ ground: Ground) { state.withLock { $0.withheld[ground, default: 0] += 1 } }

    /// Takes files out again because of their record; those that were taken out.
    func strike(_ paths: Set<[UInt8]>, _ ground: Ground) -> Set<[UInt8]> {
        let (gone, asked) = state.withLock { state in
            let gone = paths.subtracting(state.settled)
            let new = gone.subtracting(state.struck)
            state.struck.formUnion(new)
            if !new.isEmpty { state.withheld[ground, default: 0] += Int64(new.count) }
            return (gone, new.compactMap { state.reviewable[$0] })
        }
        if ground == .notRedactable {
            for item in asked { _ = context.review.decide(item.key) { item } }
        }
        return gone
    }

    /// Whether a file was taken out again.
    public func isStruck(_ path: String) -> Bool { state.withLock { $0.struck.contains(Array(path.utf8)) } }

    /// Files that did not go in.
    public var withheld: [Ground: Int64] { state.withLock { $0.withheld } }

    /// Files for which a redacted one went in.
    public var replaced: [(original: String, given: String)] { state.withLock { $0.replaced } }

    /// Only what has one meaning to everybody who opens it: other types of text hide signs behind others.
    private func isPlainText(_ document: Document) -> Bool {
        let type = document.mediaType?.split(separator: ";").first.map { $0.lowercased() }
        guard type == "text/plain" || type == "text/csv" else { return false }
        return !document.bytes.contains(0) && String(validating: document.bytes, as: UTF8.self) != nil
    }

    /// What an XML document says outside its elements: comments and processing instructions. One in an encoding with
    /// NUL bytes cannot be looked through so.
    private func hasHiddenText(_ bytes: [UInt8]) -> Bool {
        if bytes.contains(0) { return true }
        var index = 0
        while let open = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            let rest = bytes[open...]
            index = open + 1
            for (begin, end) in [("<!--", "-->"), ("<?", "?>")] where rest.starts(with: begin.utf8) {
                let close = position(of: Array(end.utf8), in: bytes, from: open + begin.utf8.count)
                if hasHits(bytes.span.extracting(open..<(close ?? bytes.count))) { return true }
                guard let close else { return false }
                index = close
            }
        }
        return false
    }

    private func position(of wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + wanted.count <= bytes.count {
            if bytes[index...].starts(with: wanted) { return index }
            index += 1
        }
        return nil
    }

    private func hasHits(_ text: Span<UInt8>) -> Bool {
        var hits: [Detection] = []
        detectors.scan(text, into: &hits)
        return hits.contains { hit in
            let value = text.extracting(hit.range)
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
