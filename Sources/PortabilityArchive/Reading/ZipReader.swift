import PortabilityModel

/// Reads an archive that may be hostile (APPNOTE.TXT 6.3.10).
///
/// Opening it reads the end records, the directory and the header of every entry, and refuses whatever two programs
/// could understand differently or could lead one astray: names that leave the folder or meet on some system, links,
/// encryption, methods other than stored and deflate, headers that contradict each other, entries that share bytes,
/// bytes that belong to nothing, sizes, ratios and times beyond ``ReadLimits``. Memory grows with the number of entries
/// only.
///
/// Any number of threads may read entries at once, also the same one: each read has its own state and reads the file at
/// offsets of its own. What they share is the time that is left (``ReadLimits/time``).
public final class ZipReader: Sendable {
    /// One entry, as the directory describes it.
    public struct Entry: Hashable, Sendable {
        /// 1-based position in the directory.
        public let ordinal: Int
        /// Its name; a folder's without the slash at its end.
        public let name: String
        /// True for a folder, which has no content.
        public let isFolder: Bool
        /// How it is packed; nil for a method this reader does not have.
        public let method: ZipMethod?
        /// The stated CRC-32 of the plain bytes.
        public let crc32: UInt32
        /// The stated number of plain bytes.
        public let size: Int64
        /// The stated number of packed bytes.
        public let compressedSize: Int64
        let time: ZipTime
        /// Offset of the entry's own header.
        let headerOffset: Int64
        /// Offset of the packed bytes; nil if the entry cannot be read.
        var dataOffset: Int64?
        /// The bytes of the name in the archive.
        let rawName: [UInt8]
        let flags: UInt16
        let rawMethod: UInt16

        /// The name as it may be shown.
        var printableName: String { EntryName.printable(rawName) }

        func finding(_ kind: VerificationFinding.Kind, _ message: String, offset: Int64? = nil) -> VerificationFinding {
            VerificationFinding(
                kind, message, path: printableName, ordinal: ordinal, offset: offset ?? headerOffset)
        }
    }

    /// The entries in the directory's order.
    public let entries: [Entry]
    let limits: ReadLimits
    let file: ArchiveFile
    let directory: ZipDirectory.Range
    let budget: ReadBudget

    /// Opens an archive and checks its structure.
    ///
    /// - Throws: ``PortabilityError``: `unavailable` or `denied` if the file cannot be read, else the first finding:
    ///   `malformed`, `verification` or `limit`.
    public convenience init(
        path: String, limits: ReadLimits = ReadLimits(), clock: ReadClock = .monotonic
    ) throws {
        try self.init(ArchiveFile(path: path), limits: limits, clock: clock)
    }

    /// Reads an archive that is open, and checks its structure.
    ///
    /// - Throws: as ``init(path:limits:)``.
    public init(
        _ file: ArchiveFile, limits: ReadLimits = ReadLimits(), clock: ReadClock = .monotonic
    ) throws {
        self.file = file
        self.limits = limits
        budget = ReadBudget(limit: limits.time, clock: clock)
        var collector = FindingCollector(keepingUpTo: nil)
        do {
            (directory, entries) = try ZipDirectory.read(
                file, limits: limits, budget: budget, collector: &collector)
        } catch let unreadable as ArchiveFile.Unreadable {
            throw unreadable.error
        }
    }

    private init(
        file: ArchiveFile, limits: ReadLimits, budget: ReadBudget, directory: ZipDirectory.Range, entries: [Entry]
    ) {
        self.file = file
        self.budget = budget
        self.limits = limits
        self.directory = directory
        self.entries = entries
    }

    /// Opens an archive and lists everything that is wrong with its structure.
    ///
    /// - Returns: the reader, nil if it is so wrong that there is no directory, and the findings, at most
    ///   ``ReadLimits/findings`` and one.
    /// - Throws: ``PortabilityError`` with code `unavailable` or `denied` if the file cannot be opened.
    public static func inspect(
        path: String, limits: ReadLimits = ReadLimits(), clock: ReadClock = .monotonic
    ) throws -> (reader: ZipReader?, findings: [VerificationFinding]) {
        inspect(try ArchiveFile(path: path), limits: limits, clock: clock)
    }

    /// As ``inspect(path:limits:)``, for an archive that is open.
    public static func inspect(
        _ file: ArchiveFile, limits: ReadLimits = ReadLimits(), clock: ReadClock = .monotonic
    ) -> (reader: ZipReader?, findings: [VerificationFinding]) {
        let budget = ReadBudget(limit: limits.time, clock: clock)
        var collector = FindingCollector(keepingUpTo: limits.findings)
        do {
            let (directory, entries) = try ZipDirectory.read(
                file, limits: limits, budget: budget, collector: &collector)
            let reader = ZipReader(
                file: file, limits: limits, budget: budget, directory: directory, entries: entries)
            return (reader, collector.findings)
        } catch let unreadable as ArchiveFile.Unreadable {
            return (nil, collector.findings + [unreadable.finding])
        } catch {
            // The collector has said why it stopped.
            return (nil, collector.findings)
        }
    }

    /// Hands the plain bytes of an entry over, in order and in pieces, and checks size and CRC-32. What was handed over
    /// is right only if no error is thrown.
    ///
    /// - Throws: ``PortabilityError``: the finding (`malformed`, `verification`, `limit`, `unavailable`), or what `body`
    ///   throws.
    public func read(_ entry: Entry, _ body: (Span<UInt8>) throws -> Void) throws {
        do {
            try content(of: entry, body)
        } catch let found as Found {
            throw found.error
        }
    }

    /// Reads every entry and lists what is wrong.
    public func contentFindings() -> [VerificationFinding] {
        var findings: [VerificationFinding] = []
        for entry in entries where entry.dataOffset != nil && findings.count < limits.findings {
            do {
                try content(of: entry) { _ in }
            } catch let found as Found {
                findings.append(found.finding)
                // The time is up, for all that come after too.
                if found.finding.kind == .limit { break }
            } catch {
                findings.append(entry.finding(.unreadable, "the entry cannot be read"))
            }
        }
        return findings
    }

    /// A finding on its way out of a nest of closures.
    struct Found: Error {
        let finding: VerificationFinding
        /// The error behind it, if it came from below.
        let cause: PortabilityError?

        init(_ finding: VerificationFinding, cause: PortabilityError? = nil) {
            self.finding = finding
            self.cause = cause
        }

        var error: PortabilityError { cause ?? finding.error }
    }

    /// As ``read(_:_:)``, but throws ``Found``.
    func content(of entry: Entry, _ body: (Span<UInt8>) throws -> Void) throws {
        let pieces = try EntryPieces(entry: entry, file: file, budget: budget)
        while let piece = try pieces.next() { try body(piece.span) }
    }
}
