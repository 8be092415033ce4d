import Glibc

/// Writes blocks of a deflate stream (RFC 1951, 3.2) from matches that were found: counts what there is, makes the
/// codes, and writes the block in the codes of its own or in the fixed ones, whichever comes out smaller.
///
/// It is trusted with matches that are right; room in the output is checked for each block before it is written.
final class DeflateBlockWriter {
    /// Literals, and the match after them.
    struct Sequence {
        var literals: UInt32
        /// 3 to 258.
        var length: UInt16
        /// Less one: 0 to 32,767.
        var distance: UInt16
    }

    /// The most sequences of one block.
    static let sequenceLimit = 4096

    /// Room for the sequences of a block.
    let sequences: UnsafeMutablePointer<Sequence>

    private static let lengthSymbols = 29
    private static let distanceSymbols = 30
    private static let symbolLimit = 286
    private static let endOfBlock = 256
    /// So that four literals and what is left of a byte fit in a word.
    private static let longestCode = 14

    /// For each length: symbol less 257, extra bits and their value.
    private let lengths: UnsafeMutablePointer<Symbol>
    /// Symbols of the distances up to 256 and, in steps of 128, of the others.
    private let distanceSymbol: UnsafeMutablePointer<UInt8>
    private let distanceBase: UnsafeMutablePointer<UInt16>
    private let counts: UnsafeMutablePointer<UInt32>
    private let literalCode = HuffmanCode(capacity: symbolLimit + 2)
    private let distanceCode = HuffmanCode(capacity: distanceSymbols)
    private let headerCode = HuffmanCode(capacity: 19)
    private let fixedLiteralCode = HuffmanCode(capacity: symbolLimit + 2)
    private let fixedDistanceCode = HuffmanCode(capacity: distanceSymbols)
    /// For each length, the code of its symbol with the extra bits: bits in the high, their number in the low byte.
    private let lengthBits: UnsafeMutablePointer<UInt32>
    private let header: UnsafeMutablePointer<UInt16>

    private struct Symbol {
        var symbol: UInt8
        var extraBits: UInt8
        var extra: UInt8
    }

    private var output = BitOutput()

    init() {
        sequences = .allocate(capacity: Self.sequenceLimit)
        sequences.initialize(repeating: Sequence(literals: 0, length: 3, distance: 0), count: Self.sequenceLimit)
        lengths = .allocate(capacity: 259)
        lengths.initialize(repeating: Symbol(symbol: 0, extraBits: 0, extra: 0), count: 259)
        var length = 3
        for symbol in 0..<Self.lengthSymbols - 1 {
            let extraBits = symbol < 8 ? 0 : symbol / 4 - 1
            for extra in 0..<1 << extraBits where length <= 258 {
                lengths[length] = Symbol(symbol: UInt8(symbol), extraBits: UInt8(extraBits), extra: UInt8(extra))
                length += 1
            }
        }
        // 258 has a symbol of its own.
        lengths[258] = Symbol(symbol: 28, extraBits: 0, extra: 0)
        distanceSymbol = .allocate(capacity: 512)
        distanceSymbol.initialize(repeating: 0, count: 512)
        distanceBase = .allocate(capacity: Self.distanceSymbols)
        distanceBase.initialize(repeating: 0, count: Self.distanceSymbols)
        var distance = 0
        for symbol in 0..<Self.distanceSymbols {
            distanceBase[symbol] = UInt16(distance)
            let next = distance + 1 << Self.extraBits(symbol)
            for distance in distance..<next {
                distanceSymbol[distance < 256 ? distance : 256 + distance >> 7] = UInt8(symbol)
            }
            distance = next
        }
        counts = .allocate(capacity: 4 * 256)
        counts.initialize(repeating: 0, count: 4 * 256)
        lengthBits = .allocate(capacity: 259)
        lengthBits.initialize(repeating: 0, count: 259)
        header = .allocate(capacity: Self.symbolLimit + Self.distanceSymbols)
        header.initialize(repeating: 0, count: Self.symbolLimit + Self.distanceSymbols)
        fixedLiteralCode.set { symbol in
            switch symbol {
            case ..<144: 8
            case ..<256: 9
            case ..<280: 7
            default: 8
            }
        }
        fixedDistanceCode.set { _ in 5 }
    }

    deinit {
        sequences.deallocate()
        lengths.deallocate()
        distanceSymbol.deallocate()
        distanceBase.deallocate()
        counts.deallocate()
        lengthBits.deallocate()
        header.deallocate()
    }

    private static func extraBits(_ symbol: Int) -> Int { max(0, symbol / 2 - 1) }

    @inline(__always)
    private static func index(ofDistance distance: Int) -> Int { distance < 256 ? distance : 256 &+ distance &>> 7 }

    /// Begins a stream, or its continuation.
    func begin(_ room: UnsafeMutableBufferPointer<UInt8>) { output = BitOutput(room) }

    /// Whole bytes written; all of them after ``align()`` or the last block.
    var count: Int { output.count }

    /// Writes an empty block without compression, after which the stream goes on at a whole byte (RFC 1951, 3.2.4).
    ///
    /// - Returns: false if there is no room.
    func align() -> Bool {
        guard output.hasRoom(bits: 64) else { return false }
        output.put(0, 3)
        output.finishByte()
        output.put(0xffff_0000, 32)
        output.flush()
        return true
    }

    /// Writes a block.
    ///
    /// - Parameters:
    ///   - text: what the sequences and the `tail` literals after them stand for.
    ///   - count: how many of ``sequences``.
    ///   - isLast: whether it ends the stream, which then ends at a whole byte.
    /// - Returns: false if there is no room.
    func write(_ text: UnsafePointer<UInt8>, sequences count: Int, tail: Int, isLast: Bool) -> Bool {
        tally(text, count, tail)
        literalCode.make(limit: Self.longestCode)
        distanceCode.make(limit: Self.longestCode)
        let literals = max(257, literalCode.used)
        let distances = max(1, distanceCode.used)
        let headerCount = makeHeader(literals, distances)
        headerCode.make(limit: 7)
        var headerLengths = 19
        while headerLengths > 4, headerCode.length(Self.headerOrder(headerLengths - 1)) == 0 { headerLengths -= 1 }
        // What both ways have in common, the extra bits, is left out of the comparison, but needs room.
        let own =
            14 + 3 * headerLengths + headerCode.cost + 2 * headerCode.frequency(16) + 3 * headerCode.frequency(17)
            + 7 * headerCode.frequency(18) + literalCode.cost + distanceCode.cost
        let fixed = literalCode.cost(in: fixedLiteralCode) + distanceCode.cost(in: fixedDistanceCode)
        guard output.hasRoom(bits: 3 + min(own, fixed) + count * 18) else { return false }
        let isFixed = fixed <= own
        output.put(UInt64((isLast ? 1 : 0) | (isFixed ? 2 : 4)), 3)
        if isFixed {
            output.flush()
        } else {
            output.put(UInt64(literals - 257), 5)
            output.put(UInt64(distances - 1), 5)
            output.put(UInt64(headerLengths - 4), 4)
            output.flush()
            writeHeader(headerCount, headerLengths)
        }
        writeBody(
            text, count, tail, isFixed ? fixedLiteralCode : literalCode, isFixed ? fixedDistanceCode : distanceCode)
        if isLast { output.finishByte() }
        return true
    }

    /// Counts literals, lengths and distances.
    private func tally(_ text: UnsafePointer<UInt8>, _ count: Int, _ tail: Int) {
        literalCode.clear()
        distanceCode.clear()
        counts.update(repeating: 0, count: 4 * 256)
        // Four tables, so that the same byte again need not wait for its count.
        let (a, b, c, d) = (counts, counts + 256, counts + 512, counts + 768)
        let literals = literalCode.frequencies
        let distances = distanceCode.frequencies
        var next = text
        for index in 0...count {
            let run = index < count ? Int(sequences[index].literals) : tail
            let end = next + run
            while next + 4 <= end {
                a[Int(next[0])] &+= 1
                b[Int(next[1])] &+= 1
                c[Int(next[2])] &+= 1
                d[Int(next[3])] &+= 1
                next += 4
            }
            while next < end {
                a[Int(next[0])] &+= 1
                next += 1
            }
            if index < count {
                let length = Int(sequences[index].length)
                literals[257 &+ Int(lengths[length].symbol)] &+= 1
                distances[Int(distanceSymbol[Self.index(ofDistance: Int(sequences[index].distance))])] &+= 1
                next += length
            }
        }
        for byte in 0..<256 { literals[byte] = a[byte] &+ b[byte] &+ c[byte] &+ d[byte] }
        literals[Self.endOfBlock] = 1
    }

    /// Symbols and repeat counts of the code lengths (RFC 1951, 3.2.7), the latter shifted by five bits.
    private func makeHeader(_ literals: Int, _ distances: Int) -> Int {
        headerCode.clear()
        var count = 0
        func add(_ symbol: Int, _ extra: Int = 0) {
            header[count] = UInt16(symbol | extra << 5)
            headerCode.frequencies[symbol] += 1
            count += 1
        }
        func length(_ index: Int) -> Int {
            index < literals ? literalCode.length(index) : distanceCode.length(index - literals)
        }
        var index = 0
        while index < literals + distances {
            let value = length(index)
            var run = 1
            while index + run < literals + distances, length(index + run) == value { run += 1 }
            index += run
            if value != 0 {
                add(value)
                run -= 1
            }
            while value == 0, run >= 11 {
                let part = min(run, 138)
                add(18, part - 11)
                run -= part
            }
            while run >= 3 {
                let part = min(run, value == 0 ? 10 : 6)
                add(value == 0 ? 17 : 16, part - 3)
                run -= part
            }
            for _ in 0..<run { add(value) }
        }
        return count
    }

    private static func headerOrder(_ index: Int) -> Int {
        let order: StaticString =
            "\u{10}\u{11}\u{12}\u{00}\u{08}\u{07}\u{09}\u{06}\u{0a}\u{05}\u{0b}\u{04}\u{0c}\u{03}\u{0d}\u{02}\u{0e}\u{01}\u{0f}"
        return Int(order.utf8Start[index])
    }

    private func writeHeader(_ count: Int, _ lengths: Int) {
        for index in 0..<lengths {
            output.put(UInt64(headerCode.length(Self.headerOrder(index))), 3)
            output.flush()
        }
        for index in 0..<count {
            let symbol = Int(header[index] & 31)
            output.put(headerCode.bits[symbol])
            if symbol >= 16 { output.put(UInt64(header[index] >> 5), symbol == 16 ? 2 : symbol == 17 ? 3 : 7) }
            output.flush()
        }
    }

    private func writeBody(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ tail: Int, _ literalCode: HuffmanCode,
        _ distanceCode: HuffmanCode
    ) {
        let literals = literalCode.bits
        let distances = distanceCode.bits
        if count > 0 {
            for length in 3...258 {
                let symbol = lengths[length]
                let code = literals[257 + Int(symbol.symbol)]
                let size = code & 0xff
                lengthBits[length] =
                    (code >> 8 | UInt32(symbol.extra) << size) << 8 | (size + UInt32(symbol.extraBits))
            }
        }
        let lengthBits = lengthBits
        let distanceSymbol = distanceSymbol
        let distanceBase = distanceBase
        let sequences = sequences
        var output = output
        var next = text
        for index in 0...count {
            let run = index < count ? Int(sequences[index].literals) : tail
            let end = next + run
            while next + 4 <= end {
                output.put(literals[Int(next[0])])
                output.put(literals[Int(next[1])])
                output.put(literals[Int(next[2])])
                output.put(literals[Int(next[3])])
                output.flush()
                next += 4
            }
            while next < end {
                output.put(literals[Int(next[0])])
                next += 1
            }
            output.flush()
            if index < count {
                let length = Int(sequences[index].length)
                let distance = Int(sequences[index].distance)
                let symbol = Int(distanceSymbol[Self.index(ofDistance: distance)])
                output.put(lengthBits[length])
                output.put(distances[symbol])
                output.put(
                    UInt64(truncatingIfNeeded: distance &- Int(distanceBase[symbol])), max(0, symbol &>> 1 &- 1))
                output.flush()
                next += length
            }
        }
        output.put(literals[Self.endOfBlock])
        output.flush()
        self.output = output
    }
}

/// Bits on their way to bytes, the first bit the lowest (RFC 1951, 3.1.1).
private struct BitOutput {
    private let start: UnsafeMutablePointer<UInt8>?
    private let end: UnsafeMutablePointer<UInt8>?
    private var next: UnsafeMutableRawPointer?
    private var bits: UInt64 = 0
    private var bitCount = 0

    init() {
        start = nil
        end = nil
        next = nil
    }

    init(_ room: UnsafeMutableBufferPointer<UInt8>) {
        start = room.baseAddress
        end = room.baseAddress.map { $0 + room.count }
        next = room.baseAddress.map { UnsafeMutableRawPointer($0) }
    }

    /// Whole bytes written.
    var count: Int {
        guard let start, let next else { return 0 }
        return next - UnsafeMutableRawPointer(start)
    }

    /// Whether so many bits can be put; a flush stores a whole word.
    func hasRoom(bits: Int) -> Bool {
        guard let end, let next else { return false }
        return UnsafeMutableRawPointer(end) - next >= bits / 8 + 24
    }

    /// Adds bits for which there is room in the word: no more than 56 between two flushes.
    @inline(__always)
    mutating func put(_ value: UInt64, _ count: Int) {
        bits |= value &<< UInt64(truncatingIfNeeded: bitCount)
        bitCount &+= count
    }

    /// Adds a code of a ``HuffmanCode``.
    @inline(__always)
    mutating func put(_ code: UInt32) { put(UInt64(code &>> 8), Int(code & 0xff)) }

    /// Stores the whole bytes.
    @inline(__always)
    mutating func flush() {
        next.unsafelyUnwrapped.storeBytes(of: bits.littleEndian, as: UInt64.self)
        next = next.unsafelyUnwrapped + bitCount &>> 3
        bits = bits &>> UInt64(truncatingIfNeeded: bitCount & ~7)
        bitCount &= 7
    }

    /// Fills the last byte with zeros.
    mutating func finishByte() {
        flush()
        if bitCount > 0 {
            bitCount = 8
            flush()
        }
    }
}

/// A Huffman code of limited length, made from how often each symbol comes.
private final class HuffmanCode {
    private let capacity: Int
    /// To be counted up between ``clear()`` and ``make(limit:)``.
    let frequencies: UnsafeMutablePointer<UInt32>
    /// The code of each symbol, first bit lowest, above the low byte, which has its length.
    let bits: UnsafeMutablePointer<UInt32>
    private let sorted: UnsafeMutablePointer<UInt64>
    private let work: UnsafeMutablePointer<UInt32>

    init(capacity: Int) {
        self.capacity = capacity
        frequencies = .allocate(capacity: capacity)
        frequencies.initialize(repeating: 0, count: capacity)
        bits = .allocate(capacity: capacity)
        bits.initialize(repeating: 0, count: capacity)
        sorted = .allocate(capacity: capacity)
        sorted.initialize(repeating: 0, count: capacity)
        work = .allocate(capacity: capacity)
        work.initialize(repeating: 0, count: capacity)
    }

    deinit {
        frequencies.deallocate()
        bits.deallocate()
        sorted.deallocate()
        work.deallocate()
    }

    func clear() { frequencies.update(repeating: 0, count: capacity) }

    func length(_ symbol: Int) -> Int { Int(bits[symbol] & 0xff) }

    func frequency(_ symbol: Int) -> Int { Int(frequencies[symbol]) }

    /// One more than the last symbol that has a code.
    var used: Int {
        var count = capacity
        while count > 0, bits[count - 1] == 0 { count -= 1 }
        return count
    }

    /// The bits that all counted symbols come to.
    var cost: Int { cost(in: self) }

    /// The bits that all counted symbols come to in another code.
    func cost(in code: HuffmanCode) -> Int {
        (0..<capacity).reduce(0) { $0 + Int(frequencies[$1]) * code.length($1) }
    }

    /// Makes the code. One symbol alone, or none, has another beside it, so that every code is complete.
    func make(limit: Int) {
        var count = 0
        for symbol in 0..<capacity {
            bits[symbol] = 0
            if frequencies[symbol] > 0 {
                sorted[count] = UInt64(frequencies[symbol]) << 16 | UInt64(symbol)
                count += 1
            }
        }
        guard count > 1 else {
            let only = count == 1 ? Int(sorted[0] & 0xffff) : 0
            bits[only] = 1
            bits[only == 0 ? 1 : 0] = 1
            assign()
            return
        }
        var symbols = UnsafeMutableBufferPointer(start: sorted, count: count)
        symbols.sort()
        for index in 0..<count { work[index] = UInt32(sorted[index] >> 16) }
        Self.findLengths(work, count)
        // How many symbols have each length; what is too long is shortened, and paid for by lengthening others until
        // the code is no longer overfull.
        withUnsafeTemporaryAllocation(of: Int.self, capacity: limit + 2) { sizes in
            sizes.initialize(repeating: 0)
            for index in 0..<count { sizes[min(limit, Int(work[index]))] += 1 }
            var total = (1...limit).reduce(0) { $0 + sizes[$1] << (limit - $1) }
            while total > 1 << limit {
                sizes[limit] -= 1
                var shorter = limit - 1
                while sizes[shorter] == 0 { shorter -= 1 }
                sizes[shorter] -= 1
                sizes[shorter + 1] += 2
                total -= 1
            }
            var index = 0
            for size in stride(from: limit, through: 1, by: -1) {
                for _ in 0..<sizes[size] {
                    bits[Int(sorted[index] & 0xffff)] = UInt32(size)
                    index += 1
                }
            }
        }
        assign()
    }

    /// Makes a code with given lengths.
    func set(_ length: (Int) -> Int) {
        for symbol in 0..<capacity { bits[symbol] = UInt32(length(symbol)) }
        assign()
    }

    /// Turns ascending frequencies into code lengths, in place (Moffat and Katajainen, In-Place Calculation of
    /// Minimum-Redundancy Codes, WADS 1995).
    private static func findLengths(_ values: UnsafeMutablePointer<UInt32>, _ count: Int) {
        // First the weights of the inner nodes, and each inner node's parent.
        values[0] += values[1]
        var root = 0
        var leaf = 2
        for next in 1..<max(1, count - 1) {
            func take() -> UInt32 {
                if leaf >= count || root < next && values[root] < values[leaf] {
                    defer { root += 1 }
                    let weight = values[root]
                    values[root] = UInt32(next)
                    return weight
                }
                defer { leaf += 1 }
                return values[leaf]
            }
            let weight = take()
            values[next] = weight + take()
        }
        // Then the depth of each inner node, and from how many there are at each depth, that of the leaves.
        values[count - 2] = 0
        for next in stride(from: count - 3, through: 0, by: -1) { values[next] = values[Int(values[next])] + 1 }
        var available = 1
        var depth: UInt32 = 0
        root = count - 2
        var next = count - 1
        while available > 0 {
            var inner = 0
            while root >= 0, values[root] == depth {
                inner += 1
                root -= 1
            }
            while available > inner {
                values[next] = depth
                next -= 1
                available -= 1
            }
            available = 2 * inner
            depth += 1
        }
    }

    /// Gives every symbol of a length the next code of that length (RFC 1951, 3.2.2).
    private func assign() {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 17) { next in
            next.initialize(repeating: 0)
            for symbol in 0..<capacity where bits[symbol] != 0 { next[Int(bits[symbol]) + 1] += 1 }
            for length in 1..<17 { next[length] = (next[length] + next[length - 1]) << (length > 1 ? 1 : 0) }
            for symbol in 0..<capacity where bits[symbol] != 0 {
                let length = bits[symbol]
                var code = next[Int(length)]
                next[Int(length)] += 1
                var reversed: UInt32 = 0
                for _ in 0..<length {
                    reversed = reversed << 1 | code & 1
                    code >>= 1
                }
                bits[symbol] = reversed << 8 | length
            }
        }
    }
}
