import PortabilityEvidence
import PortabilityModel
import PortabilityText
import Testing

/// The published schemas are written in another room than what they describe; here the two meet.
@Suite("The published schemas")
struct SchemaTests {
    private func schema(_ name: String) throws -> JSONValue {
        let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try JSONValue(parsing: try read("/\(tests)/schemas/\(name)"))
    }

    private func names(_ value: JSONValue?) -> Set<String> { Set((value?["enum"]?.array ?? []).compactMap(\.string)) }

    @Test("of journal lines know each event, what it must have and what it may have")
    func journal() throws {
        let lines = try #require(try schema("journal.schema.json")["oneOf"]?.array)
        #expect(lines.count == JournalEvent.Name.allCases.count)
        let frame: Set = ["sequence", "previous", "at", "event", "sha256", "request", "format", "format_version"]
        for name in JournalEvent.Name.allCases {
            let line = try #require(lines.first { names($0["properties"]?["event"]) == [name.rawValue] }, "\(name)")
            let (required, optional) = JournalEvent.requirements(of: name)
            let members = Set((line["properties"]?.members ?? []).map(\.key)).subtracting(frame)
            #expect(members == Set((required + optional).map(\.rawValue)), "\(name)")
            let needed = Set((line["required"]?.array ?? []).compactMap(\.string)).subtracting(frame)
            #expect(needed == Set(required.map(\.rawValue)), "\(name)")
            let properties = line["properties"]
            if members.contains("channel") {
                #expect(names(properties?["channel"]) == Set(JournalEvent.Channel.allCases.map(\.rawValue)))
            }
            if members.contains("ground") {
                #expect(names(properties?["ground"]) == Set(JournalEvent.RefusalGround.allCases.map(\.rawValue)))
            }
            if members.contains("purged") {
                let kinds = properties?["purged"]?["propertyNames"]
                #expect(names(kinds) == Set(JournalEvent.PurgedKind.allCases.map(\.rawValue)))
            }
        }
    }

    @Test("of receipts know each member, in the order in which it is written, and each status")
    func receipt() throws {
        let properties = try #require(try schema("receipt.schema.json")["properties"])
        let whole = sampleReceipt {
            $0.supplements = digest("another")
            $0.signingKey = "SHA256:\(String(repeating: "A", count: 43))"
        }
        var written = try #require(try whole.json().members).map(\.key)
        written.insert("receipt_id", at: 2)
        #expect(properties.members?.map(\.key) == written)
        #expect(names(properties["status"]) == Set(Receipt.Status.allCases.map(\.rawValue)))
        let source = properties["sources"]?["items"]?["properties"]
        #expect(names(source?["status"]) == Set(Receipt.Source.Status.allCases.map(\.rawValue)))
        let dataset = properties["datasets"]?["items"]?["properties"]
        #expect(names(dataset?["status"]) == Set(Receipt.Dataset.Status.allCases.map(\.rawValue)))
        let action = dataset?["fields"]?["items"]?["properties"]?["action"]
        #expect(names(action) == Set(Receipt.Dataset.FieldDecision.Action.allCases.map(\.rawValue)))
    }
}
