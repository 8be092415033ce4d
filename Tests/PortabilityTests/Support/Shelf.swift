import PortabilityModel
import Synchronization

/// A source in memory that holds records of many people, finds each by `user_id`, and watches how it is used.
struct Shelf: Extractor {
    /// What was done to all sessions of the source.
    final class Watch: Sendable {
        struct State {
            var opened = 0
            var closed = 0
            var isBusy = false
            var overlaps = 0
            var anticipated: [[String]] = []
            var extracted: [String] = []
            var extractedBeforeAnticipation = 0
        }
        let state = Mutex(State())

        func enter() {
            state.withLock { watched in
                if watched.isBusy { watched.overlaps += 1 }
                watched.isBusy = true
            }
        }
        func leave() { state.withLock { $0.isBusy = false } }
        var seen: State { state.withLock { $0 } }
    }

    var declaration: SourceDeclaration
    /// How many records each person has, by `user_id`.
    var people: [String: Int]
    /// Whose extraction delivers a record of somebody else after the first one.
    var faulty: Set<String> = []
    /// Microseconds before each batch.
    var delay: UInt64 = 0
    var watch = Watch()

    init(_ id: String, people: [String: Int], resolves: Bool = true) {
        declaration = SourceDeclaration(
            id: id, kind: "shelf", role: .controller,
            datasets: [dataset("\(id)-person"), dataset("\(id)-more")], resolves: resolves ? ["user_id"] : [])
        self.people = people
    }

    func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        watch.state.withLock { $0.opened += 1 }
        return Session(shelf: self, context: context)
    }

    private struct Session: ExtractionSession {
        let shelf: Shelf
        let context: ExtractionContext

        func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys] {
            shelf.watch.enter()
            defer { shelf.watch.leave() }
            return known["user_id"].filter { shelf.people[$0] != nil }
                .map { SubjectKeys([Identifier(kind: "user_id", value: $0)]) }
        }

        func anticipate(_ subjects: [SubjectKeys], scratch: String) async throws {
            shelf.watch.enter()
            defer { shelf.watch.leave() }
            shelf.watch.state.withLock { watched in
                watched.extractedBeforeAnticipation += watched.extracted.count
                watched.anticipated.append(subjects.flatMap { $0["user_id"] })
            }
        }

        func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
            shelf.watch.enter()
            defer { shelf.watch.leave() }
            let subject = request.subject["user_id"].first ?? ""
            shelf.watch.state.withLock { $0.extracted.append(subject) }
            let layout = EntityLayout(context.catalogue.entity(named: "person")!)
            var counts: [Int64] = []
            for index in request.datasets.indices {
                var builder = BatchBuilder(dataset: index, limits: BatchLimits(rows: 3))
                let count = shelf.people[subject] ?? 0
                for number in 0..<count {
                    let isForeign = number > 0 && shelf.faulty.contains(subject)
                    let (id, owner) = (Array("\(number + 1)".utf8), Array((isForeign ? "stranger" : subject).utf8))
                    let value = Array("Päivi \(subject) \(number)".utf8)
                    builder.beginRecord(
                        id: id.span, idKind: .integer, subject: owner.span, tenant: [UInt8]().span,
                        position: UInt64(number + 1))
                    builder.value(layout.groups[0].index(of: "full_name") ?? 0, .string, value.span)
                    try builder.endRecord()
                    if builder.isFull {
                        if shelf.delay > 0 { try await Task.sleep(nanoseconds: shelf.delay * 1000) }
                        try await sink.push(builder.take())
                    }
                }
                if builder.count > 0 { try await sink.push(builder.take()) }
                counts.append(Int64(count))
            }
            try Task.checkCancellation()
            return ExtractionEnd(records: counts)
        }

        func close() async { shelf.watch.state.withLock { $0.closed += 1 } }
    }
}
