import PortabilityModel

/// What the page says on the processing: Article 15(1)(a) to (h) and 15(2).
enum PageProcessingTexts {
    static let title = LocalizedText(
        fi: "Miten ja miksi käsittelemme tietoja", sv: "Hur och varför vi behandlar uppgifterna",
        en: "How and why we process the data")
    static let introduction = LocalizedText(
        fi: "Tähän on koottu kustakin tietoryhmästä se, mitä yleisen tietosuoja-asetuksen 15 artiklan 1 kohta käskee "
            + "kertoa. Kirjaimet ovat sen alakohtia. Valitusoikeudesta (f) ja muista oikeuksista (e) on oma kohtansa "
            + "alempana.",
        sv: "Här står för varje kategori av uppgifter det som artikel 15.1 i allmänna dataskyddsförordningen kräver. "
            + "Bokstäverna är dess led. Rätten att klaga (f) och de andra rättigheterna (e) beskrivs längre ned.",
        en: "For each category of data this section gives what Article 15(1) of the General Data Protection Regulation "
            + "(GDPR) demands. The letters are its points. The right to complain (f) and the other rights (e) stand "
            + "further down.")
    static let introductionOrganisation = LocalizedText(
        fi: "Tähän on koottu kustakin tietoryhmästä, miten sitä käsitellään. Kirjaimet ovat yleisen "
            + "tietosuoja-asetuksen 15 artiklan 1 kohdan alakohtia.",
        sv: "Här står för varje kategori av uppgifter hur den behandlas. Bokstäverna är leden i artikel 15.1 "
            + "i allmänna dataskyddsförordningen.",
        en: "For each category of data this section tells how it is processed. The letters are the points of "
            + "Article 15(1) of the General Data Protection Regulation (GDPR).")
    static let purposes = LocalizedText(
        fi: "a) Käsittelyn tarkoitus ja oikeusperuste", sv: "a) Ändamål och rättslig grund",
        en: "(a) Purpose and legal basis")
    static let categories = LocalizedText(
        fi: "b) Mitä tietoja", sv: "b) Vilka uppgifter", en: "(b) Which data")
    static let recipients = LocalizedText(fi: "c) Vastaanottajat", sv: "c) Mottagare", en: "(c) Recipients")
    static let retention = LocalizedText(fi: "d) Säilytysaika", sv: "d) Lagringstid", en: "(d) Storage period")
    static let origin = LocalizedText(
        fi: "g) Mistä tiedot on saatu", sv: "g) Varifrån uppgifterna kommer", en: "(g) Source of the data")
    static let decisions = LocalizedText(
        fi: "h) Automaattinen päätöksenteko ja profilointi",
        sv: "h) Automatiserat beslutsfattande, inbegripet profilering",
        en: "(h) Automated decision-making, including profiling")
    /// `{interest}`.
    static let interest = LocalizedText(
        fi: "oikeutettu etu: {interest}", sv: "det berättigade intresset: {interest}",
        en: "the legitimate interest: {interest}")
    static let rightsHere = LocalizedText(
        fi: "e) Oikeutesi näihin tietoihin", sv: "e) Dina rättigheter till dessa uppgifter",
        en: "(e) Your rights in these data")
    static let logic = LocalizedText(fi: "Miten päätös syntyy", sv: "Logiken bakom", en: "The logic involved")
    static let consequences = LocalizedText(
        fi: "Merkitys ja seuraukset sinulle", sv: "Betydelse och följder för dig", en: "Significance and consequences")
    /// `{categories}`.
    static let special = LocalizedText(
        fi: "Tiedoissa voi olla erityisiin henkilötietoryhmiin kuuluvia tietoja: {categories}.",
        sv: "Uppgifterna kan innehålla särskilda kategorier av personuppgifter: {categories}.",
        en: "The data may hold special categories of personal data: {categories}.")
    // Who we are and what you asked.

    static let whoTitle = LocalizedText(
        fi: "Keitä olemme ja mitä pyysit", sv: "Vilka vi är och vad du bad om", en: "Who we are and what you asked")
    static let whoTitleOrganisation = LocalizedText(
        fi: "Keitä olemme ja mitä pyysitte", sv: "Vilka vi är och vad ni bad om", en: "Who we are and what you asked")
    static let whoTitleRepresented = LocalizedText(
        fi: "Keitä olemme ja mitä pyydettiin",
        sv: "Vilka vi är och vad som begärdes",
        en: "Who we are and what was asked")
    static let transmittedTerm = LocalizedText(
        fi: "Toimitetaan suoraan",
        sv: "Levereras direkt till",
        en: "Sent directly to")
    /// `{recipient}`.
    static let transmitted = LocalizedText(
        fi: "Paketti toimitetaan pyynnön mukaan suoraan vastaanottajalle {recipient}.",
        sv: "Paketet levereras enligt begäran direkt till {recipient}.",
        en: "As requested, this package is sent directly to {recipient}.")
    static let representedTerm = LocalizedText(fi: "Pyynnön esittäjä", sv: "Vem som bad", en: "Who asked")
    static let represented = LocalizedText(
        fi: "Pyynnön teki toinen henkilö puolestasi.", sv: "En annan person framställde begäran för dig.",
        en: "Another person made the request on your behalf.")
    static let userClass = LocalizedText(fi: "Käyttäjäryhmä", sv: "Användargrupp", en: "Kind of user")
    static let party = LocalizedText(
        fi: "olet sopimuksen osapuoli", sv: "du är part i avtalet", en: "you are a party to the contract")
    static let noParty = LocalizedText(
        fi: "sopimuksen osapuoli on yritys, jonka puolesta käytät palvelua",
        sv: "part i avtalet är det företag för vars räkning du använder tjänsten",
        en: "the party to the contract is the company for which you use the service")
    static let supplementTerm = LocalizedText(fi: "Täydennys", sv: "Komplettering", en: "Supplement")
    /// `{receipt}`.
    static let supplement = LocalizedText(
        fi: "Tämä paketti täydentää aiempaa pakettia, jonka kuitin tunnus on {receipt}.",
        sv: "Det här paketet kompletterar ett tidigare paket, med kvittot {receipt}.",
        en: "This package completes an earlier one, with the receipt {receipt}.")

    // What is missing, and when it comes.

    /// `{date}`.
    static let missingBy = LocalizedText(
        fi: "Puuttuvat tiedot toimitetaan viimeistään {date}.", sv: "Det som saknas levereras senast den {date}.",
        en: "What is missing will be delivered by {date}.")
    static let missingMore = LocalizedText(
        fi: "Mitä puuttuu", sv: "Se vad som saknas", en: "See what is missing")

    // What a rule did.

    static let fieldWithheld = LocalizedText(fi: "jätetty pois", sv: "utelämnat", en: "left out")
    static let fieldMasked = LocalizedText(fi: "peitetty osittain", sv: "delvis dolt", en: "masked in part")
    static let fieldLabelled = LocalizedText(
        fi: "nimen paikalla on tehtävä", sv: "en roll i stället för namnet", en: "a role instead of the name")
    static let inText = LocalizedText(fi: "tekstin sisällä", sv: "inne i texten", en: "inside the text")
    /// `{authority}`.
    static let ombudsman = LocalizedText(
        fi: "Tietosuojalain (1050/2018) 34 §:n nojalla pois jätetyt tiedot: voit pyytää, että ne annetaan "
            + "tietosuojavaltuutetulle, joka tarkastaa, onko käsittely laillista. Ota yhteyttä: {authority}.",
        sv: "Uppgifter som lämnats bort med stöd av 34 § i dataskyddslagen (1050/2018): du kan begära att de lämnas "
            + "till dataombudsmannen, som granskar om behandlingen är laglig. Kontakta: {authority}.",
        en: "Data left out under section 34 of the Finnish Data Protection Act (1050/2018): you may ask that they be "
            + "given to the Data Protection Ombudsman, who checks whether the processing is lawful. Contact: "
            + "{authority}.")
    static let ombudsmanTitle = LocalizedText(
        fi: "Tiedot voidaan antaa tietosuojavaltuutetulle", sv: "Uppgifterna kan lämnas till dataombudsmannen",
        en: "The data can be given to the ombudsman")

    // Who received.

    /// `{recipients}`.
    static let received = LocalizedText(
        fi: "Tietoja ovat saaneet {recipients}.", sv: "Uppgifter har lämnats till {recipients}.",
        en: "Data have been given to {recipients}.")
    /// `{recipients}`.
    static let receivedOutside = LocalizedText(
        fi: "Tietoja ovat saaneet {recipients}. Osa heistä on Euroopan talousalueen ulkopuolella.",
        sv: "Uppgifter har lämnats till {recipients}. En del av dem finns utanför Europeiska ekonomiska "
            + "samarbetsområdet.",
        en: "Data have been given to {recipients}. Some of them are outside the European Economic Area.")
    static let nobodyReceived = LocalizedText(
        fi: "Paketissa olevia tietoja ei ole luovutettu muille.",
        sv: "Uppgifterna i paketet har inte lämnats ut till andra.",
        en: "The data in the package have not been disclosed to anyone else.")
    static let nothingReceived = LocalizedText(
        fi: "Paketissa ei ole tietoja, joten vastaanottajiakaan ei ole kerrottavana.",
        sv: "Paketet innehåller inga uppgifter, och därför anges inga mottagare.",
        en: "There are no data in the package, so there are no recipients to tell of.")
    static let onlyCategories = LocalizedText(
        fi: "Ketään vastaanottajaa ei voi nimetä; alempana kerrotaan, minkä ryhmän vastaanottajista on kyse ja miksi.",
        sv: "Ingen mottagare kan namnges; längre ned anges vilken kategori av mottagare det gäller och varför.",
        en: "No recipient can be named; the category of recipients, and why it is only a category, stands below.")
    static let otherRecipients = Counted(
        one: LocalizedText(fi: "muu", sv: "annan", en: "other"),
        many: LocalizedText(fi: "muuta", sv: "andra", en: "others"))
    static let categoryOnly = LocalizedText(
        fi: "Vain vastaanottajien ryhmä on mainittu, koska:", sv: "Endast kategorin av mottagare anges, eftersom:",
        en: "Only a category of recipients is named, because:")

    // The authority.

    static let otherAuthority = LocalizedText(
        fi: "Rekisterinpitäjän oma valvontaviranomainen", sv: "Den personuppgiftsansvariges egen tillsynsmyndighet",
        en: "The controller’s own supervisory authority")
}

/// The page that says that nothing is held.
enum NothingTexts {
    static let title = LocalizedText(
        fi: "Meillä ei ole tietoja sinusta", sv: "Vi har inga uppgifter om dig", en: "We hold no data about you")
    /// `{sources}`.
    static let held = LocalizedText(
        fi: "Etsimme sinua koskevia tietoja kaikista paikoista, joissa meillä voisi niitä olla ({sources}), emmekä "
            + "löytänyt mitään: emme käsittele rekisterinpitäjänä henkilötietojasi.",
        sv: "Vi sökte uppgifter om dig överallt där vi kunde ha sådana ({sources}) och fann inget: vi behandlar inte "
            + "dina personuppgifter som personuppgiftsansvarig.",
        en: "We looked for data about you wherever we could have any ({sources}) and found nothing: we do not process "
            + "personal data about you as a controller.")
    // Where some sources cannot be searched, it is not known that nothing is held.

    static let titleFound = LocalizedText(
        fi: "Emme löytäneet tietoja sinusta",
        sv: "Vi fann inga uppgifter om dig",
        en: "We found no data about you")
    /// `{sources}`.
    static let found = LocalizedText(
        fi: "Etsimme sinua koskevia tietoja lähteistä, joista niitä voi hakea saamillamme tunnisteilla "
            + "({sources}), emmekä löytänyt mitään. Lähteet, joista ei voinut hakea, luetellaan alempana.",
        sv: "Vi sökte uppgifter om dig i de källor där det går att söka med de identifierare som vi har "
            + "({sources}) och fann inget. De källor som inte kunde genomsökas räknas upp längre ned.",
        en: "We looked for data about you in the sources that can be searched by the identifiers that we "
            + "have ({sources}) and found nothing. The sources that could not be searched are listed below.")
    static let receivedFound = LocalizedText(
        fi: "Emme löytäneet tietojasi, joten emme tiedä antaneemme niitä kenellekään.",
        sv: "Vi fann inga uppgifter om dig och vet därför inte av att vi skulle ha lämnat sådana till någon.",
        en: "We found no data about you, so we know of none that we have given to anybody.")
    static let unsearchedTitle = LocalizedText(
        fi: "Lähteet, joista ei voinut hakea",
        sv: "Källor som inte kunde genomsökas",
        en: "Sources that could not be searched")
    static let unsearched = LocalizedText(
        fi: "Näistä lähteistä haetaan muunlaisilla tunnisteilla kuin niillä, jotka meillä on sinusta. Jos "
            + "annat meille esimerkiksi asiakasnumeron, haemme uudelleen.",
        sv: "I de här källorna söker man med andra slags identifierare än de som vi har om dig. Om du ger "
            + "oss till exempel ett kundnummer söker vi på nytt.",
        en: "These sources are searched by other kinds of identifier than those that we have of you. If you "
            + "give us a customer number, for instance, we search again.")
    static let sources = Counted(
        one: LocalizedText(fi: "lähde", sv: "källa", en: "source"),
        many: LocalizedText(fi: "lähdettä", sv: "källor", en: "sources"))
    static let notHeld = LocalizedText(
        fi:
            "Tietojasi voi silti olla asiakkaillamme: käsittelemme tietoja myös palvelua käyttävien yritysten puolesta. Jos "
            + "olet saanut laskun, kysy tietojasi sen lähettäjältä.",
        sv:
            "Våra kunder kan ändå ha uppgifter om dig: vi behandlar också uppgifter för företag som använder tjänsten. Om "
            + "du har fått en faktura, fråga den som skickade den.",
        en: "Our customers may still hold data about you: we also process data for companies that use the service. If "
            + "you have received an invoice, ask whoever sent it.")
    static let received = LocalizedText(
        fi: "Koska meillä ei ole tietojasi, emme ole antaneet niitä kenellekään.",
        sv: "Eftersom vi inte har några uppgifter om dig har vi inte lämnat dem till någon.",
        en: "As we hold no data about you, we have given none to anybody.")
    static let searchedTitle = LocalizedText(
        fi: "Mistä etsimme", sv: "Var vi sökte", en: "Where we looked")
    static let searchedIntroduction = LocalizedText(
        fi: "Haku on tehty niillä tunnisteilla, jotka annoit tai jotka saimme selville tunnistaessamme sinut. Jos olet "
            + "käyttänyt muuta nimeä, osoitetta tai numeroa, kerro se meille, niin haemme uudelleen.",
        sv: "Sökningen gjordes med de identifierare som du gav eller som vi fick fram när vi identifierade dig. Om du "
            + "har använt ett annat namn, en annan adress eller ett annat nummer, säg det till oss så söker vi på nytt.",
        en: "We searched by the identifiers that you gave us, or that we learned when we identified you. If you have "
            + "used another name, address or number, tell us and we search again.")
    static let searchedCaption = LocalizedText(
        fi: "Läpi käydyt lähteet", sv: "Genomsökta källor", en: "Sources searched")
    static let holdsColumn = LocalizedText(
        fi: "Mitä lähteessä on", sv: "Vad källan innehåller", en: "What it holds")
    static let whenColumn = LocalizedText(fi: "Milloin", sv: "När", en: "When")
    static let kindsColumn = LocalizedText(
        fi: "Minkälaisilla tunnisteilla", sv: "Med vilka slag av identifierare", en: "By which kinds of identifier")
    static let processorTitle = LocalizedText(
        fi: "Tiedot, joita käsittelemme muiden puolesta", sv: "Uppgifter som vi behandlar för andra",
        en: "Data that we process for others")
    static let processor = LocalizedText(
        fi: "Tarjoamme palvelua yrityksille. Ne voivat tallentaa siihen omien asiakkaittensa tietoja, esimerkiksi "
            + "laskuja. Näiden tietojen rekisterinpitäjä on kukin yritys itse, ja me olemme henkilötietojen käsittelijä "
            + "(yleisen tietosuoja-asetuksen 28 artikla). Emme voi antaa niitä sinulle emmekä kertoa, keiden tietoja "
            + "palvelussa on. Pyydä tietosi yritykseltä, jonka kanssa olet asioinut, esimerkiksi laskun lähettäjältä.",
        sv: "Vi erbjuder en tjänst till företag. De kan lagra uppgifter om sina egna kunder i den, till exempel "
            + "fakturor. Personuppgiftsansvarig för dessa uppgifter är varje företag självt, och vi är "
            + "personuppgiftsbiträde (artikel 28 i allmänna dataskyddsförordningen). Vi kan inte lämna ut dem till dig "
            + "och inte berätta om vem det finns uppgifter. Begär dina uppgifter av det företag som du har haft att "
            + "göra med, till exempel den som skickade en faktura.",
        en: "We provide a service to companies. They may store data about their own customers in it, invoices for "
            + "instance. Each company is itself the controller of those data, and we are a processor (Article 28 of the "
            + "General Data Protection Regulation, GDPR). We cannot give them to you, nor tell whose data there are. "
            + "Ask the company that you have dealt with for your data, the sender of an invoice for instance.")

    /// A kind of identifier; a kind that the configuration made up is shown as it is spelled there.
    static func kind(_ kind: String) -> LocalizedText {
        switch kind {
        case "user_id": LocalizedText(fi: "käyttäjätunnus", sv: "användar-id", en: "user ID")
        case "customer_number": LocalizedText(fi: "asiakasnumero", sv: "kundnummer", en: "customer number")
        case "email": LocalizedText(fi: "sähköpostiosoite", sv: "e-postadress", en: "e-mail address")
        case "telephone", "phone": LocalizedText(fi: "puhelinnumero", sv: "telefonnummer", en: "telephone number")
        case "name": LocalizedText(fi: "nimi", sv: "namn", en: "name")
        case "username": LocalizedText(fi: "kirjautumisnimi", sv: "inloggningsnamn", en: "user name")
        case "cookie_id": LocalizedText(fi: "evästetunniste", sv: "cookie-id", en: "cookie ID")
        case "device_id": LocalizedText(fi: "laitetunniste", sv: "enhets-id", en: "device ID")
        case "session_id": LocalizedText(fi: "istunnon tunniste", sv: "sessions-id", en: "session ID")
        case "business_id": LocalizedText(fi: "Y-tunnus", sv: "FO-nummer", en: "business ID")
        case "ip_address": LocalizedText(fi: "IP-osoite", sv: "IP-adress", en: "IP address")
        case "personal_identity_code":
            LocalizedText(fi: "henkilötunnus", sv: "personbeteckning", en: "personal identity code")
        default: LocalizedText(fi: kind, sv: kind, en: kind)
        }
    }
}
