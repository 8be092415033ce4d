import PortabilityModel
import SQLCore
import Testing

private func field(_ name: String, _ type: FieldType, list: Bool = false) -> Field {
    Field(name, type, list: list, fi: name, sv: name, en: name)
}

private let thing = Entity(
    name: "thing", ordinal: 1, label: LocalizedText(fi: "asia", sv: "sak", en: "thing"),
    meaning: LocalizedText(fi: "asia", sv: "sak", en: "thing"),
    fields: [
        field("name", .value(.string)),
        field("count", .value(.integer)),
        field("price", .value(.decimal)),
        field("tags", .value(.string), list: true),
        field(
            "address",
            .group([
                field("street", .value(.string)), field("place", .group([field("city", .value(.string))])),
            ])),
        field("lines", .group([field("text", .value(.string))]), list: true),
    ])

private func dataset(
    tenant: String? = nil, exclusions: [DatasetDeclaration.Exclusion] = []
) -> DatasetDeclaration {
    DatasetDeclaration(
        id: "things", entity: "thing", category: .registration, role: .controller, origin: Origin(kind: .observed),
        purposes: ["service"], subjectKinds: ["user_id"], tenantKind: tenant, order: .recordID,
        exclusions: exclusions)
}

private func columns(
    _ names: [String], tenant: String? = nil, exclusions: [DatasetDeclaration.Exclusion] = []
) throws -> SQLColumns {
    try SQLColumns(names, layout: EntityLayout(thing), dataset: dataset(tenant: tenant, exclusions: exclusions))
}

/// A value as a store hands it in.
private enum Value {
    case integer(Int64), real(Double), text(String), blob([UInt8]), null
    /// In canonical spelling; without one; a list of another kind than its field.
    case canonical(ValueKind, String), unspelled(String), unlisted(String)
}

/// The batch of the given rows, and what was noticed.
private func map(_ columns: SQLColumns, _ rows: [[Value]]) throws -> (RecordBatch, [Finding]) {
    var mapper = SQLRowMapper(columns, dataset: "things")
    var builder = BatchBuilder(dataset: 0)
    for row in rows {
        for column in columns.wanted {
            switch row[column] {
            case .integer(let value): mapper.integer(column, value, into: &builder)
            case .real(let value): mapper.real(column, value, into: &builder)
            case .text(let value):
                let bytes = Array(value.utf8)
                mapper.text(column, .string, bytes.span, into: &builder)
            case .blob(let value): mapper.blob(column, value.span)
            case .canonical(let kind, let value):
                let bytes = Array(value.utf8)
                mapper.canonical(column, kind, bytes.span, into: &builder)
            case .unspelled(let value):
                let bytes = Array(value.utf8)
                mapper.unspelled(column, bytes.span, into: &builder)
            case .unlisted(let value):
                let bytes = Array(value.utf8)
                mapper.unlisted(column, bytes.span)
            case .null: break
            }
        }
        try mapper.endRow(into: &builder)
    }
    return (builder.take(), mapper.findings(at: .init(source: "s")))
}

/// A record's tokens, spelled out: groups in braces, lists in brackets, `other` names with an exclamation mark.
private func spell(_ batch: RecordBatch, _ record: Int = 0) -> String {
    batch.tokens[batch.records[record].tokens].map { token in
        switch token.kind {
        case .groupBegin: "{"
        case .groupEnd: "}"
        case .listBegin: "["
        case .listEnd: "]"
        case .otherName: "!\(batch.text(token))"
        default: "\(token.kind.value?.name ?? "?")=\(batch.text(token))"
        }
    }.joined(separator: " ")
}

@Suite("Columns become fields")
struct SQLColumnsTests {
    @Test("by name, in the catalogue's order, nested ones by dots")
    func names() throws {
        let plan = try columns(["address.place.city", "SUBJECT", "Price", "record_id", "address.street", "name"])
        let (batch, findings) = try map(
            plan, [[.text("Oulu"), .text("u1"), .real(1.5), .integer(7), .text("Katu 1"), .text("Aino")]])
        #expect(spell(batch) == "string=Aino decimal=1.5 { string=Katu 1 { string=Oulu } }")
        #expect(batch.text(batch.records[0].id) == "7")
        #expect(batch.records[0].idKind == .integer)
        #expect(batch.text(batch.records[0].subject) == "u1")
        #expect(findings.isEmpty)
    }

    @Test("or other fields, each reported once")
    func unmapped() throws {
        let plan = try columns(["record_id", "subject", "shoe_size", "address", "lines.text", "x", "x", "tags", "tags"])
        #expect(plan.unmapped == ["shoe_size", "address", "lines.text", "x"])
        #expect(
            plan.findings(at: .init(dataset: "things")).map(\.place.field) == [
                "shoe_size", "address", "lines.text", "x",
            ])
        let (batch, _) = try map(
            plan,
            [
                [
                    .text("a"), .text("u"), .integer(44), .text("Katu"), .text("t"), .text("1"), .real(0.1), .text("p"),
                    .text("q"),
                ]
            ])
        #expect(
            spell(batch)
                == "[ string=p string=q ] !address string=Katu !lines.text string=t !shoe_size integer=44 !x string=1 "
                + "!x#2 string=0.1")
    }

    @Test("unless they are excluded")
    func excluded() throws {
        let plan = try columns(
            ["record_id", "subject", "password_hash", "name"],
            exclusions: [.init(column: "Password_Hash", ground: .secret)])
        #expect(plan.wanted == [0, 1, 3])
        #expect(plan.unmapped.isEmpty)
        let (batch, _) = try map(plan, [[.text("a"), .text("u"), .text("hash"), .text("n")]])
        #expect(spell(batch) == "string=n")
    }

    @Test("and what a record must have is asked for")
    func required() throws {
        for names in [["subject", "name"], ["record_id"], ["record_id", "subject", "name", "Name"], []] {
            #expect(throws: PortabilityError(.drift, "")) { try columns(names) }
        }
        let error = #expect(throws: PortabilityError.self) { try columns(["record_id", "subject"], tenant: "company") }
        #expect(error?.place.field == "tenant")
        let plan = try columns(["record_id", "subject", "tenant", "record_class"], tenant: "company")
        let (batch, _) = try map(plan, [[.text("a"), .text("u"), .text("c1"), .integer(3)]])
        #expect(batch.text(batch.records[0].tenant) == "c1")
        #expect(batch.records[0].recordClass == 3)
    }
}

@Suite("Values of a row")
struct SQLRowMapperTests {
    @Test("keep integers exactly and spell floating-point numbers without exponent")
    func numbers() throws {
        let plan = try columns(["record_id", "subject", "count", "price", "x"])
        let cases: [(Double, String)] = [
            (0.1, "0.1"), (5, "5"), (-0.0, "0"), (1e21, "1000000000000000000000"), (-2.5e-7, "-0.00000025"),
            (123456.75, "123456.75"), (.leastNonzeroMagnitude, "0." + String(repeating: "0", count: 323) + "5"),
            (9_007_199_254_740_992, "9007199254740992"), (1e16, "10000000000000000"), (100, "100"), (0.5, "0.5"),
        ]
        for (number, text) in cases {
            let (batch, findings) = try map(
                plan, [[.integer(1), .text("u"), .integer(.min), .real(number), .real(number)]])
            #expect(spell(batch) == "integer=-9223372036854775808 decimal=\(text) !x string=\(text)")
            #expect(findings.isEmpty)
            #expect(Double(text) == number)
        }
        let (batch, findings) = try map(
            plan, [[.integer(1), .text("u"), .integer(.max), .real(.infinity), .integer(.max)]])
        #expect(spell(batch) == "integer=9223372036854775807 !price string=Infinity !x string=9223372036854775807")
        #expect(findings.map(\.kind) == [.mistyped])
    }

    @Test("that do not fit are carried and counted by column")
    func mistyped() throws {
        let plan = try columns(["record_id", "subject", "count"])
        let (batch, findings) = try map(
            plan, [[.integer(1), .text("u"), .text("many")], [.integer(2), .text("u"), .text("few")]])
        #expect(spell(batch, 1) == "!count string=few")
        #expect(findings.count == 1)
        #expect(findings.first?.kind == .mistyped)
        #expect(findings.first?.count == 2)
        #expect(findings.first?.place == .init(source: "s", dataset: "things", field: "count"))
    }

    @Test("that are binary are carried in base64")
    func blobs() throws {
        let plan = try columns(["record_id", "subject", "name", "x"])
        let vectors: [(String, String)] = [
            ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
        for (plain, coded) in vectors {
            let (batch, findings) = try map(plan, [[.integer(1), .text("u"), .blob(Array(plain.utf8)), .blob([])]])
            #expect(spell(batch) == "!name_base64 string=\(coded)")
            #expect(findings.map(\.place.field) == ["name"])
        }
        let (batch, _) = try map(plan, [[.integer(1), .text("u"), .null, .blob([0xFB, 0xFF, 0xFE])]])
        #expect(spell(batch) == "!x_base64 string=+//+")
    }

    @Test("that are a record's key are integer or text, and always the same of the two")
    func keys() throws {
        let plan = try columns(["record_id", "subject"])
        let (batch, _) = try map(plan, [[.text("å"), .integer(42)]])
        #expect(batch.records[0].idKind == .text)
        #expect(batch.text(batch.records[0].subject) == "42")
        for bad: [[Value]] in [
            [[.null, .text("u")]], [[.real(1), .text("u")]], [[.blob([1]), .text("u")]], [[.text(""), .text("u")]],
            [[.integer(1), .text("u")], [.text("1"), .text("u")]], [[.integer(1), .blob([1])]],
        ] {
            let error = #expect(throws: PortabilityError.self) { try map(plan, bad) }
            #expect(error?.code == .drift)
            #expect(error?.place.record == Int64(bad.count))
        }
    }

    @Test("larger than a record may be are refused with the record's number")
    func tooLarge() throws {
        var mapper = SQLRowMapper(try columns(["record_id", "subject", "name"]), dataset: "things")
        var builder = BatchBuilder(dataset: 0, limits: BatchLimits(recordBytes: 100))
        let text = [UInt8](repeating: 65, count: 101)
        mapper.integer(0, 1, into: &builder)
        mapper.integer(1, 1, into: &builder)
        mapper.text(2, .string, text.span, into: &builder)
        do {
            try mapper.endRow(into: &builder)
            Issue.record("a record of 101 bytes passed a limit of 100")
        } catch let error as PortabilityError {
            #expect(error.code == .limit)
            #expect(error.place.record == 1)
        }
    }
}

@Suite("Values of stores with types of their own")
struct TypedValueTests {
    @Test("in canonical spelling are taken as they are, and read again where the field has another type")
    func canonical() throws {
        let plan = try columns(["record_id", "subject", "name", "count", "price", "x"])
        let (batch, findings) = try map(
            plan,
            [
                [
                    .canonical(.integer, "7"), .text("u"), .canonical(.date, "2024-02-29"),
                    .canonical(.integer, "12"), .canonical(.integer, "3"), .canonical(.boolean, "true"),
                ],
                [
                    .canonical(.integer, "8"), .text("u"), .null, .canonical(.decimal, "1.5"),
                    .canonical(.date, "2024-02-29"), .null,
                ],
            ])
        #expect(spell(batch) == "string=2024-02-29 integer=12 decimal=3 !x boolean=true")
        #expect(batch.records[0].idKind == .integer)
        #expect(spell(batch, 1) == "!count string=1.5 !price string=2024-02-29")
        #expect(findings.map(\.place.field) == ["count", "price"])
    }

    @Test("without a spelling are text, and counted once each")
    func unspelled() throws {
        let plan = try columns(["record_id", "subject", "name", "price", "x"])
        let (batch, findings) = try map(
            plan, [[.integer(1), .text("u"), .unspelled("[1,2)"), .unspelled("NaN"), .unspelled("(1,2)")]])
        #expect(spell(batch) == "string=[1,2) !price string=NaN !x string=(1,2)")
        #expect(findings.map { "\($0.place.field ?? "") \($0.count)" } == ["name 1", "price 1", "x 1"])
        #expect(findings.allSatisfy { $0.kind == .mistyped })
    }

    @Test("that are lists of lists are JSON beside the field that is a list of values")
    func unlisted() throws {
        let plan = try columns(["record_id", "subject", "Tags"])
        #expect(plan.isList(2) && !plan.isList(0))
        let (batch, findings) = try map(plan, [[.integer(1), .text("u"), .unlisted("[[1],[2]]")]])
        #expect(spell(batch) == "!tags json=[[1],[2]]")
        #expect(findings.map(\.count) == [1])
    }

    @Test("in records of nothing but other fields leave nothing behind for the next record")
    func others() throws {
        let plan = try columns(["record_id", "subject", "x", "price"])
        let (batch, _) = try map(
            plan,
            [
                [.integer(1), .text("u"), .text("a"), .null], [.integer(2), .text("u"), .null, .text("no number")],
                [.integer(3), .text("u"), .text("b"), .null], [.integer(4), .text("u"), .null, .null],
            ])
        #expect((0..<4).map { spell(batch, $0) } == ["!x string=a", "!price string=no number", "!x string=b", ""])
    }
}
