import PortabilityExchange
import PortabilityModel
import PortabilityText
import Testing

@Suite("The tree of the Helsinki Profile GDPR API")
struct HelsinkiProfileTests {
    /// A node as the API's schema has it: a key, and a value or children.
    private func isNode(_ value: JSONValue) -> Bool {
        guard case .object(let members) = value, value["key"]?.string?.isEmpty == false else { return false }
        if let children = value["children"]?.array {
            return members.count == 2 && children.allSatisfy(isNode)
        }
        return members.count == 2 && value["value"]?.string != nil
    }

    @Test("Datasets, records, fields, groups, lists and other fields are nodes")
    func tree() throws {
        let output = try make(
            HelsinkiProfileMaker(),
            [
                (
                    "home-addresses", "address",
                    [[("street", "Kotikatu \"1\""), ("other:door code", "12\n34")], [("town", "Turku")]]
                ),
                ("nothing", "note", []),
                (
                    "invoices", "invoice",
                    [[("number", "7"), ("lines.id", "1"), ("lines.id", "2")]]
                ),
            ])
        let root = try JSONValue(parsing: output.files[0].bytes)
        #expect(isNode(root))
        let text = output.text
        #expect(
            text.contains(
                #"{"key":"ADDRESS","children":[{"key":"RECORD_ID","value":"1"},{"key":"STREET","value":"Kotikatu \"1\""},{"key":"OTHER","children":[{"key":"NAME","value":"door code"},{"key":"VALUE","value":"12\n34"}]}]}"#
            ))
        #expect(root["children"]?.array?.map { $0["key"]?.string } == ["HOME_ADDRESSES", "NOTHING", "INVOICES"])
        let invoice = root["children"]?.array?[2]["children"]?.array?[0]["children"]?.array ?? []
        #expect(invoice.filter { $0["key"]?.string == "LINES" }.count == 2)
        #expect(output.notes.isEmpty)
    }

    @Test("The tree does not depend on how records are batched")
    func batches() throws {
        let records = (0..<50).map { [("street", "Katu \($0)"), ("town", "Turku")] }
        let one = try make(HelsinkiProfileMaker(), [("a", "address", records)], rows: 1)
        let all = try make(HelsinkiProfileMaker(), [("a", "address", records)])
        #expect(one.text == all.text)
        #expect(isNode(try JSONValue(parsing: one.files[0].bytes)))
    }
}
