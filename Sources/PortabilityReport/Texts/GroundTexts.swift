import PortabilityModel

/// What a ground says to the reader of a page: a person, somebody who asked for a person, or an organisation, whose data
/// are no matter of GDPR Articles 15 and 20.
extension Ground {
    /// The reason in the reader's terms.
    /// - Parameters:
    ///   - right: Under switching and handover an organisation is addressed.
    ///   - isParty: Whether the person is a party to the contract; only a party can ask for the whole account.
    ///   - isRepresented: Whether somebody else asked.
    func text(under right: Right, isParty: Bool = true, isRepresented: Bool = false) -> LocalizedText {
        let isToSubject = right == .access || right == .portability
        switch self {
        case .notRequested where isRepresented || !isToSubject:
            return LocalizedText(
                fi: "Näitä tietoja ei pyydetty", sv: "Dessa uppgifter begärdes inte",
                en: "These data were not asked for")
        case .outsidePeriod where isRepresented || !isToSubject:
            return LocalizedText(
                fi: "Tieto on pyydetyn ajanjakson ulkopuolelta", sv: "Uppgiften hör inte till den period som begärdes",
                en: "The record is outside the period that was asked for")
        case .processor where isToSubject && !isParty:
            return LocalizedText(
                fi: "Käsittelemme näitä tietoja toisen rekisterinpitäjän lukuun; pyydä ne häneltä",
                sv: "Vi behandlar dessa uppgifter för en annan personuppgiftsansvarigs räkning; begär dem av denne",
                en: "We process these data on behalf of another controller; ask them for the data")
        case .processor where !isToSubject:
            return LocalizedText(
                fi: "Käsittelemme näitä tietoja toisen rekisterinpitäjän lukuun; ne voi pyytää häneltä",
                sv: "Vi behandlar dessa uppgifter för en annan personuppgiftsansvarigs räkning; begär dem av denne",
                en: "We process these data on behalf of another controller; ask them for the data")
        case .basis where !isToSubject, .origin where !isToSubject, .means where !isToSubject,
            .notParty where !isToSubject:
            return right == .switching
                ? LocalizedText(
                    fi: "Palvelun vaihtaminen (datasäädös, asetus (EU) 2023/2854, VI luku) koskee tietoja, jotka ovat "
                        + "syntyneet siitä, että käytätte palvelua; tämä ei ole sellainen",
                    sv: "Byte av tjänst (dataförordningen, förordning (EU) 2023/2854, kapitel VI) gäller data som er "
                        + "användning av tjänsten har gett upphov till; detta är inte sådana",
                    en: "Switching (Data Act, Regulation (EU) 2023/2854, Chapter VI) covers data that your use of the "
                        + "service produced; these are not such data")
                : Ground.controller.text
        case .noIdentifier where !isToSubject:
            return LocalizedText(
                fi: "Tietoja haetaan tunnisteella, jota ei voitu yhdistää yksin teihin",
                sv: "Uppgifterna söks med en identifierare som inte kunde kopplas till enbart er",
                en: "These data are searched by a kind of identifier that could not be tied to you alone")
        case .restrictedByLaw where !isToSubject:
            return LocalizedText(
                fi: "Laki rajoittaa oikeutta saada nämä tiedot (tietosuojalaki 34 §)",
                sv: "Lagen begränsar rätten att få dessa uppgifter (dataskyddslagen 34 §)",
                en: "The law restricts the right to these data (Finnish Data Protection Act, section 34)")
        default: return text
        }
    }

    /// The article of the GDPR that allows it, nil where there is none: Articles 15 and 20 say nothing of what an
    /// organisation gets.
    func provision(under right: Right) -> String? {
        let article = article(under: right)
        if right == .access || right == .portability { return article }
        return article.flatMap { $0.hasPrefix("15(") || $0.hasPrefix("20(") ? nil : $0 }
    }
}
