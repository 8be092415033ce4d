import PortabilityModel
import SQLCore
import SQLiteExtractor
import Testing

@Suite("Looking up in SQLite of which class a user is, who the staff are, and whom to forward to")
struct SQLiteLookUpTests {
    let folder = Folder()
    let tables = """
        CREATE TABLE users (user_id INTEGER PRIMARY KEY, kind TEXT, email TEXT);
        INSERT INTO users VALUES (1, 'sole-trader', 'a@x'), (2, 'employee', 'b@x'), (3, NULL, '');
        CREATE TABLE staff (id TEXT, name TEXT, role TEXT);
        INSERT INTO staff VALUES ('s1', 'Kerttu Malli', 'support agent'), (NULL, 'Sten Exempel', 'support agent');
        CREATE TABLE clients (customer INTEGER, email TEXT, note TEXT);
        INSERT INTO clients VALUES (20042, 'z@x', NULL), (20043, 'z@x', 'n');
        """

    private func source(_ kind: LookUp, _ queries: String...) throws -> SQLiteExtractor {
        let path = try folder.database(named: "\(kind)-\(queries.count).sqlite", tables)
        return try SQLiteExtractor(
            SQLiteConfiguration(
                SQLConfiguration(
                    declaration: SourceDeclaration(id: "register", kind: "sqlite", role: .controller, datasets: []),
                    lookUps: [kind: queries], datasets: [:]), path: path))
    }

    private func rows(
        _ kind: LookUp, _ known: SubjectKeys = SubjectKeys(), _ queries: String...
    ) async throws -> [[String: String]] {
        let path = try folder.database(named: "\(folder.names.count).sqlite", tables)
        let source = try SQLiteExtractor(
            SQLiteConfiguration(
                SQLConfiguration(
                    declaration: SourceDeclaration(id: "register", kind: "sqlite", role: .controller, datasets: []),
                    lookUps: [kind: queries], datasets: [:]), path: path))
        return try await withSession(source) { try await $0.lookUp(kind, known) }
    }

    @Test("gives rows of named texts, without the columns that are null")
    func rows() async throws {
        #expect(
            try await rows(.staff, SubjectKeys(), "SELECT id, name, role FROM staff ORDER BY name") == [
                ["id": "s1", "name": "Kerttu Malli", "role": "support agent"],
                ["name": "Sten Exempel", "role": "support agent"],
            ])
        #expect(
            try await rows(
                .staff, SubjectKeys(), "SELECT name, role, 'tukihenkilö' AS role_fi FROM staff WHERE id = 's1'")
                == [["name": "Kerttu Malli", "role": "support agent", "role_fi": "tukihenkilö"]])
        let email = SubjectKeys([Identifier(kind: "email", value: "z@x")])
        #expect(
            try await rows(.route, email, "SELECT customer AS tenant, note AS name FROM clients WHERE email = :email")
                == [["tenant": "20042"], ["tenant": "20043", "name": "n"]])
        #expect(
            try await rows(.own, user("1", "3"), "SELECT email FROM users WHERE user_id IN (:user_id)")
                == [["email": "a@x"]])
    }

    @Test("runs every query of which the identifiers are known, and no other")
    func parameters() async throws {
        let byUser = "SELECT kind AS class FROM users WHERE user_id IN (:user_id)"
        let byEmail = "SELECT kind AS class FROM users WHERE email IN (:email)"
        #expect(try await rows(.classify, user("2"), byUser, byEmail) == [["class": "employee"]])
        #expect(try await rows(.classify, SubjectKeys(), byUser, byEmail).isEmpty)
        #expect(try await rows(.route, user("2")).isEmpty)
        let hostile = SubjectKeys([Identifier(kind: "email", value: "' OR 1=1 --")])
        #expect(try await rows(.classify, hostile, byUser, byEmail).isEmpty)
    }

    @Test("refuses a row without its required value, and never shows the others")
    func missingValue() async throws {
        let error = await #expect(throws: PortabilityError.self) {
            try await rows(.staff, SubjectKeys(), "SELECT name, nullif(role, 'support agent') AS role FROM staff")
        }
        #expect(error?.code == .drift)
        #expect(error?.place == .init(source: "register", field: "staff[1]"))
        #expect(error?.description.contains("Malli") == false)
    }

    @Test(
        "is checked beforehand: columns that are missing, or that the look-up does not have",
        arguments: [
            (LookUp.classify, "SELECT kind FROM users", "class"),
            (.staff, "SELECT name FROM staff", "role"),
            (.staff, "SELECT name, role, 1 AS shoe_size FROM staff", "shoe_size"),
            (.route, "SELECT customer FROM clients", "tenant"),
            (.own, "SELECT email AS e_mail FROM users", "e_mail"),
            (.route, "SELECT tenant FROM clients", "tenant"),
        ])
    func columns(kind: LookUp, query: String, column: String) async throws {
        let source = try source(kind, query)
        let findings = try await withSession(source) { try await $0.check() }
        #expect(findings.map(\.kind) == [.drift])
        #expect(findings.first?.losesRecords == true)
        #expect(findings.first.map { "\($0.message) \($0.place)".contains(column) } == true)
        await #expect(throws: PortabilityError(.drift, "")) {
            try await withSession(source) { try await $0.lookUp(kind, user("1")) }
        }
    }

    @Test("asks for the whole staff, never for that of one person")
    func staffParameters() throws {
        #expect(throws: PortabilityError(.configuration, "")) {
            try source(.staff, "SELECT name, role FROM staff WHERE id = :user_id")
        }
    }
}
