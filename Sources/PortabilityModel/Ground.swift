/// Why something is not in the archive. Typed, so that "excluded on purpose" and "forgotten" can be told apart.
public enum Ground: String, Sendable, CaseIterable {
    /// Article 20(1): the legal basis is neither contract nor consent.
    case basis = "basis-not-portable"
    /// Article 20(1): neither provided by the subject nor observed.
    case origin = "origin-not-portable"
    /// Article 20(1)(b): not processed by automated means.
    case means = "not-automated"
    /// Processed for another controller, who answers for it (Article 28).
    case processor = "processor-role"
    /// Held as controller; the right covers only what is held for the customer.
    case controller = "controller-role"
    /// A password hash, token or key; its existence and dates are told.
    case secret = "secret"
    /// Rights and freedoms of others (Article 15(4), 20(4)).
    case others = "rights-of-others"
    /// No identifier of a kind by which the dataset is searched.
    case noIdentifier = "no-identifier"
    /// The subject asked for other categories only.
    case notRequested = "not-requested"
    /// Not personal data: technical or reference values.
    case notPersonal = "not-personal-data"
    /// The same value is in the archive elsewhere; the exclusion names where.
    case duplicate = "held-elsewhere"
    /// Article 20(1)(a): the user is no party to the contract, so that the contract is no basis here.
    case notParty = "not-party-to-contract"
    /// Data Protection Act (1050/2018) §34: giving the data could harm national security, public order, the
    /// prevention of crime, or someone's health, rights or interests. The person may have them given to the ombudsman.
    case restrictedByLaw = "restricted-by-law"
    /// Another person's personal identity code (Article 87; Data Protection Act §29).
    case identityCode = "identity-code-of-another"
    /// A name of staff: a role label stands for it (C-579/21).
    case staff = "staff-name"
    /// A file in which something would have to be masked, and cannot be.
    case notRedactable = "not-redactable"
    /// A reviewer decided so; the review file tells by which role, when and why.
    case reviewed = "withheld-on-review"
    /// Outside the period that the subject asked for.
    case outsidePeriod = "outside-period"

    /// What the person reads.
    public var text: LocalizedText {
        switch self {
        case .basis:
            LocalizedText(
                fi: "Oikeus siirtää tiedot koskee vain sopimukseen tai suostumukseen perustuvaa käsittelyä",
                sv: "Rätten till dataportabilitet gäller endast behandling som grundar sig på avtal eller samtycke",
                en: "The right to data portability covers only processing based on contract or consent")
        case .origin:
            LocalizedText(
                fi: "Oikeus siirtää tiedot koskee vain tietoja, jotka olet itse toimittanut tai jotka ovat syntyneet "
                    + "käytöstäsi",
                sv: "Rätten till dataportabilitet gäller endast uppgifter som du själv har lämnat eller som har "
                    + "uppstått genom din användning",
                en: "The right to data portability covers only data that you provided or that your use produced")
        case .means:
            LocalizedText(
                fi: "Oikeus siirtää tiedot koskee vain automaattista käsittelyä",
                sv: "Rätten till dataportabilitet gäller endast automatiserad behandling",
                en: "The right to data portability covers only automated processing")
        case .processor:
            LocalizedText(
                fi:
                    "Käsittelemme näitä tietoja toisen rekisterinpitäjän lukuun; pyydä ne siltä. Jos olet itse asiakas, "
                    + "jonka tili on, saat tiedot pyytämällä koko tilin tiedot",
                sv:
                    "Vi behandlar dessa uppgifter för en annan personuppgiftsansvarigs räkning; begär dem av denne. Om du "
                    + "själv är kunden som har kontot får du uppgifterna genom att begära hela kontot",
                en: "We process these data on behalf of another controller; ask it for them. If you are yourself the "
                    + "customer whose account it is, you get them by asking for the whole account")
        case .controller:
            LocalizedText(
                fi: "Tiedot kuuluvat omaan rekisteriimme, eivät asiakkaan lukuun käsiteltäviin tietoihin",
                sv: "Uppgifterna hör till vårt eget register och behandlas inte för kundens räkning",
                en: "The data belong to our own register and are not processed on the customer's behalf")
        case .secret:
            LocalizedText(
                fi: "Salasanoja, tunnisteita ja avaimia ei luovuteta turvallisuussyistä; niiden olemassaolo kerrotaan",
                sv: "Lösenord, koder och nycklar lämnas inte ut av säkerhetsskäl; att de finns anges",
                en: "Passwords, tokens and keys are not given out for security; that they exist is told")
        case .others:
            LocalizedText(
                fi: "Tietojen antaminen vaikuttaisi haitallisesti muiden oikeuksiin ja vapauksiin",
                sv: "Att lämna ut uppgifterna skulle inverka menligt på andras rättigheter och friheter",
                en: "Giving the data would adversely affect the rights and freedoms of others")
        case .noIdentifier:
            LocalizedText(
                fi:
                    "Ei haettu: tällaiset tiedot ovat tunnisteen alla, jota meillä ei ole sinusta tai joka ei ole yksin "
                    + "sinun, esimerkiksi työnantajasi asiakasnumero; sitä, onko tietoja, tämä ei kerro",
                sv:
                    "Inte sökt: sådana uppgifter finns under en identifierare som vi inte har för dig eller som inte är "
                    + "enbart din, till exempel din arbetsgivares kundnummer; om det finns några sägs inte här",
                en: "Not searched: such data are kept under an identifier that we do not have for you or that is not "
                    + "yours alone, for example your employer’s customer number; whether there are any is not said here"
            )
        case .notRequested:
            LocalizedText(
                fi: "Et pyytänyt näitä tietoja", sv: "Du bad inte om dessa uppgifter",
                en: "You did not ask for these data")
        case .notPersonal:
            LocalizedText(
                fi: "Tieto on tekninen eikä koske henkilöä", sv: "Uppgiften är teknisk och rör ingen person",
                en: "The value is technical and does not relate to a person")
        case .notParty:
            LocalizedText(
                fi:
                    "Et ole sopimuksen osapuoli vaan käytät palvelua työnantajasi puolesta, joten oikeus siirtää tiedot "
                    + "ei koske sopimuksen perusteella käsiteltäviä tietoja",
                sv: "Du är inte part i avtalet utan använder tjänsten för din arbetsgivares räkning, och därför gäller "
                    + "rätten till dataportabilitet inte uppgifter som behandlas på grund av avtalet",
                en: "You are not a party to the contract but use the service for your employer, so the right to data "
                    + "portability does not cover what is processed under the contract")
        case .restrictedByLaw:
            LocalizedText(
                fi:
                    "Laki rajoittaa oikeutta saada nämä tiedot (tietosuojalaki 34 §). Voit pyytää, että tiedot annetaan "
                    + "tietosuojavaltuutetulle",
                sv:
                    "Lagen begränsar rätten att få dessa uppgifter (dataskyddslagen 34 §). Du kan begära att uppgifterna "
                    + "lämnas till dataombudsmannen",
                en: "The law restricts the right to these data (Finnish Data Protection Act, section 34). You may ask "
                    + "that they be given to the Data Protection Ombudsman")
        case .identityCode:
            LocalizedText(
                fi: "Toisen henkilön henkilötunnus", sv: "En annan persons personbeteckning",
                en: "The personal identity code of another person")
        case .staff:
            LocalizedText(
                fi: "Työntekijän nimen sijasta on hänen tehtävänsä",
                sv: "I stället för den anställdas namn anges rollen",
                en: "A role stands for the name of a member of staff")
        case .notRedactable:
            LocalizedText(
                fi: "Tiedostossa on tai voi olla muiden tietoja, joita siitä ei voida peittää",
                sv: "Filen innehåller eller kan innehålla uppgifter om andra som inte kan döljas i den",
                en: "The file holds, or may hold, data on others that cannot be masked in it")
        case .reviewed:
            LocalizedText(
                fi: "Kohta on käyty läpi ja jätetty pois muiden oikeuksien vuoksi",
                sv: "Stället har granskats och utelämnats med hänsyn till andras rättigheter",
                en: "The passage was reviewed and left out for the rights of others")
        case .outsidePeriod:
            LocalizedText(
                fi: "Tieto on pyytämäsi ajanjakson ulkopuolelta", sv: "Uppgiften hör inte till den period du bad om",
                en: "The record is outside the period that you asked for")
        case .duplicate:
            LocalizedText(
                fi: "Sama tieto on paketissa toisessa kohdassa",
                sv: "Samma uppgift finns på ett annat ställe i paketet",
                en: "The same value stands elsewhere in the archive")
        }
    }

    /// The provision that allows it, as the reports print it; nil where nothing is refused. O(1).
    public func article(under right: Right) -> String? {
        switch self {
        case .basis, .origin, .means, .notParty: "20(1)"
        case .others, .staff, .notRedactable, .reviewed: right == .access ? "15(4)" : "20(4)"
        case .identityCode: "87"
        case .processor, .controller: "28(3)"
        case .secret: "32"
        case .restrictedByLaw: "23"
        // What the rights cover: data on the person. Article 11 is no reason where it is known whose they are.
        case .noIdentifier:
            switch right {
            case .access: "15(1)"
            case .portability: "20(1)"
            case .switching, .handover: nil
            }
        case .notRequested, .notPersonal, .duplicate, .outsidePeriod: nil
        }
    }
}
