public import PortabilityModel

/// Makes the `record_id` of records that stand in files: their own key, or one that is computed.
///
/// One value serves one reading of a source; its memory is bounded whatever the number of records.
public struct RecordKeys: ~Copyable {
    private let source: [UInt8]
    private let digest: DigestFactory
    private var fingerprints = Fingerprints()
    /// By dataset.
    private var recent: [RecentKeys]
    /// Records whose own key another record of their dataset had before.
    public private(set) var repeated: Int64 = 0

    /// - Parameters:
    ///   - source: The source's id.
    ///   - datasets: How many datasets ``own(_:dataset:)`` is called for.
    ///   - digest: SHA-256.
    public init(source: String, datasets: Int, digest: @escaping DigestFactory) {
        self.source = Array(source.utf8)
        self.digest = digest
        recent = (0..<datasets).map { _ in RecentKeys() }
    }

    /// The key of a record that has none: the first 128 bits, in hexadecimal digits, of SHA-256 over the source's id, a
    /// zero byte, the record as it stands in the file, and its ordinal among identical ones (eight bytes, most
    /// significant first).
    public mutating func computed(_ raw: Span<UInt8>) -> [UInt8] {
        var hash = hash(raw, ordinal: 0)
        let fingerprint = hash[16..<24].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let ordinal = fingerprints.note(fingerprint)
        if ordinal > 0 { hash = self.hash(raw, ordinal: UInt64(ordinal)) }
        var key: [UInt8] = []
        key.reserveCapacity(32)
        for byte in hash.prefix(16) {
            key.append(Self.digits[Int(byte >> 4)])
            key.append(Self.digits[Int(byte & 15)])
        }
        return key
    }

    /// The record's own key; with `#2`, `#3` and so on if it is known to have come before in the dataset.
    public mutating func own(_ key: [UInt8], dataset: Int) -> [UInt8] {
        let before = recent[dataset].note(key)
        if before == 0 { return key }
        repeated += 1
        var ordinal = before + 1
        while true {
            let marked = key + Array("#\(ordinal)".utf8)
            if recent[dataset].note(marked) == 0 { return marked }
            ordinal += 1
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private func hash(_ raw: Span<UInt8>, ordinal: UInt64) -> [UInt8] {
        var state = digest()
        state.update(source.span)
        state.update([0].span)
        state.update(raw)
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: ordinal >> (56 - 8 * UInt64($0))) }
        state.update(bytes.span)
        return state.value()
    }
}
