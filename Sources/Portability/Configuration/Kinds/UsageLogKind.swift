import PortabilityCrypto
import PortabilityModel
import UsageLogExtractor

extension ExtractorRegistry.Kind {
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
        let tolerated = try source["tolerate_malformed"]?.integer(0...1_000_000_000) ?? 0
        return ConfiguredSource(
            extractor: UsageLogExtractor(
                configuration: UsageLogConfiguration(
                    declaration: try reader.declaration(id, source, datasets),
                    path: try source.required("path").text(), format: try format(source.required("format")),
                    match: match, datasets: configured,
                    isOptional: try source["optional"]?.boolean() ?? false,
                    toleratedMalformedLines: Int64(tolerated)),
                digest: reader.digest, indexing: reader.secretFile.map(indexing)),
            readsTogether: true, tenantKind: try source["tenant"]?.text(), toleratedMalformed: Int64(tolerated))
    }
}

/// Indexes are keyed by the organisation's secret, which is read only where there is an index.
private func indexing(_ secretFile: String) -> LogIndexing {
    LogIndexing { try PageKey(secret: SecretFile.read(secretFile), info: "portability log index") }
}

/// How the lines of a log are written: a known name, or a pattern.
private func format(_ value: YAMLValue) throws -> UsageLogConfiguration.Format {
    if value.isMapping { return .pattern(try value.mapping(["pattern"]).required("pattern").text()) }
    switch try value.text() {
    case "json-lines": return .jsonLines
    case "common": return .common
    case "combined": return .combined
    default:
        throw value.error(
            "there is no such log format",
            remedy: "Known: json-lines, common, combined; or give one: `format: { pattern: '%h …' }`")
    }
}
