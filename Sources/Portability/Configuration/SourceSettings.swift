public import PortabilityModel

/// One mapping of a configuration file, whose keys were checked, to be used while the file is read. Every error names
/// file, line, column and key.
public struct Settings {
    let map: YAMLMapping

    /// Whether a key is there.
    public func has(_ key: String) -> Bool { map[key] != nil }

    /// A text as it is written, so that `007` stays what it is.
    ///
    /// - Throws: `configuration` if the key is missing or its value is no single one; so do all below.
    public func text(_ key: String) throws -> String { try map.required(key).text() }

    /// A text that may be missing.
    public func text(_ key: String, default value: String) throws -> String { try map[key]?.text() ?? value }

    /// A list of texts; a single one counts as a list, a missing key as an empty one.
    public func texts(_ key: String) throws -> [String] { try map[key]?.list().map { try $0.text() } ?? [] }

    /// A whole number.
    public func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int {
        try map.required(key).integer(range)
    }

    /// A whole number that may be missing.
    public func integer(_ key: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
        try map[key]?.integer(range) ?? value
    }

    /// `true` or `false`.
    public func boolean(_ key: String, default value: Bool) throws -> Bool { try map[key]?.boolean() ?? value }

    /// One of a closed set; what is no member is refused with the nearest that is.
    public func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of type: Choice.Type) throws -> Choice
    where Choice.RawValue == String {
        try map.required(key).choice(type)
    }

    /// A text in the three languages, or one that is the same in all.
    public func localized(_ key: String) throws -> LocalizedText { try map.required(key).localizedOrPlain() }

    /// A mapping with any keys, in the file's order: fields and where they come from, for example. Empty if missing.
    public func pairs(_ key: String) throws -> [(key: String, value: String)] {
        try map[key]?.entries().map { (key: $0.key, value: try $0.value.text()) } ?? []
    }

    /// A mapping with none but the given keys.
    public func mapping(_ key: String, keys: [String]) throws -> Settings {
        Settings(map: try map.required(key).mapping(keys))
    }

    /// A list of mappings with none but the given keys; empty if missing.
    public func mappings(_ key: String, keys: [String]) throws -> [Settings] {
        try map[key]?.list().map { Settings(map: try $0.mapping(keys)) } ?? []
    }

    /// An error that names the place of a key, or of the whole mapping.
    ///
    /// - Parameters:
    ///   - message: what is wrong, one sentence without a full stop, and never a value of a person.
    ///   - remedy: how to mend it.
    ///   - key: the key at which it stands; nil, or one that is missing, means the mapping.
    public func error(_ message: String, remedy: String? = nil, at key: String? = nil) -> PortabilityError {
        (key.flatMap { map[$0] } ?? map.own).error(message, remedy: remedy)
    }
}

/// What a configuration file says of one source, for a kind of one's own: see ``ExtractorRegistry/Kind``.
public struct SourceSettings {
    /// The source's id.
    public let id: String
    /// The kind, as the file names it.
    public let kind: String
    /// Whose purposes the data serve. There is no default: who is responsible is never guessed.
    public let role: Role
    /// The kind of identifier that names the controller, of data that are processed for others.
    public let tenantKind: String?
    /// The kinds of identifier that the file declares.
    public let identifiers: [IdentifierKind]
    /// SHA-256, for the keys of records that have none of their own.
    public let digest: DigestFactory
    /// The keys of the source.
    public let settings: Settings

    private let source: YAMLMapping
    private let reader: SourceReader
    private let datasetKeys: [String]

    init(id: String, _ source: YAMLMapping, _ reader: SourceReader, datasetKeys: [String]) throws {
        self.id = id
        self.source = source
        self.reader = reader
        self.datasetKeys = datasetKeys
        kind = try source.required("kind").text()
        role = try reader.role(source)
        tenantKind = try source["tenant"]?.text()
        identifiers = reader.identifiers
        digest = reader.digest
        settings = Settings(map: source)
    }

    /// A dataset as the file declares it, and its keys.
    public struct Dataset {
        public let declaration: DatasetDeclaration
        public let settings: Settings
    }

    /// The datasets under `datasets`, in the file's order, with everything that every kind has: entity, category,
    /// origin, purposes, retention, exclusions, rules.
    ///
    /// - Parameters:
    ///   - order: in which the extractor gives their records.
    ///   - subjectKinds: by which identifiers records are selected; nil reads the key `subject` of each dataset, one or a
    ///     list.
    ///   - ownParty: see ``/PortabilityModel/DatasetDeclaration/ownParty``.
    /// - Throws: `configuration`.
    public func datasets(
        order: DatasetDeclaration.Order, subjectKinds: [String]? = nil, ownParty: String? = nil
    ) throws -> [Dataset] {
        try source.required("datasets").list().map { value in
            let map = try reader.datasetMapping(value, extra: ["subject"] + datasetKeys)
            let kinds = try subjectKinds ?? map.required("subject").list().map { try $0.text() }
            return Dataset(
                declaration: try reader.dataset(
                    map, source: source, subjectKinds: kinds, order: order, ownParty: ownParty),
                settings: Settings(map: map))
        }
    }

    /// The declaration of the whole source.
    ///
    /// - Parameters:
    ///   - datasets: those of ``datasets(order:subjectKinds:ownParty:)``.
    ///   - resolves: kinds of identifier that the extractor can look up.
    ///   - adds: kinds of identifier that it can answer.
    /// - Throws: `configuration`.
    public func declaration(
        _ datasets: [Dataset], resolves: [String] = [], adds: [String] = []
    ) throws -> SourceDeclaration {
        var declaration = try reader.declaration(id, source, datasets.map(\.declaration))
        declaration.resolves = resolves
        declaration.adds = adds
        return declaration
    }
}
