/// Payment card numbers, ISO/IEC 7812: an issuer's prefix, 13 to 19 digits, check by Luhn.
enum Card {
    /// The end of the number that begins at `start`, a run of `digits` digits, or nil.
    ///
    /// Digits stand together, or in groups as on cards: four digits, then groups of three to seven and perhaps a shorter
    /// last one, all parted by a single space or all by a hyphen. Of several lengths that are right, the longest is
    /// taken.
    static func match(_ text: TextBytes, _ start: Int, digits first: Int) -> Int? {
        guard first == 4 || first >= 13 && first <= 19, text[start] >= UInt8(ascii: "2") else { return nil }
        var numbers = InlineArray<19, UInt8>(repeating: 0)
        for place in 0..<first { numbers[place] = text[start + place] - ASCII.zero }
        var count = first
        var end = start + first
        var best = isRight(numbers, count) && ends(text, end) ? end : nil
        var isHyphenated: Bool?
        while first == 4 {
            let hyphen = text.hyphen(at: end)
            let separator = max(hyphen, text.space(at: end))
            if separator == 0 || isHyphenated.map({ $0 != (hyphen > 0) }) ?? false { break }
            isHyphenated = hyphen > 0
            let group = text.digits(at: end + separator, limit: 8)
            if group == 0 || group > 7 || count + group > 19 { break }
            end += separator
            for place in 0..<group { numbers[count + place] = text[end + place] - ASCII.zero }
            count += group
            end += group
            if isRight(numbers, count), ends(text, end) { best = end }
            if group < 3 { break }
        }
        return best
    }

    private static func ends(_ text: TextBytes, _ end: Int) -> Bool {
        if text.letterOrDigit(at: end) > 0 { return false }
        // A decimal, or the month of an expiry date.
        let goesOn = text[end] == ASCII.dot || text[end] == ASCII.comma || text[end] == ASCII.slash
        return !(goesOn && ASCII.isDigit(text[end + 1]))
    }

    private static func isRight(_ numbers: InlineArray<19, UInt8>, _ count: Int) -> Bool {
        guard count >= 13, isIssued(numbers, count) else { return false }
        var sum = 0
        for place in 0..<count {
            let digit = Int(numbers[place])
            sum += (count - place) % 2 == 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
        }
        return sum % 10 == 0
    }

    /// True if a known brand issues numbers with this prefix and length.
    private static func isIssued(_ numbers: InlineArray<19, UInt8>, _ count: Int) -> Bool {
        var prefix = 0
        for place in 0..<4 { prefix = prefix * 10 + Int(numbers[place]) }
        switch prefix {
        case 2221...2720, 5100...5599: return count == 16  // Mastercard
        case 3000...3059, 3095...3099, 3600...3699, 3800...3999: return count >= 14  // Diners Club
        case 3400...3499, 3700...3799: return count == 15  // American Express
        case 3528...3589: return count >= 16  // JCB
        case 4000...4999: return count == 13 || count == 16 || count == 19  // Visa
        case 5000...5099, 5600...5899, 6000...6999: return true  // Maestro, Discover, UnionPay, RuPay
        default: return false
        }
    }
}
