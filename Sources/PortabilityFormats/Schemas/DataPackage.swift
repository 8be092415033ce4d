public import PortabilityModel

/// Puts an archive's `datapackage.json` together (Data Package v2).
///
/// CSV and JSON files are tables with a Table Schema; XML files and documents are plain files, and so are JSON files
/// without records: the names of a table's fields stand in its objects, and there are none.
public struct DataPackageBuilder: Sendable {
    /// A file of the archive, as it was written.
    public struct File: Sendable {
        /// Path in the archive.
        public var path: String
        public var bytes: Int64
        /// Lowercase hexadecimal.
        public var sha256: String

        public init(path: String, bytes: Int64, sha256: String) {
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    private struct Table: Sendable {
        let name: String
        let head: SchemaNode
        let body: Body
        enum Body: Sendable {
            case plain
            case csv(TableSchema, table: Int, CSVDialect, dataset: String)
            case json(TableSchema)
        }
    }

    private let head: SchemaNode
    private let language: Language
    private var tables: [Table] = []
    /// Of the layouts so far, each of which most often has several files.
    private var schemas: [ObjectIdentifier: TableSchema] = [:]

    /// Begins a package.
    ///
    /// - Parameters:
    ///   - name: `[a-z0-9._-]`, no personal data.
    ///   - title: What a person reads, in `language`.
    ///   - created: RFC 3339.
    ///   - language: Of titles and descriptions.
    public init(name: String, title: String, created: String, language: Language) {
        head = .members([
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": .string(name),
            "title": .string(title),
            "created": .string(created),
        ])
        self.language = language
    }

    /// Adds a file of a dataset.
    ///
    /// - Parameters:
    ///   - table: Names from the record to the list for a child table of CSV, else empty.
    ///   - rows: How many rows or records the file has.
    ///   - dialect: Of CSV files; of no meaning for other formats.
    ///   - title: Of the dataset, in the package's language.
    /// - Precondition: `table` is a path that the CSV encoder of the entity writes.
    public mutating func add(
        dataset: String, layout: EntityLayout, format: Format, table: [String], rows: Int64, dialect: CSVDialect,
        title: String, file: File
    ) {
        let name = Self.resourceName(dataset: dataset, table: table, format: format)
        let body: Table.Body
        switch format {
        case .csv:
            let schema = schema(of: layout)
            let index = schema.plan.tables.firstIndex { $0.path == table }
            precondition(index != nil, "no such table")
            body = .csv(schema, table: index ?? 0, dialect, dataset: dataset)
        case .json, .jsonl: body = rows > 0 ? .json(schema(of: layout)) : .plain
        case .xml: body = .plain
        }
        let isTable = if case .plain = body { false } else { true }
        // frictionless takes anything called jsonl for a table, and cannot read one without records.
        let formatName = format == .jsonl && !isTable ? "txt" : format.rawValue
        // frictionless does not count the bytes of a JSON table and then finds them wrong; the manifest has them.
        let head = Self.resource(
            name, file, title: title, format: formatName, mediaType: format.mediaType, encoding: "utf-8",
            type: isTable ? "table" : nil, hasBytes: !isTable || format != .json)
        tables.append(Table(name: name, head: head, body: body))
    }

    private mutating func schema(of layout: EntityLayout) -> TableSchema {
        // The schema holds the layout, so that no other can have its identity.
        let schema = schemas[ObjectIdentifier(layout)] ?? TableSchema(layout)
        schemas[ObjectIdentifier(layout)] = schema
        return schema
    }

    /// Adds a document, as received.
    public mutating func add(document file: File, mediaType: String?) {
        let fileName = file.path.split(separator: "/").last.map(String.init) ?? file.path
        let parts = fileName.split(separator: ".")
        let name = "documents.\(fileName.lowercased())"
        let head = Self.resource(
            name, file, title: nil, format: parts.count > 1 ? parts.last.map { $0.lowercased() } : nil,
            mediaType: mediaType, encoding: nil, type: nil)
        tables.append(Table(name: name, head: head, body: .plain))
    }

    /// Adds a file of a form that other systems read.
    ///
    /// - Parameters:
    ///   - form: The form's name, `[a-z-]`; together with the file's name it is the resource's.
    ///   - title: Of the form, in the package's language.
    public mutating func add(exchange file: File, form: String, title: String, mediaType: String) {
        let fileName = file.path.split(separator: "/").last.map(String.init) ?? file.path
        let name = "\(form).\(fileName.lowercased())"
        let ending = fileName.split(separator: ".").dropFirst().last.map { $0.lowercased() }
        let head = Self.resource(
            name, file, title: title, format: ending, mediaType: mediaType, encoding: nil, type: nil)
        tables.append(Table(name: name, head: head, body: .plain))
    }

    /// The name of the resource that holds a table: unique in the package.
    public static func resourceName(dataset: String, table: [String], format: Format) -> String {
        EncodedTable(path: table).fileName(dataset: dataset, format: format)
    }

    /// The text of `datapackage.json`, resources in the order they were added.
    public func document() -> [UInt8] {
        let resources = tables.map { resource in
            switch resource.body {
            case .plain: resource.head
            case .csv(let schema, let table, let dialect, let dataset):
                resource.head.adding([
                    "dialect": Self.dialect(dialect),
                    "schema": schema.csv(table, dialect: dialect, language: language) { path in
                        Self.resourceName(dataset: dataset, table: path, format: .csv)
                    },
                ])
            case .json(let schema):
                resource.head.adding([
                    "dialect": Self.jsonDialect(schema.jsonNames), "schema": schema.json(language: language),
                ])
            }
        }
        return head.adding(["resources": .array(resources)]).document()
    }

    private static func resource(
        _ name: String, _ file: File, title: String?, format: String?, mediaType: String?, encoding: String?,
        type: String?, hasBytes: Bool = true
    ) -> SchemaNode {
        .members([
            "name": .string(name),
            "title": title.map { .string($0) },
            "type": type.map { .string($0) },
            "path": .string(file.path),
            "format": format.map { .string($0) },
            "mediatype": mediaType.map { .string($0) },
            "encoding": encoding.map { .string($0) },
            "bytes": hasBytes ? .integer(file.bytes) : nil,
            "hash": .string("sha256:\(file.sha256)"),
        ])
    }

    private static func dialect(_ dialect: CSVDialect) -> SchemaNode {
        .members([
            "header": true,
            "delimiter": .string(String(Unicode.Scalar(dialect.delimiter))),
            "lineTerminator": "\r\n",
            "quoteChar": "\"",
            "doubleQuote": true,
        ])
    }

    /// `itemType` and `itemKeys` are the standard's; `json` says the same to frictionless, which otherwise takes the
    /// names from the first object alone.
    private static func jsonDialect(_ names: [String]) -> SchemaNode {
        .members([
            "itemType": "object",
            "itemKeys": .strings(names),
            "json": .members(["keyed": true, "keys": .strings(names)]),
        ])
    }
}
