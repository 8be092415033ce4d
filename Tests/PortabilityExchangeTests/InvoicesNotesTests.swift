import PortabilityModel
import Testing

@testable import PortabilityExchange

/// What is said of records that a form cannot hold as they are.
@Suite struct InvoicesNotesTests {
    private let minimal: PlainRecord = [
        ("number", "1"), ("issue_date", "2026-11-22"), ("currency", "EUR"), ("totals.payable", "1.00"),
        ("lines.net_amount", "1.00"),
    ]

    private func ubl(_ record: PlainRecord) throws -> MemoryOutput {
        try make(UBLMaker(), [("invoices", "invoice", [record])])
    }

    private func finvoice(_ record: PlainRecord) throws -> MemoryOutput {
        try make(FinvoiceMaker(), [("invoices", "invoice", [record])])
    }

    private func terms(_ output: MemoryOutput, _ kind: ExchangeNote.Kind) -> Set<String> {
        Set(output.notes.filter { $0.kind == kind }.map(\.term))
    }

    @Test("Every line of the tables names fields that exist")
    func tables() {
        #expect(WritingTable(UBLTable.text, layout: invoiceLayout).faults == [])
        #expect(WritingTable(FinvoiceTable.text, layout: invoiceLayout).faults == [])
        #expect(WritingTable("ID nonsense\n  Inner number", layout: invoiceLayout).faults.count == 2)
    }

    @Test("UBL is written without what only the standard asks for, and every such term is told")
    func missingTerms() throws {
        let output = try ubl(minimal)
        #expect(output.files.map(\.name) == ["invoices-000001.xml"])
        #expect(output.files[0].mediaType == "application/xml")
        let expected: Set<String> = [
            "BT-3", "BT-27", "BT-29", "BT-40", "BT-44", "BT-55", "BG-23", "BT-106", "BT-109", "BT-112", "BT-126",
            "BT-129", "BT-130", "BT-146", "BT-151", "BT-153",
        ]
        #expect(terms(output, .missing) == expected)
        #expect(output.notes.allSatisfy { $0.file == "invoices-000001.xml" && $0.record == 1 })
    }

    @Test(
        "Without what the schema asks for there is no file, and the term is told",
        arguments: [
            ("number", "BT-1"), ("issue_date", "BT-2"), ("currency", "BT-5"), ("totals.payable", "BT-115"),
            ("lines.net_amount", "BG-25"),
        ])
    func refused(_ field: String, _ term: String) throws {
        let output = try ubl(minimal.filter { $0.0 != field })
        #expect(output.files.isEmpty)
        #expect(terms(output, .refused).count == 1)
        #expect(terms(output, .missing).contains(term))
    }

    @Test("Finvoice needs an account and a due date, and takes none from the air")
    func refusedFinvoice() throws {
        let record =
            minimal + [
                ("seller.name", "Oy Ab"), ("buyer.name", "Ada"), ("totals.gross", "1.00"), ("due_date", "2026-12-01"),
                ("payment_means.account", "FI2112345600000785"),
            ]
        #expect(try finvoice(record).files.count == 1)
        for (field, term) in [
            ("due_date", "BT-9"), ("payment_means.account", "BT-84"), ("seller.name", "BG-4"), ("buyer.name", "BG-7"),
        ] {
            let output = try finvoice(record.filter { $0.0 != field })
            #expect(output.files.isEmpty)
            #expect(terms(output, .refused) == [term])
        }
        // Where nothing is to be paid, no date is waited for.
        let credit = record.filter { $0.0 != "due_date" && $0.0 != "totals.payable" } + [("totals.payable", "-1.00")]
        #expect(try finvoice(credit).text.contains("EpiDateOptionDate Format=\"CCYYMMDD\">20261122<"))
    }

    private func taxed(_ category: String, _ breakdown: String, _ more: PlainRecord = []) -> PlainRecord {
        minimal
            + [
                ("type_code", "380"), ("seller.name", "Oy Ab"), ("seller.vat_id", "FI12345671"),
                ("seller.legal_id", "1234567-1"), ("buyer.vat_id", "FI20774740"), ("tax_representative.name", "Agent"),
                ("tax_representative.vat_id", "FI87654321"), ("totals.tax", "0.00"),
                ("tax_breakdown.category", breakdown), ("tax_breakdown.rate", "0"),
                ("tax_breakdown.tax_amount", "0.00"),
                ("tax_breakdown.exemption_reason", "None"),
            ].filter { own in !more.contains { $0.0 == own.0 } } + more
            + [("lines.tax_category", category), ("lines.tax_rate", "0")]
    }

    /// Fields of one line, and of one group of the breakdown, stand in one group of their list.
    private func invoice(_ record: PlainRecord) throws -> MemoryOutput {
        try make(UBLMaker(), [("invoices", "invoice", [record])], merging: ["lines", "tax_breakdown"])
    }

    @Test("What is not subject to VAT is written without rates and VAT numbers (BR-O-02, BR-O-05), which is told")
    func outsideVAT() throws {
        let output = try invoice(taxed("O", "O"))
        // The rate of the breakdown, which no rule forbids, stays.
        #expect(output.text.components("<cbc:Percent>") == ["0"])
        #expect(!output.text.contains("cac:PartyTaxScheme"))
        #expect(!output.text.contains("cac:TaxRepresentativeParty"))
        #expect(output.text.contains("<cbc:CompanyID>1234567-1<") && output.text.contains("<cbc:ID>O<"))
        let notes = output.notes.filter { $0.kind == .dropped }.map { "\($0.term): \($0.message)" }
        #expect(
            notes.sorted() == [
                "buyer.vat_id: BR-O-02: beside the VAT category O there can be no BT-48",
                "lines.tax_rate: BR-O-05: the VAT category O has no rate (BT-152)",
                "seller.vat_id: BR-O-02: beside the VAT category O there can be no BT-31",
                "tax_representative.name: BR-O-02: beside the VAT category O there can be no BT-63, without which there "
                    + "is no representative (BR-56)",
                "tax_representative.vat_id: BR-O-02: beside the VAT category O there can be no BT-63, without which "
                    + "there is no representative (BR-56)",
            ])
        #expect(terms(output, .inconsistent).isEmpty)
        // A seller who is known by that number only is then known by none (BR-CO-26).
        let unknown = try invoice(taxed("O", "O").filter { $0.0 != "seller.legal_id" })
        #expect(terms(unknown, .missing).contains("BT-29") && !terms(output, .missing).contains("BT-29"))
        #expect(try invoice(taxed("E", "E")).text.components("<cbc:Percent>") == ["0", "0"])
    }

    @Test(
        "What contradicts the category of VAT is written and told",
        arguments: [
            ("O", "S", "seller.name", "Oy Ab", ["BT-120", "BT-151"]),
            ("Z", "O", "seller.name", "Oy Ab", ["BT-151"]),
            ("Z", "Z", "seller.name", "Oy Ab", ["BT-120"]),
            ("S", "S", "seller.name", "Oy Ab", ["BT-120", "BT-152"]),
            ("E", "E", "tax_breakdown.tax_amount", "1.00", ["BT-117"]),
            ("AE", "AE", "seller.name", "Oy Ab", []),
        ])
    func contradictions(
        _ category: String, _ breakdown: String, _ field: String, _ value: String, _ expected: [String]
    ) throws {
        let output = try invoice(taxed(category, breakdown, [(field, value)]))
        let told = output.notes.filter { $0.kind == .inconsistent && $0.message.hasPrefix("BR-") }.map(\.term)
        #expect(Set(told) == Set(expected))
        // Numbers are withheld only where no other category asks for them.
        #expect(output.text.contains("FI12345671"))
    }

    @Test("Terms that a category of VAT asks for are told")
    func askedFor() throws {
        let record = taxed("K", "K").filter { $0.0 != "buyer.vat_id" }
        #expect(terms(try invoice(record), .missing).isSuperset(of: ["BT-48", "BT-72", "BT-80"]))
        #expect(terms(try invoice(taxed("AE", "AE")), .missing).isDisjoint(with: ["BT-48", "BT-72", "BT-80"]))
    }

    @Test("An account of the seller is told only if it is not the one that is to be paid to")
    func accounts() throws {
        func dropped(_ account: String, _ bic: String) throws -> [String] {
            let record =
                minimal + [
                    ("payment_means.account", "FI2112345600000785"), ("payment_means.bic", "NDEAFIHH"),
                    ("seller.bank_accounts.account", account), ("seller.bank_accounts.bic", bic),
                    ("seller.bank_accounts.scheme", "IBAN"),
                ]
            let output = try make(
                UBLMaker(), [("invoices", "invoice", [record])], merging: ["payment_means", "seller.bank_accounts"])
            return terms(output, .dropped).sorted()
        }
        #expect(try dropped("FI2112345600000785", "NDEAFIHH") == [])
        #expect(try dropped("FI2112345600000785", "OKOYFIHH") == ["seller.bank_accounts.bic"])
        #expect(
            try dropped("FI1410093000123458", "NDEAFIHH") == [
                "seller.bank_accounts.account", "seller.bank_accounts.bic", "seller.bank_accounts.scheme",
            ])
    }

    @Test("Files are numbered through, refused records have none")
    func numbers() throws {
        let output = try make(
            UBLMaker(),
            [
                ("first", "invoice", [minimal, [("number", "2")], minimal]), ("second", "invoice", [minimal]),
            ], rows: 1)
        #expect(output.files.map(\.name) == ["invoices-000001.xml", "invoices-000002.xml", "invoices-000003.xml"])
        #expect(output.notes.filter { $0.kind == .refused }.map(\.record) == [2])
        #expect(Set(output.notes.filter { $0.dataset == "second" }.map(\.file)) == ["invoices-000003.xml"])
        #expect(Set(output.notes.filter { $0.dataset == "second" }.map(\.record)) == [1])
    }

    @Test("Text that is too long is continued where the form lets it, cut and noted where not; identifiers never are")
    func lengths() throws {
        let long = String(repeating: "sanoja ", count: 100) + "loppu"
        let record =
            minimal.filter { $0.0 != "number" } + [
                ("number", "123456789012345678901"), ("seller.name", "Oy Ab"), ("buyer.name", "Ada"),
                ("totals.gross", "1.00"), ("due_date", "2026-12-01"), ("payment_means.account", "FI2112345600000785"),
            ]
        #expect(terms(try finvoice(record), .refused) == ["BT-1"])
        let output = try finvoice(
            record.map { $0.0 == "number" ? ("number", "1") : $0 } + [
                ("notes.text", long), ("tax_note", long), ("order_reference", long),
            ])
        let notes = output.text.components("<InvoiceFreeText>")
        #expect(notes.count == 2)
        #expect(notes.joined(separator: " ") == long)
        #expect(
            output.text.components("<InvoiceVatFreeText>") == [
                "sanoja sanoja sanoja sanoja sanoja sanoja sanoja sanoja sanoja sanoja"
            ])
        #expect(terms(output, .dropped) == ["tax_note", "order_reference"])
    }

    @Test("A credit note is one by its code, and its due date and project go where its schema has them")
    func creditNote() async throws {
        let output = try ubl(
            minimal + [
                ("type_code", "381"), ("due_date", "2026-12-01"), ("project_reference", "P1"),
                ("tender_reference", "T1"), ("payment_means.code", "30"),
            ])
        #expect(output.text.contains("<CreditNote xmlns="))
        #expect(output.text.contains("<cac:CreditNoteLine>"))
        #expect(output.text.contains("<cbc:PaymentDueDate>2026-12-01<"))
        let record = try #require(try await readBack(output).first)
        for line in ["type_code=381", "due_date=2026-12-01", "project_reference=P1", "tender_reference=T1"] {
            #expect(record.contains(line))
        }
    }

    @Test("Sub-lines stand below their line if there is one")
    func subLines() throws {
        let output = try ubl(minimal + [("lines.parent_line", "1")])
        #expect(output.text.contains("<cac:SubInvoiceLine>"))
        #expect(!output.notes.contains { $0.term == "lines.parent_line" })
        let wild = try ubl(minimal + [("lines.parent_line", "99"), ("lines.parent_line", "-1")])
        #expect(!wild.text.contains("<cac:SubInvoiceLine>"))
        #expect(wild.notes.contains { $0.term == "lines.parent_line" && $0.kind == .dropped })
    }

    @Test("References are Finnish or RF by their digits")
    func references() {
        #expect(InvoiceTerms.isFinnishReference("1232".utf8))
        #expect(InvoiceTerms.isFinnishReference("000440".utf8))
        #expect(!InvoiceTerms.isFinnishReference("1233".utf8))
        #expect(!InvoiceTerms.isFinnishReference("123".utf8))
        #expect(InvoiceTerms.isOVT("003723456780".utf8))
        #expect(!InvoiceTerms.isOVT("FI2112345600000785".utf8))
    }
}

extension String {
    /// The texts of all elements with a start tag.
    fileprivate func components(_ tag: String) -> [String] {
        var out: [String] = []
        var rest = self[...]
        while let start = rest.firstRange(of: tag) {
            rest = rest[start.upperBound...]
            out.append(String(rest.prefix { $0 != "<" }))
        }
        return out
    }
}
