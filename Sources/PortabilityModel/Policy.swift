/// The right under which a request is made; it decides, with the declarations, what goes into the archive.
public enum Right: String, Sendable, CaseIterable {
    /// GDPR Article 15.
    case access
    /// GDPR Article 20.
    case portability
    /// A customer takes the data of its whole account along, as the controller of it (Data Act, Regulation
    /// 2023/2854, chapter VI).
    case switching
    /// The processor gives the data to the controller it works for (GDPR Article 28(3)(e)).
    case handover
}

/// Whose purposes a source's data serve (GDPR Article 4(7) and (8)).
public enum Role: String, Sendable, CaseIterable {
    case controller, processor
}

/// Where data come from.
public struct Origin: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case provided, observed, derived, inferred
    }
    /// Who provided them.
    public enum Provider: String, Sendable, CaseIterable {
        case subject, colleague, customer, thirdParty = "third-party"
    }
    public var kind: Kind
    /// Only, and always, for ``Kind/provided``.
    public var by: Provider?

    public init(kind: Kind, by: Provider? = nil) {
        self.kind = kind
        self.by = by
    }
}

/// Whether processing is automated; Article 20 covers only automated processing.
public enum Means: String, Sendable, CaseIterable {
    case automated, manual
}

/// The kind of data, as a person would sort it; also the folder in the archive.
public enum Category: String, Sendable, CaseIterable {
    case registration, communication, usage, device, invoicing, payment, preference, profile
}

/// A legal basis of GDPR Article 6(1), with its DPV term.
public enum LegalBasis: String, Sendable, CaseIterable {
    case consent = "6(1)(a)"
    case contract = "6(1)(b)"
    case legalObligation = "6(1)(c)"
    case vitalInterest = "6(1)(d)"
    case publicTask = "6(1)(e)"
    case legitimateInterest = "6(1)(f)"

    /// The term in the Data Privacy Vocabulary 2.3.
    public var iri: String {
        let letter = rawValue.dropFirst(5).dropLast()
        return "https://w3id.org/dpv/legal/eu/gdpr#A6-1-\(letter)"
    }
}

/// What data are processed for (GDPR Article 5(1)(b)).
public struct Purpose: Sendable {
    public var id: String
    public var text: LocalizedText
    public var basis: LegalBasis
    public var isMarketing: Bool

    public init(id: String, text: LocalizedText, basis: LegalBasis, isMarketing: Bool = false) {
        self.id = id
        self.text = text
        self.basis = basis
        self.isMarketing = isMarketing
    }
}

/// Who receives data (GDPR Article 15(1)(c)), and what covers a transfer out of the EEA (Article 15(2)).
public struct Recipient: Sendable {
    public var name: String
    /// ISO 3166-1 alpha-2.
    public var country: String
    /// What the recipient does for us.
    public var role: LocalizedText
    /// The DPV term or short name of the transfer tool (`A45-3`, `A46-2-c`); nil within the EEA.
    public var transferTool: String?
    /// Data categories the recipient gets; empty means all.
    public var categories: [Category]

    public init(
        name: String, country: String, role: LocalizedText, transferTool: String? = nil, categories: [Category] = []
    ) {
        self.name = name
        self.country = country
        self.role = role
        self.transferTool = transferTool
        self.categories = categories
    }
}

/// The controller of the register, as F1 and Article 15 want it named.
public struct Controller: Sendable {
    public var name: String
    public var businessID: String
    public var address: String
    /// ISO 3166-1 alpha-2.
    public var country: String
    public var email: String
    public var telephone: String?
    /// The contact person or office for register matters.
    public var contact: String?

    public init(
        name: String, businessID: String, address: String, country: String, email: String, telephone: String? = nil,
        contact: String? = nil
    ) {
        self.name = name
        self.businessID = businessID
        self.address = address
        self.country = country
        self.email = email
        self.telephone = telephone
        self.contact = contact
    }
}

/// The published policy under which the data are held.
public struct Policy: Sendable {
    public var register: String
    public var name: String
    /// `YYYY-MM-DD`.
    public var date: String
    public var address: String?
    /// SHA-256 of the published text, lowercase hexadecimal.
    public var sha256: String?

    public init(register: String, name: String, date: String, address: String? = nil, sha256: String? = nil) {
        self.register = register
        self.name = name
        self.date = date
        self.address = address
        self.sha256 = sha256
    }
}

/// The supervisory authority to which a complaint goes (GDPR Article 77).
public struct Authority: Sendable {
    public var name: LocalizedText
    public var address: String
    public var url: String
    public var email: String?
    public var telephone: String?

    public init(
        name: LocalizedText, address: String, url: String, email: String? = nil, telephone: String? = nil
    ) {
        self.name = name
        self.address = address
        self.url = url
        self.email = email
        self.telephone = telephone
    }
}

/// Why something is not in the archive. Typed, so that "excluded on purpose" and "forgotten" can be told apart.
public enum Ground: String, Sendable, CaseIterable {
    /// Article 20(1): the legal basis is neither contract nor consent.
    case basis = "basis-not-portable"
    /// Article 20(1): neither provided by the subject nor observed.
    case origin = "origin-not-portable"
    /// Article 20(1)(b): not processed by automated means.
    case means = "not-automated"
    /// Processed for another controller, who answers for it (Article 28).
    case processor = "processor-role"
    /// Held as controller; the right covers only what is held for the customer.
    case controller = "controller-role"
    /// A password hash, token or key; its existence and dates are told.
    case secret = "secret"
    /// Rights and freedoms of others (Article 15(4), 20(4)).
    case others = "rights-of-others"
    /// No identifier of a kind by which the dataset is searched.
    case noIdentifier = "no-identifier"
    /// The subject asked for other categories only.
    case notRequested = "not-requested"
    /// Not personal data: technical or reference values.
    case notPersonal = "not-personal-data"
    /// The same value is in the archive elsewhere; the exclusion names where.
    case duplicate = "held-elsewhere"

    /// What the person reads.
    public var text: LocalizedText {
        switch self {
        case .basis:
            LocalizedText(
                fi: "Oikeus siirtää tiedot koskee vain sopimukseen tai suostumukseen perustuvaa käsittelyä",
                sv: "Rätten till dataportabilitet gäller endast behandling som grundar sig på avtal eller samtycke",
                en: "The right to data portability covers only processing based on contract or consent")
        case .origin:
            LocalizedText(
                fi: "Oikeus siirtää tiedot koskee vain tietoja, jotka olet itse toimittanut tai jotka ovat syntyneet "
                    + "käytöstäsi",
                sv: "Rätten till dataportabilitet gäller endast uppgifter som du själv har lämnat eller som har "
                    + "uppstått genom din användning",
                en: "The right to data portability covers only data that you provided or that your use produced")
        case .means:
            LocalizedText(
                fi: "Oikeus siirtää tiedot koskee vain automaattista käsittelyä",
                sv: "Rätten till dataportabilitet gäller endast automatiserad behandling",
                en: "The right to data portability covers only automated processing")
        case .processor:
            LocalizedText(
                fi: "Käsittelemme näitä tietoja toisen rekisterinpitäjän lukuun; pyydä ne häneltä. Oman asiakkuutesi "
                    + "tiedot saat pyytämällä koko tilin tiedot",
                sv: "Vi behandlar dessa uppgifter för en annan personuppgiftsansvarigs räkning; begär dem av denne. "
                    + "Uppgifter om ditt eget kundkonto får du genom att begära hela kontot",
                en: "We process these data on behalf of another controller; ask them for the data. For your own "
                    + "customer account, ask for the whole account")
        case .controller:
            LocalizedText(
                fi: "Tiedot kuuluvat omaan rekisteriimme, eivät asiakkaan lukuun käsiteltäviin tietoihin",
                sv: "Uppgifterna hör till vårt eget register och behandlas inte för kundens räkning",
                en: "The data belong to our own register and are not processed on the customer's behalf")
        case .secret:
            LocalizedText(
                fi: "Salasanoja, tunnisteita ja avaimia ei luovuteta turvallisuussyistä; niiden olemassaolo kerrotaan",
                sv: "Lösenord, koder och nycklar lämnas inte ut av säkerhetsskäl; att de finns anges",
                en: "Passwords, tokens and keys are not given out for security; that they exist is told")
        case .others:
            LocalizedText(
                fi: "Tietojen antaminen vaikuttaisi haitallisesti muiden oikeuksiin ja vapauksiin",
                sv: "Att lämna ut uppgifterna skulle inverka menligt på andras rättigheter och friheter",
                en: "Giving the data would adversely affect the rights and freedoms of others")
        case .noIdentifier:
            LocalizedText(
                fi: "Tietoja haetaan tunnisteella, jota ei voitu yhdistää yksin sinuun",
                sv: "Uppgifterna söks med en identifierare som inte kunde kopplas till enbart dig",
                en: "These data are searched by a kind of identifier that could not be tied to you alone")
        case .notRequested:
            LocalizedText(
                fi: "Et pyytänyt näitä tietoja", sv: "Du bad inte om dessa uppgifter",
                en: "You did not ask for these data")
        case .notPersonal:
            LocalizedText(
                fi: "Tieto on tekninen eikä koske henkilöä", sv: "Uppgiften är teknisk och rör ingen person",
                en: "The value is technical and does not relate to a person")
        case .duplicate:
            LocalizedText(
                fi: "Sama tieto on paketissa toisessa kohdassa",
                sv: "Samma uppgift finns på ett annat ställe i paketet",
                en: "The same value stands elsewhere in the archive")
        }
    }
}
