import PortabilityModel
import SQLCore
import SQLiteExtractor

extension ExtractorRegistry.Kind {
    static let sqlite = ExtractorRegistry.Kind(name: "sqlite", keys: ["path"] + sqlKeys) { source, reader, id in
        ConfiguredSource(
            extractor: try SQLiteExtractor(
                SQLiteConfiguration(
                    try reader.queries(id, source), path: try source.required("path").text())),
            readsTogether: false, tenantKind: try source["tenant"]?.text())
    }

    /// Keys of every source that is read by queries.
    static let sqlKeys = ["identify"] + LookUp.allCases.map(\.rawValue) + ["statement_seconds", "datasets"]
}

extension SourceReader {
    /// The queries of a source and the datasets that they make, whatever the store.
    func queries(_ id: String, _ source: YAMLMapping) throws -> SQLConfiguration {
        var datasetQueries: [String: String] = [:]
        var datasets: [DatasetDeclaration] = []
        for value in try source.required("datasets").list() {
            let map = try datasetMapping(value, extra: ["query", "subject", "covers"])
            let kind = try map.required("subject").text()
            var dataset = try dataset(map, source: source, subjectKinds: [kind], order: .recordID)
            dataset.covers = try map["covers"]?.list().map { try $0.text() } ?? []
            datasetQueries[dataset.id] = try map.required("query").text()
            datasets.append(dataset)
        }
        let identify = try Self.queries(source["identify"])
        var lookUps: [LookUp: [String]] = [:]
        for kind in LookUp.allCases { lookUps[kind] = try Self.queries(source[kind.rawValue]) }
        if try role(source) == .controller, let route = source["route"] {
            throw route.error(
                "only data that are processed for others have controllers to forward to",
                remedy: "Put `route` into a source of `role: processor`")
        }
        var declaration = try declaration(id, source, datasets)
        declaration.store = try Self.store(source)
        if !identify.isEmpty {
            declaration.resolves = identifiers.map(\.name)
            declaration.adds = identifiers.map(\.name)
        }
        var configuration = SQLConfiguration(
            declaration: declaration, identify: identify, lookUps: lookUps, datasets: datasetQueries)
        if let seconds = source["statement_seconds"] {
            configuration.statementSeconds = Double(try seconds.integer(1...86_400))
        }
        return configuration
    }

    /// What the source says of its connection: sources that say the same read the same store.
    private static func store(_ source: YAMLMapping) throws -> String {
        let others = ["role", "tenant", "exclude"] + ExtractorRegistry.Kind.sqlKeys
        return try source.values.filter { !others.contains($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(try $0.value.flatText())" }.joined(separator: "\n")
    }

    /// Queries as a list of texts, or of mappings with `query`.
    private static func queries(_ value: YAMLValue?) throws -> [String] {
        try value?.list().map { try $0.isMapping ? $0.mapping(["query"]).required("query").text() : $0.text() } ?? []
    }
}
