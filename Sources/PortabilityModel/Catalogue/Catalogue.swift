/// The canonical catalogue: every type of record an archive can hold, as data.
///
/// JSON Schema, XSD, Table Schema, dictionary and report are generated from it. It only grows: a field never changes
/// its type or its ordinal, and a new field is added at the end of its group, so that archives written by older
/// versions stay readable.
public struct Catalogue: Sendable {
    /// Version of the catalogue, `major.minor`: minor grows with each added field or entity.
    public let version: String
    /// The entities in the order of their ordinals.
    public let entities: [Entity]

    /// Makes a catalogue.
    public init(version: String, entities: [Entity]) {
        self.version = version
        self.entities = entities
    }

    /// The entity of that name. O(number of entities).
    public func entity(named name: String) -> Entity? { entities.first { $0.name == name } }
}

/// A type of record.
public struct Entity: Sendable {
    /// `[a-z_]`, permanent.
    public let name: String
    /// Permanent ordinal, from 1.
    public let ordinal: Int
    /// What a person would call it.
    public let label: LocalizedText
    /// What it is, in one or two sentences.
    public let meaning: LocalizedText
    /// IRIs of the same notion elsewhere (schema.org, vCard, DPV).
    public let iris: [String]
    /// The fields; a field's ordinal is its position + 1.
    public let fields: [Field]

    /// Makes an entity.
    public init(
        name: String, ordinal: Int, label: LocalizedText, meaning: LocalizedText, iris: [String] = [],
        fields: [Field]
    ) {
        self.name = name
        self.ordinal = ordinal
        self.label = label
        self.meaning = meaning
        self.iris = iris
        self.fields = fields
    }
}

/// How delicate a field is; decides the defaults of masking and withholding.
public enum Sensitivity: String, Sendable {
    /// Nothing personal by itself.
    case ordinary
    /// Personal data.
    case personal
    /// A national identification number (GDPR Article 87).
    case nationalID = "national-id"
    /// Bank accounts, cards.
    case financial
    /// A password hash, token or key: never exported, existence and dates only.
    case secret
    /// May hold special categories (GDPR Article 9), as free text may.
    case free = "free-text"
}

/// One field of an entity or of a group: an object, since layouts and tables of it are many and all mean this one.
public final class Field: Sendable {
    /// `[a-z][a-z0-9_]*`, permanent; the column name in a query.
    public let name: String
    public let type: FieldType
    /// True if the field is a list (JSON array, XML repeated element, CSV child table).
    public let isList: Bool
    public let label: LocalizedText
    public let meaning: LocalizedText
    /// IRIs of the same notion elsewhere.
    public let iris: [String]
    /// The EN 16931 business term or group (`BT-44`, `BG-7`), if there is one.
    public let businessTerm: String?
    public let sensitivity: Sensitivity
    /// True if the value may be personal data of someone other than the subject.
    public let thirdParty: Bool
    /// The closed list of values with their meaning, where there is one.
    public let codes: [Code]

    /// One value of a code list.
    public struct Code: Sendable {
        public let value: String
        public let label: LocalizedText

        /// Makes a code.
        public init(_ value: String, fi: String, sv: String, en: String) {
            self.value = value
            self.label = LocalizedText(fi: fi, sv: sv, en: en)
        }
    }

    /// Makes a field.
    public init(
        _ name: String, _ type: FieldType, list: Bool = false, fi: String, sv: String, en: String,
        meaning: LocalizedText? = nil, iris: [String] = [], term: String? = nil,
        sensitivity: Sensitivity = .ordinary, thirdParty: Bool = false, codes: [Code] = []
    ) {
        self.name = name
        self.type = type
        self.isList = list
        self.label = LocalizedText(fi: fi, sv: sv, en: en)
        self.meaning = meaning ?? self.label
        self.iris = iris
        self.businessTerm = term
        self.sensitivity = sensitivity
        self.thirdParty = thirdParty
        self.codes = codes
    }
}

/// The type of a field.
public indirect enum FieldType: Sendable {
    /// One value.
    case value(ValueKind)
    /// Nested fields.
    case group([Field])
}

/// The kinds of value. Numbers are exact text, never a Double; every kind has one canonical spelling.
@frozen
public enum ValueKind: UInt8, Sendable, CaseIterable {
    /// Unicode text.
    case string = 1
    /// `-?(0|[1-9][0-9]*)`, no `-0`, any length.
    case integer = 2
    /// Integer spelling, optionally `.` and digits. Trailing zeros are kept (they tell the scale), exponents are not.
    case decimal = 3
    /// `true` or `false`.
    case boolean = 4
    /// `YYYY-MM-DD` (a year before 0 or after 9999 as in XML Schema 1.1, with sign).
    case date = 5
    /// `HH:MM:SS[.fraction]`.
    case time = 6
    /// `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)` with the offset the source gave; `Z` only where the source said Z
    /// or +00:00.
    case timestamp = 7
    /// A timestamp whose source gave no offset.
    case localTimestamp = 8
    /// ISO 8601 duration, months, days and seconds apart, zero parts omitted, `PT0S` for none.
    case duration = 9
    /// JSON text without spaces, numbers as the source spelled them, strings escaped as the format escapes them.
    case json = 10
    /// The path of a document inside the archive.
    case reference = 11

    /// The name used in schemas, dictionary and `other` fields.
    public var name: String {
        switch self {
        case .string: "string"
        case .integer: "integer"
        case .decimal: "decimal"
        case .boolean: "boolean"
        case .date: "date"
        case .time: "time"
        case .timestamp: "timestamp"
        case .localTimestamp: "local-timestamp"
        case .duration: "duration"
        case .json: "json"
        case .reference: "reference"
        }
    }
}
