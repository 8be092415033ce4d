import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel
import Synchronization

/// The schemas and the dictionary as they stand in archives, made and packed once and then put into every archive.
///
/// They depend on the catalogue, the language and the format of CSV alone, so that an engine has few of them: those of
/// an entity are kept for good, a dictionary, which there is one of for each set of entities, as long as there is room.
final class SchemaStore: Sendable {
    private struct Key: Hashable {
        /// One entity, or all that a dictionary is of; none for what every archive has.
        var entities: [String]
        var formats: Set<Format>
        var dialect: CSVDialect
        var language: Language
    }
    private struct State {
        var files: [Key: [SpooledEntry]] = [:]
        var dictionaries: [Key: SpooledEntry] = [:]
    }
    private let state = Mutex(State())
    /// Makes an entry of a name and its bytes, with a spool that stays in memory.
    private let pack: @Sendable (String, [UInt8]) throws -> SpooledEntry

    /// Dictionaries of about 8 KB that are kept.
    private static let dictionaryLimit = 256

    init(compression: Compression, pool: CompressionPool) {
        let spools = SpoolFactory(folder: ".", memoryLimit: .max)
        pack = { name, bytes in
            let writer = try EntryWriter(
                name: name, compression: compression, pool: pool, spools: spools, digest: SHA256Digest.factory)
            try writer.append(bytes)
            return try writer.finish().shared()
        }
    }

    /// The entries for archives of the entities, in the order of the format. They stay the store's: closing them does
    /// nothing.
    ///
    /// - Throws: what packing throws.
    func entries(
        of entities: [Entity], formats: [Format], dialect: CSVDialect, language: Language
    ) throws -> [SpooledEntry] {
        func key(_ entities: ArraySlice<Entity>) -> Key {
            Key(entities: entities.map(\.name), formats: Set(formats), dialect: dialect, language: language)
        }
        // Made at most once, and only if something is missing: the dictionary, what every archive has, and for each
        // entity equally many.
        var made: [File]?
        func all() -> [File] {
            if let made { return made }
            let files = archiveSchemas(of: entities, formats: formats, dialect: dialect, language: language)
            made = files
            return files
        }
        var entries = [try dictionary(key(entities[...])) { all()[0] }]
        entries += try files(key([])) { all()[1..<Self.commonCount] }
        for index in entities.indices {
            entries += try files(key(entities[index...index])) {
                let own = all()[Self.commonCount...]
                let count = own.count / entities.count
                return own.dropFirst(index * count).prefix(count)
            }
        }
        return entries
    }

    /// The dictionary, and the schemas of the manifest and of the processing information.
    private static let commonCount = 3

    private typealias File = (path: String, bytes: [UInt8])

    private func files(_ key: Key, _ make: () -> ArraySlice<File>) throws -> [SpooledEntry] {
        if let known = state.withLock({ $0.files[key] }) { return known }
        let packed = try make().map { try pack($0.path, $0.bytes) }
        state.withLock { $0.files[key] = packed }
        return packed
    }

    private func dictionary(_ key: Key, _ make: () -> File) throws -> SpooledEntry {
        if let known = state.withLock({ $0.dictionaries[key] }) { return known }
        let file = make()
        let packed = try pack(file.path, file.bytes)
        state.withLock { state in
            if state.dictionaries.count >= Self.dictionaryLimit { state.dictionaries.removeAll() }
            state.dictionaries[key] = packed
        }
        return packed
    }
}
