/// Identifiers of Finnish organisations, which are no person's numbers.
enum BusinessIdentity {
    /// The end of the business identity code or OVT identifier that begins at `start`, a run of `digits` digits, or nil.
    ///
    /// A business identity code is known by its form, seven digits, a hyphen and one, so that a misspelt one is not
    /// taken for a telephone number. An OVT identifier (ISO/IEC 6523, code 0037) is that code without its hyphen after
    /// `0037`, with a right check, and at most five letters or digits of the organisation's own.
    static func match(_ text: TextBytes, _ start: Int, digits: Int) -> Int? {
        if digits == 7 {
            let hyphen = text.hyphen(at: start + 7)
            let end = start + 7 + hyphen + 1
            return hyphen > 0 && ASCII.isDigit(text[end - 1]) && text.letterOrDigit(at: end) == 0 ? end : nil
        }
        guard (12...17).contains(digits), text.number(at: start, digits: 4) == 37, isRight(text, start + 4) else {
            return nil
        }
        var end = start + digits
        while end - start <= 17, ASCII.isAlphanumeric(text[end]) { end += 1 }
        return end - start <= 17 && text.letterOrDigit(at: end) == 0 ? end : nil
    }

    private static func isRight(_ text: TextBytes, _ start: Int) -> Bool {
        var sum = 0
        for (place, weight) in [7, 9, 10, 5, 8, 4, 2, 1].enumerated() {
            sum += Int(text[start + place] - ASCII.zero) * weight
        }
        return sum % 11 == 0
    }
}
