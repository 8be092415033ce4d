import PortabilityModel
import SourceFiles

/// The signs that CSV files are made of.
enum Sign {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0a
    static let carriageReturn: UInt8 = 0x0d
    static let space: UInt8 = 0x20
    static let comma: UInt8 = 0x2c
    static let dot: UInt8 = 0x2e
}

/// What the configuration comes to, looked up against the catalogue once.
struct CSVPlan: Sendable {
    /// A field and where it stands on the tape.
    struct Field: Sendable {
        var name: String
        /// The enclosing groups from the record down, as indices of fields, and the field's own.
        var groups: [Int]
        var index: Int
        var isDecimal: Bool
        var column: [UInt8]
        var separator: [UInt8]?
    }

    struct Match: Sendable {
        var kind: String
        /// Among the kinds that the dataset declares.
        var kindIndex: Int
        var isUnique: Bool
        var column: [UInt8]
    }

    struct Dataset: Sendable {
        var id: String
        var path: String
        var pattern: PathPattern
        var layout: EntityLayout
        /// The unique ones first, each kind of them in the configured order.
        var matches: [Match]
        var fields: [Field]
        var excluded: [(column: [UInt8], ground: Ground, heldIn: String?)]
        var recordID: [UInt8]?
        var tenant: [UInt8]?
        var filter: (column: [UInt8], values: [[UInt8]])?

        /// The columns that the configuration names as being there, each once.
        var named: [(column: [UInt8], isMatch: Bool)] {
            var columns = matches.map { (column: $0.column, isMatch: true) }
            let others = fields.map(\.column) + [recordID, tenant, filter?.column].compactMap(\.self)
            for column in others where !columns.contains(where: { $0.column == column }) {
                columns.append((column, false))
            }
            return columns
        }
    }

    var datasets: [Dataset] = []
    /// Files that the source leaves out on purpose.
    var excludedFiles: [(pattern: PathPattern, exclusion: DatasetDeclaration.Exclusion)] = []

    /// - Throws: `configuration`, with the nearest name where one is unknown.
    init(_ configuration: CSVConfiguration, catalogue: Catalogue, source: String) throws {
        try Self.check(configuration.dialect, at: PortabilityError.Place(source: source, field: "dialect"))
        for exclusion in configuration.declaration.exclusions where exclusion.isContainer {
            do {
                excludedFiles.append((try PathPattern(exclusion.column), exclusion))
            } catch {
                throw error.within(PortabilityError.Place(source: source))
            }
        }
        for dataset in configuration.datasets {
            let place = PortabilityError.Place(source: source, dataset: dataset.id)
            guard let declaration = configuration.declaration.datasets.first(where: { $0.id == dataset.id }) else {
                throw PortabilityError(.configuration, "the dataset is not declared", at: place)
            }
            guard let entity = catalogue.entity(named: declaration.entity) else {
                throw PortabilityError(
                    .configuration, "the catalogue has no entity `\(declaration.entity)`",
                    remedy: suggestion(declaration.entity, catalogue.entities.map(\.name)), at: place)
            }
            do {
                datasets.append(
                    try Self.plan(dataset, declaration, EntityLayout(entity), configuration.declaration.exclusions))
            } catch let error as PortabilityError {
                throw error.within(place)
            }
        }
    }

    private static func check(_ dialect: CSVConfiguration.Dialect, at place: PortabilityError.Place) throws {
        let signs = [dialect.delimiter, dialect.quote, dialect.escape, dialect.comment].compactMap(\.self)
        if signs.contains(where: { $0 >= 0x80 || $0 == 0 || $0 == Sign.lineFeed || $0 == Sign.carriageReturn }) {
            throw PortabilityError(
                .configuration, "a sign of the dialect is no ASCII character, or ends a line",
                remedy: "Use a sign such as `;`, or `tab`", at: place)
        }
        if Set(signs).count != signs.count {
            throw PortabilityError(
                .configuration, "two signs of the dialect are the same",
                remedy: "Leave `escape` out where quotes are doubled",
                at: place)
        }
    }

    private static func plan(
        _ dataset: CSVConfiguration.Dataset, _ declaration: DatasetDeclaration, _ layout: EntityLayout,
        _ shared: [DatasetDeclaration.Exclusion]
    ) throws -> Dataset {
        let pattern = try PathPattern(dataset.path)
        if pattern.isAbsolute || pattern.identifierKind != nil {
            throw PortabilityError(
                .configuration, "a path of a CSV dataset is absolute or holds an identifier",
                remedy: "Give a path below `folder`, and say in `match` which column holds the identifier",
                at: .init(field: "path"))
        }
        if dataset.match.isEmpty {
            throw PortabilityError(
                .configuration, "nothing says whose the rows are", remedy: "Add `match: { <identifier>: <column> }`",
                at: .init(field: "match"))
        }
        let matches = try dataset.match.map { match in
            guard let index = declaration.subjectKinds.firstIndex(of: match.kind) else {
                throw PortabilityError(
                    .configuration, "the dataset does not declare the identifier `\(match.kind)`",
                    at: .init(field: "match"))
            }
            return Match(
                kind: match.kind, kindIndex: index, isUnique: match.isUnique,
                column: try column(match.column, at: "match"))
        }
        var taken: Set<[Int]> = []
        let fields = try dataset.fields.map { mapping in
            let field = try locate(mapping, in: layout)
            if !taken.insert(field.groups + [field.index]).inserted {
                throw PortabilityError(
                    .configuration, "the field is mapped twice", remedy: "Leave one of the columns out",
                    at: .init(field: mapping.field))
            }
            return field
        }
        var tenant = try dataset.tenant.map { try column($0, at: "tenant_column") }
        if let kind = declaration.tenantKind, tenant == nil {
            guard let match = matches.first(where: { $0.kind == kind }) else {
                throw PortabilityError(
                    .configuration, "no column tells the tenant `\(kind)` of a row",
                    remedy: "Add `tenant_column`, or `\(kind)` to `match`", at: .init(field: "tenant_column"))
            }
            tenant = match.column
        }
        let excluded = (declaration.exclusions + shared.filter { !$0.isContainer }).map {
            (column: Array($0.column.utf8), ground: $0.ground, heldIn: $0.heldIn)
        }
        return Dataset(
            id: dataset.id, path: dataset.path, pattern: pattern, layout: layout,
            matches: matches.filter(\.isUnique) + matches.filter { !$0.isUnique }, fields: fields, excluded: excluded,
            recordID: try dataset.recordID.map { try column($0, at: "record_id") },
            tenant: declaration.tenantKind == nil ? nil : tenant,
            filter: try dataset.filter.map { (try column($0.column, at: "where"), $0.values.map { Array($0.utf8) }) })
    }

    private static func column(_ name: String, at field: String) throws -> [UInt8] {
        if name.isEmpty {
            throw PortabilityError(
                .configuration, "the name of a column is empty",
                remedy: "Columns without a name are called `column_1` and so on, by their place",
                at: .init(field: field))
        }
        return Array(name.utf8)
    }

    /// Where the field is on the tape.
    private static func locate(_ mapping: CSVConfiguration.FieldMapping, in layout: EntityLayout) throws -> Field {
        let place = PortabilityError.Place(field: mapping.field)
        var group = layout.groups[0]
        var indices: [Int] = []
        let names = mapping.field.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for (depth, name) in names.enumerated() {
            guard let index = group.index(of: name) else {
                throw PortabilityError(
                    .configuration, "the entity `\(layout.entity.name)` has no field `\(mapping.field)`",
                    remedy: suggestion(name, group.fields.map(\.name)), at: place)
            }
            indices.append(index)
            let found = group.fields[index]
            let isLast = depth == names.count - 1
            switch found.kind {
            case let kind? where isLast:
                if mapping.separator != nil, !found.isList {
                    throw PortabilityError(
                        .configuration, "`\(mapping.field)` is no list, so that there is nothing to split",
                        remedy: "Leave `split` out", at: place)
                }
                return Field(
                    name: mapping.field, groups: indices.dropLast(), index: index, isDecimal: kind == .decimal,
                    column: try column(mapping.column, at: mapping.field),
                    separator: mapping.separator.map { Array($0.utf8) })
            case nil where !isLast && !found.isList: group = layout.groups[found.group]
            case nil where isLast:
                throw PortabilityError(
                    .configuration, "`\(mapping.field)` is a group, which takes no value of its own", at: place)
            case nil:
                throw PortabilityError(
                    .configuration, "`\(name)` is a list of groups, which a row's cells cannot be mapped to", at: place)
            default: throw PortabilityError(.configuration, "`\(name)` has no fields of its own", at: place)
            }
        }
        throw PortabilityError(.configuration, "the name of a field is empty", at: place)
    }
}

/// "Did you mean …", if a name is near enough to be meant.
private func suggestion(_ word: String, _ candidates: [String]) -> String? {
    nearest(word, in: candidates).map { "Did you mean `\($0)`?" }
}
