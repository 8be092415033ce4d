public import PortabilityModel

/// A session that can describe its store.
public protocol SQLSchemaSession: ExtractionSession {
    /// The tables and views as they are now; no row is read.
    func schema() async throws -> SQLSchema
}

/// One opened store: identification, look-ups and datasets by the queries of the configuration.
final class SQLSession<Connection: SQLConnection>: SQLSchemaSession {
    /// Candidates that an identify query may return. More are no answer that a person could choose from.
    private let maximumCandidates = 10_000
    /// Rows that a look-up may return; a list of staff may be long.
    private let maximumLookUp = 100_000
    /// Rows that an estimate counts to.
    private let maximumEstimate = 10_000_000

    private let context: ExtractionContext
    private let queries: SQLQueries
    private let layouts: [String: EntityLayout]
    private let connection: Connection

    init(context: ExtractionContext, queries: SQLQueries, layouts: [String: EntityLayout], connection: Connection) {
        self.context = context
        self.queries = queries
        self.layouts = layouts
        self.connection = connection
    }

    // MARK: Check

    func check() async throws -> [Finding] {
        try await cancellable(at: .init()) {
            var findings: [Finding] = []
            for (index, query) in self.queries.identify.enumerated() {
                let place = PortabilityError.Place(source: self.context.source, field: "identify[\(index + 1)]")
                findings += try self.check(query, at: place) { _ = try self.kinds(of: $0, at: place) }
            }
            for kind in LookUp.allCases {
                for (index, query) in (self.queries.lookUps[kind] ?? []).enumerated() {
                    let place = self.place(kind, index)
                    findings += try self.check(query, at: place) { try self.checkColumns(of: $0, kind, at: place) }
                }
            }
            for declaration in self.queries.declaration.datasets {
                try Task.checkCancellation()
                findings += try self.check(declaration)
            }
            if !self.queries.declaration.datasets.isEmpty || !self.queries.declaration.exclusions.isEmpty {
                findings += try self.coverage().stale(source: self.context.source)
            }
            return findings
        }
    }

    /// Prepares a query without running it.
    private func check(
        _ query: SQLQuery, at place: PortabilityError.Place, _ columns: (Connection.Statement) throws -> Void
    ) throws -> [Finding] {
        do {
            let statement = try connection.statement(query.renderForPreparation())
            defer { finish(statement) }
            try columns(statement)
            return []
        } catch let error as PortabilityError where error.code == .drift {
            return [Finding(.drift, error.message, at: error.within(place).place, losesRecords: true)]
        }
    }

    private func check(_ declaration: DatasetDeclaration) throws -> [Finding] {
        let place = PortabilityError.Place(source: context.source, dataset: declaration.id)
        do {
            let dataset = try dataset(declaration.id)
            let statement = try connection.statement(dataset.query.renderForPreparation())
            defer { finish(statement) }
            let columns = try columns(of: statement, dataset)
            return columns.findings(at: place)
        } catch let error as PortabilityError where error.code == .drift {
            return [Finding(.drift, error.message, at: error.within(place).place, losesRecords: true)]
        } catch let error as PortabilityError {
            throw error.within(place)
        }
    }

    // MARK: Coverage

    func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? {
        try await cancellable(at: .init()) { try self.coverage().items }
    }

    func schema() async throws -> SQLSchema { try await cancellable(at: .init()) { try self.connection.schema() } }

    /// What the queries read of what is there. A dataset whose query cannot be prepared exports nothing.
    private func coverage() throws -> SQLCoverage {
        let schema = try connection.schema()
        var readings: [SQLCoverage.Reading] = []
        for declaration in queries.declaration.datasets {
            try Task.checkCancellation()
            do {
                let dataset = try dataset(declaration.id)
                let statement = try connection.statement(dataset.query.renderForPreparation())
                defer { finish(statement) }
                readings.append(.init(declaration, try columns(of: statement, dataset), statement))
            } catch let error as PortabilityError where error.code == .drift {
                continue
            } catch let error as PortabilityError {
                throw error.within(.init(dataset: declaration.id))
            }
        }
        return SQLCoverage(schema, queries.declaration, readings)
    }

    // MARK: Resolve

    func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys] {
        try await cancellable(at: .init()) {
            var candidates: [SubjectKeys] = []
            for (index, query) in self.queries.identify.enumerated() where query.missing(in: known).isEmpty {
                try Task.checkCancellation()
                let place = PortabilityError.Place(source: self.context.source, field: "identify[\(index + 1)]")
                do {
                    try self.resolve(query, known, into: &candidates, at: place)
                } catch let error as PortabilityError {
                    throw error.within(place)
                }
            }
            try self.connection.checkUnchanged()
            return candidates
        }
    }

    private func resolve(
        _ query: SQLQuery, _ known: SubjectKeys, into candidates: inout [SubjectKeys],
        at place: PortabilityError.Place
    ) throws {
        let statement = try connection.statement(query.render(known))
        defer { finish(statement) }
        let kinds = try kinds(of: statement, at: place)
        try connection.access(seconds: nil) {
            while try statement.step() {
                var keys = SubjectKeys()
                for (column, kind) in kinds.enumerated() {
                    let (value, isSuitable) = try statement.identifier(column)
                    guard isSuitable else {
                        throw PortabilityError(
                            .drift, "the column \(kind) holds a value that is neither integer nor text",
                            remedy: "Convert it in the query", at: place)
                    }
                    if let value { keys.insert(Identifier(kind: kind, value: value)) }
                }
                if keys.isEmpty { continue }
                candidates.append(keys)
                guard candidates.count <= maximumCandidates else {
                    throw PortabilityError(
                        .limit, "the identifiers belong to more than \(maximumCandidates) rows",
                        remedy: "Identify the person by a unique kind of identifier", at: place)
                }
            }
        }
    }

    /// The result's columns, each the name of a kind of identifier.
    private func kinds(of statement: Connection.Statement, at place: PortabilityError.Place) throws -> [String] {
        let declaration = queries.configuration.declaration
        let known = declaration.resolves + declaration.adds
        for column in statement.columns where !known.isEmpty && !known.contains(column) {
            throw PortabilityError(
                .drift, "the column \(column) is no kind of identifier that the source declares",
                remedy: "Name it with AS, or declare the kind", at: place)
        }
        return statement.columns
    }

    // MARK: Look up

    func lookUp(_ kind: LookUp, _ known: SubjectKeys) async throws -> [[String: String]] {
        try await cancellable(at: .init()) {
            var rows: [[String: String]] = []
            for (index, query) in (self.queries.lookUps[kind] ?? []).enumerated()
            where query.missing(in: known).isEmpty {
                try Task.checkCancellation()
                let place = self.place(kind, index)
                do {
                    try self.lookUp(query, kind, known, into: &rows, at: place)
                } catch let error as PortabilityError {
                    throw error.within(place)
                }
            }
            try self.connection.checkUnchanged()
            return rows
        }
    }

    private func lookUp(
        _ query: SQLQuery, _ kind: LookUp, _ known: SubjectKeys, into rows: inout [[String: String]],
        at place: PortabilityError.Place
    ) throws {
        let statement = try connection.statement(query.render(known))
        defer { finish(statement) }
        try checkColumns(of: statement, kind, at: place)
        try connection.access(seconds: nil) {
            while try statement.step() {
                var row: [String: String] = [:]
                for (column, name) in statement.columns.enumerated() {
                    let (value, isSuitable) = try statement.identifier(column)
                    guard isSuitable else {
                        throw PortabilityError(
                            .drift, "the column \(name) holds a value that is neither integer nor text",
                            remedy: "Convert it in the query", at: place)
                    }
                    row[name] = value
                }
                if row.isEmpty { continue }
                for name in kind.columns.required where row[name] == nil {
                    throw PortabilityError(
                        .drift, "a row of the look-up has no value in the column \(name)",
                        remedy: "Leave such rows out in the query", at: place)
                }
                rows.append(row)
                guard rows.count <= maximumLookUp else {
                    throw PortabilityError(
                        .limit, "the look-up has more than \(maximumLookUp) rows", remedy: "Narrow the query",
                        at: place)
                }
            }
        }
    }

    private func place(_ kind: LookUp, _ index: Int) -> PortabilityError.Place {
        PortabilityError.Place(source: context.source, field: "\(kind.rawValue)[\(index + 1)]")
    }

    private func checkColumns(of statement: Connection.Statement, _ kind: LookUp, at place: PortabilityError.Place)
        throws
    {
        let (required, optional) = kind.columns
        for name in required where !statement.columns.contains(name) {
            throw PortabilityError(
                .drift, "the look-up has no column \(name)", remedy: "Name one with AS", at: place)
        }
        for name in statement.columns where !(required + optional).contains(name) {
            throw PortabilityError(
                .drift, "the column \(name) is none that this look-up has",
                remedy: "Its columns are \((required + optional).joined(separator: ", "))", at: place)
        }
    }

    // MARK: Estimate

    func estimate(_ id: String, for subject: SubjectKeys) async throws -> Int64? {
        try await cancellable(at: .init(dataset: id)) {
            let query = try self.dataset(id).query
            guard query.missing(in: subject).isEmpty else { return 0 }
            var rendering = try query.render(subject)
            // The line's end closes a comment that the query may end with.
            rendering.text = """
                SELECT count(*) FROM (SELECT 1 FROM (\(rendering.text)
                ) AS found LIMIT \(self.maximumEstimate)) AS counted
                """
            let statement = try self.connection.statement(rendering)
            defer { self.finish(statement) }
            do {
                return try self.connection.access(seconds: self.queries.configuration.estimateSeconds) {
                    try statement.step() ? statement.integer(0) : nil
                }
            } catch let error as PortabilityError where error.code == .limit {
                return nil
            }
        }
    }

    // MARK: Extract

    /// A dataset's rows on their way: a statement, and what makes batches of its rows. Stays with the session's task.
    private final class Run {
        let statement: Connection.Statement
        var mapper: SQLRowMapper
        var builder: BatchBuilder

        init(
            _ statement: Connection.Statement, _ columns: SQLColumns, dataset: String, ordinal: Int,
            _ limits: BatchLimits
        ) {
            self.statement = statement
            mapper = SQLRowMapper(columns, dataset: dataset)
            builder = BatchBuilder(dataset: ordinal, limits: limits)
        }

        func read() throws -> Bool { try statement.read(into: &mapper, &builder) }
    }

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        try await cancellable(at: .init()) {
            var records: [Int64] = []
            for (ordinal, id) in request.datasets.enumerated() {
                let place = PortabilityError.Place(source: self.context.source, dataset: id)
                do {
                    records.append(try await self.extract(id, ordinal, request.subject, into: sink, at: place))
                } catch let error as PortabilityError {
                    throw error.within(place)
                }
            }
            try self.connection.checkUnchanged()
            return ExtractionEnd(records: records)
        }
    }

    private func extract(
        _ id: String, _ ordinal: Int, _ subject: SubjectKeys, into sink: any RecordSink,
        at place: PortabilityError.Place
    ) async throws -> Int64 {
        let dataset = try dataset(id)
        let statement = try connection.statement(dataset.query.render(subject))
        defer { finish(statement) }
        let columns = try columns(of: statement, dataset)
        for finding in columns.findings(at: place) { await sink.report(finding) }
        let run = Run(statement, columns, dataset: id, ordinal: ordinal, context.batchLimits)
        var isAtEnd = false
        while !isAtEnd {
            try Task.checkCancellation()
            isAtEnd = try connection.access(seconds: nil) { try !run.read() }
            if run.builder.count > 0 { try await sink.push(run.builder.take()) }
        }
        for finding in run.mapper.findings(at: place) + run.statement.findings(at: place) { await sink.report(finding) }
        return run.mapper.records
    }

    // MARK: Close

    func close() async { connection.close() }

    // MARK: Parts

    private func dataset(_ id: String) throws(PortabilityError) -> SQLQueries.Dataset {
        guard let dataset = queries.datasets[id] else {
            throw PortabilityError(.configuration, "the source has no such dataset", at: .init(dataset: id))
        }
        return dataset
    }

    private func columns(
        of statement: Connection.Statement, _ dataset: SQLQueries.Dataset
    ) throws(PortabilityError) -> SQLColumns {
        guard let layout = layouts[dataset.declaration.entity] else {
            throw PortabilityError(
                .configuration, "the catalogue has no entity \(dataset.declaration.entity)",
                at: .init(dataset: dataset.declaration.id))
        }
        return try SQLColumns(statement.columns, layout: layout, dataset: dataset.declaration)
    }

    /// Finishes a statement where the connection may be used. After cancellation too, so not through `access`.
    private func finish(_ statement: Connection.Statement) { connection.finish(statement) }

    /// Runs a body whose cancellation stops the query that runs.
    private func cancellable<Result>(
        at place: PortabilityError.Place, _ body: () async throws -> Result
    ) async throws -> Result {
        var place = place
        place.source = context.source
        do {
            return try await withTaskCancellationHandler(operation: body) { connection.cancel() }
        } catch let error as PortabilityError {
            throw error.within(place)
        }
    }
}

extension LookUp {
    /// The columns of its rows.
    fileprivate var columns: (required: [String], optional: [String]) {
        switch self {
        case .classify: (["class"], [])
        case .route: (["tenant"], ["name", "contact"])
        case .staff: (["name", "role"], ["id"] + Language.allCases.map { "role_\($0.rawValue)" })
        case .own: ([], ["email", "telephone", "iban", "card", "identity_code", "name"])
        }
    }
}
