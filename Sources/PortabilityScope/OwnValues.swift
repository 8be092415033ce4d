public import PortabilityText

/// The subject's own values: what free text repeats of them is not another's, and stays.
public struct OwnValues: Sendable, CustomReflectable {
    private var values: Set<[UInt8]> = []

    public init() {}

    /// Adds a value. Spelling does not matter: letters are compared without case, and of numbers only the digits.
    public mutating func insert(_ value: String, as kind: DetectedKind) {
        let value = Array(value.utf8)
        for form in Self.forms(value.span, kind, isKnown: true) where form.count > 3 { values.insert(form) }
    }

    func contains(_ value: Span<UInt8>, as kind: DetectedKind) -> Bool {
        !values.isEmpty && Self.forms(value, kind, isKnown: false).contains { values.contains($0) }
    }

    /// The kind, then the value in one spelling.
    ///
    /// Of a telephone number there are several: `+358 40 …` as dialled within a country is `0` and what follows its
    /// code, which has one to three digits. A known international number has all of them; one that is looked for is
    /// compared as it is, and with numbers that are known only as they are dialled, since two countries share those.
    private static func forms(_ value: Span<UInt8>, _ kind: DetectedKind, isKnown: Bool) -> [[UInt8]] {
        let digits = folded(value, kind)
        guard kind == .telephone else { return [[kind.rawValue, 0] + digits] }
        let (whole, dialled, derived) = (UInt8(1), UInt8(2), UInt8(3))
        let hasPlus = value.withUnsafeBufferPointer { $0.first { $0 > 0x20 && $0 != 0x28 } == UInt8(ascii: "+") }
        guard hasPlus || digits.starts(with: [48, 48]) else {
            let own = digits.first == 48 ? Array(digits.dropFirst()) : digits
            let forms = [[kind.rawValue, dialled] + own]
            return isKnown ? forms : forms + [[kind.rawValue, derived] + own]
        }
        let number = hasPlus ? digits : Array(digits.dropFirst(2))
        let domestic = (1...3).filter { $0 < number.count }.map { Array(number.dropFirst($0)) }
        return [[kind.rawValue, whole] + number] + domestic.map { [kind.rawValue, isKnown ? derived : dialled] + $0 }
    }

    private static func folded(_ value: Span<UInt8>, _ kind: DetectedKind) -> [UInt8] {
        var out: [UInt8] = []
        value.withUnsafeBufferPointer { bytes in
            for byte in bytes {
                let lower = byte >= 65 && byte <= 90 ? byte | 32 : byte
                let isDigit = byte >= 48 && byte <= 57
                let isLetter = lower >= 97 && lower <= 122
                switch kind {
                case .email, .name: out.append(lower)
                case .telephone, .card: if isDigit { out.append(byte) }
                case .iban, .identityCode: if isDigit || isLetter || byte == 43 || byte == 45 { out.append(lower) }
                }
            }
        }
        return out
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
