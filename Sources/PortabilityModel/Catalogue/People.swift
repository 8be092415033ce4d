extension Catalogue {
    static let account = Entity(
        name: "account", ordinal: 1,
        label: LocalizedText(fi: "Käyttäjätili", sv: "Användarkonto", en: "Account"),
        meaning: LocalizedText(
            fi: "Tili tai asiakkuus, jolla palvelua käytetään.",
            sv: "Kontot eller kundförhållandet som tjänsten används med.",
            en: "The account or customer relationship under which the service is used."),
        iris: [IRI.pd("Identifier")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "username", .string, fi: "Kirjautumisnimi", sv: "Inloggningsnamn", en: "User name",
                iris: [IRI.pd("Username")], sensitivity: .personal),
            Field(
                "kind", .string, fi: "Tilin laji", sv: "Typ av konto", en: "Kind of account",
                meaning: LocalizedText(
                    fi: "Esimerkiksi yritys, toiminimi tai yksityishenkilö, lähdejärjestelmän omin sanoin.",
                    sv: "Till exempel företag, firma eller privatperson, med källsystemets egna ord.",
                    en: "For instance company, sole trader or private person, in the source system's own words.")),
            Field(
                "role", .string, fi: "Käyttöoikeusrooli", sv: "Behörighetsroll", en: "Role",
                meaning: LocalizedText(
                    fi: "Mitä käyttäjä saa tehdä palvelussa.", sv: "Vad användaren får göra i tjänsten.",
                    en: "What the user may do in the service."),
                sensitivity: .personal),
            Shared.status,
            Field("plan", .string, fi: "Palvelupaketti", sv: "Tjänstepaket", en: "Service plan"),
            Shared.language,
            Field(
                "registered_at", .timestamp, fi: "Rekisteröitymisaika", sv: "Registreringstid", en: "Registered at",
                sensitivity: .personal),
            Field(
                "registered_by", .string, fi: "Rekisteröinnin tekijä", sv: "Registrerad av", en: "Registered by",
                meaning: LocalizedText(
                    fi: "Kuka perusti tilin, jos joku muu kuin käyttäjä itse.",
                    sv: "Vem som öppnade kontot, om det var någon annan än användaren själv.",
                    en: "Who opened the account, if it was someone else than the user."),
                sensitivity: .personal, thirdParty: true),
            Field(
                "terms_accepted_at", .timestamp, fi: "Käyttöehdot hyväksytty", sv: "Användarvillkoren godkända",
                en: "Terms accepted at", sensitivity: .personal),
            Field(
                "last_login_at", .timestamp, fi: "Viimeksi kirjautunut", sv: "Senast inloggad", en: "Last log-in",
                iris: [IRI.pd("AuthenticationHistory")], sensitivity: .personal),
            Field(
                "closed_at", .timestamp, fi: "Päättymisaika", sv: "Avslutad", en: "Closed at", sensitivity: .personal),
            Field(
                "closing_reason", .string, fi: "Päättymisen syy", sv: "Orsak till avslutandet",
                en: "Reason for closing", sensitivity: .free),
        ])

    static let person = Entity(
        name: "person", ordinal: 2,
        label: LocalizedText(fi: "Henkilö", sv: "Person", en: "Person"),
        meaning: LocalizedText(
            fi: "Henkilö itse: nimi, kieli ja asema asiakasyrityksessä.",
            sv: "Personen själv: namn, språk och ställning i kundföretaget.",
            en: "The person: name, language and position in the customer company."),
        iris: [IRI.schema("Person"), IRI.vcard("Individual")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "full_name", .string, fi: "Koko nimi", sv: "Fullständigt namn", en: "Full name",
                meaning: LocalizedText(
                    fi: "Nimi yhtenä kokonaisuutena, kun lähde ei erottele etu- ja sukunimeä.",
                    sv: "Namnet i ett, när källan inte skiljer på för- och efternamn.",
                    en: "The name as one, where the source does not part given name and family name."),
                iris: [IRI.schema("name"), IRI.vcard("fn"), IRI.pd("Name")], sensitivity: .personal),
            Field(
                "given_name", .string, fi: "Etunimi", sv: "Förnamn", en: "Given name",
                iris: [IRI.schema("givenName"), IRI.vcard("given-name"), IRI.pd("Name")], sensitivity: .personal),
            Field(
                "family_name", .string, fi: "Sukunimi", sv: "Efternamn", en: "Family name",
                iris: [IRI.schema("familyName"), IRI.vcard("family-name"), IRI.pd("Name")], sensitivity: .personal),
            Field(
                "nickname", .string, fi: "Kutsumanimi", sv: "Smeknamn", en: "Nickname",
                iris: [IRI.schema("alternateName"), IRI.vcard("nickname"), IRI.pd("Name")], sensitivity: .personal),
            Field(
                "personal_identity_code", .string, fi: "Henkilötunnus", sv: "Personbeteckning",
                en: "Personal identity code",
                iris: [IRI.schema("taxID"), IRI.pd("OfficialID")], sensitivity: .nationalID),
            Field(
                "birth_date", .date, fi: "Syntymäaika", sv: "Födelsedatum", en: "Date of birth",
                iris: [IRI.schema("birthDate"), IRI.vcard("bday"), IRI.pd("BirthDate")], sensitivity: .personal),
            Shared.language,
            Field(
                "job_title", .string, fi: "Tehtävänimike", sv: "Yrkesbenämning", en: "Job title",
                iris: [IRI.schema("jobTitle"), IRI.vcard("title"), IRI.pd("CurrentEmployment")],
                sensitivity: .personal),
            Field(
                "role", .string, fi: "Rooli", sv: "Roll", en: "Role",
                meaning: LocalizedText(
                    fi: "Henkilön rooli asiakkuudessa, esimerkiksi omistaja tai kirjanpitäjä.",
                    sv: "Personens roll i kundförhållandet, till exempel ägare eller bokförare.",
                    en: "The person's role in the customer relationship, such as owner or accountant."),
                iris: [IRI.vcard("role"), IRI.pd("Professional")], sensitivity: .personal),
            Field(
                "is_contact_person", .boolean, fi: "Yhteyshenkilö", sv: "Kontaktperson", en: "Contact person",
                meaning: LocalizedText(
                    fi: "Onko henkilö asiakasyrityksen yhteyshenkilö.",
                    sv: "Om personen är kundföretagets kontaktperson.",
                    en: "Whether the person is the contact person of the customer company."),
                sensitivity: .personal),
            Shared.status,
            Field(
                "registered_at", .timestamp, fi: "Rekisteröity", sv: "Registrerad", en: "Registered at",
                sensitivity: .personal),
            Field(
                "registered_by", .string, fi: "Rekisteröinyt", sv: "Registrerad av", en: "Registered by",
                meaning: LocalizedText(
                    fi: "Kuka ilmoitti henkilön tiedot, jos joku muu kuin hän itse.",
                    sv: "Vem som lämnade personens uppgifter, om det var någon annan än personen själv.",
                    en: "Who gave the person's details, if it was someone else."),
                sensitivity: .personal, thirdParty: true),
            Field(
                "last_login_at", .timestamp, fi: "Viimeksi kirjautunut", sv: "Senast inloggad", en: "Last log-in",
                iris: [IRI.pd("AuthenticationHistory")], sensitivity: .personal),
            Field(
                "closed_at", .timestamp, fi: "Päättynyt", sv: "Avslutad", en: "Closed at", sensitivity: .personal),
        ])

    static let formerName = Entity(
        name: "former_name", ordinal: 20,
        label: LocalizedText(fi: "Aiempi nimi", sv: "Tidigare namn", en: "Former name"),
        meaning: LocalizedText(
            fi: "Nimi, joka henkilöllä on ollut aiemmin.", sv: "Ett namn som personen har haft tidigare.",
            en: "A name that the person had before."),
        iris: [IRI.pd("Name")],
        fields: [
            Shared.userID,
            Field(
                "full_name", .string, fi: "Koko nimi", sv: "Fullständigt namn", en: "Full name",
                iris: [IRI.schema("name"), IRI.vcard("fn"), IRI.pd("Name")], sensitivity: .personal),
            Field(
                "given_name", .string, fi: "Etunimi", sv: "Förnamn", en: "Given name",
                iris: [IRI.schema("givenName"), IRI.vcard("given-name"), IRI.pd("Name")], sensitivity: .personal),
            Field(
                "family_name", .string, fi: "Sukunimi", sv: "Efternamn", en: "Family name",
                iris: [IRI.schema("familyName"), IRI.vcard("family-name"), IRI.pd("Name")], sensitivity: .personal),
            Field(
                "valid_from", .date, fi: "Voimassa alkaen", sv: "Gäller från", en: "Valid from",
                sensitivity: .personal),
            Field(
                "valid_until", .date, fi: "Voimassa asti", sv: "Gäller till", en: "Valid until",
                sensitivity: .personal),
            Field(
                "changed_by", .string, fi: "Muutoksen tekijä", sv: "Ändrat av", en: "Changed by",
                sensitivity: .personal, thirdParty: true),
        ])

    static let organisation = Entity(
        name: "organisation", ordinal: 3,
        label: LocalizedText(fi: "Organisaatio", sv: "Organisation", en: "Organisation"),
        meaning: LocalizedText(
            fi: "Yritys, yhdistys tai toiminimi, jonka puolesta palvelua käytetään.",
            sv: "Det företag, den förening eller den firma för vars räkning tjänsten används.",
            en: "The company, association or sole trader on whose behalf the service is used."),
        iris: [IRI.schema("Organization"), IRI.vcard("Organization")],
        fields: [
            Shared.customerNumber,
            Field(
                "kind", .string, fi: "Organisaation laji", sv: "Typ av organisation", en: "Kind of organisation",
                meaning: LocalizedText(
                    fi: "Esimerkiksi yritys, toiminimi tai yksityishenkilö, lähdejärjestelmän omin sanoin.",
                    sv: "Till exempel företag, firma eller privatperson, med källsystemets egna ord.",
                    en: "For instance company, sole trader or private person, in the source system's own words.")),
            Field(
                "name", .string, fi: "Nimi", sv: "Namn", en: "Name",
                meaning: LocalizedText(
                    fi: "Virallinen nimi. Toiminimessä se on usein henkilön nimi.",
                    sv: "Officiellt namn. I en enskild firma är det ofta en persons namn.",
                    en: "Official name. A sole trader's is often the name of a person."),
                iris: [IRI.schema("legalName"), IRI.vcard("organization-name")], sensitivity: .personal),
            Field(
                "trade_name", .string, fi: "Aputoiminimi", sv: "Bifirma", en: "Trading name",
                iris: [IRI.schema("alternateName")], sensitivity: .personal),
            Field(
                "business_id", .string, fi: "Y-tunnus", sv: "FO-nummer", en: "Business ID",
                iris: [IRI.schema("identifier"), IRI.pd("OfficialID")], sensitivity: .personal),
            Field(
                "vat_id", .string, fi: "ALV-tunniste", sv: "Momsnummer", en: "VAT number",
                iris: [IRI.schema("vatID")], sensitivity: .personal),
            Field(
                "e_invoice_address", .string, fi: "Verkkolaskuosoite", sv: "Nätfakturaadress", en: "E-invoice address",
                meaning: LocalizedText(
                    fi: "OVT-tunnus tai muu osoite, johon verkkolaskut lähetetään.",
                    sv: "EDI-kod (OVT-kod) eller annan adress som nätfakturor sänds till.",
                    en: "The OVT code or other address that e-invoices are sent to."),
                sensitivity: .personal),
            Field(
                "e_invoice_operator", .string, fi: "Verkkolaskuoperaattori", sv: "Nätfakturaoperatör",
                en: "E-invoice operator",
                meaning: LocalizedText(
                    fi: "Verkkolaskujen välittäjän tunnus.", sv: "Koden för den som förmedlar nätfakturorna.",
                    en: "The code of the intermediary that delivers e-invoices.")),
            Field(
                "iban", .string, fi: "Tilinumero (IBAN)", sv: "Kontonummer (IBAN)", en: "Account number (IBAN)",
                iris: [IRI.pd("BankAccount")], sensitivity: .financial),
            Field(
                "bic", .string, fi: "Pankin BIC-koodi", sv: "Bankens BIC-kod", en: "BIC of the bank",
                sensitivity: .financial),
            Field("industry", .string, fi: "Toimiala", sv: "Bransch", en: "Industry"),
            Field("domicile", .string, fi: "Kotipaikka", sv: "Hemort", en: "Domicile", iris: [IRI.schema("location")]),
            Field(
                "website", .string, fi: "Verkkosivusto", sv: "Webbplats", en: "Website",
                iris: [IRI.schema("url"), IRI.vcard("hasURL")]),
            Shared.language,
            Shared.status,
            Field("registered_at", .timestamp, fi: "Rekisteröity", sv: "Registrerad", en: "Registered at"),
            Field("closed_at", .timestamp, fi: "Päättynyt", sv: "Avslutad", en: "Closed at"),
        ])
}
