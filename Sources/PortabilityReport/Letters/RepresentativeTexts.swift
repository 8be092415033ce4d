import PortabilityModel

/// What the letters say to somebody who asks for another person, where they would speak of the reader's own data.
enum RepresentativeTexts {
    static let deliverySubject = LocalizedText(
        fi: "Pyyntö {request}: edustamasi henkilön tiedot",
        sv: "Begäran {request}: uppgifter om den person som du företräder",
        en: "Request {request}: the data of the person you represent")
    static let partialSubject = LocalizedText(
        fi: "Pyyntö {request}: edustamasi henkilön tiedot, osittainen vastaus",
        sv: "Begäran {request}: uppgifter om den person som du företräder, delvis svar",
        en: "Request {request}: the data of the person you represent, in part")
    static let nothingHeldSubject = LocalizedText(
        fi: "Pyyntö {request}: emme käsittele edustamasi henkilön tietoja rekisterinpitäjänä",
        sv: "Begäran {request}: vi behandlar inga uppgifter om den du företräder som personuppgiftsansvarig",
        en: "Request {request}: we hold no data as controller about the person you represent")
    static let processorSubject = LocalizedText(
        fi: "Pyyntö {request}: edustamasi henkilön tietojen rekisterinpitäjä on toinen",
        sv: "Begäran {request}: en annan är personuppgiftsansvarig",
        en: "Request {request}: somebody else is the controller")

    /// `{received}`, `{request}`.
    static func received(_ right: Right) -> LocalizedText {
        right == .portability
            ? LocalizedText(
                fi: "Vastaanotimme {received} pyyntösi siirtää edustamasi henkilön tiedot järjestelmästä toiseen "
                    + "(yleinen tietosuoja-asetus, 20\u{A0}artikla). Pyynnön tunnus on {request}.",
                sv: "Vi mottog den {received} din begäran om dataportabilitet för den person som du företräder "
                    + "(allmänna dataskyddsförordningen, artikel\u{A0}20). Begärans nummer är {request}.",
                en: "On {received} we received your request for data portability for the person you represent (General "
                    + "Data Protection Regulation, GDPR, Article\u{A0}20). Its number is {request}.")
            : LocalizedText(
                fi: "Vastaanotimme {received} pyyntösi saada pääsy edustamasi henkilön henkilötietoihin (yleinen "
                    + "tietosuoja-asetus, 15\u{A0}artikla). Pyynnön tunnus on {request}.",
                sv: "Vi mottog den {received} din begäran om tillgång till personuppgifterna om den person som du "
                    + "företräder (allmänna dataskyddsförordningen, artikel\u{A0}15). Begärans nummer är {request}.",
                en: "On {received} we received your request for access to the personal data of the person you "
                    + "represent (General Data Protection Regulation, GDPR, Article\u{A0}15). Its number is {request}.")
    }
    /// `{received}`, `{request}`.
    static func asked(_ right: Right) -> LocalizedText {
        right == .portability
            ? LocalizedText(
                fi: "Pyysit {received} edustamasi henkilön tietoja siirrettäviksi järjestelmästä toiseen (yleinen "
                    + "tietosuoja-asetus, 20\u{A0}artikla; pyyntö {request}).",
                sv: "Du begärde den {received} att få uppgifterna om den person som du företräder för överföring "
                    + "(dataportabilitet, allmänna dataskyddsförordningen, artikel\u{A0}20; begäran {request}).",
                en: "On {received} you asked for the data of the person you represent in order to move them (data "
                    + "portability, General Data Protection Regulation, GDPR, Article\u{A0}20; request {request}).")
            : LocalizedText(
                fi: "Pyysit {received} pääsyä edustamasi henkilön henkilötietoihin (yleinen tietosuoja-asetus, "
                    + "15\u{A0}artikla; pyyntö {request}). Vahvistamme, että käsittelemme hänen henkilötietojaan.",
                sv: "Du begärde den {received} tillgång till personuppgifterna om den person som du företräder "
                    + "(allmänna dataskyddsförordningen, artikel\u{A0}15; begäran {request}). Vi bekräftar att vi "
                    + "behandlar personuppgifter om personen.",
                en: "On {received} you asked for access to the personal data of the person you represent (General Data "
                    + "Protection Regulation, GDPR, Article\u{A0}15; request {request}). We confirm that we process "
                    + "personal data about that person.")
    }
    /// Holds for every sentence that follows, also those that the law's texts or the configuration word.
    static let meant = LocalizedText(
        fi:
            "Kun tässä kirjeessä puhutaan sinun tiedoistasi tai oikeuksistasi, tarkoitetaan edustamasi henkilön tietoja "
            + "ja oikeuksia, joita käytät hänen puolestaan.",
        sv:
            "När brevet talar om dina uppgifter eller rättigheter avses uppgifterna om och rättigheterna för den person "
            + "som du företräder och vars rättigheter du utövar.",
        en: "Where this letter speaks of your data or your rights, those of the person you represent are meant, whose "
            + "rights you exercise.")
    static let identityMayFollow = LocalizedText(
        fi:
            "Jos tarvitsemme vielä jotain varmistaaksemme, kuka olet ja ketä pyyntö koskee, kysymme sitä erikseen. Emme "
            + "pyydä jäljennöstä henkilöllisyystodistuksesta.",
        sv: "Om vi ännu behöver något för att försäkra oss om vem du är och vem begäran gäller frågar vi särskilt. Vi "
            + "ber inte om en kopia av en identitetshandling.",
        en: "If we need anything more to be sure who you are and whom the request concerns, we ask for it separately. "
            + "We do not ask for a copy of an identity document.")
    static let identityWhy = LocalizedText(
        fi: "Emme vielä pysty varmistamaan, kuka olet. Jottei kukaan ulkopuolinen saisi edustamasi henkilön tietoja, "
            + "pyydämme sinua vahvistamaan oman henkilöllisyytesi (12\u{A0}artiklan 6\u{A0}kohta).",
        sv:
            "Vi kan ännu inte försäkra oss om vem du är. För att ingen utomstående ska få uppgifterna om den person som "
            + "du företräder ber vi dig bekräfta din egen identitet (artikel\u{A0}12.6).",
        en: "We cannot yet be sure who you are. So that no outsider gets the data of the person you represent, we ask "
            + "you to confirm your own identity (Article\u{A0}12(6)).")
    static let clarificationWhy = LocalizedText(
        fi: "Käsittelemme suurta määrää edustamaasi henkilöä koskevia tietoja. Jotta saisit nopeasti juuri sen, mitä "
            + "tarvitset, voit täsmentää pyyntöä (johdanto-osan 63\u{A0}kappale). Kerro halutessasi:",
        sv:
            "Vi behandlar en stor mängd uppgifter om den person som du företräder. För att du snabbt ska få just det du "
            + "behöver kan du precisera begäran (skäl\u{A0}63). Berätta om du vill:",
        en: "We process a large quantity of data about the person you represent. So that you soon get what you need, "
            + "you can specify the request (recital\u{A0}63). Tell us, if you like:")
    static let nothingHeld = LocalizedText(
        fi: "Emme käsittele edustamasi henkilön henkilötietoja rekisterinpitäjänä (15\u{A0}artiklan 1\u{A0}kohta). "
            + "Haimme niillä tunnisteilla, jotka annoit; haku päättyi {searched}.",
        sv: "Vi behandlar inga personuppgifter som personuppgiftsansvarig om den person som du företräder "
            + "(artikel\u{A0}15.1). Vi sökte med de kännetecken som du gav; sökningen avslutades den {searched}.",
        en: "We do not process, as controller, personal data about the person you represent (Article\u{A0}15(1)). We "
            + "searched by the identifiers that you gave; the search ended on {searched}.")
}
