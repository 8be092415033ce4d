import PortabilityModel
import PortabilityText

/// The only texts that receipts and journals may hold besides numbers and what the configuration says.
///
/// Neither has a field for free text, so that no name, address or remark of a person can slip into what is kept longest.
/// Callers can ask here early, before anything is exported, whether a text will do.
public enum EvidenceText {
    /// An id of a request or of a controller's instruction: letters, digits, point, `_` and `-`, 1 to 64, the first no
    /// point or `-`; and no Finnish personal identity code, which would fit the pattern.
    public static func isID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...64).contains(bytes.count), bytes[0] != UInt8(ascii: "."), bytes[0] != UInt8(ascii: "-") else {
            return false
        }
        return bytes.allSatisfy { isLetterOrDigit($0) || isOne($0, of: "._-") } && !holdsIdentityCode(bytes)
    }

    /// A role, an identity method or another short word: `[a-z0-9-]{1,40}`, and no personal identity code.
    public static func isWord(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...40).contains(bytes.count) else { return false }
        return bytes.allSatisfy { isLetterOrDigit($0) && !isUpper($0) || isOne($0, of: "-") }
            && !holdsIdentityCode(bytes)
    }

    /// SHA-256 or HMAC-SHA-256 as 64 lowercase hexadecimal digits.
    public static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { isDigit($0) || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "f")) }
    }

    /// The fingerprint of a key: `SHA256:` and 43 characters of base 64.
    public static func isFingerprint(_ text: String) -> Bool {
        let characters = text.utf8.dropFirst("SHA256:".utf8.count)
        return text.hasPrefix("SHA256:") && characters.count == 43
            && characters.allSatisfy { byte in
                let letter = byte | 0x20
                return isDigit(byte) || letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
                    || "+/".utf8.contains(byte)
            }
    }

    /// The article on which a refusal rests: `12(5)(b)`, `15(4)`, `34`.
    public static func isArticle(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        let number = bytes.prefix { isDigit($0) }
        guard (1...3).contains(number.count), text.utf8.count <= 24 else { return false }
        bytes = bytes.dropFirst(number.count)
        while !bytes.isEmpty {
            guard bytes.first == UInt8(ascii: "("), let end = bytes.firstIndex(of: UInt8(ascii: ")")) else {
                return false
            }
            let inside = bytes[(bytes.startIndex + 1)..<end]
            guard (1...3).contains(inside.count), inside.allSatisfy({ isLetterOrDigit($0) && !isUpper($0) }) else {
                return false
            }
            bytes = bytes[(end + 1)...]
        }
        return true
    }

    /// A path of a catalogue field: names joined by points, `[]` and `@` where a list or an attribute is meant.
    static func isFieldPath(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count)
            && text.utf8.allSatisfy { isLetterOrDigit($0) || isOne($0, of: "._-[]@*#:") }
    }

    /// A date or RFC 3339 time in canonical spelling; nil if it is neither.
    public static func moment(_ text: String) -> String? { date(text) ?? time(text) }

    /// Whether a date or time lies more than a day after a moment: a day, because a date has no time zone.
    ///
    /// - Parameter now: seconds since 1970-01-01T00:00:00Z.
    public static func isAhead(_ text: String, of now: Int64) -> Bool {
        Instant(text).map { $0.seconds - now > 86_400 } ?? false
    }

    static func date(_ text: String) -> String? { canonical(.date, text) }
    static func time(_ text: String) -> String? { canonical(.timestamp, text) }

    private static func canonical(_ kind: ValueKind, _ text: String) -> String? {
        guard text.utf8.count < 64 else { return nil }
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        return Canonical.append(kind, from: bytes.span, into: &out) ? String(decoding: out, as: UTF8.self) : nil
    }

    /// Whether eleven characters of the text are a personal identity code: six digits, the sign of the century (those in
    /// use since 2023 included), three digits and the right check character (Act 661/2009, section 11; Decree 690/2022).
    private static func holdsIdentityCode(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 11 else { return false }
        let check = Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)
        return (0...(bytes.count - 11)).contains { start in
            let code = bytes[start..<(start + 11)].map { isLower($0) ? $0 - 32 : $0 }
            let digits = code[0..<6] + code[7..<10]
            guard digits.allSatisfy(isDigit), isOne(code[6], of: "+-ABCDEFYXWVU") else { return false }
            return check[digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } % 31] == code[10]
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isDigit(byte) || isLower(byte) || isUpper(byte) }
    private static func isOne(_ byte: UInt8, of set: StaticString) -> Bool {
        set.withUTF8Buffer { $0.contains(byte) }
    }
}

/// Refuses a text with the name of its field, never with the text.
func require(_ holds: Bool, _ field: String, _ expected: String) throws {
    guard !holds else { return }
    throw PortabilityError(
        .refused, "a receipt or journal cannot hold what the field has", remedy: "It takes \(expected)",
        at: .init(field: field))
}

/// The digest of bytes at hand.
func sha256(_ bytes: [UInt8], _ digest: DigestFactory) -> String {
    var state = digest()
    state.update(bytes.span)
    return hexadecimal(state.value())
}
