import PortabilityModel

/// What the letters say of a package that is more than one plain zip: cut into files, encrypted, signed.
enum PackageTexts {
    static let keyBlank = LocalizedText(fi: "[avaintiedosto]", sv: "[nyckelfil]", en: "[key-file]")
    static let addressBlank = LocalizedText(fi: "[osoite]", sv: "[adress]", en: "[address]")

    /// `{count}`.
    static let set = LocalizedText(
        fi: "Paketti on kokonsa takia jaettu {count} tiedostoon. Ne kaikki kuuluvat yhteen: tiedot ovat koossa vasta, "
            + "kun jokainen tiedosto on tallessa.",
        sv: "Paketet är på grund av sin storlek delat i {count} filer. De hör alla ihop: uppgifterna är samlade först "
            + "när var och en av filerna är sparad.",
        en: "The package is cut into {count} files because of its size. They all belong together: the data are "
            + "complete only with every one of them.")

    // Before the command that decrypts.

    static let encryptedForKey = LocalizedText(
        fi: "Tiedosto on salattu, eikä sitä voi avata sellaisenaan. Sen salaus puretaan ohjelmalla age "
            + "(https://age-encryption.org) ja sovitulla avaimella:",
        sv: "Filen är krypterad och kan inte öppnas som sådan. Den dekrypteras med programmet age "
            + "(https://age-encryption.org) och den nyckel som vi har kommit överens om:",
        en: "The file is encrypted and cannot be opened as it is. It is decrypted with the program age "
            + "(https://age-encryption.org) and the key that was agreed:")
    static let encryptedByPassphrase = LocalizedText(
        fi: "Tiedosto on salattu, eikä sitä voi avata sellaisenaan. Sen salaus puretaan ohjelmalla age "
            + "(https://age-encryption.org), joka kysyy sovitun tunnuslauseen:",
        sv: "Filen är krypterad och kan inte öppnas som sådan. Den dekrypteras med programmet age "
            + "(https://age-encryption.org), som frågar efter den lösenfras som vi har kommit överens om:",
        en: "The file is encrypted and cannot be opened as it is. It is decrypted with the program age "
            + "(https://age-encryption.org), which asks for the passphrase that was agreed:")
    static let setForKey = LocalizedText(
        fi: "Tiedostot on salattu, eikä niitä voi avata sellaisinaan. Jokaisen salaus puretaan ohjelmalla age "
            + "(https://age-encryption.org) ja sovitulla avaimella, ensimmäisen näin ja muut samoin:",
        sv: "Filerna är krypterade och kan inte öppnas som sådana. Var och en dekrypteras med programmet age "
            + "(https://age-encryption.org) och den nyckel som vi har kommit överens om, den första så här och de "
            + "andra på samma sätt:",
        en: "The files are encrypted and cannot be opened as they are. Each is decrypted with the program age "
            + "(https://age-encryption.org) and the key that was agreed, the first like this and the others in the "
            + "same way:")
    static let setByPassphrase = LocalizedText(
        fi: "Tiedostot on salattu, eikä niitä voi avata sellaisinaan. Jokaisen salaus puretaan ohjelmalla age "
            + "(https://age-encryption.org), joka kysyy sovitun tunnuslauseen, ensimmäisen näin ja muut samoin:",
        sv: "Filerna är krypterade och kan inte öppnas som sådana. Var och en dekrypteras med programmet age "
            + "(https://age-encryption.org), som frågar efter den lösenfras som vi har kommit överens om, den första "
            + "så här och de andra på samma sätt:",
        en: "The files are encrypted and cannot be opened as they are. Each is decrypted with the program age "
            + "(https://age-encryption.org), which asks for the passphrase that was agreed, the first like this and "
            + "the others in the same way:")

    // Opening.

    static let openDecrypted = LocalizedText(
        fi: "Näin saat zip-tiedoston. Pura se ja avaa tiedosto index.html selaimessa: se kertoo tavallisella kielellä, "
            + "mitä paketissa on.",
        sv: "Så får du en zip-fil. Packa upp den och öppna filen index.html i en webbläsare: den berättar i klartext "
            + "vad som finns i paketet.",
        en: "That gives you a zip file. Unpack it and open the file index.html in a browser: it tells in plain "
            + "language what is in the package.")
    static let openSet = LocalizedText(
        fi: "Jokainen on zip-tiedosto. Tallenna ne kaikki, pura kukin omaan kansioonsa ja avaa kansion tiedosto "
            + "index.html selaimessa: se kertoo tavallisella kielellä, mitä siinä osassa on ja mitä on muissa.",
        sv: "Var och en är en zip-fil. Spara dem alla, packa upp var och en i en egen mapp och öppna mappens fil "
            + "index.html i en webbläsare: den berättar i klartext vad som finns i den delen och i de andra.",
        en: "Each is a zip file. Save them all, unpack each into a folder of its own and open that folder’s file "
            + "index.html in a browser: it tells in plain language what is in that part and in the others.")
    static let openDecryptedSet = LocalizedText(
        fi: "Näin saat zip-tiedostot. Pura kukin omaan kansioonsa ja avaa kansion tiedosto index.html selaimessa: se "
            + "kertoo tavallisella kielellä, mitä siinä osassa on ja mitä on muissa.",
        sv: "Så får du zip-filer. Packa upp var och en i en egen mapp och öppna mappens fil index.html i en "
            + "webbläsare: den berättar i klartext vad som finns i den delen och i de andra.",
        en: "That gives you zip files. Unpack each into a folder of its own and open that folder’s file index.html "
            + "in a browser: it tells in plain language what is in that part and in the others.")
    static let keep = LocalizedText(
        fi: "Se toimii puhelimessakin ja ilman verkkoyhteyttä. Paketissa on henkilötietoja: säilytä sitä paikassa, "
            + "johon muut eivät pääse.",
        sv: "Den fungerar också i telefonen och utan nätanslutning. Paketet innehåller personuppgifter: förvara det "
            + "där andra inte kommer åt det.",
        en: "It works on a telephone too, and without a network. The package holds personal data: keep it where others "
            + "cannot get at it.")
    /// To a controller or a customer, instead of what calls the package a zip.
    static let coverOpen = LocalizedText(
        fi: "Paketti luovutetaan vain tunnistetulle vastaanottajalle: [mistä ja miten paketin saa]. Zip-tiedostossa, "
            + "tai jokaisessa jos niitä on monta, tiedosto index.html kertoo sisällön ja manifest.json luettelee "
            + "lähteet, määrät, pois jätetyt kohdat ja tarkistussummat.",
        sv: "Paketet lämnas ut endast till en identifierad mottagare: [var och hur paketet fås]. I zip-filen, eller "
            + "i var och en om de är flera, berättar filen index.html om innehållet och manifest.json räknar upp "
            + "källor, antal, det som utelämnats och kontrollsummor.",
        en: "The package is handed over to an authenticated receiver only: [where and how to get it]. In the zip file, "
            + "or in each if there are several, the file index.html tells what is in it, and manifest.json lists "
            + "sources, counts, what was left out, and checksums.")

    // Checking.

    static let checkSet = LocalizedText(
        fi: "Näitä tiedostoja on {count}. SHA-256 on kunkin tiedoston tarkistussumma. Sillä voi varmistaa, että "
            + "tiedosto tuli perille muuttumattomana: komennon on tulostettava sama luku. Ensimmäinen tarkistetaan "
            + "näin ja muut samoin:",
        sv: "Dessa filer är {count}. SHA-256 är varje fils kontrollsumma. Med den kan man försäkra sig om att filen "
            + "kom fram oförändrad: kommandot ska skriva ut samma tal. Den första kontrolleras så här och de andra "
            + "på samma sätt:",
        en: "There are {count} of these files. SHA-256 is each file’s checksum. With it one can make sure that the "
            + "file came unchanged: the command must print the same number. The first is checked like this and the "
            + "others in the same way:")
    /// `{published}`; the fingerprint follows.
    static let signed = LocalizedText(
        fi: "Paketti on allekirjoitettu sähköisesti. Allekirjoituksesta näkee, että paketti on meiltä eikä sitä ole "
            + "muutettu; paketin tiedosto README.txt kertoo, miten se tarkistetaan. Julkinen avain, jota siihen "
            + "tarvitaan, on osoitteessa {published}. Avaimen tunniste on:",
        sv: "Paketet är elektroniskt signerat. Signaturen visar att paketet kommer från oss och inte har ändrats; "
            + "filen README.txt i paketet berättar hur den kontrolleras. Den publika nyckel som behövs finns på "
            + "adressen {published}. Nyckelns fingeravtryck är:",
        en: "The package is signed. The signature shows that the package comes from us and was not changed; the file "
            + "README.txt in the package tells how to check it. The public key that this takes is published at "
            + "{published}. The key’s fingerprint is:")

    static func encrypted(_ encryption: LetterFacts.Archive.Encryption, isSet: Bool) -> LocalizedText {
        switch encryption {
        case .keys: isSet ? setForKey : encryptedForKey
        case .passphrase: isSet ? setByPassphrase : encryptedByPassphrase
        }
    }

    /// How a person opens the package; nil for one plain zip.
    static func open(isEncrypted: Bool, isSet: Bool) -> LocalizedText? {
        switch (isEncrypted, isSet) {
        case (false, false): nil
        case (true, false): openDecrypted
        case (false, true): openSet
        case (true, true): openDecryptedSet
        }
    }
}
