/// Something that moves the clock of GDPR Article 12(3), as the request records it.
public struct ClockEvent: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The controller asked who the requester is (Article 12(6)).
        case identityAsked = "identity-asked"
        /// The person answered that.
        case identityReceived = "identity-received"
        /// The controller asked what the request is about (recital 63).
        case clarificationAsked = "clarification-asked"
        /// The person answered that.
        case clarificationReceived = "clarification-received"
        /// The person was told of the extension and its reasons (Article 12(3), third sentence).
        case extensionNotified = "extension-notified"
    }

    /// What a controller may ask the person, and whose answer it may wait for.
    public enum Query: String, Sendable, CaseIterable {
        case identity, clarification
    }

    public var kind: Kind
    public var at: Moment
    /// Of a query: whether it was declared necessary. An identity query is, if there were reasonable doubts about who
    /// asks (Article 12(6)); a clarification query, if the controller processes a large quantity of information on
    /// the person (recital 63). Only then does the clock stop.
    public var isNecessary: Bool

    public init(_ kind: Kind, at moment: Moment, isNecessary: Bool = false) {
        self.kind = kind
        at = moment
        self.isNecessary = isNecessary
    }
}

extension ClockEvent.Kind {
    /// The query that it asks or answers; nil for the extension.
    var query: ClockEvent.Query? {
        switch self {
        case .identityAsked, .identityReceived: .identity
        case .clarificationAsked, .clarificationReceived: .clarification
        case .extensionNotified: nil
        }
    }
}
