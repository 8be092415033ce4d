import PortabilityModel

/// An entry's plain bytes, pulled piece by piece, so that several entries can be read side by side.
///
/// They are checked as ``ZipReader/read(_:_:)`` checks them: those that came are right only when the end has come
/// without an error. A stream belongs to one thread at a time.
public final class EntryStream {
    private let pieces: EntryPieces

    fileprivate init(_ pieces: EntryPieces) { self.pieces = pieces }

    /// The next piece, nil at the end.
    ///
    /// - Throws: ``PortabilityError``: as ``ZipReader/read(_:_:)``.
    public func next() throws -> [UInt8]? {
        do throws(ZipReader.Found) {
            return try pieces.next().map(Array.init)
        } catch {
            throw error.error
        }
    }

    /// Lends the next piece to `body`, without a copy.
    ///
    /// - Returns: what `body` returns; nil at the end, where it is not called.
    /// - Throws: ``PortabilityError``: as ``ZipReader/read(_:_:)``; or what `body` throws.
    public func withNext<Result>(_ body: (Span<UInt8>) throws -> Result) throws -> Result? {
        let piece: UnsafeBufferPointer<UInt8>?
        do throws(ZipReader.Found) {
            piece = try pieces.next()
        } catch {
            throw error.error
        }
        return try piece.map { try body($0.span) }
    }
}

extension ZipReader {
    /// Opens an entry for pulling. Any number can be open at once, on any threads.
    ///
    /// - Throws: ``PortabilityError`` with code `unavailable` if what was found before makes it unreadable.
    public func stream(_ entry: Entry) throws -> EntryStream {
        guard !entry.isFolder else { throw entry.finding(.unreadable, "the entry is a folder").error }
        do throws(Found) {
            return EntryStream(try EntryPieces(entry: entry, file: file, budget: budget))
        } catch {
            throw error.error
        }
    }
}
