import CSVExtractor
import PortabilityModel

extension ExtractorRegistry.Kind {
    static let csv = ExtractorRegistry.Kind(
        name: "csv",
        keys: ["folder", "dialect", "encoding", "match", "datasets", "optional", "tolerate_malformed"]
    ) { source, reader, id in
        var configured: [CSVConfiguration.Dataset] = []
        var datasets: [DatasetDeclaration] = []
        for value in try source.required("datasets").list() {
            let map = try reader.datasetMapping(
                value, extra: ["path", "match", "fields", "where", "record_id", "tenant_column"])
            guard let named = map["match"] ?? source["match"] else {
                throw value.error(
                    "nothing says whose the rows are",
                    remedy: "Add `match: { <identifier>: <column> }` to the dataset or the source")
            }
            let match = try named.entries().map { kind, column in
                CSVConfiguration.Match(
                    kind: kind, column: try column.text(),
                    isUnique: reader.identifiers.first { $0.name == kind }?.isUnique ?? false)
            }
            let dataset = try reader.dataset(map, source: source, subjectKinds: match.map(\.kind), order: .position)
            let filter = try map["where"]?.mapping(["column", "in"])
            configured.append(
                CSVConfiguration.Dataset(
                    id: dataset.id, path: try map.required("path").text(), match: match,
                    fields: try map["fields"]?.entries().map { try field($0.key, $0.value) } ?? [],
                    recordID: try map["record_id"]?.text(), tenant: try map["tenant_column"]?.text(),
                    filter: try filter.map {
                        CSVConfiguration.Filter(
                            column: try $0.required("column").text(),
                            values: try $0.required("in").list().map { try $0.text() })
                    }))
            datasets.append(dataset)
        }
        return ConfiguredSource(
            extractor: CSVExtractor(
                configuration: CSVConfiguration(
                    declaration: try reader.declaration(id, source, datasets),
                    folder: try source.required("folder").text(),
                    dialect: try source["dialect"].map { try dialect($0) } ?? CSVConfiguration.Dialect(),
                    encoding: try source["encoding"]?.choice(CSVConfiguration.Encoding.self) ?? .sniff,
                    datasets: configured, isOptional: try source["optional"]?.boolean() ?? false),
                digest: reader.digest),
            readsTogether: true, tenantKind: try source["tenant"]?.text(),
            toleratedMalformed: Int64(try source["tolerate_malformed"]?.integer(0...1_000_000_000) ?? 0))
    }

    /// A column, or one whose cells hold lists.
    private static func field(_ name: String, _ value: YAMLValue) throws -> CSVConfiguration.FieldMapping {
        guard value.isMapping else { return CSVConfiguration.FieldMapping(field: name, column: try value.text()) }
        let map = try value.mapping(["column", "split"])
        return CSVConfiguration.FieldMapping(
            field: name, column: try map.required("column").text(), separator: try map["split"]?.text())
    }

    private static func dialect(_ value: YAMLValue) throws -> CSVConfiguration.Dialect {
        let map = try value.mapping([
            "delimiter", "quote", "escape", "comment", "header", "decimal", "trim", "no_value", "multiline",
        ])
        var dialect = CSVConfiguration.Dialect()
        dialect.delimiter = try sign(map["delimiter"], or: "sniff")
        if let quote = map["quote"] { dialect.quote = try sign(quote, or: "none") }
        dialect.escape = try sign(map["escape"], or: "none")
        dialect.comment = try sign(map["comment"], or: "none")
        dialect.hasHeader = try map["header"]?.boolean() ?? true
        dialect.trims = try map["trim"]?.boolean() ?? false
        dialect.null = try map["no_value"]?.text()
        if let lines = map["multiline"] {
            switch try lines.text() {
            case "checked": break
            case "trusted": dialect.trustsLines = true
            default:
                throw lines.error(
                    "cells of several lines are checked or trusted", remedy: "Write `multiline: trusted`")
            }
        }
        if let decimal = map["decimal"] {
            switch try decimal.text() {
            case ".": break
            case ",": dialect.hasDecimalComma = true
            default: throw decimal.error("a decimal sign is a point or a comma", remedy: "Write `decimal: \",\"`")
            }
        }
        return dialect
    }

    /// One sign; nil for the given word, and if there is none.
    private static func sign(_ value: YAMLValue?, or none: String) throws -> UInt8? {
        guard let value else { return nil }
        let text = try value.text()
        if text == none { return nil }
        if text == "tab" { return UInt8(ascii: "\t") }
        let bytes = Array(text.utf8)
        guard bytes.count == 1 else {
            throw value.error(
                "one ASCII sign is expected here", remedy: "Write it in quotes, or `tab`, or `\(none)`")
        }
        return bytes[0]
    }
}
