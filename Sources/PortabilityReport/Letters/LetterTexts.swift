import PortabilityModel

/// What the letters say. Legal terms are those of the Regulation's Finnish, Swedish and English texts. Blanks stand in
/// brackets.
enum LetterTexts {
    // Blanks.

    static let dateBlank = LocalizedText(fi: "[päivä]", sv: "[datum]", en: "[date]")
    static let signerBlank = LocalizedText(
        fi: "[allekirjoittajan nimi ja tehtävä]", sv: "[undertecknarens namn och uppgift]",
        en: "[name and role of who signs]")
    static let instructionBlank = LocalizedText(
        fi: "[ohjeen tunnus]", sv: "[instruktionens nummer]", en: "[number of the instruction]")
    static let nameBlank = LocalizedText(fi: "[nimi]", sv: "[namn]", en: "[name]")
    static let customer = LocalizedText(fi: "Asiakas:", sv: "Kund:", en: "Customer:")
    static let fileBlank = LocalizedText(fi: "[tiedosto]", sv: "[fil]", en: "[file]")
    static let missingBlank = LocalizedText(fi: "[mitä puuttuu]", sv: "[vad som saknas]", en: "[what is missing]")
    static let reasonBlank = LocalizedText(fi: "[syy]", sv: "[skälet]", en: "[the reason]")

    // Head and foot.

    static let greeting = LocalizedText(fi: "Hei [nimi]", sv: "Hej [namn]", en: "Dear [name],")
    static let greetingToOrganisation = LocalizedText(
        fi: "Hyvä vastaanottaja [nimi]", sv: "Bästa mottagare [namn]", en: "Dear [name],")
    static let regards = LocalizedText(fi: "Ystävällisin terveisin", sv: "Med vänlig hälsning", en: "Yours sincerely,")
    /// `{contact}`.
    static let questions = LocalizedText(
        fi: "Kysymyksiin vastaa {contact}.", sv: "Frågor besvaras på {contact}.", en: "For questions: {contact}.")
    static let policy = LocalizedText(
        fi: "{name}, päivätty {date}", sv: "{name}, daterad {date}", en: "{name}, dated {date}")

    /// `{request}`.
    static func subject(_ kind: LetterKind, _ right: Right) -> LocalizedText {
        switch kind {
        case .acknowledgement:
            LocalizedText(
                fi: "Pyyntö {request} on vastaanotettu", sv: "Begäran {request} är mottagen",
                en: "Request {request}: received")
        case .identityQuery:
            LocalizedText(
                fi: "Pyyntö {request}: henkilöllisyyden vahvistaminen",
                sv: "Begäran {request}: bekräftande av identitet",
                en: "Request {request}: confirming who you are")
        case .clarification:
            LocalizedText(
                fi: "Pyyntö {request}: tarkennus", sv: "Begäran {request}: precisering",
                en: "Request {request}: a question on what you ask for")
        case .extension:
            LocalizedText(
                fi: "Pyyntö {request}: määräaikaa jatketaan", sv: "Begäran {request}: tiden förlängs",
                en: "Request {request}: more time is needed")
        case .delivery:
            LocalizedText(
                fi: "Pyyntö {request}: tietosi", sv: "Begäran {request}: dina uppgifter",
                en: "Request {request}: your data")
        case .partialDelivery:
            LocalizedText(
                fi: "Pyyntö {request}: tietosi, osittainen vastaus",
                sv: "Begäran {request}: dina uppgifter, delvis svar", en: "Request {request}: your data, in part")
        case .refusal:
            LocalizedText(
                fi: "Pyyntö {request}: kielteinen vastaus ja sen syyt",
                sv: "Begäran {request}: nekande svar och skälen till det",
                en: "Request {request}: refusal and its reasons")
        case .nothingHeld:
            LocalizedText(
                fi: "Pyyntö {request}: emme käsittele tietojasi rekisterinpitäjänä",
                sv: "Begäran {request}: vi behandlar inga uppgifter om dig som personuppgiftsansvarig",
                en: "Request {request}: we hold no data about you as controller")
        case .processorOnly:
            LocalizedText(
                fi: "Pyyntö {request}: tietojesi rekisterinpitäjä on toinen",
                sv: "Begäran {request}: en annan är personuppgiftsansvarig",
                en: "Request {request}: somebody else is the controller")
        case .handoverCover:
            right == .handover
                ? LocalizedText(
                    fi: "Ohje {instruction}: lukuunne käsitellyt tiedot (pyyntö {request})",
                    sv: "Instruktion {instruction}: uppgifter som behandlas för er räkning (begäran {request})",
                    en: "Instruction {instruction}: data processed on your behalf (request {request})")
                : LocalizedText(
                    fi: "Pyyntö {request}: asiakastilinne tiedot", sv: "Begäran {request}: ert kundkontos uppgifter",
                    en: "Request {request}: your account’s data")
        case .forwardingNotice:
            LocalizedText(
                fi: "Teille kuuluva rekisteröidyn pyyntö {request}",
                sv: "En registrerads begäran som hör till er: {request}",
                en: "A data subject’s request that is yours to answer: {request}")
        }
    }

    // What was asked.

    /// `{received}`, `{request}`.
    static func received(_ right: Right) -> LocalizedText {
        switch right {
        case .portability:
            LocalizedText(
                fi: "Vastaanotimme {received} pyyntösi siirtää tietosi järjestelmästä toiseen (yleinen "
                    + "tietosuoja-asetus, 20\u{A0}artikla). Pyynnön tunnus on {request}.",
                sv: "Vi mottog den {received} din begäran om dataportabilitet (allmänna dataskyddsförordningen, "
                    + "artikel\u{A0}20). Begärans nummer är {request}.",
                en: "On {received} we received your request for data portability (General Data Protection Regulation, "
                    + "GDPR, Article\u{A0}20). Its number is {request}.")
        case .access, .switching, .handover:
            LocalizedText(
                fi: "Vastaanotimme {received} pyyntösi saada pääsy omiin henkilötietoihisi (yleinen "
                    + "tietosuoja-asetus, 15\u{A0}artikla). Pyynnön tunnus on {request}.",
                sv: "Vi mottog den {received} din begäran om tillgång till dina personuppgifter (allmänna "
                    + "dataskyddsförordningen, artikel\u{A0}15). Begärans nummer är {request}.",
                en: "On {received} we received your request for access to your personal data (General Data Protection "
                    + "Regulation, GDPR, Article\u{A0}15). Its number is {request}.")
        }
    }
    /// The same from a customer or a controller.
    static func receivedOrganisation(_ right: Right) -> LocalizedText {
        right == .handover
            ? LocalizedText(
                fi: "Vastaanotimme {received} ohjeenne {instruction} koota henkilötiedot, joita käsittelemme "
                    + "lukuunne (yleinen tietosuoja-asetus, 28\u{A0}artiklan 3\u{A0}kohta). Pyynnön tunnus on "
                    + "{request}.",
                sv: "Vi mottog den {received} er instruktion {instruction} att samla de personuppgifter som vi "
                    + "behandlar för er räkning (allmänna dataskyddsförordningen, artikel\u{A0}28.3). Begärans nummer "
                    + "är {request}.",
                en: "On {received} we received your instruction {instruction} to gather the personal data that we "
                    + "process on your behalf (General Data Protection Regulation, GDPR, Article\u{A0}28(3)). The "
                    + "request’s number is {request}.")
            : LocalizedText(
                fi: "Vastaanotimme {received} pyyntönne saada asiakastilinne tiedot (datasäädös, asetus (EU) "
                    + "2023/2854). Pyynnön tunnus on {request}.",
                sv: "Vi mottog den {received} er begäran om ert kundkontos uppgifter (dataförordningen, förordning "
                    + "(EU) 2023/2854). Begärans nummer är {request}.",
                en: "On {received} we received your request for your account’s data (Data Act, Regulation (EU) "
                    + "2023/2854). Its number is {request}.")
    }

    // Acknowledgement.

    /// `{due}`.
    static let month = LocalizedText(
        fi: "Vastaamme ilman aiheetonta viivytystä ja viimeistään {due}. Määräaika on kuukausi pyynnön "
            + "vastaanottamisesta (12\u{A0}artiklan 3\u{A0}kohta). Jos tarvitsemme lisää aikaa, kerromme siitä ja sen "
            + "syistä tuon ajan kuluessa.",
        sv: "Vi svarar utan onödigt dröjsmål och senast den {due}. Tiden är en månad från det att begäran mottagits "
            + "(artikel\u{A0}12.3). Om vi behöver mer tid underrättar vi dig om det och om orsakerna inom den tiden.",
        en: "We answer without undue delay and by {due} at the latest. The time limit is one month from receipt "
            + "(Article\u{A0}12(3)). If we need more time, we tell you so, and why, within it.")
    static let free = LocalizedText(
        fi: "Vastaus on maksuton.", sv: "Svaret är avgiftsfritt.", en: "The answer is free of charge.")
    static let identityMayFollow = LocalizedText(
        fi: "Jos tarvitsemme vielä jotain varmistaaksemme, että pyyntö on sinun, kysymme sitä erikseen. Emme pyydä "
            + "jäljennöstä henkilöllisyystodistuksesta.",
        sv: "Om vi ännu behöver något för att försäkra oss om att begäran är din frågar vi särskilt. Vi ber inte om en "
            + "kopia av en identitetshandling.",
        en: "If we need anything more to be sure that the request is yours, we ask for it separately. We do not ask "
            + "for a copy of an identity document.")
    static let represented = LocalizedText(
        fi: "Pyyntö on tehty toisen henkilön puolesta. Tarvitsemme selvityksen siitä, että sinulla on oikeus toimia "
            + "hänen puolestaan, esimerkiksi valtakirjan, jollet ole jo toimittanut sitä.",
        sv: "Begäran har gjorts för en annan persons räkning. Vi behöver en utredning om att du har rätt att företräda "
            + "personen, till exempel en fullmakt, om du inte redan har lämnat den.",
        en: "The request was made for another person. We need evidence that you may act for that person, such as a "
            + "power of attorney, unless you have given it already.")
    /// `{policy}`.
    static let policyTells = LocalizedText(
        fi: "Yleistä tietoa henkilötietojen käsittelystä on tietosuojaselosteessamme: {policy}.",
        sv: "Allmän information om hur vi behandlar personuppgifter finns i vår dataskyddspolicy: {policy}.",
        en: "General information on how we process personal data is in our privacy policy: {policy}.")
    /// `{due}`.
    static let contractTerm = LocalizedText(
        fi: "Tiedot toimitetaan sopimuksemme mukaisesti viimeistään {due}.",
        sv: "Uppgifterna lämnas enligt vårt avtal senast den {due}.",
        en: "Under our contract the data are delivered by {due} at the latest.")
    static let contractWithoutTerm = LocalizedText(
        fi: "Tiedot toimitetaan sopimuksemme mukaisesti, viimeistään [päivä].",
        sv: "Uppgifterna lämnas enligt vårt avtal, senast den [datum].",
        en: "The data are delivered as our contract says, by [date] at the latest.")

    // Identity query.

    static let identityWhy = LocalizedText(
        fi: "Emme vielä pysty varmistamaan, että pyyntö on sinun. Jottei kukaan muu saisi tietojasi, pyydämme sinua "
            + "vahvistamaan henkilöllisyytesi (12\u{A0}artiklan 6\u{A0}kohta).",
        sv: "Vi kan ännu inte försäkra oss om att begäran är din. För att ingen annan ska få dina uppgifter ber vi dig "
            + "bekräfta din identitet (artikel\u{A0}12.6).",
        en: "We cannot yet be sure that the request is yours. So that nobody else gets your data, we ask you to "
            + "confirm who you are (Article\u{A0}12(6)).")
    static let identityHow = LocalizedText(
        fi: "Jokin näistä riittää:", sv: "Något av följande räcker:", en: "One of these is enough:")
    static let identityWays: [LocalizedText] = [
        LocalizedText(
            fi: "kirjaudu palveluun omalla tunnuksellasi ja vahvista pyyntö siellä",
            sv: "logga in i tjänsten med ditt eget konto och bekräfta begäran där",
            en: "sign in to the service with your own account and confirm the request there"),
        LocalizedText(
            fi: "vastaa tähän viestiin sähköpostiosoitteesta, joka meillä jo on",
            sv: "svara på detta meddelande från den e-postadress som vi redan har",
            en: "answer this message from the e-mail address that we already have"),
        LocalizedText(
            fi: "tunnistaudu vahvasti, esimerkiksi pankkitunnuksilla",
            sv: "använd stark autentisering, till exempel bankkoder",
            en: "use strong authentication, such as bank credentials"),
        LocalizedText(
            fi: "käy luonamme ja näytä henkilöllisyystodistuksesi; emme ota siitä jäljennöstä",
            sv: "besök oss och visa din identitetshandling; vi tar ingen kopia av den",
            en: "visit us and show your identity document; we take no copy of it"),
    ]
    static let identityNever = LocalizedText(
        fi: "Älä lähetä jäljennöstä henkilöllisyystodistuksesta äläkä henkilötunnustasi sähköpostitse. Käytämme "
            + "vahvistusta vain tähän pyyntöön ja kirjaamme vain, miten ja milloin henkilöllisyys vahvistettiin.",
        sv: "Skicka inte en kopia av en identitetshandling eller din personbeteckning per e-post. Vi använder "
            + "bekräftelsen endast för denna begäran och antecknar bara hur och när identiteten bekräftades.",
        en: "Do not send a copy of an identity document or your personal identity code by e-mail. We use the "
            + "confirmation for this request only, and record only how and when it was given.")
    /// `{due}`.
    static let identityClock = LocalizedText(
        fi: "Emme voi luovuttaa tietoja ennen kuin henkilöllisyys on vahvistettu. Vastauksen määräpäivä on {due}; se "
            + "voi siirtyä niillä päivillä, jotka odotamme vahvistustasi. Jos emme pysty tunnistamaan sinua, kerromme sen "
            + "ja syyt.",
        sv: "Vi kan inte lämna ut uppgifter innan identiteten är bekräftad. Svaret ska ges senast den {due}; den dagen "
            + "kan flyttas fram med de dagar som vi väntar på din bekräftelse. Om vi inte kan identifiera dig meddelar vi "
            + "det och skälen.",
        en: "We cannot give the data out before your identity is confirmed. The answer is due on {due}; that date "
            + "can move by the days for which we wait for your confirmation. If we cannot identify you, we tell you so, "
            + "and why.")

    // Clarification.

    static let clarificationWhy = LocalizedText(
        fi:
            "Käsittelemme suurta määrää sinua koskevia tietoja. Jotta saisit nopeasti juuri sen, mitä tarvitset, voit täsmentää "
            + "pyyntöäsi (johdanto-osan 63\u{A0}kappale). Kerro halutessasi:",
        sv:
            "Vi behandlar en stor mängd uppgifter om dig. För att du snabbt ska få just det du behöver kan du precisera din "
            + "begäran (skäl\u{A0}63). Berätta om du vill:",
        en:
            "We process a large quantity of data about you. So that you soon get what you need, you can specify your request "
            + "(recital\u{A0}63). Tell us, if you like:")
    static let clarificationPoints: [LocalizedText] = [
        LocalizedText(
            fi: "miltä ajalta haluat tiedot", sv: "för vilken tid du vill ha uppgifterna",
            en: "from which period you want the data"),
        LocalizedText(
            fi: "millä muilla tunnisteilla sinut löytää, esimerkiksi aiempi sähköpostiosoite tai asiakasnumero",
            sv: "vilka andra kännetecken du kan sökas med, till exempel en tidigare e-postadress eller ett kundnummer",
            en: "by what else you can be found, such as an earlier e-mail address or a customer number"),
    ]
    /// `{categories}`.
    static let clarificationCategories = LocalizedText(
        fi: "mitä tietoja pyyntö koskee: {categories}", sv: "vilka uppgifter begäran gäller: {categories}",
        en: "which data the request is about: {categories}")
    static let clarificationFree = LocalizedText(
        fi: "Täsmennys on vapaaehtoinen. Jos haluat kaiken tai et vastaa, kokoamme kaiken, mitä käsittelemme sinusta "
            + "rekisterinpitäjänä.",
        sv: "Preciseringen är frivillig. Om du vill ha allt, eller inte svarar, samlar vi allt som vi behandlar om dig "
            + "som personuppgiftsansvarig.",
        en: "You need not specify anything. If you want everything, or do not answer, we gather all that we process "
            + "about you as controller.")
    /// `{due}`.
    static let clarificationDue = LocalizedText(
        fi: "Vastaamme viimeistään {due}.", sv: "Vi svarar senast den {due}.", en: "We answer by {due} at the latest.")

    // Extension.

    /// `{due}`.
    static let `extension` = LocalizedText(
        fi: "Emme ehdi vastata kuukauden kuluessa. Jatkamme määräaikaa, ja vastaamme viimeistään {due}.",
        sv: "Vi hinner inte svara inom en månad. Vi förlänger tiden och svarar senast den {due}.",
        en: "We cannot answer within one month. We extend the time limit, and answer by {due} at the latest.")
    static let extensionComplexity = LocalizedText(
        fi: "Syy on pyynnön monimutkaisuus: [miksi].", sv: "Orsaken är att begäran är komplicerad: [varför].",
        en: "The reason is the complexity of the request: [why].")
    static let extensionNumber = LocalizedText(
        fi: "Syy on pyyntöjen määrä: [miksi].", sv: "Orsaken är antalet inkomna begäranden: [varför].",
        en: "The reason is the number of requests: [why].")
    static let extensionReasonBlank = LocalizedText(
        fi: "Syy on [pyynnön monimutkaisuus / pyyntöjen määrä, ja miksi].",
        sv: "Orsaken är [att begäran är komplicerad / antalet begäranden, och varför].",
        en: "The reason is [complexity / number of requests, and why].")
    /// `{first}`.
    static let extensionWithin = LocalizedText(
        fi: "Määräaikaa voi tarvittaessa jatkaa enintään kahdella kuukaudella, kun siitä ilmoitetaan ensimmäisen "
            + "kuukauden kuluessa (12\u{A0}artiklan 3\u{A0}kohta); se päättyy {first}. Jos saamme osan tiedoista "
            + "valmiiksi aiemmin, voit saada sen heti: kerro, jos haluat.",
        sv: "Tiden får vid behov förlängas med högst två månader om det meddelas inom den första månaden "
            + "(artikel\u{A0}12.3); den går ut den {first}. Om en del blir klar tidigare kan du få den genast: säg "
            + "till om du vill det.",
        en: "The time may be extended by at most two months where necessary, if this is told within the first month "
            + "(Article\u{A0}12(3)), which ends on {first}. If a part is ready earlier, you can have it at once: tell "
            + "us if you want that.")

    // Delivery.

    /// `{received}`, `{request}`.
    static func asked(_ right: Right) -> LocalizedText {
        right == .portability
            ? LocalizedText(
                fi: "Pyysit {received}, että saat tietosi siirrettäviksi järjestelmästä toiseen (yleinen "
                    + "tietosuoja-asetus, 20\u{A0}artikla; pyyntö {request}).",
                sv: "Du begärde den {received} att få dina uppgifter för överföring (dataportabilitet, allmänna "
                    + "dataskyddsförordningen, artikel\u{A0}20; begäran {request}).",
                en: "On {received} you asked for your data in order to move them (data portability, General Data "
                    + "Protection Regulation, GDPR, Article\u{A0}20; request {request}).")
            : LocalizedText(
                fi: "Pyysit {received} pääsyä omiin henkilötietoihisi (yleinen tietosuoja-asetus, 15\u{A0}artikla; "
                    + "pyyntö {request}). Vahvistamme, että käsittelemme henkilötietojasi.",
                sv: "Du begärde den {received} tillgång till dina personuppgifter (allmänna dataskyddsförordningen, "
                    + "artikel\u{A0}15; begäran {request}). Vi bekräftar att vi behandlar personuppgifter om dig.",
                en: "On {received} you asked for access to your personal data (General Data Protection Regulation, "
                    + "GDPR, Article\u{A0}15; request {request}). We confirm that we process personal data about you.")
    }
    static let ready = LocalizedText(
        fi: "Jäljennös tiedoista on valmiina.", sv: "En kopia av uppgifterna är klar.",
        en: "A copy of the data is ready.")
    static let contentsNothing = LocalizedText(
        fi:
            "Tämän pyynnön perusteella ei voida antaa mitään tietoja: paketissa ei ole yhtään tietuetta. Syyt ovat alla.",
        sv:
            "På grund av denna begäran kan inga uppgifter lämnas ut: paketet innehåller inga poster. Skälen anges nedan.",
        en: "On this request no data can be given: there is no record in the package. The reasons stand below.")
    /// `{receiver}`, `{transmitted}`.
    static let transmitted = LocalizedText(
        fi: "Lähetimme paketin pyynnöstäsi suoraan toiseen palveluun {transmitted}: {receiver} (20\u{A0}artiklan "
            + "2\u{A0}kohta).",
        sv: "På din begäran sände vi paketet direkt till en annan tjänst den {transmitted}: {receiver} "
            + "(artikel\u{A0}20.2).",
        en: "At your request we sent the package directly to another service on {transmitted}: {receiver} "
            + "(Article\u{A0}20(2)).")
    /// `{receiver}`, `{transmitted}`; where the law knows no such right.
    static let transmittedOnRequest = LocalizedText(
        fi: "Lähetimme paketin pyynnöstäsi suoraan {transmitted}: {receiver}.",
        sv: "På din begäran sände vi paketet direkt den {transmitted}: {receiver}.",
        en: "At your request we sent the package directly on {transmitted}: {receiver}.")
    static let transmittedCopy = LocalizedText(
        fi: "Se vastaa siitä, miten se käsittelee tiedot. Jos haluat paketin myös itsellesi, kerro meille.",
        sv: "Mottagaren svarar för hur den behandlar uppgifterna. Om du också själv vill ha paketet, meddela oss.",
        en: "The receiver answers for how it processes the data. If you want the package for yourself as well, tell us."
    )
    /// `{counts}`, `{categories}`.
    static let contents = LocalizedText(
        fi: "Paketissa on {counts}: {categories}.", sv: "Paketet innehåller {counts}: {categories}.",
        en: "The package holds {counts}: {categories}.")
    static let contentsWithoutCategories = LocalizedText(
        fi: "Paketissa on {counts}.", sv: "Paketet innehåller {counts}.", en: "The package holds {counts}.")
    static let handOver = LocalizedText(
        fi: "Luovutamme paketin vain tavalla, jossa vastaanottaja on tunnistettu: [mistä ja miten paketin saa, "
            + "esimerkiksi kirjautumalla palveluun]. Emme lähetä sitä sähköpostin liitteenä.",
        sv: "Vi lämnar ut paketet endast så att mottagaren är identifierad: [var och hur paketet fås, till exempel "
            + "genom att logga in i tjänsten]. Vi skickar det inte som bilaga till e-post.",
        en: "We hand the package over only where the receiver is authenticated: [where and how to get it, for instance "
            + "by signing in to the service]. We do not send it as an attachment to an e-mail.")
    static let open = LocalizedText(
        fi: "Paketti on zip-tiedosto. Tallenna se, pura se ja avaa tiedosto index.html selaimessa: se kertoo "
            + "tavallisella kielellä, mitä paketissa on. Se toimii puhelimessakin ja ilman verkkoyhteyttä. Paketissa "
            + "on henkilötietoja: säilytä sitä paikassa, johon muut eivät pääse.",
        sv: "Paketet är en zip-fil. Spara den, packa upp den och öppna filen index.html i en webbläsare: den berättar "
            + "i klartext vad som finns där. Den fungerar också i telefonen och utan nätanslutning. Paketet innehåller "
            + "personuppgifter: förvara det där andra inte kommer åt det.",
        en: "The package is a zip file. Save it, unpack it and open the file index.html in a browser: it tells in "
            + "plain language what is there. It works on a telephone too, and without a network. The package holds "
            + "personal data: keep it where others cannot get at it.")
    static let file = LocalizedText(fi: "Tiedosto:", sv: "Fil:", en: "File:")
    static let size = LocalizedText(fi: "Koko:", sv: "Storlek:", en: "Size:")
    static let check = LocalizedText(
        fi:
            "SHA-256 on tiedoston tarkistussumma. Halutessasi voit sillä varmistaa, että sait tiedoston muuttumattomana: "
            + "komennon on tulostettava sama luku.",
        sv: "SHA-256 är filens kontrollsumma. Med den kan du om du vill försäkra dig om att du fick filen oförändrad: "
            + "kommandot ska skriva ut samma tal.",
        en: "SHA-256 is the file’s checksum. With it you can, if you like, make sure that you got the file unchanged: "
            + "the command must print the same number.")
    static let archiveBlank = LocalizedText(
        fi: "Tiedosto, koko ja tarkistussumma: [paketin tiedot]",
        sv: "Fil, storlek och kontrollsumma: [paketets uppgifter]",
        en: "File, size and checksum: [of the package]")
    static let processingInside = LocalizedText(
        fi: "Samassa tiedostossa index.html kerrotaan käsittelystä: tarkoitukset ja oikeusperusteet, vastaanottajat ja "
            + "siirrot kolmansiin maihin, säilytysajat, tietojen alkuperä, automaattinen päätöksenteko ja oikeutesi "
            + "(15\u{A0}artiklan 1 ja 2\u{A0}kohta). Sama on ohjelmille tiedostossa processing-information.json.",
        sv: "I samma fil index.html finns information om behandlingen: ändamål och rättslig grund, mottagare och "
            + "överföringar till tredjeland, lagringstider, varifrån uppgifterna kommer, automatiserat beslutsfattande "
            + "och dina rättigheter (artikel\u{A0}15.1 och 15.2). Samma information finns för program i filen "
            + "processing-information.json.",
        en: "The same file index.html tells of the processing: purposes and legal bases, recipients and transfers to "
            + "third countries, periods of storage, the source of the data, automated decision-making and your rights "
            + "(Article\u{A0}15(1) and (2)). The same stands for programs in the file processing-information.json.")
    static let nothingLeftOut = LocalizedText(
        fi: "Mitään ei ole jätetty pois.", sv: "Inget har utelämnats.", en: "Nothing has been left out.")
    static let leftOut = LocalizedText(
        fi: "Seuraavaa ei ole annettu tai se on peitetty, ja syy siihen on:",
        sv: "Följande har utelämnats eller dolts, och skälet är:",
        en: "The following was left out or masked, for this reason:")
    /// Originals and attachments; the article follows. A receipt counts them without telling one reason from the other.
    static let documentsLeftOut = LocalizedText(
        fi:
            "Tiedostossa on muiden tietoja, joita siitä ei voida peittää, tai se kuuluu tietueeseen, joka on jätetty pois",
        sv: "Filen innehåller uppgifter om andra som inte kan döljas i den, eller hör till en post som har utelämnats",
        en: "The file holds data on others that cannot be masked in it, or belongs to a record that was left out")
    /// To a user who is no party to the contract; the article follows.
    static let companysData = LocalizedText(
        fi: "Käsittelemme näitä tietoja asiakasyrityksemme lukuun, joka on niiden rekisterinpitäjä; pyydä ne siltä",
        sv: "Vi behandlar dessa uppgifter för vårt kundföretags räkning, som är personuppgiftsansvarig; begär dem av "
            + "företaget",
        en: "We process these data on behalf of the company that is our customer and their controller; ask it for them")
    static let accessStays = LocalizedText(
        fi: "Tämä koskee vain oikeutta siirtää tiedot järjestelmästä toiseen. Oikeuttasi saada pääsy tietoihin "
            + "(15\u{A0}artikla) ei ole evätty: pyynnöstä saat jäljennöksen niistäkin henkilötiedoistasi, joita käsittelemme "
            + "rekisterinpitäjänä ja joita tämä oikeus ei koske.",
        sv:
            "Detta gäller endast rätten till dataportabilitet. Din rätt till tillgång (artikel\u{A0}15) har inte nekats: på "
            + "begäran får du en kopia också av de personuppgifter som vi behandlar som personuppgiftsansvarig och som "
            + "denna rätt inte gäller.",
        en:
            "This concerns the right to data portability only. Your right of access (Article\u{A0}15) is not refused: on "
            + "request you get a copy also of those personal data which we process as controller and which this right "
            + "does not cover.")
    /// Values of fields.
    static let values = Counted(
        one: LocalizedText(fi: "kentän arvo", sv: "fältvärde", en: "value of a field"),
        many: LocalizedText(fi: "kentän arvoa", sv: "fältvärden", en: "values of fields"))
    static let furtherRights = LocalizedText(
        fi: "Jos jokin tieto on väärin tai puutteellinen, pyydä meitä oikaisemaan se. Muut oikeutesi on kerrottu "
            + "paketissa tietoryhmittäin.",
        sv: "Om en uppgift är felaktig eller ofullständig kan du be oss rätta den. Dina övriga rättigheter framgår av "
            + "paketet, för varje kategori av uppgifter.",
        en: "If anything is wrong or incomplete, ask us to correct it. Your other rights are told in the package, for "
            + "each category of data.")
    static let partial = LocalizedText(
        fi: "Vastaus on vielä osittainen: vian vuoksi emme voineet lukea kaikkea. Näistä tietoja puuttuu tai voi "
            + "puuttua:",
        sv: "Svaret är ännu ofullständigt: på grund av ett fel kunde vi inte läsa allt. Uppgifter saknas eller kan "
            + "saknas i följande:",
        en: "The answer is not complete yet: because of a fault we could not read everything. Data are missing, or may "
            + "be missing, from these:")
    /// `{missing}`.
    static let supplement = LocalizedText(
        fi: "Toimitamme puuttuvan osan viimeistään {missing} ilman uutta pyyntöä. Tämä ei ole päätös olla antamatta "
            + "tietoja.",
        sv: "Vi lämnar den del som saknas senast den {missing}, utan ny begäran. Detta är inget beslut att inte lämna "
            + "ut uppgifterna.",
        en: "We deliver the missing part by {missing} at the latest, without a new request. This is no decision to "
            + "withhold the data.")

    // Refusal.

    static let refused = LocalizedText(
        fi: "Emme toteuta pyyntöäsi. Syyt ovat (12\u{A0}artiklan 4\u{A0}kohta):",
        sv: "Vi vidtar inte de åtgärder som du begärde. Orsakerna är (artikel\u{A0}12.4):",
        en: "We do not take the action that you asked for. The reasons are (Article\u{A0}12(4)):")
    static let nothingGiven = LocalizedText(
        fi: "Tämän pyynnön perusteella ei anneta mitään tietoja.", sv: "På denna begäran lämnas inga uppgifter ut.",
        en: "On this request no data are given.")
    static let refusedInPart = LocalizedText(
        fi: "Toteutamme pyyntösi osittain: sen, mitä voidaan antaa, saat erikseen. Muun osalta syyt ovat "
            + "(12\u{A0}artiklan 4\u{A0}kohta):",
        sv: "Vi tillmötesgår din begäran delvis: det som kan lämnas ut får du särskilt. I övrigt är orsakerna "
            + "(artikel\u{A0}12.4):",
        en: "We grant your request in part: what can be given you get separately. For the rest the reasons are "
            + "(Article\u{A0}12(4)):")
    static func refusal(_ refusal: LetterFacts.Refusal) -> LocalizedText {
        switch refusal {
        case .manifestlyUnfounded:
            LocalizedText(
                fi: "Pyyntö on ilmeisen perusteeton (12\u{A0}artiklan 5\u{A0}kohta), koska [mikä sen osoittaa].",
                sv: "Begäran är uppenbart ogrundad (artikel\u{A0}12.5), eftersom [vad som visar det].",
                en: "The request is manifestly unfounded (Article\u{A0}12(5)), because [what shows it].")
        case .excessive:
            LocalizedText(
                fi: "Pyyntö on kohtuuton, erityisesti koska niitä esitetään toistuvasti (12\u{A0}artiklan "
                    + "5\u{A0}kohta): [aiemmat pyynnöt ja vastaukset].",
                sv: "Begäran är orimlig, särskilt på grund av dess repetitiva art (artikel\u{A0}12.5): [tidigare "
                    + "begäranden och svar].",
                en: "The request is excessive, in particular because of its repetitive character (Article\u{A0}12(5)): "
                    + "[earlier requests and answers].")
        case .notIdentified:
            LocalizedText(
                fi: "Emme pysty tunnistamaan sinua niiden tietojen avulla, jotka meillä on (11\u{A0}artiklan "
                    + "2\u{A0}kohta ja 12\u{A0}artiklan 2\u{A0}kohta). Voit antaa lisätietoja, joiden avulla sinut voi "
                    + "tunnistaa.",
                sv: "Vi kan inte identifiera dig med de uppgifter som vi har (artiklarna\u{A0}11.2 och 12.2). Du kan "
                    + "lämna ytterligare information som gör identifieringen möjlig.",
                en: "We are not in a position to identify you by what we have (Articles\u{A0}11(2) and 12(2)). You can "
                    + "give further information that makes it possible.")
        }
    }
    static let burden = LocalizedText(
        fi: "Meidän on voitava osoittaa tämä. Jos olet eri mieltä, kerro miksi, niin arvioimme asian uudelleen.",
        sv: "Det åligger oss att visa detta. Om du är av annan åsikt, berätta varför, så bedömer vi saken på nytt.",
        en: "It is for us to show this. If you do not agree, tell us why, and we look at it again.")
    static let ombudsman = LocalizedText(
        fi: "Siltä osin kuin laki rajoittaa oikeuttasi (tietosuojalaki 1050/2018, 34\u{A0}§), tiedot on pyynnöstäsi "
            + "annettava tietosuojavaltuutetulle. Voit esittää pyynnön meille.",
        sv: "I den mån lagen begränsar din rätt (dataskyddslagen 1050/2018, 34\u{A0}§) ska uppgifterna på din begäran "
            + "lämnas till dataombudsmannen. Du kan framföra begäran till oss.",
        en: "As far as the law restricts your right (Data Protection Act 1050/2018, section\u{A0}34), the data are, if "
            + "you ask for it, given to the Data Protection Ombudsman. You can ask us to do so.")
    static let again = LocalizedText(
        fi: "Tämä vastaus ei estä sinua esittämästä uutta tai täsmennettyä pyyntöä.",
        sv: "Detta svar hindrar dig inte från att göra en ny eller preciserad begäran.",
        en: "This answer does not keep you from making a new or a more specific request.")

    // Remedies.

    static let remediesTitle = LocalizedText(
        fi: "JOS ET OLE TYYTYVÄINEN VASTAUKSEEN", sv: "OM DU INTE ÄR NÖJD MED SVARET",
        en: "IF YOU ARE NOT CONTENT WITH THE ANSWER")
    static let controllersAuthority = LocalizedText(
        fi: "Voit kääntyä myös sen maan valvontaviranomaisen puoleen, jossa me toimimme:",
        sv: "Du kan också vända dig till tillsynsmyndigheten i det land där vi är etablerade:",
        en: "You can also turn to the supervisory authority of the country where we are established:")
    static let remedyArticles = LocalizedText(
        fi: "Perusteet: yleisen tietosuoja-asetuksen 77, 78 ja 79\u{A0}artikla.",
        sv: "Bestämmelserna finns i artiklarna 77, 78 och\u{A0}79 i allmänna dataskyddsförordningen.",
        en: "These rights are in Articles 77, 78 and\u{A0}79 of the General Data Protection Regulation.")

    // Nothing held; processor only.

    static let nothingHeld = LocalizedText(
        fi: "Emme käsittele henkilötietojasi rekisterinpitäjänä (15\u{A0}artiklan 1\u{A0}kohta). Haimme niillä "
            + "tunnisteilla, jotka annoit; haku päättyi {searched}.",
        sv: "Vi behandlar inga personuppgifter om dig som personuppgiftsansvarig (artikel\u{A0}15.1). Vi sökte med de "
            + "kännetecken som du gav; sökningen avslutades den {searched}.",
        en: "We do not process personal data about you as controller (Article\u{A0}15(1)). We searched by the "
            + "identifiers that you gave; the search ended on {searched}.")
    static let searched = LocalizedText(
        fi: "Haimme näistä, eikä mitään löytynyt:", sv: "Vi sökte i följande och hittade inget:",
        en: "We searched these and found nothing:")
    static let otherIdentifiers = LocalizedText(
        fi:
            "Jos olet asioinut kanssamme toisella sähköpostiosoitteella, puhelinnumerolla tai asiakasnumerolla, kerro se, "
            + "niin haemme uudelleen.",
        sv:
            "Om du har varit i kontakt med oss med en annan e-postadress, ett annat telefonnummer eller ett kundnummer, "
            + "berätta det, så söker vi på nytt.",
        en: "If you have dealt with us under another e-mail address, telephone number or customer number, tell us, and "
            + "we search again.")
    static let mayBeProcessor = LocalizedText(
        fi: "Yritykset käyttävät palveluamme, ja voimme käsitellä henkilötietoja niiden lukuun, esimerkiksi laskujen "
            + "saajien tietoja. Silloin olemme vain henkilötietojen käsittelijä.",
        sv:
            "Företag använder vår tjänst, och vi kan behandla personuppgifter för deras räkning, till exempel uppgifter "
            + "om fakturamottagare. Då är vi endast personuppgiftsbiträde.",
        en: "Companies use our service, and we may process personal data on their behalf, such as data on those who "
            + "receive invoices. We are then the processor only.")
    static let askSender = LocalizedText(
        fi: "Rekisterinpitäjä on yritys, jonka kanssa olet asioinut: jos olet saanut laskun, kysy tietojasi laskun "
            + "lähettäjältä. Sen nimi ja yhteystiedot ovat laskussa.",
        sv: "Personuppgiftsansvarig är det företag som du har haft att göra med: om du har fått en faktura, begär dina "
            + "uppgifter av fakturans avsändare. Namnet och kontaktuppgifterna står på fakturan.",
        en:
            "The controller is the company that you have dealt with: if you have received an invoice, ask the sender of "
            + "the invoice for your data. Its name and contact details stand on the invoice.")
    static let processor = LocalizedText(
        fi: "Siltä osin kuin tietojasi on asiakkaidemme aineistossa, käsittelemme niitä asiakkaidemme lukuun: olemme "
            + "henkilötietojen käsittelijä, ja pyyntöösi vastaa rekisterinpitäjä (28\u{A0}artikla). Emme saa luovuttaa "
            + "näitä tietoja ilman rekisterinpitäjän ohjetta.",
        sv: "I den mån uppgifter om dig finns i våra kunders material behandlar vi dem för kundernas räkning: vi är "
            + "personuppgiftsbiträde, och din begäran besvaras av den personuppgiftsansvarige (artikel\u{A0}28). Vi "
            + "får inte lämna ut dessa uppgifter utan instruktion från den personuppgiftsansvarige.",
        en: "As far as data about you are in our customers’ material, we process them on the customers’ behalf: we are "
            + "the processor, and your request is answered by the controller (Article\u{A0}28). We may not give these "
            + "data out without the controller’s instruction.")
    static let mayNotName = LocalizedText(
        fi: "Emme voi kertoa, ketkä asiakkaamme mahdollisesti käsittelevät tietojasi.",
        sv: "Vi kan inte tala om vilka av våra kunder som eventuellt behandlar uppgifter om dig.",
        en: "We cannot tell which of our customers may process data about you.")
    static let weHelp = LocalizedText(
        fi: "Kun rekisterinpitäjä pyytää, autamme sitä vastaamaan sinulle (28\u{A0}artiklan 3\u{A0}kohdan "
            + "e\u{A0}alakohta).",
        sv: "När den personuppgiftsansvarige begär det hjälper vi till med att besvara din begäran "
            + "(artikel\u{A0}28.3\u{A0}e).",
        en: "When the controller asks us, we help it to answer you (Article\u{A0}28(3)(e)).")

    // To controllers and customers.

    /// `{instruction}`, `{received}`, `{request}`.
    static let handover = LocalizedText(
        fi: "Kokosimme ohjeenne {instruction} mukaisesti henkilötiedot, joita käsittelemme lukuunne (yleinen "
            + "tietosuoja-asetus, 28\u{A0}artiklan 3\u{A0}kohdan e\u{A0}alakohta). Ohje saapui {received}; pyynnön "
            + "tunnus on {request}.",
        sv: "Vi har enligt er instruktion {instruction} samlat de personuppgifter som vi behandlar för er räkning "
            + "(allmänna dataskyddsförordningen, artikel\u{A0}28.3\u{A0}e). Instruktionen kom den {received}; begärans "
            + "nummer är {request}.",
        en: "On your instruction {instruction} we have gathered the personal data that we process on your behalf "
            + "(General Data Protection Regulation, GDPR, Article\u{A0}28(3)(e)). The instruction came on {received}; "
            + "the request’s number is {request}.")
    /// `{received}`, `{request}`.
    static let switching = LocalizedText(
        fi: "Kokosimme asiakastilinne tiedot, joita pyysitte {received} (datasäädös, asetus (EU) 2023/2854). Pyynnön "
            + "tunnus on {request}.",
        sv: "Vi har samlat ert kundkontos uppgifter, som ni begärde den {received} (dataförordningen, förordning (EU) "
            + "2023/2854). Begärans nummer är {request}.",
        en: "We have gathered your account’s data, for which you asked on {received} (Data Act, Regulation (EU) "
            + "2023/2854). The request’s number is {request}.")
    static let youAnswer = LocalizedText(
        fi: "Te olette rekisterinpitäjä: te vastaatte rekisteröidyn pyyntöön määräajassa ja arvioitte, mitä hänelle "
            + "annetaan. Muiden henkilöiden tiedot on tarvittaessa poistettava ensin (15\u{A0}artiklan 4\u{A0}kohta).",
        sv: "Ni är personuppgiftsansvarig: ni besvarar den registrerades begäran inom tiden och bedömer vad som lämnas "
            + "ut. Uppgifter om andra måste vid behov tas bort först (artikel\u{A0}15.4).",
        en: "You are the controller: you answer the data subject’s request in time, and judge what is given out. Data "
            + "on other people may have to be taken out first (Article\u{A0}15(4)).")
    static let yoursToUse = LocalizedText(
        fi: "Paketissa voi olla henkilötietoja, esimerkiksi asiakkaidenne. Te vastaatte niiden käsittelystä "
            + "rekisterinpitäjänä. Tiedostomuodot ja kentät on kuvattu paketissa, jotta toinen palvelu voi lukea ne.",
        sv: "Paketet kan innehålla personuppgifter, till exempel om era kunder. Ni svarar för behandlingen av dem som "
            + "personuppgiftsansvarig. Filformaten och fälten beskrivs i paketet så att en annan tjänst kan läsa dem.",
        en: "The package may hold personal data, of your customers for instance. You answer for their processing as "
            + "controller. File formats and fields are described in the package, so that another service can read them."
    )
    static let coverOpen = LocalizedText(
        fi: "Paketti on zip-tiedosto, joka luovutetaan vain tunnistetulle vastaanottajalle: [mistä ja miten paketin "
            + "saa]. Tiedosto index.html kertoo sisällön; manifest.json luettelee lähteet, määrät, pois jätetyt kohdat "
            + "ja tarkistussummat.",
        sv: "Paketet är en zip-fil som lämnas ut endast till en identifierad mottagare: [var och hur paketet fås]. "
            + "Filen index.html berättar om innehållet; manifest.json räknar upp källor, antal, det som utelämnats och "
            + "kontrollsummor.",
        en: "The package is a zip file, handed over to an authenticated receiver only: [where and how to get it]. The "
            + "file index.html tells what is in it; manifest.json lists sources, counts, what was left out, and "
            + "checksums.")

    static func forwarding(_ right: Right) -> LocalizedText {
        let article = right == .portability ? "20" : "15"
        return LocalizedText(
            fi: "Saimme {received} rekisteröidyn pyynnön (yleinen tietosuoja-asetus, \(article)\u{A0}artikla; tunnus "
                + "{request}). Se koskee ainakin osittain henkilötietoja, joita käsittelemme teidän lukuunne. Niiden "
                + "osalta te olette rekisterinpitäjä ja me henkilötietojen käsittelijä.",
            sv: "Vi fick den {received} en begäran från en registrerad (allmänna dataskyddsförordningen, "
                + "artikel\u{A0}\(article); nummer {request}). Den gäller åtminstone delvis personuppgifter som vi "
                + "behandlar för er räkning. För dem är ni personuppgiftsansvarig och vi personuppgiftsbiträde.",
            en: "On {received} we received a data subject’s request (General Data Protection Regulation, GDPR, "
                + "Article\u{A0}\(article); number {request}). It concerns, at least in part, personal data that we "
                + "process on your behalf. For these you are the controller, and we are the processor.")
    }
    static let forwardedRequest = LocalizedText(
        fi: "Tässä kirjeessä ei ole henkilötietoja. Itse pyynnön saatte suojattua kanavaa pitkin: [miten]. "
            + "Henkilöllisyyden varmistaminen kuuluu teille.",
        sv: "Detta brev innehåller inga personuppgifter. Själva begäran får ni genom en skyddad kanal: [hur]. Det "
            + "ankommer på er att bekräfta identiteten.",
        en: "This letter holds no personal data. You get the request itself through a protected channel: [how]. "
            + "Confirming the identity is for you.")
    static let youMustAnswer = LocalizedText(
        fi: "Rekisterinpitäjän on vastattava ilman aiheetonta viivytystä ja viimeistään kuukauden kuluessa pyynnön "
            + "vastaanottamisesta (12\u{A0}artiklan 3\u{A0}kohta). Me emme vastaa pyyntöön puolestanne.",
        sv: "Den personuppgiftsansvarige ska svara utan onödigt dröjsmål och senast en månad efter att ha mottagit "
            + "begäran (artikel\u{A0}12.3). Vi besvarar inte begäran för er räkning.",
        en: "The controller must answer without undue delay and at the latest within one month of receipt "
            + "(Article\u{A0}12(3)). We do not answer the request in your place.")
    static let instructUs = LocalizedText(
        fi: "Jos haluatte, että kokoamme tiedot, antakaa meille siitä ohje ja sille tunnus (28\u{A0}artiklan "
            + "3\u{A0}kohdan a ja e\u{A0}alakohta). Toimitamme tiedot teille, emme rekisteröidylle.",
        sv: "Om ni vill att vi samlar uppgifterna, ge oss en instruktion om det och ett nummer för den "
            + "(artikel\u{A0}28.3\u{A0}a och\u{A0}e). Vi lämnar uppgifterna till er, inte till den registrerade.",
        en: "If you want us to gather the data, give us an instruction to do so, with a number of its own "
            + "(Article\u{A0}28(3)(a) and (e)). We deliver the data to you, not to the data subject.")
    static let weToldThePerson = LocalizedText(
        fi: "Neuvomme rekisteröityä kääntymään laskun lähettäjän puoleen. Emme kerro hänelle, kenen lukuun "
            + "käsittelemme tietoja.",
        sv: "Vi råder den registrerade att vända sig till fakturans avsändare. Vi talar inte om för vems räkning vi "
            + "behandlar uppgifter.",
        en: "We advise the data subject to turn to the sender of the invoice. We do not say on whose behalf we process "
            + "data.")
}
