import PortabilityArchive
import PortabilityCalendar
import PortabilityCrypto
public import PortabilityExchange
import PortabilityFormats
public import PortabilityModel
import PortabilityText

/// What an archive is to be turned into.
public struct ConversionOptions: Sendable {
    /// The formats of the data.
    public var formats: [Format]
    /// Forms that other systems read, made from the records that they have a place for.
    public var forms: [ExchangeForm]
    /// How CSV is written; nil as an export under the archive's right would.
    public var dialect: ExportRequest.CSVDialectName?
    /// The language of the page, README.txt and schemas, and of the `excel` dialect; nil for the archive's own.
    public var language: Language?
    /// Whether an archive of the target's name may be replaced.
    public var replace = false
    /// Seconds since 1970; nil for the archive's own, so that the same archive always becomes the same archive.
    public var created: Int64?
    /// For whom the new archive is encrypted; nil for a plain zip. Nobody's keys are taken from the original.
    public var encryption: ArchiveEncryption?

    public init(formats: [Format], forms: [ExchangeForm] = []) {
        self.formats = formats
        self.forms = forms
    }

    /// The forms that this version makes.
    public static var availableForms: [ExchangeForm] { ExchangeMakers.all.map(\.form) }
}

/// What a conversion made.
public struct ConversionResult: Sendable {
    public var path: String
    public var bytes: Int64
    /// Of the archive, lowercase hexadecimal.
    public var sha256: String
    /// Records that were read, compared with the manifest and written.
    public var records: Int64
    public var datasets: Int
    public var documents: Int64
    public var forms: [Form]

    /// What came of a form.
    public struct Form: Sendable {
        public var form: ExchangeForm
        public var files: Int
        /// What the form needs and the records do not have, or the other way round; all notes, also those that the
        /// manifest does not list.
        public var notes: Int64
    }
}

/// Turns archives into archives in other formats, and into forms that other systems read.
///
/// Anyone can: nothing is needed but the archive, and nothing is decided anew. The records are read, compared with the
/// manifest's counts and digests, and written again; documents are copied byte for byte; what the original says of
/// itself stays. Memory does not grow with the data. If anything is not what the original says it is, nothing is
/// written.
///
/// ```swift
/// let converter = ArchiveConverter()
/// let result = try await converter.convert(["R-1.zip"], to: "R-1-csv.zip", .init(formats: [.csv]))
/// ```
public final class ArchiveConverter: Sendable {
    let catalogue: Catalogue
    let options: EngineOptions
    let pool: CompressionPool
    let executor: BlockingExecutor

    /// Makes a converter, which may be used any number of times, also at once. Opens nothing but its threads.
    ///
    /// - Parameter options: threads, compression and the name of the tool.
    public init(catalogue: Catalogue = .standard, options: EngineOptions = EngineOptions()) {
        self.catalogue = catalogue
        self.options = options
        pool = CompressionPool(workers: options.workers)
        executor = BlockingExecutor(threads: max(2, options.workers))
    }

    deinit { pool.shutdown() }

    /// Converts one archive, or all volumes of a set into one archive.
    ///
    /// - Parameters:
    ///   - paths: the archive, or all volumes.
    ///   - keys: what opens it if it is encrypted.
    ///   - path: the new archive's name. Until everything is written and synced there is no file of that name.
    ///   - events: receives what happens.
    /// - Throws: `PortabilityError`: `unavailable`, `denied`; `malformed`, `limit`, `verification`, `ledger` for an
    ///   archive that is not what it says it is; `unsupported` for a newer format and for forms that this version does
    ///   not make; `output`, `cancelled`. There is no new archive then.
    public func convert(
        _ paths: [String], keys: ArchiveKeys = ArchiveKeys(), to path: String, _ options: ConversionOptions,
        events: ExportEvents? = nil
    ) async throws -> ConversionResult {
        defer { events?.end() }
        do {
            return try await withTaskExecutorPreference(executor) {
                try await run(paths, keys: keys, to: path, options, events: events)
            }
        } catch {
            throw asPortabilityError(error)
        }
    }

    private func run(
        _ paths: [String], keys: ArchiveKeys, to path: String, _ wanted: ConversionOptions, events: ExportEvents?
    ) async throws -> ConversionResult {
        for form in wanted.forms where ExchangeMakers[form] == nil {
            throw PortabilityError(
                .unsupported, "this version does not make the form \(form.rawValue)",
                remedy: "Install a newer version of portability")
        }
        OutputFile.sweep(folder: OutputFile.folder(of: path), system: options.system)
        let output = try OutputFile(
            path: path, replace: wanted.replace, digest: SHA256Digest.factory, system: options.system)
        defer { output.abandon() }
        let set = try ArchiveSet(paths: paths, keys: keys, catalogue: catalogue)
        let origin = try ConversionOrigin(set, paths: paths)
        let created = wanted.created ?? origin.created
        let language = wanted.language ?? set.volumes[0].language
        let isExcel = (wanted.dialect ?? (origin.right == .access ? .excel : .service)) == .excel
        let assembler = ArchiveAssembler(
            compression: options.packing, pool: pool,
            spools: SpoolFactory(folder: OutputFile.folder(of: path), system: options.system), created: created,
            protection: ArchiveProtection(envelope: wanted.encryption?.envelope(ArchiveEncryption.Record())))
        let plan = ConversionPlan(
            source: set, origin: origin,
            files: FormatFileOptions(
                formats: Format.allCases.filter { wanted.formats.contains($0) },
                dialect: isExcel ? .excel(language) : .service, assembler: assembler),
            forms: ExchangeMakers.all.map(\.form).filter { wanted.forms.contains($0) }, language: language,
            progress: ProgressCounter(events: events))
        let parts = try await gather(plan)
        defer { parts.discard() }
        try Task.checkPortabilityCancellation()
        events?.send(.packing)
        let packager = ConversionPackager(
            plan: plan, parts: parts, dialect: isExcel ? .excel : .service, toolVersion: options.toolVersion,
            codec: options.packing.codecName)
        try assembler.write(packager.contents(), into: output)
        try output.commit()
        let records = parts.datasets.reduce(0) { $0 + $1.records }
        events?.send(.finished(status: "converted", records: records, bytes: output.count))
        return ConversionResult(
            path: path, bytes: output.count, sha256: hexadecimal(output.digestValue ?? []), records: records,
            datasets: parts.datasets.count { !$0.files.isEmpty }, documents: Int64(parts.documents.count),
            forms: parts.forms.map {
                .init(form: $0.form, files: $0.files.count, notes: Int64($0.notes.count) + $0.notesBeyond)
            })
    }

    /// Reads everything, a few datasets at a time, largest first.
    private func gather(_ plan: ConversionPlan) async throws -> ConversionParts {
        var work: [(cost: Int64, run: @Sendable () async throws -> ConversionParts.Piece)] = []
        for (index, dataset) in plan.source.datasets.enumerated() {
            work.append(
                (
                    dataset.plainSize,
                    { .dataset(index, try await DatasetConversion(dataset: dataset, plan: plan).run()) }
                ))
        }
        for (index, path) in plan.origin.paths.enumerated() {
            work.append(
                (
                    plan.source.volumes[index].zip.entries.reduce(0) { $0 &+ $1.compressedSize },
                    { .digest(index, try fileDigest(path)) }
                ))
        }
        work.append((plan.documentSize, { .documents(try DocumentCopy(plan: plan).run()) }))
        for form in plan.forms {
            let size = plan.exchangeSize(of: form)
            work.append((size, { .form(try ExchangeRun(form: form, plan: plan).run()) }))
        }
        let ordered = work.enumerated().sorted { ($1.element.cost, $0.offset) < ($0.element.cost, $1.offset) }
            .map(\.element.run)
        return try await withThrowingTaskGroup(of: ConversionParts.Piece.self) { group in
            var parts = ConversionParts(plan)
            var rest = ordered[...]
            for run in rest.prefix(max(2, options.workers)) { group.addTask(operation: run) }
            rest = rest.dropFirst(max(2, options.workers))
            do {
                while let piece = try await group.next() {
                    parts.take(piece)
                    if let run = rest.popFirst() { group.addTask(operation: run) }
                }
            } catch {
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .success(let piece) = result { parts.take(piece) }
                }
                parts.discard()
                throw error
            }
            return parts
        }
    }
}

/// What was read from where, and what it is turned into.
struct ConversionPlan: Sendable {
    let source: ArchiveSet
    let origin: ConversionOrigin
    let files: FormatFileOptions
    let forms: [ExchangeForm]
    let language: Language
    let progress: ProgressCounter

    /// Plain bytes of all documents.
    var documentSize: Int64 {
        source.volumes.flatMap(\.zip.entries).reduce(0) { $0 + ($1.name.hasPrefix(DocumentCopy.folder) ? $1.size : 0) }
    }

    func exchangeSize(of form: ExchangeForm) -> Int64 {
        guard let make = ExchangeMakers[form] else { return 0 }
        return source.datasets(for: make()).reduce(0) { $0 + $1.plainSize }
    }
}

/// Everything that goes into the new archive, packed.
struct ConversionParts: Sendable {
    enum Piece: Sendable {
        case dataset(Int, ConvertedDataset)
        case documents(DocumentCopy.Result)
        case form(ExchangeFiles.Result)
        case digest(Int, FileDigest)
    }

    private var converted: [ConvertedDataset?]
    private var copied: DocumentCopy.Result?
    private(set) var forms: [ExchangeFiles.Result] = []
    private var digests: [FileDigest?]

    init(_ plan: ConversionPlan) {
        converted = Array(repeating: nil, count: plan.source.datasets.count)
        digests = Array(repeating: nil, count: plan.source.volumes.count)
    }

    mutating func take(_ piece: Piece) {
        switch piece {
        case .dataset(let index, let dataset): converted[index] = dataset
        case .documents(let result): copied = result
        case .form(let result):
            forms.append(result)
            forms.sort { left, right in
                let all = ExchangeForm.allCases
                return all.firstIndex(of: left.form) ?? 0 < all.firstIndex(of: right.form) ?? 0
            }
        case .digest(let index, let digest): digests[index] = digest
        }
    }

    /// In the manifest's order.
    var datasets: [ConvertedDataset] { converted.compactMap(\.self) }
    var documents: [SpooledEntry] { copied?.entries ?? [] }
    /// Of the archives, in the order of the volumes.
    var sources: [FileDigest] { digests.compactMap(\.self) }

    /// Gives all spools back.
    func discard() {
        for dataset in datasets { dataset.discard() }
        copied?.spool.close()
        for form in forms { form.discard() }
    }
}

/// Size and digest of a file as it lies on the disk.
struct FileDigest: Sendable {
    var bytes: Int64
    /// Lowercase hexadecimal.
    var sha256: String
}

/// - Throws: `unavailable`, `denied`, `cancelled`.
func fileDigest(_ path: String) throws -> FileDigest {
    let file = try PlainFile(path: path)
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 << 10)
    defer { buffer.deallocate() }
    var digest = SHA256Digest()
    var offset: Int64 = 0
    while true {
        try Task.checkPortabilityCancellation()
        let count = try file.read(buffer, at: offset)
        if count == 0 { break }
        digest.update(UnsafeBufferPointer(rebasing: buffer[..<count]).span)
        offset += Int64(count)
    }
    return FileDigest(bytes: offset, sha256: hexadecimal(digest.value()))
}

extension EngineOptions {
    var packing: PortabilityArchive.Compression {
        switch compression {
        case .fast: .fast
        case .zlib: .zlib(level: 6)
        case .small: .small
        }
    }
}

extension ArchivedDataset {
    var entity: String { manifest["entity"]?.string ?? "" }

    /// Plain bytes of the files that the records are read from.
    var plainSize: Int64 {
        guard let format = formats.first else { return 0 }
        return parts.flatMap { $0.manifest["files"]?.array ?? [] }.reduce(0) {
            $1["format"]?.string == format.rawValue ? $0 &+ max(0, $1["bytes"]?.integer ?? 0) : $0
        }
    }
}
