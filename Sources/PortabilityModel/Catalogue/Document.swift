extension Catalogue {
    static let document = Entity(
        name: "document", ordinal: 17,
        label: LocalizedText(fi: "Asiakirja", sv: "Dokument", en: "Document"),
        meaning: LocalizedText(
            fi: "Tiedosto sellaisena kuin se on saatu: alkuperäinen lasku, liite tai skannattu paperi.",
            sv: "En fil sådan den mottogs: en faktura i original, en bilaga eller ett inskannat papper.",
            en: "A file as it was received: an original invoice, an attachment or a scanned paper."),
        iris: [IRI.schema("DigitalDocument"), IRI.pd("PersonalDocuments")],
        fields: [
            Field(
                "path", .reference, fi: "Paikka paketissa", sv: "Plats i paketet", en: "Place in the archive",
                iris: [IRI.schema("contentUrl")]),
            Field(
                "media_type", .string, fi: "Tiedostotyyppi", sv: "Filtyp", en: "File type",
                meaning: LocalizedText(
                    fi: "IANA-mediatyyppi, esimerkiksi application/pdf.",
                    sv: "IANA-medietyp, till exempel application/pdf.",
                    en: "IANA media type, such as application/pdf."),
                iris: [IRI.schema("encodingFormat")]),
            Field(
                "original_name", .string, fi: "Alkuperäinen tiedostonimi", sv: "Ursprungligt filnamn",
                en: "Original file name", iris: [IRI.schema("name")], sensitivity: .free, thirdParty: true),
            Field("bytes", .integer, fi: "Koko tavuina", sv: "Storlek i byte", en: "Size in bytes"),
            Field(
                "sha256", .string, fi: "SHA-256-tiiviste", sv: "SHA-256-kontrollsumma", en: "SHA-256 digest",
                meaning: LocalizedText(
                    fi: "Tarkistussumma, josta näkee, että tiedosto on muuttumaton.",
                    sv: "Kontrollsumma som visar att filen är oförändrad.",
                    en: "A checksum that shows that the file is unchanged."),
                iris: [IRI.schema("sha256")]),
            Field(
                "role", .string, fi: "Asiakirjan tehtävä", sv: "Dokumentets roll", en: "Part played",
                codes: [
                    Field.Code("original", fi: "alkuperäinen", sv: "original", en: "the original"),
                    Field.Code("attachment", fi: "liite", sv: "bilaga", en: "attachment"),
                    Field.Code("scan", fi: "skannattu paperi", sv: "inskannat papper", en: "scanned paper"),
                ]),
            Field(
                "dataset", .string, fi: "Aineisto", sv: "Datamängd", en: "Dataset",
                meaning: LocalizedText(
                    fi: "Tämän paketin aineisto, johon asiakirja kuuluu.",
                    sv: "Den datamängd i paketet som dokumentet hör till.",
                    en: "The dataset of this archive that the document belongs to.")),
            Field(
                "for_record", .string, fi: "Tietueen tunniste", sv: "Postens id", en: "Record ID",
                meaning: LocalizedText(
                    fi: "Sen tietueen record_id, johon asiakirja kuuluu.",
                    sv: "Värdet i record_id för den post som dokumentet hör till.",
                    en: "The record_id of the record that the document belongs to."),
                sensitivity: .personal),
            Field(
                "description", .string, fi: "Kuvaus", sv: "Beskrivning", en: "Description",
                iris: [IRI.schema("description")], sensitivity: .free, thirdParty: true),
            Field("dated_on", .date, fi: "Asiakirjan päiväys", sv: "Dokumentets datum", en: "Date of the document"),
            Field("pages", .integer, fi: "Sivumäärä", sv: "Antal sidor", en: "Number of pages"),
            Field(
                "kind", .string, fi: "Asiakirjan laji", sv: "Typ av dokument", en: "Kind of document",
                iris: [IRI.schema("additionalType")],
                codes: [
                    Field.Code("letter", fi: "kirje", sv: "brev", en: "letter"),
                    Field.Code("contract", fi: "sopimus", sv: "avtal", en: "contract"),
                    Field.Code("form", fi: "lomake", sv: "blankett", en: "form"),
                    Field.Code("authorisation", fi: "valtakirja", sv: "fullmakt", en: "authorisation"),
                    Field.Code("certificate", fi: "todistus", sv: "intyg", en: "certificate"),
                    Field.Code("invoice", fi: "lasku", sv: "faktura", en: "invoice"),
                    Field.Code("receipt", fi: "kuitti", sv: "kvitto", en: "receipt"),
                    Field.Code("note", fi: "muistiinpano", sv: "anteckning", en: "note"),
                    Field.Code("photograph", fi: "valokuva", sv: "fotografi", en: "photograph"),
                    Field.Code("other", fi: "muu", sv: "annat", en: "other"),
                ]),
            Field(
                "title", .string, fi: "Otsikko", sv: "Rubrik", en: "Title", iris: [IRI.schema("name")],
                sensitivity: .free),
            Field(
                "kept_in", .string, fi: "Säilytyspaikka", sv: "Förvaringsplats", en: "Where the paper is kept",
                iris: [IRI.schema("itemLocation")], sensitivity: .free),
            Field(
                "provided_by", .string, fi: "Keneltä saatu", sv: "Av vem den lämnats", en: "Who provided it",
                meaning: LocalizedText(
                    fi: "Kuka toimitti asiakirjan, jos tiedetään.", sv: "Vem som lämnade dokumentet, om det är känt.",
                    en: "Who handed the document in, if that is known."),
                iris: [IRI.schema("provider")],
                codes: [
                    Field.Code("subject", fi: "rekisteröity itse", sv: "den registrerade själv", en: "the person"),
                    Field.Code(
                        "colleague", fi: "toinen saman yrityksen henkilö", sv: "en annan person i samma företag",
                        en: "another person of the same company"),
                    Field.Code("customer", fi: "asiakas", sv: "en kund", en: "a customer"),
                    Field.Code("third-party", fi: "kolmas osapuoli", sv: "en tredje part", en: "a third party"),
                    Field.Code(
                        "public-source", fi: "yleisesti saatavilla oleva lähde", sv: "en allmänt tillgänglig källa",
                        en: "a publicly accessible source"),
                    Field.Code(
                        "controller", fi: "rekisterinpitäjä", sv: "den personuppgiftsansvarige", en: "the controller"),
                ]),
            Field(
                "language", .string, fi: "Asiakirjan kieli", sv: "Dokumentets språk", en: "Language of the document",
                meaning: LocalizedText(
                    fi: "Kielitunnus, esimerkiksi fi tai sv (BCP 47).",
                    sv: "Språkkod, till exempel fi eller sv (BCP 47).",
                    en: "Language tag, such as fi or sv (BCP 47)."),
                iris: [IRI.schema("inLanguage")]),
            Field(
                "shows_others", .boolean, fi: "Näkyykö siinä muita", sv: "Visar andra personer",
                en: "Shows other people",
                meaning: LocalizedText(
                    fi: "Onko asiakirjassa myös muiden henkilöiden tietoja, sen läpikäyneen arvion mukaan.",
                    sv: "Om dokumentet även innehåller andra personers uppgifter, enligt den som gått igenom det.",
                    en: "Whether the document also holds data on other people, as judged by who looked through it.")),
        ])
}
