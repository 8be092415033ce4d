extension Catalogue {
    static let device = Entity(
        name: "device", ordinal: 8,
        label: LocalizedText(fi: "Laite", sv: "Enhet", en: "Device"),
        meaning: LocalizedText(
            fi: "Laite tai selain, jolla palvelua on käytetty, ja sen eväste.",
            sv: "En enhet eller webbläsare som tjänsten har använts med, och dess kaka.",
            en: "A device or browser that the service was used with, and its cookie."),
        iris: [IRI.pd("DeviceBased")],
        fields: [
            Shared.userID,
            Shared.deviceID,
            Shared.cookieID,
            Field(
                "description", .string, fi: "Laitteen kuvaus", sv: "Beskrivning av enheten", en: "Description",
                iris: [IRI.pd("DeviceBased")], sensitivity: .personal),
            Field(
                "operating_system", .string, fi: "Käyttöjärjestelmä", sv: "Operativsystem", en: "Operating system",
                iris: [IRI.pd("DeviceOperatingSystem")], sensitivity: .personal),
            Field(
                "browser", .string, fi: "Selain", sv: "Webbläsare", en: "Browser", iris: [IRI.pd("DeviceSoftware")],
                sensitivity: .personal),
            Shared.userAgent,
            Field(
                "consent", .string, fi: "Evästesuostumus", sv: "Samtycke till kakor", en: "Cookie consent",
                meaning: LocalizedText(
                    fi: "Miten evästeen käyttöön suostuttiin, lähdejärjestelmän omin sanoin.",
                    sv: "Hur samtycke till kakan gavs, med källsystemets egna ord.",
                    en: "How the cookie was consented to, in the source system's own words."),
                iris: [IRI.pd("PrivacyPreference")], sensitivity: .personal),
            Field(
                "consented_at", .timestamp, fi: "Suostumus annettu", sv: "Samtycket gavs", en: "Consented at",
                sensitivity: .personal),
            Field(
                "first_seen_at", .timestamp, fi: "Havaittu ensi kerran", sv: "Sågs första gången",
                en: "First seen at", sensitivity: .personal),
            Field(
                "last_seen_at", .timestamp, fi: "Havaittu viimeksi", sv: "Sågs senast", en: "Last seen at",
                sensitivity: .personal),
        ])

    static let session = Entity(
        name: "session", ordinal: 9,
        label: LocalizedText(fi: "Istunto", sv: "Session", en: "Visit"),
        meaning: LocalizedText(
            fi: "Käyntikerta palvelussa kirjautumisesta uloskirjautumiseen.",
            sv: "Ett besök i tjänsten, från inloggning till utloggning.",
            en: "One visit to the service, from logging in to logging out."),
        iris: [IRI.pd("AuthenticationHistory")],
        fields: [
            Shared.sessionID,
            Shared.userID,
            Shared.customerNumber,
            Shared.deviceID,
            Shared.cookieID,
            Field(
                "started_at", .timestamp, fi: "Alkoi", sv: "Började", en: "Started at",
                iris: [IRI.schema("startTime")], sensitivity: .personal),
            Field(
                "last_active_at", .timestamp, fi: "Viimeisin toiminta", sv: "Senaste aktivitet",
                en: "Last active at", sensitivity: .personal),
            Field(
                "ended_at", .timestamp, fi: "Päättyi", sv: "Slutade", en: "Ended at", iris: [IRI.schema("endTime")],
                sensitivity: .personal),
            Field("end_reason", .string, fi: "Päättymisen syy", sv: "Orsak till slutet", en: "Why it ended"),
            Field(
                "login_method", .string, fi: "Kirjautumistapa", sv: "Inloggningssätt", en: "Log-in method",
                iris: [IRI.pd("Authenticating")]),
            Shared.ipAddress,
            Field(
                "country", .string, fi: "Maa", sv: "Land", en: "Country",
                meaning: LocalizedText(
                    fi: "IP-osoitteesta päätelty maa (ISO 3166-1).", sv: "Land enligt IP-adressen (ISO 3166-1).",
                    en: "Country, as told from the IP address (ISO 3166-1)."),
                iris: [IRI.pd("Country")], sensitivity: .personal),
            Shared.userAgent,
        ])

    static let credential = Entity(
        name: "credential", ordinal: 18,
        label: LocalizedText(fi: "Tunnistautumisväline", sv: "Inloggningsuppgift", en: "Credential"),
        meaning: LocalizedText(
            fi: "Tieto siitä, että salasana, avain tai muu tunnistautumisväline on olemassa. Salaisuutta ei luovuteta.",
            sv: "Att ett lösenord, en nyckel eller en annan inloggningsuppgift finns. Hemligheten lämnas inte ut.",
            en: "That a password, key or other means of logging in exists. The secret itself is not given out."),
        iris: [IRI.pd("Authenticating")],
        fields: [
            Shared.userID,
            Field(
                "kind", .string, fi: "Tunnistautumisvälineen laji", sv: "Typ av inloggningsuppgift",
                en: "Kind of credential",
                meaning: LocalizedText(
                    fi: "Esimerkiksi salasana, kertakäyttökoodit tai rajapinta-avain.",
                    sv: "Till exempel lösenord, engångskoder eller API-nyckel.",
                    en: "For instance password, one-time codes or API key.")),
            Field(
                "name", .string, fi: "Annettu nimi", sv: "Eget namn", en: "Given name of the credential",
                meaning: LocalizedText(
                    fi: "Nimi, jonka käyttäjä on antanut avaimelle tai laitteelle.",
                    sv: "Det namn som användaren har gett nyckeln eller enheten.",
                    en: "What the user has called the key or device."),
                sensitivity: .personal),
            Field("created_at", .timestamp, fi: "Luotu", sv: "Skapad", en: "Created at", sensitivity: .personal),
            Field("changed_at", .timestamp, fi: "Vaihdettu", sv: "Ändrad", en: "Changed at", sensitivity: .personal),
            Field(
                "last_used_at", .timestamp, fi: "Viimeksi käytetty", sv: "Senast använd", en: "Last used at",
                iris: [IRI.pd("AuthenticationHistory")], sensitivity: .personal),
            Field("expires_at", .timestamp, fi: "Vanhenee", sv: "Upphör att gälla", en: "Expires at"),
            Field(
                "revoked_at", .timestamp, fi: "Mitätöity", sv: "Återkallad", en: "Revoked at", sensitivity: .personal),
        ])
}
