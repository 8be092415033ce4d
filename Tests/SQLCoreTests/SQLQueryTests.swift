import PortabilityModel
import SQLCore
import Testing

private func keys(_ values: KeyValuePairs<String, String>) -> SubjectKeys {
    SubjectKeys(values.map { Identifier(kind: $0.key, value: $0.value) })
}

private func sqlite(_ text: String) throws -> SQLQuery { try SQLQuery(text, dialect: .sqlite) }

private func texts(_ values: String...) -> [SQLQuery.Binding] { values.map { .text($0) } }

@Suite("A query's parameters")
struct SQLQueryParameterTests {
    @Test("are bound, never written into the text")
    func bound() throws {
        let hostile = "'; DROP TABLE users; --"
        let rendering = try sqlite("SELECT * FROM users WHERE email = :email").render(keys(["email": hostile]))
        #expect(rendering.text == "SELECT * FROM users WHERE email = ?1")
        #expect(rendering.bindings == texts(hostile))
    }

    @Test("expand inside IN, and are bound once however often they are used")
    func lists() throws {
        let query = try sqlite("SELECT 1 FROM t WHERE a IN (:id) OR b NOT IN ( :id , 'x') OR c = :email")
        let rendering = try query.render(keys(["id": "b", "id": "a", "email": "e"]))
        #expect(rendering.text == "SELECT 1 FROM t WHERE a IN (?1,?2) OR b NOT IN ( ?1,?2 , 'x') OR c = ?3")
        #expect(rendering.bindings == texts("a", "b", "e"))
        #expect(query.parameters == ["id", "email"])
    }

    @Test("are elements of a list in both spellings where the store tells text from number")
    func integers() throws {
        let query = try sqlite("SELECT 1 FROM t WHERE a IN (:id) AND b = :one AND c IN (:one) AND d = :one")
        let rendering = try query.render(
            keys(["id": "7", "id": "-1", "id": "07", "id": "9223372036854775808", "one": "1"]))
        #expect(
            rendering.text == "SELECT 1 FROM t WHERE a IN (?1,?2,?3,?4,?5,?6) AND b = ?7 AND c IN (?8,?9) AND d = ?7")
        #expect(
            rendering.bindings
                == texts("-1", "07", "7", "9223372036854775808") + [.integer(-1), .integer(7)] + texts("1", "1")
                + [.integer(1)])
    }

    @Test("take one value outside IN, and say so")
    func severalOutsideIN() throws {
        for text in [
            "SELECT 1 WHERE a = :id", "SELECT 1 WHERE a IN (lower(:id))", "SELECT 1 WHERE a IN (SELECT :id)",
            "SELECT max(:id, 2)", "SELECT 1 WHERE a IN (:id || 'x')",
        ] {
            let query = try sqlite(text)
            let error = #expect(throws: PortabilityError.self) { try query.render(keys(["id": "1", "id": "2"])) }
            #expect(error?.code == .configuration)
            #expect(error?.description.contains(":id") == true)
            #expect(throws: Never.self) { try query.render(keys(["id": "1"])) }
        }
    }

    @Test("are looked for outside strings, quoted names, comments and casts")
    func skipped() throws {
        let text = """
            SELECT ':a', 'it''s :b', ":c", "x"":d", [:e], `:f`, a::text -- :g
            /* :h */ FROM t WHERE x = :real
            """
        let query = try sqlite(text)
        #expect(query.parameters == ["real"])
        #expect(try query.render(keys(["real": "1"])).text == text.replacing(":real", with: "?1"))
    }

    @Test("follow the quotes of each dialect")
    func dialects() throws {
        let postgres = try SQLQuery(
            "SELECT $$ :a $$, $t$ :b $$ $t$, E'\\' :c', a[1], /* /* :d */ :e */ x::int FROM t WHERE y = :real",
            dialect: .postgresql)
        #expect(postgres.parameters == ["real"])
        let maria = try SQLQuery(
            "SELECT '\\' :a', \":b\", 3--:minus\n# :c\n-- :d\n", dialect: .mariadb)
        #expect(maria.parameters == ["minus"])
    }

    @Test("become arrays where the store has them")
    func arrays() throws {
        let query = try SQLQuery(
            "SELECT 1 FROM t WHERE a IN (:id) AND b NOT IN (:id) AND c = ANY(:id) AND d = :one AND e IN (:one, :id)",
            dialect: .postgresql)
        let rendering = try query.render(keys(["id": "1", "id": "2", "one": "3"]))
        #expect(
            rendering.text
                == "SELECT 1 FROM t WHERE a = ANY($1) AND b <> ALL($1) AND c = ANY($1) AND d = $2 AND e IN ($3, $4,$5)")
        #expect(rendering.bindings == [.list(["1", "2"])] + texts("3", "3", "1", "2"))
    }

    @Test("are bound at every use where placeholders have no numbers")
    func positional() throws {
        let query = try SQLQuery("SELECT 1 FROM t WHERE a IN (:id) OR b IN (:id)", dialect: .mariadb)
        let rendering = try query.render(keys(["id": "1", "id": "2"]))
        #expect(rendering.text == "SELECT 1 FROM t WHERE a IN (?,?) OR b IN (?,?)")
        #expect(rendering.bindings == texts("1", "2", "1", "2"))
    }

    @Test("that have no value make the query one that is not run")
    func missing() throws {
        let query = try sqlite("SELECT 1 FROM t WHERE a IN (:id) AND b IN (:email)")
        #expect(query.missing(in: keys(["id": "1"])) == ["email"])
        #expect(query.missing(in: keys(["id": "1", "email": "e"])) == [])
        #expect(throws: PortabilityError(.configuration, "")) { try query.render(keys(["id": "1"])) }
    }

    @Test("are limited in number")
    func limit() throws {
        let query = try sqlite("SELECT 1 FROM t WHERE a IN (:id)")
        var many = SubjectKeys()
        for number in 0..<400 { many.insert(Identifier(kind: "id", value: "n\(number)")) }
        #expect(try query.render(many).bindings.count == 400)
        var narrow = SQLDialect.sqlite
        narrow.maximumBindings = 399
        let limited = try SQLQuery("SELECT 1 FROM t WHERE a IN (:id)", dialect: narrow)
        #expect(throws: PortabilityError(.limit, "")) { try limited.render(many) }
    }

    @Test("show no values when they are printed")
    func hidden() throws {
        let rendering = try sqlite("SELECT :id").render(keys(["id": "secret-value"]))
        var dumped = ""
        dump(rendering, to: &dumped)
        #expect(!"\(rendering) \(String(reflecting: rendering))\(dumped)".contains("secret-value"))
    }
}

@Suite("A query's statement")
struct SQLQueryStatementTests {
    @Test(
        "reads",
        arguments: [
            "SELECT 1", "select 1;", "  -- first\n WITH x AS (SELECT 1) SELECT * FROM x ; -- last", "VALUES (1)",
            "SELECT replace(a, 'x', 'y'), t.update, \"delete\" FROM t", "SELECT 'INSERT INTO t'", "SELECT 1 -- ;",
        ])
    func accepted(_ text: String) {
        #expect(throws: Never.self) { try sqlite(text) }
    }

    @Test(
        "that does anything else is refused",
        arguments: [
            "", "  ", "-- nothing", ";", "DELETE FROM t", "INSERT INTO t VALUES (1)", "PRAGMA user_version",
            "ATTACH 'x' AS y", "EXPLAIN SELECT 1", "BEGIN", "SELECT 1; SELECT 2", "SELECT 1;;",
            "SELECT 1; DROP TABLE t",
            "WITH x AS (SELECT 1) DELETE FROM t", "WITH x AS (SELECT 1) REPLACE INTO t SELECT * FROM x",
            "SELECT * INTO other FROM t", "SELECT 1 FROM t FOR UPDATE", "SELECT 'open", "SELECT \"open",
            "SELECT /* open",
            "SELECT [open", "SELECT `open", "SELECT (1", "SELECT 1)", "SELECT ?", "SELECT ?1", "SELECT @a", "SELECT $a",
            "SELECT \0", ":id", "'text'",
        ])
    func refused(_ text: String) {
        #expect(throws: PortabilityError(.configuration, "")) { try sqlite(text) }
    }

    @Test("that hides one in an executable comment is refused")
    func executableComment() {
        #expect(throws: PortabilityError(.configuration, "")) {
            try SQLQuery("SELECT 1 /*! INTO OUTFILE 'x' */", dialect: .mariadb)
        }
        #expect(throws: PortabilityError(.configuration, "")) {
            try SQLQuery("SELECT $1", dialect: .postgresql)
        }
    }

    @Test("is told with line and column where it is wrong")
    func place() {
        let error = #expect(throws: PortabilityError.self) { try sqlite("SELECT 1,\n  ?") }
        #expect(error?.message.contains("line 2, column 3") == true)
        #expect(error?.place.field == "query")
    }

    @Test("loses the semicolon and what stands behind it, so that it can be nested")
    func trimmed() throws {
        #expect(try sqlite("SELECT 1 ; -- done").render(SubjectKeys()).text == "SELECT 1")
        #expect(try sqlite("SELECT 1 -- done").render(SubjectKeys()).text == "SELECT 1")
    }
}
