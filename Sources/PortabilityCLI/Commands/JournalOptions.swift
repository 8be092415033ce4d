import ArgumentParser
import Portability
import PortabilityModel

/// Which journal is meant: named itself, or by the configuration.
struct JournalOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The journal. Default: the configuration's.", completion: .file())
    var journal: String?

    @Option(
        name: .shortAndLong, help: "The configuration (YAML), which names the journal.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    /// The journal's path; nil if neither was given.
    ///
    /// - Throws: `configuration` if the configuration cannot be read, or names no journal.
    func path() throws -> String? {
        if let journal { return journal }
        guard let config else { return nil }
        guard let path = try readInput({ try Configuration.load(path: config) }).journalFile else {
            throw PortabilityError(
                .configuration, "the configuration names no journal", remedy: "Add `journal:`, or give --journal",
                at: .init(file: config))
        }
        return path
    }
}
