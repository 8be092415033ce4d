import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel
import PortabilityText

/// Reads CSV and XML files of an archive back into records, and compares their content digests with the manifest.
///
/// Needs an archive whose container and checksums were found right.
struct DatasetComparison {
    let reader: ZipReader
    let manifest: JSONValue
    let catalogue: Catalogue

    private(set) var records: Int64 = 0
    private(set) var findings: [VerificationReport.Finding] = []
    /// Files of entities that this version's catalogue does not know: their checksums are right, their records were
    /// not read.
    private(set) var notCompared: [String] = []

    init(reader: ZipReader, manifest: JSONValue, catalogue: Catalogue) {
        self.reader = reader
        self.manifest = manifest
        self.catalogue = catalogue
    }

    mutating func run() throws {
        let entries = Dictionary(reader.entries.map { ($0.name, $0) }) { first, _ in first }
        for dataset in manifest["datasets"]?.array ?? [] {
            let files = dataset["files"]?.array ?? []
            for format in [Format.csv, .xml] {
                let own = files.filter { $0["format"]?.string == format.rawValue }
                guard let main = own.first(where: { $0["table"]?.string == "" }), let path = main["path"]?.string else {
                    continue
                }
                try Task.checkPortabilityCancellation()
                guard let entity = catalogue.entity(named: dataset["entity"]?.string ?? "") else {
                    notCompared.append(path)
                    continue
                }
                do {
                    try compare(
                        own, format: format, main: main, path: path, entity: entity,
                        expected: dataset["content_sha256"]?.string, entries: entries)
                } catch {
                    let error = asPortabilityError(error)
                    if error.code == .cancelled { throw error }
                    findings.append(.init(kind: "content", path: path, message: error.description))
                }
            }
        }
    }

    private mutating func compare(
        _ files: [JSONValue], format: Format, main: JSONValue, path: String, entity: Entity, expected: String?,
        entries: [String: ZipReader.Entry]
    ) throws {
        var tables: [TableSource] = []
        for file in files {
            guard let name = file["path"]?.string, let entry = entries[name] else { return }
            let stream = try reader.stream(entry)
            let table = (file["table"]?.string ?? "").split(separator: ".").map(String.init)
            tables.append(TableSource(path: table) { try stream.next() })
        }
        let language = ArchiveFileReader.language(of: manifest)
        let layout = EntityLayout(entity)
        var source = try DatasetReader(
            format: format, layout: layout, csv: main["dialect"]?.string == "excel" ? .excel(language) : .service,
            tables: tables)
        let encoder = RecordJSONEncoder(layout)
        var digest = SHA256Digest()
        var lines: [UInt8] = []
        var count: Int64 = 0
        while let batch = try source.next() {
            lines.removeAll(keepingCapacity: true)
            encoder.append(batch, to: &lines)
            digest.update(lines.span)
            count += Int64(batch.records.count)
        }
        if hexadecimal(digest.value()) != expected {
            findings.append(
                .init(kind: "content", path: path, message: "the content digest is not the manifest's"))
        } else if count != main["rows"]?.integer {
            findings.append(
                .init(kind: "content", path: path, message: "the number of records is not the manifest's"))
        } else {
            records += count
        }
    }
}
