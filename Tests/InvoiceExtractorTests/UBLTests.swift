import PortabilityModel
import Testing

@Suite struct UBLTests {
    @Test func prefixesMayBeAny() async throws {
        let usual = try await readOne(ublInvoice()).records[0]
        let odd = try await readOne(
            ublInvoice().replacing("cbc", with: "x").replacing("cac", with: "_y-1").replacing(
                "<Invoice xmlns=", with: "<z:Invoice xmlns:z="
            ).replacing("</Invoice>", with: "</z:Invoice>")
        ).records[0]
        #expect(usual.lines == odd.lines)
        #expect(usual["buyer.name"] == "Ostaja Oy")
    }

    @Test func anElementOfThatNameInAnotherNamespaceIsNoInvoice() async throws {
        let reading = try await readOne("<Invoice xmlns=\"urn:example:invoice\"><ID>1</ID></Invoice>")
        #expect(reading.records.isEmpty)
        #expect(reading.findings.map(\.kind) == [.unreadable])
        #expect(reading.findings.map(\.losesRecords) == [true])
    }

    @Test func anInvoiceInsideAnEnvelopeIsFound() async throws {
        let reading = try await readOne(
            "<StandardBusinessDocument xmlns=\"urn:sbdh\"><Header>h</Header>\(ublInvoice())</StandardBusinessDocument>")
        #expect(reading.records[0]["number"] == "1")
        #expect(reading.records[0]["other:StandardBusinessDocument/Header"] == "h")
    }

    @Test func anEmbeddedAttachmentBecomesADocument() async throws {
        let reading = try await readOne(
            ublInvoice(
                head: """
                    <cac:AdditionalDocumentReference><cbc:ID>L1</cbc:ID><cbc:DocumentDescription>Liite</cbc:DocumentDescription>
                    <cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="Liite &amp; muu.pdf">
                    JVBE
                    Ri0=</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>
                    """))
        let record = reading.records[0]
        #expect(record["attachments[1].id"] == "L1")
        #expect(record["attachments[1].filename"] == "Liite & muu.pdf")
        #expect(record["attachments[1].media_type"] == "application/pdf")
        #expect(record["attachments[1].document"] == "data/documents/test-1")
        #expect(reading.documents.map(\.bytes) == [Array("%PDF-".utf8)])
        #expect(reading.documents.map(\.recordID) == [record.id])
        #expect(reading.documents.map(\.originalName) == ["Liite & muu.pdf"])
    }

    @Test func withheldDocumentsLeaveNoReference() async throws {
        let head = """
            <cac:AdditionalDocumentReference><cbc:ID>L1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject
            mimeCode="text/plain" filename="a">aGVp</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>
            </cac:AdditionalDocumentReference>
            """
        let folder = try TestFolder().write("all/1.xml", ublInvoice(head: head))
        let reading = try await readAll(folder, keepOriginals: true, givesDocuments: false)
        #expect(reading.records[0]["attachments[1].id"] == "L1")
        #expect(reading.records[0]["attachments[1].document"] == nil)
        #expect(reading.records[0]["original"] == nil)
    }

    @Test func anAttachmentThatIsNoBase64IsCarriedAsItStands() async throws {
        let reading = try await readOne(
            ublInvoice(
                head: """
                    <cac:AdditionalDocumentReference><cbc:ID>L1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject
                    mimeCode="a/b" filename="a">!!</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>
                    </cac:AdditionalDocumentReference>
                    """))
        #expect(
            reading.records[0][
                "other:Invoice/AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject"] == "!!")
        #expect(reading.findings(.nonconforming).map(\.message) == ["an attachment is not Base64"])
        #expect(reading.documents.isEmpty)
    }

    @Test func theOriginalIsGivenByteForByte() async throws {
        let content = Array(ublInvoice().utf8)
        let folder = try TestFolder().write("all/lasku-7.xml", content)
        let reading = try await readAll(folder, keepOriginals: true)
        #expect(reading.documents.map(\.bytes) == [content])
        #expect(reading.documents.map(\.role) == [.original])
        #expect(reading.documents.map(\.originalName) == ["lasku-7.xml"])
        #expect(reading.records[0]["original"] == "data/documents/test-1")
    }

    @Test func theVATTotalInTheAccountingCurrencyIsKeptApart() async throws {
        let record = try await readOne(
            ublInvoice(
                head: """
                    <cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>
                    <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">0.20</cbc:TaxAmount></cac:TaxTotal>
                    <cac:TaxTotal><cbc:TaxAmount currencyID="SEK">2.20</cbc:TaxAmount></cac:TaxTotal>
                    """)
        ).records[0]
        #expect(record["totals.tax"] == "0.20")
        #expect(record["totals.tax_in_tax_currency"] == "2.20")
        #expect(record["tax_currency"] == "SEK")
    }

    @Test func anAmountInAnotherCurrencySaysSo() async throws {
        let record = try await readOne(
            ublInvoice(line: "<cbc:LineExtensionAmount currencyID=\"USD\">1.00</cbc:LineExtensionAmount>")
        ).records[0]
        #expect(record["lines[1].net_amount"] == "1.00")
        #expect(record["other:Invoice/InvoiceLine/LineExtensionAmount/@currencyID"] == "USD")
    }

    @Test func theSubjectCodeOfANoteIsTakenFromItsText() async throws {
        let record = try await readOne(
            ublInvoice(head: "<cbc:Note>#ADU#Kiitos</cbc:Note><cbc:Note>#1 paras</cbc:Note>")
        ).records[0]
        #expect(record["notes[1].subject_code"] == "ADU")
        #expect(record["notes[1].text"] == "Kiitos")
        #expect(record["notes[2].text"] == "#1 paras")
    }

    @Test func taxNumbersAreToldApartByTheirScheme() async throws {
        let scheme = { (number: String, id: String) in
            """
            <cac:PartyTaxScheme><cbc:CompanyID>\(number)</cbc:CompanyID><cac:TaxScheme><cbc:ID>\(id)</cbc:ID>
            </cac:TaxScheme></cac:PartyTaxScheme>
            """
        }
        let record = try await readOne(
            ublInvoice().replacing(
                "<cac:PartyIdentification>",
                with: scheme("FI76543212", "VAT") + scheme("12/34", "FC") + "<cac:PartyIdentification>")
        ).records[0]
        #expect(record["buyer.vat_id"] == "FI76543212")
        #expect(record["buyer.tax_id"] == "12/34")
    }

    @Test func linesBelowALineTellWhichOneTheyBelongTo() async throws {
        let record = try await readOne(
            ublInvoice(line: "<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID></cac:SubInvoiceLine>")
        ).records[0]
        #expect(record["lines[2].id"] == "1.1")
        #expect(record["lines[2].parent_line"] == "1")
    }

    @Test func oneReferenceHoldsForAllPaymentMeans() async throws {
        let record = try await readOne(
            ublInvoice(
                head: """
                    <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>123</cbc:PaymentID></cac:PaymentMeans>
                    <cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode></cac:PaymentMeans>
                    """)
        ).records[0]
        #expect(record["payment_means[1].remittance_reference"] == "123")
        #expect(record["payment_means[2].remittance_reference"] == "123")
    }

    @Test func whatAnInvoiceMustHaveAndLacksIsNoted() async throws {
        let reading = try await readOne(
            "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\"><ID>1</ID></Invoice>")
        #expect(reading.records[0]["number"] == "1")
        #expect(
            reading.findings(.nonconforming).map(\.message) == [
                "the invoice has no date", "the invoice names no currency", "the invoice names no seller",
                "the invoice names no buyer", "the invoice has no total", "the invoice has no line",
            ])
    }
}
