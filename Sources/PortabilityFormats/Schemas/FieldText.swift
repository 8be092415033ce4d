import PortabilityModel

/// What the schemas say about a field in a person's language.
struct FieldText {
    let title: String
    /// nil if there is nothing to say beyond the title.
    let description: String?

    init(_ field: Field, _ language: Language) {
        title = field.label[language]
        var sentences: [String] = []
        if field.meaning != field.label { sentences.append(Self.sentence(field.meaning[language])) }
        if !field.codes.isEmpty {
            let codes = field.codes.map { "\($0.value) = \($0.label[language])" }.joined(separator: "; ")
            sentences.append(Self.sentence("\(Self.codesTitle[language]): \(codes)"))
        }
        if let term = field.businessTerm { sentences.append("EN 16931: \(term).") }
        description = sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    static let codesTitle = LocalizedText(fi: "Arvot", sv: "Värden", en: "Values")

    /// The text with a full stop at its end.
    static func sentence(_ text: String) -> String { text.utf8.last == UInt8(ascii: ".") ? text : text + "." }

    /// What `record_id` is.
    static let recordID = Field(
        "record_id", .value(.string), fi: "Tietueen tunniste", sv: "Postens id", en: "Record ID",
        meaning: LocalizedText(
            fi: "Lähteen oma avain tai sisällöstä laskettu tunniste.",
            sv: "Källans egen nyckel, eller en kod som räknats ut av innehållet.",
            en: "The source's own key, or one computed from the content."))

    /// What an index column of a child table is.
    static let index = Field(
        "index", .value(.integer), fi: "Järjestysnumero", sv: "Ordningsnummer", en: "Position",
        meaning: LocalizedText(
            fi: "Monesko luettelossa, alkaen yhdestä.", sv: "Plats i listan, räknat från ett.",
            en: "Which element of the list, counted from one."))

    /// What `other` is.
    static let other = Field(
        "other", .value(.json), fi: "Muut tiedot", sv: "Övriga uppgifter", en: "Other data",
        meaning: LocalizedText(
            fi: "Lähteen tiedot, joille tässä rakenteessa ei ole omaa kenttää, omilla nimillään.",
            sv: "Sådant i källan som inte har ett eget fält i denna struktur, under sina egna namn.",
            en: "What the source has beyond the fields of this structure, under its own names."))
    static let otherName = Field(
        "name", .value(.string), fi: "Nimi lähteessä", sv: "Namn i källan", en: "Name in the source")
    static let otherType = Field(
        "type", .value(.string), fi: "Arvon tyyppi", sv: "Värdets typ", en: "Type of the value")
    static let value = Field("value", .value(.string), fi: "Arvo", sv: "Värde", en: "Value")
}
