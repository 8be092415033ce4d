import PortabilityModel

/// Who may sign: a file as `ssh-keygen -Y verify -f` reads it (ssh-keygen(1), "ALLOWED SIGNERS").
///
/// Every line must be right: one that cannot be read is an error with its number, since what it was to allow or forbid is
/// not known.
public struct AllowedSigners: Sendable {
    /// One line.
    public struct Entry: Sendable, Hashable {
        /// Who signs with the key.
        public var principals: PatternList
        public var key: SSHPublicKey
        /// For what the key may sign; nil: for everything.
        public var namespaces: PatternList?
        /// From when on, and until when (both included), seconds since 1970; nil: always.
        public var validAfter: Int64?
        public var validBefore: Int64?
        /// The 1-based number of the line.
        public var line: Int64
    }

    /// Why no entry allows a signature.
    public enum Refusal: Error, Sendable, Hashable {
        /// The key is in no entry.
        case unknownKey
        /// The key is not that of the signer who was asked for.
        case otherSigner
        /// The key may sign, but not for this.
        case otherNamespace
        /// Before the key's first day.
        case notYetValid
        /// After the key's last day.
        case expired
    }

    /// In the file's order.
    public let entries: [Entry]

    /// Reads the content of a file.
    ///
    /// - Parameter seconds: when a time is; the system's local time zone by default.
    /// - Throws: `malformed` with the line, `limit`; `unsupported` for certificate authorities.
    public init(parsing text: [UInt8], seconds: (SignerTime) -> Int64 = { $0.unixSeconds }) throws {
        guard text.count <= 4 << 20 else {
            throw PortabilityError(
                .limit, "the file of allowed signers is larger than 4 MiB",
                remedy: "Keep the signers in it that may sign archives")
        }
        var entries: [Entry] = []
        var number: Int64 = 0
        for line in text.split(separator: 10, omittingEmptySubsequences: false) {
            number += 1
            do {
                var reader = LineReader(line: line.last == 13 ? line.dropLast() : line)
                if let entry = try reader.entry(number: number, seconds: seconds) { entries.append(entry) }
            } catch let error as PortabilityError {
                var error = error.within(.init(line: number))
                // A byte within a key helps nobody; the line does.
                error.place.byte = nil
                throw error
            }
        }
        self.entries = entries
    }

    /// The entry that allows a signature by `key`.
    ///
    /// - Parameters:
    ///   - namespace: what the signature is for.
    ///   - time: seconds since 1970 at which the key must be valid.
    ///   - signer: who must have signed; nil: anyone in the file.
    /// - Throws: ``Refusal``: of the entries with the key, the reason of the one that came closest.
    public func entry(
        for key: SSHPublicKey, namespace: String, at time: Int64, signer: String?
    ) throws(Refusal) -> Entry {
        var refusals: [Refusal] = []
        for entry in entries where entry.key.blob == key.blob {
            if let signer, !entry.principals.matches(signer) {
                refusals.append(.otherSigner)
            } else if let namespaces = entry.namespaces, !namespaces.matches(namespace) {
                refusals.append(.otherNamespace)
            } else if let after = entry.validAfter, time < after {
                refusals.append(.notYetValid)
            } else if let before = entry.validBefore, time > before {
                refusals.append(.expired)
            } else {
                return entry
            }
        }
        let closest: [Refusal] = [.expired, .notYetValid, .otherNamespace, .otherSigner]
        throw closest.first(where: refusals.contains) ?? .unknownKey
    }
}

/// One line of the file, word by word.
private struct LineReader {
    var line: ArraySlice<UInt8>

    private static func wrong(_ message: String, remedy: String) -> PortabilityError {
        PortabilityError(.malformed, message, remedy: remedy)
    }

    /// nil for an empty line and for a comment.
    mutating func entry(number: Int64, seconds: (SignerTime) -> Int64) throws -> AllowedSigners.Entry? {
        skipSpace()
        guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
        guard String(validating: line, as: UTF8.self) != nil, !line.contains(where: { $0 < 0x20 && $0 != 9 }) else {
            throw Self.wrong("the line is not plain text in UTF-8", remedy: "Write it anew")
        }
        let principals = try word()
        guard !principals.isEmpty, !principals.split(separator: ",", omittingEmptySubsequences: false).contains("")
        else {
            throw Self.wrong(
                "the line does not begin with who signs", remedy: "Begin it with an address such as name@example.org")
        }
        guard !SSHPublicKey.isKnown(principals) else {
            throw Self.wrong(
                "the line begins with a key, and does not say whose", remedy: "Put who signs before it")
        }
        var entry = AllowedSigners.Entry(
            principals: PatternList(principals), key: SSHPublicKey(ed25519: [UInt8](repeating: 0, count: 32)),
            line: number)
        skipSpace()
        if !SSHPublicKey.isKnown(String(decoding: line.prefix { !Self.isSpace($0) }, as: UTF8.self)) {
            try options(into: &entry, seconds: seconds)
            skipSpace()
        }
        let algorithm = line.prefix { !Self.isSpace($0) }
        line = line[algorithm.endIndex...]
        skipSpace()
        let base64 = line.prefix { !Self.isSpace($0) }
        guard SSHPublicKey.isKnown(String(decoding: algorithm, as: UTF8.self)) else {
            throw Self.wrong(
                "there is no key where one must be", remedy: "Write: signer, options if any, ssh-ed25519, base 64")
        }
        entry.key = try SSHPublicKey(algorithm: algorithm, base64: base64)
        return entry
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 }

    private mutating func skipSpace() { line = line.drop(while: Self.isSpace) }

    /// A word, which may be in quotes.
    private mutating func word() throws -> String {
        guard line.first == UInt8(ascii: "\"") else {
            let word = line.prefix { !Self.isSpace($0) }
            guard !word.contains(UInt8(ascii: "\"")) else {
                throw Self.wrong("there is a quotation mark within a name", remedy: "Put the whole name in quotes")
            }
            line = line[word.endIndex...]
            return String(decoding: word, as: UTF8.self)
        }
        return try quoted()
    }

    /// A text in quotes; `\"` stands for a quotation mark.
    private mutating func quoted() throws -> String {
        line = line.dropFirst()
        var text: [UInt8] = []
        while let byte = line.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), line.first == UInt8(ascii: "\"") {
                text.append(UInt8(ascii: "\""))
                line = line.dropFirst()
            } else {
                text.append(byte)
            }
        }
        throw Self.wrong("a quotation mark is not closed", remedy: "Close it on the same line")
    }

    /// Names with or without values, commas between them, up to the next space.
    private mutating func options(
        into entry: inout AllowedSigners.Entry, seconds: (SignerTime) -> Int64
    ) throws {
        var seen: Set<String> = []
        repeat {
            let name = line.prefix {
                0x61...0x7A ~= $0 | 0x20 || $0 == UInt8(ascii: "-")
            }
            line = line[name.endIndex...]
            let option = String(decoding: name, as: UTF8.self).lowercased()
            var value: String?
            if line.first == UInt8(ascii: "=") {
                line = line.dropFirst()
                // Times are often written without quotes, and ssh-keygen takes neither that nor spaces around.
                guard line.first == UInt8(ascii: "\"") else {
                    throw Self.wrong(
                        "the value of an option is not in quotes",
                        remedy: "Write for example namespaces=\"portability\"")
                }
                value = try quoted()
            }
            try set(option, value, in: &entry, seconds: seconds)
            guard seen.insert(option).inserted else {
                throw Self.wrong("the option \(option) is there twice", remedy: "Leave one out")
            }
            guard let next = line.first, !Self.isSpace(next) else { break }
            guard next == UInt8(ascii: ",") else {
                throw Self.wrong(
                    "an option is followed by something other than a comma or a space",
                    remedy: "Put a comma between options")
            }
            line = line.dropFirst()
        } while true
        if let after = entry.validAfter, let before = entry.validBefore, after >= before {
            throw Self.wrong("valid-before is not later than valid-after", remedy: "Mend one of them")
        }
    }

    private func set(
        _ option: String, _ value: String?, in entry: inout AllowedSigners.Entry, seconds: (SignerTime) -> Int64
    ) throws {
        func time() throws -> Int64 {
            guard let time = value.flatMap({ SignerTime($0) }) else {
                throw Self.wrong(
                    "the time of \(option) is none",
                    remedy: "Write it as YYYYMMDD or YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z for UTC")
            }
            return seconds(time)
        }
        switch option {
        case "namespaces":
            guard let value, !value.isEmpty else {
                throw Self.wrong("namespaces names none", remedy: "Write namespaces=\"portability\"")
            }
            entry.namespaces = PatternList(value)
        case "valid-after": entry.validAfter = try time()
        case "valid-before": entry.validBefore = try time()
        case "cert-authority":
            throw PortabilityError(
                .unsupported, "certificate authorities are not supported",
                remedy: "Put the signer's own key into a file of its own")
        default:
            throw Self.wrong(
                "there is neither a key nor a known option after who signs",
                remedy: "Known options: namespaces, valid-after, valid-before")
        }
    }
}
