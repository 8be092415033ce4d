import PortabilityModel

/// The kinds of source that a configuration file may name: a value that is passed in, never a global.
public struct ExtractorRegistry: Sendable {
    /// Reads one source's part of the file.
    typealias Factory =
        @Sendable (_ source: YAMLMapping, _ reader: SourceReader, _ id: String) throws ->
        ConfiguredSource

    struct Kind: Sendable {
        let name: String
        /// Keys of the source beside `kind`.
        let keys: [String]
        let make: Factory
    }

    let kinds: [Kind]

    /// Everything that is built in.
    public static let standard = ExtractorRegistry(kinds: [
        .sqlite, .invoices, .usageLog, .manual, .singer, .noPersonalData,
    ])
}

extension SourceReader {
    func read(id: String, _ value: YAMLValue, registry: ExtractorRegistry) throws -> ConfiguredSource {
        let name = try value.entries().first { $0.key == "kind" }?.value
        guard let name else { throw value.error("the source has no kind", remedy: "Add `kind: sqlite`, for example") }
        let word = try name.text()
        guard let kind = registry.kinds.first(where: { $0.name == word }) else {
            let known = registry.kinds.map(\.name)
            var remedy = "Known kinds: \(known.joined(separator: ", "))"
            if let near = nearest(word, in: known) { remedy = "Did you mean `\(near)`? " + remedy }
            throw name.error("there is no such kind of source", remedy: remedy)
        }
        return try kind.make(value.mapping(["kind", "role", "tenant", "exclude"] + kind.keys), self, id)
    }
}
