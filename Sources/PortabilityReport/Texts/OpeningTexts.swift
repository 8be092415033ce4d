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

    static let labels: [LocalizedText] = [
        LocalizedText(fi: "Keitä olemme", sv: "Vilka vi är", en: "Who we are"),
        LocalizedText(fi: "Mitä pyydettiin", sv: "Vad som begärdes", en: "What was asked"),
        LocalizedText(fi: "Mitä tässä on", sv: "Vad som finns här", en: "What is here"),
        LocalizedText(fi: "Mitä tästä puuttuu", sv: "Vad som inte finns här", en: "What is not here"),
        LocalizedText(fi: "Mistä saa apua", sv: "Vart du kan vända dig", en: "Where to turn"),
    ]

    /// `{controller}`.
    static func who(_ right: Right) -> LocalizedText {
        switch right {
        case .access, .portability:
            LocalizedText(
                fi: "Tämän paketin on koonnut {controller}, joka on rekisterinpitäjä eli vastaa siitä, miten tietojasi "
                    + "käsitellään.",
                sv: "Det här paketet har sammanställts av {controller}, som är personuppgiftsansvarig och alltså "
                    + "svarar för hur dina uppgifter behandlas.",
                en: "This package was put together by {controller}, the controller, which means that it answers for "
                    + "how your data are processed.")
        case .switching:
            LocalizedText(
                fi: "Tämän paketin on koonnut {controller}, joka tarjoaa käyttämänne palvelun.",
                sv: "Det här paketet har sammanställts av {controller}, som tillhandahåller den tjänst ni använder.",
                en: "This package was put together by {controller}, which provides the service that you use.")
        case .handover:
            LocalizedText(
                fi: "Tämän paketin on koonnut {controller}, joka käsittelee henkilötietoja teidän lukuunne "
                    + "(henkilötietojen käsittelijä).",
                sv: "Det här paketet har sammanställts av {controller}, som behandlar personuppgifter för er räkning "
                    + "(personuppgiftsbiträde).",
                en: "This package was put together by {controller}, which processes personal data on your behalf "
                    + "(processor).")
        }
    }

    /// `{received}`, `{request}`.
    static func asked(_ right: Right) -> LocalizedText {
        switch right {
        case .access:
            LocalizedText(
                fi: "Pyysit {received} pääsyä tietoihin, joita käsittelemme sinusta (yleinen tietosuoja-asetus, "
                    + "15 artikla); pyynnön tunnus on {request}.",
                sv: "Du begärde den {received} tillgång till de uppgifter som vi behandlar om dig (allmänna "
                    + "dataskyddsförordningen, artikel 15); begärans nummer är {request}.",
                en: "On {received} you asked for access to the data that we process about you (General Data "
                    + "Protection Regulation, GDPR, Article 15); the request’s number is {request}.")
        case .portability:
            LocalizedText(
                fi: "Pyysit {received} tietojasi, jotta voit siirtää ne järjestelmästä toiseen (yleinen "
                    + "tietosuoja-asetus, 20 artikla); pyynnön tunnus on {request}.",
                sv: "Du begärde den {received} dina uppgifter för att kunna flytta dem till en annan tjänst (rätt till "
                    + "dataportabilitet, allmänna dataskyddsförordningen, artikel 20); begärans nummer är {request}.",
                en: "On {received} you asked for your data so that you can move them to another service (right to "
                    + "data portability, General Data Protection Regulation, GDPR, Article 20); the request’s number "
                    + "is {request}.")
        case .switching:
            LocalizedText(
                fi: "Pyysitte {received} asiakastilinne tietoja vietäviksi toiseen palveluun (datasäädös, asetus (EU) "
                    + "2023/2854, VI luku); pyynnön tunnus on {request}.",
                sv: "Ni begärde den {received} ert kundkontos uppgifter för att ta med dem till en annan tjänst "
                    + "(dataförordningen, förordning (EU) 2023/2854, kapitel VI); begärans nummer är {request}.",
                en: "On {received} you asked for the data of your customer account, to take them to another service "
                    + "(Data Act, Regulation (EU) 2023/2854, Chapter VI); the request’s number is {request}.")
        case .handover:
            LocalizedText(
                fi: "Pyysitte {received} tietoja, joita käsittelemme teidän lukuunne (yleinen tietosuoja-asetus, "
                    + "28 artiklan 3 kohdan e alakohta); pyynnön tunnus on {request}.",
                sv: "Ni begärde den {received} uppgifter som vi behandlar för er räkning (allmänna "
                    + "dataskyddsförordningen, artikel 28.3 e); begärans nummer är {request}.",
                en: "On {received} you asked for data that we process on your behalf (General Data Protection "
                    + "Regulation, GDPR, Article 28(3)(e)); the request’s number is {request}.")
        }
    }

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
