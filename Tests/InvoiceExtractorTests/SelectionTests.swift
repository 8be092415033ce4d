import InvoiceExtractor
import PortabilityModel
import Testing

/// Which files are read, and whose invoices are given out.
@Suite struct SelectionTests {
    private let customer = Identifier(kind: "customer_number", value: "1001")

    private func matched(
        _ folder: TestFolder, path: String = "invoices/**/*.xml", field: String = "buyer.identifiers.value",
        direction: InvoiceConfiguration.Direction = .received, subject: [Identifier]? = nil
    ) async throws -> Reading {
        try await read(
            source(path: path, direction: direction, match: [.init(kind: "customer_number", field: field)]),
            in: folder.path, subject: subject ?? [customer])
    }

    @Test func onlyTheSubjectsInvoicesAreGivenOut() async throws {
        let folder = try TestFolder()
            .write("invoices/a.xml", ublInvoice(number: "1", buyerID: "1001"))
            .write("invoices/2026/b.xml", ublInvoice(number: "2", buyerID: "1002"))
            .write("invoices/2026/c.xml", ublInvoice(number: "3", buyerID: "1001"))
        let reading = try await matched(folder)
        #expect(reading.records.map { $0["number"] } == ["3", "1"])
        #expect(reading.records.map(\.subject) == ["1001", "1001"])
        #expect(reading.records.map(\.file) == [1, 2])
        #expect(reading.end.records == [2])
        #expect(reading.end.filesRead == 3)
    }

    @Test func whatIsOddInAnotherPersonsInvoiceIsNotTold() async throws {
        let folder = try TestFolder()
            .write("invoices/a.xml", ublInvoice(buyerID: "1002", head: "<Salaisuus>x</Salaisuus>"))
        #expect(try await matched(folder).findings == [])
    }

    @Test(arguments: ["buyer.name", "buyer.legal_id", "number", "seller.name"])
    func anyFieldMayTellWhoseItIs(_ field: String) async throws {
        let invoice = finvoice(number: "N1").replacing("Ostaja Oy", with: "Ari Puuri")
        let folder = try TestFolder().write("invoices/a.xml", invoice)
        let values = [
            "buyer.name": "Ari Puuri", "buyer.legal_id": "7654321-2", "number": "N1", "seller.name": "Myyjä Oy",
        ]
        let value = try #require(values[field])
        let reading = try await matched(
            folder, field: field, subject: [Identifier(kind: "customer_number", value: value)])
        #expect(reading.records.map(\.subject) == [value])
    }

    @Test func directionIsWhatTheDatasetSays() async throws {
        let folder = try TestFolder().write("invoices/a.xml", ublInvoice())
        #expect(try await matched(folder, direction: .issued).records[0]["direction"] == "issued")
        #expect(try await matched(folder, direction: .received).records[0]["direction"] == "received")
    }

    @Test func equalFilesGiveRecordsOfTheirOwnAndIdsStayAsTheyAre() async throws {
        let folder = try TestFolder().write("invoices/a.xml", ublInvoice()).write("invoices/b.xml", ublInvoice())
        let first = try await matched(folder).records.map(\.id)
        #expect(Set(first).count == 2)
        #expect(first.allSatisfy { $0.utf8.count == 32 })
        // Where a file lies is no part of its id.
        let moved = try TestFolder().write("invoices/x/y.xml", ublInvoice()).write("invoices/z.xml", ublInvoice())
        #expect(try await matched(moved).records.map(\.id) == first)
    }

    @Test func recordsComeByPathBytesInBatchesOfAnySize() async throws {
        let folder = try TestFolder()
        for name in ["b", "a", "ä", "B", "10", "9"] {
            try folder.write("invoices/\(name).xml", ublInvoice(number: name))
        }
        let extractor = source(
            path: "invoices/*.xml", match: [.init(kind: "customer_number", field: "buyer.identifiers.value")])
        let reading = try await read(
            extractor, in: folder.path, subject: [customer], batchLimits: BatchLimits(rows: 1))
        #expect(reading.records.map { $0["number"] } == ["10", "9", "B", "a", "b", "ä"])
    }

    @Test func theIdentifierInThePathIsSubjectAndTenant() async throws {
        let folder = try TestFolder()
            .write("customers/1001/issued/a.xml", ublInvoice(number: "1"))
            .write("customers/1002/issued/a.xml", ublInvoice(number: "2"))
        let reading = try await read(
            source(path: "customers/{customer_number}/issued/*.xml", tenant: "customer_number"), in: folder.path,
            subject: [customer])
        #expect(reading.records.map { $0["number"] } == ["1"])
        #expect(reading.records.map(\.subject) == ["1001"])
        #expect(reading.records.map(\.tenant) == ["1001"])
    }

    @Test func aCustomerWithoutAFolderHasNoInvoices() async throws {
        let folder = try TestFolder()
        folder.makeFolder("customers")
        let reading = try await read(
            source(path: "customers/{customer_number}/*.xml"), in: folder.path, subject: [customer])
        #expect(reading.records.isEmpty)
        #expect(reading.findings == [])
    }

    @Test(arguments: ["..", ".", "", "../1002", "1002/..", "a\\b", "1002\0", "/etc"])
    func anIdentifierThatIsNoNameIsRefused(_ value: String) async throws {
        let folder = try TestFolder().write("customers/1002/a.xml", ublInvoice()).write("a.xml", ublInvoice())
        await #expect(throws: PortabilityError(.scopeViolation, "")) {
            _ = try await read(
                source(path: "customers/{customer_number}/*.xml"), in: folder.path,
                subject: [Identifier(kind: "customer_number", value: value)])
        }
    }

    @Test(arguments: ["*", "100?", "[0-9]*", "**", "{customer_number}"])
    func signsOfPatternsInAnIdentifierArePlainSigns(_ value: String) async throws {
        let folder = try TestFolder().write("customers/1001/a.xml", ublInvoice())
        let reading = try await read(
            source(path: "customers/{customer_number}/*.xml"), in: folder.path,
            subject: [Identifier(kind: "customer_number", value: value)])
        #expect(reading.records.isEmpty)
    }

    @Test func symbolicLinksAreNotFollowed() async throws {
        let outside = try TestFolder().write("1001/a.xml", ublInvoice())
        let folder = try TestFolder().write("customers/1002/b.xml", ublInvoice())
        folder.link("customers/1001", to: "\(outside.path)/1001")
        folder.link("customers/1002/c.xml", to: "\(outside.path)/1001/a.xml")
        for (customer, count) in [("1001", 0), ("1002", 1)] {
            let reading = try await read(
                source(path: "customers/{customer_number}/*.xml"), in: folder.path,
                subject: [Identifier(kind: "customer_number", value: customer)])
            #expect(reading.records.count == count)
            #expect(reading.findings.map(\.message) == ["symbolic links, which are not followed"])
            #expect(reading.findings.map(\.losesRecords) == [true])
        }
    }

    @Test func aMissingFolderIsUnavailable() async throws {
        let folder = try TestFolder()
        await #expect(throws: PortabilityError(.unavailable, "")) { _ = try await matched(folder) }
        await #expect(throws: PortabilityError(.unavailable, "")) {
            _ = try await read(source(path: "customers/{customer_number}/*.xml"), in: folder.path, subject: [customer])
        }
        folder.link("invoices", to: "/tmp")
        await #expect(throws: PortabilityError(.unavailable, "")) { _ = try await matched(folder) }
    }

    @Test(arguments: [
        "../*.xml", "invoices/../../*.xml", "", "invoices/**", "a[.xml", "{a}/{b}.xml", "{", "{unknown}/*.xml",
    ])
    func aPathThatCannotBeUsedIsAFaultOfTheConfiguration(_ path: String) async throws {
        let folder = try TestFolder()
        folder.makeFolder("invoices")
        await #expect(throws: PortabilityError(.configuration, "")) { _ = try await matched(folder, path: path) }
    }

    @Test(arguments: ["buyer", "buyer.nimi", "", "buyer.name.x"])
    func aFieldThatAnInvoiceLacksIsAFaultOfTheConfiguration(_ field: String) async throws {
        let folder = try TestFolder()
        folder.makeFolder("invoices")
        await #expect(throws: PortabilityError(.configuration, "")) { _ = try await matched(folder, field: field) }
    }

    @Test(
        arguments: [
            ("invoices/*.xml", ["a.xml", "b-1.xml"]), ("invoices/?.xml", ["a.xml"]),
            ("invoices/b-[0-9].xml", ["b-1.xml"]),
            ("invoices/[!b]*.xml", ["a.xml"]), ("invoices/**/*.xml", ["a.xml", "b-1.xml", "x/c.xml", "x/y/d.xml"]),
            ("**/y/*", ["x/y/d.xml"]), ("invoices/*/*/*.xml", ["x/y/d.xml"]), ("./invoices//a.xml", ["a.xml"]),
        ] as [(String, [String])])
    func wildcardsFindWhatTheySay(_ path: String, _ expected: [String]) async throws {
        let folder = try TestFolder()
        for name in ["a.xml", "b-1.xml", "x/c.xml", "x/y/d.xml", ".hidden.xml", "x/.git/e.xml"] {
            try folder.write("invoices/\(name)", ublInvoice(number: name))
        }
        #expect(try await matched(folder, path: path).records.map { $0["number"] } == expected)
    }
}
