import InvoiceExtractor
import PortabilityModel

extension ExtractorRegistry.Kind {
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
                    declaration: try reader.declaration(id, source, datasets),
                    datasets: configured),
                digest: reader.digest),
            readsTogether: false, tenantKind: try source["tenant"]?.text(),
            toleratedMalformed: Int64(try source["tolerate_malformed"]?.integer(0...1_000_000_000) ?? 0))
    }
}

/// The names in braces of a path template, in their order.
func identifierKinds(inTemplate path: String) -> [String] {
    path.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
        part.firstIndex(of: "}").map { String(part[..<$0]) }
    }
}
