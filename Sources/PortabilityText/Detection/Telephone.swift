/// Telephone numbers as people write them: international (ITU-T E.164), or as dialled within Finland or Sweden.
///
/// International numbers begin with `+` or `00` and have 7 to 15 digits. National ones begin with a single 0 and an
/// area, mobile or service prefix, and have 7 to 12. Digits are grouped by single spaces, hyphens, dots before groups
/// of three or more, one slash after the prefix, and parentheses about the prefix or the `(0)` of `+358 (0)40`.
/// Without 0 or + in front there is nothing that tells a number from any other: such are not found.
enum Telephone {
    /// How many digits the country code has that begins with these two (ITU-T E.164, list of assigned codes).
    static func countryCodeLength(_ first: UInt8, _ second: UInt8) -> Int {
        switch (first, second) {
        case (1, _), (7, _): 1
        case (2, 0), (2, 7), (3, 0...4), (3, 6), (3, 9), (4, 0), (4, 1), (4, 3...9), (5, 1...8), (6, 0...6), (8, 1),
            (8, 2), (8, 4), (8, 6), (9, 0...5), (9, 8):
            2
        default: 3
        }
    }

    struct Match {
        let range: Range<Int>
        /// True for a number written with `+`, which no reference has.
        let hasPlus: Bool
    }

    /// The number whose first digit, the first of a run, is at `start`, or nil.
    static func match(_ text: TextBytes, _ start: Int) -> Match? {
        if text[start - 1] == ASCII.plus {
            if text.letterOrDigit(before: start - 1) > 0 { return nil }
            var number = Number(text, start, .plus)
            return number.read(after: start - 1).map { Match(range: $0, hasPlus: true) }
        }
        guard text[start] == ASCII.zero else { return nil }
        var number = Number(text, start, text[start + 1] == ASCII.zero ? .doubleZero : .national)
        return number.read(after: start).map { Match(range: $0, hasPlus: false) }
    }

    private enum Form { case plus, doubleZero, national }

    private enum Separator { case none, space, hyphen, dot, slash }

    /// A number while it is read, group by group.
    private struct Number {
        let text: TextBytes
        let start: Int
        let form: Form
        /// The digits so far, and the lengths of their groups.
        var digits = InlineArray<18, UInt8>(repeating: 0)
        var count = 0
        var groups = InlineArray<18, Int>(repeating: 0)
        var groupCount = 0
        var end: Int
        var separator = Separator.none
        var isOpen = false

        init(_ text: TextBytes, _ start: Int, _ form: Form) {
            self.text = text
            self.start = start
            self.form = form
            end = start
        }

        mutating func read(after sign: Int) -> Range<Int>? {
            let hasParenthesis = text[sign - 1] == ASCII.openParenthesis
            isOpen = hasParenthesis
            let first = text.digits(at: start, limit: 18)
            guard first < 18, take(start, first) else { return nil }
            var isUniform = false
            while let (next, separator) = following() {
                let length = text.digits(at: next, limit: 18)
                if count + length > most {
                    isUniform = groupCount > 1 && length == groups[0] && length >= 4
                    for group in 1..<max(1, groupCount) where groups[group] != groups[0] { isUniform = false }
                    break
                }
                if startsAnother(next, length) { break }
                let wasOpen = isOpen
                if text[end] == ASCII.closeParenthesis { isOpen = false }
                if text[next - 1] == ASCII.openParenthesis { isOpen = true }
                guard take(next, length, after: separator) else {
                    isOpen = wasOpen
                    break
                }
            }
            // Equal groups that go on beyond any number: an account or a reference.
            if isUniform || followsEqualGroup || !isPlausible { return nil }
            return (hasParenthesis && !isOpen ? sign - 1 : sign)..<end
        }

        /// The place of the group of digits after `end` and what parts it, or nil.
        private func following() -> (Int, Separator)? {
            var index = end
            var separator = Separator.none
            if text[index] == ASCII.closeParenthesis, isOpen {
                index += 1
                separator = .space
            }
            if let (length, kind) = sign(at: index) {
                index += length
                separator = kind
            }
            if form != .national, text[index] == ASCII.openParenthesis {
                if text[index + 1] == ASCII.zero, text[index + 2] == ASCII.closeParenthesis {
                    index += 3
                    if let (length, _) = sign(at: index) { index += length }
                } else {
                    index += 1
                }
                separator = .space
            }
            return separator != .none && ASCII.isDigit(text[index]) ? (index, separator) : nil
        }

        private func sign(at index: Int) -> (Int, Separator)? {
            let byte = text[index]
            if byte == ASCII.dot { return (1, .dot) }
            if byte == ASCII.slash { return (1, .slash) }
            let hyphen = text.hyphen(at: index)
            if hyphen > 0 { return (hyphen, .hyphen) }
            if byte == ASCII.lineFeed || byte == ASCII.carriageReturn { return nil }
            let space = text.space(at: index)
            return space > 0 ? (space, .space) : nil
        }

        /// Adds a group if what stands about it lets it be part of a telephone number.
        private mutating func take(_ index: Int, _ length: Int, after kind: Separator = .none) -> Bool {
            let after = index + length
            if text.letterOrDigit(at: after) > 0 || count + length > 17 { return false }
            switch kind {
            case .dot where length < 3 || groupCount > 1 && separator != .dot: return false
            case .slash where groupCount > 1 || length < 5 || groups[0] > 4: return false
            case .space, .hyphen: if form == .national, length < 2 || length > 8 { return false }
            default: break
            }
            if ASCII.isDigit(text[after + 1]) {
                switch text[after] {
                case ASCII.comma, ASCII.colon: return false
                case ASCII.dot where text.digits(at: after + 1, limit: 3) < 3: return false
                default: break
                }
            }
            for place in 0..<length { digits[count + place] = text[index + place] - ASCII.zero }
            count += length
            groups[groupCount] = length
            groupCount += 1
            separator = kind
            end = after
            return true
        }

        /// True if the group is the prefix of the next number rather than the tail of this one.
        private func startsAnother(_ index: Int, _ length: Int) -> Bool {
            guard text[index] == ASCII.zero, count >= 7, length <= 4, text[index + 1] != ASCII.zero else {
                return false
            }
            let space = max(text.space(at: index + length), text.hyphen(at: index + length))
            return space > 0 && ASCII.isDigit(text[index + length + space])
        }

        /// True if the first two groups are of four or five digits, as is the one before them.
        private var followsEqualGroup: Bool {
            let length = groups[0]
            guard groupCount > 1, length == 4 || length == 5, groups[1] == length, text[start - 1] == ASCII.space else {
                return false
            }
            let before = start - 1 - length
            return text.digits(at: before, limit: length) == length && text.letterOrDigit(before: before) == 0
        }

        /// How many digits a number written in groups has at most.
        private var most: Int {
            switch form {
            case .national:
                return digits[1] == 4 && digits[2] == 5 && digits[3] == 7 ? 11 : 10
            case .plus, .doubleZero:
                let skip = form == .doubleZero ? 2 : 0
                if count < skip + 2 { return skip + 15 }
                switch (digits[skip], digits[skip + 1]) {
                case (1, _), (7, _): return skip + 11
                case (3, 5) where digits[skip + 2] == 8: return skip + 13
                case (4, 6): return skip + 11
                default: return skip + 15
                }
            }
        }

        private var isPlausible: Bool {
            switch form {
            case .national: count >= 7 && count <= 12 && groups[0] > 1 && !isDateOrTime && !isAddress
            case .plus: isInternational(0) && !isAmount
            case .doubleZero: isInternational(2)
            }
        }

        private func isInternational(_ skip: Int) -> Bool {
            guard count - skip >= 7, count - skip <= 15, digits[skip] > 0 else { return false }
            let code = countryCodeLength(digits[skip], digits[skip + 1])
            let next = digits[skip + code]
            switch (digits[skip], digits[skip + 1]) {
            case (1, _): return count - skip == 11 && next >= 2
            case (7, _): return count - skip == 11
            // Italy, and the three-digit codes 225, 241 and 242, keep the 0 of the national number.
            case (3, 9), (2, 2), (2, 4): return true
            default: return next > 0
            }
        }

        /// `01-02-2024`, `01022024`, `010220241530`, `0900-1700`.
        private var isDateOrTime: Bool {
            let isSplit = groupCount >= 3 && groups[0] == 2 && groups[1] == 2 && groups[2] == 4
            let isWhole = groupCount == 1 && (count == 8 || count == 12)
            if isSplit || isWhole {
                let century = digits[4] * 10 + digits[5]
                if pair(0) <= 31, (1...12).contains(pair(2)), century == 19 || century == 20 { return true }
            }
            return groupCount == 2 && groups[0] == 4 && groups[1] == 4 && separator == .hyphen && pair(0) < 24
                && pair(2) < 60 && pair(4) < 24 && pair(6) < 60 && digits[3] % 5 == 0 && digits[7] % 5 == 0
        }

        private func pair(_ place: Int) -> UInt8 { digits[place] * 10 + digits[place + 1] }

        /// An IPv4 address with its zeros written.
        private var isAddress: Bool {
            if separator != .dot || groupCount < 3 { return false }
            for group in 0..<groupCount where groups[group] > 3 { return false }
            return groupCount == 4 || text[end] == ASCII.dot && ASCII.isDigit(text[end + 1])
        }

        /// `+1500000 €`, `+25 000 000 kr`: a change of an amount.
        private var isAmount: Bool {
            let index = end + text.space(at: end)
            if text[index] == UInt8(ascii: "%") || text[index] == ASCII.comma && ASCII.isDigit(text[index + 1]) {
                return true
            }
            if text[index] == 0xe2, text[index + 1] == 0x82 { return true }
            return Self.units.contains { unit in
                for (place, byte) in unit.enumerated() where text[index + place] | 0x20 != byte { return false }
                return text.letterOrDigit(at: index + unit.count) == 0
            }
        }

        private static let units = ["e", "eur", "euro", "euroa", "kr", "sek", "usd"].map { Array($0.utf8) }
    }
}
