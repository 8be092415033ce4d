/// How often each line was seen before, by 64 bits of its digest, in 8 MB whatever the number of lines, less for few.
///
/// Up to 196,608 lines the answer is exact (but for two lines with equal fingerprints, once in a million exports of
/// that size). Above, it comes from a count-min sketch with conservative update: it may be too high, as lines that share cells
/// are counted together, but it is the same on every run and for one line always higher than the time before. So
/// no two records get one `record_id`, and a subject with ten million events needs no more memory than one with ten.
struct Fingerprints {
    private static let exactLimit = 196_608
    private static let width = 1 << 21
    /// Lines from which on there are counters.
    private static let earlyLimit = 1 << 12

    /// At most three quarters are taken.
    private var slots = [UInt64](repeating: 0, count: 1 << 10)
    private var taken = 0
    private var count = 0
    /// Of those in ``slots`` seen more than once: how often.
    private var repeated: [UInt64: Int] = [:]
    /// Two rows of counters; none for the first lines, which are in ``early`` until there are more.
    private var cells: [UInt8] = []
    private var early: [UInt64] = []
    /// Lines whose counters were full, counted together.
    private var beyond = 0

    /// Notes a line. Returns how often it was seen before, or more; higher each time for the same line.
    mutating func note(_ fingerprint: UInt64) -> Int {
        if cells.isEmpty, early.count < Self.earlyLimit {
            early.append(fingerprint)
            return noteExactly(fingerprint) ?? 0
        }
        if cells.isEmpty {
            cells = [UInt8](repeating: 0, count: 2 * Self.width)
            for fingerprint in early { _ = estimate(fingerprint) }
            early = []
        }
        let estimate = estimate(fingerprint)
        return noteExactly(fingerprint) ?? estimate
    }

    /// Notes a line in the counters.
    private mutating func estimate(_ fingerprint: UInt64) -> Int {
        let first = Int(truncatingIfNeeded: fingerprint & UInt64(Self.width - 1))
        let second = Self.width + Int(truncatingIfNeeded: (fingerprint >> 24) & UInt64(Self.width - 1))
        let estimate = min(cells[first], cells[second])
        if estimate < .max {
            cells[first] = max(cells[first], estimate + 1)
            cells[second] = max(cells[second], estimate + 1)
            return Int(estimate)
        }
        beyond += 1
        return Int(estimate) + beyond
    }

    /// nil if there have been too many lines to tell.
    private mutating func noteExactly(_ fingerprint: UInt64) -> Int? {
        if count > Self.exactLimit { return nil }
        // 0 marks an empty slot.
        let fingerprint = fingerprint == 0 ? 1 : fingerprint
        var place = Int(truncatingIfNeeded: fingerprint >> 40) & (slots.count - 1)
        count += 1
        while slots[place] != 0 {
            if slots[place] == fingerprint {
                let before = repeated[fingerprint] ?? 1
                repeated[fingerprint] = before + 1
                return before
            }
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = fingerprint
        taken += 1
        if taken * 4 > slots.count * 3, slots.count < 1 << 18 { grow() }
        return 0
    }

    private mutating func grow() {
        let smaller = slots
        slots = [UInt64](repeating: 0, count: smaller.count * 4)
        for fingerprint in smaller where fingerprint != 0 {
            var place = Int(truncatingIfNeeded: fingerprint >> 40) & (slots.count - 1)
            while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = fingerprint
        }
    }
}
