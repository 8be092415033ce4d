import PortabilityModel

/// What the page says around records.
enum DataTexts {
    static let title = LocalizedText(fi: "Tiedot", sv: "Uppgifterna", en: "The data")
    static let introduction = LocalizedText(
        fi:
            "Tässä ovat tiedot luettavassa muodossa. Päivämäärät ja luvut on kirjoitettu suomalaiseen tapaan; tiedostoissa "
            + "ne ovat tarkalleen niin kuin ne on tallennettu.",
        sv:
            "Här finns uppgifterna i läsbar form. Datum och tal är skrivna på svenskt sätt; i filerna står de exakt som "
            + "de har lagrats.",
        en: "Here are the data in readable form. Dates and numbers are written the English way; the files hold them "
            + "exactly as they are stored.")
    /// `{zone}`: a name of the IANA time zone database.
    static let zone = LocalizedText(
        fi: "Kellonajat on näytetty aikavyöhykkeellä {zone}.", sv: "Klockslagen visas i tidszonen {zone}.",
        en: "Times are shown in the time zone {zone}.")
    /// `{count}` scalars.
    static let cutNote = LocalizedText(
        fi:
            "Tällä sivulla näytetään yhdestä arvosta enintään {count} merkkiä. Katkaistun arvon perässä on {mark}, ja se "
            + "on tiedostossa kokonaan.",
        sv: "På den här sidan visas högst {count} tecken av ett värde. Efter ett avkortat värde står {mark}, och filen "
            + "innehåller hela värdet.",
        en:
            "On this page at most {count} characters of a value are shown. A value that is cut ends in {mark}; the file "
            + "holds all of it.")
    static let identityNote = LocalizedText(
        fi: "Henkilötunnukset on peitetty tällä sivulla tähdillä. Ne, jotka on annettu, ovat kokonaan vain "
            + "tiedostoissa.",
        sv: "Personbeteckningar är dolda med stjärnor på den här sidan. De som lämnas ut finns i sin helhet "
            + "endast i filerna.",
        en: "Personal identity codes are hidden by stars on this page. Those that are given stand in full in "
            + "the files only.")
    static let cut = LocalizedText(fi: "… [katkaistu]", sv: "… [avkortat]", en: "… [cut]")
    static let noValue = LocalizedText(fi: "ei tietoa", sv: "ingen uppgift", en: "no value")

    /// `{records}`.
    static let span = LocalizedText(
        fi: "{records} ajalta {from}–{to}.", sv: "{records} från {from}–{to}.", en: "{records} from {from} to {to}.")
    static let spanOne = LocalizedText(
        fi: "{records}, päiväys {from}.", sv: "{records}, daterat {from}.", en: "{records}, dated {from}.")
    static let spanNone = LocalizedText(fi: "{records}.", sv: "{records}.", en: "{records}.")
    /// `{shown}`, `{records}`, `{file}`.
    static let newest = LocalizedText(
        fi: "Tässä näytetään uusimmat ({shown}). Kaikki {records} ovat tiedostossa {file}.",
        sv: "Här visas de nyaste ({shown}). Alla {records} finns i filen {file}.",
        en: "Shown here are the newest ({shown}). All {records} are in the file {file}.")
    static let first = LocalizedText(
        fi: "Tässä näytetään ensimmäiset ({shown}). Kaikki {records} ovat tiedostossa {file}.",
        sv: "Här visas de första ({shown}). Alla {records} finns i filen {file}.",
        en: "Shown here are the first ({shown}). All {records} are in the file {file}.")
    static let onlyInFile = LocalizedText(
        fi: "Merkinnät ovat tiedostossa {file}.", sv: "Posterna finns i filen {file}.",
        en: "The records are in the file {file}.")
    static let noRoom = LocalizedText(
        fi: "Enempää ei mahdu tälle sivulle: tässä on {shown}, ja kaikki ovat tiedostossa {file}.",
        sv: "Mer ryms inte på den här sidan: här visas {shown}, och allt finns i filen {file}.",
        en: "This page has no room for more: here are {shown}, and all are in the file {file}.")
    static let recordCut = LocalizedText(
        fi: "Merkintä jatkuu tiedostossa.", sv: "Posten fortsätter i filen.", en: "The record continues in the file.")
    /// `{count}`.
    static let moreItems = LocalizedText(
        fi: "ja {count} muuta; kaikki ovat tiedostossa", sv: "och {count} till; alla finns i filen",
        en: "and {count} more; all are in the file")
    static let recordsTitle = LocalizedText(fi: "Näytä tiedot", sv: "Visa uppgifterna", en: "Show the data")
    static let sameForAll = LocalizedText(
        fi: "Sama kaikissa tässä näytetyissä:", sv: "Samma i alla som visas här:", en: "The same in all shown here:")
    static let fieldsTitle = LocalizedText(
        fi: "Mitä kentät tarkoittavat", sv: "Vad fälten betyder", en: "What the fields mean")
    static let fieldName = LocalizedText(fi: "tiedostossa", sv: "i filen", en: "in the file")
    static let extras = LocalizedText(fi: "Lisätiedot", sv: "Tillägg", en: "Extras")
    static let extrasMeaning = LocalizedText(
        fi: "Lähteen omat tiedot, joilla ei ole omaa kenttää.",
        sv: "Källans egna uppgifter som inte har ett eget fält.",
        en: "The source’s own data that have no field of their own.")
    static let files = LocalizedText(fi: "Tiedostot:", sv: "Filer:", en: "Files:")
    /// `{date}`.
    static let keptUntil = LocalizedText(
        fi: "Säilytetään {date} asti.", sv: "Lagras till {date}.", en: "Kept until {date}.")
    static let keptAtLeast = LocalizedText(
        fi: "Säilytetään vähintään {date} asti.", sv: "Lagras minst till {date}.", en: "Kept until at least {date}.")
    /// `{first}`, `{last}`.
    static let keptRange = LocalizedText(
        fi: "Vanhin säilytetään {first} ja uusin {last} asti.",
        sv: "Den äldsta lagras till {first} och den nyaste till {last}.",
        en: "The oldest is kept until {first}, the newest until {last}.")
    static let keptRangeAtLeast = LocalizedText(
        fi: "Vanhin säilytetään vähintään {first} ja uusin vähintään {last} asti.",
        sv: "Den äldsta lagras minst till {first} och den nyaste minst till {last}.",
        en: "The oldest is kept until at least {first}, the newest until at least {last}.")
    static let yes = LocalizedText(fi: "kyllä", sv: "ja", en: "yes")
    static let no = LocalizedText(fi: "ei", sv: "nej", en: "no")

    // The overview of what is here.

    static let sinceColumn = LocalizedText(fi: "Ajalta", sv: "Tid", en: "From – to")
    static let overviewCaption = LocalizedText(
        fi: "Tiedot, joita meillä on sinusta", sv: "Uppgifter som vi har om dig", en: "The data that we hold about you")
    static let overviewCaptionOrganisation = LocalizedText(
        fi: "Paketin tiedot", sv: "Uppgifterna i paketet", en: "The data in the package")

    // Use over time.

    /// `{label}`.
    static let chartTitle = LocalizedText(
        fi: "{label} kuukausittain", sv: "{label} per månad", en: "{label} by month")
    static let chartTitleYears = LocalizedText(fi: "{label} vuosittain", sv: "{label} per år", en: "{label} by year")
    /// `{from}`, `{to}`, `{most}`, `{when}`.
    static let chartMeaning = LocalizedText(
        fi: "Pylväskaavio merkintöjen määrästä ajalta {from}–{to}. Eniten merkintöjä, {most}, on ajalta {when}. Samat "
            + "luvut ovat taulukossa.",
        sv: "Stapeldiagram över antalet poster {from}–{to}. Flest poster, {most}, finns från {when}. Samma tal finns i "
            + "tabellen.",
        en: "Bar chart of the number of records from {from} to {to}. The most, {most}, are from {when}. The table has "
            + "the same figures.")
    static let monthColumn = LocalizedText(fi: "Kuukausi", sv: "Månad", en: "Month")
    static let yearColumn = LocalizedText(fi: "Vuosi", sv: "År", en: "Year")
    static let chartTable = LocalizedText(fi: "Luvut taulukkona", sv: "Talen i en tabell", en: "The figures as a table")
}

/// What the page says on an invoice.
enum InvoiceTexts {
    static let seller = LocalizedText(fi: "Myyjä", sv: "Säljare", en: "Seller")
    static let buyer = LocalizedText(fi: "Ostaja", sv: "Köpare", en: "Buyer")
    static let lines = LocalizedText(fi: "Laskun rivit", sv: "Fakturans rader", en: "Lines of the invoice")
    static let item = LocalizedText(fi: "Tuote tai palvelu", sv: "Vara eller tjänst", en: "Item")
    static let quantity = LocalizedText(fi: "Määrä", sv: "Antal", en: "Quantity")
    static let price = LocalizedText(fi: "Hinta", sv: "Pris", en: "Price")
    static let rate = LocalizedText(fi: "ALV %", sv: "Moms %", en: "VAT %")
    static let sum = LocalizedText(fi: "Summa", sv: "Summa", en: "Sum")
    static let taxes = LocalizedText(fi: "Arvonlisäverot", sv: "Moms", en: "VAT")
    static let taxable = LocalizedText(fi: "Veron peruste", sv: "Underlag", en: "Taxable")
    static let tax = LocalizedText(fi: "Vero", sv: "Moms", en: "VAT")
    static let totals = LocalizedText(fi: "Loppusummat", sv: "Slutsummor", en: "Totals")
    static let payment = LocalizedText(fi: "Maksaminen", sv: "Betalning", en: "Payment")
    static let noNumber = LocalizedText(fi: "ilman numeroa", sv: "utan nummer", en: "without a number")
    static let withTax = LocalizedText(
        fi: "Rivisummat sisältävät arvonlisäveron.", sv: "Radsummorna inkluderar moms.", en: "Line sums include VAT.")
    static let allFields = LocalizedText(
        fi: "Laskuista näytetään tässä tärkeimmät tiedot. Laskun kaikki tiedot ovat tiedostoissa.",
        sv: "Av fakturorna visas här det viktigaste. Fakturornas alla uppgifter finns i filerna.",
        en: "Of the invoices this page shows what matters most. All their data are in the files.")
    static let original = LocalizedText(
        fi: "Alkuperäinen lasku", sv: "Originalfakturan", en: "The original invoice")
    static let attachment = LocalizedText(fi: "Liite", sv: "Bilaga", en: "Attachment")
    /// `{count}`, `{kind}`, `{sum}`.
    static let payableSum = LocalizedText(
        fi: "{kind}, {count} kpl: maksettava yhteensä {sum}.", sv: "{kind}, {count} st.: att betala totalt {sum}.",
        en: "{kind}, {count}: payable in all {sum}.")
}
