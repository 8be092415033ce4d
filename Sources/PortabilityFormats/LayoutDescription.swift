public import PortabilityModel
import PortabilityText

/// The fields of an entity as JSON, as an archive holds them in `schemas/fields/<entity>.json`, for programs that read
/// a dataset without knowing the catalogue.
///
/// A field has `name`, `kind` (`group` for nested fields), `list`, and nested `fields`; what else stands there is what
/// the catalogue says of it, so that an archive can be read and converted, with its explanations, by a version that
/// does not know the entity or the field.
///
/// `{"entity":…,"fields":[{"name":…,"kind":"string"|…|"group","list":true|false,"fields":[…],…}],…}`
public func layoutDescription(_ layout: EntityLayout) -> [UInt8] { layoutDescription(layout.entity) }

func layoutDescription(_ entity: Entity) -> [UInt8] {
    JSONValue.members([
        "entity": .string(entity.name),
        "fields": .array(entity.fields.map(describe)),
        "ordinal": .integer(entity.ordinal),
        "label": describe(entity.label),
        "meaning": describe(entity.meaning),
        "iris": entity.iris.isEmpty ? nil : .array(entity.iris.map(JSONValue.string)),
    ]).compact() + [UInt8(ascii: "\n")]
}

private func describe(_ field: Field) -> JSONValue {
    var kind = "group"
    var nested: [Field]?
    switch field.type {
    case .value(let value): kind = value.name
    case .group(let fields): nested = fields
    }
    return .members([
        "name": .string(field.name),
        "kind": .string(kind),
        "list": .boolean(field.isList),
        "fields": nested.map { .array($0.map(describe)) },
        "label": describe(field.label),
        "meaning": field.meaning == field.label ? nil : describe(field.meaning),
        "iris": field.iris.isEmpty ? nil : .array(field.iris.map(JSONValue.string)),
        "term": field.businessTerm.map(JSONValue.string),
        "sensitivity": field.sensitivity == .ordinary ? nil : .string(field.sensitivity.rawValue),
        "third_party": field.thirdParty ? .boolean(true) : nil,
        "codes": field.codes.isEmpty
            ? nil
            : .array(field.codes.map { .members(["value": .string($0.value), "label": describe($0.label)]) }),
    ])
}

private func describe(_ text: LocalizedText) -> JSONValue {
    .members(["fi": .string(text.fi), "sv": .string(text.sv), "en": .string(text.en)])
}

/// Reads back what ``layoutDescription(_:)`` wrote, perhaps in a newer version or by a stranger.
///
/// Where the catalogue knows the entity or the field, its explanations are the catalogue's; everything else is carried
/// as it stands. What no catalogue of this format can say is refused: names that are none, a field of another type than
/// the catalogue's, texts that could do something to whoever opens a file made from them.
///
/// - Throws: `malformed`, `limit`; `verification` for a field that contradicts the catalogue.
public func readLayoutDescription(_ bytes: [UInt8], catalogue: Catalogue) throws -> EntityLayout {
    var reader = DescriptionReader()
    return EntityLayout(try reader.entity(JSONValue(parsing: bytes), catalogue))
}

private struct DescriptionReader {
    /// More than ten times what the catalogue's largest entity has.
    static let fieldLimit = 4096
    /// Of records as batches may nest them.
    static let depthLimit = BatchLimits().depth
    static let textLimit = 2000

    private var count = 0

    mutating func entity(_ value: JSONValue, _ catalogue: Catalogue) throws -> Entity {
        guard let name = value["entity"]?.string, Self.isName(name) else {
            throw Self.malformed("the description of the fields does not name an entity")
        }
        let known = catalogue.entity(named: name)
        let fields = try fields(value["fields"], known: known?.fields ?? [], path: [])
        if let known {
            return Entity(
                name: name, ordinal: known.ordinal, label: known.label, meaning: known.meaning, iris: known.iris,
                fields: fields)
        }
        let label = try text(value["label"]) ?? LocalizedText(name)
        return Entity(
            name: name, ordinal: Int(clamping: value["ordinal"]?.integer ?? 0), label: label,
            meaning: try text(value["meaning"]) ?? label, iris: try words(value["iris"]), fields: fields)
    }

    private mutating func fields(_ value: JSONValue?, known: [Field], path: [String]) throws -> [Field] {
        guard let list = value?.array, !list.isEmpty || path.isEmpty else {
            throw Self.malformed("a group has no list of fields")
        }
        guard path.count < Self.depthLimit else {
            throw PortabilityError(.limit, "the fields are nested deeper than \(Self.depthLimit) levels")
        }
        var names: Set<String> = []
        return try list.map { value in
            count += 1
            guard count <= Self.fieldLimit else {
                throw PortabilityError(.limit, "the entity has more than \(Self.fieldLimit) fields")
            }
            guard let name = value["name"]?.string, Self.isName(name), names.insert(name).inserted,
                !path.isEmpty || name != "record_id" && name != "other"
            else { throw Self.malformed("a field has no name, or one that another has already") }
            return try field(name, value, known: known.first { $0.name == name }, path: path + [name])
        }
    }

    private mutating func field(_ name: String, _ value: JSONValue, known: Field?, path: [String]) throws -> Field {
        let isList = value["list"]?.boolean ?? false
        let type: FieldType
        switch value["kind"]?.string {
        case "group":
            var nested: [Field] = []
            if case .group(let own)? = known?.type { nested = own }
            type = .group(try fields(value["fields"], known: nested, path: path))
        case let kind?:
            guard let kind = ValueKind.allCases.first(where: { $0.name == kind }) else {
                throw Self.malformed("a field is of a kind that format 1 does not have", path)
            }
            type = .value(kind)
        case nil: throw Self.malformed("a field has no kind", path)
        }
        if let known {
            guard known.isList == isList, Self.isSame(known.type, type) else {
                throw PortabilityError(
                    .verification, "a field has another type than the catalogue, whose types never change",
                    remedy: "Get the archive again from where it came from",
                    at: .init(field: path.joined(separator: ".")))
            }
            return Field(
                name, type, list: isList, fi: known.label.fi, sv: known.label.sv, en: known.label.en,
                meaning: known.meaning, iris: known.iris, term: known.businessTerm, sensitivity: known.sensitivity,
                thirdParty: known.thirdParty, codes: known.codes)
        }
        let label = try text(value["label"]) ?? LocalizedText(name)
        return Field(
            name, type, list: isList, fi: label.fi, sv: label.sv, en: label.en, meaning: try text(value["meaning"]),
            iris: try words(value["iris"]), term: try value["term"]?.string.map(plain),
            // What nobody here knows is taken for personal.
            sensitivity: value["sensitivity"]?.string.map { Sensitivity(rawValue: $0) ?? .personal } ?? .ordinary,
            thirdParty: value["third_party"]?.boolean ?? false,
            codes: try (value["codes"]?.array ?? []).map { code in
                let value = try word(code["value"]?.string ?? "")
                let label = try text(code["label"]) ?? LocalizedText(value)
                return Field.Code(value, fi: label.fi, sv: label.sv, en: label.en)
            })
    }

    private static func isSame(_ left: FieldType, _ right: FieldType) -> Bool {
        switch (left, right) {
        case (.value(let left), .value(let right)): left == right
        case (.group, .group): true
        default: false
        }
    }

    private func text(_ value: JSONValue?) throws -> LocalizedText? {
        guard let value else { return nil }
        guard let fi = value["fi"]?.string, let sv = value["sv"]?.string, let en = value["en"]?.string,
            [fi, sv, en].allSatisfy(Self.isHarmless)
        else { throw Self.malformed("an explanation is not a plain text in three languages") }
        return LocalizedText(fi: fi, sv: sv, en: en)
    }

    private func words(_ value: JSONValue?) throws -> [String] {
        try (value?.array ?? []).map { try word($0.string ?? "") }
    }

    private func word(_ word: String) throws -> String {
        guard !word.utf8.contains(UInt8(ascii: " ")) else {
            throw Self.malformed("a word that is none stands in the description of the fields")
        }
        return try plain(word)
    }

    private func plain(_ text: String) throws -> String {
        guard Self.isHarmless(text) else {
            throw Self.malformed("a text that could do harm stands in the description of the fields")
        }
        return text
    }

    /// True for a text that no spreadsheet takes for a formula, no terminal obeys and XML can hold.
    private static func isHarmless(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= textLimit, !Array("=+-@'".utf8).contains(first) else {
            return false
        }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
            default: true
            }
        }
    }

    /// `[a-z][a-z0-9_]*`.
    private static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first), bytes.count <= 64 else {
            return false
        }
        return bytes.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
        }
    }

    private static func malformed(_ message: String, _ path: [String] = []) -> PortabilityError {
        PortabilityError(
            .malformed, message, remedy: "Get the archive again from where it came from",
            at: .init(field: path.isEmpty ? nil : path.joined(separator: ".")))
    }
}
