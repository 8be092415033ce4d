/// Floating-point numbers of a store as decimal text.
enum SQLNumber {
    /// Appends the shortest decimal text that reads back as the same number, without an exponent; whole numbers have
    /// no fraction. Infinities are `Infinity` and `-Infinity`.
    static func append(_ value: Double, to out: inout [UInt8]) {
        if value.isInfinite {
            out.append(contentsOf: (value < 0 ? "-Infinity" : "Infinity").utf8)
            return
        }
        if value == 0 {
            out.append(UInt8(ascii: "0"))
            return
        }
        var text = value.description
        let isPlain = text.withUTF8 { bytes in
            if bytes.contains(UInt8(ascii: "e")) { return false }
            let isWhole =
                bytes.count > 2 && bytes[bytes.count - 1] == UInt8(ascii: "0")
                && bytes[bytes.count - 2] == UInt8(ascii: ".")
            out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes.dropLast(isWhole ? 2 : 0)))
            return true
        }
        if !isPlain { expand(value, to: &out) }
    }

    /// The digits of a number that Swift spells with an exponent.
    private static func expand(_ value: Double, to out: inout [UInt8]) {
        var digits: [UInt8] = []
        // Where the decimal point stands, counted in digits.
        var point = 0
        var exponent = 0
        var isFraction = false
        var isExponent = false
        var isNegativeExponent = false
        for byte in value.magnitude.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-"): isNegativeExponent = true
            case UInt8(ascii: "+"): break
            case _ where isExponent: exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
            default:
                digits.append(byte)
                if !isFraction { point += 1 }
            }
        }
        point += isNegativeExponent ? -exponent : exponent
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        point -= leading

        if value < 0 { out.append(UInt8(ascii: "-")) }
        if point <= 0 {
            out.append(contentsOf: "0.".utf8)
            out.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -point))
            out.append(contentsOf: digits)
        } else if point >= digits.count {
            out.append(contentsOf: digits)
            out.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: point - digits.count))
        } else {
            out.append(contentsOf: digits[..<point])
            out.append(UInt8(ascii: "."))
            out.append(contentsOf: digits[point...])
        }
    }
}
