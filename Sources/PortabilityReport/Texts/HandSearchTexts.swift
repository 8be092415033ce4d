import PortabilityModel

/// What is said of searches by hand, and of sources without personal data.
enum HandSearchTexts {
    static let title = LocalizedText(
        fi: "Käsin tehdyt haut", sv: "Sökningar för hand", en: "Searches by hand")
    static let introduction = LocalizedText(
        fi: "Paperit ja muut, jotka eivät ole tietojärjestelmissä, on käyty läpi käsin.",
        sv: "Papper och annat som inte finns i datasystem har gåtts igenom för hand.",
        en: "Papers, and what else is in no computer system, were looked through by hand.")
    static let caption = LocalizedText(
        fi: "Missä, kuka, milloin ja millä tuloksella", sv: "Var, av vem, när och med vilket resultat",
        en: "Where, by whom, when, and with which result")
    static let placesColumn = LocalizedText(fi: "Missä", sv: "Var", en: "Where")
    static let roleColumn = LocalizedText(fi: "Kenen tekemä (tehtävä)", sv: "Av vem (roll)", en: "By whom (role)")
    static let dateColumn = LocalizedText(fi: "Milloin", sv: "När", en: "When")
    static let resultColumn = LocalizedText(fi: "Tulos", sv: "Resultat", en: "Result")

    static func result(_ result: Attestation.Result) -> LocalizedText {
        switch result {
        case .found:
            LocalizedText(
                fi: "Löytyi; löydetyt on luettu tätä vastausta varten",
                sv: "Något hittades; det har lästs för detta svar",
                en: "Something was found, and was read for this answer")
        case .nothingFound:
            LocalizedText(fi: "Mitään ei löytynyt", sv: "Inget hittades", en: "Nothing was found")
        }
    }

    static let withoutPersonalData = LocalizedText(
        fi: "Järjestelmät, joissa ei ole henkilötietoja", sv: "System utan personuppgifter",
        en: "Systems that hold no personal data")
}
