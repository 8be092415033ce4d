extension Catalogue {
    static let contactPoint = Entity(
        name: "contact_point", ordinal: 4,
        label: LocalizedText(fi: "Yhteystieto", sv: "Kontaktuppgift", en: "Contact point"),
        meaning: LocalizedText(
            fi: "Sähköpostiosoite, puhelinnumero tai muu tapa saada yhteys.",
            sv: "En e-postadress, ett telefonnummer eller ett annat sätt att få kontakt.",
            en: "An e-mail address, telephone number or other way of getting in touch."),
        iris: [IRI.schema("ContactPoint"), IRI.pd("Contact")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "kind", .string, fi: "Yhteystiedon laji", sv: "Typ av kontaktuppgift", en: "Kind of contact point",
                meaning: LocalizedText(
                    fi: "Esimerkiksi sähköposti, matkapuhelin tai työpuhelin.",
                    sv: "Till exempel e-post, mobiltelefon eller arbetstelefon.",
                    en: "For instance e-mail, mobile or work telephone."),
                iris: [IRI.schema("contactType")]),
            Field(
                "contact_name", .string, fi: "Yhteyshenkilön nimi", sv: "Kontaktpersonens namn", en: "Contact name",
                iris: [IRI.schema("name"), IRI.vcard("fn"), IRI.pd("Name")], sensitivity: .personal,
                thirdParty: true),
            Field(
                "email", .string, fi: "Sähköpostiosoite", sv: "E-postadress", en: "E-mail address",
                iris: [IRI.schema("email"), IRI.vcard("hasEmail"), IRI.pd("EmailAddress")], sensitivity: .personal),
            Field(
                "telephone", .string, fi: "Puhelinnumero", sv: "Telefonnummer", en: "Telephone number",
                iris: [IRI.schema("telephone"), IRI.vcard("hasTelephone"), IRI.pd("TelephoneNumber")],
                sensitivity: .personal),
            Field(
                "other_address", .string, fi: "Muu yhteystieto", sv: "Annan kontaktuppgift", en: "Other address",
                meaning: LocalizedText(
                    fi: "Muu yhteystieto kuin sähköposti tai puhelin, esimerkiksi pikaviestintunnus.",
                    sv: "Annat än e-post och telefon, till exempel ett konto för snabbmeddelanden.",
                    en: "Neither e-mail nor telephone, for instance an instant messaging account."),
                iris: [IRI.pd("Contact")], sensitivity: .personal),
            Field(
                "is_primary", .boolean, fi: "Ensisijainen", sv: "Primär", en: "Primary",
                meaning: LocalizedText(
                    fi: "Onko tämä ensisijainen yhteystieto.", sv: "Om kontaktuppgiften används i första hand.",
                    en: "Whether this contact point is used first.")),
            Field(
                "verified_at", .timestamp, fi: "Vahvistettu", sv: "Bekräftad", en: "Verified at",
                sensitivity: .personal),
            Field("added_at", .timestamp, fi: "Lisätty", sv: "Tillagd", en: "Added at", sensitivity: .personal),
            Field("removed_at", .timestamp, fi: "Poistettu", sv: "Borttagen", en: "Removed at", sensitivity: .personal),
        ])

    static let address = Entity(
        name: "address", ordinal: 5,
        label: LocalizedText(fi: "Osoite", sv: "Adress", en: "Address"),
        meaning: LocalizedText(
            fi: "Henkilön tai organisaation posti-, käynti- tai laskutusosoite.",
            sv: "En persons eller organisations post-, besöks- eller faktureringsadress.",
            en: "A postal, visiting or billing address of a person or organisation."),
        iris: [IRI.schema("PostalAddress"), IRI.vcard("Address"), IRI.pd("PhysicalAddress")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "kind", .string, fi: "Osoitteen laji", sv: "Typ av adress", en: "Kind of address",
                meaning: LocalizedText(
                    fi: "Esimerkiksi posti-, käynti- tai laskutusosoite.",
                    sv: "Till exempel post-, besöks- eller faktureringsadress.",
                    en: "For instance postal, visiting or billing address.")),
            Field(
                "recipient", .string, fi: "Vastaanottaja", sv: "Mottagare", en: "Recipient",
                iris: [IRI.schema("name"), IRI.pd("Name")], sensitivity: .personal),
            Field(
                "care_of", .string, fi: "C/o-osoite", sv: "C/o-adress", en: "Care of",
                meaning: LocalizedText(
                    fi: "Henkilö, jonka luona vastaanottaja tavoitetaan.",
                    sv: "Den person som mottagaren nås hos.", en: "The person with whom the recipient is reached."),
                sensitivity: .personal, thirdParty: true),
            Field(
                "street", .string, fi: "Katuosoite", sv: "Gatuadress", en: "Street address",
                iris: [IRI.schema("streetAddress"), IRI.vcard("street-address"), IRI.pd("Street")],
                sensitivity: .personal),
            Field(
                "street_extra", .string, fi: "Osoitteen lisärivi", sv: "Adressens tilläggsrad",
                en: "Additional address line", iris: [IRI.vcard("extended-address"), IRI.pd("PhysicalAddress")],
                sensitivity: .personal),
            Field(
                "post_office_box", .string, fi: "Postilokero", sv: "Postbox", en: "Post office box",
                iris: [IRI.schema("postOfficeBoxNumber"), IRI.vcard("post-office-box")], sensitivity: .personal),
            Field(
                "postal_code", .string, fi: "Postinumero", sv: "Postnummer", en: "Postal code",
                iris: [IRI.schema("postalCode"), IRI.vcard("postal-code"), IRI.pd("PostalCode")],
                sensitivity: .personal),
            Field(
                "town", .string, fi: "Postitoimipaikka", sv: "Postort", en: "Town",
                iris: [IRI.schema("addressLocality"), IRI.vcard("locality"), IRI.pd("Locality")],
                sensitivity: .personal),
            Field(
                "region", .string, fi: "Alue", sv: "Region", en: "Region or state",
                iris: [IRI.schema("addressRegion"), IRI.vcard("region"), IRI.pd("Region")], sensitivity: .personal),
            Field(
                "country", .string, fi: "Maa", sv: "Land", en: "Country",
                meaning: LocalizedText(
                    fi: "Kaksikirjaiminen maakoodi (ISO 3166-1).", sv: "Landskod med två bokstäver (ISO 3166-1).",
                    en: "Two-letter country code (ISO 3166-1)."),
                iris: [IRI.schema("addressCountry"), IRI.vcard("country-name"), IRI.pd("Country")],
                sensitivity: .personal),
            Field("valid_from", .date, fi: "Voimassa alkaen", sv: "Gäller från", en: "Valid from"),
            Field("valid_until", .date, fi: "Voimassa asti", sv: "Gäller till", en: "Valid until"),
        ])
}
