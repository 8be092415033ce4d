import Glibc
import PortabilityModel
import PortabilityText

/// What a decoder found wrong in a record, and at which byte of the record's own bytes.
struct DecodingFault: Error {
    var message: StaticString
    var offset: Int
    var code = PortabilityError.Code.malformed

    /// The error for a record that begins at a line and byte of the file.
    ///
    /// - Parameters:
    ///   - line: the 1-based line of the fault.
    ///   - start: the byte at which the record begins.
    func error(line: Int64, start: Int64) -> PortabilityError {
        PortabilityError(
            code, "\(message)",
            remedy: "The file is damaged or was changed after it was written; use an intact copy",
            at: .init(line: line, byte: start + Int64(offset)))
    }
}

/// The bytes of one record that a decoder holds at most: values of the batch's limit, with every byte escaped.
func encodedLimit(_ limits: BatchLimits) -> Int { limits.recordBytes.multipliedReportingOverflow(by: 6).0 + 1 << 20 }

/// Checks values on their way back onto the tape.
struct ValueReader: ~Copyable {
    var tokenizer = JSONTokenizer()
    private var canonical: [UInt8] = []

    /// True if the text is the canonical spelling of a value of the kind.
    mutating func isCanonical(_ kind: ValueKind, _ text: Span<UInt8>) -> Bool {
        if text.isEmpty { return false }
        switch kind {
        case .string, .reference: return true
        case .boolean: return equal(text, "true") || equal(text, "false")
        case .json:
            canonical.removeAll(keepingCapacity: true)
            guard tokenizer.tokenize(text) == nil else { return false }
            return tokenizer.appendCanonical(0, in: text, into: &canonical) == 0 && equal(canonical.span, text)
        default:
            canonical.removeAll(keepingCapacity: true)
            return Canonical.append(kind, from: text, into: &canonical) && equal(canonical.span, text)
        }
    }

    /// True if the text can be an `other` value of the type.
    mutating func isCanonical(_ type: OtherType, _ text: Span<UInt8>) -> Bool {
        guard isCanonical(type.kind, text) else { return false }
        switch type {
        case .string, .boolean: return true
        case .integer: return isSafeInteger(text, 0..<text.count)
        case .json: return text[0] == UInt8(ascii: "{") || text[0] == UInt8(ascii: "[")
        }
    }

    /// Appends the text of the inside of a JSON string; false if it is none.
    mutating func appendUnescaped(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        quoted.append(text)
        quoted.append(UInt8(ascii: "\""))
        guard tokenizer.tokenize(quoted.span) == nil, tokenizer.count == 1, tokenizer[0].kind == .string else {
            return false
        }
        return tokenizer.appendValue(of: tokenizer[0], in: quoted.span, into: &out) == 0
    }
}

func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    if left.count != right.count { return false }
    return left.withUnsafeBytes { left in right.withUnsafeBytes { isEqual(left, $0) } }
}

func equal(_ left: Span<UInt8>, _ right: [UInt8]) -> Bool {
    if left.count != right.count { return false }
    return left.withUnsafeBytes { left in right.withUnsafeBytes { isEqual(left, $0) } }
}

private func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard let left = left.baseAddress, let other = right.baseAddress else { return true }
    return memcmp(left, other, right.count) == 0
}

/// True if the left name stands before the right one in the order of bytes.
func precedes(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { left.lexicographicallyPrecedes($0) }
    }
}

/// Bytes that were fed and not yet read, and where they stand in the file.
struct PendingBytes {
    private(set) var bytes: [UInt8] = []
    /// Where the next record begins.
    private(set) var start = 0
    /// Up to where the next record's end was sought, and how many LFs were found from `start` to there.
    private var sought = 0
    private var lineEnds: Int64 = 0
    /// The 1-based line at `start`.
    private(set) var line: Int64 = 1
    private var dropped: Int64 = 0

    /// Byte of the file at `start`.
    var position: Int64 { dropped + Int64(start) }
    var isEmpty: Bool { start == bytes.count }
    /// Bytes from `start` on.
    var count: Int { bytes.count - start }

    mutating func append(_ piece: Span<UInt8>) {
        if start > 0 {
            dropped += Int64(start)
            bytes.removeSubrange(0..<start)
            sought -= start
            start = 0
        }
        bytes.append(piece)
    }

    /// The bytes up to and with the next LF at which `isEnd` holds, nil if it is not here yet.
    ///
    /// - Parameter isEnd: told the index of a LF in ``bytes``.
    mutating func nextLine(where isEnd: (borrowing Span<UInt8>, Int) -> Bool) -> Range<Int>? {
        // A span of the property itself would keep all of self from being changed.
        let bytes = bytes
        let span = bytes.span
        while let end = Self.lineEnd(span, from: sought) {
            sought = end + 1
            lineEnds += 1
            if isEnd(span, end) { return start..<sought }
        }
        sought = bytes.count
        return nil
    }

    /// Goes on behind a range that ``nextLine(where:)`` gave.
    mutating func consume(_ range: Range<Int>) {
        line += lineEnds
        lineEnds = 0
        start = range.upperBound
    }

    /// Index of the first LF from an index on.
    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// The error for a fault in the record that begins at `start`.
    func error(_ fault: DecodingFault) -> PortabilityError {
        let end = min(start + fault.offset, bytes.count)
        let before = bytes[start..<end].count { $0 == UInt8(ascii: "\n") }
        return fault.error(line: line + Int64(before), start: position)
    }
}
