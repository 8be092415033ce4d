import PortabilityCalendar
import PortabilityEvidence
public import PortabilityModel

extension ExportRequest {
    /// Refuses what can never be run.
    ///
    /// - Throws: `configuration` for what is missing, contradicts itself or could carry personal data to where none may
    ///   stand; `identityNotChecked`; `refused` for a handover without instruction or to anybody but the controller.
    public func validate(identifiers known: [IdentifierKind]) throws {
        guard EvidenceText.isID(id) else {
            throw fault(
                "id", "the request's id has characters that a file name should not have",
                remedy: "Use letters, digits, point, _ and -, at most 64, and no personal data")
        }
        try checkTimes()
        try checkWords()
        guard !formats.isEmpty else {
            throw fault("formats", "the request names no format", remedy: "Add `formats: [json, csv, xml]`")
        }
        try checkIdentifiers(known)
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
        try checkRequester()
        try checkDelivery()
        try checkEvents()
    }

    private func fault(_ field: String, _ message: String, remedy: String? = nil) -> PortabilityError {
        PortabilityError(.configuration, message, remedy: remedy, at: .init(field: field))
    }

    // MARK: Who

    /// Each is asked for in every source.
    private static let identifierLimit = 1000

    private func checkIdentifiers(_ known: [IdentifierKind]) throws {
        let names = known.map(\.name)
        guard !identifiers.isEmpty else {
            throw fault(
                "identifiers", "the request names no identifier",
                remedy: "Add `identifiers:` with at least one of \(names.joined(separator: ", "))")
        }
        guard identifiers.count <= Self.identifierLimit else {
            throw fault(
                "identifiers", "the request has more than \(Self.identifierLimit) identifiers",
                remedy: "One person has few; name those that the sources are asked by")
        }
        for identifier in identifiers where !names.contains(identifier.kind) {
            throw fault(
                "identifiers", "the request uses a kind of identifier that is not declared",
                remedy: nearest(identifier.kind, in: names).map { "Did you mean `\($0)`?" }
                    ?? "Known: \(names.joined(separator: ", "))")
        }
        for identifier in identifiers {
            let isPlain = identifier.value.unicodeScalars.allSatisfy {
                $0.value >= 32 && $0.value != 127 && $0 != "\u{FFFD}"
            }
            guard isPlain, (1...1024).contains(identifier.value.utf8.count) else {
                throw fault(
                    "identifiers",
                    "the value of an identifier is empty, too long, or holds characters that no key has",
                    remedy: "Check the value of \(identifier.kind)")
            }
        }
        if let residence, residence.utf8.count != 2 || !residence.utf8.allSatisfy({ (65...90).contains($0) }) {
            throw fault(
                "residence", "a country is written as its two capital letters (ISO 3166-1)",
                remedy: "Write FI, for example")
        }
    }

    private func checkRequester() throws {
        guard let requester else { return }
        if requester.relation == .controller {
            guard right == .handover else {
                throw fault(
                    "requester", "a controller asks its processor for a handover, not under this right",
                    remedy: "Write `right: handover`, or another relation")
            }
            return
        }
        guard right != .handover else {
            throw PortabilityError(
                .refused, "a handover is asked for by the controller", remedy: "Write `relation: controller`",
                at: .init(field: "requester"))
        }
        guard requester.evidence != nil else {
            throw fault(
                "requester.evidence", "somebody asks for another person, and no evidence of their right to is recorded",
                remedy: "See it, then record what it was: `evidence: { document: power-of-attorney, sha256: … }`")
        }
    }

    /// Identity is checked by what is already known of a person; copies of identity documents are more data than the
    /// check needs (Article 5(1)(c); EDPB Guidelines 01/2022, paragraphs 74 to 79).
    static let documentMessage = "a copy of an identity document is recorded"
    static let documentRemedy =
        "Do not ask for one and do not keep one: check identity by session, known-email, "
        + "strong-authentication, in-person or already-known"

    static func isIdentityDocument(_ text: String) -> Bool {
        let word = text.lowercased().map { $0.isLetter ? $0 : "-" }
        let parts = String(word).split(separator: "-").joined(separator: "-")
        let kinds = [
            "passport", "identity-document", "identity-card", "identity-paper", "identity-proof", "id-document",
            "id-card", "id-copy", "copy-of-id", "id-scan", "id-photo", "driving-licen", "driver-licen",
            "drivers-licen", "residence-permit", "passi", "henkilokortti", "henkilökortti", "ajokortti",
            "identitetskort", "korkort", "körkort",
        ]
        return kinds.contains { parts == $0 || parts.hasPrefix($0) || parts.contains("-\($0)") }
    }

    // MARK: Words

    /// What stands in manifests and receipts is a word of a closed shape, so that no person's name or number fits in.
    private func checkWords() throws {
        for (field, word) in [
            ("identity_check.level", identityCheck?.level), ("identity_check.by", identityCheck?.by),
            ("signature.form", signature?.form), ("signature.evidence.document", signature?.evidence?.document),
            ("requester.evidence.document", requester?.evidence?.document),
        ] {
            guard let word else { continue }
            if field.hasSuffix("document"), Self.isIdentityDocument(word) {
                throw fault(field, Self.documentMessage, remedy: Self.documentRemedy)
            }
            guard EvidenceText.isWord(word) else {
                throw fault(
                    field, "this is not a word that says what or which role",
                    remedy: "Write a role or a kind, never a name: a-z, 0-9 and -, at most 40, as privacy-officer")
            }
        }
        for (field, digest) in [
            ("signature.evidence.sha256", signature?.evidence?.sha256),
            ("requester.evidence.sha256", requester?.evidence?.sha256), ("supplements", supplements),
        ] {
            guard let digest, !EvidenceText.isDigest(digest) else { continue }
            throw fault(
                field, "this is no SHA-256",
                remedy: field == "supplements"
                    ? "Give the id of the receipt that is completed: 64 digits 0-9, a-f"
                    : "Give what sha256sum prints of the document: 64 digits 0-9, a-f")
        }
        if let instruction, !EvidenceText.isID(instruction) {
            throw fault(
                "instruction", "the instruction's id has characters that an id should not have",
                remedy: "Use letters, digits, point, _ and -, at most 64, and no personal data")
        }
    }

    // MARK: Times

    private func checkTimes() throws {
        for (field, moment) in [
            ("received", received), ("identity_check.at", identityCheck?.at),
            ("signature.received", signature?.received),
        ] + events.map({ ("events", $0.at) }) {
            guard let moment, EvidenceText.moment(moment) == nil else { continue }
            throw fault(
                field, "a time in the request is neither a date nor a time with its offset",
                remedy: "Write 2026-11-02 or 2026-11-02T09:14:00+02:00")
        }
        for (field, day) in [
            ("period.from", period?.from), ("period.to", period?.to), ("missing_by", missingBy),
        ] {
            guard let day, CivilDate(day) == nil else { continue }
            throw fault(field, "a day in the request is not written as YYYY-MM-DD", remedy: "Write 2026-11-02")
        }
        guard let period else { return }
        guard period.from != nil || period.to != nil else {
            throw fault("period", "the period has neither a first nor a last day", remedy: "Give `from`, `to` or both")
        }
        if let from = period.from.flatMap({ CivilDate($0) }), let to = period.to.flatMap({ CivilDate($0) }), to < from {
            throw fault("period", "the period ends before it begins")
        }
    }

    /// Refuses what cannot have happened yet.
    ///
    /// - Parameter now: the present time, in seconds since 1970-01-01T00:00:00Z; a day ahead of it is allowed, because a
    ///   date has no time zone.
    /// - Throws: `configuration` if the request, its identity check, its signature or one of its events is dated in the
    ///   future.
    public func checkDates(now: Int64) throws {
        for (field, moment) in [
            ("received", received), ("identity_check.at", identityCheck?.at),
            ("signature.received", signature?.received),
        ] + events.map({ ("events", $0.at) }) {
            guard let moment, EvidenceText.isAhead(moment, of: now) else { continue }
            throw fault(
                field, "the request is dated in the future", remedy: "Compare the date with the clock of this computer")
        }
    }

    /// What an event says of itself; whether the events can have happened so is the deadline's to tell.
    private func checkEvents() throws {
        for event in events {
            guard (event.kind == .extensionNotified) == (event.reason != nil) else {
                throw fault(
                    "events",
                    event.reason == nil
                        ? "an extension is notified without its reason (Article 12(3))"
                        : "a reason stands at an event that is no extension",
                    remedy: "Write `reason: complexity` or `reason: number` at `extension-notified`, and only there")
            }
            if event.isNecessary, event.kind != .identityAsked, event.kind != .clarificationAsked {
                throw fault(
                    "events", "only asking for identity or clarification can be necessary",
                    remedy: "Leave `necessary` out at this event")
            }
        }
    }

    // MARK: Delivery

    private func checkDelivery() throws {
        guard let delivery else { return }
        if (right == .handover) != (delivery.to == .controller) {
            throw PortabilityError(
                .refused,
                right == .handover
                    ? "a handover goes to the controller and to nobody else"
                    : "an archive under this right does not go to a controller that we work for",
                remedy: right == .handover ? "Write `to: controller`" : "Write `to: subject`, requester or service",
                at: .init(field: "delivery.to"))
        }
        if delivery.to == .requester, requester == nil {
            throw fault(
                "delivery.to", "the archive is for the requester, and none is recorded", remedy: "Add `requester:`")
        }
        if delivery.to == .service {
            guard right == .portability || right == .switching else {
                throw fault(
                    "delivery.to", "data go straight to another service under portability and switching only",
                    remedy: "Write `to: subject`, or another right (Article 20(2))")
            }
            guard delivery.name != nil else {
                throw fault(
                    "delivery.name", "the service that receives the data is not named", remedy: "Add `name:`")
            }
        }
        if let name = delivery.name {
            let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 && $0 != "@" }
            guard isPlain, (1...100).contains(name.utf8.count), delivery.to == .service || delivery.to == .controller
            else {
                throw fault(
                    "delivery.name", "only a company that receives the data is named, in at most 100 bytes",
                    remedy: "Name the service or the controller; leave people unnamed")
            }
        }
    }
}
