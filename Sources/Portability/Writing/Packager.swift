import PortabilityArchive
import PortabilityCalendar
import PortabilityCrypto
import PortabilityEvidence
import PortabilityFormats
import PortabilityModel
import PortabilityReport
import PortabilityScope
import PortabilityText

/// Puts the archive together from what was gathered: tag files first, then the spools, in the format's order.
struct Packager: Sendable {
    let engine: PortabilityEngine
    let request: ExportRequest
    let gathered: Gathered
    /// Seconds since 1970.
    let created: Int64
    let surroundings: DatasetWriter.Surroundings
    let evidence: EvidenceMaker
    let deadline: ResponseDeadline?
    var protection = ArchiveProtection()
    /// For whom it is encrypted, and what was.
    private(set) var encryption: (by: ArchiveEncryption, record: ArchiveEncryption.Record)?
    /// Who signs; nil if nobody does.
    var signer: ArchiveSummary.Signer?

    /// Puts what is written into encrypted files.
    mutating func encrypt(_ encryption: ArchiveEncryption) {
        let record = ArchiveEncryption.Record()
        self.encryption = (encryption, record)
        protection.envelope = encryption.envelope(record)
    }

    /// What was written into the spools.
    struct Written {
        let sources: [WrittenSource]
        let datasets: [WrittenDataset]
        let isPartial: Bool
    }

    /// Writes the archive, or the volumes that it has to be cut into; their names are the caller's to give.
    ///
    /// - Parameter volumes: how large an archive may be, and what makes the files of volumes; nil for one archive of any
    ///   size.
    /// - Throws: `output`, `ledger`, `limit`.
    func pack(into output: OutputFile, volumes: VolumeOutput? = nil) throws -> (ExportResult, outputs: [OutputFile]) {
        let sources = writtenSources()
        let isPartial = sources.contains { $0.status == .partial || $0.status == .failed }
        let written = Written(sources: sources, datasets: writtenDatasets(sources), isPartial: isPartial)
        let documents = documentEntries()
        let prepared = try assembler.prepare(
            contents(written, payload: payloadEntries() + documents, documents: documents))
        if let volumes, try assembler.envelopedSize(prepared.size) > volumes.size {
            prepared.closeTags()
            output.abandon()
            let set = try writeVolumes(written, documents: documents, volumes)
            return (result(written, documents: documents, outputs: set.outputs, set: set), set.outputs)
        }
        try assembler.write(prepared, into: output)
        return (result(written, documents: documents, outputs: [output], set: nil), [output])
    }

    /// Everything that goes into the archive, or into one volume.
    ///
    /// - Parameters:
    ///   - place: the volume; nil for an archive that is whole.
    ///   - shown: the most records of a dataset that the page shows; nil for as many as it shows anyway.
    func contents(
        _ written: Written, payload: [SpooledEntry], documents: [SpooledEntry], in place: VolumePlace? = nil,
        shown: Int? = nil
    ) throws -> ArchiveAssembler.Contents {
        let sources = written.sources
        let datasets = place.map { $0.datasets(of: written.datasets) } ?? written.datasets
        let createdText = rfc3339(created)
        let manifest = ManifestBuilder(
            configuration: engine.configuration, request: request, plan: gathered.plan, created: createdText,
            toolVersion: engine.options.toolVersion, codec: engine.compression.codecName,
            catalogueVersion: engine.catalogue.version, isPartial: written.isPartial, sources: sources,
            datasets: datasets, documentCount: Int64(documents.count),
            documentBytes: documents.reduce(0) { $0 + $1.size }, nothingHeld: nothingHeld(sources),
            missingBy: written.isPartial ? missingBy : nil, review: evidence.review,
            set: place?.manifest(written.datasets)
        ).build().formatted()
        var summary = summary(
            sources, written.datasets, documents: Int64(documents.count), isPartial: written.isPartial)
        if let place {
            summary.datasets = datasets.map { self.summary($0, shown: shown) }
            summary.volumes = place.summary(written.datasets)
        }
        let tags: [(name: String, bytes: [UInt8])] = [
            ("README.txt", readme(summary)), ("manifest.json", manifest),
            (
                "processing-information.json", summary.processing?.json(request.language).formatted() ?? []
            ),
            ("datapackage.json", dataPackage(datasets, documents: documents, place)),
        ]
        var bagInfo = [
            ("Bag-Software-Agent", "portability \(engine.options.toolVersion)"),
            ("Bagging-Date", String(createdText.prefix(10))),
            ("Source-Organization", engine.configuration.controller.name),
            ("Organization-Address", engine.configuration.controller.address),
            ("Contact-Email", engine.configuration.controller.email),
            ("External-Identifier", request.id), ("Compression", engine.compression.codecName),
        ]
        if let place {
            bagInfo += [
                ("Bag-Group-Identifier", place.set.id), ("Bag-Count", "\(place.number) of \(place.set.volumes.count)"),
            ]
        }
        let assembler = assembler
        var contents = ArchiveAssembler.Contents(before: [], bagInfo: bagInfo, payload: payload, after: [])
        contents.before.append(try page(summary))
        for tag in tags { contents.before.append(try assembler.spool(tag.name, tag.bytes)) }
        contents.after = try schemas(datasets)
        return contents
    }

    private func result(
        _ written: Written, documents: [SpooledEntry], outputs: [OutputFile], set: WrittenVolumes?
    ) -> ExportResult {
        let (sources, datasets, isPartial) = (written.sources, written.datasets, written.isPartial)
        let status: ExportResult.Status =
            gathered.isNothingHeld ? .nothingHeld : isPartial ? .partial : .complete
        let volumes = outputs.map { output in
            ExportResult.Volume(
                path: output.path, bytes: output.count, sha256: hexadecimal(output.digestValue ?? []),
                isTooLarge: set?.tooLarge.contains(output.path) ?? false)
        }
        let bytes = volumes.reduce(0) { $0 + $1.bytes }
        let sha256 = set?.sha256 ?? volumes.first?.sha256 ?? ""
        let receipt = evidence.receipt(
            status: Receipt.Status(rawValue: status.rawValue) ?? .partial,
            archive: .init(
                bytes: bytes, sha256: sha256,
                volumes: set == nil ? [] : volumes.map { .init(bytes: $0.bytes, sha256: $0.sha256) },
                encryption: encryption.map { $0.by.receipt($0.record) }),
            sources: sources.map(receipt),
            datasets: datasets.map(receipt),
            documents: .init(
                given: Int64(documents.count),
                withheld: datasets.reduce(0) { $0 + $1.documentsWithheld.values.reduce(0, +) }),
            missing: isPartial
                ? datasets.filter { $0.status == .failed || $0.status == .partial }.map {
                    .init(id: $0.declaration.id, expected: missingBy)
                } : [])
        return ExportResult(
            status: status, path: volumes.first?.path ?? "", bytes: bytes,
            sha256: sha256, volumes: volumes, records: datasets.reduce(0) { $0 + $1.exported },
            datasets: datasets.map {
                ExportResult.Dataset(
                    id: $0.declaration.id, source: $0.source, status: $0.status.rawValue, records: $0.exported,
                    contentDigest: $0.contentDigest.map(hexadecimal))
            }, findings: sources.flatMap(\.findings), errors: sources.compactMap(\.error), receipt: receipt)
    }

    /// By when what is missing will follow.
    private var missingBy: String? { request.missingBy ?? deadline?.due?.description }

    /// What was searched, if nothing is held.
    private func nothingHeld(_ sources: [WrittenSource]) -> ArchiveSummary.NothingHeld? {
        guard gathered.isNothingHeld else { return nil }
        let given = Set(gathered.known.given)
        return ArchiveSummary.NothingHeld(
            searches: sources.filter {
                $0.declaration.role == .controller && $0.declaration.noPersonalData == nil
            }.map { source in
                let selecting = Set(source.declaration.datasets.flatMap(\.subjectKinds) + source.declaration.resolves)
                return ArchiveSummary.NothingHeld.Search(
                    source: source.declaration.id,
                    labels: source.declaration.datasets.map { dataset in
                        dataset.label ?? engine.layouts[dataset.entity]?.entity.label
                            ?? LocalizedText(fi: dataset.id, sv: dataset.id, en: dataset.id)
                    },
                    at: source.asOf ?? rfc3339(created), kinds: given.intersection(selecting).sorted())
            })
    }

    private func receipt(_ source: WrittenSource) -> Receipt.Source {
        var counts: [Finding.Kind: Int64] = [:]
        for finding in source.findings { counts[finding.kind, default: 0] += finding.count }
        return Receipt.Source(
            id: source.declaration.id, status: .init(rawValue: source.status.rawValue) ?? .failed, asOf: source.asOf,
            files: source.files, bytes: source.bytes,
            findings: Finding.Kind.allCases.compactMap { kind in counts[kind].map { .init(kind: kind, count: $0) } })
    }

    private func receipt(_ dataset: WrittenDataset) -> Receipt.Dataset {
        Receipt.Dataset(
            id: dataset.declaration.id, entity: dataset.declaration.entity, category: dataset.declaration.category,
            role: dataset.declaration.role, status: .init(rawValue: dataset.status.rawValue) ?? .failed,
            ground: dataset.ground, extracted: dataset.extracted, exported: dataset.exported,
            withheld: dataset.withheld.map { .init(ground: $0.ground, count: $0.count) },
            fields: dataset.fieldOutcomes.compactMap { outcome in
                let action: Receipt.Dataset.FieldDecision.Action
                switch outcome.action {
                case .keep: return nil
                case .label: action = .labelled
                case .mask: action = .masked
                case .withhold: action = .withheld
                }
                return .init(
                    field: receiptPath(outcome.path), action: action, ground: outcome.ground, count: outcome.count)
            })
    }

    /// The catalogue's path: names that the catalogue does not know could be anything, and stay out of receipts.
    private func receiptPath(_ path: String) -> String {
        let plain = path.hasSuffix(" (text)") ? String(path.dropLast(" (text)".count)) : path
        return plain.hasPrefix("other.") ? "other" : plain
    }

    /// `index.html`, written piece by piece: a full print is as long as the data.
    private func page(_ summary: ArchiveSummary) throws -> SpooledEntry {
        let writer = try assembler.open("index.html")
        try writeIndexHTML(summary, fullPrint: surroundings.printsAll) { try writer.append($0) }
        return try writer.finish()
    }

    var assembler: ArchiveAssembler {
        ArchiveAssembler(
            compression: surroundings.compression, pool: surroundings.pool, spools: surroundings.spools,
            created: created, protection: protection)
    }

    /// Every dataset that was written, and the one that describes its documents, sorted by path.
    var outcomes: [(source: String, declaration: DatasetDeclaration, result: DatasetWriter.Result)] {
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
            var findings = (outcome?.findings ?? []) + gathered.drift[index]
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
            var attestations = outcome?.attestations ?? []
            // By the clocks of the place on earth where the day begins first; `created` may be any time at all.
            let today = rfc3339(max(created, engine.options.now()) + 14 * 3600).prefix(10)
            let early = attestations.count { $0.date > today }
            if early > 0 {
                attestations.removeAll { $0.date > today }
                findings.append(
                    Finding(
                        .unattested, "an attestation is dated after the export; a search that is to come is none",
                        at: .init(source: declaration.id, field: "date"), count: Int64(early)))
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
                tolerated: source.toleratedMalformed, error: error, findings: findings,
                attestations: attestations)
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
                    planned.source, planned.dataset, planned.label, planned.meaning, status, ground, outcome?.result,
                    outcome)
            ]
            if let documents = outcome?.documents, let entity = engine.catalogue.entity(named: "document") {
                let of = planned.label
                list.append(
                    written(
                        planned.source, documents.declaration,
                        LocalizedText(
                            fi: "\(of.fi): asiakirjat", sv: "\(of.sv): dokument", en: "\(of.en): documents"),
                        entity.meaning, status, nil, documents.result, kept: list[0].kept))
            }
            return list
        }
    }

    private func written(
        _ source: String, _ declaration: DatasetDeclaration, _ label: LocalizedText, _ meaning: LocalizedText,
        _ status: WrittenDataset.Status, _ ground: Ground?, _ result: DatasetWriter.Result?,
        _ outcome: DatasetPipeline.Outcome? = nil, kept known: ArchiveSummary.Kept? = nil
    ) -> WrittenDataset {
        let ledger = result?.ledger
        return WrittenDataset(
            source: source, declaration: declaration, label: label, meaning: meaning, status: status, ground: ground,
            extracted: result?.extracted ?? 0, exported: result?.exported ?? 0,
            withheld: sorted(ledger?.withheld ?? [:]), rules: ledger?.fields ?? [],
            text: (ledger?.text ?? [:]).map { ($0.key, $0.value) }.sorted { left, right in
                (left.0.field, left.0.kind, left.0.action, left.0.ground?.rawValue ?? "")
                    < (right.0.field, right.0.kind, right.0.action, right.0.ground?.rawValue ?? "")
            },
            documentsWithheld: outcome?.documentsWithheld ?? [:],
            documentsReplaced: (outcome?.documentsReplaced ?? []).map { ($0.original, $0.given) }, rows: result?.rows,
            lines: result?.lines, kept: known ?? kept(declaration, result?.rows?.dates),
            contentDigest: result?.contentDigest,
            files: (result?.files ?? []).map {
                PayloadFile(
                    path: $0.entry.name, format: $0.format, table: $0.table, rows: $0.rows, size: $0.entry.size,
                    sha256: $0.entry.sha256)
            })
    }

    private func sorted(_ counts: [Ground: Int64]) -> [(ground: Ground, count: Int64)] {
        Ground.allCases.compactMap { ground in counts[ground].map { (ground, $0) } }
    }

    /// Until when the first and the last of the records are kept, if the rule gives dates.
    private func kept(
        _ declaration: DatasetDeclaration, _ dates: (earliest: String, latest: String)?
    ) -> ArchiveSummary.Kept? {
        guard let id = declaration.retentionRule, let rule = engine.configuration.retentionRules[id], let dates,
            let earliest = CivilDate(dates.earliest), let latest = CivilDate(dates.latest)
        else { return nil }
        let years = engine.configuration.financialYears
        guard let first = rule.end(for: earliest, financialYears: years),
            let last = rule.end(for: latest, financialYears: years)
        else { return nil }
        return ArchiveSummary.Kept(
            first: first.date.description, last: last.date.description, isAtLeast: last.isMinimum)
    }

    private func summary(
        _ sources: [WrittenSource], _ datasets: [WrittenDataset], documents: Int64, isPartial: Bool
    ) -> ArchiveSummary {
        let configuration = engine.configuration
        let named = namedAuthorities(
            own: configuration.authority, others: configuration.otherAuthorities,
            controllersCountry: configuration.controller.country, residence: request.residence)
        var summary = ArchiveSummary(
            language: request.language, right: request.right, requestID: request.id, received: request.received,
            created: rfc3339(created), isPartial: isPartial, controller: configuration.controller,
            policy: configuration.policy, authority: named.first, purposes: configuration.purposes,
            recipients: configuration.recipients, formats: surroundings.formats,
            datasets: datasets.map { self.summary($0) },
            sources: sources.map {
                var source = ArchiveSummary.Source(
                    id: $0.declaration.id, status: $0.status, asOf: $0.asOf, findings: $0.findings,
                    error: $0.error?.message)
                source.attestations = $0.attestations
                source.noPersonalData = $0.declaration.noPersonalData
                return source
            }, documentCount: documents, tool: "portability \(engine.options.toolVersion)")
        summary.nothingHeld = nothingHeld(sources)
        summary.missingBy = isPartial ? missingBy : nil
        summary.supplements = request.supplements
        summary.isRepresented = request.requester != nil
        summary.transmittedTo = request.delivery.flatMap { $0.to == .service || $0.to == .controller ? $0.name : nil }
        summary.timeZone = engine.timeZone
        summary.userClass = gathered.plan.userClass
        summary.signer = signer
        var own = summary
        own.authority = configuration.authority
        summary.processing = ProcessingInformation(
            own, automatedDecisions: configuration.automatedDecisions, authorities: configuration.otherAuthorities,
            residence: request.residence)
        return summary
    }

    private func summary(_ dataset: WrittenDataset, shown: Int? = nil) -> ArchiveSummary.Dataset {
        let outcome: ArchiveSummary.Outcome =
            switch dataset.status {
            case .exported: .exported
            case .partial: .partial
            case .withheld: .withheld(dataset.ground ?? .others)
            case .notRead: .notRead(dataset.ground ?? .noIdentifier)
            case .failed: .failed
            }
        var described = ArchiveSummary.Dataset(
            declaration: dataset.declaration, label: dataset.label, meaning: dataset.meaning, outcome: outcome,
            records: dataset.exported, fields: dataset.fieldOutcomes,
            files: dataset.files.map {
                ArchiveSummary.File(path: $0.path, format: $0.format, table: $0.table, rows: $0.rows, bytes: $0.size)
            })
        described.withheldRecords = dataset.withheld
        described.withheldDocuments = sorted(dataset.documentsWithheld)
        described.kept = dataset.kept
        described.rows = dataset.rows
        if let shown { described.rows = dataset.rows?.newest(shown) }
        if surroundings.printsAll, let lines = dataset.lines, let layout = engine.layouts[dataset.declaration.entity] {
            described.rows?.all = { take in
                var reader = RecordLineReader(layout: layout)
                try lines.read { piece in
                    if let batch = try reader.feed(piece) { try take(batch) }
                }
                if let batch = try reader.finish() { try take(batch) }
            }
        }
        return described
    }
}
