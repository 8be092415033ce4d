/// Which records of the subject came before: taps promise to give each at least once, not once.
///
/// Remembers at least the last 65,536 keys with a digest of their record, in at most 20 MB whatever their number. A key
/// that is repeated at a greater distance is not noticed.
struct RepeatedRecords {
    /// 128 bits of a digest.
    struct Digest: Hashable {
        var high: UInt64
        var low: UInt64

        init(_ bytes: [UInt8]) {
            high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
            low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    enum Verdict: Equatable {
        case new
        /// The same record under the same key.
        case same
        /// Another record under the same key: the second, the third, …
        case other(Int)
    }

    private struct Seen {
        var last: Digest
        var count: Int
    }

    private static let generation = 65_536

    private var younger: [Digest: Seen] = [:]
    private var older: [Digest: Seen] = [:]

    /// Notes a record.
    ///
    /// - Parameter content: What the record is; a record is the same only as the one before it under its key.
    mutating func note(key: Digest, content: Digest) -> Verdict {
        guard var seen = younger[key] ?? older[key] else {
            insert(Seen(last: content, count: 1), at: key)
            return .new
        }
        if seen.last == content { return .same }
        seen.last = content
        seen.count += 1
        insert(seen, at: key)
        return .other(seen.count)
    }

    /// Notes that a key is given out; false if it was before.
    mutating func claim(_ key: Digest, content: Digest) -> Bool {
        if younger[key] ?? older[key] != nil { return false }
        insert(Seen(last: content, count: 1), at: key)
        return true
    }

    /// Notes which ordinal a key's last record got, so that the next is looked for from there.
    mutating func settle(_ key: Digest, at ordinal: Int) {
        guard var seen = younger[key] ?? older[key] else { return }
        seen.count = ordinal
        insert(seen, at: key)
    }

    /// Notes a record that has no key of its own; how many like it came before.
    mutating func count(_ content: Digest) -> Int {
        let before = younger[content]?.count ?? older[content]?.count ?? 0
        insert(Seen(last: content, count: before + 1), at: content)
        return before
    }

    private mutating func insert(_ seen: Seen, at key: Digest) {
        if younger.count >= Self.generation, younger[key] == nil {
            older = younger
            younger = [:]
        }
        younger[key] = seen
    }
}
