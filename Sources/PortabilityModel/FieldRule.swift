/// What becomes of a field's value.
public enum FieldAction: String, Sendable, CaseIterable, Comparable {
    /// As it is.
    case keep
    /// A role label stands for the name of a member of staff.
    case label
    /// Readable in part: enough to recognise it, not enough to use it.
    case mask
    /// Left out.
    case withhold

    /// By how much is lost.
    public static func < (left: FieldAction, right: FieldAction) -> Bool { left.rank < right.rank }
    private var rank: Int {
        switch self {
        case .keep: 0
        case .label: 1
        case .mask: 2
        case .withhold: 3
        }
    }
}

/// A declared rule on fields of a dataset: what happens to them, on which ground, for whom.
public struct FieldRule: Hashable, Sendable {
    /// Which fields.
    public enum Target: Sendable, Hashable {
        /// One field or group, as a path with dots.
        case field(String)
        /// All fields that the catalogue marks as another person's.
        case others
        /// Whole records; the action is to withhold.
        case record
        /// Files that cannot be looked through (attachments): to keep them is to answer for what they show, because the
        /// organisation made them itself, or because somebody else's data cannot be in them.
        case documents
    }
    public var target: Target
    public var action: FieldAction
    public var ground: Ground
    /// Record classes that it holds for; empty means all.
    public var classes: [String]
    /// Rights that it holds for; empty means all.
    public var rights: [Right]

    public init(
        _ target: Target, _ action: FieldAction, ground: Ground = .others, classes: [String] = [], rights: [Right] = []
    ) {
        self.target = target
        self.action = action
        self.ground = ground
        self.classes = classes
        self.rights = rights
    }
}

/// A discriminator with a closed set of values, by which the records of a dataset fall into classes: private or company
/// counterparty, staff or user text. A value outside the set stops the export, unless there is a class for the rest.
public struct RecordClasses: Sendable {
    /// The discriminating field, as a path with dots through groups that are no lists.
    public var field: String
    /// Values and the class of each.
    public var values: [(value: String, name: String)]
    /// The class of records with another value or none; nil refuses them.
    public var otherwise: String?

    public init(field: String, values: [(value: String, name: String)], otherwise: String? = nil) {
        self.field = field
        self.values = values
        self.otherwise = otherwise
    }

    /// The classes in the order of their first value, the one for the rest last.
    public var names: [String] {
        var names: [String] = []
        for name in values.map(\.name) + (otherwise.map { [$0] } ?? []) where !names.contains(name) {
            names.append(name)
        }
        return names
    }
}

/// The special categories of GDPR Article 9(1), and the data of Article 10.
public enum SpecialCategory: String, Sendable, CaseIterable {
    case racialOrEthnicOrigin = "racial-or-ethnic-origin", politicalOpinions = "political-opinions"
    case religiousOrPhilosophicalBeliefs = "religious-or-philosophical-beliefs"
    case tradeUnionMembership = "trade-union-membership", genetic, biometric, health
    case sexLifeOrOrientation = "sex-life-or-orientation", criminalOffences = "criminal-offences"
}

/// A member of the organisation's staff, for whose name a role stands where names are not the person's to know.
public struct StaffMember: Sendable, CustomStringConvertible, CustomReflectable {
    public var id: String?
    public var name: String
    /// What stands for the name, with a number: `support agent`.
    public var role: String
    /// The role in languages in which it is told apart from `role`.
    public var roles: [Language: String]

    public init(id: String? = nil, name: String, role: String, roles: [Language: String] = [:]) {
        self.id = id
        self.name = name
        self.role = role
        self.roles = roles
    }

    /// A member by the columns of a list or look-up: `name`, `role` and, where there are any, `id`, `role_fi`,
    /// `role_sv`, `role_en`; nil without name or role.
    public init?(_ columns: [String: String]) {
        guard let name = columns["name"], let role = columns["role"] else { return nil }
        self.init(id: columns["id"], name: name, role: role)
        for language in Language.allCases { roles[language] = columns["role_\(language.rawValue)"] }
    }

    /// The member with the role that it has in a language.
    public func told(in language: Language) -> StaffMember {
        StaffMember(id: id, name: name, role: roles[language] ?? role)
    }

    public var description: String { "staff: (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
