/// Personal identity codes with a published check.
///
/// - Finland: `DDMMYYCZZZQ`, decree 128/2010 with the century signs of decree 1232/2022; individual numbers 900 to 999
///   are temporary or artificial codes and are found too.
/// - Sweden: personnummer and samordningsnummer (day plus 60), check by Luhn; with separator, or of twelve digits.
/// - Norway: fødselsnummer and D-nummer (day plus 40), eleven digits with two checks mod 11.
/// - Estonia, and Lithuania, which uses the same: eleven digits with a check mod 11.
///
/// Denmark and Latvia issue codes without a reliable check: they are not looked for, since any number would be one.
enum IdentityCode {
    struct Match {
        let end: Int
        /// True for a form that no reference or order number has: it counts whatever word stands before it.
        let isUnmistakable: Bool
    }

    /// The code that begins at `start`, a run of `digits` digits with nothing alphanumeric before it, or nil.
    static func match(_ text: TextBytes, _ start: Int, digits: Int) -> Match? {
        switch digits {
        case 6:
            if let end = finnish(text, start) { return Match(end: end, isUnmistakable: true) }
            if let end = swedish(text, start, digits: 6) { return Match(end: end, isUnmistakable: false) }
        case 8:
            if let end = swedish(text, start, digits: 8) { return Match(end: end, isUnmistakable: false) }
        case 11:
            if text.letterOrDigit(at: start + 11) == 0, norwegian(text, start) || estonian(text, start) {
                return Match(end: start + 11, isUnmistakable: false)
            }
        case 12:
            if text.letterOrDigit(at: start + 12) == 0, text.number(at: start, digits: 4) / 100 >= 18,
                text.number(at: start, digits: 4) / 100 <= 20, isSwedish(text, start + 2, start + 8, century: start)
            {
                return Match(end: start + 12, isUnmistakable: false)
            }
        default: break
        }
        return nil
    }

    private static func finnish(_ text: TextBytes, _ start: Int) -> Int? {
        var index = start + 6
        let century: Int
        switch text[index] {
        case UInt8(ascii: "+"): century = 1800
        case UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f"): century = 2000
        case UInt8(ascii: "U")...UInt8(ascii: "Y"), UInt8(ascii: "u")...UInt8(ascii: "y"): century = 1900
        default:
            if text.hyphen(at: index) == 0 { return nil }
            century = 1900
        }
        index += max(1, text.hyphen(at: index))
        guard text.digits(at: index, limit: 3) == 3, text.letterOrDigit(at: index + 4) == 0 else { return nil }
        let date = text.number(at: start, digits: 6)
        let individual = text.number(at: index, digits: 3)
        guard individual >= 2, isDate(century + date % 100, date / 100 % 100, date / 10_000) else { return nil }
        let check = checks[(date * 1000 + individual) % 31]
        let found = text[index + 3]
        return (ASCII.isLetter(found) ? found & ~0x20 : found) == check ? index + 4 : nil
    }

    private static let checks = Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)

    private static func swedish(_ text: TextBytes, _ start: Int, digits: Int) -> Int? {
        var index = start + digits
        let sign = text[index] == ASCII.plus ? 1 : text.hyphen(at: index)
        index += sign
        guard sign > 0, text.digits(at: index, limit: 4) == 4, text.letterOrDigit(at: index + 4) == 0 else {
            return nil
        }
        if digits == 8, !(18...20).contains(text.number(at: start, digits: 2)) { return nil }
        return isSwedish(text, start + digits - 6, index, century: digits == 8 ? start : nil) ? index + 4 : nil
    }

    /// Judges six digits of date at `date` and four at `tail`; the century, if written, gives the leap years.
    private static func isSwedish(_ text: TextBytes, _ date: Int, _ tail: Int, century: Int?) -> Bool {
        let year = century.map { text.number(at: $0, digits: 4) } ?? 2000 + text.number(at: date, digits: 2)
        let month = text.number(at: date + 2, digits: 2)
        let day = text.number(at: date + 4, digits: 2)
        guard isDate(year, month, day > 60 ? day - 60 : day), text.number(at: tail, digits: 3) > 0 else { return false }
        var sum = 0
        for place in 0..<10 {
            let digit = Int(text[place < 6 ? date + place : tail + place - 6] - ASCII.zero)
            sum += place % 2 == 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
        }
        return sum % 10 == 0
    }

    private static func norwegian(_ text: TextBytes, _ start: Int) -> Bool {
        let day = text.number(at: start, digits: 2)
        let month = text.number(at: start + 2, digits: 2)
        // The century is not written; 2000 has every leap day that a year of two digits can have.
        guard isDate(2000 + text.number(at: start + 4, digits: 2), month, day > 40 ? day - 40 : day) else {
            return false
        }
        return sum(text, start, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0
            && sum(text, start, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
    }

    private static func estonian(_ text: TextBytes, _ start: Int) -> Bool {
        let first = Int(text[start] - ASCII.zero)
        let date = text.number(at: start + 1, digits: 6)
        guard first >= 1, first <= 8,
            isDate(1800 + (first - 1) / 2 * 100 + date / 10_000, date / 100 % 100, date % 100)
        else { return false }
        var check = sum(text, start, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
        if check == 10 { check = sum(text, start, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10 }
        return Int(text[start + 10] - ASCII.zero) == check
    }

    private static func sum(_ text: TextBytes, _ start: Int, _ weights: [Int]) -> Int {
        var sum = 0
        for (place, weight) in weights.enumerated() { sum += Int(text[start + place] - ASCII.zero) * weight }
        return sum
    }

    static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return switch month {
        case 1, 3, 5, 7, 8, 10, 12: (1...31).contains(day)
        case 4, 6, 9, 11: (1...30).contains(day)
        case 2: (1...(isLeap ? 29 : 28)).contains(day)
        default: false
        }
    }
}
