public import PortabilityModel

/// Where an archive's bytes go, in order.
public protocol ArchiveSink: AnyObject {
    /// Adds bytes.
    ///
    /// - Throws: ``PortabilityError`` with code `output`.
    func write(_ bytes: Span<UInt8>) throws
}

/// Puts an archive together from spooled entries, in the order they are added (APPNOTE.TXT 6.3.10).
///
/// The bytes depend on the entries, the time and the limits only: no flags, no data descriptors, no extra fields but
/// ZIP64's where it is needed. The only comment is the archive's: its seal, `sha256:` and the SHA-256, as 64 lowercase
/// hexadecimal digits, of all bytes before those digits.
public struct ZipWriter {
    private let sink: any ArchiveSink
    private let time: ZipTime
    private let limits: ZipLimits
    private var names = EntryNames()
    private var directory: [UInt8] = []
    private var count = 0
    private var isFinished = false
    private var digest: any StreamingDigest

    /// The number of bytes written so far.
    public private(set) var position: Int64 = 0

    /// Begins an archive at the beginning of `sink`.
    ///
    /// - Parameters:
    ///   - time: the time of every entry.
    ///   - limits: from where on ZIP64 is used.
    ///   - digest: makes the SHA-256 of the seal.
    public init(
        sink: any ArchiveSink, time: ZipTime = .epoch, limits: ZipLimits = ZipLimits(), digest: DigestFactory
    ) {
        self.sink = sink
        self.time = time
        self.limits = limits
        self.digest = digest()
    }

    /// Adds an entry. It is not closed.
    ///
    /// - Throws: ``PortabilityError`` with code `output` if its name breaks the rules (``EntryName``) or meets another
    ///   one's, its spool cannot be read, or the sink refuses.
    public mutating func add(_ entry: SpooledEntry) throws {
        guard !isFinished else { throw finishedError }
        try EntryName.check(entry.name)
        if let clash = names.insert(entry.name) {
            let problem =
                switch clash {
                case .duplicate: "two entries have the same name"
                case .equalButForCaseOrForm: "two entries have names that differ only in case"
                case .fileAndFolder: "an entry has the name of another one's folder"
                }
            throw PortabilityError(
                .output, problem, remedy: "Give one of them another name",
                at: PortabilityError.Place(file: entry.name))
        }
        let header = ZipFormat.Entry(
            name: Array(entry.name.utf8), method: entry.method.rawValue, time: time, crc32: entry.crc32,
            size: entry.size, compressedSize: entry.compressedSize, offset: position)
        try write(ZipFormat.localHeader(header, limits: limits))
        try entry.readPacked { try write($0) }
        directory += ZipFormat.centralHeader(header, limits: limits)
        count += 1
    }

    /// Writes the directory and the seal; the archive is complete then. The sink is not closed.
    ///
    /// - Throws: ``PortabilityError`` with code `output`.
    public mutating func finish() throws {
        guard !isFinished else { throw finishedError }
        isFinished = true
        let offset = position
        let size = Int64(directory.count)
        try write(directory)
        directory = []
        try write(ZipFormat.end(entries: count, directoryOffset: offset, directorySize: size, limits: limits))
        let digits = Array(hexadecimal(digest.value()).utf8)
        guard digits.count == ZipSeal.digitCount else {
            throw PortabilityError(.output, "the digest for the seal of the archive is no SHA-256")
        }
        try write(digits)
    }

    private mutating func write(_ bytes: [UInt8]) throws { try write(bytes.span) }

    private mutating func write(_ bytes: Span<UInt8>) throws {
        digest.update(bytes)
        try sink.write(bytes)
        position += Int64(bytes.count)
    }

    private var finishedError: PortabilityError { PortabilityError(.output, "the archive is already finished") }
}
