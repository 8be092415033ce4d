/// Readable masks: what a person may recognise of a value that is withheld, and no more.
///
/// A mask is always well-formed UTF-8 and never begins with a character that a spreadsheet takes for a formula (`=`,
/// `+`, `-`, `@`, tab, carriage return), whatever the value was. Its length tells nothing of the hidden part: stars are
/// of a fixed number, except in an IBAN, whose length is that of its country. An empty value stays empty, since that it
/// is empty is no secret.
///
///     identity code   131052-308T              ******-****
///     IBAN            FI21 1234 5600 0007 85   FI**************85
///     card            4111 1111 1111 1111      **** **** **** 1111
///     e-mail          matti@example.fi         m***@***.fi
///     telephone       +358 40 123 4567         (+358) *****67
///     telephone       040 123 4567             *****67
///     name, text      Matti Meikäläinen        *****
///
/// The country code of a telephone number stands in parentheses because of the formulas. What a detected name is
/// replaced by in a text is the caller's label, such as "support agent 1"; the mask is for fields that hold a name only.
public enum Masks {
    /// Appends the mask of a value of a known kind. A value that is not formed as its kind is has the mask of a text.
    public static func append(_ kind: DetectedKind, _ value: Span<UInt8>, into out: inout [UInt8]) {
        if value.isEmpty { return }
        switch kind {
        case .identityCode: out.append(contentsOf: "******-****".utf8)
        case .iban: appendIBAN(value, into: &out)
        case .card: appendCard(value, into: &out)
        case .email: appendEmail(value, into: &out)
        case .telephone: appendTelephone(value, into: &out)
        case .name: appendText(value, into: &out)
        }
    }

    /// Appends the mask of a value of which is known only that it is personal: five stars, however long it is.
    public static func appendText(_ value: Span<UInt8>, into out: inout [UInt8]) {
        if !value.isEmpty { out.append(contentsOf: "*****".utf8) }
    }

    private static func appendIBAN(_ value: Span<UInt8>, into out: inout [UInt8]) {
        var compact: [UInt8] = []
        for index in value.indices {
            let byte = value[index]
            if ASCII.isAlphanumeric(byte) {
                compact.append(ASCII.isLetter(byte) ? byte & ~0x20 : byte)
            } else if byte != ASCII.space, byte != ASCII.minus, byte < 0x80 {
                return appendText(value, into: &out)
            }
            if compact.count > IBAN.longest { return appendText(value, into: &out) }
        }
        guard compact.count >= IBAN.shortest, ASCII.isLetter(compact[0]), ASCII.isLetter(compact[1]) else {
            return appendText(value, into: &out)
        }
        out.append(contentsOf: compact[..<2])
        out.append(contentsOf: repeatElement(star, count: compact.count - 4))
        out.append(contentsOf: compact[(compact.count - 2)...])
    }

    private static func appendCard(_ value: Span<UInt8>, into out: inout [UInt8]) {
        let last = lastDigits(4, of: value)
        if last.count < 4 { return appendText(value, into: &out) }
        out.append(contentsOf: "**** **** **** ".utf8)
        out.append(contentsOf: last)
    }

    private static func appendEmail(_ value: Span<UInt8>, into out: inout [UInt8]) {
        value.withUnsafeBufferPointer { bytes in
            guard let base = UnsafeRawPointer(bytes.baseAddress), let at = bytes.lastIndex(of: ASCII.at), at > 0 else {
                return appendText(value, into: &out)
            }
            let text = TextBytes(base: base, count: bytes.count)
            let first = text.letterOrDigit(at: 0)
            if first > 0 { out.append(contentsOf: bytes[..<first]) } else { out.append(star) }
            out.append(contentsOf: "***@***".utf8)
            guard let dot = bytes.lastIndex(of: ASCII.dot), dot > at else { return }
            let top = bytes[(dot + 1)...]
            // No top-level domain is longer: the rest of a value that only looks like an address is not shown.
            if top.isEmpty || top.count > 24 { return }
            var index = dot + 1
            while index < bytes.count {
                let length = bytes[index] == ASCII.minus ? 1 : text.letterOrDigit(at: index)
                if length == 0 { return }
                index += length
            }
            out.append(ASCII.dot)
            out.append(contentsOf: top)
        }
    }

    private static func appendTelephone(_ value: Span<UInt8>, into out: inout [UInt8]) {
        let last = lastDigits(2, of: value)
        if last.count < 2 { return appendText(value, into: &out) }
        var digits: [UInt8] = []
        var isInternational = false
        for index in value.indices {
            let byte = value[index]
            if byte == ASCII.plus, digits.isEmpty { isInternational = true }
            if ASCII.isDigit(byte) { digits.append(byte - ASCII.zero) }
            if digits.count == 5 { break }
        }
        if !isInternational, digits.starts(with: [0, 0]) {
            isInternational = true
            digits.removeFirst(2)
        }
        if isInternational, digits.count >= 3 {
            let code = digits[..<Telephone.countryCodeLength(digits[0], digits[1])]
            out.append(contentsOf: "(+".utf8)
            out.append(contentsOf: code.map { $0 + ASCII.zero })
            out.append(contentsOf: ") ".utf8)
        }
        out.append(contentsOf: "*****".utf8)
        out.append(contentsOf: last)
    }

    private static let star = UInt8(ascii: "*")

    /// The last digits of a value, at most so many.
    private static func lastDigits(_ count: Int, of value: Span<UInt8>) -> [UInt8] {
        var last: [UInt8] = []
        var index = value.count
        while index > 0, last.count < count {
            index -= 1
            if ASCII.isDigit(value[index]) { last.append(value[index]) }
        }
        return last.reversed()
    }
}
