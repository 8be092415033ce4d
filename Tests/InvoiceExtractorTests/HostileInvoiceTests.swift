import PortabilityModel
import Testing

/// Input that means harm, or is broken, costs its own record and nothing else.
@Suite struct HostileInvoiceTests {
    @Test func everyBombAndEveryExternalEntityIsRefused() async throws {
        let reading = try await read(
            source(path: "{folder}/*.xml", kinds: ["folder"]), in: dataFolder,
            subject: [Identifier(kind: "folder", value: "hostile")])
        #expect(reading.records.isEmpty)
        #expect(reading.end.filesRead == 16)
        #expect(reading.findings.count == 16)
        #expect(reading.findings.allSatisfy { $0.kind == .malformed && $0.losesRecords })
        #expect(reading.findings.map(\.place.fileOrdinal) == (1...16).map { $0 })
        #expect(reading.findings.allSatisfy { $0.place.line != nil && $0.place.byte == 0 && $0.place.file == nil })
    }

    @Test(arguments: [
        "<!DOCTYPE Invoice SYSTEM \"file:///etc/passwd\">", "<!DOCTYPE Invoice [<!ENTITY x \"y\">]>",
        "<!DOCTYPE Invoice PUBLIC \"a\" \"b\">", "<!DOCTYPE Invoice>", "<!DOCTYPE Finvoice SYSTEM \"Finvoice.dtd\">",
    ])
    func aDoctypeIsRefused(_ type: String) async throws {
        let reading = try await readOne("\n" + type + ublInvoice())
        #expect(reading.records.isEmpty)
        #expect(reading.findings.map(\.message) == ["the XML has a DOCTYPE, which is refused"])
        #expect(reading.findings.map(\.place.line) == [2])
    }

    @Test(arguments: [
        "<!DOCTYPE Finvoice SYSTEM \"Finvoice.dtd\" [<!ENTITY x \"y\">]>",
        "<!DOCTYPE Finvoice PUBLIC \"x\" \"Finvoice.dtd\">", "<!DOCTYPE Finvoice SYSTEM \"Finvoice.dtd?x\">",
        "<!DOCTYPE Finvoice SYSTEM \"Finvoice.dtd\"><!DOCTYPE Finvoice [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
    ])
    func onlyTheBareDoctypeOfFinvoiceIsPassedOver(_ type: String) async throws {
        let reading = try await readOne(type + finvoice(details: "<InvoiceFreeText>&x;</InvoiceFreeText>"))
        #expect(reading.records.isEmpty)
        #expect(reading.findings.map(\.kind) == [.malformed])
    }

    @Test func anEntityThatNoOneDeclaredMakesTheFileMalformed() async throws {
        let reading = try await readOne(
            "<!DOCTYPE Finvoice SYSTEM \"Finvoice.dtd\">"
                + finvoice(details: "<InvoiceFreeText>&auml;</InvoiceFreeText>"))
        #expect(reading.records.isEmpty)
        #expect(reading.findings.map(\.kind) == [.malformed])
    }

    @Test(arguments: [
        "", " \n", "lasku", "<", "<Finvoice", "<Finvoice>", "<Finvoice><a></b></Finvoice>", "<Finvoice a=1/>",
        "<?xml version=\"1.0\"?>", "<Finvoice>\u{1}</Finvoice>", "<Finvoice>&#0;</Finvoice>", "</Finvoice>",
        "<Finvoice/>x", "<![CDATA[", "<!--", "<!DOCTYPE", "<Finvoice a='", "<Finvoice a='1' a='2'/>",
    ])
    func aBrokenFileIsToldWithItsPlaceAndTheOthersGoOn(_ content: String) async throws {
        let folder = try TestFolder().write("all/1-hetu-010101-123N.xml", content).write("all/2.xml", ublInvoice())
        let reading = try await readAll(folder)
        #expect(reading.records.map { $0["number"] } == ["1"])
        #expect(reading.findings.map(\.kind) == [.malformed])
        #expect(reading.findings[0].losesRecords)
        #expect(reading.findings[0].place.fileOrdinal == 1)
        #expect(reading.findings[0].place.dataset == "invoices")
        #expect(!"\(reading.findings)".contains("010101"))
    }

    @Test func theLineOfAFaultCountsFromTheBeginningOfTheFile() async throws {
        let reading = try await readOne(FinvoiceTests.frame + "<Finvoice>\n<a>\n</b></Finvoice>")
        let before = Int64(FinvoiceTests.frame.utf8.count { $0 == 0x0a })
        #expect(reading.findings.map(\.place.line) == [before + 3])
        #expect(reading.findings.map(\.place.byte) == [Int64(FinvoiceTests.frame.range(of: "<?xml")?.lowerBound ?? 0)])
    }

    @Test func depthIsLimited() async throws {
        let deep = String(repeating: "<a>", count: 200) + String(repeating: "</a>", count: 200)
        let reading = try await readOne(ublInvoice(head: deep))
        #expect(reading.findings.map(\.message) == ["the XML is nested deeper than the limit"])
        #expect(reading.findings.map(\.kind) == [.tooLarge])
    }

    @Test func attributesOfAnElementAreLimited() async throws {
        let attributes = (0..<300).map { "a\($0)='x'" }.joined(separator: " ")
        let reading = try await readOne(ublInvoice(head: "<a \(attributes)/>"))
        #expect(reading.findings.map(\.message) == ["an XML element has more attributes than the limit"])
    }

    @Test func sizeIsLimited() async throws {
        var limits = SourceLimits()
        limits.documentBytes = 100
        let reading = try await readOne(ublInvoice(), limits: limits)
        #expect(reading.records.isEmpty)
        #expect(reading.findings.map(\.kind) == [.tooLarge])
    }

    @Test func timeIsLimited() async throws {
        var limits = SourceLimits()
        limits.documentSeconds = 0
        let reading = try await readOne(ublInvoice(), limits: limits)
        #expect(reading.findings.map(\.message) == ["the XML takes longer to read than the limit"])
    }

    @Test func theNumberOfFilesIsLimited() async throws {
        var limits = SourceLimits()
        limits.files = 1
        let folder = try TestFolder().write("all/1.xml", ublInvoice()).write("all/2.xml", ublInvoice())
        let reading = try await readAll(folder, limits: limits)
        #expect(reading.records.count == 1)
        #expect(reading.findings.map(\.kind) == [.tooLarge])
    }

    @Test func elementsThatNoInvoiceHasAreLimited() async throws {
        let reading = try await readOne(ublInvoice(head: String(repeating: "<a>x</a>", count: 20_001)))
        #expect(reading.records.isEmpty)
        #expect(reading.findings.map(\.kind) == [.tooLarge])
    }

    @Test func aNameThatHoldsANumberIsNotTold() async throws {
        let reading = try await readOne(ublInvoice(head: "<_010101-123N>x</_010101-123N>"))
        #expect(reading.findings(.unmapped).map(\.place.field) == ["Invoice/_010???-123N"])
    }

    @Test func aFolderInPlaceOfAFileIsPassedOver() async throws {
        let folder = try TestFolder().write("all/1.xml", ublInvoice())
        folder.makeFolder("all/2.xml")
        #expect(try await readAll(folder).records.count == 1)
    }

    @Test func damagedFilesNeverCrashTheReader() async throws {
        let sources = [
            Array(finvoice().utf8), Array(ublInvoice().utf8), Array((FinvoiceTests.frame + finvoice()).utf8),
        ]
        var state: UInt64 = 20_260_301
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let folder = try TestFolder()
        for number in 0..<400 {
            var content = sources[number % sources.count]
            for _ in 0...random(4) {
                switch random(3) {
                case 0: content[random(content.count)] = UInt8(random(256))
                case 1: content.removeSubrange(random(content.count)...)
                default:
                    let from = random(content.count)
                    content.insert(
                        contentsOf: content[from..<min(content.count, from + random(60))], at: random(content.count))
                }
                if content.isEmpty { content = [0x3c] }
            }
            try folder.write("all/\(number).xml", content)
        }
        let reading = try await readAll(folder)
        #expect(reading.end.filesRead == 400)
        let lost = reading.findings.filter(\.losesRecords).reduce(0) { $0 + $1.count }
        #expect(reading.records.count + Int(lost) >= 400)
    }
}

extension String {
    /// Where a text begins, in bytes.
    func range(of text: String) -> Range<Int>? {
        let (all, part) = (Array(utf8), Array(text.utf8))
        return (0...(all.count - part.count)).first { all[$0...].starts(with: part) }.map { $0..<$0 + part.count }
    }
}
