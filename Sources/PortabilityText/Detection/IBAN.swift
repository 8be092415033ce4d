/// International bank account numbers, ISO 13616.
enum IBAN {
    static let shortest = 15
    static let longest = 34

    /// Countries and lengths of the registry that SWIFT keeps for ISO 13616-2 (2025).
    private static let registry: StaticString = """
        AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27\
        GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22\
        MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28\
        TL23TN24TR26UA29VA22VG24XK20YE30
        """

    private static let lengths: [UInt8] = registry.withUTF8Buffer { table in
        var lengths = [UInt8](repeating: 0, count: 26 * 26)
        for entry in stride(from: 0, to: table.count, by: 4) {
            let country = Int(table[entry] - 0x41) * 26 + Int(table[entry + 1] - 0x41)
            lengths[country] = (table[entry + 2] - ASCII.zero) * 10 + table[entry + 3] - ASCII.zero
        }
        return lengths
    }

    /// The length of the numbers of the country whose two letters stand at `start`, or 0.
    private static func length(_ text: TextBytes, _ start: Int) -> Int {
        Int(lengths[Int((text[start] | 0x20) - 0x61) * 26 + Int((text[start + 1] | 0x20) - 0x61)])
    }

    /// The end of the number that begins at `start`, where two letters and two digits stand, or nil.
    ///
    /// The printed form has single spaces between characters, at any place: people group as they like.
    static func match(_ text: TextBytes, _ start: Int) -> Int? {
        let length = length(text, start)
        if length == 0 { return nil }
        return end(text, start, length, isExact: true)
    }

    /// The end of the ISO 11649 creditor reference that begins at `start`, where `RF` and two digits stand, or nil.
    static func matchReference(_ text: TextBytes, _ start: Int) -> Int? {
        guard text[start] | 0x20 == UInt8(ascii: "r"), text[start + 1] | 0x20 == UInt8(ascii: "f") else { return nil }
        return end(text, start, 25, isExact: false)
    }

    /// The end of the run of letters and digits, with single spaces, whose check by ISO 7064 mod 97-10 is right.
    private static func end(_ text: TextBytes, _ start: Int, _ length: Int, isExact: Bool) -> Int? {
        var index = start + 4
        var taken = 4
        var remainder = 0
        var best: Int?
        while taken < length {
            if !ASCII.isAlphanumeric(text[index]) {
                let space = text.space(at: index)
                if space == 0 || !ASCII.isAlphanumeric(text[index + space]) { break }
                index += space
            }
            let byte = text[index]
            if ASCII.isDigit(byte) {
                remainder = (remainder * 10 + Int(byte - ASCII.zero)) % 97
            } else {
                remainder = (remainder * 100 + Int(byte | 0x20) - 0x61 + 10) % 97
            }
            index += 1
            taken += 1
            // A creditor reference has no fixed length: the longest that is right and ends a group is it.
            if !isExact, isRight(text, start, remainder), text.letterOrDigit(at: index) == 0 { best = index }
        }
        if !isExact { return best }
        return taken == length && isRight(text, start, remainder) && text.letterOrDigit(at: index) == 0 ? index : nil
    }

    private static func isRight(_ text: TextBytes, _ start: Int, _ remainder: Int) -> Bool {
        let first = Int(text[start] | 0x20) - 0x61 + 10
        let second = Int(text[start + 1] | 0x20) - 0x61 + 10
        let check = text.number(at: start + 2, digits: 2)
        return ((remainder * 100 + first) * 10_000 + second * 100 + check) % 97 == 1
    }
}
