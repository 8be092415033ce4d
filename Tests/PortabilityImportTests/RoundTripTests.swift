import GRDB
import PortabilityImport
import PortabilityModel
import Testing

@Suite("Every record that is imported can be read back as it was")
struct RoundTripTests {
    static let documents = RecordMaker.values[.reference] ?? []

    @Test("Every entity of the catalogue has its tables", arguments: Catalogue.standard.entities.map(\.name))
    func everyEntity(name: String) throws {
        let folder = TemporaryFolder()
        let path = folder.file("data.sqlite")
        let layout = EntityLayout(try #require(Catalogue.standard.entity(named: name)))
        var maker = RecordMaker(layout, seed: 5)
        let batches = [try maker.batch(3, full: true), try maker.batch(40), try maker.batch(20)]
        let summary = try load(path, archive("a", documents: Self.documents), [("data", layout, batches)])
        #expect(summary.added == 63)
        #expect(summary.tables.first { $0.name == name }?.added == 63)
        try expectSound(path)
        try reading(path) { database in
            let back = try TableReader(database: database, layout: layout).records()
            #expect(back.count == maker.trees.count)
            for (got, wanted) in zip(back, maker.trees) { #expect(got == wanted) }
            for table in try String.fetchAll(database, sql: "SELECT name FROM _tables") {
                let isStrict = try Bool.fetchOne(
                    database, sql: "SELECT strict FROM pragma_table_list WHERE name = ?", arguments: [table])
                #expect(isStrict == true)
            }
        }
    }
}

extension RoundTripTests {
    @Test("Values stand in the type that keeps them exact")
    func types() throws {
        let folder = TemporaryFolder()
        let path = folder.file("data.sqlite")
        let layout = EntityLayout(
            Entity(
                name: "thing", ordinal: 99, label: LocalizedText("Thing"), meaning: LocalizedText("Thing"),
                fields: [
                    Field("whole", .value(.integer), fi: "", sv: "", en: ""),
                    Field("amount", .value(.decimal), fi: "", sv: "", en: ""),
                    Field("yes", .value(.boolean), fi: "", sv: "", en: ""),
                    Field("text", .value(.string), fi: "", sv: "", en: ""),
                ]))
        var builder = BatchBuilder(dataset: 0)
        let values = [
            ("9223372036854775807", "0.10", "true", "007"), ("-9223372036854775808", "1e", "false", "a\u{0}b"),
            ("9223372036854775808", "-1.00", "true", "1.0"), ("-9223372036854775809", "5", "true", "NULL"),
        ]
        for (index, value) in values.enumerated() {
            let id = Array("\(index)".utf8)
            builder.beginRecord(id: id.span, subject: id.span)
            builder.value(0, .integer, Array(value.0.utf8).span)
            builder.value(1, .decimal, Array(value.1.utf8).span)
            builder.value(2, .boolean, Array(value.2.utf8).span)
            builder.value(3, .string, Array(value.3.utf8).span)
            try builder.endRecord()
        }
        try load(path, archive("a"), [("data", layout, [builder.take()])])
        try reading(path) { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT typeof(whole) || ' ' || whole AS w, typeof(amount) || ' ' || amount AS a,
                      typeof(yes) || ' ' || yes AS y, typeof(text) || ' ' || hex(CAST(text AS BLOB)) AS t
                    FROM thing ORDER BY _ordinal
                    """)
            let whole = rows.map { $0["w"] as String }
            #expect(
                whole == [
                    "integer 9223372036854775807", "integer -9223372036854775808", "text 9223372036854775808",
                    "text -9223372036854775809",
                ])
            #expect(rows.map { $0["a"] as String } == ["text 0.10", "text 1e", "text -1.00", "text 5"])
            #expect(rows.map { $0["y"] as String } == ["integer 1", "integer 0", "integer 1", "integer 1"])
            #expect(rows.map { $0["t"] as String } == ["text 303037", "text 610062", "text 312E30", "text 4E554C4C"])
        }
    }
}
