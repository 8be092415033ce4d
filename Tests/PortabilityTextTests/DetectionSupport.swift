import PortabilityText

/// A hit as tests write it: the kind and the text.
struct Found: Equatable, CustomStringConvertible {
    var kind: DetectedKind
    var text: String

    init(_ kind: DetectedKind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    var description: String { "\(kind.name) «\(text)»" }
}

extension TextDetectors {
    func scan(_ bytes: [UInt8]) -> [Detection] {
        var hits: [Detection] = []
        scan(bytes.span, into: &hits)
        return hits
    }

    func found(in text: String) -> [Found] {
        let bytes = Array(text.utf8)
        return scan(bytes).map { Found($0.kind, String(decoding: bytes[$0.range], as: UTF8.self)) }
    }
}

/// Makes numbers that no person has chosen but whose checks are right.
struct NumberMaker {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    mutating func digits(_ count: Int) -> String { (0..<count).map { _ in String(random.below(10)) }.joined() }

    func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// A Finnish personal identity code of a day that every month has.
    mutating func identityCode() -> String {
        let date = padded(random.below(28) + 1, 2) + padded(random.below(12) + 1, 2) + padded(random.below(100), 2)
        let individual = padded(random.below(998) + 2, 3)
        let century = Array("+-ABCDEFUVWXY")[random.below(13)]
        let check = Array("0123456789ABCDEFHJKLMNPRSTUVWXY")[Int(date + individual)! % 31]
        return "\(date)\(century)\(individual)\(check)"
    }

    /// A Swedish personnummer of twelve digits.
    mutating func personnummer() -> String {
        let date = padded(random.below(90) + 10, 2) + padded(random.below(12) + 1, 2) + padded(random.below(28) + 1, 2)
        let body = date + padded(random.below(999) + 1, 3)
        return "19" + body + String(luhn(body))
    }

    mutating func iban(_ country: String = "FI", length: Int = 18) -> String {
        let account = digits(length - 4)
        let check = padded(98 - remainder(account + country + "00"), 2)
        return country + check + account
    }

    /// A card number of an issuer's prefix.
    mutating func card(_ prefix: String = "4", length: Int = 16) -> String {
        let body = prefix + digits(length - 1 - prefix.count)
        return body + String(luhn(body))
    }

    /// The check digit of ISO/IEC 7812, as its definition says: from the right, every other digit doubled.
    func luhn(_ body: String) -> Int {
        let digits = body.compactMap(\.wholeNumberValue)
        let sum = digits.reversed().enumerated().map { place, digit in
            place % 2 == 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] : digit
        }
        return (10 - sum.reduce(0, +) % 10) % 10
    }

    /// ISO 7064 mod 97 of digits and letters, A being 10.
    func remainder(_ text: String) -> Int {
        text.uppercased().utf8.reduce(0) { sum, byte in
            byte < 0x40 ? (sum * 10 + Int(byte) - 0x30) % 97 : (sum * 100 + Int(byte) - 0x41 + 10) % 97
        }
    }

    /// The same number with another last character. In codes with check letters it is a letter, since with a digit the
    /// code may be one of another country.
    func broken(_ number: String) -> String {
        guard let last = number.last else { return number }
        let others = number.count == 11 ? "ABCDEFHJKLMNPRSTUVWXY" : "0123456789"
        return number.dropLast() + String(others.first { $0 != last } ?? "0")
    }
}
