import ArgumentParser
import Portability

/// What opens encrypted archives.
struct KeyOptions: ParsableArguments {
    /// The keys, read.
    func load() throws -> ArchiveKeys { ArchiveKeys() }
}
