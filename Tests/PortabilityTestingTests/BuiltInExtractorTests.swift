import GRDB
import InvoiceExtractor
import PortabilityCrypto
import PortabilityModel
import PortabilityTesting
import SQLCore
import SQLiteExtractor
import Testing
import TestServers
import UsageLogExtractor

private func keys(_ kind: String, _ value: String) -> SubjectKeys {
    SubjectKeys([Identifier(kind: kind, value: value)])
}

/// The sources that read a file or a database of their own, each with real files.
@Suite("Built-in extractors keep the contract", .onOwnThreads)
struct BuiltInExtractorTests {
    // MARK: SQLite

    private func register(
        _ path: String, persons: String? = nil, notes: String? = nil, seconds: Double = 300
    ) throws -> SQLiteExtractor {
        func dataset(_ id: String, _ entity: String) -> DatasetDeclaration {
            DatasetDeclaration(
                id: id, entity: entity, category: .registration, role: .controller,
                origin: Origin(kind: .provided, by: .subject), purposes: ["service"], subjectKinds: ["user_id"],
                order: .recordID)
        }
        let payments = """
            SELECT payment_id AS record_id, user_id AS subject, paid_on, amount, message, secret_code
            FROM payments WHERE user_id IN (:user_id) ORDER BY payment_id
            """
        return try SQLiteExtractor(
            SQLiteConfiguration(
                SQLConfiguration(
                    declaration: SourceDeclaration(
                        id: "register", kind: "sqlite", role: .controller,
                        datasets: [dataset("notes", "note"), dataset("payments", "payment")],
                        resolves: ["user_id", "email"], adds: ["user_id", "email"]),
                    identify: ["SELECT user_id, email FROM users WHERE user_id IN (:user_id)"],
                    datasets: [
                        "notes": notes ?? """
                            SELECT note_id AS record_id, user_id AS subject, written_at, body
                            FROM notes WHERE user_id IN (:user_id) ORDER BY note_id
                            """,
                        "payments": persons ?? payments,
                    ], statementSeconds: seconds), path: path))
    }

    /// Two users with notes (ids are text) and payments (ids are numbers); one amount is none.
    private func makeRegister(in workspace: Workspace) throws {
        let queue = try DatabaseQueue(path: workspace.path + "/register.sqlite")
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    CREATE TABLE users (user_id TEXT PRIMARY KEY, email TEXT);
                    INSERT INTO users VALUES ('100042', 'maija@example.com'), ('100043', 'matti@example.com');
                    CREATE TABLE notes (note_id TEXT PRIMARY KEY, user_id TEXT, written_at TEXT, body TEXT);
                    CREATE TABLE payments (
                        payment_id INTEGER PRIMARY KEY, user_id TEXT, paid_on TEXT, amount TEXT, message TEXT,
                        secret_code TEXT);
                    """)
            for number in 1...80 {
                let user = number % 2 == 0 ? "100042" : "100043"
                let body = "note number \(number) " + String(repeating: "of a long text ", count: 40)
                try database.execute(
                    sql: "INSERT INTO notes VALUES (?, ?, '2026-03-01T12:00:00Z', ?)",
                    arguments: ["n-\(number)", user, body])
                try database.execute(
                    sql: "INSERT INTO payments VALUES (?, ?, '2026-03-01', ?, 'for the service', 'code of \(number)')",
                    arguments: [number, user, number == 8 ? "Kanarialintu" : "\(number).50"])
            }
        }
        try queue.close()
    }

    @Test("sqlite")
    func sqlite() async throws {
        let workspace = Workspace()
        try makeRegister(in: workspace)
        let whole = workspace.read("register.sqlite")
        workspace.write("cut.sqlite", Array(whole[..<(whole.count * 6 / 10)]))
        let doubled = """
            SELECT note_id AS record_id, user_id AS subject, body FROM notes WHERE user_id IN (:user_id)
            UNION ALL SELECT note_id, user_id, body FROM notes WHERE user_id IN (:user_id) ORDER BY record_id
            """
        let endless = """
            WITH RECURSIVE again(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM again)
            SELECT note_id AS record_id, user_id AS subject, body
            FROM again CROSS JOIN (SELECT * FROM notes WHERE user_id IN (:user_id) ORDER BY note_id)
            """
        let slow = """
            WITH RECURSIVE again(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM again WHERE n < 100000000000)
            SELECT note_id AS record_id, user_id AS subject FROM notes
            WHERE user_id IN (:user_id) AND (SELECT count(*) FROM again) > 0 ORDER BY note_id
            """
        let fixture = ExtractorConformance.Fixture(
            baseDirectory: workspace.path, subject: keys("user_id", "100042"), foreign: keys("user_id", "100043"),
            unknown: keys("user_id", "999999"), counts: ["notes": 40, "payments": 40], documents: 0,
            secrets: ["Kanarialintu", "maija@example.com", "code of"],
            resources: { workspace.openDescriptors },
            faults: [
                .refused: .broken { try register("gone.sqlite") },
                .timeOut: .broken { try register("register.sqlite", notes: slow, seconds: 0.05) },
                .cutInTheMiddle: .broken { try register("cut.sqlite") },
                .pageRepeated: .broken { try register("register.sqlite", notes: doubled) },
                .pageLoop: .broken { try register("register.sqlite", notes: endless) },
            ])
        let report = await ExtractorConformance(try register("register.sqlite"), fixture: fixture).check()
        #expect(report.passed, "\(report)")
    }

    // MARK: Usage logs

    private func log(_ path: String) -> UsageLogExtractor {
        func dataset(_ id: String) -> DatasetDeclaration {
            DatasetDeclaration(
                id: id, entity: "usage_event", category: .usage, role: .controller, origin: Origin(kind: .observed),
                purposes: ["service"], subjectKinds: ["user_id", "cookie_id"], order: .position,
                exclusions: [.init(column: "token", ground: .secret)])
        }
        let fields: [(field: String, path: String)] = [
            ("occurred_at", "ts"), ("event", "event"), ("http_status", "status"), ("user_id", "user"),
        ]
        return UsageLogExtractor(
            configuration: UsageLogConfiguration(
                declaration: SourceDeclaration(
                    id: "usage", kind: "usage-log", role: .controller,
                    datasets: [dataset("visits"), dataset("searches")]),
                path: path,
                match: [
                    .init(kind: "user_id", path: "user", isUnique: true),
                    .init(kind: "cookie_id", path: "cookie", isUnique: false),
                ],
                datasets: [
                    .init(id: "visits", fields: fields, filter: .init(path: "event", values: ["visit"])),
                    .init(
                        id: "searches", fields: fields, recordID: "id", filter: .init(path: "event", values: ["search"])
                    ),
                ]), digest: SHA256Digest.factory)
    }

    private func lines(_ numbers: ClosedRange<Int>) -> [UInt8] {
        var text = ""
        for number in numbers {
            let user = number % 2 == 0 ? "100042" : "100043"
            let event = number % 3 == 0 ? "search" : "visit"
            let status = number == 4 ? "\"Kanarialintu\"" : "200"
            text += """
                {"ts":"2026-03-01T12:00:00Z","id":"e\(number)","event":"\(event)","user":"\(user)","status":\(status),\
                "token":"secret token","page":"page number \(number)"}\n
                """
        }
        return Array(text.utf8)
    }

    @Test("usage-log")
    func usageLog() async throws {
        let workspace = Workspace()
        let second = gzipStored(lines(25...48))
        workspace.write("logs/1.jsonl", lines(1...24)).write("logs/2.jsonl.gz", second)
        workspace.write("cut/1.jsonl", lines(1...24)).write("cut/2.jsonl.gz", Array(second[..<(second.count / 2)]))
        var subject = keys("user_id", "100042")
        subject.insert(Identifier(kind: "cookie_id", value: "ck_none_such"))
        let fixture = ExtractorConformance.Fixture(
            baseDirectory: workspace.path, subject: subject, foreign: keys("user_id", "100043"),
            unknown: keys("user_id", "999999"), counts: ["visits": 16, "searches": 8], documents: 0,
            secrets: ["Kanarialintu", "secret token"], resources: { workspace.openDescriptors },
            faults: [
                .refused: .broken { log("gone/*.jsonl*") },
                .timeOut: .notApplicable("a local file answers"),
                .cutInTheMiddle: .broken { log("cut/*") },
                .pageRepeated: .notApplicable("lines have no keys that the file promises to be unique"),
                .pageLoop: .notApplicable("a file is read from its beginning to its end"),
            ])
        let report = await ExtractorConformance(log("logs/*"), fixture: fixture).check()
        #expect(report.passed, "\(report)")
    }

    // MARK: Invoices

    private func invoices(_ path: String) -> InvoiceExtractor {
        func dataset(_ id: String) -> DatasetDeclaration {
            DatasetDeclaration(
                id: id, entity: "invoice", category: .invoicing, role: .processor,
                origin: Origin(kind: .provided, by: .customer), purposes: ["service"],
                subjectKinds: ["customer_number"], tenantKind: "customer_number", order: .position)
        }
        return InvoiceExtractor(
            configuration: InvoiceConfiguration(
                declaration: SourceDeclaration(
                    id: "billing", kind: "invoices", role: .processor,
                    datasets: [dataset("received"), dataset("issued")]),
                datasets: [
                    .init(
                        id: "received", path: "\(path)/{customer_number}/in/*.xml", direction: .received,
                        keepOriginals: true),
                    .init(id: "issued", path: "\(path)/{customer_number}/out/*.xml", direction: .issued),
                ]), digest: SHA256Digest.factory)
    }

    /// A UBL invoice with the least it needs and an attachment.
    private func invoice(_ number: Int) -> String {
        """
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
            xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
            xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
          <cbc:ID>\(number)</cbc:ID><cbc:IssueDate>\(number % 3 == 0 ? "Kanarialintu" : "2026-03-01")</cbc:IssueDate>
          <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
          <cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>
            <cbc:EmbeddedDocumentBinaryObject mimeCode="text/plain" filename="liite.txt">bGlpdGU=</cbc:EmbeddedDocumentBinaryObject>
          </cac:Attachment></cac:AdditionalDocumentReference>
          <cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>
            <cbc:RegistrationName>Myyjän pitkä nimi Oy</cbc:RegistrationName>
          </cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
          <cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="EUR">1.00</cbc:TaxInclusiveAmount>
          </cac:LegalMonetaryTotal>
          <cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine>
        </Invoice>
        """
    }

    @Test("invoices")
    func invoices() async throws {
        let workspace = Workspace()
        for number in 1...5 {
            let text = invoice(number)
            workspace.write("all/200001/in/\(number).xml", text).write("cut/200001/in/\(number).xml", text)
            workspace.write("all/200002/in/\(number).xml", invoice(number + 10))
        }
        // A file of several invoices, one after another.
        workspace.write("all/200001/out/1.xml", (20...25).map(invoice).joined(separator: "\n"))
        workspace.write("cut/200001/in/5.xml", String(invoice(5).prefix(900)))
        let fixture = ExtractorConformance.Fixture(
            baseDirectory: workspace.path, subject: keys("customer_number", "200001"),
            foreign: keys("customer_number", "200002"), unknown: keys("customer_number", "299999"),
            counts: ["received": 5, "issued": 6], documents: 22,
            secrets: ["Kanarialintu", "Myyjän pitkä nimi Oy", "liite.txt"], resources: { workspace.openDescriptors },
            faults: [
                .refused: .broken(baseDirectory: workspace.path + "/gone") { invoices("all") },
                .timeOut: .notApplicable("a local file answers; a document that takes long has a limit of its own"),
                .cutInTheMiddle: .broken { invoices("cut") },
                .pageRepeated: .notApplicable("two files with the same invoice are two files that were received"),
                .pageLoop: .notApplicable("the folders of a path are as many as it names"),
            ])
        let report = await ExtractorConformance(invoices("all"), fixture: fixture).check()
        #expect(report.passed, "\(report)")
    }
}
