import PortabilityModel
import SingerExtractor

extension ExtractorRegistry.Kind {
    static let singer = ExtractorRegistry.Kind(
        name: "singer",
        keys: [
            "command", "config", "catalog", "discover", "environment", "timeout_seconds", "silence_seconds", "state",
            "resume", "datasets", "tolerate_malformed",
        ]
    ) { source, reader, id in
        var configured: [SingerConfiguration.Dataset] = []
        var datasets: [DatasetDeclaration] = []
        for value in try source.required("datasets").list() {
            let map = try reader.datasetMapping(
                value, extra: ["stream", "match", "fields", "where", "record_id", "tenant"])
            let match = try map.required(
                "match", because: "Say by which field a record is found: `match: { customer_number: customer_id }`"
            ).entries().map { kind, path in
                SingerConfiguration.Match(
                    kind: kind, path: try path.text(),
                    isUnique: reader.identifiers.first { $0.name == kind }?.isUnique ?? false)
            }
            let dataset = try reader.dataset(
                map, source: source, subjectKinds: match.map(\.kind), order: .position)
            let filter = try map["where"]?.mapping(["path", "in"])
            configured.append(
                SingerConfiguration.Dataset(
                    id: dataset.id, stream: try map.required("stream").text(), match: match,
                    fields: try map.required("fields").entries().map { (field: $0.key, path: try $0.value.text()) },
                    recordID: try map["record_id"]?.list().map { try $0.text() } ?? [],
                    tenant: try map["tenant"]?.text(),
                    filter: try filter.map {
                        SingerConfiguration.Filter(
                            path: try $0.required("path").text(),
                            values: try $0.required("in").list().map { try $0.text() })
                    }))
            datasets.append(dataset)
        }
        var configuration = SingerConfiguration(
            declaration: try reader.declaration(id, source, datasets),
            command: try source.required("command", because: "Give the tap and its arguments as a list").list().map {
                try $0.text()
            }, datasets: configured)
        configuration.configFile = try source["config"]?.text()
        configuration.catalogueFile = try source["catalog"]?.text()
        configuration.discovers = try source["discover"]?.boolean() ?? true
        configuration.environment =
            try source["environment"]?.list().map { name in
                let text = try name.text()
                guard isVariableName(text) else {
                    throw name.error(
                        "this is no name of an environment variable",
                        remedy: "Give names only; the values come from the environment of this program")
                }
                return text
            } ?? []
        if let seconds = source["timeout_seconds"] {
            configuration.timeoutSeconds = Double(try seconds.integer(1...604_800))
        }
        if let seconds = source["silence_seconds"] {
            configuration.silenceSeconds = Double(try seconds.integer(1...604_800))
        }
        configuration.stateFile = try source["state"]?.text()
        configuration.resumes = try source["resume"]?.boolean() ?? false
        if configuration.resumes, configuration.stateFile == nil, let resume = source["resume"] {
            throw resume.error("there is no state to go on from", remedy: "Add `state:` with the path of a file")
        }
        return ConfiguredSource(
            extractor: SingerExtractor(configuration: configuration, digest: reader.digest), readsTogether: true,
            tenantKind: try source["tenant"]?.text(),
            toleratedMalformed: Int64(try source["tolerate_malformed"]?.integer(0...1_000_000_000) ?? 0))
    }
}

/// As POSIX has names (Base Definitions, 8.1): letters, digits and underscores, no digit first.
private func isVariableName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39 ~= first) else { return false }
    return text.utf8.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || 0x30...0x39 ~= $0 || $0 == UInt8(ascii: "_")
    }
}
