import ArgumentParser
import Glibc
import Portability
import PortabilityModel

struct Batch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Fulfil many requests with one reading of each source.",
        discussion: """
            Each request's archive is FOLDER/ID.zip, with the same bytes as export makes from it, and its receipt beside
            it. What came of each stands in FOLDER/batch-results.jsonl, a line for each; of several lines on one request
            the last counts. A request that fails does not touch the others.

            A batch that was interrupted or killed goes on where it stopped when the same command is run again: finished
            archives are kept, what failed is tried again, nothing is written over. Kept means: whatever has changed
            since in sources, configuration, signing or compression; for new archives name another folder. An archive
            that was delivered counts as kept as long as its receipt stays; a request that says something else than when
            its archive was made fails.

            Where somebody must look at something first, FOLDER/ID.review.json is left; fill in its decisions and run
            the same command again. What is decided for one archive (--nothing-held, --volume-size, --replace,
            --passphrase-fd) is an option of export alone.

            Exit status: that of the gravest result, in the order 1 failed, 2 usage or configuration, 4 identity not
            settled, 6 refused by rule or to be looked at, 3 partial, 0 all complete.
            """)

    @Option(name: .shortAndLong, help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A folder of request files (.yaml, .yml, .json), or a file of JSON Lines with a request on each line.",
            valueName: "folder or file"),
        completion: .file())
    var requests: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where the archives go; made if it is not there.", valueName: "folder"),
        completion: .directory)
    var output: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "json, jsonl, csv, xml; several with commas. Default: each request's own.", valueName: "formats"))
    var format: String?

    @OptionGroup var signing: SignOptions

    @OptionGroup var recipients: RecipientOptions

    @Option(help: "fast, small (smaller by a tenth, several times slower), or zlib (zlib level 6).")
    var compression: Export.Compression = .fast

    @Option(help: ArgumentHelp("Threads that encode and threads that pack.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("The creation time of all archives, seconds since 1970.", valueName: "seconds"))
    var created: Int64?

    @Option(help: "bar, json or none. Default: bar on a terminal, none elsewhere.")
    var progress: ProgressStyle?

    func validate() throws {
        if let threads, !(0...256).contains(threads) {
            throw ValidationError("--threads must be from 0 to 256.")
        }
        _ = try parseFormats(format)
    }

    func run() async throws {
        let configuration = try readInput { try Configuration.load(path: config) }
        for warning in configuration.warnings { Terminal.error("warning: \(warning)") }
        let requests = try readInput { try BatchRequest.load(path: self.requests) }
        var engineOptions = EngineOptions(workers: threads ?? activeProcessors())
        engineOptions.compression = compression.choice
        engineOptions.note = { Terminal.note($0) }
        let engine = PortabilityEngine(configuration: configuration, options: engineOptions)
        var options = BatchOptions(created: try created ?? sourceDateEpoch())
        options.formats = try parseFormats(format)
        options.signingKey = try signing.load()
        options.encryption = try recipients.load(nil)
        let style = progress ?? (Terminal.isErrorTerminal ? .bar : .none)
        let events = BatchEvents()
        async let display: Void = show(events, style: style)
        let summary: BatchSummary
        do {
            summary = try await engine.batch(requests, into: output, options: options, events: events)
        } catch {
            await display
            if let error = error as? PortabilityError,
                error.code == .cancelled || error.errno == ENOSPC || error.errno == EDQUOT
            {
                Terminal.error("what was finished stands; run the same command again to go on")
            }
            throw error
        }
        await display
        tell(summary, of: requests.count)
        let status = ExitStatus.gravest(of: summary)
        if status != .complete { throw status }
    }

    private func show(_ events: BatchEvents, style: ProgressStyle) async {
        var hasLine = false
        func clear() {
            if hasLine { Terminal.errorRaw("\r\u{1B}[K") }
            hasLine = false
        }
        for await event in events {
            switch (event, style) {
            case (.finished(let result), .json): Terminal.error(result.json)
            case (.finished(let result), _):
                guard let error = result.error else { continue }
                clear()
                Terminal.error("FAILED  \(result.request ?? result.origin): \(error)".printable)
            case (.progress(let done, let count), .json):
                Terminal.error("{\"event\":\"progress\",\"done\":\(done),\"of\":\(count)}")
            case (.progress(let done, let count), .bar):
                Terminal.errorRaw("\r\u{1B}[K  \(done) of \(count) requests")
                hasLine = true
            case (.searching(let id), .bar):
                clear()
                Terminal.error("reading \(id) for all requests")
            case (.searching(let id), .json): Terminal.error("{\"event\":\"searching\",\"source\":\"\(id)\"}")
            case (.progress, .none), (.searching, .none), (.request, _): continue
            }
        }
        clear()
    }

    private func tell(_ summary: BatchSummary, of count: Int) {
        var table = TextTable(["result", "requests"])
        for status in BatchResult.Status.allCases {
            guard let count = summary.counts[status] else { continue }
            table.add([status.rawValue, String(count)])
            guard status == .failed else { continue }
            for (code, count) in summary.failures.map({ ("\($0.key)", $0.value) }).sorted(by: { $0.0 < $1.0 }) {
                table.add(["  \(code)", String(count)])
            }
        }
        Terminal.error(table.text)
        let kept = summary.kept > 0 ? ", \(summary.kept) archives kept from an earlier run" : ""
        Terminal.error("\(count) requests, \(summary.records) records, \(summary.bytes) bytes written\(kept)")
    }
}

extension ExitStatus {
    /// The status of a batch: that of its gravest result.
    static func gravest(of summary: BatchSummary) -> ExitStatus {
        let found = summary.failures.keys.map { ExitStatus(PortabilityError($0, "")) }
        for status in [ExitStatus.failed, .usage, .identity, .verification, .refused] where found.contains(status) {
            return status
        }
        return summary.counts[.partial] == nil ? .complete : .partial
    }
}
