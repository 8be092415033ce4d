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
    /// Digests of archives that earlier runs told of, by request.
    private let told: [String: String]

    /// Opens the file of results.
    ///
    /// - Parameter count: how many requests there are.
    /// - Throws: `output`.
    init(path: String, count: Int, events: BatchEvents?) throws {
        let file = try AppendOnlyFile(path: path, what: "the file of results", beginning: "{\"")
        told = Dictionary(
            file.lines.compactMap { line in
                guard let value = try? JSONValue(parsing: Array(line.utf8)), let request = value["request"]?.string,
                    let sha256 = value["sha256"]?.string
                else { return nil }
                return (request, sha256)
            }, uniquingKeysWith: { $1 })
        state = Mutex(State(file: file))
        self.count = count
        self.events = events
    }

    var summary: BatchSummary { state.withLock { $0.summary } }

    /// Whether an earlier run told of the archive.
    func wasTold(_ result: BatchResult) -> Bool { result.request.flatMap { told[$0] } == result.sha256 }

    /// Adds a line for each, and brings the lines to the disk.
    ///
    /// - Throws: `output`.
    func add(_ results: [BatchResult]) throws {
        guard !results.isEmpty else { return }
        let done = try state.withLock { state in
            // What an earlier run has told of an archive that is kept is not told again.
            try state.file.append(results.filter { !$0.isKept || !wasTold($0) }.map(\.json))
            for result in results { state.summary.add(result) }
            state.done += results.count
            return state.done
        }
        for result in results { events?.send(.finished(result)) }
        events?.send(.progress(done: done, of: count))
    }
}
