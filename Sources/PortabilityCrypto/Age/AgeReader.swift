import Crypto
import FoundationEssentials
public import PortabilityEnvelope
public import PortabilityModel
import Synchronization

/// The content of a file in the age v1 format, decrypted where it is read.
///
/// Chunks are decrypted in memory as they are asked for, and a few are kept; nothing decrypted is ever written to a
/// disk. What is given was authenticated. That nothing is missing at the end and nothing was added is known once the
/// file is open: the last chunk is authenticated first. May be read by several threads.
public final class AgeReader: EnvelopeBytes {
    private let source: any EnvelopeBytes
    private let key: SymmetricKey
    /// Where the first chunk begins.
    private let start: Int64
    private let last: Int64
    private let kept = Mutex(Kept())
    /// How many plain bytes there are.
    public let size: Int64

    /// Opens a file.
    ///
    /// - Throws: `verification` with the part (``AgePart``) as the field: damaged, cut off, or not for these keys;
    ///   `unsupported` for another version of the format; `limit`; what the source and the asker of the passphrase
    ///   throw.
    public init(_ source: any EnvelopeBytes, keys: AgeKeys) throws {
        self.source = source
        let header = try Self.header(source)
        let fileKey = try AgeFileKey(opening: header, with: keys)
        let nonce = try source.bytes(AgeChunk.nonce, at: Int64(header.length))
        guard nonce.count == AgeChunk.nonce else {
            throw AgePart.failure(AgePart.header, "it ends where its content should begin")
        }
        key = fileKey.payloadKey(nonce: nonce)
        start = Int64(header.length + AgeChunk.nonce)
        let sealed = source.size - start
        last = max(0, (sealed - 1) / Int64(AgeChunk.sealed))
        let rest = sealed - last * Int64(AgeChunk.sealed)
        // A last chunk without content stands only where there is none at all.
        guard rest >= AgeChunk.tag, rest > AgeChunk.tag || last == 0 else {
            throw AgePart.failure(AgePart.payload, "it is cut off")
        }
        size = sealed - (last + 1) * Int64(AgeChunk.tag)
        _ = try chunk(last)
    }

    public func read(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64
    ) throws(PortabilityError) -> Int {
        guard offset >= 0, offset < size, !buffer.isEmpty else { return 0 }
        let plain = try chunk(offset / Int64(AgeChunk.plain))
        let within = Int(offset % Int64(AgeChunk.plain))
        return plain.withUnsafeBytes { bytes in
            let piece = bytes[within...].prefix(buffer.count)
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: piece))
            return piece.count
        }
    }

    private static func header(_ source: any EnvelopeBytes) throws -> AgeHeader {
        var count = 4 << 10
        while true {
            let bytes = try source.bytes(count, at: 0)
            let isAll = bytes.count < count
            if isAll || AgeHeader.end(in: bytes) != nil { return try AgeHeader(parsing: bytes) }
            guard count < AgeHeader.longest else {
                throw AgePart.failure(AgePart.header, "its header is longer than \(AgeHeader.longest >> 20) MiB")
            }
            count *= 4
        }
    }

    /// Plain chunks that were read lately.
    private struct Kept {
        var chunks: [(index: Int64, plain: Data)] = []

        /// As many as threads that read an archive side by side have use for.
        static let most = 8
    }

    private func chunk(_ index: Int64) throws(PortabilityError) -> Data {
        let known = kept.withLock { kept -> Data? in
            guard let place = kept.chunks.firstIndex(where: { $0.index == index }) else { return nil }
            let found = kept.chunks.remove(at: place)
            kept.chunks.append(found)
            return found.plain
        }
        if let known { return known }
        // Two threads may decrypt the same chunk at a time; neither waits for the other.
        let plain = try decrypt(index)
        kept.withLock { kept in
            if kept.chunks.count == Kept.most { kept.chunks.removeFirst() }
            kept.chunks.append((index, plain))
        }
        return plain
    }

    private func decrypt(_ index: Int64) throws(PortabilityError) -> Data {
        let place = start + index * Int64(AgeChunk.sealed)
        let count = index == last ? Int(source.size - place) : AgeChunk.sealed
        do {
            var combined = Data(count: 12 + count)
            let nonce = try AgeChunk.nonce(index, isLast: index == last)
            let filled = try combined.withUnsafeMutableBytes { bytes in
                bytes.copyBytes(from: nonce)
                return try source.fill(
                    UnsafeMutableBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[12...]), at: place)
            }
            guard filled == count else { throw AgePart.failure(AgePart.payload, "it became shorter meanwhile") }
            return try ChaChaPoly.open(ChaChaPoly.SealedBox(combined: combined), using: key)
        } catch let error as PortabilityError {
            throw error
        } catch {
            var failure = AgePart.failure(
                AgePart.payload,
                index == last ? "its end is not the one that it was given" : "a part of it is not what was written")
            failure.place.byte = place
            throw failure
        }
    }
}
