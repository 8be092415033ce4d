import Glibc
import PortabilityModel
import SourceFiles

/// The indexes of a source's logs.
struct LogIndexes: Sendable {
    let files: [FoundFile]
    let folder: SourceFolder
    let path: String
    let plan: Plan
    let configuration: UsageLogConfiguration
    let context: ExtractionContext
    let indexing: LogIndexing?

    /// How the names of all indexes end, whosever they are; no log's name may.
    static let ending = Array(".portability-index".utf8)

    /// What the name of an index has more than that of its log. The source's id is in it, as several sources may read one
    /// log, each by identifiers of its own.
    private var ending: [UInt8] { Array(".\(context.source)".utf8) + Self.ending }

    private func keys() throws -> IndexKeys? {
        try indexing.map { IndexKeys(try $0.key(), configuration: configuration, limits: context.limits) }
    }

    /// True if there is an index of any log: only then is there a reason to read the secret.
    private var isAny: Bool {
        files.contains { file in
            do throws(FileFault) { return try folder.sidecar(of: file, ending: ending) != nil } catch { return true }
        }
    }

    /// A feed that reads by indexes what it can; nil if there is no index.
    ///
    /// - Parameter scan: Looks through some of the files; their ordinals begin with 0.
    func feed(
        _ values: [[[UInt8]]], _ question: FeedQuestion, scan: @escaping (ArraySlice<FoundFile>) throws -> any LineFeed
    ) throws -> (any LineFeed)? {
        guard indexing != nil, isAny else { return nil }
        let keys: IndexKeys
        do {
            guard let made = try self.keys() else { return nil }
            keys = made
        } catch let error as PortabilityError {
            // Nothing else of an export need have the secret.
            context.note(
                Finding(
                    .nonconforming, "the indexes of logs were not used, as there is no key: \(error.message)",
                    at: PortabilityError.Place(source: context.source), losesRecords: false))
            return nil
        }
        return IndexedFeed(
            files, in: folder, keys: keys, ending: ending, values: values, question: question, source: context.source,
            scan: scan)
    }

    // MARK: Tasks

    func run(_ task: IndexTask) throws -> IndexReport {
        guard let keys = try keys() else {
            if task == .list { return unkeyed() }
            throw PortabilityError(
                .configuration, "no secret is configured, with which indexes of logs could be keyed",
                remedy: "Add `secret_file:` with the path of a file of 32 random bytes or more",
                at: PortabilityError.Place(source: context.source))
        }
        var report = IndexReport(files: [])
        // One file's fault keeps no other from being indexed, and none from being removed.
        var first: PortabilityError?
        for (ordinal, file) in files.enumerated() {
            try Task.checkCancellation()
            do {
                report.files.append(try run(task, file, ordinal + 1, keys))
            } catch let error as PortabilityError {
                first =
                    first ?? error.within(PortabilityError.Place(source: context.source, fileOrdinal: ordinal + 1))
            }
        }
        let known = Set(files.map(\.target))
        for sidecar in try sidecars() where !known.contains(Array(sidecar.target.dropLast(ending.count))) {
            report.orphans += 1
            do throws(FileFault) { report.orphanBytes += try OpenFile(sidecar, in: folder).size } catch {}
            if task == .prune {
                var log = sidecar
                log.target.removeLast(ending.count)
                try folder.removeSidecar(of: log, ending: ending)
            }
        }
        // What a build left that was killed.
        if task == .prune || task == .build {
            for file in files { try folder.sweepSidecars(beside: file) }
        }
        if let first { throw first }
        return report
    }

    /// What there is, without a key to look into it with.
    private func unkeyed() -> IndexReport {
        let found = files.enumerated().map { ordinal, file in
            var state = IndexReport.File(ordinal: ordinal + 1, state: .missing)
            do throws(FileFault) {
                guard let sidecar = try folder.sidecar(of: file, ending: ending) else { return state }
                state.bytes = sidecar.size
            } catch {}
            state.state = .stale
            state.reason = "no secret is configured, so that the index of a log cannot be read"
            return state
        }
        return IndexReport(files: found)
    }

    private func run(_ task: IndexTask, _ file: FoundFile, _ ordinal: Int, _ keys: IndexKeys) throws -> IndexReport.File
    {
        let state = look(file, ordinal, keys)
        switch (task, state.state) {
        case (.list, _), (.build, .current), (.prune, .current), (.prune, .missing), (.check, .missing),
            (.check, .stale):
            return state
        case (.prune, _):
            try folder.removeSidecar(of: file, ending: ending)
            return IndexReport.File(ordinal: ordinal, state: .removed, reason: state.reason)
        case (.build, _): return try build(file, ordinal, keys, before: state)
        case (.check, _): return try check(file, keys, state)
        }
    }

    /// Whether a log has an index that is believed.
    private func look(_ file: FoundFile, _ ordinal: Int, _ keys: IndexKeys) -> IndexReport.File {
        var bytes: Int64 = 0
        do {
            guard let sidecar = try folder.sidecar(of: file, ending: ending) else {
                return IndexReport.File(ordinal: ordinal, state: .missing)
            }
            bytes = sidecar.size
            let index = try IndexFile(sidecar, of: file, try OpenFile(file, in: folder), keys: keys)
            return IndexReport.File(
                ordinal: ordinal, state: .current, bytes: bytes, textBytes: index.header.textBytes)
        } catch let disbelief as IndexDisbelief {
            return IndexReport.File(ordinal: ordinal, state: .stale, bytes: bytes, reason: disbelief.message)
        } catch {
            return IndexReport.File(
                ordinal: ordinal, state: .stale, bytes: bytes,
                reason: bytes == 0 ? "the index cannot be opened" : "the log cannot be opened")
        }
    }

    private func builder(_ keys: IndexKeys, _ indexing: LogIndexing) -> IndexBuilder {
        IndexBuilder(
            plan: plan, keys: keys, limits: context.limits, sortedAtOnce: indexing.postingsAtOnce, now: indexing.clock)
    }

    private func build(
        _ file: FoundFile, _ ordinal: Int, _ keys: IndexKeys, before: IndexReport.File
    ) throws -> IndexReport.File {
        guard let indexing else { return before }
        func refused(_ reason: String) -> IndexReport.File {
            IndexReport.File(ordinal: ordinal, state: .refused, bytes: before.bytes, reason: reason)
        }
        do {
            let log = try open(file, waitingBy: indexing.clock)
            let output = try folder.newSidecar(of: file, ending: ending)
            let header = try builder(keys, indexing).build(log, named: file, into: output)
            let bytes = output.count
            try output.commit()
            return IndexReport.File(
                ordinal: ordinal, state: .built, bytes: bytes, textBytes: header.textBytes)
        } catch let refusal as IndexRefusal {
            switch refusal {
            case .changing: return refused("the log is being written to; index it when it is finished")
            case .faulty(let fault): return refused(fault.finding(at: .init()).message)
            case .unsuitable: return refused("the log is compressed in a way of which no part can be read alone")
            }
        } catch let fault as FileFault {
            return refused(fault.finding(at: .init()).message)
        }
    }

    /// Opens a log; if it was changed a moment ago, after a moment.
    private func open(_ file: FoundFile, waitingBy clock: () -> Int64) throws(FileFault) -> OpenFile {
        let log = try OpenFile(file, in: folder)
        let stamp = LogStamp(log.stamp)
        if stamp.isQuiet(at: clock()) { return log }
        if stamp.isQuiet(at: clock() + IndexFormat.quietTime + 100_000_000) {
            usleep(UInt32((IndexFormat.quietTime + 100_000_000) / 1000))
        }
        return try OpenFile(file, in: folder)
    }

    /// Makes an index anew and compares.
    private func check(_ file: FoundFile, _ keys: IndexKeys, _ state: IndexReport.File) throws -> IndexReport.File {
        guard let indexing else { return state }
        var state = state
        do {
            let log = try OpenFile(file, in: folder)
            guard let sidecar = try folder.sidecar(of: file, ending: ending) else { throw IndexDisbelief.stale }
            let index = try IndexFile(sidecar, of: file, log, keys: keys)
            let output = try folder.newSidecar(of: file, ending: ending)
            _ = try builder(keys, indexing).build(log, named: file, into: output)
            let again = try IndexFile(OpenFile(output.file, in: folder), keys: keys)
            if try !index.isSame(as: again) { throw IndexDisbelief.text }
            state.state = .proved
        } catch let disbelief as IndexDisbelief {
            state.state = .stale
            state.reason = disbelief.message
        } catch let refusal as IndexRefusal {
            state.state = .stale
            state.reason = refusal == .changing ? IndexDisbelief.stale.message : IndexDisbelief.text.message
        } catch let fault as FileFault {
            state.state = .stale
            state.reason = fault.finding(at: .init()).message
        }
        return state
    }

    /// All indexes of the source, also those whose log is gone.
    private func sidecars() throws -> [FoundFile] {
        let pattern = try PathPattern(path + String(decoding: ending, as: UTF8.self))
        let start = try SourceFolder.start(of: pattern, base: context.baseDirectory, links: .followedBelow)
        return try start.folder.find(start.pattern, limit: .max).files.filter { $0.target.count > ending.count }
    }
}
