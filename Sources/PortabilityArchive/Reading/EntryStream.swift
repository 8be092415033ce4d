import PortabilityModel

/// An entry's plain bytes, pulled piece by piece, so that several entries can be read side by side.
///
/// Checks that the bytes can be unpacked, not that they are the right ones: that is what ``BagVerifier`` is for.
public final class EntryStream {
    private let entry: ZipReader.Entry
    private let file: ArchiveFile
    private let method: ZipMethod
    private let inflater: RawInflater?
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let output: UnsafeMutableBufferPointer<UInt8>
    private var rest: Slice<UnsafeMutableBufferPointer<UInt8>>
    private var offset: Int64
    private var packedLeft: Int64
    private var isComplete = false

    private static let pieceSize = 64 << 10

    fileprivate init(entry: ZipReader.Entry, file: ArchiveFile, method: ZipMethod, offset: Int64) throws {
        inflater = method == .deflate ? try RawInflater() : nil
        self.entry = entry
        self.file = file
        self.method = method
        self.offset = offset
        packedLeft = entry.compressedSize
        input = .allocate(capacity: Self.pieceSize)
        output = .allocate(capacity: Self.pieceSize)
        rest = input[0..<0]
    }

    deinit {
        input.deallocate()
        output.deallocate()
    }

    /// The next piece, nil at the end.
    ///
    /// - Throws: ``PortabilityError``: `malformed` or `unavailable` if the bytes cannot be read.
    public func next() throws -> [UInt8]? {
        while true {
            if rest.isEmpty {
                if packedLeft == 0 && (inflater == nil || isComplete) { return nil }
                try fill()
            }
            guard let inflater else {
                defer { rest = input[0..<0] }
                return Array(rest)
            }
            let step: RawInflater.Step
            do {
                step = try inflater.inflate(UnsafeBufferPointer(rebasing: rest), into: output)
            } catch {
                throw entry.finding(.deflate, "the packed bytes are not a deflate stream").error
            }
            rest = rest.dropFirst(step.consumed)
            isComplete = step.isComplete
            if isComplete, packedLeft > 0 || !rest.isEmpty {
                throw entry.finding(.deflate, "the deflate stream ends before the packed bytes do").error
            }
            if step.produced > 0 { return Array(output[..<step.produced]) }
        }
    }

    private func fill() throws {
        guard packedLeft > 0 else { throw entry.finding(.deflate, "the deflate stream is cut off").error }
        let count = Int(min(Int64(input.count), packedLeft))
        do throws(ArchiveFile.Unreadable) {
            try file.read(UnsafeMutableBufferPointer(rebasing: input[..<count]), at: offset)
        } catch {
            throw error.finding.error
        }
        offset += Int64(count)
        packedLeft -= Int64(count)
        rest = input[..<count]
    }
}

extension ZipReader {
    /// Opens an entry for pulling.
    ///
    /// - Throws: ``PortabilityError`` with code `malformed` if what was found before makes it unreadable.
    public func stream(_ entry: Entry) throws -> EntryStream {
        guard let offset = entry.dataOffset, let method = entry.method, !entry.isFolder else {
            throw entry.finding(.unreadable, "the entry cannot be read for what was found before").error
        }
        return try EntryStream(entry: entry, file: file, method: method, offset: offset)
    }
}
