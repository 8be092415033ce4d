/// Which keys the subject's last records had, so that a key that a log repeats (an event sent again after a time-out)
/// does not become the `record_id` of two records.
///
/// Remembers at least the last 98,304 keys, in 4 MB at the most whatever their number: retries come soon. A key that is
/// repeated at a greater distance is not noticed.
struct RecentKeys {
    private static let generation = 98_304

    /// Fingerprints by open addressing; 0 is empty, and at most three quarters are taken. The older half is dropped when the younger is full.
    private var younger: [UInt64] = []
    private var older: [UInt64] = []
    private var count = 0
    /// How often a key came, of those that came more than once.
    private var repeats: [UInt64: Int] = [:]

    /// Notes a key; how often it is known to have come before.
    mutating func note(_ key: [UInt8]) -> Int {
        let fingerprint = Self.fingerprint(key)
        if younger.isEmpty { younger = [UInt64](repeating: 0, count: 1 << 10) }
        if Self.insert(fingerprint, into: &younger) || Self.contains(fingerprint, in: older) {
            if repeats.count >= Self.generation { repeats.removeAll() }
            let before = repeats[fingerprint] ?? 1
            repeats[fingerprint] = before + 1
            return before
        }
        count += 1
        if count * 4 > younger.count * 3 { grow() }
        if count == Self.generation {
            older = younger
            younger = []
            count = 0
        }
        return 0
    }

    /// True if it was there already.
    private static func insert(_ fingerprint: UInt64, into slots: inout [UInt64]) -> Bool {
        var place = Int(truncatingIfNeeded: fingerprint >> 40) & (slots.count - 1)
        while slots[place] != 0 {
            if slots[place] == fingerprint { return true }
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = fingerprint
        return false
    }

    private mutating func grow() {
        let smaller = younger
        younger = [UInt64](repeating: 0, count: smaller.count * 4)
        for fingerprint in smaller where fingerprint != 0 { _ = Self.insert(fingerprint, into: &younger) }
    }

    private static func contains(_ fingerprint: UInt64, in slots: [UInt64]) -> Bool {
        if slots.isEmpty { return false }
        var place = Int(truncatingIfNeeded: fingerprint >> 40) & (slots.count - 1)
        while slots[place] != 0 {
            if slots[place] == fingerprint { return true }
            place = (place + 1) & (slots.count - 1)
        }
        return false
    }

    /// FNV-1a, mixed once more because its upper bits alone spread badly over short keys. Not 0.
    private static func fingerprint(_ key: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 32)) &* 0x9e37_79b9_7f4a_7c15
        return max(1, hash ^ (hash >> 29))
    }
}
