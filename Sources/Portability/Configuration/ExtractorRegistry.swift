import PortabilityModel

/// The kinds of source that a configuration file may name: a value that is passed in, never a global.
///
/// A program of one's own adds kinds to those that are built in:
/// ```swift
/// let registry = try ExtractorRegistry.standard.adding(
///     ExtractorRegistry.Kind(name: "segment-file", keys: ["path"]) { source in
///         ConfiguredSource(
///             extractor: SegmentFile(
///                 try source.declaration(source.datasets(order: .position)), path: try source.settings.text("path")),
///             readsTogether: false, tenantKind: source.tenantKind)
///     })
/// let configuration = try Configuration.load(path: "portability.yaml", registry: registry)
/// ```
public struct ExtractorRegistry: Sendable {
    /// Reads one source's part of the file.
    typealias Factory =
        @Sendable (_ source: YAMLMapping, _ reader: SourceReader, _ id: String) throws ->
        ConfiguredSource

    /// Keys that every source has.
    static let sharedKeys = ["kind", "role", "tenant", "exclude"]

    /// A kind of source: its name, its keys, and what makes an extractor of them.
    public struct Kind: Sendable {
        public let name: String
        /// Keys of the source beside ``sharedKeys``.
        let keys: [String]
        let make: Factory

        init(name: String, keys: [String], make: @escaping Factory) {
            self.name = name
            self.keys = keys
            self.make = make
        }

        /// A kind of one's own.
        ///
        /// - Parameters:
        ///   - name: the word after `kind:`.
        ///   - keys: keys of the source, beside those that every source has: `kind`, `role`, `tenant`, `exclude`,
        ///     `datasets`.
        ///   - datasetKeys: keys of each dataset, beside those that every dataset has and `subject`.
        ///   - make: makes the source of what the file says; its extractor declares the id and role of the settings.
        public init(
            name: String, keys: [String], datasetKeys: [String] = [],
            make: @escaping @Sendable (_ source: SourceSettings) throws -> ConfiguredSource
        ) {
            self.init(name: name, keys: ["datasets"] + keys) { source, reader, id in
                let settings = try SourceSettings(id: id, source, reader, datasetKeys: datasetKeys)
                let made = try make(settings)
                let declaration = made.extractor.declaration
                guard declaration.id == id, declaration.role == settings.role else {
                    throw source.own.error(
                        "the extractor of the kind `\(name)` declares another id or role than the source has",
                        remedy: "This is a fault of the program that added the kind")
                }
                return made
            }
        }
    }

    let kinds: [Kind]

    /// Everything that is built in.
    public static let standard = ExtractorRegistry(kinds: [
        .sqlite, .postgresql, .mariadb, .invoices, .usageLog, .csv, .manual, .singer, .noPersonalData,
    ])

    /// The names of the kinds.
    public var names: [String] { kinds.map(\.name) }

    /// These kinds and one more.
    ///
    /// - Throws: `configuration` if there is one of that name already, so that no file comes to mean something else, or
    ///   if the name is not made of a-z, 0-9 and `-`.
    public func adding(_ kind: Kind) throws -> ExtractorRegistry {
        guard !names.contains(kind.name) else {
            throw PortabilityError(
                .configuration, "there is a kind of source `\(kind.name)` already", remedy: "Give yours another name")
        }
        let isName =
            kind.name.utf8.first.map { (0x61...0x7a).contains($0) } ?? false
            && kind.name.utf8.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
            }
        guard isName else {
            throw PortabilityError(
                .configuration, "the name of a kind of source holds only a-z, 0-9 and -, and begins with a letter")
        }
        return ExtractorRegistry(kinds: kinds + [kind])
    }
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
        return try kind.make(value.mapping(ExtractorRegistry.sharedKeys + kind.keys), self, id)
    }
}
