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

    /// By right, then by kind of hit; what is not said follows ``subscript(_:_:)``.
    public var actions: [Right: [DetectedKind: Action]]

    public init(actions: [Right: [DetectedKind: Action]] = [:]) { self.actions = actions }

    /// What a hit does. If the configuration does not say: masked for a person, kept for a customer or controller, whose
    /// data it is.
    public subscript(right: Right, kind: DetectedKind) -> Action {
        if let action = actions[right]?[kind] { return action }
        switch right {
        case .access, .portability: return .mask
        case .switching, .handover: return .keep
        }
    }

    /// Whether anything may be hidden or stop the export, so that a file that cannot be looked through stays out.
    public func hides(_ right: Right) -> Bool {
        switch right {
        case .access, .portability: true
        case .switching, .handover: DetectedKind.allCases.contains { self[right, $0] != .keep }
        }
    }

    /// Whether free text is looked through at all: always for a person; for a customer or controller only if the
    /// configuration says what becomes of hits.
    public func scans(_ right: Right) -> Bool {
        switch right {
        case .access, .portability: true
        case .switching, .handover: !(actions[right] ?? [:]).isEmpty
        }
    }
}
