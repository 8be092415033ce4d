import ArgumentParser
import Portability
import PortabilityModel

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Write the schemas of the archive format, generated from the catalogue.",
        discussion: "JSON Schema 2020-12, XSD 1.0, Table Schema and the dictionary. Without --output: their names.")

    @Option(name: .shortAndLong, help: "The folder to write them to; made if it is not there.", completion: .directory)
    var output: String?

    func run() async throws {
        let files = catalogueSchemas()
        guard let output else {
            for file in files { Terminal.out(file.path) }
            return
        }
        try writeFiles(files, to: output)
        Terminal.error("\(files.count) files written to \(output)")
    }
}
