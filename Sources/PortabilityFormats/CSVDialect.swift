public import PortabilityModel

/// How a CSV file is written. Always UTF-8, RFC 4180 quotes, CRLF and a header row.
public struct CSVDialect: Hashable, Sendable {
    /// The byte between cells: `,` or `;`.
    public let delimiter: UInt8
    /// Whether the file begins with U+FEFF, by which spreadsheets know UTF-8.
    public let bom: Bool
    /// Whether decimals are written with a comma.
    public let decimalComma: Bool

    /// For programs: comma, decimal point, no byte order mark.
    public static let service = CSVDialect(delimiter: UInt8(ascii: ","), bom: false, decimalComma: false)

    /// For a person who opens the file in a spreadsheet set to the language: semicolon, byte order mark, and the
    /// decimal sign of the language.
    public static func excel(_ language: Language) -> CSVDialect {
        CSVDialect(delimiter: UInt8(ascii: ";"), bom: true, decimalComma: language != .en)
    }
}
