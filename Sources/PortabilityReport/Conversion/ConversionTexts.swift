import PortabilityModel

/// What only the page and README.txt of a converted archive say.
enum ConversionTexts {
    static let title = LocalizedText(
        fi: "Muunnettu tietopaketti", sv: "Omvandlat datapaket", en: "Converted data package")
    static let what = LocalizedText(fi: "Mikä tämä on", sv: "Vad det här är", en: "What this is")
    static let whatText = LocalizedText(
        fi:
            "Samat tiedot kuin alkuperäisessä paketissa, toisissa tiedostomuodoissa. Mitään ei ole lisätty, jätetty pois "
            + "eikä muutettu.",
        sv: "Samma uppgifter som i det ursprungliga paketet, i andra filformat. Inget har lagts till, utelämnats eller "
            + "ändrats.",
        en: "The same data as in the original package, in other file formats. Nothing was added, left out or changed.")
    static let whatForms = LocalizedText(
        fi:
            "Alkuperäisen paketin tiedoista tehtyjä tiedostoja, joita muut järjestelmät osaavat lukea. Ne sisältävät vain "
            + "sen, mille kyseisessä muodossa on paikka.",
        sv: "Filer som andra system kan läsa, gjorda av uppgifterna i det ursprungliga paketet. De innehåller bara det "
            + "som formatet har en plats för.",
        en:
            "Files that other systems can read, made from the data of the original package. They hold only what the form "
            + "has a place for.")
    static let partial = LocalizedText(
        fi: "Alkuperäinen paketti oli vajaa; sen sivu kertoo, mitä voi puuttua.",
        sv: "Det ursprungliga paketet var ofullständigt; dess sida berättar vad som kan saknas.",
        en: "The original package was incomplete; its page tells what may be missing.")
    static let why = LocalizedText(
        fi: "Mistä selitykset löytyvät", sv: "Var förklaringarna finns", en: "Where the explanations are")
    /// `{file}`, `{controller}`.
    static let whyText = LocalizedText(
        fi:
            "{controller} kertoo alkuperäisen paketin sivulla {file}, mihin tietoja käytetään, kenelle niitä on annettu, "
            + "mitä paketissa ei ole ja miksi, ja mitä oikeuksia tietoihin on. Sivun linkit datatiedostoihin vievät "
            + "alkuperäiseen pakettiin eivätkä toimi tässä.",
        sv: "{controller} berättar på det ursprungliga paketets sida {file} vad uppgifterna används till, vem som har "
            + "fått dem, vad paketet inte innehåller och varför, och vilka rättigheter det finns. Sidans länkar till "
            + "datafiler hör till det ursprungliga paketet och fungerar inte här.",
        en:
            "{controller} tells on the original package’s page {file} what the data are used for, who has received them, "
            + "what is not in the package and why, and which rights there are. That page’s links to files of data "
            + "belong to the original package and do not work here.")

    static let originTitle = LocalizedText(
        fi: "Mistä tämä on muunnettu", sv: "Vad det här är omvandlat från", en: "What this was converted from")
    static let originCaption = LocalizedText(
        fi: "Paketit, joista tämä on tehty, vanhin ensin", sv: "Paketen som det här är gjort av, det äldsta först",
        en: "The packages that this one was made from, the oldest first")
    static let sizeColumn = LocalizedText(fi: "Koko", sv: "Storlek", en: "Size")
    static let digestColumn = LocalizedText(
        fi: "Tiedoston SHA-256-tarkistussumma", sv: "Filens SHA-256-kontrollsumma", en: "SHA-256 checksum of the file")
    static let signed = LocalizedText(
        fi: "Alkuperäinen paketti on allekirjoitettu. Allekirjoitus ja se, mitä on allekirjoitettu, ovat kansiossa "
            + "original; ohje tarkistamiseen on tiedostossa original/README.txt. Tätä muunnosta ei ole allekirjoitettu.",
        sv: "Det ursprungliga paketet är undertecknat. Underskriften och det som är undertecknat finns i mappen "
            + "original; hur de kontrolleras står i original/README.txt. Den här omvandlingen är inte undertecknad.",
        en:
            "The original package is signed. The signature and what was signed are in the folder original; how to check "
            + "them stands in original/README.txt. This conversion is not signed.")

    static let hereTitle = LocalizedText(fi: "Mitä paketissa on", sv: "Innehåll", en: "What is here")
    static let hereCaption = LocalizedText(
        fi: "Tietojoukot ja niiden tiedostot", sv: "Datamängder och deras filer", en: "Sets of data and their files")
    static let datasetColumn = LocalizedText(fi: "Tietojoukko", sv: "Datamängd", en: "Set of data")
    static let recordsColumn = LocalizedText(fi: "Merkintöjä", sv: "Poster", en: "Records")
    static let filesColumn = LocalizedText(fi: "Tiedostot", sv: "Filer", en: "Files")
    static let nothing = LocalizedText(
        fi: "Paketissa ei ole tietojoukkoja.", sv: "Paketet innehåller inga datamängder.",
        en: "There are no sets of data in the package.")
    /// `{list}`.
    static let absent = LocalizedText(
        fi: "Nämä eivät olleet alkuperäisessäkään paketissa; sen sivu kertoo miksi: {list}.",
        sv: "De här fanns inte heller i det ursprungliga paketet; dess sida berättar varför: {list}.",
        en: "These were not in the original package either; its page tells why: {list}.")
    /// `{documents}`.
    static let documents = LocalizedText(
        fi: "Lisäksi kansiossa data/documents on {documents}, tavulleen samat kuin alkuperäisessä paketissa.",
        sv: "Dessutom finns {documents} i mappen data/documents, byte för byte desamma som i det ursprungliga paketet.",
        en: "Besides, there are {documents} in the folder data/documents, byte for byte those of the original package.")
    static let onBehalf = LocalizedText(
        fi: "käsitellään toisen organisaation puolesta", sv: "behandlas för en annan organisations räkning",
        en: "processed on behalf of another organisation")

    static func use(_ form: String) -> LocalizedText {
        switch form {
        case "finvoice":
            LocalizedText(
                fi: "Laskut suomalaisina verkkolaskuina, joita laskutus- ja kirjanpito-ohjelmat lukevat.",
                sv: "Fakturorna som finska e-fakturor, som fakturerings- och bokföringsprogram läser.",
                en: "The invoices as Finnish electronic invoices, which programs for invoicing and bookkeeping read.")
        case "ubl":
            LocalizedText(
                fi: "Laskut eurooppalaisen verkkolaskustandardin muodossa.",
                sv: "Fakturorna i den europeiska e-fakturastandardens form.",
                en: "The invoices in the form of the European standard of electronic invoices.")
        case "vcard":
            LocalizedText(
                fi: "Yhteystiedot, joita osoitekirjat ja puhelimet lukevat.",
                sv: "Kontaktuppgifter, som adressböcker och telefoner läser.",
                en: "Contact details, which address books and telephones read.")
        case "helsinki-profile":
            LocalizedText(
                fi: "Tiedot puuna, jollaista Suomen julkisen sektorin palvelut vaihtavat.",
                sv: "Uppgifterna som ett träd av det slag som den offentliga sektorns tjänster i Finland utbyter.",
                en: "The data as a tree of the kind that services of the Finnish public sector exchange.")
        default: LocalizedText(form)
        }
    }
    static let fromDatasets = LocalizedText(fi: "Tehty näistä", sv: "Gjort av", en: "Made from")
    static let fileList = LocalizedText(fi: "Tiedostot", sv: "Filer", en: "Files")
    static let noFiles = LocalizedText(
        fi: "Paketissa ei ollut mitään, mille tässä muodossa olisi paikka.",
        sv: "I paketet fanns inget som den här formen har en plats för.",
        en: "There was nothing in the package that this form has a place for.")
    /// `{count}`.
    static let moreFiles = LocalizedText(
        fi: "ja {count} muuta, jotka luetellaan tiedostossa manifest.json",
        sv: "och {count} till, som finns förtecknade i manifest.json",
        en: "and {count} more, listed in manifest.json")
    static let notesTitle = LocalizedText(
        fi: "Mitä muoto ei voi sanoa", sv: "Vad formen inte kan säga", en: "What the form cannot say")
    static let noNotes = LocalizedText(
        fi: "Kaikki pakollinen oli tiedoissa, ja kaikelle niissä oli paikka.",
        sv: "Allt som är obligatoriskt fanns i uppgifterna, och allt i dem fick en plats.",
        en: "All that is mandatory was in the data, and all of them found a place.")
    /// In the order in which they matter.
    static let noteKinds = ["refused", "missing", "inconsistent", "dropped"]
    static func note(_ kind: String) -> LocalizedText {
        switch kind {
        case "missing":
            LocalizedText(
                fi: "Muoto vaatii nämä, mutta tiedoissa niitä ei ole:",
                sv: "Formen kräver dessa, men de finns inte i uppgifterna:",
                en: "The form demands these, but the data do not have them:")
        case "dropped":
            LocalizedText(
                fi:
                    "Nämä jätettiin pois, lyhennettiin tai korvattiin osin, koska muodossa ei ole niille paikkaa tai se "
                    + "ei salli niitä sellaisinaan:",
                sv:
                    "Dessa utelämnades, förkortades eller ersattes delvis, eftersom formen inte har någon plats för dem "
                    + "eller inte tillåter dem som de är:",
                en: "These were left out, cut or replaced in part, because the form has no place for them or does not "
                    + "allow them as they are:")
        case "inconsistent":
            LocalizedText(
                fi:
                    "Nämä ovat ristiriidassa muiden arvojen tai muodon sääntöjen kanssa; ne kirjoitettiin sellaisinaan:",
                sv: "Dessa stämmer inte med andra värden eller med formens regler; de skrevs som de är:",
                en: "These contradict other values or the form’s rules; they were written as they are:")
        case "refused":
            LocalizedText(
                fi: "Kaikkia merkintöjä ei voitu esittää tässä muodossa, koska niistä puuttui:",
                sv: "Alla poster kunde inte framställas i den här formen, eftersom de saknade:",
                en: "Not all records could be put into the form, because they lacked:")
        default: LocalizedText(kind)
        }
    }
    /// `{file}`, `{count}`.
    static let fileAndMore = LocalizedText(
        fi: "{file} ja {count} muuta", sv: "{file} och {count} till", en: "{file} and {count} more")
    /// `{count}`.
    static let moreNotes = LocalizedText(
        fi: "Huomautuksia on lisäksi {count}.", sv: "Det finns ytterligare {count} anmärkningar.",
        en: "There are {count} more notes.")
    static let notesListed = LocalizedText(
        fi: "Tiedosto manifest.json luettelee huomautukset merkinnöittäin (englanniksi).",
        sv: "Filen manifest.json förtecknar anmärkningarna post för post (på engelska).",
        en: "The file manifest.json lists the notes record by record.")

    static let same = LocalizedText(
        fi: "Kunkin tietojoukon sisällön tarkistussumma (content_sha256) on sama tässä ja alkuperäisessä paketissa. "
            + "Ohjelma portability vertaa paketit keskenään:",
        sv: "Kontrollsumman för varje datamängds innehåll (content_sha256) är densamma här och i det ursprungliga "
            + "paketet. Programmet portability jämför paketen:",
        en: "The checksum of each set of data’s content (content_sha256) is the same here and in the original package. "
            + "The program portability compares the packages:")
    static let sameCommand = "portability diff ORIGINAL.zip NAME.zip"

    static let open = LocalizedText(
        fi:
            "Tiedosto index.html kertoo tavallisella kielellä, mitä paketissa on ja mistä se on muunnettu. Alkuperäisen "
            + "paketin oma sivu on original/index.html.",
        sv: "Filen index.html berättar i klartext vad paketet innehåller och vad det är omvandlat från. Det "
            + "ursprungliga paketets egen sida är original/index.html.",
        en: "The file index.html tells in plain language what is in the package and what it was converted from. The "
            + "original package’s own page is original/index.html.")
    static let original = LocalizedText(
        fi: "alkuperäisen paketin omat tekstit ja tarkistussummat",
        sv: "det ursprungliga paketets egna texter och kontrollsummor",
        en: "the original package’s own texts and checksums")
    static let processing = LocalizedText(
        fi: "tietojen käsittelyn selitys ohjelmille, alkuperäisestä paketista",
        sv: "förklaringen av behandlingen för program, ur det ursprungliga paketet",
        en: "the explanation of the processing for programs, from the original package")
}
