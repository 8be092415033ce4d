import PortabilityModel
import Synchronization

/// The sink of one source's extraction: hands batches to the datasets' encoders, writes documents, counts findings.
final class SourceSink: RecordSink {
    private let listedFindings = Mutex<[Finding]>([])
    private let channels: [DatasetPipeline]
    private let progress: ProgressCounter
    private let source: String
    private let isGivenUp = Atomic(false)

    /// How many findings of one kind are listed one by one; the rest is counted.
    private static let listed = 100

    init(source: String, channels: [DatasetPipeline], progress: ProgressCounter) {
        self.source = source
        self.channels = channels
        self.progress = progress
    }

    /// Has the extraction end at what it delivers next, also where its task goes on.
    func giveUp() { isGivenUp.store(true, ordering: .relaxed) }

    /// - Throws: `cancelled` if nobody waits for what comes.
    func checkWanted() throws {
        try Task.checkPortabilityCancellation()
        if isGivenUp.load(ordering: .relaxed) { throw PortabilityError(.cancelled, "the export was cancelled") }
    }

    func push(_ batch: consuming RecordBatch) async throws {
        try checkWanted()
        let index = batch.dataset
        guard channels.indices.contains(index) else {
            throw PortabilityError(
                .scopeViolation, "the extractor delivered records of a dataset that was not asked for",
                remedy: "This is a fault of the extractor", at: .init(source: source))
        }
        progress.add(records: Int64(batch.records.count), bytes: Int64(batch.bytes.count))
        try await channels[index].push(batch)
    }

    func document(_ document: Document, dataset: Int) async throws -> String? {
        try checkWanted()
        guard channels.indices.contains(dataset) else { return nil }
        return try channels[dataset].write(document)
    }

    func report(_ finding: Finding) async {
        var finding = finding
        finding.place.source = source
        listedFindings.withLock { findings in
            let seen = findings.count { $0.kind == finding.kind }
            if seen < Self.listed {
                if let same = findings.firstIndex(where: {
                    $0.kind == finding.kind && $0.message == finding.message && $0.place == finding.place
                }) {
                    findings[same].count += finding.count
                } else {
                    findings.append(finding)
                }
            } else if let rest = findings.firstIndex(where: {
                $0.kind == finding.kind && $0.message == Self.restMessage
            }) {
                findings[rest].count += finding.count
                findings[rest].losesRecords = findings[rest].losesRecords || finding.losesRecords
            } else {
                findings.append(
                    Finding(
                        finding.kind, Self.restMessage, at: .init(source: source), count: finding.count,
                        losesRecords: finding.losesRecords))
            }
        }
    }

    private static let restMessage = "more of the same kind, not listed one by one"

    /// All findings, in an order that does not depend on timing.
    var findings: [Finding] { listedFindings.withLock { $0 } }
}

/// Counts what passed, for progress events.
final class ProgressCounter: Sendable {
    private let counts = Mutex((records: Int64(0), bytes: Int64(0)))
    private let events: ExportEvents?

    init(events: ExportEvents?) { self.events = events }

    func add(records: Int64, bytes: Int64) {
        let (r, b) = counts.withLock { counts in
            counts.records += records
            counts.bytes += bytes
            return counts
        }
        events?.send(.progress(records: r, bytes: b))
    }

    var records: Int64 { counts.withLock { $0.records } }
}

extension Task where Success == Never, Failure == Never {
    /// As `checkCancellation()`, but with the project's error.
    static func checkPortabilityCancellation() throws {
        if isCancelled { throw PortabilityError(.cancelled, "the export was cancelled") }
    }
}
