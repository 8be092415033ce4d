import PortabilityModel

/// Table Schemas (Data Package v2) of an entity's tables.
struct TableSchema {
    let layout: EntityLayout
    let plan: TablePlan

    init(_ layout: EntityLayout) {
        self.layout = layout
        plan = TablePlan(layout)
    }

    /// The schema of one CSV table.
    ///
    /// - Parameters:
    ///   - table: Index into the plan's tables.
    ///   - resource: The name of the resource that holds a table of the dataset; nil leaves foreign keys out.
    func csv(
        _ table: Int, dialect: CSVDialect, language: Language, resource: ((_ path: [String]) -> String)?
    ) -> SchemaNode {
        let columns = plan.tables[table].columns
        let isOther = table == plan.other
        var fields: [SchemaNode] = []
        for (index, column) in columns.enumerated() {
            let isKey = isOther || index < plan.tables[table].keyColumns
            fields.append(
                Self.field(
                    column.name, column.kind ?? .integer, column.definition ?? Self.keyField(column), language,
                    decimalComma: dialect.decimalComma, isRequired: isKey, isIndex: column.kind == nil))
        }
        let keys = isOther ? ["record_id", "name"] : columns.prefix(plan.tables[table].keyColumns).map(\.name)
        var foreignKeys: SchemaNode?
        if let resource, table != 0 {
            let parent = plan.tables[table].parent
            foreignKeys = Self.foreignKey(
                columns.prefix(isOther ? 1 : plan.tables[parent].keyColumns).map(\.name),
                resource(plan.tables[parent].path))
        }
        return .members([
            "fields": .array(fields),
            "missingValues": .strings([""]),
            "primaryKey": .strings(Array(keys)),
            "foreignKeys": foreignKeys.map { .array([$0]) },
        ])
    }

    /// The schema of the objects of a JSON or JSON Lines file.
    func json(language: Language) -> SchemaNode {
        var fields: [SchemaNode] = [
            Self.field("record_id", .string, FieldText.recordID, language, isRequired: true)
        ]
        for field in layout.groups[0].fields {
            let definition = field.definition
            if field.isList {
                fields.append(Self.described(field.name, "array", definition, language))
            } else if let kind = field.kind, kind != .json {
                fields.append(Self.field(field.name, kind, definition, language))
            } else {
                fields.append(Self.described(field.name, field.kind == nil ? "object" : "any", definition, language))
            }
        }
        fields.append(Self.described("other", "object", FieldText.other, language))
        return .members([
            "fields": .array(fields),
            "missingValues": .strings([""]),
            "primaryKey": .strings(["record_id"]),
        ])
    }

    /// The names that a JSON object of the entity may have, in order.
    var jsonNames: [String] { ["record_id"] + layout.groups[0].fields.map(\.name) + ["other"] }

    private static func keyField(_ column: TablePlan.Column) -> Field {
        switch (column.kind, column.name) {
        case (nil, _): FieldText.index
        case (_, "record_id"): FieldText.recordID
        case (_, "name"): FieldText.otherName
        case (_, "type"): FieldText.otherType
        default: FieldText.value
        }
    }

    private static func foreignKey(_ fields: [String], _ resource: String) -> SchemaNode {
        .members([
            "fields": .strings(fields),
            "reference": .members(["resource": .string(resource), "fields": .strings(fields)]),
        ])
    }

    private static func described(
        _ name: String, _ type: String, _ definition: Field, _ language: Language
    ) -> SchemaNode {
        let text = FieldText(definition, language)
        return .members([
            "name": .string(name),
            "type": .string(type),
            "title": .string(text.title),
            "description": text.description.map { .string($0) },
            "rdfType": definition.iris.first.map { .string($0) },
        ])
    }

    private static func field(
        _ name: String, _ kind: ValueKind, _ definition: Field, _ language: Language, decimalComma: Bool = false,
        isRequired: Bool = false, isIndex: Bool = false
    ) -> SchemaNode {
        let type: String
        var pattern: String?
        switch kind {
        case .integer: type = "integer"
        case .decimal: type = "number"
        case .boolean: type = "boolean"
        case .string, .json: type = "string"
        case .date, .time, .timestamp, .localTimestamp, .duration, .reference:
            type = "string"
            pattern = ValuePattern.of(kind).map(ValuePattern.anchored)
        }
        let constraints: SchemaNode = .members([
            "required": isRequired ? true : nil,
            "minimum": isIndex ? .integer(1) : nil,
            "pattern": pattern.map { .string($0) },
        ])
        let isBound = isRequired || pattern != nil
        return described(name, type, definition, language).adding([
            "decimalChar": kind == .decimal && decimalComma ? "," : nil,
            "trueValues": kind == .boolean ? .strings(["true"]) : nil,
            "falseValues": kind == .boolean ? .strings(["false"]) : nil,
            "constraints": isBound ? constraints : nil,
        ])
    }
}
