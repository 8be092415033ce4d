import PortabilityModel
import PortabilityText

/// Keeps national identification numbers off the page: they stand once, in the data files (GDPR Article 87; Finnish
/// Data Protection Act, section 29).
struct IdentityCodes: Sendable {
    private let detectors = TextDetectors(kinds: [.identityCode])

    /// A text in which every personal identity code is masked.
    /// - Parameter isFree: Whether it is free text. In any other text only a form that no reference and no order number
    ///   has is taken for a code: one with a separator or century sign, `DDMMYYCZZZQ` or `YYMMDD-NNNN`.
    func masked(_ text: [UInt8], isFree: Bool = true) -> [UInt8] {
        // The shortest code has eleven characters.
        if text.count < 11 { return text }
        var hits: [Detection] = []
        detectors.scan(text.span, into: &hits)
        if !isFree { hits.removeAll { text[$0.range].allSatisfy { (0x30...0x39).contains($0) } } }
        if hits.isEmpty { return text }
        var out: [UInt8] = []
        var last = 0
        for hit in hits where hit.range.lowerBound >= last {
            out += text[last..<hit.range.lowerBound]
            Masks.append(.identityCode, text.span.extracting(hit.range), into: &out)
            last = hit.range.upperBound
        }
        out += text[last...]
        return out
    }

    /// The value of a field for national identification numbers. Shown is only what cannot be a person's: a Finnish
    /// business ID, also as an OVT code, and what is shorter than the shortest national number of Europe, as customer
    /// numbers are.
    func masked(number: [UInt8]) -> [UInt8] {
        let plain = number.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }
        if plain.count < 9 || isBusinessID(number) { return number }
        if plain.starts(with: Array("0037".utf8)), plain.count >= 12, isBusinessID(Array(plain[4..<12])) {
            return number
        }
        let masked = masked(number)
        if masked != number { return masked }
        var out: [UInt8] = []
        Masks.appendText(number.span, into: &out)
        return out
    }

    /// Seven digits and a check digit, with or without a hyphen between.
    private func isBusinessID(_ text: [UInt8]) -> Bool {
        let isHyphenated = text.count == 9 && text[7] == UInt8(ascii: "-")
        guard isHyphenated || text.count == 8 else { return false }
        let digits = text.filter { $0 != UInt8(ascii: "-") }.map { Int($0) - 48 }
        guard digits.count == 8, digits.allSatisfy((0...9).contains) else { return false }
        let sum = zip(digits, [7, 9, 10, 5, 8, 4, 2]).reduce(0) { $0 + $1.0 * $1.1 }
        let check = sum % 11 == 0 ? 0 : 11 - sum % 11
        return check == digits[7]
    }
}
