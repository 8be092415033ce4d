import PortabilityModel

/// What a person reads for the closed lists of the model.
enum ValueTexts {
    static func category(_ category: Category) -> LocalizedText {
        switch category {
        case .registration:
            LocalizedText(fi: "Rekisteröitymistiedot", sv: "Registreringsuppgifter", en: "Registration details")
        case .communication: LocalizedText(fi: "Yhteydenpito", sv: "Kontakter", en: "Communication")
        case .usage: LocalizedText(fi: "Palvelun käyttö", sv: "Användning av tjänsten", en: "Use of the service")
        case .device: LocalizedText(fi: "Laitetiedot", sv: "Enhetsuppgifter", en: "Device data")
        case .invoicing: LocalizedText(fi: "Laskutus", sv: "Fakturering", en: "Invoicing")
        case .payment: LocalizedText(fi: "Maksut", sv: "Betalningar", en: "Payments")
        case .preference: LocalizedText(fi: "Asetukset", sv: "Inställningar", en: "Settings")
        case .profile: LocalizedText(fi: "Profiilitiedot", sv: "Profiluppgifter", en: "Profile data")
        }
    }

    /// The same in the middle of a sentence.
    static func categoryInside(_ category: Category) -> LocalizedText {
        let text = self.category(category)
        func lower(_ word: String) -> String { word.prefix(1).lowercased() + word.dropFirst() }
        return LocalizedText(fi: lower(text.fi), sv: lower(text.sv), en: lower(text.en))
    }

    /// Where data come from, said to the person they are about.
    static func origin(_ origin: Origin, toSubject: Bool) -> LocalizedText {
        switch (origin.kind, origin.by) {
        case (.provided, .subject?):
            toSubject
                ? LocalizedText(fi: "Annoit ne itse", sv: "Du lämnade dem själv", en: "You gave them yourself")
                : LocalizedText(
                    fi: "Henkilö antoi ne itse", sv: "Personen lämnade dem själv", en: "The person gave them")
        case (.provided, .colleague?):
            toSubject
                ? LocalizedText(
                    fi: "Toinen saman yrityksen henkilö antoi ne", sv: "En annan person i samma företag lämnade dem",
                    en: "Another person of the same company gave them")
                : LocalizedText(
                    fi: "Saman yrityksen toinen henkilö antoi ne", sv: "En annan person i samma företag lämnade dem",
                    en: "Another person of the same company gave them")
        case (.provided, .customer?):
            LocalizedText(
                fi: "Palvelua käyttävä asiakas antoi ne", sv: "En kund som använder tjänsten lämnade dem",
                en: "A customer who uses the service gave them")
        case (.provided, .thirdParty?):
            LocalizedText(
                fi: "Saatu kolmannelta osapuolelta", sv: "Erhållna av en tredje part", en: "Received from a third party"
            )
        case (.provided, .publicSource?):
            LocalizedText(
                fi: "Saatu yleisesti saatavilla olevasta lähteestä, esimerkiksi julkisesta rekisteristä",
                sv: "Hämtade från en allmänt tillgänglig källa, till exempel ett offentligt register",
                en: "Taken from a publicly accessible source, such as a public register")
        case (.provided, nil):
            LocalizedText(fi: "Annettu meille", sv: "Lämnade till oss", en: "Given to us")
        case (.observed, _):
            toSubject
                ? LocalizedText(
                    fi: "Syntyneet palvelun käytöstä tai asioinnista",
                    sv: "Uppkomna när tjänsten användes eller ärenden sköttes",
                    en: "Recorded when the service was used or your matters were handled")
                : LocalizedText(
                    fi: "Syntyneet palvelua käytettäessä", sv: "Uppkomna vid användning av tjänsten",
                    en: "Recorded when the service was used")
        case (.derived, _):
            LocalizedText(
                fi: "Meidän laatimiamme tai muista tiedoista johdettuja",
                sv: "Upprättade av oss eller härledda ur andra uppgifter", en: "Made by us, or derived from other data")
        case (.inferred, _):
            LocalizedText(
                fi: "Päätelty muista tiedoista (arvio)", sv: "Slutsatser av andra uppgifter (bedömning)",
                en: "Inferred from other data (an estimate)")
        }
    }

    static func status(_ status: ArchiveSummary.Source.Status) -> LocalizedText {
        switch status {
        case .complete: LocalizedText(fi: "Luettu kokonaan", sv: "Läst i sin helhet", en: "Read in full")
        case .partial: LocalizedText(fi: "Luettu osittain", sv: "Delvis läst", en: "Read in part")
        case .failed: LocalizedText(fi: "Ei voitu lukea", sv: "Kunde inte läsas", en: "Could not be read")
        case .notRead:
            LocalizedText(
                fi: "Ei kuulunut pyyntöön, ei luettu", sv: "Hörde inte till begäran, lästes inte",
                en: "Not within the request, not read")
        }
    }

    /// What was noticed while reading; a count follows.
    static func finding(_ kind: Finding.Kind) -> LocalizedText {
        switch kind {
        case .malformed:
            LocalizedText(
                fi: "Rivejä tai merkintöjä, joita ei voitu lukea", sv: "Rader eller poster som inte kunde läsas",
                en: "Lines or records that could not be read")
        case .truncated:
            LocalizedText(
                fi: "Tiedostoja, jotka loppuvat kesken", sv: "Filer som tar slut mitt i",
                en: "Files that end in the middle")
        case .tooLarge:
            LocalizedText(
                fi: "Tiedostoja tai rivejä, jotka olivat liian suuria luettaviksi",
                sv: "Filer eller rader som var för stora för att läsas", en: "Files or lines too large to be read")
        case .unreadable:
            LocalizedText(
                fi: "Tiedostoja tai aineistoja, joita ei voitu lukea lainkaan",
                sv: "Filer eller material som inte alls kunde läsas", en: "Files or sets that could not be read at all")
        case .mistyped:
            LocalizedText(
                fi: "Arvoja, jotka eivät ole odotettua muotoa; ne ovat mukana tekstinä lisätiedoissa (other)",
                sv: "Värden som inte har väntad form; de finns med som text bland tilläggen (other)",
                en: "Values that do not have the expected form; they are kept as text among the extras (other)")
        case .invalidText:
            LocalizedText(
                fi: "Merkkejä, joita ei voitu tulkita; niiden paikalla on \u{FFFD}",
                sv: "Tecken som inte kunde tolkas; på deras plats står \u{FFFD}",
                en: "Characters that could not be read; \u{FFFD} stands in their place")
        case .ambiguousTime:
            LocalizedText(
                fi: "Kellonaikoja, jotka kesäajan vaihtuessa ovat epäselviä",
                sv: "Klockslag som är oklara på grund av omställningen till eller från sommartid",
                en: "Times that are unclear because the clocks were changed")
        case .unmapped:
            LocalizedText(
                fi: "Tietoja, joilla ei ole omaa kenttää; ne ovat mukana lisätiedoissa (other)",
                sv: "Uppgifter utan eget fält; de finns med bland tilläggen (other)",
                en: "Data without a field of their own; they are kept among the extras (other)")
        case .drift:
            LocalizedText(
                fi: "Kohtia, joissa lähde poikkesi kuvauksestaan", sv: "Ställen där källan avvek från sin beskrivning",
                en: "Places where the source differed from its description")
        case .nonconforming:
            LocalizedText(
                fi: "Asiakirjoja, jotka poikkeavat standardistaan", sv: "Dokument som avviker från sin standard",
                en: "Documents that differ from their standard")
        case .sharedIdentifier:
            LocalizedText(
                fi: "Tunnisteita, joita käyttää useampi henkilö; niillä ei siksi haettu tietoja",
                sv: "Identifierare som används av flera personer och därför inte användes för sökning",
                en: "Identifiers that several people share and that were therefore not used for searching")
        case .unattested:
            LocalizedText(
                fi: "Käsin tehtäviä hakuja, joita kukaan ei ole vahvistanut tehdyiksi",
                sv: "Sökningar för hand som ingen har intygat att de gjorts",
                en: "Searches by hand that nobody has attested")
        }
    }

    static let records = Counted(
        one: LocalizedText(fi: "merkintä", sv: "post", en: "record"),
        many: LocalizedText(fi: "merkintää", sv: "poster", en: "records"))
    static let rows = Counted(
        one: LocalizedText(fi: "rivi", sv: "rad", en: "row"),
        many: LocalizedText(fi: "riviä", sv: "rader", en: "rows"))
    static let values = Counted(
        one: LocalizedText(fi: "arvo", sv: "värde", en: "value"),
        many: LocalizedText(fi: "arvoa", sv: "värden", en: "values"))
    static let sets = Counted(
        one: LocalizedText(fi: "tietojoukko", sv: "datamängd", en: "set of data"),
        many: LocalizedText(fi: "tietojoukkoa", sv: "datamängder", en: "sets of data"))
    static let documents = Counted(
        one: LocalizedText(fi: "asiakirja", sv: "dokument", en: "document"),
        many: LocalizedText(fi: "asiakirjaa", sv: "dokument", en: "documents"))
}
