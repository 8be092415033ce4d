import Glibc

/// Our own deflate, made for text in which the same names and values come again and again, as records have them.
///
/// Why not a library's: those that are fast enough to keep up with the encoders (ISA-L) remember few places inside of
/// long repetitions, and so come out a fifth larger on such text; those that are as small (libdeflate, zlib) take three
/// to ten times as long. This one remembers where words of six bytes began, looks for the word at every third place
/// only, and when it has found one, extends the match **backwards**, over literals and over whole matches before it.
/// The word that tells records apart stands behind names that they share, so what is found by the word usually covers
/// the names, too, and two matches become one. Its bytes depend on the text alone, on any machine.
final class TextDeflater: BlockDeflater {
    /// Counted up with every change that changes the bytes.
    static let version = 1

    /// Bytes of a word, which is also the shortest match.
    private static let wordSize = 6
    private static let tableBits = 14
    /// How far it is between two places of a match that are remembered.
    private static let stride = 8
    /// The farthest between two places at which a word is looked for.
    private static let longestStep = 3
    /// A match at least so long is taken without looking for a longer one a little further on.
    private static let goodLength = 32
    /// How much further on a longer match is looked for.
    private static let lookahead = 3
    private static let longest = 258
    /// Bytes after the text that may be read, and are zero.
    private static let padding = 16

    /// Where each word began last, by its hash. Places are counted on from block to block, so that what an earlier block
    /// has left lies before the first place of this one and need not be cleared.
    private let table: UnsafeMutablePointer<UInt32>
    /// The dictionary and the text after it.
    private let window: UnsafeMutablePointer<UInt8>
    private let writer = DeflateBlockWriter()
    /// The place of the window's first byte.
    private var origin: UInt32 = 1

    init() {
        table = .allocate(capacity: 1 << Self.tableBits)
        table.initialize(repeating: 0, count: 1 << Self.tableBits)
        let room = Compression.dictionarySize + Compression.blockSize + Self.padding
        window = .allocate(capacity: room)
        window.initialize(repeating: 0, count: room)
    }

    deinit {
        table.deallocate()
        window.deallocate()
    }

    func deflate(
        _ plain: UnsafeBufferPointer<UInt8>, dictionary: UnsafeBufferPointer<UInt8>, isLast: Bool,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        precondition(plain.count <= Compression.blockSize && dictionary.count <= Compression.dictionarySize)
        let start = dictionary.count
        let end = start + plain.count
        if let base = dictionary.baseAddress { window.update(from: base, count: start) }
        if let base = plain.baseAddress { (window + start).update(from: base, count: plain.count) }
        (window + end).update(repeating: 0, count: Self.padding)
        if origin > UInt32.max / 2 {
            table.update(repeating: 0, count: 1 << Self.tableBits)
            origin = 1
        }
        writer.begin(output)
        defer { origin += UInt32(end) }
        guard parse(start, end, isLast: isLast) else { return nil }
        if !isLast { guard writer.align() else { return nil } }
        return writer.count
    }

    @inline(__always)
    private static func load(_ window: UnsafePointer<UInt8>, _ place: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(window + place).loadUnaligned(as: UInt64.self))
    }

    /// The hash of the word that a load of eight bytes begins with.
    @inline(__always)
    private static func hash(_ bytes: UInt64) -> Int {
        let word = bytes << UInt64(64 - 8 * wordSize)
        return Int(truncatingIfNeeded: (word &* 0x9e37_79b1_85eb_ca87) >> UInt64(64 - tableBits))
    }

    /// How many bytes are the same at two places, at most ``longest`` and not beyond `end`, when it is known that the
    /// first eight differ as `difference` says.
    @inline(__always)
    private static func matchLength(
        _ window: UnsafePointer<UInt8>, _ place: Int, _ earlier: Int, _ end: Int, _ difference: UInt64
    ) -> Int {
        let limit = min(longest, end &- place)
        if difference != 0 { return min(limit, difference.trailingZeroBitCount &>> 3) }
        var length = 8
        while length < limit {
            let difference = load(window, place &+ length) ^ load(window, earlier &+ length)
            if difference != 0 { return min(limit, length &+ difference.trailingZeroBitCount &>> 3) }
            length &+= 8
        }
        return limit
    }

    /// Finds the matches in the window from `start` to `end` and writes the blocks.
    ///
    /// - Returns: false if the output has no room.
    private func parse(_ start: Int, _ end: Int, isLast: Bool) -> Bool {
        let table = table
        let window = UnsafePointer(window)
        let sequences = writer.sequences
        // A place is counted as `place + shift`; what is smaller than `first` is of an earlier block.
        let shift = Int(origin)
        let first = shift
        let lastWord = end - Self.wordSize
        var place = 0
        while place < start, place <= lastWord {
            table[Self.hash(Self.load(window, place))] = UInt32(truncatingIfNeeded: place &+ shift)
            place &+= Self.stride
        }
        place = start
        // Where the literals begin that belong to no match yet, and the bytes of the block being gathered.
        var anchor = start
        var blockStart = start
        var count = 0
        while place <= lastWord {
            let bytes = Self.load(window, place)
            let slot = Self.hash(bytes)
            let candidate = Int(table[slot])
            table[slot] = UInt32(truncatingIfNeeded: place &+ shift)
            var distance = place &+ shift &- candidate
            var difference: UInt64 = 1
            if candidate >= first, distance <= Compression.dictionarySize {
                difference = Self.load(window, place &- distance) ^ bytes
            }
            if difference << UInt64(64 - 8 * Self.wordSize) != 0 {
                let step = min(1 &+ place &- anchor, Self.longestStep)
                if step > 1, place < lastWord {
                    table[Self.hash(Self.load(window, place &+ 1))] = UInt32(truncatingIfNeeded: place &+ 1 &+ shift)
                    if step > 2, place &+ 1 < lastWord {
                        table[Self.hash(Self.load(window, place &+ 2))] =
                            UInt32(truncatingIfNeeded: place &+ 2 &+ shift)
                    }
                }
                place &+= step
                continue
            }
            var length = Self.matchLength(window, place, place &- distance, end, difference)
            if length < Self.goodLength, place &+ Self.lookahead <= lastWord {
                let next = place &+ Self.lookahead
                let bytes = Self.load(window, next)
                let slot = Self.hash(bytes)
                let candidate = Int(table[slot])
                table[slot] = UInt32(truncatingIfNeeded: next &+ shift)
                let nextDistance = next &+ shift &- candidate
                if candidate >= first, nextDistance <= Compression.dictionarySize {
                    let difference = Self.load(window, next &- nextDistance) ^ bytes
                    let nextLength = Self.matchLength(window, next, next &- nextDistance, end, difference)
                    if nextLength > length {
                        place = next
                        length = nextLength
                        distance = nextDistance
                    }
                }
            }
            var remembered = place &+ 1
            // Backwards over literals, and over matches that are the same at this distance from their first byte on.
            while true {
                while place > anchor, place > distance, length < Self.longest,
                    window[place &- 1] == window[place &- 1 &- distance]
                {
                    place &-= 1
                    length &+= 1
                }
                guard place == anchor, count > 0 else { break }
                let before = Int(sequences[count &- 1].length)
                guard before &+ length <= Self.longest, place &- before >= distance,
                    memcmp(window + (place &- before), window + (place &- before &- distance), before) == 0
                else { break }
                count &-= 1
                place &-= before
                length &+= before
                anchor = place &- Int(sequences[count].literals)
            }
            sequences[count] = .init(
                literals: UInt32(truncatingIfNeeded: place &- anchor), length: UInt16(truncatingIfNeeded: length),
                distance: UInt16(truncatingIfNeeded: distance &- 1))
            count &+= 1
            place &+= length
            anchor = place
            let stop = min(place, lastWord &+ 1)
            while remembered < stop {
                table[Self.hash(Self.load(window, remembered))] = UInt32(truncatingIfNeeded: remembered &+ shift)
                remembered &+= Self.stride
            }
            if count == DeflateBlockWriter.sequenceLimit, place < end {
                guard writer.write(window + blockStart, sequences: count, tail: 0, isLast: false) else { return false }
                blockStart = place
                count = 0
            }
        }
        return writer.write(window + blockStart, sequences: count, tail: end - anchor, isLast: isLast)
    }
}
