import PortabilityModel

/// The five sentences that come first, by right: the person is addressed under access and portability, the customer's
/// organisation under switching, the controller under handover.
enum OpeningTexts {
    static func title(_ right: Right) -> LocalizedText {
        switch right {
        case .access, .portability:
            LocalizedText(fi: "Sinua koskevat tiedot", sv: "Uppgifterna om dig", en: "The data about you")
        case .switching:
            LocalizedText(
                fi: "Asiakastilinne tiedot", sv: "Ert kundkontos uppgifter", en: "Your customer account’s data")
        case .handover:
            LocalizedText(
                fi: "Lukuunne käsitellyt tiedot", sv: "Uppgifter som behandlas för er räkning",
                en: "Data processed on your behalf")
        }
    }

    /// Somebody asked for the person, and may be the one who reads.
    static let titleRepresented = LocalizedText(
        fi: "Henkilöä koskevat tiedot", sv: "Uppgifterna om personen", en: "The data about the person")
    /// Of what was asked for nothing can be given.
    static let titleRefused = LocalizedText(
        fi: "Vastaus pyyntöön siirtää tiedot", sv: "Svar på begäran om att flytta uppgifter",
        en: "The answer to the request to move data")

    static let turnOrganisation = LocalizedText(
        fi: "Mitä voitte tehdä", sv: "Vad ni kan göra", en: "What you can do")

    static let labels: [LocalizedText] = [
        LocalizedText(fi: "Mikä tämä on", sv: "Vad detta är", en: "What this is"),
        LocalizedText(fi: "Mitä tässä on", sv: "Vad som finns här", en: "What is here"),
        LocalizedText(fi: "Mitä tästä puuttuu", sv: "Vad som inte finns här", en: "What is not here"),
        LocalizedText(fi: "Kuka tietoja on saanut", sv: "Vem som har fått uppgifter", en: "Who received data"),
        LocalizedText(fi: "Mitä voit tehdä", sv: "Vad du kan göra", en: "What you can do"),
    ]

    /// `{controller}`, `{received}`.
    static func what(_ right: Right, isEmpty: Bool) -> LocalizedText {
        if isEmpty {
            return LocalizedText(
                fi: "Tämä on vastaus pyyntöön, jonka {controller} sai sinulta {received}.",
                sv: "Detta är svaret på den begäran som {controller} fick av dig den {received}.",
                en: "This is the answer to the request that {controller} received from you on {received}.")
        }
        switch right {
        case .access:
            return LocalizedText(
                fi: "Tässä ovat tiedot, joita {controller} käsittelee sinusta; pyysit niitä {received}.",
                sv: "Här är de uppgifter som {controller} behandlar om dig; du bad om dem den {received}.",
                en: "These are the data that {controller} processes about you; you asked for them on {received}.")
        case .portability:
            return LocalizedText(
                fi:
                    "Tässä ovat tietosi, jotka {controller} antaa sinulle siirrettäviksi toiseen palveluun; pyysit niitä "
                    + "{received}.",
                sv: "Här är dina uppgifter, som {controller} ger dig för att du ska kunna flytta dem till en annan "
                    + "tjänst; du bad om dem den {received}.",
                en:
                    "These are your data, which {controller} gives you so that you can move them to another service; you "
                    + "asked for them on {received}.")
        case .switching:
            return LocalizedText(
                fi: "Tässä ovat asiakastilinne tiedot, jotka {controller} antaa teille vietäviksi toiseen palveluun; "
                    + "pyysitte niitä {received}.",
                sv:
                    "Här är ert kundkontos uppgifter, som {controller} ger er för att ni ska kunna ta dem till en annan "
                    + "tjänst; ni bad om dem den {received}.",
                en: "These are the data of your customer account, which {controller} gives you to take to another "
                    + "service; you asked for them on {received}.")
        case .handover:
            return LocalizedText(
                fi: "Tässä ovat tiedot, joita {controller} käsittelee teidän lukuunne; pyysitte niitä {received}.",
                sv: "Här är de uppgifter som {controller} behandlar för er räkning; ni bad om dem den {received}.",
                en: "These are the data that {controller} processes on your behalf; you asked for them on {received}.")
        }
    }

    /// `{controller}`, `{received}`; somebody asked for the person.
    static func represented(isEmpty: Bool) -> LocalizedText {
        isEmpty
            ? LocalizedText(
                fi: "Tämä on vastaus pyyntöön, jonka {controller} sai henkilön puolesta {received}. Tällä sivulla "
                    + "sinä tarkoittaa häntä.",
                sv: "Detta är svaret på den begäran som {controller} fick för personens räkning den {received}. På "
                    + "den här sidan avser du personen.",
                en: "This is the answer to the request that {controller} received on behalf of the person on "
                    + "{received}. On this page you means that person.")
            : LocalizedText(
                fi: "Tässä ovat tiedot, joita {controller} käsittelee henkilöstä ja joita pyydettiin hänen "
                    + "puolestaan {received}. Tällä sivulla sinä tarkoittaa häntä.",
                sv: "Här är de uppgifter som {controller} behandlar om personen och som begärdes för personens "
                    + "räkning den {received}. På den här sidan avser du personen.",
                en: "These are the data that {controller} processes about the person, asked for on the person’s "
                    + "behalf on {received}. On this page you means that person.")
    }

    /// `{controller}`, `{received}`, `{recipient}`: another service or controller gets the data.
    static func direct(_ right: Right) -> LocalizedText {
        right == .portability
            ? LocalizedText(
                fi: "Tässä ovat tiedot, jotka {controller} siirtää {received} saadun pyynnön mukaan suoraan "
                    + "vastaanottajalle {recipient} (yleisen tietosuoja-asetuksen 20 artiklan 2 kohta).",
                sv: "Här är de uppgifter som {controller} enligt en begäran av den {received} överför direkt till "
                    + "{recipient} (artikel 20.2 i allmänna dataskyddsförordningen).",
                en: "These are the data that {controller}, as requested on {received}, transmits directly to "
                    + "{recipient} (Article 20(2) of the General Data Protection Regulation, GDPR).")
            : LocalizedText(
                fi: "Tässä ovat tiedot, jotka {controller} toimittaa {received} saadun pyynnön mukaan suoraan "
                    + "vastaanottajalle {recipient}.",
                sv: "Här är de uppgifter som {controller} enligt en begäran av den {received} levererar direkt till "
                    + "{recipient}.",
                en: "These are the data that {controller}, as requested on {received}, sends directly to "
                    + "{recipient}.")
    }

    /// `{controller}`, `{received}`.
    static let refused = LocalizedText(
        fi: "Tämä on vastaus {received} saatuun pyyntöön siirtää tiedot toiseen palveluun: {controller} ei "
            + "voi antaa mitään siirrettäväksi.",
        sv: "Detta är svaret på begäran av den {received} om att flytta uppgifter till en annan tjänst: "
            + "{controller} kan inte lämna ut något för det.",
        en: "This is the answer to the request of {received} to move data to another service: there is "
            + "nothing that {controller} can give for that.")
    static let refusedHere = LocalizedText(
        fi: "Paketissa ei ole tietoja, koska oikeus siirtää tiedot ei koske niitä; syyt kerrotaan alempana. "
            + "Tiedoista voi silti pyytää jäljennöksen meiltä (yleisen tietosuoja-asetuksen 15 artikla).",
        sv: "Paketet innehåller inga uppgifter, eftersom rätten till dataportabilitet inte gäller dem; "
            + "skälen anges längre ned. En kopia av uppgifterna kan ändå begäras av oss (artikel 15 i allmänna "
            + "dataskyddsförordningen).",
        en: "The package holds no data, because the right to data portability does not cover them; the "
            + "reasons stand below. A copy of the data can still be asked of us (Article 15 of the General "
            + "Data Protection Regulation, GDPR).")

    /// `{date}`.
    static let since = LocalizedText(
        fi: "Vanhin tieto on päivältä {date}.", sv: "Den äldsta uppgiften är från den {date}.",
        en: "The oldest is from {date}.")

    /// `{what}`, `{categories}`.
    static let here = LocalizedText(
        fi: "Paketissa on {what}: {categories}.", sv: "Paketet innehåller {what}: {categories}.",
        en: "The package holds {what}: {categories}.")

    /// `{sets}`: those that were searched.
    static func nothingHere(isPartial: Bool) -> LocalizedText {
        isPartial
            ? LocalizedText(
                fi: "Lukea voitiin {sets}, mutta yhtään merkintää ei löytynyt.",
                sv: "Vi kunde läsa {sets} men fann inte en enda post.",
                en: "We could read {sets} and found no records.")
            : LocalizedText(
                fi: "Läpi käytiin {sets}, mutta yhtään merkintää ei löytynyt.",
                sv: "Vi gick igenom {sets} men fann inte en enda post.",
                en: "We searched {sets} and found no records.")
    }

    /// `{left}`: what was left out by rule.
    static func notHere(isPartial: Bool, leavesOut: Bool) -> LocalizedText {
        switch (isPartial, leavesOut) {
        case (true, true):
            LocalizedText(
                fi: "Paketti on vajaa, koska kaikkea ei voitu lukea; lisäksi siitä on jätetty pois {left}, ja syyt "
                    + "kerrotaan alempana.",
                sv: "Paketet är ofullständigt, eftersom allt inte kunde läsas; dessutom har {left} lämnats bort, och "
                    + "skälen anges längre ned.",
                en: "The package is incomplete, because not everything could be read; also left out, for reasons that "
                    + "stand below: {left}.")
        case (true, false):
            LocalizedText(
                fi: "Paketti on vajaa, koska kaikkea ei voitu lukea; muuta ei ole jätetty pois.",
                sv: "Paketet är ofullständigt, eftersom allt inte kunde läsas; inget annat har lämnats bort.",
                en: "The package is incomplete, because not everything could be read; nothing else has been left out.")
        case (false, true):
            LocalizedText(
                fi: "Paketista on jätetty pois {left}; syyt kerrotaan alempana.",
                sv: "Följande har utelämnats ur paketet: {left}; skälen anges längre ned.",
                en: "Left out of the package: {left}; the reasons stand below.")
        case (false, false):
            LocalizedText(
                fi: "Mitään ei ole jätetty pois, ja kaikki lähteet voitiin lukea.",
                sv: "Inget har lämnats bort, och alla källor kunde läsas.",
                en: "Nothing has been left out, and every source could be read.")
        }
    }

    /// `{contact}`, `{authority}`.
    static func turn(_ right: Right) -> LocalizedText {
        switch right {
        case .access, .portability:
            LocalizedText(
                fi: "Jos jokin on epäselvää tai väärin, ota yhteyttä meihin: {contact}; voit myös tehdä valituksen "
                    + "valvontaviranomaiselle, joka on {authority}.",
                sv: "Om något är oklart eller fel, kontakta oss: {contact}; du kan också lämna in klagomål till "
                    + "tillsynsmyndigheten, som är {authority}.",
                en: "If anything is unclear or wrong, contact us: {contact}; you can also lodge a complaint with the "
                    + "supervisory authority, {authority}.")
        case .switching, .handover:
            LocalizedText(
                fi: "Jos jokin on epäselvää tai väärin, ottakaa yhteyttä meihin: {contact}; valvontaviranomainen on "
                    + "{authority}.",
                sv: "Om något är oklart eller fel, kontakta oss: {contact}; tillsynsmyndigheten är {authority}.",
                en: "If anything is unclear or wrong, contact us: {contact}; the supervisory authority is "
                    + "{authority}.")
        }
    }
}
