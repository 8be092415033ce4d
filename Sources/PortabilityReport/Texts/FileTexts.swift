import PortabilityModel

/// How to use the files and how to check them.
enum FileTexts {
    static let useTitle = LocalizedText(
        fi: "Miten tiedostoja käytetään", sv: "Hur filerna används", en: "How to use the files")
    static let useIntroduction = LocalizedText(
        fi:
            "Tiedot ovat kansiossa data lajeittain. Kenttien nimet ja selitykset ovat kansiossa schemas. Kenttä, jolla ei "
            + "ole arvoa, on jätetty pois tai tyhjä. Lähteen omat lisätiedot ovat nimellä other.",
        sv:
            "Uppgifterna finns i mappen data, ordnade efter slag. Fältens namn och förklaringar finns i mappen schemas. "
            + "Ett fält utan värde är utelämnat eller tomt. Källans egna tillägg står under namnet other.",
        en:
            "The data are in the folder data, sorted by kind. The names and explanations of the fields are in the folder "
            + "schemas. A field without a value is left out or empty. Extras of the source stand under the name other.")

    /// `{file}`.
    static let dictionary = LocalizedText(
        fi: "Sanasto {file} selittää jokaisen kentän suomeksi.",
        sv: "Ordlistan {file} förklarar varje fält på svenska.",
        en: "The dictionary {file} explains every field in English.")

    static func format(_ format: Format) -> (name: String, use: LocalizedText) {
        switch format {
        case .json:
            (
                "JSON",
                LocalizedText(
                    fi: "Ohjelmille ja palvelusta toiseen siirtämiseen. Yksi tiedosto kutakin tietojoukkoa kohti; "
                        + "aukeaa myös selaimessa ja tekstieditorissa.",
                    sv: "För program och för flytt till en annan tjänst. En fil per datamängd; öppnas också i "
                        + "webbläsare och textredigerare.",
                    en: "For programs and for moving to another service. One file for each set of data; opens in a "
                        + "browser or text editor too.")
            )
        case .jsonl:
            (
                "JSON Lines",
                LocalizedText(
                    fi: "Ohjelmille: yksi merkintä rivillä, sopii suurille tietomäärille.",
                    sv: "För program: en post per rad, lämpar sig för stora datamängder.",
                    en: "For programs: one record on each line, fit for large amounts of data.")
            )
        case .csv:
            (
                "CSV",
                LocalizedText(
                    fi: "Taulukkolaskentaohjelmille. Luettelot, kuten laskun rivit, ovat omissa tiedostoissaan; "
                        + "record_id yhdistää ne toisiinsa. Heittomerkki (') solun alussa estää ohjelmaa tulkitsemasta "
                        + "arvoa laskukaavaksi, eikä se ole osa tietoa.",
                    sv: "För kalkylprogram. Listor, såsom rader i en faktura, finns i egna filer; record_id binder dem "
                        + "samman. En apostrof (') i början av en cell hindrar programmet från att tolka värdet som en "
                        + "formel och hör inte till uppgiften.",
                    en:
                        "For spreadsheets. Lists, such as the lines of an invoice, are in files of their own; record_id "
                        + "ties them together. An apostrophe (') at the beginning of a cell keeps the program from "
                        + "taking the value for a formula and is not part of the data.")
            )
        case .xml:
            (
                "XML",
                LocalizedText(
                    fi: "Ohjelmille ja palvelusta toiseen siirtämiseen. Rakenteen kuvaus (XSD) on kansiossa schemas.",
                    sv: "För program och för flytt till en annan tjänst. Strukturen (XSD) beskrivs i mappen schemas.",
                    en:
                        "For programs and for moving to another service. The structure (XSD) is described in the folder "
                        + "schemas.")
            )
        }
    }

    static let spreadsheetTitle = LocalizedText(
        fi: "Varoitus: taulukkolaskenta voi muuttaa pitkiä numeroita",
        sv: "Varning: kalkylprogram kan ändra långa nummer",
        en: "Beware: spreadsheets can change long numbers")
    static let spreadsheet = LocalizedText(
        fi:
            "Jos CSV-tiedoston avaa kaksoisnapsauttamalla, Excel ja muut ohjelmat voivat pyöristää yli 15-numeroiset luvut "
            + "(viite- ja tilinumerot), poistaa alkunollia ja muuttaa arvoja päivämääriksi. Kannattaa siis avata tyhjä taulukko, tuoda "
            + "CSV-tiedosto tuontitoiminnolla (Excelissä Tiedot-välilehdeltä, LibreOfficessa avattaessa) ja valita "
            + "kaikkien sarakkeiden tyypiksi Teksti ja merkistöksi UTF-8.",
        sv: "Om man öppnar en CSV-fil genom att dubbelklicka kan Excel och andra program avrunda tal med fler än "
            + "15 siffror (referens- och kontonummer), ta bort inledande nollor och göra värden till datum. Öppna därför "
            + "ett tomt kalkylblad, importera CSV-filen (i Excel på fliken Data, i LibreOffice när filen öppnas) och "
            + "välj typen Text för alla kolumner och teckenuppsättningen UTF-8.",
        en:
            "If you open a CSV file by a double click, Excel and other programs may round numbers of more than 15 digits "
            + "(reference and account numbers), drop leading zeros and turn values into dates. Instead open an empty "
            + "sheet, import the CSV file (in Excel on the Data tab, in LibreOffice on opening), and choose the type "
            + "Text for all columns and the character set UTF-8.")

    static let checkTitle = LocalizedText(
        fi: "Miten paketti tarkistetaan", sv: "Hur paketet kontrolleras", en: "How to check the package")
    static let check = LocalizedText(
        fi: "Tarkistussummista näkee, ettei mikään ole muuttunut sen jälkeen, kun paketti koottiin. Tarkistaminen on "
            + "vapaaehtoista. Paketti puretaan ja sen tiedostot tarkistetaan komentorivillä (NAME.zip on paketin nimi):",
        sv: "Kontrollsummorna visar att inget har ändrats sedan paketet sammanställdes. Det är frivilligt att "
            + "kontrollera. Packa upp paketet på kommandoraden och kontrollera filerna (NAME.zip är paketets namn):",
        en: "The checksums show that nothing has changed since the package was made. You need not check. Unpack the "
            + "package on the command line and check its files (NAME.zip is the package’s name):")
    static let checkResult = LocalizedText(
        fi: "Jokaisen rivin lopussa pitää lukea OK. macOS:ssä kaksi viimeistä komentoa ovat:",
        sv: "Varje rad ska sluta med OK. I macOS är de två sista kommandona:",
        en: "Each line must end in OK. On macOS the last two commands are:")
    static let checkContent = LocalizedText(
        fi:
            "Tietojoukon sisällön tarkistussumma on sama kaikissa tiedostomuodoissa. Sen voi laskea JSON-tiedostosta (FILE) "
            + "ja verrata tiedoston manifest.json kohtaan content_sha256:",
        sv: "Kontrollsumman för en datamängds innehåll är densamma i alla filformat. Den kan räknas ut ur en JSON-fil "
            + "(FILE) och jämföras med content_sha256 i filen manifest.json:",
        en:
            "The checksum of the content of a set of data is the same in all file formats. It can be computed from a JSON "
            + "file (FILE) and compared with content_sha256 in the file manifest.json:")

    static let checkCommands = [
        "unzip NAME.zip -d archive", "cd archive", "sha256sum -c manifest-sha256.txt",
        "sha256sum -c tagmanifest-sha256.txt",
    ]
    static let checkCommandsOfMacOS = [
        "shasum -a 256 -c manifest-sha256.txt", "shasum -a 256 -c tagmanifest-sha256.txt",
    ]
    static let contentCommand = "sed '1d;$d;s/,$//' FILE | sha256sum"
}
