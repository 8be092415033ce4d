public import Portability
import PortabilityModel

extension ExtractorRegistry.Kind {
    /// `kind: fixed-width` in a configuration file.
    public static let fixedWidth = ExtractorRegistry.Kind(
        name: "fixed-width", keys: ["path"], datasetKeys: ["key_at", "subject_at", "columns"]
    ) { source in
        let datasets = try source.datasets(order: .position)
        guard source.role == .controller, datasets.count == 1, let dataset = datasets.first,
            dataset.declaration.subjectKinds.count == 1
        else {
            throw source.settings.error(
                "a file of fixed width holds one dataset of our own, by one kind of identifier", at: "datasets")
        }
        let settings = dataset.settings
        let fields = Catalogue.standard.entity(named: dataset.declaration.entity)?.fields ?? []
        for (field, _) in try settings.pairs("columns")
        where !fields.contains(where: { $0.name == field && $0.isValue }) {
            throw settings.error("a column has the name of no field of the entity", at: "columns")
        }
        return ConfiguredSource(
            extractor: FixedWidthFile(
                declaration: try source.declaration(datasets), path: try source.settings.text("path"),
                key: try place(settings.text("key_at"), settings, "key_at"),
                user: try place(settings.text("subject_at"), settings, "subject_at"),
                columns: try settings.pairs("columns").map {
                    (field: $0.key, place: try place($0.value, settings, "columns"))
                }), readsTogether: false)
    }
}

/// Bytes as manuals of old systems count them: `10-17`, from 1, both ends included.
private func place(_ text: String, _ settings: Settings, _ key: String) throws -> Range<Int> {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 1, first <= last, last <= 1 << 20 else {
        throw settings.error("a column is written as its first and last byte", remedy: "Write 10-17", at: key)
    }
    return first - 1..<last
}

extension Field {
    /// True if it is no group of fields.
    fileprivate var isValue: Bool { if case .value = type { true } else { false } }
}
