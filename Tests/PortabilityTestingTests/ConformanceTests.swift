import PortabilityModel
import PortabilityTesting
import Synchronization
import TestServers
import Testing

/// A check of the service, with a flaw or without.
private func examine(
    _ flaw: Flaw? = nil, _ points: Set<ExtractorConformance.Point> = Set(ExtractorConformance.Point.allCases),
    change: (inout ExtractorConformance.Fixture) -> Void = { _ in }
) async -> ConformanceReport {
    let state = ServiceState()
    var faults: [ExtractorConformance.Fault: ExtractorConformance.FaultSource] = [:]
    for fault in ExtractorConformance.Fault.allCases {
        faults[fault] = .broken { ServiceExtractor(service: .broken(fault), flaw: flaw, state: state) }
    }
    var fixture = ExtractorConformance.Fixture(
        subject: user("100042"), foreign: user("100043"), unknown: user("900000"),
        counts: ["attributes": 6, "messages": 5], documents: 3, secrets: ["Kanarialintu"], patience: 20,
        resources: { state.opened.load(ordering: .relaxed) }, faults: faults)
    change(&fixture)
    let extractor = ServiceExtractor(service: .sound(), flaw: flaw, state: state)
    return await ExtractorConformance(extractor, fixture: fixture).check(points)
}

private func user(_ value: String) -> SubjectKeys { SubjectKeys([Identifier(kind: "user_id", value: value)]) }

@Suite("Conformance kit", .onOwnThreads)
struct ConformanceTests {
    @Test("An extractor that keeps the contract passes every point")
    func soundExtractorPasses() async {
        let report = await examine()
        #expect(report.passed, "\(report)")
        #expect(report.points == ExtractorConformance.Point.allCases)
        #expect(report.notes.isEmpty, "\(report)")
    }

    @Test("Every flaw is caught, by the point that is about it and by no other", arguments: Flaw.allCases)
    func flawIsCaught(flaw: Flaw) async {
        let report = await examine(flaw) { fixture in
            // Somebody else's records are more than the fixture counts.
            if flaw == .givesEverybody { (fixture.counts, fixture.documents) = ([:], nil) }
        }
        #expect(report.failedPoints == [flaw.point], "\(report)")
    }

    @Test("There is a flaw for every point")
    func everyPointHasAFlaw() {
        let caught = Set(Flaw.allCases.map(\.point)).union([.fixture])
        #expect(caught == Set(ExtractorConformance.Point.allCases))
    }

    @Test("Only the points that are asked for are judged, and the fixture")
    func singlePoints() async {
        let report = await examine(.descending, [.trueCount, .silence])
        #expect(report.passed, "\(report)")
        #expect(report.points == [.fixture, .trueCount, .silence])
        #expect(await !examine(.descending, [.order]).passed)
    }

    @Test("A fixture that proves nothing fails")
    func emptyFixtures() async {
        let nobody = await examine { $0.subject = user("900000") }
        #expect(nobody.failedPoints == [.fixture], "\(nobody)")
        let alone = await examine { $0.foreign = user("900001") }
        #expect(alone.failedPoints == [.fixture], "\(alone)")
        let miscounted = await examine { $0.counts = ["attributes": 6, "messages": 4, "gone": 1] }
        #expect(miscounted.failures.map(\.dataset) == ["messages", "gone"], "\(miscounted)")
        let documents = await examine { $0.documents = 2 }
        #expect(documents.failedPoints == [.fixture], "\(documents)")
    }

    @Test("A fault is brought about, or said not to apply with a reason")
    func faultsAreTold() async {
        let missing = await examine { $0.faults[.pageLoop] = nil }
        #expect(missing.failedPoints == [.pageLoop], "\(missing)")
        let unreasoned = await examine { $0.faults[.timeOut] = .notApplicable(" ") }
        #expect(unreasoned.failedPoints == [.timeOut], "\(unreasoned)")
        let reasoned = await examine { $0.faults[.timeOut] = .notApplicable("it is in memory") }
        #expect(reasoned.passed)
        #expect(reasoned.notes == ["timeOut does not apply: it is in memory"])
    }

    @Test("A source that is broken in no way is no fault")
    func soundFault() async {
        let state = ServiceState()
        let report = await examine {
            $0.faults[.cutInTheMiddle] = .broken { ServiceExtractor(service: .sound(), flaw: nil, state: state) }
        }
        #expect(report.failedPoints == [.cutInTheMiddle], "\(report)")
    }

    @Test("A session that hangs is given up, whether or not it can be cancelled", arguments: [true, false])
    func hangs(stops: Bool) async {
        let release = Release()
        let report = await examine(nil, [.timeOut]) { fixture in
            fixture.patience = 3
            fixture.faults[.timeOut] = .broken { HangingExtractor(stopsWhenCancelled: stops, release: release) }
        }
        release.isDone.store(true, ordering: .relaxed)
        #expect(report.failedPoints == [.timeOut], "\(report)")
    }

    @Test("A source that holds no personal data says why")
    func noPersonalData() async {
        func check(_ reason: LocalizedText?, _ datasets: [DatasetDeclaration] = []) async -> ConformanceReport {
            let source = RecordedExtractor(
                SourceDeclaration(
                    id: "prices", kind: "none", role: .controller, datasets: datasets, noPersonalData: reason),
                rows: [:])
            return await ExtractorConformance(source, fixture: .nobody).check()
        }
        let reason = LocalizedText(fi: "Vain hintoja", sv: "Bara priser", en: "Prices only")
        #expect(await check(reason).passed)
        #expect(await check(nil).failedPoints == [.declaration])
        #expect(await check(LocalizedText(fi: "Vain hintoja", sv: " ", en: "")).failedPoints == [.declaration])
    }

    @Test("Reports name points and datasets, and no value")
    func description() async {
        let report = await examine(.givesToStrangers)
        let text = "\(report)"
        #expect(text.contains("isolation"))
        #expect(!text.contains("100042"))
        #expect(!text.contains("the text of number"))
    }
}

/// Lets a session that cannot be cancelled end when the test does.
private final class Release: Sendable {
    let isDone = Atomic(false)
}

private struct HangingExtractor: Extractor {
    let stopsWhenCancelled: Bool
    let release: Release

    var declaration: SourceDeclaration {
        ServiceExtractor(service: .sound(), flaw: nil, state: ServiceState()).complete
    }

    func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        while !release.isDone.load(ordering: .relaxed) {
            if stopsWhenCancelled { try Task.checkCancellation() }
            try? await Task.sleep(nanoseconds: 1_000_000)
        }
        throw PortabilityError(.unavailable, "nobody answers any more")
    }
}

/// The two stand-ins for tests of services.
@Suite("Stand-ins", .onOwnThreads)
struct StandInTests {
    private let maija = Identifier(kind: "user_id", value: "100042")

    private var source: RecordedExtractor {
        func dataset(_ id: String, _ entity: String, _ order: DatasetDeclaration.Order) -> DatasetDeclaration {
            DatasetDeclaration(
                id: id, entity: entity, category: .profile, role: .controller, origin: Origin(kind: .observed),
                purposes: ["service"], subjectKinds: ["customer_number", "user_id"], order: order)
        }
        let matti = Identifier(kind: "user_id", value: "100043")
        let letter = Document(
            recordID: "10", role: .attachment, originalName: "kirje.txt", mediaType: "text/plain", bytes: [65])
        return RecordedExtractor(
            SourceDeclaration(
                id: "recorded", kind: "recorded", role: .controller,
                datasets: [
                    dataset("messages", "communication", .recordID), dataset("visits", "usage_event", .position),
                ],
                resolves: ["user_id"], adds: ["user_id", "email"]),
            rows: [
                "messages": [
                    .init(
                        "10", idKind: .integer, of: maija,
                        values: [("shoe_size", "38"), ("body", "Hei"), ("recipients", "a"), ("recipients", "b")],
                        documents: [(letter, "attachments")]),
                    .init("9", idKind: .integer, of: maija, values: [("sent_at", "2026-03-01T12:00:00Z")]),
                    .init("11", idKind: .integer, of: matti, values: [("body", "Moi")]),
                ],
                "visits": [
                    .init("b", of: maija, values: [("http_status", "no number")]), .init("a", of: maija, values: []),
                ],
            ], people: [SubjectKeys([maija, Identifier(kind: "email", value: "maija@example.com")])])
    }

    private func extract(_ source: RecordedExtractor, into sink: CollectingSink) async throws -> ExtractionEnd {
        let session = try await source.open(
            ExtractionContext(source: "recorded", baseDirectory: "/", catalogue: .standard))
        let request = ExtractionRequest(datasets: ["messages", "visits"], subject: SubjectKeys([maija]))
        return try await session.extract(request, into: sink)
    }

    @Test("A recorded source gives its rows in order, each value in its field")
    func recorded() async throws {
        let sink = CollectingSink()
        let end = try await extract(source, into: sink)
        #expect(end.records == [2, 2])
        let messages = sink.records(of: try #require(Catalogue.standard.entity(named: "communication")))
        #expect(messages.map(\.id) == ["9", "10"])
        #expect(messages[0]["sent_at"] == "2026-03-01T12:00:00Z")
        #expect(messages[1]["recipients[2]"] == "b")
        #expect(messages[1]["attachments[1]"] == "data/documents/test-1.bin")
        #expect(messages[1]["other:shoe_size"] == "38")
        let visits = sink.records(1, of: try #require(Catalogue.standard.entity(named: "usage_event")))
        #expect(visits.map(\.id) == ["b", "a"])
        #expect(sink.documents.count == 1)
    }

    @Test("A recorded source keeps the contract")
    func conformance() async {
        let source = source
        var broken = source
        broken.failure = (after: 1, error: PortabilityError(.unavailable, "it broke off"))
        let cut = broken
        let fixture = ExtractorConformance.Fixture(
            subject: SubjectKeys([maija]), foreign: user("100043"), unknown: user("900000"),
            counts: ["messages": 2, "visits": 2], documents: 1,
            faults: [
                .refused: .notApplicable("it is in memory"), .timeOut: .notApplicable("it is in memory"),
                .cutInTheMiddle: .broken { cut }, .pageRepeated: .notApplicable("it has no pages"),
                .pageLoop: .notApplicable("it has no pages"),
            ])
        let report = await ExtractorConformance(source, fixture: fixture).check()
        #expect(report.passed, "\(report)")
    }

    @Test("A recorded source fails where the test wants it, and a sink can fail too")
    func failure() async throws {
        var source = source
        source.failure = (after: 3, error: PortabilityError(.unavailable, "it broke off"))
        let sink = CollectingSink()
        await #expect(throws: PortabilityError(.unavailable, "")) { try await extract(source, into: sink) }
        #expect(sink.batches.count == 1)
        let full = CollectingSink { _ in throw PortabilityError(.output, "the disk is full") }
        await #expect(throws: PortabilityError(.output, "")) { try await extract(self.source, into: full) }
    }
}
