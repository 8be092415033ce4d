/// IRIs of the vocabularies that the catalogue points into.
enum IRI {
    /// A term of schema.org.
    static func schema(_ term: String) -> String { "https://schema.org/\(term)" }
    /// A term of the vCard ontology (W3C Note of 22 May 2014).
    static func vcard(_ term: String) -> String { "http://www.w3.org/2006/vcard/ns#\(term)" }
    /// A category of personal data in the Data Privacy Vocabulary 2.3.
    static func pd(_ term: String) -> String { "https://w3id.org/dpv/pd#\(term)" }
}

extension FieldType {
    static let string: FieldType = .value(.string)
    static let integer: FieldType = .value(.integer)
    static let decimal: FieldType = .value(.decimal)
    static let boolean: FieldType = .value(.boolean)
    static let date: FieldType = .value(.date)
    static let time: FieldType = .value(.time)
    static let timestamp: FieldType = .value(.timestamp)
    static let localTimestamp: FieldType = .value(.localTimestamp)
    static let duration: FieldType = .value(.duration)
    static let json: FieldType = .value(.json)
    static let reference: FieldType = .value(.reference)
}

/// Fields that mean the same in every entity that has them.
enum Shared {
    static let userID = Field(
        "user_id", .string, fi: "Käyttäjätunnus", sv: "Användar-id", en: "User ID",
        meaning: LocalizedText(
            fi: "Tunniste, jolla palvelu erottaa käyttäjän muista.",
            sv: "Den kod som tjänsten skiljer användaren från andra med.",
            en: "The key by which the service tells the user from others."),
        iris: [IRI.schema("identifier"), IRI.pd("UID")], sensitivity: .personal)

    static let customerNumber = Field(
        "customer_number", .string, fi: "Asiakasnumero", sv: "Kundnummer", en: "Customer number",
        meaning: LocalizedText(
            fi: "Sen asiakkuuden numero, johon tieto kuuluu.",
            sv: "Numret på det kundförhållande som uppgiften hör till.",
            en: "The number of the customer account that the record belongs to."),
        iris: [IRI.schema("identifier"), IRI.pd("Identifier")], sensitivity: .personal)

    static let sessionID = Field(
        "session_id", .string, fi: "Istunnon tunniste", sv: "Sessions-id", en: "Session ID",
        meaning: LocalizedText(
            fi: "Tunniste, joka yhdistää saman käyntikerran tapahtumat.",
            sv: "Den kod som håller ihop händelserna under ett och samma besök.",
            en: "The key that ties together the events of one visit."),
        iris: [IRI.pd("Tracking")], sensitivity: .personal)

    static let cookieID = Field(
        "cookie_id", .string, fi: "Evästeen tunniste", sv: "Kakans id", en: "Cookie ID",
        meaning: LocalizedText(
            fi: "Selaimeen tallennettu tunniste, josta laite tunnistetaan. Laitteella voi olla useita käyttäjiä.",
            sv: "En kod i webbläsaren som enheten känns igen på. En enhet kan ha flera användare.",
            en: "A key kept in the browser by which a device is recognised. A device may have several users."),
        iris: [IRI.pd("Tracking")], sensitivity: .personal)

    static let deviceID = Field(
        "device_id", .string, fi: "Laitteen tunniste", sv: "Enhetens id", en: "Device ID",
        iris: [IRI.pd("DeviceBased")], sensitivity: .personal)

    static let ipAddress = Field(
        "ip_address", .string, fi: "IP-osoite", sv: "IP-adress", en: "IP address",
        iris: [IRI.pd("IPAddress")], sensitivity: .personal)

    static let userAgent = Field(
        "user_agent", .string, fi: "Selain ja käyttöjärjestelmä", sv: "Webbläsare och operativsystem",
        en: "Browser and operating system",
        meaning: LocalizedText(
            fi: "Selaimen tai sovelluksen itsestään ilmoittama kuvaus (User-Agent).",
            sv: "Webbläsarens eller appens beskrivning av sig själv (User-Agent).",
            en: "What the browser or application says it is (User-Agent)."),
        iris: [IRI.pd("UserAgent")], sensitivity: .personal)

    static let currency = Field(
        "currency", .string, fi: "Valuutta", sv: "Valuta", en: "Currency",
        meaning: LocalizedText(
            fi: "Kolmikirjaiminen valuuttakoodi (ISO 4217).", sv: "Valutakod med tre bokstäver (ISO 4217).",
            en: "Three-letter currency code (ISO 4217)."),
        iris: [IRI.schema("priceCurrency")])

    static let language = Field(
        "language", .string, fi: "Asiointikieli", sv: "Kontaktspråk", en: "Language of contact",
        meaning: LocalizedText(
            fi: "Kielikoodi (BCP 47), esimerkiksi fi, sv tai en.",
            sv: "Språkkod (BCP 47), till exempel fi, sv eller en.",
            en: "Language code (BCP 47), such as fi, sv or en."),
        iris: [IRI.schema("knowsLanguage"), IRI.vcard("language"), IRI.pd("Language")], sensitivity: .personal)

    static let status = Field(
        "status", .string, fi: "Tila", sv: "Status", en: "State",
        meaning: LocalizedText(
            fi: "Tila lähdejärjestelmän omin sanoin.", sv: "Status med källsystemets egna ord.",
            en: "The state, in the source system's own words."))
}
