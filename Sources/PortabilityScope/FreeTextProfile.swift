public import PortabilityModel
public import PortabilityText

/// The organisation's staff: names that become role labels where they are not the person's to know.
public struct StaffList: Sendable {
    /// Members named in a file.
    public var members: [StaffMember]
    /// Whether sources are asked for more (``LookUp/staff``).
    public var asksSources: Bool

    public init(members: [StaffMember], asksSources: Bool) {
        self.members = members
        self.asksSources = asksSources
    }
}

/// What becomes of identifiers of other people in free text (Article 15(4), 20(4)), by right.
public struct FreeTextProfile: Sendable {
    /// What a hit does.
    public enum Action: String, Sendable, CaseIterable {
        /// It stays, and is counted.
        case keep
        /// It becomes a mask that can be read but not used.
        case mask
        /// It stops the export until somebody has looked at it.
        case review
    }

    /// By right, then by kind of hit. What is not said follows ``fallback(_:_:)``.
    public var actions: [Right: [DetectedKind: Action]] = [:]

    public init(actions: [Right: [DetectedKind: Action]] = [:]) { self.actions = actions }

    /// What a hit does if the configuration does not say: masked for a person, kept for a controller, whose data it is.
    public static func fallback(_ right: Right, _ kind: DetectedKind) -> Action {
        switch right {
        case .access, .portability: .mask
        case .switching, .handover: .keep
        }
    }

    public subscript(right: Right, kind: DetectedKind) -> Action {
        actions[right]?[kind] ?? Self.fallback(right, kind)
    }
}
