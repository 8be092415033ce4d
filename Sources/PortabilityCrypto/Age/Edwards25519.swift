/// Brings public keys of Ed25519 (RFC 8032) into the form that X25519 (RFC 7748) needs, as age's `ssh-ed25519` stanzas
/// ask for: u = (1 + y) / (1 − y) modulo 2^255 − 19 (RFC 7748, section 4.1).
///
/// For public keys only: the time it takes depends on the key.
enum Edwards25519 {
    /// The u of the point; nil if the 32 bytes are no point of the curve, or the one that has no u.
    static func montgomery(_ key: [UInt8]) -> [UInt8]? {
        guard key.count == 32 else { return nil }
        var bytes = key
        bytes[31] &= 0x7f
        let y = Field(littleEndian: bytes)
        let one = Field(1)
        // RFC 8032, section 5.1.3: the encoding is the smallest; x² = (y² − 1) / (d y² + 1) must be a square.
        guard y.littleEndian == bytes else { return nil }
        let square = y * y
        let d = Field(121_665).negated * Field(121_666).inverse
        let xSquared = (square - one) * (d * square + one).inverse
        guard xSquared.isSquare, y != one else { return nil }
        return ((one + y) * (one - y).inverse).littleEndian
    }

    /// A number modulo p = 2^255 − 19, kept as any of its values below 2^256.
    private struct Field: Equatable {
        /// 64 bits each, the lowest first.
        private var limbs: [UInt64]

        private static let prime: [UInt64] = [.max - 18, .max, .max, .max >> 1]

        init(_ small: UInt64) { limbs = [small, 0, 0, 0] }

        private init(limbs: [UInt64]) { self.limbs = limbs }

        init(littleEndian bytes: [UInt8]) {
            limbs = (0..<4).map { limb in
                (0..<8).reduce(0) { $0 | UInt64(bytes[limb * 8 + $1]) << UInt64(8 * $1) }
            }
        }

        var littleEndian: [UInt8] {
            let limbs = smallest
            return (0..<32).map { UInt8(truncatingIfNeeded: limbs[$0 / 8] >> UInt64($0 % 8 * 8)) }
        }

        /// The value below p.
        private var smallest: [UInt64] {
            var limbs = limbs
            // 2^256 = 2 p + 38: two subtractions at most.
            while !Self.isLess(limbs, Self.prime) { limbs = Self.difference(limbs, Self.prime) }
            return limbs
        }

        var negated: Field { Field(limbs: Self.difference(Self.prime, smallest)) }

        /// By Fermat: a^(p − 2).
        var inverse: Field { raised(to: [.max - 20, .max, .max, .max >> 1]) }

        /// By Euler: a^((p − 1) / 2) is 1, or 0 for 0.
        var isSquare: Bool {
            let power = raised(to: [.max - 9, .max, .max, .max >> 2])
            return power == Field(1) || power == Field(0)
        }

        static func == (left: Field, right: Field) -> Bool { left.smallest == right.smallest }

        static func + (left: Field, right: Field) -> Field {
            var sum = [UInt64](repeating: 0, count: 8)
            var carry: UInt64 = 0
            for limb in 0..<4 {
                let (partial, first) = left.limbs[limb].addingReportingOverflow(right.limbs[limb])
                let (whole, second) = partial.addingReportingOverflow(carry)
                sum[limb] = whole
                carry = (first ? 1 : 0) + (second ? 1 : 0)
            }
            sum[4] = carry
            return folded(sum)
        }

        static func - (left: Field, right: Field) -> Field { left + right.negated }

        static func * (left: Field, right: Field) -> Field {
            var product = [UInt64](repeating: 0, count: 8)
            for row in 0..<4 {
                var carry: UInt64 = 0
                for column in 0..<4 {
                    (carry, product[row + column]) = multiply(
                        left.limbs[row], right.limbs[column], plus: product[row + column], carry)
                }
                product[row + 4] = carry
            }
            return folded(product)
        }

        private func raised(to exponent: [UInt64]) -> Field {
            var power = Field(1)
            for bit in (0..<256).reversed() {
                power = power * power
                if exponent[bit / 64] >> UInt64(bit % 64) & 1 == 1 { power = power * self }
            }
            return power
        }

        /// 2^256 is 38 modulo p: the upper half is taken times 38 into the lower, until nothing is left of it.
        private static func folded(_ wide: [UInt64]) -> Field {
            var low = Array(wide[..<4])
            var carry: UInt64 = 0
            for limb in 0..<4 { (carry, low[limb]) = multiply(wide[4 + limb], 38, plus: low[limb], carry) }
            while carry > 0 {
                var next: UInt64 = 0
                (next, low[0]) = multiply(carry, 38, plus: low[0], 0)
                for limb in 1..<4 {
                    let (sum, overflow) = low[limb].addingReportingOverflow(next)
                    low[limb] = sum
                    next = overflow ? 1 : 0
                }
                carry = next
            }
            return Field(limbs: low)
        }

        /// a × b + c + d, which never exceeds 128 bits.
        private static func multiply(
            _ a: UInt64, _ b: UInt64, plus c: UInt64, _ d: UInt64
        ) -> (high: UInt64, low: UInt64) {
            var (high, low) = a.multipliedFullWidth(by: b)
            for term in [c, d] {
                let (sum, overflow) = low.addingReportingOverflow(term)
                low = sum
                high += overflow ? 1 : 0
            }
            return (high, low)
        }

        private static func isLess(_ left: [UInt64], _ right: [UInt64]) -> Bool {
            left.reversed().lexicographicallyPrecedes(right.reversed())
        }

        private static func difference(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
            var borrow: UInt64 = 0
            return (0..<4).map { limb in
                let (partial, first) = left[limb].subtractingReportingOverflow(right[limb])
                let (whole, second) = partial.subtractingReportingOverflow(borrow)
                borrow = first || second ? 1 : 0
                return whole
            }
        }
    }
}
