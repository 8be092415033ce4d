import Crypto
import FoundationEssentials
import PortabilityEnvelope
import PortabilityModel

/// The chunks that content is encrypted in (C2SP age.md, "Payload").
enum AgeChunk {
    /// Plain bytes in every chunk but the last.
    static let plain = 64 << 10
    static let tag = 16
    static let sealed = plain + tag
    /// The random bytes before the first chunk.
    static let nonce = 16

    /// Counter and whether it is the last; unique under the key of one file.
    static func nonce(_ index: Int64, isLast: Bool) throws -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: 12)
        for byte in 0..<8 { nonce[3 + byte] = UInt8(truncatingIfNeeded: index >> Int64(8 * (7 - byte))) }
        nonce[11] = isLast ? 1 : 0
        return nonce
    }
}

/// Encrypts bytes into a file in the age v1 format as they come. No more than one chunk of 64 KiB is held.
///
/// Not for use by two threads at a time.
public final class AgeWriter {
    private let key: SymmetricKey
    private let output: (Span<UInt8>) throws -> Void
    private var held: [UInt8] = []
    private var index: Int64 = 0
    private var isFinished = false

    /// Makes the key of the file and writes the header.
    ///
    /// - Parameters:
    ///   - audience: who can open the file.
    ///   - random: where keys, salt and nonce come from; every file needs its own.
    ///   - output: takes the bytes of the file.
    /// - Throws: `configuration` for keys that cannot be used; `limit` if a passphrase needs more memory than there is;
    ///   what `output` throws.
    public init(
        for audience: AgeAudience, random: inout some RandomNumberGenerator,
        output: @escaping (Span<UInt8>) throws -> Void
    ) throws {
        self.output = output
        let fileKey = AgeFileKey(random: &random)
        let header = try fileKey.header(for: audience, random: &random)
        let nonce = randomBytes(AgeChunk.nonce, &random)
        key = fileKey.payloadKey(nonce: nonce)
        held.reserveCapacity(AgeChunk.plain)
        try output((header.text + nonce).span)
    }

    /// Adds plain bytes.
    ///
    /// - Throws: what the output throws; `output` after ``finish()``.
    public func write(_ bytes: Span<UInt8>) throws {
        guard !isFinished else { throw PortabilityError(.output, "the encrypted file is already at its end") }
        try bytes.withUnsafeBufferPointer { bytes in
            var rest = bytes[...]
            // A chunk is sealed only when more comes: which one is the last is part of it.
            while !rest.isEmpty {
                if held.count == AgeChunk.plain {
                    try held.withUnsafeBytes { try seal($0, isLast: false) }
                    held.removeAll(keepingCapacity: true)
                }
                while held.isEmpty && rest.count > AgeChunk.plain {
                    try seal(
                        UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: rest.prefix(AgeChunk.plain))),
                        isLast: false)
                    rest = rest.dropFirst(AgeChunk.plain)
                }
                let piece = rest.prefix(AgeChunk.plain - held.count)
                held.append(contentsOf: piece)
                rest = rest.dropFirst(piece.count)
            }
        }
    }

    /// Writes the last chunk, by which a reader knows that nothing is missing.
    ///
    /// - Throws: what the output throws; `output` if it was called before.
    public func finish() throws {
        guard !isFinished else { throw PortabilityError(.output, "the encrypted file is already at its end") }
        isFinished = true
        try held.withUnsafeBytes { try seal($0, isLast: true) }
    }

    private func seal(_ plain: UnsafeRawBufferPointer, isLast: Bool) throws {
        let nonce = try ChaChaPoly.Nonce(data: AgeChunk.nonce(index, isLast: isLast))
        let box = try ChaChaPoly.seal(plain, using: key, nonce: nonce)
        // The nonce stands before ciphertext and tag in it; the format leaves it out.
        try box.combined.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            try output(UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[12...]).span)
        }
        index += 1
    }
}
