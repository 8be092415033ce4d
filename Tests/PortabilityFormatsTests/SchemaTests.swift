import Foundation
import PortabilityFormats
import PortabilityModel
import Testing

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// A catalogue of one small entity with each way a field can stand in another.
private let small = Catalogue(
    version: "1.0",
    entities: [
        Entity(
            name: "parcel", ordinal: 1, label: LocalizedText(fi: "Paketti", sv: "Paket", en: "Parcel"),
            meaning: LocalizedText(fi: "Mitä lähetettiin", sv: "Vad som sändes", en: "What was sent"),
            iris: ["https://schema.org/ParcelDelivery"],
            fields: [
                Field(
                    "weight", .value(.decimal), fi: "Paino", sv: "Vikt", en: "Weight",
                    meaning: LocalizedText(fi: "Kilogrammoina", sv: "I kilogram", en: "In kilograms"), term: "BT-1"),
                Field(
                    "sender",
                    .group([
                        Field("name", .value(.string), fi: "Nimi", sv: "Namn", en: "Name"),
                        Field("phones", .value(.string), list: true, fi: "Puhelimet", sv: "Telefoner", en: "Phones"),
                    ]), fi: "Lähettäjä", sv: "Avsändare", en: "Sender"),
                Field(
                    "stops",
                    .group([
                        Field("at", .value(.timestamp), fi: "Aika", sv: "Tid", en: "Time"),
                        Field(
                            "scans", .group([Field("count", .value(.integer), fi: "Määrä", sv: "Antal", en: "Count")]),
                            list: true, fi: "Luennat", sv: "Avläsningar", en: "Scans"),
                    ]), list: true, fi: "Vaiheet", sv: "Etapper", en: "Stops",
                    codes: [Field.Code("x", fi: "a & b", sv: "a < b", en: "a \"b\"")]),
            ])
    ])

private func schema(_ path: String) throws -> String {
    text(try #require(generateSchemas(small).first { $0.path == path }, "\(path)").bytes)
}

@Suite("Schemas")
struct SchemaTests {
    @Test("in the folder schemas are those of the catalogue")
    func drift() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../schemas/")
            .resolvingSymlinksInPath()
        let generated = generateSchemas(.standard)
        for (path, bytes) in generated {
            let committed = try? Data(contentsOf: folder.appending(path: path))
            #expect(
                committed.map { Array($0) == bytes } == true,
                "schemas/\(path) is not what the catalogue says; run `portability schema --output schemas`")
        }
        let enumerator = try #require(
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]))
        var files: Set<String> = []
        for case let file as URL in enumerator {
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            files.insert(String(file.path().dropFirst(folder.path().count).drop { $0 == "/" }))
        }
        #expect(files.count > 100)
        #expect(
            files.subtracting(generated.map(\.path)) == [],
            "files that no entity has any more; delete the folder and run `portability schema --output schemas`")
    }

    @Test("are the same on every run, each under a path of its own")
    func deterministic() {
        let first = generateSchemas(.standard)
        let second = generateSchemas(.standard)
        #expect(first.map(\.path) == second.map(\.path))
        #expect(first.map(\.bytes) == second.map(\.bytes))
        #expect(Set(first.map(\.path)).count == first.count)
    }

    @Test("of JSON name every field, its type and what it is")
    func json() throws {
        let schema = try schema("json/parcel.schema.json")
        #expect(schema.hasPrefix("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"))
        #expect(
            schema.contains(
                """
                        "weight": {
                          "title": "Weight",
                          "description": "In kilograms. EN 16931: BT-1.",
                          "$ref": "#/$defs/decimal"
                        },
                """))
        let root = try #require(try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any])
        let definitions = try #require(root["$defs"] as? [String: Any])
        #expect(Set(definitions.keys) == ["record", "string", "integer", "decimal", "timestamp"])
        let record = try #require(definitions["record"] as? [String: Any])
        #expect(record["required"] as? [String] == ["record_id"])
        #expect(record["additionalProperties"] as? Bool == false)
        let properties = try #require(record["properties"] as? [String: Any])
        #expect(Set(properties.keys) == ["record_id", "weight", "sender", "stops", "other"])
        let stops = try #require(properties["stops"] as? [String: Any])
        #expect(stops["minItems"] as? Int == 1)
    }

    @Test("of XML are complete, with markup in texts escaped")
    func xml() throws {
        let schema = try schema("xml/parcel.xsd")
        #expect(schema.contains("targetNamespace=\"urn:portability:1\" elementFormDefault=\"qualified\""))
        #expect(schema.contains("<xs:element name=\"weight\" type=\"Decimal\" minOccurs=\"0\">"))
        #expect(schema.contains("<xs:element name=\"phones\" type=\"Text\" minOccurs=\"0\" maxOccurs=\"unbounded\">"))
        #expect(schema.contains("<xs:element name=\"stops\" minOccurs=\"0\" maxOccurs=\"unbounded\">"))
        #expect(schema.contains("Values: x = a &quot;b&quot;."))
        #expect(schema.contains("<xs:attribute name=\"entity\" type=\"xs:string\" use=\"required\" fixed=\"parcel\"/>"))
    }

    @Test("of tables follow the CSV files, one per list and level")
    func tables() throws {
        let paths = generateSchemas(small).map(\.path).filter { $0.hasPrefix("table/") }
        #expect(
            paths == [
                "table/parcel.json", "table/parcel.sender.phones.json", "table/parcel.stops.json",
                "table/parcel.stops.scans.json", "table/parcel.other.json",
            ])
        #expect(
            try schema("table/parcel.stops.scans.json") == """
                {
                  "fields": [
                    {
                      "name": "record_id",
                      "type": "string",
                      "title": "Record ID",
                      "description": "The source's own key, or one computed from the content.",
                      "constraints": {
                        "required": true
                      }
                    },
                    {
                      "name": "stops_index",
                      "type": "integer",
                      "title": "Position",
                      "description": "Which element of the list, counted from one.",
                      "constraints": {
                        "required": true,
                        "minimum": 1
                      }
                    },
                    {
                      "name": "stops.scans_index",
                      "type": "integer",
                      "title": "Position",
                      "description": "Which element of the list, counted from one.",
                      "constraints": {
                        "required": true,
                        "minimum": 1
                      }
                    },
                    {
                      "name": "count",
                      "type": "integer",
                      "title": "Count"
                    }
                  ],
                  "missingValues": [
                    ""
                  ],
                  "primaryKey": [
                    "record_id",
                    "stops_index",
                    "stops.scans_index"
                  ]
                }

                """)
    }

    @Test("in an archive are those of its formats and entities, in the person's language")
    func archive() throws {
        let files = archiveSchemas(of: small.entities, formats: [.xml, .csv], dialect: .excel(.fi), language: .fi)
        #expect(
            files.map(\.path) == [
                "schemas/dictionary.csv", "schemas/manifest.schema.json",
                "schemas/processing-information.schema.json", "schemas/fields/parcel.json", "schemas/xml/parcel.xsd",
            ])
        #expect(files[3].bytes == layoutDescription(EntityLayout(small.entities[0])))
        #expect(text(files[4].bytes).contains("<xs:documentation xml:lang=\"fi\">Paino</xs:documentation>"))
        #expect(files[0].bytes.starts(with: [0xef, 0xbb, 0xbf]))
        #expect(text(files[0].bytes).contains("parcel;stops.scans.count;1;integer;false;Määrä;Antal;Count;"))
    }
}

@Suite("The dictionary")
struct DictionaryTests {
    @Test("has a row for every entity and field, in three languages")
    func rows() throws {
        let dictionary = try schema("dictionary.csv")
        let lines = dictionary.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        #expect(
            lines.filter { $0.hasPrefix("parcel,") }.map { $0.split(separator: ",", maxSplits: 2)[1] } == [
                "1", "weight", "sender", "sender.name", "sender.phones", "stops", "stops.at", "stops.scans",
                "stops.scans.count",
            ])
        #expect(
            lines.contains(
                "parcel,weight,1,decimal,false,Paino,Vikt,Weight,Kilogrammoina,I kilogram,In kilograms,,,BT-1,"
                    + "ordinary,false"))
    }
}

@Suite("The data package")
struct DataPackageTests {
    private let layout = EntityLayout(small.entities[0])

    private func resources(
        formats: [Format] = [.csv], tables: [[String]] = [[]], rows: Int64 = 2, dialect: CSVDialect = .service
    ) throws -> [[String: Any]] {
        var builder = DataPackageBuilder(name: "r-1", title: "Tiedot", created: "2026-01-01T00:00:00Z", language: .fi)
        for format in formats {
            for table in format == .csv ? tables : [[]] {
                let name = EncodedTable(path: table).fileName(dataset: "parcels", format: format)
                builder.add(
                    dataset: "parcels", layout: layout, format: format, table: table, rows: rows, dialect: dialect,
                    title: "Paketit", file: .init(path: "data/x/\(name)", bytes: 7, sha256: "00ff"))
            }
        }
        builder.add(
            document: .init(path: "data/documents/parcels-000001.PDF", bytes: 3, sha256: "ab"),
            mediaType: "application/pdf")
        let root = try JSONSerialization.jsonObject(with: Data(builder.document())) as? [String: Any]
        #expect(root?["$schema"] as? String == "https://datapackage.org/profiles/2.0/datapackage.json")
        return try #require(root?["resources"] as? [[String: Any]])
    }

    @Test("names every file once, with its digest")
    func files() throws {
        let resources = try resources(formats: Format.allCases, tables: [[], ["stops"], ["other"]])
        #expect(
            resources.map { $0["name"] as? String } == [
                "parcels.json", "parcels.jsonl", "parcels.csv", "parcels.stops.csv", "parcels.other.csv",
                "parcels.xml", "documents.parcels-000001.pdf",
            ])
        #expect(resources.dropLast().allSatisfy { $0["hash"] as? String == "sha256:00ff" })
        #expect(resources.map { $0["type"] as? String } == ["table", "table", "table", "table", "table", nil, nil])
        #expect(resources.last?["mediatype"] as? String == "application/pdf")
        #expect(resources.last?["format"] as? String == "pdf")
    }

    @Test("ties child tables to the table that holds their list")
    func foreignKeys() throws {
        let resources = try resources(tables: [[], ["sender", "phones"], ["stops"], ["stops", "scans"], ["other"]])
        let keys = resources.dropLast().map { resource in
            ((resource["schema"] as? [String: Any])?["foreignKeys"] as? [[String: Any]])?.first
        }
        let targets = keys.map { ($0?["reference"] as? [String: Any])?["resource"] as? String }
        #expect(targets == [nil, "parcels.csv", "parcels.csv", "parcels.stops.csv", "parcels.csv"])
        #expect(keys.map { $0?["fields"] as? [String] }[3] == ["record_id", "stops_index"])
    }

    @Test("tells how decimals and delimiters are written")
    func dialects() throws {
        func look(_ dialect: CSVDialect) throws -> (delimiter: String?, decimal: String?) {
            let resource = try resources(dialect: dialect)[0]
            let fields = (resource["schema"] as? [String: Any])?["fields"] as? [[String: Any]]
            let weight = fields?.first { $0["name"] as? String == "weight" }
            return (
                (resource["dialect"] as? [String: Any])?["delimiter"] as? String, weight?["decimalChar"] as? String
            )
        }
        #expect(try look(.excel(.sv)) == (";", ","))
        #expect(try look(.excel(.en)) == (";", nil))
        #expect(try look(.service) == (",", nil))
    }

    @Test("lists the fields of JSON objects, of which the first may lack some")
    func sparseObjects() throws {
        let json = try resources(formats: [.json])[0]
        let dialect = try #require(json["dialect"] as? [String: Any])
        #expect(dialect["itemKeys"] as? [String] == ["record_id", "weight", "sender", "stops", "other"])
        let fields = (json["schema"] as? [String: Any])?["fields"] as? [[String: Any]]
        #expect(fields?.map { $0["type"] as? String } == ["string", "number", "object", "array", "object"])
    }

    @Test("calls a JSON file without records a file, not a table")
    func emptyJSON() throws {
        let resources = try resources(formats: [.json, .csv], rows: 0)
        #expect(resources.map { $0["type"] as? String } == [nil, "table", nil])
        #expect(resources[0]["schema"] == nil)
    }
}
