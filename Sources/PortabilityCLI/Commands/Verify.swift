import ArgumentParser
import Portability
import PortabilityModel

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check an archive: container, checksums, and that the manifest tells the truth.",
        discussion: "Needs nothing but the archive. Exit status 5 if anything is wrong.")

    @Argument(help: "The archive.", completion: .file(extensions: ["zip"]))
    var archive: String

    func run() async throws {
        let report = try ArchiveFileReader.verify(path: archive)
        for finding in report.findings {
            Terminal.error("wrong: \(finding.path.map { "\($0): " } ?? "")\(finding.message)".printable)
        }
        for finding in report.containerFindings.prefix(20) {
            Terminal.error("container: \(finding.path.map { "\($0): " } ?? "")\(finding.message)".printable)
        }
        for path in report.notCompared {
            Terminal.error("not compared: \(path.printable): checksum right, but this version does not know the entity")
        }
        guard report.isIntact else {
            Terminal.error("\(archive): NOT intact, \(report.findings.count) findings")
            throw ExitStatus.verification
        }
        let state = report.isRewritten ? "content intact, container rewritten" : "intact"
        Terminal.out(
            "\(archive): \(state); \(report.files) payload files, \(report.bytes) bytes, "
                + "\(report.records) records compared")
    }
}

struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what an archive holds, as a table.")

    @Argument(help: "The archive.", completion: .file(extensions: ["zip"]))
    var archive: String

    @Flag(help: "List every file with its size.")
    var files = false

    @OptionGroup var keys: KeyOptions

    func run() async throws {
        let description = try ArchiveFileReader.describe(path: archive, keys: keys.load())
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
