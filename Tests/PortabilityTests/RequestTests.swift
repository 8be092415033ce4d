import Foundation
import Portability
import PortabilityModel
import Testing

@Suite("A request file")
struct RequestTests {
    private static let good = """
        id: R-2026-0001
        right: access
        received: 2026-11-02T09:14:00+02:00
        channel: email
        language: sv
        identifiers: { user_id: 007, email: [a@example.fi, b@example.fi] }
        identity_check: { method: strong-authentication, level: high, at: 2026-11-02T10:02:00+02:00, by: officer }
        formats: [json, csv]
        """

    private func load(_ text: String) throws -> ExportRequest {
        let folder = try Folder()
        return try ExportRequest.load(path: folder.write(text, to: "request.yaml"))
    }

    @Test("is read with values as they are written: 007 stays 007")
    func good() throws {
        let request = try load(Self.good)
        #expect(request.identifiers.map(\.value) == ["007", "a@example.fi", "b@example.fi"])
        #expect(request.language == .sv)
        #expect(request.effectiveDialect == .excel)
        try request.validate(identifiers: configuration([]).identifiers)
    }

    @Test("may be JSON")
    func json() throws {
        let request = try load(
            #"{"id":"R","right":"portability","received":"2026-01-01","identifiers":{"user_id":"7"},"formats":["xml"]}"#
        )
        #expect(request.right == .portability)
        #expect(request.effectiveDialect == .service)
    }

    @Test("without a recorded identity check is not run")
    func identityCheck() throws {
        var request = try load(Self.good)
        request.identityCheck = nil
        #expect(throws: PortabilityError(.identityNotChecked, "")) {
            try request.validate(identifiers: configuration([]).identifiers)
        }
    }

    @Test("with an id that could leave the folder or hold personal data is refused")
    func ids() throws {
        for id in ["../x", "a b", "Mäki", "", "-x", ".hidden", String(repeating: "x", count: 65)] {
            var request = try load(Self.good)
            request.id = id
            #expect(throws: PortabilityError(.configuration, "")) {
                try request.validate(identifiers: configuration([]).identifiers)
            }
        }
    }

    @Test("that has not happened yet is refused, give or take the time zone of a date")
    func future() throws {
        // 2026-11-02T00:00:00Z
        let now: Int64 = 1_793_577_600
        let request = try load(Self.good)
        try request.checkDates(now: now)
        func field(_ change: (inout ExportRequest) -> Void) throws -> String? {
            var request = request
            change(&request)
            do {
                try request.checkDates(now: now)
                return nil
            } catch let error as PortabilityError {
                #expect(error.code == .configuration)
                return error.place.field
            }
        }
        #expect(try field { $0.received = "2026-11-03" } == nil)
        #expect(try field { $0.received = "2026-11-04" } == "received")
        #expect(try field { $0.received = "2026-11-03T02:00:01+02:00" } == "received")
        #expect(try field { $0.identityCheck?.at = "2027-01-01" } == "identity_check.at")
        #expect(try field { $0.signature = .init(form: "signed", received: "2099-01-01") } == "signature.received")
        #expect(try field { $0.events = [.init(kind: .identityAsked, at: "2026-12-01")] } == "events")
    }

    @Test(
        "with a time that is none is refused", arguments: ["yesterday", "2.11.2026", "2026-13-45", "2026-11-02T09:14"])
    func times(moment: String) throws {
        var request = try load(Self.good)
        request.received = moment
        #expect(throws: PortabilityError(.configuration, "")) {
            try request.validate(identifiers: configuration([]).identifiers)
        }
    }

    @Test("errors never show a value")
    func noValues() throws {
        for text in [
            Self.good.replacing("right: access", with: "right: salainen@example.fi"),
            Self.good.replacing("channel: email", with: "salainen@example.fi: 1"),
            Self.good.replacing("[json, csv]", with: "[salainen@example.fi]"),
            Self.good.replacing("user_id: 007", with: "salainen@example.fi: null"),
        ] {
            do {
                _ = try load(text)
                Issue.record("it was accepted")
            } catch {
                #expect(!"\(error)".contains("example.fi"))
            }
        }
    }

    @Test("a handover needs the controller's instruction")
    func handover() {
        var handover = request(right: .handover)
        handover.instruction = nil
        #expect(throws: PortabilityError(.refused, "")) {
            try handover.validate(identifiers: configuration([]).identifiers)
        }
    }

    @Test("tells who asks for whom, what to whom, and what moved the clock")
    func everything() throws {
        let request = try load(
            Self.good + """

                requester: { relation: guardian, evidence: { document: decision, sha256: \(Self.digest) } }
                signature: { form: written-and-signed, received: 2026-11-02, evidence: { document: letter } }
                delivery: { to: requester, channel: letter }
                period: { from: 2025-01-01, to: 2025-12-31 }
                residence: SE
                events:
                  - { kind: identity-asked, at: 2026-11-02T12:00:00+02:00, necessary: true }
                  - { kind: identity-received, at: 2026-11-04 }
                  - { kind: extension-notified, at: 2026-11-28, reason: number }
                supplements: \(Self.digest)
                missing_by: 2026-12-24
                """)
        try request.validate(identifiers: configuration([]).identifiers)
        #expect(request.requester?.relation == .guardian)
        #expect(request.requester?.evidence?.sha256 == Self.digest)
        #expect(request.signature?.evidence?.document == "letter")
        #expect(request.delivery?.to == .requester)
        #expect(request.period?.to == "2025-12-31")
        #expect(request.residence == "SE")
        #expect(request.events.map(\.kind) == [.identityAsked, .identityReceived, .extensionNotified])
        #expect(request.events.map(\.isNecessary) == [true, false, false])
        #expect(request.events.last?.reason == .number)
        #expect(request.supplements == Self.digest)
        #expect(request.missingBy == "2026-12-24")
    }

    private static let digest = String(repeating: "0123456789abcdef", count: 4)

    /// What is wrong with a request that has the given lines more.
    private func refusal(_ lines: String, in text: String = good) throws -> PortabilityError {
        let error = #expect(throws: PortabilityError.self) {
            try load(text + "\n" + lines).validate(identifiers: configuration([]).identifiers)
        }
        return try #require(error)
    }

    @Test(
        "never records a copy of an identity document",
        arguments: [
            "requester: { relation: attorney, evidence: { document: passport-copy } }",
            "requester: { relation: attorney, evidence: { document: copy-of-identity-card } }",
            "signature: { form: signed, evidence: { document: henkilokortti } }",
            "signature: { form: signed, evidence: { document: scanned-driving-licence } }",
        ])
    func identityDocuments(lines: String) throws {
        let error = try refusal(lines)
        #expect(error.message.contains("identity document"))
        #expect(error.remedy?.contains("Do not ask for one") == true)
    }

    @Test(
        "takes no identity document as a way of checking identity",
        arguments: ["identity-document", "passport", "ID card"])
    func identityMethod(method: String) throws {
        let error = try refusal("", in: Self.good.replacing("strong-authentication", with: method))
        #expect(error.remedy?.contains("Do not ask for one") == true)
        #expect(error.place.line == 7)
    }

    @Test(
        "keeps names and numbers of people out of what manifests and receipts repeat",
        arguments: [
            ("by: officer", "by: Maija Meikäläinen", "identity_check.by"),
            ("by: officer", "by: maija@example.fi", "identity_check.by"),
            ("level: high", "level: 131052-308t", "identity_check.level"),
            ("id: R-2026-0001", "id: 131052-308T", "id"),
            ("channel: email", "signature: { form: Signed by M. M. }", "signature.form"),
            (
                "channel: email", "requester: { relation: other, evidence: { document: Maijan valtakirja } }",
                "requester.evidence.document"
            ),
            ("channel: email", "instruction: asiakas Mäki", "instruction"),
            ("channel: email", "supplements: R-2026-0001", "supplements"),
        ])
    func words(old: String, new: String, field: String) throws {
        let error = try refusal("", in: Self.good.replacing(old, with: new))
        #expect(error.code == .configuration)
        #expect(error.place.field == field)
        #expect(!"\(error)".contains("Maija") && !"\(error)".contains("131052"))
    }

    @Test(
        "of somebody else needs evidence of the right to ask", arguments: ["guardian", "attorney", "estate", "other"])
    func requester(relation: String) throws {
        #expect(try refusal("requester: { relation: \(relation) }").place.field == "requester.evidence")
    }

    @Test(
        "that contradicts itself is refused",
        arguments: [
            ("requester: { relation: controller }", "requester"),
            ("delivery: { to: requester, channel: letter }", "delivery.to"),
            ("delivery: { to: service, name: Toinen Oy, channel: other }", "delivery.to"),
            ("delivery: { to: subject, name: Maija, channel: letter }", "delivery.name"),
            ("period: { from: 2026-02-01, to: 2026-01-31 }", "period"),
            ("period: { }", "period"),
            ("period: { from: 2026-02-30 }", "period.from"),
            ("missing_by: soon", "missing_by"),
            ("residence: Finland", "residence"),
            ("events: [ { kind: extension-notified, at: 2026-11-20 } ]", "events"),
            ("events: [ { kind: identity-asked, at: 2026-11-03, reason: number } ]", "events"),
            ("events: [ { kind: identity-received, at: 2026-11-03, necessary: true } ]", "events"),
            ("events: [ { kind: identity-asked, at: tomorrow } ]", "events"),
        ])
    func contradictions(lines: String, field: String) throws {
        let error = try refusal(lines)
        #expect(error.code == .configuration)
        #expect(error.place.field == field)
    }

    @Test("goes straight to another service under portability, when that is named")
    func directTransmission() throws {
        let portability = Self.good.replacing("right: access", with: "right: portability")
        try load(portability + "\ndelivery: { to: service, name: Toinen Oy, channel: other }")
            .validate(identifiers: configuration([]).identifiers)
        #expect(
            try refusal("delivery: { to: service, channel: other }", in: portability).place.field == "delivery.name")
    }

    @Test("for a handover goes to the controller and to nobody else, whoever asks")
    func handoverReceiver() throws {
        let handover = Self.good.replacing("right: access", with: "right: handover\ninstruction: I-1")
        try load(handover + "\ndelivery: { to: controller, name: Asiakas Oy, channel: other }")
            .validate(identifiers: configuration([]).identifiers)
        #expect(try refusal("delivery: { to: subject, channel: email }", in: handover).code == .refused)
        #expect(try refusal("delivery: { to: controller, channel: email }").code == .refused)
        #expect(
            try refusal("requester: { relation: guardian, evidence: { document: decision } }", in: handover).code
                == .refused)
    }
}
