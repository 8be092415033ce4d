import PortabilityModel

/// The canonical spellings as regular expressions without anchors, in the part of the syntax that ECMA-262 (JSON
/// Schema), XML Schema and Python share.
///
/// The schemas say string with a pattern where a validator's own type is narrower than ours: libxml2's decimals end at
/// 24 digits, dates of other libraries begin with the year 1, and few know leap seconds.
enum ValuePattern {
    static let integer = "0|-?[1-9][0-9]*"
    /// Outside ±2^53; what is smaller is a JSON number.
    static let largeInteger = "-?[1-9][0-9]{15,}"
    static let decimal = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?"
    static let boolean = "true|false"
    static let date = "-?([0-9]{4}|[1-9][0-9]{4,})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    static let time = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?"
    static let timestamp = "\(date)T\(time)(Z|[+\\-]([01][0-9]|2[0-3]):[0-5][0-9])"
    static let localTimestamp = "\(date)T\(time)"
    static let duration: String = {
        let days = "[1-9][0-9]*D"
        let months = "[1-9][0-9]*M"
        let dates = "[1-9][0-9]*Y(\(months))?(\(days))?|\(months)(\(days))?|\(days)"
        let seconds = "[0-9]+(\\.[0-9]+)?S"
        let minutes = "[1-9][0-9]*M"
        let times = "T([1-9][0-9]*H(\(minutes))?(\(seconds))?|\(minutes)(\(seconds))?|\(seconds))"
        return "-?P((\(dates))(\(times))?|\(times))"
    }()
    static let reference = "data/documents/[A-Za-z0-9._\\-]+"
    static let sha256 = "[0-9a-f]{64}"

    /// The spelling of a kind; nil if any text will do.
    static func of(_ kind: ValueKind) -> String? {
        switch kind {
        case .string, .json: nil
        case .integer: integer
        case .decimal: decimal
        case .boolean: boolean
        case .date: date
        case .time: time
        case .timestamp: timestamp
        case .localTimestamp: localTimestamp
        case .duration: duration
        case .reference: reference
        }
    }

    /// The whole text must be so.
    static func anchored(_ pattern: String) -> String { "^(\(pattern))$" }
}
