public import PortabilityModel
import PortabilityText

/// A request of a person (or of a customer, or of a controller), with what must be recorded before data go out.
public struct ExportRequest: Sendable {
    /// How and by whom it was checked that the requester is who they say (GDPR Article 12(6)).
    public struct IdentityCheck: Sendable {
        public enum Method: String, Sendable, CaseIterable {
            case session, knownEmail = "known-email", strongAuthentication = "strong-authentication"
            case inPerson = "in-person", alreadyKnown = "already-known"
        }
        public var method: Method
        public var level: String?
        /// RFC 3339.
        public var at: String?
        /// The role that checked, not a name.
        public var by: String?

        public init(method: Method, level: String? = nil, at: String? = nil, by: String? = nil) {
            self.method = method
            self.level = level
            self.at = at
            self.by = by
        }
    }

    /// A document kept as evidence: what it is, and its digest; never its content.
    public struct Evidence: Sendable {
        /// What it is, as `power-of-attorney`; `[a-z0-9-]`, no personal data.
        public var document: String
        /// SHA-256 of the document, lowercase hexadecimal.
        public var sha256: String?

        public init(document: String, sha256: String? = nil) {
            self.document = document
            self.sha256 = sha256
        }
    }

    /// Somebody who asks for the subject.
    public struct Requester: Sendable {
        public enum Relation: String, Sendable, CaseIterable {
            case guardian, attorney, estate, controller, other
        }
        public var relation: Relation
        public var evidence: Evidence?

        public init(relation: Relation, evidence: Evidence? = nil) {
            self.relation = relation
            self.evidence = evidence
        }
    }

    /// A signature, kept as evidence; never a condition (GDPR sets no form for requests).
    public struct Signature: Sendable {
        public var form: String
        public var received: String?
        public var evidence: Evidence?

        public init(form: String, received: String? = nil, evidence: Evidence? = nil) {
            self.form = form
            self.received = received
            self.evidence = evidence
        }
    }

    /// To whom the archive goes.
    public struct Delivery: Sendable {
        public enum Receiver: String, Sendable, CaseIterable {
            case subject, requester, service, controller
        }
        public var to: Receiver
        /// The other service's or controller's name, for direct transmission (Article 20(2)).
        public var name: String?
        public var channel: Channel

        public init(to: Receiver, name: String? = nil, channel: Channel) {
            self.to = to
            self.name = name
            self.channel = channel
        }
    }

    /// The days, both included, from which records are wanted.
    public struct Period: Sendable {
        /// `YYYY-MM-DD`; nil: from the beginning.
        public var from: String?
        /// `YYYY-MM-DD`; nil: until now.
        public var to: String?

        public init(from: String? = nil, to: String? = nil) {
            self.from = from
            self.to = to
        }
    }

    /// Something that moves the clock of Article 12(3).
    public struct Event: Sendable {
        public enum Kind: String, Sendable, CaseIterable {
            case identityAsked = "identity-asked", identityReceived = "identity-received"
            case clarificationAsked = "clarification-asked", clarificationReceived = "clarification-received"
            case extensionNotified = "extension-notified"
        }
        public var kind: Kind
        /// RFC 3339, or a date.
        public var at: String
        /// Whether asking was necessary; only then the clock pauses.
        public var isNecessary: Bool
        /// Why the period was extended: complexity or number of requests.
        public var reason: ExtensionReason?

        public enum ExtensionReason: String, Sendable, CaseIterable { case complexity, number }

        public init(kind: Kind, at: String, isNecessary: Bool = false, reason: ExtensionReason? = nil) {
            self.kind = kind
            self.at = at
            self.isNecessary = isNecessary
            self.reason = reason
        }
    }

    public enum Channel: String, Sendable, CaseIterable {
        case email, letter, web, phone, inPerson = "in-person", other
    }

    /// Decimal sign, delimiter and byte order mark of the CSV files.
    public enum CSVDialectName: String, Sendable, CaseIterable {
        case excel, service
    }

    /// `[A-Za-z0-9._-]`, 1 to 64; holds no personal data, because it stands in file names, logs and receipts.
    public var id: String
    public var right: Right
    /// RFC 3339 or a date.
    public var received: String
    public var channel: Channel
    public var language: Language
    public var identifiers: [Identifier]
    public var identityCheck: IdentityCheck?
    public var signature: Signature?
    public var formats: [Format]
    /// Empty means all.
    public var include: [Category]
    public var exclude: [Category]
    public var csvDialect: CSVDialectName?
    /// The controller's instruction, for a handover.
    public var instruction: String?
    /// Who asks, if it is not the subject.
    public var requester: Requester?
    public var delivery: Delivery?
    public var period: Period?
    /// In the order in which they happened.
    public var events: [Event] = []
    /// Where the subject lives, ISO 3166-1 alpha-2: decides which authority is named first.
    public var residence: String?
    /// The id of the receipt that this export completes.
    public var supplements: String?
    /// By when what is missing from a partial archive will follow, `YYYY-MM-DD`; nil: the deadline.
    public var missingBy: String?

    public init(
        id: String, right: Right, received: String, channel: Channel = .other, language: Language = .en,
        identifiers: [Identifier], identityCheck: IdentityCheck?, signature: Signature? = nil,
        formats: [Format] = [.json], include: [Category] = [], exclude: [Category] = [],
        csvDialect: CSVDialectName? = nil, instruction: String? = nil
    ) {
        self.id = id
        self.right = right
        self.received = received
        self.channel = channel
        self.language = language
        self.identifiers = identifiers
        self.identityCheck = identityCheck
        self.signature = signature
        self.formats = formats
        self.include = include
        self.exclude = exclude
        self.csvDialect = csvDialect
        self.instruction = instruction
    }

    /// The dialect in force: what the request says, else `excel` for access, because a person opens it there.
    public var effectiveDialect: CSVDialectName { csvDialect ?? (right == .access ? .excel : .service) }

    /// Refuses what can never be run.
    ///
    /// - Throws: `configuration` for a bad id or an empty list, `identityNotChecked`, `refused` for a handover without
    ///   instruction.
    public func validate(identifiers known: [IdentifierKind]) throws {
        guard (1...64).contains(id.utf8.count), id.utf8.first != 45, id.utf8.first != 46,
            id.utf8.allSatisfy({
                ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 46 || $0 == 95
                    || $0 == 45
            })
        else {
            throw PortabilityError(
                .configuration, "the request's id has characters that a file name should not have",
                remedy: "Use letters, digits, point, _ and -, at most 64, and no personal data",
                at: .init(field: "id"))
        }
        for (field, moment) in [
            ("received", received), ("identity_check.at", identityCheck?.at),
            ("signature.received", signature?.received),
        ] {
            guard let moment, !isMoment(moment) else { continue }
            throw PortabilityError(
                .configuration, "a time in the request is neither a date nor a time with its offset",
                remedy: "Write 2026-11-02 or 2026-11-02T09:14:00+02:00", at: .init(field: field))
        }
        guard !formats.isEmpty else {
            throw PortabilityError(
                .configuration, "the request names no format", remedy: "Add `formats: [json, csv, xml]`",
                at: .init(field: "formats"))
        }
        guard !identifiers.isEmpty else {
            throw PortabilityError(
                .configuration, "the request names no identifier",
                remedy: "Add `identifiers:` with at least one of \(known.map(\.name).joined(separator: ", "))",
                at: .init(field: "identifiers"))
        }
        for identifier in identifiers where !known.contains(where: { $0.name == identifier.kind }) {
            throw PortabilityError(
                .configuration, "the request uses a kind of identifier that is not declared",
                remedy: nearest(identifier.kind, in: known.map(\.name)).map { "Did you mean `\($0)`?" }
                    ?? "Known: \(known.map(\.name).joined(separator: ", "))", at: .init(field: "identifiers"))
        }
        for identifier in identifiers {
            let isPlain = identifier.value.unicodeScalars.allSatisfy {
                $0.value >= 32 && $0.value != 127 && $0 != "\u{FFFD}"
            }
            guard isPlain, (1...1024).contains(identifier.value.utf8.count) else {
                throw PortabilityError(
                    .configuration,
                    "the value of an identifier is empty, too long, or holds characters that no key has",
                    remedy: "Check the value of \(identifier.kind)", at: .init(field: "identifiers"))
            }
        }
        guard identityCheck != nil else {
            throw PortabilityError(
                .identityNotChecked, "the request records no identity check",
                remedy: "Check who is asking, then record it: `identity_check: { method: …, at: …, by: … }`",
                at: .init(field: "identity_check"))
        }
        if right == .handover, instruction == nil {
            throw PortabilityError(
                .refused, "a handover needs the controller's instruction",
                remedy: "Add `instruction:` with the id of the instruction", at: .init(field: "instruction"))
        }
    }
}

/// Whether a text is a date or an RFC 3339 time.
private func isMoment(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var canonical: [UInt8] = []
    return bytes.count < 64
        && (Canonical.append(.date, from: bytes.span, into: &canonical)
            || Canonical.append(.timestamp, from: bytes.span, into: &canonical))
}

extension ExportRequest {
    /// Reads a request file (YAML, or JSON, which is YAML too).
    ///
    /// - Throws: `configuration` with file, line, column and key, never a value.
    public static func load(path: String) throws -> ExportRequest {
        guard let text = String(validating: try readFile(path, limit: 1 << 20), as: UTF8.self) else {
            throw PortabilityError(
                .configuration, "the file is not valid UTF-8", remedy: "Save it as UTF-8", at: .init(file: path))
        }
        return try read(YAMLValue.read(text, file: path, limit: 1 << 20, hidesKeys: true))
    }

    static func read(_ root: YAMLValue) throws -> ExportRequest {
        let map = try root.mapping([
            "id", "right", "received", "channel", "language", "identifiers", "identity_check", "signature", "formats",
            "include", "exclude", "csv_dialect", "instruction",
        ])
        let identifiers = try map.required("identifiers").entries().flatMap { kind, value in
            try value.list().map { Identifier(kind: kind, value: try $0.text()) }
        }
        let check = try map["identity_check"]?.mapping(["method", "level", "at", "by"])
        let signature = try map["signature"]?.mapping(["form", "received"])
        return ExportRequest(
            id: try map.required("id").text(), right: try map.required("right").choice(Right.self),
            received: try map.required("received").text(),
            channel: try map["channel"]?.choice(Channel.self) ?? .other,
            language: try map["language"]?.choice(Language.self) ?? .en, identifiers: identifiers,
            identityCheck: try check.map {
                IdentityCheck(
                    method: try $0.required("method").choice(IdentityCheck.Method.self),
                    level: try $0["level"]?.text(), at: try $0["at"]?.text(), by: try $0["by"]?.text())
            },
            signature: try signature.map {
                Signature(form: try $0.required("form").text(), received: try $0["received"]?.text())
            },
            formats: try map["formats"]?.list().map { try $0.choice(Format.self) } ?? [.json],
            include: try map["include"]?.list().map { try $0.choice(Category.self) } ?? [],
            exclude: try map["exclude"]?.list().map { try $0.choice(Category.self) } ?? [],
            csvDialect: try map["csv_dialect"]?.choice(CSVDialectName.self),
            instruction: try map["instruction"]?.text())
    }
}
