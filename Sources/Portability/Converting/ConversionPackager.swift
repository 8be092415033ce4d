import PortabilityArchive
import PortabilityCalendar
import PortabilityExchange
import PortabilityFormats
import PortabilityModel
import PortabilityReport
import PortabilityText

/// Puts the new archive together: the original's manifest with other files, the original's own texts under
/// `original/`, and a page that says what was converted from what.
struct ConversionPackager {
    let plan: ConversionPlan
    let parts: ConversionParts
    let dialect: ExportRequest.CSVDialectName
    let toolVersion: String
    let codec: String

    /// What of the original is kept as it is, so that its signature can still be checked.
    static let kept = [
        "index.html", "README.txt", "manifest.json", "manifest-sha256.txt", "tagmanifest-sha256.txt",
        BagVerifier.signatureName,
    ]
    static let keptFolder = "original/"

    private var assembler: ArchiveAssembler { plan.files.assembler }
    private var language: Language { plan.language }
    private var first: OpenArchive { plan.source.volumes[0] }
    private var created: String { rfc3339(assembler.created) }
    private var tool: String { "portability \(toolVersion)" }

    /// - Throws: `output`; `verification` for texts of the original that are not what its tag manifest says.
    func contents() throws -> ArchiveAssembler.Contents {
        var contents = ArchiveAssembler.Contents(before: [], bagInfo: bagInfo, payload: [], after: [])
        contents.payload =
            (parts.datasets.flatMap { $0.files.map(\.entry) } + parts.forms.flatMap { $0.files.map(\.entry) })
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } + parts.documents
        let kept = try keptTexts()
        let summary = summary(keptSignature: kept.contains { $0.name.hasSuffix(".sig") })
        contents.before = [
            try assembler.spool("index.html", conversionPage(summary)),
            try assembler.spool("README.txt", conversionReadme(summary)),
            try assembler.spool("manifest.json", manifest().formatted()),
        ]
        if let information = try first.tagStream("processing-information.json") {
            contents.before.append(try assembler.pack(information, as: "processing-information.json"))
        }
        contents.before.append(try assembler.spool("datapackage.json", dataPackage()))
        contents.after = try schemas().map { try assembler.spool($0.path, $0.bytes) } + kept
        return contents
    }

    private var bagInfo: [(label: String, value: String)] {
        let controller = first.manifest["controller"]
        return [
            ("Bag-Software-Agent", tool), ("Bagging-Date", String(created.prefix(10))),
            ("Source-Organization", controller?["name"]?.string ?? ""),
            ("Organization-Address", controller?["address"]?.string ?? ""),
            ("Contact-Email", controller?["email"]?.string ?? ""), ("External-Identifier", plan.origin.requestID),
            ("Compression", codec),
        ]
    }

    // MARK: the original

    /// The texts of the archive that was made first: a conversion of a conversion keeps them as they are.
    private func keptTexts() throws -> [SpooledEntry] {
        var entries: [SpooledEntry] = []
        for (index, volume) in plan.source.volumes.enumerated() {
            let earlier = volume.zip.entries.filter { $0.name.hasPrefix(Self.keptFolder) && !$0.isFolder }
            // An archive that was converted has its own texts, which would only say that it was.
            let names = earlier.isEmpty ? Self.kept : earlier.map(\.name)
            for name in names {
                guard let stream = try volume.tagStream(name) else { continue }
                let plain = earlier.isEmpty ? name : String(name.dropFirst(Self.keptFolder.count))
                let folder = index == 0 ? Self.keptFolder : "\(Self.keptFolder)volume-\(index + 1)/"
                entries.append(try assembler.pack(stream, as: folder + plain))
            }
        }
        return entries
    }

    /// The chain of archives, the newest last.
    private var chain: [JSONValue] {
        var chain = first.manifest["converted_from"]?.array ?? []
        for (volume, file) in zip(plan.source.volumes, parts.sources) {
            let manifest = volume.manifest
            chain.append(
                .members([
                    "sha256": .string(file.sha256), "bytes": .integer(file.bytes),
                    "request_id": manifest["request"]?["id"], "created": manifest["created"],
                    "tool": manifest["tool"], "manifest_sha256": .string(volume.manifestDigest),
                ]))
        }
        return chain
    }

    // MARK: manifest

    /// The original's manifest: the ledger is untouched, what describes this file is new.
    private func manifest() -> JSONValue {
        var members = (first.manifest.members ?? []).filter {
            !["set", "language", "exchange", "converted_from"].contains($0.key)
        }
        func set(_ key: String, _ value: JSONValue) {
            if let index = members.firstIndex(where: { $0.key == key }) {
                members[index].value = value
            } else {
                members.append((key, value))
            }
        }
        set("created", .string(created))
        set(
            "tool",
            .members(["name": .string("portability"), "version": .string(toolVersion), "codec": .string(codec)]))
        set("datasets", .array(parts.datasets.map(dataset)))
        set(
            "documents",
            .members([
                "count": .integer(parts.documents.count), "bytes": .integer(parts.documents.reduce(0) { $0 + $1.size }),
            ]))
        if !parts.forms.isEmpty { members.append(("exchange", .array(parts.forms.map(\.manifest)))) }
        members.append(("converted_from", .array(chain)))
        if language.rawValue != first.manifest["request"]?["language"]?.string,
            let index = members.firstIndex(where: { $0.key == "created" })
        {
            members.insert(("language", .string(language.rawValue)), at: index + 1)
        }
        return .object(members)
    }

    private func dataset(_ converted: ConvertedDataset) -> JSONValue {
        let files = converted.files.map { file -> JSONValue in
            .members([
                "path": .string(file.entry.name), "format": .string(file.format.rawValue),
                "table": .string(file.table.joined(separator: ".")), "rows": .integer(file.rows),
                "bytes": .integer(file.entry.size), "sha256": .string(hexadecimal(file.entry.sha256)),
                "dialect": file.format == .csv ? .string(dialect.rawValue) : nil,
            ])
        }
        return .object(
            (converted.dataset.manifest.members ?? []).map { $0.key == "files" ? ("files", .array(files)) : $0 })
    }

    // MARK: descriptions

    private func schemas() throws -> [(path: String, bytes: [UInt8])] {
        var names: Set<String> = []
        var entities: [Entity] = []
        for dataset in plan.source.datasets where !dataset.formats.isEmpty {
            guard let entity = dataset.layout?.entity, names.insert(entity.name).inserted else { continue }
            entities.append(entity)
        }
        entities.sort { ($0.ordinal, $0.name) < ($1.ordinal, $1.name) }
        var schemas = archiveSchemas(
            of: entities, formats: plan.files.formats, dialect: plan.files.dialect, language: language)
        // The manifest of a newer minor version may have members that only its own schema knows.
        let name = "schemas/manifest.schema.json"
        if first.manifest["format_version"]?.string != "1.0", let own = try first.tagFile(name),
            let index = schemas.firstIndex(where: { $0.path == name })
        {
            schemas[index].bytes = own
        }
        return schemas
    }

    private func dataPackage() -> [UInt8] {
        var builder = DataPackageBuilder(
            name: plan.origin.requestID.lowercased(), title: plan.origin.right.packageTitle[language],
            created: created, language: language)
        for converted in parts.datasets {
            guard let layout = converted.dataset.layout else { continue }
            for file in converted.files {
                builder.add(
                    dataset: converted.dataset.id, layout: layout, format: file.format, table: file.table,
                    rows: file.rows, dialect: plan.files.dialect, title: label(of: converted.dataset),
                    file: described(file.entry))
            }
        }
        for form in parts.forms {
            let title = ConversionSummary.title(ofForm: form.form.rawValue)
            for file in form.files {
                builder.add(
                    exchange: described(file.entry), form: form.form.rawValue, title: title,
                    mediaType: file.mediaType)
            }
        }
        for document in parts.documents { builder.add(document: described(document), mediaType: nil) }
        return builder.document()
    }

    private func described(_ entry: SpooledEntry) -> DataPackageBuilder.File {
        .init(path: entry.name, bytes: entry.size, sha256: hexadecimal(entry.sha256))
    }

    private func label(of dataset: ArchivedDataset) -> String {
        let own = dataset.manifest["label"]?.string
        return own?.isEmpty == false ? own ?? dataset.id : dataset.layout?.entity.label[language] ?? dataset.id
    }

    private func summary(keptSignature: Bool) -> ConversionSummary {
        let manifest = first.manifest
        return ConversionSummary(
            language: language,
            // Labels stay in the request's language, whatever language the texts were converted to before.
            originalLanguage: manifest["request"]?["language"]?.string.flatMap(Language.init(rawValue:)) ?? .en,
            requestID: plan.origin.requestID,
            controller: manifest["controller"]?["name"]?.string ?? "", created: created, tool: tool,
            isPartial: manifest["status"]?.string == "partial",
            origins: chain.map { origin in
                .init(
                    requestID: origin["request_id"]?.string ?? "", created: origin["created"]?.string ?? "",
                    tool: "\(origin["tool"]?["name"]?.string ?? "") \(origin["tool"]?["version"]?.string ?? "")",
                    bytes: origin["bytes"]?.integer ?? 0, sha256: origin["sha256"]?.string ?? "")
            },
            formats: plan.files.formats,
            datasets: parts.datasets.map { converted in
                .init(
                    id: converted.dataset.id, label: label(of: converted.dataset),
                    category: converted.dataset.manifest["category"]?.string.flatMap(Category.init(rawValue:)),
                    isProcessor: converted.dataset.manifest["role"]?.string == Role.processor.rawValue,
                    records: converted.records,
                    files: converted.files.map { .init(path: $0.entry.name, bytes: $0.entry.size, rows: $0.rows) },
                    isAbsent: converted.dataset.formats.isEmpty)
            },
            documents: Int64(parts.documents.count), forms: parts.forms.map(summary),
            keepsSignature: keptSignature)
    }

    private func summary(_ result: ExchangeFiles.Result) -> ConversionSummary.Form {
        let groups = grouped(result.notes)
        let datasets = Dictionary(
            plan.source.datasets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return .init(
            name: result.form.rawValue,
            datasets: result.datasets.map { used in
                .init(
                    label: datasets[used.id].map(label) ?? used.id, isProcessor: used.role == .processor,
                    records: used.records)
            },
            files: result.files.map { .init(path: $0.entry.name, bytes: $0.entry.size, rows: nil) },
            notes: groups.prefix(ConversionSummary.noteLimit).map { group in
                .init(
                    kind: group.first.kind.rawValue,
                    dataset: datasets[group.first.dataset].map(label) ?? group.first.dataset, term: group.first.term,
                    label: datasets[group.first.dataset]?.layout?.entity.label(of: group.first.term, language),
                    records: group.records, file: group.first.file, files: group.files)
            },
            moreNotes: groups.dropFirst(ConversionSummary.noteLimit).reduce(result.notesBeyond) { $0 + $1.notes })
    }

    /// Notes that say the same of different records.
    private struct NoteGroup {
        var first: ExchangeNote
        var notes: Int64 = 0
        var records: Int64 = 0
        var files: Int64 = 0
        var last: (record: Int64, file: String?)?
    }

    /// Notes by kind, dataset and term, in the order in which they matter and then of their first ones.
    private func grouped(_ notes: [ExchangeNote]) -> [NoteGroup] {
        struct Key: Hashable {
            var kind: ExchangeNote.Kind
            var dataset: String
            var term: String
        }
        var places: [Key: Int] = [:]
        var groups: [NoteGroup] = []
        for note in notes {
            let key = Key(kind: note.kind, dataset: note.dataset, term: note.term)
            let place = places[key] ?? groups.count
            if place == groups.count {
                groups.append(NoteGroup(first: note))
                places[key] = place
            }
            groups[place].notes += 1
            // A record may have several things to tell of one term; they come one after another.
            if groups[place].last?.record != note.record { groups[place].records += note.records }
            if let file = note.file, groups[place].last?.file != file { groups[place].files += 1 }
            groups[place].last = (note.record, note.file)
        }
        let order: [ExchangeNote.Kind] = [.refused, .missing, .inconsistent, .dropped]
        return order.flatMap { kind in groups.filter { $0.first.kind == kind } }
    }
}

extension Entity {
    /// What a person calls a field, by its path or by the business term that it is, behind what the groups are called
    /// that it lies in.
    fileprivate func label(of term: String, _ language: Language) -> String? {
        func search(_ fields: [Field], _ path: String, _ outer: [String]) -> String? {
            for field in fields {
                let own = path + field.name
                let labels = outer + [field.label[language]]
                let terms = field.businessTerm?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
                if own == term || terms.contains(term[...]) { return labels.joined(separator: ": ") }
                if case .group(let nested) = field.type, let found = search(nested, own + ".", labels) { return found }
            }
            return nil
        }
        return search(fields, "", [])
    }
}
