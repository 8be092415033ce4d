import PortabilityModel

/// Reads an archive that may be hostile (APPNOTE.TXT 6.3.10).
///
/// Opening it reads the end records, the directory and the header of every entry, and refuses whatever two programs
/// could understand differently or could lead one astray: names that leave the folder or meet on some system, links,
/// encryption, methods other than stored and deflate, headers that contradict each other, entries that share bytes,
/// bytes that belong to nothing, sizes and ratios beyond ``ReadLimits``. Memory grows with the number of entries only.
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

    /// Opens an archive and checks its structure.
    ///
    /// - Throws: ``PortabilityError``: `unavailable` or `denied` if the file cannot be read, else the first finding:
    ///   `malformed`, `verification` or `limit`.
    public convenience init(path: String, limits: ReadLimits = ReadLimits()) throws {
        try self.init(ArchiveFile(path: path), limits: limits)
    }

    /// Reads an archive that is open, and checks its structure.
    ///
    /// - Throws: as ``init(path:limits:)``.
    public init(_ file: ArchiveFile, limits: ReadLimits = ReadLimits()) throws {
        self.file = file
        self.limits = limits
        var collector = FindingCollector(keepingUpTo: nil)
        do {
            (directory, entries) = try ZipDirectory.read(file, limits: limits, collector: &collector)
        } catch let unreadable as ArchiveFile.Unreadable {
            throw unreadable.finding.error
        }
    }

    private init(file: ArchiveFile, limits: ReadLimits, directory: ZipDirectory.Range, entries: [Entry]) {
        self.file = file
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
        path: String, limits: ReadLimits = ReadLimits()
    ) throws -> (reader: ZipReader?, findings: [VerificationFinding]) {
        inspect(try ArchiveFile(path: path), limits: limits)
    }

    /// As ``inspect(path:limits:)``, for an archive that is open.
    public static func inspect(
        _ file: ArchiveFile, limits: ReadLimits = ReadLimits()
    ) -> (reader: ZipReader?, findings: [VerificationFinding]) {
        var collector = FindingCollector(keepingUpTo: limits.findings)
        do {
            let (directory, entries) = try ZipDirectory.read(file, limits: limits, collector: &collector)
            let reader = ZipReader(file: file, limits: limits, directory: directory, entries: entries)
            return (reader, collector.findings)
        } catch let unreadable as ArchiveFile.Unreadable {
            return (nil, collector.findings + [unreadable.finding])
        } catch {
            // The collector has said why it stopped.
            return (nil, collector.findings)
        }
    }

    /// What reading an entry showed besides its bytes.
    public struct Content: Hashable, Sendable {
        /// True if all bits that deflate leaves open are zero.
        public let hasZeroPadding: Bool
    }

    /// Hands the plain bytes of an entry over, in order and in pieces, and checks size and CRC-32. What was handed over
    /// is right only if no error is thrown.
    ///
    /// - Throws: ``PortabilityError``: the finding (`malformed`, `verification`, `limit`, `unavailable`), or what `body`
    ///   throws.
    @discardableResult
    public func read(_ entry: Entry, _ body: (Span<UInt8>) throws -> Void) throws -> Content {
        do {
            return try content(of: entry, body)
        } catch let found as Found {
            throw found.finding.error
        }
    }

    /// Reads every entry and lists what is wrong.
    public func contentFindings() -> [VerificationFinding] {
        var findings: [VerificationFinding] = []
        for entry in entries where entry.dataOffset != nil && findings.count < limits.findings {
            do {
                _ = try content(of: entry) { _ in }
            } catch let found as Found {
                findings.append(found.finding)
            } catch {
                findings.append(entry.finding(.unreadable, "the entry cannot be read"))
            }
        }
        return findings
    }

    /// A finding on its way out of a nest of closures.
    struct Found: Error {
        let finding: VerificationFinding
    }

    private static let pieceSize = 128 << 10

    /// As ``read(_:_:)``, but throws ``Found``.
    func content(of entry: Entry, _ body: (Span<UInt8>) throws -> Void) throws -> Content {
        guard let dataOffset = entry.dataOffset, let method = entry.method else {
            throw Found(finding: entry.finding(.unreadable, "the entry cannot be read for what was found before"))
        }
        if entry.isFolder { return Content(hasZeroPadding: true) }
        let input = UnsafeMutableBufferPointer<UInt8>.allocate(
            capacity: Int(min(Int64(Self.pieceSize), max(1, entry.compressedSize))))
        defer { input.deallocate() }
        var check = CRC32Check()
        func pass(_ piece: Span<UInt8>) throws {
            check.update(piece)
            guard check.size <= entry.size else {
                throw Found(finding: entry.finding(.size, "the entry is larger than it says"))
            }
            try body(piece)
        }
        var content = Content(hasZeroPadding: true)
        switch method {
        case .stored:
            try eachPiece(of: entry, at: dataOffset, into: input) { piece in try pass(piece.span) }
        case .deflate:
            content = try inflate(entry, at: dataOffset, through: input, pass)
        }
        guard check.size == entry.size else {
            throw Found(finding: entry.finding(.size, "the entry is smaller than it says"))
        }
        guard check.crc32 == entry.crc32 else {
            throw Found(finding: entry.finding(.checksum, "the CRC-32 of the entry is not the stated one"))
        }
        return content
    }

    private func eachPiece(
        of entry: Entry, at offset: Int64, into buffer: UnsafeMutableBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        var done: Int64 = 0
        while done < entry.compressedSize {
            let count = Int(min(Int64(buffer.count), entry.compressedSize - done))
            let part = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            do throws(ArchiveFile.Unreadable) {
                try file.read(part, at: offset + done)
            } catch {
                throw Found(finding: error.finding)
            }
            try body(UnsafeBufferPointer(part))
            done += Int64(count)
        }
    }

    private func inflate(
        _ entry: Entry, at offset: Int64, through input: UnsafeMutableBufferPointer<UInt8>,
        _ pass: (Span<UInt8>) throws -> Void
    ) throws -> Content {
        let inflater = try RawInflater()
        let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.pieceSize)
        defer { output.deallocate() }
        var isComplete = false
        var done: Int64 = 0
        try eachPiece(of: entry, at: offset, into: input) { piece in
            var rest = piece[...]
            var mayHaveMore = true
            while mayHaveMore {
                guard !isComplete else {
                    throw Found(
                        finding: entry.finding(
                            .deflate, "the deflate stream ends before the packed bytes do", offset: offset + done))
                }
                let step: RawInflater.Step
                do throws(RawInflater.InvalidStream) {
                    step = try inflater.inflate(UnsafeBufferPointer(rebasing: rest), into: output)
                } catch {
                    throw Found(
                        finding: entry.finding(
                            .deflate, "the packed bytes are not a deflate stream", offset: offset + done))
                }
                rest = rest.dropFirst(step.consumed)
                done += Int64(step.consumed)
                isComplete = step.isComplete
                if step.produced > 0 { try pass(UnsafeBufferPointer(rebasing: output[..<step.produced]).span) }
                mayHaveMore = !rest.isEmpty || !isComplete && step.produced == output.count
            }
        }
        guard isComplete else {
            throw Found(
                finding: entry.finding(.deflate, "the deflate stream is cut off", offset: offset + done))
        }
        return Content(hasZeroPadding: inflater.hasZeroPadding)
    }
}
