import Portability
import PortabilityModel
import Testing

/// How the configuration file names a PostgreSQL server. No server is needed.
@Suite("Sources of the kind postgresql in the configuration")
struct PostgreSQLKindTests {
    private func load(_ keys: String...) throws -> Configuration {
        let text = """
            portability: 1
            controller: { name: Testi Oy, business_id: "1854047-8", address: Testikatu 1, country: FI, email: a@example.fi }
            policy: { register: Rekisteri, name: Seloste, date: 2017-09-08 }
            time_zone: Europe/Helsinki
            authority: { country: FI, name: {fi: T, sv: D, en: O}, address: Helsinki, url: https://tietosuoja.fi }
            purposes:
              service: { text: {fi: a, sv: b, en: c}, basis: 6(1)(b) }
            identifiers:
              user_id: { unique: true }
            sources:
              register:
                kind: postgresql
                role: controller
            \(keys.map { "    \($0)\n" }.joined())
                datasets:
                  - id: data
                    entity: communication
                    category: communication
                    origin: { provided: subject }
                    purposes: [service]
                    subject: user_id
                    query: SELECT id AS record_id, user_id AS subject FROM users WHERE user_id IN (:user_id) ORDER BY id
            """
        let folder = try Folder()
        return try withExtendedLifetime(folder) {
            try Configuration.load(path: folder.write(text, to: "portability.yaml"))
        }
    }

    private func refusal(_ keys: String...) -> PortabilityError? {
        do {
            _ = try load(keys.joined(separator: "\n    "))
            return nil
        } catch {
            return error as? PortabilityError
        }
    }

    #if PostgreSQL
        @Test func aServerIsNamedByAURIOrAService() throws {
            for keys in [
                "uri: postgresql://reader@db.example.com/shop?sslmode=verify-full", "service: shop",
                "uri: 'host=/run/postgresql dbname=shop'",
            ] {
                let source = try #require(try load(keys, "connect_seconds: 5", "lock_seconds: 2").sources.first)
                #expect(source.extractor.declaration.kind == "postgresql")
            }
        }

        @Test func aPasswordInTheURIIsRefusedAtItsLineAndNotRepeated() throws {
            for uri in ["postgresql://reader:hunter2@db/shop", "postgresql://db/shop?password=hunter2"] {
                let error = try #require(refusal("uri: \(uri)"))
                #expect(error.code == .configuration)
                #expect(error.place.line == 14)
                #expect(error.place.field?.hasSuffix("uri") == true)
                #expect(!"\(error)".contains("hunter2"))
                #expect(error.remedy?.contains("passfile") == true)
            }
        }

        @Test func oneServerAndNoMore() {
            #expect(refusal("uri: postgresql://db/shop", "service: shop")?.message.contains("twice") == true)
            #expect(refusal("passfile: secret")?.message.contains("where the server is") == true)
            #expect(refusal("uri: postgresql://db/shop", "connect_seconds: 0")?.code == .configuration)
            #expect(refusal("uri: postgresql://db/shop", "path: register.sqlite")?.code == .configuration)
        }
    #else
        @Test func aBuildWithoutItSaysHowToGetIt() throws {
            let error = try #require(refusal("uri: postgresql://db/shop"))
            #expect(error.code == .configuration)
            #expect(error.message == "this build has no postgresql")
            #expect(error.remedy?.contains("--traits PostgreSQL") == true)
        }
    #endif
}
