import PortabilityModel

/// The plain bytes of one entry, piece by piece: the one place where foreign bytes are unpacked and checked.
///
/// Holds one piece of packed and one of plain bytes, and what inflating needs. What came out is right only when
/// ``next()`` has given nil.
final class EntryPieces {
    private let entry: ZipReader.Entry
    private let file: ArchiveFile
    private let budget: ReadBudget
    private let inflater: Inflater?
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let output: UnsafeMutableBufferPointer<UInt8>
    private var offset: Int64
    private var packedLeft: Int64
    private var check = CRC32Check()
    private var isAtEnd = false

    /// Larger ones are not faster.
    private static let inputSize: Int64 = 64 << 10
    private static let outputSize: Int64 = 128 << 10

    /// - Throws: ``ZipReader/Found`` if a finding made the entry unreadable.
    init(entry: ZipReader.Entry, file: ArchiveFile, budget: ReadBudget) throws(ZipReader.Found) {
        guard let offset = entry.dataOffset, let method = entry.method else {
            throw ZipReader.Found(entry.finding(.unreadable, "the entry cannot be read for what was found before"))
        }
        self.entry = entry
        self.file = file
        self.budget = budget
        self.offset = offset
        inflater = method == .deflate ? Inflater() : nil
        packedLeft = entry.compressedSize
        input = .allocate(
            capacity: Int(min(inflater == nil ? Self.outputSize : Self.inputSize, max(1, packedLeft))))
        // One byte more than stated, so that a stream that goes on is seen to.
        output = .allocate(capacity: inflater == nil ? 0 : Int(min(Self.outputSize, entry.size + 1)))
        isAtEnd = entry.isFolder
    }

    deinit {
        input.deallocate()
        output.deallocate()
    }

    /// The next piece, which stays there until the next call; nil at the end, where size and CRC-32 were found right.
    ///
    /// - Throws: ``ZipReader/Found``.
    func next() throws(ZipReader.Found) -> UnsafeBufferPointer<UInt8>? {
        guard !isAtEnd else { return nil }
        var watch = budget.watch()
        guard let piece = try pull(&watch) else {
            isAtEnd = true
            guard check.size == entry.size else {
                throw ZipReader.Found(entry.finding(.size, "the entry is smaller than it says"))
            }
            guard check.crc32 == entry.crc32 else {
                throw ZipReader.Found(entry.finding(.checksum, "the CRC-32 of the entry is not the stated one"))
            }
            return nil
        }
        check.update(piece.span)
        guard check.size <= entry.size else {
            throw ZipReader.Found(entry.finding(.size, "the entry is larger than it says"))
        }
        try charge(&watch)
        return piece
    }

    private func pull(_ watch: inout ReadBudget.Watch) throws(ZipReader.Found) -> UnsafeBufferPointer<UInt8>? {
        guard let inflater else {
            guard packedLeft > 0 else { return nil }
            return try fill()
        }
        while !inflater.isComplete {
            let produced: Int
            do {
                produced = try inflater.inflate(into: output)
            } catch {
                throw deflateFinding("the packed bytes are not a deflate stream")
            }
            if produced > 0 { return UnsafeBufferPointer(rebasing: output[..<produced]) }
            if inflater.isComplete { break }
            guard packedLeft > 0 else { throw deflateFinding("the deflate stream is cut off") }
            inflater.feed(try fill())
            // A stream can go on for long without giving a byte.
            try charge(&watch)
        }
        guard packedLeft == 0, inflater.unused == 0 else {
            throw deflateFinding("the deflate stream ends before the packed bytes do")
        }
        return nil
    }

    private func fill() throws(ZipReader.Found) -> UnsafeBufferPointer<UInt8> {
        let part = UnsafeMutableBufferPointer(rebasing: input[..<Int(min(Int64(input.count), packedLeft))])
        do throws(ArchiveFile.Unreadable) {
            try file.read(part, at: offset)
        } catch {
            throw ZipReader.Found(error.finding, cause: error.cause)
        }
        offset += Int64(part.count)
        packedLeft -= Int64(part.count)
        return UnsafeBufferPointer(part)
    }

    private func charge(_ watch: inout ReadBudget.Watch) throws(ZipReader.Found) {
        guard var finding = budget.overrun(&watch) else { return }
        finding.path = entry.printableName
        finding.ordinal = entry.ordinal
        throw ZipReader.Found(finding)
    }

    private func deflateFinding(_ message: String) -> ZipReader.Found {
        ZipReader.Found(entry.finding(.deflate, message, offset: offset))
    }
}
