/// A set of names to look for in texts: staff, or the other party of an invoice. Built once, shared.
///
/// A name is found as whole words, in capitals or small letters, composed (NFC) or not (NFD), with any run of white
/// space, or one of `- ' . _`, between its words:
///
/// - as it is written, `Maija Anneli Meikäläinen`, and if it has three words or more, without those between the first
///   and the last;
/// - the family name first, with a comma or not: `Meikäläinen Maija`, `Meikäläinen, Maija`. Which words are the family
///   name is not known, so that any split of a name of up to four words counts; an entry `Family, Given` means the same.
/// - A name of one word, such as `Ranta`, which may be a common word as well, only where it begins with a capital.
///
/// A name does not end before a hyphen and a capital, nor begin after a letter and a hyphen: `Matti Virta` is not in
/// `Matti Virta-Aho`, but is in `Matti Virta-niminen`. Inflected forms (`Virtasen`, `Meikäläiselle`), nicknames and
/// misspellings are not found. Names without two letters are left out, and of very long ones the first sixteen words
/// are looked for.
public struct NameSet: Sendable {
    let index: NameIndex

    public init(_ names: [String]) { index = NameIndex(names) }

    public var isEmpty: Bool { index.isEmpty }
}

/// Names as sequences of folded words, and a filter that rejects nearly every word of a text by its first three bytes.
final class NameIndex: @unchecked Sendable {
    // Nothing is changed after init, which makes the raw memory safe to share.

    /// One bit for each value of a hash of three bytes.
    let filter: UnsafeMutablePointer<UInt64>
    let filterShift: UInt32

    /// Folded words, one after the other, and where each ends.
    private let units: [UInt16]
    private let wordEnds: [Int]
    private let longestWord: Int
    /// Open addressing by the hash of a word: its number plus one.
    private let slots: [UInt32]

    /// From a state by a word, and whether a comma stands before it, to a state; state 0 is the beginning.
    private let steps: [UInt64: Int]
    private let states: [State]

    private struct State {
        var entry = -1
        var needsCapital = true
    }

    static let mostWords = 16

    var isEmpty: Bool { states.count == 1 }

    init(_ names: [String]) {
        let parsed = names.map(Name.init)
        var words: [[UInt16]: Int] = [:]
        var units: [UInt16] = []
        var wordEnds = [0]
        for word in parsed.flatMap(\.words) where words[word.units] == nil {
            words[word.units] = wordEnds.count - 1
            units += word.units
            wordEnds.append(units.count)
        }
        self.units = units
        self.wordEnds = wordEnds
        longestWord = words.keys.reduce(0) { max($0, $1.count) }
        slots = Self.slots(units, wordEnds)
        var steps: [UInt64: Int] = [:]
        var states = [State()]
        var firstWords: Set<[UInt16]> = []
        var keys: Set<UInt32> = []
        for (entry, name) in parsed.enumerated() {
            for (sequence, comma) in name.sequences {
                var state = 0
                for (place, word) in sequence.prefix(Self.mostWords).enumerated() {
                    let step = Self.step(state, words[word.units] ?? 0, place == comma)
                    if let next = steps[step] {
                        state = next
                    } else {
                        states.append(State())
                        steps[step] = states.count - 1
                        state = states.count - 1
                    }
                }
                if states[state].entry < 0 { states[state].entry = entry }
                if name.parts.count > 1 { states[state].needsCapital = false }
                if firstWords.insert(sequence[0].units).inserted { keys.formUnion(sequence[0].keys) }
            }
        }
        self.steps = steps
        self.states = states
        // At most one bit in sixteen is set, as long as the filter fits the nearest cache.
        let bits = min(1 << 16, Self.powerOfTwo(atLeast: max(1 << 9, keys.count * 16)))
        filterShift = UInt32(32 - bits.trailingZeroBitCount)
        filter = .allocate(capacity: bits / 64)
        filter.initialize(repeating: 0, count: bits / 64)
        for key in keys {
            let bit = Self.filterBit(key, filterShift)
            filter[bit / 64] |= 1 << UInt64(bit % 64)
        }
    }

    deinit { filter.deallocate() }

    private static func slots(_ units: [UInt16], _ wordEnds: [Int]) -> [UInt32] {
        var slots = [UInt32](repeating: 0, count: powerOfTwo(atLeast: max(8, wordEnds.count * 2)))
        for word in 0..<(wordEnds.count - 1) {
            var hash = Hash()
            for unit in units[wordEnds[word]..<wordEnds[word + 1]] { hash.add(unit) }
            var slot = Int(truncatingIfNeeded: hash.value) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(word + 1)
        }
        return slots
    }

    private static func powerOfTwo(atLeast count: Int) -> Int { 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount) }

    @inline(__always)
    static func filterBit(_ key: UInt32, _ shift: UInt32) -> Int { Int((key &* 0x9e37_79b1) &>> shift) }

    /// What the filter knows a word by: its first three bytes with 0x20 set, which folds ASCII; from the first byte on
    /// that is not ASCII, 0x80, because the same letter has several spellings.
    @inline(__always)
    static func filterKey(_ bytes: UInt32) -> UInt32 {
        let foreign = bytes & 0x80_8080
        if foreign == 0 { return bytes & 0xff_ffff | 0x20_2020 }
        let known = (1 &<< (UInt32(foreign.trailingZeroBitCount) & 24)) &- 1
        return (bytes | 0x20_2020) & known | 0x80_8080 & ~known
    }

    private static func step(_ state: Int, _ word: Int, _ hasComma: Bool) -> UInt64 {
        UInt64(state) << 33 | UInt64(word) << 1 | (hasComma ? 1 : 0)
    }

    private struct Hash {
        private var state: UInt64 = 0xcbf2_9ce4_8422_2325

        @inline(__always)
        mutating func add(_ unit: UInt16) { state = (state ^ UInt64(unit)) &* 0x100_0000_01b3 }

        var value: UInt64 { state ^ state >> 29 }
    }

    /// The longest name that begins at `start`, where a letter or digit stands, or nil.
    func match(_ text: TextBytes, _ start: Int) -> (end: Int, entry: Int)? {
        if text.letterOrDigit(before: start) > 0 { return nil }
        if text[start - 1] == ASCII.minus, text.letterOrDigit(before: start - 1) > 0 { return nil }
        var best: (end: Int, entry: Int)?
        var state = 0
        var index = start
        var hasComma = false
        while let (word, end) = word(text, index), let next = steps[Self.step(state, word, hasComma)] {
            state = next
            if states[state].entry >= 0, !states[state].needsCapital || Folding.isCapital(text, start),
                text[end] != ASCII.minus || !Folding.isCapital(text, end + 1)
            {
                best = (end, states[state].entry)
            }
            index = end
            hasComma = false
            switch text[index] {
            case ASCII.comma:
                hasComma = true
                index += 1
            case ASCII.minus, ASCII.apostrophe, ASCII.dot, ASCII.underscore: index += 1
            case 0xe2 where text[index + 1] == 0x80 && text[index + 2] == 0x99: index += 3
            default: break
            }
            while true {
                let space = text.space(at: index)
                if space == 0 { break }
                index += space
            }
            if index == end { break }
        }
        return best
    }

    /// The number of the word that begins at `start`, and its end, or nil if no name has it.
    private func word(_ text: TextBytes, _ start: Int) -> (word: Int, end: Int)? {
        var hash = Hash()
        var count = 0
        var end = start
        while true {
            let length = text.letterOrDigit(at: end)
            if length == 0 { break }
            let (first, second, third) = Folding.units(text, end, length)
            hash.add(first)
            count += 1
            if second > 0 {
                hash.add(second)
                count += 1
                if third > 0 {
                    hash.add(third)
                    count += 1
                }
            }
            if count > longestWord { return nil }
            end += length
        }
        if count == 0 { return nil }
        var slot = Int(truncatingIfNeeded: hash.value) & (slots.count - 1)
        while slots[slot] != 0 {
            let word = Int(slots[slot]) - 1
            if wordEnds[word + 1] - wordEnds[word] == count, isSame(text, start, end, word) { return (word, end) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isSame(_ text: TextBytes, _ start: Int, _ end: Int, _ word: Int) -> Bool {
        var index = start
        var place = wordEnds[word]
        while index < end {
            let length = max(1, text.letterOrDigit(at: index))
            let (first, second, third) = Folding.units(text, index, length)
            for unit in [first, second, third] where unit > 0 {
                if units[place] != unit { return false }
                place += 1
            }
            index += length
        }
        return true
    }
}

/// A name taken apart.
private struct Name {
    /// The words of each part; parts are parted by white space, words within them by hyphens and the like.
    var parts: [[Word]] = []
    /// How many parts stand before the comma of `Family, Given`.
    private var comma: Int?

    struct Word {
        var units: [UInt16] = []

        /// The keys by which the filter lets the word through. A composed letter begins with a byte beyond ASCII where
        /// the same letter taken apart begins with its base; and after a word of one or two letters anything may stand.
        var keys: [UInt32] {
            let apart = units.map { $0 < 0x80 ? UInt8($0) : 0x80 }
            let composed = units.indices.map { place in
                let isMarked = place + 1 < units.count && (0x300..<0x370).contains(units[place + 1])
                return isMarked ? 0x80 : apart[place]
            }
            return Self.keys(apart) + (composed == apart ? [] : Self.keys(composed))
        }

        private static func keys(_ bytes: [UInt8]) -> [UInt32] {
            if bytes.count > 2 || bytes.contains(0x80) { return [key(bytes + [0x80, 0x80])] }
            let ends = (0..<0x80 as Range<UInt8>).filter { !ASCII.isAlphanumeric($0) } + [0x80]
            if bytes.count == 2 { return ends.map { key(bytes + [$0]) } }
            return ends.flatMap { end in (0...0x80 as ClosedRange<UInt8>).map { key(bytes + [end, $0]) } }
        }

        private static func key(_ bytes: [UInt8]) -> UInt32 {
            NameIndex.filterKey(UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16)
        }
    }

    var words: [Word] { parts.flatMap { $0 } }

    init(_ name: String) {
        var bytes = Array(name.utf8)
        bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            read(TextBytes(base: UnsafeRawPointer(base), count: buffer.count))
        }
        if words.reduce(0, { $0 + $1.units.count }) < 2 { parts = [] }
    }

    private mutating func read(_ text: TextBytes) {
        var index = 0
        var joins = false
        while index < text.count {
            var length = text.letterOrDigit(at: index)
            if length == 0 {
                if text.space(at: index) > 0 || text[index] == ASCII.comma { joins = false }
                if text[index] == ASCII.comma, comma == nil, !parts.isEmpty { comma = parts.count }
                index += max(1, text.space(at: index))
                continue
            }
            var word = Word()
            while length > 0 {
                let (first, second, third) = Folding.units(text, index, length)
                word.units += [first, second, third].filter { $0 > 0 }
                index += length
                length = text.letterOrDigit(at: index)
            }
            if joins { parts[parts.count - 1].append(word) } else { parts.append([word]) }
            joins = true
        }
    }

    /// The orders in which the name is looked for, each with the place of the word that a comma stands before, if any.
    var sequences: [(words: [Word], comma: Int?)] {
        if parts.isEmpty { return [] }
        if parts.count == 1 { return [(words, nil)] }
        var given = parts
        if let comma, comma < parts.count { given = Array(parts[comma...] + parts[..<comma]) }
        var sequences: [(words: [Word], comma: Int?)] = [(given.flatMap { $0 }, nil)]
        func add(_ family: ArraySlice<[Word]>, _ given: ArraySlice<[Word]>) {
            let first = family.flatMap { $0 }
            let all = first + given.flatMap { $0 }
            sequences.append((all, nil))
            sequences.append((all, first.count))
        }
        let count = parts.count
        for split in 1..<count where count <= 4 || split == 1 || split == count - 1 {
            add(given[split...], given[..<split])
        }
        if count > 2 {
            sequences.append((given[0] + given[count - 1], nil))
            add(given[(count - 1)...], given[..<1])
        }
        return sequences
    }
}
