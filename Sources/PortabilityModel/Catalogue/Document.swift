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
        ])
}
