import PortabilityModel

/// What the processing information says, after the Regulation's Finnish, Swedish and English texts.
enum ProcessingTexts {
    static let notStated = LocalizedText(
        fi: "Ei ilmoitettu; kysy meiltä", sv: "Inte angivet; fråga oss", en: "Not stated; ask us")

    static func presence(_ presence: ProcessingInformation.Presence) -> LocalizedText {
        switch presence {
        case .here: LocalizedText(fi: "Mukana paketissa", sv: "Finns i paketet", en: "In the package")
        case .partial:
            LocalizedText(fi: "Osittain mukana paketissa", sv: "Finns delvis i paketet", en: "Partly in the package")
        case .withheld: LocalizedText(fi: "Jätetty pois", sv: "Utelämnat", en: "Left out")
        case .failed: LocalizedText(fi: "Ei voitu lukea", sv: "Kunde inte läsas", en: "Could not be read")
        }
    }

    // (d) How long.

    /// `At least until 31 December 2026`.
    static func kept(_ kept: ArchiveSummary.Kept, _ language: Language) -> String {
        let text = keptInside(kept, language)
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// The same in the middle of a sentence.
    static func keptInside(_ kept: ArchiveSummary.Kept, _ language: Language) -> String {
        let (first, last) = (language.date(kept.first), language.date(kept.last))
        let text: LocalizedText
        switch (kept.first == kept.last, kept.isAtLeast) {
        case (true, true):
            text = LocalizedText(fi: "vähintään {last} asti", sv: "minst till {last}", en: "at least until {last}")
        case (true, false): text = LocalizedText(fi: "{last} asti", sv: "till {last}", en: "until {last}")
        case (false, true):
            text = LocalizedText(
                fi: "merkinnästä riippuen vähintään {first}–{last} asti",
                sv: "minst till {first}–{last}, beroende på posten",
                en: "at least until {first} to {last}, depending on the record")
        case (false, false):
            text = LocalizedText(
                fi: "merkinnästä riippuen {first}–{last} asti", sv: "till {first}–{last}, beroende på posten",
                en: "until {first} to {last}, depending on the record")
        }
        return text.filled(language, ["first": first, "last": last])
    }

    // (c) Who receives, and transfers.

    static let noRecipients = LocalizedText(
        fi: "Näitä tietoja ei luovuteta muille", sv: "Dessa uppgifter lämnas inte ut till andra",
        en: "These data are not disclosed to anyone else")
    static let transferNotStated = LocalizedText(
        fi: "Siirron perustetta ei ole ilmoitettu; kysy meiltä",
        sv: "Grunden för överföringen är inte angiven; fråga oss",
        en: "The basis for the transfer is not stated; ask us")
    static let copyOfSafeguards = LocalizedText(
        fi: "Suojatoimista saat lisätietoja ja jäljennöksen pyytämällä meiltä",
        sv: "Mer information om skyddsåtgärderna, och en kopia av dem, får du av oss på begäran",
        en: "Ask us for more on the safeguards, and for a copy of them")

    // (e) Rights.

    /// The official name of a right; the article itself if it is none of the list.
    static func rightName(_ article: String) -> LocalizedText {
        LegalTexts.rights.first { $0.article == article }?.name ?? LocalizedText { LegalTexts.article(article, $0) }
    }
    static func rightMeaning(_ article: String) -> LocalizedText {
        LegalTexts.rights.first { $0.article == article }?.meaning ?? rightName(article)
    }
    static let marketingName = LocalizedText(
        fi: "Oikeus vastustaa suoramarkkinointia", sv: "Rätt att invända mot direkt marknadsföring",
        en: "Right to object to direct marketing")

    static let erasure = LocalizedText(
        fi: "Voit pyytää tietojen poistamista.", sv: "Du kan begära att uppgifterna raderas.",
        en: "You may ask for the data to be erased.")
    /// When what rests on a basis is erased; nil where nothing in particular follows.
    static func erasure(_ basis: LegalBasis) -> LocalizedText? {
        switch basis {
        case .consent:
            LocalizedText(
                fi: "Suostumukseesi perustuvat tiedot poistetaan, kun peruutat suostumuksesi, jollei käsittelylle ole "
                    + "muuta laillista perustetta.",
                sv: "Det som grundar sig på ditt samtycke raderas när du återkallar samtycket, om det inte finns någon "
                    + "annan rättslig grund för behandlingen.",
                en: "What is processed on your consent is erased when you withdraw it, unless there is another legal "
                    + "ground for the processing.")
        case .contract:
            LocalizedText(
                fi: "Sopimuksen perusteella käsiteltävät tiedot poistetaan, kun niitä ei enää tarvita.",
                sv: "Det som behandlas på grund av avtalet raderas när det inte längre behövs.",
                en: "What is processed under the contract is erased when it is no longer needed.")
        case .legitimateInterest:
            LocalizedText(
                fi: "Oikeutettuun etuumme perustuvat tiedot poistetaan, kun vastustat käsittelyä eikä siihen ole "
                    + "olemassa perusteltua syytä.",
                sv: "Det som grundar sig på vårt berättigade intresse raderas när du invänder mot behandlingen och det "
                    + "saknas berättigade skäl som väger tyngre.",
                en: "What is processed for our legitimate interests is erased when you object and there are no "
                    + "overriding legitimate grounds.")
        case .legalObligation, .vitalInterest, .publicTask: nil
        }
    }
    static let erasureOfMarketing = LocalizedText(
        fi: "Suoramarkkinointia varten käsiteltävät tiedot poistetaan, kun vastustat sitä.",
        sv: "Det som behandlas för direkt marknadsföring raderas när du invänder mot den.",
        en: "What is processed for direct marketing is erased when you object to it.")
    /// `{what}`.
    static let kept = LocalizedText(
        fi: "Laki velvoittaa meidät säilyttämään seuraavat tiedot, joten niitä ei voida poistaa ennen kuin velvoite "
            + "päättyy: {what}.",
        sv: "Lagen ålägger oss att bevara följande uppgifter, som därför inte kan raderas förrän skyldigheten upphör: "
            + "{what}.",
        en: "The law obliges us to keep the following, which therefore cannot be erased before the obligation ends: "
            + "{what}.")
    /// `{what}`.
    static let neededForTask = LocalizedText(
        fi: "Seuraavia tietoja ei voida poistaa, kun niitä tarvitaan yleistä etua koskevan tehtävän suorittamiseen: "
            + "{what}.",
        sv: "Följande uppgifter kan inte raderas medan de behövs för en uppgift av allmänt intresse: {what}.",
        en: "The following cannot be erased while they are needed for a task in the public interest: {what}.")

    static let portability = LocalizedText(
        fi: "Saat tiedot jäsennellyssä, yleisesti käytetyssä ja koneellisesti luettavassa muodossa ja voit siirtää ne "
            + "toiselle rekisterinpitäjälle.",
        sv: "Du får uppgifterna i ett strukturerat, allmänt använt och maskinläsbart format och kan överföra dem till "
            + "en annan personuppgiftsansvarig.",
        en: "You may get the data in a structured, commonly used and machine-readable format and transmit them to "
            + "another controller.")
    /// `{what}`.
    static let covers = LocalizedText(
        fi: "Oikeus koskee näitä: {what}.", sv: "Rätten gäller: {what}.", en: "The right covers: {what}.")
    /// `{what}`, `{why}`.
    static let doesNotCover = LocalizedText(
        fi: "Oikeus ei koske näitä: {what}. {why}.", sv: "Rätten gäller inte: {what}. {why}.",
        en: "The right does not cover: {what}. {why}.")

    /// `{purposes}`.
    static let objection = LocalizedText(
        fi: "Voit henkilökohtaiseen erityiseen tilanteeseesi liittyvällä perusteella vastustaa käsittelyä, jonka "
            + "tarkoitus on {purposes}. Emme silloin enää käsittele tietoja, paitsi jos osoitamme, että käsittelyyn on "
            + "huomattavan tärkeä ja perusteltu syy, joka syrjäyttää etusi, oikeutesi ja vapautesi, tai jos tietoja "
            + "tarvitaan oikeusvaateen laatimiseksi, esittämiseksi tai puolustamiseksi.",
        sv: "Du kan av skäl som hänför sig till din specifika situation invända mot behandling med ändamålet "
            + "{purposes}. Då behandlar vi inte längre uppgifterna, om vi inte kan påvisa avgörande berättigade skäl "
            + "som väger tyngre än dina intressen, rättigheter och friheter, eller om det sker för fastställande, "
            + "utövande eller försvar av rättsliga anspråk.",
        en: "You may object, on grounds relating to your particular situation, to processing for the purpose "
            + "{purposes}. We then stop, unless we demonstrate compelling legitimate grounds that override your "
            + "interests, rights and freedoms, or need the data for legal claims.")
    static let noObjection = LocalizedText(
        fi: "Vastustamisoikeus koskee vain käsittelyä, joka perustuu oikeutettuun etuun tai yleistä etua koskevaan "
            + "tehtävään; näiden tietojen käsittely ei perustu niihin.",
        sv: "Rätten att göra invändningar gäller endast behandling som grundar sig på berättigat intresse eller en "
            + "uppgift av allmänt intresse; behandlingen av dessa uppgifter gör inte det.",
        en: "The right to object covers only processing based on legitimate interests or on a task in the public "
            + "interest; these data are processed on neither.")
    static let objectionOnlyMarketing = LocalizedText(
        fi: "Näitä tietoja käsitellään oikeutetun edun perusteella vain suoramarkkinointiin, jota voit aina vastustaa.",
        sv: "På grund av berättigat intresse behandlas dessa uppgifter endast för direkt marknadsföring, som du alltid "
            + "kan invända mot.",
        en: "On legitimate interests these data are processed for direct marketing only, to which you may always "
            + "object.")
    /// `{purposes}`.
    static let marketing = LocalizedText(
        fi: "Voit milloin tahansa ja perusteluja esittämättä vastustaa tietojesi käsittelyä suoramarkkinointia varten "
            + "({purposes}). Lopetamme sen silloin.",
        sv: "Du kan när som helst och utan att ange skäl invända mot att dina uppgifter behandlas för direkt "
            + "marknadsföring ({purposes}). Då upphör vi med det.",
        en: "You may object at any time, and without giving a reason, to the processing of your data for direct "
            + "marketing ({purposes}). We then stop.")
    /// `{purposes}`.
    static let withdrawal = LocalizedText(
        fi: "Voit milloin tahansa peruuttaa suostumuksesi yhtä helposti kuin annoit sen ({purposes}). Peruuttaminen ei "
            + "vaikuta ennen sitä suoritetun käsittelyn lainmukaisuuteen.",
        sv:
            "Du kan när som helst återkalla ditt samtycke lika lätt som du gav det ({purposes}). Återkallandet påverkar "
            + "inte lagligheten av behandling som skett dessförinnan.",
        en: "You may withdraw your consent at any time, as easily as you gave it ({purposes}). Withdrawing it does not "
            + "affect the lawfulness of processing before.")
    static let noConsent = LocalizedText(
        fi: "Näitä tietoja ei käsitellä suostumuksen perusteella.",
        sv: "Dessa uppgifter behandlas inte på grund av samtycke.",
        en: "These data are not processed on the basis of consent.")
    /// `{decisions}`.
    static let decision = LocalizedText(
        fi: "Sinulla on oikeus olla joutumatta pelkästään automaattiseen käsittelyyn perustuvan päätöksen kohteeksi "
            + "({decisions}). Voit vaatia, että tiedot käsittelee luonnollinen henkilö, esittää kantasi ja riitauttaa "
            + "päätöksen.",
        sv: "Du har rätt att inte bli föremål för ett beslut som enbart grundas på automatiserad behandling "
            + "({decisions}). Du har rätt till personlig kontakt med oss för att uttrycka din åsikt och bestrida beslutet.",
        en: "You have the right not to be subject to a decision based solely on automated processing ({decisions}). "
            + "You may ask that a person looks at it, express your point of view and contest the decision.")
    static let noDecision = LocalizedText(
        fi: "Näiden tietojen perusteella ei tehdä päätöksiä, jotka perustuvat pelkästään automaattiseen käsittelyyn.",
        sv: "Inga beslut som enbart grundas på automatiserad behandling fattas med hjälp av dessa uppgifter.",
        en: "No decisions based solely on automated processing are made with these data.")

    // (f) Complaint and judicial remedy.

    static let complaint = LocalizedText(
        fi: "Jos katsot, että henkilötietojesi käsittely rikkoo yleistä tietosuoja-asetusta, sinulla on oikeus tehdä "
            + "valitus valvontaviranomaiselle, erityisesti siinä jäsenvaltiossa, jossa sinulla on vakinainen "
            + "asuinpaikka tai työpaikka tai jossa väitetty rikkominen on tapahtunut.",
        sv: "Om du anser att behandlingen av dina personuppgifter strider mot den allmänna dataskyddsförordningen har "
            + "du rätt att lämna in ett klagomål till en tillsynsmyndighet, särskilt i den medlemsstat där du har din "
            + "hemvist eller din arbetsplats eller där det påstådda intrånget begicks.",
        en: "If you consider that the processing of your personal data infringes the General Data Protection "
            + "Regulation, you have the right to lodge a complaint with a supervisory authority, in particular in the "
            + "Member State of your habitual residence, your place of work or the place of the alleged infringement.")
    static let remedy = LocalizedText(
        fi: "Sinulla on myös oikeus tehokkaisiin oikeussuojakeinoihin: voit nostaa kanteen sen jäsenvaltion "
            + "tuomioistuimessa, jossa rekisterinpitäjällä on toimipaikka tai jossa sinulla on vakinainen asuinpaikka.",
        sv: "Du har också rätt till ett effektivt rättsmedel: du kan väcka talan vid domstol i den medlemsstat där den "
            + "personuppgiftsansvarige är etablerad eller där du har din hemvist.",
        en: "You also have the right to an effective judicial remedy: you can bring proceedings before the courts of "
            + "the Member State where the controller has an establishment or where you have your habitual residence.")

    // (h) Automated decisions.

    static func decisions(_ information: ProcessingInformation, _ language: Language) -> String {
        guard let decisions = information.automatedDecisions else { return notStated[language] }
        let text: LocalizedText
        switch (decisions.decisions.isEmpty, information.hasOtherDecisions) {
        case (true, false):
            text = LocalizedText(
                fi: "Emme tee automatisoituja yksittäispäätöksiä emmekä profilointia, joilla olisi oikeusvaikutuksia "
                    + "tai jotka vaikuttaisivat vastaavalla tavalla merkittävästi; tarkistettu {date}.",
                sv: "Vi fattar inga automatiserade individuella beslut och gör ingen profilering som har rättsliga "
                    + "följder eller på liknande sätt i betydande grad påverkar någon; kontrollerat {date}.",
                en: "We make no automated individual decisions and do no profiling with legal or similarly "
                    + "significant effects; reviewed on {date}.")
        case (true, true):
            text = LocalizedText(
                fi: "Mikään automatisoiduista yksittäispäätöksistämme ei perustu näihin tietoihin; tarkistettu {date}.",
                sv: "Inget av våra automatiserade individuella beslut grundas på dessa uppgifter; kontrollerat {date}.",
                en: "None of our automated individual decisions uses these data; reviewed on {date}.")
        case (false, _):
            text = LocalizedText(
                fi: "Näitä tietoja käytetään automatisoituihin yksittäispäätöksiin: {what}. Tarkistettu {date}.",
                sv: "Dessa uppgifter används för automatiserade individuella beslut: {what}. Kontrollerat {date}.",
                en: "These data are used for automated individual decisions: {what}. Reviewed on {date}.")
        }
        return text.filled(
            language,
            [
                "date": language.date(decisions.reviewed),
                "what": language.list(decisions.decisions.map { $0.name[language] }),
            ])
    }

    // As declared.

    static func specialCategory(_ category: SpecialCategory) -> LocalizedText {
        switch category {
        case .racialOrEthnicOrigin:
            LocalizedText(
                fi: "rotu tai etninen alkuperä", sv: "ras eller etniskt ursprung", en: "racial or ethnic origin")
        case .politicalOpinions:
            LocalizedText(fi: "poliittiset mielipiteet", sv: "politiska åsikter", en: "political opinions")
        case .religiousOrPhilosophicalBeliefs:
            LocalizedText(
                fi: "uskonnollinen tai filosofinen vakaumus", sv: "religiös eller filosofisk övertygelse",
                en: "religious or philosophical beliefs")
        case .tradeUnionMembership:
            LocalizedText(
                fi: "ammattiliiton jäsenyys", sv: "medlemskap i fackförening", en: "trade union membership")
        case .genetic: LocalizedText(fi: "geneettiset tiedot", sv: "genetiska uppgifter", en: "genetic data")
        case .biometric:
            LocalizedText(
                fi: "biometriset tiedot henkilön tunnistamista varten", sv: "biometriska uppgifter för identifiering",
                en: "biometric data for identifying a person")
        case .health:
            LocalizedText(fi: "terveyttä koskevat tiedot", sv: "uppgifter om hälsa", en: "data concerning health")
        case .sexLifeOrOrientation:
            LocalizedText(
                fi: "seksuaalinen käyttäytyminen tai suuntautuminen", sv: "sexualliv eller sexuell läggning",
                en: "sex life or sexual orientation")
        case .criminalOffences:
            LocalizedText(
                fi: "rikostuomiot ja rikkomukset", sv: "fällande domar i brottmål och lagöverträdelser",
                en: "criminal convictions and offences")
        }
    }
    static let children = LocalizedText(
        fi: "Tiedot voivat koskea lapsia", sv: "Uppgifterna kan gälla barn", en: "The data may concern children")
}
