/// A decimal number without rounding, for checking sums of money.
///
/// Numbers of more than ``digitLimit`` digits are none of money's and are refused, which bounds the work on hostile
/// records.
struct ExactDecimal: Equatable, Sendable {
    /// Digits that a spelling may have.
    static let digitLimit = 60

    /// From the least significant on, without zeros at the upper end; empty for zero.
    private var digits: [UInt8]
    /// How many of ``digits`` stand behind the point.
    private(set) var scale: Int
    private var isNegative: Bool

    static let zero = ExactDecimal(digits: [], scale: 0, isNegative: false)

    private init(digits: [UInt8], scale: Int, isNegative: Bool) {
        self.digits = digits
        self.scale = scale
        while let last = self.digits.last, last == 0 { self.digits.removeLast() }
        self.isNegative = isNegative && !self.digits.isEmpty
    }

    /// Reads the canonical spelling; nil if it is none or too long.
    init?(_ spelling: some Collection<UInt8>) {
        var digits: [UInt8] = []
        var scale = -1
        var isNegative = false
        for (index, byte) in spelling.enumerated() {
            switch byte {
            case 0x2d where index == 0: isNegative = true
            case 0x2e where scale < 0: scale = 0
            case 0x30...0x39:
                if digits.count == Self.digitLimit { return nil }
                digits.append(byte - 0x30)
                if scale >= 0 { scale += 1 }
            default: return nil
            }
        }
        if digits.isEmpty { return nil }
        self.init(digits: digits.reversed(), scale: max(scale, 0), isNegative: isNegative)
    }

    var isZero: Bool { digits.isEmpty }

    /// The same number with more digits behind the point.
    private func digits(at scale: Int) -> [UInt8] {
        digits.isEmpty ? [] : Array(repeating: 0, count: scale - self.scale) + digits
    }

    private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        if left.count != right.count { return left.count < right.count }
        return left.reversed().lexicographicallyPrecedes(right.reversed())
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(max(left.count, right.count) + 1)
        var carry: UInt8 = 0
        for index in 0..<max(left.count, right.count) {
            let digit =
                carry + (index < left.count ? left[index] : 0) + (index < right.count ? right[index] : 0)
            out.append(digit % 10)
            carry = digit / 10
        }
        if carry > 0 { out.append(carry) }
        return out
    }

    /// - Precondition: `right` is not greater than `left`.
    private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(left.count)
        var borrow: UInt8 = 0
        for index in left.indices {
            let subtrahend = borrow + (index < right.count ? right[index] : 0)
            borrow = left[index] < subtrahend ? 1 : 0
            out.append(left[index] + borrow * 10 - subtrahend)
        }
        while out.last == 0 { out.removeLast() }
        return out
    }

    static func + (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        let scale = max(left.scale, right.scale)
        let (one, other) = (left.digits(at: scale), right.digits(at: scale))
        if left.isNegative == right.isNegative {
            return ExactDecimal(digits: sum(one, other), scale: scale, isNegative: left.isNegative)
        }
        return isLess(one, other)
            ? ExactDecimal(digits: difference(other, one), scale: scale, isNegative: right.isNegative)
            : ExactDecimal(digits: difference(one, other), scale: scale, isNegative: left.isNegative)
    }

    static prefix func - (number: ExactDecimal) -> ExactDecimal {
        ExactDecimal(digits: number.digits, scale: number.scale, isNegative: !number.isNegative)
    }

    static func - (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal { left + -right }

    static func * (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        var out = [UInt32](repeating: 0, count: left.digits.count + right.digits.count)
        for (place, digit) in left.digits.enumerated() {
            for (other, factor) in right.digits.enumerated() { out[place + other] += UInt32(digit) * UInt32(factor) }
        }
        var carry: UInt32 = 0
        let digits = out.map { column -> UInt8 in
            let value = column + carry
            carry = value / 10
            return UInt8(value % 10)
        }
        return ExactDecimal(
            digits: digits, scale: left.scale + right.scale, isNegative: left.isNegative != right.isNegative)
    }

    /// The quotient, rounded to `scale` digits behind the point, halves away from zero; nil for a division by zero.
    func divided(by divisor: ExactDecimal, scale: Int) -> ExactDecimal? {
        if divisor.isZero { return nil }
        // Both as integers whose quotient is in units of the last digit.
        let shift = scale + divisor.scale - self.scale
        let numerator = Array(repeating: UInt8(0), count: max(0, shift)) + digits
        let denominator = Array(repeating: UInt8(0), count: max(0, -shift)) + divisor.digits
        var quotient: [UInt8] = []
        var rest: [UInt8] = []
        for digit in numerator.reversed() {
            rest.insert(digit, at: 0)
            while rest.last == 0 { rest.removeLast() }
            var count: UInt8 = 0
            while !Self.isLess(rest, denominator) {
                rest = Self.difference(rest, denominator)
                count += 1
            }
            quotient.append(count)
        }
        quotient.reverse()
        if !Self.isLess(Self.sum(rest, rest), denominator) { quotient = Self.sum(quotient, [1]) }
        return ExactDecimal(digits: quotient, scale: scale, isNegative: isNegative != divisor.isNegative)
    }

    /// Rounded to `scale` digits behind the point, halves away from zero.
    func rounded(to scale: Int) -> ExactDecimal {
        scale >= self.scale ? self : divided(by: ExactDecimal(digits: [1], scale: 0, isNegative: false), scale: scale)!
    }

    /// The canonical spelling with at least `places` digits behind the point.
    func spelled(places: Int = 0) -> [UInt8] {
        let scale = max(self.scale, places)
        var digits = digits(at: scale)
        while digits.count <= scale { digits.append(0) }
        var out: [UInt8] = isNegative ? [0x2d] : []
        for (index, digit) in digits.enumerated().reversed() {
            out.append(digit + 0x30)
            if index == scale, index > 0 { out.append(0x2e) }
        }
        return out
    }

    /// By value: `1.50` is `1.5`.
    static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let scale = max(left.scale, right.scale)
        return left.isNegative == right.isNegative && left.digits(at: scale) == right.digits(at: scale)
    }
}
