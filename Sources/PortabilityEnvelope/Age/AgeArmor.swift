public import PortabilityModel

/// The bytes inside ASCII armor (C2SP age.md, "ASCII armor"; RFC 7468, section 3, strict).
///
/// Every line but the last has 64 letters, so that any place can be found without reading what is before it.
public struct AgeArmor: EnvelopeBytes {
    private let source: any EnvelopeBytes
    /// Where the first line of base64 begins.
    private let start: Int64
    /// A line and its end: 65 bytes, or 66 if lines end as on Windows.
    private let stride: Int64
    private let feed: [UInt8]
    /// The letters in all lines, with their padding.
    private let letters: Int64
    public let size: Int64

    private static let begin = Array("-----BEGIN AGE ENCRYPTED FILE-----".utf8)
    private static let end = Array("-----END AGE ENCRYPTED FILE-----".utf8)
    private static let columns: Int64 = 64
    private static let blanks: Set<UInt8> = [9, 10, 13, 32]
    /// White space that may stand before and after.
    private static let margin = 1 << 10

    /// True if a file that begins so is in armor, or means to be.
    public static func isArmor(_ head: some Collection<UInt8>) -> Bool {
        head.drop { blanks.contains($0) }.starts(with: Array("-----BEGIN AGE".utf8))
    }

    /// Looks at the lines before and after the base64.
    ///
    /// - Throws: `verification` with ``AgePart/armor`` as the field; what the source throws.
    public init(_ source: any EnvelopeBytes) throws {
        self.source = source
        let head = try source.bytes(Self.margin + 128, at: 0)
        guard let first = head.firstIndex(where: { !Self.blanks.contains($0) }),
            head[first...].starts(with: Self.begin)
        else { throw Self.failure("it does not begin with the line that it should") }
        let afterBegin = first + Self.begin.count
        if head[afterBegin...].starts(with: [13, 10]) {
            feed = [13, 10]
        } else if head[afterBegin...].starts(with: [10]) {
            feed = [10]
        } else {
            throw Self.failure("its first line does not end as it should")
        }
        start = Int64(afterBegin + feed.count)
        stride = Self.columns + Int64(feed.count)

        let tailStart = max(0, source.size - Int64(Self.margin + 128))
        let tail = try source.bytes(Int(source.size - tailStart), at: tailStart)
        guard let last = tail.lastIndex(where: { !Self.blanks.contains($0) }) else {
            throw Self.failure("it does not end with the line that it should")
        }
        let endLine = tailStart + Int64(last + 1 - Self.end.count)
        guard endLine >= start, tail[...last].suffix(Self.end.count).elementsEqual(Self.end) else {
            throw Self.failure("it does not end with the line that it should")
        }
        // Between the two: full lines, and a last one of 1 to 64 letters.
        let area = endLine - start
        guard area > 0 else {
            letters = 0
            size = 0
            return
        }
        let rest = area % stride
        guard rest == 0 || rest > Int64(feed.count) else { throw Self.failure("its lines are not of 64 letters") }
        letters = area / stride * Self.columns + (rest == 0 ? 0 : rest - Int64(feed.count))
        guard letters % 4 == 0 else { throw Self.failure("its base64 is cut off") }
        let ending = try source.bytes(2 + feed.count, at: endLine - 2 - Int64(feed.count))
        size = letters / 4 * 3 - Int64(ending.prefix(2).count { $0 == UInt8(ascii: "=") })
    }

    public func read(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64
    ) throws(PortabilityError) -> Int {
        guard offset >= 0, offset < size, !buffer.isEmpty else { return 0 }
        let line = offset / 48
        let lines = Int64(min((buffer.count + 47) / 48 + 1, 2048))
        let isLast = (line + lines) * Self.columns >= letters
        let text: [UInt8]
        if isLast {
            let rest = letters % Self.columns
            let lastLine = rest == 0 ? stride : rest + Int64(feed.count)
            let end = start + (letters - 1) / Self.columns * stride + lastLine
            text = try source.bytes(Int(end - start - line * stride), at: start + line * stride)
        } else {
            text = try source.bytes(Int(lines * stride), at: start + line * stride)
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(Int(lines) * 48)
        var next = 0
        while next < text.count {
            let stop = min(next + Int(stride), text.count)
            let isFinal = isLast && stop == text.count
            guard stop - next > feed.count, text[(stop - feed.count)..<stop].elementsEqual(feed),
                let piece = Base64.decode(text[next..<(stop - feed.count)], padded: true),
                isFinal || piece.count == 48
            else { throw Self.failure("a line is not canonical base64") }
            plain += piece
            next = stop
        }
        return buffer.update(fromContentsOf: plain.dropFirst(Int(offset - line * 48)).prefix(buffer.count))
    }

    private static func failure(_ message: String) -> PortabilityError {
        AgePart.failure(AgePart.armor, "the armor is wrong: \(message)")
    }
}
