import Glibc
import PortabilityText

/// Cuts lines by a ``LinePattern`` into the members of an object, so that all that follows is as for lines of JSON.
///
/// A value that is `-` or empty is absent. Backslashes are taken away by the servers' rules: `\xHH` (both), `\"`, `\\`,
/// `\b`, `\f`, `\n`, `\r`, `\t`, `\v` (Apache) and `\uHHHH` (nginx's `escape=json`); each server doubles or encodes the backslashes
/// of values, so one set of rules reads all. A backslash before anything else stays. What is no UTF-8 then becomes
/// U+FFFD. Both servers escape control characters: a line with one was not written by them.
struct PatternSplitter: ~Copyable, @unchecked Sendable {
    /// Where a field stands in the line.
    private struct Cut {
        var start: Int
        var end: Int
        /// True if it holds escapes, or what JSON would not let stand.
        var needsCare: Bool
    }

    /// A field that identifies, and the values that are the subject's.
    struct Key: Sendable {
        var part: Int
        var values: ValueSet
    }

    private let pattern: LinePattern
    private let parts: UnsafeMutableBufferPointer<LinePattern.Part>
    private let literals: UnsafeMutableBufferPointer<UInt8>
    private let cuts: UnsafeMutableBufferPointer<Cut>
    private let names: [Range<Int>]
    /// nil if each line is wanted.
    private let keys: [Key]?
    /// Length of the names at the head of ``text``.
    private let head: Int
    /// The names of the fields, the line, and the values that do not stand in the line as they are.
    var text: [UInt8]
    /// Bytes of the last line that were no UTF-8.
    private(set) var repaired = 0

    /// - Parameter keys: What a line must hold one of to be wanted.
    init(_ pattern: LinePattern, keys: [Key]?) {
        self.pattern = pattern
        self.keys = keys
        parts = .allocate(capacity: pattern.parts.count)
        _ = parts.initialize(from: pattern.parts)
        literals = .allocate(capacity: pattern.literals.count)
        _ = literals.initialize(from: pattern.literals)
        cuts = .allocate(capacity: pattern.parts.count)
        cuts.initialize(repeating: Cut(start: 0, end: 0, needsCare: false))
        var text: [UInt8] = []
        names = pattern.names.map { name in
            text += name.utf8
            return text.count - name.utf8.count..<text.count
        }
        head = text.count
        self.text = text
    }

    deinit {
        parts.deallocate()
        literals.deallocate()
        cuts.deallocate()
    }

    struct Fault {
        var reason: LineFindings.Reason
        /// Where in the line.
        var offset: Int
    }

    enum Outcome {
        /// The tokens stand for ``text``.
        case split
        /// The line fits, and holds none of the keys.
        case unwanted
        case misfit(Fault)
    }

    mutating func split(_ line: UnsafeBufferPointer<UInt8>, into tokenizer: inout JSONTokenizer) -> Outcome {
        guard let base = line.baseAddress, line.count < Int(UInt32.max) / 8 else {
            return .misfit(Fault(reason: .pattern, offset: 0))
        }
        if let fault = cut(base, line.count) { return .misfit(fault) }
        if let keys, !keys.contains(where: { holds($0, base) }) { return .unwanted }
        repaired = 0
        text.removeSubrange(head...)
        text.append(contentsOf: line)
        tokenizer.beginObject()
        for (index, part) in parts.enumerated() {
            let cut = cuts[index]
            if case .time(let time) = part.shape {
                let before = text.count
                _ = pattern.times[time].read(base, cut.start, cut.end, into: &text)
                if text.count > before {
                    tokenizer.addMember(names[part.name], before..<text.count)
                } else {
                    emit(part.name, .text, base, cut, &tokenizer)
                }
            } else {
                emit(part.name, part.shape, base, cut, &tokenizer)
            }
        }
        tokenizer.endObject(length: text.count)
        return .split
    }

    /// True if ``split(_:into:)`` would not say that the line is unwanted.
    mutating func mayMatter(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = line.baseAddress, let keys, line.count < Int(UInt32.max) / 8 else { return true }
        return cut(base, line.count) != nil || keys.contains { holds($0, base) }
    }

    /// True if a field is one of some values; or if its escapes would have to be looked at to know.
    private func holds(_ key: Key, _ base: UnsafePointer<UInt8>) -> Bool {
        let cut = cuts[key.part]
        if cut.needsCare { return true }
        return key.values.contains(base + cut.start, cut.end &- cut.start)
    }

    /// Finds out where the fields of a line stand, in ``cuts``.
    private mutating func cut(_ base: UnsafePointer<UInt8>, _ end: Int) -> Fault? {
        guard stands(pattern.lead, base, 0, end) else { return Fault(reason: .pattern, offset: 0) }
        var index = pattern.lead.count
        for (ordinal, part) in parts.enumerated() {
            let start = index
            var needsCare = false
            if case .time(let time) = part.shape {
                index = pattern.times[time].read(base, start, end, isWanted: false, into: &text)
                if index < 0 { return Fault(reason: .time, offset: start) }
                guard stands(part.end, base, index, end) else { return Fault(reason: .pattern, offset: index) }
                cuts[ordinal] = Cut(start: start, end: index, needsCare: false)
                index &+= part.end.count
                continue
            }
            while true {
                index = Self.scan(base, index, end, part.stop)
                if index >= end {
                    if part.end.isEmpty { break }
                    return Fault(reason: .cut, offset: end)
                }
                let byte = base[index]
                if byte == part.stop, stands(part.end, base, index, end) { break }
                switch byte {
                case UInt8(ascii: "\\"):
                    needsCare = true
                    index = min(index &+ 2, end)
                case UInt8(ascii: "\"") where part.isQuoted: return Fault(reason: .pattern, offset: index)
                case 0..<0x20: return Fault(reason: .control, offset: index)
                default:
                    if byte >= 0x80 || byte == UInt8(ascii: "\"") { needsCare = true }
                    index &+= 1
                }
            }
            if index == start, part.shape == .word || part.shape == .number, !part.isQuoted {
                return Fault(reason: .pattern, offset: start)
            }
            if part.barred != 0, memchr(base + start, Int32(part.barred), index &- start) != nil {
                return Fault(reason: .ambiguous, offset: start)
            }
            cuts[ordinal] = Cut(start: start, end: index, needsCare: needsCare)
            index &+= part.end.count
        }
        return index < end ? Fault(reason: .pattern, offset: index) : nil
    }

    /// True if a fixed text stands at a place.
    @inline(__always)
    private func stands(_ literal: Range<Int>, _ base: UnsafePointer<UInt8>, _ index: Int, _ end: Int) -> Bool {
        if index &+ literal.count > end { return false }
        for offset in 0..<literal.count where literals[literal.lowerBound &+ offset] != base[index &+ offset] {
            return false
        }
        return true
    }

    /// The first byte from `index` on at which a value may end, or that JSON would not let stand; `end` if there is none.
    @inline(__always)
    private static func scan(_ base: UnsafePointer<UInt8>, _ index: Int, _ end: Int, _ stop: UInt8) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let stops = UInt64(stop) &* ones
        var index = index
        while index &+ 8 <= end {
            let word = UInt64(
                littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt64.self))
            // The lowest mark is exact; a borrow may make false ones above it.
            let stopped = word ^ stops
            let quote = word ^ 0x2222_2222_2222_2222
            let backslash = word ^ 0x5c5c_5c5c_5c5c_5c5c
            let marks =
                (((stopped &- ones) & ~stopped) | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
                    | ((word &- 0x2020_2020_2020_2020) & ~word) | word) & 0x8080_8080_8080_8080
            if marks != 0 { return index &+ marks.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < end {
            let byte = base[index]
            if byte == stop || byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5c { return index }
            index &+= 1
        }
        return end
    }

    /// Adds a value of the line, if there is one.
    private mutating func emit(
        _ name: Int, _ shape: LinePattern.Shape, _ base: UnsafePointer<UInt8>, _ cut: Cut,
        _ tokenizer: inout JSONTokenizer
    ) {
        let (start, end, needsCare) = (cut.start, cut.end, cut.needsCare)
        if start == end || (end &- start == 1 && base[start] == UInt8(ascii: "-")) { return }
        if shape == .request, let (first, second) = Self.spaces(base, start, end) {
            put(name + 1, base, start, first, needsCare: needsCare, &tokenizer)
            put(name + 2, base, first &+ 1, second, needsCare: needsCare, &tokenizer)
            put(name + 3, base, second &+ 1, end, needsCare: needsCare, &tokenizer)
            return
        }
        if shape == .number, let hasFraction = Self.number(base, start, end) {
            tokenizer.addMember(names[name], head &+ start..<head &+ end, .number, hasFraction: hasFraction)
            return
        }
        put(name, base, start, end, needsCare: needsCare, &tokenizer)
    }

    /// Adds a string.
    @inline(__always)
    private mutating func put(
        _ name: Int, _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, needsCare: Bool,
        _ tokenizer: inout JSONTokenizer
    ) {
        if !needsCare {
            tokenizer.addMember(names[name], head &+ start..<head &+ end)
            return
        }
        let (range, isEscaped) = decode(
            UnsafeBufferPointer(rebasing: UnsafeBufferPointer(start: base, count: end)[start...]))
        tokenizer.addMember(names[name], range, isEscaped: isEscaped)
    }

    /// The places of the spaces of a request line that has exactly two, with something before, between and after them.
    private static func spaces(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> (first: Int, second: Int)? {
        var first = start
        while first < end, base[first] != 0x20 { first &+= 1 }
        var second = first &+ 1
        while second < end, base[second] != 0x20 { second &+= 1 }
        if first == start || second >= end &- 1 || second == first &+ 1 { return nil }
        for index in second &+ 1..<end where base[index] == 0x20 { return nil }
        return (first, second)
    }

    /// Whether a value that is a number in JSON's spelling has a fraction; nil if it is none.
    private static func number(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool? {
        var index = start
        while index < end, base[index] &- 0x30 < 10 { index &+= 1 }
        if index == start || (base[start] == 0x30 && index > start &+ 1) { return nil }
        if index == end { return false }
        if base[index] != UInt8(ascii: ".") || index &+ 1 == end { return nil }
        for place in index &+ 1..<end where base[place] &- 0x30 > 9 { return nil }
        return true
    }

    /// Puts the value of an escaped text behind the line, spelled as JSON spells it.
    private mutating func decode(_ value: UnsafeBufferPointer<UInt8>) -> (range: Range<Int>, isEscaped: Bool) {
        var raw: [UInt8] = []
        raw.reserveCapacity(value.count)
        var index = 0
        while index < value.count {
            let byte = value[index]
            index += 1
            if byte != UInt8(ascii: "\\") || index == value.count {
                raw.append(byte)
                continue
            }
            switch value[index] {
            case UInt8(ascii: "x"):
                guard let number = Self.hexadecimal(value, index + 1, 2) else {
                    raw.append(byte)
                    continue
                }
                raw.append(UInt8(truncatingIfNeeded: number))
                index += 2
            case UInt8(ascii: "u"):
                guard let number = Self.hexadecimal(value, index + 1, 4), let scalar = Unicode.Scalar(number) else {
                    raw.append(byte)
                    continue
                }
                raw.append(contentsOf: UTF8.encode(scalar) ?? .init())
                index += 4
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): raw.append(value[index])
            case UInt8(ascii: "b"): raw.append(0x08)
            case UInt8(ascii: "f"): raw.append(0x0c)
            case UInt8(ascii: "n"): raw.append(0x0a)
            case UInt8(ascii: "r"): raw.append(0x0d)
            case UInt8(ascii: "t"): raw.append(0x09)
            case UInt8(ascii: "v"): raw.append(0x0b)
            default:
                raw.append(byte)
                continue
            }
            index += 1
        }
        var plain: [UInt8] = []
        repaired += appendRepaired(raw.span, into: &plain)
        let isClean = isJSONClean(plain.span)
        var spelled: [UInt8] = []
        if !isClean { appendJSONEscaped(plain.span, into: &spelled) }
        let start = text.count
        text += isClean ? plain : spelled
        return (start..<start + (isClean ? plain.count : spelled.count), !isClean)
    }

    private static func hexadecimal(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> UInt32? {
        if start + count > text.count { return nil }
        var number: UInt32 = 0
        for byte in text[start..<start + count] {
            switch byte {
            case 0x30...0x39: number = number << 4 | UInt32(byte - 0x30)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return number
    }
}

/// Texts, one or a thousand, in which another is looked up where it stands.
struct ValueSet: Sendable {
    private let values: [[UInt8]]
    /// Indices of values by open addressing, -1 for none; at most half of them are taken.
    private var slots: [Int32]

    init(_ values: [[UInt8]]) {
        self.values = values
        var count = 2
        while count < 2 * values.count { count *= 2 }
        slots = [Int32](repeating: -1, count: count)
        for (index, value) in values.enumerated() {
            var place = value.withUnsafeBufferPointer { Self.hash($0) } & (count - 1)
            while slots[place] >= 0 { place = (place + 1) & (count - 1) }
            slots[place] = Int32(index)
        }
    }

    func contains(_ base: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        var place = Self.hash(UnsafeBufferPointer(start: base, count: count)) & (slots.count - 1)
        while slots[place] >= 0 {
            let value = values[Int(slots[place])]
            if value.count == count, value.withUnsafeBufferPointer({ memcmp($0.baseAddress ?? base, base, count) == 0 })
            {
                return true
            }
            place = (place + 1) & (slots.count - 1)
        }
        return false
    }

    /// FNV-1a, with the upper bits brought down.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
