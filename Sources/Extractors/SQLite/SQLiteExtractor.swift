public import PortabilityModel
import SQLCore

/// What the configuration says of one SQLite source.
public struct SQLiteConfiguration: Sendable {
    public var declaration: SourceDeclaration
    /// The database file; a relative path starts from the context's base directory.
    public var path: String
    /// Queries that look identifiers up: parameters and columns are both named as kinds of identifier.
    public var identify: [String]
    /// Queries of each kind of look-up: parameters are kinds of identifier, columns are those of ``LookUp``.
    public var lookUps: [LookUp: [String]]
    /// The query of each dataset, by its id.
    public var datasets: [String: String]
    /// Seconds that SQLite may work on one batch of rows (waiting for the encoders does not count).
    public var statementSeconds: Double
    /// Seconds to wait for another program's lock.
    public var busySeconds: Double
    /// Seconds that counting a dataset's rows may take.
    public var estimateSeconds: Double

    public init(
        declaration: SourceDeclaration, path: String, identify: [String] = [], lookUps: [LookUp: [String]] = [:],
        datasets: [String: String], statementSeconds: Double = 300, busySeconds: Double = 5, estimateSeconds: Double = 2
    ) {
        self.declaration = declaration
        self.path = path
        self.identify = identify
        self.lookUps = lookUps
        self.datasets = datasets
        self.statementSeconds = statementSeconds
        self.busySeconds = busySeconds
        self.estimateSeconds = estimateSeconds
    }
}

/// Reads records from an SQLite database by queries.
///
/// One session is one read-only connection with one read transaction, identify included. Nothing is written, neither
/// into the database nor beside it: no `-wal`, no `-shm`, no change of times. While a session lasts, a database with a
/// rollback journal keeps its writers waiting; a database in WAL mode does not.
///
/// Values: INTEGER and TEXT as they are, REAL with the fewest digits that give the same number again, BLOB in base64
/// as the `other` field `<column>_base64`, NULL absent; then converted by the type of the catalogue's field. Columns
/// are matched by name (`address.city` for nested groups), columns without a field become `other` fields.
public struct SQLiteExtractor: Extractor {
    struct Dataset: Sendable {
        var declaration: DatasetDeclaration
        var query: SQLQuery
    }

    public let declaration: SourceDeclaration
    private let configuration: SQLiteConfiguration
    private let identify: [SQLQuery]
    private let lookUps: [LookUp: [SQLQuery]]
    private let datasets: [String: Dataset]

    /// Checks the configuration; the database is not touched.
    ///
    /// - Throws: ``PortabilityError/Code/configuration`` if a query is not one reading statement, a declared dataset
    ///   has no query, a query has no declared dataset, or a dataset has not exactly one kind of subject.
    public init(_ configuration: SQLiteConfiguration) throws(PortabilityError) {
        let source = configuration.declaration.id
        self.configuration = configuration
        identify = try Self.queries(configuration.identify, key: "identify", source: source)
        var declaration = configuration.declaration
        // What the queries ask with is what can be resolved here.
        let asked = Set(identify.flatMap(\.parameters))
        declaration.resolves = declaration.resolves.filter(asked.contains)
        self.declaration = declaration
        var lookUps: [LookUp: [SQLQuery]] = [:]
        for kind in LookUp.allCases {
            let queries = try Self.queries(configuration.lookUps[kind] ?? [], key: kind.rawValue, source: source)
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
                datasets[dataset.id] = Dataset(
                    declaration: dataset, query: try SQLQuery(text, dialect: .sqlite))
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
        _ texts: [String], key: String, source: String
    ) throws(PortabilityError) -> [SQLQuery] {
        var queries: [SQLQuery] = []
        for (index, text) in texts.enumerated() {
            do {
                queries.append(try SQLQuery(text, dialect: .sqlite))
            } catch {
                throw error.within(.init(source: source, field: "\(key)[\(index + 1)]"))
            }
        }
        return queries
    }

    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        let path = configuration.path
        let place = PortabilityError.Place(source: context.source)
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
            let connection = try SQLiteConnection(
                path: path.hasPrefix("/") ? path : "\(context.baseDirectory)/\(path)",
                busySeconds: configuration.busySeconds, statementSeconds: configuration.statementSeconds,
                recordBytes: context.batchLimits.recordBytes)
            return SQLiteSession(
                context: context, configuration: configuration, identify: identify, lookUps: lookUps,
                datasets: datasets, layouts: layouts, connection: connection)
        } catch let error as PortabilityError {
            throw error.within(place)
        }
    }
}
