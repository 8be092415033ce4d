import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import Synchronization

/// What a batch has written into its folder, in the file `.portability-batch` there (0600), so that a run that was
/// killed goes on where it stopped.
///
/// A line says of an archive, before it gets its name, of which request it is and what its bytes are. An archive that
/// stands under its name with these bytes is therefore finished, whatever happened after it got there. A second line
/// says that archive and receipt have their names on the disk: what is missing after that was taken away by somebody,
/// and what is missing without it was never seen by anybody. The request is
/// named by its id and by a digest (HMAC-SHA-256) of all that it says, under a key that stands in the file's first line:
/// without the file nobody can try out to whom a digest belongs.
final class BatchLedger: Sendable {
    static let name = ".portability-batch"
    private static let format = "portability-batch-1"
    private static let named = "named"

    /// An archive.
    struct Entry: Sendable {
        var request: String
        /// The keyed digest of the request, lowercase hexadecimal.
        var fingerprint: String
        var status: ExportResult.Status
        var records: Int64
        var bytes: Int64
        /// Of the archive, lowercase hexadecimal.
        var sha256: String
        /// The id of its receipt; nil if none was written.
        var receipt: String?

        /// Says that the archive and its receipt have their names.
        fileprivate var named: String { [BatchLedger.named, request, sha256, receipt ?? "-"].joined(separator: " ") }

        fileprivate var line: String {
            [
                request, fingerprint, status.rawValue, String(records), String(bytes), sha256, receipt ?? "-",
            ].joined(separator: " ")
        }

        init(
            request: String, fingerprint: String, status: ExportResult.Status, records: Int64, bytes: Int64,
            sha256: String, receipt: String?
        ) {
            self.request = request
            self.fingerprint = fingerprint
            self.status = status
            self.records = records
            self.bytes = bytes
            self.sha256 = sha256
            self.receipt = receipt
        }

        fileprivate init?(_ line: String) {
            let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 7, let status = ExportResult.Status(rawValue: words[2]), let records = Int64(words[3]),
                let bytes = Int64(words[4])
            else { return nil }
            self.init(
                request: words[0], fingerprint: words[1], status: status, records: records, bytes: bytes,
                sha256: words[5], receipt: words[6] == "-" ? nil : words[6])
        }
    }

    private let file: Mutex<AppendOnlyFile>
    private let key: DerivedKey
    /// What earlier runs wrote, by request, in its order.
    let entries: [String: [Entry]]
    /// The lines on archives that have their names.
    private let names: Set<String>

    /// Opens or begins the ledger of a folder, alone.
    ///
    /// - Throws: `output` if it cannot be read or written, or another batch has it; `unsupported` if it is of another
    ///   version.
    init(folder: String) throws {
        let path = joinPath(folder, Self.name)
        let file = try AppendOnlyFile(path: path, what: "the record of the batch", isExclusive: true)
        let secret: String
        if let first = file.lines.first {
            let words = first.split(separator: " ").map(String.init)
            guard words.count == 2, words[0] == Self.format, words[1].utf8.count == 64 else {
                throw PortabilityError(
                    .unsupported, "the record of the batch is not one that this version wrote",
                    remedy: "Write into another folder", at: .init(file: path))
            }
            secret = words[1]
        } else {
            var generator = SystemRandomNumberGenerator()
            secret = hexadecimal((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
            try file.append(["\(Self.format) \(secret)"])
            try OutputFile.synchronize(folder: folder)
        }
        key = try DerivedKey(secret: Array(secret.utf8), info: "portability batch 1")
        entries = Dictionary(grouping: file.lines.dropFirst().compactMap(Entry.init), by: \.request)
        names = Set(file.lines.dropFirst().filter { $0.hasPrefix("\(Self.named) ") })
        self.file = Mutex(file)
    }

    /// The digest by which a request is known again, together with those for whom its archive is encrypted.
    func fingerprint(_ request: ExportRequest, for encryption: ArchiveEncryption?) -> String {
        var bytes = request.canonicalBytes
        if let encryption { bytes += encryption.canonicalBytes }
        return hexadecimal(key.authenticate(bytes.span))
    }

    /// Notes archives that are on the disk and are about to get their names.
    ///
    /// - Throws: `output`.
    func append(_ entries: [Entry]) throws { try file.withLock { try $0.append(entries.map(\.line)) } }

    /// Notes archives that have their names on the disk, and so have their receipts.
    ///
    /// - Throws: `output`.
    func appendNamed(_ entries: [Entry]) throws { try file.withLock { try $0.append(entries.map(\.named)) } }

    /// Whether an earlier run came so far with an archive that somebody may have taken it.
    func wasNamed(_ entry: Entry) -> Bool { names.contains(entry.named) }
}
