extension Catalogue {
    static let usageEvent = Entity(
        name: "usage_event", ordinal: 10,
        label: LocalizedText(fi: "Käyttötapahtuma", sv: "Användningshändelse", en: "Usage event"),
        meaning: LocalizedText(
            fi: "Mitä käyttäjä teki palvelussa: painallus, sivun avaus, haku tai muu toiminta.",
            sv: "Vad användaren gjorde i tjänsten: ett klick, en öppnad sida, en sökning eller annan aktivitet.",
            en: "What the user did in the service: a click, a page opened, a search or other activity."),
        iris: [IRI.pd("ServiceConsumptionBehaviour")],
        fields: [
            Field(
                "occurred_at", .timestamp, fi: "Tapahtuma-aika", sv: "Tidpunkt", en: "Time",
                iris: [IRI.schema("startTime")], sensitivity: .personal),
            Field(
                "occurred_at_local", .localTimestamp, fi: "Paikallinen aika", sv: "Lokal tid", en: "Local time",
                meaning: LocalizedText(
                    fi: "Tapahtuma-aika, kun lähde ei kerro aikavyöhykettä.",
                    sv: "Tidpunkten, när källan inte anger tidszon.",
                    en: "The time, where the source does not tell the time zone."),
                sensitivity: .personal),
            Field(
                "event", .string, fi: "Tapahtuma", sv: "Händelse", en: "Event",
                meaning: LocalizedText(
                    fi: "Tapahtuman laji palvelun omin sanoin, esimerkiksi ui.click.",
                    sv: "Typ av händelse med tjänstens egna ord, till exempel ui.click.",
                    en: "The kind of event in the service's own words, such as ui.click."),
                iris: [IRI.pd("Interaction")], sensitivity: .personal),
            Field(
                "activity", .string, fi: "Toiminta", sv: "Aktivitet", en: "Activity",
                meaning: LocalizedText(
                    fi: "Mitä käyttäjä sai aikaan, esimerkiksi laskun lähetys.",
                    sv: "Vad användaren åstadkom, till exempel sände en faktura.",
                    en: "What the user brought about, such as sending an invoice."),
                iris: [IRI.schema("Action"), IRI.pd("ServiceConsumptionBehaviour")], sensitivity: .personal),
            Field(
                "ui_element", .string, fi: "Käyttöliittymän osa", sv: "Del av användargränssnittet",
                en: "User interface element", iris: [IRI.pd("LinkClicked")], sensitivity: .personal),
            Field(
                "ui_page", .string, fi: "Palvelun sivu", sv: "Sida i tjänsten", en: "Page of the service",
                iris: [IRI.pd("BrowsingBehaviour")], sensitivity: .personal),
            Field(
                "search_text", .string, fi: "Hakusanat", sv: "Sökord", en: "What was searched for",
                iris: [IRI.schema("query"), IRI.pd("BrowsingBehaviour")], sensitivity: .free, thirdParty: true),
            Shared.userID,
            Shared.customerNumber,
            Shared.sessionID,
            Shared.cookieID,
            Shared.deviceID,
            Shared.ipAddress,
            Shared.userAgent,
            Field("http_method", .string, fi: "HTTP-metodi", sv: "HTTP-metod", en: "HTTP method"),
            Field("http_status", .integer, fi: "HTTP-tilakoodi", sv: "HTTP-statuskod", en: "HTTP status code"),
            Field(
                "url", .string, fi: "Verkko-osoite", sv: "Webbadress", en: "Web address",
                meaning: LocalizedText(
                    fi: "Haettu osoite tai sen polku.", sv: "Den adress som hämtades, eller dess sökväg.",
                    en: "The address that was fetched, or its path."),
                iris: [IRI.schema("url"), IRI.pd("BrowserHistory")], sensitivity: .free),
            Field(
                "referrer", .string, fi: "Edellinen osoite", sv: "Föregående adress", en: "Referring address",
                meaning: LocalizedText(
                    fi: "Sivu, jolta tultiin (Referer).", sv: "Den sida som besökaren kom från (Referer).",
                    en: "The page that the visitor came from (Referer)."),
                iris: [IRI.pd("BrowsingReferral")], sensitivity: .free),
            Field(
                "response_bytes", .integer, fi: "Vastauksen koko tavuina", sv: "Svarets storlek i byte",
                en: "Size of the response in bytes"),
            Field(
                "duration_ms", .integer, fi: "Kesto millisekunteina", sv: "Längd i millisekunder",
                en: "Duration in milliseconds"),
            Field(
                "result", .string, fi: "Lopputulos", sv: "Resultat", en: "Outcome", iris: [IRI.schema("result")],
                sensitivity: .personal),
            Field("error", .string, fi: "Virhe", sv: "Fel", en: "Error", sensitivity: .free),
            Field(
                "application", .string, fi: "Sovellus", sv: "Program", en: "Application",
                iris: [IRI.schema("SoftwareApplication")]),
            Field(
                "application_version", .string, fi: "Sovelluksen versio", sv: "Programversion",
                en: "Version of the application", iris: [IRI.schema("softwareVersion")]),
            Field("host", .string, fi: "Palvelin", sv: "Server", en: "Server name"),
            Field(
                "details", .json, fi: "Lisätiedot", sv: "Tilläggsuppgifter", en: "Details",
                meaning: LocalizedText(
                    fi: "Muut tapahtumaan kirjatut tiedot rakenteisina (JSON).",
                    sv: "Övrigt som antecknats om händelsen, strukturerat (JSON).",
                    en: "What else was noted of the event, structured (JSON)."),
                sensitivity: .free),
        ])

    static let consultation = Entity(
        name: "consultation", ordinal: 11,
        label: LocalizedText(fi: "Tietojen katselu", sv: "Läsning av uppgifter", en: "Consultation"),
        meaning: LocalizedText(
            fi: "Kuka organisaatiossa katsoi tai muutti käyttäjän tietoja, milloin ja miksi.",
            sv: "Vem i organisationen som läste eller ändrade användarens uppgifter, när och varför.",
            en: "Who in the organisation looked at or changed the user's data, when and why."),
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "consulted_at", .timestamp, fi: "Katseluaika", sv: "Tidpunkt", en: "Time",
                iris: [IRI.schema("startTime")], sensitivity: .personal),
            Field(
                "purpose", .string, fi: "Käsittelyn syy", sv: "Skäl", en: "Reason",
                meaning: LocalizedText(
                    fi: "Miksi tietoja katsottiin.", sv: "Varför uppgifterna lästes.",
                    en: "Why the data were looked at."),
                sensitivity: .free),
            Field(
                "action", .string, fi: "Toimenpide", sv: "Åtgärd", en: "Operation",
                meaning: LocalizedText(
                    fi: "Esimerkiksi katselu, muutos tai tulostus, lähdejärjestelmän omin sanoin.",
                    sv: "Till exempel läsning, ändring eller utskrift, med källsystemets egna ord.",
                    en: "For instance viewing, changing or printing, in the source system's own words.")),
            Field(
                "data_viewed", .string, fi: "Katsotut tiedot", sv: "Lästa uppgifter", en: "Data looked at"),
            Field(
                "by_id", .string, fi: "Työntekijän tunnus", sv: "Medarbetarens id", en: "Staff member's ID",
                iris: [IRI.pd("UID")], sensitivity: .personal, thirdParty: true),
            Field(
                "by_name", .string, fi: "Työntekijän nimi", sv: "Medarbetarens namn", en: "Staff member's name",
                iris: [IRI.schema("agent"), IRI.pd("Name")], sensitivity: .personal, thirdParty: true),
            Field(
                "by_role", .string, fi: "Työntekijän rooli", sv: "Medarbetarens roll", en: "Staff member's role"),
            Field(
                "by_unit", .string, fi: "Työntekijän yksikkö", sv: "Medarbetarens enhet", en: "Staff member's unit"),
            Field("system", .string, fi: "Järjestelmä", sv: "System", en: "Computer system"),
        ])
}
