public import PortabilityModel

/// A part of an age file, as ``PortabilityError/Place/field`` names it.
public enum AgePart {
    /// The ASCII armor around the file.
    public static let armor = "armor"
    /// The textual header with its stanzas.
    public static let header = "header"
    /// The key of the file: no stanza was made for the keys at hand.
    public static let fileKey = "file key"
    /// The authentication of the header.
    public static let mac = "header MAC"
    /// The encrypted content.
    public static let payload = "payload"

    /// What a damaged or altered file is told with.
    public static func failure(_ part: String, _ message: String, line: Int64? = nil) -> PortabilityError {
        PortabilityError(
            .verification, "the encrypted file is damaged or was altered: \(message)",
            remedy: "Get the file again from where it came from", at: .init(line: line, field: part))
    }
}

/// One way to the key of the file: for one recipient, or for a passphrase (age v1, "Recipient stanza").
public struct AgeStanza: Sendable, Hashable {
    /// The first says what kind it is; each has one or more visible ASCII letters.
    public var arguments: [String]
    public var body: [UInt8]

    public init(_ arguments: [String], body: [UInt8]) {
        self.arguments = arguments
        self.body = body
    }

    /// What kind it is.
    public var kind: String { arguments.first ?? "" }
}

/// The textual header of a file in the age v1 format (C2SP age.md, "Header").
///
/// Reads what the format's grammar allows, and nothing else. Nothing is decrypted or authenticated here.
public struct AgeHeader: Sendable, Hashable {
    public var stanzas: [AgeStanza]
    /// HMAC-SHA-256 of ``authenticated``, 32 bytes.
    public var mac: [UInt8]
    /// The bytes that the MAC is made of: everything up to the `---` of the last line.
    public let authenticated: [UInt8]
    /// How many bytes the header has.
    public let length: Int

    /// The longest header that is read: enough for some ten thousand recipients.
    public static let longest = 1 << 20
    private static let columns = 64

    /// Where the header ends in bytes that begin with one: after the first line that begins with `---`. nil if there is
    /// no such line yet.
    public static func end(in bytes: [UInt8]) -> Int? {
        var start = 0
        while let feed = bytes[start...].firstIndex(of: 10) {
            if bytes[start..<feed].starts(with: mark) { return feed + 1 }
            start = feed + 1
        }
        return nil
    }

    /// Reads a header; what follows it is not looked at.
    ///
    /// - Throws: `verification` with the line, and ``AgePart/header`` as the field; `unsupported` for another version of
    ///   the format.
    public init(parsing bytes: [UInt8]) throws {
        var lines = Lines(bytes)
        let version = try lines.next()
        guard version.starts(with: Array("age-encryption.org/".utf8)) else {
            throw lines.failure("it does not begin as an age file")
        }
        guard version.elementsEqual(EncryptedFile.ageVersionLine.dropLast()) else {
            guard version.allSatisfy({ (33...126).contains($0) }) else { throw lines.failure("its version is no word") }
            throw PortabilityError(
                .unsupported, "the file is encrypted in another version of the age format than v1",
                remedy: "Decrypt it with a newer version of age first", at: .init(line: 1, field: AgePart.header))
        }
        var stanzas: [AgeStanza] = []
        var line = try lines.next()
        while line.starts(with: Array("-> ".utf8)) {
            let arguments = line.dropFirst(3).split(separator: 32, omittingEmptySubsequences: false)
            guard arguments.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (33...126).contains($0) } }) else {
                throw lines.failure("an argument of a stanza is empty or not of visible ASCII letters")
            }
            var body: [UInt8] = []
            while true {
                let text = try lines.next()
                // A full line is whole groups of four letters, so that each line is canonical on its own.
                guard text.count <= Self.columns, let piece = Base64.decode(text) else {
                    throw lines.failure("a line of a stanza's body is not canonical base64 of at most 64 letters")
                }
                body += piece
                if text.count < Self.columns { break }
            }
            stanzas.append(AgeStanza(arguments.map { String(decoding: $0, as: UTF8.self) }, body: body))
            line = try lines.next()
        }
        guard line.starts(with: Self.mark + [32]), let mac = Base64.decode(line.dropFirst(4)), mac.count == 32 else {
            throw lines.failure("a line is neither a stanza nor the header's MAC")
        }
        guard !stanzas.isEmpty else { throw lines.failure("the header has no stanza") }
        self.stanzas = stanzas
        self.mac = mac
        length = lines.position
        authenticated = Array(bytes[..<(line.startIndex + 3)])
    }

    /// Makes a header whose MAC is still to be filled in.
    public init(stanzas: [AgeStanza]) {
        var text = EncryptedFile.ageVersionLine
        for stanza in stanzas {
            text += Array("-> \(stanza.arguments.joined(separator: " "))\n".utf8)
            let body = Base64.encode(stanza.body)
            var start = 0
            // The last line is shorter than a full one, and may be empty.
            while start <= body.count {
                text += body[start..<min(start + Self.columns, body.count)] + [10]
                start += Self.columns
            }
        }
        authenticated = text + Self.mark
        self.stanzas = stanzas
        mac = []
        length = authenticated.count + 45
    }

    /// The header as it stands in the file.
    public var text: [UInt8] { authenticated + [32] + Base64.encode(mac) + [10] }

    private static let mark = Array("---".utf8)

    /// Bytes line by line, each without its line feed.
    private struct Lines {
        let bytes: [UInt8]
        var position = 0
        var number: Int64 = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func next() throws -> ArraySlice<UInt8> {
            number += 1
            guard let feed = bytes[position...].firstIndex(of: 10) else {
                throw failure("the header has no end")
            }
            defer { position = feed + 1 }
            return bytes[position..<feed]
        }

        func failure(_ message: String) -> PortabilityError {
            AgePart.failure(AgePart.header, message, line: number)
        }
    }
}
