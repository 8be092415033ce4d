import PortabilityModel
import Synchronization

/// What an author sees if an error of the sink is lost on its way.
struct ProbeError: Error, Equatable {
    let number: Int
}

/// The sink of one run: keeps what comes, and behaves as the point wants it.
final class ProbeSink: RecordSink {
    enum Behaviour: Sendable {
        case takes
        /// Throws at a push, counted from 1.
        case failsAtPush(Int, any Error)
        case failsAtDocument(Int, any Error)
        /// Has the run cancelled during a push or document, and still takes everything.
        case cancelsAtPush(Int)
        case cancelsAtDocument(Int)
        /// Does not answer for a while, as encoders that are behind.
        case hesitates
        /// Compares as the engine does: keys, tenant and order of every record; and has an end of its patience.
        case judges(records: Int)
    }

    /// A document that was offered.
    struct Offer: Hashable, Sendable {
        var dataset: Int
        var recordID: String
        var role: Document.Role
        var originalName: String?
        var mediaType: String?
        var bytes: [UInt8]
        /// The path that was answered.
        var path: String?
    }

    struct Kept: Sendable {
        var batches: [RecordBatch] = []
        var offers: [Offer] = []
        var findings: [Finding] = []
        var pushes = 0
        /// Records pushed, also those that are not kept.
        var records = 0
        /// Pushes and documents that came while another was not answered.
        var overlaps = 0
        /// Pushes and documents after the end, and after an error of the sink.
        var late = 0
        var afterError = 0
        /// Pushes after the cancellation.
        var afterCancellation = 0
        fileprivate var pending = 0
        fileprivate var hasEnded = false
        /// Whether the sink came to do what it was to do.
        fileprivate(set) var hasThrown = false
        fileprivate(set) var wasCancelled = false
        fileprivate var last: [Int: RecordHeadKey] = [:]
    }

    fileprivate struct RecordHeadKey: Sendable {
        var id: [UInt8]
        var idKind: RecordIDKind
        var file: UInt32
        var position: UInt64
    }

    private let state = Mutex(Kept())
    private let behaviour: Behaviour
    private let givesDocuments: Bool
    private let ids: [String]
    private let datasets: [DatasetDeclaration]
    private let subject: SubjectKeys
    private let cancel: @Sendable () -> Void

    /// - Parameters:
    ///   - ids: the datasets that are asked for, in the order of the request.
    ///   - declaration: where they are declared.
    init(
        _ behaviour: Behaviour, givesDocuments: Bool, ids: [String], declaration: SourceDeclaration,
        subject: SubjectKeys,
        cancel: @escaping @Sendable () -> Void
    ) {
        self.behaviour = behaviour
        self.givesDocuments = givesDocuments
        self.ids = ids
        datasets = ids.compactMap { id in declaration.datasets.first { $0.id == id } }
        self.subject = subject
        self.cancel = cancel
    }

    var kept: Kept { state.withLock { $0 } }

    /// What is pushed from now on is late.
    func end() { state.withLock { $0.hasEnded = true } }

    func push(_ batch: consuming RecordBatch) async throws {
        let batch = batch
        let number = begin { kept in
            kept.pushes += 1
            if kept.wasCancelled { kept.afterCancellation += 1 }
            if kept.hasEnded { return }
            kept.records += batch.records.count
            if case .judges = behaviour { return }
            kept.batches.append(batch)
        }.pushes
        defer { finish() }
        switch behaviour {
        case .failsAtPush(number, let error): throw thrown(error)
        case .cancelsAtPush(number): cancelNow()
        case .hesitates where number <= 3: try await hesitate()
        case .judges(let limit): try judge(batch, limit: limit)
        default: break
        }
    }

    func document(_ document: Document, dataset: Int) async throws -> String? {
        let id = ids.indices.contains(dataset) ? ids[dataset] : "unknown"
        let number = begin { kept in
            let ordinal = kept.offers.count { $0.dataset == dataset } + 1
            kept.offers.append(
                Offer(
                    dataset: dataset, recordID: document.recordID, role: document.role,
                    originalName: document.originalName, mediaType: document.mediaType, bytes: document.bytes,
                    path: givesDocuments ? "data/documents/\(id)-\(ordinal).bin" : nil))
        }.offers.count
        defer { finish() }
        switch behaviour {
        case .failsAtDocument(number, let error): throw thrown(error)
        case .cancelsAtDocument(number): cancelNow()
        case .hesitates where number <= 3: try await hesitate()
        default: break
        }
        return state.withLock { $0.offers[number - 1].path }
    }

    func report(_ finding: Finding) async { state.withLock { $0.findings.append(finding) } }

    private func begin(_ note: (inout Kept) -> Void) -> Kept {
        state.withLock { kept in
            if kept.pending > 0 { kept.overlaps += 1 }
            if kept.hasEnded { kept.late += 1 }
            if kept.hasThrown { kept.afterError += 1 }
            kept.pending += 1
            note(&kept)
            return kept
        }
    }

    private func finish() { state.withLock { $0.pending -= 1 } }

    private func thrown(_ error: any Error) -> any Error {
        state.withLock { $0.hasThrown = true }
        return error
    }

    private func cancelNow() {
        state.withLock { $0.wasCancelled = true }
        cancel()
    }

    /// Waits for a push that must not come; as soon as it does there is nothing to wait for.
    private func hesitate() async throws {
        for _ in 0..<50 where state.withLock({ $0.overlaps == 0 }) {
            try await Task.sleep(nanoseconds: 2_000_000)
        }
    }

    private func judge(_ batch: RecordBatch, limit: Int) throws {
        guard datasets.indices.contains(batch.dataset) else {
            throw thrown(PortabilityError(.scopeViolation, "records of a dataset that was not asked for"))
        }
        let dataset = datasets[batch.dataset]
        for head in batch.records {
            let key = RecordHeadKey(
                id: Array(batch.bytes[head.id.range]), idKind: head.idKind, file: head.file, position: head.position)
            guard dataset.asksFor(subject, Array(batch.bytes[head.subject.range]), kind: Int(head.subjectKind)) else {
                throw thrown(PortabilityError(.scopeViolation, "a record of another subject"))
            }
            let ascends = state.withLock { kept in
                defer { kept.last[batch.dataset] = key }
                guard let last = kept.last[batch.dataset] else { return true }
                return switch dataset.order {
                case .recordID: precedes((last.id, last.idKind), (key.id, key.idKind))
                case .position: (last.file, last.position) < (key.file, key.position)
                }
            }
            guard ascends else { throw thrown(PortabilityError(.scopeViolation, "records out of order")) }
        }
        if state.withLock({ $0.records }) > limit { throw thrown(Endless()) }
    }

    /// Thrown when far more records came than there are.
    struct Endless: Error {}
}

extension DatasetDeclaration {
    /// Whether a record with this key is the subject's.
    func asksFor(_ subject: SubjectKeys, _ value: [UInt8], kind: Int) -> Bool {
        subjectKinds.indices.contains(kind) && subject[subjectKinds[kind]].contains { $0.utf8.elementsEqual(value) }
    }
}

/// Whether one `record_id` stands before another: integers as numbers, text as bytes, never one of each.
func precedes(_ left: (id: [UInt8], kind: RecordIDKind), _ right: (id: [UInt8], kind: RecordIDKind)) -> Bool {
    switch (left.kind, right.kind) {
    case (.text, .text): return left.id.lexicographicallyPrecedes(right.id)
    case (.integer, .integer):
        func parts(_ id: [UInt8]) -> (isNegative: Bool, digits: ArraySlice<UInt8>) {
            id.first == UInt8(ascii: "-") ? (true, id.dropFirst()) : (false, id[...])
        }
        let (left, right) = (parts(left.id), parts(right.id))
        if left.isNegative != right.isNegative { return left.isNegative }
        let (small, large) = left.isNegative ? (right.digits, left.digits) : (left.digits, right.digits)
        return small.count == large.count ? small.lexicographicallyPrecedes(large) : small.count < large.count
    default: return false
    }
}
