import InvoiceExtractor
import PortabilityModel
import SQLiteExtractor
import UsageLogExtractor

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
    public static let standard = ExtractorRegistry(kinds: [.sqlite, .invoices, .usageLog])
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
        return try kind.make(value.mapping(["kind", "role", "tenant"] + kind.keys), self, id)
    }
}

extension ExtractorRegistry.Kind {
    static let sqlite = ExtractorRegistry.Kind(
        name: "sqlite", keys: ["path", "identify"] + LookUp.allCases.map(\.rawValue) + ["datasets"]
    ) { source, reader, id in
        var datasetQueries: [String: String] = [:]
        var datasets: [DatasetDeclaration] = []
        for value in try source.required("datasets").list() {
            let map = try reader.datasetMapping(value, extra: ["query", "subject"])
            let kind = try map.required("subject").text()
            let dataset = try reader.dataset(map, source: source, subjectKinds: [kind], order: .recordID)
            datasetQueries[dataset.id] = try map.required("query").text()
            datasets.append(dataset)
        }
        let identify = try queries(source["identify"])
        var lookUps: [LookUp: [String]] = [:]
        for kind in LookUp.allCases { lookUps[kind] = try queries(source[kind.rawValue]) }
        let role = try reader.role(source)
        if role == .controller, let route = source["route"] {
            throw route.error(
                "only data that are processed for others have controllers to forward to",
                remedy: "Put `route` into a source of `role: processor`")
        }
        return ConfiguredSource(
            extractor: try SQLiteExtractor(
                SQLiteConfiguration(
                    declaration: SourceDeclaration(
                        id: id, kind: "sqlite", role: role, datasets: datasets,
                        resolves: identify.isEmpty ? [] : reader.identifiers.map(\.name),
                        adds: identify.isEmpty ? [] : reader.identifiers.map(\.name)),
                    path: try source.required("path").text(), identify: identify, lookUps: lookUps,
                    datasets: datasetQueries)),
            readsTogether: false, tenantKind: try source["tenant"]?.text())
    }

    static let invoices = ExtractorRegistry.Kind(
        name: "invoices", keys: ["datasets", "tolerate_malformed"]
    ) { source, reader, id in
        var configured: [InvoiceConfiguration.Dataset] = []
        var datasets: [DatasetDeclaration] = []
        for value in try source.required("datasets").list() {
            let map = try reader.datasetMapping(
                value, extra: ["path", "direction", "match", "originals", "attachments"])
            let path = try map.required("path").text()
            let match =
                try map["match"]?.entries().map {
                    InvoiceConfiguration.Match(kind: $0.key, field: try $0.value.text())
                } ?? []
            let named = identifierKinds(inTemplate: path)
            guard !match.isEmpty || !named.isEmpty else {
                throw value.error(
                    "nothing says whose the invoices are",
                    remedy: "Add `match: { <identifier>: <field> }`, or an identifier in the path: {customer_number}")
            }
            let direction = try map.required("direction").choice(InvoiceConfiguration.Direction.self)
            let dataset = try reader.dataset(
                map, source: source, subjectKinds: match.isEmpty ? named : match.map(\.kind), order: .position,
                ownParty: direction == .issued ? "seller" : "buyer")
            configured.append(
                InvoiceConfiguration.Dataset(
                    id: dataset.id, path: path, direction: direction,
                    match: match, keepOriginals: try map["originals"]?.boolean() ?? false,
                    attachments: try map["attachments"]?.boolean() ?? true))
            datasets.append(dataset)
        }
        return ConfiguredSource(
            extractor: InvoiceExtractor(
                configuration: InvoiceConfiguration(
                    declaration: SourceDeclaration(
                        id: id, kind: "invoices", role: try reader.role(source), datasets: datasets),
                    datasets: configured),
                digest: reader.digest),
            readsTogether: false, tenantKind: try source["tenant"]?.text(),
            toleratedMalformed: Int64(try source["tolerate_malformed"]?.integer(0...1_000_000_000) ?? 0))
    }

    static let usageLog = ExtractorRegistry.Kind(
        name: "usage-log", keys: ["path", "format", "match", "datasets", "optional", "tolerate_malformed"]
    ) { source, reader, id in
        var configured: [UsageLogConfiguration.Dataset] = []
        var datasets: [DatasetDeclaration] = []
        let match = try source.required("match").entries().map { kind, path in
            UsageLogConfiguration.Match(
                kind: kind, path: try path.text(),
                isUnique: reader.identifiers.first { $0.name == kind }?.isUnique ?? false)
        }
        let matchKinds = try source.required("match").entries().map(\.key)
        for value in try source.required("datasets").list() {
            let map = try reader.datasetMapping(value, extra: ["fields", "where", "record_id"])
            let dataset = try reader.dataset(
                map, source: source, subjectKinds: matchKinds, order: .position)
            let filter = try map["where"]?.mapping(["path", "in"])
            configured.append(
                UsageLogConfiguration.Dataset(
                    id: dataset.id,
                    fields: try map.required("fields").entries().map { (field: $0.key, path: try $0.value.text()) },
                    recordID: try map["record_id"]?.text(),
                    filter: try filter.map {
                        UsageLogConfiguration.Filter(
                            path: try $0.required("path").text(),
                            values: try $0.required("in").list().map { try $0.text() })
                    }))
            datasets.append(dataset)
        }
        let format = try source.required("format")
        guard try format.text() == "json-lines" else {
            throw format.error("there is no such log format", remedy: "Known: json-lines")
        }
        let tolerated = try source["tolerate_malformed"]?.integer(0...1_000_000_000) ?? 0
        return ConfiguredSource(
            extractor: UsageLogExtractor(
                configuration: UsageLogConfiguration(
                    declaration: SourceDeclaration(
                        id: id, kind: "usage-log", role: try reader.role(source), datasets: datasets),
                    path: try source.required("path").text(), match: match, datasets: configured,
                    isOptional: try source["optional"]?.boolean() ?? false),
                digest: reader.digest),
            readsTogether: true, tenantKind: try source["tenant"]?.text(), toleratedMalformed: Int64(tolerated))
    }
}

/// Queries as a list of texts, or of mappings with `query`.
private func queries(_ value: YAMLValue?) throws -> [String] {
    try value?.list().map { try $0.isMapping ? $0.mapping(["query"]).required("query").text() : $0.text() } ?? []
}

/// The names in braces of a path template, in their order.
private func identifierKinds(inTemplate path: String) -> [String] {
    path.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
        part.firstIndex(of: "}").map { String(part[..<$0]) }
    }
}
