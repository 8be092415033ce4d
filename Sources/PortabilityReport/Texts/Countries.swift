import PortabilityModel

/// Names of countries by ISO 3166-1 alpha-2 code: the European Economic Area, those with an adequacy decision, and
/// others where service providers often are. A code that is not here is shown as it is.
enum Countries {
    static func name(_ code: String, _ language: Language) -> String { names[code]?[language] ?? code }

    /// Whether a transfer there needs a tool of Chapter V of the GDPR.
    static func isInEconomicArea(_ code: String) -> Bool { economicArea.contains(code) }

    private static let economicArea: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
        "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ]

    private static let names: [String: LocalizedText] = [
        "AD": LocalizedText(fi: "Andorra", sv: "Andorra", en: "Andorra"),
        "AE": LocalizedText(
            fi: "Yhdistyneet arabiemiirikunnat", sv: "Förenade Arabemiraten", en: "United Arab Emirates"),
        "AR": LocalizedText(fi: "Argentiina", sv: "Argentina", en: "Argentina"),
        "AT": LocalizedText(fi: "Itävalta", sv: "Österrike", en: "Austria"),
        "AU": LocalizedText(fi: "Australia", sv: "Australien", en: "Australia"),
        "BE": LocalizedText(fi: "Belgia", sv: "Belgien", en: "Belgium"),
        "BG": LocalizedText(fi: "Bulgaria", sv: "Bulgarien", en: "Bulgaria"),
        "BR": LocalizedText(fi: "Brasilia", sv: "Brasilien", en: "Brazil"),
        "CA": LocalizedText(fi: "Kanada", sv: "Kanada", en: "Canada"),
        "CH": LocalizedText(fi: "Sveitsi", sv: "Schweiz", en: "Switzerland"),
        "CN": LocalizedText(fi: "Kiina", sv: "Kina", en: "China"),
        "CY": LocalizedText(fi: "Kypros", sv: "Cypern", en: "Cyprus"),
        "CZ": LocalizedText(fi: "Tšekki", sv: "Tjeckien", en: "Czechia"),
        "DE": LocalizedText(fi: "Saksa", sv: "Tyskland", en: "Germany"),
        "DK": LocalizedText(fi: "Tanska", sv: "Danmark", en: "Denmark"),
        "EE": LocalizedText(fi: "Viro", sv: "Estland", en: "Estonia"),
        "ES": LocalizedText(fi: "Espanja", sv: "Spanien", en: "Spain"),
        "FI": LocalizedText(fi: "Suomi", sv: "Finland", en: "Finland"),
        "FO": LocalizedText(fi: "Färsaaret", sv: "Färöarna", en: "Faroe Islands"),
        "FR": LocalizedText(fi: "Ranska", sv: "Frankrike", en: "France"),
        "GB": LocalizedText(fi: "Yhdistynyt kuningaskunta", sv: "Förenade kungariket", en: "United Kingdom"),
        "GG": LocalizedText(fi: "Guernsey", sv: "Guernsey", en: "Guernsey"),
        "GR": LocalizedText(fi: "Kreikka", sv: "Grekland", en: "Greece"),
        "HK": LocalizedText(fi: "Hongkong", sv: "Hongkong", en: "Hong Kong"),
        "HR": LocalizedText(fi: "Kroatia", sv: "Kroatien", en: "Croatia"),
        "HU": LocalizedText(fi: "Unkari", sv: "Ungern", en: "Hungary"),
        "IE": LocalizedText(fi: "Irlanti", sv: "Irland", en: "Ireland"),
        "IL": LocalizedText(fi: "Israel", sv: "Israel", en: "Israel"),
        "IM": LocalizedText(fi: "Mansaari", sv: "Isle of Man", en: "Isle of Man"),
        "IN": LocalizedText(fi: "Intia", sv: "Indien", en: "India"),
        "IS": LocalizedText(fi: "Islanti", sv: "Island", en: "Iceland"),
        "IT": LocalizedText(fi: "Italia", sv: "Italien", en: "Italy"),
        "JE": LocalizedText(fi: "Jersey", sv: "Jersey", en: "Jersey"),
        "JP": LocalizedText(fi: "Japani", sv: "Japan", en: "Japan"),
        "KR": LocalizedText(fi: "Etelä-Korea", sv: "Sydkorea", en: "South Korea"),
        "LI": LocalizedText(fi: "Liechtenstein", sv: "Liechtenstein", en: "Liechtenstein"),
        "LT": LocalizedText(fi: "Liettua", sv: "Litauen", en: "Lithuania"),
        "LU": LocalizedText(fi: "Luxemburg", sv: "Luxemburg", en: "Luxembourg"),
        "LV": LocalizedText(fi: "Latvia", sv: "Lettland", en: "Latvia"),
        "MT": LocalizedText(fi: "Malta", sv: "Malta", en: "Malta"),
        "MX": LocalizedText(fi: "Meksiko", sv: "Mexiko", en: "Mexico"),
        "NL": LocalizedText(fi: "Alankomaat", sv: "Nederländerna", en: "Netherlands"),
        "NO": LocalizedText(fi: "Norja", sv: "Norge", en: "Norway"),
        "NZ": LocalizedText(fi: "Uusi-Seelanti", sv: "Nya Zeeland", en: "New Zealand"),
        "PH": LocalizedText(fi: "Filippiinit", sv: "Filippinerna", en: "Philippines"),
        "PL": LocalizedText(fi: "Puola", sv: "Polen", en: "Poland"),
        "PT": LocalizedText(fi: "Portugali", sv: "Portugal", en: "Portugal"),
        "RO": LocalizedText(fi: "Romania", sv: "Rumänien", en: "Romania"),
        "RS": LocalizedText(fi: "Serbia", sv: "Serbien", en: "Serbia"),
        "RU": LocalizedText(fi: "Venäjä", sv: "Ryssland", en: "Russia"),
        "SE": LocalizedText(fi: "Ruotsi", sv: "Sverige", en: "Sweden"),
        "SG": LocalizedText(fi: "Singapore", sv: "Singapore", en: "Singapore"),
        "SI": LocalizedText(fi: "Slovenia", sv: "Slovenien", en: "Slovenia"),
        "SK": LocalizedText(fi: "Slovakia", sv: "Slovakien", en: "Slovakia"),
        "TR": LocalizedText(fi: "Turkki", sv: "Turkiet", en: "Türkiye"),
        "UA": LocalizedText(fi: "Ukraina", sv: "Ukraina", en: "Ukraine"),
        "US": LocalizedText(fi: "Yhdysvallat", sv: "Förenta staterna", en: "United States"),
        "UY": LocalizedText(fi: "Uruguay", sv: "Uruguay", en: "Uruguay"),
        "ZA": LocalizedText(fi: "Etelä-Afrikka", sv: "Sydafrika", en: "South Africa"),
    ]
}
