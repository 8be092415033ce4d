import Foundation
import PortabilityModel
import Testing

@testable import Portability

@Suite("A request in JSON")
struct RequestJSONTests {
    private func load(_ text: String, as name: String = "request.json") throws -> ExportRequest {
        let folder = try Folder()
        return try ExportRequest.load(path: folder.write(text, to: name))
    }

    private func request(identifiers: String) -> String {
        #"{"id":"R","right":"access","received":"2026-01-01","identifiers":\#(identifiers)}"#
    }

    private func failure(of text: String, as name: String = "request.json") throws -> PortabilityError {
        let error = try #require(throws: PortabilityError.self) { try load(text, as: name) }
        #expect(!"\(error)".contains("salainen"), "no value and no key that is not known")
        return error
    }

    @Test("says what the same request in YAML says")
    func sameAsYAML() throws {
        let yaml = """
            id: R-1
            right: access
            received: 2026-11-02T09:14:00+02:00
            channel: email
            language: sv
            identifiers: { user_id: "007", email: [a@example.fi, "b & c*@example.fi"] }
            identity_check: { method: in-person, at: 2026-11-02, by: officer }
            requester: { relation: guardian, evidence: { document: decision } }
            signature: { form: written, received: 2026-11-02 }
            delivery: { to: requester, channel: letter }
            formats: [json, csv]
            include: [usage]
            period: { from: 2025-01-01 }
            csv_dialect: service
            events:
              - { kind: identity-asked, at: 2026-11-03, necessary: true }
              - { kind: extension-notified, at: 2026-11-28, reason: number }
            residence: SE
            missing_by: 2026-12-24
            """
        let json = """
            {
              "missing_by": "2026-12-24", "residence": "SE",
              "events": [{"kind": "identity-asked", "at": "2026-11-03", "necessary": true},
                         {"at": "2026-11-28", "reason": "number", "kind": "extension-notified"}],
              "csv_dialect": "service", "period": {"from": "2025-01-01"}, "include": "usage",
              "formats": ["json", "csv"], "delivery": {"to": "requester", "channel": "letter"},
              "signature": {"form": "written", "received": "2026-11-02"},
              "requester": {"relation": "guardian", "evidence": {"document": "decision"}},
              "identity_check": {"method": "in-person", "at": "2026-11-02", "by": "officer"},
              "identifiers": {"user_id": "007", "email": ["a@example.fi", "b & c*@example.fi"]},
              "language": "sv", "channel": "email", "received": "2026-11-02T09:14:00+02:00", "right": "access",
              "id": "R-1"
            }
            """
        let expected = try load(yaml, as: "request.yaml").canonicalBytes
        #expect(try load(json).canonicalBytes == expected)
        #expect(try load(json, as: "request.yaml").canonicalBytes == expected, "whatever its name")
    }

    @Test("has characters and numbers as they are written")
    func values() throws {
        for (value, expected) in [
            (#""\ud83d\ude00\u00e4\/\\u0041""#, "😀ä/\\u0041"), (#""😀ä""#, "😀ä"), (#""null""#, "null"),
            ("12345678901234567890123", "12345678901234567890123"), ("1.50", "1.50"), ("1E3", "1E3"), ("-0", "-0"),
            ("true", "true"),
        ] {
            for begin in ["", "\u{FEFF}", "\r\n\t "] {
                let request = try load(begin + request(identifiers: #"{"email": [\#(value)]}"#))
                #expect(request.identifiers == [Identifier(kind: "email", value: expected)])
            }
        }
    }

    @Test("that is not well-formed is refused with its place")
    func malformed() throws {
        let deep = String(repeating: "[", count: 33)
        for (text, line, column, byte) in [
            ("{\"id\": 3", 1, 9, 8), ("", 1, 1, 0), ("id: R", 1, 1, 0), ("{\"id\": \"salainen\",\n}", 2, 1, 19),
            ("\u{FEFF}{\"salainen\"; 1}", 1, 12, 14), ("{\"id\":\n  007}", 2, 4, 10), ("{\"id\": salainen}", 1, 8, 7),
            ("{\"id\": \"ä\", salainen}", 1, 14, 13), ("{\"id\": \"\\x\"}", 1, 9, 8), ("{} {}", 1, 4, 3),
            ("{\"salainen\": \"\\ud83d\"}", 1, 14, 13), ("{\n\"a\": [\"\\ude00\\ud83d\"]}", 2, 7, 8),
            ("{\"\\ud83dsalainen\": 1}", 1, 2, 1), ("{\"a\": \(deep)", 1, 38, 37),
            ("{\"salainen\": 1,\n \"salainen\": 2}", 2, 2, 17), ("{\"id\": 1, \"\\u0069d\": 2}", 1, 11, 10),
            ("{\"identifiers\": {\"salainen@x\": 1, \"salainen@x\": 2}}", 1, 35, 34),
        ] as [(String, Int64, Int, Int64)] {
            let place = try failure(of: text).place
            #expect(place.file?.hasSuffix("/request.json") ?? false)
            #expect(place.line == line, "\(text)")
            #expect(place.column == column, "\(text)")
            #expect(place.byte == byte, "\(text)")
        }
    }

    @Test("with a value that is wrong is refused with its line, column and key")
    func wrongValues() throws {
        for (text, column, field) in [
            (request(identifiers: "{}").replacing("access", with: "salainen"), 19, "right"),
            (request(identifiers: #"{"email": {"salainen": 1}}"#), 76, "identifiers[0]"),
            (request(identifiers: #"{"salainen": null}"#), 79, "identifiers[0]"),
            (request(identifiers: "{}").replacing("\"id\"", with: "\"salainen\""), 2, nil),
            ("[1]", 1, nil),
        ] as [(String, Int, String?)] {
            let error = try failure(of: text)
            #expect(error.code == .configuration)
            #expect(error.place.line == 1)
            #expect(error.place.column == column, "\(text)")
            #expect(error.place.field == field)
        }
    }

    @Test("may be neither larger than a MiB nor of more than 65,536 values and keys")
    func limits() throws {
        func email(_ count: Int) -> String {
            request(identifiers: #"{"email": "\#(String(repeating: "x", count: count))"}"#)
        }
        let most = (1 << 20) - email(0).utf8.count
        #expect(try load(email(most)).identifiers[0].value.utf8.count == most)
        #expect(try failure(of: email(most + 1)).code == .limit)
        func emails(_ count: Int) -> String {
            request(identifiers: #"{"email": [\#(String(repeating: "1,", count: count))1]}"#)
        }
        #expect(try load(emails(60_000)).identifiers.count == 60_001)
        #expect(try failure(of: emails(70_000)).code == .limit)
    }

    @Test("is not what a YAML file is that begins with a brace")
    func flowMapping() throws {
        let yaml = "{ id: R, right: access, received: 2026-01-01, identifiers: { user_id: 007 }, }"
        #expect(try load(yaml, as: "request.yaml").identifiers == [Identifier(kind: "user_id", value: "007")])
        #expect(try failure(of: yaml).code == .configuration)
    }

    @Test("on a line of many is read as one of its own, and its errors tell the line and the byte of the file")
    func lines() throws {
        let good = request(identifiers: #"{"email": "\ud83d\ude00"}"#)
        let text =
            "\u{FEFF}\(good)\r\n \t\r\n{\"id\": \"salainen\"; 1}\n[1]\n\(good) \(good)\n{\"id\": 1, \"id\": 2}\n\(good)"
        let folder = try Folder()
        let loaded = try BatchRequest.load(path: folder.write(text, to: "requests.jsonl"))
        #expect(loaded.map(\.origin) == [1, 3, 4, 5, 6, 7].map { "line \($0)" })
        for index in [0, 5] {
            #expect(try loaded[index].request.get().identifiers == [Identifier(kind: "email", value: "😀")])
        }
        func place(_ index: Int) -> PortabilityError.Place? {
            guard case .failure(let error) = loaded[index].request else { return nil }
            #expect(!"\(error)".contains("salainen"))
            return error.place
        }
        let third = 3 + good.utf8.count + 2 + 4
        #expect(place(1)?.line == 3)
        #expect(place(1)?.column == 18)
        #expect(place(1)?.byte == Int64(third + 17))
        #expect(place(2)?.line == 4)
        #expect(place(3)?.line == 5)
        #expect(place(3)?.column == good.utf8.count + 2)
        #expect(place(4)?.line == 6)
        #expect(place(4)?.column == 11)
        #expect(place(4)?.field == nil)
    }
}
