import PortabilityModel
import PortabilityText

/// Finds out whether two texts are equal outside of what was masked in one of them.
enum TextMasks {
    /// A span that was masked.
    struct Span: Equatable {
        /// The kinds of identifier that it may be.
        var kinds: [String]
        /// The archive in which it is masked; both if that cannot be told, as of a name for which a role stands.
        var maskedIn: ArchiveDifference.Side
    }

    /// The longest identifier that a mask may stand for, and the longest label, in bytes.
    private static let longest = 320
    /// The most masks of one text that are matched at once, and the most steps of doing so.
    private static let mostMasks = 1000
    private static let mostSteps = 200_000
    /// The most words that two texts may differ by before they count as different texts.
    private static let mostEdits = 400

    /// The kinds of identifier by which `mask` is the mask of `value`.
    static func kinds(of mask: some Collection<UInt8>, for value: ArraySlice<UInt8>) -> [DetectedKind] {
        let value = Array(value)
        var out: [UInt8] = []
        return DetectedKind.allCases.filter { kind in
            out.removeAll(keepingCapacity: true)
            Masks.append(kind, value.span, into: &out)
            return out.elementsEqual(mask)
        }
    }

    /// Whether a value is a mask of another one.
    static func isMask(_ mask: [UInt8], of value: [UInt8]) -> Bool {
        // What every mask has; it spares the search.
        mask.contains(star) && !kinds(of: mask, for: value[...]).isEmpty
    }

    /// The spans in which two different texts differ; nil if they differ in something that is no mask.
    static func spans(_ a: [UInt8], _ b: [UInt8]) -> [Span]? {
        if let spans = masked(b[...], of: a[...]) { return spans.map { Span(kinds: $0, maskedIn: .b) } }
        if let spans = masked(a[...], of: b[...]) { return spans.map { Span(kinds: $0, maskedIn: .a) } }
        // Each masks something else, or a role stands for a name: piece by piece.
        guard let pieces = differences(a, b) else { return nil }
        var found: [Span] = []
        for (own, other) in pieces {
            if let spans = masked(b[other], of: a[own]) {
                found += spans.map { Span(kinds: $0, maskedIn: .b) }
            } else if let spans = masked(a[own], of: b[other]) {
                found += spans.map { Span(kinds: $0, maskedIn: .a) }
            } else if own.count <= longest, other.count <= longest, let side = labelled(a[own], b[other]) {
                found.append(Span(kinds: [DetectedKind.name.name], maskedIn: side))
            } else {
                return nil
            }
        }
        return found
    }

    // MARK: Labels

    /// Whether a value is formed as what stands for a name: `support agent 1`, or `person-` and eight signs.
    static func isLabel(_ value: [UInt8]) -> Bool {
        if value.count == 15, value.starts(with: "person-".utf8) { return true }
        let digits = value.reversed().prefix { isDigit($0) }.count
        return digits > 0 && value.count > digits + 1 && isSpace(value[value.count - digits - 1])
    }

    /// In which of two pieces of text a role with a number stands for a name; nil if in none.
    private static func labelled(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> ArchiveDifference.Side? {
        switch (holdsLabel(a), holdsLabel(b)) {
        case (true, true): .both
        case (true, false): .a
        case (false, true): .b
        // The role may be the same in both, so that the number alone differs.
        case (false, false): isNumber(a) && isNumber(b) ? .both : nil
        }
    }

    private static func holdsLabel(_ piece: ArraySlice<UInt8>) -> Bool {
        piece.indices.dropFirst(2).contains {
            isDigit(piece[$0]) && isSpace(piece[$0 - 1]) && (isLetter(piece[$0 - 2]) || piece[$0 - 2] >= 0x80)
        }
    }

    /// Digits, and what follows the last of them without a letter.
    private static func isNumber(_ piece: ArraySlice<UInt8>) -> Bool {
        piece.first.map(isDigit) == true && !piece.contains { isLetter($0) || $0 >= 0x80 }
    }

    // MARK: Masks

    private static let star = UInt8(ascii: "*")

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

    /// Matches a masked text with the one that it may be made of: for each mask that hides something, the kinds that it
    /// may be; nil if it was not made of it.
    private static func masked(_ masked: ArraySlice<UInt8>, of text: ArraySlice<UInt8>) -> [[String]]? {
        var masks: [Range<Int>] = []
        var index = masked.startIndex
        while index < masked.endIndex {
            if let end = maskEnd(masked, index) {
                masks.append(index..<end)
                if masks.count > mostMasks { return nil }
                index = end
            } else {
                index += 1
            }
        }
        if masks.isEmpty { return nil }
        var matcher = Matcher(text: text, masked: masked, masks: masks)
        return matcher.match(0, text.startIndex) ? matcher.kinds.reversed() : nil
    }

    private struct Matcher {
        let text: ArraySlice<UInt8>
        let masked: ArraySlice<UInt8>
        let masks: [Range<Int>]
        var kinds: [[String]] = []
        private var steps = 0
        private var failed: Set<[Int]> = []

        init(text: ArraySlice<UInt8>, masked: ArraySlice<UInt8>, masks: [Range<Int>]) {
            self.text = text
            self.masked = masked
            self.masks = masks
        }

        /// Matches from the literal before mask `number` on; gathers the kinds from the end.
        mutating func match(_ number: Int, _ start: Int) -> Bool {
            let from = number == 0 ? masked.startIndex : masks[number - 1].upperBound
            let to = number == masks.count ? masked.endIndex : masks[number].lowerBound
            let index = start + (to - from)
            guard index <= text.endIndex, text[start..<index].elementsEqual(masked[from..<to]) else { return false }
            if number == masks.count { return index == text.endIndex }
            if failed.contains([number, index]) { return false }
            let mask = masked[masks[number]]
            // The text itself may hold what looks like a mask, or both were masked here.
            if text[index...].starts(with: mask), match(number + 1, index + mask.count) { return true }
            let next = masks[number].upperBound < masked.endIndex ? masked[masks[number].upperBound] : nil
            for end in stride(from: index + 1, through: min(index + longest, text.endIndex), by: 1) {
                steps += 1
                if steps > mostSteps { return false }
                let follows = end < text.endIndex ? text[end] : nil
                // Where the next mask follows at once, its first byte says nothing of what it hides.
                let isMaskNext = number + 1 < masks.count && masks[number + 1].lowerBound == masks[number].upperBound
                guard isMaskNext || follows == next else { continue }
                let found = TextMasks.kinds(of: mask, for: text[index..<end])
                if !found.isEmpty, match(number + 1, end) {
                    kinds.append(found.map(\.name))
                    return true
                }
            }
            failed.insert([number, index])
            return false
        }
    }

    /// The end of the mask that begins at `start`, nil if none does. The forms are those of ``Masks``.
    private static func maskEnd(_ text: ArraySlice<UInt8>, _ start: Int) -> Int? {
        func stars(_ index: Int) -> Int {
            var end = index
            while end < text.endIndex, text[end] == star { end += 1 }
            return end - index
        }
        func has(_ literal: StaticString, _ index: Int) -> Bool {
            literal.withUTF8Buffer { index <= text.endIndex && text[index...].starts(with: $0) }
        }
        func digits(_ index: Int, _ most: Int) -> Int {
            var end = index
            while end < text.endIndex, end - index < most, isDigit(text[end]) { end += 1 }
            return end - index
        }
        func isUpper(_ index: Int) -> Bool {
            index < text.endIndex && text[index] >= UInt8(ascii: "A") && text[index] <= UInt8(ascii: "Z")
        }
        let byte = text[start]
        // An e-mail address shows its first letter, which may have several bytes.
        var letter = start
        if byte == star {
            if has("******-****", start) { return start + 11 }
            if has("**** **** **** ", start), digits(start + 15, 4) == 4 { return start + 19 }
            letter = start + 1
        } else if byte >= 0x80 || isLetter(byte)
            || isDigit(byte)
        {
            letter = start + 1
            while letter < text.endIndex, text[letter] & 0xc0 == 0x80 { letter += 1 }
        }
        if letter > start, has("***@***", letter) {
            let end = letter + 7
            guard end < text.endIndex, text[end] == UInt8(ascii: ".") else { return end }
            var top = end + 1
            while top < text.endIndex, top - end <= 24,
                text[top] >= 0x80 || text[top] == UInt8(ascii: "-") || isDigit(text[top])
                    || isLetter(text[top])
            {
                top += 1
            }
            return top == end + 1 ? end : top
        }
        if isUpper(start), isUpper(start + 1) {
            let count = stars(start + 2)
            if count >= 11, start + 4 + count <= text.endIndex { return start + 4 + count }
        }
        var telephone = start
        if has("(+", start) {
            let count = digits(start + 2, 3)
            guard count > 0, has(") *****", start + 2 + count) else { return nil }
            telephone = start + 4 + count
        }
        guard has("*****", telephone) else { return nil }
        let last = telephone + 5
        if digits(last, 2) == 2 { return last + 2 }
        return telephone == start ? last : nil
    }

    // MARK: Words

    /// Where two texts differ, as pairs of ranges of whole words; nil if they differ too much.
    ///
    /// Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), on words, with a bound on D.
    private static func differences(_ a: [UInt8], _ b: [UInt8]) -> [(Range<Int>, Range<Int>)]? {
        let (own, other) = (words(a), words(b))
        let same: (Int, Int) -> Bool = { equal(a, own[$0], b, other[$1]) }
        var furthest: [Int: Int] = [1: 0]
        var trace: [[Int: Int]] = []
        var reached: Int?
        edits: for edits in 0...mostEdits {
            trace.append(furthest)
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let isDown =
                    diagonal == -edits
                    || (diagonal != edits && (furthest[diagonal - 1] ?? -1) < (furthest[diagonal + 1] ?? -1))
                var x = isDown ? (furthest[diagonal + 1] ?? 0) : (furthest[diagonal - 1] ?? 0) + 1
                while x < own.count, x - diagonal < other.count, x - diagonal >= 0, same(x, x - diagonal) { x += 1 }
                furthest[diagonal] = x
                if x >= own.count, x - diagonal >= other.count {
                    reached = edits
                    break edits
                }
            }
        }
        guard let reached else { return nil }
        // Back along the way: the words that are in both.
        var pairs: [(Int, Int)] = []
        var (x, y) = (own.count, other.count)
        for edits in stride(from: reached, through: 0, by: -1) {
            let state = trace[edits]
            let diagonal = x - y
            let isDown =
                diagonal == -edits
                || (diagonal != edits && (state[diagonal - 1] ?? -1) < (state[diagonal + 1] ?? -1))
            let before = isDown ? diagonal + 1 : diagonal - 1
            let startX = edits == 0 ? 0 : state[before] ?? 0
            let startY = startX - (edits == 0 ? 0 : before)
            while x > startX, y > startY, x > 0, y > 0, same(x - 1, y - 1) {
                (x, y) = (x - 1, y - 1)
                pairs.append((x, y))
            }
            (x, y) = (startX, startY)
        }
        pairs.reverse()
        pairs.append((own.count, other.count))
        var pieces: [(Range<Int>, Range<Int>)] = []
        var (i, j) = (0, 0)
        func start(_ words: [Range<Int>], _ index: Int, _ text: [UInt8]) -> Int {
            index < words.count ? words[index].lowerBound : text.count
        }
        for (x, y) in pairs {
            if x > i || y > j {
                pieces.append((start(own, i, a)..<start(own, x, a), start(other, j, b)..<start(other, y, b)))
            }
            (i, j) = (x + 1, y + 1)
        }
        return pieces
    }

    /// Words, each with the spaces behind it.
    private static func words(_ text: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, !isSpace(text[end]) { end += 1 }
            while end < text.count, isSpace(text[end]) { end += 1 }
            words.append(start..<end)
            start = end
        }
        return words
    }
}
