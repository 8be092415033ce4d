import ManualExtractor
import PortabilityModel

extension ExtractorRegistry.Kind {
    static let manual = ExtractorRegistry.Kind(
        name: "manual", keys: ["path", "attestation", "attestation_file", "datasets"]
    ) { source, reader, id in
        let path = try source.required("path")
        let named = identifierKinds(inTemplate: try path.text())
        guard !named.isEmpty else {
            throw path.error(
                "nothing says whose the scans of a folder are",
                remedy: "Put an identifier into the path: manual/{customer_number}")
        }
        var configured: [ManualConfiguration.Dataset] = []
        var datasets: [DatasetDeclaration] = []
        for value in try source.required("datasets").list() {
            let map = try reader.datasetMapping(value, extra: ["kinds"])
            if let means = map["means"], try means.text() != Means.manual.rawValue {
                throw means.error(
                    "papers are not processed by automated means",
                    remedy: "Leave `means` out: manual material is `\(Means.manual.rawValue)`")
            }
            guard try map.required("entity").text() == "document" else {
                throw try map.required("entity").error(
                    "manual material is of the entity `document`", remedy: "Write `entity: document`")
            }
            var dataset = try reader.dataset(map, source: source, subjectKinds: named, order: .position)
            dataset.means = .manual
            let kinds = try map["kinds"]?.list().map { try kind($0) } ?? []
            let isShared = configured.contains { other in
                other.kinds.isEmpty && kinds.isEmpty || kinds.contains(where: other.kinds.contains)
            }
            if isShared {
                throw (map["kinds"] ?? value).error(
                    "two datasets of the source take the same kinds of document",
                    remedy: "Tell them apart with `kinds`; at most one takes the rest and has none")
            }
            configured.append(ManualConfiguration.Dataset(id: dataset.id, kinds: kinds))
            datasets.append(dataset)
        }
        let need = try source.required(
            "attestation",
            because: "Add `attestation: required` if no answer is complete without somebody's word that the papers "
                + "were searched, else `optional`")
        return ConfiguredSource(
            extractor: ManualExtractor(
                configuration: ManualConfiguration(
                    declaration: try reader.declaration(id, source, datasets), path: try path.text(),
                    attestation: try need.choice(ManualConfiguration.Need.self),
                    attestationFile: try source["attestation_file"]?.text(), datasets: configured),
                digest: reader.digest),
            readsTogether: true, tenantKind: try source["tenant"]?.text())
    }

    /// A kind of document that the catalogue knows.
    private static func kind(_ value: YAMLValue) throws -> String {
        let word = try value.text()
        let known =
            Catalogue.standard.entity(named: "document")?.fields.first { $0.name == "kind" }?.codes.map(\.value) ?? []
        if known.contains(word) { return word }
        throw value.error(
            "there is no such kind of document",
            remedy: nearest(word, in: known).map { "Did you mean `\($0)`?" }
                ?? "Known: \(known.joined(separator: ", "))")
    }
}
