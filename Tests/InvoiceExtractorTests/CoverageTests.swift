import Glibc
import InvoiceExtractor
import PortabilityModel
import Testing

/// What becomes of everything that the files of a source hold.
@Suite struct CoverageTests {
    private func coverage(
        _ extractor: InvoiceExtractor, in folder: TestFolder, _ depth: CoverageDepth = .data,
        limits: SourceLimits = SourceLimits()
    ) async throws -> [CoverageItem] {
        let session = try await extractor.open(
            ExtractionContext(
                source: "billing", baseDirectory: folder.path,
                catalogue: Catalogue(version: "1.0", entities: [Catalogue.invoice]), limits: limits))
        let items = try await session.coverage(depth)
        await session.close()
        return try #require(items)
    }

    private func outline(_ items: [CoverageItem]) -> [String] {
        items.map { item in
            let use =
                switch item.use {
                case .exported(_, let field): field ?? "key"
                case .excluded(let ground, _): "excluded \(ground.rawValue)"
                case .unknown: "unknown"
                }
            return item.container + (item.name.map { "." + $0 } ?? "") + (item.type.map { " (\($0))" } ?? "") + ": "
                + use
        }
    }

    private func byBuyer(_ exclusions: [DatasetDeclaration.Exclusion] = []) -> InvoiceExtractor {
        source(
            path: "invoices/**/*.xml", match: [.init(kind: "customer_number", field: "buyer.identifiers.value")],
            exclusions: exclusions)
    }

    @Test func everyElementIsGivenAsAFieldOrAsAnOtherFieldOrPartOfTheSyntax() async throws {
        let folder = try TestFolder()
            .write("invoices/a.xml", ublInvoice(buyerID: "1002", head: "<Uusi a='b'>x<Tieto>y</Tieto></Uusi>"))
            .write("invoices/b/c.xml", ublInvoice(head: "<cbc:ProfileID>p</cbc:ProfileID>"))
        #expect(
            outline(try await coverage(byBuyer(), in: folder)) == [
                "ubl.Invoice/ID: number", "ubl.Invoice/IssueDate: issue_date", "ubl.Invoice/InvoiceTypeCode: invoice",
                "ubl.Invoice/DocumentCurrencyCode: currency",
                "ubl.Invoice/AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName: seller.name",
                "ubl.Invoice/AccountingCustomerParty/Party/PartyIdentification/ID: buyer",
                "ubl.Invoice/AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName: buyer.name",
                "ubl.Invoice/Uusi: other", "ubl.Invoice/Uusi/@a: other", "ubl.Invoice/Uusi/Tieto: other",
                "ubl.Invoice/LegalMonetaryTotal/TaxInclusiveAmount: totals.gross",
                "ubl.Invoice/LegalMonetaryTotal/TaxInclusiveAmount/@currencyID: totals.gross",
                "ubl.Invoice/InvoiceLine/ID: lines.id", "ubl.Invoice/ProfileID: business_process",
            ])
    }

    @Test func whatOneInvoiceHasTwiceIsStillGivenAsAField() async throws {
        let folder = try TestFolder().write("invoices/a.xml", ublInvoice(head: "<cbc:ID>2</cbc:ID>"))
        let items = try await coverage(byBuyer(), in: folder)
        #expect(items.first { $0.name == "Invoice/ID" }?.use == .exported(dataset: "invoices", field: "number"))
    }

    @Test func envelopesAndAttachmentsBelongToTheInvoice() async throws {
        let folder = try TestFolder().write(
            "invoices/a.xml",
            "<Envelope><Header><MessageHeader><Oma>x</Oma></MessageHeader></Header></Envelope>" + finvoice())
        let items = try await coverage(
            source(path: "invoices/*.xml", match: [.init(kind: "customer_number", field: "buyer.legal_id")]), in: folder
        )
        #expect(Set(items.map(\.container)) == ["finvoice", "envelopes"])
        let own = items.first { $0.name == "Envelope/Header/MessageHeader/Oma" }
        #expect(own?.container == "envelopes")
        #expect(own?.use == .exported(dataset: "invoices", field: "other"))
    }

    @Test func anInvoiceInsideAnEnvelopeIsToldApartFromIt() async throws {
        let invoice = finvoice(details: "<Oma>1</Oma>")
        let folder = try TestFolder().write(
            "invoices/a.xml", "<Envelope><Header><Oma>x</Oma></Header><Body>\(invoice)</Body></Envelope>")
        let items = try await coverage(
            source(path: "invoices/*.xml", match: [.init(kind: "customer_number", field: "buyer.legal_id")]), in: folder
        )
        let others = items.filter { $0.name?.hasSuffix("/Oma") ?? false }
        #expect(
            outline(others) == [
                "finvoice.Envelope/Body/Finvoice/InvoiceDetails/Oma: other", "envelopes.Envelope/Header/Oma: other",
            ])
        #expect(items.contains { $0.use == .exported(dataset: "invoices", field: "number") })
    }

    @Test func goldenInvoicesHoldNothingUnknown() async throws {
        let folder = try TestFolder()
        for name in ["finvoice", "en16931", "xrechnung"] {
            guard let stream = opendir("\(dataFolder)/\(name)") else { continue }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let file = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if file.hasSuffix(".xml") {
                    try folder.write("all/\(name)-\(file)", bytes(of: "\(dataFolder)/\(name)/\(file)"))
                }
            }
        }
        let items = try await coverage(source(path: "{folder}/*.xml", kinds: ["folder"]), in: folder)
        #expect(items.count > 200)
        #expect(Set(items.map(\.container)).isSuperset(of: ["finvoice", "ubl", "cii"]))
        #expect(items.filter { $0.use == .unknown } == [])
        #expect(items.allSatisfy { $0.name.map { !$0.contains("*") } ?? false })
    }

    @Test func filesThatNoDatasetTakesAreCountedByTheEndOfTheirNames() async throws {
        let folder = try TestFolder()
            .write("invoices/1001/a.xml", ublInvoice()).write("invoices/1002/b.XML", ublInvoice())
            .write("invoices/1002/Maija Meikäläinen.pdf", "").write("invoices/b.pdf", "").write("invoices/README", "")
            .write("invoices/1001/old/c.xml", ublInvoice()).write("invoices/x.010190-999X", "").write(
                "invoices/.hidden", ""
            )
            .write("elsewhere/d.txt", "")
        let path = "invoices/{customer_number}/*.xml"
        #expect(
            outline(try await coverage(source(path: path), in: folder)).filter { !$0.hasPrefix("ubl.") } == [
                "files-not-taken.*.pdf (2 files): unknown", "files-not-taken.*.xml (2 files): unknown",
                "files-not-taken.others (2 files): unknown",
            ])
        let exclusions = [
            DatasetDeclaration.Exclusion(column: "files-not-taken.*.pdf", ground: .duplicate, heldIn: "invoices")
        ]
        #expect(
            outline(try await coverage(source(path: path, exclusions: exclusions), in: folder)).filter {
                $0.hasPrefix("files") && !$0.hasSuffix("unknown")
            } == ["files-not-taken.*.pdf (2 files): excluded held-elsewhere"])
        let all = [DatasetDeclaration.Exclusion(column: "files-not-taken", ground: .notPersonal, isContainer: true)]
        #expect(try await coverage(source(path: path, exclusions: all), in: folder).allSatisfy { $0.use != .unknown })
    }

    @Test func whatCannotBeReadIsCounted() async throws {
        let folder = try TestFolder()
            .write("invoices/a.xml", ublInvoice() + "<Invoice xmlns='urn:x'/>").write("invoices/b.xml", "<broken")
            .write("invoices/c.xml", "").write(
                "invoices/d.xml", ublInvoice(head: String(repeating: "<x/>", count: 3000)))
        folder.link("invoices/e.xml", to: "a.xml")
        mkfifo("\(folder.path)/invoices/f.xml", 0o600)
        var limits = SourceLimits()
        limits.documentBytes = 8000
        #expect(
            outline(try await coverage(byBuyer(), in: folder, limits: limits)).filter { !$0.hasPrefix("ubl.") } == [
                "files-not-read (2 files): unknown", "files-not-read.symbolic links (1 file): unknown",
                "documents-not-read (3 documents): unknown",
            ])
    }

    @Test func invoicesOfNobodyAreUnknown() async throws {
        let folder = try TestFolder().write("invoices/a.xml", finvoice()).write(
            "invoices/b.xml", ublInvoice(buyerID: "7"))
        #expect(
            outline(try await coverage(byBuyer(), in: folder)).last
                == "invoices-without-identifier (1 invoice): unknown")
        let exclusions = [
            DatasetDeclaration.Exclusion(column: "invoices-without-identifier", ground: .notPersonal, isContainer: true)
        ]
        #expect(try await coverage(byBuyer(exclusions), in: folder).allSatisfy { $0.use != .unknown })
    }

    @Test func namesThatMayBeValuesAreNotTold() async throws {
        let deep = String(repeating: "<Abcdefghij>", count: 60) + "x" + String(repeating: "</Abcdefghij>", count: 60)
        let folder = try TestFolder().write(
            "invoices/a.xml",
            ublInvoice(
                head: "<Maija_Meikäläinen>1</Maija_Meikäläinen><x19900101>1</x19900101><ok p010190='1'>1</ok>" + deep))
        let names = try await coverage(byBuyer(), in: folder).compactMap(\.name)
        #expect(names.contains("Invoice/*") && names.contains("Invoice/ok") && names.contains("Invoice/ok/@*"))
        #expect(names.contains("*"))
        #expect(names.allSatisfy { !$0.contains("Maija") && !$0.contains("1990") && $0.utf8.count <= 512 })
    }

    @Test func tooManyElementsAreUnknownTogether() async throws {
        let letters = Array("abcdefghijklmnopqrst")
        let elements = (0..<5000).map { number in
            let name = "n\(letters[number % 20])\(letters[number / 20 % 20])\(letters[number / 400])"
            return "<\(name)>1</\(name)>"
        }
        let folder = try TestFolder().write("invoices/a.xml", ublInvoice(head: elements.joined()))
        let items = try await coverage(byBuyer(), in: folder)
        #expect(items.count == 4097)
        #expect(outline(items).last == "invoices (more than 4096 elements): unknown")
    }

    @Test func withoutReadingTheDataNothingIsKnownAndNothingUnknown() async throws {
        let folder = try TestFolder().write("invoices/a.xml", "<broken").write("invoices/b.pdf", "")
        #expect(try await coverage(byBuyer(), in: folder, .schema) == [])
    }

    @Test(arguments: ["trace", "files"]) func anExclusionThatWouldDoNothingIsRefused(_ name: String) async throws {
        let folder = try TestFolder().write("invoices/a.xml", ublInvoice())
        for isContainer in [true, false] {
            let exclusion = DatasetDeclaration.Exclusion(column: name, ground: .secret, isContainer: isContainer)
            await #expect(throws: PortabilityError(.configuration, "")) {
                try await coverage(byBuyer([exclusion]), in: folder)
            }
        }
    }
}
