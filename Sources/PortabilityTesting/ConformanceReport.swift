/// What the kit found out. Printing it shows every failure, and never a value of a record.
public struct ConformanceReport: Sendable, CustomStringConvertible {
    /// A promise that is not kept.
    public struct Failure: Sendable, Hashable, CustomStringConvertible {
        public var point: ExtractorConformance.Point
        public var dataset: String?
        public var message: String

        public var description: String {
            "\(point.rawValue)\(dataset.map { " (\($0))" } ?? ""): \(message)"
        }
    }

    /// The id of the source in its declaration.
    public var source: String
    /// The points that were asked for, in their order.
    public var points: [ExtractorConformance.Point]
    public var failures: [Failure] = []
    /// What was not judged and why: faults that do not apply, points for which the source has nothing to show.
    public var notes: [String] = []

    public var passed: Bool { failures.isEmpty }

    /// The points that failed.
    public var failedPoints: Set<ExtractorConformance.Point> { Set(failures.map(\.point)) }

    public var description: String {
        let failed = failedPoints
        var lines = ["source \(source): \(points.count - failed.count) of \(points.count) points conform"]
        lines += failures.map { "  fails   \($0)" }
        lines += notes.map { "  note    \($0)" }
        return lines.joined(separator: "\n")
    }

    mutating func fail(_ point: ExtractorConformance.Point, _ message: String, dataset: String? = nil) {
        guard points.contains(point) else { return }
        let failure = Failure(point: point, dataset: dataset, message: message)
        if !failures.contains(failure) { failures.append(failure) }
    }
}
