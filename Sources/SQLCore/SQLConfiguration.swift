public import PortabilityModel

/// What the configuration says of one source that is read by queries, whatever its store.
public struct SQLConfiguration: Sendable {
    public var declaration: SourceDeclaration
    /// Queries that look identifiers up: parameters and columns are both named as kinds of identifier.
    public var identify: [String]
    /// Queries of each kind of look-up: parameters are kinds of identifier, columns are those of ``LookUp``.
    public var lookUps: [LookUp: [String]]
    /// The query of each dataset, by its id.
    public var datasets: [String: String]
    /// Seconds that the store may work on one batch of rows (waiting for the encoders does not count).
    public var statementSeconds: Double
    /// Seconds that counting a dataset's rows may take.
    public var estimateSeconds: Double

    public init(
        declaration: SourceDeclaration, identify: [String] = [], lookUps: [LookUp: [String]] = [:],
        datasets: [String: String], statementSeconds: Double = 300, estimateSeconds: Double = 2
    ) {
        self.declaration = declaration
        self.identify = identify
        self.lookUps = lookUps
        self.datasets = datasets
        self.statementSeconds = statementSeconds
        self.estimateSeconds = estimateSeconds
    }
}

/// The queries of a configuration, read for a store's dialect and checked.
public struct SQLQueries: Sendable {
    struct Dataset: Sendable {
        var declaration: DatasetDeclaration
        var query: SQLQuery
    }

    /// The declaration, in which what can be resolved is what the queries ask with.
    public let declaration: SourceDeclaration
    public let configuration: SQLConfiguration
    let identify: [SQLQuery]
    let lookUps: [LookUp: [SQLQuery]]
    let datasets: [String: Dataset]

    /// Reads the queries; the store is not touched.
    ///
    /// - Throws: ``PortabilityError/Code/configuration`` if a query is not one reading statement, a declared dataset
    ///   has no query, a query has no declared dataset, a dataset has not exactly one kind of subject, or a column that
    ///   the source excludes has no table.
    public init(_ configuration: SQLConfiguration, dialect: SQLDialect) throws(PortabilityError) {
        let source = configuration.declaration.id
        self.configuration = configuration
        identify = try Self.queries(configuration.identify, dialect, key: "identify", source: source)
        var declaration = configuration.declaration
        for exclusion in declaration.exclusions where !exclusion.isContainer && !exclusion.column.contains(".") {
            throw PortabilityError(
                .configuration, "a column that the source excludes does not say of which table it is",
                remedy: "Write `- column: table.column`: a name alone would leave out what is not there yet",
                at: .init(source: source, field: "exclude"))
        }
        let asked = Set(identify.flatMap(\.parameters))
        declaration.resolves = declaration.resolves.filter(asked.contains)
        self.declaration = declaration
        var lookUps: [LookUp: [SQLQuery]] = [:]
        for kind in LookUp.allCases {
            let queries = try Self.queries(
                configuration.lookUps[kind] ?? [], dialect, key: kind.rawValue, source: source)
            if kind == .staff, let index = queries.firstIndex(where: { !$0.parameters.isEmpty }) {
                throw PortabilityError(
                    .configuration, "a query for the list of staff has a parameter",
                    remedy: "Ask for all members: the list is the same for every person",
                    at: .init(source: source, field: "staff[\(index + 1)]"))
            }
            lookUps[kind] = queries
        }
        self.lookUps = lookUps
        var datasets: [String: Dataset] = [:]
        for dataset in configuration.declaration.datasets {
            let place = PortabilityError.Place(source: source, dataset: dataset.id)
            guard let text = configuration.datasets[dataset.id] else {
                throw PortabilityError(
                    .configuration, "the dataset has no query", remedy: "Add the key `query`", at: place)
            }
            guard dataset.subjectKinds.count == 1 else {
                throw PortabilityError(
                    .configuration, "a dataset of a query has one kind of subject key",
                    remedy: "Name one kind of identifier in the key `subject`", at: place)
            }
            do {
                datasets[dataset.id] = Dataset(declaration: dataset, query: try SQLQuery(text, dialect: dialect))
            } catch {
                throw error.within(place)
            }
        }
        for id in configuration.datasets.keys.sorted() where datasets[id] == nil {
            throw PortabilityError(
                .configuration, "a query belongs to a dataset that is not declared",
                remedy: "Declare the dataset, or remove the query", at: .init(source: source, dataset: id))
        }
        self.datasets = datasets
    }

    private static func queries(
        _ texts: [String], _ dialect: SQLDialect, key: String, source: String
    ) throws(PortabilityError) -> [SQLQuery] {
        var queries: [SQLQuery] = []
        for (index, text) in texts.enumerated() {
            do {
                queries.append(try SQLQuery(text, dialect: dialect))
            } catch {
                throw error.within(.init(source: source, field: "\(key)[\(index + 1)]"))
            }
        }
        return queries
    }

    /// Opens a session over a connection that the store makes.
    ///
    /// - Throws: `configuration` if an entity is not in the catalogue; what the connection throws, with the source.
    public func open<Connection: SQLConnection>(
        _ context: ExtractionContext, _ connect: () throws -> Connection
    ) throws -> any ExtractionSession {
        var layouts: [String: EntityLayout] = [:]
        for dataset in declaration.datasets where layouts[dataset.entity] == nil {
            guard let entity = context.catalogue.entity(named: dataset.entity) else {
                throw PortabilityError(
                    .configuration, "the catalogue has no entity \(dataset.entity)",
                    at: .init(source: context.source, dataset: dataset.id))
            }
            layouts[dataset.entity] = EntityLayout(entity)
        }
        do {
            return SQLSession(context: context, queries: self, layouts: layouts, connection: try connect())
        } catch let error as PortabilityError {
            throw error.within(.init(source: context.source))
        }
    }
}
