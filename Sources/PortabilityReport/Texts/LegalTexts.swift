import PortabilityModel

/// The law's own words, after the Finnish, Swedish and English texts of Regulation (EU) 2016/679.
enum LegalTexts {
    /// An article as the language cites it, from `6`, `6(1)` or `6(1)(b)`.
    static func article(_ reference: String, _ language: Language) -> String {
        let parts = reference.split(whereSeparator: { $0 == "(" || $0 == ")" }).map(String.init)
        switch (language, parts.count) {
        case (.fi, 1): return "\(parts[0])\u{A0}artikla"
        case (.fi, 2): return "\(parts[0])\u{A0}artiklan \(parts[1])\u{A0}kohta"
        case (.fi, 3): return "\(parts[0])\u{A0}artiklan \(parts[1])\u{A0}kohdan \(parts[2])\u{A0}alakohta"
        case (.sv, 1): return "artikel \(parts[0])"
        case (.sv, 2): return "artikel \(parts[0]).\(parts[1])"
        case (.sv, 3): return "artikel \(parts[0]).\(parts[1]) \(parts[2])"
        default: return "Article \(reference)"
        }
    }

    /// A legal basis of Article 6(1).
    static func basis(_ basis: LegalBasis) -> LocalizedText {
        switch basis {
        case .consent: LocalizedText(fi: "suostumus", sv: "samtycke", en: "consent")
        case .contract: LocalizedText(fi: "sopimus", sv: "avtal", en: "contract")
        case .legalObligation:
            LocalizedText(fi: "lakisääteinen velvoite", sv: "rättslig förpliktelse", en: "legal obligation")
        case .vitalInterest:
            LocalizedText(
                fi: "elintärkeiden etujen suojaaminen", sv: "skydd av intressen av grundläggande betydelse",
                en: "protection of vital interests")
        case .publicTask:
            LocalizedText(
                fi: "yleistä etua koskeva tehtävä tai julkinen valta",
                sv: "uppgift av allmänt intresse eller myndighetsutövning",
                en: "task in the public interest or official authority")
        case .legitimateInterest:
            LocalizedText(fi: "oikeutettu etu", sv: "berättigat intresse", en: "legitimate interests")
        }
    }

    /// The right that was exercised, with its provision.
    static func right(_ right: Right) -> LocalizedText {
        switch right {
        case .access:
            LocalizedText(
                fi: "Oikeus saada pääsy tietoihin (yleinen tietosuoja-asetus (EU) 2016/679, 15 artikla)",
                sv: "Rätt till tillgång (allmänna dataskyddsförordningen (EU) 2016/679, artikel 15)",
                en: "Right of access (General Data Protection Regulation (EU) 2016/679, GDPR, Article 15)")
        case .portability:
            LocalizedText(
                fi:
                    "Oikeus siirtää tiedot järjestelmästä toiseen (yleinen tietosuoja-asetus (EU) 2016/679, 20 artikla)",
                sv: "Rätt till dataportabilitet (allmänna dataskyddsförordningen (EU) 2016/679, artikel 20)",
                en: "Right to data portability (General Data Protection Regulation (EU) 2016/679, GDPR, Article 20)")
        case .switching:
            LocalizedText(
                fi: "Asiakastilin tietojen vieminen toiseen palveluun (datasäädös, asetus (EU) 2023/2854, VI luku)",
                sv: "Byte till en annan tjänst med kundkontots uppgifter (dataförordningen, förordning (EU) 2023/2854, "
                    + "kapitel VI)",
                en:
                    "Switching to another service with the customer account’s data (Data Act, Regulation (EU) 2023/2854, "
                    + "Chapter VI)")
        case .handover:
            LocalizedText(
                fi: "Rekisterinpitäjän lukuun käsiteltyjen tietojen luovutus (yleinen tietosuoja-asetus (EU) 2016/679, "
                    + "28 artiklan 3 kohdan e alakohta)",
                sv: "Överlämnande av uppgifter som behandlas för den personuppgiftsansvariges räkning (allmänna "
                    + "dataskyddsförordningen (EU) 2016/679, artikel 28.3 e)",
                en: "Handing over data processed on the controller’s behalf (General Data Protection Regulation (EU) "
                    + "2016/679, GDPR, Article 28(3)(e))")
        }
    }

    /// What covers a transfer, from a DPV term such as `A46-2-c`; nil for a term that is none of the Regulation's.
    static func transferTool(_ term: String) -> (name: LocalizedText, article: String)? {
        switch term {
        case "A45-3":
            (
                LocalizedText(
                    fi: "Euroopan komission päätös tietosuojan riittävyydestä",
                    sv: "Europeiska kommissionens beslut om adekvat skyddsnivå",
                    en: "Adequacy decision of the European Commission"), "45(3)"
            )
        case "A46-2-a":
            (
                LocalizedText(
                    fi: "Viranomaisten välinen oikeudellisesti sitova väline",
                    sv: "Rättsligt bindande instrument mellan myndigheter",
                    en: "Legally binding instrument between public authorities"), "46(2)(a)"
            )
        case "A46-2-b":
            (
                LocalizedText(
                    fi: "Yritystä koskevat sitovat säännöt", sv: "Bindande företagsbestämmelser",
                    en: "Binding corporate rules"), "46(2)(b)"
            )
        case "A46-2-c":
            (
                LocalizedText(
                    fi: "Komission antamat tietosuojaa koskevat vakiolausekkeet",
                    sv: "Standardiserade dataskyddsbestämmelser som antas av kommissionen",
                    en: "Standard data protection clauses adopted by the Commission"), "46(2)(c)"
            )
        case "A46-2-d":
            (
                LocalizedText(
                    fi: "Valvontaviranomaisen vahvistamat tietosuojaa koskevat vakiolausekkeet",
                    sv: "Standardiserade dataskyddsbestämmelser som antas av en tillsynsmyndighet",
                    en: "Standard data protection clauses adopted by a supervisory authority"), "46(2)(d)"
            )
        case "A46-2-e":
            (
                LocalizedText(
                    fi: "Hyväksytyt käytännesäännöt", sv: "Godkänd uppförandekod", en: "Approved code of conduct"),
                "46(2)(e)"
            )
        case "A46-2-f":
            (
                LocalizedText(
                    fi: "Hyväksytty sertifiointimekanismi", sv: "Godkänd certifieringsmekanism",
                    en: "Approved certification mechanism"), "46(2)(f)"
            )
        case "A46-3-a":
            (
                LocalizedText(
                    fi: "Valvontaviranomaisen hyväksymät sopimuslausekkeet",
                    sv: "Avtalsklausuler som tillsynsmyndigheten har godkänt",
                    en: "Contractual clauses authorised by the supervisory authority"), "46(3)(a)"
            )
        case "A46-3-b":
            (
                LocalizedText(
                    fi: "Viranomaisten välisiin hallinnollisiin järjestelyihin sisältyvät säännökset",
                    sv: "Bestämmelser i administrativa överenskommelser mellan myndigheter",
                    en: "Provisions in administrative arrangements between public authorities"), "46(3)(b)"
            )
        case "A49-1-a":
            (
                LocalizedText(
                    fi: "Nimenomainen suostumus siirtoon", sv: "Uttryckligt samtycke till överföringen",
                    en: "Explicit consent to the transfer"), "49(1)(a)"
            )
        case "A49-1-b":
            (
                LocalizedText(
                    fi: "Siirto on tarpeen sopimuksen täytäntöönpanemiseksi",
                    sv: "Överföringen är nödvändig för att fullgöra ett avtal",
                    en: "The transfer is necessary for the performance of a contract"), "49(1)(b)"
            )
        case "A49-1-c":
            (
                LocalizedText(
                    fi: "Siirto on tarpeen rekisteröidyn edun mukaisen sopimuksen vuoksi",
                    sv: "Överföringen är nödvändig för ett avtal i den registrerades intresse",
                    en: "The transfer is necessary for a contract in the interest of the data subject"), "49(1)(c)"
            )
        case "A49-1-d":
            (
                LocalizedText(
                    fi: "Siirto on tarpeen tärkeää yleistä etua koskevien syiden vuoksi",
                    sv: "Överföringen är nödvändig av viktiga skäl som rör allmänintresset",
                    en: "The transfer is necessary for important reasons of public interest"), "49(1)(d)"
            )
        case "A49-1-e":
            (
                LocalizedText(
                    fi: "Siirto on tarpeen oikeusvaateen laatimiseksi, esittämiseksi tai puolustamiseksi",
                    sv: "Överföringen är nödvändig för att fastställa, göra gällande eller försvara rättsliga anspråk",
                    en: "The transfer is necessary for the establishment, exercise or defence of legal claims"),
                "49(1)(e)"
            )
        case "A49-1-f":
            (
                LocalizedText(
                    fi: "Siirto on tarpeen elintärkeiden etujen suojaamiseksi",
                    sv: "Överföringen är nödvändig för att skydda intressen av grundläggande betydelse",
                    en: "The transfer is necessary to protect vital interests"), "49(1)(f)"
            )
        case "A49-1-g":
            (
                LocalizedText(
                    fi: "Siirto tehdään julkisesta rekisteristä", sv: "Överföringen görs från ett offentligt register",
                    en: "The transfer is made from a public register"), "49(1)(g)"
            )
        default: nil
        }
    }

    /// True if the tool named is the Privacy Shield, invalid since the Court's judgment of 16 July 2020 (C-311/18).
    static func isPrivacyShield(_ tool: String) -> Bool {
        let letters = tool.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) }
        return String(String.UnicodeScalarView(letters)).contains("privacyshield")
    }

    static let gdpr = LocalizedText(
        fi: "yleinen tietosuoja-asetus", sv: "allmänna dataskyddsförordningen", en: "GDPR")

    /// A right of the data subject: what it lets one do, and the article.
    static let rights: [(name: LocalizedText, meaning: LocalizedText, article: String)] = [
        (
            LocalizedText(
                fi: "Oikeus saada pääsy tietoihin", sv: "Rätt till tillgång", en: "Right of access"),
            LocalizedText(
                fi: "Saat tietää, mitä tietoja sinusta käsitellään, ja saat niistä jäljennöksen.",
                sv: "Du får veta vilka uppgifter som behandlas om dig och får en kopia av dem.",
                en: "You may learn which data are processed about you and get a copy of them."), "15"
        ),
        (
            LocalizedText(fi: "Oikeus tietojen oikaisemiseen", sv: "Rätt till rättelse", en: "Right to rectification"),
            LocalizedText(
                fi: "Voit vaatia, että väärät tiedot oikaistaan ja puutteelliset täydennetään.",
                sv: "Du kan kräva att felaktiga uppgifter rättas och att ofullständiga kompletteras.",
                en: "You may have wrong data corrected and incomplete data completed."), "16"
        ),
        (
            LocalizedText(
                fi: "Oikeus tietojen poistamiseen (”oikeus tulla unohdetuksi”)",
                sv: "Rätt till radering (”rätten att bli bortglömd”)",
                en: "Right to erasure (‘right to be forgotten’)"),
            LocalizedText(
                fi: "Voit pyytää tietojesi poistamista, jollei laki tai sopimus edellytä niiden säilyttämistä.",
                sv: "Du kan begära att dina uppgifter raderas, om inte lag eller avtal kräver att de bevaras.",
                en: "You may ask for your data to be erased, unless law or contract demands that they be kept."), "17"
        ),
        (
            LocalizedText(
                fi: "Oikeus käsittelyn rajoittamiseen", sv: "Rätt till begränsning av behandling",
                en: "Right to restriction of processing"),
            LocalizedText(
                fi: "Voit pyytää, että tietoja vain säilytetään, esimerkiksi siksi aikaa kun niiden paikkansapitävyys "
                    + "selvitetään.",
                sv: "Du kan begära att uppgifterna endast lagras, till exempel medan det utreds om de är korrekta.",
                en: "You may ask that data only be stored, for instance while their accuracy is being checked."), "18"
        ),
        (
            LocalizedText(
                fi: "Oikeus siirtää tiedot järjestelmästä toiseen", sv: "Rätt till dataportabilitet",
                en: "Right to data portability"),
            LocalizedText(
                fi: "Saat toimittamasi tiedot koneellisesti luettavina ja voit siirtää ne toiseen palveluun, kun "
                    + "käsittely perustuu sopimukseen tai suostumukseen.",
                sv: "Du får de uppgifter du har lämnat i maskinläsbar form och kan flytta dem till en annan tjänst, "
                    + "när behandlingen grundar sig på avtal eller samtycke.",
                en: "You may get the data that you provided in a machine-readable form and move them to another "
                    + "service, where processing is based on contract or consent."), "20"
        ),
        (
            LocalizedText(fi: "Vastustamisoikeus", sv: "Rätt att göra invändningar", en: "Right to object"),
            LocalizedText(
                fi: "Voit vastustaa käsittelyä, joka perustuu oikeutettuun etuun, ja milloin tahansa kieltää "
                    + "suoramarkkinoinnin.",
                sv: "Du kan invända mot behandling som grundar sig på berättigat intresse, och när som helst förbjuda "
                    + "direkt marknadsföring.",
                en: "You may object to processing based on legitimate interests, and forbid direct marketing at any "
                    + "time."), "21"
        ),
        (
            LocalizedText(
                fi: "Oikeus peruuttaa suostumus", sv: "Rätt att återkalla samtycke", en: "Right to withdraw consent"),
            LocalizedText(
                fi: "Jos käsittely perustuu suostumukseen, voit peruuttaa sen milloin tahansa.",
                sv: "Om behandlingen grundar sig på samtycke kan du när som helst återkalla det.",
                en: "Where processing is based on consent, you may withdraw it at any time."), "7(3)"
        ),
        (
            LocalizedText(
                fi: "Automatisoidut yksittäispäätökset", sv: "Automatiserat individuellt beslutsfattande",
                en: "Automated individual decision-making"),
            LocalizedText(
                fi: "Sinulla on oikeus olla joutumatta sellaisen päätöksen kohteeksi, joka perustuu pelkästään "
                    + "automaattiseen käsittelyyn ja vaikuttaa sinuun merkittävästi.",
                sv: "Du har rätt att inte bli föremål för ett beslut som enbart grundas på automatiserad behandling "
                    + "och som i betydande grad påverkar dig.",
                en: "You have the right not to be subject to a decision that is based solely on automated processing "
                    + "and significantly affects you."), "22"
        ),
    ]
}
