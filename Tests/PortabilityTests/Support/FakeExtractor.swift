import PortabilityModel
import Synchronization

/// A source in memory that does what a test tells it, right or wrong.
struct FakeExtractor: Extractor {
    /// One person record of the fake source.
    struct Row: Sendable {
        var id: Int
        var subject = "7"
        var tenant = ""
        var name = "Päivi Mäki"
        var note: String?
    }

    /// What goes wrong.
    enum Fault: Sendable {
        case none
        case cannotOpen(PortabilityError.Code)
        case failsAfter(rows: Int, PortabilityError.Code)
        case statesTooMany
        case hangs
    }

    var declaration: SourceDeclaration
    var rows: [String: [Row]]
    var fault: Fault = .none
    /// The rows that `resolve` looks through.
    var people: [SubjectKeys] = []
    /// What look-ups answer.
    var answers: [LookUp: [[String: String]]] = [:]
    /// Which rows a look-up by given keys can see.
    var resolveOnly: @Sendable (_ known: SubjectKeys, _ row: SubjectKeys) -> Bool = { _, _ in true }
    /// Records in a batch.
    var batchSize = 3
    var findings: [Finding] = []
    /// What it says that it holds.
    var coverage: @Sendable (CoverageDepth) throws -> [CoverageItem]? = { _ in nil }
    /// Bytes of one document for every row; 0 for none.
    var documentBytes = 0
    /// Waits before a batch, in microseconds, by batch number.
    var delay: @Sendable (Int) -> UInt64 = { _ in 0 }
    var journal = SessionJournal()

    func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        if case .cannotOpen(let code) = fault {
            throw PortabilityError(code, "the fake source does not open", remedy: "Ask the test")
        }
        journal.opened()
        return Session(extractor: self, context: context)
    }

    private struct Session: ExtractionSession {
        let extractor: FakeExtractor
        let context: ExtractionContext

        func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? { try extractor.coverage(depth) }

        func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys] {
            extractor.people.filter { person in
                known.all.contains { person[$0.kind].contains($0.value) } && extractor.resolveOnly(known, person)
            }
        }

        func lookUp(_ kind: LookUp, _ known: SubjectKeys) async throws -> [[String: String]] {
            extractor.answers[kind] ?? []
        }

        func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
            var counts: [Int64] = []
            for (index, id) in request.datasets.enumerated() {
                guard let dataset = extractor.declaration.datasets.first(where: { $0.id == id }),
                    let entity = context.catalogue.entity(named: dataset.entity)
                else { throw PortabilityError(.configuration, "no such dataset") }
                counts.append(try await extract(dataset, EntityLayout(entity), index: index, into: sink))
            }
            for finding in extractor.findings { await sink.report(finding) }
            if case .statesTooMany = extractor.fault { counts[0] += 1 }
            return ExtractionEnd(records: counts)
        }

        private func extract(
            _ dataset: DatasetDeclaration, _ layout: EntityLayout, index: Int, into sink: any RecordSink
        ) async throws -> Int64 {
            var builder = BatchBuilder(dataset: index, limits: BatchLimits(rows: extractor.batchSize))
            let rows = extractor.rows[dataset.id] ?? []
            let name = layout.groups[0].index(of: "full_name") ?? layout.groups[0].index(of: "name") ?? 0
            for (position, row) in rows.enumerated() {
                if case .failsAfter(let limit, let code) = extractor.fault, position == limit {
                    throw PortabilityError(code, "the fake source broke off", remedy: "Ask the test")
                }
                if case .hangs = extractor.fault, position == 1 {
                    while true {
                        try Task.checkCancellation()
                        try await Task.sleep(nanoseconds: 1_000_000)
                    }
                }
                if extractor.documentBytes > 0 {
                    // Noise, so that packing does not make it vanish.
                    var generator = SeededGenerator(UInt64(row.id))
                    let content = (0..<extractor.documentBytes).map { _ in UInt8.random(in: 0...255, using: &generator)
                    }
                    _ = try await sink.document(
                        Document(
                            recordID: String(row.id), role: .attachment, originalName: "\(row.name).pdf",
                            mediaType: "application/pdf",
                            bytes: content),
                        dataset: index)
                }
                let (id, subject, tenant) = (Array("\(row.id)".utf8), Array(row.subject.utf8), Array(row.tenant.utf8))
                let value = Array(row.name.utf8)
                builder.beginRecord(
                    id: id.span, idKind: .integer, subject: subject.span, tenant: tenant.span,
                    position: UInt64(position + 1))
                builder.value(name, .string, value.span)
                if let note = row.note {
                    let (key, text) = (Array("note".utf8), Array(note.utf8))
                    builder.other(key.span, .string, text.span)
                }
                try builder.endRecord()
                if builder.isFull {
                    let pause = extractor.delay(position)
                    if pause > 0 { try await Task.sleep(nanoseconds: pause * 1000) }
                    try await sink.push(builder.take())
                }
            }
            if builder.count > 0 { try await sink.push(builder.take()) }
            return Int64(rows.count)
        }

        func close() async { extractor.journal.closed() }
    }
}

/// Counts sessions, so that a test sees one that was left open.
final class SessionJournal: Sendable {
    private let counts = Mutex((opened: 0, closed: 0))

    func opened() { counts.withLock { $0.opened += 1 } }
    func closed() { counts.withLock { $0.closed += 1 } }
    var open: Int { counts.withLock { $0.opened - $0.closed } }
    var total: Int { counts.withLock { $0.opened } }
}
