/// E-mail addresses as people write them: the dot-atom form of RFC 5321 with the letters of RFC 6531 and of
/// internationalised domain names. Quoted local parts and address literals, which nobody types, are not looked for,
/// nor are the signs `` = / { | } ` ``, which in texts stand beside addresses more often than in them.
enum EmailAddress {
    private static let longestLocalPart = 64
    private static let longestDomain = 253

    /// The address whose `@` is at `at`, or nil.
    static func match(_ text: TextBytes, _ at: Int) -> Range<Int>? {
        var start = at
        while at - start <= longestLocalPart {
            let length = isSign(text[start - 1]) ? 1 : text.letterOrDigit(before: start)
            if length == 0 || text[start - 1] == ASCII.dot && text[start] == ASCII.dot { break }
            start -= length
        }
        // Signs in front are those of the text about it: *matti@example.fi*
        while start < at, text[start] != ASCII.underscore, text.letterOrDigit(at: start) == 0 { start += 1 }
        guard start < at, at - start <= longestLocalPart, text[at - 1] != ASCII.dot else { return nil }
        return domain(text, at + 1).map { start..<$0 }
    }

    /// The end of the domain that begins at `start`: two labels or more, the last not of digits.
    private static func domain(_ text: TextBytes, _ start: Int) -> Int? {
        var index = start
        var end: Int?
        var labels = 0
        while true {
            let label = index
            var letters = 0
            var last = index
            while index - start <= longestDomain {
                let length = text[index] == ASCII.minus && index > label ? 1 : text.letterOrDigit(at: index)
                if length == 0 { break }
                let isHyphen = text[index] == ASCII.minus
                if !isHyphen && !ASCII.isDigit(text[index]) { letters += 1 }
                index += length
                if !isHyphen { last = index }
            }
            if last == label || index - start > longestDomain { break }
            labels += 1
            if labels > 1, letters > 1 { end = last }
            if last != index || text[index] != ASCII.dot { break }
            index += 1
        }
        return end
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte < 0x80 && signs[Int(byte)] }

    private static let signs: [Bool] = {
        var signs = [Bool](repeating: false, count: 128)
        for byte in "._+-%&'~!#$^*?".utf8 { signs[Int(byte)] = true }
        return signs
    }()
}
