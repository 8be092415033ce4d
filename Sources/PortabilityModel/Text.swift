/// The languages in which people are addressed.
public enum Language: String, Sendable, CaseIterable, Codable {
    case fi, sv, en
}

/// A text in Finnish, Swedish and English.
public struct LocalizedText: Hashable, Sendable {
    public var fi: String
    public var sv: String
    public var en: String

    /// A text in the three languages.
    public init(fi: String, sv: String, en: String) {
        self.fi = fi
        self.sv = sv
        self.en = en
    }

    /// A text that is the same in all languages, such as a name.
    public init(_ text: String) { self.init(fi: text, sv: text, en: text) }

    /// The text in one language.
    public subscript(language: Language) -> String {
        switch language {
        case .fi: fi
        case .sv: sv
        case .en: en
        }
    }
}

extension [UInt8] {
    /// Appends the bytes of a span in one copy.
    @inlinable
    public mutating func append(_ span: Span<UInt8>) {
        span.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
