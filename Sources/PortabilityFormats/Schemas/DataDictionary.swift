import PortabilityModel

/// The data dictionary: one row per entity and field, in the three languages.
enum DataDictionary {
    private static let header = [
        "entity", "field", "ordinal", "type", "list", "label_fi", "label_sv", "label_en", "meaning_fi", "meaning_sv",
        "meaning_en", "values", "iri", "en16931", "sensitivity", "third_party",
    ]

    static func csv(_ entities: [Entity], dialect: CSVDialect) -> [UInt8] {
        var out: [UInt8] = dialect.bom ? [0xef, 0xbb, 0xbf] : []
        appendRow(header, dialect, to: &out)
        for (index, field) in [FieldText.recordID, FieldText.other].enumerated() {
            appendRow(row("*", field.name, "\(index)", field), dialect, to: &out)
        }
        for entity in entities {
            let own = [entity.name, "", "\(entity.ordinal)", "", ""]
            let texts = texts(entity.label) + texts(entity.meaning)
            appendRow(own + texts + ["", entity.iris.joined(separator: " "), "", "", ""], dialect, to: &out)
            appendFields(entity.fields, of: entity.name, path: "", dialect, to: &out)
        }
        return out
    }

    private static func appendFields(
        _ fields: [Field], of entity: String, path: String, _ dialect: CSVDialect, to out: inout [UInt8]
    ) {
        for (index, field) in fields.enumerated() {
            appendRow(row(entity, path + field.name, "\(index + 1)", field), dialect, to: &out)
            if case .group(let nested) = field.type {
                appendFields(nested, of: entity, path: "\(path)\(field.name).", dialect, to: &out)
            }
        }
    }

    private static func row(_ entity: String, _ path: String, _ ordinal: String, _ field: Field) -> [String] {
        let type =
            switch field.type {
            case .value(let kind): kind.name
            case .group: "group"
            }
        return [entity, path, ordinal, type, field.isList ? "true" : "false"] + texts(field.label)
            + texts(field.meaning) + [
                field.codes.map(\.value).joined(separator: " "), field.iris.joined(separator: " "),
                field.businessTerm ?? "", field.sensitivity.rawValue, field.thirdParty ? "true" : "false",
            ]
    }

    private static func texts(_ text: LocalizedText) -> [String] { [text.fi, text.sv, text.en] }

    private static func appendRow(_ cells: [String], _ dialect: CSVDialect, to out: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { out.append(dialect.delimiter) }
            let quoted = cell.utf8.contains { byte in
                byte == dialect.delimiter || byte == UInt8(ascii: "\"") || byte == 0x0a || byte == 0x0d
            }
            if quoted { out.append(UInt8(ascii: "\"")) }
            out.append(cell, where: { $0 == UInt8(ascii: "\"") }) { byte, out in
                out.append(byte)
                out.append(byte)
            }
            if quoted { out.append(UInt8(ascii: "\"")) }
        }
        out.append("\r\n")
    }
}
