import PortabilityModel
import Testing

@Suite struct EncodingTests {
    private static func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
        var bytes: [UInt8] = mark ? (bigEndian ? [0xfe, 0xff] : [0xff, 0xfe]) : []
        for unit in text.utf16 {
            let pair = [UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)]
            bytes += bigEndian ? pair : pair.reversed()
        }
        return bytes
    }

    private static func invoice(_ declaration: String, name: [UInt8]) -> [UInt8] {
        let text = declaration + ublInvoice(buyer: "@@").replacing("Myyjä", with: "Myyja")
        let parts = text.split(separator: "@@", maxSplits: 1).map { Array($0.utf8) }
        return parts[0] + name + parts[1]
    }

    @Test(
        arguments: [
            ("ISO-8859-1", [0xc4, 0xe4], "Ää"), ("iso-8859-15", [0xa4, 0xa6], "€Š"),
            ("windows-1252", [0x80, 0xe5], "€å"),
            ("ISO-8859-1", [0x80, 0xe5], "€å"), ("UTF-8", [0xc3, 0xa4], "ä"), ("us-ascii", [0x41], "A"),
        ] as [(String, [UInt8], String)])
    func theDeclaredEncodingIsHonoured(_ encoding: String, _ bytes: [UInt8], _ name: String) async throws {
        let reading = try await readOne(
            Self.invoice("<?xml version=\"1.0\" encoding=\"\(encoding)\"?>", name: bytes))
        #expect(reading.records[0]["buyer.name"] == name)
        #expect(reading.findings == [])
    }

    @Test func aByteOrderMarkIsNoText() async throws {
        let reading = try await readOne([0xef, 0xbb, 0xbf] + Array(ublInvoice(buyer: "Åsa").utf8))
        #expect(reading.records[0]["buyer.name"] == "Åsa")
        #expect(reading.findings == [])
    }

    @Test(arguments: [(false, true), (true, true), (false, false), (true, false)])
    func utf16IsToldByItsMarkOrItsFirstSign(_ bigEndian: Bool, _ mark: Bool) async throws {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + ublInvoice(buyer: "Åsa 🧾")
        let folder = try TestFolder().write("all/1.xml", Self.utf16(text, bigEndian: bigEndian, mark: mark))
        let reading = try await readAll(folder, keepOriginals: true)
        #expect(reading.records[0]["buyer.name"] == "Åsa 🧾")
        #expect(reading.documents.map(\.bytes) == [Self.utf16(text, bigEndian: bigEndian, mark: mark)])
    }

    @Test func textThatOnlySaysItIsUTF16IsReadAsUTF8() async throws {
        let reading = try await readOne("<?xml version=\"1.0\" encoding=\"utf-16\"?>" + ublInvoice(buyer: "Åsa"))
        #expect(reading.records[0]["buyer.name"] == "Åsa")
        #expect(
            reading.findings(.nonconforming).map(\.message) == [
                "the declared character encoding is not that of the bytes"
            ])
    }

    @Test func bytesThatAreNotValidAreReplacedAndCounted() async throws {
        let reading = try await readOne(Self.invoice("<?xml version=\"1.0\"?>", name: [0x41, 0xe4, 0x42]))
        #expect(reading.records[0]["buyer.name"] == "A\u{FFFD}B")
        #expect(reading.findings(.invalidText).map(\.count) == [1])
    }

    @Test func anEncodingThatIsNotReadIsSaid() async throws {
        let reading = try await readOne(
            Self.invoice("<?xml version=\"1.0\" encoding=\"IBM-930\"?>", name: [0x41]))
        #expect(reading.records.isEmpty)
        #expect(reading.findings.map(\.kind) == [.unreadable])
    }

    @Test(arguments: Array(16_370...16_400) + [32_767, 32_768, 65_536])
    func textIsWholeWhereverThePiecesFedToTheParserEnd(_ length: Int) async throws {
        let text = String(repeating: "x", count: length) + "ä&amp;€<![CDATA[<&]]>&#x1F9FE;z"
        let record = try await readOne(
            ublInvoice(head: "<cbc:Note languageID=\"f&#105;&amp;\">\(text)</cbc:Note>")
        ).records[0]
        #expect(record["notes[1].text"] == String(repeating: "x", count: length) + "ä&€<&🧾z")
        #expect(record["other:Invoice/Note/@languageID"] == "fi&")
    }
}
