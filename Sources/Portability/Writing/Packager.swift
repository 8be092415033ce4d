import Glibc
import PortabilityArchive
import PortabilityCalendar
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel
import PortabilityReport

/// Puts the archive together from what was gathered: tag files first, then the spools, in the format's order.
struct Packager: Sendable {
    let engine: PortabilityEngine
    let request: ExportRequest
    let gathered: Gathered
    /// Seconds since 1970.
    let created: Int64
    let surroundings: DatasetWriter.Surroundings

    /// Writes the archive and gives it its name.
    ///
    /// - Throws: `output`, `ledger`.
    func pack(into output: OutputFile) throws -> ExportResult {
        let sources = writtenSources()
        let datasets = writtenDatasets(sources)
        let isPartial = sources.contains { $0.status == .partial || $0.status == .failed }
        let documents = documentEntries()
        let payload = payloadEntries() + documents
        let createdText = rfc3339(created)

        let manifest = ManifestBuilder(
            configuration: engine.configuration, request: request, plan: gathered.plan, created: createdText,
            toolVersion: engine.options.toolVersion, codec: engine.compression.codecName,
            catalogueVersion: engine.catalogue.version, isPartial: isPartial, sources: sources, datasets: datasets,
            documentCount: Int64(documents.count), documentBytes: documents.reduce(0) { $0 + $1.size }
        ).build().formatted()
        let summary = summary(sources, datasets, documents: Int64(documents.count), isPartial: isPartial)
        let schemas = schemas(datasets)
        let tags: [(name: String, bytes: [UInt8])] = [
            ("index.html", indexHTML(summary)), ("README.txt", readme(summary)), ("manifest.json", manifest),
            (
                "processing-information.json",
                processingInformation(engine.configuration, datasets: datasets, language: request.language)
                    .formatted()
            ),
            ("datapackage.json", dataPackage(datasets, documents: documents)),
        ]
        var before: [SpooledEntry] = []
        var after: [SpooledEntry] = []
        defer { for entry in before + after { entry.close() } }
        for tag in tags { before.append(try spool(tag.name, tag.bytes)) }
        for schema in schemas { after.append(try spool(schema.path, schema.bytes)) }
        before.append(try spool("bagit.txt", BagWriter.declaration))
        let bagInfo = try BagWriter.info(
            [
                ("Bag-Software-Agent", "portability \(engine.options.toolVersion)"),
                ("Bagging-Date", String(createdText.prefix(10))),
                ("Source-Organization", engine.configuration.controller.name),
                ("Organization-Address", engine.configuration.controller.address),
                ("Contact-Email", engine.configuration.controller.email),
                ("External-Identifier", request.id), ("Compression", engine.compression.codecName),
                ("Processor-Family", processorFamily()),
            ], payloadBytes: payload.reduce(0) { $0 + $1.size }, payloadFiles: payload.count)
        before.append(try spool("bag-info.txt", bagInfo))
        before.append(
            try spool(
                "manifest-sha256.txt",
                BagWriter.manifest(payload.map { (name: $0.name, sha256: $0.sha256) })))
        before.append(
            try spool(
                "tagmanifest-sha256.txt",
                BagWriter.manifest((before + after).map { (name: $0.name, sha256: $0.sha256) })))

        var zip = ZipWriter(sink: output, time: ZipTime(unixSeconds: created))
        for entry in before { try zip.add(entry) }
        for entry in payload {
            try Task.checkPortabilityCancellation()
            try zip.add(entry)
            entry.close()
        }
        for entry in after { try zip.add(entry) }
        try zip.finish()
        try Task.checkPortabilityCancellation()
        try output.commit()
        return ExportResult(
            status: isPartial ? .partial : .complete, path: output.path, bytes: output.count,
            sha256: hexadecimal(output.digestValue ?? []), records: datasets.reduce(0) { $0 + $1.exported },
            datasets: datasets.map {
                ExportResult.Dataset(
                    id: $0.declaration.id, source: $0.source, status: $0.status.rawValue, records: $0.exported,
                    contentDigest: $0.contentDigest.map(hexadecimal))
            }, findings: sources.flatMap(\.findings), errors: sources.compactMap(\.error))
    }

    private func spool(_ name: String, _ bytes: [UInt8]) throws -> SpooledEntry {
        let writer = try EntryWriter(
            name: name, compression: surroundings.compression, pool: surroundings.pool, spools: surroundings.spools,
            digest: SHA256Digest.factory)
        try writer.append(bytes)
        return try writer.finish()
    }

    /// Every dataset that was written, and the one that describes its documents, sorted by path.
    private var outcomes: [(source: String, declaration: DatasetDeclaration, result: DatasetWriter.Result)] {
        gathered.outcomes.compactMap { $0 }.flatMap { outcome in
            outcome.datasets.flatMap { dataset -> [(String, DatasetDeclaration, DatasetWriter.Result)] in
                guard let written = dataset.outcome else { return [] }
                var list = [("", dataset.declaration, written.result)]
                if let documents = written.documents { list.append(("", documents.declaration, documents.result)) }
                return list
            }
        }
    }

    private func payloadEntries() -> [SpooledEntry] {
        outcomes.flatMap { $0.result.files.map(\.entry) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private func documentEntries() -> [SpooledEntry] {
        gathered.outcomes.compactMap { $0 }.flatMap { $0.datasets.flatMap { $0.outcome?.documents?.entries ?? [] } }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private func writtenSources() -> [WrittenSource] {
        engine.configuration.sources.indices.map { index in
            let source = engine.configuration.sources[index]
            let declaration = source.extractor.declaration
            let outcome = gathered.outcomes[index]
            let isWanted = gathered.plan.datasets.contains { $0.source == declaration.id && $0.decision == .read }
            let error = isWanted ? gathered.openErrors[index] ?? outcome?.error : nil
            var findings = outcome?.findings ?? []
            if source.extractor.declaration.role == .controller {
                let used = Set(declaration.datasets.flatMap(\.subjectKinds))
                for (kind, count) in gathered.known.shared.sorted(by: { $0.key < $1.key }) where used.contains(kind) {
                    findings.append(
                        Finding(
                            .sharedIdentifier,
                            "identifiers that other people share were not used to select records",
                            at: .init(source: declaration.id, field: kind), count: Int64(count)))
                }
            }
            // What the source declares to tolerate is told, but loses nothing that was counted on.
            let malformed = findings.filter { $0.kind == .malformed }.reduce(0) { $0 + $1.count }
            if malformed <= source.toleratedMalformed {
                for index in findings.indices where findings[index].kind == .malformed {
                    findings[index].losesRecords = false
                }
            }
            let losing = findings.contains(where: \.losesRecords)
            let status: ArchiveSummary.Source.Status
            if !isWanted {
                status = .notRead
            } else if let outcome, outcome.datasets.contains(where: { $0.outcome != nil }) {
                status = losing || error != nil ? .partial : .complete
            } else {
                status = .failed
            }
            return WrittenSource(
                declaration: declaration, status: status,
                asOf: isWanted && status != .failed ? outcome?.asOf ?? rfc3339(created) : nil,
                files: outcome?.filesRead ?? 0, bytes: outcome?.bytesRead ?? 0,
                tolerated: source.toleratedMalformed, error: error, findings: findings)
        }
    }

    private func writtenDatasets(_ sources: [WrittenSource]) -> [WrittenDataset] {
        gathered.plan.datasets.flatMap { planned -> [WrittenDataset] in
            let source = sources.first { $0.declaration.id == planned.source }
            let outcome = gathered.outcomes.compactMap { $0 }.flatMap(\.datasets)
                .first { $0.declaration.id == planned.dataset.id }?.outcome
            let isPartial =
                source.map { source in
                    source.status == .partial
                        && source.findings.contains {
                            $0.losesRecords && ($0.place.dataset == nil || $0.place.dataset == planned.dataset.id)
                        }
                } ?? false
            let status: WrittenDataset.Status
            var ground: Ground?
            switch planned.decision {
            case .withheld(let why):
                status = .withheld
                ground = why
            case .notRead(let why):
                status = .notRead
                ground = why
            case .read: status = outcome == nil ? .failed : isPartial ? .partial : .exported
            }
            var list = [
                written(
                    planned.source, planned.dataset, planned.label, planned.meaning, status, ground, outcome?.result)
            ]
            if let documents = outcome?.documents, let entity = engine.catalogue.entity(named: "document") {
                let of = planned.label
                list.append(
                    written(
                        planned.source, documents.declaration,
                        LocalizedText(
                            fi: "\(of.fi): asiakirjat", sv: "\(of.sv): dokument", en: "\(of.en): documents"),
                        entity.meaning, status, nil, documents.result))
            }
            return list
        }
    }

    private func written(
        _ source: String, _ declaration: DatasetDeclaration, _ label: LocalizedText, _ meaning: LocalizedText,
        _ status: WrittenDataset.Status, _ ground: Ground?, _ result: DatasetWriter.Result?
    ) -> WrittenDataset {
        WrittenDataset(
            source: source, declaration: declaration, label: label, meaning: meaning, status: status, ground: ground,
            extracted: result?.extracted ?? 0, exported: result?.exported ?? 0,
            fieldsWithheld: result?.fieldsWithheld ?? [], contentDigest: result?.contentDigest,
            files: (result?.files ?? []).map {
                PayloadFile(
                    path: $0.entry.name, format: $0.format, table: $0.table, rows: $0.rows, size: $0.entry.size,
                    sha256: $0.entry.sha256)
            })
    }

    private func summary(
        _ sources: [WrittenSource], _ datasets: [WrittenDataset], documents: Int64, isPartial: Bool
    ) -> ArchiveSummary {
        ArchiveSummary(
            language: request.language, right: request.right, requestID: request.id, received: request.received,
            created: rfc3339(created), isPartial: isPartial, controller: engine.configuration.controller,
            policy: engine.configuration.policy, authority: engine.configuration.authority,
            purposes: engine.configuration.purposes, recipients: engine.configuration.recipients,
            formats: surroundings.formats,
            datasets: datasets.map { dataset in
                let outcome: ArchiveSummary.Outcome =
                    switch dataset.status {
                    case .exported: .exported
                    case .partial: .partial
                    case .withheld: .withheld(dataset.ground ?? .others)
                    case .notRead: .notRead(dataset.ground ?? .noIdentifier)
                    case .failed: .failed
                    }
                return ArchiveSummary.Dataset(
                    declaration: dataset.declaration, label: dataset.label, meaning: dataset.meaning,
                    outcome: outcome, records: dataset.exported, withheldFields: dataset.fieldsWithheld,
                    files: dataset.files.map {
                        ArchiveSummary.File(
                            path: $0.path, format: $0.format, table: $0.table, rows: $0.rows, bytes: $0.size)
                    })
            },
            sources: sources.map {
                ArchiveSummary.Source(
                    id: $0.declaration.id, status: $0.status, asOf: $0.asOf, findings: $0.findings,
                    error: $0.error?.message)
            }, documentCount: documents, tool: "portability \(engine.options.toolVersion)")
    }

    /// The machine's processor family: default compression is the same within one.
    private func processorFamily() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: name.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
