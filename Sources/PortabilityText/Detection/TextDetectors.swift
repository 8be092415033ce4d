/// Finds identifiers of people in free text.
public struct TextDetectors: Sendable {
    public init(kinds: Set<DetectedKind> = Set(DetectedKind.allCases), names: [NameSet] = []) {}

    /// Appends what is found in `text`: hits that do not overlap, in ascending order.
    public func scan(_ text: Span<UInt8>, into hits: inout [Detection]) {}
}
