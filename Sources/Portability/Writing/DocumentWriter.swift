import PortabilityArchive
import PortabilityCrypto
import PortabilityModel

/// Writes the documents of one dataset, and describes each as a record of the entity `document`.
///
/// Used by one source, one call at a time.
final class DocumentWriter {
    private let dataset: DatasetDeclaration
    private let layout: EntityLayout
    private let surroundings: DatasetWriter.Surroundings
    private let subject: [UInt8]
    private let subjectKind: Int
    private let tenant: [UInt8]
    private var builder: BatchBuilder
    /// One spool for all documents: there may be a hundred thousand.
    let shared: Spool
    private(set) var entries: [SpooledEntry] = []
    private(set) var bytes: Int64 = 0

    /// The dataset that describes the documents of another.
    static func declaration(for dataset: DatasetDeclaration) -> DatasetDeclaration {
        var declaration = dataset
        declaration.id = "\(dataset.id)-documents"
        declaration.entity = "document"
        declaration.label = LocalizedText(fi: "Asiakirjat", sv: "Dokument", en: "Documents")
        declaration.order = .position
        declaration.exclusions = []
        declaration.withheldFields = []
        return declaration
    }

    init(
        dataset: DatasetDeclaration, layout: EntityLayout, subject: SubjectKeys, limits: BatchLimits,
        surroundings: DatasetWriter.Surroundings
    ) {
        self.dataset = dataset
        self.layout = layout
        self.surroundings = surroundings
        subjectKind = dataset.subjectKinds.firstIndex { !subject[$0].isEmpty } ?? 0
        self.subject = dataset.subjectKinds.lazy.compactMap { subject[$0].first }.first.map { Array($0.utf8) } ?? []
        tenant = dataset.tenantKind.flatMap { subject[$0].first }.map { Array($0.utf8) } ?? []
        builder = BatchBuilder(dataset: 0, limits: limits)
        shared = surroundings.spools.make()
    }

    /// Writes a document; gives its path, and a batch of descriptions when one is full.
    ///
    /// - Throws: `output`.
    func write(_ document: Document) throws -> (path: String, batch: RecordBatch?) {
        let ordinal = entries.count + 1
        var digits = String(ordinal)
        while digits.utf8.count < 6 { digits = "0" + digits }
        let base = dataset.id.dropLast("-documents".count)
        let path = "data/documents/\(base)-\(digits).\(Self.fileExtension(document))"
        let writer = try EntryWriter(
            name: path, compression: surroundings.compression, pool: surroundings.pool, spools: surroundings.spools,
            digest: SHA256Digest.factory)
        try writer.append(document.bytes)
        let entry = try writer.finish().moved(to: shared)
        entries.append(entry)
        bytes += entry.size
        let id = Array("\(base)-\(digits)".utf8)
        let (subject, tenant) = (subject, tenant)
        builder.beginRecord(
            id: id.span, subject: subject.span, subjectKind: subjectKind, tenant: tenant.span,
            position: UInt64(ordinal))
        let values: [(String, ValueKind, String?)] = [
            ("path", .reference, path), ("media_type", .string, document.mediaType),
            ("original_name", .string, document.originalName), ("bytes", .integer, String(entry.size)),
            ("sha256", .string, hexadecimal(entry.sha256)), ("role", .string, document.role.rawValue),
            ("dataset", .string, String(base)), ("for_record", .string, document.recordID),
        ]
        let placed = values.compactMap { name, kind, value in
            layout.groups[0].index(of: name).flatMap { index in value.map { (index, kind, $0) } }
        }
        for (index, kind, value) in placed.sorted(by: { $0.0 < $1.0 }) {
            let bytes = Array(value.utf8)
            builder.value(index, kind, bytes.span)
        }
        try builder.endRecord()
        return (path, builder.isFull ? builder.take() : nil)
    }

    /// The descriptions that were not handed out yet.
    func rest() -> RecordBatch? { builder.count > 0 ? builder.take() : nil }

    /// An extension by media type, else by the name it had if that is plain, else `bin`.
    private static func fileExtension(_ document: Document) -> String {
        let known = [
            "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/csv": "csv",
            "application/xml": "xml", "text/xml": "xml", "text/plain": "txt", "application/json": "json",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
            "application/vnd.oasis.opendocument.spreadsheet": "ods",
        ]
        if let type = document.mediaType?.lowercased(), let ending = known[type] { return ending }
        if let name = document.originalName, let dot = name.lastIndex(of: ".") {
            let ending = name[name.index(after: dot)...].lowercased()
            if known.values.contains(ending) { return ending }
        }
        return "bin"
    }
}
