extension Catalogue {
    static let payment = Entity(
        name: "payment", ordinal: 14,
        label: LocalizedText(fi: "Maksu", sv: "Betalning", en: "Payment"),
        meaning: LocalizedText(
            fi: "Suoritettu tai vastaanotettu maksu.", sv: "En betalning som har gjorts eller mottagits.",
            en: "A payment made or received."),
        iris: [IRI.schema("PayAction"), IRI.pd("Transaction")],
        fields: [
            Shared.userID,
            Shared.customerNumber,
            Field(
                "direction", .string, fi: "Suunta", sv: "Riktning", en: "Direction",
                meaning: LocalizedText(
                    fi: "Maksoiko asiakas vai saiko hän maksun.", sv: "Om kunden betalade eller fick betalt.",
                    en: "Whether the customer paid or was paid."),
                codes: [
                    Field.Code("paid", fi: "maksettu", sv: "betald", en: "paid"),
                    Field.Code("received", fi: "saatu", sv: "mottagen", en: "received"),
                ]),
            Field(
                "paid_on", .date, fi: "Maksupäivä", sv: "Betalningsdag", en: "Date of payment",
                iris: [IRI.pd("Transaction")], sensitivity: .financial),
            Field(
                "paid_at", .timestamp, fi: "Maksuhetki", sv: "Betalningstid", en: "Time of payment",
                iris: [IRI.pd("Transaction")], sensitivity: .financial),
            Field("booked_on", .date, fi: "Kirjauspäivä", sv: "Bokföringsdag", en: "Booking date"),
            Field(
                "amount", .decimal, fi: "Summa", sv: "Belopp", en: "Amount", iris: [IRI.schema("amount")],
                sensitivity: .financial),
            Shared.currency,
            Field(
                "invoice_number", .string, fi: "Laskun numero", sv: "Fakturanummer", en: "Invoice number",
                iris: [IRI.schema("confirmationNumber")], sensitivity: .personal),
            Field(
                "reference", .string, fi: "Viitenumero", sv: "Referensnummer", en: "Payment reference",
                meaning: LocalizedText(
                    fi: "Suomalainen viitenumero tai RF-viite.", sv: "Inhemskt referensnummer eller RF-referens.",
                    en: "A Finnish reference number or an RF creditor reference."),
                iris: [IRI.schema("paymentMethodId")], sensitivity: .financial),
            Field(
                "message", .string, fi: "Viesti", sv: "Meddelande", en: "Message", sensitivity: .free,
                thirdParty: true),
            Field("method", .string, fi: "Maksutapa", sv: "Betalningssätt", en: "Method of payment"),
            Field(
                "payer_name", .string, fi: "Maksajan nimi", sv: "Betalarens namn", en: "Payer's name",
                iris: [IRI.pd("Name")], sensitivity: .personal, thirdParty: true),
            Field(
                "payer_iban", .string, fi: "Maksajan tilinumero (IBAN)", sv: "Betalarens kontonummer (IBAN)",
                en: "Payer's account number (IBAN)", iris: [IRI.pd("BankAccount")], sensitivity: .financial,
                thirdParty: true),
            Field(
                "payee_name", .string, fi: "Saajan nimi", sv: "Mottagarens namn", en: "Payee's name",
                iris: [IRI.pd("Name")], sensitivity: .personal, thirdParty: true),
            Field(
                "payee_iban", .string, fi: "Saajan tilinumero (IBAN)", sv: "Mottagarens kontonummer (IBAN)",
                en: "Payee's account number (IBAN)", iris: [IRI.pd("BankAccount")], sensitivity: .financial,
                thirdParty: true),
            Field(
                "payee_bic", .string, fi: "Saajan pankin BIC-koodi", sv: "BIC-kod för mottagarens bank",
                en: "BIC of the payee's bank"),
            Field(
                "card_last_digits", .string, fi: "Kortin viimeiset numerot", sv: "Kortets sista siffror",
                en: "Last digits of the card", iris: [IRI.pd("PaymentCard")], sensitivity: .financial),
            Field(
                "archive_id", .string, fi: "Arkistointitunnus", sv: "Arkiveringskod", en: "Bank archive ID",
                meaning: LocalizedText(
                    fi: "Pankin maksutapahtumalle antama tunnus.", sv: "Bankens kod för transaktionen.",
                    en: "The bank's key for the transaction."),
                sensitivity: .financial),
            Field("status", .string, fi: "Tila", sv: "Status", en: "State"),
        ])
}
