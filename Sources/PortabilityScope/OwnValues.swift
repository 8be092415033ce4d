public import PortabilityText

/// The subject's own values: what free text repeats of them is not another's, and stays.
public struct OwnValues: Sendable, CustomReflectable {
    private var values: Set<[UInt8]> = []

    public init() {}

    /// Adds a value. Spelling does not matter: letters are compared without case, and of numbers only the digits.
    public mutating func insert(_ value: String, as kind: DetectedKind) {
        let folded = Self.folded(Array(value.utf8).span, kind)
        if folded.count > 1 { values.insert(folded) }
    }

    func contains(_ value: Span<UInt8>, as kind: DetectedKind) -> Bool {
        !values.isEmpty && values.contains(Self.folded(value, kind))
    }

    /// The kind, then the value in one spelling.
    private static func folded(_ value: Span<UInt8>, _ kind: DetectedKind) -> [UInt8] {
        var out: [UInt8] = [kind.rawValue]
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
        // A domestic number and its international spelling end alike: nine digits tell telephones apart.
        if kind == .telephone, out.count > 10 { out = [kind.rawValue] + out.suffix(9) }
        return out
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
