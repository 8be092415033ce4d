/// Which EN 16931 business terms the fields of a party bear; the standard numbers them anew for every party.
struct InvoicePartyTerms {
    var name: String?
    var tradingName: String?
    var identifier: String?
    var legalID: String?
    var vatID: String?
    var taxID: String?
    var legalInformation: String?
    var electronicAddress: String?
    var address: String?
    /// Street, additional street, third line, city, postal code, subdivision, country.
    var addressLines: [String?] = [nil, nil, nil, nil, nil, nil, nil]
    var contact: String?
    /// Name, telephone, e-mail address.
    var contactLines: [String?] = [nil, nil, nil]
}

/// The fields that every party of an invoice has, whatever its part in it.
enum InvoiceParty {
    /// A field of the record that holds one party.
    static func field(
        _ name: String, list: Bool = false, fi: String, sv: String, en: String, meaning: LocalizedText? = nil,
        iris: [String] = [], term: String? = nil, terms: InvoicePartyTerms = InvoicePartyTerms()
    ) -> Field {
        Field(
            name, .group(fields(terms)), list: list, fi: fi, sv: sv, en: en, meaning: meaning, iris: iris,
            term: term, sensitivity: .personal, thirdParty: true)
    }

    private static func fields(_ terms: InvoicePartyTerms) -> [Field] {
        [
            Field(
                "role", .value(.string), fi: "Rooli", sv: "Roll", en: "Role",
                meaning: LocalizedText(
                    fi: "Osapuolen tehtävä laskulla, kuten lasku sen ilmoittaa",
                    sv: "Partens uppgift på fakturan, som fakturan anger den",
                    en: "The party's part in the invoice, as the invoice states it")),
            Field("role_code", .value(.string), fi: "Roolin koodi", sv: "Rollens kod", en: "Role code"),
            Field(
                "name", .value(.string), fi: "Nimi", sv: "Namn", en: "Name",
                meaning: LocalizedText(
                    fi: "Virallinen nimi; toiminimellä usein yrittäjän oma nimi",
                    sv: "Registrerat namn; för en enskild näringsidkare ofta personens eget namn",
                    en: "Registered name; a sole trader's is often the person's own"),
                iris: ["https://schema.org/legalName"], term: terms.name, sensitivity: .personal, thirdParty: true),
            Field(
                "additional_names", .value(.string), list: true, fi: "Muut nimet", sv: "Övriga namn",
                en: "Further names",
                meaning: LocalizedText(
                    fi: "Nimen jatkorivit tai nimi toisella kielellä",
                    sv: "Namnets fortsättning eller namn på annat språk",
                    en: "Continuation of the name, or the name in another language"),
                sensitivity: .personal, thirdParty: true),
            Field(
                "trading_name", .value(.string), fi: "Markkinointinimi", sv: "Firmanamn", en: "Trading name",
                iris: ["https://schema.org/name"], term: terms.tradingName, sensitivity: .personal, thirdParty: true),
            Field(
                "departments", .value(.string), list: true, fi: "Osastot", sv: "Avdelningar", en: "Departments",
                iris: ["https://schema.org/department"]),
            Field(
                "identifiers",
                .group([
                    Field(
                        "value", .value(.string), fi: "Tunniste", sv: "Identifierare", en: "Identifier",
                        term: terms.identifier, sensitivity: .nationalID, thirdParty: true),
                    Field(
                        "scheme", .value(.string), fi: "Tunnistejärjestelmä", sv: "Identifieringssystem",
                        en: "Identification scheme",
                        meaning: LocalizedText(
                            fi: "Luettelo, johon tunniste kuuluu, esimerkiksi ISO/IEC 6523 -koodi",
                            sv: "Registret som identifieraren hör till, till exempel en ISO/IEC 6523-kod",
                            en: "The register the identifier is from, for example an ISO/IEC 6523 code"),
                        term: terms.identifier.map { "\($0)-1" }),
                    Field(
                        "type", .value(.string), fi: "Tunnisteen laji", sv: "Identifierarens art",
                        en: "Kind of identifier"),
                ]), list: true, fi: "Tunnisteet", sv: "Identifierare", en: "Identifiers",
                meaning: LocalizedText(
                    fi: "Esimerkiksi asiakasnumero; kuluttajalla voi olla henkilötunnus",
                    sv: "Till exempel kundnummer; för en konsument kan det vara en personbeteckning",
                    en: "A customer number, for example; a consumer's may be a personal identity code"),
                iris: ["https://schema.org/identifier"], term: terms.identifier, sensitivity: .nationalID,
                thirdParty: true),
            Field(
                "legal_id", .value(.string), fi: "Y-tunnus tai henkilötunnus",
                sv: "FO-nummer eller personbeteckning", en: "Business ID or personal identity code",
                iris: ["https://schema.org/identifier"], term: terms.legalID, sensitivity: .nationalID,
                thirdParty: true),
            Field(
                "legal_id_scheme", .value(.string), fi: "Y-tunnuksen tunnistejärjestelmä",
                sv: "FO-numrets identifieringssystem", en: "Scheme of the business ID",
                term: terms.legalID.map { "\($0)-1" }),
            Field(
                "vat_id", .value(.string), fi: "ALV-tunniste", sv: "Momsregistreringsnummer", en: "VAT number",
                iris: ["https://schema.org/vatID"], term: terms.vatID, sensitivity: .personal, thirdParty: true),
            Field(
                "tax_id", .value(.string), fi: "Verorekisterin tunniste", sv: "Skatteregistrets identifierare",
                en: "Tax registration number", iris: ["https://schema.org/taxID"], term: terms.taxID,
                sensitivity: .personal, thirdParty: true),
            Field(
                "legal_information", .value(.string), fi: "Muut viralliset tiedot", sv: "Övriga juridiska uppgifter",
                en: "Further legal information", term: terms.legalInformation, sensitivity: .free, thirdParty: true),
            Field(
                "electronic_address", .value(.string), fi: "Verkkolaskuosoite", sv: "Nätfakturaadress",
                en: "Electronic address",
                meaning: LocalizedText(
                    fi: "Sähköinen osoite, johon laskut toimitetaan, esimerkiksi OVT-tunnus; kuluttajalla IBAN",
                    sv: "Elektronisk adress dit fakturor skickas, till exempel EDI-kod; för en konsument IBAN",
                    en: "Where electronic invoices are sent, an OVT code for example; a consumer's may be an IBAN"),
                term: terms.electronicAddress, sensitivity: .personal, thirdParty: true),
            Field(
                "electronic_address_scheme", .value(.string), fi: "Verkkolaskuosoitteen tunnistejärjestelmä",
                sv: "Nätfakturaadressens identifieringssystem", en: "Scheme of the electronic address",
                term: terms.electronicAddress.map { "\($0)-1" }),
            Field(
                "intermediator", .value(.string), fi: "Verkkolaskuoperaattori", sv: "Nätfakturaoperatör",
                en: "Intermediator of electronic invoices"),
            Field(
                "einvoice_addresses",
                .group([
                    Field(
                        "address", .value(.string), fi: "Verkkolaskuosoite", sv: "Nätfakturaadress",
                        en: "Electronic address", sensitivity: .personal, thirdParty: true),
                    Field(
                        "intermediator", .value(.string), fi: "Verkkolaskuoperaattori", sv: "Nätfakturaoperatör",
                        en: "Intermediator"),
                ]), list: true, fi: "Muut verkkolaskuosoitteet", sv: "Övriga nätfakturaadresser",
                en: "Further electronic addresses", sensitivity: .personal, thirdParty: true),
            Field("site_code", .value(.string), fi: "Toimipaikkakoodi", sv: "Driftställekod", en: "Site code"),
            Field("language", .value(.string), fi: "Kieli", sv: "Språk", en: "Language"),
            address("address", terms: terms),
            address(
                "registered_address", fi: "Virallinen osoite", sv: "Officiell adress", en: "Registered address",
                terms: InvoicePartyTerms()),
            Field(
                "contacts",
                .group([
                    Field(
                        "name", .value(.string), fi: "Yhteyshenkilö", sv: "Kontaktperson", en: "Contact person",
                        iris: ["https://schema.org/name"], term: terms.contactLines[0], sensitivity: .personal,
                        thirdParty: true),
                    Field(
                        "functions", .value(.string), list: true, fi: "Tehtävät", sv: "Befattningar",
                        en: "Functions", sensitivity: .personal, thirdParty: true),
                    Field(
                        "departments", .value(.string), list: true, fi: "Osastot", sv: "Avdelningar",
                        en: "Departments", sensitivity: .personal, thirdParty: true),
                    Field(
                        "telephone", .value(.string), fi: "Puhelinnumero", sv: "Telefonnummer", en: "Telephone",
                        iris: ["https://schema.org/telephone"], term: terms.contactLines[1], sensitivity: .personal,
                        thirdParty: true),
                    Field(
                        "fax", .value(.string), fi: "Faksinumero", sv: "Faxnummer", en: "Fax number",
                        iris: ["https://schema.org/faxNumber"], sensitivity: .personal, thirdParty: true),
                    Field(
                        "email", .value(.string), fi: "Sähköpostiosoite", sv: "E-postadress", en: "E-mail address",
                        iris: ["https://schema.org/email"], term: terms.contactLines[2], sensitivity: .personal,
                        thirdParty: true),
                    Field(
                        "website", .value(.string), fi: "Verkkosivu", sv: "Webbplats", en: "Website",
                        iris: ["https://schema.org/url"]),
                    Field("id", .value(.string), fi: "Tunniste", sv: "Identifierare", en: "Identifier"),
                    Field(
                        "note", .value(.string), fi: "Lisätieto", sv: "Tilläggsuppgift", en: "Note",
                        sensitivity: .free, thirdParty: true),
                ]), list: true, fi: "Yhteystiedot", sv: "Kontaktuppgifter", en: "Contacts",
                iris: ["https://schema.org/contactPoint"], term: terms.contact, sensitivity: .personal,
                thirdParty: true),
            Field(
                "bank_accounts",
                .group([
                    Field(
                        "account", .value(.string), fi: "Tilinumero", sv: "Kontonummer", en: "Account number",
                        sensitivity: .financial, thirdParty: true),
                    Field(
                        "scheme", .value(.string), fi: "Tilinumeron muoto", sv: "Kontonumrets form",
                        en: "Scheme of the account number",
                        meaning: LocalizedText(
                            fi: "IBAN tai BBAN", sv: "IBAN eller BBAN", en: "IBAN or BBAN")),
                    Field(
                        "bic", .value(.string), fi: "BIC", sv: "BIC", en: "BIC",
                        meaning: LocalizedText(
                            fi: "Pankin tunnus (ISO 9362)", sv: "Bankens identifieringskod (ISO 9362)",
                            en: "Business identifier code of the bank (ISO 9362)")),
                    Field(
                        "name", .value(.string), fi: "Tilin nimi", sv: "Kontots namn", en: "Account name",
                        sensitivity: .financial, thirdParty: true),
                ]), list: true, fi: "Pankkitilit", sv: "Bankkonton", en: "Bank accounts", sensitivity: .financial,
                thirdParty: true),
            Field(
                "home_town", .value(.string), fi: "Kotipaikka", sv: "Hemort", en: "Registered office",
                sensitivity: .personal, thirdParty: true),
            Field(
                "vat_registration", .value(.string), fi: "Arvonlisäverorekisteri", sv: "Mervärdesskatteregister",
                en: "VAT register entry"),
            Field(
                "vat_registration_date", .value(.date), fi: "Arvonlisäverorekisteriin merkitty",
                sv: "Registrerad för moms", en: "Date of VAT registration"),
            Field(
                "tax_registration", .value(.string), fi: "Ennakkoperintärekisteri", sv: "Förskottsuppbördsregister",
                en: "Prepayment register entry"),
            Field(
                "note", .value(.string), fi: "Lisätieto", sv: "Tilläggsuppgift", en: "Note", sensitivity: .free,
                thirdParty: true),
        ]
    }

    private static func address(
        _ name: String, fi: String = "Osoite", sv: String = "Adress", en: String = "Address",
        terms: InvoicePartyTerms
    ) -> Field {
        func line(
            _ name: String, fi: String, sv: String, en: String, iri: String? = nil, term: Int? = nil,
            list: Bool = false
        ) -> Field {
            Field(
                name, .value(.string), list: list, fi: fi, sv: sv, en: en,
                iris: iri.map { ["https://schema.org/\($0)"] } ?? [], term: term.flatMap { terms.addressLines[$0] },
                sensitivity: .personal, thirdParty: true)
        }
        return Field(
            name,
            .group([
                line("street", fi: "Katuosoite", sv: "Gatuadress", en: "Street", iri: "streetAddress", term: 0),
                line(
                    "additional_street", fi: "Lisäosoite", sv: "Adresstillägg", en: "Additional street line",
                    term: 1),
                line(
                    "further_lines", fi: "Muut osoiterivit", sv: "Övriga adressrader", en: "Further address lines",
                    term: 2, list: true),
                line(
                    "post_office_box", fi: "Postilokero", sv: "Postbox", en: "Post office box",
                    iri: "postOfficeBoxNumber"),
                line("city", fi: "Postitoimipaikka", sv: "Ort", en: "City", iri: "addressLocality", term: 3),
                line("postal_code", fi: "Postinumero", sv: "Postnummer", en: "Postal code", iri: "postalCode", term: 4),
                line(
                    "subdivision", fi: "Maakunta tai osavaltio", sv: "Region", en: "Country subdivision",
                    iri: "addressRegion", term: 5),
                Field(
                    "country", .value(.string), fi: "Maa", sv: "Land", en: "Country",
                    meaning: LocalizedText(
                        fi: "Maakoodi (ISO 3166-1)", sv: "Landskod (ISO 3166-1)", en: "Country code (ISO 3166-1)"),
                    iris: ["https://schema.org/addressCountry"], term: terms.addressLines[6]),
                Field("country_name", .value(.string), fi: "Maan nimi", sv: "Landets namn", en: "Country name"),
            ]), fi: fi, sv: sv, en: en, iris: ["https://schema.org/PostalAddress"], term: terms.address,
            sensitivity: .personal, thirdParty: true)
    }
}
