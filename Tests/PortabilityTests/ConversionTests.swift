import Foundation
import PortabilityArchive
import PortabilityCrypto
import PortabilityExchange
import PortabilityModel
import PortabilityText
import Testing

@testable import Portability

/// A form of the data that archives are converted to.
private struct Form: Sendable, CustomTestStringConvertible {
    var format: Format
    var dialect = ExportRequest.CSVDialectName.service
    var language = Language.fi

    var testDescription: String { "\(format.rawValue) \(dialect.rawValue) \(language.rawValue)" }

    static let all = [
        Form(format: .json), Form(format: .jsonl), Form(format: .xml), Form(format: .csv),
        Form(format: .csv, dialect: .excel), Form(format: .csv, dialect: .excel, language: .sv),
        Form(format: .csv, dialect: .excel, language: .en),
    ]

    var options: ConversionOptions {
        var options = ConversionOptions(formats: [format])
        options.dialect = dialect
        options.language = language
        return options
    }
}

/// Archives, and what stands in them.
private struct Archives {
    let folder: Folder
    let converter = ArchiveConverter(options: EngineOptions(workers: 2))

    init() throws { folder = try Folder() }

    /// A catalogue of a version to come: an entity that nobody here knows, and one of ours that has got more fields.
    static func futureCatalogue(_ maker: inout RecordMaker, depth: Int) -> Catalogue {
        let person = Catalogue.standard.entity(named: "person")!
        let grown = Entity(
            name: person.name, ordinal: person.ordinal, label: person.label, meaning: person.meaning,
            iris: person.iris,
            fields: person.fields + [
                RecordMaker.field("shoe_size", .value(.decimal)),
                RecordMaker.field(
                    "pets", .group([RecordMaker.field("nick", .value(.string), list: true)]), list: true),
            ])
        return Catalogue(
            version: "1.99",
            entities: Catalogue.standard.entities.filter { $0.name != "person" } + [
                grown, maker.entity("voyage", ordinal: 990, depth: depth),
            ])
    }

    /// Exports random records of two entities and two documents.
    func make(
        _ name: String, seed: UInt64, depth: Int = 3, formats: [Format] = [.json], texts: [String] = [],
        counts: [Int] = [5, 7]
    ) async throws -> String {
        var maker = RecordMaker(seed: seed)
        let catalogue = Self.futureCatalogue(&maker, depth: depth)
        var configuration = configuration([])
        let declarations = [
            dataset("journeys", entity: "voyage", order: .position), dataset("people", order: .position),
            dataset("nobody", order: .position),
        ]
        let batches = [
            "journeys": try maker.batches(
                counts, of: EntityLayout(catalogue.entity(named: "voyage")!), texts: texts),
            "people": try maker.batches([4], of: EntityLayout(catalogue.entity(named: "person")!)),
        ]
        configuration.sources = [
            ConfiguredSource(
                extractor: RecordsExtractor(
                    declaration: SourceDeclaration(
                        id: "register", kind: "fake", role: .controller, datasets: declarations),
                    batches: batches,
                    documents: [Array("first".utf8), (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }]),
                readsTogether: true)
        ]
        var wanted = request(right: .portability, formats: formats)
        wanted.csvDialect = .service
        let engine = PortabilityEngine(configuration: configuration, catalogue: catalogue)
        let path = folder.file(name)
        let result = try await engine.export(wanted, to: path, options: .init(created: 1_700_000_000))
        #expect(result.status == .complete)
        return path
    }

    func convert(_ path: String, to name: String, _ options: ConversionOptions) async throws -> String {
        let target = folder.file(name)
        _ = try await converter.convert([path], to: target, options)
        return target
    }

    /// The files under a folder of an archive, by name.
    static func files(_ path: String, under prefix: String = "data/") throws -> [String: [UInt8]] {
        let reader = try ZipReader(path: path)
        var files: [String: [UInt8]] = [:]
        for entry in reader.entries where entry.name.hasPrefix(prefix) {
            var bytes: [UInt8] = []
            try reader.read(entry) { bytes.append($0) }
            files[entry.name] = bytes
        }
        return files
    }

    static func manifest(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: try #require(files(path, under: "manifest.json")["manifest.json"]))
    }

    static func contentDigests(_ path: String) throws -> [String?] {
        try #require(manifest(path)["datasets"]?.array).map { $0["content_sha256"]?.string }
    }

    /// Writes the archive anew after a change, with a bag that fits what is in it then.
    func tamper(_ path: String, to name: String, _ change: (inout [String: [UInt8]]) throws -> Void) throws -> String {
        var files = try Self.files(path, under: "")
        try change(&files)
        let pool = CompressionPool(workers: 0)
        defer { pool.shutdown() }
        let assembler = ArchiveAssembler(
            compression: .zlib(level: 1), pool: pool, spools: SpoolFactory(folder: folder.path), created: 0)
        let bag = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
        func entries(_ wanted: (String) -> Bool) throws -> [SpooledEntry] {
            try files.keys.filter { wanted($0) && !bag.contains($0) }.sorted().map {
                try assembler.spool($0, files[$0] ?? [])
            }
        }
        let output = try OutputFile(path: folder.file(name))
        try assembler.write(
            .init(
                before: entries { !$0.hasPrefix("data/") }, bagInfo: [], payload: entries { $0.hasPrefix("data/") },
                after: []), into: output)
        try output.commit()
        return folder.file(name)
    }
}

extension JSONValue {
    /// The same with the value at a path of keys and indices replaced; nil removes it.
    fileprivate func replacing(_ path: [String], _ value: JSONValue?) -> JSONValue {
        guard let key = path.first else { return value ?? .null }
        let rest = Array(path.dropFirst())
        switch self {
        case .object(let members):
            return .object(
                members.compactMap { member in
                    guard member.key == key else { return member }
                    if rest.isEmpty { return value.map { (key, $0) } }
                    return (key, member.value.replacing(rest, value))
                })
        case .array(let values):
            return .array(
                values.enumerated().compactMap { index, element in
                    guard String(index) == key else { return element }
                    return rest.isEmpty ? value : element.replacing(rest, value)
                })
        default: return self
        }
    }
}

@Suite("Converting an archive")
struct ConversionTests {
    @Test("every pair of formats, both ways: the same files whichever way they were made", arguments: 1...5)
    func everyPair(seed: UInt64) async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: seed, depth: 1 + Int(seed) % 4)
        let digests = try Archives.contentDigests(base)
        #expect(digests.count(where: { $0 != nil }) == 4, "two sets with records, one without, and the documents'")
        let json = try Archives.files(base)
        var made: [(form: Form, path: String, files: [String: [UInt8]])] = []
        for (index, form) in Form.all.enumerated() {
            let path = try await archives.convert(base, to: "\(index).zip", form.options)
            made.append((form, path, try Archives.files(path)))
        }
        for (index, from) in made.enumerated() {
            #expect(try Archives.contentDigests(from.path) == digests)
            #expect(try ArchiveFileReader.verify(path: from.path).findings.isEmpty, "\(from.form)")
            for (target, to) in made.enumerated() {
                let path = try await archives.convert(from.path, to: "\(index)-\(target).zip", to.form.options)
                #expect(try Archives.files(path) == to.files, "\(from.form) to \(to.form)")
                try FileManager.default.removeItem(atPath: path)
            }
        }
        #expect(made[0].files == json, "JSON to JSON changes nothing")
    }

    @Test("texts that break readers and writers, each as the id of a record, a value, a name and a list's element")
    func naughtyStrings() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Data/naughty-strings/blns.json")
        let strings = try #require(JSONValue(parsing: [UInt8](try Data(contentsOf: file))).array).compactMap(\.string)
        try #require(strings.count == 515)
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 77, texts: strings, counts: [200, strings.count - 200])
        var path = base
        for (index, form) in Form.all.enumerated() {
            path = try await archives.convert(path, to: "\(index).zip", form.options)
            #expect(try Archives.contentDigests(path) == Archives.contentDigests(base), "\(form)")
        }
        path = try await archives.convert(path, to: "back.zip", ConversionOptions(formats: [.json]))
        #expect(try Archives.files(path) == Archives.files(base))
    }

    @Test(
        "JSON to CSV to XML to JSON gives the first files; the manifest tells the whole chain, the ledger is untouched")
    func chain() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 11)
        var paths = [base]
        for format in [Format.csv, .xml, .json] {
            paths.append(
                try await archives.convert(
                    paths[paths.count - 1], to: "\(format.rawValue).zip", ConversionOptions(formats: [format])))
        }
        #expect(try Archives.files(paths[3]) == Archives.files(base))
        let (first, last) = (try Archives.manifest(base), try Archives.manifest(paths[3]))
        let chain = try #require(last["converted_from"]?.array)
        #expect(
            chain.map { $0["sha256"]?.string }
                == (try paths.dropLast().map { hexadecimal(SHA256Digest.of(try bytes(of: $0))) }))
        #expect(chain.map { $0["bytes"]?.integer } == (try paths.dropLast().map { Int64(try bytes(of: $0).count) }))
        let manifestFiles = try paths.dropLast().map { try Archives.files($0, under: "manifest.json")["manifest.json"] }
        #expect(
            chain.map { $0["manifest_sha256"]?.string } == manifestFiles.map { hexadecimal(SHA256Digest.of($0 ?? [])) })
        #expect(last["converted_from"] != nil && first["converted_from"] == nil)
        // But for the chain and the codec the manifest is the first again.
        let plain = last.replacing(["converted_from"], nil)
        #expect(plain.formatted() == first.formatted())
        // The texts of the archive that was made first, also after three conversions.
        let kept = try Archives.files(paths[3], under: "original/")
        for name in ["index.html", "README.txt", "manifest.json", "manifest-sha256.txt", "tagmanifest-sha256.txt"] {
            #expect(kept["original/\(name)"] == (try Archives.files(base, under: name)[name]), "\(name)")
        }
        #expect(kept.count == 5)
        let difference = try ArchiveFileReader.verify(path: paths[3])
        #expect(difference.findings.isEmpty && difference.containerFindings.isEmpty)
    }

    @Test("what only a version to come knows keeps its names and explanations")
    func futureFields() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 3)
        let path = try await archives.convert(base, to: "a.zip", ConversionOptions(formats: [.csv, .xml]))
        let before = try Archives.files(base, under: "schemas/fields/")
        #expect(try Archives.files(path, under: "schemas/fields/") == before)
        #expect(before.count == 3)
        let dictionary = String(
            decoding: try #require(Archives.files(path, under: "schemas/dictionary.csv").values.first), as: UTF8.self)
        #expect(dictionary.contains("shoe_size på svenska"))
        #expect(dictionary.contains("voyage fi"))
        #expect(try Archives.files(path, under: "schemas/xml/").keys.sorted().contains("schemas/xml/voyage.xsd"))
    }

    @Test("documents stay byte for byte, and are counted")
    func documents() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 5)
        let path = try await archives.convert(base, to: "a.zip", ConversionOptions(formats: [.xml]))
        let documents = try Archives.files(base, under: "data/documents/")
        #expect(documents.count == 2)
        #expect(try Archives.files(path, under: "data/documents/") == documents)
    }

    @Test("the same archive always becomes the same bytes, on any number of threads", arguments: [0, 1, 4])
    func determinism(workers: Int) async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 21, counts: [300, 1])
        let wanted = ConversionOptions(formats: [.jsonl, .csv, .xml])
        let first = try await archives.convert(base, to: "first.zip", wanted)
        let other = ArchiveConverter(options: EngineOptions(workers: workers))
        _ = try await other.convert([base], to: archives.folder.file("second.zip"), wanted)
        #expect(try bytes(of: first) == bytes(of: archives.folder.file("second.zip")))
    }

    // MARK: archives that are not what they say

    private func refuses(
        _ code: PortabilityError.Code, _ path: String, in archives: Archives, formats: [Format] = [.xml],
        _ comment: Comment
    ) async throws {
        let before = archives.folder.names
        await #expect(throws: PortabilityError(code, ""), comment) {
            _ = try await archives.convert(path, to: "target.zip", ConversionOptions(formats: formats))
        }
        #expect(archives.folder.names == before, comment)
    }

    @Test("a manifest that lies, though every checksum was made to fit")
    func lyingManifest() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 8)
        let exported = try #require(try Archives.manifest(base)["datasets"]?.array?[0]["records"]?["exported"]?.integer)
        let lies: [(String, PortabilityError.Code, [([String], JSONValue?)])] = [
            (
                "one record too many", .verification,
                [
                    (["datasets", "0", "records", "exported"], .integer(exported + 1)),
                    (["datasets", "0", "records", "extracted"], .integer(exported + 1)),
                    (["datasets", "0", "files", "0", "rows"], .integer(exported + 1)),
                ]
            ),
            ("counts that do not balance", .verification, [(["datasets", "0", "records", "extracted"], .integer(1))]),
            (
                "another content", .verification,
                [(["datasets", "0", "content_sha256"], .string(String(repeating: "0", count: 64)))]
            ),
            ("no content digest", .verification, [(["datasets", "0", "content_sha256"], nil)]),
            (
                "another digest of a file", .verification,
                [(["datasets", "0", "files", "0", "sha256"], .string(String(repeating: "0", count: 64)))]
            ),
            (
                "a file that is not there", .verification,
                [(["datasets", "0", "files", "0", "path"], .string("data/x.json"))]
            ),
            ("records, and no file", .verification, [(["datasets", "0", "files"], .array([]))]),
            ("an id that leads elsewhere", .verification, [(["datasets", "0", "id"], .string("../../x"))]),
            ("two sets of one id", .verification, [(["datasets", "0", "id"], .string("people"))]),
            ("a newer format", .unsupported, [(["format_version"], .string("2.0"))]),
            ("another format", .verification, [(["format"], .string("takeout"))]),
            ("no request", .verification, [(["request"], nil)]),
            ("a time that is none", .verification, [(["created"], .string("yesterday"))]),
            ("fewer documents", .verification, [(["documents", "count"], .integer(1))]),
        ]
        for (index, lie) in lies.enumerated() {
            let path = try archives.tamper(base, to: "lie-\(index).zip") { files in
                var manifest = try JSONValue(parsing: files["manifest.json"] ?? [])
                for (place, value) in lie.2 { manifest = manifest.replacing(place, value) }
                files["manifest.json"] = manifest.formatted()
            }
            try await refuses(lie.1, path, in: archives, "\(lie.0)")
        }
        let honest = try archives.tamper(base, to: "honest.zip") { _ in }
        _ = try await archives.convert(honest, to: "converted.zip", ConversionOptions(formats: [.xml]))
    }

    @Test("half an archive, and one of which a byte has changed")
    func damaged() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 9)
        let good = try bytes(of: base)
        for length in [0, 100, good.count / 2, good.count - 1] {
            let path = archives.folder.file("cut-\(length).zip")
            try Data(good.prefix(length)).write(to: URL(fileURLWithPath: path))
            let before = archives.folder.names
            await #expect(throws: PortabilityError.self) {
                _ = try await archives.convert(path, to: "target.zip", ConversionOptions(formats: [.csv]))
            }
            #expect(archives.folder.names == before)
        }
        // Files that a conversion reads: each must be the one that the manifests speak of.
        let names = try Archives.files(base, under: "").keys.filter {
            $0.hasPrefix("data/") && !$0.contains("nobody") || $0.hasPrefix("schemas/fields/")
        }.sorted()
        #expect(names.count == 8)
        for name in names {
            var files = try Archives.files(base, under: "")
            let middle = (files[name]?.count ?? 1) / 2
            files[name]?[middle] ^= 1
            let path = archives.folder.file("changed.zip")
            try write(files, to: path, in: archives.folder)
            let before = archives.folder.names
            await #expect(throws: PortabilityError.self, "\(name)") {
                _ = try await archives.convert(path, to: "target.zip", ConversionOptions(formats: [.csv]))
            }
            #expect(archives.folder.names == before)
            try FileManager.default.removeItem(atPath: path)
        }
    }

    /// A zip with the files as they are, though their bag says otherwise.
    private func write(_ files: [String: [UInt8]], to path: String, in folder: Folder) throws {
        let pool = CompressionPool(workers: 0)
        defer { pool.shutdown() }
        let output = try OutputFile(path: path)
        var zip = ZipWriter(sink: output, digest: SHA256Digest.factory)
        for name in files.keys.sorted() {
            let writer = try EntryWriter(
                name: name, compression: .zlib(level: 1), pool: pool, spools: SpoolFactory(folder: folder.path),
                digest: SHA256Digest.factory)
            try writer.append(files[name] ?? [])
            try zip.add(try writer.finish())
        }
        try zip.finish()
        try output.commit()
    }

    @Test("a table of lists that is missing, from the archive, or from the manifest too")
    func missingTable() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 12, formats: [.csv])
        let table = try #require(try Archives.files(base).keys.sorted().first { $0.contains("journeys.list_") })
        let gone = try archives.tamper(base, to: "gone.zip") { $0[table] = nil }
        try await refuses(.verification, gone, in: archives, "the manifest names it")
        let hushed = try archives.tamper(base, to: "hushed.zip") { files in
            files[table] = nil
            let manifest = try JSONValue(parsing: files["manifest.json"] ?? [])
            let list = manifest["datasets"]?.array?.first { $0["id"]?.string == "journeys" }?["files"]?.array ?? []
            let index = try #require(list.firstIndex { $0["path"]?.string == table })
            let dataset = try #require(
                manifest["datasets"]?.array?.firstIndex { $0["id"]?.string == "journeys" })
            files["manifest.json"] = manifest.replacing(["datasets", "\(dataset)", "files", "\(index)"], nil)
                .formatted()
        }
        try await refuses(.verification, hushed, in: archives, "nobody names it, but the digest knows")
    }

    @Test("documents that no manifest lists, and descriptions of fields that contradict the catalogue")
    func strangers() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 13)
        let more = try archives.tamper(base, to: "more.zip") { $0["data/documents/x-000001.bin"] = [1] }
        try await refuses(.verification, more, in: archives, "one document more")
        let name = "schemas/fields/person.json"
        let descriptions: [(String, PortabilityError.Code)] = [
            (#"{"entity":"person","fields":[{"name":"full_name","kind":"integer","list":false}]}"#, .verification),
            (#"{"entity":"voyage","fields":[]}"#, .verification),
            (#"{"entity":"person","fields":[{"name":"a","kind":"number"}]}"#, .malformed),
            (#"{"entity":"person","fields":[{"name":"record_id","kind":"string"}]}"#, .malformed),
            (#"{"entity":"person","fields":[{"name":"a b","kind":"string"}]}"#, .malformed),
            (#"{"entity":"person","fields":[{"name":"a","kind":"string"},{"name":"a","kind":"string"}]}"#, .malformed),
            (#"{"entity":"person","fields":[{"name":"a","kind":"group","fields":[]}]}"#, .malformed),
            (
                #"{"entity":"person","fields":[{"name":"a","kind":"string","label":{"fi":"=1","sv":"b","en":"c"}}]}"#,
                .malformed
            ),
            (
                #"{"entity":"person","fields":"#
                    + String(repeating: #"[{"name":"a","kind":"group","fields":"#, count: 20) + "[]"
                    + String(repeating: "}]", count: 20) + "}", .limit
            ),
            ("[]", .malformed),
        ]
        for (index, description) in descriptions.enumerated() {
            let path = try archives.tamper(base, to: "fields-\(index).zip") { $0[name] = Array(description.0.utf8) }
            try await refuses(description.1, path, in: archives, "\(description.0)")
        }
    }

    // MARK: the target

    @Test("a target that exists is left alone, unless it may be replaced")
    func targetExists() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 14)
        let target = try archives.folder.write("mine", to: "target.zip")
        var wanted = ConversionOptions(formats: [.xml])
        await #expect(throws: PortabilityError(.output, "")) {
            _ = try await archives.converter.convert([base], to: target, wanted)
        }
        #expect(try bytes(of: target) == Array("mine".utf8))
        wanted.replace = true
        _ = try await archives.converter.convert([base], to: target, wanted)
        #expect(try ArchiveFileReader.verify(path: target).findings.isEmpty)
    }

    @Test("a disk that is full at any write: one clear error, and nothing is left")
    func diskFull() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 15, counts: [400])
        let (counting, calls) = faultySystem(at: -1, with: ENOSPC)
        func convert(_ system: OutputSystem, to name: String) async throws {
            var options = EngineOptions(workers: 2)
            options.system = system
            _ = try await ArchiveConverter(options: options).convert(
                [base], to: archives.folder.file(name), ConversionOptions(formats: [.csv, .xml]))
        }
        try await convert(counting, to: "good.zip")
        let total = calls()
        #expect(total > 5, "the archive must be large enough to meet the disk more than once")
        let before = archives.folder.names
        for failing in 1...total {
            let (system, _) = faultySystem(at: failing, with: ENOSPC)
            await #expect(throws: PortabilityError(.output, ""), "call \(failing) of \(total)") {
                try await convert(system, to: "bad.zip")
            }
            // Only the folder's own synchronisation, after the name was given, fails with the archive in place.
            #expect(archives.folder.names == before || failing == total, "call \(failing) of \(total)")
            try? FileManager.default.removeItem(atPath: archives.folder.file("bad.zip"))
        }
    }

    @Test("a conversion that is cancelled leaves nothing")
    func cancelled() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 16, counts: [500, 500, 500])
        let before = archives.folder.names
        let (converter, target) = (archives.converter, archives.folder.file("target.zip"))
        // Cancelled by itself, so that no conversion can be quicker than its end.
        let work = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await converter.convert([base], to: target, ConversionOptions(formats: [.xml]))
        }
        await #expect(throws: PortabilityError(.cancelled, "")) { _ = try await work.value }
        #expect(archives.folder.names == before)
    }

    // MARK: forms

    @Test("a form's notes are bounded, and its files are named plainly and once")
    func exchangeFiles() throws {
        let folder = try Folder()
        let pool = CompressionPool(workers: 0)
        defer { pool.shutdown() }
        let files = ExchangeFiles(
            form: .vcard,
            assembler: ArchiveAssembler(
                compression: .fast, pool: pool, spools: SpoolFactory(folder: folder.path), created: 0))
        for name in ["", "../a", "a/b", "Päivi.vcf", ".a", "a b"] {
            #expect(throws: PortabilityError(.output, ""), "\(name)") { try files.begin(name, mediaType: "text/vcard") }
        }
        #expect(throws: PortabilityError(.output, "")) { try files.append([1]) }
        try files.begin("contacts.vcf", mediaType: "text/vcard")
        #expect(throws: PortabilityError(.output, "")) { try files.begin("b.vcf", mediaType: "text/vcard") }
        try files.append(Array("BEGIN".utf8))
        #expect(throws: PortabilityError(.output, "")) { _ = try files.finish() }
        try files.end()
        #expect(throws: PortabilityError(.output, "")) { try files.begin("CONTACTS.VCF", mediaType: "text/vcard") }
        for record in 1...10_003 {
            files.note(
                ExchangeNote(.missing, dataset: "people", record: Int64(record), term: "FN", message: "there is none"))
        }
        let result = try files.finish()
        #expect(result.files.map(\.entry.name) == ["data/vcard/contacts.vcf"])
        #expect(result.manifest["notes"]?.array?.count == 10_000)
        #expect(result.manifest["notes_not_listed"]?.integer == 3)
        result.discard()
    }

    @Test("forms alone, and beside formats; what a form was made of stands in the manifest")
    func forms() async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 18)
        let alone = try await archives.convert(
            base, to: "alone.zip", ConversionOptions(formats: [], forms: [.helsinkiProfile]))
        #expect(try Archives.files(alone).keys.sorted().first { $0.hasPrefix("data/helsinki-profile/") } != nil)
        #expect(try ArchiveFileReader.verify(path: alone).findings.isEmpty)
        let exchange = try #require(try Archives.manifest(alone)["exchange"]?.array)
        #expect(exchange.map { $0["form"]?.string } == ["helsinki-profile"])
        #expect(
            exchange[0]["datasets"]?.array?.map { $0["id"]?.string }
                == ["journeys", "journeys-documents", "people", "nobody"])
        // Its records are not there to be read back.
        await #expect(throws: PortabilityError(.unsupported, "")) {
            _ = try await archives.convert(alone, to: "back.zip", ConversionOptions(formats: [.json]))
        }
        let both = try await archives.convert(
            base, to: "both.zip", ConversionOptions(formats: [.csv], forms: [.vcard, .helsinkiProfile]))
        #expect(
            try Archives.manifest(both)["exchange"]?.array?.map { $0["form"]?.string } == ["vcard", "helsinki-profile"])
        let back = try await archives.convert(both, to: "back.zip", ConversionOptions(formats: [.json]))
        #expect(try Archives.files(back) == Archives.files(base))
    }

    @Test("the page and README.txt say what was converted from what, in each language", arguments: Language.allCases)
    func page(language: Language) async throws {
        let archives = try Archives()
        let base = try await archives.make("base.zip", seed: 19)
        var wanted = ConversionOptions(formats: [.csv], forms: [.vcard])
        wanted.language = language
        let path = try await archives.convert(base, to: "a.zip", wanted)
        let digest = hexadecimal(SHA256Digest.of(try bytes(of: base)))
        let page = String(decoding: try #require(Archives.files(path, under: "index.html").values.first), as: UTF8.self)
        #expect(page.contains("<html lang=\"\(language.rawValue)\">"))
        #expect(page.contains(digest) && page.contains("R-1") && page.contains("data/registration/people.csv"))
        #expect(!page.contains("<script") && !page.contains("http-equiv=\"refresh\"") && !page.contains("<img"))
        let readme = String(
            decoding: try #require(Archives.files(path, under: "README.txt").values.first), as: UTF8.self)
        #expect(readme.contains(digest) && readme.contains("sha256sum -c manifest-sha256.txt"))
        #expect(readme.split(separator: "\n").allSatisfy { $0.count <= 76 || $0.contains(digest) })
    }
}
