import PortabilityModel

/// What the letters say to a customer that leaves for another service: Regulation (EU) 2023/2854 (Data Act), chapter VI.
/// The reader is a customer, so that nothing rests on the rights of data subjects.
enum SwitchingTexts {
    static let refusalSubject = LocalizedText(
        fi: "Pyyntö {request}: mitä ei luovuteta, ja miksi",
        sv: "Begäran {request}: vad som inte lämnas ut, och varför",
        en: "Request {request}: what is not handed over, and why")
    static let identitySubject = LocalizedText(
        fi: "Pyyntö {request}: asiakkaan edustajan vahvistaminen",
        sv: "Begäran {request}: bekräftande av kundens företrädare",
        en: "Request {request}: confirming who acts for the customer")
    static let extensionSubject = LocalizedText(
        fi: "Pyyntö {request}: siirtymäaika pitenee", sv: "Begäran {request}: övergångsperioden förlängs",
        en: "Request {request}: a longer transitional period")

    /// What the law sets, beside the contract (Article 25(2)(a), (d) and (g)).
    static let periods = LocalizedText(
        fi: "Irtisanomisaika on enintään kaksi kuukautta, ja sen jälkeen alkava siirtymäaika enintään 30\u{A0}päivää "
            + "(datasäädöksen 25\u{A0}artiklan 2\u{A0}kohdan a ja d\u{A0}alakohta). Siirtymäajan päätyttyä tiedot ovat "
            + "haettavissa vielä vähintään 30\u{A0}päivää (g\u{A0}alakohta).",
        sv: "Uppsägningstiden är högst två månader, och övergångsperioden som börjar efter den högst 30\u{A0}dagar "
            + "(dataförordningen, artikel\u{A0}25.2\u{A0}a och\u{A0}d). Efter övergångsperioden kan uppgifterna hämtas i "
            + "ännu minst 30\u{A0}dagar (led\u{A0}g).",
        en: "The notice period is at most two months, and the transitional period after it at most 30\u{A0}days (Data "
            + "Act, Article\u{A0}25(2)(a) and (d)). After it the data can be retrieved for at least 30\u{A0}days more "
            + "(point (g)).")
    static let identityWhy = LocalizedText(
        fi: "Emme vielä pysty varmistamaan, että pyynnön tekijällä on oikeus toimia asiakkaan puolesta. Jottei kukaan "
            + "ulkopuolinen saisi tilinne tietoja, pyydämme vahvistamaan sen. Jokin näistä riittää:",
        sv: "Vi kan ännu inte försäkra oss om att den som gjort begäran har rätt att företräda kunden. För att ingen "
            + "utomstående ska få ert kundkontos uppgifter ber vi er bekräfta det. Något av följande räcker:",
        en: "We cannot yet be sure that whoever made the request may act for the customer. So that no outsider gets "
            + "your account’s data, we ask you to confirm it. One of these is enough:")
    static let identityWays: [LocalizedText] = [
        LocalizedText(
            fi: "tilin pääkäyttäjä kirjautuu palveluun ja vahvistaa pyynnön siellä",
            sv: "kontots huvudanvändare loggar in i tjänsten och bekräftar begäran där",
            en: "the account’s administrator signs in to the service and confirms the request there"),
        LocalizedText(
            fi: "vastaus sähköpostiosoitteesta, joka meillä on asiakkaan yhteystietona",
            sv: "ett svar från den e-postadress som vi har som kundens kontaktuppgift",
            en: "an answer from the e-mail address that we have as the customer’s contact"),
        LocalizedText(
            fi: "nimenkirjoitusoikeuden osoittava rekisteriote tai valtakirja",
            sv: "ett registerutdrag som visar rätten att teckna firman, eller en fullmakt",
            en: "an extract from the register that shows the right to sign, or a power of attorney"),
    ]
    static let identityNever = LocalizedText(
        fi: "Älkää lähettäkö jäljennöstä henkilöllisyystodistuksesta älkääkä henkilötunnusta.",
        sv: "Skicka inte en kopia av en identitetshandling och inte en personbeteckning.",
        en: "Please send no copy of an identity document and no personal identity code.")
    static let clarificationWhy = LocalizedText(
        fi: "Jotta voimme hoitaa siirron, kertokaa meille (datasäädöksen 25\u{A0}artiklan 3\u{A0}kohta):",
        sv: "För att vi ska kunna sköta bytet, meddela oss (dataförordningen, artikel\u{A0}25.3):",
        en: "So that we can carry the switch out, please tell us (Data Act, Article\u{A0}25(3)):")
    static let clarificationPoints: [LocalizedText] = [
        LocalizedText(
            fi: "siirrättekö tiedot toiseen palveluun vai omaan järjestelmäänne, vai haluatteko vain, että tiedot "
                + "poistetaan",
            sv:
                "om ni flyttar uppgifterna till en annan tjänst eller till ert eget system, eller bara vill att de raderas",
            en: "whether you move the data to another service or to a system of your own, or only want them erased"),
        LocalizedText(
            fi: "kenelle paketti luovutetaan, jos se ei tule teille itsellenne",
            sv: "vem paketet lämnas till, om det inte är till er själva",
            en: "to whom the package is handed over, if not to yourselves"),
        LocalizedText(
            fi: "missä muodoissa tarvitsette tiedot: JSON, CSV tai XML",
            sv: "i vilka format ni behöver uppgifterna: JSON, CSV eller XML",
            en: "in which formats you need the data: JSON, CSV or XML"),
    ]
    static let clarificationFree = LocalizedText(
        fi: "Jos ette vastaa, luovutamme teille kaikki vietävissä olevat tiedot.",
        sv: "Om ni inte svarar lämnar vi alla exporterbara data till er.",
        en: "If you do not answer, we hand all exportable data over to you.")
    /// `{alternative}`, the end of the longer period.
    static let `extension` = LocalizedText(
        fi: "Siirtoa ei ole teknisesti mahdollista toteuttaa enintään 30\u{A0}päivän siirtymäajassa, koska [miksi]. "
            + "Siirtymäaika päättyy {alternative}.",
        sv: "Det är inte tekniskt genomförbart att byta inom övergångsperioden på högst 30\u{A0}dagar, eftersom "
            + "[varför]. Övergångsperioden går ut den {alternative}.",
        en: "It is technically unfeasible to switch within the transitional period of at most 30\u{A0}days, because "
            + "[why]. The transitional period ends on {alternative}.")
    static let extensionWithin = LocalizedText(
        fi: "Pidempi siirtymäaika on enintään seitsemän kuukautta, ja siitä on ilmoitettava 14\u{A0}työpäivän kuluessa "
            + "pyynnöstä (datasäädöksen 25\u{A0}artiklan 4\u{A0}kohta). Palvelu jatkuu keskeytyksettä sen ajan. Voitte "
            + "itse jatkaa siirtymäaikaa kerran (25\u{A0}artiklan 5\u{A0}kohta).",
        sv: "Den längre övergångsperioden är högst sju månader och ska meddelas inom 14\u{A0}arbetsdagar från begäran "
            + "(dataförordningen, artikel\u{A0}25.4). Tjänsten fortsätter utan avbrott under den tiden. Ni kan själva "
            + "förlänga övergångsperioden en gång (artikel\u{A0}25.5).",
        en: "The longer period is at most seven months, and is told within 14\u{A0}working days of the request (Data "
            + "Act, Article\u{A0}25(4)). The service goes on meanwhile. You may yourselves extend the transitional "
            + "period once (Article\u{A0}25(5)).")
    static let refused = LocalizedText(
        fi: "Emme luovuta pyytämiänne tietoja. Syyt ovat:",
        sv: "Vi lämnar inte ut de uppgifter som ni begärde. Skälen är:",
        en: "We do not hand over the data that you asked for. The reasons are:")
    static let refusedInPart = LocalizedText(
        fi: "Luovutamme asiakastilinne vietävissä olevat tiedot erikseen. Muun osalta syyt ovat:",
        sv: "Vi lämnar ut kundkontots exporterbara data särskilt. I övrigt är skälen:",
        en: "The account’s exportable data are handed over separately. For the rest the reasons are:")
    static let remedies = LocalizedText(
        fi: "Jos olette eri mieltä, kertokaa miksi, niin arvioimme asian uudelleen. Voitte myös tehdä valituksen "
            + "toimivaltaiselle viranomaiselle [datasäädöksen valvontaviranomainen] (datasäädöksen 38\u{A0}artikla) ja "
            + "hakea muutosta sen ratkaisuun tuomioistuimessa (39\u{A0}artikla).",
        sv: "Om ni är av annan åsikt, berätta varför, så bedömer vi saken på nytt. Ni kan också lämna in ett klagomål "
            + "till den behöriga myndigheten [tillsynsmyndigheten för dataförordningen] (dataförordningen, "
            + "artikel\u{A0}38) och överklaga dess beslut hos domstol (artikel\u{A0}39).",
        en: "If you do not agree, tell us why, and we look at it again. You may also lodge a complaint with the "
            + "competent authority [that enforces the Data Act] (Data Act, Article\u{A0}38), and seek a judicial remedy "
            + "against its decision (Article\u{A0}39).")

    /// Why something is not given to a customer or a controller; nil where the ground's own words fit.
    static func reason(_ ground: Ground, _ right: Right) -> LocalizedText? {
        guard right == .switching || right == .handover else { return nil }
        switch ground {
        case .basis, .origin, .means, .notParty:
            return LocalizedText(
                fi: "Tiedot ovat omaa asiakashallintoamme eivätkä synny siitä, että käytätte palvelua; ne eivät ole "
                    + "vietävissä olevia tietoja (datasäädöksen 2\u{A0}artiklan 38\u{A0}kohta)",
                sv:
                    "Uppgifterna hör till vår egen kundförvaltning och uppstår inte genom att ni använder tjänsten; de är "
                    + "inte exporterbara data (dataförordningen, artikel\u{A0}2.38)",
                en: "The data belong to our own customer administration and are not generated by your use of the "
                    + "service; they are no exportable data (Data Act, Article\u{A0}2(38))")
        case .processor:
            return LocalizedText(
                fi: "Käsittelemme näitä tietoja toisen rekisterinpitäjän lukuun",
                sv: "Vi behandlar dessa uppgifter för en annan personuppgiftsansvarigs räkning",
                en: "We process these data on behalf of another controller")
        case .noIdentifier:
            return LocalizedText(
                fi: "Tietoja ei ole teitä yksilöivän tunnisteen alla",
                sv: "Uppgifterna finns inte under en identifierare som är er",
                en: "The data are not held under an identifier that is yours")
        case .notRequested:
            return LocalizedText(
                fi: "Ette pyytäneet näitä tietoja", sv: "Ni bad inte om dessa uppgifter",
                en: "You did not ask for these data")
        case .outsidePeriod:
            return LocalizedText(
                fi: "Tieto on pyytämänne ajanjakson ulkopuolelta", sv: "Uppgiften hör inte till den period ni bad om",
                en: "The record is outside the period that you asked for")
        case .restrictedByLaw:
            return LocalizedText(
                fi: "Laki kieltää luovuttamasta näitä tietoja",
                sv: "Lagen hindrar oss från att lämna ut dessa uppgifter",
                en: "The law keeps us from handing these data over")
        case .controller, .secret, .others, .notPersonal, .duplicate, .identityCode, .staff, .notRedactable, .reviewed:
            return nil
        }
    }

    /// The provision of the General Data Protection Regulation behind a ground; nil where none bears on the reader.
    static func article(_ ground: Ground, _ right: Right) -> String? {
        guard right == .switching || right == .handover else { return ground.article(under: right) }
        switch ground {
        case .processor, .controller: return "28(3)"
        case .others, .staff, .notRedactable, .reviewed: return right == .handover ? "28(3)" : nil
        case .identityCode: return "87"
        case .secret: return "32"
        case .basis, .origin, .means, .notParty, .noIdentifier, .notRequested, .notPersonal, .duplicate,
            .restrictedByLaw, .outsidePeriod:
            return nil
        }
    }
}
