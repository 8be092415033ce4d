/// What kind of identifier was found in a text, the most specific first.
///
/// Where two hits overlap, the more specific kind wins: the order of the cases is that order.
public enum DetectedKind: UInt8, Sendable, CaseIterable {
    /// A personal identity code of Finland, Sweden, Norway or Estonia whose check is right.
    case identityCode
    /// An international bank account number (ISO 13616) whose check and length are right.
    case iban
    /// A payment card number (ISO/IEC 7812) of a known issuer whose check is right.
    case card
    /// An e-mail address.
    case email
    /// A telephone number, international or as dialled within Finland or Sweden.
    case telephone
    /// One of the names that were given to look for.
    case name

    /// The kind as configurations, ledgers and review lists write it.
    public var name: String {
        switch self {
        case .identityCode: "identity-code"
        case .iban: "iban"
        case .card: "card"
        case .email: "email"
        case .telephone: "telephone"
        case .name: "name"
        }
    }

    /// The kind of a name as ``name`` writes it, or nil.
    public init?(name: some StringProtocol) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}

/// One identifier in a text.
public struct Detection: Sendable, Hashable {
    public var kind: DetectedKind
    /// Which bytes of the text it is.
    public var range: Range<Int>
    /// For a name: which of the sets given to the detectors has it; else 0.
    public var set: Int
    /// For a name: the index, in the list that its set was made of, of the first entry that is so written; else 0.
    public var entry: Int

    public init(kind: DetectedKind, range: Range<Int>, set: Int = 0, entry: Int = 0) {
        self.kind = kind
        self.range = range
        self.set = set
        self.entry = entry
    }
}
