/// Finds identifiers of people in free text: identity codes, IBANs, cards, e-mail addresses, telephone numbers, names.
///
/// A value made once and shared by tasks. It reads a text in one pass, in time linear in its length whatever is in it,
/// and allocates for hits only. Text may be malformed UTF-8 and hold NULs.
///
/// Digits of references are not counted. Invoice references (ISO 11649 `RF…`), OVT identifiers (`0037` and a business
/// identity code) and Finnish business identity codes (`1234567-8`) are known by their form; domestic references and
/// numbers of invoices, orders, customers and contracts by the word before them, such as viite, lasku nro, referens,
/// fakturanr, order number (see the tables of `ReferenceLabel`). After such a word there is no card, no identity code
/// of digits only and no telephone number without `+`; a Finnish identity code, an IBAN and a `+` number look like no
/// reference and are counted everywhere.
///
/// Where hits overlap, the more specific wins (``DetectedKind``). An e-mail address that holds a hit of a more specific
/// kind, such as `131052-308T@example.fi`, is one hit of that kind, the whole address.
public struct TextDetectors: Sendable {
    private let wanted: UInt8
    private let names: [NameIndex?]

    /// - Parameters:
    ///   - kinds: what to report. Other kinds are known but not reported: digits of a card are no telephone number.
    ///   - names: the sets of names to look for; a hit tells which set and which of its entries. Where two sets have
    ///     the same name, it is the first one's. The longest name wins.
    public init(kinds: Set<DetectedKind> = Set(DetectedKind.allCases), names: [NameSet] = []) {
        var wanted: UInt8 = 0
        for kind in DetectedKind.allCases where kinds.contains(kind) { wanted |= 1 << kind.rawValue }
        self.wanted = wanted
        self.names = kinds.contains(.name) ? names.map { $0.isEmpty ? nil : $0.index } : []
    }

    /// Appends what is found in `text`: hits that do not overlap, in ascending order.
    public func scan(_ text: Span<UInt8>, into hits: inout [Detection]) {
        text.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var scan = Scan(
                text: TextBytes(base: base, count: bytes.count), wanted: wanted, names: names, firstHit: hits.count)
            scan.run(&hits)
        }
    }
}

/// One pass over a text.
private struct Scan {
    let text: TextBytes
    let wanted: UInt8
    let names: [NameIndex?]
    /// Hits before it are the caller's.
    let firstHit: Int
    /// Before it everything is decided.
    var floor = 0

    private static let low: UInt64 = ~Words.highs

    /// Looks for the bytes at which something may begin, eight at a time: the first of a run of digits, of letters, of
    /// bytes beyond ASCII, and `@`.
    mutating func run(_ hits: inout [Detection]) {
        let numbers: UInt64 = wanted & 0b01_0111 != 0 ? ~0 : 0
        let addresses: UInt64 = wanted & (1 << DetectedKind.email.rawValue) != 0 ? ~0 : 0
        let words: UInt64 = names.contains { $0 != nil } ? ~0 : 0
        var digitBefore: UInt64 = 0
        var letterBefore: UInt64 = 0
        var foreignBefore: UInt64 = 0
        var offset = 0
        while offset < text.count {
            let word = offset &+ 8 <= text.count ? Words.load(text.base, offset) : tail(offset)
            let plain = word & Self.low
            let foreign = word & Words.highs
            // Within seven bits, a sum sets the top bit from a bound on, and carries nothing into the next byte.
            let digit =
                (plain &+ 0x5050_5050_5050_5050) & ~(plain &+ 0x4646_4646_4646_4646) & ~word & Words.highs
            let small = plain | 0x2020_2020_2020_2020
            let letter =
                (small &+ 0x1f1f_1f1f_1f1f_1f1f) & ~(small &+ 0x0505_0505_0505_0505) & ~word & Words.highs
            let at = ~((plain ^ 0x4040_4040_4040_4040) &+ Self.low) & ~word & Words.highs
            let digits = digit & ~(digit &<< 8 | digitBefore)
            var marks = digits & (numbers | words) | at & addresses
            let digitsAndAddresses = marks
            marks |= (letter & ~(letter &<< 8 | letterBefore) | foreign & ~(foreign &<< 8 | foreignBefore)) & words
            digitBefore = digit &>> 56
            letterBefore = letter &>> 56
            foreignBefore = foreign &>> 56
            while marks != 0 {
                let place = offset &+ Words.first(marks)
                if digitsAndAddresses & marks & (0 &- marks) == 0 {
                    name(place, &hits)
                } else if text[place] == ASCII.at {
                    if place >= floor, let range = EmailAddress.match(text, place) { add(.email, range, &hits) }
                } else {
                    if numbers != 0 { number(place, &hits) }
                    if words != 0 { name(place, &hits) }
                }
                marks &= marks &- 1
            }
            offset &+= 8
        }
    }

    /// The last bytes, fewer than eight, and zeros.
    private func tail(_ offset: Int) -> UInt64 {
        var word: UInt64 = 0
        for place in offset..<text.count { word |= UInt64(text[place]) << UInt64((place - offset) * 8) }
        return word
    }

    @inline(__always)
    private mutating func name(_ place: Int, _ hits: inout [Detection]) {
        let bytes: UInt32
        if place &+ 4 <= text.count {
            bytes = UInt32(littleEndian: text.base.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        } else {
            bytes = UInt32(text[place]) | UInt32(text[place + 1]) << 8 | UInt32(text[place + 2]) << 16
        }
        let key = NameIndex.filterKey(bytes)
        for set in names.indices {
            guard let index = names[set] else { continue }
            let bit = NameIndex.filterBit(key, index.filterShift)
            if index.filter[bit &>> 6] &>> UInt64(bit & 63) & 1 != 0 { return word(place, &hits) }
        }
    }

    /// Compares the word at `place` with the names.
    @inline(never)
    private mutating func word(_ place: Int, _ hits: inout [Detection]) {
        if text[place] >= 0x80 { return wordsWithin(place, &hits) }
        find(place, &hits)
    }

    /// Compares the words that begin in the run of bytes beyond ASCII at `place`, such as after a quotation mark.
    private mutating func wordsWithin(_ place: Int, _ hits: inout [Detection]) {
        var index = place
        var isWithinWord = text.letterOrDigit(before: place) > 0
        while text[index] >= 0x80 {
            let length = text.foreignLetter(at: index)
            if length > 0, !isWithinWord { find(index, &hits) }
            isWithinWord = length > 0
            index += max(1, length)
        }
    }

    private mutating func find(_ place: Int, _ hits: inout [Detection]) {
        if place < floor { return }
        var best: Detection?
        for (set, index) in names.enumerated() {
            guard let (end, entry) = index?.match(text, place), end > best?.range.upperBound ?? place else { continue }
            best = Detection(kind: .name, range: place..<end, set: set, entry: entry)
        }
        guard let best else { return }
        floor = best.range.upperBound
        hits.append(best)
    }

    /// Judges the run of digits that begins at `start`.
    @inline(never)
    private mutating func number(_ start: Int, _ hits: inout [Detection]) {
        // Only a name may have taken digits that a number needs.
        if start < floor, hits.count == firstHit || hits[hits.count - 1].kind != .name { return }
        let count = text.digits(at: start, limit: 20)
        let before = text[start - 1]
        if ASCII.isLetter(before) {
            if count >= 2, ASCII.isLetter(text[start - 2]), text.letterOrDigit(before: start - 2) == 0 {
                if let end = IBAN.matchReference(text, start - 2) {
                    floor = max(floor, end)
                } else if let end = IBAN.match(text, start - 2) {
                    add(.iban, start - 2..<end, &hits)
                }
            }
            return
        }
        if before >= 0x80, text.letterOrDigit(before: start) > 0 { return }
        if count == 20 { return }
        if let code = IdentityCode.match(text, start, digits: count),
            code.isUnmistakable || !ReferenceLabel.stands(before: start, in: text)
        {
            return add(.identityCode, start..<code.end, &hits)
        }
        if let end = BusinessIdentity.match(text, start, digits: count) {
            floor = max(floor, end)
            return
        }
        if continuesNumber(start) { return }
        if let end = Card.match(text, start, digits: count), !ReferenceLabel.stands(before: start, in: text) {
            return add(.card, start..<end, &hits)
        }
        if let number = Telephone.match(text, start),
            number.hasPlus || !ReferenceLabel.stands(before: start, in: text)
        {
            add(.telephone, number.range, &hits)
        }
    }

    /// True if the digits at `start` are the second half of something: `12.0401`, `A-0401`, `1,0401`, `216:0037`.
    private func continuesNumber(_ start: Int) -> Bool {
        switch text[start - 1] {
        case ASCII.minus, ASCII.underscore: text.letterOrDigit(before: start - 1) > 0
        case ASCII.dot, ASCII.comma, ASCII.colon, ASCII.slash: ASCII.isDigit(text[start - 2])
        default: false
        }
    }

    private mutating func add(_ kind: DetectedKind, _ range: Range<Int>, _ hits: inout [Detection]) {
        var kind = kind
        var range = range
        if wanted & (1 << kind.rawValue) == 0 {
            floor = max(floor, range.upperBound)
            return
        }
        while hits.count > firstHit, hits[hits.count - 1].range.upperBound > range.lowerBound {
            let last = hits[hits.count - 1]
            if last.kind.rawValue < kind.rawValue {
                if kind != .email { return }
                kind = last.kind
                range = min(range.lowerBound, last.range.lowerBound)..<max(range.upperBound, last.range.upperBound)
            }
            hits.removeLast()
        }
        floor = max(floor, range.upperBound)
        hits.append(Detection(kind: kind, range: range))
    }
}
