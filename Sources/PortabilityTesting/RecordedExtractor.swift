public import PortabilityModel
import PortabilityText

/// A source whose records were written down beforehand: stands for a real one in tests of a service.
public struct RecordedExtractor: Extractor {
    /// One record.
    public struct Row: Sendable {
        public var id: String
        public var idKind: RecordIDKind
        /// Whose it is; the kind is one that the dataset declares.
        public var subject: Identifier
        public var tenant: String?
        /// Values by path with dots, in any order; a list gets an element for each repeat. What the entity has no field
        /// for becomes an `other` field.
        public var values: [(path: String, text: String)]
        /// Files that belong to it, and the field of type reference in which the path is put.
        public var documents: [(document: Document, field: String)]

        public init(
            _ id: String, idKind: RecordIDKind = .text, of subject: Identifier, tenant: String? = nil,
            values: [(path: String, text: String)], documents: [(document: Document, field: String)] = []
        ) {
            self.id = id
            self.idKind = idKind
            self.subject = subject
            self.tenant = tenant
            self.values = values
            self.documents = documents
        }
    }

    public var declaration: SourceDeclaration
    /// Rows by dataset. Those of datasets in the order of ids are given out sorted, others as they stand.
    public var rows: [String: [Row]]
    /// Identifiers that belong together, which `resolve` looks through.
    public var people: [SubjectKeys]
    /// Told by every extraction.
    public var findings: [Finding]
    /// Thrown when so many records were read.
    public var failure: (after: Int, error: PortabilityError)?

    public init(
        _ declaration: SourceDeclaration, rows: [String: [Row]], people: [SubjectKeys] = [],
        findings: [Finding] = [], failure: (after: Int, error: PortabilityError)? = nil
    ) {
        self.declaration = declaration
        self.rows = rows
        self.people = people
        self.findings = findings
        self.failure = failure
    }

    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        var layouts: [String: EntityLayout] = [:]
        for dataset in declaration.datasets {
            guard let entity = context.catalogue.entity(named: dataset.entity) else {
                throw PortabilityError(
                    .configuration, "the catalogue has no entity \(dataset.entity)",
                    at: .init(source: context.source, dataset: dataset.id))
            }
            layouts[dataset.id] = EntityLayout(entity)
        }
        return RecordedSession(source: self, context: context, layouts: layouts)
    }
}

private struct RecordedSession: ExtractionSession {
    let source: RecordedExtractor
    let context: ExtractionContext
    let layouts: [String: EntityLayout]

    func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys] {
        source.people.filter { person in
            known.all.contains { source.declaration.resolves.contains($0.kind) && person[$0.kind].contains($0.value) }
        }
    }

    func estimate(_ dataset: String, for subject: SubjectKeys) async throws -> Int64? {
        try Int64(rows(dataset, of: subject).count)
    }

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        var end = ExtractionEnd(records: [])
        var read = 0
        for (index, id) in request.datasets.enumerated() {
            guard let layout = layouts[id] else { throw undeclared(id) }
            var builder = BatchBuilder(dataset: index, limits: context.batchLimits)
            var assembler = RecordAssembler(layout: layout)
            var count: Int64 = 0
            for (position, row) in try rows(id, of: request.subject).enumerated() {
                try Task.checkCancellation()
                if let failure = source.failure, read == failure.after { throw failure.error }
                read += 1
                for (path, text) in row.values { assembler.set(path, text, layout) }
                if request.wantsDocuments {
                    for (document, field) in row.documents {
                        guard let path = try await sink.document(document, dataset: index) else { continue }
                        assembler.set(field, path, layout)
                    }
                }
                builder.begin(row, in: source.declaration.datasets.first { $0.id == id }, position)
                assembler.emit(into: &builder)
                assembler.reset()
                try builder.endRecord()
                count += 1
                if builder.isFull { try await sink.push(builder.take()) }
            }
            try Task.checkCancellation()
            if builder.count > 0 { try await sink.push(builder.take()) }
            end.records.append(count)
        }
        if let failure = source.failure, read <= failure.after { throw failure.error }
        for finding in source.findings { await sink.report(finding) }
        return end
    }

    func close() async {}

    private func undeclared(_ id: String) -> PortabilityError {
        PortabilityError(
            .configuration, "the source has no such dataset", at: .init(source: context.source, dataset: id))
    }

    private func rows(_ id: String, of subject: SubjectKeys) throws -> [RecordedExtractor.Row] {
        guard let dataset = source.declaration.datasets.first(where: { $0.id == id }) else { throw undeclared(id) }
        let rows = (source.rows[id] ?? []).filter {
            dataset.subjectKinds.contains($0.subject.kind) && subject[$0.subject.kind].contains($0.subject.value)
        }
        if case .position = dataset.order { return rows }
        return rows.sorted { precedes((Array($0.id.utf8), $0.idKind), (Array($1.id.utf8), $1.idKind)) }
    }
}

extension BatchBuilder {
    fileprivate mutating func begin(
        _ row: RecordedExtractor.Row, in dataset: DatasetDeclaration?, _ position: Int
    ) {
        let tenant = Array((row.tenant ?? "").utf8)
        beginRecord(
            id: Array(row.id.utf8).span, idKind: row.idKind, subject: Array(row.subject.value.utf8).span,
            subjectKind: dataset?.subjectKinds.firstIndex(of: row.subject.kind) ?? 0, tenant: tenant.span,
            position: UInt64(position))
    }
}

extension RecordAssembler {
    /// Sets the field at a path, or an `other` field if there is none.
    fileprivate mutating func set(_ path: String, _ text: String, _ layout: EntityLayout) {
        let bytes = Array(text.utf8)
        var group = 0
        var node = 0
        let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for (place, name) in names.enumerated() {
            guard let index = layout.groups[group].index(of: name) else { break }
            let field = layout.groups[group].fields[index]
            let isLast = place == names.count - 1
            if isLast, field.kind != nil { return set(node, index, bytes.span) }
            if isLast || field.kind != nil { break }
            node = self.group(node, index)
            group = field.group
        }
        other(Array(path.utf8).span, .string, bytes.span)
    }
}
