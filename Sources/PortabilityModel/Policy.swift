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
        /// A publicly accessible source, as a trade register (Article 14(2)(f)).
        case publicSource = "public-source"
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
    /// The purpose's term in the Data Privacy Vocabulary, a full IRI; nil if none fits.
    public var iri: String?
    /// Which legitimate interest is pursued, for a basis of Article 6(1)(f).
    public var interest: LocalizedText?

    public init(
        id: String, text: LocalizedText, basis: LegalBasis, isMarketing: Bool = false, iri: String? = nil,
        interest: LocalizedText? = nil
    ) {
        self.id = id
        self.text = text
        self.basis = basis
        self.isMarketing = isMarketing
        self.iri = iri
        self.interest = interest
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
    /// Why a mere category of recipients stands here instead of a name (C-154/21: only if the recipients cannot be
    /// identified, or the request is manifestly unfounded or excessive); nil for a recipient that is named.
    public var categoryGround: LocalizedText?

    public init(
        name: String, country: String, role: LocalizedText, transferTool: String? = nil, categories: [Category] = [],
        categoryGround: LocalizedText? = nil
    ) {
        self.name = name
        self.country = country
        self.role = role
        self.transferTool = transferTool
        self.categories = categories
        self.categoryGround = categoryGround
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
    public var contact: LocalizedText?

    public init(
        name: String, businessID: String, address: String, country: String, email: String, telephone: String? = nil,
        contact: LocalizedText? = nil
    ) {
        self.name = name
        self.businessID = businessID
        self.address = address
        self.country = country
        self.email = email
        self.telephone = telephone
        self.contact = contact
    }

    /// A controller whose contact is named alike in all languages.
    public init(
        name: String, businessID: String, address: String, country: String, email: String, telephone: String? = nil,
        contact: String
    ) {
        self.init(
            name: name, businessID: businessID, address: address, country: country, email: email,
            telephone: telephone, contact: LocalizedText(contact))
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
    /// ISO 3166-1 alpha-2: whose authority it is; nil if the configuration does not say.
    public var country: String?
    public var name: LocalizedText
    public var address: String
    public var url: String
    public var email: String?
    public var telephone: String?

    public init(
        country: String? = nil, name: LocalizedText, address: String, url: String, email: String? = nil,
        telephone: String? = nil
    ) {
        self.country = country
        self.name = name
        self.address = address
        self.url = url
        self.email = email
        self.telephone = telephone
    }
}

/// A class of users, as far as the law treats them differently.
public struct UserClass: Sendable {
    public var id: String
    public var label: LocalizedText
    /// Whether a user of this class is a party to the contract. An employee of a customer company is not, so that
    /// "performance of a contract with the data subject" is no basis for what is processed about them (Article 6(1)(b),
    /// 20(1)(a)); a sole trader is.
    public var isParty: Bool

    public init(id: String, label: LocalizedText, isParty: Bool) {
        self.id = id
        self.label = label
        self.isParty = isParty
    }
}

/// A decision made by automated means alone, profiling included (GDPR Article 15(1)(h), 22).
public struct AutomatedDecision: Sendable {
    public var id: String
    public var name: LocalizedText
    /// Meaningful information about the logic involved.
    public var logic: LocalizedText
    /// Significance and envisaged consequences for the person.
    public var consequences: LocalizedText
    /// Datasets that feed it or hold its results.
    public var datasets: [String]

    public init(
        id: String, name: LocalizedText, logic: LocalizedText, consequences: LocalizedText, datasets: [String] = []
    ) {
        self.id = id
        self.name = name
        self.logic = logic
        self.consequences = consequences
        self.datasets = datasets
    }
}

/// All automated decisions, or that there are none, with the day on which this was last looked at.
public struct AutomatedDecisions: Sendable {
    public var decisions: [AutomatedDecision]
    /// `YYYY-MM-DD`.
    public var reviewed: String

    public init(decisions: [AutomatedDecision], reviewed: String) {
        self.decisions = decisions
        self.reviewed = reviewed
    }
}
