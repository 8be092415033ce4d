import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import PortabilityScope

/// Writes the documents of one dataset, and describes each as a record of the entity `document`.
///
/// Used by one source, one call at a time.
final class DocumentWriter {
    /// A document that was written, and what is said of it if its record lets it go in.
    private struct Written {
        let entry: SpooledEntry
        let mediaType: String?
        let originalName: String?
        let role: Document.Role
        let recordID: String
    }

    private let dataset: DatasetDeclaration
    private let layout: EntityLayout
    private let surroundings: DatasetWriter.Surroundings
    private let gate: DocumentGate
    private let subject: [UInt8]
    private let subjectKind: Int
    private let tenant: [UInt8]
    private let limits: BatchLimits
    /// One spool for all documents: there may be a hundred thousand.
    let shared: Spool
    private var written: [Written] = []

    /// The dataset that describes the documents of another.
    static func declaration(for dataset: DatasetDeclaration) -> DatasetDeclaration {
        var declaration = dataset
        declaration.id = "\(dataset.id)-documents"
        declaration.entity = "document"
        declaration.label = LocalizedText(fi: "Asiakirjat", sv: "Dokument", en: "Documents")
        declaration.order = .position
        declaration.exclusions = []
        declaration.rules = []
        declaration.classes = nil
        declaration.recordDate = nil
        declaration.ownParty = nil
        return declaration
    }

    init(
        dataset: DatasetDeclaration, layout: EntityLayout, subject: SubjectKeys, limits: BatchLimits,
        gate: DocumentGate, surroundings: DatasetWriter.Surroundings
    ) {
        self.dataset = dataset
        self.layout = layout
        self.surroundings = surroundings
        self.gate = gate
        self.limits = limits
        subjectKind = dataset.subjectKinds.firstIndex { !subject[$0].isEmpty } ?? 0
        self.subject = dataset.subjectKinds.lazy.compactMap { subject[$0].first }.first.map { Array($0.utf8) } ?? []
        tenant = dataset.tenantKind.flatMap { subject[$0].first }.map { Array($0.utf8) } ?? []
        shared = surroundings.spools.make()
    }

    /// Writes a document; gives its path.
    ///
    /// - Throws: `output`.
    func write(_ document: Document, bytes: [UInt8]) throws -> String {
        let path = "data/documents/\(name(written.count)).\(Self.fileExtension(document))"
        let writer = try EntryWriter(
            name: path, compression: surroundings.compression, pool: surroundings.pool, spools: surroundings.spools,
            digest: SHA256Digest.factory)
        try writer.append(bytes)
        written.append(
            Written(
                entry: try writer.finish().moved(to: shared), mediaType: document.mediaType,
                originalName: document.originalName, role: document.role, recordID: document.recordID))
        return path
    }

    private func name(_ index: Int) -> String {
        var digits = String(index + 1)
        while digits.utf8.count < 6 { digits = "0" + digits }
        return "\(dataset.id.dropLast("-documents".count))-\(digits)"
    }

    /// The documents that go in, now that every record is judged.
    func entries() -> [SpooledEntry] { written.lazy.map(\.entry).filter { !gate.isStruck($0.name) } }

    /// What is said of them, in batches.
    func descriptions() throws -> [RecordBatch] {
        var builder = BatchBuilder(dataset: 0, limits: limits)
        var batches: [RecordBatch] = []
        let (subject, tenant) = (subject, tenant)
        for (index, document) in written.enumerated() where !gate.isStruck(document.entry.name) {
            let id = Array(name(index).utf8)
            builder.beginRecord(
                id: id.span, subject: subject.span, subjectKind: subjectKind, tenant: tenant.span,
                position: UInt64(index + 1))
            let base = String(dataset.id.dropLast("-documents".count))
            let values: [(String, ValueKind, String?)] = [
                ("path", .reference, document.entry.name), ("media_type", .string, document.mediaType),
                ("original_name", .string, document.originalName), ("bytes", .integer, String(document.entry.size)),
                ("sha256", .string, hexadecimal(document.entry.sha256)), ("role", .string, document.role.rawValue),
                ("dataset", .string, base), ("for_record", .string, document.recordID),
            ]
            let placed = values.compactMap { name, kind, value in
                layout.groups[0].index(of: name).flatMap { index in value.map { (index, kind, $0) } }
            }
            for (index, kind, value) in placed.sorted(by: { $0.0 < $1.0 }) {
                let bytes = Array(value.utf8)
                builder.value(index, kind, bytes.span)
            }
            try builder.endRecord()
            if builder.isFull { batches.append(builder.take()) }
        }
        if builder.count > 0 { batches.append(builder.take()) }
        return batches
    }

    /// An extension by media type, else by the name it had if that is plain, else `bin`.
    private static func fileExtension(_ document: Document) -> String {
        let known = [
            "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg",
            "image/tiff": "tif", "image/webp": "webp", "image/heic": "heic", "text/csv": "csv",
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
