extension Catalogue {
    /// An invoice, credit note or reminder: everything EN 16931 and Finvoice 3.0 carry about people and money.
    ///
    /// Business terms are those of EN 16931-1:2017.
    public static let invoice = Entity(
        name: "invoice", ordinal: 15,
        label: LocalizedText(fi: "Lasku", sv: "Faktura", en: "Invoice"),
        meaning: LocalizedText(
            fi: "Lähetetty tai vastaanotettu lasku, hyvityslasku tai maksumuistutus osapuolineen, riveineen, veroineen "
                + "ja maksutietoineen",
            sv:
                "En skickad eller mottagen faktura, kreditfaktura eller betalningspåminnelse med parter, rader, skatter "
                + "och betalningsuppgifter",
            en: "An invoice, credit note or reminder issued or received, with its parties, lines, taxes and payment "
                + "details"),
        iris: ["https://schema.org/Invoice"],
        fields: InvoiceFields.head + InvoiceFields.references + InvoiceFields.parties + InvoiceFields.delivery
            + InvoiceFields.payment + InvoiceFields.amounts + [InvoiceFields.lines] + InvoiceFields.rest)
}

/// The fields of the invoice in pieces that can be read.
private enum InvoiceFields {
    static func text(
        _ name: String, list: Bool = false, fi: String, sv: String, en: String, term: String? = nil,
        iri: String? = nil, _ sensitivity: Sensitivity = .ordinary, thirdParty: Bool = false,
        codes: [Field.Code] = [], meaning: LocalizedText? = nil
    ) -> Field {
        Field(
            name, .value(.string), list: list, fi: fi, sv: sv, en: en, meaning: meaning,
            iris: iri.map { ["https://schema.org/\($0)"] } ?? [], term: term, sensitivity: sensitivity,
            thirdParty: thirdParty, codes: codes)
    }

    static func amount(
        _ name: String, fi: String, sv: String, en: String, term: String? = nil, iri: String? = nil,
        meaning: LocalizedText? = nil
    ) -> Field {
        Field(
            name, .value(.decimal), fi: fi, sv: sv, en: en, meaning: meaning,
            iris: iri.map { ["https://schema.org/\($0)"] } ?? [], term: term)
    }

    static func date(
        _ name: String, fi: String, sv: String, en: String, term: String? = nil, iri: String? = nil
    ) -> Field {
        Field(
            name, .value(.date), fi: fi, sv: sv, en: en, iris: iri.map { ["https://schema.org/\($0)"] } ?? [],
            term: term)
    }

    static func group(
        _ name: String, list: Bool = false, fi: String, sv: String, en: String, term: String? = nil,
        iri: String? = nil, sensitivity: Sensitivity = .ordinary, thirdParty: Bool = false, _ fields: [Field]
    ) -> Field {
        Field(
            name, .group(fields), list: list, fi: fi, sv: sv, en: en,
            iris: iri.map { ["https://schema.org/\($0)"] } ?? [], term: term, sensitivity: sensitivity,
            thirdParty: thirdParty)
    }

    // MARK: Head

    static let head: [Field] = [
        text("number", fi: "Laskun numero", sv: "Fakturanummer", en: "Invoice number", term: "BT-1", iri: "identifier"),
        text(
            "document_type", fi: "Laskun laji", sv: "Fakturans art", en: "Kind of document",
            codes: [
                .init("invoice", fi: "Lasku", sv: "Faktura", en: "Invoice"),
                .init("credit-note", fi: "Hyvityslasku", sv: "Kreditfaktura", en: "Credit note"),
                .init("debit-note", fi: "Veloituslasku", sv: "Debetnota", en: "Debit note"),
                .init("corrected-invoice", fi: "Korjattu lasku", sv: "Korrigerad faktura", en: "Corrected invoice"),
                .init("partial-invoice", fi: "Osalasku", sv: "Delfaktura", en: "Partial invoice"),
                .init("prepayment-invoice", fi: "Ennakkolasku", sv: "Förskottsfaktura", en: "Prepayment invoice"),
                .init("self-billed-invoice", fi: "Itselaskutus", sv: "Självfakturering", en: "Self-billed invoice"),
                .init("proforma-invoice", fi: "Proformalasku", sv: "Proformafaktura", en: "Pro forma invoice"),
                .init("internal-invoice", fi: "Sisäinen lasku", sv: "Intern faktura", en: "Internal invoice"),
                .init("interest-invoice", fi: "Korkolasku", sv: "Räntefaktura", en: "Interest invoice"),
                .init("reminder", fi: "Maksumuistutus", sv: "Betalningspåminnelse", en: "Reminder"),
                .init("collection-notice", fi: "Perintälasku", sv: "Inkassofaktura", en: "Collection notice"),
                .init("other", fi: "Muu asiakirja", sv: "Annat dokument", en: "Other document"),
            ]),
        text(
            "type_code", fi: "Laskutyypin koodi", sv: "Fakturatypskod", en: "Invoice type code", term: "BT-3",
            meaning: LocalizedText(
                fi: "Koodi luettelosta UNTDID 1001", sv: "Kod ur UNTDID 1001", en: "Code from UNTDID 1001")),
        text(
            "national_type_code", fi: "Finvoice-laskutyyppi", sv: "Finvoice-fakturatyp", en: "Finvoice invoice type"),
        text("type_text", fi: "Laskutyypin nimi", sv: "Fakturatypens namn", en: "Name of the invoice type"),
        text(
            "direction", fi: "Suunta", sv: "Riktning", en: "Direction",
            codes: [
                .init("issued", fi: "Lähetetty", sv: "Skickad", en: "Issued"),
                .init("received", fi: "Vastaanotettu", sv: "Mottagen", en: "Received"),
            ]),
        text(
            "origin_code", fi: "Alkuperäisyys", sv: "Ursprunglighet", en: "Original or copy",
            meaning: LocalizedText(
                fi: "Alkuperäinen, kopio vai peruutus (Finvoice OriginCode)",
                sv: "Original, kopia eller annullering (Finvoice OriginCode)",
                en: "Original, copy or cancellation (Finvoice OriginCode)")),
        text(
            "origin_text", fi: "Alkuperäisyyden selite", sv: "Förklaring till ursprunglighet", en: "Note on originality"
        ),
        text("classification_code", fi: "Luokittelukoodi", sv: "Klassificeringskod", en: "Classification code"),
        text("classification_text", fi: "Luokittelun selite", sv: "Klassificering", en: "Classification"),
        text(
            "syntax", fi: "Tiedostomuoto", sv: "Filformat", en: "Syntax",
            codes: [
                .init("finvoice", fi: "Finvoice", sv: "Finvoice", en: "Finvoice"),
                .init("ubl", fi: "UBL 2.1", sv: "UBL 2.1", en: "UBL 2.1"),
                .init("cii", fi: "UN/CEFACT CII D16B", sv: "UN/CEFACT CII D16B", en: "UN/CEFACT CII D16B"),
            ]),
        text("syntax_version", fi: "Tiedostomuodon versio", sv: "Filformatets version", en: "Version of the syntax"),
        text("specification", fi: "Määrittely", sv: "Specifikation", en: "Specification identifier", term: "BT-24"),
        text(
            "business_process", fi: "Liiketoimintaprosessi", sv: "Affärsprocess", en: "Business process", term: "BT-23"),
        date("issue_date", fi: "Laskun päiväys", sv: "Fakturadatum", en: "Issue date", term: "BT-2"),
        date("due_date", fi: "Eräpäivä", sv: "Förfallodag", en: "Due date", term: "BT-9", iri: "paymentDueDate"),
        date("tax_point_date", fi: "Arvonlisäveron tilityspäivä", sv: "Momsdatum", en: "Tax point date", term: "BT-7"),
        text(
            "tax_point_code", fi: "Arvonlisäveron tilitysperuste", sv: "Kod för momsdatum", en: "Tax point date code",
            term: "BT-8",
            meaning: LocalizedText(
                fi: "Koodi luettelosta UNTDID 2005: 3 laskun päiväys, 35 toimituspäivä, 432 maksupäivä",
                sv: "Kod ur UNTDID 2005: 3 fakturadatum, 35 leveransdatum, 432 betalningsdatum",
                en: "Code from UNTDID 2005: 3 issue date, 35 delivery date, 432 date of payment")),
        group(
            "period", fi: "Laskutuskausi", sv: "Faktureringsperiod", en: "Invoicing period", term: "BG-14",
            iri: "billingPeriod",
            [
                date("start_date", fi: "Alkaa", sv: "Börjar", en: "Start date", term: "BT-73", iri: "startDate"),
                date("end_date", fi: "Päättyy", sv: "Slutar", en: "End date", term: "BT-74", iri: "endDate"),
            ]),
        text("currency", fi: "Valuutta", sv: "Valuta", en: "Currency", term: "BT-5", iri: "currency"),
        text(
            "tax_currency", fi: "Arvonlisäveron kirjanpitovaluutta", sv: "Momsens redovisningsvaluta",
            en: "VAT accounting currency", term: "BT-6"),
        group(
            "notes", list: true, fi: "Huomautukset", sv: "Noteringar", en: "Notes", term: "BG-1", sensitivity: .free,
            thirdParty: true,
            [
                text(
                    "subject_code", fi: "Aihekoodi", sv: "Ämneskod", en: "Subject code", term: "BT-21",
                    meaning: LocalizedText(
                        fi: "Koodi luettelosta UNTDID 4451", sv: "Kod ur UNTDID 4451", en: "Code from UNTDID 4451")),
                text(
                    "text", fi: "Teksti", sv: "Text", en: "Text", term: "BT-22", iri: "description", .free,
                    thirdParty: true),
            ]),
    ]

    // MARK: References

    static let references: [Field] = [
        text(
            "buyer_reference", fi: "Ostajan viite", sv: "Köparens referens", en: "Buyer reference", term: "BT-10",
            .personal, thirdParty: true),
        text(
            "buyer_accounting_reference", fi: "Ostajan tiliöintiviite", sv: "Köparens konteringsreferens",
            en: "Buyer accounting reference", term: "BT-19"),
        text(
            "seller_reference", fi: "Myyjän viite", sv: "Säljarens referens", en: "Seller reference", .personal,
            thirdParty: true),
        text(
            "order_reference", fi: "Tilausnumero", sv: "Beställningsnummer", en: "Purchase order reference",
            term: "BT-13", iri: "referencesOrder"),
        date("order_date", fi: "Tilauspäivä", sv: "Beställningsdatum", en: "Order date"),
        text(
            "sales_order_reference", fi: "Myyntitilauksen numero", sv: "Försäljningsordernummer",
            en: "Sales order reference", term: "BT-14"),
        text(
            "order_confirmation_reference", fi: "Tilausvahvistuksen numero", sv: "Orderbekräftelsens nummer",
            en: "Order confirmation reference"),
        date(
            "order_confirmation_date", fi: "Tilausvahvistuksen päiväys", sv: "Orderbekräftelsens datum",
            en: "Order confirmation date"),
        text("orderer_name", fi: "Tilaaja", sv: "Beställare", en: "Orderer", .personal, thirdParty: true),
        text(
            "sales_person_name", fi: "Myyjän edustaja", sv: "Försäljare", en: "Salesperson", .personal,
            thirdParty: true),
        text("contract_reference", fi: "Sopimusnumero", sv: "Avtalsnummer", en: "Contract reference", term: "BT-12"),
        text("contract_type", fi: "Sopimuksen laji", sv: "Avtalstyp", en: "Kind of contract"),
        text("contract_type_code", fi: "Sopimuksen lajikoodi", sv: "Avtalstypskod", en: "Contract type code"),
        date("contract_date", fi: "Sopimuksen päiväys", sv: "Avtalsdatum", en: "Contract date"),
        text("project_reference", fi: "Projektinumero", sv: "Projektnummer", en: "Project reference", term: "BT-11"),
        text("project_name", fi: "Projektin nimi", sv: "Projektnamn", en: "Project name"),
        text(
            "receiving_advice_reference", fi: "Vastaanottoilmoituksen numero", sv: "Mottagningskvittots nummer",
            en: "Receiving advice reference", term: "BT-15"),
        text(
            "despatch_advice_reference", fi: "Lähetysluettelon numero", sv: "Följesedelns nummer",
            en: "Despatch advice reference", term: "BT-16"),
        text(
            "tender_reference", fi: "Tarjouspyynnön tai erän viite", sv: "Upphandlings- eller delreferens",
            en: "Tender or lot reference", term: "BT-17"),
        text(
            "invoiced_object", fi: "Laskutuskohde", sv: "Fakturerat objekt", en: "Invoiced object", term: "BT-18",
            .personal, thirdParty: true),
        text(
            "invoiced_object_scheme", fi: "Laskutuskohteen tunnistejärjestelmä",
            sv: "Det fakturerade objektets identifieringssystem", en: "Scheme of the invoiced object",
            term: "BT-18-1"),
        text(
            "notification_reference", fi: "Ilmoituksen numero", sv: "Meddelandets nummer", en: "Notification reference"),
        date("notification_date", fi: "Ilmoituksen päiväys", sv: "Meddelandets datum", en: "Notification date"),
        text(
            "registration_number", fi: "Rekisterinumero", sv: "Registernummer", en: "Registration number", .personal,
            thirdParty: true),
        text(
            "controller_id", fi: "Tarkastajan tunniste", sv: "Granskarens identifierare",
            en: "Identifier of the checker",
            .personal, thirdParty: true),
        text("controller_name", fi: "Tarkastaja", sv: "Granskare", en: "Checked by", .personal, thirdParty: true),
        date("control_date", fi: "Tarkastettu", sv: "Granskad", en: "Date of the check"),
        group(
            "preceding_invoices", list: true, fi: "Aiemmat laskut", sv: "Tidigare fakturor", en: "Preceding invoices",
            term: "BG-3",
            [
                text("number", fi: "Laskun numero", sv: "Fakturanummer", en: "Invoice number", term: "BT-25"),
                date("issue_date", fi: "Laskun päiväys", sv: "Fakturadatum", en: "Issue date", term: "BT-26"),
            ]),
        links("reference_links", fi: "Viitteiden linkit", sv: "Referensernas länkar", en: "Links of references"),
    ]

    /// Web addresses that belong to references, named by the reference.
    static func links(_ name: String, fi: String, sv: String, en: String) -> Field {
        group(
            name, list: true, fi: fi, sv: sv, en: en,
            [
                text("reference", fi: "Viite", sv: "Referens", en: "Reference"),
                text("url", fi: "Osoite", sv: "Adress", en: "Address", iri: "url"),
            ])
    }

    // MARK: Parties

    static let parties: [Field] = [
        InvoiceParty.field(
            "seller", fi: "Myyjä", sv: "Säljare", en: "Seller", iris: ["https://schema.org/provider"], term: "BG-4",
            terms: InvoicePartyTerms(
                name: "BT-27", tradingName: "BT-28", identifier: "BT-29", legalID: "BT-30", vatID: "BT-31",
                taxID: "BT-32", legalInformation: "BT-33", electronicAddress: "BT-34", address: "BG-5",
                addressLines: ["BT-35", "BT-36", "BT-162", "BT-37", "BT-38", "BT-39", "BT-40"], contact: "BG-6",
                contactLines: ["BT-41", "BT-42", "BT-43"])),
        InvoiceParty.field(
            "buyer", fi: "Ostaja", sv: "Köpare", en: "Buyer", iris: ["https://schema.org/customer"], term: "BG-7",
            terms: InvoicePartyTerms(
                name: "BT-44", tradingName: "BT-45", identifier: "BT-46", legalID: "BT-47", vatID: "BT-48",
                electronicAddress: "BT-49", address: "BG-8",
                addressLines: ["BT-50", "BT-51", "BT-163", "BT-52", "BT-53", "BT-54", "BT-55"], contact: "BG-9",
                contactLines: ["BT-56", "BT-57", "BT-58"])),
        InvoiceParty.field(
            "payee", fi: "Maksun saaja", sv: "Betalningsmottagare", en: "Payee", term: "BG-10",
            terms: InvoicePartyTerms(name: "BT-59", identifier: "BT-60", legalID: "BT-61")),
        InvoiceParty.field(
            "tax_representative", fi: "Myyjän veroedustaja", sv: "Säljarens skatteombud",
            en: "Seller's tax representative", term: "BG-11",
            terms: InvoicePartyTerms(
                name: "BT-62", vatID: "BT-63", address: "BG-12",
                addressLines: ["BT-64", "BT-65", "BT-164", "BT-66", "BT-67", "BT-68", "BT-69"])),
        InvoiceParty.field(
            "deliver_to", fi: "Toimitusosoite ja vastaanottaja", sv: "Leveransmottagare", en: "Deliver to",
            term: "BG-13",
            terms: InvoicePartyTerms(
                name: "BT-70", identifier: "BT-71", address: "BG-15",
                addressLines: ["BT-75", "BT-76", "BT-165", "BT-77", "BT-78", "BT-79", "BT-80"])),
        InvoiceParty.field("ship_from", fi: "Lähettävä varasto", sv: "Avsändare av leverans", en: "Shipped from"),
        InvoiceParty.field(
            "invoice_sender", fi: "Laskun lähettäjä", sv: "Fakturans avsändare", en: "Invoice sender",
            meaning: LocalizedText(
                fi: "Se, joka lähettää laskun myyjän puolesta, esimerkiksi tilitoimisto",
                sv: "Den som skickar fakturan för säljarens räkning, till exempel en bokföringsbyrå",
                en: "Who sends the invoice on the seller's behalf, an accountant for example")),
        InvoiceParty.field(
            "invoice_recipient", fi: "Laskun vastaanottaja", sv: "Fakturans mottagare", en: "Invoice recipient",
            meaning: LocalizedText(
                fi: "Se, joka ottaa laskun vastaan ostajan puolesta",
                sv: "Den som tar emot fakturan för köparens räkning",
                en: "Who receives the invoice on the buyer's behalf")),
        InvoiceParty.field(
            "factoring_party", fi: "Rahoitusyhtiö", sv: "Factoringbolag", en: "Factoring company",
            meaning: LocalizedText(
                fi: "Se, jolle laskusaatava on siirretty", sv: "Den som fordran har överlåtits till",
                en: "To whom the claim has been assigned")),
        InvoiceParty.field(
            "other_parties", list: true, fi: "Muut osapuolet", sv: "Övriga parter", en: "Other parties"),
    ]

    // MARK: Delivery

    static let deliveryFields: [Field] = [
        date("date", fi: "Toimituspäivä", sv: "Leveransdatum", en: "Delivery date", term: "BT-72"),
        date("start_date", fi: "Toimitus alkaa", sv: "Leveransen börjar", en: "Delivery begins"),
        date("end_date", fi: "Toimitus päättyy", sv: "Leveransen slutar", en: "Delivery ends"),
        text("reference", fi: "Toimituksen tunniste", sv: "Leveransens identifierare", en: "Delivery reference"),
        text("method", fi: "Toimitustapa", sv: "Leveranssätt", en: "Delivery method"),
        text("terms", fi: "Toimitusehto", sv: "Leveransvillkor", en: "Delivery terms"),
        text("terms_code", fi: "Toimitusehdon koodi", sv: "Leveransvillkorets kod", en: "Delivery terms code"),
        text("terminal_address", fi: "Terminaalin osoite", sv: "Terminalens adress", en: "Terminal address"),
        text("waybill", fi: "Rahtikirjan numero", sv: "Fraktsedelns nummer", en: "Waybill number"),
        text("waybill_type", fi: "Rahtikirjan tyyppi", sv: "Fraktsedelns typ", en: "Waybill type"),
        text("clearance", fi: "Tullausnumero", sv: "Förtullningsnummer", en: "Customs clearance number"),
        text("delivery_note", fi: "Lähetteen numero", sv: "Följesedelsnummer", en: "Delivery note number"),
        text("transport_mode", fi: "Kuljetusmuoto", sv: "Transportsätt", en: "Mode of transport"),
        text("carrier", fi: "Rahdinkuljettaja", sv: "Fraktförare", en: "Carrier", .personal, thirdParty: true),
        text("vessel", fi: "Alus", sv: "Fartyg", en: "Vessel"),
        text("location", fi: "Paikan tunniste", sv: "Platsens identifierare", en: "Location identifier"),
        date("transport_date", fi: "Kuljetuspäivä", sv: "Transportdatum", en: "Date of transport"),
        text("origin_country", fi: "Alkuperämaa", sv: "Ursprungsland", en: "Country of origin"),
        text(
            "destination_country", fi: "Määrämaan koodi", sv: "Destinationslandets kod", en: "Destination country code"),
        text("destination_country_name", fi: "Määrämaa", sv: "Destinationsland", en: "Destination country"),
        text("places_of_discharge", list: true, fi: "Purkupaikat", sv: "Lossningsplatser", en: "Places of discharge"),
        text(
            "final_destinations", list: true, fi: "Lopulliset määräpaikat", sv: "Slutdestinationer",
            en: "Final destinations"),
        text(
            "manufacturer_order", fi: "Valmistajan tilausnumero", sv: "Tillverkarens ordernummer",
            en: "Manufacturer's order number"),
        group(
            "package", fi: "Pakkaus", sv: "Förpackning", en: "Package",
            [
                measure("length", fi: "Pituus", sv: "Längd", en: "Length"),
                measure("width", fi: "Leveys", sv: "Bredd", en: "Width"),
                measure("height", fi: "Korkeus", sv: "Höjd", en: "Height"),
                measure("weight", fi: "Bruttopaino", sv: "Bruttovikt", en: "Gross weight"),
                measure("net_weight", fi: "Nettopaino", sv: "Nettovikt", en: "Net weight"),
                measure("volume", fi: "Tilavuus", sv: "Volym", en: "Volume"),
                measure("carriage", fi: "Kuljetusmäärä", sv: "Transportmängd", en: "Transport quantity"),
            ]),
        group(
            "customs", fi: "Tullinimike", sv: "Tulltaxenummer", en: "Customs classification",
            [
                text("code", fi: "CN-koodi", sv: "KN-nummer", en: "CN code"),
                text("name", fi: "Nimike", sv: "Benämning", en: "Name"),
                text(
                    "origin_country", fi: "Alkuperämaan koodi", sv: "Ursprungslandets kod",
                    en: "Code of the country of origin"),
                text("origin_country_name", fi: "Alkuperämaa", sv: "Ursprungsland", en: "Country of origin"),
                text("origin_subdivision", fi: "Alkuperäalue", sv: "Ursprungsregion", en: "Region of origin"),
            ]),
    ]

    static func measure(_ name: String, fi: String, sv: String, en: String) -> Field {
        group(
            name, fi: fi, sv: sv, en: en,
            [
                amount("value", fi: "Arvo", sv: "Värde", en: "Value"),
                text("unit", fi: "Yksikkö", sv: "Enhet", en: "Unit"),
                text("unit_code", fi: "Yksikkökoodi", sv: "Enhetskod", en: "Unit code"),
            ])
    }

    static let delivery: [Field] = [
        group("delivery", fi: "Toimitus", sv: "Leverans", en: "Delivery", term: "BG-13", deliveryFields)
    ]

    // MARK: Payment

    static let payment: [Field] = [
        group(
            "payment_terms", list: true, fi: "Maksuehdot", sv: "Betalningsvillkor", en: "Payment terms", term: "BT-20",
            [
                text(
                    "text", fi: "Maksuehto", sv: "Betalningsvillkor", en: "Payment terms", term: "BT-20", .free,
                    thirdParty: true),
                date("due_date", fi: "Eräpäivä", sv: "Förfallodag", en: "Due date"),
                date(
                    "discount_date", fi: "Käteisalennuksen eräpäivä", sv: "Kassarabattens sista dag",
                    en: "Cash discount date"),
                amount(
                    "discount_base", fi: "Käteisalennuksen peruste", sv: "Kassarabattens grund",
                    en: "Cash discount base"),
                amount(
                    "discount_percent", fi: "Käteisalennusprosentti", sv: "Kassarabatt i procent",
                    en: "Cash discount percentage"),
                amount("discount_amount", fi: "Käteisalennus", sv: "Kassarabatt", en: "Cash discount"),
                amount(
                    "discount_net", fi: "Käteisalennus ilman arvonlisäveroa", sv: "Kassarabatt utan moms",
                    en: "Cash discount without VAT"),
                group(
                    "discount_taxes", list: true, fi: "Käteisalennuksen arvonlisäverot", sv: "Kassarabattens moms",
                    en: "VAT of the cash discount",
                    [
                        amount("rate", fi: "ALV-prosentti", sv: "Momsprocent", en: "VAT rate"),
                        amount("amount", fi: "ALV-määrä", sv: "Momsbelopp", en: "VAT amount"),
                    ]),
                amount("reduced_total", fi: "Alennettu loppusumma", sv: "Nedsatt slutsumma", en: "Reduced total"),
                amount("amount", fi: "Erän määrä", sv: "Postens belopp", en: "Amount of the instalment"),
                text("overdue_text", fi: "Viivästysseuraamus", sv: "Dröjsmålspåföljd", en: "Overdue terms", .free),
                amount(
                    "overdue_percent", fi: "Viivästyskorkoprosentti", sv: "Dröjsmålsränta i procent",
                    en: "Overdue interest rate"),
                amount("overdue_amount", fi: "Viivästysmaksu", sv: "Förseningsavgift", en: "Overdue charge"),
                group(
                    "texts", list: true, fi: "Vapaat tekstit", sv: "Fria texter", en: "Free texts",
                    [
                        text("header", fi: "Otsikko", sv: "Rubrik", en: "Header"),
                        text("values", list: true, fi: "Tekstit", sv: "Texter", en: "Texts", .free),
                    ]),
            ]),
        group(
            "payment_means", list: true, fi: "Maksutavat", sv: "Uppgifter om betalningssätt", en: "Payment means",
            term: "BG-16",
            iri: "paymentMethod", sensitivity: .financial, thirdParty: true,
            [
                text(
                    "code", fi: "Maksutavan koodi", sv: "Betalningssättets kod", en: "Payment means code",
                    term: "BT-81",
                    meaning: LocalizedText(
                        fi: "Koodi luettelosta UNTDID 4461", sv: "Kod ur UNTDID 4461", en: "Code from UNTDID 4461")),
                text("text", fi: "Maksutapa", sv: "Betalningssätt", en: "Payment means", term: "BT-82", .free),
                text(
                    "account", fi: "Saajan tilinumero (IBAN)", sv: "Mottagarens kontonummer (IBAN)",
                    en: "Payee's account (IBAN)", term: "BT-84", .financial, thirdParty: true),
                text("account_scheme", fi: "Tilinumeron muoto", sv: "Kontonumrets form", en: "Scheme of the account"),
                text(
                    "account_name", fi: "Tilin nimi", sv: "Kontots namn", en: "Account name", term: "BT-85", .financial,
                    thirdParty: true),
                text("bic", fi: "BIC", sv: "BIC", en: "BIC", term: "BT-86"),
                text("bank_name", fi: "Pankki", sv: "Bank", en: "Bank"),
                text(
                    "payee_name", fi: "Saajan nimi", sv: "Mottagarens namn", en: "Payee's name", .personal,
                    thirdParty: true),
                text(
                    "payee_identifier", fi: "Saajan tunniste", sv: "Mottagarens identifierare",
                    en: "Payee's identifier",
                    .personal, thirdParty: true),
                text(
                    "remittance_reference", fi: "Maksun viite", sv: "Betalningsreferens", en: "Remittance reference",
                    term: "BT-83", iri: "paymentMethodId", .financial),
                text(
                    "finnish_reference", fi: "Viitenumero", sv: "Referensnummer", en: "Finnish reference number",
                    .financial,
                    meaning: LocalizedText(
                        fi: "Kotimainen viitenumero (SPY)", sv: "Inhemskt referensnummer (SPY)",
                        en: "National reference number (SPY)")),
                text(
                    "rf_reference", fi: "RF-viite", sv: "RF-referens", en: "RF reference", .financial,
                    meaning: LocalizedText(
                        fi: "Kansainvälinen viite (ISO 11649)", sv: "Internationell referens (ISO 11649)",
                        en: "Creditor reference (ISO 11649)")),
                amount("amount", fi: "Maksettava määrä", sv: "Belopp att betala", en: "Amount to be paid"),
                text("currency", fi: "Valuutta", sv: "Valuta", en: "Currency"),
                date("due_date", fi: "Eräpäivä", sv: "Förfallodag", en: "Due date"),
                text(
                    "card_number", fi: "Maksukortin numero", sv: "Betalkortets nummer", en: "Payment card number",
                    term: "BT-87", .financial, thirdParty: true,
                    meaning: LocalizedText(
                        fi: "Standardin mukaan peitettynä", sv: "Maskerat enligt standarden",
                        en: "Masked, as the standard asks")),
                text("card_network", fi: "Korttiyhtiö", sv: "Kortnätverk", en: "Card network"),
                text(
                    "card_holder", fi: "Kortinhaltija", sv: "Kortinnehavare", en: "Card holder", term: "BT-88",
                    .personal,
                    thirdParty: true),
                text(
                    "mandate_reference", fi: "Suoraveloitusvaltuutus", sv: "Autogiromedgivande",
                    en: "Direct debit mandate", term: "BT-89", .financial, thirdParty: true),
                text(
                    "creditor_identifier", fi: "Velkojan tunniste", sv: "Borgenärens identifierare",
                    en: "Creditor identifier", term: "BT-90", .financial, thirdParty: true),
                text(
                    "debited_account", fi: "Veloitettava tili", sv: "Konto som debiteras", en: "Debited account",
                    term: "BT-91", .financial, thirdParty: true),
                text(
                    "debited_account_scheme", fi: "Veloitettavan tilin muoto", sv: "Det debiterade kontots form",
                    en: "Scheme of the debited account"),
                date(
                    "date", fi: "Maksuohjeen päiväys", sv: "Betalningsinstruktionens datum",
                    en: "Date of the payment instruction"),
                text(
                    "instruction_reference", fi: "Maksuohjeen viite", sv: "Betalningsinstruktionens referens",
                    en: "Reference of the payment instruction"),
                text(
                    "instruction_id", fi: "Maksuohjeen tunniste", sv: "Betalningsinstruktionens identifierare",
                    en: "Identifier of the payment instruction"),
                text(
                    "instruction_code", fi: "Maksuohjeen koodi", sv: "Betalningsinstruktionens kod",
                    en: "Payment instruction code"),
                text("transaction_type", fi: "Tapahtumalaji", sv: "Transaktionstyp", en: "Transaction type"),
                text("charge_option", fi: "Kulujen jako", sv: "Kostnadsfördelning", en: "Charge option"),
                text(
                    "url", fi: "Maksupalvelun osoite", sv: "Betaltjänstens adress", en: "Address of the payment service"
                ),
                text("email", fi: "Sähköposti", sv: "E-post", en: "E-mail", .personal, thirdParty: true),
                text(
                    "order_information", list: true, fi: "Tilaustiedot", sv: "Beställningsuppgifter",
                    en: "Order information", .free, thirdParty: true),
            ]),
        text(
            "virtual_barcode", fi: "Virtuaaliviivakoodi", sv: "Virtuell streckkod", en: "Virtual bank barcode",
            .financial, thirdParty: true),
        text("payment_status", fi: "Maksun tila", sv: "Betalningsstatus", en: "Payment status"),
        text("payment_method", fi: "Maksutapa", sv: "Betalningssätt", en: "Payment method"),
        group(
            "partial_payments", list: true, fi: "Osamaksut", sv: "Delbetalningar", en: "Partial payments",
            [
                amount("paid", fi: "Maksettu", sv: "Betalt", en: "Paid"),
                amount(
                    "paid_net", fi: "Maksettu ilman arvonlisäveroa", sv: "Betalt utan moms", en: "Paid, without VAT"),
                amount("unpaid", fi: "Maksamatta", sv: "Obetalt", en: "Unpaid"),
                amount(
                    "unpaid_net", fi: "Maksamatta ilman arvonlisäveroa", sv: "Obetalt utan moms",
                    en: "Unpaid, without VAT"),
                amount("interest_percent", fi: "Korkoprosentti", sv: "Ränta i procent", en: "Interest rate"),
                amount("processing_costs", fi: "Käsittelykulut", sv: "Expeditionsavgifter", en: "Processing costs"),
                group(
                    "instalments", list: true, fi: "Maksuerät", sv: "Avbetalningar", en: "Instalments",
                    [
                        amount("amount", fi: "Määrä", sv: "Belopp", en: "Amount"),
                        amount(
                            "net_amount", fi: "Määrä ilman arvonlisäveroa", sv: "Belopp utan moms",
                            en: "Amount without VAT"),
                        date("due_date", fi: "Eräpäivä", sv: "Förfallodag", en: "Due date"),
                        text("reference", fi: "Viitenumero", sv: "Referensnummer", en: "Reference number", .financial),
                    ]),
            ]),
        group(
            "factoring", fi: "Rahoitussopimus", sv: "Factoringavtal", en: "Factoring",
            [
                text("agreement", fi: "Sopimusnumero", sv: "Avtalsnummer", en: "Agreement number"),
                text("transmission_list", fi: "Siirtoluettelo", sv: "Överföringslista", en: "Transmission list"),
                text("endorsement_clause", fi: "Siirtolauseke", sv: "Överlåtelseklausul", en: "Endorsement clause"),
                text("type_code", fi: "Rahoituksen laji", sv: "Factoringtyp", en: "Factoring type"),
                text("texts", list: true, fi: "Lisätiedot", sv: "Tilläggsuppgifter", en: "Notes", .free),
            ]),
    ]

    // MARK: Amounts

    static func allowances(_ document: Bool) -> Field {
        func term(_ allowance: Int, _ charge: Int) -> String { "BT-\(allowance), BT-\(charge)" }
        return group(
            "allowances_charges", list: true, fi: "Alennukset ja lisät", sv: "Avdrag och tillägg",
            en: "Allowances and charges", term: document ? "BG-20, BG-21" : "BG-27, BG-28",
            [
                Field(
                    "is_charge", .value(.boolean), fi: "Lisä (muuten alennus)", sv: "Tillägg (annars avdrag)",
                    en: "Charge (else allowance)"),
                amount(
                    "amount", fi: "Määrä", sv: "Belopp", en: "Amount", term: document ? term(92, 99) : term(136, 141)),
                amount(
                    "base_amount", fi: "Peruste", sv: "Grundbelopp", en: "Base amount",
                    term: document ? term(93, 100) : term(137, 142)),
                amount(
                    "percent", fi: "Prosentti", sv: "Procent", en: "Percentage",
                    term: document ? term(94, 101) : term(138, 143)),
                text(
                    "tax_category", fi: "ALV-luokka", sv: "Momskategori", en: "VAT category",
                    term: document ? term(95, 102) : nil),
                amount(
                    "tax_rate", fi: "ALV-prosentti", sv: "Momsprocent", en: "VAT rate",
                    term: document ? term(96, 103) : nil),
                text(
                    "reason", fi: "Syy", sv: "Orsak", en: "Reason", term: document ? term(97, 104) : term(139, 144),
                    .free),
                text(
                    "reason_code", fi: "Syykoodi", sv: "Orsakskod", en: "Reason code",
                    term: document ? term(98, 105) : term(140, 145)),
            ])
    }

    static let amounts: [Field] = [
        group(
            "totals", fi: "Loppusummat", sv: "Slutsummor", en: "Totals", term: "BG-22",
            [
                amount("lines", fi: "Rivien summa", sv: "Radernas summa", en: "Sum of lines", term: "BT-106"),
                amount(
                    "allowances", fi: "Alennukset yhteensä", sv: "Avdrag totalt", en: "Sum of allowances",
                    term: "BT-107"),
                amount("charges", fi: "Lisät yhteensä", sv: "Tillägg totalt", en: "Sum of charges", term: "BT-108"),
                amount(
                    "net", fi: "Summa ilman arvonlisäveroa", sv: "Summa utan moms", en: "Total without VAT",
                    term: "BT-109"),
                amount("tax", fi: "Arvonlisävero yhteensä", sv: "Moms totalt", en: "Total VAT", term: "BT-110"),
                amount(
                    "tax_in_tax_currency", fi: "Arvonlisävero kirjanpitovaluutassa", sv: "Moms i redovisningsvaluta",
                    en: "Total VAT in accounting currency", term: "BT-111"),
                amount(
                    "gross", fi: "Summa arvonlisäveroineen", sv: "Summa inklusive moms", en: "Total with VAT",
                    term: "BT-112"),
                amount("paid", fi: "Maksettu", sv: "Betalt", en: "Paid", term: "BT-113"),
                amount("rounding", fi: "Pyöristys", sv: "Avrundning", en: "Rounding", term: "BT-114"),
                amount(
                    "payable", fi: "Maksettava", sv: "Att betala", en: "Payable", term: "BT-115",
                    iri: "totalPaymentDue"),
                amount("exchange_rate", fi: "Vaihtokurssi", sv: "Växelkurs", en: "Exchange rate"),
                text("other_currency", fi: "Toinen valuutta", sv: "Annan valuta", en: "Other currency"),
                amount(
                    "net_in_other_currency", fi: "Veroton summa toisessa valuutassa",
                    sv: "Summa utan moms i annan valuta", en: "Total without VAT in the other currency"),
                amount(
                    "gross_in_other_currency", fi: "Verollinen summa toisessa valuutassa",
                    sv: "Summa inklusive moms i annan valuta", en: "Total with VAT in the other currency"),
                amount("credit_limit", fi: "Luottoraja", sv: "Kreditgräns", en: "Credit limit"),
                amount("credit_interest_percent", fi: "Luottokorko", sv: "Kreditränta", en: "Credit interest rate"),
                amount("operation_limit", fi: "Käyttövara", sv: "Disponibelt belopp", en: "Available credit"),
                amount("monthly", fi: "Kuukausierä", sv: "Månadsrat", en: "Monthly amount"),
            ]),
        allowances(true),
        group(
            "tax_breakdown", list: true, fi: "ALV-erittely", sv: "Momsspecifikation", en: "VAT breakdown",
            term: "BG-23",
            [
                amount(
                    "taxable_amount", fi: "Veron peruste", sv: "Beskattningsunderlag", en: "Taxable amount",
                    term: "BT-116"),
                amount("tax_amount", fi: "Veron määrä", sv: "Momsbelopp", en: "Tax amount", term: "BT-117"),
                text("category", fi: "ALV-luokka", sv: "Momskategori", en: "VAT category", term: "BT-118"),
                amount("rate", fi: "ALV-prosentti", sv: "Momsprocent", en: "VAT rate", term: "BT-119"),
                text(
                    "exemption_reason", fi: "Verottomuuden peruste", sv: "Grund för momsbefrielse",
                    en: "Exemption reason", term: "BT-120"),
                text(
                    "exemption_code", fi: "Verottomuuden koodi", sv: "Kod för momsbefrielse", en: "Exemption code",
                    term: "BT-121"),
            ]),
        text("tax_note", fi: "Huomautus arvonlisäverosta", sv: "Notering om moms", en: "Note on VAT"),
        accounting,
    ]

    static let accounting = group(
        "accounting", fi: "Tiliöintiehdotus", sv: "Konteringsförslag", en: "Proposed accounting",
        [
            text("short_account", fi: "Tiliehdotus, lyhyt", sv: "Kontoförslag, kort", en: "Proposed account, short"),
            text("account", fi: "Tiliehdotus", sv: "Kontoförslag", en: "Proposed account"),
            text("account_text", fi: "Tiliehdotuksen selite", sv: "Kontoförslagets text", en: "Text of the proposal"),
            text("dimension", fi: "Kustannuspaikka", sv: "Kostnadsställe", en: "Accounting dimension"),
            text("seller_account", fi: "Myyjän tili", sv: "Säljarens konto", en: "Seller's account"),
        ])

    static func definitions(_ term: String?) -> Field {
        group(
            "attributes", list: true, fi: "Ominaisuudet", sv: "Egenskaper", en: "Attributes", term: term,
            [
                text("name", fi: "Nimi", sv: "Namn", en: "Name", term: term.map { _ in "BT-160" }),
                text("code", fi: "Koodi", sv: "Kod", en: "Code"),
                text(
                    "value", fi: "Arvo", sv: "Värde", en: "Value", term: term.map { _ in "BT-161" }, .free,
                    thirdParty: true),
                text("unit", fi: "Yksikkö", sv: "Enhet", en: "Unit"),
                text("unit_code", fi: "Yksikkökoodi", sv: "Enhetskod", en: "Unit code"),
            ])
    }

    // MARK: Lines

    static let lines = group(
        "lines", list: true, fi: "Rivit", sv: "Rader", en: "Lines", term: "BG-25",
        [
            text("id", fi: "Rivinumero", sv: "Radnummer", en: "Line identifier", term: "BT-126"),
            Field(
                "parent_line", .value(.integer), fi: "Ylärivi", sv: "Överordnad rad", en: "Parent line",
                meaning: LocalizedText(
                    fi: "Alirivillä: monesko luettelon rivi on sen ylärivi, alkaen 1:stä",
                    sv: "För en underrad: den överordnade radens plats i listan, från 1",
                    en: "On a sub-line: the position in this list of the line it belongs to, from 1")),
            text(
                "notes", list: true, fi: "Huomautukset", sv: "Noteringar", en: "Notes", term: "BT-127", .free,
                thirdParty: true),
            text(
                "name", fi: "Tuote tai palvelu", sv: "Vara eller tjänst", en: "Item name", term: "BT-153", .free,
                thirdParty: true),
            text(
                "description", fi: "Kuvaus", sv: "Beskrivning", en: "Item description", term: "BT-154", .free,
                thirdParty: true),
            amount("quantity", fi: "Määrä", sv: "Antal", en: "Quantity", term: "BT-129"),
            text("unit", fi: "Yksikkö", sv: "Enhet", en: "Unit"),
            text("unit_code", fi: "Yksikkökoodi", sv: "Enhetskod", en: "Unit code", term: "BT-130"),
            group(
                "quantities", list: true, fi: "Muut määrät", sv: "Övriga antal", en: "Further quantities",
                [
                    text(
                        "kind", fi: "Laji", sv: "Art", en: "Kind",
                        codes: [
                            .init("offered", fi: "Tarjottu", sv: "Offererat", en: "Offered"),
                            .init("delivered", fi: "Toimitettu", sv: "Levererat", en: "Delivered"),
                            .init("ordered", fi: "Tilattu", sv: "Beställt", en: "Ordered"),
                            .init("confirmed", fi: "Vahvistettu", sv: "Bekräftat", en: "Confirmed"),
                            .init("post-delivered", fi: "Jälkitoimitettu", sv: "Efterlevererat", en: "Post-delivered"),
                            .init("invoiced", fi: "Laskutettu", sv: "Fakturerat", en: "Invoiced"),
                            .init(
                                "credit-requested", fi: "Hyvitystä pyydetty", sv: "Kredit begärd",
                                en: "Credit requested"),
                            .init("returned", fi: "Palautettu", sv: "Returnerat", en: "Returned"),
                            .init("used", fi: "Käytetty", sv: "Förbrukat", en: "Used"),
                            .init("calculated", fi: "Laskennallinen", sv: "Beräknat", en: "Calculated"),
                        ]),
                    amount("value", fi: "Määrä", sv: "Antal", en: "Quantity"),
                    text("unit", fi: "Yksikkö", sv: "Enhet", en: "Unit"),
                    text("unit_code", fi: "Yksikkökoodi", sv: "Enhetskod", en: "Unit code"),
                ]),
            amount(
                "net_amount", fi: "Rivin summa ilman arvonlisäveroa", sv: "Radsumma utan moms",
                en: "Line total without VAT", term: "BT-131"),
            amount("tax_amount", fi: "Rivin arvonlisävero", sv: "Radens moms", en: "VAT of the line"),
            amount(
                "gross_amount", fi: "Rivin summa arvonlisäveroineen", sv: "Radsumma inklusive moms",
                en: "Line total with VAT"),
            group(
                "period", fi: "Kausi", sv: "Period", en: "Period", term: "BG-26",
                [
                    date("start_date", fi: "Alkaa", sv: "Börjar", en: "Start date", term: "BT-134"),
                    date("end_date", fi: "Päättyy", sv: "Slutar", en: "End date", term: "BT-135"),
                ]),
            allowances(false),
            group(
                "price", fi: "Hinta", sv: "Pris", en: "Price", term: "BG-29",
                [
                    amount("net", fi: "Nettohinta", sv: "Nettopris", en: "Net price", term: "BT-146"),
                    amount("discount", fi: "Alennus hinnasta", sv: "Prisavdrag", en: "Price discount", term: "BT-147"),
                    amount("gross", fi: "Bruttohinta", sv: "Bruttopris", en: "Gross price", term: "BT-148"),
                    amount(
                        "base_quantity", fi: "Hinnan yksikkömäärä", sv: "Prisets basantal", en: "Price base quantity",
                        term: "BT-149"),
                    text("base_unit", fi: "Hinnan yksikkö", sv: "Prisets enhet", en: "Price base unit"),
                    text(
                        "base_unit_code", fi: "Hinnan yksikkökoodi", sv: "Prisets enhetskod",
                        en: "Price base unit code", term: "BT-150"),
                    amount("with_tax", fi: "Hinta arvonlisäveroineen", sv: "Pris inklusive moms", en: "Price with VAT"),
                    amount("average", fi: "Keskihinta", sv: "Medelpris", en: "Average price"),
                ]),
            text("tax_category", fi: "ALV-luokka", sv: "Momskategori", en: "VAT category", term: "BT-151"),
            amount("tax_rate", fi: "ALV-prosentti", sv: "Momsprocent", en: "VAT rate", term: "BT-152"),
            text(
                "tax_exemption_reason", fi: "Verottomuuden peruste", sv: "Grund för momsbefrielse",
                en: "Exemption reason"),
            text(
                "seller_item_id", fi: "Myyjän tuotetunnus", sv: "Säljarens artikelnummer", en: "Seller's item number",
                term: "BT-155"),
            text(
                "buyer_item_id", fi: "Ostajan tuotetunnus", sv: "Köparens artikelnummer", en: "Buyer's item number",
                term: "BT-156"),
            text(
                "standard_item_id", fi: "Yleinen tuotetunnus", sv: "Standardartikelnummer", en: "Standard item number",
                term: "BT-157", iri: "gtin"),
            text(
                "standard_item_scheme", fi: "Yleisen tuotetunnuksen järjestelmä", sv: "Standardartikelnumrets system",
                en: "Scheme of the standard item number", term: "BT-157-1"),
            group(
                "classifications", list: true, fi: "Luokitukset", sv: "Klassificeringar", en: "Classifications",
                term: "BT-158",
                [
                    text("code", fi: "Koodi", sv: "Kod", en: "Code", term: "BT-158"),
                    text("scheme", fi: "Luokitus", sv: "Klassificeringssystem", en: "Scheme", term: "BT-158-1"),
                    text("version", fi: "Luokituksen versio", sv: "Systemets version", en: "Version", term: "BT-158-2"),
                    text("name", fi: "Nimi", sv: "Namn", en: "Name"),
                ]),
            text("origin_country", fi: "Alkuperämaa", sv: "Ursprungsland", en: "Country of origin", term: "BT-159"),
            definitions("BG-32"),
            text("item_url", fi: "Tuotteen verkkosivu", sv: "Artikelns webbplats", en: "Item web page"),
            text(
                "registration_number", fi: "Rekisterinumero", sv: "Registernummer", en: "Registration number",
                .personal,
                thirdParty: true),
            text("serial_number", fi: "Sarjanumero", sv: "Serienummer", en: "Serial number"),
            text(
                "manufacturer_item_id", fi: "Valmistajan tuotetunnus", sv: "Tillverkarens artikelnummer",
                en: "Manufacturer's item number"),
            text("action_code", fi: "Toimenpidekoodi", sv: "Åtgärdskod", en: "Action code"),
            text(
                "invoiced_object", fi: "Laskutuskohde", sv: "Fakturerat objekt", en: "Invoiced object", term: "BT-128",
                .personal, thirdParty: true),
            text(
                "invoiced_object_scheme", fi: "Laskutuskohteen tunnistejärjestelmä",
                sv: "Det fakturerade objektets identifieringssystem", en: "Scheme of the invoiced object",
                term: "BT-128-1"),
            text(
                "order_line_reference", fi: "Tilausrivin viite", sv: "Beställningsradens referens",
                en: "Order line reference", term: "BT-132"),
            text(
                "buyer_accounting_reference", fi: "Ostajan tiliöintiviite", sv: "Köparens konteringsreferens",
                en: "Buyer accounting reference", term: "BT-133"),
            text(
                "sub_identifier", fi: "Rivin lisätunniste", sv: "Radens tilläggsidentifierare",
                en: "Further line identifier"),
            text("order_reference", fi: "Tilausnumero", sv: "Beställningsnummer", en: "Order reference"),
            date("order_date", fi: "Tilauspäivä", sv: "Beställningsdatum", en: "Order date"),
            text("orderer_name", fi: "Tilaaja", sv: "Beställare", en: "Orderer", .personal, thirdParty: true),
            text(
                "sales_person_name", fi: "Myyjän edustaja", sv: "Försäljare", en: "Salesperson", .personal,
                thirdParty: true),
            text(
                "order_confirmation_reference", fi: "Tilausvahvistuksen numero", sv: "Orderbekräftelsens nummer",
                en: "Order confirmation reference"),
            date(
                "order_confirmation_date", fi: "Tilausvahvistuksen päiväys", sv: "Orderbekräftelsens datum",
                en: "Order confirmation date"),
            text("contract_reference", fi: "Sopimusnumero", sv: "Avtalsnummer", en: "Contract reference"),
            text("quotation_reference", fi: "Tarjouksen numero", sv: "Offertnummer", en: "Quotation reference"),
            text(
                "quotation_request_reference", fi: "Tarjouspyynnön numero", sv: "Offertförfrågans nummer",
                en: "Request for quotation"),
            text(
                "price_list_reference", fi: "Hinnaston tunniste", sv: "Prislistans identifierare",
                en: "Price list reference"),
            text(
                "buyer_reference", fi: "Ostajan viite", sv: "Köparens referens", en: "Buyer reference", .personal,
                thirdParty: true),
            text("project_reference", fi: "Projektinumero", sv: "Projektnummer", en: "Project reference"),
            group(
                "preceding_invoices", list: true, fi: "Aiemmat laskut", sv: "Tidigare fakturor",
                en: "Preceding invoices",
                [
                    text("number", fi: "Laskun numero", sv: "Fakturanummer", en: "Invoice number"),
                    date("issue_date", fi: "Laskun päiväys", sv: "Fakturadatum", en: "Issue date"),
                ]),
            links("reference_links", fi: "Viitteiden linkit", sv: "Referensernas länkar", en: "Links of references"),
            group("delivery", fi: "Toimitus", sv: "Leverans", en: "Delivery", deliveryFields),
            InvoiceParty.field("parties", list: true, fi: "Osapuolet", sv: "Parter", en: "Parties"),
            overdue,
            accounting,
            group(
                "meter", fi: "Mittarilukema", sv: "Mätarställning", en: "Meter reading",
                [
                    date(
                        "previous_date", fi: "Edellinen lukupäivä", sv: "Föregående avläsning", en: "Previous reading"),
                    date("latest_date", fi: "Viimeisin lukupäivä", sv: "Senaste avläsning", en: "Latest reading"),
                ]),
            group(
                "transaction", fi: "Valuuttatapahtuma", sv: "Valutatransaktion", en: "Foreign currency transaction",
                [
                    amount("amount", fi: "Määrä valuuttana", sv: "Belopp i valuta", en: "Amount in the currency"),
                    text("currency", fi: "Valuutta", sv: "Valuta", en: "Currency"),
                    amount("exchange_rate", fi: "Vaihtokurssi", sv: "Växelkurs", en: "Exchange rate"),
                    date("date", fi: "Kurssipäivä", sv: "Kursdatum", en: "Date of the rate"),
                ]),
        ])

    /// What Finvoice says of an overdue invoice on a row of a reminder.
    static let overdue = group(
        "overdue", fi: "Erääntynyt saatava", sv: "Förfallen fordran", en: "Overdue payment",
        [
            text("invoice_number", fi: "Laskun numero", sv: "Fakturanummer", en: "Invoice number"),
            date("invoice_date", fi: "Laskun päiväys", sv: "Fakturadatum", en: "Invoice date"),
            date("due_date", fi: "Eräpäivä", sv: "Förfallodag", en: "Due date"),
            amount("total", fi: "Laskun loppusumma", sv: "Fakturans slutsumma", en: "Invoice total"),
            text("reference", fi: "Viitenumero", sv: "Referensnummer", en: "Reference number", .financial),
            amount("paid_net", fi: "Maksettu ilman arvonlisäveroa", sv: "Betalt utan moms", en: "Paid, without VAT"),
            amount("paid", fi: "Maksettu", sv: "Betalt", en: "Paid"),
            date("paid_date", fi: "Maksupäivä", sv: "Betalningsdag", en: "Date of payment"),
            amount(
                "unpaid_net", fi: "Maksamatta ilman arvonlisäveroa", sv: "Obetalt utan moms",
                en: "Unpaid, without VAT"),
            amount("unpaid", fi: "Maksamatta", sv: "Obetalt", en: "Unpaid"),
            date("collection_date", fi: "Perintäpäivä", sv: "Inkassodag", en: "Date of collection"),
            amount("collection_count", fi: "Muistutuskerrat", sv: "Antal påminnelser", en: "Number of reminders"),
            amount("collection_charge", fi: "Perintäkulu", sv: "Inkassoavgift", en: "Collection charge"),
            amount(
                "interest_percent", fi: "Viivästyskorkoprosentti", sv: "Dröjsmålsränta i procent",
                en: "Overdue interest rate"),
            date("interest_start_date", fi: "Korko alkaa", sv: "Räntan börjar", en: "Interest begins"),
            date("interest_end_date", fi: "Korko päättyy", sv: "Räntan slutar", en: "Interest ends"),
            text("interest_period", fi: "Korkojakso", sv: "Ränteperiod", en: "Interest period"),
            text("interest_days", fi: "Korkopäivät", sv: "Räntedagar", en: "Days of interest"),
            amount("interest", fi: "Viivästyskorko", sv: "Dröjsmålsränta", en: "Overdue interest"),
            amount("interest_tax", fi: "Koron arvonlisävero", sv: "Räntans moms", en: "VAT of the interest"),
        ])

    // MARK: The rest

    static let rest: [Field] = [
        group(
            "attachments", list: true, fi: "Liitteet", sv: "Bilagor", en: "Attachments", term: "BG-24",
            [
                text("id", fi: "Tunniste", sv: "Identifierare", en: "Reference", term: "BT-122"),
                text("id_scheme", fi: "Tunnistejärjestelmä", sv: "Identifieringssystem", en: "Scheme"),
                text("type_code", fi: "Asiakirjan laji", sv: "Dokumenttyp", en: "Document type"),
                text(
                    "description", fi: "Kuvaus", sv: "Beskrivning", en: "Description", term: "BT-123", .free,
                    thirdParty: true),
                text(
                    "filename", fi: "Tiedoston nimi", sv: "Filnamn", en: "File name", term: "BT-125-2", .free,
                    thirdParty: true),
                text(
                    "media_type", fi: "Mediatyyppi", sv: "Medietyp", en: "Media type", term: "BT-125-1",
                    iri: "encodingFormat"),
                text("url", fi: "Osoite", sv: "Adress", en: "External location", term: "BT-124", iri: "url"),
                Field(
                    "document", .value(.reference), fi: "Tiedosto", sv: "Fil", en: "File",
                    meaning: LocalizedText(
                        fi: "Liitteen sijainti tässä paketissa", sv: "Bilagans plats i detta paket",
                        en: "Where the attachment lies in this archive"),
                    term: "BT-125", sensitivity: .free, thirdParty: true),
            ]),
        text(
            "attachment_message", fi: "Liitesanoman tunniste", sv: "Bilagemeddelandets identifierare",
            en: "Attachment message"),
        text(
            "specification_texts", list: true, fi: "Vapaa erittely", sv: "Fri specifikation",
            en: "Free specification", .free, thirdParty: true),
        definitions(nil),
        group(
            "message", fi: "Välitystiedot", sv: "Förmedlingsuppgifter", en: "Transmission",
            [
                text(
                    "sender", fi: "Lähettäjän verkkolaskuosoite", sv: "Avsändarens nätfakturaadress",
                    en: "Sender's electronic address", .personal, thirdParty: true),
                text(
                    "sender_scheme", fi: "Lähettäjän tunnistejärjestelmä", sv: "Avsändarens identifieringssystem",
                    en: "Scheme of the sender's address"),
                text(
                    "sender_intermediator", fi: "Lähettäjän välittäjä", sv: "Avsändarens förmedlare",
                    en: "Sender's intermediator"),
                text(
                    "receiver", fi: "Vastaanottajan verkkolaskuosoite", sv: "Mottagarens nätfakturaadress",
                    en: "Receiver's electronic address", .personal, thirdParty: true),
                text(
                    "receiver_scheme", fi: "Vastaanottajan tunnistejärjestelmä", sv: "Mottagarens identifieringssystem",
                    en: "Scheme of the receiver's address"),
                text(
                    "receiver_intermediator", fi: "Vastaanottajan välittäjä", sv: "Mottagarens förmedlare",
                    en: "Receiver's intermediator"),
                text("id", fi: "Sanoman tunniste", sv: "Meddelandets identifierare", en: "Message identifier"),
                Field(
                    "timestamp", .value(.timestamp), fi: "Sanoman aikaleima", sv: "Meddelandets tidsstämpel",
                    en: "Time of the message"),
                text("answers", fi: "Viittaus sanomaan", sv: "Hänvisning till meddelande", en: "Refers to message"),
                text(
                    "content", fi: "Sisällön tunniste", sv: "Innehållets identifierare", en: "Identifier of the content"
                ),
                text(
                    "conversation", fi: "Keskustelun tunniste", sv: "Konversationens identifierare", en: "Conversation"),
                text("service", fi: "Palvelu", sv: "Tjänst", en: "Service"),
                text("action", fi: "Toiminto", sv: "Åtgärd", en: "Action"),
                text("implementation", fi: "Toteutuskoodi", sv: "Implementeringskod", en: "Implementation code"),
                text("specification", fi: "Määrittely", sv: "Specifikation", en: "Specification"),
            ]),
        text("storage_url", fi: "Säilytyspaikka", sv: "Förvaringsplats", en: "Storage address"),
        text("layout", fi: "Ulkoasun tunniste", sv: "Layoutens identifierare", en: "Layout"),
        text("segment", fi: "Segmentin tunniste", sv: "Segmentets identifierare", en: "Segment"),
        text("control_checksum", fi: "Tarkiste", sv: "Kontrollsumma", en: "Control checksum"),
        text("message_checksum", fi: "Sanoman tarkiste", sv: "Meddelandets kontrollsumma", en: "Message checksum"),
        text(
            "control_stamp", fi: "Tarkastusleima", sv: "Kontrollstämpel", en: "Control stamp", .personal,
            thirdParty: true),
        text(
            "acceptance_stamp", fi: "Hyväksymisleima", sv: "Godkännandestämpel", en: "Acceptance stamp", .personal,
            thirdParty: true),
        text("original_format", fi: "Alkuperäinen muoto", sv: "Ursprungligt format", en: "Original format"),
        Field(
            "original", .value(.reference), fi: "Alkuperäinen lasku", sv: "Originalfaktura", en: "Original invoice",
            meaning: LocalizedText(
                fi: "Laskun alkuperäisen tiedoston sijainti tässä paketissa",
                sv: "Platsen för fakturans originalfil i detta paket",
                en: "Where the invoice, byte for byte as received or sent, lies in this archive"),
            sensitivity: .free, thirdParty: true),
    ]
}
