import PortabilityModel

/// What a column's name says of what is in it: names in Finnish, Swedish and English, spelled out, shortened, in
/// PascalCase, with underscores or in capitals, as registers of thirty years have them. A guess, to be looked at.
struct ColumnMeaning {
    /// The catalogue's name of such a field; nil if the catalogue has none.
    let field: String?
    /// How strongly the column tells that the table holds people.
    let weight: Int

    /// What a column of a table means; nil if its name tells nothing.
    ///
    /// - Parameter table: words of the table's name, which a column's name often begins with (`customer_email`).
    static func of(_ column: String, table: [String] = []) -> ColumnMeaning? {
        let words = NameWords.of(column)
        if let meaning = known[words.joined()] { return meaning }
        // What comes before the last words is whose it is, or what for.
        for count in 1..<max(1, words.count) {
            let prefix = Array(words.prefix(count))
            guard prefix == table.suffix(count) || prefix == NameWords.singular(table).suffix(count) else { continue }
            if let meaning = known[words.dropFirst(count).joined()] { return meaning }
        }
        return nil
    }

    /// True for what must never leave a register: passwords, their digests, keys.
    static func isSecret(_ column: String) -> Bool {
        let words = NameWords.of(column)
        let name = words.joined()
        if ["password", "passwd", "salasana", "losenord"].contains(where: name.contains) { return true }
        if words.last == "token"
            || words.contains("hash") && words.contains(where: { ["pin", "pw", "key"].contains($0) })
        {
            return true
        }
        return words.contains { ["pwd", "secret", "salt", "passphrase"].contains($0) }
            || [
                "token", "apikey", "accesstoken", "refreshtoken", "sessiontoken", "resettoken", "privatekey", "pin",
                "pincode", "pinkoodi", "pinkod", "totp", "otp",
            ].contains(name)
    }

    private static let known: [String: ColumnMeaning] = {
        var known: [String: ColumnMeaning] = [:]
        func add(_ field: String?, _ weight: Int, _ names: String) {
            for name in names.split(separator: " ") {
                known[String(name)] = ColumnMeaning(field: field, weight: weight)
            }
        }
        add("given_name", 2, "firstname firstnames givenname givennames forename fname etunimi etunimet fornamn")
        add("family_name", 2, "lastname surname familyname lname sukunimi snimi efternamn slaktnamn")
        add("full_name", 2, "fullname kokonimi helanamnet displayname personname henkilonimi")
        add("name", 1, "name nimi namn asiakasnimi asnimi kundnamn customername")
        add("nickname", 1, "nickname kutsumanimi tilltalsnamn lempinimi smeknamn")
        add("username", 2, "username login loginname kayttajatunnus kayttajanimi anvandarnamn anvandarid")
        add(
            "personal_identity_code", 3,
            """
            hetu henkilotunnus sotu ssn personnummer personnr persnr personbeteckning nationalid identitycode \
            personalidentitycode socialsecuritynumber socialsecuritynr
            """)
        add(
            "birth_date", 2,
            """
            birthdate dateofbirth dob birthday borndate syntymaaika syntymapaiva syntaika syntpvm fodelsedatum \
            fodelsedag fodelsetid
            """)
        add(
            "email", 2,
            """
            email emailaddress emailaddr mail mailaddress sahkoposti sahkopostiosoite sposti spostiosoite epost \
            eposti epostadress mejl mejladress
            """)
        add(
            "telephone", 2,
            """
            phone phonenumber phoneno telephone telephonenumber tel telno telnr telnumber mobile mobilephone \
            mobilenumber cellphone gsm puhelin puhelinnumero puhelinnro puh puhnro matkapuhelin telefon telefonnummer \
            telefonnr mobil mobiltelefon mobilnummer
            """)
        add(
            "street", 1,
            """
            address street streetaddress address1 addressline addressline1 addr osoite katuosoite lahiosoite \
            postiosoite kotiosoite adress gatuadress gata postadress hemadress utdelningsadress
            """)
        add("street_extra", 0, "address2 addressline2 street2 osoite2 adress2")
        add("postal_code", 1, "postalcode postcode zip zipcode postinumero postinro postnro pono postnummer postnr")
        add("town", 1, "city town kaupunki postitoimipaikka paikkakunta ptp postort ort stad")
        add("region", 0, "state region province county maakunta laani lan landskap")
        add("country", 0, "country countrycode maa maakoodi maatunnus land landskod")
        add(
            "language", 0, "language languagecode lang locale kieli aidinkieli asiointikieli kielikoodi sprak modersmal"
        )
        add("job_title", 0, "jobtitle ammatti titteli nimike yrke befattning")
        add("iban", 1, "iban bankaccount bankaccountnumber tilinumero tilinro pankkitili kontonummer bankkonto")
        add("business_id", 0, "businessid ytunnus fonummer orgnr orgnummer organisationsnummer lytunnus")
        add("vat_id", 0, "vatid vatnumber vatno alvtunnus momsnummer momsregnr")
        add("ip_address", 1, "ip ipaddress ipaddr ipnumber ipadress iposoite lastip")
        add("user_agent", 0, "useragent")
        add("registered_at", 0, "registeredat signedupat rekisteroityi rekpvm registrerad")
        add("body", 0, "body message messagetext viesti viestiteksti meddelande")
        add("subject_line", 0, "subjectline otsikko rubrik")
        add(nil, 1, "gender sex sukupuoli kon fax faxnumber faksi avatar photo")
        return known
    }()
}

/// The words of a name of a table or column.
enum NameWords {
    /// Words in small ASCII letters: `CustomerId`, `customer_id` and `CUSTOMER-ID` are `customer`, `id`; ä, å and ö
    /// lose their dots.
    static func of(_ name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasLower = false
        let scalars = Array(name.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            guard let letter = folded(scalar) else {
                if !word.isEmpty { words.append(word) }
                (word, wasLower) = ("", false)
                continue
            }
            let isUpper = scalar.properties.isUppercase
            let nextIsLower = index + 1 < scalars.count && scalars[index + 1].properties.isLowercase
            // `OrderID` and `HTTPStatus`: a capital begins a word after a small letter, and before one.
            if isUpper, !word.isEmpty, wasLower || nextIsLower {
                words.append(word)
                word = ""
            }
            word.append(letter)
            wasLower = !isUpper
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static func folded(_ scalar: Unicode.Scalar) -> Character? {
        switch scalar {
        case "ä", "å", "Ä", "Å", "à", "á", "À", "Á": return "a"
        case "ö", "Ö", "ø", "Ø": return "o"
        case "é", "É", "è", "È": return "e"
        case "ü", "Ü": return "u"
        case "a"..."z", "0"..."9": return Character(scalar)
        case "A"..."Z": return Character(Unicode.Scalar(UInt8(scalar.value) | 0x20))
        default: return nil
        }
    }

    /// The words with the last in the singular, as far as English goes.
    static func singular(_ words: [String]) -> [String] {
        guard var last = words.last else { return words }
        if last.hasSuffix("ies"), last.count > 4 {
            last = last.dropLast(3) + "y"
        } else if last.hasSuffix("sses") || last.hasSuffix("xes") {
            last.removeLast(2)
        } else if last.hasSuffix("s"), !last.hasSuffix("ss"), !last.hasSuffix("us"), last.count > 3 {
            last.removeLast()
        }
        return words.dropLast() + [last]
    }

    /// A name that may stand in a configuration: `[a-z][a-z0-9…]*`.
    static func identifier(_ words: [String], separator: String, otherwise: String) -> String {
        let text = String(words.joined(separator: separator).prefix(50))
        guard let first = text.utf8.first, first >= 97 else {
            return text.isEmpty ? otherwise : "\(otherwise)\(separator)\(text)"
        }
        return text
    }
}
