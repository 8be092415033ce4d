import PortabilityModel
import Testing

/// Finvoice as it is met: frames, commas, padding, disorder.
@Suite struct FinvoiceTests {
    static let frame = """
        <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:eb="urn:eb"><SOAP-ENV:Header>
        <eb:MessageHeader><eb:From><eb:PartyId>003712345671</eb:PartyId><eb:Role>Sender</eb:Role></eb:From>
        <eb:From><eb:PartyId>NDEAFIHH</eb:PartyId><eb:Role>Intermediator</eb:Role></eb:From>
        <eb:To><eb:PartyId>FI2112345600000785</eb:PartyId><eb:Role>Receiver</eb:Role></eb:To>
        <eb:MessageData><eb:MessageId>M1</eb:MessageId></eb:MessageData></eb:MessageHeader></SOAP-ENV:Header>
        <SOAP-ENV:Body/></SOAP-ENV:Envelope>
        <?xml version="1.0" encoding="UTF-8"?>

        """

    @Test func numbersWithCommasAndDatesWithoutHyphensAreSpelledAsTheCatalogueDoes() async throws {
        let record = try await readOne(finvoice()).records[0]
        #expect(record["totals.gross"] == "12.40")
        #expect(record["issue_date"] == "2026-03-01")
        #expect(record["currency"] == "EUR")
        #expect(record["document_type"] == "invoice")
    }

    @Test func aNumberWithSpacesIsReadAndNoted() async throws {
        let reading = try await readOne(
            finvoice(details: "<InvoiceTotalVatExcludedAmount>1 000,50</InvoiceTotalVatExcludedAmount>"))
        #expect(reading.records[0]["totals.net"] == "1000.50")
        #expect(reading.findings(.nonconforming).map(\.message) == ["a number is spelled against the standard"])
    }

    @Test func paddingGoesAndLinesOfANoteStay() async throws {
        let record = try await readOne(
            finvoice(
                seller: "<SellerContactPersonName>   Maija Myyjä        </SellerContactPersonName>",
                details: "<InvoiceFreeText>\n  eka rivi\n  toka rivi  \n</InvoiceFreeText>")
        ).records[0]
        #expect(record["seller.contacts[1].name"] == "Maija Myyjä")
        #expect(record["notes[1].text"] == "eka rivi\n  toka rivi")
    }

    @Test func elementsMayComeInAnyOrder() async throws {
        let record = try await readOne(
            finvoice(
                seller: """
                    <SellerInformationDetails><SellerPhoneNumber>09 1</SellerPhoneNumber></SellerInformationDetails>
                    <SellerCommunicationDetails><SellerEmailaddressIdentifier>m@example.fi</SellerEmailaddressIdentifier>
                    </SellerCommunicationDetails><SellerContactPersonName>Maija</SellerContactPersonName>
                    """)
        ).records[0]
        #expect(record["seller.contacts[1].telephone"] == "09 1")
        #expect(record["seller.contacts[2].name"] == "Maija")
        #expect(record["seller.contacts[2].email"] == "m@example.fi")
    }

    @Test func theEnvelopeAndTheMessageBehindItAreOneRecord() async throws {
        let reading = try await readOne(Self.frame + finvoice())
        #expect(reading.records.count == 1)
        let record = reading.records[0]
        #expect(record["message.sender"] == "003712345671")
        #expect(record["message.sender_intermediator"] == "NDEAFIHH")
        #expect(record["message.receiver"] == "FI2112345600000785")
        #expect(record["message.id"] == "M1")
        #expect(record["seller.name"] == "Myyjä Oy")
        #expect(reading.findings.map(\.message) == ["several XML documents in one file"])
    }

    @Test func aBatchOfFramedMessagesGivesARecordEach() async throws {
        let first = Self.frame + finvoice(number: "A")
        let second = "\n" + Self.frame + finvoice(number: "B")
        let folder = try TestFolder().write("all/batch.xml", first + second)
        let reading = try await readAll(folder, keepOriginals: true)
        #expect(reading.records.map { $0["number"] } == ["A", "B"])
        #expect(reading.records[0].position == 0)
        #expect(reading.records[1].position > 0)
        #expect(reading.documents.map(\.role) == [.original, .original])
        // Each gets its own part of the file, byte for byte, and nothing of the other.
        #expect(reading.documents[0].bytes + reading.documents[1].bytes == Array((first + second).utf8))
        #expect(!String(decoding: reading.documents[0].bytes, as: UTF8.self).contains(">B<"))
    }

    @Test func rowsBelowARowTellWhichRowTheyBelongTo() async throws {
        let record = try await readOne(
            finvoice(
                rows: """
                    <InvoiceRow><SubInvoiceRow><SubArticleName>Ruuvi</SubArticleName></SubInvoiceRow>
                    <ArticleName>Hylly</ArticleName></InvoiceRow>
                    <InvoiceRow><SubInvoiceRow><SubArticleName>Irto</SubArticleName></SubInvoiceRow></InvoiceRow>
                    """)
        ).records[0]
        #expect((1...4).map { record["lines[\($0)].name"] } == ["Työ", "Hylly", "Ruuvi", "Irto"])
        #expect((1...4).map { record["lines[\($0)].parent_line"] } == [nil, nil, "2", nil])
    }

    @Test func aReminderTellsOfTheOverduePayment() async throws {
        let record = try await readOne(
            finvoice(
                rows: """
                    <InvoiceRow><RowOverDuePaymentDetails><RowOriginalInvoiceIdentifier>17</RowOriginalInvoiceIdentifier>
                    <RowOriginalDueDate Format="CCYYMMDD">20260115</RowOriginalDueDate>
                    <RowInterestRate>11,5</RowInterestRate>
                    <RowInterestChargeAmount AmountCurrencyIdentifier="EUR">1,23</RowInterestChargeAmount>
                    </RowOverDuePaymentDetails></InvoiceRow>
                    """
            ).replacing("INV01", with: "INV08")
        ).records[0]
        #expect(record["document_type"] == "reminder")
        #expect(record["lines[2].overdue.invoice_number"] == "17")
        #expect(record["lines[2].overdue.due_date"] == "2026-01-15")
        #expect(record["lines[2].overdue.interest_percent"] == "11.5")
        #expect(record["lines[2].overdue.interest"] == "1.23")
    }

    @Test func paymentDataOfAllPlacesMeetInOnePaymentMeans() async throws {
        let record = try await readOne(
            finvoice(
                rest: """
                    <PaymentCardInfo><PrimaryAccountNumber>************1234</PrimaryAccountNumber>
                    <CardHolderName>Maija</CardHolderName></PaymentCardInfo>
                    <EpiDetails><EpiPartyDetails><EpiBeneficiaryPartyDetails>
                    <EpiAccountID IdentificationSchemeName="IBAN">FI2112345600000785</EpiAccountID>
                    </EpiBeneficiaryPartyDetails></EpiPartyDetails><EpiPaymentInstructionDetails>
                    <EpiRemittanceInfoIdentifier IdentificationSchemeName="SPY">1232</EpiRemittanceInfoIdentifier>
                    <EpiInstructedAmount AmountCurrencyIdentifier="EUR">12,40</EpiInstructedAmount>
                    </EpiPaymentInstructionDetails></EpiDetails>
                    """)
        ).records[0]
        #expect(record["payment_means[1].card_number"] == "************1234")
        #expect(record["payment_means[1].account"] == "FI2112345600000785")
        #expect(record["payment_means[1].finnish_reference"] == "1232")
        #expect(record["payment_means[1].remittance_reference"] == "1232")
        #expect(record["payment_means[1].rf_reference"] == nil)
        #expect(record["payment_means[2].account"] == nil)
        #expect(record["totals.payable"] == "12.40")
    }

    @Test func namesAndAddressesOfAttachmentsBelongTogetherByTheirOrder() async throws {
        let record = try await readOne(
            finvoice(
                rest: """
                    <InvoiceUrlNameText>Erittely</InvoiceUrlNameText><InvoiceUrlNameText>Kuitti</InvoiceUrlNameText>
                    <InvoiceUrlText>https://example.fi/1</InvoiceUrlText><InvoiceUrlText>https://example.fi/2</InvoiceUrlText>
                    """)
        ).records[0]
        #expect(record["attachments[2].description"] == "Kuitti")
        #expect(record["attachments[2].url"] == "https://example.fi/2")
    }

    @Test func theBareDoctypeOfFinvoice1IsPassedOverAndNoted() async throws {
        let reading = try await readOne("<!DOCTYPE Finvoice SYSTEM \"Finvoice.dtd\">\n" + finvoice())
        #expect(reading.records.count == 1)
        #expect(reading.findings.map(\.kind) == [.nonconforming])
    }

    @Test func whatDoesNotFitItsFieldIsCarriedAsText() async throws {
        let reading = try await readOne(
            finvoice(details: "<OrderDate Format=\"CCYYMMDD\">eilen</OrderDate>"))
        #expect(reading.records[0]["other:order_date"] == "eilen")
        #expect(reading.findings(.mistyped).map(\.count) == [1])
    }

    @Test func whatNoRuleKnowsIsCarriedUnderItsPathAndCountedByName() async throws {
        let reading = try await readOne(
            finvoice(
                rows: """
                    <InvoiceRow><ArticleName>A</ArticleName><InvoicEURlText laji="x">yksi</InvoicEURlText></InvoiceRow>
                    <InvoiceRow><ArticleName>B</ArticleName><InvoicEURlText>kaksi</InvoicEURlText></InvoiceRow>
                    """))
        let record = reading.records[0]
        #expect(record["other:Finvoice/InvoiceRow[2]/InvoicEURlText"] == "yksi")
        #expect(record["other:Finvoice/InvoiceRow[2]/InvoicEURlText/@laji"] == "x")
        #expect(record["other:Finvoice/InvoiceRow[3]/InvoicEURlText"] == "kaksi")
        let unmapped = reading.findings(.unmapped)
        #expect(
            unmapped.map(\.place.field) == [
                "Finvoice/InvoiceRow/InvoicEURlText", "Finvoice/InvoiceRow/InvoicEURlText/@laji",
            ])
        #expect(unmapped.map(\.count) == [2, 1])
        #expect(!unmapped.contains { $0.losesRecords })
    }

    @Test func aSecondValueWhereThereIsRoomForOneIsNotLost() async throws {
        let reading = try await readOne(finvoice(details: "<InvoiceNumber>2</InvoiceNumber>"))
        #expect(reading.records[0]["number"] == "1")
        #expect(reading.records[0]["other:Finvoice/InvoiceDetails/InvoiceNumber[2]"] == "2")
    }

    @Test func attachmentsInAMessageOfTheirOwnJoinTheInvoiceBeforeThem() async throws {
        let attachments = """
            <?xml version="1.0"?><FinvoiceAttachments><AttachmentDetails><AttachmentIdentifier>1</AttachmentIdentifier>
            <AttachmentContent>aGVp</AttachmentContent><AttachmentName>hei.txt</AttachmentName>
            <AttachmentMimeType>text/plain</AttachmentMimeType></AttachmentDetails></FinvoiceAttachments>
            """
        let reading = try await readOne(finvoice() + "\n" + attachments)
        #expect(reading.records.count == 1)
        #expect(reading.records[0]["attachments[1].filename"] == "hei.txt")
        #expect(reading.records[0]["attachments[1].document"] == "data/documents/test-1")
        #expect(reading.documents.map(\.bytes) == [Array("hei".utf8)])
    }
}
