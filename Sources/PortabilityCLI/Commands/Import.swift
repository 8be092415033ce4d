import ArgumentParser
import Glibc
import Portability
import PortabilityImport
import PortabilityModel

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Load archives into an SQLite database, or their documents into a folder.",
        discussion: """
            All of the archives are imported, or none: their checksums are compared on the way. Importing an archive
            again changes nothing. A database that is there must be one that import made.
            Exit status: 5 if an archive is not what it says it is, 6 if the target is not ours to change.
            """)

    @Argument(
        help: "The archives; the volumes of a set in any order.", completion: .file(extensions: ["zip", "age"]))
    var archives: [String]

    @Option(
        help: "The database, or for documents a folder: one that is there, or a name that ends with a slash.",
        completion: .file())
    var into: String

    @Option(help: "Whom the archives are about, in your words, if the database is about several persons.")
    var person: String = ""

    @Flag(help: "JSON for programs.")
    var json = false

    @OptionGroup var keyOptions: KeyOptions

    func run() async throws {
        let importer = ArchiveImporter(keys: try keyOptions.load())
        let summary = try readingArchives {
            ArchiveImporter.isFolder(into)
                ? try importer.importDocuments(of: archives, into: into)
                : try importer.importRecords(of: archives, into: into, person: person)
        }
        if json {
            Terminal.writeBytes(summary.json(), to: STDOUT_FILENO)
            return
        }
        if let documents = summary.documents {
            Terminal.out("\(documents.added) documents added, \(documents.unchanged) unchanged")
            return
        }
        var table = TextTable(["table", "rows added"])
        for row in summary.tables { table.add([row.name, "\(row.added)"]) }
        if !summary.tables.isEmpty {
            Terminal.out(table.text)
            Terminal.out("")
        }
        Terminal.out(
            "\(summary.added) records added of \(summary.archivesAdded) archives, \(summary.unchanged) records "
                + "unchanged of \(summary.archivesUnchanged) archives")
    }
}
