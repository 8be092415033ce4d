extension Catalogue {
    static let communication = Entity(
        name: "communication", ordinal: 7,
        label: LocalizedText(fi: "Yhteydenpito", sv: "Kommunikation", en: "Communication"),
        meaning: LocalizedText(
            fi: "Viesti tai puhelu käyttäjän ja palvelun välillä, kumpaankin suuntaan.",
            sv: "Ett meddelande eller samtal mellan användaren och tjänsten, åt båda hållen.",
            en: "A message or call between the user and the service, in either direction."),
        iris: [IRI.schema("Message"), IRI.pd("Communication")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "ticket", .string, fi: "Asian numero", sv: "Ärendenummer", en: "Ticket",
                meaning: LocalizedText(
                    fi: "Tunniste, joka yhdistää samaa asiaa koskevat viestit.",
                    sv: "Den kod som håller ihop meddelanden i samma ärende.",
                    en: "The key that ties together messages on one matter.")),
            Field(
                "channel", .string, fi: "Viestintäkanava", sv: "Kanal", en: "Channel",
                meaning: LocalizedText(
                    fi: "Esimerkiksi sähköposti, lomake, chat, puhelin tai kirje.",
                    sv: "Till exempel e-post, formulär, chatt, telefon eller brev.",
                    en: "For instance e-mail, form, chat, telephone or letter."),
                iris: [IRI.pd("CommunicationsMetadata")]),
            Field(
                "direction", .string, fi: "Suunta", sv: "Riktning", en: "Direction",
                codes: [
                    Field.Code("inbound", fi: "palvelulle", sv: "till tjänsten", en: "to the service"),
                    Field.Code("outbound", fi: "palvelulta", sv: "från tjänsten", en: "from the service"),
                ]),
            Field(
                "sent_at", .timestamp, fi: "Ajankohta", sv: "Tidpunkt", en: "Time",
                meaning: LocalizedText(
                    fi: "Milloin viesti lähetettiin tai puhelu alkoi.",
                    sv: "När meddelandet sändes eller samtalet började.",
                    en: "When the message was sent or the call began."),
                iris: [IRI.schema("dateSent"), IRI.pd("CommunicationsMetadata")], sensitivity: .personal),
            Field(
                "sent_at_local", .localTimestamp, fi: "Paikallinen aika", sv: "Lokal tid", en: "Local time",
                meaning: LocalizedText(
                    fi: "Ajankohta, kun lähde ei kerro aikavyöhykettä.",
                    sv: "Tidpunkten, när källan inte anger tidszon.",
                    en: "The time, where the source does not tell the time zone."),
                iris: [IRI.pd("CommunicationsMetadata")], sensitivity: .personal),
            Field(
                "duration_seconds", .integer, fi: "Kesto sekunteina", sv: "Längd i sekunder",
                en: "Length in seconds", iris: [IRI.pd("CallLog")], sensitivity: .personal),
            Field(
                "author_class", .string, fi: "Kirjoittaja", sv: "Skribent", en: "Written by",
                meaning: LocalizedText(
                    fi: "Kirjoittiko viestin käyttäjä, henkilökunta vai järjestelmä.",
                    sv: "Om meddelandet skrevs av användaren, personalen eller systemet.",
                    en: "Whether the user, the staff or the system wrote it."),
                codes: [
                    Field.Code("user", fi: "käyttäjä", sv: "användaren", en: "the user"),
                    Field.Code("staff", fi: "henkilökunta", sv: "personalen", en: "staff"),
                    Field.Code("system", fi: "järjestelmä", sv: "systemet", en: "the system"),
                ]),
            Field(
                "staff_name", .string, fi: "Työntekijän nimi", sv: "Medarbetarens namn", en: "Staff member's name",
                iris: [IRI.pd("Name")], sensitivity: .personal, thirdParty: true),
            Field(
                "sender", .string, fi: "Lähettäjä", sv: "Avsändare", en: "Sender",
                iris: [IRI.schema("sender"), IRI.pd("Contact")], sensitivity: .personal, thirdParty: true),
            Field(
                "recipients", .string, list: true, fi: "Vastaanottajat", sv: "Mottagare", en: "Recipients",
                iris: [IRI.schema("recipient"), IRI.pd("Contact")], sensitivity: .personal, thirdParty: true),
            Field(
                "telephone", .string, fi: "Puhelinnumero", sv: "Telefonnummer", en: "Telephone number",
                iris: [IRI.schema("telephone"), IRI.pd("TelephoneNumber")], sensitivity: .personal),
            Field(
                "subject_line", .string, fi: "Aihe", sv: "Ämne", en: "Subject line",
                iris: [IRI.schema("headline"), IRI.pd("CommunicationsMetadata")], sensitivity: .free),
            Field(
                "body", .string, fi: "Viestin sisältö", sv: "Meddelandets innehåll", en: "Message text",
                iris: [IRI.schema("text"), IRI.pd("Communication")], sensitivity: .free, thirdParty: true),
            Field(
                "summary", .string, fi: "Yhteenveto", sv: "Sammanfattning", en: "Summary",
                iris: [IRI.schema("abstract"), IRI.pd("Communication")], sensitivity: .free, thirdParty: true),
            Shared.language,
            Field(
                "attachments", .reference, list: true, fi: "Liitteet", sv: "Bilagor", en: "Attachments",
                meaning: LocalizedText(
                    fi: "Liitetiedostojen paikat tässä paketissa.", sv: "Var i det här paketet bilagorna finns.",
                    en: "Where in this archive the attachments are."),
                iris: [IRI.schema("messageAttachment")], sensitivity: .personal),
        ])

    static let note = Entity(
        name: "note", ordinal: 23,
        label: LocalizedText(fi: "Muistiinpano", sv: "Anteckning", en: "Note"),
        meaning: LocalizedText(
            fi: "Henkilökunnan sisäinen merkintä käyttäjästä tai asiakkuudesta.",
            sv: "Personalens interna anteckning om användaren eller kundförhållandet.",
            en: "What staff has noted down about the user or the customer relationship."),
        iris: [IRI.pd("Opinion")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field("kind", .string, fi: "Muistiinpanon laji", sv: "Typ av anteckning", en: "Kind of note"),
            Field("written_at", .timestamp, fi: "Kirjoitettu", sv: "Skriven", en: "Written at", sensitivity: .personal),
            Field(
                "staff_name", .string, fi: "Työntekijän nimi", sv: "Medarbetarens namn", en: "Staff member's name",
                iris: [IRI.schema("author"), IRI.pd("Name")], sensitivity: .personal, thirdParty: true),
            Field(
                "body", .string, fi: "Teksti", sv: "Innehåll", en: "Text",
                iris: [IRI.schema("text"), IRI.vcard("note"), IRI.pd("Opinion")], sensitivity: .free,
                thirdParty: true),
        ])
}
