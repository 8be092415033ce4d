/// What an import did.
public struct ImportSummary: Hashable, Sendable {
    /// Records that were not there before.
    public var added: Int64 = 0
    /// Records that were there with the same content.
    public var unchanged: Int64 = 0

    public init() {}
}
