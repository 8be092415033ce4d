import Glibc
public import PortabilityModel
import PortabilityText
import SourceFiles
import Synchronization

/// Reads usage logs: files of JSON Lines or of web servers' lines, plain, gzip or zstd, of any size, in one pass for all
/// datasets.
///
/// **Whose a line is.** The unique identifiers of the configuration are looked at in its order. The first of a kind of
/// which the subject has values decides: the line is the subject's if the value is one of them, else it is not,
/// whatever cookie it has. A line without any unique identifier is the subject's if another identifier (a cookie, a
/// session) is one of the subject's. Values are compared whole and as text, without escapes; the number 1042 is
/// `1042`. Of equal names in an object the last counts.
///
/// **What cannot be read** is a finding, and the rest is read on: a line that is no JSON object or does not fit the
/// pattern, one that is too long, the rest of a file after a fault of its compression, a file without permission, one
/// that changed while it was read.
///
/// Files are looked through on several threads, large ones in pieces, for lines that may matter; what is read of them is
/// the same at any number. Memory does not grow with the files: some blocks a thread, the longest line allowed, its
/// tokens, and one batch a dataset.
public struct UsageLogExtractor: Extractor {
    private let configuration: UsageLogConfiguration
    private let digest: DigestFactory
    private let indexing: LogIndexing?

    public var declaration: SourceDeclaration { configuration.declaration }

    /// - Parameters:
    ///   - digest: SHA-256, for the keys of lines that have none.
    ///   - indexing: With what indexes are made and read; nil if there are none.
    public init(
        configuration: UsageLogConfiguration, digest: @escaping DigestFactory, indexing: LogIndexing? = nil
    ) {
        self.configuration = configuration
        self.digest = digest
        self.indexing = indexing
    }

    /// Looks the configuration up in the catalogue and lists the files.
    ///
    /// - Throws: `configuration`; `unavailable` if no file matches and the source is not optional; `denied` if a folder
    ///   may not be listed; `limit` if more files match than allowed.
    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        let plan = try Plan(configuration, catalogue: context.catalogue, source: context.source)
        let place = PortabilityError.Place(source: context.source)
        let (folder, files) = try Self.find(configuration.path, context)
        if files.isEmpty, !configuration.isOptional {
            throw PortabilityError(
                .unavailable, "no log file matches the path",
                remedy: "Correct `path`, or mark the source as optional", at: place.with(field: "path"))
        }
        return UsageLogSession(
            context: context, configuration: configuration, plan: plan, folder: folder, files: files, digest: digest,
            indexing: indexing)
    }

    /// The files that a path names, in the order in which they are read.
    private static func find(
        _ path: String, _ context: ExtractionContext
    ) throws -> (folder: SourceFolder, files: [FoundFile]) {
        let place = PortabilityError.Place(source: context.source, field: "path")
        do {
            let pattern = try PathPattern(path)
            if pattern.identifierKind != nil {
                throw PortabilityError(
                    .configuration, "the path of a log source holds an identifier",
                    remedy: "Say in `match` where the lines hold it; for a name with a brace in it write `[{]`")
            }
            let start = try SourceFolder.start(of: pattern, base: context.baseDirectory, links: .followedBelow)
            // There may be an index beside each.
            var found = try start.folder.find(start.pattern, limit: 2 * context.limits.files)
            found.files.removeAll { file in
                [file.path, file.target].contains {
                    $0.suffix(LogIndexes.ending.count).elementsEqual(LogIndexes.ending)
                }
            }
            if found.isOverLimit || found.files.count > context.limits.files {
                throw PortabilityError(
                    .limit, "more than \(context.limits.files) files match",
                    remedy: "Narrow the path, or raise the limit `files`")
            }
            if found.unreadable > 0 {
                throw PortabilityError(
                    found.errno == EACCES ? .denied : .unavailable, "a folder of log files cannot be listed",
                    remedy: "Give the user that runs the export permission to read it", errno: found.errno)
            }
            return (start.folder, found.files)
        } catch let error as PortabilityError {
            throw error.within(place)
        }
    }
}

/// One opening of a log source: the list of its files. Each extraction opens them again.
final class UsageLogSession: ExtractionSession {
    private let context: ExtractionContext
    private let configuration: UsageLogConfiguration
    private let plan: Plan
    private let folder: SourceFolder
    private let files: [FoundFile]
    private let digest: DigestFactory
    private let indexes: LogIndexes
    /// The lines of those for whom an extraction was announced.
    private let store = Mutex<LineStore?>(nil)

    init(
        context: ExtractionContext, configuration: UsageLogConfiguration, plan: Plan, folder: SourceFolder,
        files: [FoundFile], digest: @escaping DigestFactory, indexing: LogIndexing?
    ) {
        self.context = context
        self.configuration = configuration
        self.plan = plan
        self.folder = folder
        self.files = files
        self.digest = digest
        indexes = LogIndexes(
            files: files, folder: folder, path: configuration.path, plan: plan, configuration: configuration,
            context: context, indexing: indexing)
    }

    /// Makes, lists, checks or removes the indexes of the logs.
    func index(_ task: IndexTask) async throws -> IndexReport? { try indexes.run(task) }

    /// Opens every file once and reads its first bytes.
    func check() async throws -> [Finding] {
        var findings: [Finding] = []
        for (ordinal, file) in files.enumerated() {
            try Task.checkCancellation()
            do throws(FileFault) {
                _ = try StreamedFile(file, in: folder, ratio: context.limits.inflationRatio)
            } catch {
                findings.append(error.finding(at: place(ofFile: ordinal)))
            }
        }
        return findings
    }

    /// What the lines hold, and what becomes of it.
    ///
    /// By `schema` what the configuration and the pattern name: of lines of JSON nothing else describes them, and what
    /// is new in them is exported as `other` fields. By `data` all lines of all files are read, whosever they are.
    func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? {
        if depth == .schema { return plan.declared }
        let writers = plan.datasets.indices.map { index in
            DatasetWriter(DatasetTape(dataset: index, plan: plan, ordinal: index, limits: context.batchLimits))
        }
        var reader = LineReader(
            plan: plan, writers: writers, subject: plan.values(of: SubjectKeys()), context: context, digest: digest,
            surveys: true)
        let faults = FaultCounter()
        _ = try await read(makeFeed(nil), &reader, writers, into: faults)
        return reader.coverage(
            unreadFiles: Int64(faults.count), tolerated: configuration.toleratedMalformedLines)
    }

    func close() async { store.withLock { $0 = nil } }

    /// Looks through the files once, and keeps the lines of all these subjects.
    ///
    /// Their extractions then have the same records, findings and counts as if each had looked through the files as
    /// they are now.
    /// - Throws: `output` if there is no room in the folder; `unavailable`; `CancellationError`.
    func anticipate(_ subjects: [SubjectKeys], scratch: String) async throws {
        store.withLock { $0 = nil }
        var values = [[[UInt8]]](repeating: [], count: plan.matches.count)
        var known = [Set<[UInt8]>](repeating: [], count: plan.matches.count)
        for subject in subjects {
            for (match, own) in plan.values(of: subject).enumerated() {
                for value in own where known[match].insert(value).inserted { values[match].append(value) }
            }
        }
        let found = try LineStore(values, scratch: scratch)
        var reader = LineReader(
            plan: plan, writers: [], subject: values, context: context, digest: digest, store: found)
        let feed = try makeFeed(values)
        defer { feed.close() }
        while let step = try feed.next() {
            switch step {
            case .lines(let lines):
                try lines.bytes.withUnsafeBufferPointer { bytes in
                    for line in lines.lines {
                        let bytes = UnsafeBufferPointer(rebasing: bytes[line.start..<line.start + line.length])
                        let owners = try reader.owners(of: line, bytes, file: lines.file)
                        if !owners.isEmpty { try found.add(line, bytes, file: lines.file, owners: owners) }
                    }
                }
            case .end(let file): found.add(file)
            case .note(let finding): context.note(finding)
            }
        }
        try found.finish()
        store.withLock { $0 = found }
    }

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        let writers = try request.datasets.enumerated().map { ordinal, id in
            guard let index = plan.datasets.firstIndex(where: { $0.id == id }) else {
                throw PortabilityError(
                    .configuration, "the source has no such dataset",
                    at: PortabilityError.Place(source: context.source, dataset: id))
            }
            return DatasetWriter(
                DatasetTape(dataset: index, plan: plan, ordinal: ordinal, limits: context.batchLimits))
        }
        let values = plan.values(of: request.subject)
        var reader = LineReader(plan: plan, writers: writers, subject: values, context: context, digest: digest)
        let store = store.withLock { $0 }
        let feed: any LineFeed =
            if let store, store.covers(values) { StoredFeed(store, values: values) } else { try makeFeed(values) }
        var end = try await read(feed, &reader, writers, into: sink)
        for writer in writers where !writer.tape.isEmpty { try await sink.push(writer.tape.take()) }
        for finding in reader.findings.all(tolerated: configuration.toleratedMalformedLines) {
            await sink.report(finding)
        }
        for writer in writers {
            for finding in writer.tape.findings(source: context.source) { await sink.report(finding) }
        }
        end.records = writers.map { $0.tape.count }
        return end
    }

    /// Looks through all files.
    ///
    /// - Parameter values: By match: the values wanted; nil if each line is.
    private func makeFeed(_ values: [[[UInt8]]]?) throws -> any LineFeed {
        let question = FeedQuestion(plan, values: values, limits: context.limits)
        let scan: (ArraySlice<FoundFile>) throws -> any LineFeed = { [self] files in
            try FileFeed(
                Array(files), in: folder, question, ratio: context.limits.inflationRatio,
                threads: configuration.threads)
        }
        do {
            if let values, let feed = try indexes.feed(values, question, scan: scan) { return feed }
            return try scan(files[...])
        } catch let error as PortabilityError {
            throw error.within(PortabilityError.Place(source: context.source))
        }
    }

    /// Reads what a feed finds, to its end. Faults of files are reported.
    private func read(
        _ feed: any LineFeed, _ reader: inout LineReader, _ writers: [DatasetWriter], into sink: any RecordSink
    ) async throws -> ExtractionEnd {
        defer { feed.close() }
        var end = ExtractionEnd(records: [])
        while let step = try feed.next() {
            switch step {
            case .lines(let found):
                for line in found.lines {
                    let isFull: Bool
                    do {
                        isFull = try found.bytes.withUnsafeBufferPointer { bytes in
                            let bytes = UnsafeBufferPointer(rebasing: bytes[line.start..<line.start + line.length])
                            return try reader.read(line, bytes, file: found.file)
                        }
                    } catch let error as PortabilityError {
                        var place = place(ofFile: found.file)
                        place.line = line.number
                        throw error.within(place)
                    }
                    if !isFull { continue }
                    // There can be thousands of lines, each a batch where batches are small.
                    try Task.checkCancellation()
                    for writer in writers where writer.tape.isFull { try await sink.push(writer.tape.take()) }
                }
            case .end(let file):
                if file.isOpened { end.filesRead += 1 }
                end.bytesRead += file.bytes
                if let fault = file.fault { await sink.report(fault.finding(at: place(ofFile: file.file))) }
            case .note(let finding): context.note(finding)
            }
        }
        return end
    }

    private func place(ofFile ordinal: Int) -> PortabilityError.Place {
        PortabilityError.Place(source: context.source, fileOrdinal: ordinal + 1)
    }
}

/// Counts faults of files, and takes nothing else.
private final class FaultCounter: RecordSink {
    private let faults = Atomic(0)

    var count: Int { faults.load(ordering: .relaxed) }

    func push(_ batch: consuming RecordBatch) async throws {}
    func document(_ document: Document, dataset: Int) async throws -> String? { nil }
    func report(_ finding: Finding) async { if finding.losesRecords { faults.add(1, ordering: .relaxed) } }
}
