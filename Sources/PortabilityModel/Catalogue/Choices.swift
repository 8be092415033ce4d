extension Catalogue {
    static let preference = Entity(
        name: "preference", ordinal: 6,
        label: LocalizedText(fi: "Asetus", sv: "Inställning", en: "Preference"),
        meaning: LocalizedText(
            fi: "Asetus, jonka käyttäjä on valinnut palvelussa.",
            sv: "En inställning som användaren har valt i tjänsten.",
            en: "A setting that the user has chosen in the service."),
        iris: [IRI.pd("Preference")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field("name", .string, fi: "Asetuksen nimi", sv: "Inställningens namn", en: "Name of the setting"),
            Field(
                "value", .string, fi: "Valittu arvo", sv: "Valt värde", en: "Chosen value",
                iris: [IRI.pd("Preference")], sensitivity: .free),
            Field("changed_at", .timestamp, fi: "Muutettu", sv: "Ändrad", en: "Changed at", sensitivity: .personal),
            Field(
                "changed_by", .string, fi: "Muutoksen tekijä", sv: "Ändrad av", en: "Changed by",
                sensitivity: .personal, thirdParty: true),
        ])

    static let marketingProhibition = Entity(
        name: "marketing_prohibition", ordinal: 19,
        label: LocalizedText(fi: "Markkinointikielto", sv: "Marknadsföringsförbud", en: "Marketing prohibition"),
        meaning: LocalizedText(
            fi: "Rekisteröidyn kielto käyttää tietojaan suoramarkkinointiin, etämyyntiin tai kyselyihin.",
            sv: "Den registrerades förbud mot direktmarknadsföring, distansförsäljning eller undersökningar.",
            en: "The data subject's objection to direct marketing, distance selling or surveys."),
        iris: [IRI.pd("PrivacyPreference")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "scope", .string, fi: "Mitä kielto koskee", sv: "Vad förbudet gäller", en: "What is forbidden",
                iris: [IRI.pd("PrivacyPreference")], sensitivity: .personal,
                codes: [
                    Field.Code(
                        "direct-marketing", fi: "suoramarkkinointi", sv: "direktmarknadsföring",
                        en: "direct marketing"),
                    Field.Code(
                        "distance-selling", fi: "etämyynti", sv: "distansförsäljning", en: "distance selling"),
                    Field.Code(
                        "surveys", fi: "markkina- ja mielipidetutkimukset", sv: "marknads- och opinionsundersökningar",
                        en: "market and opinion surveys"),
                ]),
            Field(
                "channel", .string, fi: "Viestintäkanava", sv: "Kanal", en: "Channel",
                meaning: LocalizedText(
                    fi: "Kanava, jota kielto koskee, esimerkiksi puhelin, posti tai sähköposti.",
                    sv: "Den kanal som förbudet gäller, till exempel telefon, post eller e-post.",
                    en: "The channel that the prohibition is about, such as telephone, post or e-mail.")),
            Field(
                "contact", .string, fi: "Numero tai osoite", sv: "Nummer eller adress", en: "Number or address",
                meaning: LocalizedText(
                    fi: "Puhelinnumero tai osoite, jota kielto koskee, jos se on rajattu.",
                    sv: "Det telefonnummer eller den adress som förbudet gäller, om det är begränsat.",
                    en: "The telephone number or address that it is about, if it is limited to one."),
                iris: [IRI.pd("Contact")], sensitivity: .personal),
            Field(
                "forbidden_at", .timestamp, fi: "Kielto annettu", sv: "Förbudet gavs", en: "Forbidden at",
                sensitivity: .personal),
            Field(
                "withdrawn_at", .timestamp, fi: "Kielto peruttu", sv: "Förbudet återtogs", en: "Withdrawn at",
                sensitivity: .personal),
            Field(
                "recorded_by", .string, fi: "Kirjaaja", sv: "Antecknat av", en: "Recorded by",
                sensitivity: .personal, thirdParty: true),
        ])

    static let consent = Entity(
        name: "consent", ordinal: 22,
        label: LocalizedText(fi: "Suostumus", sv: "Samtycke", en: "Consent"),
        meaning: LocalizedText(
            fi: "Rekisteröidyn antama tai peruuttama suostumus.",
            sv: "Ett samtycke som den registrerade har gett eller återkallat.",
            en: "A consent that the data subject has given or withdrawn."),
        iris: [IRI.pd("PrivacyPreference")],
        fields: [
            Shared.userID,
            Shared.cookieID,
            Field(
                "purpose", .string, fi: "Käsittelyn tarkoitus", sv: "Ändamål", en: "Purpose",
                meaning: LocalizedText(
                    fi: "Käsittelyn tarkoitus, johon suostumus annettiin.",
                    sv: "Det ändamål med behandlingen som samtycket gäller.",
                    en: "The purpose of processing that was consented to."),
                sensitivity: .personal),
            Field(
                "decision", .string, fi: "Päätös", sv: "Beslut", en: "Decision",
                iris: [IRI.pd("PrivacyPreference")], sensitivity: .personal,
                codes: [
                    Field.Code("given", fi: "annettu", sv: "lämnat", en: "given"),
                    Field.Code("refused", fi: "kieltäydytty", sv: "nekat", en: "refused"),
                    Field.Code("withdrawn", fi: "peruutettu", sv: "återkallat", en: "withdrawn"),
                ]),
            Field("method", .string, fi: "Antamistapa", sv: "Hur det gavs", en: "How it was given"),
            Field(
                "text_version", .string, fi: "Suostumustekstin versio", sv: "Samtyckestextens version",
                en: "Version of the text"),
            Field("given_at", .timestamp, fi: "Annettu", sv: "Gavs", en: "Given at", sensitivity: .personal),
            Field(
                "withdrawn_at", .timestamp, fi: "Peruutettu", sv: "Återkallades", en: "Withdrawn at",
                sensitivity: .personal),
        ])
}
