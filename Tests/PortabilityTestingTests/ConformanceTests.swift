import PortabilityModel
import PortabilityTesting
import Synchronization
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

@Suite("Conformance kit")
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
}
