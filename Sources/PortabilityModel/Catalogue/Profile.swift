extension Catalogue {
    static let profileAttribute = Entity(
        name: "profile_attribute", ordinal: 16,
        label: LocalizedText(fi: "Profiilitieto", sv: "Profiluppgift", en: "Profile attribute"),
        meaning: LocalizedText(
            fi: "Tieto, jonka organisaatio on laskenut tai päätellyt käyttäjästä, esimerkiksi asiakasryhmä.",
            sv: "En uppgift som organisationen har räknat ut eller dragit slutsats om, till exempel ett kundsegment.",
            en: "What the organisation has computed or inferred about the user, such as a customer segment."),
        iris: [IRI.pd("Profile")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "name", .string, fi: "Profiilitiedon nimi", sv: "Profiluppgiftens namn", en: "Name of the attribute",
                iris: [IRI.pd("Profile")]),
            Field(
                "value", .string, fi: "Arvo", sv: "Värde", en: "Value", iris: [IRI.pd("Profile")],
                sensitivity: .personal),
            Field(
                "score", .decimal, fi: "Pistemäärä", sv: "Poäng", en: "Score",
                meaning: LocalizedText(
                    fi: "Laskettu luku, esimerkiksi todennäköisyys.",
                    sv: "Ett uträknat tal, till exempel en sannolikhet.",
                    en: "A computed number, such as a probability."),
                iris: [IRI.pd("Profile")], sensitivity: .personal),
            Field(
                "model", .string, fi: "Laskentamalli", sv: "Beräkningsmodell", en: "Model",
                meaning: LocalizedText(
                    fi: "Malli tai sääntö, jolla tieto laskettiin.", sv: "Den modell eller regel som gav uppgiften.",
                    en: "The model or rule that gave the value.")),
            Field(
                "explanation", .string, fi: "Perustelu", sv: "Förklaring", en: "Explanation",
                meaning: LocalizedText(
                    fi: "Miten tulokseen päädyttiin.", sv: "Hur resultatet uppkom.", en: "How the value came about."),
                sensitivity: .free),
            Field("computed_at", .timestamp, fi: "Laskettu", sv: "Beräknad", en: "Computed at", sensitivity: .personal),
            Field("valid_until", .date, fi: "Voimassa asti", sv: "Gäller till", en: "Valid until"),
        ])

    static let correction = Entity(
        name: "correction", ordinal: 24,
        label: LocalizedText(fi: "Tietojen oikaisu", sv: "Rättelse", en: "Correction"),
        meaning: LocalizedText(
            fi: "Tieto, joka on oikaistu, täydennetty tai poistettu, ja milloin.",
            sv: "En uppgift som har rättats, kompletterats eller raderats, och när.",
            en: "What was corrected, completed or erased, and when."),
        iris: [IRI.pd("Historical")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field("corrected_at", .timestamp, fi: "Oikaistu", sv: "Rättad", en: "Corrected at", sensitivity: .personal),
            Field(
                "corrected_field", .string, fi: "Oikaistu tieto", sv: "Vad som rättades", en: "What was corrected"),
            Field(
                "old_value", .string, fi: "Aiempi arvo", sv: "Tidigare värde", en: "Earlier value",
                iris: [IRI.pd("Historical")], sensitivity: .free),
            Field(
                "new_value", .string, fi: "Uusi arvo", sv: "Nytt värde", en: "New value", sensitivity: .free),
            Field("reason", .string, fi: "Oikaisun syy", sv: "Skäl till rättelsen", en: "Reason", sensitivity: .free),
            Field(
                "requested_by", .string, fi: "Pyytäjä", sv: "På begäran av", en: "Requested by",
                sensitivity: .personal, thirdParty: true),
            Field(
                "corrected_by", .string, fi: "Oikaisija", sv: "Rättad av", en: "Corrected by",
                sensitivity: .personal, thirdParty: true),
        ])
}
