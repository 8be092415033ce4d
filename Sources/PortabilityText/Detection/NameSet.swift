/// A set of names to look for in texts: staff, or the other party of an invoice. Built once, shared.
public struct NameSet: Sendable {
    public init(_ names: [String]) {}

    public var isEmpty: Bool { true }
}
