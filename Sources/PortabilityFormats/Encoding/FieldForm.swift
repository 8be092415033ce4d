import PortabilityModel

/// How a value stands in JSON; the other formats follow it, so that all read back to the same JSON.
enum FieldForm: UInt8, Sendable {
    /// Between quotes.
    case text
    /// A number if it lies within ±2^53, else between quotes.
    case integer
    /// As it is: booleans and JSON.
    case raw
    /// Nested fields.
    case group

    /// The form of a field of a kind; nil is a group.
    init(_ kind: ValueKind?) {
        switch kind {
        case nil: self = .group
        case .integer: self = .integer
        case .boolean, .json: self = .raw
        default: self = .text
        }
    }
}

/// The types that an `other` field has after its way through a format.
enum OtherType: Sendable {
    case string, integer, boolean, json

    /// The type of a value: decimals, large integers, dates and scalars of JSON become text.
    @inline(__always)
    init(_ kind: TokenKind, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        switch kind.value {
        case .integer: self = isSafeInteger(bytes, range) ? .integer : .string
        case .boolean: self = .boolean
        case .json:
            let first = range.isEmpty ? 0 : bytes[range.lowerBound]
            self = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .json : .string
        default: self = .string
        }
    }

    /// The type of that name.
    init?(_ name: Span<UInt8>) {
        if equal(name, "string") {
            self = .string
        } else if equal(name, "integer") {
            self = .integer
        } else if equal(name, "boolean") {
            self = .boolean
        } else if equal(name, "json") {
            self = .json
        } else {
            return nil
        }
    }

    var name: StaticString {
        switch self {
        case .string: "string"
        case .integer: "integer"
        case .boolean: "boolean"
        case .json: "json"
        }
    }

    /// The kind of value that it is read back as.
    var kind: ValueKind {
        switch self {
        case .string: .string
        case .integer: .integer
        case .boolean: .boolean
        case .json: .json
        }
    }
}

/// True if a canonical integer lies within ±2^53, where every JSON reader keeps it exact (RFC 8259, 6).
@inline(__always)
func isSafeInteger(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.count <= 15 || isSafeLongInteger(bytes, range)
}

private func isSafeLongInteger(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = bytes[range.lowerBound] == UInt8(ascii: "-") ? range.lowerBound + 1 : range.lowerBound
    if range.upperBound - start != 16 { return range.upperBound - start < 16 }
    var number: UInt64 = 0
    for index in start..<range.upperBound { number = number &* 10 &+ UInt64(bytes[index] &- UInt8(ascii: "0")) }
    return number <= 1 << 53
}

/// True if the bytes are those of the ASCII literal.
func equal(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    bytes.count == text.utf8CodeUnitCount
        && text.withUTF8Buffer { literal in
            for index in literal.indices where bytes[index] != literal[index] { return false }
            return true
        }
}
