public import PortabilityModel
import Synchronization

/// A sink that keeps everything, for tests that look at what an extractor gives.
public final class CollectingSink: RecordSink {
    /// A record in words: its head, and the texts of its values by their paths.
    public struct Record: Sendable {
        public var id: String
        public var subject: String
        public var tenant: String
        public var file: Int
        public var position: UInt64
        /// Paths with dots, elements of lists numbered from 1 (`lines[2].quantity`), `other` fields as `other:name`; in
        /// the order of the tape.
        public var values: [(path: String, text: String)]

        /// The text of a value; nil if it is absent.
        public subscript(path: String) -> String? { values.first { $0.path == path }?.text }
    }

    private struct State {
        var batches: [RecordBatch] = []
        var documents: [Document] = []
        var findings: [Finding] = []
    }
    private let state = Mutex(State())
    private let givesDocuments: Bool
    private let onPush: @Sendable (_ number: Int) async throws -> Void

    /// - Parameters:
    ///   - givesDocuments: whether documents are taken; if not, records get no references.
    ///   - onPush: called with the number of each push from 1, after its batch was taken; may wait or throw.
    public init(
        givesDocuments: Bool = true, onPush: @escaping @Sendable (_ number: Int) async throws -> Void = { _ in }
    ) {
        self.givesDocuments = givesDocuments
        self.onPush = onPush
    }

    public var batches: [RecordBatch] { state.withLock { $0.batches } }
    public var documents: [Document] { state.withLock { $0.documents } }
    public var findings: [Finding] { state.withLock { $0.findings } }

    public func push(_ batch: consuming RecordBatch) async throws {
        let batch = batch
        let number = state.withLock { state in
            state.batches.append(batch)
            return state.batches.count
        }
        try await onPush(number)
    }

    public func document(_ document: Document, dataset: Int) async throws -> String? {
        let number = state.withLock { state in
            state.documents.append(document)
            return state.documents.count
        }
        return givesDocuments ? "data/documents/test-\(number).bin" : nil
    }

    public func report(_ finding: Finding) async { state.withLock { $0.findings.append(finding) } }

    /// The records of a dataset, by its index in the request.
    public func records(_ dataset: Int = 0, of entity: Entity) -> [Record] {
        let layout = EntityLayout(entity)
        return batches.filter { $0.dataset == dataset }.flatMap { batch in
            batch.records.map { head in
                var reader = TapeTexts(layout: layout, batch: batch)
                reader.fields(head.tokens, group: 0, prefix: "")
                return Record(
                    id: batch.text(head.id), subject: batch.text(head.subject), tenant: batch.text(head.tenant),
                    file: Int(head.file), position: head.position, values: reader.values)
            }
        }
    }
}

/// Reads a well-formed tape as paths and texts.
private struct TapeTexts {
    let layout: EntityLayout
    let batch: RecordBatch
    var values: [(path: String, text: String)] = []

    mutating func fields(_ range: Range<Int>, group: Int, prefix: String) {
        var index = range.lowerBound
        while index < range.upperBound {
            let token = batch.tokens[index]
            if token.kind == .otherName {
                values.append(("other:\(batch.text(token))", batch.text(batch.tokens[index + 1])))
                index += 2
                continue
            }
            let field = layout.groups[group].fields[Int(token.field)]
            let path = prefix + field.name
            guard token.kind == .listBegin else {
                index = element(index, field, path)
                continue
            }
            let end = index + 1 + Int(token.length)
            index += 1
            var place = 1
            while index < end {
                index = element(index, field, "\(path)[\(place)]")
                place += 1
            }
            index += 1
        }
    }

    private mutating func element(_ index: Int, _ field: EntityLayout.Field, _ path: String) -> Int {
        let token = batch.tokens[index]
        guard token.kind == .groupBegin else {
            values.append((path, batch.text(token)))
            return index + 1
        }
        let end = index + 1 + Int(token.length)
        fields(index + 1..<end, group: field.group, prefix: "\(path).")
        return end + 1
    }
}
