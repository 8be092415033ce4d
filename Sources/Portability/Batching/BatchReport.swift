import PortabilityModel
import PortabilityText
import Synchronization

/// Tells what came of each request: to the file of results, to whoever reads the events, and in the summary.
final class BatchReport: Sendable {
    private struct State {
        let file: AppendOnlyFile
        var summary = BatchSummary()
        var done = 0
    }
    private let state: Mutex<State>
    private let count: Int
    private let events: BatchEvents?
    /// What earlier runs told of a request.
    private struct Told {
        var archives: Set<String> = []
        /// The digest on its last line; nil if that is of a failure.
        var last: String?
    }
    private let told: [String: Told]

    /// Opens the file of results.
    ///
    /// - Parameter count: how many requests there are.
    /// - Throws: `output`.
    init(path: String, count: Int, events: BatchEvents?) throws {
        let file = try AppendOnlyFile(path: path, what: "the file of results", beginning: "{\"")
        var told: [String: Told] = [:]
        for line in file.lines {
            guard let value = try? JSONValue(parsing: Array(line.utf8)), let request = value["request"]?.string else {
                continue
            }
            let archive = value["sha256"]?.string
            told[request, default: Told()].last = archive
            if let archive { told[request]?.archives.insert(archive) }
        }
        self.told = told
        state = Mutex(State(file: file))
        self.count = count
        self.events = events
    }

    var summary: BatchSummary { state.withLock { $0.summary } }

    /// Whether an earlier run told of the archive.
    func hasToldOf(_ result: BatchResult) -> Bool {
        guard let request = result.request, let archive = result.sha256 else { return false }
        return told[request]?.archives.contains(archive) ?? false
    }

    /// Whether it is told again: not what stands on the last line of its request.
    private func isNews(_ result: BatchResult) -> Bool {
        !result.isKept || result.request.flatMap { told[$0]?.last } != result.sha256
    }

    /// Adds a line for each, and brings the lines to the disk.
    ///
    /// - Throws: `output`.
    func add(_ results: [BatchResult]) throws {
        guard !results.isEmpty else { return }
        let done = try state.withLock { state in
            try state.file.append(results.filter(isNews).map(\.json))
            for result in results { state.summary.add(result) }
            state.done += results.count
            return state.done
        }
        for result in results { events?.send(.finished(result)) }
        events?.send(.progress(done: done, of: count))
    }
}
