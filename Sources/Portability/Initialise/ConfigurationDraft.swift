import Glibc
import PortabilityCrypto
public import PortabilityModel
import SQLCore

/// A starting configuration for a store: what its schema lets guess is filled in, what only the organisation knows is
/// marked `TODO`. No program runs with it before every mark is gone.
public struct ConfigurationDraft: Sendable {
    /// The YAML file's text.
    public let text: String
    /// Tables that seem to hold people.
    public let people: [String]
    /// Tables whose rows belong to one of them over a key.
    public let belonging: [String]
    /// All others; each waits for somebody to say why it holds nothing on a person.
    public let others: [String]
    /// Places to be decided.
    public var unfinished: Int {
        text.split(separator: "\n").reduce(0) { count, line in
            let content = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
            return count + content.split { !$0.isLetter }.count { $0 == YAMLValue.unfinishedMark }
        }
    }

    /// Makes a draft from the schema of a store, which is opened read-only. No row is read.
    ///
    /// - Parameters:
    ///   - kind: the kind of source: `sqlite`, `postgresql`, `mariadb`.
    ///   - settings: what the kind needs to connect, as the configuration writes it: `path`, `uri`.
    ///   - source: the id that the source gets.
    ///   - output: the file that the draft will be written to, from whose folder its paths are to start; nil for the
    ///     working directory.
    /// - Throws: `configuration` if the kind or a setting is not known, or the kind has no schema to be read; what
    ///   opening the store throws.
    public static func read(
        kind: String, settings: [(key: String, value: String)], source id: String = "register",
        writtenTo output: String? = nil, catalogue: Catalogue = .standard, registry: ExtractorRegistry = .standard
    ) async throws -> ConfigurationDraft {
        let baseDirectory = folderOf(output ?? "./portability.yaml")
        // A path is as the user wrote it, from the working directory; in the file it starts from the file's folder.
        let settings = settings.map { key, value in
            key == "path" && !value.hasPrefix("/") && ![".", "./"].contains(baseDirectory)
                ? (key: key, value: absolutePath(value)) : (key: key, value: value)
        }
        let connection =
            (["kind: \(YAMLText.scalar(kind))"] + settings.map { "\($0.key): \(YAMLText.scalar($0.value))" })
        let value = try YAMLValue.read(
            (connection + ["role: controller", "datasets: []"]).joined(separator: "\n"), file: "(options)")
        let reader = SourceReader(identifiers: [], retention: [:], digest: SHA256Digest.factory)
        let configured = try reader.read(
            id: try Configuration.checkName(id, value), value, registry: registry)
        guard let spelling = SQLSpelling(kind: kind) else {
            throw PortabilityError(
                .configuration, "a source of the kind \(kind) has no schema that a configuration could be made from",
                remedy: "Write it by hand: the format is described in the documentation")
        }
        let run = SourceRun(configured)
        let context = ExtractionContext(source: id, baseDirectory: baseDirectory, catalogue: catalogue)
        let schema = try await run.onThread {
            let session = try await configured.extractor.open(context)
            do {
                let schema = try await (session as? any SQLSchemaSession)?.schema()
                await session.close()
                return schema
            } catch {
                await session.close()
                throw error
            }
        }
        return ConfigurationDraft(
            schema ?? SQLSchema(tables: []), spelling, connection: connection, source: id, catalogue: catalogue)
    }

    /// Writes the draft into a new file.
    ///
    /// - Throws: `output` if it is there already or cannot be written.
    public func write(to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let isThere = errno == EEXIST
            throw PortabilityError(
                .output, isThere ? "the file is there already, and is not replaced" : "the file cannot be made",
                remedy: isThere ? "Choose another name" : nil, at: .init(file: path), errno: errno)
        }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw PortabilityError(.output, "the file cannot be written", at: .init(file: path), errno: errno)
            }
            offset += count
        }
    }

    private static func absolutePath(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    init(
        _ schema: SQLSchema, _ spelling: SQLSpelling, connection: [String], source: String, catalogue: Catalogue
    ) {
        let graph = SchemaGraph(schema)
        var drafter = DatasetDrafter(graph, spelling, catalogue)
        var datasets: [String] = []
        var belonging: [String] = []
        var others: [SQLSchema.Table] = []
        for person in graph.people {
            datasets += drafter.drafts(of: person).flatMap { $0.lines(indentation: 6) }
        }
        for table in schema.tables where !table.isView && graph.person(table.name) == nil {
            let paths = graph.paths(from: table.name)
            if paths.isEmpty {
                others.append(table)
            } else {
                belonging.append(table.name)
                datasets += drafter.drafts(of: table, over: paths).flatMap { $0.lines(indentation: 6) }
            }
        }
        people = graph.people.map(\.table.name)
        self.belonging = belonging
        self.others = others.map(\.name)
        text =
            Self.head(graph)
            + (["sources:", "  \(source):"] + connection.map { "    \($0)" }
            + ["    role: TODO   # controller, or processor if the data are held for somebody else"]
            + Self.identify(graph, spelling)
            + Self.exclusions(others)
            + (datasets.isEmpty
                ? ["    datasets: []   # no table seems to hold people: say which does"] : ["    datasets:"] + datasets))
            .joined(separator: "\n") + "\n"
    }

    private static func head(_ graph: SchemaGraph) -> String {
        var identifiers = graph.people.map { "  \($0.identifier): { unique: true }" }
        if graph.people.contains(where: { email(of: $0) != nil }) { identifiers.append("  email: { unique: false }") }
        if identifiers.isEmpty { identifiers = ["  TODO: TODO   # what people are found by"] }
        return """
            # A start, made from the names and keys of the store alone. Everything that is marked TODO has to be decided
            # by somebody who knows; nothing runs before. Guesses are said to be such. Then:
            #   portability lint               what a person would have to be told and is not
            #   portability sources check      whether every dataset can be read
            #   portability sources coverage   whether a column was forgotten
            portability: 1

            controller:
              name: TODO
              business_id: TODO
              address: TODO
              country: TODO   # two letters, as FI
              email: TODO

            policy:
              register: TODO   # what the register is called
              name: TODO
              date: TODO

            time_zone: TODO   # as Europe/Helsinki

            authority:   # that complaints go to
              name: { fi: TODO, sv: TODO, en: TODO }
              address: TODO
              url: TODO

            purposes:   # at least one; each dataset names those that it has
              service:
                basis: TODO   # as 6(1)(b), contract
                text: { fi: TODO, sv: TODO, en: TODO }

            identifiers:
            \(identifiers.joined(separator: "\n"))


            """
    }

    /// Look-ups that find a person's key by itself and by e-mail.
    private static func identify(_ graph: SchemaGraph, _ spelling: SQLSpelling) -> [String] {
        if graph.people.isEmpty { return [] }
        var lines = ["    identify:"]
        for person in graph.people {
            let key = spelling.name(person.key)
            let table = spelling.table(person.table.name)
            let named = key == person.identifier ? key : "\(key) AS \(spelling.name(person.identifier))"
            var queries = ["SELECT \(named) FROM \(table) WHERE \(key) IN (:\(person.identifier))"]
            if let column = email(of: person) {
                let email = spelling.name(column)
                let both = "SELECT \(named), \(email == "email" ? email : "\(email) AS email") FROM \(table)"
                queries = ["\(both) WHERE \(key) IN (:\(person.identifier))"]
                // An address is one, however its letters are written.
                let any = spelling.store == .sqlite ? "\(email) COLLATE NOCASE" : email
                queries.append("\(both) WHERE \(any) IN (:email)")
            }
            for query in queries {
                lines.append("      - query: \(YAMLText.isFoldable(query) ? ">" : YAMLText.quoted(query))")
                if YAMLText.isFoldable(query) { lines.append("          \(query)") }
            }
        }
        return lines
    }

    private static func email(of person: SchemaGraph.Person) -> String? {
        person.table.columns.first {
            ColumnMeaning.of($0.name, table: NameWords.of(person.table.name))?.field == "email"
        }?.name
    }

    private static func exclusions(_ tables: [SQLSchema.Table]) -> [String] {
        if tables.isEmpty { return [] }
        return ["    exclude:   # tables that lead to nobody; say why they hold nothing on a person"]
            + tables.flatMap { table in
                let personal = SchemaGraph.personalColumns(table)
                let remark =
                    personal.isEmpty
                    ? "" : "   # but \(YAMLText.comment(personal.joined(separator: ", "))): a dataset is probably due"
                return ["      - table: \(YAMLText.scalar(table.name))", "        ground: TODO\(remark)"]
            }
    }
}
