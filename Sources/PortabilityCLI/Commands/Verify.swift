import ArgumentParser
import Glibc
import Portability
import PortabilityModel

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check archives, or bags made by others: everything listed is there and right, and nothing else is.",
        discussion: """
            A zip or a folder. Archives of this program, and any bag (BagIt 0.93 to 1.0, RFC 8493) with MD5 or SHA
            manifests. What fetch.txt lists is reported, never fetched. Needs nothing but the archive.
            All findings are reported, up to a thousand. Exit status 5 if anything is wrong, in any of them.
            """)

    @Argument(
        help: ArgumentHelp("The archives, or the volumes of one.", valueName: "archive"),
        completion: .file(extensions: ["zip"]))
    var archives: [String]

    @Option(
        help: """
            sizes: structure, number and size of files (bagit.py: fast). completeness: also which files there are, \
            and all lists (bagit.py: completeness only). full: also every byte and every record.
            """)
    var depth: Depth = .full

    enum Depth: String, ExpressibleByArgument, CaseIterable {
        case sizes, completeness, full
    }

    @Flag(help: "JSON for programs (schemas/verification.schema.json) on stdout.")
    var json = false

    @OptionGroup var keys: KeyOptions

    @OptionGroup(title: "Signatures") var signatures: VerifySignatureOptions

    func run() async throws {
        let keys = try keys.load()
        let policy = try signatures.load()
        let (archives, depth) = (archives, VerificationDepth(rawValue: depth.rawValue) ?? .full)
        let summary = try await onOwnThread {
            try ArchiveFileReader.verify(paths: archives, keys: keys, signatures: policy, depth: depth)
        }
        if json {
            Terminal.writeBytes(summary.json(depth: depth), to: STDOUT_FILENO)
        } else {
            for report in summary.archives { show(report) }
            if let set = summary.set { show(set) }
        }
        if !summary.isIntact { throw ExitStatus.verification }
    }

    private func show(_ set: VerificationSummary.Volumes) {
        for finding in set.findings {
            Terminal.error("set: \(finding.path.map { "\($0): " } ?? "")\(finding.message)".printable)
        }
        guard set.isWhole else {
            return Terminal.error("set: NOT whole; the volumes that were given may each be intact")
        }
        Terminal.out("set: whole, \(set.given) volumes that belong together")
    }

    private func show(_ report: VerificationReport) {
        func list(_ findings: [VerificationReport.Finding], _ word: String) {
            for finding in findings {
                Terminal.error("\(word): \(finding.path.map { "\($0): " } ?? "")\(finding.message)".printable)
            }
        }
        list(report.findings, "wrong")
        list(Array(report.containerFindings.prefix(20)), "container")
        list(report.warnings, "warning")
        for path in report.notCompared {
            Terminal.error("not compared: \(path.printable): checksum right, but this version does not know the entity")
        }
        let name = report.path.printable
        guard report.isIntact else {
            let absent = report.fetch.count { !$0.isPresent }
            let fetch = absent == 0 ? "" : ", \(absent) files still to be fetched"
            return Terminal.error("\(name): NOT intact, \(report.findings.count) findings\(fetch)")
        }
        var text = "\(name): "
        switch depth {
        case .sizes: text += "sizes agree, contents not read"
        case .completeness: text += "complete, contents not read"
        case .full: text += report.isRewritten ? "content intact, container rewritten" : "intact"
        }
        if report.kind == .bag { text += "; a bag made by others (BagIt \(report.bagVersion ?? "?"))" }
        text += "; \(report.files) payload files, \(report.bytes) bytes"
        if depth == .full {
            text += report.kind == .archive ? ", \(report.records) records compared" : ""
            text += report.kind == .bag ? ", \(report.algorithms.joined(separator: ", "))" : ""
        }
        if let signature = VerifySignatureOptions.text(report.signature) { text += "; \(signature)".printable }
        Terminal.out(text)
    }
}

/// Runs what reads nothing but archives: bytes that are not what their format says are an archive that is not intact.
func readingArchives<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as PortabilityError where [.malformed, .limit, .ledger].contains(error.code) {
        Terminal.error("error: \(error)".printable)
        throw ExitStatus.verification
    }
}

/// Runs what blocks on a thread of its own; who asks whether the task was cancelled still gets the answer.
private func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let executor = BlockingExecutor(threads: 1)
    defer { executor.shutDown() }
    let work = Task(executorPreference: executor) { try body() }
    return try await withTaskCancellationHandler {
        try await work.value
    } onCancel: {
        work.cancel()
    }
}

struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what an archive holds, as a table.")

    @Argument(help: "The archive.", completion: .file(extensions: ["zip"]))
    var archive: String

    @Flag(help: "List every file with its size.")
    var files = false

    @OptionGroup var keys: KeyOptions

    func run() async throws {
        let keys = try keys.load()
        let description = try readingArchives { try ArchiveFileReader.describe(path: archive, keys: keys) }
        Terminal.out(
            "request \(description.requestID), right: \(description.right), status: \(description.status)".printable)
        Terminal.out("made \(description.created) by \(description.tool) for \(description.controller)".printable)
        Terminal.out("")
        var table = TextTable(["dataset", "what it is", "category", "status", "why", "records", "files"])
        for dataset in description.datasets {
            table.add([
                dataset.id, dataset.label, dataset.category, dataset.status, dataset.ground ?? "",
                "\(dataset.records)", "\(dataset.files.count)",
            ])
        }
        Terminal.out(table.text)
        Terminal.out("")
        Terminal.out("documents: \(description.documents)")
        if files {
            Terminal.out("")
            var list = TextTable(["file", "bytes"])
            for entry in description.entries { list.add([entry.name, "\(entry.bytes)"]) }
            Terminal.out(list.text)
        }
    }
}
