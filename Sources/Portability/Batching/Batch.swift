import Glibc
import Logging
import PortabilityArchive
import PortabilityEvidence
import PortabilityModel

extension PortabilityEngine {
    /// Fulfils many requests: each source is opened once, each log is read through once for all of them, and all see
    /// one state of each database.
    ///
    /// The archive of each is `ID.zip` in the folder, with the same bytes as ``export(_:to:options:events:)`` makes
    /// from it at the same creation time. A request that fails does not touch the others. What came of each stands in
    /// `batch-results.jsonl` in the folder, a line for each (``BatchResult/json``); of several lines on one request the
    /// last counts.
    ///
    /// A batch that was killed or cancelled goes on where it stopped when it is run again with the same folder: what
    /// stands there under its name and was made from the same request is kept, whatever failed is tried again, and
    /// nothing that is there already is ever written over. An archive that is gone, because it was delivered or purged,
    /// counts as kept as long as its receipt stands there; without the receipt it is made anew. Memory does not grow
    /// with the number of requests but by their keys.
    ///
    /// - Parameters:
    ///   - requests: of different ids.
    ///   - folder: where the archives go; it is made if it is not there. One batch at a time.
    ///   - options: how they are to be made.
    ///   - events: receives what happens.
    /// - Returns: how many came to what. Look at it: requests that fail do not throw.
    /// - Throws: `configuration` if two requests have one id, before anything is written; `output` if the folder cannot
    ///   be written to, is in use or the disk is full; `cancelled`; what a signing key or the journal throws. What was
    ///   finished before stands.
    public func batch(
        _ requests: [BatchRequest], into folder: String, options: BatchOptions = BatchOptions(),
        events: BatchEvents? = nil
    ) async throws -> BatchSummary {
        defer { events?.end() }
        do {
            try BatchRequest.refuseRepeats(requests)
            _ = try configuration.signer(options.signingKey)
            try makeFolder(folder)
            let run = try BatchRun(self, requests, into: folder, options, events: events)
            return try await run.run()
        } catch {
            let error = asPortabilityError(error)
            self.options.logger.notice("batch ended before its end", metadata: ["code": "\(error.code)"])
            throw error
        }
    }

    private func makeFolder(_ folder: String) throws {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw PortabilityError(
                .output, "the folder cannot be made", remedy: "Make it yourself, or choose another one",
                at: .init(file: folder), errno: errno)
        }
    }
}

/// One batch on its way.
private struct BatchRun: Sendable {
    static let resultsName = "batch-results.jsonl"

    /// A request that is to be fulfilled.
    private struct Order: Sendable {
        let origin: String
        let request: ExportRequest
        let known: KnownSubject
    }

    private let engine: PortabilityEngine
    private let requests: [BatchRequest]
    private let folder: String
    private let options: BatchOptions
    private let events: BatchEvents?
    private let ledger: BatchLedger
    private let report: BatchReport
    private let groups: BatchGroups

    init(
        _ engine: PortabilityEngine, _ requests: [BatchRequest], into folder: String, _ options: BatchOptions,
        events: BatchEvents?
    ) throws {
        self.engine = engine
        self.requests = requests
        self.folder = folder
        self.options = options
        self.events = events
        ledger = try BatchLedger(folder: folder)
        OutputFile.sweep(folder: folder, system: engine.options.system)
        try engine.checkJournal()
        report = try BatchReport(
            path: joinPath(folder, Self.resultsName), count: requests.count, events: events)
        groups = BatchGroups(engine, options, folder: folder, ledger: ledger, report: report)
    }

    func run() async throws -> BatchSummary {
        let open = try takeOver()
        guard !open.isEmpty else { return report.summary }
        do {
            try await engine.withOpenSources(areShared: true) { sources in
                let orders = try await identify(open, sources)
                try await anticipate(orders, sources)
                try await fulfil(orders, sources)
            }
        } catch {
            // What is written whole is not written in vain.
            try? await groups.settleAll()
            throw error
        }
        try await groups.settleAll()
        return report.summary
    }

    // MARK: What is there already

    /// Reports what cannot be run and what was done by an earlier run, and gives the rest.
    private func takeOver() throws -> [(origin: String, request: ExportRequest)] {
        let earlier = EarlierRuns(engine, options, folder: folder, ledger: ledger, report: report)
        var open: [(origin: String, request: ExportRequest)] = []
        var results: [BatchResult] = []
        for item in requests {
            var result = BatchResult(request: nil, origin: item.origin, status: .failed)
            do {
                var request = try item.request.get()
                if let formats = options.formats, !formats.isEmpty { request.formats = formats }
                if EvidenceText.isID(request.id) { result.request = request.id }
                try request.validate(identifiers: engine.configuration.identifiers)
                if let kept = try earlier.kept(request, origin: item.origin) {
                    results.append(kept)
                } else {
                    open.append((item.origin, request))
                }
            } catch {
                result.error = asPortabilityError(error)
                results.append(result)
            }
        }
        try earlier.record(results)
        try report.add(results)
        return open
    }

    // MARK: Whom it is about

    /// Settles all subjects before anything is read of any of them.
    private func identify(
        _ open: [(origin: String, request: ExportRequest)], _ sources: [PortabilityEngine.OpenSource]
    ) async throws -> [Order] {
        var orders: [Order] = []
        var failed: [BatchResult] = []
        for (origin, request) in open {
            do {
                orders.append(
                    Order(origin: origin, request: request, known: try await engine.identify(request, sources)))
            } catch {
                let error = asPortabilityError(error)
                if error.code == .cancelled { throw error }
                failed.append(BatchResult(request: request.id, origin: origin, status: .failed).failed(error))
            }
        }
        try report.add(failed)
        return orders
    }

    /// Tells each source whom it will be asked for.
    private func anticipate(_ orders: [Order], _ sources: [PortabilityEngine.OpenSource]) async throws {
        guard !orders.isEmpty else { return }
        try await withThrowingTaskGroup { group in
            for source in sources {
                guard let session = source.session else { continue }
                let declaration = source.run.declaration
                let subjects = orders.filter { engine.mayRead(declaration, for: $0.request, $0.known) }
                    .map { $0.known.keys(for: declaration) }
                guard !subjects.isEmpty else { continue }
                group.addTask {
                    events?.send(.searching(declaration.id))
                    do {
                        try await source.run.onThread { try await session.anticipate(subjects, scratch: folder) }
                    } catch {
                        // What else fails here will fail again for each request, and is told there.
                        let error = asPortabilityError(error)
                        if error.code == .cancelled || error.code == .output { throw error }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    // MARK: Fulfil

    /// Runs a bounded number of requests at a time.
    private func fulfil(_ orders: [Order], _ sources: [PortabilityEngine.OpenSource]) async throws {
        let width = max(1, options.inFlight ?? engine.options.workers + 2)
        try await withThrowingTaskGroup { group in
            group.addTask {
                while true {
                    do { try await Task.sleep(for: .milliseconds(200)) } catch { return false }
                    try await groups.settleOld()
                }
            }
            var next = 0
            var running = 0
            while next < orders.count || running > 0 {
                while next < orders.count, running < width {
                    let order = orders[next]
                    group.addTask {
                        try await fulfil(order, sources)
                        return true
                    }
                    next += 1
                    running += 1
                }
                if try await group.next() == true { running -= 1 }
            }
            group.cancelAll()
        }
    }

    /// - Throws: what forbids that the batch goes on.
    private func fulfil(_ order: Order, _ sources: [PortabilityEngine.OpenSource]) async throws {
        let begin = monotonicSeconds()
        let request = order.request
        var result = BatchResult(request: request.id, origin: order.origin, status: .failed)
        let waiting: WaitingArchive
        do {
            let run = try ExportRun(
                engine, request, to: joinPath(folder, options.fileName(request.id)),
                try reviewed(options.export(request.id, in: folder)), events: forwarded(request.id))
            let packed = try await run.pack(try await run.read(sources, known: order.known))
            let receipt = try run.seal(packed)
            let made = packed.result
            result.status = BatchResult.Status(rawValue: made.status.rawValue) ?? .partial
            result.path = made.path
            result.records = made.records
            result.bytes = made.bytes
            result.sha256 = made.sha256
            result.seconds = monotonicSeconds() - begin
            waiting = WaitingArchive(
                result: result, packed: packed,
                entry: BatchLedger.Entry(
                    request: request.id, fingerprint: ledger.fingerprint(request, for: options.encryption),
                    status: made.status,
                    records: made.records, bytes: made.bytes, sha256: made.sha256, receipt: receipt))
        } catch {
            var error = asPortabilityError(error)
            if error.code == .cancelled || error.stopsBatch { throw error }
            if error.code == .reviewNeeded {
                error.remedy =
                    "Fill in the decisions, see that the file is named \(request.id).review.json, then run the same batch "
                    + "again"
            }
            result.seconds = monotonicSeconds() - begin
            return try report.add([result.failed(error)])
        }
        try await groups.add(waiting)
    }

    /// With the decisions of whoever looked at the list that an earlier run left.
    private func reviewed(_ options: ExportOptions) throws -> ExportOptions {
        guard let path = options.reviewListPath, access(path, F_OK) == 0 else { return options }
        let review = try ReviewFile.load(path: path)
        guard review.undecided == 0 else {
            throw PortabilityError(
                .reviewNeeded, "\(review.undecided) places of the list are not decided yet", at: .init(file: path))
        }
        var options = options
        options.review = review
        return options
    }

    private func forwarded(_ id: String) -> ExportEvents? {
        guard let events, events.tellsEachRequest else { return nil }
        return ExportEvents { event in
            if case .progress = event { return }
            events.send(.request(id, event))
        }
    }
}
