public import PortabilityModel

/// Checks that an extractor keeps the contract of ``/PortabilityModel/Extractor``: the same that the built-in ones pass.
///
/// Use it from any test framework; it returns what it found:
/// ```swift
/// let report = await ExtractorConformance(extractor, fixture: fixture).check()
/// #expect(report.passed, "\(report)")
/// ```
/// Sessions run as in the engine: each on a thread of its own that may block, one call after another, closed once.
public struct ExtractorConformance: Sendable {
    let extractor: any Extractor
    let fixture: Fixture

    public init(_ extractor: any Extractor, fixture: Fixture) {
        self.extractor = extractor
        self.fixture = fixture
    }

    /// Checks the given points and the fixture.
    public func check(_ points: Set<Point> = Set(Point.allCases)) async -> ConformanceReport {
        var examination = Examination(extractor, fixture, points.union([.fixture]))
        await examination.run()
        return examination.report
    }
}
