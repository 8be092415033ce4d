import Glibc
public import PortabilityModel
import PortabilityText
import Synchronization

/// Runs a Singer tap, any program that gives records as the Singer specification 0.3 says, and takes the subject's
/// records out of what it prints, in one pass for all datasets.
///
/// **Whose a record is.** Taps give whole streams, everybody's records; those of others are passed over where they
/// stand, before anything of them is copied. The unique identifiers of a dataset's match are looked at first, in its
/// order. The first of a kind of which the subject has values decides: the record is the subject's if the value is one
/// of them, else it is not. A record without any unique identifier is the subject's if another identifier fits. Values
/// are compared whole and as text, after JSON's escapes; the number 1042 is `1042`.
///
/// **Values.** Numbers keep the text that the tap gave them, whatever a floating-point number could hold. What is
/// neither mapped nor excluded is carried among the `other` fields.
///
/// **Order** is that of the tap's output, which is the same from run to run if the tap's is.
///
/// **A tap that fails.** The exit status counts: a tap that ends with another than 0, by a signal or by a limit makes the
/// source failed, whatever it printed before. One that ended well and left something out makes it partial: a
/// configured stream without SCHEMA, bookmarks without STATE, a line that is no message, a last line cut short.
///
/// Memory does not grow with the output: the longest line allowed, its tokens, one batch a dataset, and the keys of
/// the subject's last records.
public struct SingerExtractor: Extractor {
    private let configuration: SingerConfiguration
    private let digest: DigestFactory

    public var declaration: SourceDeclaration { configuration.declaration }

    /// - Parameter digest: SHA-256, for the keys of records that have none.
    public init(configuration: SingerConfiguration, digest: @escaping DigestFactory) {
        self.configuration = configuration
        self.digest = digest
    }

    /// Looks the configuration up in the catalogue and looks whether the tap can be started; it is not yet.
    ///
    /// - Throws: `configuration`; `unavailable` if the program or a file is missing; `denied` if the tap's
    ///   configuration can be read by others than its owner.
    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        let place = PortabilityError.Place(source: context.source)
        do {
            var plans: [RecordPlan] = []
            for dataset in configuration.datasets {
                guard let declared = declaration.datasets.first(where: { $0.id == dataset.id }) else {
                    throw PortabilityError(
                        .configuration, "the dataset is not declared", at: .init(dataset: dataset.id))
                }
                plans.append(try RecordPlan(dataset, declared, in: declaration, catalogue: context.catalogue))
            }
            return SingerSession(
                context: context, configuration: configuration, plans: plans, launch: try launch(context),
                digest: digest)
        } catch let error as PortabilityError {
            throw error.within(place)
        }
    }

    /// How the tap is started, but for what differs from run to run.
    private func launch(_ context: ExtractionContext) throws(PortabilityError) -> TapLaunch {
        guard let program = configuration.command.first, !program.isEmpty,
            !configuration.command.contains(where: { $0.utf8.contains(0) })
        else {
            throw PortabilityError(
                .configuration, "no program is named", remedy: "Write `command: [/path/of/the/tap]`",
                at: .init(field: "command"))
        }
        // A relative folder must mean the same here and in the tap, which starts in it.
        let directory = try Self.absolute(context.baseDirectory)
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        let candidates =
            program.utf8.contains(UInt8(ascii: "/"))
            ? [joined(directory, program)]
            : path.split(separator: ":").map { joined(joined(directory, String($0)), program) }
        guard let executable = candidates.first(where: { access($0, X_OK) == 0 }) else {
            let isThere = candidates.contains { access($0, F_OK) == 0 }
            throw PortabilityError(
                isThere ? .denied : .unavailable,
                isThere ? "the tap may not be run by this user" : "there is no such program",
                remedy: "Install the tap, or correct the path", at: .init(field: "command"))
        }
        var environment = ["PATH=\(path)", "LANG=C.UTF-8", "TZ=UTC"]
        if let home = getenv("HOME") { environment.append("HOME=\(String(cString: home))") }
        for name in configuration.environment {
            guard let value = getenv(name) else {
                throw PortabilityError(
                    .configuration, "the environment has no variable `\(name)`, which the tap is to get",
                    remedy: "Set it, or take it out of `environment`", at: .init(field: "environment"))
            }
            environment.append("\(name)=\(String(cString: value))")
        }
        var arguments = configuration.command
        if let name = configuration.configFile {
            let file = joined(directory, name)
            try checkSecrecy(of: file, named: name)
            arguments += ["--config", file]
        }
        if configuration.resumes, configuration.stateFile == nil {
            throw PortabilityError(
                .configuration, "there is no state to go on from", remedy: "Add `state:` with the path of a file",
                at: .init(field: "resume"))
        }
        if let state = configuration.stateFile, access(folderOf(joined(directory, state)), W_OK) != 0 {
            throw PortabilityError(
                .unavailable, "the folder for the state cannot be written", remedy: "Make it, or correct the path",
                at: .init(file: state, field: "state"))
        }
        if let state = configuration.stateFile { try checkState(joined(directory, state), named: state, context) }
        return TapLaunch(
            executable: executable, arguments: arguments, environment: environment, directory: directory,
            timeoutSeconds: configuration.timeoutSeconds, silenceSeconds: configuration.silenceSeconds)
    }

    /// Refuses to put a state in the place of something else, or to hand that to the tap.
    private func checkState(
        _ path: String, named name: String, _ context: ExtractionContext
    ) throws(PortabilityError) {
        var status = stat()
        if lstat(path, &status) != 0, errno == ENOENT { return }
        var bytes: [UInt8]?
        do {
            bytes = try readFile(path, limit: context.limits.lineBytes)
        } catch {
            if error.code == .denied { throw error.within(.init(file: name, field: "state")) }
        }
        guard let bytes, isObject(bytes, context.limits) else {
            throw PortabilityError(
                .configuration,
                "the file for the state is there and holds something else: no JSON object, or more than "
                    + "\(context.limits.lineBytes) bytes",
                remedy: "Name a file that is used for nothing else, or remove this one",
                at: .init(file: name, field: "state"))
        }
    }

    private static func absolute(_ path: String) throws(PortabilityError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw PortabilityError(
                .unavailable, "there is no such folder", at: .init(file: path), errno: errno)
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// True if the bytes are one JSON object.
private func isObject(_ bytes: [UInt8], _ limits: SourceLimits) -> Bool {
    var tokenizer = JSONTokenizer(depth: limits.depth, tokens: 1 << 20)
    return tokenizer.tokenize(bytes.span) == nil && tokenizer[0].kind == .object
}

/// One opening of a tap. Every extraction runs it anew; its catalogue is asked for once.
final class SingerSession: ExtractionSession {
    private let context: ExtractionContext
    private let configuration: SingerConfiguration
    private let plans: [RecordPlan]
    private let launch: TapLaunch
    private let digest: DigestFactory
    private let discovered = Mutex<Result<TapCatalogue, any Error>?>(nil)

    init(
        context: ExtractionContext, configuration: SingerConfiguration, plans: [RecordPlan], launch: TapLaunch,
        digest: @escaping DigestFactory
    ) {
        self.context = context
        self.configuration = configuration
        self.plans = plans
        self.launch = launch
        self.digest = digest
    }

    func close() async {}

    // MARK: catalogue

    /// What the tap says of itself; nil if it cannot be asked.
    private func discover() throws -> TapCatalogue? {
        guard configuration.discovers else { return nil }
        if let known = discovered.withLock({ $0 }) { return try known.get() }
        let answer = Result { try askForCatalogue() }
        discovered.withLock { $0 = answer }
        return try answer.get()
    }

    private func askForCatalogue() throws -> TapCatalogue {
        let process = try TapProcess(launch.with(["--discover"]))
        defer { process.end() }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try buffer.withUnsafeMutableBytes { buffer throws(PortabilityError) in
                try process.read(into: buffer)
            }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > context.limits.documentBytes {
                throw PortabilityError(
                    .limit, "the tap's catalogue is larger than \(context.limits.documentBytes) bytes",
                    remedy: "Keep a smaller one in a file and name it under `catalog`")
            }
        }
        let status = try process.finish()
        guard status.isSuccess else { throw failure(status, process, during: "while it was asked for its catalogue") }
        return try TapCatalogue(bytes)
    }

    /// The catalogue from which streams are selected; nil if the tap takes none.
    private func catalogue() throws -> TapCatalogue? {
        guard let name = configuration.catalogueFile else { return try discover() }
        do {
            return try TapCatalogue(
                readFile(joined(launch.directory, name), limit: context.limits.documentBytes))
        } catch {
            throw error.within(.init(file: name, field: "catalog"))
        }
    }

    private func failure(_ status: TapStatus, _ process: TapProcess, during: String) -> PortabilityError {
        PortabilityError(
            .unavailable, "\(status.message) \(during); \(process.standardError.summary)",
            remedy: "Run it by hand, with the same configuration, to see what it prints")
    }

    private func located<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as PortabilityError {
            throw error.within(.init(source: context.source))
        }
    }

    /// Asks the tap for its catalogue and looks whether it has every stream and field that the configuration names.
    func check() async throws -> [Finding] {
        try located {
            guard let catalogue = try discover() ?? catalogue() else { return [] }
            var findings: [Finding] = []
            for plan in plans {
                let stream = try catalogue.stream(
                    plan.stream, at: .init(source: context.source, dataset: plan.id, field: "stream"))
                let names = Set(stream.fields.map { Array($0.name.utf8) })
                if names.isEmpty { continue }
                findings += MessageReader.drift(of: plan, from: names, source: context.source)
            }
            return findings
        }
    }

    /// Every stream and field of the tap's catalogue. Nil if the tap has none and records may not be read.
    func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? {
        try located {
            guard let catalogue = try discover() ?? catalogue() ?? (depth == .data ? schemas() : nil) else {
                return nil
            }
            return TapCoverage(plans: plans, declaration: configuration.declaration).items(catalogue)
        }
    }

    /// What the SCHEMA messages of a whole run say, in the form of a catalogue.
    private func schemas() throws -> TapCatalogue {
        let process = try TapProcess(launch)
        defer { process.end() }
        var splitter = LineSplitter(limit: context.limits.lineBytes, block: 1 << 18)
        var tokenizer = JSONTokenizer(depth: context.limits.depth, tokens: 1 << 20)
        var streams: [JSONValue] = []
        var names: Set<String> = []
        var size = 0
        var isAtEnd = false
        while !isAtEnd {
            isAtEnd = try splitter.fill { buffer throws(PortabilityError) in try process.read(into: buffer) } == 0
            if isAtEnd { splitter.finish() }
            while let line = splitter.next() {
                try Task.checkCancellation()
                let text = splitter.bytes(of: line)
                guard tokenizer.tokenize(UnsafeRawBufferPointer(text)) == nil, tokenizer[0].kind == .object,
                    let type = tokenizer.member(Array("type".utf8), of: 0, in: text.span),
                    String(decoding: text[tokenizer[type].range], as: UTF8.self).uppercased() == "SCHEMA",
                    let message = try? JSONValue(parsing: Array(text)), let name = message["stream"]?.string,
                    names.insert(name).inserted
                else { continue }
                size += text.count
                if size > context.limits.documentBytes {
                    throw PortabilityError(
                        .limit, "the tap's schemas are larger than \(context.limits.documentBytes) bytes together",
                        remedy: "Keep a catalogue in a file and name it under `catalog`")
                }
                streams.append(message)
            }
        }
        let status = try process.finish()
        guard status.isSuccess else { throw failure(status, process, during: "while its streams were looked at") }
        return try TapCatalogue(.object([("streams", .array(streams))]))
    }

    // MARK: extraction

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        let wanted = try request.datasets.map { id in
            guard let plan = plans.first(where: { $0.id == id }) else {
                throw PortabilityError(
                    .configuration, "the source has no such dataset", at: .init(source: context.source, dataset: id))
            }
            return plan
        }
        do {
            return try await run(wanted, request, into: sink)
        } catch let error as PortabilityError {
            throw error.within(.init(source: context.source))
        }
    }

    /// Runs the tap once, for all datasets that are asked for.
    private func run(
        _ wanted: [RecordPlan], _ request: ExtractionRequest, into sink: any RecordSink
    ) async throws -> ExtractionEnd {
        let writers = wanted.enumerated().map { ordinal, plan in
            RecordWriter(plan, ordinal: ordinal, subject: request.subject, context: context, digest: digest)
        }
        var launch = launch
        var names = wanted.map(\.stream)
        var selection: TemporaryFile?
        if let catalogue = try catalogue() {
            let streams = try wanted.map { plan in
                try catalogue.stream(plan.stream, at: .init(dataset: plan.id, field: "stream"))
            }
            names = streams.map(\.name)
            let without = TapCoverage(plans: wanted, declaration: configuration.declaration).unread(streams)
            let selected = catalogue.selecting(
                Set(streams.map(\.id)), without: without, resumes: configuration.resumes)
            let file = try TemporaryFile("catalog.json", selected.compact())
            launch = launch.with(["--catalog", file.path])
            selection = file
        }
        let stateFile = configuration.stateFile.map { joined(launch.directory, $0) }
        var goesOn = false
        if configuration.resumes, let stateFile, access(stateFile, F_OK) == 0 {
            launch = launch.with(["--state", stateFile])
            goesOn = true
        }
        defer { withExtendedLifetime(selection) {} }

        // What another dataset takes of a stream is not missing from this request.
        let others = plans.filter { plan in !wanted.contains { $0.id == plan.id } }.compactMap { plan in
            wanted.firstIndex { $0.stream == plan.stream }.map { (plan, names[$0]) }
        }
        let bystanders = others.map { plan, _ in
            RecordWriter(plan, ordinal: nil, subject: request.subject, context: context, digest: digest)
        }
        var reader = MessageReader(
            writers: writers + bystanders, streams: names + others.map(\.1), context: context, digest: digest)
        let process = try TapProcess(launch)
        defer { process.end() }
        var splitter = LineSplitter(limit: context.limits.lineBytes, block: 1 << 18)
        var lines: Int64 = 0
        var isAtEnd = false
        while !isAtEnd {
            try Task.checkCancellation()
            let count = try splitter.fill { buffer throws(PortabilityError) in try process.read(into: buffer) }
            isAtEnd = count == 0
            if isAtEnd { splitter.finish() }
            while let line = splitter.next() {
                if line.number & 0xff == 0 { try Task.checkCancellation() }
                lines = line.number
                let isFull: Bool
                do {
                    isFull = try reader.read(line, splitter.bytes(of: line), isLast: isAtEnd)
                } catch let error as PortabilityError {
                    throw error.within(.init(line: line.number))
                }
                if !isFull { continue }
                let moment = TapProcess.now()
                for writer in writers where writer.isFull {
                    try Task.checkCancellation()
                    try await sink.push(writer.take())
                }
                process.hasWaited(since: moment)
            }
        }
        let status = try process.finish()
        guard status.isSuccess else {
            for finding in reader.finish() where finding.kind == .malformed || finding.kind == .tooLarge {
                await sink.report(finding)
            }
            throw failure(status, process, during: "after \(lines) \(lines == 1 ? "line" : "lines") of output")
        }
        for writer in writers where !writer.isEmpty {
            try Task.checkCancellation()
            try await sink.push(writer.take())
        }

        var findings = reader.finish() + writers.flatMap { $0.findings() } + ending(process)
        // A run with gaps must not move the place from which the next one goes on.
        if let stateFile, let state = reader.state, !findings.contains(where: \.losesRecords) {
            findings += keep(state, in: stateFile)
        }
        if goesOn {
            findings.append(
                Finding(
                    .truncated,
                    "the tap went on from the state of an earlier run: only what is newer is in the archive",
                    at: PortabilityError.Place(source: context.source, field: "resume")))
        }
        for finding in findings { await sink.report(finding) }
        // How many bytes the tap printed is not told: it puts times into them, so that it differs from run to run.
        return ExtractionEnd(records: writers.map(\.count))
    }

    /// What is to be said of a tap that ended well.
    private func ending(_ process: TapProcess) -> [Finding] {
        let place = PortabilityError.Place(source: context.source)
        var findings: [Finding] = []
        if process.wasLeftOpen {
            findings.append(
                Finding(
                    .truncated,
                    "the tap ended and left a process behind that kept its output open; that process was stopped, and "
                        + "nobody can say that the output was whole", at: place))
        }
        if process.standardError.errors > 0 {
            findings.append(
                Finding(
                    .nonconforming, "the tap ended well and logged errors on its standard error", at: place,
                    count: process.standardError.errors))
        }
        return findings
    }

    private func keep(_ state: [UInt8], in file: String) -> [Finding] {
        guard state.count <= context.limits.lineBytes, isObject(state, context.limits) else {
            return [
                Finding(
                    .nonconforming, "the tap's state could not be kept: it is no JSON object or too large",
                    at: .init(source: context.source, field: "state"))
            ]
        }
        do {
            try replaceFile(file, state)
            return []
        } catch {
            return [
                Finding(
                    .nonconforming, "the tap's state could not be kept (errno \(error.errno ?? 0))",
                    at: .init(source: context.source, field: "state"))
            ]
        }
    }
}
