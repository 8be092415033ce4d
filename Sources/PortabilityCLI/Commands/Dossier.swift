import ArgumentParser
import Portability
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import PortabilityReport

struct DossierCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dossier",
        abstract: "Gather everything about one request in one folder.",
        discussion: """
            Copies the request, plan, review, diff, receipt, letters and the journal's lines about the request, with
            an index of what each file is and its sha256. Without --archive, the archive beside the request whose name
            is the request's id. Beside each archive A.zip are found: A.zip.receipt.json, A.review.json, A.plan.json,
            A.plan.txt, A.diff.json, A.diff.txt and A.letter-*.txt. Nothing is moved or removed. The folder is
            readable by its owner only; it holds personal data.
            """)

    @Argument(help: "The request (YAML or JSON).", completion: .file(extensions: ["yaml", "yml", "json"]))
    var request: String

    @Option(name: .shortAndLong, help: "The folder to make.", completion: .directory)
    var output: String

    @Flag(help: "Replace a dossier that is there.")
    var replace = false

    @OptionGroup var journal: JournalOptions

    @Option(help: "A receipt that does not lie beside its archive. May stand several times.", completion: .file())
    var receipt: [String] = []

    @Option(
        help: "An archive; its digest is told. May stand several times.", completion: .file(extensions: ["zip"]))
    var archive: [String] = []

    @Flag(help: "Copy the archives, too.")
    var withArchive = false

    @Option(help: "A review file. May stand several times.", completion: .file())
    var review: [String] = []

    @Option(help: "A plan, as printed. May stand several times.", completion: .file())
    var plan: [String] = []

    @Option(help: "A diff, as printed. May stand several times.", completion: .file())
    var diff: [String] = []

    @Option(help: "A letter. May stand several times.", completion: .file())
    var letter: [String] = []

    func run() async throws {
        let loaded = try readInput { try ExportRequest.load(path: request) }
        let journal = try journal.path()
        var items = [Dossier.Item(.request, request)]
        let archives = archive.isEmpty ? Dossier.archive(of: loaded.id, beside: request) : archive
        for path in archives { items += [Dossier.Item(.archive, path)] + (try Dossier.beside(archive: path)) }
        for (kind, paths) in [
            (Dossier.Kind.receipt, receipt), (.review, review), (.plan, plan), (.diff, diff), (.letter, letter),
        ] {
            for path in paths where !items.contains(.init(kind, path)) { items.append(.init(kind, path)) }
        }
        let dossier = Dossier(
            request: loaded.id, items: items, copiesArchives: withArchive, journal: journal,
            letterKinds: LetterKind.allCases.map(\.rawValue), created: timestamp(systemTime()),
            tool: "portability \(PortabilityEngine.version)")
        let entries = try dossier.write(to: output, replace: replace, SHA256Digest.factory)
        var table = TextTable(["file", "what it is", "bytes", "sha256"])
        for entry in entries {
            table.add([entry.name ?? "(not copied)", entry.kind.rawValue, "\(entry.bytes)", entry.sha256])
        }
        Terminal.out(table.text)
        for kind in Dossier.Kind.allCases where !entries.contains(where: { $0.kind == kind }) {
            Terminal.error("not in it: \(kind.rawValue)")
        }
    }
}
