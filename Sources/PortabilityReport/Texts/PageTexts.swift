import PortabilityModel

/// The running text of the page and of README.txt.
enum PageTexts {
    // What is missing by fault.

    static let partialTitle = LocalizedText(
        fi: "Huomio: paketti on vajaa", sv: "Obs! Paketet är ofullständigt", en: "Warning: this package is incomplete")
    static let partialMeaning = LocalizedText(
        fi: "Emme pystyneet lukemaan kaikkea. Alla mainituista kohdista tietoja voi puuttua, joten niistä ei "
            + "pidä päätellä, ettei muuta ole. Kaikki, mitä paketissa on, on luettu oikein. Täydennystä voi "
            + "pyytää meiltä: {contact}.",
        sv: "Vi kunde inte läsa allt. I det som nämns nedan kan uppgifter saknas, så dra inte slutsatsen att "
            + "inget annat finns. Allt som finns i paketet är rätt läst. Be oss om en komplettering: "
            + "{contact}.",
        en: "We could not read everything. Data may be missing from what is named below, so do not conclude "
            + "from it that there is nothing else. All that the package does hold was read correctly. Ask us "
            + "for the missing part: {contact}.")
    static let partialSets = LocalizedText(
        fi: "Nämä tiedot ovat vajaita:", sv: "Dessa uppgifter är ofullständiga:", en: "These data are incomplete:")
    static let partialSources = LocalizedText(
        fi: "Lähteet, joita ei voitu lukea kokonaan:", sv: "Källor som inte kunde läsas i sin helhet:",
        en: "Sources that could not be read in full:")
    static let mayLack = LocalizedText(
        fi: "osa merkinnöistä voi puuttua", sv: "en del av posterna kan saknas", en: "some records may be missing")
    static let failed = LocalizedText(
        fi: "ei voitu lukea; mitään ei ole mukana", sv: "kunde inte läsas; inget finns med",
        en: "could not be read; nothing of it is here")
    static let incomplete = LocalizedText(fi: "Vajaa", sv: "Ofullständig", en: "Incomplete")

    // What is here.

    static let hereTitle = LocalizedText(
        fi: "Mitä paketissa on", sv: "Vad paketet innehåller", en: "What is in the package")
    static let hereIntroduction = LocalizedText(
        fi: "Yksi merkintä on esimerkiksi yksi osoite, yksi lasku tai yksi käyttökerta.",
        sv: "En post är till exempel en adress, en faktura eller en användning.",
        en: "One record is, for instance, one address, one invoice or one use of the service.")
    static let meaningColumn = LocalizedText(fi: "Mitä ne ovat", sv: "Vad det är", en: "What they are")
    static let nothing = LocalizedText(
        fi: "Paketissa ei ole yhtään merkintää.", sv: "Paketet innehåller inte en enda post.",
        en: "The package holds no records.")
    static let data = LocalizedText(fi: "Tiedot", sv: "Uppgifter", en: "Data")
    static let recordsColumn = LocalizedText(fi: "Merkintöjä", sv: "Poster", en: "Records")
    static let marketing = LocalizedText(fi: "markkinointi", sv: "marknadsföring", en: "marketing")
    static let emptyTitle = LocalizedText(
        fi: "Haettu, mutta mitään ei löytynyt", sv: "Sökt, men inget hittades", en: "Searched, nothing found")
    static let emptyText = LocalizedText(
        fi: "Näistä ei löytynyt yhtään merkintää. Paketissa on kustakin tyhjä tiedosto.",
        sv: "Av dessa hittades inte en enda post. I paketet finns en tom fil för varje.",
        en: "Of these no records were found. The package holds an empty file for each.")
    static let documentsText = LocalizedText(
        fi: "Lisäksi paketissa on {documents} sellaisina kuin ne on saatu, esimerkiksi laskuja ja liitteitä, kansiossa "
            + "data/documents.",
        sv: "Dessutom finns {documents} i den form de kom, till exempel fakturor och bilagor, i mappen data/documents.",
        en: "Besides, there are {documents} as they were received, such as invoices and attachments, in the folder "
            + "data/documents.")
    /// `{count}`: what the page has no room for.
    static let more = LocalizedText(
        fi: "Lisäksi {count} muuta; täydellinen luettelo on tiedostossa manifest.json.",
        sv: "Dessutom {count} till; den fullständiga förteckningen finns i filen manifest.json.",
        en: "And {count} more; the full list stands in the file manifest.json.")

    // What is not here.

    static let absentTitle = LocalizedText(
        fi: "Mitä paketissa ei ole, ja miksi", sv: "Vad paketet inte innehåller, och varför",
        en: "What is not in the package, and why")
    static let absentIntroduction = LocalizedText(
        fi: "Meille voi kertoa, jos jonkin tiedon kuuluisi olla mukana.",
        sv: "Säg till oss om något saknas som borde vara med.",
        en: "If something should be here, tell us.")
    static let absentNothing = LocalizedText(
        fi: "Mitään ei ole jätetty pois, ja kaikki lähteet voitiin lukea.",
        sv: "Inget har lämnats bort, och alla källor kunde läsas.",
        en: "Nothing has been left out, and every source could be read.")
    static let absentOnlyFaults = LocalizedText(
        fi: "Mitään ei ole jätetty pois tarkoituksella. Vajaat kohdat on lueteltu sivun alun huomautuksessa.",
        sv: "Inget har lämnats bort med avsikt. Det ofullständiga räknas upp i början av sidan.",
        en: "Nothing has been left out on purpose. What is incomplete is listed at the top of the page.")
    static let absentCaption = LocalizedText(
        fi: "Pois jätetyt tiedot ja syyt", sv: "Uppgifter som lämnats bort, och skälen", en: "Data left out, and why")
    static let whatColumn = LocalizedText(fi: "Mitä puuttuu", sv: "Vad som saknas", en: "What is missing")
    static let whyColumn = LocalizedText(fi: "Miksi", sv: "Varför", en: "Why")
    static let wholeWithheld = LocalizedText(
        fi: "Kaikki merkinnät", sv: "Alla poster", en: "All records")
    static let wholeNotRead = LocalizedText(
        fi: "Tietoja ei haettu", sv: "Uppgifterna söktes inte", en: "Not searched")
    static let wholeFailed = LocalizedText(
        fi: "Kaikki merkinnät", sv: "Alla poster", en: "All records")
    static let faultReason = LocalizedText(
        fi: "Lähdettä ei voitu lukea vian takia. Tämä ei ole päätös olla antamatta tietoja; täydennystä voi "
            + "pyytää.",
        sv: "Källan kunde inte läsas på grund av ett fel. Det är inget beslut att inte lämna ut uppgifterna; "
            + "be om en komplettering.",
        en: "The source could not be read because of a fault. This is no decision to keep the data from you; "
            + "ask for the missing part.")
    static let column = LocalizedText(fi: "Sarake", sv: "Kolumnen", en: "Column")

    /// `{sets}` and `{fields}` for the opening.
    static let fields = Counted(
        one: LocalizedText(fi: "yksittäinen kenttä", sv: "enskilt fält", en: "single field"),
        many: LocalizedText(fi: "yksittäistä kenttää", sv: "enskilda fält", en: "single fields"))

    // Who has received.

    static let recipientsTitle = LocalizedText(
        fi: "Kuka tietoja on saanut", sv: "Vem som har fått uppgifter", en: "Who has received data")
    static let recipientsCaption = LocalizedText(
        fi: "Henkilötietojen vastaanottajat", sv: "Mottagare av personuppgifter", en: "Recipients of personal data")
    static let recipientsNone = LocalizedText(
        fi: "Vastaanottajia ei ole ilmoitettu. Meiltä voi kysyä, onko tietoja luovutettu.",
        sv: "Inga mottagare har angetts. Fråga oss om uppgifter har lämnats ut.",
        en: "No recipients are stated. Ask us whether data have been disclosed.")
    static let recipientColumn = LocalizedText(fi: "Vastaanottaja", sv: "Mottagare", en: "Recipient")
    static let countryColumn = LocalizedText(fi: "Maa", sv: "Land", en: "Country")
    static let taskColumn = LocalizedText(fi: "Tehtävä", sv: "Uppgift", en: "What it does for us")
    static let receivedColumn = LocalizedText(fi: "Mitä tietoja", sv: "Vilka uppgifter", en: "Which data")
    static let transferColumn = LocalizedText(
        fi: "Siirto kolmanteen maahan", sv: "Överföring till tredjeland", en: "Transfer to a third country")
    static let allCategories = LocalizedText(fi: "Kaikki tiedot", sv: "Alla uppgifter", en: "All data")
    static let withinArea = LocalizedText(
        fi: "Ei: Euroopan talousalueella", sv: "Nej: inom Europeiska ekonomiska samarbetsområdet",
        en: "No: within the European Economic Area")
    static let transferUnknown = LocalizedText(
        fi: "Siirron perustetta ei ole ilmoitettu; sitä voi kysyä meiltä",
        sv: "Grunden för överföringen är inte angiven; fråga oss",
        en: "The basis for the transfer is not stated; ask us")
    static let privacyShield = LocalizedText(
        fi: "Ei ole enää pätevä: unionin tuomioistuin kumosi Privacy Shield -järjestelyn 16.7.2020 (C-311/18). "
            + "Meiltä voi kysyä, mihin siirto nyt perustuu.",
        sv: "Gäller inte längre: EU-domstolen upphävde Privacy Shield den 16.7.2020 (C-311/18). Fråga oss vad "
            + "överföringen nu grundar sig på.",
        en:
            "No longer valid: the Court of Justice struck the Privacy Shield down on 16 July 2020 (C-311/18). Ask us what "
            + "the transfer now rests on.")

    // Rights.

    static let rightsTitle = LocalizedText(fi: "Oikeutesi", sv: "Dina rättigheter", en: "Your rights")
    static let rightsIntroduction = LocalizedText(
        fi: "Yleinen tietosuoja-asetus antaa sinulle nämä oikeudet. Pyyntö on vapaamuotoinen ja maksuton, ja siihen "
            + "vastataan yleensä kuukauden kuluessa: {contact}.",
        sv: "Allmänna dataskyddsförordningen ger dig dessa rättigheter. En begäran är fri till formen och avgiftsfri, "
            + "och besvaras i regel inom en månad: {contact}.",
        en: "The General Data Protection Regulation (GDPR) gives you these rights. A request needs no form, is free of "
            + "charge and is as a rule answered within one month: {contact}.")
    static let rightsOfPersonsTitle = LocalizedText(
        fi: "Henkilöiden oikeudet", sv: "Personernas rättigheter", en: "The rights of the persons concerned")
    static func rightsOfPersons(_ right: Right) -> LocalizedText {
        right == .handover
            ? LocalizedText(
                fi:
                    "Te olette näiden tietojen rekisterinpitäjä: te vastaatte henkilöiden pyyntöihin ja arvioitte, mitä "
                    + "paketista annetaan kenellekin. Muiden henkilöiden tiedot tai vain teille tarkoitetut tiedot on "
                    + "ehkä poistettava ennen luovuttamista.",
                sv: "Ni är personuppgiftsansvarig för dessa uppgifter: ni besvarar personernas begäranden och bedömer "
                    + "vad i paketet som lämnas ut till vem. Uppgifter om andra personer, eller sådant som är avsett "
                    + "endast för er, måste kanske tas bort före utlämnandet.",
                en: "You are the controller of these data: you answer the persons’ requests and judge what of the "
                    + "package is given to whom. Data about other people, or meant for you only, may have to be taken "
                    + "out first.")
            : LocalizedText(
                fi: "Paketissa voi olla henkilötietoja, esimerkiksi asiakkaidenne. Te vastaatte rekisterinpitäjänä "
                    + "siitä, miten niitä käsitellään siirron jälkeen. Jos olette itse yksityishenkilö, teillä on "
                    + "omiin tietoihinne myös yleisen tietosuoja-asetuksen mukaiset oikeudet.",
                sv: "Paketet kan innehålla personuppgifter, till exempel om era kunder. Ni svarar som "
                    + "personuppgiftsansvarig för hur de behandlas efter flytten. Om ni själv är en privatperson har "
                    + "ni också rättigheter enligt allmänna dataskyddsförordningen till uppgifterna om er.",
                en:
                    "The package may hold personal data, of your customers for instance. As their controller you answer "
                    + "for how they are processed after the move. If you are yourself a private person, you also have "
                    + "rights under the General Data Protection Regulation (GDPR) in the data about you.")
    }
    static let complaintTitle = LocalizedText(
        fi: "Oikeus tehdä valitus valvontaviranomaiselle", sv: "Rätt att lämna in klagomål till en tillsynsmyndighet",
        en: "Right to lodge a complaint with a supervisory authority")
    static let complaint = LocalizedText(
        fi: "Jos katsot, että tietojesi käsittely rikkoo tietosuoja-asetusta, voit tehdä valituksen "
            + "valvontaviranomaiselle (77 artikla): siellä, missä sinulla on vakinainen asuinpaikka tai työpaikka tai "
            + "missä väitetty rikkominen on tapahtunut.",
        sv: "Om du anser att behandlingen av dina uppgifter strider mot dataskyddsförordningen kan du lämna in ett "
            + "klagomål till en tillsynsmyndighet (artikel 77): där du har din hemvist eller din arbetsplats, eller där "
            + "det påstådda intrånget begicks.",
        en: "If you consider that the processing of your data infringes the Regulation, you can lodge a complaint with "
            + "a supervisory authority (Article 77): where you habitually live or work, or where the alleged "
            + "infringement took place.")
    static let remedyTitle = LocalizedText(
        fi: "Oikeus oikeussuojakeinoihin tuomioistuimessa", sv: "Rätt till rättsmedel i domstol",
        en: "Right to a judicial remedy")
    static let remedy = LocalizedText(
        fi:
            "Sinulla on myös oikeus tehokkaisiin oikeussuojakeinoihin: voit nostaa kanteen rekisterinpitäjää vastaan sen "
            + "jäsenvaltion tuomioistuimessa, johon rekisterinpitäjä on sijoittautunut tai jossa sinulla on vakinainen "
            + "asuinpaikka (79 artikla). Valvontaviranomaisen päätökseen voi hakea muutosta tuomioistuimessa "
            + "(78 artikla).",
        sv: "Du har också rätt till ett effektivt rättsmedel: du kan väcka talan mot den personuppgiftsansvarige vid "
            + "domstol i den medlemsstat där den personuppgiftsansvarige är etablerad eller där du har din hemvist "
            + "(artikel 79). Tillsynsmyndighetens beslut kan prövas av domstol (artikel 78).",
        en: "You also have the right to an effective judicial remedy: you can bring proceedings against the controller "
            + "before the courts of the Member State where the controller is established or where you habitually live "
            + "(Article 79). A decision of the supervisory authority can be challenged in court (Article 78).")

    // Details.

    static let aboutTitle = LocalizedText(
        fi: "Tietoja tästä paketista", sv: "Om det här paketet", en: "About this package")
    static let controller = LocalizedText(fi: "Rekisterinpitäjä", sv: "Personuppgiftsansvarig", en: "Controller")
    static let processor = LocalizedText(
        fi: "Henkilötietojen käsittelijä", sv: "Personuppgiftsbiträde", en: "Processor")
    static let provider = LocalizedText(fi: "Palveluntarjoaja", sv: "Tjänsteleverantör", en: "Service provider")
    static let authority = LocalizedText(
        fi: "Valvontaviranomainen", sv: "Tillsynsmyndighet", en: "Supervisory authority")
    static let businessID = LocalizedText(fi: "Y-tunnus", sv: "FO-nummer", en: "Business id")
    static let address = LocalizedText(fi: "Osoite", sv: "Adress", en: "Address")
    static let website = LocalizedText(fi: "Verkkosivu", sv: "Webbplats", en: "Website")
    static let email = LocalizedText(fi: "Sähköposti", sv: "E-post", en: "E-mail")
    static let telephone = LocalizedText(fi: "Puhelin", sv: "Telefon", en: "Telephone")
    static let contact = LocalizedText(fi: "Yhteyshenkilö", sv: "Kontaktperson", en: "Contact")
    static let register = LocalizedText(fi: "Rekisteri", sv: "Register", en: "Register")
    static let policy = LocalizedText(
        fi: "Tietosuojaseloste", sv: "Dataskyddspolicy", en: "Privacy policy")
    /// `{policy}`, `{date}`.
    static let policyOf = LocalizedText(
        fi: "{policy}, päivätty {date}", sv: "{policy}, daterad {date}", en: "{policy}, dated {date}")
    static let policyDigest = LocalizedText(
        fi: "Selosteen tarkistussumma (SHA-256)", sv: "Policyns kontrollsumma (SHA-256)",
        en: "The policy’s checksum (SHA-256)")
    static let askedFor = LocalizedText(fi: "Mitä pyydettiin", sv: "Vad som begärdes", en: "What was asked")
    static let request = LocalizedText(fi: "Pyyntö", sv: "Begäran", en: "Request")
    /// `{request}`, `{date}`.
    static let requestOf = LocalizedText(
        fi: "{request}, saapunut {date}", sv: "{request}, mottagen {date}", en: "{request}, received on {date}")
    static let created = LocalizedText(fi: "Paketti koottu", sv: "Paketet sammanställt", en: "Package made")
    static let tool = LocalizedText(fi: "Ohjelma", sv: "Program", en: "Program")
    static let sourcesTitle = LocalizedText(
        fi: "Mistä tiedot luettiin", sv: "Varifrån uppgifterna lästes", en: "Where the data were read from")
    static let sourcesCaption = LocalizedText(
        fi: "Lähteet ja huomautukset", sv: "Källor och anmärkningar", en: "Sources and remarks")
    static let sourceColumn = LocalizedText(fi: "Lähde", sv: "Källa", en: "Source")
    static let stateColumn = LocalizedText(fi: "Tila", sv: "Läge", en: "State")
    static let asOfColumn = LocalizedText(fi: "Ajankohta", sv: "Tidpunkt", en: "As of")
    static let remarksColumn = LocalizedText(fi: "Huomautukset", sv: "Anmärkningar", en: "Remarks")
    static let noRemarks = LocalizedText(fi: "Ei huomautettavaa", sv: "Inga anmärkningar", en: "None")
    static let contents = LocalizedText(fi: "Sivun sisältö", sv: "Sidans innehåll", en: "On this page")
}
