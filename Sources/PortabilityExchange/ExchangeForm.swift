/// A form that other systems read and write, which records are turned into.
public enum ExchangeForm: String, Sendable, CaseIterable {
    /// Finvoice 3.0 (Finance Finland).
    case finvoice
    /// UBL 2.1 that follows EN 16931-1.
    case ubl
    /// vCard 4.0 (RFC 6350).
    case vcard
    /// The tree of the Helsinki Profile GDPR API.
    case helsinkiProfile = "helsinki-profile"
}
