extension Catalogue {
    static let customer = Entity(
        name: "customer", ordinal: 12,
        label: LocalizedText(fi: "Oma asiakas", sv: "Egen kund", en: "Customer"),
        meaning: LocalizedText(
            fi:
                "Käyttäjän oma asiakas, jonka hän on tallentanut palveluun. Käyttäjä on näiden tietojen rekisterinpitäjä.",
            sv: "Användarens egen kund, sparad i tjänsten. Användaren är personuppgiftsansvarig för uppgifterna.",
            en: "A customer of the user, kept in the service. The user is the controller of these data."),
        iris: [IRI.schema("customer")],
        fields: [
            Shared.customerNumber,
            Field(
                "own_number", .string, fi: "Käyttäjän antama asiakasnumero", sv: "Användarens eget kundnummer",
                en: "Customer number given by the user", iris: [IRI.schema("identifier")], sensitivity: .personal,
                thirdParty: true),
            Field(
                "kind", .string, fi: "Asiakkaan laji", sv: "Typ av kund", en: "Kind of customer",
                meaning: LocalizedText(
                    fi: "Yritys vai yksityishenkilö, lähdejärjestelmän omin sanoin.",
                    sv: "Företag eller privatperson, med källsystemets egna ord.",
                    en: "Company or private person, in the source system's own words.")),
            Field(
                "name", .string, fi: "Nimi", sv: "Namn", en: "Name",
                iris: [IRI.schema("name"), IRI.vcard("fn"), IRI.pd("Name")], sensitivity: .personal,
                thirdParty: true),
            Field(
                "business_id", .string, fi: "Y-tunnus", sv: "FO-nummer", en: "Business ID",
                iris: [IRI.schema("identifier"), IRI.pd("OfficialID")], sensitivity: .personal, thirdParty: true),
            Field(
                "vat_id", .string, fi: "ALV-tunniste", sv: "Momsnummer", en: "VAT number",
                iris: [IRI.schema("vatID")], sensitivity: .personal, thirdParty: true),
            Field(
                "personal_identity_code", .string, fi: "Henkilötunnus", sv: "Personbeteckning",
                en: "Personal identity code", iris: [IRI.schema("taxID"), IRI.pd("OfficialID")],
                sensitivity: .nationalID, thirdParty: true),
            Field(
                "contact_name", .string, fi: "Yhteyshenkilön nimi", sv: "Kontaktpersonens namn", en: "Contact name",
                iris: [IRI.pd("Name")], sensitivity: .personal, thirdParty: true),
            Field(
                "email", .string, fi: "Sähköpostiosoite", sv: "E-postadress", en: "E-mail address",
                iris: [IRI.schema("email"), IRI.vcard("hasEmail"), IRI.pd("EmailAddress")], sensitivity: .personal,
                thirdParty: true),
            Field(
                "telephone", .string, fi: "Puhelinnumero", sv: "Telefonnummer", en: "Telephone number",
                iris: [IRI.schema("telephone"), IRI.vcard("hasTelephone"), IRI.pd("TelephoneNumber")],
                sensitivity: .personal, thirdParty: true),
            Field(
                "street", .string, fi: "Katuosoite", sv: "Gatuadress", en: "Street address",
                iris: [IRI.schema("streetAddress"), IRI.vcard("street-address"), IRI.pd("Street")],
                sensitivity: .personal, thirdParty: true),
            Field(
                "postal_code", .string, fi: "Postinumero", sv: "Postnummer", en: "Postal code",
                iris: [IRI.schema("postalCode"), IRI.vcard("postal-code"), IRI.pd("PostalCode")],
                sensitivity: .personal, thirdParty: true),
            Field(
                "town", .string, fi: "Postitoimipaikka", sv: "Postort", en: "Town",
                iris: [IRI.schema("addressLocality"), IRI.vcard("locality"), IRI.pd("Locality")],
                sensitivity: .personal, thirdParty: true),
            Field(
                "country", .string, fi: "Maa", sv: "Land", en: "Country",
                meaning: LocalizedText(
                    fi: "Kaksikirjaiminen maakoodi (ISO 3166-1).", sv: "Landskod med två bokstäver (ISO 3166-1).",
                    en: "Two-letter country code (ISO 3166-1)."),
                iris: [IRI.schema("addressCountry"), IRI.vcard("country-name"), IRI.pd("Country")],
                sensitivity: .personal, thirdParty: true),
            Field(
                "e_invoice_address", .string, fi: "Verkkolaskuosoite", sv: "Nätfakturaadress", en: "E-invoice address",
                sensitivity: .personal, thirdParty: true),
            Field(
                "e_invoice_operator", .string, fi: "Verkkolaskuoperaattori", sv: "Nätfakturaoperatör",
                en: "E-invoice operator"),
            Field(
                "language", .string, fi: "Asiointikieli", sv: "Kontaktspråk", en: "Language of contact",
                iris: [IRI.schema("knowsLanguage"), IRI.pd("Language")], sensitivity: .personal, thirdParty: true),
            Field(
                "delivery_method", .string, fi: "Laskun toimitustapa", sv: "Leveranssätt för fakturor",
                en: "How invoices are delivered"),
            Field(
                "payment_term_days", .integer, fi: "Maksuaika päivinä", sv: "Betalningstid i dagar",
                en: "Payment term in days"),
            Field(
                "note", .string, fi: "Muistiinpano", sv: "Anteckning", en: "Note", iris: [IRI.vcard("note")],
                sensitivity: .free, thirdParty: true),
            Field("created_at", .timestamp, fi: "Tallennettu", sv: "Sparad", en: "Created at"),
            Field("changed_at", .timestamp, fi: "Muutettu", sv: "Ändrad", en: "Changed at"),
        ])

    static let product = Entity(
        name: "product", ordinal: 13,
        label: LocalizedText(fi: "Tuote tai palvelu", sv: "Produkt eller tjänst", en: "Product"),
        meaning: LocalizedText(
            fi: "Tuote tai palvelu, jonka käyttäjä laskuttaa.",
            sv: "En produkt eller tjänst som användaren fakturerar.",
            en: "A product or service that the user bills for."),
        iris: [IRI.schema("Product")],
        fields: [
            Shared.customerNumber,
            Field("code", .string, fi: "Tuotekoodi", sv: "Produktkod", en: "Product code", iris: [IRI.schema("sku")]),
            Field("name", .string, fi: "Nimi", sv: "Namn", en: "Name", iris: [IRI.schema("name")], sensitivity: .free),
            Field(
                "description", .string, fi: "Kuvaus", sv: "Beskrivning", en: "Description",
                iris: [IRI.schema("description")], sensitivity: .free, thirdParty: true),
            Field(
                "product_group", .string, fi: "Tuoteryhmä", sv: "Produktgrupp", en: "Group",
                iris: [IRI.schema("category")]),
            Field("gtin", .string, fi: "GTIN-koodi", sv: "GTIN-kod", en: "GTIN", iris: [IRI.schema("gtin")]),
            Field("unit", .string, fi: "Yksikkö", sv: "Enhet", en: "Unit", iris: [IRI.schema("unitText")]),
            Field(
                "unit_price", .decimal, fi: "Yksikköhinta", sv: "Pris per enhet", en: "Unit price",
                iris: [IRI.schema("price")]),
            Shared.currency,
            Field(
                "vat_rate", .decimal, fi: "ALV-prosentti", sv: "Momsprocent", en: "VAT rate",
                meaning: LocalizedText(
                    fi: "Arvonlisäverokanta prosentteina.", sv: "Mervärdesskattesatsen i procent.",
                    en: "The rate of value added tax, in per cent.")),
            Field("is_active", .boolean, fi: "Käytössä", sv: "I bruk", en: "In use"),
            Field("created_at", .timestamp, fi: "Tallennettu", sv: "Sparad", en: "Created at"),
            Field("changed_at", .timestamp, fi: "Muutettu", sv: "Ändrad", en: "Changed at"),
        ])

    static let subscription = Entity(
        name: "subscription", ordinal: 21,
        label: LocalizedText(fi: "Palvelusopimus", sv: "Tjänsteavtal", en: "Subscription"),
        meaning: LocalizedText(
            fi: "Mitä palvelua asiakas on tilannut, milloin ja mihin hintaan.",
            sv: "Vilken tjänst kunden har beställt, när och till vilket pris.",
            en: "Which service the customer has ordered, when and at what price."),
        iris: [IRI.schema("Order"), IRI.pd("Purchase")],
        fields: [
            Shared.customerNumber,
            Shared.userID,
            Field("plan", .string, fi: "Palvelupaketti", sv: "Tjänstepaket", en: "Service plan"),
            Field(
                "price", .decimal, fi: "Hinta", sv: "Pris", en: "Price", iris: [IRI.schema("price")],
                sensitivity: .personal),
            Shared.currency,
            Field(
                "billing_period", .string, fi: "Laskutusjakso", sv: "Faktureringsperiod", en: "Billing period",
                meaning: LocalizedText(
                    fi: "Mitä aikaa hinta koskee, esimerkiksi kuukausi.",
                    sv: "Vilken tid priset gäller, till exempel en månad.",
                    en: "What time the price is for, such as a month.")),
            Field("status", .string, fi: "Tila", sv: "Status", en: "State"),
            Field(
                "started_on", .date, fi: "Alkamispäivä", sv: "Startdatum", en: "Start date",
                iris: [IRI.schema("startDate")], sensitivity: .personal),
            Field(
                "ended_on", .date, fi: "Päättymispäivä", sv: "Slutdatum", en: "End date",
                iris: [IRI.schema("endDate")], sensitivity: .personal),
            Field(
                "ordered_by", .string, fi: "Tilaaja", sv: "Beställd av", en: "Ordered by", sensitivity: .personal,
                thirdParty: true),
        ])
}
